//! Reading records: batches by id, one by a unique value, and what a row is as a record.
//!
//! The hard idea is identity. HubSpot answers a read of a merged record with its survivor, so an
//! answer is matched to what was asked by id, then by the losers that the survivor lists, and what is
//! still unclear is asked one by one. An id that is not answered is only missing if HubSpot says so by
//! name, in the batch or when it is asked for alone: any other trouble with a part of a batch fails the
//! whole read, because "unseen" is not "deleted".

use std::collections::{BTreeMap, BTreeSet};

use drumbeat_model::crm::{HistoryEntry, ObjectKind, Record};
use drumbeat_model::value;
use serde::Serialize;
use url::Url;

use super::wire::{List, Problem, Row, Version};
use super::{API_VERSION, BATCH, HubSpot, modified_property};
use crate::crm::{Found, Read};
use crate::error::CrmError;
use crate::http::Toll;
use crate::http::answer::Got;
use crate::retry::{Counter, Lane};

const MERGED: &str = "hs_merged_object_ids";
/// Ids are digits; anything longer than this is not one.
const LONGEST_ID: usize = 64;

#[derive(Serialize)]
struct BatchRead<'a> {
    properties: &'a [String],
    #[serde(rename = "propertiesWithHistory")]
    history: &'a [String],
    inputs: Vec<IdRef<'a>>,
}

#[derive(Serialize)]
struct IdRef<'a> {
    id: &'a str,
}

/// Reads the properties of records that a page has named without them. Records that went meanwhile stay bare.
pub(super) async fn fill(
    hubspot: &HubSpot,
    kind: ObjectKind,
    properties: &[String],
    records: &mut [Record],
    toll: Toll,
) -> Result<(), CrmError> {
    let ids = records.iter().map(|record| record.id.clone()).collect();
    let read = Read { kind, ids, properties: properties.to_vec(), history: Vec::new(), dated: false };
    let mut full: BTreeMap<String, Record> =
        self::read(hubspot, &read, toll).await?.into_iter().map(|found| (found.asked, found.record)).collect();
    for record in records {
        if let Some(mut found) = full.remove(&record.id) {
            found.links = record.links.take();
            *record = found;
        }
    }
    Ok(())
}

pub(super) async fn read(hubspot: &HubSpot, read: &Read, toll: Toll) -> Result<Vec<Found>, CrmError> {
    let properties = wanted(read.kind, &read.properties);
    let size = if read.history.is_empty() { BATCH } else { BATCH / 2 };
    let ids: Vec<&String> = read.ids.iter().collect::<BTreeSet<_>>().into_iter().collect();
    let mut found = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(size) {
        let url = hubspot.http.url(&["crm", "objects", API_VERSION, &hubspot.type_of(read.kind)?, "batch", "read"])?;
        let (rows, told) = batch(hubspot, url, &properties, &read.history, chunk, toll).await?;
        let mut asked: BTreeSet<&str> = chunk.iter().map(|id| id.as_str()).collect();
        let mut strangers = Vec::new();
        for row in rows {
            let one = one(read.kind, row)?;
            if asked.remove(one.record.id.as_str()) {
                found.push(one);
            } else {
                strangers.push(one);
            }
        }
        let unclear = Unclear { asked, told, strangers };
        survivors(hubspot, read, &properties, &unclear, toll, &mut found).await?;
    }
    Ok(found)
}

/// What a batch has left open.
struct Unclear<'i> {
    /// Ids that no record answers to.
    asked: BTreeSet<&'i str>,
    /// Ids that HubSpot says are not there for us.
    told: BTreeSet<String>,
    /// Records that nobody asked for by this id.
    strangers: Vec<Found>,
}

