//! Time that counts: by the wall, or inside the working hours of the policy's calendar.
//!
//! The hard idea: every clock is the same walk over stretches of counting time. By the wall there is one
//! stretch without end; in business time each working day is one, opened and closed at local times and turned
//! into instants by the time zone database, so that a day on which the clocks change is as long as it is.
//! Pauses are cut out of the stretches. All of it is a function of its arguments: a sleep, another zone or a
//! jump of the computer's clock changes `now` and nothing else.
//!
//! A day of wall time is 24 hours. A business day is as long as the calendar's working day, so that two
//! business days from Friday 15:00 end on Tuesday 15:00.

use chrono::{Days, Offset, TimeDelta, TimeZone};

use drumbeat_model::time::{Day, Instant};

use crate::clocks::Pause;
use crate::policy::{CalendarRule, Span, TimeOfDay, Unit};

/// Days without a working day after which a calendar is taken to have none.
const MOST_FREE_DAYS: u32 = 1_000;

/// How much time a span is.
#[must_use]
pub fn length(span: Span, calendar: &CalendarRule) -> TimeDelta {
    let amount = i64::from(span.amount);
    match (span.unit, span.business) {
        (Unit::Hours, _) => TimeDelta::hours(amount),
        (Unit::Days, false) => TimeDelta::days(amount),
        (Unit::Days, true) => TimeDelta::minutes(amount * i64::from(calendar.to.0.saturating_sub(calendar.from.0))),
    }
}

/// When a clock that began at `start` is due; what the pauses take is added.
#[must_use]
pub fn due(start: Instant, span: Span, calendar: &CalendarRule, pauses: &[(Instant, Instant)]) -> Instant {
    let mut left = length(span, calendar);
    for (open, close) in Stretches::of(start, span.business, calendar, pauses) {
        let here = close - open;
        if left <= here {
            return open.checked_add_signed(left).unwrap_or(Instant::MAX_UTC);
        }
        left -= here;
    }
    Instant::MAX_UTC
}

/// How much time that counts lies between two instants; nothing when `to` is not after `from`.
#[must_use]
pub fn between(
    from: Instant,
    to: Instant,
    business: bool,
    calendar: &CalendarRule,
    pauses: &[(Instant, Instant)],
) -> TimeDelta {
    let mut all = TimeDelta::zero();
    for (open, close) in Stretches::of(from, business, calendar, pauses) {
        if open >= to {
            break;
        }
        all += close.min(to) - open;
    }
    all
}

/// The latest start from which a clock without pauses is due at `now` or before; for counting in lists.
#[must_use]
pub fn latest_start(now: Instant, span: Span, calendar: &CalendarRule) -> Instant {
    let is_due = |start: Instant| due(start, span, calendar, &[]) <= now;
    let mut back = length(span, calendar).max(TimeDelta::minutes(1));
    let (mut early, mut late) = loop {
        match now.checked_sub_signed(back) {
            Some(start) if is_due(start) => break (start, now),
            Some(_) if back < TimeDelta::days(36_525) => back = back * 2,
            _ => return Instant::MIN_UTC,
        }
    };
    // `early` is due, `late` is not, to the millisecond in which the store keeps instants.
    if is_due(late) {
        return late;
    }
    while late - early > TimeDelta::milliseconds(1) {
        let middle = early + (late - early) / 2;
        if is_due(middle) { early = middle } else { late = middle }
    }
    early
}

/// The last day of a span that begins on `day`: a part of a day counts as one, business days skip days off.
#[must_use]
pub fn day_after(day: Day, span: Span, calendar: &CalendarRule) -> Day {
    step(day, span, calendar, Day::succ_opt)
}

/// The day so long before `day`.
#[must_use]
pub fn day_before(day: Day, span: Span, calendar: &CalendarRule) -> Day {
    step(day, span, calendar, Day::pred_opt)
}

fn step(day: Day, span: Span, calendar: &CalendarRule, next: impl Fn(&Day) -> Option<Day>) -> Day {
    let working_day = calendar.to.0.saturating_sub(calendar.from.0).max(1);
    let mut left = match (span.business, span.unit) {
        (true, Unit::Hours) => (span.amount * 60).div_ceil(working_day),
        _ => span.days(),
    };
    let (mut here, mut free) = (day, 0);
    while left > 0 && free < MOST_FREE_DAYS {
        let Some(after) = next(&here) else { return here };
        here = after;
        if !span.business || is_working_day(here, calendar) {
            (left, free) = (left - 1, 0);
        } else {
            free += 1;
        }
    }
    here
}

/// The first working day after a day; the day after it when the calendar has none.
#[must_use]
pub fn next_working_day(day: Day, calendar: &CalendarRule) -> Day {
    let coming = || day.iter_days().skip(1);
    coming().take(366).find(|day| is_working_day(*day, calendar)).or_else(|| coming().next()).unwrap_or(day)
}

