//! Merging two records, after which the old ids answer with the survivor.
//!
//! Deals and companies get a new id, contacts keep the primary's; both as HubSpot does. The survivor names the consumed ids in
//! `hs_merged_object_ids`, and has the primary's values with gaps filled from the other.

use serde_json::{Map, Value, json};

use crate::hubspot::answer::{Answer, Done, Refusal};
use crate::hubspot::objects::kind_of;
use crate::hubspot::objects::write::{live, note, whole};
use crate::hubspot::world::{Record, Sym, World};
use crate::ledger::LedgerKind;
use crate::request::Request;

pub(crate) fn merge(world: &mut World, request: &Request, kind: &str) -> Done {
    let kind = kind_of(world, kind)?;
    let body = request.object()?;
    let id = |name: &str| {
        body.get(name).and_then(Value::as_str).ok_or_else(|| Refusal::invalid(format!("{name} is required")))
    };
    let primary = live(world, kind, id("primaryObjectId")?, None)?;
    let other = live(world, kind, id("objectIdToMerge")?, None)?;
    if primary == other {
        return Err(Refusal::invalid("A record cannot be merged with itself."));
    }
    let merged_sym = world.sym("hs_merged_object_ids");
    let k = world.kind(kind);
    let (Some(a), Some(b)) = (k.exact(primary), k.exact(other)) else { return Err(Refusal::not_found("")) };
    let in_place = k.path == "contacts";
    let mut values: Vec<(Sym, Box<str>)> = b.values().iter().chain(a.values()).cloned().collect();
    let mut losers: Vec<String> =
        [a, b].iter().filter_map(|r| r.get(merged_sym)).flat_map(|t| t.split(';')).map(str::to_owned).collect();
    losers.push(other.to_string());
    if !in_place {
        losers.push(primary.to_string());
    }
    losers.sort();
    losers.dedup();
    values.push((merged_sym, losers.join(";").into()));
    let (created, links) = (a.created.min(b.created), [&a.links[..], &b.links[..]].concat());
    let source = request.actor.source.clone();
    let survivor = if in_place {
        if let Some(record) = world.kind_mut(kind).exact_mut(primary) {
            for (sym, value) in &values {
                record.set(*sym, value, request.at, &source);
            }
        }
        primary
    } else {
        let id = world.kind(kind).next_id();
        let mut record = Record::new(id, created, request.at, values);
        record.maker = Some(Box::new(source));
        world.insert(kind, record);
        id
    };
    for old in [primary, other].into_iter().filter(|o| *o != survivor) {
        for link in world.kind(kind).exact(old).map(|r| r.links.clone()).unwrap_or_default() {
            world.unlink((kind, old), (link.kind, link.to), None);
        }
        if let Some(record) = world.kind_mut(kind).exact_mut(old) {
            record.merged_into = Some(survivor);
        }
        for index in world.kind_mut(kind).uniques.values_mut() {
            for holder in index.values_mut().filter(|h| **h == old) {
                *holder = survivor;
            }
        }
    }
    for link in links {
        world.link((kind, survivor), (link.kind, link.to), link.label);
    }
    let after: Map<String, Value> = [("merged".to_owned(), json!(losers))].into_iter().collect();
    note(world, request, kind, survivor, LedgerKind::Merge, Map::new(), after);
    Ok(Answer::raw(200, whole(world, kind, survivor)))
}
