//! Steps on the way to a settlement: acknowledge (S-06), ask the seller, plan (S-07), escalate, dismiss, evidence.
//!
//! What the CRM is told goes out as a decision over all deals of the finding: status and notes, a task for a seller who is
//! asked. What is only about the finding itself is kept here, with its entry in the audit trail.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::TimeDelta;
use drumbeat_model::channel::{ConflictState, PartyEvidence};
use drumbeat_model::crm::{Link, ObjectKind, Schema};
use drumbeat_model::deal::{ConflictStatus, Deal};
use drumbeat_model::field::Field as F;
use drumbeat_model::ids::{DealId, OpId, OwnerId};
use drumbeat_model::settling::{
    AcknowledgeConflict, AddEvidence, AskSeller, ConflictAct, ConflictFailed, ConflictStepped, ConflictsDone,
    DismissConflicts, EscalateConflict, PlanConflict, RemoveEvidence, SellerAnswered, SettledNote, Settlement,
};
use drumbeat_model::value::write_instant;
use drumbeat_rules::calendar;
use drumbeat_rules::channel_conflicts::{self as rules, settling};
use drumbeat_store::channel::{Event, Kept};
use drumbeat_store::{Entry, Writer};
use serde_json::json;

use super::{pass, showing};
use crate::decide::{self, About, Draft};
use crate::error::{Answer, ApiError, Code};
use crate::premises;
use crate::registrations::{Values, needed, proofs};
use crate::words::Words;
use crate::workspace::{Scene, Workspace};

/// Findings that one act dismisses at most.
const MOST: usize = 500;

/// What a decision has told so far: each deal once, and everything after its first op, so that it lands whole or waits
/// whole.
#[derive(Default)]
pub(super) struct Told {
    pub deals: BTreeSet<DealId>,
    pub after: Vec<OpId>,
}

impl Told {
    /// The first op goes first.
    pub fn lead(&mut self, op: Option<OpId>) {
        if self.after.is_empty() {
            self.after.extend(op);
        }
    }
}

/// What every step starts from.
pub(super) struct Desk {
    pub kept: Kept,
    pub scene: Scene,
    pub schema: Option<Schema>,
    /// The deals of both sides that are open.
    pub deals: Vec<Deal>,
}

/// The finding with which an act makes sense now.
pub(super) fn desk(ws: &Workspace, id: &str, act: ConflictAct) -> Answer<Desk> {
    super::follow(ws);
    let desk = ws.read(|r| {
        let kept = showing::known(r, id)?;
        let mut deals = Vec::new();
        for deal in kept.finding.sides.iter().flat_map(|side| &side.deals) {
            deals.extend(r.deal(&deal.id)?);
        }
        // A sign names its deals among its records.
        for record in kept.finding.records.iter().filter(|record| record.kind == ObjectKind::Deal) {
            if !deals.iter().any(|deal| deal.id.0 == record.id) {
                deals.extend(r.deal(&record.id.as_str().into())?);
            }
        }
        deals.sort_by(|a, b| a.id.cmp(&b.id));
        deals.dedup_by(|a, b| a.id == b.id);
        Ok(Desk { scene: Scene::read(ws, r)?, schema: r.schema()?, deals, kept })
    })?;
    let finding = &desk.kept.finding;
    let settled = (desk.kept.state == ConflictState::Settled).then_some(desk.kept.life.closed_at).flatten();
    let acts = settling::acts(finding.kind, desk.kept.state, &finding.parties, settled, &ws.policy, desk.scene.now);
    if acts.contains(&act) {
        return Ok(desk);
    }
    let message =
        format!("“{}” cannot be done: the channel conflict is {}", act.label(), desk.kept.state.label().to_lowercase());
    Err(ApiError::new(Code::Invalid, "conflict.state", message)
        .kept("Nothing was changed")
        .next("Look at what can be done with it now"))
}

