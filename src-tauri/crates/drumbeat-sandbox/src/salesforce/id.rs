//! Record ids: three letters for the type, twelve in base 62, and a checksum of three.
//!
//! Callers rely on: ids made here sort by bytes in the order of their numbers, after all real ids of pods that begin with a digit;
//! an id is taken with or without its checksum, as the vendor takes it.

use std::fmt;

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const CHECK: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
/// The pod that this org is on.
const POD: &[u8; 3] = b"Hn0";

/// An id without its checksum.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Id([u8; 15]);

impl Id {
    /// The id of a type's record with this number.
    pub(crate) fn new(prefix: &str, number: u64) -> Self {
        let mut bytes = [b'0'; 15];
        for (to, from) in bytes.iter_mut().zip(prefix.bytes()) {
            *to = from;
        }
        bytes[3..6].copy_from_slice(POD);
        let mut rest = number;
        for place in bytes[6..].iter_mut().rev() {
            *place = DIGITS[(rest % 62) as usize];
            rest /= 62;
        }
        Id(bytes)
    }

    /// Reads fifteen characters, or eighteen whose checksum is right in any case.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let body: [u8; 15] = bytes.get(..15)?.try_into().ok()?;
        let id = body.iter().all(u8::is_ascii_alphanumeric).then_some(Id(body))?;
        match bytes.len() {
            15 => Some(id),
            18 => id.checksum().eq_ignore_ascii_case(&bytes[15..]).then_some(id),
            _ => None,
        }
    }

    pub(crate) fn prefix(&self) -> &[u8] {
        &self.0[..3]
    }

    /// Five bits for each five letters: which of them are capitals.
    fn checksum(&self) -> [u8; 3] {
        let mut out = [0; 3];
        for (place, letters) in out.iter_mut().zip(self.0.chunks(5)) {
            let bits = letters.iter().enumerate().filter(|(_, b)| b.is_ascii_uppercase());
            *place = CHECK[bits.fold(0, |sum, (i, _)| sum | 1 << i)];
        }
        out
    }

    pub(crate) fn text(&self) -> String {
        self.to_string()
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let check = self.checksum();
        for byte in self.0.iter().chain(&check) {
            write!(f, "{}", *byte as char)?;
        }
        Ok(())
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_checksum_is_the_vendors() {
        for real in ["0018a00001pWk25AAC", "0018a00001uyyLHAAY", "0038a000030UbmAAAS", "0058a00000LvkJhAAJ"] {
            assert_eq!(Id::parse(&real[..15]).unwrap().text(), real);
            assert_eq!(Id::parse(real), Id::parse(&real[..15]));
        }
        assert_eq!(Id::parse("0018a00001pWk25AAA"), None);
        assert_eq!(Id::parse("0018a00001pWk2"), None);
    }

    #[test]
    fn later_ids_sort_after_earlier_ones_and_after_real_ones() {
        let ids: Vec<Id> = [0, 1, 61, 62, 3_844, 1_000_000].map(|n| Id::new("001", n)).into();
        assert!(ids.is_sorted());
        assert!(Id::parse("0018a00001uyyLHAAY").unwrap() < ids[0]);
    }
}
