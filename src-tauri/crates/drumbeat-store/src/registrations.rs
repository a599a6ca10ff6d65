//! Registrations as a queue and as single records.

use drumbeat_model::crm::ObjectKind;
use drumbeat_model::deal::Motion;
use drumbeat_model::ids::{OwnerId, PartnerId, RegistrationId};
use drumbeat_model::inbox::{InboxQuery, InboxShow, InboxSort, Scope};
use drumbeat_model::money::Money;
use drumbeat_model::page::Page;
use drumbeat_model::registration::{Registration, RegistrationKind, RegistrationStatus};
use drumbeat_model::time::{Day, Instant};
use rusqlite::types::Value;
use rusqlite::{Row, params, params_from_iter};

use crate::filter::{self, Conditions, PageKey};
use crate::open::Result;
use crate::projection;
use crate::reader::{Reader, code, day, instant, money, ms, word};

/// What the queue keeps of a registration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueRow {
    /// Registration.
    pub id: RegistrationId,
    /// Its number.
    pub number: String,
    /// Lead or deal.
    pub kind: RegistrationKind,
    /// State.
    pub status: RegistrationStatus,
    /// Company claimed.
    pub company: String,
    /// Partner.
    pub partner: Option<PartnerId>,
    /// Partner name.
    pub partner_name: Option<String>,
    /// Motion.
    pub motion: Option<Motion>,
    /// Amount.
    pub amount: Option<Money>,
    /// Claimed by.
    pub claimed_by: Option<OwnerId>,
    /// Submitted.
    pub submitted_at: Option<Instant>,
    /// Decided.
    pub decided_at: Option<Instant>,
    /// Protection end.
    pub protection_end: Option<Day>,
}

/// How far a verdict has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// It was given in the CRM itself.
    NotOurs,
    /// It has not reached the CRM.
    Waits,
    /// It reached the CRM at this moment.
    Landed(Instant),
}

const COLUMNS: &str = "registration.id, registration.number, registration.kind, registration.status, registration.company, registration.partner, registration.partner_name, \
     registration.motion, registration.amount, registration.currency, registration.claimed_by, registration.submitted_at, registration.decided_at, registration.protection_end";

fn queue_row(row: &Row<'_>) -> rusqlite::Result<QueueRow> {
    Ok(QueueRow {
        id: RegistrationId(row.get("id")?),
        number: row.get("number")?,
        kind: word(row.get("kind")?, RegistrationKind::from_name).unwrap_or(RegistrationKind::Deal),
        status: word(row.get("status")?, RegistrationStatus::from_name).unwrap_or(RegistrationStatus::Submitted),
        company: row.get("company")?,
        partner: row.get::<_, Option<String>>("partner")?.map(PartnerId),
        partner_name: row.get("partner_name")?,
        motion: word(row.get("motion")?, Motion::from_name),
        amount: money(row.get("amount")?, row.get("currency")?),
        claimed_by: row.get::<_, Option<String>>("claimed_by")?.map(OwnerId),
        submitted_at: row.get::<_, Option<i64>>("submitted_at")?.map(instant),
        decided_at: row.get::<_, Option<i64>>("decided_at")?.map(instant),
        protection_end: row.get::<_, Option<i64>>("protection_end")?.map(day),
    })
}

