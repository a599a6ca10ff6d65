//! Certification: where the policy asks for it, the partner holds a valid certificate, and it lasts
//! as long as the protection would (T-03).

use drumbeat_model::crm::ObjectKind;
use drumbeat_model::partner::Certification;
use drumbeat_model::time::{Day, Instant};
use drumbeat_model::verdict::{Check, CheckOutcome, RecordLink};

use super::{Finding, explain};
use crate::change::Change;
use crate::facts::Facts;
use crate::policy::{CertificateGate, CertificationRules, Policy};
use crate::{lifecycle, text};

/// the partner is certified where it must be.
#[must_use]
pub fn check(facts: &Facts, policy: &Policy, now: Instant) -> Check {
    explain(judge, facts, policy, now).check
}

/// Whether a certificate counts on `today`.
#[must_use]
pub fn valid(certificate: &Certification, policy: &Policy, today: Day) -> bool {
    let rule = &policy.certification;
    let by_status = match certificate.status.as_deref().map(str::trim) {
        None | Some("") => true,
        Some(status) => rule.valid_status.iter().any(|valid| valid.eq_ignore_ascii_case(status)),
    };
    by_status && certificate.expires.is_none_or(|end| end >= today)
}

pub(super) fn judge(facts: &Facts, policy: &Policy, now: Instant) -> Finding {
    let found = |outcome, fact: String| Finding::new("R-04.4", "Certification", outcome, fact);
    let rule = &policy.certification;
    let registration = &facts.registration;
    let gate = gate(facts, policy);
    if gate.is_none() && !rule.kinds.contains(&registration.kind) {
        return found(CheckOutcome::Pass, format!("not asked for a {}", registration.kind.label().to_lowercase()));
    }
    match registration.motion {
        Some(motion) if gate.is_none() && !rule.motions.contains(&motion) => {
            return found(CheckOutcome::Pass, format!("not asked in {}", motion.label()));
        }
        None if facts.certifications.is_empty() => {
            return found(CheckOutcome::Warn, "the motion is not known, and no certificate is on file".to_owned());
        }
        _ => {}
    }
    let today = now.date_naive();
    let agreed = lifecycle::agreed_step(registration, None, today);
    let window_end = lifecycle::window(policy.protection.default_days, today, agreed, policy).end;
    let best = facts
        .certifications
        .iter()
        .filter(|certificate| counts(certificate, rule, gate) && valid(certificate, policy, today))
        .max_by_key(|certificate| certificate.expires.unwrap_or(Day::MAX));
    let wanted = gate.map_or(&rule.certificates, |gate| &gate.certificates);
    let renewed = Change::Certificate(wanted.first().cloned(), window_end);
    let asked = match gate.map(|gate| (gate.certificates.join(" or "), gate.level.as_deref().unwrap_or_default())) {
        Some((kinds, level)) if !(kinds.is_empty() && level.is_empty()) => {
            format!(
                " ({})",
                [kinds.as_str(), level].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
            )
        }
        _ => String::new(),
    };
    match best {
        None => {
            let ended = facts.certifications.iter().filter(|c| counts(c, rule, gate)).max_by_key(|c| c.expires);
            let fact = match ended {
                Some(Certification { name, expires: Some(end), .. }) if *end < today => {
                    format!(
                        "{} has no valid certificate{asked}; {name} ended on {}",
                        facts.partner_name(),
                        text::day(*end)
                    )
                }
                _ => format!("{} has no valid certificate{asked}", facts.partner_name()),
            };
            // A partner that is not known has no certificates that could be known either.
            let outcome = if facts.partner.is_none() && facts.certifications.is_empty() {
                CheckOutcome::Warn
            } else {
                CheckOutcome::Fail
            };
            found(outcome, fact).records(ended.map(link)).turned_by([renewed])
        }
        Some(certificate) => {
            let whose = certificate.holder.as_ref().map_or(String::new(), |holder| format!("{holder}’s "));
            match certificate.expires {
                Some(end) if end < window_end => found(
                    CheckOutcome::Warn,
                    format!("{whose}{} ends on {}, inside the protection window", certificate.name, text::day(end)),
                )
                .turned_by([renewed]),
                Some(end) => {
                    found(CheckOutcome::Pass, format!("{whose}{}, until {}", certificate.name, text::day(end)))
                        .turned_by([Change::NoCertificate])
                }
                None => {
                    found(CheckOutcome::Pass, format!("{whose}{}", certificate.name)).turned_by([Change::NoCertificate])
                }
            }
            .records([link(certificate)])
        }
    }
}

/// The gate that fits the claim.
pub(crate) fn gate<'p>(facts: &Facts, policy: &'p Policy) -> Option<&'p CertificateGate> {
    let registration = &facts.registration;
    let fits = |gate: &&CertificateGate| {
        gate.kinds.contains(&registration.kind)
            && registration.motion.is_some_and(|motion| gate.motions.contains(&motion))
    };
    policy.certification.gates.iter().find(fits)
}

