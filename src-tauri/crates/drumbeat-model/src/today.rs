//! Today, the first screen of the day (W-10), and search over everything.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::crm::ObjectKind;
use crate::deal::words;
use crate::ids::{PartnerId, RegistrationId};
use crate::money::Money;
use crate::review::ReviewRow;
use crate::time::{Day, Instant};

words! {
    /// The blocks of Today.
    TodayBlock {
        NeedsYou "needs_you" "Needs you",
        Due "due" "Due",
        Late "late" "Promised and late",
        New "new" "New since last time",
    }
}

/// What waits today.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Today {
    /// The lines, in order of their block and urgency; at most 20 a block.
    pub lines: Vec<TodayLine>,
    /// How many each block has in all.
    pub counts: Vec<BlockCount>,
    /// Since when "new" counts.
    pub since: Option<Instant>,
    /// A review that was started and not finished, or the last one.
    pub review: Option<ReviewRow>,
    /// When the next weekly review is due.
    pub next_review: Option<Day>,
    /// The next partner to call: most urgent first.
    pub next_call: Option<NextCall>,
    /// Open pipeline with partners, per currency.
    pub pipeline: Vec<Money>,
    /// Registrations decided inside the SLA in the last 30 days, of all decided.
    pub attainment: Attainment,
}

/// One thing that waits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct TodayLine {
    /// Block.
    pub block: TodayBlock,
    /// What.
    pub title: String,
    /// Why it is here.
    pub text: String,
    /// When it is or was due.
    pub due: Option<Instant>,
    /// Where it opens: kind and id.
    pub opens: TodayTarget,
    /// Amount at stake.
    pub amount: Option<Money>,
}

/// Where a line of Today opens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "to", content = "id", rename_all = "snake_case")]
pub enum TodayTarget {
    /// A registration in the inbox.
    Registration(String),
    /// A deal.
    Deal(String),
    /// A partner.
    Partner(String),
    /// A channel conflict.
    Conflict(String),
    /// An op in the outbox.
    Outbox(String),
}

/// Size of a block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BlockCount {
    /// Block.
    pub block: TodayBlock,
    /// Lines in all.
    pub count: u32,
}

/// The next partner to call, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct NextCall {
    /// Partner.
    pub partner: PartnerId,
    /// Name.
    pub name: String,
    /// Why.
    pub why: String,
}

/// A share of clocks met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Attainment {
    /// Met.
    pub met: u32,
    /// Of.
    pub of: u32,
    /// The same by when they reached the CRM (B5).
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reached: Option<Reached>,
}

words! {
    /// Which of the two clocks of a decision ran over: that of the person, or that of the way to the CRM.
    Arrival {
        InTime "in_time" "in time",
        Waiting "waiting" "decided in time, on its way",
        LateSync "late_sync" "decided in time, late in the CRM",
        LateDecision "late_decision" "decided late",
    }
}

/// Decisions by when they reached the CRM.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
pub struct Reached {
    /// In time.
    pub in_time: u32,
    /// Decided in time and not there yet; the clock still runs.
    pub waiting: u32,
    /// Decided in time, but there only after the clock had run out, or not yet.
    pub late_sync: u32,
    /// Decided late.
    pub late_decision: u32,
}

/// The decisions of some days against both clocks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ClockReport {
    /// Decided since.
    pub since: Instant,
    /// In which time a decision is made, e.g. `48 hours` (S-02).
    pub within: String,
    /// In sum.
    pub attainment: Attainment,
    /// One a decision, latest first.
    pub rows: Vec<ClockRow>,
}

/// One decision against both clocks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ClockRow {
    /// Registration.
    pub registration: RegistrationId,
    /// Its number.
    pub number: String,
    /// Company.
    pub company: String,
    /// Partner.
    pub partner: Option<String>,
    /// Submitted.
    pub submitted: Instant,
    /// The clock runs out.
    pub due: Instant,
    /// Decided.
    pub decided: Instant,
    /// In the CRM since; absent while it is on its way.
    pub reached: Option<Instant>,
    /// What came of it.
    pub arrival: Arrival,
}

/// What to search for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct SearchQuery {
    /// Words; the last may be the beginning of one.
    pub text: String,
    /// At most this many; 0 means 20.
    #[serde(default)]
    pub limit: u32,
}

/// One found record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SearchHit {
    /// Deal, partner (a company marked so), account or registration.
    pub kind: ObjectKind,
    /// Id.
    pub id: String,
    /// A partner, for companies.
    pub is_partner: bool,
    /// Name.
    pub title: String,
    /// Account, partner or place.
    pub subtitle: String,
}
