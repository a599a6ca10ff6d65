//! What properties are called, as data: for each vendor the exact names, and for everyone the words
//! that people use instead. A new name is a word in a list here and nothing else.

mod hubspot;
mod salesforce;
mod words;

use drumbeat_model::crm::{Holds, ObjectKind, Vendor};
use drumbeat_model::field::Field;

pub(in crate::mapping) use words::WORDS;

/// A field, what its property should hold, and the vendor's exact names for it, best first.
pub(super) type Row = (Field, Holds, &'static [&'static str]);

/// The name under which a property is added: the best that can be given.
pub(super) fn added(exact: &[&'static str]) -> Option<&'static str> {
    exact.iter().copied().find(|name| name.ends_with("__c")).or(exact.first().copied())
}

/// The fields of a kind.
pub(super) fn rows(vendor: Vendor, kind: ObjectKind) -> &'static [Row] {
    match (vendor, kind) {
        (Vendor::Hubspot, ObjectKind::Company) => hubspot::COMPANY,
        (Vendor::Hubspot, ObjectKind::Deal) => hubspot::DEAL,
        (Vendor::Hubspot, ObjectKind::Registration) => hubspot::REGISTRATION,
        (Vendor::Hubspot, ObjectKind::Certification) => hubspot::CERTIFICATION,
        (Vendor::Hubspot, ObjectKind::Contact) => hubspot::CONTACT,
        (Vendor::Hubspot, ObjectKind::Task) => hubspot::TASK,
        (Vendor::Hubspot, ObjectKind::Note) => hubspot::NOTE,
        (Vendor::Hubspot, ObjectKind::Meeting) => hubspot::MEETING,
        (Vendor::Hubspot, ObjectKind::Call) => hubspot::CALL,
        (Vendor::Hubspot, ObjectKind::Email) => hubspot::EMAIL,
        (Vendor::Salesforce, ObjectKind::Company) => salesforce::ACCOUNT,
        (Vendor::Salesforce, ObjectKind::Deal) => salesforce::OPPORTUNITY,
        (Vendor::Salesforce, ObjectKind::Contact) => salesforce::CONTACT,
        (Vendor::Salesforce, ObjectKind::Registration) => salesforce::REGISTRATION,
        (Vendor::Salesforce, ObjectKind::Certification) => salesforce::CERTIFICATION,
        (Vendor::Salesforce, ObjectKind::Task) => salesforce::TASK,
        (Vendor::Salesforce, ObjectKind::Note) => salesforce::NOTE,
        (Vendor::Salesforce, ObjectKind::Meeting) => salesforce::MEETING,
        (Vendor::Salesforce, ObjectKind::Call | ObjectKind::Email) => salesforce::LOGGED,
    }
}
