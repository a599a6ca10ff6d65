//! Judging a past decision again, by another policy (B2, G-03).
//!
//! A decision keeps the facts that its checks looked at, and the moment ([`kept`]); with them the same checks
//! run again under any policy, whatever has become of the records since. One fact is a judgement itself:
//! whether a rival claim was complete. What that claim gave is kept beside, so that it is judged anew too.
//!
//! Callers rely on it that the policy that judged then judges the same again: every difference comes from the
//! other policy. Decisions without kept facts cannot be judged again, and are never guessed at.

use std::collections::BTreeMap;

use drumbeat_model::field::Field;
use drumbeat_model::policy::ReplayedRule;
use drumbeat_model::registration::{Registration, RegistrationStatus};
use drumbeat_model::time::Instant;
use drumbeat_model::verdict::{Act, Check, CheckOutcome};
use serde::{Deserialize, Serialize};

use crate::checks::{self, proof_of_work, required_fields};
use crate::facts::{ClaimFact, Facts};
use crate::policy::{Policy, WindowStart};
use crate::{calendar, recommend, text};

/// What a decision keeps, to be judged again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judged {
    /// When it was judged.
    pub at: Instant,
    /// What the checks looked at.
    pub facts: Facts,
    /// What rival claims gave, by id.
    #[serde(default)]
    pub given: BTreeMap<String, Vec<Field>>,
}

/// What a claim gives, of all that a policy can ask for.
#[must_use]
pub fn given(registration: &Registration) -> Vec<Field> {
    let mut all = Policy::built_in();
    all.registration.required.lead = required_fields::JUDGED.to_vec();
    all.registration.required.deal = required_fields::JUDGED.to_vec();
    let absent = required_fields::missing(registration, &all);
    let mut given: Vec<Field> =
        required_fields::JUDGED.iter().copied().filter(|field| !absent.contains(field)).collect();
    if registration.consent == Some(true) {
        given.push(Field::Consent);
    }
    if proof_of_work::given(registration) {
        given.push(Field::ProofOfWork);
    }
    given
}

fn is_complete(claim: &ClaimFact, given: &[Field], policy: &Policy) -> bool {
    let rules = &policy.registration;
    let has = |field: Field| given.contains(&field);
    rules.required.of(claim.kind).iter().all(|field| has(*field))
        && (has(Field::Consent) || !rules.consent.contains(&claim.kind))
        && (has(Field::ProofOfWork) || !rules.proof_of_work.contains(&claim.kind))
}

/// What a policy says to a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// What it recommends.
    pub act: Act,
    /// Its checks, by rule.
    checks: BTreeMap<String, Check>,
    /// Days of protection of an approval.
    days: u32,
    /// When it starts.
    starts: WindowStart,
    /// The decision was in time; not known without a submission.
    in_time: Option<bool>,
}

impl Judged {
    /// Judges it by a policy.
    #[must_use]
    pub fn by(&self, policy: &Policy) -> Verdict {
        let mut facts = self.facts.clone();
        // At its desk a claim waits for a decision, whatever its record says afterwards.
        if !facts.registration.status.is_open() {
            facts.registration.status = RegistrationStatus::Submitted;
        }
        let near = facts.near_claims.iter_mut().map(|one| &mut one.claim);
        let known = facts.same_domain.iter_mut().chain(&mut facts.same_name).chain(&mut facts.same_group);
        for claim in known.chain(near) {
            if let Some(given) = self.given.get(claim.id.as_str()) {
                claim.qualified = is_complete(claim, given, policy);
            }
        }
        let checks = checks::run(&facts, policy, self.at);
        let counts =
            facts.go_live.is_none_or(|day| facts.registration.submitted_at.is_some_and(|at| at.date_naive() >= day));
        Verdict {
            act: recommend::recommend(&facts, &checks, policy, self.at).act,
            days: policy.protection.default_days,
            starts: policy.protection.starts,
            in_time: facts
                .registration
                .submitted_at
                .filter(|_| counts)
                .map(|from| self.at <= calendar::due(from, policy.clocks.decision, &policy.calendar, &[])),
            checks: checks.into_iter().map(|check| (check.rule.clone(), check)).collect(),
        }
    }
}

impl Verdict {
    /// Everything in which another verdict on the same decision differs; nothing when it is the same.
    #[must_use]
    pub fn against(&self, other: &Verdict) -> Vec<ReplayedRule> {
        let mut all = Vec::new();
        let mut say = |rule: &str, name: &str, before: String, after: String| {
            all.push(ReplayedRule { rule: rule.to_owned(), name: name.to_owned(), before, after });
        };
        if self.act != other.act {
            say("R-05", "Recommendation", act(self.act).to_owned(), act(other.act).to_owned());
        }
        for (rule, before) in &self.checks {
            match other.checks.get(rule) {
                Some(after) if after.outcome == before.outcome => {}
                Some(after) => say(rule, &before.name, told(before), told(after)),
                None => say(rule, &before.name, told(before), "not checked".to_owned()),
            }
        }
        if self.act == Act::Approve && other.act == Act::Approve && self.days != other.days {
            say(
                "R-06",
                "Protection",
                text::count(u64::from(self.days), "day"),
                text::count(u64::from(other.days), "day"),
            );
        }
        if self.act == Act::Approve && other.act == Act::Approve && self.starts != other.starts {
            say("R-06", "Protection starts", self.starts.label().to_owned(), other.starts.label().to_owned());
        }
        if let (Some(before), Some(after)) = (self.in_time, other.in_time)
            && before != after
        {
            let word = |in_time| if in_time { "in time" } else { "late" }.to_owned();
            say("S-02", "Decision clock", word(before), word(after));
        }
        all
    }
}

