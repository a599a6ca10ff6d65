//! What must hold of records that went into the recycle bin at our request: a delete has no mark, so it is
//! known by its place.

use drumbeat_model::change::{Op, OpKind, OpState};
use drumbeat_model::time::Instant;

use super::super::device::{Device, Failure};
use super::super::shared::{Did, Shared};
use super::{OUTLIVED, QUARANTINE, story, told};

/// I5 of what we put into the bin: it was ours, and whatever others had made of it is named, or a person
/// had seen it.
pub(super) fn binned_is_told(
    device: &Device,
    ops: &[Op],
    devices: &[Device],
    shared: &Shared,
    found: &mut Vec<String>,
) -> Result<(), Failure> {
    let Some(first) = devices.first() else { return Ok(()) };
    if first.remote.device != device.remote.device {
        return Ok(());
    }
    let mut all = ops.to_vec();
    for other in devices.iter().skip(1) {
        all.extend(other.ops(OpState::ALL)?);
    }
    for binned in &shared.world.binned {
        let (kind, id) = &binned.place;
        let archives: Vec<&Op> = all
            .iter()
            .filter(|op| matches!(op.kind, OpKind::Archive { .. }) && (op.object, &op.record) == (*kind, id))
            .collect();
        let history = shared.world.rows.get(&binned.place).into_iter().flat_map(|row| row.history.values().flatten());
        let made = history.min_by_key(|entry| entry.at).is_some_and(|entry| entry.by.as_deref() == Some("drumbeat"));
        // An older copy in the file's place may have forgotten the op.
        let is_known = !archives.is_empty() || devices.iter().any(|device| !device.forgotten.is_empty());
        if !is_known || !made {
            found.push(format!("I2: {} {id} went into the bin and Drumbeat had not made it", kind.name()));
        }
        // What outlived every promise is told by the next pull alone.
        let sent = shared.log.iter().filter_map(|did| match did {
            Did::Sent { at, place, bins: true, .. } if *place == binned.place && *at <= binned.at => Some(*at),
            Did::Sent { .. } | Did::Read { .. } | Did::Looked { .. } => None,
        });
        if sent.min().is_some_and(|at| binned.at - at > OUTLIVED) {
            continue;
        }
        for (name, value, at) in binned.worked.iter().filter(|_| !archives.is_empty()) {
            let shown = if value.trim().is_empty() { "empty" } else { value.as_str() };
            let is_told = |op: &&Op| {
                let is_seen = matches!(&op.kind, OpKind::Archive { seen, .. } if seen.is_some_and(|seen| seen >= *at));
                let is_named = op.evidence.iter().any(|e| e.text.contains(name.as_str()) && e.text.contains(shown));
                is_seen || is_named || told(op, "does not show the record any more")
            };
            if !archives.iter().any(is_told) {
                let stories: Vec<String> = archives.iter().map(|op| story(op)).collect();
                found.push(format!(
                    "I5: {} {id} went into the bin with {name} = {value:?} and nobody was told{}",
                    kind.name(),
                    stories.concat()
                ));
            }
        }
    }
    Ok(())
}

/// I4 of a request without a mark: by its place, where one op alone of the device sent it.
pub(super) fn binned_after_reading(op: &Op, ops: &[Op], device: &Device, shared: &Shared, found: &mut Vec<String>) {
    let is_same = |other: &&Op| {
        matches!(other.kind, OpKind::Archive { .. }) && (other.object, &other.record) == (op.object, &op.record)
    };
    if !is_same(&op) || ops.iter().filter(is_same).count() > 1 {
        return;
    }
    let place = (op.object, op.record.clone());
    let sent: Vec<(usize, Instant, bool)> = shared
        .log
        .iter()
        .enumerate()
        .filter_map(|(index, did)| match did {
            Did::Sent { device: who, at, place: to, bins: true, proven_void, .. }
                if *who == device.remote.device && *to == place =>
            {
                Some((index, *at, *proven_void))
            }
            Did::Sent { .. } | Did::Read { .. } | Did::Looked { .. } => None,
        })
        .collect();
    for pair in sent.windows(2) {
        let [(first, at, void), (second, ..)] = pair else { continue };
        let between = shared.log.get(*first..*second).unwrap_or_default();
        let looked = between.iter().any(|did| {
            matches!(did, Did::Read { at: when, device: who, place: of, .. }
                if *who == device.remote.device && *of == place && *when >= *at + QUARANTINE)
        });
        if !*void && !looked {
            found.push(format!("I4: op {} was sent again without a read after its quarantine", op.id));
        }
    }
}
