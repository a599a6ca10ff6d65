//! Numbers of channel conflicts: how many, how soon they are seen and settled, by whose word (K-14, C-06).

use drumbeat_model::metrics::{MetricBy, MetricTopic, MetricUnit};
use rust_decimal::Decimal;

use super::{Behind, Ledger, Row, Told, percent, told};

/// Counts of the channel conflicts of one period, without early signs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Conflicts {
    /// Raised in it.
    pub raised: u32,
    /// Minutes from raising to acknowledging of those that somebody has acknowledged.
    pub acknowledged: Vec<u32>,
    /// Minutes from raising to the end of those that are over.
    pub closed: Vec<u32>,
    /// Settled in it by people, and those of them as the policy's rule says.
    pub settled: (u32, u32),
    /// Appeals answered in it, and those of them that were upheld.
    pub appeals: (u32, u32),
    /// Deals with a partner that were created in it.
    pub of_deals: u32,
}

const BY: &[MetricBy] = &[MetricBy::Quarter];

pub(super) const ROWS: &[Row] = &[
    Row {
        id: "conflicts",
        rule: "K-14",
        name: "Channel conflicts",
        definition: "Channel conflicts found in the quarter, without early signs.",
        unit: MetricUnit::Count,
        topic: MetricTopic::Conflicts,
        by: BY,
        records: None,
        behind: Behind::Conflicts,
        is_of_now: false,
        tell: |ledger| of(ledger, |all| told(Some(all.raised.into()), all.raised, all.raised)),
        direct: None,
    },
    Row {
        id: "conflict_rate",
        rule: "K-14",
        name: "Channel conflict rate",
        definition: "Channel conflicts found in the quarter for every hundred deals with a partner that were created in it.",
        unit: MetricUnit::Percent,
        topic: MetricTopic::Conflicts,
        by: BY,
        records: None,
        behind: Behind::Conflicts,
        is_of_now: false,
        tell: |ledger| {
            of(ledger, |all| told(percent(all.raised.into(), all.of_deals.into()), all.of_deals, all.of_deals))
        },
        direct: None,
    },
    Row {
        id: "conflict_acknowledged",
        rule: "K-14",
        name: "Time to acknowledge",
        definition: "Median hours until somebody has seen the channel conflicts found in the quarter. Known of those that somebody has.",
        unit: MetricUnit::Hours,
        topic: MetricTopic::Conflicts,
        by: BY,
        records: None,
        behind: Behind::Conflicts,
        is_of_now: false,
        tell: |ledger| of(ledger, |all| median(&all.acknowledged, all.raised)),
        direct: None,
    },
    Row {
        id: "conflict_resolved",
        rule: "K-14",
        name: "Time to resolve",
        definition: "Median hours until the channel conflicts found in the quarter were over. Known of those that are.",
        unit: MetricUnit::Hours,
        topic: MetricTopic::Conflicts,
        by: BY,
        records: None,
        behind: Behind::Conflicts,
        is_of_now: false,
        tell: |ledger| of(ledger, |all| median(&all.closed, all.raised)),
        direct: None,
    },
    Row {
        id: "conflicts_by_rule",
        rule: "K-14",
        name: "Settled by rule",
        definition: "Of the channel conflicts that people settled in the quarter, those settled as the policy's rule says.",
        unit: MetricUnit::Percent,
        topic: MetricTopic::Conflicts,
        by: BY,
        records: None,
        behind: Behind::Settled,
        is_of_now: false,
        tell: |ledger| of(ledger, |all| part(all.settled)),
        direct: None,
    },
    Row {
        id: "appeals_upheld",
        rule: "K-14",
        name: "Appeals upheld",
        definition: "Of the appeals against settlements that were answered in the quarter, those that were upheld.",
        unit: MetricUnit::Percent,
        topic: MetricTopic::Conflicts,
        by: BY,
        records: None,
        behind: Behind::Appeals,
        is_of_now: false,
        tell: |ledger| of(ledger, |all| part(all.appeals)),
        direct: None,
    },
];

fn of(ledger: &Ledger, tell: impl Fn(&Conflicts) -> Told) -> Told {
    ledger.conflicts.as_ref().map_or_else(Told::default, tell)
}

fn part((all, some): (u32, u32)) -> Told {
    told(percent(some.into(), all.into()), all, all)
}

/// The middle one in hours to a tenth; of an even number the mean of both.
fn median(minutes: &[u32], of: u32) -> Told {
    let mut all = minutes.to_vec();
    all.sort_unstable();
    let at = all.len() / 2;
    let high = all.get(at).copied();
    let low = if all.len().is_multiple_of(2) { at.checked_sub(1).and_then(|at| all.get(at)).copied() } else { high };
    let hours = low.zip(high).map(|(low, high)| Decimal::from(u64::from(low) + u64::from(high)) / Decimal::from(120));
    told(hours.map(|hours| hours.round_dp(1)), u32::try_from(minutes.len()).unwrap_or(u32::MAX), of)
}
