//! One item of a running review: what is known about it, its marks, and taking back what was logged.
//!
//! A mark (skipped, parked, flagged) is a note to the people in the room and moves freely. A decision is
//! not a mark: it stands until it is taken back, by [`undo_item`] or by undoing it anywhere else, and only
//! then is its item open again ([`reopen`]).

use std::sync::Arc;

use drumbeat_model::change::DecisionStatus;
use drumbeat_model::deal::Choice;
use drumbeat_model::ids::{DecisionId, ReviewId, ReviewItemId};
use drumbeat_model::registration::Undo;
use drumbeat_model::review::{
    AgendaItem, ClearRest, ItemOutcome, ItemState, ItemVerdict, MarkItem, Review, ReviewItemDetail,
};
use drumbeat_store::{Reader, Result, StoreError, Writer};

use super::{place, promises, running};
use crate::api::ReviewItem;
use crate::decide;
use crate::error::{Answer, ApiError, Code};
use crate::facts;
use crate::workspace::{Scene, Workspace};

/// One item with what is needed to decide it.
///
/// # Errors
/// When there is none.
pub fn review_item(ws: &Arc<Workspace>, request: ReviewItem) -> Answer<ReviewItemDetail> {
    ws.read(|r| {
        let scene = Scene::read(ws, r)?;
        let review = r.review(&request.review)?;
        let item = review
            .items
            .iter()
            .find(|item| item.id == request.item)
            .cloned()
            .ok_or_else(|| StoreError::NotFound { what: "item of the review", id: request.item.0.clone() })?;
        let last = r.review_before(Some((review.started_at, &review.id)))?;
        let last_at = last.as_ref().map(|review| review.started_at);
        let due_by = ws.policy.after(scene.today, ws.policy.clocks.next_step);
        let mut detail = ReviewItemDetail {
            facts: Vec::new(),
            since: Vec::new(),
            last_review: last_at,
            fields: Vec::new(),
            signals: Vec::new(),
            promised: promised(r, &scene, last.as_ref(), &item)?,
            owners: scene.names.choices(),
            owner: scene.mapping.me.clone(),
            undoable: review.finished_at.is_none() && undoable(r, &item)?,
            due_by,
            item,
        };
        let fact = |label: &str, value: Option<String>| value.map(|value| Choice { value, label: label.to_owned() });
        if let Some(id) = &detail.item.deal
            && let Some((deal, signals)) = facts::signals(r, id, &ws.policy, &scene)?
        {
            let row = r.deal_row(&deal.id, scene.today)?;
            detail.facts.extend(fact("Deal", Some(deal.name.clone())));
            detail.facts.extend(fact("Partner", row.as_ref().and_then(|row| row.partner.clone())));
            detail.facts.extend(fact("Motion", deal.motion.map(|motion| motion.label().to_owned())));
            detail.facts.extend(fact("Stage", Some(deal.stage_label.clone())));
            detail.facts.extend(fact("Amount", deal.amount.as_ref().map(ToString::to_string)));
            detail.facts.extend(fact("Close", deal.close_date.map(|day| day.to_string())));
            detail.facts.extend(fact("Next step", deal.next_step.clone()));
            detail.since = crate::deals::movements(r, &scene, &deal, last_at)?;
            detail.fields = crate::deals::fields(ws, r, &scene, &deal)?;
            detail.signals = signals;
            detail.owner = deal.next_step_owner.or(deal.owner).or(detail.owner);
        } else if let Some(id) = &detail.item.registration
            && let Some(claim) = r.registration(id)?
        {
            detail.facts.extend(fact("Registration", Some(claim.name.clone())));
            detail.facts.extend(fact("Partner", facts::partner_name(r, claim.partner.as_ref())?));
            detail.facts.extend(fact("Amount", claim.amount.as_ref().map(ToString::to_string)));
            detail.facts.extend(fact("Status", Some(claim.status.label().to_owned())));
            detail.facts.extend(fact("Submitted", claim.submitted_at.map(|at| at.date_naive().to_string())));
        }
        Ok(detail)
    })
}

/// What was promised on the same record in the review before, and what became of it.
fn promised(r: &Reader<'_>, scene: &Scene, before: Option<&Review>, item: &AgendaItem) -> Result<Option<String>> {
    let same = |other: &&AgendaItem| {
        (other.deal.is_some() && other.deal == item.deal)
            || (other.registration.is_some() && other.registration == item.registration)
    };
    let known = before.and_then(|review| review.items.iter().filter(same).find(|other| other.outcome.is_some()));
    let Some((other, outcome)) = known.and_then(|other| Some((other, other.outcome.as_ref()?))) else {
        return Ok(None);
    };
    let promise = promises::became(r, scene, other, outcome)?;
    Ok(promise
        .map(|promise| format!("{} ({}): {}", promise.text, promise.owner_name.unwrap_or_default(), promise.became)))
}

/// What was logged on an item can be taken back: it was cleared, or nothing of its decision has been sent.
fn undoable(r: &Reader<'_>, item: &AgendaItem) -> Result<bool> {
    Ok(match &item.outcome {
        None => false,
        Some(ItemOutcome { decision: None, .. }) => true,
        Some(ItemOutcome { decision: Some(id), .. }) => {
            r.decision(id)?.is_some_and(|decision| decision.status == DecisionStatus::Waiting)
        }
    })
}

