//! The labels links may carry: reading, making, renaming, removing.

use serde_json::{Value, json};

use crate::hubspot::answer::{Answer, Done, Refusal};
use crate::hubspot::associations::types_between;
use crate::hubspot::catalog::link_pair;
use crate::hubspot::objects::batch::word;
use crate::hubspot::objects::kind_of;
use crate::hubspot::schema::{LinkType, title};
use crate::hubspot::world::World;
use crate::request::Request;

pub(crate) fn list(world: &World, from: &str, to: &str) -> Done {
    let (a, b) = (kind_of(world, from)?, kind_of(world, to)?);
    let results: Vec<Value> = types_between(world, a, b).map(LinkType::wire).collect();
    Ok(Answer::json(200, &json!({"results": results})))
}

pub(crate) fn types(world: &World, from: &str, to: &str) -> Done {
    let (a, b) = (kind_of(world, from)?, kind_of(world, to)?);
    let results: Vec<Value> =
        types_between(world, a, b).map(|t| json!({"id": t.id.to_string(), "name": t.name})).collect();
    Ok(Answer::json(200, &json!({"results": results})))
}

pub(crate) fn configurations() -> Done {
    Ok(Answer::json(200, &json!({"results": []})))
}

pub(crate) fn put(world: &mut World, request: &Request, from: &str, to: &str) -> Done {
    let (a, b) = (kind_of(world, from)?, kind_of(world, to)?);
    let body = request.object()?;
    let label = word(&body, "label").ok_or_else(|| Refusal::invalid("label is required"))?.to_owned();
    let back = word(&body, "inverseLabel").map(str::to_owned);
    if request.method == "PUT" {
        let id = body.get("associationTypeId").and_then(Value::as_u64).unwrap_or_default();
        let found =
            world.link_types.iter_mut().find(|t| t.user_defined && u64::from(t.id) == id && t.from == a && t.to == b);
        let found = found.ok_or_else(|| Refusal::invalid(format!("Association type id {id} cannot be changed")))?;
        found.label = Some(label);
        return Ok(Answer::empty(204));
    }
    let name = word(&body, "name").map_or_else(|| title(&label).to_lowercase().replace(' ', "_"), str::to_owned);
    if types_between(world, a, b).any(|t| t.user_defined && t.name == name) {
        return Err(Refusal::new(409, "CONFLICT", format!("An association label named {name} exists already")));
    }
    let id = world.link_types.iter().map(|t| t.id).max().unwrap_or(0).max(1000) + 1;
    let both = back.clone().or_else(|| Some(label.clone()));
    link_pair(world, (a, b), (id, id + 1), (Some(label), both), (&name, &name), true, false);
    let results: Vec<Value> =
        world.link_types.iter().filter(|t| t.id == id || t.id == id + 1).map(LinkType::wire).collect();
    Ok(Answer::json(200, &json!({"results": results})))
}

pub(crate) fn delete(world: &mut World, from: &str, to: &str, id: &str) -> Done {
    let (a, b) = (kind_of(world, from)?, kind_of(world, to)?);
    let found = types_between(world, a, b)
        .find(|t| t.id.to_string() == id && t.user_defined && !t.plain)
        .map(|t| (t.id, t.inverse));
    let (id, back) = found.ok_or_else(|| Refusal::invalid(format!("Association type id {id} cannot be removed")))?;
    world.link_types.retain(|t| t.id != id && t.id != back);
    for kind in &mut world.kinds {
        for record in &mut kind.records {
            record.links.retain(|l| l.label != id && l.label != back);
        }
    }
    Ok(Answer::empty(204))
}
