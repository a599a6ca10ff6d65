//! `drumbeat metrics`: the numbers of the program, of its groups, and of six quarters.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use drumbeat_app::error::Answer;
use drumbeat_app::metrics;
use drumbeat_app::workspace::Workspace;
use drumbeat_model::metrics::{Metric, MetricBy, MetricGroup, MetricUnit, MetricsQuery, MetricsReport};
use drumbeat_model::money::grouped;
use drumbeat_model::time::Quarter;
use rust_decimal::Decimal;

use super::blocking;
use super::print::{Printer, table};

/// What is asked.
#[derive(Debug, Args)]
pub struct Metrics {
    /// Lay the numbers out by this.
    #[arg(long, value_parser = by, value_name = "motion|partner|tier|type|region|owner|quarter")]
    by: Option<MetricBy>,
    /// Of this quarter, e.g. 2026Q3; the running one when absent.
    #[arg(long, value_parser = Quarter::parse)]
    quarter: Option<Quarter>,
    /// Groups, largest first, at most 500.
    #[arg(long, default_value_t = 50)]
    limit: u32,
    /// Write them into this file as a table instead.
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
}

fn by(word: &str) -> Result<MetricBy, String> {
    MetricBy::from_name(word).ok_or_else(|| format!("\"{word}\" is none of them"))
}

/// Prints the numbers.
pub async fn run(ws: Arc<Workspace>, what: Metrics, printer: Printer) -> Answer<ExitCode> {
    let query = MetricsQuery { quarter: what.quarter, by: what.by, limit: what.limit };
    if let Some(file) = what.csv {
        let written = blocking(move || metrics::export_metrics_to(&ws, query, &file)).await?;
        printer.result(&written, |written| {
            format!("{} rows in {}", written.rows, written.file.as_deref().unwrap_or_default())
        })?;
        return Ok(ExitCode::SUCCESS);
    }
    let year = ws.policy.calendar.fiscal_year();
    let report = blocking(move || metrics::metrics(&ws, query)).await?;
    printer.result(&report, |report| told(report, &year.label(report.quarter), what.by))?;
    Ok(ExitCode::SUCCESS)
}

/// A number as people write it.
fn number(value: Option<Decimal>, unit: MetricUnit) -> String {
    let Some(value) = value else { return "\u{2013}".to_owned() };
    let value = value.normalize();
    match unit {
        MetricUnit::Money => grouped(value.round_dp(2)),
        MetricUnit::Percent => format!("{value} %"),
        MetricUnit::Points => format!("{value:+} points"),
        MetricUnit::Days => format!("{value} d"),
        MetricUnit::Hours => format!("{value} h"),
        MetricUnit::Count | MetricUnit::Ratio => value.to_string(),
    }
}

fn known(metric: &Metric, unit: MetricUnit) -> String {
    let range =
        metric.range.map(|(least, most)| format!(", {} to {}", number(Some(least), unit), number(Some(most), unit)));
    if metric.known == metric.of {
        String::new()
    } else {
        format!("{} of {}{}", metric.known, metric.of, range.unwrap_or_default())
    }
}

fn told(report: &MetricsReport, quarter: &str, by: Option<MetricBy>) -> String {
    let mut text = format!("{quarter}, money in {}. {}.\n\n", report.currency, report.counts);
    let head = ["Number", "", "Quarter before", "Year ago", "Direct", "Known"];
    let rows = report.definitions.iter().zip(&report.program).map(|(is, metric)| {
        let write = |value| number(value, is.unit);
        vec![
            is.name.clone(),
            write(metric.value),
            write(metric.before),
            write(metric.year_ago),
            write(metric.direct),
            known(metric, is.unit),
        ]
    });
    text.push_str(&table(&head, &rows.collect::<Vec<_>>()));
    if let Some(by) = by {
        // Of all numbers those that tell groups apart.
        const SHOWN: &[&str] =
            &["revenue", "sourced_revenue", "sourced_pipeline", "weighted_pipeline", "win_rate", "cycle"];
        let is_shown = |id: &str| SHOWN.contains(&id);
        let mut head = vec![by.label()];
        head.extend(report.definitions.iter().filter(|is| is_shown(&is.id)).map(|is| is.name.as_str()));
        let row = |group: &MetricGroup| {
            let all = report.definitions.iter().zip(&group.metrics).filter(|(is, _)| is_shown(&is.id));
            std::iter::once(group.label.clone()).chain(all.map(|(is, metric)| number(metric.value, is.unit))).collect()
        };
        text.push('\n');
        text.push_str(&table(&head, &report.groups.iter().map(row).collect::<Vec<_>>()));
        if report.more > 0 {
            text = format!("{text}{} more\n", report.more);
        }
    }
    text
}
