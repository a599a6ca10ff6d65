//! Open deal: somebody is already selling to the account. Another partner's open deal and a direct
//! one in an active cycle speak against approval; the partner's own can be linked. A deal without an account whose name
//! may mean the company is for a person to look at, whoever's it is.

use drumbeat_model::crm::Outcome;
use drumbeat_model::ids::DealId;
use drumbeat_model::time::Instant;
use drumbeat_model::verdict::{Check, CheckOutcome};

use super::{Finding, explain};
use crate::change::Change;
use crate::facts::{DealFact, Facts};
use crate::policy::Policy;
use crate::text;

/// nobody else sells to the account now.
#[must_use]
pub fn check(facts: &Facts, policy: &Policy, now: Instant) -> Check {
    explain(judge, facts, policy, now).check
}

pub(super) fn judge(facts: &Facts, policy: &Policy, now: Instant) -> Finding {
    let found = |outcome, fact: String| Finding::new("R-04.10", "Open deals", outcome, fact);
    let mut seen: Vec<(CheckOutcome, String, &DealFact, Change)> = facts
        .deals
        .iter()
        .filter(|deal| deal.outcome == Outcome::Open && facts.registration.deal.as_ref() != Some(&deal.id))
        .map(|deal| {
            let (outcome, fact) = look(facts, policy, now, deal);
            (outcome, fact, deal, Change::DealLost(deal.id.clone(), deal.name.clone(), now.date_naive()))
        })
        .collect();
    seen.extend(near(facts, policy));
    seen.sort_by_key(|(outcome, ..)| std::cmp::Reverse(*outcome));
    let Some((worst, fact, ..)) = seen.first() else {
        let fact =
            if facts.account.is_none() { "no account in the CRM matches" } else { "no open deal at the account" };
        return found(CheckOutcome::Pass, fact.to_owned()).turned_by([Change::OtherDeal(now)]);
    };
    let more = match seen.len() - 1 {
        0 => String::new(),
        n => format!("; {} more", text::count(n as u64, "open deal")),
    };
    let turns = seen.iter().filter(|(outcome, ..)| outcome == worst).map(|(.., turn)| turn.clone());
    found(*worst, format!("{fact}{more}")).records(seen.iter().map(|(_, _, deal, _)| deal.link())).turned_by(turns)
}

/// Open deals that no account is known of and whose name may mean the company.
fn near<'f>(facts: &'f Facts, policy: &Policy) -> impl Iterator<Item = (CheckOutcome, String, &'f DealFact, Change)> {
    let known = move |id: &DealId| {
        facts.registration.deal.as_ref() == Some(id) || facts.deals.iter().any(|deal| deal.id == *id)
    };
    let to_look_at = facts.near_deals.iter().filter(move |one| one.near.to_look_at(policy) && !known(&one.deal.id));
    to_look_at.map(|one| {
        let (deal, near) = (&one.deal, one.near.say());
        let whose = deal.partner.as_ref().map_or("the direct team", |(_, name)| name.as_str());
        let fact = format!("the open deal “{}” of {whose} has no account and may be for it ({near})", deal.name);
        (CheckOutcome::Warn, fact, deal, Change::Unlike(deal.id.0.clone(), format!("“{}”", deal.name)))
    })
}

