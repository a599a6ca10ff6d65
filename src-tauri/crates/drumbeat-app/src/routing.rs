//! Whose queue: what the policy routes to whom, and who stands in for whom.
//!
//! A claim that somebody has taken, or that the CRM says has an owner, is theirs. All others go by the policy, read out
//! anew with every look: nothing is written to the CRM, so a changed policy or a cover is in force at once. Covers
//! are kept in this workspace.

use std::collections::HashMap;
use std::sync::Arc;

use drumbeat_model::ids::{OwnerId, PartnerId, RegistrationId};
use drumbeat_model::inbox::Scope;
use drumbeat_model::lifecycle::{Assigned, Cover, SaveCovers};
use drumbeat_model::registration::Registration;
use drumbeat_rules::routing::{self, Route, RouteFacts};
use drumbeat_store::registrations::Whose;
use drumbeat_store::{Entry, Reader, Result};
use serde_json::json;

use crate::api::Nothing;
use crate::error::{Answer, ApiError};
use crate::workspace::{Scene, Workspace};

const COVERS: &str = "covers";
/// Covers at most.
const MOST: usize = 100;

/// Partners' owners, each read once.
type Owners = HashMap<String, Option<OwnerId>>;

fn routed(
    ws: &Workspace,
    r: &Reader<'_>,
    scene: &Scene,
    claim: &Registration,
    owners: &mut Owners,
) -> Result<Option<Route>> {
    let partner = claim.partner.as_ref().map(PartnerId::as_str);
    let partner_owner = match partner {
        None => None,
        Some(id) => match owners.get(id) {
            Some(known) => known.clone(),
            None => {
                let owner = r.company(id)?.and_then(|company| company.owner);
                owners.insert(id.to_owned(), owner.clone());
                owner
            }
        },
    };
    let currency = r.main_currency()?;
    let worth = claim.amount.as_ref().map(|amount| r.worth(amount)).transpose()?;
    let facts = RouteFacts {
        amount: worth.as_ref(),
        currency: currency.code(),
        country: claim.country.as_deref(),
        partner_owner: partner_owner.as_ref(),
    };
    Ok(routing::route(&facts, &ws.policy, |email| scene.names.at(email)))
}

/// Who stands in for whom: what was entered here, and the policy's standing deputies of those who are away.
fn in_force(ws: &Workspace, r: &Reader<'_>, scene: &Scene) -> Result<Vec<Cover>> {
    let mut all: Vec<Cover> = r.value(COVERS)?.unwrap_or_default();
    for (away, by) in &ws.policy.routing.cover {
        // The policy has no days: its deputies stand in whenever they are named.
        if let (Some(away), Some(by)) = (scene.names.at(away), scene.names.at(by))
            && !all.iter().any(|cover| cover.away == away && (cover.from..=cover.to).contains(&scene.today))
        {
            all.push(Cover { away, by, from: scene.today, to: scene.today });
        }
    }
    Ok(all)
}

/// The person and those that the person stands in for today; nothing while nobody says who the person is.
pub(crate) fn people(ws: &Workspace, r: &Reader<'_>, scene: &Scene) -> Result<Option<Vec<OwnerId>>> {
    let Some(me) = &scene.mapping.me else { return Ok(None) };
    Ok(Some(routing::mine(me, &in_force(ws, r, scene)?, scene.today)))
}

/// Whose queue is looked at.
pub(crate) fn whose(ws: &Workspace, r: &Reader<'_>, scene: &Scene, scope: Scope) -> Result<Whose> {
    let mut whose = Whose { now: scene.now, ..Whose::default() };
    if scope == Scope::Team {
        return Ok(whose);
    }
    whose.people = people(ws, r, scene)?.unwrap_or_default();
    let mut owners = Owners::new();
    for id in r.unowned_registration_ids()? {
        let Some(claim) = r.registration(&RegistrationId(id.clone()))? else { continue };
        let Some(route) = routed(ws, r, scene, &claim, &mut owners)? else { continue };
        if whose.people.contains(&route.owner) {
            whose.to_them.push(id.clone());
        }
        whose.routed.push(id);
    }
    Ok(whose)
}

/// Whose a claim is by the policy; nothing once somebody has it.
pub(crate) fn assigned(
    ws: &Workspace,
    r: &Reader<'_>,
    scene: &Scene,
    claim: &Registration,
) -> Result<Option<Assigned>> {
    if claim.claimed_by.is_some() || claim.owner.is_some() || !claim.status.is_open() {
        return Ok(None);
    }
    let Some(route) = routed(ws, r, scene, claim, &mut Owners::new())? else { return Ok(None) };
    let covers = routing::covered_by(&in_force(ws, r, scene)?, scene.today);
    Ok(Some(Assigned {
        name: scene.names.of(Some(&route.owner)).unwrap_or_default(),
        cover: scene.names.of(covers.get(&route.owner)),
        why: route.why,
        owner: route.owner,
    }))
}

/// Who covers whom.
///
/// # Errors
/// What the store says.
pub fn covers(ws: &Arc<Workspace>, _: Nothing) -> Answer<Vec<Cover>> {
    ws.read(|r| Ok(r.value(COVERS)?.unwrap_or_default()))
}

/// Says who covers whom.
///
/// # Errors
/// When somebody is not among the CRM's owners, covers themselves, or a time ends before it begins.
pub fn save_covers(ws: &Arc<Workspace>, request: SaveCovers) -> Answer<Vec<Cover>> {
    let scene = ws.read(|r| Scene::read(ws, r))?;
    let wrong = |what: String| ApiError::invalid("covers", what).kept("Nothing was changed");
    if request.covers.len() > MOST {
        return Err(wrong(format!("There are more than {MOST} covers")));
    }
    for cover in &request.covers {
        for who in [&cover.away, &cover.by] {
            if scene.names.owner(who).is_none() {
                return Err(wrong(format!("{who} is not among the CRM's owners")));
            }
        }
        if cover.away == cover.by {
            return Err(wrong("Nobody stands in for themselves".to_owned()));
        }
        if cover.to < cover.from {
            return Err(wrong(format!("{} is before {}", cover.to, cover.from)));
        }
    }
    let actor = ws.actor()?;
    let facts = json!({ "covers": request.covers });
    let entry = Entry {
        at: ws.clock.now(),
        actor: &actor,
        act: "covers",
        title: "Changed who stands in for whom",
        reason: None,
        facts: Some(&facts),
        policy: None,
    };
    ws.write(entry, |w| w.put_value(COVERS, &request.covers))?;
    Ok(request.covers)
}
