//! Which handler a path means.
//!
//! Callers rely on: `writes` is true for everything that can change the org, and for nothing else that matters.

use crate::answer::Answer;
use crate::request::Request;
use crate::salesforce::check::Rights;
use crate::salesforce::describe;
use crate::salesforce::problem::{Done, Problem};
use crate::salesforce::query::{self, Cursors};
use crate::salesforce::rows::{self, object_of};
use crate::salesforce::view::View;
use crate::salesforce::write::Hand;
use crate::salesforce::{collections, composite, soap, tooling};

/// The version, its number, and the words behind it.
pub(crate) fn place<'a>(words: &'a [&'a str]) -> Option<(&'a str, u32, &'a [&'a str])> {
    match words {
        ["services", "data", v, rest @ ..] => Some((v, describe::version(v)?, rest)),
        _ => None,
    }
}

/// Is it an envelope for the SOAP API?
pub(crate) fn is_soap(words: &[&str]) -> bool {
    matches!(words, ["services", "Soap", "u" | "c", _, ..])
}

/// The object that a path is about, for aiming faults.
pub(crate) fn object_word<'a>(words: &'a [&'a str]) -> Option<&'a str> {
    match place(words)?.2 {
        ["sobjects", object, ..] | ["composite", "sobjects", object, ..] => Some(object),
        _ => None,
    }
}

pub(crate) fn writes(method: &str, words: &[&str]) -> bool {
    let Some((_, _, rest)) = place(words) else { return is_soap(words) };
    method != "GET" && method != "HEAD" && !matches!((method, rest), ("POST", ["composite", "sobjects", _]))
}

pub(crate) fn read(view: &View<'_>, cursors: &std::sync::Mutex<Cursors>, request: &Request) -> Done {
    let words = request.parts();
    let (v, _, rest) = place(&words).ok_or_else(Problem::no_resource)?;
    let object = |name: &str| {
        object_of(view.org, name)
            .ok()
            .filter(|ix| view.sees_object(&view.org.at(*ix).name))
            .ok_or_else(Problem::no_resource)
    };
    match (request.method.as_str(), rest) {
        ("GET", []) => Ok(describe::resources(v)),
        ("GET", ["sobjects"]) => Ok(describe::global(view, v)),
        ("GET", ["sobjects", name]) => Ok(describe::basic(view.org.at(object(name)?), v)),
        ("GET", ["sobjects", name, "describe"]) => Ok(describe::describe(view, view.org.at(object(name)?), v)),
        ("GET", ["sobjects", name, "describe", "layouts"]) => describe::layouts(view.org.at(object(name)?), v, None),
        ("GET", ["sobjects", name, "describe", "layouts", id]) => {
            describe::layouts(view.org.at(object(name)?), v, Some(id))
        }
        ("GET", ["sobjects", name, "updated"]) => rows::changes(view, request, name, false),
        ("GET", ["sobjects", name, "deleted"]) => rows::changes(view, request, name, true),
        ("GET", ["sobjects", name, id]) => rows::read(view, request, name, ("Id", id)),
        ("GET", ["sobjects", name, id, field @ ("VersionData" | "Body")]) => rows::bytes(view.org, name, id, field),
        ("GET", ["sobjects", name, field, value]) => rows::read(view, request, name, (field, value)),
        ("GET", ["query"]) => query::first(view, cursors, request, false),
        ("GET", ["queryAll"]) => query::first(view, cursors, request, true),
        ("GET", ["query" | "queryAll", locator]) => query::next(view, cursors, locator),
        ("GET" | "POST", ["composite", "sobjects", name]) => collections::read(view, request, name),
        ("GET", ["tooling", rest @ ..]) => tooling::read(v, rest),
        ("GET", ["recent"]) => Ok(Answer::json(200, &serde_json::json!([]))),
        ("GET", ["composite"]) => {
            Ok(Answer::json(200, &serde_json::json!({"sobjects": format!("/services/data/{v}/composite/sobjects")})))
        }
        ("GET", _) => Err(Problem::no_resource()),
        (method, _) => Err(Problem::method(method)),
    }
}

/// What a write needs beside the hand: reads within a composite request.
pub(crate) struct Desk<'a> {
    pub(crate) cursors: &'a std::sync::Mutex<Cursors>,
    /// May the user make fields?
    pub(crate) metadata: bool,
}

pub(crate) fn write(hand: &mut Hand<'_>, desk: &Desk<'_>, request: &Request) -> Done {
    let words = request.parts();
    if is_soap(&words) {
        return Ok(soap::handle(hand, request));
    }
    let (_, version, rest) = place(&words).ok_or_else(Problem::no_resource)?;
    match (request.method.as_str(), rest) {
        ("POST", ["sobjects", name]) => rows::create(hand, request, name),
        ("PATCH", ["sobjects", name, id]) => rows::update(hand, request, name, ("Id", id), version),
        ("PATCH", ["sobjects", name, field, value]) => rows::update(hand, request, name, (field, value), version),
        ("DELETE", ["sobjects", name, id]) => rows::delete(hand, name, ("Id", id)),
        ("DELETE", ["sobjects", name, field, value]) => rows::delete(hand, name, (field, value)),
        ("POST" | "PATCH", ["composite", "sobjects"]) => collections::write(hand, request, None),
        ("PATCH", ["composite", "sobjects", name, field]) => collections::write(hand, request, Some((name, field))),
        ("DELETE", ["composite", "sobjects"]) => collections::delete(hand, request),
        (_, ["tooling", rest @ ..]) if desk.metadata => tooling::write(hand.org, request, rest),
        (_, ["tooling", ..]) => Err(Problem::new(
            403,
            "INSUFFICIENT_ACCESS",
            "insufficient access rights on cross-reference id: Customize Application is required",
        )),
        ("POST", ["composite"]) => {
            let own = hand.org.begin();
            let done = composite::run(request, |sub| part(hand, desk, sub));
            if own {
                hand.org.end(matches!(done, Ok((_, true))));
            }
            done.map(|(answer, _)| answer)
        }
        (_, ["sobjects" | "query" | "composite", ..]) => Err(Problem::method(&request.method)),
        _ => Err(Problem::no_resource()),
    }
}

/// One part of a composite request.
fn part(hand: &mut Hand<'_>, desk: &Desk<'_>, request: &Request) -> Answer {
    let words = request.parts();
    let done = if matches!(place(&words), Some((_, _, ["composite"]))) {
        Err(Problem::bad("INVALID_INPUT", "a composite request cannot stand in another"))
    } else if writes(&request.method, &words) {
        write(hand, desk, request)
    } else {
        let version = place(&words).map_or("v62.0", |p| p.0);
        let Rights { hidden, locked } = hand.rights;
        let view = View { org: hand.org, hidden, locked, read_only: false, now: request.at, version };
        read(&view, desk.cursors, request)
    };
    done.unwrap_or_else(|p| p.answer())
}
