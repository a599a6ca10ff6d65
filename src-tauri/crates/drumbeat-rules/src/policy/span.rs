//! Words of the policy that are more than a number: a span of time, a zone, a time of the day, a day off.
//!
//! Each is one text in the file, read strictly and written back the same way, so that the form, the document
//! and the file agree.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, NaiveTime};
use drumbeat_model::time::Day;

/// Longest amount of a span: ten years in days, the same in hours.
const MOST_DAYS: u32 = 3_650;

/// In what a span is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Hours.
    Hours,
    /// Days.
    Days,
}

/// An amount of time: `48 hours`, `7 days`, `2 business days`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// How many.
    pub amount: u32,
    /// Of what.
    pub unit: Unit,
    /// Only working hours count.
    pub business: bool,
}

impl Span {
    /// What may follow the number.
    pub const UNITS: &[&str] = &["hours", "days", "business hours", "business days"];

    /// Days by the wall, a part of one counting as one; for spans where the day matters and not the minute.
    #[must_use]
    pub fn days(self) -> u32 {
        match self.unit {
            Unit::Days => self.amount,
            Unit::Hours => self.amount.div_ceil(24),
        }
    }
}

impl FromStr for Span {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("\"{}\" is no time; write e.g. \"48 hours\" or \"2 business days\"", short(text));
        let mut words = text.split_whitespace();
        let amount: u32 = words.next().and_then(|word| word.parse().ok()).ok_or_else(wrong)?;
        let rest: Vec<&str> = words.collect();
        let (business, unit) = match rest.as_slice() {
            [unit] => (false, *unit),
            ["business", unit] => (true, *unit),
            _ => return Err(wrong()),
        };
        let (unit, most) = match unit {
            "hour" | "hours" => (Unit::Hours, MOST_DAYS * 24),
            "day" | "days" => (Unit::Days, MOST_DAYS),
            _ => return Err(wrong()),
        };
        if !(1..=most).contains(&amount) {
            return Err(format!("\"{}\" is out of range: at least 1 and at most ten years", short(text)));
        }
        Ok(Self { amount, unit, business })
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = match (self.unit, self.amount) {
            (Unit::Hours, 1) => "hour",
            (Unit::Hours, _) => "hours",
            (Unit::Days, 1) => "day",
            (Unit::Days, _) => "days",
        };
        write!(f, "{}{} {unit}", self.amount, if self.business { " business" } else { "" })
    }
}

/// A time zone by its IANA name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Zone(pub chrono_tz::Tz);

impl FromStr for Zone {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        text.parse().map(Zone).map_err(|_| format!("\"{}\" is no time zone; write e.g. \"Europe/Berlin\"", short(text)))
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.name())
    }
}

/// A time of the day in whole minutes; midnight at its end is `24:00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TimeOfDay(pub u32);

impl TimeOfDay {
    /// As a time of the clock; `None` for the end of the day.
    #[must_use]
    pub fn time(self) -> Option<NaiveTime> {
        NaiveTime::from_hms_opt(self.0 / 60, self.0 % 60, 0)
    }
}

impl FromStr for TimeOfDay {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("\"{}\" is no time of the day; write e.g. \"09:00\"", short(text));
        let (hours, minutes) = text.split_once(':').ok_or_else(wrong)?;
        let digits = |part: &str| {
            (part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit())).then(|| part.parse::<u32>().ok()).flatten()
        };
        let (hours, minutes) = (digits(hours).ok_or_else(wrong)?, digits(minutes).ok_or_else(wrong)?);
        let all = hours * 60 + minutes;
        if minutes < 60 && all <= 24 * 60 { Ok(Self(all)) } else { Err(wrong()) }
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weekday(pub chrono::Weekday);

const WEEK: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

impl FromStr for Weekday {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let known = WEEK.contains(&text).then(|| text.parse().ok()).flatten();
        known.map(Weekday).ok_or_else(|| format!("\"{}\" is no day; one of {}", short(text), WEEK.join(", ")))
    }
}

impl fmt::Display for Weekday {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(WEEK.get(self.0.num_days_from_monday() as usize).copied().unwrap_or_default())
    }
}

/// A day off: one day (`2027-03-29`), or one of every year (`12-25`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holiday {
    /// That day.
    Once(Day),
    /// Month and day of every year.
    Yearly(u32, u32),
}

