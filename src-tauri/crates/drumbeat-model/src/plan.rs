//! The mutual action plan of a deal: what each side owes, by when, and what shows that it was done (T-05, B16).
//!
//! It is kept in the deal's dossier as a log of words: each change of a milestone is a new entry under its id and the
//! latest counts ([`standing`]), so that two people who change different milestones at once are put together.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::deal::words;
use crate::dossier::Proof;
use crate::ids::DealId;
use crate::time::{Day, Instant};

words! {
    /// Who owes something (B16).
    PlanSide {
        We "we" "We",
        Partner "partner" "The partner",
        Customer "customer" "The customer",
    }
}

/// What was said of one milestone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PlanItem {
    /// Which milestone.
    pub id: String,
    /// What is to be done.
    pub text: String,
    /// Who owes it.
    pub side: PlanSide,
    /// Who does it, by name.
    #[serde(default)]
    pub owner: Option<String>,
    /// By when.
    #[serde(default)]
    pub due: Option<Day>,
    /// Done on this day.
    #[serde(default)]
    pub done: Option<Day>,
    /// What shows that.
    #[serde(default)]
    pub proof: Option<Proof>,
    /// What endangers it.
    #[serde(default)]
    pub risk: Option<String>,
    /// It is no part of the plan any more.
    #[serde(default)]
    pub dropped: bool,
    /// Who said so.
    pub by: String,
    /// When.
    pub at: Instant,
}

words! {
    /// How a milestone stands.
    PlanState {
        Overdue "overdue" "Overdue",
        Open "open" "Open",
        Done "done" "Done",
    }
}

/// A milestone as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PlanRow {
    /// The milestone.
    pub item: PlanItem,
    /// How it stands.
    pub state: PlanState,
}

/// Add a milestone to a deal's plan, or change one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct SetPlanItem {
    /// Which deal.
    pub deal: DealId,
    /// Which milestone; a new one when absent.
    #[serde(default)]
    pub id: Option<String>,
    /// What is to be done.
    pub text: String,
    /// Who owes it.
    pub side: PlanSide,
    /// Who does it, by name.
    #[serde(default)]
    pub owner: Option<String>,
    /// By when.
    #[serde(default)]
    pub due: Option<Day>,
    /// Done on this day.
    #[serde(default)]
    pub done: Option<Day>,
    /// What shows that.
    #[serde(default)]
    pub proof: Option<Proof>,
    /// What endangers it.
    #[serde(default)]
    pub risk: Option<String>,
    /// Take it out of the plan.
    #[serde(default)]
    pub dropped: bool,
}

/// The milestones as they stand: overdue first, then by day, done last.
#[must_use]
pub fn standing(log: &[PlanItem], today: Day) -> Vec<PlanRow> {
    let latest = |item: &&PlanItem| {
        let later = |other: &PlanItem| other.id == item.id && (other.at, &other.by) > (item.at, &item.by);
        !item.dropped && !log.iter().any(later)
    };
    let mut rows: Vec<PlanRow> = log
        .iter()
        .filter(latest)
        .map(|item| {
            let state = match (item.done, item.due) {
                (Some(_), _) => PlanState::Done,
                (None, Some(due)) if due < today => PlanState::Overdue,
                (None, _) => PlanState::Open,
            };
            PlanRow { item: item.clone(), state }
        })
        .collect();
    let key = |row: &PlanRow| (row.state, row.item.due.is_none(), row.item.due, row.item.id.clone());
    rows.sort_by_key(key);
    rows
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn item(id: &str, minute: u32, due: Option<&str>, done: Option<&str>) -> PlanItem {
        let day = |text: &str| text.parse().unwrap();
        PlanItem {
            id: id.to_owned(),
            text: format!("{id} at {minute}"),
            side: PlanSide::Partner,
            owner: None,
            due: due.map(day),
            done: done.map(day),
            proof: None,
            risk: None,
            dropped: false,
            by: "Mara".to_owned(),
            at: format!("2026-11-19T08:{minute:02}:00Z").parse().unwrap(),
        }
    }

    #[test]
    fn the_latest_word_on_a_milestone_counts_in_whatever_order_two_people_were_put_together() {
        let log = [
            item("a", 9, Some("2026-11-30"), None),
            item("b", 1, Some("2026-11-10"), None),
            item("a", 2, None, None),
            item("c", 3, None, Some("2026-11-12")),
            item("d", 4, None, None),
            PlanItem { dropped: true, ..item("e", 6, None, None) },
            item("e", 5, None, None),
        ];
        let today = "2026-11-19".parse().unwrap();
        let rows: Vec<(String, PlanState)> =
            standing(&log, today).into_iter().map(|row| (row.item.text, row.state)).collect();
        let expected = [
            ("b at 1", PlanState::Overdue),
            ("a at 9", PlanState::Open),
            ("d at 4", PlanState::Open),
            ("c at 3", PlanState::Done),
        ];
        assert_eq!(rows, expected.map(|(text, state)| (text.to_owned(), state)));
        let mut turned = log.to_vec();
        turned.reverse();
        assert_eq!(standing(&turned, today), standing(&log, today));
    }
}
