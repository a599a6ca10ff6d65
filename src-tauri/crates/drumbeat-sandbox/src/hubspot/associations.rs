//! Links between records: reading, making, removing, and the labels they may carry; the v4 and the v3 shape.
//!
//! Callers rely on: making a link that exists is no change, a primary company replaces the primary before it, and links do not
//! move a record's modified time (they do not at the vendor).

pub(crate) mod labels;

use serde_json::{Map, Value, json};

use crate::hubspot::answer::{Answer, Done, Refusal};
use crate::hubspot::objects::batch::{inputs, word};
use crate::hubspot::objects::read::limit;
use crate::hubspot::objects::write::{is_dated, live, note, whole};
use crate::hubspot::objects::{find, kind_of};
use crate::hubspot::schema::LinkType;
use crate::hubspot::world::{KindIx, Link, Record, Source, World};
use crate::json::time_text;
use crate::ledger::LedgerKind;
use crate::request::Request;

/// A record: its type and id.
type Place = (KindIx, u64);
/// A record as a path names it.
type End<'a> = (&'a str, &'a str);

fn types_between(world: &World, from: KindIx, to: KindIx) -> impl Iterator<Item = &LinkType> {
    world.link_types.iter().filter(move |t| t.from == from && t.to == to)
}

fn plain(world: &World, from: KindIx, to: KindIx) -> Result<u32, Refusal> {
    let found = types_between(world, from, to).find(|t| t.plain).map(|t| t.id);
    found.ok_or_else(|| {
        Refusal::invalid(format!(
            "No association is defined between {} and {}",
            world.kind(from).path,
            world.kind(to).path
        ))
    })
}

/// The link types named in a list of specs.
fn specs(world: &World, from: KindIx, to: KindIx, list: Option<&Value>) -> Result<Vec<u32>, Refusal> {
    let mut out = Vec::new();
    for spec in list.and_then(Value::as_array).into_iter().flatten() {
        let id = spec
            .get("associationTypeId")
            .and_then(|v| v.as_u64().or_else(|| v.as_str()?.parse().ok()))
            .unwrap_or_default();
        let found = types_between(world, from, to).find(|t| u64::from(t.id) == id);
        let Some(found) = found else {
            return Err(Refusal::invalid(format!(
                "Association type id {id} doesn't exist between object types {} and {}",
                world.kind(from).type_id,
                world.kind(to).type_id
            )));
        };
        if spec.get("associationCategory").and_then(Value::as_str).is_some_and(|c| c != found.category()) {
            return Err(Refusal::invalid(format!("Association type id {id} is {}", found.category())));
        }
        out.push(found.id);
    }
    if out.is_empty() {
        return Err(Refusal::invalid("At least one association type is required"));
    }
    Ok(out)
}

/// The links a create asks for, checked: target and type.
pub(crate) fn wanted(world: &World, kind: KindIx, body: &Map<String, Value>) -> Result<Vec<(Place, u32)>, Refusal> {
    let mut out = Vec::new();
    for given in body.get("associations").and_then(Value::as_array).into_iter().flatten() {
        let id = given
            .get("to")
            .and_then(|t| t.get("id"))
            .map(|v| v.as_str().map_or_else(|| v.to_string(), str::to_owned))
            .unwrap_or_default();
        let type_id = given.get("types").and_then(|t| t.get(0)?.get("associationTypeId")?.as_u64());
        let Some(found) = world.link_types.iter().find(|t| t.from == kind && Some(u64::from(t.id)) == type_id) else {
            return Err(Refusal::invalid(format!(
                "No association type {} from {}",
                type_id.unwrap_or_default(),
                world.kind(kind).type_id
            )));
        };
        let to = found.to;
        let target = live(world, to, &id, None).map_err(|_| {
            Refusal::invalid(format!("{} {id} does not exist, so it cannot be associated", world.kind(to).singular))
        })?;
        for label in with_plain(world, kind, to, specs(world, kind, to, given.get("types"))?) {
            out.push(((to, target), label));
        }
    }
    Ok(out)
}

/// A labelled link comes with the plain one.
fn with_plain(world: &World, from: KindIx, to: KindIx, mut labels: Vec<u32>) -> Vec<u32> {
    if let Ok(plain) = plain(world, from, to)
        && !labels.contains(&plain)
    {
        labels.push(plain);
    }
    labels
}

