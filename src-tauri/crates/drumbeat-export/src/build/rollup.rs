//! The program in one pack, for the chief and the CFO: all partners' facts as one, and beside each other.
//!
//! The hard idea: the scoreboard, bookings, pipeline, wins and service are the very sections of a
//! partner's pack, over the rows of all partners, so that the program's figures are the sum of the
//! partners' and cannot be counted otherwise. Only what sets partners and motions side by side is its own. It is
//! always internal: [`build_program`] makes no other edition.

use std::collections::BTreeMap;

use drumbeat_model::channel::ConflictState;
use drumbeat_model::crm::Outcome;
use drumbeat_model::deal::Motion;
use drumbeat_model::money::Money;
use drumbeat_model::pack::{Edition, PackWords, Stance};
use rust_decimal::Decimal;

use super::count::{Period, called};
use super::pipeline::Rest;
use super::{STORY_ROWS, ahead, channel, column, inside, lists, pipeline, program, scoreboard, story, tabled, tier};
use crate::facts::{PackConflict, PackDeal, PackFacts, PackOutlook, PackRecord, PackTarget, ProgramFacts};
use crate::figure::{self, Sums};
use crate::pack::{Cell, ColumnKind, Pack, Section, SectionBody, Table};

/// What is said of the program as a whole and is no sum of its partners'.
#[derive(Debug, Clone, PartialEq)]
pub struct Whole {
    /// What the program is called.
    pub name: String,
    /// What it aims at.
    pub targets: Vec<PackTarget>,
    /// What its next quarter is likely to bring.
    pub outlook: Option<PackOutlook>,
    /// How the forecast has done.
    pub record: Option<PackRecord>,
}

/// The program's pack from the facts of all partners. `of` lends everything else that a cover says and has no rows.
#[must_use]
pub fn build_program(whole: Whole, of: &PackFacts, partners: &[PackFacts]) -> Pack {
    let Whole { name, targets, outlook, record } = whole;
    let all = PackFacts {
        partner_name: name,
        tier: None,
        deals: partners.iter().flat_map(deals).collect(),
        registrations: partners.iter().flat_map(|x| x.registrations.clone()).collect(),
        certifications: partners.iter().flat_map(|x| x.certifications.clone()).collect(),
        conflicts: conflicts(partners),
        commitments: Vec::new(),
        targets,
        place: None,
        outlook,
        words: PackWords::none(of.partner.clone(), of.quarter),
        program: Some(ProgramFacts { record, ..ProgramFacts::default() }),
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
        motions(&all, &now),
        pipeline::by_stage(&all),
        pipeline::movement(&all, &now),
        ranking(&all, partners),
        at_risk(&all, partners),
        tier::moves(partners),
        pipeline::wins(&all, &now, Rest::PartnerPacks),
        pipeline::losses(&all, &now, Rest::PartnerPacks),
        program::service(&all),
        channel::conflicts(&all),
        channel::open_conflicts(&all, true),
        pipeline::stuck(&all, Rest::PartnerPacks),
        outlook_by_motion(&all),
        ahead::next_quarter(&PackFacts { outlook: None, ..all.clone() }),
        tier::cost(&all, partners),
        inside::record(&all),
        wanted(&all, partners),
        Some(lists::definitions(&all)),
    ];
    super::pack_of(&all, Edition::Internal, sections.into_iter().flatten().collect())
}

/// A partner's deals, whose customers say whose they are.
fn deals(of: &PackFacts) -> impl Iterator<Item = PackDeal> {
    of.deals.iter().map(|x| PackDeal { account: Some(format!("{} ({})", called(x), of.partner_name)), ..x.clone() })
}

/// Each channel conflict once, with both its parties.
fn conflicts(partners: &[PackFacts]) -> Vec<PackConflict> {
    let mut all: BTreeMap<&str, PackConflict> = BTreeMap::new();
    for facts in partners {
        for one in &facts.conflicts {
            all.entry(one.id.as_str()).or_insert_with(|| PackConflict {
                other: one.other.as_ref().map(|other| format!("{} and {other}", facts.partner_name)),
                ..one.clone()
            });
        }
    }
    all.into_values().collect()
}

/// The motions beside each other.
fn motions(all: &PackFacts, now: &Period) -> Option<Section> {
    let open: Vec<&PackDeal> = all.deals.iter().filter(|x| x.outcome == Outcome::Open).collect();
    let of = |deals: &[&PackDeal], motion| -> (usize, Sums) {
        let chosen: Vec<&&PackDeal> = deals.iter().filter(|x| x.motion == motion).collect();
        (chosen.len(), Sums::of(chosen.iter().map(|x| &x.amount)))
    };
    let mut rows = Vec::new();
    for motion in Motion::ALL.iter().copied().map(Some).chain([None]) {
        let ((won, sum), (lost, _), (waiting, pipeline)) =
            (of(&now.won, motion), of(&now.lost, motion), of(&open, motion));
        if won + lost + waiting > 0 {
            let rate = figure::share(Decimal::from(won), Decimal::from(won + lost));
            let name = motion.map_or("No motion", Motion::label);
            rows.push((
                name,
                sum.in_currency(&all.currency),
                vec![
                    Cell::text(Some(name)),
                    money(&sum, all),
                    n(won),
                    rate.map_or(Cell::Empty, Cell::Percent),
                    money(&pipeline, all),
                    n(waiting),
                ],
            ));
        }
    }
    rows.sort_by_key(|(_, sum, _)| std::cmp::Reverse(*sum));
    let total: Decimal = rows.iter().map(|(_, sum, _)| *sum).sum();
    let title = match rows.first() {
        Some((name, sum, _)) if rows.len() > 1 && !total.is_zero() => {
            let share = figure::share(*sum, total).map(figure::percent).unwrap_or_default();
            format!("{name} brought {share} of {} won", figure::short(total, &all.currency))
        }
        _ => figure::count(rows.len(), "motion has deals", "motions have deals"),
    };
    let table = Table {
        columns: vec![
            column("Motion", ColumnKind::Text, 6),
            column("Won", ColumnKind::Money, 4),
            column("Deals won", ColumnKind::Count, 3),
            column("Win rate", ColumnKind::Percent, 3),
            column("Open", ColumnKind::Money, 4),
            column("Deals open", ColumnKind::Count, 3),
        ],
        rows: rows.into_iter().map(|(_, _, row)| row).collect(),
    };
    tabled("motions", title, format!("Partner deals by motion, {}", all.currency), table)
}

