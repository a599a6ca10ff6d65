//! The minutes: what was decided, what was left, as Markdown that reads well as plain text too.
//!
//! They are written anew from the review whenever they are asked for, so a decision that was taken back
//! after the review is told as such.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::sync::Arc;

use drumbeat_model::change::DecisionStatus;
use drumbeat_model::ids::{DecisionId, ReviewId};
use drumbeat_model::review::{AgendaItem, ItemOutcome, ItemState, ItemVerdict, Minutes, Review};

use super::{counted, day};
use crate::error::Answer;
use crate::workspace::Workspace;

/// The minutes of a review, as Markdown.
///
/// # Errors
/// When there is none.
pub fn minutes(ws: &Arc<Workspace>, id: ReviewId) -> Answer<Minutes> {
    ws.read(|r| {
        let review = r.review(&id)?;
        let (queued, _) = r.outbox_counts()?;
        let mut taken_back = BTreeSet::new();
        for decision in review.items.iter().filter_map(|item| item.outcome.as_ref()?.decision.as_ref()) {
            if r.decision(decision)?.is_some_and(|known| known.status == DecisionStatus::Withdrawn) {
                taken_back.insert(decision.clone());
            }
        }
        Ok(Minutes { markdown: markdown(&review, &ws.card.name, queued, &taken_back), review: id, queued })
    })
}

fn plain(text: &str) -> String {
    text.replace(['\n', '\r'], " ").replace('|', "\\|")
}

/// What was decided on one item, in one cell.
fn decided(outcome: &ItemOutcome, taken_back: &BTreeSet<DecisionId>) -> String {
    let mut out = String::new();
    if outcome.decision.as_ref().is_some_and(|decision| taken_back.contains(decision)) {
        out.push_str("Taken back afterwards: ");
    }
    out.push_str(outcome.verdict.label());
    if !outcome.text.is_empty() {
        let _ = write!(out, ": {}", outcome.text);
    }
    for edit in &outcome.edits {
        let value = |value: &Option<String>| value.as_deref().map_or_else(|| "nothing".to_owned(), as_read);
        let _ = write!(out, "; {} from {} to {}", edit.label, value(&edit.before), value(&edit.after));
    }
    if let Some(reason) = &outcome.override_reason {
        let _ = write!(out, "; past the gate: {reason}");
    }
    out
}

/// A value as people read it; a day is written out.
fn as_read(value: &str) -> String {
    drumbeat_model::time::Day::parse_from_str(value, "%Y-%m-%d").map_or_else(|_| value.to_owned(), day)
}

fn markdown(review: &Review, account: &str, queued: u32, taken_back: &BTreeSet<DecisionId>) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "# {}, {}\n", review.template.label(), review.started_at.format("%-d %B %Y"));
    let _ = writeln!(out, "{}", plain(account));
    if !review.attendees.is_empty() {
        let _ = writeln!(out, "\nAttendees: {}", plain(&review.attendees.join(", ")));
    }
    let minutes = review.finished_at.map(|end| (end - review.started_at).num_minutes());
    if let Some(minutes) = minutes {
        let _ = writeln!(out, "\nDuration: {minutes} of {} minutes planned", review.minutes_planned);
    }
    if let Some(at) = review.snapshot_at {
        let _ = writeln!(
            out,
            "\nData as of {} UTC; {queued} changes not yet in the CRM when written.",
            at.format("%a %-d %b %Y, %H:%M")
        );
    }
    let acted =
        |item: &&AgendaItem| item.outcome.as_ref().is_some_and(|outcome| outcome.verdict != ItemVerdict::NoAction);
    if review.items.iter().any(|item| acted(&item)) {
        let _ = writeln!(
            out,
            "\n## Decisions\n\n| Item | Decision | Next step | Owner | Due |\n| --- | --- | --- | --- | --- |"
        );
        for item in review.items.iter().filter(acted) {
            let Some(outcome) = &item.outcome else { continue };
            let _ = writeln!(
                out,
                "| {} ({}) | {} | {} | {} | {} |",
                plain(&item.title),
                plain(&item.subtitle),
                plain(&decided(outcome, taken_back)),
                plain(outcome.next_step.as_deref().unwrap_or("")),
                plain(outcome.owner_name.as_deref().unwrap_or("")),
                outcome.due.map(day).unwrap_or_default()
            );
        }
    }
    for (state, head) in [
        (ItemState::Flagged, "Flagged"),
        (ItemState::Parked, "Parked"),
        (ItemState::Skipped, "Skipped"),
        (ItemState::Open, "Not reached"),
    ] {
        let meant = |item: &&AgendaItem| item.state == state && (item.discussed || state != ItemState::Open);
        let items: Vec<&AgendaItem> = review.items.iter().filter(meant).collect();
        if !items.is_empty() {
            let _ = writeln!(out, "\n## {head}\n");
            for item in items {
                let _ = writeln!(out, "- {} ({}): {}", plain(&item.title), plain(&item.subtitle), plain(&item.why));
            }
        }
    }
    let open = review.items.iter().filter(|item| item.state == ItemState::Open && !item.discussed).count();
    if open > 0 {
        let _ = writeln!(
            out,
            "\n{} that nobody meant to discuss {} still open.",
            counted(open),
            if open == 1 { "is" } else { "are" }
        );
    }
    let none = review
        .items
        .iter()
        .filter(|item| item.outcome.as_ref().is_some_and(|outcome| outcome.verdict == ItemVerdict::NoAction))
        .count();
    if none > 0 {
        let _ = writeln!(out, "\n{} ended with no action.", counted(none));
    }
    out
}
