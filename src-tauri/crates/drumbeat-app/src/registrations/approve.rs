//! Approving: the claim, the deal with its partner fields and protection, the seller, the first-meeting task and
//! the messages, as one decision. The deal is made, or an open one of the account is linked.

use std::sync::Arc;

use chrono::Days;
use drumbeat_model::crm::{Link, ObjectKind, Outcome};
use drumbeat_model::deal::Attribution;
use drumbeat_model::field::Field as F;
use drumbeat_model::ids::{DealId, OpId, OwnerId};
use drumbeat_model::mapping::Mapping;
use drumbeat_model::registration::{Approve, Decided, Registration, RegistrationStatus};
use drumbeat_model::time::Day;
use drumbeat_model::value::write_instant;
use drumbeat_model::verdict::Act;
use drumbeat_rules::messages::{self, Words};
use drumbeat_rules::recommend;
use drumbeat_store::{Reader, StoreError};

use super::{Desk, Values, decision, desk};
use crate::decide::{self, About, Draft};
use crate::error::{Answer, ApiError};
use crate::inbox::seller;
use crate::workspace::Workspace;

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
    let meeting = ws.policy.after(today, ws.policy.clocks.first_meeting);
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
        facts: desk.premises()?,
    };
    decide::save(ws, about, draft)
}

/// The fields that an approval puts on a deal.
fn partner_fields(desk: &Desk, today: Day, until: Day) -> Values {
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
    today: Day,
    until: Day,
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
    today: Day,
    until: Day,
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
