//! A bounded slice of the simulation, and of its exam. The campaigns are `drumbeat torture sim` and
//! `drumbeat torture planted`; what they came to is in `tests/reliability-report.json`.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use drumbeat_lab::sim::campaign::{Plan, campaign};
use drumbeat_lab::sim::{STEPS, run};
use drumbeat_model::crm::Vendor;
use drumbeat_model::planted::Bug;

const VENDORS: [Vendor; 2] = [Vendor::Hubspot, Vendor::Salesforce];

/// Seeds in which something did not hold once, each with what it was.
const ONCE_FAILED: &[(u64, &str)] = &[
    (620, "a late request wrote over a colleague's value in a record that then went into the bin"),
    (285, "a sender was held up while another could not reach the CRM"),
    (2487, "what was read before another sending settled an op that was in doubt again"),
    (102, "an older copy lost the making of a record that a recovered change was built on"),
    (2129, "what had landed and was taken back came to life with an older copy"),
    (22, "a recovered change went out behind what was decided meanwhile"),
];

#[test]
fn nothing_is_lost_sent_twice_or_written_over_in_silence_whatever_happens() {
    for crm in VENDORS {
        let plan = Plan { crm, from: 1, seeds: 20, steps: STEPS, threads: 2, at_most: None };
        let sum = campaign(&plan).unwrap();
        assert_eq!(sum.failures, 0, "{crm:?}: {:#?}", sum.failed);
        assert_eq!(sum.diverged, 0, "the same seed went another way");
        assert!(sum.writes > 100 && sum.decisions > 100, "the seeds do next to nothing: {sum:?}");
    }
}

#[test]
fn what_failed_once_holds_now() {
    for (seed, what) in ONCE_FAILED {
        let outcome = run(Vendor::Hubspot, *seed, STEPS, None).unwrap();
        assert!(outcome.violations.is_empty(), "seed {seed} ({what}): {:#?}", outcome.violations);
    }
}

#[test]
fn the_simulation_finds_bugs_that_are_planted() {
    const HUBSPOT: &[Vendor] = &[Vendor::Hubspot];
    for (bug, vendors) in [
        (Bug::ResendWithoutReadBack, HUBSPOT),
        (Bug::AnyAnswerIsYes, &VENDORS),
        (Bug::LostIsNotApplied, &VENDORS),
        (Bug::NoQuarantine, HUBSPOT),
        (Bug::HiddenIsDeleted, HUBSPOT),
        (Bug::NoLaneOrder, HUBSPOT),
        (Bug::MarkApart, &VENDORS),
        (Bug::MoveWithoutAudit, &VENDORS),
        (Bug::GroupSplit, &VENDORS),
    ] {
        for crm in vendors {
            let found = (1..20).any(|seed| !run(*crm, seed, STEPS, Some(bug)).unwrap().violations.is_empty());
            assert!(found, "{} was not found in 20 seeds with {crm:?}", bug.name());
        }
    }
}
