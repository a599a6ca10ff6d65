//! Salesforce in the matrix. Every read but a description is a question, told apart by what it asks.

use std::collections::BTreeSet;

use drumbeat_crm::Connection;
use drumbeat_crm::crm::Crm;
use drumbeat_crm::error::CrmError;
use drumbeat_crm::retry::Policy;
use drumbeat_crm::salesforce::{API_VERSION, Salesforce as Client};
use drumbeat_model::crm::{Link, ObjectKind, Properties};
use drumbeat_sandbox::{Dialect, LedgerEntry, LedgerKind};
use serde_json::{Value, json};
use url::form_urlencoded::{byte_serialize, parse};

use super::{Door, Listed, Parts, text};
use crate::http::fault::{FINE, Fault};
use crate::http::lie::JSON;
use crate::http::request::Request;
use crate::http::wire::Message;

/// Salesforce's own ways.
pub struct Salesforce;

/// An answer of the SOAP API.
fn soap(status: u16, body: &str) -> Message {
    let envelope = "soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\"";
    let whole = format!("<{envelope}><soapenv:Body>{body}</soapenv:Body></soapenv:Envelope>");
    Message::answer(status, "text/xml", whole)
}

/// Joins deals and contacts.
const ROLES: &str = "OpportunityContactRole";

const PARTS: Parts = Parts {
    ids: &["Id", "id", "OpportunityId", "ContactId", "user_id", "ParentId"],
    words: &["type", "Field", "UserType"],
    counts: &["totalSize", "maxBatchSize"],
    maps: &["attributes"],
    twice: "\"records\":[],\"records\":[],\"id\":\"1\",\"id\":\"2\",\"fields\":[],\"sobjects\":[],",
    derived: &["LastActivityDate"],
    merged: None,
};

impl Door for Salesforce {
    fn dialect(&self) -> Dialect {
        Dialect::Salesforce
    }

    fn client(&self, connection: Connection, policy: Policy, root: Option<&[u8]>) -> Result<Box<dyn Crm>, CrmError> {
        Ok(Box::new(match root {
            Some(root) => Client::open_trusting(connection, policy, root)?,
            None => Client::open_with(connection, policy)?,
        }))
    }

    fn request(&self, method: &str, target: &str, body: &[u8]) -> Option<Request> {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let words: Vec<&str> = path.split('/').filter(|word| !word.is_empty()).collect();
        let has = |name: &str| {
            let asked: Value = serde_json::from_slice(body).unwrap_or_default();
            asked.get(name).is_some()
        };
        Some(match (method, words.as_slice()) {
            ("POST", ["services", "oauth2", "token"]) => Request::Refresh,
            ("POST", ["services", "Soap", "u", _]) => Request::Convert,
            ("GET", ["services", "oauth2", "userinfo"]) => Request::Token,
            ("GET", ["services", "data", _, from @ ("query" | "queryAll")]) => {
                let asked = parse(query.as_bytes()).find(|(name, _)| name == "q")?.1;
                return question(&asked, *from == "queryAll");
            }
            ("GET", ["services", "data", _, "sobjects" | "connect", ..]) => Request::Describe,
            ("PATCH", ["services", "data", _, "sobjects", _, _]) => Request::Update,
            ("DELETE", ["services", "data", _, "sobjects", _, _]) => Request::Archive,
            ("POST", ["services", "data", _, "sobjects", joins]) if *joins == ROLES => Request::Link,
            ("POST", ["services", "data", _, "sobjects", "Task"]) if has("Drumbeat_Note__c") => Request::Note,
            ("POST", ["services", "data", _, "sobjects", _]) => Request::Create,
            _ => return None,
        })
    }

