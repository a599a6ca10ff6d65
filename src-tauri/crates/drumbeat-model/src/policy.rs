//! The program's policy as the window and the command line show it: the settings that people change as a
//! form, the whole as a document of sentences, the file for experts, its versions and what differs.
//!
//! A draft is a text, or a version, with settings changed in it; nothing here is in force until it is
//! saved with a reason. What the rules read is the rules' own type; this one is for people.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::deal::{Choice, words};
use crate::ids::{DecisionId, RegistrationId};
use crate::money::Money;
use crate::time::{Day, Instant};
use crate::verdict::Act;

/// Which version to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct PolicyQuery {
    /// The one in force when absent.
    #[serde(default)]
    pub version: Option<u32>,
}

/// One version of the policy, in every form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PolicyView {
    /// Number.
    pub version: u32,
    /// First day on which it judges.
    pub effective: Day,
    /// It judges today.
    pub in_force: bool,
    /// Today: a version that is saved takes effect on this day at the earliest.
    pub today: Day,
    /// What people change, as a form.
    pub settings: Vec<PolicySetting>,
    /// The whole, to be read.
    pub sections: Vec<PolicySection>,
    /// The file, with its comments.
    pub text: String,
    /// All versions, latest first.
    pub versions: Vec<PolicyVersion>,
}

/// One setting of the form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(optional_fields = nullable)]
pub struct PolicySetting {
    /// Where it stands in the file, e.g. `protection.default_days`.
    pub key: String,
    /// Rule id, e.g. `R-06`.
    pub rule: String,
    /// Heading that it stands under.
    pub group: String,
    /// What it is.
    pub label: String,
    /// What it does, in a sentence.
    pub help: String,
    /// What it is set to; absent when there is no limit.
    pub value: Option<SettingValue>,
    /// What the built-in policy has.
    pub built_in: Option<SettingValue>,
    /// How it is entered.
    pub form: SettingForm,
}

/// The value of a setting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(untagged)]
pub enum SettingValue {
    /// On or off.
    Switch(bool),
    /// A number.
    Number(u32),
    /// A word, or a time such as `2 business days`.
    Word(String),
    /// Words, in order.
    Words(Vec<String>),
}

/// How a setting is entered, and what it may be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum SettingForm {
    /// A whole number with its unit.
    Number {
        /// Least.
        least: u32,
        /// Most.
        most: u32,
        /// Unit, e.g. "days".
        unit: String,
    },
    /// A number and a unit in one text: `48 hours`, `2 business days`.
    Span {
        /// Units that may follow the number.
        units: Vec<String>,
    },
    /// One of these.
    Choice {
        /// Which.
        choices: Vec<Choice>,
    },
    /// On or off.
    Switch,
    /// Several of these; any text where there are none.
    List {
        /// Which.
        choices: Vec<Choice>,
        /// Their order counts.
        ordered: bool,
    },
}

/// A part of the policy, to be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PolicySection {
    /// Its table in the file, e.g. `protection`.
    pub key: String,
    /// Heading.
    pub title: String,
    /// What it says.
    pub sentences: Vec<PolicySentence>,
}

/// One rule in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PolicySentence {
    /// Rule id, e.g. `R-06`.
    pub rule: String,
    /// The rule with its value.
    pub text: String,
}

/// A version of the policy, in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(optional_fields = nullable)]
pub struct PolicyVersion {
    /// Number.
    pub version: u32,
    /// First day on which it judges.
    pub effective: Day,
    /// Last day on which it judges; absent while no other follows, or when it never judges.
    pub until: Option<Day>,
    /// It judges today.
    pub in_force: bool,
    /// The one that Drumbeat brings with it.
    pub built_in: bool,
    /// Saved; absent for the built-in one.
    pub saved_at: Option<Instant>,
    /// By whom.
    pub saved_by: Option<String>,
    /// Why.
    pub reason: Option<String>,
}

/// A policy that is not saved: a text, or a version, with settings changed in it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct PolicyDraft {
    /// The whole file.
    #[serde(default)]
    pub text: Option<String>,
    /// The version that it starts from when there is no text; the one in force when absent.
    #[serde(default)]
    pub version: Option<u32>,
    /// Settings that are changed in it; comments are kept.
    #[serde(default)]
    pub changes: Vec<SetSetting>,
}

/// One setting that is changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct SetSetting {
    /// Where it stands in the file, e.g. `protection.default_days`.
    pub key: String,
    /// What it becomes; absent takes it out of the file.
    #[serde(default)]
    pub value: Option<SettingValue>,
}

/// What a draft comes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PolicyChecked {
    /// The file that it is.
    pub text: String,
    /// Everything that is wrong with it; it can be saved when there is nothing.
    pub problems: Vec<PolicyProblem>,
    /// What it changes in the version in force; empty while it has problems.
    pub changes: Vec<PolicyChange>,
}

/// One thing that is wrong with a policy file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
pub struct PolicyProblem {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub advice: String,
}

