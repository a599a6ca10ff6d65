//! The outbox: ops in the order in which they were made, and the only way they move.

use drumbeat_model::change::{Evidence, Op, OpKind, OpState};
use drumbeat_model::crm::{ObjectKind, Properties};
use drumbeat_model::ids::{DecisionId, OpId};
use drumbeat_model::planted::{Bug, planted};
use drumbeat_model::time::Instant;
use drumbeat_model::value::same;
use rusqlite::{Row, params};

use crate::error::StoreError;
use crate::mirror::Gone;
use crate::notices::NewNotice;
use crate::open::{Entry, Result};
use crate::reader::{Reader, code, instant, json, kind_of, ms};
use crate::writer::{Touched, Writer};

/// One move of an op.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// To.
    pub to: OpState,
    /// When.
    pub at: Instant,
    /// Requests made, when it changed.
    pub attempt: Option<u32>,
    /// Not before this; `None` clears.
    pub not_before: Option<Instant>,
    /// When a request may have left, when one did.
    pub sent_at: Option<Instant>,
    /// What was seen, in a sentence.
    pub text: String,
}

const COLUMNS: &str =
    "seq, op_id, decision, object, record, body, state, attempt, not_before, sent_at, depends_on, evidence, binding";

fn op(row: &Row<'_>) -> Result<Op> {
    let id: String = row.get("op_id")?;
    let state: String = row.get("state")?;
    Ok(Op {
        seq: row.get("seq")?,
        decision: DecisionId(row.get("decision")?),
        object: kind_of(row.get("object")?)?,
        record: row.get("record")?,
        kind: json("outbox", &id, &row.get::<_, String>("body")?)?,
        state: OpState::from_name(&state).ok_or_else(|| StoreError::BadRow {
            table: "outbox",
            id: id.clone(),
            why: format!("state {state}"),
        })?,
        attempt: row.get("attempt")?,
        not_before: row.get::<_, Option<i64>>("not_before")?.map(instant),
        sent_at: row.get::<_, Option<i64>>("sent_at")?.map(instant),
        depends_on: json("outbox", &id, &row.get::<_, String>("depends_on")?)?,
        evidence: json("outbox", &id, &row.get::<_, String>("evidence")?)?,
        binding: row.get("binding")?,
        id: OpId(id),
    })
}

impl Reader<'_> {
    fn ops(&self, where_clause: &str, values: &[&dyn rusqlite::ToSql]) -> Result<Vec<Op>> {
        let mut statement = self.connection.prepare_cached(&format!("SELECT {COLUMNS} FROM outbox {where_clause}"))?;
        let mut rows = statement.query(values)?;
        let mut ops = Vec::new();
        while let Some(row) = rows.next()? {
            ops.push(op(row)?);
        }
        Ok(ops)
    }

    /// One op.
    ///
    /// # Errors
    /// SQLite, or a row that does not read.
    pub fn op(&self, id: &OpId) -> Result<Option<Op>> {
        Ok(self.ops("WHERE op_id = ?1", &[&id.as_str()])?.pop())
    }

    /// Ops in these states, by seq.
    ///
    /// # Errors
    /// SQLite, or a row that does not read.
    pub fn ops_in(&self, states: &[OpState]) -> Result<Vec<Op>> {
        let names = serde_json::to_string(&states.iter().map(|state| state.name()).collect::<Vec<_>>())?;
        self.ops("WHERE state IN (SELECT value FROM json_each(?1)) ORDER BY seq", &[&names])
    }

    /// The latest ops, newest first, whatever their state.
    ///
    /// # Errors
    /// SQLite, or a row that does not read.
    pub fn latest_ops(&self, limit: u32) -> Result<Vec<Op>> {
        self.ops("ORDER BY seq DESC LIMIT ?1", &[&limit])
    }

    /// Ops of one decision, by seq.
    ///
    /// # Errors
    /// SQLite, or a row that does not read.
    pub fn ops_of(&self, decision: &DecisionId) -> Result<Vec<Op>> {
        self.ops("WHERE decision = ?1 ORDER BY seq", &[&decision.as_str()])
    }

    /// Ops on one record, by seq.
    ///
    /// # Errors
    /// SQLite, or a row that does not read.
    pub fn ops_on(&self, kind: ObjectKind, record: &str) -> Result<Vec<Op>> {
        self.ops("WHERE object = ?1 AND record = ?2 ORDER BY seq", &[&code(kind), &record])
    }

    /// When an op was made and when it moved last.
    ///
    /// # Errors
    /// SQLite.
    pub fn op_times(&self, id: &OpId) -> Result<(Instant, Instant)> {
        let mut statement =
            self.connection.prepare_cached("SELECT made_at, changed_at FROM outbox WHERE op_id = ?1")?;
        Ok(statement.query_row([id.as_str()], |row| Ok((instant(row.get(0)?), instant(row.get(1)?))))?)
    }

    /// Ops that may be sent now: saved, not told to wait, nothing unresolved before them on their
    /// record (I7), everything that they depend on done.
    ///
    /// # Errors
    /// SQLite, or a row that does not read.
    pub fn sendable(&self, now: Instant, limit: u32) -> Result<Vec<Op>> {
        if planted(Bug::NoLaneOrder) {
            return self.ops(
                "WHERE state = 'queued' AND (not_before IS NULL OR not_before <= ?1) ORDER BY seq DESC LIMIT ?2",
                &[&ms(now), &limit],
            );
        }
        self.ops(include_str!("sql/sendable.sql"), &[&ms(now), &limit])
    }

    /// Ops that wait for a look at the CRM and whose time has come. One in doubt whose quarantine has not
    /// begun is not among them.
    ///
    /// # Errors
    /// SQLite, or a row that does not read.
    pub fn due_checks(&self, now: Instant) -> Result<Vec<Op>> {
        self.ops(
            "WHERE (state = 'unknown' AND not_before <= ?1 OR state = 'acked' AND (not_before IS NULL OR not_before <= ?1)) ORDER BY seq",
            &[&ms(now)],
        )
    }

    /// The accounts that ops which are not over belong to (I8).
    ///
    /// # Errors
    /// SQLite.
    pub fn bindings(&self) -> Result<Vec<String>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT DISTINCT binding FROM outbox WHERE state NOT IN ('done', 'superseded', 'withdrawn')",
        )?;
        Ok(statement.query_map([], |row| row.get(0))?.collect::<std::result::Result<_, _>>()?)
    }

    /// How many ops are not in the CRM yet, and how many of these need a person.
    ///
    /// # Errors
    /// SQLite.
    pub fn outbox_counts(&self) -> Result<(u32, u32)> {
        Ok(self.connection.query_row(
            "SELECT count(*), count(*) FILTER (WHERE state IN ('conflict', 'rejected')) FROM outbox WHERE state NOT IN ('done', 'superseded', 'withdrawn')",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?)
    }
}

