//! What a client writes, what is refused, and what it leaves behind.

use crate::*;

#[tokio::test]
async fn a_batch_create_is_partial_only_when_every_input_is_traced() {
    let s = sample().await;
    let input = |name: &str, trace: Option<&str>, stage: &str| json!({"properties": {"dealname": name, "dealstage": stage}, "objectWriteTraceId": trace});
    let (good, bad) = ("appointmentscheduled", "nowhere");
    let (status, _) = post(
        &s,
        "/crm/v3/objects/deals/batch/create",
        json!({"inputs": [input("a", None, good), input("b", None, bad)]}),
    )
    .await;
    assert_eq!(status, 400);
    assert!(s.ledger().is_empty(), "a refused batch leaves nothing");
    let (status, answer) = post(
        &s,
        "/crm/v3/objects/deals/batch/create",
        json!({"inputs": [input("a", Some("1"), good), input("b", Some("2"), bad)]}),
    )
    .await;
    assert_eq!((status, answer["numErrors"].as_u64()), (207, Some(1)));
    assert_eq!(answer["errors"][0]["context"]["objectWriteTraceId"], json!(["2"]));
    assert_eq!(s.ledger().len(), 1);
}

#[tokio::test]
async fn unique_values_are_held_by_one_record_and_find_it() {
    let s = sample().await;
    let contact = json!({"properties": {"email": "jo@one.example"}});
    assert_eq!(post(&s, "/crm/v3/objects/contacts", contact.clone()).await.0, 201);
    let (status, refusal) = post(&s, "/crm/v3/objects/contacts", contact).await;
    assert_eq!((status, refusal["category"].as_str()), (409, Some("CONFLICT")));
    let property = json!({"name": "drumbeat_op_id", "label": "Op", "type": "string", "fieldType": "text", "groupName": "dealinformation", "hasUniqueValue": true});
    assert_eq!(post(&s, "/crm/properties/2026-09/deals", property).await.0, 201);
    let deal = json!({"properties": {"dealname": "x", "dealstage": "appointmentscheduled", "drumbeat_op_id": "op-1"}});
    let (_, made) = post(&s, "/crm/objects/2026-09/deals", deal.clone()).await;
    let (status, refusal) = post(&s, "/crm/objects/2026-09/deals", deal).await;
    assert_eq!((status, refusal["errors"][0]["code"].as_str()), (400, Some("CONFLICTING_UNIQUE_VALUE")));
    let (status, found) = get(&s, "/crm/objects/2026-09/deals/op-1?idProperty=drumbeat_op_id").await;
    assert_eq!((status, &found["id"]), (200, &made["id"]));
    assert_eq!(s.ledger().last().unwrap().op_marker.as_deref(), Some("op-1"));
}

#[tokio::test]
async fn an_upsert_tells_what_is_new() {
    let s = sample().await;
    let property = json!({"name": "drumbeat_op_id", "label": "Op", "type": "string", "fieldType": "text", "groupName": "dealinformation", "hasUniqueValue": true});
    post(&s, "/crm/properties/2026-09/deals", property).await;
    let input = |name: &str| json!({"inputs": [{"id": "op-9", "idProperty": "drumbeat_op_id", "properties": {"dealname": name, "dealstage": "appointmentscheduled"}}]});
    let (status, first) = post(&s, "/crm/v3/objects/deals/batch/upsert", input("One")).await;
    assert_eq!((status, &first["results"][0]["new"]), (200, &json!(true)), "{first}");
    let (_, again) = post(&s, "/crm/v3/objects/deals/batch/upsert", input("Two")).await;
    assert_eq!((&again["results"][0]["new"], &again["results"][0]["id"]), (&json!(false), &first["results"][0]["id"]));
    assert_eq!(again["results"][0]["properties"]["dealname"], "Two");
}

