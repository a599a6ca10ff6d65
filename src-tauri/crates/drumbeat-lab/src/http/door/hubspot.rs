//! HubSpot in the matrix.

use std::collections::BTreeSet;

use drumbeat_crm::Connection;
use drumbeat_crm::crm::Crm;
use drumbeat_crm::error::CrmError;
use drumbeat_crm::hubspot::HubSpot;
use drumbeat_crm::retry::Policy;
use drumbeat_model::crm::{Link, ObjectKind};
use drumbeat_sandbox::{Dialect, LedgerEntry, LedgerKind};
use serde_json::{Value, json};

use super::{Door, Listed, Parts, text};
use crate::http::fault::Fault;
use crate::http::lie::JSON;
use crate::http::request::Request;
use crate::http::wire::Message;

/// HubSpot's own ways.
pub struct Hubspot;

const PARTS: Parts = Parts {
    ids: &["id", "toObjectId", "fromObjectId", "portalId", "objectTypeId", "hs_object_id"],
    words: &["sourceType", "sourceLabel", "fieldType"],
    counts: &["total", "numErrors", "size"],
    maps: &["properties", "propertiesWithHistory", "associations", "metadata"],
    twice: "\"results\":[],\"results\":[],\"id\":\"1\",\"id\":\"2\",",
    derived: &[],
    merged: Some("hs_merged_object_ids"),
};

impl Door for Hubspot {
    fn dialect(&self) -> Dialect {
        Dialect::Hubspot
    }

    fn client(&self, connection: Connection, policy: Policy, root: Option<&[u8]>) -> Result<Box<dyn Crm>, CrmError> {
        Ok(Box::new(match root {
            Some(root) => HubSpot::open_trusting(connection, policy, root)?,
            None => HubSpot::open_with(connection, policy)?,
        }))
    }

    fn request(&self, method: &str, target: &str, body: &[u8]) -> Option<Request> {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let words: Vec<&str> = path.split('/').filter(|word| !word.is_empty()).collect();
        let archived = query.split('&').any(|pair| pair == "archived=true");
        Some(match (method, words.as_slice()) {
            ("GET", ["crm", "objects", _, _]) if archived => Request::ArchivedList,
            ("GET", ["crm", "objects", _, _]) => Request::ListPage,
            ("GET", ["crm", "objects", _, _, _]) if query.contains("idProperty=") => Request::GetByUnique,
            ("GET", ["crm", "objects", _, _, _]) => Request::GetById,
            ("POST", ["crm", "objects", _, _, "search"]) => Request::SearchPage,
            ("POST", ["crm", "objects", _, _, "batch", "read"]) if archived => Request::ArchivedList,
            ("POST", ["crm", "objects", _, _, "batch", "read"]) => {
                let asked: Value = serde_json::from_slice(body).unwrap_or_default();
                let history = asked["propertiesWithHistory"].as_array().is_some_and(|names| !names.is_empty());
                if history { Request::HistoryRead } else { Request::BatchRead }
            }
            ("POST", ["crm", "associations", .., "batch", "read"]) => Request::AssociationsRead,
            ("PATCH", ["crm", "objects", _, _, _]) => Request::Update,
            ("DELETE", ["crm", "objects", _, _, _]) => Request::Archive,
            ("POST", ["crm", "objects", _, "notes"]) => Request::Note,
            ("POST", ["crm", "objects", _, _]) => Request::Create,
            ("PUT", ["crm", "objects", _, _, _, "associations", ..]) => Request::Link,
            ("POST", ["oauth", .., "token"]) => Request::Refresh,
            ("POST", ["oauth", ..]) => Request::Token,
            ("GET", ["account-info" | "crm-object-schemas", ..]) => Request::Describe,
            ("GET", ["crm", "properties" | "pipelines" | "owners", ..]) => Request::Describe,
            _ => return None,
        })
    }

