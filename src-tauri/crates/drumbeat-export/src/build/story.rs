//! The opening: cover, summary, commitments, scoreboard, bookings.

use std::collections::BTreeSet;

use chrono::Days;
use drumbeat_model::crm::Outcome;
use drumbeat_model::deal::Attribution;
use drumbeat_model::money::Money;
use drumbeat_model::time::Quarter;
use rust_decimal::Decimal;

use super::count::{Period, called};
use super::{STORY_ROWS, column, pipeline, program, tabled};
use crate::facts::{PackCommitment, PackFacts, Side};
use crate::figure::{self, Sums};
use crate::pack::{Cell, ColumnKind, Figure, Measure, Points, QuarterBar, Section, SectionBody, Table, Tone};

/// The most points in one list of the summary.
const POINTS: usize = 3;
/// Quarters in the bookings chart.
const QUARTERS: usize = 6;

/// " so far" while the quarter runs.
pub(crate) fn so_far(period: &Period) -> &'static str {
    if period.running { " so far" } else { "" }
}

pub(super) fn cover(facts: &PackFacts, now: &Period) -> Section {
    let money = |sums: &Sums| sums.short(&facts.currency);
    let open: Vec<_> = facts.deals.iter().filter(|x| x.outcome == Outcome::Open).collect();
    let mut figures = Vec::new();
    let won = now.booked_all();
    if !won.is_empty() {
        figures.push(Figure {
            value: money(&won),
            label: format!("won in {}", figure::count(now.won.len(), "deal", "deals")),
        });
    } else if !now.won.is_empty() {
        figures.push(Figure { value: now.won.len().to_string(), label: "deals won".to_owned() });
    }
    let pipeline = Sums::of(open.iter().map(|x| &x.amount));
    if !pipeline.is_empty() {
        figures.push(Figure {
            value: money(&pipeline),
            label: format!("open in {}", figure::count(open.len(), "deal", "deals")),
        });
    } else if !open.is_empty() {
        figures.push(Figure { value: open.len().to_string(), label: "deals open".to_owned() });
    }
    if !now.decided.is_empty() {
        figures.push(Figure {
            value: format!("{} of {}", now.approved(), now.decided.len()),
            label: "registrations approved of those decided".to_owned(),
        });
    }
    if let (true, Some(certified)) = (figures.len() < POINTS, now.certified()) {
        figures.push(Figure { value: certified.to_string(), label: "people certified".to_owned() });
    }
    Section {
        key: "cover",
        title: format!("Quarterly business review, {}", figure::quarter(facts.quarter)),
        subtitle: facts.partner_name.clone(),
        body: SectionBody::Cover(figures),
        notes: Vec::new(),
        appendix: false,
    }
}

pub(super) fn summary(facts: &PackFacts, now: &Period, before: &Period) -> Option<Section> {
    let lists = [
        Points { title: "Went well".to_owned(), tone: Tone::Good, points: good(facts, now, before) },
        Points { title: "Needs care".to_owned(), tone: Tone::Bad, points: bad(facts, now) },
        Points { title: "What we ask".to_owned(), tone: Tone::Plain, points: asks(facts) },
    ];
    let lists: Vec<Points> = lists.into_iter().filter(|x| !x.points.is_empty()).collect();
    if lists.is_empty() {
        return None;
    }
    let stuck = pipeline::stuck_deals(facts).len();
    let won = figure::count(now.won.len(), "deal", "deals");
    let sums = now.booked_all();
    let mut title = match (now.won.is_empty(), sums.is_empty()) {
        (true, _) => format!("No deal won in Q{}{}", now.quarter.number, so_far(now)),
        (false, true) => format!("{won} won in Q{}{}", now.quarter.number, so_far(now)),
        (false, false) => format!("{} won in {won}{}", sums.short(&facts.currency), so_far(now)),
    };
    if stuck > 0 {
        title.push_str(&format!(", {} stuck", figure::count(stuck, "deal is", "deals are")));
    }
    Some(Section {
        key: "summary",
        title,
        subtitle: format!("{} in short", figure::quarter(facts.quarter)),
        body: SectionBody::Points(lists),
        notes: Vec::new(),
        appendix: false,
    })
}

