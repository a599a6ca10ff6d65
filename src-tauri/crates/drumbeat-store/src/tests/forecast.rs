//! Lives of deals as far as they were known then, and what is open and won beside them.

use chrono::TimeDelta;
use drumbeat_model::crm::{ObjectKind, Outcome, Record};
use drumbeat_model::deal::Motion;
use drumbeat_model::field::Field as F;
use drumbeat_model::ids::DealId;
use drumbeat_model::mapping::{Mapping, PipelineMapping, StageMapping};
use drumbeat_model::time::Day;

use super::kit::{Bench, at, mapping, record, today};
use crate::forecast::Which;

/// So many days after today.
fn ahead(days: i64) -> Day {
    today() + TimeDelta::days(days)
}

/// A pipeline of one motion with two open stages, in which a deal enters the second later.
fn bench() -> Bench {
    let stage = |id: &str, position, outcome| StageMapping {
        id: id.to_owned(),
        label: id.to_owned(),
        position,
        outcome,
        probability: 20,
    };
    let stages = vec![
        stage("first", 1, Outcome::Open),
        stage("second", 2, Outcome::Open),
        stage("won", 5, Outcome::Won),
        stage("lost", 5, Outcome::Lost),
    ];
    let pipeline =
        PipelineMapping { id: "p".into(), label: "P".into(), counts: true, motion: Some(Motion::Referral), stages };
    let mut all = Mapping { pipelines: vec![pipeline], ..mapping() };
    let deals = all.fields.get_mut(&ObjectKind::Deal).unwrap();
    deals.insert(F::CreatedAt, "createdate".to_owned());
    deals.insert(F::StageEnteredAt, "entered".to_owned());
    let bench = Bench::new();
    bench.mirror(|w| w.put_mapping(&all));
    bench
}

fn deal(id: &str, stage: &str, entered: i64, closes: &str) -> Record {
    let (born, entered) = (ahead(-30).to_string(), ahead(entered).to_string());
    let values = [
        ("dealname", id),
        ("pipeline", "p"),
        ("dealstage", stage),
        ("amount", "100.50"),
        ("currency", "EUR"),
        ("createdate", born.as_str()),
        ("entered", entered.as_str()),
        ("closedate", closes),
    ];
    record(ObjectKind::Deal, id, &values)
}

#[test]
fn a_deals_life_is_its_birth_its_close_and_the_stages_that_were_seen() {
    let bench = bench();
    let (past, later) = (ahead(-5).to_string(), ahead(40).to_string());
    bench.apply(&[deal("1", "first", -30, &later), deal("2", "won", -5, &past), deal("3", "lost", -2, &later)]);
    let lives = bench.store.read(|r| r.lives(today())).unwrap();
    assert_eq!((lives.watched_from, lives.undated), (None, 0), "nothing has changed before our eyes yet");
    let mut closed: Vec<_> = lives.deals.iter().filter_map(|life| life.closed).collect();
    closed.sort();
    // A close date ahead is a plan that nobody took back: it was closed by today.
    assert_eq!(closed, [(ahead(-5), true), (today(), false)]);
    assert!(lives.deals.iter().all(|life| life.created == ahead(-30) && life.born_with));

    let moved = Record { updated_at: Some(at(2 * 24 * 60)), ..deal("1", "second", 2, &later) };
    bench.apply(&[moved]);
    let lives = bench.store.read(|r| r.lives(ahead(10))).unwrap();
    assert_eq!(lives.watched_from, Some(ahead(3)), "the first whole day after the first change");
    let open = lives.deals.iter().find(|life| life.closed.is_none()).unwrap();
    assert_eq!(open.path, [(ahead(-30), 1), (ahead(2), 2)]);
    assert!(lives.deals.iter().filter(|life| life.closed.is_some()).all(|life| life.path.is_empty()));
}

#[test]
fn what_is_open_and_what_was_won_is_told_apart() {
    let bench = bench();
    let (past, later) = (ahead(-5).to_string(), ahead(40).to_string());
    bench.apply(&[deal("1", "first", -30, &later), deal("2", "won", -5, &past), deal("4", "won", -5, &past)]);
    let open = bench.store.read(|r| r.forecast_open(Which::default(), today())).unwrap();
    assert_eq!(open.len(), 1);
    assert_eq!((open[0].position, open[0].entered, open[0].partnered), (1, Some(ahead(-30)), false));
    let one = bench.store.read(|r| r.forecast_one(&DealId("1".into()), today())).unwrap();
    assert_eq!(one.as_ref(), open.first());
    assert_eq!(bench.store.read(|r| r.forecast_one(&DealId("2".into()), today())).unwrap(), None);
    assert!(
        bench
            .store
            .read(|r| r.forecast_open(Which { motion: Some(Motion::Tech), ..Which::default() }, today()))
            .unwrap()
            .is_empty()
    );
    let won = |from, to| bench.store.read(|r| r.won_between(ahead(from), ahead(to), Which::default())).unwrap();
    let sums: Vec<_> = won(-5, -5).into_iter().map(|won| (won.deals, won.sum.to_string())).collect();
    assert_eq!(sums, [(2, "EUR 201".to_owned())]);
    assert!(won(-4, 0).is_empty() && won(-30, -6).is_empty());
    assert_eq!(bench.store.read(|r| r.last_close(today())).unwrap(), Some(ahead(-5)));
}
