//! The main job on a folder of sales data that lives elsewhere: `maven DIR` prints what happened as
//! one JSON document.
//!
//! `cargo run -p drumbeat-tests --example maven -- DIR`, with the binary built first. It is the walk
//! that the tests of the command line make on their own small folder, under the CRM's real limits.

#[path = "../cli/crm.rs"]
mod crm;
#[path = "../cli/job.rs"]
mod job;

use kit::display::Desktop;
use std::process::ExitCode;

fn main() -> ExitCode {
    let Some(data) = std::env::args_os().nth(1).map(std::path::PathBuf::from) else {
        eprintln!("maven DIR: the main job on the CSV files in DIR");
        return ExitCode::from(2);
    };
    println!("{:#}", job::walk(&Desktop::start(), &data, &[]));
    ExitCode::SUCCESS
}
