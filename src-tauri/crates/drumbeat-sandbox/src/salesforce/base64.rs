//! The letters that bytes travel as.

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The bytes behind the letters; what is no letter is passed over.
pub(crate) fn decode(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() * 3 / 4);
    let (mut held, mut bits) = (0u32, 0);
    for six in text.bytes().filter_map(|b| LETTERS.iter().position(|l| *l == b)) {
        held = (held << 6 | six as u32) & 0xff_ffff;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push((held >> bits) as u8);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn bytes_come_back() {
        assert_eq!(super::decode("aGVsbG8="), b"hello");
        assert_eq!(super::decode("aGVsbG8h\n"), b"hello!");
    }
}