fn connect(world: &mut World, request: &Request, from: Place, to: Place, labels: &[u32]) {
    for label in labels {
        let primary =
            world.link_types.iter().any(|t| t.id == *label && !t.plain && t.label.as_deref() == Some("Primary"));
        if primary {
            let old: Vec<Link> = world
                .kind(from.0)
                .exact(from.1)
                .map(|r| r.links.iter().filter(|l| l.label == *label).copied().collect())
                .unwrap_or_default();
            for link in old.into_iter().filter(|l| l.to != to.1) {
                world.unlink(from, (link.kind, link.to), Some(*label));
            }
        }
        world.link(from, to, *label);
    }
    touch(world, request, from, to);
    ledger(world, request, from, to, "linked", labels);
}

/// An activity on a record computes the record's last activity date, which moves its modified time; a plain link does not.
pub(crate) fn touch(world: &mut World, request: &Request, from: Place, to: Place) {
    let activity = |world: &World, place: Place| {
        ["notes", "tasks", "meetings", "calls", "emails"].contains(&world.kind(place.0).path.as_str())
    };
    let target = match (activity(world, from), activity(world, to)) {
        (true, false) => to,
        (false, true) => from,
        _ => return,
    };
    let Some(sym) = world.names.find("notes_last_updated") else { return };
    let source = Source { kind: "CALCULATED", id: "RollupProperties".into(), user: None };
    let kind = world.kind_mut(target.0);
    if kind.property(sym).is_some()
        && let Some(record) = kind.exact_mut(target.1)
    {
        record.set(sym, &time_text(request.at), request.at, &source);
    }
}

fn ledger(world: &mut World, request: &Request, from: Place, to: Place, what: &str, labels: &[u32]) {
    let after = json!({what: {"object": world.kind(to.0).path, "id": to.1.to_string(), "types": labels}});
    let after = after.as_object().cloned().unwrap_or_default();
    note(world, request, from.0, from.1, LedgerKind::Associate, Map::new(), after);
}

fn ends(world: &World, from: End<'_>, to: End<'_>) -> Result<(Place, Place), Refusal> {
    let (a, b) = (kind_of(world, from.0)?, kind_of(world, to.0)?);
    Ok(((a, live(world, a, from.1, None)?), (b, live(world, b, to.1, None)?)))
}

fn pair_answer(world: &World, from: Place, to: Place, labels: &[u32]) -> Value {
    let names: Vec<&str> =
        labels.iter().filter_map(|l| world.link_types.iter().find(|t| t.id == *l)?.label.as_deref()).collect();
    json!({"fromObjectTypeId": world.kind(from.0).type_id, "fromObjectId": from.1, "toObjectTypeId": world.kind(to.0).type_id, "toObjectId": to.1, "labels": names})
}

pub(crate) fn put(world: &mut World, request: &Request, from: End<'_>, to: End<'_>) -> Done {
    let (a, b) = ends(world, from, to)?;
    let body: Value =
        serde_json::from_slice(&request.body).map_err(|e| Refusal::invalid(format!("Invalid input JSON: {e}")))?;
    let labels = specs(world, a.0, b.0, Some(&body))?;
    let all = with_plain(world, a.0, b.0, labels.clone());
    connect(world, request, a, b, &all);
    Ok(Answer::json(201, &pair_answer(world, a, b, &labels)))
}

pub(crate) fn put_plain(world: &mut World, request: &Request, from: End<'_>, to: End<'_>) -> Done {
    let (a, b) = ends(world, from, to)?;
    let label = plain(world, a.0, b.0)?;
    connect(world, request, a, b, &[label]);
    let back = world.inverse(label).map(|t| (t.id, t.category()));
    let spec = |id: u32| json!({"associationCategory": world.link_types.iter().find(|t| t.id == id).map(LinkType::category), "associationTypeId": id});
    let mut results =
        vec![json!({"from": {"id": a.1.to_string()}, "to": {"id": b.1.to_string()}, "associationSpec": spec(label)})];
    if let Some((id, _)) = back {
        results
            .push(json!({"from": {"id": b.1.to_string()}, "to": {"id": a.1.to_string()}, "associationSpec": spec(id)}));
    }
    let at = time_text(request.at);
    Ok(Answer::json(200, &json!({"status": "COMPLETE", "results": results, "startedAt": at, "completedAt": at})))
}

pub(crate) fn put_v3(world: &mut World, request: &Request, from: End<'_>, to: End<'_>, label: &str) -> Done {
    let (a, b) = ends(world, from, to)?;
    let found = types_between(world, a.0, b.0).find(|t| t.id.to_string() == label || t.name == label).map(|t| t.id);
    let label = found.ok_or_else(|| Refusal::invalid(format!("Association type {label} does not exist")))?;
    let all = with_plain(world, a.0, b.0, vec![label]);
    connect(world, request, a, b, &all);
    Ok(Answer::raw(200, whole(world, a.0, a.1)))
}

