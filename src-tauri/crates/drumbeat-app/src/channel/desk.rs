//! What every step on a channel conflict starts from, and how it is saved.
//!
//! What people do goes out as a decision over all deals of the finding: status and notes, and in the deals' own record
//! what was done and how it was settled, so that another computer knows it. Where there is no deal to tell it is kept
//! here, with its entry in the audit trail. Both are one transaction with the finding as it is afterwards, and the
//! accounts are judged again in it, so that what the decision itself has changed is no new fact against it.

use std::collections::BTreeSet;
use std::sync::Arc;

use drumbeat_model::channel::ConflictState;
use drumbeat_model::crm::{Link, ObjectKind, Schema};
use drumbeat_model::deal::{ConflictStatus, Deal};
use drumbeat_model::field::Field as F;
use drumbeat_model::ids::{DealId, OpId, OwnerId};
use drumbeat_model::settling::{ChannelStep, ConflictAct, ConflictStepped, SettledNote, Settlement, StepKind};
use drumbeat_model::time::Instant;
use drumbeat_model::value::write_instant;
use drumbeat_rules::channel_conflicts::{self as rules, settling};
use drumbeat_store::channel::{Event, Kept};
use drumbeat_store::{Entry, Writer};

use super::{pass, showing};
use crate::decide::{self, About, Draft};
use crate::error::{Answer, ApiError, Code};
use crate::premises;
use crate::registrations::Values;
use crate::words::Words;
use crate::workspace::{Scene, Workspace};

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

/// What goes into the own record of a deal.
#[derive(Clone, Copy)]
pub(super) enum Recorded<'n> {
    /// How it was settled.
    Settled(&'n SettledNote),
    /// What was done before.
    Step(&'n ChannelStep),
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
    let desk = plain(ws, id)?;
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

    /// Status and notes on the deals of both sides, and what was done in their own record.
    pub fn note(
        &self,
        ws: &Workspace,
        draft: &mut Draft<'_>,
        status: ConflictStatus,
        text: &str,
        record: Option<Recorded<'_>>,
        told: &mut Told,
    ) -> Answer<()> {
        // One decision tells a deal once, also where it settles several channel conflicts: a second op on the same
        // fields would find the first one in its way.
        for deal in &self.deals {
            if !told.deals.insert(deal.id.clone()) {
                continue;
            }
            let values = self.noted(deal, status, text, record);
            let op =
                ws.read(|r| draft.set(r, ObjectKind::Deal, deal.id.as_str(), &values, &Values::new(), &told.after))?;
            told.lead(op);
        }
        Ok(())
    }

    /// What a deal is told.
    pub fn noted(&self, deal: &Deal, status: ConflictStatus, text: &str, record: Option<Recorded<'_>>) -> Values {
        let mut values: Values = [
            (F::ConflictStatus, status.name().to_owned()),
            (F::ConflictNotes, format!("{}: {text}", self.scene.today)),
        ]
        .into();
        // A record that is full or does not read keeps the decision from nothing: status and notes say it too.
        values.extend(record.and_then(|record| self.recorded(deal, record)));
        values
    }

    /// A deal's own record with something more in it; nothing where the CRM has no place for it, or it is full or does
    /// not read.
    fn recorded(&self, deal: &Deal, record: Recorded<'_>) -> Option<(F, String)> {
        self.scene.mapping.property(ObjectKind::Deal, F::Dossier)?;
        let mut dossier = deal.dossier.clone();
        match record {
            Recorded::Settled(note) => dossier.channel.push(note.clone()),
            Recorded::Step(step) => dossier.channel_steps.push(step.clone()),
        }
        dossier.write().map(|text| (F::Dossier, text))
    }

    /// A step in the own record of the deals of both sides, and nothing else on them; answers whether one of them holds
    /// it now.
    pub fn record_step(
        &self,
        ws: &Workspace,
        draft: &mut Draft<'_>,
        step: &ChannelStep,
        told: &mut Told,
    ) -> Answer<bool> {
        let mut held = false;
        for deal in &self.deals {
            let Some(value) = self.recorded(deal, Recorded::Step(step)) else { continue };
            let values = Values::from([value]);
            let op =
                ws.read(|r| draft.set(r, ObjectKind::Deal, deal.id.as_str(), &values, &Values::new(), &told.after))?;
            held |= op.is_some();
            told.lead(op);
        }
        Ok(held)
    }

    /// A step as the deals' record keeps it.
    pub fn step(&self, what: StepKind, text: Option<&str>, by: &str) -> ChannelStep {
        ChannelStep {
            key: self.kept.finding.key(),
            what: what.name().to_owned(),
            at: self.scene.now,
            by: by.to_owned(),
            text: text.map(str::to_owned),
            ..ChannelStep::default()
        }
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
    // Evidence is no settlement.
    if step.after.life.outcome.is_some() && !step.after.state.is_open() && step.event.0 != "evidence" {
        step.after.life.decision.clone_from(&decision);
    }
    // Taking back the decision takes back what it has said.
    let before = &desk.kept.life;
    if step.after.life.acknowledged_at != before.acknowledged_at {
        step.after.life.acknowledged_in.clone_from(&decision);
    }
    if step.after.life.planned_at != before.planned_at {
        step.after.life.planned_in.clone_from(&decision);
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

/// A task for one of ours about the finding, after what was told before.
#[allow(clippy::too_many_arguments, reason = "the parts of one task")]
pub(super) fn task(
    desk: &Desk,
    draft: &mut Draft<'_>,
    on: Option<&Deal>,
    owner: &OwnerId,
    title: &str,
    body: &str,
    due: Instant,
    told: &Told,
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
    draft.create(ObjectKind::Task, &values, links, &told.after);
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

/// A finding in any state.
pub(super) fn plain(ws: &Workspace, id: &str) -> Answer<Desk> {
    ws.read(|r| {
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
    })
}
