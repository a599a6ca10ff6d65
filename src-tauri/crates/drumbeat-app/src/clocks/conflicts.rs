//! The clocks of channel conflicts: acknowledged (S-06), a plan (S-07), a renewal's owner (S-08).
//!
//! A finding's present run is on the finding; runs before it was reopened are in its events. A renewal is found in the
//! book by its day; once a minute, where nothing may walk over the book, by when its account is to be judged again: the
//! rules ask for that at the very moment at which an unconfirmed renewal becomes a finding.

use std::collections::BTreeSet;

use drumbeat_model::channel::{ChannelSignal, ConflictKind, ConflictState};
use drumbeat_model::crm::Outcome;
use drumbeat_model::deal::DealKind;
use drumbeat_model::ids::{AccountId, PartnerId};
use drumbeat_model::time::{Day, Instant};
use drumbeat_model::today::TodayTarget;
use drumbeat_model::verdict::Clock;
use drumbeat_rules::channel_conflicts::clocks::{self as rules, Lived};
use drumbeat_rules::clocks::{self, Rule};
use drumbeat_store::Result;
use drumbeat_store::channel::{Event, Kept};
use drumbeat_store::clocks::{Renewal, Stretch};

use super::{Gather, Line};
use crate::channel::lived;

/// What happened with one finding at most, as far as its clocks are read from it.
const EVENTS: u32 = 500;
/// Deals of one account that are looked at for who owns its renewal.
const DEALS: u32 = 50;

impl Gather<'_> {
    /// The clocks of findings that were raised in a stretch of time and have not ended, in no order.
    pub(super) fn conflicts(&self, rule: Rule, raised: Stretch) -> Result<Vec<Line>> {
        let mut lines = Vec::new();
        for kept in self.r.conflicts_open_since(raised, self.partner, self.limit + 1)? {
            let clock = self.of_run(rule, &lived(&kept, self.scene.mapping.go_live));
            if let Some(clock) = clock.filter(|clock| clock.since.is_none()) {
                lines.push(self.of_conflict(rule, clock, &kept)?);
            }
        }
        Ok(lines)
    }

    /// All runs of a clock that began in a stretch of time, ended or not; and how many beginnings were looked at.
    pub(super) fn conflict_runs(&self, rule: Rule, when: Stretch, most: u32) -> Result<(Vec<Line>, usize)> {
        let begun = self.r.conflicts_begun(when, most)?;
        let (looked, mut lines) = (begun.len(), Vec::new());
        for id in begun.into_iter().collect::<BTreeSet<String>>() {
            let Some(kept) = self.r.conflict(&id)?.filter(|kept| kept.finding.kind != ConflictKind::Sign) else {
                continue;
            };
            if self.partner.is_some_and(|only| !kept.finding.parties.iter().any(|party| party.key() == only)) {
                continue;
            }
            let now = lived(&kept, self.scene.mapping.go_live);
            let mut events = self.r.conflict_events(&id, EVENTS)?;
            events.reverse();
            let runs =
                runs(&events, now).into_iter().filter(|run| run.raised_at > when.after && run.raised_at <= when.until);
            for clock in runs.filter_map(|run| self.of_run(rule, &run)) {
                lines.push(self.of_conflict(rule, clock, &kept)?);
            }
        }
        Ok((lines, looked))
    }

    fn of_run(&self, rule: Rule, run: &Lived) -> Option<Clock> {
        let all = rules::clocks(run, &self.ws.policy, self.scene.now);
        all.into_iter().find(|clock| clock.rule == rule.id())
    }

    fn of_conflict(&self, rule: Rule, clock: Clock, kept: &Kept) -> Result<Line> {
        let finding = &kept.finding;
        let name = finding.account.as_ref().map_or(finding.text.as_str(), |account| account.label.as_str());
        let title = match rule {
            Rule::ResolutionPlan => format!("Plan the channel conflict on {name}"),
            _ => format!("Acknowledge the channel conflict on {name}"),
        };
        let partners: Vec<&PartnerId> = finding.parties.iter().filter_map(|party| party.partner.as_ref()).collect();
        let opens = TodayTarget::Conflict(kept.id.clone());
        let mut line = self.line(clock, title, (partners.first().copied(), None), opens)?;
        if let Some(second) = partners.get(1) {
            let (other, owner) = self.partner(Some(second))?;
            line.owners.extend(owner);
            line.line.partner = match (line.line.partner, other) {
                (Some(one), Some(two)) => Some(format!("{one} and {two}")),
                (one, two) => one.or(two),
            };
        }
        Ok(line)
    }

    /// The clocks of renewals on these days, whether confirmed or not; and how many were looked at.
    pub(super) fn renewals(&self, days: (Day, Day), most: u32) -> Result<(Vec<Line>, usize)> {
        let renewals = self.r.renewals_between(days, self.partner, most)?;
        let looked = renewals.len();
        Ok((self.of_renewals(renewals)?, looked))
    }

    /// The clocks of renewals whose account is to be judged again by a moment, found along an index.
    pub(super) fn renewals_soon(&self, days: (Day, Day), by: Instant) -> Result<Vec<Line>> {
        let renewals = self.r.renewals_waiting(by, days, self.limit + 1)?;
        self.of_renewals(renewals)
    }

    fn of_renewals(&self, renewals: Vec<Renewal>) -> Result<Vec<Line>> {
        let mut lines = Vec::new();
        for renewal in renewals {
            if !self.wanted(Some(&renewal.incumbent)) {
                continue;
            }
            let nodes = self.r.channel_cluster(&format!("c{}", renewal.account), self.scene.today)?;
            let found = self.r.conflicts_at(&nodes)?;
            let confirmed = self.confirmed(&nodes, &found, renewal.day)?;
            let Some(clock) = clocks::renewal_owner(renewal.day, confirmed, &self.watch()) else { continue };
            let is_open = |kept: &&Kept| kept.state.is_open() && tells_of_renewal(kept);
            let opens = found.iter().find(is_open).map_or_else(
                || TodayTarget::Partner(renewal.incumbent.0.clone()),
                |kept| TodayTarget::Conflict(kept.id.clone()),
            );
            let owner = self.r.owner_of_company(&renewal.account)?;
            let title = format!("Confirm who owns the renewal of {}", renewal.name);
            let line = self.line(clock, title, (Some(&renewal.incumbent), owner), opens)?;
            lines.push(Line { about: format!("renewal:{}", renewal.account), ..line });
        }
        Ok(lines)
    }

    /// When somebody came to own a renewal: its deal has an owner, or the finding was put aside or settled.
    fn confirmed(&self, nodes: &[String], found: &[Kept], day: Day) -> Result<Option<Instant>> {
        let from = clocks::renewal_opens(day, &self.ws.policy);
        let mut all = Vec::new();
        for account in nodes.iter().filter_map(|node| node.strip_prefix('c')) {
            for row in self.r.deals_at(&AccountId(account.to_owned()), DEALS, self.scene.today)? {
                let Some(deal) = self.r.deal(&row.id)? else { continue };
                let made = deal.created_at.unwrap_or(from);
                // One that was closed long ago was of the renewal before.
                let of_this = deal.outcome == Outcome::Open || made >= from;
                if deal.deal_kind == Some(DealKind::Renewal) && deal.owner.is_some() && of_this {
                    all.push(made);
                }
            }
        }
        let aside = |kept: &&Kept| {
            matches!(kept.state, ConflictState::Settled | ConflictState::Dismissed) && tells_of_renewal(kept)
        };
        all.extend(found.iter().filter(aside).filter_map(|kept| kept.life.closed_at).filter(|at| *at >= from));
        Ok(all.into_iter().min())
    }
}

