//! Which accounts are one group: the one above, those beside, those below, as the CRM has parents.
//!
//! A holding with very many accounts says nothing about two of them: of such a one only the parent counts.

use crate::open::Result;
use crate::reader::Reader;

/// A parent with more accounts than this makes no group.
const MOST: usize = 25;

impl Reader<'_> {
    /// The other accounts of an account's group with their names, the parent first.
    ///
    /// # Errors
    /// SQLite.
    pub fn group_of(&self, account: &str) -> Result<Vec<(String, String)>> {
        let named = |sql: &str| -> Result<Vec<(String, String)>> {
            let mut statement = self.connection.prepare_cached(sql)?;
            let rows = statement.query_map([account], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok(rows.collect::<std::result::Result<_, _>>()?)
        };
        let mut all = named(
            "SELECT company.id, company.name FROM channel_parent JOIN company ON company.id = parent WHERE child = ?1",
        )?;
        for sql in [
            "SELECT company.id, company.name FROM channel_parent AS ours JOIN channel_parent AS other ON other.parent = ours.parent
             JOIN company ON company.id = other.child WHERE ours.child = ?1 AND other.child <> ?1 ORDER BY other.child LIMIT 26",
            "SELECT company.id, company.name FROM channel_parent JOIN company ON company.id = child WHERE parent = ?1
             ORDER BY child LIMIT 26",
        ] {
            let found = named(sql)?;
            if found.len() <= MOST {
                all.extend(found.into_iter().filter(|(id, _)| id != account));
            }
        }
        Ok(all)
    }

    /// Ids of registrations that name an account, oldest first.
    ///
    /// # Errors
    /// SQLite.
    pub fn registrations_naming(&self, account: &str) -> Result<Vec<String>> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT id FROM registration WHERE account = ?1 ORDER BY submitted_at, id LIMIT 20")?;
        let ids = statement.query_map([account], |row| row.get(0))?;
        Ok(ids.collect::<std::result::Result<_, _>>()?)
    }
}
