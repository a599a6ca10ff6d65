//! Pages of a full scan, with the links that come along.
//!
//! List pages are complete, uncapped and not behind the index, which is why a first sync and the weekly
//! reconciliation use them. A page shows only the first links of each record: the others are read on
//! their own, so that a page is never half true.

use std::collections::BTreeMap;

use drumbeat_model::crm::{Link, ObjectKind};

use super::objects::{fill, record, wanted, whole};
use super::wire::{Associated, List, Row};
use super::{API_VERSION, BATCH, HubSpot, associations};
use crate::crm::{Cursor, RecordPage, Scan};
use crate::error::CrmError;
use crate::http::Toll;
use crate::http::answer::Got;
use crate::retry::{Counter, Lane};

/// More text than this in one address, and the properties are read by batch instead.
const LONGEST_QUERY: usize = 6000;
/// The links that come with the records of a kind.
fn linked_kinds(kind: ObjectKind) -> &'static [ObjectKind] {
    match kind {
        ObjectKind::Company => &[],
        ObjectKind::Contact | ObjectKind::Certification => &[ObjectKind::Company],
        ObjectKind::Deal => &[ObjectKind::Company, ObjectKind::Contact],
        ObjectKind::Registration
        | ObjectKind::Task
        | ObjectKind::Note
        | ObjectKind::Meeting
        | ObjectKind::Call
        | ObjectKind::Email => &[ObjectKind::Company, ObjectKind::Deal],
    }
}

pub(super) async fn scan(hubspot: &HubSpot, scan: &Scan) -> Result<RecordPage, CrmError> {
    let toll = Toll(Counter::General, Lane::Backfill);
    let properties = wanted(scan.kind, &scan.properties);
    let long = properties.iter().map(|name| name.len() + 3).sum::<usize>() > LONGEST_QUERY;
    let linked = linked_kinds(scan.kind);
    let mut url = hubspot.http.url(&["crm", "objects", API_VERSION, &hubspot.type_of(scan.kind)?])?;
    {
        let mut query = url.query_pairs_mut();
        query.append_pair("limit", &BATCH.to_string());
        if scan.archived {
            query.append_pair("archived", "true");
        }
        if !long {
            query.append_pair("properties", &properties.join(","));
        }
        if !linked.is_empty() && !scan.archived {
            let mut names = Vec::new();
            for kind in linked {
                names.push(hubspot.type_of(*kind)?);
            }
            query.append_pair("associations", &names.join(","));
        }
        if let Some(after) = &scan.after {
            query.append_pair("after", &after.0);
        }
    }
    let got: Got<List<Row>> = hubspot.http.get(toll, url).await?;
    whole(&got.value.errors)?;
    let next = got.value.paging.next.after.0.map(Cursor);
    if next.is_some() && next == scan.after {
        return Err(CrmError::Garbled("the next page is this page".to_owned()));
    }
    let mut records = Vec::with_capacity(got.value.results.len());
    let mut cut: BTreeMap<ObjectKind, Vec<String>> = BTreeMap::new();
    for mut row in got.value.results {
        let associated = row.associations.take().unwrap_or_default();
        let mut record = record(scan.kind, row)?;
        if !linked.is_empty() && !scan.archived {
            let (links, more) = links(hubspot, scan.kind, associated);
            more.into_iter().for_each(|kind| cut.entry(kind).or_default().push(record.id.clone()));
            record.links = Some(links);
        }
        records.push(record);
    }
    // A list page shows only the first links of a record; the others have a reading of their own.
    for (to, ids) in cut {
        let full = associations::links(hubspot, scan.kind, &ids, to, toll).await?;
        for record in &mut records {
            if let (Some(links), Some(full)) = (&mut record.links, full.get(&record.id)) {
                links.retain(|link| link.to != to);
                links.extend(full.iter().cloned());
            }
        }
    }
    if long && !scan.archived {
        fill(hubspot, scan.kind, &scan.properties, &mut records, toll).await?;
    }
    Ok(RecordPage { records, next, total: None, server_time: got.date, bytes: got.bytes })
}

/// The links of one row, and the kinds of which there are more than it shows.
fn links(
    hubspot: &HubSpot,
    from: ObjectKind,
    associated: BTreeMap<String, Associated>,
) -> (Vec<Link>, Vec<ObjectKind>) {
    let mut links: BTreeMap<(ObjectKind, String), bool> = BTreeMap::new();
    let mut more = Vec::new();
    for (name, list) in associated {
        let Some(to) = hubspot.kind_of(&name) else {
            continue;
        };
        if list.paging.next.after.0.is_some() {
            more.push(to);
        }
        for other in list.results {
            let primary = associations::is_primary_name(from, other.label.as_str());
            let id = other.id.into_id();
            if !id.is_empty() {
                *links.entry((to, id)).or_default() |= primary;
            }
        }
    }
    let links = links.into_iter().map(|((to, id), primary)| Link { to, id, primary }).collect();
    (links, more)
}
