//! Channel conflicts in a replay of the policy (B2): which verdicts another one would turn, and why.
//!
//! A settlement of the past is judged again with the facts that it kept; what is open is judged with the facts of now.
//! Early signs have no verdict and are left out.

use std::collections::BTreeMap;

use drumbeat_model::channel::{ConflictsQuery, Standing};
use drumbeat_model::crm::ObjectKind;
use drumbeat_model::policy::{ReplayedConflict, UnjudgedDecision};
use drumbeat_model::time::{Day, Instant};
use drumbeat_rules::Policy;
use drumbeat_rules::channel_conflicts::{self as rules, JudgedConflict};
use drumbeat_store::channel::Kept;
use drumbeat_store::policy::PastDecision;
use drumbeat_store::{Reader, Result, StoreError};
use serde::{Deserialize, Serialize};

use super::desk::Desk;
use super::ground::Ground;
use crate::policy;
use crate::workspace::Workspace;

/// Where a decision keeps the channel conflicts that it settled.
pub(crate) const JUDGED: &str = "channel_judged";
/// Open ones that are judged again, the most severe first.
const OPEN: usize = 1_000;

/// A settlement as a decision keeps it.
#[derive(Serialize, Deserialize)]
struct Settled {
    conflict: String,
    account: String,
    text: String,
    judged: JudgedConflict,
}

/// What a settlement keeps of the finding, to be judged again.
pub(super) fn kept(ws: &Workspace, desk: &Desk, text: &str) -> Result<serde_json::Value> {
    let (finding, now) = (&desk.kept.finding, desk.scene.now);
    let cluster = ws.store.read(|r| {
        let nodes = r.channel_cluster(&desk.kept.root, desk.scene.today)?;
        let (mut cluster, _) = Ground::read(r, &ws.policy, now)?.cluster(r, &nodes)?;
        let known = r.conflicts_at(&nodes)?;
        let ids: Vec<&str> = known.iter().map(|kept| kept.id.as_str()).collect();
        cluster.evidence.extend(r.conflict_evidence(&ids)?);
        Ok(cluster)
    })?;
    Ok(serde_json::to_value(Settled {
        conflict: desk.kept.id.clone(),
        account: desk.name(),
        text: text.to_owned(),
        judged: JudgedConflict::of(cluster, finding.key(), now),
    })?)
}

/// What a replay found of channel conflicts.
#[derive(Default)]
pub(crate) struct Replayed {
    pub judged: u32,
    pub differ: Vec<ReplayedConflict>,
    pub unjudged: Vec<UnjudgedDecision>,
}

/// Judges settlements of a time and what is open by another policy.
pub(crate) fn replay(ws: &Workspace, r: &Reader<'_>, since: Day, until: Day, other: &Policy) -> Result<Replayed> {
    let mut told = Replayed::default();
    let mut versions: BTreeMap<u32, Option<Policy>> = BTreeMap::new();
    for kind in [ObjectKind::Deal, ObjectKind::Registration, ObjectKind::Company] {
        for past in r.past_decisions(kind, since, until)? {
            settled(r, &past, other, &mut versions, &mut told)?;
        }
    }
    open(ws, r, other, &mut told)?;
    told.differ.sort_by(|a, b| (a.decision.is_some(), b.at, &a.account).cmp(&(b.decision.is_some(), a.at, &b.account)));
    Ok(told)
}

