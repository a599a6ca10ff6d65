//! The deals: open pipeline and its movement, wins, losses, what is stuck.

use std::collections::BTreeMap;

use drumbeat_model::crm::Outcome;
use drumbeat_model::money::Money;
use drumbeat_model::time::Day;
use rust_decimal::Decimal;

use super::count::{Period, called, largest_first};
use super::story::{notes, so_far};
use super::{STORY_ROWS, column, tabled};
use crate::facts::{PackDeal, PackFacts};
use crate::figure::{self, Sums};
use crate::pack::{Cell, ColumnKind, MotionPipeline, Section, SectionBody, StageSum, Step, Table};

fn open(facts: &PackFacts) -> Vec<&PackDeal> {
    let mut deals: Vec<_> = facts.deals.iter().filter(|x| x.outcome == Outcome::Open).collect();
    largest_first(&mut deals, &facts.currency);
    deals
}

/// Open deals past the time of their stage, longest first.
pub(super) fn stuck_deals(facts: &PackFacts) -> Vec<&PackDeal> {
    let mut deals: Vec<_> = open(facts).into_iter().filter(|x| x.days_over.is_some_and(|x| x > 0)).collect();
    deals.sort_by_key(|x| std::cmp::Reverse(x.days_over));
    deals
}

/// " for €640 k"; nothing where no amount is known or each is nil.
pub(super) fn worth(sums: &Sums, facts: &PackFacts) -> String {
    if sums.is_empty() { String::new() } else { format!(" for {}", sums.short(&facts.currency)) }
}

fn deals(n: usize) -> String {
    figure::count(n, "deal", "deals")
}

fn money(amount: Option<&Money>) -> Cell {
    amount.cloned().map_or(Cell::Empty, Cell::Money)
}

fn on(day: Option<Day>) -> Cell {
    day.map_or(Cell::Empty, Cell::Day)
}

pub(super) fn by_stage(facts: &PackFacts) -> Option<Section> {
    let open = open(facts);
    if open.is_empty() {
        return None;
    }
    let main = &facts.currency;
    let amount = |x: &PackDeal| x.amount.as_ref().filter(|x| &x.currency == main).map_or(Decimal::ZERO, |x| x.amount);
    let mut motions: BTreeMap<_, BTreeMap<(u32, String), StageSum>> = BTreeMap::new();
    for deal in &open {
        let motion = deal.motion.map_or("No motion", |x| x.label());
        let stages = motions.entry((deal.motion, motion.to_owned())).or_default();
        let stage = stages.entry((deal.position, deal.stage.clone())).or_insert_with(|| StageSum {
            stage: deal.stage.clone(),
            amount: Decimal::ZERO,
            count: 0,
        });
        stage.amount += amount(deal);
        stage.count += 1;
    }
    let mut rows: Vec<MotionPipeline> = motions
        .into_iter()
        .map(|((_, motion), stages)| MotionPipeline {
            motion,
            amount: stages.values().map(|x| x.amount).sum(),
            count: stages.values().map(|x| x.count).sum(),
            stages: stages.into_values().collect(),
        })
        .collect();
    rows.sort_by_key(|x| std::cmp::Reverse((x.amount, x.count)));
    let sums = Sums::of(open.iter().map(|x| &x.amount));
    let title = if sums.is_empty() {
        format!("{} open", deals(open.len()))
    } else {
        let mut by_name: BTreeMap<&str, Decimal> = BTreeMap::new();
        for stage in rows.iter().flat_map(|x| &x.stages) {
            *by_name.entry(&stage.stage).or_default() += stage.amount;
        }
        let largest = by_name.iter().max_by_key(|(_, sum)| **sum);
        let tail = match largest {
            Some((stage, sum)) if by_name.len() > 1 && !sum.is_zero() => {
                format!(", {} of it in {stage}", figure::short(*sum, main))
            }
            _ => String::new(),
        };
        format!("{} open in {}{tail}", sums.short(main), deals(open.len()))
    };
    let mut said = notes(&[
        "Open deals as they stand when the pack was made, in full amounts in the main currency; stages in the order of their pipeline.",
    ]);
    let others = sums.besides(main);
    if !others.is_empty() {
        said.push(format!(
            "Not in the bars, because the CRM tells no rate for them: {}.",
            others.iter().map(figure::full).collect::<Vec<_>>().join(", ")
        ));
    }
    Some(Section {
        key: "pipeline",
        title,
        subtitle: format!("Open pipeline on {}", figure::day(facts.read_at.date_naive())),
        body: SectionBody::Funnel(rows),
        notes: said,
        appendix: false,
    })
}

