//! Scans, windows of changes, merged records, unique values, the recycle bin, histories; and answers that are none.

use chrono::{TimeZone, Utc};
use drumbeat_crm::crm::{Changes, Count, Crm, Cursor, Read, Scan};
use drumbeat_crm::error::CrmError;
use drumbeat_model::crm::{Link, ObjectKind};
use serde_json::{Value, json};

use crate::desk::{ACCOUNT, DEAL, Desk, REGISTRATION_TYPE, Reply, TOKEN, problem, question, rows};

const QUERY: &str = "/services/data/v62.0/query";
const QUERY_ALL: &str = "/services/data/v62.0/queryAll";

fn scan_of(kind: ObjectKind, properties: &[&str]) -> Scan {
    Scan {
        kind,
        properties: properties.iter().map(|name| (*name).to_owned()).collect(),
        archived: false,
        first: false,
        after: None,
    }
}

fn read_of(kind: ObjectKind, ids: &[&str], properties: &[&str]) -> Read {
    let text = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect();
    Read { kind, ids: text(ids), properties: text(properties), history: Vec::new(), dated: false }
}

#[tokio::test]
async fn a_scan_begins_behind_the_last_record_and_brings_links_and_plain_values() {
    let desk = Desk::without_partners(|asked, number| {
        assert!(asked.is("GET", QUERY));
        let fields = "SELECT Id, AccountId, Amount, CreatedDate, IsDeleted, RecordTypeId, StageName, \
                      Stage_Notes_At__c, SystemModstamp FROM Opportunity";
        if number == 0 {
            assert_eq!(question(asked), format!("{fields} ORDER BY Id LIMIT 2000"));
            Reply::Json(
                200,
                json!({"totalSize": 3, "done": false, "nextRecordsUrl": "/services/data/v62.0/query/01g-1",
                "records": [{"attributes": {"type": "Opportunity"}, "Id": DEAL, "AccountId": ACCOUNT, "Amount": 1200.50,
                    "IsDeleted": false, "StageName": null, "RecordTypeId": null,
                    "Stage_Notes_At__c": "2026-11-01T10:00:00.000+0000",
                    "SystemModstamp": "2026-11-02T10:00:00.000+0000"}]}),
            )
        } else if question(asked).starts_with("SELECT COUNT()") {
            assert_eq!(question(asked), "SELECT COUNT() FROM Opportunity");
            Reply::Json(200, json!({"totalSize": 3, "done": true, "records": []}))
        } else {
            assert_eq!(question(asked), format!("{fields} WHERE Id > '{DEAL}' ORDER BY Id LIMIT 2000"));
            rows(&json!([{"Id": "006000000000002AAA", "SystemModstamp": "2026-11-02T10:00:00.000Z"}]))
        }
    })
    .await;
    let salesforce = desk.client();
    let scan = scan_of(ObjectKind::Deal, &["Amount", "StageName", "Stage_Notes_At__c", "RecordTypeId", "Hidden__c"]);
    let page = salesforce.scan(&scan).await.unwrap();
    let record = &page.records[0];
    let values: Vec<(&str, &str)> = record.properties.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    let expected = [
        ("Amount", "1200.5"),
        ("RecordTypeId", "012000000000000AAA"),
        ("Stage_Notes_At__c", "2026-11-01T10:00:00.000Z"),
    ];
    assert_eq!(values, expected, "what this user does not see is not asked for");
    assert_eq!(record.updated_at.unwrap().to_rfc3339(), "2026-11-02T10:00:00+00:00");
    let account = Link { to: ObjectKind::Company, id: ACCOUNT.to_owned(), primary: true };
    assert_eq!(record.links.as_deref(), Some(&[account][..]));
    assert_eq!(page.total, Some(3));
    assert!(page.server_time.is_some(), "the server's own clock");
    assert_eq!(page.next, Some(Cursor(DEAL.to_owned())), "a page that was cut short goes on all the same");
    let page = salesforce.scan(&Scan { after: page.next, ..scan }).await.unwrap();
    assert_eq!((page.records.len(), page.next), (1, None));
    assert!(desk.asked().iter().all(|asked| asked.headers["authorization"] == format!("Bearer {TOKEN}")));
}

