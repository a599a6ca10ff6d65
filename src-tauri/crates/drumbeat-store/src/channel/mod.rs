//! Channel conflicts as kept: what was found on which account, what people did about it, and what is to be judged.
//!
//! The one hard idea: an account, its duplicates, its group and the registrations that name it are nodes, and what hangs
//! together counts as one account ([`together`]). Every change of a record marks its nodes ([`dirty`]); a pass judges what hangs
//! together with the marked nodes and nothing else, so that its cost follows the change. A finding is kept by its root
//! (the first node) and its key; it is never deleted. What a finding is, is the rules' to say.

mod counts;
mod dirty;
mod ground;
mod list;
mod packed;
mod sure;
mod together;
mod whole;

use drumbeat_model::channel::{ConflictState, Finding, PartyEvidence};
use drumbeat_model::deal::Motion;
use drumbeat_model::dossier::ProofKind;
use drumbeat_model::ids::{DecisionId, PartnerId};
use drumbeat_model::settling::{ConflictAct, Settlement};
use drumbeat_model::time::{Day, Instant};
use rusqlite::{OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};

use crate::error::StoreError;
use crate::open::Result;
use crate::reader::{Reader, day, days, instant, json, ms, ten_thousandths};
use crate::writer::{Touched, Writer};

pub use ground::Contact;
pub use list::RaisedConflict;
pub use sure::Asking;
pub use whole::{Due, Place, WholePass};

/// What people did about a finding.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Life {
    /// Somebody has seen it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acknowledged_at: Option<Instant>,
    /// The decision that says so, where the CRM was told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acknowledged_in: Option<DecisionId>,
    /// There is a plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub planned_at: Option<Instant>,
    /// The decision that says so, where the CRM was told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub planned_in: Option<DecisionId>,
    /// The plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan: Option<String>,
    /// By when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan_due: Option<Day>,
    /// The seller was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked_at: Option<Instant>,
    /// What.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub question: Option<String>,
    /// The seller has answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answered_at: Option<Instant>,
    /// Settled, dismissed or ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<Instant>,
    /// The facts that it was settled for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settled_for: Option<String>,
    /// How it was settled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Settlement>,
    /// In words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome_text: Option<String>,
    /// As the policy's rule says.
    pub by_rule: bool,
    /// The party that has the account, by key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub winner: Option<String>,
    /// The decision that settled it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision: Option<DecisionId>,
    /// Who stood first by the rule when it was settled; an appeal is held against this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_then: Option<String>,
    /// Whom it was escalated to, by name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub escalated_to: Option<String>,
    /// The act that made this state.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last: Option<ConflictAct>,
}

/// A finding as kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Which.
    pub id: String,
    /// First node of its account.
    pub root: String,
    /// As judged.
    pub finding: Finding,
    /// How far people have come.
    pub state: ConflictState,
    /// Severity with its clocks.
    pub severity: u32,
    /// The clock that runs out next.
    pub due_at: Option<Instant>,
    /// Found, or found again, on.
    pub raised_at: Instant,
    /// What people did.
    pub life: Life,
}

/// Something that happened with a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// When.
    pub at: Instant,
    /// What, as one word.
    pub what: String,
    /// In words.
    pub text: String,
    /// Who; nobody where the program did it.
    pub by: Option<String>,
}

const COLUMNS: &str = "id, root, state, rank, due_at, raised_at, finding, life";

fn kept(row: &Row<'_>) -> Result<Kept> {
    let id: String = row.get("id")?;
    let bad = |why: &str| StoreError::BadRow { table: "channel_conflict", id: id.clone(), why: why.to_owned() };
    let due: i64 = row.get("due_at")?;
    let rank: i64 = row.get("rank")?;
    Ok(Kept {
        root: row.get("root")?,
        finding: packed::read(row.get_ref("finding")?, &id)?,
        state: ConflictState::from_name(&row.get::<_, String>("state")?).ok_or_else(|| bad("its state is unknown"))?,
        severity: u32::try_from(100 - rank).unwrap_or(0),
        due_at: (due < i64::MAX).then(|| instant(due)),
        raised_at: instant(row.get("raised_at")?),
        life: json("channel_conflict", &id, &row.get::<_, String>("life")?)?,
        id,
    })
}

