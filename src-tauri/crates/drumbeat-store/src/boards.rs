//! Sums of open deals for the board, and what hygiene comes to by motion, owner and partner: from indexes alone.

use std::collections::BTreeMap;

use drumbeat_model::board::ScoredBy;
use drumbeat_model::crm::Outcome;
use drumbeat_model::deal::{Deal, DealFilter, DealTotals, Motion};
use drumbeat_model::ids::DealId;
use drumbeat_model::time::Day;
use rusqlite::{params, params_from_iter};

use crate::filter;
use crate::open::Result;
use crate::reader::{Reader, money};

/// Hygiene of the open partner deals that have one motion, owner or partner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scored {
    /// Motion word, owner id or partner id.
    pub key: Option<String>,
    /// Open deals.
    pub deals: u32,
    /// Mean hygiene in whole points.
    pub hygiene: u32,
    /// Deals that lack a hard field.
    pub held: u32,
}

/// The question of [`Reader::hygiene_by`], along an index where it is there.
fn scores(by: ScoredBy, along: &str) -> String {
    let column = match by {
        ScoredBy::Motion => "motion",
        ScoredBy::Owner => "owner",
        ScoredBy::Partner => "partner",
    };
    format!(
        "SELECT {column}, count(*), sum(hygiene) / count(*), sum(missing_hard > 0) FROM deal {along} \
         WHERE outcome = 0 AND partner IS NOT NULL GROUP BY {column} ORDER BY 3, 2 DESC, 1 LIMIT ?1"
    )
}

impl Reader<'_> {
    /// Tells SQLite to go along an index, as long as it is there: it is gone while a kind is read for the first time.
    pub(crate) fn along(&self, index: &str) -> Result<String> {
        let sql = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'index' AND name = ?1)";
        let there: bool = self.connection.prepare_cached(sql)?.query_row([index], |row| row.get(0))?;
        Ok(if there { format!("INDEXED BY {index}") } else { String::new() })
    }

    /// How many open deals stand at each place of the way, and what they add up to.
    ///
    /// # Errors
    /// SQLite.
    pub fn board_totals(&self, asked: &DealFilter, today: Day) -> Result<BTreeMap<u32, DealTotals>> {
        let open = DealFilter { outcome: Some(Outcome::Open), ..asked.clone() };
        let all = filter::deals(&open, today);
        // Of all open deals the whole index is walked, which SQLite takes for more than it is.
        let every = DealFilter { outcome: Some(Outcome::Open), ..DealFilter::default() };
        let along = if open == every { self.along("deal_by_place")? } else { String::new() };
        let sql = format!(
            "SELECT position, currency, count(*), sum(amount) FROM deal {along} {} \
             GROUP BY position, currency ORDER BY 1, 3 DESC",
            all.clause()
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query(params_from_iter(all.values))?;
        let mut columns: BTreeMap<u32, DealTotals> = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let column = columns.entry(row.get(0)?).or_insert(DealTotals { count: 0, sums: Vec::new() });
            column.count += row.get::<_, u32>(2)?;
            column.sums.extend(money(row.get(3)?, row.get(1)?));
        }
        Ok(columns)
    }

    /// Mean hygiene of the open partner deals by motion, owner or partner, worst first.
    ///
    /// # Errors
    /// SQLite.
    pub fn hygiene_by(&self, by: ScoredBy, limit: u32) -> Result<Vec<Scored>> {
        let mut statement = self.connection.prepare_cached(&scores(by, &self.along("deal_by_hygiene")?))?;
        let rows = statement.query_map([limit], |row| {
            Ok(Scored { key: row.get(0)?, deals: row.get(1)?, hygiene: row.get(2)?, held: row.get(3)? })
        })?;
        Ok(rows.collect::<std::result::Result<_, _>>()?)
    }

    /// Ids of the open partner deals that lack something, the largest first, and how many there are.
    ///
    /// # Errors
    /// SQLite.
    pub fn deals_to_mend(
        &self,
        motion: Option<Motion>,
        owner: Option<&str>,
        partner: Option<&str>,
        limit: u32,
    ) -> Result<(Vec<DealId>, u32)> {
        const WHICH: &str = "WHERE outcome = 0 AND partner IS NOT NULL AND hygiene < 100 \
             AND (?1 IS NULL OR motion = ?1) AND (?2 IS NULL OR owner = ?2) AND (?3 IS NULL OR partner = ?3)";
        let values = params![motion.map(Motion::name), owner, partner];
        let count = format!("SELECT count(*) FROM deal {} {WHICH}", self.along("deal_by_hygiene")?);
        let total = self.connection.prepare_cached(&count)?.query_row(values, |row| row.get(0))?;
        let sql = format!("SELECT id FROM deal {WHICH} ORDER BY amount DESC, id LIMIT ?4");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let ids = statement
            .query_map(params![motion.map(Motion::name), owner, partner, limit], |row| row.get(0).map(DealId))?;
        Ok((ids.collect::<std::result::Result<_, _>>()?, total))
    }

    /// Open partner deals after one by id, typed: a stretch of them.
    ///
    /// # Errors
    /// SQLite, or a row that does not read.
    pub fn partner_deals_after(&self, after: &str, motion: Option<Motion>, limit: u32) -> Result<Vec<Deal>> {
        // The plus keeps it on the ids: a stretch costs what it holds.
        let mut statement = self.connection.prepare_cached(
            "SELECT id FROM deal WHERE id > ?1 AND +outcome = 0 AND partner IS NOT NULL AND (?2 IS NULL OR motion = ?2) \
             ORDER BY id LIMIT ?3",
        )?;
        let ids = statement.query_map(params![after, motion.map(Motion::name), limit], |row| row.get(0))?;
        let ids: Vec<String> = ids.collect::<std::result::Result<_, _>>()?;
        self.typed_deals(ids)
    }

    /// How many open partner deals there are, of one motion or of all.
    ///
    /// # Errors
    /// SQLite.
    pub fn partner_deals_count(&self, motion: Option<Motion>) -> Result<u32> {
        let along = self.along("deal_by_hygiene")?;
        let sql = format!(
            "SELECT count(*) FROM deal {along} WHERE outcome = 0 AND partner IS NOT NULL AND (?1 IS NULL OR motion = ?1)"
        );
        Ok(self.connection.prepare_cached(&sql)?.query_row([motion.map(Motion::name)], |row| row.get(0))?)
    }
}
