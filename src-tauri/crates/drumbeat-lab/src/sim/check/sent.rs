//! What must hold at the moment in which a request leaves: the order of a lane, the conditions, and what is
//! known of the record's values.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use drumbeat_model::change::{Op, OpKind};
use drumbeat_model::crm::{ObjectKind, Properties};
use drumbeat_model::time::Instant;
use drumbeat_model::value::same;

use super::{sendings, story, told};
use crate::sim::device::Device;
use crate::sim::shared::{Did, Shared};
use crate::sim::world::Row;

/// So long a sender may be held up between its read and its request.
const HELD_UP: TimeDelta = TimeDelta::seconds(30);
/// Fields that merge without a person: what others put there does not stand in the way.
const MERGING: &[&str] = &["contact_roles", "stage_entered_at", "stage_notes_at"];

/// I7: on one record ops go out in the order in which they were made.
pub(super) fn in_order(device: &Device, ops: &[Op], shared: &Shared, found: &mut Vec<String>) {
    let seqs: BTreeMap<&str, &Op> = ops.iter().map(|op| (op.id.as_str(), op)).collect();
    let mut latest: BTreeMap<(ObjectKind, &str), &Op> = BTreeMap::new();
    for did in &shared.log {
        let Did::Sent { device: who, op: Some(id), place, .. } = did else { continue };
        let Some(op) = seqs.get(id.as_str()).filter(|_| *who == device.remote.device) else { continue };
        // A person who confirms what was recovered puts it behind what was decided meanwhile.
        if told(op, "recovered from the journal") {
            continue;
        }
        // Two records of then may be one now: nobody knew that their changes would meet.
        let target = if place.1.is_empty() { op.record.as_str() } else { place.1.as_str() };
        let is_merged = |row: &Row| row.merged_into.as_deref() == Some(target);
        if shared.world.rows.iter().any(|((kind, _), row)| *kind == place.0 && is_merged(row)) {
            continue;
        }
        let lane = (op.object, op.record.as_str());
        if let Some(before) = latest.get(&lane)
            && before.seq > op.seq
        {
            found.push(format!("I7: op {} was sent after op {}, which was made later", op.id, before.id));
        }
        latest.insert(lane, op);
    }
}

/// What the device had been shown of the record that the request at `index` of the log went to, at `sent`,
/// latest first. Another process of the same computer may have read it since: these are the reads that the
/// sender can still have gone by.
fn shown_before<'l>(
    device: &'l Device,
    shared: &'l Shared,
    index: usize,
    sent: Instant,
) -> impl Iterator<Item = &'l Properties> {
    let to = match shared.log.get(index) {
        Some(Did::Sent { place, .. }) => Some(place),
        Some(Did::Read { .. } | Did::Looked { .. }) | None => None,
    };
    let reads = shared.log.get(..index).unwrap_or_default().iter().rev().filter_map(move |did| match did {
        Did::Read { at, device: who, place, shown: Some(shown) } => {
            (*who == device.remote.device && to == Some(place)).then_some((*at, shown))
        }
        Did::Read { .. } | Did::Looked { .. } | Did::Sent { .. } => None,
    });
    reads
        .enumerate()
        .take_while(move |(back, (at, _))| *back == 0 || sent - *at <= HELD_UP)
        .map(|(_, (_, shown))| shown)
}

/// I9: a guarded op was sent only on a read that showed that its conditions held.
pub(super) fn guards_held(device: &Device, ops: &[Op], shared: &Shared, found: &mut Vec<String>) {
    for op in ops {
        let OpKind::Set { guard, .. } = &op.kind else { continue };
        for (index, sent, _) in sendings(op, shared).filter(|_| !guard.is_empty()) {
            let holds = |shown: &Properties| {
                guard.iter().all(|(name, value)| same(shown.get(name).map(String::as_str), Some(value)))
            };
            if !shown_before(device, shared, index, sent).any(holds) {
                found.push(format!("I9: op {} was sent though its conditions did not hold", op.id));
            }
        }
    }
}

/// I5, before the fact: nothing goes out over a value that the sender was shown and that is neither what the
/// change was based on nor what it wants. Only the last request: the base of earlier ones may have been
/// another, when a person has kept his value since.
pub(super) fn nothing_newer_replaced(device: &Device, ops: &[Op], shared: &Shared, found: &mut Vec<String>) {
    for op in ops {
        let OpKind::Set { base, desired, .. } = &op.kind else { continue };
        let Some((index, sent, _)) = sendings(op, shared).last() else { continue };
        let is_expected = |shown: &Properties| {
            desired.iter().filter(|(name, _)| !MERGING.contains(&name.as_str())).all(|(name, mine)| {
                let theirs = shown.get(name).map(String::as_str);
                same(theirs, base.get(name).map(String::as_str)) || same(theirs, Some(mine))
            })
        };
        let mut shown = shown_before(device, shared, index, sent).peekable();
        if shown.peek().is_some() && !shown.any(is_expected) {
            found.push(format!("I5: op {} was sent over values that had moved, in plain sight{}", op.id, story(op)));
        }
    }
}
