//! What leaves a review as a document: the pre-read, the minutes, and the mails (W-08).
//!
//! Sellers don't have the program: the day before they get the agenda with their own items first, afterwards one
//! mail each with what they have promised. Mails are drafts; nothing is sent from here. Files go where the person
//! says in the system's dialog, or into a folder that the command line names.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use drumbeat_export::paper::Paper;
use drumbeat_model::ids::{OwnerId, ReviewId};
use drumbeat_model::lifecycle::SavedFile;
use drumbeat_model::movement::{MoveKind, ReviewMovement};
use drumbeat_model::review::{
    AgendaItem, ItemState, ItemVerdict, PreRead, PreReadRequest, Review, ReviewFormat, ReviewMail, ReviewMailKind,
    SaveReviewDocument,
};
use drumbeat_model::time::Day;

use drumbeat_rules::calendar;

use super::minutes::{self, Sent, about};
use super::{built, counted, day, movement};
use crate::drumbeat::Drumbeat;
use crate::error::{Answer, ApiError, Code};
use crate::files::{self, Wanted};
use crate::workspace::{Scene, Workspace, write_private};

/// The agenda as it stands now, to be read before the review.
///
/// # Errors
/// What the store says.
pub fn pre_read(ws: &Arc<Workspace>, request: PreReadRequest) -> Answer<PreRead> {
    let read = Read::of(ws, request)?;
    Ok(PreRead { day: read.day, markdown: read.paper.markdown(), mails: read.mails })
}

struct Read {
    day: Day,
    paper: Paper,
    mails: Vec<ReviewMail>,
}

impl Read {
    fn of(ws: &Workspace, request: PreReadRequest) -> Answer<Self> {
        ws.read(|r| {
            let scene = Scene::read(ws, r)?;
            let (items, promises) = built(ws, r, &scene, request.template, request.order.unwrap_or_default())?;
            let on = request.day.unwrap_or_else(|| calendar::next_working_day(scene.today, &ws.policy.calendar));
            let moved = movement::told(r, &scene, &movement::between(r, None, scene.now)?)?;
            let review = Review {
                id: ReviewId(String::new()),
                template: request.template,
                started_at: scene.now,
                finished_at: None,
                snapshot_at: None,
                minutes_planned: ws.policy.review.minutes,
                attendees: Vec::new(),
                order: request.order.unwrap_or_default(),
                items,
                promises,
                pipeline: Vec::new(),
                mark: None,
            };
            let paper = agenda(&review, &ws.card.name, on, &moved);
            let mails = pre_read_mails(&review, on, &scene);
            Ok(Self { day: on, paper, mails })
        })
    }
}

/// The agenda as a document, with what was promised and what has moved.
fn agenda(review: &Review, account: &str, on: Day, moved: &ReviewMovement) -> Paper {
    let mut paper = Paper::new(format!("Pre-read: {}, {}", review.template.label().to_lowercase(), day(on)), on);
    let talk = review.items.iter().filter(|item| item.discussed).count();
    paper.text(account.to_owned());
    paper.text(format!(
        "{} to discuss in {} minutes, {} more to clear in one batch. Data as of {} UTC.",
        counted(talk),
        review.minutes_planned,
        review.items.len() - talk,
        review.started_at.format("%a %-d %b %Y, %H:%M")
    ));
    minutes::promised(review, &mut paper);
    movement_part(moved, &mut paper);
    for (head, discussed) in [("To discuss", true), ("To clear in one batch", false)] {
        let rows: Vec<Vec<String>> = review
            .items
            .iter()
            .filter(|item| item.discussed == discussed)
            .map(|item| {
                vec![
                    about(item),
                    item.why.clone(),
                    item.amount.as_ref().map(ToString::to_string).unwrap_or_default(),
                    item.seller_name.clone().unwrap_or_default(),
                ]
            })
            .collect();
        if !rows.is_empty() {
            paper.heading(head);
            paper.table(&[("Item", 3), ("Why", 6), ("Amount", 2), ("Seller", 2)], rows);
        }
    }
    paper
}

