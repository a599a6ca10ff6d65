//! What Salesforce refuses, and what goes wrong on purpose.

use drumbeat_sandbox::OrgFaults;

use super::*;

#[tokio::test]
async fn what_salesforce_refuses_is_refused_and_changes_nothing() {
    let s = salesforce().await;
    let (deal, account) = (first_id(&s, "Opportunity").await, first_id(&s, "Account").await);
    let cases = [
        (json!({"Nope__c": 1}), "INVALID_FIELD", "No such column 'Nope__c' on sobject of type Opportunity"),
        (json!({"IsWon": true}), "INVALID_FIELD_FOR_INSERT_UPDATE", "Unable to create/update fields: IsWon."),
        (json!({"Name": null}), "REQUIRED_FIELD_MISSING", "Required fields are missing: [Name]"),
        (json!({"Name": "n".repeat(121)}), "STRING_TOO_LONG", "max length=120"),
        (
            json!({"StageName": "Dreaming"}),
            "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
            "bad value for restricted picklist field: Dreaming",
        ),
        (json!({"Partner_Motion__c": "osmosis"}), "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", "osmosis"),
        (json!({"CloseDate": "soon"}), "JSON_PARSER_ERROR", "Cannot deserialize instance of date"),
        (json!({"Amount": "much"}), "JSON_PARSER_ERROR", "Cannot deserialize instance of double"),
        (json!({"AccountId": "x"}), "MALFORMED_ID", "id value of incorrect type: x"),
        (json!({"AccountId": deal}), "FIELD_INTEGRITY_EXCEPTION", "id value of incorrect type"),
        (json!({"AccountId": "001Hn00000zzzzz"}), "INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id"),
    ];
    for (body, code, message) in cases {
        let (status, answer) =
            call(&s, Method::PATCH, &format!("{V}/sobjects/Opportunity/{deal}"), Some(body.clone())).await;
        assert_eq!((status, refusal(&answer).0), (400, code), "{body}: {answer}");
        assert!(refusal(&answer).1.contains(message), "{body}: {answer}");
    }
    let (status, answer) = post(&s, &format!("{V}/sobjects/Opportunity"), json!({"AccountId": account})).await;
    assert_eq!((status, &answer[0]["fields"]), (400, &json!(["Name", "StageName", "CloseDate"])));
    let (status, answer) = get(&s, &format!("{V}/sobjects/Opportunity/006Hn00000zzzzz")).await;
    assert_eq!((status, refusal(&answer).0), (404, "NOT_FOUND"));
    assert!(s.ledger().is_empty());
}

#[tokio::test]
async fn a_fault_speaks_the_vendors_words() {
    let s = salesforce().await;
    let deal = first_id(&s, "Opportunity").await;
    let cases = [
        (Fault::TooMany { retry_after: None, secondly: false }, 403, "REQUEST_LIMIT_EXCEEDED"),
        (Fault::Status { code: 503, applied: false }, 503, "SERVER_UNAVAILABLE"),
        (Fault::Status { code: 500, applied: true }, 500, "UNKNOWN_EXCEPTION"),
        (Fault::TokenExpired, 401, "INVALID_SESSION_ID"),
        (Fault::Locked, 400, "UNABLE_TO_LOCK_ROW"),
        (
            Fault::Refused { property: "NextStep".into(), message: "Ask first".into() },
            400,
            "FIELD_CUSTOM_VALIDATION_EXCEPTION",
        ),
        (Fault::ReadOnly, 403, "INSUFFICIENT_ACCESS_OR_READONLY"),
    ];
    for (fault, status, code) in cases {
        let applied = matches!(fault, Fault::Status { applied: true, .. });
        let before = s.ledger().len();
        let script =
            FaultScript { skip: 0, count: 1, method: None, path: None, object: Some("Opportunity".into()), fault };
        s.set_faults(Faults { scripts: vec![script], ..Faults::default() });
        let (got, body) =
            call(&s, Method::PATCH, &format!("{V}/sobjects/opportunity/{deal}"), Some(json!({"NextStep": code}))).await;
        assert_eq!((got, refusal(&body).0), (status, code));
        assert_eq!(s.ledger().len() - before, usize::from(applied), "{code}");
    }
    let edited = Fault::Edited { properties: [("NextStep".into(), "Theirs".into())].into(), user: String::new() };
    let script =
        FaultScript { skip: 0, count: 1, method: Some("PATCH".into()), path: None, object: None, fault: edited };
    s.set_faults(Faults { scripts: vec![script], ..Faults::default() });
    call(&s, Method::PATCH, &format!("{V}/sobjects/Opportunity/{deal}"), Some(json!({"NextStep": "Mine"}))).await;
    let last: Vec<(String, Value)> =
        s.ledger().iter().rev().take(2).map(|e| (e.method.clone(), e.after["NextStep"].clone())).collect();
    assert_eq!(last, [("PATCH".to_owned(), json!("Mine")), ("EDIT".to_owned(), json!("Theirs"))]);
}

#[tokio::test]
async fn a_user_sees_and_changes_what_the_profile_allows() {
    let s = salesforce().await;
    let deal = first_id(&s, "Opportunity").await;
    let org = OrgFaults {
        hidden: vec!["Opportunity.Amount".into(), "Quote".into()],
        locked: vec!["Opportunity.NextStep".into()],
        ..OrgFaults::default()
    };
    s.set_faults(Faults { org, ..Faults::default() });
    let (_, describe) = get(&s, &format!("{V}/sobjects/Opportunity/describe")).await;
    let field = |name: &str| describe["fields"].as_array().unwrap().iter().find(|f| f["name"] == name).cloned();
    assert_eq!((field("Amount"), field("NextStep").unwrap()["updateable"].clone()), (None, json!(false)));
    assert_eq!(refusal(&soql(&s, "SELECT Amount FROM Opportunity").await.1).0, "INVALID_FIELD");
    assert_eq!(refusal(&soql(&s, "SELECT Id FROM Quote").await.1).0, "INVALID_TYPE");
    for (name, code) in [("Amount", "INVALID_FIELD"), ("NextStep", "INVALID_FIELD_FOR_INSERT_UPDATE")] {
        let (_, body) =
            call(&s, Method::PATCH, &format!("{V}/sobjects/Opportunity/{deal}"), Some(json!({name: "1"}))).await;
        assert_eq!(refusal(&body).0, code);
    }
}

#[tokio::test]
async fn a_duplicate_rule_stops_what_looks_alike_until_it_is_allowed() {
    let s = salesforce().await;
    s.set_faults(Faults {
        org: OrgFaults { duplicate_rules: vec!["Account".into()], ..OrgFaults::default() },
        ..Faults::default()
    });
    let known = all(&s, "SELECT Id, Name FROM Account LIMIT 1").await.remove(0);
    let body = json!({"Name": known["Name"]});
    let (status, refused) = post(&s, &format!("{V}/sobjects/Account"), body.clone()).await;
    assert_eq!((status, refusal(&refused).0), (400, "DUPLICATES_DETECTED"));
    assert_eq!(refused[0]["duplicateResult"]["matchResults"][0]["matchRecords"][0]["record"]["Id"], known["Id"]);
    let request = reqwest::Client::new().post(format!("{}{V}/sobjects/Account", s.url())).bearer_auth(s.token());
    let answer =
        request.header("Sforce-Duplicate-Rule-Header", "allowSave=true").body(body.to_string()).send().await.unwrap();
    assert_eq!(answer.status(), 201);
}