fn told(check: &Check) -> String {
    let word = match check.outcome {
        CheckOutcome::Pass => "passes",
        CheckOutcome::Warn => "to look at",
        CheckOutcome::Fail => "fails",
    };
    format!("{word}: {}", check.fact)
}

fn act(act: Act) -> &'static str {
    match act {
        Act::Approve => "approve",
        Act::Decline => "decline",
        Act::Ask => "ask the partner",
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::sample::{any_facts, any_policy, claim, facts, now, registration};
    use drumbeat_model::registration::RegistrationKind;
    use proptest::prelude::*;

    fn judged(facts: Facts) -> Judged {
        Judged { at: now(), facts, given: BTreeMap::new() }
    }

    /// A policy, bent.
    type Bend = fn(&mut Policy);

    #[test]
    fn another_policy_changes_what_it_is_about_and_says_so() {
        let cases: [(&str, Bend, &[&str]); 6] = [
            ("nothing", |_| {}, &[]),
            ("shorter protection", |p| p.protection.default_days = 60, &["R-06"]),
            ("a faster clock", |p| p.clocks.decision = "24 hours".parse().unwrap(), &["S-02"]),
            ("leads only for the elite", |p| p.tiers.elite.kinds = vec![RegistrationKind::Lead], &["R-05", "R-04.7"]),
            ("a motion is off", |p| p.motions.on.clear(), &["R-05", "R-04.3"]),
            ("another weight", |p| p.signals.stalled = 99, &[]),
        ];
        for (name, bend, rules) in cases {
            let mut policy = Policy::built_in();
            bend(&mut policy);
            let judged = judged(facts());
            let differs = judged.by(&Policy::built_in()).against(&judged.by(&policy));
            let known: Vec<&str> = differs.iter().map(|rule| rule.rule.as_str()).collect();
            assert!(rules.iter().all(|rule| known.contains(rule)), "{name}: {differs:?}");
            assert_eq!(rules.is_empty(), known.is_empty(), "{name}: {differs:?}");
        }
    }

    #[test]
    fn a_rival_is_complete_by_the_policy_that_judges() {
        let mut judged = judged(facts());
        let rival = ClaimFact { kind: RegistrationKind::Deal, ..claim("LR-1", "p2", RegistrationStatus::Submitted) };
        judged.facts.same_domain = vec![rival];
        judged.given.insert("LR-1".to_owned(), given(&Registration { products: None, ..registration() }));
        let built_in = Policy::built_in();
        let mut loose = Policy::built_in();
        loose.registration.required.deal.retain(|field| *field != Field::Products);
        let (strict, loose) = (judged.by(&built_in), judged.by(&loose));
        assert_eq!(strict.act, Act::Approve, "the rival lacks its products");
        assert_eq!(loose.act, Act::Decline, "complete, and a day earlier");
    }

    #[test]
    fn what_a_claim_gives_says_the_same_as_its_completeness() {
        let policy = Policy::built_in();
        for registration in [
            registration(),
            Registration { products: None, ..registration() },
            Registration { consent: None, ..registration() },
            Registration { proof_of_work: None, ..registration() },
        ] {
            let fact = ClaimFact::of(&registration, None, &policy);
            assert_eq!(is_complete(&fact, &given(&registration), &policy), fact.qualified);
        }
    }

    proptest! {
        #[test]
        fn the_policy_in_force_changes_nothing_also_after_the_facts_were_kept(facts in any_facts(), policy in any_policy()) {
            let judged = judged(facts);
            let text = serde_json::to_string(&judged).unwrap();
            let again: Judged = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(&again, &judged);
            prop_assert_eq!(judged.by(&policy).against(&again.by(&policy)), []);
        }

        #[test]
        fn a_difference_turns_around_with_the_policies(facts in any_facts(), policy in any_policy()) {
            let judged = judged(facts);
            let (one, other) = (judged.by(&Policy::built_in()), judged.by(&policy));
            let there = one.against(&other);
            let back = other.against(&one);
            prop_assert_eq!(there.len(), back.len());
            prop_assert!(there.iter().zip(&back).all(|(a, b)| a.before == b.after && a.after == b.before));
            prop_assert!(one.act == other.act || !there.is_empty());
        }
    }
}
