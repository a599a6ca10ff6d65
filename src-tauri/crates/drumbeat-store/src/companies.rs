//! Partners, accounts and certificates.

use std::collections::BTreeMap;

use drumbeat_model::crm::{ObjectKind, Outcome};
use drumbeat_model::ids::PartnerId;
use drumbeat_model::page::Page;
use drumbeat_model::partner::{
    Certification, Company, PartnerRow, PartnerSort, PartnerStatus, PartnerType, PartnersQuery, Tier,
};
use drumbeat_model::time::{Day, Instant};
use rusqlite::types::Value;
use rusqlite::{OptionalExtension, Row, params, params_from_iter};

use crate::filter::{self, Conditions, PageKey};
use crate::measures::DAY;
use crate::open::Result;
use crate::projection;
use crate::reader::{Reader, code, day, days, instant, word};

const COLUMNS: &str = "company.id, company.name, company.partner_type, company.tier, company.status";
const LAST_TOUCH: &str = "(SELECT max(touch.at) FROM link JOIN touch ON touch.id = link.id WHERE link.to_kind = 1 AND link.to_id = company.id AND link.kind >= 6)";
const OPEN_AMOUNT: &str =
    "coalesce((SELECT sum(deal.amount) FROM deal WHERE deal.partner = company.id AND deal.outcome = 0), 0)";
const TIER_RANK: &str =
    "(CASE company.tier WHEN 'elite' THEN 3 WHEN 'select' THEN 2 WHEN 'registered' THEN 1 ELSE 0 END)";

/// Where a partner stands in the program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartnerPlace {
    /// Name.
    pub name: String,
    /// Tier.
    pub tier: Option<Tier>,
    /// Type.
    pub kind: Option<PartnerType>,
    /// Region.
    pub region: Option<String>,
    /// How the partnership stands.
    pub status: Option<PartnerStatus>,
}

