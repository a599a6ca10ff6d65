//! How both sides work: registrations and certificates.

use std::collections::BTreeMap;

use drumbeat_model::time::Quarter;
use rust_decimal::Decimal;

use super::count::{Period, is_valid};
use super::story::{in_days, notes};
use super::{column, tabled};
use crate::facts::{PackCertification, PackFacts};
use crate::figure;
use crate::pack::{Cell, ColumnKind, Figure, Section, SectionBody, Table};

/// How far ahead a certificate's end is worth a line here.
pub(super) const EXPIRY_DAYS: u64 = 90;
/// Reasons that a line has room for.
const REASONS: usize = 3;
/// Quarters in the table of registrations.
const QUARTERS: usize = 6;

pub(super) fn service(facts: &PackFacts) -> Option<Section> {
    let mut quarters: Vec<Quarter> =
        std::iter::successors(Some(facts.quarter), |x| Some(x.previous())).take(QUARTERS).collect();
    quarters.reverse();
    let n = |x: usize| u32::try_from(x).map_or(Cell::Empty, Cell::Count);
    let periods: Vec<Period> = quarters.into_iter().map(|x| Period::new(facts, x)).collect();
    let now = periods.last()?;
    if now.submitted.is_empty() && now.decided.is_empty() {
        return None;
    }
    let ends_known = facts.registrations.iter().any(|x| x.protection_end.is_some());
    let rows = periods.iter().filter(|x| !x.submitted.is_empty() || !x.decided.is_empty()).map(|x| {
        let ((in_time, timed), (met, due)) = (x.in_time(), x.met());
        let share = |part, of| figure::share(Decimal::from(part), Decimal::from(of)).map_or(Cell::Empty, Cell::Percent);
        vec![
            Cell::Text(figure::quarter(facts.year, x.quarter)),
            n(x.submitted.len()),
            n(x.approved()),
            n(x.declined().len()),
            x.decision_hours().map_or(Cell::Empty, Cell::Hours),
            share(in_time, timed),
            share(met, due),
            if ends_known { n(x.expired()) } else { Cell::Empty },
        ]
    });
    let table = super::without_empty_columns(Table {
        columns: vec![
            column("Quarter", ColumnKind::Text, 3),
            column("Submitted", ColumnKind::Count, 3),
            column("Approved", ColumnKind::Count, 3),
            column("Declined", ColumnKind::Count, 3),
            column("Time to decide", ColumnKind::Count, 3),
            column("In time", ColumnKind::Percent, 3),
            column("Met in time", ColumnKind::Percent, 3),
            column("Ran out", ColumnKind::Count, 3),
        ],
        rows: rows.collect(),
    });
    let (in_time, timed) = now.in_time();
    let hours = figure::count(facts.decision_hours as usize, "hour", "hours");
    let title = if timed == 0 {
        format!(
            "{} submitted in {}",
            figure::count(now.submitted.len(), "registration", "registrations"),
            figure::quarter(facts.year, facts.quarter)
        )
    } else if in_time == timed {
        format!("Every registration was decided inside {hours}")
    } else {
        format!("{in_time} of {} decided inside {hours}", figure::count(timed, "registration", "registrations"))
    };
    let mut figures =
        vec![Figure { value: now.submitted.len().to_string(), label: "registrations submitted".to_owned() }];
    if let Some(rate) = figure::share(Decimal::from(now.approved()), Decimal::from(now.decided.len())) {
        figures.push(Figure {
            value: figure::percent(rate),
            label: format!("approved, {} of {} decided", now.approved(), now.decided.len()),
        });
    }
    if let Some(hours) = now.decision_hours() {
        figures
            .push(Figure { value: format!("{} h", figure::plain(hours, 1)), label: "median to decision".to_owned() });
    }
    let (met, due) = now.met();
    if due > 0 {
        figures.push(Figure { value: format!("{met} of {due}"), label: "first meetings in time".to_owned() });
    }
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for reason in now.declined().iter().filter_map(|x| x.decline_reason) {
        *reasons.entry(reason.label()).or_default() += 1;
    }
    let mut reasons: Vec<(&str, usize)> = reasons.into_iter().collect();
    reasons.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    let why = if reasons.is_empty() {
        String::new()
    } else {
        let named = reasons.iter().take(REASONS).map(|(x, n)| format!("{} ({n})", x.to_lowercase()));
        let named = named.collect::<Vec<_>>().join(", ");
        let more = if reasons.len() > REASONS { ", \u{2026}" } else { "" };
        format!("; declined for {named}{more}")
    };
    let ran_out = match now.expired() {
        0 => String::new(),
        n => format!("; {} ran out", figure::count(n, "protection", "protections")),
    };
    Some(Section {
        key: "service",
        title,
        subtitle: format!("Registrations{why}{ran_out}"),
        body: SectionBody::Service { figures, table },
        notes: notes(&[
            "Registrations: submitted by day of submission; approved, declined and time by day of decision. In time: decided inside the program's limit, pauses for the partner's answers taken out.",
            "Met in time: the first meeting after an approval, inside the days that the program gives for it. Ran out: protections that ended in the quarter and led to no deal.",
        ]),
        appendix: false,
    })
}

