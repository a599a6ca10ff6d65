#![allow(clippy::unwrap_used, clippy::expect_used)]
use std::collections::BTreeSet;

use chrono::Datelike;
use drumbeat_model::dossier::Meeting;
use drumbeat_model::ids::{DealId, PartnerId};
use drumbeat_model::partner::Certification;
use drumbeat_model::registration::{Registration, RegistrationKind, RegistrationStatus as S};
use drumbeat_model::verdict::ClockState::{Baseline, Breached, Met, Over, Paused, Running};
use proptest::prelude::*;

use super::*;
use crate::calendar::tests::{calendars, minutes, naive_due};
use crate::policy::{Span, Unit};
use crate::sample::{date, registration};

fn hour(text: &str) -> Instant {
    format!("{text}:00:00Z").parse().unwrap()
}

fn watch<'p>(policy: &'p Policy, now: &str) -> Watch<'p> {
    Watch { policy, go_live: None, now: hour(now) }
}

fn told(clock: Option<Clock>) -> Option<(ClockState, i64)> {
    clock.map(|clock| (clock.state, clock.left.unwrap_or(0) / 3600))
}

#[test]
fn the_table_has_each_clock_once_and_every_target_is_the_policy_s() {
    let policy = Policy::built_in();
    let ids: BTreeSet<&str> = Rule::ALL.iter().map(|rule| rule.id()).collect();
    assert_eq!(ids.len(), Rule::ALL.len());
    let targets: Vec<String> = Rule::ALL.iter().map(|rule| format!("{} {}", rule.id(), rule.target(&policy))).collect();
    assert_eq!(
        targets,
        [
            "S-01 24 hours",
            "S-02 48 hours",
            "S-03 7 days",
            "S-04 24 hours",
            "S-05 7 days",
            "S-06 24 hours",
            "S-07 5 business days",
            "S-08 90 days",
            "S-09 7 days",
            "S-10 14 days",
            "S-11 30 days"
        ]
    );
    for rule in Rule::ALL {
        assert_eq!(Rule::from_id(&rule.id().to_lowercase()), Some(*rule));
    }
    assert_eq!(Rule::from_id("S-12"), None);
}

#[test]
fn a_clock_runs_pauses_ends_and_says_by_how_much() {
    let policy = Policy::built_in();
    let pause = |from: &str, until: Option<&str>| Pause { from: hour(from), until: until.map(hour) };
    let none: &[Pause] = &[];
    // Each gives 24 hours from Tuesday, 10:00.
    for (name, ended, pauses, waits, go_live, now, expected) in [
        ("time left", None, none, false, None, "2026-11-17T20", (Running, Some(14))),
        ("the last moment", None, none, false, None, "2026-11-18T10", (Running, Some(0))),
        ("over", None, none, false, None, "2026-11-18T13", (Over, Some(-3))),
        ("in time", Some("2026-11-18T04"), none, false, None, "2026-11-30T00", (Met, Some(6))),
        ("late", Some("2026-11-19T10"), none, false, None, "2026-11-30T00", (Breached, Some(-24))),
        (
            "answered",
            None,
            &[pause("2026-11-17T12", Some("2026-11-17T18"))],
            false,
            None,
            "2026-11-18T10",
            (Running, Some(6)),
        ),
        ("waits", None, &[pause("2026-11-17T12", None)], true, None, "2026-11-25T10", (Paused, Some(22))),
        ("waits, since when?", None, none, true, None, "2026-11-17T20", (Paused, Some(14))),
        ("before go-live", None, none, false, Some("2026-11-18"), "2026-11-30T00", (Baseline, None)),
        ("on the go-live day", None, none, false, Some("2026-11-17"), "2026-11-18T13", (Over, Some(-3))),
    ] {
        let run = Run::of(hour("2026-11-17T10"), ended.map(hour)).with(pauses.to_vec(), waits);
        let watch = Watch { go_live: go_live.map(date), ..watch(&policy, now) };
        for rule in [Rule::Referral, Rule::FollowUp, Rule::ConflictAcknowledged] {
            let clock = watch.after(rule, &run);
            assert_eq!((clock.state, clock.left.map(|left| left / 3600)), expected, "{name}, {}", rule.id());
            assert_eq!(clock.rule, rule.id());
        }
    }
}

