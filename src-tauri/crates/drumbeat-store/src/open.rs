//! An open workspace file: the one way to read and the one way to write.
//!
//! The hard idea: there is one writer connection behind a mutex and a small pool of readers, all on
//! the same encrypted file in WAL mode. A write is one immediate transaction that ends with its audit
//! entry; a commit is on disk when `write` returns (synchronous = FULL). Opening never creates, never
//! repairs and never touches a file that it refuses.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

use drumbeat_model::secret::Secret;
use drumbeat_model::time::Instant;
use rusqlite::{Connection, TransactionBehavior};
use sha2::{Digest, Sha256};

use crate::connection::{FORMAT, beside, check_format, connect, disk_answers, make, migrate, mind_log, probe};
use crate::copies;
use crate::error::StoreError;
use crate::journal::{Journal, Note};
use crate::judge::Judge;
use crate::reader::Reader;
use crate::recovered::{self, Seen};
use crate::writer::{Touched, Writer};

/// What every store call answers.
pub type Result<T> = std::result::Result<T, StoreError>;

const READERS: usize = 4;

/// The 32 bytes that open a workspace file.
#[derive(Clone, Debug)]
pub struct Key(Secret<[u8; 32]>);

impl Key {
    /// A key from its bytes.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Secret::new(bytes))
    }

    /// No key: the file is not encrypted.
    #[cfg(feature = "unencrypted")]
    #[must_use]
    pub fn none() -> Self {
        Self::new([0; 32])
    }

    /// The bytes, for wrapping them into a key slot.
    #[must_use]
    pub fn expose(&self) -> &[u8; 32] {
        self.0.expose()
    }

    /// A key for another purpose, made from this one.
    #[must_use]
    pub fn subkey(&self, purpose: &str) -> [u8; 32] {
        let mut hasher = Sha256::new();
        hasher.update(b"drumbeat subkey\0");
        hasher.update(purpose.as_bytes());
        hasher.update([0]);
        hasher.update(self.expose());
        hasher.finalize().into()
    }
}

/// Who did what, for the audit trail.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    /// When.
    pub at: Instant,
    /// Who.
    pub actor: &'a str,
    /// What kind of act.
    pub act: &'a str,
    /// What it was about.
    pub title: &'a str,
    /// Why.
    pub reason: Option<&'a str>,
    /// Facts at the time.
    pub facts: Option<&'a serde_json::Value>,
    /// Policy version.
    pub policy: Option<u32>,
}

/// Why something is written.
#[derive(Debug, Clone, Copy)]
pub enum Why<'a> {
    /// The mirror follows the CRM: no audit entry of its own.
    Mirror {
        /// When.
        at: Instant,
    },
    /// Somebody did something: one audit entry.
    Act(Entry<'a>),
}

impl Why<'_> {
    /// When it happens.
    #[must_use]
    pub fn at(&self) -> Instant {
        match self {
            Why::Mirror { at } => *at,
            Why::Act(entry) => entry.at,
        }
    }
}

/// The outcome of a write, with what it touched.
#[derive(Debug)]
pub struct Written<T> {
    /// What the closure answered.
    pub value: T,
    /// Kinds of data that it touched.
    pub changed: BTreeSet<Touched>,
}

struct Inner {
    path: PathBuf,
    key: Key,
    // Before the writer, so that they close first: the last one moves the log into the file, and a
    // reader may not.
    readers: Mutex<Vec<Connection>>,
    writer: Mutex<Connection>,
    judge: Arc<dyn Judge>,
    journal: Journal,
    /// What the journal was last found to have and the store not.
    seen: Mutex<Option<Seen>>,
}

/// One open workspace file. Cheap to clone; all calls block.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

