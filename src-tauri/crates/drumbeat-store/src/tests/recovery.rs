//! The side journal: what was saved is there twice, and what only the journal has waits for a person.

use std::path::{Path, PathBuf};

use drumbeat_model::change::{NewOp, OpKind, OpState};
use drumbeat_model::crm::ObjectKind;
use drumbeat_model::ids::OpId;

use super::kit::{Bench, at, key, link, op, plain, record, set, values};
use crate::journal::{FILE, Journal, Note};
use crate::{Recovered, Store, StoreError, Why};

fn bench() -> Bench {
    let bench = Bench::new();
    bench.apply(&[record(ObjectKind::Deal, "1", &[("dealname", "Alpha"), ("amount", "10")])]);
    bench
}

fn journal(bench: &Bench) -> PathBuf {
    bench.path.with_file_name(FILE)
}

/// The store's file as it is now, its log moved into it.
fn copy(bench: &Bench, to: &Path) {
    bench.store.checkpoint().unwrap();
    std::fs::copy(&bench.path, to).unwrap();
}

/// The store of the copy, beside the journal of the newer one.
fn with_older_store(bench: &Bench, copy: &Path, folder: &Path) -> Store {
    std::fs::copy(copy, folder.join("store.db")).unwrap();
    std::fs::copy(journal(bench), folder.join(FILE)).unwrap();
    Store::open(&folder.join("store.db"), &key(), plain()).unwrap()
}

fn titles(found: &[Recovered]) -> Vec<&str> {
    found.iter().map(|recovered| recovered.title.as_str()).collect()
}

fn confirm(store: &Store, op: &OpId) {
    let recovered = store.recovered_with(op).unwrap();
    store.write(Why::Mirror { at: at(5) }, |w| w.take_recovered(&recovered)).unwrap();
}

#[test]
fn a_decision_is_in_the_journal_before_it_is_in_the_store_and_only_once_committed_is_it_marked_so() {
    let bench = bench();
    let op = set("1", &[("dealname", "Beta")]);
    bench.decide(vec![op.clone()]);
    let content = Journal::beside(&bench.path, &key()).read().unwrap();
    let notes: Vec<&Note> = content.notes().collect();
    assert!(matches!(notes[0], Note::Saved(saved) if saved.ops.len() == 1 && saved.messages.len() == 1));
    assert_eq!(notes[1], &Note::Committed(vec![op.id.0.clone()]));
    assert!(bench.store.recovered().unwrap().is_empty());
    bench.walk(&op.id, &[OpState::Blocked]);
    assert_eq!(Journal::beside(&bench.path, &key()).read().unwrap().notes().count(), 2, "a move is no decision");
}

#[test]
fn a_decision_that_the_journal_does_not_take_is_not_saved() {
    let bench = bench();
    std::fs::create_dir(journal(&bench)).unwrap();
    let refused = bench.act("A change", |w| {
        w.set_cursor("also", "this")?;
        let decision = super::kit::decision(vec![set("1", &[("dealname", "Beta")])]);
        w.decide(&decision, "ana", "portal-1")
    });
    assert!(refused.is_err());
    let (ops, also) = bench.store.read(|r| Ok((r.latest_ops(10)?.len(), r.cursor("also")?))).unwrap();
    assert_eq!((ops, also), (0, None));
}

