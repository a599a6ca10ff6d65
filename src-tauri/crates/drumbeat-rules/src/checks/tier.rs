//! Tier and discount band: the tier may send this kind of registration; its band sets the price (T-02).

use drumbeat_model::partner::Tier;
use drumbeat_model::time::Instant;
use drumbeat_model::verdict::{Check, CheckOutcome};

use super::{Finding, explain};
use crate::change::Change;
use crate::facts::Facts;
use crate::policy::Policy;

/// the partner's tier may send this kind of registration.
#[must_use]
pub fn check(facts: &Facts, policy: &Policy, now: Instant) -> Check {
    explain(judge, facts, policy, now).check
}

pub(super) fn judge(facts: &Facts, policy: &Policy, _now: Instant) -> Finding {
    let found = |outcome, fact: String| Finding::new("R-04.7", "Tier and discount", outcome, fact);
    let kind = facts.registration.kind;
    let able = Tier::ALL.iter().copied().find(|tier| policy.tier(*tier).kinds.contains(&kind));
    let Some(partner) = &facts.partner else {
        return found(CheckOutcome::Warn, "the partner's tier is not known".to_owned());
    };
    let record = super::partner::link(partner);
    let Some(tier) = partner.tier else {
        return found(CheckOutcome::Warn, format!("{} has no tier", partner.name))
            .records([record])
            .turned_by(able.map(Change::Tier));
    };
    let rule = policy.tier(tier);
    if rule.kinds.contains(&kind) {
        let [from, to] = rule.discount;
        let unable = Tier::ALL.iter().copied().find(|tier| !policy.tier(*tier).kinds.contains(&kind));
        return found(CheckOutcome::Pass, format!("{}, discount band {from} to {to} %", rule.name))
            .records([record])
            .turned_by(unable.map(Change::Tier));
    }
    found(CheckOutcome::Fail, format!("{} partners may not send a {}", rule.name, kind.label().to_lowercase()))
        .records([record])
        .turned_by([able.map_or(Change::AllowKind(tier, kind), Change::Tier)])
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use CheckOutcome::{Fail, Pass, Warn};

    use super::*;
    use crate::checks::tests::cases;
    use drumbeat_model::registration::RegistrationKind;

    #[test]
    fn what_a_tier_may_send() {
        cases(
            "R-04.7",
            &[
                ("elite", |_, _| {}, Pass, "Elite, discount band 15 to 30 %"),
                (
                    "select",
                    |f, _| f.partner.as_mut().unwrap().tier = Some(Tier::Select),
                    Pass,
                    "Select, discount band 10 to 20 %",
                ),
                ("no tier", |f, _| f.partner.as_mut().unwrap().tier = None, Warn, "has no tier"),
                ("partner not known", |f, _| f.partner = None, Warn, "not known"),
                (
                    "leads only",
                    |_, p| p.tiers.elite.kinds = vec![RegistrationKind::Lead],
                    Fail,
                    "Elite partners may not send a deal registration",
                ),
            ],
        );
    }
}