pub(super) fn movement(facts: &PackFacts, now: &Period) -> Option<Section> {
    let main = &facts.currency;
    let first = facts.year.first_day(facts.quarter);
    let last = now.last_day;
    // A deal counts where its dates are known: open at a day when it was created by then and had
    // not closed by then.
    let in_main: Vec<(&PackDeal, Decimal, Day)> = facts
        .deals
        .iter()
        .filter(|x| x.outcome == Outcome::Open || x.close.is_some())
        .filter_map(|x| {
            let amount = x.amount.as_ref().filter(|x| &x.currency == main)?.amount;
            Some((x, amount, x.created?))
        })
        .collect();
    let closed_by = |x: &PackDeal, day: Day| x.outcome != Outcome::Open && x.close.is_some_and(|y| y <= day);
    let before = first.pred_opt()?;
    let sum = |keep: &dyn Fn(&PackDeal, Day) -> bool| {
        let kept: Vec<Decimal> =
            in_main.iter().filter(|(x, _, created)| keep(x, *created)).map(|(_, amount, _)| *amount).collect();
        (kept.iter().sum::<Decimal>(), u32::try_from(kept.len()).unwrap_or(u32::MAX))
    };
    let (opening, opening_n) = sum(&|x, created| created < first && !closed_by(x, before));
    let (new, new_n) = sum(&|_, created| created >= first && created <= last);
    let left = |outcome| {
        sum(&move |x: &PackDeal, created| {
            x.outcome == outcome && created <= last && closed_by(x, last) && !closed_by(x, before)
        })
    };
    let (won, won_n) = left(Outcome::Won);
    let (lost, lost_n) = left(Outcome::Lost);
    let (closing, closing_n) = sum(&|x, created| created <= last && !closed_by(x, last));
    if new.is_zero() && won.is_zero() && lost.is_zero() {
        return None;
    }
    let step = |label, amount, count, total| Step { label, amount, count, total };
    let steps = vec![
        step("Start of quarter", opening, opening_n, true),
        step("New", new, new_n, false),
        step("Won", -won, won_n, false),
        step("Lost", -lost, lost_n, false),
        step(if now.running { "Now" } else { "End of quarter" }, closing, closing_n, true),
    ];
    let change = closing - opening;
    let title = if change.is_zero() {
        format!("Open pipeline stayed at {}", figure::short(closing, main))
    } else {
        let how = if change.is_sign_positive() { "grew" } else { "fell" };
        format!(
            "Open pipeline {how} by {} to {}{}",
            figure::short(change.abs(), main),
            figure::short(closing, main),
            so_far(now)
        )
    };
    Some(Section {
        key: "movement",
        title,
        subtitle: format!("From {} to {}, {main}", figure::day(first), figure::day(last)),
        body: SectionBody::Waterfall(steps),
        notes: notes(&[
            "Movement: deals with a known date of creation, at today's amounts, in the main currency. Start, plus new, less won and lost, is the end, to the cent.",
        ]),
        appendix: false,
    })
}

pub(super) fn wins(facts: &PackFacts, now: &Period, rest: Rest) -> Option<Section> {
    let sums = Sums::of(now.won.iter().map(|x| &x.amount));
    let rows = now.won.iter().take(STORY_ROWS).map(|x| {
        vec![
            Cell::text(Some(&called(x))),
            money(x.amount.as_ref()),
            x.attribution.map_or(Cell::Empty, |y| Cell::Text(y.label().to_owned())),
            x.pct.map_or(Cell::Empty, Cell::Percent),
            x.motion.map_or(Cell::Empty, |y| Cell::Text(y.label().to_owned())),
            on(x.close),
            match (x.created, x.close) {
                (Some(from), Some(to)) if to >= from => {
                    u32::try_from((to - from).num_days()).map_or(Cell::Empty, Cell::Days)
                }
                _ => Cell::Empty,
            },
        ]
    });
    let table = Table {
        columns: vec![
            column("Customer", ColumnKind::Text, 8),
            column("Amount", ColumnKind::Money, 4),
            column("Partner's part", ColumnKind::Text, 4),
            column("Share", ColumnKind::Percent, 2),
            column("Motion", ColumnKind::Text, 3),
            column("Won on", ColumnKind::Day, 3),
            column("Cycle", ColumnKind::Count, 2),
        ],
        rows: rows.collect(),
    };
    let title = format!("{} won{}{}", deals(now.won.len()), worth(&sums, facts), so_far(now));
    tabled("wins", title, cut(now.won.len(), rest, &format!("Closed won in the quarter, {}", order(&now.won))), table)
}

/// How [`largest_first`] sorted, in words: without amounts it goes by name.
pub(super) fn order(deals: &[&PackDeal]) -> &'static str {
    if deals.iter().any(|x| x.amount.is_some()) { "largest first" } else { "by name" }
}

