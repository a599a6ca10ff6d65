//! Capacity and exclusivity: the partner has room for another protection, and the account is not kept
//! for somebody else.

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
    if let Some(first) = kept.first() {
        return found(CheckOutcome::Fail, format!("{} is kept for {}", facts.registration.company, first.partner))
            .turned_by(kept.iter().map(|kept| Change::Unlisted(kept.account.clone())));
    }
    let Some(limit) = policy.capacity.per_partner else {
        return found(CheckOutcome::Pass, format!("{held} protections in use; the policy sets no limit"));
    };
    let record = facts.partner.as_ref().map(super::partner::link);
    let fact = format!("{held} of {limit} protections in use");
    // Rounded up, so that "90 % of 25" begins at 23 and not at 22.
    let near = (u64::from(limit) * u64::from(policy.capacity.warn_at_percent)).div_ceil(100);
    if held >= limit {
        found(CheckOutcome::Fail, fact).turned_by([Change::Protections(limit.saturating_sub(1))])
    } else if u64::from(held) >= near {
        found(CheckOutcome::Warn, fact)
            .turned_by([Change::Protections(u32::try_from(near.saturating_sub(1)).unwrap_or(0))])
    } else {
        found(CheckOutcome::Pass, fact).turned_by([Change::Protections(limit)])
    }
    .records(record)
}
