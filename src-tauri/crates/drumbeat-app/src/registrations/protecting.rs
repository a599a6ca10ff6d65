//! Protection after the approval: the first meeting, warnings, release, reassignment, expiry, lead holds (R-06, S-10).
//!
//! Nothing here happens by itself: the list of protections says what wants a look, a person acts. A release before its
//! day needs a warning that the partner has had time to answer, or a reason against the rule.

use std::sync::Arc;

use drumbeat_model::crm::ObjectKind;
use drumbeat_model::deal::Attribution;
use drumbeat_model::dossier::{DealPartner, Handover, Meeting, PartnerRole, Warned};
use drumbeat_model::field::Field as F;
use drumbeat_model::lifecycle::{
    Expire, LapseHold, Letter, LifeAct, LogMeeting, Reassign, ReleaseProtection, WarnUntouched,
};
use drumbeat_model::partner::Touch;
use drumbeat_model::registration::{Decided, RegistrationStatus};
use drumbeat_rules::lifecycle;
use drumbeat_rules::messages::Words;
use drumbeat_rules::shares;

use super::{Desk, Step, Values, approve, decision, desk_for, needed, said};
use crate::error::{Answer, ApiError};
use crate::workspace::Workspace;

/// Touches of a deal that are looked at for the task of the first meeting, newest first.
const LOOKED_AT: u32 = 200;

/// A protection that runs ends today, on the claim and on its deal; answers the deal's part.
pub(super) fn ended(desk: &Desk, values: &mut Values) -> Values {
    let (claim, today) = (desk.claim(), desk.scene.today);
    if !lifecycle::in_force(claim, today) {
        return Values::new();
    }
    values.insert(F::ProtectionEnd, today.to_string());
    [(F::ProtectionEnd, today.to_string())].into()
}

/// Closes a protection that has ended, or an open claim that will not be decided.
///
/// # Errors
/// When it is over already, or its time is not and there is no reason.
pub fn expire(ws: &Arc<Workspace>, request: Expire) -> Answer<Decided> {
    let desk = desk_for(ws, &request.registration, LifeAct::Expire)?;
    let own = desk.overriding(LifeAct::Expire, request.reason.as_deref())?;
    let why = own.or_else(|| said(request.reason.as_deref())).unwrap_or_else(|| "The protection has ended".to_owned());
    close(ws, &desk, ("expire", "Expired"), why, (Letter::Expired, request.message))
}

/// A claim goes to "expired" with its protection.
fn close(
    ws: &Workspace,
    desk: &Desk,
    (act, verb): (&'static str, &'static str),
    why: String,
    (letter, message): (Letter, Option<String>),
) -> Answer<Decided> {
    let mut values = decision(RegistrationStatus::Expired, ws, &ws.actor()?);
    values.insert(F::DecisionReason, why.clone());
    let of_deal = ended(desk, &mut values);
    let words = Words { protection_end: desk.claim().protection_end, ..Words::default() };
    let step = Step { act, verb, why: Some(why), values, of_deal, letter: Some((letter, words, message)) };
    let facts = desk.standing(ws)?;
    step.save(ws, desk, facts)
}

/// Tells the partner that nothing has happened; from then on the time to a release counts.
///
/// # Errors
/// When the protection is not untouched.
pub fn warn_untouched(ws: &Arc<Workspace>, request: WarnUntouched) -> Answer<Decided> {
    let desk = desk_for(ws, &request.registration, LifeAct::Warn)?;
    let (now, by) = (desk.scene.now, ws.actor()?);
    let idle = lifecycle::idle_days(desk.claim(), desk.deal.as_ref(), desk.scene.today).unwrap_or(0);
    let mut claim = desk.claim().clone();
    claim.dossier.warned = Some(Warned { at: now, by, idle_days: idle });
    let values = [desk.noting(|dossier| dossier.warned.clone_from(&claim.dossier.warned))?].into();
    let words = Words {
        idle_days: Some(idle),
        release_from: lifecycle::release_from(&claim, &ws.policy),
        protection_end: claim.protection_end,
        ..Words::default()
    };
    let step = Step {
        act: "warn",
        verb: "Warned the partner about",
        why: Some(format!("nothing has happened for {idle} {}", if idle == 1 { "day" } else { "days" })),
        values,
        of_deal: Values::new(),
        letter: Some((Letter::Untouched, words, request.message)),
    };
    let facts = desk.standing(ws)?;
    step.save(ws, &desk, facts)
}

/// Ends a protection before its day.
///
/// # Errors
/// When it is not in force, there is no reason, or the partner was not warned in time and nobody says why.
pub fn release_protection(ws: &Arc<Workspace>, request: ReleaseProtection) -> Answer<Decided> {
    let reason = needed(&request.reason, "release.reason", "It needs a reason", "Say why it is released")?;
    let desk = desk_for(ws, &request.registration, LifeAct::Release)?;
    let own = desk.overriding(LifeAct::Release, request.override_reason.as_deref())?;
    let why = with_override(&desk, LifeAct::Release, reason, own);
    close(ws, &desk, ("release protection", "Released"), why, (Letter::Released, request.message))
}

