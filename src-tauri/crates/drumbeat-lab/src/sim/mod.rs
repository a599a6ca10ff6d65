//! Deterministic simulation of the trust core (40-trust 7.3): the real use cases, rules, sync engine and
//! encrypted stores of one to three devices against a simulated CRM that goes by a vendor's rules, on a virtual clock.
//!
//! A seed decides everything: what people do, what the network does, when a process dies. After its
//! steps the weather clears, the devices sync until nothing moves, and the invariants are checked. The
//! same seed gives the same run: all work happens on one thread, time is tokio's paused clock, and ids
//! enter the trace by the order of their first appearance. Older copies take the place of a device's file,
//! and what the journal gives back is confirmed or discarded. What it does not cover: vendors' wire
//! formats (the HTTP campaign), real disks (the store campaign), real processes (the kill campaign).

pub mod campaign;
pub mod check;
pub mod crm;
pub mod device;
pub mod people;
pub mod rules;
pub mod schema;
pub mod shared;
pub mod world;

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{TimeDelta, TimeZone, Utc};
use drumbeat_model::change::OpState;
use drumbeat_model::crm::{Link, ObjectKind, Properties, Vendor};
use drumbeat_model::planted::{Bug, plant};
use drumbeat_model::workspace::SyncOptions;
use drumbeat_store::Why;

use device::{Device, Failure};
use rules::Rules;
use shared::{Did, Shared, Weather};
use world::World;

/// Steps of one run, unless asked otherwise.
pub const STEPS: u32 = 60;
/// Syncs after the weather has cleared before we say that it does not settle.
const CALM: u32 = 14;
/// States of ops that something may still happen to by itself.
const UNDER_WAY: &[OpState] = &[OpState::Queued, OpState::Sending, OpState::Unknown, OpState::Acked];

/// What came of one seed.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// The seed.
    pub seed: u64,
    /// What does not hold, as sentences.
    pub violations: Vec<String>,
    /// A number that is the same whenever the same things happened.
    pub trace: u64,
    /// Writes that reached the CRM.
    pub writes: usize,
    /// Decisions saved.
    pub decisions: usize,
    /// Rare states that were reached, and how often.
    pub seen: BTreeMap<&'static str, u32>,
}

/// Runs one seed against a vendor's CRM, with a planted bug or without.
///
/// # Errors
/// When the simulation itself cannot run (a scratch folder, a store that does not open).
pub fn run(crm: Vendor, seed: u64, steps: u32, bug: Option<Bug>) -> Result<Outcome, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .map_err(|error| error.to_string())?;
    plant(bug);
    let outcome = runtime.block_on(one(crm, seed, steps));
    plant(None);
    outcome
}

fn weather(dice: &mut fastrand::Rng) -> Weather {
    // Each seed has its own few kinds of trouble: all at once would hide each behind the others.
    let mut some = |most: u8| if dice.u8(0..3) == 0 { dice.u8(1..=most) } else { 0 };
    Weather {
        read_fails: some(15),
        not_sent: some(20),
        lost_there: some(20),
        lost_back: some(30),
        late: some(20),
        late_most: 100,
        limited: some(10),
        locked: some(10),
        unauthorised: some(5),
        busy: some(35),
        stale: some(20),
        stale_most: 20,
        repeated_page: some(20),
        conditional: false,
        read_only: false,
        marked: true,
    }
}

