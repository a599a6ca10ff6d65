//! Today, the first screen of the day (W-10), and search over everything.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::crm::ObjectKind;
use crate::deal::words;
use crate::ids::PartnerId;
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Attainment {
    /// Met.
    pub met: u32,
    /// Of.
    pub of: u32,
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
