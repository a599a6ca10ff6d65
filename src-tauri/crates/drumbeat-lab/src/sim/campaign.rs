//! Many seeds at once, and what they add up to; and the exam of the simulation itself: each planted bug
//! must be found.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use drumbeat_model::crm::Vendor;
use drumbeat_model::planted::Bug;
use serde::Serialize;

use super::{Outcome, run};

/// Every so many seeds one is run twice; the two traces must be the same.
const TWICE: u64 = 50;
/// Failing seeds that a report names.
const NAMED: usize = 20;

/// What a campaign is asked to do.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Whose rules the CRM goes by.
    pub crm: Vendor,
    /// First seed.
    pub from: u64,
    /// How many.
    pub seeds: u64,
    /// Steps of each.
    pub steps: u32,
    /// Threads.
    pub threads: usize,
    /// Stop after this long, whatever is left.
    pub at_most: Option<Duration>,
}

/// A seed that failed.
#[derive(Debug, Clone, Serialize)]
pub struct Failed {
    /// The seed: the whole run follows from it.
    pub seed: u64,
    /// What did not hold.
    pub violations: Vec<String>,
}

/// What a campaign came to.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Summary {
    /// Whose rules the CRM went by.
    pub crm: Option<Vendor>,
    /// First seed.
    pub from: u64,
    /// Seeds run.
    pub seeds: u64,
    /// Steps of each.
    pub steps_each: u32,
    /// Seeds in which something did not hold.
    pub failures: u64,
    /// The first of them.
    pub failed: Vec<Failed>,
    /// Decisions saved.
    pub decisions: u64,
    /// Writes that reached the CRM.
    pub writes: u64,
    /// Seeds that were run twice, and how many of these went another way.
    pub replayed: u64,
    /// Replays that differed.
    pub diverged: u64,
    /// Rare states that were reached, and how often.
    pub reached: BTreeMap<&'static str, u64>,
    /// How long it took.
    pub seconds: f64,
}

impl Summary {
    /// Takes in the seeds that were run after these.
    pub fn add(&mut self, later: Self) {
        self.seeds += later.seeds;
        self.failures += later.failures;
        self.failed.extend(later.failed);
        self.failed.truncate(NAMED);
        self.decisions += later.decisions;
        self.writes += later.writes;
        self.replayed += later.replayed;
        self.diverged += later.diverged;
        for (what, times) in later.reached {
            *self.reached.entry(what).or_default() += times;
        }
        self.seconds += later.seconds;
    }
}

/// Runs the seeds of a plan.
///
/// # Errors
/// When the simulation cannot run at all.
pub fn campaign(plan: &Plan) -> Result<Summary, String> {
    let began = Instant::now();
    let next = AtomicU64::new(0);
    let stop = AtomicBool::new(false);
    let sum =
        Mutex::new(Summary { crm: Some(plan.crm), from: plan.from, steps_each: plan.steps, ..Summary::default() });
    let broken: Mutex<Option<String>> = Mutex::new(None);
    std::thread::scope(|scope| {
        for _ in 0..plan.threads.max(1) {
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= plan.seeds || plan.at_most.is_some_and(|most| began.elapsed() > most) {
                        break;
                    }
                    let seed = plan.from + number;
                    let twice = number.is_multiple_of(TWICE);
                    let done = run(plan.crm, seed, plan.steps, None).and_then(|one| {
                        Ok((one, if twice { Some(run(plan.crm, seed, plan.steps, None)?) } else { None }))
                    });
                    match done {
                        Ok((outcome, again)) => add(&sum, outcome, again.as_ref()),
                        Err(why) => {
                            stop.store(true, Ordering::Relaxed);
                            *broken.lock().unwrap_or_else(PoisonError::into_inner) =
                                Some(format!("seed {seed}: {why}"));
                        }
                    }
                }
            });
        }
    });
    if let Some(why) = broken.into_inner().unwrap_or_else(PoisonError::into_inner) {
        return Err(why);
    }
    let mut sum = sum.into_inner().unwrap_or_else(PoisonError::into_inner);
    sum.failed.sort_by_key(|failed| failed.seed);
    sum.failed.truncate(NAMED);
    sum.seconds = began.elapsed().as_secs_f64();
    Ok(sum)
}

fn add(sum: &Mutex<Summary>, outcome: Outcome, again: Option<&Outcome>) {
    let mut sum = sum.lock().unwrap_or_else(PoisonError::into_inner);
    sum.seeds += 1;
    sum.decisions += u64::try_from(outcome.decisions).unwrap_or_default();
    sum.writes += u64::try_from(outcome.writes).unwrap_or_default();
    for (what, times) in outcome.seen {
        *sum.reached.entry(what).or_default() += u64::from(times);
    }
    if let Some(again) = again {
        sum.replayed += 1;
        sum.diverged += u64::from(again.trace != outcome.trace);
    }
    if !outcome.violations.is_empty() {
        sum.failures += 1;
        sum.failed.push(Failed { seed: outcome.seed, violations: outcome.violations });
    }
}

/// How a planted bug fared.
#[derive(Debug, Clone, Serialize)]
pub struct Exam {
    /// Its number in the test programme.
    pub number: u8,
    /// Its name.
    pub bug: &'static str,
    /// Seeds until something did not hold; none when it was not found.
    pub seeds_to_find: Option<u64>,
    /// What did not hold there.
    pub by: Option<String>,
}

/// Looks for every planted bug, each for at most `seeds` seeds.
///
/// # Errors
/// When the simulation cannot run at all.
pub fn exam(crm: Vendor, from: u64, seeds: u64, steps: u32, threads: usize) -> Result<Vec<Exam>, String> {
    let left = Mutex::new(Bug::ALL.to_vec());
    let done: Mutex<Vec<Result<Exam, String>>> = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..threads.max(1) {
            scope.spawn(|| {
                while let Some(bug) = left.lock().unwrap_or_else(PoisonError::into_inner).pop() {
                    let found = sit(crm, bug, from, seeds, steps);
                    done.lock().unwrap_or_else(PoisonError::into_inner).push(found);
                }
            });
        }
    });
    let mut all: Vec<Exam> =
        done.into_inner().unwrap_or_else(PoisonError::into_inner).into_iter().collect::<Result<_, _>>()?;
    all.sort_by_key(|exam| exam.number);
    Ok(all)
}

fn sit(crm: Vendor, bug: Bug, from: u64, seeds: u64, steps: u32) -> Result<Exam, String> {
    for seed in from..from + seeds {
        // A bug may also break the run itself: a sync that never settles is found out, too.
        let by = match run(crm, seed, steps, Some(bug)) {
            Ok(outcome) => outcome.violations.into_iter().next(),
            Err(why) => Some(why),
        };
        if by.is_some() {
            return Ok(Exam { number: bug.number(), bug: bug.name(), seeds_to_find: Some(seed - from + 1), by });
        }
    }
    Ok(Exam { number: bug.number(), bug: bug.name(), seeds_to_find: None, by: None })
}
