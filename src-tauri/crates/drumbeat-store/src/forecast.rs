//! What a forecast is learnt from and what it is about: the life of every deal, and the open deals.
//!
//! The hard idea: of the past only that is told which was known then. A deal's birth and its close are days of its own;
//! where it stood in between is known from the changes that were seen, so from the first of them on, and is left out
//! before. The whole past is one walk over all deals; a caller keeps what it learns from it. The open deals and what
//! was won in a period go along indexes.

use std::collections::HashMap;

use drumbeat_model::crm::{ObjectKind, Outcome};
use drumbeat_model::deal::{Attribution, Motion};
use drumbeat_model::field::Field;
use drumbeat_model::ids::DealId;
use drumbeat_model::money::{Currency, Money};
use drumbeat_model::time::Day;
use rusqlite::{ToSql, params};

use crate::open::Result;
use crate::reader::{Reader, code, day, days, instant, money, outcome_code, outcome_of, word};

/// One deal's life.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Life {
    /// When it came to be.
    pub created: Day,
    /// When it was closed, and whether it was won.
    pub closed: Option<(Day, bool)>,
    /// Motion.
    pub motion: Option<Motion>,
    /// Its pipeline has this motion, so that it had it from the first day on.
    pub born_with: bool,
    /// Since when it stood at which place of the way, as far as that was seen, in order.
    pub path: Vec<(Day, u8)>,
}

/// The lives of all deals.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lives {
    /// Deals.
    pub deals: Vec<Life>,
    /// The first whole day on which changes were seen.
    pub watched_from: Option<Day>,
    /// Deals whose birth, or whose day of closing, is not known: they are not among them.
    pub undated: u32,
}

/// An open deal as the forecast sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenDeal {
    /// Which.
    pub id: DealId,
    /// Name.
    pub name: String,
    /// When it came to be; not known for some.
    pub created: Option<Day>,
    /// Motion.
    pub motion: Option<Motion>,
    /// Sourced or influenced.
    pub attribution: Option<Attribution>,
    /// It has a partner.
    pub partnered: bool,
    /// Place of the way; 0 where its stage is not mapped.
    pub position: u8,
    /// Since when it is in its stage.
    pub entered: Option<Day>,
    /// Stage name.
    pub stage: String,
    /// Its pipeline's and stage's ids.
    pub at: (String, String),
    /// Past its stage's days or its close date.
    pub stalled: bool,
    /// Amount in the account's own currency; in its own where no rate is known.
    pub amount: Option<Money>,
}

/// Won deals that are alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WonSum {
    /// Motion.
    pub motion: Option<Motion>,
    /// Sourced or influenced.
    pub attribution: Option<Attribution>,
    /// They have a partner.
    pub partnered: bool,
    /// How many.
    pub deals: u32,
    /// What they come to, in the account's own currency; in theirs where no rate is known.
    pub sum: Money,
}

/// What a deal is worth, and in which currency where that is not the account's own.
const IN_OWN: &str = "coalesce(home, amount), iif(home IS NULL, currency, NULL)";

fn in_own(amount: Option<i64>, other: Option<String>, main: &Currency) -> Option<Money> {
    money(amount, Some(other.unwrap_or_else(|| main.code().to_owned())))
}

/// Which deals are asked about; all where nothing is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Which<'a> {
    /// Of this motion.
    pub motion: Option<Motion>,
    /// Of this partner, by its id here or in the CRM.
    pub partner: Option<&'a str>,
}

/// Its place of the way as the forecast counts it.
fn place(position: i64) -> u8 {
    u8::try_from(position.clamp(0, 5)).unwrap_or(0)
}

