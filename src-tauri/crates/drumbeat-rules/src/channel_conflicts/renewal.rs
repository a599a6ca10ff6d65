//! C-02, renewal: somebody else engages an incumbent's account; nobody has confirmed who owns a renewal (S-08).
//!
//! A renewal is confirmed by an open renewal deal with an owner. Who confirms it otherwise dismisses the sign with a
//! reason; it comes back with the next renewal date, because that is another fact.

use drumbeat_model::channel::{ChannelSignal, ConflictKind, Party, SignalFound};
use drumbeat_model::deal::DealKind;
use drumbeat_model::time::Instant;

use super::collisions::Met;
use super::facts::{AccountFact, Cluster, TouchFact};
use super::{Later, clocks, deal_link};
use crate::policy::Policy;
use crate::text;

/// Signals between the incumbent and another party.
pub(super) fn between(
    cluster: &Cluster,
    pair: [&Party; 2],
    met: &Met,
    policy: &Policy,
    now: Instant,
    later: &mut Later,
) -> Vec<SignalFound> {
    if met.kind != ConflictKind::Renewal {
        return Vec::new();
    }
    let incumbents = cluster.incumbents();
    let holds = |party: &Party| party.partner.as_ref().is_some_and(|partner| incumbents.contains(partner));
    let mut all = Vec::new();
    for other in pair.into_iter().filter(|party| !holds(party)) {
        let mut records: Vec<_> = cluster.deals.iter().filter(|deal| deal.is_of(other)).map(deal_link).collect();
        records.extend(cluster.claims.iter().filter(|claim| claim.is_of(other)).map(|claim| claim.link()));
        all.push(SignalFound {
            signal: ChannelSignal::IncumbentTouched,
            fact: format!("{} works on an account that a partner holds", other.name),
            records,
        });
    }
    all.extend(unconfirmed(cluster, policy, now, later).into_iter().map(|(_, found)| found));
    all
}

/// Signs: a renewal without an owner, and direct contact with an incumbent's account before there is any deal.
pub(super) fn signs(
    cluster: &Cluster,
    policy: &Policy,
    now: Instant,
    later: &mut Later,
) -> Vec<(Option<Party>, SignalFound)> {
    let mut all = unconfirmed(cluster, policy, now, later);
    // Who has a deal here has collided already.
    if !cluster.interested().contains(&None) {
        for account in &cluster.accounts {
            all.extend(touched(cluster, account, policy, now, later).map(|found| (Some(Party::direct()), found)));
        }
    }
    all
}

fn unconfirmed(
    cluster: &Cluster,
    policy: &Policy,
    now: Instant,
    later: &mut Later,
) -> Vec<(Option<Party>, SignalFound)> {
    let confirmed = cluster.deals.iter().any(|deal| deal.kind == Some(DealKind::Renewal) && deal.owner.is_some());
    let mut all = Vec::new();
    for account in &cluster.accounts {
        let (Some(incumbent), Some(day)) = (&account.incumbent, account.renewal) else { continue };
        let from = clocks::renewal_owner_due(day, policy);
        later.at(from);
        let over = day.and_hms_opt(0, 0, 0).map(|at| at.and_utc());
        later.at(over.unwrap_or(Instant::MAX_UTC));
        if confirmed || now < from || over.is_some_and(|over| now >= over) {
            continue;
        }
        let fact = format!("{} renews on {}, and nobody owns that yet", account.name, text::day(day));
        let found = SignalFound { signal: ChannelSignal::RenewalUnconfirmed, fact, records: vec![account.link()] };
        all.push((Some(cluster.party(Some(incumbent))), found));
    }
    all
}

/// A contact of ours with an incumbent's account that the incumbent is no part of.
fn touched(
    cluster: &Cluster,
    account: &AccountFact,
    policy: &Policy,
    now: Instant,
    later: &mut Later,
) -> Option<SignalFound> {
    let incumbent = account.incumbent.as_ref()?;
    let alone = |touch: &&TouchFact| {
        touch.owner.is_some() && touch.partners.is_empty() && touch.on.id == account.id.0 && touch.at <= now
    };
    let touch = cluster.touches.iter().find(alone)?;
    let until = later.after(touch.at, policy.conflicts.direct_touch_days);
    (now < until).then(|| SignalFound {
        signal: ChannelSignal::IncumbentTouched,
        fact: format!(
            "“{}” on {} went past {}, who holds {}",
            touch.title,
            text::day(touch.at.date_naive()),
            cluster.party(Some(incumbent)).name,
            account.name
        ),
        records: vec![touch.link(), account.link()],
    })
}
