//! `drumbeat review`: the agenda, one decision an item, and the minutes.
//!
//! For a person it prints what is to be talked about and counts the rest; `--json` has every item.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use drumbeat_app::api::{Nothing, ReviewItem};
use drumbeat_app::error::{Answer, ApiError, Code};
use drumbeat_app::workspace::Workspace;
use drumbeat_app::{letters, review};
use drumbeat_model::ids::{OwnerId, ReviewId, ReviewItemId};
use drumbeat_model::lifecycle::SaveMessage;
use drumbeat_model::movement::{MovementQuery, ReviewMovement};
use drumbeat_model::review::{
    AgendaItem, AgendaOrder, ClearRest, ItemState, ItemVerdict, LogItem, MarkItem, PreReadRequest, Review,
    ReviewFormat, ReviewMail, ReviewRow, ReviewTemplate, SaveReviewDocument, StartReview,
};

use super::args::ReviewCommand;
use super::blocking;
use super::commands::{id, word};
use super::deals::edits;
use super::print::{Printer, table};

fn open(review: &Review) -> impl Iterator<Item = &AgendaItem> {
    review.items.iter().filter(|item| item.state == ItemState::Open)
}

/// What is left: how many to talk about, and how many that only need clearing.
fn left(review: &Review) -> String {
    let talk = open(review).filter(|item| item.discussed).count();
    let rest = open(review).filter(|item| !item.discussed).count();
    format!("{talk} left to discuss, {rest} others (`drumbeat review clear` ends them with no action)")
}

fn agenda(review: &Review) -> String {
    let meant = review.items.iter().filter(|item| item.discussed);
    let rows: Vec<Vec<String>> = meant
        .map(|item| {
            vec![
                item.id.0.clone(),
                item.section.label().to_owned(),
                item.title.clone(),
                item.subtitle.clone(),
                item.state.label().to_owned(),
                item.why.clone(),
            ]
        })
        .collect();
    format!("{}{}", table(&["item", "section", "about", "with", "state", "why"], &rows), left(review))
}

fn title<'r>(review: &'r Review, item: &str) -> &'r str {
    review.items.iter().find(|known| known.id.0 == item).map(|item| item.title.as_str()).unwrap_or_default()
}

fn running(ws: &Arc<Workspace>) -> Answer<ReviewId> {
    let row = review::reviews(ws, Nothing {})?.into_iter().find(|row| row.finished_at.is_none());
    row.map(|row| row.id).ok_or_else(|| {
        ApiError::new(Code::NotFound, "review.none", "No review is running")
            .next("Start one with `drumbeat review start`")
    })
}

fn template_of(ws: &Workspace, template: Option<String>) -> Answer<ReviewTemplate> {
    let template = template.unwrap_or_else(|| ws.policy.review.rhythm.name().to_owned());
    word("template", &template, ReviewTemplate::from_name)
}

/// The review that is named, else the latest; the latest that is finished where only that makes sense.
fn latest(ws: &Arc<Workspace>, named: Option<String>, finished: bool) -> Answer<ReviewId> {
    if let Some(named) = named {
        return Ok(id(named));
    }
    let row = review::reviews(ws, Nothing {})?.into_iter().find(|row| !finished || row.finished_at.is_some());
    row.map(|row| row.id).ok_or_else(|| {
        let what = if finished { "No review is finished" } else { "There is no review" };
        ApiError::new(Code::NotFound, "review.none", what).next("Start one with `drumbeat review start`")
    })
}

fn list(rows: &[ReviewRow]) -> String {
    let rows: Vec<Vec<String>> = rows
        .iter()
        .map(|row| {
            vec![
                row.id.0.clone(),
                row.template.label().to_owned(),
                row.started_at.format("%Y-%m-%d %H:%M").to_string(),
                row.finished_at.map_or_else(|| "running".to_owned(), |at| at.format("%Y-%m-%d %H:%M").to_string()),
                format!("{} of {}", row.settled, row.items),
            ]
        })
        .collect();
    table(&["review", "kind", "started", "finished", "settled"], &rows)
}

