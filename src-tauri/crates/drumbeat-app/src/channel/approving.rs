//! Approving a registration under open channel conflicts on its account: each is settled in the same act (C-08).
//!
//! One decision: the approval first, and nothing of a settlement before it has landed.

use std::collections::BTreeSet;
use std::sync::Arc;

use drumbeat_model::channel::{ConflictKind, ConflictState, Party};
use drumbeat_model::crm::ObjectKind;
use drumbeat_model::ids::RegistrationId;
use drumbeat_model::lifecycle::Letter;
use drumbeat_model::registration::{Approve, Decided};
use drumbeat_model::settling::{ApproveSettling, Settle, Settlement};
use drumbeat_store::channel::{Event, Kept};
use drumbeat_store::{Reader, Writer};
use serde_json::json;

use super::desk::{Told, closed, desk};
use super::settling::{act_of, lead, note, put, terms, told, what};
use super::{node, pass, replaying, together};
use crate::decide::{self, About};
use crate::error::{Answer, ApiError, Code};
use crate::registrations::{approve, desk as claim_desk, said};
use crate::workspace::Workspace;

/// Channel conflicts that one approval settles at most.
const MOST: usize = 10;

/// Open channel conflicts of its partner on the account of a registration.
pub(super) fn standing_against(
    ws: &Workspace,
    r: &Reader<'_>,
    id: &RegistrationId,
) -> drumbeat_store::Result<Vec<Kept>> {
    let id = r.resolve(id.as_str())?;
    let claim = r.registration(&id.as_str().into())?.and_then(|claim| claim.partner);
    let nodes = together(ws, r, &node(ObjectKind::Registration, &id))?;
    let mut all = r.conflicts_at(&nodes)?;
    all.retain(|kept| {
        kept.state.is_open()
            && kept.finding.kind != ConflictKind::Sign
            && kept.finding.parties.iter().any(|party| party.partner.is_some() && party.partner == claim)
    });
    Ok(all)
}

/// Why a registration cannot be approved: an open channel conflict of its partner on its account that is not among
/// those settled with it (C-08).
fn against_approval(ws: &Workspace, id: &RegistrationId, settled: &[&str]) -> Answer<Option<ApiError>> {
    super::follow(ws);
    let open = ws.read(|r| standing_against(ws, r, id))?;
    let left: Vec<&Kept> = open.iter().filter(|kept| !settled.contains(&kept.id.as_str())).collect();
    if left.is_empty() {
        return Ok(None);
    }
    let message = format!("A channel conflict on this account is open: {}", named(&left));
    Ok(Some(
        ApiError::new(Code::NeedsAttention, "approve.conflict", message)
            .kept("Nothing was decided")
            .next("Settle it in the same act, dismiss it, or ask the seller first"),
    ))
}

/// What is open, each with the id that it is settled by.
fn named(open: &[&Kept]) -> String {
    let all: Vec<String> = open.iter().map(|kept| format!("{} ({})", kept.finding.text, kept.id)).collect();
    all.join("; ")
}

/// An approval under open channel conflicts, as what it decides: each is awarded to the partner whose registration is
/// approved (C-08). Nothing when none stands against it.
///
/// # Errors
/// When the policy does not put this partner first and there is no reason; or what the store says.
pub(crate) fn settled_by_approval(ws: &Workspace, request: &Approve) -> Answer<Option<ApproveSettling>> {
    super::follow(ws);
    let id = &request.registration;
    let (open, partner) = ws.read(|r| Ok((standing_against(ws, r, id)?, r.registration(id)?)))?;
    let Some(partner) = partner.and_then(|claim| claim.partner).filter(|_| !open.is_empty()) else { return Ok(None) };
    let first = |kept: &Kept| kept.finding.verdict.first.as_deref() == Some(partner.as_str());
    let against: Vec<&Kept> = open.iter().filter(|kept| !first(kept)).collect();
    if said(request.reason.as_deref()).is_none() && !against.is_empty() {
        let message = format!(
            "A channel conflict on this account is open, and the policy does not put this partner first: {}",
            named(&against)
        );
        return Err(ApiError::new(Code::NeedsAttention, "approve.conflict", message).kept("Nothing was decided").next(
            "Say why it is theirs all the same, settle the channel conflict otherwise, or ask the seller first",
        ));
    }
    let settle = |kept: Kept| Settle {
        conflict: kept.id,
        outcome: Settlement::Awarded,
        winner: Some(partner.0.clone()),
        shares: Vec::new(),
        reason: request.reason.clone(),
    };
    let settle = open.into_iter().map(settle).collect();
    Ok(Some(ApproveSettling { approve: request.clone(), settle }))
}

/// Approves with the award that an approval is. The others are told by what becomes of their own registrations.
pub(crate) fn approve_awarding(ws: &Arc<Workspace>, request: ApproveSettling) -> Answer<Decided> {
    approve_with(ws, request, false)
}

