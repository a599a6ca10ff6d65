//! What Salesforce's refusals say: a list of problems, each with a code, a sentence and the fields.
//!
//! The code decides, not the status and never the sentence; the one sentence that is looked into tells the
//! day's requests from too many at once, which have one code. Whatever leaves here has no address and no
//! token in it and is cut to 500 characters.

use std::time::Duration;

use super::wire::Problem;
use crate::crm::{Refusal, RefusalKind};
use crate::error::CrmError;
use crate::http::Wait;
use crate::http::answer::{Answer, Unread, clean, parse, parse_list};

const LONGEST: usize = 500;
/// Requests count over the last 24 hours: some are free again within the hour.
pub(super) const DAY_WAIT: u64 = 3600;

/// The vendor's problems, if the body is a list of them.
pub(super) fn of(body: &[u8]) -> Option<Vec<Problem>> {
    let problems: Vec<Problem> = parse_list(body).ok()?;
    let is_theirs = |problem: &Problem| !problem.error_code.as_str().is_empty();
    (!problems.is_empty() && problems.iter().all(is_theirs)).then_some(problems)
}

fn has(problems: &[Problem], code: &str) -> bool {
    problems.iter().any(|problem| problem.error_code.as_str() == code)
}

/// Whether an answer asks to wait.
pub(super) fn wait(answer: &Answer) -> Option<Wait> {
    let problems = of(&answer.body);
    let limited = problems.as_ref().is_some_and(|problems| has(problems, "REQUEST_LIMIT_EXCEEDED"));
    if answer.status.as_u16() == 429 {
        return Some(Wait::Short);
    }
    if !limited || !answer.status.is_client_error() {
        return None;
    }
    let said = sentence(&problems.unwrap_or_default(), "").to_lowercase();
    let at_once = said.contains("concurrent");
    Some(if at_once { Wait::Short } else { Wait::Day(Some(asked(answer).unwrap_or(DAY_WAIT))) })
}

/// Seconds that the answer asks for.
pub(super) fn asked(answer: &Answer) -> Option<u64> {
    answer.retry_after.map(|wait: Duration| wait.as_secs())
}

/// The error of a read that was answered, but not with data.
pub(super) fn refused_read(answer: &Answer, token: &str) -> CrmError {
    let status = answer.status.as_u16();
    if answer.status.is_redirection() && of(&answer.body).is_none() {
        return CrmError::Garbled("it points to another address, which is not followed".to_owned());
    }
    let Some(problems) = of(&answer.body) else {
        let what = match parse::<serde_json::Value>(&answer.body) {
            Ok(_) => "it is not the vendor's error".to_owned(),
            Err(Unread::CutOff) => "it breaks off".to_owned(),
            Err(Unread::Other(what)) => what,
        };
        return CrmError::Garbled(format!("status {status}: {what}"));
    };
    let message = sentence(&problems, token);
    match status {
        401 => CrmError::NotAuthorised(message),
        403 => CrmError::Forbidden(message),
        404 => CrmError::NotFound(message),
        // An object that this user does not see has no name.
        _ if has(&problems, "INVALID_TYPE") => CrmError::NotFound(message),
        _ => CrmError::Refused(message),
    }
}

/// The refusal of a write, when the status is one that certainly applied nothing.
pub(super) fn refusal(status: u16, problems: &[Problem], token: &str) -> Option<Refusal> {
    if !(400..500).contains(&status) {
        return None;
    }
    let kind = problems.iter().map(|problem| kind(status, problem.error_code.as_str())).next()?;
    let mut properties: Vec<String> = Vec::new();
    for name in problems.iter().flat_map(|problem| &problem.fields).filter(|name| name.len() <= 100).take(50) {
        if !properties.contains(name) {
            properties.push(name.clone());
        }
    }
    Some(Refusal { status, kind, message: sentence(problems, token), properties })
}

fn kind(status: u16, code: &str) -> RefusalKind {
    match code {
        "INVALID_SESSION_ID" | "INVALID_AUTH_HEADER" => RefusalKind::NotAuthorised,
        "UNABLE_TO_LOCK_ROW" => RefusalKind::Locked,
        "ENTITY_IS_DELETED" | "NOT_FOUND" => RefusalKind::Gone,
        // Two records that look alike are for a person to judge; a unique value that is taken may be our own.
        "DUPLICATE_VALUE" | "DUPLICATE_EXTERNAL_ID" | "DUPLICATE_DEVELOPER_NAME" => RefusalKind::Duplicate,
        "API_DISABLED_FOR_ORG"
        | "API_CURRENTLY_DISABLED"
        | "FUNCTIONALITY_NOT_ENABLED"
        | "INSUFFICIENT_ACCESS"
        | "INSUFFICIENT_ACCESS_OR_READONLY"
        | "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY" => RefusalKind::Forbidden,
        _ => match status {
            401 => RefusalKind::NotAuthorised,
            403 => RefusalKind::Forbidden,
            404 | 410 => RefusalKind::Gone,
            423 => RefusalKind::Locked,
            _ => RefusalKind::Validation,
        },
    }
}

/// The vendor's own sentences, for a person.
fn sentence(problems: &[Problem], token: &str) -> String {
    let mut parts: Vec<&str> =
        problems.iter().map(|problem| problem.message.as_str()).filter(|part| !part.is_empty()).collect();
    parts.dedup();
    let mut text = parts.join("; ");
    if text.is_empty() {
        text = problems.first().map(|problem| problem.error_code.as_str().to_owned()).unwrap_or_default();
    }
    if token.len() >= 8 {
        text = text.replace(token, "***");
    }
    clean(&text, LONGEST)
}
