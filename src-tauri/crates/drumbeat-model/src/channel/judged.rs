//! What judging has come to: how a pass went, which verdicts have moved, the measures of C-06.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{ChannelSignal, ConflictKind};
use crate::time::{Day, Instant};

/// How a pass over the accounts went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
pub struct PassDone {
    /// All accounts were judged, not only those that changed.
    pub full: bool,
    /// Accounts judged, with their duplicates and group counted as one.
    pub judged: u32,
    /// New findings.
    pub raised: u32,
    /// Findings whose facts have changed.
    pub changed: u32,
    /// Findings whose facts are gone.
    pub ended: u32,
    /// Settled or dismissed ones whose facts have changed.
    pub reopened: u32,
    /// Verdicts that moved.
    pub turned: u32,
    /// It was stopped before the end; the rest waits for the next pass.
    pub cancelled: bool,
}

/// Since when verdicts are asked for that have moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct MovedSince {
    /// From this moment on.
    pub since: Instant,
}

/// A verdict on a channel conflict that has moved: to another party, or to nobody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct VerdictMoved {
    /// Which.
    pub conflict: String,
    /// The account's name.
    pub account: String,
    /// When.
    pub at: Instant,
    /// From what to what, and whether by another version of the policy.
    pub text: String,
    /// Somebody still has to do something about it.
    pub is_open: bool,
}

/// The measures of C-06, for Metrics and packs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(optional_fields = nullable)]
pub struct ConflictMeasures {
    /// Counted from.
    pub from: Day,
    /// Counted to.
    pub to: Day,
    /// Raised in the time.
    pub raised: u32,
    /// Open deals with a partner at its end: what the rate is of.
    pub of_deals: u32,
    /// Raised for every hundred of those deals.
    pub rate_percent: u32,
    /// How many of each kind.
    pub by_kind: Vec<(ConflictKind, u32)>,
    /// How many with each signal: the causes.
    pub by_signal: Vec<(ChannelSignal, u32)>,
    /// Median minutes until it was acknowledged.
    pub minutes_to_acknowledge: Option<u32>,
    /// Median minutes until it was settled or dismissed.
    pub minutes_to_settle: Option<u32>,
    /// Settled in the time.
    pub settled: u32,
    /// Of these by the policy's rule.
    pub by_rule: u32,
    /// Appeals decided in the time.
    pub appeals: u32,
    /// Of these upheld.
    pub upheld: u32,
}
