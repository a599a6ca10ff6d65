//! What becomes of a registration after its first decision: protection that nobody touches, lead holds, release, and
//! which acts make sense in which state (R-02, R-06, S-10).
//!
//! The states are few and the acts many: [`acts`] is the one place that says which goes with which, and what speaks
//! against it. What an appeal or an extension comes to has its own small recommendation (`appeal`, `extension`).
//! Everything is a function of the claim, its deal, the policy and the day; nothing happens by itself.

pub mod appeal;
pub mod extension;
mod window;

use chrono::Days;

use drumbeat_model::crm::Outcome;
use drumbeat_model::deal::Deal;
use drumbeat_model::dossier::{Proof, ProofKind};
use drumbeat_model::lifecycle::{ActState, LifeAct, ProtectionGroup};
use drumbeat_model::registration::{Registration, RegistrationKind, RegistrationStatus as S};
use drumbeat_model::time::{Day, Instant};

use crate::clocks::Pause;
use crate::policy::{Evidence, Policy};
use crate::text;

pub use window::{Window, agreed_step, granted_on, window, window_from};

/// The times in which the partner owed an answer: the decision clock stands still in them.
#[must_use]
pub fn pauses(claim: &Registration) -> Vec<Pause> {
    let answered = claim.dossier.replies.iter();
    let answered = answered.filter_map(|reply| Some(Pause { from: reply.asked_at?, until: Some(reply.at) }));
    let asked = claim.dossier.asked_at.filter(|_| claim.status == S::InfoRequested);
    answered.chain(asked.map(|from| Pause { from, until: None })).collect()
}

/// Whether a list of the policy takes a kind of evidence.
#[must_use]
pub fn takes(list: &[Evidence], kind: ProofKind) -> bool {
    list.iter().any(|wanted| wanted.name() == kind.name())
}

/// The kinds of a list, for reading.
pub(crate) fn kinds(list: &[Evidence]) -> String {
    let labels: Vec<&str> = list.iter().map(|kind| kind.label()).collect();
    match labels.split_last() {
        None => "nothing".to_owned(),
        Some((last, [])) => (*last).to_owned(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
    }
}

/// The gravest evidence first makes no difference: the newest that counts.
pub(crate) fn newest<'p>(proofs: &'p [Proof], list: &[Evidence]) -> Option<&'p Proof> {
    proofs.iter().filter(|proof| takes(list, proof.kind)).max_by_key(|proof| (proof.day, &proof.text))
}

/// Days of protection by default: a lead's hold is a window of its own (LEAD-06).
#[must_use]
pub fn default_days(kind: RegistrationKind, policy: &Policy) -> u32 {
    match kind {
        RegistrationKind::Lead => policy.protection.lead.days,
        RegistrationKind::Deal => policy.protection.default_days,
    }
}

fn after(day: Day, days: u32) -> Day {
    day.checked_add_days(Days::new(days.into())).unwrap_or(Day::MAX)
}

/// Whether it holds its company today.
#[must_use]
pub fn in_force(claim: &Registration, today: Day) -> bool {
    claim.status.is_protected() && claim.protection_end.is_none_or(|end| end >= today)
}

/// The last day on which something happened with a protection.
#[must_use]
pub fn last_touch(claim: &Registration, deal: Option<&Deal>) -> Option<Day> {
    let dossier = &claim.dossier;
    let of_claim = [
        claim.protection_start,
        claim.decided_at.map(|at| at.date_naive()),
        dossier.meeting.as_ref().map(|meeting| meeting.day),
        dossier.handovers.last().map(|handover| handover.at.date_naive()),
    ];
    let progress = dossier.extensions.iter().flat_map(|extension| &extension.proofs).map(|proof| proof.day);
    let of_deal = deal.into_iter().flat_map(|deal| {
        [deal.last_activity_at, deal.stage_notes_at, deal.stage_entered_at]
            .into_iter()
            .flatten()
            .map(|at| at.date_naive())
    });
    of_claim.into_iter().flatten().chain(progress).chain(of_deal).max()
}

