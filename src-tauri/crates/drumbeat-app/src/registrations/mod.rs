//! Deciding registrations: approve as one act, decline, ask, claim.
//!
//! Every decision starts at the same desk: the claim with its facts and checks, and the guard that it is
//! still open in the CRM when the decision gets there. What was decided is one decision of the outbox and
//! can be taken back (`decide::undo`) until a part of it was sent.

mod approve;
mod later;

use std::collections::BTreeMap;
use std::sync::Arc;

use drumbeat_model::crm::{ObjectKind, Schema};
use drumbeat_model::field::Field as F;
use drumbeat_model::ids::RegistrationId;
use drumbeat_model::registration::{AskInfo, Claim, Decided, Decline, DeclineReason, Registration, RegistrationStatus};
use drumbeat_model::value::write_instant;
use drumbeat_model::verdict::{Act, Check};
use drumbeat_rules::Facts;
use drumbeat_rules::messages::{self, Words};
use drumbeat_store::{Reader, StoreError};
use serde_json::json;

pub use self::approve::approve;
pub use self::later::*;
use crate::decide::{self, About, Draft};
use crate::error::{Answer, ApiError, Code};
use crate::facts::Shared;
use crate::inbox::inbox_row;
use crate::policy;
use crate::premises::{self, Premise};
use crate::words;
use crate::workspace::{Scene, Workspace};

/// What a decision starts from.
struct Desk {
    facts: Facts,
    checks: Vec<Check>,
    scene: Scene,
    schema: Option<Schema>,
    /// What it can be judged by again.
    judged: serde_json::Value,
    premises: Vec<Premise>,
}

type Values = BTreeMap<F, String>;

fn desk(ws: &Workspace, r: &Reader<'_>, id: &RegistrationId) -> drumbeat_store::Result<Desk> {
    let scene = Scene::read(ws, r)?;
    let claim = r.registration(id)?.ok_or_else(|| StoreError::NotFound { what: "registration", id: id.0.clone() })?;
    if !claim.status.is_open() {
        return Err(StoreError::NotPossible(format!(
            "{} has been decided already ({})",
            claim.company,
            claim.status.label().to_lowercase()
        )));
    }
    let (_, facts, checks) = inbox_row(ws, &Shared::new(r), &scene, claim, None)?;
    let premises = premises::of_registration(ws, &words::Words::read(ws, r)?, id.as_str())?;
    let judged = policy::kept(r, &facts, scene.now)?;
    Ok(Desk { judged, facts, checks, scene, schema: r.schema()?, premises })
}

impl Desk {
    fn claim(&self) -> &Registration {
        &self.facts.registration
    }

    fn record(&self) -> (ObjectKind, String) {
        (ObjectKind::Registration, self.claim().id.0.clone())
    }