fn found(world: &mut World, dice: &mut fastrand::Rng) {
    let values = |pairs: &[(&str, &str)]| -> Properties {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    };
    let mut companies = Vec::new();
    for (name, domain, partner) in [
        ("Hansa Systems", "hansa.example", true),
        ("Adler Consulting", "adler.example", true),
        ("Nordwind AG", "nordwind.example", false),
        ("Brenner Logistik", "brenner.example", false),
    ] {
        let set = values(&[
            ("name", name),
            ("domain", domain),
            ("country", "DE"),
            ("is_partner", if partner { "true" } else { "false" }),
            ("partner_tier", if partner { "gold" } else { "" }),
            ("partner_status", if partner { "active" } else { "" }),
            ("owner", "1"),
        ]);
        companies.push(world.insert(ObjectKind::Company, &set, Vec::new(), "crm"));
    }
    for number in 0..dice.usize(2..5) {
        let account = companies.get(2 + number % 2).cloned().unwrap_or_default();
        let set = values(&[
            ("name", &format!("Deal {number}")),
            ("amount", "5000"),
            ("currency", "EUR"),
            ("pipeline", "main"),
            ("stage", "qualify"),
            ("close_date", "2027-01-15"),
            ("owner", "1"),
            ("contact_roles", "sponsor;buyer"),
        ]);
        let link = Link { to: ObjectKind::Company, id: account, primary: true };
        world.insert(ObjectKind::Deal, &set, vec![link], "crm");
    }
    for number in 0..dice.usize(2..6) {
        let partner = companies.get(number % 2).cloned().unwrap_or_default();
        let set = values(&[
            ("name", &format!("R-{number}")),
            ("company_name", ["Nordwind", "Brenner", "Kolb", "Ostsee"].get(number % 4).copied().unwrap_or("Kolb")),
            ("domain", "kunde.example"),
            ("country", "DE"),
            ("contact_name", "A. Kunde"),
            ("contact_email", "a@kunde.example"),
            ("problem", "too slow"),
            ("amount", "8000"),
            ("currency", "EUR"),
            ("close_date", "2027-02-01"),
            ("consent", "true"),
            ("status", "submitted"),
            ("partner", &partner),
            ("motion", "resell"),
            ("submitted_at", "2026-11-19T09:00:00.000Z"),
            ("submitted_by", "p@hansa.example"),
        ]);
        world.insert(ObjectKind::Registration, &set, Vec::new(), "crm");
    }
}

async fn one(crm: Vendor, seed: u64, steps: u32) -> Result<Outcome, Failure> {
    let mut dice = fastrand::Rng::with_seed(seed);
    let folder = device::scratch().map_err(|error| error.to_string())?;
    let epoch = Utc.with_ymd_and_hms(2026, 11, 20, 9, 0, 0).single().unwrap_or_default();
    // Of Salesforce's accounts one in two keeps the past of its fields.
    let rules = Rules::of(crm, seed.is_multiple_of(2));
    let mut world = World { rules, now: epoch, account: schema::ACCOUNT.to_owned(), ..World::default() };
    found(&mut world, &mut dice);
    let mut trouble = weather(&mut dice);
    trouble.conditional = dice.u8(0..5) == 0;
    world.lag = match dice.u8(0..6) {
        0 | 1 => dice.i64(1..25),
        2 => dice.i64(250..329),
        _ => 0,
    };
    if dice.u8(0..12) == 0 {
        trouble.late_most = 600;
    }
    let shared = Arc::new(Mutex::new(Shared {
        world,
        weather: trouble,
        log: Vec::new(),
        dice: fastrand::Rng::with_seed(seed ^ 0xD1CE),
        seen: BTreeMap::new(),
        wrong: Vec::new(),
        began: tokio::time::Instant::now(),
        epoch,
    }));
    let mut devices = Vec::new();
    for number in 0..dice.usize(1..=2) {
        let device = Device::new(folder.path(), &shared, number, seed)?;
        let mut device = device;
        if dice.bool() && device.sync_and_die(SyncOptions::default(), dice.u32(1..200)).await {
            device.restart()?;
        }
        let _ = device.sync(SyncOptions::default()).await;
        devices.push(device);
    }
    for _ in 0..steps {
        step(&mut devices, &shared, &mut dice).await?;
    }
    calm(&mut devices, &shared, &mut dice).await?;
    let shared = shared.lock().unwrap_or_else(PoisonError::into_inner);
    let mut violations = shared.wrong.clone();
    violations.extend(check::violations(&devices, &shared)?);
    Ok(Outcome {
        seed,
        violations,
        trace: trace(&shared),
        writes: shared.world.ledger.len(),
        decisions: devices.iter().map(|device| device.saved.len()).sum(),
        seen: shared.seen.clone(),
    })
}

fn note(shared: &Mutex<Shared>, what: &'static str) {
    shared.lock().unwrap_or_else(PoisonError::into_inner).note(what);
}

