//! `drumbeat bench`: measurements on synthetic data, printed as JSON, so that anybody can repeat a number.

use std::net::{Ipv4Addr, SocketAddr};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use clap::Subcommand;
use drumbeat_app::api::Nothing;
use drumbeat_app::clock::Clock;
use drumbeat_app::drumbeat::Drumbeat;
use drumbeat_app::error::{Answer, ApiError, Code};
use drumbeat_app::events::NoEvents;
use drumbeat_app::secrets::Memory;
use drumbeat_app::workspace::Workspace;
use drumbeat_app::{channel, connect, deals, inbox, metrics, syncing, today};
use drumbeat_model::board::{BoardQuery, MendQuery};
use drumbeat_model::crm::{Outcome, Vendor};
use drumbeat_model::deal::{DealFilter, DealSort, DealsQuery, EditDeal, FieldEdit, Motion};
use drumbeat_model::field::Field;
use drumbeat_model::forecast::{BacktestRequest, ForecastQuery};
use drumbeat_model::inbox::InboxQuery;
use drumbeat_model::metrics::{MetricBy, MetricsQuery};
use drumbeat_model::pack::{Edition, PackBatch, PackBatchDone, PackFormat, PackRequest};
use drumbeat_model::page::Direction;
use drumbeat_model::partner::{PartnerSort, PartnersQuery};
use drumbeat_model::today::SearchQuery;
use drumbeat_model::workspace::{Connect, SyncOptions, SyncSummary};
use drumbeat_sandbox::{Options, RatePlan, Sandbox, Source};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::args::CrmName;
use super::print::Printer;
use super::sandbox::dialect;

/// Measurements.
#[derive(Debug, Subcommand)]
pub enum Bench {
    /// First sync and re-sync of synthetic deals.
    Sync {
        /// How many deals.
        #[arg(long, default_value_t = 100_000)]
        deals: u32,
        /// How often.
        #[arg(long, default_value_t = 5)]
        runs: u32,
        /// Under HubSpot's rate limits.
        #[arg(long)]
        limited: bool,
        /// Which CRM.
        #[arg(long, default_value = "hubspot")]
        crm: CrmName,
    },
    /// A decision saved on this device, and the pages that are looked at most.
    Desk {
        /// How many deals the workspace has.
        #[arg(long, default_value_t = 100_000)]
        deals: u32,
        /// How many registrations wait.
        #[arg(long, default_value_t = 5_000)]
        waiting: u32,
        /// How many decisions, and how many looks at each page.
        #[arg(long, default_value_t = 500)]
        times: u32,
    },
    /// Lists, board, filters, search and hygiene, each asked again and again.
    Queries {
        /// How many deals the workspace has.
        #[arg(long, default_value_t = 100_000)]
        deals: u32,
        /// How many looks at each.
        #[arg(long, default_value_t = 50)]
        times: u32,
    },
    /// Channel conflicts found against those that were planted, and how long the passes take.
    Conflicts {
        /// How many deals.
        #[arg(long, default_value_t = 100_000)]
        deals: u32,
        /// How often the passes run.
        #[arg(long, default_value_t = 5)]
        runs: u32,
        /// Seed of the invented CRM.
        #[arg(long, default_value_t = 7)]
        seed: u64,
        /// Sales data in a folder instead, in which channel conflicts are planted.
        #[arg(long, value_name = "DIR", conflicts_with = "deals")]
        data: Option<std::path::PathBuf>,
    },
    /// A review's agenda, items and end, and what moved between two of them.
    Review {
        /// How many deals the workspace has.
        #[arg(long, default_value_t = 100_000)]
        deals: u32,
        /// How many reviews are held.
        #[arg(long, default_value_t = 5)]
        times: u32,
    },
    /// Packs of one partner again and again, then of all partners in one batch.
    Pack {
        /// How many deals the workspace has.
        #[arg(long, default_value_t = 100_000)]
        deals: u32,
        /// How often the one partner's pack is made.
        #[arg(long, default_value_t = 5)]
        times: u32,
        /// How often those of all partners are made.
        #[arg(long, default_value_t = 1)]
        batches: u32,
    },
    /// The forecast: where the truth is known, on a book of deals, and what it costs.
    Forecast {
        /// How many deals the workspace has; 0 leaves it out.
        #[arg(long, default_value_t = 100_000)]
        deals: u32,
        /// Sales data in a folder instead.
        #[arg(long, value_name = "DIR", conflicts_with = "deals")]
        data: Option<std::path::PathBuf>,
        /// Deals of the simulated program whose chances are known; 0 leaves it out.
        #[arg(long, default_value_t = 20_000)]
        simulated: u32,
        /// Simulated programs, a seed each.
        #[arg(long, default_value_t = 8)]
        programs: u64,
        /// Write what was known of the simulated deals here, for another learner (CSV).
        #[arg(long, value_name = "FILE")]
        table: Option<std::path::PathBuf>,
        /// How many looks at the forecast.
        #[arg(long, default_value_t = 10)]
        times: u32,
    },
    /// One company looked up under another spelling, and what the index costs.
    Match {
        /// How many accounts.
        #[arg(long, default_value_t = 1_000_000)]
        accounts: u32,
        /// How many lookups.
        #[arg(long, default_value_t = 1000)]
        times: u32,
    },
}

