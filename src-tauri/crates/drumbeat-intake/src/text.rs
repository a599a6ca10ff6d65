//! Bytes as text: which encoding a file is in, and what stands between its letters.
//!
//! A byte order mark decides; then whatever is valid UTF-8 is UTF-8; then the detector that browsers use has a
//! guess, and letters that it cannot read stay visible as `U+FFFD`, so that their rows are rejected and not
//! silently wrong. A file with NUL bytes that is not UTF-16 is no text.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use crate::Refusal;

/// A file as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The text, without a byte order mark.
    pub text: String,
    /// The encoding's name.
    pub encoding: &'static str,
    /// Some bytes have no letter in that encoding.
    pub damaged: bool,
}

/// Files that are often taken for tables, by their first bytes.
const OTHERS: &[(&[u8], &str)] = &[
    (b"PK\x03\x04", "an Excel workbook or another archive: save it as CSV"),
    (b"\xD0\xCF\x11\xE0", "an old Excel workbook or an Outlook message: save it as CSV or .eml"),
    (b"%PDF", "a PDF"),
    (b"\x1F\x8B", "compressed"),
    (b"\x89PNG", "a picture"),
    (b"\xFF\xD8\xFF", "a picture"),
];

/// The text of a file.
///
/// # Errors
/// When it is another kind of file.
pub fn decode(bytes: &[u8]) -> Result<Decoded, Refusal> {
    if let Some((_, what)) = OTHERS.iter().find(|(start, _)| bytes.starts_with(start)) {
        return Err(Refusal::NotText(what));
    }
    let encoding = match Encoding::for_bom(bytes) {
        Some((encoding, _)) => encoding,
        None => guess(bytes)?,
    };
    let (text, used, damaged) = encoding.decode(bytes);
    if text.contains('\0') {
        return Err(Refusal::NotText("it has NUL characters"));
    }
    Ok(Decoded { text: text.into_owned(), encoding: used.name(), damaged })
}

fn guess(bytes: &[u8]) -> Result<&'static Encoding, Refusal> {
    if bytes.contains(&0) {
        return wide(bytes).ok_or(Refusal::NotText("it has NUL bytes"));
    }
    if std::str::from_utf8(bytes).is_ok() {
        return Ok(UTF_8);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    Ok(detector.guess(None, Utf8Detection::Deny))
}

/// UTF-16 without a mark: every other byte of mostly Latin text is zero.
fn wide(bytes: &[u8]) -> Option<&'static Encoding> {
    let sample = &bytes[..bytes.len().min(4096)];
    let zeros = |offset: usize| sample.iter().skip(offset).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd, half) = (zeros(0), zeros(1), sample.len() / 2);
    match () {
        () if half == 0 => None,
        () if odd * 10 > half * 7 && even == 0 => Some(UTF_16LE),
        () if even * 10 > half * 7 && odd == 0 => Some(UTF_16BE),
        () => None,
    }
}

/// Lower-case ASCII words of a label, in which two spellings of it meet: `Größe (m²)` is `grosse m2`.
#[must_use]
pub fn plain(label: &str) -> String {
    let short: String = label.chars().take(200).collect();
    let ascii = deunicode::deunicode(&short).to_ascii_lowercase();
    let words: Vec<&str> = ascii.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

/// Whether a character is not seen and turns what is: control characters and marks of direction.
fn is_unseen(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\t' | '\r'))
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// The text on one line, without what is not seen.
#[must_use]
pub fn line(text: &str) -> String {
    let seen: String = text.chars().filter(|c| !is_unseen(*c)).collect();
    seen.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The text with its lines, without what is not seen.
#[must_use]
pub fn block(text: &str) -> String {
    let seen: String = text.replace("\r\n", "\n").chars().filter(|c| !is_unseen(*c)).collect();
    seen.trim().to_owned()
}

/// A piece of text for a sentence: one line, at most 60 letters.
#[must_use]
pub fn quote(text: &str) -> String {
    let line = line(text);
    let cut: String = line.chars().take(60).collect();
    if cut.len() < line.len() { format!("“{cut}…”") } else { format!("“{cut}”") }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn the_encoding_is_found() {
        let wide = |text: &str, big: bool| -> Vec<u8> {
            text.encode_utf16().flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
        };
        let with = |mark: &[u8], rest: Vec<u8>| [mark.to_vec(), rest].concat();
        let text = "Firma;Straße;Müller und Söhne";
        let latin: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
        for (bytes, encoding) in [
            (text.as_bytes().to_vec(), "UTF-8"),
            (with(b"\xEF\xBB\xBF", text.as_bytes().to_vec()), "UTF-8"),
            (with(b"\xFF\xFE", wide(text, false)), "UTF-16LE"),
            (with(b"\xFE\xFF", wide(text, true)), "UTF-16BE"),
            (wide(text, false), "UTF-16LE"),
            (wide(text, true), "UTF-16BE"),
            (latin, "windows-1252"),
        ] {
            let decoded = decode(&bytes).unwrap();
            assert_eq!((decoded.text.as_str(), decoded.encoding, decoded.damaged), (text, encoding, false));
        }
    }

    #[test]
    fn what_is_no_text_is_refused_by_its_name() {
        for (bytes, says) in [
            (&b"PK\x03\x04rest"[..], "workbook"),
            (b"\xD0\xCF\x11\xE0rest", "Outlook"),
            (b"%PDF-1.7", "PDF"),
            (b"a,b\0c,d\n", "NUL"),
            (b"\0\0\0\0\0\0", "NUL"),
        ] {
            let refusal = decode(bytes).unwrap_err().to_string();
            assert!(refusal.contains(says), "{refusal}");
        }
    }

    #[test]
    fn labels_meet_in_their_plain_form() {
        for (label, expected) in
            [("  E-Mail*: ", "e mail"), ("Größe (m²)", "grosse m2"), ("Société", "societe"), ("", ""), ("***", "")]
        {
            assert_eq!(plain(label), expected, "{label}");
        }
    }

    #[test]
    fn what_is_not_seen_does_not_stay() {
        assert_eq!(line(" a\u{202E}b\n\tc\u{0007} "), "ab c");
        assert_eq!(block("a\r\nb\u{200B}\n"), "a\nb");
        assert_eq!(quote(&"x".repeat(100)).chars().count(), 63);
    }
}
