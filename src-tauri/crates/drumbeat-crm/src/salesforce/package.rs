//! What Drumbeat needs in an account as a package in the vendor's own metadata format, for an admin to deploy.
//!
//! Fields that are there already are left out, so that nobody's own are written over; the permission set shows them all the
//! same, because a field that nobody was shown is as good as missing. The record type that tells which leads are
//! registrations comes with the process that it wants. Names are the vendor's: fields of tasks are fields of the
//! Activity where they are made, and of the Task where they are shown.

use std::collections::{BTreeMap, BTreeSet};

use drumbeat_model::crm::{ObjectKind, ProvisionItem, Schema};
use serde_json::{Value, json};

use super::API_VERSION;
use super::provision::{metadata, owner};
use crate::mapping::REGISTRATION_TYPE;

/// What the permission set is called.
pub const PERMISSION_SET: &str = "Drumbeat";
const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
const NAMESPACE: &str = "http://soap.sforce.com/2006/04/metadata";

/// The files of the package by path, for the plan of an account (`mapping::provision_plan`).
#[must_use]
pub fn package(schema: &Schema, plan: &[ProvisionItem]) -> Vec<(String, String)> {
    let fields = || plan.iter().filter(|item| item.property.ends_with("__c"));
    let record_type = plan.iter().find(|item| item.property == REGISTRATION_TYPE && !item.present);
    let mut members: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let mut objects: BTreeMap<&str, BTreeMap<&str, Value>> = BTreeMap::new();
    for item in fields().filter(|item| !item.present) {
        let object = owner(&item.object_name);
        members.entry("CustomField").or_default().insert(format!("{object}.{}", item.property));
        objects.entry(object).or_default().entry(&item.property).or_insert_with(|| {
            let mut field = metadata(item);
            field["fullName"] = json!(item.property);
            field
        });
    }
    let mut kinds = String::new();
    if let Some(item) = record_type {
        let object = item.object_name.as_str();
        objects.entry(object).or_default();
        members.entry("RecordType").or_default().insert(format!("{object}.{}", item.property));
        members.entry("BusinessProcess").or_default().insert(format!("{object}.{}", item.label));
        kinds = registrations(schema, item);
    }
    members.entry("PermissionSet").or_default().insert(PERMISSION_SET.to_owned());
    let mut files = vec![("package.xml".to_owned(), manifest(&members))];
    for (object, fields) in objects {
        let is_of_kind = record_type.is_some_and(|item| item.object_name == object);
        let fields: String = fields.values().map(|field| element("fields", field)).collect();
        let body = format!("{fields}{}", if is_of_kind { kinds.as_str() } else { "" });
        files.push((format!("objects/{object}.object"), document("CustomObject", &body)));
    }
    let shown: BTreeSet<String> = fields()
        .filter(|item| is_shown(schema, item))
        .map(|item| format!("{}.{}", item.object_name, item.property))
        .collect();
    files.push((format!("permissionsets/{PERMISSION_SET}.permissionset"), permissions(&shown, record_type)));
    files
}

/// What an admin chooses for a field of the plan, in the words of the vendor's Setup.
#[must_use]
pub fn field_type(item: &ProvisionItem) -> String {
    let field = metadata(item);
    let part = |name: &str| match field.get(name) {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => String::new(),
    };
    match part("type").as_str() {
        "Text" if item.unique => {
            format!("Text({}), **External ID**, **Unique** and case-sensitive", part("length"))
        }
        "Text" => format!("Text({})", part("length")),
        "LongTextArea" => format!("Text Area (Long)({})", part("length")),
        "Number" => "Number(16, 2)".to_owned(),
        "Lookup" => format!("Lookup Relationship({})", part("referenceTo")),
        "MultiselectPicklist" => "Picklist (Multi-Select)".to_owned(),
        "DateTime" => "Date/Time".to_owned(),
        other => other.to_owned(),
    }
}

