//! What a partner has of what its tier and the next one ask (T-02), and what its wins have earned it (T-07).

use drumbeat_model::crm::Outcome;
use drumbeat_model::money::Money;
use drumbeat_model::pack::{TierCourse, TierCriterion};
use drumbeat_model::time::Quarter;
use rust_decimal::Decimal;

use super::count::{Period, called};
use super::story::{notes, so_far};
use super::{STORY_ROWS, column, tabled};
use crate::facts::{PackAsked, PackDeal, PackFacts, PackPlace};
use crate::figure::{self, Sums};
use crate::pack::{Cell, ColumnKind, Section, Table};

/// Quarters that a tier looks at.
const YEAR: usize = 4;

/// What a partner has come to in four quarters, for the criteria of tiers. Exact; unknown stays unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Yearly {
    /// Closed won in the main currency, whatever the attribution.
    pub bookings: Decimal,
    /// Deals won.
    pub deals_won: usize,
    /// Registrations approved.
    pub registrations: usize,
    /// People with a valid certificate on the last day.
    pub certified: Option<u32>,
}

/// The four quarters that end with this one.
#[must_use]
pub fn yearly(facts: &PackFacts, last: Quarter) -> Yearly {
    let quarters = std::iter::successors(Some(last), |x| Some(x.previous())).take(YEAR);
    let periods: Vec<Period> = quarters.map(|x| Period::new(facts, x)).collect();
    Yearly {
        bookings: periods.iter().map(|x| x.booked_all().in_currency(&facts.currency)).sum(),
        deals_won: periods.iter().map(|x| x.won.len()).sum(),
        registrations: periods.iter().map(Period::approved).sum(),
        certified: periods.first().and_then(Period::certified),
    }
}

/// The newest quarter of a pack that is over: what runs is not held against anybody.
#[must_use]
pub fn last_ended(facts: &PackFacts) -> Quarter {
    if Period::new(facts, facts.quarter).running { facts.quarter.previous() } else { facts.quarter }
}

/// Average hygiene of the open deals, in percent; `None` without one.
#[must_use]
pub fn hygiene(facts: &PackFacts) -> Option<Decimal> {
    let open: Vec<u32> = facts.deals.iter().filter(|x| x.outcome == Outcome::Open).filter_map(|x| x.hygiene).collect();
    let sum: u32 = open.iter().sum();
    Decimal::from(sum).checked_div(Decimal::from(open.len())).map(|x| x.round_dp(0))
}

fn cell(criterion: TierCriterion, value: Option<Decimal>, facts: &PackFacts) -> Cell {
    let Some(value) = value else { return Cell::Empty };
    match criterion {
        TierCriterion::Bookings => Cell::Money(Money::new(value, facts.currency.clone())),
        TierCriterion::Hygiene => Cell::Percent(value),
        TierCriterion::DealsWon | TierCriterion::Registrations | TierCriterion::Certified => {
            rust_decimal::prelude::ToPrimitive::to_u32(&value).map_or(Cell::Empty, Cell::Count)
        }
    }
}

/// What is missing of one criterion, in words: "2 certified people", "€120 k of bookings".
fn lacks(asked: &PackAsked, wanted: Decimal, facts: &PackFacts) -> Option<String> {
    let missing = wanted - asked.has?;
    if missing <= Decimal::ZERO {
        return None;
    }
    let n = rust_decimal::prelude::ToPrimitive::to_usize(&missing).unwrap_or(usize::MAX);
    Some(match asked.criterion {
        TierCriterion::Bookings => format!("{} of bookings", figure::short(missing, &facts.currency)),
        TierCriterion::DealsWon => figure::count(n, "deal won", "deals won"),
        TierCriterion::Registrations => figure::count(n, "approved registration", "approved registrations"),
        TierCriterion::Certified => figure::count(n, "certified person", "certified people"),
        TierCriterion::Hygiene => figure::count(n, "point of hygiene", "points of hygiene"),
    })
}

/// What is missing of a tier, in words, in the order of the criteria.
pub(super) fn missing(facts: &PackFacts, of: impl Fn(&PackAsked) -> Option<Decimal>) -> Vec<String> {
    let asked = facts.place.iter().flat_map(|place| &place.asked);
    asked.filter_map(|x| lacks(x, of(x)?, facts)).collect()
}

