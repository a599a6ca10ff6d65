//! Versions of the program's policy, kept whole, and past decisions with the facts that they keep.
//!
//! A version is added and never changed. The store only keeps texts: what one means, and which judges on a
//! day when none was saved, is said elsewhere.

use chrono::Days;
use drumbeat_model::crm::ObjectKind;
use drumbeat_model::time::{Day, Instant};
use rusqlite::{OptionalExtension, Row, params};

use crate::decisions::Decision;
use crate::error::StoreError;
use crate::open::Result;
use crate::reader::{Reader, code, day, days, instant, json, ms};
use crate::writer::{Touched, Writer};

/// One version of the policy as saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedPolicy {
    /// Number.
    pub version: u32,
    /// First day on which it judges.
    pub effective: Day,
    /// The file.
    pub text: String,
    /// Who saved it.
    pub actor: String,
    /// When.
    pub saved_at: Instant,
    /// Why.
    pub reason: Option<String>,
}

fn saved(row: &Row<'_>) -> rusqlite::Result<SavedPolicy> {
    Ok(SavedPolicy {
        version: row.get("version")?,
        effective: day(row.get("effective")?),
        text: row.get("text")?,
        actor: row.get("actor")?,
        saved_at: instant(row.get("saved_at")?),
        reason: row.get("reason")?,
    })
}

/// A past decision with what it keeps.
#[derive(Debug, Clone, PartialEq)]
pub struct PastDecision {
    /// The decision.
    pub decision: Decision,
    /// The record that it is mainly about.
    pub record: String,
    /// Facts at the time.
    pub facts: serde_json::Value,
    /// Version of the policy that judged.
    pub policy: u32,
}

impl Reader<'_> {
    /// All versions that were saved, oldest first.
    ///
    /// # Errors
    /// SQLite.
    pub fn policies(&self) -> Result<Vec<SavedPolicy>> {
        let mut statement = self.connection.prepare_cached("SELECT * FROM policy ORDER BY version")?;
        let rows = statement.query_map([], saved)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Number of the version that judges on a day: of those that have begun the one that began last, and of
    /// several that began on one day the latest. `None` while none has begun.
    ///
    /// # Errors
    /// SQLite.
    pub fn policy_on(&self, on: Day) -> Result<Option<u32>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT version FROM policy WHERE effective <= ?1 ORDER BY effective DESC, version DESC LIMIT 1",
        )?;
        Ok(statement.query_row([days(on)], |row| row.get(0)).optional()?)
    }

    /// One version as saved.
    ///
    /// # Errors
    /// SQLite.
    pub fn policy(&self, version: u32) -> Result<Option<SavedPolicy>> {
        let mut statement = self.connection.prepare_cached("SELECT * FROM policy WHERE version = ?1")?;
        Ok(statement.query_row([version], saved).optional()?)
    }

    /// Decisions about records of a kind that were made from one day to another, latest first, without those
    /// that were taken back.
    ///
    /// # Errors
    /// SQLite, or a row that does not read.
    pub fn past_decisions(&self, kind: ObjectKind, from: Day, to: Day) -> Result<Vec<PastDecision>> {
        let start = |day: Day| day.and_hms_opt(0, 0, 0).map_or(i64::MAX, |at| ms(at.and_utc()));
        let end = to.checked_add_days(Days::new(1)).map_or(i64::MAX, start);
        let mut statement = self.connection.prepare_cached(
            "SELECT id, record, facts, policy FROM decision
             WHERE kind = ?1 AND made_at >= ?2 AND made_at < ?3 AND status <> 'withdrawn' ORDER BY made_at DESC, id DESC",
        )?;
        let mut rows = statement.query(params![code(kind), start(from), end])?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            let (id, facts): (String, String) = (row.get(0)?, row.get(2)?);
            let facts = json("decision", &id, &facts)?;
            let (record, policy) = (row.get(1)?, row.get(3)?);
            if let Some(decision) = self.decision(&id.into())? {
                all.push(PastDecision { decision, record, facts, policy });
            }
        }
        Ok(all)
    }
}

impl Writer<'_> {
    /// Adds a version.
    ///
    /// # Errors
    /// [`StoreError::NotPossible`] when its number is not the next one; SQLite.
    pub fn put_policy(&self, new: &SavedPolicy) -> Result<()> {
        let last: Option<u32> = self.connection.query_row("SELECT max(version) FROM policy", [], |row| row.get(0))?;
        if last.is_some_and(|last| new.version <= last) {
            return Err(StoreError::NotPossible("another version of the policy was saved meanwhile".to_owned()));
        }
        self.connection
            .prepare_cached("INSERT INTO policy (version, effective, text, actor, saved_at, reason) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?
            .execute(params![new.version, days(new.effective), new.text, new.actor, ms(new.saved_at), new.reason])?;
        self.touch(Touched::Workspace);
        Ok(())
    }
}
