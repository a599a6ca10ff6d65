//! What counts as one account: companies and registrations as nodes, and which of them hang together.
//!
//! Two companies are one account when they share a domain, a plain name or a group, or are surely alike under another
//! spelling ([`sure`](super::sure)); a registration belongs to the account that it names, or that has its domain or
//! name. A name alone makes nobody one whose domain and country are both known and differ. A holding with very many
//! accounts is not one account, and neither is what hangs together through more than [`MOST`] records: it is cut there.
//! Callers rely on the root being the same from wherever one comes. Who is alike is not asked here, only followed.

use std::collections::{BTreeSet, VecDeque};

use drumbeat_model::time::Day;
use rusqlite::{OptionalExtension, params};

use super::dirty;
use crate::open::Result;
use crate::reader::{Reader, days};

/// Records that count as one account at most.
const MOST: usize = 64;
/// A holding with more accounts than this is not one account.
const GROUP: usize = 25;
/// They, and one more. A limit that is bound has SQLite prepare the statement anew each time.
const CHILDREN: &str = "SELECT 'c' || child FROM channel_parent WHERE parent = ?1 LIMIT 26";

/// Registrations that wait or are in force on `?1`.
macro_rules! live {
    () => {
        "(is_open = 1 OR status IN ('approved', 'converted') AND (protection_end IS NULL OR protection_end >= ?1))"
    };
}

/// Records under one name or domain that are looked at.
macro_rules! under_one_key {
    () => {
        " ORDER BY id LIMIT 40"
    };
}

const COMPANIES_BY_DOMAIN: &str =
    concat!("SELECT 'c' || id FROM company WHERE domain_key = ?1 AND is_partner = 0", under_one_key!());
const COMPANIES_BY_NAME: &str = concat!(
    "SELECT 'c' || id FROM company WHERE name_key = ?1 AND is_partner = 0
     AND NOT (coalesce(domain_key <> ?2, 0) AND coalesce(country <> ?3, 0))",
    under_one_key!()
);
const CLAIMS_BY_DOMAIN: &str =
    concat!("SELECT 'r' || id FROM registration WHERE domain_key = ?2 AND ", live!(), under_one_key!());
const CLAIMS_BY_NAME: &str =
    concat!("SELECT 'r' || id FROM registration WHERE name_key = ?2 AND ", live!(), under_one_key!());
const LOOSE_CLAIMS_BY_NAME: &str = concat!(
    "SELECT 'r' || id FROM registration WHERE name_key = ?2 AND account IS NULL AND ",
    live!(),
    under_one_key!()
);
const CLAIMS_ON_ACCOUNT: &str = concat!("SELECT 'r' || id FROM registration WHERE account = ?2 AND ", live!());
const CLAIM: &str = concat!("SELECT account, name_key, domain_key FROM registration WHERE id = ?2 AND ", live!());

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
        self.channel_together(node, today, &mut |_| Ok(()))
    }

    /// The same; `met` is told of each node before its neighbours are looked for, and may find out who is alike.
    ///
    /// # Errors
    /// SQLite, or what `met` says.
    pub fn channel_together(
        &self,
        node: &str,
        today: Day,
        met: &mut dyn FnMut(&str) -> Result<()>,
    ) -> Result<Vec<String>> {
        let mut seen: BTreeSet<String> = BTreeSet::from([node.to_owned()]);
        let mut next = VecDeque::from([node.to_owned()]);
        while let Some(node) = next.pop_front() {
            met(&node)?;
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
        let mut rows = statement.query(values)?;
        while let Some(row) = rows.next()? {
            into.insert(row.get(0)?);
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
            self.nodes(COMPANIES_BY_DOMAIN, &[domain], all)?;
            self.nodes(CLAIMS_BY_DOMAIN, &[&today, domain], all)?;
        }
        if !name.is_empty() {
            self.nodes(COMPANIES_BY_NAME, &[&name, &domain, &country], all)?;
            self.nodes(LOOSE_CLAIMS_BY_NAME, &[&today, &name], all)?;
        }
        self.nodes(CLAIMS_ON_ACCOUNT, &[&today, &id], all)?;
        self.of_group(id, all)?;
        self.of_alike(&dirty::company(id), all)
    }

    fn of_group(&self, id: &str, all: &mut BTreeSet<String>) -> Result<()> {
        let mut group = BTreeSet::new();
        self.nodes("SELECT 'c' || parent FROM channel_parent WHERE child = ?1", &[&id], &mut group)?;
        group.insert(dirty::company(id));
        for parent in group {
            let mut children = BTreeSet::new();
            let (_, parent_id) = parts(&parent);
            self.nodes(CHILDREN, &[&parent_id], &mut children)?;
            if children.len() <= GROUP {
                // Of the parent's own other accounts it is enough that they lead to the parent.
                if parent_id == id {
                    all.extend(children);
                } else {
                    all.insert(parent);
                }
            }
        }
        Ok(())
    }

    fn of_registration(&self, id: &str, today: i64, all: &mut BTreeSet<String>) -> Result<()> {
        let known: Option<(Option<String>, String, Option<String>)> = self
            .connection
            .prepare_cached(CLAIM)?
            .query_row(params![today, id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .optional()?;
        let Some((account, name, domain)) = known else { return Ok(()) };
        if let Some(domain) = &domain {
            self.nodes(COMPANIES_BY_DOMAIN, &[domain], all)?;
            self.nodes(CLAIMS_BY_DOMAIN, &[&today, domain], all)?;
        }
        let nothing: Option<&str> = None;
        match account {
            Some(account) => {
                all.insert(dirty::company(&self.resolve(&account)?));
            }
            None if !name.is_empty() => self.nodes(COMPANIES_BY_NAME, &[&name, &nothing, &nothing], all)?,
            None => {}
        }
        if !name.is_empty() {
            self.nodes(CLAIMS_BY_NAME, &[&today, &name], all)?;
        }
        self.of_alike(&dirty::registration(id), all)
    }

    /// Who is surely alike, where one of the two has to do with partners. Of others it is known only when they were asked
    /// about for another reason, and what counts as one account must not depend on what was asked before.
    fn of_alike(&self, node: &str, all: &mut BTreeSet<String>) -> Result<()> {
        let mut others = BTreeSet::new();
        self.nodes("SELECT other FROM channel_alike WHERE node = ?1", &[&node], &mut others)?;
        if others.is_empty() || self.channel_concerns(node)? {
            all.extend(others);
            return Ok(());
        }
        for other in others {
            if self.channel_concerns(&other)? {
                all.insert(other);
            }
        }
        Ok(())
    }
}
