//! Gathering what the rules look at.

use drumbeat_model::crm::{ObjectKind, Outcome};
use drumbeat_model::deal::{Deal, DealRow};
use drumbeat_model::field::Field;
use drumbeat_model::ids::{AccountId, DealId, PartnerId};
use drumbeat_model::registration::Registration;
use drumbeat_model::value;
use drumbeat_rules::signals::DealContext;
use drumbeat_rules::{ClaimFact, DealFact, Facts, Policy, normal};
use drumbeat_store::registrations::QueueRow;
use drumbeat_store::{Reader, Result};

use crate::workspace::Scene;

/// Deals at one account that the checks look at.
const DEALS_AT_ACCOUNT: u32 = 50;

/// Everything that the checks of one registration look at.
///
/// # Errors
/// What the store says.
pub fn registration(r: &Reader<'_>, claim: Registration, policy: &Policy, scene: &Scene) -> Result<Facts> {
    let partner = match &claim.partner {
        Some(partner) => r.company(partner.as_str())?,
        None => None,
    };
    let domain = claim.domain.as_deref().or(claim.contact_email.as_deref()).and_then(normal::domain);
    let name = normal::company_name(&claim.company);
    let account = match &claim.account {
        Some(account) => r.company(account.as_str())?,
        None => match r.accounts_like(domain.as_deref(), &name)?.first() {
            Some(id) => r.company(id)?,
            None => None,
        },
    };
    let (same_domain, same_name) = r.registrations_like(claim.id.as_str(), domain.as_deref(), &name)?;
    let mut facts = Facts::new(claim);
    facts.same_domain = claims(r, &same_domain, policy)?;
    facts.same_name = claims(r, &same_name, policy)?;
    if let Some(partner) = &partner {
        facts.certifications = r.certifications(&partner.id)?;
        facts.active_protections_of_partner = r.active_protections(&partner.id, scene.today)?;
    }
    if let Some(account) = &account {
        for row in r.deals_at(&AccountId(account.id.clone()), DEALS_AT_ACCOUNT, scene.today)? {
            facts.deals.extend(deal_fact(r, &row)?);
        }
    }
    facts.partner = partner;
    facts.account = account;
    facts.go_live = scene.mapping.go_live;
    Ok(facts)
}

fn claims(r: &Reader<'_>, rows: &[QueueRow], policy: &Policy) -> Result<Vec<ClaimFact>> {
    let mut facts = Vec::new();
    for row in rows {
        let Some(claim) = r.registration(&row.id)? else { continue };
        let partner = match &claim.partner {
            Some(partner) => r.company(partner.as_str())?,
            None => None,
        };
        facts.push(ClaimFact::of(&claim, partner.as_ref(), policy));
    }
    Ok(facts)
}

fn deal_fact(r: &Reader<'_>, row: &DealRow) -> Result<Option<DealFact>> {
    let Some(deal) = r.deal(&row.id)? else { return Ok(None) };
    let partner = deal
        .partner
        .as_ref()
        .map(|partner| (partner.clone(), row.partner.clone().unwrap_or_else(|| partner.0.clone())));
    Ok(Some(DealFact {
        id: deal.id,
        name: deal.name,
        partner,
        outcome: deal.outcome,
        created_at: deal.created_at,
        closed: deal.close_date.filter(|_| deal.outcome != Outcome::Open),
        amount: deal.amount,
    }))
}

/// What the signals of a deal need beside the deal.
///
/// # Errors
/// What the store says.
pub fn deal_context(r: &Reader<'_>, deal: &Deal, scene: &Scene) -> Result<DealContext> {
    let movements = r.movements(ObjectKind::Deal, deal.id.as_str(), None, 100)?;
    let owner_changed_at = movements
        .iter()
        .find(|movement| movement.field == Field::Owner && movement.before.is_some())
        .map(|movement| movement.at);
    let close_date_was = movements
        .iter()
        .rev()
        .find(|movement| movement.field == Field::CloseDate)
        .and_then(|movement| movement.before.as_deref())
        .and_then(value::day);
    Ok(DealContext { owner_changed_at, close_date_was, go_live: scene.mapping.go_live })
}

/// The rank of a deal with its signals.
///
/// # Errors
/// What the store says.
pub fn signals(
    r: &Reader<'_>,
    id: &DealId,
    policy: &Policy,
    scene: &Scene,
) -> Result<Option<(Deal, Vec<drumbeat_model::review::Signal>)>> {
    let Some(deal) = r.deal(id)? else { return Ok(None) };
    let context = deal_context(r, &deal, scene)?;
    let signals = drumbeat_rules::signals::signals(&deal, &context, policy, scene.now);
    Ok(Some((deal, signals)))
}

/// The name of a partner.
///
/// # Errors
/// What the store says.
pub fn partner_name(r: &Reader<'_>, id: Option<&PartnerId>) -> Result<Option<String>> {
    match id {
        Some(id) => r.name_of_company(id.as_str()),
        None => Ok(None),
    }
}
