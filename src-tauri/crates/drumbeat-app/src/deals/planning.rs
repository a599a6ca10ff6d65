//! The mutual action plan of a deal: milestones of both sides, kept in the deal's own record in the CRM (T-05, B16).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use drumbeat_model::crm::ObjectKind;
use drumbeat_model::field::Field as F;
use drumbeat_model::plan::{self, PlanItem, SetPlanItem};
use drumbeat_model::registration::Decided;
use serde_json::json;

use super::known;
use crate::attribution;
use crate::decide::{self, About, Draft};
use crate::error::{Answer, ApiError};
use crate::premises;
use crate::words::Words;
use crate::workspace::{Scene, Workspace};

/// Milestones of one deal.
const MOST: usize = 100;
/// Words of one text.
const LONGEST: usize = 500;

/// Adds a milestone to a deal's plan, or changes one; as a decision, so that it lands in the CRM.
///
/// # Errors
/// When it says nothing, its evidence is still to come, the milestone is not there, or the plan is full.
pub fn set_plan_item(ws: &Arc<Workspace>, request: SetPlanItem) -> Answer<Decided> {
    let (scene, schema, deal) = ws.read(|r| Ok((Scene::read(ws, r)?, r.schema()?, known(r, &request.deal)?)))?;
    let wrong = |what: &str| Err(ApiError::invalid("plan", what).kept("Nothing was changed"));
    let said = |text: Option<&str>| -> Option<String> {
        let text: String = text.unwrap_or_default().trim().chars().take(LONGEST).collect();
        (!text.is_empty()).then_some(text)
    };
    let Some(text) = said(Some(&request.text)) else { return wrong("The milestone says nothing") };
    if request.done.is_some_and(|day| day > scene.today) {
        return wrong("The milestone cannot be done on a day that is still to come");
    }
    if request.proof.as_ref().is_some_and(|proof| proof.day > scene.today || proof.text.trim().is_empty()) {
        return wrong("The evidence says nothing, or is still to come");
    }
    let rows = plan::standing(&deal.dossier.plan, scene.today);
    let id = match request.id {
        Some(id) if rows.iter().any(|row| row.item.id == id) => id,
        Some(_) => return wrong("That milestone is not in the plan any more"),
        None if rows.len() >= MOST => return wrong("There are more milestones than one plan can hold"),
        None => uuid::Uuid::now_v7().simple().to_string(),
    };
    let item = PlanItem {
        id,
        side: request.side,
        owner: said(request.owner.as_deref()),
        due: request.due,
        done: request.done,
        proof: request.proof,
        risk: said(request.risk.as_deref()),
        dropped: request.dropped,
        by: ws.actor()?,
        at: scene.now,
        text,
    };
    let verb = match (item.dropped, item.done) {
        (true, _) => "Took out of the plan",
        (false, Some(_)) => "Done in the plan",
        (false, None) => "Planned",
    };
    let title = format!("{verb} of {}: {}", deal.name, item.text);
    let mut dossier = deal.dossier.clone();
    let facts = json!({ "milestone": item.id, "side": item.side });
    dossier.plan.push(item);
    let values: BTreeMap<F, String> = [attribution::written(&dossier, &scene.mapping)?].into();
    let (draft, premises) = ws.read(|r| {
        let mut draft = Draft::new(&scene.mapping, schema.as_ref());
        draft.set(r, ObjectKind::Deal, deal.id.as_str(), &values, &BTreeMap::new(), &[])?;
        let edited = BTreeSet::from([F::Dossier]);
        Ok((draft, premises::of_edit(ws, &Words::read(ws, r)?, deal.id.as_str(), &edited)?))
    })?;
    let facts = premises::put(facts, &premises)?;
    let about = About { act: "plan", title, record: (ObjectKind::Deal, deal.id.0), reason: None, facts };
    decide::save(ws, about, draft)
}
