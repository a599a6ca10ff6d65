//! The command line: the same use cases as the window, headless.

mod acts;
pub mod args;
mod audit;
mod backup;
#[cfg(feature = "lab")]
mod bench;
mod clocks;
mod commands;
mod conflicts;
mod connect;
mod deals;
mod demo;
mod doctor;
mod forecast;
mod intake;
mod matching;
mod merges;
mod metrics;
mod partners;
mod policy;
mod print;
mod progress;
mod provision;
mod qbr;
mod recovered;
mod registrations;
mod restore;
mod review;
pub mod sandbox;
mod share;
mod status;
mod sync;
mod targets;
#[cfg(feature = "lab")]
mod torture;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use args::{Args, Command};
use clap::CommandFactory;
use drumbeat_app::clock::Clock;
use drumbeat_app::drumbeat::Drumbeat;
use drumbeat_app::error::{Answer, ApiError, Code};
use drumbeat_app::events::Events;
use drumbeat_app::secrets::Keyring;
use drumbeat_app::workspace::Workspace;
use print::{Printer, exit_code};

use crate::sample::SampleCrm;

/// The program over the folder that the arguments name.
pub fn program(args: &Args, events: Arc<dyn Events>) -> Answer<Arc<Drumbeat>> {
    let clock = args.now.map_or_else(Clock::system, Clock::fixed);
    let dir = match &args.workspace {
        Some(dir) => dir.clone(),
        None => data_folder()?,
    };
    let sample = Arc::new(SampleCrm::new(clock.clone()));
    let app = Drumbeat::new(dir, clock, events, Arc::new(Keyring), Some(sample));
    if let Some(account) = &args.account {
        let _ = app.account.set(account.clone());
    }
    Ok(app)
}

/// The platform's folder for a program's data.
#[allow(clippy::disallowed_methods, reason = "the folder is an argument's default, found before anything runs")]
fn data_folder() -> Answer<PathBuf> {
    let var = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let base = if cfg!(target_os = "windows") {
        var("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        var("HOME").map(|home| home.join("Library/Application Support"))
    } else {
        var("XDG_DATA_HOME").or_else(|| var("HOME").map(|home| home.join(".local/share")))
    };
    base.map(|base| base.join("drumbeat")).ok_or_else(|| {
        ApiError::new(Code::NeedsAttention, "home.unknown", "There is no home folder to keep workspaces in")
            .next("Name one with --workspace DIR")
    })
}

/// Runs a command and answers its exit code.
pub async fn run(args: Args) -> ExitCode {
    let printer = Printer { json: args.json };
    match command(args, printer).await {
        Ok(code) => code,
        Err(error) => {
            printer.failure(&error);
            ExitCode::from(exit_code(&error))
        }
    }
}

async fn command(mut args: Args, printer: Printer) -> Answer<ExitCode> {
    let Some(command) = args.command.take() else { return Ok(ExitCode::SUCCESS) };
    let events: Arc<dyn Events> = Arc::new(progress::Line::new(args.quiet));
    let app = program(&args, events)?;
    match command {
        Command::Demo { out, crm } => demo::run(&app, crm, out, printer).await,
        Command::Sandbox(options) => sandbox::run(options, app.clock.clone(), args.now.is_some()).await,
        Command::Completions { shell } => {
            clap_complete::generate(shell, &mut Args::command(), "drumbeat", &mut std::io::stdout());
            Ok(ExitCode::SUCCESS)
        }
        #[cfg(feature = "lab")]
        Command::Bench(bench) => bench::run(bench, printer).await,
        #[cfg(feature = "lab")]
        Command::Torture(torture) => torture::run(torture, printer).await,
        Command::Match(what) => match what.asked() {
            None => matching::on_files(&what, printer),
            Some(asked) => matching::on_workspace(open(&app, passphrase(&args)?).await?, asked, printer).await,
        },
        Command::Doctor { repair: false } => doctor::run(app, printer).await,
        Command::Doctor { repair: true } => doctor::repair(app, passphrase(&args)?, printer).await,
        Command::Restore { file } => restore::run(app, passphrase(&args)?, file, printer).await,
        Command::Connect(ref words) => connect::run(app, words, passphrase(&args)?, printer).await,
        other => {
            let passphrase = passphrase(&args)?;
            let ws = open(&app, passphrase).await?;
            commands::run(&app, ws, other, printer).await
        }
    }
}

fn passphrase(args: &Args) -> Answer<Option<String>> {
    if !args.passphrase_stdin {
        return Ok(None);
    }
    read_line().map(Some)
}

/// One line from standard input, without its end.
fn read_line() -> Answer<String> {
    let mut line = String::new();
    std::io::stdin()
        .read_line(&mut line)
        .map_err(|error| ApiError::invalid("stdin", format!("Standard input cannot be read ({error})")))?;
    Ok(line.trim_end_matches(['\n', '\r']).to_owned())
}

async fn open(app: &Arc<Drumbeat>, passphrase: Option<String>) -> Answer<Arc<Workspace>> {
    let app = Arc::clone(app);
    blocking(move || app.open(&app.usual()?, passphrase.as_deref())).await
}

/// Runs a blocking use case off the async threads.
async fn blocking<T: Send + 'static>(run: impl FnOnce() -> Answer<T> + Send + 'static) -> Answer<T> {
    tokio::task::spawn_blocking(run)
        .await
        .unwrap_or_else(|stopped| Err(ApiError::new(Code::Bug, "operation.stopped", stopped.to_string())))
}
