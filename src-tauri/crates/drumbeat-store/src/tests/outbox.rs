//! Decisions and ops: they land everywhere, can be taken back, and leave in order.

use drumbeat_model::change::{NewOp, OpKind, OpState};
use drumbeat_model::crm::ObjectKind;
use drumbeat_model::ids::{DealId, OpId};

use super::kit::{Bench, at, link, op, record, set, step, today, values};
use crate::StoreError;

fn sendable(bench: &Bench) -> Vec<OpId> {
    bench.store.read(|r| r.sendable(at(10), 100)).unwrap().into_iter().map(|op| op.id).collect()
}

fn create(local: &str) -> NewOp {
    let kind = OpKind::Create {
        desired: values(&[("dealname", "New deal"), ("amount", "5")]),
        links: vec![link(ObjectKind::Company, "c1")],
    };
    op(ObjectKind::Deal, local, kind, &[])
}

#[test]
fn what_was_made_here_goes_by_the_crms_id_everywhere_once_it_has_landed() {
    let bench = Bench::new();
    bench.apply(&[record(ObjectKind::Company, "c1", &[("name", "Kunde")])]);
    bench.apply(&[record(
        ObjectKind::Registration,
        "r1",
        &[("number", "R-1"), ("company", "Kunde"), ("status", "submitted")],
    )]);
    let local = "local:1";
    let first = create(local);
    let linked = op(ObjectKind::Registration, "r1", OpKind::Link { link: link(ObjectKind::Deal, local) }, &[&first.id]);
    let naming = OpKind::Set {
        desired: values(&[("deal_id", local), ("status", "approved")]),
        base: values(&[]),
        guard: values(&[]),
    };
    let named = op(ObjectKind::Registration, "r1", naming, &[&first.id, &linked.id]);
    let ids = [first.id.clone(), linked.id.clone(), named.id.clone()];
    let decision = bench.decide(vec![first, linked, named]);
    let name = |id: &str| bench.store.read(|r| r.deal(&DealId::from(id))).unwrap().map(|deal| deal.name);
    assert_eq!(name(local).as_deref(), Some("New deal"), "it is shown at once");
    assert_eq!(sendable(&bench), [ids[0].clone()], "children wait for their parent");

    bench.land(&ids[0], "901");
    assert_eq!(sendable(&bench), [ids[1].clone()], "and leave one after the other");
    bench.land(&ids[1], "r1");
    assert_eq!(sendable(&bench), [ids[2].clone()]);
    let pending = bench.store.read(|r| r.effective(ObjectKind::Registration, "r1")).unwrap().unwrap().0;
    assert_eq!(pending["deal_id"], "901", "a value that names it follows");
    // What the sender puts into the request is the resolved value, not the local id.
    let resolved = bench.store.read(|r| r.resolve(local)).unwrap();
    assert_eq!(resolved, "901");
    let deal = bench.store.read(|r| r.deal(&DealId::from(local))).unwrap().unwrap();
    assert_eq!((deal.id.as_str(), deal.account.as_ref().map(|id| id.0.as_str())), ("901", Some("c1")));
    let raw = bench.raw();
    for (table, column) in [
        ("deal", "id"),
        ("mirror", "crm_id"),
        ("outbox", "record"),
        ("decision", "record"),
        ("pending_change", "record"),
        ("pending_change", "value"),
        ("link", "id"),
        ("link", "to_id"),
        ("movement", "record"),
    ] {
        let left: i64 = raw
            .query_row(&format!("SELECT count(*) FROM {table} WHERE {column} = ?1"), [local], |row| row.get(0))
            .unwrap();
        assert_eq!(left, 0, "the local id is left in {table}.{column}");
    }
    assert_eq!(bench.store.read(|r| r.decision(&decision)).unwrap().unwrap().id, decision);
}

