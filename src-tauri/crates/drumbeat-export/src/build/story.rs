//! The opening: cover, summary, commitments.

use chrono::Days;
use drumbeat_model::crm::Outcome;

use super::count::{Period, called};
use super::{column, pipeline, program, tabled};
use crate::facts::{PackCommitment, PackFacts, Side};
use crate::figure::{self, Sums};
use crate::pack::{Cell, ColumnKind, Figure, Points, Section, SectionBody, Table, Tone};

/// The most points in one list of the summary.
const POINTS: usize = 3;

/// " so far" while the quarter runs.
pub(crate) fn so_far(period: &Period) -> &'static str {
    if period.running { " so far" } else { "" }
}

pub(super) fn cover(facts: &PackFacts, now: &Period) -> Section {
    let money = |sums: &Sums| sums.short(&facts.currency);
    let open: Vec<_> = facts.deals.iter().filter(|x| x.outcome == Outcome::Open).collect();
    let mut figures = Vec::new();
    let won = now.booked_all();
    if !won.is_empty() {
        figures.push(Figure {
            value: money(&won),
            label: format!("won in {}", figure::count(now.won.len(), "deal", "deals")),
        });
    } else if !now.won.is_empty() {
        figures.push(Figure { value: now.won.len().to_string(), label: "deals won".to_owned() });
    }
    let pipeline = Sums::of(open.iter().map(|x| &x.amount));
    if !pipeline.is_empty() {
        figures.push(Figure {
            value: money(&pipeline),
            label: format!("open in {}", figure::count(open.len(), "deal", "deals")),
        });
    } else if !open.is_empty() {
        figures.push(Figure { value: open.len().to_string(), label: "deals open".to_owned() });
    }
    if !now.decided.is_empty() {
        figures.push(Figure {
            value: format!("{} of {}", now.approved(), now.decided.len()),
            label: "registrations approved of those decided".to_owned(),
        });
    }
    if let (true, Some(certified)) = (figures.len() < POINTS, now.certified()) {
        figures.push(Figure { value: certified.to_string(), label: "people certified".to_owned() });
    }
    Section {
        key: "cover",
        title: format!("Quarterly business review, {}", figure::quarter(facts.year, facts.quarter)),
        subtitle: facts.partner_name.clone(),
        body: SectionBody::Cover(figures),
        notes: Vec::new(),
        appendix: false,
    }
}

pub(super) fn summary(facts: &PackFacts, now: &Period, before: &Period) -> Option<Section> {
    // What a person wrote stands in place of what is counted, list by list.
    let or = |written: &[String], counted: &dyn Fn() -> Vec<(String, String)>| match written {
        [] => counted(),
        written => written.iter().take(POINTS).map(|x| (x.clone(), String::new())).collect(),
    };
    let words = &facts.words;
    let lists = [
        Points {
            title: "Went well".to_owned(),
            tone: Tone::Good,
            points: or(&words.wins, &|| good(facts, now, before)),
        },
        Points { title: "Needs care".to_owned(), tone: Tone::Bad, points: or(&words.problems, &|| bad(facts, now)) },
        Points { title: "What we ask".to_owned(), tone: Tone::Plain, points: or(&words.asks, &|| asks(facts)) },
    ];
    let lists: Vec<Points> = lists.into_iter().filter(|x| !x.points.is_empty()).collect();
    if lists.is_empty() {
        return None;
    }
    let stuck = pipeline::stuck_deals(facts).len();
    let won = figure::count(now.won.len(), "deal", "deals");
    let sums = now.booked_all();
    let mut title = match (now.won.is_empty(), sums.is_empty()) {
        (true, _) => format!("No deal won in Q{}{}", now.quarter.number, so_far(now)),
        (false, true) => format!("{won} won in Q{}{}", now.quarter.number, so_far(now)),
        (false, false) => format!("{} won in {won}{}", sums.short(&facts.currency), so_far(now)),
    };
    if stuck > 0 {
        title.push_str(&format!(", {} stuck", figure::count(stuck, "deal is", "deals are")));
    }
    Some(Section {
        key: "summary",
        title,
        subtitle: format!("{} in short", figure::quarter(facts.year, facts.quarter)),
        body: SectionBody::Points(lists),
        notes: Vec::new(),
        appendix: false,
    })
}

fn good(facts: &PackFacts, now: &Period, before: &Period) -> Vec<(String, String)> {
    let mut points = Vec::new();
    let last = figure::quarter_beside(facts.year, before.quarter, now.quarter);
    let main = &facts.currency;
    let (won, won_before) = (now.booked_all().in_currency(main), before.booked_all().in_currency(main));
    if let (true, Some(text)) = (won > won_before, figure::against(won, won_before, &last)) {
        points.push((
            format!("Bookings {text}"),
            format!("{} after {}", figure::short(won, main), figure::short(won_before, main)),
        ));
    }
    let (in_time, timed) = now.in_time();
    if timed > 0 && in_time == timed {
        points.push((
            "Every registration decided in time".to_owned(),
            format!("{timed} inside {}", figure::count(facts.decision_hours as usize, "hour", "hours")),
        ));
    }
    for deal in &now.won {
        let mut about: Vec<String> = deal.amount.iter().map(figure::full).collect();
        about.extend(deal.attribution.map(|x| x.label().to_lowercase()));
        points.push((format!("{} won", called(deal)), about.join(", ")));
    }
    points.truncate(POINTS);
    points
}

