//! A damaged store: nothing is deleted, and what was decided and not sent comes back, all of it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use drumbeat_model::change::{NewOp, OpState};
use drumbeat_model::crm::ObjectKind;
use drumbeat_model::ids::OpId;

use super::kit::{Bench, at, key, plain, record, set};
use crate::copies::{copy, free, inspect, put_in_place};
use crate::journal::FILE;
use crate::salvage::{Salvage, Salvaged, salvage};
use crate::{Store, StoreError};

const PAGE: usize = 8192;

/// Dice whose stream is the same for a seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }
}

/// A closed workspace of many pages, with its journal; the ops that are open.
fn workspace(decisions: usize) -> (Bench, Vec<OpId>) {
    let bench = Bench::new();
    let deals: Vec<_> = (0..300)
        .map(|n| {
            record(ObjectKind::Deal, &n.to_string(), &[("dealname", &format!("Deal {n}")), ("notes", &"x".repeat(200))])
        })
        .collect();
    bench.apply(&deals);
    let mut open = Vec::new();
    for number in 0..decisions {
        let op = set(&(number % 300).to_string(), &[("dealname", &format!("Renamed {number} {}", "y".repeat(300)))]);
        bench.decide(vec![op.clone()]);
        match number % 4 {
            0 => bench.land(&op.id, &(number % 300).to_string()),
            1 => {
                bench.walk(&op.id, &[OpState::Sending]);
                open.push(op.id);
            }
            2 => {
                bench.walk(&op.id, &[OpState::Conflict]);
                open.push(op.id);
            }
            _ => open.push(op.id),
        }
    }
    bench.store.checkpoint().unwrap();
    (bench, open)
}

/// The folder of a workspace, copied, with something done to its store's bytes.
fn damaged(bench: &Bench, change: impl FnOnce(&mut Vec<u8>)) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let mut bytes = std::fs::read(&bench.path).unwrap();
    change(&mut bytes);
    std::fs::write(&path, bytes).unwrap();
    std::fs::copy(bench.path.with_file_name(FILE), folder.path().join(FILE)).unwrap();
    (folder, path)
}

fn repair(path: &Path, backup: Option<&Path>) -> Salvaged {
    let room = path.with_file_name("room");
    std::fs::create_dir(&room).unwrap();
    let (from, fresh) = (room.join("damaged.db"), room.join("store.db"));
    copy(path, &from).unwrap();
    let what = Salvage { damaged: &from, store: path, backup, fresh: &fresh, key: &key(), at: at(50) };
    let done = salvage(&what, plain()).unwrap();
    inspect(&fresh, &key()).unwrap();
    put_in_place(&fresh, path, &path.with_file_name("store.db.damaged")).unwrap();
    std::fs::remove_dir_all(room).unwrap();
    done
}

fn check(path: &Path, open: &[OpId], what: &str) -> Store {
    let store = Store::open(path, &key(), plain()).unwrap();
    for id in open {
        let op = store.read(|r| r.op(id)).unwrap().unwrap_or_else(|| panic!("{what}: {id} is lost"));
        assert!(matches!(op.state, OpState::Unknown | OpState::Conflict), "{what}: {id} is {:?}", op.state);
        let decision = store.read(|r| r.decision(&op.decision)).unwrap().unwrap();
        assert_eq!(decision.title, "A change", "{what}: its decision is known");
        let (shown, pending) = store.read(|r| r.effective(ObjectKind::Deal, &op.record)).unwrap().unwrap();
        assert!(pending && shown["dealname"].starts_with("Renamed"), "{what}: what was wanted is shown");
    }
    assert!(store.read(|r| r.sendable(at(10_000), 1000)).unwrap().is_empty(), "{what}: nothing is sent without a look");
    store
}

