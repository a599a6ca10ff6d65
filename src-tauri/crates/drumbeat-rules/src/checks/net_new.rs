//! Net-new: nothing was won at the account in the policy's months. What the same partner won
//! there is an expansion, which a person looks at.

use drumbeat_model::crm::Outcome;
use drumbeat_model::time::Instant;
use drumbeat_model::verdict::{Check, CheckOutcome};

use super::{Finding, explain};
use crate::change::Change;
use crate::facts::{DealFact, Facts};
use crate::policy::Policy;
use crate::text;

/// the opportunity is net-new.
#[must_use]
pub fn check(facts: &Facts, policy: &Policy, now: Instant) -> Check {
    explain(judge, facts, policy, now).check
}

pub(super) fn judge(facts: &Facts, policy: &Policy, now: Instant) -> Finding {
    let found = |outcome, fact: String| Finding::new("R-04.14", "Net-new", outcome, fact);
    let months = policy.registration.net_new_months;
    let from = text::minus_months(now.date_naive(), months);
    let recent =
        facts.deals.iter().filter(|deal| deal.outcome == Outcome::Won && deal.closed.is_some_and(|day| day >= from));
    let (own, others): (Vec<&DealFact>, Vec<&DealFact>) =
        recent.partition(|deal| facts.is_ours(deal.partner.as_ref().map(|(id, _)| id)));
    let (outcome, deals) = if others.is_empty() { (CheckOutcome::Warn, own) } else { (CheckOutcome::Fail, others) };
    let Some(last) = deals.iter().max_by_key(|deal| deal.closed) else {
        return found(
            CheckOutcome::Pass,
            format!("nothing won at the account in {}", text::count(u64::from(months), "month")),
        )
        .turned_by([Change::OtherWon(now.date_naive())]);
    };
    let on = last.closed.map_or(String::new(), |day| format!(" on {}", text::day(day)));
    let whose = match &last.partner {
        _ if outcome == CheckOutcome::Warn => "the partner itself",
        Some((_, name)) => name.as_str(),
        None => "the direct team",
    };
    found(outcome, format!("{whose} won “{}”{on}, inside {}", last.name, text::count(u64::from(months), "month")))
        .records(deals.iter().take(5).map(|deal| deal.link()))
        .turned_by(deals.iter().map(|deal| Change::NoDeal(deal.id.clone(), deal.name.clone())))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use CheckOutcome::{Fail, Pass, Warn};

    use super::*;
    use crate::checks::tests::cases;
    use crate::sample::{date, deal_fact};

    fn won(partner: Option<&str>, day: &str) -> DealFact {
        DealFact { closed: Some(date(day)), ..deal_fact("d1", partner, Outcome::Won) }
    }

    #[test]
    fn nothing_was_won_here_lately() {
        cases(
            "R-04.14",
            &[
                ("nothing", |_, _| {}, Pass, "nothing won at the account in 24 months"),
                (
                    "won by the direct team",
                    |f, _| f.deals = vec![won(None, "2026-10-20")],
                    Fail,
                    "the direct team won “Deal d1” on 20 Oct 2026",
                ),
                (
                    "won by another partner",
                    |f, _| f.deals = vec![won(Some("p2"), "2026-10-20")],
                    Fail,
                    "Partner p2 won",
                ),
                (
                    "won by the partner itself",
                    |f, _| f.deals = vec![won(Some("p1"), "2026-10-20")],
                    Warn,
                    "the partner itself won",
                ),
                ("on the first day that counts", |f, _| f.deals = vec![won(None, "2024-11-19")], Fail, "19 Nov 2024"),
                ("a day before", |f, _| f.deals = vec![won(None, "2024-11-18")], Pass, "nothing won"),
                ("lost ones", |f, _| f.deals = vec![deal_fact("d1", None, Outcome::Lost)], Pass, "nothing won"),
                (
                    "won without a date",
                    |f, _| f.deals = vec![DealFact { closed: None, ..won(None, "2026-10-20") }],
                    Pass,
                    "nothing won",
                ),
            ],
        );
    }
}
