//! Partners: the typed view of a company marked as one, its certificates, and what is shown of it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::crm::ObjectKind;
use crate::deal::{DealRow, Motion, words};
use crate::ids::{AccountId, DealId, OwnerId, PartnerId, RegistrationId};
use crate::inbox::InboxRow;
use crate::money::Money;
use crate::page::Direction;
use crate::time::{Day, Instant};

words! {
    /// What kind of partner (T-01).
    PartnerType {
        Referral "referral" "Referral",
        Reseller "reseller" "Reseller",
        Distributor "distributor" "Distributor",
        Marketplace "marketplace" "Marketplace",
        Si "si" "SI",
        Msp "msp" "MSP",
        Isv "isv" "ISV",
        Agency "agency" "Agency",
        Affiliate "affiliate" "Affiliate",
    }
}

words! {
    /// Where a partner stands in its life (T-01).
    PartnerStatus {
        Prospect "prospect" "Prospect",
        Onboarding "onboarding" "Onboarding",
        Active "active" "Active",
        AtRisk "at_risk" "At risk",
        Offboarding "offboarding" "Offboarding",
        Ended "ended" "Ended",
    }
}

words! {
    /// Tier (T-02). Names are labels; criteria are the policy's.
    Tier {
        Registered "registered" "Registered",
        Select "select" "Select",
        Elite "elite" "Elite",
    }
}

/// A company, typed: an end customer account, a partner, or both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Company {
    /// The CRM's id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Web domain, as written.
    pub domain: Option<String>,
    /// Country, as written.
    pub country: Option<String>,
    /// City.
    pub city: Option<String>,
    /// Region.
    pub region: Option<String>,
    /// Phone.
    pub phone: Option<String>,
    /// Owner in the CRM.
    pub owner: Option<OwnerId>,
    /// Parent company.
    pub parent: Option<AccountId>,
    /// Marked as a partner.
    pub is_partner: bool,
    /// Partner type.
    pub partner_type: Option<PartnerType>,
    /// Tier.
    pub tier: Option<Tier>,
    /// Lifecycle.
    pub status: Option<PartnerStatus>,
    /// Motions it is allowed.
    pub motions: Vec<Motion>,
    /// Territories it may sell in; empty means everywhere.
    pub territories: Vec<String>,
    /// Partner since.
    pub partner_since: Option<Day>,
    /// The partner who holds this account today.
    pub incumbent: Option<PartnerId>,
    /// Next renewal at this account.
    pub renewal_date: Option<Day>,
    /// No registrations on this account.
    pub blocked: bool,
    /// Whom the account is kept for: a partner's id or name, or `direct` for a named account of direct sales.
    #[serde(default)]
    pub reserved_for: Option<String>,
    /// Net revenue retention of a customer in percent (K-17).
    pub retention: Option<rust_decimal::Decimal>,
    /// How satisfied a customer is, on the CRM's own scale (K-17).
    pub satisfaction: Option<rust_decimal::Decimal>,
    /// A customer uses the integration (K-17).
    pub integration_used: Option<bool>,
}

/// One certificate of one person at a partner (T-03).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Certification {
    /// The CRM's id.
    pub id: String,
    /// Partner.
    pub partner: PartnerId,
    /// Name of the certificate.
    pub name: String,
    /// Who holds it.
    pub holder: Option<String>,
    /// Product, sales, technical.
    pub kind: Option<String>,
    /// Level.
    pub level: Option<String>,
    /// Earned.
    pub earned: Option<Day>,
    /// Ends.
    pub expires: Option<Day>,
    /// Status as the CRM has it.
    pub status: Option<String>,
}

impl Certification {
    /// The status of one that somebody still works on; it counts nowhere, whatever its days.
    pub const IN_PROGRESS: &str = "in_progress";

    /// Whether somebody still works on it.
    #[must_use]
    pub fn is_in_progress(&self) -> bool {
        self.status.as_deref() == Some(Self::IN_PROGRESS)
    }
}

/// One dated contact: meeting, call, e-mail, task or note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Touch {
    /// The CRM's id, or a local one.
    pub id: String,
    /// What kind.
    pub kind: ObjectKind,
    /// When it was, or when a task is due.
    pub at: Option<Instant>,
    /// Title, or the first line of a note.
    pub title: String,
    /// Who.
    pub owner: Option<String>,
    /// Tasks: done.
    pub done: bool,
    /// Made here and not yet in the CRM.
    pub pending: bool,
}

