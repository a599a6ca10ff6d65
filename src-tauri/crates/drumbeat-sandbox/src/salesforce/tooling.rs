//! The Tooling API as far as an admin's program needs it: making and dropping custom fields.
//!
//! A field made so is seen by everybody at once; real orgs ask for its permissions beside.

use serde_json::{Value, json};

use crate::answer::Answer;
use crate::request::Request;
use crate::salesforce::id::Id;
use crate::salesforce::org::{ObjectIx, Org};
use crate::salesforce::problem::{Done, Problem};
use crate::salesforce::schema::{Choice, Field, Type};

/// Everything under `tooling`.
pub(crate) fn write(org: &mut Org, request: &Request, rest: &[&str]) -> Done {
    match (request.method.as_str(), rest) {
        ("POST", ["sobjects", "CustomField"]) => create(org, request),
        ("DELETE", ["sobjects", "CustomField", id]) => {
            let id = Id::parse(id).ok_or_else(Problem::no_resource)?;
            let found = org.objects.iter_mut().find_map(|o| {
                let ix = o.fields.iter().position(|f| f.custom && made(&o.name, &f.name) == id)?;
                Some((o, ix))
            });
            let (object, ix) = found.ok_or_else(Problem::no_resource)?;
            object.hide(ix as u16);
            org.version += 1;
            Ok(Answer::empty(204))
        }
        _ => Err(Problem::no_resource()),
    }
}

pub(crate) fn read(v: &str, rest: &[&str]) -> Done {
    match rest {
        ["sobjects"] => {
            let url = format!("/services/data/{v}/tooling/sobjects/CustomField");
            let one = json!({"name": "CustomField", "keyPrefix": "00N", "label": "Custom Field", "createable": true, "urls": {"sobject": url}});
            Ok(Answer::json(200, &json!({"encoding": "UTF-8", "maxBatchSize": 200, "sobjects": [one]})))
        }
        _ => Err(Problem::no_resource()),
    }
}

/// The id of a field's definition: always the same for the same name.
fn made(object: &str, field: &str) -> Id {
    let number = object.bytes().chain(field.bytes()).fold(7u64, |n, b| n.wrapping_mul(131).wrapping_add(u64::from(b)));
    Id::new("00N", number % 13_000_000_000_000_000)
}

fn needs(what: &str, of: &str) -> Problem {
    Problem::bad("FIELD_INTEGRITY_EXCEPTION", format!("Must specify '{what}' for a CustomField of type {of}"))
}

fn create(org: &mut Org, request: &Request) -> Done {
    let body = request.object()?;
    let full = body.get("FullName").and_then(Value::as_str).unwrap_or_default();
    let (object, name) =
        full.split_once('.').ok_or_else(|| Problem::bad("INVALID_INPUT", "FullName must be Object.Field__c"))?;
    let stem = name.strip_suffix("__c").unwrap_or_default();
    let good = stem.starts_with(|c: char| c.is_ascii_alphabetic())
        && stem.len() <= 40
        && !stem.contains("__")
        && !stem.ends_with('_')
        && stem.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    if !good {
        return Err(Problem::bad("INVALID_FULL_NAME", format!("The full name is not valid: {full}")));
    }
    // What tasks and events have in common is made in neither.
    let targets: &[&str] = if object.eq_ignore_ascii_case("Activity") { &["Task", "Event"] } else { &[object] };
    let mut all = Vec::new();
    for target in targets {
        all.push(found(org, target, (object, stem, name))?);
    }
    let empty = json!({});
    let field = field(org, name, body.get("Metadata").unwrap_or(&empty))?;
    for ix in all {
        org.at_mut(ix).add(field.clone());
    }
    org.version += 1;
    let id = made(object, name).text();
    Ok(Answer::json(201, &json!({"id": id, "success": true, "errors": [], "warnings": [], "infos": []})))
}

