//! Approving: the claim, the deal with its partner fields and protection, the seller, the first-meeting task and
//! the messages, as one decision. The deal is made, or an open one of the account is linked.
//!
//! The parts are put into a draft by [`put`], so that an appeal that is granted, an award and a split approve in the
//! same way and inside their own decision. A deal that is made here is credited at once, and the credit is locked (F-04).

use std::sync::Arc;

use drumbeat_model::crm::{Link, ObjectKind, Outcome};
use drumbeat_model::deal::Attribution;
use drumbeat_model::dossier::{DealDossier, DealPartner, Lock, PartnerRole};
use drumbeat_model::field::Field as F;
use drumbeat_model::ids::{DealId, OpId, OwnerId};
use drumbeat_model::lifecycle::Letter;
use drumbeat_model::mapping::Mapping;
use drumbeat_model::registration::{Approve, Decided, Registration, RegistrationStatus};
use drumbeat_model::time::Day;
use drumbeat_model::value::write_instant;
use drumbeat_model::verdict::Act;
use drumbeat_rules::lifecycle::Window;
use drumbeat_rules::messages::Words;
use drumbeat_rules::{lifecycle, recommend, shares};
use drumbeat_store::{Reader, Result, StoreError};

use super::{Desk, Values, decision, desk, said};
use crate::channel;
use crate::decide::{self, About, Draft};
use crate::error::{Answer, ApiError};
use crate::inbox::seller;
use crate::workspace::Workspace;

/// On which terms a claim is approved.
pub(crate) struct Terms {
    /// Days of protection.
    pub days: u32,
    /// The seller.
    pub seller: Option<OwnerId>,
    /// Link this open deal instead of making one.
    pub link_deal: Option<DealId>,
    /// Why.
    pub why: String,
    /// All partners of the deal with their shares; the claim's own has all of it when empty.
    pub partners: Vec<DealPartner>,
    /// What else is written on the claim.
    pub beside: Values,
    /// Who approves.
    pub actor: String,
}

/// What an approval comes to.
pub(crate) struct Approved {
    /// The deal, by its local id while it is not in the CRM.
    pub deal: String,
    /// The op that makes or links it.
    pub deal_op: Option<OpId>,
    /// From when to when it is protected.
    pub window: Window,
    /// The first meeting is due on (S-10).
    pub meeting: Day,
    /// The seller.
    pub seller: Option<OwnerId>,
}

/// Days of protection as asked, if the policy has them to choose.
pub(crate) fn protection_days(desk: &Desk, asked: Option<u32>) -> Answer<u32> {
    let rule = &desk.policy.protection;
    let default = lifecycle::default_days(desk.claim().kind, &desk.policy);
    let days = asked.unwrap_or(default);
    if rule.choices.contains(&days) || days == default {
        return Ok(days);
    }
    Err(ApiError::invalid("protection.days", format!("{days} days of protection is not a choice of the policy (R-06)"))
        .kept("Nothing was decided")
        .next(format!("Choose one of {:?}", rule.choices)))
}

/// The terms of an approval as asked for.
///
/// # Errors
/// When a reason is needed and missing, or the protection is none of the policy's choices.
pub(crate) fn terms(ws: &Workspace, desk: &Desk, request: &Approve) -> Answer<Terms> {
    let days = protection_days(desk, request.protection_days)?;
    let act = recommend::act(&desk.checks);
    let reason = said(request.reason.as_deref());
    if act != Act::Approve && reason.is_none() {
        return Err(ApiError::invalid("approve.reason", "The checks speak against approval, so it needs a reason")
            .kept("Nothing was decided")
            .next("Say why in a sentence"));
    }
    let why =
        reason.unwrap_or_else(|| recommend::recommend(&desk.facts, &desk.checks, &ws.policy, desk.scene.now).text);
    Ok(Terms {
        days,
        seller: request.seller.clone(),
        link_deal: request.link_deal.clone(),
        why,
        partners: Vec::new(),
        beside: Values::new(),
        actor: ws.actor()?,
    })
}

