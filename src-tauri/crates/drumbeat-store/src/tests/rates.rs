//! Amounts by the CRM's rates, and what is made anew when they change.

use std::collections::BTreeMap;

use drumbeat_model::crm::ObjectKind;
use drumbeat_model::deal::{DealFilter, DealSort, DealsQuery};
use drumbeat_model::money::{Currency, Money};
use drumbeat_model::page::Direction;
use drumbeat_model::rates::{DatedRate, Rates};

use super::kit::{Bench, record, today};
use crate::forecast::Which;

fn code(text: &str) -> Currency {
    Currency::parse(text).unwrap()
}

fn told(present: &[(&str, &str)], dated: &[(&str, &str, &str, &str)]) -> Rates {
    let mut days: BTreeMap<Currency, Vec<DatedRate>> = BTreeMap::new();
    for (of, from, until, rate) in dated {
        let day = |text: &str| (!text.is_empty()).then(|| text.parse().unwrap());
        let rate = DatedRate { from: day(from), until: day(until), rate: rate.parse().unwrap() };
        days.entry(code(of)).or_default().push(rate);
    }
    Rates {
        own: code("USD"),
        decimals: 2,
        is_dated: !days.is_empty(),
        present: present.iter().map(|(of, rate)| (code(of), rate.parse().unwrap())).collect(),
        dated: days,
    }
}

fn bench() -> Bench {
    let bench = Bench::new();
    let deal = |id: &str, currency: &str, amount: &str, close: &str| {
        let pairs = [("dealname", id), ("currency", currency), ("amount", amount), ("closedate", close), ("acv", "60")];
        record(ObjectKind::Deal, id, &pairs)
    };
    bench.apply(&[
        deal("spring", "EUR", "90", "2026-04-30"),
        deal("summer", "EUR", "90", "2026-07-01"),
        deal("pound", "GBP", "75", "2026-04-30"),
        deal("own", "USD", "10", "2026-04-30"),
        deal("franc", "CHF", "10", "2026-04-30"),
    ]);
    bench
}

/// Each deal's amount and annual value in the account's own currency, and the rate.
fn homes(bench: &Bench) -> Vec<String> {
    let words =
        |money: Option<Money>| money.map_or_else(|| "-".to_owned(), |money| money.amount.normalize().to_string());
    let one = |id: &str| {
        let deal = bench.store.read(|r| r.deal(&id.into())).unwrap().unwrap();
        let rate = deal.rate.map_or_else(String::new, |rate| format!(" at {rate}"));
        format!("{id} {} {}{rate}", words(deal.home), words(deal.annual))
    };
    ["spring", "summer", "pound", "own", "franc"].map(one).to_vec()
}

#[test]
fn deals_are_converted_by_the_rate_of_their_close_date_and_redone_when_their_own_rate_changes() {
    let bench = bench();
    assert_eq!(homes(&bench)[0], "spring - -");
    let present = [("EUR", "0.9"), ("GBP", "0.75")];
    let spring = ("EUR", "1900-01-01", "2026-07-01", "0.8");
    let first = told(&present, &[spring, ("EUR", "2026-07-01", "", "0.9")]);
    assert_eq!(bench.mirror(|w| w.put_rates(&first)), 3);
    let expected = [
        "spring 112.5 75 at 1 USD = 0.8 EUR since 1900-01-01",
        "summer 100 66.67 at 1 USD = 0.9 EUR since 2026-07-01",
        "pound 100 80 at 1 USD = 0.75 GBP",
        "own 10 60",
        "franc - -",
    ];
    assert_eq!(homes(&bench), expected);
    let open = bench.store.read(|r| r.forecast_open(Which::default(), today())).unwrap();
    let mut worth: Vec<String> =
        open.iter().map(|deal| format!("{} {}", deal.name, deal.amount.as_ref().unwrap())).collect();
    worth.sort();
    let expected_worth = ["franc CHF 10", "own USD 10", "pound USD 100", "spring USD 112.50", "summer USD 100"];
    assert_eq!(worth, expected_worth, "the forecast is in the account's own currency");
    assert_eq!(bench.mirror(|w| w.put_rates(&first)), 0);
    assert!(bench.store.read(|r| r.knows_rates(&first)).unwrap());
    // What is shown is what a rebuild would make of it, sums included.
    let shown = bench.shown(&[]);
    bench.mirror(|w| w.rebuild());
    assert_eq!(bench.shown(&[]), shown);
    // Another rate from July on: the deal of April is left alone.
    let second = told(&present, &[spring, ("EUR", "2026-07-01", "", "0.45")]);
    assert!(!bench.store.read(|r| r.knows_rates(&second)).unwrap());
    assert_eq!(bench.mirror(|w| w.put_rates(&second)), 1);
    assert_eq!(homes(&bench)[..2], [expected[0], "summer 200 133.33 at 1 USD = 0.45 EUR since 2026-07-01"]);
    let sums = bench.raw().query_row(
        "SELECT sum(homed), sum(home) FROM tally WHERE side = 2 AND state = 0 AND month = 0",
        [],
        |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)),
    );
    assert_eq!(sums.unwrap(), (4, 4_225_000));
}

