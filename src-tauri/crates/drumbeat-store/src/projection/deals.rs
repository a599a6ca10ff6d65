//! Deals, as far as their pipeline counts.

use drumbeat_model::crm::{ObjectKind, Outcome, Properties};
use drumbeat_model::deal::{Attribution, ConflictStatus, Deal, DealKind, Motion};
use drumbeat_model::dossier::DealDossier;
use drumbeat_model::field::Field as F;
use drumbeat_model::ids::{AccountId, DealId, OwnerId, PartnerId, RegistrationId};
use drumbeat_model::mapping::Mapping;
use drumbeat_model::value;
use rusqlite::{OptionalExtension, params};
use rust_decimal::prelude::ToPrimitive;

use super::{Home, Values};
use crate::open::Result;
use crate::reader::{Reader, code, days, ms, outcome_code, ten_thousandths};
use crate::writer::Writer;

/// A deal from its values and its account.
#[must_use]
pub fn deal(
    mapping: &Mapping,
    id: &str,
    properties: &Properties,
    account: Option<String>,
    home: &Home,
    pending: bool,
) -> Deal {
    let v = Values { mapping, kind: ObjectKind::Deal, properties };
    let (pipeline, stage) = (v.text(F::Pipeline).unwrap_or_default(), v.text(F::Stage).unwrap_or_default());
    let known = mapping.stage(&pipeline, &stage);
    let (close, is_open) =
        (v.get(F::CloseDate).and_then(value::day), known.is_none_or(|(_, stage)| stage.outcome == Outcome::Open));
    let (own, rate) = v.home(home, close, is_open).map_or((None, None), |own| (Some(own.money), own.rate));
    Deal {
        id: DealId(id.to_owned()),
        name: v.text(F::Name).unwrap_or_else(|| format!("Deal {id}")),
        account: account.map(AccountId),
        partner: v.text(F::Partner).map(PartnerId),
        amount: v.money(F::Amount, home),
        home: own,
        rate,
        annual: v.at_home(F::AnnualValue, home, close, is_open),
        incentive: v.at_home(F::IncentiveCost, home, close, is_open),
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
        price_protected: v.get(F::PriceProtected).and_then(value::truth),
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
        close_date: close,
        created_at: v.get(F::CreatedAt).and_then(value::instant),
        last_activity_at: v.get(F::LastActivityAt).and_then(value::instant),
        lost_reason: v.text(F::LostReason),
        dossier: DealDossier::read(v.get(F::Dossier)),
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
}

impl Writer<'_> {
    pub(crate) fn project_deal(
        &self,
        id: &str,
        properties: &Properties,
        account: Option<String>,
        pending: bool,
    ) -> Result<()> {
        let mapping = self.mapping_in_force()?;
        let deal = deal(&mapping, id, properties, account, &*self.home()?, pending);
        let counts = mapping
            .pipelines
            .iter()
            .find(|pipeline| pipeline.id == deal.pipeline)
            .is_none_or(|pipeline| pipeline.counts);
        if !counts {
            return self.unproject(ObjectKind::Deal, id);
        }
        let before = if self.is_bulk(ObjectKind::Deal)? { None } else { self.shown_account(id)? };
        self.mark_deal(before.as_deref(), deal.account.as_ref().map(AccountId::as_str))?;
        self.keep_deal(id, Some(&deal))?;
        self.leaving(id)?;
        let filed = self.filed(ObjectKind::Deal, id)?;
        let facets = self.judge.deal(&deal);
        let named = mapping.value(ObjectKind::Deal, F::Products, properties);
        let attached = named.filter(|named| !named.trim().is_empty()).map(|named| self.judge.attached(named).code());
        let account_name = self.name_of(deal.account.as_ref().map(AccountId::as_str))?;
        let partner_name = self.name_of(deal.partner.as_ref().map(PartnerId::as_str))?;
        let row: i64 = self.connection.prepare_cached(include_str!("../sql/put_deal.sql"))?.query_row(
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
                deal.home.as_ref().and_then(|money| ten_thousandths(money.amount)),
                deal.deal_kind.map(DealKind::name),
                attached,
                deal.registration.as_ref().and(deal.protection_start).map(days),
                deal.stage_entered_at.map(|at| days(at.date_naive())),
                deal.annual.as_ref().and_then(|money| ten_thousandths(money.amount)),
                deal.incentive.as_ref().and_then(|money| ten_thousandths(money.amount)),
            ],
            |row| row.get(0),
        )?;
        self.coming(id)?;
        self.find(ObjectKind::Deal, row)?;
        self.refile(ObjectKind::Deal, id, filed.as_ref())
    }
}
