//! Links between records: reading them in bulk, and which type a new one has.
//!
//! HubSpot types every link, and the numbers differ by account for everything that is not HubSpot's
//! own; so types are read from the account (`/labels`) and kept for the life of the connection.
//! "Primary" is a label of HubSpot's own between a deal or a contact and its company.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::PoisonError;

use drumbeat_model::crm::{Link, ObjectKind};
use serde::Serialize;

use super::wire::{LinkType, Links, List, TypeRef};
use super::{API_VERSION, HubSpot};
use crate::error::CrmError;
use crate::http::Toll;
use crate::http::answer::Got;
use crate::retry::{Counter, Lane};

/// Ids in one request.
const BATCH: usize = 1000;
/// Pages of links of one record before it is an error.
const MOST_PAGES: usize = 1000;

#[derive(Serialize)]
struct Question {
    inputs: Vec<From>,
}

#[derive(Serialize, Clone)]
struct From {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<String>,
}

pub(super) async fn links(
    hubspot: &HubSpot,
    from: ObjectKind,
    ids: &[String],
    to: ObjectKind,
    toll: Toll,
) -> Result<BTreeMap<String, Vec<Link>>, CrmError> {
    let url = hubspot.http.url(&[
        "crm",
        "associations",
        API_VERSION,
        &hubspot.type_of(from)?,
        &hubspot.type_of(to)?,
        "batch",
        "read",
    ])?;
    let mut found: BTreeMap<String, BTreeMap<String, bool>> = BTreeMap::new();
    let ids: Vec<&String> = ids.iter().collect::<BTreeSet<_>>().into_iter().collect();
    for chunk in ids.chunks(BATCH) {
        let mut open: Vec<From> = chunk.iter().map(|id| From { id: (*id).clone(), after: None }).collect();
        found.extend(chunk.iter().map(|id| ((*id).clone(), BTreeMap::new())));
        let mut pages = 0;
        while !open.is_empty() {
            pages += 1;
            if pages > MOST_PAGES {
                return Err(CrmError::TooLarge("the links of a record do not end".to_owned()));
            }
            let got: Got<List<Links>> = hubspot.http.ask(toll, url.clone(), &Question { inputs: open.clone() }).await?;
            for problem in &got.value.errors {
                match problem.category.as_str() {
                    // "No links" is an answer.
                    "OBJECT_NOT_FOUND" | "NO_ASSOCIATIONS_FOUND" => {}
                    _ if problem.message.as_str().starts_with("No ") => {}
                    other => {
                        return Err(CrmError::Unreachable(format!(
                            "a part of the batch failed ({})",
                            crate::http::answer::clean(other, 60)
                        )));
                    }
                }
            }
            let asked: BTreeMap<String, Option<String>> = open.into_iter().map(|from| (from.id, from.after)).collect();
            open = Vec::new();
            for row in got.value.results {
                let id = row.from.id.into_id();
                if id.is_empty() {
                    return Err(CrmError::Garbled("links of no record".to_owned()));
                }
                let Some(known) = found.get_mut(&id) else {
                    continue;
                };
                for other in row.to {
                    let primary = other.association_types.iter().any(|kind| is_primary(from, to, kind));
                    let other = other.to_object_id.into_id();
                    if other.is_empty() {
                        return Err(CrmError::Garbled("a link to no record".to_owned()));
                    }
                    *known.entry(other).or_default() |= primary;
                }
                if let Some(after) = row.paging.next.after.0 {
                    if asked.get(&id).is_some_and(|known| known.as_ref() == Some(&after)) {
                        return Err(CrmError::Garbled("the next page is this page".to_owned()));
                    }
                    open.push(From { id, after: Some(after) });
                }
            }
        }
    }
    let link = |(id, primary)| Link { to, id, primary };
    Ok(found.into_iter().map(|(id, links)| (id, links.into_iter().map(link).collect())).collect())
}

/// The type for a new link, by the account's own labels; `None` is HubSpot's default.
pub(super) async fn type_for(hubspot: &HubSpot, from: ObjectKind, link: &Link) -> Result<Option<TypeRef>, CrmError> {
    let types = link_types(hubspot, from, link.to).await?;
    let primary = link.primary.then(|| types.iter().find(|kind| is_primary(from, link.to, kind))).flatten();
    let plain = || types.iter().find(|kind| kind.label.as_str().is_empty()).or(types.first());
    Ok(primary.or_else(plain).and_then(|kind| {
        Some(TypeRef {
            association_category: kind.category.0.clone().unwrap_or_else(|| "HUBSPOT_DEFINED".to_owned()),
            association_type_id: kind.type_id.as_str().parse().ok()?,
        })
    }))
}

/// The type that makes a link the main one, where there is such a type.
pub(super) async fn primary_type(
    hubspot: &HubSpot,
    from: ObjectKind,
    to: ObjectKind,
) -> Result<Option<TypeRef>, CrmError> {
    let types = link_types(hubspot, from, to).await?;
    if !types.iter().any(|kind| is_primary(from, to, kind)) {
        return Ok(None);
    }
    type_for(hubspot, from, &Link { to, id: String::new(), primary: true }).await
}

async fn link_types(hubspot: &HubSpot, from: ObjectKind, to: ObjectKind) -> Result<Vec<LinkType>, CrmError> {
    let kept = {
        let known = hubspot.known.read().unwrap_or_else(PoisonError::into_inner);
        known.link_types.get(&(from, to)).cloned()
    };
    if let Some(types) = kept {
        return Ok(types);
    }
    let url = hubspot.http.url(&[
        "crm",
        "associations",
        API_VERSION,
        &hubspot.type_of(from)?,
        &hubspot.type_of(to)?,
        "labels",
    ])?;
    let got: Got<List<LinkType>> = hubspot.http.get(Toll(Counter::General, Lane::Write), url).await?;
    let types = got.value.results;
    hubspot.known.write().unwrap_or_else(PoisonError::into_inner).link_types.insert((from, to), types.clone());
    Ok(types)
}

fn is_primary(from: ObjectKind, to: ObjectKind, kind: &LinkType) -> bool {
    // 5 and 1 are documented as the primary company of a deal and of a contact.
    let documented = kind.category.as_str() == "HUBSPOT_DEFINED"
        && matches!(
            (from, to, kind.type_id.as_str()),
            (ObjectKind::Deal, ObjectKind::Company, "5") | (ObjectKind::Contact, ObjectKind::Company, "1")
        );
    documented || kind.label.as_str().eq_ignore_ascii_case("primary")
}

/// List pages name types instead: the plain name is the primary one, `..._unlabeled` is not.
pub(super) fn is_primary_name(from: ObjectKind, name: &str) -> bool {
    match from {
        ObjectKind::Deal => name == "deal_to_company",
        ObjectKind::Contact => name == "contact_to_company",
        _ => false,
    }
}