impl Reader<'_> {
    /// One page of the queue. `me` is the person, for the scope.
    ///
    /// # Errors
    /// SQLite, or a page key that is not ours.
    pub fn queue(&self, query: &InboxQuery, me: Option<&OwnerId>) -> Result<Page<QueueRow>> {
        self.queue_where(query, me, Conditions::default())
    }

    /// Decided registrations of a query whose decision is still on its way to the CRM, at most one page of them.
    ///
    /// # Errors
    /// SQLite.
    pub fn queue_pending(&self, query: &InboxQuery, me: Option<&OwnerId>) -> Result<Vec<QueueRow>> {
        let query = InboxQuery { show: InboxShow::Decided, limit: 200, after: None, ..query.clone() };
        let mut pending = Conditions::default();
        pending.add(
            "registration.id IN (SELECT record FROM pending_change WHERE object = ?)",
            [Value::Integer(code(ObjectKind::Registration))],
        );
        Ok(self.queue_where(&query, me, pending)?.rows)
    }

    fn queue_where(&self, query: &InboxQuery, me: Option<&OwnerId>, mut all: Conditions) -> Result<Page<QueueRow>> {
        let limit = if query.limit == 0 { 50 } else { query.limit.min(200) };
        match query.show {
            InboxShow::Open => all.add("registration.is_open = 1", []),
            InboxShow::Decided => all.add("registration.is_open = 0", []),
            InboxShow::All => {}
        }
        let person = filter::text(me.map_or("", OwnerId::as_str));
        match query.scope {
            Scope::Team => {}
            Scope::Mine => all.add("coalesce(registration.claimed_by, registration.owner) = ?", [person]),
            Scope::Unassigned => all.add("coalesce(registration.claimed_by, registration.owner) IS NULL", []),
        }
        if let Some(partner) = &query.partner {
            all.add("registration.partner = ?", [filter::text(partner.as_str())]);
        }
        if let Some(words) = query.text.as_deref().and_then(filter::search_words) {
            all.add(
                "registration.rowid IN (SELECT rowid >> 2 FROM search WHERE search MATCH ? AND rowid & 3 = 2)",
                [Value::Text(words)],
            );
        }
        let total: u32 = self
            .connection
            .prepare_cached(&format!("SELECT count(*) FROM registration {}", all.clause()))?
            .query_row(params_from_iter(all.values.iter()), |row| row.get(0))?;
        // Time left grows with the time of submission; those that wait for the partner come last.
        let column = match query.sort {
            InboxSort::TimeLeft => {
                "(registration.submitted_at + (CASE registration.status WHEN 'info_requested' THEN 4000000000000 ELSE 0 END))"
            }
            InboxSort::Company => "registration.company COLLATE NOCASE",
            InboxSort::Partner => "registration.partner_name COLLATE NOCASE",
            InboxSort::Amount => "registration.amount",
            InboxSort::Submitted => "registration.submitted_at",
        };
        if let Some(key) = &query.after {
            PageKey::after(key, column, "registration.id", query.direction, &mut all)?;
        }
        let direction = filter::direction(query.direction);
        let sql = format!(
            "SELECT {COLUMNS}, {column} AS sort_value FROM registration {} ORDER BY {column} {direction}, registration.id {direction} LIMIT {}",
            all.clause(),
            limit + 1
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows: Vec<(QueueRow, Value)> = statement
            .query_map(params_from_iter(all.values), |row| Ok((queue_row(row)?, row.get("sort_value")?)))?
            .collect::<std::result::Result<_, _>>()?;
        let mut next = None;
        if rows.len() > limit as usize
            && let Some((last, value)) = rows.get(limit as usize - 1)
        {
            next = Some(PageKey::new(value.clone(), last.id.as_str()).write()?);
        }
        Ok(Page { rows: rows.into_iter().take(limit as usize).map(|(row, _)| row).collect(), next, total })
    }

    fn queue_rows(&self, clause: &str, values: &[&dyn rusqlite::ToSql]) -> Result<Vec<QueueRow>> {
        let mut statement = self.connection.prepare_cached(&format!("SELECT {COLUMNS} FROM registration {clause}"))?;
        let rows = statement.query_map(values, queue_row)?;
        Ok(rows.collect::<std::result::Result<_, _>>()?)
    }

    /// The queue's row of one registration.
    ///
    /// # Errors
    /// SQLite.
    pub fn queue_row(&self, id: &RegistrationId) -> Result<Option<QueueRow>> {
        let id = self.resolve(id.as_str())?;
        Ok(self.queue_rows("WHERE id = ?1", &[&id])?.pop())
    }

    /// One registration, typed, pending changes applied.
    ///
    /// # Errors
    /// SQLite, or a row that does not read.
    pub fn registration(&self, id: &RegistrationId) -> Result<Option<Registration>> {
        let id = self.resolve(id.as_str())?;
        let Some((properties, pending)) = self.effective(ObjectKind::Registration, &id)? else { return Ok(None) };
        Ok(Some(projection::registration(
            &*self.mapping_in_force()?,
            &id,
            &properties,
            self.main_currency()?.code(),
            pending,
        )))
    }

    /// Registrations of a partner, open ones first, latest first.
    ///
    /// # Errors
    /// SQLite.
    pub fn registrations_of(&self, partner: &str, open_only: bool, limit: u32) -> Result<Vec<QueueRow>> {
        self.queue_rows(
            "WHERE partner = ?1 AND (is_open = 1 OR NOT ?2) ORDER BY is_open DESC, submitted_at DESC, id LIMIT ?3",
            &[&partner, &open_only, &limit],
        )
    }

    /// Other registrations under the same domain key, and those under the same name key only.
    ///
    /// # Errors
    /// SQLite.
    pub fn registrations_like(
        &self,
        id: &str,
        domain_key: Option<&str>,
        name_key: &str,
    ) -> Result<(Vec<QueueRow>, Vec<QueueRow>)> {
        let by_domain = match domain_key {
            Some(key) => {
                self.queue_rows("WHERE domain_key = ?1 AND id <> ?2 ORDER BY submitted_at, id LIMIT 20", &[&key, &id])?
            }
            None => Vec::new(),
        };
        let by_name = self.queue_rows(
            "WHERE name_key = ?1 AND ?1 <> '' AND id <> ?2 AND domain_key IS NOT ?3 ORDER BY submitted_at, id LIMIT 20",
            &[&name_key, &id, &domain_key],
        )?;
        Ok((by_domain, by_name))
    }

    /// Registrations of a deal or of its account, oldest first.
    ///
    /// # Errors
    /// SQLite, or a row that does not read.
    pub fn registrations_on(&self, deal: &str, account: Option<&str>) -> Result<Vec<QueueRow>> {
        self.queue_rows("WHERE deal = ?1 OR account = ?2 ORDER BY submitted_at, id LIMIT 50", &[&deal, &account])
    }

    /// Ids of registrations that wait for a decision or for the partner.
    ///
    /// # Errors
    /// SQLite.
    pub fn open_registration_ids(&self) -> Result<Vec<String>> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT id FROM registration WHERE is_open = 1 ORDER BY submitted_at, id")?;
        let ids = statement.query_map([], |row| row.get(0))?;
        Ok(ids.collect::<std::result::Result<_, _>>()?)
    }

    /// The submitted registration that has waited longest since `after`: the next clock to end.
    ///
    /// # Errors
    /// SQLite.
    pub fn longest_waiting(&self, after: Option<Instant>) -> Result<Option<QueueRow>> {
        Ok(self
            .queue_rows(
                "WHERE is_open = 1 AND status = 'submitted' AND submitted_at > ?1 ORDER BY submitted_at, id LIMIT 1",
                &[&after.map_or(i64::MIN, ms)],
            )?
            .pop())
    }

    /// How many wait for a decision, and how many of these were submitted before a moment.
    ///
    /// # Errors
    /// SQLite.
    pub fn queue_counts(&self, over_before: Instant) -> Result<(u32, u32)> {
        Ok(self.connection.query_row(
            "SELECT count(*), count(*) FILTER (WHERE submitted_at < ?1 AND status = 'submitted') FROM registration WHERE is_open = 1",
            [ms(over_before)],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?)
    }

    /// Registrations decided since a moment whose submission is known, latest decision first.
    ///
    /// # Errors
    /// SQLite, or a row that does not read.
    pub fn decided_since(&self, since: Instant) -> Result<Vec<QueueRow>> {
        self.queue_rows(
            "WHERE is_open = 0 AND decided_at >= ?1 AND submitted_at IS NOT NULL ORDER BY decided_at DESC, id",
            &[&ms(since)],
        )
    }

    /// How far the verdict on a registration has come that was given here.
    ///
    /// # Errors
    /// SQLite.
    pub fn delivery(&self, id: &str) -> Result<Delivery> {
        let mut statement = self.connection.prepare_cached(
            "SELECT max(coalesce(outbox.sent_at, outbox.changed_at)) FILTER (WHERE outbox.state IN ('acked', 'done')),
                    count(*) FILTER (WHERE outbox.state NOT IN ('acked', 'done', 'superseded', 'withdrawn'))
             FROM decision JOIN outbox ON outbox.decision = decision.id
             WHERE decision.kind = ?1 AND decision.record = ?2 AND decision.act IN ('approve', 'decline')
               AND outbox.object = ?1 AND outbox.record = ?2 AND json_extract(outbox.body, '$.do') = 'set'",
        )?;
        let (landed, waits): (Option<i64>, u32) =
            statement.query_row(params![code(ObjectKind::Registration), id], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(match (waits, landed) {
            (0, Some(at)) => Delivery::Landed(instant(at)),
            (0, None) => Delivery::NotOurs,
            (_, _) => Delivery::Waits,
        })
    }

    /// Registrations submitted after a moment and still open, latest first.
    ///
    /// # Errors
    /// SQLite.
    pub fn new_registrations(&self, since: Instant, limit: u32) -> Result<Vec<QueueRow>> {
        self.queue_rows(
            "WHERE is_open = 1 AND submitted_at > ?1 ORDER BY submitted_at DESC, id LIMIT ?2",
            &[&ms(since), &limit],
        )
    }
}
