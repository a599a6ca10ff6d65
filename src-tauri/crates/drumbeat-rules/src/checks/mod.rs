//! The checks of a registration, one file each, each of them explained.
//!
//! A check says what it found, which fact decided, which records that fact is about, and what would have
//! turned it. The turn is not only said: a check proposes [changes](crate::change), the check is run again on
//! the changed facts, and the sentence tells what came out (see [`explain`]). A fact that is not known gives a
//! warning, never a fail; a required field that is missing is a fact about the claim and does fail.
//! What to do about it all is [`recommend`](crate::recommend)'s.

pub mod accounts;
pub mod capacity;
pub mod certification;
pub mod close_date;
pub mod consent;
pub mod contact;
pub mod cooling_off;
pub mod customer;
pub mod duplicate;
pub mod net_new;
pub mod open_deal;
pub mod partner;
pub mod proof_of_work;
pub mod required_fields;
pub mod territory;
pub mod tier;

use std::borrow::Cow;

use drumbeat_model::time::Instant;
use drumbeat_model::verdict::{Check, CheckOutcome, RecordLink};

use crate::change::Change;
pub use crate::facts::{ClaimFact, DealFact, Facts};
use crate::policy::Policy;
use crate::text;

/// A check with the changes that turn it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What was found.
    pub check: Check,
    /// The smallest set of changes that turns it; empty when there is nothing to turn.
    pub turn: Vec<Change>,
}

/// How a check is asked.
pub type Judge = fn(&Facts, &Policy, Instant) -> Finding;

/// Every check, in the order of R-04, then those of other rules. A new one gets its line here.
pub const JUDGES: [Judge; 16] = [
    required_fields::judge,
    consent::judge,
    partner::judge,
    certification::judge,
    territory::judge,
    accounts::judge,
    tier::judge,
    capacity::judge,
    duplicate::judge,
    open_deal::judge,
    customer::judge,
    proof_of_work::judge,
    close_date::judge,
    net_new::judge,
    contact::judge,
    cooling_off::judge,
];

/// All checks: fails, then warnings, then passes; within these in the order of R-04.
#[must_use]
pub fn run(facts: &Facts, policy: &Policy, now: Instant) -> Vec<Check> {
    let mut checks: Vec<Check> = findings(facts, policy, now).into_iter().map(|finding| finding.check).collect();
    checks.sort_by_key(|check| std::cmp::Reverse(check.outcome));
    checks
}

/// All findings, in the order of R-04.
pub(crate) fn findings(facts: &Facts, policy: &Policy, now: Instant) -> Vec<Finding> {
    let facts = facts.in_order();
    JUDGES.iter().map(|judge| explain(*judge, &facts, policy, now)).collect()
}

/// All checks without their flips, for trying a change.
pub(crate) fn run_plain(facts: &Facts, policy: &Policy, now: Instant) -> Vec<Check> {
    let facts = facts.in_order();
    JUDGES.iter().map(|judge| judge(&facts, policy, now).check).collect()
}

/// The finding of one check with its flip: the check is run again on the facts as its changes would make
/// them, and only what then comes out is promised.
#[must_use]
pub fn explain(judge: Judge, facts: &Facts, policy: &Policy, now: Instant) -> Finding {
    let mut finding = judge(facts, policy, now);
    if !finding.turn.is_empty() {
        let turned = outcome_after(judge, &finding.turn, facts, policy, now);
        finding.check.flip = (turned != finding.check.outcome).then(|| {
            let verb = match turned {
                CheckOutcome::Pass => "would pass",
                CheckOutcome::Warn => "would need a look",
                CheckOutcome::Fail => "would fail",
            };
            let changes: Vec<String> = finding.turn.iter().map(|change| change.say(policy)).collect();
            format!("{verb} if {}", text::join(&changes))
        });
    }
    finding
}

/// What a check says once `changes` are made.
pub(crate) fn outcome_after(
    judge: Judge,
    changes: &[Change],
    facts: &Facts,
    policy: &Policy,
    now: Instant,
) -> CheckOutcome {
    let (facts, policy) = changed(changes, facts, policy);
    judge(&facts, &policy, now).check.outcome
}

/// The facts and the policy as `changes` make them.
pub(crate) fn changed<'p>(changes: &[Change], facts: &Facts, policy: &'p Policy) -> (Facts, Cow<'p, Policy>) {
    let mut facts = facts.clone();
    let mut policy = Cow::Borrowed(policy);
    for change in changes {
        change.apply(&mut facts, &mut policy);
    }
    (facts, policy)
}

impl Finding {
    fn new(rule: &str, name: &str, outcome: CheckOutcome, fact: impl Into<String>) -> Self {
        let check = Check {
            rule: rule.to_owned(),
            name: name.to_owned(),
            outcome,
            fact: fact.into(),
            records: Vec::new(),
            flip: None,
        };
        Self { check, turn: Vec::new() }
    }

    fn records(mut self, records: impl IntoIterator<Item = RecordLink>) -> Self {
        self.check.records.extend(records);
        self
    }

    fn turned_by(mut self, changes: impl IntoIterator<Item = Change>) -> Self {
        for change in changes {
            if !self.turn.contains(&change) {
                self.turn.push(change);
            }
        }
        self
    }
}

#[cfg(test)]
pub(crate) mod tests;
