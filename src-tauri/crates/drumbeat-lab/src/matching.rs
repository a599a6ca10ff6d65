//! How long one company lookup takes among very many accounts, and what the index costs.
//!
//! The one hard idea: the file is a real, encrypted workspace file and the lookups are dirty (a typo, no legal form,
//! words glued), because an exact name is found by its key and says nothing. Names are made from a seed, so that a
//! figure can be repeated. Callers get one JSON document; nothing is asserted here.

use std::sync::Arc;
use std::time::Instant as Clock;

use drumbeat_match::{Profile, Record as Asked};
use drumbeat_model::crm::{ObjectKind, Record};
use drumbeat_model::field::Field as F;
use drumbeat_model::mapping::Mapping;
use drumbeat_model::time::Instant;
use drumbeat_store::matching::Filed;
use drumbeat_store::{Key, Plain, Result, Store, Why};
use serde_json::{Value, json};

/// Records put into the store at once.
const PAGE: u32 = 10_000;
/// Accounts that change.
const CHANGES: u32 = 500;

const TRADES: [&str; 12] = [
    "Logistics",
    "Trading",
    "Engineering",
    "Foods",
    "Solutions",
    "Hotel",
    "Medical",
    "Consulting",
    "Metallbau",
    "Transportes",
    "Systems",
    "Holding",
];
const FORMS: [&str; 8] = ["GmbH", "Ltd", "Inc", "S.A.", "LLC", "B.V.", "S.r.l.", ""];

fn word(random: &mut fastrand::Rng, parts: u32) -> String {
    const HEADS: [&str; 20] =
        ["b", "br", "d", "dr", "f", "g", "gr", "h", "k", "kl", "l", "m", "n", "p", "r", "s", "st", "t", "v", "w"];
    const VOWELS: [&str; 8] = ["a", "e", "i", "o", "u", "ei", "au", "ie"];
    (0..parts).map(|_| format!("{}{}", HEADS[random.usize(..20)], VOWELS[random.usize(..8)])).collect()
}

struct Account {
    name: String,
    city: String,
}

/// The account of a number, always the same.
fn account(at: u32, generation: u32) -> Account {
    let mut random = fastrand::Rng::with_seed(u64::from(at) << 8 | u64::from(generation));
    // Some names are as common as family names, most are rare.
    let first = if random.u8(..4) == 0 {
        word(&mut fastrand::Rng::with_seed(random.u64(..2000)), 2)
    } else {
        word(&mut random, 3)
    };
    let second = if random.bool() {
        format!(" {}", word(&mut fastrand::Rng::with_seed(random.u64(..50_000)), 3))
    } else {
        String::new()
    };
    let (trade, form) = (TRADES[random.usize(..12)], FORMS[random.usize(..8)]);
    let city = word(&mut fastrand::Rng::with_seed(9_000_000 + random.u64(..5000)), 3);
    Account { name: format!("{first}{second} {trade} {form}").trim().to_owned(), city }
}

fn record(at: u32, generation: u32, owner: &str) -> Record {
    let account = account(at, generation);
    let properties =
        [("name", account.name), ("city", account.city), ("country", "DE".to_owned()), ("owner", owner.to_owned())];
    Record {
        kind: ObjectKind::Company,
        id: at.to_string(),
        properties: properties.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        updated_at: None,
        archived: false,
        merged: Vec::new(),
        links: None,
    }
}

/// Somebody's way of writing an account's name.
fn dirty(name: &str, random: &mut fastrand::Rng) -> String {
    let mut words: Vec<String> = name.split(' ').map(str::to_owned).collect();
    words.truncate(words.len().max(3) - 1);
    if let Some(first) = words.first_mut()
        && first.len() > 5
    {
        first.remove(random.usize(2..first.len()));
    }
    if random.u8(..4) == 0 { words.concat() } else { words.join(" ").to_uppercase() }
}

fn millis(all: &[(f64, f64)]) -> Value {
    let spread = |mut all: Vec<f64>| {
        all.sort_by(f64::total_cmp);
        let at = |share: usize| all.get(all.len() * share / 100).or(all.last()).copied().unwrap_or(0.0);
        json!({ "p50": at(50), "p95": at(95), "max": at(100) })
    };
    let cpu = spread(all.iter().map(|(_, worked)| *worked).collect());
    json!({ "wall": spread(all.iter().map(|(wall, _)| *wall).collect()), "cpu_of_the_thread": cpu })
}