fn good(facts: &PackFacts, now: &Period, before: &Period) -> Vec<(String, String)> {
    let mut points = Vec::new();
    let last = figure::quarter_beside(before.quarter, now.quarter);
    let main = &facts.currency;
    let (won, won_before) = (now.booked_all().in_currency(main), before.booked_all().in_currency(main));
    if let (true, Some(text)) = (won > won_before, figure::against(won, won_before, &last)) {
        points.push((
            format!("Bookings {text}"),
            format!("{} after {}", figure::short(won, main), figure::short(won_before, main)),
        ));
    }
    let (in_time, timed) = now.in_time();
    if timed > 0 && in_time == timed {
        points.push((
            "Every registration decided in time".to_owned(),
            format!("{timed} inside {} hours", facts.decision_hours),
        ));
    }
    for deal in &now.won {
        let mut about: Vec<String> = deal.amount.iter().map(figure::full).collect();
        about.extend(deal.attribution.map(|x| x.label().to_lowercase()));
        points.push((format!("{} won", called(deal)), about.join(", ")));
    }
    points.truncate(POINTS);
    points
}

fn bad(facts: &PackFacts, now: &Period) -> Vec<(String, String)> {
    let mut points = Vec::new();
    let stuck = pipeline::stuck_deals(facts);
    if let Some(longest) = stuck.first() {
        let sums = Sums::of(stuck.iter().map(|x| &x.amount));
        let worth = if sums.is_empty() { String::new() } else { format!("{}, ", sums.short(&facts.currency)) };
        points.push((
            format!("{} past the time of the stage", figure::count(stuck.len(), "deal", "deals")),
            format!("{worth}longest: {}", called(longest)),
        ));
    }
    if !now.lost.is_empty() {
        let sums = Sums::of(now.lost.iter().map(|x| &x.amount));
        let worth = if sums.is_empty() { String::new() } else { format!(" for {}", sums.short(&facts.currency)) };
        points.push((
            format!("{} lost{worth}", figure::count(now.lost.len(), "deal", "deals")),
            pipeline::reasons(&now.lost),
        ));
    }
    let (in_time, timed) = now.in_time();
    if in_time < timed {
        points.push((
            format!("{} decided late", figure::count(timed - in_time, "registration", "registrations")),
            format!("of {timed}; the limit is {} hours", facts.decision_hours),
        ));
    }
    let late = facts.commitments.iter().filter(|x| is_late(x, facts)).count();
    if late > 0 {
        points.push((figure::count(late, "commitment is late", "commitments are late"), "of both sides".to_owned()));
    }
    let ending = program::expiring(facts).len();
    if ending > 0 {
        points.push((
            figure::count(ending, "certificate ends soon", "certificates end soon"),
            format!("within {} days", program::EXPIRY_DAYS),
        ));
    }
    points.truncate(POINTS);
    points
}

fn asks(facts: &PackFacts) -> Vec<(String, String)> {
    let mut points = Vec::new();
    for deal in pipeline::stuck_deals(facts) {
        if let Some(step) = &deal.next_step {
            let mut about = vec![called(deal)];
            about.extend(deal.next_step_owner.clone());
            about.extend(deal.next_step_due.map(|x| format!("by {}", figure::day(x))));
            points.push((step.clone(), about.join(", ")));
        }
    }
    points.truncate(POINTS - 1);
    if facts.deals.iter().any(|x| x.next_step.is_some()) {
        let without = facts.deals.iter().filter(|x| x.outcome == Outcome::Open && x.next_step.is_none()).count();
        if without > 0 {
            points.push((
                "Agree a next step".to_owned(),
                format!("for {} without one", figure::count(without, "open deal", "open deals")),
            ));
        }
    }
    if let Some(first) = program::expiring(facts).iter().filter_map(|x| x.expires).min() {
        let n = program::expiring(facts).len();
        points.push((
            format!("Renew {}", figure::count(n, "certificate", "certificates")),
            format!("the first ends {}", figure::day(first)),
        ));
    }
    points.truncate(POINTS);
    points
}

