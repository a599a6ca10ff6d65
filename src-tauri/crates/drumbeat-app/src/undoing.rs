//! Taking back what has landed, exactly: every field goes back to what it was, as long as it still is what
//! was written, and every record that was made goes into the CRM's recycle bin, as long as nobody has worked
//! on it.
//!
//! The plan is made from the ops themselves: what they wrote, what they were based on, and, where a value
//! was written over that nobody had seen, that one. It is carried out as a new decision of the outbox, so
//! the CRM is read again before anything is written, and a field that somebody has changed in between is a
//! merge conflict and no loss. Fields go first: a record is binned once nothing names it any more. What cannot
//! be taken back from here (messages sent, what lies in the bin already) is named, not hidden.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use drumbeat_model::change::{Op, OpKind, OpState};
use drumbeat_model::crm::{Link, ObjectKind, Properties};
use drumbeat_model::field::Field as F;
use drumbeat_model::ids::{DecisionId, is_local};
use drumbeat_model::merge::{DecisionRef, UndoLine, UndoPlan};
use drumbeat_model::registration::Decided;
use drumbeat_model::value::same;
use drumbeat_store::notices::NoticeKind;
use drumbeat_store::{Gone, Reader, Result, StoreError};
use serde_json::json;

use crate::converted::converts;
use crate::decide::{self, About, Draft};
use crate::error::{Answer, ApiError, Code};
use crate::merges::said;
use crate::words::{Words, noun};
use crate::workspace::Workspace;

/// How long the CRM keeps what is in its recycle bin.
const BIN_DAYS: u32 = 90;

/// What was written to one property, and what stood there before.
struct Written {
    now: String,
    before: String,
}

/// Everything that a decision wrote, by record.
type All = BTreeMap<(ObjectKind, String), BTreeMap<String, Written>>;

/// A record that the decision made.
struct Made {
    kind: ObjectKind,
    id: String,
    /// What our ops have left in it.
    holds: Properties,
    /// Touches that the decision hung on it.
    beside: Vec<Link>,
}

/// What would be put back, and why not where it cannot be.
struct Reverse {
    all: All,
    /// Latest first: what was made for another goes before it.
    made: Vec<Made>,
    plan: UndoPlan,
}

/// The value that an op replaced: what it was based on, unless somebody had set another in the last moment.
fn before(r: &Reader<'_>, op: &Op, base: &Properties, property: &str) -> Result<String> {
    let mut lost = r.notices_of(&op.id)?.into_iter().map(|notice| notice.says);
    let lost = lost.rfind(|says| says.kind == NoticeKind::Overwrote && says.field == property);
    Ok(match lost {
        Some(says) => says.theirs.unwrap_or_default(),
        None => base.get(property).cloned().unwrap_or_default(),
    })
}

fn reverse(ws: &Workspace, r: &Reader<'_>, id: &DecisionId) -> Result<Reverse> {
    let words = Words::read(ws, r)?;
    let decision = r.decision(id)?.ok_or_else(|| StoreError::NotFound { what: "decision", id: id.0.clone() })?;
    let ops = r.ops_of(id)?;
    let mut reverse = Reverse {
        all: All::new(),
        made: Vec::new(),
        plan: UndoPlan {
            decision: id.clone(),
            title: decision.title,
            lines: Vec::new(),
            bins: Vec::new(),
            stays: Vec::new(),
            refused: None,
        },
    };
    let crm = ws.card.vendor.label();
    if ops.iter().any(|op| !op.state.is_final()) {
        reverse.plan.refused = Some(format!("Not all of it has reached {crm}: what waits is taken back first"));
        return Ok(reverse);
    }
    if let Some(op) = ops.iter().find(|op| op.state == OpState::Done && converts(&words, op)) {
        let lead = words.record(op.object, &op.record)?.label;
        reverse.plan.refused =
            Some(format!("{crm} has converted the lead of {lead}, which nothing there takes back: its deal stays"));
        return Ok(reverse);
    }
    let is_made = |op: &Op| op.state == OpState::Done && matches!(op.kind, OpKind::Create { .. });
    let made: BTreeSet<(ObjectKind, &str)> =
        ops.iter().filter(|op| is_made(op)).map(|op| (op.object, op.record.as_str())).collect();
    // Latest first: what stands now is what was written last, what stood before is what was there first.
    for op in ops.iter().rev().filter(|op| op.state == OpState::Done) {
        let record = r.resolve(&op.record)?;
        match &op.kind {
            // It goes with its record.
            OpKind::Set { .. } if made.contains(&(op.object, op.record.as_str())) => {}
            OpKind::Set { desired, base, .. } => {
                for (property, wrote) in desired {
                    let before = before(r, op, base, property)?;
                    let fields = reverse.all.entry((op.object, record.clone())).or_default();
                    match fields.get_mut(property) {
                        Some(written) => written.before = before,
                        None => {
                            let now = r.resolve(wrote)?;
                            fields.insert(property.clone(), Written { now, before });
                        }
                    }
                }
            }
            OpKind::Create { .. } => reverse.made.push(made_by(r, op, &ops)?),
            OpKind::Archive { .. } => {
                let label = words.record(op.object, &record)?.label;
                let what = noun(op.object).to_lowercase();
                reverse.plan.stays.push(format!(
                    "The {what} {label} stays in {crm}'s bin: it can be taken out there for {BIN_DAYS} days"
                ));
            }
            // A link between two records that were there before; links of a record that was made go with it.
            OpKind::Link { link }
                if made.contains(&(op.object, op.record.as_str()))
                    || made.contains(&(link.to, r.resolve(&link.id)?.as_str())) => {}
            OpKind::Link { link } => {
                let other = words.record(link.to, &link.id)?.label;
                reverse
                    .plan
                    .stays
                    .push(format!("The link to {other} stays in {crm}: Drumbeat cannot take links away there"));
            }
        }
    }
    let released = r.messages_of(id)?.1;
    if released > 0 {
        reverse.plan.stays.push(format!("{released} messages have been released: what was sent cannot be called back"));
    }
    judge(&words, &mut reverse, crm)?;
    Ok(reverse)
}

