//! Deals: the typed view of one opportunity, and what the Deals screen and command show.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::crm::{Holds, Outcome};
use crate::field::Field;
use crate::ids::{AccountId, DealId, OwnerId, PartnerId, RegistrationId};
use crate::money::Money;
use crate::page::Direction;
use crate::partner::Touch;
use crate::rates::{Converted, Rate};
use crate::time::{Day, Instant};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident $text:literal $label:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, ts_rs::TS)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$vdoc])* #[doc = $label] $variant),* }

        impl $name {
            /// Every value.
            pub const ALL: &[$name] = &[$($name::$variant),*];
            /// Stable name, also the value in the CRM.
            #[must_use]
            pub fn name(self) -> &'static str { match self { $($name::$variant => $text),* } }
            /// What a person reads.
            #[must_use]
            pub fn label(self) -> &'static str { match self { $($name::$variant => $label),* } }
            /// The value with this name, in any case.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                match name.trim().to_ascii_lowercase().as_str() { $($text => Some($name::$variant),)* _ => None }
            }
        }

        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> { stringify!($name).into() }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "enum": [$($text),*], "x-labels": [$($label),*] })
            }
        }
    };
}
pub(crate) use words;

words! {
    /// How a partner takes part in the business (M).
    Motion {
        Referral "referral" "Referral",
        Reseller "reseller" "Reseller",
        Marketplace "marketplace" "Marketplace",
        Services "services" "Services",
        Tech "tech" "Tech",
    }
}

words! {
    /// Whether the partner brought the deal or helped it (F-04).
    Attribution {
        Sourced "sourced" "Sourced",
        Influenced "influenced" "Influenced",
    }
}

words! {
    /// New business or not.
    DealKind {
        New "new" "New",
        Renewal "renewal" "Renewal",
        Expansion "expansion" "Expansion",
    }
}

words! {
    /// Channel conflict status on a deal (C-03).
    ConflictStatus {
        None "none" "None",
        Risk "risk" "Risk",
        Active "active" "Active",
    }
}

/// One deal, typed. Unknown or unreadable values are `None`; the mirror keeps what the CRM said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deal {
    /// The CRM's id, or a local one while the create waits.
    pub id: DealId,
    /// Name.
    pub name: String,
    /// The end customer.
    pub account: Option<AccountId>,
    /// The partner of record.
    pub partner: Option<PartnerId>,
    /// Amount in the deal's own currency.
    pub amount: Option<Money>,
    /// The same in the account's own currency, by the CRM's rate: that of the closing for a closed deal. Absent when the
    /// CRM does not say it.
    pub home: Option<Money>,
    /// The rate that it is converted by; absent for an amount in the account's own currency, and where the CRM does not
    /// say it.
    pub rate: Option<Rate>,
    /// Annual contract value in the account's own currency (K-17).
    pub annual: Option<Money>,
    /// What was paid to the partner for it, in the account's own currency (K-16).
    pub incentive: Option<Money>,
    /// Pipeline id in the CRM.
    pub pipeline: String,
    /// Stage id in the CRM.
    pub stage: String,
    /// Stage name.
    pub stage_label: String,
    /// Stage position 1 to 5, 0 when the stage is not mapped.
    pub position: u32,
    /// Open, won, lost.
    pub outcome: Outcome,
    /// Chance of winning in percent, the CRM's own.
    pub probability: u32,
    /// Motion.
    pub motion: Option<Motion>,
    /// Partner type as written.
    pub partner_type: Option<String>,
    /// Sourced or influenced.
    pub attribution: Option<Attribution>,
    /// Percentage credited to the partner.
    pub attribution_pct: Option<Decimal>,
    /// Registration it came from.
    pub registration: Option<RegistrationId>,
    /// Protection window.
    pub protection_start: Option<Day>,
    /// Protection window.
    pub protection_end: Option<Day>,
    /// The price is protected.
    pub price_protected: Option<bool>,
    /// New, renewal, expansion.
    pub deal_kind: Option<DealKind>,
    /// The partner who holds the account today.
    pub incumbent: Option<PartnerId>,
    /// Partner contacts as roles, as written.
    pub contact_roles: Option<String>,
    /// Channel conflict status.
    pub conflict_status: Option<ConflictStatus>,
    /// What happened, what is next.
    pub stage_notes: Option<String>,
    /// When the notes were written.
    pub stage_notes_at: Option<Instant>,
    /// When the present stage began.
    pub stage_entered_at: Option<Instant>,
    /// Next step.
    pub next_step: Option<String>,
    /// Who does it.
    pub next_step_owner: Option<OwnerId>,
    /// By when.
    pub next_step_due: Option<Day>,
    /// Owner.
    pub owner: Option<OwnerId>,
    /// Expected or actual close.
    pub close_date: Option<Day>,
    /// Created.
    pub created_at: Option<Instant>,
    /// Last activity that the CRM knows of.
    pub last_activity_at: Option<Instant>,
    /// Why it was lost.
    pub lost_reason: Option<String>,
    /// Several partners, locks, amendments, influence.
    pub dossier: crate::dossier::DealDossier,
    /// Has an edit that the CRM has not accepted yet.
    pub pending: bool,
}

