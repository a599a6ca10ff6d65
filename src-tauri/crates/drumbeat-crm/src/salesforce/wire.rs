//! Salesforce's JSON, as it really comes. Private to the client; only model types leave the crate.
//!
//! Numbers are taken as they are written, digit by digit: an amount never becomes a floating-point number.

use std::collections::BTreeMap;
use std::fmt;

use drumbeat_model::value;
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::http::text::{Text, nullable};

/// A page of a query. Without records it is none: somebody else's JSON must not pass for "nothing there".
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Page {
    #[serde(default)]
    pub total_size: Text,
    pub done: bool,
    #[serde(default)]
    pub next_records_url: Text,
    #[serde(deserialize_with = "nullable")]
    pub records: Vec<Row>,
}

/// Values of one record by field, without the empty ones.
#[derive(Debug, Default)]
pub(super) struct Row(pub BTreeMap<String, String>);

impl Row {
    pub(super) fn get(&self, field: &str) -> Option<&str> {
        self.0.get(field).map(String::as_str)
    }

    pub(super) fn is(&self, field: &str) -> bool {
        self.get(field) == Some("true")
    }
}

impl<'de> Deserialize<'de> for Row {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Map;
        impl<'de> Visitor<'de> for Map {
            type Value = Row;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a record")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Row, A::Error> {
                let mut values = BTreeMap::new();
                while let Some(name) = map.next_key::<String>()? {
                    if name == "attributes" {
                        map.next_value::<IgnoredAny>()?;
                    } else if let Some(value) = scalar(map.next_value::<&RawValue>()?) {
                        values.insert(name, value);
                    }
                }
                Ok(Row(values))
            }
        }
        deserializer.deserialize_map(Map)
    }
}

/// A scalar as text; null, empty text, lists and objects are nothing.
fn scalar(raw: &RawValue) -> Option<String> {
    let raw = raw.get().trim();
    match raw.as_bytes().first()? {
        b'"' => serde_json::from_str(raw).ok().filter(|text: &String| !text.is_empty()),
        b'{' | b'[' | b'n' => None,
        b't' | b'f' => Some(raw.to_owned()),
        _ => Some(number(raw)),
    }
}

/// A number in one form, whoever has written it: `1200.0` and `1.2E3` are 1200.
pub(super) fn number(text: &str) -> String {
    value::decimal(text).map_or_else(|| text.to_owned(), |number| number.normalize().to_string())
}

/// One of a refusal's problems.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Problem {
    #[serde(default)]
    pub message: Text,
    #[serde(default, alias = "statusCode")]
    pub error_code: Text,
    #[serde(default, deserialize_with = "nullable")]
    pub fields: Vec<String>,
}

/// The answer to a create.
#[derive(Debug, Deserialize)]
pub(super) struct Made {
    #[serde(default)]
    pub id: Text,
    pub success: bool,
}

/// A question that is answered by a job.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Job {
    #[serde(default)]
    pub id: Text,
    #[serde(default)]
    pub state: Text,
    #[serde(default)]
    pub error_message: Text,
}

/// All objects of an account.
#[derive(Debug, Deserialize)]
pub(super) struct Objects {
    #[serde(deserialize_with = "nullable")]
    pub sobjects: Vec<ObjectName>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ObjectName {
    #[serde(default)]
    pub name: Text,
    #[serde(default)]
    pub label: Text,
    #[serde(default)]
    pub label_plural: Text,
    #[serde(default)]
    pub custom: bool,
    #[serde(default)]
    pub queryable: bool,
}

/// One object as this user sees it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Described {
    #[serde(default)]
    pub label_plural: Text,
    #[serde(default)]
    pub updateable: bool,
    #[serde(default)]
    pub createable: bool,
    #[serde(deserialize_with = "nullable")]
    pub fields: Vec<FieldRow>,
    #[serde(default, deserialize_with = "nullable")]
    pub record_type_infos: Vec<RecordType>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct FieldRow {
    #[serde(default)]
    pub name: Text,
    #[serde(default)]
    pub label: Text,
    #[serde(default, rename = "type")]
    pub kind: Text,
    #[serde(default)]
    pub updateable: bool,
    #[serde(default)]
    pub createable: bool,
    #[serde(default)]
    pub calculated: bool,
    #[serde(default)]
    pub auto_number: bool,
    #[serde(default)]
    pub nillable: bool,
    #[serde(default)]
    pub defaulted_on_create: bool,
    #[serde(default)]
    pub filterable: bool,
    #[serde(default)]
    pub unique: bool,
    #[serde(default, deserialize_with = "nullable")]
    pub picklist_values: Vec<PickValue>,
}

#[derive(Debug, Deserialize)]
pub(super) struct PickValue {
    #[serde(default)]
    pub value: Text,
    #[serde(default)]
    pub label: Text,
    #[serde(default)]
    pub active: Option<bool>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RecordType {
    #[serde(default)]
    pub record_type_id: Text,
    #[serde(default)]
    pub name: Text,
    #[serde(default)]
    pub developer_name: Text,
    #[serde(default)]
    pub active: Option<bool>,
    #[serde(default)]
    pub master: bool,
}

/// Which values of a picklist a record type has.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Layouts {
    #[serde(default, deserialize_with = "nullable")]
    pub record_type_mappings: Vec<RecordTypeMapping>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RecordTypeMapping {
    #[serde(default)]
    pub record_type_id: Text,
    #[serde(default, deserialize_with = "nullable")]
    pub picklists_for_record_type: Vec<PickList>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PickList {
    #[serde(default)]
    pub picklist_name: Text,
    #[serde(default, deserialize_with = "nullable")]
    pub picklist_values: Vec<PickValue>,
}

/// Who the token belongs to.
#[derive(Debug, Default, Deserialize)]
pub(super) struct UserInfo {
    #[serde(default)]
    pub user_id: Text,
}

/// What the connect API says of the account.
#[derive(Debug, Default, Deserialize)]
pub(super) struct ConnectOrganization {
    #[serde(default, deserialize_with = "nullable")]
    pub features: ConnectFeatures,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ConnectFeatures {
    #[serde(default)]
    pub default_currency_iso_code: Text,
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn values_are_taken_as_they_are_written() {
        let row: Row = serde_json::from_str(
            r#"{"attributes": {"type": "Opportunity", "url": "/x"}, "Id": "0061", "Amount": 1234567890123456.78,
               "Probability": 60.0, "Big": 1.5E7, "IsWon": false, "NextStep": null, "Empty": "",
               "Account": {"Name": "A"}, "Lines": {"records": []}, "Name": "O\u0027Neill \"x\""}"#,
        )
        .unwrap();
        let expected = [
            ("Amount", "1234567890123456.78"),
            ("Big", "15000000"),
            ("Id", "0061"),
            ("IsWon", "false"),
            ("Name", "O'Neill \"x\""),
            ("Probability", "60"),
        ];
        let values: Vec<(&str, &str)> = row.0.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(values, expected);
    }
}
