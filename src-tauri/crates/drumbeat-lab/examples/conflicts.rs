//! Channel conflicts found against those that were planted: `conflicts [DEALS] [RUNS] [SEED]`, or `conflicts DIR` for
//! planting them in the sales data of a folder.
//!
//! The same as `drumbeat bench conflicts`, without the window's libraries.

#![allow(clippy::disallowed_methods, reason = "the lab measures")]

use drumbeat_sandbox::Source;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize, usual: u32| words.get(at).map_or(Ok(usual), |text| text.parse::<u32>());
    let data = match words.first() {
        Some(folder) if std::path::Path::new(folder).is_dir() => Source::Folder(folder.into()),
        _ => Source::Synthetic(number(0, 20_000)?),
    };
    let (runs, seed) = (number(1, 3)?, number(2, 7)?);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let report =
        runtime.block_on(drumbeat_lab::conflicts::measure(data, runs, seed.into())).map_err(|error| error.message)?;
    println!("{report:#}");
    Ok(())
}
