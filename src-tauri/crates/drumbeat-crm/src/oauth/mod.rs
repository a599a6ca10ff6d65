//! Signing in to a CRM in the person's own browser (RFC 6749, with PKCE of RFC 7636 and the loopback of RFC 8252).
//!
//! A [`SignIn`] is one attempt: it listens on this computer before the browser is opened, believes one answer that has
//! its state, and trades the code for tokens with a verifier that never left. Callers rely on: nothing secret is in an
//! address or an error; a second answer finds nobody; after two minutes nobody listens any more. It keeps nothing: what
//! it gives is the caller's to store, a renewed token before the old one is dropped.

mod landing;
mod tokens;

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use drumbeat_model::crm::Vendor;
use drumbeat_model::secret::Secret;
use sha2::{Digest, Sha256};
use url::Url;

use crate::http::{is_loopback, is_under};
use crate::{hubspot, salesforce};
use landing::Landing;
pub use tokens::{Grant, renew, revoke};

/// How long a person has for signing in.
pub const PATIENCE: Duration = Duration::from_secs(120);

/// Why somebody was not signed in. No secret is in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignInError {
    /// Something else listens on the port, or it may not be listened on.
    #[error("port {0} of this computer cannot be used: {1}")]
    Port(u16, String),
    /// What was given as an address or a client id is none.
    #[error("{0}")]
    Given(String),
    /// The person, or the CRM, said no; in the CRM's own word.
    #[error("the CRM answered: {0}")]
    Denied(String),
    /// The answer does not belong to this attempt.
    #[error("the answer does not belong to this sign-in")]
    Foreign,
    /// Nobody came back in time.
    #[error("nobody signed in within {} seconds", PATIENCE.as_secs())]
    Late,
    /// The CRM does not take the code or the token; in its own word.
    #[error("the CRM did not take it: {0}")]
    Refused(String),
    /// No answer from the CRM.
    #[error("the CRM cannot be reached: {0}")]
    Unreachable(String),
    /// It answered something else than tokens.
    #[error("the answer is not the CRM's: {0}")]
    Garbled(String),
    /// There is no randomness to be had.
    #[error("this computer gives no random numbers: {0}")]
    Random(String),
}

/// Which app somebody signs in to, and where.
#[derive(Debug, Clone)]
pub struct App {
    /// Whose CRM.
    pub vendor: Vendor,
    /// Where people sign in: the vendor's own place, a company's own domain, or a sandbox.
    pub login: String,
    /// The app's public name.
    pub client_id: String,
    /// The app's secret, where it is not a public one.
    pub client_secret: Option<Secret<String>>,
}

/// The addresses that belong to a place of signing in.
struct Places {
    authorize: Url,
    token: Url,
    revoke: Url,
}

/// What differs by vendor.
struct Way {
    authorize: &'static str,
    token: &'static str,
    revoke: &'static str,
    scope: &'static str,
    /// What more is asked for, where it may be had.
    wanted: Option<&'static str>,
    hosts: &'static [&'static str],
    /// Where tokens are given out, when people sign in at the vendor's own place.
    tokens_at: Option<&'static str>,
}

const HUBSPOT: Way = Way {
    authorize: "oauth/authorize",
    token: "oauth/2026-09/token",
    revoke: "oauth/2026-09/token/revoke",
    scope: hubspot::SCOPES,
    wanted: Some(hubspot::SCOPES_WANTED),
    hosts: &["hubspot.com", "hubapi.com"],
    tokens_at: Some("https://api.hubapi.com"),
};
const SALESFORCE: Way = Way {
    authorize: "services/oauth2/authorize",
    token: "services/oauth2/token",
    revoke: "services/oauth2/revoke",
    scope: "api refresh_token",
    wanted: None,
    hosts: salesforce::HOSTS,
    tokens_at: None,
};

