//! Deals: list, detail, edits through the gate.

use std::collections::BTreeMap;
use std::sync::Arc;

use drumbeat_model::crm::{Holds, ObjectKind, Outcome, Schema};
use drumbeat_model::deal::{
    Choice, Deal, DealDetail, DealField, DealFilter, DealRow, DealTotals, DealsQuery, EditDeal, FieldEdit, FieldState,
    Movement, Need,
};
use drumbeat_model::field::Field as F;
use drumbeat_model::ids::DealId;
use drumbeat_model::money::Money;
use drumbeat_model::page::Page;
use drumbeat_model::registration::Decided;
use drumbeat_model::value;
use drumbeat_rules::{gate, hygiene};
use drumbeat_store::{Reader, Result, StoreError};
use serde_json::json;

use crate::attribution;
use crate::decide::{self, About, Draft};
use crate::error::{Answer, ApiError, Code};
use crate::premises;
use crate::words::Words;
use crate::workspace::{Scene, Workspace, web_url};

/// Fields that a person edits beside the hygiene fields.
const BASICS: &[F] = &[F::Stage, F::Amount, F::CloseDate, F::Owner];

/// One page of deals.
///
/// # Errors
/// What the store says.
pub fn deals(ws: &Arc<Workspace>, query: DealsQuery) -> Answer<Page<DealRow>> {
    ws.read(|r| r.deals(&query, ws.clock.today()))
}

/// Count and sums of a filter.
///
/// # Errors
/// What the store says.
pub fn deal_totals(ws: &Arc<Workspace>, filter: DealFilter) -> Answer<DealTotals> {
    ws.read(|r| r.deal_totals(&filter, ws.clock.today()))
}

/// One deal with everything that the detail shows.
///
/// # Errors
/// When there is none, or what the store says.
pub fn deal(ws: &Arc<Workspace>, id: DealId) -> Answer<DealDetail> {
    let mut detail = ws.read(|r| {
        let scene = Scene::read(ws, r)?;
        let deal = known(r, &id)?;
        let row = r
            .deal_row(&deal.id, scene.today)?
            .ok_or_else(|| StoreError::NotFound { what: "deal", id: id.0.clone() })?;
        let mut touches = r.touches(ObjectKind::Deal, deal.id.as_str(), 50)?;
        for touch in &mut touches {
            touch.owner = scene.names.of(touch.owner.clone().map(drumbeat_model::ids::OwnerId).as_ref());
        }
        Ok(DealDetail {
            fields: fields(ws, r, &scene, &deal)?,
            stages: stages(&scene, &deal),
            movements: movements(r, &scene, &deal, None)?,
            owner: scene.names.of(deal.owner.as_ref()),
            account_id: deal.account,
            partner_id: deal.partner,
            touches,
            crm_url: None,
            row,
        })
    })?;
    detail.crm_url = web_url(ws, ObjectKind::Deal, detail.row.id.as_str());
    Ok(detail)
}

pub(crate) fn known(r: &Reader<'_>, id: &DealId) -> Result<Deal> {
    r.deal(id)?.ok_or_else(|| StoreError::NotFound { what: "deal", id: id.0.clone() })
}

fn stages(scene: &Scene, deal: &Deal) -> Vec<Choice> {
    let pipeline = scene.mapping.pipelines.iter().find(|pipeline| pipeline.id == deal.pipeline);
    pipeline
        .map(|pipeline| {
            pipeline.stages.iter().map(|stage| Choice { value: stage.id.clone(), label: stage.label.clone() }).collect()
        })
        .unwrap_or_default()
}

