//! Projections: typed, indexed rows made from a record's values; what every list and check reads.
//!
//! `project` is the one function that makes a row, whether a page came in, a person decided or
//! everything is rebuilt, so that a projection is always what a rebuild would make of it.

use drumbeat_model::crm::{ObjectKind, Outcome, Properties};
use drumbeat_model::deal::{Attribution, ConflictStatus, Deal, DealKind, Motion};
use drumbeat_model::field::Field as F;
use drumbeat_model::ids::{AccountId, DealId, OwnerId, PartnerId, RegistrationId};
use drumbeat_model::mapping::Mapping;
use drumbeat_model::money::{Currency, Money};
use drumbeat_model::partner::{Company, PartnerStatus, PartnerType, Tier};
use drumbeat_model::registration::{DeclineReason, Registration, RegistrationKind, RegistrationStatus};
use drumbeat_model::value;
use rusqlite::{OptionalExtension, params};
use rust_decimal::prelude::ToPrimitive;

use crate::open::Result;
use crate::reader::{Reader, code, days, ms, outcome_code, ten_thousandths};
use crate::writer::{Touched, Writer};

/// Values of one record by field.
struct Values<'a> {
    mapping: &'a Mapping,
    kind: ObjectKind,
    properties: &'a Properties,
}

impl<'a> Values<'a> {
    fn get(&self, field: F) -> Option<&'a str> {
        self.mapping.value(self.kind, field, self.properties)
    }
    fn text(&self, field: F) -> Option<String> {
        self.get(field).map(str::to_owned)
    }
    fn money(&self, main: &str) -> Option<Money> {
        let amount = self.get(F::Amount).and_then(value::decimal)?;
        let currency =
            self.get(F::Currency).and_then(|code| Currency::parse(code).ok()).or_else(|| Currency::parse(main).ok())?;
        Some(Money::new(amount, currency))
    }
}

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
        tier: v.get(F::PartnerTier).and_then(Tier::from_name),
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
    }
}

/// A deal from its values and its account.
#[must_use]
pub fn deal(
    mapping: &Mapping,
    id: &str,
    properties: &Properties,
    account: Option<String>,
    main: &str,
    pending: bool,
) -> Deal {
    let v = Values { mapping, kind: ObjectKind::Deal, properties };
    let (pipeline, stage) = (v.text(F::Pipeline).unwrap_or_default(), v.text(F::Stage).unwrap_or_default());
    let known = mapping.stage(&pipeline, &stage);
    Deal {
        id: DealId(id.to_owned()),
        name: v.text(F::Name).unwrap_or_else(|| format!("Deal {id}")),
        account: account.map(AccountId),
        partner: v.text(F::Partner).map(PartnerId),
        amount: v.money(main),
        stage_label: known.map_or_else(|| stage.clone(), |(_, stage)| stage.label.clone()),
        position: known.map_or(0, |(_, stage)| stage.position),
        outcome: known.map_or(Outcome::Open, |(_, stage)| stage.outcome),
        probability: known.map_or(0, |(_, stage)| stage.probability),
        motion: v
            .get(F::Motion)
            .and_then(Motion::from_name)
            .or_else(|| known.and_then(|(pipeline, _)| pipeline.motion)),
        pipeline,
        stage,
        partner_type: v.text(F::PartnerType),
        attribution: v.get(F::Attribution).and_then(Attribution::from_name),
        attribution_pct: v.get(F::AttributionPct).and_then(value::decimal),
        registration: v.text(F::RegistrationId).map(RegistrationId),
        protection_start: v.get(F::ProtectionStart).and_then(value::day),
        protection_end: v.get(F::ProtectionEnd).and_then(value::day),
        deal_kind: v.get(F::DealKind).and_then(DealKind::from_name),
        incumbent: v.text(F::Incumbent).map(PartnerId),
        contact_roles: v.text(F::ContactRoles),
        conflict_status: v.get(F::ConflictStatus).and_then(ConflictStatus::from_name),
        stage_notes: v.text(F::StageNotes),
        stage_notes_at: v.get(F::StageNotesAt).and_then(value::instant),
        stage_entered_at: v.get(F::StageEnteredAt).and_then(value::instant),
        next_step: v.text(F::NextStep),
        next_step_owner: v.text(F::NextStepOwner).map(OwnerId),
        next_step_due: v.get(F::NextStepDue).and_then(value::day),
        owner: v.text(F::Owner).map(OwnerId),
        close_date: v.get(F::CloseDate).and_then(value::day),
        created_at: v.get(F::CreatedAt).and_then(value::instant),
        last_activity_at: v.get(F::LastActivityAt).and_then(value::instant),
        lost_reason: v.text(F::LostReason),
        pending,
    }
}

