//! Channel conflicts: how many, between whom, how long (C-06); inside the house also which and with whom.

use drumbeat_model::channel::ConflictKind;
use drumbeat_model::channel::ConflictState;
use drumbeat_model::time::Day;
use rust_decimal::Decimal;

use super::story::notes;
use super::{STORY_ROWS, column, tabled};
use crate::facts::{PackConflict, PackFacts};
use crate::figure;
use crate::pack::{Cell, ColumnKind, Figure, Section, SectionBody, Table};

fn n(x: usize) -> Cell {
    u32::try_from(x).map_or(Cell::Empty, Cell::Count)
}

/// The middle of them; of two middles the higher.
fn median(mut all: Vec<u32>) -> Option<u32> {
    all.sort_unstable();
    all.get(all.len() / 2).copied()
}

fn days(from: Day, to: Day) -> u32 {
    u32::try_from((to - from).num_days()).unwrap_or(0)
}

fn days_to_close(all: &[&PackConflict]) -> Option<u32> {
    median(all.iter().filter_map(|x| Some(days(x.raised, x.closed?))).collect())
}

fn within(day: Option<Day>, facts: &PackFacts) -> bool {
    day.is_some_and(|x| facts.year.quarter_of(x) == facts.quarter)
}

/// Those that were found or closed in the quarter, or are open.
fn of_quarter(facts: &PackFacts) -> Vec<&PackConflict> {
    let now = |x: &&PackConflict| within(Some(x.raised), facts) || within(x.closed, facts) || x.state.is_open();
    facts.conflicts.iter().filter(now).collect()
}

fn closed_in<'a>(of: &[&'a PackConflict], facts: &PackFacts) -> Vec<&'a PackConflict> {
    of.iter().filter(|x| within(x.closed, facts)).copied().collect()
}

pub(super) fn conflicts(facts: &PackFacts) -> Option<Section> {
    let all = of_quarter(facts);
    let raised = |of: &[&PackConflict]| of.iter().filter(|x| within(Some(x.raised), facts)).count();
    let settled =
        |of: &[&PackConflict]| closed_in(of, facts).iter().filter(|x| x.state == ConflictState::Settled).count();
    let open = |of: &[&PackConflict]| of.iter().filter(|x| x.state.is_open()).count();
    let hours = median(all.iter().filter_map(|x| x.minutes_to_acknowledge).collect())
        .map(|x| (Decimal::from(x) / Decimal::from(60)).round_dp(1));
    let rows = ConflictKind::ALL.iter().filter_map(|kind| {
        let of: Vec<&PackConflict> = all.iter().filter(|x| x.kind == *kind).copied().collect();
        (!of.is_empty()).then(|| {
            vec![
                Cell::text(Some(kind.label())),
                n(raised(&of)),
                n(closed_in(&of, facts).len()),
                n(open(&of)),
                days_to_close(&closed_in(&of, facts)).map_or(Cell::Empty, Cell::Days),
                Cell::text(cause(&of).as_deref()),
            ]
        })
    });
    let table = super::without_empty_columns(Table {
        columns: vec![
            column("Between", ColumnKind::Text, 5),
            column("Found", ColumnKind::Count, 2),
            column("Closed", ColumnKind::Count, 2),
            column("Open", ColumnKind::Count, 2),
            column("Days to close", ColumnKind::Count, 3),
            column("Most often", ColumnKind::Text, 6),
        ],
        rows: rows.collect(),
    });
    if table.rows.is_empty() {
        return None;
    }
    let mut figures = vec![
        Figure { value: raised(&all).to_string(), label: "found in the quarter".to_owned() },
        Figure { value: settled(&all).to_string(), label: "settled".to_owned() },
        Figure { value: open(&all).to_string(), label: "open now".to_owned() },
    ];
    if let Some(hours) = hours {
        figures.push(Figure { value: format!("{} h", figure::plain(hours, 1)), label: "median until seen".to_owned() });
    }
    let found = figure::count(raised(&all), "channel conflict", "channel conflicts");
    let title = match (days_to_close(&closed_in(&all, facts)), open(&all)) {
        (Some(took), 0) => format!("{found} found, closed in {}", figure::count(took as usize, "day", "days")),
        (Some(took), open) => {
            format!("{found} found, closed in {}, {open} open", figure::count(took as usize, "day", "days"))
        }
        (None, open) if raised(&all) == 0 => {
            format!(
                "{}, none of them new",
                figure::count(open, "channel conflict is open", "channel conflicts are open")
            )
        }
        (None, 0) => format!("{found} found, none is open"),
        (None, open) => format!("{found} found, {open} open"),
    };
    Some(Section {
        key: "conflicts",
        title,
        subtitle: format!("Two parties with a claim on one account, in {}", figure::quarter(facts.year, facts.quarter)),
        body: SectionBody::Service { figures, table },
        notes: notes(&[
            "Channel conflicts: found by the day on which they were first seen, closed by the day on which they were settled, dismissed or ended. Days to close and the time until seen are medians. Early signs are not counted.",
        ]),
        appendix: false,
    })
}

