//! Edits of deals: all fields of one in one decision, a stage through its gate, the same edit of many.
//!
//! The one hard idea: an edit is weighed before it is made, and the weighing is the same whether it is shown
//! ([`preview_edit`]), made, or logged in a review. What goes out beside it counts as there: the fields that it fills in,
//! and the criteria that a person confirms with it. A gate that does not hold stops everything unless there is a reason,
//! which is kept with the decision.

use std::collections::BTreeMap;
use std::sync::Arc;

use drumbeat_model::change::NewMessage;
use drumbeat_model::crm::{Holds, ObjectKind, Outcome, Properties};
use drumbeat_model::deal::{Deal, DealField, EditDeal, FieldEdit};
use drumbeat_model::field::Field as F;
use drumbeat_model::gate::{Criterion, EditDeals, EditDone, EditPreview, EditsDone};
use drumbeat_model::registration::Decided;
use drumbeat_model::review::ItemEdit;
use drumbeat_model::value;
use drumbeat_model::verdict::{Check, CheckOutcome};
use drumbeat_rules::messages::{self, AccountWords};
use drumbeat_rules::{criteria, gate};
use serde_json::json;

use super::{fields, known, shown};
use crate::attribution;
use crate::decide::{self, About, Draft};
use crate::error::{Answer, ApiError, Code};
use crate::premises;
use crate::words::Words;
use crate::workspace::{Scene, Workspace};

/// Deals that are edited in one go.
const MOST: usize = 200;
/// Words on criteria that one deal's record holds.
const MOST_CONFIRMED: usize = 200;

/// An edit of a deal, weighed.
pub(crate) struct Weighed {
    /// New values by field.
    pub values: BTreeMap<F, String>,
    /// What was changed, for people.
    pub title: String,
    /// Why the gate was overridden, when it was.
    pub reason: Option<String>,
    /// The deal as it was.
    pub deal: Deal,
    /// What speaks for and against the move; empty when the stage stays.
    checks: Vec<Check>,
    /// What must hold before the move, with the edit.
    criteria: Vec<Criterion>,
    /// The stage that it moves to, by name.
    target: String,
    /// What the partner is told of the close (M-12).
    pub letter: Option<NewMessage>,
}

/// Edits a deal: all fields and confirmations in one decision, a stage move through its gate.
///
/// # Errors
/// When a value does not fit its field, a criterion cannot be confirmed, or the gate does not hold and no reason is given.
pub fn edit_deal(ws: &Arc<Workspace>, request: EditDeal) -> Answer<Decided> {
    let Weighed { values, title, reason, deal, letter, .. } = prepare(ws, &request, &BTreeMap::new())?;
    let (scene, schema) = ws.read(|r| Ok((Scene::read(ws, r)?, r.schema()?)))?;
    let (mut draft, facts) = ws.read(|r| {
        let mut draft = Draft::new(&scene.mapping, schema.as_ref());
        draft.set(r, ObjectKind::Deal, deal.id.as_str(), &values, &BTreeMap::new(), &[])?;
        let facts = json!({ "stage": deal.stage, "pipeline": deal.pipeline });
        let edited = values.keys().copied().collect();
        let premises = premises::of_edit(ws, &Words::read(ws, r)?, deal.id.as_str(), &edited)?;
        Ok((draft, premises::put(facts, &premises)?))
    })?;
    if let Some(NewMessage { to, subject, text }) = letter {
        draft.message(&to, &subject, &text);
    }
    let about = About { act: "edit deal", title, record: (ObjectKind::Deal, deal.id.0), reason, facts };
    decide::save(ws, about, draft)
}

