//! What goes wrong: limits, faults, other users; and the admin door.

use crate::*;

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
