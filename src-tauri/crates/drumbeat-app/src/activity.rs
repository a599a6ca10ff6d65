//! The outbox with its receipts, held messages, and the audit trail.

use std::sync::Arc;

use drumbeat_model::activity::{AuditQuery, AuditRow, AuditVerdict};
use drumbeat_model::change::{Correction, MessageRow, Op, OpAnswer, OpKind, OpState, OutboxField, OutboxRow, SettleOp};
use drumbeat_model::crm::Properties;
use drumbeat_model::field::Field as F;
use drumbeat_model::page::Page;
use drumbeat_model::time::Instant;
use drumbeat_store::{Entry, Result, Step};

use crate::api::Nothing;
use crate::error::{Answer, ApiError, Code};
use crate::resolve;
use crate::words::{Words, noun};
use crate::workspace::Workspace;

/// Ops that the outbox shows.
const LATEST: u32 = 300;

/// The latest ops, newest first.
///
/// # Errors
/// What the store says.
pub fn outbox(ws: &Arc<Workspace>, _: Nothing) -> Answer<Vec<OutboxRow>> {
    ws.read(|r| {
        let words = Words::read(ws, r)?;
        r.latest_ops(LATEST)?.into_iter().map(|op| row(ws, &words, op)).collect()
    })
}

/// The ops that the CRM has refused, oldest first.
///
/// # Errors
/// What the store says.
pub fn refused(ws: &Arc<Workspace>) -> Answer<Vec<OutboxRow>> {
    ws.read(|r| {
        let words = Words::read(ws, r)?;
        r.ops_in(&[OpState::Rejected])?.into_iter().map(|op| row(ws, &words, op)).collect()
    })
}

fn row(ws: &Workspace, words: &Words<'_>, op: Op) -> Result<OutboxRow> {
    let r = words.r;
    let (made_at, changed_at) = r.op_times(&op.id)?;
    let decided = r.decision(&op.decision)?;
    let held = r.held(&op.decision)?.is_some();
    let theirs = r.mirrored(op.object, &op.record)?.map(|row| row.properties).unwrap_or_default();
    let fields = fields(words, &op, &theirs)?;
    let noun = noun(op.object);
    let what = match &op.kind {
        OpKind::Set { .. } => {
            format!("{noun}: {}", fields.iter().map(|field| field.label.to_lowercase()).collect::<Vec<_>>().join(", "))
        }
        OpKind::Create { .. } => format!("New {}", noun.to_lowercase()),
        OpKind::Link { link } => format!("{noun} linked to {}", crate::words::noun(link.to).to_lowercase()),
        OpKind::Archive { .. } => format!("{noun} into the recycle bin"),
    };
    Ok(OutboxRow {
        title: decided.as_ref().map(|decision| decision.title.clone()).unwrap_or_default(),
        what,
        text: sentence(ws, &op, changed_at, held),
        can_retry: matches!(op.state, OpState::Rejected | OpState::Blocked),
        can_withdraw: op.state.can_withdraw(),
        next_at: op.not_before,
        decided_at: decided.as_ref().map(|decision| decision.made_at),
        landed_at: (op.state == OpState::Done).then_some(changed_at),
        held: held.then_some(true),
        id: op.id,
        depends_on: op.depends_on,
        decision: op.decision,
        object: op.object,
        record: op.record,
        state: op.state,
        attempt: op.attempt,
        evidence: op.evidence,
        made_at,
        fields,
    })
}

fn fields(words: &Words<'_>, op: &Op, theirs: &Properties) -> Result<Vec<OutboxField>> {
    let none = Properties::new();
    let (desired, base) = match &op.kind {
        OpKind::Set { desired, base, .. } => (desired, base),
        OpKind::Create { desired, .. } => (desired, &none),
        OpKind::Link { .. } | OpKind::Archive { .. } => return Ok(Vec::new()),
    };
    let mut fields = Vec::new();
    for (property, raw) in desired {
        if matches!(words.scene.mapping.field(op.object, property), Some(F::OpId | F::LastOp)) {
            continue;
        }
        let read = |values: &Properties| match values.get(property) {
            Some(raw) => words.value_of((op.object, &op.record), values, property, raw),
            None => Ok(None),
        };
        let edit = (op.state == OpState::Rejected).then(|| correction(words, op, property, raw)).flatten();
        let label = words.label(op.object, property);
        fields.push(OutboxField { label, base: read(base)?, mine: read(desired)?, theirs: read(theirs)?, edit });
    }
    Ok(fields)
}

