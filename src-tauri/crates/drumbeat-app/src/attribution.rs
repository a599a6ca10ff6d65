//! Who is credited for a deal: several partners with roles and shares, locked credit and its amendments, influence with
//! its evidence (F-04, F-05).
//!
//! The partner of record stands in the deal's own fields, where the CRM's reports find it; the others, and how it came
//! about, are in the deal's dossier. A change of locked credit needs a reason and leaves both values on record, also
//! where it is made by editing the deal's fields.

use std::collections::BTreeMap;
use std::sync::Arc;

use drumbeat_model::crm::ObjectKind;
use drumbeat_model::deal::{Attribution, Deal};
use drumbeat_model::dossier::{DealDossier, DealPartner, Influence, Proof};
use drumbeat_model::field::Field as F;
use drumbeat_model::ids::DealId;
use drumbeat_model::lifecycle::{AddInfluence, DealPartnerRow, DealPartners, SetPartners};
use drumbeat_model::mapping::Mapping;
use drumbeat_model::registration::Decided;
use drumbeat_model::time::Instant;
use drumbeat_model::value;
use drumbeat_rules::shares;
use rust_decimal::prelude::ToPrimitive;
use serde_json::json;

use crate::deals::known;
use crate::decide::{self, About, Draft};
use crate::error::{Answer, ApiError, Code};
use crate::premises;
use crate::words::Words;
use crate::workspace::{Scene, Workspace};

/// Entries of influence on one deal.
const MOST_INFLUENCE: usize = 100;

/// The partners of a deal with their shares, and how that came about.
///
/// # Errors
/// When there is no such deal, or what the store says.
pub fn deal_partners(ws: &Arc<Workspace>, id: DealId) -> Answer<DealPartners> {
    ws.read(|r| {
        let deal = known(r, &id)?;
        let standing = shares::standing(&deal);
        let free_pct = shares::free(&standing);
        let mut partners = Vec::new();
        for share in standing {
            let name = r.name_of_company(&r.resolve(share.partner.as_str())?)?;
            partners.push(DealPartnerRow { name: name.unwrap_or_else(|| share.partner.0.clone()), share });
        }
        Ok(DealPartners {
            partners,
            free_pct,
            locked: deal.dossier.locked.clone(),
            amendments: deal.dossier.amendments.clone(),
            influences: deal.dossier.influences.clone(),
            roles: ws.policy.lifecycle.partner_roles.clone(),
            unread: deal.dossier.unread,
            deal: deal.id,
        })
    })
}

/// A deal's dossier as a value for the CRM.
pub(crate) fn written(dossier: &DealDossier, mapping: &Mapping) -> Answer<(F, String)> {
    if mapping.property(ObjectKind::Deal, F::Dossier).is_none() {
        return Err(ApiError::new(Code::NeedsAttention, "dossier.missing", "The CRM has no place for this yet")
            .kept("Nothing was changed")
            .next("Let Drumbeat create its fields in the CRM (Settings, or `drumbeat provision --apply`)"));
    }
    dossier.write().map(|text| (F::Dossier, text)).ok_or_else(|| {
        let what = if dossier.unread { "does not read" } else { "is full" };
        ApiError::new(
            Code::NeedsAttention,
            "dossier.unread",
            format!("Drumbeat's record of the deal in the CRM {what}"),
        )
        .kept("Nothing was changed")
        .next("Look at “Drumbeat record” of the deal in the CRM and put it right there")
    })
}

/// What another set of partners writes on a deal.
pub(crate) fn credit(
    deal: &Deal,
    partners: Vec<DealPartner>,
    reason: Option<&str>,
    by: &str,
    at: Instant,
    mapping: &Mapping,
) -> Answer<BTreeMap<F, String>> {
    let first = partners.first().cloned();
    let mut values: BTreeMap<F, String> = [written(&shares::amended(deal, partners, reason, by, at), mapping)?].into();
    values.insert(F::Partner, first.as_ref().map(|one| one.partner.0.clone()).unwrap_or_default());
    values.insert(F::Attribution, first.as_ref().map(|one| one.attribution.name().to_owned()).unwrap_or_default());
    values.insert(F::AttributionPct, first.as_ref().map(|one| one.pct.to_string()).unwrap_or_default());
    Ok(values)
}

