//! What the partner says while a claim is open: the answer to a question, and taking the claim back.
//!
//! An answer may fill in fields of the claim. The claim is submitted again from then on; the time in which the partner
//! owed the answer is kept in its dossier, so that the decision clock leaves it out.

use std::sync::Arc;

use drumbeat_model::crm::ObjectKind;
use drumbeat_model::dossier::PartnerReply;
use drumbeat_model::field::Field as F;
use drumbeat_model::lifecycle::{AnswerInfo, Filled, Letter, LifeAct, Withdraw};
use drumbeat_model::registration::{Decided, RegistrationStatus};
use drumbeat_model::value;
use drumbeat_rules::checks::required_fields::JUDGED;
use drumbeat_rules::messages::Words;

use super::{Desk, Step, Values, decision, desk_for, needed, said};
use crate::error::{Answer, ApiError};
use crate::workspace::Workspace;

/// The partner's answer has come: the clock runs on.
///
/// # Errors
/// When nothing was asked, the answer is empty, or a value does not fit its field.
pub fn answer_info(ws: &Arc<Workspace>, request: AnswerInfo) -> Answer<Decided> {
    let text = needed(&request.text, "answer.text", "The answer is empty", "Write down what the partner says")?;
    let desk = desk_for(ws, &request.registration, LifeAct::Answer)?;
    let now = desk.scene.now;
    let at = request.at.unwrap_or(now);
    let asked_at = desk.claim().dossier.asked_at;
    if at > now || asked_at.is_some_and(|asked| at < asked) {
        return Err(ApiError::invalid("answer.at", "The answer did not come at that time")
            .kept("Nothing was changed")
            .next("Give a time between the question and now"));
    }
    let mut values = filled(&desk, &request.set)?;
    values.insert(F::Status, RegistrationStatus::Submitted.name().to_owned());
    let question = desk.claim().info_request.clone();
    let reply = PartnerReply { at, question, text: text.clone(), asked_at };
    values.extend([desk.noting(|dossier| {
        dossier.asked_at = None;
        dossier.replies.push(reply);
    })?]);
    let step = Step {
        act: "answer",
        verb: "Answer received from the partner about",
        why: Some(text),
        values,
        of_deal: Values::new(),
        letter: None,
    };
    let facts = desk.premises()?;
    step.save(ws, &desk, facts)
}

/// Fields of a claim with values that fit them.
pub(super) fn filled(desk: &Desk, set: &[Filled]) -> Answer<Values> {
    let mut values = Values::new();
    for Filled { field, value: text } in set {
        let wrong = |what: &str| {
            let shown: String = text.chars().take(60).collect();
            ApiError::invalid("fill.value", format!("\"{shown}\" is not {what} for {}", field.label()))
                .kept("Nothing was changed")
        };
        let fillable = JUDGED.contains(field) || matches!(field, F::ProofOfWork | F::Consent);
        if !fillable || *field == F::Partner {
            return Err(ApiError::invalid("fill.field", format!("{} is not filled in here", field.label()))
                .kept("Nothing was changed"));
        }
        if text.len() > 20_000 {
            return Err(wrong("short enough"));
        }
        let text = text.trim();
        let fitting = match field {
            F::Amount => value::decimal(text)
                .filter(|amount| !amount.is_sign_negative())
                .map(|amount| amount.normalize().to_string())
                .ok_or_else(|| wrong("an amount"))?,
            F::CloseDate => {
                value::day(text).map(|day| day.to_string()).ok_or_else(|| wrong("a day like 2026-11-21"))?
            }
            F::Consent => value::truth(text).map(|yes| yes.to_string()).ok_or_else(|| wrong("yes or no"))?,
            F::Motion => drumbeat_model::deal::Motion::from_name(text)
                .map(|motion| motion.name().to_owned())
                .ok_or_else(|| wrong("a motion"))?,
            _ => text.to_owned(),
        };
        if desk.scene.mapping.property(ObjectKind::Registration, *field).is_none() {
            return Err(ApiError::invalid("fill.field", format!("The CRM has no place for {}", field.label()))
                .kept("Nothing was changed")
                .next("Map it in Settings"));
        }
        values.insert(*field, fitting);
    }
    Ok(values)
}

/// Takes a claim back on behalf of its partner.
///
/// # Errors
/// When it is over already, or there is no reason.
pub fn withdraw(ws: &Arc<Workspace>, request: Withdraw) -> Answer<Decided> {
    let reason = needed(&request.reason, "withdraw.reason", "It needs a reason", "Say why the partner withdraws")?;
    let desk = desk_for(ws, &request.registration, LifeAct::Withdraw)?;
    let why = match said(request.by.as_deref()) {
        Some(by) => format!("{by} for the partner: {reason}"),
        None => format!("for the partner: {reason}"),
    };
    let mut values = decision(RegistrationStatus::Withdrawn, ws, &ws.actor()?);
    values.insert(F::DecisionReason, why.clone());
    let ends = super::protecting::ended(&desk, &mut values);
    let letter = Some((Letter::Withdrawn, Words::default(), request.message));
    let step = Step { act: "withdraw", verb: "Withdrew", why: Some(why), values, of_deal: ends, letter };
    let facts = desk.standing(ws)?;
    step.save(ws, &desk, facts)
}
