//! 429 in all its forms, over real sockets.

use std::time::{Duration, Instant};

use drumbeat_crm::crm::{Crm, Scan, Update, WriteOutcome};
use drumbeat_crm::error::CrmError;
use drumbeat_model::crm::ObjectKind;
use serde_json::json;

use crate::desk::{Desk, Reply, limit};

fn scan() -> Scan {
    Scan { kind: ObjectKind::Deal, properties: Vec::new(), archived: false, first: false, after: None }
}

fn headers(remaining: u64) -> Vec<(&'static str, String)> {
    vec![
        ("x-hubspot-ratelimit-max", "20".into()),
        ("x-hubspot-ratelimit-remaining", remaining.to_string()),
        ("x-hubspot-ratelimit-interval-milliseconds", "500".into()),
        ("x-hubspot-ratelimit-daily", "250000".into()),
        ("x-hubspot-ratelimit-daily-remaining", "249000".into()),
    ]
}

#[tokio::test]
async fn a_storm_is_sat_out_and_told_in_the_budget() {
    let desk = Desk::open(|_, number| match number {
        0 => Reply::Raw(200, headers(19), b"{\"results\": []}".to_vec()),
        1..=5 => {
            let mut with = headers(0);
            with.push(("retry-after", "0".into()));
            Reply::Raw(429, with, limit("TEN_SECONDLY_ROLLING").to_string().into_bytes())
        }
        _ => Reply::Json(200, json!({"results": []})),
    })
    .await;
    let hubspot = desk.client();
    hubspot.scan(&scan()).await.unwrap();
    hubspot.scan(&scan()).await.unwrap();
    let budget = hubspot.budget();
    assert_eq!((budget.requests, budget.retries), (7, 5));
    assert_eq!((budget.daily_limit, budget.daily_left), (Some(250_000), Some(249_000)));
}

#[tokio::test]
async fn requests_keep_to_the_window_that_the_headers_tell() {
    let desk = Desk::open(|_, _| Reply::Raw(200, headers(20), b"{\"results\": []}".to_vec())).await;
    let hubspot = std::sync::Arc::new(desk.client());
    let began = Instant::now();
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let hubspot = std::sync::Arc::clone(&hubspot);
        tasks.spawn(async move {
            for _ in 0..10 {
                hubspot.scan(&scan()).await.unwrap();
            }
        });
    }
    tasks.join_all().await;
    assert!(began.elapsed() >= Duration::from_millis(1500), "80 requests at 20 per half second");
    assert_eq!(desk.count(), 80);
}

#[tokio::test]
async fn the_end_of_the_day_is_said_at_once() {
    let desk = Desk::open(|_, _| Reply::Json(429, limit("DAILY"))).await;
    assert!(matches!(desk.client().scan(&scan()).await, Err(CrmError::RateLimited(_))));
    assert_eq!(desk.count(), 1);
}

#[tokio::test]
async fn a_write_is_not_repeated_but_told_to_wait() {
    for (policy, retry_after, expected) in [
        ("TEN_SECONDLY_ROLLING", None, 10),
        ("SECONDLY", None, 1),
        ("DAILY", None, 3600),
        ("TEN_SECONDLY_ROLLING", Some("7"), 7),
        ("TEN_SECONDLY_ROLLING", Some("0"), 1),
        ("TEN_SECONDLY_ROLLING", Some("-1"), 10),
        ("TEN_SECONDLY_ROLLING", Some("Wed, 21 Oct 2026 07:28:00 GMT"), 10),
        ("TEN_SECONDLY_ROLLING", Some("1000000000"), 3600),
    ] {
        let desk = Desk::open(move |_, _| {
            let headers = retry_after.map(|after| ("retry-after", after.to_owned())).into_iter().collect();
            Reply::Raw(429, headers, limit(policy).to_string().into_bytes())
        })
        .await;
        let update = Update {
            kind: ObjectKind::Deal,
            id: "1".into(),
            set: [("amount".into(), "5".into())].into(),
            unmodified_since: None,
        };
        let outcome = desk.client().update(&update).await;
        assert_eq!(outcome, WriteOutcome::RateLimited { wait: expected }, "{policy} {retry_after:?}");
        assert_eq!(desk.count(), 1);
    }
}
