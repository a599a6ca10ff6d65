//! The decision clock of a registration (S-02) and the heading that it stands under in the inbox.
//!
//! The clock counts wall time from the submission and stands still while the partner owes an answer. What was
//! submitted before the workspace went live is baseline and never a breach (S-12). Clocks say what is; the
//! numbers made of them (attainment) are the metrics'.

use chrono::{Days, TimeDelta, TimeZone};

use drumbeat_model::inbox::InboxGroup;
use drumbeat_model::registration::{Registration, RegistrationStatus};
use drumbeat_model::time::{Day, Instant};
use drumbeat_model::verdict::{Clock, ClockState};

use crate::policy::Policy;

/// A time in which the partner owed an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pause {
    /// Asked.
    pub from: Instant,
    /// Answered; absent while it lasts.
    pub until: Option<Instant>,
}

/// The S-02 clock; `None` for drafts, claims without a submission time, and claims that ended undecided.
#[must_use]
pub fn decision_clock(
    registration: &Registration,
    policy: &Policy,
    go_live: Option<Day>,
    now: Instant,
) -> Option<Clock> {
    decision_clock_with(registration, &[], policy, go_live, now)
}

/// The S-02 clock where the times of asking and answering are known; each pause moves the due time out.
#[must_use]
pub fn decision_clock_with(
    registration: &Registration,
    pauses: &[Pause],
    policy: &Policy,
    go_live: Option<Day>,
    now: Instant,
) -> Option<Clock> {
    let started = registration.submitted_at?;
    let ended = match registration.status {
        RegistrationStatus::Draft | RegistrationStatus::Withdrawn => return None,
        RegistrationStatus::Submitted | RegistrationStatus::InfoRequested => None,
        RegistrationStatus::Approved
        | RegistrationStatus::Declined
        | RegistrationStatus::Expired
        | RegistrationStatus::Converted => Some(registration.decided_at?),
    };
    let target = TimeDelta::hours(i64::from(policy.clocks.decision_hours));
    let due =
        started.checked_add_signed(target + paused(pauses, started, ended.unwrap_or(now))).unwrap_or(Instant::MAX_UTC);
    let clock = |state, since| Some(Clock { rule: "S-02".to_owned(), started, due, state, since });
    if go_live.is_some_and(|day| started.date_naive() < day) {
        return clock(ClockState::Baseline, ended);
    }
    match ended {
        Some(at) if at <= due => clock(ClockState::Met, ended),
        Some(_) => clock(ClockState::Breached, ended),
        None if registration.status == RegistrationStatus::InfoRequested => {
            let since = pauses.iter().filter(|pause| pause.until.is_none()).map(|pause| pause.from).max();
            clock(ClockState::Paused, since)
        }
        None if now > due => clock(ClockState::Over, None),
        None => clock(ClockState::Running, None),
    }
}

/// Time between `from` and `to` that lies inside any pause, overlaps counted once.
fn paused(pauses: &[Pause], from: Instant, to: Instant) -> TimeDelta {
    let mut spans: Vec<(Instant, Instant)> = pauses
        .iter()
        .map(|pause| (pause.from.max(from), pause.until.unwrap_or(to).min(to)))
        .filter(|(start, end)| start < end)
        .collect();
    spans.sort();
    let mut total = TimeDelta::zero();
    let mut reached = from;
    for (start, end) in spans {
        let start = start.max(reached);
        if end > start {
            total += end - start;
            reached = end;
        }
    }
    total
}

/// The heading of a registration in the inbox; "today" and "tomorrow" are days in the zone of `now`.
#[must_use]
pub fn inbox_group<Tz: TimeZone>(
    clock: Option<&Clock>,
    status: RegistrationStatus,
    now: &chrono::DateTime<Tz>,
) -> InboxGroup {
    if !status.is_open() {
        return InboxGroup::Decided;
    }
    if status == RegistrationStatus::InfoRequested {
        return InboxGroup::Paused;
    }
    let Some(clock) = clock else { return InboxGroup::Later };
    match clock.state {
        ClockState::Over | ClockState::Breached => InboxGroup::Over,
        ClockState::Paused => InboxGroup::Paused,
        ClockState::Met => InboxGroup::Decided,
        ClockState::Baseline => InboxGroup::Later,
        // A clock read a while ago may have run out since.
        ClockState::Running if clock.due < *now => InboxGroup::Over,
        ClockState::Running => {
            let (today, due) = (now.date_naive(), clock.due.with_timezone(&now.timezone()).date_naive());
            if due <= today {
                InboxGroup::Today
            } else if Some(due) == today.checked_add_days(Days::new(1)) {
                InboxGroup::Tomorrow
            } else {
                InboxGroup::Later
            }
        }
    }
}