/// Every item with what was decided.
fn whole(review: &Review) -> String {
    let rows: Vec<Vec<String>> = review
        .items
        .iter()
        .map(|item| {
            let verdict = item.outcome.as_ref().map(|outcome| outcome.verdict.label());
            vec![
                item.id.0.clone(),
                item.section.label().to_owned(),
                item.title.clone(),
                item.subtitle.clone(),
                item.seller_name.clone().unwrap_or_default(),
                verdict.unwrap_or_else(|| item.state.label()).to_owned(),
            ]
        })
        .collect();
    let promised: Vec<Vec<String>> = review
        .promises
        .iter()
        .map(|promise| vec![promise.title.clone(), promise.text.clone(), promise.became.clone()])
        .collect();
    let opening = match promised.as_slice() {
        [] => String::new(),
        rows => format!("{}\n", table(&["promised on", "next step", "what became of it"], rows)),
    };
    format!("{opening}{}", table(&["item", "section", "about", "with", "seller", "state"], &rows))
}

fn movement(moved: &ReviewMovement) -> String {
    let Some(since) = moved.since else {
        return "There is no review before it to compare with.".to_owned();
    };
    let mut rows = Vec::new();
    for fall in &moved.waterfalls {
        let motion = fall.motion.map_or("no motion", drumbeat_model::deal::Motion::label);
        rows.push(vec![motion.to_owned(), "then".to_owned(), fall.then.to_string(), fall.deals_then.to_string()]);
        for step in &fall.steps {
            let label = step.kind.label().split(':').next().unwrap_or_default().to_lowercase();
            rows.push(vec![String::new(), label, step.amount.to_string(), step.deals.to_string()]);
        }
        if let Some(left) = &fall.unexplained {
            rows.push(vec![String::new(), "not explained".to_owned(), left.to_string(), String::new()]);
        }
        rows.push(vec![String::new(), "now".to_owned(), fall.now.to_string(), fall.deals_now.to_string()]);
    }
    let mut out = format!("From {} to {}\n\n", since.format("%Y-%m-%d %H:%M"), moved.until.format("%Y-%m-%d %H:%M"));
    out.push_str(&table(&["motion", "", "amount", "deals"], &rows));
    for group in &moved.groups {
        out.push_str(&format!("\n{} ({})\n", group.kind.label(), group.count));
        let rows: Vec<Vec<String>> = group
            .deals
            .iter()
            .take(20)
            .map(|deal| vec![deal.name.clone(), deal.partner.clone().unwrap_or_default(), deal.what.clone()])
            .collect();
        out.push_str(&table(&["deal", "partner", "what"], &rows));
    }
    out
}

/// Writes a document in both forms, and its mails, into a folder.
fn files(
    ws: &Arc<Workspace>,
    review: Option<&ReviewId>,
    pre_read: Option<&PreReadRequest>,
    mails: &[ReviewMail],
    out: &Path,
) -> Answer<()> {
    for format in ReviewFormat::ALL {
        let wanted = SaveReviewDocument { review: review.cloned(), pre_read: pre_read.cloned(), format: *format };
        review::save_review_document_to(ws, &wanted, out)?;
    }
    for mail in mails {
        let message = SaveMessage {
            to: mail.to.clone(),
            address: mail.address.clone(),
            subject: mail.subject.clone(),
            text: mail.text.clone(),
        };
        letters::save_message_to(ws, message, out)?;
    }
    Ok(())
}

