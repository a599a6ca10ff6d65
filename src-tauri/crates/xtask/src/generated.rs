//! Files that Rust writes for the pages: the typed client of every operation.
//!
//! `drumbeat-app`'s example `gen` prints the TypeScript; `gen` writes it, and `check` and `test`
//! fail when the file in the tree says something else.

use crate::binary::{FEATURES, development};
use crate::command;
use crate::place::Place;
use crate::steps::Steps;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// `gen`: write the generated file again.
pub fn write(place: &Place, steps: &mut Steps) -> Result<(), String> {
    steps.step("generate", || {
        let path = path(place);
        fs::write(&path, current(place)?).map_err(|why| format!("{}: {why}", path.display()))?;
        println!("    {}", path.display());
        Ok(())
    })
}

/// Whether the file in the tree is what the code would write now.
pub fn are_fresh(place: &Place) -> Result<(), String> {
    let path = path(place);
    let written = fs::read_to_string(&path).map_err(|why| format!("{}: {why}", path.display()))?;
    if current(place)? == written { Ok(()) } else { Err(format!("{} is stale: run cargo xtask gen", path.display())) }
}

fn path(place: &Place) -> PathBuf {
    place.ui().join("src/api/api.gen.ts")
}

/// The text that the code of now would write.
///
/// Built with the features of the whole workspace: the same artefacts serve the tests.
fn current(place: &Place) -> Result<String, String> {
    command::run(development(place).args(["build", "--workspace", "--example", "gen", "--features", FEATURES]))?;
    let example = place.target.join("debug/examples").join(format!("gen{}", std::env::consts::EXE_SUFFIX));
    let text = command::output(&mut Command::new(example))?;
    if text.is_empty() { Err("the example \"gen\" printed nothing".to_owned()) } else { Ok(text) }
}
