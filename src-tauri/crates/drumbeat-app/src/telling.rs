//! Clocks that are about to run out, as a notice for the desktop; each is told once on this computer.
//!
//! Asked once a minute, so only clocks that can be told now are looked at: those that run out in the time that the
//! policy tells ahead, each found by when it began.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use drumbeat_model::ids::OwnerId;
use drumbeat_rules::clocks::{Rule, Warns};
use drumbeat_rules::telling::{self, Notice, Telling};
use drumbeat_store::clocks::Stretch;
use drumbeat_store::{Reader, Result, StoreError, Why};

use crate::clocks::{Gather, Line};
use crate::error::Answer;
use crate::routing;
use crate::workspace::{Scene, Workspace};

/// The value that keeps what was told.
const TOLD: &str = "told";
/// Clocks of one rule that are looked at, nearest first.
const LOOKED_AT: u32 = 200;

/// The notice to show now (S), and that it counts as shown. Several clocks at once are one notice.
///
/// # Errors
/// What the store says.
pub fn due(ws: &Arc<Workspace>) -> Answer<Option<Notice>> {
    let now = ws.clock.now();
    let quiet = &ws.policy.notifications;
    if !quiet.on || telling::is_quiet(&quiet.quiet, &ws.policy, now) {
        return Ok(None);
    }
    let (clocks, told) = ws.read(|r| Ok((soon(ws, r)?, r.value::<BTreeSet<String>>(TOLD)?.unwrap_or_default())))?;
    let Some(notice) = telling::as_one(telling::due_notices(&clocks, &ws.policy, now, &told)) else {
        return Ok(None);
    };
    let remembered = |key: &String| telling::is_remembered(key, now);
    let told: BTreeSet<String> = told.into_iter().filter(remembered).chain(notice.keys.iter().cloned()).collect();
    let text = serde_json::to_string(&told).map_err(StoreError::from)?;
    ws.store.write(Why::Mirror { at: now }, |w| w.set_cursor(TOLD, &text))?;
    Ok(Some(notice))
}

/// The clocks that may be told now, of the rules that the policy tells.
fn soon(ws: &Workspace, r: &Reader<'_>) -> Result<Vec<Telling>> {
    let scene = Scene::read(ws, r)?;
    let gather = Gather::new(ws, r, &scene, None, LOOKED_AT);
    let ahead = Stretch { after: scene.now, until: scene.now + telling::farthest(&ws.policy) };
    let mine = Mine::read(ws, r, &scene)?;
    let mut all: HashMap<String, Telling> = HashMap::new();
    for rule in ws.policy.notifications.rules.iter().filter_map(|id| Rule::from_id(id)) {
        for line in gather.around(rule, ahead)? {
            if mine.is(ws, r, &scene, rule, &line)? {
                let Line { about, line, .. } = line;
                // A record may be found twice; a clock is one.
                all.insert(
                    format!("{about}|{}", line.clock.rule),
                    Telling { about, title: line.title, clock: line.clock },
                );
            }
        }
    }
    Ok(all.into_values().collect())
}

/// Whose clocks are told: the person's own and theirs for whom the person stands in; everybody's while nobody says
/// who the person is.
struct Mine(Option<Vec<OwnerId>>);

impl Mine {
    fn read(ws: &Workspace, r: &Reader<'_>, scene: &Scene) -> Result<Self> {
        Ok(Self(routing::people(ws, r, scene)?))
    }

    fn is(&self, ws: &Workspace, r: &Reader<'_>, scene: &Scene, rule: Rule, line: &Line) -> Result<bool> {
        let Some(people) = &self.0 else { return Ok(true) };
        let owned = |owners: &[OwnerId]| owners.is_empty() || owners.iter().any(|owner| people.contains(owner));
        match (rule.row().warns, &line.claim) {
            (Warns::Decider, Some(claim)) => match claim.claimed_by.as_ref().or(claim.owner.as_ref()) {
                Some(owner) => Ok(people.contains(owner)),
                None => {
                    let assigned = routing::assigned(ws, r, scene, claim)?;
                    Ok(assigned.is_some_and(|assigned| people.contains(&assigned.owner)))
                }
            },
            _ => Ok(owned(&line.owners)),
        }
    }
}
