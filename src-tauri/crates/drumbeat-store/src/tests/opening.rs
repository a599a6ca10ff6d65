//! Opening is never destructive, the format moves whole or not at all, nothing on disk is readable.

use drumbeat_model::crm::ObjectKind;

use std::path::{Path, PathBuf};

use super::kit::{Bench, at, key, plain, record};
use crate::connection::{FORMAT, apply_steps, connect, migrate};
use crate::{Key, Store, StoreError, Why};

fn closed() -> (Bench, Vec<u8>) {
    let bench = Bench::new();
    bench.store.checkpoint().unwrap();
    let bytes = std::fs::read(&bench.path).unwrap();
    (bench, bytes)
}

#[test]
fn a_wrong_key_is_refused_and_the_file_stays_as_it_is() {
    let (bench, bytes) = closed();
    assert!(matches!(Store::open(&bench.path, &Key::new([8; 32]), plain()), Err(StoreError::WrongKey)));
    assert_eq!(std::fs::read(&bench.path).unwrap(), bytes);
}

#[test]
fn a_missing_file_is_told_and_not_made() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("none.db");
    assert!(matches!(Store::open(&path, &key(), plain()), Err(StoreError::Missing)));
    assert!(!path.exists());
}

#[test]
fn a_newer_format_is_refused_and_the_file_stays_as_it_is() {
    let (bench, _) = closed();
    bench.raw().pragma_update(None, "user_version", FORMAT + 1).unwrap();
    bench.store.checkpoint().unwrap();
    let bytes = std::fs::read(&bench.path).unwrap();
    assert!(matches!(Store::open(&bench.path, &key(), plain()), Err(StoreError::TooNew { .. })));
    assert_eq!(std::fs::read(&bench.path).unwrap(), bytes);
}

#[test]
fn another_programs_file_under_our_key_is_refused() {
    let (bench, _) = closed();
    bench.raw().pragma_update(None, "application_id", 1).unwrap();
    assert!(matches!(Store::open(&bench.path, &key(), plain()), Err(StoreError::Damaged(_))));
}

#[test]
fn creating_never_writes_over_what_is_there() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("store.db");
    for content in ["", "something of somebody"] {
        std::fs::write(&path, content).unwrap();
        assert!(matches!(Store::create(&path, &key(), plain()), Err(StoreError::Exists)));
        assert_eq!(std::fs::read_to_string(&path).unwrap(), content);
    }
}

#[test]
fn a_migration_that_fails_half_way_leaves_the_old_format() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("store.db");
    std::fs::File::create_new(&path).unwrap();
    let mut connection = connect(&path, &key(), false).unwrap();
    let steps = [
        "CREATE TABLE half (a TEXT); INSERT INTO half VALUES ('x');",
        "CREATE TABLE other (b TEXT); CREATE TABLE half (a TEXT);",
    ];
    assert!(apply_steps(&mut connection, &steps, 2).is_err());
    let left: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).unwrap();
    let format: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap();
    assert_eq!((left, format), (0, 0));
    migrate(&mut connection, FORMAT).unwrap();
    drop(connection);
    Store::open(&path, &key(), plain()).unwrap();
}

/// The file, its log and the log's index.
fn files(path: &Path) -> [Option<Vec<u8>>; 3] {
    ["", "-wal", "-shm"].map(|suffix| std::fs::read(with(path, suffix)).ok())
}

fn with(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.to_owned().into_os_string();
    name.push(suffix);
    name.into()
}

/// What a kill leaves: the file as it is, with a log that was not moved into it and the log's index.
fn killed(bench: &Bench, to: &Path) -> PathBuf {
    let path = to.join("store.db");
    for suffix in ["", "-wal", "-shm"] {
        std::fs::copy(with(&bench.path, suffix), with(&path, suffix)).unwrap();
    }
    assert!(std::fs::metadata(with(&path, "-wal")).unwrap().len() > 0, "the log holds something");
    path
}

fn spoil(path: &Path, change: impl Fn(&mut Vec<u8>)) {
    let mut bytes = std::fs::read(path).unwrap();
    change(&mut bytes);
    std::fs::write(path, bytes).unwrap();
}

