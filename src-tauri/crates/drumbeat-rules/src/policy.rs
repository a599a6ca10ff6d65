//! The program's policy: every number, list and text that a rule uses, read from one TOML file.
//!
//! The built-in policy is a file of the same form (`policy/default.toml`), so that what a program
//! starts from can be read, copied and changed. Reading is strict: an unknown key, a field that does
//! not exist or a number out of range is refused with its line and column, because a rule that is
//! silently not applied is worse than a file that does not load.
//!
//! Callers rely on a `Policy` being usable as it is: every stage list has five stages, every tier and
//! decline reason is there, every placeholder of a message is known. Versions in force and replay are
//! the caller's: a policy only carries its number and its day.

mod parts;
mod places;
mod validate;

use std::sync::LazyLock;

use serde::Deserialize;

use drumbeat_model::deal::Motion;
use drumbeat_model::partner::Tier;
use drumbeat_model::registration::DeclineReason;
use drumbeat_model::time::Day;

pub use parts::*;
pub use places::Places;

const BUILT_IN: &str = include_str!("../policy/default.toml");

/// A policy file longer than this is refused.
pub const MAX_BYTES: usize = 1024 * 1024;

/// One version of the program's policy.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Number of this version; each change gets the next one.
    pub version: u32,
    /// First day on which it judges.
    pub effective: Day,
    /// Which motions run.
    pub motions: Motions,
    /// Stages of each motion.
    pub stages: Stages,
    /// Targets of the clocks.
    pub clocks: Clocks,
    /// Rules for registrations.
    pub registration: RegistrationRules,
    /// Protection windows.
    pub protection: Protection,
    /// Who needs a certificate.
    pub certification: CertificationRules,
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
    /// What an audience may see.
    pub safelist: Safelist,
    /// Templates of messages.
    pub messages: Messages,
    /// Territories and countries by their plain names, made from the lists when the file is read.
    #[serde(skip)]
    places: Places,
}

/// Why a policy file is refused, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {message}")]
pub struct PolicyError {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// What is wrong.
    pub message: String,
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
    /// With line and column, when the text is not TOML, has an unknown or missing key, names a field that
    /// does not exist, or holds a number out of its range.
    pub fn parse(text: &str) -> Result<Self, PolicyError> {
        if text.len() > MAX_BYTES {
            return Err(PolicyError { line: 1, column: 1, message: format!("longer than {MAX_BYTES} bytes") });
        }
        let mut policy: Policy = toml::from_str(text).map_err(|error| {
            let (line, column) = position(text, error.span().map_or(0, |span| span.start));
            PolicyError { line, column, message: error.message().to_owned() }
        })?;
        policy.places = Places::of(&policy.territories, &policy.country_names);
        match validate::first_problem(&policy) {
            None => Ok(policy),
            Some(problem) => {
                let (line, column) = position(text, validate::locate(text, problem.section, problem.key));
                Err(PolicyError { line, column, message: problem.message })
            }
        }
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
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn changed(from: &str, to: &str) -> Result<Policy, PolicyError> {
        assert!(BUILT_IN.contains(from), "{from}");
        Policy::parse(&BUILT_IN.replacen(from, to, 1))
    }

    fn line_of(text: &str) -> u32 {
        u32::try_from(BUILT_IN.lines().position(|line| line.contains(text)).unwrap() + 1).unwrap()
    }

    #[test]
    fn the_built_in_policy_says_what_the_operating_model_says() {
        let policy = Policy::built_in();
        assert_eq!(policy.clocks.decision_hours, 48);
        assert_eq!(policy.clocks.notes_stale_days, 7);
        assert_eq!(policy.protection.default_days, 90);
        assert_eq!(policy.protection.choices, [60, 75, 90]);
        assert_eq!(policy.protection.untouched_days, 30);
        assert_eq!(policy.clocks.certification_reminder_days, 30);
        assert_eq!(policy.registration.net_new_months, 24);
        assert_eq!((policy.review.discussed, policy.review.minutes), (12, 40));
        assert_eq!(policy.motions.primary.len(), 2);
        for motion in Motion::ALL {
            assert_eq!(policy.stages_of(Some(*motion)).len(), 5);
        }
        assert_eq!(policy.stage(Some(Motion::Reseller), 2).unwrap().name, "Qualification");
        assert_eq!(policy.stage(None, 0), None);
        assert_eq!(policy.stage(None, 6), None);
        for reason in DeclineReason::ALL {
            assert_eq!(policy.decline(*reason).label, reason.label());
        }
    }

    #[test]
    fn a_wrong_file_is_refused_where_it_is_wrong() {
        for (from, to, line, says) in [
            ("decision_hours = 48 ", "decision_hours = \"soon\" ", "decision_hours", "u32"),
            ("decision_hours = 48 ", "decision_hour = 48 ", "decision_hours", "decision_hour"),
            ("decision_hours = 48 ", "decision_hours = 0 ", "decision_hours", "decision_hours"),
            ("default_days = 90", "default_days = 91", "default_days", "choices"),
            ("\"competitors\"]", "\"competitor\"]", "advised.deal", "competitor"),
            ("discount = [10, 20]", "discount = [20, 10]", "discount = [10, 20]", "discount"),
            ("primary = [\"reseller\", \"referral\"]", "primary = [\"reseller\", \"barter\"]", "primary =", "barter"),
            ("min_days = 7", "min_days = 700", "close_date.min_days", "max_days"),
            ("version = 1", "version = 0", "version = 1", "version"),
            ("Please book the first", "{competitor} Please book the first", "approve = \"\"\"", "{competitor}"),
        ] {
            let error = changed(from, to).unwrap_err();
            assert!(error.message.contains(says), "{to}: {error}");
            assert_eq!(error.line, line_of(line), "{to}: {error}");
            assert!(error.column >= 1);
        }
    }

    #[test]
    fn a_missing_part_and_a_broken_text_are_refused() {
        assert!(Policy::parse("").unwrap_err().message.contains("missing field"));
        assert!(Policy::parse("version = ").is_err());
        assert!(Policy::parse(&"#".repeat(MAX_BYTES + 1)).unwrap_err().message.contains("longer"));
        assert!(changed("review]", "reviews]").is_err());
    }

    #[test]
    fn a_column_counts_characters_and_not_bytes() {
        assert_eq!(position("ä = ö\nü x", 9), (2, 2));
        assert_eq!(position("", 0), (1, 1));
        assert_eq!(position("ab", 99), (1, 3));
    }
}
