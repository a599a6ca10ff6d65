//! The program's policy: every number, list and text that a rule uses, read from one TOML file.
//!
//! The built-in policy is a file of the same form (`policy/default.toml`), so that what a program
//! starts from can be read, copied and changed. Reading is strict: an unknown key, a field that does
//! not exist or a number out of range is refused, all of them at once and each with its line, its column
//! and what to do, because a rule that is silently not applied is worse than a file that does not load.
//!
//! Callers rely on a `Policy` being usable as it is: every stage list has five stages, every tier and
//! decline reason is there, every placeholder of a message is known. Which version is in force is the
//! caller's: a policy only carries its number and its day.

mod change;
mod check;
mod document;
mod form;
mod parts;
mod places;
mod schema;
mod span;
mod validate;

use std::sync::LazyLock;

use serde::Deserialize;

use drumbeat_model::deal::Motion;
use drumbeat_model::partner::{PartnerType, Tier};
use drumbeat_model::policy::PolicyProblem;
use drumbeat_model::registration::DeclineReason;
use drumbeat_model::time::Day;

use crate::calendar;

pub use change::{changed, differences, numbered};
pub use document::{acknowledgement, document, markdown, published, subtitle};
pub use form::settings;
pub use parts::*;
pub use places::Places;
pub use schema::schema_text;
pub use span::{Holiday, Span, TimeOfDay, Unit, Weekday, Zone};

const BUILT_IN: &str = include_str!("../policy/default.toml");

/// A policy file longer than this is refused.
pub const MAX_BYTES: usize = 1024 * 1024;

/// One version of the program's policy.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Number of this version; each change gets the next one.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub version: u32,
    /// First day on which it judges.
    #[schemars(with = "String", extend("format" = "date"))]
    pub effective: Day,
    /// Which motions run.
    pub motions: Motions,
    /// Stages of each motion.
    pub stages: Stages,
    /// Targets of the clocks.
    pub clocks: Clocks,
    /// Working days and hours; what business time counts.
    pub calendar: CalendarRule,
    /// What is told on the desktop before a clock runs out.
    pub notifications: Notifications,
    /// Rules for registrations.
    pub registration: RegistrationRules,
    /// Protection windows.
    pub protection: Protection,
    /// Appeals.
    pub appeals: Appeals,
    /// After the first decision.
    pub lifecycle: LifecycleRules,
    /// Whose queue a registration comes into.
    pub routing: Routing,
    /// Who is credited, and when that is fixed.
    pub attribution: AttributionRules,
    /// Which claim stands before which.
    pub conflicts: ConflictRules,
    /// Who needs a certificate.
    pub certification: CertificationRules,
    /// From when on two companies are one.
    pub matching: MatchingRules,
    /// Blocked, named and exclusive accounts.
    pub accounts: Accounts,
    /// How much a partner may hold.
    pub capacity: Capacity,
    /// What each tier may do.
    pub tiers: Tiers,
    /// What a territory covers: countries or other territories.
    pub territories: std::collections::BTreeMap<String, Vec<String>>,
    /// Other ways in which a country is written.
    pub country_names: std::collections::BTreeMap<String, Vec<String>>,
    /// Decline reasons in words.
    pub decline_reasons: DeclineReasons,
    /// Required fields of deals.
    pub hygiene: Hygiene,
    /// The review.
    pub review: ReviewRules,
    /// Weights of the signals.
    pub signals: SignalWeights,
    /// How figures are counted.
    pub metrics: MetricRules,
    /// From when on a partner's numbers speak for more or for less.
    pub stance: StanceRules,
    /// What an audience may see.
    pub safelist: Safelist,
    /// Templates of messages.
    pub messages: Messages,
    /// Templates of the messages after the first decision.
    pub letters: Letters,
    /// Territories and countries by their plain names, made from the lists when the file is read.
    #[serde(skip)]
    places: Places,
}

/// A policy file is refused; everything that is wrong with it, by line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyErrors(pub Vec<PolicyProblem>);

impl std::error::Error for PolicyErrors {}

