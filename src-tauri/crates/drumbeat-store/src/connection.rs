//! One connection to a workspace file: its key, its pragmas, its format.
//!
//! The hard idea: looking must not change anything. SQLite moves a left-over log into the file when the
//! last connection closes, and makes its index (`-shm`) anew when the first one opens, also for somebody
//! who then turns out to have the wrong key. So a file is first looked at by [`probe`], which holds it
//! alone, keeps the log's index in its own memory and leaves the log where it is; only a file that is
//! ours, whole so far as can be seen and of a format that we know is opened for use.

use std::path::{Path, PathBuf};
use std::time::Duration;

use drumbeat_model::secret::Secret;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use crate::error::StoreError;
use crate::open::{Key, Result};

/// Newest format that this code knows: the number of migrations.
pub const FORMAT: u32 = MIGRATIONS.len() as u32;
pub(crate) const MIGRATIONS: &[&str] = &[
    include_str!("migrations/0001_workspace.sql"),
    include_str!("migrations/0002_trust.sql"),
    include_str!("migrations/0003_registrations.sql"),
    include_str!("migrations/0004_channel_conflicts.sql"),
    include_str!("migrations/0005_clocks.sql"),
    include_str!("migrations/0006_matching.sql"),
    include_str!("migrations/0007_reviews.sql"),
    include_str!("migrations/0008_sums.sql"),
    include_str!("migrations/0009_measures.sql"),
    include_str!("migrations/0010_lean.sql"),
    include_str!("migrations/0011_worth.sql"),
    include_str!("migrations/0012_compared.sql"),
    include_str!("migrations/0013_leaner.sql"),
];
/// Pages that a connection holds, in KiB below nought.
pub(crate) const CACHE: &str = "PRAGMA cache_size = -32000;";
/// "DRUM": marks the file as ours.
const APPLICATION_ID: i64 = 0x4452_554D;

/// The file with a suffix that SQLite, or we, put behind its name.
pub(crate) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.to_owned().into_os_string();
    name.push(suffix);
    name.into()
}

/// Looks whether the key opens the file and this code knows its format. Changes nothing on disk.
pub(crate) fn probe(path: &Path, key: &Key) -> Result<()> {
    look_again(path, || match alone(path, key) {
        // Held by another process, the file is in use and sound; its log is that process's business.
        Ok(_) | Err(StoreError::Busy) => Ok(()),
        Err(error) => Err(error),
    })
}

/// A connection that has the file alone and leaves no trace, and the file's format.
pub(crate) fn alone(path: &Path, key: &Key) -> Result<(Connection, u32)> {
    let connection = keyed(path, key, false)?;
    connection.busy_timeout(Duration::ZERO)?;
    leave_log(&connection, path)?;
    connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
    match check_format(&connection)? {
        0 => Err(StoreError::Damaged("nothing is in it".to_owned())),
        format => Ok((connection, format)),
    }
}

/// Takes "the key does not open it" and "it is damaged" for said only by a disk that answers, and twice.
///
/// Where the disk does not give the file's salt, SQLCipher makes one up, and where it does not give a
/// page, SQLite calls the file malformed: a disk that fails shows as either.
pub(crate) fn look_again<T>(path: &Path, open: impl Fn() -> Result<T>) -> Result<T> {
    match open() {
        Err(StoreError::WrongKey | StoreError::Damaged(_)) => {
            disk_answers(path)?;
            open()
        }
        other => other,
    }
}

/// Whether the disk gives the beginning of the file, which SQLite reads before it needs lock or key.
pub(crate) fn disk_answers(path: &Path) -> Result<()> {
    // Not read past SQLite: closing a handle of our own would drop the locks that this process has on the file.
    drop(Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)?);
    Ok(())
}

/// A connection in good order. A log that is there is left where it is until [`mind_log`].
pub(crate) fn connect(path: &Path, key: &Key, read_only: bool) -> Result<Connection> {
    let connection = look_again(path, || {
        let connection = keyed(path, key, read_only)?;
        leave_log(&connection, path)?;
        // The first read: a wrong key shows here and nowhere later.
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
        Ok(connection)
    })?;
    connection.execute_batch(
        "PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000; PRAGMA trusted_schema = OFF;",
    )?;
    connection.execute_batch(CACHE)?;
    if cfg!(target_os = "macos") {
        connection.execute_batch("PRAGMA fullfsync = 1; PRAGMA checkpoint_fullfsync = 1;")?;
    }
    connection.set_prepared_statement_cache_capacity(512);
    Ok(connection)
}

