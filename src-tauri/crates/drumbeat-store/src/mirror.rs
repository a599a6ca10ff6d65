//! The mirror: exactly what the CRM said, and every observed change of a tracked field.
//!
//! A page of records is taken in by [`Writer::apply_records`]; only what really changed moves on to
//! movements, projections and search, so that reading the same page twice does nothing (I13).

use std::collections::BTreeMap;

use drumbeat_model::crm::{Link, ObjectKind, Properties, Record};
use drumbeat_model::field::Field;
use drumbeat_model::planted::{Bug, planted};
use drumbeat_model::time::Instant;
use drumbeat_model::value;
use rusqlite::{OptionalExtension, params};

use crate::open::Result;
use crate::packed::is_of_before;
use crate::reader::{Reader, code, instant, kind_of, ms};
use crate::writer::{Touched, Writer};

/// What became of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Applied {
    /// New or different records.
    pub changed: u32,
    /// Records that were known just so.
    pub unchanged: u32,
}

/// Why a record is not among the living.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gone {
    /// In the CRM's recycle bin.
    Archived,
    /// Merged into another.
    Merged,
    /// There, but no longer visible to us.
    Inaccessible,
}

/// One mirrored record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mirrored {
    /// Values by CRM property.
    pub properties: Properties,
    /// The CRM's modified time.
    pub updated_at: Option<Instant>,
    /// When it was read last.
    pub seen_at: Instant,
    /// Why it is not among the living, when so.
    pub gone: Option<Gone>,
}

/// The fields whose changes are kept (B8).
const TRACKED: &[(ObjectKind, &[Field])] = &[
    (
        ObjectKind::Deal,
        &[
            Field::Stage,
            Field::Amount,
            Field::CloseDate,
            Field::Owner,
            Field::Partner,
            Field::Motion,
            Field::Attribution,
            Field::AttributionPct,
            Field::ProtectionEnd,
            Field::ConflictStatus,
            Field::NextStep,
            Field::NextStepDue,
            Field::StageNotesAt,
        ],
    ),
    (
        ObjectKind::Registration,
        &[Field::Status, Field::Partner, Field::Amount, Field::CloseDate, Field::ProtectionEnd, Field::ClaimedBy],
    ),
    (
        ObjectKind::Company,
        &[Field::Owner, Field::PartnerTier, Field::PartnerStatus, Field::Incumbent, Field::RenewalDate],
    ),
];

/// The fields of a kind whose changes are kept.
#[must_use]
pub fn tracked(kind: ObjectKind) -> &'static [Field] {
    TRACKED.iter().find(|(tracked, _)| *tracked == kind).map_or(&[], |(_, fields)| fields)
}

fn gone_code(gone: Gone) -> i64 {
    match gone {
        Gone::Archived => 1,
        Gone::Merged => 2,
        Gone::Inaccessible => 3,
    }
}

fn gone_of(number: i64) -> Option<Gone> {
    match number {
        1 => Some(Gone::Archived),
        2 => Some(Gone::Merged),
        3 => Some(Gone::Inaccessible),
        _ => None,
    }
}

/// The account among a deal's links: the primary one, else the first.
fn account_in(links: &[Link]) -> Option<String> {
    let companies = links.iter().filter(|link| link.to == ObjectKind::Company);
    companies.min_by_key(|link| (!link.primary, &link.id)).map(|link| link.id.clone())
}

