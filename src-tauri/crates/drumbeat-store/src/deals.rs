//! Deals as lists, sums and single records.

use std::collections::{BTreeMap, BTreeSet};

use drumbeat_model::crm::{HistoryEntry, ObjectKind, Properties};
use drumbeat_model::deal::{Attribution, Deal, DealFilter, DealRow, DealTotals, DealsQuery, Motion, Movement};
use drumbeat_model::field::Field;
use drumbeat_model::ids::{AccountId, DealId};
use drumbeat_model::money::{Currency, Money};
use drumbeat_model::page::Page;
use drumbeat_model::time::{Day, Instant};
use drumbeat_model::value;
use rusqlite::types::Value;
use rusqlite::{Row, params, params_from_iter};
use rust_decimal::Decimal;

use crate::filter::{self, PageKey};
use crate::mirror::tracked;
use crate::open::Result;
use crate::projection;
use crate::reader::{Reader, code, day, days, instant, money, ms, outcome_code, outcome_of, word};
use crate::writer::{Touched, Writer};

pub(crate) const COLUMNS: &str = "deal.id, deal.name, deal.account_name, deal.partner_name, deal.amount, deal.currency, deal.stage_label, deal.position, deal.outcome, \
     deal.stalled_on, deal.motion, deal.attribution, deal.attribution_pct, deal.hygiene, deal.protection_end, deal.close_date, deal.notes_at, deal.is_pending";

pub(crate) fn row(row: &Row<'_>, today: Day) -> rusqlite::Result<DealRow> {
    Ok(DealRow {
        id: DealId(row.get("id")?),
        name: row.get("name")?,
        account: row.get("account_name")?,
        partner: row.get("partner_name")?,
        amount: money(row.get("amount")?, row.get("currency")?),
        stage: row.get("stage_label")?,
        position: row.get("position")?,
        outcome: outcome_of(row.get("outcome")?),
        stalled: row.get::<_, Option<i64>>("stalled_on")?.is_some_and(|on| on <= days(today)),
        motion: word(row.get("motion")?, Motion::from_name),
        attribution: word(row.get("attribution")?, Attribution::from_name),
        attribution_pct: row.get("attribution_pct")?,
        hygiene: row.get("hygiene")?,
        protection_end: row.get::<_, Option<i64>>("protection_end")?.map(day),
        close_date: row.get::<_, Option<i64>>("close_date")?.map(day),
        notes_at: row.get::<_, Option<i64>>("notes_at")?.map(instant),
        pending: row.get("is_pending")?,
    })
}

