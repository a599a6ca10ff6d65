//! What clocks are made of: registrations, notes, meetings, protections and certificates by when they began or end.
//!
//! Every question here is asked once a minute or with every look at Today, over a book of any size, so each goes
//! along an index and its cost follows what it finds; a test holds their plans to that. Instants
//! begin after a moment and end with one, days are taken with both ends, and every list has a limit.

use drumbeat_model::crm::ObjectKind;
use drumbeat_model::deal::{DealRow, Movement};
use drumbeat_model::field::Field;
use drumbeat_model::ids::{OwnerId, PartnerId};
use drumbeat_model::partner::{Certification, Touch};
use drumbeat_model::registration::RegistrationKind;
use drumbeat_model::time::{Day, Instant};
use rusqlite::{OptionalExtension, Row, params};

use crate::channel::Kept;
use crate::deals;
use crate::open::Result;
use crate::reader::{Reader, code, days, instant, kind_of, ms};
use crate::registrations::QueueRow;

const SUBMITTED: &str = "WHERE is_open = 1 AND submitted_at > ?1 AND submitted_at <= ?2 \
     AND (?3 IS NULL OR partner = ?3) ORDER BY submitted_at, id LIMIT ?4";
const DECIDED: &str = "WHERE is_open = 0 AND decided_at > ?1 AND decided_at <= ?2 AND (?3 IS NULL OR kind = ?3) \
     AND (?4 IS NULL OR partner = ?4) ORDER BY decided_at DESC, id LIMIT ?5";
const NOTES: &str = "WHERE outcome = 0 AND partner IS NOT NULL AND notes_at > ?1 AND notes_at <= ?2 \
     AND (?3 IS NULL OR partner = ?3) ORDER BY notes_at, row LIMIT ?4";
const PROTECTIONS: &str = "WHERE outcome = 0 AND protection_end BETWEEN ?1 AND ?2 \
     AND (?3 IS NULL OR partner = ?3) ORDER BY protection_end, row LIMIT ?4";
const CERTIFICATES: &str =
    "WHERE expires BETWEEN ?1 AND ?2 AND (?3 IS NULL OR partner = ?3) ORDER BY expires, id LIMIT ?4";
const TOUCHES: &str = "SELECT touch.id, touch.kind, touch.at, touch.title, touch.owner, touch.is_done, touch.is_pending FROM touch \
     WHERE touch.kind = ?1 AND touch.at > ?2 AND touch.at <= ?3 ORDER BY touch.at DESC, touch.id LIMIT ?4";
const ABOUT: &str = "SELECT to_kind, to_id FROM link WHERE kind = ?1 AND id = ?2 AND to_kind IN (1, 3) ORDER BY to_kind DESC, is_primary DESC, to_id";
// That it is a touch is said beside which kind: SQLite goes along `link_of_touch` only where its own condition stands.
// Tasks are dated by when they are due and follow nothing.
const FOLLOWED: &str = "SELECT min(touch.at) FROM link CROSS JOIN touch ON touch.id = link.id \
     WHERE link.to_kind = ?1 AND link.to_id = ?2 AND link.kind >= 6 AND link.kind > 6 AND touch.at > ?3 AND touch.id <> ?4";
const TASK_AHEAD: &str = "SELECT EXISTS (SELECT 1 FROM link CROSS JOIN touch ON touch.id = link.id \
     WHERE link.to_kind = ?1 AND link.to_id = ?2 AND link.kind >= 6 AND link.kind = 6 AND touch.at >= ?3)";
const FIRST_MOVED: &str = "SELECT before, after, at, by, is_ours FROM movement WHERE kind = 3 AND record = ?1 AND at > ?2 \
     AND field = ?3 ORDER BY at, id LIMIT 1";
// The plus keeps the planner on the index by time: what moved in a period is less than all that deals ever did.
const MOVED: &str = "SELECT record, before, after, at, by, is_ours FROM movement \
     WHERE at > ?1 AND at <= ?2 AND +kind = 3 AND field = ?3 ORDER BY at DESC, id DESC LIMIT ?4";

// Without the pluses the planner would rather walk over all open findings. What counts as baseline or is planned has no
// clock that runs, and so no time at which one is due.
const RAISED: &str = "WHERE raised_at > ?1 AND raised_at <= ?2 AND +is_open = 1 AND due_at < ?3 \
     AND (?4 IS NULL OR partner = ?4 OR other = ?4) ORDER BY raised_at, id LIMIT ?5";