#[test]
fn business_time_says_how_much_of_it_is_left() {
    let policy = Policy::built_in();
    // Five business days from Thursday, 15:00: the weekend does not count.
    let run = |ended: Option<&str>| Run::of(hour("2026-11-19T15"), ended.map(hour));
    for (name, ended, now, expected) in [
        ("a day has gone", None, "2026-11-20T15", (Running, 32)),
        ("at the weekend", None, "2026-11-22T15", (Running, 30)),
        ("over since the evening", None, "2026-11-26T22", (Over, -2)),
        ("done on Monday", Some("2026-11-23T11"), "2026-12-30T00", (Met, 28)),
    ] {
        let clock = watch(&policy, now).after(Rule::ResolutionPlan, &run(ended));
        assert_eq!((clock.state, clock.left.unwrap() / 3600), expected, "{name}");
        assert_eq!(clock.due, hour("2026-11-26T15"), "{name}");
    }
}

#[test]
fn a_clock_before_a_day_begins_ahead_of_it_and_is_over_after_it() {
    let policy = Policy::built_in();
    for (name, heeded, go_live, now, expected) in [
        ("far off", None, None, "2026-11-16T23", None),
        ("opens", None, None, "2026-11-17T00", Some((Running, 191))),
        ("the last hour", None, None, "2026-11-24T23", Some((Running, 0))),
        ("over", None, None, "2026-11-25T01", Some((Over, -1))),
        ("heeded", Some("2026-11-20T00"), None, "2026-11-30T00", Some((Met, 119))),
        ("heeded long before", Some("2026-10-20T00"), None, "2026-11-30T00", Some((Met, 863))),
        ("too late", Some("2026-11-26T00"), None, "2026-11-30T00", Some((Breached, -24))),
        ("live in between", None, Some("2026-11-20"), "2026-11-25T01", Some((Over, -1))),
        ("over before go-live", None, Some("2026-11-25"), "2026-11-25T01", Some((Baseline, 0))),
    ] {
        let watch = Watch { go_live: go_live.map(date), ..watch(&policy, now) };
        let clock = protection(date("2026-11-24"), heeded.map(hour), &watch);
        assert_eq!(told(clock), expected, "{name}");
    }
    let certificate = |now: &str| certification(date("2026-12-20"), None, &watch(&policy, now));
    assert_eq!(certificate("2026-11-19T23"), None);
    assert_eq!(certificate("2026-11-20T00").map(|clock| clock.state), Some(Running));
    assert_eq!(
        watch(&policy, "2026-11-20T00").before(Rule::RenewalOwner, date("2027-02-18"), None).map(|c| c.state),
        Some(Running)
    );
    assert_eq!(watch(&policy, "2026-11-20T00").before(Rule::RenewalOwner, date("2027-02-19"), None), None);
}

#[test]
fn a_renewal_s_owner_is_confirmed_before_the_time_that_the_policy_asks_for() {
    let policy = Policy::built_in();
    // 90 days before 18 February is 20 November, and 90 days before the day before that is 21 August.
    for (name, confirmed, now, expected) in [
        ("far off", None, "2026-08-20T23", None),
        ("begins", None, "2026-08-21T00", Some((Running, 90 * 24 + 23))),
        ("the last hour", None, "2026-11-19T23", Some((Running, 0))),
        ("over, and a finding", None, "2026-11-20T01", Some((Over, -1))),
        ("in time", Some("2026-11-19T00"), "2026-12-30T00", Some((Met, 23))),
        ("late", Some("2026-11-21T00"), "2026-12-30T00", Some((Breached, -24))),
    ] {
        let clock = renewal_owner(date("2027-02-18"), confirmed.map(hour), &watch(&policy, now));
        assert_eq!(told(clock), expected, "{name}");
    }
    let found = crate::channel_conflicts::clocks::renewal_owner_due(date("2027-02-18"), &policy);
    assert_eq!(found, hour("2026-11-20T00"), "the finding comes when the clock is over");
    assert_eq!(renewal_opens(date("2027-02-18"), &policy), hour("2026-08-21T00"));
    assert!(renewals_begun(date("2026-08-21"), &policy) >= date("2027-02-18"));
}

