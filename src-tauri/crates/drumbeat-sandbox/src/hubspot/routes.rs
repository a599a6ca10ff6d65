//! Which handler a path means: one table for the dated paths and for v3/v4, because the published clients use both.
//!
//! The hard idea: a path is first brought to an area and a rest, whatever version it names; then one match decides. A request
//! is a read or a write by its area and words, so that reads share the state and writes have it alone.
//! Callers rely on: `is_write` is true for everything that can change state, and for nothing else.

use crate::hubspot::answer::{Done, Refusal};
use crate::hubspot::definitions::{account, forms, owners, pipelines, properties, schemas};
use crate::hubspot::world::World;
use crate::hubspot::{associations, files, objects, search};
use crate::request::Request;

/// The part of the API that a path belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Area {
    Objects,
    Properties,
    Pipelines,
    Owners,
    /// Association paths; true for the v3 shape.
    Associations(bool),
    Schemas,
    OAuth,
    Account,
    Files,
    Forms,
    Unknown,
}

fn is_version(word: &str) -> bool {
    matches!(word, "v1" | "v2" | "v3" | "v4" | "2025-09" | "2026-03" | "2026-09" | "2026-09-beta")
}

/// Splits a path into its area, its version and the rest.
pub(crate) fn place<'a>(words: &'a [&'a str]) -> (Area, &'a str, &'a [&'a str]) {
    match words {
        ["crm", v, area, rest @ ..] | ["crm", area, v, rest @ ..] if is_version(v) => {
            let place = match *area {
                "objects" => Area::Objects,
                "properties" => Area::Properties,
                "pipelines" => Area::Pipelines,
                "owners" => Area::Owners,
                "associations" => Area::Associations(*v == "v3"),
                "schemas" => Area::Schemas,
                _ => Area::Unknown,
            };
            (place, v, rest)
        }
        ["crm-object-schemas", v, "schemas", rest @ ..] if is_version(v) => (Area::Schemas, v, rest),
        ["oauth", "authorize", ..] => (Area::OAuth, "", &words[1..]),
        ["oauth", v, rest @ ..] if is_version(v) => (Area::OAuth, v, rest),
        ["account-info", v, rest @ ..] if is_version(v) => (Area::Account, v, rest),
        ["files", v, rest @ ..] if is_version(v) => (Area::Files, v, rest),
        ["marketing", v, "forms", rest @ ..] | ["marketing", "forms", v, rest @ ..] if is_version(v) => {
            (Area::Forms, v, rest)
        }
        _ => (Area::Unknown, "", &[]),
    }
}

/// Can this request change anything?
pub(crate) fn is_write(method: &str, words: &[&str]) -> bool {
    if method == "GET" || method == "HEAD" {
        return false;
    }
    !matches!(words, [.., "search"] | [.., "batch", "read"])
}

pub(crate) fn is_search(method: &str, words: &[&str]) -> bool {
    method == "POST" && matches!(place(words), (Area::Objects, _, [_, "search"]))
}