fn counts(certificate: &Certification, rule: &CertificationRules, gate: Option<&CertificateGate>) -> bool {
    let kind = certificate.kind.as_deref().unwrap_or("");
    let wanted = gate.map_or(&rule.certificates, |gate| &gate.certificates);
    let level = gate.and_then(|gate| gate.level.as_deref());
    let of_level = level
        .is_none_or(|level| certificate.level.as_deref().is_some_and(|own| own.trim().eq_ignore_ascii_case(level)));
    let of_kind = wanted.is_empty()
        || wanted
            .iter()
            .any(|wanted| wanted.eq_ignore_ascii_case(kind) || wanted.eq_ignore_ascii_case(&certificate.name));
    of_level && of_kind
}

fn link(certificate: &Certification) -> RecordLink {
    RecordLink { kind: ObjectKind::Certification, id: certificate.id.clone(), label: certificate.name.clone() }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use CheckOutcome::{Fail, Pass, Warn};

    use super::*;
    use crate::checks::tests::cases;
    use crate::sample::{certificate, date};
    use drumbeat_model::deal::Motion;
    use drumbeat_model::registration::RegistrationKind;

    fn gated(policy: &mut Policy, certificates: &[&str], level: Option<&str>) {
        policy.certification.gates.push(CertificateGate {
            motions: vec![Motion::Reseller],
            kinds: vec![RegistrationKind::Deal],
            certificates: certificates.iter().map(|&kind| kind.to_owned()).collect(),
            level: level.map(str::to_owned),
        });
    }

    #[test]
    fn who_must_be_certified_and_who_is() {
        cases(
            "R-04.4",
            &[
                ("valid past the window", |_, _| {}, Pass, "Jana Brandt’s Sales Professional, until 30 Nov 2027"),
                ("without an end", |f, _| f.certifications = vec![certificate(None, None)], Pass, "Sales Professional"),
                (
                    "ends inside the window",
                    |f, _| f.certifications = vec![certificate(Some("2026-12-13"), None)],
                    Warn,
                    "ends on 13 Dec 2026, inside the protection window",
                ),
                (
                    "ends today",
                    |f, _| f.certifications = vec![certificate(Some("2026-11-19"), None)],
                    Warn,
                    "ends on 19 Nov 2026",
                ),
                (
                    "ended yesterday",
                    |f, _| f.certifications = vec![certificate(Some("2026-11-18"), None)],
                    Fail,
                    "ended on 18 Nov 2026",
                ),
                (
                    "not yet earned",
                    |f, _| f.certifications = vec![certificate(None, Some("In progress"))],
                    Fail,
                    "no valid certificate",
                ),
                ("none", |f, _| f.certifications.clear(), Fail, "Altmark IT has no valid certificate"),
                (
                    "none, and the partner is not known",
                    |f, _| {
                        f.certifications.clear();
                        f.partner = None;
                    },
                    Warn,
                    "no valid certificate",
                ),
                (
                    "another kind",
                    |_, p| p.certification.certificates = vec!["Technical".into()],
                    Fail,
                    "no valid certificate",
                ),
                ("the kind in any case", |_, p| p.certification.certificates = vec!["SALES".into()], Pass, "until"),
                (
                    "not asked of a lead",
                    |f, _| f.registration.kind = RegistrationKind::Lead,
                    Pass,
                    "not asked for a lead",
                ),
                (
                    "not asked in this motion",
                    |f, _| f.registration.motion = Some(Motion::Tech),
                    Pass,
                    "not asked in Tech",
                ),
                (
                    "motion not known",
                    |f, _| {
                        f.registration.motion = None;
                        f.certifications.clear();
                    },
                    Warn,
                    "the motion is not known",
                ),
                (
                    "a gate for this motion asks for another kind",
                    |_, p| gated(p, &["technical"], None),
                    Fail,
                    "Altmark IT has no valid certificate (technical)",
                ),
                (
                    "a gate for this motion asks for a level",
                    |_, p| gated(p, &["sales"], Some("Advanced")),
                    Fail,
                    "no valid certificate (sales, Advanced)",
                ),
                (
                    "a gate whose level is there",
                    |f, p| {
                        gated(p, &["sales"], Some("Advanced"));
                        f.certifications[0].level = Some(" advanced".into());
                    },
                    Pass,
                    "until 30 Nov 2027",
                ),
                (
                    "a gate where nothing else is asked",
                    |f, p| {
                        p.certification.motions.clear();
                        p.certification.kinds.clear();
                        f.certifications.clear();
                        gated(p, &[], None);
                    },
                    Fail,
                    "no valid certificate",
                ),
                (
                    "a gate of another motion",
                    |f, p| {
                        gated(p, &["technical"], None);
                        p.certification.gates[0].motions = vec![Motion::Services];
                        f.registration.motion = Some(Motion::Reseller);
                    },
                    Pass,
                    "until 30 Nov 2027",
                ),
                (
                    "the longest one counts",
                    |f, _| f.certifications.insert(0, certificate(Some("2026-11-30"), None)),
                    Pass,
                    "30 Nov 2027",
                ),
            ],
        );
    }

    #[test]
    fn a_certificate_counts_through_its_last_day() {
        let policy = Policy::built_in();
        let last = certificate(Some("2026-11-19"), Some(" ACTIVE "));
        assert!(valid(&last, &policy, date("2026-11-19")));
        assert!(!valid(&last, &policy, date("2026-11-20")));
    }
}
