//! Where a partner stands by the criteria of the policy's tiers (T-02), and what its wins have earned it (T-07).

use drumbeat_export::{PackAsked, PackFacts, PackPlace, hygiene, last_ended, yearly};
use drumbeat_model::crm::Outcome;
use drumbeat_model::partner::Tier;
use drumbeat_model::time::Quarter;
use drumbeat_rules::incentives::{Won, earned};
use drumbeat_rules::tiers::{Standing, placed};
use rust_decimal::Decimal;

use crate::workspace::Workspace;

/// Puts both into a partner's facts; a partner whose tier is not known has neither.
pub(super) fn place(ws: &Workspace, tier: Option<Tier>, facts: &mut PackFacts) {
    let Some(tier) = tier else { return };
    for deal in facts.deals.iter_mut().filter(|x| x.outcome == Outcome::Won) {
        let won = Won {
            motion: deal.motion,
            attribution: deal.attribution,
            credited: deal.pct,
            amount: deal.amount.as_ref(),
        };
        if let Some((percent, sum)) = earned(&won, &ws.policy.tier(tier).fees) {
            (deal.fee, deal.earned) = (Some(percent), Some(sum));
        }
    }
    let last = last_ended(facts);
    let now = Standing { hygiene: hygiene(facts), ..standing(facts, last) };
    let Some(placed) = placed(tier, &now, &standing(facts, last.previous()), &ws.policy.tiers) else { return };
    let called = |tier: Tier| ws.policy.tier(tier).name.clone();
    facts.place = Some(PackPlace {
        tier: called(tier),
        next: placed.next.map(called),
        course: placed.course,
        to: called(placed.to),
        asked: placed
            .asked
            .iter()
            .map(|x| PackAsked { criterion: x.criterion, has: x.has, own: x.own, next: x.next })
            .collect(),
    });
}

/// What is known of four quarters; how complete deals were then is not.
fn standing(facts: &PackFacts, last: Quarter) -> Standing {
    let year = yearly(facts, last);
    Standing {
        bookings: Some(year.bookings),
        deals_won: Some(Decimal::from(year.deals_won)),
        registrations: Some(Decimal::from(year.registrations)),
        certified: year.certified.map(Decimal::from),
        hygiene: None,
    }
}
