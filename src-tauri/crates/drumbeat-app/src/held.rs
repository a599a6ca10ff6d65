//! Decisions that are held back because facts that they relied on have moved (B1).
//!
//! After a pull and before anything is sent, the premises of every decision of which nothing has left are
//! looked at again. Only those whose facts others have moved are held back, each with the fact before and
//! after; the rest goes out untouched. A person then lets one go on, with the facts as they are now for its
//! new premises, or takes it back; one whose facts are as they were again goes on by itself.

use std::collections::BTreeSet;
use std::sync::Arc;

use drumbeat_model::change::{Op, OpState};
use drumbeat_model::ids::DecisionId;
use drumbeat_model::merge::{HeldDecision, MovedFact, ReleaseHeld};
use drumbeat_model::time::Instant;
use drumbeat_store::{Entry, Reader, Result, StoreError};
use serde::{Deserialize, Serialize};

use crate::api::Nothing;
use crate::error::{Answer, ApiError, Code};
use crate::premises::{known, moved, present, put};
use crate::review;
use crate::words::Words;
use crate::workspace::Workspace;

/// What is kept while a decision is held back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Held {
    at: Instant,
    moved: Vec<MovedFact>,
}

/// Whether nothing of a decision has left, and something of it still waits to.
fn is_waiting(ops: &[Op]) -> bool {
    ops.iter().all(|op| op.attempt == 0 && op.state != OpState::Done)
        && ops.iter().any(|op| matches!(op.state, OpState::Queued | OpState::Blocked))
}

/// The decisions that wait to be sent, by age.
fn waiting(r: &Reader<'_>) -> Result<Vec<DecisionId>> {
    let mut seen = BTreeSet::new();
    let ops = r.ops_in(&[OpState::Queued, OpState::Blocked])?;
    let ids: Vec<DecisionId> = ops.into_iter().map(|op| op.decision).filter(|id| seen.insert(id.clone())).collect();
    let mut all = Vec::new();
    for id in ids {
        if is_waiting(&r.ops_of(&id)?) {
            all.push(id);
        }
    }
    Ok(all)
}

/// Whether anything waits to be sent whose facts have to be looked at first.
pub(crate) fn any_waiting(ws: &Workspace) -> Answer<bool> {
    ws.read(|r| {
        for id in waiting(r)? {
            if r.decision_facts(&id)?.is_some_and(|(_, facts)| known(&facts).is_some()) {
                return Ok(true);
            }
        }
        Ok(false)
    })
}

/// Looks at the premises of every waiting decision: holds back those whose facts others have moved, lets
/// go those whose facts are as they were again. Answers how many are held back now.
///
/// # Errors
/// What the store says.
pub fn check(ws: &Workspace) -> Answer<u32> {
    let at = ws.clock.now();
    let changes: Vec<(DecisionId, String, Option<Held>)> = ws.read(|r| {
        let words = Words::read(ws, r)?;
        let mut changes = Vec::new();
        for id in waiting(r)? {
            let Some((about, facts)) = r.decision_facts(&id)? else { continue };
            let Some(before) = known(&facts) else { continue };
            let now = present(ws, &words, &about, &before)?;
            let moved = moved(r, &before, &now)?;
            let held = read_held(r, &id)?;
            if held.as_ref().map_or(&[][..], |held| &held.moved) != moved.as_slice() {
                let title = r.decision(&id)?.map(|decision| decision.title).unwrap_or_default();
                let at = held.map_or(at, |held| held.at);
                changes.push((id, title, (!moved.is_empty()).then_some(Held { at, moved })));
            }
        }
        Ok(changes)
    })?;
    for (id, title, held) in changes {
        let (act, title) = match &held {
            Some(_) => ("hold", format!("Held back: {title}")),
            None => ("let go", format!("The facts are as they were: {title}")),
        };
        let reason = held.as_ref().map(|held| held.moved.iter().map(sentence).collect::<Vec<_>>().join("; "));
        let facts = serde_json::json!({ "decision": id, "moved": held.as_ref().map(|held| &held.moved) });
        let entry = Entry {
            at,
            actor: "Drumbeat",
            act,
            title: &title,
            reason: reason.as_deref(),
            facts: Some(&facts),
            policy: Some(ws.policy.version),
        };
        let text = held.as_ref().map(serde_json::to_string).transpose()?;
        ws.write(entry, |w| {
            // Something of it may have left, or a person may have taken it back meanwhile.
            if is_waiting(&w.ops_of(&id)?) { w.hold(&id, text.as_deref()) } else { Ok(()) }
        })?;
    }
    ws.read(count)
}

