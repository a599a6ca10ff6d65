//! Consent: the contact agreed to be named. Without it the partner is asked.

use drumbeat_model::time::Instant;
use drumbeat_model::verdict::{Check, CheckOutcome};

use super::{Finding, explain};
use crate::change::Change;
use crate::facts::Facts;
use crate::policy::Policy;

/// the contact agreed to be named.
#[must_use]
pub fn check(facts: &Facts, policy: &Policy, now: Instant) -> Check {
    explain(judge, facts, policy, now).check
}

pub(super) fn judge(facts: &Facts, policy: &Policy, _now: Instant) -> Finding {
    let registration = &facts.registration;
    let needed = policy.registration.consent.contains(&registration.kind);
    let (outcome, fact, turn) = match (registration.consent, needed) {
        (Some(true), true) => (CheckOutcome::Pass, "the contact agreed to be named", Some(Change::Consent(None))),
        (Some(true), false) => {
            (CheckOutcome::Pass, "the contact agreed to be named", Some(Change::Consent(Some(false))))
        }
        (Some(false), _) => {
            (CheckOutcome::Fail, "the contact did not agree to be named", Some(Change::Consent(Some(true))))
        }
        (None, true) => (CheckOutcome::Fail, "the claim says nothing about consent", Some(Change::Consent(Some(true)))),
        (None, false) => (CheckOutcome::Pass, "not asked for this kind", Some(Change::Consent(Some(false)))),
    };
    Finding::new("R-04.2", "Consent", outcome, fact).turned_by(turn)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use CheckOutcome::{Fail, Pass};

    use super::*;
    use crate::checks::tests::cases;

    #[test]
    fn the_contact_agrees_to_be_named() {
        cases(
            "R-04.2",
            &[
                ("yes", |_, _| {}, Pass, "agreed"),
                ("no", |f, _| f.registration.consent = Some(false), Fail, "did not agree"),
                ("not said", |f, _| f.registration.consent = None, Fail, "says nothing"),
                (
                    "not said, not asked",
                    |f, p| {
                        f.registration.consent = None;
                        p.registration.consent.clear();
                    },
                    Pass,
                    "not asked",
                ),
                (
                    "a no counts also where it is not asked",
                    |f, p| {
                        f.registration.consent = Some(false);
                        p.registration.consent.clear();
                    },
                    Fail,
                    "did not agree",
                ),
            ],
        );
    }
}
