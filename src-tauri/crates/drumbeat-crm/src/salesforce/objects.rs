//! Reading records: by id, by a unique value, in the recycle bin, and what a row is as a record.
//!
//! The hard idea is identity. A merge leaves the loser in the bin with the id of the record that it went into; so an id
//! that does not answer is looked up there, and where it was merged its survivor answers for it. An id that is neither
//! among the living nor in the bin is simply not answered: "unseen" is not "deleted".

use std::collections::{BTreeMap, BTreeSet};

use drumbeat_model::crm::{ObjectKind, Record};
use drumbeat_model::registration::RegistrationStatus;
use drumbeat_model::time::Instant;
use drumbeat_model::value;

use super::data::rows;
use super::kinds::{CONVERTED_INTO, MASTER, MERGED_INTO, Object, RECORD_TYPE, is_id, linked};
use super::soql::{Condition, Literal, Select};
use super::wire::Row;
use super::{BATCH, Salesforce, history, links};
use crate::crm::{Found, Read, Scan};
use crate::error::CrmError;
use crate::http::Toll;
use crate::retry::{Counter, Lane};

/// When a person last changed a record, and who.
const LAST: [&str; 2] = ["LastModifiedDate", "LastModifiedById"];
/// Records that may have had one unique value, all but one of them in the bin by now.
const MOST_OF_ONE_VALUE: usize = 20;
/// A lead that was made an account, a contact and a deal.
const CONVERTED: &str = "IsConverted";
/// Fields in which a lead says how its registration stands, and which deal is its.
const STATES: [&str; 2] = ["Registration_Status__c", "Status"];
const DEAL: &str = "Deal__c";
/// Merges of merges that are followed.
const MOST_MERGES: usize = 20;

/// What is asked for of a record: what the caller wants, identity, freshness and links.
pub(super) fn asked(object: &Object, kind: ObjectKind, properties: &[String]) -> Vec<String> {
    let mut names: BTreeSet<&str> = properties.iter().map(String::as_str).filter(|name| object.has(name)).collect();
    names.extend(object.links(kind).map(|link| link.field));
    names.extend(["CreatedDate", "IsDeleted", MERGED_INTO].into_iter().filter(|name| object.has(name)));
    names.extend((kind == ObjectKind::Registration && object.has(CONVERTED)).then_some(CONVERTED));
    names.insert(object.stamp());
    if object.record_types == [MASTER] {
        names.remove(RECORD_TYPE);
    }
    names.remove("Id");
    std::iter::once("Id").chain(names).map(str::to_owned).collect()
}

/// A row as a record, with the links that its own fields tell.
pub(super) fn record(
    object: &Object,
    kind: ObjectKind,
    properties: &[String],
    mut row: Row,
) -> Result<Record, CrmError> {
    let id = row.get("Id").filter(|id| is_id(id)).map(str::to_owned);
    let id = id.ok_or_else(|| CrmError::Garbled("a record has no id".to_owned()))?;
    let updated_at = row.get(object.stamp()).and_then(value::instant);
    let links = linked(object, kind, &row);
    let archived = row.is("IsDeleted");
    let mut values = BTreeMap::new();
    for name in properties {
        if let Some(text) = row.0.remove(name) {
            values.insert(name.clone(), object.plain(name, text));
        } else if name == RECORD_TYPE && kind == ObjectKind::Deal {
            values.insert(name.clone(), MASTER.to_owned());
        }
    }
    if kind == ObjectKind::Registration && row.is(CONVERTED) {
        converted(&mut values, properties, &row);
    }
    Ok(Record { kind, id, properties: values, updated_at, archived, merged: Vec::new(), links: Some(links) })
}

/// A lead that has been converted is decided, whoever did it and whatever state they gave it, and its deal is the one
/// that came of it: both in the fields in which other registrations say so. A decision that stands there stays.
fn converted(values: &mut BTreeMap<String, String>, properties: &[String], row: &Row) {
    let asked = |name: &&&str| properties.iter().any(|property| property == **name);
    for name in STATES.iter().filter(asked) {
        let state = values.get(*name).and_then(|state| RegistrationStatus::from_name(state));
        if state.is_none_or(|state| state.is_open() || state == RegistrationStatus::Draft) {
            values.insert((*name).to_owned(), RegistrationStatus::Converted.name().to_owned());
        }
    }
    let deal = values.get(CONVERTED_INTO).map(String::as_str).or_else(|| row.get(CONVERTED_INTO));
    let deal = deal.filter(|id| is_id(id)).map(str::to_owned);
    if let Some(deal) = deal.filter(|_| properties.iter().any(|property| property == DEAL)) {
        values.entry(DEAL.to_owned()).or_insert(deal);
    }
}

