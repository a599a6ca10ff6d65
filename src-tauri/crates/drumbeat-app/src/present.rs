//! The presenter view: one partner's records as that partner may see them, for a shared screen (W-09).
//!
//! The one hard idea: the window is given nothing that it would have to hide. What it draws is made here from facts that
//! went through the safelist filter ([`drumbeat_export::partner_safe`]), the same that a partner's pack is made from; a
//! field that the list does not name is absent, not covered. That a screen is shared is logged before it is shown (V-02).

use std::sync::Arc;

use drumbeat_export::{PackCommitment, PackDeal, PackFacts, PackRegistration, PartnerSafe, Side};
use drumbeat_model::crm::Outcome;
use drumbeat_model::plan::PlanSide;
use drumbeat_model::present::{
    Present, Presented, PresentedCertificate, PresentedDeal, PresentedOwed, PresentedRegistration,
};
use drumbeat_model::time::Day;
use drumbeat_store::Entry;
use rust_decimal::prelude::ToPrimitive;

use crate::error::Answer;
use crate::packs;
use crate::workspace::Workspace;

/// Records of one kind that are shown.
const MOST: usize = 200;

/// One partner's records as it may see them now.
///
/// # Errors
/// When there is no such partner, or what the store says.
pub fn presented(ws: &Arc<Workspace>, request: Present) -> Answer<Presented> {
    let (safe, withheld) = packs::seen_by(ws, &request.partner)?;
    Ok(shown(&safe, &withheld))
}

/// Begins to share the screen with a partner: logged with whom and what is withheld, then as [`presented`].
///
/// # Errors
/// When there is no such partner, or it cannot be logged; nothing is shown then.
pub fn present(ws: &Arc<Workspace>, request: Present) -> Answer<Presented> {
    let shown = presented(ws, request)?;
    let actor = ws.actor()?;
    let title = format!("Shared the screen with {}, through its safelist", shown.name);
    let facts = serde_json::json!({
        "partner": shown.partner, "deals": shown.deals.len(), "registrations": shown.registrations.len(),
        "withheld": shown.withheld,
    });
    let entry = Entry {
        at: ws.clock.now(),
        actor: &actor,
        act: "present",
        title: &title,
        reason: None,
        facts: Some(&facts),
        policy: Some(ws.policy.version),
    };
    ws.write(entry, |_| Ok(()))?;
    Ok(shown)
}

fn shown(safe: &PartnerSafe<PackFacts>, withheld: &[&str]) -> Presented {
    let facts = safe.get();
    let since = facts.year.first_day(facts.quarter);
    let of_now = |day: Option<Day>| day.is_some_and(|day| day >= since);
    let mut deals: Vec<&PackDeal> =
        facts.deals.iter().filter(|deal| deal.outcome == Outcome::Open || of_now(deal.close)).collect();
    deals.sort_by(|a, b| {
        (a.outcome != Outcome::Open, a.close.is_none(), a.close, &a.id).cmp(&(
            b.outcome != Outcome::Open,
            b.close.is_none(),
            b.close,
            &b.id,
        ))
    });
    let mut claims: Vec<&PackRegistration> =
        facts.registrations.iter().filter(|claim| claim.status.is_open() || of_now(claim.decided)).collect();
    claims.sort_by(|a, b| (!a.status.is_open(), a.submitted, &a.id).cmp(&(!b.status.is_open(), b.submitted, &b.id)));
    Presented {
        partner: facts.partner.clone(),
        name: facts.partner_name.clone(),
        tier: facts.tier.clone(),
        vendor: facts.vendor.clone(),
        contact: facts.prepared_by.clone(),
        as_of: facts.read_at,
        deals: deals.into_iter().take(MOST).map(deal).collect(),
        registrations: claims.into_iter().take(MOST).map(registration).collect(),
        owed: facts.commitments.iter().filter(|one| !one.done).filter_map(owed).take(MOST).collect(),
        certificates: facts
            .certifications
            .iter()
            .filter(|one| !one.in_progress)
            .take(MOST)
            .map(|one| PresentedCertificate {
                name: one.name.clone(),
                holder: one.holder.clone(),
                expires: one.expires,
            })
            .collect(),
        withheld: withheld.iter().map(|&field| field.to_owned()).collect(),
    }
}

fn deal(deal: &PackDeal) -> PresentedDeal {
    PresentedDeal {
        id: deal.id.clone(),
        name: deal.name.clone(),
        account: deal.account.clone(),
        stage: deal.stage.clone(),
        position: deal.position,
        outcome: deal.outcome,
        motion: deal.motion,
        attribution: deal.attribution,
        pct: deal.pct.and_then(|pct| pct.round().to_u32()),
        amount: deal.amount.clone(),
        close: deal.close,
        protection_end: deal.protection_end,
        next_step: deal.next_step.clone(),
        next_step_due: deal.next_step_due,
    }
}

fn registration(claim: &PackRegistration) -> PresentedRegistration {
    PresentedRegistration {
        id: claim.id.clone(),
        company: claim.company.clone(),
        status: claim.status,
        kind: claim.kind,
        submitted: claim.submitted,
        decided: claim.decided,
        protection_end: claim.protection_end,
    }
}

fn owed(one: &PackCommitment) -> Option<PresentedOwed> {
    let side = match one.side {
        Side::Partner => PlanSide::Partner,
        Side::Vendor => PlanSide::We,
    };
    Some(PresentedOwed { side, text: one.text.clone()?, due: one.due })
}
