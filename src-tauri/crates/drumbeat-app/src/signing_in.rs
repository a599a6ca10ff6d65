//! Signing in to a CRM in the person's browser, and taking leave of it.

use std::sync::{Arc, PoisonError};

use drumbeat_crm::oauth::{self, App, SignInError};
use drumbeat_model::crm::Vendor;
use drumbeat_model::secret::Secret;
use drumbeat_model::workspace::{Connected, SignIn};
use drumbeat_sync::cancel::Cancel;

use crate::api::Nothing;
use crate::connect::{entry, open_account, vendor_url};
use crate::credentials::{Credential, SignedIn};
use crate::drumbeat::Drumbeat;
use crate::error::{Answer, ApiError, Code};
use crate::workspace::Workspace;

/// What opens an address for the person: the system's browser, or a line on the terminal.
pub trait Browser: Send + Sync {
    /// Shows an address.
    ///
    /// # Errors
    /// Why nobody can have seen it, in a sentence.
    fn open(&self, url: &str) -> Result<(), String>;
}

/// Where people of a vendor sign in.
fn login_of(vendor: Vendor) -> &'static str {
    match vendor {
        Vendor::Hubspot => "https://app.hubspot.com",
        Vendor::Salesforce => "https://login.salesforce.com",
    }
}

/// Signs in and connects the account: listens on this computer, has the browser opened, waits two minutes at most,
/// trades what comes back for tokens and goes on as with a pasted token. A sign-in that is under way gives way to it.
///
/// # Errors
/// Why nobody was signed in; nothing is changed then.
pub async fn sign_in(app: Arc<Drumbeat>, request: SignIn) -> Answer<Connected> {
    let SignIn { vendor, login, client_id, client_secret, port, passphrase } = request;
    let given = login.filter(|login| !login.trim().is_empty());
    let to = App {
        vendor,
        login: given.clone().unwrap_or_else(|| login_of(vendor).to_owned()),
        client_id,
        client_secret: client_secret.filter(|secret| !secret.is_empty()).map(Secret::new),
    };
    let browser = app.browser.get().cloned().ok_or_else(|| {
        ApiError::invalid("browser.none", "There is no browser here").next("Connect with a token instead")
    })?;
    let attempt = oauth::SignIn::begin(to.clone(), port).await.map_err(not_signed_in)?;
    let cancel = Cancel::default();
    if let Some(before) = app.signing_in.lock().unwrap_or_else(PoisonError::into_inner).replace(cancel.clone()) {
        before.cancel();
    }
    browser.open(attempt.url()).map_err(|why| {
        ApiError::new(Code::Invalid, "browser.closed", format!("The browser could not be opened ({why})"))
            .kept(UNCHANGED)
            .next("Connect with a token instead")
    })?;
    let grant = tokio::select! {
        grant = attempt.finish() => grant.map_err(not_signed_in)?,
        () = cancel.wait() => {
            return Err(ApiError::new(Code::Cancelled, "sign_in.cancelled", "Signing in was cancelled").kept(UNCHANGED));
        }
    };
    // Where the CRM does not say where the account is, it is where it always is, or where the sandbox is.
    let instance = match grant.instance.clone().or_else(|| given.filter(|_| to.is_local())) {
        Some(instance) => instance,
        None => vendor_url(vendor)?.to_owned(),
    };
    let signed_in = SignedIn { app: to, access: grant.access, refresh: grant.refresh, instance: instance.clone() };
    open_account(app, vendor, instance, Credential::SignedIn(signed_in), passphrase.map(Secret::new)).await
}

/// Ends the sign-in that is under way; without one there is nothing to do.
///
/// # Errors
/// None.
pub fn stop_sign_in(app: &Arc<Drumbeat>, _: Nothing) -> Answer<Nothing> {
    if let Some(cancel) = app.signing_in.lock().unwrap_or_else(PoisonError::into_inner).take() {
        cancel.cancel();
    }
    Ok(Nothing {})
}

/// Takes leave of the CRM: whatever opened the account is forgotten here, and what signing in gave is given back to it
/// afterwards, so that nothing is given back that stays here. Everything read and every decision stays.
///
/// # Errors
/// When the keyring does not forget, or the CRM could not be told; in the latter case it is forgotten here all the same.
pub async fn disconnect(ws: Arc<Workspace>, _: Nothing) -> Answer<Nothing> {
    let vendor = ws.card.vendor.label();
    let run = move || -> Answer<(Option<Credential>, Answer<()>)> {
        let kept = ws.keeping().get().ok();
        ws.forget_credential()?;
        Ok((kept, ws.write(entry(&ws, "disconnect", &format!("Disconnected from {vendor}")), |_| Ok(()))))
    };
    let (kept, written) = tokio::task::spawn_blocking(run)
        .await
        .unwrap_or_else(|stopped| Err(ApiError::new(Code::Bug, "operation.stopped", stopped.to_string())))?;
    let given_back = match kept {
        Some(Credential::SignedIn(of)) => oauth::revoke(&of.app, of.refresh.as_ref().unwrap_or(&of.access)).await,
        Some(Credential::Token(_)) | None => Ok(()),
    };
    written?;
    match given_back {
        Ok(()) => Ok(Nothing {}),
        Err(why) => Err(ApiError::new(Code::Offline, "token.not_revoked", format!("{vendor} was not told ({why})"))
            .kept("The token is forgotten on this computer; everything read and every decision is kept")
            .next(format!("Take the app's access away in {vendor}'s settings"))),
    }
}

const UNCHANGED: &str = "Nothing was changed on this computer";

fn not_signed_in(error: SignInError) -> ApiError {
    let text = format!("You were not signed in: {error}");
    let (code, id, next) = match error {
        SignInError::Port(..) => {
            (Code::Invalid, "sign_in.port", "End the program that uses the port, or name another one")
        }
        SignInError::Given(_) => {
            (Code::Invalid, "sign_in.address", "Give the address where you sign in, and the app's client id")
        }
        SignInError::Denied(_) => {
            (Code::NotAuthorised, "sign_in.denied", "Sign in again and allow the access, or ask the CRM's admin")
        }
        SignInError::Foreign => {
            (Code::NotAuthorised, "sign_in.foreign", "Sign in again, from here, in a browser of your own")
        }
        SignInError::Late => (Code::NotAuthorised, "sign_in.late", "Sign in again when you have two minutes"),
        SignInError::Refused(_) => (
            Code::NotAuthorised,
            "sign_in.refused",
            "Check the client id, its secret and its callback address, and sign in again",
        ),
        SignInError::Unreachable(_) | SignInError::Garbled(_) => {
            (Code::Offline, "sign_in.unreachable", "Check the network and the address, and sign in again")
        }
        SignInError::Random(_) => (Code::Bug, "sign_in.random", "Start the computer again"),
    };
    ApiError::new(code, id, text).kept(UNCHANGED).next(next)
}
