//! `kill -9` torture: the real binary decides and syncs against a sandbox of its own process, and dies.
//!
//! The hard idea is who is believed. The sandbox's ledger is the only witness of what reached the CRM;
//! what a person was told is what the binary had printed before it died. A decision that was told saved
//! must be in the store after every kill, and at the end each op must be in the ledger exactly once or
//! wait for a person. Kills come at random moments and, where strace is installed, right before the Nth
//! write, sync, send or receive. It does not cut the power: what the disk had not written is for another
//! campaign.

pub mod house;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use drumbeat_app::api::Nothing;
use drumbeat_app::doctor::doctor;
use drumbeat_model::change::{DecisionStatus, OpKind, OpState};
use drumbeat_model::ids::DecisionId;
use drumbeat_model::verdict::CheckOutcome;
use serde::Serialize;

use house::{Failure, House, PASSPHRASE, Ran, ran, strace};

/// Kills on one workspace; then everything must settle, and another begins.
const ROUND: u32 = 100;
const DEALS: u32 = 120;
/// Syncs after which everything must have settled.
const SETTLE: u32 = 10;
/// Violations that a report names.
const NAMED: usize = 40;

/// What a campaign is asked to do.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The binary, a lab build or not.
    pub binary: PathBuf,
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
    let mut sum = Summary { strace: strace().is_some(), ..Summary::default() };
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

/// What a person was told of a decision.
struct Told {
    id: DecisionId,
    registration: Option<String>,
    withdrawn: bool,
}

struct Round {
    house: House,
    dice: fastrand::Rng,
    seed: u64,
    sum: Summary,
    told: Vec<Told>,
    deals: Vec<String>,
    claims: Vec<String>,
    edits: u32,
    strace: Option<PathBuf>,
    /// How long a sync and a decision take when nobody kills them.
    usual: (Duration, Duration),
}

/// How a run is to die.
enum End {
    After(Duration),
    /// Right before the Nth of these calls.
    At(&'static str, u32),
}

impl Round {
    fn run(plan: &Plan, seed: u64, cycles: u32) -> Result<Summary, Failure> {
        let house = House::start(&plan.binary, DEALS, seed)?;
        let rows = |words: &[&str]| -> Result<Vec<String>, Failure> {
            let json = house.run(words)?.json().ok_or_else(|| format!("{words:?} lists nothing"))?;
            let ids = json["rows"].as_array().into_iter().flatten().filter_map(|row| row["id"].as_str());
            Ok(ids.map(str::to_owned).collect())
        };
        let deals = rows(&["deals", "list", "--outcome", "open", "--limit", "60"])?;
        let claims = rows(&["registrations", "list", "--limit", "200"])?;
        if deals.is_empty() {
            return Err("the CRM has no open deals".to_owned());
        }
        let took = |words: &[&str]| {
            let began = Instant::now();
            house.run(words).map(|_| began.elapsed())
        };
        let usual = (took(&["sync"])?, took(&["status"])? * 2);
        let mut round = Self {
            house,
            dice: fastrand::Rng::with_seed(seed),
            seed,
            sum: Summary::default(),
            told: Vec::new(),
            deals,
            claims,
            edits: 0,
            strace: strace(),
            usual,
        };
        for _ in 0..cycles {
            round.cycle()?;
        }
        if plan.invent {
            round.told.push(Told { id: DecisionId::from("invented"), registration: None, withdrawn: false });
        }
        round.settle()?;
        Ok(round.sum)
    }

    fn violation(&mut self, what: impl std::fmt::Display) {
        self.sum.violations.push(format!("seed {}, kill {}: {what}", self.seed, self.sum.cycles));
    }

    /// One run that is to die, and now and then a look at what it left behind.
    fn cycle(&mut self) -> Result<(), Failure> {
        self.sum.cycles += 1;
        // A full outbox is what a sync can lose.
        if self.dice.u8(0..3) > 0 {
            let (name, words, registration) = self.command(false);
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let ran = self.house.run(&words)?;
            if ran.broke() {
                self.violation(format!("{name} broke: {}", ran.stderr));
            }
            self.hear(name, &ran, registration);
        }
        let (name, words, registration) = self.command(true);
        let usual = if name == "sync" { self.usual.0 } else { self.usual.1 };
        let end = match self.dice.u8(0..10) {
            0..4 if self.strace.is_some() => {
                let calls = [
                    ("pwrite64,fdatasync,fsync,ftruncate", 60),
                    ("write,writev,sendto", 40),
                    ("recvfrom,read", 150),
                    ("unlink,unlinkat,rename,openat,fcntl", 150),
                ];
                let (calls, most) = calls[self.dice.usize(0..calls.len())];
                End::At(calls, self.dice.u32(1..most))
            }
            _ => {
                let most = if self.dice.u8(0..5) == 0 { 800 } else { usual.as_millis().clamp(10, 800) };
                End::After(Duration::from_millis(self.dice.u64(5..=u64::try_from(most).unwrap_or(800))))
            }
        };
        let (ran, killed) = self.die(&words, &end)?;
        self.sum.killed += u32::from(killed);
        self.sum.at_calls += u32::from(killed && matches!(end, End::At(..)));
        if killed {
            *self.sum.commands.entry(name.to_owned()).or_default() += 1;
        }
        if ran.broke() {
            self.violation(format!("{name} broke: {}", ran.stderr));
        }
        self.hear(name, &ran, registration);
        // Kills in a row show what a recovery leaves that is killed itself.
        if self.dice.u8(0..10) < 7 {
            self.look();
        }
        if self.dice.u8(0..4) == 0 {
            self.house.wait(130)?;
        }
        Ok(())
    }

