//! The list of findings: by severity, then by the clock that runs out next; filters, counts, measures.

use drumbeat_model::channel::{ChannelSignal, ConflictKind, ConflictState, ConflictsQuery};
use drumbeat_model::page::Page;
use drumbeat_model::time::Instant;
use rusqlite::types::Value;
use rusqlite::{params, params_from_iter};

use super::{COLUMNS, Kept, kept};
use crate::error::StoreError;
use crate::filter::{Conditions, text};
use crate::open::Result;
use crate::reader::{Reader, instant, ms};

/// What a list of closed findings may hold of the past: it is not counted beyond.
const COUNTED: u32 = 1_000_000;

fn conditions(query: &ConflictsQuery) -> Conditions {
    let mut all = Conditions::default();
    all.add("is_open = ?", [Value::Integer(i64::from(!query.closed))]);
    let signs = query.kinds.contains(&ConflictKind::Sign);
    let only_signs = query.kinds == [ConflictKind::Sign];
    let asked_by_signal = query.signal.is_some() && query.kinds.is_empty();
    if only_signs {
        all.add("is_sign = 1", []);
    } else if !signs && !asked_by_signal {
        all.add("is_sign = 0", []);
    } else {
        // Both, by the same index.
        all.add("is_sign IN (0, 1)", []);
    }
    if !query.kinds.is_empty() && !only_signs {
        let marks = vec!["?"; query.kinds.len()].join(", ");
        all.add(&format!("kind IN ({marks})"), query.kinds.iter().map(|kind| text(kind.name())));
    }
    if let Some(signal) = query.signal {
        all.add("signals & ? <> 0", [Value::Integer(signal.bit())]);
    }
    if let Some(state) = query.state {
        all.add("state = ?", [text(state.name())]);
    }
    if let Some(partner) = &query.partner {
        all.add("(partner = ? OR other = ?)", [text(partner.as_str()), text(partner.as_str())]);
    }
    if let Some(motion) = query.motion {
        all.add("instr(motions, ?) > 0", [text(&format!("|{}|", motion.name()))]);
    }
    if let Some(region) = &query.region {
        all.add("region = ? COLLATE NOCASE", [text(region)]);
    }
    if let Some(value) = query.value_from {
        all.add("value >= ?", [Value::Integer(i64::from(value) * 10_000)]);
    }
    for word in query.text.iter().flat_map(|typed| typed.split_whitespace()).take(8) {
        all.add("instr(names, ?) > 0", [text(&word.to_lowercase())]);
    }
    all
}

