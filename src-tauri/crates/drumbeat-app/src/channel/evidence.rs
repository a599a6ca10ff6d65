//! Evidence for a party of a channel conflict, added by hand; the verdict is judged again with it (C-04).

use std::sync::Arc;

use drumbeat_model::channel::PartyEvidence;
use drumbeat_model::settling::{AddEvidence, ConflictStepped, RemoveEvidence};
use drumbeat_store::Writer;
use serde_json::json;

use super::desk::{Desk, Step, plain, save};
use crate::error::{Answer, ApiError};
use crate::registrations::proofs;
use crate::workspace::Workspace;

/// Adds evidence for one party; the verdict is judged again with it.
///
/// # Errors
/// When it says nothing, is still to come, or the party is none of the finding.
pub fn add_evidence(ws: &Arc<Workspace>, request: AddEvidence) -> Answer<ConflictStepped> {
    let (desk, party) = of_party(ws, &request.conflict, &request.party)?;
    let proof = proofs(&[request.proof], desk.scene.today)?;
    let by = ws.actor()?;
    let source = request.source.filter(|source| !source.trim().is_empty()).unwrap_or_else(|| format!("added by {by}"));
    let mut pieces = Vec::new();
    for proof in proof {
        let source: String = source.chars().take(200).collect();
        pieces.push(PartyEvidence {
            id: None,
            party: request.party.clone(),
            kind: proof.kind,
            day: proof.day,
            text: proof.text,
            source,
        });
    }
    let told: Vec<String> =
        pieces.iter().map(|piece| format!("{} of {}: {}", piece.kind.label(), piece.day, piece.text)).collect();
    evidence_step(ws, &desk, "add evidence", format!("evidence for {party}: {}", told.join("; ")), |w, id| {
        pieces.iter().try_for_each(|piece| w.put_evidence(id, piece, &by))
    })
}

/// Takes evidence away that was added by hand; the verdict is judged again without it.
///
/// # Errors
/// When there is none of that number.
pub fn remove_evidence(ws: &Arc<Workspace>, request: RemoveEvidence) -> Answer<ConflictStepped> {
    let desk = plain(ws, &request.conflict)?;
    let known = ws.read(|r| r.conflict_evidence(&[&request.conflict]))?;
    let piece = known.into_iter().find(|piece| piece.id == Some(request.evidence));
    let piece = piece.ok_or_else(|| ApiError::not_found("evidence", &request.evidence.to_string()))?;
    let told = format!("evidence taken away: {} of {}: {}", piece.kind.label(), piece.day, piece.text);
    evidence_step(ws, &desk, "remove evidence", told, |w, id| w.remove_evidence(id, request.evidence).map(drop))
}

fn evidence_step(
    ws: &Workspace,
    desk: &Desk,
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
        draft: desk.draft(),
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
