//! Scans, batches, merged records, unique values, the recycle bin, links; and answers that are none.

use drumbeat_crm::Connection;
use drumbeat_crm::crm::{Crm, Cursor, Read, Scan};
use drumbeat_crm::error::CrmError;
use drumbeat_crm::hubspot::HubSpot;
use drumbeat_model::crm::{Link, ObjectKind};
use drumbeat_model::secret::Secret;
use serde_json::json;

use crate::desk::{Desk, Reply, TOKEN, client, problem};

fn scan_of(kind: ObjectKind) -> Scan {
    Scan { kind, properties: vec!["dealname".into(), "amount".into()], archived: false, first: false, after: None }
}

fn read_of(ids: &[&str]) -> Read {
    let ids = ids.iter().map(|id| (*id).to_owned()).collect();
    Read { kind: ObjectKind::Deal, ids, properties: vec!["amount".into()], history: Vec::new(), dated: false }
}

#[tokio::test]
async fn a_scan_follows_the_pages_and_reads_links_and_values() {
    let desk = Desk::open(|asked, number| {
        assert!(asked.is("GET", "/crm/objects/2026-09/deals"));
        assert_eq!(asked.query("limit"), Some("100"));
        assert_eq!(asked.query("associations"), Some("companies,contacts"));
        assert_eq!(asked.query("properties"), Some("amount,dealname,hs_lastmodifieddate,hs_merged_object_ids"));
        if number == 0 {
            assert_eq!(asked.query("after"), None);
            Reply::Json(200, json!({
                "results": [{
                    "id": "101", "archived": false,
                    "createdAt": "2026-01-02T03:04:05.678Z", "updatedAt": "2026-11-01T00:00:00.000Z",
                    "properties": {"dealname": "Kestrel", "amount": "1200.50", "pipeline": null, "hs_next_step": "",
                        "hs_lastmodifieddate": "2026-11-02T10:00:00.123Z", "hs_merged_object_ids": "88;89"},
                    "associations": {
                        "companies": {"results": [{"id": "7", "type": "deal_to_company_unlabeled"},
                            {"id": "8", "type": "deal_to_company"}, {"id": "8", "type": "deal_to_company_unlabeled"}]},
                        "contacts": {"results": [{"id": "55", "type": "deal_to_contact"}]},
                        "0-999": {"results": [{"id": "1", "type": "x"}]}
                    }
                }],
                "paging": {"next": {"after": "102", "link": "https://elsewhere.example/steal"}}
            }))
        } else {
            assert_eq!(asked.query("after"), Some("102"));
            // Numbers for strings, no paging, a null where a list may be.
            Reply::Json(200, json!({"results": [{"id": 102, "properties": {"amount": 7, "hs_is_closed": false},
                "updatedAt": "2026-11-01T00:00:00Z", "archived": false, "associations": null}], "paging": null}))
        }
    })
    .await;
    let hubspot = desk.client();
    let page = hubspot.scan(&scan_of(ObjectKind::Deal)).await.unwrap();
    let record = &page.records[0];
    assert_eq!(record.id, "101");
    assert_eq!(record.merged, ["88", "89"]);
    assert_eq!(record.properties.get("amount").map(String::as_str), Some("1200.50"));
    assert!(!record.properties.contains_key("pipeline") && !record.properties.contains_key("hs_next_step"));
    assert_eq!(record.updated_at.unwrap().to_rfc3339(), "2026-11-02T10:00:00.123+00:00");
    let link = |to, id: &str, primary| Link { to, id: id.into(), primary };
    let expected = [
        link(ObjectKind::Company, "7", false),
        link(ObjectKind::Company, "8", true),
        link(ObjectKind::Contact, "55", false),
    ];
    assert_eq!(record.links.as_deref(), Some(&expected[..]));
    assert!(page.server_time.is_some(), "the server's own clock");
    let page = hubspot.scan(&Scan { after: page.next, ..scan_of(ObjectKind::Deal) }).await.unwrap();
    assert_eq!(page.records[0].properties.get("amount").map(String::as_str), Some("7"));
    assert_eq!(page.records[0].properties.get("hs_is_closed").map(String::as_str), Some("false"));
    assert_eq!(page.records[0].links.as_deref(), Some(&[][..]));
    assert_eq!(page.next, None);
    let authorised = |asked: &crate::desk::Asked| asked.headers["authorization"] == format!("Bearer {TOKEN}");
    assert!(desk.asked().iter().all(authorised));
    assert_eq!(hubspot.budget().requests, 2);
}

