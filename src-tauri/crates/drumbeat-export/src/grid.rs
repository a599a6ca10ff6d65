//! Tables for reading: every cell a text, for the slides and the web page; and the tables behind charts.
//!
//! What a chart shows stands in a table as well ([`behind`]), with typed cells, so that the workbook
//! has numbers and everybody who cannot see the chart has its values.

use drumbeat_model::money::Money;
use rust_decimal::Decimal;

use crate::build::column;
use crate::figure;
use crate::pack::{Cell, Column, ColumnKind, Measure, MotionPipeline, Pack, QuarterBar, SectionBody, Step, Table};
use crate::view::longest_word;

/// A table of texts.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Grid {
    /// Columns.
    pub heads: Vec<Head>,
    /// Rows, each as long as the columns.
    pub rows: Vec<Vec<Text>>,
}

/// A column.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Head {
    /// Name.
    pub title: String,
    /// Figures stand at the right.
    pub right: bool,
    /// Share of the width.
    pub weight: u32,
    /// Letters of its longest cell.
    pub longest: usize,
    /// Letters of the longest word in it.
    pub word: usize,
}

/// A cell.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Text {
    /// What it says.
    pub text: String,
    /// How it is meant.
    pub tone: Shade,
}

/// How a cell is meant; the words say it as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shade {
    /// What the row is about.
    Strong,
    /// A value.
    Plain,
    /// A value beside it.
    Quiet,
    /// Done, met.
    Good,
    /// Late, missed.
    Warn,
}

impl Grid {
    fn of(heads: Vec<(String, bool, u32)>, rows: Vec<Vec<Text>>) -> Self {
        let longest =
            |i: usize| rows.iter().filter_map(|x| x.get(i)).map(|x| x.text.chars().count()).max().unwrap_or(0);
        let heads = heads.into_iter().enumerate();
        let word = |i: usize| rows.iter().filter_map(|x| x.get(i)).map(|x| longest_word(&x.text)).max().unwrap_or(0);
        let heads = heads.map(|(i, (title, right, weight))| {
            let word = word(i).max(longest_word(&title));
            Head { title, right, weight, longest: longest(i), word }
        });
        Self { heads: heads.collect(), rows }
    }

    /// A table of the pack as texts.
    pub(crate) fn of_table(pack: &Pack, table: &Table, brief_days: bool) -> Self {
        // A column of days says the year in all of its cells or in none.
        let this_year: Vec<bool> = (0..table.columns.len())
            .map(|i| {
                let other = |x: &Cell| matches!(x, Cell::Day(day) if chrono::Datelike::year(day) != pack.quarter.year);
                brief_days && !table.rows.iter().filter_map(|x| x.get(i)).any(other)
            })
            .collect();
        let rows = table.rows.iter().map(|row| {
            let cells = row.iter().zip(&table.columns).enumerate().map(|(i, (cell, column))| {
                let text = match cell {
                    Cell::Day(day) if this_year.get(i).copied().unwrap_or(false) => {
                        figure::day_beside(pack.year, *day, pack.quarter)
                    }
                    cell => figure::cell(cell, false),
                };
                let tone = match (column.title, text.as_str()) {
                    ("State", "Late" | "Ends soon" | "Missing" | "Expired") => Shade::Warn,
                    ("State", "Done" | "Met") => Shade::Good,
                    _ if i == 0 => Shade::Strong,
                    _ => Shade::Plain,
                };
                Text { text, tone }
            });
            cells.collect()
        });
        let heads = table.columns.iter().map(|x| (x.title.to_owned(), right(x.kind), x.weight));
        Self::of(heads.collect(), rows.collect())
    }

    /// The scoreboard: actual, target, how much of it, the quarter before, a year ago.
    pub(crate) fn of_measures(pack: &Pack, measures: &[Measure]) -> Self {
        let before = pack.quarter.previous();
        let year_ago = before.previous().previous().previous();
        let targets = measures.iter().any(|x| !x.target.is_empty());
        let known = |x: &Cell| if x.is_empty() { "\u{2013}".to_owned() } else { figure::cell(x, true) };
        let mut heads = vec![
            ("Measure".to_owned(), false, 5),
            (figure::quarter_beside(pack.year, pack.quarter, pack.quarter), true, 2),
        ];
        if targets {
            heads.extend([("Target".to_owned(), true, 2), ("Of target".to_owned(), true, 2)]);
        }
        let last = figure::quarter_beside(pack.year, before, pack.quarter);
        heads.extend([
            (last.clone(), true, 2),
            (figure::quarter(pack.year, year_ago), true, 2),
            (format!("Against {last}"), true, 2),
        ]);
        let rows = measures.iter().map(|x| {
            let mut label = x.label.to_owned();
            if !x.others.is_empty() {
                let others: Vec<String> = x.others.iter().map(|x| figure::short(x.amount, &x.currency)).collect();
                label.push_str(&format!(", and {}", others.join(", ")));
            }
            let text = |text: String, tone| Text { text, tone };
            let mut row = vec![text(label, Shade::Plain), text(known(&x.now), Shade::Strong)];
            if targets {
                let tone = match x.missed() {
                    Some(true) => Shade::Warn,
                    Some(false) => Shade::Good,
                    None => Shade::Quiet,
                };
                let share = x.of_target().map_or_else(String::new, figure::percent);
                row.extend([text(figure::cell(&x.target, true), Shade::Quiet), text(share, tone)]);
            }
            row.extend([
                text(known(&x.before), Shade::Quiet),
                text(known(&x.year_ago), Shade::Quiet),
                text(figure::change(&x.now, &x.before), Shade::Plain),
            ]);
            row
        });
        Self::of(heads, rows.collect())
    }
}

