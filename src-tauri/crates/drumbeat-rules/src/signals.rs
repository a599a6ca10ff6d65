//! Signals: facts that point at a risk of a deal, each with its weight from the policy (W-03, C-02).
//! The rank of a deal is their sum and nothing else, so that a person can add it up.

use drumbeat_model::crm::Outcome;
use drumbeat_model::deal::{ConflictStatus, Deal};
use drumbeat_model::review::Signal;
use drumbeat_model::time::{Day, Instant};

use crate::policy::Policy;
use crate::{criteria, hygiene, text};

/// What is known of a deal beside its fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DealContext {
    /// When the owner last changed.
    pub owner_changed_at: Option<Instant>,
    /// The close date at the last review, or the first one seen.
    pub close_date_was: Option<Day>,
    /// When somebody last moved it in the CRM itself, and from which place on its way; absent when the last move was
    /// made here.
    pub moved_there: Option<(Instant, u32)>,
    /// Signals count from this day (S-12).
    pub go_live: Option<Day>,
}

/// The signals of an open partner deal, heaviest first; none for a closed or direct one.
#[must_use]
pub fn signals(deal: &Deal, context: &DealContext, policy: &Policy, now: Instant) -> Vec<Signal> {
    if deal.outcome != Outcome::Open || !hygiene::concerns(deal) {
        return Vec::new();
    }
    let weights = &policy.signals;
    let go_live = context.go_live;
    let mut signals = Vec::new();
    let mut add = |rule: &str, name: &str, weight: u32, fact: Option<String>| {
        if let Some(fact) = fact.filter(|_| weight > 0) {
            signals.push(Signal { rule: rule.to_owned(), name: name.to_owned(), fact, weight });
        }
    };
    match deal.conflict_status {
        Some(ConflictStatus::Active) => {
            add("C-03", "Channel conflict", weights.conflict_active, Some("a channel conflict is active".to_owned()));
        }
        Some(ConflictStatus::Risk) => {
            add(
                "C-03",
                "Channel conflict",
                weights.conflict_risk,
                Some("there is the risk of a channel conflict".to_owned()),
            );
        }
        Some(ConflictStatus::None) | None => {}
    }
    add("C-02", "Owner change", weights.owner_change, owner_change(context, policy, now));
    add("M-14", "Moved past a gate", weights.moved_past_gate, moved_past_gate(deal, context, policy, now));
    add("W-02", "Past the close date", weights.past_close_date, hygiene::past_close_date(deal, go_live, now));
    add("W-05", "Close date slipped", weights.close_date_slipped, slipped(deal, context));
    add("W-02", "Stalled", weights.stalled, hygiene::over_stage(deal, policy, go_live, now));
    add("F-03", "Protection ends", weights.protection_ends, protection(deal, policy, go_live, now));
    add("F-02", "Stale notes", weights.stale_notes, hygiene::stale_notes(deal, policy, go_live, now));
    let missing = hygiene::missing_hard(deal, policy, now);
    let labels: Vec<String> = missing.iter().map(|field| field.label().to_lowercase()).collect();
    let weight = weights.missing_field.saturating_mul(u32::try_from(missing.len()).unwrap_or(u32::MAX));
    add("F-01", "Missing fields", weight, Some(text::join(&labels)));
    signals.sort_by_key(|signal| std::cmp::Reverse(signal.weight));
    signals
}

/// The rank: the sum of the weights.
#[must_use]
pub fn rank(signals: &[Signal]) -> u32 {
    signals.iter().fold(0, |sum, signal| sum.saturating_add(signal.weight))
}

fn owner_change(context: &DealContext, policy: &Policy, now: Instant) -> Option<String> {
    let at = context.owner_changed_at?;
    let age = text::age_in_days(at, now);
    let counted = text::not_before(at, context.go_live) == at;
    (counted && at <= now && age <= u64::from(policy.signals.owner_change_days)).then(|| match age {
        0 => "the owner changed today".to_owned(),
        days => format!("the owner changed {} ago", text::count(days, "day")),
    })
}

/// What still has to hold of the stages that somebody moved it past in the CRM, where no gate of ours stood (M-14).
fn moved_past_gate(deal: &Deal, context: &DealContext, policy: &Policy, now: Instant) -> Option<String> {
    let (at, from) = context.moved_there.filter(|(at, _)| text::not_before(*at, context.go_live) == *at)?;
    let before = Deal { position: from, ..deal.clone() };
    let open = criteria::between(&before, deal.position, policy, now).iter().filter(|one| !one.met).count();
    (open > 0).then(|| {
        let what = if open == 1 { "1 criterion".to_owned() } else { format!("{open} criteria") };
        format!("moved in the CRM on {} with {what} open", text::day(at.date_naive()))
    })
}

fn slipped(deal: &Deal, context: &DealContext) -> Option<String> {
    let (was, is) = (context.close_date_was?, deal.close_date?);
    (is > was).then(|| {
        format!("{}, from {} to {}", text::count(text::days_between(was, is), "day"), text::day(was), text::day(is))
    })
}

