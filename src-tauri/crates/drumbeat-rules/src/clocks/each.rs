//! Which facts start and end each clock. The registrations' own (S-02) is in `decision`; S-06 and S-07 belong to
//! channel conflicts and read theirs with [`Watch::after`].

use drumbeat_model::deal::Motion;
use drumbeat_model::partner::Certification;
use drumbeat_model::registration::{Registration, RegistrationKind, RegistrationStatus as S};
use drumbeat_model::time::{Day, Instant};
use drumbeat_model::verdict::Clock;

use super::{Rule, Run, Watch, midnight};
use crate::policy::Policy;
use crate::{calendar, lifecycle, text};

/// Whether a registration is a referral: the partner brings the customer and we make the deal (S-01).
#[must_use]
pub fn is_referral(claim: &Registration) -> bool {
    claim.motion == Some(Motion::Referral)
}

/// S-01, from a referral to its deal; `None` for what is no referral, was never submitted, or became no deal.
///
/// The approval makes or links the deal, so its time counts; `deal_made` is for a deal that the CRM knows and
/// whose approval nobody dated.
#[must_use]
pub fn referral(claim: &Registration, deal_made: Option<Instant>, watch: &Watch<'_>) -> Option<Clock> {
    let started = claim.submitted_at.filter(|_| is_referral(claim))?;
    let ended = match claim.status {
        S::Draft | S::Withdrawn | S::Declined | S::Expired => return None,
        S::Submitted | S::InfoRequested => None,
        S::Approved | S::Converted => {
            claim.deal.as_ref()?;
            Some(claim.decided_at.or(deal_made)?.max(started))
        }
    };
    let run = Run::of(started, ended).with(lifecycle::pauses(claim), claim.status == S::InfoRequested);
    Some(watch.after(Rule::Referral, &run))
}

/// Notes on a deal: when they were written, and when they were written anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Notes {
    /// Written.
    pub at: Instant,
    /// Written anew; absent for the present ones.
    pub next: Option<Instant>,
}

/// S-03, the age of notes on a deal. Notes are never baseline: their age counts from the go-live day at the earliest,
/// as it does for their freshness (F-02).
#[must_use]
pub fn notes(notes: Notes, watch: &Watch<'_>) -> Clock {
    let started = text::not_before(notes.at, watch.go_live);
    watch.after(Rule::Notes, &Run::of(started, notes.next.map(|next| next.max(started))))
}

/// S-04, from a meeting with a partner to what followed it on the same record.
#[must_use]
pub fn follow_up(meeting: Instant, followed: Option<Instant>, watch: &Watch<'_>) -> Option<Clock> {
    // A meeting that is still to come starts nothing.
    (meeting <= watch.now).then(|| watch.after(Rule::FollowUp, &Run::of(meeting, followed)))
}

/// S-05, from a talk about a deal to its dated next step.
#[must_use]
pub fn next_step(talk: Instant, dated: Option<Instant>, watch: &Watch<'_>) -> Option<Clock> {
    (talk <= watch.now).then(|| watch.after(Rule::NextStep, &Run::of(talk, dated.map(|at| at.max(talk)))))
}

/// S-09, before a protection ends; `heeded` is when somebody extended or ended it.
#[must_use]
pub fn protection(end: Day, heeded: Option<Instant>, watch: &Watch<'_>) -> Option<Clock> {
    watch.before(Rule::ProtectionEnds, end, heeded)
}

/// S-10, from the approval of a lead to the partner's first meeting; `met` is the day of one that the claim does not
/// tell of. `None` for what is no lead in force and was not met.
#[must_use]
pub fn first_meeting(claim: &Registration, met: Option<Day>, watch: &Watch<'_>) -> Option<Clock> {
    let is_lead = claim.kind == RegistrationKind::Lead && matches!(claim.status, S::Approved | S::Converted);
    let last = lifecycle::meeting_by(claim, watch.policy).filter(|_| is_lead)?;
    let started = claim.decided_at?;
    let met = claim.dossier.meeting.as_ref().map(|meeting| meeting.day).or(met);
    // A lead that became a deal registration waits for no meeting.
    if met.is_none() && claim.status == S::Converted {
        return None;
    }
    let noon = |day: Day| day.and_hms_opt(12, 0, 0).map(|at| at.and_utc().max(started));
    Some(watch.by_the_end_of(Rule::FirstMeeting, &Run::of(started, met.and_then(noon)), last))
}

/// S-08, before the last day on which the owner of a renewal can be confirmed in time; it begins as long ahead of that
/// day as the day is ahead of the renewal. It runs out when an unconfirmed renewal becomes a finding (C-02).
#[must_use]
pub fn renewal_owner(renewal: Day, confirmed: Option<Instant>, watch: &Watch<'_>) -> Option<Clock> {
    watch.before(Rule::RenewalOwner, last_to_confirm(renewal, watch.policy), confirmed)
}

fn last_to_confirm(renewal: Day, policy: &Policy) -> Day {
    let due = calendar::day_before(renewal, Rule::RenewalOwner.target(policy), &policy.calendar);
    due.pred_opt().unwrap_or(due)
}

/// When the clock of a renewal begins (S-08).
#[must_use]
pub fn renewal_opens(renewal: Day, policy: &Policy) -> Instant {
    let last = last_to_confirm(renewal, policy);
    midnight(calendar::day_before(last, Rule::RenewalOwner.target(policy), &policy.calendar))
}

/// The last day of renewals whose clock has begun on a day, or a little later (S-08).
#[must_use]
pub fn renewals_begun(today: Day, policy: &Policy) -> Day {
    let target = Rule::RenewalOwner.target(policy);
    let twice = policy.after(policy.after(today, target), target);
    twice.succ_opt().unwrap_or(twice)
}

/// S-11, before a certificate expires; `renewed` is when its successor was earned.
#[must_use]
pub fn certification(expires: Day, renewed: Option<Instant>, watch: &Watch<'_>) -> Option<Clock> {
    watch.before(Rule::CertificationExpires, expires, renewed)
}

/// When a certificate was renewed: another of the same holder and kind was earned that lasts longer. One whose day
/// nobody knows counts from the day of the old one.
#[must_use]
pub fn renewed(old: &Certification, all: &[Certification]) -> Option<Instant> {
    let noon = |day: Day| day.and_hms_opt(12, 0, 0).map(|at| at.and_utc());
    let follows = |new: &&Certification| {
        new.id != old.id
            && new.partner == old.partner
            && new.holder == old.holder
            && (new.kind.as_ref(), new.level.as_ref()) == (old.kind.as_ref(), old.level.as_ref())
            && (new.kind.is_some() || new.name == old.name)
            && new.expires.is_none_or(|end| old.expires.is_some_and(|ended| end > ended))
    };
    all.iter().filter(follows).filter_map(|new| noon(new.earned.or(old.expires)?)).min()
}
