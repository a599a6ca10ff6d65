//! Channel conflicts: found early, decided by rule, settled with evidence (C).
//!
//! - `ground` gathers what is known of an account, `pass` has it judged and keeps what was found: after each sync, on
//!   demand, and for what decisions and another policy have changed as soon as somebody looks. `showing`: the list, its
//!   views, one finding in full.
//! - `desk`: what every step starts from and how it is saved. `steps`: acknowledge, plan, escalate; `asking`,
//!   `dismissing`, `evidence`. `settling`: award, split, joint roles, and what that would write (`previewing`); `appeals`;
//!   `approving`: the approval of a registration that settles what stands against it (C-08). `measures`: C-06.
//!
//! The one hard idea: what people decide goes out as every other decision does (one group over the deals of both
//! sides, drafts that wait for it), and what they did is also on the finding here, because it counts at once. The deal's
//! own record in the CRM says how it was settled and for which facts, so that another computer finds it settled too.

mod appeals;
mod approving;
mod asking;
mod desk;
mod dismissing;
mod evidence;
mod ground;
mod heard;
mod measures;
mod pass;
mod previewing;
mod replaying;
mod settling;
mod showing;
mod steps;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use drumbeat_model::channel::PassDone;
use drumbeat_model::crm::ObjectKind;
use drumbeat_model::workspace::JobProgress;
use drumbeat_store::Reader;

pub use self::appeals::{appeal_conflict, refuse_conflict_appeal};
pub use self::approving::approve_settling;
pub(crate) use self::approving::{approve_awarding, settled_by_approval};
pub use self::asking::{ask_seller, seller_answered};
pub use self::dismissing::dismiss_conflicts;
pub use self::evidence::{add_evidence, remove_evidence};
pub use self::measures::conflict_measures;
pub(crate) use self::pass::lived;
pub use self::previewing::preview_settlement;
pub(crate) use self::replaying::replay;
pub use self::settling::settle_conflict;
pub use self::showing::{conflict, conflict_filters, conflict_views, conflicts, verdicts_moved};
pub use self::steps::{acknowledge_conflict, escalate_conflict, plan_conflict};

use crate::api::Nothing;
use crate::error::Answer;
use crate::events::AppEvent;
use crate::workspace::Workspace;

/// With more open partner deals than these, everything is judged by the next sync and not while somebody waits.
const AT_ONCE: u32 = 20_000;

/// Judges what decisions and imports have changed since, before channel conflicts are looked at: so a decision itself
/// waits for nothing. What fails is tried again by the next pass: nothing that was decided depends on it.
pub(crate) fn follow(ws: &Workspace) {
    let due = || -> drumbeat_store::Result<bool> {
        let (whole, deals) = ws.store.read(|r| Ok((r.channel_whole()?, r.open_partner_deals()?)))?;
        Ok(whole == Some(ws.policy.version.to_string()) || deals <= AT_ONCE)
    };
    let judged = due().and_then(|due| if due { once(ws, false).map(drop) } else { Ok(()) });
    if let Err(error) = judged {
        tracing::warn!(%error, "channel conflicts were not judged; the next pass does");
    }
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

/// Judges what a sync has changed, with its progress and its way to stop.
///
/// # Errors
/// What the store says; what was judged is kept.
pub(crate) fn after_sync(ws: &Workspace, job: &crate::jobs::Job) -> Answer<PassDone> {
    reported(ws, job, false)
}

/// A pass that tells how far it is and can be stopped.
fn reported(ws: &Workspace, job: &crate::jobs::Job, full: bool) -> Answer<PassDone> {
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

/// Judges all accounts anew, on demand.
///
/// # Errors
/// When another such job runs, or what the store says.
pub async fn judge_conflicts(ws: Arc<Workspace>, _: Nothing) -> Answer<PassDone> {
    let job = ws.jobs.start("judge")?;
    let work = move || reported(&ws, &job, true);
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|stopped| {
        Err(crate::error::ApiError::new(crate::error::Code::Bug, "operation.stopped", stopped.to_string()))
    })
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

/// The node that stands for a record where accounts are judged.
pub(crate) fn node(kind: ObjectKind, id: &str) -> String {
    match kind {
        ObjectKind::Registration => format!("r{id}"),
        _ => format!("c{id}"),
    }
}

/// Nodes that count as one account with a record now.
pub(crate) fn together(ws: &Workspace, r: &Reader<'_>, node: &str) -> drumbeat_store::Result<Vec<String>> {
    r.channel_cluster(node, ws.clock.today())
}