/// A field that must be filled in is seen by everybody, and one that is computed is written by nobody.
fn is_shown(schema: &Schema, item: &ProvisionItem) -> bool {
    let known = schema
        .objects
        .get(&item.object)
        .and_then(|object| object.properties.iter().find(|property| property.name == item.property));
    known.is_none_or(|known| !known.required && !known.read_only)
}

/// The record type, and the process of states without which leads have none.
fn registrations(schema: &Schema, item: &ProvisionItem) -> String {
    let object = schema.could.get(&ObjectKind::Registration);
    let status = object.and_then(|object| object.properties.iter().find(|property| property.name == "Status"));
    let states = status.map(|status| status.options.as_slice()).unwrap_or_default();
    let states: Vec<Value> = states
        .iter()
        .enumerate()
        .map(|(place, (value, _))| json!({ "fullName": value, "default": place == 0 }))
        .collect();
    let process = json!({ "fullName": item.label, "isActive": true, "values": states });
    let kind = json!({
        "fullName": item.property, "active": true, "businessProcess": item.label, "description": item.why, "label": item.label,
    });
    format!("{}{}", element("businessProcesses", &process), element("recordTypes", &kind))
}

fn permissions(shown: &BTreeSet<String>, record_type: Option<&ProvisionItem>) -> String {
    let one =
        |field: &String| element("fieldPermissions", &json!({ "editable": true, "field": field, "readable": true }));
    let fields: String = shown.iter().map(one).collect();
    let label = element("label", &json!(PERMISSION_SET));
    let why = element("description", &json!("Shows the fields that Drumbeat reads and writes."));
    let of_kind = record_type.map(|item| {
        let name = format!("{}.{}", item.object_name, item.property);
        element("recordTypeVisibilities", &json!({ "recordType": name, "visible": true }))
    });
    let activation = element("hasActivationRequired", &json!(false));
    document("PermissionSet", &format!("{why}{fields}{activation}{label}{}", of_kind.unwrap_or_default()))
}

fn manifest(members: &BTreeMap<&str, BTreeSet<String>>) -> String {
    let types = members.iter().map(|(name, all)| {
        let all: String = all.iter().map(|member| element("members", &json!(member))).collect();
        format!("<types>{all}{}</types>\n", element("name", &json!(name)))
    });
    let types: String = types.collect();
    document("Package", &format!("{types}{}", element("version", &json!(API_VERSION.trim_start_matches('v')))))
}

fn document(root: &str, body: &str) -> String {
    format!("{HEAD}<{root} xmlns=\"{NAMESPACE}\">\n{body}</{root}>\n")
}

