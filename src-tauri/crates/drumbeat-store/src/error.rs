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
        use rusqlite::{ErrorCode, ffi};
        // The room that a change needs beside the file: its log, the log's index, their folder.
        if let Some(
            ffi::SQLITE_IOERR_WRITE
            | ffi::SQLITE_IOERR_TRUNCATE
            | ffi::SQLITE_IOERR_FSYNC
            | ffi::SQLITE_IOERR_DIR_FSYNC
            | ffi::SQLITE_IOERR_SHMOPEN
            | ffi::SQLITE_IOERR_SHMSIZE
            | ffi::SQLITE_IOERR_SHMMAP,
        ) = error.sqlite_error().map(|found| found.extended_code)
        {
            return StoreError::NotWritten(error.to_string());
        }
        match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase) => StoreError::WrongKey,
            Some(ErrorCode::DatabaseCorrupt) => StoreError::Damaged(error.to_string()),
            Some(ErrorCode::DiskFull) => StoreError::Full,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreError::Busy,
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => StoreError::ReadOnly,
            _ => StoreError::Sqlite(error.to_string()),
        }
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
