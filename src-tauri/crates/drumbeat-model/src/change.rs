//! Changes on their way to the CRM: decisions, the operations that carry them out, their states.
//!
//! A decision is one act of a person. It is carried out by one or more operations (ops), each on one
//! record; an op that sets fields holds them with the value they were based on. Ops of one record go
//! out in order; a child op never leaves before its parent is done. State names are those of the
//! outbox protocol; `classify` in the sync crate is the only place that moves them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::crm::{Holds, Link, ObjectKind, Properties};
use crate::deal::{Choice, words};
use crate::field::Field;
use crate::ids::{DecisionId, OpId};
use crate::merge::Found;
use crate::time::Instant;

words! {
    /// Where an op stands (outbox protocol 3.3).
    OpState {
        Queued "queued" "Saved here",
        Blocked "blocked" "Waiting",
        Sending "sending" "Sending",
        Unknown "unknown" "Checking",
        Acked "acked" "Accepted, being verified",
        Done "done" "Confirmed",
        Conflict "conflict" "Needs you",
        Rejected "rejected" "Refused",
        Superseded "superseded" "Replaced",
        Withdrawn "withdrawn" "Taken back",
    }
}

impl OpState {
    /// Nothing more will happen to it.
    #[must_use]
    pub fn is_final(self) -> bool {
        matches!(self, Self::Done | Self::Superseded | Self::Withdrawn)
    }

    /// A person has to act.
    #[must_use]
    pub fn needs_person(self) -> bool {
        matches!(self, Self::Conflict | Self::Rejected)
    }

    /// A person may still take it back (never from SENDING or UNKNOWN).
    #[must_use]
    pub fn can_withdraw(self) -> bool {
        matches!(self, Self::Queued | Self::Blocked | Self::Conflict | Self::Rejected)
            || crate::planted::planted(crate::planted::Bug::WithdrawUnknown) && self == Self::Unknown
    }
}

/// What an op does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum OpKind {
    /// Sets fields of a record, all together: they go in one request and conflict together.
    Set {
        /// New values by CRM property; empty text clears.
        desired: Properties,
        /// The values they were based on.
        base: Properties,
        /// Values that must still hold for the act to make sense (I9), e.g. the status is open.
        guard: Properties,
    },
    /// Makes a record under a local id.
    Create {
        /// Its values.
        desired: Properties,
        /// Links to make in the same request; ids may be local ones of earlier ops.
        links: Vec<Link>,
    },
    /// Links two records.
    Link {
        /// The other record.
        link: Link,
    },
    /// Puts a record that Drumbeat has made into the CRM's recycle bin. Only taking back does that.
    Archive {
        /// What it must still hold: what our own ops have left in it. Whatever else stands there is somebody's
        /// work.
        holds: Properties,
        /// Touches of ours that hang on it; any other is somebody's work.
        beside: Vec<Link>,
        /// A person has seen what others had changed up to this time of the CRM's, and wants it all the same.
        seen: Option<Instant>,
    },
}

impl OpKind {
    /// Stable name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            OpKind::Set { .. } => "set",
            OpKind::Create { .. } => "create",
            OpKind::Link { .. } => "link",
            OpKind::Archive { .. } => "archive",
        }
    }
}

/// One operation of the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Op {
    /// Its id, also the marker in the CRM.
    pub id: OpId,
    /// Order in which ops were made here.
    pub seq: i64,
    /// The decision it belongs to.
    pub decision: DecisionId,
    /// Which kind of record.
    pub object: ObjectKind,
    /// Which record; `local:<uuid>` until a create has landed.
    pub record: String,
    /// What it does.
    pub kind: OpKind,
    /// Where it stands.
    pub state: OpState,
    /// Requests made so far.
    pub attempt: u32,
    /// Not before this: Retry-After, or the quarantine of an UNKNOWN.
    pub not_before: Option<Instant>,
    /// When the last request may have left.
    pub sent_at: Option<Instant>,
    /// Ops that must be done first.
    pub depends_on: Vec<OpId>,
    /// What is known of how it went, for a person and for proof.
    pub evidence: Vec<Evidence>,
    /// Account that it may go to and no other (I8).
    pub binding: String,
}

/// One observation about an op.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Evidence {
    /// When.
    pub at: Instant,
    /// What was seen, in a sentence.
    pub text: String,
    /// Where a person has to choose: between what, field by field.
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<Found>,
}

impl Evidence {
    /// Something that was seen, in a sentence.
    #[must_use]
    pub fn new(at: Instant, text: impl Into<String>) -> Self {
        Self { at, text: text.into(), found: None }
    }
}