/// When a record was made, and when and by whom it was changed last.
#[derive(Debug, Clone, Default)]
pub(super) struct Life {
    pub made: Option<Instant>,
    pub changed: Option<Instant>,
    pub by: Option<String>,
}

impl Life {
    fn of(row: &Row) -> Self {
        let at = |field: &str| row.get(field).and_then(value::instant);
        let [changed, by] = LAST;
        Self { made: at("CreatedDate"), changed: at(changed), by: row.get(by).map(|user| format!("user {user}")) }
    }
}

/// The values that a record is read with; those that are to be dated among them.
fn shown(read: &Read) -> Vec<String> {
    let dated = read.history.iter().filter(|name| read.dated && !read.properties.contains(name));
    let last = LAST.iter().filter(|_| read.dated).map(|name| (*name).to_owned());
    read.properties.iter().chain(dated).cloned().chain(last).collect()
}

fn ids_of(ids: &[String]) -> Result<Vec<String>, CrmError> {
    let ids: BTreeSet<&String> = ids.iter().collect();
    match ids.iter().find(|id| !is_id(id)) {
        Some(wrong) => Err(CrmError::NotFound(format!("an id is not Salesforce's ({} characters)", wrong.len()))),
        None => Ok(ids.into_iter().cloned().collect()),
    }
}

pub(super) async fn read(salesforce: &Salesforce, read: &Read, toll: Toll) -> Result<Vec<Found>, CrmError> {
    let object = salesforce.object(read.kind)?;
    let Some(condition) = object.condition(read.kind) else { return Ok(Vec::new()) };
    let properties = shown(read);
    let mut found = Vec::with_capacity(read.ids.len());
    for chunk in ids_of(&read.ids)?.chunks(BATCH) {
        let mut asked_by: BTreeMap<String, Vec<String>> =
            chunk.iter().map(|id| (id.clone(), vec![id.clone()])).collect();
        let mut open = chunk.to_vec();
        for _ in 0..MOST_MERGES {
            let select = Select {
                fields: asked(&object, read.kind, &properties),
                from: object.name.clone(),
                conditions: condition.iter().cloned().chain([Condition::In("Id".to_owned(), open.clone())]).collect(),
                ..Select::default()
            };
            for row in rows(salesforce, toll, &select, false).await? {
                let life = Life::of(&row);
                let record = record(&object, read.kind, &properties, row)?;
                open.retain(|id| *id != record.id);
                let asked = asked_by.remove(&record.id).unwrap_or_default();
                let one = |asked: String| {
                    let mut record = record.clone();
                    record.merged.extend((asked != record.id).then(|| asked.clone()));
                    (Found { asked, record, history: BTreeMap::new() }, life.clone())
                };
                found.extend(asked.into_iter().map(one));
            }
            // Whoever is not among the living may have gone into another.
            let into = merged_into(salesforce, &object, &open, toll).await?;
            if into.is_empty() {
                break;
            }
            open = into.values().cloned().collect::<BTreeSet<_>>().into_iter().collect();
            for (loser, winner) in into {
                let asked = asked_by.remove(&loser).unwrap_or_default();
                asked_by.entry(winner).or_default().extend(asked);
            }
        }
    }
    let mut all: Vec<Found> = Vec::with_capacity(found.len());
    let mut lives = BTreeMap::new();
    for (one, life) in found {
        lives.insert(one.record.id.clone(), life);
        all.push(one);
    }
    links::complete_found(salesforce, read.kind, &mut all, toll).await?;
    history::fill(salesforce, &object, read, &lives, &mut all, toll).await?;
    Ok(all)
}

/// Into which record each of these went, as far as they were merged.
async fn merged_into(
    salesforce: &Salesforce,
    object: &Object,
    ids: &[String],
    toll: Toll,
) -> Result<BTreeMap<String, String>, CrmError> {
    if ids.is_empty() || !object.has(MERGED_INTO) {
        return Ok(BTreeMap::new());
    }
    let select = Select {
        fields: vec!["Id".to_owned(), MERGED_INTO.to_owned()],
        from: object.name.clone(),
        conditions: vec![
            Condition::In("Id".to_owned(), ids.to_vec()),
            Condition::equal("IsDeleted", Literal::Truth(true)),
        ],
        ..Select::default()
    };
    let rows = rows(salesforce, toll, &select, true).await?;
    let pair = |row: &Row| Some((row.get("Id")?.to_owned(), row.get(MERGED_INTO)?.to_owned()));
    Ok(rows.iter().filter_map(pair).filter(|(loser, winner)| loser != winner && is_id(winner)).collect())
}

