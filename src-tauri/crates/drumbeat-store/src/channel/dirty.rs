//! What has changed since it was judged last, and what is to be looked at again because days have passed.
//!
//! While a kind is read for the first time, or everything shown is made anew, nothing is marked: then all accounts are
//! judged once when that is over. So a mark costs a first sync nothing.

use drumbeat_model::crm::ObjectKind;
use drumbeat_model::time::Instant;
use rusqlite::{OptionalExtension, params};

use crate::open::Result;
use crate::reader::{Reader, ms};
use crate::writer::Writer;

/// The node of a company.
#[must_use]
pub(crate) fn company(id: &str) -> String {
    format!("c{id}")
}

/// The node of a registration.
#[must_use]
pub(crate) fn registration(id: &str) -> String {
    format!("r{id}")
}

impl Reader<'_> {
    /// Nodes to judge: marked ones, and those whose time has come; with whether their name changed, these first, so that
    /// nobody is judged with them under an old name.
    ///
    /// # Errors
    /// SQLite.
    pub fn channel_waiting(&self, now: Instant, limit: u32) -> Result<Vec<(String, bool)>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT node, is_renamed FROM channel_dirty
             UNION ALL SELECT root, 0 FROM channel_again WHERE at <= ?1 ORDER BY 2 DESC, 1 LIMIT ?2",
        )?;
        let rows = statement.query_map(params![ms(now), limit], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<std::result::Result<_, _>>()?)
    }

    /// Whether one of these nodes has changed since it was judged last.
    ///
    /// # Errors
    /// SQLite.
    pub fn channel_marked(&self, nodes: &[String]) -> Result<bool> {
        let mut statement =
            self.connection.prepare_cached("SELECT EXISTS (SELECT 1 FROM channel_dirty WHERE node = ?1)")?;
        for node in nodes {
            if statement.query_row([node], |row| row.get(0))? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// How many nodes wait to be judged.
    ///
    /// # Errors
    /// SQLite.
    pub fn channel_waiting_count(&self, now: Instant) -> Result<u32> {
        Ok(self.connection.query_row(
            "SELECT (SELECT count(*) FROM channel_dirty) + (SELECT count(*) FROM channel_again WHERE at <= ?1)",
            [ms(now)],
            |row| row.get(0),
        )?)
    }
}

impl Writer<'_> {
    /// Marks the node of a company as changed.
    pub(crate) fn mark_company(&self, id: Option<&str>) -> Result<()> {
        match id {
            Some(id) if !self.is_bulk(ObjectKind::Company)? => {
                self.weighed.borrow_mut().insert(id.to_owned());
                self.mark(&company(id), false)
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Marks the node of a registration as changed.
    pub(crate) fn mark_registration(&self, id: &str) -> Result<()> {
        if self.is_bulk(ObjectKind::Registration)? { Ok(()) } else { self.mark(&registration(id), false) }
    }

    /// Marks a company or registration whose name, domain or place changed.
    pub(crate) fn mark_renamed(&self, kind: ObjectKind, id: &str) -> Result<()> {
        match kind {
            ObjectKind::Company => self.mark(&company(id), true),
            ObjectKind::Registration => self.mark(&registration(id), true),
            _ => Ok(()),
        }
    }

    /// Marks nodes as changed: whatever was found out of them before this moment counts for nothing.
    ///
    /// # Errors
    /// SQLite.
    pub fn channel_mark(&self, nodes: &[String]) -> Result<()> {
        nodes.iter().try_for_each(|node| self.mark(node, false))
    }

    fn mark(&self, node: &str, renamed: bool) -> Result<()> {
        self.connection
            .prepare_cached(
                "INSERT INTO channel_dirty (node, is_renamed) VALUES (?1, ?2)
                 ON CONFLICT (node) DO UPDATE SET is_renamed = max(is_renamed, excluded.is_renamed)",
            )?
            .execute(params![node, renamed])?;
        Ok(())
    }

    /// The account of a deal as it is shown now, before its row changes.
    pub(crate) fn shown_account(&self, deal: &str) -> Result<Option<String>> {
        let mut statement = self.connection.prepare_cached("SELECT account FROM deal WHERE id = ?1")?;
        Ok(statement.query_row([deal], |row| row.get(0)).optional()?.flatten())
    }

    /// Marks the accounts of a deal, before and after its row has changed.
    pub(crate) fn mark_deal(&self, before: Option<&str>, after: Option<&str>) -> Result<()> {
        if self.is_bulk(ObjectKind::Deal)? {
            return Ok(());
        }
        self.mark_company(before)?;
        if before == after { Ok(()) } else { self.mark_company(after) }
    }

    /// Marks what a contact is linked with before its links change: what it leaves is judged too. Other kinds say
    /// themselves what they were on.
    pub(crate) fn mark_left(&self, kind: ObjectKind, id: &str) -> Result<()> {
        use ObjectKind::{Call, Email, Meeting, Note, Task};
        if matches!(kind, Task | Note | Meeting | Call | Email) { self.mark_contact(kind, id) } else { Ok(()) }
    }

    /// Marks what a contact is linked with.
    pub(crate) fn mark_contact(&self, kind: ObjectKind, id: &str) -> Result<()> {
        if self.is_bulk(kind)? {
            return Ok(());
        }
        for link in self.mirrored_links(kind, id)? {
            match link.to {
                ObjectKind::Company => self.mark_company(Some(&link.id))?,
                ObjectKind::Deal => self.mark_company(self.shown_account(&link.id)?.as_deref())?,
                _ => {}
            }
        }
        Ok(())
    }

    /// Keeps the account that a company belongs to in its group.
    pub(crate) fn put_parent(&self, child: &str, parent: Option<&str>) -> Result<()> {
        let before: Option<String> = self
            .connection
            .prepare_cached("SELECT parent FROM channel_parent WHERE child = ?1")?
            .query_row([child], |row| row.get(0))
            .optional()?;
        if before.as_deref() == parent {
            return Ok(());
        }
        // The group that it leaves is judged too.
        self.mark_company(before.as_deref())?;
        self.mark_company(parent)?;
        match parent {
            Some(parent) => self
                .connection
                .prepare_cached("INSERT INTO channel_parent (child, parent) VALUES (?1, ?2) ON CONFLICT (child) DO UPDATE SET parent = excluded.parent")?
                .execute(params![child, parent])?,
            None => {
                self.connection.prepare_cached("DELETE FROM channel_parent WHERE child = ?1")?.execute([child])?
            }
        };
        Ok(())
    }

    /// Nodes that have been judged as one account on this view: they are no longer marked, unless it is still to be
    /// asked who is alike.
    ///
    /// # Errors
    /// SQLite.
    pub fn channel_unmark(&self, nodes: &[String]) -> Result<()> {
        let mut unmark =
            self.connection.prepare_cached("DELETE FROM channel_dirty WHERE node = ?1 AND is_renamed = 0")?;
        nodes.iter().try_for_each(|node| unmark.execute([node]).map(drop))?;
        Ok(())
    }

    /// Keeps what counted as one account when it was judged, and when to look again.
    ///
    /// # Errors
    /// SQLite.
    pub fn channel_settle(&self, nodes: &[String], again: Option<Instant>) -> Result<()> {
        let Some(root) = nodes.first() else { return Ok(()) };
        for node in nodes {
            self.connection.prepare_cached("DELETE FROM channel_node WHERE node = ?1")?.execute([node])?;
            self.connection.prepare_cached("DELETE FROM channel_again WHERE root = ?1")?.execute([node])?;
            if nodes.len() > 1 {
                self.connection
                    .prepare_cached("INSERT INTO channel_node (node, root) VALUES (?1, ?2)")?
                    .execute([node, root])?;
            }
        }
        if let Some(at) = again {
            self.connection
                .prepare_cached("INSERT INTO channel_again (root, at) VALUES (?1, ?2)")?
                .execute(params![root, ms(at)])?;
        }
        Ok(())
    }
}