/// A connection that has its key and has not read anything yet.
fn keyed(path: &Path, key: &Key, read_only: bool) -> Result<Connection> {
    let flags = if read_only { OpenFlags::SQLITE_OPEN_READ_ONLY } else { OpenFlags::SQLITE_OPEN_READ_WRITE };
    let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    if cfg!(feature = "unencrypted") && *key.expose() == [0; 32] {
        connection.execute_batch("PRAGMA page_size = 8192;")?;
        connection.busy_timeout(Duration::from_secs(5))?;
        return Ok(connection);
    }
    let hex = key.expose().iter().fold(String::with_capacity(64), |mut hex, byte| {
        use std::fmt::Write;
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    let statement = Secret::new(format!(
        "PRAGMA key = \"x'{hex}'\"; PRAGMA cipher_log = off; PRAGMA cipher_page_size = 8192; PRAGMA cipher_default_page_size = 8192;"
    ));
    drop(Secret::new(hex));
    connection.execute_batch(statement.expose())?;
    connection.busy_timeout(Duration::from_secs(5))?;
    Ok(connection)
}

/// Closing leaves the log that was found. Where there was none, what SQLite makes goes again.
pub(crate) fn leave_log(connection: &Connection, path: &Path) -> Result<()> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, beside(path, "-wal").exists())?;
    Ok(())
}

/// Closing moves the log into the file again, as SQLite does by itself.
pub(crate) fn mind_log(connection: &Connection) -> Result<()> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
    Ok(())
}

/// The file's format, when it is ours and this code knows it; 0 when nothing is in it.
pub(crate) fn check_format(connection: &Connection) -> Result<u32> {
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
    let found: u32 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let owner: i64 = connection.query_row("PRAGMA application_id", [], |row| row.get(0))?;
    if found > FORMAT {
        return Err(StoreError::TooNew { found, known: FORMAT });
    }
    if found > 0 && owner != APPLICATION_ID {
        return Err(StoreError::Damaged("not a Drumbeat workspace".to_owned()));
    }
    Ok(found)
}

/// Brings the file to format `to`: all steps in one transaction, so that a crash leaves the old format.
pub(crate) fn migrate(connection: &mut Connection, to: u32) -> Result<()> {
    let found = check_format(connection)?;
    match MIGRATIONS.get(found as usize..to as usize) {
        Some(steps) if !steps.is_empty() => apply_steps(connection, steps, to),
        Some(_) | None => Ok(()),
    }
}

pub(crate) fn apply_steps(connection: &mut Connection, steps: &[&str], to: u32) -> Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Exclusive)?;
    for step in steps {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", to)?;
    transaction.commit()?;
    Ok(())
}

/// Makes a whole, empty workspace file at `path`, or none: it is made beside and takes its name when
/// it is complete.
pub(crate) fn make(path: &Path, key: &Key) -> Result<()> {
    let making = beside(path, ".drumbeat-partial");
    let clear = || {
        for file in [beside(&making, "-journal"), making.clone()] {
            match std::fs::remove_file(file) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(StoreError::from(error)),
                _ => {}
            }
        }
        Ok(())
    };
    // What a creation that was cut short has left; nothing was ever in it.
    clear()?;
    let build = || {
        std::fs::OpenOptions::new().write(true).create_new(true).open(&making)?;
        restrict(&making)?;
        migrate(&mut connect(&making, key, false)?, FORMAT)?;
        if path.exists() {
            return Err(StoreError::Exists);
        }
        std::fs::rename(&making, path)?;
        settle(path)
    };
    build().map_err(|error| match clear() {
        Ok(()) | Err(_) => error,
    })
}

/// Makes the file's place in its folder last through a power cut.
#[cfg(unix)]
pub(crate) fn settle(path: &Path) -> Result<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::File::open(folder)?.sync_all()?;
    }
    Ok(())
}

#[cfg(not(unix))]
pub(crate) fn settle(_path: &Path) -> Result<()> {
    Ok(())
}

/// Only this user may read the file.
#[cfg(unix)]
pub(crate) fn restrict(path: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))?;
    Ok(())
}

#[cfg(not(unix))]
pub(crate) fn restrict(_path: &Path) -> Result<()> {
    Ok(())
}