impl Desk {
    pub fn draft(&self) -> Draft<'_> {
        Draft::new(&self.scene.mapping, self.schema.as_ref())
    }

    pub fn name(&self) -> String {
        let finding = &self.kept.finding;
        finding.account.as_ref().map_or_else(|| finding.text.clone(), |account| account.label.clone())
    }

    /// The record that a decision about the finding is about.
    pub fn record(&self) -> (ObjectKind, String) {
        let records = &self.kept.finding.records;
        let first = |kind| records.iter().find(|record| record.kind == kind);
        let found = self
            .deals
            .first()
            .map(|deal| (ObjectKind::Deal, deal.id.0.clone()))
            .or_else(|| first(ObjectKind::Registration).map(|record| (record.kind, record.id.clone())))
            .or_else(|| first(ObjectKind::Company).map(|record| (record.kind, record.id.clone())));
        found.unwrap_or((ObjectKind::Company, self.kept.root.get(1..).unwrap_or_default().to_owned()))
    }

    /// Status and notes on the deals of both sides, and how it was settled in their own record.
    pub fn note(
        &self,
        ws: &Workspace,
        draft: &mut Draft<'_>,
        status: ConflictStatus,
        text: &str,
        settled: Option<&SettledNote>,
        told: &mut Told,
    ) -> Answer<()> {
        // One decision tells a deal once, also where it settles several channel conflicts: a second op on the same
        // fields would find the first one in its way.
        for deal in &self.deals {
            if !told.deals.insert(deal.id.clone()) {
                continue;
            }
            let values = self.noted(deal, status, text, settled);
            let op =
                ws.read(|r| draft.set(r, ObjectKind::Deal, deal.id.as_str(), &values, &Values::new(), &told.after))?;
            told.lead(op);
        }
        Ok(())
    }

    /// What a deal is told.
    pub fn noted(&self, deal: &Deal, status: ConflictStatus, text: &str, settled: Option<&SettledNote>) -> Values {
        let mut values: Values = [
            (F::ConflictStatus, status.name().to_owned()),
            (F::ConflictNotes, format!("{}: {text}", self.scene.today)),
        ]
        .into();
        if let Some(note) = settled
            && self.scene.mapping.property(ObjectKind::Deal, F::Dossier).is_some()
        {
            let mut dossier = deal.dossier.clone();
            dossier.channel.push(note.clone());
            // A record that is full or does not read keeps the decision from nothing: status and notes say it too.
            values.extend(dossier.write().map(|text| (F::Dossier, text)));
        }
        values
    }

    /// How it was settled, for the deals' own record.
    pub fn settled(
        &self,
        outcome: Settlement,
        text: &str,
        by_rule: bool,
        winner: Option<&str>,
        by: &str,
    ) -> SettledNote {
        SettledNote {
            key: self.kept.finding.key(),
            fingerprint: self.kept.finding.fingerprint.clone(),
            outcome,
            text: text.to_owned(),
            by_rule,
            at: self.scene.now,
            by: by.to_owned(),
            winner: winner.map(str::to_owned),
        }
    }
}

/// A step that is ready to be saved.
pub(super) struct Step<'d> {
    /// Its name in the audit trail.
    pub act: &'static str,
    /// What was done, for people.
    pub title: String,
    /// Why.
    pub reason: Option<String>,
    /// What it is about beside the deals.
    pub facts: serde_json::Value,
    /// What the CRM is told.
    pub draft: Draft<'d>,
    /// The finding as it is afterwards.
    pub after: Kept,
    /// What happened: one word, and in words.
    pub event: (&'static str, String),
}

