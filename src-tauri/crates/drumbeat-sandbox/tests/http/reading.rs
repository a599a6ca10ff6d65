//! What a client reads: pages, batches, search, history.

use crate::*;

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
async fn without_a_token_there_is_only_the_sign_in() {
    let s = sample().await;
    let answer = reqwest::get(format!("{}/crm/v3/owners", s.url())).await.unwrap();
    assert_eq!(answer.status(), 401);
    assert!(answer.headers()["date"].to_str().unwrap().starts_with("Sat, 21 Nov 2026 06:0"));
    assert!(answer.text().await.unwrap().contains("INVALID_AUTHENTICATION"));
}

#[tokio::test]
async fn the_token_of_the_app_says_whose_it_is_and_they_look_after_partners() {
    let s = sample().await;
    let path = "/oauth/v2/private-apps/get/access-token-info";
    let (status, info) = post(&s, path, json!({"tokenKey": s.token()})).await;
    assert_eq!((status, &info["hubId"]), (200, &json!(4242)), "{info}");
    let scopes = |info: &Value| info["scopes"].as_array().unwrap().contains(&json!("crm.objects.deals.write"));
    assert!(scopes(&info), "{info}");

    let (_, owners) = get(&s, "/crm/v3/owners?limit=500").await;
    let mine = owners["results"].as_array().unwrap().iter().find(|owner| owner["userId"] == info["userId"]);
    let mine = mine.unwrap_or_else(|| panic!("{info} is none of {owners}"));
    let filters = json!([{"filters": [{"propertyName": "is_partner", "operator": "EQ", "value": "true"},
        {"propertyName": "hubspot_owner_id", "operator": "EQ", "value": mine["id"]}]}]);
    let (_, partners) =
        post(&s, "/crm/v3/objects/companies/search", json!({"limit": 1, "filterGroups": filters})).await;
    assert!(partners["total"].as_u64().unwrap() >= 4, "{mine}: {partners}");

    assert_eq!(post(&s, path, json!({"tokenKey": "another"})).await.0, 404);
    let rate =
        drumbeat_sandbox::FaultRate { rate: 1.0, method: None, path: None, object: None, fault: Fault::ReadOnly };
    s.set_faults(Faults { rates: vec![rate], ..Faults::default() });
    let (_, info) = post(&s, path, json!({"tokenKey": s.token()})).await;
    assert!(!scopes(&info), "{info}");
}
