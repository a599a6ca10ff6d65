//! The one governor of a connection: it says when a request may leave, and what a "wait" means.
//!
//! The hard idea: a request counts against its window from the moment it leaves until one whole
//! interval after its *answer*. Wherever in between the CRM counted it, no window of the CRM's ever
//! holds more than allowed, so pacing needs no safety margin and a first sync runs at the CRM's own
//! speed. The windows are learnt from the answers, never assumed. When the CRM says "wait" anyway
//! (others spend the same budget, or it understates how long), one request at a time asks again, ever
//! later, until one gets through. Writes go before deltas, deltas before backfill, and everything but
//! writes stops at a share of the daily quota. Time is tokio's, jitter comes from a seed.
//! It does not send, repeat or judge anything: that is the clients' part.

mod window;

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

use crate::crm::Budget;
use window::{Turn, Window};

/// Who goes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lane {
    /// A write, or a read on the way to one.
    Write,
    /// What changed since last time.
    Delta,
    /// Everything else.
    Backfill,
}

/// The counters that a CRM keeps apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counter {
    /// Most requests.
    General,
    /// Search.
    Search,
}

/// How patient and how greedy a connection is.
#[derive(Debug, Clone, Copy)]
pub struct Policy {
    /// Where the jitter starts.
    pub seed: u64,
    /// How often a read is tried when answers are lost or the CRM fails.
    pub attempts: u32,
    /// First pause between such tries; it doubles.
    pub pause: Duration,
    /// How long "wait" is borne without one answer getting through.
    pub patience: Duration,
    /// The longest single pause, whatever the CRM asks for.
    pub longest: Duration,
    /// Share of the daily quota in percent that reads may use.
    pub daily_share: u64,
    /// Searches in a second.
    pub searches: u64,
    /// Requests under way at once.
    pub at_once: usize,
    /// Whether the vendor's usual limits hold where its answers state none. A server on this computer
    /// that states none has none.
    pub pace_unstated: bool,
    /// From so many records on a first scan is asked for as a job, where the vendor has such.
    pub jobs_from: u64,
    /// Records of one table of a job.
    pub job_rows: usize,
    /// How long it may take to be connected.
    pub connect: Duration,
    /// How long one read may take.
    pub read: Duration,
    /// How long one write may take. Shorter than the outbox's quarantine by design: what is under way
    /// longer is given up, so that it cannot land after the outbox has looked.
    pub write: Duration,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            seed: 0,
            attempts: 5,
            pause: Duration::from_millis(500),
            patience: Duration::from_secs(300),
            longest: LONGEST,
            daily_share: 25,
            searches: 4,
            at_once: 10,
            pace_unstated: true,
            jobs_from: 20_000,
            job_rows: 5_000,
            connect: Duration::from_secs(10),
            read: Duration::from_secs(120),
            write: Duration::from_secs(45),
        }
    }
}

/// What one answer says about the limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Limits {
    /// Requests allowed per interval.
    pub max: Option<u64>,
    /// Left of them.
    pub remaining: Option<u64>,
    /// Length of the interval.
    pub interval: Option<Duration>,
    /// Requests allowed per day.
    pub daily: Option<u64>,
    /// Left of them.
    pub daily_left: Option<u64>,
}

/// The wait is longer than allowed; in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLong(pub u64);

/// The longest single pause, usually; and the longest interval that a limit can have.
const LONGEST: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

struct State {
    general: Window,
    search: Window,
    tickets: u64,
    jitter: u64,
    budget: Budget,
    /// No answer has stated a limit yet, and that is to be believed.
    unlimited: bool,
    /// Some answer has stated a limit.
    stated: bool,
    day_began: Instant,
    today: u64,
}

/// Paces all requests of one connection.
pub struct Governor {
    policy: Policy,
    state: Mutex<State>,
    general: Notify,
    search: Notify,
}

/// The right to have one request under way.
pub struct Permit<'g> {
    governor: &'g Governor,
    counter: Counter,
    entered: Instant,
    /// Our own requests in the window when this one left, itself included.
    ours: usize,
}

/// A place in the queue; leaving it early lets the others move up.
struct Place<'g> {
    governor: &'g Governor,
    counter: Counter,
    key: (Lane, u64),
}

impl Governor {
    /// A governor that knows nothing of the CRM's limits yet.
    #[must_use]
    pub fn new(policy: Policy) -> Self {
        let second = Duration::from_secs(1);
        Self {
            policy,
            state: Mutex::new(State {
                general: Window::new(100, second * 10, false, policy.at_once),
                search: Window::new(policy.searches, second, true, policy.at_once),
                tickets: 0,
                jitter: policy.seed,
                budget: Budget::default(),
                unlimited: false,
                stated: false,
                day_began: Instant::now(),
                today: 0,
            }),
            general: Notify::new(),
            search: Notify::new(),
        }
    }

    /// How patient it is.
    #[must_use]
    pub fn policy(&self) -> Policy {
        self.policy
    }

    /// Requests made and left.
    #[must_use]
    pub fn budget(&self) -> Budget {
        self.lock().budget
    }

