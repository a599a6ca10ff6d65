//! Who is surely the same company under another spelling: asked once for each node and kept both ways.
//!
//! The one hard idea: only sure matches join accounts, and those are found along a few short lists of the matching
//! index ([`drumbeat_match::sure`]). How often a word stands in the index is asked again and again, and who is asked about
//! in the order of the names meets the same records again: both are remembered for as long as one asks, so names must not
//! change meanwhile. Callers rely on asking changing nothing; what was found is put by [`Writer::put_sure`]. What a sure match is, is the matcher's to say.

use std::cell::RefCell;
use std::collections::HashMap;

use drumbeat_match::index::{Id, TOO_COMMON};
use drumbeat_match::sure::sure;
use drumbeat_match::{Index, Profile, Term};
use rusqlite::OptionalExtension;

use super::dirty;
use super::together::parts;
use crate::error::StoreError;
use crate::matching::{Filed, Levels};
use crate::open::Result;
use crate::reader::Reader;
use crate::writer::Writer;

/// Words whose frequency is remembered at most.
const REMEMBERED: usize = 100_000;
/// Records that are remembered as they are compared, at most: enough for those who are asked about one after another
/// under one name.
const PROFILES: usize = 4_000;

/// One kind of record, as far as it was asked about.
struct Asked {
    filed: Filed,
    levels: Levels,
    counts: RefCell<HashMap<u64, u64>>,
    profiles: RefCell<HashMap<Id, Option<Profile>>>,
}

/// Asks for sure matches in one view of the store.
pub struct Asking<'r, 'c> {
    reader: &'r Reader<'c>,
    kinds: [Asked; 2],
}

/// The index over one kind, in one view.
struct Lists<'a, 'r, 'c> {
    reader: &'r Reader<'c>,
    asked: &'a Asked,
}

impl Index for Lists<'_, '_, '_> {
    type Error = StoreError;

    fn records(&self) -> Result<u64> {
        Ok(self.asked.levels.records)
    }

    fn frequency(&self, term: Term) -> Result<u64> {
        if let Some(count) = self.asked.counts.borrow().get(&term.0) {
            return Ok(*count);
        }
        let entry = self.reader.entry(self.asked.filed, &self.asked.levels, term.0)?;
        let count = entry.count().max(0).unsigned_abs();
        let mut counts = self.asked.counts.borrow_mut();
        if counts.len() >= REMEMBERED {
            counts.clear();
        }
        counts.insert(term.0, count);
        Ok(count)
    }

    fn postings(&self, term: Term) -> Result<(u64, Option<Vec<Id>>)> {
        let entry = self.reader.entry(self.asked.filed, &self.asked.levels, term.0)?;
        let count = entry.count().max(0).unsigned_abs();
        let short = entry.unlisted == 0 && entry.come.len() <= TOO_COMMON;
        Ok((count, short.then_some(entry.come)))
    }

    fn profile(&self, id: Id) -> Result<Option<Profile>> {
        if let Some(known) = self.asked.profiles.borrow().get(&id) {
            return Ok(known.clone());
        }
        let profile = self.reader.line(self.asked.filed, "row", &id)?.map(|line| line.profile());
        let mut profiles = self.asked.profiles.borrow_mut();
        if profiles.len() >= PROFILES {
            profiles.clear();
        }
        profiles.insert(id, profile.clone());
        Ok(profile)
    }
}