/// A registration from its values. An unknown state counts as submitted, so that it is looked at.
#[must_use]
pub fn registration(mapping: &Mapping, id: &str, properties: &Properties, main: &str, pending: bool) -> Registration {
    let v = Values { mapping, kind: ObjectKind::Registration, properties };
    let company = v.text(F::CompanyName).or_else(|| v.text(F::Name)).unwrap_or_else(|| format!("Registration {id}"));
    Registration {
        id: RegistrationId(id.to_owned()),
        name: v.text(F::Name).unwrap_or_else(|| id.to_owned()),
        kind: v.get(F::RegistrationKind).and_then(RegistrationKind::from_name).unwrap_or(RegistrationKind::Deal),
        status: v.get(F::Status).and_then(RegistrationStatus::from_name).unwrap_or(RegistrationStatus::Submitted),
        partner: v.text(F::Partner).map(PartnerId),
        company,
        domain: v.text(F::Domain),
        country: v.text(F::Country),
        city: v.text(F::City),
        contact_name: v.text(F::ContactName),
        contact_email: v.text(F::ContactEmail),
        contact_phone: v.text(F::ContactPhone),
        problem: v.text(F::Problem),
        stage_guess: v.text(F::StageGuess),
        consent: v.get(F::Consent).and_then(value::truth),
        amount: v.money(main),
        close_date: v.get(F::CloseDate).and_then(value::day),
        products: v.text(F::Products),
        proof_of_work: v.text(F::ProofOfWork),
        competitors: v.text(F::Competitors),
        motion: v.get(F::Motion).and_then(Motion::from_name),
        submitted_at: v
            .get(F::SubmittedAt)
            .and_then(value::instant)
            .or_else(|| v.get(F::CreatedAt).and_then(value::instant)),
        submitted_by: v.text(F::SubmittedBy),
        decided_at: v.get(F::DecidedAt).and_then(value::instant),
        decided_by: v.text(F::DecidedBy),
        decision_reason: v.text(F::DecisionReason),
        decline_reason: v.get(F::DeclineReason).and_then(DeclineReason::from_name),
        info_request: v.text(F::InfoRequest),
        protection_start: v.get(F::ProtectionStart).and_then(value::day),
        protection_end: v.get(F::ProtectionEnd).and_then(value::day),
        account: v.text(F::Account).map(AccountId),
        deal: v.text(F::Deal).map(DealId),
        owner: v.text(F::Owner).map(OwnerId),
        claimed_by: v.text(F::ClaimedBy).map(OwnerId),
        pending,
    }
}

impl Reader<'_> {
    /// The account that a deal is linked to: the primary one, else the first.
    pub(crate) fn account_of(&self, deal: &str) -> Result<Option<String>> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT to_id FROM link WHERE kind = ?1 AND id = ?2 AND to_kind = ?3 ORDER BY is_primary DESC, to_id LIMIT 1")?;
        Ok(statement
            .query_row(params![code(ObjectKind::Deal), deal, code(ObjectKind::Company)], |row| row.get(0))
            .optional()?)
    }

    pub(crate) fn company_name(&self, id: Option<&str>) -> Result<Option<String>> {
        let Some(id) = id else { return Ok(None) };
        let mut statement = self.connection.prepare_cached("SELECT name FROM company WHERE id = ?1")?;
        Ok(statement.query_row([id], |row| row.get(0)).optional()?)
    }
}

