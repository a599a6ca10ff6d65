//! How deals stood when a review started, and what has changed since (W-05, B8).
//!
//! The hard idea: starting a review copies nothing. It only counts on ([`Writer::begin_mark`]); from then on
//! every row of a deal is kept aside once, just before it is first changed ([`Writer::keep_deal`]), by the
//! functions that write such rows and nobody else. How a deal stood at a mark is then its earliest row kept at
//! that mark or later, and else how it stands now. So a snapshot of a million deals costs what changes, and
//! shows exactly what the lists showed: pending edits, merges and a changed mapping included. Deals without a
//! partner before and after are not kept; nobody reviews them.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use drumbeat_model::crm::ObjectKind;
use drumbeat_model::deal::{Deal, Motion, Movement};
use drumbeat_model::field::Field;
use drumbeat_model::ids::{DealId, PartnerId};
use drumbeat_model::movement::Standing;
use drumbeat_model::review::PipelineTotal;
use drumbeat_model::time::{Day, Instant};
use rusqlite::{OptionalExtension, Row, params};

use crate::open::Result;
use crate::reader::{
    Reader, code, day, days, instant, json, money, ms, outcome_code, outcome_of, ten_thousandths, word,
};
use crate::tally::BY_MOTION;
use crate::writer::Writer;

/// The value that has the first mark of an unbroken row of them, and the latest.
pub(crate) const MARKS: &str = "review.marks";

/// How a deal stood at two times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stood {
    /// Which.
    pub id: DealId,
    /// Then; absent when it was not known.
    pub then: Option<Standing>,
    /// Now, or at the later time; absent when it is gone.
    pub now: Option<Standing>,
}

/// Open deals that have a partner: those that are reviewed.
const REVIEWED: &str = "outcome = 0 AND partner IS NOT NULL";
/// So many stalled deals are read one by one rather than met on the way down from the largest.
const FEW_STALLED: u32 = 500;

/// Motion and currency.
type Group = (Option<String>, Option<String>);

/// A row by its size, the largest first.
type BySize = (Reverse<Option<i64>>, i64);

fn sized(row: &Row<'_>) -> rusqlite::Result<BySize> {
    Ok((Reverse(row.get(1)?), row.get(0)?))
}

fn the_largest(mut of: Vec<BySize>, wanted: u32) -> impl Iterator<Item = i64> {
    of.sort_unstable();
    of.into_iter().take(wanted as usize).map(|(_, row)| row)
}

const STOOD: &str = "name, partner, motion, amount, currency, stage, position, outcome, close_date";
const NOW: &str = "name, partner, motion, amount, currency, stage_label AS stage, position, outcome, close_date";

fn standing(row: &Row<'_>) -> rusqlite::Result<Standing> {
    Ok(Standing {
        name: row.get("name")?,
        partner: row.get::<_, Option<String>>("partner")?.map(PartnerId),
        motion: word(row.get("motion")?, Motion::from_name),
        amount: money(row.get("amount")?, row.get("currency")?),
        stage: row.get("stage")?,
        position: row.get("position")?,
        outcome: outcome_of(row.get("outcome")?),
        close_date: row.get::<_, Option<i64>>("close_date")?.map(day),
    })
}

