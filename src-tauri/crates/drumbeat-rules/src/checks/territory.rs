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
    let here = plain(&policy.places().country(country));
    if covered.contains(&policy.places().country(country)) || unknown.iter().any(|one| plain(one) == here) {
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

/// Whether territories cover a country; not known where the policy does not know one of their words.
pub(crate) fn covers(territories: &[String], country: &str, policy: &Policy) -> Option<bool> {
    let (covered, unknown) = countries(territories, policy);
    let here = plain(&policy.places().country(country));
    if covered.contains(&policy.places().country(country)) || unknown.iter().any(|one| plain(one) == here) {
        return Some(true);
    }
    unknown.is_empty().then_some(false)
}

/// The countries that territories cover, and the words that the policy does not know.
fn countries(territories: &[String], policy: &Policy) -> (BTreeSet<String>, Vec<String>) {
    let (mut covered, mut unknown) = (BTreeSet::new(), Vec::new());
    for word in territories {
        match policy.places().covered(word) {
            Some(countries) => covered.extend(countries),
            None => unknown.push(word.clone()),
        }
    }
    (covered, unknown)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use CheckOutcome::{Fail, Pass, Warn};

    use super::*;
    use crate::checks::tests::cases;

    fn sells_in(facts: &mut Facts, territories: &[&str]) {
        facts.partner.as_mut().unwrap().territories = territories.iter().map(|&word| word.to_owned()).collect();
    }

    #[test]
    fn where_a_partner_may_sell() {
        cases(
            "R-04.5",
            &[
                ("inside, in another language", |_, _| {}, Pass, "Deutschland is in the territories of Altmark IT"),
                ("inside, by code", |f, _| f.registration.country = Some("AT".into()), Pass, "AT is in"),
                ("outside", |f, _| f.registration.country = Some("France".into()), Fail, "France is outside DACH"),
                ("everywhere", |f, _| sells_in(f, &[]), Pass, "may sell everywhere"),
                ("a territory of territories", |f, _| sells_in(f, &["EMEA"]), Pass, "is in the territories"),
                ("a country as territory", |f, _| sells_in(f, &["Germany"]), Pass, "is in the territories"),
                (
                    "a word that nobody knows",
                    |f, _| sells_in(f, &["Central"]),
                    Warn,
                    "does not say what Central covers",
                ),
                (
                    "a word that is the country itself",
                    |f, _| {
                        sells_in(f, &["Atlantis"]);
                        f.registration.country = Some("ATLANTIS".into());
                    },
                    Pass,
                    "ATLANTIS is in",
                ),
                (
                    "the account's country, where the claim has none",
                    |f, _| f.registration.country = None,
                    Pass,
                    "Germany is in",
                ),
                (
                    "no country at all",
                    |f, _| {
                        f.registration.country = Some(" ".into());
                        f.account = None;
                    },
                    Warn,
                    "no country is given",
                ),
                ("partner not known", |f, _| f.partner = None, Warn, "not known"),
            ],
        );
    }
}
