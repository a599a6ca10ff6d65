//! What a fresh account comes with: object types, the vendor's own properties, link types; then the customer's own naming.
//!
//! The definitions are tables in `catalog/*.txt`, one property a line (`name type field flags options`), because a hundred
//! constructor calls hide the one that is wrong.
//! Callers rely on: type ids and link type ids are the vendor's where the vendor documents them.

mod links;

use crate::clock::Millis;
use crate::hubspot::schema::{Property, PropertyGroup, title};
use crate::hubspot::world::{Kind, KindIx, World};
pub(crate) use links::link_pair;

const VENDOR: &str = include_str!("catalog/vendor.txt");
const PROGRAM: &str = include_str!("catalog/program.txt");
const CURRENCIES: &str = include_str!("catalog/currencies.txt");

/// path, singular, type id, qualified name, labels, first id, created name, modified name, default properties, required, searchable
type Row = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    u64,
    &'static str,
    &'static str,
    &'static str,
);

const KINDS: &[Row] = &[
    (
        "contacts",
        "contact",
        "0-1",
        "CONTACT",
        "Contact",
        "Contacts",
        30_100_000_001,
        "createdate",
        "lastmodifieddate",
        "email firstname lastname",
    ),
    (
        "companies",
        "company",
        "0-2",
        "COMPANY",
        "Company",
        "Companies",
        20_100_000_001,
        "createdate",
        "hs_lastmodifieddate",
        "name domain",
    ),
    (
        "deals",
        "deal",
        "0-3",
        "DEAL",
        "Deal",
        "Deals",
        10_100_000_001,
        "createdate",
        "hs_lastmodifieddate",
        "amount closedate dealname dealstage pipeline",
    ),
    (
        "products",
        "product",
        "0-7",
        "PRODUCT",
        "Product",
        "Products",
        40_100_000_001,
        "createdate",
        "hs_lastmodifieddate",
        "name price description",
    ),
    (
        "line_items",
        "line_item",
        "0-8",
        "LINE_ITEM",
        "Line item",
        "Line items",
        41_100_000_001,
        "createdate",
        "hs_lastmodifieddate",
        "amount quantity hs_product_id",
    ),
    (
        "quotes",
        "quote",
        "0-14",
        "QUOTE",
        "Quote",
        "Quotes",
        42_100_000_001,
        "hs_createdate",
        "hs_lastmodifieddate",
        "hs_title hs_status",
    ),
    ("tasks", "task", "0-27", "TASK", "Task", "Tasks", 50_100_000_001, "hs_createdate", "hs_lastmodifieddate", ""),
    ("notes", "note", "0-46", "NOTE", "Note", "Notes", 51_100_000_001, "hs_createdate", "hs_lastmodifieddate", ""),
    (
        "meetings",
        "meeting",
        "0-47",
        "MEETING_EVENT",
        "Meeting",
        "Meetings",
        52_100_000_001,
        "hs_createdate",
        "hs_lastmodifieddate",
        "",
    ),
    ("calls", "call", "0-48", "CALL", "Call", "Calls", 53_100_000_001, "hs_createdate", "hs_lastmodifieddate", ""),
    ("emails", "email", "0-49", "EMAIL", "Email", "Emails", 54_100_000_001, "hs_createdate", "hs_lastmodifieddate", ""),
    (
        "leads",
        "lead",
        "0-136",
        "LEAD",
        "Lead",
        "Leads",
        43_100_000_001,
        "hs_createdate",
        "hs_lastmodifieddate",
        "hs_lead_name",
    ),
];

