//! Decisions: acts of a person, saved with everything that they need in one transaction.

use drumbeat_model::change::{DecisionStatus, MessageRow, NewDecision, NewOp, Op, OpKind, OpState};
use drumbeat_model::crm::{ObjectKind, Properties};
use drumbeat_model::field::Field;
use drumbeat_model::ids::{DecisionId, OpId};
use drumbeat_model::time::Instant;
use rusqlite::{OptionalExtension, Row, params};

use crate::error::StoreError;
use crate::open::Result;
use crate::outbox::Step;
use crate::reader::{Reader, code, instant, json, kind_of, ms};
use crate::writer::{Touched, Writer};

/// A decision as kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Which.
    pub id: DecisionId,
    /// What kind of act.
    pub act: String,
    /// What was done.
    pub title: String,
    /// Why.
    pub reason: Option<String>,
    /// Who.
    pub actor: String,
    /// When.
    pub made_at: Instant,
    /// How far it has come.
    pub status: DecisionStatus,
    /// The version of the policy that judged it.
    pub policy: u32,
}

fn decision(row: &Row<'_>) -> Result<Decision> {
    let (id, status): (String, String) = (row.get("id")?, row.get("status")?);
    Ok(Decision {
        act: row.get("act")?,
        title: row.get("title")?,
        reason: row.get("reason")?,
        actor: row.get("actor")?,
        made_at: instant(row.get("made_at")?),
        policy: row.get("policy")?,
        status: DecisionStatus::from_name(&status).ok_or_else(|| StoreError::BadRow {
            table: "decision",
            id: id.clone(),
            why: status.clone(),
        })?,
        id: DecisionId(id),
    })
}