const BEGUN: &str = "SELECT conflict FROM channel_event WHERE what IN ('raised', 'reopened') AND at > ?1 AND at <= ?2 \
     ORDER BY at DESC LIMIT ?3";
const RENEWALS: &str = "SELECT id, name, incumbent, renewal_date FROM company WHERE incumbent IS NOT NULL \
     AND renewal_date BETWEEN ?1 AND ?2 AND (?3 IS NULL OR incumbent = ?3) ORDER BY renewal_date, id LIMIT ?4";
// An account alone is no member of anything.
const RENEWALS_WAITING: &str = "SELECT company.id, company.name, company.incumbent, company.renewal_date \
     FROM channel_again CROSS JOIN company ON company.id = substr(channel_again.root, 2) \
     WHERE channel_again.at <= ?1 AND company.incumbent IS NOT NULL AND company.renewal_date BETWEEN ?2 AND ?3 \
     UNION SELECT company.id, company.name, company.incumbent, company.renewal_date \
     FROM channel_again CROSS JOIN channel_node ON channel_node.root = channel_again.root \
     CROSS JOIN company ON company.id = substr(channel_node.node, 2) \
     WHERE channel_again.at <= ?1 AND company.incumbent IS NOT NULL AND company.renewal_date BETWEEN ?2 AND ?3 \
     ORDER BY 4, 1 LIMIT ?4";

/// The statements that the clocks are asked with, whole, each with what it must be found by, for the test of their plans.
#[cfg(test)]
pub(crate) fn statements() -> Vec<(String, &'static str)> {
    let of = |table: &str, clause: &str| format!("SELECT * FROM {table} {clause}");
    vec![
        (of("registration", SUBMITTED), "submitted_at>? AND submitted_at<?"),
        (of("registration", DECIDED), "decided_at>? AND decided_at<?"),
        (of("deal", NOTES), "notes_at>? AND notes_at<?"),
        (of("deal", PROTECTIONS), "protection_end>? AND protection_end<?"),
        (of("certification", CERTIFICATES), "expires>? AND expires<?"),
        (TOUCHES.to_owned(), "kind=? AND at>? AND at<?"),
        (ABOUT.to_owned(), "kind=? AND id=?"),
        (FOLLOWED.to_owned(), "to_kind=? AND to_id=? AND kind>?"),
        (TASK_AHEAD.to_owned(), "to_kind=? AND to_id=? AND kind=?"),
        (FIRST_MOVED.to_owned(), "record=? AND at>?"),
        (MOVED.to_owned(), "at>? AND at<?"),
        (of("channel_conflict", RAISED), "raised_at>? AND raised_at<?"),
        (BEGUN.to_owned(), "what=? AND at>? AND at<?"),
        (RENEWALS_WAITING.to_owned(), "at<?"),
    ]
}

/// A stretch of time: after its first instant, up to and with its last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// After.
    pub after: Instant,
    /// Up to and with.
    pub until: Instant,
}

/// A deal with those who own it and its partner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnedDeal {
    /// Its row.
    pub row: DealRow,
    /// Partner.
    pub partner: Option<PartnerId>,
    /// Who owns it.
    pub owner: Option<OwnerId>,
    /// Its next step is due on.
    pub next_step_due: Option<Day>,
}

/// An account that a partner holds, with the day on which it renews.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renewal {
    /// Account.
    pub account: String,
    /// Its name.
    pub name: String,
    /// Who holds it.
    pub incumbent: PartnerId,
    /// It renews on.
    pub day: Day,
}

