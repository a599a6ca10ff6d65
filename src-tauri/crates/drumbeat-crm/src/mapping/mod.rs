//! Finding out which property of an account holds which field, and what its pipelines mean.
//!
//! Exact names first, then the names and labels that people choose, as long as the property can hold
//! the field; a property serves one field of its kind. The result is a proposal that an admin reads and
//! corrects, so a doubtful match is left open rather than guessed. The input is the schema in no vendor's
//! dialect; what differs by vendor is a table in `names`. Nothing here reads or writes a CRM.

mod names;
mod pipelines;
mod plan;

use std::collections::{BTreeMap, BTreeSet};

use drumbeat_model::crm::{Holds, ObjectKind, ObjectSchema, PropertySchema, Schema};
use drumbeat_model::field::Field;
use drumbeat_model::ids::OwnerId;
use drumbeat_model::mapping::Mapping;

pub use plan::{NOTE_MARK, REGISTRATION_TYPE, provision_plan, serving, shape};

/// A proposed mapping, and the fields for which no property was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detected {
    /// What was found.
    pub mapping: Mapping,
    /// What was not, in the order of the kinds.
    pub unmapped: Vec<(ObjectKind, Field)>,
}

/// Proposes how an account is read.
#[must_use]
pub fn detect(schema: &Schema) -> Detected {
    let mut fields: BTreeMap<ObjectKind, BTreeMap<Field, String>> = BTreeMap::new();
    let mut unmapped = Vec::new();
    for kind in ObjectKind::ALL {
        let rows = names::rows(schema.vendor, *kind);
        let found = schema.objects.get(kind).map(|object| properties(object, rows)).unwrap_or_default();
        unmapped
            .extend(rows.iter().filter(|(field, ..)| !found.contains_key(field)).map(|(field, ..)| (*kind, *field)));
        if !found.is_empty() {
            fields.insert(*kind, found);
        }
    }
    let mapping = Mapping {
        fields,
        pipelines: schema.pipelines.iter().map(pipelines::meaning).collect(),
        me: schema.me.clone().map(OwnerId),
        go_live: None,
        tiers: std::collections::BTreeMap::new(),
    };
    Detected { mapping, unmapped }
}

fn properties(object: &ObjectSchema, rows: &[names::Row]) -> BTreeMap<Field, String> {
    let mut found = BTreeMap::new();
    let mut taken: BTreeSet<&str> = BTreeSet::new();
    for (field, holds, exact) in rows {
        let named = exact.iter().find_map(|name| object.properties.iter().find(|property| property.name == *name));
        if let Some(property) =
            named.filter(|property| can_hold(*holds, property.holds) && !taken.contains(property.name.as_str()))
        {
            taken.insert(&property.name);
            found.insert(*field, property.name.clone());
        }
    }
    for (field, holds, exact) in rows.iter().filter(|(field, ..)| !is_ours(*field)) {
        if found.contains_key(field) {
            continue;
        }
        let words = words(*field, exact);
        let fits = |property: &&PropertySchema| {
            !taken.contains(property.name.as_str())
                && can_hold(*holds, property.holds)
                && [&property.name, &property.label].iter().any(|text| words.contains(&letters(text)))
        };
        let mut fitting: Vec<&PropertySchema> = object.properties.iter().filter(fits).collect();
        // One that can be written and holds exactly this, if there are several.
        fitting.sort_by_key(|property| (property.read_only, property.holds != *holds, &property.name));
        if let Some(property) = fitting.first() {
            taken.insert(&property.name);
            found.insert(*field, property.name.clone());
        }
    }
    found
}

/// Op markers are only ever ours by name.
fn is_ours(field: Field) -> bool {
    matches!(field, Field::LastOp | Field::OpId | Field::ClaimedBy | Field::Dossier)
}

fn words(field: Field, exact: &[&str]) -> BTreeSet<String> {
    let known = names::WORDS.iter().filter(|(known, _)| *known == field).flat_map(|(_, words)| words.iter());
    known.chain(exact).map(|word| letters(word)).chain([letters(field.label())]).collect()
}

/// Letters and digits only, without case and without a vendor's marks.
fn letters(text: &str) -> String {
    let text = text.strip_suffix("__c").unwrap_or(text);
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether a property of one form can serve a field of another.
fn can_hold(field: Holds, property: Holds) -> bool {
    match field {
        Holds::Text => !matches!(property, Holds::Truth),
        Holds::Number => matches!(property, Holds::Number | Holds::Text),
        Holds::Day | Holds::Instant => matches!(property, Holds::Day | Holds::Instant),
        Holds::Truth => matches!(property, Holds::Truth | Holds::Choice),
        Holds::Choice => matches!(property, Holds::Choice | Holds::Text | Holds::Choices),
        Holds::Choices => matches!(property, Holds::Choices | Holds::Choice | Holds::Text),
    }
}

#[cfg(test)]
mod tests;
