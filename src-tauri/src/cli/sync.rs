//! `drumbeat sync`: sends what was decided and reads what changed; Ctrl-C stops it where it can go on.

use std::process::ExitCode;
use std::sync::Arc;

use drumbeat_app::api::Nothing;
use drumbeat_app::drumbeat::Drumbeat;
use drumbeat_app::error::Answer;
use drumbeat_app::workspace::Workspace;
use drumbeat_app::{preview, status, syncing};
use drumbeat_model::workspace::SyncOptions;

use super::blocking;
use super::merges;
use super::print::Printer;

/// Says what would be sent and sends nothing; 3 when a part of it would need a person.
pub async fn rehearse(ws: Arc<Workspace>, printer: Printer) -> Answer<ExitCode> {
    let preview = preview::preview_push(ws, Nothing {}).await?;
    printer.result(&preview, merges::preview)?;
    Ok(if preview.needs_you > 0 { ExitCode::from(3) } else { ExitCode::SUCCESS })
}

/// Syncs; 3 when something needs a person.
pub async fn run(app: &Arc<Drumbeat>, ws: Arc<Workspace>, options: SyncOptions, printer: Printer) -> Answer<ExitCode> {
    let job = syncing::sync(Arc::clone(&ws), options);
    tokio::pin!(job);
    let summary = tokio::select! {
        done = &mut job => done?,
        _ = tokio::signal::ctrl_c() => {
            ws.jobs.cancel_all();
            job.await?
        }
    };
    let app = Arc::clone(app);
    let status = blocking(move || status::status(&app, Nothing {})).await?;
    let back = summary.held.unwrap_or(0);
    let held = status.read_only.filter(|_| summary.waiting > 0);
    printer.result(&summary, |s| {
        let held = held.as_ref().map(|why| format!("\n{why}: what was decided waits here until it may write")).unwrap_or_default();
        let stopped = if s.cancelled { ", stopped (it goes on where it was next time)" } else { "" };
        let back = if back > 0 { format!("; {back} decisions are held back (drumbeat merges held)") } else { String::new() };
        format!(
            "{} records read, {} changed, {} gone; {} ops confirmed, {} waiting, {} need you; {} messages released; {} requests ({} repeated), {} KiB, {:.1} s{back}{stopped}{held}",
            s.read, s.changed, s.gone, s.pushed, s.waiting, s.needs_you, s.released, s.requests, s.retries, s.bytes / 1024, s.seconds
        )
    })?;
    Ok(if summary.needs_you > 0 || back > 0 || held.is_some() { ExitCode::from(3) } else { ExitCode::SUCCESS })
}
