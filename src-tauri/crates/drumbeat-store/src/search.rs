//! Search over the names of deals, partners, accounts and registrations.

use drumbeat_model::crm::ObjectKind;
use drumbeat_model::today::SearchHit;
use rusqlite::{OptionalExtension, params};

use crate::filter;
use crate::open::Result;
use crate::reader::Reader;

impl Reader<'_> {
    /// Records whose names have these words; the last may be the beginning of one. Latest known first.
    ///
    /// # Errors
    /// SQLite.
    pub fn search(&self, typed: &str, limit: u32) -> Result<Vec<SearchHit>> {
        let Some(words) = filter::search_words(typed) else { return Ok(Vec::new()) };
        let limit = if limit == 0 { 20 } else { limit.min(100) };
        let mut statement = self
            .connection
            .prepare_cached("SELECT rowid FROM search WHERE search MATCH ?1 ORDER BY rowid DESC LIMIT ?2")?;
        let found: Vec<i64> =
            statement.query_map(params![words, limit], |row| row.get(0))?.collect::<std::result::Result<_, _>>()?;
        let mut hits = Vec::with_capacity(found.len());
        for place in found {
            let (kind, text) = match place % 4 {
                0 => {
                    (ObjectKind::Company, "SELECT id, name, coalesce(city, ''), is_partner FROM company WHERE row = ?1")
                }
                1 => (
                    ObjectKind::Deal,
                    "SELECT id, name, concat_ws(' · ', account_name, partner_name), 0 FROM deal WHERE row = ?1",
                ),
                _ => (
                    ObjectKind::Registration,
                    "SELECT id, company, concat_ws(' ', number, partner_name), 0 FROM registration WHERE row = ?1",
                ),
            };
            let hit = self
                .connection
                .prepare_cached(text)?
                .query_row([place / 4], |row| {
                    Ok(SearchHit {
                        kind,
                        id: row.get(0)?,
                        title: row.get(1)?,
                        subtitle: row.get(2)?,
                        is_partner: row.get(3)?,
                    })
                })
                .optional()?;
            hits.extend(hit);
        }
        // Partners and accounts are few and meant most often.
        hits.sort_by_key(|hit| match (hit.kind, hit.is_partner) {
            (_, true) => 0,
            (ObjectKind::Registration, _) => 1,
            (ObjectKind::Company, _) => 2,
            _ => 3,
        });
        Ok(hits)
    }
}
