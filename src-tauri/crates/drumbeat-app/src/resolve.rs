//! The answers to a merge conflict: keep mine, take theirs, edit, keep as a note.
//!
//! Nothing that was typed is lost: every answer leaves what was yours, what it was based on and what the
//! CRM had in the audit trail, in the transaction that carries it out. The same answer goes to other
//! conflicts only where field, base, mine and theirs are identical. A change that the CRM has refused can
//! be edited or given up in the same way.

use std::sync::Arc;

use drumbeat_model::change::{Op, OpKind, OpState};
use drumbeat_model::crm::{Link, ObjectKind, Properties};
use drumbeat_model::field::Field as F;
use drumbeat_model::ids::{OpId, is_local};
use drumbeat_model::merge::{MergeAnswer, MergeResolved, MergeValue, ResolveMerge};
use drumbeat_model::time::Instant;
use drumbeat_store::{Entry, Reader, Result, Step, StoreError, Writer};
use serde_json::json;

use crate::decide::{self, About, Draft};
use crate::error::{Answer, ApiError, Code};
use crate::merges::{Between, between, conflicts, said};
use crate::preview;
use crate::words::{Words, noun};
use crate::workspace::Workspace;

/// Answers a merge conflict, and with `same` every other one that is identical. A change that the CRM has
/// refused can be edited or given up in the same way.
///
/// # Errors
/// When the op does not wait for a person, the answer is not possible for it, or a value does not fit.
pub fn resolve_merge(ws: &Arc<Workspace>, request: ResolveMerge) -> Answer<MergeResolved> {
    let targets = targets(ws, &request)?;
    let Some(first) = targets.first() else { return Err(ApiError::not_found("op", request.op.as_str())) };
    if let Some(seen) = &request.seen {
        as_seen(ws, first, seen)?;
    }
    let told = told(ws, &targets, request.answer)?;
    if request.answer == MergeAnswer::KeepNote {
        for between in &targets {
            keep_note(ws, between, &told)?;
        }
        return Ok(resolved(&targets, "What you typed goes to the CRM as a note"));
    }
    let edited = match request.answer {
        MergeAnswer::Edit => Some(edits(ws, first, &request)?),
        MergeAnswer::KeepMine | MergeAnswer::TakeTheirs | MergeAnswer::KeepNote => None,
    };
    let actor = ws.actor()?;
    let titles: Vec<String> = ws.read(|r| {
        let titles = targets.iter().map(|between| Ok(r.decision(&between.op.decision)?.map(|it| it.title)));
        Ok(titles.collect::<Result<Vec<_>>>()?.into_iter().flatten().collect())
    })?;
    let title = format!("{}: {}", request.answer.label(), titles.join("; "));
    let at = ws.clock.now();
    let entry = Entry {
        at,
        actor: &actor,
        act: "settle",
        title: &title,
        reason: Some(request.answer.label()),
        facts: Some(&told),
        policy: Some(ws.policy.version),
    };
    ws.write(entry, |w| {
        targets.iter().try_for_each(|between| {
            let unmoved = w.op(&between.op.id)?.is_some_and(|op| op.state == between.op.state);
            if !unmoved {
                return Err(StoreError::NotPossible("it has been answered meanwhile".to_owned()));
            }
            answer(w, between, request.answer, edited.as_ref(), at)
        })
    })?;
    let text = match request.answer {
        MergeAnswer::KeepMine => "Yours goes out over the CRM's present value",
        MergeAnswer::Edit => "The edited values go out over the CRM's present ones",
        MergeAnswer::TakeTheirs | MergeAnswer::KeepNote => {
            "The CRM's value stands; yours is kept in the activity trail"
        }
    };
    Ok(resolved(&targets, text))
}

fn resolved(targets: &[Between], text: &str) -> MergeResolved {
    MergeResolved { answered: u32::try_from(targets.len()).unwrap_or(u32::MAX), text: text.to_owned() }
}

fn targets(ws: &Workspace, request: &ResolveMerge) -> Answer<Vec<Between>> {
    let (mut found, others) = ws.read(|r| {
        let words = Words::read(ws, r)?;
        let Some(op) = r.op(&request.op)? else { return Ok((None, Vec::new())) };
        let state = op.state;
        let first = between(&words, op)?;
        let others = if request.same && state == OpState::Conflict { conflicts(&words)? } else { Vec::new() };
        Ok((Some(first), others))
    })?;
    let first = found.take().ok_or_else(|| ApiError::not_found("op", request.op.as_str()))?;
    let possible = match first.op.state {
        OpState::Conflict => first.answers().contains(&request.answer),
        // The CRM has refused the values: others can be tried, or none.
        OpState::Rejected => {
            request.answer == MergeAnswer::TakeTheirs
                || request.answer == MergeAnswer::Edit
                    && matches!(first.op.kind, OpKind::Set { .. } | OpKind::Create { .. })
        }
        OpState::Queued
        | OpState::Blocked
        | OpState::Sending
        | OpState::Unknown
        | OpState::Acked
        | OpState::Done
        | OpState::Superseded
        | OpState::Withdrawn => false,
    };
    if !possible {
        let state = first.op.state.label().to_lowercase();
        return Err(ApiError::new(
            Code::Invalid,
            "merge.answer",
            format!(
                "\"{}\" is not possible here ({state}: {})",
                request.answer.label(),
                first.kind.label().to_lowercase()
            ),
        )
        .kept("Nothing was changed"));
    }
    let case = first.case();
    let mut all = vec![first];
    if case.is_some() {
        let id = request.op.clone();
        all.extend(others.into_iter().filter(|other| other.op.id != id && other.case() == case));
    }
    Ok(all)
}

