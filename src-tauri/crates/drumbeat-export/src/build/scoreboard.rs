//! The measures beside earlier quarters and the target, and the bookings of six quarters.

use std::collections::BTreeSet;

use drumbeat_model::deal::Attribution;
use drumbeat_model::money::Money;
use drumbeat_model::time::Quarter;
use rust_decimal::Decimal;

use super::STORY_ROWS;
use super::count::Period;
use super::story::{notes, so_far};
use crate::facts::PackFacts;
use crate::figure::{self, Sums};
use crate::pack::{Cell, Measure, QuarterBar, Section, SectionBody};

/// Quarters in the bookings chart.
const QUARTERS: usize = 6;

pub(super) fn measures(facts: &PackFacts, now: &Period, before: &Period, year_ago: &Period) -> Option<Section> {
    let main = &facts.currency;
    let periods = [now, before, year_ago];
    let any = |has: &dyn Fn(&Period) -> bool| periods.iter().any(|x| has(x));
    let measure = |label, cell: &dyn Fn(&Period) -> Cell| Measure {
        label,
        now: cell(now),
        target: Cell::Empty,
        before: cell(before),
        year_ago: cell(year_ago),
        others: Vec::new(),
        less_is_better: false,
    };
    let money = |label, sums: &dyn Fn(&Period) -> Sums| Measure {
        others: sums(now).besides(main),
        ..measure(label, &|x| Cell::Money(Money::new(sums(x).in_currency(main), main.clone())))
    };
    let n = |x: usize| u32::try_from(x).map_or(Cell::Empty, Cell::Count);
    let mut rows = Vec::new();
    if any(&|x| !x.booked_all().is_empty()) {
        let target = facts.targets.iter().find(|x| x.quarter == facts.quarter);
        if target.is_some() || any(&|x| x.won.iter().any(|y| y.attribution.is_none())) {
            let mut row = money("Bookings", &|x| x.booked_all());
            row.target = target.map_or(Cell::Empty, |x| Cell::Money(Money::new(x.bookings, main.clone())));
            rows.push(row);
        }
        if any(&|x| x.won.iter().any(|y| y.attribution.is_some())) {
            rows.push(money("Sourced bookings", &|x| x.booked(Attribution::Sourced)));
            rows.push(money("Influenced bookings", &|x| x.booked(Attribution::Influenced)));
        }
    }
    if any(&|x| !Sums::of(x.created.iter().map(|y| &y.amount)).is_empty()) {
        rows.push(money("Pipeline created", &|x| Sums::of(x.created.iter().map(|y| &y.amount))));
    }
    if any(&|x| x.win_rate().is_some()) {
        rows.push(measure("Win rate", &|x| x.win_rate().map_or(Cell::Empty, Cell::Percent)));
    }
    if any(&|x| x.average_size().is_some()) {
        rows.push(measure("Average deal won", &|x| {
            x.average_size().map_or(Cell::Empty, |y| Cell::Money(Money::new(y, main.clone())))
        }));
    }
    if any(&|x| x.cycle().is_some()) {
        rows.push(Measure {
            less_is_better: true,
            ..measure("Sales cycle", &|x| x.cycle().map_or(Cell::Empty, Cell::Days))
        });
    }
    if any(&|x| !x.submitted.is_empty()) {
        rows.push(measure("Registrations submitted", &|x| n(x.submitted.len())));
    }
    if any(&|x| !x.decided.is_empty()) {
        rows.push(measure("Registrations approved", &|x| n(x.approved())));
    }
    if any(&|x| x.decision_hours().is_some()) {
        rows.push(Measure {
            target: Cell::Hours(Decimal::from(facts.decision_hours)),
            less_is_better: true,
            ..measure("Time to decide, median", &|x| x.decision_hours().map_or(Cell::Empty, Cell::Hours))
        });
    }
    if any(&|x| x.certified().is_some()) {
        rows.push(measure("Certified people", &|x| x.certified().map_or(Cell::Empty, Cell::Count)));
    }
    if rows.is_empty() {
        return None;
    }
    // What the section on registrations tells as well gives way when there are too many to read.
    for label in ["Registrations submitted", "Registrations approved", "Time to decide, median"] {
        if rows.len() > STORY_ROWS {
            rows.retain(|x| x.label != label);
        }
    }
    let last = figure::quarter_beside(facts.year, before.quarter, now.quarter);
    let sourced = now.booked(Attribution::Sourced);
    let title = if sourced.is_empty() {
        format!(
            "{} submitted, {} won in {}{}",
            figure::count(now.submitted.len(), "registration", "registrations"),
            figure::count(now.won.len(), "deal", "deals"),
            figure::quarter(facts.year, facts.quarter),
            so_far(now)
        )
    } else {
        let change =
            figure::against(sourced.in_currency(main), before.booked(Attribution::Sourced).in_currency(main), &last);
        let tail = change.map_or_else(|| format!(", none in {last}"), |x| format!(", {x}"));
        format!(
            "{} sourced in {}{}{tail}",
            sourced.short(main),
            figure::quarter(facts.year, facts.quarter),
            so_far(now)
        )
    };
    Some(Section {
        key: "scoreboard",
        title,
        subtitle: format!(
            "{}, beside the quarter before and a year ago",
            figure::count(rows.len(), "measure", "measures")
        ),
        body: SectionBody::Scoreboard(rows),
        notes: notes(&[
            "Bookings: deals closed won in the quarter, by their close date, in full. Sourced and influenced are the deal's own attribution; a deal without one is in bookings alone.",
            "Pipeline created: amounts of all deals created in the quarter, whatever became of them.",
            "Win rate: won of won and lost in the quarter, by number.",
            "Average deal won: won deals in the main currency. Sales cycle: days from created to won, average.",
            "Time to decide: median of the registrations decided in the quarter, on the decision clock (pauses for the partner's answers taken out).",
            "Certified people: holders of at least one certificate valid on the last day of the quarter.",
        ]),
        appendix: false,
    })
}

