//! Registrations, partners, certificates and what closed deals say of themselves, as the numbers count them: sums that a
//! person can add up, along their indexes.

use chrono::{NaiveTime, TimeDelta};
use drumbeat_model::crm::{ObjectKind, Outcome, Record};
use drumbeat_model::mapping::{PipelineMapping, StageMapping};
use drumbeat_model::metrics::DealTrait;
use drumbeat_model::money::Money;
use drumbeat_model::registration::{DeclineReason, RegistrationStatus};
use drumbeat_model::time::{Day, Instant};

use rust_decimal::Decimal;

use super::kit::{Bench, at, link, mapping, record};
use crate::Why;
use crate::counted::CountedBy;
use crate::joint::Weighed;

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn midnight(text: &str) -> Instant {
    day(text).and_time(NaiveTime::MIN).and_utc()
}

#[test]
fn what_the_numbers_ask_of_registrations_and_partners_has_an_index_with_all_of_it() {
    let raw = Bench::new().raw();
    for (sql, wanted) in crate::measures::statements() {
        let mut statement = raw.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let values = vec![0; statement.parameter_count()];
        let plan: Vec<String> = statement
            .query_map(rusqlite::params_from_iter(values), |row| row.get(3))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        assert!(plan.iter().any(|step| step.contains(wanted)), "{sql}: {plan:?}");
    }
}

#[test]
fn registrations_are_counted_by_quarter_partner_and_verdict() {
    let bench = Bench::new();
    let claim = |id: &str, partner: &str, status: &str, more: &[(&str, &str)]| {
        let pairs = [&[("number", id), ("partner_id", partner), ("status", status)], more].concat();
        record(ObjectKind::Registration, id, &pairs)
    };
    let (may, august) = ("2026-05-04T00:00:00Z", "2026-08-03T00:00:00Z");
    let decided = |submitted, at, end| [("submitted", submitted), ("decided", at), ("protection_end", end)];
    bench.apply(&[
        claim("1", "p1", "approved", &decided(may, "2026-05-05T12:00:00Z", "2026-08-10")),
        claim("2", "p1", "expired", &decided(may, "2026-07-01T00:00:00Z", "2026-08-20")),
        claim(
            "3",
            "p2",
            "declined",
            &[("submitted", august), ("decided", "2026-08-04T00:00:00Z"), ("decline_reason", "duplicate")],
        ),
        claim("4", "p2", "submitted", &[("submitted", august)]),
        claim("6", "p1", "converted", &decided("2026-02-02T00:00:00Z", "2026-02-03T00:00:00Z", "2026-08-12")),
        // Before and after the time that is asked for.
        claim("5", "p2", "approved", &decided("2026-03-31T23:59:59Z", "2026-10-01T00:00:00Z", "2026-12-30")),
    ]);
    let spring = (midnight("2026-04-01"), midnight("2026-07-01"));
    let summer = (midnight("2026-07-01"), midnight("2026-10-01"));
    let submitted = |by, time| {
        let all = bench.store.read(|r| r.registrations_submitted(by, time)).unwrap();
        all.into_iter().map(|one| (one.key, one.count)).collect::<Vec<_>>()
    };
    assert_eq!(submitted(CountedBy::Partner, spring), [("p1".to_owned(), 2)]);
    assert_eq!(submitted(CountedBy::Partner, summer), [("p2".to_owned(), 2)]);
    assert_eq!(submitted(CountedBy::All, summer), [(String::new(), 2)]);
    let decided = |time| {
        let now = midnight("2026-08-10");
        let all = bench.store.read(|r| r.registrations_decided(CountedBy::Partner, time, 14, now)).unwrap();
        all.into_iter().map(|one| (one.status, one.reason, one.timed.1 / 3600, one.met)).collect::<Vec<_>>()
    };
    assert_eq!(decided(spring), [(RegistrationStatus::Approved, None, 36, (0, 1))]);
    let expired = (RegistrationStatus::Expired, None, 58 * 24, (0, 1));
    // Had it been approved, it would still have time for its first meeting.
    let declined = (RegistrationStatus::Declined, Some(DeclineReason::Duplicate), 24, (0, 0));
    assert_eq!(decided(summer), [expired, declined]);
    let days = (day("2026-07-01"), day("2026-10-01"));
    let ended = bench.store.read(|r| r.protections_ended(CountedBy::Partner, days, day("2026-08-15"))).unwrap();
    let told: Vec<_> = ended.iter().map(|one| (one.key.as_str(), one.count, one.expired)).collect();
    assert_eq!(
        told,
        [("p1", 2, 1)],
        "two have ended by that day, of which a deal goes on under one; the third has not"
    );
    let submitting = bench.store.read(|r| r.partners_submitting(summer.0, summer.1)).unwrap();
    assert_eq!(submitting, ["p2"]);
}

