//! The board, and what is to be put right: sums that a person can add up, along indexes that are walked alone.

use drumbeat_model::board::ScoredBy;
use drumbeat_model::crm::{ObjectKind, Outcome};
use drumbeat_model::deal::{DealFilter, DealSort, Motion};

use super::kit::{Bench, record, today};

#[test]
fn what_the_board_and_hygiene_ask_walks_an_index_and_no_table() {
    let raw = Bench::new().raw();
    let card = "SELECT * FROM deal WHERE deal.outcome = 0 AND deal.position = ?1";
    let order = "ORDER BY deal.close_date ASC, deal.row ASC LIMIT 31";
    let mut asked = vec![
        (format!("{card} {order}"), "deal_by_place (outcome=? AND position=?)".to_owned()),
        (format!("{card} AND deal.motion = ?2 {order}"), "deal_by_place (outcome=? AND position=?)".to_owned()),
        (
            "SELECT id FROM deal WHERE id > ?1 AND +outcome = 0 AND partner IS NOT NULL ORDER BY id LIMIT 9".to_owned(),
            "(id>?)".to_owned(),
        ),
        ("SELECT sum(deals) FROM tally WHERE side = 2 AND state = 0 AND month = 0 AND who = ?1".to_owned(), "PRIMARY KEY (side=? AND state=? AND month=? AND who=?)".to_owned()),
        ("SELECT count(*) FROM deal WHERE deal.outcome = 0 AND deal.stalled_on <= ?1 AND deal.partner IS NOT NULL AND deal.motion = ?2".to_owned(), "COVERING INDEX deal_by_stall (outcome=? AND stalled_on<?)".to_owned()),
        ("SELECT count(*) FROM deal WHERE partner = ?1 AND outcome = 0 AND protection_end >= ?2".to_owned(), "COVERING INDEX deal_protected (partner=? AND protection_end>?)".to_owned()),
    ];
    // A page of the open deals of a motion, in each order and both ways: along the order, and never sorted.
    for (sort, index) in [
        (DealSort::CloseDate, "deal_by_close"),
        (DealSort::Name, "deal_by_name"),
        (DealSort::Partner, "deal_by_partner_name"),
        (DealSort::Amount, "deal_by_amount"),
        (DealSort::Stage, "deal_by_stage"),
        (DealSort::NotesAge, "deal_by_notes"),
        (DealSort::Protection, "deal_by_ending"),
        (DealSort::Hygiene, "deal_by_score"),
    ] {
        let column = crate::filter::deal_column(sort);
        for direction in ["ASC", "DESC"] {
            asked.push((
                format!(
                    "SELECT * FROM deal WHERE deal.outcome = 0 AND deal.motion = ?1 ORDER BY {column} {direction}, deal.row {direction} LIMIT 101"
                ),
                format!("INDEX {index} (outcome=?)"),
            ));
        }
    }
    for (sql, by) in asked {
        let mut statement = raw.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let none = rusqlite::params_from_iter((0..statement.parameter_count()).map(|_| rusqlite::types::Null));
        let plan: Vec<String> =
            statement.query_map(none, |row| row.get("detail")).unwrap().collect::<Result<_, _>>().unwrap();
        assert!(plan.iter().any(|line| line.contains(&by)), "{sql}: {plan:#?}");
        let sorted = plan.iter().any(|line| line.contains("ORDER BY"));
        assert!(!sorted, "{sql}: {plan:#?}");
    }
}

#[test]
fn a_board_adds_up_what_its_filter_leaves() {
    let bench = Bench::new();
    let deal = |id: &str, partner: &str, amount: &str| {
        record(ObjectKind::Deal, id, &[("dealname", id), ("partner_id", partner), ("amount", amount)])
    };
    bench.apply(&[deal("a", "p", "10.50"), deal("b", "p", "20"), deal("c", "q", "5")]);
    let totals = |filter: DealFilter| {
        let columns = bench.store.read(|r| r.board_totals(&filter, today())).unwrap();
        let count: u32 = columns.values().map(|totals| totals.count).sum();
        let sums: Vec<String> =
            columns.values().flat_map(|totals| &totals.sums).map(|sum| sum.amount.to_string()).collect();
        (count, sums)
    };
    assert_eq!(totals(DealFilter::default()).0, 3);
    assert_eq!(
        totals(DealFilter { outcome: Some(Outcome::Won), ..DealFilter::default() }).0,
        3,
        "a board has open deals"
    );
    let of_p = DealFilter { partner: Some("p".into()), ..DealFilter::default() };
    assert_eq!(totals(of_p), (2, vec!["30.5".to_owned()]));
    assert_eq!(totals(DealFilter { motion: Some(Motion::Tech), ..DealFilter::default() }).0, 0);
    let scores = bench.store.read(|r| r.hygiene_by(ScoredBy::Partner, 9)).unwrap();
    let deals: Vec<(Option<&str>, u32)> = scores.iter().map(|one| (one.key.as_deref(), one.deals)).collect();
    assert_eq!(deals, [(Some("p"), 2), (Some("q"), 1)]);
    let all = bench.store.read(|r| r.partner_deals_after("a", None, 9)).unwrap();
    assert_eq!(all.iter().map(|deal| deal.id.as_str()).collect::<Vec<_>>(), ["b", "c"]);
}

#[test]
fn what_is_to_be_put_right_is_read_on_from_a_key_without_a_row_twice_or_left_out() {
    let bench = Bench::new();
    let deal = |id: &str, partner: &str, amount: &str| {
        record(ObjectKind::Deal, id, &[("dealname", id), ("partner_id", partner), ("amount", amount)])
    };
    bench.apply(&[
        deal("a", "p", "10"),
        deal("b", "q", "20"),
        deal("c", "p", "10"),
        deal("d", "p", "10"),
        deal("e", "p", ""),
        deal("f", "p", ""),
    ]);
    let walk = |partner: Option<&str>, limit: u32| {
        let (mut all, mut after, mut stretches) = (Vec::new(), None::<String>, 0);
        loop {
            let asked = after.clone();
            let (ids, next, total) =
                bench.store.read(|r| r.deals_to_mend(None, None, partner, asked.as_deref(), limit)).unwrap();
            all.extend(ids.into_iter().map(|id| id.0));
            stretches += 1;
            after = next;
            if after.is_none() {
                return (all, total, stretches);
            }
        }
    };
    for (limit, stretches) in [(1, 6), (2, 3), (4, 2), (6, 1), (9, 1)] {
        let (ids, total, read) = walk(None, limit);
        assert_eq!((ids.join(""), total, read), ("bdcafe".to_owned(), 6, stretches), "{limit} at a time");
    }
    assert_eq!(walk(Some("p"), 2).0.join(""), "dcafe");
    assert!(bench.store.read(|r| r.deals_to_mend(None, None, None, Some("no key"), 2)).is_err());
}
