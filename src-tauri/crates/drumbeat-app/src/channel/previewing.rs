//! What a settlement would write, and to whom it would say what, before it is decided.
//!
//! It is the settlement's own draft, read out and thrown away: what is shown here is what is saved, because it is made
//! in the same place. Each letter is what its own party would read and holds nothing of the other (V-01).

use std::sync::Arc;

use drumbeat_model::change::{NewOp, OpKind};
use drumbeat_model::channel::link;
use drumbeat_model::field::Field as F;
use drumbeat_model::settling::{Settle, SettlementDraft, SettlementPreview, WrittenField, WrittenRecord};
use drumbeat_store::Result;

use super::desk::desk;
use super::settling::{act_of, drafted, note, terms, title};
use crate::error::Answer;
use crate::words::{Words, noun};
use crate::workspace::Workspace;

/// What [`settle_conflict`](super::settle_conflict) would write with the same request; nothing is saved.
///
/// # Errors
/// The same as for the settlement.
pub fn preview_settlement(ws: &Arc<Workspace>, request: Settle) -> Answer<SettlementPreview> {
    let desk = desk(ws, &request.conflict, act_of(request.outcome))?;
    let terms = terms(ws, &desk, &request)?;
    let note = note(&desk, &request, &terms, &ws.actor()?);
    let draft = drafted(ws, &desk, &request, &terms, &note)?;
    let key = |name: &str| {
        let party = desk.kept.finding.parties.iter().find(|party| party.name == name);
        party.map(|party| party.key().to_owned())
    };
    ws.read(|r| {
        let words = Words::read(ws, r)?;
        let mut unmapped: Vec<String> =
            draft.unmapped.iter().map(|(kind, field)| format!("{}: {}", noun(*kind), field.label())).collect();
        unmapped.sort();
        unmapped.dedup();
        Ok(SettlementPreview {
            title: title(&desk, &terms),
            by_rule: terms.by_rule,
            records: draft.ops().iter().map(|op| written(&words, op)).collect::<Result<_>>()?,
            drafts: draft
                .messages()
                .iter()
                .map(|message| SettlementDraft {
                    party: key(&message.to),
                    to: message.to.clone(),
                    subject: message.subject.clone(),
                    text: message.text.clone(),
                })
                .collect(),
            unmapped,
        })
    })
}

fn written(words: &Words<'_>, op: &NewOp) -> Result<WrittenRecord> {
    let mut fields = Vec::new();
    if let OpKind::Set { desired, base, .. } = &op.kind {
        for (property, raw) in desired {
            let read = |raw: &str| words.value_of((op.object, &op.record), desired, property, raw);
            if matches!(words.scene.mapping.field(op.object, property), Some(F::OpId | F::LastOp)) {
                continue;
            }
            fields.push(WrittenField {
                label: words.label(op.object, property),
                was: base.get(property).map_or(Ok(None), |raw| read(raw))?,
                now: read(raw)?,
            });
        }
    }
    let about = words.record(op.object, &op.record)?;
    Ok(WrittenRecord { record: link(about.kind, &about.id, &about.label), fields })
}
