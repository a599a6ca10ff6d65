//! What the internal edition adds: against direct, margin, concentration, the stance, the forecast's record.
//!
//! Every section here asks for the program's facts first: a partner's edition has none, so it has none of these.

use std::collections::BTreeMap;

use drumbeat_model::crm::Outcome;
use drumbeat_model::deal::Attribution;
use drumbeat_model::pack::Stance;
use drumbeat_model::time::Quarter;
use rust_decimal::Decimal;

use super::count::{Period, called};
use super::story::notes;
use super::{column, tabled};
use crate::facts::{PackDeal, PackFacts, PackRecord};
use crate::figure;
use crate::pack::{Cell, ColumnKind, Section, Table};

/// Quarters that concentration and margin look at.
const YEAR: usize = 4;
/// Closed deals without which a win rate says nothing.
const LEAST_CLOSED: usize = 3;

/// What a stance is made of; unknown where there is too little to say it from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Measured {
    /// Bookings of four quarters against those of the four before, in percent more or less.
    pub growth: Option<Decimal>,
    /// Won of won and lost in the quarter, in percent.
    pub win_rate: Option<Decimal>,
    /// Open pipeline of the target of the quarter ahead, in percent.
    pub coverage: Option<Decimal>,
}

/// Measures a partner for its stance.
#[must_use]
pub fn measured(facts: &PackFacts) -> Measured {
    let booked = |from: &[Quarter]| -> Decimal {
        from.iter().map(|x| Period::new(facts, *x).booked_all().in_currency(&facts.currency)).sum()
    };
    let back: Vec<Quarter> =
        std::iter::successors(Some(facts.quarter), |x| Some(x.previous())).take(2 * YEAR).collect();
    let (year, before) = back.split_at(YEAR);
    let now = Period::new(facts, facts.quarter);
    let next = facts.quarter.next();
    let open: Decimal = facts
        .deals
        .iter()
        .filter(|x| x.outcome == Outcome::Open)
        .filter_map(|x| x.amount.as_ref())
        .filter(|x| x.currency == facts.currency)
        .map(|x| x.amount)
        .sum();
    let (sum, sum_before) = (booked(year), booked(before));
    Measured {
        growth: figure::share(sum - sum_before, sum_before),
        win_rate: now.win_rate().filter(|_| now.won.len() + now.lost.len() >= LEAST_CLOSED),
        coverage: facts.targets.iter().find(|x| x.quarter == next).and_then(|x| figure::share(open, x.bookings)),
    }
}

/// The partner beside the vendor's direct business; there only when the facts have it.
pub(super) fn beside_direct(facts: &PackFacts, now: &Period) -> Option<Section> {
    let program = facts.program.as_ref()?;
    let percent = |x: Option<Decimal>| x.map_or(Cell::Empty, Cell::Percent);
    let days = |x: Option<u32>| x.map_or(Cell::Empty, Cell::Days);
    let mut rows = vec![
        vec![Cell::text(Some("Win rate")), percent(now.win_rate()), percent(program.direct_win_rate)],
        vec![Cell::text(Some("Sales cycle")), days(now.cycle()), days(program.direct_cycle_days)],
    ];
    if program.share_of_bookings.is_some() {
        rows.push(vec![
            Cell::text(Some("Share of all partner bookings")),
            percent(program.share_of_bookings),
            Cell::Empty,
        ]);
    }
    rows.retain(|x| x.iter().skip(1).any(|x| !x.is_empty()));
    let title = match (now.win_rate(), program.direct_win_rate) {
        (Some(partner), Some(direct)) => {
            format!("Win rate {} beside {} direct", figure::percent(partner), figure::percent(direct))
        }
        _ => format!("{} beside direct", facts.partner_name),
    };
    let sourced = now.booked(Attribution::Sourced).short(&facts.currency);
    let subtitle = format!(
        "Internal: {sourced} sourced; {} and {} when the pack was made",
        figure::count(facts.pending as usize, "pending change", "pending changes"),
        figure::count(facts.merge_conflicts as usize, "merge conflict", "merge conflicts")
    );
    let table = Table {
        columns: vec![
            column("Measure", ColumnKind::Text, 6),
            column("This partner", ColumnKind::Percent, 4),
            column("Direct", ColumnKind::Percent, 4),
        ],
        rows,
    };
    tabled("program", title, subtitle, table)
}