/// The range of the quarter ahead, and what each motion has in it.
fn outlook_by_motion(all: &PackFacts) -> Option<Section> {
    let outlook = all.outlook.as_ref()?;
    let (title, figures) = ahead::range(all)?;
    let money = |x: Decimal| Cell::Money(Money::new(x.round(), all.currency.clone()));
    let rows = outlook.by_motion.iter().map(|(motion, x)| {
        vec![
            Cell::text(Some(motion.map_or("No motion", Motion::label))),
            Cell::Count(x.deals),
            money(x.low),
            money(x.expected),
            money(x.high),
        ]
    });
    let table = Table {
        columns: vec![
            column("Motion", ColumnKind::Text, 6),
            column("Deals open", ColumnKind::Count, 3),
            column("Low", ColumnKind::Money, 4),
            column("Expected", ColumnKind::Money, 4),
            column("High", ColumnKind::Money, 4),
        ],
        rows: rows.collect(),
    };
    Some(Section {
        key: "outlook",
        title,
        subtitle: format!(
            "The forecast of {} by motion: eight times in ten it comes to between low and high",
            figure::quarter(all.year, outlook.quarter)
        ),
        body: SectionBody::Service { figures, table },
        notes: story::notes(&[
            "Won in the quarter already, each open partner deal at its chance to be won in it, and nothing of deals that are not there yet. The ranges of motions do not add up to the range of all: they are not high or low together.",
        ]),
        appendix: false,
    })
}

/// What somebody has to decide: whom the numbers speak for or against, and channel conflicts that went up.
fn wanted(all: &PackFacts, partners: &[PackFacts]) -> Option<Section> {
    // What a slide has room for comes first: no kind of decision crowds out the others.
    let (mut rows, mut rest) = (Vec::new(), Vec::new());
    let lines = lines(all, partners);
    let (mut invest, mut exit) = (0, 0);
    for (stance, count) in [(Stance::Invest, &mut invest), (Stance::Exit, &mut exit)] {
        let mut of: Vec<(&Line, &crate::facts::PackStance)> = lines
            .iter()
            .filter_map(|x| Some((x, x.facts.program.as_ref()?.stance.as_ref()?)))
            .filter(|(_, x)| x.stance == stance)
            .collect();
        let key = |x: &Line| (x.won.in_currency(&all.currency), x.open.in_currency(&all.currency));
        of.sort_by(|(a, _), (b, _)| key(b).cmp(&key(a)).then_with(|| a.facts.partner_name.cmp(&b.facts.partner_name)));
        *count = of.len();
        for (at, (line, verdict)) in of.into_iter().enumerate() {
            let why: Vec<String> = verdict
                .reasons
                .iter()
                .filter(|x| x.stance == stance)
                .map(|x| format!("{} {}", x.measure.to_lowercase(), x.value))
                .collect();
            let place = if at < 3 { &mut rows } else { &mut rest };
            place.push(vec![
                Cell::text(Some(stance.label())),
                Cell::text(Some(&line.facts.partner_name)),
                money(&line.open, all),
                Cell::text(Some(&why.join(", "))),
            ]);
        }
    }
    let mut up: Vec<&PackConflict> = all
        .conflicts
        .iter()
        .filter(|x| matches!(x.state, ConflictState::Escalated | ConflictState::Appealed))
        .collect();
    up.sort_by_key(|x| (x.raised, x.id.clone()));
    let ruled = up.len();
    for (at, one) in up.into_iter().enumerate() {
        let place = if at < 2 { &mut rows } else { &mut rest };
        place.push(vec![
            Cell::text(Some("Rule on the channel conflict")),
            Cell::text(one.account.as_deref()),
            one.value.clone().map_or(Cell::Empty, Cell::Money),
            Cell::Text(format!("{}, {}", one.state.label().to_lowercase(), one.other.clone().unwrap_or_default())),
        ]);
    }
    rows.append(&mut rest);
    let table = Table {
        columns: vec![
            column("Decision", ColumnKind::Text, 4),
            column("About", ColumnKind::Text, 6),
            column("At stake", ColumnKind::Money, 4),
            column("Why", ColumnKind::Text, 10),
        ],
        rows,
    };
    let mut parts = Vec::new();
    for (n, words) in [(invest, "to invest"), (exit, "to exit"), (ruled, "to rule on")] {
        if n > 0 {
            parts.push(format!("{n} {words}"));
        }
    }
    let title =
        format!("{} wanted: {}", figure::count(invest + exit + ruled, "decision", "decisions"), parts.join(", "));
    tabled("wanted", title, "What the policy's thresholds speak for, and what was taken up".to_owned(), table)
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
    Cell::Money(Money::new(sums.in_currency(&all.currency), all.currency.clone()))
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
    let rows = lines.iter().map(|x| {
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