impl Reader<'_> {
    /// A record as the CRM said it last.
    ///
    /// # Errors
    /// SQLite, or a row that does not read.
    pub fn mirrored(&self, kind: ObjectKind, id: &str) -> Result<Option<Mirrored>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT properties, crm_updated_at, seen_at, gone FROM mirror WHERE kind = ?1 AND crm_id = ?2",
        )?;
        let row = statement
            .query_row(params![code(kind), id], |row| {
                Ok((
                    row.get::<_, Vec<u8>>("properties")?,
                    row.get::<_, Option<i64>>("crm_updated_at")?,
                    row.get::<_, i64>("seen_at")?,
                    row.get::<_, i64>("gone")?,
                ))
            })
            .optional()?;
        let Some((properties, updated_at, seen_at, gone)) = row else { return Ok(None) };
        Ok(Some(Mirrored {
            properties: self.unpack(id, &properties)?,
            updated_at: updated_at.map(instant),
            seen_at: instant(seen_at),
            gone: gone_of(gone),
        }))
    }

    /// A record's links.
    ///
    /// # Errors
    /// SQLite, or a row that does not read.
    pub fn mirrored_links(&self, kind: ObjectKind, id: &str) -> Result<Vec<Link>> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT to_kind, to_id, is_primary FROM link WHERE kind = ?1 AND id = ?2")?;
        let mut rows = statement.query(params![code(kind), id])?;
        let mut links = Vec::new();
        while let Some(row) = rows.next()? {
            links.push(Link { to: kind_of(row.get(0)?)?, id: row.get(1)?, primary: row.get(2)? });
        }
        Ok(links)
    }

    /// Ids of living mirrored records after `after`, by id text.
    ///
    /// # Errors
    /// SQLite.
    pub fn mirror_ids(&self, kind: ObjectKind, after: Option<&str>, limit: u32) -> Result<Vec<String>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT crm_id FROM mirror WHERE kind = ?1 AND crm_id > ?2 AND gone = 0 ORDER BY crm_id LIMIT ?3",
        )?;
        let ids = statement.query_map(params![code(kind), after.unwrap_or(""), limit], |row| row.get(0))?;
        Ok(ids.collect::<std::result::Result<_, _>>()?)
    }

    /// How many living records are mirrored.
    ///
    /// # Errors
    /// SQLite.
    pub fn mirror_count(&self, kind: ObjectKind) -> Result<u64> {
        let count: i64 = self.connection.query_row(
            "SELECT count(*) FROM mirror WHERE kind = ?1 AND gone = 0",
            [code(kind)],
            |row| row.get(0),
        )?;
        Ok(count.unsigned_abs())
    }

    /// Up to `limit` different values that records of a kind have for a property, for showing a mapping.
    ///
    /// # Errors
    /// SQLite.
    pub fn sample_values(&self, kind: ObjectKind, property: &str, limit: usize) -> Result<Vec<String>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT properties, crm_id FROM mirror WHERE kind = ?1 AND gone = 0 ORDER BY rowid LIMIT 200",
        )?;
        let mut rows = statement.query([code(kind)])?;
        let mut values: Vec<String> = Vec::new();
        while let Some(row) = rows.next()? {
            let properties = self.unpack(&row.get::<_, String>(1)?, &row.get::<_, Vec<u8>>(0)?)?;
            if let Some(value) = properties.get(property) {
                if !values.contains(value) {
                    values.push(value.clone());
                }
                if values.len() >= limit {
                    break;
                }
            }
        }
        Ok(values)
    }
}

