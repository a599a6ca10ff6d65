//! How a write ended: only what is certain is said to be certain. What a write carries.

use chrono::{TimeZone, Utc};
use drumbeat_crm::crm::{Create, Crm, Update, WriteOutcome};
use drumbeat_model::crm::{Link, ObjectKind, Properties};
use serde_json::{Value, json};

use crate::desk::{ACCOUNT, DEAL, Desk, REGISTRATION_TYPE, Reply, TOKEN, client, problem};

fn values(pairs: &[(&str, &str)]) -> Properties {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn change() -> Update {
    let set = values(&[("Amount", "5.10"), ("Drumbeat_Last_Op__c", "0190#1")]);
    let at = Utc.with_ymd_and_hms(2026, 11, 21, 10, 0, 5).unwrap();
    Update { kind: ObjectKind::Deal, id: DEAL.to_owned(), set, unmodified_since: Some(at) }
}

/// One word for an outcome, with the kind of a refusal.
fn word(outcome: &WriteOutcome) -> String {
    match outcome {
        WriteOutcome::Done { .. } => "done".into(),
        WriteOutcome::NotSent { .. } => "not sent".into(),
        WriteOutcome::RateLimited { wait } => format!("limited {wait}"),
        WriteOutcome::Refused(refusal) => format!("refused {:?}", refusal.kind),
        WriteOutcome::Stale => "stale".into(),
        WriteOutcome::Unknown { .. } => "unknown".into(),
    }
}

type Case = (&'static str, Box<dyn Fn() -> Reply + Send + Sync>, &'static str);

fn refusal(code: &'static str, status: u16, expected: &'static str) -> Case {
    (code, Box::new(move || Reply::Json(status, problem(code, "no"))), expected)
}

#[tokio::test]
async fn every_end_of_an_update_is_told_apart() {
    let raw = |status, body: &'static [u8]| move || Reply::Raw(status, vec![], body.to_vec());
    let cases: Vec<Case> = vec![
        ("accepted", Box::new(raw(204, b"")), "done"),
        ("a success with a page", Box::new(raw(200, b"<html>log in</html>")), "unknown"),
        ("nothing", Box::new(raw(200, b"")), "unknown"),
        ("accepted for later", Box::new(raw(202, b"")), "unknown"),
        ("another record answers", Box::new(raw(300, b"[\"/services/data/v62.0/x\"]")), "unknown"),
        ("cut off", Box::new(|| Reply::Cut(400, b"[{\"errorCode\": \"REQ".to_vec())), "unknown"),
        ("no answer", Box::new(|| Reply::Never), "unknown"),
        (
            "a redirect",
            Box::new(|| Reply::Raw(307, vec![("location", "http://127.0.0.1:1/x".into())], vec![])),
            "unknown",
        ),
        ("a proxy's 400", Box::new(raw(400, b"<html>bad</html>")), "unknown"),
        ("JSON of someone else", Box::new(|| Reply::Json(400, json!({"detail": "no"}))), "unknown"),
        ("a list of someone else's", Box::new(|| Reply::Json(400, json!([{"detail": "no"}]))), "unknown"),
        ("502", Box::new(raw(502, b"<html>bad gateway</html>")), "unknown"),
        ("504", Box::new(raw(504, b"")), "unknown"),
        refusal("SERVER_UNAVAILABLE", 503, "unknown"),
        refusal("UNKNOWN_EXCEPTION", 500, "unknown"),
        refusal("INVALID_SESSION_ID", 401, "refused NotAuthorised"),
        refusal("INSUFFICIENT_ACCESS_OR_READONLY", 400, "refused Forbidden"),
        refusal("API_DISABLED_FOR_ORG", 403, "refused Forbidden"),
        refusal("UNABLE_TO_LOCK_ROW", 400, "refused Locked"),
        refusal("ENTITY_IS_DELETED", 404, "refused Gone"),
        refusal("NOT_FOUND", 404, "refused Gone"),
        refusal("DUPLICATE_VALUE", 400, "refused Duplicate"),
        refusal("DUPLICATES_DETECTED", 400, "refused Validation"),
        refusal("FIELD_CUSTOM_VALIDATION_EXCEPTION", 400, "refused Validation"),
        refusal("INVALID_FIELD_FOR_INSERT_UPDATE", 400, "refused Validation"),
        refusal("PRECONDITION_FAILED", 412, "stale"),
        ("412 without a body", Box::new(raw(412, b"")), "stale"),
        (
            "too many at once",
            Box::new(|| Reply::Json(403, problem("REQUEST_LIMIT_EXCEEDED", "ConcurrentRequests Limit exceeded."))),
            "limited 10",
        ),
        (
            "the day is used up",
            Box::new(|| Reply::Json(403, problem("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."))),
            "limited 3600",
        ),
    ];
    for (name, reply, expected) in cases {
        let desk = Desk::open(move |_, _| reply()).await;
        let outcome = desk.client().update(&change()).await;
        assert_eq!(word(&outcome), expected, "{name}: {outcome:?}");
        assert_eq!(desk.count(), 1, "{name}: one request");
    }
    let outcome = client("http://127.0.0.1:1").update(&change()).await;
    assert_eq!(word(&outcome), "not sent", "{outcome:?}");
}

#[tokio::test]
async fn an_update_is_conditional_and_each_value_has_the_form_of_its_field() {
    let desk = Desk::open(|_, _| Reply::Raw(204, vec![], vec![])).await;
    let set = values(&[
        ("Amount", "1234567890123456.78"),
        ("CloseDate", "2026-12-01T00:00:00Z"),
        ("Motions__c", "resale;referral"),
        ("Name", "A \"quoted\" name"),
        ("Price_Protected__c", "true"),
        ("RecordTypeId", "012000000000000AAA"),
        ("StageName", ""),
        ("Stage_Notes_At__c", "2026-11-21T10:00:00Z"),
    ]);
    let outcome = desk.client().update(&Update { set, ..change() }).await;
    assert_eq!(outcome, WriteOutcome::Done { id: DEAL.to_owned(), updated_at: None });
    let asked = desk.asked().pop().unwrap();
    assert!(asked.is("PATCH", &format!("/services/data/v62.0/sobjects/Opportunity/{DEAL}")));
    assert_eq!(asked.headers["if-unmodified-since"], "Sat, 21 Nov 2026 10:00:05 GMT");
    assert!(asked.text.contains("\"Amount\":1234567890123456.78"), "digit by digit: {}", asked.text);
    let expected = json!({
        "CloseDate": "2026-12-01", "Motions__c": "resale;referral", "Name": "A \"quoted\" name",
        "Price_Protected__c": true, "StageName": null, "Stage_Notes_At__c": "2026-11-21T10:00:00.000Z",
    });
    let mut body = asked.body;
    body.as_object_mut().unwrap().remove("Amount");
    assert_eq!(body, expected, "the record type that nobody gives is not written");
}

#[tokio::test]
async fn a_new_record_carries_its_links_and_what_its_kind_needs() {
    let made = || Reply::Json(201, json!({"id": "00Q000000000001AAA", "success": true, "errors": []}));
    let link = |to, id: &str, primary| Link { to, id: id.to_owned(), primary };
    let cases: Vec<(ObjectKind, Properties, Vec<Link>, Value)> = vec![
        (
            ObjectKind::Deal,
            values(&[("Name", "Kestrel"), ("Drumbeat_Op_Id__c", "0190")]),
            vec![link(ObjectKind::Company, ACCOUNT, true)],
            json!({"Name": "Kestrel", "Drumbeat_Op_Id__c": "0190", "AccountId": ACCOUNT}),
        ),
        (
            ObjectKind::Registration,
            values(&[("Company", "Kestrel"), ("Name", "Ana Maria Reyes")]),
            vec![],
            json!({"Company": "Kestrel", "FirstName": "Ana Maria", "LastName": "Reyes", "RecordTypeId": REGISTRATION_TYPE}),
        ),
        (
            ObjectKind::Registration,
            values(&[("Company", "Kestrel")]),
            vec![link(ObjectKind::Company, ACCOUNT, false)],
            json!({"Company": "Kestrel", "LastName": "[not provided]", "RecordTypeId": REGISTRATION_TYPE, "Account__c": ACCOUNT}),
        ),
        (
            ObjectKind::Task,
            values(&[("Subject", "Call")]),
            vec![link(ObjectKind::Company, ACCOUNT, false), link(ObjectKind::Deal, DEAL, false)],
            json!({"Subject": "Call", "TaskSubtype": "Task", "WhatId": DEAL}),
        ),
        (
            ObjectKind::Note,
            values(&[("Description", "Met them.\nMore.")]),
            vec![link(ObjectKind::Deal, DEAL, false)],
            json!({"Description": "Met them.\nMore.", "Subject": "Met them.", "Status": "Completed",
                "Drumbeat_Note__c": true, "WhatId": DEAL}),
        ),
    ];
    for (kind, set, links, expected) in cases {
        let desk = Desk::open(move |_, _| made()).await;
        let outcome = desk.client().create(&Create { kind, set, links }).await;
        assert_eq!(outcome, WriteOutcome::Done { id: "00Q000000000001AAA".to_owned(), updated_at: None });
        let asked = desk.asked().pop().unwrap();
        assert_eq!((asked.method.as_str(), &asked.body), ("POST", &expected), "{}", kind.name());
        assert_eq!(desk.count(), 1);
    }
}

#[tokio::test]
async fn a_create_is_done_only_with_an_id() {
    for (status, answer, expected) in [
        (201, json!({"id": DEAL, "success": true, "errors": []}), "done"),
        (201, json!({"id": "", "success": true}), "unknown"),
        (201, json!({"id": DEAL, "success": false}), "unknown"),
        (201, json!({"ok": true}), "unknown"),
        (200, json!({"id": DEAL, "success": true}), "unknown"),
        (
            400,
            problem("DUPLICATE_VALUE", "duplicate value found: Drumbeat_Op_Id__c duplicates value on record"),
            "refused Duplicate",
        ),
        (
            400,
            json!([{"message": "Required fields are missing: [CloseDate]", "errorCode": "REQUIRED_FIELD_MISSING",
            "fields": ["CloseDate"]}]),
            "refused Validation",
        ),
    ] {
        let shown = answer.clone();
        let desk = Desk::open(move |_, _| Reply::Json(status, answer.clone())).await;
        let new = Create { kind: ObjectKind::Deal, set: values(&[("Name", "x")]), links: vec![] };
        let outcome = desk.client().create(&new).await;
        assert_eq!(word(&outcome), expected, "{shown}");
        if let WriteOutcome::Refused(refusal) = outcome {
            assert!(!refusal.message.contains(TOKEN));
            assert_eq!(refusal.properties.len(), usize::from(expected == "refused Validation"));
        }
    }
}

#[tokio::test]
async fn a_link_is_a_field_or_a_record_that_joins_the_two() {
    let desk = Desk::open(|asked, _| match asked.method.as_str() {
        "POST" => Reply::Json(201, json!({"id": "00K000000000001AAA", "success": true, "errors": []})),
        _ => Reply::Raw(204, vec![], vec![]),
    })
    .await;
    let salesforce = desk.client();
    let contact = "003000000000001AAA";
    for (to, id, primary, method, path, body) in [
        (ObjectKind::Company, ACCOUNT, true, "PATCH", format!("Opportunity/{DEAL}"), json!({"AccountId": ACCOUNT})),
        (
            ObjectKind::Company,
            ACCOUNT,
            false,
            "POST",
            "OpportunityPartner".into(),
            json!({"OpportunityId": DEAL, "AccountToId": ACCOUNT}),
        ),
        (
            ObjectKind::Contact,
            contact,
            false,
            "POST",
            "OpportunityContactRole".into(),
            json!({"OpportunityId": DEAL, "ContactId": contact}),
        ),
    ] {
        let outcome = salesforce.link(ObjectKind::Deal, DEAL, &Link { to, id: id.to_owned(), primary }).await;
        assert_eq!(outcome, WriteOutcome::Done { id: DEAL.to_owned(), updated_at: None });
        let asked = desk.asked().pop().unwrap();
        assert!(asked.is(method, &format!("/services/data/v62.0/sobjects/{path}")), "{}", asked.path);
        assert_eq!(asked.body, body);
    }
}

#[tokio::test]
async fn a_record_goes_into_the_bin_by_one_request() {
    let desk = Desk::open(|_, number| match number {
        0 => Reply::Raw(204, vec![], vec![]),
        _ => Reply::Json(404, problem("ENTITY_IS_DELETED", "entity is deleted")),
    })
    .await;
    let salesforce = desk.client();
    assert_eq!(word(&salesforce.archive(ObjectKind::Deal, DEAL).await), "done");
    assert_eq!(word(&salesforce.archive(ObjectKind::Deal, DEAL).await), "refused Gone");
    assert!(desk.asked()[0].is("DELETE", &format!("/services/data/v62.0/sobjects/Opportunity/{DEAL}")));
    assert_eq!(word(&salesforce.archive(ObjectKind::Deal, "../x").await), "not sent");
    assert_eq!(desk.count(), 2);
}