#[test]
fn a_partner_starts_on_its_day_and_certificates_count_on_theirs() {
    let bench = Bench::new();
    let partner = |id: &str, since: &str| {
        record(ObjectKind::Company, id, &[("name", id), ("is_partner", "true"), ("partner_since", since)])
    };
    bench.apply(&[partner("p1", "2026-01-15"), partner("p2", "")]);
    let certificate = |id: &str, holder: &str, earned: &str, expires: &str, status: &str| {
        let pairs = [
            ("name", "Sales"),
            ("partner_id", "p1"),
            ("holder", holder),
            ("earned", earned),
            ("expires", expires),
            ("status", status),
        ];
        record(ObjectKind::Certification, id, &pairs)
    };
    bench.apply(&[
        certificate("c1", "Ana", "2026-01-01", "2026-09-10", "active"),
        certificate("c2", "Ana", "2026-02-01", "2027-02-01", "active"),
        certificate("c3", "Bo", "2026-02-01", "2027-02-01", "active"),
        certificate("c4", "", "2026-02-01", "", "active"),
        certificate("c5", "Cy", "2026-02-01", "2027-02-01", "in_progress"),
        certificate("c6", "Di", "2025-02-01", "2026-08-01", "expired"),
    ]);
    let starts = bench.store.read(|r| r.partner_starts()).unwrap();
    assert_eq!(starts.iter().map(|one| one.since).collect::<Vec<_>>(), [Some(day("2026-01-15")), None]);
    let on = day("2026-08-20");
    let certified = bench.store.read(|r| r.certified_on(on, on + TimeDelta::days(30))).unwrap();
    let told: Vec<_> = certified.iter().map(|one| (one.valid, one.held, one.people, one.ending)).collect();
    assert_eq!(told, [(4, 3, 2, 1)]);
}

#[test]
fn customers_are_known_by_what_the_crm_says_of_their_worth_and_by_who_won_them() {
    let bench = Bench::new();
    let stage = |id: &str, outcome| StageMapping {
        id: id.to_owned(),
        label: id.to_owned(),
        position: 5,
        outcome,
        probability: 0,
    };
    let mut staged = mapping();
    staged.pipelines = vec![PipelineMapping {
        id: "main".to_owned(),
        label: "Main".to_owned(),
        counts: true,
        motion: None,
        stages: vec![stage("open", Outcome::Open), stage("won", Outcome::Won)],
    }];
    bench.mirror(|w| w.put_mapping(&staged));
    let customer = |id: &str, said: &[(&str, &str)]| record(ObjectKind::Company, id, &[&[("name", id)], said].concat());
    bench.apply(&[
        // Percentages are kept as ratios by some CRMs, and as numbers of a hundred by others.
        customer("a", &[("nrr", "1.125"), ("csat", "4.5"), ("integration", "true")]),
        customer("b", &[("nrr", "98"), ("integration", "false")]),
        customer("c", &[]),
        customer("d", &[("csat", "3")]),
    ]);
    let deal = |id: &str, account: &str, stage: &str, partner: &str| {
        let pairs = [("dealname", id), ("pipeline", "main"), ("dealstage", stage), ("partner_id", partner)];
        Record { links: Some(vec![link(ObjectKind::Company, account)]), ..record(ObjectKind::Deal, id, &pairs) }
    };
    bench.apply(&[
        deal("1", "a", "won", "p1"),
        deal("2", "a", "won", "p1"),
        deal("3", "a", "won", "p2"),
        deal("4", "b", "won", ""),
        deal("5", "c", "won", "p1"),
        deal("6", "d", "open", "p1"),
    ]);
    let mut told: Vec<String> = bench
        .store
        .read(|r| r.customers_worth())
        .unwrap()
        .into_iter()
        .map(|one| {
            let number = |said: Option<Decimal>| said.map(|said| said.to_string()).unwrap_or_default();
            let partner = one.partner;
            let (retention, satisfaction) = (number(one.retention), number(one.satisfaction));
            format!("{} {partner} {retention} {satisfaction} {:?}", one.account, one.integrated)
        })
        .collect();
    told.sort();
    told.dedup();
    assert_eq!(told, ["a p1 112.5 4.5 Some(true)", "a p2 112.5 4.5 Some(true)"]);
    let weighed = || {
        let (joint, direct) = bench.store.read(|r| r.customers_weighed()).unwrap();
        let of =
            |one: Weighed| (one.customers, one.retention.1.normalize().to_string(), one.satisfaction.0, one.integrated);
        (of(joint), of(direct))
    };
    let text = |sum: &str| sum.to_owned();
    assert_eq!(weighed(), ((1, text("112.5"), 1, (1, 1)), (1, text("98"), 0, (1, 0))));
    // A deal that is won with a partner makes its customer a joint one, and one that is lost after all takes that back.
    bench.apply(&[deal("6", "d", "won", "p1"), deal("4", "b", "won", "p2")]);
    assert_eq!(weighed(), ((3, text("210.5"), 2, (2, 1)), (0, text("0"), 0, (0, 0))));
    bench.apply(&[deal("4", "b", "open", "p2"), deal("6", "c", "won", "p1")]);
    bench.apply(&[customer("c", &[("csat", "2")])]);
    assert_eq!(
        weighed(),
        ((2, text("112.5"), 2, (1, 1)), (0, text("0"), 0, (0, 0))),
        "moved to another customer as well"
    );
    bench.store.write(Why::Mirror { at: at(9) }, |w| w.rebuild_projections()).unwrap();
    assert_eq!(weighed(), ((2, text("112.5"), 2, (1, 1)), (0, text("0"), 0, (0, 0))), "as all rows made anew have it");
}