/// A record that the decision made, as our ops have left it: later ones of ours count with what they were
/// based on, so that one of them that was not taken back shows as a change.
fn made_by(r: &Reader<'_>, create: &Op, ops: &[Op]) -> Result<Made> {
    let mut holds = Properties::new();
    for op in r.ops_on(create.object, &create.record)?.into_iter().filter(|op| op.state == OpState::Done) {
        match op.kind {
            OpKind::Create { desired, .. } => holds.extend(desired),
            OpKind::Set { desired, .. } if op.decision == create.decision => holds.extend(desired),
            OpKind::Set { base, .. } => base.into_iter().for_each(|(property, was)| {
                holds.entry(property).or_insert(was);
            }),
            OpKind::Link { .. } | OpKind::Archive { .. } => {}
        }
    }
    for value in holds.values_mut().filter(|value| is_local(value)) {
        *value = r.resolve(value)?;
    }
    let mut beside = Vec::new();
    for op in ops.iter().filter(|op| op.object.is_touch() && op.state == OpState::Done) {
        if matches!(op.kind, OpKind::Create { .. }) {
            beside.push(Link { to: op.object, id: op.record.clone(), primary: false });
        }
    }
    Ok(Made { kind: create.object, id: create.record.clone(), holds, beside })
}

/// Fills the plan's lines, and refuses when something is not what was written any more.
fn judge(words: &Words<'_>, reverse: &mut Reverse, crm: &str) -> Result<()> {
    let mut changed = Vec::new();
    let mut gone = BTreeSet::new();
    for made in &reverse.made {
        let record = words.record(made.kind, &made.id)?;
        match words.r.mirrored(made.kind, &made.id)?.map(|known| (known.gone, known.properties)) {
            Some((None, now)) => changed.extend(worked_on(words, made, &record.label, &now)?),
            // Somebody was there first.
            Some((Some(Gone::Archived), _)) => {
                gone.insert((made.kind, made.id.clone()));
                continue;
            }
            Some((Some(Gone::Merged), _)) => changed.push(format!("{} was merged into another record", record.label)),
            Some((Some(Gone::Inaccessible), _)) | None => {
                changed.push(format!("{} is gone from the CRM", record.label))
            }
        }
        let what = noun(made.kind).to_lowercase();
        reverse.plan.bins.push(format!(
            "The {what} {} goes into {crm}'s bin; it can be taken out there for {BIN_DAYS} days",
            record.label
        ));
    }
    reverse.made.retain(|made| !gone.contains(&(made.kind, made.id.clone())));
    for ((kind, id), fields) in &mut reverse.all {
        let record = words.record(*kind, id)?;
        let known = words.r.mirrored(*kind, id)?.filter(|known| known.gone.is_none());
        let Some(known) = known else {
            changed.push(format!("{} is gone from the CRM", record.label));
            continue;
        };
        fields.retain(|_, written| !same(Some(&written.now), Some(&written.before)));
        let before: Properties =
            fields.iter().map(|(property, written)| (property.clone(), written.before.clone())).collect();
        for (property, written) in fields.iter() {
            let label = words.label(*kind, property);
            let stands = known.properties.get(property).map_or("", String::as_str);
            if !same(Some(stands), Some(&written.now)) {
                let value = words.value_of((*kind, id), &known.properties, property, stands)?;
                changed.push(format!("{label} of {} is {} by now", record.label, said(value.as_ref())));
                continue;
            }
            reverse.plan.lines.push(UndoLine {
                record: record.clone(),
                from: words.value_of((*kind, id), &known.properties, property, &written.now)?,
                to: words.value_of((*kind, id), &before, property, &written.before)?,
                label,
            });
        }
    }
    reverse.all.retain(|_, fields| !fields.is_empty());
    if !changed.is_empty() {
        reverse.plan.refused = Some(format!("Changed since: {}", changed.join("; ")));
    } else if reverse.all.is_empty() && reverse.made.is_empty() {
        reverse.plan.refused = Some("Nothing of it can be put back from here".to_owned());
    }
    Ok(())
}