/// Sets the partners of a deal with their roles and shares.
///
/// # Errors
/// When they cannot stand together, a partner is none, the deal is closed, or locked credit is changed without a reason.
pub fn set_partners(ws: &Arc<Workspace>, request: SetPartners) -> Answer<Decided> {
    let reason = request.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty());
    let (scene, schema, deal) = ws.read(|r| Ok((Scene::read(ws, r)?, r.schema()?, known(r, &request.deal)?)))?;
    let mut partners = Vec::new();
    for one in request.partners {
        let company = ws.read(|r| r.company(&r.resolve(one.partner.as_str())?))?;
        let company = company.filter(|company| company.is_partner);
        let company = company.ok_or_else(|| ApiError::not_found("partner", one.partner.as_str()))?;
        partners.push(DealPartner { partner: company.id.into(), ..one });
    }
    if let Some(problem) = shares::problem(&partners, &ws.policy) {
        return Err(ApiError::invalid("shares", format!("These partners cannot stand: {problem}"))
            .kept("Nothing was changed")
            .next("Change the roles or the shares"));
    }
    if shares::standing(&deal) == partners {
        return Err(ApiError::invalid("shares.same", "That is how it stands already").kept("Nothing was changed"));
    }
    if let Some(why) = shares::refusal(&deal, reason, &ws.policy) {
        return Err(ApiError::new(Code::NeedsAttention, "shares.locked", format!("This cannot be changed: {why}"))
            .kept("Nothing was changed")
            .next("Say why; both values stay on record"));
    }
    let by = ws.actor()?;
    let before = shares::standing(&deal);
    let values = credit(&deal, partners.clone(), reason, &by, scene.now, &scene.mapping)?;
    let facts = json!({ "from": before, "to": partners, "locked": shares::locked(&deal) });
    save(ws, &scene, schema.as_ref(), &deal, &values, ("set partners", "Set the partners of", reason, facts))
}

/// Notes a partner's influence on a deal, with its evidence, tied to a stage.
///
/// # Errors
/// When the evidence says nothing or is ahead, the stage is none of the deal's, or the deal is closed.
pub fn add_influence(ws: &Arc<Workspace>, request: AddInfluence) -> Answer<Decided> {
    let (scene, schema, deal) = ws.read(|r| Ok((Scene::read(ws, r)?, r.schema()?, known(r, &request.deal)?)))?;
    let partner = ws.read(|r| r.company(&r.resolve(request.partner.as_str())?))?;
    let partner = partner.filter(|company| company.is_partner);
    let partner = partner.ok_or_else(|| ApiError::not_found("partner", request.partner.as_str()))?;
    let wrong = |what: &str| ApiError::invalid("influence", what).kept("Nothing was changed");
    let text: String = request.proof.text.trim().chars().take(2_000).collect();
    if text.is_empty() {
        return Err(wrong("The evidence says nothing").next("Say what shows the influence"));
    }
    if request.proof.day > scene.today {
        return Err(wrong("The evidence is still to come"));
    }
    if deal.outcome != drumbeat_model::crm::Outcome::Open && ws.policy.attribution.fixed_before_close {
        return Err(wrong("The deal is closed: credit is fixed before the close (F-04)"));
    }
    if deal.dossier.influences.len() >= MOST_INFLUENCE {
        return Err(wrong("There is more influence on this deal than it can hold"));
    }
    let stage = match request.stage.as_deref().map(str::trim).filter(|stage| !stage.is_empty()) {
        None => deal.stage_label.clone(),
        Some(name) => {
            let pipeline = scene.mapping.pipelines.iter().find(|pipeline| pipeline.id == deal.pipeline);
            let stages = pipeline.into_iter().flat_map(|pipeline| &pipeline.stages);
            let found = stages.map(|stage| &stage.label).find(|label| label.eq_ignore_ascii_case(name));
            found.cloned().ok_or_else(|| wrong("That stage is not in the deal's pipeline"))?
        }
    };
    let by = ws.actor()?;
    let mut dossier = deal.dossier.clone();
    dossier.influences.push(Influence {
        partner: partner.id.as_str().into(),
        stage: stage.clone(),
        proof: Proof { text, ..request.proof },
        by,
        noted_at: scene.now,
    });
    let mut values: BTreeMap<F, String> = [written(&dossier, &scene.mapping)?].into();
    // Where nobody is credited yet, the one who influences is; the share is for a person to set.
    if deal.partner.is_none() {
        values.insert(F::Partner, partner.id.clone());
        values.insert(F::Attribution, Attribution::Influenced.name().to_owned());
    }
    let facts = json!({ "partner": partner.id, "stage": stage });
    let verb = format!("Noted the influence of {} on", partner.name);
    save(ws, &scene, schema.as_ref(), &deal, &values, ("add influence", &verb, None, facts))
}

