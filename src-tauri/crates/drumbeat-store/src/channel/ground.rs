//! What counts as one account, and what is known of it.
//!
//! Two companies are one account when they share a domain, a plain name or a group, or are surely alike under another
//! spelling; a registration belongs to the account that it names, or that has its domain or name. A name alone makes
//! nobody one whose domain and country are both known and differ. Matching by spelling is asked once for each node
//! and kept both ways. A holding with very many accounts is not one account, and neither is what hangs together
//! through more than [`MOST`] records: it is cut there.

use std::collections::{BTreeSet, VecDeque};

use drumbeat_match::weights::SURE;
use drumbeat_match::{Profile, Record};
use drumbeat_model::crm::ObjectKind;
use drumbeat_model::field::Field;
use drumbeat_model::ids::{AccountId, DealId, PartnerId, RegistrationId};
use drumbeat_model::partner::Touch;
use drumbeat_model::time::{Day, Instant};
use rusqlite::{OptionalExtension, params};

use super::dirty;
use crate::matching::Filed;
use crate::open::Result;
use crate::reader::{Reader, code, days, instant, kind_of, ms};
use crate::writer::Writer;

/// Records that count as one account at most.
const MOST: usize = 64;
/// Records under one name or domain that are looked at.
const UNDER_ONE_KEY: u32 = 40;
/// A holding with more accounts than this is not one account.
const GROUP: u32 = 25;
/// Open deals of one account that are looked at.
const DEALS: u32 = 100;

/// Registrations that wait or are in force on `?1`.
const LIVE: &str =
    "(is_open = 1 OR status IN ('approved', 'converted') AND (protection_end IS NULL OR protection_end >= ?1))";

/// A contact with the partners that it is linked with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// The contact; its owner by the CRM's id.
    pub touch: Touch,
    /// Partners among its links.
    pub partners: Vec<PartnerId>,
}

/// The id in a node, and whether it is a company's.
#[must_use]
pub(crate) fn parts(node: &str) -> (bool, &str) {
    let is_company = node.starts_with('c');
    (is_company, node.get(1..).unwrap_or_default())
}

/// The order of nodes: companies first, ids by their value. The first is the root.
fn order(node: &str) -> (bool, usize, &str) {
    let (is_company, id) = parts(node);
    (!is_company, id.len(), id)
}