#[tokio::test]
async fn kinds_that_share_an_object_are_told_apart_by_the_question() {
    let desk = Desk::open(|_, _| rows(&json!([]))).await;
    let salesforce = desk.client();
    for (kind, expected) in [
        (ObjectKind::Registration, format!("RecordTypeId = '{REGISTRATION_TYPE}'")),
        (ObjectKind::Task, "(TaskSubtype = 'Task' OR TaskSubtype = null) AND Drumbeat_Note__c = false".to_owned()),
        (ObjectKind::Note, "Drumbeat_Note__c = true".to_owned()),
    ] {
        salesforce.scan(&scan_of(kind, &[])).await.unwrap();
        let asked = question(&desk.asked().pop().unwrap());
        assert!(asked.contains(&format!(" WHERE {expected} ORDER BY")), "{asked}");
    }
}

#[tokio::test]
async fn a_window_goes_on_behind_the_last_moment_and_record() {
    let at = |minute| Utc.with_ymd_and_hms(2026, 11, 21, 10, minute, 0).unwrap();
    let desk = Desk::open(|asked, number| {
        let window = question(asked).split(" WHERE ").nth(1).unwrap().to_owned();
        if number == 0 {
            assert_eq!(
                window,
                "SystemModstamp >= 2026-11-21T10:00:00.000Z AND SystemModstamp <= 2026-11-21T10:30:00.000Z \
                 ORDER BY SystemModstamp, Id LIMIT 2000"
            );
            Reply::Json(
                200,
                json!({"totalSize": 2, "done": false, "nextRecordsUrl": "/x", "records": [
                {"Id": ACCOUNT, "SystemModstamp": "2026-11-21T10:05:00.000+0000"}]}),
            )
        } else {
            assert_eq!(
                window,
                format!(
                    "(SystemModstamp > 2026-11-21T10:05:00.000Z OR (SystemModstamp = 2026-11-21T10:05:00.000Z AND \
                     Id > '{ACCOUNT}')) AND SystemModstamp <= 2026-11-21T10:30:00.000Z ORDER BY SystemModstamp, Id \
                     LIMIT 2000"
                )
            );
            rows(&json!([{"Id": "001000000000002AAA", "SystemModstamp": "2026-11-21T10:05:00.000+0000"}]))
        }
    })
    .await;
    let salesforce = desk.client();
    let window = Changes { kind: ObjectKind::Company, properties: vec![], since: at(0), until: at(30), after: None };
    let page = salesforce.changes(&window).await.unwrap();
    assert_eq!(page.records.len(), 1);
    let page = salesforce.changes(&Changes { after: page.next, ..window }).await.unwrap();
    assert_eq!((page.records[0].id.as_str(), page.next), ("001000000000002AAA", None));
}

#[tokio::test]
async fn a_merged_record_is_answered_by_its_survivor_however_often_it_was_merged() {
    let desk = Desk::open(|asked, _| {
        let question = question(asked);
        let is_about = |id: &str| question.contains(id);
        match (asked.path.as_str(), is_about("1AAA"), is_about("2AAA"), is_about("3AAA")) {
            (QUERY, true, _, _) | (QUERY, _, true, _) => rows(&json!([])),
            (QUERY, ..) => rows(&json!([{"Id": "001000000000003AAA", "Name": "Kestrel",
                "SystemModstamp": "2026-11-21T10:05:00.000+0000"}])),
            (QUERY_ALL, true, ..) => {
                rows(&json!([{"Id": "001000000000001AAA", "MasterRecordId": "001000000000002AAA"}]))
            }
            (QUERY_ALL, _, true, _) => {
                rows(&json!([{"Id": "001000000000002AAA", "MasterRecordId": "001000000000003AAA"}]))
            }
            _ => Reply::Json(404, problem("NOT_FOUND", "no")),
        }
    })
    .await;
    let read = read_of(ObjectKind::Company, &["001000000000001AAA"], &["Name"]);
    let found = desk.client().read(&read).await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].asked.as_str(), found[0].record.id.as_str()), ("001000000000001AAA", "001000000000003AAA"));
    assert_eq!(found[0].record.merged, ["001000000000001AAA"]);
}

