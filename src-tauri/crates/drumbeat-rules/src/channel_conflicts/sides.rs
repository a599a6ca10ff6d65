//! Each party's facts, in one form, so that they can stand beside each other and the hierarchy can compare them.

use std::collections::BTreeSet;

use drumbeat_model::channel::{Party, Side, SideDeal};
use drumbeat_model::deal::Motion;
use drumbeat_model::dossier::ProofKind;
use drumbeat_model::time::Instant;

use super::Later;
use super::facts::{AccountFact, ChannelDeal, Cluster};
use crate::checks::accounts;
use crate::normal;
use crate::policy::Policy;
use crate::text;

/// One party's facts.
pub(super) fn side(cluster: &Cluster, party: &Party, policy: &Policy, now: Instant, later: &mut Later) -> Side {
    let today = now.date_naive();
    let deals: Vec<&ChannelDeal> = cluster.deals.iter().filter(|deal| deal.is_of(party)).collect();
    let claims: Vec<_> = cluster.claims.iter().filter(|claim| claim.is_of(party)).collect();
    let fact = party.partner.as_ref().and_then(|partner| cluster.partners.get(partner));
    let evidence: Vec<_> = cluster.evidence.iter().filter(|piece| piece.party == party.key()).cloned().collect();
    let shown = |kinds: &[ProofKind]| -> Option<drumbeat_model::time::Day> {
        evidence.iter().filter(|piece| kinds.contains(&piece.kind)).map(|piece| piece.day).min()
    };
    let claim = claims.iter().find(|claim| claim.in_force);
    let protected = deals.iter().find_map(|deal| {
        let (from, until) = deal.protection?;
        (until >= today && from.is_none_or(|from| from <= today) && party.partner.is_some()).then_some((*deal, until))
    });
    for end in claims.iter().filter_map(|claim| claim.protection_end).chain(protected.map(|(_, until)| until)) {
        let over = end.succ_opt().and_then(|day| day.and_hms_opt(0, 0, 0));
        later.at(over.map_or(Instant::MAX_UTC, |at| at.and_utc()));
    }
    let registered = match (claim, protected) {
        (Some(claim), _) => Some(match claim.protection_end {
            Some(end) => format!("{}, until {}", claim.number, text::day(end)),
            None => claim.number.clone(),
        }),
        (None, Some((deal, until))) => Some(format!("{} is protected until {}", deal.name, text::day(until))),
        (None, None) => None,
    };
    let by_certificate = shown(&[ProofKind::Certificate]).map(|_| true);
    Side {
        registered,
        incumbent: party.partner.as_ref().is_some_and(|partner| cluster.incumbents().contains(partner)),
        certified: by_certificate.or_else(|| fact.and_then(|fact| fact.certified)),
        tier: fact.and_then(|fact| fact.tier).map(|tier| policy.tier(tier).name.clone()),
        first_qualified: claims.iter().filter(|claim| claim.qualified).filter_map(|claim| claim.submitted_at).min(),
        first_meeting: claims
            .iter()
            .filter_map(|claim| claim.first_meeting)
            .chain(shown(&[ProofKind::Meeting, ProofKind::Invite, ProofKind::Discovery, ProofKind::FirstActivity]))
            .min(),
        reserved: cluster.accounts.iter().any(|account| reserved(account, party, policy)),
        in_territory: territory(cluster, party, policy),
        deals: deals
            .iter()
            .map(|deal| SideDeal {
                id: deal.id.clone(),
                name: deal.name.clone(),
                amount: deal.amount.clone(),
                home: deal.home.clone(),
                position: deal.position,
                motion: deal.motion,
                created_at: deal.created_at,
            })
            .collect(),
        claims: claims.iter().map(|claim| claim.link()).collect(),
        evidence,
        party: party.clone(),
    }
}

/// The account is kept for this partner, or is a named one of direct sales, by the policy or by the CRM.
fn reserved(account: &AccountFact, party: &Party, policy: &Policy) -> bool {
    let is = |entry: &str| normal::means(entry, &account.name, account.domain.as_deref());
    let in_crm = account.reserved_for.as_deref();
    match &party.partner {
        None => in_crm.is_some_and(accounts::for_direct) || policy.accounts.named.iter().any(|entry| is(entry)),
        Some(id) if in_crm.is_some_and(|reserved| accounts::for_partner(reserved, id.as_str(), &party.name)) => true,
        Some(_) => policy.accounts.exclusive.iter().any(|exclusive| {
            is(&exclusive.account) && normal::company_name(&exclusive.partner) == normal::company_name(&party.name)
        }),
    }
}

/// Whether a partner may sell where the account is; not known for direct sales and without a country.
fn territory(cluster: &Cluster, party: &Party, policy: &Policy) -> Option<bool> {
    let fact = cluster.partners.get(party.partner.as_ref()?)?;
    let country = cluster.accounts.iter().find_map(|account| account.country.as_deref())?;
    if fact.territories.is_empty() {
        return Some(true);
    }
    crate::checks::territory::covers(&fact.territories, country, policy)
}

/// The motions of all sides.
pub(super) fn motions(sides: &[Side]) -> Vec<Motion> {
    let all: BTreeSet<Motion> = sides.iter().flat_map(|side| &side.deals).filter_map(|deal| deal.motion).collect();
    all.into_iter().collect()
}
