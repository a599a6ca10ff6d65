//! What the program's numbers are counted from beside deals: registrations, partners and certificates (K-05, K-07, K-10 to K-12, K-17).
//!
//! Each is one question along an index that has all it needs. There are as many registrations as a program can decide in
//! the time, and as many partners and certificates as it can keep up with, so their rows are counted when it is asked;
//! deals are not, and come from `tally`.

use drumbeat_model::partner::Certification;
use drumbeat_model::registration::{DeclineReason, RegistrationStatus};
use drumbeat_model::time::{Day, Instant};
use rusqlite::{Row, params, params_from_iter};
use rust_decimal::Decimal;

use crate::counted::CountedBy;
use crate::joint::WORTH;
use crate::open::Result;
use crate::reader::{Reader, day, days, ms, word};

/// A registration that was decided for the partner at some time.
pub(crate) const APPROVED: &str = "('approved', 'converted', 'expired')";
/// A day in milliseconds.
pub(crate) const DAY: i64 = 86_400_000;
const SUBMITTING: &str =
    "SELECT DISTINCT partner FROM registration WHERE submitted_at >= ?1 AND submitted_at < ?2 AND partner IS NOT NULL";
const CERTIFIED: &str = "SELECT partner, count(*), count(holder), count(DISTINCT holder), coalesce(sum(expires <= ?2), 0) FROM certification \
     WHERE coalesce(earned, ?1) <= ?1 AND coalesce(expires, ?1) >= ?1 AND coalesce(status, 'active') <> ?3 \
     GROUP BY partner";
// Closed on no day is not first.
const STARTS: &str = "SELECT id, partner_since, (SELECT close_date FROM deal WHERE deal.partner = company.id \
     AND deal.outcome = 1 AND deal.close_date > -1000000 ORDER BY deal.close_date LIMIT 1) FROM company WHERE is_partner = 1";

/// Registrations of one group that were submitted in a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submitted {
    /// What they are laid out by; empty where they have none.
    pub key: String,
    /// How many.
    pub count: u32,
}

/// Registrations of one group and verdict that were decided in a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdicts {
    /// What they are laid out by; empty where they have none.
    pub key: String,
    /// State.
    pub status: RegistrationStatus,
    /// Why, of declined ones that say.
    pub reason: Option<DeclineReason>,
    /// How many.
    pub count: u32,
    /// Those that say when they were submitted, and the seconds from then to the verdict.
    pub timed: (u32, i64),
    /// Those whose first meeting was in time, and those whose was or ought to have been.
    pub met: (u32, u32),
}

/// Protections of one group that ended in a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// What they are laid out by; empty where they have none.
    pub key: String,
    /// How many.
    pub count: u32,
    /// Those that were let run out.
    pub expired: u32,
}

/// A partner as the numbers see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Start {
    /// Partner.
    pub partner: String,
    /// Since when it is one.
    pub since: Option<Day>,
    /// The first deal that it won.
    pub first_won: Option<Day>,
}

/// Certificates at one partner on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certified {
    /// Partner.
    pub partner: String,
    /// In force on that day.
    pub valid: u32,
    /// Those of them that say who holds them.
    pub held: u32,
    /// People who hold one.
    pub people: u32,
    /// Those of the valid ones that end in the time after.
    pub ending: u32,
}

/// A customer of which the CRM knows what it is worth (K-17), with one of the partners that won a deal with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Worth {
    /// Customer.
    pub account: String,
    /// The partner.
    pub partner: String,
    /// Net revenue retention in percent.
    pub retention: Option<Decimal>,
    /// How satisfied it is, on the CRM's own scale.
    pub satisfaction: Option<Decimal>,
    /// It uses the integration.
    pub integrated: Option<bool>,
}

/// The questions as they are asked of all, each with what it must be found by, for the test of their plans.
#[cfg(test)]
pub(crate) fn statements() -> Vec<(String, &'static str)> {
    let by = CountedBy::Partner;
    vec![
        (submitted(by), "COVERING INDEX registration_submitted (submitted_at>? AND submitted_at<?)"),
        (decided(by, 14), "COVERING INDEX registration_decided (is_open=? AND decided_at>? AND decided_at<?)"),
        (ended(by), "COVERING INDEX registration_ended (protection_end>? AND protection_end<?)"),
        (SUBMITTING.to_owned(), "COVERING INDEX registration_submitted (submitted_at>? AND submitted_at<?)"),
        (CERTIFIED.to_owned(), "SCAN certification USING COVERING INDEX certification_by_partner"),
        (worth(), "SEARCH company USING COVERING INDEX company_worth (joint=?)"),
        (STARTS.to_owned(), "COVERING INDEX deal_by_partner (partner=? AND outcome=? AND close_date>?)"),
    ]
}

/// As many as were won with a partner and the CRM keeps any of it of.
fn worth() -> String {
    format!(
        "SELECT company.id, deal.partner, retention, satisfaction, integrated FROM company CROSS JOIN deal \
         ON deal.account = company.id AND deal.outcome = 1 AND deal.partner IS NOT NULL WHERE joint = 1 AND {WORTH}"
    )
}

fn submitted(by: CountedBy) -> String {
    let key = by.column();
    format!("SELECT {key}, count(*) FROM registration WHERE submitted_at >= ?1 AND submitted_at < ?2 GROUP BY 1")
}

