//! Writing: one record, one request, and an exact account of how it ended.
//!
//! The hard idea is what may be concluded. Only the vendor's own form of a yes counts as done, only a refusal in the
//! vendor's own list counts as refused, only a failure before the first byte left counts as not sent; everything else is
//! "unknown", and the outbox settles it by reading. A change says since when nobody may have changed the record; that
//! somebody has, or that it was our own lost request, is the same answer here. A new record carries the op's id in a
//! field that takes no value twice, so that a request that comes again is refused: an upsert would write over what
//! others have done since. Nothing is repeated here.

use drumbeat_model::crm::{Holds, Link, ObjectKind, Properties};
use drumbeat_model::value;
use reqwest::Method;
use reqwest::header::{HeaderValue, IF_UNMODIFIED_SINCE};
use url::Url;

use super::kinds::{CONVERTED_INTO, MASTER, Object, RECORD_TYPE, is_id, written};
use super::links::joint;
use super::wire::Made;
use super::{Salesforce, convert, problem};
use crate::crm::{Create, Update, WriteOutcome};
use crate::http::Wait;
use crate::http::answer::{Answer, parse};
use crate::http::written::{not_sent, unknown};

/// No wait is believed beyond this.
const LONGEST_WAIT: u64 = 3600;
/// After too many requests at once.
const SHORT_WAIT: u64 = 10;

pub(super) async fn update(salesforce: &Salesforce, update: &Update) -> WriteOutcome {
    if let Some(deal) = update.set.get(CONVERTED_INTO).filter(|_| update.kind == ObjectKind::Registration) {
        return convert::convert(salesforce, &update.id, deal).await;
    }
    let (object, url) = match salesforce.row(update.kind, &update.id) {
        Ok(row) => row,
        Err(error) => return not_sent(&error),
    };
    let mut headers = Vec::new();
    if let Some(at) = update.unmodified_since
        && let Ok(date) = HeaderValue::from_str(&at.format("%a, %d %b %Y %H:%M:%S GMT").to_string())
    {
        headers.push((IF_UNMODIFIED_SINCE, date));
    }
    let body = body(&object, &update.set, &[]);
    match salesforce.http.write(Method::PATCH, url, Some(body), &headers).await {
        Ok(answer) if is_yes(&answer) => WriteOutcome::Done { id: update.id.clone(), updated_at: None },
        Ok(answer) => refused_or_unknown(salesforce, &answer),
        Err(outcome) => outcome,
    }
}

/// The vendor's yes to a change has no body.
fn is_yes(answer: &Answer) -> bool {
    answer.status.as_u16() == 204 && answer.body.iter().all(u8::is_ascii_whitespace)
}

pub(super) async fn create(salesforce: &Salesforce, create: &Create) -> WriteOutcome {
    let object = match salesforce.object(create.kind) {
        Ok(object) => object,
        Err(error) => return not_sent(&error),
    };
    let mut beside = object.beside(create.kind, &create.set);
    // Of several that a touch is about the field holds one: the deal says more than its company.
    let mut links: Vec<&Link> = create.links.iter().collect();
    links.sort_by_key(|link| (!link.primary, link.to == ObjectKind::Company));
    for link in links {
        match written(&object, create.kind, link.to) {
            Some(field) if beside.iter().any(|(taken, _)| *taken == field) || create.set.contains_key(field) => {}
            Some(field) => beside.push((field, link.id.clone())),
            None => {
                return WriteOutcome::NotSent {
                    why: format!("the account has no link from {} to {}", create.kind.name(), link.to.name()),
                };
            }
        }
    }
    let url = match salesforce.data(&["sobjects", &object.name]) {
        Ok(url) => url,
        Err(error) => return not_sent(&error),
    };
    made(salesforce, url, body(&object, &create.set, &beside)).await
}

/// Makes a record and reads its id out of the answer.
async fn made(salesforce: &Salesforce, url: Url, body: Vec<u8>) -> WriteOutcome {
    let answer = match salesforce.http.write(Method::POST, url, Some(body), &[]).await {
        Ok(answer) => answer,
        Err(outcome) => return outcome,
    };
    if answer.status.as_u16() != 201 {
        return refused_or_unknown(salesforce, &answer);
    }
    match parse::<Made>(&answer.body) {
        Ok(made) if made.success && is_id(made.id.as_str()) => {
            WriteOutcome::Done { id: made.id.into_id(), updated_at: None }
        }
        Ok(_) => WriteOutcome::Unknown { why: "the new record has no id".to_owned() },
        Err(_) => unknown(&answer),
    }
}

