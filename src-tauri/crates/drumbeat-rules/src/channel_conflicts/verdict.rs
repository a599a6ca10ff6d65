//! C-04: who stands first. The policy's hierarchy, then the order of R-08; the first clause that separates two
//! parties decides, and says so. What is not known separates nobody.
//!
//! What would turn the verdict is not guessed: each fact that a party could bring is tried by judging again with it,
//! and named when the verdict then is another (B3).

use std::cmp::Ordering;

use drumbeat_model::channel::{Side, Standing};
use drumbeat_model::partner::Tier;
use drumbeat_model::time::{Day, Instant};
use drumbeat_model::verdict::{Clause, ClauseResult};

use super::collisions::Met;
use crate::policy::{Policy, Precedence, WinRule};
use crate::text;

/// One clause: whether it puts the first party before (`Less`) or behind, and the fact.
type Separated = (Option<Ordering>, String);

/// A verdict where there is nobody to compare.
pub(super) fn nobody(policy: &Policy) -> Standing {
    Standing {
        first: None,
        text: "one party alone: there is nothing to decide between".to_owned(),
        trace: Vec::new(),
        joint: false,
        turned_by: Vec::new(),
        policy: policy.version,
    }
}

/// Who of two stands first.
pub(super) fn judge(sides: &[Side], met: &Met, policy: &Policy) -> Standing {
    let [one, other] = sides else { return nobody(policy) };
    let (order, trace) = compare(one, other, policy);
    let (first, second) = if order == Some(Ordering::Greater) { (other, one) } else { (one, other) };
    let decided = trace.iter().find(|clause| clause.result == ClauseResult::Decides);
    let text = match decided {
        Some(clause) => format!("{} first: {}", first.party.name, clause.fact),
        None => "no clause separates them: a person decides".to_owned(),
    };
    let mut turned_by = Vec::new();
    for (from, gains, fact) in facts_to_gain(first, second, order.is_none()) {
        let changed = |side: &Side| if side.party == gains.party { gains.clone() } else { side.clone() };
        let (turned, _) = compare(&changed(one), &changed(other), policy);
        if turned != order && turned.is_some() {
            turned_by.push(format!("{from}: {fact}"));
        }
    }
    Standing {
        first: order.map(|_| first.party.key().to_owned()),
        text,
        trace,
        joint: met.joint,
        turned_by,
        policy: policy.version,
    }
}

/// The order of two sides with the clauses that were looked at.
fn compare(one: &Side, other: &Side, policy: &Policy) -> (Option<Ordering>, Vec<Clause>) {
    let mut trace = Vec::new();
    let then = policy.registration.who_wins.iter().filter(|rule| **rule != WinRule::SplitBySolution);
    let clauses = policy
        .conflicts
        .hierarchy
        .iter()
        .map(|clause| ("C-04", clause.label(), by_precedence(*clause, one, other)))
        .chain(then.map(|rule| ("R-08", rule.label(), by_rule(*rule, one, other, policy))));
    for (rule, statement, (order, fact)) in clauses {
        let decides = order.is_some_and(|order| order != Ordering::Equal);
        trace.push(Clause {
            rule: rule.to_owned(),
            statement: statement.to_owned(),
            fact,
            result: if decides { ClauseResult::Decides } else { ClauseResult::Holds },
        });
        if decides {
            return (order, trace);
        }
    }
    (None, trace)
}

/// Who has something that the other has not.
fn has(one: &Side, other: &Side, ours: bool, theirs: bool, what: &str) -> Separated {
    let said = |side: &Side, rest: &str| format!("{} has {what}{rest}", side.party.name);
    match (ours, theirs) {
        (true, false) => (Some(Ordering::Less), said(one, &format!(", {} has not", other.party.name))),
        (false, true) => (Some(Ordering::Greater), said(other, &format!(", {} has not", one.party.name))),
        (true, true) => (Some(Ordering::Equal), format!("both have {what}")),
        (false, false) => (Some(Ordering::Equal), format!("neither has {what}")),
    }
}

fn by_precedence(clause: Precedence, one: &Side, other: &Side) -> Separated {
    let known = |ours: Option<bool>, theirs: Option<bool>, what: &str| match (ours, theirs) {
        (Some(ours), Some(theirs)) => has(one, other, ours, theirs, what),
        _ => (None, format!("it is not known for both who has {what}")),
    };
    match clause {
        Precedence::Registered => {
            let (order, mut fact) =
                has(one, other, one.registered.is_some(), other.registered.is_some(), "a registration in force");
            let what = match order {
                Some(Ordering::Less) => one.registered.as_ref(),
                Some(Ordering::Greater) => other.registered.as_ref(),
                _ => None,
            };
            if let Some(what) = what {
                fact = format!("{fact} ({what})");
            }
            (order, fact)
        }
        Precedence::Incumbent => has(one, other, one.incumbent, other.incumbent, "the account today"),
        // Direct sales needs no certificate: that separates nobody.
        Precedence::Certified => known(one.certified, other.certified, "a valid certificate"),
        Precedence::Reserved => has(one, other, one.reserved, other.reserved, "the account by the policy's lists"),
        Precedence::Territory => known(one.in_territory, other.in_territory, "it in its territory"),
    }
}