impl Reader<'_> {
    fn decisions(&self, clause: &str, values: &[&dyn rusqlite::ToSql]) -> Result<Vec<Decision>> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT id, act, title, reason, actor, made_at, status, policy FROM decision {clause}"
        ))?;
        let mut rows = statement.query(values)?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            all.push(decision(row)?);
        }
        Ok(all)
    }

    /// One decision.
    ///
    /// # Errors
    /// SQLite, or a row that does not read.
    pub fn decision(&self, id: &DecisionId) -> Result<Option<Decision>> {
        Ok(self.decisions("WHERE id = ?1", &[&id.as_str()])?.pop())
    }

    /// Decisions about a record, latest first.
    ///
    /// # Errors
    /// SQLite, or a row that does not read.
    pub fn decisions_about(&self, kind: ObjectKind, record: &str) -> Result<Vec<Decision>> {
        self.decisions(
            "WHERE kind = ?1 AND record = ?2 ORDER BY made_at DESC, id DESC LIMIT 100",
            &[&code(kind), &record],
        )
    }

    /// The latest decision that is still in the outbox and can be taken back.
    ///
    /// # Errors
    /// SQLite.
    pub fn last_undoable(&self) -> Result<Option<Decision>> {
        Ok(self.decisions("WHERE status = 'waiting' ORDER BY made_at DESC, id DESC LIMIT 1", &[])?.pop())
    }

    /// Decisions that are held back, oldest first.
    ///
    /// # Errors
    /// SQLite, or a row that does not read.
    pub fn held_decisions(&self) -> Result<Vec<Decision>> {
        self.decisions("WHERE held IS NOT NULL AND status = 'needs_you' ORDER BY made_at, id", &[])
    }

    /// The record that a decision is mainly about, and the facts that it relied on.
    ///
    /// # Errors
    /// SQLite, or a row that does not read.
    pub fn decision_facts(&self, id: &DecisionId) -> Result<Option<((ObjectKind, String), serde_json::Value)>> {
        let mut statement = self.connection.prepare_cached("SELECT kind, record, facts FROM decision WHERE id = ?1")?;
        let row = statement
            .query_row([id.as_str()], |row| {
                Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?))
            })
            .optional()?;
        let Some((kind, record, facts)) = row else { return Ok(None) };
        Ok(Some(((kind_of(kind)?, record), json("decision", id.as_str(), &facts)?)))
    }

    /// How many messages go with a decision, and how many of them have been released.
    ///
    /// # Errors
    /// SQLite.
    pub fn messages_of(&self, id: &DecisionId) -> Result<(u32, u32)> {
        let mut statement = self.connection.prepare_cached(
            "SELECT count(*), count(released_at) FROM message WHERE decision = ?1 AND is_withdrawn = 0",
        )?;
        Ok(statement.query_row([id.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))?)
    }

    /// Whether the latest change of a record's field was made here, and to which value.
    ///
    /// # Errors
    /// SQLite.
    pub fn own_movement(&self, kind: ObjectKind, id: &str, field: Field) -> Result<Option<String>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT is_ours, coalesce(after, '') FROM movement WHERE kind = ?1 AND record = ?2 AND field = ?3 ORDER BY at DESC, id DESC LIMIT 1",
        )?;
        let latest: Option<(bool, String)> = statement
            .query_row(params![code(kind), id, field.name()], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        Ok(latest.filter(|(is_ours, _)| *is_ours).map(|(_, after)| after))
    }

    /// Whether a record was made here.
    ///
    /// # Errors
    /// SQLite.
    pub fn made_here(&self, kind: ObjectKind, id: &str) -> Result<bool> {
        let mut statement = self.connection.prepare_cached(
            "SELECT 1 FROM outbox WHERE object = ?1 AND record = ?2 AND json_extract(body, '$.do') = 'create' LIMIT 1",
        )?;
        Ok(statement.exists(params![code(kind), id])?)
    }

    pub(crate) fn decision_title(&self, id: &DecisionId) -> Result<String> {
        let mut statement = self.connection.prepare_cached("SELECT title FROM decision WHERE id = ?1")?;
        Ok(statement.query_row([id.as_str()], |row| row.get(0)).optional()?.unwrap_or_default())
    }

    pub(crate) fn decision_actor(&self, id: &DecisionId) -> Result<String> {
        let mut statement = self.connection.prepare_cached("SELECT actor FROM decision WHERE id = ?1")?;
        Ok(statement.query_row([id.as_str()], |row| row.get(0)).optional()?.unwrap_or_default())
    }

    /// Held and released messages, latest first.
    ///
    /// # Errors
    /// SQLite.
    pub fn messages(&self, limit: u32) -> Result<Vec<MessageRow>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT id, decision, recipient, subject, text, released_at IS NOT NULL AS is_released, is_withdrawn FROM message ORDER BY id DESC LIMIT ?1",
        )?;
        let rows = statement.query_map([limit], |row| {
            Ok(MessageRow {
                id: row.get::<_, i64>("id")?.to_string(),
                decision: DecisionId(row.get("decision")?),
                to: row.get("recipient")?,
                subject: row.get("subject")?,
                text: row.get("text")?,
                released: row.get("is_released")?,
                withdrawn: row.get("is_withdrawn")?,
            })
        })?;
        Ok(rows.collect::<std::result::Result<_, _>>()?)
    }
}