/// Saves a step with the finding as it is afterwards, in one transaction.
pub(super) fn save(
    ws: &Workspace,
    desk: &Desk,
    mut step: Step<'_>,
    also: impl FnOnce(&Writer<'_>) -> drumbeat_store::Result<()>,
) -> Answer<ConflictStepped> {
    let by = ws.actor()?;
    let (conflict, title) = (step.after.id.clone(), step.title.clone());
    let event = Event { at: desk.scene.now, what: step.event.0.to_owned(), text: step.event.1, by: Some(by.clone()) };
    let decision = (!step.draft.is_empty()).then(|| step.draft.id().clone());
    if step.after.life.outcome.is_some() && !step.after.state.is_open() {
        step.after.life.decision.clone_from(&decision);
    }
    let (policy, now) = (Arc::clone(&ws.policy), desk.scene.now);
    let after = step.after;
    let keep = move |w: &Writer<'_>| {
        also(w)?;
        w.put_conflict(&after)?;
        w.put_conflict_event(&after.id, &event)?;
        // What the decision itself has changed is no new fact against it.
        let nodes = w.channel_cluster(&after.root, now.date_naive())?;
        if after.state.is_open() {
            return pass::judge(w, &policy, now, &nodes).map(drop);
        }
        let judged = pass::fingerprint(w, &policy, now, &nodes, &after.finding.key())?;
        if let Some(fingerprint) = judged {
            let mut after = after.clone();
            let settled_for = after.life.settled_for.as_deref().unwrap_or_default();
            after.life.settled_for = Some(rules::with_facts_of(settled_for, &fingerprint));
            w.put_conflict(&after)?;
        }
        pass::judge(w, &policy, now, &nodes).map(drop)
    };
    if decision.is_some() {
        let facts = ws.read(|r| {
            let ids: Vec<String> = desk.deals.iter().map(|deal| deal.id.0.clone()).collect();
            premises::put(step.facts, &premises::of_conflict(&Words::read(ws, r)?, &ids)?)
        })?;
        let about = About { act: step.act, title: step.title, record: desk.record(), reason: step.reason, facts };
        decide::save_with(ws, about, step.draft, keep)?;
    } else {
        let entry = Entry {
            at: desk.scene.now,
            actor: &by,
            act: step.act,
            title: &step.title,
            reason: step.reason.as_deref(),
            facts: Some(&step.facts),
            policy: Some(ws.policy.version),
        };
        ws.write(entry, keep)?;
    }
    Ok(ConflictStepped { conflict, title, decision })
}

/// Somebody has seen it: both sides' deals say so (S-06).
///
/// # Errors
/// When it has been seen or is over.
pub fn acknowledge_conflict(ws: &Arc<Workspace>, request: AcknowledgeConflict) -> Answer<ConflictStepped> {
    let desk = desk(ws, &request.conflict, ConflictAct::Acknowledge)?;
    let mut draft = desk.draft();
    let text = format!("channel conflict seen: {}", desk.kept.finding.text);
    desk.note(ws, &mut draft, desk.kept.finding.status, &text, None, &mut Told::default())?;
    let mut after = desk.kept.clone();
    after.state = ConflictState::Acknowledged;
    after.life.acknowledged_at = Some(desk.scene.now);
    let step = Step {
        act: "acknowledge conflict",
        title: format!("Acknowledged the channel conflict on {}", desk.name()),
        reason: None,
        facts: json!({ "conflict": after.id }),
        draft,
        after,
        event: ("acknowledged", "acknowledged".to_owned()),
    };
    save(ws, &desk, step, |_| Ok(()))
}

/// Asks the seller, with a task in the CRM; the answer has a clock of its own (C-08).
///
/// # Errors
/// When there is no question, nobody to ask, or it is over.
pub fn ask_seller(ws: &Arc<Workspace>, request: AskSeller) -> Answer<ConflictStepped> {
    let question = needed(&request.question, "conflict.question", "There is no question", "Say what is asked")?;
    let desk = desk(ws, &request.conflict, ConflictAct::AskSeller)?;
    let direct = desk.deals.iter().find(|deal| deal.partner.is_none()).or(desk.deals.first());
    let seller = request.seller.or_else(|| direct.and_then(|deal| deal.owner.clone())).ok_or_else(|| {
        ApiError::invalid("conflict.seller", "There is no seller to ask")
            .kept("Nothing was changed")
            .next("Name the person to ask")
    })?;
    let due = calendar::due(desk.scene.now, ws.policy.conflicts.ask_seller, &ws.policy.calendar, &[]);
    let name = desk.scene.names.of(Some(&seller)).unwrap_or_else(|| seller.0.clone());
    let mut draft = desk.draft();
    task(&desk, &mut draft, direct, &seller, &format!("Channel conflict: {}", desk.name()), &question, due);
    let mut after = desk.kept.clone();
    after.life.acknowledged_at.get_or_insert(desk.scene.now);
    if after.state == ConflictState::Open {
        after.state = ConflictState::Acknowledged;
    }
    (after.life.asked_at, after.life.answered_at) = (Some(desk.scene.now), None);
    after.life.question = Some(question.clone());
    let step = Step {
        act: "ask seller",
        title: format!("Asked {name} about {}", desk.name()),
        reason: Some(question.clone()),
        facts: json!({ "conflict": after.id, "seller": seller }),
        draft,
        after,
        event: ("asked", format!("{name} was asked: {question}")),
    };
    save(ws, &desk, step, |_| Ok(()))
}

