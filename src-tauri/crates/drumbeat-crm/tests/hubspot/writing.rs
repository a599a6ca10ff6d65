//! How a write ended: only what is certain is said to be certain.

use drumbeat_crm::crm::{Create, Crm, Read, RefusalKind, Update, WriteOutcome};
use drumbeat_model::crm::{Link, ObjectKind};
use serde_json::{Value, json};

use crate::desk::{Desk, Reply, TOKEN, client, limit, problem};

fn change() -> Update {
    let set = [("amount".to_owned(), "5".to_owned()), ("drumbeat_last_op".to_owned(), "0190#1".to_owned())].into();
    Update { kind: ObjectKind::Deal, id: "1".into(), set, unmodified_since: None }
}

fn new_task(links: Vec<Link>) -> Create {
    let set =
        [("hs_task_subject".to_owned(), "Call".to_owned()), ("drumbeat_op_id".to_owned(), "0190".to_owned())].into();
    Create { kind: ObjectKind::Task, set, links }
}

fn account(id: &str) -> Link {
    Link { to: ObjectKind::Company, id: id.into(), primary: true }
}

/// One word for an outcome, with the kind of a refusal.
fn word(outcome: &WriteOutcome) -> String {
    match outcome {
        WriteOutcome::Done { .. } => "done".into(),
        WriteOutcome::NotSent { .. } => "not sent".into(),
        WriteOutcome::RateLimited { .. } => "limited".into(),
        WriteOutcome::Refused(refusal) => format!("refused {:?}", refusal.kind),
        WriteOutcome::Stale => "stale".into(),
        WriteOutcome::Unknown { .. } => "unknown".into(),
    }
}

#[tokio::test]
async fn every_end_of_an_update_is_told_apart() {
    let ok = json!({"id": "1", "properties": {"amount": "5", "hs_lastmodifieddate": "2026-11-21T06:00:00.500Z"}, "updatedAt": "2026-11-21T06:00:00Z"});
    let other = json!({"id": "2", "properties": {}});
    let html = || Reply::Raw(200, vec![("content-type", "text/html".into())], b"<html>login</html>".to_vec());
    type Case = (&'static str, Box<dyn Fn() -> Reply + Send + Sync>, &'static str);
    let json_case = |name, status: u16, body: Value, expected| -> Case {
        (name, Box::new(move || Reply::Json(status, body.clone())), expected)
    };
    let cases: Vec<Case> = vec![
        json_case("accepted", 200, ok.clone(), "done"),
        json_case("another record answers (merged)", 200, other, "unknown"),
        json_case("a success without a record", 200, json!({}), "unknown"),
        json_case("accepted for later", 202, ok.clone(), "unknown"),
        json_case("multi-status", 207, json!({"results": [ok]}), "unknown"),
        ("a web page", Box::new(html), "unknown"),
        ("nothing", Box::new(|| Reply::Raw(204, vec![], vec![])), "unknown"),
        ("cut off", Box::new(|| Reply::Cut(200, b"{\"id\": \"1\"".to_vec())), "unknown"),
        ("truncated", Box::new(|| Reply::Raw(200, vec![], b"{\"id\": \"1\", \"prop".to_vec())), "unknown"),
        ("no answer", Box::new(|| Reply::Never), "unknown"),
        (
            "a redirect",
            Box::new(|| Reply::Raw(307, vec![("location", "http://127.0.0.1:1/x".into())], vec![])),
            "unknown",
        ),
        json_case("rate limit", 429, limit("TEN_SECONDLY_ROLLING"), "limited"),
        ("a proxy's 429", Box::new(|| Reply::Raw(429, vec![], b"<html>slow down</html>".to_vec())), "unknown"),
        json_case("400", 400, problem("VALIDATION_ERROR", "no"), "refused Validation"),
        ("a proxy's 400", Box::new(|| Reply::Raw(400, vec![], b"<html>bad</html>".to_vec())), "unknown"),
        json_case("JSON of someone else", 400, json!({"detail": "no"}), "unknown"),
        json_case("401", 401, problem("EXPIRED_AUTHENTICATION", "expired"), "refused NotAuthorised"),
        json_case("403", 403, problem("MISSING_SCOPES", "no"), "refused Forbidden"),
        json_case("404", 404, problem("OBJECT_NOT_FOUND", "no"), "refused Gone"),
        json_case("409", 409, problem("CONFLICT", "no"), "refused Duplicate"),
        json_case("412", 412, problem("PRECONDITION_FAILED", "no"), "unknown"),
        json_case("422", 422, problem("VALIDATION_ERROR", "no"), "refused Validation"),
        json_case("423", 423, problem("LOCKED", "no"), "refused Locked"),
        json_case("fields are all optional", 400, json!({"status": "error", "message": "no"}), "refused Validation"),
        json_case("500 with a body", 500, problem("INTERNAL_ERROR", "no"), "unknown"),
        ("502", Box::new(|| Reply::Raw(502, vec![], b"<html>bad gateway</html>".to_vec())), "unknown"),
        ("504", Box::new(|| Reply::Raw(504, vec![], vec![])), "unknown"),
    ];
    for (name, reply, expected) in cases {
        let desk = Desk::open(move |asked, _| {
            assert!(asked.is("PATCH", "/crm/objects/2026-09/deals/1"));
            assert_eq!(asked.body, json!({"properties": {"amount": "5", "drumbeat_last_op": "0190#1"}}));
            reply()
        })
        .await;
        let outcome = desk.client().update(&change()).await;
        assert_eq!(word(&outcome), expected, "{name}: {outcome:?}");
        assert_eq!(desk.count(), 1, "{name}: one request, never repeated");
        let shown = format!("{outcome:?}");
        assert!(!shown.contains(TOKEN) && !shown.contains("http:"), "{name}: {shown}");
        if let WriteOutcome::Done { id, updated_at } = outcome {
            assert_eq!((id.as_str(), updated_at.unwrap().timestamp_subsec_millis()), ("1", 500));
        }
    }
}

