//! Days, times and the words that mean a span of days.

use chrono::{DateTime, Datelike, Days, Months, NaiveDate};

use crate::clock::{Millis, date_time};
use crate::json::time_text;

const PLAIN: [&str; 24] = [
    "YESTERDAY",
    "TODAY",
    "TOMORROW",
    "LAST_WEEK",
    "THIS_WEEK",
    "NEXT_WEEK",
    "LAST_MONTH",
    "THIS_MONTH",
    "NEXT_MONTH",
    "LAST_90_DAYS",
    "NEXT_90_DAYS",
    "LAST_QUARTER",
    "THIS_QUARTER",
    "NEXT_QUARTER",
    "LAST_YEAR",
    "THIS_YEAR",
    "NEXT_YEAR",
    "LAST_FISCAL_QUARTER",
    "THIS_FISCAL_QUARTER",
    "NEXT_FISCAL_QUARTER",
    "LAST_FISCAL_YEAR",
    "THIS_FISCAL_YEAR",
    "NEXT_FISCAL_YEAR",
    "LAST_7_DAYS",
];
const COUNTED: [&str; 15] = [
    "LAST_N_DAYS",
    "NEXT_N_DAYS",
    "N_DAYS_AGO",
    "LAST_N_WEEKS",
    "NEXT_N_WEEKS",
    "N_WEEKS_AGO",
    "LAST_N_MONTHS",
    "NEXT_N_MONTHS",
    "N_MONTHS_AGO",
    "LAST_N_QUARTERS",
    "NEXT_N_QUARTERS",
    "N_QUARTERS_AGO",
    "LAST_N_YEARS",
    "NEXT_N_YEARS",
    "N_YEARS_AGO",
];

pub(crate) fn is_span(upper: &str) -> bool {
    PLAIN.contains(&upper) || COUNTED.contains(&upper)
}

pub(crate) fn is_counted(upper: &str) -> bool {
    COUNTED.contains(&upper)
}

/// A time with its zone, as it is kept: `2026-01-31T10:00:00.000Z`.
pub(crate) fn time(text: &str) -> Option<String> {
    instant(text).map(time_text)
}

/// Reads a time with its zone; the vendor takes `Z`, `+00:00` and `+0000`.
pub(crate) fn instant(text: &str) -> Option<Millis> {
    let parsed = DateTime::parse_from_rfc3339(text)
        .or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f%z"))
        .or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M%z"));
    parsed.ok().map(|t| t.timestamp_millis())
}

#[derive(Clone, Copy)]
enum Unit {
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

fn start(day: NaiveDate, unit: Unit) -> NaiveDate {
    match unit {
        Unit::Day => day,
        // Weeks begin on Sunday in the vendor's own locale.
        Unit::Week => day - Days::new(u64::from(day.weekday().num_days_from_sunday())),
        Unit::Month => day.with_day(1).unwrap_or(day),
        Unit::Quarter => day.with_day(1).and_then(|d| d.with_month0(day.month0() / 3 * 3)).unwrap_or(day),
        Unit::Year => NaiveDate::from_ymd_opt(day.year(), 1, 1).unwrap_or(day),
    }
}

fn moved(day: NaiveDate, unit: Unit, by: i64) -> NaiveDate {
    let months = |n: u64| Months::new(u32::try_from(n).unwrap_or(12_000).min(12_000));
    let n = by.unsigned_abs().min(100_000);
    let days = |n: u64| Days::new(n);
    let there = match (unit, by < 0) {
        (Unit::Day, false) => day.checked_add_days(days(n)),
        (Unit::Day, true) => day.checked_sub_days(days(n)),
        (Unit::Week, false) => day.checked_add_days(days(n * 7)),
        (Unit::Week, true) => day.checked_sub_days(days(n * 7)),
        (Unit::Month, false) => day.checked_add_months(months(n)),
        (Unit::Month, true) => day.checked_sub_months(months(n)),
        (Unit::Quarter, false) => day.checked_add_months(months(n * 3)),
        (Unit::Quarter, true) => day.checked_sub_months(months(n * 3)),
        (Unit::Year, false) => day.checked_add_months(months(n * 12)),
        (Unit::Year, true) => day.checked_sub_months(months(n * 12)),
    };
    there.unwrap_or(day)
}

/// First day and the day after the last, as days in text.
pub(crate) fn span(word: &str, n: Option<i64>, now: Millis) -> (String, String) {
    let today = date_time(now).date_naive();
    let word = word.replace("FISCAL_", "");
    let unit = if word.contains("DAY") || word == "TODAY" || word.starts_with("TOMORROW") {
        Unit::Day
    } else if word.contains("WEEK") {
        Unit::Week
    } else if word.contains("MONTH") {
        Unit::Month
    } else if word.contains("QUARTER") {
        Unit::Quarter
    } else {
        Unit::Year
    };
    let here = start(today, unit);
    let (from, to) = match (word.as_str(), n) {
        ("YESTERDAY", _) => (-1, 0),
        ("TOMORROW", _) => (1, 2),
        ("LAST_90_DAYS", _) => (-90, 1),
        ("LAST_7_DAYS", _) => (-7, 1),
        ("NEXT_90_DAYS", _) => (1, 91),
        (w, Some(n)) if w.ends_with("_AGO") => (-n, 1 - n),
        // The last days reach to today; the last weeks end before this one.
        (w, Some(n)) if w.starts_with("LAST") => (-n, i64::from(matches!(unit, Unit::Day))),
        (_, Some(n)) => (1, n + 1),
        (w, None) if w.starts_with("LAST") => (-1, 0),
        (w, None) if w.starts_with("NEXT") => (1, 2),
        _ => (0, 1),
    };
    (moved(here, unit, from).to_string(), moved(here, unit, to).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_of_days_weeks_months_quarters_and_years() {
        let now = instant("2026-11-21T06:00:00Z").unwrap_or_default();
        let of = |word: &str, n| span(word, n, now);
        let both = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(of("TODAY", None), both("2026-11-21", "2026-11-22"));
        assert_eq!(of("LAST_N_DAYS", Some(7)), both("2026-11-14", "2026-11-22"));
        assert_eq!(of("NEXT_N_DAYS", Some(2)), both("2026-11-22", "2026-11-24"));
        assert_eq!(of("THIS_WEEK", None), both("2026-11-15", "2026-11-22"));
        assert_eq!(of("LAST_MONTH", None), both("2026-10-01", "2026-11-01"));
        assert_eq!(of("THIS_FISCAL_QUARTER", None), both("2026-10-01", "2027-01-01"));
        assert_eq!(of("LAST_N_QUARTERS", Some(2)), both("2026-04-01", "2026-10-01"));
        assert_eq!(of("N_YEARS_AGO", Some(1)), both("2025-01-01", "2026-01-01"));
    }

    #[test]
    fn a_time_is_taken_in_each_spelling_of_its_zone() {
        for text in ["2026-01-31T10:00:00Z", "2026-01-31T10:00:00.000+0000", "2026-01-31T11:00:00+01:00"] {
            assert_eq!(time(text).as_deref(), Some("2026-01-31T10:00:00.000Z"), "{text}");
        }
        assert_eq!(time("2026-01-31T25:00:00Z"), None);
    }
}
