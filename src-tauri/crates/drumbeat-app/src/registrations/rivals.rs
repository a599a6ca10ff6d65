//! Several open claims on one company, decided in one act (R-08, R-13, LEAD-07): one wins and the others give way, or
//! each holds its part and all are on one deal with their shares.
//!
//! It lands whole or waits whole: nobody is told yes while another's no is stuck. Who wins is the policy's rule; a
//! person who decides otherwise says why.

use std::sync::Arc;

use drumbeat_model::crm::ObjectKind;
use drumbeat_model::deal::Attribution;
use drumbeat_model::dossier::{DealPartner, Part};
use drumbeat_model::ids::RegistrationId;
use drumbeat_model::lifecycle::{Award, Letter, SplitClaims};
use drumbeat_model::registration::{Decided, DeclineReason};
use drumbeat_rules::messages;
use drumbeat_rules::shares;
use drumbeat_rules::who_wins::{Standing, who_wins};
use serde_json::json;

use super::approve::{Terms, join, protection_days, put, set_approved, tell};
use super::decide::declined;
use super::{Desk, Values, desk, needed, said};
use crate::decide;
use crate::error::{Answer, ApiError, Code};
use crate::premises;
use crate::words::Words;
use crate::workspace::Workspace;

/// Claims that one act decides at most.
const MOST: usize = 10;

fn desks(ws: &Workspace, ids: &[RegistrationId]) -> Answer<Vec<Desk>> {
    if ids.len() > MOST {
        return Err(ApiError::invalid("rivals.many", format!("At most {MOST} claims are decided in one act"))
            .kept("Nothing was decided"));
    }
    let desks = ids.iter().map(|id| ws.read(|r| desk(ws, r, id))).collect::<Answer<Vec<Desk>>>()?;
    for (place, desk) in desks.iter().enumerate() {
        if desks[..place].iter().any(|before| before.claim().id == desk.claim().id) {
            return Err(ApiError::invalid("rivals.twice", "A claim stands twice").kept("Nothing was decided"));
        }
    }
    Ok(desks)
}

/// What all of them rely on together: each claim's own facts (B1).
fn relied(ws: &Workspace, desks: &[Desk], facts: serde_json::Value) -> Answer<serde_json::Value> {
    let all = ws.read(|r| {
        let words = Words::read(ws, r)?;
        let (first, rest) = desks.split_at(desks.len().min(1));
        let mut all: Vec<_> = first.iter().flat_map(|desk| desk.premises.clone()).collect();
        for desk in rest {
            all.extend(premises::also(r, &words, desk.claim().id.as_str(), desk.premises.clone())?);
        }
        Ok(all)
    })?;
    Ok(premises::put(facts, &all)?)
}

/// Approves one claim and declines the others that stand against it.
///
/// # Errors
/// When one of them has been decided, they are not rivals of the winner, or a reason is needed and missing.
pub fn award(ws: &Arc<Workspace>, request: Award) -> Answer<Decided> {
    if request.against.is_empty() {
        return Err(ApiError::invalid("award.alone", "Nobody gives way")
            .kept("Nothing was decided")
            .next("Approve the claim, or name those that it wins against"));
    }
    let ids: Vec<RegistrationId> =
        std::iter::once(request.registration.clone()).chain(request.against.clone()).collect();
    let desks = desks(ws, &ids)?;
    let Some((winner, others)) = desks.split_first() else {
        return Err(ApiError::not_found("registration", request.registration.as_str()));
    };
    let mut whys = Vec::new();
    for other in others {
        let known = winner.facts.same_domain.iter().chain(&winner.facts.same_name).chain(&winner.facts.same_group);
        let rival = known.into_iter().find(|rival| rival.id == other.claim().id).ok_or_else(|| {
            ApiError::invalid(
                "award.unlike",
                format!("{} and {} are not claims on one company", winner.claim().name, other.claim().name),
            )
            .kept("Nothing was decided")
            .next("Decide them one by one")
        })?;
        match who_wins(&winner.facts, rival, &ws.policy) {
            Standing::Ours(why) => whys.push(why),
            Standing::Theirs(why) | Standing::Split(why) => whys.push(format!("against the rule: {why}")),
            Standing::Level => whys.push(format!("no rule separates it from {}", other.claim().name)),
        }
    }
    let by_rule = whys.iter().all(|why| !why.starts_with("against") && !why.starts_with("no rule"));
    let own = said(request.reason.as_deref());
    if !by_rule && own.is_none() {
        return Err(ApiError::new(
            Code::NeedsAttention,
            "award.reason",
            format!("The policy does not put it first: {}", whys.join("; ")),
        )
        .kept("Nothing was decided")
        .next("Decide otherwise with a reason, which goes on record"));
    }
    let why = own.map_or_else(|| whys.join("; "), |own| format!("{own} ({})", whys.join("; ")));
    let terms = Terms {
        days: protection_days(winner, request.protection_days)?,
        seller: request.seller,
        link_deal: request.link_deal,
        why: why.clone(),
        partners: Vec::new(),
        beside: Values::new(),
        actor: ws.actor()?,
    };
    let (mut draft, approved) = ws.read(|r| {
        let mut draft = winner.draft();
        let approved = put(ws, r, winner, &mut draft, &terms)?;
        for other in others {
            let (values, _) = declined(ws, DeclineReason::Duplicate, None, &terms.actor);
            let after: Vec<_> = approved.deal_op.iter().cloned().collect();
            draft.set(r, ObjectKind::Registration, other.claim().id.as_str(), &values, &other.guard(), &after)?;
        }
        Ok((draft, approved))
    })?;
    tell(ws, winner, &mut draft, &approved, Letter::Approve, None);
    for other in others {
        let words = messages::Words { reason: Some(DeclineReason::Duplicate), ..messages::Words::default() };
        other.tell(ws, &mut draft, Letter::Decline, words, None);
    }
    let facts = json!({ "against": request.against, "why": whys });
    let mut about = winner.about("award", "Awarded", Some(why), relied(ws, &desks, facts)?);
    about.title = format!("Awarded {} to {}", winner.claim().company, winner.facts.partner_name());
    decide::save(ws, about, draft)
}

