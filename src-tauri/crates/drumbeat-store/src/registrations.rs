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
use rusqlite::{OptionalExtension, Row, params, params_from_iter};

use crate::filter::{self, Conditions, PageKey};
use crate::open::Result;
use crate::projection;
use crate::reader::{Reader, code, day, days, instant, money, ms, word};
use crate::writer::{Touched, Writer};

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

/// Whose queue is asked for, and when: what only the caller knows.
#[derive(Debug, Clone, Default)]
pub struct Whose {
    /// Now; what is put aside until later is not in the queue.
    pub now: Instant,
    /// The person, and those that the person stands in for.
    pub people: Vec<OwnerId>,
    /// Claims that nobody owns and that the policy routes to one of them.
    pub to_them: Vec<String>,
    /// Claims that nobody owns and that the policy routes to anybody.
    pub routed: Vec<String>,
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
    /// One page of the queue.
    ///
    /// # Errors
    /// SQLite, or a page key that is not ours.
    pub fn queue(&self, query: &InboxQuery, whose: &Whose) -> Result<Page<QueueRow>> {
        self.queue_where(query, whose, Conditions::default())
    }

    /// Decided registrations of a query whose decision is still on its way to the CRM, at most one page of them.
    ///
    /// # Errors
    /// SQLite.
    pub fn queue_pending(&self, query: &InboxQuery, whose: &Whose) -> Result<Vec<QueueRow>> {
        let query = InboxQuery { show: InboxShow::Decided, limit: 200, after: None, ..query.clone() };
        let mut pending = Conditions::default();
        pending.add(
            "registration.id IN (SELECT record FROM pending_change WHERE object = ?)",
            [Value::Integer(code(ObjectKind::Registration))],
        );
        Ok(self.queue_where(&query, whose, pending)?.rows)
    }

    fn queue_where(&self, query: &InboxQuery, whose: &Whose, mut all: Conditions) -> Result<Page<QueueRow>> {
        let limit = if query.limit == 0 { 50 } else { query.limit.min(200) };
        const ASIDE: &str = "registration.id IN (SELECT registration FROM snooze WHERE until > ?)";
        let now = Value::Integer(ms(whose.now));
        match query.show {
            InboxShow::Open => all.add(&format!("registration.is_open = 1 AND NOT {ASIDE}"), [now]),
            InboxShow::Snoozed => all.add(&format!("registration.is_open = 1 AND {ASIDE}"), [now]),
            InboxShow::Decided => all.add("registration.is_open = 0", []),
            InboxShow::All => {}
        }
        const OWNER: &str = "coalesce(registration.claimed_by, registration.owner)";
        const AMONG: &str = "IN (SELECT value FROM json_each(?))";
        let list = |ids: Vec<&str>| serde_json::to_string(&ids).map(Value::Text);
        match query.scope {
            Scope::Team => {}
            Scope::Mine => {
                let people = list(whose.people.iter().map(OwnerId::as_str).collect())?;
                let to_them = list(whose.to_them.iter().map(String::as_str).collect())?;
                let mine = format!("({OWNER} {AMONG} OR {OWNER} IS NULL AND registration.id {AMONG})");
                all.add(&mine, [people, to_them]);
            }
            Scope::Unassigned => {
                let routed = list(whose.routed.iter().map(String::as_str).collect())?;
                all.add(&format!("{OWNER} IS NULL AND NOT registration.id {AMONG}"), [routed]);
            }
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
            next = Some(PageKey::new(value.clone(), filter::text(last.id.as_str())).write()?);
        }
        Ok(Page { rows: rows.into_iter().take(limit as usize).map(|(row, _)| row).collect(), next, total })
    }

    pub(crate) fn queue_rows(&self, clause: &str, values: &[&dyn rusqlite::ToSql]) -> Result<Vec<QueueRow>> {
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
        Ok(Some(projection::registration(&*self.mapping_in_force()?, &id, &properties, &*self.home()?, pending)))
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

    /// Ids of open registrations that nobody has claimed and that have no owner: those that routing is about.
    ///
    /// # Errors
    /// SQLite.
    pub fn unowned_registration_ids(&self) -> Result<Vec<String>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT id FROM registration WHERE is_open = 1 AND claimed_by IS NULL AND owner IS NULL ORDER BY submitted_at, id",
        )?;
        let ids = statement.query_map([], |row| row.get(0))?;
        Ok(ids.collect::<std::result::Result<_, _>>()?)
    }

    /// Decided registrations that may want a look: approved or converted ones whose protection has not been over
    /// for long, and those that were declined since `declined_since`.
    ///
    /// # Errors
    /// SQLite.
    pub fn protected_registrations(
        &self,
        partner: Option<&str>,
        ended_since: Day,
        declined_since: Instant,
    ) -> Result<Vec<QueueRow>> {
        self.queue_rows(
            "WHERE is_open = 0 AND (?1 IS NULL OR partner = ?1) \
             AND (status IN ('approved', 'converted') AND coalesce(protection_end, ?2) >= ?2 \
                  OR status = 'declined' AND decided_at >= ?3) ORDER BY protection_end, id",
            &[&partner, &days(ended_since), &ms(declined_since)],
        )
    }

    /// Until when a registration is put aside, and why.
    ///
    /// # Errors
    /// SQLite.
    pub fn snoozed(&self, id: &RegistrationId) -> Result<Option<(Instant, Option<String>)>> {
        let id = self.resolve(id.as_str())?;
        let mut statement =
            self.connection.prepare_cached("SELECT until, reason FROM snooze WHERE registration = ?1")?;
        let row = statement.query_row([&id], |row| Ok((instant(row.get(0)?), row.get(1)?)));
        Ok(row.optional()?)
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
             WHERE decision.kind = ?1 AND decision.record = ?2 AND decision.act IN ('approve', 'decline', 'award', 'split', 'grant appeal')
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

impl Writer<'_> {
    /// Puts a registration aside until a time, or takes it back.
    ///
    /// # Errors
    /// SQLite.
    pub fn snooze(&self, id: &RegistrationId, until: Option<Instant>, reason: Option<&str>, at: Instant) -> Result<()> {
        self.touch(Touched::Registration);
        let id = self.resolve(id.as_str())?;
        match until {
            Some(until) => self
                .connection
                .prepare_cached(
                    "INSERT INTO snooze (registration, until, reason, at) VALUES (?1, ?2, ?3, ?4) \
                     ON CONFLICT (registration) DO UPDATE SET until = excluded.until, reason = excluded.reason, at = excluded.at",
                )?
                .execute(params![id, ms(until), reason, ms(at)])?,
            None => self
                .connection
                .prepare_cached("DELETE FROM snooze WHERE registration = ?1")?
                .execute(params![id])?,
        };
        Ok(())
    }
}
