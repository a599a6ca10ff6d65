//! Territory: the customer's country is inside the partner's territories.
//!
//! Territories are words ("DACH", "Germany"); the policy says which countries they cover. A word that the
//! policy does not know cannot exclude anybody: then a person looks.

use std::collections::BTreeSet;

use drumbeat_model::time::Instant;
use drumbeat_model::verdict::{Check, CheckOutcome};

use super::{Finding, explain};
use crate::change::Change;
use crate::facts::Facts;
use crate::normal::company_name as plain;
use crate::policy::Policy;

/// the customer is inside the partner's territories.
#[must_use]
pub fn check(facts: &Facts, policy: &Policy, now: Instant) -> Check {
    explain(judge, facts, policy, now).check
}

pub(super) fn judge(facts: &Facts, policy: &Policy, _now: Instant) -> Finding {
    let found = |outcome, fact: String| Finding::new("R-04.5", "Territory", outcome, fact);
    let Some(partner) = &facts.partner else {
        return found(CheckOutcome::Warn, "the partner's territories are not known".to_owned());
    };
    if partner.territories.is_empty() {
        return found(CheckOutcome::Pass, format!("{} may sell everywhere", partner.name));
    }
    let record = super::partner::link(partner);
    let own = facts.registration.country.as_deref();
    let of_account = facts.account.as_ref().and_then(|account| account.country.as_deref());
    let Some(country) = [own, of_account].into_iter().flatten().map(str::trim).find(|country| !country.is_empty())
    else {
        let turn = countries(&partner.territories, policy).0.into_iter().next().map(Change::Country);
        return found(
            CheckOutcome::Warn,
            format!("no country is given; {} sells in {}", partner.name, partner.territories.join(", ")),
        )
        .records([record])
        .turned_by(turn);
    };
    let (covered, unknown) = countries(&partner.territories, policy);
    let here = plain(&country_name(country, policy));
    if covered.iter().chain(&unknown).any(|one| plain(one) == here) {
        return found(CheckOutcome::Pass, format!("{country} is in the territories of {}", partner.name))
            .records([record]);
    }
    let outcome = if unknown.is_empty() { CheckOutcome::Fail } else { CheckOutcome::Warn };
    let fact = if unknown.is_empty() {
        format!("{country} is outside {}", partner.territories.join(", "))
    } else {
        format!("{country}; the policy does not say what {} covers", unknown.join(", "))
    };
    found(outcome, fact).records([record]).turned_by([Change::Territory(country.to_owned())])
}

/// The name under which the policy knows a country.
fn country_name(country: &str, policy: &Policy) -> String {
    let wanted = plain(country);
    let known = policy
        .country_names
        .iter()
        .find(|(name, others)| plain(name) == wanted || others.iter().any(|other| plain(other) == wanted));
    known.map_or_else(|| country.to_owned(), |(name, _)| name.clone())
}

/// The countries that territories cover, and the words that the policy does not know.
fn countries(territories: &[String], policy: &Policy) -> (BTreeSet<String>, Vec<String>) {
    let members: BTreeSet<&str> = policy.territories.values().flatten().map(String::as_str).collect();
    let (mut covered, mut unknown, mut seen) = (BTreeSet::new(), Vec::new(), BTreeSet::new());
    let mut open: Vec<String> = territories.iter().rev().cloned().collect();
    while let Some(word) = open.pop() {
        let key = plain(&word);
        // A list may name itself through another one.
        if !seen.insert(key.clone()) {
            continue;
        }
        if let Some((_, inside)) = policy.territories.iter().find(|(name, _)| plain(name) == key) {
            open.extend(inside.iter().cloned());
            continue;
        }
        let name = country_name(&word, policy);
        let known =
            policy.country_names.contains_key(&name) || members.iter().any(|member| plain(member) == plain(&name));
        if known {
            covered.insert(name);
        } else {
            unknown.push(word);
        }
    }
    (covered, unknown)
}
