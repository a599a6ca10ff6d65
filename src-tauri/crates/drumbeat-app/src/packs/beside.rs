//! The program beside one partner, for the internal edition: the Metrics screen's own numbers, never counted twice.

use std::sync::Arc;

use drumbeat_export::{PackFacts, ProgramFacts};
use drumbeat_model::crm::Outcome;
use drumbeat_model::metrics::{MetricsQuery, MetricsReport};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::error::Answer;
use crate::workspace::Workspace;

/// What the program says beside these facts.
///
/// # Errors
/// While the first sync is under way, or what the store says.
pub(super) fn program(ws: &Arc<Workspace>, facts: &PackFacts) -> Answer<ProgramFacts> {
    let query = MetricsQuery { quarter: Some(facts.quarter), ..MetricsQuery::default() };
    let report = crate::metrics::metrics(ws, query)?;
    let direct = |id| of(&report, id);
    Ok(ProgramFacts {
        direct_win_rate: direct("win_rate"),
        direct_cycle_days: direct("cycle").and_then(|days| days.round().to_u32()),
        share_of_bookings: share(&report, facts),
    })
}

fn of(report: &MetricsReport, id: &str) -> Option<Decimal> {
    let at = report.definitions.iter().position(|definition| definition.id == id)?;
    report.program.get(at)?.direct
}

/// The partner's part of what all partners booked in the quarter, in percent of the main currency.
fn share(report: &MetricsReport, facts: &PackFacts) -> Option<Decimal> {
    let quarter = report.trend.iter().find(|numbers| numbers.quarter == facts.quarter)?;
    let all = quarter.sourced + quarter.influenced + quarter.untold;
    let won = facts.deals.iter().filter(|deal| {
        deal.outcome == Outcome::Won && deal.close.is_some_and(|day| facts.year.quarter_of(day) == facts.quarter)
    });
    let own: Decimal = won
        .filter_map(|deal| deal.amount.as_ref())
        .filter(|amount| amount.currency == facts.currency)
        .map(|amount| amount.amount)
        .sum();
    own.checked_mul(Decimal::ONE_HUNDRED)?.checked_div(all)
}