/// What the deal list is asked.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct DealsQuery {
    /// Only these.
    pub filter: DealFilter,
    /// Sorted by.
    pub sort: DealSort,
    /// Which way.
    pub direction: Direction,
    /// Key of the page before.
    pub after: Option<String>,
    /// Rows wanted, at most 500; 0 means 100.
    pub limit: u32,
}

/// Which deals. All conditions hold together.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct DealFilter {
    /// Open, won or lost.
    pub outcome: Option<Outcome>,
    /// Of this partner.
    pub partner: Option<PartnerId>,
    /// Has any partner.
    pub partnered: Option<bool>,
    /// Of this motion.
    pub motion: Option<Motion>,
    /// In this stage (CRM id).
    pub stage: Option<String>,
    /// At this place of its way, 1 to 5; 0 for deals whose stage is not mapped.
    pub position: Option<u32>,
    /// Of this owner.
    pub owner: Option<OwnerId>,
    /// Words in name, account or partner.
    pub text: Option<String>,
    /// Protection ends on or before this day, and not before today.
    pub protection_ends_by: Option<Day>,
    /// Past its stage's days or past its close date.
    pub stalled: Option<bool>,
    /// At least one hard field is missing (F-01).
    pub missing_fields: Option<bool>,
    /// Closed on or after.
    pub closes_from: Option<Day>,
    /// Closed on or before.
    pub closes_to: Option<Day>,
    /// An amount of at least this, in whole units of the account's own currency.
    pub amount_from: Option<u32>,
    /// An amount of at most this, in whole units of the account's own currency.
    pub amount_to: Option<u32>,
    /// Hygiene of at most this, in points.
    pub hygiene_to: Option<u32>,
    /// Sourced or influenced.
    pub attribution: Option<Attribution>,
}

words! {
    /// Columns that deals sort by.
    DealSort {
        CloseDate "close_date" "Close date",
        Name "name" "Name",
        Partner "partner" "Partner",
        Amount "amount" "Amount",
        Stage "stage" "Stage",
        NotesAge "notes_age" "Notes",
        Protection "protection" "Protection",
        Hygiene "hygiene" "Hygiene",
    }
}

#[allow(clippy::derivable_impls)]
impl Default for DealSort {
    fn default() -> Self {
        DealSort::CloseDate
    }
}

words! {
    /// The tabs of the deal list that a kept view begins from.
    DealTab {
        Open "open" "Open",
        Protection "protection" "Protection ends",
        Stalled "stalled" "Stalled",
        Missing "missing" "Missing fields",
        Won "won" "Won",
        All "all" "All",
    }
}

/// A view of the deals under a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct DealView {
    /// Its name.
    pub name: String,
    /// The tab that it begins from, whose days move with the day.
    pub view: DealTab,
    /// What the person has narrowed beside it.
    #[serde(default)]
    pub filter: DealFilter,
    /// Sorted by.
    #[serde(default)]
    pub sort: DealSort,
    /// Which way.
    #[serde(default)]
    pub direction: Direction,
}

/// Which view of the deals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct DealViewRef {
    /// Its name.
    pub name: String,
}

