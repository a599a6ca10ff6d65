//! Close date: a deal registration's timeline can be believed. A date in the past is a reason
//! to ask; one that is very near or far needs a look.

use drumbeat_model::registration::RegistrationKind;
use drumbeat_model::time::Instant;
use drumbeat_model::verdict::{Check, CheckOutcome};

use super::{Finding, explain};
use crate::change::Change;
use crate::facts::Facts;
use crate::policy::Policy;
use crate::text;

/// the close date is plausible.
#[must_use]
pub fn check(facts: &Facts, policy: &Policy, now: Instant) -> Check {
    explain(judge, facts, policy, now).check
}

pub(super) fn judge(facts: &Facts, policy: &Policy, now: Instant) -> Finding {
    let found = |outcome, fact: String| Finding::new("R-04.13", "Close date", outcome, fact);
    let rule = &policy.registration.close_date;
    let today = now.date_naive();
    let (first, last) = (text::plus_days(today, rule.min_days), text::plus_days(today, rule.max_days));
    let Some(date) = facts.registration.close_date else {
        return match facts.registration.kind {
            RegistrationKind::Lead => found(CheckOutcome::Pass, "not asked of a lead".to_owned()),
            RegistrationKind::Deal => {
                found(CheckOutcome::Warn, "none is given".to_owned()).turned_by([Change::CloseDate(first)])
            }
        };
    };
    if date < today {
        let fact = format!("{}, {} ago", text::day(date), text::count(text::days_between(date, today), "day"));
        return found(CheckOutcome::Fail, fact).turned_by([Change::CloseDate(first)]);
    }
    let fact = format!("{}, in {}", text::day(date), text::count(text::days_between(today, date), "day"));
    if date < first {
        found(
            CheckOutcome::Warn,
            format!("{fact}; sooner than {} is seldom real", text::count(u64::from(rule.min_days), "day")),
        )
        .turned_by([Change::CloseDate(first)])
    } else if date > last {
        found(CheckOutcome::Warn, format!("{fact}; further than {}", text::count(u64::from(rule.max_days), "day")))
            .turned_by([Change::CloseDate(last)])
    } else {
        found(CheckOutcome::Pass, fact).turned_by([Change::CloseDate(text::minus_days(today, 1))])
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use CheckOutcome::{Fail, Pass, Warn};

    use super::*;
    use crate::checks::tests::cases;
    use crate::sample::date;

    #[test]
    fn a_timeline_that_can_be_believed() {
        cases(
            "R-04.13",
            &[
                ("in a quarter", |_, _| {}, Pass, "26 Feb 2027, in 99 days"),
                (
                    "first believable day",
                    |f, _| f.registration.close_date = Some(date("2026-11-26")),
                    Pass,
                    "in 7 days",
                ),
                (
                    "a day sooner",
                    |f, _| f.registration.close_date = Some(date("2026-11-25")),
                    Warn,
                    "sooner than 7 days",
                ),
                ("today", |f, _| f.registration.close_date = Some(date("2026-11-19")), Warn, "in 0 days"),
                ("yesterday", |f, _| f.registration.close_date = Some(date("2026-11-18")), Fail, "1 day ago"),
                (
                    "last believable day",
                    |f, _| f.registration.close_date = Some(date("2027-11-19")),
                    Pass,
                    "in 365 days",
                ),
                ("a day later", |f, _| f.registration.close_date = Some(date("2027-11-20")), Warn, "further than 365"),
                ("none", |f, _| f.registration.close_date = None, Warn, "none is given"),
                (
                    "none, for a lead",
                    |f, _| {
                        f.registration.close_date = None;
                        f.registration.kind = RegistrationKind::Lead;
                    },
                    Pass,
                    "not asked of a lead",
                ),
            ],
        );
    }
}
