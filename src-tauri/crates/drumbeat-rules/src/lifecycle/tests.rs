#![allow(clippy::unwrap_used, clippy::expect_used)]

use drumbeat_model::dossier::{Answered, Appeal, Extension, Meeting, PartnerReply, Warned};
use drumbeat_model::verdict::{Check, CheckOutcome};
use proptest::prelude::*;

use super::*;
use crate::checks;
use crate::lifecycle::appeal::AppealFacts;
use crate::lifecycle::extension::ExtensionFacts;
use crate::sample::{at, date, deal, facts, now, registration};

fn today() -> Day {
    now().date_naive()
}

fn proof(kind: ProofKind, day: &str) -> Proof {
    Proof { kind, day: date(day), text: "minutes".to_owned() }
}

/// Approved on 1 October, protected until 30 December.
fn approved() -> Registration {
    Registration {
        status: S::Approved,
        decided_at: Some(at("2026-10-01")),
        protection_start: Some(date("2026-10-01")),
        protection_end: Some(date("2026-12-30")),
        deal: Some("d1".into()),
        ..registration()
    }
}

fn lead() -> Registration {
    Registration { kind: RegistrationKind::Lead, ..approved() }
}

fn met(day: &str) -> Meeting {
    Meeting { day: date(day), text: "call".into(), by: "Mara".into(), logged_at: at(day) }
}

fn warned(day: &str) -> Option<Warned> {
    Some(Warned { at: at(day), by: "Mara".into(), idle_days: 40 })
}

/// A deal on which nothing has happened since a day.
fn quiet(day: &str) -> Deal {
    let at = Some(at(day));
    Deal { last_activity_at: at, stage_notes_at: at, stage_entered_at: at, ..deal() }
}

#[test]
fn a_protection_is_idle_since_the_last_thing_that_happened() {
    let policy = Policy::built_in();
    let with = |change: fn(&mut Registration)| {
        let mut claim = approved();
        change(&mut claim);
        claim
    };
    for (name, claim, deal, idle) in [
        ("since the approval", approved(), None, Some(49)),
        ("since the deal's notes", approved(), Some(quiet("2026-11-10")), Some(9)),
        ("the deal is older than the approval", approved(), Some(quiet("2026-09-01")), Some(49)),
        ("since the meeting", with(|c| c.dossier.meeting = Some(met("2026-11-18"))), None, Some(1)),
        ("not protected", registration(), None, None),
        ("over", with(|c| c.protection_end = Some(date("2026-11-18"))), None, None),
        ("won", approved(), Some(Deal { outcome: Outcome::Won, ..deal() }), None),
    ] {
        assert_eq!(idle_days(&claim, deal.as_ref(), today()), idle, "{name}");
    }
    assert!(policy.protection.untouched_days <= 49);
}

#[test]
fn a_leads_hold_stands_or_falls_by_its_first_meeting() {
    let policy = Policy::built_in();
    let approved_on = |day: &str| Registration { protection_start: Some(date(day)), ..lead() };
    let mut confirmed = lead();
    confirmed.dossier.meeting = Some(met("2026-10-05"));
    for (name, claim, expected) in [
        ("late", lead(), Hold::Late(date("2026-10-15"))),
        ("on its last day", approved_on("2026-11-05"), Hold::Waits(date("2026-11-19"))),
        ("a day after", approved_on("2026-11-04"), Hold::Late(date("2026-11-18"))),
        ("met", confirmed, Hold::Confirmed),
        ("a deal registration", approved(), Hold::None),
        ("not approved", Registration { status: S::Submitted, ..lead() }, Hold::None),
    ] {
        assert_eq!(hold(&claim, &policy, today()), expected, "{name}");
    }
    let mut free = Policy::built_in();
    free.protection.lead.needs_first_meeting = false;
    assert_eq!(hold(&lead(), &free, today()), Hold::None);
}

