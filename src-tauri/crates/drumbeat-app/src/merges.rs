//! Merge conflicts: what was, what is yours, what is theirs. How they are answered is in `resolve`.
//!
//! Nothing is resolved by itself here. Theirs is always what the mirror
//! has now, which is also what a kept or edited change is based on from then on; who set it and when comes
//! from the op's evidence, as long as it is still the value that was seen. The same answer goes to other
//! conflicts only where field, base, mine and theirs are identical.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use drumbeat_model::change::{Op, OpKind, OpState};
use drumbeat_model::crm::{ObjectKind, Properties};
use drumbeat_model::merge::{Found, FoundSide, MergeAnswer, MergeField, MergeKind, MergeRow, MergeValue};
use drumbeat_model::value::same;
use drumbeat_store::{Gone, Reader, Result};

use crate::api::Nothing;
use crate::converted::converts;
use crate::error::Answer;
use crate::words::{Words, some};
use crate::workspace::Workspace;

/// A conflict with the record as it is now.
pub(crate) struct Between {
    /// The op that waits.
    pub op: Op,
    /// Why.
    pub kind: MergeKind,
    text: String,
    seen_at: drumbeat_model::time::Instant,
    /// The record's id as it is now.
    pub record: String,
    /// It converts a lead: what somebody else made of that stays.
    converts: bool,
    sides: Vec<FoundSide>,
    /// Properties among the sides that the mirror does not hold: of them nothing newer is known than what was found.
    unread: BTreeSet<String>,
}

/// What tells identical conflicts: everything but the record.
pub(crate) type Case = (ObjectKind, MergeKind, Vec<(String, String, String, String)>);

impl Between {
    /// What it has in common with identical ones; nothing where there is nothing to compare.
    pub fn case(&self) -> Option<Case> {
        let text = |value: &str| value.trim().to_owned();
        let mut sides: Vec<_> = self
            .sides
            .iter()
            .map(|side| (side.property.clone(), text(&side.base), text(&side.mine), text(&side.theirs)))
            .collect();
        sides.sort();
        (!sides.is_empty()).then_some((self.op.object, self.kind, sides))
    }

    /// A property of theirs that is not as a person saw it, with what it is now; nothing when all is as seen.
    pub fn unlike(&self, seen: &[MergeValue]) -> Option<(String, Option<String>)> {
        let shown = |property: &str| seen.iter().find(|known| known.property == property);
        let moved = self
            .sides
            .iter()
            .find(|side| shown(&side.property).is_none_or(|known| !same(known.value.as_deref(), Some(&side.theirs))));
        // One that is no matter any more: theirs is what it was, or what was wanted.
        let settled = seen.iter().find(|known| self.sides.iter().all(|side| side.property != known.property));
        match (moved, settled) {
            (Some(side), _) => Some((side.property.clone(), Some(side.theirs.clone()))),
            (None, Some(known)) => Some((known.property.clone(), None)),
            (None, None) => None,
        }
    }

    /// Whether theirs is still what was looked at.
    pub fn still(&self, r: &Reader<'_>) -> Result<bool> {
        let now = r.mirrored(self.op.object, &self.record)?;
        let gone = now.as_ref().and_then(|known| known.gone);
        let is_gone = matches!(gone, Some(Gone::Archived | Gone::Inaccessible));
        let now = now.map(|known| known.properties).unwrap_or_default();
        let as_seen = |side: &FoundSide| {
            self.unread.contains(&side.property)
                || same(now.get(&side.property).map(String::as_str), Some(&side.theirs))
        };
        Ok(is_gone == self.is_gone() && (is_gone || self.sides.iter().all(as_seen)))
    }

    fn is_gone(&self) -> bool {
        matches!(self.kind, MergeKind::Archived | MergeKind::Missing)
    }

