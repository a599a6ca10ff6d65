//! Appeals against how a channel conflict was settled: opened with evidence inside the window, refused with a reason; one
//! that is upheld is a settlement anew (C-05).

use std::sync::Arc;

use drumbeat_model::channel::{ConflictState, Party, PartyEvidence};
use drumbeat_model::deal::ConflictStatus;
use drumbeat_model::settling::{AppealConflict, ConflictAct, ConflictStepped, RefuseConflictAppeal};
use drumbeat_rules::messages::{self, AccountWords};
use serde_json::json;

use super::desk::{Step, Told, desk, save};
use crate::error::{Answer, ApiError};
use crate::registrations::{needed, proofs};
use crate::workspace::Workspace;

/// A partner appeals against how it was settled, with evidence; the verdict is judged again with that.
///
/// # Errors
/// When the window is over, there is no evidence of a kind that the policy takes, or it is no party of it.
pub fn appeal_conflict(ws: &Arc<Workspace>, request: AppealConflict) -> Answer<ConflictStepped> {
    let text = needed(&request.text, "appeal.text", "The appeal says nothing", "Say what the partner says")?;
    let desk = desk(ws, &request.conflict, ConflictAct::Appeal)?;
    let key = request.partner.as_str();
    let party = desk.kept.finding.parties.iter().find(|party| party.key() == key).cloned();
    let party = party.ok_or_else(|| {
        ApiError::invalid("conflict.party", "That partner is no party of the channel conflict")
            .kept("Nothing was changed")
    })?;
    let proofs = proofs(&request.proofs, desk.scene.today)?;
    let taken = &ws.policy.appeals.evidence;
    if !proofs.iter().any(|proof| taken.iter().any(|kind| kind.name() == proof.kind.name())) {
        let kinds: Vec<&str> = taken.iter().map(|kind| kind.name()).collect();
        return Err(ApiError::invalid("appeal.evidence", "The appeal has no evidence that the policy takes")
            .kept("Nothing was changed")
            .next(format!("Add one of: {}", kinds.join(", "))));
    }
    let by = ws.actor()?;
    let mut draft = desk.draft();
    let told = format!("{} appeals: {text}", party.name);
    desk.note(ws, &mut draft, ConflictStatus::Risk, &told, None, &mut Told::default())?;
    let mut after = desk.kept.clone();
    after.state = ConflictState::Appealed;
    let pieces: Vec<_> = proofs
        .into_iter()
        .map(|proof| PartyEvidence {
            id: None,
            party: party.key().to_owned(),
            kind: proof.kind,
            day: proof.day,
            text: proof.text,
            source: format!("the appeal of {}", party.name),
        })
        .collect();
    let id = desk.kept.id.clone();
    let step = Step {
        act: "appeal conflict",
        title: format!("{} appeals about {}", party.name, desk.name()),
        reason: Some(text),
        facts: json!({ "conflict": id, "partner": request.partner }),
        draft,
        after,
        event: ("appealed", told),
    };
    save(ws, &desk, step, |w| pieces.iter().try_for_each(|piece| w.put_evidence(&id, piece, &by)))
}

/// Refuses an appeal: it stays as it was settled, and the partner that appeals is told.
///
/// # Errors
/// When there is no appeal, or no reason.
pub fn refuse_conflict_appeal(ws: &Arc<Workspace>, request: RefuseConflictAppeal) -> Answer<ConflictStepped> {
    let why = needed(&request.reason, "appeal.reason", "It needs a reason", "Say why it stays as it is")?;
    let desk = desk(ws, &request.conflict, ConflictAct::DecideAppeal)?;
    let was = desk.kept.life.clone();
    let mut draft = desk.draft();
    desk.note(
        ws,
        &mut draft,
        ConflictStatus::None,
        &format!("the appeal is refused: {why}"),
        None,
        &mut Told::default(),
    )?;
    let sender = desk.scene.names.of(desk.scene.mapping.me.as_ref());
    let company = desk.name();
    let evidence = ws.read(|r| r.conflict_evidence(&[&desk.kept.id]))?;
    let appeals = |party: &&Party| {
        let source = format!("the appeal of {}", party.name);
        evidence.iter().any(|piece| piece.source == source)
    };
    for party in desk.kept.finding.parties.iter().filter(appeals) {
        let words = AccountWords {
            contact: &party.name,
            company: &company,
            partner: &party.name,
            share: None,
            appeal_until: None,
            reason: None,
            sender: sender.as_deref(),
        };
        let text = messages::about_account(&ws.policy.letters.channel_appeal_refused, &words);
        draft.message(&party.name, &format!("{company}: your appeal"), &text);
    }
    let mut after = desk.kept.clone();
    after.state = ConflictState::Settled;
    after.due_at = None;
    after.life = was.clone();
    let step = Step {
        act: "refuse appeal",
        title: format!("Refused the appeal about {}", desk.name()),
        reason: Some(why.clone()),
        facts: json!({ "conflict": desk.kept.id, "settled": was.outcome_text }),
        draft,
        after,
        event: ("appeal refused", format!("the appeal is refused: {why}")),
    };
    save(ws, &desk, step, |_| Ok(()))
}
