//! Keeping what was found: findings put beside those that are known, with a record of what happened to each.
//!
//! New ones are raised, changed ones say so, and those whose facts are gone end with that reason; none is deleted. What
//! a person has settled or dismissed stays so while no new fact comes (C-07), and what another computer has settled is
//! settled here. Callers rely on nothing being written where nothing has changed.

use drumbeat_model::channel::{ConflictKind, ConflictState, Finding};
use drumbeat_model::ids::DecisionId;
use drumbeat_model::settling::{SettledNote, Settlement};
use drumbeat_model::time::Instant;
use drumbeat_rules::channel_conflicts::{self as rules, clocks};
use drumbeat_store::channel::{Event, Kept, Life};
use drumbeat_store::{Result, Writer};
use sha2::{Digest, Sha256};

use super::heard::heard;
use super::pass::Pass;

impl Pass<'_> {
    /// Puts findings beside those that are known; answers when the next clock of one runs out.
    pub(super) fn keep(
        &mut self,
        w: &Writer<'_>,
        nodes: &[String],
        known: &[Kept],
        findings: Vec<Finding>,
        notes: &[SettledNote],
    ) -> Result<Option<Instant>> {
        let Some(root) = nodes.first() else { return Ok(None) };
        let mut left: Vec<&Kept> = known.iter().collect();
        let mut again: Option<Instant> = None;
        for finding in findings {
            let key = finding.key();
            let place = left
                .iter()
                .position(|kept| kept.state.is_open() && kept.finding.key() == key)
                .or_else(|| left.iter().position(|kept| kept.finding.key() == key));
            let before = place.map(|place| left.remove(place));
            let (mut kept, events) = match before {
                None => self.raised(w, root, finding)?,
                Some(before) => self.known(w, root, before, finding)?,
            };
            let mut events = events;
            if kept.state.is_open()
                && let Some(note) = notes.iter().rev().find(|note| {
                    note.key == key
                        && before.is_none_or(|before| note.at >= before.raised_at)
                        // An appeal is not over because of the decision that it is against.
                        && kept.life.closed_at.is_none_or(|closed| note.at > closed)
                        && !rules::has_new_facts(&note.fingerprint, &kept.finding.fingerprint)
                })
            {
                events.push(self.event("settled", format!("settled in the CRM: {}", note.text), Some(note.by.clone())));
                settled_by(&mut kept, note);
            }
            events.extend(heard(&mut kept, before.map(|before| before.raised_at), notes));
            self.clock(&mut kept);
            if let Some(due) = kept.due_at.filter(|due| *due > self.ground.now && kept.state.is_open()) {
                again = Some(again.map_or(due, |again| again.min(due)));
            }
            if before != Some(&kept) {
                w.put_conflict(&kept)?;
            }
            events.iter().try_for_each(|event| w.put_conflict_event(&kept.id, event))?;
        }
        for gone in left.into_iter().filter(|kept| kept.state.is_open()) {
            self.done.ended += 1;
            let mut kept = gone.clone();
            kept.state = ConflictState::Ended;
            kept.life.closed_at = Some(self.ground.now);
            kept.due_at = None;
            w.put_conflict(&kept)?;
            let why = format!("its facts are gone: {} no longer holds", kept.finding.text);
            w.put_conflict_event(&kept.id, &self.event("ended", why, None))?;
        }
        Ok(again)
    }

    fn event(&self, what: &str, text: String, by: Option<String>) -> Event {
        Event { at: self.ground.now, what: what.to_owned(), text, by }
    }

    fn raised(&mut self, w: &Writer<'_>, root: &str, finding: Finding) -> Result<(Kept, Vec<Event>)> {
        self.done.raised += 1;
        let mut number = 0_u32;
        // Another finding may have begun here, whose account now has another root.
        let id = loop {
            let id = id(root, &finding.key(), number);
            if w.conflict(&id)?.is_none() {
                break id;
            }
            number += 1;
        };
        let event = self.event("raised", finding.text.clone(), None);
        let kept = Kept {
            id,
            root: root.to_owned(),
            severity: finding.severity,
            finding,
            state: ConflictState::Open,
            due_at: None,
            raised_at: self.ground.now,
            life: Life::default(),
        };
        Ok((kept, vec![event]))
    }

    fn known(&mut self, w: &Writer<'_>, root: &str, before: &Kept, finding: Finding) -> Result<(Kept, Vec<Event>)> {
        let mut events = Vec::new();
        let mut kept = Kept { root: root.to_owned(), finding, ..before.clone() };
        let is_new = rules::has_new_facts(&before.finding.fingerprint, &kept.finding.fingerprint);
        let reopen = |kept: &mut Kept, now: Instant| {
            kept.state = ConflictState::Open;
            kept.raised_at = now;
            kept.life = Life::default();
        };
        match before.state {
            ConflictState::Ended => {
                self.done.raised += 1;
                events.push(self.event("raised", format!("{}, again", kept.finding.text), None));
                reopen(&mut kept, self.ground.now);
            }
            ConflictState::Settled | ConflictState::Dismissed => {
                let taken_back = match &before.life.decision {
                    Some(decision) => w.is_taken_back(decision)?,
                    None => false,
                };
                let settled_for = before.life.settled_for.as_deref().unwrap_or_default();
                if taken_back {
                    self.done.reopened += 1;
                    events.push(self.event("reopened", "the decision was taken back".to_owned(), None));
                    reopen(&mut kept, self.ground.now);
                } else if rules::has_new_facts(settled_for, &kept.finding.fingerprint) {
                    self.done.reopened += 1;
                    events.push(self.event("reopened", format!("new facts: {}", news(before, &kept)), None));
                    reopen(&mut kept, self.ground.now);
                }
            }
            ConflictState::Open
            | ConflictState::Acknowledged
            | ConflictState::Planned
            | ConflictState::Escalated
            | ConflictState::Appealed => {
                events.extend(self.taken_back(w, &mut kept)?);
                if is_new {
                    self.done.changed += 1;
                    events.push(self.event("changed", format!("new facts: {}", news(before, &kept)), None));
                }
                let (was, is) = (&before.finding.verdict, &kept.finding.verdict);
                if was.first != is.first {
                    self.done.turned += 1;
                    let by_policy = if was.policy == is.policy {
                        String::new()
                    } else {
                        format!(", under version {} of the policy instead of {}", is.policy, was.policy)
                    };
                    let text = format!("the verdict moved{by_policy}: {} (before: {})", is.text, was.text);
                    events.push(self.event("turned", text, None));
                }
            }
        }
        Ok((kept, events))
    }

    /// Resets what a decision that was taken back has said: that it was seen, and how it is to be settled.
    fn taken_back(&self, w: &Writer<'_>, kept: &mut Kept) -> Result<Vec<Event>> {
        let gone = |decision: &Option<DecisionId>| decision.as_ref().map_or(Ok(false), |id| w.is_taken_back(id));
        let life = &mut kept.life;
        let mut events = Vec::new();
        if gone(&life.planned_in)? {
            (life.planned_at, life.planned_in, life.plan, life.plan_due) = (None, None, None, None);
            events.push(self.event("taken_back", "the plan was taken back".to_owned(), None));
        }
        if gone(&life.acknowledged_in)? {
            (life.acknowledged_at, life.acknowledged_in) = (None, None);
            events.push(self.event("taken_back", "the acknowledgement was taken back".to_owned(), None));
        }
        kept.state = match kept.state {
            ConflictState::Planned if life.planned_at.is_none() && life.acknowledged_at.is_some() => {
                ConflictState::Acknowledged
            }
            ConflictState::Planned | ConflictState::Acknowledged
                if life.planned_at.is_none() && life.acknowledged_at.is_none() =>
            {
                ConflictState::Open
            }
            state => state,
        };
        Ok(events)
    }

    /// Severity with its clocks, and the next one.
    fn clock(&self, kept: &mut Kept) {
        let clocks = clocks::clocks(&lived(kept, self.ground.go_live()), self.ground.policy, self.ground.now);
        kept.severity = clocks::with_clocks(kept.finding.severity, &clocks, self.ground.policy);
        let next = clocks::next(&clocks).filter(|_| kept.state.is_open() && kept.finding.kind != ConflictKind::Sign);
        kept.due_at = next.map(|clock| clock.due);
    }
}