impl Reader<'_> {
    /// The lives of all deals up to a day: one walk over all of them.
    ///
    /// # Errors
    /// SQLite, or a row that does not read.
    pub fn lives(&self, today: Day) -> Result<Lives> {
        let mapping = self.mapping_in_force()?;
        let mut seen = self.stages_seen()?;
        let entered = self.stages_entered()?;
        let first: Option<i64> = self.connection.query_row("SELECT min(at) FROM movement", [], |row| row.get(0))?;
        let mut lives =
            Lives { watched_from: first.and_then(|at| instant(at).date_naive().succ_opt()), ..Lives::default() };
        let mut statement = self
            .connection
            .prepare_cached("SELECT id, pipeline, position, outcome, motion, created_day, close_date FROM deal")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let created = row.get::<_, Option<i64>>(5)?.map(day);
            let outcome = outcome_of(row.get(3)?);
            // A close date ahead of today is a plan that nobody took back: it was closed by today at the latest.
            let closed = row.get::<_, Option<i64>>(6)?.map(|on| day(on).min(today));
            let (Some(created), true) = (created, outcome == Outcome::Open || closed.is_some()) else {
                lives.undated += 1;
                continue;
            };
            let closed = closed.filter(|_| outcome != Outcome::Open).map(|on| (on, outcome == Outcome::Won));
            let id = row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?;
            let mut path = Vec::new();
            let pipeline = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
            let motion = word(row.get(4)?, Motion::from_name);
            let of_pipeline = mapping.pipelines.iter().find(|one| one.id == pipeline).and_then(|one| one.motion);
            if let Some(moves) = seen.remove(id) {
                let at = |stage: Option<&String>| {
                    let (_, stage) = mapping.stage(pipeline, stage?)?;
                    (stage.outcome == Outcome::Open).then(|| place(i64::from(stage.position)))
                };
                if let Some(first) = moves.first() {
                    path.extend(at(first.1.as_ref()).map(|place| (created, place)));
                }
                path.extend(moves.iter().filter_map(|(on, _, after)| Some((*on, at(after.as_ref())?))));
            } else if let Some(since) = entered.get(id) {
                path.push((*since, place(row.get(2)?)));
            }
            path.retain(|(_, place)| *place > 0);
            let born_with = motion.is_some() && motion == of_pipeline;
            lives.deals.push(Life { created, closed, motion, born_with, path });
        }
        Ok(lives)
    }

    /// Changes of stage that were seen, by deal, in order: when, from, to.
    #[allow(clippy::type_complexity, reason = "told once and taken apart at once")]
    fn stages_seen(&self) -> Result<HashMap<String, Vec<(Day, Option<String>, Option<String>)>>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT record, at, before, after FROM movement WHERE kind = ?1 AND field = ?2 ORDER BY record, at, id",
        )?;
        let mut rows = statement.query(params![code(ObjectKind::Deal), Field::Stage.name()])?;
        let mut all: HashMap<String, Vec<_>> = HashMap::new();
        while let Some(row) = rows.next()? {
            let on = instant(row.get(1)?).date_naive();
            all.entry(row.get(0)?).or_default().push((on, row.get(2)?, row.get(3)?));
        }
        Ok(all)
    }

    /// Since when open deals are in their stage, as the CRM says.
    fn stages_entered(&self) -> Result<HashMap<String, Day>> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT id, entered_on FROM deal WHERE outcome = 0 AND entered_on IS NOT NULL")?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, day(row.get(1)?))))?;
        Ok(rows.collect::<std::result::Result<_, _>>()?)
    }

    /// The open deals.
    ///
    /// # Errors
    /// SQLite, or a row that does not read.
    pub fn forecast_open(&self, which: Which<'_>, today: Day) -> Result<Vec<OpenDeal>> {
        let motion = which.motion.map(Motion::name);
        match which.partner {
            Some(partner) => {
                let partner = self.resolve(partner)?;
                self.open_where("AND partner = ?1 AND (?2 IS NULL OR motion = ?2)", params![partner, motion], today)
            }
            None => self.open_where("AND (?1 IS NULL OR motion = ?1)", params![motion], today),
        }
    }

    /// One open deal; nothing where it is closed or not there.
    ///
    /// # Errors
    /// SQLite, or a row that does not read.
    pub fn forecast_one(&self, id: &DealId, today: Day) -> Result<Option<OpenDeal>> {
        let id = self.resolve(id.as_str())?;
        Ok(self.open_where("AND id = ?1", params![id], today)?.pop())
    }

    fn open_where(&self, which: &str, values: &[&dyn ToSql], today: Day) -> Result<Vec<OpenDeal>> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT id, name, created_day, motion, attribution, partner IS NOT NULL, position, entered_on, stage_label, pipeline, \
             stage, stalled_on, {IN_OWN} FROM deal WHERE outcome = 0 {which}"
        ))?;
        let main = self.main_currency()?;
        let mut rows = statement.query(values)?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            all.push(OpenDeal {
                id: DealId(row.get(0)?),
                name: row.get(1)?,
                created: row.get::<_, Option<i64>>(2)?.map(day),
                motion: word(row.get(3)?, Motion::from_name),
                attribution: word(row.get(4)?, Attribution::from_name),
                partnered: row.get(5)?,
                position: place(row.get(6)?),
                entered: row.get::<_, Option<i64>>(7)?.map(day),
                stage: row.get(8)?,
                at: (row.get(9)?, row.get(10)?),
                stalled: row.get::<_, Option<i64>>(11)?.is_some_and(|on| on <= days(today)),
                amount: in_own(row.get(12)?, row.get(13)?, &main),
            });
        }
        Ok(all)
    }

    /// What was won between two days, both included, in heaps of alike deals, exact.
    ///
    /// # Errors
    /// SQLite.
    pub fn won_between(&self, from: Day, to: Day, which: Which<'_>) -> Result<Vec<WonSum>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT motion, attribution, partner IS NOT NULL AS partnered, iif(home IS NULL, currency, NULL) AS of, count(*), \
             sum(coalesce(home, amount)) FROM deal \
             WHERE outcome = ?1 AND close_date BETWEEN ?2 AND ?3 AND (?4 IS NULL OR motion = ?4) \
             AND (?5 IS NULL OR partner = ?5) GROUP BY motion, attribution, partnered, of ORDER BY 1, 2, 3, 4",
        )?;
        let partner = which.partner.map(|id| self.resolve(id)).transpose()?;
        let (motion, won) = (which.motion.map(Motion::name), outcome_code(Outcome::Won));
        let mut rows = statement.query(params![won, days(from), days(to), motion, partner])?;
        let mut all = Vec::new();
        let main = self.main_currency()?;
        while let Some(row) = rows.next()? {
            let sum = in_own(row.get(5)?, row.get(3)?, &main);
            let none = |currency: &Currency| Money::new(rust_decimal::Decimal::ZERO, currency.clone());
            all.push(WonSum {
                motion: word(row.get(0)?, Motion::from_name),
                attribution: word(row.get(1)?, Attribution::from_name),
                partnered: row.get(2)?,
                deals: row.get(4)?,
                sum: sum.unwrap_or_else(|| none(&main)),
            });
        }
        Ok(all)
    }

    /// The last day on which a deal was closed, not after a day.
    ///
    /// # Errors
    /// SQLite.
    pub fn last_close(&self, by: Day) -> Result<Option<Day>> {
        let last: Option<i64> = self.connection.query_row(
            "SELECT max(at) FROM (SELECT max(close_date) AS at FROM deal WHERE outcome = 1 AND close_date <= ?1 \
             UNION ALL SELECT max(close_date) FROM deal WHERE outcome = 2 AND close_date <= ?1)",
            [days(by)],
            |row| row.get(0),
        )?;
        Ok(last.map(day))
    }
}
