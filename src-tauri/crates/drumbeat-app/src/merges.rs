//! Merge conflicts: what was, what is yours, what is theirs; and the answers to them.
//!
//! Nothing is resolved by itself here, and nothing that was typed is lost: every answer leaves what was
//! yours, what it was based on and what the CRM had in the audit trail. Theirs is always what the mirror
//! has now, which is also what a kept or edited change is based on from then on; who set it and when comes
//! from the op's evidence, as long as it is still the value that was seen. The same answer goes to other
//! conflicts only where field, base, mine and theirs are identical.

use std::collections::BTreeMap;
use std::sync::Arc;

use drumbeat_model::change::{Op, OpKind, OpState};
use drumbeat_model::crm::{Link, ObjectKind, Properties};
use drumbeat_model::field::Field as F;
use drumbeat_model::ids::{OpId, is_local};
use drumbeat_model::merge::{
    Found, FoundSide, MergeAnswer, MergeField, MergeKind, MergeResolved, MergeRow, ResolveMerge,
};
use drumbeat_model::value::same;
use drumbeat_store::{Entry, Gone, Reader, Result, Step, StoreError, Writer};
use serde_json::json;

use crate::api::Nothing;
use crate::decide::{self, About, Draft};
use crate::error::{Answer, ApiError, Code};
use crate::preview;
use crate::words::{Words, noun, some};
use crate::workspace::Workspace;

/// A conflict with the record as it is now.
pub(crate) struct Between {
    op: Op,
    kind: MergeKind,
    text: String,
    seen_at: drumbeat_model::time::Instant,
    /// The record's id as it is now.
    record: String,
    sides: Vec<FoundSide>,
}

/// What tells identical conflicts: everything but the record.
type Case = (ObjectKind, MergeKind, Vec<(String, String, String, String)>);

impl Between {
    fn case(&self) -> Option<Case> {
        let text = |value: &str| value.trim().to_owned();
        let mut sides: Vec<_> = self
            .sides
            .iter()
            .map(|side| (side.property.clone(), text(&side.base), text(&side.mine), text(&side.theirs)))
            .collect();
        sides.sort();
        (!sides.is_empty()).then_some((self.op.object, self.kind, sides))
    }

    fn is_gone(&self) -> bool {
        matches!(self.kind, MergeKind::Archived | MergeKind::Missing)
    }

    fn answers(&self) -> Vec<MergeAnswer> {
        use MergeAnswer::{Edit, KeepMine, KeepNote, TakeTheirs};
        match (&self.op.kind, self.is_gone()) {
            (_, true) => vec![KeepNote, TakeTheirs],
            (OpKind::Set { .. }, false) => vec![KeepMine, TakeTheirs, Edit],
            (OpKind::Create { .. } | OpKind::Link { .. }, false) => vec![KeepMine, TakeTheirs],
        }
    }
}

fn between(words: &Words<'_>, op: Op) -> Result<Between> {
    let r = words.r;
    let record = r.resolve(&op.record)?;
    let mirrored = r.mirrored(op.object, &record)?;
    let gone = mirrored.as_ref().and_then(|known| known.gone);
    let theirs = mirrored.map(|known| known.properties).unwrap_or_default();
    let last = op.evidence.last().cloned();
    let found = op.evidence.iter().rev().find_map(|evidence| evidence.found.clone());
    let kind = match (gone, found.as_ref().map(|found| found.kind)) {
        (Some(Gone::Archived), _) => MergeKind::Archived,
        (Some(Gone::Inaccessible), _) => MergeKind::Missing,
        // It is back: what is left is what differs.
        (_, Some(MergeKind::Archived | MergeKind::Missing) | None) => MergeKind::Changed,
        (_, Some(kind)) => kind,
    };
    let is_gone = matches!(kind, MergeKind::Archived | MergeKind::Missing);
    let text = last.as_ref().map(|last| last.text.clone()).unwrap_or_default();
    let seen_at = last.map_or_else(|| r.op_times(&op.id).map(|(_, changed)| changed), |last| Ok(last.at))?;
    let sides = sides(&op.kind, found.as_ref(), if is_gone { None } else { Some(&theirs) });
    Ok(Between { kind, text, seen_at, record, sides, op })
}

