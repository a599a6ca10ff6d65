//! Sums of open deals for the board, and what hygiene comes to by motion, owner and partner: from indexes alone.

use std::collections::BTreeMap;

use drumbeat_model::board::ScoredBy;
use drumbeat_model::crm::Outcome;
use drumbeat_model::deal::{Deal, DealFilter, DealTotals, Motion};
use drumbeat_model::ids::{DealId, OwnerId, PartnerId};
use drumbeat_model::page::Direction;
use drumbeat_model::time::Day;
use rusqlite::types::Value;
use rusqlite::{params, params_from_iter};

use crate::filter::{self, DEAL_WORTH, PageKey};
use crate::open::Result;
use crate::reader::{Reader, money};
use crate::tally::{BY_MOTION, BY_OWNER, BY_PARTNER};

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

/// The question of [`Reader::hygiene_by`], to the kept sums where they are.
fn scores(by: ScoredBy, tallied: bool) -> String {
    let (column, side) = match by {
        ScoredBy::Motion => ("motion", BY_MOTION),
        ScoredBy::Owner => ("owner", BY_OWNER),
        ScoredBy::Partner => ("partner", BY_PARTNER),
    };
    let (what, from) = if tallied {
        (
            "nullif(who, ''), sum(deals), sum(hygiene) / sum(deals), sum(held)".to_owned(),
            format!("tally WHERE side = {side} AND state = 0 AND month = 0 AND is_partnered = 1"),
        )
    } else {
        (
            format!("{column}, count(*), sum(hygiene) / count(*), sum(missing_hard > 0)"),
            "deal WHERE outcome = 0 AND partner IS NOT NULL".to_owned(),
        )
    };
    format!("SELECT {what} FROM {from} GROUP BY 1 ORDER BY 3, 2 DESC, 1 LIMIT ?1")
}

