//! The CRM past the client: what other people do there and what a test asks of it, in each vendor's own requests. All
//! that differs between the CRMs in these tests is here.

use std::collections::{BTreeMap, BTreeSet};

use drumbeat_model::crm::{ObjectKind, Properties, Schema, Vendor};
use drumbeat_model::value;
use drumbeat_sandbox::{Dialect, Sandbox};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::bench::http;

/// The version of Salesforce's API that other people's tools speak.
const DATA: &str = "/services/data/v62.0";

/// The dialect of a vendor's sandbox.
pub fn dialect(crm: Vendor) -> Dialect {
    match crm {
        Vendor::Hubspot => Dialect::Hubspot,
        Vendor::Salesforce => Dialect::Salesforce,
    }
}

/// Requests that reading a few deals takes: their contacts and partners are records of their own in Salesforce.
pub fn reads(crm: Vendor) -> u32 {
    match crm {
        Vendor::Hubspot => 1,
        Vendor::Salesforce => 3,
    }
}

/// Seconds that "too many requests" lets an op wait, when the answer does not say how long.
pub fn too_many(crm: Vendor) -> u64 {
    match crm {
        Vendor::Hubspot => 10,
        // The day's requests are used up: some are free again within the hour.
        Vendor::Salesforce => 3600,
    }
}

/// Whether an edit of the last moment is written over (and told): Salesforce refuses what is built on another version.
pub fn overwrites(crm: Vendor) -> bool {
    crm == Vendor::Hubspot
}

/// Where every read and write of records goes, for aiming faults.
pub fn records(crm: Vendor) -> String {
    match crm {
        Vendor::Hubspot => "/crm/objects".to_owned(),
        Vendor::Salesforce => DATA.to_owned(),
    }
}

/// Where writes of one object go, for aiming faults.
pub fn writes(crm: Vendor, object: &str) -> String {
    match crm {
        Vendor::Hubspot => format!("/crm/objects/2026-09/{object}"),
        Vendor::Salesforce => format!("{DATA}/sobjects/{object}"),
    }
}

/// One record's value.
pub async fn value_of(crm: Vendor, sandbox: &Sandbox, object: &str, id: &str, property: &str) -> String {
    let (status, body) = match crm {
        Vendor::Hubspot => {
            http(sandbox, "GET", &format!("/crm/v3/objects/{object}/{id}?properties={property}"), "").await
        }
        Vendor::Salesforce => {
            http(sandbox, "GET", &format!("{DATA}/sobjects/{object}/{id}?fields={property}"), "").await
        }
    };
    assert_eq!(status, 200, "{body}");
    match crm {
        Vendor::Hubspot => text(&body["properties"][property]),
        Vendor::Salesforce => text(&body[property]),
    }
}

/// A value as text, as far as it has one.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// Every living record of an object: values of these properties by id, empty ones left out. Of Salesforce's only those
/// for which the condition holds.
pub async fn all(
    crm: Vendor,
    sandbox: &Sandbox,
    object: &str,
    names: &BTreeSet<String>,
    condition: &str,
) -> BTreeMap<String, Properties> {
    let list: Vec<&str> = names.iter().map(String::as_str).collect();
    let list = list.join(",");
    let mut all = BTreeMap::new();
    let mut next = match crm {
        Vendor::Hubspot => Some(format!("/crm/v3/objects/{object}?limit=100&properties={list}")),
        Vendor::Salesforce => {
            let question = format!("SELECT Id,{list} FROM {object}{condition}");
            let query: String = url::form_urlencoded::byte_serialize(question.as_bytes()).collect();
            Some(format!("{DATA}/query?q={query}"))
        }
    };
    while let Some(path) = next.take() {
        let (status, body) = http(sandbox, "GET", &path, "").await;
        assert_eq!(status, 200, "{body}");
        let rows = body[if crm == Vendor::Hubspot { "results" } else { "records" }].as_array().unwrap();
        for row in rows {
            let (id, values) = match crm {
                Vendor::Hubspot => (&row["id"], &row["properties"]),
                Vendor::Salesforce => (&row["Id"], row),
            };
            let values = values.as_object().unwrap().iter().filter(|(name, _)| names.contains(*name));
            let values = values.map(|(name, value)| (name.clone(), text(value))).filter(|(_, text)| !text.is_empty());
            all.insert(text(id), values.collect());
        }
        next = match crm {
            Vendor::Hubspot => body["paging"]["next"]["after"]
                .as_str()
                .map(|after| format!("/crm/v3/objects/{object}?limit=100&properties={list}&after={after}")),
            Vendor::Salesforce => body["nextRecordsUrl"].as_str().map(str::to_owned),
        };
    }
    all
}

