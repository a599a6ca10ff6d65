//! R-05 Customer contact: somebody at the customer can be asked, because the address is at the customer's own domain.
//!
//! A free-mail address or one at another company may be right and needs a look. The partner's own address is nobody at
//! the customer: then the partner is asked. What misses is not missed here a second time.

use drumbeat_model::time::Instant;
use drumbeat_model::verdict::{Check, CheckOutcome};

use super::{Finding, explain};
use crate::change::Change;
use crate::facts::Facts;
use crate::normal;
use crate::policy::Policy;

/// The rule's id.
pub(crate) const RULE: &str = "R-05";

/// the contact is at the customer.
#[must_use]
pub fn check(facts: &Facts, policy: &Policy, now: Instant) -> Check {
    explain(judge, facts, policy, now).check
}

pub(super) fn judge(facts: &Facts, _policy: &Policy, _now: Instant) -> Finding {
    let found = |outcome, fact: String| Finding::new(RULE, "Customer contact", outcome, fact);
    let host = facts.registration.contact_email.as_deref().and_then(|mail| mail.rsplit_once('@'));
    let Some(host) =
        host.map(|(_, host)| host.trim().trim_end_matches('>').to_lowercase()).filter(|host| !host.is_empty())
    else {
        return found(CheckOutcome::Pass, "no address is given; that is a matter of the required fields".to_owned());
    };
    let at = normal::domain(&host);
    let company = facts.domain();
    if at.is_some() && at == company {
        return found(CheckOutcome::Pass, format!("the contact is at {host}"))
            .turned_by([Change::ContactAtDomain("elsewhere.example".to_owned())]);
    }
    let turn = company.clone().map(Change::ContactAtDomain);
    let partner = facts.partner.as_ref().and_then(|partner| partner.domain.as_deref()).and_then(normal::domain);
    if at.is_some() && at == partner {
        return found(CheckOutcome::Fail, format!("the contact is at {host}, which is the partner itself"))
            .turned_by([turn.unwrap_or_else(|| Change::ContactAtDomain("given.example".to_owned()))]);
    }
    let Some(company) = company else {
        return found(CheckOutcome::Warn, format!("the contact is at {host}; the company’s domain is not known"));
    };
    let fact = match at {
        None => format!("the contact is at {host}, where anybody can have an address, not at {company}"),
        Some(_) => format!("the contact is at {host}, not at {company}"),
    };
    found(CheckOutcome::Warn, fact).turned_by(turn)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use CheckOutcome::{Fail, Pass, Warn};

    use super::*;
    use crate::checks::tests::cases;

    #[test]
    fn who_can_be_asked_at_the_customer() {
        cases(
            RULE,
            &[
                ("at the customer", |_, _| {}, Pass, "the contact is at hansa-kuehlkette.example"),
                (
                    "at a part of the customer",
                    |f, _| f.registration.contact_email = Some("t@mail.hansa-kuehlkette.example".into()),
                    Pass,
                    "mail.hansa-kuehlkette.example",
                ),
                (
                    "free mail",
                    |f, _| f.registration.contact_email = Some("T@GMX.de".into()),
                    Warn,
                    "gmx.de, where anybody can have an address",
                ),
                (
                    "another company",
                    |f, _| f.registration.contact_email = Some("t@agency.example".into()),
                    Warn,
                    "agency.example, not at hansa-kuehlkette.example",
                ),
                (
                    "the partner itself",
                    |f, _| {
                        f.partner.as_mut().unwrap().domain = Some("https://www.altmark.example".into());
                        f.registration.contact_email = Some("jana@altmark.example".into());
                    },
                    Fail,
                    "which is the partner itself",
                ),
                (
                    "no domain to compare with",
                    |f, _| f.registration.domain = None,
                    Warn,
                    "the company’s domain is not known",
                ),
                ("no address", |f, _| f.registration.contact_email = None, Pass, "no address is given"),
                (
                    "no at-sign",
                    |f, _| f.registration.contact_email = Some("reimann".into()),
                    Pass,
                    "no address is given",
                ),
            ],
        );
    }
}
