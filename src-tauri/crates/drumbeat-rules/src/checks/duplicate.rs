//! Duplicate registration: another claim on the same company, found by domain, then by normalised name.
//!
//! Another partner's claim in force speaks against approval. Between open claims the policy's order says who
//! goes first. A partner's own other claim, a claim that lapsed lately and a mere likeness of names are
//! for a person to look at.

use drumbeat_model::registration::RegistrationStatus;
use drumbeat_model::time::{Day, Instant};
use drumbeat_model::verdict::{Check, CheckOutcome};

use super::{Finding, explain};
use crate::change::Change;
use crate::facts::{ClaimFact, Facts};
use crate::policy::Policy;
use crate::text;
use crate::who_wins::{Standing, who_wins};

/// no other claim stands in the way.
#[must_use]
pub fn check(facts: &Facts, policy: &Policy, now: Instant) -> Check {
    explain(judge, facts, policy, now).check
}

/// Another claim with what it means for this one.
struct Seen<'f> {
    claim: &'f ClaimFact,
    outcome: CheckOutcome,
    fact: String,
    turn: Change,
}

pub(super) fn judge(facts: &Facts, policy: &Policy, now: Instant) -> Finding {
    let found = |outcome, fact: String| Finding::new("R-04.9", "Duplicate registration", outcome, fact);
    let mut seen: Vec<Seen<'_>> =
        others(facts).filter_map(|(claim, why)| look(facts, policy, now.date_naive(), claim, why)).collect();
    // Stable: claims at the same domain stay before those of the same name.
    seen.sort_by_key(|seen| std::cmp::Reverse(seen.outcome));
    let Some(first) = seen.first() else {
        return found(CheckOutcome::Pass, "no other claim in force".to_owned()).turned_by([Change::OtherClaim(now)]);
    };
    let worst = first.outcome;
    let more = match seen.len() - 1 {
        0 => String::new(),
        n => format!("; {} more", text::count(n as u64, "claim")),
    };
    let finding = found(worst, format!("{}{more}", first.fact)).records(seen.iter().map(|seen| seen.claim.link()));
    finding.turned_by(seen.into_iter().filter(|seen| seen.outcome == worst).map(|seen| seen.turn))
}

/// Every other claim once, with how it was found.
fn others(facts: &Facts) -> impl Iterator<Item = (&ClaimFact, &'static str)> {
    let by_domain = facts.same_domain.iter().map(|claim| (claim, "same domain"));
    let by_name = facts
        .same_name
        .iter()
        .filter(|claim| !facts.same_domain.iter().any(|other| other.id == claim.id))
        .map(|claim| (claim, "same name"));
    by_domain.chain(by_name).filter(|(claim, _)| claim.id != facts.registration.id)
}

fn look<'f>(facts: &Facts, policy: &Policy, today: Day, claim: &'f ClaimFact, why: &str) -> Option<Seen<'f>> {
    let label = claim.label();
    let by_name_only = why == "same name";
    let gone = || Change::NoClaim(claim.id.clone(), label.clone());
    let seen =
        |outcome, what: String, turn| Some(Seen { claim, outcome, fact: format!("{why} as {label}; {what}"), turn });
    // The same name at another domain is often another company: a person looks.
    let domains_differ =
        by_name_only && matches!((facts.domain(), &claim.domain), (Some(ours), Some(theirs)) if ours != *theirs);
    let ours = facts.is_ours(claim.partner.as_ref());
    if claim.in_force(today) {
        let until = claim.protection_end.map_or(String::new(), |end| format!(" until {}", text::day(end)));
        return if ours {
            seen(CheckOutcome::Warn, format!("the partner’s own claim, in force{until}"), gone())
        } else if domains_differ {
            seen(CheckOutcome::Warn, format!("in force{until}, at another domain"), gone())
        } else {
            let ended = Change::ClaimEnded(claim.id.clone(), label.clone(), text::minus_days(today, 1));
            seen(CheckOutcome::Fail, format!("in force{until}"), ended)
        };
    }
    match claim.status {
        RegistrationStatus::Submitted | RegistrationStatus::InfoRequested if ours => {
            seen(CheckOutcome::Warn, "the partner’s own claim, still open".to_owned(), gone())
        }
        RegistrationStatus::Submitted | RegistrationStatus::InfoRequested => match who_wins(facts, claim, policy) {
            Standing::Theirs(reason) if !domains_differ => seen(CheckOutcome::Fail, format!("open; {reason}"), gone()),
            Standing::Theirs(reason) | Standing::Ours(reason) => {
                seen(CheckOutcome::Warn, format!("open; {reason}"), gone())
            }
            Standing::Level => seen(CheckOutcome::Warn, "open; no rule puts one of them first".to_owned(), gone()),
        },
        RegistrationStatus::Approved | RegistrationStatus::Converted | RegistrationStatus::Expired => {
            let ended = claim.protection_end.or(claim.submitted_at.map(|at| at.date_naive()));
            let from = text::minus_months(today, policy.registration.lapsed_claims_months);
            match ended {
                Some(end) if end >= from => seen(CheckOutcome::Warn, format!("lapsed on {}", text::day(end)), gone()),
                _ => None,
            }
        }
        RegistrationStatus::Draft | RegistrationStatus::Declined | RegistrationStatus::Withdrawn => None,
    }
}
