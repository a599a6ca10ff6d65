//! Deals: list and detail with its fields; beside them edits through the gate, where a deal stands, the board, what is
//! to be put right, the plan.

mod board;
mod editing;
mod mending;
mod planning;
mod standing;

use std::sync::Arc;

use drumbeat_model::crm::{Holds, ObjectKind, Schema};
use drumbeat_model::deal::{
    Choice, Deal, DealDetail, DealField, DealFilter, DealRow, DealTotals, DealsQuery, FieldState, Movement, Need,
};
use drumbeat_model::field::Field as F;
use drumbeat_model::ids::DealId;
use drumbeat_model::money::Money;
use drumbeat_model::page::Page;
use drumbeat_model::rates::Converted;
use drumbeat_model::value;
use drumbeat_rules::hygiene;
use drumbeat_store::{Reader, Result, StoreError};

pub use self::board::board;
pub(crate) use self::editing::{Weighed, in_words, prepare};
pub use self::editing::{edit_deal, edit_deals, preview_edit, preview_edits};
pub use self::mending::{mend_list, rehearse_gate};
pub use self::planning::set_plan_item;
pub use self::standing::deal_standing;
use crate::error::Answer;
use crate::workspace::{Scene, Workspace, web_url};

/// Fields that a person edits beside the hygiene fields.
const BASICS: &[F] = &[F::Stage, F::Amount, F::CloseDate, F::Owner, F::LostReason];

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
        let rate = deal.rate.clone();
        let converted =
            deal.home.clone().filter(|home| deal.amount.as_ref().is_some_and(|own| own.currency != home.currency));
        Ok(DealDetail {
            converted: converted.map(|money| Converted { money, rate }),
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
