//! `drumbeat sync`: sends what was decided and reads what changed, then judges all accounts where that is due; Ctrl-C
//! stops either where it can go on.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use drumbeat_app::api::Nothing;
use drumbeat_app::drumbeat::Drumbeat;
use drumbeat_app::error::Answer;
use drumbeat_app::workspace::Workspace;
use drumbeat_app::{channel, preview, status, syncing};
use drumbeat_model::channel::PassDone;
use drumbeat_model::workspace::{SyncOptions, SyncSummary};
use serde::Serialize;

use super::blocking;
use super::merges;
use super::print::Printer;

/// Says what would be sent and sends nothing; 3 when a part of it would need a person.
pub async fn rehearse(ws: Arc<Workspace>, printer: Printer) -> Answer<ExitCode> {
    let preview = preview::preview_push(ws, Nothing {}).await?;
    printer.result(&preview, merges::preview)?;
    Ok(if preview.needs_you > 0 { ExitCode::from(3) } else { ExitCode::SUCCESS })
}

/// What a sync came to, and the pass over all accounts behind it where one was due.
#[derive(Serialize)]
struct Synced {
    #[serde(flatten)]
    summary: SyncSummary,
    channel_conflicts: Option<Judged>,
}

/// A pass over all accounts, timed apart from the sync.
#[derive(Serialize)]
struct Judged {
    #[serde(flatten)]
    done: PassDone,
    pass_seconds: f64,
}

/// Does a job until its end or Ctrl-C.
async fn until_stopped<T>(ws: &Workspace, job: impl Future<Output = Answer<T>>) -> Answer<T> {
    tokio::pin!(job);
    tokio::select! {
        done = &mut job => done,
        _ = tokio::signal::ctrl_c() => {
            ws.jobs.cancel_all();
            job.await
        }
    }
}

/// Syncs, and judges all accounts for channel conflicts where that is due; 3 when something needs a person.
pub async fn run(app: &Arc<Drumbeat>, ws: Arc<Workspace>, options: SyncOptions, printer: Printer) -> Answer<ExitCode> {
    let summary = until_stopped(&ws, syncing::exchange(Arc::clone(&ws), options)).await?;
    let began = Instant::now();
    let judged = if summary.cancelled {
        None
    } else {
        until_stopped(&ws, channel::judge_due(Arc::clone(&ws), Nothing {})).await?
    };
    let pass_seconds = began.elapsed().as_secs_f64();
    let channel_conflicts = judged.map(|done| Judged { done, pass_seconds });
    let app = Arc::clone(app);
    let status = blocking(move || status::status(&app, Nothing {})).await?;
    let back = summary.held.unwrap_or(0);
    let held = status.read_only.filter(|_| summary.waiting > 0);
    let code = if summary.needs_you > 0 || back > 0 || held.is_some() { ExitCode::from(3) } else { ExitCode::SUCCESS };
    printer.result(&Synced { summary, channel_conflicts }, |Synced { summary: s, channel_conflicts }| {
        let held = held.as_ref().map(|why| format!("\n{why}: what was decided waits here until it may write")).unwrap_or_default();
        let stopped = if s.cancelled { ", stopped (it goes on where it was next time)" } else { "" };
        let back = if back > 0 { format!("; {back} decisions are held back (drumbeat merges held)") } else { String::new() };
        let judged = channel_conflicts.as_ref().map(told).unwrap_or_default();
        format!(
            "{} records read, {} changed, {} gone; {} ops confirmed, {} waiting, {} need you; {} messages released; {} requests ({} repeated), {} KiB, {:.1} s{back}{stopped}{held}{judged}",
            s.read, s.changed, s.gone, s.pushed, s.waiting, s.needs_you, s.released, s.requests, s.retries, s.bytes / 1024, s.seconds
        )
    })?;
    Ok(code)
}

fn told(judged: &Judged) -> String {
    let stopped = if judged.done.cancelled { ", stopped (it goes on where it was next time)" } else { "" };
    format!(
        "\nall accounts judged for channel conflicts: {} judged, {} raised, {:.1} s more{stopped}",
        judged.done.judged, judged.done.raised, judged.pass_seconds
    )
}
