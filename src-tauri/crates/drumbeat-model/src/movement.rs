//! Movement between two reviews (W-05, B8): what became of the pipeline, and of which deals.
//!
//! A waterfall leads from what the pipeline was to what it is, by motion and currency, and adds up to the
//! cent: each of its steps is the sum of named deals. Moves that leave the sum as it is (a stage, a close
//! date, a change that was taken back) are told with the deals and add nothing.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::crm::Outcome;
use crate::deal::{Motion, Movement, words};
use crate::ids::{DealId, PartnerId, ReviewId};
use crate::money::Money;
use crate::time::{Day, Instant};

words! {
    /// What a deal did between two reviews, in the order in which it is told.
    MoveKind {
        New "new" "New",
        Reopened "reopened" "Reopened",
        CameIn "came_in" "Came in: partner, motion or currency changed",
        AmountUp "amount_up" "Amount up",
        AmountDown "amount_down" "Amount down",
        WentOut "went_out" "Went out: partner, motion or currency changed",
        Won "won" "Won",
        Lost "lost" "Lost",
        Gone "gone" "No longer in the CRM",
        Advanced "advanced" "Advanced",
        WentBack "went_back" "Went back",
        PartnerChanged "partner_changed" "Another partner",
        Slipped "slipped" "Slipped",
        PulledIn "pulled_in" "Pulled in",
        Reverted "reverted" "Changed and back again",
    }
}

/// A deal as it stood at one time, as far as the pipeline goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Name.
    pub name: String,
    /// Partner of record; without one it is not in the pipeline that is reviewed.
    pub partner: Option<PartnerId>,
    /// Motion.
    pub motion: Option<Motion>,
    /// Amount.
    pub amount: Option<Money>,
    /// Stage name.
    pub stage: String,
    /// 1 to 5; 0 where the stage is not mapped.
    pub position: u32,
    /// Open, won, lost.
    pub outcome: Outcome,
    /// Expected or actual close.
    pub close_date: Option<Day>,
}

/// Which movement.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct MovementQuery {
    /// Up to the start of this review, from the start of the one before; from the start of the last one until
    /// now when absent.
    pub review: Option<ReviewId>,
}

/// What moved between two reviews.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ReviewMovement {
    /// From the start of the review before; absent when there was none that kept its pipeline.
    pub since: Option<Instant>,
    /// Up to.
    pub until: Instant,
    /// From then to now, one for each motion and currency; the largest first.
    pub waterfalls: Vec<Waterfall>,
    /// Deals by what they did; only kinds that occur.
    pub groups: Vec<MovementGroup>,
    /// Every waterfall adds up to what was counted at both ends.
    pub adds_up: bool,
}

/// From then to now in one motion and one currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Waterfall {
    /// Motion; absent for deals that have none.
    pub motion: Option<Motion>,
    /// Then, as it was counted then.
    pub then: Money,
    /// Deals then.
    pub deals_then: u32,
    /// In order; kinds that add nothing are left out.
    pub steps: Vec<WaterfallStep>,
    /// Now, as it is counted now.
    pub now: Money,
    /// Deals now.
    pub deals_now: u32,
    /// What the steps do not explain; nothing where it adds up.
    pub unexplained: Option<Money>,
}

/// One step of a waterfall.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct WaterfallStep {
    /// What happened.
    pub kind: MoveKind,
    /// With its sign.
    pub amount: Money,
    /// How many deals.
    pub deals: u32,
    /// Which, the first two hundred by size of their part; `groups` has what happened to each.
    pub ids: Vec<DealId>,
}

/// The deals that did one thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MovementGroup {
    /// What they did.
    pub kind: MoveKind,
    /// How many.
    pub count: u32,
    /// What that came to, per currency, with its sign; empty for moves without money.
    pub sums: Vec<Money>,
    /// The first two hundred, largest first.
    pub deals: Vec<MovedDeal>,
}

/// One deal that moved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MovedDeal {
    /// Which.
    pub id: DealId,
    /// Deal name.
    pub name: String,
    /// Partner name.
    pub partner: Option<String>,
    /// Everything that it did.
    pub kinds: Vec<MoveKind>,
    /// What this move adds, with its sign; absent for moves without money.
    pub amount: Option<Money>,
    /// From what to what, in words: `USD 10,000 to USD 12,000`, `2 Oct 2026 to 30 Nov 2026`.
    pub what: String,
    /// As it stood then; absent when it was not known.
    pub then: Option<DealStood>,
    /// As it stands now; absent when it is gone.
    pub now: Option<DealStood>,
    /// Every change in between, also those that were taken back, latest first, with who and when (B8).
    pub changes: Vec<Movement>,
    /// It is in the program's list of deals, so that it can be opened.
    pub known: bool,
}

/// A deal as it stood, for reading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DealStood {
    /// Motion.
    pub motion: Option<Motion>,
    /// Amount.
    pub amount: Option<Money>,
    /// Stage name.
    pub stage: String,
    /// Open, won, lost.
    pub outcome: Outcome,
    /// Close date.
    pub close_date: Option<Day>,
}
