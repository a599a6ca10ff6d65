//! Single records by address: read, made, changed, deleted, upserted, and lists of what changed or went.

use serde_json::{Value, json};

use crate::answer::Answer;
use crate::clock::{Millis, date_time};
use crate::json::time_text;
use crate::request::Request;
use crate::salesforce::id::Id;
use crate::salesforce::org::{Object, ObjectIx, Org, RowIx};
use crate::salesforce::problem::{Done, Problem};
use crate::salesforce::schema::Type;
use crate::salesforce::soql::bound::Piece;
use crate::salesforce::soql::route::Step;
use crate::salesforce::soql::{instant, shown};
use crate::salesforce::view::View;
use crate::salesforce::write::Hand;

/// The object that a path names.
pub(crate) fn object_of(org: &Org, name: &str) -> Result<ObjectIx, Problem> {
    org.ix(name).ok_or_else(Problem::no_resource)
}

/// The live row that an id in a path names.
pub(crate) fn row_of(o: &Object, id: &str) -> Result<RowIx, Problem> {
    let row = Id::parse(id).and_then(|id| o.row_ix(id)).ok_or_else(|| match id.len() {
        15 | 18 => Problem::new(404, "NOT_FOUND", "The requested resource does not exist"),
        _ => Problem::no_record(),
    })?;
    if o.row(row).deleted.is_some() {
        return Err(Problem::new(404, "ENTITY_IS_DELETED", "entity is deleted"));
    }
    Ok(row)
}

/// The row that an external id names, if there is one.
fn by_external(o: &Object, field: &str, value: &str) -> Result<Option<RowIx>, Problem> {
    if field.eq_ignore_ascii_case("Id") {
        return row_of(o, value).map(Some);
    }
    let ix = o.field_ix(field).filter(|ix| o.field(*ix).external).ok_or_else(|| {
        Problem::new(
            404,
            "NOT_FOUND",
            format!("Provided external ID field does not exist or is not accessible: {field}"),
        )
    })?;
    Ok(o.holder(ix, value))
}

/// The members of a record that are asked for: those named, or all.
pub(crate) fn pieces(view: &View<'_>, object: ObjectIx, names: Option<&[&str]>) -> Result<Vec<Piece>, Problem> {
    let o = view.org.at(object);
    let whole = |f: &(usize, &crate::salesforce::schema::Field)| !f.1.gone && view.sees(&o.name, &f.1.name);
    match names {
        None => Ok(o
            .fields
            .iter()
            .enumerate()
            .filter(whole)
            .map(|(ix, f)| Piece::Cell(f.name.clone(), Step::Known(ix as u16)))
            .collect()),
        Some(names) => names
            .iter()
            .map(|name| {
                let ix = o.field_ix(name).filter(|ix| view.sees(&o.name, &o.field(*ix).name));
                let ix = ix.ok_or_else(|| Problem::no_column(name, &o.name))?;
                Ok(Piece::Cell(o.field(ix).name.clone(), Step::Known(ix)))
            })
            .collect(),
    }
}

/// Conditional headers: what the caller has already, or has seen last.
fn conditions(o: &Object, row: RowIx, request: &Request) -> Result<bool, Problem> {
    let at = |name: &str| -> Result<Option<Millis>, Problem> {
        request
            .header(name)
            .map(|text| {
                let parsed = chrono::DateTime::parse_from_rfc2822(text).ok().map(|t| t.timestamp_millis());
                parsed.or_else(|| instant(text)).ok_or_else(|| {
                    Problem::bad("INVALID_HTTP_HEADER", format!("Header '{name}' has an invalid date: {text}"))
                })
            })
            .transpose()
    };
    let modified = o.row(row).modified;
    let changed =
        || Problem::new(412, "PRECONDITION_FAILED", "The record has been modified since the time that was given");
    if at("if-unmodified-since")?.is_some_and(|since| modified > since) {
        return Err(changed());
    }
    if o.name == "Account" {
        let tag = etag(o, row);
        let named = |list: &str| {
            list == "*" || list.split(',').any(|t| t.trim().trim_start_matches("W/") == tag.trim_start_matches("W/"))
        };
        if request.header("if-match").is_some_and(|list| !named(list)) {
            return Err(changed());
        }
        if request.header("if-none-match").is_some_and(named) {
            return Ok(true);
        }
    }
    Ok(at("if-modified-since")?.is_some_and(|since| modified <= since))
}

fn etag(o: &Object, row: RowIx) -> String {
    format!("W/\"{:x}--gzip\"", o.row(row).stamp)
}

pub(crate) fn read(view: &View<'_>, request: &Request, name: &str, by: (&str, &str)) -> Done {
    let object = object_of(view.org, name)?;
    let o = view.org.at(object);
    let row = by_external(o, by.0, by.1)?.ok_or_else(Problem::no_resource)?;
    let unchanged = conditions(o, row, request)?;
    let fields = request.list("fields");
    let pieces = pieces(view, object, fields.as_deref())?;
    let mut answer = if unchanged {
        Answer::empty(304)
    } else {
        let mut out = Vec::new();
        shown::record(&mut out, view, (object, row), &pieces);
        Answer::raw(200, out)
    };
    let modified = date_time(o.row(row).modified).format("%a, %d %b %Y %H:%M:%S GMT").to_string();
    answer.headers.push(("last-modified", modified));
    if o.name == "Account" {
        answer.headers.push(("etag", etag(o, row)));
    }
    Ok(answer)
}