    /// The answers that are possible.
    pub fn answers(&self) -> Vec<MergeAnswer> {
        use MergeAnswer::{Edit, KeepMine, KeepNote, TakeTheirs};
        match (&self.op.kind, self.is_gone()) {
            // Nothing was typed in it, and what was merged is not Drumbeat's own any more.
            (OpKind::Archive { .. }, true) => vec![TakeTheirs],
            (OpKind::Archive { .. }, false) if self.kind == MergeKind::Merged => vec![TakeTheirs],
            (OpKind::Archive { .. }, false) => vec![KeepMine, TakeTheirs],
            (_, true) => vec![KeepNote, TakeTheirs],
            (OpKind::Set { .. }, false) if self.converts => vec![TakeTheirs],
            (OpKind::Set { .. }, false) => vec![KeepMine, TakeTheirs, Edit],
            (OpKind::Create { .. } | OpKind::Link { .. }, false) => vec![KeepMine, TakeTheirs],
        }
    }
}

/// An op that waits, with the record as it is now.
pub(crate) fn between(words: &Words<'_>, op: Op) -> Result<Between> {
    let r = words.r;
    let record = r.resolve(&op.record)?;
    let mirrored = r.mirrored(op.object, &record)?;
    let gone = mirrored.as_ref().and_then(|known| known.gone);
    let theirs = mirrored.map(|known| known.properties).unwrap_or_default();
    let last = op.evidence.last().cloned();
    let found = op.evidence.iter().rev().find_map(|evidence| evidence.found.clone());
    let kind = match (gone, found.as_ref().map(|found| found.kind)) {
        (Some(Gone::Archived), _) => MergeKind::Archived,
        (Some(Gone::Inaccessible), _) => MergeKind::Missing,
        // It is back: what is left is what differs.
        (_, Some(MergeKind::Archived | MergeKind::Missing) | None) => MergeKind::Changed,
        (_, Some(kind)) => kind,
    };
    let is_gone = matches!(kind, MergeKind::Archived | MergeKind::Missing);
    let text = last.as_ref().map(|last| last.text.clone()).unwrap_or_default();
    let seen_at = last.map_or_else(|| r.op_times(&op.id).map(|(_, changed)| changed), |last| Ok(last.at))?;
    let read: BTreeSet<String> = words.scene.mapping.properties(op.object).into_iter().collect();
    let sides = sides(&op.kind, found.as_ref(), if is_gone { None } else { Some(&theirs) }, &read);
    let is_archive = matches!(op.kind, OpKind::Archive { .. });
    let unread = sides.iter().map(|side| &side.property).filter(|name| is_archive && !read.contains(*name));
    let unread = unread.cloned().collect();
    let converts = converts(words, &op);
    Ok(Between { kind, text, seen_at, record, converts, sides, unread, op })
}

/// The fields to choose about: those that the protocol found, and any that differ by now.
///
/// What others have made of a record that was to be archived is all in what was found: of properties that are not read
/// the mirror knows nothing, and the others stand as they are now.
fn sides(kind: &OpKind, found: Option<&Found>, theirs: Option<&Properties>, read: &BTreeSet<String>) -> Vec<FoundSide> {
    let OpKind::Set { desired, base, guard } = kind else {
        let is_archive = matches!(kind, OpKind::Archive { .. });
        let mut sides = found.filter(|_| is_archive).map(|found| found.sides.clone()).unwrap_or_default();
        let Some(theirs) = theirs else { return sides };
        for side in sides.iter_mut().filter(|side| read.contains(&side.property)) {
            let now = theirs.get(&side.property).cloned().unwrap_or_default();
            if !same(Some(&side.theirs), Some(&now)) {
                (side.theirs, side.by, side.at) = (now, None, None);
            }
        }
        sides.retain(|side| !same(Some(&side.theirs), Some(&side.mine)));
        return sides;
    };
    let empty = Properties::new();
    let now = theirs.unwrap_or(&empty);
    let text = |values: &Properties, name: &str| values.get(name).cloned().unwrap_or_default();
    let known = |name: &str| found.and_then(|found| found.sides.iter().find(|side| side.property == name));
    let side = |name: &str, base: String, mine: String| {
        let value = text(now, name);
        let set = known(name).filter(|side| same(Some(&side.theirs), Some(&value)));
        FoundSide {
            property: name.to_owned(),
            base,
            mine,
            by: set.and_then(|side| side.by.clone()),
            at: set.and_then(|side| side.at),
            theirs: value,
        }
    };
    let mut all = Vec::new();
    for (name, mine) in desired {
        let side = side(name, text(base, name), mine.clone());
        let differs = !same(Some(&side.theirs), Some(&side.base)) && !same(Some(&side.theirs), Some(mine));
        if theirs.is_none() || differs || known(name).is_some() {
            all.push(side);
        }
    }
    for (name, held) in guard.iter().filter(|(name, _)| !desired.contains_key(*name)) {
        let side = side(name, held.clone(), held.clone());
        if theirs.is_some() && !same(Some(&side.theirs), Some(held)) {
            all.push(side);
        }
    }
    all
}