/// Deals that were won in the last four quarters.
fn won_of_year(facts: &PackFacts) -> Vec<&PackDeal> {
    let quarters = std::iter::successors(Some(facts.quarter), |x| Some(x.previous())).take(YEAR);
    quarters.flat_map(|x| Period::new(facts, x).won).collect()
}

fn main_amount(deal: &PackDeal, facts: &PackFacts) -> Decimal {
    deal.amount.as_ref().filter(|x| x.currency == facts.currency).map_or(Decimal::ZERO, |x| x.amount)
}

/// Discount bands of what was won and of what is open: what the margin is made of where the CRM keeps no cost.
pub(super) fn margin(facts: &PackFacts) -> Option<Section> {
    // Without any band nothing is known of discounts, and none is claimed.
    facts.program.as_ref()?;
    if facts.deals.iter().all(|x| x.discount.is_none()) {
        return None;
    }
    let won = won_of_year(facts);
    let open: Vec<&PackDeal> = facts.deals.iter().filter(|x| x.outcome == Outcome::Open).collect();
    let mut bands: BTreeMap<Option<&str>, [(usize, Decimal); 2]> = BTreeMap::new();
    for (at, deals) in [(0, &won), (1, &open)] {
        for deal in deals {
            let sums = bands.entry(deal.discount.as_deref()).or_default();
            if let Some(sum) = sums.get_mut(at) {
                *sum = (sum.0 + 1, sum.1 + main_amount(deal, facts));
            }
        }
    }
    let discounted = won.iter().filter(|x| x.discount.is_some()).count();
    let money = |x: Decimal| Cell::Money(drumbeat_model::money::Money::new(x, facts.currency.clone()));
    let n = |x: usize| u32::try_from(x).map_or(Cell::Empty, Cell::Count);
    let mut bands: Vec<_> = bands.into_iter().collect();
    // Deals without a band stand last.
    bands.sort_by_key(|(band, [won, open])| (band.is_none(), std::cmp::Reverse((won.0, open.0)), *band));
    let rows = bands.iter().map(|(band, [won, open])| {
        vec![Cell::text(Some(band.unwrap_or("None known"))), n(won.0), money(won.1), n(open.0), money(open.1)]
    });
    let table = Table {
        columns: vec![
            column("Discount band", ColumnKind::Text, 6),
            column("Won", ColumnKind::Count, 2),
            column("Amount won", ColumnKind::Money, 4),
            column("Open", ColumnKind::Count, 2),
            column("Amount open", ColumnKind::Money, 4),
        ],
        rows: rows.collect(),
    };
    let title = format!("{discounted} of {} won with a discount", figure::count(won.len(), "deal was", "deals were"));
    tabled("margin", title, "Internal: discount bands of four quarters' wins and of open deals".to_owned(), table)
}

/// How much hangs on few customers.
pub(super) fn concentration(facts: &PackFacts) -> Option<Section> {
    facts.program.as_ref()?;
    let won = won_of_year(facts);
    let mut customers: BTreeMap<String, (Decimal, usize)> = BTreeMap::new();
    for deal in &won {
        let sum = customers.entry(called(deal)).or_default();
        *sum = (sum.0 + main_amount(deal, facts), sum.1 + 1);
    }
    let total: Decimal = customers.values().map(|x| x.0).sum();
    if customers.len() < 2 || total.is_zero() {
        return None;
    }
    let mut customers: Vec<(String, (Decimal, usize))> = customers.into_iter().collect();
    customers.sort_by(|a, b| b.1.0.cmp(&a.1.0).then_with(|| a.0.cmp(&b.0)));
    let first = customers.len().min(3);
    let top: Decimal = customers.iter().take(first).map(|x| x.1.0).sum();
    let percent = |x: Decimal| figure::share(x, total).map_or(Cell::Empty, Cell::Percent);
    let rows = customers.iter().map(|(name, (sum, deals))| {
        vec![
            Cell::text(Some(name)),
            Cell::Money(drumbeat_model::money::Money::new(*sum, facts.currency.clone())),
            percent(*sum),
            u32::try_from(*deals).map_or(Cell::Empty, Cell::Count),
        ]
    });
    let table = Table {
        columns: vec![
            column("Customer", ColumnKind::Text, 8),
            column("Bookings", ColumnKind::Money, 4),
            column("Share", ColumnKind::Percent, 3),
            column("Deals won", ColumnKind::Count, 3),
        ],
        rows: rows.collect(),
    };
    let share = figure::share(top, total).map(figure::percent).unwrap_or_default();
    let title = match customers.len() {
        2 | 3 => format!(
            "{} customers brought all {} of four quarters",
            customers.len(),
            figure::short(total, &facts.currency)
        ),
        all => format!("Three of {all} customers brought {share} of the bookings"),
    };
    tabled("concentration", title, "Internal: bookings of four quarters by customer".to_owned(), table)
}