#[tokio::test]
async fn the_bin_shows_the_dead_and_for_the_merged_those_who_took_them_in() {
    let desk = Desk::open(|asked, _| match asked.path.as_str() {
        QUERY_ALL => {
            assert!(question(asked).contains("IsDeleted = true"), "{}", question(asked));
            rows(&json!([
                {"Id": "001000000000001AAA", "IsDeleted": true, "Name": "Dead", "SystemModstamp": "2026-11-21T10:05:00.000Z"},
                {"Id": "001000000000002AAA", "IsDeleted": true, "MasterRecordId": "001000000000003AAA"}
            ]))
        }
        _ if question(asked).contains("2AAA") => rows(&json!([])),
        _ => rows(&json!([{"Id": "001000000000003AAA", "Name": "Kestrel"}])),
    })
    .await;
    let scan = Scan { archived: true, ..scan_of(ObjectKind::Company, &["Name"]) };
    let page = desk.client().scan(&scan).await.unwrap();
    let shown: Vec<(&str, bool, &[String])> =
        page.records.iter().map(|r| (r.id.as_str(), r.archived, r.merged.as_slice())).collect();
    let loser = ["001000000000002AAA".to_owned()];
    assert_eq!(shown, [("001000000000001AAA", true, &[][..]), ("001000000000003AAA", false, &loser[..])]);
    let ids = ["001000000000001AAA".to_owned(), "001000000000002AAA".to_owned()];
    let archived = desk.client().archived(ObjectKind::Company, &ids).await.unwrap();
    assert_eq!(archived, ["001000000000001AAA"], "merged is not deleted");
}

#[tokio::test]
async fn a_unique_value_is_found_by_itself_also_in_the_bin_and_never_by_another_case_or_twice() {
    const BINNED: &str = "006000000000009AAA";
    for (answer, expected) in [
        (json!([{"Id": DEAL, "Drumbeat_Op_Id__c": "0190-a"}]), Ok(Some(DEAL.to_owned()))),
        (json!([{"Id": DEAL, "Drumbeat_Op_Id__c": "0190-A"}]), Ok(None)),
        (json!([]), Ok(None)),
        (json!([{"Id": DEAL, "Drumbeat_Op_Id__c": "0190-a"}, {"Id": DEAL, "Drumbeat_Op_Id__c": "0190-a"}]), Err(())),
        // What is in the bin was made all the same; the value is free again there, and another may have it.
        (json!([{"Id": BINNED, "Drumbeat_Op_Id__c": "0190-a", "IsDeleted": true}]), Ok(Some(BINNED.to_owned()))),
        (
            json!([{"Id": BINNED, "Drumbeat_Op_Id__c": "0190-a", "IsDeleted": true},
                {"Id": DEAL, "Drumbeat_Op_Id__c": "0190-a", "IsDeleted": false}]),
            Ok(Some(DEAL.to_owned())),
        ),
    ] {
        let desk = Desk::without_partners(move |asked, _| {
            assert!(asked.path.ends_with("/queryAll"), "the bin is asked too: {}", asked.path);
            assert!(question(asked).ends_with("WHERE Drumbeat_Op_Id__c = '0190-a' LIMIT 20"), "{}", question(asked));
            rows(&answer)
        })
        .await;
        let salesforce = desk.client();
        let properties = ["Drumbeat_Op_Id__c".to_owned()];
        let found = salesforce.find(ObjectKind::Deal, &properties[0], "0190-a", &properties).await;
        assert_eq!(found.map(|found| found.map(|record| record.id)).map_err(|_| ()), expected);
    }
}

