//! A pass over all accounts: which there are, how far it is, and that it is over.
//!
//! The one hard idea: how far a pass is stands in the file, in the same transaction as what it judged, so that one
//! that was stopped or killed goes on where it was. Whoever begins anew, and everything that makes all accounts due
//! again (another mapping, a first read), gives it another number; a pass whose number is no longer there ends. What
//! changes meanwhile is marked as ever and judged when the pass is over. Callers rely on [`Reader::channel_whole`]
//! being there only after a pass that has seen everything.

use drumbeat_model::crm::ObjectKind;
use rusqlite::params;
use serde::{Deserialize, Serialize};

use crate::open::Result;
use crate::projection;
use crate::reader::{Reader, code};
use crate::writer::Writer;

/// Under which name the store keeps the policy version under which all accounts were judged.
const WHOLE: &str = "channel_whole";
/// Under which name it keeps how far a pass over all of them is.
const PASS: &str = "channel_pass";
/// Under which name it keeps the number of the last such pass.
const NUMBER: &str = "channel_pass_number";

/// A place among the nodes: registrations come after companies, each by the number of its row.
pub type Place = (bool, i64);

/// A node that a pass over everything judges.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// Which.
    pub node: String,
    /// Its place.
    pub place: Place,
    /// Its plain name: who is asked about in this order meets the same others again.
    pub name: String,
}

/// How far a pass over all accounts is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct WholePass {
    /// Which.
    pub number: u64,
    /// Under which version of the policy.
    pub policy: u32,
    /// Who is alike has been asked for all of them.
    pub asked: bool,
    /// Everything up to here has been judged.
    pub place: Place,
}

impl WholePass {
    /// When who is alike has been asked for all.
    #[must_use]
    pub fn with_asked(self) -> Self {
        Self { asked: true, ..self }
    }

    /// When everything up to a place has been judged.
    #[must_use]
    pub fn up_to(self, place: Place) -> Self {
        Self { place, ..self }
    }
}

impl Reader<'_> {
    /// Under which version of the policy all accounts were judged last; nothing while that is still to be done.
    ///
    /// # Errors
    /// SQLite.
    pub fn channel_whole(&self) -> Result<Option<String>> {
        self.cursor(WHOLE)
    }

    /// The pass over all accounts that is under way, or was when it was stopped.
    ///
    /// # Errors
    /// SQLite, or a value that does not read.
    pub fn channel_pass(&self) -> Result<Option<WholePass>> {
        self.value(PASS)
    }

    /// Nodes that a pass over everything judges, by their places: accounts with an incumbent, a registration or an
    /// open deal that has to do with partners, partners themselves, then registrations. Every other account is judged with one of these
    /// or has nobody to meet.
    ///
    /// # Errors
    /// SQLite.
    pub fn channel_all(&self) -> Result<Vec<Due>> {
        let mut all = Vec::new();
        for (is_claim, sql) in [
            (
                // All deals in the order of the file are read faster than the open ones one by one.
                false,
                "SELECT 'c' || id, row, name_key FROM company WHERE is_partner = 1 OR incumbent IS NOT NULL
                     OR id IN (SELECT account FROM deal NOT INDEXED WHERE outcome = 0
                               AND (partner IS NOT NULL OR attribution IS NOT NULL OR registration IS NOT NULL OR motion IS NOT NULL))
                     OR id IN (SELECT account FROM registration WHERE is_open = 1 OR status IN ('approved', 'converted'))
                 ORDER BY row",
            ),
            (
                true,
                "SELECT 'r' || id, row, name_key FROM registration WHERE is_open = 1 OR status IN ('approved', 'converted') ORDER BY row",
            ),
        ] {
            let mut statement = self.connection.prepare(sql)?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                all.push(Due { node: row.get(0)?, place: (is_claim, row.get(1)?), name: row.get(2)? });
            }
        }
        Ok(all)
    }
}

impl Writer<'_> {
    /// All accounts are to be judged anew.
    pub(crate) fn unjudge(&self) -> Result<()> {
        self.clear_cursor(WHOLE)?;
        self.clear_cursor(PASS)
    }

    /// Begins a pass over all accounts: groups as the companies have them now, nothing marked, nothing asked.
    ///
    /// # Errors
    /// SQLite, or a row that does not read.
    pub fn channel_begin(&self, policy: u32) -> Result<WholePass> {
        self.connection.execute_batch(
            "DELETE FROM channel_dirty; DELETE FROM channel_alike; DELETE FROM channel_asked;
             DELETE FROM channel_node; DELETE FROM channel_again; DELETE FROM channel_parent;",
        )?;
        let mapping = self.mapping_in_force()?;
        let mut statement =
            self.connection.prepare("SELECT crm_id, properties FROM mirror WHERE kind = ?1 AND gone = 0")?;
        let mut rows = statement.query([code(ObjectKind::Company)])?;
        while let Some(row) = rows.next()? {
            let id: String = row.get(0)?;
            let company = projection::company(&mapping, &id, &self.unpack(&id, &row.get::<_, Vec<u8>>(1)?)?);
            if let Some(parent) = company.parent {
                self.connection
                    .prepare_cached("INSERT INTO channel_parent (child, parent) VALUES (?1, ?2)")?
                    .execute(params![id, parent.as_str()])?;
            }
        }
        self.unjudge()?;
        let number = self.value::<u64>(NUMBER)?.unwrap_or(0) + 1;
        self.set_cursor(NUMBER, &number.to_string())?;
        let pass = WholePass { number, policy, asked: false, place: (false, 0) };
        self.channel_came(&pass)?;
        Ok(pass)
    }

    /// A pass over all accounts has come so far.
    ///
    /// # Errors
    /// SQLite.
    pub fn channel_came(&self, pass: &WholePass) -> Result<()> {
        self.set_cursor(PASS, &serde_json::to_string(pass)?)
    }

    /// All accounts have been judged under a version of the policy.
    ///
    /// # Errors
    /// SQLite.
    pub fn channel_judged(&self, version: u32) -> Result<()> {
        self.clear_cursor(PASS)?;
        self.set_cursor(WHOLE, &version.to_string())
    }
}
