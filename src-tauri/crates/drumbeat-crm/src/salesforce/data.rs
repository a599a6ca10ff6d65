//! Asking questions: pages, and the whole answer of a question that has few records.
//!
//! Pages are never gone through with the server's cursor: each begins after the last record of the one before, in the
//! order of the question. So a place can be kept on disk for weeks, and a page that the server cut short is only a
//! shorter page.

use super::Salesforce;
use super::soql::Select;
use super::wire::{Page, Row};
use crate::error::CrmError;
use crate::http::Toll;
use crate::http::answer::Got;

/// Records of a page; what a server gives at most.
pub(super) const PAGE: usize = 2000;
/// Longer addresses are refused by servers on the way.
const LONGEST_QUESTION: usize = 15_000;
/// Pages of one whole answer before it is an error.
const MOST_PAGES: usize = 500;

/// One page; `all` shows the recycle bin as well.
pub(super) async fn page(
    salesforce: &Salesforce,
    toll: Toll,
    select: &Select,
    all: bool,
) -> Result<Got<Page>, CrmError> {
    let mut url = salesforce.data(&[if all { "queryAll" } else { "query" }])?;
    url.query_pairs_mut().append_pair("q", &select.write()?);
    if url.as_str().len() > LONGEST_QUESTION {
        return Err(CrmError::TooLarge("the question has too many fields".to_owned()));
    }
    salesforce.http.get(toll, url).await
}

/// Every record of an answer, page by page behind the server's cursor; for what is read in one go.
pub(super) async fn rows(
    salesforce: &Salesforce,
    toll: Toll,
    select: &Select,
    all: bool,
) -> Result<Vec<Row>, CrmError> {
    let mut got = page(salesforce, toll, select, all).await?.value;
    let mut rows = std::mem::take(&mut got.records);
    let mut before = String::new();
    for _ in 0..MOST_PAGES {
        if got.done {
            return Ok(rows);
        }
        let path = got.next_records_url.as_str();
        if path == before {
            return Err(CrmError::Garbled("the next page is this page".to_owned()));
        }
        path.clone_into(&mut before);
        if !path.starts_with("/services/data/") {
            return Err(CrmError::Garbled("there is more, and nothing says where".to_owned()));
        }
        let url = salesforce.http.base().join(path);
        let url = url.map_err(|_| CrmError::Garbled("there is more at no address".to_owned()))?;
        got = salesforce.http.get::<Page>(toll, url).await?.value;
        rows.append(&mut got.records);
    }
    Err(CrmError::TooLarge("the answer does not end".to_owned()))
}
