//! The next quarter: the range against the target, the named deals, the plan, the risks (Q-01, 13).

use drumbeat_model::crm::Outcome;
use drumbeat_model::time::Day;
use rust_decimal::Decimal;

use super::count::{called, largest_first};
use super::story::notes;
use super::{STORY_ROWS, column, pipeline, tabled};
use crate::facts::{PackDeal, PackFacts};
use crate::figure::{self, Sums};
use crate::pack::{Cell, ColumnKind, Figure, Points, Section, SectionBody, Table, Tone};

/// Deals named for the next quarter.
const NAMED: usize = 5;

fn open(facts: &PackFacts) -> Vec<&PackDeal> {
    let mut deals: Vec<_> = facts.deals.iter().filter(|x| x.outcome == Outcome::Open).collect();
    largest_first(&mut deals, &facts.currency);
    deals
}

fn on(day: Option<Day>) -> Cell {
    day.map_or(Cell::Empty, Cell::Day)
}

pub(super) fn next_quarter(facts: &PackFacts) -> Option<Section> {
    let next = facts.quarter.next();
    let due: Vec<&PackDeal> =
        open(facts).into_iter().filter(|x| x.close.is_some_and(|x| facts.year.quarter_of(x) == next)).collect();
    let named: Vec<&PackDeal> = due.iter().take(NAMED).copied().collect();
    let sums = Sums::of(named.iter().map(|x| &x.amount));
    let rows = named.iter().map(|x| {
        vec![
            Cell::text(Some(&called(x))),
            x.amount.clone().map_or(Cell::Empty, Cell::Money),
            Cell::text(Some(&x.stage)),
            x.chance.map_or(Cell::Empty, Cell::Percent),
            on(x.close),
            Cell::text(pipeline::next_step(facts, x).as_deref()),
        ]
    });
    let table = Table {
        columns: vec![
            column("Customer", ColumnKind::Text, 7),
            column("Amount", ColumnKind::Money, 4),
            column("Stage", ColumnKind::Text, 5),
            column("Chance", ColumnKind::Percent, 2),
            column("Close", ColumnKind::Day, 3),
            column("Next step", ColumnKind::Text, 8),
        ],
        rows: rows.collect(),
    };
    let said = if due.len() > named.len() {
        format!(
            "{} of {} expected to close, {}",
            named.len(),
            figure::count(due.len(), "deal", "deals"),
            pipeline::order(&due)
        )
    } else {
        "All that are expected to close".to_owned()
    };
    let deals = format!("{}{}", figure::count(named.len(), "deal", "deals"), pipeline::worth(&sums, facts));
    let Some((title, figures)) = range(facts) else {
        return tabled(
            "next_quarter",
            format!("{deals} to close in {}", figure::quarter(facts.year, next)),
            said,
            table,
        );
    };
    let table = super::without_empty_columns(table);
    let subtitle = if table.rows.is_empty() {
        "No open deal has its close date in the quarter".to_owned()
    } else {
        format!("{said}: {deals}")
    };
    Some(Section {
        key: "next_quarter",
        title,
        subtitle,
        body: SectionBody::Service { figures, table },
        notes: notes(&[
            "The range holds eight times in ten: what is won in the quarter already, and each open deal at its chance to be won in it, which is learnt from the program's own past. Deals that are not there yet are not in a partner's range.",
            "Amounts in the main currency; a deal without an amount counts with the mean win.",
        ]),
        appendix: false,
    })
}

/// The range as a finding and as figures.
pub(super) fn range(facts: &PackFacts) -> Option<(String, Vec<Figure>)> {
    let outlook = facts.outlook.as_ref()?;
    if outlook.high.is_zero() {
        return None;
    }
    let main = &facts.currency;
    let target = facts.targets.iter().find(|x| x.quarter == outlook.quarter).map(|x| x.bookings);
    let quarter = figure::quarter(facts.year, outlook.quarter);
    let (low, high) = (figure::short(outlook.low, main), figure::short(outlook.high, main));
    let title = match target {
        Some(target) => format!("{low} to {high} in {quarter}, the target is {}", figure::short(target, main)),
        None => format!("{low} to {high} likely in {quarter}"),
    };
    let figure = |value: String, label: &str| Figure { value, label: label.to_owned() };
    let mut figures = vec![
        figure(low, "low, one in ten is less"),
        figure(figure::short(outlook.expected, main), "expected"),
        figure(high, "high, one in ten is more"),
    ];
    let reached = target.and_then(|x| figure::share(outlook.expected, x));
    if let (Some(target), Some(reached)) = (target, reached) {
        figures
            .push(figure(figure::short(target, main), &format!("target, {} of it expected", figure::percent(reached))));
    } else if !outlook.won.is_zero() {
        figures.push(figure(figure::short(outlook.won, main), "won in it already"));
    }
    Some((title, figures))
}

