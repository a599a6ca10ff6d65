//! The ledger: every write that was applied, with the record before and after.
//!
//! It is how a test asks "what really happened at the CRM", which is the one thing no client can know from its answers.
//! Callers rely on: an entry exists if and only if the write was applied, also when the answer was lost on the way.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What a write did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LedgerKind {
    /// A record was made.
    Create,
    /// Properties of a record were set.
    Update,
    /// A record went to the recycle bin.
    Archive,
    /// Two records were linked or unlinked.
    Associate,
    /// Two records became one.
    Merge,
}

/// One applied write.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LedgerEntry {
    /// When it was applied, by the server's clock.
    pub at: DateTime<Utc>,
    /// The HTTP method, or `EDIT` for another user's edit made through the admin door.
    pub method: String,
    /// The object's plural name, such as `deals`.
    pub object: String,
    /// The record's id.
    pub id: String,
    /// The marker of the operation that caused it, where the write carried one.
    pub op_marker: Option<String>,
    /// What the write did.
    pub kind: LedgerKind,
    /// The written properties before.
    pub before: Map<String, Value>,
    /// The written properties after.
    pub after: Map<String, Value>,
}

impl LedgerEntry {
    /// The marker among the written properties.
    pub(crate) fn marker(after: &Map<String, Value>) -> Option<String> {
        ["drumbeat_last_op", "drumbeat_op_id", "Drumbeat_Last_Op__c", "Drumbeat_Op_Id__c"]
            .iter()
            .find_map(|n| after.get(*n))
            .and_then(Value::as_str)
            .map(str::to_owned)
    }
}
