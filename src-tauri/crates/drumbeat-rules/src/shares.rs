//! Several partners on one deal (F-05): each with a role and a share, sourced at most once, never more than a hundred.
//!
//! And what is locked (F-04): once "sourced" stands, the credit is changed by an amendment with a reason, and both
//! values stay on record. Whether a set of partners may stand is decided here; writing it is the caller's.

use drumbeat_model::crm::Outcome;
use drumbeat_model::deal::{Attribution, Deal};
use drumbeat_model::dossier::{DealDossier, DealPartner, PartnerRole};
use rust_decimal::prelude::ToPrimitive;

use crate::policy::{Credit, Policy};

/// Partners that one deal bears.
pub const MOST: usize = 10;

/// The partners as they stand: the dossier's, or the one that the deal's own fields name.
#[must_use]
pub fn standing(deal: &Deal) -> Vec<DealPartner> {
    let own = || {
        let partner = deal.partner.clone()?;
        let attribution = deal.attribution?;
        let role = if attribution == Attribution::Sourced { PartnerRole::Source } else { PartnerRole::Support };
        let pct = deal.attribution_pct.and_then(|pct| pct.round().to_u32()).unwrap_or(0);
        Some(DealPartner { partner, role, attribution, pct, part: None })
    };
    if deal.dossier.partners.is_empty() { own().into_iter().collect() } else { deal.dossier.partners.clone() }
}

/// Points that nobody has.
#[must_use]
pub fn free(partners: &[DealPartner]) -> u32 {
    100_u32.saturating_sub(partners.iter().map(|one| one.pct).fold(0, u32::saturating_add))
}

/// Why a set of partners cannot stand on a deal; nothing when it can.
#[must_use]
pub fn problem(partners: &[DealPartner], policy: &Policy) -> Option<String> {
    if partners.len() > MOST {
        return Some(format!("a deal bears at most {MOST} partners"));
    }
    if policy.attribution.credit == Credit::Primary && partners.len() > 1 {
        return Some("the policy gives one partner all of the credit".to_owned());
    }
    for (place, one) in partners.iter().enumerate() {
        if one.partner.as_str().trim().is_empty() {
            return Some("a share has no partner".to_owned());
        }
        if partners[..place].iter().any(|before| before.partner == one.partner) {
            return Some("a partner stands twice: give it one share".to_owned());
        }
        if one.pct == 0 || one.pct > 100 {
            return Some(format!("{} % is no share: it is 1 to 100", one.pct));
        }
        if !policy.lifecycle.partner_roles.contains(&one.role) {
            return Some(format!("the policy has no role “{}”", one.role.label()));
        }
    }
    if partners.iter().filter(|one| one.attribution == Attribution::Sourced).count() > 1 {
        return Some("a deal is sourced by one partner at most (F-05)".to_owned());
    }
    let sum: u32 = partners.iter().map(|one| one.pct).fold(0, u32::saturating_add);
    (sum > 100).then(|| format!("the shares add up to {sum} %, which is more than 100 (F-05)"))
}

/// Whether the credit of a deal is locked (F-04).
#[must_use]
pub fn locked(deal: &Deal) -> bool {
    deal.dossier.locked.is_some() || deal.attribution == Some(Attribution::Sourced)
}

/// Why the credit cannot be changed; nothing when it can.
#[must_use]
pub fn refusal(deal: &Deal, reason: Option<&str>, policy: &Policy) -> Option<String> {
    if deal.outcome != Outcome::Open && policy.attribution.fixed_before_close {
        return Some("the deal is closed: percentages are fixed before the close (F-04)".to_owned());
    }
    let silent = reason.is_none_or(|reason| reason.trim().is_empty());
    (locked(deal) && policy.attribution.amendment_reason && silent)
        .then(|| "the credit is locked: a change of it needs a reason (F-04)".to_owned())
}

