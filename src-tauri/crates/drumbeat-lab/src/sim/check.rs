//! What must hold at the end of every run, whatever the weather was: the invariants of the trust page.
//!
//! Each check compares what the devices' stores say with the CRM's own ledger and with the log of what
//! was read and sent; a violation is a sentence with the invariant's number.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use drumbeat_model::activity::AuditQuery;
use drumbeat_model::change::{Op, OpKind, OpState};
use drumbeat_model::time::Instant;
use drumbeat_model::value::{latest, merge_members, same};
use drumbeat_store::Gone;

use super::device::{Device, Failure};
use super::schema::{ACCOUNT, LAST_OP, OP_ID, mapping};
use super::shared::{Did, Shared};
use super::world::{Entry, Place};

mod bin;
mod sent;

/// A request that lands later than this after it was sent has outlived every promise but "never silent".
const OUTLIVED: TimeDelta = TimeDelta::seconds(115);
const QUARANTINE: TimeDelta = TimeDelta::seconds(120);

/// Everything that is wrong at the end.
pub fn violations(devices: &[Device], shared: &Shared) -> Result<Vec<String>, Failure> {
    let mut found = Vec::new();
    let mut every: BTreeSet<String> = BTreeSet::new();
    for device in devices {
        let ops = device.ops(OpState::ALL)?;
        every.extend(ops.iter().map(|op| op.id.0.clone()));
        every.extend(device.forgotten.iter().map(|op| op.0.clone()));
        for op in &ops {
            applied_once(op, shared, &mut found);
            done_is_true(op, shared, &mut found);
            sent_after_reading(op, device, shared, &mut found);
            bin::binned_after_reading(op, &ops, device, shared, &mut found);
            overwrites_are_told(op, device, shared, &mut found)?;
            if !is_held(op, device)? {
                settled(op, &ops, &mut found);
            }
            refused_in_words(op, shared, &mut found);
            sets_merge(op, &mut found);
        }
        bin::binned_is_told(device, &ops, devices, shared, &mut found)?;
        sent::in_order(device, &ops, shared, &mut found);
        sent::guards_held(device, &ops, shared, &mut found);
        sent::nothing_newer_replaced(device, &ops, shared, &mut found);
        saved_is_kept(device, &ops, &mut found)?;
        mirror_is_true(device, shared, true, &mut found)?;
        audited(device, &ops, &mut found)?;
    }
    for did in &shared.log {
        if let Did::Sent { account, at, .. } = did
            && account != ACCOUNT
        {
            found.push(format!("I8: something was sent to account {account} at {at}"));
        }
    }
    for entry in &shared.world.ledger {
        let Some(op) = op_of(entry) else {
            found.push(format!("I2: a write without a mark reached {:?}", entry.place));
            continue;
        };
        if !every.contains(op) {
            found.push(format!("I1: the CRM has op {op} and no device knows it"));
        }
    }
    Ok(found)
}

fn op_of(entry: &Entry) -> Option<&str> {
    entry.mark.as_deref().and_then(|mark| mark.split_once('#')).map(|(op, _)| op)
}

/// What the op went through, for whoever reads the violation.
fn story(op: &Op) -> String {
    let mut text = format!(" [{:?}]", op.kind);
    for evidence in &op.evidence {
        text.push_str(&format!("\n      {} {}", evidence.at.format("%d %H:%M:%S"), evidence.text));
    }
    text
}

fn told(op: &Op, text: &str) -> bool {
    op.evidence.iter().any(|evidence| evidence.text.contains(text))
}

/// When a device sent this op: the times.
fn sendings<'l>(op: &'l Op, shared: &'l Shared) -> impl Iterator<Item = (usize, Instant, bool)> + 'l {
    shared.log.iter().enumerate().filter_map(|(at, did)| match did {
        Did::Sent { op: Some(id), at: when, proven_void, .. } if *id == op.id.0 => Some((at, *when, *proven_void)),
        Did::Sent { .. } | Did::Read { .. } | Did::Looked { .. } => None,
    })
}

fn outlived(op: &Op, shared: &Shared) -> bool {
    shared.world.applied(op.id.as_str()).iter().any(|entry| {
        let sent = sendings(op, shared).map(|(_, at, _)| at).filter(|at| *at <= entry.at);
        // The earliest that may have been this one.
        sent.min().is_some_and(|at| entry.at - at > OUTLIVED)
    })
}

/// I2: at most once; what outlives the quarantine is at least told.
fn applied_once(op: &Op, shared: &Shared, found: &mut Vec<String>) {
    let times = shared.world.applied(op.id.as_str()).len();
    if times > 1 && !outlived(op, shared) {
        found.push(format!("I2: op {} was applied {times} times", op.id));
    }
}

