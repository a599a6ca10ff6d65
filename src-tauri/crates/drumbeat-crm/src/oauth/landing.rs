//! Where the browser comes back to: one path on one port of this computer, for one answer.

use std::future::IntoFuture;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use drumbeat_model::secret::Secret;
use serde::Deserialize;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::SignInError;
use crate::http::answer::clean;

const PATH: &str = "/signed-in";
/// Longer codes and words than a vendor gives.
const LONGEST: usize = 4096;
/// How long a browser has for reading the page.
const LINGER: Duration = Duration::from_secs(1);

/// The listener, before anybody has come.
pub(super) struct Landing {
    listener: TcpListener,
    address: String,
    state: String,
}

#[derive(Deserialize)]
struct Said {
    state: Option<String>,
    code: Option<String>,
    error: Option<String>,
    error_description: Option<String>,
}

type Heard = Result<Secret<String>, SignInError>;

struct Waiting {
    host: String,
    state: String,
    /// Gone once an answer was believed.
    tell: Mutex<Option<oneshot::Sender<Heard>>>,
}

impl Landing {
    /// Listens on a port; on any free one for 0.
    pub(super) async fn open(port: u16, state: String) -> Result<Self, SignInError> {
        let taken = |error: std::io::Error| SignInError::Port(port, error.to_string());
        let listener = TcpListener::bind(("127.0.0.1", port)).await.map_err(taken)?;
        let host = listener.local_addr().map_err(taken)?;
        Ok(Self { listener, address: format!("http://{host}{PATH}"), state })
    }

    /// Where the browser is sent back to.
    pub(super) fn address(&self) -> &str {
        &self.address
    }

    /// Waits for the answer and closes the port.
    pub(super) async fn code(self) -> Heard {
        let (tell, heard) = oneshot::channel();
        let host = self.address.trim_start_matches("http://").trim_end_matches(PATH).to_owned();
        let waiting = Arc::new(Waiting { host, state: self.state, tell: Mutex::new(Some(tell)) });
        let app = Router::new().route(PATH, get(came)).with_state(waiting);
        let (close, closed) = oneshot::channel::<()>();
        let serving = axum::serve(self.listener, app).with_graceful_shutdown(async {
            // A dropped sender means the same as a sent word: nobody waits any more.
            let _ = closed.await;
        });
        let mut serving = Serving(tokio::spawn(serving.into_future()));
        let heard = heard.await.unwrap_or(Err(SignInError::Late));
        drop(close);
        // The page is written to its end first, unless the browser is in no hurry to read it.
        let _ = tokio::time::timeout(LINGER, &mut serving.0).await;
        heard
    }
}

/// The server, for as long as somebody waits.
struct Serving(JoinHandle<std::io::Result<()>>);

impl Drop for Serving {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn came(State(waiting): State<Arc<Waiting>>, headers: HeaderMap, Query(said): Query<Said>) -> Response {
    // A site that has its own name lead here asks by that name.
    if headers.get(header::HOST).is_none_or(|host| host.as_bytes() != waiting.host.as_bytes()) {
        return page(StatusCode::BAD_REQUEST, "This page is Drumbeat's alone", "Nothing was changed.");
    }
    let Some(tell) = waiting.tell.lock().unwrap_or_else(PoisonError::into_inner).take() else {
        return page(StatusCode::GONE, "This sign-in is over", "Begin another one in Drumbeat.");
    };
    let heard = judge(&waiting.state, said);
    let shown = match &heard {
        Ok(_) => page(StatusCode::OK, "Back to Drumbeat", "It goes on there. You can close this page."),
        Err(_) => page(StatusCode::OK, "Not signed in", "Drumbeat says why. You can close this page."),
    };
    // Whoever waited may have gone; then nobody is signed in.
    let _ = tell.send(heard);
    shown
}

fn judge(state: &str, said: Said) -> Heard {
    if said.state.as_deref() != Some(state) {
        return Err(SignInError::Foreign);
    }
    if let Some(error) = said.error {
        let why = said.error_description.map_or(error.clone(), |why| format!("{error}: {why}"));
        return Err(SignInError::Denied(clean(&why, 200)));
    }
    match said.code {
        Some(code) if !code.is_empty() && code.len() <= LONGEST => Ok(Secret::new(code)),
        _ => Err(SignInError::Denied("no code came with it".to_owned())),
    }
}

fn page(status: StatusCode, title: &str, text: &str) -> Response {
    let body = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"color-scheme\" content=\"light dark\">\
         <title>{title}</title><h1>{title}</h1><p>{text}</p></html>"
    );
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONNECTION, "close"),
    ];
    (status, headers, body).into_response()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn said(state: &str, code: Option<&str>, error: Option<&str>) -> Said {
        Said {
            state: Some(state.to_owned()),
            code: code.map(str::to_owned),
            error: error.map(str::to_owned),
            error_description: None,
        }
    }

    #[test]
    fn only_an_answer_with_the_state_is_believed() {
        assert_eq!(judge("s", said("s", Some("c"), None)).unwrap().expose(), "c");
        assert_eq!(judge("s", said("t", Some("c"), None)).unwrap_err(), SignInError::Foreign);
        let stateless = Said { state: None, ..said("", Some("c"), None) };
        assert_eq!(judge("s", stateless).unwrap_err(), SignInError::Foreign);
        let denied = judge("s", said("s", Some("c"), Some("access_denied"))).unwrap_err();
        assert_eq!(denied, SignInError::Denied("access_denied".to_owned()));
        assert!(matches!(judge("s", said("s", None, None)), Err(SignInError::Denied(_))));
        let long = "x".repeat(LONGEST + 1);
        assert!(matches!(judge("s", said("s", Some(&long), None)), Err(SignInError::Denied(_))));
    }
}