#[test]
fn taking_back_restores_what_the_list_showed() {
    let bench = Bench::new();
    bench.apply(&[record(ObjectKind::Deal, "1", &[("dealname", "Before"), ("amount", "10"), ("currency", "EUR")])]);
    let shown = bench.shown(&["before", "after", "new"]);
    let links =
        |bench: &Bench| bench.raw().query_row("SELECT count(*) FROM link", [], |row| row.get::<_, i64>(0)).unwrap();
    for ops in [
        vec![set("1", &[("dealname", "After"), ("amount", "")])],
        vec![create("local:9"), set("1", &[("amount", "11")])],
        vec![op(ObjectKind::Deal, "1", OpKind::Link { link: link(ObjectKind::Company, "c9") }, &[])],
    ] {
        let decision = bench.decide(ops);
        assert_ne!((bench.shown(&["before", "after", "new"]), links(&bench)), (shown.clone(), 0));
        bench.act("taken back", |w| w.withdraw_decision(&decision)).unwrap();
        assert_eq!(bench.shown(&["before", "after", "new"]), shown);
        assert_eq!(links(&bench), 0);
        assert!(
            bench.store.read(|r| r.messages(10)).unwrap().iter().all(|message| message.withdrawn && !message.released)
        );
    }
}

#[test]
fn what_has_left_cannot_be_taken_back() {
    let bench = Bench::new();
    bench.apply(&[record(ObjectKind::Deal, "1", &[("dealname", "A")])]);
    for states in [&[OpState::Sending][..], &[OpState::Sending, OpState::Unknown], &[OpState::Sending, OpState::Queued]]
    {
        let sent = set("1", &[("dealname", "B")]);
        let id = sent.id.clone();
        let decision = bench.decide(vec![sent]);
        bench.walk(&id, states);
        assert!(
            matches!(bench.act("undo", |w| w.withdraw_decision(&decision)), Err(StoreError::NotPossible(_))),
            "{states:?}"
        );
        assert_ne!(bench.store.read(|r| r.op(&id)).unwrap().unwrap().state, OpState::Withdrawn);
    }
}

#[test]
fn ops_of_a_record_leave_in_their_order_and_wait_for_the_one_before() {
    let bench = Bench::new();
    bench.apply(&[
        record(ObjectKind::Deal, "1", &[("dealname", "A")]),
        record(ObjectKind::Deal, "2", &[("dealname", "B")]),
    ]);
    let (first, second, other) =
        (set("1", &[("amount", "1")]), set("1", &[("amount", "2")]), set("2", &[("amount", "3")]));
    let (a, b, c) = (first.id.clone(), second.id.clone(), other.id.clone());
    bench.decide(vec![first]);
    bench.decide(vec![second]);
    bench.decide(vec![other]);
    assert_eq!(sendable(&bench), [a.clone(), c.clone()]);
    for state in
        [OpState::Sending, OpState::Unknown, OpState::Conflict, OpState::Rejected, OpState::Blocked, OpState::Acked]
    {
        bench.walk(&a, &[state]);
        assert_eq!(sendable(&bench), std::slice::from_ref(&c), "{state:?} before it on the lane");
    }
    bench.walk(&a, &[OpState::Done]);
    assert_eq!(sendable(&bench), [b.clone(), c.clone()]);
    bench.mirror(|w| w.move_op(&b, &crate::Step { not_before: Some(at(60)), ..step(OpState::Queued) }));
    assert_eq!(sendable(&bench), [c], "told to wait");
}

#[test]
fn every_change_of_state_has_one_audit_entry() {
    let bench = Bench::new();
    bench.apply(&[record(ObjectKind::Deal, "1", &[("dealname", "A")])]);
    let only = set("1", &[("amount", "1")]);
    let id = only.id.clone();
    bench.decide(vec![only]);
    bench.walk(&id, &[OpState::Sending, OpState::Sending, OpState::Unknown, OpState::Done]);
    let verdict = bench.store.read(|r| r.verify_audit()).unwrap();
    assert!(verdict.intact);
    assert_eq!(verdict.entries, 1 + 3, "the decision, and three moves; a look that moves nothing is evidence only");
}

#[test]
fn movements_are_kept_also_when_they_revert() {
    let bench = Bench::new();
    for (minute, amount) in [(0, "10"), (1, "12"), (2, "10"), (3, "10.00")] {
        let mut deal = record(ObjectKind::Deal, "1", &[("amount", amount), ("note", amount)]);
        deal.updated_at = Some(at(minute));
        bench.apply(&[deal]);
    }
    let moves = bench.store.read(|r| r.movements(ObjectKind::Deal, "1", None, 10)).unwrap();
    let seen: Vec<(Option<&str>, Option<&str>)> =
        moves.iter().map(|one| (one.before.as_deref(), one.after.as_deref())).collect();
    assert_eq!(
        seen,
        [(Some("12"), Some("10")), (Some("10"), Some("12"))],
        "latest first; the same number written otherwise is no movement"
    );
}

