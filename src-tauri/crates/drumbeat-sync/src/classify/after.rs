//! What a read after a request proves: of an UNKNOWN whether it landed, of an accepted op what it replaced.

use chrono::TimeDelta;
use drumbeat_crm::crm::{Found, Refusal};
use drumbeat_model::change::{Op, OpKind, OpState};
use drumbeat_model::time::Instant;

use super::{QUARANTINE, bin, conflict, differing, done, mismatched, moved, said, unrelated, unseen};
use crate::sight::{Sides, Sight, marks, replaced, sides};
use crate::verdict::{ConflictKind, Landing, Next, Notice, Verdict};

/// Between two looks at an accepted write that does not show yet.
pub(super) const VERIFY_WAIT: TimeDelta = TimeDelta::seconds(5);

/// Before the quarantine is over only a proof that our request landed counts.
pub(super) fn early(op: &Op, verdict: Verdict, now: Instant) -> Verdict {
    if op.not_before.is_none_or(|until| now >= until) {
        return verdict;
    }
    match verdict.next {
        Next::Done { how: Landing::Ours, .. } => verdict,
        Next::Done { how: Landing::Converged, .. }
        | Next::Send { .. }
        | Next::Queue { .. }
        | Next::Check { .. }
        | Next::Verify { .. }
        | Next::Conflict(_)
        | Next::Reject
        | Next::Block
        | Next::Stay => {
            Verdict::new(Next::Stay, "The CRM does not show it yet; it is read again once nothing can arrive any more")
        }
    }
}

pub(super) fn read_back(op: &Op, sight: &Sight, refusal: Option<&Refusal>) -> Verdict {
    match (&op.kind, sight) {
        (OpKind::Set { .. }, Sight::Record { found, marker, .. }) => match settled(op, found, marker.as_deref()) {
            Some(verdict) => verdict,
            None => read_back_unmarked(op, found, marker.is_some()),
        },
        (OpKind::Set { .. } | OpKind::Link { .. }, Sight::Archived) => conflict(
            ConflictKind::Archived,
            "The record is in the CRM's recycle bin; whether the change had landed and what it replaced cannot be told",
        )
        .differing(unseen(op)),
        (OpKind::Set { .. } | OpKind::Link { .. }, Sight::Missing) => conflict(
            ConflictKind::Missing,
            "The CRM does not show the record any more; whether the change had landed and what it replaced cannot be told",
        )
        .differing(unseen(op)),
        (OpKind::Create { .. }, Sight::ByOpId(Some(id)) | Sight::ByText(Some(id))) => {
            done(id, Landing::Ours, format!("The CRM has it: record {id}"))
        }
        (OpKind::Create { .. }, Sight::ByOpId(None)) => match refusal {
            Some(refusal) => Verdict::new(Next::Reject, said(refusal)),
            None => Verdict::new(Next::Queue { not_before: None }, "The CRM does not have it: it is sent again"),
        },
        (OpKind::Create { .. }, Sight::ByText(None)) => conflict(
            ConflictKind::Unclear,
            "It may have been made and cannot be found. Look in the CRM, then try again or take it back",
        ),
        (OpKind::Create { .. }, Sight::Unfindable) => conflict(
            ConflictKind::Unclear,
            "It may have been made and nothing can show it. Look in the CRM, then try again or take it back",
        ),
        (OpKind::Link { link }, Sight::Linked(true)) => done(
            op.record.clone(),
            Landing::Converged,
            format!("The records are linked ({} {})", link.to.name(), link.id),
        ),
        (OpKind::Link { .. }, Sight::Linked(false)) => {
            Verdict::new(Next::Queue { not_before: None }, "The records are not linked: it is sent again")
        }
        (OpKind::Archive { .. }, Sight::Made { .. }) => {
            Verdict::new(Next::Queue { not_before: None }, "The record is there: it is judged and sent again")
        }
        (OpKind::Archive { .. }, Sight::Binned(found)) => bin::read_back(op, found),
        (OpKind::Archive { .. }, Sight::Archived) => done(op.record.clone(), Landing::Converged, bin::PERHAPS),
        (OpKind::Archive { .. }, Sight::Missing) => bin::missing(),
        mismatched!() => unrelated(),
    }
}

/// The verdict when the CRM's ledger shows our marker; none when it does not.
pub(super) fn settled(op: &Op, found: &Found, marker: Option<&str>) -> Option<Verdict> {
    let marks = marks(found, marker?, &op.id);
    let newest = marks.first()?;
    let mut notices: Vec<Notice> = moved(found).into_iter().collect();
    notices.extend(replaced(&op.kind, found, newest.at).into_iter().map(Notice::Overwrote));
    if marks.len() > 1 {
        notices.push(Notice::Repeated(marks.len()));
    }
    let later = sides(&op.kind, &found.record.properties).into_iter().filter(|sides| !sides.is_mine());
    notices.extend(later.map(Notice::ChangedAfter));
    Some(done(&found.record.id, Landing::Ours, "The CRM shows the change with our mark").noting(notices))
}

