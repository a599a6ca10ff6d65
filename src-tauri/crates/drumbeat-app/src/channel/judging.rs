//! When accounts are judged: what has changed at the end of each sync and before somebody looks, all of them by a job of
//! its own.
//!
//! The one hard idea: a sync is over when what it has read can be worked with, and nobody waits for a pass over all
//! accounts. Where that is due (at first, after another mapping or policy) and takes time, the sync ends and the pass begins
//! behind it; it says how far it is, can be stopped, and goes on where it was. Callers rely on a small book being judged
//! when its sync is over and whenever somebody looks; of a large one the list shows what was found so far.

use std::sync::Arc;

use drumbeat_model::channel::PassDone;
use drumbeat_model::workspace::JobProgress;

use super::pass;
use crate::api::Nothing;
use crate::error::{Answer, ApiError, Code};
use crate::events::AppEvent;
use crate::jobs::Job;
use crate::workspace::Workspace;

/// With more open partner deals than these, nobody who looks waits until all accounts are judged.
const AT_ONCE: u32 = 5_000;
/// With more than these, no sync waits for it.
const WITH_A_SYNC: u32 = 1_000;

/// Judges what decisions and imports have changed since, before channel conflicts are looked at: so a decision itself
/// waits for nothing. What fails is tried again by the next pass: nothing that was decided depends on it.
pub(crate) fn follow(ws: &Workspace) {
    let judged = is_soon(ws, AT_ONCE).and_then(|soon| if soon { once(ws, false).map(drop) } else { Ok(()) });
    if let Err(error) = judged {
        tracing::warn!(%error, "channel conflicts were not judged; the next pass does");
    }
}

/// Whether all accounts have to be judged.
fn is_due(ws: &Workspace) -> drumbeat_store::Result<bool> {
    Ok(ws.store.read(|r| r.channel_whole())? != Some(ws.policy.version.to_string()))
}

/// Whether what is to be judged takes no time that is felt: what has changed, or all accounts of a book of so many deals.
fn is_soon(ws: &Workspace, most: u32) -> drumbeat_store::Result<bool> {
    Ok(!is_due(ws)? || ws.store.read(|r| r.open_partner_deals())? <= most)
}

fn once(ws: &Workspace, full: bool) -> drumbeat_store::Result<PassDone> {
    let done = pass::run(&ws.store, &ws.policy, ws.clock.now(), full, &|| false, &|_, _| {})?;
    told(ws, done);
    Ok(done)
}

fn told(ws: &Workspace, done: PassDone) {
    if done.raised + done.changed + done.ended + done.reopened + done.turned > 0 {
        ws.tell(std::iter::once(drumbeat_store::Touched::ChannelConflict));
    }
}

/// Judges what a sync has changed, with its progress and its way to stop; all accounts only where they are few.
///
/// # Errors
/// What the store says; what was judged is kept.
pub(crate) fn after_sync(ws: &Workspace, job: &Job) -> Answer<()> {
    if is_soon(ws, WITH_A_SYNC)? { reported(ws, job, false).map(drop) } else { Ok(()) }
}

/// Begins to judge all accounts where that is due, as a job of its own; returns at once.
pub(crate) fn begin(ws: &Arc<Workspace>) {
    match start_due(ws) {
        Ok(Some(job)) => drop(tokio::task::spawn_blocking({
            let ws = Arc::clone(ws);
            move || {
                if let Err(error) = to_its_end(&ws, job) {
                    tracing::warn!(?error, "channel conflicts were not judged to the end; the next pass goes on");
                }
            }
        })),
        // One runs already: it comes to the same.
        Ok(None) => {}
        Err(error) => tracing::warn!(?error, "whether channel conflicts are to be judged is not known"),
    }
}

fn start_due(ws: &Workspace) -> Answer<Option<Job>> {
    if is_due(ws)? { Ok(ws.jobs.start("judge").ok()) } else { Ok(None) }
}

fn to_its_end(ws: &Workspace, job: Job) -> Answer<PassDone> {
    let done = reported(ws, &job, false);
    let id = job.id.clone();
    drop(job);
    ws.events.send(AppEvent::JobEnded(id));
    done
}

/// A pass that tells how far it is and can be stopped.
fn reported(ws: &Workspace, job: &Job, full: bool) -> Answer<PassDone> {
    let report = |done: u32, total: Option<u32>| {
        let progress = JobProgress {
            id: job.id.clone(),
            step: "Looking for channel conflicts".to_owned(),
            done,
            total,
            rate: 0,
            left: None,
        };
        job.report(progress.clone());
        ws.events.send(AppEvent::Progress(progress));
    };
    let stop = || job.cancel.is_cancelled();
    let done = pass::run(&ws.store, &ws.policy, ws.clock.now(), full, &stop, &report)?;
    told(ws, done);
    Ok(done)
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Answer<T> + Send + 'static) -> Answer<T> {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|stopped| Err(ApiError::new(Code::Bug, "operation.stopped", stopped.to_string())))
}

/// Judges all accounts anew, on demand.
///
/// # Errors
/// When another such job runs, or what the store says.
pub async fn judge_conflicts(ws: Arc<Workspace>, _: Nothing) -> Answer<PassDone> {
    let job = ws.jobs.start("judge")?;
    blocking(move || reported(&ws, &job, true)).await
}

/// Judges all accounts where that is due, and waits for it; nothing where it is not due or another job does it.
///
/// # Errors
/// What the store says.
pub async fn judge_due(ws: Arc<Workspace>, _: Nothing) -> Answer<Option<PassDone>> {
    blocking(move || start_due(&ws)?.map(|job| to_its_end(&ws, job)).transpose()).await
}

/// Judges all accounts anew, without a job around it.
///
/// # Errors
/// What the store says.
pub fn judge_all(ws: &Workspace) -> Answer<PassDone> {
    Ok(once(ws, true)?)
}

/// Judges what has changed, without a job around it.
///
/// # Errors
/// What the store says.
pub fn judge_waiting(ws: &Workspace) -> Answer<PassDone> {
    Ok(once(ws, false)?)
}
