//! Search over the names of deals, partners, accounts and registrations.

use drumbeat_model::crm::ObjectKind;
use drumbeat_model::today::SearchHit;
use rusqlite::params;

use crate::filter;
use crate::open::Result;
use crate::reader::{Reader, kind_of};

impl Reader<'_> {
    /// Records whose names have these words; the last may be the beginning of one. Latest known first.
    ///
    /// # Errors
    /// SQLite.
    pub fn search(&self, typed: &str, limit: u32) -> Result<Vec<SearchHit>> {
        let Some(words) = filter::search_words(typed) else { return Ok(Vec::new()) };
        let limit = if limit == 0 { 20 } else { limit.min(100) };
        let mut statement = self.connection.prepare_cached(
            "SELECT search.kind, search.id, search.title, search.subtitle,
                    search.kind = 1 AND EXISTS (SELECT 1 FROM company WHERE company.id = search.id AND is_partner = 1) AS is_partner
             FROM search WHERE search MATCH ?1 ORDER BY rowid DESC LIMIT ?2",
        )?;
        let mut rows = statement.query(params![words, limit])?;
        let mut hits = Vec::new();
        while let Some(row) = rows.next()? {
            let kind: ObjectKind = kind_of(row.get(0)?)?;
            hits.push(SearchHit { kind, id: row.get(1)?, title: row.get(2)?, subtitle: row.get(3)?, is_partner: row.get(4)? });
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
