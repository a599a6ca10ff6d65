//! The clocks of the program (S): what each is of, when it is due, whether it was kept and by how much.
//!
//! The hard idea: there is one table of clocks ([`Rule`]) and one way to read one. A clock either gives so much time
//! from a start ([`Watch::after`]), by the wall or in business time as the policy says, and stands still while the
//! partner owes an answer; or it asks for something before a day ([`Watch::before`]) and begins so long ahead of it.
//! Which facts start and end each clock is said in `each`; a new clock is one row and one function there.
//!
//! Callers rely on a clock being a function of (facts, policy, go-live day, now): a sleep, another zone or a jump of
//! the computer's clock changes `now` and nothing else. What began before the workspace went live is baseline and
//! never a breach (S-12). Nothing here reads records or tells anybody; `telling` says what is told.

mod decision;
mod each;
mod record;
mod table;

use chrono::TimeDelta;
use drumbeat_model::time::{Day, Instant};
use drumbeat_model::verdict::{Clock, ClockState};

use crate::calendar;
use crate::policy::Policy;

pub use decision::{arrival, attainment, decision_clock, decision_clock_with, inbox_group};
pub use each::{
    Notes, certification, first_meeting, follow_up, is_referral, next_step, notes, protection, referral, renewal_opens,
    renewal_owner, renewals_begun, renewed,
};
pub use record::{Kept, kept};
pub use table::{Counts, Row, Rule, Warns};

/// A time in which the partner owed an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pause {
    /// Asked.
    pub from: Instant,
    /// Answered; absent while it lasts.
    pub until: Option<Instant>,
}

/// What a clock measures: from when to when, and what does not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// It began.
    pub started: Instant,
    /// What it waits for was done; absent until then.
    pub ended: Option<Instant>,
    /// Times that do not count, in any order.
    pub pauses: Vec<Pause>,
    /// The partner owes something now, also where nobody knows since when.
    pub waits: bool,
}

impl Run {
    /// A clock that nothing stops.
    #[must_use]
    pub fn of(started: Instant, ended: Option<Instant>) -> Self {
        Self { started, ended, pauses: Vec::new(), waits: false }
    }

    /// The same with times in which the partner owed something.
    #[must_use]
    pub fn with(self, pauses: Vec<Pause>, waits: bool) -> Self {
        Self { pauses, waits, ..self }
    }
}

/// By what clocks are read.
#[derive(Debug, Clone, Copy)]
pub struct Watch<'a> {
    /// The policy in force.
    pub policy: &'a Policy,
    /// Clocks count from this day on (S-12).
    pub go_live: Option<Day>,
    /// Now.
    pub now: Instant,
}

impl Watch<'_> {
    /// The clock of a rule that gives so much time from a start.
    #[must_use]
    pub fn after(&self, rule: Rule, run: &Run) -> Clock {
        let target = rule.target(self.policy);
        let office = &self.policy.calendar;
        let pauses = calendar::pauses(&run.pauses, run.ended.unwrap_or(self.now));
        let due = calendar::due(run.started, target, office, &pauses);
        let left =
            |at: Instant| signed(at, due, |from, to| calendar::between(from, to, target.business, office, &pauses));
        self.read(rule, run, due, left)
    }

    /// The clock of a rule that asks for something by the end of a day: it begins so long ahead as the policy says,
    /// and is none while the day is farther off. `heeded` is when what it asks for was done.
    #[must_use]
    pub fn before(&self, rule: Rule, last: Day, heeded: Option<Instant>) -> Option<Clock> {
        let opens = midnight(calendar::day_before(last, rule.target(self.policy), &self.policy.calendar));
        let run = Run::of(opens, heeded);
        // What was due before the go-live day is baseline; what is due after it counts, whenever it began.
        let live = self.go_live.is_none_or(|day| last >= day);
        let watch = Watch { go_live: self.go_live.filter(|_| !live), ..*self };
        (opens <= self.now).then(|| watch.by_the_end_of(rule, &run, last))
    }

    /// The clock of a rule whose time is over with a day and not with an instant.
    fn by_the_end_of(&self, rule: Rule, run: &Run, last: Day) -> Clock {
        let due = midnight(last.succ_opt().unwrap_or(last)) - TimeDelta::milliseconds(1);
        self.read(rule, run, due, |at| due - at)
    }

    fn read(&self, rule: Rule, run: &Run, due: Instant, left: impl Fn(Instant) -> TimeDelta) -> Clock {
        let clock = |state, since, left: Option<TimeDelta>| Clock {
            rule: rule.id().to_owned(),
            started: run.started,
            due,
            state,
            since,
            left: left.map(|left| left.num_seconds()),
        };
        if self.go_live.is_some_and(|day| run.started.date_naive() < day) {
            return clock(ClockState::Baseline, run.ended, None);
        }
        match run.ended {
            Some(at) if at <= due => clock(ClockState::Met, Some(at), Some(left(at))),
            Some(at) => clock(ClockState::Breached, Some(at), Some(left(at))),
            None if run.waits => {
                let since = run.pauses.iter().filter(|pause| pause.until.is_none()).map(|pause| pause.from).max();
                clock(ClockState::Paused, since, Some(left(self.now)))
            }
            None if self.now > due => clock(ClockState::Over, None, Some(left(self.now))),
            None => clock(ClockState::Running, None, Some(left(self.now))),
        }
    }
}

/// The time that counts from `at` to `due`; below zero when `at` is later.
fn signed(at: Instant, due: Instant, between: impl Fn(Instant, Instant) -> TimeDelta) -> TimeDelta {
    if at <= due { between(at, due) } else { -between(due, at) }
}

fn midnight(day: Day) -> Instant {
    day.and_time(chrono::NaiveTime::MIN).and_utc()
}

#[cfg(test)]
mod tests;
