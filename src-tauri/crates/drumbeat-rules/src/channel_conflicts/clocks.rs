//! The clocks of a channel conflict: acknowledged (S-06), a plan (S-07), a seller who was asked (C-08), and who owns
//! a renewal (S-08). S-06 and S-07 are rows of the program's table of clocks.

use drumbeat_model::time::{Day, Instant};
use drumbeat_model::verdict::{Clock, ClockState};

use crate::calendar;
use crate::clocks::{Rule, Run, Watch};
use crate::policy::Policy;

/// What a finding's clocks are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Lived {
    /// Found, or found again, on.
    pub raised_at: Instant,
    /// Somebody has seen it.
    pub acknowledged_at: Option<Instant>,
    /// There is a plan.
    pub planned_at: Option<Instant>,
    /// The seller was asked.
    pub asked_at: Option<Instant>,
    /// And has answered.
    pub answered_at: Option<Instant>,
    /// Settled, dismissed or ended.
    pub closed_at: Option<Instant>,
    /// What was there before this day is baseline (S-12).
    pub go_live: Option<Day>,
    /// Since when the parties meet.
    pub since: Option<Instant>,
}

/// The clocks of a finding, in the order in which they run out.
#[must_use]
pub fn clocks(lived: &Lived, policy: &Policy, now: Instant) -> Vec<Clock> {
    // An acknowledgement is also a plan or a settlement made at once.
    let seen = [lived.acknowledged_at, lived.planned_at, lived.closed_at].into_iter().flatten().min();
    let planned = [lived.planned_at, lived.closed_at].into_iter().flatten().min();
    let baseline = lived.go_live.zip(lived.since).is_some_and(|(day, since)| since.date_naive() < day);
    // What was there before the go-live day is told by when the parties met, not by when it was found.
    let watch = Watch { policy, go_live: None, now };
    let mut all = vec![
        watch.after(Rule::ConflictAcknowledged, &Run::of(lived.raised_at, seen)),
        watch.after(Rule::ResolutionPlan, &Run::of(lived.raised_at, planned)),
    ];
    if baseline {
        for clock in &mut all {
            (clock.state, clock.left) = (ClockState::Baseline, None);
        }
    }
    if let Some(asked) = lived.asked_at {
        let answered = [lived.answered_at, lived.closed_at].into_iter().flatten().filter(|at| *at >= asked).min();
        all.push(asked_seller(asked, answered, policy, now));
    }
    all.sort_by_key(|clock| (clock.due, clock.rule.clone()));
    all
}

/// The clock of a question to the seller, which is a step of a channel conflict and no clock of the table.
fn asked_seller(started: Instant, ended: Option<Instant>, policy: &Policy, now: Instant) -> Clock {
    let span = policy.conflicts.ask_seller;
    let due = calendar::due(started, span, &policy.calendar, &[]);
    let state = match ended {
        Some(at) if at <= due => ClockState::Met,
        Some(_) => ClockState::Breached,
        None if now > due => ClockState::Over,
        None => ClockState::Running,
    };
    let at = ended.unwrap_or(now);
    let counted = |from, to| calendar::between(from, to, span.business, &policy.calendar, &[]).num_seconds();
    let left = if at <= due { counted(at, due) } else { -counted(due, at) };
    Clock { rule: "C-08".to_owned(), started, due, state, since: ended, left: Some(left) }
}

/// The clock that runs out next, or ran out; nothing when none runs.
#[must_use]
pub fn next(clocks: &[Clock]) -> Option<&Clock> {
    clocks.iter().find(|clock| matches!(clock.state, ClockState::Over | ClockState::Running))
}

/// How many have run out.
#[must_use]
pub fn over(clocks: &[Clock]) -> u32 {
    u32::try_from(clocks.iter().filter(|clock| clock.state == ClockState::Over).count()).unwrap_or(u32::MAX)
}

/// From when on an owner of a renewal is to be confirmed (S-08).
#[must_use]
pub fn renewal_owner_due(renewal: Day, policy: &Policy) -> Instant {
    let day = calendar::day_before(renewal, policy.clocks.renewal_owner, &policy.calendar);
    day.and_hms_opt(0, 0, 0).map_or(Instant::MIN_UTC, |at| at.and_utc())
}

/// A severity with what its clocks add.
#[must_use]
pub fn with_clocks(severity: u32, clocks: &[Clock], policy: &Policy) -> u32 {
    let more = policy.conflicts.severity.clock_over.saturating_mul(over(clocks));
    severity.saturating_add(more).min(super::severity::MOST)
}