/// The types of a fresh account, with the vendor's properties.
pub(crate) fn vendor(world: &mut World, created: Millis) {
    for (path, singular, type_id, qualified, one, many, base, made, modified, defaults) in KINDS {
        let mut kind = Kind::new(path, singular, type_id, qualified, (one, many), *base);
        kind.created_name = made;
        kind.modified_name = modified;
        kind.created = created;
        kind.primary_display = match *path {
            "deals" => "dealname",
            "contacts" => "email",
            _ => defaults.split(' ').next().unwrap_or_default(),
        }
        .into();
        kind.defaults = defaults.split_whitespace().map(str::to_owned).collect();
        kind.required = match *path {
            "deals" => vec!["dealname", "dealstage"],
            "notes" | "tasks" | "meetings" | "calls" | "emails" => vec!["hs_timestamp"],
            "leads" => vec!["hs_lead_name"],
            _ => vec![],
        }
        .into_iter()
        .map(str::to_owned)
        .collect();
        kind.searchable = match *path {
            "contacts" => vec!["firstname", "lastname", "email", "phone", "company"],
            "companies" => vec!["name", "domain", "website", "phone"],
            "deals" => vec!["dealname", "pipeline", "dealstage", "description"],
            "leads" => vec!["hs_lead_name"],
            "notes" => vec!["hs_note_body"],
            "tasks" => vec!["hs_task_body", "hs_task_subject"],
            _ => vec!["hs_body_preview", "name"],
        }
        .into_iter()
        .map(str::to_owned)
        .collect();
        world.kinds.push(kind);
    }
    define(world, VENDOR, true, created);
    links::links(world);
    world.next_type = 1001;
}

/// The customer's own objects and properties for a partner program.
pub(crate) fn program(world: &mut World, created: Millis) {
    let registration = custom(world, "partner_registration", ("Registration", "Registrations"), created);
    let certification = custom(world, "partner_certification", ("Certification", "Certifications"), created);
    define(world, PROGRAM, false, created);
    for (ix, primary, required) in [
        (registration, "registration_name", "registration_name"),
        (certification, "certification_name", "certification_name"),
    ] {
        let kind = world.kind_mut(ix);
        kind.primary_display = primary.into();
        kind.required = vec![required.into()];
        kind.searchable = vec![primary.into()];
        kind.defaults = vec![primary.into()];
    }
    world.kind_mut(registration).searchable.extend(["company_name".to_owned(), "company_domain".to_owned()]);
}

/// What deals have where the account has several currencies.
pub(crate) fn currencies(world: &mut World, created: Millis) {
    define(world, CURRENCIES, true, created);
}

/// A new custom object type with its plain links to everything else.
pub(crate) fn custom(world: &mut World, name: &str, labels: (&str, &str), created: Millis) -> KindIx {
    let number = world.next_type;
    world.next_type += 1;
    let type_id = format!("2-{number}");
    let qualified = format!("p{}_{name}", world.portal);
    let mut kind =
        Kind::new(name, name, &type_id, &qualified, labels, 60_100_000_001 + (number - 1001) * 1_000_000_000);
    kind.created = created;
    kind.groups.push(PropertyGroup {
        name: format!("{name}_information"),
        label: format!("{} information", labels.0),
        display_order: 0,
        archived: false,
    });
    let ix = world.kinds.len() as KindIx;
    world.kinds.push(kind);
    for property in [
        stamp(Property::new("hs_object_id", "Record ID", "number", "number", &format!("{name}_information")), created),
        stamp(
            Property::new(
                "hs_createdate",
                "Object create date/time",
                "datetime",
                "date",
                &format!("{name}_information"),
            ),
            created,
        ),
        stamp(
            Property::new(
                "hs_lastmodifieddate",
                "Object last modified date/time",
                "datetime",
                "date",
                &format!("{name}_information"),
            ),
            created,
        ),
        Property {
            read_only: false,
            external_options: true,
            ..stamp(
                Property::new("hubspot_owner_id", "Owner", "enumeration", "select", &format!("{name}_information")),
                created,
            )
        },
    ] {
        add_property(world, ix, property);
    }
    for other in ["companies", "contacts", "deals", "notes", "tasks", "meetings", "calls", "emails"] {
        if let Some(to) = world.kind_ix(other) {
            let number = world.link_types.iter().map(|t| t.id).max().unwrap_or(0).max(1000) + 1;
            let other = world.kind(to).singular.clone();
            link_pair(
                world,
                (ix, to),
                (number, number + 1),
                (None, None),
                (&format!("{name}_to_{other}"), &format!("{other}_to_{name}")),
                true,
                true,
            );
        }
    }
    ix
}

fn stamp(mut property: Property, created: Millis) -> Property {
    property.vendor = true;
    property.read_only = true;
    property.created = created;
    property.updated = created;
    property
}