/// The reason, with the person's word against the rule that spoke against it.
fn with_override(desk: &Desk, act: LifeAct, reason: String, own: Option<String>) -> String {
    match (own, desk.against(act)) {
        (Some(own), Some(against)) => format!("{reason}. Against the rule ({against}): {own}"),
        _ => reason,
    }
}

/// Gives a protection and its deal to another partner: the window starts anew, who held it before stays on record.
///
/// # Errors
/// When it is not in force, the partner is none or the same, or the one before was not warned in time.
pub fn reassign(ws: &Arc<Workspace>, request: Reassign) -> Answer<Decided> {
    let reason = needed(&request.reason, "reassign.reason", "It needs a reason", "Say why it goes to another")?;
    let desk = desk_for(ws, &request.registration, LifeAct::Reassign)?;
    let own = desk.overriding(LifeAct::Reassign, request.override_reason.as_deref())?;
    let why = with_override(&desk, LifeAct::Reassign, reason, own);
    let to = ws.read(|r| r.company(&r.resolve(request.partner.as_str())?))?;
    let to = to
        .filter(|company| company.is_partner)
        .ok_or_else(|| ApiError::not_found("partner", request.partner.as_str()))?;
    if desk.facts.partner.as_ref().is_some_and(|partner| partner.id == to.id) {
        return Err(ApiError::invalid("reassign.same", format!("{} holds it already", to.name))
            .kept("Nothing was changed")
            .next("Choose another partner"));
    }
    let (now, today, by) = (desk.scene.now, desk.scene.today, ws.actor()?);
    // The window starts anew, with the new partner's own next step where the policy counts from that.
    let days = lifecycle::default_days(desk.claim().kind, &ws.policy);
    let step = desk.deal.as_ref().and_then(|deal| deal.next_step_due).filter(|due| *due >= today);
    let lifecycle::Window { start, end: until } = lifecycle::window(days, today, step, &ws.policy);
    let from = desk.claim().partner.clone();
    let mut values: Values = [
        (F::Partner, to.id.clone()),
        (F::ProtectionStart, start.to_string()),
        (F::ProtectionEnd, until.to_string()),
        (F::DecisionReason, why.clone()),
    ]
    .into();
    let handover =
        Handover { at: now, by: by.clone(), from: from.clone(), to: to.id.as_str().into(), reason: why.clone() };
    values.extend([desk.noting(|dossier| {
        dossier.handovers.push(handover);
        // What was told to the one before does not count against the new one.
        dossier.warned = None;
    })?]);
    let of_deal = match &desk.deal {
        Some(deal) => {
            let given = |one: DealPartner| match &from {
                Some(from) if one.partner == *from => DealPartner { partner: to.id.as_str().into(), ..one },
                _ => one,
            };
            let mut partners: Vec<DealPartner> = shares::standing(deal).into_iter().map(given).collect();
            if partners.is_empty() {
                partners.push(DealPartner {
                    partner: to.id.as_str().into(),
                    role: PartnerRole::Support,
                    attribution: Attribution::Influenced,
                    pct: 100,
                    part: None,
                });
            }
            if let Some(problem) =
                shares::problem(&partners, &ws.policy).or_else(|| shares::refusal(deal, Some(&why), &ws.policy))
            {
                return Err(ApiError::invalid(
                    "reassign.credit",
                    format!("The credit of the deal cannot go over: {problem}"),
                )
                .kept("Nothing was changed")
                .next("Put the deal's partners right first"));
            }
            let mut values: Values = [
                (F::Partner, to.id.clone()),
                (F::ProtectionStart, start.to_string()),
                (F::ProtectionEnd, until.to_string()),
            ]
            .into();
            values.extend(to.partner_type.map(|kind| (F::PartnerType, kind.name().to_owned())));
            values.extend(crate::attribution::credit(deal, partners, Some(&why), &by, now, &desk.scene.mapping)?);
            values
        }
        None => Values::new(),
    };
    let mut draft = ws.read(|r| {
        let mut draft = desk.draft();
        let first = draft.set(r, ObjectKind::Registration, desk.claim().id.as_str(), &values, &desk.guard(), &[])?;
        if let Some(deal) = &desk.deal {
            let after: Vec<_> = first.into_iter().collect();
            draft.set(r, ObjectKind::Deal, deal.id.as_str(), &of_deal, &Values::new(), &after)?;
        }
        Ok(draft)
    })?;
    let words = Words { protection_end: Some(today), ..Words::default() };
    desk.tell(ws, &mut draft, Letter::Released, words, request.message);
    let sender = desk.sender();
    let words = Words { protection_end: Some(until), sender: sender.as_deref(), ..Words::default() };
    // Addressed to the new partner: who sent the claim in was somebody of the other one.
    let mut claim = desk.claim().clone();
    (claim.submitted_by, claim.partner) = (None, Some(to.id.as_str().into()));
    let text = drumbeat_rules::messages::letter(Letter::Reassigned, &claim, Some(&to), &ws.policy, &words);
    draft.message(&to.name, &desk.subject(), &text);
    let mut about = desk.about("reassign", "Gave to another partner:", Some(why), desk.standing(ws)?);
    about.title = format!("Gave {} to {}", desk.claim().company, to.name);
    crate::decide::save(ws, about, draft)
}

