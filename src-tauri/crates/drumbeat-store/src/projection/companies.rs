//! Companies, and the names of theirs that other rows show.

use drumbeat_match::phone;
use drumbeat_model::crm::{ObjectKind, Properties};
use drumbeat_model::deal::Motion;
use drumbeat_model::field::Field as F;
use drumbeat_model::ids::{AccountId, OwnerId, PartnerId};
use drumbeat_model::mapping::Mapping;
use drumbeat_model::partner::{Company, PartnerStatus, PartnerType, Tier};
use drumbeat_model::value;
use rusqlite::{OptionalExtension, params};
use rust_decimal::Decimal;

use super::Values;
use crate::open::Result;
use crate::reader::{Reader, days, ten_thousandths};
use crate::writer::Writer;

/// A company from its values.
#[must_use]
pub fn company(mapping: &Mapping, id: &str, properties: &Properties) -> Company {
    let v = Values { mapping, kind: ObjectKind::Company, properties };
    Company {
        id: id.to_owned(),
        name: v.text(F::Name).unwrap_or_else(|| format!("Company {id}")),
        domain: v.text(F::Domain),
        country: v.text(F::Country),
        city: v.text(F::City),
        region: v.text(F::Region),
        phone: v.text(F::Phone),
        owner: v.text(F::Owner).map(OwnerId),
        parent: v.text(F::Parent).map(AccountId),
        is_partner: v.get(F::IsPartner).and_then(value::truth).unwrap_or_else(|| v.get(F::PartnerType).is_some()),
        partner_type: v.get(F::PartnerType).and_then(PartnerType::from_name),
        tier: v.get(F::PartnerTier).and_then(|tier| mapping.tier(tier)),
        status: v.get(F::PartnerStatus).and_then(PartnerStatus::from_name),
        motions: v
            .get(F::PartnerMotions)
            .map(|text| value::members(text).filter_map(Motion::from_name).collect())
            .unwrap_or_default(),
        territories: v
            .get(F::PartnerTerritories)
            .map(|text| value::members(text).map(str::to_owned).collect())
            .unwrap_or_default(),
        partner_since: v.get(F::PartnerSince).and_then(value::day),
        incumbent: v.text(F::Incumbent).map(PartnerId),
        renewal_date: v.get(F::RenewalDate).and_then(value::day),
        blocked: v.get(F::Blocked).and_then(value::truth).unwrap_or(false),
        reserved_for: v.text(F::ReservedFor),
        retention: v.get(F::NetRetention).and_then(value::decimal).map(percent),
        satisfaction: v.get(F::Satisfaction).and_then(value::decimal),
        integration_used: v.get(F::IntegrationUsed).and_then(value::truth),
    }
}

/// A retention in percent. CRMs keep percentages as ratios or as numbers of a hundred; nobody keeps a tenth of the revenue,
/// and nobody has ten times as much.
fn percent(said: Decimal) -> Decimal {
    if said <= Decimal::TEN { said * Decimal::ONE_HUNDRED } else { said }
}

impl Reader<'_> {
    pub(crate) fn company_name(&self, id: Option<&str>) -> Result<Option<String>> {
        let Some(id) = id else { return Ok(None) };
        let mut statement = self.connection.prepare_cached("SELECT name FROM company WHERE id = ?1")?;
        Ok(statement.query_row([id], |row| row.get(0)).optional()?)
    }
}

impl Writer<'_> {
    pub(super) fn project_company(&self, id: &str, properties: &Properties) -> Result<()> {
        let company = company(&*self.mapping_in_force()?, id, properties);
        let before = self.company_name(Some(id))?;
        let filed = self.filed(ObjectKind::Company, id)?;
        let row: i64 = self.connection.prepare_cached(include_str!("../sql/put_company.sql"))?.query_row(
            params![
                id,
                company.name,
                self.judge.name_key(&company.name),
                company.domain.as_deref().and_then(|domain| self.judge.domain_key(domain)),
                company.country,
                company.city,
                company.region,
                company.owner.as_ref().map(OwnerId::as_str),
                company.is_partner,
                company.partner_type.map(PartnerType::name),
                company.tier.map(Tier::name),
                company.status.map(PartnerStatus::name),
                company.incumbent.as_ref().map(PartnerId::as_str),
                company.renewal_date.map(days),
                company.blocked,
                company.phone.as_deref().and_then(phone::key),
                company.partner_since.map(days),
                company.retention.and_then(ten_thousandths),
                company.satisfaction.and_then(ten_thousandths),
                company.integration_used,
            ],
            |row| row.get(0),
        )?;
        if !filed.as_ref().is_some_and(|line| line.shows(&company.name, company.city.as_deref())) {
            self.find(ObjectKind::Company, row)?;
        }
        self.refile(ObjectKind::Company, id, filed.as_ref())?;
        if !self.is_bulk(ObjectKind::Company)? {
            self.mark_company(Some(id))?;
            self.put_parent(id, company.parent.as_ref().map(AccountId::as_str))?;
        }
        if before.as_deref() != Some(company.name.as_str()) {
            self.companies.borrow_mut().remove(id);
            self.rename_company(id, &company.name)?;
        }
        Ok(())
    }

    /// Rows that show a company's name follow it.
    fn rename_company(&self, id: &str, name: &str) -> Result<()> {
        for (kind, statement) in [
            (
                ObjectKind::Deal,
                "UPDATE deal SET account_name = ?2 WHERE account = ?1 AND account_name IS NOT ?2 RETURNING rowid",
            ),
            (
                ObjectKind::Deal,
                "UPDATE deal SET partner_name = ?2 WHERE partner = ?1 AND partner_name IS NOT ?2 RETURNING rowid",
            ),
            (
                ObjectKind::Registration,
                "UPDATE registration SET partner_name = ?2 WHERE partner = ?1 AND partner_name IS NOT ?2 RETURNING rowid",
            ),
        ] {
            let mut statement = self.connection.prepare_cached(statement)?;
            let rows: Vec<i64> =
                statement.query_map(params![id, name], |row| row.get(0))?.collect::<std::result::Result<_, _>>()?;
            rows.into_iter().try_for_each(|row| self.find(kind, row))?;
        }
        Ok(())
    }

    /// A company's name, asked for once a transaction.
    pub(super) fn name_of(&self, id: Option<&str>) -> Result<Option<String>> {
        let Some(id) = id else { return Ok(None) };
        if let Some(name) = self.companies.borrow().get(id) {
            return Ok(name.clone());
        }
        let name = self.company_name(Some(id))?;
        self.companies.borrow_mut().insert(id.to_owned(), name.clone());
        Ok(name)
    }
}