/// A task for one of ours about the finding.
fn task(
    desk: &Desk,
    draft: &mut Draft<'_>,
    on: Option<&Deal>,
    owner: &OwnerId,
    title: &str,
    body: &str,
    due: drumbeat_model::time::Instant,
) {
    let values: Values = [
        (F::Title, title.to_owned()),
        (F::Body, format!("{body}\n\n{}", desk.kept.finding.text)),
        (F::DueAt, write_instant(due)),
        (F::Status, "NOT_STARTED".to_owned()),
        (F::Owner, owner.0.clone()),
    ]
    .into();
    let account = || desk.kept.finding.account.as_ref().map(|account| (ObjectKind::Company, account.id.clone()));
    let to = on.map(|deal| (ObjectKind::Deal, deal.id.0.clone())).or_else(account);
    let links = to.into_iter().map(|(to, id)| Link { to, id, primary: false }).collect();
    draft.create(ObjectKind::Task, &values, links, &[]);
}

/// Keeps what the seller has answered; the clock of the question stops.
///
/// # Errors
/// When nobody was asked, or the answer says nothing.
pub fn seller_answered(ws: &Arc<Workspace>, request: SellerAnswered) -> Answer<ConflictStepped> {
    let answer = needed(&request.answer, "conflict.answer", "The answer says nothing", "Say what the seller says")?;
    let desk = desk(ws, &request.conflict, ConflictAct::AskSeller)?;
    if desk.kept.life.asked_at.is_none() || desk.kept.life.answered_at.is_some() {
        return Err(ApiError::invalid("conflict.not_asked", "No question waits for an answer")
            .kept("Nothing was changed")
            .next("Ask the seller first"));
    }
    let mut after = desk.kept.clone();
    after.life.answered_at = Some(desk.scene.now);
    let step = Step {
        act: "seller answered",
        title: format!("The seller answered about {}", desk.name()),
        reason: Some(answer.clone()),
        facts: json!({ "conflict": after.id, "question": after.life.question }),
        draft: desk.draft(),
        after,
        event: ("answered", format!("the seller answered: {answer}")),
    };
    save(ws, &desk, step, |_| Ok(()))
}

/// Says how it is to be settled; both sides' deals say so (S-07).
///
/// # Errors
/// When the plan says nothing, or it is over.
pub fn plan_conflict(ws: &Arc<Workspace>, request: PlanConflict) -> Answer<ConflictStepped> {
    let text = needed(&request.text, "conflict.plan", "The plan says nothing", "Say how it is to be settled")?;
    let desk = desk(ws, &request.conflict, ConflictAct::Plan)?;
    let due = request.due.map_or_else(String::new, |due| format!(", by {due}"));
    let mut draft = desk.draft();
    desk.note(ws, &mut draft, desk.kept.finding.status, &format!("plan: {text}{due}"), None, &mut Told::default())?;
    let mut after = desk.kept.clone();
    after.life.acknowledged_at.get_or_insert(desk.scene.now);
    after.life.planned_at = Some(desk.scene.now);
    (after.life.plan, after.life.plan_due) = (Some(text.clone()), request.due);
    if after.state != ConflictState::Appealed {
        after.state = ConflictState::Planned;
    }
    let step = Step {
        act: "plan conflict",
        title: format!("Planned the channel conflict on {}", desk.name()),
        reason: Some(text.clone()),
        facts: json!({ "conflict": after.id, "due": request.due }),
        draft,
        after,
        event: ("planned", format!("plan: {text}{due}")),
    };
    save(ws, &desk, step, |_| Ok(()))
}