#[test]
fn nobody_loses_a_protection_without_a_warning_and_time_to_answer() {
    let policy = Policy::built_in();
    let with = |warned| {
        let mut claim = approved();
        claim.dossier.warned = warned;
        claim
    };
    for (name, claim, deal, against) in [
        ("not warned", with(None), None, Some("the partner was not warned")),
        ("warned today", with(warned("2026-11-19")), None, Some("until 26 Nov 2026")),
        ("warned a week ago", with(warned("2026-11-12")), None, None),
        ("but something happened since", with(warned("2026-11-01")), Some(quiet("2026-11-10")), Some("9 days ago")),
    ] {
        let said = against_release(&claim, deal.as_ref(), &policy, today());
        match against {
            None => assert_eq!(said, None, "{name}"),
            Some(words) => assert!(said.as_ref().is_some_and(|said| said.contains(words)), "{name}: {said:?}"),
        }
    }
}

#[test]
fn what_wants_a_look_stands_under_its_gravest_reason() {
    let policy = Policy::built_in();
    let mut appealed = Registration { status: S::Declined, ..approved() };
    appealed.dossier.appeals.push(appeal("2026-11-10", Vec::new()));
    let mut asks = approved();
    asks.dossier.extensions.push(asked(Vec::new()));
    let ends = |day: &str| Registration { protection_end: Some(date(day)), ..approved() };
    let busy = || Some(quiet("2026-11-17"));
    for (name, claim, deal, group) in [
        ("an appeal", appealed, None, Some(ProtectionGroup::Appeals)),
        ("an extension", asks, busy(), Some(ProtectionGroup::Extensions)),
        ("a lead without a meeting", lead(), busy(), Some(ProtectionGroup::Holds)),
        ("untouched", approved(), Some(quiet("2026-10-01")), Some(ProtectionGroup::Untouched)),
        ("ends soon", ends("2026-11-26"), busy(), Some(ProtectionGroup::EndingSoon)),
        ("ends a day later", ends("2026-11-27"), busy(), None),
        ("ended", ends("2026-11-18"), busy(), Some(ProtectionGroup::Ended)),
        ("ended, but won", ends("2026-11-18"), Some(Deal { outcome: Outcome::Won, ..deal() }), None),
        ("in order", approved(), busy(), None),
        ("waits for its decision", registration(), None, None),
    ] {
        let found = attention(&claim, deal.as_ref(), &policy, today());
        assert_eq!(found.as_ref().map(|(group, ..)| *group), group, "{name}: {found:?}");
    }
}

fn can(claim: &Registration, deal: Option<&Deal>) -> Vec<&'static str> {
    acts(claim, deal, &Policy::built_in(), now()).into_iter().map(|state| state.act.name()).collect()
}

#[test]
fn every_state_has_its_acts() {
    let with = |status| Registration { status, ..registration() };
    let mut appealed = Registration { decided_at: Some(at("2026-11-10")), ..with(S::Declined) };
    let declined = appealed.clone();
    appealed.dossier.appeals.push(appeal("2026-11-12", Vec::new()));
    for (name, claim, expected) in [
        ("submitted", with(S::Submitted), "approve decline ask log_meeting withdraw expire"),
        ("info requested", with(S::InfoRequested), "approve decline ask answer log_meeting withdraw expire"),
        ("declined", declined, "open_appeal"),
        ("appealed", appealed, "decide_appeal"),
        ("withdrawn", with(S::Withdrawn), ""),
        ("expired", with(S::Expired), ""),
        ("draft", with(S::Draft), ""),
        ("approved", approved(), "extend request_extension log_meeting warn release reassign withdraw expire"),
        (
            "a lead without its meeting",
            lead(),
            "convert extend request_extension log_meeting lapse_hold warn release reassign withdraw expire",
        ),
    ] {
        assert_eq!(can(&claim, None).join(" "), expected, "{name}");
    }
    let state = |claim: &Registration, act| {
        acts(claim, None, &Policy::built_in(), now()).into_iter().find(|state| state.act == act).unwrap().against
    };
    assert!(state(&approved(), LifeAct::Extend).unwrap().contains("no evidence"));
    assert!(state(&approved(), LifeAct::Expire).is_some(), "its time is not over");
    let over = Registration { protection_end: Some(date("2026-11-18")), ..approved() };
    assert_eq!(state(&over, LifeAct::Expire), None);
}

