//! Acting on registrations: the first decision, and everything that becomes of a claim after it.
//!
//! Every act starts at the same desk: the claim with its facts, checks and deal, and the guard that it is in the CRM
//! what it was here when the act gets there. What an act does is one decision of the outbox: it lands whole or waits
//! whole, its messages wait for it, and it can be taken back. What the CRM has no field for (appeals, extensions, the
//! first meeting) goes into the record's dossier in the same request as the fields that it explains.
//!
//! - `approve`: the first decision with its deal, task and messages; `decide`: decline, ask, claim.
//! - `answering`: the partner's answer, withdrawing. `appeals`, `extending`: what partners ask for afterwards.
//! - `protecting`: warn, release, reassign, expire, the first meeting, lead holds. `converting`: a lead's deal.
//! - `rivals`: several claims on one company decided at once. `bulk`: one act on many.
//! - `protections`: the list of what wants a look, and what can be done with one.

mod answering;
mod appeals;
pub(crate) mod approve;
mod bulk;
mod converting;
pub(crate) mod decide;
mod extending;
mod protecting;
pub(crate) mod protections;
mod rivals;

use std::collections::BTreeMap;
use std::sync::Arc;

use drumbeat_model::crm::{ObjectKind, Schema};
use drumbeat_model::deal::Deal;
use drumbeat_model::dossier::{Dossier, Proof};
use drumbeat_model::field::Field as F;
use drumbeat_model::ids::RegistrationId;
use drumbeat_model::lifecycle::{Letter, LifeAct};
use drumbeat_model::registration::{Decided, Registration, RegistrationStatus};
use drumbeat_model::value::write_instant;
use drumbeat_model::verdict::Check;
use drumbeat_rules::messages::{self, Words};
use drumbeat_rules::{Facts, lifecycle};
use drumbeat_store::{Reader, StoreError};
use serde_json::json;

pub use self::answering::{answer_info, withdraw};
pub use self::appeals::{decide_appeal, open_appeal};
pub use self::approve::approve;
pub use self::bulk::{bulk, snooze};
pub use self::converting::convert_lead;
pub use self::decide::{ask_info, claim, decline};
pub use self::extending::{extend, refuse_extension, request_extension};
pub use self::protecting::{expire, lapse_hold, log_meeting, reassign, release_protection, warn_untouched};
pub use self::protections::protections;
pub use self::rivals::{award, split_claims};
use crate::converted;
use crate::decide::{About, Draft};
use crate::error::{Answer, ApiError, Code};
use crate::inbox::{claimed, judged};
use crate::policy;
use crate::premises::{self, Premise};
use crate::words;
use crate::workspace::{Scene, Workspace};

/// What a decision starts from.
pub(crate) struct Desk {
    pub(crate) facts: Facts,
    checks: Vec<Check>,
    pub(crate) scene: Scene,
    schema: Option<Schema>,
    /// What it can be judged by again.
    judged: serde_json::Value,
    premises: Vec<Premise>,
    /// The deal that the claim led to.
    deal: Option<Deal>,
    policy: Arc<crate::in_force::InForce>,
}

pub(crate) type Values = BTreeMap<F, String>;

/// Longest text that a person may give with an act.
const LONGEST: usize = 4_000;
/// Most pieces of evidence with one act.
const PROOFS: usize = 20;

/// A text without what is not there.
pub(crate) fn said(text: Option<&str>) -> Option<String> {
    text.map(str::trim).filter(|text| !text.is_empty()).map(|text| text.chars().take(LONGEST).collect())
}

/// A text that an act needs.
pub(crate) fn needed(text: &str, id: &str, message: &str, next: &str) -> Answer<String> {
    said(Some(text)).ok_or_else(|| ApiError::invalid(id, message).kept("Nothing was changed").next(next))
}

/// The desk of a claim in any state.
fn desk_of(ws: &Workspace, r: &Reader<'_>, id: &RegistrationId) -> drumbeat_store::Result<Desk> {
    let scene = Scene::read(ws, r)?;
    let claim = claimed(r, id)?;
    let deal = match &claim.deal {
        Some(deal) => r.deal(deal)?,
        None => None,
    };
    let (facts, checks) = judged(ws, r, &scene, claim)?;
    let premises = premises::of_registration(ws, &words::Words::read(ws, r)?, id.as_str())?;
    let judged = policy::kept(r, &facts, scene.now)?;
    Ok(Desk { judged, facts, checks, scene, schema: r.schema()?, premises, deal, policy: Arc::clone(&ws.policy) })
}

