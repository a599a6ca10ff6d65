//! Touches: meetings, calls, e-mails, tasks and notes, by the record that they are about.

use std::collections::{BTreeMap, BTreeSet};

use drumbeat_model::crm::ObjectKind;
use drumbeat_model::partner::Touch;
use drumbeat_model::time::Instant;
use rusqlite::params;

use crate::open::Result;
use crate::reader::{Reader, code, instant, kind_of, ms};
use crate::tally::BY_PARTNER;

impl Reader<'_> {
    /// Touches linked to a record, latest first; owners by the CRM's id.
    ///
    /// # Errors
    /// SQLite, or a row that does not read.
    pub fn touches(&self, kind: ObjectKind, id: &str, limit: u32) -> Result<Vec<Touch>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT touch.id, touch.kind, touch.at, touch.title, touch.owner, touch.is_done, touch.is_pending
             FROM link JOIN touch ON touch.id = link.id AND touch.kind = link.kind
             WHERE link.kind >= 6 AND link.to_kind = ?1 AND link.to_id = ?2 ORDER BY touch.at DESC, touch.id LIMIT ?3",
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

/// What a partner's people and ours had to do with each other in a time.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Touched {
    /// Meetings, calls, e-mails and notes on the partner, or on a deal with it; each once.
    pub touches: u32,
    /// The last of them.
    pub last: Option<Instant>,
    /// Open deals with the partner that have one.
    pub deals: BTreeSet<String>,
}

impl Reader<'_> {
    /// Meetings, calls, e-mails and notes of a time, its end not included, by the partner that they have to do with: that
    /// which they hang on, or that of the deal (K-11).
    ///
    /// # Errors
    /// SQLite.
    pub fn touched_partners(&self, from: Instant, to: Instant) -> Result<BTreeMap<String, Touched>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT touch.kind, touch.id, touch.at, coalesce(deal.partner, company.id), iif(deal.outcome = 0, deal.id, NULL) \
             FROM touch CROSS JOIN link ON link.kind = touch.kind AND link.id = touch.id \
             LEFT JOIN deal ON link.to_kind = 3 AND deal.id = link.to_id \
             LEFT JOIN company ON link.to_kind = 1 AND company.id = link.to_id AND company.is_partner = 1 \
             WHERE touch.kind IN (7, 8, 9, 10) AND touch.at >= ?1 AND touch.at < ?2 \
             AND coalesce(deal.partner, company.id) IS NOT NULL ORDER BY touch.kind, touch.at, touch.id",
        )?;
        let mut rows = statement.query(params![ms(from), ms(to)])?;
        let mut all: BTreeMap<String, Touched> = BTreeMap::new();
        let mut last: (i64, String, BTreeSet<String>) = (0, String::new(), BTreeSet::new());
        while let Some(row) = rows.next()? {
            let (kind, id, partner): (i64, String, String) = (row.get(0)?, row.get(1)?, row.get(3)?);
            if (last.0, last.1.as_str()) != (kind, id.as_str()) {
                last = (kind, id, BTreeSet::new());
            }
            let of = all.entry(partner.clone()).or_default();
            // One touch may hang on the partner and on several of its deals.
            if last.2.insert(partner) {
                of.touches += 1;
            }
            of.last = of.last.max(Some(instant(row.get(2)?)));
            of.deals.extend(row.get::<_, Option<String>>(4)?);
        }
        Ok(all)
    }

    /// How many open deals each partner has, from the kept sums.
    ///
    /// # Errors
    /// SQLite.
    pub fn open_by_partner(&self) -> Result<BTreeMap<String, u32>> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT who, sum(deals) FROM tally WHERE side = {BY_PARTNER} AND state = 0 AND month = 0 GROUP BY who"
        ))?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<std::result::Result<_, _>>()?)
    }
}
