//! Stages and what must hold before a deal leaves one (M): criteria, who has confirmed them, what a move comes to.
//!
//! A criterion is told by the data where it can tell, else by a person with evidence. What a person confirmed is kept in
//! the deal's dossier ([`Proven`]), so that it is in the CRM and travels to other computers. When a criterion holds is
//! `drumbeat-rules`'s to say.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::crm::Outcome;
use crate::deal::{FieldState, Motion, words};
use crate::dossier::Proof;
use crate::field::Field;
use crate::ids::DealId;
use crate::review::{ItemEdit, Signal};
use crate::time::{Day, Instant};
use crate::verdict::Check;

words! {
    /// Who answers for a stage (M).
    StageRole {
        Seller "seller" "Seller",
        PartnerManager "partner_manager" "Partner manager",
        SalesEngineer "sales_engineer" "Sales engineer",
        CustomerSuccess "customer_success" "Customer success",
        Finance "finance" "Finance",
        Partner "partner" "Partner",
    }
}

#[allow(clippy::derivable_impls)]
impl Default for StageRole {
    fn default() -> Self {
        Self::Seller
    }
}

words! {
    /// What the data can tell of a criterion.
    Fact {
        Account "account" "The account is named",
        Partner "partner" "There is a partner of record",
        Roles "roles" "The partner's people have roles",
        Sourced "sourced" "The partner has sourced it",
        Credit "credit" "The credit rule is set",
        Influence "influence" "Influence is on record",
        Registration "registration" "It is registered",
        Protection "protection" "Protection is in force",
        PriceProtection "price_protection" "The price is protected",
        Amount "amount" "It has an amount",
        CloseDate "close_date" "It has a close date to come",
        NextStep "next_step" "It has a next step",
        NoConflict "no_conflict" "No channel conflict is active",
        Closed "closed" "It is closed",
    }
}

/// What a person said of a criterion, kept with the deal; the latest on a criterion counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Proven {
    /// Which, e.g. `reseller.2.demand`.
    pub key: String,
    /// It holds; otherwise an earlier word is taken back.
    pub holds: bool,
    /// Who said so.
    pub by: String,
    /// When.
    pub at: Instant,
    /// What shows it.
    #[serde(default)]
    pub proof: Option<Proof>,
}

/// Who can tell whether a criterion holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ToldBy {
    /// The data does.
    Data,
    /// A person does, with evidence.
    Person,
}

/// One criterion of a stage, judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Criterion {
    /// By which it is confirmed, e.g. `reseller.2.demand`.
    pub key: String,
    /// The stage, by the policy.
    pub stage: String,
    /// What must hold.
    pub says: String,
    /// Who can tell.
    pub told_by: ToldBy,
    /// It holds.
    pub met: bool,
    /// Why it holds, or what is missing, as a sentence part.
    pub fact: String,
    /// Who confirmed it last, with what.
    pub proven: Option<Proven>,
}

/// A stage that a deal can be moved to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct StageChoice {
    /// CRM id: the value of the field.
    pub value: String,
    /// Name in the CRM.
    pub label: String,
    /// 1 to 5; 0 for one that is not mapped.
    pub position: u32,
    /// Open, won, lost.
    pub outcome: Outcome,
}

/// Where a deal stands in its motion and what it still needs to go on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct DealStanding {
    /// Which deal.
    pub deal: DealId,
    /// Its motion; the generic stages when absent.
    pub motion: Option<Motion>,
    /// The stage by the policy; absent when its stage is not mapped.
    pub stage: Option<StageStanding>,
    /// What must hold before it moves on, in the policy's order.
    pub criteria: Vec<Criterion>,
    /// Where it can go, in the pipeline's order.
    pub stages: Vec<StageChoice>,
    /// The next stage on its way.
    pub next: Option<StageChoice>,
    /// What speaks for and against that move now.
    pub checks: Vec<Check>,
    /// The move is held until what fails is put right, or somebody overrides it.
    pub held: bool,
    /// The signals, heaviest first (W-03).
    pub signals: Vec<Signal>,
    /// Their sum.
    pub rank: u32,
    /// The protection window.
    pub protection: Option<ProtectionStanding>,
    /// The mutual action plan: overdue first (T-05).
    pub plan: Vec<crate::plan::PlanRow>,
    /// A confirmation has to say what shows it.
    pub evidence_required: bool,
}

/// The stage that a deal is in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct StageStanding {
    /// Name by the policy.
    pub name: String,
    /// 1 to 5.
    pub position: u32,
    /// Who answers for it.
    pub role: StageRole,
    /// What must hold, in one sentence.
    pub exit: String,
    /// Days that a deal normally stays.
    pub days: u32,
    /// Days that this one has stayed; absent when nobody knows since when.
    pub stayed: Option<u32>,
}

/// A deal's protection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ProtectionStanding {
    /// First day.
    pub start: Option<Day>,
    /// Last day.
    pub end: Day,
    /// Days left, from today; below zero when it has ended.
    pub left: i32,
    /// Fresh, or about to end or ended (F-03).
    pub state: FieldState,
}

/// A criterion that a person confirms, or takes back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct Confirm {
    /// Which.
    pub key: String,
    /// It holds.
    pub holds: bool,
    /// What shows it.
    #[serde(default)]
    pub proof: Option<Proof>,
}

/// What an edit of a deal would come to; nothing is changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct EditPreview {
    /// Which deal.
    pub deal: DealId,
    /// Its name.
    pub name: String,
    /// What would be written, as people read it.
    pub writes: Vec<ItemEdit>,
    /// What speaks for and against the move; empty when the stage stays.
    pub checks: Vec<Check>,
    /// What must hold before the move, as it would stand with the edit.
    pub criteria: Vec<Criterion>,
    /// The edit is held: put right what fails, or override with a reason.
    pub held: bool,
    /// Why it cannot be made at all.
    pub refused: Option<String>,
    /// The draft to the partner that goes with it (M-12), by its subject.
    pub letter: Option<String>,
}

/// The same edit of several deals, each by itself: one that is held does not hold the others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct EditDeals {
    /// Which, at most 200.
    pub deals: Vec<DealId>,
    /// New values; absent clears.
    pub set: Vec<crate::deal::FieldEdit>,
    /// Moves past a gate that does not hold, with its reason.
    #[serde(default)]
    pub override_reason: Option<String>,
}

/// What became of an edit of several deals.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct EditsDone {
    /// One line for each deal, in the order of the request.
    pub rows: Vec<EditDone>,
    /// The decisions that were made, in the same order: taken back one by one.
    pub decisions: Vec<crate::ids::DecisionId>,
}

/// What became of one deal of several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct EditDone {
    /// Which.
    pub deal: DealId,
    /// Its name.
    pub name: String,
    /// Changed; absent when it was not.
    pub decision: Option<crate::ids::DecisionId>,
    /// Why it was not changed.
    pub refused: Option<String>,
}

/// What would block if these fields were mandatory, or every gate bound (B17).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct RehearseGate {
    /// Fields that would be hard beside those of the policy.
    #[serde(default)]
    pub hard: Vec<Field>,
    /// Every criterion of the present stage would have to hold.
    #[serde(default)]
    pub criteria: bool,
    /// Of this motion only.
    #[serde(default)]
    pub motion: Option<Motion>,
}
