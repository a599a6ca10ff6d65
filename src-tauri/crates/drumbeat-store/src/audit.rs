//! The audit trail: append-only, each entry's hash over its own content and the hash before it (G-01).
//!
//! The hash is SHA-256 over the previous hash and the entry's fields, each preceded by its length, so
//! that an edit, a removal, a reordering or a cut anywhere shows at the first entry that it touches.

use drumbeat_model::activity::{AuditQuery, AuditRow, AuditVerdict};
use drumbeat_model::page::Page;
use rusqlite::{OptionalExtension, Row, params};
use sha2::{Digest, Sha256};

use crate::open::{Entry, Result};
use crate::reader::{Reader, instant, ms};
use crate::writer::{Touched, Writer};

/// The hash before the first entry.
const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

struct Link<'a> {
    seq: i64,
    at: i64,
    actor: &'a str,
    act: &'a str,
    title: &'a str,
    reason: Option<&'a str>,
    facts: Option<&'a str>,
    policy: Option<u32>,
}

impl Link<'_> {
    fn hash(&self, previous: &str) -> String {
        let mut hasher = Sha256::new();
        let mut part = |text: Option<&str>| {
            // A missing value and an empty one must not hash the same.
            hasher.update(text.map_or(u64::MAX, |text| text.len() as u64).to_be_bytes());
            hasher.update(text.unwrap_or("").as_bytes());
        };
        part(Some(previous));
        part(Some(&self.seq.to_string()));
        part(Some(&self.at.to_string()));
        part(Some(self.actor));
        part(Some(self.act));
        part(Some(self.title));
        part(self.reason);
        part(self.facts);
        part(self.policy.map(|policy| policy.to_string()).as_deref());
        hex(&hasher.finalize())
    }
}

/// Bytes as lower-case hex.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

impl Writer<'_> {
    pub(crate) fn append_audit(&self, entry: &Entry<'_>) -> Result<()> {
        let last: Option<(i64, String)> = self
            .connection
            .prepare_cached("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1")?
            .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let (seq, previous) = last.map_or((1, GENESIS.to_owned()), |(seq, hash)| (seq + 1, hash));
        let facts = entry.facts.map(serde_json::to_string).transpose()?;
        let link = Link {
            seq,
            at: ms(entry.at),
            actor: entry.actor,
            act: entry.act,
            title: entry.title,
            reason: entry.reason,
            facts: facts.as_deref(),
            policy: entry.policy,
        };
        let hash = link.hash(&previous);
        self.connection
            .prepare_cached("INSERT INTO audit (seq, at, actor, act, title, reason, facts, policy, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")?
            .execute(params![seq, ms(entry.at), entry.actor, entry.act, entry.title, entry.reason, facts, entry.policy, hash])?;
        self.touch(Touched::Audit);
        Ok(())
    }
}

fn row(row: &Row<'_>) -> rusqlite::Result<AuditRow> {
    Ok(AuditRow {
        seq: row.get("seq")?,
        at: instant(row.get("at")?),
        actor: row.get("actor")?,
        act: row.get("act")?,
        title: row.get("title")?,
        reason: row.get("reason")?,
        facts: row.get("facts")?,
        policy: row.get("policy")?,
        hash: row.get("hash")?,
    })
}

impl Reader<'_> {
    /// The audit trail, latest first.
    ///
    /// # Errors
    /// SQLite.
    pub fn audit(&self, query: &AuditQuery) -> Result<Page<AuditRow>> {
        let limit = if query.limit == 0 { 100 } else { query.limit.min(500) };
        let before: i64 = query.after.as_deref().and_then(|key| key.parse().ok()).unwrap_or(i64::MAX);
        let like = query
            .text
            .as_deref()
            .map(str::trim)
            .filter(|text| !text.is_empty())
            .map(|text| format!("%{}%", text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")));
        let mut statement = self.connection.prepare_cached(
            "SELECT seq, at, actor, act, title, reason, facts, policy, hash FROM audit
             WHERE seq < ?1 AND (?2 IS NULL OR title LIKE ?2 ESCAPE '\\' OR act LIKE ?2 ESCAPE '\\' OR actor LIKE ?2 ESCAPE '\\')
             ORDER BY seq DESC LIMIT ?3",
        )?;
        let rows: Vec<AuditRow> =
            statement.query_map(params![before, like, limit + 1], row)?.collect::<std::result::Result<_, _>>()?;
        let total: u32 = self.connection.query_row(
            "SELECT count(*) FROM audit WHERE ?1 IS NULL OR title LIKE ?1 ESCAPE '\\' OR act LIKE ?1 ESCAPE '\\' OR actor LIKE ?1 ESCAPE '\\'",
            [like],
            |row| row.get(0),
        )?;
        Ok(crate::filter::page(rows, limit, total, |row| row.seq.to_string()))
    }

    /// The last entry's number and hash; 0 and the hash before the first when there is none.
    ///
    /// # Errors
    /// SQLite.
    pub fn audit_end(&self) -> Result<(u32, String)> {
        let last = self
            .connection
            .prepare_cached("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1")?
            .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        Ok(last.unwrap_or((0, GENESIS.to_owned())))
    }

    /// Whether the trail has this entry with this hash: it goes on from there, or ends there.
    ///
    /// # Errors
    /// SQLite.
    pub fn audit_reaches(&self, seq: u32, hash: &str) -> Result<bool> {
        let found: Option<String> = self
            .connection
            .prepare_cached("SELECT hash FROM audit WHERE seq = ?1")?
            .query_row([seq], |row| row.get(0))
            .optional()?;
        Ok(found.map_or(seq == 0, |found| found == hash))
    }

    /// Checks every entry of the chain.
    ///
    /// # Errors
    /// SQLite; a broken chain is an answer, not an error.
    pub fn verify_audit(&self) -> Result<AuditVerdict> {
        let mut statement = self
            .connection
            .prepare("SELECT seq, at, actor, act, title, reason, facts, policy, hash FROM audit ORDER BY seq")?;
        let mut rows = statement.query([])?;
        let mut previous = GENESIS.to_owned();
        let mut entries = 0u32;
        while let Some(found) = rows.next()? {
            let entry = row(found)?;
            let at: i64 = found.get("at")?;
            let expected = i64::from(entries) + 1;
            let problem = if i64::from(entry.seq) != expected {
                Some(format!("entry {expected} is missing"))
            } else {
                let link = Link {
                    seq: expected,
                    at,
                    actor: &entry.actor,
                    act: &entry.act,
                    title: &entry.title,
                    reason: entry.reason.as_deref(),
                    facts: entry.facts.as_deref(),
                    policy: entry.policy,
                };
                (link.hash(&previous) != entry.hash).then(|| format!("entry {expected} is not what was written"))
            };
            if problem.is_some() {
                return Ok(AuditVerdict {
                    intact: false,
                    entries,
                    broken_at: Some(entries + 1),
                    problem,
                    head: previous,
                });
            }
            previous = entry.hash;
            entries += 1;
        }
        Ok(AuditVerdict { intact: true, entries, broken_at: None, problem: None, head: previous })
    }
}