/// I3: what is called confirmed was there with our mark, or the same value from somebody else.
fn done_is_true(op: &Op, shared: &Shared, found: &mut Vec<String>) {
    if op.state != OpState::Done || !shared.world.applied(op.id.as_str()).is_empty() {
        return;
    }
    let held = match &op.kind {
        OpKind::Set { desired, base, .. } => {
            // It may have been merged away since, and again: then the past of each of them counts.
            let own = (op.object, op.record.clone());
            let places: Vec<Place> = std::iter::successors(Some(own), |(kind, id)| {
                let into = shared.world.rows.get(&(*kind, id.clone()))?.merged_into.clone()?;
                Some((*kind, into))
            })
            .collect();
            desired.iter().all(|(name, value)| {
                value.is_empty()
                    || places.iter().filter_map(|place| shared.world.rows.get(place)).any(|row| {
                        let past = row.history.get(name).into_iter().flatten().map(|entry| entry.value.as_str());
                        // Nothing stood there before the first value.
                        past.chain([""]).any(|past| {
                            let was = base.get(name).map_or("", String::as_str);
                            // What members or moments merge to is as good as what was wanted.
                            let merged = match name.as_str() {
                                "contact_roles" => merge_members(was, value, past),
                                "stage_entered_at" | "stage_notes_at" => latest(value, past).to_owned(),
                                _ => value.clone(),
                            };
                            same(Some(past), Some(&merged))
                        })
                    })
            })
        }
        // A link carries no mark: it is there or it is not.
        OpKind::Link { .. } => true,
        OpKind::Create { .. } => false,
        // A delete carries none either: the bin has it, or had it.
        OpKind::Archive { .. } => {
            let own = Some((op.object, op.record.clone()));
            let places = [own, shared.world.survivor(op.object, &op.record)];
            places.iter().flatten().filter_map(|place| shared.world.rows.get(place)).any(|row| row.was_archived)
        }
    };
    if !held {
        let kind = op.kind.name();
        found.push(format!("I3: op {} ({kind}) is confirmed and never reached the CRM{}", op.id, story(op)));
    }
}

/// I4: nothing is sent again before a read that came after its quarantine.
fn sent_after_reading(op: &Op, device: &Device, shared: &Shared, found: &mut Vec<String>) {
    let sent: Vec<(usize, Instant, bool)> = sendings(op, shared).collect();
    for pair in sent.windows(2) {
        let [(first, at, void), (second, ..)] = pair else { continue };
        if *void {
            continue;
        }
        let between = shared.log.get(*first..*second).unwrap_or_default();
        let looked = between.iter().any(|did| match did {
            Did::Read { at: when, device: who, place, .. } => {
                *who == device.remote.device && place.0 == op.object && *when >= *at + QUARANTINE
            }
            Did::Looked { at: when, device: who, op: id } => {
                *who == device.remote.device && *id == op.id.0 && *when >= *at + QUARANTINE
            }
            Did::Sent { .. } => false,
        });
        if !looked {
            found.push(format!("I4: op {} was sent again without a read after its quarantine{}", op.id, story(op)));
        }
    }
}

/// I5: every value of somebody else's that we wrote over is named in the evidence.
fn overwrites_are_told(op: &Op, device: &Device, shared: &Shared, found: &mut Vec<String>) -> Result<(), Failure> {
    let OpKind::Set { base, .. } = &op.kind else { return Ok(()) };
    let notices = device.ws.store.read(|r| r.notices_of(&op.id)).map_err(|error| error.to_string())?;
    // What cannot be seen cannot be compared: it is a conflict that says so until it comes back.
    let is_out_of_sight = op.state == OpState::Conflict && shared.world.living(op.object, &op.record).is_none();
    let is_said = |text| told(op, text);
    if is_out_of_sight || is_said("nobody can see what was replaced") || is_said("what it replaced cannot be told") {
        return Ok(());
    }
    for entry in shared.world.applied(op.id.as_str()) {
        for (name, old, new) in &entry.replaced {
            if is_of_the_second(entry, name, old, device, shared) {
                continue;
            }
            let is_ours = name == LAST_OP || name == OP_ID;
            let is_known = same(base.get(name).map(String::as_str), Some(old)) || same(Some(old), Some(new));
            let named = if old.is_empty() { "empty" } else { old.as_str() };
            let noticed = notices
                .iter()
                .any(|notice| notice.says.field == *name && same(notice.says.theirs.as_deref(), Some(old)));
            if !is_ours && !is_known && !noticed && !told(op, named) {
                found.push(format!(
                    "I5: op {} wrote {name} = {new:?} over {old:?} at {} (based on {:?}) and nobody was told; the record is {}{}",
                    op.id,
                    entry.at,
                    base.get(name),
                    shared.world.living(op.object, &op.record).map_or("gone", |_| "there"),
                    story(op)
                ));
            }
        }
    }
    Ok(())
}