/// The hygiene fields of a deal with the basics before them, ready for showing and editing.
pub(crate) fn fields(ws: &Workspace, r: &Reader<'_>, scene: &Scene, deal: &Deal) -> Result<Vec<DealField>> {
    let id = deal.id.as_str();
    let schema = r.schema()?;
    let effective = r.effective(ObjectKind::Deal, id)?.map(|(properties, _)| properties).unwrap_or_default();
    let theirs = r.mirrored(ObjectKind::Deal, id)?.map(|row| row.properties).unwrap_or_default();
    let judged = hygiene::fields(deal, &ws.policy, scene.mapping.go_live, scene.now);
    let mut all = Vec::new();
    let basics = BASICS.iter().map(|field| (*field, Need::Free, None));
    for (field, need, state) in basics.chain(judged.iter().map(|check| (check.field, check.need, Some(check.state)))) {
        if all.iter().any(|known: &DealField| known.field == field) {
            continue;
        }
        let property = scene.mapping.property(ObjectKind::Deal, field);
        let described = property.and_then(|name| describe(schema.as_ref(), name));
        let now = scene.mapping.value(ObjectKind::Deal, field, &effective);
        let there = scene.mapping.value(ObjectKind::Deal, field, &theirs);
        let pending = !value::same(now, there) && !theirs.is_empty();
        let present = if now.is_some() { FieldState::Present } else { FieldState::Missing };
        all.push(DealField {
            field,
            label: field.label().to_owned(),
            value: now.map(str::to_owned),
            shown: shown(r, scene, deal, field, now)?,
            holds: described.map_or(Holds::Text, |property| property.holds),
            options: options(
                r,
                scene,
                deal,
                field,
                described.map(|property| property.options.as_slice()).unwrap_or_default(),
            )?,
            need,
            state: state.unwrap_or(present),
            editable: described.is_some_and(|property| !property.read_only)
                && field != F::RegistrationId
                && field != F::LastActivityAt,
            pending,
            theirs: if pending { shown(r, scene, deal, field, there)? } else { None },
        });
    }
    Ok(all)
}

fn describe<'s>(schema: Option<&'s Schema>, name: &str) -> Option<&'s drumbeat_model::crm::PropertySchema> {
    schema?.objects.get(&ObjectKind::Deal)?.properties.iter().find(|property| property.name == name)
}

/// Partners that a field offers; a program with more is searched, not chosen from a list.
const PARTNER_CHOICES: u32 = 500;

fn options(r: &Reader<'_>, scene: &Scene, deal: &Deal, field: F, of_crm: &[(String, String)]) -> Result<Vec<Choice>> {
    Ok(match field {
        F::Stage => stages(scene, deal),
        F::Owner | F::NextStepOwner => scene.names.choices(),
        F::Partner | F::Incumbent => {
            r.partner_names(PARTNER_CHOICES)?.into_iter().map(|(value, label)| Choice { value, label }).collect()
        }
        _ => of_crm.iter().map(|(value, label)| Choice { value: value.clone(), label: label.clone() }).collect(),
    })
}

/// A raw value as a person reads it: names for ids, labels for choices, money with its currency.
pub(crate) fn shown(r: &Reader<'_>, scene: &Scene, deal: &Deal, field: F, raw: Option<&str>) -> Result<Option<String>> {
    let Some(raw) = raw else { return Ok(None) };
    Ok(Some(match field {
        F::Stage => {
            scene.mapping.stage(&deal.pipeline, raw).map_or_else(|| raw.to_owned(), |(_, stage)| stage.label.clone())
        }
        F::Owner | F::NextStepOwner => {
            scene.names.of(Some(&drumbeat_model::ids::OwnerId(raw.to_owned()))).unwrap_or_default()
        }
        F::Partner | F::Incumbent => r.name_of_company(raw)?.unwrap_or_else(|| raw.to_owned()),
        F::RegistrationId => r.queue_row(&raw.into())?.map_or_else(|| raw.to_owned(), |row| row.number),
        F::Amount => match (value::decimal(raw), &deal.amount) {
            (Some(amount), Some(money)) => Money::new(amount, money.currency.clone()).to_string(),
            _ => raw.to_owned(),
        },
        F::CloseDate | F::ProtectionStart | F::ProtectionEnd | F::NextStepDue => {
            value::day(raw).map_or_else(|| raw.to_owned(), |day| day.to_string())
        }
        F::StageNotesAt | F::LastActivityAt | F::StageEnteredAt => {
            value::instant(raw).map_or_else(|| raw.to_owned(), |at| at.date_naive().to_string())
        }
        F::AttributionPct => format!("{raw} %"),
        F::PriceProtected => {
            value::truth(raw).map_or_else(|| raw.to_owned(), |yes| if yes { "yes" } else { "no" }.to_owned())
        }
        F::Motion | F::Attribution | F::DealKind | F::ConflictStatus | F::PartnerType => {
            let mut letters = raw.chars();
            letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
        }
        _ => raw.to_owned(),
    }))
}