impl Reader<'_> {
    pub(crate) fn kept_conflicts(&self, clause: &str, values: &[&dyn rusqlite::ToSql]) -> Result<Vec<Kept>> {
        let mut statement =
            self.connection.prepare_cached(&format!("SELECT {COLUMNS} FROM channel_conflict {clause}"))?;
        let mut rows = statement.query(values)?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            all.push(kept(row)?);
        }
        Ok(all)
    }

    /// One finding.
    ///
    /// # Errors
    /// SQLite, or a row that does not read.
    pub fn conflict(&self, id: &str) -> Result<Option<Kept>> {
        Ok(self.kept_conflicts("WHERE id = ?1", &[&id])?.pop())
    }

    /// Findings whose account has one of these nodes, open and closed.
    ///
    /// # Errors
    /// SQLite, or a row that does not read.
    pub fn conflicts_at(&self, nodes: &[String]) -> Result<Vec<Kept>> {
        let mut all = Vec::new();
        for node in nodes {
            all.extend(self.kept_conflicts("WHERE root = ?1 ORDER BY row", &[node])?);
        }
        Ok(all)
    }

    /// Whether there are findings whose account has one of these nodes, open or closed.
    ///
    /// # Errors
    /// SQLite.
    pub fn conflict_known(&self, nodes: &[String]) -> Result<bool> {
        let mut statement =
            self.connection.prepare_cached("SELECT EXISTS (SELECT 1 FROM channel_conflict WHERE root = ?1)")?;
        for node in nodes {
            if statement.query_row([node], |row| row.get(0))? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Findings where a partner is a party that are open, or were closed since; early signs are not among them.
    ///
    /// # Errors
    /// SQLite, or a row that does not read.
    pub fn conflicts_of(&self, partner: &PartnerId, since: Instant) -> Result<Vec<Kept>> {
        self.kept_conflicts(
            "WHERE row IN (SELECT row FROM channel_conflict WHERE partner = ?1
                           UNION SELECT row FROM channel_conflict WHERE other = ?1)
             AND is_sign = 0 AND (is_open = 1 OR closed_at >= ?2) ORDER BY id",
            &[&partner.as_str(), &ms(since)],
        )
    }

    /// Roots of the accounts where a partner is in an open finding.
    ///
    /// # Errors
    /// SQLite.
    pub fn conflict_roots_of(&self, partner: &PartnerId) -> Result<Vec<String>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT root FROM channel_conflict WHERE partner = ?1 AND is_open = 1
             UNION SELECT root FROM channel_conflict WHERE other = ?1 AND is_open = 1",
        )?;
        let roots = statement.query_map([partner.as_str()], |row| row.get(0))?;
        Ok(roots.collect::<std::result::Result<_, _>>()?)
    }

    /// Roots of all open findings, for ending those whose facts are gone.
    ///
    /// # Errors
    /// SQLite.
    pub fn open_conflict_roots(&self) -> Result<Vec<String>> {
        let mut statement =
            self.connection.prepare("SELECT DISTINCT root FROM channel_conflict WHERE is_open = 1 ORDER BY root")?;
        let roots = statement.query_map([], |row| row.get(0))?;
        Ok(roots.collect::<std::result::Result<_, _>>()?)
    }

    /// What happened with a finding, latest first.
    ///
    /// # Errors
    /// SQLite.
    pub fn conflict_events(&self, id: &str, limit: u32) -> Result<Vec<Event>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT at, what, text, by FROM channel_event WHERE conflict = ?1 ORDER BY id DESC LIMIT ?2",
        )?;
        let rows = statement.query_map(params![id, limit], |row| {
            Ok(Event { at: instant(row.get(0)?), what: row.get(1)?, text: row.get(2)?, by: row.get(3)? })
        })?;
        Ok(rows.collect::<std::result::Result<_, _>>()?)
    }

    /// Evidence that was added by hand to the findings of an account.
    ///
    /// # Errors
    /// SQLite.
    pub fn evidence_at(&self, nodes: &[String]) -> Result<Vec<PartyEvidence>> {
        let mut statement = self.connection.prepare_cached("SELECT EXISTS (SELECT 1 FROM channel_evidence)")?;
        if !statement.query_row([], |row| row.get(0))? {
            return Ok(Vec::new());
        }
        let mut statement =
            self.connection.prepare_cached("SELECT id FROM channel_conflict WHERE root = ?1 ORDER BY row")?;
        let mut ids: Vec<String> = Vec::new();
        for node in nodes {
            let of = statement.query_map([node], |row| row.get(0))?;
            ids.extend(of.collect::<std::result::Result<Vec<_>, _>>()?);
        }
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        self.conflict_evidence(&ids)
    }

    /// Evidence that was added to findings by hand, oldest first.
    ///
    /// # Errors
    /// SQLite.
    pub fn conflict_evidence(&self, ids: &[&str]) -> Result<Vec<PartyEvidence>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT id, party, kind, day, text, source FROM channel_evidence WHERE conflict = ?1 ORDER BY day, id",
        )?;
        let mut all = Vec::new();
        for id in ids {
            let mut rows = statement.query([id])?;
            while let Some(row) = rows.next()? {
                let kind: String = row.get("kind")?;
                all.push(PartyEvidence {
                    id: row.get("id")?,
                    party: row.get("party")?,
                    kind: ProofKind::from_name(&kind).ok_or_else(|| StoreError::BadRow {
                        table: "channel_evidence",
                        id: (*id).to_owned(),
                        why: format!("unknown kind {kind}"),
                    })?,
                    day: day(row.get("day")?),
                    text: row.get("text")?,
                    source: row.get("source")?,
                });
            }
        }
        Ok(all)
    }
}

