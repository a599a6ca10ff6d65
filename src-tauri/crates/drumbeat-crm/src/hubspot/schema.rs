//! Reading the account's real schema before a record is read.
//!
//! Company and deal must be readable; everything else that the token may not see is simply not there,
//! so that a read-only token or a plan without custom objects still connects. Whether the token may
//! write is what HubSpot says of its scopes; where it says nothing (service keys), a change of no
//! records is asked for, which changes nothing and is refused to those who may only read.

use drumbeat_model::crm::{
    Holds, ObjectKind, ObjectSchema, Outcome, Owner, Pipeline, PropertySchema, Schema, Stage, Vendor,
};
use futures::future::try_join_all;
use serde::Serialize;

use super::wire::{Account, List, ObjectType, OwnerRow, PipelineRow, Property, Row, TokenInfo};
use super::{API_VERSION, standard_type};
use crate::error::CrmError;
use crate::http::answer::Got;
use crate::http::{Http, Toll};
use crate::retry::{Counter, Lane};

const TOLL: Toll = Toll(Counter::General, Lane::Delta);
/// Owner pages before it is an error (500 owners each).
const MOST_OWNER_PAGES: usize = 200;

/// Names of the custom objects, without case and signs, best first.
const REGISTRATION: &[&str] =
    &["partnerregistration", "dealregistration", "leadregistration", "registration", "dealreg"];
const CERTIFICATION: &[&str] = &["partnercertification", "certification", "partnercertificate", "certificate"];
/// Registrations and certificates of another business.
const OTHERS: &[&str] = &["event", "webinar", "course", "class", "vehicle"];

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TokenKey<'a> {
    token_key: &'a str,
}

/// A change of no records.
#[derive(Serialize)]
struct NoChanges {
    inputs: [(); 0],
}

struct Object {
    kind: ObjectKind,
    type_name: String,
    label: String,
}

pub(super) async fn describe(http: &Http) -> Result<Schema, CrmError> {
    let account: Got<Account> = http.get(TOLL, http.url(&["account-info", API_VERSION, "details"])?).await?;
    let account = account.value;
    let account_id = account.portal_id.into_id();
    if account_id.is_empty() {
        return Err(CrmError::Garbled("the account has no id".to_owned()));
    }
    let token = token_info(http).await?;
    let can_write = can_write(http, &token).await?;
    let custom = custom_objects(http).await?;
    let objects = try_join_all(objects(&custom).into_iter().map(|object| properties(http, object))).await?;
    let pipelines = pipelines(http).await?;
    let owners = owners(http).await?;

    let user = token.user_id.as_str();
    let me = (!user.is_empty()).then(|| owners.iter().find(|owner| owner.user_id.as_str() == user)).flatten();
    let name = token.hub_domain.0.clone().unwrap_or_else(|| format!("HubSpot account {account_id}"));
    Ok(Schema {
        vendor: Vendor::Hubspot,
        me: me.map(|owner| owner.id.as_str().to_owned()),
        can_write,
        account_name: name,
        account_id,
        currency: account.company_currency.0.unwrap_or_else(|| "USD".to_owned()),
        time_zone: account.time_zone.0.unwrap_or_else(|| "UTC".to_owned()),
        objects: objects.into_iter().flatten().collect(),
        could: std::collections::BTreeMap::new(),
        pipelines,
        owners: owners.into_iter().filter(|owner| !owner.id.as_str().is_empty()).map(owner).collect(),
    })
}

/// What HubSpot says of the token; nothing, when this kind of token cannot be asked about.
async fn token_info(http: &Http) -> Result<TokenInfo, CrmError> {
    let url = http.url(&["oauth", "v2", "private-apps", "get", "access-token-info"])?;
    optional(http.ask(TOLL, url, &TokenKey { token_key: http.token().expose() }).await).map(Option::unwrap_or_default)
}

