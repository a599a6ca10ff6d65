//! Required fields: what the claim must say before it can be decided.
//! A missing one is a reason to ask, never to decline.

use drumbeat_model::field::Field;
use drumbeat_model::registration::Registration;
use drumbeat_model::time::Instant;
use drumbeat_model::verdict::{Check, CheckOutcome};

use super::{Finding, explain};
use crate::change::Change;
use crate::facts::Facts;
use crate::normal;
use crate::policy::Policy;
use crate::text;

/// The fields that a policy may ask of a registration.
pub const JUDGED: [Field; 16] = [
    Field::CompanyName,
    Field::Domain,
    Field::ContactName,
    Field::ContactEmail,
    Field::ContactPhone,
    Field::Country,
    Field::City,
    Field::Problem,
    Field::StageGuess,
    Field::SubmittedBy,
    Field::Partner,
    Field::Motion,
    Field::Amount,
    Field::CloseDate,
    Field::Products,
    Field::Competitors,
];

/// the required fields are there.
#[must_use]
pub fn check(facts: &Facts, policy: &Policy, now: Instant) -> Check {
    explain(judge, facts, policy, now).check
}

/// The required fields that the claim leaves out, in the policy's order.
#[must_use]
pub fn missing(registration: &Registration, policy: &Policy) -> Vec<Field> {
    absent(registration, policy.registration.required.of(registration.kind))
}

pub(super) fn judge(facts: &Facts, policy: &Policy, now: Instant) -> Finding {
    let registration = &facts.registration;
    let found = |outcome, fact: String| Finding::new("R-04.1", "Required fields", outcome, fact);
    let missing = missing(registration, policy);
    if !missing.is_empty() {
        let fact = format!("missing: {}", labels(&missing));
        return found(CheckOutcome::Fail, fact)
            .turned_by(missing.into_iter().map(|field| given(field, facts, policy, now)));
    }
    let advised = absent(registration, policy.registration.advised.of(registration.kind));
    if !advised.is_empty() {
        return found(CheckOutcome::Warn, format!("left open: {}", labels(&advised)))
            .turned_by(advised.into_iter().map(|field| given(field, facts, policy, now)));
    }
    let required = policy.registration.required.of(registration.kind);
    let fact = match required.len() {
        0 => "the policy requires none".to_owned(),
        n => format!("{n} of {n} given"),
    };
    found(CheckOutcome::Pass, fact).turned_by(required.first().map(|field| Change::Clear(*field)))
}

/// The change that gives a field, in a way that no other check then refuses.
fn given(field: Field, facts: &Facts, policy: &Policy, now: Instant) -> Change {
    match field {
        Field::CloseDate => {
            Change::CloseDate(text::plus_days(now.date_naive(), policy.registration.close_date.min_days))
        }
        Field::Motion => {
            let allowed = facts.partner.iter().flat_map(|partner| &partner.motions);
            let on = &policy.motions.on;
            let motion = allowed.copied().find(|motion| on.contains(motion)).or(on.first().copied());
            motion.map_or(Change::Fill(field), Change::ClaimMotion)
        }
        _ => Change::Fill(field),
    }
}

fn absent(registration: &Registration, fields: &[Field]) -> Vec<Field> {
    fields.iter().copied().filter(|field| !has(registration, *field)).collect()
}

fn labels(fields: &[Field]) -> String {
    text::join(&fields.iter().map(|field| field.label().to_lowercase()).collect::<Vec<_>>())
}

/// Whether the claim gives a field: blank text, a free-mail or unreadable domain and an address without an
/// at-sign say nothing.
fn has(registration: &Registration, field: Field) -> bool {
    let there = |text: &Option<String>| text::there(text.as_deref());
    match field {
        Field::CompanyName => text::there(Some(&registration.company)),
        Field::Domain => registration.domain.as_deref().and_then(normal::domain).is_some(),
        Field::ContactName => there(&registration.contact_name),
        Field::ContactEmail => {
            let address = registration.contact_email.as_deref().unwrap_or("").trim();
            address
                .split_once('@')
                .is_some_and(|(who, host)| !who.is_empty() && host.contains('.') && !host.contains('@'))
        }
        Field::ContactPhone => there(&registration.contact_phone),
        Field::Country => there(&registration.country),
        Field::City => there(&registration.city),
        Field::Problem => there(&registration.problem),
        Field::StageGuess => there(&registration.stage_guess),
        Field::SubmittedBy => there(&registration.submitted_by),
        Field::Partner => registration.partner.is_some(),
        Field::Motion => registration.motion.is_some(),
        Field::Amount => registration.amount.as_ref().is_some_and(|money| !money.amount.is_zero()),
        Field::CloseDate => registration.close_date.is_some(),
        Field::Products => there(&registration.products),
        Field::Competitors => there(&registration.competitors),
        // The policy refuses to require any other field of a registration.
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use CheckOutcome::{Fail, Pass, Warn};

    use super::*;
    use crate::checks::tests::{cases, of};
    use crate::sample::facts;
    use drumbeat_model::registration::RegistrationKind;

    #[test]
    fn what_the_claim_must_say() {
        cases(
            "R-04.1",
            &[
                ("all there", |_, _| {}, Pass, "10 of 10"),
                ("no contact", |f, _| f.registration.contact_name = None, Fail, "missing: contact"),
                ("blank need", |f, _| f.registration.problem = Some(" \n".into()), Fail, "missing: need"),
                (
                    "free mail as domain",
                    |f, _| f.registration.domain = Some("gmail.com".into()),
                    Fail,
                    "missing: domain",
                ),
                ("no at-sign", |f, _| f.registration.contact_email = Some("reimann".into()), Fail, "contact e-mail"),
                ("no company", |f, _| f.registration.company = String::new(), Fail, "missing: company"),
                (
                    "two missing",
                    |f, _| {
                        f.registration.amount = None;
                        f.registration.motion = None;
                    },
                    Fail,
                    "missing: motion and amount",
                ),
                (
                    "a lead needs no amount",
                    |f, _| {
                        f.registration.kind = RegistrationKind::Lead;
                        f.registration.amount = None;
                    },
                    Pass,
                    "6 of 6",
                ),
                ("advised one open", |f, _| f.registration.competitors = None, Warn, "left open: competitors"),
                ("nothing required", |_, p| p.registration.required.deal.clear(), Pass, "requires none"),
            ],
        );
    }

    #[test]
    fn the_flip_names_exactly_what_is_missing() {
        let mut facts = facts();
        facts.registration.contact_name = None;
        facts.registration.domain = None;
        let flip = of("R-04.1", &facts, &Policy::built_in()).flip.unwrap();
        assert_eq!(flip, "would pass if “Domain” were filled in and “Contact” were filled in");
    }
}