/// One value that two versions have differently.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(optional_fields = nullable)]
pub struct PolicyChange {
    /// Where it stands in the file.
    pub key: String,
    /// What it is, in words.
    pub label: String,
    /// Was; absent when it was not there.
    pub before: Option<String>,
    /// Is; absent when it is not there any more.
    pub after: Option<String>,
}

/// Save a draft as the next version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct SavePolicy {
    /// What.
    pub draft: PolicyDraft,
    /// Why.
    pub reason: String,
    /// First day on which it judges; today when absent.
    #[serde(default)]
    pub effective: Option<Day>,
    /// The latest version that the person has seen; refused when there is a later one by now.
    #[serde(default)]
    pub seen: Option<u32>,
}

/// Two versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PolicyPair {
    /// The one.
    pub before: u32,
    /// The other.
    pub after: u32,
}

/// Judge past decisions by another policy (B2).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct ReplayPolicy {
    /// By which.
    pub draft: PolicyDraft,
    /// Decisions from this day on; a year back when absent.
    #[serde(default)]
    pub since: Option<Day>,
    /// Up to this day; today when absent.
    #[serde(default)]
    pub until: Option<Day>,
}

/// What another policy would have changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PolicyReplay {
    /// From this day on.
    pub since: Day,
    /// Up to this day.
    pub until: Day,
    /// Decisions that were judged again.
    pub judged: u32,
    /// Of these, how many get another verdict.
    pub flipped: u32,
    /// Partners for whom a verdict became an approval.
    pub helped: Vec<String>,
    /// Partners for whom an approval became something else.
    pub hurt: Vec<String>,
    /// Money under approval then, a sum for each currency.
    pub protected_before: Vec<Money>,
    /// Money under approval by the other policy.
    pub protected_after: Vec<Money>,
    /// Every decision that would differ, latest first.
    pub decisions: Vec<ReplayedDecision>,
    /// Channel conflicts that were judged again: settled ones of the time and those that are open now.
    #[serde(default)]
    pub conflicts_judged: u32,
    /// Verdicts on channel conflicts that would differ: open ones first, then settled ones, latest first.
    #[serde(default)]
    pub conflicts: Vec<ReplayedConflict>,
    /// Decisions that cannot be judged again, and why.
    pub unjudged: Vec<UnjudgedDecision>,
}

/// A decision that would differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(optional_fields = nullable)]
pub struct ReplayedDecision {
    /// Which.
    pub decision: DecisionId,
    /// About which registration.
    pub registration: RegistrationId,
    /// Its number.
    pub number: String,
    /// Company.
    pub company: String,
    /// Partner.
    pub partner: Option<String>,
    /// Amount.
    pub amount: Option<Money>,
    /// When.
    pub decided_at: Instant,
    /// What the person did.
    pub done: Act,
    /// Version that judged then.
    pub version: u32,
    /// What that version recommends.
    pub before: Act,
    /// What the other policy recommends.
    pub after: Act,
    /// The verdict is another one; otherwise only terms or a clock differ.
    pub flipped: bool,
    /// What decided, rule by rule.
    pub why: Vec<ReplayedRule>,
}

/// A verdict on a channel conflict that would differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(optional_fields = nullable)]
pub struct ReplayedConflict {
    /// Which.
    pub conflict: String,
    /// The decision that settled it; absent for one that is open.
    pub decision: Option<DecisionId>,
    /// The account.
    pub account: String,
    /// When it was settled, or found.
    pub at: Instant,
    /// How it was settled.
    pub done: Option<String>,
    /// Version that judged.
    pub version: u32,
    /// Who stands first by that version; nobody when absent.
    pub before: Option<String>,
    /// Who stands first by the other policy.
    pub after: Option<String>,
    /// Somebody else stands first; otherwise only the clause that decides differs.
    pub flipped: bool,
    /// What decided, rule by rule.
    pub why: Vec<ReplayedRule>,
}

/// A rule that comes to something else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ReplayedRule {
    /// Rule id.
    pub rule: String,
    /// Its name.
    pub name: String,
    /// What it came to then.
    pub before: String,
    /// What it comes to by the other policy.
    pub after: String,
}

/// A decision that cannot be judged again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct UnjudgedDecision {
    /// Which.
    pub decision: DecisionId,
    /// What was done.
    pub title: String,
    /// When.
    pub decided_at: Instant,
    /// Why not.
    pub why: String,
}

words! {
    /// A form in which the policy is published.
    PolicyFormat {
        Markdown "markdown" "Markdown",
        Pdf "pdf" "PDF",
    }
}

/// Publish the policy as rules of engagement (G-04).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct PublishPolicy {
    /// Which version; the one in force when absent.
    #[serde(default)]
    pub version: Option<u32>,
    /// In which forms.
    pub formats: Vec<PolicyFormat>,
}

/// The rules of engagement as written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PublishedPolicy {
    /// Which version.
    pub version: u32,
    /// The document as Markdown.
    pub text: String,
    /// Files that were written.
    pub files: Vec<PolicyFile>,
}

/// A file that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PolicyFile {
    /// Where.
    pub path: String,
    /// Form.
    pub format: PolicyFormat,
    /// Size.
    pub bytes: u32,
    /// Fingerprint.
    pub sha256: String,
}