/// What its clocks are made of.
pub(crate) fn lived(kept: &Kept, go_live: Option<drumbeat_model::time::Day>) -> clocks::Lived {
    let life = &kept.life;
    clocks::Lived {
        raised_at: kept.raised_at,
        acknowledged_at: life.acknowledged_at,
        planned_at: life.planned_at,
        asked_at: life.asked_at,
        answered_at: life.answered_at,
        closed_at: life.closed_at,
        go_live,
        since: kept.finding.since,
    }
}

/// As somebody else has settled it, on another computer.
fn settled_by(kept: &mut Kept, note: &SettledNote) {
    kept.state = if note.outcome == Settlement::Dismissed { ConflictState::Dismissed } else { ConflictState::Settled };
    kept.life.closed_at = Some(note.at);
    kept.life.acknowledged_at = kept.life.acknowledged_at.or(Some(note.at));
    kept.life.settled_for = Some(note.fingerprint.clone());
    kept.life.outcome = Some(note.outcome);
    kept.life.outcome_text = Some(note.text.clone());
    kept.life.by_rule = note.by_rule;
    kept.life.winner.clone_from(&note.winner);
}

/// What came since, in words: signals and records that were not there.
fn news(before: &Kept, now: &Kept) -> String {
    let known = |fact: &str| before.finding.signals.iter().any(|found| found.fact == fact);
    let mut parts: Vec<&str> =
        now.finding.signals.iter().map(|found| found.fact.as_str()).filter(|fact| !known(fact)).collect();
    if parts.is_empty() {
        let there = |id: &str| before.finding.records.iter().any(|record| record.id == id);
        parts
            .extend(now.finding.records.iter().filter(|record| !there(&record.id)).map(|record| record.label.as_str()));
    }
    if parts.is_empty() { now.finding.text.clone() } else { parts.join("; ") }
}

/// The id of a finding: the same on every computer for the same account and key.
fn id(root: &str, key: &str, number: u32) -> String {
    let mut hasher = Sha256::new();
    hasher.update(format!("{root}\n{key}\n{number}"));
    hasher.finalize().iter().take(8).fold(String::with_capacity(16), |mut hex, byte| {
        use std::fmt::Write;
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
