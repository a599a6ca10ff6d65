//! Salesforce's own names, and those that Drumbeat would provision there.

use drumbeat_model::crm::Holds::{Choice, Day, Instant, Number, Text, Truth};
use drumbeat_model::field::Field;

use super::Row;

pub(super) const ACCOUNT: &[Row] = &[
    (Field::Name, Text, &["Name"]),
    (Field::Domain, Text, &["Website"]),
    (Field::Phone, Text, &["Phone"]),
    (Field::City, Text, &["BillingCity"]),
    (Field::Country, Text, &["BillingCountryCode", "BillingCountry"]),
    (Field::Industry, Text, &["Industry"]),
    (Field::Owner, Text, &["OwnerId"]),
    (Field::Parent, Text, &["ParentId"]),
    (Field::CreatedAt, Instant, &["CreatedDate"]),
    (Field::IsPartner, Truth, &["IsPartner"]),
    (Field::PartnerType, Choice, &["Partner_Type__c"]),
    (Field::PartnerTier, Choice, &["Partner_Tier__c"]),
    (Field::PartnerStatus, Choice, &["Partner_Status__c"]),
    (Field::LastOp, Text, &["Drumbeat_Last_Op__c"]),
];

pub(super) const OPPORTUNITY: &[Row] = &[
    (Field::Name, Text, &["Name"]),
    (Field::Amount, Number, &["Amount"]),
    (Field::Currency, Text, &["CurrencyIsoCode"]),
    (Field::Stage, Text, &["StageName"]),
    (Field::CloseDate, Day, &["CloseDate"]),
    (Field::CreatedAt, Instant, &["CreatedDate"]),
    (Field::Owner, Text, &["OwnerId"]),
    (Field::NextStep, Text, &["NextStep"]),
    (Field::Partner, Text, &["PartnerAccountId"]),
    (Field::DealKind, Choice, &["Type"]),
    (Field::StageEnteredAt, Instant, &["LastStageChangeDate"]),
    (Field::LastActivityAt, Instant, &["LastActivityDate"]),
    (Field::Dossier, Text, &["Drumbeat_Record__c"]),
    (Field::LastOp, Text, &["Drumbeat_Last_Op__c"]),
    (Field::OpId, Text, &["Drumbeat_Op_Id__c"]),
];

pub(super) const CONTACT: &[Row] = &[
    (Field::FirstName, Text, &["FirstName"]),
    (Field::LastName, Text, &["LastName"]),
    (Field::Email, Text, &["Email"]),
    (Field::Phone, Text, &["Phone"]),
    (Field::JobTitle, Text, &["Title"]),
];