pub(crate) fn delete(world: &mut World, request: &Request, from: End<'_>, to: End<'_>, label: Option<&str>) -> Done {
    let (a, b) = ends(world, from, to)?;
    let label =
        label.and_then(|l| types_between(world, a.0, b.0).find(|t| t.id.to_string() == l || t.name == l)).map(|t| t.id);
    if world.unlink(a, b, label) {
        ledger(world, request, a, b, "unlinked", &[]);
    }
    Ok(Answer::empty(204))
}

/// The linked records of one record: target and its types, in the order they were made.
fn targets(world: &World, record: &Record, to: KindIx) -> Vec<(u64, Vec<Value>)> {
    let mut out: Vec<(u64, Vec<Value>)> = Vec::new();
    for link in record.links.iter().filter(|l| l.kind == to) {
        let spec = world.link_types.iter().find(|t| t.id == link.label).map(LinkType::wire).unwrap_or_default();
        match out.iter_mut().find(|(id, _)| *id == link.to) {
            Some((_, specs)) => specs.push(spec),
            None => out.push((link.to, vec![spec])),
        }
    }
    out
}

/// v4 answers ids as numbers, the dated paths as strings.
fn target_id(id: u64, version: &str) -> Value {
    if is_dated(version) { id.to_string().into() } else { id.into() }
}

fn page(targets: Vec<(u64, Vec<Value>)>, after: u64, limit: usize) -> (Vec<(u64, Vec<Value>)>, Option<u64>) {
    let from = if after == 0 { 0 } else { targets.iter().position(|(id, _)| *id == after).map_or(0, |i| i + 1) };
    let more = targets.len() > from + limit;
    let shown: Vec<_> = targets.into_iter().skip(from).take(limit).collect();
    let next = shown.last().map(|(id, _)| *id).filter(|_| more);
    (shown, next)
}

pub(crate) fn of_record(world: &World, request: &Request, kind: &str, id: &str, to: &str, version: &str) -> Done {
    let (a, b) = (kind_of(world, kind)?, kind_of(world, to)?);
    let record = find(world, a, id, None)?.filter(|r| r.archived.is_none()).ok_or_else(|| Refusal::not_found(id))?;
    let after = request.param("after").and_then(|a| a.parse().ok()).unwrap_or(0);
    let (shown, next) = page(targets(world, record, b), after, limit(request, 500, 500)?);
    let results: Vec<Value> = if version == "v3" {
        let names = |id: u64| record.links.iter().filter(move |l| l.kind == b && l.to == id);
        let name = |l: &Link| world.link_types.iter().find(|t| t.id == l.label).map(|t| t.name.clone());
        shown
            .iter()
            .flat_map(|(id, _)| names(*id).map(|l| json!({"id": id.to_string(), "type": name(l)})).collect::<Vec<_>>())
            .collect()
    } else {
        shown
            .into_iter()
            .map(|(id, specs)| json!({"toObjectId": target_id(id, version), "associationTypes": specs}))
            .collect()
    };
    let mut body = json!({"results": results});
    if let (Some(next), Value::Object(m)) = (next, &mut body) {
        let link = format!("{}{}?after={next}", world.origin, request.path);
        m.insert("paging".into(), json!({"next": {"after": next.to_string(), "link": link}}));
    }
    Ok(Answer::json(200, &body))
}

pub(crate) fn batch_read(world: &World, request: &Request, from: &str, to: &str, v3: bool, version: &str) -> Done {
    let (a, b) = (kind_of(world, from)?, kind_of(world, to)?);
    let body = request.object()?;
    let (mut results, mut errors) = (Vec::new(), Vec::new());
    for input in inputs(&body, 1000)? {
        let id = input.get("id").map(|v| v.as_str().map_or_else(|| v.to_string(), str::to_owned)).unwrap_or_default();
        let record = find(world, a, &id, None)?.filter(|r| r.archived.is_none());
        let Some(record) = record.filter(|r| r.links.iter().any(|l| l.kind == b)) else {
            errors.push(json!({"status": "error", "category": "OBJECT_NOT_FOUND", "subCategory": "crm.associations.NO_ASSOCIATIONS_FOUND",
                "message": format!("No {} is associated with {} {id}.", world.kind(b).path, world.kind(a).path),
                "context": {"fromObjectId": [id], "fromObjectType": [world.kind(a).path], "toObjectType": [world.kind(b).path]}, "errors": [], "links": {}}));
            continue;
        };
        let after = word(input, "after").and_then(|a| a.parse().ok()).unwrap_or(0);
        let (shown, next) = page(targets(world, record, b), after, 500);
        let to: Vec<Value> = if v3 {
            let name = |l: &Link| world.link_types.iter().find(|t| t.id == l.label).map(|t| t.name.clone());
            record
                .links
                .iter()
                .filter(|l| l.kind == b)
                .map(|l| json!({"id": l.to.to_string(), "type": name(l)}))
                .collect()
        } else {
            shown
                .into_iter()
                .map(|(id, specs)| json!({"toObjectId": target_id(id, version), "associationTypes": specs}))
                .collect()
        };
        let mut one = json!({"from": {"id": record.id.to_string()}, "to": to});
        if let (Some(next), Value::Object(m), false) = (next, &mut one, v3) {
            m.insert("paging".into(), json!({"next": {"after": next.to_string(), "link": ""}}));
        }
        results.push(one);
    }
    Ok(answer(200, &results, &errors, request))
}

