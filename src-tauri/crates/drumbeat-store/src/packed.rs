//! A record's values as the mirror keeps them: numbers for property names, lengths for quotes.
//!
//! Property names are half of what a CRM says, and the same few dozen again and again. Each gets a
//! number once, in `property`, that is never given up; a row is then number, length, text for every
//! value, numbers and lengths seven bits to a byte, in the order of the names. The same values always
//! give the same bytes, so that rows are compared without being read.

use std::cell::RefCell;

use drumbeat_model::crm::Properties;
use foldhash::HashMap;
use rusqlite::Connection;

use crate::error::StoreError;
use crate::open::Result;
use crate::reader::Reader;
use crate::writer::Writer;

/// The numbers of property names, as far as they have been asked for.
#[derive(Default)]
pub(crate) struct Names {
    by_number: RefCell<HashMap<u64, String>>,
    by_name: RefCell<HashMap<String, u64>>,
}

impl Names {
    fn load(&self, connection: &Connection) -> Result<()> {
        let mut statement = connection.prepare_cached("SELECT number, name FROM property")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (number, name) = (row.get::<_, i64>(0)?.unsigned_abs(), row.get::<_, String>(1)?);
            self.by_number.borrow_mut().insert(number, name.clone());
            self.by_name.borrow_mut().insert(name, number);
        }
        Ok(())
    }
}

fn put_number(mut number: u64, bytes: &mut Vec<u8>) {
    while number >= 0x80 {
        bytes.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

fn take_number(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0u64;
    for shift in (0..63).step_by(7) {
        let (first, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(first & 0x7f) << shift;
        if first & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

fn take_text<'b>(bytes: &mut &'b [u8]) -> Option<&'b str> {
    let length = usize::try_from(take_number(bytes)?).ok()?;
    let (text, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    std::str::from_utf8(text).ok()
}

impl Reader<'_> {
    /// The values of a mirrored row.
    pub(crate) fn unpack(&self, id: &str, bytes: &[u8]) -> Result<Properties> {
        let bad = |why: &str| StoreError::BadRow { table: "mirror", id: id.to_owned(), why: why.to_owned() };
        let mut left = bytes;
        let mut properties = Properties::new();
        while !left.is_empty() {
            let number = take_number(&mut left).ok_or_else(|| bad("a number is cut off"))?;
            if !self.names.by_number.borrow().contains_key(&number) {
                self.names.load(self.connection)?;
            }
            let name =
                self.names.by_number.borrow().get(&number).cloned().ok_or_else(|| bad("a property without a name"))?;
            let text = take_text(&mut left).ok_or_else(|| bad("a value is cut off"))?;
            properties.insert(name, text.to_owned());
        }
        Ok(properties)
    }
}

impl Writer<'_> {
    /// The bytes of a row for the mirror.
    pub(crate) fn pack(&self, properties: &Properties) -> Result<Vec<u8>> {
        let mut bytes = Vec::with_capacity(properties.values().map(|value| value.len() + 3).sum());
        for (name, value) in properties {
            put_number(self.number_of(name)?, &mut bytes);
            put_number(value.len() as u64, &mut bytes);
            bytes.extend_from_slice(value.as_bytes());
        }
        Ok(bytes)
    }

    fn number_of(&self, name: &str) -> Result<u64> {
        if let Some(number) = self.names.by_name.borrow().get(name) {
            return Ok(*number);
        }
        self.connection
            .prepare_cached("INSERT INTO property (name) VALUES (?1) ON CONFLICT DO NOTHING")?
            .execute([name])?;
        self.names.load(self.connection)?;
        let number = self.names.by_name.borrow().get(name).copied();
        number.ok_or_else(|| StoreError::NotFound { what: "property", id: name.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn numbers_come_back_as_they_went() {
        for number in [0, 1, 127, 128, 16_383, 16_384, u64::from(u32::MAX)] {
            let mut bytes = Vec::new();
            put_number(number, &mut bytes);
            let mut left = bytes.as_slice();
            assert_eq!((take_number(&mut left), left), (Some(number), &[][..]));
        }
    }

    #[test]
    fn what_is_cut_off_is_told_and_never_guessed() {
        assert_eq!(take_number(&mut &[0x80u8, 0x80][..]), None);
        assert_eq!(take_number(&mut &[0xffu8; 12][..]), None);
        assert_eq!(take_text(&mut &[3, b'a', b'b'][..]), None);
        assert_eq!(take_text(&mut &[2, 0xc3, 0x28][..]), None);
    }
}