#[tokio::test]
async fn what_hubspot_refuses_is_refused_and_changes_nothing() {
    let s = sample().await;
    let id = new_deal(&s, "Firm").await;
    let cases = [
        (json!({"no_such_property": "1"}), "PROPERTY_DOESNT_EXIST"),
        (json!({"hs_is_closed": "true"}), "READ_ONLY_VALUE"),
        (json!({"partner_motion": "telepathy"}), "INVALID_OPTION"),
        (json!({"dealstage": "nowhere"}), "INVALID_OPTION"),
        (json!({"dealstage": "reseller_1"}), "INVALID_OPTION"),
        (json!({"pipeline": "nowhere"}), "INVALID_OPTION"),
        (json!({"amount": "a lot"}), "INVALID_DOUBLE"),
        (json!({"protection_end": "2026-13-01"}), "INVALID_DATE"),
        (json!({"hubspot_owner_id": "1"}), "INVALID_OWNER_ID"),
        (json!({"dealname": ""}), "REQUIRED_PROPERTY_MISSING"),
    ];
    for (set, code) in cases {
        let answer = patch(&s, &id, set.clone()).await.unwrap();
        assert_eq!(answer.status(), 400, "{set}");
        let body: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
        assert_eq!(
            (body["category"].as_str(), body["errors"][0]["code"].as_str()),
            (Some("VALIDATION_ERROR"), Some(code)),
            "{set}"
        );
        assert_eq!(body["correlationId"].as_str().unwrap().len(), 36);
    }
    assert_eq!(s.ledger().len(), 1);
    let moved = json!({"pipeline": "partner_reseller", "dealstage": "reseller_5"});
    assert_eq!(patch(&s, &id, moved).await.unwrap().status(), 200);
    let path =
        format!("/crm/v3/objects/deals/{id}?properties=hs_is_closed_won,hs_deal_stage_probability,stage_entered_at");
    let (_, deal) = get(&s, &path).await;
    assert_eq!(
        (&deal["properties"]["hs_is_closed_won"], &deal["properties"]["hs_deal_stage_probability"]),
        (&json!("true"), &json!("1.0"))
    );
    assert_eq!(deal["properties"]["stage_entered_at"], deal["updatedAt"]);
}

#[tokio::test]
async fn an_activity_moves_the_deal_it_is_about_and_a_plain_link_does_not() {
    let s = sample().await;
    let id = new_deal(&s, "Quiet").await;
    let modified = async || get(&s, &format!("/crm/v3/objects/deals/{id}")).await.1["updatedAt"].clone();
    let before = modified().await;
    s.advance(Duration::from_secs(60));
    let (_, companies) = get(&s, "/crm/v3/objects/companies?limit=1").await;
    let company = companies["results"][0]["id"].as_str().unwrap();
    let path = format!("/crm/objects/2026-09/deals/{id}/associations/default/companies/{company}");
    assert_eq!(call(&s, Method::PUT, &path, None).await.0, 200);
    assert_eq!(modified().await, before);
    let types = json!([{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 214}]);
    let note = json!({"properties": {"hs_timestamp": "2026-11-21T06:00:00Z", "hs_note_body": "Met"}, "associations": [{"to": {"id": id}, "types": types}]});
    assert_eq!(post(&s, "/crm/objects/2026-09/notes", note).await.0, 201);
    assert_ne!(modified().await, before);
}

#[tokio::test]
async fn a_merged_id_answers_with_the_survivor_and_its_links() {
    let s = sample().await;
    let (a, b) = (new_deal(&s, "A").await, new_deal(&s, "B").await);
    let (_, companies) = get(&s, "/crm/v3/objects/companies?limit=1").await;
    let company = companies["results"][0]["id"].as_str().unwrap();
    assert_eq!(
        call(&s, Method::PUT, &format!("/crm/v4/objects/deals/{b}/associations/default/companies/{company}"), None)
            .await
            .0,
        200
    );
    let (status, survivor) =
        post(&s, "/crm/v3/objects/deals/merge", json!({"primaryObjectId": a, "objectIdToMerge": b})).await;
    assert_eq!(status, 200);
    for old in [&a, &b] {
        let (_, found) = get(&s, &format!("/crm/v3/objects/deals/{old}?associations=companies")).await;
        assert_eq!(found["id"], survivor["id"]);
        assert_eq!(found["associations"]["companies"]["results"][0]["id"], company);
    }
    assert_eq!(survivor["properties"]["dealname"], "A");
}

