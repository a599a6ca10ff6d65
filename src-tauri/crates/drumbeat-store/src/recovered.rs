//! What the side journal has and the store has not: decisions that wait for a person's word.
//!
//! The hard idea: a decision can be in the journal alone for two reasons. The process died between the
//! journal and the commit: nobody was told "saved", so it was certainly never sent. Or the store lost it
//! (an older copy, a damaged page): then it was committed once and may have reached the CRM. Neither goes
//! out by itself. Confirmed by a person, the first is queued like any other; the second is UNKNOWN and is
//! looked for in the CRM first. Discarded, it is nothing, and the journal says so.

use std::collections::{BTreeMap, BTreeSet};
use std::time::SystemTime;

use drumbeat_model::change::{Evidence, Op, OpKind, OpState};
use drumbeat_model::ids::{DecisionId, OpId};
use drumbeat_model::time::Instant;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension};

use crate::error::StoreError;
use crate::journal::{Content, Note, Saved};
use crate::open::{Result, Store};
use crate::reader::{Reader, instant, ms};
use crate::rows::{Row, rows};
use crate::writer::{Touched, Writer};

/// A decision that the store does not have, or some ops of one.
#[derive(Debug, Clone, PartialEq)]
pub struct Recovered {
    /// Its ops that are missing, in the order in which they were made.
    pub ops: Vec<OpId>,
    /// Which decision.
    pub decision: DecisionId,
    /// What kind of act.
    pub act: String,
    /// What was decided.
    pub title: String,
    /// Why.
    pub reason: Option<String>,
    /// Who.
    pub actor: String,
    /// When.
    pub made_at: Instant,
    /// It was committed once, so that it may have reached the CRM.
    pub was_saved: bool,
    saved: Saved,
}

/// What was found, and the journal's length and time then.
pub(crate) struct Seen {
    stamp: Option<(u64, SystemTime)>,
    found: Vec<Recovered>,
}

/// The number of the op that was made last.
pub(crate) fn last_op(connection: &Connection) -> Result<i64> {
    let mut statement = connection.prepare_cached("SELECT seq FROM outbox ORDER BY seq DESC LIMIT 1")?;
    Ok(statement.query_row([], |row| row.get(0)).optional()?.unwrap_or(0))
}

/// The ops that were made after the one of this number, each with its decision and its messages.
pub(crate) fn made_since(connection: &Connection, last: i64) -> Result<Vec<Saved>> {
    if last_op(connection)? == last {
        return Ok(Vec::new());
    }
    with_decisions(connection, rows(connection, "SELECT * FROM outbox WHERE seq > ?1 ORDER BY seq", &[&last])?)
}

fn with_decisions(connection: &Connection, ops: Vec<Row>) -> Result<Vec<Saved>> {
    let mut all: Vec<Saved> = Vec::new();
    for op in ops {
        let decision = op.text("decision").to_owned();
        if let Some(saved) = all.iter_mut().find(|saved| saved.decision.text("id") == decision) {
            saved.ops.push(op);
            continue;
        }
        let known = rows(connection, "SELECT * FROM decision WHERE id = ?1", &[&decision])?.pop();
        let messages = rows(connection, "SELECT * FROM message WHERE decision = ?1 ORDER BY id", &[&decision])?;
        let decision = known.ok_or(StoreError::NotFound { what: "decision", id: decision })?;
        all.push(Saved { decision, ops: vec![op], messages });
    }
    Ok(all)
}

