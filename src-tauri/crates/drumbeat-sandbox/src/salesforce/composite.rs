//! Up to twenty-five requests in one, each of which may use what an earlier one answered.

use serde_json::{Map, Value, json};

use crate::answer::Answer;
use crate::request::Request;
use crate::salesforce::problem::Problem;

const MOST: usize = 25;

/// Runs the parts with `run`, which answers one request; `take_back` undoes all of them.
pub(crate) fn run(request: &Request, mut run: impl FnMut(&Request) -> Answer) -> Result<(Answer, bool), Problem> {
    let body = request.object()?;
    let parts = body
        .get("compositeRequest")
        .and_then(Value::as_array)
        .ok_or_else(|| Problem::body("compositeRequest is required"))?;
    if parts.is_empty() || parts.len() > MOST {
        return Err(Problem::bad(
            "LIMIT_EXCEEDED",
            format!("The number of requests in a composite request must be between 1 and {MOST}"),
        ));
    }
    let all = body.get("allOrNone").and_then(Value::as_bool) == Some(true);
    let mut known: Map<String, Value> = Map::new();
    let mut out: Vec<(String, u16, Value, Map<String, Value>)> = Vec::new();
    for part in parts {
        let text = |n: &str| part.get(n).and_then(Value::as_str).unwrap_or_default();
        let (reference, method) = (text("referenceId").to_owned(), text("method").to_ascii_uppercase());
        if reference.is_empty() || known.contains_key(&reference) {
            return Err(Problem::bad("INVALID_INPUT", "Each subrequest needs a referenceId of its own"));
        }
        let halted = Problem::bad(
            "PROCESSING_HALTED",
            "The transaction was rolled back since another operation in the same transaction failed.",
        );
        let made = if all && out.iter().any(|o| o.1 >= 400) { Err(halted) } else { part_of(request, part, &known) };
        let answer = match made {
            Ok(mut sub) => {
                sub.method = method;
                run(&sub)
            }
            Err(problem) => problem.answer(),
        };
        let shown: Value = serde_json::from_slice(&answer.body).unwrap_or(Value::Null);
        known.insert(reference.clone(), if answer.status < 400 { shown.clone() } else { Value::Null });
        let headers = answer
            .headers
            .iter()
            .filter(|(n, _)| *n == "location")
            .map(|(_, v)| ("Location".to_owned(), v.clone().into()));
        out.push((reference, answer.status, shown, headers.collect()));
    }
    let failed = all && out.iter().any(|o| o.1 >= 400);
    let rolled = json!([{"errorCode": "PROCESSING_HALTED", "message": "The transaction was rolled back since another operation in the same transaction failed."}]);
    let list: Vec<Value> = out
        .into_iter()
        .map(|(reference, status, body, headers)| {
            let (status, body) = if failed && status < 400 { (400, rolled.clone()) } else { (status, body) };
            json!({"body": body, "httpHeaders": headers, "httpStatusCode": status, "referenceId": reference})
        })
        .collect();
    Ok((Answer::json(200, &json!({"compositeResponse": list})), failed))
}

/// A part as a request of its own, with references replaced.
fn part_of(whole: &Request, part: &Value, known: &Map<String, Value>) -> Result<Request, Problem> {
    let url = fill(part.get("url").and_then(Value::as_str).unwrap_or_default(), known)?;
    let (path, query) = url.split_once('?').unwrap_or((&url, ""));
    let body = match part.get("body") {
        Some(body) => filled(body, known)?.to_string().into_bytes(),
        None => Vec::new(),
    };
    let mut sub = Request::new("GET", path, query, body, whole.actor.clone(), whole.at);
    sub.headers.clone_from(&whole.headers);
    for (name, value) in part.get("httpHeaders").and_then(Value::as_object).into_iter().flatten() {
        if let Some(value) = value.as_str() {
            sub.headers.push((name.to_ascii_lowercase(), value.to_owned()));
        }
    }
    Ok(sub)
}

fn filled(value: &Value, known: &Map<String, Value>) -> Result<Value, Problem> {
    Ok(match value {
        Value::String(s) => fill(s, known)?.into(),
        Value::Array(list) => list.iter().map(|v| filled(v, known)).collect::<Result<Vec<_>, _>>()?.into(),
        Value::Object(map) => {
            Value::Object(map.iter().map(|(n, v)| Ok((n.clone(), filled(v, known)?))).collect::<Result<_, Problem>>()?)
        }
        other => other.clone(),
    })
}

/// Puts what earlier parts answered where `@{ref.path}` stands.
fn fill(text: &str, known: &Map<String, Value>) -> Result<String, Problem> {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("@{") {
        let (path, tail) = after.split_once('}').ok_or_else(|| Problem::body("a reference is not closed"))?;
        let mut words = path.split('.');
        let mut at = words.next().and_then(|r| known.get(r));
        for word in words {
            let (name, places) = word.split_once('[').map_or((word, ""), |(n, p)| (n, p));
            at = if name.is_empty() { at } else { at.and_then(|v| v.get(name)) };
            for place in places.split(['[', ']']).filter(|p| !p.is_empty()) {
                at = at.and_then(|v| v.get(place.parse::<usize>().ok()?));
            }
        }
        out.push_str(before);
        match at {
            Some(Value::String(s)) => out.push_str(s),
            Some(v @ (Value::Number(_) | Value::Bool(_))) => out.push_str(&v.to_string()),
            _ => {
                return Err(Problem::bad(
                    "PROCESSING_HALTED",
                    format!("Invalid reference specified. No value for {path} found in the referenced subrequest"),
                ));
            }
        }
        rest = tail;
    }
    out.push_str(rest);
    Ok(out)
}
