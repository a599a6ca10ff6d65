//! From facts to a pack: which sections the data supports, their findings and their rows.
//!
//! The hard idea: there is one builder and two doors. [`build_partner`] takes only facts that went
//! through the safelist; [`build_internal`] takes them whole. Behind the doors a section asks the
//! facts, not the edition: what the safelist took away is `None`, its column empties and vanishes,
//! and a section without rows vanishes with it. Callers rely on the same facts giving the same pack.

mod ahead;
mod channel;
mod count;
mod inside;
mod lists;
mod pipeline;
mod program;
mod rollup;
mod scoreboard;
mod story;
mod tier;
mod words;

use drumbeat_model::pack::Edition;

use crate::facts::PackFacts;
use crate::pack::{Cell, Column, ColumnKind, Pack, Section, SectionBody, Table};
use crate::safe::PartnerSafe;
use count::Period;
pub(crate) use count::called;
pub use inside::{Measured, measured};
use pipeline::Rest;
pub use rollup::{Whole, build_program};
pub use tier::{Yearly, hygiene, last_ended, yearly};

/// The most rows that a page or slide of the story shows; what has more says so there, and the workbook, the web
/// page and the appendix have them all.
pub(crate) const STORY_ROWS: usize = 8;

/// The partner edition: safelisted facts only.
#[must_use]
pub fn build_partner(facts: &PartnerSafe<PackFacts>) -> Pack {
    build(facts.get(), Edition::Partner)
}

/// The internal edition: everything.
#[must_use]
pub fn build_internal(facts: &PackFacts) -> Pack {
    build(facts, Edition::Internal)
}

fn build(facts: &PackFacts, edition: Edition) -> Pack {
    let now = Period::new(facts, facts.quarter);
    let before = Period::new(facts, facts.quarter.previous());
    let year_ago = Period::new(facts, facts.quarter.previous().previous().previous().previous());
    let sections = [
        Some(story::cover(facts, &now)),
        story::summary(facts, &now, &before),
        story::commitments(facts),
        scoreboard::measures(facts, &now, &before, &year_ago),
        scoreboard::bookings(facts),
        pipeline::by_stage(facts),
        pipeline::movement(facts, &now),
        pipeline::wins(facts, &now, Rest::DealList),
        pipeline::losses(facts, &now, Rest::DealList),
        words::voice(facts),
        program::service(facts),
        channel::conflicts(facts),
        pipeline::stuck(facts, Rest::DealList),
        tier::gap(facts),
        program::enablement(facts),
        tier::incentives(facts, &now),
        ahead::next_quarter(facts),
        ahead::plan(facts),
        ahead::risks(facts),
        words::bets(facts),
        inside::beside_direct(facts, &now),
        inside::margin(facts),
        inside::concentration(facts),
        channel::open_conflicts(facts, false),
        inside::record(facts),
        inside::stance(facts),
        lists::deals(facts),
        lists::registrations(facts),
        lists::certificates(facts),
        Some(lists::definitions(facts)),
    ];
    pack_of(facts, edition, sections.into_iter().flatten().collect())
}

pub(crate) fn pack_of(facts: &PackFacts, edition: Edition, sections: Vec<Section>) -> Pack {
    Pack {
        edition,
        partner_name: facts.partner_name.clone(),
        tier: facts.tier.clone(),
        quarter: facts.quarter,
        year: facts.year,
        as_of: facts.as_of,
        read_at: facts.read_at,
        currency: facts.currency.clone(),
        prepared_by: facts.prepared_by.clone(),
        vendor: facts.vendor.clone(),
        pending: facts.pending,
        merge_conflicts: facts.merge_conflicts,
        brand: crate::brand::Brand::default(),
        sections,
        shared: None,
    }
}

/// The sections of a share: what stands open and who owes what.
pub(crate) fn shared_sections(facts: &PackFacts) -> Vec<Section> {
    let sections =
        [lists::deals(facts), lists::registrations(facts), story::commitments(facts), lists::certificates(facts)];
    sections.into_iter().flatten().map(|x| Section { appendix: false, ..x }).collect()
}

pub(crate) fn column(title: &'static str, kind: ColumnKind, weight: u32) -> Column {
    Column { title, kind, weight }
}

/// A section with a table; `None` without rows. Columns that are empty in every row vanish.
fn tabled(key: &'static str, title: String, subtitle: String, table: Table) -> Option<Section> {
    let table = without_empty_columns(table);
    if table.rows.is_empty() || table.columns.is_empty() {
        return None;
    }
    Some(Section { key, title, subtitle, body: SectionBody::Table(table), notes: Vec::new(), appendix: false })
}

/// Leaves out what says nothing: columns without a value, and sums of which each is nil.
fn without_empty_columns(table: Table) -> Table {
    let says = |cell: &Cell| match cell {
        Cell::Money(money) => !money.amount.is_zero(),
        cell => !cell.is_empty(),
    };
    let keep: Vec<bool> =
        (0..table.columns.len()).map(|i| table.rows.iter().filter_map(|row| row.get(i)).any(says)).collect();
    let kept = |i: usize| keep.get(i).copied().unwrap_or(false);
    Table {
        columns: table.columns.into_iter().enumerate().filter(|(i, _)| kept(*i)).map(|(_, x)| x).collect(),
        rows: table
            .rows
            .into_iter()
            .map(|row| row.into_iter().enumerate().filter(|(i, _)| kept(*i)).map(|(_, x)| x).collect::<Vec<Cell>>())
            .collect(),
    }
}
