//! A pass: judging the accounts that have changed, or all of them, and keeping what was found.
//!
//! One account, with its duplicates and its group, is judged and its findings are put beside those that are known in
//! one transaction: new ones are raised, changed ones say so, and those whose facts are gone end with that reason.
//! What a person has settled or dismissed stays so while no new fact comes (C-07). Accounts are taken in batches, a
//! transaction each, so that a pass can be stopped anywhere; what was not judged is still marked.
//!
//! A pass over everything is due at first, after another mapping or policy, and when asked for. It judges what a pass
//! over the changes would judge, in the same way: the two cannot disagree.

use std::collections::HashSet;

use drumbeat_model::channel::{ConflictKind, ConflictState, Finding, PassDone};
use drumbeat_model::ids::PartnerId;
use drumbeat_model::settling::{SettledNote, Settlement};
use drumbeat_model::time::Instant;
use drumbeat_rules::Policy;
use drumbeat_rules::channel_conflicts::{self as rules, clocks};
use drumbeat_store::channel::{Event, Kept, Life};
use drumbeat_store::{Result, Store, Why, Writer};
use sha2::{Digest, Sha256};

use super::ground::Ground;
use super::heard::heard;

/// Accounts judged in one transaction.
const BATCH: u32 = 200;

/// Judges what has changed, or everything where that is due or asked for.
///
/// `stop` is asked between batches; `report` is told how many accounts were judged, of how many where that is known.
///
/// # Errors
/// What the store says; what was judged before is kept.
pub(crate) fn run(
    store: &Store,
    policy: &Policy,
    now: Instant,
    full: bool,
    stop: &dyn Fn() -> bool,
    report: &dyn Fn(u32, Option<u32>),
) -> Result<PassDone> {
    let whole = store.read(|r| r.channel_whole())?;
    if full || whole != Some(policy.version.to_string()) {
        all(store, policy, now, stop, report)
    } else {
        changed(store, policy, now, stop, report)
    }
}

/// One pass's way through the accounts.
struct Pass<'p> {
    ground: Ground<'p>,
    seen: HashSet<String>,
    done: PassDone,
}

fn changed(
    store: &Store,
    policy: &Policy,
    now: Instant,
    stop: &dyn Fn() -> bool,
    report: &dyn Fn(u32, Option<u32>),
) -> Result<PassDone> {
    let (waiting, ground) = store.read(|r| Ok((r.channel_waiting_count(now)?, Ground::read(r, policy, now)?)))?;
    let mut pass = Pass { ground, seen: HashSet::new(), done: PassDone::default() };
    let mut before = u32::MAX;
    loop {
        let nodes = store.read(|r| r.channel_waiting(now, BATCH))?;
        if nodes.is_empty() {
            return Ok(pass.done);
        }
        if stop() {
            pass.done.cancelled = true;
            return Ok(pass.done);
        }
        // Each batch takes its marks away. Were one to stay, the pass would go round for ever.
        let left = store.read(|r| r.channel_waiting_count(now))?;
        if left >= before {
            return Ok(pass.done);
        }
        before = left;
        store.write(Why::Mirror { at: now }, |w| {
            nodes.iter().try_for_each(|(node, renamed)| pass.node(w, node, *renamed))
        })?;
        report(pass.done.judged, Some(waiting));
    }
}

fn all(
    store: &Store,
    policy: &Policy,
    now: Instant,
    stop: &dyn Fn() -> bool,
    report: &dyn Fn(u32, Option<u32>),
) -> Result<PassDone> {
    let ground = store.read(|r| Ground::read(r, policy, now))?;
    let mut pass = Pass { ground, seen: HashSet::new(), done: PassDone { full: true, ..PassDone::default() } };
    store.write(Why::Mirror { at: now }, |w| w.channel_begin())?;
    let mut place = (false, 0);
    loop {
        if stop() {
            pass.done.cancelled = true;
            return Ok(pass.done);
        }
        let nodes = store.read(|r| r.channel_all(place, BATCH))?;
        let Some((_, last)) = nodes.last() else {
            if place.0 {
                break;
            }
            place = (true, 0);
            continue;
        };
        place = *last;
        store.write(Why::Mirror { at: now }, |w| nodes.iter().try_for_each(|(node, _)| pass.node(w, node, false)))?;
        report(pass.done.judged, None);
    }
    // Findings on accounts that have nothing to judge any more.
    for roots in store.read(|r| r.open_conflict_roots())?.chunks(BATCH as usize) {
        store.write(Why::Mirror { at: now }, |w| roots.iter().try_for_each(|root| pass.node(w, root, false)))?;
    }
    store.write(Why::Mirror { at: now }, |w| w.channel_judged(policy.version))?;
    Ok(pass.done)
}