/// What was yours, what it was based on, what the CRM had: for the audit trail.
fn told(ws: &Workspace, targets: &[Between], answer: MergeAnswer) -> Answer<serde_json::Value> {
    ws.read(|r| {
        let words = Words::read(ws, r)?;
        let ops = targets.iter().map(|between| {
            let (desired, base) = match &between.op.kind {
                OpKind::Set { desired, base, .. } => (desired.clone(), base.clone()),
                OpKind::Create { desired, .. } => (desired.clone(), Properties::new()),
                OpKind::Link { .. } => (Properties::new(), Properties::new()),
                OpKind::Archive { holds, .. } => (Properties::new(), holds.clone()),
            };
            let theirs = words.values(between.op.object, &between.record)?;
            let fields = desired.iter().map(|(property, mine)| {
                json!({ "field": property, "base": base.get(property), "mine": mine, "theirs": theirs.get(property) })
            });
            Ok(json!({ "op": between.op.id, "record": between.record, "fields": fields.collect::<Vec<_>>() }))
        });
        Ok(json!({ "answer": answer, "ops": ops.collect::<Result<Vec<_>>>()? }))
    })
}

fn step(to: OpState, at: Instant, text: &str) -> Step {
    Step { to, at, attempt: None, not_before: None, sent_at: None, text: text.to_owned() }
}

/// Nobody answers what they have not seen: theirs has to be what was shown.
fn as_seen(ws: &Workspace, between: &Between, seen: &[MergeValue]) -> Answer<()> {
    let Some((property, now)) = between.unlike(seen) else { return Ok(()) };
    let kind = between.op.object;
    let (label, now) = ws.read(|r| {
        let words = Words::read(ws, r)?;
        let now = now
            .map(|now| words.value_of((kind, &between.record), &words.values(kind, &between.record)?, &property, &now));
        Ok((words.label(kind, &property), now.transpose()?))
    })?;
    let what = match now {
        Some(now) => format!("{label} has changed meanwhile: it is {} now", said(now.as_ref())),
        None => format!("{label} has changed meanwhile: it does not differ any more"),
    };
    Err(ApiError::new(Code::NeedsAttention, "merge.changed", what)
        .kept("Nothing was answered, and yours is kept")
        .next("Look at the three values again, then answer"))
}

fn answer(
    w: &Writer<'_>,
    between: &Between,
    answer: MergeAnswer,
    edited: Option<&Properties>,
    at: Instant,
) -> Result<()> {
    let op = &between.op;
    if !between.still(w)? {
        return Err(StoreError::NotPossible("theirs has changed meanwhile; look at it again".to_owned()));
    }
    match answer {
        MergeAnswer::KeepMine => {
            w.move_op(
                &op.id,
                &step(OpState::Superseded, at, "replaced by the same values over the CRM's present ones"),
            )?;
            again(w, op, None).map(drop)
        }
        MergeAnswer::Edit => {
            w.move_op(&op.id, &step(OpState::Superseded, at, "replaced by values that a person has edited"))?;
            again(w, op, edited).map(drop)
        }
        MergeAnswer::TakeTheirs => {
            w.move_op(&op.id, &step(OpState::Withdrawn, at, "the CRM's value was taken"))?;
            w.withdraw_children(op)
        }
        MergeAnswer::KeepNote => {
            w.move_op(&op.id, &step(OpState::Withdrawn, at, "kept as a note, because the record is gone"))?;
            w.withdraw_children(op)
        }
    }
}

/// Puts an op that a person wants all the same back into the outbox, on the record that it is now and over
/// the values that the CRM has now.
pub(crate) fn again(w: &Writer<'_>, op: &Op, edited: Option<&Properties>) -> Result<OpId> {
    let mut op = op.clone();
    if !matches!(op.kind, OpKind::Create { .. }) {
        // A record that was merged away goes by the survivor's id, and its values are the ones to go over.
        op.record = w.resolve(&op.record)?;
    }
    if let (OpKind::Set { desired, .. } | OpKind::Create { desired, .. }, Some(edited)) = (&mut op.kind, edited) {
        desired.extend(edited.iter().map(|(name, value)| (name.clone(), value.clone())));
    }
    w.renew(&op)
}