/// The object that is to have a field, as long as it has none of the name.
fn found(org: &Org, target: &str, (object, stem, name): (&str, &str, &str)) -> Result<ObjectIx, Problem> {
    let ix = org.ix(target).ok_or_else(|| {
        Problem::bad(
            "INVALID_FIELD",
            format!("Entity Enumeration Or ID: bad value for restricted picklist field: {object}"),
        )
    })?;
    if org.at(ix).field_ix(name).is_some() {
        let plain = format!("There is already a field named {stem} on {object}.");
        return Err(Problem::bad("DUPLICATE_DEVELOPER_NAME", plain).of(&["FullName"]));
    }
    Ok(ix)
}

fn field(org: &Org, name: &str, data: &Value) -> Result<Field, Problem> {
    let text = |n: &str| data.get(n).and_then(Value::as_str).unwrap_or_default();
    let flag = |n: &str| data.get(n).and_then(Value::as_bool).unwrap_or_default();
    let size = |n: &str| data.get(n).and_then(Value::as_u64).map(|n| n as u32);
    let word = text("type");
    let of = match word {
        "Text" => Type::Text,
        "TextArea" | "LongTextArea" | "Html" => Type::LongText,
        "Picklist" => Type::Picklist,
        "MultiselectPicklist" => Type::MultiPicklist,
        "Checkbox" => Type::Boolean,
        "Currency" => Type::Currency,
        "Number" => Type::Double,
        "Percent" => Type::Percent,
        "Date" => Type::Date,
        "DateTime" => Type::DateTime,
        "Email" => Type::Email,
        "Phone" => Type::Phone,
        "Url" => Type::Url,
        "Lookup" => Type::Reference,
        other => return Err(Problem::bad("INVALID_TYPE", format!("{other} is not a type of field"))),
    };
    if text("label").is_empty() {
        return Err(needs("label", word));
    }
    let mut field = Field::new(name, of);
    field.label = text("label").into();
    match of {
        Type::Text => {
            field.length = size("length").filter(|n| (1..=255).contains(n)).ok_or_else(|| needs("length", word))?
        }
        Type::LongText if word != "TextArea" => {
            field.length =
                size("length").filter(|n| (256..=131_072).contains(n)).ok_or_else(|| needs("length", word))?;
            size("visibleLines").ok_or_else(|| needs("visibleLines", word))?;
        }
        Type::LongText => field.length = 255,
        Type::Boolean => drop(data.get("defaultValue").ok_or_else(|| needs("defaultValue", word))?),
        Type::Currency | Type::Double | Type::Percent => {
            size("precision").ok_or_else(|| needs("precision", word))?;
            field.scale = size("scale").ok_or_else(|| needs("scale", word))?;
        }
        Type::MultiPicklist => drop(size("visibleLines").ok_or_else(|| needs("visibleLines", word))?),
        Type::Reference => {
            let to = org.object(text("referenceTo")).ok_or_else(|| needs("referenceTo", word))?;
            let back = Some(text("relationshipName"))
                .filter(|n| !n.is_empty())
                .ok_or_else(|| needs("relationshipName", word))?;
            field.refers = vec![to.name.clone()];
            field.relationship = Some(name.trim_end_matches("__c").to_owned() + "__r");
            field.children = Some(format!("{back}__r"));
            field.indexed = true;
        }
        _ => {}
    }
    if matches!(of, Type::Picklist | Type::MultiPicklist) {
        let set = data.get("valueSet").ok_or_else(|| needs("valueSet", word))?;
        field.restricted = set.get("restricted").and_then(Value::as_bool).unwrap_or_default();
        let values = set.pointer("/valueSetDefinition/value").and_then(Value::as_array);
        field.choices = values
            .into_iter()
            .flatten()
            .filter_map(|v| {
                let value = v.get("fullName").or_else(|| v.get("valueName"))?.as_str()?.to_owned();
                let label = v.get("label").and_then(Value::as_str).unwrap_or(&value).to_owned();
                Some(Choice { value, label, active: true })
            })
            .collect();
    }
    (field.unique, field.external, field.required) = (flag("unique"), flag("externalId"), flag("required"));
    field.nillable = field.nillable && !field.required;
    Ok(field)
}
