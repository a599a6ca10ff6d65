//! Adding one property to the account, with its group first.
//!
//! Doing it twice is the same as doing it once: "exists already" is looked at, not trusted, because an
//! op id that is not unique would be worse than none. What form a property has (its list of values, its
//! type) is the mapping's table; how HubSpot spells that is here.

use drumbeat_model::crm::{Holds, ObjectKind, ProvisionItem};
use reqwest::Method;
use serde::Serialize;

use super::wire::Property;
use super::write::{refused_or_unknown, send};
use super::{API_VERSION, HubSpot};
use crate::crm::{Refusal, RefusalKind, WriteOutcome, failed};
use crate::error::CrmError;
use crate::http::Toll;
use crate::http::answer::Got;
use crate::mapping::shape;
use crate::retry::{Counter, Lane};

const GROUP: &str = "drumbeat";

#[derive(Serialize)]
struct NewGroup {
    name: &'static str,
    label: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct NewProperty<'a> {
    name: &'a str,
    label: &'a str,
    description: &'a str,
    group_name: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
    field_type: &'static str,
    has_unique_value: bool,
    options: Vec<NewOption>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct NewOption {
    value: String,
    label: String,
    display_order: usize,
    hidden: bool,
}

pub(super) async fn provision(hubspot: &HubSpot, item: &ProvisionItem) -> Result<(), CrmError> {
    let object = hubspot.type_of(item.object)?;
    add(hubspot, &["crm", "properties", API_VERSION, &object, "groups"], &NewGroup { name: GROUP, label: "Drumbeat" })
        .await?;
    let new = property(item.object, item);
    if add(hubspot, &["crm", "properties", API_VERSION, &object], &new).await? {
        return Ok(());
    }
    let url = hubspot.http.url(&["crm", "properties", API_VERSION, &object, &item.property])?;
    let there: Got<Property> = hubspot.http.get(Toll(Counter::General, Lane::Write), url).await?;
    if item.unique && !there.value.has_unique_value.is_true() {
        return Err(CrmError::Refused(format!(
            "a property {} is there already and allows a value twice; it has to be removed first",
            item.property
        )));
    }
    Ok(())
}

fn property(kind: ObjectKind, item: &ProvisionItem) -> NewProperty<'_> {
    let (holds, options) = shape(kind, &item.property);
    let (kind, field_type) = match holds {
        Holds::Text => ("string", if item.unique { "text" } else { "textarea" }),
        Holds::Number => ("number", "number"),
        Holds::Day => ("date", "date"),
        Holds::Instant => ("datetime", "date"),
        Holds::Truth => ("bool", "booleancheckbox"),
        Holds::Choice => ("enumeration", "select"),
        Holds::Choices => ("enumeration", "checkbox"),
    };
    let options = options.into_iter().enumerate();
    let options =
        options.map(|(display_order, (value, label))| NewOption { value, label, display_order, hidden: false });
    NewProperty {
        name: &item.property,
        label: &item.label,
        description: &item.why,
        group_name: GROUP,
        kind,
        field_type,
        has_unique_value: item.unique,
        options: options.collect(),
    }
}

/// Adds something; `false` when it is there already.
async fn add(hubspot: &HubSpot, path: &[&str], new: &impl Serialize) -> Result<bool, CrmError> {
    let outcome = match send(hubspot, Method::POST, hubspot.http.url(path)?, Some(new)).await {
        Ok(answer) if answer.status.is_success() => return Ok(true),
        Ok(answer) => refused_or_unknown(&answer, hubspot.http.token().expose()),
        Err(outcome) => outcome,
    };
    match outcome {
        WriteOutcome::Refused(Refusal { kind: RefusalKind::Duplicate, .. }) => Ok(false),
        other => Err(failed(other)),
    }
}