impl Reader<'_> {
    /// The first and the latest mark between which every change of a deal was kept; nothing when there is none.
    /// What is older than the first, from before a repair, cannot be compared with.
    ///
    /// # Errors
    /// SQLite, or a value that does not read.
    pub fn review_marks(&self) -> Result<Option<(u32, u32)>> {
        self.cursor(MARKS)?.map(|text| json("value", MARKS, &text)).transpose()
    }

    /// The open pipeline of partners by motion and currency.
    ///
    /// # Errors
    /// SQLite.
    pub fn reviewed_pipeline(&self) -> Result<Vec<PipelineTotal>> {
        let sql = if self.is_tallied()? {
            format!(
                "SELECT nullif(who, ''), currency, sum(deals), sum(amount) FROM tally \
                 WHERE side = {BY_MOTION} AND state = 0 AND month = 0 AND is_partnered = 1 AND currency <> '' GROUP BY 1, 2"
            )
        } else {
            "SELECT motion, currency, count(*), sum(amount) FROM deal \
             WHERE outcome = 0 AND partner IS NOT NULL GROUP BY motion, currency"
                .to_owned()
        };
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query([])?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            // Deals without an amount have no currency, and add nothing.
            if let Some(amount) = money(row.get(3)?, row.get(1)?) {
                all.push(PipelineTotal { motion: word(row.get(0)?, Motion::from_name), amount, deals: row.get(2)? });
            }
        }
        Ok(all)
    }

    /// Every deal that may have changed between two marks, as it stood at both; until now when there is no later one.
    ///
    /// # Errors
    /// SQLite.
    pub fn deals_moved(&self, from: u32, until: Option<u32>) -> Result<Vec<Stood>> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT id, known, {STOOD} FROM deal_was WHERE mark >= ?1 AND mark < ?2 ORDER BY id, mark DESC"
        ))?;
        let mut rows = statement.query(params![from, until.map_or(i64::MAX, i64::from)])?;
        let mut then: BTreeMap<String, Option<Standing>> = BTreeMap::new();
        while let Some(row) = rows.next()? {
            // The earliest comes last and stands.
            let known = row.get::<_, bool>("known")?;
            then.insert(row.get("id")?, if known { Some(standing(row)?) } else { None });
        }
        let stood = |(id, then): (String, Option<Standing>)| {
            let now = self.deal_stood(&id, until)?;
            Ok(Stood { id: DealId(id), then, now })
        };
        then.into_iter().map(stood).collect()
    }

    /// How a deal stood at a mark, or stands now.
    ///
    /// # Errors
    /// SQLite.
    pub fn deal_stood(&self, id: &str, at: Option<u32>) -> Result<Option<Standing>> {
        if let Some(mark) = at {
            let mut statement = self.connection.prepare_cached(&format!(
                "SELECT known, {STOOD} FROM deal_was WHERE id = ?1 AND mark >= ?2 ORDER BY mark LIMIT 1"
            ))?;
            let kept = statement
                .query_row(params![id, mark], |row| Ok(if row.get("known")? { Some(standing(row)?) } else { None }))
                .optional()?;
            if let Some(kept) = kept {
                return Ok(kept);
            }
        }
        let mut statement = self.connection.prepare_cached(&format!("SELECT {NOW} FROM deal WHERE id = ?1"))?;
        Ok(statement.query_row([id], standing).optional()?)
    }

    /// Changes of deals' fields after `from`, up to `until`, by deal; of each deal the latest first.
    ///
    /// # Errors
    /// SQLite, or a row that does not read.
    pub fn deal_changes(
        &self,
        from: Instant,
        until: Instant,
        fields: &[Field],
    ) -> Result<BTreeMap<DealId, Vec<Movement>>> {
        // By time, whatever the planner thinks of the kind: what changed between two reviews is little of what ever did.
        let mut statement = self.connection.prepare_cached(
            "SELECT record, field, before, after, at, by, is_ours FROM movement
             WHERE at > ?1 AND at <= ?2 AND +kind = ?3 ORDER BY at DESC, id DESC",
        )?;
        let mut rows = statement.query(params![ms(from), ms(until), code(ObjectKind::Deal)])?;
        let mut all: BTreeMap<DealId, Vec<Movement>> = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let name: String = row.get("field")?;
            let Some(field) = Field::from_name(&name).filter(|field| fields.contains(field)) else { continue };
            all.entry(DealId(row.get("record")?)).or_default().push(Movement {
                field,
                before: row.get("before")?,
                after: row.get("after")?,
                at: instant(row.get("at")?),
                by: row.get("by")?,
                ours: row.get("is_ours")?,
            });
        }
        Ok(all)
    }

    /// Open partner deals that an agenda looks at: of each motion the largest `per_motion`, and the largest `stalled` of
    /// those that have stalled by `today`. Each once. What is large in another currency is so by the CRM's rate.
    ///
    /// # Errors
    /// SQLite.
    pub fn review_candidates(&self, per_motion: u32, stalled: u32, today: Day) -> Result<Vec<DealId>> {
        let groups = self.reviewed_groups()?;
        let mut motions: BTreeMap<&Option<String>, Vec<BySize>> = BTreeMap::new();
        let mut largest = self.connection.prepare_cached(&format!(
            "SELECT rowid, coalesce(home, amount) FROM deal {} WHERE {REVIEWED} AND motion IS ?1 AND currency IS ?2 \
             ORDER BY amount DESC LIMIT ?3",
            self.along("deal_in_review")?
        ))?;
        for (motion, currency) in &groups {
            let found = largest.query_map(params![motion, currency, per_motion], sized)?;
            let of = motions.entry(motion).or_default();
            of.extend(found.collect::<std::result::Result<Vec<_>, _>>()?);
        }
        let mut rows: Vec<i64> = motions.into_values().flat_map(|of| the_largest(of, per_motion)).collect();
        rows.extend(self.largest_stalled(&groups, stalled, today)?);
        rows.sort_unstable();
        rows.dedup();
        let mut id = self.connection.prepare_cached("SELECT id FROM deal WHERE rowid = ?1")?;
        rows.into_iter().map(|row| Ok(DealId(id.query_row([row], |found| found.get(0))?))).collect()
    }

    /// Motions and currencies that open partner deals have.
    fn reviewed_groups(&self) -> Result<Vec<Group>> {
        let sql = if self.is_tallied()? {
            format!(
                "SELECT DISTINCT nullif(who, ''), nullif(currency, '') FROM tally \
                 WHERE side = {BY_MOTION} AND state = 0 AND month = 0 AND is_partnered = 1"
            )
        } else {
            format!("SELECT DISTINCT motion, currency FROM deal {} WHERE {REVIEWED}", self.along("deal_in_review")?)
        };
        let mut statement = self.connection.prepare_cached(&sql)?;
        let found = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(found.collect::<std::result::Result<_, _>>()?)
    }

    /// Rows of the largest `wanted` stalled deals of some groups. Where few have stalled they are read and put in
    /// order; where many have, each group is walked from its largest deal down until enough were met. Neither
    /// way is long, however many deals there are.
    fn largest_stalled(&self, groups: &[Group], wanted: u32, today: Day) -> Result<Vec<i64>> {
        let mut few = self.connection.prepare_cached(&format!(
            "SELECT rowid, coalesce(home, amount) FROM deal {} WHERE {REVIEWED} AND stalled_on <= ?1 LIMIT ?2",
            self.along("deal_by_stall")?
        ))?;
        let found = few.query_map(params![days(today), FEW_STALLED + 1], sized)?;
        let mut found = found.collect::<std::result::Result<Vec<_>, _>>()?;
        if found.len() > FEW_STALLED as usize {
            found.clear();
            let mut walk = self.connection.prepare_cached(&format!(
                "SELECT rowid, coalesce(home, amount) FROM deal {} WHERE {REVIEWED} AND motion IS ?1 AND currency IS ?2 \
                 AND stalled_on <= ?3 ORDER BY amount DESC LIMIT ?4",
                self.along("deal_in_review")?
            ))?;
            for (motion, currency) in groups {
                let of = walk.query_map(params![motion, currency, days(today), wanted], sized)?;
                found.extend(of.collect::<std::result::Result<Vec<_>, _>>()?);
            }
        }
        Ok(the_largest(found, wanted).collect())
    }
}