#[tokio::test]
async fn what_a_field_held_is_told_newest_first_down_to_its_beginning() {
    let desk = Desk::without_partners(|asked, _| {
        if question(asked).contains("FROM OpportunityFieldHistory") {
            let row = |field: &str, old: serde_json::Value, new: serde_json::Value, day: u32| {
                json!({"OpportunityId": DEAL, "Field": field, "OldValue": old, "NewValue": new,
                    "CreatedDate": format!("2026-11-{day}T10:00:00.000+0000"), "CreatedById": "005000000000001AAA"})
            };
            rows(&json!([
                row("Amount", json!(7.5), json!(9), 20),
                row("Account", json!("Kestrel"), json!("Heron"), 19),
                row("Account", json!("001000000000001AAA"), json!("001000000000002AAA"), 19),
                row("Amount", json!(null), json!(7.50), 18),
            ]))
        } else {
            rows(&json!([{"Id": DEAL, "Amount": 9, "CreatedDate": "2026-11-01T10:00:00.000+0000"}]))
        }
    })
    .await;
    let history = ["Amount", "AccountId", "Drumbeat_Last_Op__c"].map(str::to_owned).into();
    let read = Read { history, ..read_of(ObjectKind::Deal, &[DEAL], &["Amount"]) };
    let found = desk.client().read(&read).await.unwrap();
    let past = |name: &str| -> Vec<(String, u32)> {
        let entries = found[0].history.get(name).into_iter().flatten();
        entries.map(|entry| (entry.value.clone(), chrono::Datelike::day(&entry.at.unwrap()))).collect()
    };
    let entry = |value: &str, day| (value.to_owned(), day);
    assert_eq!(past("Amount"), [entry("9", 20), entry("7.5", 18), entry("", 1)]);
    assert_eq!(past("AccountId"), [entry("001000000000002AAA", 19), entry("001000000000001AAA", 1)]);
    assert!(!found[0].history.contains_key("Drumbeat_Last_Op__c"), "not tracked is not the same as never changed");
}

#[tokio::test]
async fn a_history_that_is_not_kept_is_asked_for_once() {
    let desk = Desk::without_partners(|asked, _| match question(asked).contains("History") {
        true => Reply::Json(400, problem("INVALID_TYPE", "sObject type 'OpportunityFieldHistory' is not supported.")),
        false => rows(&json!([{"Id": DEAL}])),
    })
    .await;
    let salesforce = desk.client();
    let read = Read { history: vec!["Amount".to_owned()], ..read_of(ObjectKind::Deal, &[DEAL], &[]) };
    for _ in 0..2 {
        assert!(salesforce.read(&read).await.unwrap()[0].history.is_empty());
    }
    assert_eq!(desk.asked().iter().filter(|asked| question(asked).contains("History")).count(), 1);
}

#[tokio::test]
async fn a_value_without_a_past_is_of_the_records_last_change_or_has_no_age() {
    for (changed, expected) in
        [("2026-11-01T10:00:00.000+0000", vec![]), ("2026-11-20T10:00:00.000+0000", vec![("9", 20), ("", 1)])]
    {
        let desk = Desk::without_partners(move |asked, _| match question(asked).contains("History") {
            true => rows(&json!([])),
            false => {
                assert!(question(asked).contains("Amount, CloseDate"), "{}", question(asked));
                rows(&json!([{"Id": DEAL, "Amount": 9, "CreatedDate": "2026-11-01T10:00:00.000+0000",
                    "LastModifiedDate": changed}]))
            }
        })
        .await;
        let history = ["Amount", "CloseDate"].map(str::to_owned).into();
        let read = Read { history, dated: true, ..read_of(ObjectKind::Deal, &[DEAL], &["Name"]) };
        let found = desk.client().read(&read).await.unwrap().remove(0);
        let past: Vec<(&str, u32)> = found
            .history
            .get("Amount")
            .into_iter()
            .flatten()
            .map(|entry| (entry.value.as_str(), chrono::Datelike::day(&entry.at.unwrap())))
            .collect();
        assert_eq!(past, expected);
        assert!(!found.history.contains_key("CloseDate") && found.record.properties.is_empty());
    }
}

