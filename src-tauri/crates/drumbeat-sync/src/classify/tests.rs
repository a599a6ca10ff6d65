#![allow(clippy::unwrap_used, clippy::expect_used)]

use chrono::{TimeZone, Utc};
use drumbeat_model::change::OpState;
use drumbeat_model::crm::{HistoryEntry, Link, ObjectKind, Properties, Record};
use drumbeat_model::ids::{DecisionId, OpId};

use super::*;
use crate::sight::{Lost, Merge};

pub(super) const MARK: &str = "drumbeat_last_op";
pub(super) const ME: &str = "op-1";

pub(super) fn at(second: i64) -> Instant {
    Utc.with_ymd_and_hms(2026, 11, 21, 10, 0, 0).unwrap() + TimeDelta::seconds(second)
}

fn properties(pairs: &[(&str, &str)]) -> Properties {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

pub(super) fn op(state: OpState, kind: OpKind) -> Op {
    Op {
        id: OpId::from(ME),
        seq: 1,
        decision: DecisionId::from("d"),
        object: ObjectKind::Deal,
        record: "7".to_owned(),
        kind,
        state,
        attempt: 1,
        not_before: None,
        sent_at: Some(at(0)),
        depends_on: Vec::new(),
        evidence: Vec::new(),
        binding: "1".to_owned(),
    }
}

fn set(state: OpState) -> Op {
    let (desired, base) =
        (properties(&[("stage", "won"), ("amount", "200")]), properties(&[("stage", "open"), ("amount", "100")]));
    op(state, OpKind::Set { desired, base, guard: properties(&[("pipeline", "p1")]) })
}

fn create(state: OpState) -> Op {
    op(state, OpKind::Create { desired: properties(&[("name", "x")]), links: Vec::new() })
}

fn link(state: OpState) -> Op {
    op(state, OpKind::Link { link: Link { to: ObjectKind::Company, id: "9".to_owned(), primary: false } })
}

/// Values of properties over time, newest first: (value, second, by).
type Past<'a> = &'a [(&'a str, &'a [(&'a str, i64, &'a str)])];

/// A record as read: its values, and the history of each as (value, second, by), newest first.
fn record(id: &str, values: &[(&str, &str)], history: Past<'_>) -> Sight {
    let entry = |(value, second, by): &(&str, i64, &str)| HistoryEntry {
        value: (*value).to_owned(),
        at: Some(at(*second)),
        by: Some((*by).to_owned()),
    };
    Sight::Record {
        found: Box::new(Found {
            asked: "7".to_owned(),
            record: Record {
                kind: ObjectKind::Deal,
                id: id.to_owned(),
                properties: properties(values),
                updated_at: None,
                archived: false,
                merged: Vec::new(),
                links: None,
            },
            history: history
                .iter()
                .map(|(name, entries)| ((*name).to_owned(), entries.iter().map(entry).collect()))
                .collect(),
        }),
        marker: Some(MARK.to_owned()),
        merges: [
            ("roles".to_owned(), Merge::Members),
            ("noted".to_owned(), Merge::Latest),
            ("dossier".to_owned(), Merge::Entries),
        ]
        .into(),
    }
}

fn unmarked(sight: Sight) -> Sight {
    match sight {
        Sight::Record { found, merges, .. } => Sight::Record { found, marker: None, merges },
        other => other,
    }
}

const BASE: &[(&str, &str)] = &[("stage", "open"), ("amount", "100.00"), ("pipeline", "p1")];
const MINE: &[(&str, &str)] = &[("stage", "won"), ("amount", "200"), ("pipeline", "p1")];
const OURS: Past<'static> = &[
    (MARK, &[("op-1#1", 1, "me")]),
    ("stage", &[("won", 1, "me"), ("open", -9, "ana")]),
    ("amount", &[("200", 1, "me"), ("100", -9, "ana")]),
];

