//! HubSpot's JSON, as it really comes: ids as numbers or text, null where a list belongs, error
//! bodies with any field missing. Private to the client; only model types leave the crate.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::http::text::{Text, Values, nullable};

/// A list, a search answer or a batch answer. Without results it is none: somebody else's JSON must not
/// pass for "nothing there".
#[derive(Debug, Deserialize)]
#[serde(bound = "T: Deserialize<'de>")]
pub(super) struct List<T> {
    #[serde(deserialize_with = "nullable")]
    pub results: Vec<T>,
    #[serde(default, deserialize_with = "nullable")]
    pub paging: Paging,
    #[serde(default)]
    pub total: Text,
    #[serde(default, deserialize_with = "nullable")]
    pub errors: Vec<Problem>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Paging {
    #[serde(default, deserialize_with = "nullable")]
    pub next: Next,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Next {
    #[serde(default)]
    pub after: Text,
}

/// One record.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Row {
    #[serde(default)]
    pub id: Text,
    #[serde(default)]
    pub properties: Values,
    #[serde(default, deserialize_with = "nullable")]
    pub properties_with_history: BTreeMap<String, Vec<Version>>,
    #[serde(default)]
    pub updated_at: Text,
    #[serde(default)]
    pub archived: Text,
    #[serde(default)]
    pub associations: Option<BTreeMap<String, Associated>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Version {
    #[serde(default)]
    pub value: Text,
    #[serde(default)]
    pub timestamp: Text,
    #[serde(default)]
    pub source_type: Text,
    #[serde(default)]
    pub source_label: Text,
    #[serde(default)]
    pub updated_by_user_id: Text,
}

#[derive(Debug, Deserialize)]
pub(super) struct Associated {
    #[serde(default, deserialize_with = "nullable")]
    pub results: Vec<AssociatedId>,
    #[serde(default, deserialize_with = "nullable")]
    pub paging: Paging,
}

#[derive(Debug, Deserialize)]
pub(super) struct AssociatedId {
    #[serde(default)]
    pub id: Text,
    #[serde(default, rename = "type")]
    pub label: Text,
}

/// All links of one record to one kind, or one page of them.
#[derive(Debug, Deserialize)]
pub(super) struct Links {
    pub from: Id,
    #[serde(default, deserialize_with = "nullable")]
    pub to: Vec<LinkTo>,
    #[serde(default, deserialize_with = "nullable")]
    pub paging: Paging,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Id {
    #[serde(default)]
    pub id: Text,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LinkTo {
    #[serde(default)]
    pub to_object_id: Text,
    #[serde(default, deserialize_with = "nullable")]
    pub association_types: Vec<LinkType>,
}

/// An association type, as `/labels` and the batch answers tell it.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LinkType {
    #[serde(default)]
    pub category: Text,
    #[serde(default)]
    pub type_id: Text,
    #[serde(default)]
    pub label: Text,
}

/// The answer to making a link: the default form lists results, the labelled one names the pair.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Linked {
    #[serde(default, deserialize_with = "nullable")]
    pub results: Vec<LinkedPair>,
    #[serde(default)]
    pub from_object_id: Text,
    #[serde(default)]
    pub to_object_id: Text,
}

#[derive(Debug, Deserialize)]
pub(super) struct LinkedPair {
    #[serde(default, deserialize_with = "nullable")]
    pub from: Id,
    #[serde(default, deserialize_with = "nullable")]
    pub to: Id,
}

/// An association type in a request.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TypeRef {
    pub association_category: String,
    pub association_type_id: u64,
}

/// An error body or one error of a batch; HubSpot promises none of its fields.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Problem {
    #[serde(default)]
    pub status: Text,
    #[serde(default)]
    pub message: Text,
    #[serde(default)]
    pub category: Text,
    #[serde(default)]
    pub correlation_id: Text,
    #[serde(default)]
    pub error_type: Text,
    #[serde(default)]
    pub policy_name: Text,
    #[serde(default)]
    pub context: serde_json::Value,
    #[serde(default, deserialize_with = "nullable")]
    pub errors: Vec<Detail>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Detail {
    #[serde(default)]
    pub message: Text,
    #[serde(default)]
    pub code: Text,
    #[serde(default, rename = "in")]
    pub place: Text,
    #[serde(default)]
    pub context: serde_json::Value,
}

/// One entry of the JSON list that validation refusals carry inside their message.
#[derive(Debug, Deserialize)]
pub(super) struct Inner {
    #[serde(default)]
    pub message: Text,
    #[serde(default)]
    pub error: Text,
    #[serde(default)]
    pub name: Text,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Account {
    #[serde(default)]
    pub portal_id: Text,
    #[serde(default)]
    pub time_zone: Text,
    #[serde(default)]
    pub company_currency: Text,
}

/// What HubSpot says of a token: private apps in camel case, OAuth in snake case.
#[derive(Debug, Default, Deserialize)]
pub(super) struct TokenInfo {
    #[serde(default, alias = "userId")]
    pub user_id: Text,
    #[serde(default, alias = "hubDomain")]
    pub hub_domain: Text,
    #[serde(default, deserialize_with = "nullable")]
    pub scopes: Vec<String>,
    #[serde(default)]
    pub scope: Text,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ObjectType {
    #[serde(default)]
    pub object_type_id: Text,
    #[serde(default)]
    pub name: Text,
    #[serde(default)]
    pub archived: Text,
    #[serde(default, deserialize_with = "nullable")]
    pub labels: Labels,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Labels {
    #[serde(default)]
    pub singular: Text,
    #[serde(default)]
    pub plural: Text,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Property {
    #[serde(default)]
    pub name: Text,
    #[serde(default)]
    pub label: Text,
    #[serde(default, rename = "type")]
    pub kind: Text,
    #[serde(default)]
    pub field_type: Text,
    #[serde(default, deserialize_with = "nullable")]
    pub options: Vec<Choice>,
    #[serde(default)]
    pub calculated: Text,
    #[serde(default)]
    pub archived: Text,
    #[serde(default)]
    pub has_unique_value: Text,
    #[serde(default, deserialize_with = "nullable")]
    pub modification_metadata: Modification,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Modification {
    #[serde(default)]
    pub read_only_value: Text,
}

#[derive(Debug, Deserialize)]
pub(super) struct Choice {
    #[serde(default)]
    pub value: Text,
    #[serde(default)]
    pub label: Text,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PipelineRow {
    #[serde(default)]
    pub id: Text,
    #[serde(default)]
    pub label: Text,
    #[serde(default)]
    pub display_order: Text,
    #[serde(default)]
    pub archived: Text,
    #[serde(default, deserialize_with = "nullable")]
    pub stages: Vec<PipelineRow>,
    #[serde(default, deserialize_with = "nullable")]
    pub metadata: BTreeMap<String, Text>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct OwnerRow {
    #[serde(default)]
    pub id: Text,
    #[serde(default)]
    pub email: Text,
    #[serde(default)]
    pub first_name: Text,
    #[serde(default)]
    pub last_name: Text,
    #[serde(default)]
    pub user_id: Text,
}