#[tokio::test]
async fn records_are_counted_in_the_form_of_their_fields() {
    let desk = Desk::open(|_, _| Reply::Json(200, json!({"totalSize": 7, "done": true, "records": []}))).await;
    let salesforce = desk.client();
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let equals = vec![
        pair("StageName", "Won't"),
        pair("Price_Protected__c", "true"),
        pair("RecordTypeId", "012000000000000AAA"),
    ];
    let count = Count { kind: ObjectKind::Deal, equals, after: None };
    assert_eq!(salesforce.count(&count).await.unwrap(), Some(7));
    let asked = question(&desk.asked().pop().unwrap());
    assert_eq!(
        asked,
        "SELECT COUNT() FROM Opportunity WHERE StageName = 'Won\\'t' AND Price_Protected__c = true AND \
         RecordTypeId = null"
    );
}

#[tokio::test]
async fn partners_of_a_deal_are_companies_beside_its_own_and_are_asked_for_once_where_there_are_none() {
    let other = "001000000000002AAA";
    let desk = Desk::open(move |asked, _| match question(asked).contains("FROM OpportunityPartner") {
        true => {
            let expected = format!(
                "SELECT OpportunityId, AccountToId, IsPrimary FROM OpportunityPartner WHERE OpportunityId IN ('{DEAL}')"
            );
            assert_eq!(question(asked), expected);
            rows(&json!([
                {"OpportunityId": DEAL, "AccountToId": other, "IsPrimary": true},
                {"OpportunityId": DEAL, "AccountToId": other, "IsPrimary": false},
                {"OpportunityId": DEAL, "AccountToId": ACCOUNT, "IsPrimary": false},
            ]))
        }
        false => rows(&json!([{"Id": DEAL, "AccountId": ACCOUNT}])),
    })
    .await;
    let salesforce = desk.client();
    let company = |id: &str, primary| Link { to: ObjectKind::Company, id: id.to_owned(), primary };
    let expected = [company(ACCOUNT, true), company(other, false)];
    let page = salesforce.scan(&scan_of(ObjectKind::Deal, &[])).await.unwrap();
    assert_eq!(page.records[0].links.as_deref(), Some(&expected[..]), "the first of its partners is not its account");
    let found = salesforce.read(&read_of(ObjectKind::Deal, &[DEAL], &[])).await.unwrap();
    assert_eq!(found[0].record.links.as_deref(), Some(&expected[..]));
    // So that a link is known again when the answer to its making was lost.
    let links = salesforce.links(ObjectKind::Deal, &[DEAL.to_owned()], ObjectKind::Company).await.unwrap();
    assert_eq!(links[DEAL], expected);

    let desk = Desk::open(|asked, _| match question(asked).contains("FROM OpportunityPartner") {
        true => Reply::Json(400, problem("INVALID_TYPE", "sObject type 'OpportunityPartner' is not supported.")),
        false => rows(&json!([{"Id": DEAL, "AccountId": ACCOUNT}])),
    })
    .await;
    let salesforce = desk.client();
    for _ in 0..2 {
        let page = salesforce.scan(&scan_of(ObjectKind::Deal, &[])).await.unwrap();
        assert_eq!(page.records[0].links.as_deref(), Some(&expected[..1]));
    }
    assert_eq!(desk.count(), 3);
}

#[tokio::test]
async fn a_record_that_a_page_shows_twice_has_its_links_twice() {
    let desk = Desk::open(|asked, _| match question(asked).contains("FROM OpportunityPartner") {
        true => rows(&json!([{"OpportunityId": DEAL, "AccountToId": ACCOUNT}])),
        false => rows(&json!([{"Id": DEAL}, {"Id": DEAL}])),
    })
    .await;
    let page = desk.client().scan(&scan_of(ObjectKind::Deal, &[])).await.unwrap();
    let expected = [Link { to: ObjectKind::Company, id: ACCOUNT.to_owned(), primary: false }];
    assert_eq!(page.records.len(), 2);
    assert!(page.records.iter().all(|record| record.links.as_deref() == Some(&expected[..])), "{page:#?}");
}