fn answer(status: u16, results: &[Value], errors: &[Value], request: &Request) -> Answer {
    let at = time_text(request.at);
    let mut body = json!({"status": "COMPLETE", "results": results, "startedAt": at, "completedAt": at});
    if let (Value::Object(m), false) = (&mut body, errors.is_empty()) {
        m.insert("numErrors".into(), errors.len().into());
        m.insert("errors".into(), errors.into());
    }
    Answer::json(if errors.is_empty() { status } else { 207 }, &body)
}

fn end_id(input: &Map<String, Value>, name: &str) -> String {
    let id = input.get(name).and_then(|e| e.get("id").or(Some(e)));
    id.map(|v| v.as_str().map_or_else(|| v.to_string(), str::to_owned)).unwrap_or_default()
}

pub(crate) fn batch_write(world: &mut World, request: &Request, from: &str, to: &str, what: &[&str], v3: bool) -> Done {
    let (a, b) = (kind_of(world, from)?, kind_of(world, to)?);
    let body = request.object()?;
    let (mut results, mut errors) = (Vec::new(), Vec::new());
    let refused = |id: &str, r: &Refusal| r.entry([("ids".to_owned(), json!([id]))].into_iter().collect());
    for input in inputs(&body, 2000)? {
        let from_id = end_id(input, "from");
        let start = match live(world, a, &from_id, None) {
            Ok(id) => (a, id),
            Err(r) => {
                errors.push(refused(&from_id, &r));
                continue;
            }
        };
        let ids: Vec<String> = match input.get("to") {
            Some(Value::Array(list)) => {
                list.iter().map(|v| v.get("id").and_then(Value::as_str).unwrap_or_default().to_owned()).collect()
            }
            _ => vec![end_id(input, "to")],
        };
        for to_id in ids {
            let end = match live(world, b, &to_id, None) {
                Ok(id) => (b, id),
                Err(r) => {
                    errors.push(refused(&to_id, &r));
                    continue;
                }
            };
            match what {
                ["create"] if v3 => {
                    let name = word(input, "type").unwrap_or_default();
                    let label =
                        types_between(world, a, b).find(|t| t.name == name || t.id.to_string() == name).map(|t| t.id);
                    let label =
                        label.ok_or_else(|| Refusal::invalid(format!("Association type {name} does not exist")))?;
                    let all = with_plain(world, a, b, vec![label]);
                    connect(world, request, start, end, &all);
                    results.push(
                        json!({"from": {"id": start.1.to_string()}, "to": {"id": end.1.to_string()}, "type": name}),
                    );
                }
                ["create"] => match specs(world, a, b, input.get("types")) {
                    Ok(labels) => {
                        let all = with_plain(world, a, b, labels.clone());
                        connect(world, request, start, end, &all);
                        results.push(pair_answer(world, start, end, &labels));
                    }
                    Err(r) => errors.push(refused(&from_id, &r)),
                },
                ["associate", "default"] => {
                    let label = plain(world, a, b)?;
                    connect(world, request, start, end, &[label]);
                    let spec = types_between(world, a, b)
                        .find(|t| t.id == label)
                        .map(|t| json!({"associationCategory": t.category(), "associationTypeId": t.id}));
                    results.push(json!({"from": {"id": start.1.to_string()}, "to": {"id": end.1.to_string()}, "associationSpec": spec}));
                }
                ["archive"] => {
                    world.unlink(start, end, None);
                    ledger(world, request, start, end, "unlinked", &[]);
                }
                ["labels", "archive"] => {
                    for label in specs(world, a, b, input.get("types"))? {
                        world.unlink(start, end, Some(label));
                        ledger(world, request, start, end, "unlinked", &[label]);
                    }
                }
                _ => return Err(Refusal::no_such_path()),
            }
        }
    }
    match what {
        [.., "archive"] if errors.is_empty() => Ok(Answer::empty(204)),
        ["associate", ..] => Ok(answer(200, &results, &errors, request)),
        _ => Ok(answer(201, &results, &errors, request)),
    }
}
