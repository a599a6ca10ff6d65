//! `check`: what should be green before every commit, in the order of what fails soonest.

use crate::binary::{FEATURES, development};
use crate::command;
use crate::generated;
use crate::graph;
use crate::place::Place;
use crate::steps::Steps;
use crate::ui;

/// Formatting, crate graph, UI lint, types, tests and dead code, clippy, documentation, generated
/// files, dependency policy. The Rust tests are `cargo xtask test`'s.
pub fn run(place: &Place, steps: &mut Steps) -> Result<(), String> {
    steps.step("formatting", || command::run(place.cargo().args(["fmt", "--all", "--check"])))?;
    steps.step("crate graph", || graph::check(&place.metadata))?;
    steps.step("npm packages", || ui::install(place))?;
    steps.step("lint the pages", || ui::script(place, "lint"))?;
    steps.step("types and build of the pages", || ui::script(place, "build"))?;
    steps.step("dead code of the pages", || ui::script(place, "knip"))?;
    let summaries = steps.step("test the pages", || ui::test(place))?;
    let whole = ["--workspace", "--features", FEATURES];
    steps.step("clippy", || {
        let mut clippy = development(place);
        command::run(clippy.arg("clippy").args(whole).args(["--all-targets", "--", "-D", "warnings"]))
    })?;
    steps.step("documentation", || {
        let mut doc = development(place);
        command::run(doc.arg("doc").args(whole).arg("--no-deps").env("RUSTDOCFLAGS", "-D warnings"))
    })?;
    steps.step("generated files", || generated::are_fresh(place))?;
    if command::succeeds(place.cargo().args(["deny", "--version"])) {
        steps.step("dependencies", || {
            command::run(place.cargo().args(["deny", "--all-features", "check", "bans", "licenses", "sources"]))
        })?;
    } else {
        println!("\ncargo-deny is not installed: licences and sources of dependencies were not checked.");
    }
    println!("\n{}", steps.table());
    for line in summaries {
        println!("{line}");
    }
    Ok(())
}
