//! C-03: how severe a finding is, as a sum that a person can add up: both hold something, value, stage, age, signals.
//!
//! Points for clocks that have run out are added where the clocks are known ([`super::clocks::over`]).

use std::collections::BTreeMap;

use drumbeat_model::channel::{Points, Side};
use drumbeat_model::deal::ConflictStatus;
use drumbeat_model::money::{Currency, Money};
use drumbeat_model::time::Instant;
use rust_decimal::Decimal;

use super::Later;
use crate::policy::Policy;
use crate::text;

/// The most that a severity comes to.
pub(super) const MOST: u32 = 100;

/// What is at stake: the larger side, for both are after the same business. Amounts count in the account's own currency;
/// of those that no rate is known for, the largest sum of one currency.
pub(super) fn at_stake(sides: &[Side]) -> Option<Money> {
    let sums = sides.iter().map(|side| {
        let mut sums: BTreeMap<&Currency, Decimal> = BTreeMap::new();
        for money in side.deals.iter().filter_map(|deal| deal.home.as_ref().or(deal.amount.as_ref())) {
            *sums.entry(&money.currency).or_default() += money.amount;
        }
        sums.into_iter().max_by_key(|(_, sum)| *sum).map(|(currency, sum)| Money::new(sum, currency.clone()))
    });
    sums.flatten().max_by_key(|money| money.amount)
}

/// The points and their sum.
#[allow(clippy::too_many_arguments, reason = "each is one part of the sum")]
pub(super) fn points(
    status: ConflictStatus,
    value: Option<&Money>,
    sides: &[Side],
    since: Option<Instant>,
    signals: usize,
    policy: &Policy,
    now: Instant,
    later: &mut Later,
) -> (u32, Vec<Points>) {
    let rule = &policy.conflicts.severity;
    let mut all = Vec::new();
    let mut add = |text: String, points: u32| {
        if points > 0 {
            all.push(Points { text, points });
        }
    };
    if status == ConflictStatus::Active {
        add("both hold something now".to_owned(), rule.active);
    }
    if let Some(money) = value {
        let step = rule.value.iter().filter(|step| money.amount >= Decimal::from(step.from)).map(|step| step.points);
        add(format!("{money} at stake"), step.max().unwrap_or(0));
    }
    let furthest = sides.iter().flat_map(|side| &side.deals).map(|deal| deal.position).max().unwrap_or(0);
    add(format!("a deal is in stage {furthest}"), rule.stage.saturating_mul(furthest));
    if let Some(since) = since {
        let mut reached = 0;
        for step in &rule.age {
            if later.after(since, step.days) <= now {
                reached = reached.max(step.points);
            }
        }
        add(format!("it lasts {}", text::count(text::age_in_days(since, now), "day")), reached);
    }
    let count = u32::try_from(signals).unwrap_or(u32::MAX);
    add(text::count(count.into(), "signal"), rule.signal.saturating_mul(count));
    let sum = all.iter().fold(0_u32, |sum, part| sum.saturating_add(part.points)).min(MOST);
    (sum, all)
}
