//! The minutes: what was decided, what was left, as Markdown that reads well as plain text too.
//!
//! They are written anew from the review whenever they are asked for, so a decision that was taken back
//! after the review is told as such.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

use drumbeat_export::paper::Paper;
use drumbeat_model::change::DecisionStatus;
use drumbeat_model::ids::{DecisionId, ReviewId};
use drumbeat_model::review::{AgendaItem, ItemOutcome, ItemState, ItemVerdict, Minutes, Review};

use drumbeat_store::Reader;

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
        let sent = Sent::read(r, &review)?;
        Ok(Minutes {
            markdown: paper(&review, &ws.card.name, &sent).markdown(),
            review: id,
            queued: sent.queued,
            landed: sent.landed,
            waiting: sent.waiting,
        })
    })
}

/// How far the decisions of a review have come on their way to the CRM.
#[derive(Debug, Default)]
pub(super) struct Sent {
    /// Changes that wait, of the whole workspace.
    pub queued: u32,
    /// Decisions of this review that have landed whole.
    pub landed: u32,
    /// Decisions of this review that have not.
    pub waiting: u32,
    /// Decisions of this review by what has become of them, where that is not waiting.
    status: BTreeMap<DecisionId, DecisionStatus>,
}

impl Sent {
    pub(super) fn read(r: &Reader<'_>, review: &Review) -> drumbeat_store::Result<Self> {
        let mut sent = Self { queued: r.outbox_counts()?.0, ..Self::default() };
        for id in review.items.iter().filter_map(|item| item.outcome.as_ref()?.decision.as_ref()) {
            let Some(decision) = r.decision(id)? else { continue };
            match decision.status {
                DecisionStatus::Landed => sent.landed += 1,
                DecisionStatus::Withdrawn => {}
                _ => sent.waiting += 1,
            }
            sent.status.insert(id.clone(), decision.status);
        }
        Ok(sent)
    }

    /// What was decided on an item was taken back afterwards.
    pub(super) fn is_taken_back(&self, outcome: &ItemOutcome) -> bool {
        self.is(outcome.decision.as_ref(), DecisionStatus::Withdrawn)
    }

    fn is(&self, id: Option<&DecisionId>, status: DecisionStatus) -> bool {
        id.is_some_and(|id| self.status.get(id) == Some(&status))
    }
}

/// What was decided on one item, in one cell.
fn decided(outcome: &ItemOutcome, sent: &Sent) -> String {
    let mut out = String::new();
    if sent.is_taken_back(outcome) {
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

/// The minutes as a document.
pub(super) fn paper(review: &Review, account: &str, sent: &Sent) -> Paper {
    let title = format!("{}, {}", review.template.label(), review.started_at.format("%-d %B %Y"));
    let mut paper = Paper::new(title, review.finished_at.unwrap_or(review.started_at).date_naive());
    paper.text(account.to_owned());
    if !review.attendees.is_empty() {
        paper.text(format!("Attendees: {}", review.attendees.join(", ")));
    }
    if let Some(end) = review.finished_at {
        let minutes = (end - review.started_at).num_minutes();
        paper.text(format!("Duration: {minutes} of {} minutes planned", review.minutes_planned));
    }
    if let Some(at) = review.snapshot_at {
        let at = at.format("%a %-d %b %Y, %H:%M");
        paper.text(format!("Data as of {at} UTC; {} changes not yet in the CRM when written.", sent.queued));
    }
    promised(review, &mut paper);
    let acted =
        |item: &&AgendaItem| item.outcome.as_ref().is_some_and(|outcome| outcome.verdict != ItemVerdict::NoAction);
    if review.items.iter().any(|item| acted(&item)) {
        paper.heading("Decisions");
        let mut rows = Vec::new();
        for item in review.items.iter().filter(acted) {
            let Some(outcome) = &item.outcome else { continue };
            rows.push(vec![
                about(item),
                decided(outcome, sent),
                outcome.next_step.clone().unwrap_or_default(),
                outcome.owner_name.clone().unwrap_or_default(),
                outcome.due.map(day).unwrap_or_default(),
                if sent.is(outcome.decision.as_ref(), DecisionStatus::Landed) { "yes" } else { "not yet" }.to_owned(),
            ]);
        }
        paper.table(
            &[("Item", 3), ("Decision", 4), ("Next step", 3), ("Owner", 2), ("Due", 2), ("In the CRM", 1)],
            rows,
        );
    }
    for (state, head) in [
        (ItemState::Flagged, "Flagged"),
        (ItemState::Parked, "Parked"),
        (ItemState::Skipped, "Skipped"),
        (ItemState::Open, "Not reached"),
    ] {
        let meant = |item: &&AgendaItem| item.state == state && (item.discussed || state != ItemState::Open);
        let items: Vec<String> =
            review.items.iter().filter(meant).map(|item| format!("{}: {}", about(item), item.why)).collect();
        if !items.is_empty() {
            paper.heading(head);
            paper.list(items);
        }
    }
    let open = review.items.iter().filter(|item| item.state == ItemState::Open && !item.discussed).count();
    if open > 0 {
        let are = if open == 1 { "is" } else { "are" };
        paper.text(format!("{} that nobody meant to discuss {are} still open.", counted(open)));
    }
    let none = review
        .items
        .iter()
        .filter(|item| item.outcome.as_ref().is_some_and(|outcome| outcome.verdict == ItemVerdict::NoAction))
        .count();
    if none > 0 {
        paper.text(format!("{} ended with no action.", counted(none)));
    }
    paper
}

/// What an item is about, in one cell.
pub(super) fn about(item: &AgendaItem) -> String {
    match item.subtitle.as_str() {
        "" => item.title.clone(),
        subtitle => format!("{} ({subtitle})", item.title),
    }
}

/// What was promised in the review before, and what had become of it.
pub(super) fn promised(review: &Review, paper: &mut Paper) {
    if review.promises.is_empty() {
        return;
    }
    paper.heading("Promised last time");
    let rows = review.promises.iter().map(|promise| {
        vec![
            promise.title.clone(),
            promise.text.clone(),
            promise.owner_name.clone().unwrap_or_default(),
            promise.became.clone(),
        ]
    });
    paper.table(&[("Item", 3), ("Next step", 4), ("Owner", 2), ("What became of it", 3)], rows.collect());
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use drumbeat_model::ids::ReviewItemId;
    use drumbeat_model::review::{AgendaOrder, AgendaSection, ItemEdit, ReviewTemplate};
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
            conflict: None,
            seller: None,
            seller_name: None,
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
            order: AgendaOrder::Motion,
            items: vec![item],
            promises: Vec::new(),
            pipeline: Vec::new(),
            mark: None,
        };
        let status = |id: &&str| (DecisionId((*id).to_owned()), DecisionStatus::Withdrawn);
        let sent = Sent { queued: 3, status: taken_back.iter().map(status).collect(), ..Sent::default() };
        paper(&review, "Halden", &sent).markdown()
    }

    #[test]
    fn an_item_is_one_row_with_what_was_decided_and_changed_and_its_days_written_out() {
        let row = "| Fjordline \\| Logistics (Nordvik) | Change plan: Extend once; Close date from nothing to \
                   Fri 18 Dec 2026; past the gate: They signed | Call | Kai | Tue 24 Nov 2026 | not yet |";
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
