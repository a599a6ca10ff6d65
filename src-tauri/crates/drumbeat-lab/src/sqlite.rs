//! Faults of the disk under the write paths of a decision: full, failing, locked, at the Nth call.
//!
//! The hard idea: the binary that ships is struck from outside. strace makes the Nth system call on the
//! workspace's files fail, for N = 1 until the command runs clean, once or from then on. Afterwards the
//! store has the old state or the new one, opens sound, and is what the person was told: told saved is
//! saved, told an error is not. Without strace there is no campaign, and the summary says so. It does not
//! cut the power and does not flip bits: that is for another campaign.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use drumbeat_model::change::{Op, OpState};
use drumbeat_model::crm::Vendor;
use serde::Serialize;

use crate::kill::house::{Failure, House, PASSPHRASE, Ran, ran, strace};

const DEALS: u32 = 30;
/// More calls of a kind than any of these commands makes.
const MOST: u32 = 400;
/// Houses side by side: a lock that is not given is mostly waited for.
const THREADS: usize = 4;
/// No command may take longer, whatever fails.
const LONGEST: Duration = Duration::from_secs(30);
const NAMED: usize = 60;
/// The files of a workspace that a decision goes through.
const FILES: &[&str] = &["store.db", "store.db-wal", "store.db-shm", "store.db-journal", "outbox.journal"];

/// One way to fail.
#[derive(Debug, Clone, Copy)]
struct Fault {
    name: &'static str,
    calls: &'static str,
    error: &'static str,
    /// The message ids that it may be told by.
    ids: &'static [&'static str],
}

const DISK: &[&str] = &["disk.full", "disk.not_written"];
const FAULTS: &[Fault] = &[
    Fault { name: "full on write", calls: "pwrite64,write,writev", error: "ENOSPC", ids: DISK },
    Fault { name: "i/o error on write", calls: "pwrite64,write,writev", error: "EIO", ids: DISK },
    Fault { name: "i/o error on sync", calls: "fdatasync,fsync", error: "EIO", ids: DISK },
    Fault { name: "full on growing", calls: "ftruncate,fallocate", error: "ENOSPC", ids: DISK },
    Fault { name: "i/o error on truncating", calls: "ftruncate", error: "EIO", ids: DISK },
    Fault { name: "i/o error on read", calls: "pread64,read", error: "EIO", ids: &["disk.not_read"] },
    Fault { name: "no shared memory", calls: "mmap", error: "ENOMEM", ids: &["disk.not_written", "memory.full"] },
    Fault { name: "cannot open", calls: "openat", error: "EACCES", ids: &["store.read_only"] },
    Fault { name: "locked", calls: "fcntl", error: "EAGAIN", ids: &["store.busy"] },
];

/// What a campaign is asked to do.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The binary.
    pub binary: PathBuf,
    /// At most so many calls of each kind.
    pub most: u32,
    /// Only the first so many commands.
    pub commands: usize,
    /// Houses side by side.
    pub threads: usize,
    /// Count every run as one that was told saved, to see the check fail.
    pub lie: bool,
}

impl Plan {
    /// Everything.
    #[must_use]
    pub fn whole(binary: PathBuf) -> Self {
        Self { binary, most: MOST, commands: usize::MAX, threads: THREADS, lie: false }
    }
}

/// One command under one fault.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Row {
    /// The command.
    pub command: &'static str,
    /// What failed.
    pub fault: &'static str,
    /// From the Nth call on, or only the Nth.
    pub sticky: bool,
    /// Runs in which a call failed.
    pub runs: u32,
    /// Runs that saved all the same.
    pub saved: u32,
    /// Runs that were refused, by message id.
    pub refused: BTreeMap<String, u32>,
    /// What the person was told, by message id.
    pub sentences: BTreeMap<String, BTreeSet<String>>,
    /// More calls could have failed than the plan allows.
    pub cut_short: bool,
    /// Runs after which the decision waits in the side journal for a word.
    pub recovered: u32,
}

/// What a campaign came to.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Summary {
    /// Why nothing was run, if nothing was.
    pub not_run: Option<String>,
    /// Runs in which a call failed.
    pub runs: u32,
    /// What did not hold.
    pub violations: Vec<String>,
    /// By command and fault.
    pub rows: Vec<Row>,
    /// How long it took.
    pub seconds: f64,
}

/// How a store stands: decisions, ops.
type State = (usize, usize);

/// How many commands there are.
const CASES: usize = 3;

struct Case {
    name: &'static str,
    words: Vec<String>,
}

