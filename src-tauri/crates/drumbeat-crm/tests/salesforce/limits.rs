//! The day's requests, too many at once, and tokens that run out.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use drumbeat_crm::crm::{Count, Crm, Update, WriteOutcome};
use drumbeat_crm::error::CrmError;
use drumbeat_crm::salesforce::Salesforce;
use drumbeat_crm::{Connection, Refresh};
use drumbeat_model::crm::{ObjectKind, Properties};
use drumbeat_model::secret::Secret;
use serde_json::json;

use crate::desk::{DEAL, Desk, Reply, TOKEN, problem, rows, schema};
use crate::server::hasty;

fn count() -> Count {
    Count { kind: ObjectKind::Deal, equals: Vec::new(), after: None }
}

fn change() -> Update {
    let set: Properties = [("Amount".to_owned(), "5".to_owned())].into();
    Update { kind: ObjectKind::Deal, id: DEAL.to_owned(), set, unmodified_since: None }
}

#[tokio::test]
async fn the_days_requests_are_learnt_from_every_answer_and_reads_stop_at_a_quarter_of_them() {
    let desk = Desk::open(|_, number| {
        let body = json!({"totalSize": 1, "done": true, "records": []}).to_string().into_bytes();
        Reply::Raw(
            200,
            vec![("sforce-limit-info", format!("api-usage={}/40; per-app-api-usage=1/9(x)", 18 + number))],
            body,
        )
    })
    .await;
    let salesforce = desk.client();
    for _ in 0..10 {
        salesforce.count(&count()).await.unwrap();
    }
    let budget = salesforce.budget();
    assert_eq!((budget.daily_limit, budget.daily_left), (Some(40), Some(13)));
    assert!(matches!(salesforce.count(&count()).await, Err(CrmError::RateLimited(_))), "a quarter of forty is ten");
    assert_eq!(desk.count(), 10);
}

#[tokio::test]
async fn a_day_that_is_used_up_is_not_asked_again() {
    let used_up = || Reply::Json(403, problem("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."));
    let desk = Desk::open(move |_, _| used_up()).await;
    assert!(matches!(desk.client().count(&count()).await, Err(CrmError::RateLimited(3600))));
    assert_eq!(desk.count(), 1);
}

#[tokio::test]
async fn too_many_at_once_is_asked_again_a_little_later() {
    let desk = Desk::open(|_, number| match number {
        0 => Reply::Json(403, problem("REQUEST_LIMIT_EXCEEDED", "ConcurrentPerOrgLongTxn Limit exceeded.")),
        _ => rows(&json!([])),
    })
    .await;
    desk.client().count(&count()).await.unwrap();
    assert_eq!(desk.count(), 2);
}

/// Hands out one fresh token, and counts how often it is asked.
struct Renewer {
    asked: AtomicUsize,
    fresh: &'static str,
}

#[async_trait::async_trait]
impl Refresh for Renewer {
    async fn fresh(&self, stale: &Secret<String>) -> Result<Secret<String>, CrmError> {
        assert_eq!(stale.expose(), TOKEN);
        self.asked.fetch_add(1, Ordering::SeqCst);
        tokio::time::sleep(Duration::from_millis(20)).await;
        Ok(Secret::new(self.fresh.to_owned()))
    }
}

fn renewed(url: &str, fresh: &'static str) -> (Arc<Salesforce>, Arc<Renewer>) {
    let renewer = Arc::new(Renewer { asked: AtomicUsize::new(0), fresh });
    let connection = Connection::new(url, Secret::new(TOKEN.to_owned())).renewed_by(renewer.clone());
    let salesforce = Salesforce::open_with(connection, hasty()).unwrap();
    salesforce.use_schema(&schema());
    (Arc::new(salesforce), renewer)
}

/// Knows one token only.
async fn only(token: &'static str) -> Desk {
    Desk::open(move |asked, _| match asked.headers["authorization"] == format!("Bearer {token}") {
        true if asked.method == "PATCH" => Reply::Raw(204, vec![], vec![]),
        true => rows(&json!([])),
        false => Reply::Json(401, problem("INVALID_SESSION_ID", "Session expired or invalid")),
    })
    .await
}

#[tokio::test]
async fn a_token_that_has_run_out_is_renewed_once_for_all_who_read() {
    let desk = only("fresh-token").await;
    let (salesforce, renewer) = renewed(&desk.url, "fresh-token");
    let (a, wanted, b) = (salesforce.clone(), count(), salesforce.clone());
    let (first, second) = tokio::join!(a.count(&wanted), b.count(&wanted));
    assert!(first.is_ok() && second.is_ok(), "{first:?} {second:?}");
    assert_eq!(renewer.asked.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_token_that_is_refused_after_it_was_renewed_is_not_renewed_again() {
    let desk = only("nobody-has-this").await;
    let (salesforce, renewer) = renewed(&desk.url, "fresh-token");
    assert!(matches!(salesforce.count(&count()).await, Err(CrmError::NotAuthorised(_))));
    assert_eq!((renewer.asked.load(Ordering::SeqCst), desk.count()), (1, 2));
}

#[tokio::test]
async fn a_write_that_met_a_stale_token_is_not_repeated_but_was_not_sent() {
    let desk = only("fresh-token").await;
    let (salesforce, _) = renewed(&desk.url, "fresh-token");
    assert!(matches!(salesforce.update(&change()).await, WriteOutcome::NotSent { .. }));
    assert_eq!(desk.count(), 1);
    assert!(matches!(salesforce.update(&change()).await, WriteOutcome::Done { .. }));
}