/// The living records that those of a page of the bin were merged into, each with whom it took in.
pub(super) async fn survivors(
    salesforce: &Salesforce,
    object: &Object,
    scan: &Scan,
    merged: &[Row],
    toll: Toll,
) -> Result<Vec<Record>, CrmError> {
    let ids: Vec<String> = merged.iter().filter_map(|row| row.get("Id")).map(str::to_owned).collect();
    let known: Vec<String> = scan.properties.iter().filter(|name| object.has(name)).cloned().collect();
    let mut records: BTreeMap<String, Record> = BTreeMap::new();
    for chunk in ids.chunks(BATCH) {
        let read =
            Read { kind: scan.kind, ids: chunk.to_vec(), properties: known.clone(), history: Vec::new(), dated: false };
        for found in self::read(salesforce, &read, toll).await? {
            let record =
                records.entry(found.record.id.clone()).or_insert(Record { merged: Vec::new(), ..found.record });
            record.merged.push(found.asked);
        }
    }
    Ok(records.into_values().collect())
}

/// The record whose unique field has this value; one in the recycle bin where no other has it. A value is free again
/// once its record is there: what we have made and somebody has thrown away since would be made twice.
pub(super) async fn find(
    salesforce: &Salesforce,
    kind: ObjectKind,
    property: &str,
    value: &str,
    properties: &[String],
) -> Result<Option<Record>, CrmError> {
    let toll = Toll(Counter::General, Lane::Write);
    let object = salesforce.object(kind)?;
    let mut fields: Vec<String> = asked(&object, kind, properties);
    for name in [property, "IsDeleted"] {
        if !fields.iter().any(|known| known == name) {
            fields.push(name.to_owned());
        }
    }
    let select = Select {
        fields,
        from: object.name.clone(),
        conditions: vec![Condition::text(property, value)],
        limit: Some(MOST_OF_ONE_VALUE),
        ..Select::default()
    };
    let (binned, mut living): (Vec<Row>, Vec<Row>) =
        rows(salesforce, toll, &select, true).await?.into_iter().partition(|row| row.is("IsDeleted"));
    if living.len() > 1 {
        return Err(CrmError::Refused(format!("{property} is not unique: two records have one value")));
    }
    let Some(row) = living.pop().or_else(|| binned.into_iter().next()) else { return Ok(None) };
    // Text compares without case there.
    if row.get(property) != Some(value) {
        return Ok(None);
    }
    let mut records = vec![record(&object, kind, properties, row)?];
    links::complete(salesforce, kind, &mut records, toll).await?;
    Ok(records.pop())
}

/// Rows of the recycle bin; merged ones are none.
async fn in_bin(
    salesforce: &Salesforce,
    object: &Object,
    fields: Vec<String>,
    ids: &[String],
    toll: Toll,
) -> Result<Vec<Row>, CrmError> {
    let mut all = Vec::new();
    for chunk in ids_of(ids)?.chunks(BATCH) {
        let select = Select {
            fields: fields.clone(),
            from: object.name.clone(),
            conditions: vec![
                Condition::In("Id".to_owned(), chunk.to_vec()),
                Condition::equal("IsDeleted", Literal::Truth(true)),
            ],
            ..Select::default()
        };
        all.extend(rows(salesforce, toll, &select, true).await?);
    }
    all.retain(|row| row.is("IsDeleted") && row.get(MERGED_INTO).is_none());
    Ok(all)
}

pub(super) async fn archived(
    salesforce: &Salesforce,
    kind: ObjectKind,
    ids: &[String],
) -> Result<Vec<String>, CrmError> {
    let object = salesforce.object(kind)?;
    let mut fields = vec!["Id".to_owned(), "IsDeleted".to_owned()];
    fields.extend(object.has(MERGED_INTO).then(|| MERGED_INTO.to_owned()));
    let rows = in_bin(salesforce, &object, fields, ids, Toll::of(ids.len())).await?;
    Ok(rows.iter().filter_map(|row| row.get("Id")).map(str::to_owned).collect())
}

pub(super) async fn binned(salesforce: &Salesforce, read: &Read) -> Result<Vec<Found>, CrmError> {
    let toll = Toll::of(read.ids.len());
    let object = salesforce.object(read.kind)?;
    let properties = shown(read);
    let mut lives = BTreeMap::new();
    let mut found = Vec::new();
    for row in in_bin(salesforce, &object, asked(&object, read.kind, &properties), &read.ids, toll).await? {
        let life = Life::of(&row);
        let record = record(&object, read.kind, &properties, row)?;
        lives.insert(record.id.clone(), life);
        found.push(Found { asked: record.id.clone(), record, history: BTreeMap::new() });
    }
    history::fill(salesforce, &object, read, &lives, &mut found, toll).await?;
    Ok(found)
}