#[test]
fn what_was_paid_for_a_deal_and_its_annual_value_are_told_in_the_accounts_own_currency() {
    let bench = Bench::new();
    let deal = |id: &str, said: &[(&str, &str)]| {
        bench.apply(&[record(ObjectKind::Deal, id, &[&[("dealname", id)], said].concat())]);
        let deal = bench.store.read(|r| r.deal(&id.into())).unwrap().unwrap();
        let main = bench.store.read(|r| r.main_currency()).unwrap();
        let told = |of: Option<Money>| of.filter(|of| of.currency == main).map(|of| of.amount.normalize().to_string());
        (told(deal.annual), told(deal.incentive))
    };
    let some = |text: &str| Some(text.to_owned());
    let said = [("acv", "1200"), ("incentive", "90.50"), ("amount", "2000")];
    assert_eq!(deal("1", &said), (some("1200"), some("90.5")));
    let foreign = [("currency", "GBP"), ("amount_in_home_currency", "2500")];
    // 2,500 for 2,000 is 1.25 for each.
    assert_eq!(deal("2", &[&said[..], &foreign[..]].concat()), (some("1500"), some("113.12")));
    let without_rate = [("currency", "GBP")];
    assert_eq!(deal("3", &[&said[..], &without_rate[..]].concat()), (None, None), "no rate, no amount");
}

