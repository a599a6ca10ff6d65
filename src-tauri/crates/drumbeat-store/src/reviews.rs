//! Reviews and packs: kept whole, one row each.

use drumbeat_model::ids::ReviewId;
use drumbeat_model::pack::PackMade;
use drumbeat_model::review::{ItemState, Review, ReviewRow};
use drumbeat_model::time::Instant;
use rusqlite::{OptionalExtension, params};

use crate::error::StoreError;
use crate::open::Result;
use crate::reader::{Reader, json, ms};
use crate::writer::{Touched, Writer};

impl Reader<'_> {
    /// One review.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], or a row that does not read.
    pub fn review(&self, id: &ReviewId) -> Result<Review> {
        let body: Option<String> = self
            .connection
            .query_row("SELECT body FROM review WHERE id = ?1", [id.as_str()], |row| row.get(0))
            .optional()?;
        let body = body.ok_or_else(|| StoreError::NotFound { what: "review", id: id.0.clone() })?;
        json("review", id.as_str(), &body)
    }

    /// All reviews, latest first.
    ///
    /// # Errors
    /// SQLite, or a row that does not read.
    pub fn reviews(&self) -> Result<Vec<ReviewRow>> {
        let mut statement =
            self.connection.prepare_cached("SELECT id, body FROM review ORDER BY started_at DESC LIMIT 100")?;
        let mut rows = statement.query([])?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            let id: String = row.get(0)?;
            all.push(summary(&json("review", &id, &row.get::<_, String>(1)?)?));
        }
        Ok(all)
    }

    /// The review that started last before another; the last of all when none is named.
    ///
    /// # Errors
    /// SQLite, or a row that does not read.
    pub fn review_before(&self, than: Option<(Instant, &ReviewId)>) -> Result<Option<Review>> {
        let (at, id) = than.map_or((i64::MAX, ""), |(at, id)| (ms(at), id.as_str()));
        let mut statement = self.connection.prepare_cached(
            "SELECT id, body FROM review WHERE (started_at, id) < (?1, ?2) ORDER BY started_at DESC, id DESC LIMIT 1",
        )?;
        let found: Option<(String, String)> =
            statement.query_row(params![at, id], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        found.map(|(id, body)| json("review", &id, &body)).transpose()
    }

    /// Packs that were written, latest first.
    ///
    /// # Errors
    /// SQLite, or a row that does not read.
    pub fn packs(&self, limit: u32) -> Result<Vec<PackMade>> {
        let mut statement =
            self.connection.prepare_cached("SELECT id, body FROM pack ORDER BY at DESC, id DESC LIMIT ?1")?;
        let mut rows = statement.query([limit])?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            all.push(json("pack", &row.get::<_, i64>(0)?.to_string(), &row.get::<_, String>(1)?)?);
        }
        Ok(all)
    }
}

/// The line that a list shows of a review.
#[must_use]
pub fn summary(review: &Review) -> ReviewRow {
    let count = |items: usize| u32::try_from(items).unwrap_or(u32::MAX);
    ReviewRow {
        id: review.id.clone(),
        template: review.template,
        started_at: review.started_at,
        finished_at: review.finished_at,
        items: count(review.items.len()),
        settled: count(review.items.iter().filter(|item| item.state != ItemState::Open).count()),
    }
}

impl Writer<'_> {
    /// Keeps a review as it is now.
    ///
    /// # Errors
    /// SQLite.
    pub fn put_review(&self, review: &Review) -> Result<()> {
        self.touch(Touched::Review);
        self.connection.execute(
            "INSERT INTO review (id, started_at, finished_at, body) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (id) DO UPDATE SET finished_at = excluded.finished_at, body = excluded.body",
            params![
                review.id.as_str(),
                ms(review.started_at),
                review.finished_at.map(ms),
                serde_json::to_string(review)?
            ],
        )?;
        Ok(())
    }

    /// Remembers a pack that was written.
    ///
    /// # Errors
    /// SQLite.
    pub fn put_pack(&self, pack: &PackMade) -> Result<()> {
        self.touch(Touched::Pack);
        self.connection.execute(
            "INSERT INTO pack (at, body) VALUES (?1, ?2)",
            params![ms(pack.at), serde_json::to_string(pack)?],
        )?;
        Ok(())
    }
}
