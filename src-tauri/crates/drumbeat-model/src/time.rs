//! Days, instants and quarters. Instants are UTC; a day has no zone.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A point in time, UTC.
pub type Instant = DateTime<Utc>;
/// A calendar day.
pub type Day = NaiveDate;

/// A calendar quarter, written `2026Q3`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(try_from = "String", into = "String")]
#[ts(type = "string")]
pub struct Quarter {
    /// Calendar year.
    pub year: i32,
    /// 1 to 4.
    pub number: u32,
}

/// The text is not a quarter.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a quarter is written like 2026Q3, not \"{0}\"")]
pub struct NotAQuarter(pub String);

impl Quarter {
    /// The quarter that holds `day`.
    #[must_use]
    pub fn of(day: Day) -> Self {
        Self { year: day.year(), number: day.month0() / 3 + 1 }
    }

    /// Reads `2026Q3` or `2026-Q3`.
    ///
    /// # Errors
    /// When the text has another form or the number is not 1 to 4.
    pub fn parse(text: &str) -> Result<Self, NotAQuarter> {
        let wrong = || NotAQuarter(text.chars().take(16).collect());
        let (year, number) = text.trim().split_once(['Q', 'q']).ok_or_else(wrong)?;
        let year: i32 = year.trim_end_matches('-').parse().map_err(|_| wrong())?;
        let number: u32 = number.parse().map_err(|_| wrong())?;
        if (1..=4).contains(&number) && (1970..=9999).contains(&year) {
            Ok(Self { year, number })
        } else {
            Err(wrong())
        }
    }

    /// First day of the quarter.
    #[must_use]
    pub fn first_day(self) -> Day {
        NaiveDate::from_ymd_opt(self.year, (self.number - 1) * 3 + 1, 1).unwrap_or_default()
    }

    /// First day after the quarter.
    #[must_use]
    pub fn end(self) -> Day {
        self.next().first_day()
    }

    /// The quarter after.
    #[must_use]
    pub fn next(self) -> Self {
        if self.number == 4 {
            Self { year: self.year + 1, number: 1 }
        } else {
            Self { year: self.year, number: self.number + 1 }
        }
    }

    /// The quarter before.
    #[must_use]
    pub fn previous(self) -> Self {
        if self.number == 1 {
            Self { year: self.year - 1, number: 4 }
        } else {
            Self { year: self.year, number: self.number - 1 }
        }
    }
}

impl std::fmt::Display for Quarter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}Q{}", self.year, self.number)
    }
}

impl TryFrom<String> for Quarter {
    type Error = NotAQuarter;
    fn try_from(text: String) -> Result<Self, NotAQuarter> {
        Self::parse(&text)
    }
}

impl From<Quarter> for String {
    fn from(quarter: Quarter) -> Self {
        quarter.to_string()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn quarters_follow_each_other_over_the_year() {
        let q4 = Quarter::parse("2026Q4").unwrap();
        assert_eq!(q4.next().to_string(), "2027Q1");
        assert_eq!(q4.next().previous(), q4);
        assert_eq!(q4.end(), NaiveDate::from_ymd_opt(2027, 1, 1).unwrap());
        assert_eq!(Quarter::of(NaiveDate::from_ymd_opt(2026, 9, 30).unwrap()).to_string(), "2026Q3");
        for bad in ["2026", "2026Q5", "Q3", "2026Q0", "x"] {
            assert!(Quarter::parse(bad).is_err(), "{bad}");
        }
    }
}