/// The edited values, each checked against what its property holds.
fn edits(ws: &Workspace, between: &Between, request: &ResolveMerge) -> Answer<Properties> {
    let (OpKind::Set { desired, .. } | OpKind::Create { desired, .. }) = &between.op.kind else {
        return Err(ApiError::invalid("merge.edit", "There is no value in it to edit").kept("Nothing was changed"));
    };
    if request.values.is_empty() {
        return Err(ApiError::invalid("merge.edit", "There is no edited value")
            .kept("Nothing was changed")
            .next("Name a field and its value, or keep yours"));
    }
    let mut edited = Properties::new();
    for value in &request.values {
        if !desired.contains_key(&value.property) {
            return Err(ApiError::invalid("merge.edit", format!("{} is not a field of this change", value.property))
                .kept("Nothing was changed"));
        }
        let text = value.value.as_deref().map(str::trim).unwrap_or_default();
        if text.len() > 60_000 {
            return Err(ApiError::invalid("merge.edit", "The value is too long").kept("Nothing was changed"));
        }
        edited.insert(value.property.clone(), text.to_owned());
    }
    let problems = ws.read(|r| {
        let words = Words::read(ws, r)?;
        Ok(preview::problems(&words, between.op.object, &edited))
    })?;
    match problems.first() {
        Some(problem) => Err(ApiError::invalid("merge.edit", problem.clone()).kept("Nothing was changed")),
        None => Ok(edited),
    }
}

/// Saves what was typed for a record that is gone as a note beside what is left of it.
fn keep_note(ws: &Workspace, between: &Between, told: &serde_json::Value) -> Answer<()> {
    let op = &between.op;
    let (text, title, links, mapping, schema) = ws.read(|r| {
        let words = Words::read(ws, r)?;
        let record = words.record(op.object, &between.record)?;
        let (OpKind::Set { desired, .. } | OpKind::Create { desired, .. }) = &op.kind else {
            return Err(StoreError::NotPossible("there is nothing typed in it to keep".to_owned()));
        };
        let mut lines =
            vec![format!("{} {} is gone from the CRM. Decided here for it:", noun(op.object), record.label)];
        for (property, mine) in desired {
            let mine = words
                .value_of((op.object, &between.record), desired, property, mine)?
                .unwrap_or_else(|| "empty".to_owned());
            lines.push(format!("{}: {mine}", words.label(op.object, property)));
        }
        let title = format!("Kept as a note: {}", record.label);
        let links = neighbours(r, &words, op.object, &between.record)?;
        Ok((lines.join("\n"), title, links, Arc::clone(&words.scene.mapping), words.schema.clone()))
    })?;
    let no_place = |why: &str| {
        ApiError::new(Code::NeedsAttention, "merge.note", why.to_owned())
            .kept("The merge conflict is as it was")
            .next("Copy what you typed, or take theirs: it stays in the activity trail")
    };
    if mapping.property(ObjectKind::Note, F::Body).is_none() {
        return Err(no_place("The CRM has no notes that Drumbeat could write"));
    }
    if links.is_empty() {
        return Err(no_place("No company is left to put the note at"));
    }
    let mut draft = Draft::new(&mapping, schema.as_deref());
    let at = ws.clock.now();
    let values = [(F::Body, text), (F::At, drumbeat_model::value::write_instant(at))].into();
    draft.create(ObjectKind::Note, &values, links, &[]);
    let about = About {
        act: "keep note",
        title,
        record: (op.object, between.record.clone()),
        reason: None,
        facts: told.clone(),
    };
    decide::save_with(ws, about, draft, |w| answer(w, between, MergeAnswer::KeepNote, None, at))?;
    Ok(())
}

/// Living companies that a record belonged to.
fn neighbours(r: &Reader<'_>, words: &Words<'_>, kind: ObjectKind, id: &str) -> Result<Vec<Link>> {
    let values = words.values(kind, id)?;
    let named =
        [F::Account, F::Partner].into_iter().filter_map(|field| words.scene.mapping.value(kind, field, &values));
    let linked =
        r.mirrored_links(kind, id)?.into_iter().filter(|link| link.to == ObjectKind::Company).map(|link| link.id);
    let ids: Vec<String> = linked.chain(named.map(str::to_owned)).collect();
    let mut links: Vec<Link> = Vec::new();
    for id in ids {
        let id = r.resolve(&id)?;
        let lives = !is_local(&id) && r.mirrored(ObjectKind::Company, &id)?.is_some_and(|known| known.gone.is_none());
        if lives && links.iter().all(|link| link.id != id) {
            links.push(Link { to: ObjectKind::Company, id, primary: false });
        }
    }
    Ok(links)
}