#[test]
fn a_refused_file_keeps_its_log_its_index_and_itself_to_the_byte() {
    type Prepare = fn(&Bench, &Path) -> PathBuf;
    type Expected = fn(&StoreError) -> bool;
    let cases: [(&str, Prepare, u8, Expected); 5] = [
        ("a wrong key", |bench, to| killed(bench, to), 8, |e| matches!(e, StoreError::WrongKey)),
        (
            "a newer format, known only from the log",
            |bench, to| {
                bench.raw().pragma_update(None, "user_version", FORMAT + 1).unwrap();
                killed(bench, to)
            },
            7,
            |e| matches!(e, StoreError::TooNew { .. }),
        ),
        (
            "another program's file",
            |bench, to| {
                bench.raw().pragma_update(None, "application_id", 1).unwrap();
                killed(bench, to)
            },
            7,
            |e| matches!(e, StoreError::Damaged(_)),
        ),
        (
            "a first page with other bytes",
            |bench, to| {
                let path = killed(bench, to);
                spoil(&path, |bytes| bytes.iter_mut().take(64).for_each(|byte| *byte ^= 0x5a));
                path
            },
            7,
            |e| matches!(e, StoreError::WrongKey),
        ),
        (
            "a file that ends early",
            |bench, to| {
                let path = killed(bench, to);
                spoil(&path, |bytes| bytes.truncate(1000));
                path
            },
            7,
            |e| matches!(e, StoreError::WrongKey | StoreError::Damaged(_)),
        ),
    ];
    for (what, prepare, key, expected) in cases {
        let bench = Bench::new();
        bench.mirror(|w| w.set_cursor("mark", "in the file"));
        bench.store.checkpoint().unwrap();
        bench.mirror(|w| w.set_cursor("mark", "in the log"));
        let folder = tempfile::tempdir().unwrap();
        let path = prepare(&bench, folder.path());
        let before = files(&path);
        for _ in 0..2 {
            match Store::open(&path, &Key::new([key; 32]), plain()) {
                Ok(_) => panic!("{what} is opened"),
                Err(error) => assert!(expected(&error), "{what}: {error:?}"),
            }
            assert!(files(&path) == before, "{what}: something on disk has changed");
            assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 3, "{what}: a file came or went");
        }
    }
}

#[test]
fn a_refused_file_without_a_log_gets_none() {
    for key in [8, 7] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store.db");
        drop(Store::create(&path, &super::kit::key(), plain()).unwrap());
        connect(&path, &super::kit::key(), false).unwrap().pragma_update(None, "user_version", FORMAT + 1).unwrap();
        let before = files(&path);
        assert!(Store::open(&path, &Key::new([key; 32]), plain()).is_err());
        assert!(files(&path) == before);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}

#[test]
fn what_a_kill_left_in_the_log_is_there_and_goes_into_the_file_with_the_next_write() {
    let bench = Bench::new();
    bench.store.checkpoint().unwrap();
    bench.mirror(|w| w.set_cursor("mark", "in the log"));
    let folder = tempfile::tempdir().unwrap();
    let path = killed(&bench, folder.path());
    let before = files(&path);
    let store = Store::open(&path, &key(), plain()).unwrap();
    assert_eq!(store.read(|r| r.cursor("mark")).unwrap().as_deref(), Some("in the log"));
    drop(store);
    assert!(files(&path)[..2] == before[..2], "who only reads leaves the log where it is");
    let store = Store::open(&path, &key(), plain()).unwrap();
    store.read(|r| r.cursor("mark")).unwrap();
    store.write(Why::Mirror { at: at(0) }, |w| w.set_cursor("other", "x")).unwrap();
    drop(store);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "a clean close leaves one file");
    let store = Store::open(&path, &key(), plain()).unwrap();
    assert_eq!(store.read(|r| r.cursor("mark")).unwrap().as_deref(), Some("in the log"));
}