impl Writer<'_> {
    pub(crate) fn overlay(
        &self,
        id: &OpId,
        seq: i64,
        object: ObjectKind,
        record: &str,
        desired: &Properties,
        base: Option<&Properties>,
    ) -> Result<()> {
        let mut statement = self.connection.prepare_cached(
            "INSERT INTO pending_change (op_id, seq, object, record, field, base, value) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?;
        for (field, value) in desired {
            let base = base.map(|base| base.get(field).map_or("", String::as_str));
            statement.execute(params![id.as_str(), seq, code(object), record, field, base, value])?;
        }
        Ok(())
    }

    /// Moves an op, with its audit entry in the same transaction (I19).
    ///
    /// # Errors
    /// [`StoreError::NotFound`], or SQLite.
    pub fn move_op(&self, id: &OpId, step: &Step) -> Result<()> {
        let op = self.op(id)?.ok_or_else(|| StoreError::NotFound { what: "op", id: id.0.clone() })?;
        let mut evidence = op.evidence;
        evidence.push(Evidence::new(step.at, step.text.clone()));
        // A long wait leaves many observations; the first and the latest tell the story.
        if evidence.len() > 40 {
            evidence.remove(20);
        }
        self.connection
            .prepare_cached(
                "UPDATE outbox SET state = ?2, attempt = coalesce(?3, attempt), not_before = ?4, sent_at = coalesce(?5, sent_at), evidence = ?6, changed_at = ?7 WHERE op_id = ?1",
            )?
            .execute(params![
                id.as_str(),
                step.to.name(),
                step.attempt,
                step.not_before.map(ms),
                step.sent_at.map(ms),
                serde_json::to_string(&evidence)?,
                ms(step.at)
            ])?;
        if op.state != step.to && !planted(Bug::MoveWithoutAudit) {
            let title = self.decision_title(&op.decision)?;
            self.append_audit(&Entry {
                at: step.at,
                actor: "Drumbeat",
                act: &format!("op {}", step.to.name()),
                title: &title,
                reason: Some(&step.text),
                facts: Some(&serde_json::json!({ "op": id, "kind": op.object, "record": op.record, "from": op.state, "to": step.to })),
                policy: None,
            })?;
        }
        if step.to.is_final() {
            self.connection.prepare_cached("DELETE FROM pending_change WHERE op_id = ?1")?.execute([id.as_str()])?;
            if step.to == OpState::Withdrawn {
                self.unlink(op.object, &op.record, &op.kind)?;
            }
            self.reproject(op.object, &op.record)?;
        }
        self.touch(Touched::Outbox);
        self.touch(Touched::of(op.object));
        self.refresh_decision(&op.decision)
    }

    /// Lets no op go out on the word of this file alone: what would be sent, or was about to be, is looked
    /// for in the CRM first. When is left open: the quarantine begins with the next sync, by the CRM's
    /// clock, as ours says nothing of when a request may have left. Ops that wait for a person stay where
    /// they are, and so do those that the CRM has accepted: they are only read again. Answers how many
    /// were moved.
    ///
    /// # Errors
    /// SQLite, or a row that does not read.
    pub fn doubt_ops(&self, at: Instant, text: &str) -> Result<usize> {
        let ops = self.ops_in(&[OpState::Queued, OpState::Blocked, OpState::Sending, OpState::Unknown])?;
        for op in &ops {
            let step = Step {
                to: OpState::Unknown,
                at,
                attempt: None,
                not_before: None,
                sent_at: None,
                text: text.to_owned(),
            };
            self.move_op(&op.id, &step)?;
        }
        Ok(ops.len())
    }

    /// Brings an op to the end that a newer file knows it to have come to, with what was told of it there: what
    /// was taken back does not come to life again, and what has landed is not looked for. `ended` is the op as
    /// that file has it; ops are to come in the order of that file.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], SQLite, or a row that does not read.
    pub fn end_again(&self, ended: &Op, notices: &[NewNotice], at: Instant) -> Result<()> {
        let id = &ended.id;
        let here = self.op(id)?.ok_or_else(|| StoreError::NotFound { what: "op", id: id.0.clone() })?;
        self.put_notices(&here, notices)?;
        if here.state.is_final() {
            return Ok(());
        }
        let (to, text) = if ended.state == OpState::Done {
            self.landed(id, &ended.record, None, at)?;
            (OpState::Done, "It had landed when this older copy was put in place")
        } else {
            (OpState::Withdrawn, "It had been taken back when this older copy was put in place")
        };
        self.move_op(id, &Step { to, at, attempt: None, not_before: None, sent_at: None, text: text.to_owned() })
    }

    /// Gives an op that is about to be sent other values, based on what the CRM has now: sets of choices
    /// that others changed meanwhile.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], or SQLite.
    pub fn rebase(&self, id: &OpId, kind: &OpKind) -> Result<()> {
        let op = self.op(id)?.ok_or_else(|| StoreError::NotFound { what: "op", id: id.0.clone() })?;
        self.connection
            .prepare_cached("UPDATE outbox SET body = ?2 WHERE op_id = ?1")?
            .execute(params![id.as_str(), serde_json::to_string(kind)?])?;
        if let OpKind::Set { desired, base, .. } = kind {
            self.connection.prepare_cached("DELETE FROM pending_change WHERE op_id = ?1")?.execute([id.as_str()])?;
            self.overlay(id, op.seq, op.object, &op.record, desired, Some(base))?;
            self.reproject(op.object, &op.record)?;
        }
        Ok(())
    }

    /// Takes away the links that an op has shown ahead of the CRM.
    fn unlink(&self, object: ObjectKind, record: &str, kind: &OpKind) -> Result<()> {
        match kind {
            OpKind::Create { .. } => {
                self.connection
                    .prepare_cached("DELETE FROM link WHERE kind = ?1 AND id = ?2")?
                    .execute(params![code(object), record])?;
            }
            OpKind::Link { link } => {
                self.connection
                    .prepare_cached("DELETE FROM link WHERE kind = ?1 AND id = ?2 AND to_kind = ?3 AND to_id = ?4")?
                    .execute(params![code(object), record, code(link.to), link.id])?;
            }
            OpKind::Set { .. } | OpKind::Archive { .. } => {}
        }
        Ok(())
    }

    /// Takes into the mirror what an op has put into the CRM. Call together with `move_op(Done)`.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], or SQLite.
    pub fn landed(&self, id: &OpId, crm_id: &str, updated_at: Option<Instant>, at: Instant) -> Result<()> {
        let op = self.op(id)?.ok_or_else(|| StoreError::NotFound { what: "op", id: id.0.clone() })?;
        match &op.kind {
            OpKind::Set { desired, .. } => {
                let Some(mut row) = self.mirrored(op.object, &op.record)? else { return Ok(()) };
                self.keep_own_movements(&op, &row.properties, desired, at)?;
                fold(&mut row.properties, desired);
                self.connection
                    .prepare_cached("UPDATE mirror SET properties = ?3, crm_updated_at = coalesce(?4, crm_updated_at), seen_at = ?5 WHERE kind = ?1 AND crm_id = ?2")?
                    .execute(params![code(op.object), op.record, self.pack(&row.properties)?, updated_at.map(ms), ms(at)])?;
            }
            OpKind::Create { desired, links } => {
                let mut properties = Properties::new();
                fold(&mut properties, desired);
                self.connection
                    .prepare_cached(
                        "INSERT INTO mirror (kind, crm_id, properties, crm_updated_at, seen_at, gone) VALUES (?1, ?2, ?3, ?4, ?5, 0) ON CONFLICT DO NOTHING",
                    )?
                    .execute(params![code(op.object), crm_id, self.pack(&properties)?, updated_at.map(ms), ms(at)])?;
                for link in links {
                    let mut link = link.clone();
                    link.id = self.resolve(&link.id)?;
                    self.put_link(op.object, crm_id, &link)?;
                }
                if op.record != crm_id {
                    self.rename(op.object, &op.record, crm_id)?;
                }
            }
            OpKind::Link { link } => {
                let mut link = link.clone();
                link.id = self.resolve(&link.id)?;
                self.put_link(op.object, &op.record, &link)?;
            }
            OpKind::Archive { .. } => {
                self.mark_gone(op.object, &[crm_id.to_owned()], Gone::Archived, at)?;
            }
        }
        self.reproject(op.object, crm_id)
    }

    fn keep_own_movements(&self, op: &Op, before: &Properties, desired: &Properties, at: Instant) -> Result<()> {
        let mapping = self.mapping_in_force()?;
        let actor = self.decision_actor(&op.decision)?;
        for (property, value) in desired {
            let Some(field) = mapping.field(op.object, property) else { continue };
            if matches!(field, drumbeat_model::field::Field::LastOp | drumbeat_model::field::Field::OpId) {
                continue;
            }
            let old = before.get(property).map(String::as_str);
            if !same(old, Some(value)) {
                self.put_movement(op.object, &op.record, field, old, Some(value), at, Some(&actor), true)?;
            }
        }
        Ok(())
    }

    /// From now on a record made here goes by the CRM's id, everywhere.
    fn rename(&self, object: ObjectKind, local: &str, crm_id: &str) -> Result<()> {
        self.connection
            .execute("INSERT INTO alias (old, new) VALUES (?1, ?2) ON CONFLICT DO NOTHING", [local, crm_id])?;
        for statement in [
            "UPDATE outbox SET record = ?3 WHERE object = ?1 AND record = ?2",
            "UPDATE pending_change SET record = ?3 WHERE object = ?1 AND record = ?2",
            "UPDATE decision SET record = ?3 WHERE kind = ?1 AND record = ?2",
            "UPDATE OR IGNORE link SET id = ?3 WHERE kind = ?1 AND id = ?2",
            "UPDATE OR IGNORE link SET to_id = ?3 WHERE to_kind = ?1 AND to_id = ?2 AND to_id GLOB 'local:*'",
            "UPDATE movement SET record = ?3 WHERE kind = ?1 AND record = ?2",
        ] {
            self.connection.prepare_cached(statement)?.execute(params![code(object), local, crm_id])?;
        }
        // A link that is there under the new id already could not follow.
        for statement in [
            "DELETE FROM link WHERE kind = ?1 AND id = ?2",
            "DELETE FROM link WHERE to_kind = ?1 AND to_id = ?2 AND to_id GLOB 'local:*'",
        ] {
            self.connection.prepare_cached(statement)?.execute(params![code(object), local])?;
        }
        self.reproject(object, local)?;
        if object == ObjectKind::Deal {
            self.rename_kept(local, crm_id)?;
        }
        // Other records name this one in a property (a registration its deal): their pending value follows.
        let mut statement =
            self.connection.prepare_cached("SELECT DISTINCT object, record FROM pending_change WHERE value = ?1")?;
        let naming: Vec<(i64, String)> = statement
            .query_map([local], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<std::result::Result<_, _>>()?;
        self.connection
            .prepare_cached("UPDATE pending_change SET value = ?2 WHERE value = ?1")?
            .execute([local, crm_id])?;
        for (kind, record) in naming {
            self.reproject(kind_of(kind)?, &record)?;
        }
        Ok(())
    }
}

/// Lays `desired` over `properties`; what means the same already stays as the CRM spells it.
fn fold(properties: &mut Properties, desired: &Properties) {
    for (field, value) in desired {
        if value.is_empty() {
            properties.remove(field);
        } else if !same(properties.get(field).map(String::as_str), Some(value)) {
            properties.insert(field.clone(), value.clone());
        }
    }
}
