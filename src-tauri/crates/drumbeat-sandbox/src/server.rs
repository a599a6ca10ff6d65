//! One request's way through the server: faults, sign-in, limits, handler, journal, answer.
//!
//! The hard idea is the order. What strikes before applying returns before the handler is called; what strikes after applying
//! happens to the answer alone, when ledger and journal have the write already.
//! Callers rely on: every answer has the `Date` of the server's clock, and no lock is held while waiting.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, Response, header};
use futures::stream;

use crate::admin;
use crate::answer::Answer;
use crate::clock::{Clock, date_time};
use crate::faults::{Fault, Faults, Mishaps, Target};
use crate::journal::Journal;
use crate::request::{Actor, Request};
use crate::vendor::Vendor;
use crate::wire::Fate;

const MOST_BYTES: usize = 16 * 1024 * 1024;

/// What all requests share.
pub(crate) struct Shared {
    pub(crate) crm: Box<dyn Vendor>,
    pub(crate) clock: Clock,
    pub(crate) mishaps: Mutex<Mishaps>,
    pub(crate) journal: Mutex<Option<Journal>>,
    pub(crate) counts: Mutex<BTreeMap<String, u64>>,
}

/// A lock whose holder panicked still guards consistent enough data for a test server.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shared {
    /// What strikes this request. Whatever a path calls its object type, a fault aims at the one name.
    fn draw(&self, request: &Request) -> Vec<Fault> {
        let mut mishaps = lock(&self.mishaps);
        if mishaps.plan == Faults::default() {
            return Vec::new();
        }
        let object = self.crm.object(request);
        mishaps.draw(&Target { method: &request.method, path: &request.path, object: object.as_deref() })
    }

    pub(crate) fn count(&self, key: String) {
        *lock(&self.counts).entry(key).or_insert(0) += 1;
    }

    /// Keeps an applied write across restarts.
    pub(crate) fn keep(&self, request: &Request) {
        if let Some(journal) = &mut *lock(&self.journal) {
            journal.append(request);
        }
    }
}

/// The path with its ids taken out, for counting.
fn template(words: &[&str]) -> String {
    let mut out = String::new();
    for word in words {
        out.push('/');
        let number = word.len() > 5 && word.bytes().all(|b| b.is_ascii_digit());
        // Salesforce's ids begin with a digit or a lower-case letter and have one more within.
        let mixed = matches!(word.len(), 15 | 18) && word.bytes().skip(1).any(|b| b.is_ascii_digit());
        out.push_str(if number || mixed { "{id}" } else { word });
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
            return respond(&shared, shared.crm.too_large(), None);
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
    let kept = parts.headers.iter().filter(|(name, _)| name.as_str() != "authorization");
    request.headers = kept.filter_map(|(n, v)| Some((n.as_str().to_owned(), v.to_str().ok()?.to_owned()))).collect();
    if request.words.first().is_some_and(|w| w == "__admin") {
        let answer = admin::handle(&shared, &request);
        return respond(&shared, answer, None);
    }
    shared.count(format!("{} {}", request.method, template(&request.parts())));
    let struck = shared.draw(&request);
    for fault in &struck {
        if let Fault::Latency { ms } = fault {
            tokio::time::sleep(Duration::from_millis(*ms)).await;
        }
    }
    let answer = shared.crm.answer(&shared, &mut request, &parts.headers, &struck, &fate);
    if answer.status == 429 {
        shared.count("429".to_owned());
    }
    respond(&shared, answer, struck.iter().find(|f| matches!(f, Fault::Truncated | Fault::SlowBody { .. })))
}

pub(crate) fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|v| v.to_str().ok())
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