/// What correcting a value needs; nothing for ids and for what only the program reads.
fn correction(words: &Words<'_>, op: &Op, property: &str, raw: &str) -> Option<Correction> {
    let field = words.scene.mapping.field(op.object, property);
    let internal = matches!(
        field,
        Some(
            F::Partner
                | F::Incumbent
                | F::Account
                | F::Parent
                | F::Deal
                | F::ConvertedInto
                | F::RegistrationId
                | F::Dossier
        )
    );
    (!internal).then(|| Correction {
        property: property.to_owned(),
        field,
        raw: raw.to_owned(),
        holds: words.holds(op.object, property),
        options: words.options(op.object, property),
    })
}

/// The state as a sentence with its time (trust rules, section 5).
fn sentence(ws: &Workspace, op: &Op, changed_at: Instant, held: bool) -> String {
    let crm = ws.card.vendor.label();
    let last = op.evidence.last().map(|evidence| evidence.text.as_str()).unwrap_or_default();
    match op.state {
        OpState::Queued | OpState::Blocked if held => {
            "Held back: facts that it relied on have moved in the CRM".to_owned()
        }
        OpState::Queued if op.attempt == 0 => "Saved here".to_owned(),
        OpState::Queued => format!("Waiting to be sent again: {last}"),
        OpState::Blocked => format!("Waiting: {last}"),
        OpState::Sending => "Sending".to_owned(),
        OpState::Unknown => "We don't know yet, checking".to_owned(),
        OpState::Acked => format!("{crm} accepted it, checking"),
        OpState::Done => format!("Confirmed in {crm} {} UTC", changed_at.format("%H:%M")),
        OpState::Conflict => format!("Needs you: {last}"),
        OpState::Rejected => format!("{crm} refused: {last}"),
        OpState::Superseded => "Replaced by a later change".to_owned(),
        OpState::Withdrawn => "Taken back".to_owned(),
    }
}

/// Held and released messages, latest first.
///
/// # Errors
/// What the store says.
pub fn messages(ws: &Arc<Workspace>, _: Nothing) -> Answer<Vec<MessageRow>> {
    ws.read(|r| r.messages(LATEST))
}

/// Carries out what a person decided about an op: try again, take back, keep mine, take theirs.
///
/// # Errors
/// When the op's state does not allow it.
pub fn settle_op(ws: &Arc<Workspace>, request: SettleOp) -> Answer<Nothing> {
    let op = ws.read(|r| r.op(&request.op))?.ok_or_else(|| ApiError::not_found("op", request.op.as_str()))?;
    let refused = || {
        ApiError::new(Code::Invalid, "op.state", format!("That is not possible while it is \"{}\"", op.state.label()))
            .kept("Nothing was changed")
    };
    let (to, text) = match (request.answer, op.state) {
        (OpAnswer::Retry, OpState::Rejected | OpState::Blocked) => {
            (OpState::Queued, "to be tried again, as a person decided")
        }
        (OpAnswer::Withdraw, state) if state.can_withdraw() => (OpState::Withdrawn, "taken back by a person"),
        (OpAnswer::TakeTheirs, OpState::Conflict) => (OpState::Withdrawn, "the CRM's value was taken"),
        (OpAnswer::KeepMine, OpState::Conflict) => {
            (OpState::Superseded, "replaced by the same values over the CRM's present ones")
        }
        _ => return Err(refused()),
    };
    let actor = ws.actor()?;
    let title = format!(
        "{}: {}",
        request.answer.label(),
        ws.read(|r| r.decision(&op.decision))?.map(|decision| decision.title).unwrap_or_default()
    );
    let at = ws.clock.now();
    let entry = Entry {
        at,
        actor: &actor,
        act: "settle",
        title: &title,
        reason: Some(text),
        facts: None,
        policy: Some(ws.policy.version),
    };
    let step = Step { to, at, attempt: None, not_before: None, sent_at: None, text: text.to_owned() };
    ws.write(entry, |w| {
        w.move_op(&op.id, &step)?;
        match request.answer {
            OpAnswer::KeepMine => resolve::again(w, &op, None).map(drop),
            OpAnswer::Withdraw | OpAnswer::TakeTheirs => w.withdraw_children(&op),
            OpAnswer::Retry => Ok(()),
        }
    })?;
    Ok(Nothing {})
}

/// The audit trail, latest first.
///
/// # Errors
/// What the store says.
pub fn audit(ws: &Arc<Workspace>, query: AuditQuery) -> Answer<Page<AuditRow>> {
    ws.read(|r| r.audit(&query))
}

/// Checks the whole audit chain.
///
/// # Errors
/// What the store says; a broken chain is an answer.
pub fn verify_audit(ws: &Arc<Workspace>, _: Nothing) -> Answer<AuditVerdict> {
    ws.read(|r| r.verify_audit())
}
