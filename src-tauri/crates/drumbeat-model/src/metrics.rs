//! The numbers of the program (K): each with its definition, its records, and how much of the data it rests on.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::deal::{DealFilter, Motion, words};
use crate::ids::PartnerId;
use crate::money::Currency;
use crate::registration::DeclineReason;
use crate::time::{Instant, Quarter};

words! {
    /// What numbers are laid out by.
    MetricBy {
        Motion "motion" "Motion",
        Partner "partner" "Partner",
        Tier "tier" "Tier",
        Type "type" "Partner type",
        Region "region" "Region",
        Owner "owner" "Owner",
        Quarter "quarter" "Quarter",
    }
}

words! {
    /// What a number counts in.
    MetricUnit {
        Money "money" "Money",
        Percent "percent" "Percent",
        Points "points" "Percentage points",
        Days "days" "Days",
        Hours "hours" "Hours",
        Count "count" "Count",
        Ratio "ratio" "Times",
    }
}

words! {
    /// What numbers belong together.
    MetricTopic {
        Revenue "revenue" "Revenue",
        Pipeline "pipeline" "Pipeline",
        Winning "winning" "Winning",
        Registrations "registrations" "Registrations",
        Partners "partners" "Partners",
        Enablement "enablement" "Enablement",
        Conflicts "conflicts" "Channel conflicts",
    }
}

words! {
    /// What closed deals are told apart by beside their outcome (K-05, K-08, K-09).
    DealTrait {
        Registered "registered" "Registered",
        Named "named" "Names its products",
        Services "services" "Services",
        Integration "integration" "Integration",
        Kinded "kinded" "Says whether it is new",
        Renewal "renewal" "Renewal",
        Expansion "expansion" "Expansion",
    }
}

/// What the numbers are asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct MetricsQuery {
    /// Of this quarter; of the running one when absent.
    pub quarter: Option<Quarter>,
    /// Laid out by this; the whole program alone when absent.
    pub by: Option<MetricBy>,
    /// Groups wanted, largest revenue and pipeline first, at most 500; 0 means 50.
    pub limit: u32,
}

/// The program in numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MetricsReport {
    /// When they were counted.
    pub now: Instant,
    /// The quarter.
    pub quarter: Quarter,
    /// The account's own currency, which all money is in.
    pub currency: Currency,
    /// Which pipelines and which money count (K-19).
    pub counts: String,
    /// What each number is, in the order of all lists of values.
    pub definitions: Vec<MetricDefinition>,
    /// The whole program.
    pub program: Vec<Metric>,
    /// The groups that were asked for.
    pub groups: Vec<MetricGroup>,
    /// Groups that are not shown.
    pub more: u32,
    /// Six quarters, the last of them the one asked for.
    pub trend: Vec<QuarterNumbers>,
    /// Why registrations were declined in the quarter, most frequent first.
    pub declines: Vec<DeclineCount>,
    /// Changes that the CRM does not have yet; the numbers count them.
    pub pending: u32,
}

/// The table of numbers that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MetricsWritten {
    /// Where; absent when no place was chosen.
    pub file: Option<String>,
    /// Rows in it.
    pub rows: u32,
}

/// What a number is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MetricDefinition {
    /// Stable name, e.g. `win_rate`.
    pub id: String,
    /// Rule id, e.g. `K-03`.
    pub rule: String,
    /// Name.
    pub name: String,
    /// How it is counted, in a sentence.
    pub definition: String,
    /// What it counts in.
    pub unit: MetricUnit,
    /// What it belongs to.
    pub topic: MetricTopic,
    /// What it can be laid out by: what it is counted from has nothing else.
    pub by: Vec<MetricBy>,
}

/// One number.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
pub struct Metric {
    /// The number; absent when nothing can be said.
    #[ts(type = "string | null")]
    pub value: Option<Decimal>,
    /// The same a quarter before; absent for what is only known of now.
    #[ts(type = "string | null")]
    pub before: Option<Decimal>,
    /// The same a year before.
    #[ts(type = "string | null")]
    pub year_ago: Option<Decimal>,
    /// Of business without a partner, where that can be compared.
    #[ts(type = "string | null")]
    pub direct: Option<Decimal>,
    /// Records that have what it is counted from.
    pub known: u32,
    /// Records that should.
    pub of: u32,
    /// The least and the most it could be if what is missing went either way (B13); absent when nothing is missing or no
    /// bound can be told.
    #[ts(type = "[string, string] | null")]
    pub range: Option<(Decimal, Decimal)>,
    /// The deals that it is counted from, as the list of deals is asked.
    pub records: Option<DealFilter>,
}

/// The numbers of one motion, partner, tier and so on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MetricGroup {
    /// Word or id; empty for what has none.
    pub key: String,
    /// What a person reads.
    pub label: String,
    /// In the order of the definitions.
    pub metrics: Vec<Metric>,
}

/// How often registrations were declined for a reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DeclineCount {
    /// Why; absent when they do not say.
    pub reason: Option<DeclineReason>,
    /// How many.
    pub count: u32,
}

/// Revenue of one quarter by who brought it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct QuarterNumbers {
    /// Which.
    pub quarter: Quarter,
    /// Won with a partner that brought it.
    #[ts(type = "string")]
    pub sourced: Decimal,
    /// Won with a partner that helped.
    #[ts(type = "string")]
    pub influenced: Decimal,
    /// Won with a partner whose part is not told.
    #[ts(type = "string")]
    pub untold: Decimal,
    /// Won without a partner.
    #[ts(type = "string")]
    pub direct: Decimal,
    /// Deals won.
    pub won: u32,
    /// Deals lost.
    pub lost: u32,
}

/// What is to be won in a quarter (K-18): by the whole program, a motion or a partner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// Which.
    pub quarter: Quarter,
    /// Of this partner alone.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub partner: Option<PartnerId>,
    /// Of this motion alone.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub motion: Option<Motion>,
    /// Bookings with partners, in the account's own currency.
    #[ts(type = "string")]
    pub bookings: Decimal,
}

/// Sets all targets anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SaveTargets {
    /// All of them; one for a quarter and whom it is of.
    pub targets: Vec<Target>,
}

/// A table with targets: columns quarter, bookings, and partner or motion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ImportTargets {
    /// The table as text.
    pub text: String,
}