/// What [`edit_deal`] would come to with the same request; nothing is changed.
///
/// # Errors
/// When there is no such deal, or what the store says; what is wrong with the edit is said in the answer.
pub fn preview_edit(ws: &Arc<Workspace>, request: EditDeal) -> Answer<EditPreview> {
    let deal = ws.read(|r| known(r, &request.deal))?;
    let mut preview = EditPreview {
        deal: deal.id.clone(),
        name: deal.name.clone(),
        writes: Vec::new(),
        checks: Vec::new(),
        criteria: Vec::new(),
        held: false,
        refused: None,
        letter: None,
    };
    match weigh(ws, &request, &BTreeMap::new()) {
        Ok(weighed) => {
            preview.writes = ws.read(|r| in_words(ws, r, &Scene::read(ws, r)?, &weighed))?;
            preview.held = gate::held(&weighed.checks);
            preview.checks = weighed.checks;
            preview.criteria = weighed.criteria;
            preview.letter = weighed.letter.map(|letter| letter.subject);
        }
        Err(error) if matches!(error.code, Code::Invalid | Code::NeedsAttention) => {
            preview.refused = Some(error.message)
        }
        Err(error) => return Err(error),
    }
    Ok(preview)
}

/// What [`edit_deals`] would come to; nothing is changed.
///
/// # Errors
/// When nothing or too much is named, or what the store says.
pub fn preview_edits(ws: &Arc<Workspace>, request: EditDeals) -> Answer<Vec<EditPreview>> {
    each(&request)?.into_iter().map(|edit| preview_edit(ws, edit)).collect()
}

/// The same edit of many deals: each is a decision of its own, what is refused changes nothing and says why.
///
/// # Errors
/// When nothing or too much is named.
pub fn edit_deals(ws: &Arc<Workspace>, request: EditDeals) -> Answer<EditsDone> {
    let mut done = EditsDone { rows: Vec::new(), decisions: Vec::new() };
    for edit in each(&request)? {
        let deal = edit.deal.clone();
        let name = ws.read(|r| Ok(r.deal_row(&deal, ws.clock.today())?.map(|row| row.name).unwrap_or_default()))?;
        let (decision, refused) = match edit_deal(ws, edit) {
            Ok(decided) => (Some(decided.decision), None),
            Err(error) => (None, Some(error.message)),
        };
        done.decisions.extend(decision.clone());
        done.rows.push(EditDone { deal, name, decision, refused });
    }
    Ok(done)
}

/// The edit of each deal, each deal once.
fn each(request: &EditDeals) -> Answer<Vec<EditDeal>> {
    if request.deals.is_empty() || request.deals.len() > MOST {
        let message = format!("One to {MOST} deals are edited in one go");
        return Err(ApiError::invalid("edit.many", message).kept("Nothing was changed"));
    }
    let mut edits: Vec<EditDeal> = Vec::new();
    for deal in &request.deals {
        if !edits.iter().any(|edit| edit.deal == *deal) {
            edits.push(EditDeal {
                deal: deal.clone(),
                set: request.set.clone(),
                override_reason: request.override_reason.clone(),
                confirm: Vec::new(),
            });
        }
    }
    Ok(edits)
}

/// Checks edits and turns them into values by field. `beside` are other values that go out with them: for
/// the gate they count as filled in, like the edits themselves.
pub(crate) fn prepare(ws: &Workspace, request: &EditDeal, beside: &BTreeMap<F, String>) -> Answer<Weighed> {
    let weighed = weigh(ws, request, beside)?;
    if gate::held(&weighed.checks) && weighed.reason.is_none() {
        let fails = |check: &&Check| check.outcome == CheckOutcome::Fail;
        let missing: Vec<String> =
            weighed
                .checks
                .iter()
                .filter(fails)
                .map(|check| {
                    if check.rule == "F-01" { format!("{} is {}", check.name, check.fact) } else { check.fact.clone() }
                })
                .collect();
        return Err(ApiError::new(
            Code::NeedsAttention,
            "gate.held",
            format!("The gate to {} does not hold: {}", weighed.target, missing.join("; ")),
        )
        .kept("Nothing was changed")
        .next("Fill in or confirm what is missing, or override with a reason"));
    }
    Ok(weighed)
}

