//! What clocks are found by: along an index, with the right ends.

use chrono::TimeDelta;
use drumbeat_model::crm::ObjectKind;
use drumbeat_model::field::Field;
use drumbeat_model::value::write_instant;

use super::kit::{Bench, at, record, set, today};
use crate::clocks::{Stretch, statements};

#[test]
fn nothing_that_is_asked_once_a_minute_walks_over_a_table() {
    let raw = Bench::new().raw();
    // Today's own, asked beside them.
    let today = [
        (
            "SELECT * FROM deal WHERE outcome = 0 AND next_step_due <= ?1 AND partner IS NOT NULL \
             ORDER BY next_step_due DESC, id LIMIT ?2"
                .to_owned(),
            "next_step_due<?",
        ),
        (
            "SELECT * FROM registration WHERE is_open = 0 AND decided_at >= ?1 AND submitted_at IS NOT NULL \
             ORDER BY decided_at DESC, id"
                .to_owned(),
            "decided_at>?",
        ),
    ];
    for (sql, by) in statements().into_iter().chain(today) {
        let mut statement = raw.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let none = rusqlite::params_from_iter((0..statement.parameter_count()).map(|_| rusqlite::types::Null));
        let plan: Vec<String> =
            statement.query_map(none, |row| row.get("detail")).unwrap().collect::<Result<_, _>>().unwrap();
        assert!(plan.iter().any(|line| line.starts_with("SEARCH") && line.contains(by)), "{sql}: {plan:#?}");
        let walks = plan.iter().any(|line| line.starts_with("SCAN") && !line.contains("CONSTANT"));
        assert!(!walks, "{sql}: {plan:#?}");
    }
}

#[test]
fn notes_are_found_by_when_they_were_written_and_so_is_that_they_were_written_anew() {
    let bench = Bench::new();
    let deal = |id: &str, minute: i64, partner: &str| {
        let notes = write_instant(at(minute));
        record(ObjectKind::Deal, id, &[("dealname", id), ("notes_at", &notes), ("partner_id", partner)])
    };
    let direct = record(ObjectKind::Deal, "direct", &[("dealname", "d"), ("notes_at", &write_instant(at(5)))]);
    bench.apply(&[deal("a", 1, "p"), deal("b", 2, "q"), deal("c", 3, "p"), direct]);
    let found = |after: i64, until: i64, partner: Option<&str>, limit: u32| {
        let when = Stretch { after: at(after), until: at(until) };
        let found = bench.store.read(|r| r.noted_in(when, partner, limit, today())).unwrap();
        found.into_iter().map(|deal| deal.row.id.0).collect::<Vec<_>>()
    };
    assert_eq!(found(0, 9, None, 9), ["a", "b", "c"], "those of partners");
    assert_eq!(found(1, 2, None, 9), ["b"], "after the first, with the last");
    assert_eq!(found(0, 9, Some("p"), 9), ["a", "c"]);
    assert_eq!(found(0, 9, None, 2), ["a", "b"], "oldest first");

    let before = write_instant(at(1));
    let written = set("a", &[("notes_at", &write_instant(at(60)))]);
    let op = written.id.clone();
    bench.decide(vec![written]);
    assert_eq!(found(0, 90, None, 9), ["b", "c", "a"], "what waits to be sent counts already");
    bench.land(&op, "a");
    let when = Stretch { after: at(0) - TimeDelta::days(1), until: at(0) + TimeDelta::days(1) };
    let moved = bench.store.read(|r| r.moved_in(Field::StageNotesAt, when, 9)).unwrap();
    assert_eq!(moved.len(), 1, "{moved:?}");
    assert_eq!((moved[0].0.as_str(), moved[0].1.before.as_deref()), ("a", Some(before.as_str())));
    assert_eq!(bench.store.read(|r| r.moved_in(Field::Amount, when, 9)).unwrap(), []);
}
