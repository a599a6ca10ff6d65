//! More protection: asked for with evidence of progress, given by an explicit rule (R-06, REG-05, REG-06).
//!
//! Without evidence the answer is no. A person may still say yes with a reason, which goes on record beside what the
//! rule said.

use std::sync::Arc;

use drumbeat_model::dossier::{Answered, Dossier, Extension, Proof};
use drumbeat_model::field::Field as F;
use drumbeat_model::lifecycle::{Extend, Letter, LifeAct, RefuseExtension, RequestExtension};
use drumbeat_model::registration::Decided;
use drumbeat_model::time::Instant;
use drumbeat_model::verdict::CheckOutcome;
use drumbeat_rules::lifecycle::extension::{self, ExtensionFacts};
use drumbeat_rules::messages::Words;

use super::{Desk, Step, Values, desk_for, needed, proofs, said};
use crate::error::{Answer, ApiError, Code};
use crate::workspace::Workspace;

/// Longest extension at once; longer is a slip of the finger.
const MOST_DAYS: u32 = 365;

fn facts(desk: &Desk, proofs: Vec<Proof>) -> ExtensionFacts {
    ExtensionFacts::of(desk.claim(), desk.deal.as_ref(), proofs, desk.scene.today)
}

fn asked(at: Instant, by: Option<String>, proofs: Vec<Proof>) -> Extension {
    Extension {
        asked_at: at,
        by,
        proofs,
        answered: Answered::Waiting,
        answered_at: None,
        answered_by: None,
        reason: None,
        from: None,
        to: None,
        overridden: false,
    }
}

/// Takes down that the partner asks for more protection.
///
/// # Errors
/// When it is not protected, or a request waits already.
pub fn request_extension(ws: &Arc<Workspace>, request: RequestExtension) -> Answer<Decided> {
    let desk = desk_for(ws, &request.registration, LifeAct::RequestExtension)?;
    let proofs = proofs(&request.proofs, desk.scene.today)?;
    let asked = asked(desk.scene.now, said(request.by.as_deref()), proofs);
    let values = [desk.noting(|dossier| dossier.extensions.push(asked))?].into();
    let step = Step {
        act: "request extension",
        verb: "More protection asked for:",
        why: None,
        values,
        of_deal: Values::new(),
        letter: None,
    };
    let facts = desk.standing(ws)?;
    step.save(ws, &desk, facts)
}

/// The request that is answered: the one that waits, else one that is made now.
fn answer(dossier: &mut Dossier, at: Instant, proofs: &[Proof]) -> Option<usize> {
    if dossier.extension().is_none() {
        dossier.extensions.push(asked(at, None, Vec::new()));
    }
    let place = dossier.extensions.len().checked_sub(1)?;
    let extension = dossier.extensions.get_mut(place)?;
    let new = proofs.iter().filter(|proof| !extension.proofs.contains(proof)).cloned().collect::<Vec<_>>();
    extension.proofs.extend(new);
    extension.answered_at = Some(at);
    Some(place)
}

/// Extends a protection, on the claim and on its deal.
///
/// # Errors
/// When the rule speaks against it and nobody says why all the same, or the days are out of range.
pub fn extend(ws: &Arc<Workspace>, request: Extend) -> Answer<Decided> {
    let desk = desk_for(ws, &request.registration, LifeAct::Extend)?;
    let days = request.days.unwrap_or(ws.policy.protection.extension.days);
    if !(1..=MOST_DAYS).contains(&days) {
        return Err(ApiError::invalid("extend.days", format!("An extension is 1 to {MOST_DAYS} days"))
            .kept("Nothing was changed"));
    }
    let mut given = desk.claim().dossier.extension().map(|asked| asked.proofs.clone()).unwrap_or_default();
    given.extend(proofs(&request.proofs, desk.scene.today)?);
    let facts = facts(&desk, given.clone());
    let ruling = extension::ruling(&facts, &ws.policy);
    let mut against: Vec<String> = ruling
        .checks
        .iter()
        .filter(|check| check.outcome == CheckOutcome::Fail)
        .map(|check| check.fact.clone())
        .collect();
    if days > ws.policy.protection.extension.days {
        against.push(match ws.policy.protection.extension.days {
            1 => "the policy extends by 1 day".to_owned(),
            days => format!("the policy extends by {days} days"),
        });
    }
    let own = said(request.override_reason.as_deref());
    if !against.is_empty() && own.is_none() {
        return Err(ApiError::new(
            Code::NeedsAttention,
            "extend.against",
            format!("The rule speaks against it: {}", against.join("; ")),
        )
        .kept("Nothing was changed")
        .next("Add evidence of progress, or extend all the same with a reason, which goes on record"));
    }
    let (now, by) = (desk.scene.now, ws.actor()?);
    let (from, to) = (desk.claim().protection_end, extension::until(&facts, days));
    let overridden = !against.is_empty();
    let why = match own.filter(|_| overridden) {
        Some(own) => format!("Against the rule ({}): {own}", against.join("; ")),
        None => ruling.text.clone(),
    };
    let dossier = desk.noting(|dossier| {
        let place = answer(dossier, now, &given);
        if let Some(extension) = place.and_then(|place| dossier.extensions.get_mut(place)) {
            extension.answered = Answered::Granted;
            extension.answered_by = Some(by);
            extension.reason = Some(why.clone());
            (extension.from, extension.to, extension.overridden) = (from, Some(to), overridden);
        }
        // The warning was about the window before.
        dossier.warned = None;
    })?;
    let step = Step {
        act: "extend",
        verb: "Extended the protection of",
        why: Some(why),
        values: [dossier, (F::ProtectionEnd, to.to_string())].into(),
        of_deal: [(F::ProtectionEnd, to.to_string())].into(),
        letter: Some((Letter::Extended, Words { protection_end: Some(to), ..Words::default() }, request.message)),
    };
    let facts = desk.standing(ws)?;
    step.save(ws, &desk, facts)
}

/// Refuses a request for more protection.
///
/// # Errors
/// When none waits, or there is no reason.
pub fn refuse_extension(ws: &Arc<Workspace>, request: RefuseExtension) -> Answer<Decided> {
    let reason = needed(&request.reason, "extension.reason", "It needs a reason", "Say why in a sentence")?;
    let desk = desk_for(ws, &request.registration, LifeAct::RefuseExtension)?;
    let (now, by) = (desk.scene.now, ws.actor()?);
    let dossier = desk.noting(|dossier| {
        let place = answer(dossier, now, &[]);
        if let Some(extension) = place.and_then(|place| dossier.extensions.get_mut(place)) {
            extension.answered = Answered::Refused;
            extension.answered_by = Some(by);
            extension.reason = Some(reason.clone());
        }
    })?;
    let words = Words { protection_end: desk.claim().protection_end, ..Words::default() };
    let step = Step {
        act: "refuse extension",
        verb: "Refused more protection for",
        why: Some(reason),
        values: [dossier].into(),
        of_deal: Values::new(),
        letter: Some((Letter::ExtensionRefused, words, request.message)),
    };
    let facts = desk.standing(ws)?;
    step.save(ws, &desk, facts)
}
