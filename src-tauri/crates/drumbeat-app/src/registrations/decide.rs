//! Decline, ask, and claiming a registration for oneself.

use std::sync::Arc;

use drumbeat_model::crm::ObjectKind;
use drumbeat_model::field::Field as F;
use drumbeat_model::lifecycle::Letter;
use drumbeat_model::registration::{AskInfo, Claim, Decided, Decline, DeclineReason, RegistrationStatus};
use drumbeat_rules::messages::Words;
use serde_json::json;

use super::{Step, Values, decision, desk, said};
use crate::decide::{self, About};
use crate::error::{Answer, ApiError, Code};
use crate::premises;
use crate::words;
use crate::workspace::Workspace;

/// Declines with a reason from the list.
///
/// # Errors
/// When it has been decided already, or `other` comes without words.
pub fn decline(ws: &Arc<Workspace>, request: Decline) -> Answer<Decided> {
    let text = said(request.text.as_deref());
    if request.reason == DeclineReason::Other && text.is_none() {
        return Err(ApiError::invalid("decline.text", "\"Other\" needs a sentence that says why")
            .kept("Nothing was decided")
            .next("Say why, or choose a reason from the list"));
    }
    let desk = ws.read(|r| desk(ws, r, &request.registration))?;
    let (values, why) = declined(ws, request.reason, text.as_deref(), &ws.actor()?);
    let words = Words { reason: Some(request.reason), reason_text: text.as_deref(), ..Words::default() };
    let letter = Some((Letter::Decline, words, request.message));
    let step = Step { act: "decline", verb: "Declined", why: Some(why), values, of_deal: Values::new(), letter };
    let facts = desk.premises()?;
    step.save(ws, &desk, facts)
}

/// What a decline writes on the claim, and why in words.
pub(crate) fn declined(ws: &Workspace, reason: DeclineReason, text: Option<&str>, actor: &str) -> (Values, String) {
    let label = reason.label();
    let why = text.map_or_else(|| label.to_owned(), |text| format!("{label}: {text}"));
    let mut values = decision(RegistrationStatus::Declined, ws, actor);
    values.insert(F::DeclineReason, reason.name().to_owned());
    values.insert(F::DecisionReason, why.clone());
    (values, why)
}

/// Asks the partner; the clock pauses until the answer.
///
/// # Errors
/// When it has been decided already, or there is no question.
pub fn ask_info(ws: &Arc<Workspace>, request: AskInfo) -> Answer<Decided> {
    let question = said(Some(&request.question)).ok_or_else(|| {
        ApiError::invalid("ask.question", "There is no question")
            .kept("Nothing was decided")
            .next("Say what is missing")
    })?;
    let desk = ws.read(|r| desk(ws, r, &request.registration))?;
    let mut values: Values =
        [(F::Status, RegistrationStatus::InfoRequested.name().to_owned()), (F::InfoRequest, question.clone())].into();
    // When the pause began is good to know; an account without a place for it can still ask.
    values.extend(desk.noting(|dossier| dossier.asked_at = Some(desk.scene.now)).ok());
    let words = Words { question: Some(&question), ..Words::default() };
    let letter = Some((Letter::Ask, words, request.message));
    let why = Some(question.clone());
    let step = Step { act: "ask", verb: "Asked about", why, values, of_deal: Values::new(), letter };
    let facts = desk.premises()?;
    step.save(ws, &desk, facts)
}

/// Claims a registration for the person, or gives it back.
///
/// # Errors
/// When nobody is "me", or another manager has claimed it.
pub fn claim(ws: &Arc<Workspace>, request: Claim) -> Answer<Decided> {
    let desk = ws.read(|r| desk(ws, r, &request.registration))?;
    let me = desk.scene.mapping.me.clone().ok_or_else(|| {
        ApiError::new(Code::Invalid, "me.unknown", "Drumbeat does not know who you are in the CRM")
            .kept("Nothing was changed")
            .next("Choose yourself in Settings")
    })?;
    let holder = desk.claim().claimed_by.as_ref();
    if let Some(other) = holder.filter(|holder| **holder != me) {
        let name = desk.scene.names.of(Some(other)).unwrap_or_default();
        return Err(ApiError::new(
            Code::NeedsAttention,
            "claim.taken",
            format!("{name} has claimed {}", desk.claim().company),
        )
        .kept("Nothing was changed")
        .next("Talk to them, or choose another"));
    }
    let value = if request.release { String::new() } else { me.0.clone() };
    let was = holder.map(|holder| holder.0.clone()).unwrap_or_default();
    let (draft, premises) = ws.read(|r| {
        let mut draft = desk.draft();
        let id = desk.claim().id.as_str();
        draft.set(
            r,
            ObjectKind::Registration,
            id,
            &[(F::ClaimedBy, value)].into(),
            &[(F::ClaimedBy, was)].into(),
            &[],
        )?;
        Ok((draft, premises::of_promise(&words::Words::read(ws, r)?, None, Some(id), None)?))
    })?;
    let (act, verb) = if request.release { ("release", "Gave back") } else { ("claim", "Claimed") };
    let about = About {
        act,
        title: format!("{verb} {}", desk.claim().company),
        record: desk.record(),
        reason: None,
        facts: premises::put(json!({}), &premises)?,
    };
    decide::save(ws, about, draft)
}
