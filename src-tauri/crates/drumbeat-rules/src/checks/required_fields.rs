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

pub(super) fn judge(facts: &Facts, policy: &Policy, _now: Instant) -> Finding {
    let registration = &facts.registration;
    let found = |outcome, fact: String| Finding::new("R-04.1", "Required fields", outcome, fact);
    let missing = missing(registration, policy);
    if !missing.is_empty() {
        let fact = format!("missing: {}", labels(&missing));
        return found(CheckOutcome::Fail, fact).turned_by(missing.into_iter().map(Change::Fill));
    }
    let advised = absent(registration, policy.registration.advised.of(registration.kind));
    let elsewhere = contact_elsewhere(facts);
    if !advised.is_empty() || elsewhere.is_some() {
        let mut parts = Vec::new();
        if !advised.is_empty() {
            parts.push(format!("left open: {}", labels(&advised)));
        }
        if let Some((mail, _)) = &elsewhere {
            parts.push(format!("the contact's e-mail is at {mail}, not at the company's domain"));
        }
        return found(CheckOutcome::Warn, parts.join("; "))
            .turned_by(advised.into_iter().map(Change::Fill))
            .turned_by(elsewhere.map(|(_, company)| Change::ContactAtDomain(company)));
    }
    let required = policy.registration.required.of(registration.kind);
    let fact = match required.len() {
        0 => "the policy requires none".to_owned(),
        n => format!("{n} of {n} given"),
    };
    found(CheckOutcome::Pass, fact).turned_by(required.first().map(|field| Change::Clear(*field)))
}

/// The contact's and the company's domain, where they differ: then nobody at the customer is verified.
pub(crate) fn contact_elsewhere(facts: &Facts) -> Option<(String, String)> {
    let mail = facts.registration.contact_email.as_deref()?.rsplit_once('@')?.1.trim().to_lowercase();
    let company = facts.domain()?;
    (normal::domain(&mail).as_deref() != Some(company.as_str())).then_some((mail, company))
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