/// A stop watch for the wall and, where the system tells it, for the processor's own time of this thread: the
/// figure to compare on a machine that has other work.
struct Watch {
    began: Clock,
    busy: Option<f64>,
}

fn busy() -> Option<f64> {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    told.split(' ').next()?.parse::<f64>().ok().map(|nanos| nanos / 1e6)
}

impl Watch {
    fn start() -> Self {
        Self { began: Clock::now(), busy: busy() }
    }

    /// Milliseconds on the wall and on the processor.
    fn stop(&self) -> (f64, f64) {
        let worked = busy().zip(self.busy).map_or(f64::NAN, |(now, before)| now - before);
        (self.began.elapsed().as_secs_f64() * 1000.0, worked)
    }
}

/// Measures lookups among so many accounts, so many times.
///
/// # Errors
/// What the store says.
pub fn measure(accounts: u32, times: u32) -> Result<Value> {
    let dir = tempfile::tempdir()?;
    let store = Store::create(&dir.path().join("store.db"), &Key::new([7; 32]), Arc::new(Plain))?;
    let why = Why::Mirror { at: Instant::default() };
    let fields = [(F::Name, "name"), (F::City, "city"), (F::Country, "country"), (F::Owner, "owner")];
    let mapping = Mapping {
        fields: [(ObjectKind::Company, fields.into_iter().map(|(field, name)| (field, name.to_owned())).collect())]
            .into(),
        ..Mapping::default()
    };
    store.write(why, |w| w.put_mapping(&mapping).and_then(|()| w.begin_bulk(ObjectKind::Company)))?;
    let began = Watch::start();
    for from in (0..accounts).step_by(PAGE as usize) {
        let page: Vec<Record> = (from..accounts.min(from + PAGE)).map(|at| record(at, 0, "ana")).collect();
        store.write(why, |w| w.apply_records(ObjectKind::Company, &page, Instant::default()))?;
    }
    store.write(why, |w| w.finish_bulk(ObjectKind::Company))?;
    let filled = began.stop();
    store.checkpoint()?;
    let began = Watch::start();
    store.write(why, |w| w.rebuild_matching())?;
    let built = began.stop();
    store.checkpoint()?;

    let mut random = fastrand::Rng::with_seed(7);
    let (mut took, mut hits) = (Vec::new(), 0_u32);
    for _ in 0..times {
        let at = random.u32(..accounts.max(1));
        let account = account(at, 0);
        let name = dirty(&account.name, &mut random);
        let began = Watch::start();
        let asked =
            Profile::of(&Asked { name: &name, city: Some(&account.city), country: Some("DE"), ..Asked::default() });
        let found = store.read(|r| r.alike(Filed::Accounts, &asked, None))?;
        took.push(began.stop());
        hits += u32::from(found.first().is_some_and(|one| one.id == at.to_string()));
    }
    let change = |generation, owner: &str| -> Result<(f64, f64)> {
        let page: Vec<Record> =
            (0..CHANGES.min(accounts)).map(|at| record(at * 7 % accounts, generation, owner)).collect();
        let began = Watch::start();
        store.write(why, |w| w.apply_records(ObjectKind::Company, &page, Instant::default()))?;
        Ok(began.stop())
    };
    let (mut owners, mut names) = (Vec::new(), Vec::new());
    for round in 1..=5 {
        owners.push(change(round - 1, &format!("owner {round}"))?);
        names.push(change(round, &format!("owner {round}"))?);
    }
    let (pairs, bytes) = store.read(|r| r.matching_size())?;
    Ok(json!({
        "bench": "match", "accounts": accounts, "lookups": times, "lookup_ms": millis(&took),
        "best_is_the_account": f64::from(hits) / f64::from(times.max(1)),
        "fill_ms": millis(&[filled]), "build_ms": millis(&[built]), "pairs": pairs, "index_bytes": bytes, "store_bytes": store.bytes(),
        "write_500_other_fields_ms": millis(&owners), "write_500_renamed_ms": millis(&names),
    }))
}
