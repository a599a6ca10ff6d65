//! C-02, pipeline: two open deals on one account, the same deal or account twice, two registrations, partner fields
//! without a partner, a sudden change of owner.

use drumbeat_model::channel::{ChannelSignal, Party, SignalFound};
use drumbeat_model::time::Instant;

use super::facts::{AccountFact, ChannelClaim, ChannelDeal, Cluster};
use super::{Later, deal_link};
use crate::normal;
use crate::policy::Policy;
use crate::text;

/// Signals between two parties.
pub(super) fn between(
    cluster: &Cluster,
    pair: [&Party; 2],
    policy: &Policy,
    now: Instant,
    later: &mut Later,
) -> Vec<SignalFound> {
    let mut all = Vec::new();
    let of = |party: &Party| -> Vec<&ChannelDeal> { cluster.deals.iter().filter(|deal| deal.is_of(party)).collect() };
    let (ours, theirs) = (of(pair[0]), of(pair[1]));
    if let (Some(one), Some(other)) = (ours.first(), theirs.first()) {
        all.push(SignalFound {
            signal: ChannelSignal::TwoOpenDeals,
            fact: format!("{} and {} are open at once", one.name, other.name),
            records: ours.iter().chain(&theirs).map(|deal| deal_link(deal)).collect(),
        });
    }
    let pairs = || ours.iter().flat_map(|one| theirs.iter().map(move |other| (*one, *other)));
    if let Some((one, other)) = pairs().find(|(one, other)| one.id != other.id && same_deal(one, other)) {
        all.push(SignalFound {
            signal: ChannelSignal::DuplicateDeal,
            fact: format!("{} and {} look like one deal", one.name, other.name),
            records: vec![deal_link(one), deal_link(other)],
        });
    }
    if let Some((one, other)) = pairs().find(|(one, other)| cluster.doubled(&one.account, &other.account)) {
        let accounts: Vec<&AccountFact> = cluster
            .accounts
            .iter()
            .filter(|account| account.id == one.account || account.id == other.account)
            .collect();
        let names: Vec<String> = accounts.iter().map(|account| account.name.clone()).collect();
        all.push(SignalFound {
            signal: ChannelSignal::DuplicateAccount,
            fact: format!("the account is in the CRM twice: {}", text::join(&names)),
            records: accounts.iter().map(|account| account.link()).collect(),
        });
    }
    let claims =
        |party: &Party| -> Vec<&ChannelClaim> { cluster.claims.iter().filter(|claim| claim.is_of(party)).collect() };
    let (claimed, by_them) = (claims(pair[0]), claims(pair[1]));
    if let (Some(one), Some(other)) = (claimed.first(), by_them.first()) {
        all.push(SignalFound {
            signal: ChannelSignal::TwoClaims,
            fact: format!("registrations {} and {} are for one company", one.number, other.number),
            records: claimed.iter().chain(&by_them).map(|claim| claim.link()).collect(),
        });
    }
    for deal in ours.into_iter().chain(theirs) {
        all.extend(owner_change(deal, policy, now, later));
    }
    all
}

/// Signs of one party, or of nobody that could be told.
pub(super) fn signs(
    cluster: &Cluster,
    policy: &Policy,
    now: Instant,
    later: &mut Later,
) -> Vec<(Option<Party>, SignalFound)> {
    let mut all = Vec::new();
    for deal in &cluster.deals {
        if deal.partner.is_some() {
            let found = owner_change(deal, policy, now, later);
            all.extend(found.map(|found| (Some(cluster.party(deal.partner.as_ref())), found)));
        } else if deal.marked && deal.shares.is_empty() {
            all.push((
                None,
                SignalFound {
                    signal: ChannelSignal::MissingPartner,
                    fact: format!("{} has partner fields and names no partner", deal.name),
                    records: vec![deal_link(deal)],
                },
            ));
        }
    }
    all
}

/// One deal under two names: the same words, whatever their order and spelling of the company.
fn same_deal(one: &ChannelDeal, other: &ChannelDeal) -> bool {
    let words = |deal: &ChannelDeal| {
        let mut words: Vec<String> = normal::company_name(&deal.name).split(' ').map(str::to_owned).collect();
        words.sort();
        words
    };
    words(one) == words(other)
}

fn owner_change(deal: &ChannelDeal, policy: &Policy, now: Instant, later: &mut Later) -> Option<SignalFound> {
    let at = deal.owner_changed_at.filter(|at| *at <= now)?;
    let until = later.after(at, policy.signals.owner_change_days);
    (now < until).then(|| SignalFound {
        signal: ChannelSignal::OwnerChange,
        fact: format!("the owner of {} changed on {}", deal.name, text::day(at.date_naive())),
        records: vec![deal_link(deal)],
    })
}
