//! The batch doors: up to a hundred inputs, and a multi-status answer when only some could be done.
//!
//! The hard idea is the vendor's rule of who may be answered partially: reads and updates with missing ids always, creates and
//! refused values only when every input names its own `objectWriteTraceId`; otherwise one bad input refuses them all.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use crate::clock::Millis;
use crate::hubspot::answer::{Answer, Done, Refusal};
use crate::hubspot::objects::check::check;
use crate::hubspot::objects::write::{archive_one, create_one, is_dated, live, properties, update_one, write_whole};
use crate::hubspot::objects::{View, find, kind_of};
use crate::hubspot::world::{KindIx, World};
use crate::json;
use crate::request::Request;

const MOST: usize = 100;

/// The inputs of a batch, each an object.
pub(crate) fn inputs(body: &Map<String, Value>, most: usize) -> Result<Vec<&Map<String, Value>>, Refusal> {
    let Some(Value::Array(list)) = body.get("inputs") else {
        return Err(Refusal::invalid("Invalid input JSON: `inputs` is required and must be a list"));
    };
    if list.len() > most {
        return Err(Refusal::invalid(format!(
            "The maximum number of inputs supported in a batch request is {most}, but {} were given",
            list.len()
        )));
    }
    list.iter()
        .map(|v| v.as_object().ok_or_else(|| Refusal::invalid("Invalid input JSON: every input must be an object")))
        .collect()
}

pub(crate) fn word<'a>(input: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    input.get(name).and_then(Value::as_str)
}

fn id_of(input: &Map<String, Value>) -> Result<String, Refusal> {
    match input.get("id") {
        Some(Value::String(s)) => Ok(s.clone()),
        Some(Value::Number(n)) => Ok(n.to_string()),
        _ => Err(Refusal::invalid("Some required fields were not set: [id]")),
    }
}

/// The frame of a batch answer around already written results.
pub(crate) fn frame(status: u16, results: &[u8], errors: &[Value], at: Millis) -> Answer {
    let mut out = Vec::with_capacity(results.len() + 256);
    out.extend_from_slice(b"{\"status\":\"COMPLETE\",\"results\":[");
    out.extend_from_slice(results);
    out.push(b']');
    if !errors.is_empty() {
        out.extend_from_slice(
            format!(",\"numErrors\":{},\"errors\":{}", errors.len(), Value::from(errors.to_vec())).as_bytes(),
        );
    }
    out.extend_from_slice(b",\"startedAt\":");
    json::quoted_time(&mut out, at);
    out.extend_from_slice(b",\"completedAt\":");
    json::quoted_time(&mut out, at);
    out.push(b'}');
    Answer::raw(if errors.is_empty() { status } else { 207 }, out)
}

fn missing(kind: &str, ids: &[String]) -> Value {
    json!({"status": "error", "category": "OBJECT_NOT_FOUND", "context": {"ids": ids}, "errors": [], "links": {},
        "message": format!("Could not get some {kind} objects, they may be deleted or not exist. Check that ids are valid.")})
}

fn names(body: &Map<String, Value>, key: &str) -> Option<Vec<String>> {
    let list = body.get(key)?.as_array()?;
    Some(list.iter().filter_map(Value::as_str).map(str::to_owned).collect())
}

pub(crate) fn read(world: &World, request: &Request, kind: &str) -> Done {
    let ix = kind_of(world, kind)?;
    let kind = world.kind(ix);
    let body = request.object()?;
    let (wanted, past) = (names(&body, "properties"), names(&body, "propertiesWithHistory").filter(|p| !p.is_empty()));
    let inputs = inputs(&body, if past.is_some() { 50 } else { MOST })?;
    let (wanted, past): (Option<Vec<&str>>, Option<Vec<&str>>) = (
        wanted.as_ref().map(|l| l.iter().map(String::as_str).collect()),
        past.as_ref().map(|l| l.iter().map(String::as_str).collect()),
    );
    let view = View::new(world, kind, wanted.as_deref(), past.as_deref(), None)?;
    let (mut out, mut lost, mut seen) = (Vec::with_capacity(inputs.len() * 1024), Vec::new(), HashSet::new());
    for input in inputs {
        let id = id_of(input)?;
        match find(world, ix, &id, word(&body, "idProperty"))?
            .filter(|r| r.archived.is_some() == request.flag("archived"))
        {
            Some(record) if seen.insert(record.id) => {
                if !out.is_empty() {
                    out.push(b',');
                }
                view.write(&mut out, world, kind, record, None);
            }
            Some(_) => {}
            None => lost.push(id),
        }
    }
    let errors: Vec<Value> = if lost.is_empty() { vec![] } else { vec![missing(&kind.path, &lost)] };
    Ok(frame(200, &out, &errors, request.at))
}

/// May this batch be done in part?
fn traced(inputs: &[&Map<String, Value>]) -> bool {
    let traces: HashSet<&str> = inputs.iter().filter_map(|i| word(i, "objectWriteTraceId")).collect();
    !inputs.is_empty() && traces.len() == inputs.len()
}

fn context(input: &Map<String, Value>) -> Map<String, Value> {
    let mut m = Map::new();
    if let Some(trace) = word(input, "objectWriteTraceId") {
        m.insert("objectWriteTraceId".into(), json!([trace]));
    }
    if let Some(id) = word(input, "id") {
        m.insert("ids".into(), json!([id]));
    }
    m
}