/// Registers a property; a unique one gets its index.
pub(crate) fn add_property(world: &mut World, kind: KindIx, property: Property) {
    let sym = world.sym(&property.name);
    let unique = property.unique;
    let k = world.kind_mut(kind);
    match k.by_sym.get(&sym) {
        Some(i) => k.properties[*i] = property,
        None => {
            k.by_sym.insert(sym, k.properties.len());
            k.properties.push(property);
        }
    }
    if unique {
        let index = k.records.iter().filter_map(|r| r.get(sym).map(|v| (v.to_lowercase(), r.id))).collect();
        k.uniques.insert(sym, index);
    }
}

/// Reads a table of properties: `[kind group]` headers, then lines.
fn define(world: &mut World, table: &str, vendor: bool, created: Millis) {
    let mut place: Option<(KindIx, String)> = None;
    for line in table.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#')) {
        if let Some(header) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
            let mut words = header.split_whitespace();
            let (kind, group) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
            let Some(ix) = world.kind_ix(kind) else { continue };
            let groups = &mut world.kind_mut(ix).groups;
            if !groups.iter().any(|g| g.name == group) {
                groups.push(PropertyGroup {
                    name: group.into(),
                    label: title(group),
                    display_order: groups.len() as i64,
                    archived: false,
                });
            }
            place = Some((ix, group.to_owned()));
            continue;
        }
        let (Some((ix, group)), mut words) = (&place, line.split_whitespace()) else { continue };
        let (Some(name), Some(of), Some(field)) = (words.next(), words.next(), words.next()) else { continue };
        let mut property = Property::new(name, &title(name), of, field, group);
        for word in words {
            match word {
                "ro" => property.read_only = true,
                "unique" => property.unique = true,
                "calc" => (property.calculated, property.read_only) = (true, true),
                "external" => property.external_options = true,
                "form" => property.form_field = true,
                options => property = property.with_options(&options.split(',').collect::<Vec<_>>()),
            }
        }
        if property.of == "bool" {
            property = property.with_options(&["true", "false"]);
        }
        (property.vendor, property.created, property.updated) = (vendor, created, created);
        let ix = *ix;
        add_property(world, ix, property);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn the_account_has_the_objects_and_link_types_that_clients_look_for() {
        let mut w = World::empty();
        vendor(&mut w, 0);
        program(&mut w, 0);
        let deals = w.kind_ix("0-3").unwrap();
        assert_eq!(w.kind_ix("DEAL"), Some(deals));
        assert_eq!(w.kind(w.kind_ix("p4242_partner_registration").unwrap()).type_id, "2-1001");
        assert_eq!(w.kind(w.kind_ix("partner_certification").unwrap()).type_id, "2-1002");
        for (from, to, ids) in [
            ("deals", "companies", vec![5, 341]),
            ("companies", "deals", vec![6, 342]),
            ("deals", "contacts", vec![3]),
            ("notes", "deals", vec![214]),
        ] {
            let (f, t) = (w.kind_ix(from).unwrap(), w.kind_ix(to).unwrap());
            let mut got: Vec<u32> = w.link_types.iter().filter(|l| l.from == f && l.to == t).map(|l| l.id).collect();
            got.sort_unstable();
            assert_eq!(got, ids, "{from} to {to}");
        }
        for t in &w.link_types {
            assert_eq!(w.inverse(t.id).and_then(|b| w.inverse(b.id)).map(|t| t.id), Some(t.id));
        }
    }

    #[test]
    fn every_line_of_the_tables_is_a_property_of_a_known_type() {
        let mut w = World::empty();
        vendor(&mut w, 0);
        program(&mut w, 0);
        for (table, of) in [(VENDOR, "vendor"), (PROGRAM, "program")] {
            for line in table.lines().filter(|l| !l.trim().is_empty() && !l.starts_with('#') && !l.starts_with('[')) {
                assert!(line.split_whitespace().count() >= 3, "{of}: {line}");
            }
            for header in table.lines().filter_map(|l| l.strip_prefix('[')) {
                assert!(w.kind_ix(header.split_whitespace().next().unwrap()).is_some(), "{of}: {header}");
            }
        }
        let deals = w.kind(w.kind_ix("deals").unwrap());
        for name in ["partner_motion", "channel_conflict_status", "hs_merged_object_ids", "stage_entered_at"] {
            assert!(deals.property(w.names.find(name).unwrap()).is_some(), "{name}");
        }
    }
}