#[test]
fn our_own_change_is_a_movement_by_who_decided_it() {
    let bench = Bench::new();
    bench.apply(&[record(ObjectKind::Deal, "1", &[("amount", "10")])]);
    let only = set("1", &[("amount", "11")]);
    let id = only.id.clone();
    bench.decide(vec![only]);
    bench.land(&id, "1");
    bench.apply(&[record(ObjectKind::Deal, "1", &[("amount", "11")])]);
    let moves = bench.store.read(|r| r.movements(ObjectKind::Deal, "1", None, 10)).unwrap();
    assert_eq!(moves.len(), 1, "{moves:?}");
    assert!(moves[0].ours && moves[0].by.as_deref() == Some("ana"));
    assert!(!bench.store.read(|r| r.deal_row(&DealId::from("1"), today())).unwrap().unwrap().pending);
}

#[test]
fn what_the_crm_has_already_stays_as_it_spells_it() {
    let bench = Bench::new();
    bench.apply(&[record(ObjectKind::Deal, "d1", &[("dealname", "One"), ("amount", "7000.00")])]);
    let change = set("d1", &[("amount", "7000"), ("dealname", "Two")]);
    let id = change.id.clone();
    bench.decide(vec![change]);
    bench.land(&id, "d1");
    let mirrored = bench.store.read(|r| r.mirrored(ObjectKind::Deal, "d1")).unwrap().unwrap();
    assert_eq!(mirrored.properties, values(&[("dealname", "Two"), ("amount", "7000.00")]));
}

#[test]
fn an_open_op_on_a_record_that_was_merged_away_waits_in_the_survivors_lane() {
    let bench = Bench::new();
    let deal = |id: &str| record(ObjectKind::Deal, id, &[("dealname", "One")]);
    bench.apply(&[deal("d1"), deal("d2")]);
    let (first, second) = (set("d1", &[("dealname", "Two")]), set("d2", &[("dealname", "Three")]));
    let ids = [first.id.clone(), second.id.clone()];
    bench.decide(vec![first]);
    bench.decide(vec![second]);
    assert_eq!(sendable(&bench), ids, "two records, two lanes");
    let mut survivor = deal("d2");
    survivor.merged = vec!["d1".to_owned()];
    bench.apply(&[survivor]);
    assert_eq!(sendable(&bench), [ids[0].clone()], "one record, one lane");
    let name = |id: &str| bench.store.read(|r| r.deal(&DealId::from(id))).unwrap().map(|deal| deal.name);
    assert_eq!(name("d2").as_deref(), Some("Three"), "both changes show on it, the later one on top");
    bench.land(&ids[0], "d2");
    assert_eq!(sendable(&bench), [ids[1].clone()]);
}

#[test]
fn links_are_followed_back_to_touches_and_to_what_was_made_here_and_no_other_is_walked_for_it() {
    let raw = Bench::new().raw();
    for (sql, by) in [
        (
            "UPDATE OR IGNORE link SET to_id = ?3 WHERE to_kind = ?1 AND to_id = ?2 AND to_id GLOB 'local:*'",
            "link_to_local",
        ),
        ("DELETE FROM link WHERE to_kind = ?1 AND to_id = ?2 AND to_id GLOB 'local:*'", "link_to_local"),
        (
            "SELECT max(touch.at) FROM link JOIN touch ON touch.id = link.id WHERE link.to_kind = 1 AND link.to_id = ?1 AND link.kind >= 6",
            "link_of_touch",
        ),
        (
            "SELECT EXISTS (SELECT 1 FROM link CROSS JOIN touch ON touch.id = link.id WHERE link.to_kind = ?1 AND link.to_id = ?2 AND link.kind >= 6 AND link.kind = 6 AND touch.at >= ?3)",
            "link_of_touch",
        ),
    ] {
        let mut statement = raw.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let none = rusqlite::params_from_iter((0..statement.parameter_count()).map(|_| rusqlite::types::Null));
        let plan: Vec<String> =
            statement.query_map(none, |row| row.get("detail")).unwrap().collect::<Result<_, _>>().unwrap();
        assert!(plan.iter().any(|line| line.contains(by)), "{sql}: {plan:#?}");
    }
    assert!(drumbeat_model::ids::is_local("local:1"), "as the index has it");
}
