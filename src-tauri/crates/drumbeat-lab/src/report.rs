//! `reliability-report.json`: what the campaigns came to, with what it takes to believe and repeat it.
//!
//! One file, one section a campaign; a campaign replaces its own section and leaves the others. A
//! section says of which commit the binary was built and which one is checked out, on what computer, when
//! and for how long. A missing section is "not measured".

use std::path::Path;
use std::process::Command;

use serde::Serialize;
use serde_json::{Map, Value, json};

/// The commit that this binary was built from; says so when the crates were changed then.
pub const BUILT_FROM: &str = env!("DRUMBEAT_BUILT_FROM");

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
    let what = serde_json::to_value(what).map_err(|error| text(&error))?;
    let section = json!({
        "built_from": BUILT_FROM,
        "build": if cfg!(debug_assertions) { "debug" } else { "release" },
        "commit": commit(),
        "seconds": what.get("seconds"),
        "at": chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
        "host": host(),
        "result": what,
    });
    report.insert(campaign.to_owned(), section);
    let mut written = serde_json::to_string_pretty(&report).map_err(|error| text(&error))?;
    written.push('\n');
    std::fs::write(path, written).map_err(|error| text(&error))
}

/// The commit that is checked out here when the campaign ends; says so when it was changed.
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn a_section_says_what_was_built_where_and_how_long_it_ran_and_leaves_the_others() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report.json");
        put(&path, "one", &json!({"seconds": 1.5, "runs": 3})).unwrap();
        put(&path, "two", &json!({"runs": 4})).unwrap();
        let report: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        let one = &report["one"];
        assert_eq!((&one["seconds"], &one["result"]["runs"]), (&json!(1.5), &json!(3)));
        assert_eq!(report["two"]["seconds"], Value::Null);
        assert!(one["host"].as_str().unwrap().ends_with("cores"), "{one}");
        let built = one["built_from"].as_str().unwrap();
        let commit = built.trim_end_matches(", changed");
        let is_commit = commit.len() == 12 && commit.bytes().all(|byte| byte.is_ascii_hexdigit());
        assert!(is_commit || built == "unknown", "{built}");
    }
}