impl Reader<'_> {
    /// Everything that counts as one account with a node, the root first; the node alone when it is gone.
    ///
    /// # Errors
    /// SQLite.
    pub fn channel_cluster(&self, node: &str, today: Day) -> Result<Vec<String>> {
        let mut seen: BTreeSet<String> = BTreeSet::from([node.to_owned()]);
        let mut next = VecDeque::from([node.to_owned()]);
        while let Some(node) = next.pop_front() {
            for other in self.channel_neighbours(&node, today)? {
                if seen.len() < MOST && seen.insert(other.clone()) {
                    next.push_back(other);
                }
            }
        }
        let mut all: Vec<String> = seen.into_iter().collect();
        all.sort_by(|a, b| order(a).cmp(&order(b)));
        Ok(all)
    }

    /// What counted as one account with a node when it was judged last, without it.
    ///
    /// # Errors
    /// SQLite.
    pub fn channel_former(&self, node: &str) -> Result<Vec<String>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT node FROM channel_node WHERE root = (SELECT root FROM channel_node WHERE node = ?1) AND node <> ?1",
        )?;
        let nodes = statement.query_map([node], |row| row.get(0))?;
        Ok(nodes.collect::<std::result::Result<_, _>>()?)
    }

    fn nodes(&self, sql: &str, values: &[&dyn rusqlite::ToSql], into: &mut BTreeSet<String>) -> Result<()> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map(values, |row| row.get::<_, String>(0))?;
        for node in rows {
            into.insert(node?);
        }
        Ok(())
    }

    fn channel_neighbours(&self, node: &str, today: Day) -> Result<BTreeSet<String>> {
        let (is_company, id) = parts(node);
        let mut all = BTreeSet::new();
        let today = days(today);
        if is_company {
            self.of_company(id, today, &mut all)?;
        } else {
            self.of_registration(id, today, &mut all)?;
        }
        all.remove(node);
        Ok(all)
    }

    fn of_company(&self, id: &str, today: i64, all: &mut BTreeSet<String>) -> Result<()> {
        let known: Option<(String, Option<String>, Option<String>, bool)> = self
            .connection
            .prepare_cached("SELECT name_key, domain_key, country, is_partner FROM company WHERE id = ?1")?
            .query_row([id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
            .optional()?;
        // A partner's own record is nobody's account but its own.
        let Some((name, domain, country, false)) = known else { return Ok(()) };
        if let Some(domain) = &domain {
            self.nodes(
                &format!(
                    "SELECT 'c' || id FROM company WHERE domain_key = ?1 AND is_partner = 0 ORDER BY id LIMIT {UNDER_ONE_KEY}"
                ),
                &[domain],
                all,
            )?;
            self.nodes(
                &format!(
                    "SELECT 'r' || id FROM registration WHERE domain_key = ?2 AND {LIVE} ORDER BY id LIMIT {UNDER_ONE_KEY}"
                ),
                &[&today, domain],
                all,
            )?;
        }
        if !name.is_empty() {
            self.nodes(
                &format!(
                    "SELECT 'c' || id FROM company WHERE name_key = ?1 AND is_partner = 0
                     AND NOT (coalesce(domain_key <> ?2, 0) AND coalesce(country <> ?3, 0)) ORDER BY id LIMIT {UNDER_ONE_KEY}"
                ),
                &[&name, &domain, &country],
                all,
            )?;
            self.nodes(
                &format!(
                    "SELECT 'r' || id FROM registration WHERE name_key = ?2 AND account IS NULL AND {LIVE} ORDER BY id LIMIT {UNDER_ONE_KEY}"
                ),
                &[&today, &name],
                all,
            )?;
        }
        self.nodes(&format!("SELECT 'r' || id FROM registration WHERE account = ?2 AND {LIVE}"), &[&today, &id], all)?;
        let mut group = BTreeSet::new();
        self.nodes("SELECT 'c' || parent FROM channel_parent WHERE child = ?1", &[&id], &mut group)?;
        group.insert(dirty::company(id));
        for parent in group {
            let mut children = BTreeSet::new();
            let (_, parent_id) = parts(&parent);
            let sql = format!("SELECT 'c' || child FROM channel_parent WHERE parent = ?1 LIMIT {}", GROUP + 1);
            self.nodes(&sql, &[&parent_id], &mut children)?;
            if children.len() <= GROUP as usize {
                // Of the parent's own other accounts it is enough that they lead to the parent.
                if parent_id == id {
                    all.extend(children);
                } else {
                    all.insert(parent);
                }
            }
        }
        self.nodes("SELECT other FROM channel_alike WHERE node = ?1", &[&dirty::company(id)], all)
    }

    fn of_registration(&self, id: &str, today: i64, all: &mut BTreeSet<String>) -> Result<()> {
        let known: Option<(Option<String>, String, Option<String>)> = self
            .connection
            .prepare_cached(&format!(
                "SELECT account, name_key, domain_key FROM registration WHERE id = ?2 AND {LIVE}"
            ))?
            .query_row(params![today, id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .optional()?;
        let Some((account, name, domain)) = known else { return Ok(()) };
        if let Some(domain) = &domain {
            self.nodes(
                &format!(
                    "SELECT 'c' || id FROM company WHERE domain_key = ?1 AND is_partner = 0 ORDER BY id LIMIT {UNDER_ONE_KEY}"
                ),
                &[domain],
                all,
            )?;
            self.nodes(
                &format!(
                    "SELECT 'r' || id FROM registration WHERE domain_key = ?2 AND {LIVE} ORDER BY id LIMIT {UNDER_ONE_KEY}"
                ),
                &[&today, domain],
                all,
            )?;
        }
        match account {
            Some(account) => {
                all.insert(dirty::company(&self.resolve(&account)?));
            }
            None if !name.is_empty() => {
                self.nodes(
                    &format!(
                        "SELECT 'c' || id FROM company WHERE name_key = ?1 AND is_partner = 0 ORDER BY id LIMIT {UNDER_ONE_KEY}"
                    ),
                    &[&name],
                    all,
                )?;
            }
            None => {}
        }
        if !name.is_empty() {
            self.nodes(
                &format!(
                    "SELECT 'r' || id FROM registration WHERE name_key = ?2 AND {LIVE} ORDER BY id LIMIT {UNDER_ONE_KEY}"
                ),
                &[&today, &name],
                all,
            )?;
        }
        self.nodes("SELECT other FROM channel_alike WHERE node = ?1", &[&dirty::registration(id)], all)
    }

    /// Whether anything of a partner is on a node: a partner deal, partner fields, an incumbent, a registration.
    ///
    /// # Errors
    /// SQLite.
    pub fn channel_concerns(&self, node: &str) -> Result<bool> {
        let (is_company, id) = parts(node);
        if !is_company {
            return Ok(true);
        }
        let mut statement = self.connection.prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM company WHERE id = ?1 AND (incumbent IS NOT NULL OR is_partner = 1))
                 OR EXISTS (SELECT 1 FROM deal WHERE account = ?1 AND outcome = 0
                            AND (partner IS NOT NULL OR attribution IS NOT NULL OR registration IS NOT NULL OR motion IS NOT NULL))",
        )?;
        Ok(statement.query_row([id], |row| row.get(0))?)
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

    /// Contacts with a record since a moment that took place, latest first, with the partners that they are linked with.
    ///
    /// # Errors
    /// SQLite, or a row that does not read.
    pub fn channel_contacts(&self, kind: ObjectKind, id: &str, since: Instant, limit: u32) -> Result<Vec<Contact>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT touch.id, touch.kind, touch.at, touch.title, touch.owner, touch.is_pending
             FROM link JOIN touch ON touch.id = link.id AND touch.kind = link.kind
             WHERE link.to_kind = ?1 AND link.to_id = ?2 AND touch.at >= ?3 AND touch.is_done = 1
             ORDER BY touch.at DESC, touch.id LIMIT ?4",
        )?;
        let mut linked = self.connection.prepare_cached(
            "SELECT company.id FROM link JOIN company ON company.id = link.to_id AND company.is_partner = 1
             WHERE link.kind = ?1 AND link.id = ?2 AND link.to_kind = 1 ORDER BY company.id",
        )?;
        let mut rows = statement.query(params![code(kind), id, ms(since), limit])?;
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
        let mut statement = self.connection.prepare_cached(
            "SELECT touch.at FROM link JOIN touch ON touch.id = link.id AND touch.kind = link.kind
             WHERE link.to_kind = 1 AND link.to_id = ?1 AND touch.is_done = 1 AND touch.at IS NOT NULL
             ORDER BY touch.at DESC LIMIT ?2",
        )?;
        let rows = statement.query_map(params![partner.as_str(), limit], |row| row.get(0).map(instant))?;
        Ok(rows.collect::<std::result::Result<_, _>>()?)
    }

    /// A node as matching sees it.
    fn channel_profile(&self, node: &str) -> Result<Option<Profile>> {
        let (is_company, id) = parts(node);
        if !is_company {
            let claim = self.registration(&RegistrationId(id.to_owned()))?;
            return Ok(claim.map(|claim| {
                Profile::of(&Record {
                    name: &claim.company,
                    country: claim.country.as_deref(),
                    city: claim.city.as_deref(),
                    domain: claim.domain.as_deref(),
                    email: claim.contact_email.as_deref(),
                    phone: claim.contact_phone.as_deref(),
                })
            }));
        }
        let mut statement = self
            .connection
            .prepare_cached("SELECT name, country, city, domain_key FROM company WHERE id = ?1 AND is_partner = 0")?;
        let profile = statement.query_row([id], |row| {
            let (name, country): (String, Option<String>) = (row.get(0)?, row.get(1)?);
            let (city, domain): (Option<String>, Option<String>) = (row.get(2)?, row.get(3)?);
            Ok(Profile::of(&Record {
                name: &name,
                country: country.as_deref(),
                city: city.as_deref(),
                domain: domain.as_deref(),
                ..Record::default()
            }))
        });
        Ok(profile.optional()?)
    }
}

