//! The door no vendor has: ledger, faults, another user's edits, the clock, statistics.
//!
//! It needs no token: it exists on a loopback test server only, and a test must reach it while the API is refusing everything.

use serde_json::{Map, Value, json};

use crate::answer::Answer;
use crate::faults::{Faults, Mishaps};
use crate::json::{parse_time, time_text};
use crate::request::Request;
use crate::server::{Shared, lock};

pub(crate) fn handle(shared: &Shared, request: &Request) -> Answer {
    let words = request.parts();
    done(shared, request, &words[1..])
        .unwrap_or_else(|(status, message)| Answer::json(status, &json!({"status": "error", "message": message})))
}

/// Status and sentence of what could not be done.
type Refused = (u16, String);

fn done(shared: &Shared, request: &Request, words: &[&str]) -> Result<Answer, Refused> {
    let invalid = |sentence: String| (400, sentence);
    match (request.method.as_str(), words) {
        ("GET", ["ledger"]) => {
            let from = request.param("after").and_then(|a| a.parse::<usize>().ok()).unwrap_or(0);
            let ledger = shared.crm.ledger();
            Ok(Answer::json(200, &json!({"entries": ledger.get(from..).unwrap_or_default(), "total": ledger.len()})))
        }
        ("GET", ["faults"]) => Ok(Answer::json(200, &json!(lock(&shared.mishaps).plan))),
        ("POST" | "PUT", ["faults"]) => {
            let plan = Faults::parse(&String::from_utf8_lossy(&request.body)).map_err(invalid)?;
            set_faults(shared, plan);
            Ok(Answer::empty(204))
        }
        ("DELETE", ["faults"]) => {
            set_faults(shared, Faults::default());
            Ok(Answer::empty(204))
        }
        ("POST", ["edit"]) => {
            let body = request.object().map_err(invalid)?;
            let word = |n: &str| body.get(n).and_then(Value::as_str).unwrap_or_default();
            let empty = Map::new();
            let properties = body.get("properties").and_then(Value::as_object).unwrap_or(&empty);
            let set: Vec<(&str, &str)> =
                properties.iter().map(|(n, v)| (n.as_str(), v.as_str().unwrap_or_default())).collect();
            Ok(shared.crm.edit(shared, word("object"), word("id"), &set, word("user")))
        }
        ("GET", ["clock"]) => Ok(Answer::json(200, &json!({"now": time_text(shared.clock.now())}))),
        ("POST", ["clock"]) => {
            let body = request.object().map_err(invalid)?;
            let to =
                match (body.get("now").and_then(Value::as_str), body.get("advance_seconds").and_then(Value::as_i64)) {
                    (Some(now), _) => parse_time(now).ok_or_else(|| invalid(format!("{now} is not a time")))?,
                    (None, Some(by)) => shared.clock.now() + by * 1000,
                    (None, None) => return Err(invalid("now or advance_seconds is required".into())),
                };
            if to < shared.clock.now() {
                return Err(invalid("The clock only goes forward".into()));
            }
            shared.clock.set(to);
            Ok(Answer::json(200, &json!({"now": time_text(to)})))
        }
        ("GET", ["stats"]) => {
            let counts = lock(&shared.counts);
            let refused = counts.get("429").copied().unwrap_or(0);
            let requests: Map<String, Value> =
                counts.iter().filter(|(k, _)| *k != "429").map(|(k, v)| (k.clone(), (*v).into())).collect();
            let total: u64 = counts.iter().filter(|(k, _)| *k != "429").map(|(_, v)| *v).sum();
            Ok(Answer::json(
                200,
                &json!({"requests": requests, "total": total, "rate_limited": refused, "records": shared.crm.tally(), "writes": shared.crm.ledger().len()}),
            ))
        }
        ("GET", ["record", object, id]) => {
            let found = shared.crm.record(object, id).map(|v| Answer::json(200, &v));
            found.ok_or_else(|| (404, format!("There is no record {id}")))
        }
        _ => Err((404, "There is no such path".into())),
    }
}

pub(crate) fn set_faults(shared: &Shared, plan: Faults) {
    shared.crm.set_faults(&plan);
    *lock(&shared.mishaps) = Mishaps::new(plan);
}