/// The desk of a claim that waits for its decision.
pub(crate) fn desk(ws: &Workspace, r: &Reader<'_>, id: &RegistrationId) -> drumbeat_store::Result<Desk> {
    let desk = desk_of(ws, r, id)?;
    if !desk.claim().status.is_open() {
        return Err(StoreError::NotPossible(format!(
            "{} has been decided already ({})",
            desk.claim().company,
            desk.claim().status.label().to_lowercase()
        )));
    }
    Ok(desk)
}

/// The desk of a claim with which an act makes sense now.
fn desk_for(ws: &Workspace, id: &RegistrationId, act: LifeAct) -> Answer<Desk> {
    let desk = ws.read(|r| desk_of(ws, r, id))?;
    if desk.acts().iter().any(|state| state.act == act) {
        return Ok(desk);
    }
    let claim = desk.claim();
    let message = format!(
        "“{}” cannot be done: the registration of {} is {}",
        act.label(),
        claim.company,
        claim.status.label().to_lowercase()
    );
    Err(ApiError::new(Code::Invalid, "act.state", message)
        .kept("Nothing was changed")
        .next("Look at what can be done with it now"))
}

impl Desk {
    pub(crate) fn claim(&self) -> &Registration {
        &self.facts.registration
    }

    fn acts(&self) -> Vec<drumbeat_model::lifecycle::ActState> {
        lifecycle::acts(self.claim(), self.deal.as_ref(), &self.policy, self.scene.now)
    }

    /// What speaks against an act now.
    fn against(&self, act: LifeAct) -> Option<String> {
        self.acts().into_iter().find(|state| state.act == act)?.against
    }

    /// The person's reason against a rule, where one speaks against an act.
    fn overriding(&self, act: LifeAct, reason: Option<&str>) -> Answer<Option<String>> {
        match (self.against(act), said(reason)) {
            (None, _) => Ok(None),
            (Some(_), Some(reason)) => Ok(Some(reason)),
            (Some(why), None) => Err(ApiError::new(
                Code::NeedsAttention,
                "act.against",
                format!("{} of {}: {why}", act.label(), self.claim().company),
            )
            .kept("Nothing was changed")
            .next("Do it all the same with a reason, which goes on record")),
        }
    }

    pub(crate) fn record(&self) -> (ObjectKind, String) {
        (ObjectKind::Registration, self.claim().id.0.clone())
    }

    pub(crate) fn draft(&self) -> Draft<'_> {
        Draft::new(&self.scene.mapping, self.schema.as_ref())
    }

    /// Whether the CRM makes no record of a kind without a field.
    pub(crate) fn requires(&self, kind: ObjectKind, field: F) -> bool {
        let object = self.schema.as_ref().and_then(|schema| schema.objects.get(&kind));
        let name = self.scene.mapping.property(kind, field);
        object.is_some_and(|object| object.properties.iter().any(|p| p.required && Some(p.name.as_str()) == name))
    }

    /// Whether approving it converts the lead that it is.
    fn converts(&self) -> bool {
        converted::on_approval(self.claim(), self.schema.as_ref(), &self.policy).is_some()
    }

    /// The claim must still be in the CRM what it is here when the act gets there (I9).
    pub(crate) fn guard(&self) -> Values {
        [(F::Status, self.claim().status.name().to_owned())].into()
    }

    /// What the decision relied on (B1): the checks, and the facts of the CRM behind them.
    pub(crate) fn premises(&self) -> Answer<serde_json::Value> {
        let facts = json!({
            (policy::JUDGED): self.judged,
            "status": self.claim().status,
            "checks": self.checks.iter().map(|check| (&check.rule, check.outcome)).collect::<BTreeMap<_, _>>(),
        });
        Ok(premises::put(facts, &self.premises)?)
    }

    /// What an act on a protection relies on: that it is this partner's still, and its deal open.
    fn standing(&self, ws: &Workspace) -> Answer<serde_json::Value> {
        let claim = self.claim();
        let deal = self.deal.as_ref().map(|deal| deal.id.as_str());
        let facts = json!({
            "status": claim.status,
            "protection": [claim.protection_start, claim.protection_end],
            "extended": claim.dossier.extended(),
        });
        let premises = ws.read(|r| premises::of_protection(&words::Words::read(ws, r)?, claim.id.as_str(), deal))?;
        Ok(premises::put(facts, &premises)?)
    }

    /// The dossier with a change, as a value for the CRM.
    fn noting(&self, change: impl FnOnce(&mut Dossier)) -> Answer<(F, String)> {
        let mut dossier = self.claim().dossier.clone();
        change(&mut dossier);
        if self.scene.mapping.property(ObjectKind::Registration, F::Dossier).is_none() {
            return Err(ApiError::new(Code::NeedsAttention, "dossier.missing", "The CRM has no place for this yet")
                .kept("Nothing was changed")
                .next("Let Drumbeat create its fields in the CRM (Settings, or `drumbeat provision --apply`)"));
        }
        dossier.write().map(|text| (F::Dossier, text)).ok_or_else(|| {
            let what = if self.claim().dossier.unread { "does not read" } else { "is full" };
            ApiError::new(Code::NeedsAttention, "dossier.unread", format!("Drumbeat's record of it in the CRM {what}"))
                .kept("Nothing was changed")
                .next("Look at “Drumbeat record” of the registration in the CRM and put it right there")
        })
    }

    fn sender(&self) -> Option<String> {
        self.scene.names.of(self.scene.mapping.me.as_ref())
    }

    fn to_partner(&self) -> String {
        self.claim().submitted_by.clone().unwrap_or_else(|| self.facts.partner_name().to_owned())
    }

    fn subject(&self) -> String {
        format!("{}: {}", self.claim().name, self.claim().company)
    }

    /// The message to the partner: as the person wrote it, or drafted.
    fn tell(&self, ws: &Workspace, draft: &mut Draft<'_>, letter: Letter, words: Words<'_>, own: Option<String>) {
        let sender = self.sender();
        let words = Words { sender: sender.as_deref(), ..words };
        let text = own
            .unwrap_or_else(|| messages::letter(letter, self.claim(), self.facts.partner.as_ref(), &ws.policy, &words));
        draft.message(&self.to_partner(), &self.subject(), &text);
    }

    /// A decision about the claim alone.
    fn about(&self, act: &'static str, verb: &str, reason: Option<String>, facts: serde_json::Value) -> About<'static> {
        About { act, title: format!("{verb} {}", self.claim().company), record: self.record(), reason, facts }
    }
}