/// What a new op asks for; the store gives it seq and state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewOp {
    /// Its id.
    pub id: OpId,
    /// Which kind of record.
    pub object: ObjectKind,
    /// Which record.
    pub record: String,
    /// What it does.
    pub kind: OpKind,
    /// Ops that must be done first.
    pub depends_on: Vec<OpId>,
}

/// A new decision with its ops, saved in one transaction.
#[derive(Debug, Clone, PartialEq)]
pub struct NewDecision {
    /// Its id.
    pub id: DecisionId,
    /// What kind of act, e.g. `approve`.
    pub act: String,
    /// What was done, for people.
    pub title: String,
    /// The record it is mainly about.
    pub about: (ObjectKind, String),
    /// Why.
    pub reason: Option<String>,
    /// The facts it relied on (B1), as JSON.
    pub facts: serde_json::Value,
    /// Policy version that judged.
    pub policy: u32,
    /// Its ops, parents first.
    pub ops: Vec<NewOp>,
    /// Messages to release once it has landed.
    pub messages: Vec<NewMessage>,
}

/// A message that waits for its decision to land.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewMessage {
    /// To whom.
    pub to: String,
    /// Subject.
    pub subject: String,
    /// Text.
    pub text: String,
}

words! {
    /// How far a decision has come: the least of its ops.
    DecisionStatus {
        Waiting "waiting" "not sent",
        Sending "sending" "sending",
        NeedsYou "needs_you" "needs you",
        Landed "landed" "confirmed",
        Withdrawn "withdrawn" "taken back",
    }
}

/// One op as the outbox shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OutboxRow {
    /// Op.
    pub id: OpId,
    /// The decision it belongs to.
    pub decision: DecisionId,
    /// The decision's title.
    pub title: String,
    /// What this op does, for people: "Deal: stage, amount".
    pub what: String,
    /// Kind of record.
    pub object: ObjectKind,
    /// Record id.
    pub record: String,
    /// State.
    pub state: OpState,
    /// The state as a sentence with its time: "Confirmed in HubSpot 14:03".
    pub text: String,
    /// Requests made.
    pub attempt: u32,
    /// Saved here.
    pub made_at: Instant,
    /// The first of the two clocks: when its decision was taken (B5).
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_at: Option<Instant>,
    /// The second: when the CRM had it.
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub landed_at: Option<Instant>,
    /// Next check or attempt.
    pub next_at: Option<Instant>,
    /// The changes that must be in the CRM first.
    pub depends_on: Vec<OpId>,
    /// Its decision is held back until a person has looked at the facts that moved.
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held: Option<bool>,
    /// Fields with what was, what is wanted, what the CRM has.
    pub fields: Vec<OutboxField>,
    /// What was seen.
    pub evidence: Vec<Evidence>,
    /// Can be tried again.
    pub can_retry: bool,
    /// Can be taken back.
    pub can_withdraw: bool,
}

/// One field of an op.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OutboxField {
    /// Label.
    pub label: String,
    /// Was.
    pub base: Option<String>,
    /// Wanted.
    pub mine: Option<String>,
    /// The CRM's, as last seen.
    pub theirs: Option<String>,
    /// How it can be corrected, once the CRM has refused the op.
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edit: Option<Correction>,
}

/// What correcting a refused value needs: the answer to it is [`crate::merge::ResolveMerge`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Correction {
    /// The CRM's property; names the field when answering.
    pub property: String,
    /// Our name of it, where it has one.
    pub field: Option<Field>,
    /// The wanted value as stored.
    pub raw: String,
    /// What it holds.
    pub holds: Holds,
    /// Choices, for lists.
    pub options: Vec<Choice>,
}

/// A message and whether it may be sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MessageRow {
    /// Number.
    pub id: String,
    /// The decision it waits for.
    pub decision: DecisionId,
    /// To whom.
    pub to: String,
    /// Subject.
    pub subject: String,
    /// Text.
    pub text: String,
    /// Released: the decision has landed.
    pub released: bool,
    /// Withdrawn with its decision.
    pub withdrawn: bool,
}

/// Settle a merge conflict, or retry or withdraw an op.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct SettleOp {
    /// Which op.
    pub op: OpId,
    /// Retry, withdraw, keep mine, take theirs.
    pub answer: OpAnswer,
}

words! {
    /// What a person decides about an op.
    OpAnswer {
        Retry "retry" "Try again",
        Withdraw "withdraw" "Take back",
        KeepMine "keep_mine" "Keep mine",
        TakeTheirs "take_theirs" "Take theirs",
    }
}
