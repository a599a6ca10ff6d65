//! What must hold of a workspace after a kill, and of workspace and CRM when nobody dies any more.

use std::collections::{BTreeMap, BTreeSet};

use drumbeat_app::api::Nothing;
use drumbeat_app::doctor::doctor;
use drumbeat_model::change::{DecisionStatus, Op, OpKind, OpState};
use drumbeat_model::ids::DecisionId;
use drumbeat_model::verdict::CheckOutcome;
use serde_json::Value;

use super::house::{Failure, ran};
use super::round::Round;

/// Syncs after which everything must have settled.
const SETTLE: u32 = 10;

impl Round {
    /// Opens the workspace as the window does and looks it through.
    pub fn look(&mut self) {
        self.sum.looked += 1;
        let (app, ws) = match self.house.open() {
            Ok(open) => open,
            Err(why) => return self.violation(format!("I21, I22: it does not open: {why}")),
        };
        match doctor(&app, Nothing {}) {
            Ok(findings) => {
                for finding in findings {
                    let is_wrong = finding.outcome == CheckOutcome::Fail
                        || finding.check == "copy" && finding.outcome != CheckOutcome::Pass;
                    if is_wrong {
                        self.violation(format!("I18, I22: {}: {}", finding.check, finding.text));
                    }
                }
            }
            Err(error) => self.violation(format!("the doctor: {}", error.message)),
        }
        let mut wrong = Vec::new();
        let ops = ws.store.read(|r| r.ops_in(OpState::ALL)).unwrap_or_default();
        self.found(&ops);
        let with_ops: BTreeSet<DecisionId> = ops.into_iter().map(|op| op.decision).collect();
        for told in &self.told {
            match ws.store.read(|r| r.decision(&told.id)) {
                Ok(Some(decision)) if told.withdrawn && decision.status != DecisionStatus::Withdrawn => {
                    wrong.push(format!("told taken back, it is {}: {}", decision.status.name(), decision.title));
                }
                Ok(Some(_)) if with_ops.contains(&told.id) => {}
                Ok(_) => wrong.push(format!("I1: told saved and lost: {}", told.id)),
                Err(error) => wrong.push(format!("a decision cannot be read: {error}")),
            }
        }
        self.sum.lost += u32::try_from(wrong.iter().filter(|what| what.starts_with("I1")).count()).unwrap_or_default();
        wrong.into_iter().for_each(|what| self.violation(what));
    }

    /// Which rows of the crash-point table (40-trust 3.6) the kills have met: told by what is on disk and what
    /// the CRM has, so that a row counts only when it has really been there.
    fn found(&mut self, ops: &[Op]) {
        let applied = match self.house.ledger() {
            Ok(ledger) => applied(&ledger),
            Err(why) => return self.violation(format!("the ledger: {why}")),
        };
        for op in ops {
            let row = match op.state {
                OpState::Sending if applied.contains_key(op.id.as_str()) => "applied, the answer not kept",
                OpState::Sending => "SENDING kept, nothing applied",
                OpState::Acked => "accepted, not verified",
                OpState::Queued
                | OpState::Blocked
                | OpState::Unknown
                | OpState::Done
                | OpState::Conflict
                | OpState::Rejected
                | OpState::Superseded
                | OpState::Withdrawn => continue,
            };
            if self.met.insert((op.id.clone(), op.attempt, row)) {
                *self.sum.met.entry(row.to_owned()).or_default() += 1;
            }
        }
    }

