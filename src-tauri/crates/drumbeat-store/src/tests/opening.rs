//! Opening is never destructive, the format moves whole or not at all, nothing on disk is readable.

use drumbeat_model::crm::ObjectKind;

use super::kit::{Bench, at, key, record};
use crate::open::{apply_steps, connect};
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
    assert!(matches!(Store::open(&bench.path, &Key::new([8; 32])), Err(StoreError::WrongKey)));
    assert_eq!(std::fs::read(&bench.path).unwrap(), bytes);
}

#[test]
fn a_missing_file_is_told_and_not_made() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("none.db");
    assert!(matches!(Store::open(&path, &key()), Err(StoreError::Missing)));
    assert!(!path.exists());
}

#[test]
fn a_newer_format_is_refused_and_the_file_stays_as_it_is() {
    let (bench, _) = closed();
    bench.raw().pragma_update(None, "user_version", crate::open::FORMAT + 1).unwrap();
    bench.store.checkpoint().unwrap();
    let bytes = std::fs::read(&bench.path).unwrap();
    assert!(matches!(Store::open(&bench.path, &key()), Err(StoreError::TooNew { .. })));
    assert_eq!(std::fs::read(&bench.path).unwrap(), bytes);
}

#[test]
fn another_programs_file_under_our_key_is_refused() {
    let (bench, _) = closed();
    bench.raw().pragma_update(None, "application_id", 1).unwrap();
    assert!(matches!(Store::open(&bench.path, &key()), Err(StoreError::Damaged(_))));
}

#[test]
fn creating_never_writes_over_what_is_there() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("store.db");
    for content in ["", "something of somebody"] {
        std::fs::write(&path, content).unwrap();
        assert!(matches!(Store::create(&path, &key()), Err(StoreError::Exists)));
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
    drop(connection);
    Store::open(&path, &key()).unwrap();
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
    assert!(Store::open(&bench.path.with_extension("copy"), &key()).unwrap().integrity().unwrap().is_empty());
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
    let hits = Store::open(&copy, &key()).unwrap().read(|r| r.search("beta", 10)).unwrap();
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
    let frozen = include_str!("../../tests/fixtures/workspace-v1.sql");
    let (why, frozen) = frozen.split_once("\n\n").unwrap();
    assert!(why.starts_with("--"));
    let live = Bench::new().objects().join("\n");
    assert_eq!(live.trim(), frozen.trim(), "the schema differs from tests/fixtures/workspace-v1.sql");
}
