//! Creating, updating and archiving one record, with its ledger entry.
//!
//! Callers rely on: a refused write changes nothing at all, and every applied one leaves an entry in the ledger.

use serde_json::{Map, Value};

use crate::clock::date_time;
use crate::hubspot::answer::{Answer, Done, Refusal};
use crate::hubspot::associations;
use crate::hubspot::objects::check::{Values, check};
use crate::hubspot::objects::{View, find, kind_of};
use crate::hubspot::world::{KindIx, Record, Sym, World};
use crate::ledger::{LedgerEntry, LedgerKind};
use crate::request::Request;

pub(crate) fn is_dated(version: &str) -> bool {
    version.starts_with("20")
}

/// The `properties` object of a body.
pub(crate) fn properties(body: &Map<String, Value>) -> Result<&Map<String, Value>, Refusal> {
    match body.get("properties") {
        Some(Value::Object(m)) => Ok(m),
        _ => Err(Refusal::invalid("Invalid input JSON: `properties` is required and must be an object")),
    }
}

pub(crate) fn create(world: &mut World, request: &Request, kind: &str, version: &str) -> Done {
    let kind = kind_of(world, kind)?;
    let id = create_one(world, request, kind, &request.object()?, is_dated(version))?;
    Ok(Answer::raw(201, whole(world, kind, id)))
}

/// A record with everything it has, as writes answer.
pub(crate) fn whole(world: &World, kind: KindIx, id: u64) -> Vec<u8> {
    let mut out = Vec::with_capacity(1024);
    write_whole(&mut out, world, kind, id, None);
    out
}

pub(crate) fn write_whole(out: &mut Vec<u8>, world: &World, kind: KindIx, id: u64, new: Option<bool>) {
    let k = world.kind(kind);
    if let Some(record) = k.exact(id) {
        View::whole(world, k, record).write(out, world, k, record, new);
    }
}

/// Checks and makes one record with its links.
pub(crate) fn create_one(
    world: &mut World,
    request: &Request,
    kind: KindIx,
    body: &Map<String, Value>,
    dated: bool,
) -> Result<u64, Refusal> {
    let empty = Map::new();
    let given = if body.contains_key("properties") { properties(body)? } else { &empty };
    let values = check(world, kind, given, None, request, dated)?;
    let links = associations::wanted(world, kind, body)?;
    let id = world.kind(kind).next_id();
    let owned: Vec<(Sym, Box<str>)> = values.iter().map(|(s, v)| (*s, v.as_str().into())).collect();
    let mut record = Record::new(id, request.at, request.at, owned);
    record.maker = Some(Box::new(request.actor.source.clone()));
    world.insert(kind, record);
    for (to, label) in links {
        world.link((kind, id), to, label);
        associations::touch(world, request, (kind, id), to);
    }
    note(world, request, kind, id, LedgerKind::Create, Map::new(), shown(world, &values));
    Ok(id)
}

/// Values under their names, for the ledger.
fn shown(world: &World, values: &Values) -> Map<String, Value> {
    values.iter().map(|(s, v)| (world.names.text(*s).to_owned(), Value::from(v.clone()))).collect()
}

pub(crate) fn note(
    world: &mut World,
    request: &Request,
    kind: KindIx,
    id: u64,
    what: LedgerKind,
    before: Map<String, Value>,
    after: Map<String, Value>,
) {
    let object = world.kind(kind).path.clone();
    let op_marker = LedgerEntry::marker(&after);
    world.ledger.push(LedgerEntry {
        at: date_time(request.at),
        method: if request.actor.source.kind == "CRM_UI" { "EDIT".to_owned() } else { request.method.clone() },
        object,
        id: id.to_string(),
        op_marker,
        kind: what,
        before,
        after,
    });
}

/// The id of the live record that a path names.
pub(crate) fn live(world: &World, kind: KindIx, id: &str, by: Option<&str>) -> Result<u64, Refusal> {
    find(world, kind, id, by)?.filter(|r| r.archived.is_none()).map(|r| r.id).ok_or_else(|| Refusal::not_found(id))
}

pub(crate) fn update(world: &mut World, request: &Request, kind: &str, id: &str, version: &str) -> Done {
    let kind = kind_of(world, kind)?;
    let id = live(world, kind, id, request.param("idProperty"))?;
    let body = request.object()?;
    update_one(world, request, kind, id, properties(&body)?, is_dated(version))?;
    Ok(Answer::raw(200, whole(world, kind, id)))
}

/// Checks and sets properties of one record.
pub(crate) fn update_one(
    world: &mut World,
    request: &Request,
    kind: KindIx,
    id: u64,
    given: &Map<String, Value>,
    dated: bool,
) -> Result<(), Refusal> {
    let record = world.kind(kind).exact(id).ok_or_else(|| Refusal::not_found(&id.to_string()))?;
    let values = check(world, kind, given, Some(record), request, dated)?;
    let before = values
        .iter()
        .map(|(s, _)| (world.names.text(*s).to_owned(), record.get(*s).map_or(Value::Null, |v| v.to_owned().into())))
        .collect();
    let after = shown(world, &values);
    apply(world, request, kind, id, &values);
    note(world, request, kind, id, LedgerKind::Update, before, after);
    Ok(())
}

fn apply(world: &mut World, request: &Request, kind: KindIx, id: u64, values: &Values) {
    let source = &request.actor.source;
    let k = world.kind_mut(kind);
    for (sym, value) in values {
        if k.uniques.contains_key(sym) {
            let old = k.exact(id).and_then(|r| r.get(*sym)).map(str::to_lowercase);
            if let Some(index) = k.uniques.get_mut(sym) {
                if let Some(old) = old {
                    index.remove(&old);
                }
                if !value.is_empty() {
                    index.insert(value.to_lowercase(), id);
                }
            }
        }
        if let Some(record) = k.exact_mut(id) {
            record.set(*sym, value, request.at, source);
        }
    }
}

pub(crate) fn archive(world: &mut World, request: &Request, kind: &str, id: &str) -> Done {
    let kind = kind_of(world, kind)?;
    let found = find(world, kind, id, None)?.ok_or_else(|| Refusal::not_found(id))?;
    let (id, gone) = (found.id, found.archived.is_some());
    if !gone {
        archive_one(world, request, kind, id);
    }
    Ok(Answer::empty(204))
}

pub(crate) fn archive_one(world: &mut World, request: &Request, kind: KindIx, id: u64) {
    let k = world.kind_mut(kind);
    let Some(record) = k.exact_mut(id) else { return };
    record.archived = Some(request.at);
    record.updated = record.updated.max(request.at);
    let held: Vec<(Sym, String)> = record.values().iter().map(|(s, v)| (*s, v.to_lowercase())).collect();
    for (sym, value) in held {
        if let Some(index) = k.uniques.get_mut(&sym).filter(|i| i.get(&value) == Some(&id)) {
            index.remove(&value);
        }
    }
    note(world, request, kind, id, LedgerKind::Archive, Map::new(), Map::new());
}