async fn can_write(http: &Http, token: &TokenInfo) -> Result<bool, CrmError> {
    let named = |scope: &str| {
        token.scopes.iter().any(|known| known == scope)
            || token.scope.as_str().split_whitespace().any(|known| known == scope)
    };
    if named("crm.objects.deals.write") {
        return Ok(true);
    }
    if !token.scopes.is_empty() || !token.scope.as_str().is_empty() {
        return Ok(false);
    }
    let url = http.url(&["crm", "objects", API_VERSION, "deals", "batch", "update"])?;
    match http.ask::<List<Row>>(TOLL, url, &NoChanges { inputs: [] }).await {
        Err(CrmError::Forbidden(_)) => Ok(false),
        Ok(_) | Err(CrmError::Refused(_) | CrmError::NotFound(_)) => Ok(true),
        Err(error) => Err(error),
    }
}

async fn custom_objects(http: &Http) -> Result<Vec<ObjectType>, CrmError> {
    let url = http.url(&["crm-object-schemas", API_VERSION, "schemas"])?;
    let got: Option<List<ObjectType>> = optional(http.get(TOLL, url).await)?;
    Ok(got
        .map(|list| list.results)
        .unwrap_or_default()
        .into_iter()
        .filter(|object| !object.archived.is_true())
        .collect())
}

fn objects(custom: &[ObjectType]) -> Vec<Object> {
    let found = ObjectKind::ALL.iter().filter_map(|kind| match standard_type(*kind) {
        Some(name) => Some(Object { kind: *kind, type_name: name.to_owned(), label: label_of(name) }),
        None => {
            let names = if *kind == ObjectKind::Registration { REGISTRATION } else { CERTIFICATION };
            let object = best(custom, names)?;
            Some(Object { kind: *kind, type_name: object.object_type_id.as_str().to_owned(), label: label(object) })
        }
    });
    found.collect()
}

/// The custom object whose name or label comes nearest to one of `names`.
fn best<'o>(custom: &'o [ObjectType], names: &[&str]) -> Option<&'o ObjectType> {
    let rank = |object: &ObjectType| {
        let texts = [&object.name, &object.labels.singular, &object.labels.plural].map(|text| letters(text.as_str()));
        if object.object_type_id.as_str().is_empty()
            || OTHERS.iter().any(|other| texts.iter().any(|text| text.contains(other)))
        {
            return None;
        }
        let exact = names.iter().position(|name| texts.iter().any(|text| text.trim_end_matches('s') == *name));
        let part = || names.iter().position(|name| texts.iter().any(|text| text.contains(name)));
        exact.or_else(|| part().map(|place| place + names.len()))
    };
    custom
        .iter()
        .filter_map(|object| Some((rank(object)?, object)))
        .min_by_key(|(rank, _)| *rank)
        .map(|(_, object)| object)
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn label(object: &ObjectType) -> String {
    object
        .labels
        .plural
        .0
        .clone()
        .or_else(|| object.labels.singular.0.clone())
        .unwrap_or_else(|| object.name.as_str().to_owned())
}

