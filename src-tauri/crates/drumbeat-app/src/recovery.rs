//! What was recovered from the side journal: a person confirms it or discards it; nothing of it is sent
//! by itself.

use std::sync::Arc;

use drumbeat_model::ids::OpId;
use drumbeat_model::time::Instant;
use drumbeat_store::{Entry, Recovered, StoreError, Touched};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::api::Nothing;
use crate::error::{Answer, ApiError, Code};
use crate::workspace::Workspace;

/// One decision that the store does not have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RecoveredRow {
    /// Its first op; it is confirmed or discarded by this.
    pub op: OpId,
    /// What was decided.
    pub title: String,
    /// Who.
    pub actor: String,
    /// Why.
    pub reason: Option<String>,
    /// When.
    pub made_at: Instant,
    /// How many ops of it are missing.
    pub ops: u32,
    /// It was saved once and may be in the CRM already.
    pub may_have_left: bool,
    /// What confirming it means, in a sentence.
    pub text: String,
}

fn row(ws: &Workspace, recovered: Recovered) -> Option<RecoveredRow> {
    let crm = ws.card.vendor.label();
    Some(RecoveredRow {
        op: recovered.ops.first()?.clone(),
        title: recovered.title,
        actor: recovered.actor,
        reason: recovered.reason,
        made_at: recovered.made_at,
        ops: u32::try_from(recovered.ops.len()).unwrap_or(u32::MAX),
        may_have_left: recovered.was_saved,
        text: if recovered.was_saved {
            format!("Recovered: please confirm. It may be in {crm} already; {crm} is asked before anything is sent")
        } else {
            "Recovered: please confirm. It was not saved before Drumbeat ended, and was never sent".to_owned()
        },
    })
}

/// Decisions that were recovered and wait for a person, oldest first.
///
/// # Errors
/// What the store says.
pub fn recovered(ws: &Arc<Workspace>, _: Nothing) -> Answer<Vec<RecoveredRow>> {
    Ok(ws.store.recovered()?.into_iter().filter_map(|recovered| row(ws, recovered)).collect())
}

/// Saves a recovered decision: from now on it is one like any other.
///
/// # Errors
/// When it is not there any more, or the store says no.
pub fn confirm_recovered(ws: &Arc<Workspace>, op: OpId) -> Answer<Nothing> {
    let recovered = ws.store.recovered_with(&op).map_err(gone)?;
    let title = format!("Recovered and confirmed: {}", recovered.title);
    let at = ws.clock.now();
    let actor = ws.actor()?;
    ws.write(entry(at, &actor, "confirm recovered", &title), |w| w.take_recovered(&recovered))?;
    Ok(Nothing {})
}

/// Discards a recovered decision for good.
///
/// # Errors
/// When it is not there any more, or the store says no.
pub fn discard_recovered(ws: &Arc<Workspace>, op: OpId) -> Answer<Nothing> {
    let recovered = ws.store.recovered_with(&op).map_err(gone)?;
    let title = format!("Recovered and discarded: {}", recovered.title);
    let actor = ws.actor()?;
    ws.write(entry(ws.clock.now(), &actor, "discard recovered", &title), |_| Ok(()))?;
    ws.store.void_recovered(&recovered.ops)?;
    ws.tell([Touched::Outbox].into_iter());
    Ok(Nothing {})
}

fn gone(error: StoreError) -> ApiError {
    match error {
        StoreError::NotFound { .. } => {
            ApiError::new(Code::NotFound, "recovered.gone", "That decision is not among the recovered ones any more")
                .kept("Nothing was changed")
                .next("See what is left with `drumbeat recovered`")
        }
        other => other.into(),
    }
}

fn entry<'a>(at: Instant, actor: &'a str, act: &'a str, title: &'a str) -> Entry<'a> {
    Entry { at, actor, act, title, reason: None, facts: None, policy: None }
}

/// The line for the status, when something waits.
///
/// # Errors
/// What the store says.
pub fn sentence(ws: &Workspace) -> drumbeat_store::Result<Option<String>> {
    let count = ws.store.recovered()?.len();
    let decisions = if count == 1 { "1 decision was".to_owned() } else { format!("{count} decisions were") };
    Ok((count > 0).then(|| {
        format!("{decisions} recovered: please confirm or discard (`drumbeat recovered`); nothing of it is sent before")
    }))
}