impl Writer<'_> {
    /// Takes in records as the CRM said them, in one go with their links, movements and projections.
    ///
    /// # Errors
    /// SQLite, or a known row that does not read; then nothing of the page is kept.
    pub fn apply_records(&self, kind: ObjectKind, records: &[Record], seen_at: Instant) -> Result<Applied> {
        let mut applied = Applied::default();
        let mut changed: Vec<(&Record, bool)> = Vec::with_capacity(records.len());
        {
            let mut known = self
                .connection
                .prepare_cached("SELECT rowid, properties, gone FROM mirror WHERE kind = ?1 AND crm_id = ?2")?;
            let mut insert = self
                .connection
                .prepare_cached("INSERT INTO mirror (kind, crm_id, properties, crm_updated_at, seen_at, gone) VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING")?;
            let mut update = self.connection.prepare_cached(
                "UPDATE mirror SET properties = ?2, crm_updated_at = ?3, seen_at = ?4, gone = ?5 WHERE rowid = ?1",
            )?;
            for record in records {
                let properties = self.pack(&record.properties)?;
                let updated_at = record.updated_at.map(ms);
                let gone = if record.archived { gone_code(Gone::Archived) } else { 0 };
                let new =
                    insert.execute(params![code(kind), record.id, properties, updated_at, ms(seen_at), gone])? > 0;
                let before: Option<(i64, Vec<u8>, i64)> = match new {
                    true => None,
                    false => Some(known.query_row(params![code(kind), record.id], |row| {
                        Ok((row.get(0)?, row.get(1)?, row.get(2)?))
                    })?),
                };
                let moved = match before {
                    None => true,
                    Some((_, ref old, was_gone))
                        if was_gone == gone && self.is_same(&record.id, old, &properties, &record.properties)? =>
                    {
                        self.links_differ(kind, record)?
                    }
                    Some((rowid, old, _)) => {
                        let old = self.unpack(&record.id, &old)?;
                        self.keep_movements(kind, record, &old)?;
                        update.execute(params![rowid, properties, updated_at, ms(seen_at), gone])?;
                        true
                    }
                };
                for loser in &record.merged {
                    self.merge_away(kind, loser, &record.id)?;
                }
                if moved {
                    if let Some(links) = &record.links {
                        if !new {
                            self.mark_left(kind, &record.id)?;
                            self.connection
                                .prepare_cached("DELETE FROM link WHERE kind = ?1 AND id = ?2")?
                                .execute(params![code(kind), record.id])?;
                        }
                        for link in links {
                            self.put_link(kind, &record.id, link)?;
                        }
                    }
                    changed.push((record, new));
                    applied.changed += 1;
                } else {
                    applied.unchanged += 1;
                }
            }
        }
        if !changed.is_empty() {
            self.touch(Touched::of(kind));
            let any_pending: bool = self.connection.query_row(
                "SELECT EXISTS (SELECT 1 FROM pending_change WHERE object = ?1)",
                [code(kind)],
                |row| row.get(0),
            )?;
            for (record, new) in changed {
                if record.archived || any_pending {
                    self.reproject(kind, &record.id)?;
                } else if let (ObjectKind::Deal, true, Some(links)) = (kind, new, &record.links) {
                    self.project_deal(&record.id, &record.properties, account_in(links), false)?;
                } else {
                    self.project(kind, &record.id, &record.properties, false)?;
                }
            }
        }
        Ok(applied)
    }

    /// Whether a mirrored row says what a record says.
    fn is_same(&self, id: &str, kept: &[u8], packed: &[u8], values: &Properties) -> Result<bool> {
        Ok(kept == packed || is_of_before(kept) && self.unpack(id, kept)? == *values)
    }

    fn links_differ(&self, kind: ObjectKind, record: &Record) -> Result<bool> {
        let Some(links) = &record.links else { return Ok(false) };
        Ok(as_kept(&self.mirrored_links(kind, &record.id)?) != as_kept(links))
    }

    fn keep_movements(&self, kind: ObjectKind, record: &Record, old: &Properties) -> Result<()> {
        let mapping = self.mapping_in_force()?;
        for field in tracked(kind) {
            let before = mapping.value(kind, *field, old);
            let after = mapping.value(kind, *field, &record.properties);
            if !value::same(before, after) {
                self.put_movement(
                    kind,
                    &record.id,
                    *field,
                    before,
                    after,
                    record.updated_at.unwrap_or(self.at),
                    None,
                    false,
                )?;
            }
        }
        Ok(())
    }

    #[allow(clippy::too_many_arguments)]
    pub(crate) fn put_movement(
        &self,
        kind: ObjectKind,
        id: &str,
        field: Field,
        before: Option<&str>,
        after: Option<&str>,
        at: Instant,
        by: Option<&str>,
        ours: bool,
    ) -> Result<()> {
        self.connection
            .prepare_cached("INSERT INTO movement (kind, record, field, before, after, at, by, is_ours) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")?
            .execute(params![code(kind), id, field.name(), before, after, ms(at), by, ours])?;
        Ok(())
    }

    /// Puts the links of a record to one kind as they are now.
    ///
    /// # Errors
    /// SQLite.
    pub fn put_links(&self, kind: ObjectKind, id: &str, to: ObjectKind, links: &[Link]) -> Result<()> {
        let known: Vec<Link> = self.mirrored_links(kind, id)?.into_iter().filter(|link| link.to == to).collect();
        if as_kept(&known) != as_kept(links) {
            self.mark_left(kind, id)?;
            self.connection
                .prepare_cached("DELETE FROM link WHERE kind = ?1 AND id = ?2 AND to_kind = ?3")?
                .execute(params![code(kind), id, code(to)])?;
            for link in links {
                self.put_link(kind, id, link)?;
            }
            self.touch(Touched::of(kind));
            self.reproject(kind, id)?;
        }
        Ok(())
    }

    pub(crate) fn put_link(&self, kind: ObjectKind, id: &str, link: &Link) -> Result<()> {
        self.connection
            .prepare_cached(
                "INSERT INTO link (kind, id, to_kind, to_id, is_primary) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT DO UPDATE SET is_primary = max(is_primary, excluded.is_primary)",
            )?
            .execute(params![code(kind), id, code(link.to), link.id, link.primary])?;
        Ok(())
    }

    /// Marks records as gone, on positive evidence only (I16). Pending changes of them stay.
    ///
    /// # Errors
    /// SQLite.
    pub fn mark_gone(&self, kind: ObjectKind, ids: &[String], how: Gone, seen_at: Instant) -> Result<u32> {
        let mut count = 0;
        for id in ids {
            let changed = self
                .connection
                .prepare_cached(
                    "UPDATE mirror SET gone = ?3, seen_at = ?4 WHERE kind = ?1 AND crm_id = ?2 AND gone <> ?3",
                )?
                .execute(params![code(kind), id, gone_code(how), ms(seen_at)])?;
            if changed > 0 {
                count += 1;
                self.touch(Touched::of(kind));
                self.reproject(kind, id)?;
            }
        }
        Ok(count)
    }

    fn merge_away(&self, kind: ObjectKind, loser: &str, survivor: &str) -> Result<()> {
        if loser == survivor || self.resolve(survivor)? == loser || planted(Bug::AliasIgnored) {
            return Ok(());
        }
        self.connection
            .prepare_cached("INSERT INTO alias (old, new) VALUES (?1, ?2) ON CONFLICT DO NOTHING")?
            .execute(params![loser, survivor])?;
        // What is not over goes on in the survivor's lane: two ops on one record never go out side by side (I7).
        // But a record that is to go into the bin is that one and no other.
        let survivor = self.resolve(survivor)?;
        let retargeted = self
            .connection
            .prepare_cached("UPDATE outbox SET record = ?3 WHERE object = ?1 AND record = ?2 AND state NOT IN ('done', 'superseded', 'withdrawn') AND body ->> '$.do' <> 'archive'")?
            .execute(params![code(kind), loser, survivor])?;
        if retargeted > 0 {
            self.connection
                .prepare_cached("UPDATE pending_change SET record = ?3 WHERE object = ?1 AND record = ?2")?
                .execute(params![code(kind), loser, survivor])?;
            self.reproject(kind, &survivor)?;
            // A loser that was never mirrored was shown by its pending changes alone.
            self.reproject(kind, loser)?;
        }
        // Also when that was known: a record of ours may have landed here after it had been merged there.
        self.mark_gone(kind, &[loser.to_owned()], Gone::Merged, self.at)?;
        // What is known of it from a decision alone, and not from the CRM, is nowhere to be marked and is shown no more.
        if retargeted > 0 { self.reproject(kind, loser) } else { Ok(()) }
    }
}

/// Links as the store keeps them: each other record once, as the main one where any of its links says so.
fn as_kept(links: &[Link]) -> BTreeMap<(ObjectKind, &str), bool> {
    let mut kept = BTreeMap::new();
    for link in links {
        *kept.entry((link.to, link.id.as_str())).or_default() |= link.primary;
    }
    kept
}
