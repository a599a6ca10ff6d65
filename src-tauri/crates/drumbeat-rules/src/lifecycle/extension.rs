//! Whether a protection is extended: an explicit rule, with evidence of progress (R-06, REG-05, REG-06).
//!
//! Four questions, each answered with what would have turned it: it is in force, its deal is open, it was not
//! extended too often, and there is evidence of progress that is newer than the last window. Without evidence the
//! answer is a dry no; a person may still say yes, with a reason that goes on record.

use drumbeat_model::crm::Outcome;
use drumbeat_model::deal::Deal;
use drumbeat_model::dossier::{Answered, Proof, ProofKind};
use drumbeat_model::lifecycle::Ruling;
use drumbeat_model::registration::Registration;
use drumbeat_model::time::Day;
use drumbeat_model::verdict::{Check, CheckOutcome};

use super::{after, kinds, newest};
use crate::policy::Policy;
use crate::text;

/// What an extension is judged by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExtensionFacts {
    /// It is approved or converted.
    pub protected: bool,
    /// The protection ends on this day.
    pub end: Option<Day>,
    /// Progress counts from this day: when the present window began.
    pub since: Option<Day>,
    /// Its deal is closed.
    pub closed: bool,
    /// How often it was extended.
    pub extended: u32,
    /// The evidence.
    pub proofs: Vec<Proof>,
    /// The day.
    pub today: Day,
}

impl ExtensionFacts {
    /// The facts of a claim with its deal.
    #[must_use]
    pub fn of(claim: &Registration, deal: Option<&Deal>, proofs: Vec<Proof>, today: Day) -> Self {
        let granted = claim.dossier.extensions.iter().filter(|extension| extension.answered == Answered::Granted);
        let last = granted.filter_map(|extension| extension.answered_at).next_back().map(|at| at.date_naive());
        Self {
            protected: claim.status.is_protected(),
            end: claim.protection_end,
            since: last.or(claim.protection_start),
            closed: deal.is_some_and(|deal| deal.outcome != Outcome::Open),
            extended: u32::try_from(claim.dossier.extended()).unwrap_or(u32::MAX),
            proofs,
            today,
        }
    }
}

/// A change that would turn a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Turn {
    Protected,
    Runs(Day),
    Open,
    Fewer(u32),
    Proof(Proof),
    NoProof,
}

impl Turn {
    fn say(&self) -> String {
        match self {
            Self::Protected => "the registration were approved".to_owned(),
            Self::Runs(day) => format!("the protection ended on {}", text::day(*day)),
            Self::Open => "its deal were open".to_owned(),
            Self::Fewer(n) => format!("it had been extended {}", text::count(u64::from(*n), "time")),
            Self::Proof(proof) => {
                format!("there were a {} on {}", proof.kind.label().to_lowercase(), text::day(proof.day))
            }
            Self::NoProof => "there were no evidence".to_owned(),
        }
    }

    #[cfg(test)]
    pub(crate) fn apply(&self, facts: &mut ExtensionFacts) {
        match self {
            Self::Protected => facts.protected = true,
            Self::Runs(day) => facts.end = Some(*day),
            Self::Open => facts.closed = false,
            Self::Fewer(n) => facts.extended = *n,
            Self::Proof(proof) => facts.proofs.push(proof.clone()),
            Self::NoProof => facts.proofs.clear(),
        }
    }
}

