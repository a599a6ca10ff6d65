//! Sums that are kept say what a walk over the rows says.

use std::collections::BTreeMap;

use drumbeat_model::board::ScoredBy;
use drumbeat_model::crm::{ObjectKind, Outcome, Record};
use drumbeat_model::deal::{DealFilter, DealSort, DealsQuery, Motion};
use drumbeat_model::ids::{OwnerId, PartnerId};
use drumbeat_model::time::Day;
use proptest::prelude::*;
use rust_decimal::Decimal;

use super::kit::{Bench, record, set, today};
use crate::counted::CountedBy;

fn one() -> impl Strategy<Value = Record> {
    (0..12_u8, 0..3_u8, 0..3_u8, 0..3_u8, 0..4_u8, 0..400_i64, any::<bool>()).prop_map(
        |(id, partner, owner, motion, currency, day, archived)| {
            let date = |days: i64| (today() - chrono::Days::new(u64::try_from(days).unwrap())).to_string();
            let mut pairs = vec![
                ("dealname", format!("Deal {id}")),
                ("closedate", date(day)),
                ("createdate", format!("{}T08:00:00Z", date(day + 40))),
                ("attribution", ["", "sourced", "influenced"][usize::from(motion)].to_owned()),
                ("attribution_pct", ["", "33", "100"][usize::from(owner)].to_owned()),
                ("partner_id", ["", "p1", "p2"][usize::from(partner)].to_owned()),
                ("owner", ["", "o1", "o2"][usize::from(owner)].to_owned()),
                ("motion", ["", "reseller", "referral"][usize::from(motion)].to_owned()),
                ("deal_kind", ["", "renewal", "expansion"][usize::from(owner)].to_owned()),
                ("products", ["", "Suite", "Suite with services"][usize::from(motion)].to_owned()),
                ("registration_id", ["", "r1", ""][usize::from(partner)].to_owned()),
                ("protection_start", date(day + 20)),
                ("currency", ["EUR", "USD", "USD", ""][usize::from(currency)].to_owned()),
            ];
            if currency < 3 {
                pairs.push(("amount", format!("{}.{:02}", 100 * day, day % 100)));
            }
            if motion > 0 {
                pairs.push(("acv", format!("{}.5", 12 * day)));
                pairs.push(("incentive", format!("{}.25", day)));
            }
            if currency == 1 {
                pairs.push(("amount_in_home_currency", format!("{}", 90 * day)));
            }
            let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let mut record = record(ObjectKind::Deal, &format!("d{id}"), &pairs);
            record.archived = archived && id > 8;
            record
        },
    )
}

fn filters() -> Vec<DealFilter> {
    let mut all = Vec::new();
    for outcome in [None, Some(Outcome::Open), Some(Outcome::Won)] {
        for partnered in [None, Some(true), Some(false)] {
            for motion in [None, Some(Motion::Reseller)] {
                for (partner, owner) in [(None, None), (Some("p1"), None), (None, Some("o1")), (Some("p1"), Some("o1"))]
                {
                    for position in [None, Some(0)] {
                        all.push(DealFilter {
                            outcome,
                            partnered,
                            motion,
                            partner: partner.map(PartnerId::from),
                            owner: owner.map(OwnerId::from),
                            position,
                            ..DealFilter::default()
                        });
                    }
                }
            }
        }
    }
    all
}

fn told(bench: &Bench) -> Vec<String> {
    bench
        .store
        .read(|r| {
            let mut all = Vec::new();
            for filter in filters() {
                let query = DealsQuery { filter: filter.clone(), sort: DealSort::Amount, ..DealsQuery::default() };
                let page = r.deals(&query, today())?;
                let shown: Vec<String> = page.rows.iter().map(|row| row.id.to_string()).collect();
                assert_eq!(page.total as usize, shown.len(), "{filter:?}");
                all.push(format!(
                    "{:?} {:?} {shown:?}",
                    r.deal_totals(&filter, today())?,
                    r.board_totals(&filter, today())?
                ));
            }
            for by in [ScoredBy::Motion, ScoredBy::Owner, ScoredBy::Partner] {
                all.push(format!("{:?}", r.hygiene_by(by, 9)?));
            }
            all.push(format!(
                "{:?} {:?}",
                r.deals_to_mend(None, Some("o1"), None, None, 9)?,
                r.partner_deals_count(Some(Motion::Reseller))?
            ));
            all.push(format!("{:?}", r.reviewed_pipeline()?));
            Ok(all)
        })
        .unwrap()
}

/// Counted by partner, from rows, the past comes to what the kept sums say of all deals with a partner.
fn partners_make_up_the_program(bench: &Bench) {
    type Sums = (u32, u32, Decimal, u32, Decimal, u32, i64);
    let from: Day = "2025-07-01".parse().unwrap();
    let counted = |by| {
        let all = bench.store.read(|r| r.counted(by, from, 5, &BTreeMap::new())).unwrap().unwrap();
        let mut sums: BTreeMap<String, Sums> = BTreeMap::new();
        for one in all.into_iter().filter(|one| one.partnered) {
            let of = sums.entry(format!("{:?} {} {:?}", one.outcome, one.quarter, one.attribution)).or_default();
            of.0 += one.deals;
            of.1 += one.homed.0;
            of.2 += one.homed.1;
            of.3 += one.shared.0;
            of.4 += one.shared.1;
            of.5 += one.cycled.0;
            of.6 += one.cycled.1;
        }
        sums
    };
    assert_eq!(counted(CountedBy::Partner), counted(CountedBy::All));
    let traits = |by| {
        let all = bench.store.read(|r| r.counted_traits(by, from, 5)).unwrap().unwrap();
        let mut sums: BTreeMap<String, Sums> = BTreeMap::new();
        for one in all.into_iter().filter(|one| one.partnered) {
            let of = sums.entry(format!("{:?} {} {}", one.what, one.quarter, one.won)).or_default();
            of.0 += one.deals;
            of.1 += one.homed.0;
            of.2 += one.homed.1;
            of.5 += one.cycled.0;
            of.6 += one.cycled.1;
        }
        sums
    };
    assert_eq!(traits(CountedBy::Partner), traits(CountedBy::All));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn kept_sums_say_what_the_rows_say(pages in prop::collection::vec(prop::collection::vec(one(), 1..8), 1..5), edit in 0..12_u8) {
        let bench = Bench::new();
        for page in &pages {
            bench.apply(page);
        }
        bench.decide(vec![set(&format!("d{edit}"), &[("amount", "77.5"), ("owner", "o2"), ("motion", "referral")])]);
        let kept = told(&bench);
        partners_make_up_the_program(&bench);
        prop_assert!(bench.raw().query_row("SELECT count(*) FROM value WHERE name = 'tally'", [], |row| row.get::<_, i64>(0)).unwrap() == 1);
        bench.raw().execute("DELETE FROM value WHERE name = 'tally'", []).unwrap();
        prop_assert_eq!(kept, told(&bench));
    }
}
