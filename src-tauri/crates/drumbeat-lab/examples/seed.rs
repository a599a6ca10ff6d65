//! Runs seeds and says what came of them: `seed FROM COUNT [STEPS] [BUG]`.

use drumbeat_lab::sim;
use drumbeat_model::planted::Bug;

fn main() -> Result<(), String> {
    let mut args = std::env::args().skip(1);
    let mut number = |default: u64| args.next().and_then(|text| text.parse().ok()).unwrap_or(default);
    let (from, count, steps) = (number(1), number(10), number(60));
    let bug = std::env::args().nth(4).and_then(|name| Bug::ALL.iter().copied().find(|bug| bug.name() == name));
    let began = std::time::Instant::now();
    let (mut bad, mut writes, mut decisions) = (0, 0, 0);
    for seed in from..from + count {
        let outcome = sim::run(seed, u32::try_from(steps).unwrap_or(60), bug)?;
        writes += outcome.writes;
        decisions += outcome.decisions;
        if !outcome.violations.is_empty() {
            bad += 1;
            println!("seed {seed}:");
            for line in outcome.violations.iter().take(6) {
                println!("  {line}");
            }
        }
    }
    println!(
        "{count} seeds, {bad} bad, {decisions} decisions, {writes} writes, {:.1} seeds/s",
        f64::from(u32::try_from(count).unwrap_or(u32::MAX)) / began.elapsed().as_secs_f64()
    );
    Ok(())
}
