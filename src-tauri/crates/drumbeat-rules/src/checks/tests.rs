#![allow(clippy::unwrap_used, clippy::expect_used)]

use proptest::prelude::*;

use super::*;
use crate::sample::{any_facts, any_policy, facts, now};
use drumbeat_model::verdict::Act;

/// The check of a rule on these facts.
pub(crate) fn of(rule: &str, facts: &Facts, policy: &Policy) -> Check {
    run(facts, policy, now()).into_iter().find(|check| check.rule == rule).expect(rule)
}

/// What a case changes in the sample facts.
type Bend = fn(&mut Facts, &mut Policy);

/// Bends the sample facts and expects an outcome and a piece of the fact.
pub(crate) fn cases(rule: &str, cases: &[(&str, Bend, CheckOutcome, &str)]) {
    for (name, bend, outcome, fact) in cases {
        let (mut facts, mut policy) = (facts(), Policy::built_in());
        bend(&mut facts, &mut policy);
        let check = of(rule, &facts, &policy);
        assert_eq!(check.outcome, *outcome, "{rule}, {name}: {}", check.fact);
        assert!(check.fact.contains(fact), "{rule}, {name}: “{}” lacks “{fact}”", check.fact);
    }
}

#[test]
fn a_clean_claim_passes_every_check_in_the_order_of_the_rules() {
    let checks = run(&facts(), &Policy::built_in(), now());
    let rules: Vec<&str> = checks.iter().map(|check| check.rule.as_str()).collect();
    let mut all: Vec<String> = (1..=14).map(|n| format!("R-04.{n}")).collect();
    all.extend(["R-05".to_owned(), "LEAD-13".to_owned()]);
    assert_eq!(rules, all);
    for check in &checks {
        assert_eq!(check.outcome, CheckOutcome::Pass, "{}: {}", check.name, check.fact);
        assert!(!check.fact.is_empty());
    }
}

#[test]
fn fails_come_first_then_warnings_then_passes() {
    let mut facts = facts();
    facts.registration.consent = None;
    facts.registration.competitors = None;
    facts.registration.domain = None;
    let outcomes: Vec<CheckOutcome> =
        run(&facts, &Policy::built_in(), now()).iter().map(|check| check.outcome).collect();
    assert!(outcomes.is_sorted_by(|a, b| a >= b), "{outcomes:?}");
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == CheckOutcome::Fail).count(), 2);
}

#[test]
fn nothing_known_beside_the_claim_fails_nothing() {
    let known = Facts::new(facts().registration);
    for check in run(&known, &Policy::built_in(), now()) {
        assert_ne!(check.outcome, CheckOutcome::Fail, "{}: {}", check.name, check.fact);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// B3: what a flip promises is what comes out when it is applied, for every check on any facts.
    #[test]
    fn a_flip_turns_its_check_when_it_is_applied(facts in any_facts(), policy in any_policy()) {
        for judge in JUDGES {
            let finding = explain(judge, &facts, &policy, now());
            let name = &finding.check.name;
            if finding.turn.is_empty() {
                prop_assert_eq!(&finding.check.flip, &None);
                continue;
            }
            let turned = outcome_after(judge, &finding.turn, &facts, &policy, now());
            prop_assert_ne!(turned, finding.check.outcome, "{}: {} / {:?}", name, finding.check.fact, finding.turn);
            let verb = match turned {
                CheckOutcome::Pass => "would pass if ",
                CheckOutcome::Warn => "would need a look if ",
                CheckOutcome::Fail => "would fail if ",
            };
            let flip = finding.check.flip.unwrap_or_default();
            prop_assert!(flip.starts_with(verb), "{}: {}", name, flip);
            // A fail is only turned by something better.
            prop_assert!(finding.check.outcome != CheckOutcome::Fail || turned < CheckOutcome::Fail);
        }
    }

    /// Only the smallest change is named: leaving out any part of it does not turn a fail.
    #[test]
    fn no_part_of_a_fails_flip_can_be_left_out(facts in any_facts(), policy in any_policy()) {
        for judge in JUDGES {
            let finding = explain(judge, &facts, &policy, now());
            if finding.check.outcome != CheckOutcome::Fail {
                continue;
            }
            for left_out in 0..finding.turn.len() {
                let mut fewer = finding.turn.clone();
                fewer.remove(left_out);
                let outcome = outcome_after(judge, &fewer, &facts, &policy, now());
                prop_assert_eq!(outcome, CheckOutcome::Fail, "{}: {:?}", finding.check.name, fewer);
            }
        }
    }

    #[test]
    fn every_fail_has_a_flip(facts in any_facts(), policy in any_policy()) {
        for check in run(&facts, &policy, now()) {
            prop_assert!(check.outcome != CheckOutcome::Fail || check.flip.is_some(), "{}: {}", check.name, check.fact);
            prop_assert!(!check.fact.trim().is_empty(), "{}", check.name);
        }
    }

    /// B3 for the recommendation: its flip leads to another act, and exactly one clause decides.
    #[test]
    fn a_recommendation_has_one_deciding_clause_and_a_flip_that_turns_it(facts in any_facts(), policy in any_policy()) {
        let checks = run(&facts, &policy, now());
        let recommendation = crate::recommend::recommend(&facts, &checks, &policy, now());
        let deciding = recommendation.trace.iter().filter(|clause| clause.result == drumbeat_model::verdict::ClauseResult::Decides);
        prop_assert_eq!(deciding.count(), 1, "{:#?}", recommendation);
        prop_assert_eq!(recommendation.policy, policy.version);
        let (to, changes) = crate::recommend::turn(&facts, recommendation.act, &policy, now()).expect("every act has a flip");
        let (bent, bent_policy) = changed(&changes, &facts, &policy);
        let after = crate::recommend::recommend(&bent, &run(&bent, &bent_policy, now()), &bent_policy, now());
        prop_assert_eq!(after.act, to);
        prop_assert_ne!(after.act, recommendation.act);
        prop_assert!(recommendation.flip.is_some());
        prop_assert_eq!(recommendation.act == Act::Approve, checks.iter().all(|check| check.outcome != CheckOutcome::Fail));
    }

    #[test]
    fn the_same_question_has_the_same_answer(facts in any_facts(), policy in any_policy()) {
        prop_assert_eq!(run(&facts, &policy, now()), run(&facts, &policy, now()));
    }

    /// Whichever way the facts were gathered: checks, recommendation, trace and flip are the same to the letter.
    #[test]
    fn no_answer_depends_on_the_order_of_the_facts(facts in any_facts(), policy in any_policy(), turns in 1_usize..4) {
        let mut other = facts.clone();
        other.same_domain.reverse();
        other.deals.reverse();
        other.certifications.reverse();
        let many = other.same_name.len().max(1);
        other.same_name.rotate_left(turns % many);
        let (here, there) = (run(&facts, &policy, now()), run(&other, &policy, now()));
        prop_assert_eq!(&here, &there);
        let said = |facts: &Facts, checks: &[Check]| crate::recommend::recommend(facts, checks, &policy, now());
        prop_assert_eq!(said(&facts, &here), said(&other, &there));
    }
}
