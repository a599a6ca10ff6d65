//! How anything that fails is told to a person: what happened, what was kept, what to do next.
//!
//! The one place where facts become sentences. `code` is closed and small; the window chooses a
//! notice, an inline message or a dialog by it and the command line its exit code. Nobody matches on
//! text.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What kind of failure, for deciding how it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// The thing asked for is not here.
    NotFound,
    /// The request does not make sense as given.
    Invalid,
    /// A person must settle something first.
    NeedsAttention,
    /// The CRM cannot be reached.
    Offline,
    /// The CRM said no.
    CrmRefused,
    /// The token is not accepted or lacks a right.
    NotAuthorised,
    /// The workspace is locked, or its key cannot be had.
    Locked,
    /// The workspace was written by a newer version.
    TooNew,
    /// The store is damaged.
    Damaged,
    /// The person cancelled.
    Cancelled,
    /// Our fault.
    Bug,
}

/// A failure as told to a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, thiserror::Error)]
#[error("{message}")]
pub struct ApiError {
    /// Kind.
    pub code: Code,
    /// Stable id, e.g. `crm.unreachable` (I30).
    pub id: String,
    /// What happened.
    pub message: String,
    /// What was kept.
    pub kept: Option<String>,
    /// What to do next.
    pub next: Option<String>,
}

/// What every use case answers.
pub type Answer<T> = Result<T, ApiError>;

impl ApiError {
    /// A failure of this kind, said in one sentence.
    pub fn new(code: Code, id: &str, message: impl Into<String>) -> Self {
        Self { code, id: id.to_owned(), message: message.into(), kept: None, next: None }
    }

    /// Adds what was kept.
    #[must_use]
    pub fn kept(mut self, kept: impl Into<String>) -> Self {
        self.kept = Some(kept.into());
        self
    }

    /// Adds what to do next.
    #[must_use]
    pub fn next(mut self, next: impl Into<String>) -> Self {
        self.next = Some(next.into());
        self
    }

    /// The request does not make sense as given.
    pub fn invalid(id: &str, message: impl Into<String>) -> Self {
        Self::new(Code::Invalid, id, message)
    }

    /// The thing asked for is not here.
    #[must_use]
    pub fn not_found(what: &str, id: &str) -> Self {
        Self::new(Code::NotFound, "record.missing", format!("There is no {what} {id} in this workspace"))
            .next("It may have been deleted or merged in the CRM; sync and look again")
    }
}