#[test]
fn closed_deals_are_counted_by_what_they_say_of_themselves() {
    let bench = Bench::new();
    let stage = |id: &str, outcome| StageMapping {
        id: id.to_owned(),
        label: id.to_owned(),
        position: 5,
        outcome,
        probability: 0,
    };
    let mut staged = mapping();
    staged.pipelines = vec![PipelineMapping {
        id: "main".to_owned(),
        label: "Main".to_owned(),
        counts: true,
        motion: None,
        stages: vec![stage("open", Outcome::Open), stage("won", Outcome::Won), stage("lost", Outcome::Lost)],
    }];
    bench.mirror(|w| w.put_mapping(&staged));
    bench.apply(&[record(
        ObjectKind::Company,
        "p1",
        &[("name", "P"), ("is_partner", "true"), ("partner_since", "2026-01-15")],
    )]);
    let deal = |id: &str, stage: &str, closes: &str, more: &[(&str, &str)]| {
        let own =
            [("dealname", id), ("pipeline", "main"), ("dealstage", stage), ("closedate", closes), ("partner_id", "p1")];
        record(ObjectKind::Deal, id, &[&own, more].concat())
    };
    let registered = [
        ("registration_id", "r1"),
        ("protection_start", "2026-07-01"),
        ("amount", "100.5"),
        ("acv", "40"),
        ("incentive", "10.05"),
    ];
    let renews = [("deal_kind", "renewal"), ("products", "Suite")];
    bench.apply(&[
        deal("1", "won", "2026-08-10", &[&registered[..], &renews].concat()),
        deal("2", "lost", "2026-08-10", &[("deal_kind", "renewal")]),
        deal("3", "won", "2026-10-01", &[("deal_kind", "new")]),
        deal("4", "open", "2026-08-10", &registered),
    ]);
    let counted = || {
        let all = bench.store.read(|r| r.counted_traits(CountedBy::Partner, day("2026-07-01"), 1)).unwrap().unwrap();
        let told =
            all.into_iter().map(|one| (one.what, one.won, one.deals, one.homed.1.normalize().to_string(), one.cycled));
        let mut told: Vec<_> = told.collect();
        told.sort();
        told
    };
    let of = |what, won, amount: &str, cycled: (u32, i64)| (what, won, 1, amount.to_owned(), cycled);
    let all = [
        of(DealTrait::Registered, true, "100.5", (1, 40)),
        of(DealTrait::Named, true, "100.5", (0, 0)),
        of(DealTrait::Kinded, false, "0", (0, 0)),
        of(DealTrait::Kinded, true, "100.5", (0, 0)),
        of(DealTrait::Renewal, false, "0", (0, 0)),
        of(DealTrait::Renewal, true, "100.5", (0, 0)),
        of(DealTrait::Annual, true, "40", (0, 0)),
        of(DealTrait::Rewarded, true, "100.5", (0, 0)),
        of(DealTrait::Incentive, true, "10.05", (0, 0)),
    ];
    assert_eq!(counted(), all, "of the quarter, and of what is closed");
    let (starts, at_work, won) = bench
        .store
        .read(|r| {
            Ok((r.partner_starts()?, r.partners_at_work(day("2026-07-01"))?, r.won_by_partner(day("2026-07-01"))?))
        })
        .unwrap();
    assert_eq!((starts[0].since, starts[0].first_won), (Some(day("2026-01-15")), Some(day("2026-08-10"))));
    assert_eq!((at_work.into_iter().collect::<Vec<_>>(), won.len()), (vec!["p1".to_owned()], 1));
    // An edit takes it out of its cells and puts it into others.
    bench.apply(&[deal("1", "won", "2026-08-10", &[("deal_kind", "new")])]);
    let left = [
        of(DealTrait::Kinded, false, "0", (0, 0)),
        of(DealTrait::Kinded, true, "0", (0, 0)),
        of(DealTrait::Renewal, false, "0", (0, 0)),
    ];
    assert_eq!(counted(), left);
}

#[test]
fn changes_of_stage_are_told_by_the_stage_that_was_left_with_the_days_that_are_known() {
    let bench = Bench::new();
    let stage = |position: u32, outcome| StageMapping {
        id: format!("s{position}"),
        label: format!("Stage {position}"),
        position,
        outcome,
        probability: 0,
    };
    let mut staged = mapping();
    staged.pipelines = vec![PipelineMapping {
        id: "main".to_owned(),
        label: "Main".to_owned(),
        counts: true,
        motion: None,
        stages: vec![
            stage(1, Outcome::Open),
            stage(2, Outcome::Open),
            stage(3, Outcome::Open),
            stage(4, Outcome::Won),
            stage(5, Outcome::Lost),
        ],
    }];
    bench.mirror(|w| w.put_mapping(&staged));
    let deal = |id: &str, partner: &str, stage: u32, on: &str| {
        let stage = format!("s{stage}");
        let pairs = [
            ("dealname", id),
            ("pipeline", "main"),
            ("dealstage", stage.as_str()),
            ("partner_id", partner),
            ("motion", if partner.is_empty() { "" } else { "reseller" }),
            ("createdate", if id == "young" { "2026-07-10T08:00:00Z" } else { "2026-01-10T08:00:00Z" }),
        ];
        let at = midnight(on);
        bench.apply(&[Record { updated_at: Some(at), ..record(ObjectKind::Deal, id, &pairs) }]);
    };
    // Before the quarter: from here on changes are seen.
    deal("old", "p1", 1, "2026-06-01");
    deal("old", "p1", 2, "2026-06-10");
    // In it: after 30 days onward, then back; one that was seen from its birth on; one of which it is not known since when.
    deal("old", "p1", 3, "2026-07-10");
    deal("old", "p1", 2, "2026-07-20");
    deal("young", "p1", 2, "2026-07-12");
    deal("young", "p1", 4, "2026-07-22");
    deal("direct", "", 1, "2026-06-01");
    deal("direct", "", 5, "2026-08-01");
    // After it.
    deal("old", "p1", 5, "2026-10-02");
    let steps = bench.store.read(|r| r.steps(midnight("2026-07-01"), midnight("2026-10-01"))).unwrap();
    let told: Vec<_> =
        steps.iter().map(|(left, of)| (left.position, left.partnered, of.count, of.onward, of.timed)).collect();
    assert_eq!(
        told,
        [(1, false, 1, 0, (0, 0)), (2, true, 2, 2, (2, 42)), (3, true, 1, 0, (1, 10))],
        "30 and 12 days in the second stage, 10 in the third"
    );
}

