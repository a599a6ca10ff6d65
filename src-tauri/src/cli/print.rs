//! Results on stdout: one JSON document, or text for a person.

use std::fmt::Write as _;
use std::io::Write;

use drumbeat_app::error::{Answer, ApiError, Code};
use serde::Serialize;

/// How results are printed.
#[derive(Debug, Clone, Copy)]
pub struct Printer {
    /// One JSON document.
    pub json: bool,
}

impl Printer {
    /// Prints a result: as JSON, or as the text that `text` makes of it.
    pub fn result<T: Serialize>(self, value: &T, text: impl FnOnce(&T) -> String) -> Answer<()> {
        let out = if self.json { serde_json::to_string_pretty(value)? } else { text(value) };
        // A closed pipe (`| head`) is the reader's choice, not a failure.
        let _ = writeln!(std::io::stdout().lock(), "{}", out.trim_end());
        Ok(())
    }

    /// Tells a person something before the result, on stderr; a program reads it in the result.
    pub fn note(self, text: &str) {
        if !self.json {
            let _ = writeln!(std::io::stderr().lock(), "{text}");
        }
    }

    /// Tells a failure: on stderr for a person, with `--json` on stdout.
    pub fn failure(self, error: &ApiError) {
        if self.json {
            let _ = writeln!(std::io::stdout().lock(), "{}", serde_json::json!({ "error": error }));
            return;
        }
        let mut text = error.message.clone();
        for part in error.kept.iter().chain(&error.next) {
            let _ = write!(text, ".\n{part}");
        }
        let _ = writeln!(std::io::stderr().lock(), "{}.", text.trim_end_matches('.'));
    }
}

/// The exit code of a failure.
pub fn exit_code(error: &ApiError) -> u8 {
    match error.code {
        Code::NotFound | Code::TooNew | Code::Damaged | Code::Cancelled | Code::Bug => 1,
        Code::Invalid => 2,
        Code::NeedsAttention | Code::CrmRefused => 3,
        Code::Offline => 4,
        Code::NotAuthorised | Code::Locked => 5,
    }
}

/// The widest that a column gets which is not the last.
const WIDEST: usize = 48;

/// Rows in columns, each as wide as its widest cell up to a limit; the last one is never cut.
pub fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    let mut widths: Vec<usize> = head.iter().map(|cell| cell.chars().count()).collect();
    let last = widths.len().saturating_sub(1);
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count()).min(WIDEST);
        }
    }
    let mut out = String::new();
    let mut line = |cells: &mut dyn Iterator<Item = &str>| {
        let mut text = String::new();
        for (at, (cell, width)) in cells.zip(&widths).enumerate() {
            if at < last && cell.chars().count() > *width {
                let cut: String = cell.chars().take(width.saturating_sub(1)).collect();
                let _ = write!(text, "{cut}…  ");
            } else {
                let _ = write!(text, "{cell:<width$}  ");
            }
        }
        let _ = writeln!(out, "{}", text.trim_end());
    };
    line(&mut head.iter().copied());
    for row in rows {
        line(&mut row.iter().map(String::as_str));
    }
    out
}
