//! The program in one pack, for the chief and the CFO: all partners' facts as one, and beside each other.
//!
//! The hard idea: the scoreboard, bookings, pipeline, wins and service are the very sections of a
//! partner's pack, over the rows of all partners, so that the program's figures are the sum of the
//! partners' and cannot be counted otherwise. Only the ranking and who is at risk are its own. It is
//! always internal: [`build_program`] makes no other edition.

use drumbeat_model::crm::Outcome;
use drumbeat_model::pack::{Edition, PackWords};

use super::count::Period;
use super::{STORY_ROWS, column, lists, pipeline, program, scoreboard, story, tabled};
use crate::facts::PackFacts;
use crate::figure::{self, Sums};
use crate::pack::{Cell, ColumnKind, Pack, Section, Table};

/// The program's pack from the facts of all partners.
///
/// `name` is what the program is called; `of` lends everything else that a cover says and has no rows.
#[must_use]
pub fn build_program(name: &str, of: &PackFacts, partners: &[PackFacts]) -> Pack {
    let all = PackFacts {
        partner_name: name.to_owned(),
        tier: None,
        deals: partners.iter().flat_map(|x| x.deals.clone()).collect(),
        registrations: partners.iter().flat_map(|x| x.registrations.clone()).collect(),
        certifications: partners.iter().flat_map(|x| x.certifications.clone()).collect(),
        commitments: Vec::new(),
        words: PackWords::none(of.partner.clone(), of.quarter),
        ..of.clone()
    };
    let now = Period::new(&all, all.quarter);
    let before = Period::new(&all, all.quarter.previous());
    let year_ago = Period::new(&all, all.quarter.previous().previous().previous().previous());
    let sections = [
        Some(story::cover(&all, &now)),
        story::summary(&all, &now, &before),
        scoreboard::measures(&all, &now, &before, &year_ago),
        scoreboard::bookings(&all),
        pipeline::by_stage(&all),
        pipeline::movement(&all, &now),
        ranking(&all, partners),
        at_risk(&all, partners),
        pipeline::wins(&all, &now),
        pipeline::losses(&all, &now),
        program::service(&all),
        pipeline::stuck(&all),
        pipeline::next_quarter(&all),
        Some(lists::definitions(&all)),
    ];
    super::pack_of(&all, Edition::Internal, sections.into_iter().flatten().collect())
}

/// One partner's line among all of them.
struct Line<'a> {
    facts: &'a PackFacts,
    won: Sums,
    open: Sums,
    stuck: usize,
    last_won: usize,
    won_deals: usize,
    rate: Option<rust_decimal::Decimal>,
}

fn lines<'a>(all: &PackFacts, partners: &'a [PackFacts]) -> Vec<Line<'a>> {
    partners
        .iter()
        .map(|facts| {
            let now = Period::new(facts, all.quarter);
            Line {
                won: now.booked_all(),
                open: Sums::of(facts.deals.iter().filter(|x| x.outcome == Outcome::Open).map(|x| &x.amount)),
                stuck: pipeline::stuck_deals(facts).len(),
                last_won: Period::new(facts, all.quarter.previous()).won.len(),
                won_deals: now.won.len(),
                rate: now.win_rate(),
                facts,
            }
        })
        .collect()
}

fn money(sums: &Sums, all: &PackFacts) -> Cell {
    Cell::Money(drumbeat_model::money::Money::new(sums.in_currency(&all.currency), all.currency.clone()))
}

fn n(x: usize) -> Cell {
    u32::try_from(x).map_or(Cell::Empty, Cell::Count)
}

fn ranking(all: &PackFacts, partners: &[PackFacts]) -> Option<Section> {
    let mut lines = lines(all, partners);
    lines.retain(|x| x.won_deals > 0 || !x.open.is_empty());
    let key = |x: &Line| (x.won.in_currency(&all.currency), x.open.in_currency(&all.currency));
    lines.sort_by(|a, b| key(b).cmp(&key(a)).then_with(|| a.facts.partner_name.cmp(&b.facts.partner_name)));
    let total: rust_decimal::Decimal = lines.iter().map(|x| x.won.in_currency(&all.currency)).sum();
    let first: rust_decimal::Decimal = lines.iter().take(3).map(|x| x.won.in_currency(&all.currency)).sum();
    let rows = lines.iter().take(STORY_ROWS).map(|x| {
        vec![
            Cell::text(Some(&x.facts.partner_name)),
            Cell::text(x.facts.tier.as_deref()),
            money(&x.won, all),
            n(x.won_deals),
            x.rate.map_or(Cell::Empty, Cell::Percent),
            money(&x.open, all),
            n(x.stuck),
        ]
    });
    let table = Table {
        columns: vec![
            column("Partner", ColumnKind::Text, 8),
            column("Tier", ColumnKind::Text, 4),
            column("Won", ColumnKind::Money, 4),
            column("Deals", ColumnKind::Count, 2),
            column("Win rate", ColumnKind::Percent, 3),
            column("Open", ColumnKind::Money, 4),
            column("Stuck", ColumnKind::Count, 2),
        ],
        rows: rows.collect(),
    };
    let title = match figure::share(first, total) {
        Some(share) if lines.len() > 3 => {
            format!("Three of {} partners brought {} of the bookings", lines.len(), figure::percent(share))
        }
        _ => format!("{} with deals", figure::count(lines.len(), "partner", "partners")),
    };
    let shown = if lines.len() > STORY_ROWS { format!("; {STORY_ROWS} of {}", lines.len()) } else { String::new() };
    tabled("ranking", title, format!("Partners by bookings of the quarter, {}{shown}", all.currency), table)
}

fn at_risk(all: &PackFacts, partners: &[PackFacts]) -> Option<Section> {
    let mut lines = lines(all, partners);
    // Won before and not now, or more stuck than a third of what is open.
    let open = |x: &Line| x.facts.deals.iter().filter(|x| x.outcome == Outcome::Open).count();
    lines.retain(|x| (x.last_won > 0 && x.won_deals == 0) || (x.stuck > 0 && x.stuck * 3 > open(x)));
    lines.sort_by_key(|x| (std::cmp::Reverse(x.open.in_currency(&all.currency)), x.facts.partner_name.clone()));
    let rows = lines.iter().take(STORY_ROWS).map(|x| {
        let mut why = Vec::new();
        if x.last_won > 0 && x.won_deals == 0 {
            why.push(format!(
                "won {} the quarter before and nothing in this one",
                figure::count(x.last_won, "deal", "deals")
            ));
        }
        if x.stuck > 0 {
            why.push(format!("{} of {} stuck", x.stuck, figure::count(open(x), "open deal", "open deals")));
        }
        vec![
            Cell::text(Some(&x.facts.partner_name)),
            Cell::text(x.facts.tier.as_deref()),
            money(&x.open, all),
            Cell::text(Some(&why.join("; "))),
        ]
    });
    let table = Table {
        columns: vec![
            column("Partner", ColumnKind::Text, 6),
            column("Tier", ColumnKind::Text, 3),
            column("Open", ColumnKind::Money, 4),
            column("Why", ColumnKind::Text, 10),
        ],
        rows: rows.collect(),
    };
    let title = format!("{} at risk", figure::count(lines.len(), "partner is", "partners are"));
    tabled("at_risk", title, "Won before and not now, or more than a third of the open deals stuck".to_owned(), table)
}
