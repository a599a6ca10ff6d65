//! Small pieces of sentences that every rule writes in the same way.

use drumbeat_model::time::{Day, Instant};

/// `17 Feb 2027`.
pub(crate) fn day(day: Day) -> String {
    day.format("%-d %b %Y").to_string()
}

/// `1 day`, `3 days`.
pub(crate) fn count(n: u64, one: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{n} {one}s") }
}

/// What follows `the last`: `month`, `3 months`.
pub(crate) fn of_last(n: u32, one: &str) -> String {
    if n == 1 { one.to_owned() } else { count(u64::from(n), one) }
}

/// `a`, `a and b`, `a, b and c`.
pub(crate) fn join(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// Whether there is anything in a text.
pub(crate) fn there(text: Option<&str>) -> bool {
    text.is_some_and(|text| !text.trim().is_empty())
}

/// Whole days from `from` to `to`, 0 when `to` is not later.
pub(crate) fn days_between(from: Day, to: Day) -> u64 {
    u64::try_from((to - from).num_days()).unwrap_or(0)
}

/// The day `n` days after, or the last one that a calendar holds.
pub(crate) fn plus_days(day: Day, n: u32) -> Day {
    day.checked_add_days(chrono::Days::new(u64::from(n))).unwrap_or(Day::MAX)
}

/// The day `n` days before, or the first one that a calendar holds.
pub(crate) fn minus_days(day: Day, n: u32) -> Day {
    day.checked_sub_days(chrono::Days::new(u64::from(n))).unwrap_or(Day::MIN)
}

/// The day `n` months before, or the first one that a calendar holds.
pub(crate) fn minus_months(day: Day, n: u32) -> Day {
    day.checked_sub_months(chrono::Months::new(n)).unwrap_or(Day::MIN)
}

/// The later of an instant and the beginning of the go-live day (S-12).
pub(crate) fn not_before(at: Instant, go_live: Option<Day>) -> Instant {
    go_live.and_then(|day| day.and_hms_opt(0, 0, 0)).map_or(at, |start| at.max(start.and_utc()))
}

/// Whole days from `from` to `to`, 0 when `to` is not later.
pub(crate) fn age_in_days(from: Instant, to: Instant) -> u64 {
    u64::try_from((to - from).num_days()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_are_put_together_plainly() {
        let words = |list: &[&str]| join(&list.iter().map(|&word| word.to_owned()).collect::<Vec<_>>());
        assert_eq!(words(&[]), "");
        assert_eq!(words(&["a"]), "a");
        assert_eq!(words(&["a", "b", "c"]), "a, b and c");
        assert_eq!(count(1, "day"), "1 day");
        assert_eq!(count(0, "day"), "0 days");
        assert_eq!(of_last(1, "month"), "month");
        assert_eq!(of_last(24, "month"), "24 months");
        assert_eq!(plus_days(Day::MAX, 9), Day::MAX);
        assert_eq!(minus_days(Day::MIN, 9), Day::MIN);
        assert_eq!(minus_months(Day::MIN, 9), Day::MIN);
    }
}
