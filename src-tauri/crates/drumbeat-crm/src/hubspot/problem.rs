//! What HubSpot's refusals say: category and code first, sentences only where there is nothing else.
//!
//! Validation refusals carry a JSON list inside their message; it is unpacked, so that a person reads
//! the vendor's sentence and the outbox learns which properties it is about. Whatever leaves here has
//! no address and no token in it and is cut to 500 characters.

use serde_json::Value;

use super::wire::{Inner, Problem};
use crate::crm::{Refusal, RefusalKind};
use crate::error::CrmError;
use crate::http::answer::{Answer, Unread, clean, parse};

const LONGEST: usize = 500;

/// The vendor's error body, if it is one.
pub(super) fn of(body: &[u8]) -> Option<Problem> {
    let problem: Problem = parse(body).ok()?;
    let said = !problem.message.as_str().is_empty()
        || !problem.category.as_str().is_empty()
        || !problem.error_type.as_str().is_empty();
    let ours = problem.status.as_str() == "error"
        || !problem.category.as_str().is_empty()
        || !problem.correlation_id.as_str().is_empty()
        || !problem.error_type.as_str().is_empty();
    (said && ours).then_some(problem)
}

/// The error of a read that was answered, but not with data.
pub(super) fn refused_read(answer: &Answer, token: &str) -> CrmError {
    let status = answer.status.as_u16();
    if answer.status.is_redirection() {
        return CrmError::Garbled("it points to another address, which is not followed".to_owned());
    }
    let Some(problem) = of(&answer.body) else {
        let what = match parse::<Problem>(&answer.body) {
            Ok(_) => "it is not the vendor's error".to_owned(),
            Err(Unread::CutOff) => "it breaks off".to_owned(),
            Err(Unread::Other(what)) => what,
        };
        return CrmError::Garbled(format!("status {status}: {what}"));
    };
    let message = sentence(&problem, token);
    match status {
        401 => CrmError::NotAuthorised(message),
        403 => CrmError::Forbidden(message),
        404 => CrmError::NotFound(message),
        _ => CrmError::Refused(message),
    }
}

/// The refusal of a write, when the status is one that certainly applied nothing.
pub(super) fn refusal(status: u16, problem: &Problem, token: &str) -> Option<Refusal> {
    let inner = inner(problem.message.as_str());
    let codes = codes(problem, &inner);
    let taken = codes.iter().any(|code| is_taken(code)) || problem.message.as_str().contains("already has that value");
    let kind = match status {
        401 => RefusalKind::NotAuthorised,
        403 => RefusalKind::Forbidden,
        404 => RefusalKind::Gone,
        409 => RefusalKind::Duplicate,
        423 => RefusalKind::Locked,
        400 | 422 if taken => RefusalKind::Duplicate,
        400 | 422 => match problem.category.as_str() {
            "OBJECT_NOT_FOUND" => RefusalKind::Gone,
            "MISSING_SCOPES" => RefusalKind::Forbidden,
            _ => RefusalKind::Validation,
        },
        _ => return None,
    };
    Some(Refusal { status, kind, message: sentence(problem, token), properties: properties(problem, &inner) })
}

fn is_taken(code: &str) -> bool {
    ["CONFLICTING_UNIQUE_VALUE", "OBJECT_ALREADY_EXISTS", "DUPLICATE", "UNIQUE_VALUE", "ALREADY_EXISTS"]
        .iter()
        .any(|known| code.contains(known))
}

fn codes(problem: &Problem, inner: &[Inner]) -> Vec<String> {
    std::iter::once(problem.category.as_str())
        .chain(problem.errors.iter().map(|detail| detail.code.as_str()))
        .chain(inner.iter().map(|entry| entry.error.as_str()))
        .filter(|code| !code.is_empty())
        .map(str::to_ascii_uppercase)
        .collect()
}

fn properties(problem: &Problem, inner: &[Inner]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut add = |name: &str| {
        if !name.is_empty() && name.len() <= 100 && !names.iter().any(|known| known == name) && names.len() < 50 {
            names.push(name.to_owned());
        }
    };
    inner.iter().for_each(|entry| add(entry.name.as_str()));
    for detail in &problem.errors {
        named(&detail.context, "propertyName").iter().for_each(|name| add(name));
        add(detail.place.as_str());
    }
    for key in ["propertyName", "properties"] {
        named(&problem.context, key).iter().for_each(|name| add(name));
    }
    names
}

/// The texts under a key of a context: a list, or one text.
pub(super) fn named(context: &Value, key: &str) -> Vec<String> {
    match context.get(key) {
        Some(Value::String(text)) => vec![text.clone()],
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

fn inner(message: &str) -> Vec<Inner> {
    let list = message.find("[{").zip(message.rfind(']')).and_then(|(from, to)| message.get(from..=to));
    list.and_then(|list| serde_json::from_str(list).ok()).unwrap_or_default()
}

/// The vendor's own sentence, for a person.
fn sentence(problem: &Problem, token: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    let inner = inner(problem.message.as_str());
    if inner.is_empty() {
        parts.push(problem.message.as_str());
        // "One or more errors" alone helps nobody.
        parts.extend(problem.errors.iter().map(|detail| detail.message.as_str()));
    } else {
        parts.extend(inner.iter().map(|entry| entry.message.as_str()));
    }
    parts.retain(|part| !part.is_empty());
    parts.dedup();
    let mut text = parts.join("; ");
    if text.is_empty() {
        text = problem.category.as_str().to_owned();
    }
    for key in ["requiredGranularScopes", "requiredScopes", "missingScopes"] {
        let scopes = named(&problem.context, key);
        if !scopes.is_empty() && !scopes.iter().all(|scope| text.contains(scope)) {
            text = format!("{text} ({})", scopes.join(", "));
            break;
        }
    }
    if token.len() >= 8 {
        text = text.replace(token, "***");
    }
    clean(&text, LONGEST)
}
