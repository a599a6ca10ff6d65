//! Duplicate registration: another claim on the same company, found by domain, then by normalised name, and on
//! its group where the policy counts that as one company.
//!
//! Another partner's claim in force speaks against approval. Between open claims the policy's order says who
//! goes first. A partner's own other claim, a claim that lapsed lately and a mere likeness of names are
//! for a person to look at.

use std::collections::BTreeSet;

use drumbeat_model::registration::RegistrationStatus;
use drumbeat_model::time::{Day, Instant};
use drumbeat_model::verdict::{Check, CheckOutcome};

use super::{Finding, explain};
use crate::change::Change;
use crate::facts::{ClaimFact, Facts};
use crate::policy::Policy;
use crate::text;
use crate::who_wins::{Standing, who_wins};

const SAME_DOMAIN: &str = "same domain";
const SAME_NAME: &str = "same name";
const SAME_GROUP: &str = "same group";
const NEAR: &str = "may be the same company";

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
    let today = now.date_naive();
    let mut seen: Vec<Seen<'_>> =
        others(facts).filter_map(|(claim, why)| look(facts, policy, today, claim, why)).collect();
    seen.extend(near(facts, policy, today));
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

/// Every other claim once, with how it was found; by domain goes before by name.
fn others(facts: &Facts) -> impl Iterator<Item = (&ClaimFact, &'static str)> {
    let by_domain = facts.same_domain.iter().map(|claim| (claim, SAME_DOMAIN));
    let by_name = facts.same_name.iter().map(|claim| (claim, SAME_NAME));
    let by_group = facts.same_group.iter().map(|claim| (claim, SAME_GROUP));
    let mut seen = BTreeSet::from([&facts.registration.id]);
    // A lead and the deal registration that was made of it are one claim in two forms.
    seen.extend(&facts.registration.dossier.lead);
    let made_of_it = |claim: &ClaimFact| claim.lead.as_ref() == Some(&facts.registration.id);
    let all = by_domain.chain(by_name).chain(by_group).filter(move |(claim, _)| !made_of_it(claim));
    all.filter(move |(claim, _)| seen.insert(&claim.id))
}

/// Other claims that may be on this company: for a person to look at, whatever they would be for sure.
fn near<'f>(facts: &'f Facts, policy: &Policy, today: Day) -> Vec<Seen<'f>> {
    let known: BTreeSet<_> = others(facts).map(|(claim, _)| &claim.id).collect();
    let of_ours = |claim: &ClaimFact| {
        claim.id == facts.registration.id
            || facts.registration.dossier.lead.as_ref() == Some(&claim.id)
            || claim.lead.as_ref() == Some(&facts.registration.id)
    };
    let others = facts
        .near_claims
        .iter()
        .filter(|one| one.near.to_look_at(policy) && !known.contains(&one.claim.id) && !of_ours(&one.claim));
    others
        .filter_map(|one| {
            let seen = look(facts, policy, today, &one.claim, NEAR)?;
            let turn = Change::Unlike(one.claim.id.0.clone(), one.claim.label());
            let fact = format!("{} (“{}”, {})", seen.fact, one.claim.company, one.near.say());
            Some(Seen { outcome: CheckOutcome::Warn, fact, turn, ..seen })
        })
        .collect()
}

