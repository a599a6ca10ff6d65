//! Up to two hundred records in one request: made, changed, upserted, deleted, read.

use serde_json::{Map, Value, json};

use crate::answer::Answer;
use crate::request::Request;
use crate::salesforce::id::Id;
use crate::salesforce::org::ObjectIx;
use crate::salesforce::problem::{Done, Problem};
use crate::salesforce::rows::{object_of, pieces};
use crate::salesforce::soql::shown;
use crate::salesforce::view::View;
use crate::salesforce::write::Hand;

const MOST: usize = 200;

fn too_many(n: usize) -> Result<(), Problem> {
    if n > MOST {
        return Err(Problem::bad(
            "EXCEEDED_MAX_SIZE_REQUEST",
            format!("Maximum size of request reached. Maximum size of request is {MOST} elements."),
        ));
    }
    Ok(())
}

fn records(body: &Map<String, Value>) -> Result<Vec<&Map<String, Value>>, Problem> {
    let list = body.get("records").and_then(Value::as_array).ok_or_else(|| Problem::body("records is required"))?;
    too_many(list.len())?;
    list.iter().map(|r| r.as_object().ok_or_else(|| Problem::body("a record must be an object"))).collect()
}

fn type_of<'a>(record: &'a Map<String, Value>, hand: &Hand<'_>) -> Result<(ObjectIx, &'a str), Problem> {
    let name = record.get("attributes").and_then(|a| a.get("type")).and_then(Value::as_str);
    let name =
        name.ok_or_else(|| Problem::bad("INVALID_INPUT", "Include an attributes property with a type in each record"))?;
    let ix = hand
        .org
        .ix(name)
        .ok_or_else(|| Problem::bad("INVALID_TYPE", format!("sObject type '{name}' is not supported.")))?;
    Ok((ix, name))
}

fn done(id: Id, created: Option<bool>) -> Value {
    match created {
        Some(created) => json!({"id": id.text(), "success": true, "errors": [], "created": created}),
        None => json!({"id": id.text(), "success": true, "errors": []}),
    }
}

/// What one record of the list came to.
fn one(
    hand: &mut Hand<'_>,
    method: &str,
    record: &Map<String, Value>,
    external: Option<(&str, ObjectIx)>,
) -> Result<Value, Problem> {
    let (object, _) = match external {
        Some((_, ix)) => (ix, ""),
        None => type_of(record, hand)?,
    };
    if let Some((field, _)) = external {
        let value = record
            .iter()
            .find(|(n, _)| n.eq_ignore_ascii_case(field))
            .and_then(|(_, v)| v.as_str())
            .unwrap_or_default();
        let o = hand.org.at(object);
        let ix =
            o.field_ix(field).filter(|ix| o.field(*ix).external).ok_or_else(|| Problem::no_column(field, &o.name))?;
        if value.is_empty() {
            return Err(Problem::bad("MISSING_ARGUMENT", format!("{field} not specified")));
        }
        return match o.holder(ix, value) {
            Some(row) => {
                let body: Map<String, Value> = record
                    .iter()
                    .filter(|(n, _)| !n.eq_ignore_ascii_case(field))
                    .map(|(n, v)| (n.clone(), v.clone()))
                    .collect();
                let id = o.row(row).id;
                hand.update(object, row, &body)?;
                Ok(done(id, Some(false)))
            }
            None => Ok(done(hand.create(object, record)?, Some(true))),
        };
    }
    if method == "POST" {
        return Ok(done(hand.create(object, record)?, None));
    }
    let text = record.iter().find(|(n, _)| n.eq_ignore_ascii_case("id")).and_then(|(_, v)| v.as_str());
    let text = text.ok_or_else(|| Problem::bad("MISSING_ARGUMENT", "Id not specified in an update call"))?;
    let id = Id::parse(text).ok_or_else(|| Problem::bad("MALFORMED_ID", format!("malformed id {text}")))?;
    let row = hand
        .org
        .at(object)
        .row_ix(id)
        .ok_or_else(|| Problem::bad("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id"))?;
    let body: Map<String, Value> =
        record.iter().filter(|(n, _)| !n.eq_ignore_ascii_case("id")).map(|(n, v)| (n.clone(), v.clone())).collect();
    hand.update(object, row, &body)?;
    Ok(done(id, None))
}

