//! Comparing a sample of the mirror with the CRM: pure.
//!
//! The hard idea is what does not count. Between two looks people go on working, and an index needs a
//! moment: a record that has changed after everything was read is neither wrong nor missing, it is for
//! the next window. What is chosen depends on ids and a number only, so that the same mirror is looked at
//! in the same places every time, and in others once more has been read.

use std::collections::BinaryHeap;
use std::hash::{DefaultHasher, Hash, Hasher};

use drumbeat_model::crm::{ObjectKind, Properties, Record};
use drumbeat_model::time::Instant;
use drumbeat_model::value::same;

/// Records of a kind that are looked at again after a full read: 200 in all, no more of one kind than a
/// single request brings.
#[must_use]
pub fn share(kind: ObjectKind) -> usize {
    match kind {
        ObjectKind::Deal => 100,
        ObjectKind::Registration => 40,
        ObjectKind::Company => 30,
        ObjectKind::Contact | ObjectKind::Certification => 15,
        // A touch is read once and never decided on.
        ObjectKind::Task | ObjectKind::Note | ObjectKind::Meeting | ObjectKind::Call | ObjectKind::Email => 0,
    }
}

/// Picks a few of many, the same ones whatever the order in which they are offered.
#[derive(Debug)]
pub struct Pick {
    seed: u64,
    most: usize,
    picked: BinaryHeap<(u64, String)>,
}

impl Pick {
    /// Picks at most so many; another seed picks others.
    #[must_use]
    pub fn new(seed: u64, most: usize) -> Self {
        Self { seed, most, picked: BinaryHeap::new() }
    }

    /// Offers one.
    pub fn offer(&mut self, id: &str) {
        let mut hasher = DefaultHasher::new();
        (self.seed, id).hash(&mut hasher);
        let place = hasher.finish();
        if self.picked.len() < self.most {
            self.picked.push((place, id.to_owned()));
        } else if self.picked.peek().is_some_and(|(last, _)| place < *last) {
            self.picked.pop();
            self.picked.push((place, id.to_owned()));
        }
    }

    /// The ones picked.
    #[must_use]
    pub fn into_ids(self) -> Vec<String> {
        self.picked.into_sorted_vec().into_iter().map(|(_, id)| id).collect()
    }
}

/// What comparing one record came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Compared {
    /// The CRM says what the mirror says.
    Same,
    /// It has changed after everything was read, or there is no telling yet.
    Unsettled,
    /// It differs: in this property, or as a whole.
    Differs(Option<String>),
}

/// Compares a record as mirrored with what the CRM says now. `until` is the moment of the CRM's time up to
/// which every change has been read.
#[must_use]
pub fn compare(
    id: &str,
    known: (&Properties, Option<Instant>),
    fresh: Option<&Record>,
    asked: &[String],
    until: Instant,
) -> Compared {
    // Unseen is not gone (I16), but it is something to look into.
    let Some(fresh) = fresh else { return Compared::Differs(None) };
    if known.1.max(fresh.updated_at).is_some_and(|at| at >= until) {
        return Compared::Unsettled;
    }
    if fresh.id != id || fresh.archived {
        return Compared::Differs(None);
    }
    let text = |values: &Properties, name: &String| values.get(name).map(String::as_str).unwrap_or_default().to_owned();
    let differs = asked.iter().find(|name| {
        let (ours, theirs) = (text(known.0, name), text(&fresh.properties, name));
        !same(Some(&ours), Some(&theirs))
    });
    differs.map_or(Compared::Same, |name| Compared::Differs(Some(name.clone())))
}

/// Whether two totals agree, when so many records may have come, gone or moved since.
#[must_use]
pub fn totals_agree(here: u64, there: u64, unsettled: u64) -> bool {
    here.abs_diff(there) <= unsettled
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use chrono::{TimeDelta, TimeZone, Utc};

    use super::*;

    fn pick(ids: impl Iterator<Item = u32>, seed: u64) -> Vec<String> {
        let mut pick = Pick::new(seed, 20);
        ids.for_each(|id| pick.offer(&id.to_string()));
        pick.into_ids()
    }

    #[test]
    fn the_same_mirror_is_looked_at_in_the_same_places_and_another_state_in_others() {
        let first = pick(0..1000, 7);
        assert_eq!(first.len(), 20);
        assert_eq!(pick((0..1000).rev(), 7), first, "whatever the order");
        let other = pick(0..1000, 8);
        assert!(other.iter().filter(|id| first.contains(id)).count() < 10, "{first:?} {other:?}");
        assert_eq!(pick(0..5, 7).len(), 5, "a small mirror is looked at whole");
        let halves = first.iter().filter(|id| id.parse::<u32>().unwrap() < 500).count();
        assert!((3..=17).contains(&halves), "not from one end: {first:?}");
    }

    #[test]
    fn no_kind_takes_more_than_one_request_and_all_take_two_hundred() {
        assert_eq!(ObjectKind::ALL.iter().map(|kind| share(*kind)).sum::<usize>(), 200);
        assert!(ObjectKind::ALL.iter().all(|kind| share(*kind) <= 100));
    }

    #[test]
    fn only_what_was_settled_and_says_something_else_differs() {
        let at = |second: i64| Utc.with_ymd_and_hms(2026, 11, 21, 10, 0, 0).unwrap() + TimeDelta::seconds(second);
        let values = |amount: &str| -> Properties { [("amount".to_owned(), amount.to_owned())].into() };
        let record = |id: &str, amount: &str, second: i64| Record {
            kind: ObjectKind::Deal,
            id: id.to_owned(),
            properties: values(amount),
            updated_at: Some(at(second)),
            archived: false,
            merged: Vec::new(),
            links: None,
        };
        let in_bin = Record { archived: true, ..record("1", "5", 0) };
        let differs = Compared::Differs(Some("amount".to_owned()));
        for (name, known_at, fresh, expected) in [
            ("the same", 0, Some(record("1", "5", 0)), Compared::Same),
            ("the same amount, written otherwise", 0, Some(record("1", "5.00", 0)), Compared::Same),
            ("another amount at the same time", 0, Some(record("1", "6", 0)), differs.clone()),
            ("a change that was missed", 0, Some(record("1", "6", 50)), differs.clone()),
            ("an answer from the past", 50, Some(record("1", "6", 0)), differs),
            ("changed since", 0, Some(record("1", "6", 100)), Compared::Unsettled),
            ("read since", 100, Some(record("1", "6", 0)), Compared::Unsettled),
            ("not there", 0, None, Compared::Differs(None)),
            ("under another id", 0, Some(record("2", "5", 0)), Compared::Differs(None)),
            ("in the bin", 0, Some(in_bin), Compared::Differs(None)),
        ] {
            let known = values("5");
            let asked = ["amount".to_owned()];
            assert_eq!(compare("1", (&known, Some(at(known_at))), fresh.as_ref(), &asked, at(100)), expected, "{name}");
        }
    }

    #[test]
    fn totals_may_differ_by_what_moves_and_by_no_more() {
        for (here, there, unsettled, expected) in
            [(10, 10, 0, true), (10, 9, 0, false), (9, 10, 0, false), (10, 8, 2, true), (10, 13, 2, false)]
        {
            assert_eq!(totals_agree(here, there, unsettled), expected, "{here} {there} {unsettled}");
        }
    }
}
