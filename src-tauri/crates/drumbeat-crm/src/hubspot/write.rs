//! Writing: one record, one request, and an exact account of how it ended.
//!
//! The hard idea is what may be concluded. Only an answer that is the vendor's own and names our
//! record counts as done; only a refusal in the vendor's own form counts as refused; only a failure
//! before the first byte left counts as not sent. A timeout, a cut connection, a web page, a redirect,
//! a 5xx or a strange success is "unknown", and the outbox settles it by reading. Nothing is repeated here.

use drumbeat_model::crm::{Link, ObjectKind, Properties};
use drumbeat_model::value;
use reqwest::Method;
use serde::Serialize;
use url::Url;

use super::wire::{Linked, Row, TypeRef};
use super::{API_VERSION, HubSpot, associations, modified_property, objects, problem};
use crate::crm::{Create, Update, WriteOutcome};
use crate::http::answer::{Answer, clean, parse};
use crate::http::written::{not_sent, unknown};

/// The property that makes creates findable; its echo must be ours.
const OP_ID: &str = "drumbeat_op_id";
/// No wait is believed beyond this.
const LONGEST_WAIT: u64 = 3600;

#[derive(Serialize)]
struct Change<'a> {
    properties: &'a Properties,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    associations: Vec<NewLink<'a>>,
}

#[derive(Serialize)]
struct NewLink<'a> {
    to: To<'a>,
    types: Vec<TypeRef>,
}

#[derive(Serialize)]
struct To<'a> {
    id: &'a str,
}

pub(super) async fn update(hubspot: &HubSpot, update: &Update) -> WriteOutcome {
    let url = match objects::record_url(hubspot, update.kind, &update.id) {
        Ok(url) => url,
        Err(error) => return not_sent(&error),
    };
    let body = Change { properties: &update.set, associations: Vec::new() };
    match send(hubspot, Method::PATCH, url, Some(&body)).await {
        Ok(answer) => settle(&answer, update.kind, hubspot.http.token().expose(), |row| {
            let id = row.id.as_str();
            if id == update.id { Ok(()) } else { Err(format!("record {} answers for {}", clean(id, 40), update.id)) }
        }),
        Err(outcome) => outcome,
    }
}

pub(super) async fn create(hubspot: &HubSpot, create: &Create) -> WriteOutcome {
    let url =
        match hubspot.type_of(create.kind).and_then(|name| hubspot.http.url(&["crm", "objects", API_VERSION, &name])) {
            Ok(url) => url,
            Err(error) => return not_sent(&error),
        };
    let mut links = Vec::with_capacity(create.links.len());
    for link in &create.links {
        match associations::type_for(hubspot, create.kind, link).await {
            Ok(Some(kind)) => links.push(NewLink { to: To { id: &link.id }, types: vec![kind] }),
            Ok(None) => {
                return WriteOutcome::NotSent {
                    why: format!("the account has no link from {} to {}", create.kind.name(), link.to.name()),
                };
            }
            Err(error) => return not_sent(&error),
        }
    }
    let body = Change { properties: &create.set, associations: links };
    match send(hubspot, Method::POST, url, Some(&body)).await {
        Ok(answer) => settle(&answer, create.kind, hubspot.http.token().expose(), |row| {
            match (create.set.get(OP_ID), row.properties.0.get(OP_ID)) {
                _ if row.id.as_str().is_empty() => Err("the new record has no id".to_owned()),
                (Some(ours), Some(theirs)) if ours != theirs => Err("the new record has another op id".to_owned()),
                _ => Ok(()),
            }
        }),
        Err(outcome) => outcome,
    }
}

