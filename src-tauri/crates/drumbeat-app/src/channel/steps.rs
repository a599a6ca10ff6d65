//! Steps on the way to a settlement: acknowledge (S-06), plan (S-07), escalate. What the seller says is in `asking`.

use std::sync::Arc;

use chrono::TimeDelta;
use drumbeat_model::channel::ConflictState;
use drumbeat_model::settling::{
    AcknowledgeConflict, ChannelStep, ConflictAct, ConflictStepped, EscalateConflict, PlanConflict, StepKind,
};
use serde_json::json;

use super::desk::{Recorded, Step, Told, desk, save, task};
use crate::error::{Answer, ApiError};
use crate::registrations::needed;
use crate::workspace::Workspace;

/// Somebody has seen it: both sides' deals say so (S-06).
///
/// # Errors
/// When it has been seen or is over.
pub fn acknowledge_conflict(ws: &Arc<Workspace>, request: AcknowledgeConflict) -> Answer<ConflictStepped> {
    let desk = desk(ws, &request.conflict, ConflictAct::Acknowledge)?;
    let mut draft = desk.draft();
    let text = format!("channel conflict seen: {}", desk.kept.finding.text);
    let record = desk.step(StepKind::Acknowledged, None, &ws.actor()?);
    let told = &mut Told::default();
    desk.note(ws, &mut draft, desk.kept.finding.status, &text, Some(Recorded::Step(&record)), told)?;
    let mut after = desk.kept.clone();
    after.state = ConflictState::Acknowledged;
    after.life.acknowledged_at = Some(desk.scene.now);
    let step = Step {
        act: "acknowledge conflict",
        title: format!("Acknowledged the channel conflict on {}", desk.name()),
        reason: None,
        facts: json!({ "conflict": after.id }),
        draft,
        after,
        event: ("acknowledged", "acknowledged".to_owned()),
    };
    save(ws, &desk, step, |_| Ok(()))
}

/// Says how it is to be settled; both sides' deals say so (S-07).
///
/// # Errors
/// When the plan says nothing, or it is over.
pub fn plan_conflict(ws: &Arc<Workspace>, request: PlanConflict) -> Answer<ConflictStepped> {
    let text = needed(&request.text, "conflict.plan", "The plan says nothing", "Say how it is to be settled")?;
    let desk = desk(ws, &request.conflict, ConflictAct::Plan)?;
    let due = request.due.map_or_else(String::new, |due| format!(", by {due}"));
    let mut draft = desk.draft();
    let record = ChannelStep { due: request.due, ..desk.step(StepKind::Planned, Some(&text), &ws.actor()?) };
    let (status, note) = (desk.kept.finding.status, format!("plan: {text}{due}"));
    desk.note(ws, &mut draft, status, &note, Some(Recorded::Step(&record)), &mut Told::default())?;
    let mut after = desk.kept.clone();
    after.life.acknowledged_at.get_or_insert(desk.scene.now);
    after.life.planned_at = Some(desk.scene.now);
    (after.life.plan, after.life.plan_due) = (Some(text.clone()), request.due);
    if after.state != ConflictState::Appealed {
        after.state = ConflictState::Planned;
    }
    let step = Step {
        act: "plan conflict",
        title: format!("Planned the channel conflict on {}", desk.name()),
        reason: Some(text.clone()),
        facts: json!({ "conflict": after.id, "due": request.due }),
        draft,
        after,
        event: ("planned", format!("plan: {text}{due}")),
    };
    save(ws, &desk, step, |_| Ok(()))
}

/// Gives it to somebody else to decide, with a task in the CRM.
///
/// # Errors
/// When there is no reason, nobody of that id, or it is over.
pub fn escalate_conflict(ws: &Arc<Workspace>, request: EscalateConflict) -> Answer<ConflictStepped> {
    let why = needed(&request.reason, "conflict.reason", "It needs a reason", "Say why somebody else decides")?;
    let desk = desk(ws, &request.conflict, ConflictAct::Escalate)?;
    let owner = desk.scene.names.owner(&request.to).cloned();
    let owner = owner.ok_or_else(|| ApiError::not_found("person", request.to.as_str()))?;
    let due = desk.scene.now + TimeDelta::days(1);
    let mut draft = desk.draft();
    let status = desk.kept.finding.status;
    let seen = desk.step(StepKind::Acknowledged, None, &ws.actor()?);
    let note = format!("given to {} to decide: {why}", owner.name);
    let told = &mut Told::default();
    desk.note(ws, &mut draft, status, &note, Some(Recorded::Step(&seen)), told)?;
    let head = format!("Decide: {}", desk.name());
    task(&desk, &mut draft, desk.deals.first(), &request.to, &head, &why, due, told);
    let mut after = desk.kept.clone();
    after.life.acknowledged_at.get_or_insert(desk.scene.now);
    after.life.escalated_to = Some(owner.name.clone());
    after.state = ConflictState::Escalated;
    let step = Step {
        act: "escalate conflict",
        title: format!("Gave the channel conflict on {} to {}", desk.name(), owner.name),
        reason: Some(why.clone()),
        facts: json!({ "conflict": after.id, "to": request.to }),
        draft,
        after,
        event: ("escalated", format!("given to {} to decide: {why}", owner.name)),
    };
    save(ws, &desk, step, |_| Ok(()))
}
