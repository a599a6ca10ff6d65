//! What a sandbox starts with: the sample, a synthetic CRM, or a folder with a partner program laid over it.
//!
//! Callers rely on: the same source, seed and now make the same records under the same ids, and nothing is later than now.

mod activity;
mod book;
mod maven;
mod names;
mod overlay;
mod pour;
mod registrations;
mod synthetic;

use std::io::Write;
use std::path::Path;

use serde_json::{Value, json};

use crate::catalog;
use crate::clock::Millis;
use crate::random::Random;
use crate::world::World;
use crate::{Options, SandboxError, Source};
use book::{Against, Book, DAY, Plan, Truth};
use pour::Ids;

/// A million deals take about two gigabytes.
const MOST_DEALS: u32 = 5_000_000;

/// More than anybody decides in a year.
const MOST_WAITING: u32 = 100_000;

/// Builds the world that the options name.
pub(crate) fn load(options: &Options, now: Millis) -> Result<World, SandboxError> {
    let Options { data: source, seed, waiting, planted, truth, .. } = options;
    if let Some(waiting) = waiting.filter(|waiting| *waiting > MOST_WAITING) {
        return Err(SandboxError::new(format!("At most {MOST_WAITING} registrations can wait, not {waiting}.")));
    }
    let mut world = World::empty();
    let born = now - 1_500 * DAY;
    catalog::vendor(&mut world, born);
    catalog::program(&mut world, born);
    let random = &mut Random::new(*seed);
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
    let ids = Ids::new(&world, &book);
    pour::pour(&mut world, &book, now, random);
    activity::make(&mut world, &book, &ids, &plan, now, random);
    if let Some(path) = truth {
        write_truth(&book, &ids, path)
            .map_err(|e| SandboxError::new(format!("The truth cannot be written to {}: {e}.", path.display())))?;
    }
    Ok(world)
}

/// One JSON object a line: what was planted, under the ids it has in the CRM.
fn write_truth(book: &Book, ids: &Ids, path: &Path) -> std::io::Result<()> {
    let mut out = std::io::BufWriter::new(std::fs::File::create(path)?);
    let deal = |d: &usize| (ids.deal + *d as u64).to_string();
    for truth in &book.truth {
        let line = match truth {
            Truth::DuplicateAccount { one, other, how } => {
                json!({"kind": "duplicate_account", "companies": [ids.account(*one).to_string(), ids.account(*other).to_string()], "how": how})
            }
            Truth::Conflict { of, account, twin, deals } => {
                let partners: Vec<Value> = deals
                    .iter()
                    .map(|d| {
                        book.deals[*d]
                            .partnered
                            .as_ref()
                            .and_then(|p| p.partner)
                            .map_or(Value::Null, |p| ids.partner(p).to_string().into())
                    })
                    .collect();
                let twin = twin.map(|(place, how)| json!({"company": ids.account(place).to_string(), "how": how}));
                json!({"kind": "channel_conflict", "type": of, "account": ids.account(*account).to_string(), "twin": twin, "deals": deals.iter().map(deal).collect::<Vec<_>>(), "partners": partners})
            }
        };
        writeln!(out, "{line}")?;
    }
    for (i, r) in book.registrations.iter().enumerate().filter(|(_, r)| r.decided.is_none()) {
        let against = match r.against {
            Some(Against::Account(a)) => json!({"company": ids.account(a).to_string()}),
            Some(Against::Registration(r)) => json!({"registration": (ids.registration + r as u64).to_string()}),
            None => Value::Null,
        };
        let id = (ids.registration + i as u64).to_string();
        let line = json!({"kind": "registration", "id": id, "planted": r.planted, "against": against});
        writeln!(out, "{line}")?;
    }
    out.flush()
}