/// Approves: the claim, the deal with its partner fields and protection, the seller, the first-meeting
/// task and the messages, as one decision.
///
/// # Errors
/// When it has been decided already, a channel conflict stands against it, a reason is needed and missing, or a choice
/// is not allowed.
pub fn approve(ws: &Arc<Workspace>, request: Approve) -> Answer<Decided> {
    let desk = ws.read(|r| desk(ws, r, &request.registration))?;
    // C-08: under an open channel conflict that is decided in the same act: for this partner.
    if let Some(settling) = channel::settled_by_approval(ws, &request)? {
        return channel::approve_awarding(ws, settling);
    }
    let terms = terms(ws, &desk, &request)?;
    let why = terms.why.clone();
    let (mut draft, approved) = ws.read(|r| {
        let mut draft = desk.draft();
        let approved = put(ws, r, &desk, &mut draft, &terms)?;
        Ok((draft, approved))
    })?;
    tell(ws, &desk, &mut draft, &approved, Letter::Approve, request.message);
    let about = About {
        act: "approve",
        title: format!("Approved {}", desk.claim().company),
        record: desk.record(),
        reason: Some(why),
        facts: desk.premises()?,
    };
    decide::save(ws, about, draft)
}

/// The title of the task that asks for the first meeting (S-10).
pub(super) fn meeting_task(claim: &Registration) -> String {
    format!("Book the first meeting: {}", claim.company)
}

