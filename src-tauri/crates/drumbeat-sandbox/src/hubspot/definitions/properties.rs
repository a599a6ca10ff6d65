//! Properties and their groups: reading, making (unique ones too), changing, archiving.

use serde_json::{Map, Value, json};

use crate::clock::Millis;
use crate::hubspot::answer::{Answer, Done, Refusal};
use crate::hubspot::catalog::add_property;
use crate::hubspot::objects::batch::word;
use crate::hubspot::objects::kind_of;
use crate::hubspot::schema::{Property, PropertyGroup, PropertyOption};
use crate::hubspot::world::{Kind, World};
use crate::json::time_text;
use crate::request::Request;

fn find<'a>(world: &World, kind: &'a Kind, name: &str) -> Result<&'a Property, Refusal> {
    let found = world.names.find(&name.to_ascii_lowercase()).and_then(|s| kind.property(s));
    found.ok_or_else(|| Refusal::not_found(name).with("propertyName", name))
}

/// Pipelines and stages are the options of their properties.
fn wire(kind: &Kind, property: &Property) -> Value {
    let mut v = property.wire();
    let options: Vec<Value> = match property.name.as_str() {
        "pipeline" => kind.pipelines.iter().enumerate().map(|(i, p)| json!({"label": p.label, "value": p.id, "displayOrder": i, "hidden": false, "description": ""})).collect(),
        "dealstage" => kind
            .pipelines
            .iter()
            .flat_map(|p| p.stages.iter().map(move |s| json!({"label": format!("{} ({})", s.label, p.label), "value": s.id, "displayOrder": s.order, "hidden": false, "description": ""})))
            .collect(),
        _ => return v,
    };
    if let Value::Object(m) = &mut v {
        m.insert("options".into(), options.into());
    }
    v
}

pub(crate) fn list(world: &World, request: &Request, kind: &str) -> Done {
    let kind = world.kind(kind_of(world, kind)?);
    let archived = request.flag("archived");
    let results: Vec<Value> =
        kind.properties.iter().filter(|p| p.archived.is_some() == archived).map(|p| wire(kind, p)).collect();
    Ok(Answer::json(200, &json!({"results": results})))
}

pub(crate) fn get(world: &World, request: &Request, kind: &str, name: &str) -> Done {
    let kind = world.kind(kind_of(world, kind)?);
    let property = find(world, kind, name)?;
    if property.archived.is_some() != request.flag("archived") {
        return Err(Refusal::not_found(name));
    }
    Ok(Answer::json(200, &wire(kind, property)))
}

pub(crate) fn batch_read(world: &World, request: &Request, kind: &str) -> Done {
    let kind = world.kind(kind_of(world, kind)?);
    let body = request.object()?;
    let (mut results, mut errors) = (Vec::new(), Vec::new());
    for name in
        body.get("inputs").and_then(Value::as_array).into_iter().flatten().filter_map(|i| i.get("name")?.as_str())
    {
        match find(world, kind, name) {
            Ok(p) => results.push(wire(kind, p)),
            Err(r) => errors.push(r.entry([("name".to_owned(), json!([name]))].into_iter().collect())),
        }
    }
    let at = time_text(request.at);
    let mut answer = json!({"status": "COMPLETE", "results": results, "startedAt": at, "completedAt": at});
    if let (false, Value::Object(m)) = (errors.is_empty(), &mut answer) {
        m.insert("numErrors".into(), errors.len().into());
        m.insert("errors".into(), errors.clone().into());
    }
    Ok(Answer::json(if errors.is_empty() { 200 } else { 207 }, &answer))
}

pub(crate) fn groups(world: &World, kind: &str) -> Done {
    let kind = world.kind(kind_of(world, kind)?);
    Ok(Answer::json(200, &json!({"results": kind.groups})))
}

