//! What a person has to look at between deciding and landing: merge conflicts, notices, decisions that
//! are held back, what a push would send, and how to take back what has landed.
//!
//! One idea runs through all of it: a value is never shown alone. It stands beside what it was based on
//! and what the CRM has, with who set that and when, as far as the CRM says. Values for reading (`base`,
//! `mine`, `theirs`) are as people read them; the `_raw` ones are what the CRM stores and what an edit
//! starts from.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::crm::{Holds, ObjectKind};
use crate::deal::{Choice, words};
use crate::field::Field;
use crate::ids::{DecisionId, OpId};
use crate::time::Instant;

words! {
    /// Why a person has to choose.
    MergeKind {
        Changed "changed" "Changed in the CRM meanwhile",
        Guard "guard" "What the decision rests on does not hold any more",
        Archived "archived" "The record is in the CRM's recycle bin",
        Merged "merged" "The record was merged into another that differs",
        Missing "missing" "The CRM does not show the record any more",
        Unclear "unclear" "It may have been made, and nothing can show it",
    }
}

/// What the outbox protocol found when an op came to need a person: kept with the op's evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Found {
    /// Why.
    pub kind: MergeKind,
    /// The values that differ, by CRM property.
    pub sides: Vec<FoundSide>,
    /// The CRM's time of the record's last change as it was looked at. Nothing later was shown to anybody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(skip)]
    pub version: Option<Instant>,
}

/// One property as three parties have it, as the CRM stores it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FoundSide {
    /// The CRM's property.
    pub property: String,
    /// What the op was based on.
    pub base: String,
    /// What the op wants.
    pub mine: String,
    /// What the CRM has.
    pub theirs: String,
    /// Who set it there, where the CRM says.
    pub by: Option<String>,
    /// When it was set there, where the CRM says.
    pub at: Option<Instant>,
}

/// The record that something is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AboutRecord {
    /// Kind of record.
    pub kind: ObjectKind,
    /// Its id.
    pub id: String,
    /// Its name, for reading.
    pub label: String,
}

/// One merge conflict: an op that waits for a person to choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MergeRow {
    /// The op.
    pub op: OpId,
    /// Its decision.
    pub decision: DecisionId,
    /// What was decided.
    pub title: String,
    /// The record.
    pub record: AboutRecord,
    /// Why a person is needed.
    pub kind: MergeKind,
    /// The same in the words of what was seen.
    pub text: String,
    /// The fields that differ; where the record is gone, everything that was typed.
    pub fields: Vec<MergeField>,
    /// When yours was decided.
    pub mine_at: Instant,
    /// Who decided it.
    pub mine_by: String,
    /// The computer that it was decided on.
    pub device: String,
    /// When the difference was seen.
    pub seen_at: Instant,
    /// How many others have the same fields with the same three values.
    pub same_as: u32,
    /// The answers that are possible.
    pub answers: Vec<MergeAnswer>,
}

/// One field of a merge conflict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MergeField {
    /// The CRM's property; names the field when answering.
    pub property: String,
    /// Our name of it, where it has one.
    pub field: Option<Field>,
    /// Label.
    pub label: String,
    /// Was, for reading.
    pub base: Option<String>,
    /// Yours, for reading.
    pub mine: Option<String>,
    /// Theirs, for reading.
    pub theirs: Option<String>,
    /// Yours as stored.
    pub mine_raw: String,
    /// Theirs as stored.
    pub theirs_raw: String,
    /// Who set theirs, where the CRM says.
    pub their_who: Option<String>,
    /// When theirs was set, where the CRM says.
    pub their_when: Option<Instant>,
    /// A condition of the decision, not something that it writes.
    pub guard: bool,
    /// What it holds, for editing.
    pub holds: Holds,
    /// Choices, for lists.
    pub options: Vec<Choice>,
}

words! {
    /// How a person answers a merge conflict.
    MergeAnswer {
        KeepMine "keep_mine" "Keep mine",
        TakeTheirs "take_theirs" "Take theirs",
        Edit "edit" "Edit",
        KeepNote "keep_note" "Keep as a note",
    }
}

/// Answer a merge conflict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct ResolveMerge {
    /// Which op.
    pub op: OpId,
    /// How.
    pub answer: MergeAnswer,
    /// With `edit`: the new values; fields that are not named keep yours.
    #[serde(default)]
    pub values: Vec<MergeValue>,
    /// Theirs of every field as the person saw them; when one has changed since, nothing is answered.
    #[serde(default)]
    pub seen: Option<Vec<MergeValue>>,
    /// Also for the others with the same fields and the same three values.
    #[serde(default)]
    pub same: bool,
}

/// One edited value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct MergeValue {
    /// The CRM's property.
    pub property: String,
    /// New raw value; absent clears.
    #[serde(default)]
    pub value: Option<String>,
}

/// What answering did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MergeResolved {
    /// Merge conflicts answered.
    pub answered: u32,
    /// What happens now, in a sentence.
    pub text: String,
}

