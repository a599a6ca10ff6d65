//! The main job on a folder of sales data that lives elsewhere: `maven DIR [--salesforce | --window]` prints what
//! happened as one JSON document, through the command line or, by keyboard, through the window.
//!
//! `cargo run -p drumbeat-tests --example maven -- DIR`, with the binary built first. These are the
//! walks that the tests make on their own small folder, here under the CRM's real limits.

#[path = "../cli/crm.rs"]
mod crm;
#[path = "../window/hand.rs"]
mod hand;
#[path = "../cli/job.rs"]
mod job;
#[path = "../window/job.rs"]
mod window;

use kit::display::Desktop;
use std::path::PathBuf;
use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    let words: Vec<_> = std::env::args_os().skip(1).collect();
    let report = match words.as_slice() {
        [data] => job::walk("hubspot", &Desktop::start(), &PathBuf::from(data), &[]),
        [data, crm] if crm == "--salesforce" => job::walk("salesforce", &Desktop::start(), &PathBuf::from(data), &[]),
        [data, window] if window == "--window" => window::walk(&Desktop::start(), &PathBuf::from(data), &[]).await,
        _ => {
            eprintln!("maven DIR [--salesforce | --window]: the main job on the CSV files in DIR");
            return ExitCode::from(2);
        }
    };
    println!("{report:#}");
    ExitCode::SUCCESS
}
