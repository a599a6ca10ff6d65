//! One window of one counter: what counts against it, and when the next request may leave.

use std::collections::{BTreeSet, VecDeque};
use std::time::Duration;

use tokio::time::Instant;

use super::{Counter, LONGEST, Lane, Limits};

/// So many more than ours may be our own.
const OVERTAKING: usize = 3;
/// Requests under way before the first answer has told the limits.
const UNTIL_KNOWN: usize = 4;
/// A limit up to this is used whole; of a larger one, half (but not less than this) is left to the
/// customer's other tools.
const WHOLE: u64 = 100;
/// One window of one counter.
pub(super) struct Window {
    pub(super) allowed: usize,
    pub(super) limit: u64,
    pub(super) interval: Duration,
    pub(super) known: bool,
    /// Requests under way at once, at most.
    pub(super) at_once: usize,
    /// Ends of the requests that still count.
    pub(super) ended: VecDeque<Instant>,
    pub(super) in_flight: usize,
    /// Requests of others that the CRM counted, and when it said so.
    pub(super) others: Option<(usize, Instant)>,
    pub(super) blocked_until: Option<Instant>,
    pub(super) blocked_at: Option<Instant>,
    /// Refusals in a row.
    pub(super) storm: u32,
    pub(super) storm_began: Option<Instant>,
    pub(super) waiting: BTreeSet<(Lane, u64)>,
}

pub(super) enum Turn {
    /// At once; with how many of ours then count.
    Now(usize),
    At(Instant),
    Later,
}

impl Window {
    pub(super) fn new(limit: u64, interval: Duration, known: bool, at_once: usize) -> Self {
        Self {
            allowed: share(limit),
            limit,
            interval,
            known,
            at_once,
            ended: VecDeque::new(),
            in_flight: 0,
            others: None,
            blocked_until: None,
            blocked_at: None,
            storm: 0,
            storm_began: None,
            waiting: BTreeSet::new(),
        }
    }

    pub(super) fn turn(&mut self, now: Instant, unlimited: bool) -> Turn {
        while self.ended.front().is_some_and(|ended| *ended + self.interval <= now) {
            self.ended.pop_front();
        }
        if let Some(until) = self.blocked_until
            && until > now
        {
            return Turn::At(until);
        }
        let at_once = if self.storm > 0 {
            1
        } else if self.known {
            self.at_once
        } else {
            UNTIL_KNOWN.min(self.at_once)
        };
        if self.in_flight >= at_once {
            return Turn::Later;
        }
        let others = self.others.filter(|(_, at)| *at + self.interval > now);
        let used = self.ended.len() + self.in_flight + others.map_or(0, |(count, _)| count);
        if used < self.allowed || unlimited {
            return Turn::Now(self.ended.len() + self.in_flight + 1);
        }
        let next = self.ended.front().map(|ended| *ended + self.interval);
        let freed = others.map(|(_, at)| at + self.interval);
        match (next, freed) {
            (Some(a), Some(b)) => Turn::At(a.min(b)),
            (Some(at), None) | (None, Some(at)) => Turn::At(at),
            (None, None) => Turn::Later,
        }
    }

    /// How long to wait after the refusal number `storm` in a row. First as the CRM's habit is; when
    /// that was not enough, until our own oldest request stops counting, which frees a place for sure.
    pub(super) fn wait(&self, now: Instant) -> Duration {
        let step = self.interval / 10;
        let grown = step.saturating_mul(1 << self.storm.saturating_sub(1).min(6)).min(self.interval);
        let oldest = self.ended.front().map(|ended| (*ended + self.interval).saturating_duration_since(now));
        match oldest {
            Some(free) if self.storm == 3 => free.clamp(step, self.interval),
            _ => grown,
        }
    }

    /// Learns from an answer to a request that left when `ours` of our own counted.
    pub(super) fn learn(&mut self, counter: Counter, limits: &Limits, ours: usize, now: Instant) {
        self.set_limit(counter, limits);
        self.known = true;
        let Some(remaining) = limits.remaining.filter(|_| counter == Counter::General) else {
            return;
        };
        let limit = usize::try_from(self.limit).unwrap_or(usize::MAX);
        let left = usize::try_from(remaining).unwrap_or(usize::MAX);
        let others = limit.saturating_sub(left).saturating_sub(ours);
        // What we leave free anyway is theirs already; a few are our own that overtook each other.
        let others = others.saturating_sub(limit.saturating_sub(self.allowed));
        self.others = (others > OVERTAKING).then_some((others.min(self.allowed), now));
    }

    /// The headers speak of the general counter, whatever request they come with.
    pub(super) fn set_limit(&mut self, counter: Counter, limits: &Limits) {
        if counter != Counter::General {
            return;
        }
        if let Some(max) = limits.max.filter(|max| *max > 0) {
            self.limit = max;
            self.allowed = share(max);
        }
        if let Some(interval) = limits.interval.filter(|interval| !interval.is_zero() && *interval <= LONGEST) {
            self.interval = interval;
        }
    }
}

fn share(limit: u64) -> usize {
    let allowed = if limit <= WHOLE { limit } else { WHOLE.max(limit / 2) };
    usize::try_from(allowed).unwrap_or(usize::MAX)
}
