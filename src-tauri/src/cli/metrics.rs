//! `drumbeat metrics`: the numbers of the program, of its groups, and of six quarters.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use drumbeat_app::error::Answer;
use drumbeat_app::metrics;
use drumbeat_app::workspace::Workspace;
use drumbeat_model::metrics::{
    Engagement, Metric, MetricBy, MetricGroup, MetricRecord, MetricRecords, MetricRecordsQuery, MetricUnit,
    MetricsQuery, MetricsReport, OfQuarter, PartnerEngagement, StageStep, StageSteps,
};
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
    /// Write them into this file as a table instead; - is standard output.
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    /// From stage to stage instead: how many deals left each, how many onward, after how long.
    #[arg(long, conflicts_with_all = ["by", "csv", "engagement", "behind"])]
    stages: bool,
    /// How partners take part instead: touches, and open deals on which something happened.
    #[arg(long, conflicts_with_all = ["by", "csv", "behind"])]
    engagement: bool,
    /// The records that this number is counted from instead, e.g. win_rate.
    #[arg(long, value_name = "NUMBER", conflicts_with_all = ["by", "csv"])]
    behind: Option<String>,
}

fn by(word: &str) -> Result<MetricBy, String> {
    MetricBy::from_name(word).ok_or_else(|| format!("\"{word}\" is none of them"))
}

/// Prints the numbers.
pub async fn run(ws: Arc<Workspace>, what: Metrics, printer: Printer) -> Answer<ExitCode> {
    let of = OfQuarter { quarter: what.quarter };
    if what.stages {
        let steps = blocking(move || metrics::stage_steps(&ws, of)).await?;
        printer.result(&steps, stages)?;
        return Ok(ExitCode::SUCCESS);
    }
    if what.engagement {
        let found = blocking(move || metrics::engagement(&ws, of)).await?;
        printer.result(&found, engagement)?;
        return Ok(ExitCode::SUCCESS);
    }
    if let Some(id) = what.behind {
        let query = MetricRecordsQuery { id, quarter: what.quarter, group: None };
        let found = blocking(move || metrics::metric_records(&ws, query)).await?;
        printer.result(&found, records)?;
        return Ok(ExitCode::SUCCESS);
    }
    let query = MetricsQuery { quarter: what.quarter, by: what.by, limit: what.limit };
    if what.csv.as_deref().is_some_and(|file| file.as_os_str() == "-") {
        let table = blocking(move || metrics::metrics_table(&ws, query)).await?;
        // A closed pipe is the reader's choice, not a failure.
        let _ = std::io::stdout().lock().write_all(&table);
        return Ok(ExitCode::SUCCESS);
    }
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
        MetricUnit::Count | MetricUnit::Ratio | MetricUnit::Score => value.to_string(),
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

fn stages(steps: &StageSteps) -> String {
    let row = |step: &StageStep| {
        vec![
            step.stage.clone(),
            step.motion.map_or_else(String::new, |motion| motion.label().to_owned()),
            step.partner.count.to_string(),
            number(step.partner.onward, MetricUnit::Percent),
            number(step.partner.days, MetricUnit::Days),
            step.direct.count.to_string(),
            number(step.direct.onward, MetricUnit::Percent),
            number(step.direct.days, MetricUnit::Days),
        ]
    };
    let head = ["Stage", "Motion", "Left it", "Onward", "After", "Direct", "Onward", "After"];
    table(&head, &steps.stages.iter().map(row).collect::<Vec<_>>())
}

fn engagement(found: &Engagement) -> String {
    let row = |one: &PartnerEngagement| {
        let last = one.last.map_or_else(String::new, |at| at.date_naive().to_string());
        let counts = [one.touches, one.before, one.open, one.engaged].map(|count| count.to_string());
        std::iter::once(one.name.clone()).chain(counts).chain([last]).collect()
    };
    let head = ["Partner", "Touches", "Quarter before", "Open deals", "Engaged on", "Last"];
    let rows = table(&head, &found.rows.iter().map(row).collect::<Vec<_>>());
    let more = if found.more > 0 { format!("{} more\n", found.more) } else { String::new() };
    format!("{} of {} partners touched, {} touches\n\n{rows}{more}", found.touched, found.partners, found.touches)
}

fn records(found: &MetricRecords) -> String {
    let row = |one: &MetricRecord| {
        vec![
            one.title.clone(),
            one.note.clone(),
            one.on.map_or_else(String::new, |on| on.to_string()),
            one.amount.as_ref().map_or_else(String::new, ToString::to_string),
        ]
    };
    let rows = table(&["Record", "What it is", "Day", "Amount"], &found.rows.iter().map(row).collect::<Vec<_>>());
    let more = if found.more { "There are more.\n" } else { "" };
    format!("{}\n\n{rows}{more}", found.name)
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