/// Approves several claims on one company, each for its part, on one deal with their shares.
///
/// # Errors
/// When one of them has been decided, they are of one partner, or the shares cannot stand.
pub fn split_claims(ws: &Arc<Workspace>, request: SplitClaims) -> Answer<Decided> {
    let why = needed(&request.reason, "split.reason", "It needs a reason", "Say why it is split in this way")?;
    if request.claims.len() < 2 {
        return Err(ApiError::invalid("split.alone", "A split has two claims at least").kept("Nothing was decided"));
    }
    let ids: Vec<RegistrationId> = request.claims.iter().map(|one| one.registration.clone()).collect();
    let desks = desks(ws, &ids)?;
    let mut partners = Vec::new();
    for (place, (desk, one)) in desks.iter().zip(&request.claims).enumerate() {
        let name = needed(&one.part, "split.part", "A part has no name", "Say which segment or solution each holds")?;
        let partner = desk.claim().partner.clone().ok_or_else(|| {
            ApiError::invalid("split.partner", format!("{} has no partner", desk.claim().name))
                .kept("Nothing was decided")
        })?;
        // F-05: sourced at most once, by the partner of record.
        let attribution = if place == 0 { Attribution::Sourced } else { Attribution::Influenced };
        partners.push(DealPartner { partner, role: one.role, attribution, pct: one.pct, part: Some(name) });
    }
    if let Some(problem) = shares::problem(&partners, &ws.policy) {
        return Err(ApiError::invalid("split.shares", format!("The split cannot stand: {problem}"))
            .kept("Nothing was decided")
            .next("Change the shares"));
    }
    let actor = ws.actor()?;
    let mut all = Vec::new();
    for (desk, one) in desks.iter().zip(&request.claims) {
        let with = ids.iter().filter(|id| **id != desk.claim().id).cloned().collect();
        let part = Part { name: one.part.trim().to_owned(), with };
        all.push(Terms {
            days: protection_days(desks.first().unwrap_or(desk), request.protection_days)?,
            seller: request.seller.clone(),
            link_deal: request.link_deal.clone(),
            why: format!("Split, holds {}: {why}", part.name),
            partners: partners.clone(),
            beside: [desk.noting(|dossier| dossier.part = Some(part))?].into(),
            actor: actor.clone(),
        });
    }
    let (Some((first, rest)), Some((terms, of_rest))) = (desks.split_first(), all.split_first()) else {
        return Err(ApiError::invalid("split.alone", "A split has two claims at least").kept("Nothing was decided"));
    };
    let (mut draft, approved) = ws.read(|r| {
        let mut draft = first.draft();
        let approved = put(ws, r, first, &mut draft, terms)?;
        let after: Vec<_> = approved.deal_op.iter().cloned().collect();
        for (desk, terms) in rest.iter().zip(of_rest) {
            set_approved(ws, r, desk, &mut draft, terms, approved.window)?;
            join(r, desk, &mut draft, &approved.deal, &after)?;
        }
        Ok((draft, approved))
    })?;
    tell(ws, first, &mut draft, &approved, Letter::Approve, None);
    for desk in rest {
        let words = messages::Words {
            protection_end: Some(approved.window.end),
            meeting_by: Some(approved.meeting),
            ..messages::Words::default()
        };
        desk.tell(ws, &mut draft, Letter::Approve, words, None);
    }
    let facts = json!({ "claims": ids, "partners": partners });
    let mut about = first.about("split", "Split", Some(why), relied(ws, &desks, facts)?);
    about.title = format!("Split {} between {} partners", first.claim().company, desks.len());
    decide::save(ws, about, draft)
}
