//! The other side: a server whose answers each test writes, which remembers what it was asked.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use drumbeat_crm::retry::Policy;
use serde_json::Value;

/// One request as it arrived.
#[derive(Clone)]
pub struct Asked {
    pub method: String,
    /// Path without the query.
    pub path: String,
    pub query: Vec<(String, String)>,
    pub headers: HeaderMap,
    pub body: Value,
    /// The body as it came.
    pub text: String,
}

impl Asked {
    pub fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub fn is(&self, method: &str, path: &str) -> bool {
        self.method == method && self.path == path
    }
}

/// One answer.
#[derive(Clone)]
pub enum Reply {
    Json(u16, Value),
    /// Status, headers, body.
    Raw(u16, Vec<(&'static str, String)>, Vec<u8>),
    /// A body that breaks off in the middle of the connection.
    Cut(u16, Vec<u8>),
    /// No answer.
    Never,
}

type Answer = dyn Fn(&Asked, usize) -> Reply + Send + Sync;

struct Inner {
    answer: Box<Answer>,
    asked: Mutex<Vec<Asked>>,
}

pub struct Desk {
    inner: Arc<Inner>,
    pub url: String,
}

impl Desk {
    /// A server that answers request number n (from 0) with what the function says.
    pub async fn open(answer: impl Fn(&Asked, usize) -> Reply + Send + Sync + 'static) -> Self {
        let inner = Arc::new(Inner { answer: Box::new(answer), asked: Mutex::default() });
        let app = axum::Router::new().fallback(handle).with_state(Arc::clone(&inner));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { inner, url }
    }

    pub fn asked(&self) -> Vec<Asked> {
        self.inner.asked.lock().unwrap().clone()
    }

    pub fn count(&self) -> usize {
        self.inner.asked.lock().unwrap().len()
    }
}

async fn handle(State(inner): State<Arc<Inner>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 1 << 24).await.unwrap();
    let url = url::Url::parse(&format!("http://host{}", parts.uri)).unwrap();
    let asked = Asked {
        method: parts.method.to_string(),
        path: url.path().to_owned(),
        query: url.query_pairs().into_owned().collect(),
        headers: parts.headers,
        body: serde_json::from_slice(&body).unwrap_or(Value::Null),
        text: String::from_utf8_lossy(&body).into_owned(),
    };
    let number = {
        let mut list = inner.asked.lock().unwrap();
        list.push(asked.clone());
        list.len() - 1
    };
    let respond = |status: u16, headers: Vec<(&'static str, String)>, body: Body| {
        let mut response = Response::new(body);
        *response.status_mut() = StatusCode::from_u16(status).unwrap();
        for (name, value) in headers {
            response.headers_mut().insert(name, value.parse().unwrap());
        }
        response
    };
    match (inner.answer)(&asked, number) {
        Reply::Json(status, value) => {
            let headers = vec![("content-type", "application/json;charset=utf-8".to_owned())];
            respond(status, headers, Body::from(value.to_string()))
        }
        Reply::Raw(status, headers, body) => respond(status, headers, Body::from(body)),
        Reply::Cut(status, body) => {
            let parts = [Ok(Bytes::from(body)), Err(std::io::Error::other("cut"))];
            respond(status, Vec::new(), Body::from_stream(futures::stream::iter(parts)))
        }
        Reply::Never => std::future::pending().await,
    }
}

/// No patience of real life.
pub fn hasty() -> Policy {
    Policy {
        seed: 1,
        attempts: 3,
        pause: Duration::from_millis(5),
        patience: Duration::from_secs(20),
        searches: 1000,
        read: Duration::from_millis(700),
        write: Duration::from_millis(700),
        ..Policy::default()
    }
}