impl Writer<'_> {
    /// Keeps a finding as it is now.
    ///
    /// # Errors
    /// SQLite.
    pub fn put_conflict(&self, kept: &Kept) -> Result<()> {
        self.touch(Touched::ChannelConflict);
        let finding = &kept.finding;
        let partners: Vec<&str> =
            finding.parties.iter().filter_map(|party| party.partner.as_ref()).map(PartnerId::as_str).collect();
        let names: Vec<String> = finding
            .account
            .iter()
            .map(|account| account.label.to_lowercase())
            .chain(finding.parties.iter().map(|party| party.name.to_lowercase()))
            .chain(std::iter::once(finding.text.to_lowercase()))
            .collect();
        let motions: Vec<&str> = finding.motions.iter().copied().map(Motion::name).collect();
        let signals = finding.signals.iter().fold(0, |bits, found| bits | found.signal.bit());
        self.connection.prepare_cached(include_str!("../sql/put_conflict.sql"))?.execute(params![
            kept.id,
            kept.root,
            finding.key(),
            finding.kind.name(),
            finding.kind == drumbeat_model::channel::ConflictKind::Sign,
            finding.status.name(),
            kept.state.name(),
            kept.state.is_open(),
            100 - i64::from(kept.severity.min(100)),
            kept.due_at.map_or(i64::MAX, ms),
            partners.first(),
            partners.get(1),
            finding.account.as_ref().map(|account| account.id.as_str()),
            names.join("\n"),
            format!("|{}|", motions.join("|")),
            finding.region,
            finding.value.as_ref().and_then(|money| ten_thousandths(money.amount)),
            signals,
            ms(kept.raised_at),
            kept.life.acknowledged_at.map(ms),
            kept.life.closed_at.map(ms),
            kept.life.outcome.map(|_| kept.life.by_rule),
            packed::write(finding)?,
            serde_json::to_string(&kept.life)?,
        ])?;
        Ok(())
    }

    /// Keeps what happened with a finding.
    ///
    /// # Errors
    /// SQLite.
    pub fn put_conflict_event(&self, id: &str, event: &Event) -> Result<()> {
        self.connection
            .prepare_cached("INSERT INTO channel_event (conflict, at, what, text, by) VALUES (?1, ?2, ?3, ?4, ?5)")?
            .execute(params![id, ms(event.at), event.what, event.text, event.by])?;
        Ok(())
    }

    /// Keeps a piece of evidence.
    ///
    /// # Errors
    /// SQLite.
    pub fn put_evidence(&self, id: &str, piece: &PartyEvidence, by: &str) -> Result<()> {
        self.touch(Touched::ChannelConflict);
        self.connection
            .prepare_cached(
                "INSERT INTO channel_evidence (conflict, party, kind, day, text, source, by, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )?
            .execute(params![
                id,
                piece.party,
                piece.kind.name(),
                days(piece.day),
                piece.text,
                piece.source,
                by,
                ms(self.at)
            ])?;
        Ok(())
    }

    /// Takes a piece of evidence away; answers whether it was there.
    ///
    /// # Errors
    /// SQLite.
    pub fn remove_evidence(&self, id: &str, evidence: u32) -> Result<bool> {
        self.touch(Touched::ChannelConflict);
        let gone = self
            .connection
            .execute("DELETE FROM channel_evidence WHERE conflict = ?1 AND id = ?2", params![id, evidence])?;
        Ok(gone > 0)
    }

    /// Whether a decision has been taken back.
    ///
    /// # Errors
    /// SQLite.
    pub fn is_taken_back(&self, decision: &DecisionId) -> Result<bool> {
        let status: Option<String> = self
            .connection
            .prepare_cached("SELECT status FROM decision WHERE id = ?1")?
            .query_row([decision.as_str()], |row| row.get(0))
            .optional()?;
        Ok(status.is_some_and(|status| status == "withdrawn"))
    }
}
