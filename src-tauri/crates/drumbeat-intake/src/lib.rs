//! What partners send, read: tables, mails, forms, pasted text become candidate claims.
//!
//! Everything here is pure: bytes in, candidates out, no file is opened and nothing is saved. The one hard idea: a
//! value is only taken when it can be read in exactly one way. `03/04/2026` and `12,500` are problems of their row
//! unless the mapping says how the file writes days and amounts, and what is not said stays absent. Every value
//! carries the place where it was found and how certain it is.
//!
//! Callers rely on the limits: whatever the bytes are, the answer comes in time and memory in proportion to their
//! length, as candidates or as a [`Refusal`]. Who the partner is and what is a duplicate is not known here.

pub mod amounts;
pub mod claim;
pub mod days;
pub mod form;
pub mod headers;
mod html;
pub mod mail;
mod quoted;
pub mod rejects;
pub mod sheet;
pub mod text;

/// A table longer than this is refused.
pub const MAX_TABLE_BYTES: usize = 50 * 1024 * 1024;
/// A table with more rows is refused.
pub const MAX_ROWS: u32 = 500_000;
/// A table with more columns is refused.
pub const MAX_COLUMNS: usize = 500;
/// A cell longer than this refuses the table: a quote was probably never closed.
pub const MAX_CELL_BYTES: usize = 1024 * 1024;
/// A mail longer than this is refused.
pub const MAX_MAIL_BYTES: usize = 25 * 1024 * 1024;
/// A mail with parts inside parts deeper than this is refused.
pub const MAX_DEPTH: usize = 10;
/// A mail with more parts is refused.
pub const MAX_PARTS: usize = 100;
/// Pasted text longer than this is refused.
pub const MAX_PASTE_BYTES: usize = 1024 * 1024;

/// Why nothing of a file is read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Too long.
    #[error("it is larger than {0} MiB")]
    TooLarge(usize),
    /// Too many rows.
    #[error("it has more than {MAX_ROWS} rows")]
    TooManyRows,
    /// Too many columns.
    #[error("line {line} has more than {MAX_COLUMNS} columns")]
    TooManyColumns {
        /// Which line, from 1.
        line: u64,
    },
    /// A cell without an end.
    #[error("a cell that begins in line {line} is larger than 1 MiB; is a quote never closed?")]
    CellTooLarge {
        /// Which line, from 1.
        line: u64,
    },
    /// Not text.
    #[error("it is not text ({0})")]
    NotText(&'static str),
    /// Nothing in it.
    #[error("there is nothing in it")]
    Empty,
    /// Parts inside parts without an end.
    #[error("its parts lie inside each other more than {MAX_DEPTH} deep")]
    TooDeep,
    /// Too many parts.
    #[error("it has more than {MAX_PARTS} parts")]
    TooManyParts,
    /// No mail.
    #[error("it is not an e-mail")]
    NotMail,
    /// The person said stop.
    #[error("it was stopped")]
    Cancelled,
}

/// Told how far reading is; answers whether to go on.
pub type Watch<'a> = &'a mut dyn FnMut(u32) -> bool;
