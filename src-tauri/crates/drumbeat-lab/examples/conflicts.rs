//! Channel conflicts found against those that were planted: `conflicts [DEALS] [RUNS] [SEED]`.
//!
//! The same as `drumbeat bench conflicts`, without the window's libraries.

#![allow(clippy::disallowed_methods, reason = "the lab measures")]

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut numbers = std::env::args().skip(1).map(|text| text.parse::<u32>());
    let deals = numbers.next().transpose()?.unwrap_or(20_000);
    let runs = numbers.next().transpose()?.unwrap_or(3);
    let seed = numbers.next().transpose()?.unwrap_or(7);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let report =
        runtime.block_on(drumbeat_lab::conflicts::measure(deals, runs, seed.into())).map_err(|error| error.message)?;
    println!("{report:#}");
    Ok(())
}