fn settled(
    r: &Reader<'_>,
    past: &PastDecision,
    other: &Policy,
    versions: &mut BTreeMap<u32, Option<Policy>>,
    told: &mut Replayed,
) -> Result<()> {
    let cannot = |why: String| UnjudgedDecision {
        decision: past.decision.id.clone(),
        title: past.decision.title.clone(),
        decided_at: past.decision.made_at,
        why,
    };
    let all = match past.facts.get(JUDGED).map(|kept| serde_json::from_value::<Vec<Settled>>(kept.clone())) {
        Some(Ok(all)) => all,
        Some(Err(why)) => {
            told.unjudged.push(cannot(format!("its facts are of another version of Drumbeat ({why})")));
            return Ok(());
        }
        None if past.decision.act == "settle conflict" => {
            told.unjudged.push(cannot("it was made before Drumbeat kept the facts of a settlement".to_owned()));
            return Ok(());
        }
        None => return Ok(()),
    };
    let then = match versions.entry(past.policy) {
        std::collections::btree_map::Entry::Occupied(known) => known.into_mut(),
        std::collections::btree_map::Entry::Vacant(free) => free.insert(match policy::version(r, past.policy) {
            Ok(policy) => Some(policy),
            Err(StoreError::NotFound { .. }) => None,
            Err(error) => return Err(error),
        }),
    };
    let Some(then) = then else {
        told.unjudged.push(cannot(format!("version {} of the policy is not here", past.policy)));
        return Ok(());
    };
    for one in all {
        let (Some(before), Some(after)) = (one.judged.by(then), one.judged.by(other)) else { continue };
        let names = Names(&one.judged);
        told.judged += 1;
        told.differ.extend(differs(&before, &after, &names).map(|differs| ReplayedConflict {
            conflict: one.conflict.clone(),
            decision: Some(past.decision.id.clone()),
            account: one.account.clone(),
            at: past.decision.made_at,
            done: Some(one.text.clone()),
            version: past.policy,
            ..differs
        }));
    }
    Ok(())
}

/// Parties of a settled finding by their keys.
struct Names<'j>(&'j JudgedConflict);

impl Parties for Names<'_> {
    fn name(&self, key: &str) -> String {
        let partners = &self.0.cluster.partners;
        let found = partners.iter().find(|(id, _)| id.as_str() == key).map(|(_, fact)| fact.name.clone());
        found.unwrap_or_else(|| drumbeat_model::channel::Party::direct().name)
    }
}

impl Parties for Kept {
    fn name(&self, key: &str) -> String {
        let found = self.finding.parties.iter().find(|party| party.key() == key);
        found.map_or_else(|| key.to_owned(), |party| party.name.clone())
    }
}

/// Who has which key.
trait Parties {
    fn name(&self, key: &str) -> String;
}

/// A verdict that differs, as far as the two standings say it.
fn differs(before: &Standing, after: &Standing, parties: &dyn Parties) -> Option<ReplayedConflict> {
    let why = rules::differences(before, after);
    let name = |standing: &Standing| standing.first.as_deref().map(|key| parties.name(key));
    (!why.is_empty()).then(|| ReplayedConflict {
        conflict: String::new(),
        decision: None,
        account: String::new(),
        at: Instant::default(),
        done: None,
        version: before.policy,
        before: name(before),
        after: name(after),
        flipped: before.first != after.first,
        why,
    })
}

fn open(ws: &Workspace, r: &Reader<'_>, other: &Policy, told: &mut Replayed) -> Result<()> {
    let (now, today) = (ws.clock.now(), ws.clock.today());
    let (then, ground) = (Ground::read(r, &ws.policy, now)?, Ground::read(r, other, now)?);
    let mut query = ConflictsQuery { limit: 500, ..ConflictsQuery::default() };
    let mut looked = 0;
    loop {
        let page = r.conflicts(&query)?;
        for kept in page.rows {
            if looked == OPEN {
                return Ok(());
            }
            looked += 1;
            let nodes = r.channel_cluster(&kept.root, today)?;
            let known = r.conflicts_at(&nodes)?;
            let ids: Vec<&str> = known.iter().map(|kept| kept.id.as_str()).collect();
            let evidence = r.conflict_evidence(&ids)?;
            let key = kept.finding.key();
            let judged = |ground: &Ground<'_>| -> Result<Option<Standing>> {
                let (mut cluster, _) = ground.cluster(r, &nodes)?;
                cluster.evidence.extend(evidence.clone());
                Ok(JudgedConflict::of(cluster, key.clone(), now).by(ground.policy))
            };
            let (Some(before), Some(after)) = (judged(&then)?, judged(&ground)?) else { continue };
            told.judged += 1;
            let row = &kept.finding;
            told.differ.extend(differs(&before, &after, &kept).map(|differs| ReplayedConflict {
                conflict: kept.id.clone(),
                account: row.account.as_ref().map_or_else(|| row.text.clone(), |account| account.label.clone()),
                at: kept.raised_at,
                ..differs
            }));
        }
        let Some(next) = page.next else { return Ok(()) };
        query.after = Some(next);
    }
}
