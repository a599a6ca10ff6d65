//! Reopens a finished file and looks for values that must not be in it (V-02, second line).
//!
//! The hard idea: the file is read as a stranger would read it, not as it was written. A workbook or
//! a deck is unzipped and every part is searched: properties, notes, charts, and the workbooks inside charts. In a PDF the text is glyph
//! numbers in compressed streams: each stream is inflated, its strings are turned back into text
//! through the fonts' own ToUnicode tables, and bookmarks, title and metadata are read beside it.
//! Case and white space do not count, so a value that is broken over two lines is still found, and a
//! long value is also looked for by its beginning, because pages cut long texts. Very short values
//! are not looked for: three letters are everywhere.

use std::collections::HashMap;
use std::io::{Cursor, Read as _};

use drumbeat_model::pack::PackFormat;

use crate::write::hides;

/// Shortest value, in characters without white space, that is looked for.
pub const SHORTEST: usize = 4;
/// How much of a long value has to be there to count.
const BEGINNING: usize = 24;
/// The most that one part may inflate to.
const LARGEST: u64 = 200 * 1024 * 1024;

/// A forbidden value that is in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leak {
    /// The value as it was forbidden.
    pub value: String,
    /// Which part of the file has it.
    pub place: String,
}

/// Every forbidden value that the finished file holds. A part that cannot be read is a leak too,
/// of the empty value: nobody knows what is in it.
#[must_use]
pub fn scan(bytes: &[u8], format: PackFormat, forbidden: &[String]) -> Vec<Leak> {
    let parts = match format {
        PackFormat::Pptx | PackFormat::Xlsx => archive(bytes),
        PackFormat::Html => Ok(vec![("page".to_owned(), unescape(&String::from_utf8_lossy(bytes)))]),
        PackFormat::Pdf => Ok(document(bytes)),
    };
    let parts = match parts {
        Ok(parts) => parts,
        Err(place) => return vec![Leak { value: String::new(), place }],
    };
    let parts: Vec<(String, String)> = parts.into_iter().map(|(place, text)| (place, squeeze(&text))).collect();
    let wanted = Wanted::new(forbidden);
    parts.iter().flat_map(|(place, text)| wanted.found_in(text, place)).collect()
}

/// The forbidden values by how they begin, so that a part is read once however many there are.
struct Wanted<'a> {
    /// First bytes, then what has to follow from there and the value it is of.
    by_start: HashMap<Vec<u8>, Vec<(String, &'a String)>>,
}

impl<'a> Wanted<'a> {
    fn new(forbidden: &'a [String]) -> Self {
        let mut by_start: HashMap<Vec<u8>, Vec<(String, &String)>> = HashMap::new();
        for value in forbidden {
            let beginning: String = squeeze(value).chars().take(BEGINNING).collect();
            if let (true, Some(start)) = (beginning.chars().count() >= SHORTEST, beginning.as_bytes().get(..SHORTEST)) {
                by_start.entry(start.to_vec()).or_default().push((beginning, value));
            }
        }
        Self { by_start }
    }

    fn found_in(&self, text: &str, place: &str) -> Vec<Leak> {
        let mut found: Vec<&String> = Vec::new();
        let bytes = text.as_bytes();
        for (at, start) in bytes.windows(SHORTEST).enumerate() {
            for (beginning, value) in self.by_start.get(start).into_iter().flatten() {
                if bytes.get(at..).is_some_and(|x| x.starts_with(beginning.as_bytes())) && !found.contains(value) {
                    found.push(value);
                }
            }
        }
        found.into_iter().map(|x| Leak { value: x.clone(), place: place.to_owned() }).collect()
    }
}

/// Lower case, without white space and letters that show nothing.
pub(crate) fn squeeze(text: &str) -> String {
    text.chars().filter(|x| !x.is_whitespace() && !x.is_control() && !hides(*x)).flat_map(char::to_lowercase).collect()
}

type Parts = Vec<(String, String)>;

/// How deep an archive may be in an archive: the workbook of a chart of a deck.
const DEEPEST: u32 = 2;

fn archive(bytes: &[u8]) -> Result<Parts, String> {
    unpacked(bytes, "", 1)
}

fn unpacked(bytes: &[u8], within: &str, depth: u32) -> Result<Parts, String> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|error| error.to_string())?;
    let mut parts = Vec::new();
    for i in 0..zip.len() {
        let part = zip.by_index(i).map_err(|error| error.to_string())?;
        let name = format!("{within}{}", part.name().map_err(|error| error.to_string())?);
        let mut data = Vec::new();
        part.take(LARGEST).read_to_end(&mut data).map_err(|error| format!("{name}: {error}"))?;
        parts.push((name.clone(), name.clone()));
        if data.starts_with(b"PK") {
            if depth == DEEPEST {
                return Err(format!("{name}: an archive in an archive in an archive"));
            }
            parts.extend(unpacked(&data, &format!("{name}/"), depth + 1)?);
            continue;
        }
        parts.push((name, unescape(&String::from_utf8_lossy(&data))));
    }
    Ok(parts)
}