impl Reader<'_> {
    /// One company, typed.
    ///
    /// # Errors
    /// SQLite, or a row that does not read.
    pub fn company(&self, id: &str) -> Result<Option<Company>> {
        let id = self.resolve(id)?;
        let Some((properties, _)) = self.effective(ObjectKind::Company, &id)? else { return Ok(None) };
        Ok(Some(projection::company(&*self.mapping_in_force()?, &id, &properties)))
    }

    /// The name of a company.
    ///
    /// # Errors
    /// SQLite.
    pub fn name_of_company(&self, id: &str) -> Result<Option<String>> {
        self.company_name(Some(&self.resolve(id)?))
    }

    /// Ids of accounts under a domain key, else under a name key; partners left out.
    ///
    /// # Errors
    /// SQLite.
    pub fn accounts_like(&self, domain_key: Option<&str>, name_key: &str) -> Result<Vec<String>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT id FROM (
                 SELECT id, 0 AS rank FROM company WHERE domain_key = ?1
                 UNION SELECT id, 1 FROM company WHERE name_key = ?2 AND ?2 <> '')
             GROUP BY id ORDER BY min(rank), id LIMIT 10",
        )?;
        let ids = statement.query_map(params![domain_key, name_key], |row| row.get(0))?;
        Ok(ids.collect::<std::result::Result<_, _>>()?)
    }

    /// One page of partners.
    ///
    /// # Errors
    /// SQLite, or a page key that is not ours.
    pub fn partners(&self, query: &PartnersQuery, today: Day) -> Result<Page<PartnerRow>> {
        let limit = if query.limit == 0 { 100 } else { query.limit.min(500) };
        let mut all = Conditions::default();
        all.add("company.is_partner = 1", []);
        if let Some(kind) = query.partner_type {
            all.add("company.partner_type = ?", [filter::text(kind.name())]);
        }
        if let Some(tier) = query.tier {
            all.add("company.tier = ?", [filter::text(tier.name())]);
        }
        if let Some(status) = query.status {
            all.add("company.status = ?", [filter::text(status.name())]);
        }
        if let Some(words) = query.text.as_deref().and_then(filter::search_words) {
            all.add(
                "company.rowid IN (SELECT rowid >> 2 FROM search WHERE search MATCH ? AND rowid & 3 = 0)",
                [Value::Text(words)],
            );
        }
        let total: u32 = self
            .connection
            .prepare_cached(&format!("SELECT count(*) FROM company {}", all.clause()))?
            .query_row(params_from_iter(all.values.iter()), |row| row.get(0))?;
        let column = match query.sort {
            PartnerSort::Name => "company.name COLLATE NOCASE",
            PartnerSort::Tier => TIER_RANK,
            PartnerSort::OpenAmount => OPEN_AMOUNT,
            PartnerSort::LastTouch => LAST_TOUCH,
        };
        if let Some(key) = &query.after {
            PageKey::after(key, column, "company.id", query.direction, &mut all)?;
        }
        let direction = filter::direction(query.direction);
        let sql = format!(
            "SELECT {COLUMNS}, {column} AS sort_value FROM company {} ORDER BY {column} {direction}, company.id {direction} LIMIT {}",
            all.clause(),
            limit + 1
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query(params_from_iter(all.values))?;
        let mut page: Vec<(PartnerRow, Value)> = Vec::new();
        while let Some(row) = rows.next()? {
            page.push((self.partner_row_from(row, today)?, row.get("sort_value")?));
        }
        let mut next = None;
        if page.len() > limit as usize
            && let Some((last, value)) = page.get(limit as usize - 1)
        {
            next = Some(PageKey::new(value.clone(), filter::text(last.id.as_str())).write()?);
        }
        Ok(Page { rows: page.into_iter().take(limit as usize).map(|(row, _)| row).collect(), next, total })
    }

    /// The list row of one partner.
    ///
    /// # Errors
    /// SQLite.
    pub fn partner_row(&self, id: &PartnerId, today: Day) -> Result<Option<PartnerRow>> {
        let id = self.resolve(id.as_str())?;
        let mut statement = self.connection.prepare_cached(&format!("SELECT {COLUMNS} FROM company WHERE id = ?1"))?;
        let mut rows = statement.query([id])?;
        match rows.next()? {
            Some(row) => Ok(Some(self.partner_row_from(row, today)?)),
            None => Ok(None),
        }
    }

    fn partner_row_from(&self, row: &Row<'_>, today: Day) -> Result<PartnerRow> {
        let id: String = row.get("id")?;
        let (open_deals, open_amounts) = self.partner_sums(&id, Outcome::Open, None)?;
        let open_registrations: u32 = self
            .connection
            .prepare_cached("SELECT count(*) FROM registration WHERE partner = ?1 AND is_open = 1")?
            .query_row([&id], |row| row.get(0))?;
        let (certified, expiring): (u32, u32) = self
            .connection
            .prepare_cached(
                "SELECT count(*), count(*) FILTER (WHERE expires <= ?3) FROM certification
                 WHERE partner = ?1 AND coalesce(status, 'active') = 'active' AND (expires IS NULL OR expires >= ?2)",
            )?
            .query_row(params![id, days(today), days(today) + 30], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(PartnerRow {
            last_touch: self.last_touch(&id, today)?,
            name: row.get("name")?,
            partner_type: word(row.get("partner_type")?, PartnerType::from_name),
            tier: word(row.get("tier")?, Tier::from_name),
            // The policy names the tiers; here nothing is known of it.
            tier_name: None,
            status: word(row.get("status")?, PartnerStatus::from_name),
            open_deals,
            open_amounts,
            open_registrations,
            certified,
            expiring,
            id: PartnerId(id),
        })
    }

    /// A task that was done before its day is of that day, and no touch of the past until then.
    fn last_touch(&self, company: &str, today: Day) -> Result<Option<Instant>> {
        let at: Option<Option<i64>> = self
            .connection
            .prepare_cached(
                "SELECT max(touch.at) FROM link JOIN touch ON touch.id = link.id WHERE link.to_kind = ?1 AND link.to_id = ?2 AND link.kind >= 6 AND touch.is_done = 1 AND touch.at < ?3",
            )?
            .query_row(params![code(ObjectKind::Company), company, (days(today) + 1) * DAY], |row| row.get(0))
            .optional()?;
        Ok(at.flatten().map(instant))
    }

    /// Certificates of a partner, ending first.
    ///
    /// # Errors
    /// SQLite.
    pub fn certifications(&self, partner: &str) -> Result<Vec<Certification>> {
        self.certificates("WHERE partner = ?1 ORDER BY expires IS NULL, expires, id", &[&partner])
    }

    /// Certificates that end between today and `by`, soonest first.
    ///
    /// # Errors
    /// SQLite.
    pub fn certifications_ending(&self, today: Day, by: Day, limit: u32) -> Result<Vec<Certification>> {
        self.certificates(
            "WHERE expires BETWEEN ?1 AND ?2 AND coalesce(status, 'active') = 'active' ORDER BY expires, id LIMIT ?3",
            &[&days(today), &days(by), &limit],
        )
    }

    pub(crate) fn certificates(&self, clause: &str, values: &[&dyn rusqlite::ToSql]) -> Result<Vec<Certification>> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT id, partner, name, holder, kind, level, earned, expires, status FROM certification {clause}"
        ))?;
        let rows = statement.query_map(values, |row| {
            Ok(Certification {
                id: row.get("id")?,
                partner: PartnerId(row.get("partner")?),
                name: row.get("name")?,
                holder: row.get("holder")?,
                kind: row.get("kind")?,
                level: row.get("level")?,
                earned: row.get::<_, Option<i64>>("earned")?.map(day),
                expires: row.get::<_, Option<i64>>("expires")?.map(day),
                status: row.get("status")?,
            })
        })?;
        Ok(rows.collect::<std::result::Result<_, _>>()?)
    }

    /// Accounts with an incumbent whose renewal is due by a day, and who holds them, soonest first.
    ///
    /// # Errors
    /// SQLite.
    pub fn renewals_due(&self, today: Day, by: Day, limit: u32) -> Result<Vec<(String, String, String, Day)>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT id, name, incumbent, renewal_date FROM company
             WHERE incumbent IS NOT NULL AND renewal_date BETWEEN ?1 AND ?2 ORDER BY renewal_date, id LIMIT ?3",
        )?;
        let rows = statement.query_map(params![days(today), days(by), limit], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, day(row.get(3)?)))
        })?;
        Ok(rows.collect::<std::result::Result<_, _>>()?)
    }

    /// Ids and names of partners, by name.
    ///
    /// # Errors
    /// SQLite.
    pub fn partner_names(&self, limit: u32) -> Result<Vec<(String, String)>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT id, name FROM company WHERE is_partner = 1 ORDER BY name COLLATE NOCASE, id LIMIT ?1",
        )?;
        let rows = statement.query_map([limit], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<std::result::Result<_, _>>()?)
    }

    /// Tier, type and region of every partner, with its name, by id.
    ///
    /// # Errors
    /// SQLite.
    pub fn partner_places(&self) -> Result<BTreeMap<String, PartnerPlace>> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT id, name, tier, partner_type, region, status FROM company WHERE is_partner = 1")?;
        let rows = statement.query_map([], |row| {
            let place = PartnerPlace {
                name: row.get(1)?,
                tier: word(row.get(2)?, Tier::from_name),
                kind: word(row.get(3)?, PartnerType::from_name),
                region: row.get(4)?,
                status: word(row.get(5)?, PartnerStatus::from_name),
            };
            Ok((row.get(0)?, place))
        })?;
        Ok(rows.collect::<std::result::Result<_, _>>()?)
    }

    /// How many partners there are.
    ///
    /// # Errors
    /// SQLite.
    pub fn partner_count(&self) -> Result<u32> {
        Ok(self.connection.query_row("SELECT count(*) FROM company WHERE is_partner = 1", [], |row| row.get(0))?)
    }
}
