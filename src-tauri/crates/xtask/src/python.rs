//! Other people's Python packages that the tests read our files and check our sums with: an
//! environment of its own in the target folder, exactly as `tests/python.txt` says.

use crate::command;
use crate::place::Place;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// The interpreter with the packages; it is there once [`install`] has passed.
pub fn interpreter(place: &Place) -> PathBuf {
    place.target.join("python/bin/python")
}

/// Install the packages, unless exactly these are installed.
///
/// The stamp is a copy of the list, written after a whole installation.
pub fn install(place: &Place) -> Result<(), String> {
    let list_path = place.root.join("tests/python.txt");
    let list = fs::read(&list_path).map_err(|why| format!("{}: {why}", list_path.display()))?;
    let folder = place.target.join("python");
    let stamp = folder.join("installed.txt");
    if fs::read(&stamp).is_ok_and(|installed| installed == list) {
        println!("    as in tests/python.txt already");
        return Ok(());
    }
    command::run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
    let mut pip = Command::new(interpreter(place));
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", "--requirement"]);
    command::run(pip.arg(&list_path))?;
    fs::write(&stamp, list).map_err(|why| format!("{}: {why}", stamp.display()))
}
