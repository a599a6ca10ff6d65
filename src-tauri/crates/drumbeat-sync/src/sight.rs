//! What the CRM showed about an op's record, and how that compares with the op.
//!
//! The one hard idea is the marker: every request of ours writes `<op id>#<attempt>` beside its values,
//! so a record's history of that property is the CRM's own ledger of our writes. From it follow three
//! answers that values alone cannot give: whether a request was applied, how often, and what it replaced.
//! Everything here is a pure look at data that was read; what follows from it is `classify`'s to say.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use drumbeat_crm::crm::Found;
use drumbeat_model::change::OpKind;
use drumbeat_model::crm::{HistoryEntry, Holds, Link, ObjectKind, Properties, Schema};
use drumbeat_model::field::Field;
use drumbeat_model::ids::OpId;
use drumbeat_model::mapping::Mapping;
use drumbeat_model::planted::{Bug, planted};
use drumbeat_model::time::Instant;
use drumbeat_model::value::same;

/// What a read showed, by the kind of op it was made for.
#[derive(Debug, Clone)]
pub enum Sight {
    /// SET: the record, with the property that carries our marker where the account has one.
    Record {
        /// The record with the history of the op's fields and of the marker.
        found: Box<Found>,
        /// Name of the marker property; absent in degraded mode.
        marker: Option<String>,
        /// Properties that merge by themselves when two have changed them, and how.
        merges: BTreeMap<String, Merge>,
    },
    /// The record is in the CRM's recycle bin.
    Archived,
    /// The record is nowhere to be read, not in the recycle bin either.
    Missing,
    /// CREATE: the id of the record that carries our op id in its unique property; certain both ways.
    ByOpId(Option<String>),
    /// CREATE of a touch: the id of the record whose text ends with our op id; not finding it proves little.
    ByText(Option<String>),
    /// CREATE: the account has nothing by which the record could be found again.
    Unfindable,
    /// LINK: whether the two records are linked.
    Linked(bool),
    /// ARCHIVE: the living record with the history of everything that can be written in it.
    Made {
        /// The record.
        found: Box<Found>,
        /// Touches that hang on it and are not ours.
        beside: Vec<Link>,
    },
    /// ARCHIVE: the record as it lies in the recycle bin, with the same history.
    Binned(Box<Found>),
}

/// How a property that two have changed merges without a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Merge {
    /// A set of choices: member by member.
    Members,
    /// It says when something happened last: the later one.
    Latest,
    /// What the program keeps of a record: entry by entry, where it can be done.
    Entries,
}

/// How the properties of a kind merge, by the account's schema and the mapping.
#[must_use]
pub fn merges(schema: Option<&Schema>, mapping: &Mapping, kind: ObjectKind) -> BTreeMap<String, Merge> {
    let properties =
        || schema.and_then(|schema| schema.objects.get(&kind)).into_iter().flat_map(|object| &object.properties);
    let sets = properties().filter(|property| property.holds == Holds::Choices && !planted(Bug::SetAsText));
    let latest = Field::ALL.iter().filter(|field| field.is_latest());
    let latest = latest.filter_map(|field| mapping.property(kind, *field));
    let mut all: BTreeMap<String, Merge> = latest.map(|name| (name.to_owned(), Merge::Latest)).collect();
    all.extend(mapping.property(kind, Field::Dossier).map(|name| (name.to_owned(), Merge::Entries)));
    all.extend(sets.map(|property| (property.name.clone(), Merge::Members)));
    all
}

/// What a request writes into the marker property.
#[must_use]
pub fn marker(op: &OpId, attempt: u32) -> String {
    format!("{op}#{attempt}")
}

/// Whether a marker value is of this op, whatever the attempt.
#[must_use]
pub fn is_marker_of(value: &str, op: &OpId) -> bool {
    value.strip_prefix(op.as_str()).is_some_and(|rest| rest.starts_with('#'))
}

/// One property of an op as three parties have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sides {
    /// The CRM's property.
    pub property: String,
    /// What the op was based on.
    pub base: String,
    /// What the op wants.
    pub mine: String,
    /// What the CRM has.
    pub theirs: String,
}

impl Sides {
    /// The CRM has what the op was based on.
    #[must_use]
    pub fn is_base(&self) -> bool {
        same(Some(&self.theirs), Some(&self.base))
    }

    /// The CRM has what the op wants.
    #[must_use]
    pub fn is_mine(&self) -> bool {
        same(Some(&self.theirs), Some(&self.mine))
    }

    /// The op changes nothing here.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        same(Some(&self.base), Some(&self.mine))
    }
}

impl fmt::Display for Sides {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} was {}, yours is {}, the CRM has {}",
            self.property,
            shown(&self.base),
            shown(&self.mine),
            shown(&self.theirs)
        )
    }
}

/// A value in a sentence.
#[must_use]
pub fn shown(value: &str) -> String {
    if value.trim().is_empty() { "empty".to_owned() } else { format!("\u{201c}{value}\u{201d}") }
}

