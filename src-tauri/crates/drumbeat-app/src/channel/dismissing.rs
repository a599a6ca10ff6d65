//! Putting findings aside with a reason, one or many: each comes back only when its facts change (C-07).

use std::sync::Arc;

use drumbeat_model::channel::ConflictState;
use drumbeat_model::deal::ConflictStatus;
use drumbeat_model::settling::{
    ConflictAct, ConflictFailed, ConflictStepped, ConflictsDone, DismissConflicts, Settlement,
};
use serde_json::json;

use super::desk::{Recorded, Step, Told, closed, desk, save};
use crate::error::{Answer, ApiError};
use crate::registrations::needed;
use crate::workspace::Workspace;

/// Findings that one act dismisses at most.
const MOST: usize = 500;

/// Puts findings aside with a reason; each comes back only when its facts change (C-07).
///
/// # Errors
/// When there is no reason or there are too many; one that cannot be dismissed is told and stops nothing.
pub fn dismiss_conflicts(ws: &Arc<Workspace>, request: DismissConflicts) -> Answer<ConflictsDone> {
    let why = needed(&request.reason, "conflict.reason", "It needs a reason", "Say why it is put aside")?;
    if request.conflicts.len() > MOST {
        return Err(ApiError::invalid("conflict.many", format!("At most {MOST} are dismissed at once"))
            .kept("Nothing was changed"));
    }
    let mut done = ConflictsDone { done: Vec::new(), decisions: Vec::new(), failed: Vec::new() };
    for id in request.conflicts {
        match dismiss(ws, &id, &why) {
            Ok(stepped) => {
                done.done.push(id);
                done.decisions.extend(stepped.decision);
            }
            Err(error) => done.failed.push(ConflictFailed { conflict: id, why: error.message }),
        }
    }
    Ok(done)
}

fn dismiss(ws: &Arc<Workspace>, id: &str, why: &str) -> Answer<ConflictStepped> {
    let desk = desk(ws, id, ConflictAct::Dismiss)?;
    let by = ws.actor()?;
    let text = format!("dismissed: {why}");
    let note = desk.settled(Settlement::Dismissed, &text, false, None, &by);
    let mut draft = desk.draft();
    desk.note(ws, &mut draft, ConflictStatus::None, &text, Some(Recorded::Settled(&note)), &mut Told::default())?;
    let after = closed(&desk, ConflictState::Dismissed, &note);
    let step = Step {
        act: "dismiss conflict",
        title: format!("Dismissed: {}", desk.kept.finding.text),
        reason: Some(why.to_owned()),
        facts: json!({ "conflict": after.id, "signals": desk.kept.finding.signals.iter().map(|found| &found.fact).collect::<Vec<_>>() }),
        draft,
        after,
        event: ("dismissed", text),
    };
    save(ws, &desk, step, |_| Ok(()))
}
