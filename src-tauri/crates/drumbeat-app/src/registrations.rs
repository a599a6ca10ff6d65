//! Deciding registrations: approve as one act, decline, ask, claim, take back.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::Days;
use drumbeat_model::crm::{Link, ObjectKind, Outcome, Schema};
use drumbeat_model::deal::Attribution;
use drumbeat_model::field::Field as F;
use drumbeat_model::ids::{DealId, OpId, OwnerId, RegistrationId};
use drumbeat_model::mapping::Mapping;
use drumbeat_model::registration::{
    Approve, AskInfo, Claim, Decided, Decline, DeclineReason, Registration, RegistrationStatus, Undo,
};
use drumbeat_model::value::write_instant;
use drumbeat_model::verdict::{Act, Check};
use drumbeat_rules::messages::{self, Words};
use drumbeat_rules::{Facts, recommend};
use drumbeat_store::{Entry, Reader, StoreError};
use serde_json::json;

use crate::api::Nothing;
use crate::decide::{self, About, Draft};
use crate::error::{Answer, ApiError, Code};
use crate::inbox::{inbox_row, seller};
use crate::workspace::{Scene, Workspace};

/// What a decision starts from.
struct Desk {
    facts: Facts,
    checks: Vec<Check>,
    scene: Scene,
    schema: Option<Schema>,
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
    let (_, facts, checks) = inbox_row(ws, r, &scene, claim, None)?;
    Ok(Desk { facts, checks, scene, schema: r.schema()? })
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

