//! Salesforce's own names, and those that Drumbeat provisions there.

use drumbeat_model::crm::Holds::{Choice, Choices, Day, Instant, Number, Text, Truth};
use drumbeat_model::field::Field;

use super::Row;

pub(super) const ACCOUNT: &[Row] = &[
    (Field::Name, Text, &["Name"]),
    (Field::Domain, Text, &["Website"]),
    (Field::Phone, Text, &["Phone"]),
    (Field::City, Text, &["BillingCity"]),
    (Field::Country, Text, &["BillingCountryCode", "BillingCountry"]),
    (Field::Region, Text, &["BillingStateCode", "BillingState"]),
    (Field::Industry, Text, &["Industry"]),
    (Field::Owner, Text, &["OwnerId"]),
    (Field::Parent, Text, &["ParentId"]),
    (Field::CreatedAt, Instant, &["CreatedDate"]),
    (Field::IsPartner, Truth, &["IsPartner__c", "IsPartner"]),
    (Field::PartnerType, Choice, &["Partner_Type__c"]),
    (Field::PartnerTier, Choice, &["Partner_Tier__c"]),
    (Field::PartnerStatus, Choice, &["Partner_Status__c"]),
    (Field::PartnerMotions, Choices, &["Partner_Motions__c"]),
    (Field::PartnerTerritories, Choices, &["Partner_Territories__c"]),
    (Field::PartnerSince, Day, &["Partner_Since__c"]),
    (Field::Incumbent, Text, &["Incumbent_Partner__c"]),
    (Field::RenewalDate, Day, &["Renewal_Date__c"]),
    (Field::Blocked, Truth, &["Blocked_Account__c"]),
    (Field::ReservedFor, Text, &["Reserved_For__c"]),
    (Field::NetRetention, Number, &["Net_Revenue_Retention__c", "NRR__c"]),
    (Field::Satisfaction, Number, &["CSAT__c", "CSAT_Score__c", "Customer_Satisfaction__c"]),
    (Field::IntegrationUsed, Truth, &["Integration_Used__c", "Integration_Live__c"]),
    (Field::LastOp, Text, &["Drumbeat_Last_Op__c"]),
];

pub(super) const OPPORTUNITY: &[Row] = &[
    (Field::Name, Text, &["Name"]),
    (Field::Amount, Number, &["Amount"]),
    (Field::Currency, Text, &["CurrencyIsoCode"]),
    (Field::Stage, Text, &["StageName"]),
    (Field::Pipeline, Text, &["RecordTypeId"]),
    (Field::CloseDate, Day, &["CloseDate"]),
    (Field::CreatedAt, Instant, &["CreatedDate"]),
    (Field::Owner, Text, &["OwnerId"]),
    (Field::LostReason, Text, &["Loss_Reason__c"]),
    (Field::NextStep, Text, &["NextStep"]),
    (Field::NextStepOwner, Text, &["Next_Step_Owner__c"]),
    (Field::NextStepDue, Day, &["Next_Step_Due__c"]),
    (Field::Motion, Choice, &["Partner_Motion__c"]),
    (Field::PartnerType, Choice, &["Partner_Type__c"]),
    (Field::Partner, Text, &["Partner_Organisation__c", "Partner_Organization__c", "PartnerAccountId"]),
    (Field::Attribution, Choice, &["Partner_Attribution__c"]),
    (Field::AttributionPct, Number, &["Partner_Attribution_Pct__c"]),
    (Field::RegistrationId, Text, &["Deal_Registration_Id__c"]),
    (Field::ProtectionStart, Day, &["Protection_Start__c"]),
    (Field::ProtectionEnd, Day, &["Protection_End__c"]),
    (Field::PriceProtected, Truth, &["Price_Protected__c"]),
    (Field::DiscountBand, Text, &["Discount_Band__c"]),
    (Field::DealKind, Choice, &["Deal_Kind__c", "Type"]),
    (Field::AnnualValue, Number, &["Annual_Contract_Value__c", "ACV__c"]),
    (
        Field::IncentiveCost,
        Number,
        &["Incentive_Cost__c", "Partner_Incentive__c", "Partner_Commission__c", "Referral_Fee__c"],
    ),
    (Field::Incumbent, Text, &["Incumbent_Partner__c"]),
    (Field::ContactRoles, Text, &["Partner_Contact_Roles__c"]),
    (Field::ConflictStatus, Choice, &["Channel_Conflict_Status__c"]),
    (Field::ConflictNotes, Text, &["Channel_Conflict_Notes__c"]),
    (Field::StageNotes, Text, &["Stage_Notes__c"]),
    (Field::StageNotesAt, Instant, &["Stage_Notes_At__c"]),
    (Field::StageEnteredAt, Instant, &["LastStageChangeDate"]),
    (Field::LastActivityAt, Instant, &["LastActivityDate"]),
    (Field::Products, Text, &["Product__c", "Products__c"]),
    (Field::Dossier, Text, &["Drumbeat_Record__c"]),
    (Field::LastOp, Text, &["Drumbeat_Last_Op__c"]),
    (Field::OpId, Text, &["Drumbeat_Op_Id__c"]),
];