/// The object type a path is about, for aiming faults and counting.
pub(crate) fn object_word<'a>(words: &'a [&'a str]) -> Option<&'a str> {
    match place(words) {
        (
            Area::Objects | Area::Associations(_) | Area::Properties | Area::Pipelines | Area::Schemas,
            _,
            [first, ..],
        ) => Some(first),
        _ => None,
    }
}

pub(crate) fn read(world: &World, request: &Request) -> Done {
    let words = request.parts();
    let (area, version, rest) = place(&words);
    match (area, request.method.as_str(), rest) {
        (Area::Objects, "GET", [kind]) => objects::read::list(world, request, kind),
        (Area::Objects, "GET", [kind, id]) => objects::read::get(world, request, kind, id),
        (Area::Objects, "POST", [kind, "batch", "read"]) => objects::batch::read(world, request, kind),
        (Area::Objects, "POST", [kind, "search"]) => search::search(world, request, kind),
        (Area::Objects, "GET", [kind, id, "associations", to]) => {
            associations::of_record(world, request, kind, id, to, version)
        }
        (Area::Associations(v3), "POST", [from, to, "batch", "read"]) => {
            associations::batch_read(world, request, from, to, v3, version)
        }
        (Area::Associations(_), "GET", [from, to, "labels"]) => associations::labels::list(world, from, to),
        (Area::Associations(_), "GET", [from, to, "types"]) => associations::labels::types(world, from, to),
        (Area::Associations(_), "GET", ["definitions", "configurations", ..]) => associations::labels::configurations(),
        (Area::Properties, "GET", [kind]) => properties::list(world, request, kind),
        (Area::Properties, "GET", [kind, "groups"]) => properties::groups(world, kind),
        (Area::Properties, "GET", [kind, "groups", name]) => properties::group(world, kind, name),
        (Area::Properties, "GET", [kind, name]) => properties::get(world, request, kind, name),
        (Area::Properties, "POST", [kind, "batch", "read"]) => properties::batch_read(world, request, kind),
        (Area::Pipelines, "GET", [kind, rest @ ..]) => pipelines::read(world, kind, rest),
        (Area::Owners, "GET", []) => owners::list(world, request),
        (Area::Owners, "GET", [id]) => owners::get(world, request, id),
        (Area::Schemas, "GET", []) => schemas::list(world, request),
        (Area::Schemas, "GET", [kind]) => schemas::get(world, kind),
        (Area::Schemas, "POST", ["batch", "read"]) => schemas::batch_read(world, request),
        (Area::Account, "GET", ["details"]) => account::details(world),
        (Area::Account, "GET", ["api-usage", "daily", "private-apps"]) => account::usage(request),
        (Area::Files, "GET", rest) => files::read(world, request, rest),
        (Area::Forms, "GET", rest) => forms::read(world, request, rest),
        _ => Err(Refusal::no_such_path()),
    }
}

pub(crate) fn write(world: &mut World, request: &Request) -> Done {
    let words = request.parts();
    let (area, version, rest) = place(&words);
    match (area, request.method.as_str(), rest) {
        (Area::Objects, "POST", [kind]) => objects::write::create(world, request, kind, version),
        (Area::Objects, "PATCH", [kind, id]) => objects::write::update(world, request, kind, id, version),
        (Area::Objects, "DELETE", [kind, id]) => objects::write::archive(world, request, kind, id),
        (Area::Objects, "POST", [kind, "merge"]) => objects::merge::merge(world, request, kind),
        (Area::Objects, "POST", [kind, "batch", "create"]) => objects::batch::create(world, request, kind, version),
        (Area::Objects, "POST", [kind, "batch", "update"]) => objects::batch::update(world, request, kind, version),
        (Area::Objects, "POST", [kind, "batch", "upsert"]) => objects::batch::upsert(world, request, kind, version),
        (Area::Objects, "POST", [kind, "batch", "archive"]) => objects::batch::archive(world, request, kind),
        (Area::Objects, "PUT", [from, id, "associations", "default", to, to_id]) => {
            associations::put_plain(world, request, (from, id), (to, to_id))
        }
        (Area::Objects, "PUT", [from, id, "associations", to, to_id]) => {
            associations::put(world, request, (from, id), (to, to_id))
        }
        (Area::Objects, "PUT", [from, id, "associations", to, to_id, label]) => {
            associations::put_v3(world, request, (from, id), (to, to_id), label)
        }
        (Area::Objects, "DELETE", [from, id, "associations", to, to_id]) => {
            associations::delete(world, request, (from, id), (to, to_id), None)
        }
        (Area::Objects, "DELETE", [from, id, "associations", to, to_id, label]) => {
            associations::delete(world, request, (from, id), (to, to_id), Some(label))
        }
        (Area::Associations(v3), "POST", [from, to, "batch", rest @ ..]) => {
            associations::batch_write(world, request, from, to, rest, v3)
        }
        (Area::Associations(_), "POST" | "PUT", [from, to, "labels"]) => {
            associations::labels::put(world, request, from, to)
        }
        (Area::Associations(_), "DELETE", [from, to, "labels", id]) => {
            associations::labels::delete(world, from, to, id)
        }
        (Area::Properties, method, [kind, rest @ ..]) => properties::write(world, request, method, kind, rest),
        (Area::Pipelines, method, [kind, rest @ ..]) => pipelines::write(world, request, method, kind, rest),
        (Area::Schemas, method, rest) => schemas::write(world, request, method, rest),
        (Area::Files, method, rest) => files::write(world, request, method, rest),
        (Area::Forms, method, rest) => forms::write(world, request, method, rest),
        _ => Err(Refusal::no_such_path()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dated_and_numbered_paths_mean_the_same() {
        let pairs = [
            ("crm/v3/objects/deals", "crm/objects/2026-09/deals"),
            ("crm/v3/owners", "crm/owners/2026-09"),
            ("crm/v4/associations/a/b/batch/read", "crm/associations/2026-09/a/b/batch/read"),
            ("crm/v3/schemas", "crm-object-schemas/2026-09/schemas"),
            ("crm-object-schemas/v3/schemas", "crm-object-schemas/2026-03/schemas"),
            ("oauth/v1/token", "oauth/2026-09/token"),
        ];
        for (one, two) in pairs {
            let (a, b): (Vec<&str>, Vec<&str>) = (one.split('/').collect(), two.split('/').collect());
            let (x, y) = (place(&a), place(&b));
            assert_eq!((x.0, x.2), (y.0, y.2), "{one}");
            assert_ne!(x.0, Area::Unknown, "{one}");
        }
    }

    #[test]
    fn reading_by_post_is_still_reading() {
        assert!(!is_write("POST", &["crm", "v3", "objects", "deals", "search"]));
        assert!(!is_write("POST", &["crm", "v4", "associations", "a", "b", "batch", "read"]));
        assert!(is_write("POST", &["crm", "v3", "objects", "deals"]));
    }
}
