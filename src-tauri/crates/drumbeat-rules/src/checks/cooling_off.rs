//! LEAD-13 Cooling-off: a partner whose claim on a company has ended does not claim it again at once without a look.
//!
//! Otherwise a lapsed hold or a released protection would come back by sending the same claim again. A claim that was
//! declined because it was not complete is mended by sending it again, and cools nothing off.

use std::collections::BTreeSet;

use drumbeat_model::registration::{DeclineReason, RegistrationStatus};
use drumbeat_model::time::{Day, Instant};
use drumbeat_model::verdict::{Check, CheckOutcome};

use super::{Finding, explain};
use crate::change::Change;
use crate::facts::{ClaimFact, Facts};
use crate::policy::Policy;
use crate::text;

/// LEAD-13: the partner's last claim on the company is not just over.
#[must_use]
pub fn check(facts: &Facts, policy: &Policy, now: Instant) -> Check {
    explain(judge, facts, policy, now).check
}

/// When a claim ended, if its end cools anything off.
fn ended(claim: &ClaimFact) -> Option<Day> {
    let decided = claim.decided_at.map(|at| at.date_naive());
    match claim.status {
        RegistrationStatus::Expired => claim.protection_end.or(decided),
        RegistrationStatus::Withdrawn => decided,
        RegistrationStatus::Declined if claim.decline_reason == Some(DeclineReason::Incomplete) => None,
        RegistrationStatus::Declined => decided,
        _ => None,
    }
}

pub(super) fn judge(facts: &Facts, policy: &Policy, now: Instant) -> Finding {
    let found = |outcome, fact: String| Finding::new("LEAD-13", "Cooling-off", outcome, fact);
    let days = policy.lifecycle.cooling_off_days;
    if days == 0 {
        return found(CheckOutcome::Pass, "the policy asks for none".to_owned());
    }
    let today = now.date_naive();
    let from = text::minus_days(today, days);
    let mut seen = BTreeSet::from([&facts.registration.id]);
    let own: Vec<(&ClaimFact, Day)> = facts
        .same_domain
        .iter()
        .chain(&facts.same_name)
        .filter(|claim| facts.is_ours(claim.partner.as_ref()) && seen.insert(&claim.id))
        .filter_map(|claim| Some((claim, ended(claim)?)))
        .filter(|(_, end)| (from..=today).contains(end))
        .collect();
    let Some((claim, end)) = own.iter().max_by_key(|(claim, end)| (*end, &claim.id)) else {
        return found(CheckOutcome::Pass, "no claim of the partner on this company has ended lately".to_owned());
    };
    let until = text::day(text::plus_days(*end, days));
    let fact = format!(
        "{} of the same partner was {} on {}; cooling off until {until}",
        claim.number,
        claim.status.label().to_lowercase(),
        text::day(*end)
    );
    found(CheckOutcome::Warn, fact)
        .records(own.iter().map(|(claim, _)| claim.link()))
        .turned_by(own.iter().map(|(claim, _)| Change::NoClaim(claim.id.clone(), claim.label())))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use CheckOutcome::{Pass, Warn};
    use RegistrationStatus::{Declined, Expired, Withdrawn};

    use super::*;
    use crate::checks::tests::cases;
    use crate::sample::{at, claim, date};

    fn ended_claim(partner: &str, status: RegistrationStatus, day: &str) -> ClaimFact {
        ClaimFact { decided_at: Some(at(day)), ..claim("LR-1", partner, status) }
    }

    #[test]
    fn a_claim_that_has_just_ended_is_looked_at() {
        cases(
            "LEAD-13",
            &[
                ("none", |_, _| {}, Pass, "has ended lately"),
                (
                    "declined lately",
                    |f, _| f.same_domain = vec![ended_claim("p1", Declined, "2026-11-10")],
                    Warn,
                    "LR-1 of the same partner was declined on 10 Nov 2026; cooling off until 10 Dec 2026",
                ),
                (
                    "declined on the last day that counts",
                    |f, _| f.same_name = vec![ended_claim("p1", Declined, "2026-10-20")],
                    Warn,
                    "20 Oct 2026",
                ),
                (
                    "declined a day before",
                    |f, _| f.same_name = vec![ended_claim("p1", Declined, "2026-10-19")],
                    Pass,
                    "has ended lately",
                ),
                (
                    "another partner's",
                    |f, _| f.same_domain = vec![ended_claim("p2", Declined, "2026-11-10")],
                    Pass,
                    "has ended lately",
                ),
                (
                    "declined as incomplete",
                    |f, _| {
                        f.same_domain = vec![ClaimFact {
                            decline_reason: Some(DeclineReason::Incomplete),
                            ..ended_claim("p1", Declined, "2026-11-10")
                        }];
                    },
                    Pass,
                    "has ended lately",
                ),
                (
                    "expired by its day",
                    |f, _| {
                        let end = Some(date("2026-11-12"));
                        f.same_domain = vec![ClaimFact { protection_end: end, ..claim("LR-1", "p1", Expired) }];
                    },
                    Warn,
                    "expired on 12 Nov 2026",
                ),
                (
                    "withdrawn, and the policy asks for none",
                    |f, p| {
                        p.lifecycle.cooling_off_days = 0;
                        f.same_domain = vec![ended_claim("p1", Withdrawn, "2026-11-18")];
                    },
                    Pass,
                    "asks for none",
                ),
            ],
        );
    }
}