/// Observed changes of a deal, for reading.
pub(crate) fn movements(
    r: &Reader<'_>,
    scene: &Scene,
    deal: &Deal,
    since: Option<drumbeat_model::time::Instant>,
) -> Result<Vec<Movement>> {
    let mut all = r.movements(ObjectKind::Deal, deal.id.as_str(), since, 100)?;
    for movement in &mut all {
        movement.before = shown(r, scene, deal, movement.field, movement.before.as_deref())?;
        movement.after = shown(r, scene, deal, movement.field, movement.after.as_deref())?;
    }
    Ok(all)
}

/// Edits a deal: all fields in one decision, a stage move through its gate.
///
/// # Errors
/// When a value does not fit its field, or the gate does not hold and no reason is given.
pub fn edit_deal(ws: &Arc<Workspace>, request: EditDeal) -> Answer<Decided> {
    let Prepared { values, title, reason, deal } = prepare(ws, &request, &BTreeMap::new())?;
    let scene = ws.read(|r| Scene::read(ws, r))?;
    let schema = ws.read(|r| r.schema())?;
    let (draft, facts) = ws.read(|r| {
        let mut draft = Draft::new(&scene.mapping, schema.as_ref());
        draft.set(r, ObjectKind::Deal, deal.id.as_str(), &values, &BTreeMap::new(), &[])?;
        let facts = json!({ "stage": deal.stage, "pipeline": deal.pipeline });
        let edited = values.keys().copied().collect();
        let premises = premises::of_edit(ws, &Words::read(ws, r)?, deal.id.as_str(), &edited)?;
        Ok((draft, premises::put(facts, &premises)?))
    })?;
    let about = About { act: "edit deal", title, record: (ObjectKind::Deal, deal.id.0), reason, facts };
    decide::save(ws, about, draft)
}

/// Edits that fit their fields and the gate.
pub(crate) struct Prepared {
    /// New values by field.
    pub values: BTreeMap<F, String>,
    /// What was changed, for people.
    pub title: String,
    /// Why the gate was overridden, when it was.
    pub reason: Option<String>,
    /// The deal as it was.
    pub deal: Deal,
}

