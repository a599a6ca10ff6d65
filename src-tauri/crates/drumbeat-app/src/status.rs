//! What the frame shows: rail counts and the status bar.

use std::sync::Arc;

use drumbeat_model::crm::Outcome;
use drumbeat_model::deal::DealFilter;
use drumbeat_model::ids::JobId;
use drumbeat_model::workspace::{NextSla, Phase, RailCounts, Status};
use drumbeat_rules::calendar;
use drumbeat_store::Reader;

use crate::agreement;
use crate::anchor;
use crate::api::Nothing;
use crate::drumbeat::{Drumbeat, Open};
use crate::error::Answer;
use crate::held;
use crate::recovery;
use crate::rights;
use crate::settings::last_sync;
use crate::words::Words;
use crate::workspace::{Scene, Workspace};

/// Notices that are counted; more are not told apart.
const MOST_NOTICES: u32 = 1000;

/// Everything that the frame shows; never fails for want of a workspace.
///
/// # Errors
/// What the store says.
pub fn status(app: &Arc<Drumbeat>, _: Nothing) -> Answer<Status> {
    match app.now_open() {
        Open::Nothing => Ok(bare(app, Phase::None, None)),
        Open::Locked(id) => {
            let name = app.list()?.into_iter().find(|row| row.id == id).map(|row| row.name).unwrap_or_default();
            Ok(Status { name, workspace: Some(id), ..bare(app, Phase::Locked, None) })
        }
        Open::Workspace(ws) => of_workspace(app, &ws),
    }
}

fn bare(app: &Drumbeat, phase: Phase, ws: Option<&Workspace>) -> Status {
    Status {
        phase,
        workspace: ws.map(|ws| ws.id.clone()),
        name: ws.map(|ws| ws.card.name.clone()).unwrap_or_default(),
        vendor: ws.map(|ws| ws.card.vendor),
        sample: ws.is_some_and(|ws| ws.sample),
        now: app.clock.now(),
        fiscal_year_starts: ws.map_or(1, |ws| ws.policy.calendar.fiscal_year_starts),
        me: None,
        online: false,
        offline_on_purpose: false,
        read_only: None,
        warning: None,
        differs: None,
        last_sync: None,
        job: None,
        pending: 0,
        merge_conflicts: 0,
        held: None,
        notices: None,
        policy: ws.map_or(0, |ws| ws.policy.version),
        next_sla: None,
        counts: RailCounts::default(),
    }
}

fn of_workspace(app: &Drumbeat, ws: &Arc<Workspace>) -> Answer<Status> {
    let link = ws.link.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
    let job = ws.jobs.progress();
    let recovered = recovery::sentence(ws)?;
    ws.read(|r| {
        let scene = Scene::read(ws, r)?;
        let schema = ws.setup(r)?.schema.clone();
        let barred = schema.as_deref().and_then(|schema| rights::sentence(schema, &scene.mapping));
        let (pending, merge_conflicts) = r.outbox_counts()?;
        let back = held::count(r)?;
        let notices = u32::try_from(r.open_notices(MOST_NOTICES)?.len()).unwrap_or(MOST_NOTICES);
        let last_sync = last_sync(r)?;
        let phase = if last_sync.is_some() || job.is_some() { Phase::Ready } else { Phase::Connected };
        Ok(Status {
            me: scene.names.of(scene.mapping.me.as_ref()),
            online: link.online,
            offline_on_purpose: link.offline_on_purpose,
            read_only: schema
                .filter(|schema| !schema.can_write)
                .map(|schema| format!("The token may only read {}", schema.vendor.label())),
            warning: warning([anchor::older_copy(r)?.map(|found| found.sentence()), recovered, barred]),
            differs: agreement::sentence(&Words::read(ws, r)?)?,
            last_sync,
            job,
            pending,
            merge_conflicts,
            held: Some(back),
            notices: Some(notices),
            next_sla: next_sla(ws, r, &scene)?,
            counts: counts(ws, r, &scene, merge_conflicts + back)?,
            ..bare(app, phase, Some(ws))
        })
    })
}

/// All in one text, each a sentence of its own.
fn warning(all: [Option<String>; 3]) -> Option<String> {
    let all: Vec<String> = all.into_iter().flatten().collect();
    (!all.is_empty()).then(|| all.join(". "))
}

fn next_sla(ws: &Workspace, r: &Reader<'_>, scene: &Scene) -> drumbeat_store::Result<Option<NextSla>> {
    let (span, calendar) = (ws.policy.clocks.decision, &ws.policy.calendar);
    // Those past their limit are counted in the rail; the next one to end is what the status bar is for.
    let row = r.longest_waiting(Some(calendar::latest_start(scene.now, span, calendar)))?;
    Ok(row.and_then(|row| {
        let due = calendar::due(row.submitted_at?, span, calendar, &[]);
        Some(NextSla { due, registration: row.id, company: row.company })
    }))
}

fn counts(ws: &Workspace, r: &Reader<'_>, scene: &Scene, needs_you: u32) -> drumbeat_store::Result<RailCounts> {
    let (inbox, _) = r.queue_counts(scene.now)?;
    let inbox_over = over(ws, r, scene)?;
    let running = r.reviews()?.into_iter().find(|row| row.finished_at.is_none());
    Ok(RailCounts {
        today: needs_you + inbox_over,
        inbox,
        inbox_over,
        review: running.map_or(0, |row| row.items.saturating_sub(row.settled)),
        deals: r
            .deal_totals(
                &DealFilter { outcome: Some(Outcome::Open), partnered: Some(true), ..DealFilter::default() },
                scene.today,
            )?
            .count,
        partners: r.partner_count()?,
        activity: needs_you,
        channel: r.conflict_counts()?,
    })
}

/// Registrations over the SLA: submitted after go-live and longer ago than the limit.
fn over(ws: &Workspace, r: &Reader<'_>, scene: &Scene) -> drumbeat_store::Result<u32> {
    let before = calendar::latest_start(scene.now, ws.policy.clocks.decision, &ws.policy.calendar);
    let from = scene.mapping.go_live.and_then(|day| day.and_hms_opt(0, 0, 0)).map(|at| at.and_utc());
    let (_, over) = r.queue_counts(before)?;
    let baseline = match from {
        Some(from) if from < before => r.queue_counts(from)?.1,
        Some(_) => over,
        None => 0,
    };
    Ok(over - baseline.min(over))
}

/// Tells a running job to stop.
///
/// # Errors
/// When no workspace is open.
pub fn cancel_job(ws: &Arc<Workspace>, id: JobId) -> Answer<Nothing> {
    ws.jobs.cancel(&id);
    Ok(Nothing {})
}