fn save(
    ws: &Workspace,
    scene: &Scene,
    schema: Option<&drumbeat_model::crm::Schema>,
    deal: &Deal,
    values: &BTreeMap<F, String>,
    (act, verb, reason, facts): (&'static str, &str, Option<&str>, serde_json::Value),
) -> Answer<Decided> {
    let (draft, premises) = ws.read(|r| {
        let mut draft = Draft::new(&scene.mapping, schema);
        draft.set(r, ObjectKind::Deal, deal.id.as_str(), values, &BTreeMap::new(), &[])?;
        let edited = values.keys().copied().collect();
        Ok((draft, premises::of_edit(ws, &Words::read(ws, r)?, deal.id.as_str(), &edited)?))
    })?;
    let about = About {
        act,
        title: format!("{verb} {}", deal.name),
        record: (ObjectKind::Deal, deal.id.0.clone()),
        reason: reason.map(str::to_owned),
        facts: premises::put(facts, &premises)?,
    };
    decide::save(ws, about, draft)
}

/// What an edit of the credit's own fields writes beside them: the amendment, where the credit is locked.
///
/// # Errors
/// When the credit is locked and there is no reason, or the deal is closed.
pub(crate) fn beside_edit(
    ws: &Workspace,
    scene: &Scene,
    deal: &Deal,
    edits: &BTreeMap<F, String>,
    reason: Option<&str>,
) -> Answer<BTreeMap<F, String>> {
    let fields = [F::Partner, F::Attribution, F::AttributionPct];
    if !fields.iter().any(|field| edits.contains_key(field)) {
        return Ok(BTreeMap::new());
    }
    let before = shares::standing(deal);
    // What stood nowhere is no amendment; without a place in the CRM the fields are all there is.
    if before.is_empty() || !shares::locked(deal) {
        return Ok(BTreeMap::new());
    }
    if let Some(why) = shares::refusal(deal, reason, &ws.policy) {
        return Err(ApiError::new(Code::NeedsAttention, "shares.locked", format!("This cannot be changed: {why}"))
            .kept("Nothing was changed")
            .next("Say why; both values stay on record"));
    }
    if scene.mapping.property(ObjectKind::Deal, F::Dossier).is_none() {
        return Ok(BTreeMap::new());
    }
    let mut partners = before.clone();
    if let Some(first) = partners.first_mut() {
        if let Some(partner) = edits.get(&F::Partner).filter(|partner| !partner.is_empty()) {
            first.partner = partner.as_str().into();
        }
        if let Some(attribution) = edits.get(&F::Attribution).and_then(|text| Attribution::from_name(text)) {
            first.attribution = attribution;
        }
        if let Some(pct) = edits.get(&F::AttributionPct).and_then(|text| value::decimal(text)) {
            first.pct = pct.round().to_u32().unwrap_or(first.pct);
        }
    }
    if partners == before {
        return Ok(BTreeMap::new());
    }
    if partners.len() > 1
        && let Some(problem) = shares::problem(&partners, &ws.policy)
    {
        return Err(ApiError::invalid("shares", format!("These partners cannot stand: {problem}"))
            .kept("Nothing was changed")
            .next("Set the partners of the deal together"));
    }
    let dossier = shares::amended(deal, partners, reason, &ws.actor()?, scene.now);
    Ok([written(&dossier, &scene.mapping)?].into())
}
