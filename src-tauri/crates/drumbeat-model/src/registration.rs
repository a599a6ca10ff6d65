//! Registrations: a partner's claim, its states, and the decisions about it (R).

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::deal::{Motion, words};
use crate::ids::{AccountId, DealId, DecisionId, OwnerId, PartnerId, RegistrationId};
use crate::money::Money;
use crate::time::{Day, Instant};

words! {
    /// Early claim or qualified opportunity.
    RegistrationKind {
        Lead "lead" "Lead registration",
        Deal "deal" "Deal registration",
    }
}

words! {
    /// Where a registration stands.
    RegistrationStatus {
        Draft "draft" "Draft",
        Submitted "submitted" "Submitted",
        InfoRequested "info_requested" "Info requested",
        Approved "approved" "Approved",
        Declined "declined" "Declined",
        Expired "expired" "Expired",
        Withdrawn "withdrawn" "Withdrawn",
        Converted "converted" "Converted",
    }
}

impl RegistrationStatus {
    /// Still waits for a decision or for the partner.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::Submitted | Self::InfoRequested)
    }

    /// Holds the company, as long as its protection lasts.
    #[must_use]
    pub fn is_protected(self) -> bool {
        matches!(self, Self::Approved | Self::Converted)
    }
}

words! {
    /// Why a registration is declined.
    DeclineReason {
        Duplicate "duplicate" "Duplicate",
        NotQualified "not_qualified" "Not qualified",
        ActiveCycle "active_cycle" "Customer in active cycle",
        Territory "territory" "Territory",
        Blocked "blocked" "Blocked",
        NotCertified "not_certified" "Not certified",
        Incomplete "incomplete" "Incomplete",
        Other "other" "Other",
    }
}

/// One registration, typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registration {
    /// The CRM's id.
    pub id: RegistrationId,
    /// Number or name that people use for it.
    pub name: String,
    /// Lead or deal.
    pub kind: RegistrationKind,
    /// State.
    pub status: RegistrationStatus,
    /// Partner.
    pub partner: Option<PartnerId>,
    /// Company claimed.
    pub company: String,
    /// Its domain, as written.
    pub domain: Option<String>,
    /// Country.
    pub country: Option<String>,
    /// City.
    pub city: Option<String>,
    /// Contact.
    pub contact_name: Option<String>,
    /// Contact e-mail.
    pub contact_email: Option<String>,
    /// Contact phone.
    pub contact_phone: Option<String>,
    /// Problem to solve.
    pub problem: Option<String>,
    /// Stage as the partner sees it.
    pub stage_guess: Option<String>,
    /// The contact agreed to be named.
    pub consent: Option<bool>,
    /// Amount.
    pub amount: Option<Money>,
    /// Expected close.
    pub close_date: Option<Day>,
    /// Products.
    pub products: Option<String>,
    /// Proof of work.
    pub proof_of_work: Option<String>,
    /// Competitors.
    pub competitors: Option<String>,
    /// Motion.
    pub motion: Option<Motion>,
    /// Submitted.
    pub submitted_at: Option<Instant>,
    /// By whom at the partner.
    pub submitted_by: Option<String>,
    /// Decided.
    pub decided_at: Option<Instant>,
    /// By whom.
    pub decided_by: Option<String>,
    /// Why.
    pub decision_reason: Option<String>,
    /// Why declined, from the list.
    pub decline_reason: Option<DeclineReason>,
    /// What the partner was asked.
    pub info_request: Option<String>,
    /// Protection window.
    pub protection_start: Option<Day>,
    /// Protection window.
    pub protection_end: Option<Day>,
    /// Account it was matched to in the CRM.
    pub account: Option<AccountId>,
    /// Deal it led to.
    pub deal: Option<DealId>,
    /// Owner in the CRM.
    pub owner: Option<OwnerId>,
    /// Manager who has claimed it.
    pub claimed_by: Option<OwnerId>,
    /// Appeals, extensions, the first meeting and the like.
    pub dossier: crate::dossier::Dossier,
    /// Has changes that the CRM has not accepted yet.
    pub pending: bool,
}

/// Approve a registration: one act with everything that belongs to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct Approve {
    /// Which.
    pub registration: RegistrationId,
    /// Days of protection; the policy's default when absent.
    #[serde(default)]
    pub protection_days: Option<u32>,
    /// The seller; the account's or the recommended one when absent.
    #[serde(default)]
    pub seller: Option<OwnerId>,
    /// Link this open deal instead of creating one.
    #[serde(default)]
    pub link_deal: Option<DealId>,
    /// Message to the partner; drafted from the template when absent.
    #[serde(default)]
    pub message: Option<String>,
    /// Why, in a sentence; needed when the recommendation says otherwise.
    #[serde(default)]
    pub reason: Option<String>,
}

/// Decline a registration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct Decline {
    /// Which.
    pub registration: RegistrationId,
    /// Why, from the list.
    pub reason: DeclineReason,
    /// Why, in words; needed for `other`.
    #[serde(default)]
    pub text: Option<String>,
    /// Message to the partner; drafted when absent.
    #[serde(default)]
    pub message: Option<String>,
}

/// Ask the partner; the S-02 clock pauses until the answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct AskInfo {
    /// Which.
    pub registration: RegistrationId,
    /// What is missing.
    pub question: String,
    /// Message to the partner; drafted when absent.
    #[serde(default)]
    pub message: Option<String>,
}

/// Claim a registration so that no second manager decides it offline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct Claim {
    /// Which.
    pub registration: RegistrationId,
    /// Give it back.
    #[serde(default)]
    pub release: bool,
}

/// Take back a decision that has not been sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct Undo {
    /// Which.
    pub decision: DecisionId,
}

/// A decision that is saved on this device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Decided {
    /// Its id, for undo.
    pub decision: DecisionId,
    /// What was done, e.g. "Approved Hansa Kühlkette GmbH".
    pub title: String,
    /// When it was saved.
    pub at: Instant,
}
