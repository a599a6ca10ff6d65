//! C-01: who meets whom. Horizontal (two partners, overlapping products), vertical (direct sales and a partner),
//! multi-channel (different motions), renewal (somebody else on an incumbent's account).
//!
//! The incumbent comes first: whoever meets the incumbent meets it as that. Two partners whose products are known
//! and have nothing in common do not collide; what is not known does not keep them apart. Partners that share a deal
//! with agreed roles (F-05) do not collide either, unless one of them appeals against just that.

use std::collections::BTreeSet;

use drumbeat_model::channel::{ConflictKind, Party};
use drumbeat_model::deal::{ConflictStatus, Motion};
use drumbeat_model::time::Instant;

use super::facts::{ChannelClaim, ChannelDeal, Cluster};
use crate::normal;
use crate::text;

/// Two parties that meet.
#[derive(Debug, Clone)]
pub(crate) struct Met {
    pub kind: ConflictKind,
    /// By key.
    pub parties: Vec<Party>,
    pub status: ConflictStatus,
    /// Since when both are there.
    pub since: Option<Instant>,
    /// Each is there with products or motions of its own: roles may be joint.
    pub joint: bool,
}

impl Met {
    /// What it is, in a neutral sentence: overlaps follow from structure, not from bad faith.
    pub fn text(&self, account: &str) -> String {
        let [one, other] = [&self.parties[0].name, &self.parties[1].name];
        match self.kind {
            ConflictKind::Horizontal => format!("{one} and {other} both work on {account}"),
            ConflictKind::Vertical => format!("{one} and {other} both work on {account}"),
            ConflictKind::MultiChannel => format!("{one} and {other} work on {account} in different motions"),
            ConflictKind::Renewal | ConflictKind::Sign => {
                format!("{one} and {other} meet on {account}, which one of them holds")
            }
        }
    }

    /// The smallest change that would end it: the side with fewer records gives way.
    pub fn ends_with(&self, cluster: &Cluster) -> String {
        let count = |party: &Party| {
            let deals = cluster.deals.iter().filter(|deal| deal.is_of(party)).count();
            deals + cluster.claims.iter().filter(|claim| claim.is_of(party)).count()
        };
        let fewest = self.parties.iter().filter(|party| count(party) > 0).min_by_key(|party| count(party));
        let Some(party) = fewest else { return "the account has another incumbent".to_owned() };
        let mut parts: Vec<String> = cluster
            .deals
            .iter()
            .filter(|deal| deal.is_of(party))
            .map(|deal| format!("{} is closed", deal.name))
            .collect();
        parts.extend(cluster.claims.iter().filter(|claim| claim.is_of(party)).map(|claim| {
            format!("registration {} is {}", claim.number, if claim.in_force { "released" } else { "declined" })
        }));
        format!("{}, or both hold agreed shares of one deal", text::join(&parts))
    }
}

/// Everybody who meets somebody, by key.
pub(crate) fn collisions(cluster: &Cluster, now: Instant) -> Vec<Met> {
    let interested = cluster.interested();
    let incumbents = cluster.incumbents();
    let mut pairs: BTreeSet<(Party, Party)> = BTreeSet::new();
    let mut add = |one: Party, other: Party| {
        if one.key() != other.key() {
            pairs.insert(if one.key() < other.key() { (one, other) } else { (other, one) });
        }
    };
    for one in &interested {
        for other in &interested {
            add(cluster.party(one.as_ref()), cluster.party(other.as_ref()));
        }
        for incumbent in &incumbents {
            add(cluster.party(Some(incumbent)), cluster.party(one.as_ref()));
        }
    }
    let held = |party: &Party| party.partner.as_ref().is_some_and(|partner| incumbents.contains(partner));
    pairs
        .into_iter()
        .filter(|(one, other)| {
            let appealed = || cluster.appealed.contains(&[one, other].map(|party| party.key().to_owned()).into());
            !share_a_deal(cluster, one, other) || appealed()
        })
        .filter_map(|(one, other)| {
            let (kind, joint) = if held(&one) != held(&other) {
                (ConflictKind::Renewal, false)
            } else if one.partner.is_none() || other.partner.is_none() {
                (ConflictKind::Vertical, false)
            } else {
                between_partners(cluster, &one, &other)?
            };
            let status = if in_force(cluster, &one) && in_force(cluster, &other) {
                ConflictStatus::Active
            } else {
                ConflictStatus::Risk
            };
            let since = match (first(cluster, &one), first(cluster, &other)) {
                (Some(one), Some(other)) => Some(one.max(other)),
                (one, other) => one.or(other),
            };
            Some(Met { kind, status, since: since.map(|at| at.min(now)), joint, parties: vec![one, other] })
        })
        .collect()
}