/// Checks edits and turns them into values by field. `beside` are other values that go out with them: for
/// the gate they count as filled in, like the edits themselves.
pub(crate) fn prepare(ws: &Workspace, request: &EditDeal, beside: &BTreeMap<F, String>) -> Answer<Prepared> {
    let (scene, deal, editable) = ws.read(|r| {
        let scene = Scene::read(ws, r)?;
        let deal = known(r, &request.deal)?;
        let editable = fields(ws, r, &scene, &deal)?;
        Ok((scene, deal, editable))
    })?;
    if request.set.is_empty() {
        return Err(ApiError::invalid("edit.empty", "There is nothing to change"));
    }
    let mut values = BTreeMap::new();
    for edit in &request.set {
        let field = editable.iter().find(|field| field.field == edit.field).filter(|field| field.editable);
        let field = field.ok_or_else(|| {
            ApiError::invalid("edit.field", format!("{} cannot be edited here", edit.field.label()))
                .kept("Nothing was changed")
                .next("Change it in the CRM, or map it in Settings")
        })?;
        values.insert(edit.field, read_value(field, edit)?);
    }
    let reason =
        request.override_reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty()).map(str::to_owned);
    // F-02: notes carry the date on which they were written.
    if values.get(&F::StageNotes).is_some_and(|notes| !notes.is_empty()) {
        values.insert(F::StageNotesAt, value::write_instant(scene.now));
    }
    if let Some(stage) = values.get(&F::Stage).cloned() {
        let target = scene.mapping.stage(&deal.pipeline, &stage).map(|(_, stage)| stage.clone());
        let target = target.ok_or_else(|| {
            ApiError::invalid("edit.stage", "That stage is not in the deal's pipeline").kept("Nothing was changed")
        })?;
        let checks = if target.outcome == Outcome::Open {
            let edited = beside.iter().chain(&values).filter(|(field, _)| **field != F::Stage);
            let property = |field: F| scene.mapping.property(ObjectKind::Deal, field).map(str::to_owned);
            let changes = edited.filter_map(|(field, value)| Some((property(*field)?, value.clone()))).collect();
            let as_edited = ws.read(|r| r.deal_with(&deal.id, &changes))?;
            gate::gate(as_edited.as_ref().unwrap_or(&deal), target.position, &ws.policy, scene.now)
        } else {
            Vec::new()
        };
        if gate::held(&checks) && reason.is_none() {
            let missing: Vec<&str> = checks
                .iter()
                .filter(|check| check.outcome == drumbeat_model::verdict::CheckOutcome::Fail)
                .map(|check| check.fact.as_str())
                .collect();
            return Err(ApiError::new(
                Code::NeedsAttention,
                "gate.held",
                format!("The gate to {} does not hold: {}", target.label, missing.join("; ")),
            )
            .kept("Nothing was changed")
            .next("Fill in what is missing, or override with a reason"));
        }
        if stage != deal.stage {
            values.insert(F::StageEnteredAt, value::write_instant(scene.now));
        }
    }
    values.retain(|field, _| scene.mapping.property(ObjectKind::Deal, *field).is_some());
    let amended = attribution::beside_edit(ws, &scene, &deal, &values, reason.as_deref())?;
    values.extend(amended);
    let names: Vec<&str> = request.set.iter().map(|edit| edit.field.label()).collect();
    let title = format!("Changed {}: {}", deal.name, names.join(", ").to_lowercase());
    Ok(Prepared { values, title, reason, deal })
}

fn read_value(field: &DealField, edit: &FieldEdit) -> Answer<String> {
    let Some(text) = edit.value.as_deref().map(str::trim).filter(|text| !text.is_empty()) else {
        return Ok(String::new());
    };
    let wrong = |what: &str| {
        ApiError::invalid(
            "edit.value",
            format!("\"{}\" is not {what} for {}", text.chars().take(60).collect::<String>(), field.label),
        )
        .kept("Nothing was changed")
    };
    if text.len() > 60_000 {
        return Err(wrong("short enough"));
    }
    match field.holds {
        Holds::Number => {
            let number = value::decimal(text).ok_or_else(|| wrong("a number"))?;
            if field.field == F::AttributionPct
                && !(rust_decimal::Decimal::ZERO..=rust_decimal::Decimal::ONE_HUNDRED).contains(&number)
            {
                return Err(wrong("a percentage from 0 to 100"));
            }
            Ok(number.normalize().to_string())
        }
        Holds::Day => value::day(text).map(|day| day.to_string()).ok_or_else(|| wrong("a day like 2026-11-21")),
        Holds::Instant => value::instant(text).map(value::write_instant).ok_or_else(|| wrong("a day or time")),
        Holds::Truth => value::truth(text).map(|yes| yes.to_string()).ok_or_else(|| wrong("yes or no")),
        Holds::Choice if !field.options.is_empty() && !field.options.iter().any(|option| option.value == text) => {
            Err(wrong("a choice"))
        }
        Holds::Text | Holds::Choice | Holds::Choices => Ok(text.to_owned()),
    }
}
