//! What of the book is to be put right first, and what a stricter gate would stop (F-06, B17).
//!
//! The order is money for effort: the amount over the number of fields to fill in, the largest first; deals without an
//! amount come last. What a field is worth depends on the day and the policy, so it stands in no index: the book is put
//! in order a stretch at a time, the largest deals first, and a page says of which stretch it is. Amounts are compared in
//! the account's own currency, those without a rate as they stand. A rehearsal looks at every open partner deal, a stretch at a time, tells how far it is, can be stopped, and changes nothing.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use drumbeat_model::board::{
    HygieneScore, MendField, MendList, MendQuery, MendRow, Rehearsed, RehearsedCause, RehearsedDeal, ScoredBy,
};
use drumbeat_model::deal::{Deal, FieldState, Motion, Need};
use drumbeat_model::gate::RehearseGate;
use drumbeat_model::ids::{DealId, OwnerId};
use drumbeat_model::money::Money;
use drumbeat_model::workspace::JobProgress;
use drumbeat_rules::{Policy, criteria, hygiene};
use drumbeat_store::{Reader, Result};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::error::{Answer, ApiError, Code};
use crate::events::AppEvent;
use crate::jobs::Job;
use crate::workspace::{Scene, Workspace};

/// Deals that are put in order at a time.
const LOOKED: u32 = 400;
/// A key of a page is no longer.
const KEY: usize = 512;
/// Scores of one kind.
const SCORES: u32 = 20;
/// Deals that are read at once in a rehearsal.
const STRETCH: u32 = 500;
/// Stopped deals that are named.
const NAMED: usize = 100;

/// Where a page ends: its stretch, by the key that the stretch was read with, and its last row.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Place {
    stretch: u32,
    from: Option<String>,
    last: Option<(Option<Decimal>, DealId)>,
}

/// What is to be put right first, a page of it.
///
/// # Errors
/// A key that is not ours, or what the store says.
pub fn mend_list(ws: &Arc<Workspace>, query: MendQuery) -> Answer<MendList> {
    let limit = if query.limit == 0 { 50 } else { query.limit.min(200) } as usize;
    let place: Place = match query.after.as_deref() {
        None => Place { stretch: 1, ..Place::default() },
        Some(key) => Some(key)
            .filter(|key| key.len() <= KEY)
            .and_then(|key| serde_json::from_str(key).ok())
            .ok_or_else(|| ApiError::invalid("page.key", "That page key is not one of ours"))?,
    };
    let first = query.after.is_none();
    ws.read(|r| {
        let scene = Scene::read(ws, r)?;
        let owner = query.owner.as_ref().map(OwnerId::as_str);
        let partner = query.partner.as_ref().map(drumbeat_model::ids::PartnerId::as_str);
        let Place { mut stretch, mut from, mut last } = place;
        loop {
            let (ids, onward, total) = r.deals_to_mend(query.motion, owner, partner, from.as_deref(), LOOKED)?;
            let mut found = Vec::new();
            for id in ids {
                let Some(deal) = r.deal(&id)? else { continue };
                let mend = to_mend(ws, &scene, &deal);
                if !mend.is_empty() {
                    found.push((worth(&deal, mend.len()), deal, mend));
                }
            }
            found.sort_by(|(a, one, _), (b, other, _)| b.cmp(a).then_with(|| one.id.cmp(&other.id)));
            // What stood before the last row of the page before has been shown, also where that row itself is gone by now.
            if let Some((worth, id)) = &last {
                found.retain(|(own, deal, _)| (Reverse(own), &deal.id) > (Reverse(worth), id));
            }
            // A stretch can have nothing left to put right while there are deals after it.
            if found.is_empty() && onward.is_some() {
                (stretch, from, last) = (stretch.saturating_add(1), onward, None);
                continue;
            }
            let next = match found.get(limit.saturating_sub(1)) {
                Some((worth, deal, _)) if found.len() > limit => {
                    Some(Place { stretch, from, last: Some((*worth, deal.id.clone())) })
                }
                _ => onward.map(|key| Place { stretch: stretch.saturating_add(1), from: Some(key), last: None }),
            };
            let mut rows = Vec::new();
            for (_, deal, mend) in found.into_iter().take(limit) {
                let Some(row) = r.deal_row(&deal.id, scene.today)? else { continue };
                rows.push(MendRow { row, owner: scene.names.of(deal.owner.as_ref()), mend });
            }
            let mut scores = Vec::new();
            for by in [ScoredBy::Motion, ScoredBy::Owner, ScoredBy::Partner].into_iter().filter(|_| first) {
                scores.extend(scored(r, &scene, by)?);
            }
            let next = next.map(|place| serde_json::to_string(&place)).transpose()?;
            return Ok(MendList { rows, next, total, stretch, scores });
        }
    })
}

fn to_mend(ws: &Workspace, scene: &Scene, deal: &Deal) -> Vec<MendField> {
    let mut mend: Vec<MendField> = hygiene::fields(deal, &ws.policy, scene.mapping.go_live, scene.now)
        .into_iter()
        .filter(|check| check.need != Need::Free && check.state != FieldState::Present)
        .map(|check| MendField {
            field: check.field,
            label: check.field.label().to_owned(),
            need: check.need,
            state: check.state,
        })
        .collect();
    mend.sort_by_key(|field| field.need != Need::Hard);
    mend
}

