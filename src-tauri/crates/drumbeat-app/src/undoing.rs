//! Taking back what has landed, exactly: every field goes back to what it was, as long as it still is what
//! was written.
//!
//! The plan is made from the ops themselves: what they wrote, what they were based on, and, where a value
//! was written over that nobody had seen, that one. It is carried out as a new decision of the outbox, so
//! the CRM is read again before anything is written, and a field that somebody has changed in between is a
//! merge conflict and no loss. What a CRM cannot take back from here (records made, links, messages sent)
//! is named, not hidden.

use std::collections::BTreeMap;
use std::sync::Arc;

use drumbeat_model::change::{Op, OpKind, OpState};
use drumbeat_model::crm::{ObjectKind, Properties};
use drumbeat_model::field::Field as F;
use drumbeat_model::ids::DecisionId;
use drumbeat_model::merge::{DecisionRef, UndoLine, UndoPlan};
use drumbeat_model::registration::Decided;
use drumbeat_model::value::same;
use drumbeat_store::notices::NoticeKind;
use drumbeat_store::{Reader, Result, StoreError};
use serde_json::json;

use crate::decide::{self, About, Draft};
use crate::error::{Answer, ApiError, Code};
use crate::merges::said;
use crate::words::{Words, noun};
use crate::workspace::Workspace;

/// What was written to one property, and what stood there before.
struct Written {
    now: String,
    before: String,
}

/// Everything that a decision wrote, by record.
type All = BTreeMap<(ObjectKind, String), BTreeMap<String, Written>>;

/// What would be put back, and why not where it cannot be.
struct Reverse {
    all: All,
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
        plan: UndoPlan {
            decision: id.clone(),
            title: decision.title,
            lines: Vec::new(),
            stays: Vec::new(),
            refused: None,
        },
    };
    let crm = ws.card.vendor.label();
    if ops.iter().any(|op| !op.state.is_final()) {
        reverse.plan.refused = Some(format!("Not all of it has reached {crm}: what waits is taken back first"));
        return Ok(reverse);
    }
    // Latest first: what stands now is what was written last, what stood before is what was there first.
    for op in ops.iter().rev().filter(|op| op.state == OpState::Done) {
        let record = r.resolve(&op.record)?;
        match &op.kind {
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
            OpKind::Create { .. } => {
                let label = words.record(op.object, &record)?.label;
                let what = noun(op.object).to_lowercase();
                reverse.plan.stays.push(format!(
                    "The {what} {label} stays in {crm}: Drumbeat cannot delete records there; archive it by hand"
                ));
            }
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
    judge(&words, &mut reverse)?;
    Ok(reverse)
}

/// Fills the plan's lines, and refuses when a field is not what was written any more.
fn judge(words: &Words<'_>, reverse: &mut Reverse) -> Result<()> {
    let mut changed = Vec::new();
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
    } else if reverse.all.is_empty() {
        reverse.plan.refused = Some("Nothing of it can be put back from here".to_owned());
    }
    Ok(())
}

/// How a landed decision would be taken back.
///
/// # Errors
/// When there is no such decision, or what the store says.
pub fn undo_plan(ws: &Arc<Workspace>, request: DecisionRef) -> Answer<UndoPlan> {
    ws.read(|r| Ok(reverse(ws, r, &request.decision)?.plan))
}

/// Takes a landed decision back: a new decision that puts every field back to what it was.
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
    for ((kind, id), fields) in &reverse.all {
        let values = |of: fn(&Written) -> &String| -> Properties {
            fields.iter().map(|(property, written)| (property.clone(), of(written).clone())).collect()
        };
        draft.put(*kind, id, values(|written| &written.before), values(|written| &written.now));
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
        facts: json!({ "undoes": request.decision, "fields": lines, "stays": reverse.plan.stays }),
    };
    decide::save(ws, about, draft)
}

/// What taking an op back exactly would do once it has landed, in a sentence.
pub(crate) fn sentence(words: &Words<'_>, op: &Op, theirs: Option<&Properties>) -> Result<String> {
    Ok(match &op.kind {
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
            format!("The new {} would stay: Drumbeat cannot delete records in the CRM", noun(op.object).to_lowercase())
        }
        OpKind::Link { .. } => "The link would stay: Drumbeat cannot take links away in the CRM".to_owned(),
    })
}
