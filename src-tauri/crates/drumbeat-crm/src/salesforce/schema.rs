//! Reading the account's real schema before a record is read, as this user's rights show it.
//!
//! Account and Opportunity must be readable; everything else that the user may not see is simply not there. A field is
//! writable if this user may write it, so that what field-level security takes away is known before anything is
//! decided. Record types are the pipelines of deals: each has its own stages of the one list. Which Leads are
//! registrations is told by their record type, unless the account keeps registrations in an object of its own.

use std::collections::BTreeMap;

use drumbeat_model::crm::{
    Conversion, Holds, ObjectKind, ObjectSchema, Outcome, Owner, Pipeline, PropertySchema, Schema, Stage, Vendor,
};
use drumbeat_model::value;
use futures::future::try_join_all;

use super::kinds::{LEAD, MASTER, RECORD_TYPE, standard};
use super::soql::{Compare, Condition, Literal, Select};
use super::wire::{Described, FieldRow, Layouts, ObjectName, Objects, PickValue, RecordType, Row, UserInfo};
use super::{Salesforce, data, rates};
use crate::error::CrmError;
use crate::http::Toll;
use crate::http::answer::Got;
use crate::retry::{Counter, Lane};

pub(super) const TOLL: Toll = Toll(Counter::General, Lane::Delta);

/// Names of the objects and record types that hold registrations and certificates, without case and signs, best first.
const REGISTRATION: &[&str] = &["partnerregistration", "dealregistration", "leadregistration", "dealreg"];
const CERTIFICATION: &[&str] = &["partnercertification", "certification", "partnercertificate", "certificate"];
/// Users who can own records.
const OWNERS: &[&str] = &["Standard", "PowerPartner", "PowerCustomerSuccess"];
/// Fields in which a person's name is put together; it is written through its parts.
const WHOLE_NAME: &str = "Name";
/// The right to view and edit converted leads.
const EDIT_CONVERTED: &str = "PermissionsAllowViewEditConvertedLeads";

struct Object {
    kind: ObjectKind,
    name: String,
    /// The one record type whose records are of the kind.
    of_type: Option<String>,
}

pub(super) async fn describe(salesforce: &Salesforce) -> Result<Schema, CrmError> {
    let organization = organization(salesforce).await?;
    let (currency, rates) = rates::present(salesforce).await?;
    let all: Got<Objects> = salesforce.http.get(TOLL, salesforce.data(&["sobjects"])?).await?;
    let names = all.value.sobjects;
    let is_there = |name: &str| names.iter().any(|known| known.name.as_str() == name && known.queryable);
    salesforce.trade(rates, is_there(rates::DATED));
    let mut wanted: Vec<String> = ["Account", "Opportunity"].map(str::to_owned).into_iter().collect();
    wanted.extend(["Contact", "Task", "Event", LEAD].map(str::to_owned).into_iter().filter(|name| is_there(name)));
    let own = |words: &[&str]| best(&names, words).map(|object| object.name.as_str().to_owned());
    let (registration, certification) = (own(REGISTRATION), own(CERTIFICATION));
    wanted.extend(registration.iter().chain(&certification).cloned());
    let described: BTreeMap<String, Described> =
        try_join_all(wanted.into_iter().map(|name| described(salesforce, name))).await?.into_iter().flatten().collect();

    let mut objects = BTreeMap::new();
    for object in objects_of(&described, registration.as_deref(), certification.as_deref()) {
        if let Some(found) = described.get(&object.name) {
            objects.insert(object.kind, schema_of(&object, found));
        }
    }
    if let Some(lead) = objects.get_mut(&ObjectKind::Registration).filter(|object| object.type_name == LEAD) {
        lead.conversion = conversion(salesforce).await?;
    }
    let could = registrations_to_be(&described, &objects);
    let deal = described.get("Opportunity");
    let deal = deal.ok_or_else(|| CrmError::Forbidden("this user does not see opportunities".to_owned()))?;
    let pipelines = pipelines(salesforce, deal).await?;
    let owners = owners(salesforce).await?;
    let user: UserInfo =
        optional(salesforce.http.get(TOLL, salesforce.http.url(&["services", "oauth2", "userinfo"])?).await)?
            .unwrap_or_default();
    let me = owners.iter().find(|owner| same_id(&owner.id, user.user_id.as_str())).map(|owner| owner.id.clone());
    Ok(Schema {
        vendor: Vendor::Salesforce,
        account_id: organization.id,
        account_name: organization.name,
        currency,
        time_zone: organization.time_zone,
        me,
        can_write: deal.updateable && deal.createable,
        objects,
        could,
        pipelines,
        owners,
    })
}