/// Gives it to somebody else to decide, with a task in the CRM.
///
/// # Errors
/// When there is no reason, nobody of that id, or it is over.
pub fn escalate_conflict(ws: &Arc<Workspace>, request: EscalateConflict) -> Answer<ConflictStepped> {
    let why = needed(&request.reason, "conflict.reason", "It needs a reason", "Say why somebody else decides")?;
    let desk = desk(ws, &request.conflict, ConflictAct::Escalate)?;
    let owner = desk.scene.names.owner(&request.to).cloned();
    let owner = owner.ok_or_else(|| ApiError::not_found("person", request.to.as_str()))?;
    let due = desk.scene.now + TimeDelta::days(1);
    let mut draft = desk.draft();
    task(&desk, &mut draft, desk.deals.first(), &request.to, &format!("Decide: {}", desk.name()), &why, due);
    let status = desk.kept.finding.status;
    desk.note(
        ws,
        &mut draft,
        status,
        &format!("given to {} to decide: {why}", owner.name),
        None,
        &mut Told::default(),
    )?;
    let mut after = desk.kept.clone();
    after.life.acknowledged_at.get_or_insert(desk.scene.now);
    after.life.escalated_to = Some(owner.name.clone());
    after.state = ConflictState::Escalated;
    let step = Step {
        act: "escalate conflict",
        title: format!("Gave the channel conflict on {} to {}", desk.name(), owner.name),
        reason: Some(why.clone()),
        facts: json!({ "conflict": after.id, "to": request.to }),
        draft,
        after,
        event: ("escalated", format!("given to {} to decide: {why}", owner.name)),
    };
    save(ws, &desk, step, |_| Ok(()))
}

/// Puts findings aside with a reason; each comes back only when its facts change (C-07).
///
/// # Errors
/// When there is no reason or there are too many; one that cannot be dismissed is told and stops nothing.
pub fn dismiss_conflicts(ws: &Arc<Workspace>, request: DismissConflicts) -> Answer<ConflictsDone> {
    let why = needed(&request.reason, "conflict.reason", "It needs a reason", "Say why it is put aside")?;
    if request.conflicts.len() > MOST {
        return Err(ApiError::invalid("conflict.many", format!("At most {MOST} are dismissed at once"))
            .kept("Nothing was changed"));
    }
    let mut done = ConflictsDone { done: Vec::new(), failed: Vec::new() };
    for id in request.conflicts {
        match dismiss(ws, &id, &why) {
            Ok(_) => done.done.push(id),
            Err(error) => done.failed.push(ConflictFailed { conflict: id, why: error.message }),
        }
    }
    Ok(done)
}

fn dismiss(ws: &Arc<Workspace>, id: &str, why: &str) -> Answer<ConflictStepped> {
    let desk = desk(ws, id, ConflictAct::Dismiss)?;
    let by = ws.actor()?;
    let text = format!("dismissed: {why}");
    let note = desk.settled(Settlement::Dismissed, &text, false, None, &by);
    let mut draft = desk.draft();
    desk.note(ws, &mut draft, ConflictStatus::None, &text, Some(&note), &mut Told::default())?;
    let after = closed(&desk, ConflictState::Dismissed, &note);
    let step = Step {
        act: "dismiss conflict",
        title: format!("Dismissed: {}", desk.kept.finding.text),
        reason: Some(why.to_owned()),
        facts: json!({ "conflict": after.id, "signals": desk.kept.finding.signals.iter().map(|found| &found.fact).collect::<Vec<_>>() }),
        draft,
        after,
        event: ("dismissed", text),
    };
    save(ws, &desk, step, |_| Ok(()))
}