/// Valid certificates that end within [`EXPIRY_DAYS`], first end first.
pub(super) fn expiring(facts: &PackFacts) -> Vec<&PackCertification> {
    let today = facts.as_of.date_naive();
    let until = in_days(facts, EXPIRY_DAYS);
    let mut out: Vec<_> =
        facts.certifications.iter().filter(|x| is_valid(x, today) && x.expires.is_some_and(|x| x <= until)).collect();
    out.sort_by(|a, b| (a.expires, &a.holder, &a.name).cmp(&(b.expires, &b.holder, &b.name)));
    out
}

pub(super) fn enablement(facts: &PackFacts) -> Option<Section> {
    if facts.certifications.is_empty() {
        return None;
    }
    let today = facts.as_of.date_naive();
    let valid = facts.certifications.iter().filter(|x| is_valid(x, today)).count();
    let ending = expiring(facts);
    let mut others: Vec<_> =
        facts.certifications.iter().filter(|x| is_valid(x, today) && !ending.contains(x)).collect();
    others.sort_by(|a, b| {
        (a.expires.is_none(), a.expires, &a.holder, &a.name).cmp(&(b.expires.is_none(), b.expires, &b.holder, &b.name))
    });
    let rows = ending.iter().copied().chain(others).map(|x| {
        let mut row = certificate(x);
        row.push(Cell::text(Some(if ending.contains(&x) { "Ends soon" } else { "Valid" })));
        row
    });
    let mut columns = certificate_columns();
    columns.push(column("State", ColumnKind::Text, 3));
    let table = Table { columns, rows: rows.collect() };
    let have = facts.tier.as_ref().map_or_else(String::new, |x| format!("{x} tier, "));
    let title = if ending.is_empty() {
        format!(
            "{have}{} valid, none ends within {EXPIRY_DAYS} days",
            figure::count(valid, "certificate", "certificates")
        )
    } else {
        format!(
            "{have}{valid} valid certificates, {} within {EXPIRY_DAYS} days",
            figure::count(ending.len(), "ends", "end")
        )
    };
    tabled("enablement", title, "Certificates, first to end first".to_owned(), table)
}

pub(super) fn certificate_columns() -> Vec<crate::pack::Column> {
    vec![
        column("Holder", ColumnKind::Text, 6),
        column("Certificate", ColumnKind::Text, 8),
        column("Kind", ColumnKind::Text, 3),
        column("Level", ColumnKind::Text, 3),
        column("Earned", ColumnKind::Day, 3),
        column("Ends", ColumnKind::Day, 3),
    ]
}

pub(super) fn certificate(x: &PackCertification) -> Vec<Cell> {
    vec![
        Cell::text(x.holder.as_deref()),
        Cell::text(x.name.as_deref()),
        Cell::text(x.kind.as_deref()),
        Cell::text(x.level.as_deref()),
        x.earned.map_or(Cell::Empty, Cell::Day),
        x.expires.map_or(Cell::Empty, Cell::Day),
    ]
}
