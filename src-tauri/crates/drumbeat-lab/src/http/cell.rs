//! One cell: a sync that meets one fault in one kind of request, and what must hold then and later.
//!
//! Then: it ends in time, with the message id that belongs to it and no token in it; an op is not called
//! done when the CRM has nothing, and not open to another try when the CRM has it. Later, when nothing
//! is struck any more: two syncs bring the mirror to the CRM's state, with an edit that somebody made
//! meanwhile, and every op was applied once or waits for a person.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use drumbeat_app::error::ApiError;
use drumbeat_model::change::{OpKind, OpState};
use drumbeat_model::crm::{Holds, Link, ObjectKind, Properties};
use drumbeat_model::field::Field;
use drumbeat_model::workspace::SyncOptions;

use super::bench::{ATTEMPTS, Bench, Failure, Line};
use super::direct::directly;
use super::fault::{FINE, Fault};
use super::request::Request;

/// The longest that a struck sync may take; the short patience of a hasty client included.
pub const LONGEST: Duration = Duration::from_secs(25);
/// Requests of one kind that a sync may make while all of them are struck: few are asked side by side.
const MOST_STRUCK: u32 = ATTEMPTS * 12;
/// Requests that any of these syncs may make.
const MOST_REQUESTS: u32 = 400;
/// Past every quarantine, and past the overlap of windows, so that nothing missed is read again by luck.
const LATER: u64 = 600;
/// Past the longest wait that is believed.
const MUCH_LATER: u64 = 4000;
/// Differences that a report names.
const NAMED: usize = 3;