#[test]
fn a_referral_is_done_with_its_deal() {
    let policy = Policy::built_in();
    let claim = |status, deal: Option<&str>, decided: Option<&str>| Registration {
        motion: Some(drumbeat_model::deal::Motion::Referral),
        status,
        deal: deal.map(DealId::from),
        submitted_at: Some(hour("2026-11-17T10")),
        decided_at: decided.map(hour),
        ..registration()
    };
    for (name, claim, made, now, expected) in [
        ("waits", claim(S::Submitted, None, None), None, "2026-11-17T20", Some((Running, 14))),
        ("over", claim(S::Submitted, None, None), None, "2026-11-18T20", Some((Over, -10))),
        ("asked", claim(S::InfoRequested, None, None), None, "2026-11-17T20", Some((Paused, 14))),
        ("approved", claim(S::Approved, Some("d"), Some("2026-11-18T04")), None, "2026-11-30T00", Some((Met, 6))),
        (
            "approved late",
            claim(S::Approved, Some("d"), Some("2026-11-18T12")),
            None,
            "2026-11-30T00",
            Some((Breached, -2)),
        ),
        (
            "made in the CRM",
            claim(S::Approved, Some("d"), None),
            Some(hour("2026-11-18T04")),
            "2026-11-30T00",
            Some((Met, 6)),
        ),
        (
            "of an older deal",
            claim(S::Approved, Some("d"), None),
            Some(hour("2026-01-18T04")),
            "2026-11-30T00",
            Some((Met, 24)),
        ),
        ("approved without a deal", claim(S::Approved, None, Some("2026-11-18T04")), None, "2026-11-30T00", None),
        ("declined", claim(S::Declined, None, Some("2026-11-18T04")), None, "2026-11-30T00", None),
        ("withdrawn", claim(S::Withdrawn, None, None), None, "2026-11-30T00", None),
        (
            "another motion",
            Registration { motion: None, ..claim(S::Submitted, None, None) },
            None,
            "2026-11-17T20",
            None,
        ),
        (
            "never sent",
            Registration { submitted_at: None, ..claim(S::Submitted, None, None) },
            None,
            "2026-11-17T20",
            None,
        ),
    ] {
        assert_eq!(told(referral(&claim, made, &watch(&policy, now))), expected, "{name}");
    }
}

#[test]
fn notes_follow_ups_and_next_steps_count_from_what_happened() {
    let policy = Policy::built_in();
    let at_two = watch(&policy, "2026-11-19T14");
    let live = Watch { go_live: Some(date("2026-11-18")), ..at_two };
    let written = |at: &str, next: Option<&str>| Notes { at: hour(at), next: next.map(hour) };
    for (name, clock, expected) in [
        ("fresh notes", Some(notes(written("2026-11-18T14", None), &at_two)), Some((Running, 144))),
        ("old notes", Some(notes(written("2026-11-11T14", None), &at_two)), Some((Over, -24))),
        ("written anew in time", Some(notes(written("2026-11-01T14", Some("2026-11-08T13")), &at_two)), Some((Met, 1))),
        (
            "written anew too late",
            Some(notes(written("2026-11-01T14", Some("2026-11-09T14")), &at_two)),
            Some((Breached, -24)),
        ),
        ("old notes count from go-live", Some(notes(written("2026-01-01T14", None), &live)), Some((Running, 130))),
        ("followed", follow_up(hour("2026-11-18T10"), Some(hour("2026-11-18T16")), &at_two), Some((Met, 18))),
        ("not followed", follow_up(hour("2026-11-18T10"), None, &at_two), Some((Over, -4))),
        ("a meeting to come", follow_up(hour("2026-11-20T10"), None, &at_two), None),
        ("a meeting before go-live", follow_up(hour("2026-11-17T10"), None, &live), Some((Baseline, 0))),
        (
            "a step was there already",
            next_step(hour("2026-11-18T14"), Some(hour("2026-11-01T00")), &at_two),
            Some((Met, 168)),
        ),
        ("no step", next_step(hour("2026-11-12T13"), None, &at_two), Some((Over, -1))),
        ("a talk to come", next_step(hour("2026-11-20T10"), None, &at_two), None),
    ] {
        assert_eq!(told(clock), expected, "{name}");
    }
}