/// A Lead of the record type for deal registrations, or an object of the account's own.
pub(super) const REGISTRATION: &[Row] = &[
    (Field::Name, Text, &["Registration_Number__c"]),
    (Field::RegistrationKind, Choice, &["Registration_Kind__c"]),
    (Field::Status, Choice, &["Registration_Status__c", "Status", "Status__c"]),
    (Field::Partner, Text, &["Partner__c", "Partner_Organisation__c", "PartnerAccountId"]),
    (Field::CompanyName, Text, &["Company", "Company_Name__c"]),
    (Field::Domain, Text, &["Website", "Company_Domain__c"]),
    (Field::Country, Text, &["CountryCode", "Country", "Country__c"]),
    (Field::City, Text, &["City", "City__c"]),
    (Field::ContactName, Text, &["Contact_Name__c", "Name"]),
    (Field::ContactEmail, Text, &["Email", "Contact_Email__c"]),
    (Field::ContactPhone, Text, &["Phone", "Contact_Phone__c"]),
    (Field::Problem, Text, &["Problem__c", "Description"]),
    (Field::StageGuess, Text, &["Stage_Guess__c"]),
    (Field::Consent, Truth, &["Consent__c"]),
    (Field::Amount, Number, &["Amount__c"]),
    (Field::Currency, Text, &["CurrencyIsoCode"]),
    (Field::CloseDate, Day, &["Expected_Close__c"]),
    (Field::Products, Text, &["Products__c", "Product__c"]),
    (Field::ProofOfWork, Text, &["Proof_Of_Work__c"]),
    (Field::Competitors, Text, &["Competitors__c"]),
    (Field::Motion, Choice, &["Motion__c", "Partner_Motion__c"]),
    (Field::SubmittedAt, Instant, &["Submitted_At__c"]),
    (Field::SubmittedBy, Text, &["Submitted_By__c"]),
    (Field::DecidedAt, Instant, &["Decided_At__c"]),
    (Field::DecidedBy, Text, &["Decided_By__c"]),
    (Field::DecisionReason, Text, &["Decision_Reason__c"]),
    (Field::DeclineReason, Choice, &["Decline_Reason__c"]),
    (Field::InfoRequest, Text, &["Info_Request__c"]),
    (Field::ProtectionStart, Day, &["Protection_Start__c"]),
    (Field::ProtectionEnd, Day, &["Protection_End__c"]),
    (Field::Account, Text, &["Account__c"]),
    (Field::Deal, Text, &["Deal__c", "ConvertedOpportunityId"]),
    (Field::ConvertedInto, Text, &["ConvertedOpportunityId"]),
    (Field::Owner, Text, &["OwnerId"]),
    (Field::ClaimedBy, Text, &["Drumbeat_Claimed_By__c"]),
    (Field::CreatedAt, Instant, &["CreatedDate"]),
    (Field::Dossier, Text, &["Drumbeat_Record__c"]),
    (Field::LastOp, Text, &["Drumbeat_Last_Op__c"]),
    (Field::OpId, Text, &["Drumbeat_Op_Id__c"]),
];

pub(super) const CERTIFICATION: &[Row] = &[
    (Field::Name, Text, &["Name"]),
    (Field::Partner, Text, &["Partner__c", "Account__c"]),
    (Field::Holder, Text, &["Holder__c"]),
    (Field::CertificationKind, Choice, &["Certification_Kind__c"]),
    (Field::Level, Text, &["Level__c"]),
    (Field::EarnedAt, Day, &["Earned_At__c"]),
    (Field::ExpiresAt, Day, &["Expires_At__c"]),
    (Field::Status, Choice, &["Certification_Status__c", "Status__c"]),
];

pub(super) const CONTACT: &[Row] = &[
    (Field::FirstName, Text, &["FirstName"]),
    (Field::LastName, Text, &["LastName"]),
    (Field::Email, Text, &["Email"]),
    (Field::Phone, Text, &["Phone", "MobilePhone"]),
    (Field::JobTitle, Text, &["Title"]),
];

pub(super) const TASK: &[Row] = &[
    (Field::Title, Text, &["Subject"]),
    (Field::Body, Text, &["Description"]),
    (Field::Status, Choice, &["Status"]),
    (Field::DueAt, Instant, &["ActivityDate"]),
    (Field::Owner, Text, &["OwnerId"]),
    (Field::CreatedAt, Instant, &["CreatedDate"]),
    (Field::LastOp, Text, &["Drumbeat_Last_Op__c"]),
    (Field::OpId, Text, &["Drumbeat_Op_Id__c"]),
];

/// A Task that is done and has a mark of ours: the vendor's own notes are files that no question finds.
pub(super) const NOTE: &[Row] = &[
    (Field::Body, Text, &["Description"]),
    (Field::At, Instant, &["ActivityDate"]),
    (Field::Owner, Text, &["OwnerId"]),
    (Field::LastOp, Text, &["Drumbeat_Last_Op__c"]),
    (Field::OpId, Text, &["Drumbeat_Op_Id__c"]),
];

pub(super) const MEETING: &[Row] = &[
    (Field::Title, Text, &["Subject"]),
    (Field::At, Instant, &["StartDateTime", "ActivityDateTime", "ActivityDate"]),
    (Field::Owner, Text, &["OwnerId"]),
];

/// Calls and e-mails, which are Tasks of their own subtypes.
pub(super) const LOGGED: &[Row] = &[
    (Field::Title, Text, &["Subject"]),
    (Field::At, Instant, &["CompletedDateTime", "ActivityDate"]),
    (Field::CreatedAt, Instant, &["CreatedDate"]),
    (Field::Owner, Text, &["OwnerId"]),
];