/// Every conflict, oldest first.
pub(crate) fn conflicts(words: &Words<'_>) -> Result<Vec<Between>> {
    words.r.ops_in(&[OpState::Conflict])?.into_iter().map(|op| between(words, op)).collect()
}

/// Every merge conflict, oldest decision first.
///
/// # Errors
/// What the store says.
pub fn merges(ws: &Arc<Workspace>, _: Nothing) -> Answer<Vec<MergeRow>> {
    ws.read(|r| {
        let words = Words::read(ws, r)?;
        let all = conflicts(&words)?;
        let mut cases: BTreeMap<Case, u32> = BTreeMap::new();
        for case in all.iter().filter_map(Between::case) {
            *cases.entry(case).or_default() += 1;
        }
        all.iter()
            .map(|between| {
                let same_as = between.case().and_then(|case| cases.get(&case).copied()).unwrap_or(1);
                row(&words, between, same_as.saturating_sub(1))
            })
            .collect()
    })
}

fn row(words: &Words<'_>, between: &Between, same_as: u32) -> Result<MergeRow> {
    let (r, op) = (words.r, &between.op);
    let decision = r.decision(&op.decision)?;
    let (made_at, _) = r.op_times(&op.id)?;
    Ok(MergeRow {
        op: op.id.clone(),
        decision: op.decision.clone(),
        title: decision.as_ref().map(|decision| decision.title.clone()).unwrap_or_default(),
        record: words.record(op.object, &op.record)?,
        kind: between.kind,
        text: between.text.clone(),
        fields: between.sides.iter().map(|side| field(words, op, side)).collect::<Result<_>>()?,
        mine_at: decision.as_ref().map_or(made_at, |decision| decision.made_at),
        mine_by: decision.map(|decision| decision.actor).unwrap_or_default(),
        device: "this computer".to_owned(),
        seen_at: between.seen_at,
        same_as,
        answers: between.answers(),
    })
}

fn field(words: &Words<'_>, op: &Op, side: &FoundSide) -> Result<MergeField> {
    let (kind, property) = (op.object, side.property.as_str());
    let (of, none) = ((kind, op.record.as_str()), Properties::new());
    let (desired, base) = match &op.kind {
        OpKind::Set { desired, base, .. } => (desired, base),
        OpKind::Archive { holds, .. } => (&none, holds),
        OpKind::Create { .. } | OpKind::Link { .. } => (&none, &none),
    };
    let is_written = desired.contains_key(property);
    Ok(MergeField {
        field: words.scene.mapping.field(kind, property),
        label: words.label(kind, property),
        base: words.value_of(of, base, property, &side.base)?,
        mine: words.value_of(of, desired, property, &side.mine)?,
        theirs: words.value_of(of, &none, property, &side.theirs)?,
        mine_raw: side.mine.clone(),
        theirs_raw: side.theirs.clone(),
        their_who: words.who(side.by.as_ref()),
        their_when: side.at,
        guard: !is_written,
        holds: words.holds(kind, property),
        options: words.options(kind, property),
        property: side.property.clone(),
    })
}

/// A value in a sentence.
pub(crate) fn said(value: Option<&String>) -> String {
    value.and_then(|value| some(value)).map_or_else(|| "empty".to_owned(), |value| format!("\u{201c}{value}\u{201d}"))
}
