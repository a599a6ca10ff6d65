//! Registrations: what partners have claimed.

use drumbeat_match::phone;
use drumbeat_model::crm::{ObjectKind, Properties};
use drumbeat_model::deal::Motion;
use drumbeat_model::dossier::Dossier;
use drumbeat_model::field::Field as F;
use drumbeat_model::ids::{AccountId, DealId, OwnerId, PartnerId, RegistrationId};
use drumbeat_model::mapping::Mapping;
use drumbeat_model::registration::{DeclineReason, Registration, RegistrationKind, RegistrationStatus};
use drumbeat_model::value;
use rusqlite::params;

use super::{Home, Values};
use crate::open::Result;
use crate::reader::{days, ms, ten_thousandths};
use crate::writer::Writer;

/// A registration from its values. An unknown state counts as submitted, so that it is looked at.
#[must_use]
pub fn registration(mapping: &Mapping, id: &str, properties: &Properties, home: &Home, pending: bool) -> Registration {
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
        amount: v.money(F::Amount, home),
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
        dossier: Dossier::read(v.get(F::Dossier)),
        pending,
    }
}

impl Writer<'_> {
    pub(super) fn project_registration(&self, id: &str, properties: &Properties, pending: bool) -> Result<()> {
        let registration = registration(&*self.mapping_in_force()?, id, properties, &*self.home()?, pending);
        let partner_name = self.name_of(registration.partner.as_ref().map(PartnerId::as_str))?;
        let filed = self.filed(ObjectKind::Registration, id)?;
        let row: i64 = self.connection.prepare_cached(include_str!("../sql/put_registration.sql"))?.query_row(
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
                registration.country,
                registration.city,
                registration.contact_phone.as_deref().and_then(phone::key),
                registration.decline_reason.map(DeclineReason::name),
                registration.dossier.meeting.as_ref().map(|meeting| days(meeting.day)),
            ],
            |row| row.get(0),
        )?;
        self.find(ObjectKind::Registration, row)?;
        self.mark_registration(id)?;
        self.refile(ObjectKind::Registration, id, filed.as_ref())
    }
}
