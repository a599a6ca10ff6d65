//! A dry run of the push (B9): what would be sent, base, mine and theirs, what the CRM is known to refuse,
//! and what taking each change back would do. Nothing is sent and nothing is kept.
//!
//! The judgement is the push's own (`drumbeat_sync::preview`). Ops of one record are judged one after the
//! other, each over what the ones before would have made, and an op that waits for another is as far as
//! that one. Without a network the same is said of what was read last, and the answer says so.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use drumbeat_crm::crm::Crm;
use drumbeat_crm::error::CrmError;
use drumbeat_model::change::{Op, OpKind, OpState};
use drumbeat_model::crm::{Holds, ObjectKind, Properties, Schema};
use drumbeat_model::field::Field as F;
use drumbeat_model::ids::{OpId, is_local};
use drumbeat_model::merge::{PreviewField, PreviewOp, PreviewVerdict, PushPreview};
use drumbeat_model::value;
use drumbeat_store::Result;
use drumbeat_sync::preview::{Preview, made, preview, preview_unasked};
use drumbeat_sync::verdict::Next;

use crate::api::Nothing;
use crate::error::Answer;
use crate::merges::said;
use crate::undoing;
use crate::words::{Words, noun};
use crate::workspace::Workspace;

/// Ops that are looked at in one preview.
const MOST: usize = 500;

/// What is known of the CRM while a preview is made.
struct Asked {
    crm: Option<Arc<dyn Crm>>,
    schema: Option<Arc<Schema>>,
    note: Option<String>,
}

/// What the ops before have come to.
#[derive(Default)]
struct Before {
    /// What they would make of a record.
    ahead: HashMap<(ObjectKind, String), Properties>,
    verdicts: BTreeMap<OpId, PreviewVerdict>,
}

/// What a push would send now, without sending anything.
///
/// # Errors
/// What the store says; a CRM that does not answer is a note in the answer.
pub async fn preview_push(ws: Arc<Workspace>, _: Nothing) -> Answer<PushPreview> {
    let at = ws.clock.now();
    let mut asked = ask(&ws).await?;
    let ops = ws
        .read(|r| r.ops_in(&[OpState::Queued, OpState::Blocked, OpState::Sending, OpState::Unknown, OpState::Acked]))?;
    let more = ops.len().saturating_sub(MOST);
    let mut answer =
        PushPreview { at, fresh: asked.crm.is_some(), note: None, ops: Vec::new(), send: 0, needs_you: 0, waits: 0 };
    let mut before = Before::default();
    for op in ops.into_iter().take(MOST) {
        let row = one(&ws, &mut asked, &mut before, op, at).await?;
        match row.verdict {
            PreviewVerdict::Send | PreviewVerdict::Converged => answer.send += 1,
            PreviewVerdict::Conflict | PreviewVerdict::Held | PreviewVerdict::Refused => answer.needs_you += 1,
            PreviewVerdict::Waits => answer.waits += 1,
        }
        answer.ops.push(row);
    }
    answer.fresh &= asked.crm.is_some();
    let cut = (more > 0).then(|| format!("{more} more ops are not shown"));
    answer.note = match (asked.note, cut) {
        (Some(note), Some(cut)) => Some(format!("{note}. {cut}")),
        (note, cut) => note.or(cut),
    };
    Ok(answer)
}

/// The CRM with its schema of today, or why it is not asked.
async fn ask(ws: &Workspace) -> Answer<Asked> {
    let known = ws.read(|r| Ok(ws.setup(r)?.schema.clone()))?;
    let unasked = |note: &str| {
        let note = format!("{note}: theirs is what was read last");
        Ok(Asked { crm: None, schema: known.clone(), note: Some(note) })
    };
    if ws.link.lock().unwrap_or_else(std::sync::PoisonError::into_inner).offline_on_purpose {
        return unasked("You are working offline on purpose");
    }
    let crm = match ws.crm() {
        Ok(crm) => crm,
        Err(error) => return unasked(&error.message),
    };
    match crm.describe().await {
        Ok(schema) if schema.account_id == ws.card.account_id => {
            crm.use_schema(&schema);
            Ok(Asked { crm: Some(crm), schema: Some(Arc::new(schema)), note: None })
        }
        Ok(schema) => unasked(&format!("The token opens another account ({})", schema.account_name)),
        Err(error) => unasked(&crate::error::ApiError::from(error).message),
    }
}