/// Money for each thing to put right.
fn worth(deal: &Deal, effort: usize) -> Option<Decimal> {
    let effort = Decimal::from(effort.max(1));
    deal.home.as_ref().or(deal.amount.as_ref()).map(|money| money.amount / effort)
}

fn scored(r: &Reader<'_>, scene: &Scene, by: ScoredBy) -> Result<Vec<HygieneScore>> {
    let mut scores = Vec::new();
    for score in r.hygiene_by(by, SCORES)? {
        let label = match (by, &score.key) {
            (_, None) => "None".to_owned(),
            (ScoredBy::Motion, Some(key)) => {
                Motion::from_name(key).map_or_else(|| key.clone(), |motion| motion.label().to_owned())
            }
            (ScoredBy::Owner, Some(key)) => scene.names.of(Some(&OwnerId(key.clone()))).unwrap_or_default(),
            (ScoredBy::Partner, Some(key)) => r.name_of_company(key)?.unwrap_or_else(|| key.clone()),
        };
        scores.push(HygieneScore {
            by,
            key: score.key,
            label,
            deals: score.deals,
            hygiene: score.hygiene,
            held: score.held,
        });
    }
    Ok(scores)
}

/// Looks at what a stricter gate would stop; nothing is changed.
///
/// # Errors
/// When such a rehearsal runs already, or what the store says.
pub async fn rehearse_gate(ws: Arc<Workspace>, request: RehearseGate) -> Answer<Rehearsed> {
    let unknown = request.hard.iter().find(|field| !hygiene::JUDGED.contains(field));
    if let Some(field) = unknown {
        return Err(ApiError::invalid("rehearse.field", format!("{} is not judged on a deal", field.label())));
    }
    let job = ws.jobs.start("rehearse")?;
    let done = tokio::task::spawn_blocking(move || rehearse(&ws, &request, &job)).await;
    done.unwrap_or_else(|stopped| Err(ApiError::new(Code::Bug, "operation.stopped", stopped.to_string())))
}

fn rehearse(ws: &Workspace, request: &RehearseGate, job: &Job) -> Answer<Rehearsed> {
    let (scene, total) = ws.read(|r| Ok((Scene::read(ws, r)?, r.partner_deals_count(request.motion)?)))?;
    let mut stricter = Policy::clone(&ws.policy);
    stricter.hygiene.hard.extend(request.hard.iter().copied().filter(|field| !ws.policy.hygiene.hard.contains(field)));
    let (mut looked, mut stopped_now, mut cancelled) = (0, 0, false);
    let (mut causes, mut sums) = (BTreeMap::<String, u32>::new(), BTreeMap::new());
    let mut stopped: Vec<(Option<Decimal>, Deal, Vec<String>)> = Vec::new();
    let mut count = 0;
    let mut after = String::new();
    loop {
        if job.cancel.is_cancelled() {
            cancelled = true;
            break;
        }
        let deals = ws.read(|r| r.partner_deals_after(&after, request.motion, STRETCH))?;
        let Some(last) = deals.last() else { break };
        after.clone_from(&last.id.0);
        for deal in deals {
            looked += 1;
            stopped_now += u32::from(!hygiene::missing_hard(&deal, &ws.policy, scene.now).is_empty());
            let mut missing: Vec<String> = hygiene::missing_hard(&deal, &stricter, scene.now)
                .into_iter()
                .map(|field| field.label().to_owned())
                .collect();
            if request.criteria {
                let open = criteria::present(&deal, &ws.policy, scene.now).into_iter().filter(|one| !one.met);
                missing.extend(open.map(|one| format!("{}: {}", one.stage, one.says)));
            }
            if missing.is_empty() {
                continue;
            }
            count += 1;
            missing.iter().for_each(|cause| *causes.entry(cause.clone()).or_default() += 1);
            if let Some(money) = &deal.amount {
                *sums.entry(money.currency.clone()).or_insert(Decimal::ZERO) += money.amount;
            }
            stopped.push((worth(&deal, missing.len()), deal, missing));
        }
        stopped.sort_by(|(a, one, _), (b, other, _)| b.cmp(a).then_with(|| one.id.cmp(&other.id)));
        stopped.truncate(NAMED);
        told(ws, job, looked, total);
    }
    let mut causes: Vec<RehearsedCause> =
        causes.into_iter().map(|(label, deals)| RehearsedCause { label, deals }).collect();
    causes.sort_by(|a, b| b.deals.cmp(&a.deals).then_with(|| a.label.cmp(&b.label)));
    let rows = ws.read(|r| {
        let mut rows = Vec::new();
        for (_, deal, missing) in stopped {
            rows.extend(r.deal_row(&deal.id, scene.today)?.map(|row| RehearsedDeal { row, missing }));
        }
        Ok(rows)
    })?;
    let sums = sums.into_iter().map(|(currency, amount)| Money::new(amount, currency)).collect();
    Ok(Rehearsed { looked, stopped: count, stopped_now, sums, causes, rows, cancelled })
}

fn told(ws: &Workspace, job: &Job, done: u32, total: u32) {
    let step = "Rehearsing the gate".to_owned();
    let progress = JobProgress { id: job.id.clone(), step, done, total: Some(total), rate: 0, left: None };
    job.report(progress.clone());
    ws.events.send(AppEvent::Progress(progress));
}
