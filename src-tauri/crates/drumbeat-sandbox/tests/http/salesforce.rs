//! The Salesforce dialect over real HTTP.

mod changing;
mod querying;
mod refusing;
mod setting;
mod signing;
mod vendors;
mod working;

use drumbeat_sandbox::Dialect;

use crate::*;

const V: &str = "/services/data/v62.0";

fn org() -> Options {
    Options { crm: Dialect::Salesforce, ..options() }
}

async fn salesforce() -> Sandbox {
    start(org()).await.unwrap()
}

async fn soql(s: &Sandbox, query: &str) -> (u16, Value) {
    let url = reqwest::Url::parse_with_params(&format!("{}{V}/query", s.url()), [("q", query)]).unwrap();
    get(s, url.as_str().strip_prefix(s.url()).unwrap()).await
}

/// The records of a query that has to succeed, all pages of it.
async fn all(s: &Sandbox, query: &str) -> Vec<Value> {
    let (status, mut page) = soql(s, query).await;
    assert_eq!(status, 200, "{query}: {page}");
    let mut records = page["records"].as_array().unwrap().clone();
    while let Some(next) = page["nextRecordsUrl"].as_str() {
        page = get(s, next).await.1;
        records.extend(page["records"].as_array().unwrap().iter().cloned());
    }
    assert_eq!(page["totalSize"], records.len());
    records
}

async fn first_id(s: &Sandbox, object: &str) -> String {
    let found = all(s, &format!("SELECT Id FROM {object} ORDER BY Id LIMIT 1")).await;
    found[0]["Id"].as_str().unwrap().to_owned()
}

/// Code and message of a refusal.
fn refusal(body: &Value) -> (&str, &str) {
    (body[0]["errorCode"].as_str().unwrap_or_default(), body[0]["message"].as_str().unwrap_or_default())
}