#[test]
fn what_was_never_committed_is_recovered_and_queued_only_when_a_person_confirms() {
    let bench = bench();
    let (folder, older) = (tempfile::tempdir().unwrap(), bench.path.with_extension("older"));
    copy(&bench, &older);
    let op = set("1", &[("dealname", "Beta")]);
    bench.decide(vec![op.clone()]);
    // The process died between journal and commit: the store never had it, the second frame is not there.
    let notes: Vec<Note> = Journal::beside(&bench.path, &key()).read().unwrap().notes().take(1).cloned().collect();
    std::fs::remove_file(journal(&bench)).unwrap();
    Journal::beside(&bench.path, &key()).append(&notes, true).unwrap();

    let store = with_older_store(&bench, &older, folder.path());
    let found = store.recovered().unwrap();
    assert_eq!((titles(&found), found[0].was_saved), (vec!["A change"], false));
    assert_eq!(store.read(|r| r.outbox_counts()).unwrap(), (0, 0), "nothing is sent by itself");
    confirm(&store, &op.id);
    assert!(store.recovered().unwrap().is_empty());
    let (kept, messages) = store.read(|r| Ok((r.op(&op.id)?.unwrap(), r.messages(10)?.len()))).unwrap();
    assert_eq!((kept.state, kept.kind, messages), (OpState::Queued, op.kind, 1));
    let shown = store.read(|r| r.effective(ObjectKind::Deal, "1")).unwrap().unwrap();
    assert_eq!((shown.0["dealname"].as_str(), shown.1), ("Beta", true));
    assert_eq!(store.read(|r| r.sendable(at(6), 10)).unwrap().len(), 1);
    assert!(matches!(store.recovered_with(&op.id), Err(StoreError::NotFound { .. })), "it is confirmed once");
}

#[test]
fn what_was_committed_once_and_is_missing_is_looked_for_before_it_is_sent() {
    let bench = bench();
    let (folder, older) = (tempfile::tempdir().unwrap(), bench.path.with_extension("older"));
    copy(&bench, &older);
    let op = set("1", &[("dealname", "Beta")]);
    bench.decide(vec![op.clone()]);
    let store = with_older_store(&bench, &older, folder.path());
    assert!(store.recovered().unwrap()[0].was_saved);
    confirm(&store, &op.id);
    assert_eq!(store.read(|r| r.op(&op.id)).unwrap().unwrap().state, OpState::Unknown);
    assert!(store.read(|r| r.sendable(at(600), 10)).unwrap().is_empty());
    // Its quarantine begins with the next sync, by the CRM's clock.
    assert!(store.read(|r| r.due_checks(at(600))).unwrap().is_empty());
}

#[test]
fn the_making_of_a_record_is_kept_for_as_long_as_a_change_that_was_built_on_it_is_open() {
    let bench = bench();
    let before = bench.path.with_file_name("before.db");
    copy(&bench, &before);
    let made = op(
        ObjectKind::Deal,
        "local:1",
        OpKind::Create { desired: values(&[("dealname", "New")]), links: Vec::new() },
        &[],
    );
    let made_id = made.id.clone();
    bench.decide(vec![made]);
    let link = OpKind::Link { link: link(ObjectKind::Deal, "local:1") };
    let linked = op(ObjectKind::Company, "c1", link, &[&made_id]);
    let linked_id = linked.id.clone();
    bench.decide(vec![linked]);
    bench.land(&made_id, "d77");
    bench.store.tidy_journal().unwrap();

    let folder = tempfile::tempdir().unwrap();
    let older = with_older_store(&bench, &before, folder.path());
    let found = older.recovered().unwrap();
    let ops: Vec<&OpId> = found.iter().flat_map(|recovered| &recovered.ops).collect();
    assert_eq!(ops, [&made_id, &linked_id]);

    bench.land(&linked_id, "c1");
    bench.store.tidy_journal().unwrap();
    assert!(bench.store.recovered().unwrap().is_empty());
    assert_eq!(std::fs::metadata(journal(&bench)).unwrap().len(), 0, "nothing is needed any more");
}