impl Writer<'_> {
    /// Begins a new mark: from now on deals are kept as they stand at this moment.
    ///
    /// # Errors
    /// SQLite.
    pub fn begin_mark(&self) -> Result<u32> {
        // By the clock too, so that a row of marks that begins anew has none of the one before.
        let clock = u32::try_from(self.at.timestamp()).unwrap_or(0);
        let (first, mark) = match self.review_marks()? {
            Some((first, last)) => (first, clock.max(last.saturating_add(1))),
            None => (clock, clock),
        };
        self.set_cursor(MARKS, &serde_json::to_string(&(first, mark))?)?;
        self.mark.set(Some(Some(mark)));
        Ok(mark)
    }

    /// The mark that rows are kept for, read once a transaction.
    fn keeping(&self) -> Result<Option<u32>> {
        if let Some(mark) = self.mark.get() {
            return Ok(mark);
        }
        let mark = self.review_marks()?.map(|(_, last)| last);
        self.mark.set(Some(mark));
        Ok(mark)
    }

    /// Keeps a deal as it stands, once a mark, before it becomes `next`; before it goes when that is absent.
    pub(crate) fn keep_deal(&self, id: &str, next: Option<&Deal>) -> Result<()> {
        let Some(mark) = self.keeping()? else { return Ok(()) };
        let Some(next) = next else {
            self.connection
                .prepare_cached(&format!(
                    "INSERT OR IGNORE INTO deal_was (id, mark, known, {STOOD})
                     SELECT id, ?2, 1, name, partner, motion, amount, currency, stage_label, position, outcome, close_date
                     FROM deal WHERE id = ?1 AND partner IS NOT NULL"
                ))?
                .execute(params![id, mark])?;
            return Ok(());
        };
        let kept = self
            .connection
            .prepare_cached(&format!(
                "INSERT OR IGNORE INTO deal_was (id, mark, known, {STOOD})
                 SELECT id, ?2, 1, name, partner, motion, amount, currency, stage_label, position, outcome, close_date
                 FROM deal WHERE id = ?1 AND (partner IS NOT NULL OR ?3 IS NOT NULL) AND NOT (
                     partner IS ?3 AND motion IS ?4 AND amount IS ?5 AND currency IS ?6 AND stage_label IS ?7
                     AND position IS ?8 AND outcome IS ?9 AND close_date IS ?10)"
            ))?
            .execute(params![
                id,
                mark,
                next.partner.as_ref().map(PartnerId::as_str),
                next.motion.map(Motion::name),
                next.amount.as_ref().and_then(|money| ten_thousandths(money.amount)),
                next.amount.as_ref().map(|money| money.currency.code()),
                next.stage_label,
                next.position,
                outcome_code(next.outcome),
                next.close_date.map(days),
            ])?;
        if kept == 0 && next.partner.is_some() {
            self.connection
                .prepare_cached(
                    "INSERT OR IGNORE INTO deal_was (id, mark, known)
                     SELECT ?1, ?2, 0 WHERE NOT EXISTS (SELECT 1 FROM deal WHERE id = ?1)",
                )?
                .execute(params![id, mark])?;
        }
        Ok(())
    }

    /// A deal that was made here and goes by the CRM's id from now on is the same deal as before.
    pub(crate) fn rename_kept(&self, local: &str, crm_id: &str) -> Result<()> {
        // Read from the CRM before its landing was known, it was not new: it stood here under the local id.
        for statement in [
            "DELETE FROM deal_was WHERE id = ?2 AND mark IN (SELECT mark FROM deal_was WHERE id = ?1)",
            "UPDATE deal_was SET id = ?2 WHERE id = ?1",
        ] {
            self.connection.prepare_cached(statement)?.execute(params![local, crm_id])?;
        }
        Ok(())
    }

    /// Does `f`, which makes all rows of deals anew, and keeps what came out otherwise.
    pub(crate) fn keep_all_deals<T>(&self, f: impl FnOnce() -> Result<T>) -> Result<T> {
        let Some(mark) = self.keeping()? else { return f() };
        self.connection.execute(
            &format!("CREATE TEMP TABLE stood AS SELECT id, {NOW} FROM main.deal WHERE partner IS NOT NULL"),
            [],
        )?;
        self.connection.execute("CREATE UNIQUE INDEX temp.stood_by_id ON stood (id)", [])?;
        self.mark.set(Some(None));
        // When it fails, all of it is rolled back, the table aside too.
        let done = f()?;
        self.mark.set(Some(Some(mark)));
        self.connection.execute(
            &format!(
                "INSERT OR IGNORE INTO deal_was (id, mark, known, {STOOD})
                 SELECT id, ?1, 1, {STOOD} FROM temp.stood AS s WHERE NOT EXISTS (
                     SELECT 1 FROM deal AS d WHERE d.id = s.id AND d.partner IS s.partner AND d.motion IS s.motion
                     AND d.amount IS s.amount AND d.currency IS s.currency AND d.stage_label IS s.stage
                     AND d.position IS s.position AND d.outcome IS s.outcome AND d.close_date IS s.close_date)"
            ),
            [mark],
        )?;
        self.connection.execute(
            "INSERT OR IGNORE INTO deal_was (id, mark, known) SELECT id, ?1, 0 FROM deal
             WHERE partner IS NOT NULL AND NOT EXISTS (SELECT 1 FROM temp.stood AS s WHERE s.id = deal.id)",
            [mark],
        )?;
        self.connection.execute("DROP TABLE temp.stood", [])?;
        Ok(done)
    }
}