/// `POST` makes, `PATCH` changes; with an external id's field it upserts.
pub(crate) fn write(hand: &mut Hand<'_>, request: &Request, external: Option<(&str, &str)>) -> Done {
    let body = request.object()?;
    let records = records(&body)?;
    let external = external.map(|(name, field)| Ok::<_, Problem>((field, object_of(hand.org, name)?))).transpose()?;
    let all = body.get("allOrNone").and_then(Value::as_bool) == Some(true);
    Ok(each(hand, all, &records, |hand, r| one(hand, &request.method, r, external)))
}

/// Does something for each, or for none where one fails and `all` was asked.
fn each<T: Copy>(
    hand: &mut Hand<'_>,
    all: bool,
    list: &[T],
    mut act: impl FnMut(&mut Hand<'_>, T) -> Result<Value, Problem>,
) -> Answer {
    let own = hand.org.begin();
    let done: Vec<Result<Value, Problem>> = list.iter().map(|one| act(hand, *one)).collect();
    let back = own && all && done.iter().any(Result::is_err);
    if own {
        hand.org.end(back);
    }
    let rolled = || {
        let why = "Record rolled back because not all records were valid and the request was using AllOrNone header";
        Problem::bad("ALL_OR_NONE_OPERATION_ROLLED_BACK", why).outcome()
    };
    let outcome = |done: Result<Value, Problem>| match done {
        Ok(_) if back => rolled(),
        Ok(value) => value,
        Err(problem) => problem.outcome(),
    };
    Answer::json(200, &Value::Array(done.into_iter().map(outcome).collect()))
}

pub(crate) fn delete(hand: &mut Hand<'_>, request: &Request) -> Done {
    let ids = request.list("ids").unwrap_or_default();
    too_many(ids.len())?;
    Ok(each(hand, request.flag("allOrNone"), &ids, |hand, text| {
        let id = Id::parse(text).ok_or_else(|| Problem::bad("MALFORMED_ID", format!("malformed id {text}")))?;
        let at = hand.org.find(id);
        let (object, row) =
            at.ok_or_else(|| Problem::bad("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id"))?;
        hand.delete(object, row)?;
        Ok(done(id, None))
    }))
}

/// Records by ids, null where there is none, in the order that was asked.
pub(crate) fn read(view: &View<'_>, request: &Request, name: &str) -> Done {
    let object = object_of(view.org, name)?;
    let body = request.object()?;
    let texts = |n: &str| -> Option<Vec<&str>> { body.get(n)?.as_array()?.iter().map(Value::as_str).collect() };
    let ids = texts("ids").or_else(|| request.list("ids")).unwrap_or_default();
    let fields = texts("fields").or_else(|| request.list("fields")).unwrap_or_default();
    if ids.len() > 2_000 {
        return Err(Problem::bad(
            "EXCEEDED_MAX_SIZE_REQUEST",
            "Maximum size of request reached. Maximum size of request is 2000 elements.",
        ));
    }
    let pieces = pieces(view, object, Some(&fields))?;
    let o = view.org.at(object);
    let mut out = vec![b'['];
    for (i, id) in ids.iter().enumerate() {
        if i > 0 {
            out.push(b',');
        }
        let id = Id::parse(id).ok_or_else(|| Problem::bad("MALFORMED_ID", format!("malformed id {id}")))?;
        match o.row_ix(id).filter(|r| o.row(*r).deleted.is_none()) {
            Some(row) => shown::record(&mut out, view, (object, row), &pieces),
            None => out.extend_from_slice(b"null"),
        }
    }
    out.push(b']');
    Ok(Answer::raw(200, out))
}
