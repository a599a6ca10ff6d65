//! Settling a channel conflict: award, split, joint roles (C-05).
//!
//! One decision over the deals of both sides: status, notes and how it was settled on each, shares on one deal, the
//! other party's waiting registrations declined, a draft for each partner that reads of itself alone. It lands whole
//! or waits whole, and nobody is told before it has landed. What would be written is the same draft, read
//! out instead of saved (`previewing`).

use std::sync::Arc;

use drumbeat_model::channel::{ConflictState, Party};
use drumbeat_model::crm::{ObjectKind, Outcome as DealOutcome};
use drumbeat_model::deal::{ConflictStatus, Deal};
use drumbeat_model::ids::RegistrationId;
use drumbeat_model::registration::{DeclineReason, Registration};
use drumbeat_model::settling::{ConflictAct, ConflictStepped, Settle, SettledNote, Settlement};
use drumbeat_rules::channel_conflicts::settling::{self, Terms};
use drumbeat_rules::messages::{self, AccountWords};
use drumbeat_rules::shares;
use drumbeat_store::channel::Event;
use serde_json::json;

use super::desk::{Desk, Recorded, Step, Told, closed, desk, save};
use super::{replaying, showing};
use crate::attribution;
use crate::decide::Draft;
use crate::error::{Answer, ApiError, Code};
use crate::registrations::{Values, decide as claims, said};
use crate::workspace::Workspace;

/// What a settlement comes to, or why it cannot stand.
pub(super) fn terms(ws: &Workspace, desk: &Desk, request: &Settle) -> Answer<Terms> {
    let refusal = |why: String| {
        let code = if why.contains("say why") { Code::NeedsAttention } else { Code::Invalid };
        ApiError::new(code, "conflict.terms", format!("It cannot be settled in this way: {why}"))
            .kept("Nothing was decided")
            .next("Change it, or decide otherwise with a reason, which goes on record")
    };
    let terms = settling::terms(&desk.kept.finding, request, &ws.policy).map_err(refusal)?;
    // one that has the account by an award holds one protection more.
    if let Some(winner) = terms.winner.as_ref().filter(|_| said(request.reason.as_deref()).is_none()) {
        let books = ws.read(|r| showing::capacity(ws, r, std::slice::from_ref(winner), desk.scene.today))?;
        if let Some(book) = books.iter().find(|book| book.full) {
            return Err(refusal(format!("the book of {} is full ({}): say why", winner.name, book.text)));
        }
    }
    Ok(terms)
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
pub(super) fn put(
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
    desk.note(ws, draft, ConflictStatus::None, &text, Some(Recorded::Settled(note)), told_deals)?;
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
pub(super) fn lead(desk: &Desk) -> Option<&Deal> {
    desk.deals
        .iter()
        .filter(|deal| deal.outcome == DealOutcome::Open)
        .min_by(|a, b| (a.created_at, &a.id).cmp(&(b.created_at, &b.id)))
}

pub(super) fn told(terms: &Terms, reason: Option<&str>) -> String {
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
        let words = AccountWords {
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
            &messages::about_account(template, &words),
        );
    }
}

pub(super) fn title(desk: &Desk, terms: &Terms) -> String {
    format!("Settled the channel conflict on {}: {}", desk.name(), terms.text)
}

pub(super) fn what(outcome: Settlement) -> &'static str {
    match outcome {
        Settlement::Awarded => "awarded",
        Settlement::Split => "split",
        Settlement::Joint => "joint",
        Settlement::Dismissed => "dismissed",
    }
}

pub(super) fn act_of(outcome: Settlement) -> ConflictAct {
    match outcome {
        Settlement::Awarded => ConflictAct::Award,
        Settlement::Split => ConflictAct::Split,
        Settlement::Joint => ConflictAct::Joint,
        Settlement::Dismissed => ConflictAct::Dismiss,
    }
}

/// How it is settled, for the deals' own record.
pub(super) fn note(desk: &Desk, request: &Settle, terms: &Terms, by: &str) -> SettledNote {
    desk.settled(request.outcome, &terms.text, terms.by_rule, terms.winner.as_ref().map(Party::key), by)
}

/// All that a settlement alone tells the CRM and the parties.
pub(super) fn drafted<'d>(
    ws: &Workspace,
    desk: &'d Desk,
    request: &Settle,
    terms: &Terms,
    note: &SettledNote,
) -> Answer<Draft<'d>> {
    let mut draft = desk.draft();
    put(ws, desk, &mut draft, request, terms, note, None, &mut Told::default())?;
    Ok(draft)
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
    let note = note(&desk, &request, &terms, &by);
    let draft = drafted(ws, &desk, &request, &terms, &note)?;
    let after = closed(&desk, ConflictState::Settled, &note);
    let appealed = desk.kept.state == ConflictState::Appealed;
    let upheld = appealed && (desk.kept.life.winner.as_deref() != winner || request.outcome != Settlement::Awarded);
    let text = told(&terms, request.reason.as_deref());
    let facts = json!({
        "conflict": after.id, "outcome": request.outcome, "winner": winner, "shares": request.shares,
        "verdict": desk.kept.finding.verdict, "by_rule": terms.by_rule,
        (replaying::JUDGED): [replaying::kept(ws, &desk, &terms.text)?],
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
    save(ws, &desk, step, |w| {
        if appealed {
            let what = if upheld { "appeal upheld" } else { "appeal refused" };
            w.put_conflict_event(&id, &Event { at, what: what.to_owned(), text: what.to_owned(), by: Some(by) })?;
        }
        Ok(())
    })
}
