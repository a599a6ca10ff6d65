//! The sandbox over real HTTP, as a client meets it.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod data;
mod failing;
mod reading;
mod salesforce;
mod writing;

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