#[test]
fn the_first_meeting_is_due_with_its_day_and_only_for_leads() {
    let policy = Policy::built_in();
    let lead = Registration {
        kind: RegistrationKind::Lead,
        status: S::Approved,
        decided_at: Some(hour("2026-11-01T15")),
        protection_start: Some(date("2026-11-01")),
        protection_end: Some(date("2026-12-31")),
        ..registration()
    };
    let met = |claim: &Registration, day: &str| {
        let meeting =
            Meeting { day: date(day), text: String::new(), by: String::new(), logged_at: hour("2026-11-30T00") };
        let mut claim = claim.clone();
        claim.dossier.meeting = Some(meeting);
        claim
    };
    let late = "2026-11-30T00";
    for (name, claim, seen, now, expected) in [
        ("waits", lead.clone(), None, "2026-11-15T22", Some((Running, 1))),
        ("over", lead.clone(), None, "2026-11-16T02", Some((Over, -2))),
        ("met on the last day", met(&lead, "2026-11-15"), None, late, Some((Met, 11))),
        ("met too late", met(&lead, "2026-11-16"), None, late, Some((Breached, -12))),
        ("met on the day of the approval", met(&lead, "2026-11-01"), None, late, Some((Met, 344))),
        ("a meeting in the CRM", lead.clone(), Some(date("2026-11-15")), late, Some((Met, 11))),
        ("the claim knows better", met(&lead, "2026-11-16"), Some(date("2026-11-15")), late, Some((Breached, -12))),
        ("converted", Registration { status: S::Converted, ..lead.clone() }, None, late, None),
        ("a deal", Registration { kind: RegistrationKind::Deal, ..lead.clone() }, None, late, None),
        ("released", Registration { status: S::Expired, ..lead.clone() }, None, late, None),
    ] {
        assert_eq!(told(first_meeting(&claim, seen, &watch(&policy, now))), expected, "{name}");
    }
}

#[test]
fn a_certificate_is_renewed_by_one_of_the_same_holder_and_kind_that_lasts_longer() {
    let certificate = |id: &str, kind: Option<&str>, expires: Option<&str>, earned: Option<&str>| Certification {
        id: id.to_owned(),
        partner: PartnerId::from("p1"),
        name: "Professional".to_owned(),
        holder: Some("Ana".to_owned()),
        kind: kind.map(str::to_owned),
        level: None,
        earned: earned.map(date),
        expires: expires.map(date),
        status: None,
    };
    let old = certificate("1", Some("technical"), Some("2026-11-20"), Some("2025-11-20"));
    let noon = |day: &str| Some(hour(&format!("{day}T12")));
    for (name, new, expected) in [
        ("itself", old.clone(), None),
        ("longer", certificate("2", Some("technical"), Some("2027-11-20"), Some("2026-11-01")), noon("2026-11-01")),
        ("without an end", certificate("2", Some("technical"), None, Some("2026-11-01")), noon("2026-11-01")),
        ("earned nobody knows when", certificate("2", Some("technical"), None, None), noon("2026-11-20")),
        ("shorter", certificate("2", Some("technical"), Some("2026-01-20"), None), None),
        ("another kind", certificate("2", Some("sales"), Some("2027-11-20"), None), None),
        ("somebody else's", Certification { holder: None, ..certificate("2", Some("technical"), None, None) }, None),
    ] {
        assert_eq!(renewed(&old, &[new]), expected, "{name}");
    }
}

#[test]
fn a_record_counts_what_was_kept_and_by_how_much() {
    let policy = Policy::built_in();
    let live = Watch { go_live: Some(date("2026-11-02")), ..watch(&policy, "2026-11-30T00") };
    let clock = |from: &str, until: Option<&str>| live.after(Rule::FollowUp, &Run::of(hour(from), until.map(hour)));
    let clocks = [
        clock("2026-11-03T10", Some("2026-11-03T12")),
        clock("2026-11-04T10", Some("2026-11-05T04")),
        clock("2026-11-05T10", Some("2026-11-07T10")),
        clock("2026-11-06T10", None),
        clock("2026-11-29T20", None),
        clock("2026-11-01T10", None),
    ];
    let expected = Kept { met: 2, breached: 2, over: 1, baseline: 1, median_left: Some(6 * 3600) };
    assert_eq!(kept(&clocks), expected);
    assert_eq!(kept(&clocks[..2]).median_left, Some(14 * 3600), "the middle of two");
    assert_eq!(kept([]), Kept::default());
}

