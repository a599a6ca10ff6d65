//! `reliability-report.json`: what the campaigns came to, with what it takes to believe and repeat it.
//!
//! One file, one section a campaign; a campaign replaces its own section and leaves the others. A
//! section says of which commit, on what computer, when and for how long. A missing section is "not
//! measured".

use std::path::Path;
use std::process::Command;

use serde::Serialize;
use serde_json::{Map, Value, json};

/// Puts a campaign's section into the report at `path`.
///
/// # Errors
/// When the file is there and is not a report, or cannot be written.
pub fn put(path: &Path, campaign: &str, what: &impl Serialize) -> Result<(), String> {
    let text = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let mut report: Map<String, Value> = match std::fs::read_to_string(path) {
        Ok(known) => serde_json::from_str(&known).map_err(|error| text(&error))?,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Map::new(),
        Err(error) => return Err(text(&error)),
    };
    let section = json!({
        "commit": commit(),
        "at": chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
        "host": host(),
        "result": what,
    });
    report.insert(campaign.to_owned(), section);
    let mut written = serde_json::to_string_pretty(&report).map_err(|error| text(&error))?;
    written.push('\n');
    std::fs::write(path, written).map_err(|error| text(&error))
}

/// The commit that is checked out here; says so when it was changed.
fn commit() -> String {
    let git = |args: &[&str]| {
        let answer = Command::new("git").args(args).output().ok().filter(|output| output.status.success())?;
        Some(String::from_utf8_lossy(&answer.stdout).trim().to_owned())
    };
    let Some(head) = git(&["rev-parse", "--short=12", "HEAD"]) else { return "unknown".to_owned() };
    let changed = git(&["status", "--porcelain", "--untracked-files=no"]).is_some_and(|lines| !lines.is_empty());
    if changed { format!("{head}, changed") } else { head }
}

/// System, processor and number of cores; no name of the machine.
fn host() -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info
        .lines()
        .find_map(|line| line.strip_prefix("model name").and_then(|rest| rest.split_once(':')))
        .map_or("unknown processor", |(_, model)| model.trim());
    format!("{} {}, {model}, {cores} cores", std::env::consts::OS, std::env::consts::ARCH)
}