impl Writer<'_> {
    /// Saves a decision with its ops, pending changes and held messages. The audit entry of the
    /// surrounding write is the decision's own.
    ///
    /// # Errors
    /// SQLite.
    pub fn decide(&self, new: &NewDecision, actor: &str, binding: &str) -> Result<()> {
        self.connection
            .prepare_cached(
                "INSERT INTO decision (id, act, title, kind, record, reason, facts, policy, actor, made_at, status) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 'waiting')",
            )?
            .execute(params![
                new.id.as_str(),
                new.act,
                new.title,
                code(new.about.0),
                new.about.1,
                new.reason,
                serde_json::to_string(&new.facts)?,
                new.policy,
                actor,
                ms(self.at)
            ])?;
        for op in &new.ops {
            self.put_op(&new.id, op, binding)?;
        }
        for message in &new.messages {
            self.connection
                .prepare_cached("INSERT INTO message (decision, recipient, subject, text) VALUES (?1, ?2, ?3, ?4)")?
                .execute(params![new.id.as_str(), message.to, message.subject, message.text])?;
        }
        self.touch(Touched::Outbox);
        Ok(())
    }

    /// From now on a decision relies on these facts. What it relied on before is in the audit trail.
    ///
    /// # Errors
    /// SQLite.
    pub fn rely_on(&self, id: &DecisionId, facts: &serde_json::Value) -> Result<()> {
        self.connection
            .prepare_cached("UPDATE decision SET facts = ?2 WHERE id = ?1")?
            .execute(params![id.as_str(), serde_json::to_string(facts)?])?;
        self.touch(Touched::Outbox);
        Ok(())
    }

    /// Takes back a decision of which nothing has been sent.
    ///
    /// # Errors
    /// [`StoreError::NotPossible`] when a part of it may have left.
    pub fn withdraw_decision(&self, id: &DecisionId) -> Result<()> {
        let ops = self.ops_of(id)?;
        if ops.is_empty() {
            return Err(StoreError::NotFound { what: "decision", id: id.0.clone() });
        }
        if ops.iter().any(|op| op.attempt > 0 || !op.state.can_withdraw()) {
            return Err(StoreError::NotPossible("a part of that decision has been sent already".to_owned()));
        }
        for op in ops.iter().rev() {
            self.move_op(
                &op.id,
                &Step {
                    to: OpState::Withdrawn,
                    at: self.at,
                    attempt: None,
                    not_before: None,
                    sent_at: None,
                    text: "taken back before it was sent".to_owned(),
                },
            )?;
        }
        self.connection
            .prepare_cached("UPDATE message SET is_withdrawn = 1 WHERE decision = ?1")?
            .execute([id.as_str()])?;
        Ok(())
    }

    /// Puts an op that a person wants to keep back into the outbox, based on what the CRM has now.
    /// Ops that waited for the old one wait for the new one.
    ///
    /// # Errors
    /// SQLite, or a row that does not read.
    pub fn renew(&self, old: &Op) -> Result<OpId> {
        let known = self.mirrored(old.object, &old.record)?;
        let modified = known.as_ref().and_then(|row| row.updated_at);
        let theirs = known.map(|row| row.properties).unwrap_or_default();
        let kind = match &old.kind {
            OpKind::Set { desired, .. } => OpKind::Set {
                base: desired
                    .keys()
                    .map(|name| (name.clone(), theirs.get(name).cloned().unwrap_or_default()))
                    .collect(),
                desired: desired.clone(),
                // The person has seen what is there now and wants it so all the same.
                guard: Properties::new(),
            },
            OpKind::Archive { holds, beside, .. } => {
                // What was not shown was not seen: the mirror may be younger than what was, and has not every property.
                let looked = old.evidence.iter().rev().find_map(|evidence| evidence.found.as_ref()?.version);
                OpKind::Archive { holds: holds.clone(), beside: beside.clone(), seen: looked.or(modified) }
            }
            other @ (OpKind::Create { .. } | OpKind::Link { .. }) => other.clone(),
        };
        let new = NewOp {
            id: OpId(uuid::Uuid::now_v7().to_string()),
            object: old.object,
            record: old.record.clone(),
            kind,
            depends_on: old.depends_on.clone(),
        };
        self.put_op(&old.decision, &new, &old.binding)?;
        for child in self.ops_of(&old.decision)?.into_iter().filter(|op| op.depends_on.contains(&old.id)) {
            let parents: Vec<&OpId> =
                child.depends_on.iter().map(|parent| if *parent == old.id { &new.id } else { parent }).collect();
            self.connection
                .prepare_cached("UPDATE outbox SET depends_on = ?2 WHERE op_id = ?1")?
                .execute(params![child.id.as_str(), serde_json::to_string(&parents)?])?;
        }
        self.refresh_decision(&old.decision)?;
        Ok(new.id)
    }

    /// Takes back the ops that waited for one that will never be done, so that none waits for ever.
    ///
    /// # Errors
    /// SQLite, or a row that does not read.
    pub fn withdraw_children(&self, parent: &Op) -> Result<()> {
        for child in self
            .ops_of(&parent.decision)?
            .into_iter()
            .filter(|op| op.depends_on.contains(&parent.id) && op.state.can_withdraw())
        {
            let text = "taken back with the op that it waited for".to_owned();
            self.move_op(
                &child.id,
                &Step { to: OpState::Withdrawn, at: self.at, attempt: None, not_before: None, sent_at: None, text },
            )?;
            self.withdraw_children(&child)?;
        }
        if self.ops_of(&parent.decision)?.iter().all(|op| matches!(op.state, OpState::Withdrawn | OpState::Superseded))
        {
            self.connection
                .prepare_cached("UPDATE message SET is_withdrawn = 1 WHERE decision = ?1")?
                .execute([parent.decision.as_str()])?;
        }
        Ok(())
    }

    fn put_op(&self, decision: &DecisionId, op: &NewOp, binding: &str) -> Result<()> {
        self.connection
            .prepare_cached(
                "INSERT INTO outbox (op_id, decision, object, record, body, state, depends_on, evidence, binding, made_at, changed_at) VALUES (?1, ?2, ?3, ?4, ?5, 'queued', ?6, '[]', ?7, ?8, ?8)",
            )?
            .execute(params![
                op.id.as_str(),
                decision.as_str(),
                code(op.object),
                op.record,
                serde_json::to_string(&op.kind)?,
                serde_json::to_string(&op.depends_on)?,
                binding,
                ms(self.at)
            ])?;
        let seq = self.connection.last_insert_rowid();
        match &op.kind {
            OpKind::Set { desired, base, .. } => {
                self.overlay(&op.id, seq, op.object, &op.record, desired, Some(base))?
            }
            OpKind::Create { desired, links } => {
                self.overlay(&op.id, seq, op.object, &op.record, desired, None)?;
                for link in links {
                    self.put_link(op.object, &op.record, link)?;
                }
            }
            OpKind::Link { link } => self.put_link(op.object, &op.record, link)?,
            // It is there until the CRM has confirmed that it is not.
            OpKind::Archive { .. } => {}
        }
        self.reproject(op.object, &op.record)
    }

    /// Releases the messages of decisions that have landed whole.
    ///
    /// # Errors
    /// SQLite.
    pub fn release_messages(&self, at: Instant) -> Result<u32> {
        let count = self.connection.execute(
            "UPDATE message SET released_at = ?1 WHERE released_at IS NULL AND is_withdrawn = 0
             AND decision IN (SELECT id FROM decision WHERE status = 'landed')",
            [ms(at)],
        )?;
        if count > 0 {
            self.touch(Touched::Outbox);
        }
        Ok(u32::try_from(count).unwrap_or(u32::MAX))
    }

    pub(crate) fn refresh_decision(&self, id: &DecisionId) -> Result<()> {
        let status = match status(self.ops_of(id)?.iter().map(|op| op.state)) {
            DecisionStatus::Waiting | DecisionStatus::Sending if self.held(id)?.is_some() => DecisionStatus::NeedsYou,
            other => other,
        };
        self.connection
            .prepare_cached("UPDATE decision SET status = ?2 WHERE id = ?1")?
            .execute([id.as_str(), status.name()])?;
        Ok(())
    }
}