pub(super) async fn link(hubspot: &HubSpot, from: ObjectKind, id: &str, link: &Link) -> WriteOutcome {
    let labelled = if link.primary { associations::primary_type(hubspot, from, link.to).await } else { Ok(None) };
    let request = labelled.and_then(|labelled| {
        let from = hubspot.type_of(from)?;
        let to = hubspot.type_of(link.to)?;
        let url = match &labelled {
            Some(_) => hubspot.http.url(&["crm", "objects", API_VERSION, &from, id, "associations", &to, &link.id]),
            None => {
                hubspot.http.url(&["crm", "objects", API_VERSION, &from, id, "associations", "default", &to, &link.id])
            }
        }?;
        Ok((url, labelled.map(|kind| vec![kind])))
    });
    let (url, body) = match request {
        Ok(request) => request,
        Err(error) => return not_sent(&error),
    };
    let answer = match send(hubspot, Method::PUT, url, body.as_ref()).await {
        Ok(answer) => answer,
        Err(outcome) => return outcome,
    };
    if !matches!(answer.status.as_u16(), 200 | 201) {
        return refused_or_unknown(&answer, hubspot.http.token().expose());
    }
    let Ok(linked) = parse::<Linked>(&answer.body) else {
        return unknown(&answer);
    };
    let ours = |from: &str, to: &str| from == id && to == link.id;
    let named = ours(linked.from_object_id.as_str(), linked.to_object_id.as_str())
        || linked.results.iter().any(|pair| ours(pair.from.id.as_str(), pair.to.id.as_str()));
    if named {
        WriteOutcome::Done { id: id.to_owned(), updated_at: None }
    } else {
        WriteOutcome::Unknown { why: "the answer does not name the two records".to_owned() }
    }
}

pub(super) async fn archive(hubspot: &HubSpot, kind: ObjectKind, id: &str) -> WriteOutcome {
    let url = match objects::record_url(hubspot, kind, id) {
        Ok(url) => url,
        Err(error) => return not_sent(&error),
    };
    match send(hubspot, Method::DELETE, url, None::<&Change<'_>>).await {
        // The vendor's yes has no body: whether the record is in the bin, a read tells.
        Ok(answer) if answer.status.as_u16() == 204 => WriteOutcome::Done { id: id.to_owned(), updated_at: None },
        Ok(answer) => refused_or_unknown(&answer, hubspot.http.token().expose()),
        Err(outcome) => outcome,
    }
}

/// Sends; `Err` is the outcome when there is no answer.
pub(super) async fn send(
    hubspot: &HubSpot,
    method: Method,
    url: Url,
    body: Option<&impl Serialize>,
) -> Result<Answer, WriteOutcome> {
    let body = body
        .map(serde_json::to_vec)
        .transpose()
        .map_err(|_| WriteOutcome::NotSent { why: "the change cannot be written".to_owned() })?;
    hubspot.http.write(method, url, body, &[]).await
}

/// Judges an answer that should show one record.
fn settle(
    answer: &Answer,
    kind: ObjectKind,
    token: &str,
    is_ours: impl FnOnce(&Row) -> Result<(), String>,
) -> WriteOutcome {
    if !matches!(answer.status.as_u16(), 200 | 201) {
        return refused_or_unknown(answer, token);
    }
    match parse::<Row>(&answer.body) {
        Ok(row) => match is_ours(&row) {
            Ok(()) => {
                let modified = row.properties.0.get(modified_property(kind)).and_then(|at| value::instant(at));
                let updated_at = modified.or_else(|| value::instant(row.updated_at.as_str()));
                WriteOutcome::Done { id: row.id.into_id(), updated_at }
            }
            Err(why) => WriteOutcome::Unknown { why },
        },
        Err(_) => unknown(answer),
    }
}

/// Judges any answer but a plain success.
pub(super) fn refused_or_unknown(answer: &Answer, token: &str) -> WriteOutcome {
    let status = answer.status.as_u16();
    let Some(problem) = problem::of(&answer.body) else {
        return unknown(answer);
    };
    if status == 429 {
        let asked = answer.retry_after.map(|wait| wait.as_secs());
        let usual = match problem.policy_name.as_str().to_ascii_uppercase().as_str() {
            "SECONDLY" => 1,
            "DAILY" => LONGEST_WAIT,
            _ => 10,
        };
        return WriteOutcome::RateLimited { wait: asked.unwrap_or(usual).clamp(1, LONGEST_WAIT) };
    }
    match problem::refusal(status, &problem, token) {
        Some(refusal) => WriteOutcome::Refused(refusal),
        None => WriteOutcome::Unknown { why: format!("it answers {status}") },
    }
}
