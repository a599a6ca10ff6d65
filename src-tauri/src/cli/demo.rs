//! `drumbeat demo`: the main job once, for real, on the sample: sync, decide, review, push, pack.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use drumbeat_app::drumbeat::{self, Drumbeat};
use drumbeat_app::error::{Answer, ApiError};
use drumbeat_app::workspace::Workspace;
use drumbeat_app::{inbox, packs, partners, registrations, review, syncing};
use drumbeat_model::ids::OwnerId;
use drumbeat_model::inbox::InboxQuery;
use drumbeat_model::pack::{Edition, PackFormat, PackRequest};
use drumbeat_model::page::Direction;
use drumbeat_model::partner::{PartnerSort, PartnersQuery};
use drumbeat_model::registration::{Approve, AskInfo, Decline, DeclineReason};
use drumbeat_model::review::{ClearRest, ItemVerdict, LogItem, ReviewTemplate, StartReview};
use drumbeat_model::verdict::Act;
use drumbeat_model::workspace::{SyncOptions, SyncSummary};
use serde::Serialize;

use super::args::CrmName;
use super::blocking;
use super::print::Printer;

/// What the demo did.
#[derive(Debug, Serialize)]
struct Did {
    workspace: String,
    registrations: u32,
    approved: u32,
    declined: u32,
    asked: u32,
    review_items: usize,
    review_logged: u32,
    pushed: SyncSummary,
    minutes: PathBuf,
    files: Vec<String>,
}

/// Runs it; what it wrote stays, everything else goes with the process.
pub async fn run(app: &Arc<Drumbeat>, crm: CrmName, out: Option<PathBuf>, printer: Printer) -> Answer<ExitCode> {
    let out = out.unwrap_or_else(|| std::env::temp_dir().join("drumbeat-demo"));
    let opening = Arc::clone(app);
    let ws = blocking(move || {
        drumbeat::open_sample_of(&opening, crm.vendor())?;
        opening.workspace()
    })
    .await?;
    let deciding = Arc::clone(&ws);
    let decided = blocking(move || decide(&deciding)).await?;
    let reviewing = Arc::clone(&ws);
    let (items, logged, minutes) = blocking(move || hold_review(&reviewing)).await?;
    let pushed = syncing::sync(Arc::clone(&ws), SyncOptions::default()).await?;
    let partner = {
        let ws = Arc::clone(&ws);
        blocking(move || {
            let query = PartnersQuery {
                sort: PartnerSort::OpenAmount,
                direction: Direction::Descending,
                limit: 1,
                ..PartnersQuery::default()
            };
            partners::partners(&ws, query)?
                .rows
                .into_iter()
                .next()
                .ok_or_else(|| ApiError::not_found("partner", "in the sample"))
        })
        .await?
    };
    let quarter = ws.policy.calendar.fiscal_year().quarter_of(ws.clock.today()).previous();
    let request = PackRequest {
        partner: partner.id,
        quarter,
        edition: Edition::Partner,
        formats: vec![PackFormat::Pptx, PackFormat::Pdf, PackFormat::Xlsx],
    };
    let made = packs::export_pack_to(Arc::clone(&ws), request, out.clone()).await?;
    let minutes_file = out.join("review-minutes.md");
    drumbeat_app::workspace::write_private(&minutes_file, minutes.as_bytes())?;
    let did = Did {
        workspace: ws.card.name.clone(),
        registrations: decided.0,
        approved: decided.1,
        declined: decided.2,
        asked: decided.3,
        review_items: items,
        review_logged: logged,
        pushed,
        minutes: minutes_file,
        files: made.files.into_iter().map(|file| file.path).collect(),
    };
    printer.result(&did, |did| {
        format!(
            "Synced {} and checked {} registrations: {} approved, {} declined, {} asked, all offline.\nReviewed {} items, {} with a decision.\nPushed: {} ops confirmed, {} waiting, {} need you; {} messages released.\nWrote:\n  {}\n  {}",
            did.workspace, did.registrations, did.approved, did.declined, did.asked, did.review_items, did.review_logged, did.pushed.pushed, did.pushed.waiting,
            did.pushed.needs_you, did.pushed.released, did.minutes.display(), did.files.join("\n  ")
        )
    })?;
    Ok(if did.pushed.needs_you > 0 { ExitCode::from(3) } else { ExitCode::SUCCESS })
}

/// Decides the queue as the policy recommends.
fn decide(ws: &Arc<Workspace>) -> Answer<(u32, u32, u32, u32)> {
    let rows = inbox::inbox(ws, InboxQuery { limit: 12, ..InboxQuery::default() })?.rows;
    let (mut seen, mut approved, mut declined, mut asked) = (0, 0, 0, 0);
    for row in rows {
        let detail = inbox::registration(ws, row.id.clone())?;
        let Some(recommendation) = detail.recommendation else { continue };
        seen += 1;
        match recommendation.act {
            Act::Approve => {
                let done = registrations::approve(
                    ws,
                    Approve {
                        registration: row.id,
                        protection_days: None,
                        seller: None,
                        link_deal: None,
                        message: None,
                        reason: None,
                    },
                );
                match done {
                    Ok(_) => approved += 1,
                    // C-08: a channel conflict on the account is a person's to settle.
                    Err(error) if error.id == "approve.conflict" => {}
                    Err(error) => return Err(error),
                }
            }
            Act::Decline => {
                let text = detail.checks.first().map(|check| check.fact.clone());
                let reason = drumbeat_app::inbox::declining(&detail.checks).unwrap_or(DeclineReason::Other);
                registrations::decline(ws, Decline { registration: row.id, reason, text, message: None })?;
                declined += 1;
            }
            Act::Ask => {
                let question = detail.checks.first().map(|check| check.fact.clone()).unwrap_or_default();
                registrations::ask_info(ws, AskInfo { registration: row.id, question, message: None })?;
                asked += 1;
            }
        }
    }
    Ok((seen, approved, declined, asked))
}

/// Holds a weekly review: three items with a next step, the rest cleared.
fn hold_review(ws: &Arc<Workspace>) -> Answer<(usize, u32, String)> {
    let review =
        review::start_review(ws, StartReview { template: ReviewTemplate::Weekly, attendees: Vec::new(), order: None })?;
    let me = ws.me()?.map(|me| OwnerId(me.id));
    let due = ws.clock.today().checked_add_days(chrono::Days::new(3));
    let mut logged = 0;
    for item in review.items.iter().filter(|item| item.discussed && item.deal.is_some()).take(3) {
        let step = format!("Agree the way to the next stage with {}", item.subtitle);
        let log = LogItem {
            review: review.id.clone(),
            item: item.id.clone(),
            verdict: ItemVerdict::KeepPlan,
            text: item.why.clone(),
            next_step: Some(step),
            owner: me.clone(),
            due,
            edits: Vec::new(),
            override_reason: None,
            confirm: Vec::new(),
        };
        review::log_item(ws, log)?;
        logged += 1;
    }
    review::clear_rest(
        ws,
        ClearRest { review: review.id.clone(), items: review.items.iter().map(|item| item.id.clone()).collect() },
    )?;
    let minutes = review::finish_review(ws, review.id)?;
    Ok((review.items.len(), logged, minutes.markdown))
}