pub(super) fn bookings(facts: &PackFacts) -> Option<Section> {
    let main = &facts.currency;
    let mut quarters: Vec<Quarter> =
        std::iter::successors(Some(facts.quarter), |x| Some(x.previous())).take(QUARTERS).collect();
    quarters.reverse();
    let periods: Vec<Period> = quarters.iter().map(|x| Period::new(facts, *x)).collect();
    let bars: Vec<QuarterBar> = periods
        .iter()
        .map(|x| QuarterBar {
            quarter: x.quarter,
            sourced: x.booked(Attribution::Sourced).in_currency(main),
            influenced: x.booked(Attribution::Influenced).in_currency(main),
            target: facts.targets.iter().find(|y| y.quarter == x.quarter).map(|y| y.bookings),
        })
        .collect();
    let sum = |x: &QuarterBar| x.sourced + x.influenced;
    let total: Decimal = bars.iter().map(sum).sum();
    let last = bars.last().map(sum)?;
    if total.is_zero() {
        return None;
    }
    let now = periods.last()?;
    let text = figure::short(last, main);
    // Partner deals without an attribution are in the bookings and not in the bars.
    let all_in = periods.iter().zip(&bars).all(|(x, bar)| x.booked_all().in_currency(main) == sum(bar));
    let booked = if all_in { "booked" } else { "sourced and influenced" };
    let title = if bars.iter().rev().skip(1).all(|x| sum(x) < last) {
        format!(
            "{text} {booked} in {}{}, the best of {QUARTERS} quarters",
            figure::quarter(facts.year, facts.quarter),
            so_far(now)
        )
    } else {
        format!(
            "{} {booked} over {QUARTERS} quarters, {text} of it in Q{}{}",
            figure::short(total, main),
            facts.quarter.number,
            so_far(now)
        )
    };
    let others: BTreeSet<String> =
        periods.iter().flat_map(|x| x.booked_all().besides(main)).map(|x| x.currency.code().to_owned()).collect();
    let mut said = notes(&[
        "Closed won by close date, sourced and influenced, in full amounts in the main currency. A target, where there is one, is for both together.",
    ]);
    if !others.is_empty() {
        said.push(format!(
            "Not in the chart, because the CRM tells no rate for them: {}.",
            others.into_iter().collect::<Vec<_>>().join(", ")
        ));
    }
    let unattributed = periods.iter().flat_map(|x| &x.won).filter(|x| x.attribution.is_none()).count();
    if unattributed > 0 {
        said.push(format!(
            "Not in the chart: {} without attribution.",
            figure::count(unattributed, "won deal", "won deals")
        ));
    }
    Some(Section {
        key: "bookings",
        title,
        subtitle: format!("Sourced and influenced bookings by quarter, {main}"),
        body: SectionBody::Bars(bars),
        notes: said,
        appendix: false,
    })
}
