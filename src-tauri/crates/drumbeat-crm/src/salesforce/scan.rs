//! Pages of a full scan and of a window of changes.
//!
//! The hard idea: a page begins after the last record of the one before, by id in a scan and by (time, id) in a window,
//! so that nothing is missed or met twice while others write, and a place never goes stale. Moments are those of
//! SystemModstamp, which moves for whatever changes a record, people or not; a transaction that took long may bring an
//! earlier one later, and the caller overlaps its windows for that. Each page brings the links of its records.

use chrono::DateTime;
use drumbeat_model::time::Instant;
use drumbeat_model::value;
use serde::{Deserialize, Serialize};

use super::data::{PAGE, page};
use super::jobs::Place;
use super::kinds::{MASTER, MERGED_INTO, Object, RECORD_TYPE};
use super::soql::{Compare, Condition, Literal, Select};
use super::{Salesforce, jobs, links, objects};
use crate::crm::{Changes, Count, Cursor, RecordPage, Scan};
use crate::error::CrmError;
use crate::http::Toll;
use crate::retry::{Counter, Lane};
use drumbeat_model::crm::{Holds, Record};

const ID: &str = "Id";

/// Where a window goes on: after this record of this moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Moment {
    /// Milliseconds of the epoch.
    t: i64,
    id: String,
}

fn over(field: &str, literal: Literal) -> Condition {
    Condition::Is(field.to_owned(), Compare::Over, literal)
}

pub(super) async fn scan(salesforce: &Salesforce, scan: &Scan) -> Result<RecordPage, CrmError> {
    let toll = Toll(Counter::General, Lane::Backfill);
    let object = salesforce.object(scan.kind)?;
    let Some(mut conditions) = object.condition(scan.kind) else { return Ok(nothing()) };
    let mut after = scan.after.as_ref().map(|cursor| cursor.0.clone());
    if let Some(place) = scan.after.as_ref().and_then(Place::read) {
        match jobs::page(salesforce, &object, scan, &place).await? {
            Some(page) => return Ok(page),
            None => after = Some(place.last),
        }
    }
    if scan.archived {
        conditions.push(Condition::equal("IsDeleted", Literal::Truth(true)));
    }
    let first = scan.after.is_none();
    let counted = Select { from: object.name.clone(), conditions: conditions.clone(), ..Select::default() };
    conditions.extend(after.map(|after| over(ID, Literal::Text(after))));
    let mut select = Select {
        fields: objects::asked(&object, scan.kind, &scan.properties),
        from: object.name.clone(),
        conditions,
        order: vec![ID.to_owned()],
        limit: Some(PAGE),
    };
    let got = page(salesforce, toll, &select, scan.archived).await?;
    let last = got.value.records.last().and_then(|row| row.get(ID)).map(str::to_owned);
    let full = !got.value.done || got.value.records.len() >= PAGE;
    let mut next = match last {
        Some(last) if full => Some(Cursor(last)),
        None if !got.value.done => return Err(CrmError::Garbled("a page without records is not the last".to_owned())),
        _ => None,
    };
    if next.is_some() && next == scan.after {
        return Err(CrmError::Garbled("the next page is this page".to_owned()));
    }
    let (rows, merged): (Vec<_>, Vec<_>) =
        got.value.records.into_iter().partition(|row| !scan.archived || row.get(MERGED_INTO).is_none());
    let taken = rows.into_iter().map(|row| objects::record(&object, scan.kind, &scan.properties, row));
    let mut records = taken.collect::<Result<Vec<Record>, _>>()?;
    if scan.archived {
        records.extend(objects::survivors(salesforce, &object, scan, &merged, toll).await?);
    } else {
        links::complete(salesforce, scan.kind, &mut records, toll).await?;
    }
    let total = if first && full && !scan.archived {
        page(salesforce, toll, &counted, false).await?.value.total_size.as_str().parse().ok()
    } else {
        None
    };
    // A big object is read by a job from here on, where the account takes one.
    if let (true, Some(Cursor(last)), Some(total)) = (scan.first, &next, total)
        && total >= salesforce.http.governor.policy().jobs_from
    {
        select.conditions.push(over(ID, Literal::Text(last.clone())));
        select.limit = None;
        next = jobs::begin(salesforce, &select, last).await?.map(|place| place.cursor()).or(next);
    }
    Ok(RecordPage { records, next, total, server_time: got.date, bytes: got.bytes })
}

fn nothing() -> RecordPage {
    RecordPage { records: Vec::new(), next: None, total: None, server_time: None, bytes: 0 }
}