impl Reader<'_> {
    /// One page of deals.
    ///
    /// # Errors
    /// SQLite, or a page key that is not ours.
    pub fn deals(&self, query: &DealsQuery, today: Day) -> Result<Page<DealRow>> {
        let limit = if query.limit == 0 { 100 } else { query.limit.min(500) };
        let column = filter::deal_column(query.sort);
        let direction = filter::direction(query.direction);
        let total = self.count_deals(&query.filter, today, "deals", "TRUE")?;
        // The orders are kept for each outcome: of all deals it is the first of what each has first.
        let outcomes =
            query.filter.outcome.map_or_else(|| drumbeat_model::crm::Outcome::ALL.to_vec(), |outcome| vec![outcome]);
        let (mut parts, mut values) = (Vec::new(), Vec::new());
        for outcome in outcomes {
            let of = DealFilter { outcome: Some(outcome), ..query.filter.clone() };
            let mut all = filter::deals(&of, today);
            if let Some(key) = &query.after {
                PageKey::after(key, column, "deal.row", query.direction, &mut all)?;
            }
            parts.push(format!(
                "SELECT * FROM (SELECT {COLUMNS}, {column} AS sort_value, deal.row AS place FROM deal {} \
                 ORDER BY {column} {direction}, deal.row {direction} LIMIT {})",
                all.clause(),
                limit + 1
            ));
            values.extend(all.values);
        }
        let collation = if column.ends_with("NOCASE") { "COLLATE NOCASE" } else { "" };
        let sql = match &parts[..] {
            [one] => one.clone(),
            several => format!(
                "{} ORDER BY sort_value {collation} {direction}, place {direction} LIMIT {}",
                several.join(" UNION ALL "),
                limit + 1
            ),
        };
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows: Vec<(DealRow, Value, Value)> = statement
            .query_map(params_from_iter(values), |found| {
                Ok((row(found, today)?, found.get("sort_value")?, found.get("place")?))
            })?
            .collect::<std::result::Result<_, _>>()?;
        let more = rows.len() > limit as usize;
        let mut next = None;
        if more && let Some((_, value, place)) = rows.get(limit as usize - 1) {
            next = Some(PageKey::new(value.clone(), place.clone()).write()?);
        }
        Ok(Page { rows: rows.into_iter().take(limit as usize).map(|(row, ..)| row).collect(), next, total })
    }

    /// How many deals a filter has and what they add up to, per currency, largest count first.
    ///
    /// # Errors
    /// SQLite.
    pub fn deal_totals(&self, query: &DealFilter, today: Day) -> Result<DealTotals> {
        let mut totals = DealTotals { count: 0, sums: Vec::new() };
        for (_, of) in self.sums_by("0", query, today)? {
            totals.count += of.count;
            totals.sums.extend(of.sums);
        }
        Ok(totals)
    }

    /// One deal, typed, pending changes applied.
    ///
    /// # Errors
    /// SQLite, or a row that does not read.
    pub fn deal(&self, id: &DealId) -> Result<Option<Deal>> {
        self.deal_with(id, &Properties::new())
    }

    /// A deal as it would be with some properties changed.
    ///
    /// # Errors
    /// SQLite, or a row that does not read.
    pub fn deal_with(&self, id: &DealId, changes: &Properties) -> Result<Option<Deal>> {
        let id = self.resolve(id.as_str())?;
        let Some((mut properties, pending)) = self.effective(ObjectKind::Deal, &id)? else { return Ok(None) };
        properties.extend(changes.iter().map(|(name, value)| (name.clone(), value.clone())));
        let account = self.account_of(&id)?;
        Ok(Some(projection::deal(&*self.mapping_in_force()?, &id, &properties, account, &*self.home()?, pending)))
    }

    /// The list row of one deal.
    ///
    /// # Errors
    /// SQLite.
    pub fn deal_row(&self, id: &DealId, today: Day) -> Result<Option<DealRow>> {
        use rusqlite::OptionalExtension;
        let id = self.resolve(id.as_str())?;
        let mut statement = self.connection.prepare_cached(&format!("SELECT {COLUMNS} FROM deal WHERE id = ?1"))?;
        Ok(statement.query_row([id], |found| row(found, today)).optional()?)
    }

    /// Rows of a fixed question about deals: `clause` is ours, never a person's.
    pub(crate) fn deal_rows(&self, clause: &str, values: &[&dyn rusqlite::ToSql], today: Day) -> Result<Vec<DealRow>> {
        let mut statement = self.connection.prepare_cached(&format!("SELECT {COLUMNS} FROM deal {clause}"))?;
        let rows = statement.query_map(values, |found| row(found, today))?;
        Ok(rows.collect::<std::result::Result<_, _>>()?)
    }

    /// Deals at an account, open ones first, latest close first.
    ///
    /// # Errors
    /// SQLite.
    pub fn deals_at(&self, account: &AccountId, limit: u32, today: Day) -> Result<Vec<DealRow>> {
        self.deal_rows(
            "WHERE account = ?1 ORDER BY outcome, close_date DESC, id LIMIT ?2",
            &[&account.as_str(), &limit],
            today,
        )
    }

    /// Open deals of a partner, closing first.
    ///
    /// # Errors
    /// SQLite.
    pub fn open_deals_of(&self, partner: &str, limit: u32, today: Day) -> Result<Vec<DealRow>> {
        self.deal_rows(
            "WHERE partner = ?1 AND outcome = 0 ORDER BY close_date, id LIMIT ?2",
            &[&partner, &limit],
            today,
        )
    }

    /// Open deals of partners whose protection ends between today and `by`, soonest first.
    ///
    /// # Errors
    /// SQLite.
    pub fn protections_ending(&self, by: Day, limit: u32, today: Day) -> Result<Vec<DealRow>> {
        self.deal_rows(
            "WHERE outcome = 0 AND protection_end BETWEEN ?1 AND ?2 ORDER BY protection_end, row LIMIT ?3",
            &[&days(today), &days(by), &limit],
            today,
        )
    }

    /// Open partner deals whose next step is due on or before `by`, soonest first.
    ///
    /// # Errors
    /// SQLite.
    pub fn next_steps_due(&self, by: Day, limit: u32, today: Day) -> Result<Vec<(DealRow, Day)>> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT {COLUMNS}, next_step_due FROM deal WHERE outcome = 0 AND next_step_due <= ?1 AND partner IS NOT NULL ORDER BY next_step_due DESC, row DESC LIMIT ?2"
        ))?;
        let rows = statement
            .query_map(params![days(by), limit], |found| Ok((row(found, today)?, day(found.get("next_step_due")?))))?;
        Ok(rows.collect::<std::result::Result<_, _>>()?)
    }

    /// Active protections of a partner.
    ///
    /// # Errors
    /// SQLite.
    pub fn active_protections(&self, partner: &str, today: Day) -> Result<u32> {
        Ok(self.connection.query_row(
            "SELECT count(*) FROM deal WHERE partner = ?1 AND outcome = 0 AND protection_end >= ?2",
            params![partner, days(today)],
            |row| row.get(0),
        )?)
    }

    /// All deals of a partner, typed, latest close first.
    ///
    /// # Errors
    /// SQLite, or a row that does not read.
    pub fn deals_of_partner(&self, partner: &str, limit: u32) -> Result<Vec<Deal>> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT id FROM deal WHERE partner = ?1 ORDER BY close_date DESC, id LIMIT ?2")?;
        let ids: Vec<String> =
            statement.query_map(params![partner, limit], |row| row.get(0))?.collect::<std::result::Result<_, _>>()?;
        self.typed_deals(ids)
    }

    /// Deals by their ids, typed, in the order of the ids; those that are not there are left out.
    pub(crate) fn typed_deals(&self, ids: Vec<String>) -> Result<Vec<Deal>> {
        let mut deals = Vec::with_capacity(ids.len());
        let mapping = self.mapping_in_force()?;
        let home = self.home()?;
        for id in ids {
            let Some((properties, pending)) = self.effective(ObjectKind::Deal, &id)? else { continue };
            let account = self.account_of(&id)?;
            deals.push(projection::deal(&mapping, &id, &properties, account, &home, pending));
        }
        Ok(deals)
    }

    /// Sums per currency of a partner's deals with an outcome that closed in a window; the account's
    /// own currency first. Open deals are taken whatever their close date when the window is absent.
    ///
    /// # Errors
    /// SQLite.
    pub fn partner_sums(
        &self,
        partner: &str,
        outcome: drumbeat_model::crm::Outcome,
        window: Option<(Day, Day)>,
    ) -> Result<(u32, Vec<Money>)> {
        let (from, to) = window.map_or((i64::MIN, i64::MAX), |(from, to)| (days(from), days(to)));
        let mut statement = self.connection.prepare_cached(
            "SELECT currency, count(*), sum(amount) FROM deal WHERE partner = ?1 AND outcome = ?2 AND (?5 OR close_date BETWEEN ?3 AND ?4) GROUP BY currency",
        )?;
        let mut rows = statement.query(params![partner, outcome_code(outcome), from, to, window.is_none()])?;
        let (mut count, mut sums) = (0, Vec::new());
        while let Some(row) = rows.next()? {
            count += row.get::<_, u32>(1)?;
            sums.extend(money(row.get(2)?, row.get(0)?));
        }
        let main = self.main_currency()?;
        in_order(&mut sums, &main);
        Ok((count, sums))
    }

    /// Every observed change of a record's tracked fields after `since`, latest first.
    ///
    /// # Errors
    /// SQLite, or a row that does not read.
    pub fn movements(&self, kind: ObjectKind, id: &str, since: Option<Instant>, limit: u32) -> Result<Vec<Movement>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT field, before, after, at, by, is_ours FROM movement WHERE kind = ?1 AND record = ?2 AND at > ?3 ORDER BY at DESC, id DESC LIMIT ?4",
        )?;
        let mut rows = statement.query(params![code(kind), id, since.map_or(i64::MIN, ms), limit])?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            let name: String = row.get("field")?;
            let Some(field) = Field::from_name(&name) else { continue };
            all.push(Movement {
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
}

impl Writer<'_> {
    /// Keeps what the CRM's own history tells of a record's tracked fields after `since`: every change with
    /// who and when, also those that were taken back before anybody looked. It stands for what was seen by
    /// comparing; our own changes are kept where they were made.
    ///
    /// # Errors
    /// SQLite, or a row that does not read.
    pub fn put_history(
        &self,
        kind: ObjectKind,
        id: &str,
        since: Instant,
        history: &BTreeMap<String, Vec<HistoryEntry>>,
    ) -> Result<()> {
        let mapping = self.mapping_in_force()?;
        let field_of = |property: &String| mapping.field(kind, property);
        let marks = history.iter().filter(|(property, _)| field_of(property) == Some(Field::LastOp));
        let ours: BTreeSet<Instant> = marks.flat_map(|(_, entries)| entries).filter_map(|entry| entry.at).collect();
        for (property, entries) in history {
            let Some(field) = field_of(property).filter(|field| tracked(kind).contains(field)) else { continue };
            let is_fresh = |entry: &HistoryEntry| entry.at.is_some_and(|at| at > since);
            if !entries.iter().any(is_fresh) {
                continue;
            }
            self.connection
                .prepare_cached(
                    "DELETE FROM movement WHERE kind = ?1 AND record = ?2 AND field = ?3 AND is_ours = 0 AND at > ?4",
                )?
                .execute(params![code(kind), id, field.name(), ms(since)])?;
            // Newest first: what stood before an entry comes after it.
            for (place, entry) in entries.iter().enumerate().rev().filter(|(_, entry)| is_fresh(entry)) {
                let text = |value: &String| (!value.is_empty()).then(|| value.clone());
                let before = entries.get(place + 1).and_then(|before| text(&before.value));
                let (after, at) = (text(&entry.value), entry.at.unwrap_or(self.at));
                if !ours.contains(&at) && !value::same(before.as_deref(), after.as_deref()) {
                    let (before, after, by) = (before.as_deref(), after.as_deref(), entry.by.as_deref());
                    self.put_movement(kind, id, field, before, after, at, by, false)?;
                }
            }
            self.touch(Touched::of(kind));
            if kind == ObjectKind::Deal {
                self.mark_deal(self.shown_account(id)?.as_deref(), None)?;
            }
        }
        Ok(())
    }
}

/// The account's own currency first, the others by code; a zero in it when there is nothing.
pub(crate) fn in_order(sums: &mut Vec<Money>, main: &Currency) {
    sums.sort_by(|a, b| (a.currency != *main, &a.currency).cmp(&(b.currency != *main, &b.currency)));
    if sums.is_empty() {
        sums.push(Money::new(Decimal::ZERO, main.clone()));
    }
}