/// How many decisions are held back.
pub(crate) fn count(r: &Reader<'_>) -> Result<u32> {
    Ok(u32::try_from(r.held_decisions()?.len()).unwrap_or(u32::MAX))
}

fn sentence(fact: &MovedFact) -> String {
    let or = |value: &Option<String>| value.clone().unwrap_or_else(|| "nothing".to_owned());
    format!("{} was {}, is {}", fact.label, or(&fact.before), or(&fact.after))
}

fn read_held(r: &Reader<'_>, id: &DecisionId) -> Result<Option<Held>> {
    let Some(text) = r.held(id)? else { return Ok(None) };
    serde_json::from_str(&text).map(Some).map_err(|error| StoreError::BadRow {
        table: "decision",
        id: id.0.clone(),
        why: error.to_string(),
    })
}

/// Decisions that are held back because facts that they relied on have moved, oldest first.
///
/// # Errors
/// What the store says.
pub fn held(ws: &Arc<Workspace>, _: Nothing) -> Answer<Vec<HeldDecision>> {
    ws.read(|r| {
        let words = Words::read(ws, r)?;
        let mut rows = Vec::new();
        for decision in r.held_decisions()? {
            let Some(held) = read_held(r, &decision.id)? else { continue };
            let Some((about, _)) = r.decision_facts(&decision.id)? else { continue };
            rows.push(HeldDecision {
                record: words.record(about.0, &about.1)?,
                messages: r.messages_of(&decision.id)?.0,
                decision: decision.id,
                title: decision.title,
                by: decision.actor,
                decided_at: decision.made_at,
                held_at: held.at,
                moved: held.moved,
            });
        }
        Ok(rows)
    })
}

/// Lets a held decision go on, relying on the facts as they are now, or takes it back.
///
/// # Errors
/// When it is not held back, or what the store says.
pub fn release_held(ws: &Arc<Workspace>, request: ReleaseHeld) -> Answer<Nothing> {
    let id = &request.decision;
    let (decision, moved, facts) = ws.read(|r| {
        let decision = r.decision(id)?.ok_or_else(|| StoreError::NotFound { what: "decision", id: id.0.clone() })?;
        let held = read_held(r, id)?;
        let Some((about, facts)) = r.decision_facts(id)? else { return Ok((decision, None, None)) };
        let words = Words::read(ws, r)?;
        let now = match known(&facts) {
            Some(before) => Some(present(ws, &words, &about, &before)?),
            None => None,
        };
        let facts = now.map(|now| put(facts, &now)).transpose()?;
        Ok((decision, held.map(|held| held.moved), facts))
    })?;
    let moved = moved.ok_or_else(|| {
        ApiError::new(Code::Invalid, "held.not", "That decision is not held back").kept("Nothing was changed")
    })?;
    let actor = ws.actor()?;
    let (act, title) = match request.go_on {
        true => ("go on", format!("Goes on, with the facts as they are now: {}", decision.title)),
        false => ("undo", format!("Took back: {}", decision.title)),
    };
    let reason = moved.iter().map(sentence).collect::<Vec<_>>().join("; ");
    let told = serde_json::json!({ "decision": id, "moved": moved });
    let entry = Entry {
        at: ws.clock.now(),
        actor: &actor,
        act,
        title: &title,
        reason: Some(&reason),
        facts: Some(&told),
        policy: Some(ws.policy.version),
    };
    ws.write(entry, |w| {
        w.hold(id, None)?;
        match (request.go_on, &facts) {
            (true, Some(facts)) => w.rely_on(id, facts),
            (true, None) => Ok(()),
            (false, _) => {
                w.withdraw_decision(id)?;
                review::reopen(w, id)
            }
        }
    })?;
    Ok(Nothing {})
}