fn label_of(type_name: &str) -> String {
    let mut letters = type_name.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

async fn properties(http: &Http, object: Object) -> Result<Option<(ObjectKind, ObjectSchema)>, CrmError> {
    let url = http.url(&["crm", "properties", API_VERSION, &object.type_name])?;
    let got: Result<Got<List<Property>>, CrmError> = http.get(TOLL, url).await;
    let list = match object.kind {
        ObjectKind::Company | ObjectKind::Deal => Some(got?.value),
        _ => optional(got)?,
    };
    let Some(list) = list else { return Ok(None) };
    let properties = list
        .results
        .into_iter()
        .filter(|property| !property.archived.is_true() && !property.name.as_str().is_empty())
        .map(property)
        .collect();
    Ok(Some((
        object.kind,
        ObjectSchema { type_name: object.type_name, label: object.label, properties, conversion: None },
    )))
}

/// A refusal of something that one can do without.
fn optional<T>(got: Result<Got<T>, CrmError>) -> Result<Option<T>, CrmError> {
    match got {
        Ok(got) => Ok(Some(got.value)),
        Err(CrmError::Forbidden(_) | CrmError::NotFound(_) | CrmError::Refused(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

fn property(property: Property) -> PropertySchema {
    let name = property.name.into_id();
    let truths = property.options.len() == 2
        && property.options.iter().all(|choice| matches!(choice.value.as_str(), "true" | "false"));
    let holds = match (property.kind.as_str(), property.field_type.as_str()) {
        ("bool", _) | (_, "booleancheckbox") => Holds::Truth,
        ("number", _) => Holds::Number,
        ("date", _) => Holds::Day,
        ("datetime", _) => Holds::Instant,
        ("enumeration", _) if truths => Holds::Truth,
        ("enumeration", "checkbox") => Holds::Choices,
        ("enumeration", _) => Holds::Choice,
        _ => Holds::Text,
    };
    let option = |choice: super::wire::Choice| {
        let value = choice.value.into_id();
        let label = choice.label.0.unwrap_or_else(|| value.clone());
        (value, label)
    };
    let calculated = property.calculated.is_true() || name.starts_with("hs_");
    PropertySchema {
        label: property.label.0.unwrap_or_else(|| name.clone()),
        name,
        holds,
        options: property.options.into_iter().map(option).collect(),
        read_only: property.modification_metadata.read_only_value.is_true() || property.calculated.is_true(),
        calculated,
        unique: property.has_unique_value.is_true(),
        required: false,
    }
}

async fn pipelines(http: &Http) -> Result<Vec<Pipeline>, CrmError> {
    let got: Got<List<PipelineRow>> = http.get(TOLL, http.url(&["crm", "pipelines", API_VERSION, "deals"])?).await?;
    Ok(in_order(got.value.results)
        .into_iter()
        .map(|mut row| {
            let stages = in_order(std::mem::take(&mut row.stages));
            Pipeline {
                id: row.id.into_id(),
                label: row.label.into_id(),
                stages: stages.into_iter().map(stage).collect(),
            }
        })
        .collect())
}

fn in_order(mut rows: Vec<PipelineRow>) -> Vec<PipelineRow> {
    rows.retain(|row| !row.archived.is_true() && !row.id.as_str().is_empty());
    rows.sort_by_key(|row| row.display_order.as_str().parse::<i64>().unwrap_or(i64::MAX));
    rows
}

fn stage(row: PipelineRow) -> Stage {
    let meta = |name: &str| row.metadata.get(name).map(crate::http::text::Text::as_str).unwrap_or_default();
    let probability = drumbeat_model::value::decimal(meta("probability"));
    let percent = probability.map(|share| (share * rust_decimal::Decimal::ONE_HUNDRED).round());
    let percent = percent.and_then(|percent| u32::try_from(percent).ok()).unwrap_or(0).min(100);
    let certain = probability.is_some() && percent == 100;
    let outcome = match meta("isClosed") {
        closed if closed.eq_ignore_ascii_case("true") => {
            if certain {
                Outcome::Won
            } else {
                Outcome::Lost
            }
        }
        // Older answers leave the mark out.
        "" if certain => Outcome::Won,
        "" if probability.is_some() && percent == 0 && row.label.as_str().to_lowercase().contains("lost") => {
            Outcome::Lost
        }
        _ => Outcome::Open,
    };
    Stage { outcome, probability: percent, id: row.id.into_id(), label: row.label.into_id() }
}

async fn owners(http: &Http) -> Result<Vec<OwnerRow>, CrmError> {
    let mut owners = Vec::new();
    let mut after: Option<String> = None;
    for _ in 0..MOST_OWNER_PAGES {
        let mut url = http.url(&["crm", "owners", API_VERSION])?;
        url.query_pairs_mut().append_pair("limit", "500");
        if let Some(after) = &after {
            url.query_pairs_mut().append_pair("after", after);
        }
        let Some(list): Option<List<OwnerRow>> = optional(http.get(TOLL, url).await)? else {
            return Ok(owners);
        };
        owners.extend(list.results);
        let next = list.paging.next.after.0;
        if next.is_none() {
            return Ok(owners);
        }
        if next == after {
            return Err(CrmError::Garbled("the next page is this page".to_owned()));
        }
        after = next;
    }
    Err(CrmError::TooLarge("the owners do not end".to_owned()))
}

fn owner(row: OwnerRow) -> Owner {
    let name = [row.first_name.as_str(), row.last_name.as_str()].join(" ").trim().to_owned();
    let email = row.email.into_id();
    Owner { id: row.id.into_id(), name: if name.is_empty() { email.clone() } else { name }, email }
}