/// What is missing in `here`, by the journal's word; each op once, with its latest frame.
pub(crate) fn missing(content: &Content, here: impl Fn(&str) -> Result<bool>) -> Result<Vec<Recovered>> {
    let (void, committed) = (content.void(), content.committed());
    let mut latest: BTreeMap<&str, usize> = BTreeMap::new();
    for (number, note) in content.notes().enumerate() {
        if let Note::Saved(saved) = note {
            latest.extend(saved.ops.iter().map(|op| (op.text("op_id"), number)));
        }
    }
    let mut all = Vec::new();
    for (number, note) in content.notes().enumerate() {
        let Note::Saved(saved) = note else { continue };
        let mut ops = Vec::new();
        for op in &saved.ops {
            let id = op.text("op_id");
            if latest.get(id) == Some(&number) && !void.contains(id) && !here(id)? {
                ops.push(op.clone());
            }
        }
        if ops.is_empty() {
            continue;
        }
        let row = &saved.decision;
        let ids: Vec<OpId> = ops.iter().map(|op| OpId(op.text("op_id").to_owned())).collect();
        all.push(Recovered {
            was_saved: ids.iter().any(|id| committed.contains(id.as_str())),
            ops: ids,
            decision: DecisionId(row.text("id").to_owned()),
            act: row.text("act").to_owned(),
            title: row.text("title").to_owned(),
            reason: Some(row.text("reason").to_owned()).filter(|reason| !reason.is_empty()),
            actor: row.text("actor").to_owned(),
            made_at: instant(row.number("made_at").unwrap_or_default()),
            saved: Saved { decision: saved.decision.clone(), ops, messages: saved.messages.clone() },
        });
    }
    Ok(all)
}

impl Recovered {
    pub(crate) fn saved(&self) -> &Saved {
        &self.saved
    }
}

impl Reader<'_> {
    pub(crate) fn has_op(&self, id: &str) -> Result<bool> {
        Ok(self.connection.prepare_cached("SELECT 1 FROM outbox WHERE op_id = ?1")?.exists([id])?)
    }

    /// Ops that are not at their end, with those that they were built on: an older copy may know nothing of
    /// a record that one of them made, and only that op finds it again.
    fn needed_op_rows(&self) -> Result<Vec<Row>> {
        rows(self.connection, include_str!("sql/needed_ops.sql"), &[])
    }
}

impl Store {
    /// Decisions that the journal has and the store has not, oldest first. They wait for a person.
    ///
    /// # Errors
    /// SQLite, or the file system.
    pub fn recovered(&self) -> Result<Vec<Recovered>> {
        let stamp = self.journal().stamp();
        if let Some(seen) = self.seen().as_ref().filter(|seen| seen.stamp == stamp) {
            return Ok(seen.found.clone());
        }
        let look = |r: &Reader<'_>| missing(&self.journal().read()?, |id| r.has_op(id));
        let mut found = self.read(look)?;
        if !found.is_empty() {
            // Perhaps it is about to be committed: looked at again when nobody writes.
            found = self.hold(look)?;
        }
        *self.seen() = Some(Seen { stamp, found: found.clone() });
        Ok(found)
    }

    /// The recovered decision that has this op.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when the store has it meanwhile or it was discarded.
    pub fn recovered_with(&self, op: &OpId) -> Result<Recovered> {
        let found = self.recovered()?.into_iter().find(|recovered| recovered.ops.contains(op));
        found.ok_or_else(|| StoreError::NotFound { what: "recovered decision", id: op.0.clone() })
    }

    /// Says in the journal that these ops are nothing.
    ///
    /// # Errors
    /// The file system.
    pub fn void_recovered(&self, ops: &[OpId]) -> Result<()> {
        let ids = ops.iter().map(|op| op.0.clone()).collect();
        self.hold(|_| self.journal().append(&[Note::Void(ids)], true))
    }

    /// Leaves out of the journal what has come to its end.
    ///
    /// # Errors
    /// SQLite, or the file system; the journal is as it was then.
    pub fn tidy_journal(&self) -> Result<()> {
        if self.journal().stamp().is_none_or(|(length, _)| length == 0) {
            return Ok(());
        }
        self.hold(|r| {
            let mut needed: BTreeSet<String> =
                r.needed_op_rows()?.iter().map(|op| op.text("op_id").to_owned()).collect();
            for recovered in missing(&self.journal().read()?, |id| r.has_op(id))? {
                needed.extend(recovered.ops.into_iter().map(|id| id.0));
            }
            self.journal().compact(|id| needed.contains(id))
        })
    }

    /// Bytes of the journal from which nothing can be read.
    ///
    /// # Errors
    /// The file system.
    pub fn unread_journal(&self) -> Result<usize> {
        Ok(self.journal().read()?.unread())
    }

