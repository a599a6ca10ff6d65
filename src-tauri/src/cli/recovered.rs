//! `drumbeat recovered`: decisions that were recovered and wait for a person.

use std::process::ExitCode;
use std::sync::Arc;

use drumbeat_app::api::Nothing;
use drumbeat_app::error::Answer;
use drumbeat_app::recovery;
use drumbeat_app::workspace::Workspace;

use super::blocking;
use super::print::Printer;

/// Confirms or discards one, then lists what is left; 3 when something is.
pub async fn run(
    ws: Arc<Workspace>,
    confirm: Option<String>,
    discard: Option<String>,
    printer: Printer,
) -> Answer<ExitCode> {
    let left = blocking(move || {
        if let Some(op) = confirm {
            recovery::confirm_recovered(&ws, op.into())?;
        }
        if let Some(op) = discard {
            recovery::discard_recovered(&ws, op.into())?;
        }
        recovery::recovered(&ws, Nothing {})
    })
    .await?;
    printer.result(&left, |left| {
        let line = |row: &recovery::RecoveredRow| {
            format!(
                "{}  {}  {}, {}\n  {}",
                row.op,
                row.made_at.format("%Y-%m-%d %H:%M"),
                row.actor,
                row.title,
                row.text
            )
        };
        if left.is_empty() {
            return "Nothing was recovered that waits for you".to_owned();
        }
        left.iter().map(line).collect::<Vec<_>>().join("\n")
    })?;
    Ok(if left.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(3) })
}
