//! HubSpot's own names, and those that Drumbeat provisions.

use drumbeat_model::crm::Holds::{Choice, Choices, Day, Instant, Number, Text, Truth};
use drumbeat_model::field::Field;

use super::Row;

pub(super) const COMPANY: &[Row] = &[
    (Field::Name, Text, &["name"]),
    (Field::Domain, Text, &["domain", "website"]),
    (Field::Phone, Text, &["phone"]),
    (Field::City, Text, &["city"]),
    (Field::Country, Text, &["country", "hs_country_code"]),
    (Field::Region, Text, &["region", "state"]),
    (Field::Industry, Text, &["industry"]),
    (Field::Owner, Text, &["hubspot_owner_id"]),
    (Field::Parent, Text, &["hs_parent_company_id"]),
    (Field::CreatedAt, Instant, &["createdate"]),
    (Field::IsPartner, Truth, &["is_partner"]),
    (Field::PartnerType, Choice, &["partner_type"]),
    (Field::PartnerTier, Choice, &["partner_tier"]),
    (Field::PartnerStatus, Choice, &["partner_status"]),
    (Field::PartnerMotions, Choices, &["partner_motions"]),
    (Field::PartnerTerritories, Choices, &["partner_territories"]),
    (Field::PartnerSince, Day, &["partner_since"]),
    (Field::Incumbent, Text, &["incumbent_partner"]),
    (Field::RenewalDate, Day, &["renewal_date"]),
    (Field::Blocked, Truth, &["blocked_account"]),
    (Field::ReservedFor, Text, &["reserved_for"]),
    (Field::NetRetention, Number, &["net_revenue_retention", "nrr"]),
    (Field::Satisfaction, Number, &["csat", "csat_score", "customer_satisfaction"]),
    (Field::IntegrationUsed, Truth, &["integration_used", "integration_live"]),
    (Field::LastOp, Text, &["drumbeat_last_op"]),
];

pub(super) const DEAL: &[Row] = &[
    (Field::Name, Text, &["dealname"]),
    (Field::Amount, Number, &["amount"]),
    (Field::Currency, Text, &["deal_currency_code"]),
    (Field::HomeAmount, Number, &["amount_in_home_currency"]),
    (Field::ExchangeRate, Number, &["hs_exchange_rate"]),
    (Field::Stage, Text, &["dealstage"]),
    (Field::Pipeline, Text, &["pipeline"]),
    (Field::CloseDate, Instant, &["closedate"]),
    (Field::CreatedAt, Instant, &["createdate"]),
    (Field::Owner, Text, &["hubspot_owner_id"]),
    (Field::LostReason, Text, &["closed_lost_reason"]),
    (Field::NextStep, Text, &["hs_next_step"]),
    (Field::NextStepOwner, Text, &["next_step_owner"]),
    (Field::NextStepDue, Day, &["next_step_due"]),
    (Field::Motion, Choice, &["partner_motion"]),
    (Field::PartnerType, Choice, &["partner_type"]),
    (Field::Partner, Text, &["partner_organisation", "partner_organization", "partner_id"]),
    (Field::Attribution, Choice, &["partner_attribution"]),
    (Field::AttributionPct, Number, &["partner_attribution_pct"]),
    (Field::RegistrationId, Text, &["deal_registration_id", "registration_id"]),
    (Field::ProtectionStart, Day, &["protection_start"]),
    (Field::ProtectionEnd, Day, &["protection_end"]),
    (Field::PriceProtected, Truth, &["price_protected"]),
    (Field::DiscountBand, Text, &["discount_band"]),
    (Field::DealKind, Choice, &["deal_kind", "dealtype"]),
    (Field::AnnualValue, Number, &["annual_contract_value", "hs_acv"]),
    (Field::IncentiveCost, Number, &["incentive_cost", "partner_incentive", "partner_commission", "referral_fee"]),
    (Field::Incumbent, Text, &["incumbent_partner"]),
    (Field::ContactRoles, Text, &["partner_contact_roles"]),
    (Field::ConflictStatus, Choice, &["channel_conflict_status"]),
    (Field::ConflictNotes, Text, &["channel_conflict_notes"]),
    (Field::StageNotes, Text, &["stage_notes"]),
    (Field::StageNotesAt, Instant, &["stage_notes_at"]),
    (Field::StageEnteredAt, Instant, &["stage_entered_at", "hs_v2_date_entered_current_stage"]),
    (Field::LastActivityAt, Instant, &["notes_last_updated", "hs_lastactivitydate", "notes_last_contacted"]),
    (Field::Products, Text, &["product", "products"]),
    (Field::Dossier, Text, &["drumbeat_record"]),
    (Field::LastOp, Text, &["drumbeat_last_op"]),
    (Field::OpId, Text, &["drumbeat_op_id"]),
];

