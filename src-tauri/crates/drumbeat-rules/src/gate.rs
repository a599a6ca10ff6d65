//! The gate between two stages (M, F-01): what must hold before a deal moves on.
//!
//! Missing hard fields, a missing account or partner and a missing credit rule stop a move forward; an override
//! needs a person and a reason, and is the caller's to record. What the data cannot tell (the exit criterion of
//! the stage) is put as a question to a person. Moving back, or staying, is always free.

use drumbeat_model::crm::ObjectKind;
use drumbeat_model::deal::{ConflictStatus, Deal};
use drumbeat_model::time::Instant;
use drumbeat_model::verdict::{Check, CheckOutcome, RecordLink};

use crate::hygiene;
use crate::policy::Policy;
use crate::text;

/// What speaks for and against moving a deal to a position; the move is held when any check fails.
#[must_use]
pub fn gate(deal: &Deal, to_position: u32, policy: &Policy, now: Instant) -> Vec<Check> {
    if !hygiene::concerns(deal) || to_position <= deal.position {
        return Vec::new();
    }
    let link = RecordLink { kind: ObjectKind::Deal, id: deal.id.0.clone(), label: deal.name.clone() };
    let check = |rule: &str, name: &str, outcome, fact: String, flip: Option<String>| Check {
        rule: rule.to_owned(),
        name: name.to_owned(),
        outcome,
        fact,
        records: vec![link.clone()],
        flip,
    };
    let mut checks: Vec<Check> = hygiene::missing_hard(deal, policy, now)
        .into_iter()
        .map(|field| {
            let flip = format!("would pass if “{}” were filled in", field.label());
            check("F-01", field.label(), CheckOutcome::Fail, "missing; a hard field".to_owned(), Some(flip))
        })
        .collect();
    if deal.account.is_none() {
        let flip = Some("would pass if the deal had an account".to_owned());
        checks.push(check("M-10", "Named account", CheckOutcome::Fail, "the deal has no account".to_owned(), flip));
    }
    if deal.conflict_status == Some(ConflictStatus::Active) {
        let flip = Some("would pass if the channel conflict were settled".to_owned());
        checks.push(check(
            "C-03",
            "Channel conflict",
            CheckOutcome::Warn,
            "a channel conflict is active".to_owned(),
            flip,
        ));
    }
    if let Some(fact) = hygiene::stale_notes(deal, policy, None, now) {
        let flip = Some("would pass if the notes were written today".to_owned());
        checks.push(check("F-02", "Stage notes", CheckOutcome::Warn, fact, flip));
    }
    if !text::there(deal.next_step.as_deref()) {
        let flip = Some("would pass if there were a next step".to_owned());
        checks.push(check("S-05", "Next step", CheckOutcome::Warn, "there is no next step".to_owned(), flip));
    }
    if deal.position > 0 && to_position > deal.position + 1 {
        let skipped = to_position - deal.position - 1;
        let fact = format!("skips {}", text::count(u64::from(skipped), "stage"));
        checks.push(check(
            "M",
            "Order of stages",
            CheckOutcome::Warn,
            fact,
            Some("would pass if it moved one stage".to_owned()),
        ));
    }
    if let Some(stage) = policy.stage(deal.motion, deal.position) {
        let rule = format!("M-{}.{}", deal.motion.map_or("generic", |motion| motion.name()), deal.position);
        checks.push(check(&rule, &stage.name, CheckOutcome::Warn, format!("a person confirms: {}", stage.exit), None));
    }
    checks.sort_by_key(|check| std::cmp::Reverse(check.outcome));
    checks
}

/// Whether a move is held: at least one check of [`gate`] fails.
#[must_use]
pub fn held(checks: &[Check]) -> bool {
    checks.iter().any(|check| check.outcome == CheckOutcome::Fail)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use crate::sample::{any_deal, at, deal, now};
    use drumbeat_model::deal::Deal;
    use proptest::prelude::*;

    fn rules(deal: &Deal, to: u32) -> Vec<(String, CheckOutcome)> {
        gate(deal, to, &Policy::built_in(), now()).into_iter().map(|check| (check.rule, check.outcome)).collect()
    }

    #[test]
    fn a_deal_that_lacks_nothing_asks_a_person_for_the_exit_criterion_alone() {
        let checks = gate(&deal(), 3, &Policy::built_in(), now());
        assert_eq!(checks.len(), 1);
        assert_eq!((checks[0].rule.as_str(), checks[0].outcome), ("M-reseller.2", CheckOutcome::Warn));
        assert!(checks[0].fact.contains("the reseller confirms real demand"));
        assert!(!held(&checks));
    }

    #[test]
    fn what_holds_a_deal() {
        type Bend = fn(&mut Deal);
        let cases: [(&str, Bend, u32, &str, bool); 8] = [
            ("a hard field", |d| d.contact_roles = None, 3, "F-01", true),
            ("no account", |d| d.account = None, 3, "M-10", true),
            ("an advised field", |d| d.next_step = None, 3, "S-05", false),
            ("stale notes", |d| d.stage_notes_at = Some(at("2026-10-01")), 3, "F-02", false),
            ("a channel conflict", |d| d.conflict_status = Some(ConflictStatus::Active), 3, "C-03", false),
            ("a skipped stage", |_| {}, 5, "M", false),
            ("no motion, so the generic stages", |d| d.motion = None, 3, "M-generic.2", true),
            (
                "from a stage that is not mapped",
                |d| {
                    d.position = 0;
                    d.attribution = None;
                },
                4,
                "F-01",
                true,
            ),
        ];
        for (name, bend, to, rule, holds) in cases {
            let mut deal = deal();
            bend(&mut deal);
            let found = rules(&deal, to);
            assert!(found.iter().any(|(one, _)| one == rule), "{name}: {found:?}");
            assert_eq!(held(&gate(&deal, to, &Policy::built_in(), now())), holds, "{name}");
        }
    }

    #[test]
    fn back_and_direct_moves_are_free() {
        let bare = Deal { contact_roles: None, ..deal() };
        assert_eq!(rules(&bare, 2), []);
        assert_eq!(rules(&bare, 1), []);
        let direct = Deal { partner: None, motion: None, contact_roles: None, ..deal() };
        assert_eq!(rules(&direct, 5), []);
    }

    proptest! {
        #[test]
        fn a_move_forward_is_held_exactly_when_something_hard_is_missing(deal in any_deal(), to in 0_u32..9) {
            let policy = Policy::built_in();
            let forward = to > deal.position && hygiene::concerns(&deal);
            let missing = !hygiene::missing_hard(&deal, &policy, now()).is_empty() || deal.account.is_none();
            prop_assert_eq!(held(&gate(&deal, to, &policy, now())), forward && missing);
        }
    }
}