fn way(vendor: Vendor) -> &'static Way {
    match vendor {
        Vendor::Hubspot => &HUBSPOT,
        Vendor::Salesforce => &SALESFORCE,
    }
}

impl Way {
    /// An address where this vendor may be believed: https under one of its domains, or this computer.
    fn believes(&self, url: &Url) -> bool {
        is_loopback(url) || url.scheme() == "https" && is_under(url, self.hosts)
    }
}

impl App {
    /// Whether people sign in on this computer: to a sandbox.
    #[must_use]
    pub fn is_local(&self) -> bool {
        Url::parse(self.login.trim()).is_ok_and(|url| is_loopback(&url))
    }

    fn places(&self) -> Result<Places, SignInError> {
        let way = way(self.vendor);
        let given = |why: &str| SignInError::Given(format!("The address to sign in at cannot be used: {why}"));
        let login = Url::parse(self.login.trim()).map_err(|_| given("it is not an address"))?;
        if !matches!(login.path(), "" | "/") || login.query().is_some() || !login.username().is_empty() {
            return Err(given("it has more than a host"));
        }
        if !way.believes(&login) {
            return Err(given(&format!("it is not {}'s, or does not begin with https", self.vendor.label())));
        }
        let tokens_at = match way.tokens_at {
            Some(own) if !is_loopback(&login) => Url::parse(own).map_err(|_| given("it is not an address"))?,
            _ => login.clone(),
        };
        let under = |base: &Url, path: &str| base.join(path).map_err(|_| given("it is not an address"));
        if self.client_id.trim().is_empty() {
            return Err(SignInError::Given("There is no client id".to_owned()));
        }
        Ok(Places {
            authorize: under(&login, way.authorize)?,
            token: under(&tokens_at, way.token)?,
            revoke: under(&tokens_at, way.revoke)?,
        })
    }
}

/// One attempt to sign in.
pub struct SignIn {
    app: App,
    landing: Landing,
    verifier: Secret<String>,
    url: Url,
}

impl SignIn {
    /// Listens on this computer: on any free port, or on the one that the app was registered with.
    ///
    /// # Errors
    /// The port is taken, or what was given cannot be used. Nothing was opened or sent.
    pub async fn begin(app: App, port: Option<u16>) -> Result<Self, SignInError> {
        let places = app.places()?;
        let (state, verifier) = (random()?, Secret::new(random()?));
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.expose()));
        let landing = Landing::open(port.unwrap_or(0), state.clone()).await?;
        let mut url = places.authorize;
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", app.client_id.trim())
            .append_pair("redirect_uri", landing.address())
            .append_pair("scope", way(app.vendor).scope)
            .append_pair("state", &state)
            .append_pair("code_challenge", &challenge)
            .append_pair("code_challenge_method", "S256");
        if let Some(wanted) = way(app.vendor).wanted {
            url.query_pairs_mut().append_pair("optional_scope", wanted);
        }
        Ok(Self { app, landing, verifier, url })
    }

    /// What the person's browser is to open.
    #[must_use]
    pub fn url(&self) -> &str {
        self.url.as_str()
    }

    /// Waits for the person, [`PATIENCE`] at most, and trades what comes back for tokens. Dropped, nobody listens.
    ///
    /// # Errors
    /// Why there are no tokens.
    pub async fn finish(self) -> Result<Grant, SignInError> {
        self.within(PATIENCE).await
    }

    /// The same with another patience.
    ///
    /// # Errors
    /// Why there are no tokens.
    pub async fn within(self, patience: Duration) -> Result<Grant, SignInError> {
        let address = self.landing.address().to_owned();
        let code = tokio::time::timeout(patience, self.landing.code()).await.map_err(|_| SignInError::Late)??;
        tokens::redeem(&self.app, &code, &address, &self.verifier).await
    }
}

/// 256 random bits as text that is safe in an address.
fn random() -> Result<String, SignInError> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).map_err(|error| SignInError::Random(error.to_string()))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}