fn failed(why: impl std::fmt::Display) -> ApiError {
    ApiError::new(Code::Bug, "bench.failed", why.to_string())
}

/// Runs one measurement.
pub async fn run(bench: Bench, printer: Printer) -> Answer<ExitCode> {
    let report = match bench {
        Bench::Sync { deals, runs, limited, crm } => sync(crm.vendor(), deals, runs, limited).await?,
        Bench::Desk { deals, waiting, times } => desk(deals, waiting, times).await?,
        Bench::Queries { deals, times } => queries(deals, times).await?,
        Bench::Conflicts { deals, runs, seed, data } => {
            let data = data.map_or(Source::Synthetic(deals), Source::Folder);
            drumbeat_lab::conflicts::measure(data, runs, seed).await?
        }
        Bench::Review { deals, times } => {
            let sandbox = crm(deals, None, false).await?;
            let (_dir, ws, _, _) = synced(&sandbox).await?;
            channel::judge_due(Arc::clone(&ws), Nothing {}).await?;
            let mut report = drumbeat_lab::reviewing::measure(&ws, times)?;
            report["deals"] = json!(deals);
            report
        }
        Bench::Pack { deals, times, batches } => packs(deals, times, batches).await?,
        Bench::Forecast { deals, data, simulated, programs, table, times } => {
            let data = data.map_or(Source::Synthetic(deals), Source::Folder);
            forecast(data, (simulated, programs), table, times).await?
        }
        Bench::Match { accounts, times } => drumbeat_lab::matching::measure(accounts, times)?,
    };
    printer.result(&report, |report| format!("{report:#}"))?;
    Ok(ExitCode::SUCCESS)
}

async fn crm(deals: u32, waiting: Option<u32>, limited: bool) -> Answer<Sandbox> {
    crm_of(Vendor::Hubspot, Source::Synthetic(deals), waiting, limited).await
}

async fn crm_of(vendor: Vendor, data: Source, waiting: Option<u32>, limited: bool) -> Answer<Sandbox> {
    let options = Options {
        crm: dialect(vendor),
        listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        data,
        waiting,
        seed: 7,
        rate: limited.then(RatePlan::starter),
        ..Options::default()
    };
    drumbeat_sandbox::start(options).await.map_err(failed)
}

/// A new workspace of that CRM after its first sync, with the seconds that the sync took.
async fn synced(sandbox: &Sandbox) -> Answer<(TempDir, Arc<Workspace>, SyncSummary, f64)> {
    synced_with(Vendor::Hubspot, sandbox).await
}

async fn synced_with(vendor: Vendor, sandbox: &Sandbox) -> Answer<(TempDir, Arc<Workspace>, SyncSummary, f64)> {
    let dir = tempfile::tempdir().map_err(failed)?;
    let app =
        Drumbeat::new(dir.path().to_owned(), Clock::system(), Arc::new(NoEvents), Arc::new(Memory::default()), None);
    let request = Connect {
        vendor,
        base_url: Some(sandbox.url().to_owned()),
        token: sandbox.token().to_owned(),
        passphrase: None,
    };
    connect::connect(Arc::clone(&app), request).await?;
    let ws = app.workspace()?;
    let began = Instant::now();
    let summary = syncing::exchange(Arc::clone(&ws), SyncOptions::default()).await?;
    Ok((dir, ws, summary, began.elapsed().as_secs_f64()))
}

