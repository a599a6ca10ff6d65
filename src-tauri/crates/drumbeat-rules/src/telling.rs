//! What is told on the desktop before a clock runs out (S), and when it is quiet.
//!
//! Each clock is told once for each time before its end that the policy names; one that asks for something before a
//! day is told when it begins, too: that is what it is for. Clocks whose days matter and not their hours are told in
//! the morning of the day. In quiet hours nothing is told; what fell into them is told afterwards, as long as the
//! clock still runs, and the nearest time alone speaks for those before it. All of it is a function of `now` and of
//! what was told last, so that a computer that slept tells what is due then and not a heap of what was.

use std::collections::BTreeSet;

use chrono::{Datelike, TimeDelta, Timelike};
use drumbeat_model::time::Instant;
use drumbeat_model::verdict::{Clock, ClockState};

use crate::calendar;
use crate::clocks::{Counts, Rule};
use crate::policy::{Policy, Quiet, Span};

/// Clocks that one notice names; it counts the others.
const NAMED: usize = 4;

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
    /// By which it is remembered as told: one for each clock and time that it is about.
    pub keys: Vec<String>,
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
        let Some(rule) = Rule::from_id(&clock.rule).filter(|_| runs && rules.rules.contains(&clock.rule)) else {
            continue;
        };
        let morning = |at: Instant| if rule.row().by_day { morning(at, policy) } else { at };
        // The nearest time that has come speaks for those before it.
        let come = rules.before.iter().filter(|before| morning(starts(clock.due, **before, policy)) <= now);
        let nearest = come.min_by_key(|before| calendar::length(**before, &policy.calendar)).map(ToString::to_string);
        let opens =
            || (rule.row().counts == Counts::Before && morning(clock.started) <= now).then(|| "opens".to_owned());
        let Some(before) = nearest.or_else(opens) else { continue };
        let key = format!("{}|{}|{}|{before}", telling.about, clock.rule, clock.due.timestamp());
        if !told.contains(&key) {
            let text = format!("{} left ({})", left(clock.due, now), clock.rule);
            due.push((clock.due, Notice { keys: vec![key], title: telling.title.clone(), text }));
        }
    }
    due.sort_by(|a, b| (a.0, &a.1.keys).cmp(&(b.0, &b.1.keys)));
    due.into_iter().map(|(_, notice)| notice).collect()
}

/// All notices as one: itself where there is one, else how many clocks run out and which are the next.
#[must_use]
pub fn as_one(mut notices: Vec<Notice>) -> Option<Notice> {
    if notices.len() < 2 {
        return notices.pop();
    }
    let title = format!("{} clocks run out", notices.len());
    let mut lines: Vec<String> =
        notices.iter().take(NAMED).map(|notice| format!("{}: {}", notice.title, notice.text)).collect();
    if let Some(more) = notices.len().checked_sub(NAMED).filter(|more| *more > 0) {
        lines.push(format!("and {more} more"));
    }
    let keys = notices.into_iter().flat_map(|notice| notice.keys).collect();
    Some(Notice { keys, title, text: lines.join("\n") })
}

/// The farthest ahead that anything is told of a clock that gives time from a start.
#[must_use]
pub fn farthest(policy: &Policy) -> TimeDelta {
    let zero = TimeDelta::zero();
    let ahead = |before: &Span| match before.business {
        // Free days lie between: as far as any calendar that works at all may stretch it.
        true => TimeDelta::days(i64::from(before.days()) * 7 + 31),
        false => calendar::length(*before, &policy.calendar),
    };
    policy.notifications.before.iter().map(ahead).max().unwrap_or(zero) + TimeDelta::days(1)
}

/// Whether something that was told may still be told again: keys of clocks that have run out can be forgotten.
#[must_use]
pub fn is_remembered(key: &str, now: Instant) -> bool {
    key.split('|').nth(2).and_then(|due| due.parse::<i64>().ok()).is_some_and(|due| due >= now.timestamp())
}

/// When work begins on the day of an instant; the instant itself where it is earlier.
fn morning(at: Instant, policy: &Policy) -> Instant {
    let (zone, from) = (policy.calendar.zone.0, policy.calendar.from);
    let begins = at.with_timezone(&zone).date_naive().and_time(from.time().unwrap_or_default());
    begins.and_local_timezone(zone).earliest().map_or(at, |begins| begins.to_utc().min(at))
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
        of("S-02", due, due, state)
    }

    fn of(rule: &str, started: &str, due: &str, state: ClockState) -> Telling {
        let (started, due) = (at(started), at(due));
        Telling {
            about: "registration:1".to_owned(),
            title: "Decide Hansa".to_owned(),
            clock: Clock { rule: rule.to_owned(), started, due, state, since: None, left: None },
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
                    told.extend(notice.keys);
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
    fn a_day_is_told_in_its_morning_and_what_asks_for_something_before_a_day_when_it_begins() {
        let policy = Policy::built_in();
        let (start, end) = ("2026-11-12T00:00:00Z", "2026-11-19T23:59:59Z");
        for (name, rule, now, expected) in [
            ("a day before, at night", "S-03", "2026-11-18T07:59:00Z", None),
            ("a day before, before work", "S-03", "2026-11-18T08:59:00Z", None),
            ("a day before, in the morning", "S-03", "2026-11-18T09:00:00Z", Some("38 hours left (S-03)")),
            ("on the day, in the morning", "S-03", "2026-11-19T09:00:00Z", Some("14 hours left (S-03)")),
            ("a week before a day, it begins", "S-09", "2026-11-12T09:00:00Z", Some("7 days left (S-09)")),
            ("a week before, from a start", "S-10", "2026-11-12T09:00:00Z", None),
            ("an hour matters", "S-04", "2026-11-18T12:00:00Z", None),
        ] {
            let notices = due_notices(&[of(rule, start, end, ClockState::Running)], &policy, at(now), &BTreeSet::new());
            assert_eq!(notices.first().map(|notice| notice.text.as_str()), expected, "{name}");
        }
    }

    #[test]
    fn several_at_once_are_one_notice_that_remembers_all_of_them() {
        let policy = Policy::built_in();
        let one = |number: u32| Telling {
            about: format!("registration:{number}"),
            title: format!("Decide {number}"),
            ..telling(&format!("2026-11-19T13:{number:02}:00Z"), ClockState::Running)
        };
        let run = |count: u32, told: &BTreeSet<String>| {
            let clocks: Vec<Telling> = (0..count).map(one).collect();
            as_one(due_notices(&clocks, &policy, at("2026-11-19T12:00:00Z"), told))
        };
        assert_eq!(run(0, &BTreeSet::new()), None);
        assert_eq!(run(1, &BTreeSet::new()).unwrap().title, "Decide 0");
        let six = run(6, &BTreeSet::new()).unwrap();
        assert_eq!((six.title.as_str(), six.keys.len()), ("6 clocks run out", 6));
        assert_eq!(six.text.lines().next(), Some("Decide 0: 60 minutes left (S-02)"));
        assert_eq!(six.text.lines().last(), Some("and 2 more"));
        let told: BTreeSet<String> = six.keys.into_iter().collect();
        assert_eq!(run(6, &told), None, "each once");
        assert_eq!(run(7, &told).unwrap().title, "Decide 6");
        assert!(told.iter().all(|key| is_remembered(key, at("2026-11-19T13:00:00Z"))));
        assert!(!told.iter().any(|key| is_remembered(key, at("2026-11-19T14:00:00Z"))));
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