/// Strikes the commands, as planned.
///
/// # Errors
/// When the processes cannot be started at all.
pub fn campaign(plan: &Plan) -> Result<Summary, Failure> {
    let began = Instant::now();
    let mut sum = Summary::default();
    let Some(strace) = strace() else {
        sum.not_run = Some("strace is not installed: no call was made to fail".to_owned());
        return Ok(sum);
    };
    let jobs: Vec<(usize, &Fault, bool)> = (0..CASES.min(plan.commands))
        .flat_map(|case| FAULTS.iter().flat_map(move |fault| [(case, fault, false), (case, fault, true)]))
        .collect();
    let (next, done) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..plan.threads.clamp(1, jobs.len().max(1)) {
            scope.spawn(|| {
                let mut ended = Vec::new();
                let worked = work(
                    plan,
                    &strace,
                    || {
                        let at = next.fetch_add(1, Ordering::Relaxed);
                        jobs.get(at).map(|job| (at, *job))
                    },
                    &mut ended,
                );
                let mut done = done.lock().unwrap_or_else(PoisonError::into_inner);
                done.extend(ended.into_iter().map(Ok));
                done.extend(worked.err().map(Err));
            });
        }
    });
    let done: Result<Vec<_>, Failure> = done.into_inner().unwrap_or_else(PoisonError::into_inner).into_iter().collect();
    let mut done = done?;
    done.sort_by_key(|(at, ..)| *at);
    for (_, row, wrong) in done {
        sum.runs += row.runs;
        sum.rows.push(row);
        sum.violations.extend(wrong);
    }
    let left = sum.violations.len().saturating_sub(NAMED);
    sum.violations.truncate(NAMED);
    if left > 0 {
        sum.violations.push(format!("and {left} more"));
    }
    sum.seconds = began.elapsed().as_secs_f64();
    Ok(sum)
}

/// A row and what did not hold in it, with its place among the rows.
type Ended = (usize, Row, Vec<String>);