impl std::fmt::Display for PolicyErrors {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (number, problem) in self.0.iter().enumerate() {
            let end = if number == 0 { "" } else { "\n" };
            let PolicyProblem { line, column, message, advice } = problem;
            write!(f, "{end}line {line}, column {column}: {message}. {advice}")?;
        }
        Ok(())
    }
}

impl Policy {
    /// The policy that a program starts from.
    #[must_use]
    pub fn built_in() -> Self {
        static ONCE: LazyLock<Policy> = LazyLock::new(|| match Policy::parse(BUILT_IN) {
            Ok(policy) => policy,
            // The file is part of the binary and a test parses it: this cannot be reached by any input.
            Err(error) => unreachable!("the built-in policy: {error}"),
        });
        ONCE.clone()
    }

    /// The text of the built-in policy, with its comments.
    #[must_use]
    pub fn built_in_text() -> &'static str {
        BUILT_IN
    }

    /// Reads a policy file.
    ///
    /// # Errors
    /// Everything that is wrong with it, each with line and column: what is no TOML, unknown and missing keys,
    /// values of the wrong form or out of range, and values that do not fit together.
    pub fn parse(text: &str) -> Result<Self, PolicyErrors> {
        if text.len() > MAX_BYTES {
            let message = format!("the file is longer than {MAX_BYTES} bytes");
            let advice = "Shorten its lists".to_owned();
            return Err(PolicyErrors(vec![PolicyProblem { line: 1, column: 1, message, advice }]));
        }
        let mut read = check::Read::of(text);
        if read.problems.is_empty() {
            read.check();
        }
        let policy = if read.problems.is_empty() {
            match toml::from_str::<Policy>(text) {
                Ok(policy) => Some(policy),
                Err(error) => {
                    let at = error.span().unwrap_or(0..0);
                    let message = error.message().trim().to_owned();
                    let advice = "Write it as the built-in policy does".to_owned();
                    read.problems.push(check::Problem { at, message, advice, part: String::new() });
                    None
                }
            }
        } else {
            patched(text, &read.problems)
        };
        let wrong: Vec<String> = read.problems.iter().map(|problem| problem.part.clone()).collect();
        for misfit in policy.iter().flat_map(validate::misfits) {
            // A part of the wrong form was judged by the built-in one in its place, which says nothing about it.
            if !wrong.iter().any(|part| misfit.path.split('.').next() == Some(part)) {
                let (message, advice) = (misfit.message, misfit.advice);
                let part = String::new();
                read.problems.push(check::Problem { at: read.place(&misfit.path), message, advice, part });
            }
        }
        match policy {
            Some(mut policy) if read.problems.is_empty() => {
                policy.places = Places::of(&policy.territories, &policy.country_names);
                Ok(policy)
            }
            _ => Err(PolicyErrors(told(text, read.problems))),
        }
    }

    /// Reads a version that was saved, perhaps by an older Drumbeat: a key that did not exist then has the
    /// value of the built-in policy.
    ///
    /// # Errors
    /// See [`Policy::parse`].
    pub fn parse_saved(text: &str) -> Result<Self, PolicyErrors> {
        Self::parse(text).or_else(|errors| {
            let filled = text.parse::<toml::Table>().ok().map(|mut table| {
                fill(&mut table, built_in_table(), schema::of(schema::schema()));
                table
            });
            filled.and_then(|table| Self::parse(&table.to_string()).ok()).ok_or(errors)
        })
    }

    /// The last day of a span that begins on `day`, in the time that the span counts.
    #[must_use]
    pub fn after(&self, day: Day, span: Span) -> Day {
        calendar::day_after(day, span, &self.calendar)
    }

    /// What a partner of this type may see (V-01).
    #[must_use]
    pub fn seen_by(&self, kind: Option<PartnerType>) -> &[drumbeat_model::field::Field] {
        kind.and_then(|kind| self.safelist.by_type.get(&kind)).unwrap_or(&self.safelist.partner)
    }

    /// The stages of a motion, or of the generic pipeline.
    #[must_use]
    pub fn stages_of(&self, motion: Option<Motion>) -> &[StageRule] {
        match motion {
            Some(Motion::Referral) => &self.stages.referral,
            Some(Motion::Reseller) => &self.stages.reseller,
            Some(Motion::Marketplace) => &self.stages.marketplace,
            Some(Motion::Services) => &self.stages.services,
            Some(Motion::Tech) => &self.stages.tech,
            None => &self.stages.generic,
        }
    }

    /// The stage at a position from 1; `None` when the position is not on the way.
    #[must_use]
    pub fn stage(&self, motion: Option<Motion>, position: u32) -> Option<&StageRule> {
        let index = usize::try_from(position.checked_sub(1)?).ok()?;
        self.stages_of(motion).get(index)
    }

    /// What a tier may do.
    #[must_use]
    pub fn tier(&self, tier: Tier) -> &TierRule {
        match tier {
            Tier::Registered => &self.tiers.registered,
            Tier::Select => &self.tiers.select,
            Tier::Elite => &self.tiers.elite,
        }
    }

    /// Which countries a territory covers, and by which names a country goes.
    #[must_use]
    pub fn places(&self) -> &Places {
        &self.places
    }

    /// A decline reason in words.
    #[must_use]
    pub fn decline(&self, reason: DeclineReason) -> &DeclineText {
        let texts = &self.decline_reasons;
        match reason {
            DeclineReason::Duplicate => &texts.duplicate,
            DeclineReason::NotQualified => &texts.not_qualified,
            DeclineReason::ActiveCycle => &texts.active_cycle,
            DeclineReason::Territory => &texts.territory,
            DeclineReason::Blocked => &texts.blocked,
            DeclineReason::NotCertified => &texts.not_certified,
            DeclineReason::Incomplete => &texts.incomplete,
            DeclineReason::Other => &texts.other,
        }
    }
}