    /// Nobody dies any more: everything must come to an end, and the ledger must say the same as the store.
    pub fn settle(&mut self) -> Result<(), Failure> {
        for _ in 0..SETTLE {
            self.house.wait(130)?;
            let ran = self.house.run(&["sync"])?;
            if !matches!(ran.code, Some(0 | 3)) {
                self.violation(format!("a sync at the end: {ran:?}"));
            }
            if self.open_ops()? == 0 {
                break;
            }
        }
        self.look();
        self.wrong_key();
        let (_app, ws) = self.house.open()?;
        let ops = ws.store.read(|r| r.ops_in(OpState::ALL)).map_err(|error| error.to_string())?;
        let recovered = ws.store.recovered().map_err(|error| error.to_string())?;
        self.sum.recovered += u32::try_from(recovered.len()).unwrap_or_default();
        *self.sum.met.entry("in the journal, not saved".to_owned()).or_default() += self.sum.recovered;
        if recovered.iter().any(|one| one.was_saved) {
            self.violation("I1: the journal has a decision that was saved and the store has not");
        }
        let decisions: BTreeSet<&DecisionId> = ops.iter().map(|op| &op.decision).collect();
        let told: BTreeSet<&DecisionId> = self.told.iter().map(|told| &told.id).collect();
        self.sum.untold += u32::try_from(decisions.difference(&told).count()).unwrap_or_default();
        *self.sum.met.entry("saved, nobody told".to_owned()).or_default() += self.sum.untold;
        self.sum.ops += u32::try_from(ops.len()).unwrap_or_default();
        let into = ws.store.read(|r| {
            let of = |op: &Op| {
                Ok(match converted(op) {
                    Some(deal) => Some((op.id.clone(), r.resolve(deal)?)),
                    None => None,
                })
            };
            ops.iter().filter_map(|op| of(op).transpose()).collect::<drumbeat_store::Result<BTreeMap<_, _>>>()
        });
        let into = into.map_err(|error| error.to_string())?;
        drop(ws);
        let ledger = self.house.ledger()?;
        let applied = applied(&ledger);
        for entry in ledger.iter().filter(|entry| !is_link(entry)) {
            self.sum.writes += 1;
            if entry["op_marker"].as_str().is_none() && !is_of_conversion(entry) {
                self.violation(format!("I2: a write without a mark: {entry}"));
            }
        }
        let known: BTreeSet<&str> = ops.iter().map(|op| op.id.as_str()).collect();
        let strangers: Vec<String> = applied.keys().filter(|op| !known.contains(op.as_str())).cloned().collect();
        strangers.iter().for_each(|op| self.violation(format!("I1: the CRM has op {op} and the store does not")));
        for op in &ops {
            let times = match into.get(&op.id) {
                Some(deal) => times_converted(&ledger, &op.record, deal),
                None => applied.get(op.id.as_str()).copied().unwrap_or_default(),
            };
            let evidence: Vec<&str> = op.evidence.iter().map(|seen| seen.text.as_str()).collect();
            let is_link = matches!(op.kind, OpKind::Link { .. } | OpKind::Archive { .. });
            let expected = u32::from(op.state == OpState::Done && !is_link);
            self.sum.twice += u32::from(times > 1);
            self.sum.stuck += u32::from(!op.state.is_final() && !op.state.needs_person());
            if times != expected || !op.state.is_final() && !op.state.needs_person() {
                let state = op.state.name();
                self.violation(format!("op {} is {state} and was applied {times} times: {evidence:?}", op.id));
            }
        }
        Ok(())
    }

    fn open_ops(&self) -> Result<usize, Failure> {
        let (_app, ws) = self.house.open()?;
        let ops = ws.store.read(|r| r.ops_in(OpState::ALL)).map_err(|error| error.to_string())?;
        Ok(ops.iter().filter(|op| !op.state.is_final() && !op.state.needs_person()).count())
    }

    /// I21: another passphrase opens nothing and changes nothing.
    fn wrong_key(&mut self) {
        let file = self.house.workspace().join("store.db");
        let before = std::fs::read(&file).unwrap_or_default();
        let ran = ran(&mut self.house.command(&["status"]), "another passphrase\n");
        if ran.is_ok_and(|ran| ran.code == Some(0)) || std::fs::read(&file).unwrap_or_default() != before {
            self.violation("I21: another passphrase opened it or changed it");
        }
    }
}

/// Objects of Salesforce's whose records are links.
const JOINS: [&str; 2] = ["OpportunityContactRole", "OpportunityPartner"];

/// A link carries no mark.
fn is_link(entry: &Value) -> bool {
    entry["kind"] == "associate" || JOINS.iter().any(|joins| entry["object"] == *joins)
}

/// The deal that a lead is converted into, in Salesforce's own name for it.
const INTO: &str = "ConvertedOpportunityId";

/// The deal that an op converts its lead into; it has no mark of ours, and is known by that.
fn converted(op: &Op) -> Option<&str> {
    match &op.kind {
        OpKind::Set { desired, .. } => desired.get(INTO).map(String::as_str),
        OpKind::Create { .. } | OpKind::Link { .. } | OpKind::Archive { .. } => None,
    }
}

/// How often the CRM has converted a lead; into another deal than ours it is not ours.
fn times_converted(ledger: &[Value], lead: &str, deal: &str) -> u32 {
    let is_it = |entry: &&Value| entry["id"] == lead && entry["after"][INTO] == deal;
    u32::try_from(ledger.iter().filter(is_it).count()).unwrap_or(u32::MAX)
}

/// What the CRM does of itself when it converts: account and contact are made, the deal gets what it lacks.
fn is_of_conversion(entry: &Value) -> bool {
    let fills = || entry["after"].as_object().is_some_and(|after| after.keys().all(|name| name == "AccountId"));
    match entry["object"].as_str() {
        Some("Lead") => entry["after"][INTO].is_string(),
        Some("Account" | "Contact") => entry["kind"] == "create",
        Some("Opportunity") => fills(),
        _ => false,
    }
}

/// How often the CRM has applied each op.
fn applied(ledger: &[Value]) -> BTreeMap<String, u32> {
    let mut applied = BTreeMap::new();
    let marks = ledger.iter().filter(|entry| !is_link(entry));
    for op in marks.filter_map(|entry| entry["op_marker"].as_str()?.split('#').next()) {
        *applied.entry(op.to_owned()).or_default() += 1;
    }
    applied
}
