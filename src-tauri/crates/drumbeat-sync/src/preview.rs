//! What a push would do with a waiting op, without sending anything (B9).
//!
//! The same look and the same `classify` as a push, and nothing else: a preview that judged by itself
//! would one day say something else than what happens. Ops of one record come one after the other, so
//! the caller tells what the ones before would have made of it (`ahead`).

use std::collections::BTreeSet;

use drumbeat_crm::crm::{Crm, Found};
use drumbeat_crm::error::CrmError;
use drumbeat_model::change::{Op, OpKind, OpState};
use drumbeat_model::crm::{Properties, Record, Schema};
use drumbeat_model::mapping::Mapping;
use drumbeat_model::time::Instant;
use drumbeat_store::{Gone, Mirrored};

use crate::classify::{Seen, classify};
use crate::look::Look;
use crate::sight::{Sight, merges};
use crate::verdict::{Next, Verdict};

/// What would become of one op.
#[derive(Debug, Clone)]
pub struct Preview {
    /// The next move, as a push would make it.
    pub verdict: Verdict,
    /// The record's values, where it has any.
    pub theirs: Option<Properties>,
}

/// Asks the CRM and judges.
///
/// # Errors
/// What the CRM says.
pub async fn preview(
    crm: &dyn Crm,
    schema: &Schema,
    mapping: &Mapping,
    op: &Op,
    ahead: Option<&Properties>,
    now: Instant,
) -> Result<Preview, CrmError> {
    let look = Look { crm, schema, mapping };
    if look.is_unfindable(op) {
        return Ok(judge(op, Sight::Unfindable, ahead, now));
    }
    Ok(judge(op, look.at(op).await?, ahead, now))
}

/// Judges by what was read last.
#[must_use]
pub fn preview_unasked(
    schema: Option<&Schema>,
    mapping: &Mapping,
    op: &Op,
    known: Option<&Mirrored>,
    ahead: Option<&Properties>,
    now: Instant,
) -> Preview {
    let sight = match (&op.kind, known) {
        (OpKind::Create { .. }, _) => Sight::ByOpId(None),
        (OpKind::Link { .. }, _) => Sight::Linked(false),
        (
            OpKind::Set { .. } | OpKind::Archive { .. },
            None | Some(Mirrored { gone: Some(Gone::Inaccessible | Gone::Merged), .. }),
        ) => Sight::Missing,
        (OpKind::Set { .. } | OpKind::Archive { .. }, Some(Mirrored { gone: Some(Gone::Archived), .. })) => {
            Sight::Archived
        }
        // What else was written in it, only the CRM can say.
        (OpKind::Archive { holds, .. }, Some(known)) => {
            let mut found = mirrored(op, known);
            found.record.properties.retain(|name, _| holds.contains_key(name));
            Sight::Made { found: Box::new(found), beside: Vec::new() }
        }
        (OpKind::Set { .. }, Some(known)) => {
            let merges = merges(schema, mapping, op.object);
            Sight::Record { found: Box::new(mirrored(op, known)), marker: None, merges }
        }
    };
    judge(op, sight, ahead, now)
}

/// A record as it was read last.
fn mirrored(op: &Op, known: &Mirrored) -> Found {
    let record = Record {
        kind: op.object,
        id: op.record.clone(),
        properties: known.properties.clone(),
        updated_at: known.updated_at,
        archived: false,
        merged: Vec::new(),
        links: None,
    };
    Found { asked: op.record.clone(), record, history: std::collections::BTreeMap::new() }
}

fn judge(op: &Op, mut sight: Sight, ahead: Option<&Properties>, now: Instant) -> Preview {
    if let (Sight::Record { found, .. }, Some(ahead)) = (&mut sight, ahead) {
        found.record.properties.extend(ahead.iter().map(|(name, value)| (name.clone(), value.clone())));
    }
    // A blocked op is judged as it will be once it may go.
    let waiting = Op { state: OpState::Queued, ..op.clone() };
    let verdict = classify(&waiting, &Seen::Preflight(&sight), now);
    let theirs = match sight {
        Sight::Record { found, .. } | Sight::Made { found, .. } => Some(found.record.properties),
        Sight::Archived
        | Sight::Missing
        | Sight::ByOpId(_)
        | Sight::ByText(_)
        | Sight::Unfindable
        | Sight::Linked(_)
        | Sight::Binned(_) => None,
    };
    Preview { verdict, theirs }
}

/// What an op that would be sent makes of its record: its values, sets of choices merged.
#[must_use]
pub fn made(op: &Op, verdict: &Verdict) -> Properties {
    let mut values = match (&op.kind, &verdict.next) {
        (OpKind::Set { desired, .. }, Next::Send { .. } | Next::Done { .. }) => desired.clone(),
        _ => Properties::new(),
    };
    let written: BTreeSet<String> = values.keys().cloned().collect();
    for sides in verdict.merged.iter().filter(|sides| written.contains(&sides.property)) {
        values.insert(sides.property.clone(), sides.mine.clone());
    }
    values
}
