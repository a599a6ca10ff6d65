//! The first read of a big object: one question asked as a job (Bulk API 2.0), whose rows come as tables.
//!
//! The hard idea: a job is asked for its rows in the order of their ids. That costs the vendor its own way of cutting
//! the work up, and makes the last id that was read a place from which anything can go on: the job by its locator, or,
//! when the job is lost, has failed, takes too long or is not believed, pages of questions. So losing a job loses
//! nothing that was read. Its rows are those of when it ran: nothing that was read since may be written over with them,
//! so only what has never been read is read in this way.

use std::time::Duration;

use serde::Serialize;

use super::kinds::{Object, is_id};
use super::soql::Select;
use super::wire::{Job, Row};
use super::{Salesforce, links, objects};
use crate::crm::{Cursor, RecordPage, Scan};
use crate::error::CrmError;
use crate::http::Toll;
use crate::http::answer::{Answer, Got, Unread, number, opening, text};
use crate::retry::{Counter, Lane};
use drumbeat_model::crm::Record;

const TOLL: Toll = Toll(Counter::General, Lane::Backfill);
/// How a place in a job begins; no id does.
const MARK: &str = "job:";
/// The pause before a job is looked at again; it doubles.
const FIRST_LOOK: Duration = Duration::from_millis(100);
const LAST_LOOK: Duration = Duration::from_secs(10);
/// The longest locator that is believed.
const LONGEST_LOCATOR: usize = 200;

/// Where a job is to be gone on with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    job: String,
    /// Of the next table; empty for the first.
    locator: String,
    /// The last record that was read.
    pub last: String,
}

impl Place {
    pub(super) fn read(cursor: &Cursor) -> Option<Self> {
        let (job, rest) = cursor.0.strip_prefix(MARK)?.split_once(':')?;
        let (locator, last) = rest.rsplit_once(':')?;
        let is_place = is_id(job) && is_id(last) && locator.len() <= LONGEST_LOCATOR;
        is_place.then(|| Self { job: job.to_owned(), locator: locator.to_owned(), last: last.to_owned() })
    }

    pub(super) fn cursor(&self) -> Cursor {
        Cursor(format!("{MARK}{}:{}:{}", self.job, self.locator, self.last))
    }
}

#[derive(Serialize)]
struct NewJob<'a> {
    operation: &'a str,
    query: &'a str,
}

/// Has a question answered by a job; `None` where the account takes none for it. `last` is the record behind which it
/// begins.
pub(super) async fn begin(salesforce: &Salesforce, select: &Select, last: &str) -> Result<Option<Place>, CrmError> {
    let query = select.write()?;
    let url = salesforce.data(&["jobs", "query"])?;
    let asked = salesforce.http.ask::<Job>(TOLL, url, &NewJob { operation: "query", query: &query }).await;
    let Some(job) = taken(asked, "it takes no job")? else { return Ok(None) };
    let id = job.id.into_id();
    if !is_id(&id) {
        return Err(CrmError::Garbled("a job has no id".to_owned()));
    }
    Ok(Some(Place { job: id, locator: String::new(), last: last.to_owned() }))
}

/// The next table as a page; `None` when the job is no more to be had or not to be believed.
pub(super) async fn page(
    salesforce: &Salesforce,
    object: &Object,
    scan: &Scan,
    place: &Place,
) -> Result<Option<RecordPage>, CrmError> {
    // Where a table was had before, the job is done.
    if place.locator.is_empty() && !done(salesforce, &place.job).await? {
        return Ok(None);
    }
    let mut url = salesforce.data(&["jobs", "query", &place.job, "results"])?;
    let most = salesforce.http.governor.policy().job_rows.max(1);
    url.query_pairs_mut().append_pair("maxRecords", &most.to_string());
    if !place.locator.is_empty() {
        url.query_pairs_mut().append_pair("locator", &place.locator);
    }
    let fields = objects::asked(object, scan.kind, &scan.properties);
    let got = match salesforce.http.get_as(TOLL, url, |answer| table(answer, &fields)).await {
        Ok(got) => got,
        Err(error) => return taken::<Table>(Err(error), "its table is not to be had").map(|_| None),
    };
    let Table { rows, locator } = got.value;
    let mut last = place.last.as_str();
    let in_order = rows.iter().all(|row| {
        let id = row.get("Id").unwrap_or_default();
        let follows = id > last;
        last = id;
        follows
    });
    if !in_order || rows.is_empty() && locator.is_some() {
        tracing::warn!(kind = scan.kind.name(), "the tables of a job are not in order; pages are read instead");
        return Ok(None);
    }
    let next = locator.map(|locator| Place { job: place.job.clone(), locator, last: last.to_owned() }.cursor());
    let records = rows.into_iter().map(|row| objects::record(object, scan.kind, &scan.properties, row));
    let mut records = records.collect::<Result<Vec<Record>, _>>()?;
    links::complete(salesforce, scan.kind, &mut records, TOLL).await?;
    Ok(Some(RecordPage { records, next, total: None, server_time: got.date, bytes: got.bytes }))
}