#[tokio::test]
async fn what_never_left_is_not_sent() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    assert_eq!(word(&client(&url).update(&change()).await), "not sent");
    // A server that speaks no TLS: the handshake fails before a byte of the request.
    let desk = Desk::open(|_, _| panic!("nothing may arrive")).await;
    let url = desk.url.replace("http:", "https:");
    assert_eq!(word(&client(&url).update(&change()).await), "not sent");
    let bad = Update { id: "../companies/1".into(), ..change() };
    assert_eq!(word(&desk.client().update(&bad).await), "not sent");
    let unknown_kind = Update { kind: ObjectKind::Registration, ..change() };
    assert_eq!(word(&desk.client().update(&unknown_kind).await), "not sent");
}

#[tokio::test]
async fn each_write_has_a_connection_of_its_own() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let counted = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let count = std::sync::Arc::clone(&counted);
    tokio::spawn(async move {
        loop {
            let (mut socket, _) = listener.accept().await.unwrap();
            count.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            tokio::spawn(async move {
                let mut buffer = vec![0; 4096];
                while socket.read(&mut buffer).await.is_ok_and(|read| read > 0) {
                    let body = r#"{"id":"1","properties":{}}"#;
                    let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len());
                    if socket.write_all(answer.as_bytes()).await.is_err() {
                        break;
                    }
                }
            });
        }
    });
    let hubspot = client(&url);
    for _ in 0..3 {
        assert_eq!(word(&hubspot.update(&change()).await), "done");
    }
    assert_eq!(counted.load(std::sync::atomic::Ordering::SeqCst), 3);
}