/// The signal that stands first most often.
fn cause(of: &[&PackConflict]) -> Option<String> {
    let mut counted: Vec<(usize, drumbeat_model::channel::ChannelSignal)> = Vec::new();
    for signal in of.iter().filter_map(|x| x.cause) {
        match counted.iter_mut().find(|(_, one)| *one == signal) {
            Some((count, _)) => *count += 1,
            None => counted.push((1, signal)),
        }
    }
    counted.sort_by_key(|(count, signal)| (std::cmp::Reverse(*count), *signal));
    let (count, signal) = counted.first()?;
    Some(if of.len() > 1 { format!("{} ({count} of {})", signal.label(), of.len()) } else { signal.label().to_owned() })
}

/// The open ones with both parties; there only where the facts name the other one.
pub(super) fn open_conflicts(facts: &PackFacts, of_program: bool) -> Option<Section> {
    let mut open: Vec<&PackConflict> =
        facts.conflicts.iter().filter(|x| x.state.is_open() && x.other.is_some()).collect();
    open.sort_by_key(|x| (std::cmp::Reverse(worth(x, facts)), x.raised, x.id.clone()));
    let today = facts.as_of.date_naive();
    let rows = open.iter().take(STORY_ROWS).map(|x| {
        vec![
            Cell::text(x.account.as_deref()),
            Cell::text(x.other.as_deref()),
            Cell::text(Some(x.kind.label())),
            x.value.clone().map_or(Cell::Empty, Cell::Money),
            Cell::Days(days(x.raised, today)),
            Cell::text(Some(x.state.label())),
        ]
    });
    let table = Table {
        columns: vec![
            column("Account", ColumnKind::Text, 6),
            column(if of_program { "Parties" } else { "Other party" }, ColumnKind::Text, 6),
            column("Between", ColumnKind::Text, 4),
            column("At stake", ColumnKind::Money, 4),
            column("Open for", ColumnKind::Count, 3),
            column("Standing", ColumnKind::Text, 3),
        ],
        rows: rows.collect(),
    };
    let sum: Decimal = open.iter().map(|x| worth(x, facts)).sum();
    let stake =
        if sum.is_zero() { String::new() } else { format!(", {} at stake", figure::short(sum, &facts.currency)) };
    let title =
        format!("{}{stake}", figure::count(open.len(), "channel conflict is open", "channel conflicts are open"));
    let cut = if open.len() > STORY_ROWS { format!("; {STORY_ROWS} of {}", open.len()) } else { String::new() };
    tabled("open_conflicts", title, format!("Internal: by what is at stake{cut}"), table)
}

fn worth(x: &PackConflict, facts: &PackFacts) -> Decimal {
    x.value.as_ref().filter(|x| x.currency == facts.currency).map_or(Decimal::ZERO, |x| x.amount)
}
