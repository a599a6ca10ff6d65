//! What the rail and the filters ask of the findings as they are kept: along the list's index, without a pass.

use drumbeat_model::channel::{ChannelCounts, Severity};
use drumbeat_model::time::Instant;
use rusqlite::params;

use super::Event;
use crate::open::Result;
use crate::reader::{Reader, instant, ms};

impl Reader<'_> {
    /// Open findings that are no early signs, by severity: read from the index of the list alone.
    ///
    /// # Errors
    /// SQLite.
    pub fn conflict_counts(&self) -> Result<ChannelCounts> {
        let mut statement = self.connection.prepare_cached(
            "SELECT (rank > ?1) + (rank > ?2), count(*) FROM channel_conflict
             WHERE is_open = 1 AND is_sign = 0 GROUP BY 1",
        )?;
        let least = |severity: Severity| 100 - i64::from(severity.from());
        let mut rows = statement.query(params![least(Severity::High), least(Severity::Medium)])?;
        let mut counts = ChannelCounts::default();
        while let Some(row) = rows.next()? {
            let count = row.get(1)?;
            match row.get::<_, u32>(0)? {
                0 => counts.high = count,
                1 => counts.medium = count,
                _ => counts.low = count,
            }
        }
        Ok(counts)
    }

    /// What happened of one kind with findings since a moment, latest first.
    ///
    /// # Errors
    /// SQLite.
    pub fn conflict_events_since(&self, what: &str, since: Instant, limit: u32) -> Result<Vec<(String, Event)>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT conflict, at, text, by FROM channel_event WHERE what = ?1 AND at >= ?2 ORDER BY at DESC, id DESC LIMIT ?3",
        )?;
        let rows = statement.query_map(params![what, ms(since), limit], |row| {
            let event = Event { at: instant(row.get(1)?), what: what.to_owned(), text: row.get(2)?, by: row.get(3)? };
            Ok((row.get(0)?, event))
        })?;
        Ok(rows.collect::<std::result::Result<_, _>>()?)
    }

    /// Regions that occur among open findings, each once, in order.
    ///
    /// # Errors
    /// SQLite.
    pub fn conflict_regions(&self) -> Result<Vec<String>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT region FROM channel_conflict WHERE is_open = 1 AND is_sign IN (0, 1) AND region IS NOT NULL
             GROUP BY region COLLATE NOCASE ORDER BY region COLLATE NOCASE",
        )?;
        let regions = statement.query_map([], |row| row.get(0))?;
        Ok(regions.collect::<std::result::Result<_, _>>()?)
    }
}
