//! The list of channel conflicts, its views, and one of them in full.

use std::collections::BTreeMap;
use std::sync::Arc;

use drumbeat_model::channel::{
    ChannelSignal, ConflictDetail, ConflictFilters, ConflictKind, ConflictRow, ConflictState, ConflictView,
    ConflictsQuery, GraphEdge, MovedSince, Party, PartyCapacity, Severity, TimelineEntry, VerdictMoved, link,
};
use drumbeat_model::crm::ObjectKind;
use drumbeat_model::field::Field;
use drumbeat_model::ids::{AccountId, DealId, PartnerId, RegistrationId};
use drumbeat_model::page::Page;
use drumbeat_model::time::{Day, Instant};
use drumbeat_model::verdict::{CheckOutcome, RecordLink};
use drumbeat_rules::channel_conflicts::{Cluster, clocks, settling};
use drumbeat_rules::checks;
use drumbeat_store::channel::Kept;
use drumbeat_store::{Reader, Result};

use super::approving::standing_against;
use super::ground::Ground;
use super::pass::lived;
use crate::api::Nothing;
use crate::deals;
use crate::error::{Answer, ApiError};
use crate::workspace::{Scene, Workspace};

/// Lines of a timeline.
const TIMELINE: usize = 200;
/// Verdicts that are told to have moved.
const MOVED: u32 = 500;

/// One page of channel conflicts: the most severe first, then the clock that runs out next.
///
/// # Errors
/// A page key that is not ours, or what the store says.
pub fn conflicts(ws: &Arc<Workspace>, query: ConflictsQuery) -> Answer<Page<ConflictRow>> {
    super::follow(ws);
    ws.read(|r| {
        let scene = Scene::read(ws, r)?;
        let page = r.conflicts(&query)?;
        let rows = page.rows.iter().map(|kept| row(ws, &scene, kept)).collect();
        Ok(Page { rows, next: page.next, total: page.total })
    })
}

/// A finding as the list shows it.
pub(crate) fn row(ws: &Workspace, scene: &Scene, kept: &Kept) -> ConflictRow {
    let finding = &kept.finding;
    let all = clocks::clocks(&lived(kept, scene.mapping.go_live), &ws.policy, scene.now);
    let clock = if finding.kind == ConflictKind::Sign { None } else { clocks::next(&all).or(all.last()).cloned() };
    ConflictRow {
        id: kept.id.clone(),
        kind: finding.kind,
        status: finding.status,
        state: kept.state,
        severity: kept.severity,
        band: Severity::of(kept.severity),
        account: finding.account.as_ref().map_or_else(|| finding.text.clone(), |account| account.label.clone()),
        account_id: finding.account.as_ref().map(|account| AccountId(account.id.clone())),
        parties: finding.parties.clone(),
        value: finding.value.clone(),
        signals: {
            let mut signals: Vec<ChannelSignal> = finding.signals.iter().map(|found| found.signal).collect();
            signals.sort();
            signals.dedup();
            signals
        },
        text: finding.text.clone(),
        first: finding.verdict.first.clone(),
        raised_at: kept.raised_at,
        clock,
    }
}

/// The views that come with the program, each with how many it has.
///
/// # Errors
/// What the store says.
pub fn conflict_views(ws: &Arc<Workspace>, _: Nothing) -> Answer<Vec<ConflictView>> {
    super::follow(ws);
    let of = |name: &str, label: &str, query: ConflictsQuery| (name.to_owned(), label.to_owned(), query);
    let signal = |signal| ConflictsQuery { signal: Some(signal), ..ConflictsQuery::default() };
    let state = |state| ConflictsQuery { state: Some(state), ..ConflictsQuery::default() };
    let renewals = format!("Renewals without a confirmed owner in {}", ws.policy.clocks.renewal_owner);
    let all = [
        of("open", "Open", ConflictsQuery::default()),
        of("new", "Not acknowledged", state(ConflictState::Open)),
        of("appeals", "Appeals", state(ConflictState::Appealed)),
        of("two_deals", "Two deals, one account", signal(ChannelSignal::TwoOpenDeals)),
        of("renewals", &renewals, signal(ChannelSignal::RenewalUnconfirmed)),
        of("signs", "Early signs", ConflictsQuery { kinds: vec![ConflictKind::Sign], ..ConflictsQuery::default() }),
        of("closed", "Settled and ended", ConflictsQuery { closed: true, ..ConflictsQuery::default() }),
    ];
    ws.read(|r| {
        let count = |(name, label, query)| {
            let count = r.count_conflicts(&query)?;
            Ok(ConflictView { name, label, query, count })
        };
        all.into_iter().map(count).collect()
    })
}

