//! Clocks that have not ended: for each, the records whose facts may have begun one in time to be seen.

use chrono::TimeDelta;
use drumbeat_model::crm::ObjectKind;
use drumbeat_model::field::Field;
use drumbeat_model::ids::{DealId, PartnerId};
use drumbeat_model::partner::Touch;
use drumbeat_model::registration::{Registration, RegistrationKind, RegistrationStatus};
use drumbeat_model::time::{Day, Instant};
use drumbeat_model::today::TodayTarget;
use drumbeat_model::value;
use drumbeat_model::verdict::Clock;
use drumbeat_rules::calendar;
use drumbeat_rules::clocks::{self, Notes, Rule};
use drumbeat_store::Result;
use drumbeat_store::clocks::{OwnedDeal, Stretch};

use super::{Gather, IN_SIGHT, Line};

/// What a touch is about: the deal of a partner, or a partner.
pub(super) struct Subject {
    pub kind: ObjectKind,
    pub id: String,
    pub name: String,
    pub partner: Option<PartnerId>,
    pub deal: Option<OwnedDeal>,
}

/// Talks that are looked at, latest first: most of them have been followed up.
const TALKS: u32 = 2_000;
/// Renewals that are looked at, soonest first: most of them are confirmed.
const RENEWALS: u32 = 2_000;
/// Since the beginning.
const EVER: Instant = Instant::UNIX_EPOCH;