#[test]
fn deals_in_several_currencies_stand_in_the_order_of_their_worth() {
    let bench = Bench::new();
    bench.mirror(|w| w.put_rates(&told(&[("EUR", "0.5"), ("JPY", "150")], &[])));
    let deal = |id: &str, amount: &str, currency: &str| {
        let pairs = [("dealname", id), ("partner_id", "7"), ("amount", amount), ("currency", currency)];
        record(ObjectKind::Deal, id, &pairs)
    };
    bench.apply(&[
        deal("yen", "300000", "JPY"),
        deal("euro", "1500", "EUR"),
        deal("dollar", "2500", "USD"),
        // Nobody knows what it is worth.
        deal("franc", "2200", "CHF"),
    ]);
    let listed = |filter: DealFilter| {
        let query =
            DealsQuery { filter, sort: DealSort::Amount, direction: Direction::Descending, ..DealsQuery::default() };
        let page = bench.store.read(|r| r.deals(&query, today())).unwrap();
        page.rows.into_iter().map(|row| row.name).collect::<Vec<_>>()
    };
    let order = ["euro", "dollar", "franc", "yen"];
    assert_eq!(listed(DealFilter::default()), order);
    assert_eq!(
        listed(DealFilter { amount_from: Some(2001), amount_to: Some(2999), ..DealFilter::default() }),
        order[1..3]
    );
    // What is to be put right, a deal at a time.
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let (ids, next, _) = bench.store.read(|r| r.deals_to_mend(None, None, None, after.as_deref(), 1)).unwrap();
        found.extend(ids.into_iter().map(|id| id.0));
        after = next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(found, order);
}

#[test]
fn an_amount_without_a_day_is_worth_its_present_rate() {
    let bench = bench();
    let money = |amount: i64, of: &str| Money::new(amount.into(), code(of));
    let worth = |of: &str| bench.store.read(|r| r.worth(&money(90, of))).unwrap();
    assert_eq!(worth("EUR"), money(90, "EUR"), "nothing is known yet");
    bench.mirror(|w| w.put_rates(&told(&[("EUR", "0.9")], &[("EUR", "1900-01-01", "", "0.1")])));
    assert_eq!([worth("EUR"), worth("USD"), worth("CHF")], [money(100, "USD"), money(90, "USD"), money(90, "CHF")]);
}

#[test]
fn another_currency_is_told_of_only_where_a_deal_has_an_amount_in_it() {
    let bench = Bench::new();
    let told = || bench.store.read(|r| r.has_other_currencies()).unwrap();
    let deal = |id: &str, amount: &str, currency: &str| {
        record(ObjectKind::Deal, id, &[("dealname", id), ("amount", amount), ("currency", currency)])
    };
    bench.apply(&[deal("dollar", "2500", "USD"), deal("unpriced", "", "CHF")]);
    assert!(!told());
    bench.apply(&[deal("euro", "1500", "EUR")]);
    assert!(told());
    bench.apply(&[deal("euro", "1500", "USD")]);
    assert!(!told());
}