/// Changes one item of a running review as the store has it now, not as the caller read it before.
///
/// # Errors
/// When the review was finished or the item is gone meanwhile, or `f` says no.
pub(super) fn change(
    w: &Writer<'_>,
    review: &ReviewId,
    item: &ReviewItemId,
    f: impl FnOnce(&mut AgendaItem) -> Result<()>,
) -> Result<Review> {
    let mut review = w.review(review)?;
    if review.finished_at.is_some() {
        return Err(StoreError::NotPossible("that review was finished meanwhile".to_owned()));
    }
    let found = review.items.iter_mut().find(|known| known.id == *item);
    f(found.ok_or_else(|| StoreError::NotFound { what: "item of the review", id: item.0.clone() })?)?;
    w.put_review(&review)?;
    Ok(review)
}

/// A logged item refuses anything but being taken back.
pub(super) fn not_logged(item: &AgendaItem) -> Answer<()> {
    let Some(outcome) = item.outcome.as_ref().filter(|_| item.state == ItemState::Decided) else { return Ok(()) };
    let verdict = outcome.verdict.label().to_lowercase();
    Err(ApiError::new(Code::Invalid, "item.logged", format!("{} was logged already: {verdict}", item.title))
        .kept("The item is as it was")
        .next("Take it back first, then decide it anew"))
}

/// The same inside a write, where somebody else may have been faster.
pub(super) fn not_logged_meanwhile(item: &AgendaItem) -> Result<()> {
    not_logged(item).map_err(|error| StoreError::NotPossible(error.message))
}

/// Skips, parks or flags an item, or opens it again.
///
/// # Errors
/// When the review is finished, there is no such item, or it was logged.
pub fn mark_item(ws: &Arc<Workspace>, request: MarkItem) -> Answer<Review> {
    let review = running(ws, &request.review)?;
    let item = place(&review, &request.item)?;
    if request.state == ItemState::Decided {
        return Err(ApiError::invalid("item.decided", "A decision is logged, not marked")
            .kept("The item is as it was")
            .next("Log the decision"));
    }
    not_logged(item)?;
    let title = format!("{}: {}", request.state.label(), item.title);
    super::act(ws, "review mark", &title, |w| {
        change(w, &request.review, &request.item, |item| {
            not_logged_meanwhile(item)?;
            item.state = request.state;
            Ok(())
        })
    })
}

/// Takes back what was logged on an item, so that it is open again.
///
/// # Errors
/// When nothing was logged on it, or a part of the decision may have left for the CRM.
pub fn undo_item(ws: &Arc<Workspace>, request: ReviewItem) -> Answer<Review> {
    let review = running(ws, &request.review)?;
    let item = place(&review, &request.item)?;
    let outcome = item.outcome.as_ref().ok_or_else(|| {
        ApiError::invalid("item.open", format!("Nothing was logged on {}", item.title)).kept("The item is as it was")
    })?;
    if let Some(decision) = &outcome.decision {
        decide::undo(ws, Undo { decision: decision.clone() })?;
        return ws.read(|r| r.review(&request.review));
    }
    super::act(ws, "undo", &format!("Took back: {}, no action", item.title), |w| {
        change(w, &request.review, &request.item, |item| {
            open_again(item);
            Ok(())
        })
    })
}

fn open_again(item: &mut AgendaItem) {
    item.state = ItemState::Open;
    item.outcome = None;
}

/// Opens the item of a running review whose decision is being taken back in the same transaction.
///
/// # Errors
/// What the store says.
pub(crate) fn reopen(w: &Writer<'_>, decision: &DecisionId) -> Result<()> {
    for row in w.reviews()?.iter().filter(|row| row.finished_at.is_none()) {
        let review = w.review(&row.id)?;
        let made = |item: &&AgendaItem| {
            item.outcome.as_ref().is_some_and(|outcome| outcome.decision.as_ref() == Some(decision))
        };
        if let Some(item) = review.items.iter().find(made) {
            change(w, &row.id, &item.id, |item| {
                open_again(item);
                Ok(())
            })?;
        }
    }
    Ok(())
}

/// Clears the items that are not discussed, all with "no action" (W-07).
///
/// # Errors
/// When the review is finished.
pub fn clear_rest(ws: &Arc<Workspace>, request: ClearRest) -> Answer<Review> {
    let review = running(ws, &request.review)?;
    let meant = |item: &AgendaItem| {
        let named = if request.items.is_empty() { !item.discussed } else { request.items.contains(&item.id) };
        named && item.state == ItemState::Open
    };
    let cleared = ItemOutcome {
        verdict: ItemVerdict::NoAction,
        text: String::new(),
        next_step: None,
        owner: None,
        owner_name: None,
        due: None,
        edits: Vec::new(),
        override_reason: None,
        at: ws.clock.now(),
        decision: None,
    };
    let count = review.items.iter().filter(|item| meant(item)).count();
    let title = format!("Cleared {} with no action", super::counted(count));
    super::act(ws, "review clear", &title, |w| {
        let mut review = w.review(&request.review)?;
        for item in review.items.iter_mut().filter(|item| meant(item)) {
            item.state = ItemState::Decided;
            item.outcome = Some(cleared.clone());
        }
        w.put_review(&review)?;
        Ok(review)
    })
}