/// The waterfalls as one table, when there is something to compare with.
pub(super) fn movement_part(moved: &ReviewMovement, paper: &mut Paper) {
    let Some(since) = moved.since else { return };
    if moved.waterfalls.is_empty() {
        return;
    }
    paper.heading(&format!("Pipeline since {}", day(since.date_naive())));
    let rows = moved.waterfalls.iter().map(|fall| {
        let steps: Vec<String> =
            fall.steps.iter().map(|step| format!("{} {}", short(step.kind), step.amount)).collect();
        let mut steps = if steps.is_empty() { "nothing moved".to_owned() } else { steps.join("; ") };
        if let Some(left) = &fall.unexplained {
            steps.push_str(&format!("; not explained {left}"));
        }
        let motion = fall.motion.map_or("No motion", drumbeat_model::deal::Motion::label);
        vec![motion.to_owned(), fall.then.to_string(), steps, fall.now.to_string()]
    });
    paper.table(&[("Motion", 2), ("Then", 2), ("What moved", 6), ("Now", 2)], rows.collect());
    let without = [MoveKind::Advanced, MoveKind::WentBack, MoveKind::Slipped, MoveKind::PulledIn, MoveKind::Reverted];
    let told: Vec<String> = moved
        .groups
        .iter()
        .filter(|group| without.contains(&group.kind))
        .map(|group| format!("{} {}", group.count, group.kind.label().to_lowercase()))
        .collect();
    if !told.is_empty() {
        paper.text(format!("Deals: {}.", told.join(", ")));
    }
}

fn short(kind: MoveKind) -> String {
    let label = kind.label();
    label.split_once(':').map_or(label, |(first, _)| first).to_lowercase()
}

/// Items by whose they are, of people whom the CRM knows.
fn by_seller(items: &[AgendaItem]) -> BTreeMap<(String, OwnerId), Vec<&AgendaItem>> {
    let mut all: BTreeMap<_, Vec<&AgendaItem>> = BTreeMap::new();
    for item in items {
        if let (Some(id), Some(name)) = (&item.seller, &item.seller_name) {
            all.entry((name.clone(), id.clone())).or_default().push(item);
        }
    }
    all
}

fn address(scene: &Scene, owner: &OwnerId) -> Option<String> {
    scene.names.owner(owner).map(|owner| owner.email.clone()).filter(|email| !email.is_empty())
}

fn pre_read_mails(review: &Review, on: Day, scene: &Scene) -> Vec<ReviewMail> {
    let what = review.template.label().to_lowercase();
    let mut mails = Vec::new();
    for ((name, owner), items) in by_seller(&review.items) {
        let mut text =
            format!("Hello {name},\n\nthe {what} is on {}. Of yours, please be ready to speak about:\n\n", day(on));
        let (talk, rest): (Vec<&AgendaItem>, Vec<&AgendaItem>) = items.into_iter().partition(|item| item.discussed);
        for item in &talk {
            text.push_str(&format!("- {}: {}\n", about(item), item.why));
        }
        if talk.is_empty() {
            text.push_str("- nothing; what follows is cleared without being discussed unless you say otherwise\n");
        }
        if !rest.is_empty() {
            text.push_str("\nCleared without being discussed, unless you say otherwise:\n\n");
            for item in &rest {
                text.push_str(&format!("- {}: {}\n", about(item), item.why));
            }
        }
        text.push_str(&signed(scene));
        let subject = format!("Pre-read: {what}, {}", day(on));
        let address = address(scene, &owner);
        mails.push(ReviewMail { kind: ReviewMailKind::PreRead, owner: Some(owner), to: name, address, subject, text });
    }
    mails
}

fn signed(scene: &Scene) -> String {
    scene.names.of(scene.mapping.me.as_ref()).map(|name| format!("\n{name}\n")).unwrap_or_default()
}

/// The mails of a review: the minutes for who was there, and one for each seller with what is to be done.
///
/// # Errors
/// When there is no such review.
pub fn review_mails(ws: &Arc<Workspace>, id: ReviewId) -> Answer<Vec<ReviewMail>> {
    ws.read(|r| {
        let scene = Scene::read(ws, r)?;
        let review = r.review(&id)?;
        let sent = Sent::read(r, &review)?;
        let paper = minutes::paper(&review, &ws.card.name, &sent);
        let mut mails = vec![ReviewMail {
            kind: ReviewMailKind::Minutes,
            owner: None,
            to: if review.attendees.is_empty() { "Attendees".to_owned() } else { review.attendees.join(", ") },
            address: None,
            subject: format!("Minutes: {}", paper.title()),
            text: paper.markdown(),
        }];
        mails.extend(actions(&review, &sent, &scene));
        Ok(mails)
    })
}

