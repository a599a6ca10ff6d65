//! `drumbeat torture`: the campaigns of the test programme. Each prints what it came to and, when asked,
//! keeps it in a report; something that does not hold is exit code 1.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::Subcommand;
use drumbeat_app::error::{Answer, ApiError, Code};
use drumbeat_lab::sim::campaign::{self, Plan};
use drumbeat_lab::{http, kill, report, sqlite};
use serde::Serialize;

use super::args::CrmName;
use super::print::Printer;

/// Campaigns.
#[derive(Debug, Subcommand)]
pub enum Torture {
    /// The real engine and stores against a simulated CRM, on a virtual clock.
    Sim {
        /// Whose rules the CRM goes by.
        #[arg(long, value_enum, default_value_t = CrmName::Hubspot)]
        crm: CrmName,
        /// First seed.
        #[arg(long, default_value_t = 1)]
        from: u64,
        /// How many.
        #[arg(long, default_value_t = 1000)]
        seeds: u64,
        /// Steps of each.
        #[arg(long, default_value_t = drumbeat_lab::sim::STEPS)]
        steps: u32,
        /// Stop after so many minutes.
        #[arg(long)]
        minutes: Option<u64>,
        /// Keep what came of it in this report.
        #[arg(long)]
        report: Option<PathBuf>,
    },
    /// Every fault of the network in every kind of request to a CRM.
    Http {
        /// Whose CRM.
        #[arg(long, value_enum, default_value_t = CrmName::Hubspot)]
        crm: CrmName,
        /// Only rows of these names; all when absent.
        #[arg(long)]
        row: Vec<String>,
        /// One column a row, beginning here, instead of all.
        #[arg(long)]
        slice: Option<usize>,
        /// Keep what came of it in this report.
        #[arg(long)]
        report: Option<PathBuf>,
    },
    /// This binary dies while it decides and syncs, again and again.
    Kill {
        /// Whose CRM.
        #[arg(long, value_enum, default_value_t = CrmName::Hubspot)]
        crm: CrmName,
        /// How often.
        #[arg(long, default_value_t = 300)]
        cycles: u32,
        /// Where chance starts.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Keep what came of it in this report.
        #[arg(long)]
        report: Option<PathBuf>,
    },
    /// The disk is full, failing or locked at the Nth call under a decision of this binary.
    Sqlite {
        /// At most so many calls of each kind.
        #[arg(long, default_value_t = 400)]
        most: u32,
        /// Keep what came of it in this report.
        #[arg(long)]
        report: Option<PathBuf>,
    },
    /// Whether the simulation finds every planted bug.
    Planted {
        /// Whose rules the CRM goes by.
        #[arg(long, value_enum, default_value_t = CrmName::Hubspot)]
        crm: CrmName,
        /// First seed.
        #[arg(long, default_value_t = 1)]
        from: u64,
        /// At most so many seeds a bug.
        #[arg(long, default_value_t = 2000)]
        seeds: u64,
        /// Steps of each.
        #[arg(long, default_value_t = drumbeat_lab::sim::STEPS)]
        steps: u32,
        /// Keep what came of it in this report.
        #[arg(long)]
        report: Option<PathBuf>,
    },
}

fn failed(why: impl std::fmt::Display) -> ApiError {
    ApiError::new(Code::Bug, "torture.failed", why.to_string())
}

/// Runs one campaign.
pub async fn run(torture: Torture, printer: Printer) -> Answer<ExitCode> {
    // A campaign computes for minutes to hours: not on the threads that carry requests.
    tokio::task::spawn_blocking(move || one(&torture, printer)).await.map_err(failed)?
}

fn one(torture: &Torture, printer: Printer) -> Answer<ExitCode> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    match torture {
        Torture::Sim { crm, from, seeds, steps, minutes, report } => {
            let at_most = minutes.map(|minutes| Duration::from_secs(minutes * 60));
            let plan = Plan { crm: crm.vendor(), from: *from, seeds: *seeds, steps: *steps, threads, at_most };
            let sum = campaign::campaign(&plan).map_err(failed)?;
            let holds = sum.failures == 0 && sum.diverged == 0;
            end(printer, report.as_deref(), &section("sim", *crm), &sum, holds)
        }
        Torture::Planted { crm, from, seeds, steps, report } => {
            let exams = campaign::exam(crm.vendor(), *from, *seeds, *steps, threads).map_err(failed)?;
            let all = exams.iter().all(|exam| exam.seeds_to_find.is_some());
            end(printer, report.as_deref(), &section("planted", *crm), &exams, all)
        }
        Torture::Http { crm, row, slice, report } => {
            let plan = http::Plan { rows: row.clone(), slice: *slice, threads, ..http::Plan::whole(crm.vendor()) };
            let sum = http::matrix(&plan).map_err(failed)?;
            let holds = sum.failing.is_empty();
            end(printer, report.as_deref(), &section("http", *crm), &sum, holds)
        }
        Torture::Kill { crm, cycles, seed, report } => {
            let binary = kill::this_binary().map_err(failed)?;
            let plan = kill::Plan { binary, crm: crm.vendor(), cycles: *cycles, seed: *seed, threads, invent: false };
            let sum = kill::campaign(&plan).map_err(failed)?;
            let holds = sum.violations.is_empty();
            end(printer, report.as_deref(), &section("kill", *crm), &sum, holds)
        }
        Torture::Sqlite { most, report } => {
            let plan = sqlite::Plan::whole(kill::this_binary().map_err(failed)?);
            let sum = sqlite::campaign(&sqlite::Plan { most: *most, ..plan }).map_err(failed)?;
            let holds = sum.violations.is_empty() && sum.not_run.is_none();
            end(printer, report.as_deref(), "sqlite", &sum, holds)
        }
    }
}

/// A campaign's section of the report: HubSpot's have the plain names.
fn section(campaign: &str, crm: CrmName) -> String {
    match crm {
        CrmName::Hubspot => campaign.to_owned(),
        CrmName::Salesforce => format!("{campaign}_salesforce"),
    }
}

fn end(printer: Printer, report: Option<&Path>, name: &str, result: &impl Serialize, holds: bool) -> Answer<ExitCode> {
    if let Some(path) = report {
        report::put(path, name, result).map_err(failed)?;
    }
    let value = serde_json::to_value(result).map_err(failed)?;
    printer.result(&value, |value| format!("{value:#}"))?;
    Ok(if holds { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
