//! The decision clock of a registration (S-02) and the heading that it stands under in the inbox.
//!
//! The clock counts from the submission, by the wall or in business time as the policy says, and stands still
//! while the partner owes an answer. A decision has two clocks: when it was made, and when the CRM had it; a late
//! decision and a late sync are told apart (B5).

use chrono::{Days, TimeZone};

use drumbeat_model::inbox::InboxGroup;
use drumbeat_model::registration::{Registration, RegistrationStatus};
use drumbeat_model::time::{Day, Instant};
use drumbeat_model::today::{Arrival, Attainment, Reached};
use drumbeat_model::verdict::{Clock, ClockState};

use super::{Pause, Rule, Run, Watch};
use crate::lifecycle;
use crate::policy::Policy;

/// The S-02 clock; `None` for drafts, claims without a submission time, and claims that ended undecided.
#[must_use]
pub fn decision_clock(
    registration: &Registration,
    policy: &Policy,
    go_live: Option<Day>,
    now: Instant,
) -> Option<Clock> {
    decision_clock_with(registration, &lifecycle::pauses(registration), policy, go_live, now)
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
    let run = Run::of(started, ended).with(pauses.to_vec(), registration.status == RegistrationStatus::InfoRequested);
    Some(Watch { policy, go_live, now }.after(Rule::Decision, &run))
}

/// Which of a decision's two clocks ran over (B5): it is late when it was decided late, whatever came after,
/// and late in the CRM when only the way there took too long.
#[must_use]
pub fn arrival(due: Instant, decided: Instant, reached: Option<Instant>, now: Instant) -> Arrival {
    match reached {
        _ if decided > due => Arrival::LateDecision,
        Some(at) if at <= due => Arrival::InTime,
        None if now <= due => Arrival::Waiting,
        Some(_) | None => Arrival::LateSync,
    }
}

