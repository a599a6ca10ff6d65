//! Deals as a board by motion and stage, what of them is to be put right first, and what a stricter gate would stop.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::deal::{DealFilter, DealRow, DealTotals, FieldState, Motion, Need, words};
use crate::field::Field;
use crate::gate::StageRole;
use crate::ids::{OwnerId, PartnerId};
use crate::money::Money;

/// What the board is asked.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct BoardQuery {
    /// Only these of the open deals; a motion in it names the columns by the motion's stages.
    pub filter: DealFilter,
    /// Cards of a column, at most 100; 0 means 30.
    pub limit: u32,
}

/// Open deals by stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Board {
    /// A column for each stage, and one for deals whose stage is not mapped where there are such.
    pub columns: Vec<BoardColumn>,
}

/// One stage with its deals, closing first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BoardColumn {
    /// 1 to 5; 0 for deals whose stage is not mapped.
    pub position: u32,
    /// Name by the policy.
    pub name: String,
    /// Who answers for it; absent where its stage is not mapped.
    pub role: Option<StageRole>,
    /// Days that a deal normally stays.
    pub days: Option<u32>,
    /// How many, and what they add up to.
    pub totals: DealTotals,
    /// The first cards.
    pub rows: Vec<DealRow>,
    /// Key of the next cards: page `deals` of the same filter with this position, sorted by close date.
    pub next: Option<String>,
}

/// Whose deals are to be put right.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct MendQuery {
    /// Of this motion.
    pub motion: Option<Motion>,
    /// Of this owner.
    pub owner: Option<OwnerId>,
    /// Of this partner.
    pub partner: Option<PartnerId>,
    /// Key of the page before.
    pub after: Option<String>,
    /// Deals wanted, at most 200; 0 means 50.
    pub limit: u32,
}

/// What is to be put right first: most money for the least effort (F-06).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MendList {
    /// Most money for each field to fill in first; deals without an amount last. Put in order a stretch of the largest at a time.
    pub rows: Vec<MendRow>,
    /// Key of the next page; absent at the end.
    pub next: Option<String>,
    /// Open deals of the program that lack something.
    pub total: u32,
    /// Of which stretch of the book these are: 1 for the largest deals, 2 for those after them.
    pub stretch: u32,
    /// Hygiene by motion, owner and partner, worst first; with the first page alone.
    pub scores: Vec<HygieneScore>,
}

/// A deal that lacks something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MendRow {
    /// The deal.
    pub row: DealRow,
    /// Its owner, by name.
    pub owner: Option<String>,
    /// What is missing or too old, hard ones first.
    pub mend: Vec<MendField>,
}

/// A field that is missing or too old.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MendField {
    /// Which.
    pub field: Field,
    /// What a person reads.
    pub label: String,
    /// How much it is wanted.
    pub need: Need,
    /// Missing or too old.
    pub state: FieldState,
}

words! {
    /// By what hygiene is added up.
    ScoredBy {
        Motion "motion" "Motion",
        Owner "owner" "Owner",
        Partner "partner" "Partner",
    }
}

/// Mean hygiene of the open deals of one motion, owner or partner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HygieneScore {
    /// By what.
    pub by: ScoredBy,
    /// Motion word or id; absent for deals that name none.
    pub key: Option<String>,
    /// What a person reads.
    pub label: String,
    /// Open deals.
    pub deals: u32,
    /// Mean share of wanted fields that are there and fresh, 0 to 100.
    pub hygiene: u32,
    /// Deals that lack a hard field.
    pub held: u32,
}

/// What a stricter gate would stop (B17).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Rehearsed {
    /// Open deals that were looked at.
    pub looked: u32,
    /// Of these, how many would be stopped.
    pub stopped: u32,
    /// How many are stopped already, by the policy in force.
    pub stopped_now: u32,
    /// Money in those that would be stopped, a sum for each currency.
    pub sums: Vec<Money>,
    /// What stops how many, most first.
    pub causes: Vec<RehearsedCause>,
    /// Those that would be stopped: most money for the least effort first, at most 100.
    pub rows: Vec<RehearsedDeal>,
    /// It was stopped before its end; what is here is of the deals looked at.
    pub cancelled: bool,
}

/// One thing that would stop deals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RehearsedCause {
    /// A field, or a criterion.
    pub label: String,
    /// Deals that lack it.
    pub deals: u32,
}

/// One deal that would be stopped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RehearsedDeal {
    /// The deal.
    pub row: DealRow,
    /// What would be missing.
    pub missing: Vec<String>,
}