pub(crate) fn group(world: &World, kind: &str, name: &str) -> Done {
    let kind = world.kind(kind_of(world, kind)?);
    let found = kind.groups.iter().find(|g| g.name == name).ok_or_else(|| Refusal::not_found(name))?;
    Ok(Answer::json(200, &json!(found)))
}

/// A property from the body of a create, checked.
pub(crate) fn from_wire(body: &Map<String, Value>, default_group: &str, at: Millis) -> Result<Property, Refusal> {
    let need = |name: &str| {
        word(body, name)
            .filter(|v| !v.is_empty())
            .ok_or_else(|| Refusal::invalid(format!("Some required fields were not set: [{name}]")))
    };
    let name = need("name")?;
    if name.len() > 100
        || !name.starts_with(|c: char| c.is_ascii_lowercase())
        || !name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    {
        return Err(Refusal::invalid(format!(
            "{name} is not a valid property name: lower-case letters, digits and underscores, starting with a letter"
        )));
    }
    let (of, field) = (need("type")?, need("fieldType")?);
    if !["string", "number", "date", "datetime", "enumeration", "bool"].contains(&of) {
        return Err(Refusal::invalid(format!("{of} is not a valid property type")));
    }
    let mut property = Property::new(name, need("label")?, of, field, word(body, "groupName").unwrap_or(default_group));
    property.description = word(body, "description").unwrap_or_default().into();
    property.unique = body.get("hasUniqueValue").and_then(Value::as_bool).unwrap_or(false);
    if property.unique && !["string", "number"].contains(&of) {
        return Err(Refusal::invalid("Only string and number properties can have unique values"));
    }
    property.hidden = body.get("hidden").and_then(Value::as_bool).unwrap_or(false);
    property.form_field = body.get("formField").and_then(Value::as_bool).unwrap_or(false);
    property.order = body.get("displayOrder").and_then(Value::as_i64).unwrap_or(-1);
    property.external_options = body.get("externalOptions").and_then(Value::as_bool).unwrap_or(false);
    property.options = options(body)?;
    if of == "enumeration" && property.options.is_empty() && !property.external_options {
        return Err(Refusal::invalid("An enumeration needs options"));
    }
    (property.created, property.updated) = (at, at);
    Ok(property)
}

fn options(body: &Map<String, Value>) -> Result<Vec<PropertyOption>, Refusal> {
    let Some(given) = body.get("options").filter(|o| !o.is_null()) else { return Ok(Vec::new()) };
    serde_json::from_value(given.clone()).map_err(|e| Refusal::invalid(format!("Invalid options: {e}")))
}

fn create(world: &mut World, request: &Request, kind: &str, body: &Map<String, Value>) -> Result<Value, Refusal> {
    let ix = kind_of(world, kind)?;
    let property = from_wire(body, "", request.at)?;
    let k = world.kind(ix);
    if !k.groups.iter().any(|g| g.name == property.group) {
        return Err(Refusal::invalid(format!("The property group {} does not exist", property.group)));
    }
    if find(world, k, &property.name).is_ok_and(|p| p.archived.is_none()) {
        return Err(Refusal::new(
            409,
            "OBJECT_ALREADY_EXISTS",
            format!("A property named '{}' already exists.", property.name),
        ));
    }
    if property.unique && k.properties.iter().filter(|p| p.unique && p.archived.is_none()).count() >= 10 {
        return Err(Refusal::invalid("At most 10 unique value properties are allowed for an object"));
    }
    let wire = property.wire();
    add_property(world, ix, property);
    Ok(wire)
}