/// Invest, hold or exit, with every measure that speaks for it.
pub(super) fn stance(facts: &PackFacts) -> Option<Section> {
    let stance = facts.program.as_ref()?.stance.as_ref()?;
    let text = |x: &str| Cell::text(Some(x));
    let rows = stance
        .reasons
        .iter()
        .map(|x| vec![text(&x.measure), text(&x.value), text(&x.invest), text(&x.exit), text(x.stance.label())]);
    let table = Table {
        columns: vec![
            column("Measure", ColumnKind::Text, 6),
            column("This partner", ColumnKind::Text, 3),
            column("Invest from", ColumnKind::Text, 3),
            column("Exit from", ColumnKind::Text, 3),
            column("Speaks for", ColumnKind::Text, 3),
        ],
        rows: rows.collect(),
    };
    let speak = |of: Stance| stance.reasons.iter().filter(|x| x.stance == of).count();
    let title = format!(
        "{}: {} of {} for more, {} for less",
        stance.stance.label(),
        speak(Stance::Invest),
        figure::count(table.rows.len(), "measure speaks", "measures speak"),
        speak(Stance::Exit)
    );
    let mut section = tabled(
        "stance",
        title,
        "Internal: the policy's rule over share, growth, win rate and coverage".to_owned(),
        table,
    )?;
    section.notes = notes(&[
        "Each measure that is known speaks for more, for less or for neither by the policy's thresholds ([stance]). Those for more less those for less decide; a person decides what is done.",
        "Share: of all partners' bookings of the quarter. Growth: bookings of four quarters against the four before. Win rate: of the quarter, in points beside direct. Coverage: open pipeline of the next quarter's target.",
    ]);
    Some(section)
}

/// How the forecast has done, where the past was played again.
pub(super) fn record(facts: &PackFacts) -> Option<Section> {
    let record: &PackRecord = facts.program.as_ref()?.record.as_ref()?;
    // Where nothing was won nothing can be foretold better or worse.
    if record.horizons.iter().all(|x| x.won == 0) {
        return None;
    }
    let score = |x: Option<Decimal>| Cell::text(x.map(|x| format!("{x:.4}")).as_deref());
    let n = |x: u32| Cell::Count(x);
    let rows = record.horizons.iter().map(|x| {
        vec![
            Cell::Text(figure::count(x.days as usize, "day", "days")),
            n(x.asked),
            n(x.won),
            score(x.own),
            score(x.base),
            score(x.crm),
        ]
    });
    let table = Table {
        columns: vec![
            column("Won within", ColumnKind::Text, 3),
            column("Asked", ColumnKind::Count, 3),
            column("Won", ColumnKind::Count, 3),
            column("Forecast", ColumnKind::Count, 3),
            column("Base rate", ColumnKind::Count, 3),
            column("The CRM's own", ColumnKind::Count, 3),
        ],
        rows: rows.collect(),
    };
    let better = record.horizons.iter().filter(|x| x.own.zip(x.base).is_some_and(|(own, base)| own < base)).count();
    let mut title = format!(
        "The forecast beat the base rate at {better} of {}",
        figure::count(record.horizons.len(), "horizon", "horizons")
    );
    if let Some(off) = record.median_off {
        title.push_str(&format!(", quarters off by {}", figure::percent(off)));
    }
    let held =
        record.held.map_or_else(String::new, |x| format!("; its interval held {} of the time", figure::percent(x)));
    let subtitle = format!(
        "Internal: how far off the chances were (Brier score, 0 is best), as of {}{held}",
        figure::day(record.as_of)
    );
    let mut section = tabled("record", title, subtitle, table)?;
    section.notes = vec![record.verdict.clone()];
    Some(section)
}
