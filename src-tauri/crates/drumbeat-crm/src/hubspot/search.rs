//! What changed in a window of time, through search.
//!
//! The hard idea: no page is asked for by offset, so neither the cap of 10,000 results nor rows that
//! move while we read can lose anything. Each request begins at a point in time, sorted by it; only
//! instants that the page shows whole are taken, and the next request begins at the first one that may
//! not be. An instant with more rows than a page (an import) is read on its own, by id. The cursor is
//! that point: (time, id). What it does not see: deletes, and what the index has not caught up with;
//! the caller overlaps its windows for that.

use std::cmp::Ordering;

use drumbeat_model::crm::{ObjectKind, Record};
use drumbeat_model::time::Instant;
use serde::{Deserialize, Serialize};

use super::wire::{List, Row};
use super::{API_VERSION, HubSpot, modified_property, objects};
use crate::crm::{Changes, Count, Cursor, RecordPage};
use crate::error::CrmError;
use crate::http::Toll;
use crate::http::answer::Got;
use crate::retry::{Counter, Lane};

const PAGE: usize = 200;
/// HubSpot takes 3,000 characters of question.
const LONGEST_BODY: usize = 2900;
const ID: &str = "hs_object_id";

/// Where to go on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Place {
    /// Milliseconds of the epoch; everything before has been taken.
    t: i64,
    /// Set while one instant is read by id: everything up to this id has been taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    /// Rows in the whole window, as first said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    n: Option<u64>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Question<'a> {
    filter_groups: [FilterGroup<'a>; 1],
    sorts: [Sort<'a>; 1],
    properties: &'a [String],
    limit: usize,
}

#[derive(Serialize)]
struct FilterGroup<'a> {
    filters: Vec<Filter<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Filter<'a> {
    property_name: &'a str,
    operator: &'a str,
    value: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Sort<'a> {
    property_name: &'a str,
    direction: &'a str,
}

pub(super) async fn changes(hubspot: &HubSpot, changes: &Changes) -> Result<RecordPage, CrmError> {
    let until = changes.until.timestamp_millis();
    let place = match &changes.after {
        None => Place { t: changes.since.timestamp_millis(), id: None, n: None },
        Some(cursor) => serde_json::from_str(&cursor.0)
            .map_err(|_| CrmError::Refused("the place to go on from cannot be read".to_owned()))?,
    };
    if place.t > until {
        return Ok(RecordPage { records: Vec::new(), next: None, total: place.n, server_time: None, bytes: 0 });
    }
    let toll = Toll(Counter::Search, Lane::Delta);
    let url = hubspot.http.url(&["crm", "objects", API_VERSION, &hubspot.type_of(changes.kind)?, "search"])?;
    let properties = objects::wanted(changes.kind, &changes.properties);
    let mut body = serde_json::to_value(question(changes.kind, &place, until, &properties)).unwrap_or_default();
    let light = body.to_string().len() > LONGEST_BODY;
    if light {
        let few = objects::wanted(changes.kind, &[]);
        body = serde_json::to_value(question(changes.kind, &place, until, &few)).unwrap_or_default();
    }
    let got: Got<List<Row>> = hubspot.http.ask(toll, url, &body).await?;
    objects::whole(&got.value.errors)?;
    let full = got.value.results.len() >= PAGE || got.value.paging.next.after.0.is_some();
    let said = got.value.total.as_str().parse().ok();
    let rows =
        got.value.results.into_iter().map(|row| objects::record(changes.kind, row)).collect::<Result<Vec<_>, _>>()?;
    let total = place.n.or(if changes.after.is_none() { said } else { None });
    let (mut records, next) = match &place.id {
        None => by_time(rows, &place, full)?,
        Some(id) => by_id(rows, &place, id, full)?,
    };
    if light {
        objects::fill(hubspot, changes.kind, &changes.properties, &mut records, Toll(Counter::General, Lane::Delta))
            .await?;
    }
    let next = next.filter(|next| next.t <= until).map(|next| Place { n: total, ..next });
    let next = next.and_then(|next| serde_json::to_string(&next).ok()).map(Cursor);
    Ok(RecordPage { records, next, total, server_time: got.date, bytes: got.bytes })
}