    fn not_applicable(&self, fault: Fault, request: Request) -> Option<&'static str> {
        use Fault as F;
        use Request as R;
        match fault {
            _ if request == R::Convert => Some("no record becomes another there"),
            F::NoContent if request == R::Archive => Some("that is its answer"),
            _ if fault.bends_the_body() && request == R::Archive => Some("the answer has no body"),
            F::Loop
                if !matches!(
                    request,
                    R::ListPage | R::SearchPage | R::ArchivedList | R::AssociationsRead | R::Describe
                ) =>
            {
                Some("the answer has no pages")
            }
            F::Expired if request != R::ListPage => {
                Some("only a scan goes on from a cursor of the CRM's; search asks by time and id")
            }
            F::Repeats | F::Total
                if matches!(request, R::GetById | R::GetByUnique | R::Token) || request.is_write() =>
            {
                Some("the answer is one record")
            }
            F::PartsSome | F::PartsOther if !matches!(request, R::BatchRead | R::HistoryRead | R::AssociationsRead) => {
                Some("only batches are answered in parts")
            }
            _ => None,
        }
    }

    fn ids(&self, _fault: Fault, _request: Request) -> Option<&'static [&'static str]> {
        None
    }

    fn no(&self, fault: Fault, _request: Request, token: &str) -> Option<Message> {
        use Fault as F;
        let no = |status: u16, category: &str, message: &str| {
            let body = json!({
                "status": "error",
                "message": format!("{message} (Bearer {token})"),
                "correlationId": "5ca1ab1e-0000-4000-8000-000000000000",
                "category": category,
            });
            Message::answer(status, JSON, body.to_string())
        };
        Some(match fault {
            F::PartsAll => {
                let body = json!({
                    "status": "COMPLETE",
                    "results": [],
                    "numErrors": 1,
                    "errors": [{"status": "error", "category": "INTERNAL_ERROR", "message": "It failed"}],
                });
                Message::answer(207, JSON, body.to_string())
            }
            F::S400 => no(400, "VALIDATION_ERROR", "Property values were not valid"),
            F::S401 => no(401, "EXPIRED_AUTHENTICATION", "The token has expired"),
            F::S401Middle => no(401, "INVALID_AUTHENTICATION", "The token was revoked"),
            F::S403 => no(403, "MISSING_SCOPES", "The token lacks a scope"),
            F::S403Record => no(403, "FORBIDDEN", "You may not see this record"),
            F::S404 => no(404, "OBJECT_NOT_FOUND", "There is no such thing"),
            F::S409 => no(409, "CONFLICT", "The unique value is taken"),
            F::S412 => no(412, "PRECONDITION_FAILED", "It has changed"),
            F::S414 => no(414, "URI_TOO_LONG", "The address is too long"),
            F::S423 => no(423, "LOCKED", "It is locked"),
            F::Expired => no(400, "VALIDATION_ERROR", "The paging cursor is not valid any more"),
            F::S500 => no(500, "INTERNAL_ERROR", "It broke"),
            _ if fault.is_wait() => {
                let body = json!({
                    "status": "error",
                    "message": "You have reached your secondly limit.",
                    "errorType": "RATE_LIMIT",
                    "policyName": "SECONDLY",
                    "correlationId": "5ca1ab1e-0000-4000-8000-000000000000",
                });
                Message::answer(429, JSON, body.to_string())
            }
            _ => return None,
        })
    }

    fn waits_long(&self, fault: Fault) -> bool {
        fault == Fault::WaitEver
    }

    fn parts(&self) -> &'static Parts {
        &PARTS
    }

    fn paged(&self, fault: Fault, request: Request, _target: &str, value: &mut Value) {
        match fault {
            Fault::Loop if request == Request::AssociationsRead => {
                for row in value["results"].as_array_mut().into_iter().flatten() {
                    row["paging"] = json!({"next": {"after": "7"}});
                }
            }
            Fault::Loop => value["paging"] = json!({"next": {"after": "7"}}),
            Fault::Repeats => {
                if let Some(rows) = value["results"].as_array_mut() {
                    let again = rows.clone();
                    rows.extend(again);
                }
            }
            Fault::PartsSome | Fault::PartsOther => in_parts(fault, request, value),
            _ => {
                if let Some(total) = value["total"].as_u64() {
                    value["total"] = json!(total + 7);
                }
            }
        }
    }

    fn an_id(&self) -> &'static str {
        "1"
    }

    fn bins(&self, object: &str, id: &str) -> (&'static str, String) {
        ("DELETE", format!("/crm/v3/objects/{object}/{id}"))
    }

    fn merges_deals(&self, survivor: &str, loser: &str) -> Option<(&'static str, String, String)> {
        let body = json!({"primaryObjectId": survivor, "objectIdToMerge": loser}).to_string();
        Some(("POST", "/crm/v3/objects/deals/merge".to_owned(), body))
    }

    fn lists(&self, kind: ObjectKind, object: &str, names: &BTreeSet<String>) -> Vec<String> {
        let linked = match kind {
            ObjectKind::Deal | ObjectKind::Contact => "&associations=companies",
            _ => "",
        };
        let list = names.iter().map(String::as_str).collect::<Vec<_>>().join(",");
        vec![format!("/crm/v3/objects/{object}?limit=100&properties={list}{linked}")]
    }

    fn listed(&self, first: &str, page: &Value) -> (Vec<Listed>, Option<String>) {
        let listed = |row: &Value| {
            let values = row["properties"].as_object().into_iter().flatten();
            let values = values.filter_map(|(name, value)| Some((name.clone(), text(value)?))).collect();
            let links = row["associations"]["companies"]["results"].as_array().into_iter().flatten();
            let links = links.filter_map(|link| text(&link["id"])).collect();
            Listed { id: text(&row["id"]).unwrap_or_default(), values: Some(values), links }
        };
        let rows = page["results"].as_array().into_iter().flatten().map(listed).collect();
        (rows, page["paging"]["next"]["after"].as_str().map(|after| format!("{first}&after={after}")))
    }

    fn linked(&self, ledger: &[LedgerEntry], record: &str, _link: &Link) -> usize {
        // Linked twice is the same as once there.
        let is_it = |entry: &&LedgerEntry| entry.kind == LedgerKind::Associate && entry.id == record;
        ledger.iter().filter(is_it).count().min(1)
    }
}

