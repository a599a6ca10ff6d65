//! Trading a code or a refresh token for tokens, and giving tokens back: a form each, sent once.

use std::time::Duration;

use drumbeat_model::secret::Secret;
use reqwest::header::CONTENT_TYPE;
use serde::Deserialize;
use url::{Url, form_urlencoded};

use super::{App, SignInError, way};
use crate::http::answer::{clean, lost, whole};
use crate::http::{client, is_loopback};

const TIME: Duration = Duration::from_secs(30);

/// What signing in gives.
#[derive(Debug, Clone)]
pub struct Grant {
    /// What requests carry.
    pub access: Secret<String>,
    /// What another access token is had for; a renewal without one leaves the one that there was.
    pub refresh: Option<Secret<String>>,
    /// Where the account is, when the CRM says so.
    pub instance: Option<String>,
}

#[derive(Deserialize)]
struct Tokens {
    access_token: String,
    #[serde(default)]
    refresh_token: Option<String>,
    #[serde(default)]
    instance_url: Option<String>,
}

/// A refusal by RFC 6749, or in HubSpot's own form.
#[derive(Deserialize, Default)]
struct Refusal {
    error: Option<String>,
    error_description: Option<String>,
    status: Option<String>,
    message: Option<String>,
}

/// Trades a code for tokens.
pub(super) async fn redeem(
    app: &App,
    code: &Secret<String>,
    landing: &str,
    verifier: &Secret<String>,
) -> Result<Grant, SignInError> {
    let given = [
        ("grant_type", "authorization_code"),
        ("code", code.expose()),
        ("redirect_uri", landing),
        ("code_verifier", verifier.expose()),
    ];
    granted(app, &given).await
}

/// Gets another access token. Where the CRM changes refresh tokens too, the old one is of no use from here on: keep the
/// new one first.
///
/// # Errors
/// [`SignInError::Refused`] when the CRM takes it no longer; what else stood in the way.
pub async fn renew(app: &App, refresh: &Secret<String>) -> Result<Grant, SignInError> {
    granted(app, &[("grant_type", "refresh_token"), ("refresh_token", refresh.expose())]).await
}

/// Gives a token back: it opens nothing from then on.
///
/// # Errors
/// What stood in the way; the token may still work.
pub async fn revoke(app: &App, token: &Secret<String>) -> Result<(), SignInError> {
    let url = app.places()?.revoke;
    let (ok, body) = post(app, url, &[("token", token.expose())]).await?;
    if ok { Ok(()) } else { Err(refused(&body)) }
}

async fn granted(app: &App, given: &[(&str, &str)]) -> Result<Grant, SignInError> {
    let url = app.places()?.token;
    let (ok, body) = post(app, url, given).await?;
    if !ok {
        return Err(refused(&body));
    }
    let tokens: Tokens =
        serde_json::from_slice(&body).map_err(|_| SignInError::Garbled("there are no tokens in it".to_owned()))?;
    let instance = tokens.instance_url.map(|text| instance(app, &text)).transpose()?;
    Ok(Grant { access: Secret::new(tokens.access_token), refresh: tokens.refresh_token.map(Secret::new), instance })
}

/// Where the account is, if that is a place where the vendor may be believed.
fn instance(app: &App, text: &str) -> Result<String, SignInError> {
    let url = Url::parse(text).map_err(|_| SignInError::Garbled("the account's address is none".to_owned()))?;
    let login = Url::parse(app.login.trim()).map_err(|_| SignInError::Garbled("the address is none".to_owned()))?;
    // A place on this computer is believed only where signing in was on it too.
    if !way(app.vendor).believes(&url) || is_loopback(&url) && !is_loopback(&login) {
        return Err(SignInError::Garbled(format!("the account's address is not {}'s", app.vendor.label())));
    }
    Ok(url.origin().ascii_serialization())
}

/// Sends a form. Whether the answer is a yes, and its body.
async fn post(app: &App, url: Url, given: &[(&str, &str)]) -> Result<(bool, Vec<u8>), SignInError> {
    let body = form(app, given);
    let local = is_loopback(&url);
    let unreachable = |error| SignInError::Unreachable(lost(error).why);
    let client = client().timeout(TIME);
    let client = if local { client.no_proxy() } else { client.https_only(true) }.build().map_err(unreachable)?;
    let sent = client.post(url).header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(body).send();
    let response = sent.await.map_err(unreachable)?;
    let status = response.status();
    let body = whole(response).await.map_err(|lost| SignInError::Unreachable(lost.why))?;
    if status.is_server_error() || status.as_u16() == 429 {
        return Err(SignInError::Unreachable(format!("it answers {}", status.as_u16())));
    }
    Ok((status.is_success(), body))
}

fn form(app: &App, given: &[(&str, &str)]) -> Vec<u8> {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(given).append_pair("client_id", app.client_id.trim());
    if let Some(secret) = &app.client_secret {
        form.append_pair("client_secret", secret.expose());
    }
    form.finish().into_bytes()
}

fn refused(body: &[u8]) -> SignInError {
    let Ok(refusal) = serde_json::from_slice::<Refusal>(body) else {
        return SignInError::Garbled("it is no answer to a sign-in".to_owned());
    };
    let word = refusal.error.or(refusal.status).unwrap_or_else(|| "no reason".to_owned());
    let why = refusal.error_description.or(refusal.message);
    SignInError::Refused(clean(&why.map_or_else(|| word.clone(), |why| format!("{word}: {why}")), 200))
}