/// One mail for each person who has promised something.
fn actions(review: &Review, sent: &Sent, scene: &Scene) -> Vec<ReviewMail> {
    let mut by_owner: BTreeMap<(String, OwnerId), Vec<String>> = BTreeMap::new();
    let decided = review.items.iter().filter(|item| item.state == ItemState::Decided);
    for (item, outcome) in decided.filter_map(|item| Some((item, item.outcome.as_ref()?))) {
        let (Some(step), Some(owner)) = (&outcome.next_step, &outcome.owner) else { continue };
        if outcome.verdict == ItemVerdict::NoAction || sent.is_taken_back(outcome) {
            continue;
        }
        let due = outcome.due.map(|due| format!(", by {}", day(due))).unwrap_or_default();
        let why =
            Some(&outcome.text).filter(|text| !text.is_empty()).map(|text| format!(" ({text})")).unwrap_or_default();
        let name = outcome.owner_name.clone().unwrap_or_else(|| owner.0.clone());
        by_owner.entry((name, owner.clone())).or_default().push(format!("- {}: {step}{due}{why}\n", about(item)));
    }
    let title = format!("{}, {}", review.template.label(), review.started_at.format("%-d %B %Y"));
    let mail = |((name, owner), lines): ((String, OwnerId), Vec<String>)| ReviewMail {
        kind: ReviewMailKind::Actions,
        address: address(scene, &owner),
        owner: Some(owner),
        subject: format!("Your next steps: {title}"),
        text: format!(
            "Hello {name},\n\nthis is what we agreed that you do. Each is a task in your name in the CRM.\n\n{}{}",
            lines.concat(),
            signed(scene)
        ),
        to: name,
    };
    by_owner.into_iter().map(mail).collect()
}

/// A document with its name, whole.
struct Written {
    name: String,
    bytes: Vec<u8>,
}

fn written(ws: &Arc<Workspace>, request: &SaveReviewDocument) -> Answer<Written> {
    let paper = match (&request.review, &request.pre_read) {
        (Some(id), _) => ws.read(|r| {
            let review = r.review(id)?;
            Ok(minutes::paper(&review, &ws.card.name, &Sent::read(r, &review)?))
        })?,
        (None, Some(wanted)) => Read::of(ws, wanted.clone())?.paper,
        (None, None) => return Err(ApiError::invalid("document.none", "Neither minutes nor a pre-read was asked for")),
    };
    let (ending, bytes) = match request.format {
        ReviewFormat::Markdown => ("md", paper.markdown().into_bytes()),
        ReviewFormat::Pdf => ("pdf", paper.pdf().map_err(|error| not_written(&error))?),
    };
    let name: String = paper.title().chars().filter(|c| !matches!(c, ':' | '/' | '\\')).collect();
    Ok(Written { name: format!("{name}.{ending}"), bytes })
}

fn not_written(error: &dyn std::fmt::Display) -> ApiError {
    ApiError::new(Code::NeedsAttention, "document.not_written", format!("The document was not written ({error})"))
        .kept("The review is as it was")
        .next("Check the folder and the free space")
}

/// Writes the minutes or the pre-read where the person says, in the system's own dialog.
///
/// # Errors
/// When there is no such review, the person thinks better of it, or the folder does not take it.
pub fn save_review_document(app: &Arc<Drumbeat>, request: SaveReviewDocument) -> Answer<SavedFile> {
    let Written { name, bytes } = written(&app.workspace()?, &request)?;
    let wanted = match request.format {
        ReviewFormat::Markdown => Wanted { title: "Save the document", kind: "Markdown", endings: &["md"] },
        ReviewFormat::Pdf => Wanted { title: "Save the document", kind: "PDF", endings: &["pdf"] },
    };
    let path = files::dialogs(app)?.save(wanted, &name).ok_or_else(|| {
        ApiError::new(Code::Cancelled, "document.cancelled", "The document was not saved").kept("Nothing was written")
    })?;
    write_private(&path, &bytes)?;
    Ok(SavedFile { file: path.display().to_string() })
}

/// Writes the minutes or the pre-read into a folder; a file that is there is never replaced.
///
/// # Errors
/// When there is no such review, or the folder does not take it.
pub fn save_review_document_to(ws: &Arc<Workspace>, request: &SaveReviewDocument, dir: &Path) -> Answer<SavedFile> {
    let Written { name, bytes } = written(ws, request)?;
    std::fs::create_dir_all(dir).map_err(|error| not_written(&error))?;
    let path = drumbeat_store::copies::free(&dir.join(name));
    write_private(&path, &bytes)?;
    Ok(SavedFile { file: path.display().to_string() })
}
