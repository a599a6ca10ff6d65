//! Forms: the list, one, making one, archiving it. A form is kept as it was sent once it was checked.
//!
//! Checked is what the vendor's reference requires: the parts of a form, the kinds of its fields with what each kind
//! needs, and that every field names a property of its object. Two forms may have one name.

use serde_json::{Map, Value, json};

use crate::hubspot::answer::{Answer, Done, Refusal};
use crate::hubspot::objects::read::limit;
use crate::hubspot::world::World;
use crate::json::time_text;
use crate::request::Request;

/// Parts without which a form is refused.
const PARTS: [&str; 7] =
    ["name", "createdAt", "archived", "fieldGroups", "configuration", "displayOptions", "legalConsentOptions"];
/// Kinds of fields, each with what it must have beside.
const FIELDS: [(&str, &[&str]); 12] = [
    ("email", &["validation"]),
    ("phone", &["validation", "useCountryCodeSelect"]),
    ("mobile_phone", &["validation"]),
    ("single_line_text", &[]),
    ("multi_line_text", &[]),
    ("number", &[]),
    ("single_checkbox", &[]),
    ("multiple_checkboxes", &["options"]),
    ("dropdown", &["options"]),
    ("radio", &["options"]),
    ("datepicker", &[]),
    ("file", &["allowMultipleFiles"]),
];
/// Fields that stand in one row at most.
const ROW: usize = 3;

pub(crate) fn read(world: &World, request: &Request, rest: &[&str]) -> Done {
    match rest {
        [] => list(world, request),
        [id] => find(world, id).map(|form| Answer::json(200, form)),
        _ => Err(Refusal::no_such_path()),
    }
}

fn find<'w>(world: &'w World, id: &str) -> Result<&'w Value, Refusal> {
    world.forms.iter().find(|form| form["id"] == id).ok_or_else(|| Refusal::not_found(id))
}

fn list(world: &World, request: &Request) -> Done {
    let limit = limit(request, 20, 500)?;
    let from = request.param("after").and_then(|after| after.parse::<usize>().ok()).unwrap_or(0);
    let archived = request.flag("archived");
    let living: Vec<&Value> = world.forms.iter().filter(|form| form["archived"] == archived).collect();
    let mut body = json!({ "results": living.iter().skip(from).take(limit).collect::<Vec<_>>() });
    let next = from + limit;
    if let (true, Value::Object(map)) = (next < living.len(), &mut body) {
        let link = format!("{}{}?after={next}", world.origin, request.path);
        map.insert("paging".into(), json!({ "next": { "after": next.to_string(), "link": link } }));
    }
    Ok(Answer::json(200, &body))
}

pub(crate) fn write(world: &mut World, request: &Request, method: &str, rest: &[&str]) -> Done {
    match (method, rest) {
        ("POST", []) => create(world, request),
        ("DELETE", [id]) => {
            find(world, id)?;
            if let Some(form) = world.forms.iter_mut().find(|form| form["id"] == *id) {
                form["archived"] = true.into();
            }
            Ok(Answer::empty(204))
        }
        _ => Err(Refusal::no_such_path()),
    }
}

fn create(world: &mut World, request: &Request) -> Done {
    let body = request.object()?;
    if body.get("formType").and_then(Value::as_str) != Some("hubspot") {
        return Err(Refusal::invalid("formType must be hubspot"));
    }
    let missing: Vec<&str> = PARTS.into_iter().filter(|part| body.get(*part).is_none_or(Value::is_null)).collect();
    if !missing.is_empty() {
        return Err(Refusal::invalid(format!("Some required fields were not set: [{}]", missing.join(", "))));
    }
    if body["name"].as_str().is_none_or(|name| name.trim().is_empty()) {
        return Err(Refusal::invalid("name must not be blank"));
    }
    let groups = body["fieldGroups"].as_array().ok_or_else(|| Refusal::invalid("fieldGroups must be a list"))?;
    for group in groups {
        let fields = group["fields"].as_array().ok_or_else(|| Refusal::invalid("a group has no fields"))?;
        if fields.len() > ROW {
            return Err(Refusal::invalid(format!("a group has more than {ROW} fields")));
        }
        fields.iter().try_for_each(|field| check(world, field))?;
    }
    let at = time_text(request.at);
    let number = world.forms.len() as u64 + 1;
    let id = format!("{:08x}-0000-4000-8000-{:012x}", world.portal, number);
    let mut form: Map<String, Value> = body.clone();
    form.extend([("id".into(), json!(id)), ("createdAt".into(), json!(at)), ("updatedAt".into(), json!(at))]);
    let form = Value::Object(form);
    world.forms.push(form.clone());
    Ok(Answer::json(201, &form))
}

fn check(world: &World, field: &Value) -> Result<(), Refusal> {
    let text = |part: &str| field[part].as_str().unwrap_or_default();
    let (kind, name) = (text("fieldType"), text("name"));
    let Some((_, needs)) = FIELDS.iter().find(|(known, _)| *known == kind) else {
        return Err(Refusal::invalid(format!("fieldType {kind} is not one of the known ones")));
    };
    let parts = ["objectTypeId", "name", "label", "required", "hidden", "dependentFields"];
    if let Some(missing) = parts.iter().chain(*needs).find(|part| field.get(**part).is_none_or(Value::is_null)) {
        return Err(Refusal::invalid(format!("Some required fields were not set: [{missing}] of the field {name}")));
    }
    let object = world.kind_ix(text("objectTypeId")).map(|ix| world.kind(ix));
    let object = object.ok_or_else(|| Refusal::unknown_type(text("objectTypeId")))?;
    let property = object.properties.iter().find(|property| property.name == name && property.archived.is_none());
    if property.is_none() {
        return Err(Refusal::invalid(format!("Property {name} does not exist on {}", object.path)));
    }
    Ok(())
}
