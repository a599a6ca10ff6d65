//! What somebody should know of an op that is over: a value that was written over, one that changed
//! again at once, a write that the CRM shows twice. Nothing of that kind is only in a log (I5).

use drumbeat_model::change::Op;
use drumbeat_model::crm::ObjectKind;
use drumbeat_model::ids::OpId;
use drumbeat_model::merge::Found;
use drumbeat_model::time::Instant;
use rusqlite::{OptionalExtension, Row, params};

use crate::error::StoreError;
use crate::open::Result;
use crate::reader::{Reader, code, instant, kind_of, ms};
use crate::writer::{Touched, Writer};

/// The kinds of notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoticeKind {
    /// Our value replaced one that nobody here had seen.
    Overwrote,
    /// Somebody set another value after ours had landed.
    ChangedAfter,
    /// The CRM shows our write more than once.
    Repeated,
}

impl NoticeKind {
    /// The stable name, as in the file.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            NoticeKind::Overwrote => "overwrote",
            NoticeKind::ChangedAfter => "changed_after",
            NoticeKind::Repeated => "repeated",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        [NoticeKind::Overwrote, NoticeKind::ChangedAfter, NoticeKind::Repeated]
            .into_iter()
            .find(|kind| kind.name() == name)
    }
}

/// One notice to keep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewNotice {
    /// Which kind.
    pub kind: NoticeKind,
    /// CRM property; empty for a repeated write.
    pub field: String,
    /// The value of somebody else.
    pub theirs: Option<String>,
    /// Ours.
    pub mine: Option<String>,
    /// Who set it, where the CRM says.
    pub by: Option<String>,
    /// When it was set, where the CRM says.
    pub theirs_at: Option<Instant>,
}

/// A notice as kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptNotice {
    /// Number.
    pub id: i64,
    /// The op that it is about.
    pub op: OpId,
    /// The record.
    pub record: (ObjectKind, String),
    /// What it says.
    pub says: NewNotice,
    /// When it was noticed.
    pub at: Instant,
    /// When a person put it aside.
    pub seen_at: Option<Instant>,
}

fn notice(row: &Row<'_>) -> Result<KeptNotice> {
    let (id, kind): (i64, String) = (row.get("id")?, row.get("kind")?);
    Ok(KeptNotice {
        op: OpId(row.get("op_id")?),
        record: (kind_of(row.get("object")?)?, row.get("record")?),
        says: NewNotice {
            kind: NoticeKind::from_name(&kind).ok_or_else(|| StoreError::BadRow {
                table: "notice",
                id: id.to_string(),
                why: kind.clone(),
            })?,
            field: row.get("field")?,
            theirs: row.get("theirs")?,
            mine: row.get("mine")?,
            by: row.get("by")?,
            theirs_at: row.get::<_, Option<i64>>("theirs_at")?.map(instant),
        },
        at: instant(row.get("at")?),
        seen_at: row.get::<_, Option<i64>>("seen_at")?.map(instant),
        id,
    })
}

impl Reader<'_> {
    fn notices_where(&self, clause: &str, values: &[&dyn rusqlite::ToSql]) -> Result<Vec<KeptNotice>> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT id, op_id, kind, object, record, field, theirs, mine, by, theirs_at, at, seen_at FROM notice {clause}"
        ))?;
        let mut rows = statement.query(values)?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            all.push(notice(row)?);
        }
        Ok(all)
    }

    /// Notices that nobody has put aside, latest first.
    ///
    /// # Errors
    /// SQLite, or a row that does not read.
    pub fn open_notices(&self, limit: u32) -> Result<Vec<KeptNotice>> {
        self.notices_where("WHERE seen_at IS NULL ORDER BY id DESC LIMIT ?1", &[&limit])
    }

    /// One notice.
    ///
    /// # Errors
    /// SQLite, or a row that does not read.
    pub fn notice(&self, id: i64) -> Result<Option<KeptNotice>> {
        Ok(self.notices_where("WHERE id = ?1", &[&id])?.pop())
    }

    /// Notices about one op.
    ///
    /// # Errors
    /// SQLite, or a row that does not read.
    pub fn notices_of(&self, op: &OpId) -> Result<Vec<KeptNotice>> {
        self.notices_where("WHERE op_id = ?1 ORDER BY id", &[&op.as_str()])
    }

    /// Settled SETs that were sent after `since` and whose record the CRM has changed since they were
    /// looked at: a late request of ours may be among what happened.
    ///
    /// # Errors
    /// SQLite, or a row that does not read.
    pub fn watched(&self, since: Instant) -> Result<Vec<Op>> {
        let ids: Vec<String> = self
            .connection
            .prepare_cached(
                "SELECT op_id FROM outbox JOIN mirror ON mirror.kind = outbox.object AND mirror.crm_id = outbox.record
                 WHERE outbox.sent_at >= ?1 AND outbox.state IN ('done', 'conflict', 'rejected', 'superseded', 'withdrawn')
                   AND json_extract(outbox.body, '$.do') = 'set' AND mirror.crm_updated_at > coalesce(outbox.seen_version, 0)
                 ORDER BY outbox.seq",
            )?
            .query_map([ms(since)], |row| row.get(0))?
            .collect::<std::result::Result<_, _>>()?;
        ids.into_iter().map(OpId).filter_map(|id| self.op(&id).transpose()).collect()
    }
}