pub(super) async fn changes(salesforce: &Salesforce, changes: &Changes) -> Result<RecordPage, CrmError> {
    let toll = Toll(Counter::General, Lane::Delta);
    let object = salesforce.object(changes.kind)?;
    let Some(mut conditions) = object.condition(changes.kind) else { return Ok(nothing()) };
    let stamp = object.stamp();
    let from = match &changes.after {
        None => Condition::Is(stamp.to_owned(), Compare::AtLeast, Literal::Moment(changes.since)),
        Some(cursor) => {
            let unread = || CrmError::Refused("the place to go on from cannot be read".to_owned());
            let place: Moment = serde_json::from_str(&cursor.0).map_err(|_| unread())?;
            let at = DateTime::from_timestamp_millis(place.t).ok_or_else(unread)?;
            Condition::Any(vec![
                over(stamp, Literal::Moment(at)),
                Condition::All(vec![Condition::equal(stamp, Literal::Moment(at)), over(ID, Literal::Text(place.id))]),
            ])
        }
    };
    conditions.push(from);
    conditions.push(Condition::Is(stamp.to_owned(), Compare::AtMost, Literal::Moment(changes.until)));
    let select = Select {
        fields: objects::asked(&object, changes.kind, &changes.properties),
        from: object.name.clone(),
        conditions,
        order: vec![stamp.to_owned(), ID.to_owned()],
        limit: Some(PAGE),
    };
    let got = page(salesforce, toll, &select, false).await?;
    let full = !got.value.done || got.value.records.len() >= PAGE;
    let total = got.value.total_size.as_str().parse().ok().filter(|_| changes.after.is_none() && !full);
    let next = match got.value.records.last() {
        Some(last) if full => Some(place(stamp, last.get(stamp), last.get(ID))?),
        None if !got.value.done => return Err(CrmError::Garbled("a page without records is not the last".to_owned())),
        _ => None,
    };
    if next.is_some() && next == changes.after {
        return Err(CrmError::Garbled("the next page is this page".to_owned()));
    }
    let taken =
        got.value.records.into_iter().map(|row| objects::record(&object, changes.kind, &changes.properties, row));
    let mut records = taken.collect::<Result<Vec<Record>, _>>()?;
    links::complete(salesforce, changes.kind, &mut records, toll).await?;
    Ok(RecordPage { records, next, total, server_time: got.date, bytes: got.bytes })
}

fn place(stamp: &str, at: Option<&str>, id: Option<&str>) -> Result<Cursor, CrmError> {
    let at: Option<Instant> = at.and_then(value::instant);
    let place = at.zip(id).map(|(at, id)| Moment { t: at.timestamp_millis(), id: id.to_owned() });
    let place = place.ok_or_else(|| CrmError::Garbled(format!("a record of a full page has no {stamp}")))?;
    serde_json::to_string(&place)
        .map(Cursor)
        .map_err(|_| CrmError::Garbled("the place to go on from cannot be written".to_owned()))
}

/// How many there are.
pub(super) async fn count(salesforce: &Salesforce, count: &Count) -> Result<Option<u64>, CrmError> {
    let object = salesforce.object(count.kind)?;
    let Some(mut conditions) = object.condition(count.kind) else { return Ok(Some(0)) };
    conditions.extend(count.equals.iter().filter_map(|(field, text)| equal(&object, field, text)));
    conditions.extend(count.after.map(|at| over(object.stamp(), Literal::Moment(at))));
    let select = Select { from: object.name.clone(), conditions, ..Select::default() };
    let got = page(salesforce, Toll(Counter::General, Lane::Delta), &select, false).await?;
    Ok(got.value.total_size.as_str().parse().ok())
}

/// A field has this value, as its form wants it said.
fn equal(object: &Object, field: &str, text: &str) -> Option<Condition> {
    if field == RECORD_TYPE && text == MASTER {
        // The record type that nobody gave: nothing is kept of it, and where there are no others no such field either.
        return (object.record_types != [MASTER]).then(|| Condition::equal(RECORD_TYPE, Literal::Null));
    }
    let literal = match object.fields.get(field) {
        Some(Holds::Truth) => value::truth(text).map(Literal::Truth),
        Some(Holds::Number) => value::decimal(text).map(|number| Literal::Bare(number.to_string())),
        Some(Holds::Day) => value::day(text).map(|day| Literal::Bare(day.to_string())),
        Some(Holds::Instant) => value::instant(text).map(Literal::Moment),
        Some(Holds::Text | Holds::Choice | Holds::Choices) | None => Some(Literal::Text(text.to_owned())),
    };
    Some(Condition::equal(field, literal.unwrap_or(Literal::Null)))
}