fn bad(facts: &PackFacts, now: &Period) -> Vec<(String, String)> {
    let mut points = Vec::new();
    let stuck = pipeline::stuck_deals(facts);
    if let Some(longest) = stuck.first() {
        let sums = Sums::of(stuck.iter().map(|x| &x.amount));
        let worth = if sums.is_empty() { String::new() } else { format!("{}, ", sums.short(&facts.currency)) };
        points.push((
            format!("{} past the time of the stage", figure::count(stuck.len(), "deal", "deals")),
            format!("{worth}longest: {}", called(longest)),
        ));
    }
    if !now.lost.is_empty() {
        let sums = Sums::of(now.lost.iter().map(|x| &x.amount));
        let worth = pipeline::worth(&sums, facts);
        points.push((
            format!("{} lost{worth}", figure::count(now.lost.len(), "deal", "deals")),
            pipeline::reasons(&now.lost),
        ));
    }
    // A decision that was made in time and synced late is no late decision, and is told beside those.
    let ((in_time, timed), late_sync) = (now.in_time(), now.late_sync());
    let late_sync = (late_sync > 0).then(|| figure::count(late_sync, "decision", "decisions") + " late in the CRM");
    if in_time < timed {
        let beside = late_sync.map(|said| format!("; {said}")).unwrap_or_default();
        points.push((
            format!("{} decided late", figure::count(timed - in_time, "registration", "registrations")),
            format!(
                "of {timed}; the limit is {}{beside}",
                figure::count(facts.decision_hours as usize, "hour", "hours")
            ),
        ));
    } else if let Some(said) = late_sync {
        points.push((
            said,
            format!("decided inside {}, synced after", figure::count(facts.decision_hours as usize, "hour", "hours")),
        ));
    }
    let late = facts.commitments.iter().filter(|x| is_late(x, facts)).count();
    if late > 0 {
        points.push((figure::count(late, "commitment is late", "commitments are late"), "of both sides".to_owned()));
    }
    let ending = program::expiring(facts).len();
    if ending > 0 {
        points.push((
            figure::count(ending, "certificate ends soon", "certificates end soon"),
            format!("within {} days", program::EXPIRY_DAYS),
        ));
    }
    points.truncate(POINTS);
    points
}

fn asks(facts: &PackFacts) -> Vec<(String, String)> {
    let mut points = Vec::new();
    for deal in pipeline::stuck_deals(facts) {
        if let Some(step) = &deal.next_step {
            let mut about = vec![called(deal)];
            about.extend(deal.next_step_owner.clone());
            about.extend(deal.next_step_due.map(|x| format!("by {}", figure::day(x))));
            points.push((step.clone(), about.join(", ")));
        }
    }
    points.truncate(POINTS - 1);
    if facts.deals.iter().any(|x| x.next_step.is_some()) {
        let without = facts.deals.iter().filter(|x| x.outcome == Outcome::Open && x.next_step.is_none()).count();
        if without > 0 {
            points.push((
                "Agree a next step".to_owned(),
                format!("for {} without one", figure::count(without, "open deal", "open deals")),
            ));
        }
    }
    if let Some(first) = program::expiring(facts).iter().filter_map(|x| x.expires).min() {
        let n = program::expiring(facts).len();
        points.push((
            format!("Renew {}", figure::count(n, "certificate", "certificates")),
            format!("the first ends {}", figure::day(first)),
        ));
    }
    points.truncate(POINTS);
    points
}

fn is_late(commitment: &PackCommitment, facts: &PackFacts) -> bool {
    !commitment.done && commitment.due.is_some_and(|x| x < facts.as_of.date_naive())
}

pub(super) fn commitments(facts: &PackFacts) -> Option<Section> {
    let mut all: Vec<&PackCommitment> = facts.commitments.iter().filter(|x| x.text.is_some()).collect();
    all.sort_by_key(|x| (x.done, !is_late(x, facts), x.due, x.side == Side::Vendor, x.text.clone()));
    let done = all.iter().filter(|x| x.done).count();
    let late = all.iter().filter(|x| is_late(x, facts)).count();
    let title = match (done, late) {
        (0, 0) => format!("{} open, none is late", figure::count(all.len(), "commitment is", "commitments are")),
        (0, late) => {
            format!("{} open, {late} late", figure::count(all.len(), "commitment is", "commitments are"))
        }
        (_, 0) => format!("{done} of {} done, none is late", figure::count(all.len(), "commitment", "commitments")),
        (_, _) => format!("{done} of {} done, {late} late", figure::count(all.len(), "commitment", "commitments")),
    };
    let rows = all.iter().map(|x| {
        let by = match x.side {
            Side::Partner => &facts.partner_name,
            Side::Vendor => &facts.vendor,
        };
        let state = if x.done {
            "Done"
        } else if is_late(x, facts) {
            "Late"
        } else {
            "Open"
        };
        vec![
            Cell::text(x.text.as_deref()),
            Cell::text(Some(by)),
            Cell::text(x.owner.as_deref()),
            x.due.map_or(Cell::Empty, Cell::Day),
            Cell::text(Some(state)),
        ]
    });
    let table = Table {
        columns: vec![
            column("What", ColumnKind::Text, 10),
            column("Side", ColumnKind::Text, 5),
            column("Who", ColumnKind::Text, 4),
            column("Due", ColumnKind::Day, 3),
            column("State", ColumnKind::Text, 2),
        ],
        rows: rows.collect(),
    };
    tabled("commitments", title, "What both sides said they would do".to_owned(), table)
}

pub(super) fn notes(lines: &[&str]) -> Vec<String> {
    lines.iter().map(|x| (*x).to_owned()).collect()
}

/// The day `days` after the facts were read.
pub(super) fn in_days(facts: &PackFacts, days: u64) -> drumbeat_model::time::Day {
    let today = facts.as_of.date_naive();
    today.checked_add_days(Days::new(days)).unwrap_or(today)
}
