//! `drumbeat bench`: measurements on synthetic data, printed as JSON, so that anybody can repeat a number.

use std::net::{Ipv4Addr, SocketAddr};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use clap::Subcommand;
use drumbeat_app::api::Nothing;
use drumbeat_app::clock::Clock;
use drumbeat_app::drumbeat::Drumbeat;
use drumbeat_app::error::{Answer, ApiError, Code};
use drumbeat_app::events::NoEvents;
use drumbeat_app::secrets::Memory;
use drumbeat_app::workspace::Workspace;
use drumbeat_app::{channel, connect, deals, inbox, syncing, today};
use drumbeat_model::crm::Vendor;
use drumbeat_model::deal::{DealsQuery, EditDeal, FieldEdit};
use drumbeat_model::field::Field;
use drumbeat_model::inbox::InboxQuery;
use drumbeat_model::workspace::{Connect, SyncOptions, SyncSummary};
use drumbeat_sandbox::{Options, RatePlan, Sandbox, Source};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::print::Printer;

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
        Bench::Sync { deals, runs, limited } => sync(deals, runs, limited).await?,
        Bench::Desk { deals, waiting, times } => desk(deals, waiting, times).await?,
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
        Bench::Match { accounts, times } => drumbeat_lab::matching::measure(accounts, times)?,
    };
    printer.result(&report, |report| format!("{report:#}"))?;
    Ok(ExitCode::SUCCESS)
}

async fn crm(deals: u32, waiting: Option<u32>, limited: bool) -> Answer<Sandbox> {
    let options = Options {
        listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        data: Source::Synthetic(deals),
        waiting,
        seed: 7,
        rate: limited.then(RatePlan::starter),
        ..Options::default()
    };
    drumbeat_sandbox::start(options).await.map_err(failed)
}

/// A new workspace of that CRM after its first sync, with the seconds that the sync took.
async fn synced(sandbox: &Sandbox) -> Answer<(TempDir, Arc<Workspace>, SyncSummary, f64)> {
    let dir = tempfile::tempdir().map_err(failed)?;
    let app =
        Drumbeat::new(dir.path().to_owned(), Clock::system(), Arc::new(NoEvents), Arc::new(Memory::default()), None);
    let request = Connect {
        vendor: Vendor::Hubspot,
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

async fn sync(deals: u32, runs: u32, limited: bool) -> Answer<Value> {
    let sandbox = crm(deals, None, limited).await?;
    let (mut first, mut judged, mut again, mut last) = (Vec::new(), Vec::new(), Vec::new(), json!({}));
    for _ in 0..runs.max(1) {
        let (_dir, ws, summary, seconds) = synced(&sandbox).await?;
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
        "bench": "sync", "deals": deals, "runs": first.len(), "limited": limited,
        "first_sync_seconds": spread(first), "judged_seconds": spread(judged), "again_seconds": spread(again), "last": last,
    }))
}

async fn desk(deals: u32, waiting: u32, times: u32) -> Answer<Value> {
    let sandbox = crm(deals, Some(waiting), false).await?;
    let (_dir, ws, _, _) = synced(&sandbox).await?;
    channel::judge_due(Arc::clone(&ws), Nothing {}).await?;
    let timed = |work: &dyn Fn(u32) -> Answer<()>| -> Answer<Value> {
        let mut millis = Vec::new();
        for number in 0..times.max(1) {
            let began = Instant::now();
            work(number)?;
            millis.push(began.elapsed().as_secs_f64() * 1000.0);
        }
        Ok(spread(millis))
    };
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

/// Least, middle, ninety-five and ninety-nine of a hundred, most; all of them when they are few.
fn spread(mut times: Vec<f64>) -> Value {
    times.sort_by(f64::total_cmp);
    let at = |part: usize| times.get((times.len() * part / 100).min(times.len().saturating_sub(1))).copied();
    let all = if times.len() <= 10 { Some(times.clone()) } else { None };
    json!({ "least": at(0), "median": at(50), "p95": at(95), "p99": at(99), "most": at(100), "all": all })
}