/// XML text with its entities as characters. Tags stay: values hide in attributes as well.
fn unescape(xml: &str) -> String {
    let mut out = String::with_capacity(xml.len());
    let mut rest = xml;
    while let Some(start) = rest.find('&') {
        let (before, from) = rest.split_at(start);
        out.push_str(before);
        let Some(end) = from.find(';').filter(|x| *x < 12) else {
            out.push('&');
            rest = from.get(1..).unwrap_or_default();
            continue;
        };
        let name = from.get(1..end).unwrap_or_default();
        let letter = match name {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            _ => match name.strip_prefix("#x") {
                Some(hex) => u32::from_str_radix(hex, 16).ok(),
                None => name.strip_prefix('#').and_then(|x| x.parse().ok()),
            }
            .and_then(char::from_u32),
        };
        out.extend(letter);
        rest = from.get(end + 1..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

fn document(bytes: &[u8]) -> Parts {
    let mut parts = Vec::new();
    let mut streams = Vec::new();
    let mut outside = Vec::new();
    let mut at = 0;
    // Everything between `stream` and `endstream` is a stream, all else is the document's structure.
    while let Some(start) = find(bytes, b"stream", at) {
        let body = start + b"stream".len();
        let Some(end) = find(bytes, b"endstream", body) else { break };
        outside.extend_from_slice(bytes.get(at..start).unwrap_or_default());
        let data = bytes.get(body..end).unwrap_or_default();
        let data = data.strip_prefix(b"\r\n").or_else(|| data.strip_prefix(b"\n")).unwrap_or(data);
        let inflated = inflate(data);
        streams.push(inflated.unwrap_or_else(|| data.to_vec()));
        at = end + b"endstream".len();
    }
    outside.extend_from_slice(bytes.get(at..).unwrap_or_default());
    let titles: Vec<String> = strings(&outside).iter().map(|x| as_text(x)).collect();
    parts.push(("structure".to_owned(), titles.join("\n")));
    let fonts: Vec<HashMap<u16, String>> = streams.iter().filter_map(|x| glyph_names(x)).collect();
    for (i, stream) in streams.iter().enumerate() {
        parts.push((format!("stream {i}"), String::from_utf8_lossy(stream).into_owned()));
        if find(stream, b" Tf", 0).is_none() {
            continue;
        }
        let shown = strings(stream);
        // Which font a string is in is not followed; in a wrong one it reads as nonsense.
        for font in &fonts {
            let text: String = shown.iter().map(|x| through(font, x)).collect();
            parts.push((format!("page text {i}"), text));
        }
    }
    parts
}

fn find(bytes: &[u8], what: &[u8], from: usize) -> Option<usize> {
    bytes.get(from..)?.windows(what.len()).position(|x| x == what).map(|x| x + from)
}

fn inflate(data: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    flate2::read::ZlibDecoder::new(data).take(LARGEST).read_to_end(&mut out).ok()?;
    Some(out)
}

/// All strings of PDF syntax, literal and hexadecimal, in order.
fn strings(data: &[u8]) -> Vec<Vec<u8>> {
    let mut out = Vec::new();
    let mut rest = data.iter().copied().peekable();
    while let Some(byte) = rest.next() {
        match byte {
            b'(' => out.push(literal(&mut rest)),
            b'<' if rest.peek() != Some(&b'<') => {
                let digits: Vec<u8> = rest.by_ref().take_while(|x| *x != b'>').filter(u8::is_ascii_hexdigit).collect();
                out.push(
                    digits
                        .chunks(2)
                        .filter_map(|x| u8::from_str_radix(std::str::from_utf8(x).ok()?, 16).ok())
                        .collect(),
                );
            }
            b'<' => {
                rest.next();
            }
            _ => {}
        }
    }
    out
}

fn literal(rest: &mut std::iter::Peekable<impl Iterator<Item = u8>>) -> Vec<u8> {
    let mut out = Vec::new();
    let mut depth = 1;
    while let Some(byte) = rest.next() {
        match byte {
            b'(' => depth += 1,
            b')' if depth == 1 => break,
            b')' => depth -= 1,
            b'\\' => {
                match rest.next() {
                    Some(b'n') => out.push(b'\n'),
                    Some(b'r') => out.push(b'\r'),
                    Some(b't') => out.push(b'\t'),
                    Some(b'b') => out.push(8),
                    Some(b'f') => out.push(12),
                    Some(b'\n') | None => {}
                    Some(digit @ b'0'..=b'7') => {
                        let mut value = u32::from(digit - b'0');
                        for _ in 0..2 {
                            let Some(next) = rest.next_if(|x| (b'0'..=b'7').contains(x)) else { break };
                            value = value * 8 + u32::from(next - b'0');
                        }
                        out.push((value & 0xff) as u8);
                    }
                    Some(other) => out.push(other),
                }
                continue;
            }
            _ => {}
        }
        out.push(byte);
    }
    out
}

/// A text string: UTF-16 with its mark, else one byte a letter.
fn as_text(bytes: &[u8]) -> String {
    match bytes.strip_prefix(&[0xfe, 0xff]) {
        Some(wide) => utf16(wide),
        None => bytes.iter().copied().map(char::from).collect(),
    }
}

fn utf16(bytes: &[u8]) -> String {
    let units: Vec<u16> = bytes.chunks_exact(2).map(|x| u16::from_be_bytes([x[0], x[1]])).collect();
    String::from_utf16_lossy(&units)
}

/// The ToUnicode table of a font, when the stream is one.
fn glyph_names(stream: &[u8]) -> Option<HashMap<u16, String>> {
    find(stream, b"begincmap", 0)?;
    let mut names = HashMap::new();
    let mut at = 0;
    while let Some(start) = find(stream, b"beginbfchar", at) {
        let end = find(stream, b"endbfchar", start)?;
        for pair in strings(stream.get(start..end)?).chunks_exact(2) {
            if let [high, low] = *pair[0] {
                names.insert(u16::from_be_bytes([high, low]), utf16(&pair[1]));
            }
        }
        at = end;
    }
    Some(names)
}

fn through(font: &HashMap<u16, String>, glyphs: &[u8]) -> String {
    glyphs.chunks_exact(2).filter_map(|x| font.get(&u16::from_be_bytes([x[0], x[1]]))).map(String::as_str).collect()
}
