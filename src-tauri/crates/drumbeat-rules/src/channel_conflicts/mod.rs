//! Channel conflicts: who meets whom on one account, how urgent that is, who stands first, and what may be done (C).
//!
//! All of it is judged from the facts of one cluster: an account with its duplicates and its group, which count as one.
//! [`judge`] answers every finding of a cluster and when to look again although nothing has changed, because days pass
//! (a renewal comes near, an owner change is no longer sudden). The one hard idea: a finding has a key (kind and
//! parties) and a fingerprint (the facts that make it). The key says that it is the same finding as last time, the
//! fingerprint whether what a person has settled is still that. Amounts, stages and days are in neither.
//!
//! - `collisions`: the four kinds of C-01. `pricing`, `pipeline`, `engagement`, `renewal`: the signals of C-02.
//! - `sides`: each party's facts beside each other. `verdict`: the hierarchy, and what would turn it.
//! - `severity`, `clocks`, `settling`: points, S-06 to S-08, and what can be done when.
//!
//! Callers rely on the same findings in the same order whatever order the facts come in. Nothing is read or kept here.

pub mod clocks;
mod collisions;
mod engagement;
mod facts;
mod pipeline;
mod pricing;
mod renewal;
mod replay;
pub mod settling;
mod severity;
mod sides;
#[cfg(test)]
mod tests;
pub mod verdict;

use std::collections::BTreeSet;

use drumbeat_model::channel::{ChannelSignal, ConflictKind, Finding, Party, SignalFound, link};
use drumbeat_model::crm::ObjectKind;
use drumbeat_model::deal::ConflictStatus;
use drumbeat_model::time::Instant;

pub use facts::{AccountFact, ChannelClaim, ChannelDeal, Cluster, PartnerFact, TouchFact};
pub use replay::{JudgedConflict, differences};

use crate::policy::Policy;

/// What a cluster comes to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Judged {
    /// Findings, by key.
    pub findings: Vec<Finding>,
    /// Though nothing changes: look again from this moment on.
    pub look_again: Option<Instant>,
}

/// The moments at which days alone change something; the next one is kept.
#[derive(Debug, Default)]
pub(crate) struct Later {
    now: Instant,
    next: Option<Instant>,
}

impl Later {
    pub(crate) fn at(&mut self, at: Instant) {
        if at > self.now && self.next.is_none_or(|next| at < next) {
            self.next = Some(at);
        }
    }

    /// The day after `days` days of `from` begins to count at the same time of the day.
    pub(crate) fn after(&mut self, from: Instant, days: u32) -> Instant {
        let at = from.checked_add_signed(chrono::TimeDelta::days(days.into())).unwrap_or(Instant::MAX_UTC);
        self.at(at);
        at
    }
}

/// Everything that is found on a cluster.
#[must_use]
pub fn judge(cluster: &Cluster, policy: &Policy, now: Instant) -> Judged {
    let mut later = Later { now, next: None };
    let cluster = &cluster.in_order();
    let mut findings: Vec<Finding> = collisions::collisions(cluster, now)
        .into_iter()
        .map(|met| finding(cluster, met, policy, now, &mut later))
        .collect();
    let mut signs = Vec::new();
    signs.extend(pricing::signs(cluster, policy));
    signs.extend(pipeline::signs(cluster, policy, now, &mut later));
    signs.extend(engagement::signs(cluster, policy, now, &mut later));
    signs.extend(renewal::signs(cluster, policy, now, &mut later));
    for (party, sign) in signs {
        // What a channel conflict says already is not said once more.
        let told = |finding: &Finding| {
            finding.kind != ConflictKind::Sign
                && finding.signals.iter().any(|found| found.signal == sign.signal && found.fact == sign.fact)
        };
        if !findings.iter().any(told) {
            findings.push(early(cluster, party, sign, policy, now, &mut later));
        }
    }
    findings.sort_by_key(Finding::key);
    let steps = cluster.steps();
    for finding in &mut findings {
        let key = finding.key();
        finding.steps = steps.iter().filter(|step| step.key == key).cloned().collect();
    }
    // Two signs of one kind and party are one finding with the facts of both.
    findings.dedup_by(|next, first| {
        let same = next.key() == first.key();
        if same {
            join(first, next);
        }
        same
    });
    Judged { findings, look_again: later.next }
}

/// Takes the facts of a second sign of the same kind and party into the first.
fn join(first: &mut Finding, next: &mut Finding) {
    first.signals.append(&mut next.signals);
    let tokens: BTreeSet<&str> = first.fingerprint.split(' ').chain(next.fingerprint.split(' ')).collect();
    first.fingerprint = tokens.into_iter().collect::<Vec<_>>().join(" ");
    for record in next.records.drain(..) {
        if !first.records.contains(&record) {
            first.records.push(record);
        }
    }
    if next.severity > first.severity {
        (first.severity, first.points) = (next.severity, std::mem::take(&mut next.points));
    }
    first.text = format!("{}; {}", first.text, next.text);
}

