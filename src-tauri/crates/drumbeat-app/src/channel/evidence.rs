//! Evidence for a party of a channel conflict, added by hand; the verdict is judged again with it (C-04).
//!
//! It is in the own record of the deals, so that it is judged with on every computer. Where no deal can hold it, it is
//! kept here alone.

use std::sync::Arc;

use drumbeat_model::channel::PartyEvidence;
use drumbeat_model::settling::{AddEvidence, ChannelStep, ConflictStepped, RemoveEvidence, StepKind};
use drumbeat_store::Writer;
use serde_json::json;

use super::desk::{Desk, Step, Told, plain, save};
use crate::decide::Draft;
use crate::error::{Answer, ApiError};
use crate::registrations::proofs;
use crate::workspace::Workspace;

/// Adds evidence for one party; the verdict is judged again with it.
///
/// # Errors
/// When it says nothing, is still to come, or the party is none of the finding.
pub fn add_evidence(ws: &Arc<Workspace>, request: AddEvidence) -> Answer<ConflictStepped> {
    let (desk, party) = of_party(ws, &request.conflict, &request.party)?;
    let proof = proofs(&[request.proof], desk.scene.today)?.into_iter().next();
    let proof = proof.ok_or_else(|| ApiError::invalid("conflict.evidence", "The evidence says nothing"))?;
    let by = ws.actor()?;
    let source = request.source.filter(|source| !source.trim().is_empty()).unwrap_or_else(|| format!("added by {by}"));
    let source: String = source.chars().take(200).collect();
    let step = ChannelStep {
        due: Some(proof.day),
        party: Some(request.party.clone()),
        proof: Some(proof.kind.name().to_owned()),
        source: Some(source.clone()),
        ..desk.step(StepKind::Evidence, Some(&proof.text), &by)
    };
    let told = format!("evidence for {party}: {} of {}: {}", proof.kind.label(), proof.day, proof.text);
    let mut draft = desk.draft();
    let held = desk.record_step(ws, &mut draft, &step, &mut Told::default())?;
    let piece =
        PartyEvidence { id: None, party: request.party, kind: proof.kind, day: proof.day, text: proof.text, source };
    changed(ws, &desk, draft, "add evidence", told, |w, id| if held { Ok(()) } else { w.put_evidence(id, &piece, &by) })
}

/// Takes evidence away that was added by hand; the verdict is judged again without it.
///
/// # Errors
/// When there is none of that number, or the deals' record cannot be written.
pub fn remove_evidence(ws: &Arc<Workspace>, request: RemoveEvidence) -> Answer<ConflictStepped> {
    let desk = plain(ws, &request.conflict)?;
    let here = ws.read(|r| r.conflict_evidence(&[&request.conflict]))?;
    let is_here = here.iter().any(|piece| piece.id == Some(request.evidence));
    let told_of = desk.kept.finding.sides.iter().flat_map(|side| &side.evidence);
    let piece = here.iter().chain(told_of).find(|piece| piece.id == Some(request.evidence));
    let piece = piece.ok_or_else(|| ApiError::not_found("evidence", &request.evidence.to_string()))?;
    let told = format!("evidence taken away: {} of {}: {}", piece.kind.label(), piece.day, piece.text);
    let mut draft = desk.draft();
    if !is_here {
        let step = ChannelStep { of: Some(request.evidence), ..desk.step(StepKind::EvidenceGone, None, &ws.actor()?) };
        if !desk.record_step(ws, &mut draft, &step, &mut Told::default())? {
            return Err(ApiError::invalid("conflict.record", "The deals' record in the CRM cannot be written")
                .kept("Nothing was changed")
                .next("Look at the deals' Drumbeat record in the CRM"));
        }
    }
    changed(ws, &desk, draft, "remove evidence", told, |w, id| w.remove_evidence(id, request.evidence).map(drop))
}

fn changed(
    ws: &Workspace,
    desk: &Desk,
    draft: Draft<'_>,
    act: &'static str,
    told: String,
    change: impl FnOnce(&Writer<'_>, &str) -> drumbeat_store::Result<()>,
) -> Answer<ConflictStepped> {
    let id = desk.kept.id.clone();
    let step = Step {
        act,
        title: format!("Evidence on {}", desk.name()),
        reason: Some(told.clone()),
        facts: json!({ "conflict": id }),
        draft,
        after: desk.kept.clone(),
        event: ("evidence", told),
    };
    save(ws, desk, step, |w| change(w, &id))
}

fn of_party(ws: &Workspace, id: &str, party: &str) -> Answer<(Desk, String)> {
    let desk = plain(ws, id)?;
    let found = desk.kept.finding.parties.iter().find(|one| one.key() == party).map(|one| one.name.clone());
    let name = found.ok_or_else(|| {
        ApiError::invalid("conflict.party", "That is no party of the channel conflict").kept("Nothing was changed")
    })?;
    Ok((desk, name))
}