fn look(facts: &Facts, policy: &Policy, now: Instant, deal: &DealFact) -> (CheckOutcome, String) {
    let since = deal.created_at.map_or(String::new(), |at| format!(", since {}", text::day(at.date_naive())));
    match &deal.partner {
        Some((id, _)) if facts.is_ours(Some(id)) => {
            (CheckOutcome::Warn, format!("“{}” is the partner’s own; link it{since}", deal.name))
        }
        Some((_, name)) => (CheckOutcome::Fail, format!("{name} has the open deal “{}”{since}", deal.name)),
        None => {
            let active = deal
                .created_at
                .is_some_and(|at| text::age_in_days(at, now) <= u64::from(policy.registration.active_cycle_days));
            let after =
                matches!((deal.created_at, facts.registration.submitted_at), (Some(made), Some(sent)) if made > sent);
            if active && !after {
                (CheckOutcome::Fail, format!("the direct team has the open deal “{}”{since}", deal.name))
            } else if after {
                (CheckOutcome::Warn, format!("the direct deal “{}” was made after the claim{since}", deal.name))
            } else {
                (
                    CheckOutcome::Warn,
                    format!("the direct deal “{}” is open, but not in an active cycle{since}", deal.name),
                )
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use CheckOutcome::{Fail, Pass, Warn};
    use Outcome::{Lost, Open, Won};

    use super::*;
    use crate::checks::tests::{cases, of};
    use crate::sample::{at, deal_fact, facts, near_deal};

    #[test]
    fn who_is_selling_already() {
        cases(
            "R-04.10",
            &[
                ("nobody", |_, _| {}, Pass, "no open deal at the account"),
                ("no account", |f, _| f.account = None, Pass, "no account in the CRM matches"),
                (
                    "closed ones",
                    |f, _| f.deals = vec![deal_fact("d1", None, Won), deal_fact("d2", Some("p2"), Lost)],
                    Pass,
                    "no open deal",
                ),
                (
                    "another partner",
                    |f, _| f.deals = vec![deal_fact("d1", Some("p2"), Open)],
                    Fail,
                    "Partner p2 has the open deal “Deal d1”, since 1 Oct 2026",
                ),
                (
                    "the partner itself",
                    |f, _| f.deals = vec![deal_fact("d1", Some("p1"), Open)],
                    Warn,
                    "the partner’s own; link it",
                ),
                (
                    "the direct team",
                    |f, _| f.deals = vec![deal_fact("d1", None, Open)],
                    Fail,
                    "the direct team has the open deal",
                ),
                (
                    "direct, but asleep",
                    |f, _| {
                        f.deals = vec![DealFact { created_at: Some(at("2025-01-01")), ..deal_fact("d1", None, Open) }]
                    },
                    Warn,
                    "not in an active cycle",
                ),
                (
                    "direct, made after the claim",
                    |f, _| {
                        f.deals = vec![DealFact { created_at: Some(at("2026-11-18")), ..deal_fact("d1", None, Open) }]
                    },
                    Warn,
                    "made after the claim",
                ),
                (
                    "one without an account, by its name",
                    |f, _| f.near_deals = vec![near_deal("d7", Some("p2"), 720)],
                    Warn,
                    "the open deal “Deal d7” of Partner p2 has no account and may be for it (72 %",
                ),
                (
                    "one whose name is less near than the policy looks at",
                    |f, p| {
                        f.near_deals = vec![near_deal("d7", None, 720)];
                        p.matching.look_percent = 80;
                    },
                    Pass,
                    "no open deal",
                ),
                (
                    "the deal that the claim led to",
                    |f, _| {
                        f.deals = vec![deal_fact("d1", None, Open)];
                        f.registration.deal = Some("d1".into());
                    },
                    Pass,
                    "no open deal",
                ),
            ],
        );
    }

    #[test]
    fn the_gravest_deal_is_named_first_and_all_are_shown() {
        let mut facts = facts();
        facts.deals =
            vec![deal_fact("d1", Some("p1"), Open), deal_fact("d2", Some("p2"), Open), deal_fact("d3", None, Open)];
        let check = of("R-04.10", &facts, &Policy::built_in());
        assert!(check.fact.contains("Partner p2") && check.fact.ends_with("; 2 open deals more"), "{}", check.fact);
        assert_eq!(check.records.len(), 3);
        assert_eq!(
            check.flip.unwrap(),
            "would need a look if “Deal d2” were closed lost and “Deal d3” were closed lost"
        );
    }
}
