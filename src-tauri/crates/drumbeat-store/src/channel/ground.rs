//! What is known of an account, as far as the rules ask: whether it has to do with partners, its open deals, when their
//! owners changed, who was in touch.

use drumbeat_model::crm::ObjectKind;
use drumbeat_model::field::Field;
use drumbeat_model::ids::{AccountId, DealId, PartnerId, RegistrationId};
use drumbeat_model::partner::Touch;
use drumbeat_model::time::Instant;
use rusqlite::params;

use super::together::parts;
use crate::open::Result;
use crate::reader::{Reader, code, instant, kind_of, ms};

/// Open deals of one account that are looked at.
const DEALS: u32 = 100;

/// A contact with the partners that it is linked with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// The contact; its owner by the CRM's id.
    pub touch: Touch,
    /// Partners among its links.
    pub partners: Vec<PartnerId>,
}

impl Reader<'_> {
    /// Whether anything of a partner is on a node: a partner deal, an incumbent, a registration that waits or was
    /// approved; or it is a partner or such a registration itself. These are what [`Reader::channel_all`] lists.
    ///
    /// # Errors
    /// SQLite.
    pub fn channel_concerns(&self, node: &str) -> Result<bool> {
        let (is_company, id) = parts(node);
        let sql = if is_company {
            "SELECT EXISTS (SELECT 1 FROM company WHERE id = ?1 AND (incumbent IS NOT NULL OR is_partner = 1))
                 OR EXISTS (SELECT 1 FROM deal WHERE account = ?1 AND outcome = 0
                            AND (partner IS NOT NULL OR attribution IS NOT NULL OR registration IS NOT NULL OR motion IS NOT NULL))
                 OR EXISTS (SELECT 1 FROM registration WHERE account = ?1
                            AND (is_open = 1 OR status IN ('approved', 'converted')))"
        } else {
            "SELECT EXISTS (SELECT 1 FROM registration WHERE id = ?1
                            AND (is_open = 1 OR status IN ('approved', 'converted')))"
        };
        Ok(self.connection.prepare_cached(sql)?.query_row([id], |row| row.get(0))?)
    }

    /// Open deals of a node's account, and the registration that a node is.
    ///
    /// # Errors
    /// SQLite.
    pub fn channel_records(&self, node: &str) -> Result<(Option<AccountId>, Vec<DealId>, Option<RegistrationId>)> {
        let (is_company, id) = parts(node);
        if !is_company {
            return Ok((None, Vec::new(), Some(RegistrationId(id.to_owned()))));
        }
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT id FROM deal WHERE account = ?1 AND outcome = 0 ORDER BY partner IS NULL, id LIMIT {DEALS}"
        ))?;
        let deals = statement.query_map([id], |row| row.get(0).map(DealId))?;
        Ok((Some(AccountId(id.to_owned())), deals.collect::<std::result::Result<_, _>>()?, None))
    }

    /// When the owner of a deal changed last.
    ///
    /// # Errors
    /// SQLite.
    pub fn owner_changed_at(&self, deal: &DealId) -> Result<Option<Instant>> {
        let at: Option<i64> = self
            .connection
            .prepare_cached(
                "SELECT max(at) FROM movement WHERE kind = ?1 AND record = ?2 AND field = ?3 AND before IS NOT NULL",
            )?
            .query_row(params![code(ObjectKind::Deal), deal.as_str(), Field::Owner.name()], |row| row.get(0))?;
        Ok(at.map(instant))
    }

    // An account has many links with deals and people: the codes of touches are asked for alone. A limit is part of the
    // text: SQLite prepares a statement anew each time that a limit is bound to it.

    /// Contacts with a record since a moment that took place, latest first, with the partners that they are linked with.
    ///
    /// # Errors
    /// SQLite, or a row that does not read.
    pub fn channel_contacts(&self, kind: ObjectKind, id: &str, since: Instant, limit: u32) -> Result<Vec<Contact>> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT touch.id, touch.kind, touch.at, touch.title, touch.owner, touch.is_pending
             FROM link JOIN touch ON touch.id = link.id AND touch.kind = link.kind
             WHERE link.to_kind = ?1 AND link.to_id = ?2 AND link.kind >= 6 AND touch.at >= ?3 AND touch.is_done = 1
             ORDER BY touch.at DESC, touch.id LIMIT {limit}"
        ))?;
        let mut linked = self.connection.prepare_cached(
            "SELECT company.id FROM link JOIN company ON company.id = link.to_id AND company.is_partner = 1
             WHERE link.kind = ?1 AND link.id = ?2 AND link.to_kind = 1 ORDER BY company.id",
        )?;
        let mut rows = statement.query(params![code(kind), id, ms(since)])?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            let kind: i64 = row.get("kind")?;
            let touch = Touch {
                id: row.get("id")?,
                kind: kind_of(kind)?,
                at: row.get::<_, Option<i64>>("at")?.map(instant),
                title: row.get("title")?,
                owner: row.get("owner")?,
                done: true,
                pending: row.get("is_pending")?,
            };
            let partners = linked.query_map(params![kind, touch.id], |row| row.get(0).map(PartnerId))?;
            let partners = partners.collect::<std::result::Result<_, _>>()?;
            all.push(Contact { touch, partners });
        }
        Ok(all)
    }

    /// When a partner was in touch, latest first.
    ///
    /// # Errors
    /// SQLite.
    pub fn contact_times(&self, partner: &PartnerId, limit: u32) -> Result<Vec<Instant>> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT touch.at FROM link JOIN touch ON touch.id = link.id AND touch.kind = link.kind
             WHERE link.to_kind = 1 AND link.to_id = ?1 AND link.kind >= 6 AND touch.is_done = 1 AND touch.at IS NOT NULL
             ORDER BY touch.at DESC LIMIT {limit}"
        ))?;
        let rows = statement.query_map([partner.as_str()], |row| row.get(0).map(instant))?;
        Ok(rows.collect::<std::result::Result<_, _>>()?)
    }
}
