//! Hostile files by the million: tables, mails and policies, changed at random, for so many seconds each.
//!
//! `cargo run -p drumbeat-tests --example fuzz -- [SECONDS [SEED]]`. Each target is a plain function of bytes; the
//! driver keeps a corpus built here, changes its members by small and large cuts, copies, repeats and words of the
//! format, and keeps what is read further. A panic ends it with the input as hex, a slow input likewise. The seeds
//! are fixed, so a failure is found again. It is a mutation loop of our own and knows nothing of coverage.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod seeds;
mod targets;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use fastrand::Rng;

/// No input of this size may take longer, also on a busy machine.
const SLOW: Duration = Duration::from_secs(10);
/// Longest input that is made.
const LONGEST: usize = 64 * 1024;
/// Inputs that are kept.
const KEPT: usize = 2000;

/// One target: its name, what it does with bytes (a rough measure of how far it got), its words, its corpus.
pub struct Target {
    name: &'static str,
    run: fn(&[u8]) -> u64,
    words: &'static [&'static str],
    corpus: fn() -> Vec<Vec<u8>>,
}

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let seconds: u64 = words.next().and_then(|word| word.parse().ok()).unwrap_or(30);
    let seed: u64 = words.next().and_then(|word| word.parse().ok()).unwrap_or(7);
    // The driver tells a panic itself, once, with its input.
    std::panic::set_hook(Box::new(|_| {}));
    let threads: Vec<_> = targets::ALL
        .iter()
        .map(|target| std::thread::spawn(move || (target.name, fuzz(target, Duration::from_secs(seconds), seed))))
        .collect();
    let mut failed = false;
    for thread in threads {
        match thread.join().expect("the driver itself does not panic") {
            (name, Ok(runs)) => println!("{name}: {runs} inputs in {seconds} s, no crash"),
            (name, Err(why)) => {
                println!("{name}: {why}");
                failed = true;
            }
        }
    }
    if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn fuzz(target: &Target, time: Duration, seed: u64) -> Result<u64, String> {
    let mut rng = Rng::with_seed(seed);
    let mut corpus = (target.corpus)();
    let mut seen = std::collections::HashSet::new();
    let began = Instant::now();
    let mut runs = 0;
    while began.elapsed() < time {
        let first = runs as usize;
        // Every seed as it is, then changes of what is kept.
        let input = match corpus.get(first).filter(|_| first < 64) {
            Some(seed) => seed.clone(),
            None => changed(&corpus, target.words, &mut rng),
        };
        let start = Instant::now();
        let Ok(reached) = catch_unwind(AssertUnwindSafe(|| (target.run)(&input))) else {
            return Err(format!("panicked after {runs} inputs (seed {seed}) on {}", hex(&input)));
        };
        if start.elapsed() > SLOW {
            return Err(format!("took {:?} (seed {seed}) on {} bytes: {}", start.elapsed(), input.len(), hex(&input)));
        }
        if corpus.len() < KEPT && seen.insert(reached) {
            corpus.push(input);
        }
        runs += 1;
    }
    Ok(runs)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().take(4096).map(|byte| format!("{byte:02x}")).collect()
}

/// A member of the corpus after a few changes.
fn changed(corpus: &[Vec<u8>], words: &[&str], rng: &mut Rng) -> Vec<u8> {
    let mut bytes = corpus[rng.usize(..corpus.len())].clone();
    for _ in 0..rng.usize(1..8) {
        let at = rng.usize(..=bytes.len());
        let end = (at + rng.usize(..32)).min(bytes.len());
        match rng.u8(..9) {
            0 if !bytes.is_empty() => bytes[at.min(end.max(1) - 1)] ^= 1 << rng.u8(..8),
            1 => bytes.insert(at, rng.u8(..)),
            2 => drop(bytes.drain(at..end)),
            3 => {
                let piece = bytes[at..end].repeat(rng.usize(1..200));
                bytes.splice(at..at, piece);
            }
            4 => {
                let word = words[rng.usize(..words.len())].bytes();
                bytes.splice(at..at, word);
            }
            5 => {
                let word = words[rng.usize(..words.len())].as_bytes().repeat(rng.usize(1..60));
                bytes.splice(at..end, word);
            }
            6 => {
                let other = &corpus[rng.usize(..corpus.len())];
                let cut = rng.usize(..=other.len());
                bytes.truncate(at);
                bytes.extend_from_slice(&other[cut..]);
            }
            7 => bytes.truncate(at),
            _ => {
                let byte = b"\0\r\n\"',;:-=+@<>\xFF\xFE\xEF\x80"[rng.usize(..18)];
                bytes.splice(at..end, [byte]);
            }
        }
        bytes.truncate(LONGEST);
    }
    bytes
}
