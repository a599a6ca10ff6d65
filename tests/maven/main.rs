//! The main job on a folder of sales data that lives elsewhere: `maven DIR [--salesforce] [--window]` prints what
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
#[path = "../window/names.rs"]
mod names;
#[path = "../window/job.rs"]
mod window;

use kit::display::Desktop;
use std::path::PathBuf;
use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    let words: Vec<_> = std::env::args_os().skip(1).collect();
    let Some((data, ways)) = words.split_first().filter(|(data, _)| !data.as_encoded_bytes().starts_with(b"--")) else {
        return usage();
    };
    let (desktop, data) = (Desktop::start(), PathBuf::from(data));
    let names = if ways.iter().any(|way| way == "--salesforce") { &names::SALESFORCE } else { &names::HUBSPOT };
    let report = match ways.iter().filter(|way| *way != "--salesforce").collect::<Vec<_>>().as_slice() {
        [] => job::walk(names.crm, &desktop, &data, &[]),
        [window] if *window == "--window" => window::walk(names, &desktop, &data, &[]).await,
        _ => return usage(),
    };
    println!("{report:#}");
    ExitCode::SUCCESS
}

fn usage() -> ExitCode {
    eprintln!("maven DIR [--salesforce] [--window]: the main job on the CSV files in DIR");
    ExitCode::from(2)
}
