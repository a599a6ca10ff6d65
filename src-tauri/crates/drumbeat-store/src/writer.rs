//! The writing side of a transaction. Remembers by itself what it touched.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::ops::Deref;

use drumbeat_model::crm::{ObjectKind, Schema};
use drumbeat_model::mapping::Mapping;
use drumbeat_model::time::Instant;
use foldhash::HashMap;
use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;

use crate::judge::Judge;
use crate::open::Result;
use crate::reader::{Reader, ms};

/// Kinds of data that a write can touch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Touched {
    /// Deals.
    Deal,
    /// Partners, accounts, certificates.
    Partner,
    /// Registrations.
    Registration,
    /// Tasks, notes, meetings, calls, e-mails.
    Touch,
    /// Decisions, ops, messages.
    Outbox,
    /// Reviews.
    Review,
    /// Packs.
    Pack,
    /// The audit trail.
    Audit,
    /// Schema, mapping, settings.
    Workspace,
    /// Channel conflicts.
    ChannelConflict,
}

impl Touched {
    /// What a record of this kind belongs to.
    #[must_use]
    pub fn of(kind: ObjectKind) -> Self {
        match kind {
            ObjectKind::Company | ObjectKind::Certification | ObjectKind::Contact => Touched::Partner,
            ObjectKind::Registration => Touched::Registration,
            ObjectKind::Deal => Touched::Deal,
            ObjectKind::Task | ObjectKind::Note | ObjectKind::Meeting | ObjectKind::Call | ObjectKind::Email => {
                Touched::Touch
            }
        }
    }
}

/// Everything that can be changed, inside one transaction.
pub struct Writer<'c> {
    reader: Reader<'c>,
    pub(crate) judge: &'c dyn Judge,
    pub(crate) at: Instant,
    changed: RefCell<BTreeSet<Touched>>,
    /// Kinds whose indexes are put off, once asked for.
    pub(crate) bulk: RefCell<Option<BTreeSet<ObjectKind>>>,
    /// The mark that rows of deals are kept for, once asked for.
    pub(crate) mark: Cell<Option<Option<u32>>>,
    /// Terms of the matching index that change with this transaction.
    pub(crate) matching: RefCell<crate::matching::Changed>,
    /// Sums of deals that change with this transaction.
    pub(crate) tally: RefCell<crate::tally::Changes>,
    /// Companies that may have been won by somebody else now.
    pub(crate) weighed: RefCell<BTreeSet<String>>,
    /// Names of companies that were asked for, by id.
    pub(crate) companies: RefCell<HashMap<String, Option<String>>>,
}

impl<'c> Deref for Writer<'c> {
    type Target = Reader<'c>;
    fn deref(&self) -> &Reader<'c> {
        &self.reader
    }
}

impl<'c> Writer<'c> {
    pub(crate) fn new(connection: &'c Connection, judge: &'c dyn Judge, at: Instant) -> Self {
        Self {
            reader: Reader::new(connection),
            judge,
            at,
            changed: RefCell::new(BTreeSet::new()),
            bulk: RefCell::new(None),
            mark: Cell::new(None),
            matching: RefCell::default(),
            tally: RefCell::default(),
            weighed: RefCell::default(),
            companies: RefCell::default(),
        }
    }

    pub(crate) fn touch(&self, what: Touched) {
        self.changed.borrow_mut().insert(what);
    }

    pub(crate) fn into_changed(self) -> BTreeSet<Touched> {
        self.changed.into_inner()
    }

    /// Keeps a small value by name.
    ///
    /// # Errors
    /// SQLite.
    pub fn set_cursor(&self, name: &str, text: &str) -> Result<()> {
        self.connection
            .prepare_cached(
                "INSERT INTO value (name, text) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET text = excluded.text",
            )?
            .execute(params![name, text])?;
        Ok(())
    }

    /// Forgets a small value.
    ///
    /// # Errors
    /// SQLite.
    pub fn clear_cursor(&self, name: &str) -> Result<()> {
        self.connection.execute("DELETE FROM value WHERE name = ?1", [name])?;
        Ok(())
    }

    /// Keeps a value by name as JSON; counts as a change of the workspace.
    ///
    /// # Errors
    /// SQLite, or a value that JSON cannot hold.
    pub fn put_value<T: Serialize>(&self, name: &str, value: &T) -> Result<()> {
        self.touch(Touched::Workspace);
        self.set_cursor(name, &serde_json::to_string(value)?)
    }

    /// Keeps the CRM's schema.
    ///
    /// # Errors
    /// SQLite.
    pub fn put_schema(&self, schema: &Schema) -> Result<()> {
        if self.schema()?.as_ref() == Some(schema) {
            return Ok(());
        }
        let was = self.cursor("currency")?;
        self.set_cursor("currency", &schema.currency)?;
        self.forget_home();
        self.put_value("schema", schema)?;
        self.count_setup()?;
        // Everything that is kept in the account's own currency is in another now.
        if was.is_some_and(|was| was != schema.currency) { self.rebuild() } else { Ok(()) }
    }

    fn count_setup(&self) -> Result<()> {
        self.set_cursor("setup_version", &(self.setup_version()? + 1).to_string())
    }

    /// Makes everything that is shown anew from the mirror and the pending changes, e.g. under another policy.
    ///
    /// # Errors
    /// SQLite, or a mirrored row that does not read.
    pub fn rebuild(&self) -> Result<()> {
        self.rebuild_projections()
    }

    /// Takes a mapping into force and rebuilds what is shown.
    ///
    /// # Errors
    /// SQLite, or a mirrored row that does not read.
    pub fn put_mapping(&self, mapping: &Mapping) -> Result<()> {
        self.put_value("mapping", mapping)?;
        self.count_setup()?;
        self.forget_mapping();
        self.rebuild()
    }

    /// Becomes the one sender of this workspace; the epoch tells an older one that it is over (I29).
    ///
    /// # Errors
    /// SQLite.
    pub fn take_lease(&self, holder: &str, now: Instant) -> Result<u64> {
        self.connection.execute(
            "INSERT INTO lease (one, epoch, holder, at) VALUES (1, 1, ?1, ?2)
             ON CONFLICT (one) DO UPDATE SET epoch = epoch + 1, holder = excluded.holder, at = excluded.at",
            params![holder, ms(now)],
        )?;
        self.lease()
    }
}

impl Reader<'_> {
    /// The epoch of the present sender; 0 when nobody has ever sent.
    ///
    /// # Errors
    /// SQLite.
    pub fn lease(&self) -> Result<u64> {
        let epoch: Option<i64> =
            self.connection.query_row("SELECT epoch FROM lease", [], |row| row.get(0)).optional()?;
        Ok(epoch.and_then(|epoch| u64::try_from(epoch).ok()).unwrap_or(0))
    }
}
