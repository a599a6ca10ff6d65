//! Partner and motion: the partner is one, is in good standing and may work in this motion (T-01, M-13).

use drumbeat_model::crm::ObjectKind;
use drumbeat_model::partner::{Company, PartnerStatus};
use drumbeat_model::time::Instant;
use drumbeat_model::verdict::{Check, CheckOutcome, RecordLink};

use super::{Finding, explain};
use crate::change::Change;
use crate::facts::Facts;
use crate::policy::Policy;

/// the partner may register in this motion.
#[must_use]
pub fn check(facts: &Facts, policy: &Policy, now: Instant) -> Check {
    explain(judge, facts, policy, now).check
}

pub(crate) fn link(partner: &Company) -> RecordLink {
    RecordLink { kind: ObjectKind::Company, id: partner.id.clone(), label: partner.name.clone() }
}

/// What stands against the partner, with the change that would mend it.
type Points = Vec<(String, Option<Change>)>;

pub(super) fn judge(facts: &Facts, policy: &Policy, _now: Instant) -> Finding {
    let found = |outcome, fact: String| Finding::new("R-04.3", "Partner and motion", outcome, fact);
    let Some(partner) = &facts.partner else {
        return found(CheckOutcome::Warn, "the partner is not among the known companies".to_owned());
    };
    let (fails, warns) = points(facts, partner, policy);
    let (outcome, points) = if fails.is_empty() { (CheckOutcome::Warn, warns) } else { (CheckOutcome::Fail, fails) };
    if !points.is_empty() {
        let fact = points.iter().map(|(fact, _)| fact.as_str()).collect::<Vec<_>>().join("; ");
        return found(outcome, fact)
            .records([link(partner)])
            .turned_by(points.into_iter().filter_map(|(_, change)| change));
    }
    let status = partner.status.map_or("standing not recorded", PartnerStatus::label).to_lowercase();
    let fact = match facts.registration.motion {
        Some(motion) => format!("{} is {status} and may work in {}", partner.name, motion.label()),
        None => format!("{} is {status}", partner.name),
    };
    let ended =
        PartnerStatus::ALL.iter().rev().find(|status| !policy.registration.partner_status.allowed.contains(status));
    found(CheckOutcome::Pass, fact).records([link(partner)]).turned_by(ended.map(|status| Change::Status(*status)))
}

fn points(facts: &Facts, partner: &Company, policy: &Policy) -> (Points, Points) {
    let rule = &policy.registration.partner_status;
    let (mut fails, mut warns) = (Points::new(), Points::new());
    let good = rule.allowed.iter().find(|status| !rule.look.contains(status)).map(|status| Change::Status(*status));
    match partner.status {
        Some(status) if !rule.allowed.contains(&status) => {
            // Any allowed state turns a fail, also one that then needs a look.
            let turn = good.or_else(|| rule.allowed.first().map(|status| Change::Status(*status)));
            fails.push((format!("{} is {}", partner.name, status.label().to_lowercase()), turn));
        }
        Some(status) if rule.look.contains(&status) => {
            warns.push((format!("{} is {}", partner.name, status.label().to_lowercase()), good));
        }
        Some(_) => {}
        None => warns.push((format!("the status of {} is not recorded", partner.name), good)),
    }
    if !partner.is_partner {
        warns.push((format!("{} is not marked as a partner", partner.name), Some(Change::MarkedPartner)));
    }
    if let Some(motion) = facts.registration.motion {
        let label = motion.label();
        if !policy.motions.on.contains(&motion) {
            fails.push((format!("the program does not run {label}"), Some(Change::SwitchOn(motion))));
        }
        if partner.motions.is_empty() {
            warns.push((format!("no motions are recorded for {}", partner.name), Some(Change::AllowMotion(motion))));
        } else if !partner.motions.contains(&motion) {
            fails.push((format!("{} is not allowed {label}", partner.name), Some(Change::AllowMotion(motion))));
        }
    }
    (fails, warns)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use CheckOutcome::{Fail, Pass, Warn};

    use super::*;
    use crate::checks::tests::cases;
    use crate::facts::Facts;
    use drumbeat_model::deal::Motion;

    fn bent(facts: &mut Facts, bend: impl FnOnce(&mut Company)) {
        bend(facts.partner.as_mut().unwrap());
    }

    #[test]
    fn who_may_register_in_which_motion() {
        cases(
            "R-04.3",
            &[
                ("active", |_, _| {}, Pass, "Altmark IT is active and may work in Reseller"),
                ("not known", |f, _| f.partner = None, Warn, "not among the known"),
                ("ended", |f, _| bent(f, |p| p.status = Some(PartnerStatus::Ended)), Fail, "is ended"),
                ("prospect", |f, _| bent(f, |p| p.status = Some(PartnerStatus::Prospect)), Fail, "is prospect"),
                ("at risk", |f, _| bent(f, |p| p.status = Some(PartnerStatus::AtRisk)), Warn, "is at risk"),
                ("no status", |f, _| bent(f, |p| p.status = None), Warn, "not recorded"),
                ("not marked", |f, _| bent(f, |p| p.is_partner = false), Warn, "not marked as a partner"),
                ("other motions", |f, _| bent(f, |p| p.motions = vec![Motion::Tech]), Fail, "not allowed Reseller"),
                ("no motions on file", |f, _| bent(f, |p| p.motions.clear()), Warn, "no motions are recorded"),
                ("motion is off", |_, p| p.motions.on = vec![Motion::Tech], Fail, "does not run Reseller"),
                ("claim without a motion", |f, _| f.registration.motion = None, Pass, "Altmark IT is active"),
                (
                    "a fail is not hidden by a warning",
                    |f, _| {
                        bent(f, |p| {
                            p.status = None;
                            p.motions = vec![Motion::Tech];
                        });
                    },
                    Fail,
                    "not allowed Reseller",
                ),
            ],
        );
    }
}