/// A value as elements: a name first, as the vendor writes them; each of several under the same tag.
fn element(tag: &str, value: &Value) -> String {
    match value {
        Value::Array(all) => all.iter().map(|one| element(tag, one)).collect(),
        Value::Object(parts) => {
            let first = parts.get("fullName").map(|name| element("fullName", name)).unwrap_or_default();
            let rest: String =
                parts.iter().filter(|(name, _)| *name != "fullName").map(|(name, part)| element(name, part)).collect();
            format!("<{tag}>{first}{rest}</{tag}>\n")
        }
        Value::String(text) => format!("<{tag}>{}</{tag}>", escaped(text)),
        Value::Null => String::new(),
        other => format!("<{tag}>{other}</{tag}>"),
    }
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            c if c.is_control() && !c.is_whitespace() => {}
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use drumbeat_model::crm::{Holds, ObjectSchema, PropertySchema, Vendor};
    use drumbeat_model::mapping::Mapping;

    use super::*;
    use crate::mapping::{NOTE_MARK, detect, provision_plan};

    fn object(name: &str, fields: &[&str]) -> ObjectSchema {
        let property = |name: &&str| PropertySchema {
            name: (*name).to_owned(),
            label: (*name).to_owned(),
            holds: Holds::Text,
            options: Vec::new(),
            read_only: false,
            calculated: false,
            unique: false,
            required: *name == "Name",
        };
        ObjectSchema {
            type_name: name.to_owned(),
            label: name.to_owned(),
            properties: fields.iter().map(property).collect(),
            conversion: None,
        }
    }

    fn bare() -> Schema {
        let mut lead = object("Lead", &["Company", "Country", "Status"]);
        lead.properties[2].options =
            ["Open - Not Contacted", "R&D <soon>"].map(|state| (state.to_owned(), state.to_owned())).into();
        Schema {
            vendor: Vendor::Salesforce,
            account_id: "00D".to_owned(),
            account_name: "Bare".to_owned(),
            currency: "EUR".to_owned(),
            time_zone: "UTC".to_owned(),
            me: None,
            can_write: true,
            objects: [
                (ObjectKind::Company, object("Account", &["Name", "Blocked_Account__c"])),
                (ObjectKind::Deal, object("Opportunity", &["Name", "NextStep"])),
                (ObjectKind::Task, object("Task", &["Subject"])),
                (ObjectKind::Note, object("Task", &["Subject"])),
            ]
            .into(),
            could: [(ObjectKind::Registration, lead)].into(),
            pipelines: Vec::new(),
            owners: Vec::new(),
        }
    }

    /// The tags of a document with their texts, depth first; panics where it is not well-formed.
    fn read(xml: &str) -> Vec<(String, String)> {
        let mut rest = xml.strip_prefix(HEAD).expect("the declaration");
        let (mut open, mut texts) = (Vec::<String>::new(), Vec::new());
        while let Some(start) = rest.find('<') {
            let (text, tag) = rest.split_at(start);
            assert!(!text.contains('>') && text.split('&').skip(1).all(|part| part.contains(';')), "{text}");
            let (tag, after) = tag[1..].split_once('>').expect("a tag ends");
            match tag.strip_prefix('/') {
                Some(closed) => {
                    assert_eq!(open.pop().as_deref(), Some(closed));
                    texts.push((closed.to_owned(), text.to_owned()));
                }
                None => open.push(tag.split(' ').next().unwrap().to_owned()),
            }
            rest = after;
        }
        assert!(open.is_empty() && rest.trim().is_empty(), "{open:?} {rest}");
        texts
    }

    fn all<'t>(tags: &'t [(String, String)], tag: &str) -> Vec<&'t str> {
        tags.iter().filter(|(name, _)| name == tag).map(|(_, text)| text.as_str()).collect()
    }

    #[test]
    fn every_field_of_the_plan_is_in_the_package_and_shown_by_its_permission_set() {
        let schema = bare();
        let plan = provision_plan(&schema, &detect(&schema).mapping);
        let files: BTreeMap<String, String> = package(&schema, &plan).into_iter().collect();
        let names: Vec<&str> = files.keys().map(String::as_str).collect();
        let wanted = ["objects/Account.object", "objects/Activity.object", "objects/Lead.object"];
        assert_eq!(names[..3], wanted);
        assert_eq!(names[3..], ["objects/Opportunity.object", "package.xml", "permissionsets/Drumbeat.permissionset"]);
        let manifest = read(&files["package.xml"]);
        assert_eq!(all(&manifest, "version"), [API_VERSION.trim_start_matches('v')]);
        let (members, shown) = (all(&manifest, "members"), read(&files["permissionsets/Drumbeat.permissionset"]));
        let shown = all(&shown, "field");
        let fields = plan.iter().filter(|item| item.property.ends_with("__c"));
        for item in fields {
            let object = owner(&item.object_name);
            let in_object = files.get(&format!("objects/{object}.object")).map(|xml| read(xml)).unwrap_or_default();
            let names = all(&in_object, "fullName");
            assert_eq!(
                names.iter().filter(|name| **name == item.property).count(),
                usize::from(!item.present),
                "{item:?}"
            );
            assert_eq!(members.contains(&format!("{object}.{}", item.property).as_str()), !item.present, "{item:?}");
            assert!(shown.contains(&format!("{}.{}", item.object_name, item.property).as_str()), "{item:?}");
            assert!(item.label.len() <= 40 && item.property.len() <= 43, "the vendor's own limits: {item:?}");
        }
        for name in ["Account.Blocked_Account__c", "Task.Drumbeat_Op_Id__c", "Lead.Drumbeat_Op_Id__c"] {
            assert!(shown.contains(&name), "{name}");
        }
        for member in [
            "Lead.Registration_Status__c",
            "Lead.Deal__c",
            "Activity.Drumbeat_Note__c",
            "Lead.Deal_Registration",
            "Lead.Deal Registration",
            "Drumbeat",
        ] {
            assert!(members.contains(&member), "{member}");
        }
        let lead = &files["objects/Lead.object"];
        assert!(lead.contains("<businessProcess>Deal Registration</businessProcess>"), "{lead}");
        assert!(lead.contains("<fullName>R&amp;D &lt;soon&gt;</fullName><default>false</default>"), "{lead}");
        assert!(
            !lead.contains("CurrencyIsoCode") && !lead.contains("<fullName>Country"),
            "nothing of the vendor's own"
        );
    }

    #[test]
    fn a_field_has_what_its_type_asks_for() {
        let schema = bare();
        let plan = provision_plan(&schema, &Mapping::default());
        let needs = |of: &str| -> &[&str] {
            match of {
                "Text" => &["length"],
                "LongTextArea" => &["length", "visibleLines"],
                "Number" => &["precision", "scale"],
                "Picklist" => &["valueSet"],
                "MultiselectPicklist" => &["valueSet", "visibleLines"],
                "Checkbox" => &["defaultValue"],
                "Lookup" => &["referenceTo", "relationshipName", "deleteConstraint"],
                "Date" | "DateTime" => &[],
                other => panic!("{other}"),
            }
        };
        for item in plan.iter().filter(|item| item.property.ends_with("__c")) {
            let field = metadata(item);
            let of = field["type"].as_str().unwrap();
            for part in needs(of) {
                assert!(!field[*part].is_null(), "{of} {part} {item:?}");
            }
            assert_eq!(item.unique, item.property == "Drumbeat_Op_Id__c");
            for part in ["unique", "externalId", "caseSensitive"] {
                assert_eq!(field[part] == json!(true), item.unique, "{part} {item:?}");
            }
            assert_eq!(of == "Checkbox", field["defaultValue"] == json!("false"), "{item:?}");
        }
        let note = plan.iter().find(|item| item.property == NOTE_MARK).unwrap();
        assert_eq!(metadata(note)["type"], json!("Checkbox"));
        let partner = plan.iter().find(|item| item.object == ObjectKind::Registration && item.property == "Partner__c");
        assert_eq!(metadata(partner.unwrap())["referenceTo"], json!("Account"));
    }

    #[test]
    fn nothing_is_made_again_where_all_is_there() {
        let mut schema = bare();
        let mut lead = schema.could.remove(&ObjectKind::Registration).unwrap();
        lead.properties[1].name = "Country__c".to_owned();
        schema.objects.insert(ObjectKind::Registration, lead);
        let plan = provision_plan(&schema, &detect(&schema).mapping);
        for item in &plan {
            let known = &mut schema.objects.get_mut(&item.object).unwrap().properties;
            if known.iter().all(|property| property.name != item.property) {
                let like = known[0].clone();
                known.push(PropertySchema { name: item.property.clone(), unique: item.unique, ..like });
            }
        }
        let task = schema.objects[&ObjectKind::Note].clone();
        schema.objects.get_mut(&ObjectKind::Task).unwrap().properties.extend(task.properties);
        let plan = provision_plan(&schema, &detect(&schema).mapping);
        assert!(plan.iter().all(|item| item.present), "{plan:#?}");
        let files = package(&schema, &plan);
        assert_eq!(files.len(), 2, "{files:?}");
        assert!(files[1].1.contains("<field>Task.Drumbeat_Note__c</field>"));
    }
}
