//! Runs seeds and says what came of them, against `hubspot` or `salesforce`: `seed CRM FROM COUNT [STEPS] [BUG]`;
//! `seed CRM exam FROM COUNT` looks for every planted bug; `seed CRM report FROM COUNT FILE [STEPS]` runs a campaign and
//! keeps it in that report. For working on the simulation; the campaigns are `drumbeat torture`.

use drumbeat_lab::report;
use drumbeat_lab::sim::campaign::Plan;
use drumbeat_lab::sim::{self, campaign};
use drumbeat_model::crm::Vendor;
use drumbeat_model::planted::Bug;

/// Seeds between two writes of the report.
const AT_ONCE: usize = 1000;

fn main() -> Result<(), String> {
    let mut args: Vec<String> = std::env::args().skip(1).collect();
    let crm = match args.first().map(String::as_str) {
        Some("hubspot") => Vendor::Hubspot,
        Some("salesforce") => Vendor::Salesforce,
        _ => return Err("which CRM?".to_owned()),
    };
    args.remove(0);
    let number = |at: usize, default: u64| args.get(at).and_then(|text| text.parse().ok()).unwrap_or(default);
    if args.first().is_some_and(|word| word == "exam") {
        for exam in campaign::exam(crm, number(1, 1), number(2, 500), sim::STEPS, 1)? {
            println!("{} {} {:?} {}", exam.number, exam.bug, exam.seeds_to_find, exam.by.unwrap_or_default());
        }
        return Ok(());
    }
    if args.first().is_some_and(|word| word == "report") {
        let (from, end) = (number(1, 1), number(1, 1) + number(2, 1000));
        let file = args.get(3).ok_or("seed report FROM COUNT FILE [STEPS]")?;
        let steps = u32::try_from(number(4, sim::STEPS.into())).unwrap_or(sim::STEPS);
        let mut sum: Option<campaign::Summary> = None;
        // Kept as it goes: a campaign of hours that ends early has still run what it has run.
        for at in (from..end).step_by(AT_ONCE) {
            let seeds = (end - at).min(AT_ONCE as u64);
            let plan = Plan { crm, from: at, seeds, steps, threads: 2, at_most: None };
            let done = campaign::campaign(&plan)?;
            done.failed.iter().for_each(|failed| println!("seed {}: {:?}", failed.seed, failed.violations.first()));
            match &mut sum {
                Some(sum) => sum.add(done),
                None => sum = Some(done),
            }
            let section = if crm == Vendor::Salesforce { "sim_salesforce" } else { "sim" };
            report::put(file.as_ref(), section, &sum)?;
        }
        return Ok(());
    }
    let (from, count, steps) = (number(0, 1), number(1, 10), number(2, sim::STEPS.into()));
    let bug = args.get(3).and_then(|name| Bug::ALL.iter().copied().find(|bug| bug.name() == name));
    let (mut bad, mut writes, mut decisions) = (0, 0, 0);
    for seed in from..from + count {
        let outcome = sim::run(crm, seed, u32::try_from(steps).unwrap_or(sim::STEPS), bug)?;
        writes += outcome.writes;
        decisions += outcome.decisions;
        if !outcome.violations.is_empty() {
            bad += 1;
            println!("seed {seed}:");
            outcome.violations.iter().take(6).for_each(|line| println!("  {line}"));
        }
    }
    println!("{count} seeds, {bad} bad, {decisions} decisions, {writes} writes");
    Ok(())
}