/// What the list can be asked for, as far as it depends on what is open now.
///
/// # Errors
/// What the store says.
pub fn conflict_filters(ws: &Arc<Workspace>, _: Nothing) -> Answer<ConflictFilters> {
    super::follow(ws);
    ws.read(|r| Ok(ConflictFilters { regions: r.conflict_regions()? }))
}

/// Verdicts that have moved since a moment, latest first: by new facts, or by another version of the policy.
///
/// # Errors
/// What the store says.
pub fn verdicts_moved(ws: &Arc<Workspace>, request: MovedSince) -> Answer<Vec<VerdictMoved>> {
    super::follow(ws);
    ws.read(|r| {
        let mut all = Vec::new();
        for (id, event) in r.conflict_events_since("turned", request.since, MOVED)? {
            let kept = known(r, &id)?;
            let finding = &kept.finding;
            all.push(VerdictMoved {
                account: finding.account.as_ref().map_or_else(|| finding.text.clone(), |account| account.label.clone()),
                conflict: id,
                at: event.at,
                text: event.text,
                is_open: kept.state.is_open(),
            });
        }
        Ok(all)
    })
}

/// A finding that is there.
pub(super) fn known(r: &Reader<'_>, id: &str) -> Result<Kept> {
    r.conflict(id)?.ok_or_else(|| drumbeat_store::StoreError::NotFound { what: "channel conflict", id: id.to_owned() })
}

/// One channel conflict with everything that the detail shows.
///
/// # Errors
/// When there is none of that id, or what the store says.
pub fn conflict(ws: &Arc<Workspace>, request: drumbeat_model::channel::ConflictRef) -> Answer<ConflictDetail> {
    if request.conflict.len() > 64 {
        return Err(ApiError::not_found("channel conflict", "of that id"));
    }
    super::follow(ws);
    ws.read(|r| {
        let scene = Scene::read(ws, r)?;
        let ground = Ground::read(r, &ws.policy, scene.now)?;
        full(ws, r, &scene, &ground, &known(r, &request.conflict)?)
    })
}

/// Open channel conflicts that stand against a registration, each in full: what an approval has to decide (C-08).
///
/// # Errors
/// What the store says; an unknown registration has none.
pub fn conflicts_against(ws: &Arc<Workspace>, registration: RegistrationId) -> Answer<Vec<ConflictDetail>> {
    super::follow(ws);
    ws.read(|r| {
        let scene = Scene::read(ws, r)?;
        let ground = Ground::read(r, &ws.policy, scene.now)?;
        let standing = standing_against(ws, r, &registration)?;
        standing.iter().map(|kept| full(ws, r, &scene, &ground, kept)).collect()
    })
}

/// Open channel conflicts that a deal is a record of, the most severe first; early signs are left out.
///
/// # Errors
/// What the store says; an unknown deal, or one without an account, has none.
pub fn deal_conflicts(ws: &Arc<Workspace>, deal: DealId) -> Answer<Vec<ConflictRow>> {
    super::follow(ws);
    ws.read(|r| {
        let scene = Scene::read(ws, r)?;
        let id = DealId(r.resolve(deal.as_str())?);
        let Some(account) = r.deal(&id)?.and_then(|deal| deal.account) else { return Ok(Vec::new()) };
        let nodes = super::together(ws, r, &super::node(ObjectKind::Company, account.as_str()))?;
        let is_of = |record: &RecordLink| record.kind == ObjectKind::Deal && record.id == id.0;
        let mut all = r.conflicts_at(&nodes)?;
        all.retain(|kept| {
            kept.state.is_open() && kept.finding.kind != ConflictKind::Sign && kept.finding.records.iter().any(is_of)
        });
        all.sort_by(|a, b| b.severity.cmp(&a.severity).then_with(|| a.id.cmp(&b.id)));
        Ok(all.iter().map(|kept| row(ws, &scene, kept)).collect())
    })
}