#[test]
fn a_touch_counts_once_for_its_partner_wherever_it_hangs() {
    let bench = Bench::new();
    bench.apply(&[
        record(ObjectKind::Company, "p1", &[("name", "P"), ("is_partner", "true")]),
        record(ObjectKind::Company, "c1", &[("name", "C")]),
    ]);
    let deal = |id: &str, partner: &str| record(ObjectKind::Deal, id, &[("dealname", id), ("partner_id", partner)]);
    bench.apply(&[deal("d1", "p1"), deal("d2", "p2"), deal("d3", "p1"), deal("d4", "")]);
    let call = |id: &str, at: &str, to: &[(ObjectKind, &str)]| Record {
        links: Some(to.iter().map(|(kind, id)| link(*kind, id)).collect()),
        ..record(ObjectKind::Call, id, &[("at", at)])
    };
    bench.apply(&[
        call("1", "2026-07-10T09:00:00Z", &[(ObjectKind::Company, "p1"), (ObjectKind::Deal, "d1")]),
        call("2", "2026-07-12T09:00:00Z", &[(ObjectKind::Deal, "d1"), (ObjectKind::Deal, "d2")]),
        call("3", "2026-07-14T09:00:00Z", &[(ObjectKind::Company, "c1"), (ObjectKind::Deal, "d4")]),
        call("4", "2026-06-30T09:00:00Z", &[(ObjectKind::Company, "p1")]),
    ]);
    let touched = bench.store.read(|r| r.touched_partners(midnight("2026-07-01"), midnight("2026-10-01"))).unwrap();
    let told: Vec<_> = touched
        .iter()
        .map(|(id, of)| (id.as_str(), of.touches, of.last.map(|at| at.date_naive().to_string()), of.deals.len()))
        .collect();
    let on = |day: &str| Some(day.to_owned());
    assert_eq!(told, [("p1", 2, on("2026-07-12"), 1), ("p2", 1, on("2026-07-12"), 1)]);
    let open = bench.store.read(|r| r.open_by_partner()).unwrap();
    assert_eq!(open.into_iter().collect::<Vec<_>>(), [("p1".to_owned(), 2), ("p2".to_owned(), 1)]);
}

#[test]
fn the_last_touch_of_a_partner_is_never_ahead_of_the_day() {
    let bench = Bench::new();
    bench.apply(&[record(ObjectKind::Company, "p1", &[("name", "P"), ("is_partner", "true")])]);
    let call = |id: &str, at: &str| Record {
        links: Some(vec![link(ObjectKind::Company, "p1")]),
        ..record(ObjectKind::Call, id, &[("at", at)])
    };
    bench.apply(&[call("1", "2026-07-10T09:00:00Z"), call("2", "2026-07-20T09:00:00Z")]);
    let last = |day: &str| {
        let row = bench.store.read(|r| r.partner_row(&"p1".into(), day.parse().unwrap())).unwrap().unwrap();
        row.last_touch.map(|at| at.date_naive().to_string())
    };
    assert_eq!(last("2026-07-09"), None);
    assert_eq!(last("2026-07-19").as_deref(), Some("2026-07-10"));
    assert_eq!(last("2026-07-20").as_deref(), Some("2026-07-20"));
}
