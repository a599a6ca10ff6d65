//! Clocks as people ask for them: what runs and is over, and how the clocks of a period were kept (S, K-13).

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::ids::PartnerId;
use crate::time::{Day, Instant};
use crate::today::{Reached, TodayTarget};
use crate::verdict::Clock;

/// Which clocks.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct ClocksQuery {
    /// Only these, by rule id; all when empty.
    pub rules: Vec<String>,
    /// Only those that are over.
    pub over: bool,
    /// Only this partner's.
    pub partner: Option<PartnerId>,
    /// Lines of each clock, at most 500; 0 means 100.
    pub limit: u32,
}

/// The clocks that have not ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ClocksPage {
    /// As of.
    pub now: Instant,
    /// Longest over first, then by when they are due; paused ones last.
    pub rows: Vec<ClockLine>,
    /// What each clock is, in order of the rules, with how many of it the rows have.
    pub rules: Vec<ClockKind>,
}

/// One clock and what it is of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ClockLine {
    /// The clock.
    pub clock: Clock,
    /// What is to be done, e.g. "Decide Hansa Kühlkette".
    pub title: String,
    /// Partner.
    pub partner: Option<String>,
    /// The record that it opens.
    pub opens: TodayTarget,
}

/// What a clock is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ClockKind {
    /// Rule id, e.g. `S-02`.
    pub rule: String,
    /// What it is called.
    pub name: String,
    /// What starts it.
    pub starts: String,
    /// What ends it.
    pub ends: String,
    /// What pauses it.
    pub pauses: Option<String>,
    /// How much time it gives, by the policy, e.g. `2 business days`.
    pub target: String,
    /// Told on the desktop before it runs out.
    pub told: bool,
    /// Running or paused.
    pub running: u32,
    /// Over.
    pub over: u32,
    /// There are more than the rows have.
    pub more: bool,
}

/// The period that is asked about.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct AttainmentQuery {
    /// First day; 30 days back when absent.
    pub from: Option<Day>,
    /// Last day; today when absent.
    pub to: Option<Day>,
    /// Only this partner's.
    pub partner: Option<PartnerId>,
}

/// How the clocks of a period were kept: those that ended in it, and those that ran out in it and are still over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AttainmentReport {
    /// First day.
    pub from: Day,
    /// Last day.
    pub to: Day,
    /// One a clock, in order of the rules.
    pub rows: Vec<ClockRecord>,
}

/// How one clock was kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ClockRecord {
    /// Rule id.
    pub rule: String,
    /// What it is called.
    pub name: String,
    /// How much time it gives, by the policy in force.
    pub target: String,
    /// Kept.
    pub met: u32,
    /// Not kept.
    pub breached: u32,
    /// Of those, still not done.
    pub over: u32,
    /// Began before the go-live day and count for nothing (S-12).
    pub baseline: u32,
    /// The middle of what was left in seconds of the time that it counts, below zero for what was late.
    #[ts(type = "number | null")]
    pub median_left: Option<i64>,
    /// For decisions: the same by when they reached the CRM (B5).
    pub reached: Option<Reached>,
    /// The worst breaches, worst first; at most five.
    pub worst: Vec<ClockLine>,
    /// There was more than could be looked at.
    pub partial: bool,
}