/// A finding with everything that the detail shows.
fn full(ws: &Workspace, r: &Reader<'_>, scene: &Scene, ground: &Ground<'_>, kept: &Kept) -> Result<ConflictDetail> {
    let nodes = r.channel_cluster(&kept.root, scene.today)?;
    let (cluster, _) = ground.cluster(r, &nodes)?;
    let finding = kept.finding.clone();
    let settled = (kept.state == ConflictState::Settled).then_some(kept.life.closed_at).flatten();
    let capacity = match finding.kind {
        ConflictKind::Sign => None,
        _ => Some(capacity(ws, r, &finding.parties, scene.today)?),
    };
    let clocks = clocks::clocks(&lived(kept, scene.mapping.go_live), &ws.policy, scene.now);
    Ok(ConflictDetail {
        row: row(ws, scene, kept),
        acts: settling::acts(finding.kind, kept.state, &finding.parties, settled, &ws.policy, scene.now),
        appeal_until: settling::appeal_until(settled, &ws.policy),
        clocks: if finding.kind == ConflictKind::Sign { Vec::new() } else { clocks },
        timeline: timeline(r, scene, kept, &cluster)?,
        graph: graph(scene, kept, &cluster),
        signals: finding.signals,
        points: finding.points,
        records: finding.records,
        ends_with: finding.ends_with,
        sides: finding.sides,
        verdict: finding.verdict,
        plan: kept.life.plan.clone(),
        outcome: kept.life.outcome_text.clone(),
        capacity,
        decision: kept.life.decision.clone(),
    })
}

/// How full the partners' books are now. It is no part of the finding: a protection elsewhere is no fact of this account.
pub(super) fn capacity(ws: &Workspace, r: &Reader<'_>, parties: &[Party], today: Day) -> Result<Vec<PartyCapacity>> {
    let mut all = Vec::new();
    for party in parties {
        let Some(partner) = &party.partner else { continue };
        let held = r.active_protections(partner.as_str(), today)?;
        let (outcome, text) = checks::capacity::room(held, &ws.policy);
        all.push(PartyCapacity {
            party: party.key().to_owned(),
            held,
            limit: ws.policy.capacity.per_partner,
            full: outcome == CheckOutcome::Fail,
            text,
        });
    }
    Ok(all)
}

/// What happened on both sides and with the finding itself, latest first.
fn timeline(r: &Reader<'_>, scene: &Scene, kept: &Kept, cluster: &Cluster) -> Result<Vec<TimelineEntry>> {
    let mut all: Vec<TimelineEntry> = Vec::new();
    for event in r.conflict_events(&kept.id, 100)? {
        all.push(TimelineEntry { at: event.at, party: None, text: event.text, by: event.by, record: None });
    }
    for side in &kept.finding.sides {
        let party = Some(side.party.key().to_owned());
        let mut add = |at: Option<Instant>, text: String, by: Option<String>, record: RecordLink| {
            let entry = |at| TimelineEntry { at, party: party.clone(), text, by, record: Some(record) };
            all.extend(at.map(entry));
        };
        for deal in &side.deals {
            let record = link(ObjectKind::Deal, deal.id.as_str(), &deal.name);
            add(deal.created_at, format!("{} was created", deal.name), None, record.clone());
            for moved in r.movements(ObjectKind::Deal, deal.id.as_str(), None, 20)? {
                let Some(full) = r.deal(&deal.id)? else { continue };
                let read = |raw: Option<&str>| deals::shown(r, scene, &full, moved.field, raw);
                let (before, after) = (read(moved.before.as_deref())?, read(moved.after.as_deref())?);
                if moved.field == Field::ConflictStatus {
                    continue;
                }
                let nothing = || "nothing".to_owned();
                let text = format!(
                    "{}: {} from {} to {}",
                    deal.name,
                    moved.field.label().to_lowercase(),
                    before.unwrap_or_else(nothing),
                    after.unwrap_or_else(nothing)
                );
                add(Some(moved.at), text, moved.by, record.clone());
            }
        }
        for claim in cluster.claims.iter().filter(|claim| side.claims.iter().any(|link| link.id == claim.id.0)) {
            let record = link(ObjectKind::Registration, claim.id.as_str(), &claim.number);
            let state = if claim.in_force { ", in force" } else { ", waits for a decision" };
            add(claim.submitted_at, format!("{} was submitted{state}", claim.number), None, record);
        }
        for piece in side.evidence.iter().filter(|piece| piece.id.is_some()) {
            let at = piece.day.and_hms_opt(12, 0, 0).map(|at| at.and_utc());
            let record = side.deals.first().map_or_else(
                || kept.finding.records.first().cloned(),
                |deal| Some(link(ObjectKind::Deal, deal.id.as_str(), &deal.name)),
            );
            if let Some(record) = record {
                let text = format!("{}: {}", piece.kind.label(), piece.text);
                add(at, text, Some(piece.source.clone()), record);
            }
        }
    }
    for touch in &cluster.touches {
        let of = kept.finding.parties.iter().find(|party| match &party.partner {
            Some(partner) => touch.partners.contains(partner),
            None => touch.partners.is_empty(),
        });
        let Some(of) = of else { continue };
        all.push(TimelineEntry {
            at: touch.at,
            party: Some(of.key().to_owned()),
            text: touch.title.clone(),
            by: scene.names.of(touch.owner.as_ref()),
            record: Some(touch.link()),
        });
    }
    all.sort_by(|a, b| b.at.cmp(&a.at).then_with(|| a.text.cmp(&b.text)));
    all.truncate(TIMELINE);
    Ok(all)
}