async fn step(devices: &mut Vec<Device>, shared: &Mutex<Shared>, dice: &mut fastrand::Rng) -> Result<(), Failure> {
    let count = devices.len();
    let which = dice.usize(0..count);
    let Some(device) = devices.get_mut(which) else { return Ok(()) };
    let options =
        SyncOptions { push_only: dice.u8(0..4) == 0, pull_only: dice.u8(0..8) == 0, full: dice.u8(0..20) == 0 };
    match dice.u8(0..100) {
        0..34 => drop(device.act(dice)?),
        34..48 => {
            let mut shared = shared.lock().unwrap_or_else(PoisonError::into_inner);
            people::act(&mut shared);
        }
        48..62 => drop(device.sync(options).await),
        62 => device.back_up()?,
        63 => match dice.u8(0..3) {
            0 => {
                let device = devices.remove(which).put_back()?;
                devices.insert(which, device);
            }
            _ => busy_hour(device, shared).await,
        },
        64..78 => {
            if device.sync_and_die(options, dice.u32(1..160)).await {
                note(shared, "a sync died");
                device.restart()?;
            }
        }
        78..83 => device.answer(dice)?,
        83 => drop(device.look_at_held(dice)? || device.answer_recovered(dice)?),
        84..86 => device.take_back_what_left()?,
        86..90 => {
            let wait = match dice.u8(0..4) {
                0 => dice.u64(1..60),
                1 => dice.u64(60..600),
                2 => dice.u64(600..7200),
                _ => dice.u64(7200..200_000),
            };
            tokio::time::sleep(Duration::from_secs(wait)).await;
        }
        90..93 => held_up(device, shared, options, dice).await,
        93..95 => together(devices, shared, options).await,
        95..97 => {
            let off = match dice.u8(0..4) {
                0 => TimeDelta::days(3650),
                1 => -TimeDelta::days(3650),
                2 => TimeDelta::hours(1),
                _ => TimeDelta::zero(),
            };
            note(shared, "a computer's clock jumped");
            device.put_clock(off);
        }
        97..98 => {
            note(shared, "the token opened another account");
            device.remote.lock().world.account = schema::OTHER_ACCOUNT.to_owned();
            let _ = device.sync(options).await;
            device.remote.lock().world.account = schema::ACCOUNT.to_owned();
        }
        98..99 => {
            let mut shared = shared.lock().unwrap_or_else(PoisonError::into_inner);
            shared.weather.read_only = !shared.weather.read_only;
            shared.note("the right to write went or came");
        }
        _ => {
            let mut shared = shared.lock().unwrap_or_else(PoisonError::into_inner);
            shared.note("a rule of the CRM's came or went");
            let rule = (ObjectKind::Registration, "status".to_owned(), "approved".to_owned());
            shared.world.rule = if shared.world.rule.is_some() { None } else { Some(rule) };
        }
    }
    Ok(())
}

/// Somebody syncs again and again while others are at work: what the CRM's index tells late must come all
/// the same.
async fn busy_hour(device: &Device, shared: &Mutex<Shared>) {
    let is_late = {
        let mut shared = shared.lock().unwrap_or_else(PoisonError::into_inner);
        let is_late = shared.world.lag > 250;
        if is_late {
            shared.note("an hour of work on a late index");
        }
        is_late
    };
    for _ in 0..if is_late { 16 } else { 1 } {
        people::act(&mut shared.lock().unwrap_or_else(PoisonError::into_inner));
        tokio::time::sleep(Duration::from_secs(25)).await;
        let _ = device.sync(SyncOptions::default()).await;
    }
}

/// A sender that is held up (a laptop lid) while another process of the same workspace syncs.
async fn held_up(device: &Device, shared: &Mutex<Shared>, options: SyncOptions, dice: &mut fastrand::Rng) {
    note(shared, "a sender was held up while another sent");
    let polls = dice.u32(1..120);
    let epoch =
        || device.ws.store.write(Why::Mirror { at: device.ws.clock.now() }, |w| w.lease()).map_or(0, |w| w.value);
    let before = epoch();
    let meanwhile = async {
        tokio::time::sleep(Duration::from_secs(5)).await;
        let _ = device.sync(SyncOptions::default()).await;
    };
    let waiting = device
        .sync_held_up(options, polls, async {
            // Only a sender that has taken the lease can lose it.
            let own = epoch();
            meanwhile.await;
            if own == before || epoch() == own {
                return (Vec::new(), 0);
            }
            let queued = device.ops(&[OpState::Queued]).unwrap_or_default();
            let so_far = device.remote.lock().log.len();
            (queued.into_iter().map(|op| op.id.0).collect::<Vec<_>>(), so_far)
        })
        .await;
    let mut shared = shared.lock().unwrap_or_else(PoisonError::into_inner);
    let (queued, so_far) = waiting;
    let sent = shared.log.get(so_far..).unwrap_or_default().iter().find_map(|did| match did {
        Did::Sent { op: Some(op), .. } if queued.contains(op) => Some(op.clone()),
        Did::Sent { .. } | Did::Read { .. } | Did::Looked { .. } => None,
    });
    if let Some(op) = sent {
        shared.wrong.push(format!("I29: op {op} was sent by a sender that had been replaced"));
    }
}

