//! From when to when a protection lasts: from the approval, or from the agreed next step, as the policy says.
//!
//! Where it counts from the next step, the approval holds the account until then: the window of an approval begins on
//! the day that is agreed (the linked deal's next step, else the first meeting's by S-10), and is moved to the day on
//! which the step was done once somebody logs it. Its length stays.

use drumbeat_model::deal::Deal;
use drumbeat_model::registration::Registration;
use drumbeat_model::time::Day;

use super::{after, in_force};
use crate::policy::{Policy, WindowStart};
use crate::text;

/// From when to when a protection lasts, both days with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// It counts from here.
    pub start: Day,
    /// Its last day.
    pub end: Day,
}

/// The day of the next step that is agreed when a claim is approved: at once where the first meeting has taken place.
#[must_use]
pub fn agreed_step(claim: &Registration, deal: Option<&Deal>, granted: Day) -> Option<Day> {
    match &claim.dossier.meeting {
        Some(_) => Some(granted),
        None => deal.and_then(|deal| deal.next_step_due).filter(|due| *due >= granted),
    }
}

/// The window of a protection of so many days that is granted on a day.
#[must_use]
pub fn window(days: u32, granted: Day, agreed: Option<Day>, policy: &Policy) -> Window {
    let start = match policy.protection.starts {
        WindowStart::Approval => granted,
        WindowStart::NextStep => agreed.unwrap_or_else(|| policy.after(granted, policy.clocks.first_meeting)),
    };
    Window { start, end: after(start, days) }
}

impl Window {
    /// Why it is this one, as the end of a sentence: `90 days from approval, until 17 Feb 2027`.
    #[must_use]
    pub fn says(&self, policy: &Policy) -> String {
        let days = text::count(text::days_between(self.start, self.end), "day");
        let until = text::day(self.end);
        match policy.protection.starts {
            WindowStart::Approval => format!("{days} from approval, until {until}"),
            WindowStart::NextStep => format!(
                "{days} from the next step, agreed for {}, until {until}; the approval holds the account until then",
                text::day(self.start)
            ),
        }
    }
}

/// The window of a protection in force whose next step was done on a day; nothing where it stays as it is.
#[must_use]
pub fn window_from(claim: &Registration, done: Day, policy: &Policy, today: Day) -> Option<Window> {
    if policy.protection.starts == WindowStart::Approval || !in_force(claim, today) {
        return None;
    }
    let (start, end) = (claim.protection_start?, claim.protection_end?);
    // What was done before the approval protects from the approval on.
    let from = claim.decided_at.map_or(done, |at| done.max(at.date_naive()));
    let moved = from.checked_add_signed(end - start)?;
    (from != start).then_some(Window { start: from, end: moved })
}

/// The day on which a protection was granted, to who holds it now.
#[must_use]
pub fn granted_on(claim: &Registration, policy: &Policy) -> Option<Day> {
    let decided = claim.decided_at.map(|at| at.date_naive());
    match policy.protection.starts {
        WindowStart::Approval => claim.protection_start.or(decided),
        WindowStart::NextStep => {
            let handed = claim.dossier.handovers.last().map(|handover| handover.at.date_naive());
            handed.or(decided).or(claim.protection_start)
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use drumbeat_model::dossier::Meeting;
    use drumbeat_model::registration::RegistrationStatus;

    use super::*;
    use crate::lifecycle::{Hold, hold, meeting_by};
    use crate::sample::{at, date, deal, registration};

    fn by_next_step() -> Policy {
        let mut policy = Policy::built_in();
        policy.protection.starts = WindowStart::NextStep;
        policy
    }

    fn window_of(start: &str, end: &str) -> Window {
        Window { start: date(start), end: date(end) }
    }

    #[test]
    fn a_protection_counts_from_the_approval_or_from_the_agreed_next_step() {
        let granted = date("2026-11-19");
        let step = |day: &str| Deal { next_step_due: Some(date(day)), ..deal() };
        let met = {
            let mut claim = registration();
            let meeting = Meeting {
                day: date("2026-11-01"),
                text: String::new(),
                by: String::new(),
                logged_at: at("2026-11-02"),
            };
            claim.dossier.meeting = Some(meeting);
            claim
        };
        for (name, policy, claim, deal, expected) in [
            ("approval", Policy::built_in(), registration(), None, window_of("2026-11-19", "2027-02-17")),
            (
                "approval, with a step",
                Policy::built_in(),
                registration(),
                Some(step("2026-11-25")),
                window_of("2026-11-19", "2027-02-17"),
            ),
            ("no step: the first meeting", by_next_step(), registration(), None, window_of("2026-12-03", "2027-03-03")),
            (
                "the deal's step",
                by_next_step(),
                registration(),
                Some(step("2026-11-25")),
                window_of("2026-11-25", "2027-02-23"),
            ),
            (
                "a step that is late",
                by_next_step(),
                registration(),
                Some(step("2026-11-01")),
                window_of("2026-12-03", "2027-03-03"),
            ),
            ("the meeting was before", by_next_step(), met, None, window_of("2026-11-19", "2027-02-17")),
        ] {
            let agreed = agreed_step(&claim, deal.as_ref(), granted);
            assert_eq!(window(90, granted, agreed, &policy), expected, "{name}");
        }
        let says = |policy: &Policy| window(90, granted, None, policy).says(policy);
        assert_eq!(says(&Policy::built_in()), "90 days from approval, until 17 Feb 2027");
        assert_eq!(
            says(&by_next_step()),
            "90 days from the next step, agreed for 3 Dec 2026, until 3 Mar 2027; the approval holds the account until then"
        );
    }

    #[test]
    fn the_step_that_is_done_moves_the_window_and_not_its_length() {
        let claim = Registration {
            status: RegistrationStatus::Approved,
            decided_at: Some(at("2026-11-19")),
            protection_start: Some(date("2026-12-03")),
            protection_end: Some(date("2027-03-03")),
            ..registration()
        };
        for (name, policy, done, today, expected) in [
            ("earlier", by_next_step(), "2026-11-25", "2026-11-26", Some(window_of("2026-11-25", "2027-02-23"))),
            ("later", by_next_step(), "2026-12-20", "2026-12-20", Some(window_of("2026-12-20", "2027-03-20"))),
            (
                "before the approval",
                by_next_step(),
                "2026-10-01",
                "2026-11-26",
                Some(window_of("2026-11-19", "2027-02-17")),
            ),
            ("on its day", by_next_step(), "2026-12-03", "2026-12-03", None),
            ("over", by_next_step(), "2027-03-04", "2027-03-04", None),
            ("from the approval", Policy::built_in(), "2026-11-25", "2026-11-26", None),
        ] {
            assert_eq!(window_from(&claim, date(done), &policy, date(today)), expected, "{name}");
        }
        // The first meeting is due by the approval, not by the window that it moves.
        assert_eq!(meeting_by(&claim, &by_next_step()), Some(date("2026-12-03")));
        assert_eq!(meeting_by(&claim, &Policy::built_in()), Some(date("2026-12-17")));
        let lead = Registration { kind: drumbeat_model::registration::RegistrationKind::Lead, ..claim };
        assert_eq!(hold(&lead, &by_next_step(), date("2026-12-04")), Hold::Late(date("2026-12-03")));
    }
}
