//! The one place that decides what happens to an op next (outbox protocol 3.3).
//!
//! A pure function of the op, what was just seen, and the time. The hard idea: an answer is never
//! believed beyond what it proves. A lost answer makes the op UNKNOWN, an UNKNOWN is settled only by
//! reading after its quarantine, and a value is sent only over the value that the decision was based on.
//! Callers rely on: SEND comes from a preflight and nothing else; every value that differs or was lost
//! is named in the verdict. It reads nothing, waits for nothing and knows no vendor.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use drumbeat_crm::crm::{Found, Refusal, RefusalKind, WriteOutcome};
use drumbeat_crm::error::CrmError;
use drumbeat_model::change::{Op, OpKind, OpState};
use drumbeat_model::dossier;
use drumbeat_model::planted::{Bug, planted};
use drumbeat_model::time::Instant;
use drumbeat_model::value::{latest, merge_members};

use crate::sight::{Merge, Sides, Sight, broken_guards, sides};
use crate::verdict::{ConflictKind, Landing, Next, Notice, Verdict};

mod after;
mod bin;
pub use after::late;
use after::{early, read_back, settled, verify};

/// How long a request whose fate is unknown may still land: longer than a request can live plus the
/// staleness of a read (3.8).
pub const QUARANTINE: TimeDelta = TimeDelta::seconds(120);
/// The longest pause that a CRM's "wait" is believed for.
const LONGEST_WAIT: u64 = 3600;
/// After a request that never left.
const UNSENT_WAIT: TimeDelta = TimeDelta::seconds(5);
/// After a lock.
const LOCK_WAIT: TimeDelta = TimeDelta::seconds(10);

