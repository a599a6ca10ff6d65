//! One act on many registrations, and putting one aside.
//!
//! Every row is its own decision with its own verdict: what is refused changes nothing and says why, what is done can be
//! taken back alone. The rows are decided one after the other, so that a claim that loses to one before it is judged
//! with that known.

use std::sync::Arc;

use drumbeat_model::ids::RegistrationId;
use drumbeat_model::lifecycle::{Bulk, BulkAct, BulkDone, BulkRow, Snooze};
use drumbeat_model::registration::{Approve, AskInfo, Claim, Decided, Decline};
use drumbeat_rules::recommend;
use drumbeat_store::{Entry, StoreError};
use serde_json::json;

use super::{desk, said};
use crate::api::Nothing;
use crate::error::{Answer, ApiError};
use crate::workspace::Workspace;

/// Registrations in one go.
const MOST: usize = 200;

/// Does one act on many.
///
/// # Errors
/// When nothing or too much is named; what is wrong with a row is said in the row.
pub fn bulk(ws: &Arc<Workspace>, request: Bulk) -> Answer<BulkDone> {
    if request.registrations.is_empty() || request.registrations.len() > MOST {
        return Err(ApiError::invalid("bulk.many", format!("One to {MOST} registrations are decided in one go"))
            .kept("Nothing was decided"));
    }
    let mut done = BulkDone { rows: Vec::new(), done: 0, refused: 0 };
    for (place, id) in request.registrations.iter().enumerate() {
        // A row that is named twice is decided once.
        if request.registrations[..place].contains(id) {
            continue;
        }
        let company = ws.read(|r| Ok(r.queue_row(id)?.map(|row| row.company).unwrap_or_default()))?;
        let row = match one(ws, &request, id) {
            Ok(decided) => {
                done.done += 1;
                BulkRow { registration: id.clone(), company, decided, refused: None, next: None }
            }
            Err(error) => {
                done.refused += 1;
                let (refused, next) = (Some(error.message), error.next);
                BulkRow { registration: id.clone(), company, decided: None, refused, next }
            }
        };
        done.rows.push(row);
    }
    Ok(done)
}

fn one(ws: &Arc<Workspace>, request: &Bulk, id: &RegistrationId) -> Answer<Option<Decided>> {
    let registration = id.clone();
    match request.act {
        BulkAct::Approve => {
            let reason = request.reason.clone();
            let (protection_days, seller, link_deal, message) = (None, None, None, None);
            super::approve(ws, Approve { registration, protection_days, seller, link_deal, message, reason }).map(Some)
        }
        BulkAct::Decline => {
            let recommended = || {
                let desk = ws.read(|r| desk(ws, r, id))?;
                recommend::decline_reason(&desk.checks).map(|(_, reason)| reason).ok_or_else(|| {
                    ApiError::invalid("bulk.reason", "The checks do not speak against it")
                        .kept("Nothing was decided")
                        .next("Choose a reason from the list")
                })
            };
            let reason = request.decline.map_or_else(recommended, Ok)?;
            super::decline(ws, Decline { registration, reason, text: request.reason.clone(), message: None }).map(Some)
        }
        BulkAct::Ask => {
            let recommended = || {
                let desk = ws.read(|r| desk(ws, r, id))?;
                recommend::question(&desk.checks).ok_or_else(|| {
                    ApiError::invalid("bulk.question", "Nothing is missing that could be asked for")
                        .kept("Nothing was decided")
                        .next("Write the question")
                })
            };
            let question = said(request.question.as_deref()).map_or_else(recommended, Ok)?;
            super::ask_info(ws, AskInfo { registration, question, message: None }).map(Some)
        }
        BulkAct::Snooze => {
            let (until, reason) = (request.until, request.reason.clone());
            if until.is_none() {
                return Err(ApiError::invalid("snooze.until", "It is not said until when").kept("Nothing was changed"));
            }
            snooze(ws, Snooze { registration, until, reason }).map(|_| None)
        }
        BulkAct::Claim => super::claim(ws, Claim { registration, release: false }).map(Some),
    }
}

/// Puts a registration aside until a time, or takes it back. It is on this device alone: the clock goes on.
///
/// # Errors
/// When there is none, it is decided, or the time is over.
pub fn snooze(ws: &Arc<Workspace>, request: Snooze) -> Answer<Nothing> {
    let now = ws.clock.now();
    if request.until.is_some_and(|until| until <= now) {
        return Err(ApiError::invalid("snooze.until", "That time is over")
            .kept("Nothing was changed")
            .next("Choose a later one"));
    }
    let claim = ws.read(|r| {
        let missing = || StoreError::NotFound { what: "registration", id: request.registration.0.clone() };
        r.registration(&request.registration)?.ok_or_else(missing)
    })?;
    if request.until.is_some() && !claim.status.is_open() {
        return Err(ApiError::invalid("snooze.decided", format!("{} does not wait any more", claim.company))
            .kept("Nothing was changed"));
    }
    let reason = said(request.reason.as_deref());
    let actor = ws.actor()?;
    let title = match request.until {
        Some(until) => format!("Put {} aside until {}", claim.company, until.format("%Y-%m-%d %H:%M")),
        None => format!("Took {} up again", claim.company),
    };
    let facts = json!({ "registration": claim.id, "until": request.until });
    let entry = Entry {
        at: now,
        actor: &actor,
        act: "snooze",
        title: &title,
        reason: reason.as_deref(),
        facts: Some(&facts),
        policy: None,
    };
    ws.write(entry, |w| w.snooze(&claim.id, request.until, reason.as_deref(), now))?;
    Ok(Nothing {})
}