    /// The next command; one that decides, unless it may also be a sync.
    fn command(&mut self, or_sync: bool) -> (&'static str, Vec<String>, Option<String>) {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        self.edits += 1;
        let claim = self.claims.last().cloned();
        let undoable = self.told.iter().rev().find(|told| told.registration.is_some() && !told.withdrawn);
        let undoable = undoable.and_then(|told| told.registration.clone());
        match (self.dice.u8(if or_sync { 0..20 } else { 9..20 }), claim, undoable) {
            (0..9, _, _) => ("sync", words(&["sync"]), None),
            (9..12, Some(claim), _) => {
                self.claims.pop();
                let text = format!("What about item {}?", self.edits);
                let act: &[&str] = match self.dice.u8(0..3) {
                    0 => &["approve", "--reason", "They know the customer"],
                    1 => &["decline", "--reason", "duplicate"],
                    _ => &["ask", "--question", &text],
                };
                let all = [&["registrations", "decide", &claim][..], act].concat();
                ("decide", words(&all), Some(claim))
            }
            (12, _, Some(claim)) => ("undo", words(&["registrations", "decide", &claim, "undo"]), Some(claim)),
            (13, _, _) => ("audit", words(&["audit", "verify"]), None),
            _ => {
                let deal = self.deals[self.dice.usize(0..self.deals.len())].clone();
                let set = format!("next_step=Call them, {} of seed {}", self.edits, self.seed);
                ("edit", words(&["deals", "edit", &deal, "--set", &set, "--reason", "It is agreed"]), None)
            }
        }
    }

    fn die(&self, words: &[String], end: &End) -> Result<(Ran, bool), Failure> {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let input = format!("{PASSPHRASE}\n");
        match (end, &self.strace) {
            (End::At(calls, number), Some(strace)) => {
                let inject = format!("inject={calls}:signal=SIGKILL:when={number}");
                let trace = format!("trace={calls}");
                let out = self.house.path("strace.out");
                let out = out.to_string_lossy();
                let before = ["-f", "-qq", "-o", &*out, "-e", &trace, "-e", &inject];
                let ran = ran(&mut self.house.under(strace, &before, &words), &input)?;
                let killed = ran.code.is_none();
                Ok((ran, killed))
            }
            (End::At(..), None) => Err("strace is not there".to_owned()),
            (End::After(wait), _) => {
                let mut command = self.house.command(&words);
                let mut child = command
                    .stdin(Stdio::piped())
                    .stdout(Stdio::piped())
                    .stderr(Stdio::piped())
                    .spawn()
                    .map_err(|error| error.to_string())?;
                let _ = child.stdin.take().map(|mut pipe| std::io::Write::write_all(&mut pipe, input.as_bytes()));
                // Chance is the point here: nothing is waited for.
                std::thread::sleep(*wait);
                let _ = child.kill();
                let output = child.wait_with_output().map_err(|error| error.to_string())?;
                let ran = Ran {
                    code: output.status.code(),
                    stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
                    stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
                };
                let killed = ran.code.is_none();
                Ok((ran, killed))
            }
        }
    }

    /// What the person read before it died.
    fn hear(&mut self, name: &str, ran: &Ran, registration: Option<String>) {
        let Some(json) = ran.json() else { return };
        match name {
            "undo" if json.is_null() => {
                for told in self.told.iter_mut().filter(|told| told.registration == registration) {
                    told.withdrawn = true;
                }
            }
            _ => {
                if let Some(id) = json["decision"].as_str() {
                    self.sum.told += 1;
                    self.told.push(Told { id: DecisionId::from(id), registration, withdrawn: false });
                }
            }
        }
    }