#[tokio::test]
async fn a_refusal_tells_its_sentence_and_its_properties() {
    let inner = "Property values were not valid: [{\"isValid\":false,\"message\":\"gold was not one of the allowed options: [silver]\",\"error\":\"INVALID_OPTION\",\"name\":\"partner_tier\",\"localizedErrorMessage\":\"x\"}]";
    let unique = "Property values were not valid: [{\"isValid\":false,\"message\":\"taken\",\"error\":\"CONFLICTING_UNIQUE_VALUE\",\"name\":\"drumbeat_op_id\"}]";
    let coordinates =
        "Cannot set PropertyValueCoordinates{portalId=1, propertyName=drumbeat_op_id} on 5. 7 already has that value.";
    let detailed = json!({"status": "error", "message": "Invalid input", "category": "VALIDATION_ERROR", "correlationId": "x",
        "errors": [{"message": "Property \"nope\" does not exist", "code": "PROPERTY_DOESNT_EXIST", "in": "nope", "context": {"propertyName": ["nope"]}}],
        "context": {"properties": ["nope"]}, "links": {"knowledge": "https://example.com"}});
    let scopes = json!({"status": "error", "message": "This app hasn't been granted all required scopes to make this call. Read more at https://developers.hubspot.com/scopes.",
        "category": "MISSING_SCOPES", "errors": [], "context": {"requiredGranularScopes": ["crm.objects.deals.write"]}});
    let token =
        json!({"status": "error", "message": format!("the token {TOKEN} is odd"), "category": "VALIDATION_ERROR"});
    let cases = [
        (
            400,
            problem("VALIDATION_ERROR", inner),
            RefusalKind::Validation,
            "gold was not one of the allowed options: [silver]",
            vec!["partner_tier"],
        ),
        (400, problem("VALIDATION_ERROR", unique), RefusalKind::Duplicate, "taken", vec!["drumbeat_op_id"]),
        (400, problem("VALIDATION_ERROR", coordinates), RefusalKind::Duplicate, coordinates, vec![]),
        (
            409,
            problem("CONFLICT", "Contact already exists. Existing ID: 7"),
            RefusalKind::Duplicate,
            "Contact already exists. Existing ID: 7",
            vec![],
        ),
        (400, detailed, RefusalKind::Validation, "Invalid input; Property \"nope\" does not exist", vec!["nope"]),
        (
            403,
            scopes,
            RefusalKind::Forbidden,
            "This app hasn't been granted all required scopes to make this call. Read more at … (crm.objects.deals.write)",
            vec![],
        ),
        (400, token, RefusalKind::Validation, "the token *** is odd", vec![]),
        (400, problem("VALIDATION_ERROR", &"long ".repeat(500)), RefusalKind::Validation, "", vec![]),
    ];
    for (status, body, kind, message, properties) in cases {
        let shown = body.to_string();
        let desk = Desk::open(move |_, _| Reply::Json(status, body.clone())).await;
        let WriteOutcome::Refused(refusal) = desk.client().update(&change()).await else { panic!("{shown}") };
        assert_eq!((refusal.status, refusal.kind), (status, kind), "{shown}");
        assert_eq!(refusal.properties, properties, "{shown}");
        assert!(message.is_empty() || refusal.message == message, "{:?}", refusal.message);
        assert!(refusal.message.chars().count() <= 500);
    }
}

#[tokio::test]
async fn a_create_takes_link_types_from_the_account() {
    let desk = Desk::open(|asked, _| match asked.path.as_str() {
        "/crm/associations/2026-09/tasks/companies/labels" => Reply::Json(200, json!({"results": [
            {"category": "USER_DEFINED", "typeId": 44, "label": "Reviewed"}, {"category": "HUBSPOT_DEFINED", "typeId": 192, "label": null}]})),
        "/crm/objects/2026-09/tasks" => {
            assert_eq!(asked.body["associations"], json!([{"to": {"id": "7"}, "types": [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 192}]}]));
            Reply::Json(201, json!({"id": "700", "properties": {"drumbeat_op_id": "0190"}, "createdAt": "2026-11-21T06:00:00Z"}))
        }
        other => panic!("{other}"),
    })
    .await;
    let hubspot = desk.client();
    for _ in 0..2 {
        let outcome = hubspot.create(&new_task(vec![account("7")])).await;
        assert!(matches!(&outcome, WriteOutcome::Done { id, .. } if id == "700"), "{outcome:?}");
    }
    assert_eq!(desk.count(), 3, "the types are asked for once");
}

#[tokio::test]
async fn a_create_is_done_only_with_an_id_and_our_op() {
    let cases = [
        (201, json!({"id": "9", "properties": {"drumbeat_op_id": "0190"}}), "done"),
        (201, json!({"id": 9, "properties": {}}), "done"),
        (201, json!({"id": "9", "properties": {"drumbeat_op_id": "other"}}), "unknown"),
        (201, json!({"properties": {}}), "unknown"),
        (409, problem("OBJECT_ALREADY_EXISTS", "there"), "refused Duplicate"),
    ];
    for (status, body, expected) in cases {
        let shown = body.to_string();
        let desk = Desk::open(move |_, _| Reply::Json(status, body.clone())).await;
        assert_eq!(word(&desk.client().create(&new_task(Vec::new())).await), expected, "{shown}");
        assert_eq!(desk.count(), 1);
    }
    // Without the account's link types nothing is made that would have to be repaired.
    let desk = Desk::open(|asked, _| {
        assert!(asked.path.ends_with("/labels"));
        Reply::Json(403, problem("MISSING_SCOPES", "no"))
    })
    .await;
    assert_eq!(word(&desk.client().create(&new_task(vec![account("7")])).await), "not sent");
}

