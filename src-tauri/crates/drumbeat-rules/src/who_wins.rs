//! Who wins between two open claims on one company: the policy names the rules and their order, and
//! the first one that separates the two decides. What is not known does not separate.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use drumbeat_model::partner::Tier;
use drumbeat_model::time::{Day, Instant};

use crate::facts::{ClaimFact, Facts, qualified};
use crate::normal;
use crate::policy::{Policy, WinRule};
use crate::text;

/// How the claim at hand stands against another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// The claim at hand goes first, and why.
    Ours(String),
    /// The other one goes first, and why.
    Theirs(String),
    /// Each brings something else: both can hold their part, and why (LEAD-07, R-09).
    Split(String),
    /// No rule separates them: a person decides.
    Level,
}

/// Compares the claim at hand with another open one.
#[must_use]
pub fn who_wins(facts: &Facts, other: &ClaimFact, policy: &Policy) -> Standing {
    let mut rules = policy.registration.who_wins.iter();
    rules.find_map(|rule| by(*rule, facts, other, policy)).unwrap_or(Standing::Level)
}

fn by(rule: WinRule, facts: &Facts, other: &ClaimFact, policy: &Policy) -> Option<Standing> {
    let (number, theirs) = (&facts.registration.name, &other.number);
    match rule {
        WinRule::FirstQualified => match (qualified(&facts.registration, policy), other.qualified) {
            (true, false) => Some(Standing::Ours(format!("{number} is complete, {theirs} is not"))),
            (false, true) => Some(Standing::Theirs(format!("{theirs} is complete, {number} is not"))),
            (true, true) => {
                let (ours_at, their_at) = (facts.registration.submitted_at?, other.submitted_at?);
                separate(
                    ours_at.cmp(&their_at),
                    |first, day| format!("{first} was the first qualified submission, on {day}"),
                    number,
                    theirs,
                    [ours_at.date_naive(), their_at.date_naive()],
                )
            }
            (false, false) => None,
        },
        WinRule::FirstMeeting => {
            // A meeting counts inside the window that a partner has for it (LEAD-07).
            let inside = |day: Option<Day>, sent: Option<Instant>| {
                let last = policy.after(sent?.date_naive(), policy.clocks.first_meeting);
                day.filter(|day| *day <= last)
            };
            let ours = inside(facts.first_meeting, facts.registration.submitted_at);
            let their = inside(other.first_meeting, other.submitted_at);
            let (ours, their) = match (ours, their) {
                (Some(ours), None) => {
                    return Some(Standing::Ours(format!(
                        "only {number} had its first meeting in time, on {}",
                        text::day(ours)
                    )));
                }
                (None, Some(their)) => {
                    return Some(Standing::Theirs(format!(
                        "only {theirs} had its first meeting in time, on {}",
                        text::day(their)
                    )));
                }
                (ours, their) => (ours?, their?),
            };
            separate(
                ours.cmp(&their),
                |first, day| format!("{first} had the first meeting, on {day}"),
                number,
                theirs,
                [ours, their],
            )
        }
        WinRule::SplitBySolution => {
            let (ours, their) = (facts.registration.products.as_deref()?, other.products.as_deref()?);
            let (a, b) = (solutions(ours), solutions(their));
            (!a.is_empty() && !b.is_empty() && a.is_disjoint(&b))
                .then(|| Standing::Split(format!("{number} is for {}, {theirs} for {}", ours.trim(), their.trim())))
        }
        WinRule::TierPriority => {
            let (ours, their) = (facts.partner.as_ref()?.tier?, other.tier?);
            let say = |winner: Tier, loser: Tier| {
                format!("{} goes before {}", policy.tier(winner).name, policy.tier(loser).name)
            };
            match ours.cmp(&their) {
                Ordering::Greater => Some(Standing::Ours(say(ours, their))),
                Ordering::Less => Some(Standing::Theirs(say(their, ours))),
                Ordering::Equal => None,
            }
        }
    }
}

/// The solutions that a claim names, in plain words.
fn solutions(products: &str) -> BTreeSet<String> {
    let parts = products.split([',', ';', '/', '+', '&', '\n']).map(normal::company_name);
    parts.filter(|part| !part.is_empty()).collect()
}

fn separate(
    order: Ordering,
    say: impl Fn(&str, String) -> String,
    ours: &str,
    theirs: &str,
    days: [Day; 2],
) -> Option<Standing> {
    match order {
        Ordering::Less => Some(Standing::Ours(say(ours, text::day(days[0])))),
        Ordering::Greater => Some(Standing::Theirs(say(theirs, text::day(days[1])))),
        Ordering::Equal => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use crate::sample::{at, claim, date, facts};
    use drumbeat_model::registration::RegistrationStatus::Submitted;

    #[test]
    fn the_first_rule_that_separates_two_claims_decides() {
        let qualified_first = [WinRule::FirstQualified, WinRule::TierPriority];
        let tier_first = [WinRule::TierPriority, WinRule::FirstQualified];
        let meeting = [WinRule::FirstMeeting];
        let theirs = claim("LR-1", "p2", Submitted);
        let same_time = ClaimFact { submitted_at: Some(at("2026-11-17")), ..theirs.clone() };
        let split = [WinRule::SplitBySolution];
        let sells = |products: &str| ClaimFact { products: Some(products.to_owned()), ..theirs.clone() };
        let (other_solution, same_solution) = (sells("Halden Edge; Services"), sells("Services, HALDEN PLAN"));
        let late = ClaimFact { first_meeting: Some(date("2026-12-10")), ..theirs.clone() };
        let met = ClaimFact { first_meeting: Some(date("2026-11-10")), ..theirs.clone() };
        for (name, rules, other, expected) in [
            (
                "they were first",
                &qualified_first[..],
                &theirs,
                "theirs: LR-1 was the first qualified submission, on 16 Nov 2026",
            ),
            ("a higher tier goes first", &tier_first[..], &theirs, "ours: Elite goes before Select"),
            ("level, then the tier", &qualified_first[..], &same_time, "ours: Elite goes before Select"),
            (
                "their meeting, ours not known",
                &meeting[..],
                &met,
                "theirs: only LR-1 had its first meeting in time, on 10 Nov 2026",
            ),
            ("their meeting came too late", &meeting[..], &late, "level"),
            (
                "other solutions",
                &split[..],
                &other_solution,
                "split: DR-2026-1184 is for Halden Plan, LR-1 for Halden Edge; Services",
            ),
            ("the same solution", &split[..], &same_solution, "level"),
            ("no solution known", &split[..], &theirs, "level"),
            ("no rule", &[][..], &theirs, "level"),
        ] {
            let mut policy = Policy::built_in();
            policy.registration.who_wins = rules.to_vec();
            let said = match who_wins(&facts(), other, &policy) {
                Standing::Ours(why) => format!("ours: {why}"),
                Standing::Theirs(why) => format!("theirs: {why}"),
                Standing::Split(why) => format!("split: {why}"),
                Standing::Level => "level".to_owned(),
            };
            assert_eq!(said, expected, "{name}");
        }
        let mut facts = facts();
        facts.first_meeting = Some(date("2026-11-09"));
        let mut policy = Policy::built_in();
        policy.registration.who_wins = meeting.to_vec();
        assert_eq!(
            who_wins(&facts, &met, &policy),
            Standing::Ours("DR-2026-1184 had the first meeting, on 9 Nov 2026".to_owned())
        );
    }
}