/// The fields of a SET beside what the CRM has; nothing for other ops.
#[must_use]
pub fn sides(kind: &OpKind, theirs: &Properties) -> Vec<Sides> {
    let text = |properties: &Properties, name: &str| properties.get(name).cloned().unwrap_or_default();
    match kind {
        OpKind::Set { desired, base, guard: _ } => desired
            .iter()
            .map(|(property, mine)| Sides {
                property: property.clone(),
                base: text(base, property),
                mine: mine.clone(),
                theirs: text(theirs, property),
            })
            .collect(),
        OpKind::Create { .. } | OpKind::Link { .. } | OpKind::Archive { .. } => Vec::new(),
    }
}

/// The guards of a SET that do not hold any more.
#[must_use]
pub fn broken_guards(kind: &OpKind, theirs: &Properties) -> Vec<Sides> {
    match kind {
        OpKind::Set { guard, .. } => guard
            .iter()
            .map(|(property, held)| Sides {
                property: property.clone(),
                base: held.clone(),
                mine: held.clone(),
                theirs: theirs.get(property).cloned().unwrap_or_default(),
            })
            .filter(|sides| !sides.is_base())
            .collect(),
        OpKind::Create { .. } | OpKind::Link { .. } | OpKind::Archive { .. } => Vec::new(),
    }
}

/// What others have made of a record that is to be archived since Drumbeat made it: every value that is not
/// what our ops have left there and that was set after the record was made, with the entry that set it. What
/// a person has seen and wants gone all the same does not count.
///
/// The first entry of what we wrote tells when the record was made: whatever the CRM filled in by itself is
/// as old as that, and nobody can have worked on it before. A value without a history counts as somebody's.
#[must_use]
pub fn foreign(kind: &OpKind, found: &Found) -> Vec<(Sides, Option<HistoryEntry>)> {
    let OpKind::Archive { holds, seen, .. } = kind else { return Vec::new() };
    let written = holds.keys().filter_map(|name| found.history.get(name)?.last()?.at);
    let made = written.min();
    let names: BTreeSet<&String> = holds.keys().chain(found.history.keys()).collect();
    let mut foreign = Vec::new();
    for property in names {
        let newest = found.history.get(property).and_then(|history| history.first());
        let theirs = newest.map(|entry| &entry.value).or_else(|| found.record.properties.get(property));
        let (theirs, ours) = (theirs.cloned().unwrap_or_default(), holds.get(property).cloned().unwrap_or_default());
        let at = newest.and_then(|entry| entry.at);
        let is_old = at.is_some() && (at <= made || at <= *seen);
        if !is_old && !same(Some(&theirs), Some(&ours)) {
            let sides = Sides { property: property.clone(), base: ours.clone(), mine: ours, theirs };
            foreign.push((sides, newest.cloned()));
        }
    }
    foreign
}

/// The CRM's entries of our marker for this op, newest first; the current value counts when no history came.
#[must_use]
pub fn marks(found: &Found, property: &str, op: &OpId) -> Vec<HistoryEntry> {
    let mut marks: Vec<HistoryEntry> = found
        .history
        .get(property)
        .into_iter()
        .flatten()
        .filter(|entry| is_marker_of(&entry.value, op))
        .cloned()
        .collect();
    if marks.is_empty()
        && let Some(value) = found.record.properties.get(property).filter(|value| is_marker_of(value, op))
    {
        marks.push(HistoryEntry { value: value.clone(), at: None, by: None });
    }
    marks
}

/// A value that our request replaced though it was not the one we had seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lost {
    /// The CRM's property.
    pub property: String,
    /// The value that is gone.
    pub value: String,
    /// What we wrote instead.
    pub mine: String,
    /// Who had set it, where the CRM says.
    pub by: Option<String>,
    /// When.
    pub at: Option<Instant>,
}

/// Values of a property that HubSpot remembers: a longer past has no beginning.
const KEPT: usize = 20;

/// History adjacency: what stood just before our values, where that is not what we had seen.
///
/// `written` is when the CRM dated our marker; without it our entry is the newest with our value.
#[must_use]
pub fn replaced(kind: &OpKind, found: &Found, written: Option<Instant>) -> Vec<Lost> {
    let mut lost = Vec::new();
    for sides in sides(kind, &found.record.properties) {
        let Some(history) = found.history.get(&sides.property) else { continue };
        let is_ours = |entry: &HistoryEntry| same(Some(&entry.value), Some(&sides.mine));
        let dated = written.and_then(|at| history.iter().position(|entry| entry.at == Some(at) && is_ours(entry)));
        // A field that we did not change leaves no entry of ours unless somebody had changed it meanwhile.
        let newest = || if sides.is_idle() { None } else { history.iter().position(is_ours) };
        let Some(ours) = dated.or_else(newest) else { continue };
        let Some(before) = history.get(ours + 1) else {
            // The first value that this record ever had: it is another than the one that was looked at.
            let was_empty = dated.is_some() && history.len() < KEPT && !sides.base.is_empty();
            if was_empty && !sides.mine.is_empty() {
                lost.push(Lost {
                    property: sides.property,
                    value: String::new(),
                    mine: sides.mine,
                    by: None,
                    at: None,
                });
            }
            continue;
        };
        if !same(Some(&before.value), Some(&sides.base)) && !is_ours(before) {
            lost.push(Lost {
                property: sides.property,
                value: before.value.clone(),
                mine: sides.mine,
                by: before.by.clone(),
                at: before.at,
            });
        }
    }
    lost
}
