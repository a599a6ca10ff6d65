//! The web half: npm packages exactly as the lock file says, its checks, and the build that the
//! binary embeds.

use crate::command;
use crate::place::Place;
use std::fs;
use std::path::Path;
use std::process::Command;

/// The oldest Node that the build tool accepts.
const NODE: (u32, u32) = (20, 19);

/// Install the pages' packages, exactly those of the lock file.
pub fn install(place: &Place) -> Result<(), String> {
    node_is_new_enough()?;
    install_in(&place.ui())
}

/// Install the vendors' own clients, with which tests call our sandbox.
pub fn install_vendor_clients(place: &Place) -> Result<(), String> {
    install_in(&place.root.join("tests/sync/hubspot-sdk"))?;
    install_in(&place.root.join("tests/sync/jsforce"))
}

/// Install the packages of a folder's lock file, unless exactly these are installed.
///
/// The stamp is a copy of the lock file inside `node_modules`, written after a whole installation.
fn install_in(folder: &Path) -> Result<(), String> {
    let lock_path = folder.join("package-lock.json");
    let lock = fs::read(&lock_path).map_err(|why| format!("{}: {why}", lock_path.display()))?;
    let stamp = folder.join("node_modules").join(".installed-lock.json");
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        println!("    as in package-lock.json already");
        return Ok(());
    }
    command::run(npm(folder).args(["ci", "--no-audit", "--no-fund"]))?;
    fs::write(&stamp, lock).map_err(|why| format!("{}: {why}", stamp.display()))
}

/// Run one script of `package.json`.
pub fn script(place: &Place, name: &str) -> Result<(), String> {
    command::run(npm(&place.ui()).args(["run", "--silent", name]))
}

/// Run the UI's tests; gives the runner's own closing lines.
pub fn test(place: &Place) -> Result<Vec<String>, String> {
    command::run_keeping(npm(&place.ui()).args(["run", "--silent", "test"]), |line| {
        ["Test Files ", "Tests "].iter().any(|start| line.trim_start().starts_with(start))
    })
}

fn npm(folder: &Path) -> Command {
    let mut npm = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    npm.current_dir(folder);
    npm
}

fn node_is_new_enough() -> Result<(), String> {
    let wanted = format!("Node {}.{} or newer is needed (https://nodejs.org)", NODE.0, NODE.1);
    let version = command::output(Command::new("node").arg("--version")).map_err(|why| format!("{wanted}: {why}"))?;
    match version_of(&version) {
        Some(found) if found >= NODE => Ok(()),
        _ => Err(format!("{wanted}; this is {}", version.trim())),
    }
}

fn version_of(text: &str) -> Option<(u32, u32)> {
    let mut numbers = text.trim().trim_start_matches('v').split('.').map(|number| number.parse().ok());
    Some((numbers.next()??, numbers.next()??))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn node_versions_are_compared_as_numbers() {
        for (text, enough) in
            [("v20.19.0\n", true), ("v20.9.1", false), ("v22.1.0", true), ("v8.99.0", false), ("", false)]
        {
            assert_eq!(version_of(text).is_some_and(|found| found >= NODE), enough, "{text}");
        }
    }
}