#[test]
fn every_unsent_op_comes_back_whatever_pages_are_broken() {
    let (bench, open) = workspace(80);
    let pages = std::fs::read(&bench.path).unwrap().len() / PAGE;
    let mut torn = BTreeSet::new();
    for seed in 0..12u64 {
        let mut dice = Dice(seed);
        let broken: Vec<usize> = (0..=2 + seed as usize % 4).map(|_| dice.below(pages)).collect();
        let (folder, path) = damaged(&bench, |bytes| {
            broken.iter().for_each(|page| bytes[page * PAGE + dice.below(PAGE)] ^= 1 << dice.below(8));
        });
        let before = std::fs::read(&path).unwrap();
        assert!(inspect(&path, &key()).is_err(), "seed {seed}: pages {broken:?} are broken");
        let done = repair(&path, None);
        torn.extend(done.torn);
        check(&path, &open, &format!("seed {seed}, pages {broken:?}"));
        let kept = std::fs::read(folder.path().join("store.db.damaged")).unwrap();
        assert!(kept == before, "seed {seed}: the damaged file is kept to the byte");
    }
    assert!(torn.contains("outbox") && torn.contains("audit"), "the dice have met what matters: {torn:?}");
}

#[test]
fn every_single_page_may_go() {
    let (bench, open) = workspace(40);
    let pages = std::fs::read(&bench.path).unwrap().len() / PAGE;
    for page in (0..pages).step_by(5) {
        let (_folder, path) = damaged(&bench, |bytes| bytes[page * PAGE..(page + 1) * PAGE].fill(0));
        if inspect(&path, &key()).is_err() {
            repair(&path, None);
        }
        let store = Store::open(&path, &key(), plain()).unwrap();
        for id in &open {
            assert!(store.read(|r| r.op(id)).unwrap().is_some(), "page {page}: {id} is lost");
        }
    }
}

/// The leaves of the outbox, in their order: which page, and how many ops are on those before it.
fn leaves(bench: &Bench) -> Vec<(usize, usize)> {
    let good = std::fs::read(&bench.path).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let mut leaves = Vec::new();
    for page in 1..good.len() / PAGE {
        let mut bytes = good.clone();
        bytes[page * PAGE + 100] ^= 1;
        std::fs::write(&path, bytes).unwrap();
        let Ok(connection) = crate::connection::connect(&path, &key(), false) else { continue };
        let Ok(mut statement) = connection.prepare("SELECT seq, evidence FROM outbox ORDER BY seq") else { continue };
        let mut rows = statement.query([]).unwrap();
        let mut count = 0;
        let end = loop {
            match rows.next() {
                Ok(Some(_)) => count += 1,
                Ok(None) => break true,
                Err(_) => break false,
            }
        };
        if !end && count > 0 {
            leaves.push((page, count));
        }
    }
    leaves.sort_by_key(|(_, before)| *before);
    leaves
}

#[test]
fn every_row_of_a_whole_page_comes_back_also_between_broken_ones_and_without_the_journal() {
    let (bench, _) = workspace(160);
    let leaves = leaves(&bench);
    assert!(leaves.len() > 8, "{leaves:?}");
    let chosen = [1, leaves.len() / 2, leaves.len() - 2];
    let lost: usize = chosen.iter().map(|at| leaves[at + 1].1 - leaves[*at].1).sum();
    let (folder, path) = damaged(&bench, |bytes| chosen.iter().for_each(|at| bytes[leaves[*at].0 * PAGE + 100] ^= 1));
    std::fs::remove_file(folder.path().join(FILE)).unwrap();
    let done = repair(&path, None);
    assert_eq!(done.torn, ["outbox"]);
    let store = Store::open(&path, &key(), plain()).unwrap();
    let back = store.read(|r| r.latest_ops(1000)).unwrap().len();
    assert_eq!(back, 160 - lost, "three of {} leaves are broken", leaves.len());
}

#[test]
fn a_lost_first_page_is_made_good_by_the_backup_and_the_journal() {
    let (bench, mut open) = workspace(40);
    let backup = bench.path.with_file_name("backup.db");
    bench.store.back_up(&backup).unwrap();
    let late = set("1", &[("dealname", "Renamed last")]);
    bench.decide(vec![late.clone()]);
    bench.store.checkpoint().unwrap();
    open.push(late.id);
    let (_folder, path) = damaged(&bench, |bytes| bytes[..PAGE].fill(0x5a));
    assert!(matches!(inspect(&path, &key()), Err(StoreError::WrongKey)));
    let done = repair(&path, Some(&backup));
    assert_eq!((done.rows, done.from_journal), (0, 1), "{done:?}");
    let store = check(&path, &open, "the first page");
    assert!(
        store.read(|r| r.mapping()).unwrap().property(ObjectKind::Deal, drumbeat_model::field::Field::Name).is_some()
    );
    assert!(store.read(|r| r.verify_audit()).unwrap().entries > 0);
}