#[tokio::test]
async fn links_that_a_page_does_not_show_are_read_on_their_own() {
    let desk = Desk::open(|asked, number| match number {
        0 => Reply::Json(200, json!({"results": [{"id": "1", "properties": {}, "associations": {"companies": {
            "results": [{"id": "10", "type": "deal_to_company"}], "paging": {"next": {"after": "11"}}}}}]})),
        1 => {
            assert!(asked.is("POST", "/crm/associations/2026-09/deals/companies/batch/read"));
            assert_eq!(asked.body, json!({"inputs": [{"id": "1"}]}));
            Reply::Json(200, json!({"status": "COMPLETE", "results": [{"from": {"id": "1"}, "to": [
                {"toObjectId": 10, "associationTypes": [{"category": "HUBSPOT_DEFINED", "typeId": 5, "label": "Primary"}]}],
                "paging": {"next": {"after": "x"}}}]}))
        }
        _ => {
            assert_eq!(asked.body, json!({"inputs": [{"id": "1", "after": "x"}]}));
            Reply::Json(200, json!({"results": [{"from": {"id": "1"}, "to": [
                {"toObjectId": 11, "associationTypes": [{"category": "HUBSPOT_DEFINED", "typeId": 341, "label": null}]}]}]}))
        }
    })
    .await;
    let page = desk.client().scan(&scan_of(ObjectKind::Deal)).await.unwrap();
    let links: Vec<_> = page.records[0].links.iter().flatten().map(|link| (link.id.as_str(), link.primary)).collect();
    assert_eq!(links, [("10", true), ("11", false)]);
}

#[tokio::test]
async fn a_scan_that_goes_in_a_circle_is_an_error() {
    let desk = Desk::open(|_, _| Reply::Json(200, json!({"results": [], "paging": {"next": {"after": "5"}}}))).await;
    let again = Scan { after: Some(Cursor("5".into())), ..scan_of(ObjectKind::Company) };
    assert!(matches!(desk.client().scan(&again).await, Err(CrmError::Garbled(_))));
}

#[tokio::test]
async fn a_partial_batch_answers_with_what_is_there() {
    let desk = Desk::open(|asked, _| {
        assert!(asked.is("POST", "/crm/objects/2026-09/deals/batch/read"));
        assert_eq!(asked.body["inputs"], json!([{"id": "1"}, {"id": "2"}, {"id": "3"}]));
        Reply::Json(207, json!({"status": "COMPLETE", "numErrors": 1, "startedAt": "x", "completedAt": "y",
            "results": [{"id": "3", "properties": {"amount": "3"}, "archived": false}, {"id": "1", "properties": {}}],
            "errors": [{"status": "error", "category": "OBJECT_NOT_FOUND", "message": "Could not get some DEAL objects, they may be deleted or not exist. Check that ids are valid.", "context": {"ids": ["2"]}}]}))
    })
    .await;
    let found = desk.client().read(&read_of(&["3", "1", "2", "1"])).await.unwrap();
    let mut asked: Vec<_> = found.iter().map(|found| (found.asked.as_str(), found.record.id.as_str())).collect();
    asked.sort_unstable();
    assert_eq!(asked, [("1", "1"), ("3", "3")]);
}

