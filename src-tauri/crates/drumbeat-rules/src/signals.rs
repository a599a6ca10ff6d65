//! Signals: facts that point at a risk of a deal, each with its weight from the policy (W-03, C-02).
//! The rank of a deal is their sum and nothing else, so that a person can add it up.

use drumbeat_model::crm::Outcome;
use drumbeat_model::deal::{ConflictStatus, Deal};
use drumbeat_model::review::Signal;
use drumbeat_model::time::{Day, Instant};

use crate::hygiene;
use crate::policy::Policy;
use crate::text;

/// What is known of a deal beside its fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DealContext {
    /// When the owner last changed.
    pub owner_changed_at: Option<Instant>,
    /// The close date at the last review, or the first one seen.
    pub close_date_was: Option<Day>,
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
    let before_close =
        deal.close_date.is_some_and(|close| close > end).then_some(", before the close date").unwrap_or_default();
    Some(if end < today {
        format!("ended {} ago", text::count(text::days_between(end, today), "day"))
    } else {
        format!("in {}{before_close}", text::count(text::days_between(today, end), "day"))
    })
}
