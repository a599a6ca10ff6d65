//! Tells the lab what it is built from: the commit, and whether the crates were changed since.
//!
//! Asked again only when a crate or the commit has changed, and then the lab is compiled anyway. Outside
//! of a checkout, such as in an unpacked archive, it is "unknown".

#![allow(clippy::disallowed_methods, reason = "a build script asks the system")]

use std::path::Path;
use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=..");
    // Every commit and every checkout is a line in it.
    if let Some(log) = git(&["rev-parse", "--git-path", "logs/HEAD"])
        && Path::new(&log).exists()
    {
        println!("cargo::rerun-if-changed={log}");
    }
    println!("cargo::rustc-env=DRUMBEAT_BUILT_FROM={}", built_from().unwrap_or_else(|| "unknown".to_owned()));
}

fn built_from() -> Option<String> {
    // An archive that was unpacked inside of somebody else's checkout is not a part of that.
    git(&["ls-files", "--error-unmatch", "build.rs"])?;
    let commit = git(&["rev-parse", "--short=12", "HEAD"])?;
    let changed = git(&["status", "--porcelain", "--untracked-files=no", "--", ".."])?;
    Some(if changed.is_empty() { commit } else { format!("{commit}, changed") })
}

fn git(args: &[&str]) -> Option<String> {
    let answer = Command::new("git").args(args).output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8_lossy(&answer.stdout).trim().to_owned())
}
