//! What was promised in the review before, and what has become of it (W-02, W-04).
//!
//! A promise is a logged next step. Its task tells best whether it was kept; where there is none to be
//! seen, the deal's own next step does, and a deal that is closed needs no next step any more.

use drumbeat_model::change::DecisionStatus;
use drumbeat_model::crm::{ObjectKind, Outcome};
use drumbeat_model::deal::Deal;
use drumbeat_model::partner::Touch;
use drumbeat_model::review::{AgendaItem, ItemOutcome, PromiseState, Promised, Review};
use drumbeat_store::{Reader, Result};

use crate::workspace::Scene;

/// Contacts of one record that are looked through for a task.
const LOOKED_AT: u32 = 100;

/// Every next step that was logged in a review, with what has become of it by now.
pub(super) fn of(r: &Reader<'_>, scene: &Scene, before: &Review) -> Result<Vec<Promised>> {
    let mut all = Vec::new();
    for item in &before.items {
        if let Some(outcome) = &item.outcome
            && let Some(promise) = became(r, scene, item, outcome)?
        {
            all.push(promise);
        }
    }
    Ok(all)
}

/// What has become of what was promised on one item; nothing when nothing was promised.
pub(super) fn became(
    r: &Reader<'_>,
    scene: &Scene,
    item: &AgendaItem,
    outcome: &ItemOutcome,
) -> Result<Option<Promised>> {
    let Some(text) = outcome.next_step.clone() else { return Ok(None) };
    let withdrawn = match &outcome.decision {
        Some(id) => r.decision(id)?.is_some_and(|decision| decision.status == DecisionStatus::Withdrawn),
        None => false,
    };
    let deal = match &item.deal {
        Some(id) => r.deal(id)?,
        None => None,
    };
    let touches = match (&deal, &item.partner) {
        (Some(deal), _) => r.touches(ObjectKind::Deal, deal.id.as_str(), LOOKED_AT)?,
        (None, Some(partner)) => r.touches(ObjectKind::Company, partner.as_str(), LOOKED_AT)?,
        (None, None) => Vec::new(),
    };
    let task = touches.iter().find(|touch| touch.kind == ObjectKind::Task && touch.title == text);
    let (state, became) = if withdrawn {
        (PromiseState::TakenBack, "taken back".to_owned())
    } else {
        judged(scene, outcome, task, item, deal.as_ref())
    };
    Ok(Some(Promised {
        title: item.title.clone(),
        subtitle: item.subtitle.clone(),
        text,
        owner: outcome.owner.clone(),
        owner_name: outcome.owner_name.clone(),
        due: outcome.due,
        state,
        became,
        deal: item.deal.clone(),
        registration: item.registration.clone(),
        partner: item.partner.clone(),
    }))
}

fn judged(
    scene: &Scene,
    outcome: &ItemOutcome,
    task: Option<&Touch>,
    item: &AgendaItem,
    deal: Option<&Deal>,
) -> (PromiseState, String) {
    let waits = || match outcome.due {
        Some(due) if due < scene.today => (PromiseState::Late, format!("late, was due {}", super::day(due))),
        Some(due) => (PromiseState::Open, format!("open, due {}", super::day(due))),
        None => (PromiseState::Open, "open".to_owned()),
    };
    if task.is_some_and(|task| task.done) {
        return (PromiseState::Kept, "done".to_owned());
    }
    match deal {
        Some(deal) if deal.outcome == Outcome::Won => (PromiseState::Replaced, "the deal was won".to_owned()),
        Some(deal) if deal.outcome == Outcome::Lost => (PromiseState::Replaced, "the deal was lost".to_owned()),
        Some(_) if task.is_some() => waits(),
        // No task to be seen: the deal's own next step tells.
        Some(deal) => match &deal.next_step {
            Some(step) if *step == *outcome.next_step.as_deref().unwrap_or_default() => waits(),
            Some(step) => (PromiseState::Replaced, format!("the next step is another: {step}")),
            None => (PromiseState::Replaced, "the deal has no next step any more".to_owned()),
        },
        None if item.deal.is_some() => (PromiseState::Replaced, "the deal is no longer in the CRM".to_owned()),
        None => waits(),
    }
}