#[test]
fn an_emptied_file_is_damaged_and_does_not_become_a_new_workspace() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    std::fs::File::create_new(&path).unwrap();
    assert!(matches!(Store::open(&path, &key(), plain()), Err(StoreError::Damaged(_))));
    assert_eq!(std::fs::metadata(&path).unwrap().len(), 0);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_creation_that_was_cut_short_is_no_workspace_and_the_next_one_succeeds() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    std::fs::write(with(&path, ".drumbeat-partial"), "half").unwrap();
    std::fs::write(with(&path, ".drumbeat-partial-journal"), "half").unwrap();
    assert!(matches!(Store::open(&path, &key(), plain()), Err(StoreError::Missing)));
    drop(Store::create(&path, &key(), plain()).unwrap());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn many_that_open_at_once_all_get_in() {
    let bench = Bench::new();
    let path = &bench.path;
    std::thread::scope(|scope| {
        let all: Vec<_> = (0..8)
            .map(|number| {
                scope.spawn(move || {
                    let store = Store::open(path, &key(), plain())?;
                    store.write(Why::Mirror { at: at(0) }, |w| w.set_cursor(&format!("by {number}"), "x"))
                })
            })
            .collect();
        for opened in all {
            opened.join().unwrap().unwrap();
        }
    });
}

#[test]
fn nothing_that_the_crm_said_is_readable_on_disk() {
    const CANARY: &str = "Canary-7f3a9c-Hansa";
    let bench = Bench::new();
    let look = |what: &str| {
        for entry in std::fs::read_dir(bench.path.parent().unwrap()).unwrap() {
            let path = entry.unwrap().path();
            let bytes = std::fs::read(&path).unwrap();
            assert!(
                !bytes.windows(CANARY.len()).any(|window| window == CANARY.as_bytes()),
                "{what}: {}",
                path.display()
            );
            assert!(!bytes.starts_with(b"SQLite format 3"), "{what}: {}", path.display());
        }
    };
    bench.apply(&[record(ObjectKind::Deal, "1", &[("dealname", CANARY), ("unmapped", CANARY)])]);
    look("in the log");
    bench.store.checkpoint().unwrap();
    look("in the file");
    bench.store.back_up(&bench.path.with_extension("copy")).unwrap();
    look("in the copy");
    assert!(Store::open(&bench.path.with_extension("copy"), &key(), plain()).unwrap().integrity().unwrap().is_empty());
}

#[test]
fn a_copy_finds_the_same_under_the_same_words() {
    let bench = Bench::new();
    bench.apply(&[
        record(ObjectKind::Deal, "1", &[("dealname", "Alpha")]),
        record(ObjectKind::Deal, "2", &[("dealname", "Beta")]),
    ]);
    let mut gone = record(ObjectKind::Deal, "1", &[("dealname", "Alpha")]);
    gone.archived = true;
    bench.apply(&[gone]);
    let copy = bench.path.with_extension("copy");
    bench.store.back_up(&copy).unwrap();
    let hits = Store::open(&copy, &key(), plain()).unwrap().read(|r| r.search("beta", 10)).unwrap();
    assert_eq!(hits.iter().map(|hit| hit.id.as_str()).collect::<Vec<_>>(), ["2"]);
}

#[test]
fn a_write_that_fails_leaves_nothing() {
    let bench = Bench::new();
    let before = bench.shown(&[]);
    let failed = bench.store.write(Why::Mirror { at: at(0) }, |w| {
        w.apply_records(ObjectKind::Deal, &[record(ObjectKind::Deal, "1", &[("dealname", "A")])], at(0))?;
        Err::<(), _>(StoreError::NotPossible("on purpose".into()))
    });
    assert!(failed.is_err());
    assert_eq!(bench.shown(&[]), before);
    assert_eq!(bench.store.read(|r| r.mirror_count(ObjectKind::Deal)).unwrap(), 0);
}

/// Every released file has this schema: a change here is a new migration and a new dump, never an edit.
#[test]
fn the_schema_is_the_one_that_was_frozen() {
    let frozen = include_str!("../../tests/fixtures/workspace-v13.sql");
    let (why, frozen) = frozen.split_once("\n\n").unwrap();
    assert!(why.starts_with("--"));
    let live = Bench::new().objects().join("\n");
    assert_eq!(live.trim(), frozen.trim(), "the schema differs from tests/fixtures/workspace-v13.sql");
}