/// Two partners: how they overlap, where they do, and whether each brings something else.
fn between_partners(cluster: &Cluster, one: &Party, other: &Party) -> Option<(ConflictKind, bool)> {
    let (motions, others) = (motions(cluster, one), motions(cluster, other));
    if !motions.is_empty() && !others.is_empty() && motions.is_disjoint(&others) {
        return Some((ConflictKind::MultiChannel, true));
    }
    let (products, theirs) = (products(cluster, one), products(cluster, other));
    let known = |all: &Option<BTreeSet<String>>| all.as_ref().is_some_and(|all| !all.is_empty());
    let apart = known(&products)
        && known(&theirs)
        && products.iter().flatten().all(|product| theirs.iter().flatten().all(|their| product != their));
    (!apart).then_some((ConflictKind::Horizontal, false))
}

fn deals<'c>(cluster: &'c Cluster, party: &'c Party) -> impl Iterator<Item = &'c ChannelDeal> {
    cluster.deals.iter().filter(move |deal| deal.is_of(party))
}

fn claims<'c>(cluster: &'c Cluster, party: &'c Party) -> impl Iterator<Item = &'c ChannelClaim> {
    cluster.claims.iter().filter(move |claim| claim.is_of(party))
}

fn motions(cluster: &Cluster, party: &Party) -> BTreeSet<Motion> {
    let of_deals = deals(cluster, party).filter_map(|deal| deal.motion);
    of_deals.chain(claims(cluster, party).filter_map(|claim| claim.motion)).collect()
}

/// The products of a party in plain words; nothing as soon as one deal or registration does not say.
fn products(cluster: &Cluster, party: &Party) -> Option<BTreeSet<String>> {
    let of_deals = deals(cluster, party).map(|deal| deal.product.as_deref());
    let named = of_deals.chain(claims(cluster, party).map(|claim| claim.products.as_deref()));
    let mut all = BTreeSet::new();
    for products in named {
        let plain = products?.split([',', ';', '/', '+', '&', '\n']).map(normal::company_name);
        all.extend(plain.filter(|product| !product.is_empty()));
    }
    Some(all)
}

fn share_a_deal(cluster: &Cluster, one: &Party, other: &Party) -> bool {
    let of = |deal: &ChannelDeal, party: &Party| {
        deal.shares.iter().any(|share| Some(&share.partner) == party.partner.as_ref())
            // Where less than all of it is shared out, direct sales holds the rest.
            || party.partner.is_none() && deal.shares.iter().map(|share| share.pct).sum::<u32>() < 100
    };
    cluster.deals.iter().any(|deal| !deal.shares.is_empty() && of(deal, one) && of(deal, other))
}

/// Holds something now: an open deal, a registration in force, the account itself.
fn in_force(cluster: &Cluster, party: &Party) -> bool {
    deals(cluster, party).next().is_some()
        || claims(cluster, party).any(|claim| claim.in_force)
        || party.partner.as_ref().is_some_and(|partner| cluster.incumbents().contains(partner))
}

/// When a party came to the account.
fn first(cluster: &Cluster, party: &Party) -> Option<Instant> {
    let of_deals = deals(cluster, party).filter_map(|deal| deal.created_at);
    of_deals.chain(claims(cluster, party).filter_map(|claim| claim.submitted_at)).min()
}
