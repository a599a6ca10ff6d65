//! Settling a channel conflict: award, split, joint roles; the appeal against it; and the approval of a registration that
//! settles what stands against it in the same act (C-05, C-08).
//!
//! One decision over the deals of both sides: status, notes and how it was settled on each, shares on one deal, the
//! other party's waiting registrations declined, a draft for each partner that reads of itself alone. It lands whole
//! or waits whole, and nobody is told before it has landed.

use std::sync::Arc;

use drumbeat_model::channel::{ConflictKind, ConflictState, Party};
use drumbeat_model::crm::{ObjectKind, Outcome as DealOutcome};
use drumbeat_model::deal::{ConflictStatus, Deal};
use drumbeat_model::ids::RegistrationId;
use drumbeat_model::lifecycle::Letter;
use drumbeat_model::registration::{Approve, Decided, DeclineReason, Registration};
use drumbeat_model::settling::{
    AppealConflict, ApproveSettling, ConflictAct, ConflictStepped, RefuseConflictAppeal, Settle, SettledNote,
    Settlement,
};
use drumbeat_rules::channel_conflicts::settling::{self, Terms};
use drumbeat_rules::messages::{self, ChannelWords};
use drumbeat_rules::shares;
use drumbeat_store::channel::{Event, Kept};
use drumbeat_store::{Reader, Writer};
use serde_json::json;

use super::steps::{self, Desk, Step, Told, closed, desk};
use super::{node, pass, together};
use crate::attribution;
use crate::decide::{self, About, Draft};
use crate::error::{Answer, ApiError, Code};
use crate::registrations::{Values, approve, decide as claims, desk as claim_desk, needed, proofs, said};
use crate::workspace::Workspace;

/// Channel conflicts that one approval settles at most.
const MOST: usize = 10;

/// What a settlement comes to, or why it cannot stand.
fn terms(ws: &Workspace, desk: &Desk, request: &Settle) -> Answer<Terms> {
    settling::terms(&desk.kept.finding, request, &ws.policy).map_err(|why| {
        let code = if why.contains("say why") { Code::NeedsAttention } else { Code::Invalid };
        ApiError::new(code, "conflict.terms", format!("It cannot be settled in this way: {why}"))
            .kept("Nothing was decided")
            .next("Change it, or decide otherwise with a reason, which goes on record")
    })
}

/// The registrations of a finding that wait for a decision.
fn waiting(ws: &Workspace, desk: &Desk) -> Answer<Vec<Registration>> {
    ws.read(|r| {
        let mut all = Vec::new();
        for claim in desk.kept.finding.sides.iter().flat_map(|side| &side.claims) {
            all.extend(r.registration(&RegistrationId(claim.id.clone()))?.filter(|claim| claim.status.is_open()));
        }
        Ok(all)
    })
}