fn protection(deal: &Deal, policy: &Policy, go_live: Option<Day>, now: Instant) -> Option<String> {
    let (end, today) = (deal.protection_end?, now.date_naive());
    // What had ended before the workspace went live is baseline.
    if end > text::plus_days(today, policy.signals.protection_ends_days) || go_live.is_some_and(|day| end < day) {
        return None;
    }
    let before_close = if deal.close_date.is_some_and(|close| close > end) { ", before the close date" } else { "" };
    Some(if end < today {
        format!("ended {} ago", text::count(text::days_between(end, today), "day"))
    } else if end == today {
        format!("today{before_close}")
    } else {
        format!("in {}{before_close}", text::count(text::days_between(today, end), "day"))
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use crate::sample::{any_deal, at, date, deal, now};
    use proptest::prelude::*;

    fn found(deal: &Deal, context: &DealContext) -> Vec<(String, u32, String)> {
        signals(deal, context, &Policy::built_in(), now()).into_iter().map(|s| (s.name, s.weight, s.fact)).collect()
    }

    #[test]
    fn each_fact_has_its_signal_and_its_weight() {
        let calm = DealContext::default();
        let changed = |at_day: &str| DealContext { owner_changed_at: Some(at(at_day)), ..calm };
        let moved = DealContext { close_date_was: Some(date("2026-12-28")), ..calm };
        for (deal, context, name, weight, fact) in [
            (Deal { conflict_status: Some(ConflictStatus::Active), ..deal() }, calm, "Channel conflict", 34, "active"),
            (Deal { conflict_status: Some(ConflictStatus::Risk), ..deal() }, calm, "Channel conflict", 15, "risk"),
            (deal(), changed("2026-11-16"), "Owner change", 18, "the owner changed 2 days ago"),
            (Deal { close_date: Some(date("2026-11-01")), ..deal() }, calm, "Past the close date", 14, "18 days past"),
            (
                deal(),
                DealContext { moved_there: Some((at("2026-11-16"), 1)), ..calm },
                "Moved past a gate",
                16,
                "moved in the CRM on 16 Nov 2026 with 2 criteria open",
            ),
            (deal(), moved, "Close date slipped", 12, "18 days, from 28 Dec 2026 to 15 Jan 2027"),
            (
                Deal { stage_entered_at: Some(at("2026-10-01")), ..deal() },
                calm,
                "Stalled",
                10,
                "28 days over the 21 days",
            ),
            (
                Deal { protection_end: Some(date("2026-12-15")), ..deal() },
                calm,
                "Protection ends",
                9,
                "in 26 days, before the close date",
            ),
            (
                Deal { protection_end: Some(date("2026-11-09")), ..deal() },
                calm,
                "Protection ends",
                9,
                "ended 10 days ago",
            ),
            (Deal { stage_notes_at: Some(at("2026-11-01")), ..deal() }, calm, "Stale notes", 6, "17 days old"),
            (
                Deal { attribution: None, partner_type: None, ..deal() },
                calm,
                "Missing fields",
                6,
                "partner type and attribution",
            ),
        ] {
            let found = found(&deal, &context);
            assert_eq!(found.len(), 1, "{found:?}");
            assert_eq!((found[0].0.as_str(), found[0].1), (name, weight));
            assert!(found[0].2.contains(fact), "{}", found[0].2);
        }
    }

    #[test]
    fn a_calm_a_closed_and_a_direct_deal_have_none() {
        let context = DealContext {
            owner_changed_at: Some(at("2026-10-01")),
            close_date_was: Some(date("2027-02-01")),
            ..DealContext::default()
        };
        assert_eq!(found(&deal(), &context), []);
        let bad = Deal { conflict_status: Some(ConflictStatus::Active), ..deal() };
        assert_eq!(found(&Deal { outcome: Outcome::Won, ..bad.clone() }, &context), []);
        assert_eq!(found(&Deal { partner: None, motion: None, ..bad }, &context), []);
    }

    #[test]
    fn the_past_before_go_live_is_no_signal() {
        let old = Deal {
            close_date: Some(date("2026-11-01")),
            stage_entered_at: Some(at("2026-01-01")),
            stage_notes_at: Some(at("2026-01-01")),
            protection_end: Some(date("2026-11-01")),
            ..deal()
        };
        let context = DealContext {
            owner_changed_at: Some(at("2026-11-16")),
            close_date_was: None,
            moved_there: Some((at("2026-11-16"), 1)),
            go_live: Some(date("2026-11-18")),
        };
        assert_eq!(found(&old, &context), []);
    }

    proptest! {
        #[test]
        fn the_rank_is_the_sum_of_what_is_shown_heaviest_first(deal in any_deal()) {
            let signals = signals(&deal, &DealContext::default(), &Policy::built_in(), now());
            prop_assert_eq!(rank(&signals), signals.iter().map(|signal| signal.weight).sum::<u32>());
            prop_assert!(signals.is_sorted_by(|a, b| a.weight >= b.weight));
            prop_assert!(signals.iter().all(|signal| signal.weight > 0 && !signal.fact.is_empty()));
        }
    }
}
