//! Proof of work: a deal registration shows what the partner has done so far. Without it the partner is asked.

use drumbeat_model::field::Field;
use drumbeat_model::registration::Registration;
use drumbeat_model::time::Instant;
use drumbeat_model::verdict::{Check, CheckOutcome};

use super::{Finding, explain};
use crate::change::Change;
use crate::facts::Facts;
use crate::policy::Policy;
use crate::text;

/// proof of work is given where it is asked for.
#[must_use]
pub fn check(facts: &Facts, policy: &Policy, now: Instant) -> Check {
    explain(judge, facts, policy, now).check
}

pub(crate) fn given(registration: &Registration) -> bool {
    text::there(registration.proof_of_work.as_deref())
}

pub(super) fn judge(facts: &Facts, policy: &Policy, _now: Instant) -> Finding {
    let found = |outcome, fact: &str| Finding::new("R-04.12", "Proof of work", outcome, fact);
    let registration = &facts.registration;
    if !policy.registration.proof_of_work.contains(&registration.kind) {
        return found(CheckOutcome::Pass, "not asked for this kind");
    }
    match registration.proof_of_work.as_deref().map(str::trim).filter(|proof| !proof.is_empty()) {
        Some(proof) => found(CheckOutcome::Pass, &first_line(proof)).turned_by([Change::Clear(Field::ProofOfWork)]),
        None => found(CheckOutcome::Fail, "none is given").turned_by([Change::Fill(Field::ProofOfWork)]),
    }
}

/// A proof may be a page of notes; the fact is its beginning.
fn first_line(text: &str) -> String {
    let line = text.lines().next().unwrap_or("");
    if line.chars().count() > 120 { line.chars().take(119).chain(['…']).collect() } else { line.to_owned() }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use CheckOutcome::{Fail, Pass};

    use super::*;
    use crate::checks::tests::cases;
    use drumbeat_model::registration::RegistrationKind;

    #[test]
    fn what_the_partner_has_done() {
        cases(
            "R-04.12",
            &[
                ("given", |_, _| {}, Pass, "Discovery notes, 12 Nov"),
                ("none", |f, _| f.registration.proof_of_work = None, Fail, "none is given"),
                ("blank", |f, _| f.registration.proof_of_work = Some("\t".into()), Fail, "none is given"),
                (
                    "not asked of a lead",
                    |f, _| {
                        f.registration.kind = RegistrationKind::Lead;
                        f.registration.proof_of_work = None;
                    },
                    Pass,
                    "not asked",
                ),
                ("long notes are cut", |f, _| f.registration.proof_of_work = Some("ä".repeat(500)), Pass, "ä…"),
            ],
        );
    }
}
