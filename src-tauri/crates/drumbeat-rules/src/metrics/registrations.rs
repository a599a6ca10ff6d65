//! Numbers of registrations: how many came, how they were decided and how fast, what became of them (K-07, R-12).

use std::collections::BTreeMap;

use drumbeat_model::metrics::{MetricBy, MetricTopic, MetricUnit};
use drumbeat_model::registration::DeclineReason;
use rust_decimal::Decimal;

use super::{Behind, Row, Told, percent, told};

/// Counts of the registrations of one group in one period.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Claims {
    /// Submitted in it.
    pub submitted: u32,
    /// Decided in it for the partner, whatever became of them since.
    pub approved: u32,
    /// Declined in it.
    pub declined: u32,
    /// Why, as often as it was said; nothing stands for no reason.
    pub reasons: BTreeMap<Option<DeclineReason>, u32>,
    /// Of those decided, how many say when they were submitted, and the seconds from then on.
    pub timed: (u32, i64),
    /// First meetings in time, and those that were or ought to have been, of those approved.
    pub met: (u32, u32),
    /// Protections that ended in it, and those of them that were let run out.
    pub ended: (u32, u32),
}

impl std::ops::AddAssign for Claims {
    fn add_assign(&mut self, other: Self) {
        self.submitted += other.submitted;
        self.approved += other.approved;
        self.declined += other.declined;
        for (reason, count) in other.reasons {
            *self.reasons.entry(reason).or_default() += count;
        }
        self.timed = (self.timed.0 + other.timed.0, self.timed.1 + other.timed.1);
        self.met = (self.met.0 + other.met.0, self.met.1 + other.met.1);
        self.ended = (self.ended.0 + other.ended.0, self.ended.1 + other.ended.1);
    }
}

pub(super) const ROWS: &[Row] = &[
    Row {
        id: "registrations",
        rule: "K-07",
        name: "Registrations",
        definition: "Registrations submitted in the quarter, leads and deals.",
        unit: MetricUnit::Count,
        topic: MetricTopic::Registrations,
        by: MetricBy::ALL,
        records: None,
        behind: Behind::Submitted,
        is_of_now: false,
        tell: |ledger| ledger.claims.as_ref().map_or_else(Told::default, |claims| counted(claims.submitted)),
        direct: None,
    },
    Row {
        id: "approval_rate",
        rule: "K-07",
        name: "Approved",
        definition: "Of the registrations approved or declined in the quarter, those approved, by number (R-12).",
        unit: MetricUnit::Percent,
        topic: MetricTopic::Registrations,
        by: MetricBy::ALL,
        records: None,
        behind: Behind::Decided,
        is_of_now: false,
        tell: |ledger| {
            ledger.claims.as_ref().map_or_else(Told::default, |claims| {
                let decided = claims.approved + claims.declined;
                told(percent(claims.approved.into(), decided.into()), decided, decided)
            })
        },
        direct: None,
    },
    Row {
        id: "decision_time",
        rule: "K-07",
        name: "Time to decision",
        definition: "Average hours from submission to verdict of the registrations approved or declined in the quarter, by the wall (R-12). How the clock was kept, with its pauses and working hours, is told with the clocks.",
        unit: MetricUnit::Hours,
        topic: MetricTopic::Registrations,
        by: MetricBy::ALL,
        records: None,
        behind: Behind::Decided,
        is_of_now: false,
        tell: |ledger| {
            ledger.claims.as_ref().map_or_else(Told::default, |claims| {
                let (count, seconds) = claims.timed;
                let hours = Decimal::from(seconds).checked_div(Decimal::from(count) * Decimal::from(3600));
                told(hours.map(|hours| hours.round_dp(1)), count, claims.approved + claims.declined)
            })
        },
        direct: None,
    },
    Row {
        id: "meeting_rate",
        rule: "K-07",
        name: "First meeting in time",
        definition: "Of the registrations approved in the quarter whose time for a first meeting is over or that had one, those whose first meeting was in time, as it was logged (R-12, S-10).",
        unit: MetricUnit::Percent,
        topic: MetricTopic::Registrations,
        by: MetricBy::ALL,
        records: None,
        behind: Behind::Decided,
        is_of_now: false,
        tell: |ledger| {
            ledger.claims.as_ref().map_or_else(Told::default, |claims| {
                let (met, due) = claims.met;
                told(percent(met.into(), due.into()), due, claims.approved)
            })
        },
        direct: None,
    },
    Row {
        id: "expired",
        rule: "K-07",
        name: "Protections expired",
        definition: "Of the protections of approved registrations that ended in the quarter, those that ended without a deal that goes on under them (R-12).",
        unit: MetricUnit::Percent,
        topic: MetricTopic::Registrations,
        by: MetricBy::ALL,
        records: None,
        behind: Behind::Ended,
        is_of_now: false,
        tell: |ledger| {
            ledger.claims.as_ref().map_or_else(Told::default, |claims| {
                let (ended, expired) = claims.ended;
                told(percent(expired.into(), ended.into()), ended, ended)
            })
        },
        direct: None,
    },
];

fn counted(count: u32) -> Told {
    told(Some(count.into()), count, count)
}
