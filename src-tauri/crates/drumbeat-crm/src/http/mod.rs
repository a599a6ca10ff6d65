//! HTTP with a CRM: one host, one token, bounded in time and size, nothing followed.
//!
//! The hard idea: a read and a write fail differently. A lost read is asked again with patience; a
//! write is one request on a connection of its own, and what happened to it is told apart as exactly as
//! it can be known (never left, refused, accepted, no one can say). Callers may rely on it that no URL
//! and no token is in any error, that an answer is data of the vendor's or an error that says what it
//! was instead, and that redirects are never followed. A token that has run out is renewed once, where
//! the connection has somebody to ask. It does not know what any request means; what differs by vendor
//! in the envelope is its [`Habits`].

pub(crate) mod answer;
mod connection;
mod heard;
pub(crate) mod text;
pub(crate) mod written;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use drumbeat_model::secret::Secret;
use drumbeat_model::time::Instant;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Certificate, Client, Method, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use url::Url;

use self::answer::{Answer, Got, Lost, Unread, cause, head, lost, parse, whole};
use self::connection::Key;
pub use self::connection::{Connection, Refresh};
pub(crate) use self::connection::{is_loopback, is_under};
use self::heard::Heard;
use crate::crm::WriteOutcome;
use crate::error::CrmError;
use crate::retry::{Counter, Governor, Lane, Limits, Policy};

/// What differs by vendor in the envelope of an answer.
#[derive(Clone, Copy)]
pub(crate) struct Habits {
    /// What the headers say of the limits.
    pub limits: fn(&HeaderMap) -> Limits,
    /// Whether an answer asks to wait.
    pub wait: fn(&Answer) -> Option<Wait>,
    /// The error of a read that was answered, but not with data; without the token in it.
    pub refused: fn(&Answer, &str) -> CrmError,
    /// The vendor's own domains.
    pub hosts: &'static [&'static str],
}

/// How long an answer asks to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wait {
    /// As the governor sees fit: it will be over soon.
    Short,
    /// So many seconds, or as the governor sees fit: the day's requests are used up.
    Day(Option<u64>),
}

const IDLE: Duration = Duration::from_secs(20);
/// A write that may not leave sooner is not sent at all.
const WRITE_PATIENCE: Duration = Duration::from_secs(20);

/// The way to one account.
pub(crate) struct Http {
    habits: Habits,
    base: Url,
    key: Mutex<Key>,
    refresh: Option<Arc<dyn Refresh>>,
    /// Held while a fresh token is asked for.
    renewing: tokio::sync::Mutex<()>,
    reads: Client,
    writes: Client,
    pub(crate) governor: Governor,
    heard: Mutex<Heard>,
}

/// What a read is counted as.
#[derive(Clone, Copy)]
pub(crate) struct Toll(pub Counter, pub Lane);

/// Up to this many records are read ahead of everything else: it is somebody's decision.
const FEW: usize = 10;

impl Toll {
    /// What a read of so many records by id is counted as.
    pub(crate) fn of(records: usize) -> Self {
        Self(Counter::General, if records <= FEW { Lane::Write } else { Lane::Delta })
    }
}

impl Http {
    pub(crate) fn open(habits: Habits, connection: Connection, policy: Policy) -> Result<Self, CrmError> {
        Self::trusting(habits, connection, policy, None)
    }

    /// The same, which believes in one more authority (DER).
    #[cfg(feature = "extra-root")]
    pub(crate) fn open_trusting(
        habits: Habits,
        connection: Connection,
        policy: Policy,
        root: &[u8],
    ) -> Result<Self, CrmError> {
        let root = Certificate::from_der(root).map_err(|error| CrmError::Unreachable(cause(&error)))?;
        Self::trusting(habits, connection, policy, Some(&root))
    }

    fn trusting(
        habits: Habits,
        connection: Connection,
        policy: Policy,
        root: Option<&Certificate>,
    ) -> Result<Self, CrmError> {
        let Connection { base_url, token, refresh } = connection;
        let base = Url::parse(base_url.trim()).map_err(|_| wrong_address("it is not an address"))?;
        let local = is_loopback(&base);
        match base.scheme() {
            "https" => {}
            "http" if local => {}
            _ => return Err(wrong_address("it does not begin with https")),
        }
        if base.host().is_none() || base.cannot_be_a_base() {
            return Err(wrong_address("it has no host"));
        }
        if !base.username().is_empty()
            || base.password().is_some()
            || base.query().is_some()
            || base.fragment().is_some()
        {
            return Err(wrong_address("it has more than a host and a path"));
        }
        let key = Key::of(&token)?;
        let build = |builder: reqwest::ClientBuilder| {
            let builder = builder.connect_timeout(policy.connect).tls_certs_merge(root.cloned());
            let builder = if local { builder.no_proxy() } else { builder.https_only(true) };
            builder.build().map_err(|error| CrmError::Unreachable(cause(&error.without_url())))
        };
        Ok(Self {
            reads: build(client().timeout(policy.read))?,
            writes: build(client().timeout(policy.write).http1_only().pool_max_idle_per_host(0))?,
            key: Mutex::new(key),
            habits,
            base,
            refresh,
            renewing: tokio::sync::Mutex::default(),
            heard: Mutex::default(),
            governor: Governor::new(Policy { pace_unstated: policy.pace_unstated && !local, ..policy }),
        })
    }