    fn draft(&self) -> Draft<'_> {
        Draft::new(&self.scene.mapping, self.schema.as_ref())
    }

    /// The claim must still be open in the CRM when the decision gets there (I9).
    fn guard(&self) -> Values {
        [(F::Status, self.claim().status.name().to_owned())].into()
    }

    /// What the decision relied on (B1): the checks, and the facts of the CRM behind them.
    fn premises(&self) -> Answer<serde_json::Value> {
        let facts = json!({
            (policy::JUDGED): self.judged,
            "status": self.claim().status,
            "checks": self.checks.iter().map(|check| (&check.rule, check.outcome)).collect::<BTreeMap<_, _>>(),
        });
        Ok(premises::put(facts, &self.premises)?)
    }

    fn words(&self) -> Option<String> {
        self.scene.names.of(self.scene.mapping.me.as_ref())
    }

    fn to_partner(&self) -> String {
        self.claim().submitted_by.clone().unwrap_or_else(|| self.facts.partner_name().to_owned())
    }

    fn subject(&self) -> String {
        format!("{}: {}", self.claim().name, self.claim().company)
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

/// Declines with a reason from the list.
///
/// # Errors
/// When it has been decided already, or `other` comes without words.
pub fn decline(ws: &Arc<Workspace>, request: Decline) -> Answer<Decided> {
    let text = request.text.as_deref().map(str::trim).filter(|text| !text.is_empty());
    if request.reason == DeclineReason::Other && text.is_none() {
        return Err(ApiError::invalid("decline.text", "\"Other\" needs a sentence that says why")
            .kept("Nothing was decided")
            .next("Say why, or choose a reason from the list"));
    }
    let desk = ws.read(|r| desk(ws, r, &request.registration))?;
    let label = request.reason.label();
    let why = text.map_or_else(|| label.to_owned(), |text| format!("{label}: {text}"));
    let mut values = decision(RegistrationStatus::Declined, ws, &ws.actor()?);
    values.insert(F::DeclineReason, request.reason.name().to_owned());
    values.insert(F::DecisionReason, why.clone());
    let words = Words { reason: Some(request.reason), reason_text: text, ..Words::default() };
    let title = format!("Declined {}", desk.claim().company);
    reply(ws, &desk, Reply { act: (Act::Decline, "decline"), title, values, words, message: request.message, why })
}

/// Asks the partner; the clock pauses until the answer.
///
/// # Errors
/// When it has been decided already, or there is no question.
pub fn ask_info(ws: &Arc<Workspace>, request: AskInfo) -> Answer<Decided> {
    let question = request.question.trim().to_owned();
    if question.is_empty() {
        return Err(ApiError::invalid("ask.question", "There is no question")
            .kept("Nothing was decided")
            .next("Say what is missing"));
    }
    let desk = ws.read(|r| desk(ws, r, &request.registration))?;
    let values: Values =
        [(F::Status, RegistrationStatus::InfoRequested.name().to_owned()), (F::InfoRequest, question.clone())].into();
    let words = Words { question: Some(&question), ..Words::default() };
    let title = format!("Asked about {}", desk.claim().company);
    let why = question.clone();
    reply(ws, &desk, Reply { act: (Act::Ask, "ask"), title, values, words, message: request.message, why })
}

/// A decision that changes the claim alone and tells the partner.
struct Reply<'a> {
    /// Which, and its name in the audit trail.
    act: (Act, &'static str),
    title: String,
    values: Values,
    /// What the drafted message says, but for its sender.
    words: Words<'a>,
    /// The message as the person wrote it, instead of the draft.
    message: Option<String>,
    why: String,
}

fn reply(ws: &Workspace, desk: &Desk, reply: Reply<'_>) -> Answer<Decided> {
    let mut draft = ws.read(|r| {
        let mut draft = desk.draft();
        let claim = desk.claim().id.as_str();
        draft.set(r, ObjectKind::Registration, claim, &reply.values, &desk.guard(), &[])?;
        Ok(draft)
    })?;
    let sender = desk.words();
    let words = Words { sender: sender.as_deref(), ..reply.words };
    let (act, name) = reply.act;
    let message = reply
        .message
        .unwrap_or_else(|| messages::draft(act, desk.claim(), desk.facts.partner.as_ref(), &ws.policy, &words));
    draft.message(&desk.to_partner(), &desk.subject(), &message);
    let about = About {
        act: name,
        title: reply.title,
        record: desk.record(),
        reason: Some(reply.why),
        facts: desk.premises()?,
    };
    decide::save(ws, about, draft)
}

/// Claims a registration for the person, or gives it back.
///
/// # Errors
/// When nobody is "me", or another manager has claimed it.
pub fn claim(ws: &Arc<Workspace>, request: Claim) -> Answer<Decided> {
    let desk = ws.read(|r| desk(ws, r, &request.registration))?;
    let me = desk.scene.mapping.me.clone().ok_or_else(|| {
        ApiError::new(Code::Invalid, "me.unknown", "Drumbeat does not know who you are in the CRM")
            .kept("Nothing was changed")
            .next("Choose yourself in Settings")
    })?;
    let holder = desk.claim().claimed_by.as_ref();
    if let Some(other) = holder.filter(|holder| **holder != me) {
        let name = desk.scene.names.of(Some(other)).unwrap_or_default();
        return Err(ApiError::new(
            Code::NeedsAttention,
            "claim.taken",
            format!("{name} has claimed {}", desk.claim().company),
        )
        .kept("Nothing was changed")
        .next("Talk to them, or choose another"));
    }
    let value = if request.release { String::new() } else { me.0.clone() };
    let was = holder.map(|holder| holder.0.clone()).unwrap_or_default();
    let (draft, premises) = ws.read(|r| {
        let mut draft = desk.draft();
        let id = desk.claim().id.as_str();
        draft.set(
            r,
            ObjectKind::Registration,
            id,
            &[(F::ClaimedBy, value)].into(),
            &[(F::ClaimedBy, was)].into(),
            &[],
        )?;
        Ok((draft, premises::of_promise(&words::Words::read(ws, r)?, None, Some(id), None)?))
    })?;
    let (act, verb) = if request.release { ("release", "Gave back") } else { ("claim", "Claimed") };
    let about = About {
        act,
        title: format!("{verb} {}", desk.claim().company),
        record: desk.record(),
        reason: None,
        facts: premises::put(json!({}), &premises)?,
    };
    decide::save(ws, about, draft)
}