/// Puts the parts of an approval into a draft: the claim, its deal, the first-meeting task.
pub(crate) fn put(
    ws: &Workspace,
    r: &Reader<'_>,
    desk: &Desk,
    draft: &mut Draft<'_>,
    terms: &Terms,
) -> Result<Approved> {
    let (claim, today) = (desk.claim(), desk.scene.today);
    let linked = match &terms.link_deal {
        Some(deal) => r.deal(deal)?,
        None => None,
    };
    let agreed = lifecycle::agreed_step(claim, linked.as_ref(), today);
    let window = lifecycle::window(terms.days, today, agreed, &ws.policy);
    let meeting = ws.policy.after(today, ws.policy.clocks.first_meeting);
    let seller = terms.seller.clone().or_else(|| seller(&desk.facts));
    let decided = set_approved(ws, r, desk, draft, terms, window)?;
    let after: Vec<OpId> = decided.into_iter().collect();
    let (deal, deal_op) = match &terms.link_deal {
        Some(deal) => link_deal(r, desk, draft, deal, &after, terms, window)?,
        None => create_deal(desk, draft, seller.as_ref(), &after, terms, window)?,
    };
    let after_deal: Vec<OpId> = deal_op.iter().cloned().collect();
    join(r, desk, draft, &deal, &after_deal)?;
    if desk.converts() {
        draft.convert(claim.id.as_str(), &deal, &after_deal);
    }
    let mut task: Values = [
        (F::Title, meeting_task(claim)),
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
    if let Some(seller) = &seller {
        task.insert(F::Owner, seller.0.clone());
    }
    let link = Link { to: ObjectKind::Deal, id: deal.clone(), primary: false };
    draft.create(ObjectKind::Task, &task, vec![link], &after_deal);
    Ok(Approved { deal, deal_op, window, meeting, seller })
}

/// The claim itself becomes approved.
pub(crate) fn set_approved(
    ws: &Workspace,
    r: &Reader<'_>,
    desk: &Desk,
    draft: &mut Draft<'_>,
    terms: &Terms,
    window: Window,
) -> Result<Option<OpId>> {
    let mut values = decision(RegistrationStatus::Approved, ws, &terms.actor);
    values.insert(F::DecisionReason, terms.why.clone());
    values.insert(F::ProtectionStart, window.start.to_string());
    values.insert(F::ProtectionEnd, window.end.to_string());
    if desk.claim().decline_reason.is_some() {
        values.insert(F::DeclineReason, String::new());
    }
    values.extend(terms.beside.clone());
    draft.set(r, ObjectKind::Registration, desk.claim().id.as_str(), &values, &desk.guard(), &[])
}

/// The claim names its deal.
pub(crate) fn join(r: &Reader<'_>, desk: &Desk, draft: &mut Draft<'_>, deal: &str, after: &[OpId]) -> Result<()> {
    let values = [(F::Deal, deal.to_owned())].into();
    draft.set(r, ObjectKind::Registration, desk.claim().id.as_str(), &values, &Values::new(), after)?;
    Ok(())
}

/// The messages to the partner and the seller.
pub(crate) fn tell(
    ws: &Workspace,
    desk: &Desk,
    draft: &mut Draft<'_>,
    approved: &Approved,
    letter: Letter,
    message: Option<String>,
) {
    let words =
        Words { protection_end: Some(approved.window.end), meeting_by: Some(approved.meeting), ..Words::default() };
    desk.tell(ws, draft, letter, words, message);
    if let Some(seller) = approved.seller.as_ref().and_then(|seller| desk.scene.names.owner(seller)) {
        let text = format!(
            "{} with {}: registration {} is approved. You own the deal; the first meeting is due by {}.",
            desk.claim().company,
            desk.facts.partner_name(),
            desk.claim().name,
            approved.meeting
        );
        draft.message(&seller.email, &desk.subject(), &text);
    }
}

/// The fields that an approval puts on a deal.
fn partner_fields(desk: &Desk, window: Window) -> Values {
    let claim = desk.claim();
    let mut values: Values = [
        (F::RegistrationId, claim.id.0.clone()),
        (F::ProtectionStart, window.start.to_string()),
        (F::ProtectionEnd, window.end.to_string()),
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

/// Who is credited for a deal that comes of this claim: all of it sourced, unless the terms say otherwise.
fn credited(desk: &Desk, terms: &Terms) -> Vec<DealPartner> {
    if !terms.partners.is_empty() {
        return terms.partners.clone();
    }
    let whole = |partner| DealPartner {
        partner,
        role: PartnerRole::Source,
        attribution: Attribution::Sourced,
        pct: 100,
        part: None,
    };
    desk.claim().partner.clone().into_iter().map(whole).collect()
}

/// The credit as fields: the partner of record's own, and all of it in the dossier.
fn credit(desk: &Desk, partners: Vec<DealPartner>, mut dossier: DealDossier, actor: &str) -> Values {
    let mut values = Values::new();
    if let Some(first) = partners.first() {
        values.insert(F::Attribution, first.attribution.name().to_owned());
        values.insert(F::AttributionPct, first.pct.to_string());
    }
    // F-04: sourced locks when the registration is approved.
    if dossier.locked.is_none() && partners.iter().any(|one| one.attribution == Attribution::Sourced) {
        dossier.locked = Some(Lock { at: desk.scene.now, by: actor.to_owned() });
    }
    dossier.partners = partners;
    values.extend(dossier.write().map(|text| (F::Dossier, text)));
    values
}

fn create_deal(
    desk: &Desk,
    draft: &mut Draft<'_>,
    seller: Option<&OwnerId>,
    after: &[OpId],
    terms: &Terms,
    window: Window,
) -> Result<(String, Option<OpId>)> {
    let claim = desk.claim();
    let mut values = partner_fields(desk, window);
    values.extend(credit(desk, credited(desk, terms), DealDossier::default(), &terms.actor));
    // Nobody is known to be credited: the deal was brought by a partner all the same.
    values.entry(F::Attribution).or_insert_with(|| Attribution::Sourced.name().to_owned());
    values.entry(F::AttributionPct).or_insert_with(|| "100".to_owned());
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
    // Where no deal is without one, it is to be won while it is protected.
    let close = claim.close_date.or_else(|| desk.requires(ObjectKind::Deal, F::CloseDate).then_some(window.end));
    if let Some(close) = close {
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
fn first_stage(mapping: &Mapping, claim: &Registration) -> Result<(String, String)> {
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
    terms: &Terms,
    window: Window,
) -> Result<(String, Option<OpId>)> {
    let known = r.deal(deal)?.ok_or_else(|| StoreError::NotFound { what: "deal", id: deal.0.clone() })?;
    if known.outcome != Outcome::Open {
        return Err(StoreError::NotPossible(format!("{} is closed, so it cannot be linked", known.name)));
    }
    let mut values = partner_fields(desk, window);
    if !terms.partners.is_empty() {
        if let Some(why) = shares::refusal(&known, Some(&terms.why), &desk.policy) {
            return Err(StoreError::NotPossible(why));
        }
        let dossier = shares::amended(&known, terms.partners.clone(), Some(&terms.why), &terms.actor, desk.scene.now);
        values.extend(credit(desk, terms.partners.clone(), dossier, &terms.actor));
    } else if known.attribution.is_none() {
        // The deal was there before the claim: the partner influences it (F-04).
        values.insert(F::Attribution, Attribution::Influenced.name().to_owned());
    }
    let id = known.id.0;
    let op = draft.set(r, ObjectKind::Deal, &id, &values, &Values::new(), after)?;
    Ok((id, op))
}