/// The finding as it is when it was settled or dismissed.
pub(super) fn closed(desk: &Desk, state: ConflictState, note: &SettledNote) -> Kept {
    let mut after = desk.kept.clone();
    let life = &mut after.life;
    life.acknowledged_at.get_or_insert(desk.scene.now);
    life.closed_at = Some(desk.scene.now);
    life.settled_for = Some(note.fingerprint.clone());
    life.outcome = Some(note.outcome);
    life.outcome_text = Some(note.text.clone());
    life.by_rule = note.by_rule;
    life.winner.clone_from(&note.winner);
    life.first_then.clone_from(&desk.kept.finding.verdict.first);
    after.state = state;
    after.due_at = None;
    after
}

/// Adds evidence for one party; the verdict is judged again with it.
///
/// # Errors
/// When it says nothing, is still to come, or the party is none of the finding.
pub fn add_evidence(ws: &Arc<Workspace>, request: AddEvidence) -> Answer<ConflictStepped> {
    let (desk, party) = of_party(ws, &request.conflict, &request.party)?;
    let proof = proofs(&[request.proof], desk.scene.today)?;
    let by = ws.actor()?;
    let source = request.source.filter(|source| !source.trim().is_empty()).unwrap_or_else(|| format!("added by {by}"));
    let mut pieces = Vec::new();
    for proof in proof {
        let source: String = source.chars().take(200).collect();
        pieces.push(PartyEvidence {
            id: None,
            party: request.party.clone(),
            kind: proof.kind,
            day: proof.day,
            text: proof.text,
            source,
        });
    }
    let told: Vec<String> =
        pieces.iter().map(|piece| format!("{} of {}: {}", piece.kind.label(), piece.day, piece.text)).collect();
    evidence_step(ws, &desk, "add evidence", format!("evidence for {party}: {}", told.join("; ")), |w, id| {
        pieces.iter().try_for_each(|piece| w.put_evidence(id, piece, &by))
    })
}

/// Takes evidence away that was added by hand; the verdict is judged again without it.
///
/// # Errors
/// When there is none of that number.
pub fn remove_evidence(ws: &Arc<Workspace>, request: RemoveEvidence) -> Answer<ConflictStepped> {
    let desk = plain(ws, &request.conflict)?;
    let known = ws.read(|r| r.conflict_evidence(&[&request.conflict]))?;
    let piece = known.into_iter().find(|piece| piece.id == Some(request.evidence));
    let piece = piece.ok_or_else(|| ApiError::not_found("evidence", &request.evidence.to_string()))?;
    let told = format!("evidence taken away: {} of {}: {}", piece.kind.label(), piece.day, piece.text);
    evidence_step(ws, &desk, "remove evidence", told, |w, id| w.remove_evidence(id, request.evidence).map(drop))
}

fn evidence_step(
    ws: &Workspace,
    desk: &Desk,
    act: &'static str,
    told: String,
    change: impl FnOnce(&Writer<'_>, &str) -> drumbeat_store::Result<()>,
) -> Answer<ConflictStepped> {
    let id = desk.kept.id.clone();
    let step = Step {
        act,
        title: format!("Evidence on {}", desk.name()),
        reason: Some(told.clone()),
        facts: json!({ "conflict": id }),
        draft: desk.draft(),
        after: desk.kept.clone(),
        event: ("evidence", told),
    };
    save(ws, desk, step, |w| change(w, &id))
}

/// A finding in any state.
pub(super) fn plain(ws: &Workspace, id: &str) -> Answer<Desk> {
    ws.read(|r| {
        let kept = showing::known(r, id)?;
        let mut deals = Vec::new();
        for deal in kept.finding.sides.iter().flat_map(|side| &side.deals) {
            deals.extend(r.deal(&deal.id)?);
        }
        Ok(Desk { scene: Scene::read(ws, r)?, schema: r.schema()?, deals, kept })
    })
}

fn of_party(ws: &Workspace, id: &str, party: &str) -> Answer<(Desk, String)> {
    let desk = plain(ws, id)?;
    let found = desk.kept.finding.parties.iter().find(|one| one.key() == party).map(|one| one.name.clone());
    let name = found.ok_or_else(|| {
        ApiError::invalid("conflict.party", "That is no party of the channel conflict").kept("Nothing was changed")
    })?;
    Ok((desk, name))
}