async fn sync(vendor: Vendor, deals: u32, runs: u32, limited: bool) -> Answer<Value> {
    let sandbox = crm_of(vendor, Source::Synthetic(deals), None, limited).await?;
    let (mut first, mut judged, mut again, mut last) = (Vec::new(), Vec::new(), Vec::new(), json!({}));
    for _ in 0..runs.max(1) {
        let (_dir, ws, summary, seconds) = synced_with(vendor, &sandbox).await?;
        first.push(seconds);
        ws.store.checkpoint()?;
        let bytes = ws.store.bytes();
        // The pass over all accounts comes behind the sync, as a job of its own.
        let began = Instant::now();
        channel::judge_due(Arc::clone(&ws), Nothing {}).await?;
        judged.push(began.elapsed().as_secs_f64());
        ws.store.checkpoint()?;
        let judged_bytes = ws.store.bytes();
        let began = Instant::now();
        let second = syncing::exchange(Arc::clone(&ws), SyncOptions::default()).await?;
        again.push(began.elapsed().as_secs_f64());
        last = json!({ "records": summary.read, "requests": summary.requests, "retries": summary.retries, "store_bytes": bytes, "judged_bytes": judged_bytes, "again_read": second.read, "again_changed": second.changed });
    }
    Ok(json!({
        "bench": "sync", "crm": dialect(vendor).word(), "deals": deals, "runs": first.len(), "limited": limited,
        "first_sync_seconds": spread(first), "judged_seconds": spread(judged), "again_seconds": spread(again), "last": last,
    }))
}

async fn desk(deals: u32, waiting: u32, times: u32) -> Answer<Value> {
    let sandbox = crm(deals, Some(waiting), false).await?;
    let (_dir, ws, _, _) = synced(&sandbox).await?;
    channel::judge_due(Arc::clone(&ws), Nothing {}).await?;
    let timed = |work: &dyn Fn(u32) -> Answer<()>| timed(times, work);
    let page = deals::deals(&ws, DealsQuery::default())?;
    let queue = inbox::inbox(&ws, InboxQuery { limit: 200, ..InboxQuery::default() })?;
    let claim = |number: u32| {
        let row = queue.rows.get(number as usize % queue.rows.len().max(1));
        row.map(|row| row.id.clone()).ok_or_else(|| failed("no registrations"))
    };
    let decision = |number: u32| {
        let row = page.rows.get(number as usize % page.rows.len().max(1)).ok_or_else(|| failed("no deals"))?;
        let set = vec![FieldEdit { field: Field::Amount, value: Some(format!("{}", 1_000 + number)) }];
        deals::edit_deal(&ws, EditDeal { deal: row.id.clone(), set, override_reason: None, confirm: Vec::new() })
            .map(drop)
    };
    Ok(json!({
        "bench": "desk", "deals": deals, "waiting": queue.total, "times": times,
        "today_ms": timed(&|_| today::today(&ws, Nothing {}).map(drop))?,
        "inbox_ms": timed(&|_| inbox::inbox(&ws, InboxQuery::default()).map(drop))?,
        "check_ms": timed(&|number| inbox::check_counts(&ws, claim(number)?).map(drop))?,
        "registration_ms": timed(&|number| inbox::registration(&ws, claim(number)?).map(drop))?,
        "deals_ms": timed(&|_| deals::deals(&ws, DealsQuery::default()).map(drop))?,
        "decision_saved_ms": timed(&decision)?,
    }))
}

