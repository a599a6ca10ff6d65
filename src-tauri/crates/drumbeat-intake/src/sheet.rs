//! Tables: comma-separated and their kin, in whatever encoding and with whatever delimiter.
//!
//! The delimiter is the one under which the first rows have the most columns that agree, and headers that mean
//! something. A file whose first row is no header gets "Column A" and so on. Rows keep the line on which they
//! begin, because that is what a person looks for; a quoted cell may go over many lines.

use csv::{ReaderBuilder, StringRecord};

use crate::text::{self, Decoded};
use crate::{MAX_CELL_BYTES, MAX_COLUMNS, MAX_ROWS, MAX_TABLE_BYTES, Refusal, Watch, headers};

/// A table as read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// One a column.
    pub headers: Vec<String>,
    /// The headers stand in the file.
    pub named: bool,
    /// The rows that are not blank.
    pub rows: Vec<SheetRow>,
    /// What parts the cells.
    pub delimiter: u8,
    /// The encoding's name.
    pub encoding: &'static str,
    /// What a person should know of the whole file.
    pub notes: Vec<String>,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetRow {
    /// The line on which it begins, from 1.
    pub line: u64,
    /// Its cells as they stand there.
    pub cells: StringRecord,
}

impl SheetRow {
    /// A cell; absent when the row is shorter or the cell is blank.
    #[must_use]
    pub fn cell(&self, column: usize) -> Option<&str> {
        self.cells.get(column).map(crate::rejects::original).filter(|cell| !cell.trim().is_empty())
    }
}

const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// How much is looked at to find the delimiter.
const SAMPLE: usize = 64 * 1024;

impl Sheet {
    /// The delimiter in a word.
    #[must_use]
    pub fn delimiter_name(&self) -> &'static str {
        match self.delimiter {
            b';' => "semicolons",
            b'\t' => "tabs",
            b'|' => "bars",
            _ => "commas",
        }
    }

    /// Where a column stands, as a person finds it: `column C “Kunde”`.
    #[must_use]
    pub fn place(&self, column: usize) -> String {
        let letters = letters(column);
        match self.headers.get(column) {
            Some(header) if self.named && !header.is_empty() => format!("column {letters} {}", text::quote(header)),
            _ => format!("column {letters}"),
        }
    }
}

/// The letters of a column in a spreadsheet: 0 is A, 26 is AA.
fn letters(column: usize) -> String {
    let mut rest = column + 1;
    let mut reversed = Vec::new();
    while rest > 0 {
        rest -= 1;
        reversed.push(char::from(b'A' + u8::try_from(rest % 26).unwrap_or(0)));
        rest /= 26;
    }
    reversed.into_iter().rev().collect()
}

/// Reads a table. `watch` hears of every thousandth row.
///
/// # Errors
/// When the bytes are no table or go beyond a limit, or `watch` says stop.
pub fn read(bytes: &[u8], watch: Watch<'_>) -> Result<Sheet, Refusal> {
    if bytes.len() > MAX_TABLE_BYTES {
        return Err(Refusal::TooLarge(MAX_TABLE_BYTES / 1024 / 1024));
    }
    of_text(text::decode(bytes)?, watch)
}

/// Reads a table that is text already.
///
/// # Errors
/// See [`read`].
pub fn of_text(decoded: Decoded, watch: Watch<'_>) -> Result<Sheet, Refusal> {
    let Decoded { text, encoding, damaged } = decoded;
    // Excel's own way of naming the delimiter.
    let first_line = text.lines().next().unwrap_or_default();
    let named = first_line.strip_prefix("sep=").map(str::as_bytes);
    let (delimiter, body) = match named {
        Some([delimiter]) if delimiter.is_ascii() => (*delimiter, &text[first_line.len()..]),
        _ => (delimiter_of(&text), text.as_str()),
    };
    let mut reader =
        ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(body.as_bytes());
    let mut rows: Vec<SheetRow> = Vec::new();
    let mut cells = StringRecord::new();
    while reader.read_record(&mut cells).map_err(|_| Refusal::NotText("it cannot be read as a table"))? {
        let began = cells.position().map_or(1, |position| {
            // Blank lines before a row count as its beginning there, and not for a person.
            let rest =
                body.as_bytes().get(usize::try_from(position.byte()).unwrap_or(usize::MAX)..).unwrap_or_default();
            let blank = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
            position.line() + blank.filter(|byte| **byte == b'\n').count() as u64
        });
        if cells.len() > MAX_COLUMNS {
            return Err(Refusal::TooManyColumns { line: began });
        }
        if cells.iter().any(|cell| cell.len() > MAX_CELL_BYTES) {
            return Err(Refusal::CellTooLarge { line: began });
        }
        if cells.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        // One more for the header.
        if rows.len() > MAX_ROWS as usize {
            return Err(Refusal::TooManyRows);
        }
        rows.push(SheetRow { line: began, cells: cells.clone() });
        if rows.len().is_multiple_of(1000) && !watch(u32::try_from(rows.len()).unwrap_or(u32::MAX)) {
            return Err(Refusal::Cancelled);
        }
    }
    if rows.is_empty() {
        return Err(Refusal::Empty);
    }
    let mut notes = Vec::new();
    if damaged {
        notes.push(format!("Some characters cannot be read as {encoding}; their rows are rejected"));
    }
    if text.bytes().filter(|byte| *byte == b'"').count() % 2 == 1 {
        notes.push("A quote is opened and never closed: look at the last row".to_owned());
    }
    let named = is_header(&rows[0]);
    let headers = if named {
        let header = rows.remove(0);
        header.cells.iter().enumerate().map(|(index, cell)| name(cell, index)).collect()
    } else {
        notes.push("The first row is no header: say what the columns are".to_owned());
        let width = rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
        (0..width).map(|index| name("", index)).collect()
    };
    if named && rows.is_empty() {
        return Err(Refusal::Empty);
    }
    if rows.len() > MAX_ROWS as usize {
        return Err(Refusal::TooManyRows);
    }
    Ok(Sheet { headers, named, rows, delimiter, encoding, notes })
}

