//! Which object holds a kind, which of its records, and which of its fields are links.
//!
//! One object may hold several kinds: a call is a Task of another subtype than an e-mail, a note a Task with a mark of
//! ours, a registration a Lead of one record type. What tells them apart is a condition here, asked of the account with
//! every question. Links are fields; whose id one holds is told by the field, or by the id's own first three letters.

use std::collections::BTreeMap;

use drumbeat_model::crm::{Holds, Link, ObjectKind, ObjectSchema, Properties};
use drumbeat_model::value;

use super::soql::{Condition, Literal};
use super::wire::{Row, number};

/// The record type that records have where an account has none of its own.
pub(super) const MASTER: &str = "012000000000000AAA";
pub(super) const RECORD_TYPE: &str = "RecordTypeId";
pub(super) use crate::mapping::NOTE_MARK as NOTE;
const SUBTYPE: &str = "TaskSubtype";
pub(super) const LEAD: &str = "Lead";
pub(super) const MERGED_INTO: &str = "MasterRecordId";
/// The deal that a lead was converted into; writing it is converting.
pub(super) const CONVERTED_INTO: &str = "ConvertedOpportunityId";

/// The object of a kind that every account has.
pub(super) fn standard(kind: ObjectKind) -> Option<&'static str> {
    match kind {
        ObjectKind::Company => Some("Account"),
        ObjectKind::Deal => Some("Opportunity"),
        ObjectKind::Contact => Some("Contact"),
        ObjectKind::Task | ObjectKind::Note | ObjectKind::Call | ObjectKind::Email => Some("Task"),
        ObjectKind::Meeting => Some("Event"),
        ObjectKind::Registration | ObjectKind::Certification => None,
    }
}

/// The kind of a record by its id alone, where that says it.
pub(super) fn of_id(id: &str) -> Option<ObjectKind> {
    match id.get(..3)? {
        "001" => Some(ObjectKind::Company),
        "003" => Some(ObjectKind::Contact),
        "006" => Some(ObjectKind::Deal),
        "00Q" => Some(ObjectKind::Registration),
        _ => None,
    }
}

/// Ids are letters and digits, 15 or 18 of them.
pub(super) fn is_id(id: &str) -> bool {
    matches!(id.len(), 15 | 18) && id.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// What is known of the object that holds a kind.
#[derive(Debug, Clone, Default)]
pub(super) struct Object {
    /// Its name in requests.
    pub name: String,
    /// Its fields, as this user sees them.
    pub fields: BTreeMap<String, Holds>,
    /// The record types that records of the kind have.
    pub record_types: Vec<String>,
    /// The states that a converted one may be left in.
    pub converted_states: Vec<String>,
}

impl Object {
    pub(super) fn of(schema: &ObjectSchema) -> Self {
        let types = schema.properties.iter().find(|property| property.name == RECORD_TYPE);
        Self {
            name: schema.type_name.clone(),
            fields: schema.properties.iter().map(|property| (property.name.clone(), property.holds)).collect(),
            record_types: types
                .map(|types| types.options.iter().map(|(id, _)| id.clone()).collect())
                .unwrap_or_default(),
            converted_states: schema.conversion.iter().flat_map(|conversion| conversion.states.clone()).collect(),
        }
    }

    pub(super) fn has(&self, field: &str) -> bool {
        self.fields.contains_key(field)
    }

    /// When a record was last changed: by anything, or at least by a person.
    pub(super) fn stamp(&self) -> &'static str {
        if self.has("SystemModstamp") || !self.has("LastModifiedDate") { "SystemModstamp" } else { "LastModifiedDate" }
    }

    /// What tells the records of a kind from the others of the object; `None` when no record can be one.
    pub(super) fn condition(&self, kind: ObjectKind) -> Option<Vec<Condition>> {
        let subtype = |name: &str| Condition::text(SUBTYPE, name);
        let noted = |is: bool| Condition::equal(NOTE, Literal::Truth(is));
        Some(match kind {
            ObjectKind::Registration if self.name == LEAD => {
                self.record_types.iter().map(|id| Condition::text(RECORD_TYPE, id)).collect()
            }
            ObjectKind::Task => {
                let mut all = Vec::new();
                if self.has(SUBTYPE) {
                    all.push(Condition::Any(vec![subtype("Task"), Condition::equal(SUBTYPE, Literal::Null)]));
                }
                if self.has(NOTE) {
                    all.push(noted(false));
                }
                all
            }
            ObjectKind::Note if self.has(NOTE) => vec![noted(true)],
            ObjectKind::Note => return None,
            ObjectKind::Call => vec![subtype("Call")],
            ObjectKind::Email => vec![subtype("Email")],
            ObjectKind::Company
            | ObjectKind::Registration
            | ObjectKind::Deal
            | ObjectKind::Certification
            | ObjectKind::Contact
            | ObjectKind::Meeting => Vec::new(),
        })
    }

    /// What a new record of a kind has besides what was decided.
    pub(super) fn beside(&self, kind: ObjectKind, set: &Properties) -> Vec<(&'static str, String)> {
        let mut beside = Vec::new();
        let mut add = |name: &'static str, value: &str| {
            if self.has(name) && !set.contains_key(name) {
                beside.push((name, value.to_owned()));
            }
        };
        match kind {
            ObjectKind::Registration if self.name == LEAD => {
                if let [only] = self.record_types.as_slice() {
                    add(RECORD_TYPE, only);
                }
                // Both are required of every Lead; this is the vendor's own word for what was not said.
                if !set.contains_key("Name") {
                    add("LastName", "[not provided]");
                }
                add("Company", "[not provided]");
            }
            ObjectKind::Task => add(SUBTYPE, "Task"),
            ObjectKind::Note => {
                add(NOTE, "true");
                add("Status", "Completed");
                let line = set.get("Description").and_then(|text| text.trim().lines().next()).unwrap_or_default();
                let line: String = line.chars().take(80).collect();
                add("Subject", if line.is_empty() { "Note" } else { &line });
            }
            ObjectKind::Call => add(SUBTYPE, "Call"),
            ObjectKind::Email => add(SUBTYPE, "Email"),
            ObjectKind::Company
            | ObjectKind::Registration
            | ObjectKind::Deal
            | ObjectKind::Certification
            | ObjectKind::Contact
            | ObjectKind::Meeting => {}
        }
        beside
    }

    /// Values in the one form that the mirror keeps, whichever way they came.
    pub(super) fn plain(&self, field: &str, text: String) -> String {
        match self.fields.get(field) {
            Some(Holds::Instant) => value::instant(&text).map_or(text, value::write_instant),
            Some(Holds::Number) => number(&text),
            Some(Holds::Text | Holds::Day | Holds::Truth | Holds::Choice | Holds::Choices) | None => text,
        }
    }

    /// The fields that link records of a kind to others and that this user sees.
    pub(super) fn links(&self, kind: ObjectKind) -> impl Iterator<Item = LinkField> {
        links(kind).iter().copied().filter(|link| self.has(link.field))
    }
}

