//! Appeals against a decline: opened with evidence, answered by a person. One that is granted approves the claim
//! in the same act, so that nobody is told yes before there is a protection.

use std::sync::Arc;

use drumbeat_model::dossier::{Answered, Appeal};
use drumbeat_model::lifecycle::{DecideAppeal, Letter, LifeAct, OpenAppeal};
use drumbeat_model::registration::Decided;
use drumbeat_rules::lifecycle::appeal;
use drumbeat_rules::messages::Words;

use super::approve::{Terms, protection_days, put, tell};
use super::{Step, Values, desk_for, needed, proofs, said};
use crate::decide;
use crate::error::{Answer, ApiError, Code};
use crate::workspace::Workspace;

/// Opens an appeal with its evidence.
///
/// # Errors
/// When the claim is not declined, one is open already, or the window or the evidence does not hold and nobody says
/// why it is taken up all the same.
pub fn open_appeal(ws: &Arc<Workspace>, request: OpenAppeal) -> Answer<Decided> {
    let text = needed(&request.text, "appeal.text", "The appeal says nothing", "Write down what the partner says")?;
    let desk = desk_for(ws, &request.registration, LifeAct::OpenAppeal)?;
    let opened = Appeal {
        opened_at: desk.scene.now,
        by: said(request.by.as_deref()),
        text: text.clone(),
        proofs: proofs(&request.proofs, desk.scene.today)?,
        answered: Answered::Waiting,
        answered_at: None,
        answered_by: None,
        reason: None,
    };
    let facts = appeal::AppealFacts { appeal: &opened, declined_at: desk.claim().decided_at, checks: &desk.checks };
    let fails = appeal::looked(&facts, &ws.policy).into_iter().filter_map(|check| {
        (check.outcome == drumbeat_model::verdict::CheckOutcome::Fail)
            .then(|| format!("{}: {}", check.name, check.fact))
    });
    let against: Vec<String> = fails.collect();
    let own = said(request.override_reason.as_deref());
    if !against.is_empty() && own.is_none() {
        return Err(ApiError::new(
            Code::NeedsAttention,
            "appeal.against",
            format!("The appeal does not meet the policy. {}", against.join("; ")),
        )
        .kept("Nothing was changed")
        .next("Add the evidence, or take it up all the same with a reason, which goes on record"));
    }
    let why = match own.filter(|_| !against.is_empty()) {
        Some(own) => format!("{text}. Taken up against the rule ({}): {own}", against.join("; ")),
        None => text,
    };
    let values = [desk.noting(|dossier| dossier.appeals.push(opened))?].into();
    let step = Step {
        act: "open appeal",
        verb: "Appeal opened for",
        why: Some(why),
        values,
        of_deal: Values::new(),
        letter: None,
    };
    let facts = desk.standing(ws)?;
    step.save(ws, &desk, facts)
}

/// Answers an appeal: the decline stands, or the claim is approved in the same act.
///
/// # Errors
/// When none waits, there is no reason, or an approval is not possible.
pub fn decide_appeal(ws: &Arc<Workspace>, request: DecideAppeal) -> Answer<Decided> {
    let reason = needed(&request.reason, "appeal.reason", "It needs a reason", "Say why in a sentence")?;
    let desk = desk_for(ws, &request.registration, LifeAct::DecideAppeal)?;
    let (now, actor) = (desk.scene.now, ws.actor()?);
    let answered = if request.grant { Answered::Granted } else { Answered::Refused };
    let dossier = desk.noting(|dossier| {
        if let Some(appeal) = dossier.appeals.last_mut() {
            appeal.answered = answered;
            appeal.answered_at = Some(now);
            appeal.answered_by = Some(actor.clone());
            appeal.reason = Some(reason.clone());
        }
    })?;
    if !request.grant {
        let step = Step {
            act: "refuse appeal",
            verb: "The decision stands for",
            why: Some(reason),
            values: [dossier].into(),
            of_deal: Values::new(),
            letter: Some((Letter::AppealStands, Words::default(), request.message)),
        };
        let facts = desk.premises()?;
        return step.save(ws, &desk, facts);
    }
    let terms = Terms {
        days: protection_days(&desk, request.protection_days)?,
        seller: request.seller,
        link_deal: request.link_deal,
        why: format!("Appeal granted: {reason}"),
        partners: Vec::new(),
        beside: [dossier].into(),
        actor,
    };
    let (mut draft, approved) = ws.read(|r| {
        let mut draft = desk.draft();
        let approved = put(ws, r, &desk, &mut draft, &terms)?;
        Ok((draft, approved))
    })?;
    tell(ws, &desk, &mut draft, &approved, Letter::AppealGranted, request.message);
    let about = desk.about("grant appeal", "Granted the appeal for", Some(terms.why.clone()), desk.premises()?);
    decide::save(ws, about, draft)
}
