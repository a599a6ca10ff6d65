//! Queries over HTTP: the first page, and the pages behind a locator.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use serde_json::json;

use crate::answer::Answer;
use crate::request::Request;
use crate::salesforce::id::Id;
use crate::salesforce::org::RowIx;
use crate::salesforce::problem::{Done, Problem};
use crate::salesforce::soql::bound::{Bound, Piece};
use crate::salesforce::soql::{prepare, run, shown, sums};
use crate::salesforce::view::View;
use crate::server::lock;

const MOST_CURSORS: usize = 200;

/// A query that was begun: its rows as they were found.
#[derive(Debug)]
struct Cursor {
    bound: Bound,
    rows: Vec<RowIx>,
    batch: usize,
}

#[derive(Debug, Default)]
pub(crate) struct Cursors {
    open: BTreeMap<u64, Arc<Cursor>>,
    last: u64,
}

/// How many records a page may have; a query with children shows fewer, as the vendor's does.
fn batch(request: &Request, bound: &Bound) -> usize {
    let asked = request
        .header("sforce-query-options")
        .and_then(|text| text.split(['=', ',']).skip_while(|w| !w.trim().eq_ignore_ascii_case("batchSize")).nth(1))
        .and_then(|n| n.trim().parse::<usize>().ok())
        .map_or(2_000, |n| n.clamp(200, 2_000));
    if bound.pieces.iter().any(|p| matches!(p, Piece::Child { .. })) { asked.min(500) } else { asked }
}

pub(crate) fn first(view: &View<'_>, cursors: &Mutex<Cursors>, request: &Request, deleted: bool) -> Done {
    let query =
        request.param("q").ok_or_else(|| Problem::bad("MALFORMED_QUERY", "SOQL query string must be specified"))?;
    let bound = prepare(view, query)?;
    if bound.counts {
        let n = run::count(view, &bound, deleted);
        return Ok(Answer::json(200, &json!({"totalSize": n, "done": true, "records": []})));
    }
    if !bound.columns.is_empty() {
        return Ok(Answer::json(200, &sums::answer(view, &bound, deleted)));
    }
    let rows = run::rows(view, &bound, deleted);
    let batch = batch(request, &bound);
    if rows.len() <= batch {
        return Ok(Answer::raw(200, shown::page(view, &bound, rows.len(), &rows, None)));
    }
    let cursor = Arc::new(Cursor { bound, rows, batch });
    let number = {
        let mut all = lock(cursors);
        all.last += 1;
        let number = all.last;
        all.open.insert(number, Arc::clone(&cursor));
        if all.open.len() > MOST_CURSORS {
            all.open.pop_first();
        }
        number
    };
    Ok(page(view, &cursor, number, 0))
}

/// The page that a locator such as `01gHn0000000001-2000` names.
pub(crate) fn next(view: &View<'_>, cursors: &Mutex<Cursors>, locator: &str) -> Done {
    let lost = || Problem::bad("INVALID_QUERY_LOCATOR", "invalid query locator");
    let (id, from) = locator.split_once('-').ok_or_else(lost)?;
    let from: usize = from.parse().map_err(|_| lost())?;
    let (number, cursor) = {
        let all = lock(cursors);
        let found =
            all.open.iter().find(|(n, _)| Id::new("01g", **n).text() == id || Id::new("01g", **n).text()[..15] == *id);
        found.map(|(n, c)| (*n, Arc::clone(c))).ok_or_else(lost)?
    };
    if from >= cursor.rows.len() {
        return Err(lost());
    }
    Ok(page(view, &cursor, number, from))
}

fn page(view: &View<'_>, cursor: &Cursor, number: u64, from: usize) -> Answer {
    let to = (from + cursor.batch).min(cursor.rows.len());
    let next = (to < cursor.rows.len())
        .then(|| format!("/services/data/{}/query/{}-{to}", view.version, Id::new("01g", number)));
    Answer::raw(200, shown::page(view, &cursor.bound, cursor.rows.len(), &cursor.rows[from..to], next.as_deref()))
}