#[tokio::test]
async fn touches_of_a_deal_are_those_that_name_it() {
    let desk = Desk::open(|asked, _| {
        assert!(question(asked).contains(&format!("WhatId IN ('{DEAL}')")), "{}", question(asked));
        rows(&json!([{"Id": "00T000000000001AAA", "WhatId": DEAL}]))
    })
    .await;
    let found = desk.client().links(ObjectKind::Deal, &[DEAL.to_owned()], ObjectKind::Task).await.unwrap();
    assert_eq!(found[DEAL].iter().map(|link| link.id.as_str()).collect::<Vec<_>>(), ["00T000000000001AAA"]);
}

#[tokio::test]
async fn a_link_that_does_not_say_whose_it_is_is_no_answer_and_pages_that_do_not_get_on_are_none() {
    let more = "/services/data/v62.0/query/01gD0000002HU6KIAW-2000";
    for (to, answer) in [
        (ObjectKind::Contact, json!([{"OpportunityId": DEAL, "ContactId": null}])),
        (ObjectKind::Contact, json!([{"ContactId": "003000000000001AAA"}])),
        (ObjectKind::Company, json!([{"AccountId": ACCOUNT}])),
        (ObjectKind::Task, json!([{"WhatId": DEAL}])),
        (ObjectKind::Task, Value::Null),
    ] {
        let desk = Desk::open(move |_, _| match &answer {
            Value::Null => Reply::Json(200, json!({"done": false, "nextRecordsUrl": more, "records": []})),
            answer => rows(answer),
        })
        .await;
        let found = desk.client().links(ObjectKind::Deal, &[DEAL.to_owned()], to).await;
        assert!(matches!(found, Err(CrmError::Garbled(_))), "{found:?}");
        assert!(desk.count() <= 2, "it is not asked for ever");
    }
}

#[tokio::test]
async fn an_answer_that_is_not_the_crms_is_told_by_what_it_is() {
    type Make = fn() -> Reply;
    let cases: [(Make, &str); 9] = [
        (|| Reply::Raw(200, vec![], b"<html>log in</html>".to_vec()), "Garbled"),
        (|| Reply::Json(200, json!({"items": []})), "Garbled"),
        (|| Reply::Json(200, json!([])), "Garbled"),
        (|| Reply::Json(200, json!({"totalSize": 1, "done": false, "records": []})), "Garbled"),
        (|| Reply::Raw(302, vec![("location", "https://elsewhere.example".into())], vec![]), "Garbled"),
        (|| Reply::Json(401, problem("INVALID_SESSION_ID", "Session expired or invalid")), "NotAuthorised"),
        (|| Reply::Json(403, problem("API_DISABLED_FOR_ORG", "no")), "Forbidden"),
        (|| Reply::Json(400, problem("INVALID_FIELD", "No such column")), "Refused"),
        (|| Reply::Json(500, problem("UNKNOWN_EXCEPTION", "no")), "Unreachable"),
    ];
    for (make, expected) in cases {
        let desk = Desk::open(move |_, _| make()).await;
        let error = desk.client().scan(&scan_of(ObjectKind::Company, &[])).await.unwrap_err();
        assert!(format!("{error:?}").starts_with(expected), "{error:?} is {expected}");
        assert!(!error.to_string().contains(TOKEN));
    }
    let other = Scan { after: Some(Cursor(ACCOUNT.to_owned())), ..scan_of(ObjectKind::Company, &[]) };
    let desk =
        Desk::open(|_, _| Reply::Json(200, json!({"totalSize": 1, "done": false, "records": [{"Id": ACCOUNT}]}))).await;
    assert!(matches!(desk.client().scan(&other).await, Err(CrmError::Garbled(_))), "it goes in a circle");
}