/// Where a condition knows whole seconds and no past is kept, nobody can see what was set in the second of the look
/// behind the look: the one window that is not promised.
fn is_of_the_second(entry: &Entry, name: &str, old: &str, device: &Device, shared: &Shared) -> bool {
    let rules = shared.world.rules;
    if !rules.whole_seconds || rules.tracked {
        return false;
    }
    let row = shared.world.rows.get(&entry.place);
    let past = row.and_then(|row| row.history.get(name)).into_iter().flatten();
    let set = past.filter(|one| one.value == old).filter_map(|one| one.at).rfind(|at| *at <= entry.at);
    set.is_some_and(|set| {
        shared.log.iter().any(|did| {
            matches!(did, Did::Read { at, device: who, place, .. }
                if *who == device.remote.device && *place == entry.place && *at <= set && rules.told(*at) == rules.told(set))
        })
    })
}

/// I10, I11: when all is calm nothing is under way, unless it waits behind something that needs a person.
fn settled(op: &Op, all: &[Op], found: &mut Vec<String>) {
    match op.state {
        OpState::Done | OpState::Superseded | OpState::Withdrawn | OpState::Conflict | OpState::Rejected => {}
        // Where it belongs is known once what it was built on is settled, which is looked at by itself.
        OpState::Unknown if all.iter().any(|other| !other.state.is_final() && op.depends_on.contains(&other.id)) => {}
        OpState::Sending | OpState::Unknown | OpState::Acked => found.push(format!(
            "I11: op {} of {} {} is still {} when all is calm{}",
            op.id,
            op.object.name(),
            op.record,
            op.state.name(),
            story(op)
        )),
        OpState::Queued | OpState::Blocked => {
            let waits = |other: &Op| {
                !other.state.is_final()
                    && other.id != op.id
                    && (op.depends_on.contains(&other.id)
                        || (other.object, &other.record) == (op.object, &op.record) && other.seq < op.seq)
            };
            let explained = op.state == OpState::Blocked && !op.evidence.is_empty();
            if !explained && !all.iter().any(waits) {
                found.push(format!(
                    "I11: op {} waits and nothing is in its way: {:?}",
                    op.id,
                    op.evidence.last().map(|evidence| evidence.text.clone())
                ));
            }
        }
    }
}

/// Held back with a reason, in front of a person (B1).
fn is_held(op: &Op, device: &Device) -> Result<bool, Failure> {
    let held = device.ws.store.read(|r| r.held(&op.decision)).map_err(|error| error.to_string())?;
    Ok(held.is_some() && op.state == OpState::Queued)
}

/// Refused is only what the CRM refused in so many words.
fn refused_in_words(op: &Op, shared: &Shared, found: &mut Vec<String>) {
    let said = shared.log.iter().any(|did| match did {
        Did::Sent { op: Some(id), refused, .. } => *id == op.id.0 && *refused,
        Did::Sent { .. } | Did::Read { .. } | Did::Looked { .. } => false,
    });
    if op.state == OpState::Rejected && !said {
        found.push(format!("I30: op {} counts as refused and nobody refused it{}", op.id, story(op)));
    }
}

/// Section 4: sets of choices merge member by member; they alone never need a person.
fn sets_merge(op: &Op, found: &mut Vec<String>) {
    let OpKind::Set { desired, .. } = &op.kind else { return };
    let is_changed = op.evidence.last().is_some_and(|last| last.text.starts_with("Changed in the CRM"));
    if op.state == OpState::Conflict && is_changed && desired.keys().all(|name| name == "contact_roles") {
        found.push(format!("S4: op {} is a conflict about a set of choices{}", op.id, story(op)));
    }
}

/// I1: whatever was told to be saved is still known, whole.
fn saved_is_kept(device: &Device, ops: &[Op], found: &mut Vec<String>) -> Result<(), Failure> {
    let recovered = device.ws.store.recovered().map_err(|error| error.to_string())?;
    for decision in &device.saved {
        let kept = device.ws.store.read(|r| r.decision(decision)).map_err(|error| error.to_string())?;
        if recovered.iter().any(|recovered| recovered.decision == *decision) {
            continue;
        }
        if kept.is_none() || !ops.iter().any(|op| op.decision == *decision) {
            found.push(format!("I1: decision {decision} was saved and is gone"));
        }
    }
    for op in ops {
        let whole = match &op.kind {
            OpKind::Set { desired, .. } | OpKind::Create { desired, .. } => !desired.is_empty(),
            OpKind::Link { .. } => true,
            OpKind::Archive { holds, .. } => !holds.is_empty(),
        };
        if !whole {
            found.push(format!("I6: what was typed for op {} is gone", op.id));
        }
    }
    Ok(())
}

