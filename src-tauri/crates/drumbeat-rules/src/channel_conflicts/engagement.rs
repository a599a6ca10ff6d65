//! C-02, engagement: a message that complains about fairness, silence since the policy changed, slower replies.
//!
//! Replies are slower when the gaps between a partner's last contacts are so many times as long as the ones before.

use chrono::TimeDelta;
use drumbeat_model::channel::{ChannelSignal, Party, SignalFound};
use drumbeat_model::ids::PartnerId;
use drumbeat_model::time::Instant;

use super::Later;
use super::facts::{Cluster, PartnerFact};
use crate::policy::Policy;
use crate::text;

/// Contacts that make one side of the comparison.
const CONTACTS: usize = 3;

/// Signals about one of two parties.
pub(super) fn between(
    cluster: &Cluster,
    pair: [&Party; 2],
    policy: &Policy,
    now: Instant,
    later: &mut Later,
) -> Vec<SignalFound> {
    let mut all: Vec<SignalFound> = complaints(cluster, policy).into_iter().map(|(_, found)| found).collect();
    for partner in pair.into_iter().filter_map(|party| party.partner.as_ref()) {
        all.extend(of_partner(cluster, partner, policy, now, later));
    }
    all
}

/// Signs of one party: complaints on the account, and what is known of a partner as such where the cluster is one.
pub(super) fn signs(
    cluster: &Cluster,
    policy: &Policy,
    now: Instant,
    later: &mut Later,
) -> Vec<(Option<Party>, SignalFound)> {
    let mut all = complaints(cluster, policy);
    for account in cluster.accounts.iter().filter(|account| account.is_partner) {
        let partner = PartnerId(account.id.0.clone());
        let found = of_partner(cluster, &partner, policy, now, later);
        all.extend(found.into_iter().map(|found| (Some(cluster.party(Some(&partner))), found)));
    }
    all
}

fn complaints(cluster: &Cluster, policy: &Policy) -> Vec<(Option<Party>, SignalFound)> {
    let complains = |title: &str| {
        let title = title.to_lowercase();
        policy.conflicts.complaint_words.iter().any(|word| !word.is_empty() && title.contains(&word.to_lowercase()))
    };
    let found = cluster.touches.iter().filter(|touch| complains(&touch.title)).map(|touch| {
        let party = touch.partners.first().map(|partner| cluster.party(Some(partner)));
        let fact = format!("“{}”, {}", touch.title, text::day(touch.at.date_naive()));
        (party, SignalFound { signal: ChannelSignal::Complaint, fact, records: vec![touch.link(), touch.on.clone()] })
    });
    found.collect()
}

fn of_partner(
    cluster: &Cluster,
    partner: &PartnerId,
    policy: &Policy,
    now: Instant,
    later: &mut Later,
) -> Vec<SignalFound> {
    let Some(fact) = cluster.partners.get(partner) else { return Vec::new() };
    let mut all = Vec::new();
    all.extend(silent(cluster, fact, policy, now, later));
    all.extend(slower(fact, policy));
    all
}

/// A gap in words: in hours while whole days would not tell one from another that is twice as long.
fn span(gap: TimeDelta) -> String {
    let (days, hours) = (gap.num_days().unsigned_abs(), gap.num_hours().unsigned_abs());
    if days >= 3 { text::count(days, "day") } else { text::count(hours, "hour") }
}

/// In touch before the policy changed, and not for so many days since.
fn silent(
    cluster: &Cluster,
    fact: &PartnerFact,
    policy: &Policy,
    now: Instant,
    later: &mut Later,
) -> Option<SignalFound> {
    let changed = cluster.policy_since?.and_hms_opt(0, 0, 0)?.and_utc();
    let last = fact.contacts.iter().max()?;
    // Nobody is silent about a policy that was there before they were.
    let usual = fact.contacts.iter().filter(|at| **at < changed).count() >= CONTACTS;
    let due = later.after(changed, policy.conflicts.silent_after_policy_days);
    (usual && *last < changed && now >= due).then(|| SignalFound {
        signal: ChannelSignal::SilentAfterPolicy,
        fact: format!(
            "{} has not been in touch since the policy changed on {}",
            fact.name,
            text::day(changed.date_naive())
        ),
        records: Vec::new(),
    })
}

fn slower(fact: &PartnerFact, policy: &Policy) -> Option<SignalFound> {
    let mut contacts = fact.contacts.clone();
    contacts.sort_by(|a, b| b.cmp(a));
    let gaps: Vec<TimeDelta> = contacts.windows(2).map(|pair| pair[0] - pair[1]).collect();
    let (recent, before) = gaps.split_at_checked(CONTACTS)?;
    if before.len() < CONTACTS {
        return None;
    }
    let median = |gaps: &[TimeDelta]| {
        let mut gaps = gaps.to_vec();
        gaps.sort();
        gaps.get(gaps.len() / 2).copied().unwrap_or_default()
    };
    let (now, was) = (median(recent), median(before));
    let times = i32::try_from(policy.conflicts.slower_replies_times).unwrap_or(i32::MAX);
    (was >= TimeDelta::hours(12) && now >= was.checked_mul(times)?).then(|| SignalFound {
        signal: ChannelSignal::SlowerReplies,
        fact: format!("{} is in touch every {}, before it was every {}", fact.name, span(now), span(was)),
        records: Vec::new(),
    })
}