#[test]
fn what_is_discarded_stays_discarded_and_the_others_stay() {
    let bench = bench();
    let (folder, older) = (tempfile::tempdir().unwrap(), bench.path.with_extension("older"));
    copy(&bench, &older);
    let ops: Vec<NewOp> = (0..3).map(|n| set("1", &[("dealname", &format!("Beta {n}"))])).collect();
    ops.iter().for_each(|op| drop(bench.decide(vec![op.clone()])));
    {
        let store = with_older_store(&bench, &older, folder.path());
        assert_eq!(store.recovered().unwrap().len(), 3);
        store.void_recovered(&[ops[1].id.clone()]).unwrap();
        assert_eq!(store.recovered().unwrap().len(), 2);
        store.tidy_journal().unwrap();
        drop(store);
        let store = Store::open(&folder.path().join("store.db"), &key(), plain()).unwrap();
        let left: Vec<OpId> = store.recovered().unwrap().into_iter().flat_map(|recovered| recovered.ops).collect();
        assert_eq!(left, [ops[0].id.clone(), ops[2].id.clone()]);
    }
}

#[test]
fn the_journal_shrinks_when_what_is_in_it_has_come_to_its_end() {
    let bench = bench();
    let ops: Vec<NewOp> = (0..3).map(|n| set("1", &[("dealname", &format!("Beta {n}"))])).collect();
    ops.iter().for_each(|op| drop(bench.decide(vec![op.clone()])));
    let length = || std::fs::metadata(journal(&bench)).unwrap().len();
    let full = length();
    for (number, op) in ops.iter().enumerate() {
        bench.store.tidy_journal().unwrap();
        assert_eq!(length(), full, "{number} have landed");
        bench.land(&op.id, "1");
    }
    bench.store.tidy_journal().unwrap();
    assert_eq!(length(), 0);
    bench.decide(vec![set("1", &[("dealname", "Gamma")])]);
    assert!(bench.store.recovered().unwrap().is_empty() && length() > 0);
}

#[test]
fn a_store_from_before_the_journal_has_its_open_ops_in_it_once_it_was_opened() {
    let bench = bench();
    let (open, done) = (set("1", &[("dealname", "Beta")]), set("1", &[("amount", "20")]));
    bench.decide(vec![done.clone()]);
    bench.land(&done.id, "1");
    bench.decide(vec![open.clone()]);
    std::fs::remove_file(journal(&bench)).unwrap();
    drop(Store::open(&bench.path, &key(), plain()).unwrap());
    let content = Journal::beside(&bench.path, &key()).read().unwrap();
    assert!(content.committed().contains(open.id.as_str()) && !content.committed().contains(done.id.as_str()));
    let length = std::fs::metadata(journal(&bench)).unwrap().len();
    drop(Store::open(&bench.path, &key(), plain()).unwrap());
    assert_eq!(std::fs::metadata(journal(&bench)).unwrap().len(), length, "it is completed once");
}

#[test]
fn many_processes_that_decide_at_once_leave_one_whole_journal() {
    let bench = bench();
    let path = &bench.path;
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(move || {
                let store = Store::open(path, &key(), plain()).unwrap();
                for _ in 0..10 {
                    let decision = super::kit::decision(vec![set("1", &[("dealname", "Beta")])]);
                    store.write(Why::Mirror { at: at(1) }, |w| w.decide(&decision, "ana", "portal-1")).unwrap();
                    assert!(store.recovered().unwrap().is_empty(), "what is being saved is not missing");
                    store.tidy_journal().unwrap();
                }
            });
        }
    });
    let content = Journal::beside(path, &key()).read().unwrap();
    assert_eq!((content.committed().len(), content.unread()), (40, 0));
}

#[test]
fn a_commit_that_fails_leaves_nothing_to_recover() {
    let bench = bench();
    let op = set("1", &[("dealname", "Beta")]);
    let failed = bench.act("A change", |w| {
        // A reference that leads nowhere shows only at the commit.
        w.connection.pragma_update(None, "defer_foreign_keys", true)?;
        w.decide(&super::kit::decision(vec![op.clone()]), "ana", "portal-1")?;
        w.connection
            .execute("INSERT INTO message (decision, recipient, subject, text) VALUES ('none', '', '', '')", [])?;
        Ok(())
    });
    assert!(failed.is_err());
    assert!(bench.store.read(|r| r.op(&op.id)).unwrap().is_none());
    assert!(bench.store.recovered().unwrap().is_empty(), "the person was told that it was not saved");
}