/// Every check with the change that would turn it.
pub(crate) fn looked(facts: &ExtensionFacts, policy: &Policy) -> Vec<(Check, Option<Turn>)> {
    let rule = &policy.protection.extension;
    let check = |name: &str, outcome, fact: String, turn: Option<Turn>| {
        let verb = if outcome == CheckOutcome::Pass { "would fail" } else { "would pass" };
        let flip = turn.as_ref().map(|turn| format!("{verb} if {}", turn.say()));
        let check = Check { rule: "R-06".to_owned(), name: name.to_owned(), outcome, fact, records: Vec::new(), flip };
        (check, turn)
    };
    let (pass, fail) = (CheckOutcome::Pass, CheckOutcome::Fail);
    let mut all = Vec::new();
    all.push(match (facts.protected, facts.end) {
        (false, _) => check("Protection", fail, "it is not approved".to_owned(), Some(Turn::Protected)),
        (true, Some(end)) if end < facts.today => {
            check("Protection", fail, format!("it ended on {}", text::day(end)), Some(Turn::Runs(facts.today)))
        }
        (true, Some(end)) => check(
            "Protection",
            pass,
            format!("in force until {}", text::day(end)),
            Some(Turn::Runs(text::minus_days(facts.today, 1))),
        ),
        (true, None) => check("Protection", pass, "in force without an end".to_owned(), None),
    });
    all.push(if facts.closed {
        check("Deal", fail, "its deal is closed".to_owned(), Some(Turn::Open))
    } else {
        check("Deal", pass, "its deal is not closed".to_owned(), None)
    });
    let times = format!("extended {} of {}", facts.extended, text::count(rule.times.into(), "time"));
    all.push(if facts.extended < rule.times {
        check("Times", pass, times, Some(Turn::Fewer(rule.times)))
    } else {
        check("Times", fail, times, rule.times.checked_sub(1).map(Turn::Fewer))
    });
    let since = facts.since.unwrap_or(Day::MIN);
    // What is still to come shows no progress.
    let counts: Vec<Proof> =
        facts.proofs.iter().filter(|proof| (since..=facts.today).contains(&proof.day)).cloned().collect();
    all.push(match newest(&counts, &rule.evidence) {
        Some(proof) => check(
            "Progress",
            pass,
            format!("{} on {}: {}", proof.kind.label().to_lowercase(), text::day(proof.day), proof.text.trim()),
            Some(Turn::NoProof),
        ),
        None => {
            let wanted = ProofKind::ALL.iter().find(|kind| super::takes(&rule.evidence, **kind));
            let turn = wanted
                .filter(|_| since <= facts.today)
                .map(|kind| Turn::Proof(Proof { kind: *kind, day: facts.today, text: "supposed".to_owned() }));
            let fact = match facts.since {
                Some(since) => {
                    format!("no evidence of progress since {}: {}", text::day(since), kinds(&rule.evidence))
                }
                None => format!("no evidence of progress: {}", kinds(&rule.evidence)),
            };
            check("Progress", fail, fact, turn)
        }
    });
    all
}

/// What speaks against it, of a check.
pub(super) fn against(check: Check) -> Option<String> {
    (check.outcome == CheckOutcome::Fail).then_some(check.fact)
}

/// The day until which an extension runs.
#[must_use]
pub fn until(facts: &ExtensionFacts, days: u32) -> Day {
    after(facts.end.unwrap_or(facts.today).max(facts.today), days)
}

/// What the policy says of it.
#[must_use]
pub fn ruling(facts: &ExtensionFacts, policy: &Policy) -> Ruling {
    let looked = looked(facts, policy);
    let fails: Vec<&(Check, Option<Turn>)> =
        looked.iter().filter(|(check, _)| check.outcome == CheckOutcome::Fail).collect();
    let grant = fails.is_empty();
    let days = policy.protection.extension.days;
    let text = if grant {
        format!("extend by {}, until {}", text::count(days.into(), "day"), text::day(until(facts, days)))
    } else {
        "do not extend".to_owned()
    };
    let turns: Vec<&Turn> = if grant {
        looked.iter().rev().filter_map(|(_, turn)| turn.as_ref()).take(1).collect()
    } else {
        fails.iter().filter_map(|(_, turn)| turn.as_ref()).collect()
    };
    // Where one fail cannot be turned, mending the others would promise too much.
    let whole = grant || turns.len() == fails.len();
    let says: Vec<String> = turns.iter().map(|turn| turn.say()).collect();
    let word = if grant { "do not extend" } else { "extend" };
    let flip = (whole && !says.is_empty()).then(|| format!("would be “{word}” if {}", text::join(&says)));
    let mut checks: Vec<Check> = looked.into_iter().map(|(check, _)| check).collect();
    checks.sort_by_key(|check| std::cmp::Reverse(check.outcome));
    Ruling { grant, text, checks, flip, policy: policy.version }
}
