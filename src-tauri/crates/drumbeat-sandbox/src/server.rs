//! One request's way through the server: faults, sign-in, limits, handler, journal, answer.
//!
//! The hard idea is the order. What strikes before applying returns before the handler is called; what strikes after applying
//! happens to the answer alone, when ledger and journal have the write already.
//! Callers rely on: every answer has the `Date` of the server's clock, and no lock is held while waiting.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, Response, header};
use futures::stream;
use serde_json::{Map, Value};

use crate::admin;
use crate::answer::{Answer, Refusal};
use crate::clock::{Clock, date_time};
use crate::faults::{Fault, Faults, Mishaps, Target};
use crate::journal::Journal;
use crate::limits::{Limits, too_many};
use crate::oauth::{self, Tokens};
use crate::objects;
use crate::random::Random;
use crate::request::{Actor, Request};
use crate::routes::{self, Area};
use crate::wire::Fate;
use crate::world::World;

const MOST_BYTES: usize = 16 * 1024 * 1024;

/// What all requests share.
pub(crate) struct Shared {
    pub(crate) world: RwLock<World>,
    pub(crate) clock: Clock,
    pub(crate) tokens: Mutex<Tokens>,
    pub(crate) limits: Mutex<Limits>,
    pub(crate) mishaps: Mutex<Mishaps>,
    pub(crate) journal: Mutex<Option<Journal>>,
    pub(crate) ids: Mutex<Random>,
    pub(crate) counts: Mutex<BTreeMap<String, u64>>,
}

/// A lock whose holder panicked still guards consistent enough data for a test server.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shared {
    fn refuse(&self, refusal: &Refusal) -> Answer {
        refusal.answer(&mut lock(&self.ids))
    }

    /// What strikes this request. Whatever a path calls its object type, a fault aims at the one name.
    fn draw(&self, request: &Request, words: &[&str]) -> Vec<Fault> {
        let mut mishaps = lock(&self.mishaps);
        if mishaps.plan == Faults::default() {
            return Vec::new();
        }
        let world = self.world.read().unwrap_or_else(PoisonError::into_inner);
        let object = routes::object_word(words).and_then(|w| world.kind_ix(w)).map(|k| world.kind(k).path.as_str());
        mishaps.draw(&Target { method: &request.method, path: &request.path, object })
    }

    pub(crate) fn count(&self, key: String) {
        *lock(&self.counts).entry(key).or_insert(0) += 1;
    }

    /// Runs a request against the state, writes alone and reads together.
    pub(crate) fn run(&self, request: &Request) -> Answer {
        let words = request.parts();
        let done = if routes::is_write(&request.method, &words) {
            let mut world = self.world.write().unwrap_or_else(PoisonError::into_inner);
            let before = world.ledger.len();
            let done = routes::write(&mut world, request);
            // Written under the same lock, so that the journal has the order of the writes. A refused batch may have been
            // done up to its bad input.
            if (done.is_ok() || world.ledger.len() > before)
                && let Some(journal) = &mut *lock(&self.journal)
            {
                journal.append(request);
            }
            done
        } else {
            let world = self.world.read().unwrap_or_else(PoisonError::into_inner);
            routes::read(&world, request)
        };
        done.unwrap_or_else(|refusal| self.refuse(&refusal))
    }
}

/// The path with its ids taken out, for counting.
fn template(words: &[&str]) -> String {
    let mut out = String::new();
    for word in words {
        out.push('/');
        out.push_str(if word.len() > 5 && word.bytes().all(|b| b.is_ascii_digit()) { "{id}" } else { word });
    }
    out
}

