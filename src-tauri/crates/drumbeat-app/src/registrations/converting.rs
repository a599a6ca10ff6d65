//! A lead becomes a deal registration: a new claim of the same partner, submitted now, that names its lead.
//!
//! The lead's protection goes on until the new claim is decided or its own day: a partner loses nothing by telling
//! more. The new claim has its own checks and its own clock.

use std::sync::Arc;

use drumbeat_model::crm::ObjectKind;
use drumbeat_model::dossier::Dossier;
use drumbeat_model::field::Field as F;
use drumbeat_model::ids::is_local;
use drumbeat_model::lifecycle::{ConvertLead, LifeAct};
use drumbeat_model::money::Currency;
use drumbeat_model::registration::{Decided, RegistrationKind, RegistrationStatus};
use drumbeat_model::value::write_instant;
use drumbeat_store::StoreError;

use super::answering::filled;
use super::{Values, decision, desk_for};
use crate::decide;
use crate::error::{Answer, ApiError};
use crate::workspace::Workspace;

/// Fields that the new claim takes over as they stand on the lead.
const TAKEN: [F; 20] = [
    F::Partner,
    F::CompanyName,
    F::Domain,
    F::Country,
    F::City,
    F::ContactName,
    F::ContactEmail,
    F::ContactPhone,
    F::Problem,
    F::StageGuess,
    F::Consent,
    F::Amount,
    F::Currency,
    F::CloseDate,
    F::Products,
    F::ProofOfWork,
    F::Competitors,
    F::Motion,
    F::Account,
    F::Owner,
];

/// Makes a deal registration of a lead.
///
/// # Errors
/// When it is no lead, is over, is not in the CRM yet, or a value does not fit.
pub fn convert_lead(ws: &Arc<Workspace>, request: ConvertLead) -> Answer<Decided> {
    let desk = desk_for(ws, &request.registration, LifeAct::Convert)?;
    let lead = desk.claim();
    if is_local(lead.id.as_str()) {
        return Err(ApiError::invalid("convert.local", "The lead is not in the CRM yet")
            .kept("Nothing was changed")
            .next("Sync first"));
    }
    let more = filled(&desk, &request.set)?;
    let currency = match request.currency.as_deref() {
        Some(code) => Some(
            Currency::parse(code)
                .map_err(|_| ApiError::invalid("convert.currency", "That is no currency").kept("Nothing was changed"))?
                .code()
                .to_owned(),
        ),
        None => None,
    };
    let mapping = Arc::clone(&desk.scene.mapping);
    let mut values = ws.read(|r| {
        let known = r.effective(ObjectKind::Registration, lead.id.as_str())?;
        let (properties, _) =
            known.ok_or_else(|| StoreError::NotFound { what: "registration", id: lead.id.0.clone() })?;
        let taken = |field: F| {
            let value = mapping.value(ObjectKind::Registration, field, &properties)?;
            Some((field, value.to_owned()))
        };
        Ok(TAKEN.into_iter().filter_map(taken).collect::<Values>())
    })?;
    values.extend(more);
    if let Some(code) = currency {
        values.insert(F::Currency, code);
    } else if values.contains_key(&F::Amount) && !values.contains_key(&F::Currency) {
        values.insert(F::Currency, ws.read(|r| r.main_currency())?.code().to_owned());
    }
    let dossier = Dossier {
        lead: Some(lead.id.clone()),
        // A meeting is the partner's, whichever claim it was logged on.
        meeting: lead.dossier.meeting.clone(),
        ..Dossier::default()
    };
    values.extend([
        (F::Name, format!("{} (deal)", lead.name)),
        (F::RegistrationKind, RegistrationKind::Deal.name().to_owned()),
        (F::Status, RegistrationStatus::Submitted.name().to_owned()),
        (F::SubmittedAt, write_instant(desk.scene.now)),
    ]);
    values.extend(lead.submitted_by.clone().map(|by| (F::SubmittedBy, by)));
    values.extend(dossier.write().map(|text| (F::Dossier, text)));
    let actor = ws.actor()?;
    let draft = ws.read(|r| {
        let mut draft = desk.draft();
        let of_lead = decision(RegistrationStatus::Converted, ws, &actor);
        let first = draft.set(r, ObjectKind::Registration, lead.id.as_str(), &of_lead, &desk.guard(), &[])?;
        let after: Vec<_> = first.into_iter().collect();
        draft.create(ObjectKind::Registration, &values, Vec::new(), &after);
        Ok(draft)
    })?;
    let about = desk.about("convert", "Made a deal registration of the lead", None, desk.standing(ws)?);
    decide::save(ws, about, draft)
}
