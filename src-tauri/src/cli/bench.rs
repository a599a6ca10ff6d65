//! `drumbeat bench`: measurements on synthetic data, printed as JSON, so that anybody can repeat a number.

use std::net::{Ipv4Addr, SocketAddr};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use drumbeat_app::clock::Clock;
use drumbeat_app::drumbeat::Drumbeat;
use drumbeat_app::error::{Answer, ApiError, Code};
use drumbeat_app::events::NoEvents;
use drumbeat_app::secrets::Memory;
use drumbeat_app::{connect, syncing};
use drumbeat_model::crm::Vendor;
use drumbeat_model::workspace::{Connect, SyncOptions};
use drumbeat_sandbox::{Options, RatePlan, Source};
use serde_json::json;

use super::args::Bench;
use super::print::Printer;

fn failed(why: impl std::fmt::Display) -> ApiError {
    ApiError::new(Code::Bug, "bench.failed", why.to_string())
}

/// Runs one measurement.
pub async fn run(bench: Bench, printer: Printer) -> Answer<ExitCode> {
    let Bench::Sync { deals, runs, limited } = bench;
    let options = Options {
        listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        data: Source::Synthetic(deals),
        seed: 7,
        rate: limited.then(RatePlan::starter),
        ..Options::default()
    };
    // A process of its own, as a real CRM is: its time and memory are not ours.
    let sandbox = drumbeat_sandbox::start(options).await.map_err(failed)?;
    let mut first = Vec::new();
    let mut again = Vec::new();
    let mut last = json!({});
    for _ in 0..runs.max(1) {
        let dir = tempfile::tempdir().map_err(failed)?;
        let app = Drumbeat::new(
            dir.path().to_owned(),
            Clock::system(),
            Arc::new(NoEvents),
            Arc::new(Memory::default()),
            None,
        );
        let request = Connect {
            vendor: Vendor::Hubspot,
            base_url: Some(sandbox.url().to_owned()),
            token: sandbox.token().to_owned(),
            passphrase: None,
        };
        connect::connect(Arc::clone(&app), request).await?;
        let ws = app.workspace()?;
        let began = Instant::now();
        let summary = syncing::sync(Arc::clone(&ws), SyncOptions::default()).await?;
        first.push(began.elapsed().as_secs_f64());
        ws.store.checkpoint()?;
        let bytes = ws.store.bytes();
        let began = Instant::now();
        let second = syncing::sync(Arc::clone(&ws), SyncOptions::default()).await?;
        again.push(began.elapsed().as_secs_f64());
        last = json!({ "records": summary.read, "requests": summary.requests, "retries": summary.retries, "store_bytes": bytes, "again_read": second.read, "again_changed": second.changed });
    }
    let middle = |times: &mut Vec<f64>| {
        times.sort_by(f64::total_cmp);
        times[times.len() / 2]
    };
    let report = json!({
        "bench": "sync", "deals": deals, "runs": first.len(), "limited": limited,
        "first_sync_seconds": { "median": middle(&mut first.clone()), "all": first },
        "again_seconds": { "median": middle(&mut again.clone()), "all": again },
        "last": last,
    });
    printer.result(&report, |report| format!("{report:#}"))?;
    Ok(ExitCode::SUCCESS)
}
