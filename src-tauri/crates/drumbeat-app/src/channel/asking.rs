//! Asking the seller: a step with a clock of its own and a task in the CRM (C-08).

use std::sync::Arc;

use drumbeat_model::channel::ConflictState;
use drumbeat_model::settling::{AskSeller, ConflictAct, ConflictStepped, SellerAnswered, StepKind};
use drumbeat_rules::calendar;
use serde_json::json;

use super::desk::{Step, Told, desk, save, task};
use crate::error::{Answer, ApiError};
use crate::registrations::needed;
use crate::workspace::Workspace;

/// Asks the seller, with a task in the CRM; the answer has a clock of its own (C-08).
///
/// # Errors
/// When there is no question, nobody to ask, or it is over.
pub fn ask_seller(ws: &Arc<Workspace>, request: AskSeller) -> Answer<ConflictStepped> {
    let question = needed(&request.question, "conflict.question", "There is no question", "Say what is asked")?;
    let desk = desk(ws, &request.conflict, ConflictAct::AskSeller)?;
    let direct = desk.deals.iter().find(|deal| deal.partner.is_none()).or(desk.deals.first());
    let seller = request.seller.or_else(|| direct.and_then(|deal| deal.owner.clone())).ok_or_else(|| {
        ApiError::invalid("conflict.seller", "There is no seller to ask")
            .kept("Nothing was changed")
            .next("Name the person to ask")
    })?;
    let due = calendar::due(desk.scene.now, ws.policy.conflicts.ask_seller, &ws.policy.calendar, &[]);
    let name = desk.scene.names.of(Some(&seller)).unwrap_or_else(|| seller.0.clone());
    let mut draft = desk.draft();
    let told = &mut Told::default();
    let record = desk.step(StepKind::Asked, Some(&question), &ws.actor()?);
    desk.record_step(ws, &mut draft, &record, told)?;
    let head = format!("Channel conflict: {}", desk.name());
    task(&desk, &mut draft, direct, &seller, &head, &question, due, told);
    let mut after = desk.kept.clone();
    after.life.acknowledged_at.get_or_insert(desk.scene.now);
    if after.state == ConflictState::Open {
        after.state = ConflictState::Acknowledged;
    }
    (after.life.asked_at, after.life.answered_at) = (Some(desk.scene.now), None);
    after.life.question = Some(question.clone());
    let step = Step {
        act: "ask seller",
        title: format!("Asked {name} about {}", desk.name()),
        reason: Some(question.clone()),
        facts: json!({ "conflict": after.id, "seller": seller }),
        draft,
        after,
        event: ("asked", format!("{name} was asked: {question}")),
    };
    save(ws, &desk, step, |_| Ok(()))
}

/// Keeps what the seller has answered; the clock of the question stops.
///
/// # Errors
/// When nobody was asked, or the answer says nothing.
pub fn seller_answered(ws: &Arc<Workspace>, request: SellerAnswered) -> Answer<ConflictStepped> {
    let answer = needed(&request.answer, "conflict.answer", "The answer says nothing", "Say what the seller says")?;
    let desk = desk(ws, &request.conflict, ConflictAct::AskSeller)?;
    if desk.kept.life.asked_at.is_none() || desk.kept.life.answered_at.is_some() {
        return Err(ApiError::invalid("conflict.not_asked", "No question waits for an answer")
            .kept("Nothing was changed")
            .next("Ask the seller first"));
    }
    let mut draft = desk.draft();
    let record = desk.step(StepKind::Answered, Some(&answer), &ws.actor()?);
    desk.record_step(ws, &mut draft, &record, &mut Told::default())?;
    let mut after = desk.kept.clone();
    after.life.answered_at = Some(desk.scene.now);
    let step = Step {
        act: "seller answered",
        title: format!("The seller answered about {}", desk.name()),
        reason: Some(answer.clone()),
        facts: json!({ "conflict": after.id, "question": after.life.question }),
        draft,
        after,
        event: ("answered", format!("the seller answered: {answer}")),
    };
    save(ws, &desk, step, |_| Ok(()))
}
