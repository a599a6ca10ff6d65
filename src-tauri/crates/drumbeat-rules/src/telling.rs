//! What is told on the desktop before a clock runs out (S), and when it is quiet.
//!
//! Each clock is told once for each time before its end that the policy names. In quiet hours nothing is told;
//! what fell into them is told afterwards, as long as the clock still runs, and the nearest time alone speaks for
//! those before it. All of it is a function of `now` and of what was told last, so that a computer that slept
//! tells what is due then and not a heap of what was.

use std::collections::BTreeSet;

use chrono::{Datelike, Timelike};
use drumbeat_model::time::Instant;
use drumbeat_model::verdict::{Clock, ClockState};

use crate::calendar;
use crate::policy::{Policy, Quiet, Span};

/// A clock that can be told, with what it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Telling {
    /// Stable name of what runs, e.g. `registration:4711`.
    pub about: String,
    /// What a person reads, e.g. "Decide Hansa Kühlkette".
    pub title: String,
    /// The clock.
    pub clock: Clock,
}

/// A notice to be shown now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// By which it is remembered as told.
    pub key: String,
    /// Head line.
    pub title: String,
    /// How much time is left.
    pub text: String,
}

/// The notices that are due now, nearest first. `told` are the keys of those that were shown.
#[must_use]
pub fn due_notices(clocks: &[Telling], policy: &Policy, now: Instant, told: &BTreeSet<String>) -> Vec<Notice> {
    let rules = &policy.notifications;
    if !rules.on || is_quiet(&rules.quiet, policy, now) {
        return Vec::new();
    }
    let mut due: Vec<(Instant, Notice)> = Vec::new();
    for telling in clocks {
        let clock = &telling.clock;
        let runs = clock.state == ClockState::Running && clock.due > now;
        if !runs || !rules.rules.contains(&clock.rule) {
            continue;
        }
        // The nearest time that has come speaks for those before it.
        let come = rules.before.iter().filter(|before| starts(clock.due, **before, policy) <= now);
        let Some(before) = come.min_by_key(|before| calendar::length(**before, &policy.calendar)) else { continue };
        let key = format!("{}|{}|{}|{before}", telling.about, clock.rule, clock.due.timestamp());
        if !told.contains(&key) {
            let text = format!("{} left ({})", left(clock.due, now), clock.rule);
            due.push((clock.due, Notice { key, title: telling.title.clone(), text }));
        }
    }
    due.sort_by(|a, b| (a.0, &a.1.key).cmp(&(b.0, &b.1.key)));
    due.into_iter().map(|(_, notice)| notice).collect()
}

/// When a notice so long before `due` is to be shown.
fn starts(due: Instant, before: Span, policy: &Policy) -> Instant {
    if before.business {
        return calendar::latest_start(due, before, &policy.calendar);
    }
    due.checked_sub_signed(calendar::length(before, &policy.calendar)).unwrap_or(Instant::MIN_UTC)
}

/// Whether it is quiet, in the calendar's zone.
#[must_use]
pub fn is_quiet(quiet: &Quiet, policy: &Policy, now: Instant) -> bool {
    let local = now.with_timezone(&policy.calendar.zone.0);
    let minute = local.hour() * 60 + local.minute();
    let (from, to) = (quiet.from.0, quiet.to.0);
    let inside = if from <= to { (from..to).contains(&minute) } else { minute >= from || minute < to };
    inside || quiet.days.iter().any(|day| day.0 == local.weekday())
}