impl<'r, 'c> Asking<'r, 'c> {
    /// Nodes that are surely the company of a node, without it; none for a partner's own record.
    ///
    /// # Errors
    /// SQLite, or a row that does not read.
    pub fn who(&self, node: &str) -> Result<Vec<String>> {
        let Some((own, row, profile)) = self.reader.channel_profile(node)? else { return Ok(Vec::new()) };
        let mut all = Vec::new();
        for asked in &self.kinds {
            let but = (asked.filed == own).then_some(row);
            for id in sure(&Lists { reader: self.reader, asked }, &profile, but)? {
                let Some(line) = self.reader.line(asked.filed, "row", &id)? else { continue };
                let other = match asked.filed {
                    Filed::Accounts => dirty::company(&line.id),
                    Filed::Claims => dirty::registration(&line.id),
                    // A deal is no node: its account is.
                    Filed::Deals => continue,
                };
                if !self.reader.is_partner_node(&other)? {
                    all.push(other);
                }
            }
        }
        Ok(all)
    }
}

impl<'c> Reader<'c> {
    /// Begins to ask for sure matches.
    ///
    /// # Errors
    /// SQLite.
    pub fn channel_asking(&self) -> Result<Asking<'_, 'c>> {
        let of = |filed: Filed| -> Result<Asked> {
            let levels = self.levels(filed)?.unwrap_or_default();
            Ok(Asked { filed, levels, counts: RefCell::default(), profiles: RefCell::default() })
        };
        Ok(Asking { reader: self, kinds: [of(Filed::Accounts)?, of(Filed::Claims)?] })
    }

    /// A node as matching sees it, with where it is filed; nothing for a partner's own record.
    fn channel_profile(&self, node: &str) -> Result<Option<(Filed, Id, Profile)>> {
        let (is_company, id) = parts(node);
        if self.is_partner_node(node)? {
            return Ok(None);
        }
        let filed = if is_company { Filed::Accounts } else { Filed::Claims };
        let line = self.line(filed, "id", &id)?;
        Ok(line.map(|line| (filed, line.row, line.profile())))
    }

    fn is_partner_node(&self, node: &str) -> Result<bool> {
        let (is_company, id) = parts(node);
        if !is_company {
            return Ok(false);
        }
        let mut statement = self.connection.prepare_cached("SELECT is_partner FROM company WHERE id = ?1")?;
        Ok(statement.query_row([id], |row| row.get(0)).optional()?.unwrap_or(false))
    }

    /// Whether it was asked who is alike.
    ///
    /// # Errors
    /// SQLite.
    pub fn channel_asked(&self, node: &str) -> Result<bool> {
        let mut statement =
            self.connection.prepare_cached("SELECT EXISTS (SELECT 1 FROM channel_asked WHERE node = ?1)")?;
        Ok(statement.query_row([node], |row| row.get(0))?)
    }
}

impl Writer<'_> {
    /// Forgets who was alike with a node that has another name now, and names them: what they were asked may be why.
    ///
    /// # Errors
    /// SQLite.
    pub fn forget_sure(&self, node: &str) -> Result<Vec<String>> {
        let mut statement = self.connection.prepare_cached("SELECT other FROM channel_alike WHERE node = ?1")?;
        let others = statement.query_map([node], |row| row.get(0))?.collect::<std::result::Result<_, _>>()?;
        for statement in [
            "DELETE FROM channel_alike WHERE node = ?1 OR other = ?1 AND node IN (SELECT other FROM channel_alike WHERE node = ?1)",
            "UPDATE channel_dirty SET is_renamed = 0 WHERE node = ?1",
        ] {
            self.connection.prepare_cached(statement)?.execute([node])?;
        }
        Ok(others)
    }

    /// Keeps who is surely the company of a node, both ways.
    ///
    /// # Errors
    /// SQLite.
    pub fn put_sure(&self, node: &str, others: &[String]) -> Result<()> {
        self.connection
            .prepare_cached("INSERT INTO channel_asked (node) VALUES (?1) ON CONFLICT DO NOTHING")?
            .execute([node])?;
        let mut put = self
            .connection
            .prepare_cached("INSERT INTO channel_alike (node, other) VALUES (?1, ?2) ON CONFLICT DO NOTHING")?;
        for other in others {
            put.execute([node, other])?;
            put.execute([other, node])?;
        }
        Ok(())
    }
}
