//! Logging an item: verdict, next step and edits of the deal become one decision (W-04, W-08).
//!
//! The note, the deal's next step, the task and what was changed on the deal go out together or not at
//! all, and the item is settled in the same transaction. Edits pass the same checks as on the Deals
//! screen, the stage's gate among them: past it only with a reason.

use std::collections::BTreeMap;
use std::sync::Arc;

use drumbeat_model::crm::ObjectKind;
use drumbeat_model::deal::EditDeal;
use drumbeat_model::field::Field as F;
use drumbeat_model::ids::{DealId, PartnerId, RegistrationId};
use drumbeat_model::review::{AgendaItem, ItemOutcome, ItemState, ItemVerdict, LogItem, Review};
use serde_json::json;

use super::item::{change, not_logged, not_logged_meanwhile};
use super::{place, running};
use crate::deals::{self, Weighed};
use crate::decide::{self, About, Draft};
use crate::error::{Answer, ApiError};
use crate::partners::{Log, log, noted, promise};
use crate::premises;
use crate::words::Words;
use crate::workspace::{Scene, Workspace};

/// Logs the decision on an item: a note, the next step, a task and edits of the deal, queued for the CRM.
///
/// # Errors
/// When it was logged already, the next step lacks its owner or a day inside seven, an edit does not fit
/// or the gate holds; nothing is changed then.
pub fn log_item(ws: &Arc<Workspace>, request: LogItem) -> Answer<Review> {
    let review = running(ws, &request.review)?;
    let item = place(&review, &request.item)?;
    not_logged(item)?;
    let step = request.next_step.as_deref().map(str::trim).filter(|step| !step.is_empty());
    if step.is_none() && request.verdict != ItemVerdict::NoAction {
        return Err(ApiError::invalid(
            "step.missing",
            "Every item ends with a next step, or with \"no action\" (W-04)",
        )
        .next("Write the next step, or choose no action"));
    }
    let promise = promise(ws, step, request.owner.as_ref(), request.due)?;
    let (scene, schema) = ws.read(|r| Ok((Scene::read(ws, r)?, r.schema()?)))?;
    let text = request.text.trim().to_owned();
    let verdict = request.verdict.label().to_lowercase();
    let note = if text.is_empty() { format!("Review: {verdict}") } else { format!("Review: {verdict}. {text}") };
    let edited = edited(ws, item, &request, &noted(&scene, &note, promise.as_ref()))?;
    let (draft, edits, premises) = ws.read(|r| {
        let mut draft = Draft::new(&scene.mapping, schema.as_ref());
        let partner = item.partner.as_ref().filter(|_| item.deal.is_none()).map(PartnerId::as_str);
        let extra = edited.as_ref().map(|edited| edited.values.clone()).unwrap_or_default();
        let wanted = Log { note: &note, promise: promise.as_ref(), partner, deal: item.deal.as_ref(), extra };
        log(r, &scene, &mut draft, &wanted)?;
        if let Some(letter) = edited.as_ref().and_then(|edited| edited.letter.as_ref()) {
            draft.message(&letter.to, &letter.subject, &letter.text);
        }
        let edits = match &edited {
            Some(edited) => deals::in_words(ws, r, &scene, edited)?,
            None => Vec::new(),
        };
        let words = Words::read(ws, r)?;
        let mut premises = match (&edited, &item.deal) {
            (Some(edited), Some(deal)) => {
                premises::of_edit(ws, &words, deal.as_str(), &edited.values.keys().copied().collect())?
            }
            _ => Vec::new(),
        };
        if premises.is_empty() && promise.is_some() {
            let registration = item.registration.as_ref().map(RegistrationId::as_str);
            let deal = item.deal.as_ref().map(DealId::as_str);
            premises = premises::of_promise(&words, deal, registration, item.partner.as_ref().map(PartnerId::as_str))?;
        }
        Ok((draft, edits, premises))
    })?;
    let override_reason = edited.and_then(|edited| edited.reason);
    let changed = match edits.as_slice() {
        [] => String::new(),
        edits => {
            let labels: Vec<&str> = edits.iter().map(|edit| edit.label.as_str()).collect();
            format!("; changed {}", labels.join(", ").to_lowercase())
        }
    };
    let past_gate = override_reason.as_ref().map(|reason| format!("past the gate: {reason}"));
    let reasons: Vec<String> =
        Some(text.clone()).filter(|text| !text.is_empty()).into_iter().chain(past_gate).collect();
    let about = About {
        act: "review item",
        title: format!("Review: {}, {verdict}{changed}", item.title),
        record: record(item),
        reason: (!reasons.is_empty()).then(|| reasons.join("; ")),
        facts: premises::put(json!({ "why": item.why, "rank": item.rank }), &premises)?,
    };
    let outcome = ItemOutcome {
        verdict: request.verdict,
        text,
        next_step: promise.as_ref().map(|promise| promise.text.clone()),
        owner_name: scene.names.of(promise.as_ref().map(|promise| &promise.owner)),
        owner: promise.as_ref().map(|promise| promise.owner.clone()),
        due: promise.as_ref().map(|promise| promise.due),
        edits,
        override_reason,
        at: ws.clock.now(),
        decision: Some(draft.id().clone()),
    };
    decide::save_with(ws, about, draft, |w| {
        change(w, &request.review, &request.item, |item| {
            not_logged_meanwhile(item)?;
            item.state = ItemState::Decided;
            item.outcome = Some(outcome);
            Ok(())
        })
        .map(|_| ())
    })?;
    ws.read(|r| r.review(&request.review))
}

/// The edits of the request, checked against their fields and the gate.
fn edited(
    ws: &Workspace,
    item: &AgendaItem,
    request: &LogItem,
    beside: &BTreeMap<F, String>,
) -> Answer<Option<Weighed>> {
    if request.edits.is_empty() && request.confirm.is_empty() {
        return Ok(None);
    }
    let refused = |code, why: String| Err(ApiError::invalid(code, why).kept("The item is as it was"));
    let Some(deal) = &item.deal else {
        return refused("edit.no_deal", format!("{} is not about a deal, so there is none to change", item.title));
    };
    if request.verdict == ItemVerdict::NoAction {
        return refused("edit.no_action", "Changing the deal is an action, so the verdict cannot be none".to_owned());
    }
    let edit = EditDeal {
        deal: deal.clone(),
        set: request.edits.clone(),
        override_reason: request.override_reason.clone(),
        confirm: request.confirm.clone(),
    };
    deals::prepare(ws, &edit, beside).map(Some)
}

/// The record that an item is mainly about.
fn record(item: &AgendaItem) -> (ObjectKind, String) {
    match (&item.deal, &item.registration, &item.partner) {
        (Some(deal), _, _) => (ObjectKind::Deal, deal.0.clone()),
        (None, Some(registration), _) => (ObjectKind::Registration, registration.0.clone()),
        (None, None, Some(partner)) => (ObjectKind::Company, partner.0.clone()),
        (None, None, None) => (ObjectKind::Company, String::new()),
    }
}
