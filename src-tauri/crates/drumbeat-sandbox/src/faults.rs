//! What goes wrong on purpose: rates and one-shot scripts, aimed at a method, a path prefix or an object.
//!
//! The hard idea is *when*: a fault before applying must leave no trace at the CRM, one after applying must leave the whole
//! write and lose only the answer. The ledger tells the two apart, the client cannot.
//! Callers rely on: the same seed draws the same faults for the same sequence of requests; a script fires exactly `count` times.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::random::Random;
use crate::wire::Fate;

/// One thing that can go wrong with a request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Fault {
    /// The answer comes late.
    Latency {
        /// By how much.
        ms: u64,
    },
    /// 429, nothing applied.
    TooMany {
        /// Seconds in `Retry-After`; absent means no such header.
        #[serde(default)]
        retry_after: Option<u32>,
        /// The secondly policy instead of the ten-secondly one.
        #[serde(default)]
        secondly: bool,
    },
    /// A server error.
    Status {
        /// 500, 502, 503, ...
        code: u16,
        /// Whether the write was applied all the same.
        #[serde(default)]
        applied: bool,
    },
    /// The connection is reset.
    Reset {
        /// Whether the write was applied before.
        #[serde(default)]
        applied: bool,
    },
    /// The body ends in the middle; the write was applied.
    Truncated,
    /// A page of HTML instead of JSON, nothing applied.
    Html {
        /// Its status, such as 502.
        code: u16,
    },
    /// The body comes in small pieces; the write was applied.
    SlowBody {
        /// Pause between pieces.
        ms: u64,
    },
    /// The access token counts as expired for this request.
    TokenExpired,
    /// The access token is revoked from this request on.
    TokenRevoked,
    /// The token may only read.
    ReadOnly,
    /// The account's rules refuse a property.
    Refused {
        /// The property.
        property: String,
        /// What the vendor says.
        message: String,
    },
    /// The record is locked by another transaction; nothing applied.
    Locked,
    /// Another user edits the record just before this write reaches it.
    Edited {
        /// What they set.
        properties: BTreeMap<String, String>,
        /// Who they are.
        #[serde(default)]
        user: String,
    },
}

/// A fault that comes by chance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultRate {
    /// The share of matching requests, 0 to 1.
    pub rate: f64,
    /// Only this method.
    #[serde(default)]
    pub method: Option<String>,
    /// Only paths that start so.
    #[serde(default)]
    pub path: Option<String>,
    /// Only this object type, by the name it has in paths.
    #[serde(default)]
    pub object: Option<String>,
    /// What happens.
    pub fault: Fault,
}

fn once() -> u32 {
    1
}

/// A fault that comes a known number of times, in order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultScript {
    /// Matching requests to let pass first.
    #[serde(default)]
    pub skip: u32,
    /// How many matching requests it strikes.
    #[serde(default = "once")]
    pub count: u32,
    /// Only this method.
    #[serde(default)]
    pub method: Option<String>,
    /// Only paths that start so.
    #[serde(default)]
    pub path: Option<String>,
    /// Only this object type, by the name it has in paths.
    #[serde(default)]
    pub object: Option<String>,
    /// What happens.
    pub fault: Fault,
}

/// How an org is set up against its user. HubSpot has no such thing.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OrgFaults {
    /// Fields (`Opportunity.Amount`) and objects (`Quote`) that the user may not see.
    pub hidden: Vec<String>,
    /// Fields that the user may see and not change.
    pub locked: Vec<String>,
    /// Objects whose duplicate rule is on.
    pub duplicate_rules: Vec<String>,
    /// The user may not make fields.
    pub no_metadata: bool,
    /// A refresh token is good for one refresh.
    pub rotate_refresh: bool,
}

/// Everything that goes wrong.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Faults {
    /// Where chance starts.
    pub seed: u64,
    /// Every answer comes this late.
    pub latency_ms: u64,
    /// The search index notices a change this late.
    pub index_lag_ms: u64,
    /// Faults by chance.
    pub rates: Vec<FaultRate>,
    /// Faults by script; at most one script strikes a request, the first that matches.
    pub scripts: Vec<FaultScript>,
    /// What an org's setup refuses.
    pub org: OrgFaults,
}

