//! Bulk API 2.0: queries as jobs, whose results come as tables a piece at a time.
//!
//! Callers rely on: a job is asked about once while it works and is complete the next time, so that a client has to wait for it and
//! a test never does for long; its rows are those of the moment it was made.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::answer::Answer;
use crate::clock::Millis;
use crate::json::time_text;
use crate::request::Request;
use crate::salesforce::id::Id;
use crate::salesforce::org::RowIx;
use crate::salesforce::problem::{Done, Problem};
use crate::salesforce::soql::bound::{Bound, Piece};
use crate::salesforce::soql::{prepare, run, shown};
use crate::salesforce::view::View;

const MOST_JOBS: usize = 200;
/// Rows of a piece when nobody says how many.
const PIECE: usize = 50_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Uploaded,
    Working,
    Complete,
    Aborted,
}

impl State {
    fn word(self) -> &'static str {
        match self {
            State::Uploaded => "UploadComplete",
            State::Working => "InProgress",
            State::Complete => "JobComplete",
            State::Aborted => "Aborted",
        }
    }
}

#[derive(Debug)]
struct Job {
    state: State,
    bound: Bound,
    rows: Vec<RowIx>,
    operation: String,
    version: String,
    object: String,
    by: String,
    at: Millis,
    delimiter: (String, u8),
    ending: (String, &'static str),
}

#[derive(Debug, Default)]
pub(crate) struct Jobs {
    jobs: BTreeMap<String, Job>,
    last: u64,
}

impl Job {
    fn told(&self, id: &str, whole: bool) -> Value {
        let number = self.version.trim_start_matches('v').parse::<f32>().unwrap_or(62.0);
        let mut out = json!({"id": id, "operation": self.operation, "object": self.object, "createdById": self.by,
            "createdDate": time_text(self.at).replace('Z', "+0000"), "systemModstamp": time_text(self.at).replace('Z', "+0000"),
            "state": self.state.word(), "concurrencyMode": "Parallel", "contentType": "CSV", "apiVersion": number,
            "lineEnding": self.ending.0, "columnDelimiter": self.delimiter.0});
        if let (true, Value::Object(map)) = (whole, &mut out) {
            let done = self.state == State::Complete;
            map.insert("jobType".into(), "V2Query".into());
            map.insert("numberRecordsProcessed".into(), (if done { self.rows.len() } else { 0 }).into());
            map.insert("retries".into(), 0.into());
            map.insert("totalProcessingTime".into(), (if done { 120 } else { 0 }).into());
            map.insert("isPkChunkingSupported".into(), true.into());
        }
        out
    }
}

fn no_job() -> Problem {
    Problem::new(404, "NOT_FOUND", "The requested resource does not exist")
}

/// Everything under `jobs/query`. `by` is the user's id.
pub(crate) fn handle(jobs: &mut Jobs, view: &View<'_>, request: &Request, rest: &[&str], by: &str) -> Done {
    match (request.method.as_str(), rest) {
        ("POST", []) => create(jobs, view, request, by),
        ("GET", []) => {
            let records: Vec<Value> = jobs.jobs.iter().map(|(id, job)| job.told(id, false)).collect();
            Ok(Answer::json(200, &json!({"done": true, "records": records, "nextRecordsUrl": null})))
        }
        ("GET", [id]) => {
            let job = jobs.jobs.get_mut(*id).ok_or_else(no_job)?;
            job.state = match job.state {
                State::Uploaded => State::Working,
                State::Working => State::Complete,
                settled => settled,
            };
            Ok(Answer::json(200, &job.told(id, true)))
        }
        ("GET", [id, "results"]) => results(jobs.jobs.get(*id).ok_or_else(no_job)?, view, request),
        ("PATCH", [id]) => {
            let job = jobs.jobs.get_mut(*id).ok_or_else(no_job)?;
            if request.object()?.get("state").and_then(Value::as_str) != Some("Aborted") {
                return Err(Problem::bad("API_ERROR", "state must be Aborted"));
            }
            if job.state == State::Complete {
                return Err(Problem::bad("INVALIDJOBSTATE", "Aborting already Completed Job not allowed"));
            }
            job.state = State::Aborted;
            Ok(Answer::json(200, &job.told(id, false)))
        }
        ("DELETE", [id]) => match jobs.jobs.get(*id).map(|j| j.state) {
            None => Err(no_job()),
            Some(State::Complete | State::Aborted) => {
                jobs.jobs.remove(*id);
                Ok(Answer::empty(204))
            }
            Some(_) => Err(Problem::bad(
                "INVALIDJOBSTATE",
                "Deleting a Job that is not Completed, Aborted or Failed is not allowed",
            )),
        },
        ("POST" | "GET" | "PATCH" | "DELETE", _) => Err(Problem::no_resource()),
        (method, _) => Err(Problem::method(method)),
    }
}

fn create(jobs: &mut Jobs, view: &View<'_>, request: &Request, by: &str) -> Done {
    let body = request.object()?;
    let text = |n: &str| body.get(n).and_then(Value::as_str).unwrap_or_default();
    let operation = text("operation");
    if !matches!(operation, "query" | "queryAll") {
        return Err(Problem::bad("INVALIDJOB", format!("Unsupported operation: {operation}")));
    }
    let delimiter = match text("columnDelimiter") {
        "" | "COMMA" => ("COMMA", b','),
        "TAB" => ("TAB", b'\t'),
        "SEMICOLON" => ("SEMICOLON", b';'),
        "PIPE" => ("PIPE", b'|'),
        "CARET" => ("CARET", b'^'),
        "BACKQUOTE" => ("BACKQUOTE", b'`'),
        other => return Err(Problem::bad("INVALIDJOB", format!("Unsupported columnDelimiter: {other}"))),
    };
    let ending = if text("lineEnding") == "CRLF" { ("CRLF", "\r\n") } else { ("LF", "\n") };
    let bound = prepare(view, text("query"))?;
    let flat =
        bound.columns.is_empty() && !bound.counts && !bound.pieces.iter().any(|p| matches!(p, Piece::Child { .. }));
    if !flat || bound.offset > 0 {
        return Err(Problem::bad("API_ERROR", "Aggregate Relationships not supported in Bulk Query"));
    }
    let rows = run::rows(view, &bound, operation == "queryAll");
    jobs.last += 1;
    let id = Id::new("750", jobs.last).text();
    let job = Job {
        state: State::Uploaded,
        object: view.org.at(bound.object).name.clone(),
        bound,
        rows,
        operation: operation.into(),
        version: view.version.into(),
        by: by.into(),
        at: view.now,
        delimiter: (delimiter.0.into(), delimiter.1),
        ending: (ending.0.into(), ending.1),
    };
    let told = job.told(&id, false);
    jobs.jobs.insert(id, job);
    if jobs.jobs.len() > MOST_JOBS {
        jobs.jobs.pop_first();
    }
    Ok(Answer::json(200, &told))
}

/// A piece of the table, and where the next begins.
fn results(job: &Job, view: &View<'_>, request: &Request) -> Done {
    if job.version != view.version {
        return Err(Problem::new(
            409,
            "API_ERROR",
            format!("The job was made with another version of the API: {}", job.version),
        ));
    }
    if job.state != State::Complete {
        return Err(Problem::bad(
            "INVALIDJOBSTATE",
            format!("Results cannot be had of a job in state {}", job.state.word()),
        ));
    }
    let wrong = |name: &str, text: &str| Problem::bad("API_ERROR", format!("Invalid {name}: {text}"));
    let from = match request.param("locator") {
        None | Some("null") => 0,
        // Nobody can make up a locator.
        Some(text) => text
            .strip_prefix("MT")
            .and_then(|n| usize::from_str_radix(n, 36).ok())
            .ok_or_else(|| wrong("locator", text))?,
    };
    let most = match request.param("maxRecords") {
        None => PIECE,
        Some(text) => text.parse::<usize>().ok().filter(|n| *n > 0).ok_or_else(|| wrong("maxRecords", text))?,
    };
    if from > job.rows.len() {
        return Err(wrong("locator", request.param("locator").unwrap_or_default()));
    }
    let to = from.saturating_add(most).min(job.rows.len());
    let mut out = Vec::with_capacity((to - from) * 256);
    line(&mut out, job, job.bound.flat.iter().map(|route| route.name.clone()));
    for row in &job.rows[from..to] {
        line(&mut out, job, job.bound.flat.iter().map(|route| shown::plain(view, (job.bound.object, *row), route)));
    }
    let mut answer = Answer { status: 200, body: out, media: "text/csv; charset=UTF-8", headers: Vec::new() };
    answer.headers.push(("sforce-numberofrecords", (to - from).to_string()));
    let next = if to < job.rows.len() { format!("MT{}", base36(to)) } else { "null".to_owned() };
    answer.headers.push(("sforce-locator", next));
    Ok(answer)
}

fn line(out: &mut Vec<u8>, job: &Job, cells: impl Iterator<Item = String>) {
    for (i, cell) in cells.enumerate() {
        if i > 0 {
            out.push(job.delimiter.1);
        }
        out.push(b'"');
        out.extend_from_slice(cell.replace('"', "\"\"").as_bytes());
        out.push(b'"');
    }
    out.extend_from_slice(job.ending.1.as_bytes());
}

fn base36(mut n: usize) -> String {
    let mut digits = Vec::new();
    loop {
        digits.push(char::from_digit((n % 36) as u32, 36).unwrap_or('0'));
        n /= 36;
        if n == 0 {
            break;
        }
    }
    digits.iter().rev().collect()
}