/// What was just seen.
#[derive(Debug, Clone, Copy)]
pub enum Seen<'a> {
    /// The record, read in order to send.
    Preflight(&'a Sight),
    /// How the request ended, and to which record it had gone.
    Answer {
        /// How it ended.
        outcome: &'a WriteOutcome,
        /// Record that it went to; the local id for a create.
        to: &'a str,
    },
    /// The op lies in the store as a process left it that is gone, or as a copy or a journal had it: what
    /// has become of it since, nobody here knows.
    Restart,
    /// What the op was built on is not here any more: it was discarded when the workspace was recovered.
    Orphan,
    /// The record, read because nobody knew whether the request was applied.
    ReadBack {
        /// What was read.
        sight: &'a Sight,
        /// The refusal that made us look, when it was one.
        refusal: Option<&'a Refusal>,
    },
    /// The record, read after the CRM had said yes.
    Verify(&'a Sight),
    /// A read that was needed did not succeed.
    Unread(&'a CrmError),
    /// The account takes no writes from us, and why.
    ReadOnly(&'a str),
    /// The account takes writes.
    Writable,
}

/// Decides the next move of `op`.
#[must_use]
pub fn classify(op: &Op, seen: &Seen<'_>, now: Instant) -> Verdict {
    let expected = match seen {
        Seen::Preflight(_) | Seen::ReadOnly(_) => Some(OpState::Queued),
        Seen::Answer { .. } => Some(OpState::Sending),
        // In doubt since a restore: its quarantine has not begun.
        Seen::Restart if op.state == OpState::Unknown && op.not_before.is_none() => None,
        Seen::Restart => Some(OpState::Sending),
        Seen::ReadBack { .. } => Some(OpState::Unknown),
        Seen::Verify(_) => Some(OpState::Acked),
        Seen::Writable => Some(OpState::Blocked),
        Seen::Orphan if matches!(op.state, OpState::Queued | OpState::Blocked) => None,
        Seen::Orphan => Some(OpState::Unknown),
        Seen::Unread(_) => None,
    };
    if expected.is_some_and(|expected| expected != op.state) {
        return Verdict::new(Next::Stay, format!("Nothing follows from this for an op that is {}", op.state.name()));
    }
    match seen {
        Seen::Preflight(sight) => preflight(op, sight),
        Seen::Answer { outcome, to } => answer(op, outcome, to, now),
        Seen::Restart => {
            let wait = if planted(Bug::NoQuarantine) { TimeDelta::zero() } else { QUARANTINE };
            // A copy does not know of the last time that it was sent.
            let sent = if op.state == OpState::Unknown { now } else { op.sent_at.unwrap_or(now) };
            let text = if op.state == OpState::Unknown {
                "It may have been sent and the CRM is asked first, once nothing can arrive any more"
            } else {
                "Drumbeat ended while this was being sent: the CRM is asked before anything is sent again"
            };
            Verdict::new(Next::Check { at: sent + wait }, text)
        }
        Seen::Orphan => conflict(
            ConflictKind::Missing,
            "What this change was built on is not here any more, so that it cannot be sent or looked for",
        ),
        Seen::ReadBack { sight, refusal } => early(op, read_back(op, sight, *refusal), now),
        Seen::Verify(sight) => verify(op, sight, now),
        Seen::Unread(error) => unread(op, error),
        Seen::ReadOnly(why) => Verdict::new(Next::Block, *why),
        Seen::Writable => Verdict::new(Next::Queue { not_before: None }, "The CRM takes changes: it goes on"),
    }
}

fn conflict(kind: ConflictKind, text: impl Into<String>) -> Verdict {
    Verdict::new(Next::Conflict(kind), text)
}

fn done(record: impl Into<String>, how: Landing, text: impl Into<String>) -> Verdict {
    Verdict::new(Next::Done { record: record.into(), how }, text)
}

/// A sight that cannot belong to this kind of op proves nothing.
fn unrelated() -> Verdict {
    Verdict::new(Next::Stay, "What was read is not about this kind of change")
}

fn preflight(op: &Op, sight: &Sight) -> Verdict {
    match (&op.kind, sight) {
        (OpKind::Set { .. } | OpKind::Link { .. }, Sight::Archived) if planted(Bug::DeleteBeatsEdit) => {
            done(op.record.clone(), Landing::Converged, "The record is gone")
        }
        (OpKind::Set { .. } | OpKind::Link { .. }, Sight::Archived) => {
            conflict(ConflictKind::Archived, "The record is in the CRM's recycle bin").differing(unseen(op))
        }
        (OpKind::Set { .. } | OpKind::Link { .. }, Sight::Missing) => {
            conflict(ConflictKind::Missing, "The CRM does not show the record any more").differing(unseen(op))
        }
        (OpKind::Set { .. }, Sight::Record { found, marker, merges }) => {
            settled(op, found, marker.as_deref()).unwrap_or_else(|| preflight_set(op, found, merges))
        }
        (OpKind::Create { .. }, Sight::ByOpId(Some(id)) | Sight::ByText(Some(id))) => {
            done(id, Landing::Ours, format!("The CRM has it already, as record {id}"))
        }
        (OpKind::Create { .. }, Sight::ByOpId(None) | Sight::ByText(None)) => {
            Verdict::new(Next::Send { to: op.record.clone() }, "The CRM does not have it yet")
        }
        (OpKind::Create { .. }, Sight::Unfindable) => Verdict::new(
            Next::Block,
            "The CRM has no property for the op id, so a new record could not be found again after a lost answer. Add it under Settings, CRM",
        ),
        (OpKind::Link { link }, Sight::Linked(true)) => done(
            op.record.clone(),
            Landing::Converged,
            format!("The records are linked already ({} {})", link.to.name(), link.id),
        ),
        (OpKind::Link { .. }, Sight::Linked(false)) => {
            Verdict::new(Next::Send { to: op.record.clone() }, "The records are not linked yet")
        }
        (OpKind::Archive { .. }, Sight::Made { found, beside }) => bin::preflight(op, found, beside),
        (OpKind::Archive { .. }, Sight::Binned(_) | Sight::Archived) => {
            done(op.record.clone(), Landing::Converged, "The record is in the CRM's recycle bin already")
        }
        (OpKind::Archive { .. }, Sight::Missing) => bin::missing(),
        mismatched!() => unrelated(),
    }
}

/// The sights that are not about a kind of op, in a pattern: a new kind or sight has to be put somewhere.
macro_rules! mismatched {
    () => {
        (
            OpKind::Set { .. },
            Sight::ByOpId(_)
                | Sight::ByText(_)
                | Sight::Unfindable
                | Sight::Linked(_)
                | Sight::Made { .. }
                | Sight::Binned(_),
        ) | (
            OpKind::Create { .. },
            Sight::Record { .. }
                | Sight::Archived
                | Sight::Missing
                | Sight::Linked(_)
                | Sight::Made { .. }
                | Sight::Binned(_),
        ) | (
            OpKind::Link { .. },
            Sight::Record { .. }
                | Sight::ByOpId(_)
                | Sight::ByText(_)
                | Sight::Unfindable
                | Sight::Made { .. }
                | Sight::Binned(_),
        ) | (
            OpKind::Archive { .. },
            Sight::Record { .. } | Sight::ByOpId(_) | Sight::ByText(_) | Sight::Unfindable | Sight::Linked(_),
        )
    };
}
use mismatched;

/// The op's fields when there is no record to compare them with.
fn unseen(op: &Op) -> Vec<Sides> {
    sides(&op.kind, &std::collections::BTreeMap::new())
        .into_iter()
        .filter(|sides| !sides.is_base() && !sides.is_mine())
        .collect()
}

fn preflight_set(op: &Op, found: &Found, merges: &BTreeMap<String, Merge>) -> Verdict {
    let (sides, merged) = merge(sides(&op.kind, &found.record.properties), merges);
    let moved = moved(found);
    if sides.iter().all(Sides::is_mine) {
        return done(&found.record.id, Landing::Converged, "The CRM has these values already").noting(moved);
    }
    let guards = broken_guards(&op.kind, &found.record.properties);
    let differs = differing(sides);
    if !guards.is_empty() && !planted(Bug::NoGuard) {
        let mut named = differs;
        named.extend(
            guards
                .into_iter()
                .filter(|guard| named.iter().all(|sides| sides.property != guard.property))
                .collect::<Vec<_>>(),
        );
        return conflict(ConflictKind::Guard, "What the decision rests on does not hold any more")
            .differing(named)
            .noting(moved);
    }
    if differs.is_empty() && moved.is_some() {
        let text = format!(
            "The record was merged into {}: it is judged there, behind what waits for that one",
            found.record.id
        );
        return Verdict::new(Next::Queue { not_before: None }, text).noting(moved);
    }
    if differs.is_empty() || planted(Bug::NewestWins) {
        let text = if merged.is_empty() {
            "The CRM has the values that the change was based on"
        } else {
            "The CRM has the values that the change was based on, but for choices that others made, a later moment or entries that they noted meanwhile, which are kept"
        };
        return Verdict::new(Next::Send { to: found.record.id.clone() }, text).merging(merged).noting(moved);
    }
    let (kind, text) = match &moved {
        Some(_) => (ConflictKind::Merged, "The record was merged into another that has other values"),
        None => (ConflictKind::Changed, "Changed in the CRM meanwhile"),
    };
    conflict(kind, text).differing(differs).noting(moved)
}

/// What both sides changed and needs no person, put together: sets of choices, latest moments, entries of a
/// dossier; what is left to compare is on the merged value.
fn merge(sides: Vec<Sides>, merges: &BTreeMap<String, Merge>) -> (Vec<Sides>, Vec<Sides>) {
    let mut merged = Vec::new();
    let sides = sides
        .into_iter()
        .map(|mut sides| {
            if let Some(how) = merges.get(&sides.property).filter(|_| !sides.is_base() && !sides.is_mine()) {
                let merged_value = match how {
                    Merge::Members => Some(merge_members(&sides.base, &sides.mine, &sides.theirs)),
                    Merge::Latest => Some(latest(&sides.mine, &sides.theirs).to_owned()),
                    Merge::Entries => dossier::merge(&sides.base, &sides.mine, &sides.theirs),
                };
                let Some(value) = merged_value else { return sides };
                sides.mine = value;
                sides.base.clone_from(&sides.theirs);
                merged.push(sides.clone());
            }
            sides
        })
        .collect();
    (sides, merged)
}

fn moved(found: &Found) -> Option<Notice> {
    (found.asked != found.record.id).then(|| Notice::Moved { from: found.asked.clone(), to: found.record.id.clone() })
}

/// Values that are neither what the op was based on nor what it wants.
fn differing(sides: Vec<Sides>) -> Vec<Sides> {
    sides.into_iter().filter(|sides| !sides.is_base() && !sides.is_mine()).collect()
}

fn answer(op: &Op, outcome: &WriteOutcome, to: &str, now: Instant) -> Verdict {
    match outcome {
        WriteOutcome::Done { id, updated_at: _ } => match &op.kind {
            OpKind::Create { .. } if id.is_empty() => lost(now, "The CRM said yes but not to which record"),
            OpKind::Create { .. } => done(id, Landing::Ours, format!("The CRM made record {id}")),
            OpKind::Link { link } => done(to, Landing::Ours, format!("The CRM linked {} {}", link.to.name(), link.id)),
            OpKind::Set { .. } if planted(Bug::NoVerify) => done(id, Landing::Ours, "The CRM accepted the change"),
            OpKind::Set { .. } if id == to => Verdict::new(Next::Verify { at: None }, "The CRM accepted the change"),
            OpKind::Set { .. } => lost(now, format!("The CRM answered about record {id} instead of {to}")),
            OpKind::Archive { .. } => Verdict::new(Next::Verify { at: None }, "The CRM accepted it"),
        },
        WriteOutcome::NotSent { why } => {
            Verdict::new(Next::Queue { not_before: Some(now + UNSENT_WAIT) }, format!("Not sent: {why}"))
        }
        WriteOutcome::RateLimited { wait } => {
            let wait = (*wait).min(LONGEST_WAIT);
            let seconds = i64::try_from(wait).unwrap_or_default();
            Verdict::new(
                Next::Queue { not_before: Some(now + TimeDelta::seconds(seconds)) },
                format!("The CRM asks to wait {wait} s"),
            )
        }
        WriteOutcome::Refused(refusal) => refused(op, refusal, now),
        WriteOutcome::Stale if planted(Bug::StaleIsRejected) => {
            Verdict::new(Next::Reject, "The CRM refused: another version")
        }
        WriteOutcome::Stale => Verdict::new(
            Next::Check { at: now },
            "The CRM has another version of the record, which may be our own: it is read again",
        ),
        WriteOutcome::Unknown { .. } if planted(Bug::AnyAnswerIsYes) => done(to, Landing::Ours, "It answered"),
        WriteOutcome::Unknown { why } if planted(Bug::LostIsNotApplied) => {
            Verdict::new(Next::Queue { not_before: None }, format!("Not applied: {why}"))
        }
        WriteOutcome::Unknown { why } => lost(now, format!("No answer that proves anything: {why}")),
    }
}

fn lost(now: Instant, text: impl Into<String>) -> Verdict {
    let wait = if planted(Bug::NoQuarantine) { TimeDelta::zero() } else { QUARANTINE };
    Verdict::new(Next::Check { at: now + wait }, text)
}

/// The CRM's own sentence with the properties that it names.
fn said(refusal: &Refusal) -> String {
    let message = if refusal.message.is_empty() { "no reason given" } else { refusal.message.as_str() };
    if refusal.properties.is_empty() {
        format!("The CRM refused ({}): {message}", refusal.status)
    } else {
        format!("The CRM refused ({}): {message} [{}]", refusal.status, refusal.properties.join(", "))
    }
}

fn refused(op: &Op, refusal: &Refusal, now: Instant) -> Verdict {
    let text = said(refusal);
    match (refusal.kind, &op.kind) {
        (
            RefusalKind::Validation,
            OpKind::Set { .. } | OpKind::Create { .. } | OpKind::Link { .. } | OpKind::Archive { .. },
        ) => Verdict::new(Next::Reject, text),
        // Our own earlier request may hold the op id: look before believing.
        (RefusalKind::Duplicate, OpKind::Create { .. }) => Verdict::new(Next::Check { at: now }, text),
        (RefusalKind::Duplicate, OpKind::Set { .. } | OpKind::Link { .. } | OpKind::Archive { .. }) => {
            Verdict::new(Next::Reject, text)
        }
        (
            RefusalKind::NotAuthorised | RefusalKind::Forbidden,
            OpKind::Set { .. } | OpKind::Create { .. } | OpKind::Link { .. } | OpKind::Archive { .. },
        ) => Verdict::new(Next::Block, text),
        // Gone may be where it was to go: look before believing.
        (RefusalKind::Gone, OpKind::Archive { .. }) => Verdict::new(Next::Check { at: now }, text),
        (RefusalKind::Gone, OpKind::Set { .. } | OpKind::Link { .. }) => {
            conflict(ConflictKind::Missing, text).differing(unseen(op))
        }
        (RefusalKind::Gone, OpKind::Create { .. }) => Verdict::new(Next::Reject, text),
        (
            RefusalKind::Locked,
            OpKind::Set { .. } | OpKind::Create { .. } | OpKind::Link { .. } | OpKind::Archive { .. },
        ) => Verdict::new(Next::Queue { not_before: Some(now + LOCK_WAIT) }, text),
    }
}

fn unread(op: &Op, error: &CrmError) -> Verdict {
    let is_waiting = op.state == OpState::Queued;
    match error {
        CrmError::NotAuthorised(_) | CrmError::Forbidden(_) if is_waiting => {
            Verdict::new(Next::Block, error.to_string())
        }
        CrmError::NotAuthorised(_)
        | CrmError::Forbidden(_)
        | CrmError::Unreachable(_)
        | CrmError::NotFound(_)
        | CrmError::RateLimited(_)
        | CrmError::Refused(_)
        | CrmError::Garbled(_)
        | CrmError::TooLarge(_) => Verdict::new(Next::Stay, error.to_string()),
    }
}

#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests;