impl Reader<'_> {
    /// Open findings with a clock that runs or is over, by when they were raised, oldest first.
    ///
    /// # Errors
    /// SQLite, or a row that does not read.
    pub fn conflicts_open_since(&self, when: Stretch, partner: Option<&str>, limit: u32) -> Result<Vec<Kept>> {
        self.kept_conflicts(RAISED, &[&ms(when.after), &ms(when.until), &i64::MAX, &partner, &limit])
    }

    /// Findings that were raised or opened again in a time, latest first; one may be in it several times.
    ///
    /// # Errors
    /// SQLite.
    pub fn conflicts_begun(&self, when: Stretch, limit: u32) -> Result<Vec<String>> {
        let mut statement = self.connection.prepare_cached(BEGUN)?;
        let rows = statement.query_map(params![ms(when.after), ms(when.until), limit], |row| row.get(0))?;
        Ok(rows.collect::<std::result::Result<_, _>>()?)
    }

    /// Accounts that renew on these days, soonest first. It walks over the accounts.
    ///
    /// # Errors
    /// SQLite.
    pub fn renewals_between(&self, (from, to): (Day, Day), partner: Option<&str>, limit: u32) -> Result<Vec<Renewal>> {
        let mut statement = self.connection.prepare_cached(RENEWALS)?;
        let rows = statement.query_map(params![days(from), days(to), partner, limit], renewal)?;
        Ok(rows.collect::<std::result::Result<_, _>>()?)
    }

    /// Those among accounts to be judged again by a moment that renew on these days, soonest first.
    ///
    /// # Errors
    /// SQLite.
    pub fn renewals_waiting(&self, by: Instant, (from, to): (Day, Day), limit: u32) -> Result<Vec<Renewal>> {
        let mut statement = self.connection.prepare_cached(RENEWALS_WAITING)?;
        let rows = statement.query_map(params![ms(by), days(from), days(to), limit], renewal)?;
        Ok(rows.collect::<std::result::Result<_, _>>()?)
    }

    /// Open registrations by when they were submitted, oldest first.
    ///
    /// # Errors
    /// SQLite.
    pub fn submitted_in(&self, when: Stretch, partner: Option<&str>, limit: u32) -> Result<Vec<QueueRow>> {
        self.queue_rows(SUBMITTED, &[&ms(when.after), &ms(when.until), &partner, &limit])
    }

    /// Decided registrations by when they were decided, latest first.
    ///
    /// # Errors
    /// SQLite.
    pub fn decided_in(
        &self,
        when: Stretch,
        kind: Option<RegistrationKind>,
        partner: Option<&str>,
        limit: u32,
    ) -> Result<Vec<QueueRow>> {
        let kind = kind.map(RegistrationKind::name);
        self.queue_rows(DECIDED, &[&ms(when.after), &ms(when.until), &kind, &partner, &limit])
    }

    /// Open deals of partners by when their notes were written, oldest first.
    ///
    /// # Errors
    /// SQLite.
    pub fn noted_in(&self, when: Stretch, partner: Option<&str>, limit: u32, today: Day) -> Result<Vec<OwnedDeal>> {
        self.owned_deals(NOTES, &[&ms(when.after), &ms(when.until), &partner, &limit], today)
    }

    /// Open deals whose protection ends on these days, soonest first.
    ///
    /// # Errors
    /// SQLite.
    pub fn protected_until(
        &self,
        (from, to): (Day, Day),
        partner: Option<&str>,
        limit: u32,
        today: Day,
    ) -> Result<Vec<OwnedDeal>> {
        self.owned_deals(PROTECTIONS, &[&days(from), &days(to), &partner, &limit], today)
    }

    /// Certificates that expire on these days, whatever their status, soonest first.
    ///
    /// # Errors
    /// SQLite.
    pub fn certified_until(
        &self,
        (from, to): (Day, Day),
        partner: Option<&str>,
        limit: u32,
    ) -> Result<Vec<Certification>> {
        self.certificates(CERTIFICATES, &[&days(from), &days(to), &partner, &limit])
    }

    /// Touches of a kind by when they were, latest first.
    ///
    /// # Errors
    /// SQLite, or a row that does not read.
    pub fn touched_in(&self, kind: ObjectKind, when: Stretch, limit: u32) -> Result<Vec<Touch>> {
        let mut statement = self.connection.prepare_cached(TOUCHES)?;
        let mut rows = statement.query(params![code(kind), ms(when.after), ms(when.until), limit])?;
        let mut touches = Vec::new();
        while let Some(row) = rows.next()? {
            touches.push(Touch {
                id: row.get("id")?,
                kind: kind_of(row.get("kind")?)?,
                at: row.get::<_, Option<i64>>("at")?.map(instant),
                title: row.get("title")?,
                owner: row.get("owner")?,
                done: row.get("is_done")?,
                pending: row.get("is_pending")?,
            });
        }
        Ok(touches)
    }

    /// The deals and companies that a touch is about, deals first.
    ///
    /// # Errors
    /// SQLite, or a row that does not read.
    pub fn touch_about(&self, touch: &Touch) -> Result<Vec<(ObjectKind, String)>> {
        let mut statement = self.connection.prepare_cached(ABOUT)?;
        let mut rows = statement.query(params![code(touch.kind), touch.id])?;
        let mut about = Vec::new();
        while let Some(row) = rows.next()? {
            about.push((kind_of(row.get(0)?)?, row.get(1)?));
        }
        Ok(about)
    }

    /// When the first note, meeting, call or mail after a moment was, on a record; but for one.
    ///
    /// # Errors
    /// SQLite.
    pub fn followed(&self, kind: ObjectKind, id: &str, after: Instant, but: &str) -> Result<Option<Instant>> {
        let mut statement = self.connection.prepare_cached(FOLLOWED)?;
        let at: Option<i64> = statement.query_row(params![code(kind), id, ms(after), but], |row| row.get(0))?;
        Ok(at.map(instant))
    }

    /// Whether a task of a record is due at or after a moment.
    ///
    /// # Errors
    /// SQLite.
    pub fn has_task_ahead(&self, kind: ObjectKind, id: &str, at: Instant) -> Result<bool> {
        let mut statement = self.connection.prepare_cached(TASK_AHEAD)?;
        Ok(statement.query_row(params![code(kind), id, ms(at)], |row| row.get(0))?)
    }

    /// The first change of a tracked field of a deal after a moment, as far as it was seen.
    ///
    /// # Errors
    /// SQLite.
    pub fn first_moved(&self, deal: &str, field: Field, after: Instant) -> Result<Option<Movement>> {
        let mut statement = self.connection.prepare_cached(FIRST_MOVED)?;
        Ok(statement.query_row(params![deal, ms(after), field.name()], |row| movement(field, row)).optional()?)
    }

    /// How a tracked field of deals moved, latest first, each with its deal.
    ///
    /// # Errors
    /// SQLite.
    pub fn moved_in(&self, field: Field, when: Stretch, limit: u32) -> Result<Vec<(String, Movement)>> {
        let mut statement = self.connection.prepare_cached(MOVED)?;
        let rows = statement.query_map(params![ms(when.after), ms(when.until), field.name(), limit], |row| {
            Ok((row.get("record")?, movement(field, row)?))
        })?;
        Ok(rows.collect::<std::result::Result<_, _>>()?)
    }

    /// One deal with those who own it.
    ///
    /// # Errors
    /// SQLite.
    pub fn owned_deal(&self, id: &str, today: Day) -> Result<Option<OwnedDeal>> {
        Ok(self.owned_deals("WHERE id = ?1", &[&self.resolve(id)?], today)?.pop())
    }

    /// Who owns a company.
    ///
    /// # Errors
    /// SQLite.
    pub fn owner_of_company(&self, id: &str) -> Result<Option<OwnerId>> {
        let mut statement = self.connection.prepare_cached("SELECT owner FROM company WHERE id = ?1")?;
        let owner: Option<Option<String>> = statement.query_row([id], |row| row.get(0)).optional()?;
        Ok(owner.flatten().map(OwnerId))
    }

    /// Whether a company is a partner.
    ///
    /// # Errors
    /// SQLite.
    pub fn is_partner(&self, id: &str) -> Result<bool> {
        let mut statement = self.connection.prepare_cached("SELECT is_partner FROM company WHERE id = ?1")?;
        Ok(statement.query_row([id], |row| row.get(0)).optional()?.unwrap_or(false))
    }

    fn owned_deals(&self, clause: &str, values: &[&dyn rusqlite::ToSql], today: Day) -> Result<Vec<OwnedDeal>> {
        let columns = deals::COLUMNS;
        let sql = format!("SELECT {columns}, deal.partner, deal.owner, deal.next_step_due FROM deal {clause}");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map(values, |found| {
            Ok(OwnedDeal {
                row: deals::row(found, today)?,
                partner: found.get::<_, Option<String>>("partner")?.map(PartnerId),
                owner: found.get::<_, Option<String>>("owner")?.map(OwnerId),
                next_step_due: found.get::<_, Option<i64>>("next_step_due")?.map(crate::reader::day),
            })
        })?;
        Ok(rows.collect::<std::result::Result<_, _>>()?)
    }
}

fn renewal(row: &Row<'_>) -> rusqlite::Result<Renewal> {
    Ok(Renewal {
        account: row.get(0)?,
        name: row.get(1)?,
        incumbent: PartnerId(row.get(2)?),
        day: crate::reader::day(row.get(3)?),
    })
}

fn movement(field: Field, row: &Row<'_>) -> rusqlite::Result<Movement> {
    Ok(Movement {
        field,
        before: row.get("before")?,
        after: row.get("after")?,
        at: instant(row.get("at")?),
        by: row.get("by")?,
        ours: row.get("is_ours")?,
    })
}
