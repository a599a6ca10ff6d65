//! What a person wrote for the quarter: the customers' voice, and the bets with their measures.
//!
//! The words stand as they were written; nothing is computed from them. The three lists of the
//! summary take the person's points in place of the counted ones, list by list (see
//! [`super::story::summary`]).

use super::{STORY_ROWS, column, tabled};
use crate::facts::PackFacts;
use crate::figure;
use crate::pack::{Cell, ColumnKind, Section, Table};

pub(super) fn voice(facts: &PackFacts) -> Option<Section> {
    let quotes = &facts.words.quotes;
    let rows = quotes.iter().take(STORY_ROWS).map(|x| {
        vec![Cell::text(Some(&format!("\u{201c}{}\u{201d}", x.text.trim()))), Cell::text(x.said_by.as_deref())]
    });
    let table = Table {
        columns: vec![column("What they said", ColumnKind::Text, 9), column("Who", ColumnKind::Text, 4)],
        rows: rows.collect(),
    };
    let said = figure::count(quotes.len(), "customer said", "customers said");
    tabled("voice", format!("{said} it in their own words"), "The customer's voice, as it was noted".to_owned(), table)
}

pub(super) fn bets(facts: &PackFacts) -> Option<Section> {
    let bets = &facts.words.bets;
    let rows = bets.iter().take(STORY_ROWS).map(|x| {
        vec![
            Cell::text(Some(&x.text)),
            Cell::text(x.measure.as_deref()),
            Cell::text(x.owner.as_deref()),
            x.due.map_or(Cell::Empty, Cell::Day),
        ]
    });
    let table = Table {
        columns: vec![
            column("Bet", ColumnKind::Text, 8),
            column("Measured by", ColumnKind::Text, 5),
            column("Who", ColumnKind::Text, 4),
            column("By", ColumnKind::Day, 3),
        ],
        rows: rows.collect(),
    };
    let next = figure::quarter(facts.year, facts.quarter.next());
    let owned = bets.iter().filter(|x| x.owner.is_some()).count();
    let title = format!("{} for {next}, {owned} with an owner", figure::count(bets.len(), "bet", "bets"));
    let subtitle = facts.words.next_review.map_or_else(
        || "What both sides put their weight behind".to_owned(),
        |day| format!("What both sides put their weight behind; the next review is on {}", figure::day(day)),
    );
    tabled("bets", title, subtitle, table)
}
