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
    if let Some(holder) = incumbent.filter(|holder| !facts.is_ours(Some(holder))) {
        let by_name = facts.deals.iter().filter_map(|deal| deal.partner.as_ref()).find(|(id, _)| id == holder);
        let fact = match by_name {
            Some((_, name)) => format!("{name} holds the account"),
            None => "another partner holds the account".to_owned(),
        };
        // With an unknown claimant nobody can say that the holder is somebody else.
        let outcome = if facts.registration.partner.is_some() { CheckOutcome::Fail } else { CheckOutcome::Warn };
        return found(outcome, fact).records(record).turned_by([Change::NoIncumbent]);
    }
    let won: Vec<&DealFact> = facts.deals.iter().filter(|deal| deal.outcome == Outcome::Won).collect();
    if !won.is_empty() {
        let last = won.iter().filter_map(|deal| deal.closed).max();
        let last = last.map_or(String::new(), |day| format!(", the last on {}", text::day(day)));
        return found(
            CheckOutcome::Warn,
            format!("a customer already: {} won{last}", text::count(won.len() as u64, "deal")),
        )
        .records(record)
        .records(won.iter().take(5).map(|deal| deal.link()))
        .turned_by(won.iter().map(|deal| Change::NoDeal(deal.id.clone(), deal.name.clone())));
    }
    let fact = match (&facts.account, incumbent) {
        (_, Some(_)) => "the partner holds the account already",
        (None, None) => "no account in the CRM matches",
        (Some(_), None) => "not a customer yet; nobody holds the account",
    };
    found(CheckOutcome::Pass, fact.to_owned()).records(record).turned_by([Change::OtherWon(now.date_naive())])
}