#[tokio::test]
async fn a_batch_that_failed_in_part_for_another_reason_is_not_taken_for_deletes() {
    let desk = Desk::open(|_, _| {
        Reply::Json(207, json!({"results": [], "numErrors": 1, "errors": [{"status": "error", "category": "INTERNAL_ERROR", "message": "x"}]}))
    })
    .await;
    assert!(matches!(desk.client().read(&read_of(&["1"])).await, Err(CrmError::Unreachable(_))));
}

#[tokio::test]
async fn merged_records_answer_under_their_survivor() {
    let survivor = json!({"id": "900", "properties": {"hs_merged_object_ids": "1;2"}, "archived": false});
    let single = json!({"id": "901", "properties": {}, "archived": false});
    let desk = Desk::open(move |asked, _| match asked.path.as_str() {
        "/crm/objects/2026-09/deals/batch/read" => {
            Reply::Json(200, json!({"results": [survivor, single, {"id": "5", "properties": {}}]}))
        }
        "/crm/objects/2026-09/deals/3" => Reply::Json(200, single.clone()),
        "/crm/objects/2026-09/deals/4" => {
            Reply::Json(404, problem("OBJECT_NOT_FOUND", "Object not found. objectId are usually numeric."))
        }
        other => panic!("{other}"),
    })
    .await;
    let found = desk.client().read(&read_of(&["1", "2", "3", "4", "5"])).await.unwrap();
    let mut pairs: Vec<_> = found.iter().map(|found| (found.asked.as_str(), found.record.id.as_str())).collect();
    pairs.sort_unstable();
    assert_eq!(pairs, [("1", "900"), ("2", "900"), ("3", "901"), ("5", "5")]);
}

#[tokio::test]
async fn history_is_read_in_halves_newest_first() {
    let desk = Desk::open(|asked, _| {
        let inputs = asked.body["inputs"].as_array().unwrap();
        assert!(inputs.len() <= 50);
        assert_eq!(asked.body["propertiesWithHistory"], json!(["amount"]));
        let rows: Vec<_> = inputs.iter().map(|input| json!({"id": input["id"], "properties": {"amount": "2"},
            "propertiesWithHistory": {"amount": [
                {"value": "2", "timestamp": "2026-11-02T00:00:00Z", "sourceType": "CRM_UI", "updatedByUserId": 77},
                {"value": "1", "timestamp": "2026-11-01T00:00:00Z", "sourceType": "INTEGRATION", "sourceLabel": "Importer"}]}})).collect();
        Reply::Json(200, json!({"results": rows}))
    })
    .await;
    let hubspot = desk.client();
    let ids = (1..=60).map(|id| id.to_string()).collect();
    let found = hubspot
        .read(&Read {
            kind: ObjectKind::Deal,
            ids,
            properties: Vec::new(),
            history: vec!["amount".into()],
            dated: false,
        })
        .await
        .unwrap();
    assert_eq!((found.len(), desk.count(), hubspot.read_limit(true), hubspot.read_limit(false)), (60, 2, 50, 100));
    let entries: Vec<_> =
        found[0].history["amount"].iter().map(|entry| (entry.value.as_str(), entry.by.as_deref())).collect();
    assert_eq!(entries, [("2", Some("user 77")), ("1", Some("Importer"))]);
}

#[tokio::test]
async fn a_record_is_found_by_a_unique_value_or_is_not_there() {
    let desk = Desk::open(|asked, _| {
        assert_eq!(asked.query("idProperty"), Some("drumbeat_op_id"));
        if asked.path.ends_with("/0190%20a%2Fb") {
            Reply::Json(200, json!({"id": "9", "properties": {"drumbeat_op_id": "0190 a/b"}}))
        } else {
            Reply::Json(404, problem("OBJECT_NOT_FOUND", "not found"))
        }
    })
    .await;
    let hubspot = desk.client();
    let found = hubspot.find(ObjectKind::Deal, "drumbeat_op_id", "0190 a/b", &[]).await.unwrap();
    assert_eq!(found.unwrap().id, "9");
    assert_eq!(hubspot.find(ObjectKind::Deal, "drumbeat_op_id", "other", &[]).await.unwrap(), None);
    assert!(hubspot.find(ObjectKind::Deal, "drumbeat_op_id", "..", &[]).await.is_err(), "never another path");
    assert_eq!(desk.count(), 2);
}