pub(super) const REGISTRATION: &[Row] = &[
    (Field::Name, Text, &["registration_name", "name"]),
    (Field::RegistrationKind, Choice, &["registration_kind"]),
    (Field::Status, Choice, &["registration_status", "status"]),
    (Field::Partner, Text, &["partner_id", "partner_organisation"]),
    (Field::CompanyName, Text, &["company_name"]),
    (Field::Domain, Text, &["company_domain"]),
    (Field::Country, Text, &["country"]),
    (Field::City, Text, &["city"]),
    (Field::ContactName, Text, &["contact_name"]),
    (Field::ContactEmail, Text, &["contact_email"]),
    (Field::ContactPhone, Text, &["contact_phone"]),
    (Field::Problem, Text, &["problem"]),
    (Field::StageGuess, Text, &["stage_guess"]),
    (Field::Consent, Truth, &["consent"]),
    (Field::Amount, Number, &["amount"]),
    (Field::Currency, Text, &["currency"]),
    (Field::CloseDate, Day, &["expected_close"]),
    (Field::Products, Text, &["products", "product"]),
    (Field::ProofOfWork, Text, &["proof_of_work"]),
    (Field::Competitors, Text, &["competitors"]),
    (Field::Motion, Choice, &["motion", "partner_motion"]),
    (Field::SubmittedAt, Instant, &["submitted_at"]),
    (Field::SubmittedBy, Text, &["submitted_by"]),
    (Field::DecidedAt, Instant, &["decided_at"]),
    (Field::DecidedBy, Text, &["decided_by"]),
    (Field::DecisionReason, Text, &["decision_reason"]),
    (Field::DeclineReason, Choice, &["decline_reason"]),
    (Field::InfoRequest, Text, &["info_request"]),
    (Field::ProtectionStart, Day, &["protection_start"]),
    (Field::ProtectionEnd, Day, &["protection_end"]),
    (Field::Account, Text, &["account_id"]),
    (Field::Deal, Text, &["deal_id"]),
    (Field::Owner, Text, &["hubspot_owner_id"]),
    (Field::ClaimedBy, Text, &["drumbeat_claimed_by"]),
    (Field::CreatedAt, Instant, &["hs_createdate", "createdate"]),
    (Field::Dossier, Text, &["drumbeat_record"]),
    (Field::LastOp, Text, &["drumbeat_last_op"]),
    (Field::OpId, Text, &["drumbeat_op_id"]),
];

pub(super) const CERTIFICATION: &[Row] = &[
    (Field::Name, Text, &["certification_name", "name"]),
    (Field::Partner, Text, &["partner_id", "partner_organisation"]),
    (Field::Holder, Text, &["holder"]),
    (Field::CertificationKind, Choice, &["certification_kind"]),
    (Field::Level, Text, &["level"]),
    (Field::EarnedAt, Day, &["earned_at"]),
    (Field::ExpiresAt, Day, &["expires_at"]),
    (Field::Status, Choice, &["certification_status", "status"]),
];

pub(super) const CONTACT: &[Row] = &[
    (Field::FirstName, Text, &["firstname"]),
    (Field::LastName, Text, &["lastname"]),
    (Field::Email, Text, &["email"]),
    (Field::Phone, Text, &["phone", "mobilephone"]),
    (Field::JobTitle, Text, &["jobtitle"]),
];

pub(super) const TASK: &[Row] = &[
    (Field::Title, Text, &["hs_task_subject"]),
    (Field::Body, Text, &["hs_task_body"]),
    (Field::Status, Choice, &["hs_task_status"]),
    (Field::DueAt, Instant, &["hs_timestamp"]),
    (Field::Owner, Text, &["hubspot_owner_id"]),
    (Field::CreatedAt, Instant, &["hs_createdate", "createdate"]),
    (Field::LastOp, Text, &["drumbeat_last_op"]),
    (Field::OpId, Text, &["drumbeat_op_id"]),
];

pub(super) const NOTE: &[Row] = &[
    (Field::Body, Text, &["hs_note_body"]),
    (Field::At, Instant, &["hs_timestamp"]),
    (Field::Owner, Text, &["hubspot_owner_id"]),
    (Field::LastOp, Text, &["drumbeat_last_op"]),
    (Field::OpId, Text, &["drumbeat_op_id"]),
];

pub(super) const MEETING: &[Row] = &[
    (Field::Title, Text, &["hs_meeting_title"]),
    (Field::At, Instant, &["hs_timestamp", "hs_meeting_start_time"]),
    (Field::Owner, Text, &["hubspot_owner_id"]),
];

pub(super) const CALL: &[Row] = &[
    (Field::Title, Text, &["hs_call_title"]),
    (Field::At, Instant, &["hs_timestamp"]),
    (Field::Owner, Text, &["hubspot_owner_id"]),
];

pub(super) const EMAIL: &[Row] = &[
    (Field::Title, Text, &["hs_email_subject"]),
    (Field::At, Instant, &["hs_timestamp"]),
    (Field::Owner, Text, &["hubspot_owner_id"]),
];
