//! Where an account is and what opens it: its address, its token, and who renews that.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use drumbeat_model::secret::Secret;
use reqwest::header::HeaderValue;
use url::Url;

use crate::error::CrmError;

const LONGEST_TOKEN: usize = 4096;

/// Where an account is and what opens it.
pub struct Connection {
    /// The vendor's own address, or that of a sandbox on this computer.
    pub base_url: String,
    /// What every request carries.
    pub token: Secret<String>,
    /// Who is asked for another token when this one has run out; nobody for tokens that last.
    pub refresh: Option<Arc<dyn Refresh>>,
}

impl Connection {
    /// A connection with a token that lasts.
    #[must_use]
    pub fn new(base_url: impl Into<String>, token: Secret<String>) -> Self {
        Self { base_url: base_url.into(), token, refresh: None }
    }

    /// The same, with somebody who has a fresh token when this one has run out.
    #[must_use]
    pub fn renewed_by(self, refresh: Arc<dyn Refresh>) -> Self {
        Self { refresh: Some(refresh), ..self }
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let renewed = self.refresh.is_some();
        f.debug_struct("Connection")
            .field("base_url", &self.base_url)
            .field("renewed", &renewed)
            .finish_non_exhaustive()
    }
}

/// Gets fresh tokens. It is asked after a 401, by one request at a time.
#[async_trait]
pub trait Refresh: Send + Sync {
    /// A token that works where `stale` does not any more.
    async fn fresh(&self, stale: &Secret<String>) -> Result<Secret<String>, CrmError>;
}

/// What opens the account at present.
#[derive(Clone)]
pub(super) struct Key {
    pub token: Secret<String>,
    pub authorization: HeaderValue,
}

impl Key {
    pub(super) fn of(token: &Secret<String>) -> Result<Self, CrmError> {
        let token = token.expose().trim();
        if token.is_empty() || token.len() > LONGEST_TOKEN || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(CrmError::NotAuthorised("the token is empty or has characters that no token has".to_owned()));
        }
        let header = Secret::new(format!("Bearer {token}"));
        let mut authorization = HeaderValue::from_str(header.expose())
            .map_err(|_| CrmError::NotAuthorised("the token cannot be sent".to_owned()))?;
        authorization.set_sensitive(true);
        Ok(Self { token: Secret::new(token.to_owned()), authorization })
    }
}

/// An address on this computer.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// Whether an address is of one of these domains, or of one under it.
pub(crate) fn is_under(url: &Url, domains: &[&str]) -> bool {
    let host = url.host_str().unwrap_or_default();
    let theirs = |own: &&str| host.strip_suffix(*own).is_some_and(|front| front.is_empty() || front.ends_with('.'));
    domains.iter().any(theirs)
}