/// Two devices sync at the same time.
async fn together(devices: &[Device], shared: &Mutex<Shared>, options: SyncOptions) {
    if let [one, two, ..] = devices {
        note(shared, "two devices synced at once");
        let _ = tokio::join!(one.sync(options), two.sync(SyncOptions::default()));
    }
}

/// The weather clears, and the devices sync until nothing can move any more.
async fn calm(devices: &mut [Device], shared: &Mutex<Shared>, dice: &mut fastrand::Rng) -> Result<(), Failure> {
    {
        let mut shared = shared.lock().unwrap_or_else(PoisonError::into_inner);
        let marked = shared.weather.marked;
        shared.weather = Weather { marked, ..Weather::default() };
        shared.world.rule = None;
    }
    for device in devices.iter_mut() {
        device.put_clock(TimeDelta::zero());
        // Nobody leaves what was recovered, or what is held back, lying about for ever.
        while device.answer_recovered(dice)? || device.look_at_held(dice)? {}
    }
    // Late requests arrive, quarantines end, waits that the CRM asked for are over.
    tokio::time::sleep(Duration::from_secs(4000)).await;
    quiet(devices).await?;
    // Bins that have grown long are read once a day.
    tokio::time::sleep(Duration::from_secs(90_000)).await;
    quiet(devices).await?;
    {
        let mut shared = shared.lock().unwrap_or_else(PoisonError::into_inner);
        for device in devices.iter() {
            let missed = check::living_are_true(device, &shared)?;
            shared.wrong.extend(missed);
        }
    }
    // What no list tells of is found by reading everything, once a week.
    tokio::time::sleep(Duration::from_secs(7 * 86_400)).await;
    quiet(devices).await
}

/// Syncs until nothing moves: no record, no op, and none whose time is still to come.
async fn quiet(devices: &mut [Device]) -> Result<(), Failure> {
    let mut before = vec![Vec::new(); devices.len()];
    for _ in 0..CALM {
        let mut moved = false;
        for (device, before) in devices.iter_mut().zip(&mut before) {
            let summary = device.sync(SyncOptions::default()).await.map_err(|error| format!("calm: {error}"))?;
            let ops = device.ops(UNDER_WAY)?;
            let waits = ops.iter().any(|op| op.state != OpState::Queued || op.not_before.is_some());
            let stand: Vec<_> = ops.into_iter().map(|op| (op.id, op.state, op.evidence.len())).collect();
            moved |= summary.changed + summary.pushed + summary.gone > 0 || waits || stand != *before;
            *before = stand;
        }
        tokio::time::sleep(Duration::from_secs(200)).await;
        if !moved {
            break;
        }
    }
    Ok(())
}

/// What happened, with ids by the order in which they came up.
fn trace(shared: &Shared) -> u64 {
    let mut ids: BTreeMap<String, usize> = BTreeMap::new();
    let mut number = |id: &str| {
        let next = ids.len();
        *ids.entry(id.to_owned()).or_insert(next)
    };
    let mut hasher = DefaultHasher::new();
    for did in &shared.log {
        match did {
            Did::Read { at, device, place, shown } => {
                (0, at, device, number(&place.1), shown.as_ref().map(BTreeMap::len)).hash(&mut hasher);
            }
            Did::Looked { at, device, op } => (1, at, device, number(op)).hash(&mut hasher),
            Did::Sent { at, device, op, place, proven_void, .. } => {
                (2, at, device, op.as_deref().map(&mut number), number(&place.1), proven_void).hash(&mut hasher);
            }
        }
    }
    for entry in &shared.world.ledger {
        (entry.at, number(&entry.place.1), entry.replaced.len()).hash(&mut hasher);
    }
    hasher.finish()
}