/// Does jobs in a house of its own until none is left.
fn work<'f>(
    plan: &Plan,
    strace: &Path,
    next: impl Fn() -> Option<(usize, (usize, &'f Fault, bool))>,
    ended: &mut Vec<Ended>,
) -> Result<(), Failure> {
    let house = House::start(&plan.binary, Vendor::Hubspot, DEALS, 7)?;
    let before = house.path("before");
    copy(&house.workspace(), &before)?;
    let cases = cases(&house)?;
    let mut clean: BTreeMap<usize, (State, State)> = BTreeMap::new();
    while let Some((place, (at, fault, sticky))) = next() {
        let case = cases.get(at).ok_or("no such case")?;
        let words: Vec<&str> = case.words.iter().map(String::as_str).collect();
        let states = match clean.get(&at) {
            Some(known) => *known,
            None => *clean.entry(at).or_insert(states(&house, &before, case.name, &words)?),
        };
        let mut row = Row { command: case.name, fault: fault.name, sticky, cut_short: true, ..Row::default() };
        let mut violations = Vec::new();
        for number in 1..=plan.most {
            restore(&before, &house.workspace())?;
            let told = format!("{} ({}, call {number}{})", case.name, fault.name, if sticky { "+" } else { "" });
            let (ran, struck, took) = strike(&house, strace, fault, number, sticky, &words)?;
            if !struck {
                row.cut_short = false;
                break;
            }
            row.runs += 1;
            let wrong = judge(plan, &house, &ran, took, fault, states, &mut row);
            violations.extend(wrong.into_iter().map(|what| format!("{told}: {what}")));
        }
        ended.push((place, row, violations));
    }
    Ok(())
}

/// How the store stands before and after the command, when nothing fails.
fn states(house: &House, before: &Path, name: &str, words: &[&str]) -> Result<(State, State), Failure> {
    restore(before, &house.workspace())?;
    let (old, _) = state(house)?;
    let clean = house.run(words)?;
    let (new, _) = state(house)?;
    if clean.code != Some(0) || new == old {
        return Err(format!("{name} saves nothing: {clean:?}"));
    }
    Ok((old, new))
}

fn cases(house: &House) -> Result<[Case; CASES], Failure> {
    let first = |words: &[&str], at: usize| -> Result<String, Failure> {
        let json = house.run(words)?.json().unwrap_or_default();
        json["rows"][at]["id"].as_str().map(str::to_owned).ok_or_else(|| format!("{words:?} lists too little"))
    };
    let claim = first(&["registrations", "list", "--limit", "5"], 0)?;
    let deal = first(&["deals", "list", "--outcome", "open", "--limit", "5"], 0)?;
    let case = |name, words: &[&str]| Case { name, words: words.iter().map(|word| (*word).to_owned()).collect() };
    Ok([
        case("ask", &["registrations", "decide", &claim, "ask", "--question", "Which site is it for?"]),
        case("approve", &["registrations", "decide", &claim, "approve", "--reason", "They know the customer"]),
        case("edit", &["deals", "edit", &deal, "--set", "next_step=Call them about it", "--reason", "It is agreed"]),
    ])
}

/// Runs the command with its Nth call on the workspace's files failing; whether one failed, and how long it took.
fn strike(
    house: &House,
    strace: &Path,
    fault: &Fault,
    number: u32,
    sticky: bool,
    words: &[&str],
) -> Result<(Ran, bool, Duration), Failure> {
    let out = house.path("strace.out");
    let sign = if sticky { "+" } else { "" };
    let mut before: Vec<String> = ["-f", "-qq", "-o"].map(str::to_owned).to_vec();
    before.push(out.to_string_lossy().into_owned());
    for file in FILES {
        before.extend(["-P".to_owned(), house.workspace().join(file).to_string_lossy().into_owned()]);
    }
    before.extend(["-e".to_owned(), format!("trace={}", fault.calls)]);
    before.extend(["-e".to_owned(), format!("inject={}:error={}:when={number}{sign}", fault.calls, fault.error)]);
    let began = Instant::now();
    let ran = ran(&mut house.under(strace, &before, words), &format!("{PASSPHRASE}\n"))?;
    let took = began.elapsed();
    let struck = std::fs::read_to_string(&out).unwrap_or_default().contains("(INJECTED)");
    Ok((ran, struck, took))
}

fn judge(
    plan: &Plan,
    house: &House,
    ran: &Ran,
    took: Duration,
    fault: &Fault,
    (old, new): (State, State),
    row: &mut Row,
) -> Vec<String> {
    let mut wrong = Vec::new();
    if ran.broke() || ran.code.is_none() {
        wrong.push(format!("it broke: {ran:?}"));
    }
    if took > LONGEST {
        wrong.push(format!("it took {took:.0?}"));
    }
    let json = ran.json().unwrap_or_default();
    let told_saved = plan.lie || ran.code == Some(0) && json["decision"].is_string();
    let error = &json["error"];
    if !told_saved {
        let id = error["id"].as_str().unwrap_or("none").to_owned();
        let words = ["message", "kept", "next"].map(|part| error[part].as_str().unwrap_or_default());
        if words.iter().any(|part| part.is_empty()) {
            wrong.push(format!("a part of the sentence is missing: {ran:?}"));
        }
        if !fault.ids.contains(&id.as_str()) {
            wrong.push(format!("it is told as {id} ({}), exit code {:?}", words[0], ran.code));
        }
        if id.starts_with("disk.") && ran.code != Some(3) {
            wrong.push(format!("{id} ended with exit code {:?}", ran.code));
        }
        row.sentences.entry(id.clone()).or_default().insert(words[0].to_owned());
        *row.refused.entry(id).or_default() += 1;
    }
    match state(house) {
        Ok((now, recovered)) => {
            row.recovered += u32::from(recovered > 0);
            let expected = if told_saved { new } else { old };
            if now != old && now != new {
                wrong.push(format!("it is between: {now:?} of {old:?} and {new:?}"));
            } else if now != expected {
                wrong.push(format!("told {}, the store has {now:?} of {old:?} and {new:?}", error["id"]));
            }
            row.saved += u32::from(now == new);
        }
        Err(why) => wrong.push(why),
    }
    wrong
}

/// How the store stands, and how many decisions wait in the side journal; an error when it is not sound.
fn state(house: &House) -> Result<(State, usize), Failure> {
    let (_app, ws) = house.open().map_err(|why| format!("it does not open: {why}"))?;
    let problems = ws.store.integrity().map_err(|error| error.to_string())?;
    if let Some(problem) = problems.first() {
        return Err(format!("the store is not sound: {problem}"));
    }
    let read = ws.store.read(|r| Ok((r.verify_audit()?, r.ops_in(OpState::ALL)?)));
    let (audit, ops) = read.map_err(|error| error.to_string())?;
    if !audit.intact {
        return Err(format!("the audit trail does not hold: {:?}", audit.problem));
    }
    let decisions: BTreeSet<&str> = ops.iter().map(|op: &Op| op.decision.as_str()).collect();
    let recovered = ws.store.recovered().map_err(|error| error.to_string())?.len();
    Ok(((decisions.len(), ops.len()), recovered))
}

fn copy(from: &Path, to: &Path) -> Result<(), Failure> {
    std::fs::create_dir_all(to).map_err(|error| error.to_string())?;
    for entry in std::fs::read_dir(from).map_err(|error| error.to_string())? {
        let entry = entry.map_err(|error| error.to_string())?;
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), target).map_err(|error| error.to_string())?;
        }
    }
    Ok(())
}

fn restore(from: &Path, to: &Path) -> Result<(), Failure> {
    std::fs::remove_dir_all(to).map_err(|error| error.to_string())?;
    copy(from, to)
}