    /// Opens the workspace as the window does and looks it through.
    fn look(&mut self) {
        self.sum.looked += 1;
        let (app, ws) = match self.house.open() {
            Ok(open) => open,
            Err(why) => return self.violation(format!("I21, I22: it does not open: {why}")),
        };
        match doctor(&app, Nothing {}) {
            Ok(findings) => {
                for finding in findings {
                    let is_wrong = finding.outcome == CheckOutcome::Fail
                        || finding.check == "copy" && finding.outcome != CheckOutcome::Pass;
                    if is_wrong {
                        self.violation(format!("I18, I22: {}: {}", finding.check, finding.text));
                    }
                }
            }
            Err(error) => self.violation(format!("the doctor: {}", error.message)),
        }
        let mut wrong = Vec::new();
        let ops = ws.store.read(|r| r.ops_in(OpState::ALL));
        let with_ops: BTreeSet<DecisionId> =
            ops.map(|ops| ops.into_iter().map(|op| op.decision).collect()).unwrap_or_default();
        for told in &self.told {
            match ws.store.read(|r| r.decision(&told.id)) {
                Ok(Some(decision)) if told.withdrawn && decision.status != DecisionStatus::Withdrawn => {
                    wrong.push(format!("told taken back, it is {}: {}", decision.status.name(), decision.title));
                }
                Ok(Some(_)) if with_ops.contains(&told.id) => {}
                Ok(_) => wrong.push(format!("I1: told saved and lost: {}", told.id)),
                Err(error) => wrong.push(format!("a decision cannot be read: {error}")),
            }
        }
        self.sum.lost += u32::try_from(wrong.iter().filter(|what| what.starts_with("I1")).count()).unwrap_or_default();
        wrong.into_iter().for_each(|what| self.violation(what));
    }

    /// Nobody dies any more: everything must come to an end, and the ledger must say the same as the store.
    fn settle(&mut self) -> Result<(), Failure> {
        for _ in 0..SETTLE {
            self.house.wait(130)?;
            let ran = self.house.run(&["sync"])?;
            if !matches!(ran.code, Some(0 | 3)) {
                self.violation(format!("a sync at the end: {ran:?}"));
            }
            if self.open_ops()? == 0 {
                break;
            }
        }
        self.look();
        self.wrong_key();
        let (_app, ws) = self.house.open()?;
        let ops = ws.store.read(|r| r.ops_in(OpState::ALL)).map_err(|error| error.to_string())?;
        let recovered = ws.store.recovered().map_err(|error| error.to_string())?;
        self.sum.recovered += u32::try_from(recovered.len()).unwrap_or_default();
        if recovered.iter().any(|one| one.was_saved) {
            self.violation("I1: the journal has a decision that was saved and the store has not");
        }
        let decisions: BTreeSet<&DecisionId> = ops.iter().map(|op| &op.decision).collect();
        let told: BTreeSet<&DecisionId> = self.told.iter().map(|told| &told.id).collect();
        self.sum.untold += u32::try_from(decisions.difference(&told).count()).unwrap_or_default();
        self.sum.ops += u32::try_from(ops.len()).unwrap_or_default();
        drop(ws);
        let ledger = self.house.ledger()?;
        let mut applied: BTreeMap<String, u32> = BTreeMap::new();
        for entry in ledger.iter().filter(|entry| entry["kind"] != "associate") {
            self.sum.writes += 1;
            match entry["op_marker"].as_str().and_then(|mark| mark.split('#').next()) {
                Some(op) => *applied.entry(op.to_owned()).or_default() += 1,
                None => self.violation(format!("I2: a write without a mark: {entry}")),
            }
        }
        let known: BTreeSet<&str> = ops.iter().map(|op| op.id.as_str()).collect();
        let strangers: Vec<String> = applied.keys().filter(|op| !known.contains(op.as_str())).cloned().collect();
        strangers.iter().for_each(|op| self.violation(format!("I1: the CRM has op {op} and the store does not")));
        for op in &ops {
            let times = applied.get(op.id.as_str()).copied().unwrap_or_default();
            let evidence: Vec<&str> = op.evidence.iter().map(|seen| seen.text.as_str()).collect();
            let is_link = matches!(op.kind, OpKind::Link { .. });
            let expected = u32::from(op.state == OpState::Done && !is_link);
            self.sum.twice += u32::from(times > 1);
            self.sum.stuck += u32::from(!op.state.is_final() && !op.state.needs_person());
            if times != expected || !op.state.is_final() && !op.state.needs_person() {
                let state = op.state.name();
                self.violation(format!("op {} is {state} and was applied {times} times: {evidence:?}", op.id));
            }
        }
        Ok(())
    }

    fn open_ops(&self) -> Result<usize, Failure> {
        let (_app, ws) = self.house.open()?;
        let ops = ws.store.read(|r| r.ops_in(OpState::ALL)).map_err(|error| error.to_string())?;
        Ok(ops.iter().filter(|op| !op.state.is_final() && !op.state.needs_person()).count())
    }

    /// I21: another passphrase opens nothing and changes nothing.
    fn wrong_key(&mut self) {
        let file = self.house.workspace().join("store.db");
        let before = std::fs::read(&file).unwrap_or_default();
        let ran = ran(&mut self.house.command(&["status"]), "another passphrase\n");
        if ran.is_ok_and(|ran| ran.code == Some(0)) || std::fs::read(&file).unwrap_or_default() != before {
            self.violation("I21: another passphrase opened it or changed it");
        }
    }
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