/// Days in which nothing has happened with a protection in force; nothing for one that is not, or whose deal is over.
#[must_use]
pub fn idle_days(claim: &Registration, deal: Option<&Deal>, today: Day) -> Option<u32> {
    if !in_force(claim, today) || deal.is_some_and(|deal| deal.outcome != Outcome::Open) {
        return None;
    }
    // What is dated ahead (a planned meeting) is no idle time.
    Some(u32::try_from((today - last_touch(claim, deal)?).num_days().max(0)).unwrap_or(u32::MAX))
}

/// How a lead's hold stands (S-10, LEAD-06).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hold {
    /// Nothing to hold by a meeting: no lead in force, or the policy asks for none.
    None,
    /// The first meeting took place in time.
    Confirmed,
    /// It is due by this day.
    Waits(Day),
    /// It was due by this day.
    Late(Day),
}

/// By when the first meeting is due.
#[must_use]
pub fn meeting_by(claim: &Registration, policy: &Policy) -> Option<Day> {
    let from = granted_on(claim, policy)?;
    Some(policy.after(from, policy.clocks.first_meeting))
}

/// How a lead's hold stands today.
#[must_use]
pub fn hold(claim: &Registration, policy: &Policy, today: Day) -> Hold {
    let asked = claim.kind == RegistrationKind::Lead
        && claim.status == S::Approved
        && in_force(claim, today)
        && policy.protection.lead.needs_first_meeting;
    let Some(by) = meeting_by(claim, policy).filter(|_| asked) else { return Hold::None };
    match &claim.dossier.meeting {
        Some(_) => Hold::Confirmed,
        None if today <= by => Hold::Waits(by),
        None => Hold::Late(by),
    }
}

/// From which day a protection may be released without more ado: the partner was warned, and has had its time.
#[must_use]
pub fn release_from(claim: &Registration, policy: &Policy) -> Option<Day> {
    let warned = claim.dossier.warned.as_ref()?;
    Some(after(warned.at.date_naive(), policy.lifecycle.after_warning_days))
}

/// What speaks against releasing a protection today: it is touched, or the partner was not warned in time.
#[must_use]
pub fn against_release(claim: &Registration, deal: Option<&Deal>, policy: &Policy, today: Day) -> Option<String> {
    let untouched = policy.protection.untouched_days;
    match idle_days(claim, deal, today) {
        Some(idle) if idle < untouched => {
            return Some(format!("something happened {} ago", text::count(idle.into(), "day")));
        }
        _ => {}
    }
    if policy.protection.untouched == crate::policy::Untouched::Ask {
        return None;
    }
    match release_from(claim, policy) {
        None => Some("the partner was not warned".to_owned()),
        Some(from) if from > today => Some(format!("the partner has been warned and has until {}", text::day(from))),
        Some(_) => None,
    }
}

/// The last day for an appeal, while the claim is declined.
#[must_use]
pub fn appeal_until(claim: &Registration, policy: &Policy) -> Option<Day> {
    let decided = claim.decided_at.filter(|_| claim.status == S::Declined)?;
    Some(after(decided.date_naive(), policy.appeals.days))
}

/// Why a protection wants a look, with when and what in a sentence; the gravest reason first.
#[must_use]
pub fn attention(
    claim: &Registration,
    deal: Option<&Deal>,
    policy: &Policy,
    today: Day,
) -> Option<(ProtectionGroup, Option<Day>, String)> {
    let dossier = &claim.dossier;
    if let Some(appeal) = dossier.appeal().filter(|_| claim.status == S::Declined) {
        let text = format!("appealed on {}: {}", text::day(appeal.opened_at.date_naive()), short(&appeal.text));
        return Some((ProtectionGroup::Appeals, None, text));
    }
    if !claim.status.is_protected() {
        return None;
    }
    if let Some(asked) = dossier.extension() {
        let text = match asked.proofs.last() {
            Some(proof) => {
                format!(
                    "more protection asked for, with a {} on {}",
                    proof.kind.label().to_lowercase(),
                    text::day(proof.day)
                )
            }
            None => "more protection asked for, without evidence".to_owned(),
        };
        return Some((ProtectionGroup::Extensions, claim.protection_end, text));
    }
    // What was won or lost is protected by its outcome.
    if deal.is_some_and(|deal| deal.outcome != Outcome::Open) {
        return None;
    }
    if let Some(end) = claim.protection_end.filter(|end| *end < today) {
        return (claim.status == S::Approved)
            .then(|| (ProtectionGroup::Ended, Some(end), format!("ended on {}", text::day(end))));
    }
    if let Hold::Late(by) = hold(claim, policy, today) {
        return Some((ProtectionGroup::Holds, Some(by), format!("the first meeting was due by {}", text::day(by))));
    }
    if let Some(idle) = idle_days(claim, deal, today).filter(|idle| *idle >= policy.protection.untouched_days) {
        let text = format!("nothing has happened for {}", text::count(idle.into(), "day"));
        let text = match release_from(claim, policy) {
            None => format!("{text}; the partner was not warned"),
            Some(from) if from > today => format!("{text}; warned, may be released from {}", text::day(from)),
            Some(_) => format!("{text}; warned, may be released"),
        };
        return Some((ProtectionGroup::Untouched, release_from(claim, policy), text));
    }
    let soon = policy.after(today, policy.clocks.protection_ends);
    let end = claim.protection_end.filter(|end| *end <= soon)?;
    Some((ProtectionGroup::EndingSoon, Some(end), format!("ends on {}", text::day(end))))
}

