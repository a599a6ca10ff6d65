//! Links between records: fields of theirs, and the roles that contacts have on deals.
//!
//! Most links are a field of the record, so every page tells them. Contacts of a deal are records of their own
//! (OpportunityContactRole) and are asked for by the deals of a page: those of a page in the order of their ids by the
//! span from the first to the last. The other way round, from a company to what hangs
//! on it, is a question for the records whose field names it.

use std::collections::{BTreeMap, BTreeSet};

use drumbeat_model::crm::{Link, ObjectKind, Record};

use super::data::rows;
use super::kinds::{is_id, linked};
use super::soql::{Compare, Condition, Literal, Select};
use super::{BATCH, Salesforce};
use crate::crm::Found;
use crate::error::CrmError;
use crate::http::Toll;

type Links = BTreeMap<String, Vec<Link>>;

const DEAL_ID: &str = "OpportunityId";

/// What holds of the records whose field is one of these ids, a question each. A page in the order of its ids is one
/// question for the span from its first to its last; what belongs to others in between is not looked at.
fn among(field: &str, ids: &[String]) -> Vec<Vec<Condition>> {
    if let (true, [first, .., last]) = (ids.len() > BATCH && ids.is_sorted(), ids) {
        let bound = |compare, id: &String| Condition::Is(field.to_owned(), compare, Literal::Text(id.clone()));
        return vec![vec![bound(Compare::AtLeast, first), bound(Compare::AtMost, last)]];
    }
    ids.chunks(BATCH).map(|chunk| vec![Condition::In(field.to_owned(), chunk.to_vec())]).collect()
}

/// Adds what the records' own fields do not tell.
pub(super) async fn complete(
    salesforce: &Salesforce,
    kind: ObjectKind,
    records: &mut [Record],
    toll: Toll,
) -> Result<(), CrmError> {
    if kind != ObjectKind::Deal || records.is_empty() || !salesforce.knows(ObjectKind::Contact) {
        return Ok(());
    }
    let ids: Vec<String> = records.iter().map(|record| record.id.clone()).collect();
    let mut roles = contacts(salesforce, &ids, toll).await?;
    for record in records {
        if let (Some(links), Some(more)) = (&mut record.links, roles.remove(&record.id)) {
            links.extend(more);
        }
    }
    Ok(())
}

/// The same for records that were read by id.
pub(super) async fn complete_found(
    salesforce: &Salesforce,
    kind: ObjectKind,
    found: &mut [Found],
    toll: Toll,
) -> Result<(), CrmError> {
    let mut records: Vec<Record> = found.iter().map(|found| found.record.clone()).collect();
    complete(salesforce, kind, &mut records, toll).await?;
    for (found, record) in found.iter_mut().zip(records) {
        found.record = record;
    }
    Ok(())
}

/// A link that does not say whose it is must not pass for none.
fn nameless() -> CrmError {
    CrmError::Garbled("a link does not say whose it is".to_owned())
}

/// The contacts of deals.
async fn contacts(salesforce: &Salesforce, ids: &[String], toll: Toll) -> Result<Links, CrmError> {
    let mut found: BTreeMap<String, BTreeMap<String, bool>> = BTreeMap::new();
    for conditions in among(DEAL_ID, ids) {
        let select = Select {
            fields: [DEAL_ID, "ContactId", "IsPrimary"].map(str::to_owned).into(),
            from: "OpportunityContactRole".to_owned(),
            conditions,
            ..Select::default()
        };
        for row in rows(salesforce, toll, &select, false).await? {
            let (Some(deal), Some(contact)) = (row.get(DEAL_ID), row.get("ContactId")) else {
                return Err(nameless());
            };
            let links = found.entry(deal.to_owned()).or_default();
            *links.entry(contact.to_owned()).or_default() |= row.is("IsPrimary");
        }
    }
    let link = |(id, primary)| Link { to: ObjectKind::Contact, id, primary };
    Ok(found.into_iter().map(|(deal, links)| (deal, links.into_iter().map(link).collect())).collect())
}

/// Links from records of one kind to another, by record id.
pub(super) async fn links(
    salesforce: &Salesforce,
    from: ObjectKind,
    ids: &[String],
    to: ObjectKind,
    toll: Toll,
) -> Result<Links, CrmError> {
    let ids: Vec<String> = ids.iter().filter(|id| is_id(id)).cloned().collect::<BTreeSet<_>>().into_iter().collect();
    let mut found: Links = ids.iter().map(|id| (id.clone(), Vec::new())).collect();
    match (from, to) {
        (ObjectKind::Deal, ObjectKind::Contact) => found.extend(contacts(salesforce, &ids, toll).await?),
        (ObjectKind::Contact, ObjectKind::Deal) => {}
        // Touches and claims name what they hang on.
        (_, to) if to.is_touch() || to == ObjectKind::Registration && !from.is_touch() => {
            named_by(salesforce, from, &ids, to, toll, &mut found).await?;
        }
        (ObjectKind::Company, ObjectKind::Deal | ObjectKind::Contact | ObjectKind::Certification) => {
            named_by(salesforce, from, &ids, to, toll, &mut found).await?;
        }
        _ => {
            let object = salesforce.object(from)?;
            let fields: Vec<String> = object.links(from).map(|link| link.field.to_owned()).collect();
            if fields.is_empty() {
                return Ok(found);
            }
            for chunk in ids.chunks(BATCH) {
                let select = Select {
                    fields: std::iter::once("Id".to_owned()).chain(fields.clone()).collect(),
                    from: object.name.clone(),
                    conditions: vec![Condition::In("Id".to_owned(), chunk.to_vec())],
                    ..Select::default()
                };
                for row in rows(salesforce, toll, &select, false).await? {
                    let id = row.get("Id").ok_or_else(nameless)?;
                    let Some(links) = found.get_mut(id) else { continue };
                    links.extend(linked(&object, from, &row).into_iter().filter(|link| link.to == to));
                }
            }
        }
    }
    Ok(found)
}

/// Links the other way round: records of `to` whose fields name one of `ids`.
async fn named_by(
    salesforce: &Salesforce,
    from: ObjectKind,
    ids: &[String],
    to: ObjectKind,
    toll: Toll,
    found: &mut Links,
) -> Result<(), CrmError> {
    let object = salesforce.object(to)?;
    let Some(condition) = object.condition(to) else { return Ok(()) };
    let is_of = |to: Option<ObjectKind>| to.is_none_or(|to| to == from);
    let fields: Vec<String> =
        object.links(to).filter(|link| is_of(link.to)).map(|link| link.field.to_owned()).collect();
    if fields.is_empty() {
        return Ok(());
    }
    for chunk in ids.chunks(BATCH / fields.len()) {
        let any = fields.iter().map(|field| Condition::In(field.clone(), chunk.to_vec())).collect();
        let select = Select {
            fields: std::iter::once("Id".to_owned()).chain(fields.clone()).collect(),
            from: object.name.clone(),
            conditions: condition.iter().cloned().chain([Condition::Any(any)]).collect(),
            ..Select::default()
        };
        for row in rows(salesforce, toll, &select, false).await? {
            let id = row.get("Id").filter(|id| is_id(id)).ok_or_else(nameless)?;
            let named: BTreeSet<&str> = fields.iter().filter_map(|field| row.get(field)).collect();
            for other in named {
                if let Some(links) = found.get_mut(other) {
                    links.push(Link { to, id: id.to_owned(), primary: false });
                }
            }
        }
    }
    Ok(())
}
