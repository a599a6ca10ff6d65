//! Judging a settled channel conflict again, by another policy (B2, G-03).
//!
//! A settlement keeps what was known of the account when it was decided ([`JudgedConflict`]); with that the same rules run
//! again under any policy, whatever has become of the records since. Contacts are not kept: they bring signals, and no
//! verdict hangs on them. Whether a certificate counted and whether a submission was complete is kept as it was judged
//! then. The policy that judged then judges the same again: every difference comes from the other one.

use drumbeat_model::channel::Standing;
use drumbeat_model::policy::ReplayedRule;
use drumbeat_model::time::Instant;
use drumbeat_model::verdict::{Clause, ClauseResult};
use serde::{Deserialize, Serialize};

use super::facts::Cluster;
use crate::policy::Policy;

/// What a settlement keeps, to be judged again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JudgedConflict {
    /// When it was judged.
    pub at: Instant,
    /// Kind and parties of the finding.
    pub key: String,
    /// What was known.
    pub cluster: Cluster,
}

impl JudgedConflict {
    /// What is to be kept of a finding with this key.
    #[must_use]
    pub fn of(mut cluster: Cluster, key: String, at: Instant) -> Self {
        cluster.touches.clear();
        cluster.partners.values_mut().for_each(|partner| partner.contacts.clear());
        Self { at, key, cluster }
    }

    /// Judges it by a policy; nothing when that finds no such channel conflict.
    #[must_use]
    pub fn by(&self, policy: &Policy) -> Option<Standing> {
        let judged = super::judge(&self.cluster, policy, self.at);
        judged.findings.into_iter().find(|finding| finding.key() == self.key).map(|finding| finding.verdict)
    }
}

/// Everything in which another verdict differs: who stands first, and the clauses that come to something else.
#[must_use]
pub fn differences(before: &Standing, after: &Standing) -> Vec<ReplayedRule> {
    let mut all = Vec::new();
    let mut say = |rule: &str, name: &str, before: String, after: String| {
        all.push(ReplayedRule { rule: rule.to_owned(), name: name.to_owned(), before, after });
    };
    if before.first != after.first {
        say("C-04", "Who stands first", before.text.clone(), after.text.clone());
    }
    let told = |clause: Option<&Clause>| match clause {
        None => "not looked at".to_owned(),
        Some(clause) if clause.result == ClauseResult::Decides => format!("decides: {}", clause.fact),
        Some(clause) => format!("does not separate them: {}", clause.fact),
    };
    let find = |standing: &'_ Standing, statement: &str| {
        standing.trace.iter().find(|clause| clause.statement == statement).cloned()
    };
    let mut statements: Vec<(&str, &str)> = Vec::new();
    for clause in before.trace.iter().chain(&after.trace) {
        if !statements.iter().any(|(_, statement)| *statement == clause.statement) {
            statements.push((&clause.rule, &clause.statement));
        }
    }
    for (rule, statement) in statements {
        let (was, is) = (find(before, statement), find(after, statement));
        if was.as_ref().map(|clause| (clause.result, &clause.fact))
            != is.as_ref().map(|clause| (clause.result, &clause.fact))
        {
            say(rule, statement, told(was.as_ref()), told(is.as_ref()));
        }
    }
    all
}
