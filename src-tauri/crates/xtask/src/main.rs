//! `cargo xtask`: what a developer or a build machine asks of this repository, in one word each.
//!
//! Rust, the C compiler that it links with and Node are all that must be there before: `run` and `test`
//! install the rest (Debian packages, npm packages, the WebDriver bridge), build, and then open the
//! window or run every test. Every command is a list of named steps; the first one that fails ends the command with
//! exit code 1 and its name. Nothing here is part of the shipped program, and nothing here may need
//! a crate: this is the program that fetches the others.
#![allow(
    clippy::disallowed_methods,
    reason = "a build tool's whole input is its environment; the rule is for the product's crates"
)]

mod binary;
mod check;
mod command;
mod gallery;
mod generated;
mod graph;
mod json;
mod place;
mod python;
mod session;
mod steps;
mod system;
mod tests;
mod ui;

use place::Place;
use std::process::ExitCode;
use steps::Steps;

const HELP: &str = "\
cargo xtask COMMAND

  run            install what is missing, build, open the window on the sample workspace
                 (without a display: run the demo)
  test           install what is missing, then run every test
  check          the fast loop: formatting, lints, crate graph, generated files, UI checks
  build [--lab]  the release binary; its path is the last line
  bundle         the .deb and .rpm packages; their paths are the last lines
  gallery DIR    a picture of every screen, light and dark, in two sizes, into DIR
  gen            write the generated files again
";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    if matches!(words.as_slice(), [] | ["help" | "--help" | "-h"]) {
        print!("{HELP}");
        return ExitCode::SUCCESS;
    }
    let place = match Place::find() {
        Ok(place) => place,
        Err(why) => {
            eprintln!("{why}");
            return ExitCode::FAILURE;
        }
    };
    let mut steps = Steps::default();
    let outcome = match words.as_slice() {
        ["run"] => binary::open_sample(&place, &mut steps),
        ["test"] => tests::run_everything(&place, &mut steps),
        ["check"] => check::run(&place, &mut steps),
        ["build"] => binary::release(&place, &mut steps, false),
        ["build", "--lab"] => binary::release(&place, &mut steps, true),
        ["bundle"] => binary::bundle(&place, &mut steps),
        ["gallery", directory] => gallery::take(&place, &mut steps, directory),
        ["gen"] => generated::write(&place, &mut steps),
        _ => {
            eprintln!("xtask does not know \"{}\".\n\n{HELP}", words.join(" "));
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\n{}{failure}", steps.table());
            ExitCode::FAILURE
        }
    }
}
