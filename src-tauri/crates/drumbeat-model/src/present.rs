//! What a partner may see of its own records while a screen is shared: the presenter view (W-09).
//!
//! Every field that the safelist can withhold is an `Option`; a field of the CRM that has no place here is never shown. Made
//! by the app from facts that went through the safelist filter alone, so what is not to be seen does not reach the window.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::crm::Outcome;
use crate::deal::{Attribution, Motion};
use crate::ids::{DealId, PartnerId, RegistrationId};
use crate::money::Money;
use crate::plan::PlanSide;
use crate::registration::{RegistrationKind, RegistrationStatus};
use crate::time::{Day, Instant};

/// For whom the screen is shared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Present {
    /// The partner that looks on.
    pub partner: PartnerId,
}

/// One partner's records as it may see them, waiting ones first, at most 200 of a kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Presented {
    /// Whose.
    pub partner: PartnerId,
    /// Its name.
    pub name: String,
    /// Tier.
    pub tier: Option<String>,
    /// The vendor's name.
    pub vendor: String,
    /// The one vendor contact that a partner may see (V-01).
    pub contact: String,
    /// When it was read.
    pub as_of: Instant,
    /// Open deals, and those that closed in this quarter.
    pub deals: Vec<PresentedDeal>,
    /// Registrations that wait, and those that were decided in this quarter.
    pub registrations: Vec<PresentedRegistration>,
    /// What each side owes.
    pub owed: Vec<PresentedOwed>,
    /// Certificates at the partner.
    pub certificates: Vec<PresentedCertificate>,
    /// What the safelist leaves out, in words.
    pub withheld: Vec<String>,
}

/// A deal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PresentedDeal {
    /// Which.
    pub id: DealId,
    /// Name.
    pub name: Option<String>,
    /// Account.
    pub account: Option<String>,
    /// Stage.
    pub stage: String,
    /// 1 to 5; 0 where it is not mapped.
    pub position: u32,
    /// Open, won or lost.
    pub outcome: Outcome,
    /// Motion.
    pub motion: Option<Motion>,
    /// Sourced or influenced.
    pub attribution: Option<Attribution>,
    /// Percentage credited to the partner.
    pub pct: Option<u32>,
    /// Amount.
    pub amount: Option<Money>,
    /// Expected or actual close.
    pub close: Option<Day>,
    /// Protected until.
    pub protection_end: Option<Day>,
    /// Next step.
    pub next_step: Option<String>,
    /// By when.
    pub next_step_due: Option<Day>,
}

/// A registration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PresentedRegistration {
    /// Which.
    pub id: RegistrationId,
    /// Company claimed.
    pub company: Option<String>,
    /// State.
    pub status: RegistrationStatus,
    /// Lead or deal.
    pub kind: Option<RegistrationKind>,
    /// Submitted.
    pub submitted: Option<Day>,
    /// Decided.
    pub decided: Option<Day>,
    /// Protected until.
    pub protection_end: Option<Day>,
}

/// Something that one side owes the other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PresentedOwed {
    /// Who owes it.
    pub side: PlanSide,
    /// What.
    pub text: String,
    /// By when.
    pub due: Option<Day>,
}

/// A certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PresentedCertificate {
    /// What it certifies.
    pub name: Option<String>,
    /// Who holds it.
    pub holder: Option<String>,
    /// Until.
    pub expires: Option<Day>,
}