/// The fields to choose about: those that the protocol found, and any that differ by now.
fn sides(kind: &OpKind, found: Option<&Found>, theirs: Option<&Properties>) -> Vec<FoundSide> {
    let OpKind::Set { desired, base, guard } = kind else { return Vec::new() };
    let empty = Properties::new();
    let now = theirs.unwrap_or(&empty);
    let text = |values: &Properties, name: &str| values.get(name).cloned().unwrap_or_default();
    let known = |name: &str| found.and_then(|found| found.sides.iter().find(|side| side.property == name));
    let side = |name: &str, base: String, mine: String| {
        let value = text(now, name);
        let set = known(name).filter(|side| same(Some(&side.theirs), Some(&value)));
        FoundSide {
            property: name.to_owned(),
            base,
            mine,
            by: set.and_then(|side| side.by.clone()),
            at: set.and_then(|side| side.at),
            theirs: value,
        }
    };
    let mut all = Vec::new();
    for (name, mine) in desired {
        let side = side(name, text(base, name), mine.clone());
        let differs = !same(Some(&side.theirs), Some(&side.base)) && !same(Some(&side.theirs), Some(mine));
        if theirs.is_none() || differs || known(name).is_some() {
            all.push(side);
        }
    }
    for (name, held) in guard.iter().filter(|(name, _)| !desired.contains_key(*name)) {
        let side = side(name, held.clone(), held.clone());
        if theirs.is_some() && !same(Some(&side.theirs), Some(held)) {
            all.push(side);
        }
    }
    all
}

fn conflicts(words: &Words<'_>) -> Result<Vec<Between>> {
    words.r.ops_in(&[OpState::Conflict])?.into_iter().map(|op| between(words, op)).collect()
}

/// Every merge conflict, oldest decision first.
///
/// # Errors
/// What the store says.
pub fn merges(ws: &Arc<Workspace>, _: Nothing) -> Answer<Vec<MergeRow>> {
    ws.read(|r| {
        let words = Words::read(ws, r)?;
        let all = conflicts(&words)?;
        let mut cases: BTreeMap<Case, u32> = BTreeMap::new();
        for case in all.iter().filter_map(Between::case) {
            *cases.entry(case).or_default() += 1;
        }
        all.iter()
            .map(|between| {
                let same_as = between.case().and_then(|case| cases.get(&case).copied()).unwrap_or(1);
                row(&words, between, same_as.saturating_sub(1))
            })
            .collect()
    })
}

fn row(words: &Words<'_>, between: &Between, same_as: u32) -> Result<MergeRow> {
    let (r, op) = (words.r, &between.op);
    let decision = r.decision(&op.decision)?;
    let (made_at, _) = r.op_times(&op.id)?;
    Ok(MergeRow {
        op: op.id.clone(),
        decision: op.decision.clone(),
        title: decision.as_ref().map(|decision| decision.title.clone()).unwrap_or_default(),
        record: words.record(op.object, &op.record)?,
        kind: between.kind,
        text: between.text.clone(),
        fields: between.sides.iter().map(|side| field(words, op, side)).collect::<Result<_>>()?,
        mine_at: decision.as_ref().map_or(made_at, |decision| decision.made_at),
        mine_by: decision.map(|decision| decision.actor).unwrap_or_default(),
        device: "this computer".to_owned(),
        seen_at: between.seen_at,
        same_as,
        answers: between.answers(),
    })
}

fn field(words: &Words<'_>, op: &Op, side: &FoundSide) -> Result<MergeField> {
    let (kind, property) = (op.object, side.property.as_str());
    let is_written = matches!(&op.kind, OpKind::Set { desired, .. } if desired.contains_key(property));
    Ok(MergeField {
        field: words.scene.mapping.field(kind, property),
        label: words.label(kind, property),
        base: words.value(kind, property, &side.base)?,
        mine: words.value(kind, property, &side.mine)?,
        theirs: words.value(kind, property, &side.theirs)?,
        mine_raw: side.mine.clone(),
        theirs_raw: side.theirs.clone(),
        their_who: words.who(side.by.as_ref()),
        their_when: side.at,
        guard: !is_written,
        holds: words.holds(kind, property),
        options: words.options(kind, property),
        property: side.property.clone(),
    })
}

/// Answers a merge conflict, and with `same` every other one that is identical. A change that the CRM has
/// refused can be edited or given up in the same way.
///
/// # Errors
/// When the op does not wait for a person, the answer is not possible for it, or a value does not fit.
pub fn resolve_merge(ws: &Arc<Workspace>, request: ResolveMerge) -> Answer<MergeResolved> {
    let targets = targets(ws, &request)?;
    let Some(first) = targets.first() else { return Err(ApiError::not_found("op", request.op.as_str())) };
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
                || request.answer == MergeAnswer::Edit && !matches!(first.op.kind, OpKind::Link { .. })
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

fn step(to: OpState, at: drumbeat_model::time::Instant, text: &str) -> Step {
    Step { to, at, attempt: None, not_before: None, sent_at: None, text: text.to_owned() }
}

fn answer(
    w: &Writer<'_>,
    between: &Between,
    answer: MergeAnswer,
    edited: Option<&Properties>,
    at: drumbeat_model::time::Instant,
) -> Result<()> {
    let op = &between.op;
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
            let mine = words.value(op.object, property, mine)?.unwrap_or_else(|| "empty".to_owned());
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

/// A value in a sentence.
pub(crate) fn said(value: Option<&String>) -> String {
    value.and_then(|value| some(value)).map_or_else(|| "empty".to_owned(), |value| format!("\u{201c}{value}\u{201d}"))
}
