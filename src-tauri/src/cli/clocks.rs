//! `drumbeat clocks`: what runs and is over, and how the clocks of a period were kept.

use std::process::ExitCode;
use std::sync::Arc;

use clap::Subcommand;
use drumbeat_app::clocks;
use drumbeat_app::error::Answer;
use drumbeat_app::workspace::Workspace;
use drumbeat_model::clocks::{AttainmentQuery, AttainmentReport, ClockLine, ClocksPage, ClocksQuery};
use drumbeat_model::ids::PartnerId;
use drumbeat_model::time::Day;
use drumbeat_model::today::TodayTarget;
use drumbeat_model::verdict::ClockState;

use super::blocking;
use super::print::{Printer, table};

/// Clocks.
#[derive(Debug, Subcommand)]
pub enum Clocks {
    /// The clocks that have not ended, longest over first.
    List {
        /// Only those that are over; the exit code is then 3 when there are any.
        #[arg(long)]
        over: bool,
        /// Only these, by rule id, separated by commas, e.g. S-02,S-09.
        #[arg(long, value_delimiter = ',', value_name = "RULES")]
        rule: Vec<String>,
        /// Only this partner's (id).
        #[arg(long)]
        partner: Option<String>,
        /// Lines of each clock, at most 500.
        #[arg(long, default_value_t = 50)]
        limit: u32,
    },
    /// How the clocks of a period were kept: by how much, and the worst breaches.
    Attainment {
        /// First day; 30 days back when absent.
        #[arg(long, value_name = "DATE")]
        from: Option<Day>,
        /// Last day; today when absent.
        #[arg(long, value_name = "DATE")]
        to: Option<Day>,
        /// Only this partner's (id).
        #[arg(long)]
        partner: Option<String>,
    },
}

/// Runs one of the commands.
pub async fn run(ws: Arc<Workspace>, what: Clocks, printer: Printer) -> Answer<ExitCode> {
    match what {
        Clocks::List { over, rule, partner, limit } => {
            let query = ClocksQuery { rules: rule, over, partner: partner.map(PartnerId), limit };
            let page = blocking(move || clocks::clocks(&ws, query)).await?;
            printer.result(&page, listed)?;
            if over && !page.rows.is_empty() {
                return Ok(ExitCode::from(3));
            }
        }
        Clocks::Attainment { from, to, partner } => {
            let query = AttainmentQuery { from, to, partner: partner.map(PartnerId) };
            let report = blocking(move || clocks::attainment(&ws, query)).await?;
            printer.result(&report, told)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn listed(page: &ClocksPage) -> String {
    let rows: Vec<Vec<String>> = page.rows.iter().map(line).collect();
    let list = table(&["clock", "what", "partner", "due", "", "opens"], &rows);
    let sums = page.rules.iter().filter(|kind| kind.running + kind.over > 0).map(|kind| {
        let more = if kind.more { ", and more" } else { "" };
        format!("{} {}: {} over, {} running{more}\n", kind.rule, kind.name, kind.over, kind.running)
    });
    list + &sums.collect::<String>()
}

fn line(row: &ClockLine) -> Vec<String> {
    let state = match row.clock.state {
        ClockState::Paused => "the partner owes an answer".to_owned(),
        _ => by(row.clock.left),
    };
    let opens = match &row.opens {
        TodayTarget::Registration(id) => format!("registration {id}"),
        TodayTarget::Deal(id) => format!("deal {id}"),
        TodayTarget::Partner(id) => format!("partner {id}"),
        TodayTarget::Conflict(id) => format!("conflict {id}"),
        TodayTarget::Outbox(id) => format!("op {id}"),
    };
    let due = row.clock.due.format("%Y-%m-%d %H:%M").to_string();
    vec![row.clock.rule.clone(), row.title.clone(), row.partner.clone().unwrap_or_default(), due, state, opens]
}

/// `6 h left`, `3 days over`.
fn by(left: Option<i64>) -> String {
    let Some(left) = left else { return String::new() };
    format!("{} {}", length(left.unsigned_abs()), if left < 0 { "over" } else { "left" })
}

fn length(seconds: u64) -> String {
    match (seconds / 86_400, seconds / 3_600, seconds / 60) {
        (days, _, _) if days >= 2 => format!("{days} days"),
        (_, hours, _) if hours >= 2 => format!("{hours} h"),
        (_, _, minutes) => format!("{minutes} min"),
    }
}

fn told(report: &AttainmentReport) -> String {
    let mut text = format!("Clocks from {} to {}\n\n", report.from, report.to);
    for row in &report.rows {
        let of = row.met + row.breached;
        if of == 0 {
            continue;
        }
        text.push_str(&format!("{} {} ({}): {} of {of} met in time", row.rule, row.name, row.target, row.met));
        if let Some(median) = row.median_left {
            text.push_str(&format!(", median {}", by(Some(median))));
        }
        if row.over > 0 {
            text.push_str(&format!(", {} still over", row.over));
        }
        if let Some(reached) = row.reached.filter(|reached| reached.late_sync + reached.waiting > 0) {
            text.push_str(&format!(
                "; decided in time but late in the CRM: {}, on their way: {}",
                reached.late_sync, reached.waiting
            ));
        }
        if row.partial {
            text.push_str("; there is more than was looked at");
        }
        text.push('\n');
        for worst in &row.worst {
            let partner = worst.partner.as_deref().map_or_else(String::new, |partner| format!(" ({partner})"));
            text.push_str(&format!("  {}{partner}: {}\n", worst.title, by(worst.clock.left)));
        }
    }
    if report.rows.iter().all(|row| row.met + row.breached == 0) {
        text.push_str("No clock ended or ran out in this time.\n");
    }
    text
}