/// Whether two sets of values say the same, each CRM in its own way of writing them.
pub fn same(a: &Properties, b: &Properties) -> bool {
    let names: BTreeSet<&String> = a.keys().chain(b.keys()).collect();
    names.into_iter().all(|name| value::same(a.get(name).map(String::as_str), b.get(name).map(String::as_str)))
}

/// What tells a kind's records from the others of its object, where they share one.
pub fn condition(crm: Vendor, kind: ObjectKind) -> &'static str {
    match (crm, kind) {
        (Vendor::Salesforce, ObjectKind::Registration) => " WHERE RecordType.DeveloperName = 'Deal_Registration'",
        (Vendor::Salesforce, ObjectKind::Task) => " WHERE TaskSubtype = 'Task' AND Drumbeat_Note__c = false",
        (Vendor::Salesforce, ObjectKind::Note) => " WHERE Drumbeat_Note__c = true",
        (Vendor::Salesforce, ObjectKind::Call) => " WHERE TaskSubtype = 'Call'",
        (Vendor::Salesforce, ObjectKind::Email) => " WHERE TaskSubtype = 'Email'",
        _ => "",
    }
}

/// Somebody puts a record into the bin.
pub async fn delete(crm: Vendor, sandbox: &Sandbox, object: &str, id: &str) {
    let path = match crm {
        Vendor::Hubspot => format!("/crm/v3/objects/{object}/{id}"),
        Vendor::Salesforce => format!("{DATA}/sobjects/{object}/{id}"),
    };
    let (status, body) = http(sandbox, "DELETE", &path, "").await;
    assert_eq!(status, 204, "{body}");
}

/// Somebody merges two companies; the survivor's id.
pub async fn merge_companies(crm: Vendor, sandbox: &Sandbox, winner: &str, loser: &str) -> String {
    match crm {
        Vendor::Hubspot => {
            let body = json!({ "primaryObjectId": winner, "objectIdToMerge": loser });
            let (status, body) = http(sandbox, "POST", "/crm/v3/objects/companies/merge", &body.to_string()).await;
            assert_eq!(status, 200, "{body}");
            body["id"].as_str().unwrap().to_owned()
        }
        Vendor::Salesforce => {
            let body = format!(
                "<e:Envelope xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\"><e:Header><SessionHeader><sessionId>{}\
                 </sessionId></SessionHeader></e:Header><e:Body><merge><request><masterRecord><type>Account</type>\
                 <Id>{winner}</Id></masterRecord><recordToMergeIds>{loser}</recordToMergeIds></request></merge></e:Body>\
                 </e:Envelope>",
                sandbox.token()
            );
            let (status, _) = http(sandbox, "POST", "/services/Soap/u/62.0", &body).await;
            assert_eq!(status, 200);
            winner.to_owned()
        }
    }
}

/// Somebody converts a lead of Salesforce; the deal that came of it.
pub async fn convert(sandbox: &Sandbox, lead: &str) -> String {
    let body = format!(
        "<e:Envelope xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\"><e:Header><SessionHeader><sessionId>{}\
         </sessionId></SessionHeader></e:Header><e:Body><convertLead><leadConverts><convertedStatus>Closed - Converted\
         </convertedStatus><leadId>{lead}</leadId></leadConverts></convertLead></e:Body></e:Envelope>",
        sandbox.token()
    );
    let (status, answer) = http(sandbox, "POST", "/services/Soap/u/62.0", &body).await;
    assert_eq!(status, 200, "{answer}");
    let deal = value_of(Vendor::Salesforce, sandbox, "Lead", lead, "ConvertedOpportunityId").await;
    assert!(deal.starts_with("006"), "{deal} {answer}");
    deal
}