#[test]
fn a_set_is_sent_only_over_what_it_was_based_on() {
    let cases: &[(&str, Sight, Next)] = &[
        ("base", record("7", BASE, &[]), Next::Send { to: "7".into() }),
        ("already so", record("7", MINE, &[]), Next::Done { record: "7".into(), how: Landing::Converged }),
        (
            "half so",
            record("7", &[("stage", "won"), ("amount", "100"), ("pipeline", "p1")], &[]),
            Next::Send { to: "7".into() },
        ),
        (
            "changed",
            record("7", &[("stage", "lost"), ("amount", "100"), ("pipeline", "p1")], &[]),
            Next::Conflict(ConflictKind::Changed),
        ),
        ("cleared", record("7", &[("stage", "open"), ("pipeline", "p1")], &[]), Next::Conflict(ConflictKind::Changed)),
        (
            "guard",
            record("7", &[("stage", "open"), ("amount", "100"), ("pipeline", "p2")], &[]),
            Next::Conflict(ConflictKind::Guard),
        ),
        ("archived", Sight::Archived, Next::Conflict(ConflictKind::Archived)),
        ("missing", Sight::Missing, Next::Conflict(ConflictKind::Missing)),
        // Judged again in the lane of the survivor.
        ("merged, same values", record("8", BASE, &[]), Next::Queue { not_before: None }),
        (
            "merged, other values",
            record("8", &[("stage", "lost"), ("pipeline", "p1")], &[]),
            Next::Conflict(ConflictKind::Merged),
        ),
        ("landed after all", record("7", MINE, OURS), Next::Done { record: "7".into(), how: Landing::Ours }),
        ("without the marker property", unmarked(record("7", BASE, &[])), Next::Send { to: "7".into() }),
        ("a sight of something else", Sight::Linked(true), Next::Stay),
    ];
    for (name, sight, next) in cases {
        assert_eq!(classify(&set(OpState::Queued), &Seen::Preflight(sight), at(0)).next, *next, "{name}");
    }
}

#[test]
fn of_two_latest_moments_the_later_one_is_kept_and_nobody_is_asked() {
    let (early, base) = ("2026-11-20T08:00:00Z", "2026-11-19T08:00:00Z");
    let (mine, late) = ("2026-11-20T09:00:00Z", "1795167000000");
    for (theirs, amount, merged, next) in [
        (base, "200", None, Next::Send { to: "7".into() }),
        (early, "200", Some(mine), Next::Send { to: "7".into() }),
        (late, "200", Some(late), Next::Send { to: "7".into() }),
        (late, "300", Some(late), Next::Done { record: "7".into(), how: Landing::Converged }),
        (late, "999", None, Next::Conflict(ConflictKind::Changed)),
    ] {
        let kind = OpKind::Set {
            desired: properties(&[("noted", mine), ("amount", "300")]),
            base: properties(&[("noted", base), ("amount", "200")]),
            guard: properties(&[]),
        };
        let op = Op { kind, ..set(OpState::Queued) };
        let sight = record("7", &[("noted", theirs), ("amount", amount)], &[]);
        let verdict = classify(&op, &Seen::Preflight(&sight), at(0));
        assert_eq!(verdict.next, next, "{theirs} {amount}: {verdict:?}");
        if matches!(next, Next::Send { .. }) {
            let sent: Vec<&str> = verdict.merged.iter().map(|sides| sides.mine.as_str()).collect();
            assert_eq!(sent, merged.into_iter().collect::<Vec<_>>(), "{theirs}");
        }
        assert!(verdict.differs.iter().all(|sides| sides.property != "noted"), "{verdict:?}");
    }
}