#[test]
fn the_clock_stands_still_from_a_question_to_its_answer() {
    let mut claim = Registration { status: S::InfoRequested, ..registration() };
    assert_eq!(pauses(&claim), []);
    claim.dossier.asked_at = Some(at("2026-11-18"));
    assert_eq!(pauses(&claim), [Pause { from: at("2026-11-18"), until: None }]);
    claim.dossier.asked_at = None;
    claim.status = S::Submitted;
    let (question, text) = (None, "In Hamburg".to_owned());
    let reply = PartnerReply { at: at("2026-11-19"), question, text, asked_at: Some(at("2026-11-18")) };
    claim.dossier.replies.push(reply);
    assert_eq!(pauses(&claim), [Pause { from: at("2026-11-18"), until: Some(at("2026-11-19")) }]);
}

fn asked(proofs: Vec<Proof>) -> Extension {
    Extension {
        asked_at: at("2026-11-15"),
        by: None,
        proofs,
        answered: Answered::Waiting,
        answered_at: None,
        answered_by: None,
        reason: None,
        from: None,
        to: None,
        overridden: false,
    }
}

fn appeal(day: &str, proofs: Vec<Proof>) -> Appeal {
    Appeal {
        opened_at: at(day),
        by: None,
        text: "We met them first".into(),
        proofs,
        answered: Answered::Waiting,
        answered_at: None,
        answered_by: None,
        reason: None,
    }
}

fn extends(claim: &Registration, deal: Option<&Deal>, proofs: Vec<Proof>) -> drumbeat_model::lifecycle::Ruling {
    extension::ruling(&ExtensionFacts::of(claim, deal, proofs, today()), &Policy::built_in())
}

#[test]
fn a_protection_is_extended_for_progress_and_for_nothing_else() {
    let discovery = || vec![proof(ProofKind::Discovery, "2026-11-12")];
    let mut twice = approved();
    let given = Extension { answered: Answered::Granted, answered_at: Some(at("2026-11-01")), ..asked(Vec::new()) };
    twice.dossier.extensions.push(given);
    let over = Registration { protection_end: Some(date("2026-11-18")), ..approved() };
    let lost = Deal { outcome: Outcome::Lost, ..deal() };
    for (name, claim, deal, proofs, text, fact) in [
        (
            "with discovery",
            approved(),
            None,
            discovery(),
            "extend by 30 days, until 29 Jan 2027",
            "discovery on 12 Nov",
        ),
        ("without evidence", approved(), None, Vec::new(), "do not extend", "no evidence of progress since 1 Oct 2026"),
        (
            "with notes alone",
            approved(),
            None,
            vec![proof(ProofKind::Notes, "2026-11-12")],
            "do not extend",
            "no evidence",
        ),
        (
            "with old progress",
            approved(),
            None,
            vec![proof(ProofKind::Meeting, "2026-09-30")],
            "do not extend",
            "no evidence",
        ),
        (
            "with a plan",
            approved(),
            None,
            vec![proof(ProofKind::Proposal, "2026-11-20")],
            "do not extend",
            "no evidence",
        ),
        ("too often", twice, None, discovery(), "do not extend", "extended 1 of 1 time"),
        ("too late", over, None, discovery(), "do not extend", "it ended on 18 Nov 2026"),
        ("for a deal that is lost", approved(), Some(lost), discovery(), "do not extend", "its deal is closed"),
        ("undecided", registration(), None, discovery(), "do not extend", "it is not approved"),
    ] {
        let ruling = extends(&claim, deal.as_ref(), proofs);
        assert_eq!(ruling.text, text, "{name}: {ruling:#?}");
        assert!(ruling.checks.iter().any(|check| check.fact.contains(fact)), "{name}: {ruling:#?}");
        assert!(ruling.flip.is_some(), "{name}: {ruling:#?}");
    }
}