impl Gather<'_> {
    /// The clocks of a rule that may not have ended, in no order; one more than the limit says that there are more.
    pub(crate) fn open(&self, rule: Rule) -> Result<Vec<Line>> {
        let now = self.scene.now;
        let ever = Stretch { after: EVER, until: now };
        let seen = Stretch { after: now - IN_SIGHT, until: now };
        match rule {
            Rule::Referral | Rule::Decision => self.claims(rule, ever, None),
            Rule::Notes => self.notes(ever),
            Rule::FollowUp | Rule::NextStep => self.talks(rule, seen),
            Rule::ProtectionEnds => self.protections(self.days_in_sight(rule)),
            Rule::FirstMeeting => self.first_meetings(seen),
            Rule::CertificationExpires => self.certificates(self.days_in_sight(rule)),
            Rule::ConflictAcknowledged | Rule::ResolutionPlan => self.conflicts(rule, ever),
            Rule::RenewalOwner => {
                // From those that renew today to those whose clock has just begun.
                let last = clocks::renewals_begun(self.scene.today, &self.ws.policy);
                let (lines, looked) = self.renewals((self.scene.today, last), RENEWALS)?;
                self.cut.set(self.cut.get() || looked == RENEWALS as usize);
                Ok(lines)
            }
        }
    }

    /// The clocks of a rule that run out in a stretch of time around now, and those that ask for something before a
    /// day and have begun.
    pub(crate) fn around(&self, rule: Rule, due: Stretch) -> Result<Vec<Line>> {
        let now = self.scene.now;
        let target = rule.target(&self.ws.policy);
        let office = &self.ws.policy.calendar;
        // What is due at an instant has begun so long before it; a day as a whole has no hours.
        let day = TimeDelta::days(i64::from(rule.row().by_day));
        let begun = |due: Instant| calendar::latest_start(due, target, office);
        let soon = Stretch { after: begun(due.after) - day, until: begun(due.until).min(now) };
        let today = self.scene.today;
        match rule {
            Rule::Referral | Rule::Decision => {
                // A clock that stood still is due later than its start says.
                let mut all = self.claims(rule, soon, None)?;
                let paused = Stretch { after: EVER, until: soon.after };
                all.extend(self.claims(rule, paused, Some(self.limit))?);
                Ok(all)
            }
            Rule::Notes => {
                // Older notes count from the go-live day, all of them at once.
                let live = self.scene.mapping.go_live.map(super::before_midnight);
                let soon = match live {
                    Some(live) if live > soon.until => return Ok(Vec::new()),
                    Some(live) if live > soon.after => Stretch { after: EVER, ..soon },
                    _ => soon,
                };
                self.notes(soon)
            }
            Rule::FollowUp | Rule::NextStep => self.talks(rule, soon),
            Rule::FirstMeeting => self.first_meetings(soon),
            Rule::ProtectionEnds => self.protections((today, self.ws.policy.after(today, target))),
            Rule::CertificationExpires => self.certificates((today, self.ws.policy.after(today, target))),
            Rule::ConflictAcknowledged | Rule::ResolutionPlan => self.conflicts(rule, soon),
            Rule::RenewalOwner => {
                let renews = |due: Instant| self.ws.policy.after(due.date_naive(), target);
                // A day more on both sides: the clock itself says when it is due.
                let days = (renews(due.after - TimeDelta::days(1)), renews(due.until + TimeDelta::days(2)));
                self.renewals_soon(days, due.until)
            }
        }
    }

    fn days_in_sight(&self, rule: Rule) -> (Day, Day) {
        let today = self.scene.today;
        let back = (self.scene.now - IN_SIGHT).date_naive();
        (back, self.ws.policy.after(today, rule.target(&self.ws.policy)))
    }

    fn claims(&self, rule: Rule, when: Stretch, limit: Option<u32>) -> Result<Vec<Line>> {
        let mut lines = Vec::new();
        for row in self.r.submitted_in(when, self.partner, limit.unwrap_or(self.limit + 1))? {
            if rule == Rule::Referral && row.motion != Some(drumbeat_model::deal::Motion::Referral) {
                continue;
            }
            let Some(claim) = self.r.registration(&row.id)? else { continue };
            lines.extend(self.claim(rule, claim)?);
        }
        if rule == Rule::Referral && limit.is_none() {
            // Approved in the CRM by somebody who made no deal.
            let seen = Stretch { after: self.scene.now - IN_SIGHT, until: self.scene.now };
            for row in self.r.decided_in(seen, None, self.partner, self.limit)? {
                let is_bare = row.status == RegistrationStatus::Approved
                    && row.motion == Some(drumbeat_model::deal::Motion::Referral);
                let Some(claim) = self.r.registration(&row.id)?.filter(|_| is_bare) else { continue };
                if claim.deal.is_none() {
                    lines.extend(self.claim(rule, claim)?);
                }
            }
        }
        Ok(lines)
    }

    /// The clock of a rule on a claim.
    pub(super) fn claim(&self, rule: Rule, claim: Registration) -> Result<Option<Line>> {
        let watch = self.watch();
        let (clock, title) = match rule {
            Rule::Referral => {
                let made = match &claim.deal {
                    Some(deal) if claim.decided_at.is_none() => self.r.deal(deal)?.and_then(|deal| deal.created_at),
                    _ => None,
                };
                (clocks::referral(&claim, made, &watch), format!("Make the deal of {}", claim.company))
            }
            Rule::FirstMeeting => {
                let met = match (&claim.dossier.meeting, &claim.deal, claim.decided_at) {
                    (None, Some(deal), Some(decided)) => self.met_on(deal, decided)?,
                    _ => None,
                };
                (clocks::first_meeting(&claim, met, &watch), format!("First meeting with {}", claim.company))
            }
            _ => (
                clocks::decision_clock(&claim, &self.ws.policy, self.scene.mapping.go_live, self.scene.now),
                format!("Decide {}", claim.company),
            ),
        };
        let Some(clock) = clock else { return Ok(None) };
        let opens = TodayTarget::Registration(claim.id.0.clone());
        let line = self.line(clock, title, (claim.partner.as_ref(), claim.owner.clone()), opens)?;
        Ok(Some(Line { claim: Some(Box::new(claim)), ..line }))
    }

    /// The day of the first meeting on a deal after a moment, as the CRM has it.
    fn met_on(&self, deal: &DealId, after: Instant) -> Result<Option<Day>> {
        let touches = self.r.touches(ObjectKind::Deal, deal.as_str(), 50)?;
        let meetings = touches.iter().filter(|touch| touch.kind == ObjectKind::Meeting).filter_map(|touch| touch.at);
        Ok(meetings.filter(|at| *at > after && *at <= self.scene.now).min().map(|at| at.date_naive()))
    }

    fn notes(&self, when: Stretch) -> Result<Vec<Line>> {
        let mut lines = Vec::new();
        for deal in self.r.noted_in(when, self.partner, self.limit + 1, self.scene.today)? {
            let Some(at) = deal.row.notes_at else { continue };
            let clock = clocks::notes(Notes { at, next: None }, &self.watch());
            lines.push(self.of_deal(clock, format!("Write notes on {}", deal.row.name), &deal)?);
        }
        Ok(lines)
    }

    pub(super) fn of_deal(&self, clock: Clock, title: String, deal: &OwnedDeal) -> Result<Line> {
        let opens = TodayTarget::Deal(deal.row.id.0.clone());
        self.line(clock, title, (deal.partner.as_ref(), deal.owner.clone()), opens)
    }

    /// The clocks that talks have begun. On one record the earliest that has not ended speaks for the later ones.
    fn talks(&self, rule: Rule, when: Stretch) -> Result<Vec<Line>> {
        let mut lines: Vec<Line> = Vec::new();
        for kind in kinds_of(rule) {
            let touches = self.r.touched_in(*kind, when, TALKS)?;
            self.cut.set(self.cut.get() || touches.len() == TALKS as usize);
            for touch in touches {
                let Some(line) = self.talk(rule, &touch)?.filter(|line| line.line.clock.since.is_none()) else {
                    continue;
                };
                match lines.iter_mut().find(|known| known.about == line.about) {
                    Some(known) if known.line.clock.started > line.line.clock.started => *known = line,
                    Some(_) => {}
                    None => lines.push(line),
                }
            }
        }
        Ok(lines)
    }

    /// The clock that a talk has begun; none when it is not about a partner's open deal or a partner.
    pub(super) fn talk(&self, rule: Rule, touch: &Touch) -> Result<Option<Line>> {
        let Some(at) = touch.at.filter(|_| touch.done) else { return Ok(None) };
        let Some(subject) = self.subject(touch)? else { return Ok(None) };
        if !self.wanted(subject.partner.as_ref()) {
            return Ok(None);
        }
        let watch = self.watch();
        let (clock, title) = match rule {
            Rule::FollowUp => {
                let followed = self.r.followed(subject.kind, &subject.id, at, &touch.id)?;
                (clocks::follow_up(at, followed, &watch), format!("Follow up on {}: {}", subject.name, touch.title))
            }
            _ => {
                let Some(deal) = &subject.deal else { return Ok(None) };
                let dated = self.dated(deal, at)?;
                (clocks::next_step(at, dated, &watch), format!("Agree a next step on {}", subject.name))
            }
        };
        let Some(clock) = clock else { return Ok(None) };
        Ok(Some(match &subject.deal {
            Some(deal) => self.of_deal(clock, title, deal)?,
            None => {
                let opens = TodayTarget::Partner(subject.id.clone());
                self.line(clock, title, (subject.partner.as_ref(), None), opens)?
            }
        }))
    }

    /// Since when a deal has a dated next step after a talk: the change that was seen, or at once where a step or a
    /// task lies ahead of the talk and nobody knows when it was set.
    fn dated(&self, deal: &OwnedDeal, talk: Instant) -> Result<Option<Instant>> {
        let (id, day) = (deal.row.id.as_str(), talk.date_naive());
        if let Some(moved) = self.r.first_moved(id, Field::NextStepDue, talk)? {
            let before = moved.before.as_deref().and_then(value::day);
            match (before, &moved.after) {
                (Some(before), _) if before >= day => return Ok(Some(talk)),
                (_, Some(_)) => return Ok(Some(moved.at)),
                (_, None) => {}
            }
        }
        let ahead =
            deal.next_step_due.is_some_and(|due| due >= day) || self.r.has_task_ahead(ObjectKind::Deal, id, talk)?;
        Ok(ahead.then_some(talk))
    }

    fn subject(&self, touch: &Touch) -> Result<Option<Subject>> {
        let about = self.r.touch_about(touch)?;
        for (kind, id) in &about {
            let found = match kind {
                ObjectKind::Deal => {
                    let deal = self.r.owned_deal(id, self.scene.today)?;
                    let open = |deal: &OwnedDeal| deal.row.outcome == drumbeat_model::crm::Outcome::Open;
                    deal.filter(|deal| deal.partner.is_some() && open(deal)).map(|deal| Subject {
                        kind: *kind,
                        id: id.clone(),
                        name: deal.row.name.clone(),
                        partner: deal.partner.clone(),
                        deal: Some(deal),
                    })
                }
                _ if self.r.is_partner(id)? => {
                    let partner = PartnerId(id.clone());
                    let name = self.partner(Some(&partner))?.0.unwrap_or_default();
                    Some(Subject { kind: *kind, id: id.clone(), name, partner: Some(partner), deal: None })
                }
                _ => None,
            };
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    fn protections(&self, days: (Day, Day)) -> Result<Vec<Line>> {
        let mut lines = Vec::new();
        for deal in self.r.protected_until(days, self.partner, self.limit + 1, self.scene.today)? {
            lines.extend(self.protection(&deal)?);
        }
        Ok(lines)
    }

    /// The clock before the end of a deal's present protection. One that has ended is heeded, too late, once somebody
    /// has closed its claim.
    pub(super) fn protection(&self, deal: &OwnedDeal) -> Result<Option<Line>> {
        let Some(end) = deal.row.protection_end else { return Ok(None) };
        let mut heeded = None;
        if end < self.scene.today
            && let Some(claim) = self.r.deal(&deal.row.id)?.and_then(|deal| deal.registration)
            && let Some(claim) = self.r.registration(&claim)?.filter(|claim| !claim.status.is_protected())
        {
            // Ended on purpose: what stood before moved, and that is on record.
            if claim.decided_at.is_some_and(|at| at.date_naive() <= end) {
                return Ok(None);
            }
            heeded = claim.decided_at;
        }
        let Some(clock) = clocks::protection(end, heeded, &self.watch()) else { return Ok(None) };
        Ok(Some(self.of_deal(clock, format!("Protection of {} ends", deal.row.name), deal)?))
    }

    fn first_meetings(&self, when: Stretch) -> Result<Vec<Line>> {
        let mut lines = Vec::new();
        for row in self.r.decided_in(when, Some(RegistrationKind::Lead), self.partner, self.limit + 1)? {
            if row.status != RegistrationStatus::Approved {
                continue;
            }
            let Some(claim) = self.r.registration(&row.id)? else { continue };
            lines.extend(self.claim(Rule::FirstMeeting, claim)?);
        }
        Ok(lines)
    }

    fn certificates(&self, days: (Day, Day)) -> Result<Vec<Line>> {
        let mut lines = Vec::new();
        for certificate in self.r.certified_until(days, self.partner, self.limit + 1)? {
            lines.extend(self.certificate(&certificate)?);
        }
        Ok(lines)
    }

    pub(super) fn certificate(&self, old: &drumbeat_model::partner::Certification) -> Result<Option<Line>> {
        let renewed = clocks::renewed(old, &self.r.certifications(old.partner.as_str())?);
        let clock = old.expires.and_then(|end| clocks::certification(end, renewed, &self.watch()));
        let Some(clock) = clock else { return Ok(None) };
        let holder = old.holder.as_ref().map_or_else(String::new, |holder| format!(" of {holder}"));
        let opens = TodayTarget::Partner(old.partner.0.clone());
        let mut line = self.line(clock, format!("{}{holder} expires", old.name), (Some(&old.partner), None), opens)?;
        // A partner has several.
        line.about = format!("certification:{}", old.id);
        Ok(Some(line))
    }
}

/// The kinds of touches that begin a clock.
pub(super) fn kinds_of(rule: Rule) -> &'static [ObjectKind] {
    match rule {
        Rule::FollowUp => &[ObjectKind::Meeting],
        _ => &[ObjectKind::Meeting, ObjectKind::Call],
    }
}