/// The share of decisions made in time, and apart from it what became of them on their way.
#[must_use]
pub fn attainment(arrivals: impl IntoIterator<Item = Arrival>) -> Attainment {
    let mut reached = Reached::default();
    for arrival in arrivals {
        *match arrival {
            Arrival::InTime => &mut reached.in_time,
            Arrival::Waiting => &mut reached.waiting,
            Arrival::LateSync => &mut reached.late_sync,
            Arrival::LateDecision => &mut reached.late_decision,
        } += 1;
    }
    let met = reached.in_time + reached.waiting + reached.late_sync;
    Attainment { met, of: met + reached.late_decision, reached: Some(reached) }
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use InboxGroup::{Decided, Later, Over, Today, Tomorrow};
    use RegistrationStatus::{Approved, Declined, Draft, Expired, InfoRequested, Submitted, Withdrawn};

    use super::*;
    use crate::sample::{at, date, now, registration};
    use chrono::{FixedOffset, TimeDelta};
    use proptest::prelude::*;

    fn claim(status: RegistrationStatus, decided: Option<&str>) -> Registration {
        Registration { status, decided_at: decided.map(at), submitted_at: Some(at("2026-11-17")), ..registration() }
    }

    #[test]
    fn the_decision_clock_runs_pauses_and_ends() {
        for (name, claim, go_live, now, expected) in [
            ("time left", claim(Submitted, None), None, at("2026-11-18"), Some(ClockState::Running)),
            ("the last moment", claim(Submitted, None), None, at("2026-11-19"), Some(ClockState::Running)),
            ("over", claim(Submitted, None), None, at("2026-11-20"), Some(ClockState::Over)),
            ("asked", claim(InfoRequested, None), None, at("2026-11-30"), Some(ClockState::Paused)),
            ("in time", claim(Approved, Some("2026-11-19")), None, at("2026-11-30"), Some(ClockState::Met)),
            ("late", claim(Declined, Some("2026-11-20")), None, at("2026-11-30"), Some(ClockState::Breached)),
            (
                "before go-live",
                claim(Submitted, None),
                Some("2026-11-18"),
                at("2026-11-30"),
                Some(ClockState::Baseline),
            ),
            (
                "late before go-live",
                claim(Declined, Some("2026-11-20")),
                Some("2026-11-18"),
                at("2026-11-30"),
                Some(ClockState::Baseline),
            ),
            (
                "on the go-live day",
                claim(Submitted, None),
                Some("2026-11-17"),
                at("2026-11-30"),
                Some(ClockState::Over),
            ),
            ("a draft", claim(Draft, None), None, at("2026-11-30"), None),
            ("taken back", claim(Withdrawn, None), None, at("2026-11-30"), None),
            ("decided, nobody knows when", claim(Expired, None), None, at("2026-11-30"), None),
        ] {
            let clock = decision_clock(&claim, &Policy::built_in(), go_live.map(date), now);
            assert_eq!(clock.as_ref().map(|clock| clock.state), expected, "{name}");
            if let Some(clock) = clock {
                assert_eq!((clock.rule.as_str(), clock.due), ("S-02", at("2026-11-19")), "{name}");
            }
        }
        let unsent = Registration { submitted_at: None, ..registration() };
        assert_eq!(decision_clock(&unsent, &Policy::built_in(), None, now()), None);
    }

    #[test]
    fn a_pause_moves_the_due_time_out_and_overlaps_count_once() {
        let pause = |from: &str, until: Option<&str>| Pause { from: at(from), until: until.map(at) };
        let due = |pauses: &[Pause], status, now| {
            decision_clock_with(&claim(status, None), pauses, &Policy::built_in(), None, at(now)).unwrap()
        };
        let pauses = [pause("2026-11-18", Some("2026-11-20")), pause("2026-11-19", Some("2026-11-21"))];
        assert_eq!(due(&pauses, Submitted, "2026-11-30").due, at("2026-11-22"));
        let open = [pause("2026-11-18", None)];
        let clock = due(&open, InfoRequested, "2026-11-28");
        assert_eq!(
            (clock.state, clock.since, clock.due),
            (ClockState::Paused, Some(at("2026-11-18")), at("2026-11-29"))
        );
    }

    #[test]
    fn a_late_decision_is_told_from_a_late_sync() {
        let due = "2026-11-19";
        for (name, decided, reached, now, expected) in [
            ("at once", "2026-11-18", Some("2026-11-18"), "2026-11-30", Arrival::InTime),
            ("the last moment", "2026-11-19", Some("2026-11-19"), "2026-11-30", Arrival::InTime),
            ("decided on the plane, synced at home", "2026-11-18", Some("2026-11-20"), "2026-11-30", Arrival::LateSync),
            ("on its way, still time", "2026-11-18", None, "2026-11-19", Arrival::Waiting),
            ("on its way, no time left", "2026-11-18", None, "2026-11-20", Arrival::LateSync),
            ("decided late, synced at once", "2026-11-20", Some("2026-11-20"), "2026-11-30", Arrival::LateDecision),
            ("decided late, synced later", "2026-11-20", Some("2026-11-25"), "2026-11-30", Arrival::LateDecision),
            ("decided late, on its way", "2026-11-20", None, "2026-11-30", Arrival::LateDecision),
        ] {
            assert_eq!(arrival(at(due), at(decided), reached.map(at), at(now)), expected, "{name}");
        }
        use Arrival::{InTime, LateDecision, LateSync, Waiting};
        let all = attainment([InTime, LateSync, InTime, LateDecision, Waiting]);
        assert_eq!((all.met, all.of), (4, 5), "whoever decided in time has kept the clock");
        assert_eq!(all.reached, Some(Reached { in_time: 2, waiting: 1, late_sync: 1, late_decision: 1 }));
        assert_eq!(attainment([]), Attainment { met: 0, of: 0, reached: Some(Reached::default()) });
    }

    #[test]
    fn the_heading_follows_the_days_of_the_person_s_zone() {
        let running = |due: Instant| Clock {
            rule: "S-02".to_owned(),
            started: due,
            due,
            state: ClockState::Running,
            since: None,
            left: None,
        };
        let hour = |text: &str| text.parse::<Instant>().unwrap();
        let utc = hour("2026-11-19T08:42:00Z");
        for (due, expected) in [
            ("2026-11-19T08:00:00Z", Over),
            ("2026-11-19T23:59:00Z", Today),
            ("2026-11-20T00:00:00Z", Tomorrow),
            ("2026-11-21T00:00:00Z", Later),
        ] {
            assert_eq!(inbox_group(Some(&running(hour(due))), Submitted, &utc), expected, "{due}");
        }
        let tokyo = hour("2026-11-19T08:42:00Z").with_timezone(&FixedOffset::east_opt(9 * 3600).unwrap());
        assert_eq!(inbox_group(Some(&running(hour("2026-11-19T23:59:00Z"))), Submitted, &tokyo), Tomorrow);
        assert_eq!(inbox_group(Some(&running(utc)), Approved, &utc), Decided);
        assert_eq!(inbox_group(None, InfoRequested, &utc), InboxGroup::Paused);
        assert_eq!(inbox_group(None, Submitted, &utc), Later);
    }

    proptest! {
        #[test]
        fn a_clock_is_total_and_a_pause_never_makes_it_due_sooner(hours in prop::collection::vec((0_i64..2000, 0_i64..2000), 0..5), age in 0_i64..2000) {
            let started = at("2026-01-01");
            let pauses: Vec<Pause> = hours.iter().map(|(from, until)| Pause {
                from: started + TimeDelta::hours(*from),
                until: (until % 3 != 0).then(|| started + TimeDelta::hours(*until)),
            }).collect();
            let claim = Registration { submitted_at: Some(started), ..registration() };
            let now = started + TimeDelta::hours(age);
            let plain = decision_clock(&claim, &Policy::built_in(), None, now).unwrap();
            let paused = decision_clock_with(&claim, &pauses, &Policy::built_in(), None, now).unwrap();
            prop_assert!(paused.due >= plain.due);
            prop_assert!(paused.due <= plain.due + TimeDelta::hours(age));
        }
    }
}