#[test]
fn an_appeal_is_granted_in_its_window_with_evidence_once_nothing_speaks_against_the_claim() {
    let policy = Policy::built_in();
    let clean = checks::run(&facts(), &policy, now());
    let failing = checks::run(&Facts { certifications: Vec::new(), ..facts() }, &policy, now());
    let evidence = || vec![proof(ProofKind::Meeting, "2026-11-03")];
    let (in_time, late) = ("2026-11-14", "2026-11-16");
    for (name, day, proofs, checks, text) in [
        ("as it should be", in_time, evidence(), &clean, "grant it: nothing speaks against the claim any more"),
        ("late", late, evidence(), &clean, "the decision stands: the appeal does not meet the policy"),
        ("without evidence", in_time, Vec::new(), &clean, "the decision stands: the appeal does not meet the policy"),
        ("nothing has changed", in_time, evidence(), &failing, "the decision stands: Certification"),
    ] {
        let appeal = appeal(day, proofs);
        let facts = AppealFacts { appeal: &appeal, declined_at: Some(at("2026-11-01")), checks };
        let ruling = appeal::ruling(&facts, &policy);
        assert_eq!(ruling.text, text, "{name}");
        assert_eq!(ruling.grant, text.starts_with("grant"), "{name}");
        assert!(ruling.flip.is_some(), "{name}: {ruling:#?}");
    }
}

use crate::facts::Facts;

fn any_proofs() -> impl Strategy<Value = Vec<Proof>> {
    let one = (prop::sample::select(ProofKind::ALL), -120_i64..20);
    let one = one.prop_map(|(kind, days)| Proof {
        kind,
        day: today() + chrono::TimeDelta::days(days),
        text: "seen".to_owned(),
    });
    prop::collection::vec(one, 0..4)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// B3 for an extension: each turn, applied, turns its check, and all of a no's together give a yes.
    #[test]
    fn each_turn_of_an_extension_turns_it(
        protected in any::<bool>(), closed in any::<bool>(), extended in 0_u32..4,
        end in prop::option::of(-60_i64..120), since in prop::option::of(-200_i64..0), proofs in any_proofs(),
    ) {
        let day = |days: i64| today() + chrono::TimeDelta::days(days);
        let facts = ExtensionFacts {
            protected, closed, extended, proofs, end: end.map(day), since: since.map(day), today: today(),
        };
        let policy = Policy::built_in();
        let looked = extension::looked(&facts, &policy);
        for (place, (check, turn)) in looked.iter().enumerate() {
            prop_assert_eq!(check.flip.is_some(), turn.is_some());
            prop_assert!(turn.is_some() || check.outcome == CheckOutcome::Pass, "every no can be turned: {}", check.fact);
            let Some(turn) = turn else { continue };
            let mut other = facts.clone();
            turn.apply(&mut other);
            // What is not approved has no end that counts.
            let after = &extension::looked(&other, &policy)[place].0;
            prop_assert!(after.outcome != check.outcome || !protected && place == 0, "{} / {}", check.fact, after.fact);
        }
        let ruling = extension::ruling(&facts, &policy);
        prop_assert_eq!(ruling.grant, ruling.checks.iter().all(|check: &Check| check.outcome == CheckOutcome::Pass));
        if !ruling.grant {
            let mut other = facts.clone();
            // Being approved and running are two things of one check.
            for _ in 0..2 {
                let fails = extension::looked(&other, &policy);
                for (_, turn) in fails.into_iter().filter(|(check, _)| check.outcome == CheckOutcome::Fail) {
                    turn.unwrap().apply(&mut other);
                }
            }
            prop_assert!(extension::ruling(&other, &policy).grant);
        }
    }
}