/// One line of the deal list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DealRow {
    /// Deal.
    pub id: DealId,
    /// Deal name.
    pub name: String,
    /// Account name.
    pub account: Option<String>,
    /// Partner name.
    pub partner: Option<String>,
    /// Amount.
    pub amount: Option<Money>,
    /// Stage name.
    pub stage: String,
    /// 1 to 5.
    pub position: u32,
    /// Open, won, lost.
    pub outcome: Outcome,
    /// Past the stage's days or past the close date.
    pub stalled: bool,
    /// Motion.
    pub motion: Option<Motion>,
    /// Sourced or influenced.
    pub attribution: Option<Attribution>,
    /// Percentage in whole points.
    pub attribution_pct: Option<u32>,
    /// Share of required fields present and fresh, 0 to 100 (F-06).
    pub hygiene: u32,
    /// Protection end.
    pub protection_end: Option<Day>,
    /// Close date.
    pub close_date: Option<Day>,
    /// When the stage notes were written.
    pub notes_at: Option<Instant>,
    /// Has a pending change.
    pub pending: bool,
}

/// A list of deals with the sum of what it shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DealTotals {
    /// How many deals.
    pub count: u32,
    /// Sum per currency.
    pub sums: Vec<Money>,
}

/// One deal with everything that the detail shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct DealDetail {
    /// The list row.
    pub row: DealRow,
    /// Its amount in the account's own currency, and by which rate; absent where it is in it, or no rate is known.
    pub converted: Option<Converted>,
    /// Account id.
    pub account_id: Option<AccountId>,
    /// Partner id.
    pub partner_id: Option<PartnerId>,
    /// Owner name.
    pub owner: Option<String>,
    /// The fields of F, in order, with their state.
    pub fields: Vec<DealField>,
    /// The stages of its pipeline, for choosing.
    pub stages: Vec<Choice>,
    /// Latest contact first.
    pub touches: Vec<Touch>,
    /// Every observed change of a tracked field, latest first (B8).
    pub movements: Vec<Movement>,
    /// Where to see it in the CRM.
    pub crm_url: Option<String>,
}

/// One field of a deal, as the hygiene rules see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DealField {
    /// Which.
    pub field: Field,
    /// What a person reads.
    pub label: String,
    /// The raw value, for editing.
    pub value: Option<String>,
    /// The value for reading (names instead of ids).
    pub shown: Option<String>,
    /// What it holds.
    pub holds: Holds,
    /// Allowed values.
    pub options: Vec<Choice>,
    /// How much it is wanted.
    pub need: Need,
    /// Whether it is there and fresh.
    pub state: FieldState,
    /// Can be edited here.
    pub editable: bool,
    /// Has a pending change; the CRM's value is then in `theirs`.
    pub pending: bool,
    /// What the CRM has, when a change is pending.
    pub theirs: Option<String>,
}

/// How much a field is wanted (F-01).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Need {
    /// Missing ones block a stage change.
    Hard,
    /// Missing ones are advised.
    Advised,
    /// Shown only.
    Free,
}

/// Whether a field is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FieldState {
    /// There.
    Present,
    /// Not there.
    Missing,
    /// There, but too old (F-02) or over (F-03).
    Stale,
}

/// A value to choose, with what a person reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Choice {
    /// Value.
    pub value: String,
    /// Label.
    pub label: String,
}

/// One observed change of a tracked field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Movement {
    /// Which field.
    pub field: Field,
    /// Before, for reading.
    pub before: Option<String>,
    /// After, for reading.
    pub after: Option<String>,
    /// When it was seen (or made here).
    pub at: Instant,
    /// Who, as far as known.
    pub by: Option<String>,
    /// Made here (true) or seen in the CRM (false).
    pub ours: bool,
}

/// Edits of one deal, kept or refused together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct EditDeal {
    /// Which deal.
    pub deal: DealId,
    /// New values; `None` clears.
    pub set: Vec<FieldEdit>,
    /// Needed to move a deal past a gate that does not hold (M).
    #[serde(default)]
    pub override_reason: Option<String>,
    /// Criteria that are confirmed, or taken back, with it.
    #[serde(default)]
    pub confirm: Vec<crate::gate::Confirm>,
}

/// One edited field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct FieldEdit {
    /// Which.
    pub field: Field,
    /// New raw value; `None` clears.
    pub value: Option<String>,
}
