//! Deal lists: every row once, whatever the order; sums exact to the cent. The queue's decided rows.

use crate::registrations::Whose;
use std::collections::BTreeSet;

use drumbeat_model::change::OpKind;
use drumbeat_model::crm::{ObjectKind, Properties, Record};
use drumbeat_model::deal::{DealFilter, DealSort, DealsQuery};
use drumbeat_model::inbox::InboxQuery;
use drumbeat_model::page::Direction;
use rust_decimal::Decimal;

use super::kit::{Bench, mapping, op, record, today, values};

/// Deals of which many share values and many lack them.
fn deals() -> Vec<Record> {
    (0..83)
        .map(|number| {
            let mut pairs = vec![("pipeline", "p".to_owned()), ("dealstage", format!("s{}", number % 3))];
            if number % 4 > 0 {
                pairs.push(("dealname", ["alpha", "Alpha", "beta", "Ärger"][number % 4].to_owned()));
                pairs.push(("closedate", format!("2026-1{}-0{}", number % 3, 1 + number % 5)));
            }
            if number % 3 > 0 {
                pairs.push(("amount", format!("{}.10", number % 7)));
                pairs.push(("currency", ["EUR", "USD"][number % 2].to_owned()));
                pairs.push(("partner_id", format!("c{}", number % 4)));
            }
            if number % 5 == 0 {
                pairs.push(("protection_end", "2026-12-01".to_owned()));
                pairs.push(("notes_at", format!("2026-10-0{}T10:00:00Z", 1 + number % 4)));
            }
            let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (*name, value.as_str())).collect();
            record(ObjectKind::Deal, &format!("{number:03}"), &pairs)
        })
        .collect()
}

fn filled() -> Bench {
    let bench = Bench::new();
    let companies: Vec<Record> = (0..3)
        .map(|number| record(ObjectKind::Company, &format!("c{number}"), &[("name", ["Zeta", "eta", "Eta"][number])]))
        .collect();
    bench.apply(&companies);
    bench.apply(&deals());
    bench
}

#[test]
fn paging_shows_every_deal_once_in_every_order() {
    use DealSort::{Amount, CloseDate, Hygiene, Name, NotesAge, Partner, Protection, Stage};
    let bench = filled();
    let everything: BTreeSet<String> = deals().into_iter().map(|deal| deal.id).collect();
    for sort in [CloseDate, Name, Partner, Amount, Stage, NotesAge, Protection, Hygiene] {
        let mut whole = Vec::new();
        for direction in [Direction::Ascending, Direction::Descending] {
            for limit in [1, 7, 500] {
                let mut query = DealsQuery { sort, direction, limit, ..DealsQuery::default() };
                let mut seen = Vec::new();
                loop {
                    let page = bench.store.read(|r| r.deals(&query, today())).unwrap();
                    assert!(page.rows.len() <= limit as usize);
                    seen.extend(page.rows.into_iter().map(|row| row.id.0));
                    query.after = page.next;
                    if query.after.is_none() {
                        break;
                    }
                    assert!(seen.len() < 200, "{sort:?} {direction:?} does not end");
                }
                assert_eq!(seen.len(), everything.len(), "{sort:?} {direction:?} by {limit}");
                assert_eq!(
                    seen.iter().cloned().collect::<BTreeSet<_>>(),
                    everything,
                    "{sort:?} {direction:?} by {limit}"
                );
                whole.push(seen);
            }
        }
        assert_eq!(whole[0], whole[2], "{sort:?}: the pages follow the order of the whole");
        assert_eq!(whole[3], whole[5], "{sort:?}: the pages follow the order of the whole");
        whole[5].reverse();
        assert_eq!(whole[2], whole[5], "{sort:?}: one direction is the other reversed");
    }
}

#[test]
fn a_page_key_of_somebody_else_is_refused() {
    let bench = filled();
    for after in ["", "{}", "1; DROP TABLE deal", r#"{"value":{},"id":"1"}"#] {
        let query = DealsQuery { after: Some(after.to_owned()), ..DealsQuery::default() };
        assert!(bench.store.read(|r| r.deals(&query, today())).is_err(), "{after}");
    }
}

#[test]
fn totals_are_exact_to_the_cent() {
    let bench = Bench::new();
    let amounts = ["0.10", "0.20", "999999999.99", "0.01", "-5.55", "1234.5678"];
    let records: Vec<Record> = amounts
        .iter()
        .enumerate()
        .map(|(number, amount)| {
            record(ObjectKind::Deal, &number.to_string(), &[("amount", amount), ("currency", "EUR")])
        })
        .chain([
            record(ObjectKind::Deal, "none", &[]),
            record(ObjectKind::Deal, "usd", &[("amount", "0.30"), ("currency", "USD")]),
        ])
        .collect();
    bench.apply(&records);
    let totals = bench.store.read(|r| r.deal_totals(&DealFilter::default(), today())).unwrap();
    let sum: Decimal = amounts.iter().map(|amount| amount.parse::<Decimal>().unwrap()).sum();
    let found: Vec<(&str, Decimal)> = totals.sums.iter().map(|money| (money.currency.code(), money.amount)).collect();
    assert_eq!(totals.count, 8);
    assert_eq!(found, [("EUR", sum), ("USD", "0.3".parse().unwrap())]);
}

#[test]
fn a_claim_decided_here_is_found_among_any_number_of_older_decisions() {
    let bench = Bench::new();
    let old: Vec<Record> = (0..300)
        .map(|n| record(ObjectKind::Registration, &format!("{n:03}"), &[("number", "DR"), ("status", "approved")]))
        .collect();
    bench.apply(&old);
    bench.apply(&[record(ObjectKind::Registration, "new", &[("number", "DR-9"), ("status", "submitted")])]);
    let pending = || bench.store.read(|r| r.queue_pending(&InboxQuery::default(), &Whose::default())).unwrap();
    assert_eq!(pending(), []);
    let set =
        OpKind::Set { desired: values(&[("status", "declined")]), base: Properties::new(), guard: Properties::new() };
    let decision = bench.decide(vec![op(ObjectKind::Registration, "new", set, &[])]);
    assert_eq!(pending().iter().map(|row| row.id.as_str()).collect::<Vec<_>>(), ["new"]);
    bench.act("Took back", |w| w.withdraw_decision(&decision)).unwrap();
    assert_eq!(pending(), []);
}

#[test]
fn a_transaction_that_brings_another_mapping_reads_by_it_at_once() {
    let bench = Bench::new();
    bench.apply(&[record(ObjectKind::Company, "c", &[("name", "Alpha"), ("city", "Bergen")])]);
    let (before, after) = bench.mirror(|w| {
        let name = |found: Option<drumbeat_model::partner::Company>| found.map(|company| company.name);
        let before = name(w.company("c")?);
        let mut other = mapping();
        let company = other.fields.entry(ObjectKind::Company).or_default();
        company.insert(drumbeat_model::field::Field::Name, "city".to_owned());
        w.put_mapping(&other)?;
        Ok((before, name(w.company("c")?)))
    });
    assert_eq!((before.as_deref(), after.as_deref()), (Some("Alpha"), Some("Bergen")));
}