pub(crate) async fn serve(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(fate): ConnectInfo<Fate>,
    request: axum::extract::Request,
) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let body = match axum::body::to_bytes(body, MOST_BYTES).await {
        Ok(bytes) => bytes.to_vec(),
        Err(_) => {
            return respond(
                &shared,
                shared.refuse(&Refusal::new(413, "VALIDATION_ERROR", "The request body is too large or was cut off")),
                None,
            );
        }
    };
    let now = shared.clock.now();
    let mut request = Request::new(
        parts.method.as_str(),
        parts.uri.path(),
        parts.uri.query().unwrap_or_default(),
        body,
        Actor::integration(),
        now,
    );
    request.media = text(&parts.headers, header::CONTENT_TYPE.as_str()).unwrap_or_default().to_owned();
    if request.words.first().is_some_and(|w| w == "__admin") {
        let answer = admin::handle(&shared, &request);
        return respond(&shared, answer, None);
    }
    let struck = {
        let words = request.parts();
        shared.count(format!("{} {}", request.method, template(&words)));
        shared.draw(&request, &words)
    };
    for fault in &struck {
        if let Fault::Latency { ms } = fault {
            tokio::time::sleep(Duration::from_millis(*ms)).await;
        }
    }
    let authorization = text(&parts.headers, header::AUTHORIZATION.as_str()).map(str::to_owned);
    let answer = match before(&shared, &mut request, &struck, authorization.as_deref(), &fate) {
        Ok(headers) => {
            let mut answer = apply(&shared, &request, &struck);
            answer.headers.extend(headers);
            after(&shared, answer, &struck, &fate)
        }
        Err(answer) => answer,
    };
    if answer.status == 429 {
        shared.count("429".to_owned());
    }
    respond(&shared, answer, struck.iter().find(|f| matches!(f, Fault::Truncated | Fault::SlowBody { .. })))
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|v| v.to_str().ok())
}

/// Everything that can end a request before it is applied; else the headers its answer will carry.
fn before(
    shared: &Shared,
    request: &mut Request,
    struck: &[Fault],
    authorization: Option<&str>,
    fate: &Fate,
) -> Result<Vec<(&'static str, String)>, Answer> {
    let words = request.words.clone();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut read_only = false;
    for fault in struck {
        match fault {
            Fault::TooMany { retry_after, secondly } => {
                let policy = if *secondly { "SECONDLY" } else { "TEN_SECONDLY_ROLLING" };
                return Err(too_many(policy, *retry_after, &mut lock(&shared.ids)));
            }
            Fault::Status { code, applied: false } => return Err(shared.refuse(&failure(*code))),
            Fault::Reset { applied: false } => {
                fate.reset();
                return Err(Answer::empty(500));
            }
            Fault::Html { code } => {
                return Err(Answer::html(
                    *code,
                    "<html><head><title>Bad gateway</title></head><body><h1>Bad gateway</h1></body></html>",
                ));
            }
            Fault::TokenExpired => return Err(shared.refuse(&oauth::expired(1))),
            Fault::TokenRevoked => lock(&shared.tokens).revoke(authorization),
            Fault::ReadOnly => read_only = true,
            _ => {}
        }
    }
    // Sign-in and the bytes behind a file's own link need no token.
    let open = matches!(routes::place(&words), (Area::OAuth, ..) | (Area::Files, _, ["files", _, "content"]));
    if open {
        return Ok(Vec::new());
    }
    request.actor = lock(&shared.tokens).actor(authorization, request.at).map_err(|r| shared.refuse(&r))?;
    let search = routes::is_search(&request.method, &words);
    let headers = lock(&shared.limits).take(request.at, search, request.actor.oauth, &mut lock(&shared.ids))?;
    // Forms have one scope for reading and writing, which no token has that may only read.
    let of_forms = matches!(routes::place(&words), (Area::Forms, ..));
    if (read_only || request.actor.read_only) && (of_forms || routes::is_write(&request.method, &words)) {
        let mut refusal =
            Refusal::new(403, "MISSING_SCOPES", "This app hasn't been granted all required scopes to make this call.");
        let scope = if of_forms { "forms" } else { "crm.objects.deals.write" };
        refusal.context.insert("requiredGranularScopes".into(), Value::Array(vec![scope.into()]));
        return Err(shared.refuse(&refusal));
    }
    Ok(headers)
}

fn failure(code: u16) -> Refusal {
    Refusal::new(code, "INTERNAL_ERROR", "There was a problem with the request.")
}

fn apply(shared: &Shared, request: &Request, struck: &[Fault]) -> Answer {
    let words = request.parts();
    if let (Area::OAuth, _, rest) = routes::place(&words) {
        let read_only = lock(&shared.mishaps).read_only();
        return lock(&shared.tokens).handle(request, rest, read_only).unwrap_or_else(|r| shared.refuse(&r));
    }
    for fault in struck {
        match fault {
            Fault::Refused { property, message } if writes_property(request, property) => {
                let detail = crate::answer::Detail {
                    message: message.clone(),
                    code: "INVALID_VALUE",
                    property: property.clone(),
                };
                return shared.refuse(&Refusal::properties(vec![detail]));
            }
            Fault::Edited { properties, user } => {
                if let (Area::Objects, _, [kind, id, ..]) = routes::place(&words) {
                    let set: Vec<(&str, &str)> = properties.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
                    edit(shared, kind, id, &set, user);
                }
            }
            _ => {}
        }
    }
    shared.run(request)
}