/// The clocks that give time from a start, each with its setting.
fn set(policy: &mut Policy, rule: Rule, span: Span) {
    let clocks = &mut policy.clocks;
    *match rule {
        Rule::Referral => &mut clocks.referral,
        Rule::Decision => &mut clocks.decision,
        Rule::Notes => &mut clocks.notes,
        Rule::FollowUp => &mut clocks.follow_up,
        Rule::NextStep => &mut clocks.next_step,
        Rule::ConflictAcknowledged => &mut clocks.conflict_acknowledged,
        Rule::ResolutionPlan => &mut clocks.resolution_plan,
        Rule::RenewalOwner => &mut clocks.renewal_owner,
        Rule::ProtectionEnds => &mut clocks.protection_ends,
        Rule::FirstMeeting => &mut clocks.first_meeting,
        Rule::CertificationExpires => &mut clocks.certification_expires,
    } = span;
}

fn rules(counts: Counts) -> Vec<Rule> {
    Rule::ALL.iter().copied().filter(|rule| rule.row().counts == counts).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn every_clock_agrees_with_counting_minutes_over_a_year_with_its_changes_of_the_clocks(
        rule in prop::sample::select(rules(Counts::After)),
        calendar in calendars(),
        start in minutes(2026),
        hours in 1_u32..60,
        business in any::<bool>(),
        stops in prop::collection::vec((0_i64..8_000, 1_i64..4_000), 0..3),
        ended in prop::option::of(0_i64..40_000),
        age in 0_i64..40_000,
    ) {
        let mut policy = Policy::built_in();
        policy.calendar = calendar;
        let span = Span { amount: hours, unit: Unit::Hours, business };
        set(&mut policy, rule, span);
        let minute = |count: i64| start + TimeDelta::minutes(count);
        let pauses: Vec<Pause> =
            stops.iter().map(|(from, length)| Pause { from: minute(*from), until: Some(minute(from + length)) }).collect();
        let now = minute(age);
        let ended = ended.map(minute).filter(|at| *at <= now);
        let run = Run::of(start, ended).with(pauses.clone(), false);
        let clock = Watch { policy: &policy, go_live: None, now }.after(rule, &run);
        // What comes after the end, or is still to come, moves nothing.
        let stops = crate::calendar::pauses(&pauses, ended.unwrap_or(now));
        prop_assert_eq!(clock.due, naive_due(start, span, &policy.calendar, &stops));
        let until = ended.unwrap_or(now);
        let state = match (ended, until <= clock.due) {
            (Some(_), true) => Met,
            (Some(_), false) => Breached,
            (None, true) => Running,
            (None, false) => Over,
        };
        prop_assert_eq!(clock.state, state);
        // Counting what is left, minute by minute, comes to the due time again.
        let left = clock.left.unwrap();
        prop_assert_eq!(left < 0, crate::calendar::between(clock.due, until, business, &policy.calendar, &stops) > TimeDelta::zero());
        if left > 0 {
            let counted = crate::calendar::between(until, clock.due, business, &policy.calendar, &stops);
            prop_assert_eq!(counted.num_seconds(), left);
        }
        let live = Watch { policy: &policy, go_live: start.date_naive().succ_opt(), now }.after(rule, &run);
        prop_assert_eq!((live.state, live.left), (Baseline, None));
    }

    #[test]
    fn every_clock_before_a_day_opens_as_many_days_ahead_as_one_counts(
        rule in prop::sample::select(rules(Counts::Before)),
        calendar in calendars(),
        last in 0_u64..700,
        days in 1_u32..40,
        business in any::<bool>(),
        age in -60_i64..60,
    ) {
        let mut policy = Policy::built_in();
        policy.calendar = calendar;
        set(&mut policy, rule, Span { amount: days, unit: Unit::Days, business });
        let last = date("2026-01-01") + chrono::Days::new(last);
        let now = midnight(last) + TimeDelta::days(age);
        let clock = Watch { policy: &policy, go_live: None, now }.before(rule, last, None);
        let mut opens = last;
        let mut left = days;
        while left > 0 {
            opens = opens.pred_opt().unwrap();
            let works = policy.calendar.days.iter().any(|day| day.0 == opens.weekday())
                && !policy.calendar.holidays.iter().any(|off| off.is(opens));
            left -= u32::from(!business || works);
        }
        prop_assert_eq!(clock.is_some(), now.date_naive() >= opens);
        if let Some(clock) = clock {
            prop_assert_eq!((clock.started, clock.due.date_naive()), (midnight(opens), last));
            prop_assert_eq!(clock.state, if now.date_naive() <= last { Running } else { Over });
        }
    }
}
