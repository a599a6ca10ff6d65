//! Open deals as a board: a column for each stage of a motion, each with what it adds up to and its first cards.

use std::sync::Arc;

use drumbeat_model::board::{Board, BoardColumn, BoardQuery};
use drumbeat_model::crm::Outcome;
use drumbeat_model::deal::{DealFilter, DealSort, DealTotals, DealsQuery};
use drumbeat_model::page::Direction;

use crate::error::Answer;
use crate::workspace::Workspace;

/// Cards of a column where nobody says how many.
const CARDS: u32 = 30;
/// Cards of a column at most.
const MOST: u32 = 100;

/// The board of open deals.
///
/// # Errors
/// What the store says.
pub fn board(ws: &Arc<Workspace>, query: BoardQuery) -> Answer<Board> {
    let today = ws.clock.today();
    let limit = if query.limit == 0 { CARDS } else { query.limit.min(MOST) };
    let filter = DealFilter { outcome: Some(Outcome::Open), position: None, ..query.filter };
    let stages = ws.policy.stages_of(filter.motion);
    ws.read(|r| {
        let mut totals = r.board_totals(&filter, today)?;
        let places = (1..).zip(stages.iter().map(Some));
        let unmapped = totals.contains_key(&0).then_some((0, None));
        let mut columns = Vec::new();
        for (position, stage) in unmapped.into_iter().chain(places) {
            let of_column = DealFilter { position: Some(position), ..filter.clone() };
            let totals = totals.remove(&position).unwrap_or(DealTotals { count: 0, sums: Vec::new() });
            let page = if totals.count == 0 {
                drumbeat_model::page::Page { rows: Vec::new(), next: None, total: 0 }
            } else {
                let (sort, direction) = (DealSort::CloseDate, Direction::Ascending);
                r.deals(&DealsQuery { filter: of_column, sort, direction, after: None, limit }, today)?
            };
            columns.push(BoardColumn {
                position,
                name: stage.map_or_else(|| "Not on the way".to_owned(), |stage| stage.name.clone()),
                role: stage.map(|stage| stage.role),
                days: stage.map(|stage| stage.days),
                totals,
                rows: page.rows,
                next: page.next,
            });
        }
        Ok(Board { columns })
    })
}
