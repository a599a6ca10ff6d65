//! Existing customer or incumbent partner: an account that another partner holds is not taken from it
//! by a registration (C-04); a customer of old is something to know.

use drumbeat_model::crm::Outcome;
use drumbeat_model::time::Instant;
use drumbeat_model::verdict::{Check, CheckOutcome};

use super::{Finding, accounts, explain};
use crate::change::Change;
use crate::facts::{DealFact, Facts};
use crate::policy::Policy;
use crate::text;

/// no other partner holds the account, and it is no customer yet.
#[must_use]
pub fn check(facts: &Facts, policy: &Policy, now: Instant) -> Check {
    explain(judge, facts, policy, now).check
}

pub(super) fn judge(facts: &Facts, _policy: &Policy, now: Instant) -> Finding {
    let found = |outcome, fact: String| Finding::new("R-04.11", "Existing customer", outcome, fact);
    let record = facts.account.as_ref().map(accounts::link);
    let incumbent = facts.account.as_ref().and_then(|account| account.incumbent.as_ref());
    let holder = incumbent.filter(|holder| !facts.is_ours(Some(holder)));
    let won: Vec<&DealFact> = facts.deals.iter().filter(|deal| deal.outcome == Outcome::Won).collect();
    let no_deals = won.iter().map(|deal| Change::NoDeal(deal.id.clone(), deal.name.clone()));
    if let Some(holder) = holder {
        let by_name = facts.deals.iter().filter_map(|deal| deal.partner.as_ref()).find(|(id, _)| id == holder);
        let fact = match by_name {
            Some((_, name)) => format!("{name} holds the account"),
            None => "another partner holds the account".to_owned(),
        };
        // With an unknown claimant nobody can say that the holder is somebody else.
        return if facts.registration.partner.is_some() {
            found(CheckOutcome::Fail, fact).records(record).turned_by([Change::NoIncumbent])
        } else {
            found(CheckOutcome::Warn, fact).records(record).turned_by([Change::NoIncumbent]).turned_by(no_deals)
        };
    }
    if !won.is_empty() {
        let last = won.iter().filter_map(|deal| deal.closed).max();
        let last = last.map_or(String::new(), |day| format!(", the last on {}", text::day(day)));
        let fact = format!("a customer already: {} won{last}", text::count(won.len() as u64, "deal"));
        return found(CheckOutcome::Warn, fact)
            .records(record)
            .records(won.iter().take(5).map(|deal| deal.link()))
            .turned_by(no_deals);
    }
    let fact = match (&facts.account, incumbent) {
        (_, Some(_)) => "the partner holds the account already",
        (None, None) => "no account in the CRM matches",
        (Some(_), None) => "not a customer yet; nobody holds the account",
    };
    found(CheckOutcome::Pass, fact.to_owned()).records(record).turned_by([Change::OtherWon(now.date_naive())])
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use CheckOutcome::{Fail, Pass, Warn};

    use super::*;
    use crate::checks::tests::cases;
    use crate::sample::deal_fact;

    #[test]
    fn whose_customer_it_is() {
        cases(
            "R-04.11",
            &[
                ("nobody's", |_, _| {}, Pass, "not a customer yet"),
                ("no account", |f, _| f.account = None, Pass, "no account"),
                (
                    "another partner's",
                    |f, _| f.account.as_mut().unwrap().incumbent = Some("p2".into()),
                    Fail,
                    "another partner holds",
                ),
                (
                    "another partner's, by name",
                    |f, _| {
                        f.account.as_mut().unwrap().incumbent = Some("p2".into());
                        f.deals = vec![deal_fact("d1", Some("p2"), Outcome::Won)];
                    },
                    Fail,
                    "Partner p2 holds the account",
                ),
                (
                    "the partner's own",
                    |f, _| f.account.as_mut().unwrap().incumbent = Some("p1".into()),
                    Pass,
                    "holds the account already",
                ),
                (
                    "held, and nobody knows who claims",
                    |f, _| {
                        f.account.as_mut().unwrap().incumbent = Some("p2".into());
                        f.registration.partner = None;
                    },
                    Warn,
                    "another partner holds",
                ),
                (
                    "a customer",
                    |f, _| f.deals = vec![deal_fact("d1", None, Outcome::Won), deal_fact("d2", None, Outcome::Lost)],
                    Warn,
                    "a customer already: 1 deal won, the last on 20 Oct 2026",
                ),
            ],
        );
    }
}