    fn not_applicable(&self, fault: Fault, request: Request) -> Option<&'static str> {
        use Fault as F;
        use Request as R;
        match fault {
            F::NoContent if matches!(request, R::Update | R::Archive) => Some("that is its answer"),
            F::WrongTypes
            | F::NullIds
            | F::Twice
            | F::Deep
            | F::HugeNumbers
            | F::UnknownWords
            | F::Extra
            | F::OtherJson
                if request == R::Convert =>
            {
                Some("the answer is no JSON")
            }
            _ if fault.bends_the_body() && matches!(request, R::Update | R::Archive) => Some("the answer has no body"),
            F::PartsAll | F::PartsSome | F::PartsOther => Some("every request is about one record, or a question"),
            F::Expired => Some("a page begins after the last record of the one before, at no cursor of the CRM's"),
            F::Loop | F::Repeats | F::Total if request == R::Token || request.is_write() => {
                Some("the answer is one record")
            }
            _ => None,
        }
    }

    fn ids(&self, fault: Fault, request: Request) -> Option<&'static [&'static str]> {
        match (fault, request) {
            // A lock is told as a refusal of the request there, and a question meets none.
            (Fault::S423, Request::Token) => Some(&[FINE]),
            (Fault::S423, _) => Some(&["crm.refused"]),
            _ => None,
        }
    }

    fn no(&self, fault: Fault, request: Request, token: &str) -> Option<Message> {
        use Fault as F;
        let (status, code, message) = match fault {
            F::S400 => (400, "FIELD_INTEGRITY_EXCEPTION", "The values were not valid"),
            F::S401 => (401, "INVALID_SESSION_ID", "Session expired or invalid"),
            F::S401Middle => (401, "INVALID_SESSION_ID", "The session was ended"),
            F::S403 => (403, "API_DISABLED_FOR_ORG", "The API is not enabled for this user"),
            F::S403Record => (403, "INSUFFICIENT_ACCESS_OR_READONLY", "You may not see this record"),
            F::S404 => (404, "NOT_FOUND", "The requested resource does not exist"),
            // A unique value that is taken, and a lock, are validations by their status there.
            F::S409 => (400, "DUPLICATE_VALUE", "The unique value is taken"),
            F::S423 => (400, "UNABLE_TO_LOCK_ROW", "It is locked"),
            F::S412 => (412, "PRECONDITION_FAILED", "It has changed"),
            F::S414 => (414, "URI_TOO_LONG", "The address is too long"),
            F::S500 => (500, "UNKNOWN_EXCEPTION", "It broke"),
            // The day's requests are used up: the vendor says so with 403.
            _ if fault.is_wait() => (403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."),
            _ => return None,
        };
        let message = format!("{message} (Bearer {token})");
        Some(match (request, fault) {
            // Records are refused in the result, requests by a fault, whose status is always the same.
            (Request::Convert, F::S400 | F::S403Record | F::S404 | F::S409 | F::S423) => {
                let errors = format!("<errors><message>{message}</message><statusCode>{code}</statusCode></errors>");
                let result = format!("<result>{errors}<success>false</success></result>");
                soap(200, &format!("<convertLeadResponse>{result}</convertLeadResponse>"))
            }
            (Request::Convert, _) => {
                let told = format!("<faultcode>sf:{code}</faultcode><faultstring>{code}: {message}</faultstring>");
                soap(500, &format!("<soapenv:Fault>{told}</soapenv:Fault>"))
            }
            _ => Message::answer(status, JSON, json!([{"message": message, "errorCode": code}]).to_string()),
        })
    }

    fn waits_long(&self, fault: Fault) -> bool {
        fault.is_wait()
    }

    fn parts(&self) -> &'static Parts {
        &PARTS
    }

    fn paged(&self, fault: Fault, _request: Request, target: &str, value: &mut Value) {
        match fault {
            Fault::Loop if value.get("records").is_some() => {
                value["done"] = json!(false);
                value["nextRecordsUrl"] = json!(target);
            }
            Fault::Repeats => {
                for list in ["records", "fields", "sobjects"] {
                    if let Some(rows) = value.get_mut(list).and_then(Value::as_array_mut) {
                        let again = rows.clone();
                        rows.extend(again);
                    }
                }
            }
            _ => {
                if let Some(total) = value["totalSize"].as_u64() {
                    value["totalSize"] = json!(total + 7);
                }
            }
        }
    }

    fn an_id(&self) -> &'static str {
        "006000000000001AAA"
    }

    fn bins(&self, object: &str, id: &str) -> (&'static str, String) {
        ("DELETE", format!("/services/data/{API_VERSION}/sobjects/{object}/{id}"))
    }

    fn merges_deals(&self, _survivor: &str, _loser: &str) -> Option<(&'static str, String, String)> {
        None
    }

    fn lists(&self, kind: ObjectKind, object: &str, names: &BTreeSet<String>) -> Vec<String> {
        let mut fields: BTreeSet<&str> = names.iter().map(String::as_str).filter(|name| *name != "Id").collect();
        if matches!(kind, ObjectKind::Deal | ObjectKind::Contact) {
            fields.insert("AccountId");
        }
        let fields = fields.into_iter().collect::<Vec<_>>().join(",");
        let condition = match kind {
            ObjectKind::Registration => " WHERE RecordType.DeveloperName = 'Deal_Registration'",
            ObjectKind::Task => " WHERE TaskSubtype = 'Task' AND Drumbeat_Note__c = false",
            ObjectKind::Note => " WHERE Drumbeat_Note__c = true",
            ObjectKind::Call => " WHERE TaskSubtype = 'Call'",
            ObjectKind::Email => " WHERE TaskSubtype = 'Email'",
            ObjectKind::Company
            | ObjectKind::Deal
            | ObjectKind::Certification
            | ObjectKind::Contact
            | ObjectKind::Meeting => "",
        };
        let mut lists = vec![query(&format!("SELECT Id,{fields} FROM {object}{condition}"))];
        if kind == ObjectKind::Deal {
            lists.push(query(&format!("SELECT OpportunityId,ContactId FROM {ROLES}")));
        }
        lists
    }

    fn listed(&self, _first: &str, page: &Value) -> (Vec<Listed>, Option<String>) {
        let listed = |row: &Value| match row.get("OpportunityId") {
            Some(deal) => Listed {
                id: text(deal).unwrap_or_default(),
                values: None,
                links: text(&row["ContactId"]).into_iter().collect(),
            },
            None => {
                let values = row.as_object().into_iter().flatten();
                let mut values: Properties =
                    values.filter_map(|(name, value)| Some((name.clone(), text(value)?))).collect();
                // A lead that has become a deal is read as decided, with that deal.
                if let Some(deal) = values.get("ConvertedOpportunityId").cloned() {
                    values.insert("Status".to_owned(), "converted".to_owned());
                    values.entry("Deal__c".to_owned()).or_insert(deal);
                }
                Listed {
                    id: text(&row["Id"]).unwrap_or_default(),
                    links: text(&row["AccountId"]).into_iter().collect(),
                    values: Some(values),
                }
            }
        };
        let rows = page["records"].as_array().into_iter().flatten().map(listed).collect();
        (rows, page["nextRecordsUrl"].as_str().map(str::to_owned))
    }

    fn linked(&self, ledger: &[LedgerEntry], record: &str, link: &Link) -> usize {
        // Each is a record of its own: twice is two.
        let is_it = |entry: &&LedgerEntry| {
            entry.kind == LedgerKind::Create
                && entry.object == ROLES
                && entry.after.get("OpportunityId").and_then(text).as_deref() == Some(record)
                && entry.after.get("ContactId").and_then(text).as_deref() == Some(link.id.as_str())
        };
        ledger.iter().filter(is_it).count()
    }
}