/// The total that a search tells with its first record.
pub(super) async fn count(hubspot: &HubSpot, count: &Count) -> Result<Option<u64>, CrmError> {
    let mut filters = vec![Filter { property_name: ID, operator: "GT", value: "0".to_owned() }];
    for (property_name, value) in &count.equals {
        filters.push(Filter { property_name, operator: "EQ", value: value.clone() });
    }
    if let Some(after) = count.after {
        let value = millis(after).to_string();
        filters.push(Filter { property_name: modified_property(count.kind), operator: "GT", value });
    }
    let url = hubspot.http.url(&["crm", "objects", API_VERSION, &hubspot.type_of(count.kind)?, "search"])?;
    let question = Question {
        filter_groups: [FilterGroup { filters }],
        sorts: [Sort { property_name: ID, direction: "ASCENDING" }],
        properties: &[],
        limit: 1,
    };
    let body = serde_json::to_value(question).unwrap_or_default();
    let got: Got<List<Row>> = hubspot.http.ask(Toll(Counter::Search, Lane::Delta), url, &body).await?;
    objects::whole(&got.value.errors)?;
    Ok(got.value.total.as_str().parse().ok())
}

fn question<'a>(kind: ObjectKind, place: &Place, until: i64, properties: &'a [String]) -> Question<'a> {
    let time = modified_property(kind);
    let filter = |property_name, operator, value| Filter { property_name, operator, value };
    let (filters, sort) = match &place.id {
        None => (vec![filter(time, "GTE", place.t.to_string()), filter(time, "LTE", until.to_string())], time),
        Some(id) => (
            vec![
                filter(time, "GTE", place.t.to_string()),
                filter(time, "LTE", place.t.to_string()),
                filter(ID, "GT", id.clone()),
            ],
            ID,
        ),
    };
    Question {
        filter_groups: [FilterGroup { filters }],
        sorts: [Sort { property_name: sort, direction: "ASCENDING" }],
        properties,
        limit: PAGE,
    }
}

/// A page sorted by time: takes the instants that it shows whole.
fn by_time(mut rows: Vec<Record>, place: &Place, full: bool) -> Result<(Vec<Record>, Option<Place>), CrmError> {
    rows.sort_by(|a, b| (a.updated_at, a.id.len(), &a.id).cmp(&(b.updated_at, b.id.len(), &b.id)));
    if !full {
        return Ok((rows, None));
    }
    let last = rows
        .last()
        .and_then(|row| row.updated_at)
        .map(millis)
        .ok_or_else(|| CrmError::Garbled("a full page has no times".to_owned()))?;
    match last.cmp(&place.t) {
        Ordering::Less => Err(CrmError::Garbled("search answers from before the window".to_owned())),
        // One instant fills the page: it may have more rows than any page.
        Ordering::Equal => Ok((Vec::new(), Some(Place { t: place.t, id: Some("0".to_owned()), n: None }))),
        Ordering::Greater => {
            rows.retain(|row| row.updated_at.map(millis) < Some(last));
            Ok((rows, Some(Place { t: last, id: None, n: None })))
        }
    }
}

/// A page of one instant, sorted by id.
fn by_id(rows: Vec<Record>, place: &Place, after: &str, full: bool) -> Result<(Vec<Record>, Option<Place>), CrmError> {
    if !full {
        return Ok((rows, Some(Place { t: place.t + 1, id: None, n: None })));
    }
    let number = |id: &str| id.parse::<u128>().ok();
    let last = rows.iter().filter_map(|row| number(&row.id)).max();
    match (last, number(after)) {
        (Some(last), Some(after)) if last > after => {
            Ok((rows, Some(Place { t: place.t, id: Some(last.to_string()), n: None })))
        }
        _ => Err(CrmError::Garbled("search does not get on".to_owned())),
    }
}

fn millis(at: Instant) -> i64 {
    at.timestamp_millis()
}
