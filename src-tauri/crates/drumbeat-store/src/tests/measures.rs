//! Registrations, partners, certificates and what closed deals say of themselves, as the numbers count them: sums that a
//! person can add up, along their indexes.

use chrono::{NaiveTime, TimeDelta};
use drumbeat_model::crm::{ObjectKind, Outcome};
use drumbeat_model::mapping::{PipelineMapping, StageMapping};
use drumbeat_model::metrics::DealTrait;
use drumbeat_model::registration::{DeclineReason, RegistrationStatus};
use drumbeat_model::time::{Day, Instant};

use super::kit::{Bench, mapping, record};
use crate::counted::CountedBy;

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
    assert_eq!(told, [("p1", 1, 0)], "one has ended by that day, and the other has not");
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
    let registered = [("registration_id", "r1"), ("protection_start", "2026-07-01"), ("amount", "100.5")];
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
