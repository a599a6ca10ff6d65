//! The numbers of the program (K): each with its definition, its records, and how much of the data it rests on.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::deal::{DealFilter, Motion, words};
use crate::ids::PartnerId;
use crate::money::{Currency, Money};
use crate::registration::DeclineReason;
use crate::time::{Day, Instant, Quarter};

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
        Score "score" "Score",
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
        Customers "customers" "Joint customers",
        Conflicts "conflicts" "Channel conflicts",
    }
}

words! {
    /// What closed deals are told apart by beside their outcome (K-05, K-08, K-09, K-16, K-17). Of two the amounts are not
    /// those of the deals: of `Annual` it is their annual contract values, of `Incentive` what was paid for them.
    DealTrait {
        Registered "registered" "Registered",
        Named "named" "Names its products",
        Services "services" "Services",
        Integration "integration" "Integration",
        Kinded "kinded" "Says whether it is new",
        Renewal "renewal" "Renewal",
        Expansion "expansion" "Expansion",
        Annual "annual" "Says its annual contract value",
        Rewarded "rewarded" "Cost an incentive",
        Incentive "incentive" "The incentive",
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

/// A number whose records are asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct MetricRecordsQuery {
    /// The number.
    pub id: String,
    /// Of this quarter; of the running one when absent.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub quarter: Option<Quarter>,
    /// Of one group of those that numbers are laid out by; of the whole program when absent.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub group: Option<MetricGroupKey>,
}

/// One of the groups that numbers are laid out by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct MetricGroupKey {
    /// By what.
    pub by: MetricBy,
    /// Word or id; empty for what has none.
    pub key: String,
}

/// The records that a number is counted from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MetricRecords {
    /// The number's name.
    pub name: String,
    /// At most 200 of them.
    pub rows: Vec<MetricRecord>,
    /// There are more than are shown.
    pub more: bool,
}

/// A record that a number is counted from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MetricRecord {
    /// What opens: a deal, a registration, a partner, a channel conflict; of a customer its deals.
    pub opens: MetricRecordKind,
    /// Which.
    pub id: String,
    /// Its name.
    pub title: String,
    /// What else is told of it.
    pub note: String,
    /// The day that it is counted by.
    pub on: Option<Day>,
    /// Its amount.
    pub amount: Option<Money>,
}

words! {
    /// What a record behind a number is.
    MetricRecordKind {
        Deal "deal" "Deal",
        Registration "registration" "Registration",
        Partner "partner" "Partner",
        Conflict "conflict" "Channel conflict",
        Customer "customer" "Customer",
    }
}

/// Of which quarter; of the running one when absent.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct OfQuarter {
    /// Which.
    pub quarter: Option<Quarter>,
}

/// From stage to stage in a quarter (K-05).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct StageSteps {
    /// Which quarter.
    pub quarter: Quarter,
    /// By motion and stage, in the order of the way.
    pub stages: Vec<StageStep>,
}

/// The deals that left one stage of a motion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct StageStep {
    /// Motion; absent where deals say none.
    pub motion: Option<Motion>,
    /// The stage that they left.
    pub stage: String,
    /// Those with a partner.
    pub partner: StepNumbers,
    /// Those without.
    pub direct: StepNumbers,
}

/// Changes of stage, counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
pub struct StepNumbers {
    /// How many.
    pub count: u32,
    /// Those to a later stage or to a win, in percent.
    #[ts(type = "string | null")]
    pub onward: Option<Decimal>,
    /// Average days that they had been in the stage.
    #[ts(type = "string | null")]
    pub days: Option<Decimal>,
    /// Those of which that is known.
    pub timed: u32,
}

/// What partners' people and ours had to do with each other in a quarter (K-11).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Engagement {
    /// Which quarter.
    pub quarter: Quarter,
    /// Partners whose partnership is not over.
    pub partners: u32,
    /// Those of them with a touch in the quarter.
    pub touched: u32,
    /// Touches of all partners.
    pub touches: u32,
    /// At most 100 partners, those with most open deals first.
    pub rows: Vec<PartnerEngagement>,
    /// Partners that are not shown.
    pub more: u32,
}

/// A partner's engagement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PartnerEngagement {
    /// Which.
    pub partner: PartnerId,
    /// Name.
    pub name: String,
    /// Meetings, calls, e-mails and notes in the quarter.
    pub touches: u32,
    /// The same in the quarter before.
    pub before: u32,
    /// The last of the quarter, or of the one before.
    pub last: Option<Instant>,
    /// Open deals with it.
    pub open: u32,
    /// Those of them on which something happened in the quarter: the partner is engaged beside the seller (M-13).
    pub engaged: u32,
}