pub(crate) fn write(world: &mut World, request: &Request, method: &str, kind: &str, rest: &[&str]) -> Done {
    let ix = kind_of(world, kind)?;
    let body = request.object()?;
    match (method, rest) {
        ("POST", []) => Ok(Answer::json(201, &create(world, request, kind, &body)?)),
        ("POST", ["batch", "create"]) => {
            let mut results = Vec::new();
            for input in body.get("inputs").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object)
            {
                results.push(create(world, request, kind, input)?);
            }
            let at = time_text(request.at);
            Ok(Answer::json(
                201,
                &json!({"status": "COMPLETE", "results": results, "startedAt": at, "completedAt": at}),
            ))
        }
        ("POST", ["batch", "archive"]) => {
            for name in body
                .get("inputs")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
                .filter_map(|i| i.get("name")?.as_str())
            {
                archive(world, request, ix, name)?;
            }
            Ok(Answer::empty(204))
        }
        ("POST", ["groups"]) => {
            let name = word(&body, "name").ok_or_else(|| Refusal::invalid("name is required"))?;
            let groups = &mut world.kind_mut(ix).groups;
            if groups.iter().any(|g| g.name == name) {
                return Err(Refusal::new(
                    409,
                    "OBJECT_ALREADY_EXISTS",
                    format!("A property group named '{name}' already exists."),
                ));
            }
            let label = word(&body, "label").unwrap_or(name).to_owned();
            let made = PropertyGroup {
                name: name.into(),
                label,
                display_order: body.get("displayOrder").and_then(Value::as_i64).unwrap_or(-1),
                archived: false,
            };
            groups.push(made.clone());
            Ok(Answer::json(201, &json!(made)))
        }
        ("PATCH", ["groups", name]) => {
            let group = world
                .kind_mut(ix)
                .groups
                .iter_mut()
                .find(|g| g.name == *name)
                .ok_or_else(|| Refusal::not_found(name))?;
            group.label = word(&body, "label").map_or_else(|| group.label.clone(), str::to_owned);
            group.display_order = body.get("displayOrder").and_then(Value::as_i64).unwrap_or(group.display_order);
            Ok(Answer::json(200, &json!(group)))
        }
        ("DELETE", ["groups", name]) => {
            let k = world.kind_mut(ix);
            if k.properties.iter().any(|p| p.group == *name && p.archived.is_none()) {
                return Err(Refusal::invalid(format!("The property group {name} still has properties")));
            }
            k.groups.retain(|g| g.name != *name);
            Ok(Answer::empty(204))
        }
        ("PATCH", [name]) => {
            let k = world.kind(ix);
            let mut property = find(world, k, name)?.clone();
            if property.vendor && !property.options.is_empty() && body.contains_key("options") {
                return Err(Refusal::invalid(format!("The options of {name} are read only")));
            }
            property.label = word(&body, "label").map_or(property.label, str::to_owned);
            property.description = word(&body, "description").map_or(property.description, str::to_owned);
            property.group = word(&body, "groupName").map_or(property.group, str::to_owned);
            property.field = word(&body, "fieldType").map_or(property.field, str::to_owned);
            property.hidden = body.get("hidden").and_then(Value::as_bool).unwrap_or(property.hidden);
            if body.contains_key("options") {
                property.options = options(&body)?;
            }
            property.updated = request.at;
            let wire = wire(k, &property);
            let sym = world.sym(name);
            let k = world.kind_mut(ix);
            if let Some(i) = k.by_sym.get(&sym).copied() {
                k.properties[i] = property;
            }
            Ok(Answer::json(200, &wire))
        }
        ("DELETE", [name]) => {
            archive(world, request, ix, name)?;
            Ok(Answer::empty(204))
        }
        _ => Err(Refusal::no_such_path()),
    }
}

fn archive(world: &mut World, request: &Request, ix: u16, name: &str) -> Result<(), Refusal> {
    let k = world.kind(ix);
    if find(world, k, name)?.vendor {
        return Err(Refusal::invalid(format!("{name} is defined by HubSpot and cannot be archived")));
    }
    let sym = world.sym(&name.to_ascii_lowercase());
    let k = world.kind_mut(ix);
    k.uniques.remove(&sym);
    if let Some(i) = k.by_sym.get(&sym).copied() {
        k.properties[i].archived = Some(request.at);
    }
    Ok(())
}
