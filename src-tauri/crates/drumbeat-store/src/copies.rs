//! Copies of a store: made, looked over, and put in its place.
//!
//! The hard idea: at every moment the store's name leads to one whole file, the old one or the new one,
//! and a log never stands beside a file that it does not belong to. A copy is made under another name,
//! looked over to the last page, and only then takes its name; a store that gives way keeps its bytes
//! under another one. Nothing here is ever deleted but what was only begun.

use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use crate::connection::{alone, beside, look_again, restrict, settle};
use crate::error::StoreError;
use crate::open::{Key, Result};

/// Where copies are kept that are made before a file changes its format.
pub const FOLDER: &str = "backups";

/// What a person gets to know of a file that opens and is whole.
///
/// # Errors
/// [`StoreError::WrongKey`], [`StoreError::TooNew`], [`StoreError::Damaged`], [`StoreError::Missing`],
/// [`StoreError::Busy`]. The file is left as it is, with its log.
pub fn inspect(path: &Path, key: &Key) -> Result<u32> {
    if !path.exists() {
        return Err(StoreError::Missing);
    }
    look_again(path, || {
        let (connection, format) = alone(path, key)?;
        match problems(&connection)?.into_iter().next() {
            None => Ok(format),
            Some(problem) => Err(StoreError::Damaged(problem)),
        }
    })
}

/// What SQLCipher and SQLite find wrong with a file.
pub(crate) fn problems(connection: &Connection) -> Result<Vec<String>> {
    let mut problems = Vec::new();
    for pragma in ["PRAGMA cipher_integrity_check", "PRAGMA quick_check"] {
        let mut statement = connection.prepare(pragma)?;
        let found: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<std::result::Result<_, _>>()?;
        problems.extend(found.into_iter().filter(|line| line != "ok"));
    }
    Ok(problems)
}

/// Writes an encrypted copy under the same key, looked over before it takes its name.
pub(crate) fn back_up(connection: &Connection, to: &Path, key: &Key) -> Result<()> {
    if to.exists() {
        return Err(StoreError::Exists);
    }
    let making = beside(to, ".drumbeat-partial");
    let make = || {
        // Its rights before its content; SQLite writes into an empty file.
        OpenOptions::new().write(true).create(true).truncate(true).open(&making)?;
        restrict(&making)?;
        connection.execute("VACUUM INTO ?1", [making.to_string_lossy()])?;
        inspect(&making, key)?;
        File::open(&making)?.sync_all()?;
        if to.exists() {
            return Err(StoreError::Exists);
        }
        std::fs::rename(&making, to)?;
        settle(to)
    };
    make().inspect_err(|_| {
        // Half a copy is no copy.
        let _ = std::fs::remove_file(&making);
    })
}

/// The copy that is made before a file leaves this format; an earlier one of the same format is kept.
pub(crate) fn back_up_format(connection: &Connection, store: &Path, key: &Key, format: u32) -> Result<()> {
    let folder = store.with_file_name(FOLDER);
    private_folder(&folder)?;
    let to = free(&folder.join(format!("before-format-{}.db", format + 1)));
    back_up(connection, &to, key)
}

/// A folder that only this user can look into.
///
/// # Errors
/// The file system.
pub fn private_folder(folder: &Path) -> Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    Ok(builder.create(folder)?)
}

/// This name, or the first numbered one that is free.
#[must_use]
pub fn free(path: &Path) -> PathBuf {
    let named = |number: u32| {
        let mut name = path.file_stem().map_or_else(OsString::new, ToOwned::to_owned);
        name.push(format!("-{number}"));
        if let Some(extension) = path.extension() {
            name.push(".");
            name.push(extension);
        }
        path.with_file_name(name)
    };
    if !path.exists() {
        return path.to_owned();
    }
    (2..).map(named).find(|path| !path.exists()).unwrap_or_else(|| path.to_owned())
}

/// Copies a file and its log, byte by byte, for this user only.
///
/// # Errors
/// The file system.
pub fn copy(from: &Path, to: &Path) -> Result<()> {
    for suffix in ["", "-wal"] {
        let (from, to) = (beside(from, suffix), beside(to, suffix));
        if suffix.is_empty() || from.exists() {
            std::fs::copy(&from, &to)?;
            restrict(&to)?;
            File::open(&to)?.sync_all()?;
        }
    }
    Ok(())
}

/// Puts a finished file into the store's place. The present one stays beside as `aside`, with its log.
/// Nobody may have either of them open.
///
/// # Errors
/// The file system. The store's place is never empty in between.
pub fn put_in_place(fresh: &Path, store: &Path, aside: &Path) -> Result<()> {
    for suffix in ["-wal", "-shm", "-journal"] {
        if beside(fresh, suffix).exists() {
            return Err(StoreError::NotPossible("the new file is still open".to_owned()));
        }
    }
    if store.exists() && std::fs::hard_link(store, aside).is_err() {
        // No second name for a file there: its bytes, then.
        std::fs::copy(store, aside)?;
        File::open(aside)?.sync_all()?;
    }
    restrict(aside).or_else(|error| if aside.exists() { Err(error) } else { Ok(()) })?;
    for suffix in ["-wal", "-shm"] {
        let from = beside(store, suffix);
        if from.exists() {
            std::fs::rename(from, beside(aside, suffix))?;
        }
    }
    File::open(fresh)?.sync_all()?;
    std::fs::rename(fresh, store)?;
    settle(store)
}
