//! Capacity and exclusivity: the partner has room for another protection, and the account is not kept
//! for somebody else.

use drumbeat_model::partner::Company;
use drumbeat_model::time::Instant;
use drumbeat_model::verdict::{Check, CheckOutcome};

use super::{Finding, accounts, explain};
use crate::change::Change;
use crate::facts::Facts;
use crate::normal::company_name;
use crate::policy::Policy;

/// the partner has room, and the account is free.
#[must_use]
pub fn check(facts: &Facts, policy: &Policy, now: Instant) -> Check {
    explain(judge, facts, policy, now).check
}

pub(super) fn judge(facts: &Facts, policy: &Policy, _now: Instant) -> Finding {
    let found = |outcome, fact: String| Finding::new("R-04.8", "Capacity", outcome, fact);
    let held = facts.active_protections_of_partner;
    let us = facts.partner.as_ref().map(|partner| company_name(&partner.name));
    let kept: Vec<_> = policy
        .accounts
        .exclusive
        .iter()
        .filter(|kept| accounts::listed(facts, std::iter::once(kept.account.as_str())).is_some())
        .filter(|kept| us.as_ref().is_some_and(|us| company_name(&kept.partner) != *us))
        .collect();
    let in_crm = facts.account.as_ref().and_then(|account| account.reserved_for.as_deref()).filter(|reserved| {
        let ours = |partner: &Company| accounts::for_partner(reserved, &partner.id, &partner.name);
        !accounts::for_direct(reserved) && facts.partner.as_ref().is_some_and(|partner| !ours(partner))
    });
    let record = facts.partner.as_ref().map(super::partner::link);
    let (room, use_fact) = self::room(held, policy);
    let room_turn = policy.capacity.per_partner.and_then(|limit| match room {
        CheckOutcome::Fail => Some(Change::Protections(limit.saturating_sub(1))),
        CheckOutcome::Warn => near(limit, policy).checked_sub(1).map(Change::Protections),
        CheckOutcome::Pass => Some(Change::Protections(limit)),
    });
    let Some(first) = in_crm.or_else(|| kept.first().map(|kept| kept.partner.as_str())) else {
        return found(room, use_fact).records(record).turned_by(room_turn);
    };
    let full = room == CheckOutcome::Fail;
    let kept_fact = format!("{} is kept for {first}", facts.registration.company);
    found(CheckOutcome::Fail, if full { format!("{kept_fact}; {use_fact}") } else { kept_fact })
        .records(record)
        .turned_by(in_crm.map(|_| Change::Unreserved))
        .turned_by(kept.iter().map(|kept| Change::Unlisted(kept.account.clone())))
        .turned_by(room_turn.filter(|_| full))
}

/// Whether a partner that holds so many protections has room for one more, and the fact in words.
#[must_use]
pub fn room(held: u32, policy: &Policy) -> (CheckOutcome, String) {
    let Some(limit) = policy.capacity.per_partner else {
        return (CheckOutcome::Pass, format!("{held} protections in use; the policy sets no limit"));
    };
    let outcome = match held {
        _ if held >= limit => CheckOutcome::Fail,
        _ if held >= near(limit, policy) => CheckOutcome::Warn,
        _ => CheckOutcome::Pass,
    };
    (outcome, format!("{held} of {limit} protections in use"))
}

/// From how many on a person looks. Rounded up, so that "90 % of 25" begins at 23 and not at 22.
fn near(limit: u32, policy: &Policy) -> u32 {
    let near = (u64::from(limit) * u64::from(policy.capacity.warn_at_percent)).div_ceil(100);
    u32::try_from(near).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use CheckOutcome::{Fail, Pass, Warn};

    use super::*;
    use crate::checks::tests::{cases, of};
    use crate::policy::Exclusive;
    use crate::sample::facts;

    fn kept(policy: &mut Policy, account: &str, partner: &str) {
        policy.accounts.exclusive.push(Exclusive { account: account.to_owned(), partner: partner.to_owned() });
    }

    #[test]
    fn room_for_one_more() {
        cases(
            "R-04.8",
            &[
                ("no limit", |_, _| {}, Pass, "11 protections in use; the policy sets no limit"),
                ("room", |_, p| p.capacity.per_partner = Some(25), Pass, "11 of 25"),
                (
                    "one below nearly full",
                    |f, p| {
                        p.capacity.per_partner = Some(25);
                        f.active_protections_of_partner = 22;
                    },
                    Pass,
                    "22 of 25",
                ),
                (
                    "nearly full",
                    |f, p| {
                        p.capacity.per_partner = Some(25);
                        f.active_protections_of_partner = 23;
                    },
                    Warn,
                    "23 of 25",
                ),
                ("full", |_, p| p.capacity.per_partner = Some(11), Fail, "11 of 11"),
                ("kept for another", |_, p| kept(p, "hansa-kuehlkette.example", "Rheintal"), Fail, "kept for Rheintal"),
                (
                    "kept for another in the CRM",
                    |f, _| f.account.as_mut().unwrap().reserved_for = Some("Rheintal".into()),
                    Fail,
                    "kept for Rheintal",
                ),
                (
                    "kept for this one in the CRM",
                    |f, _| f.account.as_mut().unwrap().reserved_for = Some("altmark it".into()),
                    Pass,
                    "11 protections",
                ),
                (
                    "a named account is another check's",
                    |f, _| f.account.as_mut().unwrap().reserved_for = Some("direct".into()),
                    Pass,
                    "11 protections",
                ),
                ("kept for this one", |_, p| kept(p, "Hansa Kühlkette", "ALTMARK IT GmbH"), Pass, "11 protections"),
                ("another account is kept", |_, p| kept(p, "other.example", "Rheintal"), Pass, "11 protections"),
            ],
        );
    }

    #[test]
    fn a_kept_account_and_a_full_book_are_both_turned() {
        let mut policy = Policy::built_in();
        policy.capacity.per_partner = Some(11);
        kept(&mut policy, "hansa-kuehlkette.example", "Rheintal");
        let flip = of("R-04.8", &facts(), &policy).flip.unwrap();
        assert_eq!(
            flip,
            "would need a look if the policy did not list hansa-kuehlkette.example and the partner held 10 protections"
        );
    }
}
