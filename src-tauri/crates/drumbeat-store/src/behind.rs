//! The records that a number of the program is counted from, where they are not a list of deals: newest first, never more
//! than are shown.
//!
//! The hard idea: each list asks by the same columns and the same times as the counting does (`measures`, `tally`), and is
//! narrowed to a group by what the group is made of, so that what is listed is what was counted.

use drumbeat_model::crm::{ObjectKind, Outcome};
use drumbeat_model::deal::Attribution;
use drumbeat_model::metrics::DealTrait;
use drumbeat_model::money::Money;
use drumbeat_model::partner::Certification;
use drumbeat_model::time::{Day, Instant};
use rusqlite::types::Value;
use rusqlite::{Row, params_from_iter};

use crate::channel::Kept;
use crate::filter::{Conditions, text};
use crate::measures::APPROVED;
use crate::open::Result;
use crate::reader::{Reader, day, days, instant, money, ms, outcome_code};

/// Which group's records are asked for; all where nothing is said.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Among {
    /// Of this motion; an empty word for none.
    pub motion: Option<String>,
    /// Of this owner; an empty id for none.
    pub owner: Option<String>,
    /// Of one of these partners.
    pub partners: Option<Vec<String>>,
}

/// A record that a number is counted from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Behind {
    /// What it is.
    pub kind: ObjectKind,
    /// Which; of a certificate the partner's.
    pub id: String,
    /// Its name.
    pub title: String,
    /// What else is told of it: state, partner, holder.
    pub note: String,
    /// The day that it is counted by.
    pub on: Option<Day>,
    /// Its amount.
    pub amount: Option<Money>,
}

/// Which deals.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Dealt {
    /// That stand so.
    pub outcomes: Vec<Outcome>,
    /// Closed between these days, the last not included; whenever, when absent.
    pub closed: Option<(Day, Day)>,
    /// Brought so by the partner.
    pub attribution: Option<Attribution>,
    /// With this trait.
    pub having: Option<DealTrait>,
}

/// Which channel conflicts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disputed {
    /// Raised in the time.
    Raised,
    /// Settled in it by people.
    Settled,
    /// With an appeal that was answered in it.
    Appealed,
}

/// Which registrations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claimed {
    /// Submitted in the time.
    Submitted,
    /// Decided in it.
    Decided,
}

impl Among {
    /// Narrows a question about a table that has these columns.
    fn narrow(&self, all: &mut Conditions) -> Result<()> {
        for (column, wanted) in [("motion", &self.motion), ("owner", &self.owner)] {
            if let Some(wanted) = wanted {
                all.add(&format!("coalesce({column}, '') = ?"), [text(wanted)]);
            }
        }
        self.narrow_partners(all)
    }

    fn narrow_partners(&self, all: &mut Conditions) -> Result<()> {
        if let Some(partners) = &self.partners {
            let list = Value::Text(serde_json::to_string(partners)?);
            all.add("partner IN (SELECT value FROM json_each(?))", [list]);
        }
        Ok(())
    }
}

/// What deals of a trait have.
fn having(what: DealTrait) -> &'static str {
    match what {
        DealTrait::Registered => "registration IS NOT NULL",
        DealTrait::Named => "attached IS NOT NULL",
        DealTrait::Services => "attached & 1",
        DealTrait::Integration => "attached & 2",
        DealTrait::Kinded => "kind IS NOT NULL",
        DealTrait::Renewal => "kind = 'renewal'",
        DealTrait::Expansion => "kind = 'expansion'",
        DealTrait::Annual => "annual IS NOT NULL",
        DealTrait::Rewarded | DealTrait::Incentive => "incentive IS NOT NULL",
    }
}

fn dealt(row: &Row<'_>) -> rusqlite::Result<Behind> {
    let (partner, outcome): (Option<String>, i64) = (row.get(2)?, row.get(3)?);
    let stands = ["open", "won", "lost"].get(usize::try_from(outcome).unwrap_or(0)).copied().unwrap_or_default();
    let note = [partner.as_deref().unwrap_or("no partner"), stands].join(", ");
    Ok(Behind {
        kind: ObjectKind::Deal,
        id: row.get(0)?,
        title: row.get(1)?,
        note,
        on: row.get::<_, Option<i64>>(4)?.map(day),
        amount: money(row.get(5)?, row.get(6)?),
    })
}

const DEALS: &str = "SELECT id, name, partner_name, outcome, ";