/// What the partner list is asked.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct PartnersQuery {
    /// Of this type.
    pub partner_type: Option<PartnerType>,
    /// Of this tier.
    pub tier: Option<Tier>,
    /// In this status.
    pub status: Option<PartnerStatus>,
    /// Words in the name.
    pub text: Option<String>,
    /// Sorted by.
    pub sort: PartnerSort,
    /// Which way.
    pub direction: Direction,
    /// Key of the page before.
    pub after: Option<String>,
    /// Rows wanted, at most 500; 0 means 100.
    pub limit: u32,
}

words! {
    /// Columns that partners sort by.
    PartnerSort {
        Name "name" "Name",
        Tier "tier" "Tier",
        OpenAmount "open_amount" "Open pipeline",
        LastTouch "last_touch" "Last touch",
    }
}

#[allow(clippy::derivable_impls)]
impl Default for PartnerSort {
    fn default() -> Self {
        PartnerSort::Name
    }
}

/// One line of the partner list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PartnerRow {
    /// Partner.
    pub id: PartnerId,
    /// Name.
    pub name: String,
    /// Type.
    pub partner_type: Option<PartnerType>,
    /// Tier.
    pub tier: Option<Tier>,
    /// What the policy calls it.
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier_name: Option<String>,
    /// Lifecycle.
    pub status: Option<PartnerStatus>,
    /// Open deals.
    pub open_deals: u32,
    /// Their sums, one per currency, the account's own currency first.
    pub open_amounts: Vec<Money>,
    /// Registrations waiting for a decision.
    pub open_registrations: u32,
    /// Valid certificates.
    pub certified: u32,
    /// Certificates that end within 30 days (S-11).
    pub expiring: u32,
    /// Latest touch.
    pub last_touch: Option<Instant>,
}

/// One partner with everything that the detail shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct PartnerDetail {
    /// The list row.
    pub row: PartnerRow,
    /// Web domain.
    pub domain: Option<String>,
    /// Country.
    pub country: Option<String>,
    /// Owner name.
    pub owner: Option<String>,
    /// Motions it is allowed.
    pub motions: Vec<Motion>,
    /// Territories; empty means everywhere.
    pub territories: Vec<String>,
    /// Partner since.
    pub partner_since: Option<Day>,
    /// Won this quarter, one sum per currency.
    pub won_quarter: Vec<Money>,
    /// How many won this quarter.
    pub won_quarter_count: u32,
    /// Won in the last four quarters, one sum per currency.
    pub won_year: Vec<Money>,
    /// Average hygiene of its open deals, 0 to 100.
    pub hygiene: u32,
    /// Certificates, ending first.
    pub certifications: Vec<Certification>,
    /// Open deals, closing first (at most 50).
    pub deals: Vec<DealRow>,
    /// Registrations, latest first (at most 50).
    pub registrations: Vec<InboxRow>,
    /// Latest first (at most 50).
    pub touches: Vec<Touch>,
    /// Where to see it in the CRM.
    pub crm_url: Option<String>,
}

/// One page for the phone (W-09).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct CallSheet {
    /// Partner.
    pub id: PartnerId,
    /// Name.
    pub name: String,
    /// Tier.
    pub tier: Option<Tier>,
    /// What the policy calls it.
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier_name: Option<String>,
    /// As of.
    pub as_of: Instant,
    /// Open registrations and their clocks.
    pub registrations: Vec<InboxRow>,
    /// Protections that end within 30 days.
    pub protections: Vec<DealRow>,
    /// Open deals with their next steps.
    pub deals: Vec<CallSheetDeal>,
    /// What the partner owes us.
    pub they_owe: Vec<Owed>,
    /// What we owe the partner.
    pub we_owe: Vec<Owed>,
    /// Certificates that end within 30 days.
    pub certifications: Vec<Certification>,
    /// Last touches.
    pub touches: Vec<Touch>,
}

/// A deal on the call sheet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct CallSheetDeal {
    /// The deal.
    pub row: DealRow,
    /// Next step.
    pub next_step: Option<String>,
    /// Who.
    pub owner: Option<String>,
    /// By when.
    pub due: Option<Day>,
}

/// Something owed (B16).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Owed {
    /// What.
    pub text: String,
    /// Since when or until when.
    pub due: Option<Day>,
    /// Already late.
    pub late: bool,
    /// The registration or deal it is about.
    pub registration: Option<RegistrationId>,
    /// The deal it is about.
    pub deal: Option<DealId>,
}

/// A note taken during or after a call, with what was promised (W-09, starts S-04).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct QuickLog {
    /// Partner.
    pub partner: PartnerId,
    /// The deal it is about, where it is about one.
    pub deal: Option<DealId>,
    /// What was said.
    pub note: String,
    /// What was promised.
    pub next_step: Option<String>,
    /// Who does it.
    pub owner: Option<OwnerId>,
    /// By when.
    pub due: Option<Day>,
}
