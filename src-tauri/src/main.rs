//! Drumbeat: without a subcommand the window, with one the same use cases headless.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod cli;
mod sample;
mod window;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let args = cli::args::Args::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("Drumbeat cannot start: {error}");
            return ExitCode::from(1);
        }
    };
    match args.command {
        Some(_) => runtime.block_on(cli::run(args)),
        None => window::run(&args, &runtime),
    }
}