impl Reader<'_> {
    /// Tells SQLite to go along an index, as long as it is there: it is gone while a kind is read for the first time.
    pub(crate) fn along(&self, index: &str) -> Result<String> {
        Ok(if self.has_index(index)? { format!("INDEXED BY {index}") } else { String::new() })
    }

    /// Whether an index is there.
    pub(crate) fn has_index(&self, name: &str) -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'index' AND name = ?1)";
        Ok(self.connection.prepare_cached(sql)?.query_row([name], |row| row.get(0))?)
    }

    /// How many open deals stand at each place of the way, and what they add up to.
    ///
    /// # Errors
    /// SQLite.
    pub fn board_totals(&self, asked: &DealFilter, today: Day) -> Result<BTreeMap<u32, DealTotals>> {
        let open = DealFilter { outcome: Some(Outcome::Open), ..asked.clone() };
        let mut columns: BTreeMap<u32, DealTotals> = BTreeMap::new();
        for (position, of) in self.sums_by("position", &open, today)? {
            let column = columns.entry(position).or_insert(DealTotals { count: 0, sums: Vec::new() });
            column.count += of.count;
            column.sums.extend(of.sums);
        }
        Ok(columns)
    }

    /// How many deals a filter leaves and what they add up to, by a column of whole numbers and by currency, the most
    /// deals first: from the kept sums where they can tell.
    pub(crate) fn sums_by(&self, column: &str, asked: &DealFilter, today: Day) -> Result<Vec<(u32, DealTotals)>> {
        let (what, from, all) = match self.tallied(asked)? {
            Some(all) => ("sum(deals), sum(amount), sum(priced)", "tally", all),
            None => ("count(*), sum(amount), count(amount)", "deal", filter::deals(asked, today)),
        };
        let sql = format!(
            "SELECT {column}, coalesce(currency, ''), {what} FROM {from} {} GROUP BY 1, 2 ORDER BY 1, 3 DESC, 2",
            all.clause()
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query(params_from_iter(all.values))?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let sum = if row.get::<_, i64>(4)? > 0 { money(row.get(3)?, row.get(1)?) } else { None };
            found.push((row.get(0)?, DealTotals { count: row.get(2)?, sums: sum.into_iter().collect() }));
        }
        Ok(found)
    }

    /// Mean hygiene of the open partner deals by motion, owner or partner, worst first.
    ///
    /// # Errors
    /// SQLite.
    pub fn hygiene_by(&self, by: ScoredBy, limit: u32) -> Result<Vec<Scored>> {
        let mut statement = self.connection.prepare_cached(&scores(by, self.is_tallied()?))?;
        let rows = statement.query_map([limit], |row| {
            Ok(Scored { key: row.get(0)?, deals: row.get(1)?, hygiene: row.get(2)?, held: row.get(3)? })
        })?;
        Ok(rows.collect::<std::result::Result<_, _>>()?)
    }

    /// A stretch of the open partner deals that lack something, the largest first: their ids, the key of the next
    /// stretch (absent at the end), and how many there are in all.
    ///
    /// # Errors
    /// SQLite, or a key that is not ours.
    pub fn deals_to_mend(
        &self,
        motion: Option<Motion>,
        owner: Option<&str>,
        partner: Option<&str>,
        after: Option<&str>,
        limit: u32,
    ) -> Result<(Vec<DealId>, Option<String>, u32)> {
        let asked = DealFilter {
            owner: owner.map(OwnerId::from),
            partner: partner.map(PartnerId::from),
            ..of_partners(motion)
        };
        let total = self.count_deals(&asked, Day::default(), "to_mend", "hygiene < 100")?;
        let mut all = filter::deals(&DealFilter { hygiene_to: Some(99), ..asked }, Day::default());
        if let Some(key) = after {
            PageKey::after(key, DEAL_WORTH, "deal.row", Direction::Descending, &mut all)?;
        }
        // Nearly every deal lacks something: its points would be the longer way. What a partner has is short in any order.
        let along = if partner.is_none() { self.along("deal_by_amount")? } else { String::new() };
        let sql = format!(
            "SELECT deal.id, {DEAL_WORTH}, deal.row FROM deal {along} {} ORDER BY {DEAL_WORTH} DESC, deal.row DESC LIMIT {}",
            all.clause(),
            limit.saturating_add(1)
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows: Vec<(DealId, Value, Value)> = statement
            .query_map(params_from_iter(all.values), |row| Ok((DealId(row.get(0)?), row.get(1)?, row.get(2)?)))?
            .collect::<std::result::Result<_, _>>()?;
        let key = |(_, amount, place): &(DealId, Value, Value)| PageKey::new(amount.clone(), place.clone()).write();
        let last = rows.get((limit as usize).saturating_sub(1)).filter(|_| rows.len() > limit as usize);
        let next = last.map(key).transpose()?;
        Ok((rows.into_iter().take(limit as usize).map(|(id, ..)| id).collect(), next, total))
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
        self.count_deals(&of_partners(motion), Day::default(), "deals", "TRUE")
    }

    /// Deals of a filter: a kept sum, or those that a condition fits.
    pub(crate) fn count_deals(&self, asked: &DealFilter, today: Day, sum: &str, fits: &str) -> Result<u32> {
        let (what, all) = match self.tallied(asked)? {
            Some(all) => (format!("coalesce(sum({sum}), 0) FROM tally"), all),
            None => {
                let mut all = filter::deals(asked, today);
                all.add(fits, []);
                ("count(*) FROM deal".to_owned(), all)
            }
        };
        let sql = format!("SELECT {what} {}", all.clause());
        Ok(self.connection.prepare_cached(&sql)?.query_row(params_from_iter(all.values), |row| row.get(0))?)
    }
}

/// Open deals of partners.
fn of_partners(motion: Option<Motion>) -> DealFilter {
    DealFilter { outcome: Some(Outcome::Open), partnered: Some(true), motion, ..DealFilter::default() }
}