async fn one(
    ws: &Arc<Workspace>,
    asked: &mut Asked,
    before: &mut Before,
    op: Op,
    at: drumbeat_model::time::Instant,
) -> Answer<PreviewOp> {
    let (op, held, known, mapping) = ws.read(|r| {
        let mut op = op;
        if !matches!(op.kind, OpKind::Create { .. }) {
            op.record = r.resolve(&op.record)?;
        }
        if let OpKind::Link { link } = &mut op.kind {
            link.id = r.resolve(&link.id)?;
        }
        let held = r.held(&op.decision)?.is_some();
        let known = r.mirrored(op.object, &op.record)?;
        Ok((op, held, known, Arc::clone(&ws.setup(r)?.mapping)))
    })?;
    let lane = (op.object, op.record.clone());
    let rests_on_new = match &op.kind {
        OpKind::Create { .. } => false,
        OpKind::Set { .. } | OpKind::Archive { .. } => is_local(&op.record),
        OpKind::Link { link } => is_local(&op.record) || is_local(&link.id),
    };
    let seen = if rests_on_new || matches!(op.state, OpState::Sending | OpState::Unknown | OpState::Acked) {
        None
    } else {
        let ahead = before.ahead.get(&lane);
        let looked = match (&asked.crm, &asked.schema) {
            (Some(crm), Some(schema)) => Some(preview(crm.as_ref(), schema, &mapping, &op, ahead, at).await),
            _ => None,
        };
        Some(match looked {
            Some(Ok(seen)) => seen,
            Some(Err(error)) => {
                note_silence(asked, error);
                preview_unasked(asked.schema.as_deref(), &mapping, &op, known.as_ref(), ahead, at)
            }
            None => preview_unasked(asked.schema.as_deref(), &mapping, &op, known.as_ref(), ahead, at),
        })
    };
    let row = ws.read(|r| {
        let words = Words { schema: asked.schema.clone(), ..Words::read(ws, r)? };
        row(&words, &op, seen.as_ref(), held, before, asked)
    })?;
    if let (Some(seen), PreviewVerdict::Send | PreviewVerdict::Converged) = (&seen, row.verdict) {
        before.ahead.entry(lane).or_default().extend(made(&op, &seen.verdict));
    }
    before.verdicts.insert(op.id, row.verdict);
    Ok(row)
}

/// From here on the CRM is not asked any more.
fn note_silence(asked: &mut Asked, error: CrmError) {
    asked.crm = None;
    let why = crate::error::ApiError::from(error).message;
    asked.note = Some(format!("{why}: from there on theirs is what was read last"));
}

fn row(
    words: &Words<'_>,
    op: &Op,
    seen: Option<&Preview>,
    held: bool,
    before: &Before,
    asked: &Asked,
) -> Result<PreviewOp> {
    let kind = op.object;
    let theirs = seen.and_then(|seen| seen.theirs.as_ref());
    let (desired, base) = match &op.kind {
        OpKind::Set { desired, base, .. } => (desired.clone(), base.clone()),
        OpKind::Create { desired, .. } => (desired.clone(), Properties::new()),
        OpKind::Link { .. } | OpKind::Archive { .. } => (Properties::new(), Properties::new()),
    };
    let mut fields = Vec::new();
    for (property, mine) in &desired {
        if matches!(words.scene.mapping.field(kind, property), Some(F::LastOp | F::OpId)) {
            continue;
        }
        let read = |values: Option<&Properties>| match values.and_then(|values| values.get(property)) {
            Some(raw) => words.value_of((kind, &op.record), values.unwrap_or(&desired), property, raw),
            None => Ok(None),
        };
        fields.push(PreviewField {
            label: words.label(kind, property),
            base: read(Some(&base))?,
            mine: words.value_of((kind, &op.record), &desired, property, mine)?,
            theirs: read(theirs)?,
        });
    }
    let problems = problems(words, kind, &desired);
    let (verdict, text) = verdict(op, seen, held, before, asked, &problems);
    let labels = || fields.iter().map(|field| field.label.to_lowercase()).collect::<Vec<_>>().join(", ");
    Ok(PreviewOp {
        op: op.id.clone(),
        decision: op.decision.clone(),
        title: words.r.decision(&op.decision)?.map(|decision| decision.title).unwrap_or_default(),
        what: match &op.kind {
            OpKind::Set { .. } => format!("{}: {}", noun(kind), labels()),
            OpKind::Create { .. } => format!("New {}", noun(kind).to_lowercase()),
            OpKind::Link { link } => format!("{} linked to {}", noun(kind), noun(link.to).to_lowercase()),
            OpKind::Archive { .. } => format!("{} into the recycle bin", noun(kind)),
        },
        record: words.record(kind, &op.record)?,
        verdict,
        text,
        undo: undoing::sentence(words, op, theirs)?,
        problems,
        fields,
    })
}