/// Approves a registration and settles the channel conflicts that stand against it, as one decision (C-08). An award
/// that names no winner is to the partner of the registration.
///
/// # Errors
/// As for an approval and for a settlement; when one that stands against it is left out, or goes against its partner.
pub fn approve_settling(ws: &Arc<Workspace>, mut request: ApproveSettling) -> Answer<Decided> {
    if request.settle.is_empty() || request.settle.len() > MOST {
        return Err(ApiError::invalid("approve.settle", format!("Settle 1 to {MOST} channel conflicts with it"))
            .kept("Nothing was decided"));
    }
    let id = &request.approve.registration;
    let own = ws.read(|r| r.registration(id))?.and_then(|claim| claim.partner).map(|partner| partner.0);
    for award in request.settle.iter_mut().filter(|one| one.outcome == Settlement::Awarded) {
        award.winner = award.winner.take().or_else(|| own.clone());
    }
    let ids: Vec<&str> = request.settle.iter().map(|one| one.conflict.as_str()).collect();
    if let Some(error) = against_approval(ws, id, &ids)? {
        return Err(error);
    }
    approve_with(ws, request, true)
}

/// The approval and the settlements as one decision; `telling` declines what others have waiting and drafts to them.
fn approve_with(ws: &Arc<Workspace>, request: ApproveSettling, telling: bool) -> Answer<Decided> {
    let id = &request.approve.registration;
    let claim = ws.read(|r| claim_desk(ws, r, id))?;
    let mut terms_of_claim = approve::terms(ws, &claim, &request.approve)?;
    let by = ws.actor()?;
    let mut settled = Vec::new();
    for one in &request.settle {
        let desk = desk(ws, &one.conflict, act_of(one.outcome))?;
        let terms = terms(ws, &desk, one)?;
        let ours = |party: &Party| party.partner.is_some() && party.partner == claim.claim().partner;
        if !desk.kept.finding.parties.iter().any(ours) {
            return Err(ApiError::invalid("approve.settle", "One of the channel conflicts is not about this partner")
                .kept("Nothing was decided"));
        }
        if terms.winner.as_ref().is_some_and(|winner| !ours(winner)) {
            return Err(ApiError::invalid("approve.settle", "It is awarded to somebody else")
                .kept("Nothing was decided")
                .next("Decline the registration instead"));
        }
        // Without any deal the one that is made now bears the shares.
        if lead(&desk).is_none() {
            terms_of_claim.partners.clone_from(&terms.partners);
        }
        let note = note(&desk, one, &terms, &by);
        settled.push((desk, one, terms, note));
    }
    let why = terms_of_claim.why.clone();
    let (mut draft, approved) = ws.read(|r| {
        let mut draft = claim.draft();
        let approved = approve::put(ws, r, &claim, &mut draft, &terms_of_claim)?;
        Ok((draft, approved))
    })?;
    // Nothing of a settlement lands before the approval that it belongs to.
    let mut told_deals = Told { after: approved.deal_op.iter().cloned().collect(), ..Told::default() };
    for (desk, one, terms, note) in &settled {
        put(ws, desk, &mut draft, one, terms, note, Some((id, telling)), &mut told_deals)?;
    }
    approve::tell(ws, &claim, &mut draft, &approved, Letter::Approve, request.approve.message.clone());
    let mut facts = claim.premises()?;
    if let Some(map) = facts.as_object_mut() {
        let verdicts: Vec<_> = settled
            .iter()
            .map(|(desk, one, ..)| json!({ "settle": one, "verdict": desk.kept.finding.verdict }))
            .collect();
        map.insert("settled".to_owned(), verdicts.into());
        let judged = settled.iter().map(|(desk, _, terms, _)| replaying::kept(ws, desk, &terms.text));
        map.insert(replaying::JUDGED.to_owned(), judged.collect::<drumbeat_store::Result<Vec<_>>>()?.into());
    }
    // Several that go the same way are said once.
    let texts: BTreeSet<&str> = settled.iter().map(|(_, _, terms, _)| terms.text.as_str()).collect();
    let texts: Vec<&str> = texts.into_iter().collect();
    let about = About {
        act: "approve",
        title: format!("Approved {}, {}", claim.claim().company, texts.join("; ")),
        record: claim.record(),
        reason: Some(why),
        facts,
    };
    let (policy, now, decision) = (Arc::clone(&ws.policy), claim.scene.now, draft.id().clone());
    let keep = move |w: &Writer<'_>| -> drumbeat_store::Result<()> {
        for (desk, one, terms, note) in &settled {
            let mut after = closed(desk, ConflictState::Settled, note);
            after.life.decision = Some(decision.clone());
            let nodes = w.channel_cluster(&after.root, now.date_naive())?;
            if let Some(then) = pass::fingerprint(w, &policy, now, &nodes, &after.finding.key())? {
                let before = after.life.settled_for.clone().unwrap_or_default();
                after.life.settled_for = Some(drumbeat_rules::channel_conflicts::with_facts_of(&before, &then));
            }
            w.put_conflict(&after)?;
            let text = told(terms, one.reason.as_deref());
            let event = Event { at: now, what: what(one.outcome).to_owned(), text, by: Some(by.clone()) };
            w.put_conflict_event(&after.id, &event)?;
            pass::judge(w, &policy, now, &nodes)?;
        }
        Ok(())
    };
    decide::save_with(ws, about, draft, keep)
}