/// "a, b and c"; of many the first two and how many more.
fn joined(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [a, b, _, rest @ ..] if !rest.is_empty() => format!("{a}, {b} and {} more", rest.len() + 1),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// " by 2 certified people": what is missing of its own tier, as far as the reader may see it.
fn by(facts: &PackFacts) -> String {
    match missing(facts, |x| x.own).as_slice() {
        [] => String::new(),
        words => format!(" by {}", joined(words)),
    }
}

/// What is missing for the next tier, or what keeps this one in danger.
pub(super) fn gap(facts: &PackFacts) -> Option<Section> {
    let place = facts.place.as_ref()?;
    let next = place.next.as_deref();
    let rows = place.asked.iter().map(|x| {
        let state = match (x.has, x.next.or(x.own)) {
            (None, _) | (_, None) => "Not known".to_owned(),
            (Some(_), Some(wanted)) => {
                lacks(x, wanted, facts).map_or_else(|| "Met".to_owned(), |x| format!("Lacks {x}"))
            }
        };
        vec![
            Cell::text(Some(x.criterion.label())),
            cell(x.criterion, x.has, facts),
            cell(x.criterion, x.own, facts),
            cell(x.criterion, x.next, facts),
            Cell::text(Some(&state)),
        ]
    });
    let table = Table {
        columns: vec![
            column("Criterion", ColumnKind::Text, 5),
            column("This partner", ColumnKind::Money, 3),
            column("This tier asks", ColumnKind::Money, 3),
            column("The next asks", ColumnKind::Money, 3),
            column("State", ColumnKind::Text, 6),
        ],
        rows: rows.collect(),
    };
    let (tier, to) = (&place.tier, &place.to);
    let for_next = missing(facts, |x| x.next);
    let title = match (place.course, next) {
        (TierCourse::Up, _) => format!("{to} is reached: everything that it asks is there"),
        (TierCourse::Down, _) => {
            format!("{tier} is missed for a second quarter{}", by(facts))
        }
        (TierCourse::Grace, _) => {
            format!("{tier} is missed{}; it stays this quarter", by(facts))
        }
        (TierCourse::Stays, Some(next)) if !for_next.is_empty() => format!("{} to {next}", joined(&for_next)),
        (TierCourse::Stays, Some(next)) => format!("{tier} is kept; what {next} asks is not all known"),
        (TierCourse::Stays, None) => format!("{tier} is kept: everything that it asks is there"),
    };
    let subtitle = format!(
        "{tier} tier{}, four quarters to {}",
        next.map_or_else(String::new, |next| format!(" and what {next} asks")),
        figure::quarter(facts.year, last_ended(facts))
    );
    let mut section = tabled("tier", title, subtitle, table)?;
    section.notes = notes(&[
        "Criteria are the policy's. Bookings, deals won and approved registrations are of four quarters that have ended; certified people on their last day; hygiene of the deals that are open now.",
        "A partner that misses its tier keeps it for one quarter, with a written plan. A person moves a partner, never the program by itself.",
    ]);
    Some(section)
}

/// What the quarter's wins have earned, deal by deal.
pub(super) fn incentives(facts: &PackFacts, now: &Period) -> Option<Section> {
    let earned: Vec<(&&PackDeal, &Money)> = now.won.iter().filter_map(|x| Some((x, x.earned.as_ref()?))).collect();
    if earned.is_empty() {
        return None;
    }
    let rows = earned.iter().take(STORY_ROWS).map(|(deal, sum)| {
        vec![
            Cell::Text(called(deal)),
            Cell::text(deal.motion.map(|x| x.label())),
            Cell::text(deal.attribution.map(|x| x.label())),
            deal.amount.clone().map_or(Cell::Empty, Cell::Money),
            deal.pct.map_or(Cell::Empty, Cell::Percent),
            deal.fee.map_or(Cell::Empty, |x| Cell::Percent(Decimal::from(x))),
            Cell::Money((*sum).clone()),
        ]
    });
    let table = Table {
        columns: vec![
            column("Customer", ColumnKind::Text, 6),
            column("Motion", ColumnKind::Text, 3),
            column("Attribution", ColumnKind::Text, 3),
            column("Won", ColumnKind::Money, 4),
            column("Credited", ColumnKind::Percent, 3),
            column("Fee", ColumnKind::Percent, 2),
            column("Earned", ColumnKind::Money, 4),
        ],
        rows: rows.collect(),
    };
    let sums: Vec<Option<Money>> = earned.iter().map(|(_, sum)| Some((*sum).clone())).collect();
    let total = Sums::of(&sums);
    let title = format!(
        "{} earned in {} with {}{}",
        total.short(&facts.currency),
        figure::quarter(facts.year, facts.quarter),
        figure::count(earned.len(), "deal", "deals"),
        so_far(now)
    );
    let shown = if earned.len() > STORY_ROWS {
        format!(", the largest {STORY_ROWS} of {}", earned.len())
    } else {
        String::new()
    };
    let mut section = tabled("incentives", title, format!("Fees of the quarter's wins{shown}"), table)?;
    section.notes = notes(&[
        "A fee is the percentage that the policy gives the partner's tier for the deal's motion, of the part of the amount that is credited to the partner, to the cent. What is paid is settled by the vendor's statement.",
    ]);
    Some(section)
}

/// Which tiers would change by the criteria: up first, then down, then those that keep theirs for a quarter.
pub(super) fn moves(partners: &[PackFacts]) -> Option<Section> {
    let order = |x: TierCourse| match x {
        TierCourse::Up => 0,
        TierCourse::Down => 1,
        TierCourse::Grace => 2,
        TierCourse::Stays => 3,
    };
    let mut moving: Vec<(&PackFacts, &PackPlace)> = partners
        .iter()
        .filter_map(|x| Some((x, x.place.as_ref()?)))
        .filter(|(_, x)| x.course != TierCourse::Stays)
        .collect();
    moving
        .sort_by_key(|(facts, place)| (order(place.course), facts.partner_name.to_lowercase(), facts.partner.clone()));
    let rows = moving.iter().take(STORY_ROWS).map(|(facts, place)| {
        let why = match place.course {
            TierCourse::Up => format!("has all that {} asks", place.to),
            TierCourse::Down | TierCourse::Grace | TierCourse::Stays => {
                format!("lacks {}", joined(&missing(facts, |x| x.own)))
            }
        };
        vec![
            Cell::text(Some(&facts.partner_name)),
            Cell::text(Some(&place.tier)),
            Cell::text(Some(if place.course == TierCourse::Grace { "stays, with a plan" } else { &place.to })),
            Cell::text(Some(&why)),
        ]
    });
    let table = Table {
        columns: vec![
            column("Partner", ColumnKind::Text, 6),
            column("Tier", ColumnKind::Text, 3),
            column("By its criteria", ColumnKind::Text, 4),
            column("Why", ColumnKind::Text, 10),
        ],
        rows: rows.collect(),
    };
    let count = |course| moving.iter().filter(|(_, x)| x.course == course).count();
    let parts = [(TierCourse::Up, "up"), (TierCourse::Down, "down"), (TierCourse::Grace, "to keep with a plan")];
    let said: Vec<String> = parts
        .into_iter()
        .map(|(course, word)| (count(course), word))
        .filter(|(n, _)| *n > 0)
        .map(|(n, word)| format!("{n} {word}"))
        .collect();
    let title =
        format!("{}: {}", figure::count(moving.len(), "tier would change", "tiers would change"), said.join(", "));
    let shown = if moving.len() > STORY_ROWS { format!("; {STORY_ROWS} of {}", moving.len()) } else { String::new() };
    tabled(
        "tier_moves",
        title,
        format!("What the policy's criteria speak for, four quarters that have ended{shown}"),
        table,
    )
}

/// What partners have earned by the policy's fees, beside what they brought.
pub(super) fn cost(all: &PackFacts, partners: &[PackFacts]) -> Option<Section> {
    let money = |x: Decimal| Cell::Money(Money::new(x, all.currency.clone()));
    let mut lines: Vec<(&str, Decimal, Decimal, usize)> = partners
        .iter()
        .filter_map(|facts| {
            let now = Period::new(facts, all.quarter);
            let fees: Vec<&Option<Money>> = now.won.iter().map(|x| &x.earned).filter(|x| x.is_some()).collect();
            let earned = Sums::of(fees.iter().copied());
            if fees.is_empty() {
                return None;
            }
            let booked = now.booked_all().in_currency(&all.currency);
            Some((facts.partner_name.as_str(), earned.in_currency(&all.currency), booked, fees.len()))
        })
        .collect();
    lines.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    let total: Decimal = lines.iter().map(|x| x.1).sum();
    let booked: Decimal = lines.iter().map(|x| x.2).sum();
    let percent = |part, of| figure::share(part, of).map_or(Cell::Empty, Cell::Percent);
    let rows = lines.iter().take(STORY_ROWS).map(|(name, earned, booked, deals)| {
        vec![
            Cell::text(Some(name)),
            money(*earned),
            money(*booked),
            percent(*earned, *booked),
            u32::try_from(*deals).map_or(Cell::Empty, Cell::Count),
        ]
    });
    let table = Table {
        columns: vec![
            column("Partner", ColumnKind::Text, 6),
            column("Fees", ColumnKind::Money, 4),
            column("Bookings", ColumnKind::Money, 4),
            column("Fees of bookings", ColumnKind::Percent, 3),
            column("Deals with a fee", ColumnKind::Count, 3),
        ],
        rows: rows.collect(),
    };
    let share = figure::share(total, booked)
        .map_or_else(String::new, |x| format!(", {} of what they booked", figure::percent(x)));
    let title = format!("{} of fees{share}", figure::short(total, &all.currency));
    let shown =
        if lines.len() > STORY_ROWS { format!("; {STORY_ROWS} of {} partners", lines.len()) } else { String::new() };
    let mut section = tabled(
        "cost",
        title,
        format!("Internal: fees of the quarter's wins by the policy, {}{shown}", all.currency),
        table,
    )?;
    section.notes = notes(&[
        "Fees are what the policy gives for won deals, not what was paid. What would have been won without a partner is not known, so that this is no return on incremental revenue.",
    ]);
    Some(section)
}
