//! What became of single fields, where the account keeps it.
//!
//! An account tracks the fields that its admin chose, at most twenty of an object, each change with the value before
//! and after. What a field held at first is the value before its oldest change. A field that is not tracked has no past
//! here, which is said by leaving it out, never by an empty one; unless it is to be dated all the same. Then it is of the
//! moment when the record was changed last, where that is not the second in which it was made: it may be older, and never
//! is younger.

use std::collections::BTreeMap;

use drumbeat_model::crm::HistoryEntry;
use drumbeat_model::time::Instant;
use drumbeat_model::value;

use super::Salesforce;
use super::data::rows;
use super::kinds::{Object, is_id};
use super::objects::Life;
use super::soql::{Condition, Select};
use super::wire::Row;
use crate::crm::{Found, Read};
use crate::error::CrmError;
use crate::http::Toll;

/// The object that keeps the past of another, and its field that names the record.
fn keeper(object: &str) -> Option<(String, String)> {
    match object {
        "Opportunity" => Some(("OpportunityFieldHistory".to_owned(), "OpportunityId".to_owned())),
        "Account" | "Contact" | "Lead" => Some((format!("{object}History"), format!("{object}Id"))),
        custom => custom.strip_suffix("__c").map(|name| (format!("{name}__History"), "ParentId".to_owned())),
    }
}

/// Adds the history that was asked for.
pub(super) async fn fill(
    salesforce: &Salesforce,
    object: &Object,
    read: &Read,
    lives: &BTreeMap<String, Life>,
    found: &mut [Found],
    toll: Toll,
) -> Result<(), CrmError> {
    if read.history.is_empty() || found.is_empty() {
        return Ok(());
    }
    let (parent, all) = kept(salesforce, object, lives, toll).await?;
    for one in found {
        let id = one.record.id.clone();
        let life = lives.get(&id).cloned().unwrap_or_default();
        let own: Vec<&Row> = all.iter().filter(|row| row.get(&parent) == Some(id.as_str())).collect();
        for property in &read.history {
            let mut past = past(object, property, &own, life.made);
            if past.is_empty() && read.dated {
                past = dated(property, one.record.properties.get(property), &life);
            }
            if !past.is_empty() {
                one.history.insert(property.clone(), past);
            }
        }
        one.record.properties.retain(|name, _| read.properties.contains(name));
    }
    Ok(())
}

/// Every change of these records that the account has kept, newest first, and the field that names the record.
async fn kept(
    salesforce: &Salesforce,
    object: &Object,
    lives: &BTreeMap<String, Life>,
    toll: Toll,
) -> Result<(String, Vec<Row>), CrmError> {
    let Some((keeper, parent)) = keeper(&object.name) else { return Ok((String::new(), Vec::new())) };
    if salesforce.lacks(&keeper) {
        return Ok((parent, Vec::new()));
    }
    let ids: Vec<String> = lives.keys().cloned().collect();
    let mut all = Vec::new();
    for chunk in ids.chunks(super::BATCH) {
        let select = Select {
            fields: [&parent, "Field", "OldValue", "NewValue", "CreatedDate", "CreatedById"].map(str::to_owned).into(),
            from: keeper.clone(),
            conditions: vec![Condition::In(parent.clone(), chunk.to_vec())],
            order: vec!["CreatedDate DESC".to_owned(), "Id DESC".to_owned()],
            limit: None,
        };
        match rows(salesforce, toll, &select, false).await {
            Ok(rows) => all.extend(rows),
            // Not every account keeps it, and not every user sees it.
            Err(CrmError::NotFound(_) | CrmError::Forbidden(_) | CrmError::Refused(_)) => {
                salesforce.without(&keeper);
                return Ok((parent, Vec::new()));
            }
            Err(error) => return Err(error),
        }
    }
    Ok((parent, all))
}

/// What a new record has besides what was decided: what the vendor fills in by itself, and what it hangs on.
const FILLED: [&str; 15] = [
    "AccountId",
    "CurrencyIsoCode",
    "Drumbeat_Note__c",
    "EventSubtype",
    "ForecastCategoryName",
    "IsReminderSet",
    "OwnerId",
    "Priority",
    "Probability",
    "RecordTypeId",
    "Status",
    "Subject",
    "TaskSubtype",
    "Type",
    "WhatId",
];

/// A value without a past of its own, dated by the record's last change.
fn dated(property: &str, value: Option<&String>, life: &Life) -> Vec<HistoryEntry> {
    // A box that is not ticked says nothing.
    let Some(value) = value.filter(|value| *value != "false" && !FILLED.contains(&property)) else { return Vec::new() };
    if life.changed.is_none() || life.changed <= life.made {
        return Vec::new();
    }
    let entry = |value, at, by| HistoryEntry { value, at, by };
    vec![entry(value.clone(), life.changed, life.by.clone()), entry(String::new(), life.made, None)]
}

/// The entries of one field, newest first.
fn past(object: &Object, property: &str, rows: &[&Row], created: Option<Instant>) -> Vec<HistoryEntry> {
    // A reference goes by its name without "Id", and is told twice: by name and by id.
    let short = property.strip_suffix("Id").filter(|short| !short.is_empty());
    let is_of = |row: &&&Row| row.get("Field").is_some_and(|field| field == property || Some(field) == short);
    let of_it: Vec<&Row> = rows.iter().filter(is_of).copied().collect();
    let by_id = |row: &&Row| {
        let values = || ["OldValue", "NewValue"].into_iter().filter_map(|side| row.get(side));
        values().count() > 0 && values().all(is_id)
    };
    let of_it: Vec<&Row> =
        if of_it.iter().any(by_id) { of_it.into_iter().filter(|row| by_id(row)).collect() } else { of_it };
    let text = |row: &Row, side: &str| object.plain(property, row.get(side).unwrap_or_default().to_owned());
    let mut entries: Vec<HistoryEntry> = of_it
        .iter()
        .map(|row| HistoryEntry {
            value: text(row, "NewValue"),
            at: row.get("CreatedDate").and_then(value::instant),
            by: row.get("CreatedById").map(|user| format!("user {user}")),
        })
        .collect();
    if let Some(oldest) = of_it.last() {
        entries.push(HistoryEntry { value: text(oldest, "OldValue"), at: created, by: None });
    }
    entries
}
