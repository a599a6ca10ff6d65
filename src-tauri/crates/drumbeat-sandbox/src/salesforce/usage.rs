//! How many requests the org has made in the last day, and what is told of it.

use std::collections::VecDeque;

use crate::answer::Answer;
use crate::clock::Millis;
use crate::rate::RatePlan;
use crate::salesforce::describe;
use crate::salesforce::problem::Problem;

const HOUR: Millis = 3_600_000;

/// Requests by the hour, over a rolling day.
#[derive(Debug, Default)]
pub(crate) struct Usage {
    most: Option<u32>,
    hours: VecDeque<(i64, u32)>,
}

impl Usage {
    pub(crate) fn new(plan: Option<&RatePlan>) -> Self {
        Usage { most: plan.map(|p| p.daily), hours: VecDeque::new() }
    }

    fn used(&self) -> u32 {
        self.hours.iter().map(|h| h.1).sum()
    }

    /// What an org without a plan says of itself.
    fn most(&self) -> u32 {
        self.most.unwrap_or(5_000_000)
    }

    /// Counts a request, or refuses it.
    pub(crate) fn take(&mut self, now: Millis) -> Result<(), Problem> {
        let hour = now.div_euclid(HOUR);
        while self.hours.front().is_some_and(|h| h.0 <= hour - 24 || h.0 > hour) {
            self.hours.pop_front();
        }
        if self.most.is_some_and(|most| self.used() >= most) {
            return Err(too_many(false));
        }
        match self.hours.back_mut().filter(|h| h.0 == hour) {
            Some(last) => last.1 += 1,
            None => self.hours.push_back((hour, 1)),
        }
        Ok(())
    }

    pub(crate) fn told(&self) -> String {
        format!("api-usage={}/{}", self.used(), self.most())
    }

    pub(crate) fn limits(&self) -> Answer {
        describe::limits(self.most(), self.used())
    }
}

/// The day's limit, or too many long requests at once.
pub(crate) fn too_many(at_once: bool) -> Problem {
    let words = if at_once { "ConcurrentPerOrgLongTxn Limit exceeded." } else { "TotalRequests Limit exceeded." };
    Problem::new(403, "REQUEST_LIMIT_EXCEEDED", words)
}