/// The dossier with another set of partners: an amendment where the credit was locked.
#[must_use]
pub fn amended(
    deal: &Deal,
    partners: Vec<DealPartner>,
    reason: Option<&str>,
    by: &str,
    at: drumbeat_model::time::Instant,
) -> DealDossier {
    let from = standing(deal);
    let mut dossier = deal.dossier.clone();
    if locked(deal) && from != partners {
        dossier.amendments.push(drumbeat_model::dossier::Amendment {
            at,
            by: by.to_owned(),
            reason: reason.unwrap_or_default().trim().to_owned(),
            from,
            to: partners.clone(),
        });
    }
    if dossier.locked.is_none() && partners.iter().any(|one| one.attribution == Attribution::Sourced) {
        dossier.locked = Some(drumbeat_model::dossier::Lock { at, by: by.to_owned() });
    }
    dossier.partners = partners;
    dossier
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use crate::sample::{at, deal};
    use proptest::prelude::*;

    fn share(partner: &str, attribution: Attribution, pct: u32) -> DealPartner {
        DealPartner { partner: partner.into(), role: PartnerRole::Services, attribution, pct, part: None }
    }

    #[test]
    fn which_partners_can_stand_on_one_deal() {
        use Attribution::{Influenced, Sourced};
        let policy = Policy::built_in();
        let mut single = Policy::built_in();
        single.attribution.credit = Credit::Primary;
        let mut narrow = Policy::built_in();
        narrow.lifecycle.partner_roles = vec![PartnerRole::Source];
        let two = [share("p1", Sourced, 60), share("p2", Influenced, 40)];
        for (name, partners, policy, problem) in [
            ("none", &[][..], &policy, None),
            ("one", &[share("p1", Sourced, 100)], &policy, None),
            ("two with all of it", &two, &policy, None),
            ("sourced twice", &[share("p1", Sourced, 50), share("p2", Sourced, 50)], &policy, Some("at most")),
            ("more than all", &[share("p1", Sourced, 61), share("p2", Influenced, 40)], &policy, Some("101 %")),
            ("one partner twice", &[share("p1", Sourced, 50), share("p1", Influenced, 10)], &policy, Some("twice")),
            ("no share", &[share("p1", Sourced, 0)], &policy, Some("0 %")),
            ("no partner", &[share(" ", Sourced, 10)], &policy, Some("no partner")),
            ("one credit by policy", &two, &single, Some("one partner all of the credit")),
            ("a role that is none", &two, &narrow, Some("no role “Services”")),
        ] {
            let said = super::problem(partners, policy);
            match problem {
                None => assert_eq!(said, None, "{name}"),
                Some(words) => assert!(said.as_ref().is_some_and(|said| said.contains(words)), "{name}: {said:?}"),
            }
        }
    }

    #[test]
    fn locked_credit_is_amended_with_a_reason_and_both_values_stay() {
        let policy = Policy::built_in();
        let sourced = deal();
        assert!(refusal(&sourced, None, &policy).unwrap().contains("needs a reason"));
        assert!(refusal(&sourced, Some(" "), &policy).is_some());
        assert_eq!(refusal(&sourced, Some("agreed on the phone"), &policy), None);
        let influenced = Deal { attribution: Some(Attribution::Influenced), ..deal() };
        assert_eq!(refusal(&influenced, None, &policy), None, "nothing is locked yet");
        let won = Deal { outcome: Outcome::Won, ..deal() };
        assert!(refusal(&won, Some("late"), &policy).unwrap().contains("closed"));

        let to = vec![share("p1", Attribution::Sourced, 70), share("p2", Attribution::Influenced, 30)];
        let dossier = amended(&sourced, to.clone(), Some("agreed"), "Mara", at("2026-11-19"));
        let amendment = dossier.amendments.last().unwrap();
        assert_eq!((&amendment.from, &amendment.to), (&standing(&sourced), &to));
        assert_eq!(amendment.from[0].pct, 100);
        assert!(dossier.locked.is_some());
        let again = amended(&Deal { dossier: dossier.clone(), ..deal() }, to, Some("again"), "Mara", at("2026-11-20"));
        assert_eq!(again, dossier, "what stands already is no amendment");
    }

    proptest! {
        #[test]
        fn what_may_stand_never_gives_more_than_all(shares in prop::collection::vec((0_u8..4, any::<bool>(), 0_u32..120), 0..5)) {
            let partners: Vec<DealPartner> = shares
                .into_iter()
                .map(|(who, sourced, pct)| {
                    share(&format!("p{who}"), if sourced { Attribution::Sourced } else { Attribution::Influenced }, pct)
                })
                .collect();
            if super::problem(&partners, &Policy::built_in()).is_none() {
                prop_assert!(partners.iter().map(|one| one.pct).sum::<u32>() + free(&partners) == 100);
                prop_assert!(partners.iter().filter(|one| one.attribution == Attribution::Sourced).count() <= 1);
            }
        }
    }
}
