//! The numbers as a table in a file: a row for each number of the program and of each group that is shown.

use std::path::Path;
use std::sync::Arc;

use drumbeat_intake::rejects;
use drumbeat_model::metrics::{Metric, MetricDefinition, MetricsQuery, MetricsReport, MetricsWritten};
use drumbeat_store::Entry;
use rust_decimal::Decimal;
use serde_json::json;

use crate::drumbeat::Drumbeat;
use crate::error::{Answer, ApiError, Code};
use crate::files::{self, Wanted};
use crate::workspace::{Workspace, write_named};

const TABLE: Wanted = Wanted { title: "Write the numbers", kind: "Table", endings: &["csv"] };

const HEAD: [&str; 15] = [
    "Laid out by",
    "Group",
    "Quarter",
    "Topic",
    "Number",
    "Rule",
    "Unit",
    "Value",
    "Quarter before",
    "A year ago",
    "Direct",
    "Known",
    "Of",
    "At least",
    "At most",
];

/// Writes the numbers into a file that the person chooses.
///
/// # Errors
/// When there is no dialog, the numbers cannot be read, or the file cannot be written.
pub async fn export_metrics(app: Arc<Drumbeat>, query: MetricsQuery) -> Answer<MetricsWritten> {
    let ws = app.workspace()?;
    let write = move || {
        let report = super::metrics(&ws, query.clone())?;
        let by = query.by.map_or_else(String::new, |by| format!(" by {}", by.label().to_lowercase()));
        let label = ws.policy.calendar.fiscal_year().label(report.quarter);
        match files::dialogs(&app)?.save(TABLE, &format!("Numbers{by}, {label}.csv")) {
            Some(path) => write(&ws, &report, &query, &path),
            None => Ok(MetricsWritten { file: None, rows: 0 }),
        }
    };
    tokio::task::spawn_blocking(write)
        .await
        .unwrap_or_else(|stopped| Err(ApiError::new(Code::Bug, "operation.stopped", stopped.to_string())))
}

/// Writes the numbers into a file.
///
/// # Errors
/// When the numbers cannot be read, or the file cannot be written; no half of one is left.
pub fn export_metrics_to(ws: &Arc<Workspace>, query: MetricsQuery, path: &Path) -> Answer<MetricsWritten> {
    write(ws, &super::metrics(ws, query.clone())?, &query, path)
}

/// The same table as text, for a program that reads on.
///
/// # Errors
/// When the numbers cannot be read.
pub fn metrics_table(ws: &Arc<Workspace>, query: MetricsQuery) -> Answer<Vec<u8>> {
    let report = super::metrics(ws, query.clone())?;
    let label = ws.policy.calendar.fiscal_year().label(report.quarter);
    Ok(rejects::table(&HEAD, &lines(&report, &query, &label)).map_err(drumbeat_store::StoreError::from)?)
}

fn write(ws: &Arc<Workspace>, report: &MetricsReport, query: &MetricsQuery, path: &Path) -> Answer<MetricsWritten> {
    let label = ws.policy.calendar.fiscal_year().label(report.quarter);
    let lines = lines(report, query, &label);
    let rows = u32::try_from(lines.len()).unwrap_or(u32::MAX);
    let bytes = rejects::table(&HEAD, &lines).map_err(drumbeat_store::StoreError::from)?;
    write_named(path, &bytes)?;
    let actor = ws.actor()?;
    let facts = json!({ "quarter": report.quarter, "by": query.by, "rows": rows });
    let entry = Entry {
        at: ws.clock.now(),
        actor: &actor,
        act: "export",
        title: &format!("Wrote the numbers of {label} as a table"),
        reason: None,
        facts: Some(&facts),
        policy: Some(ws.policy.version),
    };
    ws.write(entry, |_| Ok(()))?;
    Ok(MetricsWritten { file: Some(path.to_string_lossy().into_owned()), rows })
}

fn lines(report: &MetricsReport, query: &MetricsQuery, label: &str) -> Vec<Vec<String>> {
    let of = |by: &str, group: &str, metrics: &[Metric]| -> Vec<Vec<String>> {
        let lines = report.definitions.iter().zip(metrics);
        // What cannot be laid out so is no number of the group.
        let told = lines.filter(|(is, _)| query.by.is_none_or(|by| group.is_empty() || is.by.contains(&by)));
        told.map(|(is, metric)| line(by, group, label, is, metric)).collect()
    };
    let mut all = of("Program", "", &report.program);
    if let Some(by) = query.by {
        all.extend(report.groups.iter().flat_map(|group| of(by.label(), &group.label, &group.metrics)));
    }
    all
}

fn line(by: &str, group: &str, label: &str, is: &MetricDefinition, metric: &Metric) -> Vec<String> {
    let number = |of: Option<Decimal>| of.map_or_else(String::new, |of| of.normalize().to_string());
    let texts = [by, group, label, is.topic.label(), &is.name, &is.rule, is.unit.label()].map(str::to_owned);
    let values = [metric.value, metric.before, metric.year_ago, metric.direct].map(number);
    let (least, most) = metric.range.map_or((None, None), |(least, most)| (Some(least), Some(most)));
    let known = [metric.known.to_string(), metric.of.to_string(), number(least), number(most)];
    texts.into_iter().chain(values).chain(known).collect()
}