    /// Has every op that is not at its end in the journal, and marked as committed: those of a store from
    /// before there was a journal, and those of a process that died right after a commit.
    pub(crate) fn complete_journal(&self) -> Result<()> {
        let lacking = |r: &Reader<'_>| {
            let content = self.journal().read()?;
            let kept: BTreeSet<&str> = content
                .notes()
                .filter_map(|note| if let Note::Saved(saved) = note { Some(&saved.ops) } else { None })
                .flatten()
                .map(|op| op.text("op_id"))
                .collect();
            let (marked, void) = (content.committed(), content.void());
            let open = r.needed_op_rows()?;
            let unmarked: Vec<String> = open
                .iter()
                .map(|op| op.text("op_id"))
                .filter(|id| !marked.contains(id) || void.contains(id))
                .map(str::to_owned)
                .collect();
            let unkept = open.into_iter().filter(|op| !kept.contains(op.text("op_id"))).collect();
            let mut notes: Vec<Note> = with_decisions(r.connection, unkept)?.into_iter().map(Note::Saved).collect();
            if !unmarked.is_empty() {
                notes.push(Note::Committed(unmarked));
            }
            Ok(notes)
        };
        // On the writing connection: a reader that was there when nothing was written would keep the log.
        if self.look(lacking)?.is_empty() {
            return Ok(());
        }
        self.hold(|r| self.journal().append(&lacking(r)?, true))
    }
}

impl Writer<'_> {
    /// Takes a recovered decision into the store, as a person has confirmed. What may have been sent is
    /// looked for in the CRM first; what certainly was not is queued.
    ///
    /// # Errors
    /// SQLite, or a row that does not read.
    pub fn take_recovered(&self, recovered: &Recovered) -> Result<()> {
        let text = if recovered.was_saved {
            "recovered from the journal and confirmed: the CRM is asked before anything is sent"
        } else {
            "recovered from the journal and confirmed"
        };
        self.put_saved(&recovered.saved, recovered.was_saved, text)
    }

    /// Puts the rows of a decision back: UNKNOWN until looked for, or queued.
    pub(crate) fn put_saved(&self, saved: &Saved, in_doubt: bool, text: &str) -> Result<()> {
        saved.decision.put(self.connection, "decision")?;
        let decision = saved.decision.text("id");
        if !self.connection.prepare_cached("SELECT 1 FROM message WHERE decision = ?1")?.exists([decision])? {
            for message in &saved.messages {
                let mut message = message.clone();
                message.0.remove("id");
                message.put(self.connection, "message")?;
            }
        }
        for op in &saved.ops {
            self.put_op_row(op.clone(), in_doubt, text)?;
        }
        self.touch(Touched::Outbox);
        self.refresh_decision(&DecisionId(saved.decision.text("id").to_owned()))
    }

    fn put_op_row(&self, mut row: Row, in_doubt: bool, text: &str) -> Result<()> {
        let id = OpId(row.text("op_id").to_owned());
        let mut evidence: Vec<Evidence> = serde_json::from_str(row.text("evidence")).unwrap_or_default();
        evidence.push(Evidence::new(self.at, text));
        let state = if in_doubt { OpState::Unknown } else { OpState::Queued };
        // Its place in the order, unless another has it by now.
        if self.connection.prepare_cached("SELECT 1 FROM outbox WHERE seq = ?1")?.exists([row.number("seq")])? {
            row.0.remove("seq");
        }
        row.set("state", state.name().to_owned());
        row.set("not_before", Value::Null);
        row.set("evidence", serde_json::to_string(&evidence)?);
        row.set("changed_at", ms(self.at));
        row.set("record", self.resolve(row.text("record"))?);
        if row.put(self.connection, "outbox")?
            && let Some(op) = self.op(&id)?
        {
            self.show_op(&op)?;
        }
        Ok(())
    }

    /// Lays an op that is not at its end over the mirror, as it was when it was made.
    pub(crate) fn show_op(&self, op: &Op) -> Result<()> {
        match &op.kind {
            OpKind::Set { desired, base, .. } => {
                self.overlay(&op.id, op.seq, op.object, &op.record, desired, Some(base))?;
            }
            OpKind::Create { desired, links } => {
                self.overlay(&op.id, op.seq, op.object, &op.record, desired, None)?;
                links.iter().try_for_each(|link| self.put_link(op.object, &op.record, link))?;
            }
            OpKind::Link { link } => self.put_link(op.object, &op.record, link)?,
            OpKind::Archive { .. } => {}
        }
        self.reproject(op.object, &op.record)
    }
}