impl Store {
    /// Makes a new workspace file: whole, or none.
    ///
    /// # Errors
    /// [`StoreError::Exists`] when something is there already; it is left alone.
    pub fn create(path: &Path, key: &Key, judge: Arc<dyn Judge>) -> Result<Self> {
        if path.exists() {
            return Err(StoreError::Exists);
        }
        make(path, key)?;
        Self::open(path, key, judge)
    }

    /// Opens a workspace file, bringing an older format up to date. `judge` makes what projections keep
    /// of the program's rules. A file that is refused is left as it is, with its log.
    ///
    /// # Errors
    /// [`StoreError::WrongKey`], [`StoreError::TooNew`], [`StoreError::Damaged`], [`StoreError::Missing`].
    pub fn open(path: &Path, key: &Key, judge: Arc<dyn Judge>) -> Result<Self> {
        if !path.exists() {
            return Err(StoreError::Missing);
        }
        probe(path, key)?;
        let mut writer = connect(path, key, false)?;
        let format = check_format(&writer)?;
        if (1..FORMAT).contains(&format) {
            copies::back_up_format(&writer, path, key, format)?;
        }
        migrate(&mut writer, FORMAT)?;
        writer.pragma_update(None, "journal_mode", "WAL")?;
        let store = Self(Arc::new(Inner {
            path: path.to_owned(),
            key: key.clone(),
            readers: Mutex::new(Vec::new()),
            writer: Mutex::new(writer),
            judge,
            journal: Journal::beside(path, key),
            seen: Mutex::new(None),
        }));
        // A journal that cannot be brought up to date now is so at the next opening: nobody is kept out for it.
        let _ = store.complete_journal();
        // So do an index and sums that an older version has not made: the next write makes them, when there is room now for none.
        let _ = store.complete_kept();
        Ok(store)
    }

    /// Makes a matching index and sums that are missing, as in a file from an older version.
    fn complete_kept(&self) -> Result<()> {
        if self.look(|r| Ok(r.unfiled()? || r.untallied()?))? {
            self.write(Why::Mirror { at: Instant::default() }, |_| Ok(()))?;
        }
        Ok(())
    }