fn look<'f>(facts: &Facts, policy: &Policy, today: Day, claim: &'f ClaimFact, why: &str) -> Option<Seen<'f>> {
    let label = claim.label();
    let by_name_only = why == SAME_NAME;
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
            Standing::Split(reason) => {
                seen(CheckOutcome::Warn, format!("open; {reason}: both may hold their part"), gone())
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use CheckOutcome::{Fail, Pass, Warn};
    use RegistrationStatus::{Approved, Declined, Draft, Expired, InfoRequested, Submitted, Withdrawn};

    use super::*;
    use crate::checks::tests::{cases, of};
    use crate::sample::{at, claim, date, facts, near_claim};

    #[test]
    fn other_claims_on_the_company() {
        cases(
            "R-04.9",
            &[
                ("none", |_, _| {}, Pass, "no other claim in force"),
                (
                    "another's in force",
                    |f, _| {
                        let end = Some(date("2026-12-01"));
                        f.same_domain = vec![ClaimFact { protection_end: end, ..claim("LR-1", "p2", Approved) }];
                    },
                    Fail,
                    "same domain as LR-1, Rheintal Systemhaus; in force until 1 Dec 2026",
                ),
                (
                    "in force on its last day",
                    |f, _| {
                        let end = Some(date("2026-11-19"));
                        f.same_name = vec![ClaimFact { protection_end: end, ..claim("LR-1", "p2", Approved) }];
                    },
                    Fail,
                    "same name as LR-1",
                ),
                (
                    "lapsed lately",
                    |f, _| {
                        let end = Some(date("2026-11-02"));
                        f.same_domain = vec![ClaimFact { protection_end: end, ..claim("LR-1", "p2", Approved) }];
                    },
                    Warn,
                    "lapsed on 2 Nov 2026",
                ),
                (
                    "lapsed long ago",
                    |f, _| {
                        let end = Some(date("2024-11-18"));
                        f.same_domain = vec![ClaimFact { protection_end: end, ..claim("LR-1", "p2", Expired) }];
                    },
                    Pass,
                    "no other claim",
                ),
                (
                    "open, complete and earlier",
                    |f, _| f.same_domain = vec![claim("LR-1", "p2", Submitted)],
                    Fail,
                    "LR-1 was the first qualified submission, on 16 Nov 2026",
                ),
                (
                    "open and earlier, but not complete",
                    |f, _| f.same_domain = vec![ClaimFact { qualified: false, ..claim("LR-1", "p2", InfoRequested) }],
                    Warn,
                    "DR-2026-1184 is complete, LR-1 is not",
                ),
                (
                    "open and later",
                    |f, _| {
                        let sent = Some(at("2026-11-18"));
                        f.same_domain = vec![ClaimFact { submitted_at: sent, ..claim("LR-1", "p2", Submitted) }];
                    },
                    Warn,
                    "DR-2026-1184 was the first qualified submission",
                ),
                (
                    "the partner's own",
                    |f, _| f.same_domain = vec![claim("LR-1", "p1", Submitted)],
                    Warn,
                    "the partner’s own claim, still open",
                ),
                (
                    "the same name at another domain",
                    |f, _| {
                        let domain = Some("hansa.example".to_owned());
                        f.same_name = vec![ClaimFact { domain, ..claim("LR-1", "p2", Approved) }];
                    },
                    Warn,
                    "at another domain",
                ),
                (
                    "perhaps the same company, in force",
                    |f, _| f.near_claims = vec![near_claim(claim("LR-1", "p2", Approved), 720)],
                    Warn,
                    "may be the same company as LR-1, Rheintal Systemhaus; in force (“Hansa Kuehlkette”, 72 %: hansa",
                ),
                (
                    "perhaps the same company, but over",
                    |f, _| f.near_claims = vec![near_claim(claim("LR-1", "p2", Declined), 720)],
                    Pass,
                    "no other claim",
                ),
                (
                    "of a sister, where the group is one company",
                    |f, _| f.same_group = vec![claim("LR-1", "p2", Approved)],
                    Fail,
                    "same group as LR-1, Rheintal Systemhaus; in force",
                ),
                (
                    "decided against, taken back, not sent, or itself",
                    |f, _| {
                        f.same_domain = vec![
                            claim("LR-1", "p2", Declined),
                            claim("LR-2", "p2", Withdrawn),
                            claim("LR-3", "p2", Draft),
                            claim("r1", "p2", Approved),
                        ];
                    },
                    Pass,
                    "no other claim",
                ),
                (
                    "found twice, counted once",
                    |f, _| {
                        f.same_domain = vec![claim("LR-1", "p2", Approved)];
                        f.same_name = vec![claim("LR-1", "p2", Approved), claim("LR-2", "p1", Submitted)];
                    },
                    Fail,
                    "same domain as LR-1, Rheintal Systemhaus; in force; 1 claim more",
                ),
            ],
        );
    }

    #[test]
    fn the_records_are_the_claims_and_the_flip_ends_the_one_in_force() {
        let mut facts = facts();
        facts.same_domain = vec![claim("LR-1", "p1", Submitted), claim("LR-2", "p2", Approved)];
        let check = of("R-04.9", &facts, &Policy::built_in());
        let records: Vec<&str> = check.records.iter().map(|record| record.label.as_str()).collect();
        assert_eq!(records, ["LR-2", "LR-1"]);
        let flip = "would need a look if the protection of LR-2, Rheintal Systemhaus had ended on 18 Nov 2026";
        assert_eq!(check.flip.unwrap(), flip);
    }
}