impl Holiday {
    /// Whether `day` is it.
    #[must_use]
    pub fn is(self, day: Day) -> bool {
        match self {
            Self::Once(one) => one == day,
            Self::Yearly(month, number) => (month, number) == (day.month(), day.day()),
        }
    }
}

impl FromStr for Holiday {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("\"{}\" is no day; write \"2027-03-29\", or \"12-25\" for every year", short(text));
        match text.len() {
            10 => text.parse().map(Self::Once).map_err(|_| wrong()),
            5 => {
                // A leap year, so that 29 February is one.
                let day: Day = format!("2028-{text}").parse().map_err(|_| wrong())?;
                Ok(Self::Yearly(day.month(), day.day()))
            }
            _ => Err(wrong()),
        }
    }
}

impl fmt::Display for Holiday {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Once(day) => write!(f, "{day}"),
            Self::Yearly(month, day) => write!(f, "{month:02}-{day:02}"),
        }
    }
}

fn short(text: &str) -> String {
    text.chars().take(40).collect()
}

/// Reading from the file, and the form by which the schema names the text.
macro_rules! as_text {
    ($($name:ident $form:literal $says:literal),*) => {$(
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }

        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> { stringify!($name).into() }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "format": $form, "description": $says })
            }
        }
    )*};
}

as_text! {
    Span "span" "An amount of time: 48 hours, 7 days, 2 business days.",
    Zone "zone" "A time zone by its IANA name, e.g. Europe/Berlin.",
    TimeOfDay "time-of-day" "A time of the day, e.g. 09:00.",
    Weekday "weekday" "mon, tue, wed, thu, fri, sat or sun.",
    Holiday "holiday" "A day off: 2027-03-29, or 12-25 for every year."
}

/// Why a text is not of a form that the schema names; `None` when it is, or when there is no such form.
pub(super) fn refused(form: &str, text: &str) -> Option<String> {
    match form {
        "span" => text.parse::<Span>().err(),
        "zone" => text.parse::<Zone>().err(),
        "time-of-day" => text.parse::<TimeOfDay>().err(),
        "weekday" => text.parse::<Weekday>().err(),
        "holiday" => text.parse::<Holiday>().err(),
        "date" => match text.len() == 10 && text.parse::<Day>().is_ok() {
            true => None,
            false => Some(format!("\"{}\" is no day; write e.g. \"2027-01-01\"", short(text))),
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_word_is_read_as_it_is_written_and_refused_with_an_example() {
        fn both<T: FromStr<Err = String> + fmt::Display>(good: &[&str], bad: &[&str], says: &str) {
            for text in good {
                assert_eq!(text.parse::<T>().unwrap_or_else(|why| unreachable!("{why}")).to_string(), *text);
            }
            for text in bad {
                let why = text.parse::<T>().err().unwrap();
                assert!(why.contains(says), "{text}: {why}");
            }
        }
        both::<Span>(
            &["48 hours", "1 hour", "7 days", "2 business days", "16 business hours"],
            &["", "48", "hours", "2 working days", "-1 days", "1.5 days", "2 business", "soon"],
            "2 business days",
        );
        both::<Span>(&[], &["0 days", "4000 days", "99999999 hours"], "ten years");
        both::<Zone>(&["Europe/Berlin", "UTC", "America/New_York"], &["Berlin", "", "Mars/Base"], "Europe/Berlin");
        both::<TimeOfDay>(&["09:00", "00:00", "24:00"], &["9:00", "24:01", "12:60", "noon", "+1:00"], "09:00");
        both::<Weekday>(&["mon", "sun"], &["Monday", "", "monday"], "mon");
        both::<Holiday>(&["2027-03-29", "12-25", "02-29"], &["2027-02-29", "13-01", "Easter"], "every year");
        assert_eq!("1 days".parse::<Span>().unwrap().to_string(), "1 day");
    }

    #[test]
    fn hours_that_begin_a_day_count_as_one() {
        for (text, days) in [("48 hours", 2), ("49 hours", 3), ("7 days", 7), ("1 hour", 1)] {
            assert_eq!(text.parse::<Span>().unwrap().days(), days, "{text}");
        }
    }
}