impl Faults {
    /// Reads a plan of faults from TOML or JSON; the error is a sentence.
    pub fn parse(text: &str) -> Result<Self, String> {
        let plan: Faults = if text.trim_start().starts_with('{') {
            serde_json::from_str(text).map_err(|e| format!("The faults are not readable: {e}."))?
        } else {
            toml::from_str(text).map_err(|e| format!("The faults are not readable: {}.", e.message()))?
        };
        match plan.rates.iter().find(|r| !(0.0..=1.0).contains(&r.rate)) {
            Some(r) => Err(format!("A fault rate must lie between 0 and 1, not {}.", r.rate)),
            None => Ok(plan),
        }
    }
}

/// What a fault aims at.
pub(crate) struct Target<'a> {
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) object: Option<&'a str>,
}

fn aimed(target: &Target<'_>, method: Option<&String>, path: Option<&String>, object: Option<&String>) -> bool {
    // Sign-in is only struck when a path says so: a client without a token can show nothing else.
    let spared = path.is_none() && (target.path.starts_with("/oauth") || target.path.starts_with("/services/oauth2"));
    !spared
        && method.is_none_or(|m| m.eq_ignore_ascii_case(target.method))
        && path.is_none_or(|p| target.path.starts_with(p.as_str()))
        && object.is_none_or(|o| target.object == Some(o.as_str()))
}

/// What strikes once a request is done: the status that is told in the place of its answer.
pub(crate) fn afterwards(struck: &[Fault], fate: &Fate) -> Option<u16> {
    let mut told = None;
    for fault in struck {
        match fault {
            Fault::Status { code, applied: true } => told = Some(*code),
            Fault::Reset { applied: true } => fate.reset(),
            _ => {}
        }
    }
    told
}

#[derive(Debug, Default)]
pub(crate) struct Mishaps {
    pub(crate) plan: Faults,
    random: Option<Random>,
}

impl Mishaps {
    pub(crate) fn new(plan: Faults) -> Self {
        let random = Some(Random::new(plan.seed));
        Mishaps { plan, random }
    }

    /// Whether the token may only read, whatever is asked: it then says so of itself.
    pub(crate) fn read_only(&self) -> bool {
        self.plan.rates.iter().any(|one| one.fault == Fault::ReadOnly && one.rate >= 1.0)
    }

    /// What strikes this request.
    pub(crate) fn draw(&mut self, target: &Target<'_>) -> Vec<Fault> {
        let mut out = Vec::new();
        if self.plan.latency_ms > 0 {
            out.push(Fault::Latency { ms: self.plan.latency_ms });
        }
        for script in &mut self.plan.scripts {
            if script.count == 0 || !aimed(target, script.method.as_ref(), script.path.as_ref(), script.object.as_ref())
            {
                continue;
            }
            if script.skip > 0 {
                script.skip -= 1;
                continue;
            }
            script.count -= 1;
            out.push(script.fault.clone());
            return out;
        }
        let random = self.random.get_or_insert_with(|| Random::new(0));
        for rate in &self.plan.rates {
            if aimed(target, rate.method.as_ref(), rate.path.as_ref(), rate.object.as_ref()) && random.chance(rate.rate)
            {
                out.push(rate.fault.clone());
                return out;
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn a_script_strikes_the_requests_it_names_and_no_other() {
        let plan = Faults::parse(
            "[[scripts]]\nskip = 1\ncount = 2\nmethod = \"PATCH\"\nobject = \"deals\"\nfault = { kind = \"status\", code = 503, applied = true }\n",
        )
        .unwrap();
        let mut m = Mishaps::new(plan);
        let mut hit = |method, object| !m.draw(&Target { method, path: "/x", object: Some(object) }).is_empty();
        let got = [
            hit("PATCH", "deals"),
            hit("GET", "deals"),
            hit("PATCH", "notes"),
            hit("PATCH", "deals"),
            hit("PATCH", "deals"),
            hit("PATCH", "deals"),
        ];
        assert_eq!(got, [false, false, false, true, true, false]);
    }

    #[test]
    fn both_notations_mean_the_same_and_nonsense_is_refused() {
        let toml = "index_lag_ms = 500\n[[rates]]\nrate = 0.5\nfault = { kind = \"reset\" }\n";
        let json = r#"{"index_lag_ms":500,"rates":[{"rate":0.5,"fault":{"kind":"reset"}}]}"#;
        assert_eq!(Faults::parse(toml).unwrap(), Faults::parse(json).unwrap());
        for bad in ["rates = 1", r#"{"rates":[{"rate":2,"fault":{"kind":"reset"}}]}"#, r#"{"laterncy":1}"#] {
            assert!(Faults::parse(bad).is_err(), "{bad}");
        }
    }
}
