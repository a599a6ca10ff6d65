//! What came back: the head and the whole body within limits, or why there is none.
//!
//! A body is counted while it comes, unpacked, so that neither an endless one nor a small bomb is ever
//! held. What is not the vendor's JSON is told by kind (empty, a web page, broken off) and never quoted.

use std::error::Error;
use std::time::Duration;

use drumbeat_model::time::Instant;
use reqwest::header::{HeaderMap, RETRY_AFTER};
use reqwest::{Response, StatusCode};
use serde::de::DeserializeOwned;

use crate::retry::Limits;

const LARGEST: usize = 32 * 1024 * 1024;

/// A whole answer.
pub(crate) struct Answer {
    pub status: StatusCode,
    pub body: Vec<u8>,
    pub date: Option<Instant>,
    pub limits: Limits,
    pub retry_after: Option<Duration>,
    pub headers: HeaderMap,
}

/// A parsed answer.
pub(crate) struct Got<T> {
    pub value: T,
    pub date: Option<Instant>,
    pub bytes: u64,
}

/// No answer.
pub(crate) struct Lost {
    /// It certainly never left.
    pub unsent: bool,
    pub too_large: bool,
    pub why: String,
}

pub(crate) fn head(response: &Response, limits: fn(&HeaderMap) -> Limits) -> Answer {
    let headers = response.headers();
    Answer {
        status: response.status(),
        body: Vec::new(),
        date: text(headers, "date")
            .and_then(|date| chrono::DateTime::parse_from_rfc2822(date).ok())
            .map(|date| date.to_utc()),
        limits: limits(headers),
        retry_after: number(headers, RETRY_AFTER.as_str()).map(Duration::from_secs),
        headers: headers.clone(),
    }
}

/// A header's text.
pub(crate) fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}

/// A header's number.
pub(crate) fn number(headers: &HeaderMap, name: &str) -> Option<u64> {
    text(headers, name)?.trim().parse().ok()
}

/// The body, counted while it comes (unpacked, so that a small bomb is seen as what it is).
pub(crate) async fn whole(mut response: Response) -> Result<Vec<u8>, Lost> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(lost)? {
        if body.len() + chunk.len() > LARGEST {
            return Err(Lost { unsent: false, too_large: true, why: "more than 32 MiB".to_owned() });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

pub(crate) fn lost(error: reqwest::Error) -> Lost {
    let unsent = error.is_connect() || error.is_builder();
    let error = error.without_url();
    let why = match (error.is_timeout(), unsent) {
        (true, true) => "no connection in time".to_owned(),
        (true, false) => "no answer in time".to_owned(),
        (false, _) => cause(&error),
    };
    Lost { unsent, too_large: false, why }
}

/// The innermost reason, which is the one that helps; in plain words where it is TLS's.
pub(crate) fn cause(error: &reqwest::Error) -> String {
    let mut innermost: &(dyn Error + 'static) = error;
    loop {
        // What an I/O error holds is not its source but itself.
        let held = innermost.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        let inner = match held {
            Some(held) => Some(held as &(dyn Error + 'static)),
            None => innermost.source(),
        };
        match inner {
            Some(inner) => innermost = inner,
            None => break,
        }
    }
    match innermost.downcast_ref::<rustls::Error>().and_then(untrusted) {
        Some(why) => why.to_owned(),
        None => clean(&innermost.to_string(), 200),
    }
}

/// Why a server that speaks TLS is not talked to.
fn untrusted(error: &rustls::Error) -> Option<&'static str> {
    use rustls::{AlertDescription, CertificateError as Bad, Error as Tls};
    Some(match error {
        Tls::InvalidCertificate(Bad::Expired | Bad::ExpiredContext { .. }) => {
            "its certificate has expired, or this computer's clock is wrong"
        }
        Tls::InvalidCertificate(Bad::NotValidYet | Bad::NotValidYetContext { .. }) => {
            "its certificate is not valid yet, or this computer's clock is wrong"
        }
        Tls::InvalidCertificate(Bad::NotValidForName | Bad::NotValidForNameContext { .. }) => {
            "its certificate is another host's"
        }
        Tls::InvalidCertificate(Bad::UnknownIssuer) => {
            "its certificate is from nobody whom this computer trusts: something may be looking into the connection"
        }
        Tls::InvalidCertificate(_) => "its certificate is not valid",
        Tls::PeerIncompatible(_) | Tls::AlertReceived(AlertDescription::ProtocolVersion) => {
            "it offers no encryption that is safe (TLS 1.2 or newer)"
        }
        Tls::InvalidMessage(_) => "what answers there does not encrypt",
        _ => return None,
    })
}

/// Why a successful answer could not be read.
pub(crate) enum Unread {
    CutOff,
    Other(String),
}

/// Reads a body as the vendor's JSON, or says what it is instead. Never quotes the body.
pub(crate) fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Unread> {
    parse_as(b'{', "object", body)
}

/// The same for a body that is a list.
pub(crate) fn parse_list<T: DeserializeOwned>(body: &[u8]) -> Result<Vec<T>, Unread> {
    parse_as(b'[', "list", body)
}

/// The first letter of a body that may be data.
pub(crate) fn opening(body: &[u8]) -> Result<u8, Unread> {
    match body.iter().find(|byte| !byte.is_ascii_whitespace()) {
        None => Err(Unread::Other("it is empty".to_owned())),
        Some(b'<') => Err(Unread::Other("it is a web page, not data".to_owned())),
        Some(first) => Ok(*first),
    }
}

fn parse_as<T: DeserializeOwned>(begins: u8, form: &str, body: &[u8]) -> Result<T, Unread> {
    if opening(body)? != begins {
        return Err(Unread::Other(format!("it is not a JSON {form}")));
    }
    serde_json::from_slice(body).map_err(|error| match error.classify() {
        serde_json::error::Category::Eof => Unread::CutOff,
        serde_json::error::Category::Syntax | serde_json::error::Category::Data | serde_json::error::Category::Io => {
            Unread::Other(format!("it has an unexpected form (line {}, column {})", error.line(), error.column()))
        }
    })
}

/// A text without addresses and control characters, cut.
pub(crate) fn clean(text: &str, longest: usize) -> String {
    let words: Vec<&str> = text
        .split_whitespace()
        .map(|word| if word.contains("http://") || word.contains("https://") { "…" } else { word })
        .collect();
    words.join(" ").chars().filter(|c| !c.is_control()).take(longest).collect()
}