impl Writer<'_> {
    /// Makes a record's row anew from the mirror and the pending changes; removes it when it is gone.
    pub(crate) fn reproject(&self, kind: ObjectKind, id: &str) -> Result<()> {
        self.touch(Touched::of(kind));
        match self.effective(kind, id)? {
            Some((properties, pending)) => self.project(kind, id, &properties, pending),
            None => self.unproject(kind, id),
        }
    }

    /// Makes all rows anew.
    ///
    /// # Errors
    /// SQLite, or a mirrored row that does not read.
    pub(crate) fn rebuild_projections(&self) -> Result<()> {
        for kind in ObjectKind::ALL {
            if !self.is_bulk(*kind)? {
                self.put_off(*kind)?;
            }
        }
        for table in ["company", "deal", "registration", "certification", "touch"] {
            self.connection.execute(&format!("DELETE FROM {table}"), [])?;
        }
        self.connection.execute("INSERT INTO search (search) VALUES ('delete-all')", [])?;
        self.companies.borrow_mut().clear();
        for kind in ObjectKind::ALL {
            self.touch(Touched::of(*kind));
            let mut statement = self
                .connection
                .prepare("SELECT crm_id, properties FROM mirror WHERE kind = ?1 AND gone = 0 ORDER BY rowid")?;
            let mut rows = statement.query([code(*kind)])?;
            while let Some(row) = rows.next()? {
                let id: String = row.get(0)?;
                let properties: Properties = self.unpack(&id, &row.get::<_, Vec<u8>>(1)?)?;
                self.project(*kind, &id, &properties, false)?;
            }
            let mut pending =
                self.connection.prepare("SELECT DISTINCT record FROM pending_change WHERE object = ?1")?;
            let ids: Vec<String> =
                pending.query_map([code(*kind)], |row| row.get(0))?.collect::<std::result::Result<_, _>>()?;
            for id in ids {
                self.reproject(*kind, &id)?;
            }
        }
        ObjectKind::ALL.iter().try_for_each(|kind| self.finish_bulk(*kind))
    }

    pub(crate) fn project(&self, kind: ObjectKind, id: &str, properties: &Properties, pending: bool) -> Result<()> {
        match kind {
            ObjectKind::Company => self.project_company(id, properties),
            ObjectKind::Deal => self.project_deal(id, properties, self.account_of(id)?, pending),
            ObjectKind::Registration => self.project_registration(id, properties, pending),
            ObjectKind::Certification => self.project_certification(id, properties),
            ObjectKind::Task | ObjectKind::Note | ObjectKind::Meeting | ObjectKind::Call | ObjectKind::Email => {
                self.project_touch(kind, id, properties, pending)
            }
            ObjectKind::Contact => Ok(()),
        }
    }

    fn unproject(&self, kind: ObjectKind, id: &str) -> Result<()> {
        let Some(table) = table_of(kind) else { return Ok(()) };
        let row: Option<i64> = self
            .connection
            .prepare_cached(&format!("DELETE FROM {table} WHERE id = ?1 RETURNING rowid"))?
            .query_row([id], |row| row.get(0))
            .optional()?;
        if let (Some(row), Some(slot)) = (row, search_slot(kind)) {
            self.connection.prepare_cached("DELETE FROM search WHERE rowid = ?1")?.execute([row * 4 + slot])?;
        }
        if kind == ObjectKind::Company {
            self.companies.borrow_mut().remove(id);
        }
        Ok(())
    }

    /// Makes the search entries of a kind's rows, all of them.
    pub(crate) fn fill_search(&self, kind: ObjectKind) -> Result<()> {
        if let Some(statement) = search_entries(kind, "") {
            self.connection.execute(&statement, [])?;
        }
        Ok(())
    }

    /// Makes the search entry of one row.
    fn find(&self, kind: ObjectKind, row: i64) -> Result<()> {
        match search_entries(kind, "WHERE rowid = ?1") {
            Some(statement) if !self.is_bulk(kind)? => {
                self.connection.prepare_cached(&statement)?.execute([row])?;
                Ok(())
            }
            Some(_) | None => Ok(()),
        }
    }

    fn name_of(&self, id: Option<&str>) -> Result<Option<String>> {
        let Some(id) = id else { return Ok(None) };
        if let Some(name) = self.companies.borrow().get(id) {
            return Ok(name.clone());
        }
        let name = self.company_name(Some(id))?;
        self.companies.borrow_mut().insert(id.to_owned(), name.clone());
        Ok(name)
    }

    fn project_company(&self, id: &str, properties: &Properties) -> Result<()> {
        let company = company(&*self.mapping_in_force()?, id, properties);
        let before = self.company_name(Some(id))?;
        let row: i64 = self.connection.prepare_cached(include_str!("sql/put_company.sql"))?.query_row(
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
            ],
            |row| row.get(0),
        )?;
        self.find(ObjectKind::Company, row)?;
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

    pub(crate) fn project_deal(
        &self,
        id: &str,
        properties: &Properties,
        account: Option<String>,
        pending: bool,
    ) -> Result<()> {
        let mapping = self.mapping_in_force()?;
        let deal = deal(&mapping, id, properties, account, self.currency_in_force()?, pending);
        let counts = mapping
            .pipelines
            .iter()
            .find(|pipeline| pipeline.id == deal.pipeline)
            .is_none_or(|pipeline| pipeline.counts);
        if !counts {
            return self.unproject(ObjectKind::Deal, id);
        }
        let facets = self.judge.deal(&deal);
        let account_name = self.name_of(deal.account.as_ref().map(AccountId::as_str))?;
        let partner_name = self.name_of(deal.partner.as_ref().map(PartnerId::as_str))?;
        let row: i64 = self.connection.prepare_cached(include_str!("sql/put_deal.sql"))?.query_row(
            params![
                id,
                deal.name,
                deal.account.as_ref().map(AccountId::as_str),
                account_name,
                deal.partner.as_ref().map(PartnerId::as_str),
                partner_name,
                deal.amount.as_ref().and_then(|money| ten_thousandths(money.amount)),
                deal.amount.as_ref().map(|money| money.currency.code()),
                deal.pipeline,
                deal.stage,
                deal.stage_label,
                deal.position,
                outcome_code(deal.outcome),
                deal.motion.map(Motion::name),
                deal.attribution.map(Attribution::name),
                deal.attribution_pct.and_then(|pct| pct.round().to_u32()),
                deal.owner.as_ref().map(OwnerId::as_str),
                deal.close_date.map(days),
                deal.created_at.map(|at| days(at.date_naive())),
                deal.protection_end.map(days),
                deal.stage_notes_at.map(ms),
                deal.next_step_due.map(days),
                deal.registration.as_ref().map(RegistrationId::as_str),
                facets.stalled_on.map(days),
                facets.missing_hard,
                facets.hygiene,
                pending,
            ],
            |row| row.get(0),
        )?;
        self.find(ObjectKind::Deal, row)
    }

    fn project_registration(&self, id: &str, properties: &Properties, pending: bool) -> Result<()> {
        let registration = registration(&*self.mapping_in_force()?, id, properties, self.currency_in_force()?, pending);
        let partner_name = self.name_of(registration.partner.as_ref().map(PartnerId::as_str))?;
        let row: i64 = self.connection.prepare_cached(include_str!("sql/put_registration.sql"))?.query_row(
            params![
                id,
                registration.name,
                registration.kind.name(),
                registration.status.name(),
                registration.company,
                self.judge.name_key(&registration.company),
                registration
                    .domain
                    .as_deref()
                    .or(registration.contact_email.as_deref())
                    .and_then(|domain| self.judge.domain_key(domain)),
                registration.partner.as_ref().map(PartnerId::as_str),
                partner_name,
                registration.motion.map(Motion::name),
                registration.amount.as_ref().and_then(|money| ten_thousandths(money.amount)),
                registration.amount.as_ref().map(|money| money.currency.code()),
                registration.owner.as_ref().map(OwnerId::as_str),
                registration.claimed_by.as_ref().map(OwnerId::as_str),
                registration.account.as_ref().map(AccountId::as_str),
                registration.deal.as_ref().map(DealId::as_str),
                registration.submitted_at.map(ms),
                registration.decided_at.map(ms),
                registration.protection_end.map(days),
                registration.status.is_open(),
                pending,
            ],
            |row| row.get(0),
        )?;
        self.find(ObjectKind::Registration, row)
    }

    fn project_certification(&self, id: &str, properties: &Properties) -> Result<()> {
        let mapping = self.mapping_in_force()?;
        let v = Values { mapping: &mapping, kind: ObjectKind::Certification, properties };
        let Some(partner) = v.get(F::Partner) else { return self.unproject(ObjectKind::Certification, id) };
        self.connection
            .prepare_cached(
                "INSERT INTO certification (id, partner, name, holder, kind, level, earned, expires, status) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
                 ON CONFLICT (id) DO UPDATE SET partner = ?2, name = ?3, holder = ?4, kind = ?5, level = ?6, earned = ?7, expires = ?8, status = ?9",
            )?
            .execute(params![
                id,
                partner,
                v.get(F::Name).unwrap_or("Certificate"),
                v.get(F::Holder),
                v.get(F::CertificationKind),
                v.get(F::Level),
                v.get(F::EarnedAt).and_then(value::day).map(days),
                v.get(F::ExpiresAt).and_then(value::day).map(days),
                v.get(F::Status),
            ])?;
        Ok(())
    }

    fn project_touch(&self, kind: ObjectKind, id: &str, properties: &Properties, pending: bool) -> Result<()> {
        let mapping = self.mapping_in_force()?;
        let v = Values { mapping: &mapping, kind, properties };
        let at = v.get(F::At).or_else(|| v.get(F::DueAt)).or_else(|| v.get(F::CreatedAt)).and_then(value::instant);
        let done = match kind {
            ObjectKind::Task => v.get(F::Status).is_some_and(|status| status.eq_ignore_ascii_case("completed")),
            _ => true,
        };
        let body = v.get(F::Body).map(first_line);
        let title = v.get(F::Title).map(str::to_owned).or(body).unwrap_or_else(|| kind.name().to_owned());
        self.connection
            .prepare_cached(
                "INSERT INTO touch (id, kind, at, title, owner, is_done, is_pending) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                 ON CONFLICT (id) DO UPDATE SET kind = ?2, at = ?3, title = ?4, owner = ?5, is_done = ?6, is_pending = ?7",
            )?
            .execute(params![id, code(kind), at.map(ms), title, v.get(F::Owner), done, pending])?;
        Ok(())
    }
}

