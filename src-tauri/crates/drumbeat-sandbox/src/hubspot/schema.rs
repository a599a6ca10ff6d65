//! The shapes of an account's own definitions: properties, groups, pipelines, owners, link types.
//!
//! They are kept in the vendor's wire shape, because reading them out is all that mostly happens to them.
//! Callers rely on: `Property::value_error` is the whole of what HubSpot checks about a single value.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::clock::Millis;
use crate::hubspot::world::KindIx;
use crate::json::{day_text, parse_day, parse_time, time_text};

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PropertyOption {
    pub(crate) label: String,
    pub(crate) value: String,
    #[serde(default)]
    pub(crate) description: String,
    #[serde(default)]
    pub(crate) display_order: i64,
    #[serde(default)]
    pub(crate) hidden: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Property {
    pub(crate) name: String,
    pub(crate) label: String,
    /// `string`, `number`, `date`, `datetime`, `enumeration`, `bool`.
    pub(crate) of: String,
    pub(crate) field: String,
    pub(crate) group: String,
    pub(crate) description: String,
    pub(crate) options: Vec<PropertyOption>,
    pub(crate) unique: bool,
    pub(crate) read_only: bool,
    pub(crate) calculated: bool,
    pub(crate) external_options: bool,
    pub(crate) vendor: bool,
    pub(crate) hidden: bool,
    pub(crate) form_field: bool,
    pub(crate) order: i64,
    pub(crate) created: Millis,
    pub(crate) updated: Millis,
    pub(crate) archived: Option<Millis>,
}

impl Property {
    pub(crate) fn new(name: &str, label: &str, of: &str, field: &str, group: &str) -> Self {
        Property {
            name: name.into(),
            label: label.into(),
            of: of.into(),
            field: field.into(),
            group: group.into(),
            description: String::new(),
            options: Vec::new(),
            unique: false,
            read_only: false,
            calculated: false,
            external_options: false,
            vendor: false,
            hidden: false,
            form_field: false,
            order: -1,
            created: 0,
            updated: 0,
            archived: None,
        }
    }

    pub(crate) fn with_options(mut self, values: &[&str]) -> Self {
        self.options = values
            .iter()
            .enumerate()
            .map(|(i, v)| PropertyOption {
                label: title(v),
                value: (*v).into(),
                description: String::new(),
                display_order: i as i64,
                hidden: false,
            })
            .collect();
        self
    }

    pub(crate) fn wire(&self) -> Value {
        let mut v = json!({
            "name": self.name, "label": self.label, "type": self.of, "fieldType": self.field,
            "description": self.description, "groupName": self.group, "options": self.options,
            "displayOrder": self.order, "calculated": self.calculated, "externalOptions": self.external_options,
            "hasUniqueValue": self.unique, "hidden": self.hidden, "formField": self.form_field, "archived": self.archived.is_some(),
            "modificationMetadata": {
                "archivable": !self.vendor, "readOnlyDefinition": self.vendor, "readOnlyOptions": self.vendor && !self.options.is_empty(),
                "readOnlyValue": self.read_only
            },
            "createdAt": time_text(self.created), "updatedAt": time_text(self.updated),
        });
        if let Value::Object(m) = &mut v {
            if self.vendor {
                m.insert("hubspotDefined".into(), true.into());
            } else {
                m.insert("createdUserId".into(), "9000001".into());
                m.insert("updatedUserId".into(), "9000001".into());
            }
            if let Some(at) = self.archived {
                m.insert("archivedAt".into(), time_text(at).into());
            }
        }
        v
    }

    /// The value as HubSpot stores it, or the code and sentence of its refusal.
    pub(crate) fn accept(&self, value: &str) -> Result<String, (&'static str, String)> {
        if value.is_empty() {
            return Ok(String::new());
        }
        let bad = |code: &'static str, what: &str| Err((code, format!("{value} was not a valid {what}.")));
        match self.of.as_str() {
            "number" => {
                let n = value.trim();
                match n.parse::<f64>() {
                    Ok(f) if f.is_finite() => Ok(n.to_owned()),
                    _ => bad("INVALID_DOUBLE", "number"),
                }
            }
            "date" => match parse_day(value).or_else(|| parse_time(value)) {
                Some(at) if at.rem_euclid(86_400_000) == 0 => Ok(day_text(at)),
                Some(_) => Err(("INVALID_DATE", format!("{value} is not at midnight UTC."))),
                None => bad("INVALID_DATE", "date"),
            },
            "datetime" => match parse_time(value) {
                Some(at) => Ok(time_text(at)),
                None => bad("INVALID_LONG", "long"),
            },
            "bool" => match value.to_ascii_lowercase().as_str() {
                "true" | "false" => Ok(value.to_ascii_lowercase()),
                _ => bad("INVALID_OPTION", "boolean"),
            },
            "enumeration" if self.external_options => Ok(value.to_owned()),
            "enumeration" => {
                for part in value.split(';').filter(|p| !p.is_empty()) {
                    if !self.options.iter().any(|o| o.value == part) {
                        let allowed: Vec<&str> = self.options.iter().map(|o| o.value.as_str()).collect();
                        return Err((
                            "INVALID_OPTION",
                            format!("{part} was not one of the allowed options: {allowed:?}"),
                        ));
                    }
                }
                if self.field != "checkbox" && value.contains(';') {
                    return bad("INVALID_OPTION", "single option");
                }
                Ok(value.to_owned())
            }
            _ if value.len() > 65_536 => {
                Err(("INVALID_LENGTH", "The value is longer than 65,536 characters.".to_owned()))
            }
            _ => Ok(value.to_owned()),
        }
    }
}

/// `partner_status` reads as `Partner status`.
pub(crate) fn title(name: &str) -> String {
    let text = name.replace('_', " ");
    let mut chars = text.chars();
    match chars.next() {
        Some(c) => c.to_uppercase().chain(chars).collect(),
        None => text,
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PropertyGroup {
    pub(crate) name: String,
    pub(crate) label: String,
    #[serde(default)]
    pub(crate) display_order: i64,
    #[serde(default)]
    pub(crate) archived: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Stage {
    pub(crate) id: String,
    pub(crate) label: String,
    pub(crate) order: i64,
    pub(crate) metadata: Map<String, Value>,
    pub(crate) created: Millis,
    pub(crate) updated: Millis,
}

impl Stage {
    pub(crate) fn wire(&self) -> Value {
        json!({"id": self.id, "label": self.label, "displayOrder": self.order, "metadata": self.metadata,
            "createdAt": time_text(self.created), "updatedAt": time_text(self.updated), "archived": false, "writePermissions": "CRM_PERMISSIONS_ENFORCEMENT"})
    }

    pub(crate) fn probability(&self) -> &str {
        self.metadata.get("probability").and_then(Value::as_str).unwrap_or("0.0")
    }

    pub(crate) fn closed(&self) -> bool {
        self.metadata.get("isClosed").and_then(Value::as_str) == Some("true")
    }

    pub(crate) fn won(&self) -> bool {
        self.closed() && self.probability().parse::<f64>().is_ok_and(|p| p >= 1.0)
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Pipeline {
    pub(crate) id: String,
    pub(crate) label: String,
    pub(crate) order: i64,
    pub(crate) stages: Vec<Stage>,
    pub(crate) created: Millis,
    pub(crate) updated: Millis,
}

impl Pipeline {
    pub(crate) fn wire(&self) -> Value {
        let stages: Vec<Value> = self.stages.iter().map(Stage::wire).collect();
        json!({"id": self.id, "label": self.label, "displayOrder": self.order, "stages": stages,
            "createdAt": time_text(self.created), "updatedAt": time_text(self.updated), "archived": false})
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Owner {
    pub(crate) id: u64,
    pub(crate) user: u64,
    pub(crate) first: String,
    pub(crate) last: String,
    pub(crate) email: String,
    pub(crate) team: Option<(u64, String)>,
    pub(crate) created: Millis,
    pub(crate) archived: bool,
}

impl Owner {
    pub(crate) fn wire(&self) -> Value {
        let teams: Vec<Value> =
            self.team.iter().map(|(id, name)| json!({"id": id.to_string(), "name": name, "primary": true})).collect();
        json!({"id": self.id.to_string(), "email": self.email, "type": "PERSON", "firstName": self.first, "lastName": self.last,
            "userId": if self.archived { Value::Null } else { self.user.into() }, "userIdIncludingInactive": self.user,
            "createdAt": time_text(self.created), "updatedAt": time_text(self.created), "archived": self.archived, "teams": teams})
    }
}

/// A direction in which two types may be linked.
#[derive(Debug, Clone)]
pub(crate) struct LinkType {
    pub(crate) id: u32,
    pub(crate) from: KindIx,
    pub(crate) to: KindIx,
    pub(crate) label: Option<String>,
    pub(crate) name: String,
    pub(crate) user_defined: bool,
    /// The plain link between the two types, which is made when nothing else is asked for.
    pub(crate) plain: bool,
    pub(crate) inverse: u32,
}

impl LinkType {
    pub(crate) fn category(&self) -> &'static str {
        if self.user_defined { "USER_DEFINED" } else { "HUBSPOT_DEFINED" }
    }

    pub(crate) fn wire(&self) -> Value {
        json!({"category": self.category(), "typeId": self.id, "label": self.label})
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn values_are_taken_and_refused_as_hubspot_does() {
        let cases = [
            ("number", "text", "12.50", Some("12.50")),
            ("number", "text", "twelve", None),
            ("date", "date", "2026-02-29", None),
            ("date", "date", "2026-02-28", Some("2026-02-28")),
            ("date", "date", "1772236800000", Some("2026-02-28")),
            ("datetime", "date", "1772236800000", Some("2026-02-28T00:00:00.000Z")),
            ("datetime", "date", "soon", None),
            ("enumeration", "select", "a", Some("a")),
            ("enumeration", "select", "a;b", None),
            ("enumeration", "checkbox", "a;b", Some("a;b")),
            ("enumeration", "checkbox", "a;c", None),
            ("bool", "booleancheckbox", "true", Some("true")),
            ("bool", "booleancheckbox", "yes", None),
        ];
        for (of, field, given, stored) in cases {
            let p = Property::new("p", "P", of, field, "g").with_options(&["a", "b"]);
            assert_eq!(p.accept(given).ok().as_deref(), stored, "{of} {given}");
        }
    }
}