/// Who touches the account: parties and people, and by what.
fn graph(scene: &Scene, kept: &Kept, cluster: &Cluster) -> Vec<GraphEdge> {
    let mut all: BTreeMap<(String, String, &'static str), GraphEdge> = BTreeMap::new();
    let mut add = |from: &str, label: &str, to: RecordLink, by: &'static str| {
        let edge = all.entry((from.to_owned(), to.id.clone(), by)).or_insert_with(|| GraphEdge {
            from: from.to_owned(),
            from_label: label.to_owned(),
            to,
            by: by.to_owned(),
            times: 0,
        });
        edge.times += 1;
    };
    let account = |id: &AccountId| {
        let found = cluster.accounts.iter().find(|account| account.id == *id);
        found.map(|account| link(ObjectKind::Company, account.id.as_str(), &account.name))
    };
    let named = |partner: Option<&PartnerId>| match partner {
        None => Party::direct(),
        Some(id) => Party {
            partner: Some(id.clone()),
            name: cluster.partners.get(id).map_or_else(|| id.0.clone(), |fact| fact.name.clone()),
        },
    };
    for deal in &cluster.deals {
        let holders = if deal.shares.is_empty() {
            vec![named(deal.partner.as_ref())]
        } else {
            deal.shares.iter().map(|share| named(Some(&share.partner))).collect()
        };
        for party in holders {
            add(party.key(), &party.name, link(ObjectKind::Deal, deal.id.as_str(), &deal.name), "deal");
            if let Some(account) = account(&deal.account) {
                add(party.key(), &party.name, account, "deal");
            }
        }
    }
    for claim in &cluster.claims {
        let party = named(Some(&claim.partner));
        let to = link(ObjectKind::Registration, claim.id.as_str(), &claim.number);
        add(party.key(), &party.name, to, "registration");
    }
    for one in &cluster.accounts {
        if let Some(party) = one.incumbent.as_ref().map(|partner| named(Some(partner))) {
            add(party.key(), &party.name, link(ObjectKind::Company, one.id.as_str(), &one.name), "incumbent");
        }
    }
    for touch in &cluster.touches {
        for partner in &touch.partners {
            let party = named(Some(partner));
            add(party.key(), &party.name, touch.on.clone(), "activity");
        }
        if let Some(name) = scene.names.of(touch.owner.as_ref()) {
            add(&name, &name, touch.on.clone(), "activity");
        }
    }
    // Records of one company are joined to the first.
    if let Some((first, others)) = cluster.accounts.split_first() {
        for other in others {
            let to = link(ObjectKind::Company, other.id.as_str(), &other.name);
            add(first.id.as_str(), &first.name, to, "same company");
        }
    }
    let mut edges: Vec<GraphEdge> = all.into_values().collect();
    let place = |key: &str| kept.finding.parties.iter().position(|party| party.key() == key).unwrap_or(usize::MAX);
    edges.sort_by(|a, b| {
        place(&a.from).cmp(&place(&b.from)).then_with(|| (&a.from, &a.to.id).cmp(&(&b.from, &b.to.id)))
    });
    edges.truncate(TIMELINE);
    edges
}