#[test]
fn what_was_never_committed_is_not_sent_by_a_repair_either() {
    let (bench, open) = workspace(8);
    let older = bench.path.with_file_name("older.db");
    std::fs::copy(&bench.path, &older).unwrap();
    let op: NewOp = set("1", &[("dealname", "Renamed in vain")]);
    bench.decide(vec![op.clone()]);
    let journal = crate::journal::Journal::beside(&bench.path, &key());
    let notes: Vec<_> = journal.read().unwrap().notes().cloned().collect();
    std::fs::remove_file(bench.path.with_file_name(FILE)).unwrap();
    journal.append(&notes[..notes.len() - 1], true).unwrap();
    std::fs::copy(&older, &bench.path).unwrap();
    let (_folder, path) = damaged(&bench, |bytes| bytes[30 * PAGE + 9] ^= 1);
    repair(&path, None);
    let store = check(&path, &open, "a repair");
    assert!(store.read(|r| r.op(&op.id)).unwrap().is_none());
    assert_eq!(store.recovered().unwrap()[0].ops, [op.id], "it waits for a person");
}

#[test]
fn a_store_gives_way_with_its_log_and_both_stay_under_another_name() {
    let bench = Bench::new();
    bench.mirror(|w| w.set_cursor("mark", "in the log"));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    for suffix in ["", "-wal", "-shm"] {
        let name = |path: &Path| PathBuf::from(format!("{}{suffix}", path.display()));
        std::fs::copy(name(&bench.path), name(&path)).unwrap();
    }
    let fresh = folder.path().join("fresh.db");
    drop(Store::create(&fresh, &key(), plain()).unwrap());
    let aside = folder.path().join("store.db.aside");
    put_in_place(&fresh, &path, &aside).unwrap();
    let mark = |path: &Path| Store::open(path, &key(), plain()).unwrap().read(|r| r.cursor("mark")).unwrap();
    assert_eq!((mark(&path), mark(&aside).as_deref()), (None, Some("in the log")));
    assert_eq!(free(&aside), folder.path().join("store.db-2.aside"));
}

#[test]
fn a_file_is_inspected_without_a_trace_and_to_its_last_page() {
    let (bench, _) = workspace(4);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("copy.db");
    bench.store.back_up(&path).unwrap();
    assert!(matches!(bench.store.back_up(&path), Err(StoreError::Exists)));
    let good = std::fs::read(&path).unwrap();
    assert_eq!(inspect(&path, &key()).unwrap(), crate::connection::FORMAT);
    assert!(matches!(inspect(&path, &crate::Key::new([8; 32])), Err(StoreError::WrongKey)));
    let mut bytes = good.clone();
    let last = bytes.len() - 100;
    bytes[last] ^= 1;
    std::fs::write(&path, &bytes).unwrap();
    assert!(matches!(inspect(&path, &key()), Err(StoreError::Damaged(_))));
    assert!(std::fs::read(&path).unwrap() == bytes);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    assert!(matches!(inspect(&folder.path().join("none"), &key()), Err(StoreError::Missing)));
}

#[test]
fn a_page_that_is_broken_under_an_open_store_is_told_as_damage_and_not_as_a_disk_that_fails() {
    let (bench, _) = workspace(8);
    let pages = std::fs::metadata(&bench.path).unwrap().len() as usize / PAGE;
    let (_folder, path) = damaged(&bench, |_| {});
    let good = std::fs::read(&path).unwrap();
    let mut told = 0;
    for page in 1..pages {
        let store = Store::open(&path, &key(), plain()).unwrap();
        let mut bytes = good.clone();
        bytes[page * PAGE + 100] ^= 1;
        std::fs::write(&path, &bytes).unwrap();
        let all = store.read(|r| {
            for id in r.mirror_ids(ObjectKind::Deal, None, 1000)? {
                r.mirrored(ObjectKind::Deal, &id)?;
            }
            Ok(())
        });
        match all {
            Ok(()) => {}
            Err(StoreError::Damaged(_)) => told += 1,
            Err(other) => panic!("page {page}: {other}"),
        }
        drop(store);
        std::fs::write(&path, &good).unwrap();
    }
    assert!(told > 3, "{told} of {pages} pages");
}