fn right(kind: ColumnKind) -> bool {
    !matches!(kind, ColumnKind::Text)
}

fn plain_column(title: &'static str, kind: ColumnKind) -> Column {
    column(title, kind, 1)
}

/// The table behind a section's chart or scoreboard; `None` when the section is a table or a list itself.
pub(crate) fn behind(pack: &Pack, body: &SectionBody) -> Option<Table> {
    match body {
        SectionBody::Scoreboard(rows) => Some(scoreboard(rows)),
        SectionBody::Bars(bars) => Some(bookings(pack, bars)),
        SectionBody::Funnel(motions) => Some(pipeline(pack, motions)),
        SectionBody::Waterfall(steps) => Some(movement(pack, steps)),
        _ => None,
    }
}

fn scoreboard(rows: &[Measure]) -> Table {
    let others = |x: &Measure| {
        let all: Vec<String> = x.others.iter().map(figure::full).collect();
        Cell::text(Some(&all.join(", ")))
    };
    let mut columns = vec![
        plain_column("Measure", ColumnKind::Text),
        plain_column("This quarter", ColumnKind::Money),
        plain_column("Target", ColumnKind::Money),
        plain_column("Quarter before", ColumnKind::Money),
        plain_column("A year ago", ColumnKind::Money),
        plain_column("Against quarter before", ColumnKind::Text),
    ];
    let with_others = rows.iter().any(|x| !x.others.is_empty());
    if with_others {
        columns.push(plain_column("Besides, this quarter", ColumnKind::Text));
    }
    let rows = rows
        .iter()
        .map(|x| {
            let mut row = vec![
                Cell::text(Some(x.label)),
                x.now.clone(),
                x.target.clone(),
                x.before.clone(),
                x.year_ago.clone(),
                Cell::text(Some(&figure::change(&x.now, &x.before))),
            ];
            if with_others {
                row.push(others(x));
            }
            row
        })
        .collect();
    Table { columns, rows }
}

fn bookings(pack: &Pack, bars: &[QuarterBar]) -> Table {
    let money = |x: Decimal| Cell::Money(Money::new(x, pack.currency.clone()));
    Table {
        columns: vec![
            plain_column("Quarter", ColumnKind::Text),
            plain_column("Sourced", ColumnKind::Money),
            plain_column("Influenced", ColumnKind::Money),
            plain_column("Target", ColumnKind::Money),
        ],
        rows: bars
            .iter()
            .map(|x| {
                vec![
                    Cell::Text(figure::quarter(pack.year, x.quarter)),
                    money(x.sourced),
                    money(x.influenced),
                    x.target.map_or(Cell::Empty, money),
                ]
            })
            .collect(),
    }
}

fn pipeline(pack: &Pack, motions: &[MotionPipeline]) -> Table {
    let rows = motions.iter().flat_map(|motion| {
        motion.stages.iter().map(|x| {
            vec![
                Cell::Text(motion.motion.clone()),
                Cell::Text(x.stage.clone()),
                Cell::Money(Money::new(x.amount, pack.currency.clone())),
                Cell::Count(x.count),
            ]
        })
    });
    Table {
        columns: vec![
            plain_column("Motion", ColumnKind::Text),
            plain_column("Stage", ColumnKind::Text),
            plain_column("Open", ColumnKind::Money),
            plain_column("Deals", ColumnKind::Count),
        ],
        rows: rows.collect(),
    }
}

fn movement(pack: &Pack, steps: &[Step]) -> Table {
    Table {
        columns: vec![
            plain_column("Step", ColumnKind::Text),
            plain_column("Amount", ColumnKind::Money),
            plain_column("Deals", ColumnKind::Count),
        ],
        rows: steps
            .iter()
            .map(|x| {
                vec![
                    Cell::text(Some(x.label)),
                    Cell::Money(Money::new(x.amount, pack.currency.clone())),
                    Cell::Count(x.count),
                ]
            })
            .collect(),
    }
}