    /// Waits until a request may leave.
    ///
    /// # Errors
    /// When that would take longer than `at_most`, or the day's share is used up.
    pub async fn enter(&self, counter: Counter, lane: Lane, at_most: Option<Duration>) -> Result<Permit<'_>, TooLong> {
        let place = self.queue(counter, lane);
        let latest = at_most.map(|wait| Instant::now() + wait);
        loop {
            let moved = self.notify(counter).notified();
            tokio::pin!(moved);
            moved.as_mut().enable();
            let now = Instant::now();
            let turn = self.turn(&place, now)?;
            let until = match turn {
                Turn::Now(ours) => {
                    return Ok(Permit { governor: self, counter, entered: now, ours });
                }
                Turn::At(at) => Some(at),
                Turn::Later => None,
            };
            if let (Some(latest), Some(until)) = (latest, until)
                && until > latest
            {
                return Err(TooLong(seconds(until - now)));
            }
            let wake = match (until, latest) {
                (Some(until), _) => until,
                (None, Some(latest)) if now >= latest => return Err(TooLong(1)),
                (None, Some(latest)) => latest,
                (None, None) => now + self.policy.longest,
            };
            tokio::select! {
                () = &mut moved => {}
                () = tokio::time::sleep_until(wake) => {}
            }
        }
    }

    /// Counts a request that is made again.
    pub fn repeated(&self) {
        self.lock().budget.retries += 1;
    }

    /// The pause before try number `failures + 1`, longer each time, never two alike.
    pub fn backoff(&self, failures: u32, asked: Option<Duration>) -> Duration {
        let mut state = self.lock();
        let grown =
            self.policy.pause.saturating_mul(1 << failures.saturating_sub(1).min(10)).min(self.policy.longest / 2);
        state.jittered(grown.max(asked.unwrap_or_default().min(self.policy.longest)), 2)
    }

    fn turn(&self, place: &Place<'_>, now: Instant) -> Result<Turn, TooLong> {
        let mut state = self.lock();
        state.roll_day(now);
        let (lane, _) = place.key;
        if lane != Lane::Write
            && let Some(daily) = state.budget.daily_limit
            && state.today >= daily.saturating_mul(self.policy.daily_share) / 100
        {
            return Err(TooLong(seconds(DAY.saturating_sub(now - state.day_began))));
        }
        let unlimited = state.unlimited;
        let window = state.window(place.counter);
        if window.waiting.first() != Some(&place.key) {
            return Ok(Turn::Later);
        }
        let turn = window.turn(now, unlimited);
        if matches!(turn, Turn::Now(_)) {
            window.in_flight += 1;
            state.budget.requests += 1;
            state.today += 1;
        }
        Ok(turn)
    }

    fn queue(&self, counter: Counter, lane: Lane) -> Place<'_> {
        let mut state = self.lock();
        state.tickets += 1;
        let key = (lane, state.tickets);
        state.window(counter).waiting.insert(key);
        Place { governor: self, counter, key }
    }

    fn notify(&self, counter: Counter) -> &Notify {
        match counter {
            Counter::General => &self.general,
            Counter::Search => &self.search,
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Permit<'_> {
    /// The request was answered by the CRM: learns from what it said.
    pub fn answered(self, limits: &Limits, bytes: u64) {
        let mut state = self.governor.lock();
        state.budget.bytes += bytes;
        state.budget.daily_limit = limits.daily.or(state.budget.daily_limit);
        state.budget.daily_left = limits.daily_left.or(state.budget.daily_left);
        if self.counter == Counter::General {
            state.stated |= limits.max.is_some();
            state.unlimited = !state.stated && !self.governor.policy.pace_unstated;
        }
        let window = state.window(self.counter);
        window.learn(self.counter, limits, self.ours, Instant::now());
        window.storm = 0;
        window.storm_began = None;
        window.blocked_until = None;
    }

    /// The CRM asked to wait: everyone of this counter does. Says how long.
    ///
    /// # Errors
    /// When nothing has got through for longer than the patience.
    pub fn limited(self, asked: Option<Duration>, limits: &Limits) -> Result<Duration, TooLong> {
        let now = Instant::now();
        let (patience, longest) = (self.governor.policy.patience, self.governor.policy.longest);
        let mut state = self.governor.lock();
        state.budget.daily_limit = limits.daily.or(state.budget.daily_limit);
        state.budget.daily_left = limits.daily_left.or(state.budget.daily_left);
        let window = state.window(self.counter);
        window.set_limit(self.counter, limits);
        // Answers to requests that left before the pause began say nothing new.
        if window.blocked_at.is_none_or(|at| self.entered >= at) {
            window.storm += 1;
            let wait = window.wait(now).max(asked.unwrap_or_default()).min(longest);
            let wait = state.jittered(wait, 10);
            let window = state.window(self.counter);
            window.blocked_at = Some(now);
            window.blocked_until = Some(now + wait);
        }
        let window = state.window(self.counter);
        let wait = window.blocked_until.map_or(Duration::ZERO, |until| until.saturating_duration_since(now));
        let began = *window.storm_began.get_or_insert(now);
        if now + wait - began > patience { Err(TooLong(seconds(wait))) } else { Ok(wait) }
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        {
            let mut state = self.governor.lock();
            let window = state.window(self.counter);
            window.in_flight = window.in_flight.saturating_sub(1);
            window.ended.push_back(Instant::now());
        }
        self.governor.notify(self.counter).notify_waiters();
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.governor.lock().window(self.counter).waiting.remove(&self.key);
        self.governor.notify(self.counter).notify_waiters();
    }
}

impl State {
    fn window(&mut self, counter: Counter) -> &mut Window {
        match counter {
            Counter::General => &mut self.general,
            Counter::Search => &mut self.search,
        }
    }

    fn roll_day(&mut self, now: Instant) {
        if now - self.day_began >= DAY {
            self.day_began = now;
            self.today = 0;
        }
    }

    /// `wait` and up to one part of `parts` more (splitmix64 over a counter).
    fn jittered(&mut self, wait: Duration, parts: u32) -> Duration {
        self.jitter = self.jitter.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.jitter;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^= mixed >> 31;
        let part = u32::try_from(mixed % 1000).unwrap_or_default();
        wait + wait * part / 1000 / parts
    }
}

fn seconds(wait: Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
}

#[cfg(test)]
mod tests;