words! {
    /// What a notice tells.
    NoticeAbout {
        Overwrote "overwrote" "Overwrote a value nobody here had seen",
        ChangedAfter "changed_after" "Changed after yours had landed",
        Repeated "repeated" "The CRM shows it more than once",
    }
}

/// Something that a person should know of an op that is over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct NoticeRow {
    /// Number.
    pub id: u32,
    /// What it tells.
    pub about: NoticeAbout,
    /// The same in a sentence.
    pub text: String,
    /// The op.
    pub op: OpId,
    /// Its decision.
    pub decision: DecisionId,
    /// What was decided.
    pub title: String,
    /// The record.
    pub record: AboutRecord,
    /// The field's label, where it is about one.
    pub label: Option<String>,
    /// The other's value, for reading.
    pub theirs: Option<String>,
    /// Yours, for reading.
    pub mine: Option<String>,
    /// Who set theirs, where the CRM says.
    pub by: Option<String>,
    /// When theirs was set, where the CRM says.
    pub theirs_at: Option<Instant>,
    /// When it was noticed.
    pub at: Instant,
    /// The other's value can be written back.
    pub can_restore: bool,
}

/// One notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct NoticeRef {
    /// Its number.
    pub id: u32,
}

/// A decision that is held back because facts that it relied on have moved (B1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HeldDecision {
    /// Decision.
    pub decision: DecisionId,
    /// What was decided.
    pub title: String,
    /// The record that it is mainly about.
    pub record: AboutRecord,
    /// Who decided.
    pub by: String,
    /// When it was decided.
    pub decided_at: Instant,
    /// When it was held back.
    pub held_at: Instant,
    /// The facts that moved.
    pub moved: Vec<MovedFact>,
    /// Messages that wait with it.
    pub messages: u32,
}

/// One fact before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MovedFact {
    /// Stable name, e.g. `deal:4711`.
    pub name: String,
    /// What it is, for reading.
    pub label: String,
    /// When it was decided; absent when there was nothing.
    pub before: Option<String>,
    /// Now; absent when there is nothing any more.
    pub after: Option<String>,
}

/// Let a held decision go on, or take it back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct ReleaseHeld {
    /// Which.
    pub decision: DecisionId,
    /// True: send it, with the facts as they are now. False: take it back.
    pub go_on: bool,
}

words! {
    /// What would become of an op.
    PreviewVerdict {
        Send "send" "Would be sent",
        Converged "converged" "There already",
        Refused "refused" "The CRM would refuse it",
        Conflict "conflict" "Would need you",
        Held "held" "Held back",
        Waits "waits" "Waits",
    }
}

/// What a push would send, without sending anything (B9).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PushPreview {
    /// When it was looked at.
    pub at: Instant,
    /// The CRM was asked; otherwise theirs is what was read last.
    pub fresh: bool,
    /// Why the CRM was not asked, and other things to know.
    pub note: Option<String>,
    /// Ops in the order in which they would go.
    pub ops: Vec<PreviewOp>,
    /// Ops that would be sent.
    pub send: u32,
    /// Ops that a person would have to look at.
    pub needs_you: u32,
    /// Ops that would wait.
    pub waits: u32,
}

/// One op of a preview.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PreviewOp {
    /// Op.
    pub op: OpId,
    /// Its decision.
    pub decision: DecisionId,
    /// What was decided.
    pub title: String,
    /// What this op does, for people.
    pub what: String,
    /// The record.
    pub record: AboutRecord,
    /// What would become of it.
    pub verdict: PreviewVerdict,
    /// Why, in a sentence.
    pub text: String,
    /// Base, mine, theirs.
    pub fields: Vec<PreviewField>,
    /// What the CRM is known to refuse about it.
    pub problems: Vec<String>,
    /// What taking it back exactly would do.
    pub undo: String,
}

/// One field of an op in a preview.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PreviewField {
    /// Label.
    pub label: String,
    /// Was.
    pub base: Option<String>,
    /// Wanted.
    pub mine: Option<String>,
    /// The CRM's now.
    pub theirs: Option<String>,
}

/// One decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct DecisionRef {
    /// Which.
    pub decision: DecisionId,
}

/// How a landed decision would be taken back, to the byte where that is possible.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct UndoPlan {
    /// The decision.
    pub decision: DecisionId,
    /// What was decided.
    pub title: String,
    /// Fields that would be put back.
    pub lines: Vec<UndoLine>,
    /// Records that it made and that would go into the CRM's recycle bin, each in a sentence.
    pub bins: Vec<String>,
    /// What would stay in the CRM, and why.
    pub stays: Vec<String>,
    /// Why it cannot be taken back, when so.
    pub refused: Option<String>,
}

/// One field that would be put back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct UndoLine {
    /// The record.
    pub record: AboutRecord,
    /// Label.
    pub label: String,
    /// What it is now: what was written.
    pub from: Option<String>,
    /// What it would be again.
    pub to: Option<String>,
}