/// What has been made of a record since, as far as it was read, and what of ours still waits for it.
fn worked_on(words: &Words<'_>, made: &Made, label: &str, now: &Properties) -> Result<Vec<String>> {
    let mut changed = Vec::new();
    for (property, left) in &made.holds {
        let field = words.scene.mapping.field(made.kind, property);
        // Marks are ours, and texts of touches are put into the CRM's own form there: the CRM's history tells.
        if matches!(field, Some(F::LastOp | F::OpId)) || made.kind.is_touch() && field == Some(F::Body) {
            continue;
        }
        let stands = now.get(property).map_or("", String::as_str);
        if !same(Some(stands), Some(left)) {
            let value = words.value(made.kind, property, stands)?;
            changed.push(format!("{} of {label} is {} by now", words.label(made.kind, property), said(value.as_ref())));
        }
    }
    if words.r.ops_on(made.kind, &made.id)?.iter().any(|op| !op.state.is_final()) {
        changed.push(format!("a change of {label} waits to be sent: take that back first"));
    }
    Ok(changed)
}

/// How a landed decision would be taken back.
///
/// # Errors
/// When there is no such decision, or what the store says.
pub fn undo_plan(ws: &Arc<Workspace>, request: DecisionRef) -> Answer<UndoPlan> {
    ws.read(|r| Ok(reverse(ws, r, &request.decision)?.plan))
}

/// Takes a landed decision back: a new decision that puts every field back to what it was, and the records
/// that were made into the recycle bin.
///
/// # Errors
/// When not all of it has landed, nothing of it can be put back, or somebody has changed a field since;
/// the fields are named.
pub fn undo_pushed(ws: &Arc<Workspace>, request: DecisionRef) -> Answer<Decided> {
    let (reverse, about, setup) = ws.read(|r| {
        let about = r.decision_facts(&request.decision)?.map(|(about, _)| about);
        Ok((reverse(ws, r, &request.decision)?, about, ws.setup(r)?))
    })?;
    if let Some(why) = reverse.plan.refused {
        return Err(ApiError::new(Code::NeedsAttention, "undo.refused", why)
            .kept("Nothing was changed")
            .next("Look at the record, and change by hand what should be otherwise"));
    }
    let record = about.ok_or_else(|| ApiError::not_found("decision", request.decision.as_str()))?;
    let mut draft = Draft::new(&setup.mapping, setup.schema.as_deref());
    let mut puts = Vec::new();
    for ((kind, id), fields) in &reverse.all {
        let values = |of: fn(&Written) -> &String| -> Properties {
            fields.iter().map(|(property, written)| (property.clone(), of(written).clone())).collect()
        };
        let put = draft.put(*kind, id, values(|written| &written.before), values(|written| &written.now));
        puts.push(put);
    }
    for Made { kind, id, holds, beside } in reverse.made {
        draft.archive(kind, &id, holds, beside, &puts);
    }
    let lines: Vec<_> = reverse
        .plan
        .lines
        .iter()
        .map(|line| json!({ "record": line.record.id, "field": line.label, "from": line.from, "to": line.to }))
        .collect();
    let about = About {
        act: "undo pushed",
        title: format!("Took back: {}", reverse.plan.title),
        record,
        reason: (!reverse.plan.stays.is_empty()).then(|| reverse.plan.stays.join(". ")),
        facts: json!({ "undoes": request.decision, "fields": lines, "bins": reverse.plan.bins, "stays": reverse.plan.stays }),
    };
    decide::save(ws, about, draft)
}

/// What taking an op back exactly would do once it has landed, in a sentence.
pub(crate) fn sentence(words: &Words<'_>, op: &Op, theirs: Option<&Properties>) -> Result<String> {
    Ok(match &op.kind {
        OpKind::Set { .. } if converts(words, op) => {
            "The lead would stay converted: nothing takes that back".to_owned()
        }
        OpKind::Set { desired, base, .. } => {
            let mut parts = Vec::new();
            for property in desired.keys() {
                let was = theirs.unwrap_or(base).get(property).map_or("", String::as_str);
                let is_mark = matches!(words.scene.mapping.field(op.object, property), Some(F::LastOp | F::OpId));
                if !is_mark && !same(Some(was), desired.get(property).map(String::as_str)) {
                    let beside = theirs.unwrap_or(base);
                    let value = words.value_of((op.object, &op.record), beside, property, was)?;
                    parts.push(format!("{} back to {}", words.label(op.object, property), said(value.as_ref())));
                }
            }
            if parts.is_empty() { "Nothing to put back".to_owned() } else { parts.join(", ") }
        }
        OpKind::Create { .. } => {
            let what = noun(op.object).to_lowercase();
            format!("The new {what} into the recycle bin, as long as nobody has worked on it")
        }
        OpKind::Archive { .. } => format!("It can be taken out of the recycle bin there for {BIN_DAYS} days"),
        OpKind::Link { .. } => "The link would stay: Drumbeat cannot take links away in the CRM".to_owned(),
    })
}