    /// What the decision relied on (B1).
    fn premises(&self) -> serde_json::Value {
        json!({
            "status": self.claim().status,
            "partner": self.claim().partner,
            "tier": self.facts.partner.as_ref().and_then(|partner| partner.tier),
            "account": self.facts.account.as_ref().map(|account| &account.id),
            "open_deals": self.facts.deals.iter().filter(|deal| deal.outcome == Outcome::Open).map(|deal| &deal.id).collect::<Vec<_>>(),
            "claims": self.facts.same_domain.iter().chain(&self.facts.same_name).map(|claim| (&claim.id, claim.status)).collect::<BTreeMap<_, _>>(),
            "checks": self.checks.iter().map(|check| (&check.rule, check.outcome)).collect::<BTreeMap<_, _>>(),
        })
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

/// Approves: the claim, the deal with its partner fields and protection, the seller, the first-meeting
/// task and the messages, as one decision.
///
/// # Errors
/// When it has been decided already, a reason is needed and missing, or a choice is not allowed.
pub fn approve(ws: &Arc<Workspace>, request: Approve) -> Answer<Decided> {
    let desk = ws.read(|r| desk(ws, r, &request.registration))?;
    let days = request.protection_days.unwrap_or(ws.policy.protection.default_days);
    if !ws.policy.protection.choices.contains(&days) && days != ws.policy.protection.default_days {
        return Err(ApiError::invalid(
            "protection.days",
            format!("{days} days of protection is not a choice of the policy (R-06)"),
        )
        .kept("Nothing was decided")
        .next(format!("Choose one of {:?}", ws.policy.protection.choices)));
    }
    let act = recommend::act(&desk.checks);
    let reason = request.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty());
    if act != Act::Approve && reason.is_none() {
        return Err(ApiError::invalid("approve.reason", "The checks speak against approval, so it needs a reason")
            .kept("Nothing was decided")
            .next("Say why in a sentence"));
    }
    let actor = ws.actor()?;
    let today = desk.scene.today;
    let until = today.checked_add_days(Days::new(days.into())).unwrap_or(today);
    let meeting = today.checked_add_days(Days::new(ws.policy.clocks.first_meeting_days.into())).unwrap_or(today);
    let seller_id = request.seller.clone().or_else(|| seller(&desk.facts));
    let claim = desk.claim();
    let why = reason.map_or_else(
        || recommend::recommend(&desk.facts, &desk.checks, &ws.policy, desk.scene.now).text,
        str::to_owned,
    );

    let mut values = decision(RegistrationStatus::Approved, ws, &actor);
    values.insert(F::DecisionReason, why.clone());
    values.insert(F::ProtectionStart, today.to_string());
    values.insert(F::ProtectionEnd, until.to_string());
    let draft = ws.read(|r| {
        let mut draft = desk.draft();
        let decided = draft.set(r, ObjectKind::Registration, claim.id.as_str(), &values, &desk.guard(), &[])?;
        let after: Vec<OpId> = decided.into_iter().collect();
        let (deal, deal_op) = match &request.link_deal {
            Some(deal) => link_deal(r, &desk, &mut draft, deal, &after, today, until)?,
            None => create_deal(&desk, &mut draft, seller_id.as_ref(), &after, today, until)?,
        };
        let after_deal: Vec<OpId> = deal_op.into_iter().collect();
        draft.set(
            r,
            ObjectKind::Registration,
            claim.id.as_str(),
            &[(F::Deal, deal.clone())].into(),
            &Values::new(),
            &after_deal,
        )?;
        let mut task: Values = [
            (F::Title, format!("Book the first meeting: {}", claim.company)),
            (
                F::Body,
                format!(
                    "{} was approved for {}. The partner books the first meeting by {meeting} (S-10).",
                    claim.name,
                    desk.facts.partner_name()
                ),
            ),
            (F::DueAt, write_instant(meeting.and_hms_opt(12, 0, 0).unwrap_or_default().and_utc())),
            (F::Status, "NOT_STARTED".to_owned()),
        ]
        .into();
        if let Some(seller) = &seller_id {
            task.insert(F::Owner, seller.0.clone());
        }
        draft.create(
            ObjectKind::Task,
            &task,
            vec![Link { to: ObjectKind::Deal, id: deal, primary: false }],
            &after_deal,
        );
        Ok(draft)
    })?;
    let mut draft = draft;
    let sender = desk.words();
    let words =
        Words { protection_end: Some(until), meeting_by: Some(meeting), sender: sender.as_deref(), ..Words::default() };
    let text = request
        .message
        .unwrap_or_else(|| messages::draft(Act::Approve, claim, desk.facts.partner.as_ref(), &ws.policy, &words));
    draft.message(&desk.to_partner(), &desk.subject(), &text);
    if let Some(seller) = seller_id.as_ref().and_then(|seller| desk.scene.names.owner(seller)) {
        let text = format!(
            "{} with {}: registration {} is approved. You own the deal; the first meeting is due by {meeting}.",
            claim.company,
            desk.facts.partner_name(),
            claim.name
        );
        draft.message(&seller.email, &desk.subject(), &text);
    }
    let about = About {
        act: "approve",
        title: format!("Approved {}", claim.company),
        record: desk.record(),
        reason: Some(why),
        facts: desk.premises(),
    };
    decide::save(ws, about, draft)
}

/// The fields that an approval puts on a deal.
fn partner_fields(desk: &Desk, today: drumbeat_model::time::Day, until: drumbeat_model::time::Day) -> Values {
    let claim = desk.claim();
    let mut values: Values = [
        (F::RegistrationId, claim.id.0.clone()),
        (F::ProtectionStart, today.to_string()),
        (F::ProtectionEnd, until.to_string()),
    ]
    .into();
    let mut put = |field, value: Option<String>| {
        if let Some(value) = value {
            values.insert(field, value);
        }
    };
    put(F::Partner, claim.partner.as_ref().map(|partner| partner.0.clone()));
    put(F::Motion, claim.motion.map(|motion| motion.name().to_owned()));
    put(
        F::PartnerType,
        desk.facts.partner.as_ref().and_then(|partner| partner.partner_type).map(|kind| kind.name().to_owned()),
    );
    values
}

fn create_deal(
    desk: &Desk,
    draft: &mut Draft<'_>,
    seller: Option<&OwnerId>,
    after: &[OpId],
    today: drumbeat_model::time::Day,
    until: drumbeat_model::time::Day,
) -> drumbeat_store::Result<(String, Option<OpId>)> {
    let claim = desk.claim();
    let mut values = partner_fields(desk, today, until);
    // F-04: sourced locks when the registration is approved.
    values.insert(F::Attribution, Attribution::Sourced.name().to_owned());
    values.insert(F::AttributionPct, "100".to_owned());
    values.insert(F::DealKind, "new".to_owned());
    values.insert(
        F::Name,
        claim
            .products
            .as_ref()
            .map_or_else(|| claim.company.clone(), |products| format!("{}: {products}", claim.company)),
    );
    if let Some(amount) = &claim.amount {
        values.insert(F::Amount, amount.amount.to_string());
        values.insert(F::Currency, amount.currency.code().to_owned());
    }
    if let Some(close) = claim.close_date {
        values.insert(F::CloseDate, close.to_string());
    }
    if let Some(seller) = seller {
        values.insert(F::Owner, seller.0.clone());
    }
    let (pipeline, stage) = first_stage(&desk.scene.mapping, claim)?;
    values.insert(F::Pipeline, pipeline);
    values.insert(F::Stage, stage);
    values.insert(F::StageEnteredAt, write_instant(desk.scene.now));
    let links = desk
        .facts
        .account
        .iter()
        .map(|account| Link { to: ObjectKind::Company, id: account.id.clone(), primary: true })
        .collect();
    let (local, op) = draft.create(ObjectKind::Deal, &values, links, after);
    Ok((local, Some(op)))
}

/// The first open stage of the motion's own pipeline, else of the first that counts.
fn first_stage(mapping: &Mapping, claim: &Registration) -> drumbeat_store::Result<(String, String)> {
    let counting: Vec<_> = mapping.pipelines.iter().filter(|pipeline| pipeline.counts).collect();
    let pipeline = counting
        .iter()
        .find(|pipeline| pipeline.motion.is_some() && pipeline.motion == claim.motion)
        .or(counting.first());
    pipeline
        .and_then(|pipeline| {
            Some((pipeline.id.clone(), pipeline.stages.iter().find(|stage| stage.outcome == Outcome::Open)?.id.clone()))
        })
        .ok_or_else(|| {
            StoreError::NotPossible("no pipeline of the CRM counts, so a deal has no stage to begin in".to_owned())
        })
}

fn link_deal(
    r: &Reader<'_>,
    desk: &Desk,
    draft: &mut Draft<'_>,
    deal: &DealId,
    after: &[OpId],
    today: drumbeat_model::time::Day,
    until: drumbeat_model::time::Day,
) -> drumbeat_store::Result<(String, Option<OpId>)> {
    let known = r.deal(deal)?.ok_or_else(|| StoreError::NotFound { what: "deal", id: deal.0.clone() })?;
    if known.outcome != Outcome::Open {
        return Err(StoreError::NotPossible(format!("{} is closed, so it cannot be linked", known.name)));
    }
    let mut values = partner_fields(desk, today, until);
    if known.attribution.is_none() {
        // The deal was there before the claim: the partner influences it (F-04).
        values.insert(F::Attribution, Attribution::Influenced.name().to_owned());
    }
    let id = known.id.0;
    let op = draft.set(r, ObjectKind::Deal, &id, &values, &Values::new(), after)?;
    Ok((id, op))
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
    let actor = ws.actor()?;
    let label = request.reason.label();
    let why = text.map_or_else(|| label.to_owned(), |text| format!("{label}: {text}"));
    let mut values = decision(RegistrationStatus::Declined, ws, &actor);
    values.insert(F::DeclineReason, request.reason.name().to_owned());
    values.insert(F::DecisionReason, why.clone());
    let mut draft = ws.read(|r| {
        let mut draft = desk.draft();
        draft.set(r, ObjectKind::Registration, desk.claim().id.as_str(), &values, &desk.guard(), &[])?;
        Ok(draft)
    })?;
    let sender = desk.words();
    let words =
        Words { reason: Some(request.reason), reason_text: text, sender: sender.as_deref(), ..Words::default() };
    let message = request.message.unwrap_or_else(|| {
        messages::draft(Act::Decline, desk.claim(), desk.facts.partner.as_ref(), &ws.policy, &words)
    });
    draft.message(&desk.to_partner(), &desk.subject(), &message);
    let about = About {
        act: "decline",
        title: format!("Declined {}", desk.claim().company),
        record: desk.record(),
        reason: Some(why),
        facts: desk.premises(),
    };
    decide::save(ws, about, draft)
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
    let mut draft = ws.read(|r| {
        let mut draft = desk.draft();
        draft.set(r, ObjectKind::Registration, desk.claim().id.as_str(), &values, &desk.guard(), &[])?;
        Ok(draft)
    })?;
    let sender = desk.words();
    let words = Words { question: Some(&question), sender: sender.as_deref(), ..Words::default() };
    let message = request
        .message
        .unwrap_or_else(|| messages::draft(Act::Ask, desk.claim(), desk.facts.partner.as_ref(), &ws.policy, &words));
    draft.message(&desk.to_partner(), &desk.subject(), &message);
    let about = About {
        act: "ask",
        title: format!("Asked about {}", desk.claim().company),
        record: desk.record(),
        reason: Some(question),
        facts: desk.premises(),
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
    let draft = ws.read(|r| {
        let mut draft = desk.draft();
        draft.set(
            r,
            ObjectKind::Registration,
            desk.claim().id.as_str(),
            &[(F::ClaimedBy, value)].into(),
            &[(F::ClaimedBy, was)].into(),
            &[],
        )?;
        Ok(draft)
    })?;
    let (act, verb) = if request.release { ("release", "Gave back") } else { ("claim", "Claimed") };
    let about = About {
        act,
        title: format!("{verb} {}", desk.claim().company),
        record: desk.record(),
        reason: None,
        facts: json!({}),
    };
    decide::save(ws, about, draft)
}

/// Takes back a decision of which nothing has been sent.
///
/// # Errors
/// When a part of it may have left.
pub fn undo(ws: &Arc<Workspace>, request: Undo) -> Answer<Nothing> {
    let actor = ws.actor()?;
    let title = ws
        .read(|r| r.decision(&request.decision))?
        .map(|decision| decision.title)
        .ok_or_else(|| ApiError::not_found("decision", request.decision.as_str()))?;
    let title = format!("Took back: {title}");
    let entry = Entry {
        at: ws.clock.now(),
        actor: &actor,
        act: "undo",
        title: &title,
        reason: None,
        facts: None,
        policy: Some(ws.policy.version),
    };
    ws.write(entry, |w| w.withdraw_decision(&request.decision))?;
    Ok(Nothing {})
}