pub(super) async fn link(salesforce: &Salesforce, from: ObjectKind, id: &str, link: &Link) -> WriteOutcome {
    let (object, url) = match salesforce.row(from, id) {
        Ok(row) => row,
        Err(error) => return not_sent(&error),
    };
    let text = |pairs: &[(&str, &str)]| -> Vec<u8> {
        let pairs: Vec<String> = pairs.iter().map(|(name, value)| pair(name, &quoted(value))).collect();
        format!("{{{}}}", pairs.join(",")).into_bytes()
    };
    // Contacts and further companies of a deal are records that join the two.
    if let Some((joins, other)) = joint(from, link) {
        return match salesforce.data(&["sobjects", joins]) {
            Ok(url) => match made(salesforce, url, text(&[("OpportunityId", id), (other, &link.id)])).await {
                WriteOutcome::Done { .. } => WriteOutcome::Done { id: id.to_owned(), updated_at: None },
                other => other,
            },
            Err(error) => not_sent(&error),
        };
    }
    let Some(field) = written(&object, from, link.to) else {
        return WriteOutcome::NotSent {
            why: format!("the account has no link from {} to {}", from.name(), link.to.name()),
        };
    };
    match salesforce.http.write(Method::PATCH, url, Some(text(&[(field, &link.id)])), &[]).await {
        Ok(answer) if is_yes(&answer) => WriteOutcome::Done { id: id.to_owned(), updated_at: None },
        Ok(answer) => refused_or_unknown(salesforce, &answer),
        Err(outcome) => outcome,
    }
}

pub(super) async fn archive(salesforce: &Salesforce, kind: ObjectKind, id: &str) -> WriteOutcome {
    let url = match salesforce.row(kind, id) {
        Ok((_, url)) => url,
        Err(error) => return not_sent(&error),
    };
    match salesforce.http.write(Method::DELETE, url, None, &[]).await {
        Ok(answer) if is_yes(&answer) => WriteOutcome::Done { id: id.to_owned(), updated_at: None },
        Ok(answer) => refused_or_unknown(salesforce, &answer),
        Err(outcome) => outcome,
    }
}

/// A change as JSON: each value in the form that its field holds. Numbers are written digit by digit.
fn body(object: &Object, set: &Properties, beside: &[(&'static str, String)]) -> Vec<u8> {
    let mut pairs = Vec::with_capacity(set.len() + beside.len());
    let values = set.iter().map(|(name, value)| (name.as_str(), value));
    for (name, text) in values.chain(beside.iter().map(|(name, value)| (*name, value))) {
        match name {
            // Nobody gives a record this type: it has it by having no other.
            RECORD_TYPE if text == MASTER => {}
            "Name" if object.has("LastName") => {
                let (first, last) = text.trim().rsplit_once(char::is_whitespace).unwrap_or(("", text.trim()));
                pairs.push(pair("FirstName", &json(Holds::Text, first)));
                pairs.push(pair("LastName", &json(Holds::Text, last)));
            }
            _ => {
                let holds = object.fields.get(name).copied().unwrap_or(Holds::Text);
                pairs.push(pair(name, &json(holds, text)));
            }
        }
    }
    format!("{{{}}}", pairs.join(",")).into_bytes()
}

fn pair(name: &str, value: &str) -> String {
    format!("{}:{value}", quoted(name))
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn json(holds: Holds, text: &str) -> String {
    if text.is_empty() {
        return match holds {
            // A box is ticked or not.
            Holds::Truth => "false".to_owned(),
            _ => "null".to_owned(),
        };
    }
    let known = match holds {
        Holds::Truth => value::truth(text).map(|truth| truth.to_string()),
        Holds::Number => value::decimal(text).map(|number| number.to_string()),
        Holds::Day => value::day(text).map(|day| quoted(&day.to_string())),
        Holds::Instant => value::instant(text).map(|at| quoted(&value::write_instant(at))),
        Holds::Text | Holds::Choice | Holds::Choices => None,
    };
    known.unwrap_or_else(|| quoted(text))
}

/// Judges any answer but a plain success.
pub(super) fn refused_or_unknown(salesforce: &Salesforce, answer: &Answer) -> WriteOutcome {
    let status = answer.status.as_u16();
    let Some(problems) = problem::of(&answer.body) else {
        return if status == 412 { WriteOutcome::Stale } else { unknown(answer) };
    };
    if let Some(wait) = problem::wait(answer) {
        let usual = match wait {
            Wait::Short => SHORT_WAIT,
            Wait::Day(asked) => asked.unwrap_or(LONGEST_WAIT),
        };
        let wait = problem::asked(answer).unwrap_or(usual).clamp(1, LONGEST_WAIT);
        return WriteOutcome::RateLimited { wait };
    }
    if status == 412 {
        return WriteOutcome::Stale;
    }
    match problem::refusal(status, &problems, salesforce.http.token().expose()) {
        Some(refusal) => WriteOutcome::Refused(refusal),
        None => WriteOutcome::Unknown { why: format!("it answers {status}") },
    }
}