/// Puts a settlement into a draft; `approving` is a registration that this very decision approves, and whether the
/// other party is told of it; `told_deals` are those that the decision has told already.
#[allow(clippy::too_many_arguments, reason = "the parts of one settlement")]
fn put(
    ws: &Workspace,
    desk: &Desk,
    draft: &mut Draft<'_>,
    request: &Settle,
    terms: &Terms,
    note: &SettledNote,
    approving: Option<(&RegistrationId, bool)>,
    told_deals: &mut Told,
) -> Answer<()> {
    let text = told(terms, request.reason.as_deref());
    let lead = lead(desk).filter(|deal| !terms.partners.is_empty() && !told_deals.deals.contains(&deal.id));
    if let Some(deal) = lead {
        if let Some(why) = shares::refusal(deal, request.reason.as_deref(), &ws.policy) {
            return Err(ApiError::new(Code::NeedsAttention, "shares.locked", format!("This cannot be changed: {why}"))
                .kept("Nothing was decided"));
        }
        let mut noted = deal.clone();
        noted.dossier.channel.push(note.clone());
        let credit = attribution::credit(
            &noted,
            terms.partners.clone(),
            request.reason.as_deref(),
            &note.by,
            desk.scene.now,
            &desk.scene.mapping,
        )?;
        let mut values = desk.noted(deal, ConflictStatus::None, &text, None);
        values.extend(credit);
        let after = &told_deals.after;
        let op = ws.read(|r| draft.set(r, ObjectKind::Deal, deal.id.as_str(), &values, &Values::new(), after))?;
        told_deals.deals.insert(deal.id.clone());
        told_deals.lead(op);
    }
    desk.note(ws, draft, ConflictStatus::None, &text, Some(note), told_deals)?;
    if approving.is_some_and(|(_, telling)| !telling) {
        return Ok(());
    }
    let actor = ws.actor()?;
    let own = approving.map(|(id, _)| id);
    for claim in waiting(ws, desk)?.into_iter().filter(|claim| Some(&claim.id) != own) {
        let winner = terms.winner.as_ref().and_then(|winner| winner.partner.as_ref());
        // Who holds a part keeps its registration for an approval of its own; who has won as well.
        if terms.winner.is_none() || claim.partner.as_ref() == winner {
            continue;
        }
        let (values, _) = claims::declined(ws, DeclineReason::Duplicate, None, &actor);
        let guard: Values = [(drumbeat_model::field::Field::Status, claim.status.name().to_owned())].into();
        let after = &told_deals.after;
        let op = ws.read(|r| draft.set(r, ObjectKind::Registration, claim.id.as_str(), &values, &guard, after))?;
        told_deals.lead(op);
    }
    tell(ws, desk, draft, request, terms, approving.is_some());
    Ok(())
}

/// The deal that bears the shares: the oldest open one.
fn lead(desk: &Desk) -> Option<&Deal> {
    desk.deals
        .iter()
        .filter(|deal| deal.outcome == DealOutcome::Open)
        .min_by(|a, b| (a.created_at, &a.id).cmp(&(b.created_at, &b.id)))
}

fn told(terms: &Terms, reason: Option<&str>) -> String {
    let how = if terms.by_rule { "by the policy's rule" } else { "by decision" };
    match said(reason) {
        Some(reason) => format!("{}, {how}: {reason}", terms.text),
        None => format!("{}, {how}", terms.text),
    }
}

/// A draft for each partner: of itself alone, and of nobody else (V-01).
fn tell(ws: &Workspace, desk: &Desk, draft: &mut Draft<'_>, request: &Settle, terms: &Terms, approving: bool) {
    let finding = &desk.kept.finding;
    let letters = &ws.policy.letters;
    let sender = desk.scene.names.of(desk.scene.mapping.me.as_ref());
    let company = desk.name();
    for party in finding.parties.iter().filter(|party| party.partner.is_some()) {
        let won = terms.winner.as_ref().map(|winner| winner.key() == party.key());
        // The one whose registration is approved reads that.
        if approving && won == Some(true) {
            continue;
        }
        let share = request.shares.iter().find(|share| share.party == party.key()).map(|share| share.pct);
        let template = match won {
            Some(true) => &letters.channel_awarded,
            Some(false) => &letters.channel_not_awarded,
            None => &letters.channel_shared,
        };
        let words = ChannelWords {
            contact: &party.name,
            company: &company,
            partner: &party.name,
            share,
            appeal_until: settling::appeal_until(Some(desk.scene.now), &ws.policy),
            reason: None,
            sender: sender.as_deref(),
        };
        draft.message(
            &party.name,
            &format!("{company}: who works with it"),
            &messages::about_channel(template, &words),
        );
    }
}

fn title(desk: &Desk, terms: &Terms) -> String {
    format!("Settled the channel conflict on {}: {}", desk.name(), terms.text)
}

fn what(outcome: Settlement) -> &'static str {
    match outcome {
        Settlement::Awarded => "awarded",
        Settlement::Split => "split",
        Settlement::Joint => "joint",
        Settlement::Dismissed => "dismissed",
    }
}

fn act_of(outcome: Settlement) -> ConflictAct {
    match outcome {
        Settlement::Awarded => ConflictAct::Award,
        Settlement::Split => ConflictAct::Split,
        Settlement::Joint => ConflictAct::Joint,
        Settlement::Dismissed => ConflictAct::Dismiss,
    }
}

