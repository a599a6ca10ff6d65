//! The file of rejects: the rows as they came, each with its reason, ready to be mended and read again.
//!
//! A cell that a spreadsheet would run as a formula gets an apostrophe in front, and reading takes exactly that
//! apostrophe away again, so that a file may go back and forth without changing. Numbers stay numbers.

use csv::WriterBuilder;

use crate::sheet::Sheet;

/// The header of the column that says why.
pub const REASON: &str = "Drumbeat: reason";

/// Signs with which a spreadsheet begins a formula, their full-width twins, and what some programs skip before one.
fn is_live(c: char) -> bool {
    matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '\0' | '＝' | '＋' | '－' | '＠')
}

fn is_number(text: &str) -> bool {
    let bare = text.strip_prefix(['+', '-']).unwrap_or(text);
    !bare.is_empty()
        && bare.len() <= 40
        && bare.starts_with(|c: char| c.is_ascii_digit())
        && bare.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b','))
}

/// Whether a spreadsheet may run it: white space and apostrophes before such a sign do not hide it.
fn runs(text: &str) -> bool {
    let rest = text.trim_start_matches(|c: char| c == '\'' || c.is_whitespace() && !is_live(c));
    rest.starts_with(is_live)
}

/// The text as it may stand in a cell without being run.
#[must_use]
pub fn neutral(text: &str) -> String {
    if runs(text) && !is_number(text) { format!("'{text}") } else { text.to_owned() }
}

/// The text that [`neutral`] was made from.
#[must_use]
pub fn original(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| runs(rest) && !is_number(rest)).unwrap_or(cell)
}

/// Rows of a table with their reasons, as a file of the same form in UTF-8.
///
/// # Errors
/// Only when memory cannot be had.
pub fn write<'r>(sheet: &Sheet, rows: impl Iterator<Item = (usize, &'r str)>) -> std::io::Result<Vec<u8>> {
    // The mark tells spreadsheets that this is UTF-8.
    let mut writer =
        WriterBuilder::new().flexible(true).delimiter(sheet.delimiter).from_writer(b"\xEF\xBB\xBF".to_vec());
    let old = sheet.headers.iter().position(|header| header == REASON);
    let without_old = |cells: Vec<String>| {
        let keep = move |(index, cell)| (Some(index) != old).then_some(cell);
        cells.into_iter().enumerate().filter_map(keep).collect::<Vec<String>>()
    };
    let width = sheet.headers.len();
    let mut header = without_old(sheet.headers.iter().map(|header| neutral(header)).collect());
    header.push(REASON.to_owned());
    writer.write_record(&header)?;
    for (index, reason) in rows {
        let Some(row) = sheet.rows.get(index) else { continue };
        let mut cells: Vec<String> = row.cells.iter().map(|cell| neutral(original(cell))).collect();
        cells.resize(cells.len().max(width), String::new());
        let mut cells = without_old(cells);
        cells.push(neutral(reason));
        writer.write_record(&cells)?;
    }
    writer.into_inner().map_err(|error| std::io::Error::other(error.to_string()))
}

/// Claims that came from no table, as one: a column for each field that any of them has, and why.
///
/// # Errors
/// Only when memory cannot be had.
pub fn write_claims<'r>(rows: &[(Vec<(&'r str, &'r str)>, &'r str)]) -> std::io::Result<Vec<u8>> {
    let mut columns: Vec<&str> = Vec::new();
    for (label, _) in rows.iter().flat_map(|(values, _)| values) {
        if !columns.contains(label) {
            columns.push(label);
        }
    }
    let mut writer = WriterBuilder::new().from_writer(b"\xEF\xBB\xBF".to_vec());
    writer.write_record(columns.iter().map(|label| neutral(label)).chain([REASON.to_owned()]))?;
    for (values, reason) in rows {
        let cell = |column: &&str| {
            let value = values.iter().find(|(label, _)| label == column);
            value.map_or_else(String::new, |(_, value)| neutral(value))
        };
        writer.write_record(columns.iter().map(cell).chain([neutral(reason)]))?;
    }
    writer.into_inner().map_err(|error| std::io::Error::other(error.to_string()))
}