fn push(out: &mut Vec<u8>, world: &World, kind: KindIx, id: u64, new: Option<bool>) {
    if !out.is_empty() {
        out.push(b',');
    }
    write_whole(out, world, kind, id, new);
}

pub(crate) fn create(world: &mut World, request: &Request, kind: &str, version: &str) -> Done {
    let kind = kind_of(world, kind)?;
    let body = request.object()?;
    let inputs = inputs(&body, MOST)?;
    let partial = traced(&inputs);
    if !partial {
        for input in &inputs {
            check(world, kind, properties(input)?, None, request, is_dated(version))?;
        }
        twice(world, kind, &inputs)?;
    }
    let (mut out, mut errors) = (Vec::new(), Vec::new());
    for input in inputs {
        match create_one(world, request, kind, input, is_dated(version)) {
            Ok(id) => push(&mut out, world, kind, id, None),
            Err(refusal) if partial => errors.push(refusal.entry(context(input))),
            Err(refusal) => return Err(refusal),
        }
    }
    Ok(frame(201, &out, &errors, request.at))
}

/// Refuses a batch that gives one unique value twice, which each input alone would not show.
fn twice(world: &World, kind: KindIx, inputs: &[&Map<String, Value>]) -> Result<(), Refusal> {
    for sym in world.kind(kind).uniques.keys() {
        let name = world.names.text(*sym);
        let mut seen = HashSet::new();
        for value in inputs.iter().filter_map(|i| i.get("properties")?.get(name)?.as_str()).filter(|v| !v.is_empty()) {
            if !seen.insert(value.to_lowercase()) {
                return Err(Refusal::new(
                    409,
                    "CONFLICT",
                    format!("{name} {value} is given more than once in this batch"),
                ));
            }
        }
    }
    Ok(())
}

pub(crate) fn update(world: &mut World, request: &Request, kind: &str, version: &str) -> Done {
    let kind = kind_of(world, kind)?;
    let body = request.object()?;
    let inputs = inputs(&body, MOST)?;
    let partial = traced(&inputs);
    let mut seen = HashSet::new();
    let (mut found, mut lost) = (Vec::new(), Vec::new());
    for input in inputs {
        let id = id_of(input)?;
        if !seen.insert(id.clone()) {
            return Err(Refusal::invalid(format!("Duplicate IDs found in batch input: [{id}]. IDs must be unique")));
        }
        match live(world, kind, &id, word(input, "idProperty")) {
            Ok(real) => found.push((real, input)),
            Err(r) if r.status == 404 => lost.push(id),
            Err(r) => return Err(r),
        }
    }
    if !partial {
        for (id, input) in &found {
            check(world, kind, properties(input)?, world.kind(kind).exact(*id), request, is_dated(version))?;
        }
    }
    let mut errors: Vec<Value> = if lost.is_empty() { vec![] } else { vec![missing(&world.kind(kind).path, &lost)] };
    let mut out = Vec::new();
    for (id, input) in found {
        match properties(input).and_then(|p| update_one(world, request, kind, id, p, is_dated(version))) {
            Ok(()) => push(&mut out, world, kind, id, None),
            Err(refusal) if partial => errors.push(refusal.entry(context(input))),
            Err(refusal) => return Err(refusal),
        }
    }
    Ok(frame(200, &out, &errors, request.at))
}

pub(crate) fn upsert(world: &mut World, request: &Request, kind: &str, version: &str) -> Done {
    let kind = kind_of(world, kind)?;
    let body = request.object()?;
    let inputs = inputs(&body, MOST)?;
    let partial = traced(&inputs);
    let (mut out, mut errors) = (Vec::new(), Vec::new());
    for input in inputs {
        match upsert_one(world, request, kind, input, is_dated(version)) {
            Ok((id, new)) => push(&mut out, world, kind, id, Some(new)),
            Err(refusal) if partial => errors.push(refusal.entry(context(input))),
            Err(refusal) => return Err(refusal),
        }
    }
    Ok(frame(200, &out, &errors, request.at))
}

fn upsert_one(
    world: &mut World,
    request: &Request,
    kind: KindIx,
    input: &Map<String, Value>,
    dated: bool,
) -> Result<(u64, bool), Refusal> {
    let id = id_of(input)?;
    let by = word(input, "idProperty");
    if let Some(record) = find(world, kind, &id, by)?.filter(|r| r.archived.is_none()) {
        let real = record.id;
        update_one(world, request, kind, real, properties(input)?, dated)?;
        return Ok((real, false));
    }
    let Some(by) = by.filter(|b| *b != "hs_object_id") else { return Err(Refusal::not_found(&id)) };
    let mut body = Map::new();
    let mut given = properties(input)?.clone();
    given.insert(by.into(), id.into());
    body.insert("properties".into(), given.into());
    Ok((create_one(world, request, kind, &body, dated)?, true))
}

pub(crate) fn archive(world: &mut World, request: &Request, kind: &str) -> Done {
    let kind = kind_of(world, kind)?;
    let body = request.object()?;
    for input in inputs(&body, MOST)? {
        if let Ok(id) = live(world, kind, &id_of(input)?, None) {
            archive_one(world, request, kind, id);
        }
    }
    Ok(Answer::empty(204))
}