fn verdict(
    op: &Op,
    seen: Option<&Preview>,
    held: bool,
    before: &Before,
    asked: &Asked,
    problems: &[String],
) -> (PreviewVerdict, String) {
    use PreviewVerdict::{Conflict, Converged, Held, Refused, Send, Waits};
    if matches!(op.state, OpState::Sending | OpState::Unknown | OpState::Acked) {
        return (Waits, "It has left already, and the CRM is asked what became of it".to_owned());
    }
    if held {
        return (Held, "Held back: facts that it relied on have moved".to_owned());
    }
    if asked.schema.as_ref().is_some_and(|schema| !schema.can_write) {
        return (Waits, "The token may only read: it waits until it may write".to_owned());
    }
    let parents = op.depends_on.iter().filter_map(|parent| before.verdicts.get(parent));
    if parents.into_iter().any(|verdict| !matches!(verdict, Send | Converged)) {
        return (Waits, "It waits for another change of this decision".to_owned());
    }
    if let Some(problem) = problems.first() {
        return (Refused, problem.clone());
    }
    let Some(seen) = seen else {
        return (Send, "It goes out once the record that it rests on is made".to_owned());
    };
    let text = seen.verdict.evidence();
    match &seen.verdict.next {
        Next::Send { .. } => (Send, text),
        Next::Done { .. } => (Converged, text),
        Next::Conflict(_) => (Conflict, text),
        Next::Reject => (Refused, text),
        Next::Queue { .. } | Next::Check { .. } | Next::Verify { .. } | Next::Block | Next::Stay => (Waits, text),
    }
}

/// What the CRM is known to refuse about values, from its schema alone.
pub(crate) fn problems(words: &Words<'_>, kind: ObjectKind, values: &Properties) -> Vec<String> {
    let Some(object) = words.schema.as_ref().and_then(|schema| schema.objects.get(&kind)) else {
        return vec![format!("The CRM has no {} that Drumbeat could write", noun(kind).to_lowercase())];
    };
    let mut problems = Vec::new();
    for (property, text) in values {
        let label = words.label(kind, property);
        let Some(known) = object.properties.iter().find(|known| known.name == *property) else {
            problems.push(format!("The CRM has no property {property} ({label}) any more"));
            continue;
        };
        if known.read_only {
            problems.push(format!("{label} cannot be written in the CRM"));
            continue;
        }
        if text.is_empty() || is_local(text) {
            continue;
        }
        let quoted = said(Some(&text.chars().take(60).collect()));
        let is_option =
            |member: &str| known.options.is_empty() || known.options.iter().any(|(value, _)| value == member);
        let wrong = match known.holds {
            Holds::Number => value::decimal(text).is_none().then_some("is not a number"),
            Holds::Day => value::day(text).is_none().then_some("is not a day"),
            Holds::Instant => value::instant(text).is_none().then_some("is not a time"),
            Holds::Truth => value::truth(text).is_none().then_some("is neither yes nor no"),
            Holds::Choice => (!is_option(text)).then_some("is not one of the CRM's choices"),
            Holds::Choices => (!value::members(text).all(is_option)).then_some("is not among the CRM's choices"),
            Holds::Text => None,
        };
        if let Some(wrong) = wrong {
            problems.push(format!("{quoted} {wrong} for {label}"));
        }
    }
    problems
}