/// Slides, PDF and workbook of the partner with the most open deals, then those of all partners, partner edition.
async fn packs(deals: u32, times: u32, batches: u32) -> Answer<Value> {
    let sandbox = crm(deals, None, false).await?;
    let (_dir, ws, _, _) = synced(&sandbox).await?;
    let query =
        PartnersQuery { direction: Direction::Descending, sort: PartnerSort::OpenAmount, ..PartnersQuery::default() };
    let page = drumbeat_app::partners::partners(&ws, query)?;
    let partner = page.rows.first().ok_or_else(|| failed("no partners"))?.id.clone();
    let quarter = ws.policy.calendar.fiscal_year().quarter_of(ws.clock.today()).previous();
    let formats = vec![PackFormat::Pptx, PackFormat::Pdf, PackFormat::Xlsx];
    let out = tempfile::tempdir().map_err(failed)?;
    let (mut one, mut bytes) = (Vec::new(), 0);
    for _ in 0..times.max(1) {
        let request =
            PackRequest { partner: partner.clone(), quarter, edition: Edition::Partner, formats: formats.clone() };
        let began = Instant::now();
        let made = drumbeat_app::packs::export_pack_to(Arc::clone(&ws), request, out.path().join("one")).await?;
        one.push(began.elapsed().as_secs_f64());
        bytes = made.files.iter().map(|file| file.bytes).sum();
    }
    let batch = PackBatch { quarter, edition: Edition::Partner, formats, status: false };
    let (mut all, mut each) = (Vec::new(), Vec::new());
    let mut done = PackBatchDone::default();
    for run in 0..batches.max(1) {
        let began = Instant::now();
        let folder = out.path().join(format!("all {run}"));
        done = drumbeat_app::packs::export_packs_to(Arc::clone(&ws), batch.clone(), folder).await?;
        let took = began.elapsed().as_secs_f64();
        all.push(took);
        each.push(took * 200.0 / f64::from(done.made.max(1)));
    }
    let began = Instant::now();
    let again = drumbeat_app::packs::export_packs_to(Arc::clone(&ws), batch, out.path().join("all 0")).await?;
    Ok(json!({
        "bench": "pack", "deals": deals, "partners": page.total,
        "one_partner_seconds": spread(one), "one_partner_bytes": bytes,
        "all_partners_seconds": spread(all), "of_200_partners_seconds": spread(each), "made": done.made, "failed": done.failed.len(),
        "again_seconds": began.elapsed().as_secs_f64(), "again_kept": again.kept,
    }))
}

/// A question and its name.
type Asked<'a> = (&'a str, &'a dyn Fn(u32) -> Answer<()>);

/// What people ask of the deals again and again; each first look is among its times.
async fn queries(count: u32, times: u32) -> Answer<Value> {
    let sandbox = crm(count, None, false).await?;
    let (_dir, ws, _, _) = synced(&sandbox).await?;
    let timed = |work: &dyn Fn(u32) -> Answer<()>| timed(times, work);
    let open = |motion| DealFilter { outcome: Some(Outcome::Open), motion, ..DealFilter::default() };
    let listed = |filter: DealFilter, sort| {
        let query = DealsQuery { filter, sort, direction: Direction::Descending, ..DealsQuery::default() };
        deals::deals(&ws, query)
    };
    let page = listed(open(None), DealSort::Amount)?;
    let deal = |number: u32| {
        let row = page.rows.get(number as usize % page.rows.len().max(1)).ok_or_else(|| failed("no deals"))?;
        Ok::<_, ApiError>(row.id.clone())
    };
    let motion = |number: u32| Motion::ALL.get(number as usize % Motion::ALL.len()).copied();
    let words = ["nor", "pla", "han", "log", "con", "tec", "mar", "sol"];
    let search = |number: u32| {
        let text = words.get(number as usize % words.len()).map_or_else(String::new, |word| (*word).to_owned());
        today::search(&ws, SearchQuery { text, limit: 0 }).map(drop)
    };
    let sorted = |sort: DealSort| timed(&move |number| listed(open(motion(number)), sort).map(drop));
    let mut by_sort = serde_json::Map::new();
    for sort in DealSort::ALL {
        by_sort.insert(sort.name().to_owned(), sorted(*sort)?);
    }
    let mut by_group = serde_json::Map::new();
    for by in MetricBy::ALL {
        let numbers = |_| metrics::metrics(&ws, MetricsQuery { by: Some(*by), ..MetricsQuery::default() }).map(drop);
        by_group.insert(by.name().to_owned(), timed(&numbers)?);
    }
    let by_motion = |_| {
        let query = MetricsQuery { by: Some(MetricBy::Motion), ..MetricsQuery::default() };
        metrics::metrics(&ws, query).map(drop)
    };
    let program = |_| metrics::metrics(&ws, MetricsQuery::default()).map(drop);
    let board = |_| deals::board(&ws, BoardQuery::default()).map(drop);
    let listed_by_close = |_| listed(open(None), DealSort::CloseDate).map(drop);
    let asked: [Asked<'_>; 4] =
        [("program", &program), ("by_motion", &by_motion), ("board", &board), ("list", &listed_by_close)];
    let written = while_writing(&ws, || {
        let mut all = serde_json::Map::new();
        for (name, ask) in asked {
            all.insert(name.to_owned(), timed(ask)?);
        }
        Ok(all)
    })?;
    let stalled = DealFilter { stalled: Some(true), partnered: Some(true), ..open(None) };
    Ok(json!({
        "bench": "queries", "deals": count, "times": times,
        "list_by_sort_ms": by_sort,
        "list_stalled_ms": timed(&|_| listed(stalled.clone(), DealSort::CloseDate).map(drop))?,
        "totals_open_ms": timed(&|_| deals::deal_totals(&ws, open(None)).map(drop))?,
        "totals_of_a_motion_ms": timed(&|number| deals::deal_totals(&ws, open(motion(number))).map(drop))?,
        "board_ms": timed(&|_| deals::board(&ws, BoardQuery::default()).map(drop))?,
        "board_of_a_motion_ms": timed(&|number| {
            let filter = DealFilter { motion: motion(number), ..DealFilter::default() };
            deals::board(&ws, BoardQuery { filter, limit: 30 }).map(drop)
        })?,
        "standing_ms": timed(&|number| deals::deal_standing(&ws, deal(number)?).map(drop))?,
        "deal_ms": timed(&|number| deals::deal(&ws, deal(number)?).map(drop))?,
        "hygiene_ms": timed(&|_| deals::mend_list(&ws, MendQuery::default()).map(drop))?,
        "search_ms": timed(&search)?,
        "metrics_ms": timed(&|_| metrics::metrics(&ws, MetricsQuery::default()).map(drop))?,
        "metrics_by_ms": by_group,
        "while_a_sync_writes_ms": written.0, "pages_written": written.1,
    }))
}

/// What `work` comes to while pages of 500 changed deals are taken in one after the other, and how many were.
fn while_writing<T>(ws: &Arc<Workspace>, work: impl FnOnce() -> Answer<T>) -> Answer<(T, u32)> {
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let writing = scope.spawn(|| {
            let mut pages = 0;
            while !over.load(Ordering::Relaxed) {
                drumbeat_lab::reviewing::change(ws, pages)?;
                pages += 1;
            }
            Ok::<_, ApiError>(pages)
        });
        let done = work();
        over.store(true, Ordering::Relaxed);
        let pages = writing.join().map_err(|_| failed("the writing stopped"))??;
        Ok((done?, pages))
    })
}