#[test]
fn what_two_wrote_into_a_dossier_is_sent_together_unless_it_is_the_same_entry() {
    let (mine, theirs) = (r#"{"lead":"L1"}"#, r#"{"part":{"name":"Cloud","with":[]}}"#);
    let kind = OpKind::Set {
        desired: properties(&[("dossier", mine)]),
        base: properties(&[("dossier", "")]),
        guard: properties(&[]),
    };
    let op = Op { kind, ..set(OpState::Queued) };
    let verdict = classify(&op, &Seen::Preflight(&record("7", &[("dossier", theirs)], &[])), at(0));
    assert_eq!(verdict.next, Next::Send { to: "7".into() });
    let sent: Vec<&str> = verdict.merged.iter().map(|sides| sides.mine.as_str()).collect();
    assert_eq!(sent, [r#"{"lead":"L1","part":{"name":"Cloud","with":[]}}"#]);
    let verdict = classify(&op, &Seen::Preflight(&record("7", &[("dossier", r#"{"lead":"L2"}"#)], &[])), at(0));
    assert_eq!(verdict.next, Next::Conflict(ConflictKind::Changed));
}

#[test]
fn a_create_or_link_is_sent_only_when_the_crm_does_not_have_it() {
    let cases: &[(&str, Op, Sight, Next)] = &[
        ("new", create(OpState::Queued), Sight::ByOpId(None), Next::Send { to: "7".into() }),
        (
            "there",
            create(OpState::Queued),
            Sight::ByOpId(Some("3".into())),
            Next::Done { record: "3".into(), how: Landing::Ours },
        ),
        ("new touch", create(OpState::Queued), Sight::ByText(None), Next::Send { to: "7".into() }),
        ("no op id property", create(OpState::Queued), Sight::Unfindable, Next::Block),
        (
            "linked",
            link(OpState::Queued),
            Sight::Linked(true),
            Next::Done { record: "7".into(), how: Landing::Converged },
        ),
        ("not linked", link(OpState::Queued), Sight::Linked(false), Next::Send { to: "7".into() }),
        ("link of a gone record", link(OpState::Queued), Sight::Missing, Next::Conflict(ConflictKind::Missing)),
    ];
    for (name, op, sight, next) in cases {
        assert_eq!(classify(op, &Seen::Preflight(sight), at(0)).next, *next, "{name}");
    }
}

fn refusal(kind: RefusalKind) -> Refusal {
    Refusal { status: 400, kind, message: "no".into(), properties: vec!["amount".into()] }
}

#[test]
fn an_answer_is_not_believed_beyond_what_it_proves() {
    let done = |id: &str| WriteOutcome::Done { id: id.into(), updated_at: None };
    let refused = |kind| WriteOutcome::Refused(refusal(kind));
    let set_of = |outcome: WriteOutcome, next: Next| (set(OpState::Sending), outcome, next);
    let create_of = |outcome: WriteOutcome, next: Next| (create(OpState::Sending), outcome, next);
    let cases = [
        set_of(done("7"), Next::Verify { at: None }),
        set_of(done("8"), Next::Check { at: at(130) }),
        set_of(WriteOutcome::NotSent { why: "refused".into() }, Next::Queue { not_before: Some(at(15)) }),
        set_of(WriteOutcome::RateLimited { wait: 5 }, Next::Queue { not_before: Some(at(15)) }),
        set_of(WriteOutcome::RateLimited { wait: u64::MAX }, Next::Queue { not_before: Some(at(3610)) }),
        set_of(WriteOutcome::Stale, Next::Check { at: at(10) }),
        set_of(WriteOutcome::Unknown { why: "502".into() }, Next::Check { at: at(130) }),
        set_of(refused(RefusalKind::Validation), Next::Reject),
        set_of(refused(RefusalKind::Duplicate), Next::Reject),
        set_of(refused(RefusalKind::NotAuthorised), Next::Block),
        set_of(refused(RefusalKind::Forbidden), Next::Block),
        set_of(refused(RefusalKind::Gone), Next::Conflict(ConflictKind::Missing)),
        set_of(refused(RefusalKind::Locked), Next::Queue { not_before: Some(at(20)) }),
        create_of(done("3"), Next::Done { record: "3".into(), how: Landing::Ours }),
        create_of(done(""), Next::Check { at: at(130) }),
        create_of(refused(RefusalKind::Duplicate), Next::Check { at: at(10) }),
        create_of(refused(RefusalKind::Gone), Next::Reject),
        (link(OpState::Sending), done("7"), Next::Done { record: "7".into(), how: Landing::Ours }),
        (link(OpState::Sending), WriteOutcome::Unknown { why: "reset".into() }, Next::Check { at: at(130) }),
    ];
    for (op, outcome, next) in cases {
        assert_eq!(
            classify(&op, &Seen::Answer { outcome: &outcome, to: "7" }, at(10)).next,
            next,
            "{} {outcome:?}",
            op.kind.name()
        );
    }
}

#[test]
fn an_unknown_is_settled_by_what_the_crm_shows() {
    let ours = |how| Next::Done { record: "7".into(), how };
    let later: &[(&str, &str)] = &[("stage", "lost"), ("amount", "200"), ("pipeline", "p1")];
    let cases: &[(&str, Op, Sight, Next)] = &[
        ("mark and values", set(OpState::Unknown), record("7", MINE, OURS), ours(Landing::Ours)),
        ("mark, changed after", set(OpState::Unknown), record("7", later, OURS), ours(Landing::Ours)),
        ("no mark, values", set(OpState::Unknown), record("7", MINE, &[]), ours(Landing::Converged)),
        ("no mark, base", set(OpState::Unknown), record("7", BASE, &[]), Next::Queue { not_before: None }),
        ("no mark, others", set(OpState::Unknown), record("7", later, &[]), Next::Conflict(ConflictKind::Changed)),
        (
            "another op's mark",
            set(OpState::Unknown),
            record("7", BASE, &[(MARK, &[("op-11#1", 1, "x")])]),
            Next::Queue { not_before: None },
        ),
        (
            "no marker property, values",
            set(OpState::Unknown),
            unmarked(record("7", MINE, OURS)),
            ours(Landing::Converged),
        ),
        ("archived", set(OpState::Unknown), Sight::Archived, Next::Conflict(ConflictKind::Archived)),
        (
            "create there",
            create(OpState::Unknown),
            Sight::ByOpId(Some("3".into())),
            Next::Done { record: "3".into(), how: Landing::Ours },
        ),
        ("create not there", create(OpState::Unknown), Sight::ByOpId(None), Next::Queue { not_before: None }),
        ("touch not found", create(OpState::Unknown), Sight::ByText(None), Next::Conflict(ConflictKind::Unclear)),
        ("link there", link(OpState::Unknown), Sight::Linked(true), ours(Landing::Converged)),
        ("link not there", link(OpState::Unknown), Sight::Linked(false), Next::Queue { not_before: None }),
    ];
    for (name, op, sight, next) in cases {
        assert_eq!(classify(op, &Seen::ReadBack { sight, refusal: None }, at(200)).next, *next, "{name}");
    }
    let taken = refusal(RefusalKind::Duplicate);
    let verdict = classify(
        &create(OpState::Unknown),
        &Seen::ReadBack { sight: &Sight::ByOpId(None), refusal: Some(&taken) },
        at(200),
    );
    assert_eq!(verdict.next, Next::Reject, "a unique value that is not our op id is taken");
}

#[test]
fn within_the_quarantine_only_our_own_mark_settles_an_unknown() {
    let mut op = set(OpState::Unknown);
    op.not_before = Some(at(120));
    for (name, sight, settled) in [
        ("base", record("7", BASE, &[]), false),
        ("values", record("7", MINE, &[]), false),
        ("mark", record("7", MINE, OURS), true),
    ] {
        let next = classify(&op, &Seen::ReadBack { sight: &sight, refusal: None }, at(119)).next;
        assert_eq!(next != Next::Stay, settled, "{name}");
    }
}

#[test]
fn what_a_process_left_behind_is_never_sent_at_once() {
    assert_eq!(classify(&set(OpState::Sending), &Seen::Restart, at(300)).next, Next::Check { at: at(120) });
    for state in [
        OpState::Sending,
        OpState::Unknown,
        OpState::Acked,
        OpState::Blocked,
        OpState::Conflict,
        OpState::Done,
        OpState::Withdrawn,
    ] {
        assert_eq!(
            classify(&set(state), &Seen::Preflight(&record("7", BASE, &[])), at(300)).next,
            Next::Stay,
            "{state:?}"
        );
    }
}

#[test]
fn an_overwritten_value_is_named_with_its_author() {
    let history: Past<'_> = &[
        (MARK, &[("op-1#1", 5, "me")]),
        ("stage", &[("won", 5, "me"), ("lost", 4, "ana"), ("open", -9, "ana")]),
        ("amount", &[("200", 5, "me"), ("100.0", -9, "ana")]),
    ];
    let verdict = classify(&set(OpState::Acked), &Seen::Verify(&record("7", MINE, history)), at(10));
    assert_eq!(verdict.next, Next::Done { record: "7".into(), how: Landing::Ours });
    let lost = Lost {
        property: "stage".into(),
        value: "lost".into(),
        mine: "won".into(),
        by: Some("ana".into()),
        at: Some(at(4)),
    };
    assert_eq!(verdict.notices, vec![Notice::Overwrote(lost)]);
    assert!(verdict.evidence().contains("lost") && verdict.evidence().contains("ana"), "{}", verdict.evidence());
    let degraded = classify(&set(OpState::Acked), &Seen::Verify(&unmarked(record("7", MINE, history))), at(10));
    assert_eq!(degraded.notices, verdict.notices, "without the marker the values still tell");
}

#[test]
fn verifying_tells_what_came_after_and_what_came_twice() {
    let twice: Past<'_> = &[(MARK, &[("op-1#2", 9, "me"), ("op-1#1", 1, "me")])];
    let verdict = classify(&set(OpState::Acked), &Seen::Verify(&record("7", MINE, twice)), at(10));
    assert_eq!(verdict.notices, vec![Notice::Repeated(2)]);
    let later = record("7", &[("stage", "lost"), ("amount", "200")], OURS);
    let verdict = classify(&set(OpState::Acked), &Seen::Verify(&later), at(10));
    assert!(
        verdict.evidence().contains("Changed after you: stage is now \u{201c}lost\u{201d}"),
        "{}",
        verdict.evidence()
    );
    assert_eq!(verdict.notices.len(), 1);
    let stale = classify(&set(OpState::Acked), &Seen::Verify(&record("7", BASE, &[])), at(10));
    assert_eq!(stale.next, Next::Verify { at: Some(at(15)) });
}

#[test]
fn a_change_whose_ground_was_discarded_waits_for_a_person_and_what_is_over_stays_so() {
    for state in OpState::ALL {
        let next = classify(&set(*state), &Seen::Orphan, at(0)).next;
        let waits = matches!(state, OpState::Queued | OpState::Unknown | OpState::Blocked);
        let expected = if waits { Next::Conflict(ConflictKind::Missing) } else { Next::Stay };
        assert_eq!(next, expected, "{}", state.name());
    }
}

#[test]
fn a_read_only_account_blocks_what_waits_and_nothing_else() {
    assert_eq!(classify(&set(OpState::Queued), &Seen::ReadOnly("The token may only read"), at(0)).next, Next::Block);
    assert_eq!(classify(&set(OpState::Unknown), &Seen::ReadOnly("The token may only read"), at(0)).next, Next::Stay);
    assert_eq!(classify(&set(OpState::Blocked), &Seen::Writable, at(0)).next, Next::Queue { not_before: None });
    assert_eq!(classify(&set(OpState::Conflict), &Seen::Writable, at(0)).next, Next::Stay);
    assert_eq!(
        classify(&set(OpState::Queued), &Seen::Unread(&CrmError::Forbidden("x".into())), at(0)).next,
        Next::Block
    );
    assert_eq!(
        classify(&set(OpState::Unknown), &Seen::Unread(&CrmError::Forbidden("x".into())), at(0)).next,
        Next::Stay
    );
    assert_eq!(
        classify(&set(OpState::Queued), &Seen::Unread(&CrmError::Unreachable("x".into())), at(0)).next,
        Next::Stay
    );
}

#[test]
fn what_a_restored_copy_is_not_sure_of_waits_out_a_quarantine_by_the_crms_clock() {
    let unsure = Op { not_before: None, sent_at: Some(at(-900)), ..set(OpState::Unknown) };
    let verdict = classify(&unsure, &Seen::Restart, at(10));
    assert_eq!(verdict.next, Next::Check { at: at(10) + QUARANTINE }, "when it was sent last is not known");
    let waiting = Op { not_before: Some(at(60)), ..unsure };
    assert_eq!(classify(&waiting, &Seen::Restart, at(10)).next, Next::Stay, "its quarantine runs already");
}