/// Where the deals stand that a table has no room for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Rest {
    /// In the appendix of a partner's pack.
    DealList,
    /// The program's pack has no list of all deals: each partner's has its own.
    PartnerPacks,
}

fn cut(all: usize, rest: Rest, text: &str) -> String {
    if all > STORY_ROWS {
        let place = match rest {
            Rest::DealList => "the deal list",
            Rest::PartnerPacks => "the partners' own packs",
        };
        format!("{text}; {STORY_ROWS} of {all}, the rest is in {place}")
    } else {
        text.to_owned()
    }
}

/// Why deals were lost, in a line: the reason that stands out, or the reasons one after the other.
pub(super) fn reasons(lost: &[&PackDeal]) -> String {
    match top_reason(lost) {
        Some((reason, n)) if n > 1 => format!("{reason}, {n} of {}", lost.len()),
        Some(_) => lost.iter().filter_map(|x| x.lost_reason.clone()).collect::<Vec<_>>().join("; "),
        None => String::new(),
    }
}

/// The most frequent reason of lost deals with its count.
fn top_reason(lost: &[&PackDeal]) -> Option<(String, usize)> {
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for reason in lost.iter().filter_map(|x| x.lost_reason.as_deref()) {
        *reasons.entry(reason).or_default() += 1;
    }
    reasons.into_iter().rev().max_by_key(|(_, n)| *n).map(|(reason, n)| (reason.to_owned(), n))
}

pub(super) fn losses(facts: &PackFacts, now: &Period, rest: Rest) -> Option<Section> {
    let sums = Sums::of(now.lost.iter().map(|x| &x.amount));
    let rows = now.lost.iter().take(STORY_ROWS).map(|x| {
        vec![
            Cell::text(Some(&called(x))),
            money(x.amount.as_ref()),
            Cell::text(x.lost_reason.as_deref()),
            x.motion.map_or(Cell::Empty, |y| Cell::Text(y.label().to_owned())),
            on(x.close),
        ]
    });
    let table = Table {
        columns: vec![
            column("Customer", ColumnKind::Text, 8),
            column("Amount", ColumnKind::Money, 4),
            column("Reason", ColumnKind::Text, 7),
            column("Motion", ColumnKind::Text, 3),
            column("Lost on", ColumnKind::Day, 3),
        ],
        rows: rows.collect(),
    };
    let mut title = format!("{} lost{}", deals(now.lost.len()), worth(&sums, facts));
    if let Some((reason, n)) = top_reason(&now.lost).filter(|(_, n)| *n > 1) {
        let cut = if reason.chars().count() > 32 { "\u{2026}" } else { "" };
        title.push_str(&format!(
            ", {n} to \u{201c}{}{cut}\u{201d}",
            reason.chars().take(32).collect::<String>().trim_end()
        ));
    }
    tabled(
        "losses",
        title,
        cut(now.lost.len(), rest, &format!("Closed lost in the quarter, {}", order(&now.lost))),
        table,
    )
}

/// What is done next, by whom and until when, in one cell: "Share the questionnaire, Sven Halvard by 2 Dec".
pub(super) fn next_step(facts: &PackFacts, deal: &PackDeal) -> Option<String> {
    let until = deal.next_step_due.map(|x| format!("by {}", figure::day_beside(facts.year, x, facts.quarter)));
    let who: Vec<String> = deal.next_step_owner.clone().into_iter().chain(until).collect();
    let who = Some(who.join(" ")).filter(|x| !x.is_empty());
    let said: Vec<String> = deal.next_step.clone().into_iter().chain(who).collect();
    Some(said.join(", ")).filter(|x| !x.is_empty())
}

pub(super) fn stuck(facts: &PackFacts, rest: Rest) -> Option<Section> {
    let all = stuck_deals(facts);
    let longest = all.first()?.days_over?;
    let rows = all.iter().take(STORY_ROWS).map(|x| {
        vec![
            Cell::text(Some(&called(x))),
            money(x.amount.as_ref()),
            Cell::text(Some(&x.stage)),
            x.days_over.map_or(Cell::Empty, Cell::Days),
            Cell::text(next_step(facts, x).as_deref()),
        ]
    });
    let table = Table {
        columns: vec![
            column("Customer", ColumnKind::Text, 7),
            column("Amount", ColumnKind::Money, 4),
            column("Stage", ColumnKind::Text, 4),
            column("Over by", ColumnKind::Count, 2),
            column("Next step", ColumnKind::Text, 9),
        ],
        rows: rows.collect(),
    };
    let title = format!(
        "{} stuck, the longest by {}",
        figure::count(all.len(), "deal is", "deals are"),
        figure::count(longest as usize, "day", "days")
    );
    tabled(
        "stuck",
        title,
        cut(all.len(), rest, "Open deals past the time that their stage allows, longest first"),
        table,
    )
}