/// Any table as a file in UTF-8, with no cell that a spreadsheet would run.
///
/// # Errors
/// Only when memory cannot be had.
pub fn table(head: &[&str], rows: &[Vec<String>]) -> std::io::Result<Vec<u8>> {
    let mut writer = WriterBuilder::new().from_writer(b"\xEF\xBB\xBF".to_vec());
    writer.write_record(head.iter().map(|cell| neutral(cell)))?;
    for row in rows {
        writer.write_record(row.iter().map(|cell| neutral(cell)))?;
    }
    writer.into_inner().map_err(|error| std::io::Error::other(error.to_string()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use crate::sheet;
    use proptest::prelude::*;

    #[test]
    fn no_cell_of_any_table_is_a_formula() {
        let rows = [vec!["=1+1".to_owned(), "-5".to_owned(), "a, b".to_owned()]];
        let text = String::from_utf8(table(&["Partner", "@Value", "Note"], &rows).unwrap()).unwrap();
        assert_eq!(text, "\u{feff}Partner,'@Value,Note\n'=1+1,-5,\"a, b\"\n");
    }

    #[test]
    fn no_cell_is_a_formula_and_numbers_stay_numbers() {
        for (text, expected) in [
            ("=1+1", "'=1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("+49 40 1234", "'+49 40 1234"),
            ("-5", "-5"),
            ("+5,5", "+5,5"),
            ("-5+cmd|' /C calc'!A0", "'-5+cmd|' /C calc'!A0"),
            ("\t=1", "'\t=1"),
            ("＝1", "'＝1"),
            ("'=1", "''=1"),
            (" =1", "' =1"),
            (" ' \u{a0}@SUM(A1)", "' ' \u{a0}@SUM(A1)"),
            (" plain", " plain"),
            ("'s-Hertogenbosch", "'s-Hertogenbosch"),
            ("plain", "plain"),
            ("", ""),
        ] {
            assert_eq!(neutral(text), expected, "{text}");
            assert_eq!(original(expected), text, "{text}");
        }
    }

    #[test]
    fn the_file_of_rejects_is_read_again_as_it_was() {
        let text = "Firma;Bedarf;Telefon\nHansa;\"=HYPERLINK(\"\"x\"\")\n2\";+49 40 1\nNord;x;5\nKurz\n";
        let first = sheet::read(text.as_bytes(), &mut |_| true).unwrap();
        let bytes = write(&first, [(0, "no day"), (2, "=no company")].into_iter()).unwrap();
        let again = sheet::read(&bytes, &mut |_| true).unwrap();
        assert_eq!(again.headers, ["Firma", "Bedarf", "Telefon", REASON]);
        let cell = |row: usize, column| again.rows[row].cell(column);
        assert_eq!(
            (cell(0, 1), cell(0, 2), cell(0, 3)),
            (Some("=HYPERLINK(\"x\")\n2"), Some("+49 40 1"), Some("no day"))
        );
        assert_eq!((cell(1, 0), cell(1, 1), cell(1, 3)), (Some("Kurz"), None, Some("=no company")));
        let raw = String::from_utf8(bytes).unwrap();
        assert!(raw.contains("'=HYPERLINK") && raw.contains("'+49"), "{raw}");
        // A second round has the second reason, not both.
        let bytes = write(&again, [(0, "still no day")].into_iter()).unwrap();
        let third = sheet::read(&bytes, &mut |_| true).unwrap();
        assert_eq!((third.headers.len(), third.rows[0].cell(3)), (4, Some("still no day")));
    }

    proptest! {
        #[test]
        fn any_cell_comes_back(text in "['=+@\\-\t a-z0-9.,]{0,12}") {
            let cell = neutral(&text);
            prop_assert_eq!(original(&cell), text);
        }
    }
}