impl Reader<'_> {
    /// Deals with a partner, latest close date first.
    ///
    /// # Errors
    /// SQLite.
    pub fn behind_deals(&self, among: &Among, which: &Dealt, limit: u32) -> Result<Vec<Behind>> {
        let mut all = Conditions::default();
        let codes: Vec<String> = which.outcomes.iter().map(|outcome| outcome_code(*outcome).to_string()).collect();
        all.add(&format!("outcome IN ({})", codes.join(", ")), []);
        if let Some((from, to)) = which.closed {
            all.add("close_date >= ? AND close_date < ?", [Value::Integer(days(from)), Value::Integer(days(to))]);
        }
        if let Some(attribution) = which.attribution {
            all.add("attribution = ?", [text(attribution.name())]);
        }
        all.add("partner IS NOT NULL", []);
        all.add(which.having.map_or("1", having), []);
        among.narrow(&mut all)?;
        let sql =
            format!("{DEALS} close_date, amount, currency FROM deal {} ORDER BY close_date DESC, row", all.clause());
        self.found(&sql, all, limit, dealt)
    }

    /// Deals with a partner that were created in a time, the last day not included.
    ///
    /// # Errors
    /// SQLite.
    pub fn behind_created(&self, among: &Among, (from, to): (Day, Day), limit: u32) -> Result<Vec<Behind>> {
        let mut all = Conditions::default();
        all.add("created_day >= ? AND created_day < ?", [Value::Integer(days(from)), Value::Integer(days(to))]);
        all.add("partner IS NOT NULL", []);
        among.narrow(&mut all)?;
        let sql =
            format!("{DEALS} created_day, amount, currency FROM deal {} ORDER BY created_day DESC, row", all.clause());
        self.found(&sql, all, limit, dealt)
    }

    /// Registrations that were submitted, or decided, in a time, its end not included.
    ///
    /// # Errors
    /// SQLite.
    pub fn behind_claims(
        &self,
        among: &Among,
        claimed: Claimed,
        (from, to): (Instant, Instant),
        limit: u32,
    ) -> Result<Vec<Behind>> {
        let mut all = Conditions::default();
        let at = match claimed {
            Claimed::Submitted => "submitted_at",
            Claimed::Decided => {
                all.add("is_open = 0 AND status IN ('approved', 'converted', 'expired', 'declined')", []);
                "decided_at"
            }
        };
        all.add(&format!("{at} >= ? AND {at} < ?"), [Value::Integer(ms(from)), Value::Integer(ms(to))]);
        among.narrow(&mut all)?;
        self.claims(at, all, limit, |at| instant(at).date_naive())
    }

    /// Approved registrations whose protection ended in a time, the last day not included.
    ///
    /// # Errors
    /// SQLite.
    pub fn behind_ended(&self, among: &Among, (from, to): (Day, Day), limit: u32) -> Result<Vec<Behind>> {
        let mut all = Conditions::default();
        all.add("protection_end >= ? AND protection_end < ?", [Value::Integer(days(from)), Value::Integer(days(to))]);
        all.add(&format!("status IN {APPROVED}"), []);
        among.narrow(&mut all)?;
        self.claims("protection_end", all, limit, day)
    }

    fn claims(&self, at: &str, all: Conditions, limit: u32, on: impl Fn(i64) -> Day) -> Result<Vec<Behind>> {
        let sql = format!(
            "SELECT id, company, status, partner_name, {at}, amount, currency FROM registration {} ORDER BY {at} DESC, row",
            all.clause()
        );
        self.found(&sql, all, limit, |row| {
            let (status, partner): (String, Option<String>) = (row.get(2)?, row.get(3)?);
            Ok(Behind {
                kind: ObjectKind::Registration,
                id: row.get(0)?,
                title: row.get(1)?,
                note: [Some(status.replace('_', " ")), partner].into_iter().flatten().collect::<Vec<_>>().join(", "),
                on: row.get::<_, Option<i64>>(4)?.map(&on),
                amount: money(row.get(5)?, row.get(6)?),
            })
        })
    }

    /// Certificates in force on a day, by their own days, those that end first at the top; those that end up to `by` alone.
    ///
    /// # Errors
    /// SQLite.
    pub fn behind_certificates(&self, among: &Among, on: Day, by: Option<Day>, limit: u32) -> Result<Vec<Behind>> {
        let mut all = Conditions::default();
        let on = Value::Integer(days(on));
        all.add("coalesce(earned, ?) <= ?", [on.clone(), on.clone()]);
        all.add("coalesce(expires, ?) >= ?", [on.clone(), on]);
        let working = Value::Text(Certification::IN_PROGRESS.to_owned());
        all.add("coalesce(certification.status, 'active') <> ?", [working]);
        if let Some(by) = by {
            all.add("expires <= ?", [Value::Integer(days(by))]);
        }
        among.narrow_partners(&mut all)?;
        let sql = format!(
            "SELECT partner, certification.name, holder, company.name, expires FROM certification LEFT JOIN company ON company.id = partner {} \
             ORDER BY expires IS NULL, expires, certification.id",
            all.clause()
        );
        self.found(&sql, all, limit, |row| {
            let (holder, partner): (Option<String>, Option<String>) = (row.get(2)?, row.get(3)?);
            Ok(Behind {
                kind: ObjectKind::Certification,
                id: row.get(0)?,
                title: row.get(1)?,
                note: [partner, holder].into_iter().flatten().collect::<Vec<_>>().join(", "),
                on: row.get::<_, Option<i64>>(4)?.map(day),
                amount: None,
            })
        })
    }

    /// Channel conflicts of a time, without early signs; newest first.
    ///
    /// # Errors
    /// SQLite, or a row that does not read.
    pub fn behind_conflicts(&self, which: Disputed, (from, to): (Instant, Instant), limit: u32) -> Result<Vec<Kept>> {
        let clause = match which {
            Disputed::Raised => "raised_at >= ?1 AND raised_at < ?2",
            Disputed::Settled => "closed_at >= ?1 AND closed_at < ?2 AND state = 'settled'",
            Disputed::Appealed => {
                "id IN (SELECT conflict FROM channel_event WHERE what IN ('appeal upheld', 'appeal refused') AND at >= ?1 AND at < ?2)"
            }
        };
        self.kept_conflicts(
            &format!("WHERE {clause} AND is_sign = 0 ORDER BY raised_at DESC, id LIMIT ?3"),
            &[&ms(from), &ms(to), &limit],
        )
    }

    fn found<T>(
        &self,
        sql: &str,
        all: Conditions,
        limit: u32,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>> {
        let mut statement = self.connection.prepare_cached(&format!("{sql} LIMIT {limit}"))?;
        let rows = statement.query_map(params_from_iter(all.values), read)?;
        Ok(rows.collect::<std::result::Result<_, _>>()?)
    }
}