/// What is done in 30, 60 and 90 days, as it was written.
pub(super) fn plan(facts: &PackFacts) -> Option<Section> {
    let plan = &facts.words.plan;
    let list = |within: u32| {
        let steps = plan.iter().filter(|x| x.within == within);
        let points = steps.map(|x| {
            let mut about: Vec<String> = x.owner.iter().cloned().collect();
            about.extend(x.due.map(|day| format!("by {}", figure::day_beside(facts.year, day, facts.quarter))));
            (x.text.clone(), about.join(", "))
        });
        Points { title: format!("In {within} days"), tone: Tone::Plain, points: points.take(3).collect() }
    };
    let lists: Vec<Points> = [30, 60, 90].into_iter().map(list).filter(|x| !x.points.is_empty()).collect();
    if lists.is_empty() {
        return None;
    }
    let owned = plan.iter().filter(|x| x.owner.is_some()).count();
    Some(Section {
        key: "plan",
        title: format!("{} in 90 days, {owned} with an owner", figure::count(plan.len(), "step", "steps")),
        subtitle: format!("The plan for {}", figure::quarter(facts.year, facts.quarter.next())),
        body: SectionBody::Points(lists),
        notes: Vec::new(),
        appendix: false,
    })
}

/// What could go wrong until the next quarter ends: as it was written, then what the deals show.
pub(super) fn risks(facts: &PackFacts) -> Option<Section> {
    let today = facts.as_of.date_naive();
    let end = facts.year.end(facts.quarter.next());
    let mut rows: Vec<Vec<Cell>> =
        facts.words.risks.iter().map(|x| vec![Cell::text(Some(x)), Cell::Empty, Cell::Empty]).collect();
    let steps_known = facts.deals.iter().any(|x| x.next_step.is_some());
    let mut stake: Vec<&Option<drumbeat_model::money::Money>> = Vec::new();
    for deal in open(facts).into_iter().filter(|x| x.close.is_some_and(|x| x < end)) {
        let why = why(deal, today, steps_known);
        // A next step that is missing is a thing to do; alone it is no risk of the quarter.
        if why.is_empty() || (why.len() == 1 && deal.next_step.is_none() && steps_known) {
            continue;
        }
        rows.push(vec![
            Cell::Text(sentence(&why)),
            Cell::text(Some(&called(deal))),
            deal.amount.clone().map_or(Cell::Empty, Cell::Money),
        ]);
        stake.push(&deal.amount);
    }
    let all = rows.len();
    rows.truncate(STORY_ROWS);
    let table = Table {
        columns: vec![
            column("Risk", ColumnKind::Text, 9),
            column("Customer", ColumnKind::Text, 6),
            column("Amount", ColumnKind::Money, 4),
        ],
        rows,
    };
    let sums = Sums::of(stake);
    let worth = if sums.is_empty() || sums.in_currency(&facts.currency) == Decimal::ZERO {
        String::new()
    } else {
        format!(", {} at stake", sums.short(&facts.currency))
    };
    let cut = if all > STORY_ROWS { format!("; {STORY_ROWS} of {all}") } else { String::new() };
    let subtitle = format!(
        "Deals to close by the end of {}, largest first{cut}",
        figure::quarter(facts.year, facts.quarter.next())
    );
    tabled("risks", format!("{} in the quarter ahead{worth}", figure::count(all, "risk", "risks")), subtitle, table)
}

fn why(deal: &PackDeal, today: Day, steps_known: bool) -> Vec<String> {
    let mut why = Vec::new();
    let late = deal.close.map_or(0, |x| (today - x).num_days());
    if let Some(late) = usize::try_from(late).ok().filter(|x| *x > 0) {
        why.push(format!("close date passed {} ago", figure::count(late, "day", "days")));
    } else if let Some(over) = deal.days_over.filter(|x| *x > 0) {
        why.push(format!("{} over the time of its stage", figure::count(over as usize, "day", "days")));
    }
    if let (Some(end), Some(close)) = (deal.protection_end, deal.close)
        && end < close
    {
        let ended = if end < today { "ended" } else { "ends" };
        why.push(format!("protection {ended} on {}", figure::day(end)));
    }
    if steps_known && deal.next_step.is_none() {
        why.push("no next step".to_owned());
    }
    why
}

fn sentence(parts: &[String]) -> String {
    let text = parts.join("; ");
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