/// The first line of a note, without markup, at most 160 characters.
fn first_line(text: &str) -> String {
    let mut plain = String::with_capacity(text.len().min(200));
    let mut inside = false;
    for c in text.chars() {
        match c {
            '<' => inside = true,
            '>' if inside => {
                inside = false;
                plain.push(' ');
            }
            _ if !inside => plain.push(c),
            _ => {}
        }
        if plain.len() > 400 {
            break;
        }
    }
    let line = plain.trim().lines().next().unwrap_or("").trim();
    line.chars().take(160).collect()
}

/// The table of a kind's rows.
pub(crate) fn table_of(kind: ObjectKind) -> Option<&'static str> {
    match kind {
        ObjectKind::Company => Some("company"),
        ObjectKind::Deal => Some("deal"),
        ObjectKind::Registration => Some("registration"),
        ObjectKind::Certification => Some("certification"),
        ObjectKind::Task | ObjectKind::Note | ObjectKind::Meeting | ObjectKind::Call | ObjectKind::Email => {
            Some("touch")
        }
        ObjectKind::Contact => None,
    }
}

/// The statement that makes search entries of rows. `clause` is ours, never a person's.
fn search_entries(kind: ObjectKind, clause: &str) -> Option<String> {
    let slot = search_slot(kind)?;
    let (table, title, subtitle) = match kind {
        ObjectKind::Company => ("company", "name", "city"),
        ObjectKind::Deal => ("deal", "name", "coalesce(account_name, '') || ' ' || coalesce(partner_name, '')"),
        ObjectKind::Registration => ("registration", "company", "number || ' ' || coalesce(partner_name, '')"),
        _ => return None,
    };
    Some(format!(
        "INSERT OR REPLACE INTO search (rowid, title, subtitle) SELECT rowid * 4 + {slot}, {title}, {subtitle} FROM {table} {clause}"
    ))
}

pub(crate) fn search_slot(kind: ObjectKind) -> Option<i64> {
    match kind {
        ObjectKind::Company => Some(0),
        ObjectKind::Deal => Some(1),
        ObjectKind::Registration => Some(2),
        ObjectKind::Certification
        | ObjectKind::Contact
        | ObjectKind::Task
        | ObjectKind::Note
        | ObjectKind::Meeting
        | ObjectKind::Call
        | ObjectKind::Email => None,
    }
}
