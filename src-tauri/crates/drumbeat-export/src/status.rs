//! The weekly status of one partner on one page: what waits, what ends, what is next, who owes what.
//!
//! It takes only facts that went through the safelist, as the partner edition of a pack does, and is a
//! [`Paper`]: Markdown for a mail, or a PDF. Lists are cut to what a page holds, and say so.

use drumbeat_model::crm::Outcome;

use crate::build::called;
use crate::facts::{PackFacts, Side};
use crate::figure;
use crate::paper::Paper;
use crate::safe::PartnerSafe;

/// Rows of one list: five lists of them fit one page even where every row takes two lines.
const ROWS: usize = 4;
/// Days ahead in which an end of protection is told.
const AHEAD: i64 = 30;

/// The page.
#[must_use]
pub fn status(facts: &PartnerSafe<PackFacts>) -> Paper {
    let facts = facts.get();
    let today = facts.as_of.date_naive();
    let mut paper = Paper::new(format!("{}: where we stand", facts.partner_name), today);
    paper.text(format!(
        "From {} for {}. Data as of {}. Confidential.",
        facts.vendor,
        facts.partner_name,
        figure::instant(facts.read_at)
    ));
    let text = |x: &Option<String>| x.clone().unwrap_or_default();
    let day = |x: Option<drumbeat_model::time::Day>| x.map_or_else(String::new, figure::day);
    let mut waiting: Vec<_> = facts.registrations.iter().filter(|x| x.status.is_open()).collect();
    waiting.sort_by(|a, b| (a.submitted, &a.company).cmp(&(b.submitted, &b.company)));
    list(
        &mut paper,
        "Registrations that wait",
        &[("Company", 5), ("State", 3), ("Submitted", 2)],
        waiting.iter().map(|x| vec![text(&x.company), x.status.label().to_owned(), day(x.submitted)]),
    );
    let ends = |x: &drumbeat_model::time::Day| (0..=AHEAD).contains(&(*x - today).num_days());
    let mut ending: Vec<_> = facts
        .deals
        .iter()
        .filter(|x| x.outcome == Outcome::Open)
        .filter_map(|x| Some((x.protection_end.filter(ends)?, x)))
        .collect();
    ending.sort_by_key(|(end, x)| (*end, x.id.clone()));
    list(
        &mut paper,
        "Protection that ends within 30 days",
        &[("Deal", 6), ("Stage", 3), ("Ends", 2)],
        ending.iter().map(|(end, x)| vec![called(x), x.stage.clone(), figure::day(*end)]),
    );
    let mut next: Vec<_> = facts.deals.iter().filter(|x| x.outcome == Outcome::Open && x.next_step.is_some()).collect();
    next.sort_by_key(|x| (x.next_step_due.is_none(), x.next_step_due, x.id.clone()));
    list(
        &mut paper,
        "Next steps",
        &[("Deal", 4), ("Stage", 3), ("Next step", 5), ("Who", 3), ("By", 3)],
        next.iter().map(|x| {
            vec![called(x), x.stage.clone(), text(&x.next_step), text(&x.next_step_owner), day(x.next_step_due)]
        }),
    );
    for (side, title) in [(Side::Partner, "What you owe us"), (Side::Vendor, "What we owe you")] {
        let owed = facts.commitments.iter().filter(|x| x.side == side && !x.done && x.text.is_some());
        list(
            &mut paper,
            title,
            &[("What", 7), ("Who", 3), ("By", 2)],
            owed.map(|x| {
                let late = if x.due.is_some_and(|x| x < today) { ", late" } else { "" };
                vec![text(&x.text), text(&x.owner), format!("{}{late}", day(x.due))]
            }),
        );
    }
    paper
}

fn list(paper: &mut Paper, title: &str, columns: &[(&str, u32)], rows: impl Iterator<Item = Vec<String>>) {
    let all: Vec<Vec<String>> = rows.collect();
    if all.is_empty() {
        return;
    }
    let n = all.len();
    paper.heading(&if n > ROWS { format!("{title}, {ROWS} of {n}") } else { format!("{title}, {n}") });
    paper.table(
        columns,
        all.into_iter().take(ROWS).map(|x| x.iter().map(|x| crate::view::clip(x, 70)).collect()).collect(),
    );
}
