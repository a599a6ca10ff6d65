//! The appendix: every deal, registration and certificate, and what the words mean.

use drumbeat_model::crm::Outcome;

use super::count::largest_first;
use super::program::{certificate, certificate_columns};
use super::{column, pipeline, tabled};
use crate::facts::{PackDeal, PackFacts, PackRegistration};
use crate::figure;
use crate::pack::{Cell, ColumnKind, Points, Section, SectionBody, Table, Tone};

fn label(text: Option<&'static str>) -> Cell {
    Cell::text(text)
}

fn on(day: Option<drumbeat_model::time::Day>) -> Cell {
    day.map_or(Cell::Empty, Cell::Day)
}

fn appendix(section: Option<Section>) -> Option<Section> {
    section.map(|x| Section { appendix: true, ..x })
}

pub(super) fn deals(facts: &PackFacts) -> Option<Section> {
    let order = |x: &PackDeal| match x.outcome {
        Outcome::Open => 0,
        Outcome::Won => 1,
        Outcome::Lost => 2,
    };
    let mut all: Vec<&PackDeal> = facts.deals.iter().collect();
    largest_first(&mut all, &facts.currency);
    all.sort_by_key(|x| order(x));
    let rows = all.iter().map(|x| {
        vec![
            Cell::text(x.name.as_deref()),
            Cell::text(x.account.as_deref()),
            Cell::text(Some(match x.outcome {
                Outcome::Open => "Open",
                Outcome::Won => "Won",
                Outcome::Lost => "Lost",
            })),
            Cell::text(Some(&x.stage)),
            x.amount.clone().map_or(Cell::Empty, Cell::Money),
            label(x.motion.map(|x| x.label())),
            label(x.attribution.map(|x| x.label())),
            x.pct.map_or(Cell::Empty, Cell::Percent),
            on(x.created),
            on(x.close),
            on(x.protection_end),
            Cell::text(x.next_step.as_deref()),
            Cell::text(x.next_step_owner.as_deref()),
            on(x.next_step_due),
            Cell::text(x.lost_reason.as_deref()),
            Cell::text(x.owner.as_deref()),
            Cell::text(x.discount.as_deref()),
            label(x.conflict_status.map(|x| x.label())),
            Cell::text(x.stage_notes.as_deref()),
        ]
    });
    let text = ColumnKind::Text;
    let table = Table {
        columns: vec![
            column("Deal", text, 10),
            column("Account", text, 8),
            column("Status", text, 4),
            column("Stage", text, 6),
            column("Amount", ColumnKind::Money, 7),
            column("Motion", text, 5),
            column("Attribution", text, 5),
            column("Share", ColumnKind::Percent, 3),
            column("Created", ColumnKind::Day, 6),
            column("Close", ColumnKind::Day, 6),
            column("Protected to", ColumnKind::Day, 6),
            column("Next step", text, 12),
            column("Who", text, 6),
            column("Due", ColumnKind::Day, 6),
            column("Lost to", text, 8),
            column("Owner", text, 6),
            column("Discount", text, 4),
            column("Channel conflict", text, 5),
            column("Stage notes", text, 16),
        ],
        rows: rows.collect(),
    };
    let open = all.iter().filter(|x| x.outcome == Outcome::Open).count();
    let title = format!("{}, {open} of them open", figure::count(all.len(), "deal", "deals"));
    appendix(tabled("deals", title, format!("All deals, open first, {}", pipeline::order(&all)), table))
}