    /// Where the file is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0.path
    }

    /// Runs `f` on a consistent view of the store.
    ///
    /// # Errors
    /// What `f` answers, or SQLite.
    pub fn read<T>(&self, f: impl FnOnce(&Reader<'_>) -> Result<T>) -> Result<T> {
        self.sure(self.read_once(f))
    }

    fn read_once<T>(&self, f: impl FnOnce(&Reader<'_>) -> Result<T>) -> Result<T> {
        let idle = lock(&self.0.readers).pop();
        let mut connection = match idle {
            Some(connection) => connection,
            None => connect(&self.0.path, &self.0.key, true)?,
        };
        let answer = {
            let view = connection.transaction()?;
            f(&Reader::new(&view))
        };
        let mut readers = lock(&self.0.readers);
        if readers.len() < READERS {
            readers.push(connection);
        }
        answer
    }

    /// Runs `f` in one transaction, appends the audit entry, commits. The only way to change anything.
    ///
    /// # Errors
    /// What `f` answers, or SQLite; nothing is changed then.
    pub fn write<T>(&self, why: Why<'_>, f: impl FnOnce(&Writer<'_>) -> Result<T>) -> Result<Written<T>> {
        self.sure(self.write_once(why, f))
    }

    fn write_once<T>(&self, why: Why<'_>, f: impl FnOnce(&Writer<'_>) -> Result<T>) -> Result<Written<T>> {
        let mut connection = lock(&self.0.writer);
        mind_log(&connection)?;
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let last = recovered::last_op(&transaction)?;
        let (value, changed) = {
            let writer = Writer::new(&transaction, self.0.judge.as_ref(), why.at());
            let value = f(&writer)?;
            writer.file_changes()?;
            writer.keep_tally()?;
            writer.keep_joint()?;
            if let Why::Act(entry) = &why {
                writer.append_audit(entry)?;
            }
            (value, writer.into_changed())
        };
        let made = recovered::made_since(&transaction, last)?;
        let ids: Vec<String> =
            made.iter().flat_map(|saved| saved.ops.iter().map(|op| op.text("op_id").to_owned())).collect();
        if !made.is_empty() {
            self.0.journal.append(&made.into_iter().map(Note::Saved).collect::<Vec<_>>(), true)?;
        }
        let committed = transaction.commit();
        if !ids.is_empty() {
            let note = if committed.is_ok() { Note::Committed(ids) } else { Note::Void(ids) };
            // Without it the next opening looks at these ops once more; what was committed is so all the same.
            let _ = self.0.journal.append(&[note], false);
        }
        committed?;
        Ok(Written { value, changed })
    }

    /// Calls the file damaged only when it is: SQLite says so too when the disk did not give a page.
    fn sure<T>(&self, answer: Result<T>) -> Result<T> {
        let Err(StoreError::Damaged(why)) = answer else { return answer };
        disk_answers(&self.0.path)?;
        match self.integrity() {
            Ok(problems) if problems.is_empty() => Err(StoreError::NotRead(why)),
            Ok(_) | Err(StoreError::Damaged(_)) => Err(StoreError::Damaged(why)),
            Err(other) => Err(other),
        }
    }

    pub(crate) fn journal(&self) -> &Journal {
        &self.0.journal
    }

    pub(crate) fn seen(&self) -> MutexGuard<'_, Option<Seen>> {
        lock(&self.0.seen)
    }

    /// Runs `f` on the writing connection, as it is between two writes.
    pub(crate) fn look<T>(&self, f: impl FnOnce(&Reader<'_>) -> Result<T>) -> Result<T> {
        let mut connection = lock(&self.0.writer);
        let view = connection.transaction()?;
        f(&Reader::new(&view))
    }

    /// Runs `f` while nobody else, in this process or another, can change the store or its journal.
    pub(crate) fn hold<T>(&self, f: impl FnOnce(&Reader<'_>) -> Result<T>) -> Result<T> {
        let mut connection = lock(&self.0.writer);
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let answer = f(&Reader::new(&transaction));
        transaction.rollback()?;
        answer
    }

    /// The writing connection, for tests that take the room away.
    #[cfg(test)]
    pub(crate) fn with_writer<T>(&self, f: impl FnOnce(&Connection) -> T) -> T {
        f(&lock(&self.0.writer))
    }

    /// A number that moves only when another process has committed.
    ///
    /// # Errors
    /// SQLite.
    pub fn foreign_version(&self) -> Result<i64> {
        Ok(lock(&self.0.writer).query_row("PRAGMA data_version", [], |row| row.get(0))?)
    }

    /// Problems that SQLite and SQLCipher find in the file; empty when it is whole.
    ///
    /// # Errors
    /// SQLite.
    pub fn integrity(&self) -> Result<Vec<String>> {
        let connection = connect(&self.0.path, &self.0.key, true)?;
        copies::problems(&connection)
    }

    /// Bytes of the file and its write-ahead log.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        let size = |path: &Path| std::fs::metadata(path).map_or(0, |meta| meta.len());
        size(&self.0.path) + size(&beside(&self.0.path, "-wal"))
    }

    /// Moves the write-ahead log into the file.
    ///
    /// # Errors
    /// SQLite.
    pub fn checkpoint(&self) -> Result<()> {
        lock(&self.0.writer).query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        Ok(())
    }

    /// Writes an encrypted copy under the same key; it has its name only once it was found whole.
    ///
    /// # Errors
    /// [`StoreError::Exists`], or SQLite.
    pub fn back_up(&self, to: &Path) -> Result<()> {
        if to.exists() {
            return Err(StoreError::Exists);
        }
        copies::back_up(&connect(&self.0.path, &self.0.key, false)?, to, &self.0.key)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A panic while the lock was held has rolled its transaction back; the connection is sound.
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