fn in_parts(fault: Fault, request: Request, value: &mut Value) {
    let Some(rows) = value["results"].as_array_mut() else { return };
    if fault == Fault::PartsSome {
        rows.pop();
        value["numErrors"] = json!(1);
        value["errors"] = json!([{"status": "error", "category": "INTERNAL_ERROR", "message": "One part failed"}]);
        return;
    }
    const STRANGER: &str = "999999999";
    let stranger = match rows.first().cloned() {
        None if request == Request::AssociationsRead => json!({"from": {"id": STRANGER}, "to": []}),
        None => json!({"id": STRANGER, "properties": {"hs_object_id": STRANGER}}),
        Some(mut row) if request == Request::AssociationsRead => {
            row["from"]["id"] = json!(STRANGER);
            row
        }
        Some(mut row) => {
            row["id"] = json!(STRANGER);
            row["properties"]["hs_object_id"] = json!(STRANGER);
            row
        }
    };
    rows.push(stranger);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_known_by_what_is_on_the_wire() {
        let cases: &[(&str, &str, &str, Request)] = &[
            ("GET", "/crm/objects/2026-09/deals?limit=100", "", Request::ListPage),
            ("GET", "/crm/objects/2026-09/deals?limit=100&archived=true", "", Request::ArchivedList),
            ("GET", "/crm/objects/2026-09/deals/7?properties=a", "", Request::GetById),
            ("GET", "/crm/objects/2026-09/tasks/x?idProperty=drumbeat_op_id", "", Request::GetByUnique),
            ("POST", "/crm/objects/2026-09/deals/search", "{}", Request::SearchPage),
            ("POST", "/crm/objects/2026-09/deals/batch/read", "{}", Request::BatchRead),
            (
                "POST",
                "/crm/objects/2026-09/deals/batch/read",
                "{\"propertiesWithHistory\":[\"a\"]}",
                Request::HistoryRead,
            ),
            ("POST", "/crm/associations/2026-09/deals/companies/batch/read", "{}", Request::AssociationsRead),
            ("PATCH", "/crm/objects/2026-09/deals/7", "{}", Request::Update),
            ("POST", "/crm/objects/2026-09/tasks", "{}", Request::Create),
            ("POST", "/crm/objects/2026-09/notes", "{}", Request::Note),
            ("PUT", "/crm/objects/2026-09/deals/7/associations/default/companies/8", "", Request::Link),
            ("DELETE", "/crm/objects/2026-09/tasks/7", "", Request::Archive),
            ("POST", "/oauth/v2/private-apps/get/access-token-info", "{}", Request::Token),
            ("POST", "/oauth/2026-09/token", "grant_type=refresh_token", Request::Refresh),
            ("GET", "/crm/pipelines/2026-09/deals", "", Request::Describe),
        ];
        for (method, target, body, kind) in cases {
            assert_eq!(Hubspot.request(method, target, body.as_bytes()), Some(*kind), "{method} {target}");
        }
        assert_eq!(Hubspot.request("GET", "/crm/associations/2026-09/deals/companies/labels", b""), None);
    }
}