fn is_late(commitment: &PackCommitment, facts: &PackFacts) -> bool {
    !commitment.done && commitment.due.is_some_and(|x| x < facts.as_of.date_naive())
}

pub(super) fn commitments(facts: &PackFacts) -> Option<Section> {
    let mut all: Vec<&PackCommitment> = facts.commitments.iter().filter(|x| x.text.is_some()).collect();
    all.sort_by_key(|x| (x.done, !is_late(x, facts), x.due, x.side == Side::Vendor, x.text.clone()));
    let done = all.iter().filter(|x| x.done).count();
    let late = all.iter().filter(|x| is_late(x, facts)).count();
    let title = match (done, late) {
        (0, 0) => format!("{} open, none is late", figure::count(all.len(), "commitment is", "commitments are")),
        (_, 0) => format!("{done} of {} done, none is late", figure::count(all.len(), "commitment", "commitments")),
        (_, _) => format!("{done} of {} done, {late} late", figure::count(all.len(), "commitment", "commitments")),
    };
    let rows = all.iter().take(STORY_ROWS).map(|x| {
        let by = match x.side {
            Side::Partner => &facts.partner_name,
            Side::Vendor => &facts.vendor,
        };
        let state = if x.done {
            "Done"
        } else if is_late(x, facts) {
            "Late"
        } else {
            "Open"
        };
        vec![
            Cell::text(x.text.as_deref()),
            Cell::text(Some(by)),
            Cell::text(x.owner.as_deref()),
            x.due.map_or(Cell::Empty, Cell::Day),
            Cell::text(Some(state)),
        ]
    });
    let table = Table {
        columns: vec![
            column("What", ColumnKind::Text, 10),
            column("Side", ColumnKind::Text, 5),
            column("Who", ColumnKind::Text, 4),
            column("Due", ColumnKind::Day, 3),
            column("State", ColumnKind::Text, 2),
        ],
        rows: rows.collect(),
    };
    tabled("commitments", title, "What both sides said they would do".to_owned(), table)
}

pub(super) fn scoreboard(facts: &PackFacts, now: &Period, before: &Period, year_ago: &Period) -> Option<Section> {
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
    let last = figure::quarter_beside(before.quarter, now.quarter);
    let sourced = now.booked(Attribution::Sourced);
    let title = if sourced.is_empty() {
        format!(
            "{} submitted, {} won in {}{}",
            figure::count(now.submitted.len(), "registration", "registrations"),
            figure::count(now.won.len(), "deal", "deals"),
            figure::quarter(facts.quarter),
            so_far(now)
        )
    } else {
        let change =
            figure::against(sourced.in_currency(main), before.booked(Attribution::Sourced).in_currency(main), &last);
        let tail = change.map_or_else(|| format!(", none in {last}"), |x| format!(", {x}"));
        format!("{} sourced in {}{}{tail}", sourced.short(main), figure::quarter(facts.quarter), so_far(now))
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

pub(super) fn notes(lines: &[&str]) -> Vec<String> {
    lines.iter().map(|x| (*x).to_owned()).collect()
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
    let title = if bars.iter().rev().skip(1).all(|x| sum(x) < last) {
        format!("{text} booked in {}{}, the best of {QUARTERS} quarters", figure::quarter(facts.quarter), so_far(now))
    } else {
        format!(
            "{} booked over {QUARTERS} quarters, {text} of it in Q{}{}",
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
            "Not in the chart, because amounts are not converted: {}.",
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

/// The day `days` after the facts were read.
pub(super) fn in_days(facts: &PackFacts, days: u64) -> drumbeat_model::time::Day {
    let today = facts.as_of.date_naive();
    today.checked_add_days(Days::new(days)).unwrap_or(today)
}
