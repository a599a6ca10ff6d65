//! The audit trail as shown and as verified (G-01).

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::time::Instant;

/// What the audit list is asked.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct AuditQuery {
    /// Words in act, title or actor.
    pub text: Option<String>,
    /// Key of the page before.
    pub after: Option<String>,
    /// Rows wanted, at most 500; 0 means 100.
    pub limit: u32,
}

/// One entry of the audit trail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AuditRow {
    /// Number in the chain.
    pub seq: u32,
    /// When.
    pub at: Instant,
    /// Who.
    pub actor: String,
    /// What kind of act, e.g. `approve`, `op done`.
    pub act: String,
    /// What it was about.
    pub title: String,
    /// Why.
    pub reason: Option<String>,
    /// Facts at the time, as JSON text.
    pub facts: Option<String>,
    /// Policy version.
    pub policy: Option<u32>,
    /// Hash of this entry (covers all before it), hex.
    pub hash: String,
}

/// What verifying the chain found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AuditVerdict {
    /// Every entry holds.
    pub intact: bool,
    /// Entries checked.
    pub entries: u32,
    /// The first entry that does not hold, and why.
    pub broken_at: Option<u32>,
    /// What is wrong there, in a sentence.
    pub problem: Option<String>,
    /// Hash of the last entry, hex.
    pub head: String,
}