/// Runs one command of the review.
pub async fn run(ws: Arc<Workspace>, what: ReviewCommand, printer: Printer) -> Answer<ExitCode> {
    match what {
        ReviewCommand::Start { template, attendee, order } => {
            let template = template_of(&ws, template)?;
            let order = Some(word("order", &order, AgendaOrder::from_name)?);
            let request = StartReview { template, attendees: attendee, order };
            let review = blocking(move || review::start_review(&ws, request)).await?;
            printer.result(&review, agenda)?;
        }
        ReviewCommand::List => {
            let rows = blocking(move || review::reviews(&ws, Nothing {})).await?;
            printer.result(&rows, |rows| list(rows))?;
        }
        ReviewCommand::Show { review } => {
            let review = blocking(move || review::review(&ws, latest(&ws, review, false)?)).await?;
            printer.result(&review, whole)?;
        }
        ReviewCommand::Movement { review } => {
            let query = MovementQuery { review: review.map(id) };
            let moved = blocking(move || review::review_movement(&ws, query)).await?;
            printer.result(&moved, movement)?;
        }
        ReviewCommand::Preread { template, order, day, out } => {
            let order = Some(word("order", &order, AgendaOrder::from_name)?);
            let request = PreReadRequest { template: template_of(&ws, template)?, order, day };
            let read = blocking(move || {
                let read = review::pre_read(&ws, request.clone())?;
                if let Some(out) = out {
                    files(&ws, None, Some(&request), &read.mails, &out)?;
                }
                Ok(read)
            })
            .await?;
            printer.result(&read, |read| read.markdown.clone())?;
        }
        ReviewCommand::Minutes { review, out } => {
            let minutes = blocking(move || {
                let id = latest(&ws, review, true)?;
                if let Some(out) = out {
                    let mails = review::review_mails(&ws, id.clone())?;
                    files(&ws, Some(&id), None, &mails, &out)?;
                }
                review::minutes(&ws, id)
            })
            .await?;
            printer.result(&minutes, |minutes| minutes.markdown.clone())?;
        }
        ReviewCommand::Agenda => {
            let review = blocking(move || review::review(&ws, running(&ws)?)).await?;
            printer.result(&review, agenda)?;
        }
        ReviewCommand::Log { item, verdict, text, next_step, owner, due, set, reason } => {
            let verdict = word("verdict", &verdict, ItemVerdict::from_name)?;
            let logged = item.clone();
            let edits = edits(set)?;
            let review = blocking(move || {
                let (review, item) = (running(&ws)?, id(item));
                let owner = match owner {
                    Some(owner) => Some(OwnerId(owner)),
                    // The task is the seller's (W-08), as the window proposes it.
                    None => {
                        let item = ReviewItem { review: review.clone(), item: ReviewItemId::clone(&item) };
                        review::review_item(&ws, item)?.owner
                    }
                };
                review::log_item(
                    &ws,
                    LogItem {
                        review,
                        item,
                        verdict,
                        text,
                        next_step,
                        owner,
                        due,
                        edits,
                        override_reason: reason,
                        confirm: Vec::new(),
                    },
                )
            })
            .await?;
            printer.result(&review, |review| {
                let title = title(review, &logged);
                format!("{title}: {}, saved on this device\n{}", verdict.label().to_lowercase(), left(review))
            })?;
        }
        ReviewCommand::Undo { item } => {
            let which = item.clone();
            let review =
                blocking(move || review::undo_item(&ws, ReviewItem { review: running(&ws)?, item: id(item) })).await?;
            printer.result(&review, |review| format!("{}: open again\n{}", title(review, &which), left(review)))?;
        }
        ReviewCommand::Mark { item, state } => {
            let state = word("mark", &state, ItemState::from_name)?;
            let which = item.clone();
            let mark = move || review::mark_item(&ws, MarkItem { review: running(&ws)?, item: id(item), state });
            let review = blocking(mark).await?;
            let label = state.label().to_lowercase();
            printer.result(&review, |review| format!("{}: {label}\n{}", title(review, &which), left(review)))?;
        }
        ReviewCommand::Clear => {
            let review =
                blocking(move || review::clear_rest(&ws, ClearRest { review: running(&ws)?, items: Vec::new() }))
                    .await?;
            printer.result(&review, left)?;
        }
        ReviewCommand::Finish { out } => {
            let minutes = blocking(move || review::finish_review(&ws, running(&ws)?)).await?;
            // Printed first: the review is over, and a folder that cannot be written must not cost its minutes.
            printer.result(&minutes, |minutes| minutes.markdown.clone())?;
            if let Some(out) = out {
                drumbeat_app::workspace::write_private(&out, minutes.markdown.as_bytes())?;
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}
