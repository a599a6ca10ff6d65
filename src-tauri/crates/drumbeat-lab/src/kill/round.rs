//! A round of kills on one workspace: what is run, how it dies, and what a person read before that.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::{Duration, Instant};

use drumbeat_model::ids::{DecisionId, OpId};

use super::house::{Failure, House, PASSPHRASE, Ran, ran, strace};
use super::{Plan, Summary};

const DEALS: u32 = 120;

/// What a person was told of a decision.
pub(super) struct Told {
    pub id: DecisionId,
    pub registration: Option<String>,
    pub withdrawn: bool,
}

/// One workspace, its CRM and everything that was said.
pub(super) struct Round {
    pub house: House,
    dice: fastrand::Rng,
    seed: u64,
    pub sum: Summary,
    pub told: Vec<Told>,
    deals: Vec<String>,
    claims: Vec<String>,
    edits: u32,
    /// Ops that were found in the middle of something, once for each sending.
    pub met: BTreeSet<(OpId, u32, &'static str)>,
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
    /// Kills and looks so often, and lets everything settle.
    pub fn run(plan: &Plan, seed: u64, cycles: u32) -> Result<Summary, Failure> {
        let house = House::start(&plan.binary, plan.crm, DEALS, seed)?;
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
            met: BTreeSet::new(),
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

    /// Something does not hold.
    pub fn violation(&mut self, what: impl std::fmt::Display) {
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
}
