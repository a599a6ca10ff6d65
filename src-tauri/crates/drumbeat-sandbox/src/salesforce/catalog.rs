//! What an org comes with: the vendor's objects and fields, and the customer's own for a partner program.
//!
//! The definitions are tables in `catalog/*.txt`, one field a line. Callers rely on: names, types and prefixes are the vendor's.

use crate::data::currencies::FOREIGN;
use crate::salesforce::org::{Object, Org};
use crate::salesforce::schema::{Choice, Field, Held, Type, choice};

const STANDARD: &str = include_str!("catalog/standard.txt");
const PROGRAM: &str = include_str!("catalog/program.txt");
const CURRENCIES: &str = include_str!("catalog/currencies.txt");

/// What a registration can be at, in the org's own words, and the vendor's own beside.
const LEAD_STATES: [(&str, bool); 12] = [
    ("Open - Not Contacted", false),
    ("Working - Contacted", false),
    ("Closed - Not Converted", false),
    ("Closed - Converted", true),
    ("draft", false),
    ("submitted", false),
    ("info_requested", false),
    ("approved", false),
    ("declined", false),
    ("expired", false),
    ("withdrawn", false),
    ("converted", false),
];

/// The objects that every org has.
pub(crate) fn standard(org: &mut Org) {
    read(org, STANDARD);
    let states: Vec<Choice> = LEAD_STATES.iter().map(|(state, _)| choice(state)).collect();
    if let Some(field) = org.object_mut("Lead").and_then(|lead| lead.field_mut("Status")) {
        field.choices = states;
    }
}

/// The states of leads with whether they mean converted.
pub(crate) fn lead_states() -> &'static [(&'static str, bool)] {
    &LEAD_STATES
}

/// The customer's own fields and objects for a partner program.
pub(crate) fn program(org: &mut Org) {
    read(org, PROGRAM);
}

/// Several currencies, with rates that have their days: every record can be in any of them.
pub(crate) fn currencies(org: &mut Org) {
    read(org, CURRENCIES);
    for field in org.objects.iter_mut().filter_map(|object| object.field_mut("CurrencyIsoCode")) {
        for foreign in &FOREIGN {
            if !field.choices.iter().any(|known| known.value == foreign.code) {
                field.choices.push(choice(foreign.code));
            }
        }
    }
}

fn read(org: &mut Org, text: &str) {
    let mut current = String::new();
    for line in text.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#')) {
        if let Some(head) = line.strip_prefix('[') {
            let words: Vec<&str> = head.trim_end_matches(']').split(' ').collect();
            words[0].clone_into(&mut current);
            if let [name, prefix, label, plural] = words[..] {
                org.add(bare(name, prefix, &label.replace('_', " "), &plural.replace('_', " ")));
            }
        } else if let (Some(object), Some(field)) = (org.object_mut(&current), Field::read(line)) {
            object.add(field);
        }
    }
}

/// An object with the fields that all have.
pub(crate) fn bare(name: &str, prefix: &str, label: &str, plural: &str) -> Object {
    let mut object = Object::new(name, prefix, label, plural);
    let user = |name: &str, held| {
        let mut field = Field::system(name, Type::Reference, held);
        field.refers = vec!["User".into()];
        field.relationship = Some(name.trim_end_matches("Id").into());
        field
    };
    object.add(Field::system("Id", Type::Id, Held::Id));
    object.add(Field::system("IsDeleted", Type::Boolean, Held::Deleted));
    object.add(Field::system("CreatedDate", Type::DateTime, Held::Created));
    object.add(user("CreatedById", Held::Creator));
    object.add(Field::system("LastModifiedDate", Type::DateTime, Held::Modified));
    object.add(user("LastModifiedById", Held::Modifier));
    object.add(Field::system("SystemModstamp", Type::DateTime, Held::Stamp));
    object
}
