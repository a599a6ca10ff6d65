//! Where a deal stands: its stage and what must hold before it moves on, signals, protection, plan.

use std::sync::Arc;

use drumbeat_model::crm::Outcome;
use drumbeat_model::deal::{Deal, FieldState};
use drumbeat_model::gate::{DealStanding, ProtectionStanding, StageChoice, StageStanding};
use drumbeat_model::ids::DealId;
use drumbeat_model::plan;
use drumbeat_rules::{criteria, gate, signals};
use drumbeat_store::StoreError;

use crate::error::Answer;
use crate::facts;
use crate::workspace::{Scene, Workspace};

/// Where a deal stands in its motion, and what it still needs to go on.
///
/// # Errors
/// When there is no such deal, or what the store says.
pub fn deal_standing(ws: &Arc<Workspace>, id: DealId) -> Answer<DealStanding> {
    ws.read(|r| {
        let scene = Scene::read(ws, r)?;
        let missing = || StoreError::NotFound { what: "deal", id: id.0.clone() };
        let (deal, signals) = facts::signals(r, &id, &ws.policy, &scene)?.ok_or_else(missing)?;
        let stages = stages(&scene, &deal);
        let onward = |stage: &&StageChoice| stage.outcome == Outcome::Open && stage.position > deal.position;
        let next = stages.iter().filter(onward).min_by_key(|stage| stage.position).cloned();
        let checks = next.as_ref().map(|next| gate::gate(&deal, next.position, &ws.policy, scene.now));
        let checks = checks.unwrap_or_default();
        Ok(DealStanding {
            motion: deal.motion,
            stage: stage(ws, &scene, &deal),
            criteria: criteria::present(&deal, &ws.policy, scene.now),
            next,
            held: gate::held(&checks),
            checks,
            rank: signals::rank(&signals),
            signals,
            protection: protection(ws, &scene, &deal),
            plan: plan::standing(&deal.dossier.plan, scene.today),
            evidence_required: ws.policy.stages.evidence,
            stages,
            deal: deal.id,
        })
    })
}

fn stages(scene: &Scene, deal: &Deal) -> Vec<StageChoice> {
    let pipeline = scene.mapping.pipelines.iter().find(|pipeline| pipeline.id == deal.pipeline);
    let stages = pipeline.map(|pipeline| pipeline.stages.as_slice()).unwrap_or_default();
    let choice = |stage: &drumbeat_model::mapping::StageMapping| StageChoice {
        value: stage.id.clone(),
        label: stage.label.clone(),
        position: stage.position,
        outcome: stage.outcome,
    };
    stages.iter().map(choice).collect()
}

fn stage(ws: &Workspace, scene: &Scene, deal: &Deal) -> Option<StageStanding> {
    let rule = ws.policy.stage(deal.motion, deal.position)?;
    let days_in = |at: drumbeat_model::time::Instant| (scene.now - at).num_days();
    Some(StageStanding {
        name: rule.name.clone(),
        position: deal.position,
        role: rule.role,
        exit: rule.exit.clone(),
        days: rule.days,
        stayed: deal.stage_entered_at.and_then(|at| u32::try_from(days_in(at)).ok()),
    })
}

fn protection(ws: &Workspace, scene: &Scene, deal: &Deal) -> Option<ProtectionStanding> {
    let end = deal.protection_end?;
    let soon = ws.policy.after(scene.today, ws.policy.clocks.protection_ends);
    let state = if deal.outcome == Outcome::Open && end <= soon { FieldState::Stale } else { FieldState::Present };
    let left = i32::try_from((end - scene.today).num_days()).unwrap_or(i32::MAX);
    Some(ProtectionStanding { start: deal.protection_start, end, left, state })
}