/// Finds out who answers for the ids that no record answers to.
async fn survivors(
    hubspot: &HubSpot,
    read: &Read,
    properties: &[String],
    unclear: &Unclear<'_>,
    toll: Toll,
    found: &mut Vec<Found>,
) -> Result<(), CrmError> {
    for id in &unclear.asked {
        let id = *id;
        let known = unclear.strangers.iter().find(|stranger| stranger.record.merged.iter().any(|loser| loser == id));
        if let Some(survivor) = known {
            found.push(Found { asked: id.to_owned(), ..survivor.clone() });
            continue;
        }
        if unclear.told.contains(id) {
            continue;
        }
        let mut url = record_url(hubspot, read.kind, id)?;
        url.query_pairs_mut().append_pair("properties", &properties.join(","));
        if !read.history.is_empty() {
            url.query_pairs_mut().append_pair("propertiesWithHistory", &read.history.join(","));
        }
        match hubspot.http.get::<Row>(toll, url).await {
            Ok(got) => found.push(Found { asked: id.to_owned(), ..one(read.kind, got.value)? }),
            Err(CrmError::NotFound(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

pub(super) async fn find(
    hubspot: &HubSpot,
    kind: ObjectKind,
    property: &str,
    value: &str,
    properties: &[String],
) -> Result<Option<Record>, CrmError> {
    let toll = Toll(Counter::General, Lane::Write);
    let mut url = hubspot.http.url(&["crm", "objects", API_VERSION, &hubspot.type_of(kind)?, value])?;
    url.query_pairs_mut()
        .append_pair("idProperty", property)
        .append_pair("properties", &wanted(kind, properties).join(","));
    match hubspot.http.get::<Row>(toll, url).await {
        Ok(got) => record(kind, got.value).map(Some),
        Err(CrmError::NotFound(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

pub(super) async fn archived(hubspot: &HubSpot, kind: ObjectKind, ids: &[String]) -> Result<Vec<String>, CrmError> {
    let toll = Toll::of(ids.len());
    let mut gone = Vec::new();
    let ids: Vec<&String> = ids.iter().collect::<BTreeSet<_>>().into_iter().collect();
    for chunk in ids.chunks(BATCH) {
        let mut url = hubspot.http.url(&["crm", "objects", API_VERSION, &hubspot.type_of(kind)?, "batch", "read"])?;
        url.query_pairs_mut().append_pair("archived", "true");
        for row in batch(hubspot, url, &[], &[], chunk, toll).await?.0 {
            if row.archived.is_true() && chunk.iter().any(|id| id.as_str() == row.id.as_str()) {
                gone.push(row.id.into_id());
            }
        }
    }
    Ok(gone)
}

pub(super) async fn binned(hubspot: &HubSpot, read: &Read) -> Result<Vec<Found>, CrmError> {
    let properties = wanted(read.kind, &read.properties);
    let size = if read.history.is_empty() { BATCH } else { BATCH / 2 };
    let ids: Vec<&String> = read.ids.iter().collect::<BTreeSet<_>>().into_iter().collect();
    let mut found = Vec::new();
    for chunk in ids.chunks(size) {
        let mut url =
            hubspot.http.url(&["crm", "objects", API_VERSION, &hubspot.type_of(read.kind)?, "batch", "read"])?;
        url.query_pairs_mut().append_pair("archived", "true");
        let (rows, _) = batch(hubspot, url, &properties, &read.history, chunk, Toll::of(read.ids.len())).await?;
        for row in rows {
            if row.archived.is_true() && chunk.iter().any(|id| id.as_str() == row.id.as_str()) {
                found.push(one(read.kind, row)?);
            }
        }
    }
    Ok(found)
}

/// The rows of a batch, and the ids that HubSpot says are not there for us.
async fn batch(
    hubspot: &HubSpot,
    url: Url,
    properties: &[String],
    history: &[String],
    ids: &[&String],
    toll: Toll,
) -> Result<(Vec<Row>, BTreeSet<String>), CrmError> {
    if let Some(wrong) = ids.iter().find(|id| !is_id(id)) {
        return Err(CrmError::NotFound(format!("an id is not HubSpot's ({} characters)", wrong.len())));
    }
    let body = BatchRead { properties, history, inputs: ids.iter().map(|id| IdRef { id }).collect() };
    let got: Got<List<Row>> = hubspot.http.ask(toll, url, &body).await?;
    let mut told = BTreeSet::new();
    for problem in &got.value.errors {
        match problem.category.as_str() {
            "OBJECT_NOT_FOUND" | "MISSING_SCOPES" | "FORBIDDEN" => {
                told.extend(super::problem::named(&problem.context, "ids"));
            }
            other => {
                return Err(CrmError::Unreachable(format!(
                    "a part of the batch failed ({})",
                    crate::http::answer::clean(other, 60)
                )));
            }
        }
    }
    Ok((got.value.results, told))
}

/// A page that tells of errors has not shown everything that it should have.
pub(super) fn whole(errors: &[Problem]) -> Result<(), CrmError> {
    match errors.first() {
        None => Ok(()),
        Some(problem) => Err(CrmError::Unreachable(format!(
            "a part of the page failed ({})",
            crate::http::answer::clean(problem.category.as_str(), 60)
        ))),
    }
}

/// The address of one record.
pub(super) fn record_url(hubspot: &HubSpot, kind: ObjectKind, id: &str) -> Result<Url, CrmError> {
    if !is_id(id) {
        return Err(CrmError::NotFound("the id is not HubSpot's".to_owned()));
    }
    hubspot.http.url(&["crm", "objects", API_VERSION, &hubspot.type_of(kind)?, id])
}

fn is_id(id: &str) -> bool {
    !id.is_empty() && id.len() <= LONGEST_ID && id.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// What was asked for, and what identity and freshness rest on.
pub(super) fn wanted(kind: ObjectKind, properties: &[String]) -> Vec<String> {
    let mut names: BTreeSet<&str> = properties.iter().map(String::as_str).collect();
    names.insert(modified_property(kind));
    if matches!(kind, ObjectKind::Company | ObjectKind::Deal | ObjectKind::Contact | ObjectKind::Registration) {
        names.insert(MERGED);
    }
    names.into_iter().map(str::to_owned).collect()
}

/// A row as a record, without its links.
pub(super) fn record(kind: ObjectKind, row: Row) -> Result<Record, CrmError> {
    let id = row.id.into_id();
    if !is_id(&id) {
        return Err(CrmError::Garbled("a record has no id".to_owned()));
    }
    let properties = row.properties.0;
    let updated_at = properties
        .get(modified_property(kind))
        .and_then(|at| value::instant(at))
        .or_else(|| value::instant(row.updated_at.as_str()));
    let merged = properties.get(MERGED).map(|ids| value::members(ids).map(str::to_owned).collect()).unwrap_or_default();
    Ok(Record { kind, id, properties, updated_at, archived: row.archived.is_true(), merged, links: None })
}

fn one(kind: ObjectKind, mut row: Row) -> Result<Found, CrmError> {
    let history = std::mem::take(&mut row.properties_with_history);
    let history =
        history.into_iter().map(|(name, versions)| (name, versions.into_iter().map(entry).collect())).collect();
    let record = record(kind, row)?;
    Ok(Found { asked: record.id.clone(), record, history })
}

fn entry(version: Version) -> HistoryEntry {
    let by = match (version.updated_by_user_id.0, version.source_label.0, version.source_type.0) {
        (Some(user), _, _) => Some(format!("user {user}")),
        (None, Some(source), _) | (None, None, Some(source)) => Some(source),
        (None, None, None) => None,
    };
    HistoryEntry { value: version.value.into_id(), at: value::instant(version.timestamp.as_str()), by }
}
