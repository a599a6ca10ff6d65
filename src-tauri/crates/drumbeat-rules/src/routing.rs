//! Whose queue a registration comes into: by size, territory or the partner's owner, in the policy's order;
//! and who stands in while somebody is away.
//!
//! The policy names people by e-mail address, which the caller turns into CRM owners; an address that is nobody's
//! there routes nothing, so that no claim lands with somebody who cannot see it. A claim that somebody has taken,
//! or that the CRM says has an owner, is not routed at all.

use std::collections::BTreeMap;

use drumbeat_model::ids::OwnerId;
use drumbeat_model::lifecycle::Cover;
use drumbeat_model::money::Money;
use drumbeat_model::time::Day;

use crate::policy::{Policy, RouteBy};

/// What routing looks at.
#[derive(Debug, Clone, Copy)]
pub struct RouteFacts<'a> {
    /// Amount, in the account's own currency as far as a rate is known; it is compared in that one alone.
    pub amount: Option<&'a Money>,
    /// The account's own currency.
    pub currency: &'a str,
    /// The customer's country, as written.
    pub country: Option<&'a str>,
    /// Who owns the partner.
    pub partner_owner: Option<&'a OwnerId>,
}

/// Where a claim goes, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// Whose it is.
    pub owner: OwnerId,
    /// By which rule.
    pub why: String,
}

/// The first rule of the policy's order that names somebody known.
#[must_use]
pub fn route(facts: &RouteFacts<'_>, policy: &Policy, owner_at: impl Fn(&str) -> Option<OwnerId>) -> Option<Route> {
    policy.routing.order.iter().find_map(|by| match by {
        RouteBy::Size => {
            let money = facts.amount.filter(|money| money.currency.code() == facts.currency)?;
            let fits = policy.routing.sizes.iter().filter(|size| money.amount >= size.from.into());
            // The highest step that it reaches.
            let size = fits.max_by_key(|size| size.from)?;
            Some(Route { owner: owner_at(&size.owner)?, why: format!("from {} {} on", size.from, facts.currency) })
        }
        RouteBy::Territory => {
            let country = policy.places().country(facts.country?.trim());
            // A word that the policy does not know means itself.
            let within = |territory: &str| match policy.places().covered(territory) {
                Some(covered) => covered.contains(&country),
                None => territory.trim().eq_ignore_ascii_case(&country),
            };
            let (territory, owner) = policy.routing.territories.iter().find(|(territory, _)| within(territory))?;
            Some(Route { owner: owner_at(owner)?, why: format!("territory {territory}") })
        }
        RouteBy::PartnerOwner => {
            Some(Route { owner: facts.partner_owner?.clone(), why: "owns the partner".to_owned() })
        }
    })
}

/// Who stands in for whom on a day.
#[must_use]
pub fn covered_by(covers: &[Cover], today: Day) -> BTreeMap<OwnerId, OwnerId> {
    let now = covers.iter().filter(|cover| (cover.from..=cover.to).contains(&today));
    now.map(|cover| (cover.away.clone(), cover.by.clone())).collect()
}

/// Everybody whose queue is mine today: myself, and those that I stand in for.
#[must_use]
pub fn mine(me: &OwnerId, covers: &[Cover], today: Day) -> Vec<OwnerId> {
    let away = covered_by(covers, today);
    let mut all = vec![me.clone()];
    // Somebody who covers may be away too: then their deputy has both queues.
    let mut next = 0;
    while let Some(one) = all.get(next).cloned() {
        for (who, by) in &away {
            if *by == one && !all.contains(who) {
                all.push(who.clone());
            }
        }
        next += 1;
    }
    all
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use crate::policy::SizeRoute;
    use crate::sample::{date, euros};

    fn owner_at(email: &str) -> Option<OwnerId> {
        email.strip_suffix("@x.example").map(OwnerId::from)
    }

    #[test]
    fn the_first_rule_that_names_somebody_known_decides() {
        let mut policy = Policy::built_in();
        let size = |from, who: &str| SizeRoute { from, owner: format!("{who}@x.example") };
        policy.routing.order = vec![RouteBy::Size, RouteBy::Territory, RouteBy::PartnerOwner];
        policy.routing.sizes = vec![size(100_000, "large"), size(500_000, "huge")];
        policy.routing.territories =
            [("DACH", "dach@x.example"), ("France", "gone@y.example"), ("Atlantis", "sea@x.example")]
                .map(|(place, who)| (place.to_owned(), who.to_owned()))
                .into();
        let (small, large, huge) = (euros(5_000), euros(100_000), euros(700_000));
        let keeper = OwnerId::from("keeper");
        let facts = |amount, country, partner_owner| RouteFacts { amount, currency: "EUR", country, partner_owner };
        for (name, facts, expected) in [
            ("a large one", facts(Some(&large), Some("Germany"), None), Some("large")),
            ("the highest step", facts(Some(&huge), None, None), Some("huge")),
            ("a small one by country", facts(Some(&small), Some("Österreich"), None), Some("dach")),
            ("a word that the policy does not know", facts(None, Some("atlantis"), None), Some("sea")),
            ("nobody of that address", facts(None, Some("France"), Some(&keeper)), Some("keeper")),
            ("another currency", RouteFacts { currency: "USD", ..facts(Some(&huge), None, None) }, None),
            ("nothing known", facts(None, None, None), None),
        ] {
            let found = route(&facts, &policy, owner_at).map(|route| route.owner.0);
            assert_eq!(found.as_deref(), expected, "{name}");
        }
        policy.routing.order = vec![RouteBy::PartnerOwner];
        let found = route(&facts(Some(&huge), None, Some(&keeper)), &policy, owner_at).unwrap();
        assert_eq!((found.owner, found.why.as_str()), (keeper.clone(), "owns the partner"));
    }

    #[test]
    fn who_stands_in_has_the_other_queue_while_it_lasts() {
        let cover = |away: &str, by: &str, from: &str, to: &str| Cover {
            away: away.into(),
            by: by.into(),
            from: date(from),
            to: date(to),
        };
        let covers = [
            cover("ana", "me", "2026-11-16", "2026-11-20"),
            cover("bo", "ana", "2026-11-19", "2026-11-19"),
            // A circle ends.
            cover("me", "bo", "2026-11-20", "2026-11-20"),
        ];
        for (day, expected) in [
            ("2026-11-15", vec!["me"]),
            ("2026-11-16", vec!["me", "ana"]),
            ("2026-11-19", vec!["me", "ana", "bo"]),
            ("2026-11-20", vec!["me", "ana"]),
            ("2026-11-21", vec!["me"]),
        ] {
            let found: Vec<String> = mine(&"me".into(), &covers, date(day)).into_iter().map(|one| one.0).collect();
            assert_eq!(found, expected, "{day}");
        }
    }
}