fn by_rule(rule: WinRule, one: &Side, other: &Side, policy: &Policy) -> Separated {
    match rule {
        WinRule::FirstQualified => {
            sooner(one, other, one.first_qualified, other.first_qualified, "complete submission", Instant::date_naive)
        }
        WinRule::FirstMeeting => {
            sooner(one, other, one.first_meeting, other.first_meeting, "first meeting", |day| *day)
        }
        WinRule::TierPriority => {
            let rank = |side: &Side| {
                let name = side.tier.as_deref()?;
                Tier::ALL.iter().position(|tier| policy.tier(*tier).name == name)
            };
            match (rank(one), rank(other)) {
                (Some(ours), Some(theirs)) if ours != theirs => {
                    let first = if ours > theirs { one } else { other };
                    let fact = format!("{} is {}", first.party.name, first.tier.as_deref().unwrap_or_default());
                    (Some(theirs.cmp(&ours)), fact)
                }
                (Some(_), Some(_)) => (Some(Ordering::Equal), "both have the same tier".to_owned()),
                _ => (None, "not both have a tier".to_owned()),
            }
        }
        WinRule::SplitBySolution => (None, "it does not order two parties".to_owned()),
    }
}

fn sooner<T: Ord>(
    one: &Side,
    other: &Side,
    ours: Option<T>,
    theirs: Option<T>,
    what: &str,
    day: impl Fn(&T) -> Day,
) -> Separated {
    let said = |side: &Side, at: &T| format!("{} had the earlier {what}, on {}", side.party.name, text::day(day(at)));
    match (ours, theirs) {
        (Some(ours), Some(theirs)) => match ours.cmp(&theirs) {
            Ordering::Less => (Some(Ordering::Less), said(one, &ours)),
            Ordering::Greater => (Some(Ordering::Greater), said(other, &theirs)),
            Ordering::Equal => (Some(Ordering::Equal), format!("both had the {what} at once")),
        },
        (Some(_), None) => (Some(Ordering::Less), format!("only {} has a {what}", one.party.name)),
        (None, Some(_)) => (Some(Ordering::Greater), format!("only {} has a {what}", other.party.name)),
        (None, None) => (None, format!("neither has a {what}")),
    }
}

/// What a party could bring, each as the party with it: the one that stands behind, or both where nobody stands first.
fn facts_to_gain(first: &Side, second: &Side, level: bool) -> Vec<(String, Side, String)> {
    let mut all = Vec::new();
    let pairs: &[(&Side, &Side)] = if level { &[(second, first), (first, second)] } else { &[(second, first)] };
    for (side, against) in pairs {
        let mut add = |fact: String, change: &dyn Fn(&mut Side)| {
            let mut changed = (*side).clone();
            change(&mut changed);
            if changed != **side {
                all.push((side.party.name.clone(), changed, fact));
            }
        };
        if side.party.partner.is_some() {
            add("a registration in force for this account".to_owned(), &|side| {
                side.registered = side.registered.take().or(Some("a registration".to_owned()));
            });
            if let Some(theirs) = against.first_qualified {
                let before = theirs - chrono::TimeDelta::days(1);
                let fact =
                    format!("a registration in force that was complete before {}", text::day(theirs.date_naive()));
                add(fact, &|side| {
                    side.registered = side.registered.take().or(Some("a registration".to_owned()));
                    side.first_qualified = Some(before);
                });
            }
            add("a valid certificate".to_owned(), &|side| side.certified = Some(true));
            if let Some(theirs) = against.first_qualified {
                let before = theirs - chrono::TimeDelta::days(1);
                add(format!("a complete submission before {}", text::day(theirs.date_naive())), &|side| {
                    side.first_qualified = Some(before);
                });
            } else {
                add("a complete submission".to_owned(), &|side| {
                    side.first_qualified = side.first_qualified.or(Some(Instant::UNIX_EPOCH));
                });
            }
        }
        match against.first_meeting {
            Some(theirs) => add(format!("a meeting before {}", text::day(theirs)), &|side| {
                side.first_meeting = theirs.pred_opt();
            }),
            None => add("a meeting with the customer".to_owned(), &|side| {
                side.first_meeting = side.first_meeting.or(Some(Day::MIN));
            }),
        }
        add("that it holds the account today".to_owned(), &|side| side.incumbent = true);
    }
    if !level {
        // What the one in front could lose.
        let mut lost = first.clone();
        lost.registered = None;
        if !lost.claims.is_empty() {
            lost.first_qualified = None;
        }
        if lost != *first {
            all.push((first.party.name.clone(), lost, "without its registration".to_owned()));
        }
        let mut newcomer = first.clone();
        newcomer.incumbent = false;
        if newcomer != *first {
            all.push((first.party.name.clone(), newcomer, "were it not the incumbent".to_owned()));
        }
    }
    all
}