/// The acts that make sense now, with what speaks against each.
#[must_use]
pub fn acts(claim: &Registration, deal: Option<&Deal>, policy: &Policy, now: Instant) -> Vec<ActState> {
    let (today, dossier) = (now.date_naive(), &claim.dossier);
    let mut all = Vec::new();
    let mut add = |act, against: Option<String>| all.push(ActState { act, against });
    if claim.status.is_open() {
        add(LifeAct::Approve, None);
        add(LifeAct::Decline, None);
        add(LifeAct::Ask, None);
        if claim.status == S::InfoRequested {
            add(LifeAct::Answer, None);
        }
        add(LifeAct::LogMeeting, None);
    }
    if claim.kind == RegistrationKind::Lead && (claim.status.is_open() || claim.status == S::Approved) {
        add(LifeAct::Convert, None);
    }
    if claim.status == S::Declined {
        if dossier.appeal().is_some() {
            add(LifeAct::DecideAppeal, None);
        } else {
            let late = appeal_until(claim, policy).filter(|until| *until < today);
            add(LifeAct::OpenAppeal, late.map(|until| format!("the window ended on {}", text::day(until))));
        }
    }
    if claim.status.is_protected() {
        let waits = dossier.extension().is_some();
        let proofs = dossier.extension().map(|asked| asked.proofs.clone()).unwrap_or_default();
        let facts = extension::ExtensionFacts::of(claim, deal, proofs, today);
        add(LifeAct::Extend, extension::ruling(&facts, policy).checks.into_iter().find_map(extension::against));
        add(if waits { LifeAct::RefuseExtension } else { LifeAct::RequestExtension }, None);
        if dossier.meeting.is_none() {
            let late = match hold(claim, policy, today) {
                Hold::Late(by) => Some(format!("it was due by {}", text::day(by))),
                Hold::None | Hold::Confirmed | Hold::Waits(_) => None,
            };
            add(LifeAct::LogMeeting, late);
        }
        match hold(claim, policy, today) {
            Hold::Late(_) => add(LifeAct::LapseHold, None),
            Hold::Waits(by) => {
                add(LifeAct::LapseHold, Some(format!("the first meeting is due by {}", text::day(by))));
            }
            Hold::None | Hold::Confirmed => {}
        }
        if idle_days(claim, deal, today).is_some_and(|idle| idle >= policy.protection.untouched_days) {
            add(LifeAct::Warn, None);
        }
        if in_force(claim, today) {
            let against = against_release(claim, deal, policy, today);
            add(LifeAct::Release, against.clone());
            add(LifeAct::Reassign, against);
        }
    }
    if claim.status.is_open() || claim.status.is_protected() {
        add(LifeAct::Withdraw, None);
        let running = in_force(claim, today) || claim.status.is_open();
        add(LifeAct::Expire, running.then(|| "its time is not over".to_owned()));
    }
    all
}

fn short(text: &str) -> String {
    let line = text.lines().next().unwrap_or("");
    if line.chars().count() > 80 { line.chars().take(79).chain(['…']).collect() } else { line.to_owned() }
}

#[cfg(test)]
mod tests;