fn tells_of_renewal(kept: &Kept) -> bool {
    kept.finding.signals.iter().any(|found| found.signal == ChannelSignal::RenewalUnconfirmed)
}

/// The runs of a finding's clocks, oldest first: those before it was reopened from what happened, the last as it is kept.
fn runs(events: &[Event], now: Lived) -> Vec<Lived> {
    let mut all: Vec<Lived> = Vec::new();
    for event in events {
        let at = Some(event.at);
        match event.what.as_str() {
            "raised" | "reopened" => {
                all.push(Lived { raised_at: event.at, go_live: now.go_live, since: now.since, ..Lived::default() });
            }
            what => {
                let Some(run) = all.last_mut() else { continue };
                match what {
                    "acknowledged" | "asked" | "escalated" => run.acknowledged_at = run.acknowledged_at.or(at),
                    "planned" => run.planned_at = run.planned_at.or(at),
                    "awarded" | "split" | "joint" | "dismissed" | "settled" | "ended" => {
                        run.closed_at = run.closed_at.or(at);
                    }
                    _ => {}
                }
            }
        }
    }
    // What the finding itself keeps is exact, also where another computer has settled it.
    all.retain(|run| run.raised_at != now.raised_at);
    all.push(now);
    all
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn at(hour: u32) -> Instant {
        drumbeat_model::value::instant(&format!("2026-11-20T{hour:02}:00:00Z")).unwrap()
    }

    #[test]
    fn each_time_a_finding_was_open_is_a_run_of_its_own() {
        let event = |hour, what: &str| Event { at: at(hour), what: what.to_owned(), text: String::new(), by: None };
        let now = Lived { raised_at: at(12), planned_at: Some(at(13)), ..Lived::default() };
        let told = |events: &[Event]| {
            let all = runs(events, now);
            all.iter()
                .map(|run| (run.raised_at, run.acknowledged_at, run.planned_at, run.closed_at))
                .collect::<Vec<_>>()
        };
        let last = (at(12), None, Some(at(13)), None);
        let first = (at(1), Some(at(2)), Some(at(4)), Some(at(5)));
        for (name, events, expected) in [
            ("the only run is as it is kept", vec![event(12, "raised"), event(12, "acknowledged")], vec![last]),
            (
                "what came first counts, and what ends it ends the plan as well",
                vec![
                    event(1, "raised"),
                    event(2, "asked"),
                    event(3, "acknowledged"),
                    event(4, "planned"),
                    event(5, "awarded"),
                    event(12, "reopened"),
                ],
                vec![first, last],
            ),
            (
                "what ended by itself",
                vec![event(1, "raised"), event(3, "evidence"), event(5, "ended"), event(12, "raised")],
                vec![(at(1), None, None, Some(at(5))), last],
            ),
            ("nothing is known of it", Vec::new(), vec![last]),
        ] {
            assert_eq!(told(&events), expected, "{name}");
        }
    }
}
