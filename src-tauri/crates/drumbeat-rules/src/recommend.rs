//! What the policy recommends for a registration, and the trace that leads there.
//!
//! The recommendation follows from the checks: what speaks against approval for good declines, what the
//! partner can mend asks, else it approves. Exactly one clause of the trace decides. The flip names the
//! smallest change that would have led to another act, and has been tried before it is said. The person
//! decides; nothing is done here.

use drumbeat_model::registration::DeclineReason;
use drumbeat_model::time::Instant;
use drumbeat_model::verdict::{Act, Check, CheckOutcome, Clause, ClauseResult, Recommendation};

use crate::change::Change;
use crate::checks::{self, Finding, contact};
use crate::facts::Facts;
use crate::lifecycle;
use crate::policy::Policy;
use crate::text;

/// Rules whose fail the partner can mend by an answer: ask, do not decline.
const MENDABLE: [&str; 5] = ["R-04.1", "R-04.2", "R-04.12", "R-04.13", contact::RULE];

/// Rules whose fail declines, in the order in which they are named, with the reason from the list.
const DECLINING: [(&str, DeclineReason); 10] = [
    ("R-04.6", DeclineReason::Blocked),
    ("R-04.9", DeclineReason::Duplicate),
    ("R-04.10", DeclineReason::ActiveCycle),
    ("R-04.11", DeclineReason::ActiveCycle),
    ("R-04.14", DeclineReason::NotQualified),
    ("R-04.5", DeclineReason::Territory),
    ("R-04.4", DeclineReason::NotCertified),
    ("R-04.3", DeclineReason::NotQualified),
    ("R-04.7", DeclineReason::NotQualified),
    ("R-04.8", DeclineReason::Other),
];

/// The check that declines, with its reason; the gravest when there are several.
#[must_use]
pub fn decline_reason(checks: &[Check]) -> Option<(&Check, DeclineReason)> {
    DECLINING.iter().find_map(|(rule, reason)| failed(checks, rule).map(|check| (check, *reason)))
}

/// The act that a set of checks leads to.
#[must_use]
pub fn act(checks: &[Check]) -> Act {
    if decline_reason(checks).is_some() {
        Act::Decline
    } else if checks.iter().any(|check| check.outcome == CheckOutcome::Fail) {
        Act::Ask
    } else {
        Act::Approve
    }
}

/// The question that an "ask" puts to the partner: what is missing or cannot be right.
#[must_use]
pub fn question(checks: &[Check]) -> Option<String> {
    let open: Vec<String> = MENDABLE
        .iter()
        .filter_map(|rule| failed(checks, rule))
        .map(|check| match check.rule.as_str() {
            "R-04.1" => check.fact.replacen("missing: ", "please send us: ", 1),
            "R-04.2" => "has the contact agreed to be named?".to_owned(),
            contact::RULE => "who at the customer itself can we speak to (name and address there)?".to_owned(),
            "R-04.12" => "what have you done with the customer so far (meeting, notes, proposal)?".to_owned(),
            _ => format!("the close date cannot be right ({}); when do you expect it?", check.fact),
        })
        .collect();
    (!open.is_empty()).then(|| open.join("\n"))
}

/// The recommendation for what [`run`](crate::checks::run) found.
#[must_use]
pub fn recommend(facts: &Facts, checks: &[Check], policy: &Policy, now: Instant) -> Recommendation {
    let act = act(checks);
    let claim = &facts.registration;
    let days = lifecycle::default_days(claim.kind, policy);
    let today = now.date_naive();
    let window = lifecycle::window(days, today, lifecycle::agreed_step(claim, None, today), policy);
    let text = match act {
        Act::Approve => format!("approve, {} of protection", text::count(u64::from(days), "day")),
        Act::Decline => {
            let reason = decline_reason(checks).map_or(DeclineReason::Other, |(_, reason)| reason);
            format!("decline, {}", policy.decline(reason).label.to_lowercase())
        }
        Act::Ask => "ask the partner for information".to_owned(),
    };
    Recommendation {
        act,
        text,
        trace: trace(checks, act, window, policy),
        flip: flip(facts, act, policy, now),
        policy: policy.version,
    }
}

fn failed<'c>(checks: &'c [Check], rule: &str) -> Option<&'c Check> {
    checks.iter().find(|check| check.rule == rule && check.outcome == CheckOutcome::Fail)
}

