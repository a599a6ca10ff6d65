//! `drumbeat doctor`: what is well with this computer's workspaces, what is not, and what to do; with
//! `--repair` it does it.

use std::process::ExitCode;
use std::sync::Arc;

use drumbeat_app::api::{Nothing, Unlock};
use drumbeat_app::doctor as doctoring;
use drumbeat_app::drumbeat::Drumbeat;
use drumbeat_app::error::Answer;
use drumbeat_app::repair as repairing;
use drumbeat_model::verdict::CheckOutcome;
use drumbeat_model::workspace::Finding;

use super::blocking;
use super::print::Printer;

/// Repairs a damaged workspace.
pub async fn repair(app: Arc<Drumbeat>, passphrase: Option<String>, printer: Printer) -> Answer<ExitCode> {
    let done = blocking(move || repairing::repair(&app, Unlock { passphrase })).await?;
    printer.result(&done, |done| done.text.clone())?;
    Ok(ExitCode::SUCCESS)
}

/// Says what is well and what is not; 3 when something needs a person.
pub async fn run(app: Arc<Drumbeat>, printer: Printer) -> Answer<ExitCode> {
    let findings = blocking(move || doctoring::doctor(&app, Nothing {})).await?;
    printer.result(&findings, |findings| {
        let sign = |outcome| match outcome {
            CheckOutcome::Pass => "ok  ",
            CheckOutcome::Warn => "look",
            CheckOutcome::Fail => "FAIL",
        };
        let line = |f: &Finding| {
            let next = f.next.as_ref().map(|next| format!("\n      {next}")).unwrap_or_default();
            format!("{} {}: {}{next}", sign(f.outcome), f.check, f.text)
        };
        findings.iter().map(line).collect::<Vec<_>>().join("\n")
    })?;
    let broken = findings.iter().any(|finding| finding.outcome == CheckOutcome::Fail);
    Ok(if broken { ExitCode::from(3) } else { ExitCode::SUCCESS })
}
