//! `kill -9` torture: the real binary decides and syncs against a sandbox of its own process, and dies.
//!
//! The hard idea is who is believed. The sandbox's ledger is the only witness of what reached the CRM;
//! what a person was told is what the binary had printed before it died. A decision that was told saved
//! must be in the store after every kill, and at the end each op must be in the ledger exactly once or
//! wait for a person. Kills come at random moments and, where strace is installed, right before the Nth
//! write, sync, send or receive. It does not cut the power: what the disk had not written is for another
//! campaign.

pub mod house;
mod look;
mod round;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

use drumbeat_model::crm::Vendor;
use serde::Serialize;

use house::{Failure, strace};
use round::Round;

/// Kills on one workspace; then everything must settle, and another begins.
const ROUND: u32 = 100;
/// Violations that a report names.
const NAMED: usize = 40;

/// What a campaign is asked to do.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The binary, a lab build or not.
    pub binary: PathBuf,
    /// Whose CRM it decides and syncs with.
    pub crm: Vendor,
    /// Kills.
    pub cycles: u32,
    /// Where chance starts.
    pub seed: u64,
    /// Rounds side by side.
    pub threads: usize,
    /// Ops that the check is made to believe were told, to see it fail.
    pub invent: bool,
}

/// What a campaign came to.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Summary {
    /// Whose CRM it was.
    pub crm: Option<Vendor>,
    /// Runs that were to be killed.
    pub cycles: u32,
    /// Those that died of it; the others had ended before.
    pub killed: u32,
    /// Of these, right before a system call.
    pub at_calls: u32,
    /// What was killed, by command.
    pub commands: BTreeMap<String, u32>,
    /// Times that the store was opened and looked through after kills.
    pub looked: u32,
    /// Decisions that were told saved.
    pub told: u32,
    /// Decisions that were saved and not told: the process died in between.
    pub untold: u32,
    /// Decisions found only in the side journal, which wait for a word.
    pub recovered: u32,
    /// What the kills had interrupted, by what was found on disk and in the CRM, and how often.
    pub met: BTreeMap<String, u32>,
    /// Ops in the stores at the end.
    pub ops: u32,
    /// Writes in the CRMs' ledgers.
    pub writes: u32,
    /// Ops told saved and lost.
    pub lost: u32,
    /// Ops applied more than once.
    pub twice: u32,
    /// Ops that never settled.
    pub stuck: u32,
    /// What did not hold.
    pub violations: Vec<String>,
    /// Whether kills right before system calls could be made.
    pub strace: bool,
    /// How long it took.
    pub seconds: f64,
}

/// Kills and looks, as planned.
///
/// # Errors
/// When the processes cannot be started at all.
pub fn campaign(plan: &Plan) -> Result<Summary, Failure> {
    let began = Instant::now();
    let rounds: Vec<(u64, u32)> = (0..plan.cycles.div_ceil(ROUND))
        .map(|round| (plan.seed + u64::from(round), ROUND.min(plan.cycles - round * ROUND)))
        .collect();
    let next = std::sync::atomic::AtomicUsize::new(0);
    let sums = std::sync::Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..plan.threads.max(1) {
            scope.spawn(|| {
                while let Some((seed, cycles)) = rounds.get(next.fetch_add(1, std::sync::atomic::Ordering::Relaxed)) {
                    let sum = Round::run(plan, *seed, *cycles);
                    sums.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(sum);
                }
            });
        }
    });
    let mut sum = Summary { crm: Some(plan.crm), strace: strace().is_some(), ..Summary::default() };
    for one in sums.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner) {
        add(&mut sum, one?);
    }
    sum.violations.truncate(NAMED);
    sum.seconds = began.elapsed().as_secs_f64();
    Ok(sum)
}

fn add(sum: &mut Summary, one: Summary) {
    sum.cycles += one.cycles;
    sum.killed += one.killed;
    sum.at_calls += one.at_calls;
    one.commands.into_iter().for_each(|(name, times)| *sum.commands.entry(name).or_default() += times);
    one.met.into_iter().for_each(|(row, times)| *sum.met.entry(row).or_default() += times);
    sum.looked += one.looked;
    sum.told += one.told;
    sum.untold += one.untold;
    sum.recovered += one.recovered;
    sum.ops += one.ops;
    sum.writes += one.writes;
    sum.lost += one.lost;
    sum.twice += one.twice;
    sum.stuck += one.stuck;
    sum.violations.extend(one.violations);
}

/// The binary that is running: the lab build itself.
///
/// # Errors
/// When the system does not say.
pub fn this_binary() -> Result<PathBuf, Failure> {
    let path = std::env::current_exe().map_err(|error| error.to_string())?;
    // A rebuilt binary is shown as deleted; its path without the mark is the new one.
    Ok(Path::new(path.to_string_lossy().trim_end_matches(" (deleted)")).to_owned())
}