fn query(question: &str) -> String {
    let question: String = byte_serialize(question.as_bytes()).collect();
    format!("/services/data/{API_VERSION}/query?q={question}")
}

/// What a question is about; the recycle bin is asked with all records.
fn question(asked: &str, all: bool) -> Option<Request> {
    let from = asked.split_once(" FROM ")?.1.split(' ').next()?;
    if asked.contains("Drumbeat_Op_Id__c = ") {
        return Some(Request::GetByUnique);
    }
    if all {
        return Some(Request::ArchivedList);
    }
    Some(match from {
        "Organization" | "User" | "OpportunityStage" | "CurrencyType" | "LeadStatus" | "UserPermissionAccess" => {
            Request::Describe
        }
        ROLES => Request::AssociationsRead,
        history if history.ends_with("History") => Request::HistoryRead,
        _ if asked.contains(" ORDER BY SystemModstamp, Id") || asked.starts_with("SELECT COUNT()") => {
            Request::SearchPage
        }
        _ if asked.contains(" ORDER BY Id") => Request::ListPage,
        _ => {
            // Links are asked for without what says how fresh a record is.
            if !asked.contains("SystemModstamp") {
                return Some(Request::AssociationsRead);
            }
            let ids = asked.split_once(" Id IN (")?.1.split_once(')')?.0;
            if ids.contains(',') { Request::BatchRead } else { Request::GetById }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_known_by_what_is_on_the_wire() {
        let q = |question: &str| query(question);
        let deal = "SELECT Id, Name, SystemModstamp FROM Opportunity WHERE ";
        let cases: &[(&str, String, &str, Request)] = &[
            (
                "GET",
                q("SELECT Id, SystemModstamp FROM Opportunity WHERE Id > '1' ORDER BY Id LIMIT 2000"),
                "",
                Request::ListPage,
            ),
            (
                "GET",
                q(&format!("{deal}SystemModstamp >= 2026-11-20T09:00:00.000Z ORDER BY SystemModstamp, Id LIMIT 2000")),
                "",
                Request::SearchPage,
            ),
            ("GET", q("SELECT COUNT() FROM Opportunity"), "", Request::SearchPage),
            ("GET", q(&format!("{deal}Id IN ('1')")), "", Request::GetById),
            ("GET", q(&format!("{deal}Id IN ('1','2')")), "", Request::BatchRead),
            ("GET", q(&format!("{deal}Drumbeat_Op_Id__c = 'x' LIMIT 20")), "", Request::GetByUnique),
            (
                "GET",
                q("SELECT OpportunityId, Field FROM OpportunityFieldHistory WHERE OpportunityId IN ('1')"),
                "",
                Request::HistoryRead,
            ),
            ("GET", q("SELECT ContactId FROM OpportunityContactRole"), "", Request::AssociationsRead),
            ("GET", q("SELECT Id, WhatId FROM Task WHERE (WhatId IN ('1'))"), "", Request::AssociationsRead),
            (
                "GET",
                format!("/services/data/{API_VERSION}/queryAll?q=SELECT+Id+FROM+Lead+WHERE+IsDeleted+%3D+true"),
                "",
                Request::ArchivedList,
            ),
            ("GET", format!("/services/data/{API_VERSION}/sobjects/Lead/describe"), "", Request::Describe),
            ("GET", q("SELECT Id FROM User ORDER BY Id LIMIT 2000"), "", Request::Describe),
            ("PATCH", format!("/services/data/{API_VERSION}/sobjects/Opportunity/1"), "{}", Request::Update),
            ("DELETE", format!("/services/data/{API_VERSION}/sobjects/Task/1"), "", Request::Archive),
            ("POST", format!("/services/data/{API_VERSION}/sobjects/Task"), "{\"Subject\":\"a\"}", Request::Create),
            (
                "POST",
                format!("/services/data/{API_VERSION}/sobjects/Task"),
                "{\"Drumbeat_Note__c\":true}",
                Request::Note,
            ),
            ("POST", format!("/services/data/{API_VERSION}/sobjects/OpportunityContactRole"), "{}", Request::Link),
            ("POST", "/services/Soap/u/62.0".to_owned(), "<e:Envelope/>", Request::Convert),
            ("GET", q("SELECT ApiName FROM LeadStatus WHERE IsConverted = true"), "", Request::Describe),
            ("GET", "/services/oauth2/userinfo".to_owned(), "", Request::Token),
            ("POST", "/services/oauth2/token".to_owned(), "grant_type=refresh_token", Request::Refresh),
        ];
        for (method, target, body, kind) in cases {
            assert_eq!(Salesforce.request(method, target, body.as_bytes()), Some(*kind), "{method} {target}");
        }
        let tooling = format!("/services/data/{API_VERSION}/tooling/sobjects/CustomField");
        assert_eq!(Salesforce.request("POST", &tooling, b"{}"), None);
    }
}