/// I12, before the weekly read of everything: every living record is here as it is there.
pub fn living_are_true(device: &Device, shared: &Shared) -> Result<Vec<String>, Failure> {
    let mut found = Vec::new();
    mirror_is_true(device, shared, false, &mut found)?;
    Ok(found)
}

/// I10, I13, I15 to I17: the mirror is what the CRM shows; `all` also of what is gone.
fn mirror_is_true(device: &Device, shared: &Shared, all: bool, found: &mut Vec<String>) -> Result<(), Failure> {
    let mapping = mapping(shared.world.rules, shared.weather.marked);
    for (place, row) in &shared.world.rows {
        let (kind, id) = place;
        let wanted: BTreeSet<String> = mapping.properties(*kind).into_iter().collect();
        if wanted.is_empty() {
            continue;
        }
        let known = device.ws.store.read(|r| r.mirrored(*kind, id)).map_err(|error| error.to_string())?;
        let living = row.merged_into.is_none() && !row.archived && !row.hidden;
        match (living, known) {
            (true, None) => found.push(format!("I12: {} {id} is in the CRM and not here", kind.name())),
            (true, Some(known)) => {
                if let Some(gone) = known.gone {
                    found.push(format!("I16: {} {id} lives and counts as {gone:?} here", kind.name()));
                    continue;
                }
                for name in &wanted {
                    let (here, there) = (known.properties.get(name), row.values.get(name));
                    if here.map(String::as_str).unwrap_or_default() != there.map(String::as_str).unwrap_or_default() {
                        found.push(format!(
                            "I10: {} {id} {name} is {there:?} in the CRM and {here:?} here",
                            kind.name()
                        ));
                    }
                }
            }
            (false, Some(_)) if !all => {}
            (false, Some(known)) => {
                if known.gone == Some(Gone::Archived) && !row.was_archived {
                    found.push(format!("I16: {} {id} counts as deleted and never was", kind.name()));
                }
                if known.gone.is_none() && (row.merged_into.is_some() || row.archived) {
                    let how =
                        row.merged_into.as_ref().map_or("in the bin".to_owned(), |into| format!("merged into {into}"));
                    let hidden = if row.hidden { ", out of sight" } else { "" };
                    found.push(format!("I10: {} {id} is {how}{hidden} and lives here", kind.name()));
                }
            }
            (false, None) => {}
        }
    }
    Ok(())
}

/// I18, I19: the chain holds, and each op's last entry is where it stands.
fn audited(device: &Device, ops: &[Op], found: &mut Vec<String>) -> Result<(), Failure> {
    let verdict = device.ws.store.read(|r| r.verify_audit()).map_err(|error| error.to_string())?;
    if !verdict.intact {
        found.push(format!("I18: the audit chain is broken: {:?}", verdict.problem));
    }
    let mut after = None;
    let mut moves: BTreeMap<String, (String, String)> = BTreeMap::new();
    loop {
        let query = AuditQuery { limit: 500, after: after.clone(), ..AuditQuery::default() };
        let page = device.ws.store.read(|r| r.audit(&query)).map_err(|error| error.to_string())?;
        for row in &page.rows {
            let Some(facts) = row.facts.as_deref().filter(|_| row.act.starts_with("op ")) else { continue };
            let facts: serde_json::Value = serde_json::from_str(facts).map_err(|error| error.to_string())?;
            let text = |name: &str| facts.get(name).and_then(|value| value.as_str()).unwrap_or_default().to_owned();
            let (op, from, to) = (text("op"), text("from"), text("to"));
            // Latest first: an older entry must have led to where the newer one began.
            let was_over = row.reason.as_deref().is_some_and(|reason| reason.starts_with("It had been taken back"));
            let may_have_left = ["sending", "unknown", "acked"].contains(&from.as_str()) && !was_over;
            if may_have_left && ["withdrawn", "superseded"].contains(&to.as_str()) {
                found.push(format!("I1: op {op} was taken back while it was {from}"));
            }
            if let Some((began, _)) = moves.get(&op)
                && *began != to
            {
                found.push(format!("I19: op {op} went from {began} and was never recorded as having got there"));
            }
            let last = moves.get(&op).map_or(to, |(_, last)| last.clone());
            moves.insert(op, (from, last));
        }
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    for op in ops {
        let began = if told(op, "recovered from the journal") { "unknown" } else { "queued" };
        let last = moves.get(op.id.as_str()).map_or(began, |(_, last)| last.as_str());
        if last != op.state.name() {
            found.push(format!("I19: op {} is {} and the trail says {last}", op.id, op.state.name()));
        }
    }
    Ok(())
}
