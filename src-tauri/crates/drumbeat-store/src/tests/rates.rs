//! Amounts by the CRM's rates, and what is made anew when they change.

use std::collections::BTreeMap;

use drumbeat_model::crm::ObjectKind;
use drumbeat_model::money::{Currency, Money};
use drumbeat_model::rates::{DatedRate, Rates};

use super::kit::{Bench, record};

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
fn an_amount_without_a_day_is_worth_its_present_rate() {
    let bench = bench();
    let money = |amount: i64, of: &str| Money::new(amount.into(), code(of));
    let worth = |of: &str| bench.store.read(|r| r.worth(&money(90, of))).unwrap();
    assert_eq!(worth("EUR"), money(90, "EUR"), "nothing is known yet");
    bench.mirror(|w| w.put_rates(&told(&[("EUR", "0.9")], &[("EUR", "1900-01-01", "", "0.1")])));
    assert_eq!([worth("EUR"), worth("USD"), worth("CHF")], [money(100, "USD"), money(90, "USD"), money(90, "CHF")]);
}