/// What one of the company's own currency is in others, with the days of each rate: read where Salesforce tells it.
pub async fn rates(sandbox: &Sandbox) -> Vec<(String, String, Option<String>, Decimal)> {
    let question = "SELECT+IsoCode,StartDate,NextStartDate,ConversionRate+FROM+DatedConversionRate";
    let (status, body) = http(sandbox, "GET", &format!("{DATA}/query?q={question}"), "").await;
    assert_eq!(status, 200, "{body}");
    let one = |row: &Value| {
        let until = Some(text(&row["NextStartDate"])).filter(|day| !day.is_empty());
        (text(&row["IsoCode"]), text(&row["StartDate"]), until, text(&row["ConversionRate"]).parse().unwrap())
    };
    body["records"].as_array().unwrap().iter().map(one).collect()
}

/// An admin of Salesforce sets the rate of a currency that begins on a day.
pub async fn set_rate(sandbox: &Sandbox, currency: &str, from: &str, rate: &str) {
    let question = format!("SELECT+Id+FROM+DatedConversionRate+WHERE+IsoCode='{currency}'+AND+StartDate={from}")
        .replace('\'', "%27");
    let (status, body) = http(sandbox, "GET", &format!("{DATA}/query?q={question}"), "").await;
    assert_eq!(status, 200, "{body}");
    let path = format!("{DATA}/sobjects/DatedConversionRate/{}", text(&body["records"][0]["Id"]));
    let (status, body) = http(sandbox, "PATCH", &path, &format!("{{\"ConversionRate\": {rate}}}")).await;
    assert_eq!(status, 204, "{body}");
}

/// Somebody logs a note on a deal; its id.
pub async fn log_note(crm: Vendor, sandbox: &Sandbox, deal: &str, text: &str) -> String {
    let (path, body) = match crm {
        Vendor::Hubspot => (
            "/crm/v3/objects/notes".to_owned(),
            json!({
                "properties": { "hs_note_body": text, "hs_timestamp": "2026-11-20T09:30:00Z" },
                "associations": [{
                    "to": { "id": deal },
                    "types": [{ "associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 214 }],
                }],
            }),
        ),
        Vendor::Salesforce => (
            format!("{DATA}/sobjects/Task"),
            json!({ "Subject": text, "Description": text, "Status": "Completed", "Drumbeat_Note__c": true, "WhatId": deal }),
        ),
    };
    let (status, body) = http(sandbox, "POST", &path, &body.to_string()).await;
    assert_eq!(status, 201, "{body}");
    body["id"].as_str().unwrap().to_owned()
}

/// Whether a value is the CRM's own doing and comes with the next read, or our mark.
pub fn is_its_own(property: &str) -> bool {
    const OWN: [&str; 12] = [
        "createdate",
        "hs_object_id",
        "notes_last_updated",
        "hs_lastmodifieddate",
        "drumbeat_last_op",
        "CreatedDate",
        "CurrencyIsoCode",
        "LastActivityDate",
        "LastModifiedDate",
        "LastModifiedById",
        "SystemModstamp",
        "Drumbeat_Last_Op__c",
    ];
    OWN.contains(&property)
}

/// Everything living in the CRM: every property of every record, of HubSpot's with its links, which are properties in
/// Salesforce.
pub async fn everything(crm: Vendor, sandbox: &Sandbox, schema: &Schema) -> BTreeMap<String, Properties> {
    let mut everything = BTreeMap::new();
    for (kind, object) in &schema.objects {
        let names = object.properties.iter().map(|property| property.name.clone()).collect();
        for (id, mut values) in all(crm, sandbox, &object.type_name, &names, condition(crm, *kind)).await {
            // The CRM's own stamp and our mark are the only traces of a change that was taken back.
            values.retain(|name, _| !is_its_own(name) || name == "createdate" || name == "CreatedDate");
            everything.insert(format!("{} {id}", kind.name()), values);
        }
        if crm == Vendor::Hubspot {
            let linked: Vec<&str> = schema.objects.values().map(|object| object.type_name.as_str()).collect();
            let linked = linked.join(",");
            let mut after = String::new();
            loop {
                let path = format!("/crm/v3/objects/{}?limit=100&associations={linked}{after}", object.type_name);
                let (status, body) = http(sandbox, "GET", &path, "").await;
                assert_eq!(status, 200, "{body}");
                for row in body["results"].as_array().unwrap() {
                    let known =
                        everything.get_mut(&format!("{} {}", kind.name(), row["id"].as_str().unwrap())).unwrap();
                    known.insert("associations".to_owned(), row["associations"].to_string());
                }
                match body["paging"]["next"]["after"].as_str() {
                    Some(next) => after = format!("&after={next}"),
                    None => break,
                }
            }
        }
    }
    everything
}