/// The clauses of, and the check that decides where it is none of these.
fn trace(checks: &[Check], act: Act, window: lifecycle::Window, policy: &Policy) -> Vec<Clause> {
    let deciding = match act {
        Act::Decline => decline_reason(checks).map(|(check, _)| check),
        Act::Ask => MENDABLE.iter().find_map(|rule| failed(checks, rule)),
        Act::Approve => None,
    };
    let mut trace = Vec::new();
    let mut clause = |rule: &str, statement: &str, from: &[&str], fact: &dyn Fn() -> String| {
        let against = from.iter().find_map(|rule| failed(checks, rule));
        let result = match against {
            Some(_) if deciding.is_some_and(|check| from.contains(&check.rule.as_str())) => ClauseResult::Decides,
            Some(_) => ClauseResult::Fails,
            None => ClauseResult::Holds,
        };
        let against = deciding.filter(|check| from.contains(&check.rule.as_str())).or(against);
        trace.push(Clause {
            rule: rule.to_owned(),
            statement: statement.to_owned(),
            fact: against.map_or_else(fact, |check| check.fact.clone()),
            result,
        });
    };
    let fact_of =
        |rule: &str| checks.iter().find(|check| check.rule == rule).map_or(String::new(), |check| check.fact.clone());
    let months = text::count(u64::from(policy.registration.net_new_months), "month");
    clause("R-05", "Net-new opportunity", &["R-04.10", "R-04.11", "R-04.14"], &|| {
        format!("no open or won deal of others at this account in {months}")
    });
    clause("R-05", "Verified customer contact", &["R-04.1", "R-04.2", contact::RULE], &|| fact_of(contact::RULE));
    clause("R-05", "Plausible timeline", &["R-04.13"], &|| fact_of("R-04.13"));
    clause("R-08", "First qualified submission", &["R-04.9"], &|| fact_of("R-04.9"));
    if let Some(check) = deciding.filter(|_| !trace.iter().any(|clause| clause.result == ClauseResult::Decides)) {
        trace.push(Clause {
            rule: check.rule.clone(),
            statement: check.name.clone(),
            fact: check.fact.clone(),
            result: ClauseResult::Decides,
        });
    }
    if act == Act::Approve {
        // Everything else only holds; that no claim goes before this one is what an approval rests on.
        if let Some(clause) = trace.iter_mut().find(|clause| clause.rule == "R-08") {
            clause.result = ClauseResult::Decides;
        }
        trace.push(Clause {
            rule: "R-06".to_owned(),
            statement: "Protection window".to_owned(),
            fact: window.says(policy),
            result: ClauseResult::SetsTerms,
        });
    }
    trace
}

/// What would have led to another act: every fail mended, or, for an approval, one fact against it.
fn flip(facts: &Facts, act: Act, policy: &Policy, now: Instant) -> Option<String> {
    let (to, changes) = turn(facts, act, policy, now)?;
    let says: Vec<String> = changes.iter().map(|change| change.say(policy)).collect();
    Some(format!("would be “{}” if {}", word(to), text::join(&says)))
}

fn word(act: Act) -> &'static str {
    match act {
        Act::Approve => "approve",
        Act::Decline => "decline",
        Act::Ask => "ask",
    }
}

/// The changes of [`flip`], with the act that they lead to.
pub(crate) fn turn(facts: &Facts, now_is: Act, policy: &Policy, now: Instant) -> Option<(Act, Vec<Change>)> {
    let findings = checks::findings(facts, policy, now);
    let candidates: Vec<Vec<Change>> = match now_is {
        // First another claim: that is what an approval rests on; then whatever turns a check.
        Act::Approve => std::iter::once(vec![Change::OtherClaim(now)])
            .chain(findings.into_iter().map(|finding| finding.turn))
            .collect(),
        Act::Decline => vec![fails(&findings, |rule| !MENDABLE.contains(&rule)), fails(&findings, |_| true)],
        Act::Ask => vec![fails(&findings, |_| true)],
    };
    candidates.into_iter().filter(|changes| !changes.is_empty()).find_map(|changes| {
        let (facts, policy) = checks::changed(&changes, facts, policy);
        let to = act(&checks::run_plain(&facts, &policy, now));
        (to != now_is).then_some((to, changes))
    })
}

