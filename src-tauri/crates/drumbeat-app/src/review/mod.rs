//! The partner review: an agenda from the data, one decision an item, minutes at the end (W).
//!
//! A review is frozen when it starts: its items and their order do not move while people talk, and from
//! then on the store keeps how each deal stood, so that the next review can tell what moved. Each
//! logged item is one decision, saved with the item's new state in one transaction, so a crash loses
//! nothing and a review goes on where it was. The item keeps the decision's id: as long as nothing of it
//! was sent it can be taken back, and an item cannot be logged over what stands.

mod agenda;
mod documents;
mod item;
mod log;
mod minutes;
mod movement;
mod promises;

use std::sync::Arc;

use drumbeat_model::ids::{ReviewId, ReviewItemId};
use drumbeat_model::review::{
    AgendaItem, AgendaOrder, Minutes, Promised, Review, ReviewRow, ReviewTemplate, StartReview,
};
use drumbeat_model::time::Day;
use drumbeat_store::{Entry, Reader, Writer};

pub use self::documents::{pre_read, review_mails, save_review_document, save_review_document_to};
pub(crate) use self::item::reopen;
pub use self::item::{clear_rest, mark_item, review_item, undo_item};
pub use self::log::log_item;
pub use self::minutes::minutes;
pub use self::movement::review_movement;
use crate::api::Nothing;
use crate::error::{Answer, ApiError, Code};
use crate::workspace::{Scene, Workspace};

/// All reviews, latest first.
///
/// # Errors
/// What the store says.
pub fn reviews(ws: &Arc<Workspace>, _: Nothing) -> Answer<Vec<ReviewRow>> {
    ws.read(|r| r.reviews())
}

/// One review.
///
/// # Errors
/// When there is none.
pub fn review(ws: &Arc<Workspace>, id: ReviewId) -> Answer<Review> {
    ws.read(|r| r.review(&id))
}

/// Starts a review: builds the agenda and freezes it.
///
/// # Errors
/// When one is running already.
pub fn start_review(ws: &Arc<Workspace>, request: StartReview) -> Answer<Review> {
    if let Some(running) = ws.read(|r| r.reviews())?.into_iter().find(|row| row.finished_at.is_none()) {
        return Err(ApiError::new(
            Code::NeedsAttention,
            "review.running",
            format!(
                "A {} is running since {}",
                running.template.label().to_lowercase(),
                day(running.started_at.date_naive())
            ),
        )
        .kept("It is kept as it is")
        .next("Go on with it, or finish it first"));
    }
    let now = ws.clock.now();
    let order = request.order.unwrap_or_default();
    let (items, promises) = ws.read(|r| {
        let scene = Scene::read(ws, r)?;
        built(ws, r, &scene, request.template, order)
    })?;
    let snapshot_at = ws.read(|r| r.cursor("last_sync"))?.and_then(|text| drumbeat_model::value::instant(&text));
    let mut review = Review {
        id: ReviewId(uuid::Uuid::now_v7().to_string()),
        template: request.template,
        started_at: now,
        finished_at: None,
        snapshot_at,
        minutes_planned: ws.policy.review.minutes,
        attendees: request
            .attendees
            .into_iter()
            .map(|name| name.trim().to_owned())
            .filter(|name| !name.is_empty())
            .collect(),
        order,
        items,
        promises,
        pipeline: Vec::new(),
        mark: None,
    };
    let title = format!("Started the {}", review.template.label().to_lowercase());
    act(ws, "review start", &title, |w| {
        review.mark = Some(w.begin_mark()?);
        review.pipeline = w.reviewed_pipeline()?;
        w.put_review(&review)?;
        Ok(review)
    })
}

/// The agenda as it stands now, with what became of what was promised in the review before.
fn built(
    ws: &Workspace,
    r: &Reader<'_>,
    scene: &Scene,
    template: ReviewTemplate,
    order: AgendaOrder,
) -> drumbeat_store::Result<(Vec<AgendaItem>, Vec<Promised>)> {
    let promises = match r.review_before(None)? {
        Some(before) => promises::of(r, scene, &before)?,
        None => Vec::new(),
    };
    let between = movement::between(r, None, scene.now)?;
    let asked = agenda::Asked { template, order, promises: &promises, between: &between };
    Ok((agenda::build(ws, r, scene, &asked)?, promises))
}

/// An act on a review that is no decision, with its entry in the audit trail.
fn act<T>(
    ws: &Workspace,
    act: &str,
    title: &str,
    f: impl FnOnce(&Writer<'_>) -> drumbeat_store::Result<T>,
) -> Answer<T> {
    let actor = ws.actor()?;
    let policy = Some(ws.policy.version);
    ws.write(Entry { at: ws.clock.now(), actor: &actor, act, title, reason: None, facts: None, policy }, f)
}

fn running(ws: &Workspace, id: &ReviewId) -> Answer<Review> {
    let review = ws.read(|r| r.review(id))?;
    if let Some(at) = review.finished_at {
        return Err(ApiError::new(
            Code::Invalid,
            "review.finished",
            format!("That review was finished on {}", day(at.date_naive())),
        )
        .kept("It is kept as it is")
        .next("Start the next one"));
    }
    Ok(review)
}

fn place<'r>(review: &'r Review, id: &ReviewItemId) -> Answer<&'r AgendaItem> {
    let found = review.items.iter().find(|item| item.id == *id);
    found.ok_or_else(|| ApiError::not_found("item of the review", id.as_str()))
}

/// Finishes the review and writes its minutes.
///
/// # Errors
/// When it is finished already.
pub fn finish_review(ws: &Arc<Workspace>, id: ReviewId) -> Answer<Minutes> {
    let title = format!("Finished the {}", running(ws, &id)?.template.label().to_lowercase());
    act(ws, "review finish", &title, |w| {
        let mut review = w.review(&id)?;
        review.finished_at = Some(ws.clock.now());
        w.put_review(&review)
    })?;
    minutes(ws, id)
}

/// A day as people read it: `Tue 24 Nov 2026`.
fn day(day: Day) -> String {
    day.format("%a %-d %b %Y").to_string()
}

fn counted(items: usize) -> String {
    if items == 1 { "1 item".to_owned() } else { format!("{items} items") }
}
