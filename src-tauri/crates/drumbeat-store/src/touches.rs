//! Touches: meetings, calls, e-mails, tasks and notes, by the record that they are about.

use drumbeat_model::crm::ObjectKind;
use drumbeat_model::partner::Touch;
use rusqlite::params;

use crate::open::Result;
use crate::reader::{Reader, code, instant, kind_of};

impl Reader<'_> {
    /// Touches linked to a record, latest first; owners by the CRM's id.
    ///
    /// # Errors
    /// SQLite, or a row that does not read.
    pub fn touches(&self, kind: ObjectKind, id: &str, limit: u32) -> Result<Vec<Touch>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT touch.id, touch.kind, touch.at, touch.title, touch.owner, touch.is_done, touch.is_pending
             FROM link JOIN touch ON touch.id = link.id AND touch.kind = link.kind
             WHERE link.to_kind = ?1 AND link.to_id = ?2 ORDER BY touch.at DESC, touch.id LIMIT ?3",
        )?;
        let mut rows = statement.query(params![code(kind), id, limit])?;
        let mut touches = Vec::new();
        while let Some(row) = rows.next()? {
            touches.push(Touch {
                id: row.get("id")?,
                kind: kind_of(row.get("kind")?)?,
                at: row.get::<_, Option<i64>>("at")?.map(instant),
                title: row.get("title")?,
                owner: row.get("owner")?,
                done: row.get("is_done")?,
                pending: row.get("is_pending")?,
            });
        }
        Ok(touches)
    }
}