/// The simulated program, then the forecast on a workspace: learning, looking, and the past played again as of the last
/// day on which a deal was closed.
async fn forecast(
    data: Source,
    (simulated, programs): (u32, u64),
    table: Option<std::path::PathBuf>,
    times: u32,
) -> Answer<Value> {
    let truth = if simulated == 0 {
        Value::Null
    } else {
        drumbeat_lab::forecasting::simulate(simulated, 1..programs + 1, table.as_deref())?
    };
    if matches!(data, Source::Synthetic(0)) {
        return Ok(json!({ "bench": "forecast", "simulated": truth }));
    }
    let sandbox = crm_of(Vendor::Hubspot, data, None, false).await?;
    let (_dir, ws, _, _) = synced(&sandbox).await?;
    let began = Instant::now();
    let learnt = drumbeat_app::forecast::learn_forecast(Arc::clone(&ws), Nothing {}).await?;
    let learning = began.elapsed().as_secs_f64();
    let look = timed(times, &|_| drumbeat_app::forecast::forecast(&ws, ForecastQuery::default()).map(drop))?;
    let today = ws.clock.today();
    let as_of = ws.read(|r| r.last_close(today))?;
    let began = Instant::now();
    let backtest = drumbeat_app::forecast::backtest(Arc::clone(&ws), BacktestRequest { as_of }).await?;
    Ok(json!({
        "bench": "forecast", "simulated": truth, "learnt": learnt, "learning_seconds": learning, "look_ms": look,
        "backtest_seconds": began.elapsed().as_secs_f64(), "backtest": backtest,
    }))
}

/// How long each of so many goes takes, in milliseconds.
fn timed(times: u32, work: &dyn Fn(u32) -> Answer<()>) -> Answer<Value> {
    let mut millis = Vec::new();
    for number in 0..times.max(1) {
        let began = Instant::now();
        work(number)?;
        millis.push(began.elapsed().as_secs_f64() * 1000.0);
    }
    Ok(spread(millis))
}

/// Least, middle, ninety-five and ninety-nine of a hundred, most; all of them when they are few.
fn spread(mut times: Vec<f64>) -> Value {
    times.sort_by(f64::total_cmp);
    let at = |part: usize| times.get((times.len() * part / 100).min(times.len().saturating_sub(1))).copied();
    let all = if times.len() <= 10 { Some(times.clone()) } else { None };
    json!({ "least": at(0), "median": at(50), "p95": at(95), "p99": at(99), "most": at(100), "all": all })
}
