//! `drumbeat audit`: the trail, and whether every entry of it still holds.

use std::process::ExitCode;
use std::sync::Arc;

use drumbeat_app::activity;
use drumbeat_app::api::Nothing;
use drumbeat_app::error::Answer;
use drumbeat_app::workspace::Workspace;
use drumbeat_model::activity::AuditQuery;

use super::args::Audit;
use super::blocking;
use super::print::{Printer, table};

/// Runs one command about the audit trail; 3 when it does not hold.
pub async fn run(ws: Arc<Workspace>, what: Audit, printer: Printer) -> Answer<ExitCode> {
    match what {
        Audit::Verify => {
            let verdict = blocking(move || activity::verify_audit(&ws, Nothing {})).await?;
            printer.result(&verdict, |v| match &v.problem {
                None => format!("{} entries hold, head {}", v.entries, v.head),
                Some(problem) => format!("Broken at entry {}: {problem}", v.broken_at.unwrap_or_default()),
            })?;
            Ok(if verdict.intact { ExitCode::SUCCESS } else { ExitCode::from(3) })
        }
        Audit::List { limit } => {
            let page = blocking(move || activity::audit(&ws, AuditQuery { limit, ..AuditQuery::default() })).await?;
            printer.result(&page, |page| {
                let rows: Vec<Vec<String>> = page
                    .rows
                    .iter()
                    .map(|a| {
                        vec![
                            a.seq.to_string(),
                            a.at.format("%Y-%m-%d %H:%M").to_string(),
                            a.actor.clone(),
                            a.act.clone(),
                            a.title.clone(),
                        ]
                    })
                    .collect();
                table(&["#", "when", "who", "act", ""], &rows)
            })?;
            Ok(ExitCode::SUCCESS)
        }
    }
}
