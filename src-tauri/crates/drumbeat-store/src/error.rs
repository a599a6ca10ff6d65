//! Why the store could not do something. Facts only; sentences for people are made in the app.

/// A failed store call. Nothing was changed by it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no workspace file at that path.
    #[error("no workspace file")]
    Missing,
    /// A file is already there.
    #[error("a workspace file is already there")]
    Exists,
    /// The key does not open the file (or its first page is destroyed).
    #[error("the key does not open the workspace file")]
    WrongKey,
    /// Written by a newer version; left untouched.
    #[error("the workspace file has format {found}, this version knows {known}")]
    TooNew {
        /// Format of the file.
        found: u32,
        /// Newest format known here.
        known: u32,
    },
    /// The file is damaged.
    #[error("the workspace file is damaged: {0}")]
    Damaged(String),
    /// The disk is full.
    #[error("the disk is full")]
    Full,
    /// The disk did not take what was written. A quota shows so too, and so does a disk that fails.
    #[error("the disk did not take what was written: {0}")]
    NotWritten(String),
    /// The disk did not give back what it was asked for: it fails, or is gone.
    #[error("the disk did not answer: {0}")]
    NotRead(String),
    /// There is not enough memory.
    #[error("there is not enough memory")]
    NoMemory,
    /// Another process holds the file too long.
    #[error("the workspace file is busy")]
    Busy,
    /// The file or folder cannot be written.
    #[error("the workspace file cannot be written")]
    ReadOnly,
    /// A row that cannot be read: never dropped in silence.
    #[error("row {id} of {table} cannot be read: {why}")]
    BadRow {
        /// Table.
        table: &'static str,
        /// Which row.
        id: String,
        /// What is wrong with it.
        why: String,
    },
    /// Something asked for is not there.
    #[error("no {what} {id}")]
    NotFound {
        /// What.
        what: &'static str,
        /// Which.
        id: String,
    },
    /// The act is not possible any more, e.g. taking back what has been sent.
    #[error("{0}")]
    NotPossible(String),
    /// Anything else that SQLite says.
    #[error("SQLite: {0}")]
    Sqlite(String),
    /// Anything else that the file system says.
    #[error("file system: {0}")]
    Io(String),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        let why = error.to_string();
        match error.sqlite_error() {
            Some(found) => told(found.code, found.extended_code, why),
            None => StoreError::Sqlite(why),
        }
    }
}

/// What SQLite's result codes are to a person: the one place that says so.
fn told(code: rusqlite::ErrorCode, extended: i32, why: String) -> StoreError {
    use rusqlite::{ErrorCode, ffi};
    match (code, extended) {
        // The room that a change needs beside the file: its log, the log's index, their folder.
        (
            _,
            ffi::SQLITE_IOERR_WRITE
            | ffi::SQLITE_IOERR_TRUNCATE
            | ffi::SQLITE_IOERR_FSYNC
            | ffi::SQLITE_IOERR_DIR_FSYNC
            | ffi::SQLITE_IOERR_DELETE
            | ffi::SQLITE_IOERR_CLOSE
            | ffi::SQLITE_IOERR_SHMOPEN
            | ffi::SQLITE_IOERR_SHMSIZE
            | ffi::SQLITE_IOERR_SHMMAP,
        ) => StoreError::NotWritten(why),
        // A lock that is not given is somebody's, however it shows: the system's "no", or SQLite giving up
        // asking for a place in the log.
        (ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::FileLockingProtocolFailed, _)
        | (
            _,
            ffi::SQLITE_IOERR_LOCK
            | ffi::SQLITE_IOERR_RDLOCK
            | ffi::SQLITE_IOERR_UNLOCK
            | ffi::SQLITE_IOERR_CHECKRESERVEDLOCK
            | ffi::SQLITE_IOERR_SHMLOCK
            | ffi::SQLITE_IOERR_BLOCKED,
        ) => StoreError::Busy,
        (ErrorCode::OutOfMemory, _) | (_, ffi::SQLITE_IOERR_NOMEM) => StoreError::NoMemory,
        (ErrorCode::SystemIoFailure, _) => StoreError::NotRead(why),
        (ErrorCode::NotADatabase, _) => StoreError::WrongKey,
        (ErrorCode::DatabaseCorrupt, _) => StoreError::Damaged(why),
        (ErrorCode::DiskFull, _) => StoreError::Full,
        (ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen, _) => StoreError::ReadOnly,
        _ => StoreError::Sqlite(why),
    }
}