/// Whether people work on a day.
#[must_use]
pub fn is_working_day(day: Day, calendar: &CalendarRule) -> bool {
    use chrono::Datelike;
    calendar.days.iter().any(|on| on.0 == day.weekday()) && !calendar.holidays.iter().any(|off| off.is(day))
}

/// When work is done on a day: the instants whose local time lies in the working hours, in order. Two stretches
/// on a day whose clocks go back inside them, one that is shorter where they go forward.
fn working_hours(day: Day, calendar: &CalendarRule) -> [Option<(Instant, Instant)>; 2] {
    let zone = calendar.zone.0;
    let midnight = day.and_time(chrono::NaiveTime::MIN).and_utc();
    let local = |time: TimeOfDay| midnight.checked_add_signed(TimeDelta::minutes(i64::from(time.0)));
    let (Some(from), Some(to)) = (local(calendar.from), local(calendar.to)) else { return [None, None] };
    let offset = |at: Instant| {
        TimeDelta::seconds(i64::from(zone.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc()))
    };
    // No zone is farther from UTC than fourteen hours.
    let margin = TimeDelta::hours(16);
    let (mut early, mut late) = (from - margin, to + margin);
    let (before, after) = (offset(early), offset(late));
    if before == after {
        return [Some((from - before, to - before)), None];
    }
    // Clocks change at a whole second.
    while late - early > TimeDelta::seconds(1) {
        let middle = early + TimeDelta::seconds((late - early).num_seconds() / 2);
        if offset(middle) == before { early = middle } else { late = middle }
    }
    let first = (from - before, (to - before).min(late));
    let second = ((from - after).max(late), to - after);
    [Some(first).filter(|(open, close)| open < close), Some(second).filter(|(open, close)| open < close)]
}

/// Stretches of time that count, from a start on, one after the other.
struct Stretches<'a> {
    calendar: &'a CalendarRule,
    pauses: &'a [(Instant, Instant)],
    business: bool,
    at: Instant,
    day: Option<Day>,
    /// The stretch that pauses are being cut out of.
    now: Option<(Instant, Instant)>,
    /// The one after it on the same day.
    then: Option<(Instant, Instant)>,
    free: u32,
}

impl<'a> Stretches<'a> {
    fn of(start: Instant, business: bool, calendar: &'a CalendarRule, pauses: &'a [(Instant, Instant)]) -> Self {
        let day = start.with_timezone(&calendar.zone.0).date_naive();
        let now = (!business).then_some((start, Instant::MAX_UTC));
        // A working day may have begun on the day before where the clocks went back over midnight.
        let day = business.then(|| day.checked_sub_days(Days::new(1)).unwrap_or(day));
        Self { calendar, pauses, business, at: start, day, now, then: None, free: 0 }
    }

    fn next_worked(&mut self) -> Option<(Instant, Instant)> {
        while self.free < MOST_FREE_DAYS {
            let next = match self.then.take() {
                Some(then) => [Some(then), None],
                None => {
                    let day = self.day?;
                    self.day = day.succ_opt();
                    self.free += 1;
                    if is_working_day(day, self.calendar) { working_hours(day, self.calendar) } else { [None, None] }
                }
            };
            let mut left = next.into_iter().flatten().filter(|(_, close)| *close > self.at);
            if let Some((open, close)) = left.next() {
                (self.then, self.free) = (left.next(), 0);
                return Some((open.max(self.at), close));
            }
        }
        None
    }
}

impl Iterator for Stretches<'_> {
    type Item = (Instant, Instant);

    fn next(&mut self) -> Option<(Instant, Instant)> {
        loop {
            let (open, close) = match self.now.take() {
                Some(now) => now,
                None if self.business => self.next_worked()?,
                None => return None,
            };
            match self.pauses.iter().find(|(from, until)| *until > open && *from < close) {
                None => {
                    self.at = close;
                    return Some((open, close));
                }
                Some((from, until)) => {
                    self.at = (*until).max(open).min(close);
                    if self.at < close {
                        self.now = Some((self.at, close));
                    }
                    if *from > open {
                        return Some((open, *from));
                    }
                }
            }
        }
    }
}

/// Pauses as instants up to `until`, in order and none touching another.
#[must_use]
pub fn pauses(all: &[Pause], until: Instant) -> Vec<(Instant, Instant)> {
    let spans = all.iter().map(|pause| (pause.from, pause.until.map_or(until, |end| end.min(until))));
    let mut spans: Vec<(Instant, Instant)> = spans.filter(|(from, to)| from < to).collect();
    spans.sort();
    let mut merged: Vec<(Instant, Instant)> = Vec::with_capacity(spans.len());
    for (from, to) in spans {
        match merged.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => merged.push((from, to)),
        }
    }
    merged
}

#[cfg(test)]
pub(crate) mod tests;