/// A field that holds another record's id.
#[derive(Debug, Clone, Copy)]
pub(super) struct LinkField {
    pub field: &'static str,
    /// Whose id; told by the id itself when absent.
    pub to: Option<ObjectKind>,
    /// It is the main one of its kind.
    pub primary: bool,
}

const fn link(field: &'static str, to: ObjectKind, primary: bool) -> LinkField {
    LinkField { field, to: Some(to), primary }
}

/// The link fields of a kind, the one that a new link goes into first.
fn links(kind: ObjectKind) -> &'static [LinkField] {
    use ObjectKind::{Company, Deal};
    match kind {
        ObjectKind::Company => &[],
        ObjectKind::Deal => const { &[link("AccountId", Company, true)] },
        ObjectKind::Contact => const { &[link("AccountId", Company, true)] },
        ObjectKind::Certification => const { &[link("Partner__c", Company, true)] },
        ObjectKind::Registration => {
            const {
                &[
                    link("Account__c", Company, true),
                    link("Partner__c", Company, false),
                    link("ConvertedAccountId", Company, false),
                    link("Deal__c", Deal, false),
                    link(CONVERTED_INTO, Deal, false),
                ]
            }
        }
        ObjectKind::Task | ObjectKind::Note | ObjectKind::Meeting | ObjectKind::Call | ObjectKind::Email => {
            const {
                &[
                    LinkField { field: "WhatId", to: None, primary: false },
                    LinkField { field: "WhoId", to: None, primary: false },
                    link("AccountId", Company, false),
                ]
            }
        }
    }
}

/// The field that a new link goes into; `None` where the account has none for it.
pub(super) fn written(object: &Object, kind: ObjectKind, to: ObjectKind) -> Option<&'static str> {
    if kind.is_touch() {
        let field = match to {
            ObjectKind::Contact => "WhoId",
            ObjectKind::Registration if object.name != LEAD => "WhatId",
            ObjectKind::Registration => "WhoId",
            _ => "WhatId",
        };
        return object.has(field).then_some(field);
    }
    object.links(kind).find(|link| link.to == Some(to) && !link.field.starts_with("Converted")).map(|link| link.field)
}

/// The links that a record's own fields tell.
pub(super) fn linked(object: &Object, kind: ObjectKind, row: &Row) -> Vec<Link> {
    let mut links: BTreeMap<(ObjectKind, &str), bool> = BTreeMap::new();
    for field in object.links(kind) {
        let Some(id) = row.get(field.field).filter(|id| is_id(id)) else { continue };
        if let Some(to) = field.to.or_else(|| of_id(id)) {
            *links.entry((to, id)).or_default() |= field.primary;
        }
    }
    links.into_iter().map(|((to, id), primary)| Link { to, id: id.to_owned(), primary }).collect()
}
