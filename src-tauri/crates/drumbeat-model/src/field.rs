//! The fields that Drumbeat understands, by its own names. Which CRM property holds which is the
//! [mapping](crate::mapping); unknown properties are kept in the mirror and never lost.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

macro_rules! fields {
    ($($variant:ident $name:literal $label:literal),* $(,)?) => {
        /// One field of a record, by Drumbeat's name for it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
        #[serde(rename_all = "snake_case")]
        pub enum Field {
            $(#[doc = $label] $variant),*
        }

        impl Field {
            /// Every field.
            pub const ALL: &[Field] = &[$(Field::$variant),*];

            /// The stable name, as in files, the command line and the window.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Field::$variant => $name),* }
            }

            /// What a person reads.
            #[must_use]
            pub fn label(self) -> &'static str {
                match self { $(Field::$variant => $label),* }
            }

            /// The field with this stable name.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($name => Some(Field::$variant),)* _ => None }
            }
        }

        impl schemars::JsonSchema for Field {
            fn schema_name() -> std::borrow::Cow<'static, str> { "Field".into() }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "enum": [$($name),*] })
            }
        }
    };
}

fields! {
    Name "name" "Name",
    Domain "domain" "Domain",
    Phone "phone" "Phone",
    City "city" "City",
    Country "country" "Country",
    Region "region" "Region",
    Industry "industry" "Industry",
    Owner "owner" "Owner",
    Parent "parent" "Parent",
    CreatedAt "created_at" "Created",
    IsPartner "is_partner" "Is a partner",
    PartnerType "partner_type" "Partner type",
    PartnerTier "partner_tier" "Tier",
    PartnerStatus "partner_status" "Partner status",
    PartnerMotions "partner_motions" "Motions",
    PartnerTerritories "partner_territories" "Territories",
    PartnerSince "partner_since" "Partner since",
    Incumbent "incumbent" "Incumbent partner",
    RenewalDate "renewal_date" "Renewal date",
    Blocked "blocked" "Blocked account",
    ReservedFor "reserved_for" "Kept for",
    NetRetention "net_retention" "Net revenue retention",
    Satisfaction "satisfaction" "Customer satisfaction",
    IntegrationUsed "integration_used" "Uses the integration",
    Amount "amount" "Amount",
    Currency "currency" "Currency",
    HomeAmount "home_amount" "Amount in the company's currency",
    ExchangeRate "exchange_rate" "Exchange rate",
    Stage "stage" "Stage",
    Pipeline "pipeline" "Pipeline",
    CloseDate "close_date" "Close date",
    LostReason "lost_reason" "Lost reason",
    NextStep "next_step" "Next step",
    NextStepOwner "next_step_owner" "Next step owner",
    NextStepDue "next_step_due" "Next step due",
    Motion "motion" "Motion",
    Partner "partner" "Partner organisation",
    Attribution "attribution" "Attribution",
    AttributionPct "attribution_pct" "Attribution percentage",
    RegistrationId "registration_id" "Registration",
    ProtectionStart "protection_start" "Protection start",
    ProtectionEnd "protection_end" "Protection end",
    PriceProtected "price_protected" "Price protection",
    DiscountBand "discount_band" "Discount band",
    DealKind "deal_kind" "New, renewal or expansion",
    AnnualValue "annual_value" "Annual contract value",
    IncentiveCost "incentive_cost" "Incentive cost",
    ContactRoles "contact_roles" "Partner contacts",
    ConflictStatus "conflict_status" "Channel conflict",
    ConflictNotes "conflict_notes" "Channel conflict notes",
    StageNotes "stage_notes" "Stage notes",
    StageNotesAt "stage_notes_at" "Stage notes dated",
    StageEnteredAt "stage_entered_at" "Stage entered",
    LastActivityAt "last_activity_at" "Last activity",
    Products "products" "Products",
    RegistrationKind "registration_kind" "Kind of registration",
    Status "status" "Status",
    CompanyName "company_name" "Company",
    ContactName "contact_name" "Contact",
    ContactEmail "contact_email" "Contact e-mail",
    ContactPhone "contact_phone" "Contact phone",
    Problem "problem" "Need",
    StageGuess "stage_guess" "Stage, as the partner sees it",
    Consent "consent" "Consent",
    ProofOfWork "proof_of_work" "Proof of work",
    Competitors "competitors" "Competitors",
    SubmittedAt "submitted_at" "Submitted",
    SubmittedBy "submitted_by" "Submitted by",
    DecidedAt "decided_at" "Decided",
    DecidedBy "decided_by" "Decided by",
    DecisionReason "decision_reason" "Reason of the decision",
    DeclineReason "decline_reason" "Decline reason",
    InfoRequest "info_request" "Question to the partner",
    Account "account" "Account",
    Deal "deal" "Deal",
    ConvertedInto "converted_into" "Converted into",
    ClaimedBy "claimed_by" "Claimed by",
    Holder "holder" "Holder",
    CertificationKind "certification_kind" "Kind of certificate",
    Level "level" "Level",
    EarnedAt "earned_at" "Earned",
    ExpiresAt "expires_at" "Expires",
    FirstName "first_name" "First name",
    LastName "last_name" "Last name",
    Email "email" "E-mail",
    JobTitle "job_title" "Job title",
    Title "title" "Title",
    Body "body" "Text",
    At "at" "When",
    DueAt "due_at" "Due",
    Dossier "dossier" "Drumbeat record",
    LastOp "last_op" "Op marker",
    OpId "op_id" "Op id",
}

impl Field {
    /// Whether it only says when something happened last: of two values the later one is right, and nobody
    /// has to be asked.
    #[must_use]
    pub fn is_latest(self) -> bool {
        matches!(self, Field::LastActivityAt | Field::StageNotesAt | Field::StageEnteredAt)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_found_again_by_its_name() {
        for field in Field::ALL {
            assert_eq!(Field::from_name(field.name()), Some(*field));
            assert_eq!(serde_json::to_string(field).ok(), Some(format!("\"{}\"", field.name())));
        }
    }
}