fn weigh(ws: &Workspace, request: &EditDeal, beside: &BTreeMap<F, String>) -> Answer<Weighed> {
    let (scene, deal, editable) = ws.read(|r| {
        let scene = Scene::read(ws, r)?;
        let deal = known(r, &request.deal)?;
        let editable = fields(ws, r, &scene, &deal)?;
        Ok((scene, deal, editable))
    })?;
    if request.set.is_empty() && request.confirm.is_empty() {
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
    let property = |field: F| scene.mapping.property(ObjectKind::Deal, field).map(str::to_owned);
    let edited = beside.iter().chain(&values).filter(|(field, _)| **field != F::Stage);
    let changes = edited.filter_map(|(field, value)| Some((property(*field)?, value.clone()))).collect();
    let as_edited = ws.read(|r| r.deal_with(&deal.id, &changes))?.unwrap_or_else(|| deal.clone());
    let target = match values.get(&F::Stage) {
        Some(stage) => {
            let found = scene.mapping.stage(&deal.pipeline, stage).map(|(_, stage)| stage.clone());
            Some(found.ok_or_else(|| {
                ApiError::invalid("edit.stage", "That stage is not in the deal's pipeline").kept("Nothing was changed")
            })?)
        }
        None => None,
    };
    let to = target.as_ref().filter(|target| target.outcome == Outcome::Open).map_or(0, |target| target.position);
    let asked = criteria::between(&as_edited, to.max(deal.position.saturating_add(1)), &ws.policy, scene.now);
    let confirmed = confirm(ws, &deal, request, &asked, &scene)?;
    let as_edited = Deal { dossier: confirmed.dossier.clone(), ..as_edited };
    if !request.confirm.is_empty() {
        let (field, text) = attribution::written(&confirmed.dossier, &scene.mapping)?;
        values.insert(field, text);
    }
    let (mut checks, mut letter) = (Vec::new(), None);
    if let Some(target) = &target {
        checks = match target.outcome {
            Outcome::Open => gate::gate(&as_edited, target.position, &ws.policy, scene.now),
            outcome => gate::closing(&as_edited, outcome, &ws.policy, scene.now),
        };
        if target.id != deal.stage {
            values.insert(F::StageEnteredAt, value::write_instant(scene.now));
        }
        if target.outcome != deal.outcome && target.outcome != Outcome::Open {
            letter = ws.read(|r| loop_back(ws, r, &scene, &as_edited, target.outcome))?;
        }
    }
    // An amount means nothing without its currency: they go out together, and are refused together where somebody has
    // changed one of them.
    if let Some(currency) = scene.mapping.value(ObjectKind::Deal, F::Currency, &ws.read(|r| own_values(r, &deal))?)
        && values.contains_key(&F::Amount)
    {
        values.entry(F::Currency).or_insert_with(|| currency.to_owned());
    }
    values.retain(|field, _| scene.mapping.property(ObjectKind::Deal, *field).is_some());
    let amended = attribution::beside_edit(ws, &scene, &confirmed, &values, reason.as_deref())?;
    values.extend(amended);
    let again = criteria::between(&as_edited, to.max(deal.position.saturating_add(1)), &ws.policy, scene.now);
    let title = title(&deal, request);
    let target = target.map(|target| target.label).unwrap_or_default();
    Ok(Weighed { values, title, reason, deal, checks, criteria: again, target, letter })
}

/// A deal's values, pending changes applied.
fn own_values(r: &drumbeat_store::Reader<'_>, deal: &Deal) -> drumbeat_store::Result<Properties> {
    Ok(r.effective(ObjectKind::Deal, deal.id.as_str())?.map(|(values, _)| values).unwrap_or_default())
}

fn title(deal: &Deal, request: &EditDeal) -> String {
    let names: Vec<&str> = request.set.iter().map(|edit| edit.field.label()).collect();
    let confirmed = match request.confirm.len() {
        0 => None,
        1 => Some("1 criterion".to_owned()),
        n => Some(format!("{n} criteria")),
    };
    match (names.is_empty(), confirmed) {
        (false, None) => format!("Changed {}: {}", deal.name, names.join(", ").to_lowercase()),
        (false, Some(confirmed)) => {
            format!("Changed {}: {}, {confirmed} confirmed", deal.name, names.join(", ").to_lowercase())
        }
        (true, confirmed) => format!("Changed {}: {}", deal.name, confirmed.unwrap_or_default()),
    }
}

/// The deal with what the person confirms now.
fn confirm(ws: &Workspace, deal: &Deal, request: &EditDeal, asked: &[Criterion], scene: &Scene) -> Answer<Deal> {
    if request.confirm.is_empty() {
        return Ok(deal.clone());
    }
    let refused = request.confirm.iter().find_map(|one| criteria::refusal(one, asked, &ws.policy, scene.today));
    if let Some(why) = refused {
        return Err(ApiError::invalid("criterion", format!("This cannot be confirmed: {why}"))
            .kept("Nothing was changed")
            .next("Say what shows it, or put right what the data says"));
    }
    if deal.dossier.criteria.len() + request.confirm.len() > MOST_CONFIRMED {
        return Err(ApiError::invalid("criterion.many", "There are more confirmations on this deal than it can hold")
            .kept("Nothing was changed"));
    }
    Ok(criteria::confirmed(deal, &request.confirm, &ws.actor()?, scene.now))
}

/// What the partner of record is told of a close; nobody where there is none (M-12).
fn loop_back(
    ws: &Workspace,
    r: &drumbeat_store::Reader<'_>,
    scene: &Scene,
    deal: &Deal,
    outcome: Outcome,
) -> drumbeat_store::Result<Option<NewMessage>> {
    let Some(partner) = &deal.partner else { return Ok(None) };
    let name = r.name_of_company(&r.resolve(partner.as_str())?)?.unwrap_or_else(|| partner.0.clone());
    let claim = match &deal.registration {
        Some(registration) => r.registration(registration)?,
        None => None,
    };
    let to = claim.and_then(|claim| claim.submitted_by).unwrap_or_else(|| name.clone());
    let account = deal.account.as_ref().map(|account| r.name_of_company(account.as_str())).transpose()?.flatten();
    let company = account.unwrap_or_else(|| deal.name.clone());
    let (template, word) = match outcome {
        Outcome::Won => (&ws.policy.letters.deal_won, "won"),
        _ => (&ws.policy.letters.deal_lost, "closed"),
    };
    let sender = scene.names.of(scene.mapping.me.as_ref());
    let words = AccountWords {
        contact: &to,
        company: &company,
        partner: &name,
        share: None,
        appeal_until: None,
        reason: None,
        sender: sender.as_deref(),
    };
    let text = messages::about_account(template, &words);
    Ok(Some(NewMessage { subject: format!("{company}: the deal is {word}"), to, text }))
}

/// What was changed, as people read it: each field with its value before and after, then what was confirmed.
pub(crate) fn in_words(
    ws: &Workspace,
    r: &drumbeat_store::Reader<'_>,
    scene: &Scene,
    edited: &Weighed,
) -> drumbeat_store::Result<Vec<ItemEdit>> {
    let mut edits = Vec::new();
    for field in fields(ws, r, scene, &edited.deal)? {
        let Some(value) = edited.values.get(&field.field) else { continue };
        let raw = Some(value.as_str()).filter(|value| !value.is_empty());
        let after = shown(r, scene, &edited.deal, field.field, raw)?;
        if after != field.shown {
            edits.push(ItemEdit { label: field.label, before: field.shown, after });
        }
    }
    Ok(edits)
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