/// Does a write name this property, in a single body or in any input of a batch?
fn writes_property(request: &Request, property: &str) -> bool {
    let Ok(body) = request.object() else { return false };
    let named = |v: &Value| v.get("properties").and_then(|p| p.get(property)).is_some();
    named(&Value::Object(body.clone()))
        || body.get("inputs").and_then(Value::as_array).is_some_and(|l| l.iter().any(named))
}

/// Another user sets properties of a record, past sign-in and limits.
pub(crate) fn edit(shared: &Shared, object: &str, id: &str, set: &[(&str, &str)], user: &str) -> Answer {
    let properties: Map<String, Value> = set.iter().map(|(n, v)| ((*n).to_owned(), Value::from(*v))).collect();
    let body = Value::Object([("properties".to_owned(), Value::Object(properties))].into_iter().collect());
    let path = format!("/crm/v3/objects/{object}/{id}");
    let mut request =
        Request::new("PATCH", &path, "", body.to_string().into_bytes(), Actor::integration(), shared.clock.now());
    let known = shared
        .world
        .read()
        .unwrap_or_else(PoisonError::into_inner)
        .owners
        .iter()
        .find(|o| o.email == user || o.id.to_string() == user)
        .map(|o| o.user);
    request.actor.source = crate::world::Source {
        kind: "CRM_UI",
        id: format!("userId:{}", known.unwrap_or(9_000_002)).into(),
        user: Some(known.unwrap_or(9_000_002)),
    };
    shared.run(&request)
}

/// What happens to an answer whose write is done.
fn after(shared: &Shared, answer: Answer, struck: &[Fault], fate: &Fate) -> Answer {
    for fault in struck {
        match fault {
            Fault::Status { code, applied: true } => return shared.refuse(&failure(*code)),
            Fault::Reset { applied: true } => fate.reset(),
            _ => {}
        }
    }
    answer
}

fn respond(shared: &Shared, answer: Answer, damage: Option<&Fault>) -> Response<Body> {
    let date = date_time(shared.clock.now()).format("%a, %d %b %Y %H:%M:%S GMT").to_string();
    let mut builder = Response::builder().status(answer.status).header(header::DATE, date);
    if !answer.body.is_empty() {
        builder = builder.header(header::CONTENT_TYPE, answer.media);
    }
    for (name, value) in &answer.headers {
        builder = builder.header(*name, value);
    }
    let body = match damage {
        Some(Fault::Truncated) => {
            builder = builder.header(header::CONTENT_LENGTH, answer.body.len());
            let half = Bytes::from(answer.body).slice(..).split_to_half();
            Body::from_stream(stream::iter([Ok(half), Err(std::io::Error::other("cut off on purpose"))]))
        }
        Some(Fault::SlowBody { ms }) => {
            let pause = Duration::from_millis(*ms);
            let pieces: Vec<Vec<u8>> = answer.body.chunks((answer.body.len() / 8).max(1)).map(<[u8]>::to_vec).collect();
            Body::from_stream(stream::unfold(pieces.into_iter(), move |mut rest| async move {
                let piece = rest.next()?;
                tokio::time::sleep(pause).await;
                Some((Ok::<_, Infallible>(piece), rest))
            }))
        }
        _ => Body::from(answer.body),
    };
    builder.body(body).unwrap_or_default()
}

/// Half of a body.
trait Half {
    fn split_to_half(self) -> Bytes;
}

impl Half for Bytes {
    fn split_to_half(self) -> Bytes {
        self.slice(..self.len() / 2)
    }
}

/// The archived and live records of a type, for the admin's statistics.
pub(crate) fn tally(world: &World) -> Map<String, Value> {
    let live =
        |k: &crate::world::Kind| k.records.iter().filter(|r| r.archived.is_none() && r.merged_into.is_none()).count();
    world.kinds.iter().map(|k| (k.path.clone(), live(k).into())).collect()
}

/// The record's current values, for checking in tests.
pub(crate) fn record(world: &World, object: &str, id: &str) -> Option<Value> {
    let kind = world.kind_ix(object)?;
    let found = objects::find(world, kind, id, None).ok().flatten()?;
    serde_json::from_slice(&objects::write::whole(world, kind, found.id)).ok()
}