/// Awards an account, splits it, or gives joint roles; also as the answer to an appeal.
///
/// # Errors
/// When it is over, the shares do not add up, or the policy says otherwise and there is no reason.
pub fn settle_conflict(ws: &Arc<Workspace>, request: Settle) -> Answer<ConflictStepped> {
    let desk = desk(ws, &request.conflict, act_of(request.outcome))?;
    let terms = terms(ws, &desk, &request)?;
    let by = ws.actor()?;
    let winner = terms.winner.as_ref().map(Party::key);
    let note = desk.settled(request.outcome, &terms.text, terms.by_rule, winner, &by);
    let mut draft = desk.draft();
    put(ws, &desk, &mut draft, &request, &terms, &note, None, &mut Told::default())?;
    let after = closed(&desk, ConflictState::Settled, &note);
    let appealed = desk.kept.state == ConflictState::Appealed;
    let upheld = appealed && (desk.kept.life.winner.as_deref() != winner || request.outcome != Settlement::Awarded);
    let text = told(&terms, request.reason.as_deref());
    let facts = json!({
        "conflict": after.id, "outcome": request.outcome, "winner": winner, "shares": request.shares,
        "verdict": desk.kept.finding.verdict, "by_rule": terms.by_rule,
    });
    let step = Step {
        act: "settle conflict",
        title: title(&desk, &terms),
        reason: Some(text.clone()),
        facts,
        draft,
        after,
        event: (what(request.outcome), text),
    };
    let at = desk.scene.now;
    let id = desk.kept.id.clone();
    steps::save(ws, &desk, step, |w| {
        if appealed {
            let what = if upheld { "appeal upheld" } else { "appeal refused" };
            w.put_conflict_event(&id, &Event { at, what: what.to_owned(), text: what.to_owned(), by: Some(by) })?;
        }
        Ok(())
    })
}

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
        .map(|proof| drumbeat_model::channel::PartyEvidence {
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
    steps::save(ws, &desk, step, |w| pieces.iter().try_for_each(|piece| w.put_evidence(&id, piece, &by)))
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
        let words = ChannelWords {
            contact: &party.name,
            company: &company,
            partner: &party.name,
            share: None,
            appeal_until: None,
            reason: None,
            sender: sender.as_deref(),
        };
        let text = messages::about_channel(&ws.policy.letters.channel_appeal_refused, &words);
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
    steps::save(ws, &desk, step, |_| Ok(()))
}

/// Open channel conflicts on the account of a registration.
fn standing_against(ws: &Workspace, r: &Reader<'_>, id: &RegistrationId) -> drumbeat_store::Result<Vec<Kept>> {
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
    let Some(first) = left.first() else { return Ok(None) };
    let ids: Vec<&str> = left.iter().map(|kept| kept.id.as_str()).collect();
    let message = format!("A channel conflict on this account is open: {}", first.finding.text);
    Ok(Some(
        ApiError::new(Code::NeedsAttention, "approve.conflict", message)
            .kept("Nothing was decided")
            .next(format!("Settle it in the same act, dismiss it, or ask the seller first ({})", ids.join(", "))),
    ))
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
    if said(request.reason.as_deref()).is_none()
        && let Some(kept) = open.iter().find(|kept| !first(kept))
    {
        let message = format!(
            "A channel conflict on this account is open, and the policy does not put this partner first: {}",
            kept.finding.text
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

/// Approves a registration and settles the channel conflicts that stand against it, as one decision (C-08).
///
/// # Errors
/// As for an approval and for a settlement; when one that stands against it is left out, or goes against its partner.
pub fn approve_settling(ws: &Arc<Workspace>, request: ApproveSettling) -> Answer<Decided> {
    if request.settle.is_empty() || request.settle.len() > MOST {
        return Err(ApiError::invalid("approve.settle", format!("Settle 1 to {MOST} channel conflicts with it"))
            .kept("Nothing was decided"));
    }
    let id = &request.approve.registration;
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
        let winner = terms.winner.as_ref().map(Party::key);
        let note = desk.settled(one.outcome, &terms.text, terms.by_rule, winner, &by);
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
    }
    let texts: Vec<String> = settled.iter().map(|(_, _, terms, _)| terms.text.clone()).collect();
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
