//! One channel conflict in full: both sides in time, who touches the account, how full the books are.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{ConflictRow, Points, Side, SignalFound, Standing};
use crate::ids::DecisionId;
use crate::time::{Day, Instant};
use crate::verdict::{Clock, RecordLink};

/// Something that happened with a finding, or on the account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(optional_fields = nullable)]
pub struct TimelineEntry {
    /// When.
    pub at: Instant,
    /// On whose side: a party's key; absent for what concerns both.
    pub party: Option<String>,
    /// What, in words.
    pub text: String,
    /// Who.
    pub by: Option<String>,
    /// The record that it is in.
    pub record: Option<RecordLink>,
}

/// Who touches the account: one line of the graph.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(optional_fields = nullable)]
pub struct GraphEdge {
    /// From: a party's key or a person's name.
    pub from: String,
    /// What a person reads.
    pub from_label: String,
    /// To which record.
    pub to: RecordLink,
    /// By what: deal, registration, activity, incumbent, same company.
    pub by: String,
    /// How often, for activities.
    pub times: u32,
}

/// One finding with everything that the detail shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(optional_fields = nullable)]
pub struct ConflictDetail {
    /// The list row.
    pub row: ConflictRow,
    /// What was found.
    pub signals: Vec<SignalFound>,
    /// What the severity is made of.
    pub points: Vec<Points>,
    /// Every record that it is about.
    pub records: Vec<RecordLink>,
    /// The smallest change that would end it.
    pub ends_with: String,
    /// Each party's facts beside each other.
    pub sides: Vec<Side>,
    /// Who stands first, and why.
    pub verdict: Standing,
    /// Acknowledged, plan, question to the seller.
    pub clocks: Vec<Clock>,
    /// What is planned.
    pub plan: Option<String>,
    /// How it was settled, in words.
    pub outcome: Option<String>,
    /// The decision that settled it.
    pub decision: Option<DecisionId>,
    /// Until when an appeal can be opened.
    pub appeal_until: Option<Day>,
    /// What can be done now.
    pub acts: Vec<crate::settling::ConflictAct>,
    /// Latest first.
    pub timeline: Vec<TimelineEntry>,
    /// Who touches the account.
    pub graph: Vec<GraphEdge>,
    /// How full each partner's book is now; absent for an early sign.
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity: Option<Vec<PartyCapacity>>,
}

/// How full a partner's book is, against the policy's limit (R-04.8, C-05).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(optional_fields = nullable)]
pub struct PartyCapacity {
    /// Whose: a party's key.
    pub party: String,
    /// Protections in use.
    pub held: u32,
    /// The policy's limit, where it sets one.
    pub limit: Option<u32>,
    /// There is no room for one more: an award needs a reason.
    pub full: bool,
    /// The same in words.
    pub text: String,
}

/// A registration that is about this account and waits, for deciding both in one act (C-08).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ConflictRef {
    /// Which.
    pub conflict: String,
}
