//! Custom object schemas: reading all, one or several, making one, changing its words, archiving it.

use serde_json::{Map, Value, json};

use crate::hubspot::answer::{Answer, Done, Refusal};
use crate::hubspot::catalog;
use crate::hubspot::definitions::properties::from_wire;
use crate::hubspot::objects::batch::word;
use crate::hubspot::objects::kind_of;
use crate::hubspot::schema::Property;
use crate::hubspot::world::{Kind, KindIx, World};
use crate::json::time_text;
use crate::request::Request;

fn wire(world: &World, ix: KindIx) -> Value {
    let k = world.kind(ix);
    let properties: Vec<Value> = k.properties.iter().filter(|p| p.archived.is_none()).map(Property::wire).collect();
    let links: Vec<Value> = world
        .link_types
        .iter()
        .filter(|t| t.from == ix || t.to == ix)
        .map(|t| json!({"id": t.id.to_string(), "fromObjectTypeId": world.kind(t.from).type_id, "toObjectTypeId": world.kind(t.to).type_id, "name": t.name,
            "createdAt": time_text(k.created), "updatedAt": time_text(k.created)}))
        .collect();
    json!({"id": k.type_id.trim_start_matches("2-"), "objectTypeId": k.type_id, "fullyQualifiedName": k.qualified, "name": k.path,
        "labels": {"singular": k.labels.0, "plural": k.labels.1}, "primaryDisplayProperty": k.primary_display, "secondaryDisplayProperties": [],
        "requiredProperties": k.required, "searchableProperties": k.searchable, "properties": properties, "associations": links,
        "archived": k.archived, "allowsSensitiveProperties": false, "createdByUserId": 9_000_001, "updatedByUserId": 9_000_001,
        "createdAt": time_text(k.created), "updatedAt": time_text(k.created)})
}

pub(crate) fn list(world: &World, request: &Request) -> Done {
    let archived = request.flag("archived");
    let results: Vec<Value> = (0..world.kinds.len() as KindIx)
        .filter(|ix| world.kind(*ix).custom && world.kind(*ix).archived == archived)
        .map(|ix| wire(world, ix))
        .collect();
    Ok(Answer::json(200, &json!({"results": results})))
}

pub(crate) fn get(world: &World, kind: &str) -> Done {
    let ix = world.kind_ix(kind).ok_or_else(|| Refusal::not_found(kind))?;
    Ok(Answer::json(200, &wire(world, ix)))
}

pub(crate) fn batch_read(world: &World, request: &Request) -> Done {
    let body = request.object()?;
    let ids = body.get("inputs").and_then(Value::as_array).into_iter().flatten();
    let results: Vec<Value> = ids
        .filter_map(|v| v.as_str().or_else(|| v.get("id")?.as_str()))
        .filter_map(|n| world.kind_ix(n))
        .map(|ix| wire(world, ix))
        .collect();
    let at = time_text(request.at);
    Ok(Answer::json(200, &json!({"status": "COMPLETE", "results": results, "startedAt": at, "completedAt": at})))
}

pub(crate) fn write(world: &mut World, request: &Request, method: &str, rest: &[&str]) -> Done {
    match (method, rest) {
        ("POST", []) => create(world, request),
        ("PATCH", [kind]) => {
            let ix = kind_of(world, kind)?;
            let body = request.object()?;
            words(world.kind_mut(ix), &body);
            Ok(Answer::json(200, &wire(world, ix)))
        }
        ("DELETE", [kind]) => {
            let ix = kind_of(world, kind)?;
            let k = world.kind_mut(ix);
            if !k.custom {
                return Err(Refusal::invalid("Only custom objects can be removed"));
            }
            if k.records.iter().any(|r| r.archived.is_none() && r.merged_into.is_none()) {
                return Err(Refusal::invalid(format!("{} still has records", k.path)));
            }
            k.archived = true;
            Ok(Answer::empty(204))
        }
        ("POST", [kind, "associations"]) => {
            let from = kind_of(world, kind)?;
            let body = request.object()?;
            let to = kind_of(world, word(&body, "toObjectTypeId").unwrap_or_default())?;
            let name = word(&body, "name")
                .map_or_else(|| format!("{}_to_{}", world.kind(from).path, world.kind(to).singular), str::to_owned);
            let id = world.link_types.iter().map(|t| t.id).max().unwrap_or(0).max(1000) + 1;
            let plain = !world.link_types.iter().any(|t| t.from == from && t.to == to && t.plain);
            catalog::link_pair(world, (from, to), (id, id + 1), (None, None), (&name, &name), true, plain);
            Ok(Answer::json(
                201,
                &json!({"id": id.to_string(), "fromObjectTypeId": world.kind(from).type_id, "toObjectTypeId": world.kind(to).type_id, "name": name,
                "createdAt": time_text(request.at), "updatedAt": time_text(request.at)}),
            ))
        }
        _ => Err(Refusal::no_such_path()),
    }
}

fn words(kind: &mut Kind, body: &Map<String, Value>) {
    let list = |name: &str| {
        body.get(name)
            .and_then(Value::as_array)
            .map(|l| l.iter().filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>())
    };
    if let Some(labels) = body.get("labels") {
        let label = |n: &str, old: &str| labels.get(n).and_then(Value::as_str).unwrap_or(old).to_owned();
        kind.labels = (label("singular", &kind.labels.0), label("plural", &kind.labels.1));
    }
    if let Some(name) = word(body, "primaryDisplayProperty") {
        kind.primary_display = name.to_owned();
    }
    kind.required = list("requiredProperties").unwrap_or_else(|| kind.required.clone());
    kind.searchable = list("searchableProperties").unwrap_or_else(|| kind.searchable.clone());
    if kind.defaults.is_empty() {
        kind.defaults = vec![kind.primary_display.clone()];
    }
}

fn create(world: &mut World, request: &Request) -> Done {
    let body = request.object()?;
    let name = word(&body, "name").ok_or_else(|| Refusal::invalid("name is required"))?;
    if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        return Err(Refusal::invalid(format!("{name} is not a valid object name")));
    }
    if world.kind_ix(name).is_some() {
        return Err(Refusal::new(409, "CONFLICT", format!("An object schema named {name} exists already")));
    }
    let label = |n: &str| body.get("labels").and_then(|l| l.get(n)).and_then(Value::as_str).unwrap_or(name).to_owned();
    let mut properties = Vec::new();
    for given in body.get("properties").and_then(Value::as_array).into_iter().flatten() {
        let given = given.as_object().ok_or_else(|| Refusal::invalid("every property must be an object"))?;
        properties.push(from_wire(given, &format!("{name}_information"), request.at)?);
    }
    let ix = catalog::custom(world, name, (&label("singular"), &label("plural")), request.at);
    for property in properties {
        catalog::add_property(world, ix, property);
    }
    words(world.kind_mut(ix), &body);
    Ok(Answer::json(201, &wire(world, ix)))
}