/// Waits until a job is done; `false` when it never will be.
async fn done(salesforce: &Salesforce, job: &str) -> Result<bool, CrmError> {
    let began = tokio::time::Instant::now();
    let patience = salesforce.http.governor.policy().patience;
    let mut pause = FIRST_LOOK;
    loop {
        let url = salesforce.data(&["jobs", "query", job])?;
        let asked = salesforce.http.get::<Job>(TOLL, url).await;
        let Some(told) = taken(asked, "it does not know the job")? else { return Ok(false) };
        match told.state.as_str() {
            "JobComplete" => return Ok(true),
            "UploadComplete" | "InProgress" if began.elapsed() + pause <= patience => {}
            state => {
                let (state, why) = (state.to_owned(), told.error_message.into_id());
                tracing::warn!(state, why, "a job brings nothing; pages are read instead");
                return Ok(false);
            }
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LAST_LOOK);
    }
}

/// An answer about a job; `None` for a refusal, for which there is another way.
fn taken<T>(asked: Result<Got<T>, CrmError>, what: &'static str) -> Result<Option<T>, CrmError> {
    match asked {
        Ok(got) => Ok(Some(got.value)),
        Err(CrmError::Refused(why) | CrmError::NotFound(why) | CrmError::Forbidden(why)) => {
            tracing::warn!(why, what, "pages are read instead of a job");
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// One table of a job.
struct Table {
    rows: Vec<Row>,
    /// Where the next is; `None` behind the last.
    locator: Option<String>,
}

/// Reads a table. A line of titles stands above each; where there is none, the columns are those that were asked for.
fn table(answer: &Answer, fields: &[String]) -> Result<Table, Unread> {
    if matches!(opening(&answer.body)?, b'{' | b'[') {
        return Err(Unread::Other("it is not a table".to_owned()));
    }
    let mut lines = csv::ReaderBuilder::new().has_headers(false).from_reader(answer.body.as_slice());
    let mut titles: Option<Vec<String>> = None;
    let mut rows = Vec::new();
    let mut line = csv::StringRecord::new();
    let odd = |what: &str| Unread::Other(what.to_owned());
    while lines.read_record(&mut line).map_err(|_| Unread::CutOff)? {
        let titles = match &titles {
            Some(titles) => titles,
            None => {
                let is_titles = line.iter().any(|cell| cell == "Id");
                let names = if is_titles { line.iter().map(str::to_owned).collect() } else { fields.to_vec() };
                titles = Some(names);
                if is_titles {
                    continue;
                }
                titles.get_or_insert_default()
            }
        };
        if titles.len() != line.len() {
            return Err(odd("a line of its table has other columns"));
        }
        let cells = titles.iter().zip(&line).filter(|(_, cell)| !cell.is_empty());
        rows.push(Row(cells.map(|(name, cell)| (name.clone(), cell.to_owned())).collect()));
    }
    // A body that broke off behind a whole line looks whole.
    if number(&answer.headers, "sforce-numberofrecords").is_some_and(|count| count != rows.len() as u64) {
        return Err(Unread::CutOff);
    }
    let locator = text(&answer.headers, "sforce-locator").filter(|locator| !matches!(*locator, "" | "null"));
    if locator.is_some_and(|locator| locator.len() > LONGEST_LOCATOR) {
        return Err(odd("its locator is longer than any"));
    }
    Ok(Table { rows, locator: locator.map(str::to_owned) })
}