/// An act that changes the claim, and the deal beside it, and tells the partner.
struct Step<'a> {
    /// Its name in the audit trail.
    act: &'static str,
    /// What was done, before the company's name.
    verb: &'a str,
    /// Why.
    why: Option<String>,
    /// New values of the claim.
    values: Values,
    /// New values of its deal, where it has one.
    of_deal: Values,
    /// The message, with what it says.
    letter: Option<(Letter, Words<'a>, Option<String>)>,
}

impl Step<'_> {
    /// Saves it, relying on `facts`.
    fn save(self, ws: &Workspace, desk: &Desk, facts: serde_json::Value) -> Answer<Decided> {
        self.save_with_tasks(ws, desk, facts, &[])
    }

    /// Saves it with the CRM's tasks that are done by it.
    fn save_with_tasks(
        self,
        ws: &Workspace,
        desk: &Desk,
        facts: serde_json::Value,
        tasks: &[String],
    ) -> Answer<Decided> {
        let mut draft = ws.read(|r| {
            let mut draft = desk.draft();
            let claim = desk.claim().id.as_str();
            let first = draft.set(r, ObjectKind::Registration, claim, &self.values, &desk.guard(), &[])?;
            if let Some(deal) = desk.deal.as_ref().filter(|_| !self.of_deal.is_empty()) {
                let after: Vec<_> = first.into_iter().collect();
                draft.set(r, ObjectKind::Deal, deal.id.as_str(), &self.of_deal, &Values::new(), &after)?;
            }
            for task in tasks {
                let done = [(F::Status, "COMPLETED".to_owned())].into();
                draft.set(r, ObjectKind::Task, task, &done, &Values::new(), &[])?;
            }
            Ok(draft)
        })?;
        if let Some((letter, words, own)) = self.letter {
            desk.tell(ws, &mut draft, letter, words, own);
        }
        crate::decide::save(ws, desk.about(self.act, self.verb, self.why, facts), draft)
    }
}

fn decision(status: RegistrationStatus, ws: &Workspace, actor: &str) -> Values {
    [
        (F::Status, status.name().to_owned()),
        (F::DecidedAt, write_instant(ws.clock.now())),
        (F::DecidedBy, actor.to_owned()),
    ]
    .into()
}

/// Evidence within its limits: dated, not ahead, with words.
pub(crate) fn proofs(given: &[Proof], today: drumbeat_model::time::Day) -> Answer<Vec<Proof>> {
    let wrong = |what: String| ApiError::invalid("proof", what).kept("Nothing was changed");
    if given.len() > PROOFS {
        return Err(wrong(format!("There are more than {PROOFS} pieces of evidence")));
    }
    let mut all = Vec::new();
    for proof in given {
        let text = said(Some(&proof.text))
            .ok_or_else(|| wrong(format!("The {} says nothing", proof.kind.label().to_lowercase())))?;
        if proof.day > today {
            return Err(wrong(format!("{} is still to come, so it shows nothing", proof.day))
                .next("Give the day on which it happened"));
        }
        all.push(Proof { text, ..proof.clone() });
    }
    Ok(all)
}