/// Judges the accounts of these nodes in the transaction of a decision, so that what it changes counts at once.
pub(crate) fn judge(w: &Writer<'_>, policy: &Policy, now: Instant, nodes: &[String]) -> Result<PassDone> {
    let ground = Ground::read(w, policy, now)?;
    let mut pass = Pass { ground, seen: HashSet::new(), done: PassDone::default() };
    nodes.iter().try_for_each(|node| pass.node(w, node, false))?;
    Ok(pass.done)
}

/// The facts of a finding on these nodes as they are in this transaction; nothing when there is none any more.
pub(crate) fn fingerprint(
    w: &Writer<'_>,
    policy: &Policy,
    now: Instant,
    nodes: &[String],
    key: &str,
) -> Result<Option<String>> {
    let (cluster, _) = Ground::read(w, policy, now)?.cluster(w, nodes)?;
    let judged = rules::judge(&cluster, policy, now);
    Ok(judged.findings.into_iter().find(|finding| finding.key() == key).map(|finding| finding.fingerprint))
}

impl Pass<'_> {
    /// Judges what counts as one account with a node, and what did so before.
    fn node(&mut self, w: &Writer<'_>, node: &str, renamed: bool) -> Result<()> {
        if self.seen.contains(node) && !renamed {
            return Ok(());
        }
        if renamed {
            w.channel_ask(node, true)?;
        }
        let mut starts = vec![node.to_owned()];
        starts.extend(w.channel_former(node)?);
        if !self.done.full
            && let Some(id) = node.strip_prefix('c')
        {
            // A partner's tier, certificates and contacts count wherever it is in a finding.
            starts.extend(w.conflict_roots_of(&PartnerId(id.to_owned()))?);
        }
        for start in starts {
            if self.seen.contains(&start) && !(renamed && start == node) {
                continue;
            }
            let nodes = self.together(w, &start)?;
            self.cluster(w, &nodes)?;
            self.seen.extend(nodes);
        }
        Ok(())
    }

    /// What counts as one account with a node, once it was asked who is alike.
    fn together(&self, w: &Writer<'_>, start: &str) -> Result<Vec<String>> {
        let mut nodes = w.channel_cluster(start, self.ground.today)?;
        loop {
            for node in &nodes {
                if w.channel_concerns(node)? {
                    w.channel_ask(node, false)?;
                }
            }
            let again = w.channel_cluster(start, self.ground.today)?;
            if again == nodes {
                return Ok(nodes);
            }
            nodes = again;
        }
    }

    fn cluster(&mut self, w: &Writer<'_>, nodes: &[String]) -> Result<()> {
        self.done.judged += 1;
        let known = w.conflicts_at(nodes)?;
        let mut concerned = !known.is_empty();
        for node in nodes {
            concerned = concerned || w.channel_concerns(node)?;
        }
        if !concerned {
            return w.channel_settle(nodes, None);
        }
        let (mut cluster, notes) = self.ground.cluster(w, nodes)?;
        let ids: Vec<&str> = known.iter().map(|kept| kept.id.as_str()).collect();
        cluster.evidence.extend(w.conflict_evidence(&ids)?);
        let judged = rules::judge(&cluster, self.ground.policy, self.ground.now);
        let again = self.keep(w, nodes, &known, judged.findings, &notes)?;
        let next = [judged.look_again, again].into_iter().flatten().min();
        w.channel_settle(nodes, next)
    }

    /// Puts findings beside those that are known; answers when the next clock of one runs out.
    fn keep(
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
