//! The door no vendor has: ledger, faults, another user's edits, the clock, statistics.
//!
//! It needs no token: it exists on a loopback test server only, and a test must reach it while the API is refusing everything.

use std::sync::PoisonError;

use serde_json::{Map, Value, json};

use crate::answer::{Answer, Done, Refusal};
use crate::faults::{Faults, Mishaps};
use crate::json::{parse_time, time_text};
use crate::request::Request;
use crate::server::{Shared, edit, lock, record, tally};

pub(crate) fn handle(shared: &Shared, request: &Request) -> Answer {
    let words = request.parts();
    done(shared, request, &words[1..]).unwrap_or_else(|r| r.answer(&mut lock(&shared.ids)))
}

fn done(shared: &Shared, request: &Request, words: &[&str]) -> Done {
    match (request.method.as_str(), words) {
        ("GET", ["ledger"]) => {
            let from = request.param("after").and_then(|a| a.parse::<usize>().ok()).unwrap_or(0);
            let world = shared.world.read().unwrap_or_else(PoisonError::into_inner);
            Ok(Answer::json(
                200,
                &json!({"entries": world.ledger.get(from..).unwrap_or_default(), "total": world.ledger.len()}),
            ))
        }
        ("GET", ["faults"]) => Ok(Answer::json(200, &json!(lock(&shared.mishaps).plan))),
        ("POST" | "PUT", ["faults"]) => {
            let plan = Faults::parse(&String::from_utf8_lossy(&request.body)).map_err(Refusal::invalid)?;
            set_faults(shared, plan);
            Ok(Answer::empty(204))
        }
        ("DELETE", ["faults"]) => {
            set_faults(shared, Faults::default());
            Ok(Answer::empty(204))
        }
        ("POST", ["edit"]) => {
            let body = request.object()?;
            let word = |n: &str| body.get(n).and_then(Value::as_str).unwrap_or_default();
            let empty = Map::new();
            let properties = body.get("properties").and_then(Value::as_object).unwrap_or(&empty);
            let set: Vec<(&str, &str)> =
                properties.iter().map(|(n, v)| (n.as_str(), v.as_str().unwrap_or_default())).collect();
            Ok(edit(shared, word("object"), word("id"), &set, word("user")))
        }
        ("GET", ["clock"]) => Ok(Answer::json(200, &json!({"now": time_text(shared.clock.now())}))),
        ("POST", ["clock"]) => {
            let body = request.object()?;
            let to =
                match (body.get("now").and_then(Value::as_str), body.get("advance_seconds").and_then(Value::as_i64)) {
                    (Some(now), _) => {
                        parse_time(now).ok_or_else(|| Refusal::invalid(format!("{now} is not a time")))?
                    }
                    (None, Some(by)) => shared.clock.now() + by * 1000,
                    (None, None) => return Err(Refusal::invalid("now or advance_seconds is required")),
                };
            if to < shared.clock.now() {
                return Err(Refusal::invalid("The clock only goes forward"));
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
            let world = shared.world.read().unwrap_or_else(PoisonError::into_inner);
            Ok(Answer::json(
                200,
                &json!({"requests": requests, "total": total, "rate_limited": refused, "records": tally(&world), "writes": world.ledger.len()}),
            ))
        }
        ("GET", ["record", object, id]) => {
            let world = shared.world.read().unwrap_or_else(PoisonError::into_inner);
            record(&world, object, id).map(|v| Answer::json(200, &v)).ok_or_else(|| Refusal::not_found(id))
        }
        _ => Err(Refusal::no_such_path()),
    }
}

pub(crate) fn set_faults(shared: &Shared, plan: Faults) {
    shared.world.write().unwrap_or_else(PoisonError::into_inner).index_lag = plan.index_lag_ms as i64;
    *lock(&shared.mishaps) = Mishaps::new(plan);
}
