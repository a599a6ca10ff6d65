//! Adding one field to the account, through its Tooling API, which wants the right to change metadata. What only a
//! package brings ([`super::package`]) is refused here.
//!
//! Doing it twice is the same as doing it once: "exists already" is looked at, not trusted, because an op id that is not
//! unique would be worse than none. A new field is seen by nobody until a profile or permission set shows it; that is
//! given to the user's own permission sets nowhere here, it is for the admin. Fields of tasks and events are fields of
//! the activity that both are.

use drumbeat_model::crm::{Holds, ProvisionItem};
use reqwest::Method;
use serde_json::{Value, json};

use super::Salesforce;
use super::wire::Described;
use super::write::refused_or_unknown;
use crate::crm::{Refusal, RefusalKind, WriteOutcome, failed};
use crate::error::CrmError;
use crate::http::Toll;
use crate::http::answer::Got;
use crate::mapping::{REGISTRATION_TYPE, shape};
use crate::retry::{Counter, Lane};

/// Whose field it is when it is added.
pub(crate) fn owner(object: &str) -> &str {
    if matches!(object, "Task" | "Event") { "Activity" } else { object }
}

pub(super) async fn provision(salesforce: &Salesforce, item: &ProvisionItem) -> Result<(), CrmError> {
    if item.property == REGISTRATION_TYPE {
        return Err(CrmError::Refused(format!(
            "the record type {} of {} comes with the package for the admin, not by this interface",
            item.label, item.object_name
        )));
    }
    let body = json!({
        "FullName": format!("{}.{}", owner(&item.object_name), item.property),
        "Metadata": metadata(item),
    });
    let url = salesforce.data(&["tooling", "sobjects", "CustomField"])?;
    let outcome = match salesforce.http.write(Method::POST, url, Some(body.to_string().into_bytes()), &[]).await {
        Ok(answer) if answer.status.is_success() => return Ok(()),
        Ok(answer) => refused_or_unknown(salesforce, &answer),
        Err(outcome) => outcome,
    };
    let WriteOutcome::Refused(Refusal {
        kind: kind @ (RefusalKind::Validation | RefusalKind::Duplicate), message, ..
    }) = &outcome
    else {
        return Err(failed(outcome));
    };
    // It may be there already, made by an answer that was lost or by the other of two kinds that share an object.
    let url = salesforce.data(&["sobjects", &item.object_name, "describe"])?;
    let there: Got<Described> = salesforce.http.get(Toll(Counter::General, Lane::Write), url).await?;
    match there.value.fields.iter().find(|field| field.name.as_str() == item.property) {
        Some(field) if item.unique && !field.unique => Err(CrmError::Refused(format!(
            "a field {} is there already and allows a value twice; it has to be removed first",
            item.property
        ))),
        Some(_) => Ok(()),
        // The name is taken, by a field that is not among those shown.
        None if *kind == RefusalKind::Duplicate => Err(CrmError::Refused(format!(
            "the field {} ({}) of {} is there, but not shown to this user",
            item.label, item.property, item.object_name
        ))),
        None => Err(CrmError::Refused(message.clone())),
    }
}

/// A field as the metadata wants it.
pub(crate) fn metadata(item: &ProvisionItem) -> Value {
    let (holds, options) = shape(item.object, &item.property);
    let mut field = json!({ "label": item.label, "description": item.why });
    let more = match (holds, refers(item)) {
        (_, Some(to)) => json!({
            "type": "Lookup", "referenceTo": to, "deleteConstraint": "SetNull",
            "relationshipLabel": format!("{} ({})", stem(&item.object_name), item.label),
            "relationshipName": format!("{}_{}", stem(&item.object_name), stem(&item.property)),
        }),
        (holds, None) => own(holds, item, &options),
    };
    if let (Value::Object(field), Value::Object(more)) = (&mut field, more) {
        field.extend(more);
    }
    field
}

/// The object whose records a field of ours names.
fn refers(item: &ProvisionItem) -> Option<&'static str> {
    match item.property.as_str() {
        "Partner__c" | "Partner_Organisation__c" | "Account__c" => Some("Account"),
        "Deal__c" => Some("Opportunity"),
        _ => None,
    }
}

/// A name without the vendor's mark.
fn stem(name: &str) -> &str {
    name.strip_suffix("__c").unwrap_or(name)
}

/// What a field that holds a value of its own is made of.
fn own(holds: Holds, item: &ProvisionItem, options: &[(String, String)]) -> Value {
    match holds {
        Holds::Text if item.unique => {
            json!({ "type": "Text", "length": 64, "unique": true, "externalId": true, "caseSensitive": true })
        }
        Holds::Text if is_short(&item.property) => json!({ "type": "Text", "length": 255 }),
        // The longest there is: one text holds all that the account has no field for.
        Holds::Text if item.property == "Drumbeat_Record__c" => {
            json!({ "type": "LongTextArea", "length": 131_072, "visibleLines": 4 })
        }
        Holds::Text => json!({ "type": "LongTextArea", "length": 32768, "visibleLines": 4 }),
        Holds::Number => json!({ "type": "Number", "precision": 18, "scale": 2 }),
        Holds::Day => json!({ "type": "Date" }),
        Holds::Instant => json!({ "type": "DateTime" }),
        Holds::Truth => json!({ "type": "Checkbox", "defaultValue": "false" }),
        Holds::Choice | Holds::Choices => {
            let values: Vec<Value> = options
                .iter()
                .map(|(value, label)| json!({ "fullName": value, "label": label, "default": false }))
                .collect();
            let set = json!({ "valueSetDefinition": { "sorted": false, "value": values } });
            if holds == Holds::Choice {
                json!({ "type": "Picklist", "valueSet": set })
            } else {
                json!({ "type": "MultiselectPicklist", "visibleLines": 4, "valueSet": set })
            }
        }
    }
}

/// Text that is looked for or compared, and therefore short.
fn is_short(property: &str) -> bool {
    !matches!(property, "Drumbeat_Record__c" | "Problem__c" | "Proof_Of_Work__c" | "Stage_Notes__c")
        && !property.ends_with("_Notes__c")
        && !property.ends_with("_Reason__c")
        && !property.ends_with("_Request__c")
}