#[tokio::test]
async fn only_what_the_recycle_bin_shows_is_deleted() {
    let desk = Desk::open(|asked, _| {
        assert_eq!(asked.query("archived"), Some("true"));
        Reply::Json(
            200,
            json!({"results": [{"id": "1", "archived": true, "archivedAt": "2026-11-01T00:00:00Z"},
            {"id": "2", "archived": false}, {"id": "99", "archived": true}]}),
        )
    })
    .await;
    let gone = desk.client().archived(ObjectKind::Deal, &["1".into(), "2".into(), "3".into()]).await.unwrap();
    assert_eq!(gone, ["1"]);
}

#[tokio::test]
async fn every_asked_record_has_its_links_even_if_none() {
    let desk = Desk::open(|_, _| {
        Reply::Json(
            207,
            json!({"results": [{"from": {"id": "1"}, "to": [{"toObjectId": 7, "associationTypes": []}]}],
            "errors": [{"category": "NO_ASSOCIATIONS_FOUND", "message": "No company is associated with deal 2."}]}),
        )
    })
    .await;
    let links = desk.client().links(ObjectKind::Deal, &["1".into(), "2".into()], ObjectKind::Company).await.unwrap();
    assert_eq!(links["1"].len(), 1);
    assert!(links["2"].is_empty());
}