/// Logs the partner's first meeting; a lead's hold is confirmed by it, and the task that asks for it is done (S-10).
///
/// # Errors
/// When there was one already, the day is ahead, or it came too late and nobody says why the hold goes on.
pub fn log_meeting(ws: &Arc<Workspace>, request: LogMeeting) -> Answer<Decided> {
    let text =
        needed(&request.text, "meeting.text", "Nothing is said of the meeting", "Say who met and what came of it")?;
    let desk = desk_for(ws, &request.registration, LifeAct::LogMeeting)?;
    let today = desk.scene.today;
    if request.day > today {
        return Err(ApiError::invalid("meeting.day", format!("{} is still to come", request.day))
            .kept("Nothing was changed")
            .next("Log it when it has taken place"));
    }
    if let Some(known) = &desk.claim().dossier.meeting {
        return Err(ApiError::invalid("meeting.known", format!("The first meeting was on {}", known.day))
            .kept("Nothing was changed")
            .next("Log later meetings on the deal"));
    }
    // A meeting in time that is logged late confirms the hold all the same.
    let by = lifecycle::meeting_by(desk.claim(), &ws.policy);
    let in_time = by.is_none_or(|by| request.day <= by);
    let own = if in_time { None } else { desk.overriding(LifeAct::LogMeeting, request.override_reason.as_deref())? };
    let confirms = matches!(
        lifecycle::hold(desk.claim(), &ws.policy, today),
        lifecycle::Hold::Waits(_) | lifecycle::Hold::Late(_)
    );
    let meeting = Meeting { day: request.day, text: text.clone(), by: ws.actor()?, logged_at: desk.scene.now };
    let mut values: Values = [desk.noting(|dossier| dossier.meeting = Some(meeting))?].into();
    // where protection counts from the next step, this is the step.
    let moved = lifecycle::window_from(desk.claim(), request.day, &ws.policy, today);
    let window: Values = moved
        .iter()
        .flat_map(|moved| [(F::ProtectionStart, moved.start.to_string()), (F::ProtectionEnd, moved.end.to_string())])
        .collect();
    values.extend(window.clone());
    let end = moved.map(|moved| moved.end).or(desk.claim().protection_end);
    let words = Words { protection_end: end, ..Words::default() };
    let why = own.map_or_else(|| text.clone(), |own| format!("{text}. Late: {own}"));
    let why = match moved {
        Some(moved) => format!("{why}. Protection counts from the next step, until {} (R-06)", moved.end),
        None => why,
    };
    let step = Step {
        act: "log meeting",
        verb: if confirms { "Hold confirmed by the first meeting:" } else { "Logged the first meeting:" },
        why: Some(why),
        values,
        of_deal: window,
        letter: confirms.then_some((Letter::HoldConfirmed, words, None)),
    };
    let facts = desk.standing(ws)?;
    step.save_with_tasks(ws, &desk, facts, &meeting_tasks(ws, &desk)?)
}

/// The tasks on the claim's deal that still ask for the first meeting.
fn meeting_tasks(ws: &Workspace, desk: &Desk) -> Answer<Vec<String>> {
    let Some(deal) = &desk.deal else { return Ok(Vec::new()) };
    let title = approve::meeting_task(desk.claim());
    let touches = ws.read(|r| r.touches(ObjectKind::Deal, deal.id.as_str(), LOOKED_AT))?;
    let asks = |touch: &Touch| touch.kind == ObjectKind::Task && !touch.done && touch.title == title;
    Ok(touches.into_iter().filter(asks).map(|touch| touch.id).collect())
}

/// Lets a lead's hold lapse: no first meeting took place in time (S-10).
///
/// # Errors
/// When it holds nothing by a meeting, or the time is not over and nobody says why.
pub fn lapse_hold(ws: &Arc<Workspace>, request: LapseHold) -> Answer<Decided> {
    let desk = desk_for(ws, &request.registration, LifeAct::LapseHold)?;
    let own = desk.overriding(LifeAct::LapseHold, request.reason.as_deref())?;
    let why =
        own.or_else(|| said(request.reason.as_deref())).unwrap_or_else(|| "No first meeting in time (S-10)".to_owned());
    close(ws, &desk, ("lapse hold", "Let lapse"), why, (Letter::HoldLapsed, request.message))
}