fn left(due: Instant, now: Instant) -> String {
    let minutes = (due - now).num_minutes();
    match (minutes / (24 * 60), minutes / 60, minutes) {
        (days, _, _) if days >= 2 => format!("{days} days"),
        (_, hours, _) if hours >= 2 => format!("{hours} hours"),
        (_, _, 1) => "1 minute".to_owned(),
        (_, _, minutes) => format!("{minutes} minutes"),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    fn telling(due: &str, state: ClockState) -> Telling {
        let due = at(due);
        Telling {
            about: "registration:1".to_owned(),
            title: "Decide Hansa".to_owned(),
            clock: Clock { rule: "S-02".to_owned(), started: due, due, state, since: None },
        }
    }

    #[test]
    fn a_clock_is_told_before_its_end_but_not_when_it_is_quiet() {
        use ClockState::{Met, Over, Paused, Running};
        // Thursday the 19th; quiet from 19:00 to 08:00 and at the weekend.
        for (name, due, state, now, expected) in [
            ("two days left", "2026-11-21T12:00:00Z", Running, "2026-11-19T12:00:00Z", None),
            ("a day left", "2026-11-20T12:00:00Z", Running, "2026-11-19T12:00:00Z", Some("24 hours left (S-02)")),
            ("an hour left", "2026-11-19T13:00:00Z", Running, "2026-11-19T12:00:00Z", Some("60 minutes left (S-02)")),
            ("over", "2026-11-19T11:00:00Z", Over, "2026-11-19T12:00:00Z", None),
            ("ran out unseen", "2026-11-19T11:00:00Z", Running, "2026-11-19T12:00:00Z", None),
            ("paused", "2026-11-19T13:00:00Z", Paused, "2026-11-19T12:00:00Z", None),
            ("met", "2026-11-19T13:00:00Z", Met, "2026-11-19T12:00:00Z", None),
            ("at night", "2026-11-20T03:00:00Z", Running, "2026-11-20T02:00:00Z", None),
            ("in the morning", "2026-11-20T10:00:00Z", Running, "2026-11-20T08:00:00Z", Some("2 hours left (S-02)")),
            ("on Saturday", "2026-11-21T13:00:00Z", Running, "2026-11-21T12:00:00Z", None),
        ] {
            let notices = due_notices(&[telling(due, state)], &Policy::built_in(), at(now), &BTreeSet::new());
            let known: Option<&str> = notices.first().map(|notice| notice.text.as_str());
            assert_eq!(known, expected, "{name}");
        }
        let mut policy = Policy::built_in();
        let soon = [telling("2026-11-19T13:00:00Z", Running)];
        policy.notifications.rules = vec!["S-09".to_owned()];
        assert_eq!(due_notices(&soon, &policy, at("2026-11-19T12:00:00Z"), &BTreeSet::new()), []);
        policy.notifications.on = false;
        assert_eq!(due_notices(&soon, &policy, at("2026-11-19T12:00:00Z"), &BTreeSet::new()), []);
    }

    #[test]
    fn every_minute_of_three_days_tells_each_time_once_and_a_sleep_tells_the_nearest_alone() {
        let policy = Policy::built_in();
        let clocks = [telling("2026-11-20T12:00:00Z", ClockState::Running)];
        let run = |step: i64| {
            let mut told = BTreeSet::new();
            let mut texts = Vec::new();
            let mut now = at("2026-11-18T00:00:00Z");
            while now < at("2026-11-21T00:00:00Z") {
                for notice in due_notices(&clocks, &policy, now, &told) {
                    texts.push(notice.text.clone());
                    told.insert(notice.key);
                }
                now += chrono::TimeDelta::minutes(step);
            }
            texts
        };
        assert_eq!(run(1), ["24 hours left (S-02)", "2 hours left (S-02)"]);
        // Awake again an hour before the end: one notice, not two.
        let notices = due_notices(&clocks, &policy, at("2026-11-20T11:00:00Z"), &BTreeSet::new());
        assert_eq!(notices.len(), 1);
        assert_eq!(notices[0].text, "60 minutes left (S-02)");
    }

    #[test]
    fn quiet_hours_are_those_of_the_calendar_s_zone() {
        let mut policy = Policy::built_in();
        policy.calendar.zone = "America/New_York".parse().unwrap();
        let quiet = policy.notifications.quiet.clone();
        assert!(is_quiet(&quiet, &policy, at("2026-11-19T12:30:00Z")), "7:30 there");
        assert!(!is_quiet(&quiet, &policy, at("2026-11-19T14:30:00Z")));
        assert!(!is_quiet(&quiet, &policy, at("2026-11-19T23:30:00Z")), "18:30 there");
    }
}
