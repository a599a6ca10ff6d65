//! The gate between two stages (M, F-01): what must hold before a deal moves on.
//!
//! Missing hard fields, a missing account and every exit criterion that does not hold ([`criteria`]) stop a move
//! forward; an override needs a person and a reason, and is the caller's to record. A close is a gate too: a lost deal
//! needs its reason, a won one what the move on from its stage needs (M-12). Moving back, or staying, is always free.

use drumbeat_model::crm::{ObjectKind, Outcome};
use drumbeat_model::deal::{ConflictStatus, Deal};
use drumbeat_model::gate::ToldBy;
use drumbeat_model::time::Instant;
use drumbeat_model::verdict::{Check, CheckOutcome, RecordLink};

use crate::policy::Policy;
use crate::{criteria, hygiene, text};

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
    for position in deal.position.max(1)..to_position {
        let fields = policy.stage(deal.motion, position).map(|stage| stage.fields.as_slice()).unwrap_or_default();
        for field in hygiene::missing_of(deal, fields, policy, now) {
            let flip = format!("would pass if “{}” were filled in", field.label());
            let fact = "missing; the stage asks for it".to_owned();
            checks.push(check("F-01", field.label(), CheckOutcome::Fail, fact, Some(flip)));
        }
    }
    for criterion in criteria::between(deal, to_position, policy, now).into_iter().filter(|criterion| !criterion.met) {
        let flip = match criterion.told_by {
            ToldBy::Data => None,
            ToldBy::Person => Some("would pass if a person confirmed it".to_owned()),
        };
        let fact = format!("{}: {}", criterion.says, criterion.fact);
        checks.push(check(&rule_of(&criterion.key), &criterion.stage, CheckOutcome::Fail, fact, flip));
    }
    checks.sort_by_key(|check| std::cmp::Reverse(check.outcome));
    checks
}

/// The rule that a criterion stands under: `M-10` for the entry gate, else its motion and stage, `M-reseller.2`.
fn rule_of(key: &str) -> String {
    match key.rsplit_once('.') {
        Some((stage, _)) if stage != "entry" => format!("M-{stage}"),
        _ => "M-10".to_owned(),
    }
}

/// What speaks for and against closing a deal: a lost one needs the reason, a won one all that a move on from its stage
/// needs (M-12, STG-29). Deals that the program does not look at close freely.
#[must_use]
pub fn closing(deal: &Deal, outcome: Outcome, policy: &Policy, now: Instant) -> Vec<Check> {
    if !hygiene::concerns(deal) || deal.outcome == outcome {
        return Vec::new();
    }
    match outcome {
        Outcome::Open => Vec::new(),
        Outcome::Won => {
            // A won deal is closed: what asks for the close itself holds, and what waits for a next step is over.
            let won = Deal { outcome: Outcome::Won, ..deal.clone() };
            let all = gate(&won, deal.position.saturating_add(1), policy, now);
            all.into_iter().filter(|check| check.outcome == CheckOutcome::Fail).collect()
        }
        Outcome::Lost if text::there(deal.lost_reason.as_deref()) => Vec::new(),
        Outcome::Lost => vec![Check {
            rule: "M-12".to_owned(),
            name: "Reason".to_owned(),
            outcome: CheckOutcome::Fail,
            fact: "nothing says why it was lost".to_owned(),
            records: vec![RecordLink { kind: ObjectKind::Deal, id: deal.id.0.clone(), label: deal.name.clone() }],
            flip: Some("would pass if “Lost reason” were filled in".to_owned()),
        }],
    }
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
    use drumbeat_model::gate::Confirm;
    use proptest::prelude::*;

    fn rules(deal: &Deal, to: u32) -> Vec<(String, CheckOutcome)> {
        gate(deal, to, &Policy::built_in(), now()).into_iter().map(|check| (check.rule, check.outcome)).collect()
    }

    /// A deal whose open criteria a person has confirmed, as far as a person can.
    fn confirmed(deal: &Deal, to: u32) -> Deal {
        let asked = criteria::between(deal, to, &Policy::built_in(), now());
        let said = asked.into_iter().map(|one| Confirm { key: one.key, holds: true, proof: None });
        criteria::confirmed(deal, &said.collect::<Vec<_>>(), "Mara", now())
    }

    #[test]
    fn a_deal_that_lacks_nothing_is_held_by_its_exit_criteria_until_a_person_confirms_them() {
        let checks = gate(&deal(), 3, &Policy::built_in(), now());
        assert!(!checks.is_empty() && held(&checks));
        assert!(checks.iter().all(|check| check.rule == "M-reseller.2" && check.outcome == CheckOutcome::Fail));
        assert!(checks[0].fact.contains("nobody has confirmed it"), "{}", checks[0].fact);
        assert_eq!(rules(&confirmed(&deal(), 3), 3), []);
    }

    #[test]
    fn the_first_stage_is_left_through_the_entry_gate() {
        let first = Deal { position: 1, ..deal() };
        assert!(rules(&first, 2).contains(&("M-10".to_owned(), CheckOutcome::Fail)), "{:?}", rules(&first, 2));
        let no_credit = confirmed(&Deal { attribution_pct: None, ..first.clone() }, 2);
        assert!(rules(&no_credit, 2).contains(&("M-10".to_owned(), CheckOutcome::Fail)));
        assert_eq!(rules(&confirmed(&first, 2), 2).iter().filter(|(rule, _)| rule == "M-10").count(), 0);
    }

    #[test]
    fn a_close_is_a_gate_too() {
        let policy = Policy::built_in();
        let closing = |deal: &Deal, outcome| closing(deal, outcome, &policy, now());
        assert!(held(&closing(&deal(), Outcome::Lost)), "without a reason");
        assert_eq!(closing(&Deal { lost_reason: Some("price".into()), ..deal() }, Outcome::Lost), []);
        assert!(held(&closing(&deal(), Outcome::Won)), "its criteria are open");
        assert_eq!(closing(&confirmed(&deal(), 3), Outcome::Won), []);
        let quiet = Deal { next_step: None, next_step_due: None, ..confirmed(&deal(), 3) };
        assert_eq!(closing(&quiet, Outcome::Won), [], "a won deal needs no next step");
        let direct = Deal { partner: None, motion: None, ..deal() };
        assert_eq!(closing(&direct, Outcome::Lost), []);
        assert_eq!(closing(&Deal { outcome: Outcome::Lost, ..deal() }, Outcome::Lost), []);
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
            ("no motion", |d| d.motion = None, 3, "F-01", true),
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
            let deal = confirmed(&deal, to);
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
        fn a_move_forward_is_held_exactly_when_something_hard_is_missing_or_a_criterion_is_open(
            deal in any_deal(),
            to in 0_u32..9,
        ) {
            let policy = Policy::built_in();
            let deal = if to % 2 == 0 { confirmed(&deal, to) } else { deal };
            let forward = to > deal.position && hygiene::concerns(&deal);
            let missing = !hygiene::missing_hard(&deal, &policy, now()).is_empty() || deal.account.is_none();
            let open = criteria::between(&deal, to, &policy, now()).iter().any(|one| !one.met);
            let fields = (deal.position.max(1)..to).any(|at| {
                let of_stage = policy.stage(deal.motion, at).map(|stage| stage.fields.clone()).unwrap_or_default();
                !hygiene::missing_of(&deal, &of_stage, &policy, now()).is_empty()
            });
            prop_assert_eq!(held(&gate(&deal, to, &policy, now())), forward && (missing || open || fields));
        }
    }
}