/// The long form of an id says the same as its first fifteen letters.
pub(super) fn same_id(a: &str, b: &str) -> bool {
    a.len() >= 15 && b.len() >= 15 && a.get(..15) == b.get(..15)
}

struct Organization {
    id: String,
    name: String,
    time_zone: String,
}

async fn organization(salesforce: &Salesforce) -> Result<Organization, CrmError> {
    let select = Select {
        fields: ["Id", "Name", "TimeZoneSidKey"].map(str::to_owned).into(),
        from: "Organization".to_owned(),
        limit: Some(1),
        ..Select::default()
    };
    let rows = data::rows(salesforce, TOLL, &select, false).await?;
    let row = rows.first().filter(|row| row.get("Id").is_some());
    let row = row.ok_or_else(|| CrmError::Garbled("the account has no id".to_owned()))?;
    let text = |field: &str| row.get(field).unwrap_or_default().to_owned();
    Ok(Organization {
        id: text("Id"),
        name: row.get("Name").unwrap_or("Salesforce account").to_owned(),
        time_zone: row.get("TimeZoneSidKey").unwrap_or("UTC").to_owned(),
    })
}

/// In which states a lead may be left by its conversion, and whether this user may write in it afterwards.
async fn conversion(salesforce: &Salesforce) -> Result<Option<Conversion>, CrmError> {
    let select = Select {
        fields: ["ApiName", "MasterLabel"].map(str::to_owned).into(),
        from: "LeadStatus".to_owned(),
        conditions: vec![Condition::equal("IsConverted", Literal::Truth(true))],
        order: vec!["SortOrder".to_owned()],
        ..Select::default()
    };
    let rows = without(data::rows(salesforce, TOLL, &select, false).await)?.unwrap_or_default();
    let name = |row: &Row| row.get("ApiName").or(row.get("MasterLabel")).map(str::to_owned);
    let states: Vec<String> = rows.iter().filter_map(name).collect();
    if states.is_empty() {
        return Ok(None);
    }
    let select = Select {
        fields: vec![EDIT_CONVERTED.to_owned()],
        from: "UserPermissionAccess".to_owned(),
        limit: Some(1),
        ..Select::default()
    };
    let rights = without(data::rows(salesforce, TOLL, &select, false).await)?.unwrap_or_default();
    Ok(Some(Conversion { states, stays_open: rights.first().is_some_and(|row| row.is(EDIT_CONVERTED)) }))
}

/// A refusal of something that one can do without.
pub(super) fn optional<T>(got: Result<Got<T>, CrmError>) -> Result<Option<T>, CrmError> {
    without(got.map(|got| got.value))
}