pub(super) fn registrations(facts: &PackFacts) -> Option<Section> {
    let mut all: Vec<&PackRegistration> = facts.registrations.iter().collect();
    all.sort_by(|a, b| b.submitted.cmp(&a.submitted).then_with(|| a.id.cmp(&b.id)));
    let rows = all.iter().map(|x| {
        vec![
            Cell::text(x.company.as_deref()),
            label(x.kind.map(|x| x.label())),
            label(Some(x.status.label())),
            on(x.submitted),
            on(x.decided),
            x.minutes_to_decide.map_or(Cell::Empty, |x| {
                Cell::Hours((rust_decimal::Decimal::from(x) / rust_decimal::Decimal::from(60)).round_dp(1))
            }),
            label(x.decline_reason.map(|x| x.label())),
            on(x.protection_end),
        ]
    });
    let text = ColumnKind::Text;
    let table = Table {
        columns: vec![
            column("Company", text, 10),
            column("Kind", text, 6),
            column("Status", text, 5),
            column("Submitted", ColumnKind::Day, 5),
            column("Decided", ColumnKind::Day, 5),
            column("Took", ColumnKind::Count, 3),
            column("Declined for", text, 6),
            column("Protected to", ColumnKind::Day, 5),
        ],
        rows: rows.collect(),
    };
    let waiting = all.iter().filter(|x| x.status.is_open()).count();
    let title = format!("{}, {waiting} waiting", figure::count(all.len(), "registration", "registrations"));
    appendix(tabled("registrations", title, "All registrations, latest first".to_owned(), table))
}

pub(super) fn certificates(facts: &PackFacts) -> Option<Section> {
    let mut all: Vec<_> = facts.certifications.iter().collect();
    all.sort_by(|a, b| (&a.holder, &a.name, a.expires).cmp(&(&b.holder, &b.name, b.expires)));
    let table = Table { columns: certificate_columns(), rows: all.iter().map(|x| certificate(x)).collect() };
    let title = match all.iter().filter(|x| x.in_progress).count() {
        0 => figure::count(all.len(), "certificate", "certificates"),
        working => format!("{}, {working} in progress", figure::count(all.len(), "certificate", "certificates")),
    };
    appendix(tabled("certificates", title, "All certificates, by holder".to_owned(), table))
}

pub(super) fn definitions(facts: &PackFacts) -> Section {
    let numbers = [
        ("Bookings", "deals closed won in the quarter, by close date, in full amounts"),
        ("Sourced, influenced", "the deal's own attribution: the partner brought it, or helped it"),
        ("Pipeline created", "amounts of all deals created in the quarter, whatever became of them"),
        ("Win rate", "won of won and lost in the quarter, by number"),
        ("Sales cycle", "days from created to won, average"),
        ("Time to decide", "median on the decision clock; it pauses while the partner owes an answer"),
    ];
    let pending = match (facts.pending, facts.merge_conflicts) {
        (0, 0) => "nothing was waiting to be sent to the CRM".to_owned(),
        (pending, conflicts) => format!(
            "{} not yet in the CRM, {} open",
            figure::count(pending as usize, "change", "changes"),
            figure::count(conflicts as usize, "merge conflict", "merge conflicts")
        ),
    };
    let data = [
        (
            "Data as of".to_owned(),
            format!(
                "{}, when the CRM was read last; days are counted from {}",
                figure::instant(facts.read_at),
                figure::day(facts.as_of.date_naive())
            ),
        ),
        ("Pending".to_owned(), pending),
        (
            "Currency".to_owned(),
            format!("{}, others at the CRM's own rates; what it has no rate for is listed beside", facts.currency),
        ),
        ("Stuck".to_owned(), "open and past the time that its stage allows".to_owned()),
        ("Certified".to_owned(), "holds a certificate that is valid on the last day of the quarter".to_owned()),
        ("Missing".to_owned(), "an empty cell is not known, or not part of this edition".to_owned()),
    ];
    let owned = |x: (&str, &str)| (x.0.to_owned(), x.1.to_owned());
    Section {
        key: "definitions",
        title: "What the numbers mean".to_owned(),
        subtitle: format!("Data as of {}", figure::instant(facts.read_at)),
        body: SectionBody::Points(vec![
            Points { title: "Numbers".to_owned(), tone: Tone::Plain, points: numbers.into_iter().map(owned).collect() },
            Points { title: "Data".to_owned(), tone: Tone::Plain, points: data.into_iter().collect() },
        ]),
        notes: Vec::new(),
        appendix: true,
    }
}