#[tokio::test]
async fn signing_in_takes_a_person_a_code_and_a_verifier() {
    let s = sample().await;
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let query = "client_id=app&redirect_uri=http%3A%2F%2F127.0.0.1%3A9%2Fcb&scope=crm.objects.deals.read%20crm.objects.deals.write&state=s1&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256";
    let page = client.get(format!("{}/oauth/authorize?{query}", s.url())).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("value=\"approve\"") && page.contains("value=\"deny\""));
    let decide = |decision: &str| {
        client.post(format!("{}/oauth/authorize", s.url())).body(format!("{query}&decision={decision}")).send()
    };
    let denied = decide("deny").await.unwrap();
    assert!(denied.headers()["location"].to_str().unwrap().contains("error=access_denied"));
    let location = decide("approve").await.unwrap().headers()["location"].to_str().unwrap().to_owned();
    let code = location.split("code=").nth(1).unwrap().split('&').next().unwrap();
    let grant = format!(
        "grant_type=authorization_code&client_id=app&client_secret=x&redirect_uri=http://127.0.0.1:9/cb&code={code}&code_verifier=dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    );
    let token = client.post(format!("{}/oauth/2026-09/token", s.url())).body(grant).send().await.unwrap();
    let token: Value = serde_json::from_str(&token.text().await.unwrap()).unwrap();
    assert_eq!(token["expires_in"], 1800);
    let ask =
        || client.get(format!("{}/crm/v3/owners", s.url())).bearer_auth(token["access_token"].as_str().unwrap()).send();
    assert_eq!(ask().await.unwrap().status(), 200);
    s.advance(Duration::from_secs(1801));
    let expired = ask().await.unwrap();
    assert_eq!(expired.status(), 401);
    assert!(expired.text().await.unwrap().contains("EXPIRED_AUTHENTICATION"));
    assert_eq!(get(&s, "/crm/v3/owners").await.0, 200, "the static token never expires");
}

#[tokio::test]
async fn a_journal_brings_a_stopped_server_back() {
    let folder = tempfile::tempdir().unwrap();
    let with = || Options { journal: Some(folder.path().join("journal.jsonl")), ..options() };
    let s = start(with()).await.unwrap();
    let id = new_deal(&s, "Kept").await;
    s.advance(Duration::from_secs(30));
    patch(&s, &id, json!({"amount": "9"})).await.unwrap();
    assert!(s.edit("deals", &id, &[("amount", "10")], "x"));
    let path = format!("/crm/v3/objects/deals/{id}?properties=amount,dealname&propertiesWithHistory=amount");
    let (before, ledger) = (get(&s, &path).await, s.ledger());
    s.stop().await;
    let s = start(with()).await.unwrap();
    assert_eq!(get(&s, &path).await, before);
    assert_eq!(s.ledger(), ledger);
    s.stop().await;
    let refused = start(Options { seed: 9, ..with() }).await.unwrap_err().to_string();
    assert!(refused.contains("other data"), "{refused}");
}

#[tokio::test]
async fn a_file_is_uploaded_read_back_and_attached_to_a_note() {
    let s = sample().await;
    let form = "--b\r\nContent-Disposition: form-data; name=\"options\"\r\n\r\n{\"access\":\"PRIVATE\"}\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"plan.txt\"\r\nContent-Type: text/plain\r\n\r\nfirst meeting\r\n--b--\r\n";
    let upload = reqwest::Client::new().post(format!("{}/files/v3/files", s.url())).bearer_auth(s.token());
    let answer = upload.header("content-type", "multipart/form-data; boundary=b").body(form).send().await.unwrap();
    assert_eq!(answer.status(), 201);
    let file: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
    let text = reqwest::get(file["url"].as_str().unwrap()).await.unwrap().text().await.unwrap();
    assert_eq!(text, "first meeting");
    let note = json!({"properties": {"hs_timestamp": "2026-11-21T06:00:00Z", "hs_note_body": "See the plan", "hs_attachment_ids": file["id"]}});
    assert_eq!(post(&s, "/crm/v3/objects/notes", note).await.1["properties"]["hs_attachment_ids"], file["id"]);
}