/// The built-in policy as a table.
fn built_in_table() -> &'static toml::Table {
    static ONCE: LazyLock<toml::Table> = LazyLock::new(|| BUILT_IN.parse().unwrap_or_default());
    &ONCE
}

/// The policy with the parts that have problems taken from the built-in one, so that the others can be judged.
fn patched(text: &str, problems: &[check::Problem]) -> Option<Policy> {
    let mut table: toml::Table = text.parse().ok()?;
    let built_in = built_in_table();
    for problem in problems {
        match built_in.get(&problem.part) {
            Some(part) => table.insert(problem.part.clone(), part.clone()),
            None => table.remove(&problem.part),
        };
    }
    table.try_into().ok()
}

/// Puts keys of the built-in policy where they are missing; in lists and maps of names nothing is missing.
fn fill(table: &mut toml::Table, from: &toml::Table, schema: &'static serde_json::Value) {
    let known = schema.get("properties").and_then(serde_json::Value::as_object);
    let required = schema.get("required").and_then(serde_json::Value::as_array);
    for (name, schema) in known.into_iter().flatten() {
        let Some(built_in) = from.get(name) else { continue };
        let is_needed = required.is_some_and(|all| all.iter().any(|needed| needed == name));
        match (table.get_mut(name), built_in) {
            (Some(toml::Value::Table(inside)), toml::Value::Table(built_in)) => {
                fill(inside, built_in, schema::of(schema))
            }
            (None, built_in) if is_needed => {
                table.insert(name.clone(), built_in.clone());
            }
            _ => {}
        }
    }
}

/// Problems as they are told, in the order of the file.
fn told(text: &str, problems: Vec<check::Problem>) -> Vec<PolicyProblem> {
    let tell = |problem: check::Problem| {
        let (line, column) = position(text, problem.at.start);
        PolicyProblem { line, column, message: problem.message, advice: capital(&problem.advice) }
    };
    let mut all: Vec<PolicyProblem> = problems.into_iter().map(tell).collect();
    all.sort();
    all.dedup();
    all.truncate(check::MOST);
    all
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// Line and column (from 1) of a byte of `text`.
fn position(text: &str, byte: usize) -> (u32, u32) {
    let mut line = 1;
    let mut column = 1;
    for (at, c) in text.char_indices() {
        if at >= byte {
            break;
        }
        if c == '\n' {
            line += 1;
            column = 1;
        } else {
            column += 1;
        }
    }
    (line, column)
}

#[cfg(test)]
mod tests;