impl From<std::io::Error> for StoreError {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::StorageFull => StoreError::Full,
            std::io::ErrorKind::QuotaExceeded | std::io::ErrorKind::FileTooLarge => {
                StoreError::NotWritten(error.to_string())
            }
            std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => StoreError::ReadOnly,
            std::io::ErrorKind::NotFound => StoreError::Missing,
            _ => StoreError::Io(error.to_string()),
        }
    }
}

impl From<serde_json::Error> for StoreError {
    fn from(error: serde_json::Error) -> Self {
        StoreError::BadRow { table: "json", id: String::new(), why: error.to_string() }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use rusqlite::ffi;

    use super::*;

    #[test]
    fn every_way_of_sqlites_to_fail_is_told_as_what_it_is_to_a_person() {
        let cases: &[(i32, &str)] = &[
            (ffi::SQLITE_BUSY, "busy"),
            (ffi::SQLITE_BUSY_RECOVERY, "busy"),
            (ffi::SQLITE_BUSY_SNAPSHOT, "busy"),
            (ffi::SQLITE_LOCKED, "busy"),
            (ffi::SQLITE_PROTOCOL, "busy"),
            (ffi::SQLITE_IOERR_LOCK, "busy"),
            (ffi::SQLITE_IOERR_RDLOCK, "busy"),
            (ffi::SQLITE_IOERR_UNLOCK, "busy"),
            (ffi::SQLITE_IOERR_SHMLOCK, "busy"),
            (ffi::SQLITE_IOERR_CHECKRESERVEDLOCK, "busy"),
            (ffi::SQLITE_IOERR_READ, "not read"),
            (ffi::SQLITE_IOERR_SHORT_READ, "not read"),
            (ffi::SQLITE_IOERR_CORRUPTFS, "not read"),
            (ffi::SQLITE_IOERR_FSTAT, "not read"),
            (ffi::SQLITE_IOERR_ACCESS, "not read"),
            (ffi::SQLITE_IOERR, "not read"),
            (ffi::SQLITE_IOERR_WRITE, "not written"),
            (ffi::SQLITE_IOERR_FSYNC, "not written"),
            (ffi::SQLITE_IOERR_TRUNCATE, "not written"),
            (ffi::SQLITE_IOERR_SHMMAP, "not written"),
            (ffi::SQLITE_IOERR_DELETE, "not written"),
            (ffi::SQLITE_FULL, "full"),
            (ffi::SQLITE_NOMEM, "no memory"),
            (ffi::SQLITE_IOERR_NOMEM, "no memory"),
            (ffi::SQLITE_CANTOPEN, "read-only"),
            (ffi::SQLITE_READONLY, "read-only"),
            (ffi::SQLITE_PERM, "read-only"),
            (ffi::SQLITE_CORRUPT, "damaged"),
            (ffi::SQLITE_NOTADB, "key"),
            (ffi::SQLITE_MISUSE, "sqlite"),
        ];
        for (code, expected) in cases {
            let error = rusqlite::Error::SqliteFailure(ffi::Error::new(*code), None);
            let told = match StoreError::from(error) {
                StoreError::Busy => "busy",
                StoreError::NotRead(_) => "not read",
                StoreError::NotWritten(_) => "not written",
                StoreError::Full => "full",
                StoreError::NoMemory => "no memory",
                StoreError::ReadOnly => "read-only",
                StoreError::Damaged(_) => "damaged",
                StoreError::WrongKey => "key",
                _ => "sqlite",
            };
            assert_eq!(told, *expected, "code {code}");
        }
    }
}
