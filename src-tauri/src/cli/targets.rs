//! `drumbeat targets`: what is to be won in a quarter, listed or imported.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Subcommand;
use drumbeat_app::api::Nothing;
use drumbeat_app::error::{Answer, ApiError};
use drumbeat_app::targets;
use drumbeat_app::workspace::Workspace;
use drumbeat_model::metrics::{ImportTargets, Target};
use drumbeat_model::money::grouped;

use super::blocking;
use super::print::{Printer, table};

/// A table with targets is at most so large.
const LARGEST: u64 = 16 * 1024 * 1024;

/// Targets.
#[derive(Debug, Subcommand)]
pub enum Targets {
    /// All targets by quarter.
    List,
    /// Takes in a table with the columns quarter, bookings, and partner or motion; it replaces those of its quarters.
    Import {
        /// Which.
        file: PathBuf,
    },
}

/// Runs one of the commands.
pub async fn run(ws: Arc<Workspace>, what: Targets, printer: Printer) -> Answer<ExitCode> {
    let all = match what {
        Targets::List => blocking(move || targets::targets(&ws, Nothing {})).await?,
        Targets::Import { file } => {
            let shown = file.display().to_string();
            let read = move || {
                let wrong = |why: String| ApiError::invalid("targets.file", format!("{shown}: {why}"));
                let size = std::fs::metadata(&file).map_err(|error| wrong(error.to_string()))?.len();
                if size > LARGEST {
                    return Err(wrong("it is larger than 16 MiB".to_owned()));
                }
                let text = std::fs::read_to_string(&file).map_err(|error| wrong(error.to_string()))?;
                targets::import_targets(&ws, ImportTargets { text })
            };
            blocking(read).await?
        }
    };
    printer.result(&all, |all| listed(all))?;
    Ok(ExitCode::SUCCESS)
}

fn listed(all: &[Target]) -> String {
    let row = |target: &Target| {
        let of = match (&target.partner, target.motion) {
            (Some(partner), _) => format!("partner {partner}"),
            (None, Some(motion)) => motion.label().to_owned(),
            (None, None) => "the program".to_owned(),
        };
        vec![target.quarter.to_string(), of, grouped(target.bookings)]
    };
    table(&["quarter", "of", "bookings"], &all.iter().map(row).collect::<Vec<_>>())
}