/// How far a decision has come: the least of its ops.
#[must_use]
pub fn status(states: impl Iterator<Item = OpState>) -> DecisionStatus {
    let (mut open, mut moved, mut done) = (false, false, false);
    for state in states {
        match state {
            OpState::Conflict | OpState::Rejected => return DecisionStatus::NeedsYou,
            OpState::Queued | OpState::Blocked => open = true,
            OpState::Sending | OpState::Unknown | OpState::Acked => moved = true,
            OpState::Done => done = true,
            OpState::Superseded | OpState::Withdrawn => {}
        }
    }
    match (open, moved, done) {
        (_, true, _) | (true, _, true) => DecisionStatus::Sending,
        (true, false, false) => DecisionStatus::Waiting,
        (false, false, true) => DecisionStatus::Landed,
        (false, false, false) => DecisionStatus::Withdrawn,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decision_is_as_far_as_the_least_of_its_ops() {
        use OpState::{Acked, Conflict, Done, Queued, Sending, Superseded, Withdrawn};
        for (states, expected) in [
            (&[Queued, Queued][..], DecisionStatus::Waiting),
            (&[Done, Queued], DecisionStatus::Sending),
            (&[Sending, Queued], DecisionStatus::Sending),
            (&[Done, Acked], DecisionStatus::Sending),
            (&[Done, Conflict], DecisionStatus::NeedsYou),
            (&[Done, Done], DecisionStatus::Landed),
            (&[Done, Superseded], DecisionStatus::Landed),
            (&[Withdrawn, Withdrawn], DecisionStatus::Withdrawn),
        ] {
            assert_eq!(status(states.iter().copied()), expected, "{states:?}");
        }
    }
}
