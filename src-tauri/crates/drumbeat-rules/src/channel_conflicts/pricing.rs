//! C-02, pricing: a discount outside the tier's band, price protections that overlap, one quote twice.

use drumbeat_model::channel::{ChannelSignal, Party, SignalFound};
use drumbeat_model::time::Day;
use rust_decimal::Decimal;

use super::deal_link;
use super::facts::{ChannelDeal, Cluster};
use crate::normal;
use crate::policy::Policy;
use crate::text;

/// Signals between two parties.
pub(super) fn between(cluster: &Cluster, pair: [&Party; 2], policy: &Policy) -> Vec<SignalFound> {
    let mut all = Vec::new();
    let of = |party: &Party| -> Vec<&ChannelDeal> { cluster.deals.iter().filter(|deal| deal.is_of(party)).collect() };
    let (ours, theirs) = (of(pair[0]), of(pair[1]));
    let overlap =
        ours.iter().flat_map(|one| theirs.iter().map(move |other| (*one, *other))).find_map(|(one, other)| {
            let until = overlapping(one, other)?;
            Some((one, other, until))
        });
    if let Some((one, other, until)) = overlap {
        all.push(SignalFound {
            signal: ChannelSignal::OverlappingProtection,
            fact: format!("{} and {} protect prices at once, until {}", one.name, other.name, text::day(until)),
            records: vec![deal_link(one), deal_link(other)],
        });
    }
    let quoted = ours
        .iter()
        .flat_map(|one| theirs.iter().map(move |other| (*one, *other)))
        .find(|(one, other)| one.id != other.id && same_quote(one, other, policy));
    if let Some((one, other)) = quoted {
        let amount = |deal: &ChannelDeal| deal.amount.as_ref().map(ToString::to_string).unwrap_or_default();
        all.push(SignalFound {
            signal: ChannelSignal::DuplicateQuote,
            fact: format!("the same is quoted twice: {} and {}", amount(one), amount(other)),
            records: vec![deal_link(one), deal_link(other)],
        });
    }
    for deal in ours.into_iter().chain(theirs) {
        all.extend(discount(cluster, deal, policy).map(|(_, found)| found));
    }
    all
}

/// Signs of one party.
pub(super) fn signs(cluster: &Cluster, policy: &Policy) -> Vec<(Option<Party>, SignalFound)> {
    cluster.deals.iter().filter_map(|deal| discount(cluster, deal, policy)).collect()
}

/// Until when two price protections run at once.
fn overlapping(one: &ChannelDeal, other: &ChannelDeal) -> Option<Day> {
    if !one.price_protected || !other.price_protected || one.id == other.id {
        return None;
    }
    let ((from, to), (their_from, their_to)) = (one.protection?, other.protection?);
    let (begins, ends) = (from.max(their_from), to.min(their_to));
    (begins.is_none_or(|begins| begins <= ends)).then_some(ends)
}

fn same_quote(one: &ChannelDeal, other: &ChannelDeal, policy: &Policy) -> bool {
    // Quotes in two currencies are compared in the account's own.
    let quotes = one.amount.as_ref().zip(other.amount.as_ref()).filter(|(one, other)| one.currency == other.currency);
    let Some((amount, theirs)) = quotes.or(one.home.as_ref().zip(other.home.as_ref())) else { return false };
    let plain = |product: &Option<String>| product.as_deref().map(normal::company_name);
    let (product, their_product) = (plain(&one.product), plain(&other.product));
    let apart = product.is_some() && their_product.is_some() && product != their_product;
    let larger = amount.amount.abs().max(theirs.amount.abs());
    let within = larger * Decimal::from(policy.conflicts.same_quote_percent) / Decimal::from(100);
    !apart && amount.currency == theirs.currency && !larger.is_zero() && (amount.amount - theirs.amount).abs() <= within
}

/// A discount above the band of the partner's tier.
fn discount(cluster: &Cluster, deal: &ChannelDeal, policy: &Policy) -> Option<(Option<Party>, SignalFound)> {
    let partner = deal.partner.as_ref()?;
    let tier = cluster.partners.get(partner)?.tier?;
    let most = highest(deal.discount.as_deref()?)?;
    let rule = policy.tier(tier);
    (most > rule.discount[1]).then(|| {
        let fact = format!(
            "{} has a discount of up to {most} %, {} partners have up to {} %",
            deal.name, rule.name, rule.discount[1]
        );
        let found = SignalFound { signal: ChannelSignal::UnusualDiscount, fact, records: vec![deal_link(deal)] };
        (Some(cluster.party(Some(partner))), found)
    })
}

/// The highest number of a band as people write it: `10-20`, `up to 15 %`, `12`.
fn highest(band: &str) -> Option<u32> {
    band.split(|c: char| !c.is_ascii_digit()).filter_map(|number| number.parse().ok()).filter(|n| *n <= 100).max()
}