impl Writer<'_> {
    /// Keeps what somebody should know of an op; the same thing is kept once.
    ///
    /// # Errors
    /// SQLite.
    pub fn put_notices(&self, op: &Op, notices: &[NewNotice]) -> Result<()> {
        for new in notices {
            self.connection
                .prepare_cached(
                    "INSERT INTO notice (op_id, kind, object, record, field, theirs, mine, by, theirs_at, at)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT DO NOTHING",
                )?
                .execute(params![
                    op.id.as_str(),
                    new.kind.name(),
                    code(op.object),
                    op.record,
                    new.field,
                    new.theirs,
                    new.mine,
                    new.by,
                    new.theirs_at.map(ms),
                    ms(self.at)
                ])?;
        }
        if !notices.is_empty() {
            self.touch(Touched::Outbox);
        }
        Ok(())
    }

    /// Puts a notice aside.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], or SQLite.
    pub fn put_aside(&self, id: i64) -> Result<()> {
        let done = self
            .connection
            .prepare_cached("UPDATE notice SET seen_at = ?2 WHERE id = ?1 AND seen_at IS NULL")?
            .execute(params![id, ms(self.at)])?;
        if done == 0 {
            return Err(StoreError::NotFound { what: "notice", id: id.to_string() });
        }
        self.touch(Touched::Outbox);
        Ok(())
    }

    /// Keeps with an op's latest evidence between what a person has to choose, field by field.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], or SQLite.
    pub fn found(&self, op: &OpId, found: &Found) -> Result<()> {
        let kept = self.op(op)?.ok_or_else(|| StoreError::NotFound { what: "op", id: op.0.clone() })?;
        let mut evidence = kept.evidence;
        if let Some(last) = evidence.last_mut() {
            last.found = Some(found.clone());
        }
        self.connection
            .prepare_cached("UPDATE outbox SET evidence = ?2 WHERE op_id = ?1")?
            .execute(params![op.as_str(), serde_json::to_string(&evidence)?])?;
        Ok(())
    }

    /// From now on a change of the record after `version` is looked at, in case it was a late request of ours.
    ///
    /// # Errors
    /// SQLite.
    pub fn watch(&self, op: &OpId, version: Option<Instant>) -> Result<()> {
        self.connection
            .prepare_cached("UPDATE outbox SET seen_version = coalesce(?2, seen_version) WHERE op_id = ?1")?
            .execute(params![op.as_str(), version.map(ms)])?;
        Ok(())
    }

    /// Holds a decision back (what moved, as JSON), or lets it go.
    ///
    /// # Errors
    /// SQLite.
    pub fn hold(&self, decision: &drumbeat_model::ids::DecisionId, moved: Option<&str>) -> Result<()> {
        self.connection
            .prepare_cached("UPDATE decision SET held = ?2 WHERE id = ?1")?
            .execute(params![decision.as_str(), moved])?;
        self.touch(Touched::Outbox);
        self.refresh_decision(decision)
    }
}

impl Reader<'_> {
    /// What moved under a held decision, as JSON; none when it is not held.
    ///
    /// # Errors
    /// SQLite.
    pub fn held(&self, decision: &drumbeat_model::ids::DecisionId) -> Result<Option<String>> {
        let mut statement = self.connection.prepare_cached("SELECT held FROM decision WHERE id = ?1")?;
        Ok(statement.query_row([decision.as_str()], |row| row.get(0)).optional()?.flatten())
    }
}
