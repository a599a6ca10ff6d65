#![allow(clippy::unwrap_used, clippy::expect_used)]
use chrono::{Datelike, Timelike};
use proptest::prelude::*;

use super::*;
use crate::policy::{Policy, Weekday};

fn office(zone: &str) -> CalendarRule {
    CalendarRule { zone: zone.parse().unwrap(), ..Policy::built_in().calendar }
}

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

fn span(text: &str) -> Span {
    text.parse().unwrap()
}

#[test]
fn a_clock_is_due_when_its_time_is_over_in_the_time_that_it_counts() {
    for (zone, start, time, expected) in [
        ("UTC", "2026-11-20T15:00:00Z", "48 hours", "2026-11-22T15:00:00Z"),
        // Friday afternoon: the weekend does not count.
        ("UTC", "2026-11-20T15:00:00Z", "2 business days", "2026-11-24T15:00:00Z"),
        ("UTC", "2026-11-20T15:00:00Z", "16 business hours", "2026-11-24T15:00:00Z"),
        // Outside the hours it begins with the next ones, and ends with them.
        ("UTC", "2026-11-20T20:00:00Z", "1 business day", "2026-11-23T17:00:00Z"),
        ("UTC", "2026-11-21T12:00:00Z", "1 business hour", "2026-11-23T10:00:00Z"),
        // 25 and 26 December are days off.
        ("UTC", "2026-12-24T16:00:00Z", "2 business hours", "2026-12-28T10:00:00Z"),
        ("Europe/Berlin", "2026-11-20T15:00:00Z", "1 business hour", "2026-11-20T16:00:00Z"),
        ("Europe/Berlin", "2026-11-20T15:00:00Z", "2 business hours", "2026-11-23T09:00:00Z"),
        ("America/New_York", "2026-11-20T15:00:00Z", "1 business day", "2026-11-23T15:00:00Z"),
        // The clocks change on Sunday: Monday begins an hour earlier in UTC.
        ("Europe/Berlin", "2026-03-27T15:30:00Z", "1 business hour", "2026-03-30T07:30:00Z"),
        ("Europe/Berlin", "2026-10-23T14:30:00Z", "1 business hour", "2026-10-26T08:30:00Z"),
        ("Europe/Berlin", "2026-03-28T12:00:00Z", "1 days", "2026-03-29T12:00:00Z"),
    ] {
        let due = due(at(start), span(time), &office(zone), &[]);
        assert_eq!(due, at(expected), "{time} from {start} in {zone}");
    }
}

#[test]
fn a_calendar_without_a_working_day_never_ends_a_clock_and_the_walk_ends() {
    let none = CalendarRule { days: Vec::new(), ..office("UTC") };
    assert_eq!(due(at("2026-11-20T15:00:00Z"), span("1 business hour"), &none, &[]), Instant::MAX_UTC);
    assert_eq!(between(at("2026-11-20T15:00:00Z"), Instant::MAX_UTC, true, &none, &[]), TimeDelta::zero());
    assert_eq!(latest_start(at("2026-11-20T15:00:00Z"), span("1 business hour"), &none), Instant::MIN_UTC);
}

#[test]
fn days_are_counted_with_and_without_the_weekend() {
    let calendar = office("UTC");
    let day = |text: &str| text.parse::<Day>().unwrap();
    for (from, time, after, before) in [
        ("2026-11-20", "7 days", "2026-11-27", "2026-11-13"),
        ("2026-11-20", "5 business days", "2026-11-27", "2026-11-13"),
        ("2026-11-20", "1 business day", "2026-11-23", "2026-11-19"),
        ("2026-12-24", "1 business days", "2026-12-28", "2026-12-23"),
        ("2026-11-20", "36 hours", "2026-11-22", "2026-11-18"),
        ("2026-11-20", "9 business hours", "2026-11-24", "2026-11-18"),
    ] {
        assert_eq!(day_after(day(from), span(time), &calendar), day(after), "{time} after {from}");
        assert_eq!(day_before(day(from), span(time), &calendar), day(before), "{time} before {from}");
    }
}

/// The oracle: every minute of it, one after the other.
pub(crate) fn naive_due(start: Instant, span: Span, calendar: &CalendarRule, pauses: &[(Instant, Instant)]) -> Instant {
    let mut left = length(span, calendar).num_minutes();
    let mut minute = start;
    while left > 0 {
        let local = minute.with_timezone(&calendar.zone.0);
        let of_day = local.hour() * 60 + local.minute();
        let works = is_working_day(local.date_naive(), calendar) && (calendar.from.0..calendar.to.0).contains(&of_day);
        let paused = pauses.iter().any(|(from, until)| (*from..*until).contains(&minute));
        if (works || !span.business) && !paused {
            left -= 1;
        }
        minute += TimeDelta::minutes(1);
    }
    minute
}

pub(crate) fn calendars() -> impl Strategy<Value = CalendarRule> {
    let zones = prop::sample::select(
        &[
            "UTC",
            "Europe/Berlin",
            "America/New_York",
            "America/Santiago",
            "Australia/Lord_Howe",
            "Asia/Kolkata",
            "Africa/Casablanca",
            "Asia/Tehran",
        ][..],
    );
    let hours =
        prop::sample::select(&[("09:00", "17:00"), ("00:00", "24:00"), ("01:30", "02:30"), ("22:00", "24:00")][..]);
    let week = prop::sample::subsequence((0_u8..7).collect::<Vec<_>>(), 1..=7);
    (zones, hours, week).prop_map(|(zone, (from, to), week)| CalendarRule {
        from: from.parse().unwrap(),
        to: to.parse().unwrap(),
        days: week.into_iter().map(|day| Weekday(chrono::Weekday::try_from(day).unwrap())).collect(),
        ..office(zone)
    })
}

pub(crate) fn minutes(year: i32) -> impl Strategy<Value = Instant> {
    (0_i64..366 * 24 * 60).prop_map(move |minute| {
        Day::from_ymd_opt(year, 1, 1).unwrap().and_hms_opt(0, 0, 0).unwrap().and_utc() + TimeDelta::minutes(minute)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn a_clock_agrees_with_counting_minutes_over_a_year_with_its_changes_of_the_clocks(
        calendar in calendars(),
        start in minutes(2026),
        hours in 1_u32..60,
        business in any::<bool>(),
        stops in prop::collection::vec((0_i64..8_000, 1_i64..4_000), 0..3),
    ) {
        let span = Span { amount: hours, unit: Unit::Hours, business };
        let stops: Vec<Pause> = stops.into_iter().map(|(from, length)| {
            let from = start + TimeDelta::minutes(from);
            Pause { from, until: Some(from + TimeDelta::minutes(length)) }
        }).collect();
        let stops = pauses(&stops, Instant::MAX_UTC);
        let due = due(start, span, &calendar, &stops);
        prop_assert_eq!(due, naive_due(start, span, &calendar, &stops));
        prop_assert_eq!(between(start, due, business, &calendar, &stops), length(span, &calendar));
        prop_assert!(due.year() < 2040);
    }

    #[test]
    fn whoever_began_later_is_due_later_and_the_latest_start_is_the_last_that_is_due(
        calendar in calendars(),
        now in minutes(2026),
        hours in 1_u32..60,
        business in any::<bool>(),
    ) {
        let span = Span { amount: hours, unit: Unit::Hours, business };
        let start = latest_start(now, span, &calendar);
        prop_assert!(due(start, span, &calendar, &[]) <= now);
        let later = start + TimeDelta::milliseconds(2);
        prop_assert!(later > now || due(later, span, &calendar, &[]) > now);
    }
}