/// What a settled SET's record tells when it is looked at again: whether a request of ours arrived after
/// the op was over, and what it wrote over. Nothing while everything is as it was judged.
#[must_use]
pub fn late(op: &Op, sight: &Sight) -> Vec<Notice> {
    let Sight::Record { found, marker: Some(marker), .. } = sight else { return Vec::new() };
    let marks = marks(found, marker, &op.id);
    let Some(newest) = marks.first() else { return Vec::new() };
    let expected = usize::from(op.state == OpState::Done);
    if marks.len() <= expected {
        return Vec::new();
    }
    let mut notices: Vec<Notice> = replaced(&op.kind, found, newest.at).into_iter().map(Notice::Overwrote).collect();
    notices.push(Notice::Repeated(marks.len()));
    notices
}

fn read_back_unmarked(op: &Op, found: &Found, marked: bool) -> Verdict {
    let sides = sides(&op.kind, &found.record.properties);
    let moved = moved(found);
    if sides.iter().all(Sides::is_mine) {
        let text = if marked {
            "The CRM has these values, set by somebody else"
        } else {
            "The CRM has these values; without the op marker nobody can tell who set them"
        };
        return done(&found.record.id, Landing::Converged, text).noting(moved);
    }
    let differs = differing(sides);
    if differs.is_empty() {
        return Verdict::new(
            Next::Queue { not_before: None },
            "The CRM has the values from before: the change had not been applied",
        )
        .noting(moved);
    }
    // A record that was merged away took its history with it (I5).
    let text = match &moved {
        Some(_) => {
            "The CRM has other values; the record was merged away, so that whether the change had landed and what it replaced cannot be told"
        }
        None => "The CRM has other values, and whether the change had landed cannot be told",
    };
    conflict(ConflictKind::Changed, text).differing(differs).noting(moved)
}

pub(super) fn verify(op: &Op, sight: &Sight, now: Instant) -> Verdict {
    match (&op.kind, sight) {
        (OpKind::Set { .. }, Sight::Record { found, marker, .. }) => match settled(op, found, marker.as_deref()) {
            Some(verdict) => verdict,
            None => verify_unmarked(op, found, marker.is_some(), now),
        },
        // Its history went with it: an overwrite that cannot be looked for is told as just that (I5).
        (OpKind::Set { .. }, Sight::Archived | Sight::Missing) => {
            let text =
                "The CRM accepted the change; the record has gone since, so that nobody can see what was replaced";
            done(op.record.clone(), Landing::Ours, text)
        }
        (OpKind::Link { .. }, Sight::Archived | Sight::Missing) => {
            done(op.record.clone(), Landing::Ours, "The CRM accepted the change; the record has gone since")
        }
        (OpKind::Create { .. }, Sight::ByOpId(Some(id)) | Sight::ByText(Some(id))) => {
            done(id, Landing::Ours, format!("The CRM has it: record {id}"))
        }
        (OpKind::Create { .. }, Sight::ByOpId(None) | Sight::ByText(None) | Sight::Unfindable) => conflict(
            ConflictKind::Unclear,
            "The CRM accepted it and does not show it. Look in the CRM, then try again or take it back",
        ),
        (OpKind::Link { .. }, Sight::Linked(true)) => done(op.record.clone(), Landing::Ours, "The records are linked"),
        (OpKind::Link { .. }, Sight::Linked(false)) => {
            conflict(ConflictKind::Changed, "The CRM accepted the link and does not show it")
        }
        (OpKind::Archive { .. }, Sight::Made { .. }) => bin::verify_living(op, now),
        (OpKind::Archive { .. }, Sight::Binned(found)) => bin::verify(op, found),
        (OpKind::Archive { .. }, Sight::Archived | Sight::Missing) => {
            done(op.record.clone(), Landing::Ours, "The CRM accepted it and does not show the record any more")
        }
        mismatched!() => unrelated(),
    }
}

/// An accepted write whose mark cannot be seen: the property is missing here, or the read is stale.
fn verify_unmarked(op: &Op, found: &Found, marked: bool, now: Instant) -> Verdict {
    let sides = sides(&op.kind, &found.record.properties);
    let lost: Vec<Notice> = replaced(&op.kind, found, None).into_iter().map(Notice::Overwrote).collect();
    if sides.iter().all(Sides::is_mine) {
        let text = if marked {
            "The CRM accepted the change and shows it without our mark, so that nobody can see what was replaced"
        } else {
            "The CRM accepted the change and shows it"
        };
        return done(&found.record.id, Landing::Ours, text).noting(moved(found)).noting(lost);
    }
    if marked && op.sent_at.is_some_and(|sent| now < sent + QUARANTINE) {
        return Verdict::new(
            Next::Verify { at: Some(now + VERIFY_WAIT) },
            "The CRM accepted the change and does not show it yet",
        );
    }
    let later: Vec<Notice> = sides.into_iter().filter(|sides| !sides.is_mine()).map(Notice::ChangedAfter).collect();
    // A record that was merged away took its history with it (I5).
    let text = if marked {
        "The CRM accepted the change and shows other values now without our mark, so that nobody can see what was replaced"
    } else {
        "The CRM accepted the change and shows other values now"
    };
    done(&found.record.id, Landing::Ours, text).noting(moved(found)).noting(lost).noting(later)
}
