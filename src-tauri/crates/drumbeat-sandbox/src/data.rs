//! What a sandbox starts with: the sample, a synthetic CRM, or a folder with a partner program laid over it.
//!
//! Callers rely on: the same source, seed and now make the same records under the same ids, and nothing is later than now.

pub(crate) mod book;
pub(crate) mod currencies;
pub(crate) mod kittycorn;
mod maven;
pub(crate) mod names;
mod overlay;
pub(crate) mod registrations;
mod synthetic;
mod table;
pub(crate) mod worth;

use std::io::Write;
use std::path::Path;

use serde_json::{Value, json};

use crate::clock::Millis;
use crate::random::Random;
use crate::{Options, SandboxError, Source};
use book::{Against, Book, Plan, Truth};

/// A million deals take about two gigabytes.
const MOST_DEALS: u32 = 5_000_000;

/// More than anybody decides in a year.
const MOST_WAITING: u32 = 100_000;

/// A book with everything laid over it, how much that was, and chance as it goes on.
pub(crate) struct Loaded {
    pub(crate) book: Book,
    pub(crate) plan: Plan,
    pub(crate) random: Random,
}

/// The ids that the places of a book have in the CRM.
pub(crate) trait Places {
    fn account(&self, place: usize) -> String;
    fn partner(&self, place: usize) -> String;
    fn deal(&self, place: usize) -> String;
    fn registration(&self, place: usize) -> String;
}

/// Builds the book that the options name.
pub(crate) fn load(options: &Options, now: Millis) -> Result<Loaded, SandboxError> {
    let Options { data: source, seed, waiting, planted, .. } = options;
    if let Some(waiting) = waiting.filter(|waiting| *waiting > MOST_WAITING) {
        return Err(SandboxError::new(format!("At most {MOST_WAITING} registrations can wait, not {waiting}.")));
    }
    let mut chance = Random::new(*seed);
    let random = &mut chance;
    let (mut book, mut plan) = match source {
        Source::Sample => (
            synthetic::make(600, now, random),
            Plan {
                partners: 14,
                open_registrations: 24,
                decided_registrations: 60,
                share: 0.29,
                stray: 0.0,
                conflicts: 8,
                dirty: 0,
                beside: false,
                groups: false,
                active: 120,
            },
        ),
        Source::Synthetic(deals) if *deals > MOST_DEALS => {
            return Err(SandboxError::new(format!("A synthetic CRM has at most {MOST_DEALS} deals, not {deals}.")));
        }
        Source::Synthetic(deals) => {
            let n = *deals as usize;
            let registrations = n / 25;
            let plan = Plan {
                partners: (((n as f64).sqrt() * 2.0) as usize).max(6),
                open_registrations: (registrations / 10).max(8),
                decided_registrations: registrations - registrations / 10,
                share: 0.29,
                stray: 0.0,
                conflicts: (n / 250).max(4),
                dirty: (n / 250).max(4),
                beside: false,
                groups: true,
                active: n / 20,
            };
            (synthetic::make(n, now, random), plan)
        }
        Source::Folder(folder) if kittycorn::is_here(folder) => (
            kittycorn::read(folder, now, random)?,
            Plan {
                partners: 24,
                open_registrations: 40,
                decided_registrations: 150,
                share: 0.29,
                stray: 0.0,
                conflicts: planted.map_or(12, |planted| (planted - planted / 2) as usize),
                dirty: planted.map_or(8, |planted| (planted / 2) as usize),
                beside: false,
                groups: true,
                active: 160,
            },
        ),
        Source::Folder(folder) => (
            maven::read(folder, now, random)?,
            Plan {
                partners: 24,
                open_registrations: 40,
                decided_registrations: 150,
                // Where clashes are planted, most accounts have a partner to clash with, and none clashes by chance.
                share: if planted.is_some() { 0.8 } else { 0.29 },
                stray: if planted.is_some() { 0.0 } else { 0.06 },
                conflicts: planted.map_or(0, |planted| (planted - planted / 2) as usize),
                dirty: planted.map_or(0, |planted| (planted / 2) as usize),
                beside: true,
                groups: planted.is_some(),
                active: 160,
            },
        ),
    };
    if let Some(waiting) = waiting {
        plan.open_registrations = *waiting as usize;
    }
    overlay::managers(&mut book);
    overlay::partners(&mut book, &plan, now, random);
    overlay::channels(&mut book, &plan, now, random);
    overlay::deals(&mut book, &plan, now, random);
    overlay::conflicts(&mut book, &plan, now, random);
    registrations::make(&mut book, &plan, now, random);
    book.several = options.currencies;
    Ok(Loaded { book, plan, random: chance })
}

/// Writes what was planted, where the options ask for it.
pub(crate) fn tell(book: &Book, ids: &impl Places, path: Option<&Path>) -> Result<(), SandboxError> {
    let Some(path) = path else { return Ok(()) };
    write_truth(book, ids, path)
        .map_err(|e| SandboxError::new(format!("The truth cannot be written to {}: {e}.", path.display())))
}

/// One JSON object a line: what was planted, under the ids it has in the CRM.
fn write_truth(book: &Book, ids: &impl Places, path: &Path) -> std::io::Result<()> {
    let mut out = std::io::BufWriter::new(std::fs::File::create(path)?);
    let deal = |d: &usize| ids.deal(*d);
    for truth in &book.truth {
        let line = match truth {
            Truth::DuplicateAccount { one, other, how } => {
                json!({"kind": "duplicate_account", "companies": [ids.account(*one), ids.account(*other)], "how": how})
            }
            Truth::Conflict { of, account, twin, deals } => {
                let partners: Vec<Value> = deals
                    .iter()
                    .map(|d| {
                        book.deals[*d]
                            .partnered
                            .as_ref()
                            .and_then(|p| p.partner)
                            .map_or(Value::Null, |p| ids.partner(p).into())
                    })
                    .collect();
                let twin = twin.map(|(place, how)| json!({"company": ids.account(place), "how": how}));
                json!({"kind": "channel_conflict", "type": of, "account": ids.account(*account), "twin": twin, "deals": deals.iter().map(deal).collect::<Vec<_>>(), "partners": partners})
            }
        };
        writeln!(out, "{line}")?;
    }
    for (i, r) in book.registrations.iter().enumerate().filter(|(_, r)| r.decided.is_none()) {
        let against = match r.against {
            Some(Against::Account(a)) => json!({"company": ids.account(a)}),
            Some(Against::Registration(r)) => json!({"registration": ids.registration(r)}),
            None => Value::Null,
        };
        let id = ids.registration(i);
        let line = json!({"kind": "registration", "id": id, "planted": r.planted, "against": against});
        writeln!(out, "{line}")?;
    }
    out.flush()
}
