//! Clocks of a period that have ended or run out: from what is kept of registrations, touches and certificates, and
//! from the observed changes of notes and protections.
//!
//! A clock belongs to the period in which it ended; one that was never done to the period in which it ran out. The
//! callers sift by that: here is everything that may belong.

use chrono::TimeDelta;
use drumbeat_model::clocks::ClockLine;
use drumbeat_model::deal::Motion;
use drumbeat_model::field::Field;
use drumbeat_model::ids::DealId;
use drumbeat_model::registration::RegistrationKind;
use drumbeat_model::time::{Day, Instant};
use drumbeat_model::today::Reached;
use drumbeat_model::value;
use drumbeat_model::verdict::{Clock, ClockState};
use drumbeat_rules::calendar;
use drumbeat_rules::clocks::{self, Notes, Rule};
use drumbeat_store::Result;
use drumbeat_store::clocks::Stretch;

use super::open::kinds_of;
use super::{Gather, Line, PAST};
use crate::today;

/// How much later than its time a clock may end and still be found by its start.
const LATE: TimeDelta = TimeDelta::days(90);

/// The clocks that may belong to a period.
pub(super) struct Past {
    pub lines: Vec<ClockLine>,
    pub reached: Option<Reached>,
    pub partial: bool,
}

impl Gather<'_> {
    /// The clocks of a rule that may belong to a period.
    pub(super) fn past(&self, rule: Rule, period: Stretch) -> Result<Past> {
        let mut lines: Vec<Line> = Vec::new();
        let (mut reached, mut looked) = (None, 0);
        let target = rule.target(&self.ws.policy);
        let begun = |due: Instant| calendar::latest_start(due, target, &self.ws.policy.calendar);
        let day = TimeDelta::days(1);
        match rule {
            Rule::Referral | Rule::Decision => {
                let rows = self.r.decided_in(period, None, self.partner, PAST)?;
                looked += rows.len();
                let mut arrivals = Vec::new();
                for row in rows {
                    if rule == Rule::Referral && row.motion != Some(Motion::Referral) {
                        continue;
                    }
                    let Some(claim) = self.r.registration(&row.id)? else { continue };
                    let Some(line) = self.claim(rule, claim)? else { continue };
                    arrivals.extend(self.arrival(row.id.as_str(), &line.line.clock)?);
                    lines.push(line);
                }
                reached = clocks::attainment(arrivals).reached;
                // Those that nobody has decided, by when they ran out.
                let until = begun(period.until).min(self.scene.now);
                let waiting =
                    self.r.submitted_in(Stretch { after: begun(period.after) - LATE, until }, self.partner, PAST)?;
                looked += waiting.len();
                for row in waiting {
                    let Some(claim) = self.r.registration(&row.id)? else { continue };
                    lines.extend(self.claim(rule, claim)?);
                }
            }
            Rule::Notes => {
                let moved = self.r.moved_in(Field::StageNotesAt, period, PAST)?;
                looked += moved.len();
                for (id, movement) in moved {
                    let Some(at) = movement.before.as_deref().and_then(value::instant) else { continue };
                    let Some(deal) = self.r.owned_deal(&id, self.scene.today)? else { continue };
                    if deal.partner.is_none() || !self.wanted(deal.partner.as_ref()) {
                        continue;
                    }
                    // What the notes say of their own time counts, not when the change was seen.
                    let next = movement.after.as_deref().and_then(value::instant).unwrap_or(movement.at);
                    let clock = clocks::notes(Notes { at, next: Some(next) }, &self.watch());
                    let clock = Clock { since: Some(movement.at), ..clock };
                    lines.push(self.of_deal(clock, format!("Write notes on {}", deal.row.name), &deal)?);
                }
                let until = begun(period.until).min(self.scene.now);
                let stale = self.r.noted_in(
                    Stretch { after: self.not_live(begun(period.after)), until },
                    self.partner,
                    PAST,
                    self.scene.today,
                )?;
                looked += stale.len();
                for deal in stale {
                    let Some(at) = deal.row.notes_at else { continue };
                    let clock = clocks::notes(Notes { at, next: None }, &self.watch());
                    lines.push(self.of_deal(clock, format!("Write notes on {}", deal.row.name), &deal)?);
                }
            }
            Rule::FollowUp | Rule::NextStep => {
                let when = Stretch { after: begun(period.after) - LATE, until: period.until.min(self.scene.now) };
                for kind in kinds_of(rule) {
                    let touches = self.r.touched_in(*kind, when, PAST)?;
                    looked += touches.len();
                    for touch in touches {
                        lines.extend(self.talk(rule, &touch)?);
                    }
                }
            }
            Rule::ProtectionEnds => {
                let moved = self.r.moved_in(Field::ProtectionEnd, period, PAST)?;
                looked += moved.len();
                for (id, movement) in moved {
                    let Some(end) = movement.before.as_deref().and_then(value::day) else { continue };
                    let Some(deal) = self.r.owned_deal(&id, self.scene.today)? else { continue };
                    // What was decided here counts from the decision, not from when the CRM had it.
                    let at = if movement.ours { self.extended_at(&id, end)? } else { None }.unwrap_or(movement.at);
                    let clock = clocks::protection(end, Some(at), &self.watch());
                    // Long before its end nobody was to be reminded yet.
                    let heeded = clock.filter(|clock| clock.started <= at);
                    if let Some(clock) = heeded.filter(|_| self.wanted(deal.partner.as_ref())) {
                        lines.push(self.of_deal(clock, format!("Protection of {} ends", deal.row.name), &deal)?);
                    }
                }
                let days = ((period.after + day).date_naive(), period.until.date_naive());
                let ended = self.r.protected_until(days, self.partner, PAST, self.scene.today)?;
                looked += ended.len();
                for deal in ended {
                    lines.extend(self.protection(&deal)?);
                }
            }
            Rule::FirstMeeting => {
                let when = Stretch { after: begun(period.after) - LATE, until: period.until };
                let rows = self.r.decided_in(when, Some(RegistrationKind::Lead), self.partner, PAST)?;
                looked += rows.len();
                for row in rows {
                    let Some(claim) = self.r.registration(&row.id)? else { continue };
                    lines.extend(self.claim(rule, claim)?);
                }
            }
            Rule::CertificationExpires => {
                let ahead = calendar::day_after(period.until.date_naive(), target, &self.ws.policy.calendar);
                let days = ((period.after + day - LATE).date_naive(), ahead);
                let certificates = self.r.certified_until(days, self.partner, PAST)?;
                looked += certificates.len();
                for certificate in certificates {
                    lines.extend(self.certificate(&certificate)?);
                }
            }
            Rule::ConflictAcknowledged | Rule::ResolutionPlan => {
                let when = Stretch { after: begun(period.after) - LATE, until: period.until.min(self.scene.now) };
                let (runs, begun) = self.conflict_runs(rule, when, PAST)?;
                looked += begun;
                lines.extend(runs);
            }
            Rule::RenewalOwner => {
                // Confirmed as early as a clock begins, or later than its time.
                let from = self.ws.policy.after((period.after + day - LATE).date_naive(), target);
                let to = clocks::renewals_begun(period.until.date_naive(), &self.ws.policy);
                let (renewals, seen) = self.renewals((from, to), PAST)?;
                looked += seen;
                lines.extend(renewals);
            }
        }
        let lines = lines.into_iter().map(|line| line.line).collect();
        Ok(Past { lines, reached, partial: looked >= PAST as usize })
    }

    /// What came of a decision on its way to the CRM; nothing for what counts for nothing.
    fn arrival(&self, id: &str, clock: &Clock) -> Result<Option<drumbeat_model::today::Arrival>> {
        let decided = clock.since.filter(|_| matches!(clock.state, ClockState::Met | ClockState::Breached));
        let Some(decided) = decided else { return Ok(None) };
        let reached = today::reached(self.r, id, decided)?;
        Ok(Some(clocks::arrival(clock.due, decided, reached, self.scene.now)))
    }

    /// When a protection that ended on a day was extended here.
    fn extended_at(&self, deal: &str, end: Day) -> Result<Option<Instant>> {
        let deal = self.r.deal(&DealId(deal.to_owned()))?;
        let Some(claim) = deal.and_then(|deal| deal.registration) else { return Ok(None) };
        let claim = self.r.registration(&claim)?;
        let extensions = claim.iter().flat_map(|claim| &claim.dossier.extensions);
        Ok(extensions.filter(|extension| extension.from == Some(end)).find_map(|extension| extension.answered_at))
    }

    /// Notes from before the go-live day run out with those of that day.
    fn not_live(&self, after: Instant) -> Instant {
        match self.scene.mapping.go_live.map(super::before_midnight) {
            Some(live) if live > after => Instant::UNIX_EPOCH,
            _ => after,
        }
    }
}
