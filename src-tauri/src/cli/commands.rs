//! The commands that work on the open workspace, each sent to its own file, and how their words are read.

use std::process::ExitCode;
use std::sync::Arc;

use drumbeat_app::drumbeat::Drumbeat;
use drumbeat_app::error::{Answer, ApiError};
use drumbeat_app::workspace::Workspace;
use drumbeat_model::workspace::SyncOptions;

use super::args::Command;
use super::print::Printer;
use super::{
    audit, backup, clocks, conflicts, connect, deals, forecast, merges, metrics, partners, policy, provision, qbr,
    recovered, registrations, review, share, status, sync, targets,
};

/// A word of a closed list, or a refusal that names it.
pub fn word<T>(what: &str, text: &str, read: impl Fn(&str) -> Option<T>) -> Answer<T> {
    read(text).ok_or_else(|| {
        ApiError::invalid("argument", format!("\"{text}\" is not a {what}")).next("See --help for what it can be")
    })
}

/// An id as typed.
pub fn id<T: From<String>>(text: String) -> T {
    T::from(text)
}

/// Runs a command on the open workspace.
pub async fn run(app: &Arc<Drumbeat>, ws: Arc<Workspace>, command: Command, printer: Printer) -> Answer<ExitCode> {
    match command {
        Command::Provision { guide: Some(file), .. } => provision::guide(ws, file, printer).await,
        Command::Provision { package: Some(file), .. } => provision::package(ws, file, printer).await,
        Command::Provision { forms: true, apply, .. } => provision::forms(ws, apply, printer).await,
        Command::Provision { apply, .. } => provision::run(ws, apply, printer).await,
        Command::Sync { dry_run: true, .. } => sync::rehearse(ws, printer).await,
        Command::Merges(what) => merges::run(ws, what, printer).await,
        Command::Conflicts(what) => conflicts::run(ws, what, printer).await,
        Command::Sync { full, pull_only, push_only, dry_run: false } => {
            sync::run(app, ws, SyncOptions { full, pull_only, push_only }, printer).await
        }
        Command::Status => status::run(app, printer).await,
        Command::Disconnect => connect::leave(ws, printer).await,
        Command::Registrations(what) => registrations::run(ws, what, printer).await,
        Command::Clocks(what) => clocks::run(ws, what, printer).await,
        Command::Metrics(what) => metrics::run(ws, what, printer).await,
        Command::Targets(what) => targets::run(ws, what, printer).await,
        Command::Deals(what) => deals::run(ws, what, printer).await,
        Command::Partners(what) => partners::run(ws, what, printer).await,
        Command::Review(what) => review::run(ws, what, printer).await,
        Command::Forecast(asked) => forecast::run(ws, asked, printer).await,
        Command::Qbr(pack) => qbr::run(ws, pack, printer).await,
        Command::Share(asked) => share::run(ws, asked, printer).await,
        Command::Brand(look) => qbr::look(&ws, look, printer),
        Command::Policy(what) => policy::run(ws, what, printer).await,
        Command::Audit(what) => audit::run(ws, what, printer).await,
        Command::Recovered { confirm, discard } => recovered::run(ws, confirm, discard, printer).await,
        Command::Backup { file } => backup::run(ws, file, printer).await,
        Command::Demo { .. }
        | Command::Sandbox(_)
        | Command::Connect(_)
        | Command::Doctor { .. }
        | Command::Match(_)
        | Command::Restore { .. }
        | Command::Completions { .. } => Ok(ExitCode::SUCCESS),
        #[cfg(feature = "lab")]
        Command::Bench(_) | Command::Torture(_) => Ok(ExitCode::SUCCESS),
    }
}
