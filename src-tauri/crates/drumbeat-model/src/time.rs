//! Days, instants and quarters. Instants are UTC; a day has no zone.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A point in time, UTC.
pub type Instant = DateTime<Utc>;
/// A calendar day.
pub type Day = NaiveDate;

/// A quarter of a fiscal year, written `2026Q3`. Which days it has, a [`FiscalYear`] says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(try_from = "String", into = "String")]
#[ts(type = "string")]
pub struct Quarter {
    /// The year that it is of, by the calendar year in which that ends.
    pub year: i32,
    /// 1 to 4.
    pub number: u32,
}

/// The text is not a quarter.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a quarter is written like 2026Q3, not \"{0}\"")]
pub struct NotAQuarter(pub String);

impl Quarter {
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

/// When the program's years begin: the one place where a quarter is turned into days and a day into a quarter.
///
/// A year is called by the calendar year in which it ends, as companies do: with a year that begins in February, the
/// first of February 2026 is the first day of 2027Q1. With one that begins in January that is the calendar's own year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FiscalYear {
    /// Months between January and the first one of the year, 0 to 11.
    behind: u32,
}

impl FiscalYear {
    /// Years that begin in January.
    pub const CALENDAR: Self = Self { behind: 0 };

    /// Years that begin in this month, 1 to 12; nothing for another number.
    #[must_use]
    pub fn starting(month: u32) -> Option<Self> {
        (1..=12).contains(&month).then(|| Self { behind: month - 1 })
    }

    /// The month in which years begin, 1 to 12.
    #[must_use]
    pub fn starts(self) -> u32 {
        self.behind + 1
    }

    /// The quarter that holds `day`.
    #[must_use]
    pub fn quarter_of(self, day: Day) -> Quarter {
        let begun = day.month0() >= self.behind;
        let month = (day.month0() + 12 - self.behind) % 12;
        Quarter { year: day.year() + i32::from(begun && self.behind > 0), number: month / 3 + 1 }
    }

    /// First day of a quarter.
    #[must_use]
    pub fn first_day(self, quarter: Quarter) -> Day {
        let month = self.behind + (quarter.number - 1) * 3;
        let began = quarter.year - i32::from(self.behind > 0);
        NaiveDate::from_ymd_opt(began + i32::from(month >= 12), month % 12 + 1, 1).unwrap_or_default()
    }

    /// First day after a quarter.
    #[must_use]
    pub fn end(self, quarter: Quarter) -> Day {
        self.first_day(quarter.next())
    }

    /// Last day of a quarter.
    #[must_use]
    pub fn last_day(self, quarter: Quarter) -> Day {
        self.end(quarter).pred_opt().unwrap_or_default()
    }

    /// What a person reads: `Q3 2026`, or `Q3 FY2026` where years do not begin in January.
    #[must_use]
    pub fn label(self, quarter: Quarter) -> String {
        let fiscal = if self.behind > 0 { "FY" } else { "" };
        format!("Q{} {fiscal}{}", quarter.number, quarter.year)
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
        for bad in ["2026", "2026Q5", "Q3", "2026Q0", "x"] {
            assert!(Quarter::parse(bad).is_err(), "{bad}");
        }
    }

    fn on(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn a_quarter_has_the_days_that_the_fiscal_year_gives_it() {
        for (starts, quarter, first, last, label) in [
            (1, "2026Q3", "2026-07-01", "2026-09-30", "Q3 2026"),
            (1, "2026Q4", "2026-10-01", "2026-12-31", "Q4 2026"),
            // A year that begins in February and is called by the next one.
            (2, "2027Q1", "2026-02-01", "2026-04-30", "Q1 FY2027"),
            (2, "2027Q4", "2026-11-01", "2027-01-31", "Q4 FY2027"),
            // April, as in Japan and India.
            (4, "2027Q3", "2026-10-01", "2026-12-31", "Q3 FY2027"),
            (4, "2027Q4", "2027-01-01", "2027-03-31", "Q4 FY2027"),
            // The last quarter holds the end of a February.
            (12, "2028Q1", "2027-12-01", "2028-02-29", "Q1 FY2028"),
        ] {
            let (year, quarter) = (FiscalYear::starting(starts).unwrap(), Quarter::parse(quarter).unwrap());
            assert_eq!((year.first_day(quarter), year.last_day(quarter)), (on(first), on(last)), "{label}");
            assert_eq!((year.quarter_of(on(first)), year.quarter_of(on(last))), (quarter, quarter), "{label}");
            assert_eq!(year.label(quarter), label);
        }
        assert_eq!((FiscalYear::starting(0), FiscalYear::starting(13)), (None, None));
    }

    #[test]
    fn every_day_is_in_the_quarter_between_whose_ends_it_lies_whenever_years_begin() {
        for starts in 1..=12 {
            let year = FiscalYear::starting(starts).unwrap();
            let mut before = year.quarter_of(on("2023-12-31"));
            for day in on("2024-01-01").iter_days().take(3 * 366) {
                let quarter = year.quarter_of(day);
                assert!(year.first_day(quarter) <= day && day < year.end(quarter), "{starts} {day} {quarter}");
                assert!(quarter == before || quarter == before.next(), "{starts} {day}: {before}, then {quarter}");
                assert_eq!(quarter != before, year.first_day(quarter) == day);
                before = quarter;
            }
        }
    }
}