fn made(id: Id, created: Option<bool>, status: u16) -> Answer {
    let mut body = json!({"id": id.text(), "success": true, "errors": []});
    if let (Some(created), Value::Object(map)) = (created, &mut body) {
        map.insert("created".into(), created.into());
    }
    Answer::json(status, &body)
}

pub(crate) fn create(hand: &mut Hand<'_>, request: &Request, name: &str) -> Done {
    let object = object_of(hand.org, name)?;
    let id = hand.create(object, &request.object()?)?;
    let mut answer = made(id, None, 201);
    answer.headers.push(("location", format!("/services/data/v62.0/sobjects/{}/{id}", hand.org.at(object).name)));
    Ok(answer)
}

/// Changes a record, or makes it where an external id finds none.
pub(crate) fn update(hand: &mut Hand<'_>, request: &Request, name: &str, by: (&str, &str), version: u32) -> Done {
    let object = object_of(hand.org, name)?;
    let body = request.object()?;
    if by.0 == "Id" {
        let row = row_of(hand.org.at(object), by.1)?;
        conditions(hand.org.at(object), row, request)?;
        hand.update(object, row, &body)?;
        return Ok(Answer::empty(204));
    }
    let field = by.0;
    if body.keys().any(|k| k.eq_ignore_ascii_case(field)) {
        return Err(Problem::bad(
            "INVALID_FIELD",
            format!("The {field} field should not be specified in the sobject data."),
        )
        .of(&[field]));
    }
    match by_external(hand.org.at(object), field, by.1)? {
        Some(row) => {
            conditions(hand.org.at(object), row, request)?;
            hand.update(object, row, &body)?;
            let id = hand.org.at(object).row(row).id;
            Ok(if version >= 46 { made(id, Some(false), 200) } else { Answer::empty(204) })
        }
        None if request.flag("updateOnly") => Err(Problem::no_resource()),
        None => {
            let mut body = body;
            body.insert(field.to_owned(), by.1.into());
            Ok(made(hand.create(object, &body)?, Some(true), 201))
        }
    }
}

pub(crate) fn delete(hand: &mut Hand<'_>, name: &str, by: (&str, &str)) -> Done {
    let object = object_of(hand.org, name)?;
    let row = by_external(hand.org.at(object), by.0, by.1)?.ok_or_else(Problem::no_resource)?;
    hand.delete(object, row)?;
    Ok(Answer::empty(204))
}

/// The bytes of a file.
pub(crate) fn bytes(org: &Org, name: &str, id: &str, field: &str) -> Done {
    let object = object_of(org, name)?;
    let o = org.at(object);
    let row = row_of(o, id)?;
    let ix = o.field_ix(field).filter(|ix| o.field(*ix).of == Type::Base64).ok_or_else(Problem::no_resource)?;
    let body = super::base64::decode(o.row(row).get(ix).unwrap_or_default());
    Ok(Answer { status: 200, body, media: "application/octet-stream", headers: Vec::new() })
}

const DAY: Millis = 86_400_000;

/// What changed, or went, between two times; seconds are not looked at, as the vendor does not.
pub(crate) fn changes(view: &View<'_>, request: &Request, name: &str, gone: bool) -> Done {
    let object = object_of(view.org, name)?;
    let o = view.org.at(object);
    let at = |n: &str| -> Result<Millis, Problem> {
        let text = request.param(n).ok_or_else(|| Problem::bad("MISSING_ARGUMENT", format!("{n} is required")))?;
        // A plus that was not escaped came as a space.
        let at = instant(&text.replace(' ', "+"))
            .ok_or_else(|| Problem::bad("MALFORMED_QUERY", format!("invalid date: {text}")))?;
        Ok(at.div_euclid(60_000) * 60_000)
    };
    let (start, end) = (at("start")?, at("end")?);
    if end <= start {
        return Err(Problem::bad("INVALID_REPLICATION_DATE", "endDate before or equal to startDate"));
    }
    if start < view.now - 30 * DAY - 60_000 {
        return Err(Problem::bad("INVALID_REPLICATION_DATE", "startDate before org replication enabled date"));
    }
    let rows = o.stamps.range((start, 0)..(end, 0)).map(|(_, row)| o.row(*row));
    let text = |at: Millis| time_text(at).replace('Z', "+0000");
    let covered = text(end.min(view.now));
    if gone {
        let all: Vec<Value> =
            rows.filter_map(|r| Some(json!({"id": r.id.text(), "deletedDate": text(r.deleted?)}))).collect();
        let earliest = text((view.now - 15 * DAY).div_euclid(60_000) * 60_000);
        return Ok(Answer::json(
            200,
            &json!({"deletedRecords": all, "earliestDateAvailable": earliest, "latestDateCovered": covered}),
        ));
    }
    let ids: Vec<String> = rows.filter(|r| r.deleted.is_none()).map(|r| r.id.text()).collect();
    Ok(Answer::json(200, &json!({"ids": ids, "latestDateCovered": covered})))
}
