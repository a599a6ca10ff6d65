//! Every released format comes to the present one with everything that is in it, or stays what it is.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, TransactionBehavior};

use super::kit::{key, plain};
use crate::Store;
use crate::connection::{FORMAT, MIGRATIONS, connect, migrate};
use crate::copies::{FOLDER, inspect};
use crate::journal::FILE;
use crate::rows::{Row, columns, rows};

/// Released formats before the present one, with the data that were frozen for each.
const RELEASED: &[(u32, &str)] = &[
    (1, include_str!("../../tests/fixtures/workspace-v1-data.sql")),
    (2, include_str!("../../tests/fixtures/workspace-v2-data.sql")),
    (3, include_str!("../../tests/fixtures/workspace-v3-data.sql")),
    (4, include_str!("../../tests/fixtures/workspace-v4-data.sql")),
    // The fifth has the tables of the fourth, and other indexes.
    (5, include_str!("../../tests/fixtures/workspace-v4-data.sql")),
    (6, include_str!("../../tests/fixtures/workspace-v6-data.sql")),
    (7, include_str!("../../tests/fixtures/workspace-v7-data.sql")),
    // The eighth has the tables of the seventh, and sums of them.
    (8, include_str!("../../tests/fixtures/workspace-v7-data.sql")),
    // The ninth has more columns, which are made from the rest.
    (9, include_str!("../../tests/fixtures/workspace-v7-data.sql")),
    (10, include_str!("../../tests/fixtures/workspace-v7-data.sql")),
    (11, include_str!("../../tests/fixtures/workspace-v7-data.sql")),
    (12, include_str!("../../tests/fixtures/workspace-v7-data.sql")),
];

/// A file of an older format with its data, as the code of then has left it.
fn older(folder: &Path, format: u32, data: &str) -> PathBuf {
    let path = folder.join("store.db");
    std::fs::File::create_new(&path).unwrap();
    let mut connection = connect(&path, &key(), false).unwrap();
    migrate(&mut connection, format).unwrap();
    connection.pragma_update(None, "journal_mode", "WAL").unwrap();
    connection.execute_batch(data).unwrap();
    path
}

/// All but the matching index and the sums, which are made from the rows when a file of another shape is opened, and but for
/// under which policy the rows were made, which has that done.
fn tables(connection: &Connection) -> Vec<String> {
    let sql = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'match_%' AND name <> 'tally' ORDER BY name";
    rows(connection, sql, &[]).unwrap().iter().map(|row| row.text("name").to_owned()).collect()
}

type Content = BTreeMap<String, Vec<Row>>;

/// Everything in these columns of these tables; those that are there when none are named.
fn content(path: &Path, of: Option<&Content>) -> Content {
    let connection = connect(path, &key(), false).unwrap();
    let named = |table: &String| of.is_none_or(|of| of.contains_key(table));
    let mut all = Content::new();
    for table in tables(&connection).into_iter().filter(named) {
        let known = match of.and_then(|of| of[&table].first()) {
            Some(row) => row.0.keys().cloned().collect(),
            None => columns(&connection, &table).unwrap(),
        };
        let list = known.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ");
        let mut found = rows(&connection, &format!("SELECT {list} FROM {table}"), &[]).unwrap();
        found.retain(|row| table != "value" || !["tally", "policy_shown"].contains(&row.text("name")));
        found.sort_by_key(|row| format!("{row:?}"));
        all.insert(table, found);
    }
    all
}

fn backups(path: &Path) -> Vec<PathBuf> {
    let found = std::fs::read_dir(path.with_file_name(FOLDER)).into_iter().flatten();
    let mut all: Vec<PathBuf> = found.map(|entry| entry.unwrap().path()).collect();
    all.sort();
    all
}

#[test]
fn every_released_format_comes_to_the_present_one_with_all_that_is_in_it() {
    assert_eq!(RELEASED.len(), FORMAT as usize - 1, "every released format has its frozen data");
    for (format, data) in RELEASED {
        let folder = tempfile::tempdir().unwrap();
        let path = older(folder.path(), *format, data);
        let before = content(&path, None);
        for (table, found) in &before {
            assert!(!found.is_empty(), "format {format}: the frozen data have nothing in {table}");
        }
        drop(Store::open(&path, &key(), plain()).unwrap());
        assert_eq!(inspect(&path, &key()).unwrap(), FORMAT);
        assert_eq!(content(&path, Some(&before)), before, "format {format}: the content has changed");
        let made = backups(&path);
        assert_eq!(made.len(), 1, "{made:?}");
        assert_eq!(inspect(&made[0], &key()).unwrap(), *format, "the backup has the format from before");
        assert_eq!(content(&made[0], None), before, "format {format}: the backup has it all");
        assert!(path.with_file_name(FILE).exists(), "what waits to be sent is in the journal from now on");
        drop(Store::open(&path, &key(), plain()).unwrap());
        assert_eq!(backups(&path), made, "a file of the present format is not copied again");
    }
}

#[test]
fn a_kill_in_a_migration_leaves_the_old_format_and_the_next_opening_finishes_it() {
    for (format, data) in RELEASED {
        for step in *format as usize..FORMAT as usize {
            let folder = tempfile::tempdir().unwrap();
            let path = older(folder.path(), *format, data);
            let before = content(&path, None);
            let mut connection = connect(&path, &key(), false).unwrap();
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Exclusive).unwrap();
            MIGRATIONS[*format as usize..=step].iter().for_each(|sql| transaction.execute_batch(sql).unwrap());
            transaction.pragma_update(None, "user_version", FORMAT).unwrap();
            // Its pages are in the log; that they are valid is not.
            transaction.cache_flush().unwrap();
            let killed = tempfile::tempdir().unwrap();
            let image = killed.path().join("store.db");
            for suffix in ["", "-wal"] {
                std::fs::copy(format!("{}{suffix}", path.display()), format!("{}{suffix}", image.display())).unwrap();
            }
            drop(transaction);
            assert_eq!(inspect(&image, &key()).unwrap(), *format, "killed in step {step}");
            assert_eq!(content(&image, None), before, "killed in step {step}");
            drop(Store::open(&image, &key(), plain()).unwrap());
            assert_eq!(inspect(&image, &key()).unwrap(), FORMAT);
            assert_eq!(content(&image, Some(&before)), before, "killed in step {step}");
        }
    }
}

#[test]
fn a_file_that_cannot_be_copied_first_keeps_its_format() {
    let (format, data) = RELEASED[0];
    let folder = tempfile::tempdir().unwrap();
    let path = older(folder.path(), format, data);
    std::fs::write(path.with_file_name(FOLDER), "in the way").unwrap();
    assert!(Store::open(&path, &key(), plain()).is_err());
    assert_eq!(inspect(&path, &key()).unwrap(), format);
}