#[tokio::test]
async fn an_answer_that_is_not_the_crms_is_told_by_what_it_is() {
    let page = b"<!DOCTYPE html><title>Sign in to Hotel Wi-Fi</title>".to_vec();
    type Case = (&'static str, Box<dyn Fn() -> Reply + Send + Sync>, &'static str);
    let cases: Vec<Case> = vec![
        (
            "a captive portal",
            Box::new(move || Reply::Raw(200, vec![("content-type", "text/html".into())], page.clone())),
            "Garbled",
        ),
        ("nothing", Box::new(|| Reply::Raw(200, vec![], vec![])), "Garbled"),
        ("another type", Box::new(|| Reply::Raw(200, vec![], b"[1,2]".to_vec())), "Garbled"),
        ("another form", Box::new(|| Reply::Json(200, json!({"results": [{"id": {"x": 1}}]}))), "Garbled"),
        ("deep nesting", Box::new(|| Reply::Raw(200, vec![], "{\"results\":".repeat(5000).into_bytes())), "Garbled"),
        ("truncated JSON", Box::new(|| Reply::Raw(200, vec![], b"{\"results\": [{\"id\": \"1".to_vec())), "Garbled"),
        ("a cut connection", Box::new(|| Reply::Cut(200, b"{\"results\": [{\"id\": \"1".to_vec())), "Unreachable"),
        ("silence", Box::new(|| Reply::Never), "Unreachable"),
        ("a bad day", Box::new(|| Reply::Raw(503, vec![], b"<html>maintenance</html>".to_vec())), "Unreachable"),
        ("an endless body", Box::new(|| Reply::Raw(200, vec![], vec![b' '; 33 * 1024 * 1024])), "TooLarge"),
        (
            "a wrong token",
            Box::new(|| {
                Reply::Json(
                    401,
                    problem(
                        "INVALID_AUTHENTICATION",
                        "Authentication credentials not found. See https://developers.hubspot.com/x",
                    ),
                )
            }),
            "NotAuthorised",
        ),
        (
            "a missing right",
            Box::new(|| {
                Reply::Json(403, problem("MISSING_SCOPES", "This app hasn't been granted all required scopes"))
            }),
            "Forbidden",
        ),
        ("a proxy's 403", Box::new(|| Reply::Raw(403, vec![], b"<html>blocked</html>".to_vec())), "Garbled"),
        (
            "an unknown thing",
            Box::new(|| Reply::Json(404, problem("OBJECT_NOT_FOUND", "Unable to infer object type"))),
            "NotFound",
        ),
        ("a refusal", Box::new(|| Reply::Json(400, problem("VALIDATION_ERROR", "limit too large"))), "Refused"),
    ];
    for (name, reply, expected) in cases {
        let desk = Desk::open(move |_, _| reply()).await;
        let error = desk.client().scan(&scan_of(ObjectKind::Company)).await.unwrap_err();
        let shown = format!("{error:?}");
        assert!(shown.starts_with(expected), "{name}: {shown}");
        assert!(!shown.contains("http") && !shown.contains("127.0.0.1") && !shown.contains(TOKEN), "{name}: {shown}");
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_the_token_stays_here() {
    let elsewhere = Desk::open(|_, _| Reply::Json(200, json!({"results": []}))).await;
    for status in [301, 302, 307, 308] {
        let target = format!("{}/crm/objects/2026-09/deals", elsewhere.url.replace("127.0.0.1", "localhost"));
        let desk = Desk::open(move |_, _| Reply::Raw(status, vec![("location", target.clone())], vec![])).await;
        let error = desk.client().scan(&scan_of(ObjectKind::Deal)).await.unwrap_err();
        assert!(matches!(error, CrmError::Garbled(_)), "{status}: {error:?}");
        assert_eq!(desk.count(), 1);
    }
    assert_eq!(elsewhere.count(), 0);
}

#[tokio::test]
async fn a_read_survives_a_few_bad_answers() {
    let desk = Desk::open(|_, number| match number {
        0 => Reply::Raw(500, vec![], vec![]),
        1 => Reply::Cut(200, b"{".to_vec()),
        _ => Reply::Json(200, json!({"results": []})),
    })
    .await;
    let hubspot = desk.client();
    hubspot.scan(&scan_of(ObjectKind::Deal)).await.unwrap();
    assert_eq!((desk.count(), hubspot.budget().retries), (3, 2));
}

#[tokio::test]
async fn nobody_there_is_said_soon() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let error = client(&url).scan(&scan_of(ObjectKind::Deal)).await.unwrap_err();
    assert!(matches!(error, CrmError::Unreachable(_)), "{error:?}");
}

#[tokio::test]
async fn ids_that_are_not_ids_never_become_paths() {
    let desk = Desk::open(|_, _| panic!("nothing may be asked")).await;
    for id in ["", "..", "1/../2", "1?x=y", "local:0190"] {
        assert!(desk.client().read(&read_of(&[id])).await.is_err(), "{id}");
    }
    assert!(matches!(desk.client().scan(&scan_of(ObjectKind::Registration)).await, Err(CrmError::NotFound(_))));
}

#[test]
fn an_address_must_be_https_or_on_this_computer() {
    let cases = [
        ("https://api.hubapi.com", true),
        ("http://127.0.0.1:8080", true),
        ("http://localhost:8080/", true),
        ("http://[::1]:8080", true),
        ("http://api.hubapi.com", false),
        ("http://127.0.0.1.example.com", false),
        ("http://localhost.example.com", false),
        ("https://user:secret@api.hubapi.com", false),
        ("https://api.hubapi.com?x=1", false),
        ("file:///etc/passwd", false),
        ("api.hubapi.com", false),
        ("", false),
    ];
    for (url, expected) in cases {
        let open = HubSpot::open(Connection::new(url, Secret::new(TOKEN.into())));
        assert_eq!(open.is_ok(), expected, "{url}");
    }
    for token in ["", "  ", "two words", "line\nbreak", "ünïcode"] {
        let open = HubSpot::open(Connection::new("https://api.hubapi.com", Secret::new(token.into())));
        assert!(matches!(open.err(), Some(CrmError::NotAuthorised(_))), "{token:?}");
    }
}