#[tokio::test]
async fn the_main_account_is_linked_by_its_label_and_others_by_default() {
    let desk = Desk::open(|asked, _| match (asked.method.as_str(), asked.path.as_str()) {
        ("GET", "/crm/associations/2026-09/deals/companies/labels") => Reply::Json(200, json!({"results": [
            {"category": "HUBSPOT_DEFINED", "typeId": 341, "label": null}, {"category": "HUBSPOT_DEFINED", "typeId": 5, "label": "Primary"}]})),
        ("PUT", "/crm/objects/2026-09/deals/1/associations/companies/7") => {
            assert_eq!(asked.body, json!([{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 5}]));
            Reply::Json(201, json!({"fromObjectTypeId": "0-3", "fromObjectId": 1, "toObjectTypeId": "0-2", "toObjectId": 7, "labels": ["Primary"]}))
        }
        ("PUT", "/crm/objects/2026-09/deals/1/associations/default/companies/8") => Reply::Json(200, json!({"status": "COMPLETE",
            "results": [{"from": {"id": "1"}, "to": {"id": "8"}, "associationSpec": {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 341}}]})),
        ("PUT", "/crm/objects/2026-09/deals/1/associations/default/companies/9") => Reply::Json(200, json!({"status": "COMPLETE", "results": []})),
        other => panic!("{other:?}"),
    })
    .await;
    let hubspot = desk.client();
    let plain = |id: &str| Link { primary: false, ..account(id) };
    for (link, expected) in [(account("7"), "done"), (plain("8"), "done"), (plain("9"), "unknown")] {
        assert_eq!(word(&hubspot.link(ObjectKind::Deal, "1", &link).await), expected, "{link:?}");
    }
}

#[tokio::test]
async fn a_delete_is_done_only_with_the_vendors_own_yes() {
    let empty = |status| Reply::Raw(status, vec![], vec![]);
    let cases: Vec<(u16, Reply, &str)> = vec![
        (204, empty(204), "done"),
        (200, empty(200), "unknown"),
        (200, Reply::Json(200, json!({"id": "1"})), "unknown"),
        (404, Reply::Json(404, problem("OBJECT_NOT_FOUND", "no")), "refused Gone"),
        (404, Reply::Raw(404, vec![], b"<html>no</html>".to_vec()), "unknown"),
        (403, Reply::Json(403, problem("MISSING_SCOPES", "no")), "refused Forbidden"),
        (429, Reply::Json(429, limit("TEN_SECONDLY_ROLLING")), "limited"),
        (502, empty(502), "unknown"),
    ];
    for (status, reply, expected) in cases {
        let reply = std::sync::Mutex::new(Some(reply));
        let desk = Desk::open(move |asked, _| {
            assert!(asked.is("DELETE", "/crm/objects/2026-09/deals/1"));
            reply.lock().unwrap().take().expect("one request, never repeated")
        })
        .await;
        let outcome = desk.client().archive(ObjectKind::Deal, "1").await;
        assert_eq!(word(&outcome), expected, "{status}: {outcome:?}");
        assert_eq!(desk.count(), 1);
    }
    let desk = Desk::open(|_, _| panic!("nothing may arrive")).await;
    assert_eq!(word(&desk.client().archive(ObjectKind::Deal, "../companies/1").await), "not sent");
}

#[tokio::test]
async fn a_record_is_read_out_of_the_bin_with_its_past() {
    let desk = Desk::open(|asked, _| {
        assert_eq!((asked.method.as_str(), asked.path.as_str()), ("POST", "/crm/objects/2026-09/deals/batch/read"));
        let version = json!({"value": "5", "timestamp": "2026-11-21T06:00:00Z", "sourceType": "CRM_UI"});
        Reply::Json(200, json!({"status": "COMPLETE", "results": [
            {"id": "1", "archived": true, "properties": {"amount": "5"}, "propertiesWithHistory": {"amount": [version]}},
            {"id": "2", "archived": false, "properties": {"amount": "6"}},
            {"id": "9", "archived": true, "properties": {}}]}))
    })
    .await;
    let read = Read {
        kind: ObjectKind::Deal,
        ids: vec!["1".into(), "2".into()],
        properties: vec!["amount".into()],
        history: vec!["amount".into()],
        dated: false,
    };
    let found = desk.client().binned(&read).await.unwrap();
    assert_eq!(found.len(), 1, "neither a living one nor one that nobody asked for: {found:?}");
    assert_eq!((found[0].asked.as_str(), found[0].history["amount"][0].value.as_str()), ("1", "5"));
}
