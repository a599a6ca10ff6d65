//! The HTTP fault matrix: every fault in every kind of request that a vendor's client makes.
//!
//! The hard idea is that nothing of ours is replaced: client, sync and store are the real ones, the CRM
//! is the sandbox with its ledger, and between them stands a proxy that lies in real bytes about exactly
//! one kind of request. Rows are [`fault::Fault`], columns [`request::Request`]; a cell that cannot be
//! is named with the reason. What differs by vendor is its [`door::Door`]. Rows about TLS have the whole sync go through a front with certificates.
//! Callers rely on: a cell is green only when the fault was met.

mod bench;
mod cell;
mod direct;
mod door;
pub mod fault;
mod front;
mod lie;
mod proxy;
pub mod request;
mod wire;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use drumbeat_model::crm::Vendor;
use drumbeat_model::planted::{Bug, plant};
use serde::Serialize;

use bench::Bench;
use cell::Log;
use fault::Fault;
use request::Request;

/// Cells of one bench before it is made anew: deals and leads are used up.
const CELLS_A_BENCH: u32 = 12;

/// Which cells are run.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Whose client and whose CRM.
    pub crm: Vendor,
    /// Only rows of these names; all when empty.
    pub rows: Vec<String>,
    /// Only this column; all when absent.
    pub column: Option<Request>,
    /// One column a row, a later one for each next row, beginning here; all columns when absent.
    pub slice: Option<usize>,
    /// Threads.
    pub threads: usize,
    /// A bug to switch on, to see the matrix fail.
    pub bug: Option<Bug>,
    /// Is told of each cell that was run.
    pub tell: Option<fn(&Failing)>,
}

impl Plan {
    /// Every cell of a vendor, on one thread.
    #[must_use]
    pub fn whole(crm: Vendor) -> Self {
        Self { crm, rows: Vec::new(), column: None, slice: None, threads: 1, bug: None, tell: None }
    }
}

/// A cell that failed.
#[derive(Debug, Clone, Serialize)]
pub struct Failing {
    /// Row.
    pub fault: &'static str,
    /// Column.
    pub request: Request,
    /// What did not hold.
    pub wrong: Vec<String>,
}

/// What the matrix came to.
#[derive(Debug, Clone, Serialize)]
pub struct Summary {
    /// Whose client and whose CRM.
    pub crm: Vendor,
    /// Rows.
    pub rows: usize,
    /// Columns.
    pub columns: usize,
    /// Cells that hold.
    pub green: usize,
    /// Cells that were run.
    pub run: usize,
    /// Cells that do not hold.
    pub failing: Vec<Failing>,
    /// Cells that cannot be, by reason.
    pub not_applicable: BTreeMap<&'static str, Vec<String>>,
    /// How long it took.
    pub seconds: f64,
}

/// Runs the cells of a plan.
///
/// # Errors
/// When a row is not known.
pub fn matrix(plan: &Plan) -> Result<Summary, String> {
    let began = Instant::now();
    if let Some(unknown) = plan.rows.iter().find(|name| !Fault::ALL.iter().any(|fault| fault.name() == **name)) {
        return Err(format!("no row is called {unknown}"));
    }
    let mut sum = Summary {
        crm: plan.crm,
        rows: Fault::ALL.len(),
        columns: Request::ALL.len(),
        green: 0,
        run: 0,
        failing: Vec::new(),
        not_applicable: BTreeMap::new(),
        seconds: 0.0,
    };
    let door = door::of(plan.crm);
    let mut work: Vec<(Fault, Vec<Request>)> = Vec::new();
    for (row, fault) in Fault::ALL.iter().enumerate() {
        if !plan.rows.is_empty() && !plan.rows.iter().any(|name| fault.name() == name) {
            continue;
        }
        let mut cells = Vec::new();
        for request in Request::ALL.iter().filter(|request| plan.column.is_none_or(|only| only == **request)) {
            match fault.not_applicable(*request).or_else(|| door.not_applicable(*fault, *request)) {
                Some(why) => {
                    sum.not_applicable.entry(why).or_default().push(format!("{} {request:?}", fault.name()));
                }
                None => cells.push(*request),
            }
        }
        if let (Some(first), false) = (plan.slice, cells.is_empty()) {
            cells = vec![cells[(first + row) % cells.len()]];
        }
        work.push((*fault, cells));
    }
    let (next, done) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..plan.threads.max(1) {
            scope.spawn(|| {
                plant(plan.bug);
                let mut bench = None;
                while let Some((fault, cells)) = work.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let ended = row(&mut bench, plan.crm, *fault, cells);
                    plan.tell.iter().for_each(|tell| ended.iter().for_each(tell));
                    done.lock().unwrap_or_else(PoisonError::into_inner).extend(ended);
                }
                plant(None);
            });
        }
    });
    let done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    sum.run = done.len();
    sum.failing = done.into_iter().filter(|cell| !cell.wrong.is_empty()).collect();
    sum.failing.sort_by_key(|cell| (cell.fault, cell.request));
    sum.green = sum.run - sum.failing.len();
    sum.seconds = began.elapsed().as_secs_f64();
    Ok(sum)
}

/// A bench with the runtime that its servers live on, and the cells that it has seen.
struct Stage {
    runtime: tokio::runtime::Runtime,
    bench: Bench,
    cells: u32,
}

fn stage(crm: Vendor) -> Result<Stage, String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|e| e.to_string())?;
    let bench = runtime.block_on(Bench::start(crm))?;
    Ok(Stage { runtime, bench, cells: 0 })
}

fn row(kept: &mut Option<Stage>, crm: Vendor, fault: Fault, cells: &[Request]) -> Vec<Failing> {
    let mut ended = Vec::new();
    for request in cells {
        let wrong = one(kept, crm, fault, *request).unwrap_or_else(|why| {
            *kept = None;
            vec![format!("the cell could not be run: {why}")]
        });
        // What a failing cell has left behind is not the next one's.
        if !wrong.is_empty() || kept.as_ref().is_some_and(|stage| stage.cells >= CELLS_A_BENCH) {
            *kept = None;
        }
        ended.push(Failing { fault: fault.name(), request: *request, wrong });
    }
    ended
}

fn one(kept: &mut Option<Stage>, crm: Vendor, fault: Fault, request: Request) -> Result<Vec<String>, String> {
    let stage = match kept {
        Some(stage) => stage,
        None => kept.insert(stage(crm)?),
    };
    // At the door the same sync runs without a fault first.
    stage.cells += if fault.is_at_the_door() { 2 } else { 1 };
    let log = Log::default();
    let sink = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_writer(move || sink.clone())
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .finish();
    let Stage { runtime, bench, .. } = stage;
    let ran = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        tracing::subscriber::with_default(subscriber, || runtime.block_on(cell::run(bench, fault, request, &log)))
    }));
    ran.unwrap_or_else(|panic| {
        let said = panic.downcast_ref::<String>().cloned();
        let said = said.or_else(|| panic.downcast_ref::<&str>().map(|said| (*said).to_owned())).unwrap_or_default();
        Err(format!("it panicked: {said}"))
    })
}
