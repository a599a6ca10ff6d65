//! Records made, changed, deleted, alone and many at once.

use super::*;

fn deal(name: &str) -> Value {
    json!({"Name": name, "StageName": "Appointment scheduled", "CloseDate": "2027-01-31", "Amount": 1200.5})
}

async fn send_with(
    s: &Sandbox,
    method: Method,
    path: &str,
    headers: &[(&'static str, &str)],
    body: Value,
) -> (u16, Value) {
    let mut request = reqwest::Client::new().request(method, format!("{}{path}", s.url())).bearer_auth(s.token());
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answer = request.header("content-type", "application/json").body(body.to_string()).send().await.unwrap();
    let status = answer.status().as_u16();
    (status, serde_json::from_str(&answer.text().await.unwrap()).unwrap_or(Value::Null))
}

#[tokio::test]
async fn a_deal_is_made_read_changed_and_deleted() {
    let s = salesforce().await;
    let (status, made) = post(&s, &format!("{V}/sobjects/Opportunity"), deal("New one")).await;
    assert_eq!((status, &made["success"], &made["errors"]), (201, &json!(true), &json!([])));
    let path = format!("{V}/sobjects/Opportunity/{}", made["id"].as_str().unwrap());
    let (_, read) = get(&s, &path).await;
    assert_eq!(
        (&read["Amount"], &read["IsClosed"], &read["Probability"]),
        (&json!(1200.5), &json!(false), &json!(20.0))
    );
    assert!(read["CreatedDate"].as_str().unwrap().ends_with(".000+0000"), "{read}");
    let (status, _) =
        call(&s, Method::PATCH, &path, Some(json!({"StageName": "Closed won", "Drumbeat_Last_Op__c": "op-1"}))).await;
    assert_eq!(status, 204);
    let (_, read) = get(&s, &format!("{path}?fields=StageName,IsWon,LastStageChangeDate")).await;
    assert_eq!((&read["IsWon"], read["LastStageChangeDate"].is_string()), (&json!(true), true));
    let entry = &s.ledger()[1];
    assert_eq!(
        (entry.object.as_str(), entry.kind, entry.op_marker.as_deref()),
        ("Opportunity", LedgerKind::Update, Some("op-1"))
    );
    assert_eq!(
        (&entry.before["StageName"], &entry.after["StageName"]),
        (&json!("Appointment scheduled"), &json!("Closed won"))
    );
    let id = made["id"].as_str().unwrap();
    let stages = all(&s, &format!("SELECT StageName FROM OpportunityHistory WHERE OpportunityId = '{id}'")).await;
    assert_eq!(stages.iter().map(|h| &h["StageName"]).collect::<Vec<_>>(), ["Appointment scheduled", "Closed won"]);
    let moved = all(&s, &format!("SELECT Field, OldValue, NewValue FROM OpportunityFieldHistory WHERE OpportunityId = '{id}' AND Field = 'StageName'")).await;
    assert_eq!((&moved[0]["OldValue"], &moved[0]["NewValue"]), (&json!("Appointment scheduled"), &json!("Closed won")));
    assert_eq!(call(&s, Method::DELETE, &path, None).await.0, 204);
    let (status, body) = call(&s, Method::PATCH, &path, Some(json!({"Name": "x"}))).await;
    assert_eq!((status, refusal(&body).0), (404, "ENTITY_IS_DELETED"));
    assert_eq!(soql(&s, &format!("SELECT COUNT() FROM Opportunity WHERE Id = '{id}'")).await.1["totalSize"], 0);
    let (_, found) = get(&s, &format!("{V}/queryAll?q=SELECT+Id+FROM+Opportunity+WHERE+IsDeleted=true")).await;
    assert_eq!(found["records"][0]["Id"], id);
}

#[tokio::test]
async fn an_upsert_makes_once_and_changes_after() {
    let s = salesforce().await;
    let path = format!("{V}/sobjects/Opportunity/Drumbeat_Op_Id__c/op-7");
    let (status, first) = call(&s, Method::PATCH, &path, Some(deal("Once"))).await;
    assert_eq!((status, &first["created"]), (201, &json!(true)));
    let (status, again) = call(&s, Method::PATCH, &path, Some(deal("Once"))).await;
    assert_eq!((status, &again["created"], &again["id"]), (200, &json!(false), &first["id"]));
    let (status, other) = post(&s, &format!("{V}/sobjects/Opportunity"), {
        let mut d = deal("Two");
        d["Drumbeat_Op_Id__c"] = json!("OP-7");
        d
    })
    .await;
    assert_eq!((status, refusal(&other).0), (400, "DUPLICATE_VALUE"));
    assert!(refusal(&other).1.ends_with(first["id"].as_str().unwrap()));
    assert_eq!(get(&s, &path).await.1["Id"], first["id"]);
}

#[tokio::test]
async fn a_change_since_the_time_that_was_given_is_412() {
    let s = salesforce().await;
    let path = format!("{V}/sobjects/Opportunity/{}", first_id(&s, "Opportunity").await);
    let old = "Thu, 01 Jan 2015 00:00:00 GMT";
    let now = s.now().format("%a, %d %b %Y %H:%M:%S GMT").to_string();
    let body = json!({"NextStep": "Call"});
    let (status, refused) = send_with(&s, Method::PATCH, &path, &[("if-unmodified-since", old)], body.clone()).await;
    assert_eq!((status, refusal(&refused).0), (412, "PRECONDITION_FAILED"));
    assert!(s.ledger().is_empty());
    assert_eq!(send_with(&s, Method::PATCH, &path, &[("if-unmodified-since", &now)], body.clone()).await.0, 204);
    assert_eq!(send_with(&s, Method::GET, &path, &[("if-modified-since", &now)], Value::Null).await.0, 304);
    assert_eq!(send_with(&s, Method::PATCH, &path, &[("if-unmodified-since", "soon")], body).await.0, 400);
    let account = format!("{V}/sobjects/Account/{}", first_id(&s, "Account").await);
    let answer = send(&s, Method::GET, &account, None).await.unwrap();
    let tag = answer.headers()["etag"].to_str().unwrap().to_owned();
    assert_eq!(send_with(&s, Method::GET, &account, &[("if-none-match", &tag)], Value::Null).await.0, 304);
    assert_eq!(send_with(&s, Method::PATCH, &account, &[("if-match", "\"other\"")], json!({"Fax": "1"})).await.0, 412);
    assert_eq!(send_with(&s, Method::PATCH, &account, &[("if-match", &tag)], json!({"Fax": "1"})).await.0, 204);
}

#[tokio::test]
async fn many_records_are_done_one_by_one_or_all_or_none() {
    let s = salesforce().await;
    let with = |name: &str, stage: &str| json!({"attributes": {"type": "Opportunity"}, "Name": name, "StageName": stage, "CloseDate": "2027-01-31"});
    let body = |all: bool| json!({"allOrNone": all, "records": [with("A", "Closed won"), with("B", "Dreaming"), {"attributes": {"type": "Account"}, "Name": "C"}]});
    let (status, each) = post(&s, &format!("{V}/composite/sobjects"), body(false)).await;
    assert_eq!(
        (status, &each[0]["success"], &each[1]["success"], &each[2]["success"]),
        (200, &json!(true), &json!(false), &json!(true))
    );
    assert_eq!(each[1]["errors"][0]["statusCode"], "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST");
    let before = s.ledger().len();
    let (_, none) = post(&s, &format!("{V}/composite/sobjects"), body(true)).await;
    assert_eq!(none[0]["errors"][0]["statusCode"], "ALL_OR_NONE_OPERATION_ROLLED_BACK");
    assert_eq!((s.ledger().len(), before), (2, 2));
    assert_eq!(soql(&s, "SELECT COUNT() FROM Account WHERE Name = 'C'").await.1["totalSize"], 1);
    let ids = [each[0]["id"].as_str().unwrap(), "006Hn00000zzzzzAAA", each[2]["id"].as_str().unwrap()];
    let (_, read) = get(
        &s,
        &format!("{V}/composite/sobjects/Opportunity?ids={},{}&fields=Name", ids[0], first_id(&s, "Opportunity").await),
    )
    .await;
    assert_eq!((&read[0]["Name"], read[1]["Name"].is_string()), (&json!("A"), true));
    let (_, read) =
        post(&s, &format!("{V}/composite/sobjects/Opportunity"), json!({"ids": [ids[2], ids[0]], "fields": ["Name"]}))
            .await;
    assert_eq!((&read[0], &read[1]["Name"]), (&Value::Null, &json!("A")));
    let (_, gone) =
        call(&s, Method::DELETE, &format!("{V}/composite/sobjects?ids={},{}&allOrNone=false", ids[0], ids[2]), None)
            .await;
    assert_eq!((&gone[0]["success"], &gone[1]["success"]), (&json!(true), &json!(true)));
    let upsert = json!({"records": [{"attributes": {"type": "Task"}, "Drumbeat_Op_Id__c": "t-1", "Subject": "Call"}]});
    let path = format!("{V}/composite/sobjects/Task/Drumbeat_Op_Id__c");
    let (_, once) = call(&s, Method::PATCH, &path, Some(upsert.clone())).await;
    let (_, twice) = call(&s, Method::PATCH, &path, Some(upsert)).await;
    assert_eq!(
        (&once[0]["created"], &twice[0]["created"], &once[0]["id"]),
        (&json!(true), &json!(false), &twice[0]["id"])
    );
}

#[tokio::test]
async fn a_composite_request_uses_what_it_has_made_and_takes_all_back() {
    let s = salesforce().await;
    let parts = |stage: &str| {
        json!({"allOrNone": true, "compositeRequest": [
            {"method": "POST", "url": format!("{V}/sobjects/Account"), "referenceId": "a", "body": {"Name": "Composed"}},
            {"method": "POST", "url": format!("{V}/sobjects/Opportunity"), "referenceId": "o",
             "body": {"Name": "For it", "StageName": stage, "CloseDate": "2027-01-31", "AccountId": "@{a.id}"}},
            {"method": "GET", "url": format!("{V}/query?q=SELECT+Name+FROM+Opportunity+WHERE+AccountId='@{{a.id}}'"), "referenceId": "q"}]})
    };
    let (status, failed) = post(&s, &format!("{V}/composite"), parts("Dreaming")).await;
    assert_eq!((status, &failed["compositeResponse"][0]["httpStatusCode"]), (200, &json!(400)));
    assert_eq!(
        (
            s.ledger().len(),
            soql(&s, "SELECT COUNT() FROM Account WHERE Name = 'Composed'").await.1["totalSize"].as_u64()
        ),
        (0, Some(0))
    );
    let (_, done) = post(&s, &format!("{V}/composite"), parts("Closed won")).await;
    assert_eq!(done["compositeResponse"][2]["body"]["records"][0]["Name"], "For it", "{done}");
    assert_eq!(s.ledger().len(), 2);
}

#[tokio::test]
async fn what_changed_and_what_went_is_listed_by_time() {
    let s = salesforce().await;
    let (a, b) = (first_id(&s, "Contact").await, first_id(&s, "Account").await);
    s.advance(Duration::from_secs(3_600));
    call(&s, Method::PATCH, &format!("{V}/sobjects/Account/{b}"), Some(json!({"Phone": "1"}))).await;
    call(&s, Method::DELETE, &format!("{V}/sobjects/Contact/{a}"), None).await;
    s.advance(Duration::from_secs(120));
    let span = "start=2026-11-21T06:50:00%2B00:00&end=2026-11-21T07:05:00%2B00:00";
    let (_, updated) = get(&s, &format!("{V}/sobjects/Account/updated/?{span}")).await;
    assert_eq!(updated["ids"], json!([b]));
    let (_, deleted) = get(&s, &format!("{V}/sobjects/Contact/deleted/?{span}")).await;
    assert_eq!((&deleted["deletedRecords"][0]["id"], deleted["latestDateCovered"].is_string()), (&json!(a), true));
}
