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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use drumbeat_model::ids::ReviewItemId;
    use drumbeat_model::review::{AgendaSection, ItemEdit, ReviewTemplate};
    use drumbeat_model::time::Instant;
    use drumbeat_model::value;

    use super::*;

    fn at(text: &str) -> Instant {
        value::instant(text).unwrap()
    }

    fn logged() -> AgendaItem {
        AgendaItem {
            id: ReviewItemId("i".to_owned()),
            section: AgendaSection::Deals,
            title: "Fjordline | Logistics".to_owned(),
            subtitle: "Nordvik".to_owned(),
            why: "stalled".to_owned(),
            motion: None,
            amount: None,
            rank: 9,
            discussed: true,
            deal: None,
            registration: None,
            partner: None,
            state: ItemState::Decided,
            outcome: Some(ItemOutcome {
                verdict: ItemVerdict::ChangePlan,
                text: "Extend once".to_owned(),
                next_step: Some("Call".to_owned()),
                owner: None,
                owner_name: Some("Kai".to_owned()),
                due: value::day("2026-11-24"),
                edits: vec![ItemEdit {
                    label: "Close date".to_owned(),
                    before: None,
                    after: Some("2026-12-18".to_owned()),
                }],
                override_reason: Some("They signed".to_owned()),
                at: at("2026-11-19T08:20:00Z"),
                decision: Some(DecisionId("d".to_owned())),
            }),
        }
    }

    fn written(item: AgendaItem, taken_back: &[&str]) -> String {
        let review = Review {
            id: ReviewId("r".to_owned()),
            template: ReviewTemplate::Weekly,
            started_at: at("2026-11-19T08:00:00Z"),
            finished_at: Some(at("2026-11-19T08:31:00Z")),
            snapshot_at: Some(at("2026-11-19T06:58:00Z")),
            minutes_planned: 40,
            attendees: vec!["Mara".to_owned()],
            items: vec![item],
        };
        let taken_back = taken_back.iter().map(|id| DecisionId((*id).to_owned())).collect();
        markdown(&review, "Halden", 3, &taken_back)
    }

    #[test]
    fn an_item_is_one_row_with_what_was_decided_and_changed_and_its_days_written_out() {
        let row = "| Fjordline \\| Logistics (Nordvik) | Change plan: Extend once; Close date from nothing to \
                   Fri 18 Dec 2026; past the gate: They signed | Call | Kai | Tue 24 Nov 2026 |";
        let minutes = written(logged(), &["another"]);
        assert!(minutes.contains(row), "{minutes}");
        assert!(minutes.contains("Duration: 31 of 40 minutes"), "{minutes}");
        assert!(minutes.contains("Data as of Thu 19 Nov 2026, 06:58 UTC; 3 changes not yet"), "{minutes}");
    }

    #[test]
    fn a_decision_that_was_taken_back_after_the_review_is_told_as_such() {
        let minutes = written(logged(), &["d"]);
        assert!(minutes.contains("| Taken back afterwards: Change plan: Extend once"), "{minutes}");
    }

    #[test]
    fn what_was_not_settled_stands_under_its_mark() {
        for (state, head) in
            [(ItemState::Parked, "Parked"), (ItemState::Flagged, "Flagged"), (ItemState::Open, "Not reached")]
        {
            let minutes = written(AgendaItem { state, outcome: None, ..logged() }, &[]);
            assert!(minutes.contains(&format!("## {head}\n\n- Fjordline")), "{minutes}");
            assert!(!minutes.contains("## Decisions"), "{minutes}");
        }
    }
}
