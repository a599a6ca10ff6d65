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
