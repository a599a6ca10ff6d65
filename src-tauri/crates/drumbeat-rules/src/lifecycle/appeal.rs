//! What an appeal comes to (R-03, REG-16 to REG-18): it came in the window, with evidence that counts, and nothing
//! that the checks know now speaks against the claim any more.
//!
//! The last question is the first decision asked again with today's facts: the evidence has changed nothing as long
//! as the check that declined still fails. A person decides all the same.

use drumbeat_model::dossier::Appeal;
use drumbeat_model::lifecycle::Ruling;
use drumbeat_model::time::{Day, Instant};
use drumbeat_model::verdict::{Act, Check, CheckOutcome};

use super::{after, kinds, newest};
use crate::policy::Policy;
use crate::recommend;
use crate::text;

/// What an appeal is judged by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppealFacts<'a> {
    /// The appeal.
    pub appeal: &'a Appeal,
    /// When the claim was declined.
    pub declined_at: Option<Instant>,
    /// The checks of the claim with today's facts.
    pub checks: &'a [Check],
}

/// The checks of an appeal, without the claim's own.
#[must_use]
pub fn looked(facts: &AppealFacts<'_>, policy: &Policy) -> Vec<Check> {
    let rule = &policy.appeals;
    let check = |name: &str, outcome, fact: String, flip: Option<String>| Check {
        rule: "R-03".to_owned(),
        name: name.to_owned(),
        outcome,
        fact,
        records: Vec::new(),
        flip,
    };
    let opened = facts.appeal.opened_at.date_naive();
    let mut all = Vec::new();
    all.push(match last_day(facts.declined_at, policy) {
        None => check("Window", CheckOutcome::Warn, "nobody knows when it was declined".to_owned(), None),
        Some(last) if opened > last => check(
            "Window",
            CheckOutcome::Fail,
            format!("came on {}; the window ended on {}", text::day(opened), text::day(last)),
            Some(format!("would pass if it had come by {}", text::day(last))),
        ),
        Some(last) => check(
            "Window",
            CheckOutcome::Pass,
            format!("came on {}, inside the {} of the window", text::day(opened), text::count(rule.days.into(), "day")),
            Some(format!("would fail if it had come after {}", text::day(last))),
        ),
    });
    all.push(match newest(&facts.appeal.proofs, &rule.evidence) {
        Some(proof) => check(
            "Evidence",
            CheckOutcome::Pass,
            format!("{} of {}: {}", proof.kind.label().to_lowercase(), text::day(proof.day), proof.text.trim()),
            Some("would fail if there were no evidence".to_owned()),
        ),
        None => check(
            "Evidence",
            CheckOutcome::Fail,
            "none that the policy takes".to_owned(),
            (!rule.evidence.is_empty()).then(|| format!("would pass if there were {}", kinds(&rule.evidence))),
        ),
    });
    all
}

fn last_day(declined_at: Option<Instant>, policy: &Policy) -> Option<Day> {
    Some(after(declined_at?.date_naive(), policy.appeals.days))
}

/// What the policy says of it.
#[must_use]
pub fn ruling(facts: &AppealFacts<'_>, policy: &Policy) -> Ruling {
    let mut checks = looked(facts, policy);
    let formal = checks.iter().all(|check| check.outcome != CheckOutcome::Fail);
    let against: Vec<&Check> = facts.checks.iter().filter(|check| check.outcome == CheckOutcome::Fail).collect();
    let now = recommend::act(facts.checks);
    let grant = formal && now == Act::Approve;
    let text = match (formal, now) {
        (true, Act::Approve) => "grant it: nothing speaks against the claim any more".to_owned(),
        (false, _) => "the decision stands: the appeal does not meet the policy".to_owned(),
        (true, Act::Ask) => "ask first: the claim is not complete".to_owned(),
        (true, Act::Decline) => format!(
            "the decision stands: {}",
            recommend::decline_reason(facts.checks).map_or("a check still fails", |(check, _)| check.name.as_str())
        ),
    };
    checks.extend(against.into_iter().cloned());
    checks.sort_by_key(|check| std::cmp::Reverse(check.outcome));
    let flips: Vec<String> = checks
        .iter()
        .filter(|check| check.outcome == CheckOutcome::Fail)
        .filter_map(|check| check.flip.as_deref()?.split_once(" if ").map(|(_, rest)| rest.to_owned()))
        .collect();
    let fails = checks.iter().filter(|check| check.outcome == CheckOutcome::Fail).count();
    let flip = match (grant, fails == flips.len()) {
        (true, _) => Some("would be “the decision stands” if there were no evidence".to_owned()),
        (false, true) => Some(format!("would be “grant it” if {}", text::join(&flips))),
        (false, false) => None,
    };
    Ruling { grant, text, checks, flip, policy: policy.version }
}