fn decided(by: CountedBy, meeting_days: u32) -> String {
    let span = i64::from(meeting_days) * DAY;
    let met = format!("met_on * {DAY} <= decided_at + {span}");
    format!(
        "SELECT {}, status, decline_reason, count(*), count(submitted_at), \
         coalesce(sum(max(decided_at - submitted_at, 0)) / 1000, 0), coalesce(sum({met}), 0), \
         sum(coalesce({met}, 0) OR decided_at + {span} < ?3) \
         FROM registration WHERE is_open = 0 AND decided_at >= ?1 AND decided_at < ?2 GROUP BY 1, 2, 3",
        by.column()
    )
}

fn ended(by: CountedBy) -> String {
    format!(
        "SELECT {}, count(*), sum(status <> 'converted') FROM registration \
         WHERE protection_end >= ?1 AND protection_end < ?2 AND status IN {APPROVED} GROUP BY 1",
        by.column()
    )
}

impl CountedBy {
    /// The column of registrations.
    fn column(self) -> &'static str {
        match self {
            Self::All => "''",
            Self::Motion => "coalesce(motion, '')",
            Self::Owner => "coalesce(owner, '')",
            Self::Partner => "coalesce(partner, '')",
        }
    }
}

impl Reader<'_> {
    /// Registrations that were submitted in a time, its end not included.
    ///
    /// # Errors
    /// SQLite.
    pub fn registrations_submitted(&self, by: CountedBy, time: (Instant, Instant)) -> Result<Vec<Submitted>> {
        self.between(&submitted(by), &[ms(time.0), ms(time.1)], |row| {
            Ok(Submitted { key: row.get(0)?, count: row.get(1)? })
        })
    }

    /// Registrations that were decided in a time, its end not included. A meeting is in time within `meeting_days`; one that
    /// still has time by `now` counts for nothing.
    ///
    /// # Errors
    /// SQLite.
    pub fn registrations_decided(
        &self,
        by: CountedBy,
        time: (Instant, Instant),
        meeting_days: u32,
        now: Instant,
    ) -> Result<Vec<Verdicts>> {
        self.between(&decided(by, meeting_days), &[ms(time.0), ms(time.1), ms(now)], |row| {
            Ok(Verdicts {
                key: row.get(0)?,
                status: word(row.get(1)?, RegistrationStatus::from_name).unwrap_or(RegistrationStatus::Submitted),
                reason: word(row.get(2)?, DeclineReason::from_name),
                count: row.get(3)?,
                timed: (row.get(4)?, row.get(5)?),
                met: (row.get(6)?, row.get(7)?),
            })
        })
    }

    /// Protections that ended on days, the last not included, and before `today`.
    ///
    /// # Errors
    /// SQLite.
    pub fn protections_ended(&self, by: CountedBy, time: (Day, Day), today: Day) -> Result<Vec<Ended>> {
        self.between(&ended(by), &[days(time.0), days(time.1.min(today))], |row| {
            Ok(Ended { key: row.get(0)?, count: row.get(1)?, expired: row.get(2)? })
        })
    }

    fn between<T>(
        &self,
        sql: &str,
        values: &[i64],
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map(params_from_iter(values), read)?;
        Ok(rows.collect::<std::result::Result<_, _>>()?)
    }

    /// Partners that submitted a registration in a time, its end not included.
    ///
    /// # Errors
    /// SQLite.
    pub fn partners_submitting(&self, from: Instant, to: Instant) -> Result<Vec<String>> {
        let mut statement = self.connection.prepare_cached(SUBMITTING)?;
        let rows = statement.query_map(params![ms(from), ms(to)], |row| row.get(0))?;
        Ok(rows.collect::<std::result::Result<_, _>>()?)
    }

    /// Since when each partner is one, and its first deal that was won: a look into the index of deals for each.
    ///
    /// # Errors
    /// SQLite.
    pub fn partner_starts(&self) -> Result<Vec<Start>> {
        let mut statement = self.connection.prepare_cached(STARTS)?;
        let rows = statement.query_map([], |row| {
            Ok(Start {
                partner: row.get(0)?,
                since: row.get::<_, Option<i64>>(1)?.map(day),
                first_won: row.get::<_, Option<i64>>(2)?.map(day),
            })
        })?;
        Ok(rows.collect::<std::result::Result<_, _>>()?)
    }

    /// Customers won with a partner of which the CRM knows what they are worth, with the partner of each deal that was won with
    /// them.
    ///
    /// # Errors
    /// SQLite.
    pub fn customers_worth(&self) -> Result<Vec<Worth>> {
        let ratio = |said: Option<i64>| said.map(|said| Decimal::new(said, 4).normalize());
        let mut statement = self.connection.prepare_cached(&worth())?;
        let rows = statement.query_map([], |row| {
            Ok(Worth {
                account: row.get(0)?,
                partner: row.get(1)?,
                retention: ratio(row.get(2)?),
                satisfaction: ratio(row.get(3)?),
                integrated: row.get(4)?,
            })
        })?;
        Ok(rows.collect::<std::result::Result<_, _>>()?)
    }

    /// Certificates by partner as they were on a day, by their own days; those that end up to `by` are told apart. What
    /// somebody still works on is none.
    ///
    /// # Errors
    /// SQLite.
    pub fn certified_on(&self, on: Day, by: Day) -> Result<Vec<Certified>> {
        let mut statement = self.connection.prepare_cached(CERTIFIED)?;
        let rows = statement.query_map(params![days(on), days(by), Certification::IN_PROGRESS], |row| {
            Ok(Certified {
                partner: row.get(0)?,
                valid: row.get(1)?,
                held: row.get(2)?,
                people: row.get(3)?,
                ending: row.get(4)?,
            })
        })?;
        Ok(rows.collect::<std::result::Result<_, _>>()?)
    }
}
