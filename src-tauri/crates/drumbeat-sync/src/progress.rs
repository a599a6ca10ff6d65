//! How far a sync is: what it does now, how much is done, how fast, how long still.
//!
//! The rate is that of the last few seconds, because the average since the start tells nothing once
//! the CRM slows down. Times are the caller's clock; a clock that stands or jumps back costs the rate
//! and nothing else.

use std::collections::VecDeque;

use chrono::TimeDelta;
use drumbeat_model::crm::ObjectKind;
use drumbeat_model::time::Instant;

/// The span that the rate looks at.
const SPAN: TimeDelta = TimeDelta::seconds(10);
/// Samples kept at most.
const SAMPLES: usize = 64;

/// One report of how far a sync is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// What it does now, e.g. "Deals".
    pub step: String,
    /// Done so far.
    pub done: u32,
    /// In all, where known.
    pub total: Option<u32>,
    /// A second, over the last while.
    pub rate: u32,
    /// Seconds left, where they can be known.
    pub left: Option<u32>,
}

/// What a step is called while it reads this kind.
#[must_use]
pub fn label(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::Company => "Companies",
        ObjectKind::Registration => "Registrations",
        ObjectKind::Deal => "Deals",
        ObjectKind::Certification => "Certificates",
        ObjectKind::Contact => "Contacts",
        ObjectKind::Task => "Tasks",
        ObjectKind::Note => "Notes",
        ObjectKind::Meeting => "Meetings",
        ObjectKind::Call => "Calls",
        ObjectKind::Email => "E-mails",
    }
}

/// Counts one step.
#[derive(Debug, Clone)]
pub struct Meter {
    step: String,
    done: u32,
    total: Option<u32>,
    samples: VecDeque<(Instant, u32)>,
}

impl Meter {
    /// A step that begins, or goes on from what an earlier sync had done.
    #[must_use]
    pub fn new(step: impl Into<String>, done: u32, total: Option<u32>, now: Instant) -> Self {
        Self { step: step.into(), done, total, samples: VecDeque::from([(now, done)]) }
    }

    /// Learns how many there are.
    pub fn expect(&mut self, total: u64) {
        self.total = Some(u32::try_from(total).unwrap_or(u32::MAX));
    }

    /// Counts more, and reports.
    pub fn add(&mut self, more: u32, now: Instant) -> Progress {
        self.done = self.done.saturating_add(more);
        self.samples.push_back((now, self.done));
        while self.samples.len() > SAMPLES
            || self.samples.len() > 2 && self.samples.front().is_some_and(|(at, _)| now - *at > SPAN)
        {
            self.samples.pop_front();
        }
        self.report(now)
    }

    /// How far it is.
    #[must_use]
    pub fn report(&self, now: Instant) -> Progress {
        let (since, before) = self.samples.front().copied().unwrap_or((now, self.done));
        let millis = u64::try_from((now - since).num_milliseconds()).unwrap_or(0);
        let rate = (u64::from(self.done.saturating_sub(before)) * 1000).checked_div(millis).unwrap_or(0);
        let rate = u32::try_from(rate).unwrap_or(u32::MAX);
        let left = self.total.map(|total| total.saturating_sub(self.done)).and_then(|open| open.checked_div(rate));
        Progress {
            step: self.step.clone(),
            done: self.done,
            total: self.total.map(|total| total.max(self.done)),
            rate,
            left,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use chrono::{TimeZone, Utc};

    use super::*;

    fn at(second: i64) -> Instant {
        Utc.with_ymd_and_hms(2026, 11, 21, 10, 0, 0).unwrap() + TimeDelta::seconds(second)
    }

    #[test]
    fn the_rate_is_that_of_the_last_while() {
        let mut meter = Meter::new("Deals", 0, Some(2000), at(0));
        for second in 1..=10 {
            meter.add(100, at(second));
        }
        assert_eq!(
            meter.report(at(10)),
            Progress { step: "Deals".into(), done: 1000, total: Some(2000), rate: 100, left: Some(10) }
        );
        for second in 11..=25 {
            meter.add(10, at(second));
        }
        assert_eq!(meter.report(at(25)).rate, 10, "the fast beginning is forgotten");
    }

    #[test]
    fn a_clock_that_stands_or_jumps_back_costs_the_rate_only() {
        let mut meter = Meter::new("Deals", 0, None, at(0));
        assert_eq!(meter.add(5, at(0)), Progress { step: "Deals".into(), done: 5, total: None, rate: 0, left: None });
        assert_eq!(meter.add(5, at(-3600)).rate, 0);
        assert_eq!(meter.add(5, at(-3600)).done, 15);
    }
}
