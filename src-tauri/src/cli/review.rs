//! `drumbeat review`: the agenda, one decision an item, and the minutes.
//!
//! For a person it prints what is to be talked about and counts the rest; `--json` has every item.

use std::process::ExitCode;
use std::sync::Arc;

use drumbeat_app::api::{Nothing, ReviewItem};
use drumbeat_app::error::{Answer, ApiError, Code};
use drumbeat_app::review;
use drumbeat_app::workspace::Workspace;
use drumbeat_model::ids::{OwnerId, ReviewId};
use drumbeat_model::review::{
    AgendaItem, ClearRest, ItemState, ItemVerdict, LogItem, MarkItem, Review, ReviewTemplate, StartReview,
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

/// Runs one command of the review.
pub async fn run(ws: Arc<Workspace>, what: ReviewCommand, printer: Printer) -> Answer<ExitCode> {
    match what {
        ReviewCommand::Start { template, attendee } => {
            let template = template.unwrap_or_else(|| ws.policy.review.rhythm.name().to_owned());
            let template = word("template", &template, ReviewTemplate::from_name)?;
            let review =
                blocking(move || review::start_review(&ws, StartReview { template, attendees: attendee })).await?;
            printer.result(&review, agenda)?;
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
                let owner = match owner {
                    Some(owner) => Some(OwnerId(owner)),
                    None => ws.me()?.map(|me| OwnerId(me.id)),
                };
                review::log_item(
                    &ws,
                    LogItem {
                        review: running(&ws)?,
                        item: id(item),
                        verdict,
                        text,
                        next_step,
                        owner,
                        due,
                        edits,
                        override_reason: reason,
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
