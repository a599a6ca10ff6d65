//! What `drumbeat bench match` measures, without the window around it: `matching [ACCOUNTS] [LOOKUPS]`.

fn main() -> Result<(), String> {
    let number = |at: usize, usual: u32| std::env::args().nth(at).and_then(|word| word.parse().ok()).unwrap_or(usual);
    let report = drumbeat_lab::matching::measure(number(1, 1_000_000), number(2, 1000)).map_err(|e| e.to_string())?;
    println!("{report:#}");
    Ok(())
}
