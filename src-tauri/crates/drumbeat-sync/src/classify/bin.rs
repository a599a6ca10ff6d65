//! What may be concluded about a record that is to go into the recycle bin.
//!
//! A delete has neither a condition nor a mark, so two things are done instead: the record is sent there only
//! when everything that can be written in it is still as our own ops left it, and once it is there, what it
//! went with is looked at, so that a change of the last moment is told. The bin keeps it for a person to
//! take out. A record that others were merged with is never Drumbeat's own any more.

use drumbeat_crm::crm::Found;
use drumbeat_model::change::{Op, OpKind};
use drumbeat_model::crm::Link;
use drumbeat_model::time::Instant;

use super::after::VERIFY_WAIT;
use super::{QUARANTINE, conflict, done};
use crate::sight::{Lost, foreign};
use crate::verdict::{ConflictKind, Landing, Next, Notice, Verdict};

/// Nothing in a recycle bin says whose request it was.
pub(super) const PERHAPS: &str = "The record is in the CRM's recycle bin, perhaps not by us";

pub(super) fn preflight(op: &Op, found: &Found, beside: &[Link]) -> Verdict {
    if found.asked != found.record.id || !found.record.merged.is_empty() {
        return conflict(
            ConflictKind::Merged,
            "Somebody has merged it with another record: it is not archived from here",
        );
    }
    let changed: Vec<_> = foreign(&op.kind, found).into_iter().map(|(sides, _)| sides).collect();
    if !changed.is_empty() {
        return conflict(ConflictKind::Changed, "Somebody has worked on the record since").differing(changed);
    }
    let is_seen = matches!(&op.kind, OpKind::Archive { seen: Some(_), .. });
    if !beside.is_empty() && !is_seen {
        let named: Vec<String> = beside.iter().map(|touch| format!("{} {}", touch.to.name(), touch.id)).collect();
        return conflict(
            ConflictKind::Changed,
            format!("Somebody has logged work on the record since: {}", named.join(", ")),
        );
    }
    Verdict::new(Next::Send { to: op.record.clone() }, "Nobody but Drumbeat has worked on the record")
}

/// Unseen is not in the bin (I16).
pub(super) fn missing() -> Verdict {
    conflict(ConflictKind::Missing, "The CRM shows the record neither among the living nor in its recycle bin")
}

pub(super) fn read_back(op: &Op, found: &Found) -> Verdict {
    done(op.record.clone(), Landing::Converged, PERHAPS).noting(unseen(op, found))
}

pub(super) fn verify(op: &Op, found: &Found) -> Verdict {
    done(op.record.clone(), Landing::Ours, "The record is in the CRM's recycle bin").noting(unseen(op, found))
}

/// Accepted, and it lives: the read is stale, or somebody has taken it out again.
pub(super) fn verify_living(op: &Op, now: Instant) -> Verdict {
    if op.sent_at.is_some_and(|sent| now < sent + QUARANTINE) {
        return Verdict::new(Next::Verify { at: Some(now + VERIFY_WAIT) }, "The CRM accepted it and still shows it");
    }
    let text = "The CRM accepted it and shows the record again: somebody has taken it out of the recycle bin";
    done(op.record.clone(), Landing::Ours, text)
}

