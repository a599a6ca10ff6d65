//! The sandbox over real HTTP, as a client meets it.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, Utc};
use drumbeat_sandbox::{Fault, FaultScript, Faults, LedgerKind, Options, RatePlan, Sandbox, Source, start};
use reqwest::{Method, Response};
use serde_json::{Value, json};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn options() -> Options {
    Options { now: Some(at("2026-11-21T06:00:00Z")), token: Some("secret".into()), ..Options::default() }
}

async fn sample() -> Sandbox {
    start(options()).await.unwrap()
}

async fn send(s: &Sandbox, method: Method, path: &str, body: Option<Value>) -> reqwest::Result<Response> {
    let mut request = reqwest::Client::new().request(method, format!("{}{path}", s.url())).bearer_auth(s.token());
    if let Some(body) = body {
        request = request.header("content-type", "application/json").body(body.to_string());
    }
    request.send().await
}

async fn call(s: &Sandbox, method: Method, path: &str, body: Option<Value>) -> (u16, Value) {
    let answer = send(s, method, path, body).await.unwrap();
    let status = answer.status().as_u16();
    let text = answer.text().await.unwrap();
    (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
}

async fn get(s: &Sandbox, path: &str) -> (u16, Value) {
    call(s, Method::GET, path, None).await
}

async fn post(s: &Sandbox, path: &str, body: Value) -> (u16, Value) {
    call(s, Method::POST, path, Some(body)).await
}

async fn new_deal(s: &Sandbox, name: &str) -> String {
    let (status, deal) = post(
        s,
        "/crm/objects/2026-09/deals",
        json!({"properties": {"dealname": name, "dealstage": "appointmentscheduled"}}),
    )
    .await;
    assert_eq!(status, 201, "{deal}");
    deal["id"].as_str().unwrap().to_owned()
}

fn script(method: &str, fault: Fault) -> Faults {
    let script =
        FaultScript { skip: 0, count: 1, method: Some(method.into()), path: None, object: Some("deals".into()), fault };
    Faults { scripts: vec![script], ..Faults::default() }
}

async fn patch(s: &Sandbox, id: &str, set: Value) -> reqwest::Result<Response> {
    send(s, Method::PATCH, &format!("/crm/objects/2026-09/deals/{id}"), Some(json!({"properties": set}))).await
}

#[tokio::test]
async fn pages_cover_every_record_once_and_nothing_is_later_than_now() {
    let s = sample().await;
    for (kind, path) in [
        ("deals", "/crm/objects/2026-09/deals"),
        ("deals", "/crm/v3/objects/0-3"),
        ("partner_registration", "/crm/v3/objects/p4242_partner_registration"),
    ] {
        let (mut ids, mut after) = (Vec::new(), String::new());
        loop {
            let (status, page) = get(&s, &format!("{path}?limit=100&properties=amount,partner_id{after}")).await;
            assert_eq!(status, 200);
            for r in page["results"].as_array().unwrap() {
                ids.push(r["id"].as_str().unwrap().parse::<u64>().unwrap());
                assert!(at(r["updatedAt"].as_str().unwrap()) <= s.now(), "{r}");
                assert!(at(r["createdAt"].as_str().unwrap()) <= at(r["updatedAt"].as_str().unwrap()), "{r}");
            }
            match page["paging"]["next"]["after"].as_str() {
                Some(next) => after = format!("&after={next}"),
                None => break,
            }
        }
        assert!(ids.windows(2).all(|w| w[0] < w[1]), "{kind}");
        assert_eq!(ids.len(), if kind == "deals" { 600 } else { 84 }, "{kind}");
    }
    let (status, refusal) = get(&s, "/crm/objects/2026-09/deals?limit=101").await;
    assert_eq!((status, refusal["category"].as_str()), (400, Some("VALIDATION_ERROR")));
}

#[tokio::test]
async fn the_same_seed_makes_the_same_records() {
    let (a, b) = (sample().await, sample().await);
    let other = start(Options { seed: 2, ..options() }).await.unwrap();
    let path = "/crm/v3/objects/deals?limit=100&properties=amount,partner_organisation&associations=companies";
    let results = |v: (u16, Value)| v.1["results"].clone();
    assert_eq!(results(get(&a, path).await), results(get(&b, path).await));
    assert_ne!(results(get(&a, path).await), results(get(&other, path).await));
}

#[tokio::test]
async fn a_batch_read_with_missing_ids_is_answered_in_part() {
    let s = sample().await;
    let id = new_deal(&s, "One").await;
    let body = json!({"properties": ["dealname"], "inputs": [{"id": id}, {"id": "7"}]});
    let (status, answer) = post(&s, "/crm/v3/objects/deals/batch/read", body).await;
    assert_eq!(status, 207);
    assert_eq!(answer["results"].as_array().unwrap().len(), 1);
    assert_eq!(answer["errors"][0]["context"]["ids"], json!(["7"]));
    let many: Vec<Value> = (0..101).map(|i| json!({"id": i.to_string()})).collect();
    assert_eq!(post(&s, "/crm/v3/objects/deals/batch/read", json!({"inputs": many})).await.0, 400);
}

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
async fn search_filters_sorts_and_stops_at_ten_thousand() {
    let s = start(Options { data: Source::Synthetic(11_000), ..options() }).await.unwrap();
    let search = |body: Value| post(&s, "/crm/objects/2026-09/deals/search", body);
    let (status, page) = search(json!({"limit": 200, "after": "9800", "sorts": [{"propertyName": "amount", "direction": "DESCENDING"}], "properties": ["amount"]})).await;
    assert_eq!((status, page["total"].as_u64(), page["results"].as_array().unwrap().len()), (200, Some(11_000), 200));
    let amounts: Vec<f64> = page["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| r["properties"]["amount"].as_str().unwrap().parse().unwrap())
        .collect();
    assert!(amounts.windows(2).all(|w| w[0] >= w[1]));
    assert_eq!(search(json!({"limit": 200, "after": "9801"})).await.0, 400);
    assert_eq!(search(json!({"limit": 201})).await.0, 400);
    let of = |stage: &str| json!({"filters": [{"propertyName": "dealstage", "operator": "EQ", "value": stage}, {"propertyName": "amount", "operator": "BETWEEN", "value": "1000", "highValue": "5000"}]});
    let total = |v: (u16, Value)| v.1["total"].as_u64().unwrap();
    let (won, lost) = (
        total(search(json!({"filterGroups": [of("closedwon")]})).await),
        total(search(json!({"filterGroups": [of("closedlost")]})).await),
    );
    assert!(won > 0 && lost > 0);
    assert_eq!(total(search(json!({"filterGroups": [of("closedwon"), of("closedlost")]})).await), won + lost);
}

#[tokio::test]
async fn a_lagging_index_does_not_show_what_was_just_written() {
    let s = sample().await;
    s.set_faults(Faults { index_lag_ms: 5_000, ..Faults::default() });
    let id = new_deal(&s, "Brand new").await;
    let body =
        json!({"filterGroups": [{"filters": [{"propertyName": "dealname", "operator": "EQ", "value": "brand new"}]}]});
    assert_eq!(post(&s, "/crm/v3/objects/deals/search", body.clone()).await.1["total"], 0);
    assert_eq!(get(&s, &format!("/crm/v3/objects/deals/{id}")).await.0, 200);
    s.advance(Duration::from_secs(6));
    assert_eq!(post(&s, "/crm/v3/objects/deals/search", body).await.1["total"], 1);
}

#[tokio::test]
async fn history_is_newest_first_and_names_who_did_it() {
    let s = sample().await;
    let id = new_deal(&s, "Past").await;
    for amount in ["1", "2", "2", "3"] {
        s.advance(Duration::from_secs(60));
        patch(&s, &id, json!({"amount": amount})).await.unwrap();
    }
    s.advance(Duration::from_secs(60));
    assert!(s.edit("deals", &id, &[("amount", "4")], "someone"));
    let (_, deal) = get(&s, &format!("/crm/objects/2026-09/deals/{id}?propertiesWithHistory=amount")).await;
    let past = deal["propertiesWithHistory"]["amount"].as_array().unwrap();
    let values: Vec<&str> = past.iter().map(|v| v["value"].as_str().unwrap()).collect();
    assert_eq!(values, ["4", "3", "2", "1"]);
    assert_eq!((past[0]["sourceType"].as_str(), past[1]["sourceType"].as_str()), (Some("CRM_UI"), Some("INTEGRATION")));
    assert!(past[0]["updatedByUserId"].is_number());
    assert_eq!(deal["properties"]["hs_lastmodifieddate"], past[0]["timestamp"]);
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
async fn too_many_requests_are_refused_in_the_vendors_words() {
    let rate = RatePlan { ten_seconds: 3, search_second: 1, ..RatePlan::professional() };
    let s = start(Options { rate: Some(rate), ..options() }).await.unwrap();
    for left in ["2", "1", "0"] {
        let answer = send(&s, Method::GET, "/crm/v3/owners", None).await.unwrap();
        assert_eq!(answer.headers()["x-hubspot-ratelimit-remaining"], left);
    }
    let answer = send(&s, Method::GET, "/crm/v3/owners", None).await.unwrap();
    assert_eq!(answer.status(), 429);
    assert!(answer.headers().contains_key("retry-after"));
    let body: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
    assert_eq!(
        (body["policyName"].as_str(), body["errorType"].as_str()),
        (Some("TEN_SECONDLY_ROLLING"), Some("RATE_LIMIT"))
    );
    let search = send(&s, Method::POST, "/crm/v3/objects/deals/search", Some(json!({}))).await.unwrap();
    assert_eq!(search.status(), 200);
    assert!(!search.headers().contains_key("x-hubspot-ratelimit-remaining"));
    assert_eq!(post(&s, "/crm/v3/objects/deals/search", json!({})).await.1["policyName"], "SECONDLY");
    s.advance(Duration::from_secs(11));
    assert_eq!(get(&s, "/crm/v3/owners").await.0, 200);
    let (_, stats) = get(&s, "/__admin/stats").await;
    assert_eq!(stats["rate_limited"], 2);
}

#[tokio::test]
async fn what_fails_after_applying_is_in_the_ledger_and_what_fails_before_is_not() {
    let s = sample().await;
    let id = new_deal(&s, "Torn").await;
    let before = s.ledger().len();
    let cases = [
        (Fault::Status { code: 503, applied: false }, false),
        (Fault::Status { code: 503, applied: true }, true),
        (Fault::Reset { applied: false }, false),
        (Fault::Reset { applied: true }, true),
        (Fault::Html { code: 502 }, false),
        (Fault::Truncated, true),
        (Fault::TooMany { retry_after: None, secondly: false }, false),
        (Fault::ReadOnly, false),
        (Fault::TokenExpired, false),
        (Fault::Refused { property: "amount".into(), message: "Not in this account.".into() }, false),
    ];
    let mut applied = 0;
    for (n, (fault, applies)) in cases.into_iter().enumerate() {
        s.set_faults(script("PATCH", fault.clone()));
        let good = match patch(&s, &id, json!({"amount": n.to_string(), "hs_next_step": format!("step {n}")})).await {
            Ok(answer) if answer.status().is_success() => answer.text().await.is_ok(),
            _ => false,
        };
        assert!(!good, "{fault:?} must be felt");
        applied += usize::from(applies);
        assert_eq!(s.ledger().len(), before + applied, "{fault:?}");
        assert_eq!(patch(&s, &id, json!({"amount": "0"})).await.unwrap().status(), 200, "{fault:?} strikes once");
        applied += 1;
    }
}

#[tokio::test]
async fn another_user_can_edit_between_read_and_write() {
    let s = sample().await;
    let id = new_deal(&s, "Shared").await;
    s.set_faults(script(
        "PATCH",
        Fault::Edited { properties: [("amount".to_owned(), "77".to_owned())].into(), user: "other".into() },
    ));
    patch(&s, &id, json!({"amount": "5"})).await.unwrap();
    let ledger = s.ledger();
    let last: Vec<(&str, &Value)> =
        ledger.iter().rev().take(2).map(|e| (e.method.as_str(), &e.before["amount"])).collect();
    assert_eq!(last, [("PATCH", &json!("77")), ("EDIT", &Value::Null)]);
}

#[tokio::test]
async fn archived_records_are_only_where_they_are_asked_for() {
    let s = sample().await;
    let id = new_deal(&s, "Gone").await;
    assert_eq!(call(&s, Method::DELETE, &format!("/crm/objects/2026-09/deals/{id}"), None).await.0, 204);
    assert_eq!(get(&s, &format!("/crm/objects/2026-09/deals/{id}")).await.0, 404);
    assert_eq!(get(&s, &format!("/crm/objects/2026-09/deals/{id}?archived=true")).await.1["archived"], true);
    assert_eq!(get(&s, "/crm/objects/2026-09/deals?archived=true").await.1["results"].as_array().unwrap().len(), 1);
    assert_eq!(s.ledger().last().unwrap().kind, LedgerKind::Archive);
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

fn fixture(folder: &Path) {
    let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).unwrap();
    write(
        "accounts.csv",
        "account,sector,year_established,revenue,employees,office_location,subsidiary_of\nBrass Bells Ltd,technolgy,1996,1100.04,2822,United States,\nQuiet Kites,medical,1999,251.41,495,Kenya,Brass Bells Ltd\n",
    );
    write("products.csv", "product,series,sales_price\nGTX Pro,GTX,4821\n");
    write("sales_teams.csv", "sales_agent,manager,regional_office\nAda Ames,Bo Burr,Central\nCy Cole,Bo Burr,East\n");
    write(
        "sales_pipeline.csv",
        "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value\nA1,Ada Ames,GTXPro,Quiet Kites,Won,10/20/2016,3/1/2017,1054\nA2,Cy Cole,GTX Pro,,Engaging,11/3/2016,,\nA3,Cy Cole,GTX Pro,Brass Bells Ltd,Prospecting,,,\nA4,Ada Ames,GTX Pro,Brass Bells Ltd,Lost,1/2/2017,4/5/2017,0\n",
    );
}

fn folder_options(folder: &Path) -> Options {
    Options { data: Source::Folder(folder.into()), now: Some(at("2017-12-30T12:00:00Z")), ..options() }
}

#[tokio::test]
async fn a_folder_is_read_as_it_is_with_a_partner_program_over_it() {
    let folder = tempfile::tempdir().unwrap();
    fixture(folder.path());
    let s = start(folder_options(folder.path())).await.unwrap();
    let (_, deals) = get(
        &s,
        "/crm/v3/objects/deals?limit=100&properties=product,amount,dealstage,closedate,dealname&associations=companies",
    )
    .await;
    let deals = deals["results"].as_array().unwrap();
    let line = |i: usize| {
        let p = &deals[i]["properties"];
        (
            p["product"].as_str().unwrap(),
            p["dealstage"].as_str().unwrap(),
            p["amount"].as_str(),
            p["closedate"].as_str().map(|d| &d[..10]),
            deals[i]["associations"]["companies"]["results"][0]["type"].as_str(),
        )
    };
    assert_eq!(line(0), ("GTXPro", "won", Some("1054"), Some("2017-03-01"), Some("deal_to_company")));
    assert_eq!(line(1), ("GTX Pro", "engaging", None, None, None));
    assert_eq!(deals.len(), 4);
    let (_, companies) = get(&s, "/crm/v3/objects/companies?limit=100&properties=is_partner,industry,domain").await;
    let accounts: Vec<&Value> =
        companies["results"].as_array().unwrap().iter().filter(|c| c["properties"]["is_partner"] == "false").collect();
    assert_eq!(accounts.len(), 2);
    assert_eq!(
        (&accounts[0]["properties"]["industry"], &accounts[0]["properties"]["domain"]),
        (&json!("technolgy"), &json!("brass-bells-ltd.example"))
    );
    let (_, open) = post(&s, "/crm/v3/objects/partner_registration/search", json!({"limit": 100, "properties": ["submitted_at"],
        "filterGroups": [{"filters": [{"propertyName": "registration_status", "operator": "IN", "values": ["submitted", "info_requested"]}]}]})).await;
    assert_eq!(open["total"], 40);
    for r in open["results"].as_array().unwrap() {
        let age = s.now() - at(r["properties"]["submitted_at"].as_str().unwrap());
        assert!((0..=70 * 60).contains(&age.num_minutes()), "{r}");
    }
    let (_, pipelines) = get(&s, "/crm/pipelines/2026-09/deals").await;
    let labels: Vec<&str> =
        pipelines["results"][0]["stages"].as_array().unwrap().iter().map(|s| s["label"].as_str().unwrap()).collect();
    assert_eq!(labels, ["Prospecting", "Engaging", "Won", "Lost"]);
}

#[tokio::test]
async fn a_malformed_folder_is_refused_with_file_and_row() {
    let cases = [
        ("sales_pipeline.csv", "10/20/2016", "20.10.2016", "row 2: engage_date is 20.10.2016"),
        ("sales_pipeline.csv", "Engaging", "Dreaming", "row 3: deal_stage is Dreaming"),
        ("sales_pipeline.csv", "1054", "much", "row 2: close_value is much"),
        ("accounts.csv", "Quiet Kites,medical", "Quiet Kites", "row 3"),
        ("products.csv", "sales_price", "price", "no column sales_price"),
    ];
    for (file, from, to, expected) in cases {
        let folder = tempfile::tempdir().unwrap();
        fixture(folder.path());
        let path = folder.path().join(file);
        let text = std::fs::read_to_string(&path).unwrap().replace(from, to);
        std::fs::write(&path, text).unwrap();
        let sentence = start(folder_options(folder.path())).await.unwrap_err().to_string();
        assert!(sentence.contains(file) && sentence.contains(expected) && sentence.ends_with('.'), "{sentence}");
    }
    let sentence = start(folder_options(Path::new("nowhere"))).await.unwrap_err().to_string();
    assert!(sentence.contains("sales_teams.csv cannot be opened"), "{sentence}");
}

#[tokio::test]
async fn the_truth_of_a_synthetic_crm_names_records_that_are_there() {
    let folder = tempfile::tempdir().unwrap();
    let truth = folder.path().join("truth.jsonl");
    let s = start(Options { data: Source::Synthetic(2_000), truth: Some(truth.clone()), ..options() }).await.unwrap();
    let lines: Vec<Value> =
        std::fs::read_to_string(truth).unwrap().lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let mut types: Vec<&str> = lines.iter().filter_map(|l| l["type"].as_str()).collect();
    types.sort_unstable();
    types.dedup();
    assert_eq!(types, ["horizontal", "multi_channel", "renewal", "vertical"]);
    for line in lines.iter().filter(|l| l["kind"] == "channel_conflict") {
        for deal in line["deals"].as_array().unwrap() {
            let (_, found) = get(
                &s,
                &format!(
                    "/crm/v3/objects/deals/{}?properties=hs_is_closed&associations=companies",
                    deal.as_str().unwrap()
                ),
            )
            .await;
            assert_eq!(found["properties"]["hs_is_closed"], "false");
            assert_eq!(found["associations"]["companies"]["results"][0]["id"], line["account"]);
        }
    }
    assert!(lines.iter().any(|l| l["kind"] == "duplicate_account"));
    assert_eq!(get(&s, "/__admin/stats").await.1["records"]["deals"], 2_000);
}

#[tokio::test]
async fn search_finds_by_link() {
    let s = sample().await;
    let (_, deals) = get(&s, "/crm/v3/objects/deals?limit=1&associations=companies").await;
    let company = &deals["results"][0]["associations"]["companies"]["results"][0]["id"];
    let body = json!({"limit": 200, "filterGroups": [{"filters": [{"propertyName": "associations.company", "operator": "EQ", "value": company}]}]});
    let (_, found) = post(&s, "/crm/v3/objects/deals/search", body).await;
    let (_, linked) =
        get(&s, &format!("/crm/v4/objects/companies/{}/associations/deals?limit=500", company.as_str().unwrap())).await;
    assert_eq!(found["total"], linked["results"].as_array().unwrap().len());
    assert!(found["results"].as_array().unwrap().iter().any(|d| d["id"] == deals["results"][0]["id"]));
}

#[tokio::test]
async fn the_admin_door_needs_no_token_and_does_what_it_says() {
    let s = sample().await;
    let id = new_deal(&s, "Watched").await;
    let client = reqwest::Client::new();
    let ask = async |method: Method, path: &str, body: String| {
        let answer = client.request(method, format!("{}/{path}", s.admin())).body(body).send().await.unwrap();
        (answer.status().as_u16(), serde_json::from_str(&answer.text().await.unwrap()).unwrap_or(Value::Null))
    };
    let plan = json!({"scripts": [{"count": 2, "method": "GET", "object": "deals", "fault": {"kind": "status", "code": 500}}]});
    assert_eq!(ask(Method::POST, "faults", plan.to_string()).await.0, 204);
    let mut seen = Vec::new();
    for path in
        ["/crm/v3/objects/companies", "/crm/v3/objects/0-3", "/crm/objects/2026-09/deal", "/crm/v3/objects/deals"]
    {
        seen.push(get(&s, path).await.0);
    }
    assert_eq!(seen, [200, 500, 500, 200]);
    assert_eq!(ask(Method::POST, "faults", "{\"latency\": 1}".into()).await.0, 400);
    assert_eq!(ask(Method::DELETE, "faults", String::new()).await.0, 204);
    let edit = json!({"object": "deals", "id": id, "properties": {"amount": "3"}, "user": "x"});
    assert_eq!(ask(Method::POST, "edit", edit.to_string()).await.0, 200);
    let (_, ledger) = ask(Method::GET, "ledger?after=1", String::new()).await;
    assert_eq!((ledger["total"].as_u64(), ledger["entries"][0]["method"].as_str()), (Some(2), Some("EDIT")));
    assert_eq!(ask(Method::POST, "clock", "{\"now\": \"2026-12-01T00:00:00Z\"}".into()).await.0, 200);
    assert!(s.now() >= at("2026-12-01T00:00:00Z"));
    assert_eq!(ask(Method::POST, "clock", "{\"now\": \"2026-11-01T00:00:00Z\"}".into()).await.0, 400);
    let (_, stats) = ask(Method::GET, "stats", String::new()).await;
    assert_eq!(stats["requests"]["GET /crm/v3/objects/deals"], 1);
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

#[tokio::test]
async fn without_a_token_there_is_only_the_sign_in() {
    let s = sample().await;
    let answer = reqwest::get(format!("{}/crm/v3/owners", s.url())).await.unwrap();
    assert_eq!(answer.status(), 401);
    assert!(answer.headers()["date"].to_str().unwrap().starts_with("Sat, 21 Nov 2026 06:0"));
    assert!(answer.text().await.unwrap().contains("INVALID_AUTHENTICATION"));
}
