//! Reading what CRMs write: property values are text, and vendors differ in how they write a day,
//! a truth value or a list. Reading is tolerant and total; writing uses one form.

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeZone, Utc};
use rust_decimal::Decimal;

use crate::time::{Day, Instant};

/// A decimal; `None` when empty or not a number.
#[must_use]
pub fn decimal(text: &str) -> Option<Decimal> {
    let text = text.trim();
    text.parse().ok().or_else(|| Decimal::from_scientific(text).ok())
}

/// An instant from RFC 3339, `2026-11-21T10:00:00.000+0000`, a bare day (midnight UTC) or epoch milliseconds.
#[must_use]
pub fn instant(text: &str) -> Option<Instant> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Some(at.with_timezone(&Utc));
    }
    if let Ok(at) = DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f%z") {
        return Some(at.with_timezone(&Utc));
    }
    if let Ok(at) = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f") {
        return Some(Utc.from_utc_datetime(&at));
    }
    if let Ok(day) = NaiveDate::parse_from_str(text, "%Y-%m-%d") {
        return day.and_hms_opt(0, 0, 0).map(|at| Utc.from_utc_datetime(&at));
    }
    if text.len() >= 9 && text.bytes().all(|b| b.is_ascii_digit()) {
        return text.parse::<i64>().ok().and_then(DateTime::from_timestamp_millis);
    }
    None
}

/// A day; an instant counts as its UTC day.
#[must_use]
pub fn day(text: &str) -> Option<Day> {
    NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d").ok().or_else(|| instant(text).map(|at| at.date_naive()))
}

/// A truth value; anything that is not a known "yes" or "no" is unknown.
#[must_use]
pub fn truth(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "yes" | "1" => Some(true),
        "false" | "no" | "0" => Some(false),
        _ => None,
    }
}

/// The members of a multi-select, in order, without empty ones.
pub fn members(text: &str) -> impl Iterator<Item = &str> {
    text.split(';').map(str::trim).filter(|member| !member.is_empty())
}

/// A set of choices that two changed from the same base: what either added is in it, what either took
/// away is not. Members stand in their order, theirs first.
#[must_use]
pub fn merge_members(base: &str, mine: &str, theirs: &str) -> String {
    let (was, ours): (Vec<&str>, Vec<&str>) = (members(base).collect(), members(mine).collect());
    let mut merged: Vec<&str> = Vec::new();
    let kept = members(theirs).filter(|member| ours.contains(member) || !was.contains(member));
    let added = ours.iter().copied().filter(|member| !was.contains(member));
    for member in kept.chain(added) {
        if !merged.contains(&member) {
            merged.push(member);
        }
    }
    merged.join(";")
}

/// Of two moments or numbers the later or larger one; of two that cannot be compared, or are equal, `theirs`.
#[must_use]
pub fn latest<'v>(mine: &'v str, theirs: &'v str) -> &'v str {
    let is_later = match (instant(mine), instant(theirs), decimal(mine), decimal(theirs)) {
        (Some(mine), Some(theirs), _, _) => mine > theirs,
        (_, _, Some(mine), Some(theirs)) => mine > theirs,
        (_, _, _, _) => theirs.trim().is_empty(),
    };
    if is_later { mine } else { theirs }
}

/// Whether two property values mean the same: numbers by value, instants by instant, lists by their
/// members, text without surrounding space. Empty and absent are the same.
#[must_use]
pub fn same(a: Option<&str>, b: Option<&str>) -> bool {
    let (a, b) = (a.unwrap_or("").trim(), b.unwrap_or("").trim());
    if a == b {
        return true;
    }
    if a.is_empty() || b.is_empty() {
        return false;
    }
    if let (Some(x), Some(y)) = (decimal(a), decimal(b)) {
        return x == y;
    }
    if let (Some(x), Some(y)) = (instant(a), instant(b)) {
        return x == y;
    }
    if a.contains(';') || b.contains(';') {
        let set = |text| members(text).map(str::to_owned).collect::<std::collections::BTreeSet<_>>();
        return set(a) == set(b);
    }
    false
}

/// An instant as CRMs accept it: RFC 3339 with milliseconds and `Z`.
#[must_use]
pub fn write_instant(at: Instant) -> String {
    at.to_rfc3339_opts(chrono::SecondsFormat::Millis, true)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_way_a_vendor_writes_a_time_is_read() {
        let at = Utc.with_ymd_and_hms(2026, 11, 21, 0, 0, 0).unwrap();
        for text in [
            "2026-11-21",
            "2026-11-21T00:00:00Z",
            "2026-11-21T00:00:00.000+0000",
            "1795219200000",
            "2026-11-21T01:00:00+01:00",
        ] {
            assert_eq!(instant(text), Some(at), "{text}");
        }
        for text in ["", "soon", "21/11/2026", "2026-13-01"] {
            assert_eq!(instant(text), None, "{text}");
        }
    }

    #[test]
    fn the_latest_is_the_later_moment_or_the_larger_number() {
        for (mine, theirs, expected) in [
            ("2026-11-21T10:00:00Z", "2026-11-21T09:00:00Z", "2026-11-21T10:00:00Z"),
            ("2026-11-21T10:00:00Z", "1795256700000", "1795256700000"),
            ("2026-11-20", "2026-11-21T09:00:00Z", "2026-11-21T09:00:00Z"),
            ("7", "12", "12"),
            ("12.5", "7", "12.5"),
            ("2026-11-21", "", "2026-11-21"),
            ("", "2026-11-21", "2026-11-21"),
            ("soon", "later", "later"),
            ("100", "100.0", "100.0"),
        ] {
            assert_eq!(latest(mine, theirs), expected, "{mine} {theirs}");
        }
    }

    #[test]
    fn values_that_mean_the_same_are_the_same() {
        for (a, b, expected) in [
            (Some("100"), Some("100.00"), true),
            (Some("2026-11-21"), Some("1795219200000"), true),
            (Some("a;b"), Some("b;a"), true),
            (None, Some(""), true),
            (Some(" x "), Some("x"), true),
            (Some("x"), Some("X"), false),
            (Some("100"), None, false),
            (Some("0"), Some("false"), false),
        ] {
            assert_eq!(same(a, b), expected, "{a:?} {b:?}");
            assert_eq!(same(b, a), expected, "{b:?} {a:?}");
        }
    }
}
