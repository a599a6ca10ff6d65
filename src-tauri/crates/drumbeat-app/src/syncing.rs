//! Syncing: one at a time, by one process at a time.

use std::sync::Arc;

use drumbeat_crm::crm::Crm;
use drumbeat_model::workspace::{JobProgress, SyncOptions, SyncSummary};
use drumbeat_sync::Context;
use fs4::fs_std::FileExt;

use crate::error::{Answer, ApiError, Code};
use crate::events::{AppEvent, Kind};
use crate::held;
use crate::workspace::Workspace;

/// Holds the right to send for a workspace; let go when dropped, also by a crash.
struct Sender(#[allow(dead_code, reason = "held for its lock")] std::fs::File);

impl Sender {
    fn take(ws: &Workspace) -> Answer<Self> {
        let busy = || {
            ApiError::new(
                Code::NeedsAttention,
                "sender.busy",
                "Another Drumbeat on this computer is syncing this workspace",
            )
            .kept("Every decision is kept and goes out with that sync")
            .next("Wait until it has ended")
        };
        let file = std::fs::OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(ws.dir.join("sender.lock"))
            .map_err(drumbeat_store::StoreError::from)?;
        match FileExt::try_lock_exclusive(&file) {
            Ok(true) => Ok(Self(file)),
            Ok(false) => Err(busy()),
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => Err(busy()),
            Err(error) => Err(drumbeat_store::StoreError::from(error).into()),
        }
    }
}

/// Sends what was decided, reads what changed; where all accounts are to be judged for channel conflicts after it, or the
/// forecast is to learn from a new day, that is begun and not waited for.
///
/// # Errors
/// As [`exchange`].
pub async fn sync(ws: Arc<Workspace>, options: SyncOptions) -> Answer<SyncSummary> {
    let summary = exchange(Arc::clone(&ws), options).await?;
    if !summary.cancelled {
        crate::channel::begin(&ws);
        crate::forecast::begin(&ws);
    }
    Ok(summary)
}

/// Sends what was decided, reads what changed, and nothing behind it: whoever calls this sees to
/// [`judge_due`](crate::channel::judge_due).
///
/// # Errors
/// When the person works offline on purpose, another sync runs, the CRM does not answer or accept the
/// token. What was read and decided is kept in every case.
pub async fn exchange(ws: Arc<Workspace>, options: SyncOptions) -> Answer<SyncSummary> {
    if link(&ws, |link| link.offline_on_purpose) {
        return Err(ApiError::new(Code::Offline, "offline.on_purpose", "You are working offline on purpose")
            .kept("Every decision is kept here")
            .next("Go online in the status bar and sync again"));
    }
    let job = ws.jobs.start("sync")?;
    let _sender = Sender::take(&ws)?;
    let crm = ws.crm()?;
    let job = Arc::new(job);
    let progress = {
        let (ws, job) = (Arc::clone(&ws), Arc::clone(&job));
        move |at: drumbeat_sync::Progress| {
            let progress = JobProgress {
                id: job.id.clone(),
                step: at.step,
                done: at.done,
                total: at.total,
                rate: at.rate,
                left: at.left,
            };
            job.report(progress.clone());
            ws.events.send(AppEvent::Progress(progress));
        }
    };
    let clock = ws.clock.clone();
    let context = Context {
        clock: Arc::new(move || clock.now()),
        cancel: job.cancel.clone(),
        progress: Arc::new(progress),
        holder: format!("{}-{}", std::process::id(), job.id),
    };
    let done = in_order(&ws, crm.as_ref(), options, &context).await;
    let now = ws.clock.now();
    let outcome = match done {
        Ok(summary) => {
            link(&ws, |link| {
                link.online = true;
                link.daily_left = crm.budget().daily_left;
            });
            if !summary.cancelled {
                ws.keep(|w| w.set_cursor("last_sync", &now.to_rfc3339()))?;
                // A pass that fails or is stopped goes on with the next sync; what was read stays read.
                if let Err(error) = crate::channel::after_sync(&ws, &job) {
                    tracing::warn!(?error, "channel conflicts were not judged to the end");
                }
                crate::backups::after_sync(&ws);
            }
            ws.events.send(AppEvent::Online(true));
            ws.events.send(AppEvent::SyncEnded(summary.clone()));
            Ok(summary)
        }
        Err(error) => {
            if error.code == Code::Offline {
                link(&ws, |link| link.online = false);
                ws.events.send(AppEvent::Online(false));
            }
            ws.events.send(AppEvent::SyncFailed(error.clone()));
            Err(error)
        }
    };
    ws.mark_trail();
    // Let the job end before anyone asks how far it is.
    drop(context);
    drop(job);
    ws.events.send(AppEvent::Changed(Kind::ALL.to_vec()));
    outcome
}

/// Reads before it sends where a decision waits whose facts may have moved, so that only what still stands
/// on the same facts leaves (B1). One sync of [`sync`], without the job and the lock around it.
///
/// # Errors
/// As [`sync`].
pub async fn in_order(ws: &Workspace, crm: &dyn Crm, options: SyncOptions, context: &Context) -> Answer<SyncSummary> {
    if options.pull_only || !held::any_waiting(ws)? {
        return Ok(drumbeat_sync::sync(crm, &ws.store, options, context).await?);
    }
    let mut first = SyncSummary::default();
    if !options.push_only {
        let reading = SyncOptions { pull_only: true, ..options };
        first = drumbeat_sync::sync(crm, &ws.store, reading, context).await?;
        if first.cancelled {
            return Ok(first);
        }
    }
    let back = held::check(ws)?;
    let sending = SyncOptions { full: false, ..options };
    let then = drumbeat_sync::sync(crm, &ws.store, sending, context).await?;
    Ok(SyncSummary {
        read: first.read + then.read,
        changed: first.changed + then.changed,
        gone: first.gone + then.gone,
        requests: first.requests + then.requests,
        retries: first.retries + then.retries,
        bytes: first.bytes + then.bytes,
        seconds: first.seconds + then.seconds,
        held: (back > 0).then_some(back),
        ..then
    })
}

fn link<T>(ws: &Workspace, f: impl FnOnce(&mut crate::workspace::LinkState) -> T) -> T {
    f(&mut ws.link.lock().unwrap_or_else(std::sync::PoisonError::into_inner))
}