/// What it went into the bin with and nobody here had seen.
fn unseen(op: &Op, found: &Found) -> Vec<Notice> {
    let lost = foreign(&op.kind, found).into_iter().map(|(sides, entry)| {
        Notice::Binned(Lost {
            property: sides.property,
            value: sides.theirs,
            mine: sides.mine,
            by: entry.as_ref().and_then(|entry| entry.by.clone()),
            at: entry.and_then(|entry| entry.at),
        })
    });
    lost.collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use std::collections::BTreeMap;

    use drumbeat_crm::crm::{Refusal, RefusalKind, WriteOutcome};
    use drumbeat_model::change::OpState;
    use drumbeat_model::crm::{HistoryEntry, ObjectKind, Record};

    use super::super::tests::{at, op};
    use super::super::{Seen, classify};
    use super::*;
    use crate::sight::Sight;

    const SEEN: i64 = 50;

    /// Made at second 1 with a name and a stage; the CRM filled in an owner by itself.
    fn archive(state: OpState, seen: Option<i64>) -> Op {
        let holds = [("name", "x"), ("stage", "open")].map(|(name, value)| (name.to_owned(), value.to_owned()));
        let beside = vec![Link { to: ObjectKind::Task, id: "70".to_owned(), primary: false }];
        op(state, OpKind::Archive { holds: holds.into(), beside, seen: seen.map(at) })
    }

    type Past<'a> = &'a [(&'a str, &'a [(&'a str, i64)])];

    const AS_MADE: Past<'static> = &[("name", &[("x", 1)]), ("stage", &[("open", 1)]), ("owner", &[("me", 1)])];

    /// As made, but for these properties.
    fn found(id: &str, merged: &[&str], but: Past<'_>) -> Found {
        let mut history = BTreeMap::new();
        for (name, entries) in AS_MADE.iter().chain(but) {
            let entry = |(value, second): &(&str, i64)| HistoryEntry {
                value: (*value).to_owned(),
                at: Some(at(*second)),
                by: Some("ana".to_owned()),
            };
            history.insert((*name).to_owned(), entries.iter().map(entry).collect::<Vec<_>>());
        }
        let properties = history
            .iter()
            .filter_map(|(name, entries)| Some((name.clone(), entries.first()?.value.clone())))
            .filter(|(_, value)| !value.is_empty());
        let record = Record {
            kind: ObjectKind::Deal,
            id: id.to_owned(),
            properties: properties.collect(),
            updated_at: Some(at(60)),
            archived: false,
            merged: merged.iter().map(|id| (*id).to_owned()).collect(),
            links: None,
        };
        Found { asked: "7".to_owned(), record, history }
    }

    fn made(but: Past<'_>) -> Sight {
        Sight::Made { found: Box::new(found("7", &[], but)), beside: Vec::new() }
    }

    fn binned(but: Past<'_>) -> Sight {
        Sight::Binned(Box::new(found("7", &[], but)))
    }

    fn over(how: Landing) -> Next {
        Next::Done { record: "7".into(), how }
    }

    #[test]
    fn only_what_nobody_else_has_worked_on_is_archived() {
        let note = Link { to: ObjectKind::Note, id: "71".to_owned(), primary: false };
        let with_note = || Sight::Made { found: Box::new(found("7", &[], &[])), beside: vec![note.clone()] };
        let whole = |id: &str, merged: &[&str]| Sight::Made { found: Box::new(found(id, merged, &[])), beside: vec![] };
        let changed = Next::Conflict(ConflictKind::Changed);
        let send = Next::Send { to: "7".into() };
        let cases: &[(&str, Option<i64>, Sight, Next, &str)] = &[
            ("as made", None, made(&[]), send.clone(), ""),
            ("what we wrote", None, made(&[("stage", &[("won", 40), ("open", 1)])]), changed.clone(), "won"),
            ("cleared", None, made(&[("name", &[("", 40), ("x", 1)])]), changed.clone(), "empty"),
            ("what we did not write", None, made(&[("step", &[("call", 40)])]), changed.clone(), "call"),
            ("what the CRM had filled in", None, made(&[("owner", &[("bo", 40), ("me", 1)])]), changed.clone(), "bo"),
            ("and back", None, made(&[("stage", &[("open", 41), ("won", 40), ("open", 1)])]), send.clone(), ""),
            ("written otherwise", None, made(&[("name", &[("x ", 40), ("x", 1)])]), send.clone(), ""),
            ("seen, and wanted gone", Some(SEEN), made(&[("step", &[("call", 40)])]), send.clone(), ""),
            ("and changed again", Some(SEEN), made(&[("step", &[("no", 55), ("call", 40)])]), changed.clone(), "no"),
            ("a note beside it", None, with_note(), changed, "note 71"),
            ("a note that was seen", Some(SEEN), with_note(), send, ""),
            ("merged away", None, whole("8", &["7"]), Next::Conflict(ConflictKind::Merged), "merged"),
            ("merged into", Some(SEEN), whole("7", &["9"]), Next::Conflict(ConflictKind::Merged), "merged"),
            ("in the bin", None, binned(&[]), over(Landing::Converged), ""),
            ("in the bin, no more known", None, Sight::Archived, over(Landing::Converged), ""),
            ("out of sight", None, Sight::Missing, Next::Conflict(ConflictKind::Missing), ""),
            ("a sight of something else", None, Sight::Linked(true), Next::Stay, ""),
        ];
        for (name, seen, sight, next, named) in cases {
            let verdict = classify(&archive(OpState::Queued, *seen), &Seen::Preflight(sight), at(100));
            assert_eq!(verdict.next, *next, "{name}");
            assert!(verdict.evidence().contains(named), "{name}: {}", verdict.evidence());
        }
    }

    #[test]
    fn a_value_without_a_history_is_somebodys_unless_it_is_ours() {
        let mut bare = found("7", &[], &[]);
        bare.history.clear();
        bare.record.properties.remove("owner");
        let sight = |found: &Found| Sight::Made { found: Box::new(found.clone()), beside: Vec::new() };
        let waiting = archive(OpState::Queued, None);
        let next = |found: &Found| classify(&waiting, &Seen::Preflight(&sight(found)), at(100)).next;
        assert_eq!(next(&bare), Next::Send { to: "7".into() });
        bare.record.properties.insert("stage".to_owned(), "won".to_owned());
        assert_eq!(next(&bare), Next::Conflict(ConflictKind::Changed));
    }

    #[test]
    fn a_delete_is_believed_only_once_the_bin_shows_it() {
        let refused =
            |kind| WriteOutcome::Refused(Refusal { status: 400, kind, message: "no".into(), properties: Vec::new() });
        for (outcome, next) in [
            (WriteOutcome::Done { id: "7".into(), updated_at: None }, Next::Verify { at: None }),
            (WriteOutcome::Unknown { why: "502".into() }, Next::Check { at: at(130) }),
            (WriteOutcome::NotSent { why: "no route".into() }, Next::Queue { not_before: Some(at(15)) }),
            (refused(RefusalKind::Gone), Next::Check { at: at(10) }),
            (refused(RefusalKind::Validation), Next::Reject),
            (refused(RefusalKind::Duplicate), Next::Reject),
            (refused(RefusalKind::Forbidden), Next::Block),
            (refused(RefusalKind::Locked), Next::Queue { not_before: Some(at(20)) }),
        ] {
            let verdict =
                classify(&archive(OpState::Sending, None), &Seen::Answer { outcome: &outcome, to: "7" }, at(10));
            assert_eq!(verdict.next, next, "{outcome:?}");
        }
        for (name, sight, second, next) in [
            ("in the bin", binned(&[]), 10, over(Landing::Ours)),
            ("a stale read", made(&[]), 10, Next::Verify { at: Some(at(15)) }),
            ("out of the bin again", made(&[]), 130, over(Landing::Ours)),
            ("gone for good", Sight::Missing, 10, over(Landing::Ours)),
        ] {
            let verdict = classify(&archive(OpState::Acked, None), &Seen::Verify(&sight), at(second));
            assert_eq!(verdict.next, next, "{name}");
        }
    }

    #[test]
    fn a_lost_delete_is_read_back_and_the_bin_does_not_say_whose_it_was() {
        let mut unknown = archive(OpState::Unknown, None);
        unknown.not_before = Some(at(120));
        let back = |sight: &Sight, second| classify(&unknown, &Seen::ReadBack { sight, refusal: None }, at(second));
        for (name, sight, second, next) in [
            ("there, too early", made(&[]), 119, Next::Stay),
            ("there", made(&[]), 120, Next::Queue { not_before: None }),
            ("in the bin, too early: somebody else's may be it", binned(&[]), 119, Next::Stay),
            ("in the bin", binned(&[]), 120, over(Landing::Converged)),
            ("out of sight", Sight::Missing, 120, Next::Conflict(ConflictKind::Missing)),
        ] {
            assert_eq!(back(&sight, second).next, next, "{name}");
        }
        assert!(back(&binned(&[]), 120).evidence().contains("perhaps not by us"));
    }

    #[test]
    fn a_change_of_the_last_moment_is_told_with_its_author() {
        let worked = binned(&[("stage", &[("won", 40), ("open", 1)])]);
        for (state, seen) in [
            (OpState::Acked, Seen::Verify(&worked)),
            (OpState::Unknown, Seen::ReadBack { sight: &worked, refusal: None }),
        ] {
            let verdict = classify(&archive(state, None), &seen, at(200));
            assert!(matches!(verdict.next, Next::Done { .. }));
            let [Notice::Binned(lost)] = &verdict.notices[..] else { panic!("{:?}", verdict.notices) };
            assert_eq!((lost.property.as_str(), lost.value.as_str()), ("stage", "won"));
            assert_eq!((lost.by.as_deref(), lost.at), (Some("ana"), Some(at(40))));
            assert!(verdict.evidence().contains("won"), "{}", verdict.evidence());
        }
    }
}
