//! Links between records: fields of theirs, and the roles that contacts have on deals.
//!
//! Most links are a field of the record, so every page tells them. Contacts and further companies of a deal (its partners
//! beside its own account) are records of their own that join the two (OpportunityContactRole, OpportunityPartner) and
//! are asked for by the deals of a page: those of a page in the order of their ids by the span from the first to the
//! last. The other way round, from a company to what hangs on it, is a question for the records whose field names it.

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

/// Records that join a deal to others.
struct Joint {
    object: &'static str,
    /// The field that names the other.
    other: &'static str,
    to: ObjectKind,
}

const CONTACTS: Joint = Joint { object: "OpportunityContactRole", other: "ContactId", to: ObjectKind::Contact };
const PARTNERS: Joint = Joint { object: "OpportunityPartner", other: "AccountToId", to: ObjectKind::Company };

/// The record that joins a deal to another, and its field for that one; `None` where a field of the deal does.
pub(super) fn joint(from: ObjectKind, link: &Link) -> Option<(&'static str, &'static str)> {
    let joint = match (from, link.to, link.primary) {
        (ObjectKind::Deal, ObjectKind::Contact, _) => CONTACTS,
        (ObjectKind::Deal, ObjectKind::Company, false) => PARTNERS,
        _ => return None,
    };
    Some((joint.object, joint.other))
}

/// Adds what the records' own fields do not tell.
pub(super) async fn complete(
    salesforce: &Salesforce,
    kind: ObjectKind,
    records: &mut [Record],
    toll: Toll,
) -> Result<(), CrmError> {
    if kind != ObjectKind::Deal || records.is_empty() {
        return Ok(());
    }
    let ids: Vec<String> = records.iter().map(|record| record.id.clone()).collect();
    for joint in [PARTNERS, CONTACTS] {
        if !salesforce.knows(joint.to) {
            continue;
        }
        let joined = joined(salesforce, &joint, &ids, toll).await?;
        // A page may show a record twice, and the second is as good as the first.
        for record in records.iter_mut() {
            if let (Some(links), Some(more)) = (&mut record.links, joined.get(&record.id)) {
                add(links, more.clone());
            }
        }
    }
    Ok(())
}

/// Adds links to others than are linked already.
fn add(links: &mut Vec<Link>, more: Vec<Link>) {
    for link in more {
        if !links.iter().any(|known| (known.to, &known.id) == (link.to, &link.id)) {
            links.push(link);
        }
    }
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

/// The links of deals that records of their own tell.
async fn joined(salesforce: &Salesforce, joint: &Joint, ids: &[String], toll: Toll) -> Result<Links, CrmError> {
    let mut found: BTreeMap<String, BTreeMap<String, bool>> = BTreeMap::new();
    if salesforce.lacks(joint.object) {
        return Ok(Links::new());
    }
    for conditions in among(DEAL_ID, ids) {
        let select = Select {
            fields: [DEAL_ID, joint.other, "IsPrimary"].map(str::to_owned).into(),
            from: joint.object.to_owned(),
            conditions,
            ..Select::default()
        };
        let rows = match rows(salesforce, toll, &select, false).await {
            // Not every account has partners of deals.
            Err(CrmError::NotFound(_)) if joint.to == ObjectKind::Company => {
                salesforce.without(joint.object);
                return Ok(Links::new());
            }
            rows => rows?,
        };
        for row in rows {
            let (Some(deal), Some(other)) = (row.get(DEAL_ID), row.get(joint.other)) else {
                return Err(nameless());
            };
            let links = found.entry(deal.to_owned()).or_default();
            // The main company of a deal is its own account, whoever is the first of its partners.
            *links.entry(other.to_owned()).or_default() |= row.is("IsPrimary") && joint.to != ObjectKind::Company;
        }
    }
    let link = |(id, primary)| Link { to: joint.to, id, primary };
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
        (ObjectKind::Deal, ObjectKind::Contact) => found.extend(joined(salesforce, &CONTACTS, &ids, toll).await?),
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
    if (from, to) == (ObjectKind::Deal, ObjectKind::Company) {
        for (id, more) in joined(salesforce, &PARTNERS, &ids, toll).await? {
            add(found.entry(id).or_default(), more);
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