    /// The vendor's own host, as opposed to something that speaks like it.
    pub(crate) fn is_vendor(&self) -> bool {
        is_under(&self.base, self.habits.hosts)
    }

    /// The server's present, as far as its last answer tells.
    pub(crate) fn server_now(&self) -> Option<Instant> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).at(tokio::time::Instant::now())
    }

    /// The address of the account, without a path of ours.
    pub(crate) fn base(&self) -> &Url {
        &self.base
    }

    /// The token at present.
    pub(crate) fn token(&self) -> Secret<String> {
        self.key().token
    }

    fn key(&self) -> Key {
        self.key.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Takes a fresh token in the place of one that was not accepted; `false` where nobody has one.
    async fn renew(&self, stale: &Secret<String>) -> Result<bool, CrmError> {
        let Some(refresh) = &self.refresh else { return Ok(false) };
        let _turn = self.renewing.lock().await;
        // Somebody else may have renewed it while this one waited for its turn.
        if self.token().expose() == stale.expose() {
            let fresh = Key::of(&refresh.fresh(stale).await?)?;
            *self.key.lock().unwrap_or_else(PoisonError::into_inner) = fresh;
        }
        Ok(true)
    }

    /// An address under the base: the only way to make one.
    pub(crate) fn url(&self, segments: &[&str]) -> Result<Url, CrmError> {
        if segments.iter().any(|segment| matches!(*segment, "" | "." | "..")) {
            return Err(CrmError::NotFound("an id is empty".to_owned()));
        }
        let mut url = self.base.clone();
        url.path_segments_mut().map_err(|()| wrong_address("it has no path"))?.pop_if_empty().extend(segments);
        Ok(url)
    }

    /// Asks until there is an answer, within the patience of the governor.
    pub(crate) async fn get<T: DeserializeOwned>(&self, toll: Toll, url: Url) -> Result<Got<T>, CrmError> {
        self.read(toll, Method::GET, url, None, json).await
    }

    /// Asks for what is not JSON; `taken` reads it.
    pub(crate) async fn get_as<T>(
        &self,
        toll: Toll,
        url: Url,
        taken: impl Fn(&Answer) -> Result<T, Unread> + Send,
    ) -> Result<Got<T>, CrmError> {
        self.read(toll, Method::GET, url, None, taken).await
    }

    /// Asks with a body; for requests that change nothing.
    pub(crate) async fn ask<T: DeserializeOwned>(
        &self,
        toll: Toll,
        url: Url,
        body: &impl Serialize,
    ) -> Result<Got<T>, CrmError> {
        let body =
            serde_json::to_vec(body).map_err(|_| CrmError::Refused("the question cannot be written".to_owned()))?;
        self.read(toll, Method::POST, url, Some(body), json).await
    }

    async fn read<T>(
        &self,
        Toll(counter, lane): Toll,
        method: Method,
        url: Url,
        body: Option<Vec<u8>>,
        taken: impl Fn(&Answer) -> Result<T, Unread> + Send,
    ) -> Result<Got<T>, CrmError> {
        let mut failures = 0;
        let mut first = true;
        let mut renewed = false;
        loop {
            if !std::mem::take(&mut first) {
                self.governor.repeated();
            }
            let permit =
                self.governor.enter(counter, lane, None).await.map_err(|wait| CrmError::RateLimited(wait.0))?;
            let key = self.key();
            let sent = self.send(&self.reads, &key, method.clone(), url.clone(), body.clone(), &[]).await;
            let (error, asked) = match sent {
                Ok(answer) if self.wait(&answer).is_some() => {
                    let wait = permit
                        .limited(answer.retry_after, &answer.limits)
                        .map_err(|wait| CrmError::RateLimited(wait.0))?;
                    if let Some(Wait::Day(asked)) = self.wait(&answer) {
                        return Err(CrmError::RateLimited(asked.unwrap_or(wait.as_secs())));
                    }
                    continue;
                }
                Ok(answer) if answer.status == StatusCode::UNAUTHORIZED && !std::mem::replace(&mut renewed, true) => {
                    permit.answered(&answer.limits, 0);
                    if !self.renew(&key.token).await? {
                        return Err((self.habits.refused)(&answer, key.token.expose()));
                    }
                    continue;
                }
                Ok(answer) => {
                    let bytes = u64::try_from(answer.body.len()).unwrap_or(u64::MAX);
                    permit.answered(&answer.limits, bytes);
                    if answer.status.is_success() {
                        match taken(&answer) {
                            Ok(value) => {
                                return Ok(Got { value, date: answer.date, bytes });
                            }
                            Err(Unread::CutOff) => {
                                (CrmError::Garbled(format!("it breaks off after {bytes} bytes")), None)
                            }
                            Err(Unread::Other(what)) => return Err(CrmError::Garbled(what)),
                        }
                    } else if answer.status.is_server_error() || matches!(answer.status.as_u16(), 408 | 423) {
                        (CrmError::Unreachable(format!("it answers {}", answer.status.as_u16())), answer.retry_after)
                    } else {
                        return Err((self.habits.refused)(&answer, key.token.expose()));
                    }
                }
                Err(lost) if lost.too_large => return Err(CrmError::TooLarge(lost.why)),
                Err(lost) => {
                    drop(permit);
                    // Nobody there is a fact; a lost answer may be bad luck.
                    failures += if lost.unsent { self.governor.policy().attempts.div_ceil(2) } else { 0 };
                    (CrmError::Unreachable(lost.why), None)
                }
            };
            failures += 1;
            if failures >= self.governor.policy().attempts {
                return Err(error);
            }
            tracing::debug!(failures, "a read from the CRM is tried again");
            tokio::time::sleep(self.governor.backoff(failures, asked)).await;
        }
    }

    /// Whether an answer asks to wait.
    pub(crate) fn wait(&self, answer: &Answer) -> Option<Wait> {
        (self.habits.wait)(answer)
    }

    /// Sends one change, once; `Err` is the outcome when there is no answer.
    pub(crate) async fn write(
        &self,
        method: Method,
        url: Url,
        body: Option<Vec<u8>>,
        headers: &[(HeaderName, HeaderValue)],
    ) -> Result<Answer, WriteOutcome> {
        let entered = self.governor.enter(Counter::General, Lane::Write, Some(WRITE_PATIENCE)).await;
        let permit = entered.map_err(|wait| WriteOutcome::RateLimited { wait: wait.0 })?;
        let key = self.key();
        let sent = self.send(&self.writes, &key, method, url, body, headers).await;
        match &sent {
            Ok(answer) if self.wait(answer).is_some() => {
                // How long is read from the answer by the caller; here everyone else learns of it.
                let _ = permit.limited(answer.retry_after, &answer.limits);
            }
            Ok(answer) => permit.answered(&answer.limits, u64::try_from(answer.body.len()).unwrap_or(u64::MAX)),
            Err(_) => drop(permit),
        }
        // The vendor's own "who are you" has applied nothing: with a fresh token it may be tried anew, from its read on.
        if let Ok(answer) = &sent
            && answer.status == StatusCode::UNAUTHORIZED
            && matches!((self.habits.refused)(answer, key.token.expose()), CrmError::NotAuthorised(_))
            && matches!(self.renew(&key.token).await, Ok(true))
        {
            return Err(WriteOutcome::NotSent { why: "the token had run out".to_owned() });
        }
        sent.map_err(WriteOutcome::from)
    }

    async fn send(
        &self,
        client: &Client,
        key: &Key,
        method: Method,
        url: Url,
        body: Option<Vec<u8>>,
        headers: &[(HeaderName, HeaderValue)],
    ) -> Result<Answer, Lost> {
        if url.origin() != self.base.origin() {
            return Err(Lost { unsent: true, too_large: false, why: "the address is of another host".to_owned() });
        }
        let mut request = client.request(method, url).header(AUTHORIZATION, key.authorization.clone());
        for (name, value) in headers {
            request = request.header(name, value);
        }
        if let Some(body) = body {
            if !headers.iter().any(|(name, _)| name == CONTENT_TYPE) {
                request = request.header(CONTENT_TYPE, "application/json");
            }
            request = request.body(body);
        }
        let response = request.send().await.map_err(lost)?;
        let mut answer = head(&response, self.habits.limits);
        if let Some(date) = answer.date {
            self.heard.lock().unwrap_or_else(PoisonError::into_inner).take((date, tokio::time::Instant::now()));
        }
        answer.body = whole(response).await?;
        Ok(answer)
    }
}

/// What every request to a vendor is made by: nothing is followed, nothing is sent again.
pub(crate) fn client() -> reqwest::ClientBuilder {
    Client::builder()
        .user_agent(concat!("Drumbeat/", env!("CARGO_PKG_VERSION")))
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .read_timeout(IDLE)
        .http2_max_header_list_size(64 * 1024)
}

fn json<T: DeserializeOwned>(answer: &Answer) -> Result<T, Unread> {
    parse(&answer.body)
}

fn wrong_address(why: &str) -> CrmError {
    CrmError::Unreachable(format!("the CRM's address cannot be used: {why}"))
}