fn finding(cluster: &Cluster, met: collisions::Met, policy: &Policy, now: Instant, later: &mut Later) -> Finding {
    let pair = [&met.parties[0], &met.parties[1]];
    let mut signals = pricing::between(cluster, pair, policy);
    signals.extend(pipeline::between(cluster, pair, policy, now, later));
    signals.extend(engagement::between(cluster, pair, policy, now, later));
    signals.extend(renewal::between(cluster, pair, &met, policy, now, later));
    let sides: Vec<_> = met.parties.iter().map(|party| sides::side(cluster, party, policy, now, later)).collect();
    let verdict = verdict::judge(&sides, &met, policy);
    let mut tokens = facts::tokens(cluster, &met.parties);
    tokens.extend(signals.iter().flat_map(|found| facts::of_signal(cluster, found)));
    let mut records = cluster.records(&met.parties);
    for record in signals.iter().flat_map(|found| &found.records) {
        if !records.contains(record) {
            records.push(record.clone());
        }
    }
    let account = cluster.account(&met.parties);
    let name = account.as_ref().map_or_else(|| cluster.name(), |account| account.label.clone());
    let value = severity::at_stake(&sides);
    let (severity, points) =
        severity::points(met.status, value.as_ref(), &sides, met.since, signals.len(), policy, now, later);
    Finding {
        kind: met.kind,
        status: met.status,
        severity,
        points,
        signals,
        region: cluster.region(),
        value,
        motions: sides::motions(&sides),
        since: met.since,
        text: met.text(&name),
        ends_with: met.ends_with(cluster),
        fingerprint: facts::fingerprint(&tokens),
        verdict,
        sides,
        records,
        account,
        parties: met.parties,
        steps: Vec::new(),
    }
}

/// A sign of one party, before anybody collides.
fn early(
    cluster: &Cluster,
    party: Option<Party>,
    sign: SignalFound,
    policy: &Policy,
    now: Instant,
    later: &mut Later,
) -> Finding {
    let parties: Vec<Party> = party.into_iter().collect();
    let sides: Vec<_> = parties.iter().map(|party| sides::side(cluster, party, policy, now, later)).collect();
    let account = cluster.account(&parties);
    let name = account.as_ref().map_or_else(|| cluster.name(), |account| account.label.clone());
    let value = severity::at_stake(&sides);
    let (severity, points) =
        severity::points(ConflictStatus::Risk, value.as_ref(), &sides, None, 1, policy, now, later);
    Finding {
        kind: ConflictKind::Sign,
        status: ConflictStatus::Risk,
        severity,
        points,
        fingerprint: facts::fingerprint(&facts::of_signal(cluster, &sign).into_iter().collect()),
        text: format!("{name}: {}", sign.fact),
        ends_with: ends_sign(sign.signal).to_owned(),
        region: cluster.region(),
        value,
        motions: sides::motions(&sides),
        since: None,
        records: {
            let mut records: Vec<_> = account.iter().cloned().collect();
            records.extend(sign.records.iter().filter(|record| Some(*record) != account.as_ref()).cloned());
            records
        },
        signals: vec![sign],
        verdict: verdict::nobody(policy),
        sides,
        account,
        parties,
        steps: Vec::new(),
    }
}

/// The smallest change that ends an early sign.
fn ends_sign(signal: ChannelSignal) -> &'static str {
    match signal {
        ChannelSignal::UnusualDiscount => "a discount inside the band of the partner's tier",
        ChannelSignal::OverlappingProtection => "one of the protections ends",
        ChannelSignal::DuplicateQuote => "one of the quotes is taken back",
        ChannelSignal::TwoOpenDeals | ChannelSignal::DuplicateDeal => "one of the deals is closed",
        ChannelSignal::DuplicateAccount => "the two records are merged in the CRM",
        ChannelSignal::TwoClaims => "one of the registrations is decided",
        ChannelSignal::MissingPartner => "the deal names its partner",
        ChannelSignal::OwnerChange => "it ends by itself when the change is no longer recent",
        ChannelSignal::Complaint => "the complaint is answered and dismissed here",
        ChannelSignal::SilentAfterPolicy => "the partner is in touch again",
        ChannelSignal::SlowerReplies => "the partner answers as quickly as before",
        ChannelSignal::IncumbentTouched => "the incumbent is part of the contact",
        ChannelSignal::RenewalUnconfirmed => "an open renewal deal with an owner",
    }
}

/// Whether `now` holds facts that `settled` did not: what was settled is to be looked at again.
#[must_use]
pub fn has_new_facts(settled: &str, now: &str) -> bool {
    let known: BTreeSet<&str> = settled.split(' ').collect();
    now.split(' ').any(|token| !token.is_empty() && !known.contains(token))
}

/// The facts of both, so that neither counts as new.
#[must_use]
pub fn with_facts_of(one: &str, other: &str) -> String {
    let all: BTreeSet<&str> = one.split(' ').chain(other.split(' ')).filter(|token| !token.is_empty()).collect();
    all.into_iter().collect::<Vec<_>>().join(" ")
}

fn deal_link(deal: &ChannelDeal) -> drumbeat_model::verdict::RecordLink {
    link(ObjectKind::Deal, deal.id.as_str(), &deal.name)
}