/// The changes that mend every failing check of some rules.
fn fails(findings: &[Finding], of: impl Fn(&str) -> bool) -> Vec<Change> {
    let failing =
        findings.iter().filter(|finding| finding.check.outcome == CheckOutcome::Fail && of(&finding.check.rule));
    let mut changes: Vec<Change> = Vec::new();
    for change in failing.flat_map(|finding| &finding.turn) {
        if !changes.contains(change) {
            changes.push(change.clone());
        }
    }
    changes
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use crate::sample::{claim, date, deal_fact, facts, now};
    use drumbeat_model::crm::Outcome;
    use drumbeat_model::registration::RegistrationStatus;

    fn recommended(bend: impl FnOnce(&mut Facts)) -> Recommendation {
        let mut facts = facts();
        bend(&mut facts);
        let policy = Policy::built_in();
        recommend(&facts, &checks::run(&facts, &policy, now()), &policy, now())
    }

    #[test]
    fn a_clean_claim_is_approved_with_its_terms() {
        let recommendation = recommended(|_| {});
        assert_eq!(
            (recommendation.act, recommendation.text.as_str()),
            (Act::Approve, "approve, 90 days of protection")
        );
        let trace: Vec<(&str, &str, ClauseResult)> = recommendation
            .trace
            .iter()
            .map(|clause| (clause.rule.as_str(), clause.statement.as_str(), clause.result))
            .collect();
        assert_eq!(
            trace,
            [
                ("R-05", "Net-new opportunity", ClauseResult::Holds),
                ("R-05", "Verified customer contact", ClauseResult::Holds),
                ("R-05", "Plausible timeline", ClauseResult::Holds),
                ("R-08", "First qualified submission", ClauseResult::Decides),
                ("R-06", "Protection window", ClauseResult::SetsTerms),
            ]
        );
        assert_eq!(recommendation.trace[4].fact, "90 days from approval, until 17 Feb 2027");
        assert_eq!(
            recommendation.flip.unwrap(),
            "would be “decline” if another partner held a claim in force on this company"
        );
    }

    #[test]
    fn what_speaks_against_approval_decides() {
        type Bend = fn(&mut Facts);
        let cases: [(&str, Bend, &str, &str); 9] = [
            ("missing contact", |f| f.registration.contact_name = None, "ask the partner for information", "R-05"),
            ("no proof", |f| f.registration.proof_of_work = None, "ask the partner for information", "R-04.12"),
            (
                "past date",
                |f| f.registration.close_date = Some(date("2026-01-01")),
                "ask the partner for information",
                "R-05",
            ),
            ("no consent", |f| f.registration.consent = None, "ask the partner for information", "R-05"),
            (
                "a claim in force",
                |f| f.same_domain = vec![claim("L1", "p2", RegistrationStatus::Approved)],
                "decline, duplicate",
                "R-08",
            ),
            (
                "an open deal",
                |f| f.deals = vec![deal_fact("d1", None, Outcome::Open)],
                "decline, customer in active cycle",
                "R-05",
            ),
            ("outside", |f| f.registration.country = Some("France".into()), "decline, territory", "R-04.5"),
            ("no certificate", |f| f.certifications.clear(), "decline, not certified", "R-04.4"),
            (
                "a decline goes before a question",
                |f| {
                    f.registration.consent = None;
                    f.certifications.clear();
                },
                "decline, not certified",
                "R-04.4",
            ),
        ];
        for (name, bend, text, rule) in cases {
            let recommendation = recommended(bend);
            assert_eq!(recommendation.text, text, "{name}");
            let deciding: Vec<&Clause> =
                recommendation.trace.iter().filter(|clause| clause.result == ClauseResult::Decides).collect();
            assert_eq!(deciding.len(), 1, "{name}");
            assert_eq!(deciding[0].rule, rule, "{name}");
            assert!(recommendation.flip.is_some(), "{name}");
        }
    }

    #[test]
    fn a_question_asks_for_everything_that_the_partner_can_mend() {
        let mut facts = facts();
        facts.registration.contact_name = None;
        facts.registration.consent = None;
        let checks = checks::run(&facts, &Policy::built_in(), now());
        assert_eq!(question(&checks).unwrap(), "please send us: contact\nhas the contact agreed to be named?");
        assert_eq!(question(&[]), None);
    }
}
