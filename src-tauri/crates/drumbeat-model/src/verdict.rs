//! Verdicts that explain themselves: which rule, which facts, which records, what would turn it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::crm::ObjectKind;
use crate::time::Instant;

/// What a check found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CheckOutcome {
    /// Holds.
    Pass,
    /// A person should look.
    Warn,
    /// Speaks against approval.
    Fail,
}

/// One check of a registration, explained.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Check {
    /// Rule id, e.g. `R-04.9`.
    pub rule: String,
    /// Short name, e.g. "Duplicate registration".
    pub name: String,
    /// Pass, warn or fail.
    pub outcome: CheckOutcome,
    /// The fact that decided, as a sentence part.
    pub fact: String,
    /// The records that the fact is about.
    pub records: Vec<RecordLink>,
    /// The smallest change that would have turned it; absent on a pass with nothing to turn.
    pub flip: Option<String>,
}

/// A record that can be opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RecordLink {
    /// Kind.
    pub kind: ObjectKind,
    /// Id.
    pub id: String,
    /// What a person reads.
    pub label: String,
}

/// What the policy recommends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// Approve.
    Approve,
    /// Decline.
    Decline,
    /// Ask the partner for information.
    Ask,
}

/// The recommended decision with its trace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Recommendation {
    /// What to do.
    pub act: Act,
    /// Head line, e.g. "approve, 90 days of protection".
    pub text: String,
    /// The rules that were looked at, in order.
    pub trace: Vec<Clause>,
    /// What would have turned it.
    pub flip: Option<String>,
    /// Policy version that judged.
    pub policy: u32,
}

/// One line of a rule trace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Clause {
    /// Rule id.
    pub rule: String,
    /// What the rule asks, in words.
    pub statement: String,
    /// The fact found.
    pub fact: String,
    /// What it did to the verdict.
    pub result: ClauseResult,
}

/// What a clause did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ClauseResult {
    /// Holds, does not separate.
    Holds,
    /// Does not hold.
    Fails,
    /// Decides.
    Decides,
    /// Sets the terms, not the verdict.
    SetsTerms,
}

/// A running or ended clock (S).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Clock {
    /// Rule id, e.g. `S-02`.
    pub rule: String,
    /// When it began.
    pub started: Instant,
    /// When it is due.
    pub due: Instant,
    /// What it does now.
    pub state: ClockState,
    /// Since when it is paused, or when it was met.
    pub since: Option<Instant>,
    /// Seconds left, or left when it was met, below zero for what is late; of the time that it counts. Absent for
    /// baseline.
    #[ts(optional, type = "number")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left: Option<i64>,
}

/// What a clock does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ClockState {
    /// Time is running and left.
    Running,
    /// Past due.
    Over,
    /// The partner owes something.
    Paused,
    /// Done in time.
    Met,
    /// Done late.
    Breached,
    /// Began before the go-live day: baseline, no breach (S-12).
    Baseline,
}