impl Writer<'_> {
    /// Asks which nodes are surely alike, unless that was asked before and the name has not changed since.
    ///
    /// # Errors
    /// SQLite, or a row that does not read.
    pub fn channel_ask(&self, node: &str, renamed: bool) -> Result<()> {
        let asked: bool = self
            .connection
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM channel_asked WHERE node = ?1)")?
            .query_row([node], |row| row.get(0))?;
        if asked && !renamed {
            return Ok(());
        }
        self.connection
            .prepare_cached("DELETE FROM channel_alike WHERE node = ?1 OR other = ?1 AND node IN (SELECT other FROM channel_alike WHERE node = ?1)")?
            .execute([node])?;
        self.connection
            .prepare_cached("INSERT INTO channel_asked (node) VALUES (?1) ON CONFLICT DO NOTHING")?
            .execute([node])?;
        let Some(profile) = self.channel_profile(node)? else { return Ok(()) };
        for filed in [Filed::Accounts, Filed::Claims] {
            for alike in self.alike(filed, &profile, None)?.into_iter().filter(|one| one.probability >= SURE) {
                let other = match filed {
                    Filed::Accounts => dirty::company(&alike.id),
                    Filed::Claims => dirty::registration(&alike.id),
                    Filed::Deals => continue,
                };
                if other != node && !self.is_partner_node(&other)? {
                    for (one, two) in [(node, other.as_str()), (other.as_str(), node)] {
                        self.connection
                            .prepare_cached(
                                "INSERT INTO channel_alike (node, other) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
                            )?
                            .execute([one, two])?;
                    }
                }
            }
        }
        Ok(())
    }

    fn is_partner_node(&self, node: &str) -> Result<bool> {
        let (is_company, id) = parts(node);
        if !is_company {
            return Ok(false);
        }
        let mut statement =
            self.connection.prepare_cached("SELECT EXISTS (SELECT 1 FROM company WHERE id = ?1 AND is_partner = 1)")?;
        Ok(statement.query_row([id], |row| row.get(0))?)
    }
}