impl Reader<'_> {
    /// One page of findings: the most severe first, then the clock that runs out next.
    ///
    /// # Errors
    /// SQLite, a page key that is not ours, or a row that does not read.
    pub fn conflicts(&self, query: &ConflictsQuery) -> Result<Page<Kept>> {
        let limit = if query.limit == 0 { 100 } else { query.limit.min(500) };
        let mut all = conditions(query);
        let total = self.count_conflicts(query)?;
        if let Some(key) = &query.after {
            let (rank, due, id): (i64, i64, String) = serde_json::from_str(key)
                .map_err(|_| StoreError::NotPossible("that page key is not one of ours".to_owned()))?;
            all.add("(rank, due_at, id) > (?, ?, ?)", [Value::Integer(rank), Value::Integer(due), Value::Text(id)]);
        }
        let sql = format!(
            "SELECT {COLUMNS} FROM channel_conflict {} ORDER BY rank, due_at, id LIMIT {}",
            all.clause(),
            limit + 1
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query(params_from_iter(all.values))?;
        let mut page: Vec<(Kept, (i64, i64, String))> = Vec::new();
        while let Some(row) = rows.next()? {
            page.push((kept(row)?, (row.get("rank")?, row.get("due_at")?, row.get("id")?)));
        }
        let mut next = None;
        if page.len() > limit as usize
            && let Some((_, key)) = page.get(limit as usize - 1)
        {
            next = Some(serde_json::to_string(key)?);
        }
        Ok(Page { rows: page.into_iter().take(limit as usize).map(|(kept, _)| kept).collect(), next, total })
    }

    /// How many findings a query has.
    ///
    /// # Errors
    /// SQLite.
    pub fn count_conflicts(&self, query: &ConflictsQuery) -> Result<u32> {
        let all = conditions(query);
        let sql = format!("SELECT count(*) FROM (SELECT 1 FROM channel_conflict {} LIMIT {COUNTED})", all.clause());
        Ok(self.connection.prepare_cached(&sql)?.query_row(params_from_iter(all.values), |row| row.get(0))?)
    }

    /// Findings that were raised in a time, without early signs: kind, signals, minutes until it was acknowledged.
    ///
    /// # Errors
    /// SQLite, or a row that does not read.
    pub fn conflicts_raised(&self, from: Instant, to: Instant) -> Result<Vec<RaisedConflict>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT id, kind, signals, raised_at, acknowledged_at, closed_at FROM channel_conflict
             WHERE raised_at >= ?1 AND raised_at < ?2 AND is_sign = 0 ORDER BY raised_at, id",
        )?;
        let mut rows = statement.query(params![ms(from), ms(to)])?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            let (id, kind, bits): (String, String, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let raised: i64 = row.get(3)?;
            let after = |at: Option<i64>| at.map(|at| u32::try_from((at - raised).max(0) / 60_000).unwrap_or(u32::MAX));
            all.push(RaisedConflict {
                kind: ConflictKind::from_name(&kind).ok_or_else(|| StoreError::BadRow {
                    table: "channel_conflict",
                    id,
                    why: format!("unknown kind {kind}"),
                })?,
                signals: ChannelSignal::ALL.iter().copied().filter(|signal| bits & signal.bit() != 0).collect(),
                minutes_to_acknowledge: after(row.get(4)?),
                minutes_to_settle: after(row.get(5)?),
            });
        }
        Ok(all)
    }

    /// When the first finding was raised: what there was before it nobody has looked for.
    ///
    /// # Errors
    /// SQLite.
    pub fn conflicts_since(&self) -> Result<Option<Instant>> {
        let first: Option<i64> =
            self.connection.query_row("SELECT min(raised_at) FROM channel_conflict", [], |row| row.get(0))?;
        Ok(first.map(instant))
    }

    /// Of the findings that were raised in a time, without early signs, the minutes until each was acknowledged and until it
    /// was over.
    ///
    /// # Errors
    /// SQLite.
    pub fn conflict_times(&self, from: Instant, to: Instant) -> Result<Vec<(Option<u32>, Option<u32>)>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT (acknowledged_at - raised_at) / 60000, (closed_at - raised_at) / 60000 FROM channel_conflict
             WHERE raised_at >= ?1 AND raised_at < ?2 AND is_sign = 0",
        )?;
        let minutes = |of: Option<i64>| of.map(|of| u32::try_from(of.max(0)).unwrap_or(u32::MAX));
        let rows =
            statement.query_map(params![ms(from), ms(to)], |row| Ok((minutes(row.get(0)?), minutes(row.get(1)?))))?;
        Ok(rows.collect::<std::result::Result<_, _>>()?)
    }

    /// How many findings were settled by people in a time, and how many of them as the policy's rule says.
    ///
    /// # Errors
    /// SQLite.
    pub fn conflicts_settled(&self, from: Instant, to: Instant) -> Result<(u32, u32)> {
        Ok(self.connection.query_row(
            "SELECT count(*), coalesce(sum(by_rule), 0) FROM channel_conflict
             WHERE closed_at >= ?1 AND closed_at < ?2 AND is_sign = 0 AND state = ?3",
            params![ms(from), ms(to), ConflictState::Settled.name()],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?)
    }

    /// How often something happened with findings in a time.
    ///
    /// # Errors
    /// SQLite.
    pub fn conflict_event_count(&self, what: &str, from: Instant, to: Instant) -> Result<u32> {
        Ok(self.connection.query_row(
            "SELECT count(*) FROM channel_event WHERE what = ?1 AND at >= ?2 AND at < ?3",
            params![what, ms(from), ms(to)],
            |row| row.get(0),
        )?)
    }

    /// Open deals with a partner.
    ///
    /// # Errors
    /// SQLite.
    pub fn open_partner_deals(&self) -> Result<u32> {
        Ok(self.connection.query_row(
            "SELECT count(*) FROM deal WHERE outcome = 0 AND partner IS NOT NULL",
            [],
            |row| row.get(0),
        )?)
    }
}

/// A finding as the measures count it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RaisedConflict {
    /// Of what kind.
    pub kind: ConflictKind,
    /// With which signals.
    pub signals: Vec<ChannelSignal>,
    /// Until somebody had seen it.
    pub minutes_to_acknowledge: Option<u32>,
    /// Until it was over.
    pub minutes_to_settle: Option<u32>,
}
