//! Taking in the first scan of a kind: rows at once, their indexes and search entries at the end.
//!
//! Keeping a dozen indexes in order, page by page in an encrypted file, costs several times what the
//! rows do. While the first scan of a kind is under way its secondary indexes are gone and nothing of
//! it is searchable; lists show what has come all the same, only by a longer way. What was put aside is
//! kept by name in the file, in the same transactions, so that a stop anywhere leaves a file that
//! answers rightly and that the next scan, or a rebuild, completes.

use std::collections::BTreeSet;

use drumbeat_model::crm::ObjectKind;

use crate::connection::CACHE;
use crate::open::Result;
use crate::projection::{search_slot, table_of};
use crate::reader::{code, json};
use crate::writer::Writer;

/// Pages that are held while a kind's indexes are built, in KiB below nought.
const WIDE: &str = "PRAGMA cache_size = -160000;";

fn name(kind: ObjectKind) -> String {
    format!("bulk.{}", kind.name())
}

impl Writer<'_> {
    /// Puts a kind's indexes and search entries off until [`Writer::finish_bulk`], when nothing of the
    /// kind is known yet; otherwise does nothing.
    ///
    /// # Errors
    /// SQLite.
    pub fn begin_bulk(&self, kind: ObjectKind) -> Result<()> {
        let known: bool =
            self.connection
                .query_row("SELECT EXISTS (SELECT 1 FROM mirror WHERE kind = ?1)", [code(kind)], |row| row.get(0))?;
        if known || self.is_bulk(kind)? { Ok(()) } else { self.put_off(kind) }
    }

    /// Builds what [`Writer::begin_bulk`] has put off; does nothing when there is nothing to do.
    ///
    /// # Errors
    /// SQLite.
    pub fn finish_bulk(&self, kind: ObjectKind) -> Result<()> {
        let Some(text) = self.cursor(&name(kind))? else { return Ok(()) };
        // Each index is a walk over all rows: they are deciphered once where they have room.
        self.connection.execute_batch(WIDE)?;
        let done = self.build(kind, &text);
        self.connection.execute_batch(&format!("{CACHE} PRAGMA shrink_memory;"))?;
        done
    }

    fn build(&self, kind: ObjectKind, text: &str) -> Result<()> {
        self.fill_search(kind)?;
        let statements: Vec<String> = json("value", "bulk", text)?;
        for statement in statements {
            // A newer version has made it by now, in another shape.
            if !self.has_index(statement.split_whitespace().nth(2).unwrap_or_default())? {
                self.connection.execute_batch(&statement)?;
            }
        }
        // After the indexes, which the rows to file are found by.
        self.build_index(kind)?;
        self.clear_cursor(&name(kind))?;
        *self.bulk.borrow_mut() = None;
        if matches!(kind, ObjectKind::Company | ObjectKind::Deal) {
            self.all_joint()?;
        }
        if kind == ObjectKind::Deal { self.add_up() } else { Ok(()) }
    }

    pub(crate) fn put_off(&self, kind: ObjectKind) -> Result<()> {
        // Nothing is marked meanwhile: all accounts are judged when it is over.
        self.unjudge()?;
        let mut found: Vec<(String, String)> = Vec::new();
        // Links of deals are many and each goes to another place of the index that leads back.
        let links = (kind == ObjectKind::Deal).then_some("link");
        if search_slot(kind).is_some() {
            for table in table_of(kind).into_iter().chain(links) {
                let mut statement = self
                    .connection
                    .prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = ?1 AND sql IS NOT NULL ORDER BY name")?;
                let rows = statement.query_map([table], |row| Ok((row.get(0)?, row.get(1)?)))?;
                found.extend(rows.collect::<std::result::Result<Vec<_>, _>>()?);
            }
        }
        for (index, _) in &found {
            self.connection.execute_batch(&format!("DROP INDEX {index}"))?;
        }
        let statements: Vec<&String> = found.iter().map(|(_, sql)| sql).collect();
        self.set_cursor(&name(kind), &serde_json::to_string(&statements)?)?;
        *self.bulk.borrow_mut() = None;
        if kind == ObjectKind::Deal { self.forget_tally() } else { Ok(()) }
    }

    /// Whether a kind's indexes and search entries are put off.
    pub(crate) fn is_bulk(&self, kind: ObjectKind) -> Result<bool> {
        if let Some(kinds) = self.bulk.borrow().as_ref() {
            return Ok(kinds.contains(&kind));
        }
        let mut kinds = BTreeSet::new();
        for kind in ObjectKind::ALL {
            if self.cursor(&name(*kind))?.is_some() {
                kinds.insert(*kind);
            }
        }
        let answer = kinds.contains(&kind);
        *self.bulk.borrow_mut() = Some(kinds);
        Ok(answer)
    }
}