/// What the code under test has logged.
#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Log {
    /// What was logged since this was last asked.
    pub fn take(&self) -> String {
        let bytes = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

/// What a cell starts from.
struct Prepared {
    options: SyncOptions,
    op: Option<String>,
}

/// Makes the next sync need this kind of request.
async fn prepare(bench: &mut Bench, request: Request) -> Result<Prepared, Failure> {
    use Request as R;
    let mut prepared = Prepared { options: SyncOptions::default(), op: None };
    let to = |to, id: &str| Link { to, id: id.to_owned(), primary: false };
    let deal = ObjectKind::Deal;
    match request {
        R::ListPage => prepared.options.full = true,
        R::SearchPage | R::AssociationsRead => bench.edit("Looked at")?,
        R::ArchivedList | R::Token | R::Refresh | R::Describe => {}
        R::BatchRead => {
            // Gone from the list: they are asked for by id.
            for _ in 0..2 {
                let id = bench.deal()?;
                let (method, path) = bench.door.bins(bench.path(deal)?, &id);
                bench.http(method, &path, "").await?;
            }
            prepared.options.full = true;
        }
        R::Update | R::HistoryRead | R::GetById => {
            let (id, name) = (bench.deal()?, bench.property(deal, Field::NextStep)?);
            let now = bench.store.read(|r| r.mirrored(deal, &id)).map_err(|error| error.to_string())?;
            let now = now.ok_or("the deal is not mirrored")?.properties;
            let one = |value: String| Properties::from([(name.clone(), value)]);
            let kind = OpKind::Set {
                desired: one(format!("Call about {id}")),
                base: one(now.get(&name).cloned().unwrap_or_default()),
                guard: Properties::new(),
            };
            prepared.op = Some(bench.decide(deal, &id, kind)?);
            if request == R::GetById {
                let other = bench.deal()?;
                if let Some((method, path, body)) = bench.door.merges_deals(&other, &id) {
                    bench.http(method, &path, &body).await?;
                    bench.proxy.forget_merges(true);
                }
            }
        }
        R::GetByUnique | R::Create => {
            let desired = task(bench)?;
            let local = format!("local:task-{request:?}-{}", bench.sandbox.ledger().len());
            prepared.op =
                Some(bench.decide(ObjectKind::Task, &local, OpKind::Create { desired, links: Vec::new() })?);
        }
        R::Archive => {
            let holds = task(bench)?;
            let local = format!("local:task-{}", bench.sandbox.ledger().len());
            let create = OpKind::Create { desired: holds.clone(), links: Vec::new() };
            let made = bench.decide(ObjectKind::Task, &local, create)?;
            bench.sync(SyncOptions::default(), Line::Usual).await.map_err(|error| error.to_string())?;
            bench.wait(60);
            let kind = OpKind::Archive { holds, beside: Vec::new(), seen: None };
            let record = bench.op(&made)?.record;
            prepared.op = Some(bench.decide(ObjectKind::Task, &record, kind)?);
        }
        R::Convert => {
            let (lead, into) = (bench.lead()?, bench.property(ObjectKind::Registration, Field::ConvertedInto)?);
            let deal = bench.deal()?;
            let one = |value: String| Properties::from([(into.clone(), value)]);
            let kind = OpKind::Set { desired: one(deal), base: one(String::new()), guard: Properties::new() };
            prepared.op = Some(bench.decide(ObjectKind::Registration, &lead, kind)?);
        }
        R::Note => {
            let (body, at) =
                (bench.property(ObjectKind::Note, Field::Body)?, bench.property(ObjectKind::Note, Field::At).ok());
            let mut desired = Properties::from([(body, "They called".to_owned())]);
            let moment = |at: String| (at.clone(), moment(bench, ObjectKind::Note, &at, "2026-11-20T09:00:00.000Z"));
            desired.extend(at.map(moment));
            let links = vec![to(deal, &bench.deal()?)];
            let local = format!("local:note-{}", bench.sandbox.ledger().len());
            prepared.op = Some(bench.decide(ObjectKind::Note, &local, OpKind::Create { desired, links })?);
        }
        R::Link => {
            let contacts = bench.store.read(|r| r.mirror_ids(ObjectKind::Contact, None, 100));
            let contacts = contacts.map_err(|error| error.to_string())?;
            let id = bench.deal()?;
            let linked = bench.store.read(|r| r.mirrored_links(deal, &id)).map_err(|error| error.to_string())?;
            let contact = contacts.iter().find(|contact| !linked.iter().any(|link| link.id == **contact));
            let link = to(ObjectKind::Contact, contact.ok_or("no contact")?);
            prepared.op = Some(bench.decide(deal, &id, OpKind::Link { link })?);
        }
    }
    bench.wait(60);
    Ok(prepared)
}

/// A task, as a decision makes one.
fn task(bench: &Bench) -> Result<Properties, Failure> {
    let property = |field| bench.property(ObjectKind::Task, field);
    let due = property(Field::DueAt)?;
    let at = moment(bench, ObjectKind::Task, &due, "2026-11-25T09:00:00.000Z");
    Ok(Properties::from([(property(Field::Title)?, "Call the partner".to_owned()), (due, at)]))
}

/// A moment as the account's property holds it: some hold the day alone.
fn moment(bench: &Bench, kind: ObjectKind, property: &str, at: &str) -> String {
    let object = bench.schema.objects.get(&kind);
    let is_day = object
        .into_iter()
        .flat_map(|object| &object.properties)
        .any(|known| known.name == property && known.holds == Holds::Day);
    if is_day { at.chars().take(10).collect() } else { at.to_owned() }
}

/// Runs a cell on a bench; what did not hold.
pub async fn run(bench: &mut Bench, fault: Fault, request: Request, log: &Log) -> Result<Vec<String>, Failure> {
    if fault.is_of_the_connection() {
        return directly(bench, request).await;
    }
    let mut wrong = Vec::new();
    let mut place = 0;
    let line = Line::of(fault);
    if fault.is_at_the_door() {
        // The same sync without a fault tells which request is the one.
        prepare(bench, request).await?;
        bench.proxy.counts();
        bench
            .sync(SyncOptions { full: needs_full(request), ..SyncOptions::default() }, line)
            .await
            .map_err(|e| e.to_string())?;
        bench.proxy.forget_merges(false);
        let counts = bench.proxy.counts();
        place = *counts.first.get(&request).ok_or("no request of this kind was made")?;
    }
    let prepared = prepare(bench, request).await?;
    bench.proxy.counts();
    log.take();
    bench.proxy.arm(fault, request, place).await;
    let began = Instant::now();
    let ended = tokio::time::timeout(LONGEST, bench.sync(prepared.options, line)).await;
    let took = began.elapsed();
    bench.proxy.disarm().await;
    bench.proxy.forget_merges(false);
    let counts = bench.proxy.counts();

    let Ok(ended) = ended else {
        return Ok(vec![format!("it did not end within {} s", LONGEST.as_secs())]);
    };
    let is_counted = !matches!(fault, Fault::Refused | Fault::ConnectTimeout);
    if counts.struck == 0 && is_counted {
        wrong.push("no request of this kind was made".to_owned());
    }
    if counts.struck > MOST_STRUCK || counts.passed > MOST_REQUESTS {
        wrong.push(format!("{} requests were struck and {} passed in {took:.1?}", counts.struck, counts.passed));
    }
    if counts.trusted > 0 {
        wrong.push(format!("{} requests went to a server that is not to be trusted", counts.trusted));
    }
    if counts.first.contains_key(&Request::Refresh) {
        wrong.push("a new token was asked for, and the column says that none ever is".to_owned());
    }
    if counts.trapped > 0 {
        wrong.push(format!("{} connections went to another host", counts.trapped));
    }
    let told = match ended {
        Ok(_) => (FINE.to_owned(), String::new()),
        Err(error) => {
            let shown = format!("{error} {error:?}");
            let error = ApiError::from(error);
            (error.id.clone(), format!("{shown} {}", serde_json::to_string(&error).unwrap_or_default()))
        }
    };
    secrets(bench, "the error", &told.1, &mut wrong);
    secrets(bench, "the log", &log.take(), &mut wrong);
    // What holds one op up does not hold the sync up; a door that is closed does.
    let allowed = match prepared.op {
        Some(_) if !fault.is_at_the_door() => &[FINE],
        _ => bench.door.ids(fault, request).unwrap_or_else(|| fault.ids(request)),
    };
    if !allowed.contains(&told.0.as_str()) {
        wrong.push(format!("it ended with {:?} and not with one of {allowed:?}: {}", told.0, told.1));
    }
    if fault.is_at_the_door() && !told.1.contains(fault.words()) {
        wrong.push(format!("it does not say {:?}: {}", fault.words(), told.1));
    }
    if let Some(op) = &prepared.op {
        after_the_fault(bench, fault, request, op, &mut wrong)?;
    }
    later(bench, fault, prepared.op.as_deref(), &mut wrong).await?;
    Ok(wrong)
}

fn needs_full(request: Request) -> bool {
    matches!(request, Request::ListPage | Request::BatchRead)
}

/// Looks for the token where it must not be.
pub fn secrets(bench: &Bench, place: &str, text: &str, wrong: &mut Vec<String>) {
    if text.contains(bench.sandbox.token()) {
        wrong.push(format!("the token is in {place}"));
    }
}

/// What must hold of the op when the struck sync has ended.
fn after_the_fault(
    bench: &Bench,
    fault: Fault,
    request: Request,
    id: &str,
    wrong: &mut Vec<String>,
) -> Result<(), Failure> {
    let op = bench.op(id)?;
    let (landed, state) = (bench.landings(&op), op.state);
    let evidence: Vec<&str> = op.evidence.iter().map(|seen| seen.text.as_str()).collect();
    secrets(bench, "the op's evidence", &evidence.join(" "), wrong);
    if landed > 1 {
        wrong.push(format!("the CRM has it {landed} times: {evidence:?}"));
    }
    let held = match landed {
        0 => !matches!(state, OpState::Done | OpState::Acked | OpState::Sending),
        _ => matches!(state, OpState::Done | OpState::Acked | OpState::Unknown),
    };
    if fault.is_at_the_door() && state == OpState::Unknown {
        wrong.push(format!("nothing has left, and it is unknown: {evidence:?}"));
    }
    if !held {
        wrong.push(format!("the CRM has it {landed} times and it is {}: {evidence:?}", state.name()));
    }
    if fault == Fault::S400 && request.is_write() && !state.needs_person() {
        wrong.push(format!("refused for good, it is {}: {evidence:?}", state.name()));
    }
    if op.evidence.last().is_none_or(|seen| seen.text.is_empty()) && state != OpState::Queued {
        wrong.push(format!("it is {} and nothing says why", state.name()));
    }
    Ok(())
}

/// What must hold when the fault is over.
async fn later(bench: &mut Bench, fault: Fault, op: Option<&str>, wrong: &mut Vec<String>) -> Result<(), Failure> {
    bench.edit(&format!("Edited at {}", bench.sandbox.now().timestamp()))?;
    let mut differ = Vec::new();
    let mut settled = false;
    for _ in 0..2 {
        bench.wait(if bench.door.waits_long(fault) { MUCH_LATER } else { LATER });
        if let Err(error) = bench.sync(SyncOptions::default(), Line::Usual).await {
            wrong.push(format!("afterwards a sync ended with {error}"));
        }
        differ = bench.differences().await?;
        settled = match op {
            Some(id) => is_settled(bench.op(id)?.state),
            None => true,
        };
        if differ.is_empty() && settled {
            break;
        }
    }
    if !differ.is_empty() {
        wrong.push(format!(
            "after two syncs {} values differ: {}",
            differ.len(),
            differ[..differ.len().min(NAMED)].join("; ")
        ));
    }
    let Some(id) = op else { return Ok(()) };
    let op = bench.op(id)?;
    let (landed, state) = (bench.landings(&op), op.state);
    let evidence: Vec<&str> = op.evidence.iter().map(|seen| seen.text.as_str()).collect();
    let right = match state {
        OpState::Done => landed == 1,
        _ if state.needs_person() => {
            landed == 0
                && (fault.is_refusal()
                    || fault == Fault::PartsAll
                    || op.evidence.iter().any(|seen| seen.text.contains("merge")))
        }
        _ => false,
    };
    if !right || !settled {
        wrong.push(format!("in the end the CRM has it {landed} times and it is {}: {evidence:?}", state.name()));
    }
    Ok(())
}

fn is_settled(state: OpState) -> bool {
    state == OpState::Done || state.needs_person()
}
