//! Totals of the mirror, for comparing them with the CRM's own.

use std::collections::BTreeMap;

use drumbeat_model::crm::ObjectKind;
use drumbeat_model::time::Instant;
use rusqlite::params;

use crate::open::Result;
use crate::reader::{Reader, code, ms};

/// How many deals are in each stage of each pipeline.
pub type StageTotals = BTreeMap<(String, String), u64>;

impl Reader<'_> {
    /// Shows the id of every living mirrored record of a kind.
    ///
    /// # Errors
    /// SQLite.
    pub fn each_living(&self, kind: ObjectKind, mut show: impl FnMut(&str)) -> Result<()> {
        let mut statement = self.connection.prepare_cached("SELECT crm_id FROM mirror WHERE kind = ?1 AND gone = 0")?;
        let mut rows = statement.query([code(kind)])?;
        while let Some(row) = rows.next()? {
            show(row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?);
        }
        Ok(())
    }

    /// How many living mirrored records of a kind have changed in the CRM after a moment.
    ///
    /// # Errors
    /// SQLite.
    pub fn changed_after(&self, kind: ObjectKind, at: Instant) -> Result<u64> {
        let count: i64 = self.connection.query_row(
            "SELECT count(*) FROM mirror WHERE kind = ?1 AND gone = 0 AND crm_updated_at > ?2",
            params![code(kind), ms(at)],
            |row| row.get(0),
        )?;
        Ok(count.unsigned_abs())
    }

    /// Deals by pipeline and stage, of the pipelines that count; and how many of all have changes that wait.
    ///
    /// # Errors
    /// SQLite.
    pub fn deals_by_stage(&self) -> Result<(StageTotals, u64)> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT pipeline, stage, count(*), sum(is_pending) FROM deal GROUP BY pipeline, stage")?;
        let mut rows = statement.query([])?;
        let (mut stages, mut pending) = (BTreeMap::new(), 0);
        while let Some(row) = rows.next()? {
            stages.insert((row.get(0)?, row.get(1)?), row.get::<_, i64>(2)?.unsigned_abs());
            pending += row.get::<_, i64>(3)?.unsigned_abs();
        }
        Ok((stages, pending))
    }
}