pub(super) fn without<T>(got: Result<T, CrmError>) -> Result<Option<T>, CrmError> {
    match got {
        Ok(value) => Ok(Some(value)),
        Err(CrmError::Forbidden(_) | CrmError::NotFound(_) | CrmError::Refused(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

async fn described(salesforce: &Salesforce, name: String) -> Result<Option<(String, Described)>, CrmError> {
    let got = salesforce.http.get(TOLL, salesforce.data(&["sobjects", &name, "describe"])?).await;
    let found = match name.as_str() {
        "Account" | "Opportunity" => Some(got?.value),
        _ => optional(got)?,
    };
    Ok(found.map(|found| (name, found)))
}

fn letters(text: &str) -> String {
    let text = text.strip_suffix("__c").unwrap_or(text);
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The custom object whose name or label is one of `words`.
fn best<'o>(names: &'o [ObjectName], words: &[&str]) -> Option<&'o ObjectName> {
    let rank = |object: &ObjectName| {
        let texts = [&object.name, &object.label, &object.label_plural].map(|text| letters(text.as_str()));
        let is_ours = object.custom && object.queryable && object.name.as_str().ends_with("__c");
        words.iter().position(|word| is_ours && texts.iter().any(|text| text.trim_end_matches('s') == *word))
    };
    names.iter().filter_map(|object| Some((rank(object)?, object))).min_by_key(|(rank, _)| *rank).map(|(_, o)| o)
}

fn objects_of(
    described: &BTreeMap<String, Described>,
    registration: Option<&str>,
    certification: Option<&str>,
) -> Vec<Object> {
    let has = |object: &str, field: &str| {
        described.get(object).is_some_and(|found| found.fields.iter().any(|known| known.name.as_str() == field))
    };
    let mut objects = Vec::new();
    for kind in ObjectKind::ALL {
        let (name, of_type) = match kind {
            ObjectKind::Registration => match &registration {
                Some(own) => (Some((*own).to_owned()), None),
                None => {
                    let types = described.get(LEAD).map(|lead| lead.record_type_infos.as_slice()).unwrap_or_default();
                    let found = registration_type(types);
                    (found.is_some().then(|| LEAD.to_owned()), found)
                }
            },
            ObjectKind::Certification => (certification.map(str::to_owned), None),
            // Without subtypes every activity is a task.
            ObjectKind::Call | ObjectKind::Email => (has("Task", "TaskSubtype").then(|| "Task".to_owned()), None),
            kind => (standard(*kind).map(str::to_owned), None),
        };
        objects.extend(name.map(|name| Object { kind: *kind, name, of_type }));
    }
    objects
}

/// Leads as they are before a record type makes registrations of some.
fn registrations_to_be(
    described: &BTreeMap<String, Described>,
    objects: &BTreeMap<ObjectKind, ObjectSchema>,
) -> BTreeMap<ObjectKind, ObjectSchema> {
    let kind = ObjectKind::Registration;
    let lead = described.get(LEAD).filter(|_| !objects.contains_key(&kind));
    let lead = lead.map(|found| (kind, schema_of(&Object { kind, name: LEAD.to_owned(), of_type: None }, found)));
    lead.into_iter().collect()
}

/// The record type of Leads that are deal registrations.
fn registration_type(types: &[RecordType]) -> Option<String> {
    let rank = |known: &RecordType| {
        let texts = [&known.developer_name, &known.name].map(|text| letters(text.as_str()));
        let is_usable = !known.master && known.active != Some(false) && !known.record_type_id.as_str().is_empty();
        REGISTRATION.iter().position(|word| is_usable && texts.iter().any(|text| text.trim_end_matches('s') == *word))
    };
    let found = types.iter().filter_map(|known| Some((rank(known)?, known))).min_by_key(|(rank, _)| *rank);
    found.map(|(_, known)| known.record_type_id.as_str().to_owned())
}

fn schema_of(object: &Object, found: &Described) -> ObjectSchema {
    let parts_writable = found.fields.iter().any(|field| field.name.as_str() == "LastName" && field.updateable);
    let mut properties: Vec<PropertySchema> = found
        .fields
        .iter()
        .filter(|field| !field.name.as_str().is_empty())
        // A field that is put together of others, or holds a file, is in no answer to a question.
        .filter(|field| !matches!(field.kind.as_str(), "address" | "location" | "base64" | "complexvalue"))
        .filter(|field| field.filterable || field.name.as_str() != "SystemModstamp")
        .map(|field| {
            let mut property = property(field);
            if property.name == WHOLE_NAME && parts_writable {
                property.read_only = false;
            }
            property
        })
        .collect();
    let types = active(&found.record_type_infos);
    let types =
        types.filter(|known| object.of_type.as_deref().is_none_or(|only| only == known.record_type_id.as_str()));
    let types: Vec<(String, String)> =
        types.map(|known| (known.record_type_id.as_str().to_owned(), known.name.as_str().to_owned())).collect();
    match properties.iter_mut().find(|property| property.name == RECORD_TYPE) {
        Some(property) => property.options = types,
        // Every deal is in a pipeline, also where the account has none to choose from.
        None if object.kind == ObjectKind::Deal => properties.push(PropertySchema {
            name: RECORD_TYPE.to_owned(),
            label: "Record type".to_owned(),
            holds: Holds::Text,
            options: vec![(MASTER.to_owned(), DEALS.to_owned())],
            read_only: false,
            calculated: false,
            unique: false,
            required: false,
        }),
        None => {}
    }
    let label = match object.kind {
        ObjectKind::Note => "Notes",
        ObjectKind::Call => "Calls",
        ObjectKind::Email => "E-mails",
        _ => found.label_plural.as_str(),
    };
    ObjectSchema { type_name: object.name.clone(), label: label.to_owned(), properties, conversion: None }
}

fn active(types: &[RecordType]) -> impl Iterator<Item = &RecordType> {
    types
        .iter()
        .filter(|known| !known.master && known.active != Some(false) && !known.record_type_id.as_str().is_empty())
}

fn property(field: &FieldRow) -> PropertySchema {
    let name = field.name.as_str().to_owned();
    let holds = match field.kind.as_str() {
        "boolean" => Holds::Truth,
        "currency" | "double" | "int" | "long" | "percent" => Holds::Number,
        "date" => Holds::Day,
        "datetime" => Holds::Instant,
        "picklist" => Holds::Choice,
        "multipicklist" => Holds::Choices,
        _ => Holds::Text,
    };
    let option = |choice: &PickValue| {
        let value = choice.value.as_str().to_owned();
        let label = choice.label.0.clone().unwrap_or_else(|| value.clone());
        (value, label)
    };
    let options = field.picklist_values.iter().filter(|choice| choice.active != Some(false)).map(option);
    let calculated =
        field.calculated || field.auto_number || field.createable != field.updateable || OWN.contains(&name.as_str());
    PropertySchema {
        label: field.label.0.clone().unwrap_or_else(|| name.clone()),
        name,
        holds,
        options: if matches!(holds, Holds::Choice | Holds::Choices) { options.collect() } else { Vec::new() },
        read_only: !field.updateable,
        calculated,
        unique: field.unique,
        required: field.createable && !field.nillable && !field.defaulted_on_create,
    }
}

/// Fields that Salesforce sets itself and does not mark as calculated.
const OWN: &[&str] = &[
    "CompletedDateTime",
    "ConvertedAccountId",
    "ConvertedContactId",
    "ConvertedOpportunityId",
    "CreatedDate",
    "IsPartner",
    "LastActivityDate",
    "LastStageChangeDate",
    "PartnerAccountId",
];

/// What the one pipeline is called where the account has no record types.
const DEALS: &str = "Opportunities";

async fn pipelines(salesforce: &Salesforce, deal: &Described) -> Result<Vec<Pipeline>, CrmError> {
    let select = Select {
        fields: ["ApiName", "MasterLabel", "IsActive", "IsClosed", "IsWon", "DefaultProbability", "SortOrder"]
            .map(str::to_owned)
            .into(),
        from: "OpportunityStage".to_owned(),
        order: vec!["SortOrder".to_owned()],
        ..Select::default()
    };
    let stages = data::rows(salesforce, TOLL, &select, false).await?;
    let stages: Vec<Stage> = stages.iter().filter(|row| row.is("IsActive")).filter_map(stage).collect();
    let types: Vec<&RecordType> = active(&deal.record_type_infos).collect();
    if types.is_empty() {
        return Ok(vec![Pipeline { id: MASTER.to_owned(), label: DEALS.to_owned(), stages }]);
    }
    let url = salesforce.data(&["sobjects", "Opportunity", "describe", "layouts"])?;
    let layouts: Option<Layouts> = optional(salesforce.http.get(TOLL, url).await)?;
    let mappings = layouts.map(|layouts| layouts.record_type_mappings).unwrap_or_default();
    let own = |id: &str| -> Option<Vec<&str>> {
        let mapping = mappings.iter().find(|mapping| same_id(mapping.record_type_id.as_str(), id))?;
        let list = mapping.picklists_for_record_type.iter().find(|list| list.picklist_name.as_str() == "StageName")?;
        let values = list.picklist_values.iter().filter(|value| value.active != Some(false));
        Some(values.map(|value| value.value.as_str()).collect())
    };
    let pipeline = |known: &RecordType| {
        let id = known.record_type_id.as_str().to_owned();
        let own = own(&id).filter(|own| !own.is_empty());
        let of_it = |stage: &&Stage| own.as_ref().is_none_or(|own| own.contains(&stage.id.as_str()));
        Pipeline { label: known.name.as_str().to_owned(), stages: stages.iter().filter(of_it).cloned().collect(), id }
    };
    Ok(types.into_iter().map(pipeline).collect())
}

fn stage(row: &Row) -> Option<Stage> {
    let id = row.get("ApiName").or(row.get("MasterLabel"))?.to_owned();
    let percent = row.get("DefaultProbability").and_then(value::decimal).map(|share| share.round());
    Some(Stage {
        label: row.get("MasterLabel").unwrap_or(&id).to_owned(),
        outcome: match (row.is("IsClosed"), row.is("IsWon")) {
            (true, true) => Outcome::Won,
            (true, false) => Outcome::Lost,
            (false, _) => Outcome::Open,
        },
        probability: percent.and_then(|percent| u32::try_from(percent).ok()).unwrap_or(0).min(100),
        id,
    })
}

async fn owners(salesforce: &Salesforce) -> Result<Vec<Owner>, CrmError> {
    let mut owners = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let mut conditions = vec![
            Condition::equal("IsActive", Literal::Truth(true)),
            Condition::In("UserType".to_owned(), OWNERS.iter().map(|kind| (*kind).to_owned()).collect()),
        ];
        conditions.extend(after.take().map(|id| Condition::Is("Id".to_owned(), Compare::Over, Literal::Text(id))));
        let select = Select {
            fields: ["Id", "Name", "Email"].map(str::to_owned).into(),
            from: "User".to_owned(),
            conditions,
            order: vec!["Id".to_owned()],
            limit: Some(data::PAGE),
        };
        let Some(rows) = without(data::rows(salesforce, TOLL, &select, false).await)? else { return Ok(owners) };
        let full = rows.len() >= data::PAGE;
        for row in rows {
            let text = |field: &str| row.get(field).unwrap_or_default().to_owned();
            owners.push(Owner { id: text("Id"), name: text("Name"), email: text("Email") });
        }
        after = owners.last().map(|owner| owner.id.clone());
        if !full {
            return Ok(owners);
        }
    }
}