fn name(cell: &str, index: usize) -> String {
    let header: String = text::line(cell).chars().take(120).collect();
    if header.is_empty() { format!("Column {}", letters(index)) } else { header }
}

/// A header has a name that is known, or nothing in it that only a value can be.
fn is_header(row: &SheetRow) -> bool {
    let cells = || row.cells.iter().map(str::trim).filter(|cell| !cell.is_empty());
    let is_value = |cell: &str| {
        cell.contains('@') || cell.len() > 200 || cell.bytes().filter(u8::is_ascii_digit).count() * 2 > cell.len()
    };
    cells().any(|cell| headers::field(cell).is_some()) || !cells().any(is_value)
}

fn delimiter_of(text: &str) -> u8 {
    let mut end = text.len().min(SAMPLE);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let sample = &text[..end];
    let fit = |delimiter: u8| {
        let mut reader =
            ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(sample.as_bytes());
        let records: Vec<StringRecord> = reader.records().take(50).flatten().collect();
        let Some(first) = records.first() else { return (0, 0, 0) };
        let known = first.iter().filter(|cell| headers::field(cell).is_some()).count();
        let agree = records.iter().filter(|record| record.len() == first.len()).count();
        if first.len() < 2 { (known, 0, 0) } else { (known, agree * 1000 / records.len(), first.len()) }
    };
    // The last of equals is taken: commas, unless another speaks for itself.
    DELIMITERS.into_iter().rev().max_by_key(|delimiter| fit(*delimiter)).unwrap_or(b',')
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    fn table(bytes: &[u8]) -> Result<Sheet, Refusal> {
        read(bytes, &mut |_| true)
    }

    fn cells(sheet: &Sheet) -> Vec<Vec<&str>> {
        sheet.rows.iter().map(|row| row.cells.iter().collect()).collect()
    }

    #[test]
    fn the_delimiter_is_found() {
        for (text, delimiter, width) in [
            ("Company,Amount\nA,1\n", b',', 2),
            ("Company;Amount\nA, B;1,5\n", b';', 2),
            ("Company\tAmount\nA, B\t1\n", b'\t', 2),
            ("Company|Amount\nA|1\n", b'|', 2),
            ("sep=;\nx,y;z\n1,5;2\n", b';', 2),
            ("Company\nA\n", b',', 1),
            ("Firma;Ort\n\"A; B\";Bonn\n", b';', 2),
        ] {
            let sheet = table(text.as_bytes()).unwrap();
            assert_eq!((sheet.delimiter, sheet.headers.len()), (delimiter, width), "{text}");
        }
    }

    #[test]
    fn quoted_cells_go_over_lines_and_rows_know_where_they_begin() {
        let sheet = table(b"Company,Need\r\n\"A \"\"B\"\"\",\"one\ntwo\"\r\n\r\nC,three\r\n").unwrap();
        assert_eq!(cells(&sheet), [vec!["A \"B\"", "one\ntwo"], vec!["C", "three"]]);
        assert_eq!(sheet.rows.iter().map(|row| row.line).collect::<Vec<_>>(), [2, 5]);
    }

    #[test]
    fn a_file_without_headers_has_columns_by_letter() {
        let sheet = table(b"Hansa,jana@hansa.de,120000\nNord,x@nord.de,5\n").unwrap();
        assert!(!sheet.named);
        assert_eq!((sheet.rows.len(), sheet.headers.join(" ")), (2, "Column A Column B Column C".to_owned()));
        assert_eq!((letters(25), letters(26), letters(701)), ("Z".to_owned(), "AA".to_owned(), "ZZ".to_owned()));
    }

    #[test]
    fn hostile_files_are_refused() {
        let wide = ["x,"; 100_000].concat();
        let tall = "a\n".repeat(MAX_ROWS as usize + 2);
        let cell = format!("Company\n\"{}\n", "x".repeat(MAX_CELL_BYTES + 1));
        for (bytes, refusal) in [
            (wide.as_bytes(), Refusal::TooManyColumns { line: 1 }),
            (tall.as_bytes(), Refusal::TooManyRows),
            (cell.as_bytes(), Refusal::CellTooLarge { line: 2 }),
            (b"", Refusal::Empty),
            (b"\n\n , \n", Refusal::Empty),
            (b"Company,Amount\n", Refusal::Empty),
            (b"a,b\0,c", Refusal::NotText("it has NUL bytes")),
        ] {
            assert_eq!(table(bytes).unwrap_err(), refusal);
        }
        assert_eq!(table(&vec![b'a'; MAX_TABLE_BYTES + 1]).unwrap_err(), Refusal::TooLarge(50));
        let mut stop = |_| false;
        assert_eq!(read(tall.as_bytes(), &mut stop).unwrap_err(), Refusal::Cancelled);
    }

    #[test]
    fn what_cannot_be_read_is_noted() {
        let sheet = table(b"Company,Need\nA,\"open\nB,x\n").unwrap();
        assert!(sheet.notes[0].contains("never closed"), "{:?}", sheet.notes);
        let sheet = table(b"\xEF\xBB\xBFCompany\nA\xFF\n").unwrap();
        assert!(sheet.notes[0].contains("cannot be read as UTF-8"), "{:?}", sheet.notes);
        assert!(sheet.rows[0].cells.get(0).unwrap().contains('\u{FFFD}'));
    }
}
