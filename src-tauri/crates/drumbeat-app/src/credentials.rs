//! What opens the CRM for a workspace: a token that was pasted, or what signing in gave; and where it is kept.
//!
//! Kept in the keyring, or sealed under the workspace's key where there is none. Tokens that run out are renewed here
//! ([`Renewal`]): the new ones are kept before anybody uses them, because the CRM may take the old ones no longer.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use async_trait::async_trait;
use drumbeat_crm::Refresh;
use drumbeat_crm::crm::Crm;
use drumbeat_crm::error::CrmError;
use drumbeat_crm::oauth::{self, App, Grant, SignInError};
use drumbeat_model::crm::Vendor;
use drumbeat_model::ids::WorkspaceId;
use drumbeat_model::secret::Secret;
use drumbeat_store::{Key, StoreError};
use serde::{Deserialize, Serialize};

use crate::error::{Answer, ApiError, Code};
use crate::keyslots;
use crate::secrets::Secrets;
use crate::workspace::{Card, write_private};

/// What opens an account.
#[derive(Debug, Clone)]
pub enum Credential {
    /// A private app's token, or a service key.
    Token(Secret<String>),
    /// Tokens that signing in gave.
    SignedIn(SignedIn),
}

/// What signing in gave, and what more of it is had with.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// Which app, and where.
    pub app: App,
    /// What requests carry.
    pub access: Secret<String>,
    /// What another access token is had for.
    pub refresh: Option<Secret<String>>,
    /// Where the account is.
    pub instance: String,
}

/// As it is written. The text goes nowhere but into a secret.
#[derive(Serialize, Deserialize)]
struct Written {
    vendor: Vendor,
    login: String,
    client_id: String,
    client_secret: Option<String>,
    access: String,
    refresh: Option<String>,
    instance: String,
}

impl SignedIn {
    /// The same account with the tokens of a grant; what the grant leaves out stays.
    #[must_use]
    pub fn with(&self, grant: Grant) -> Self {
        Self {
            app: self.app.clone(),
            access: grant.access,
            refresh: grant.refresh.or_else(|| self.refresh.clone()),
            instance: grant.instance.unwrap_or_else(|| self.instance.clone()),
        }
    }
}

impl Credential {
    /// What requests carry.
    #[must_use]
    pub fn access(&self) -> &Secret<String> {
        match self {
            Self::Token(token) => token,
            Self::SignedIn(of) => &of.access,
        }
    }

    /// A credential as [`Credential::write`] has written it. A token is itself.
    #[must_use]
    fn read(text: &str) -> Self {
        let Ok(written) = serde_json::from_str::<Written>(text) else {
            return Self::Token(Secret::new(text.to_owned()));
        };
        let Written { vendor, login, client_id, client_secret, access, refresh, instance } = written;
        Self::SignedIn(SignedIn {
            app: App { vendor, login, client_id, client_secret: client_secret.map(Secret::new) },
            access: Secret::new(access),
            refresh: refresh.map(Secret::new),
            instance,
        })
    }

    fn write(&self) -> Result<Secret<Vec<u8>>, StoreError> {
        Ok(Secret::new(match self {
            Self::Token(token) => token.expose().clone().into_bytes(),
            Self::SignedIn(of) => serde_json::to_vec(&Written {
                vendor: of.app.vendor,
                login: of.app.login.clone(),
                client_id: of.app.client_id.clone(),
                client_secret: of.app.client_secret.as_ref().map(|secret| secret.expose().clone()),
                access: of.access.expose().clone(),
                refresh: of.refresh.as_ref().map(|refresh| refresh.expose().clone()),
                instance: of.instance.clone(),
            })?,
        }))
    }
}

/// Where a workspace's credential is kept.
#[derive(Clone)]
pub struct Keeping {
    name: String,
    file: PathBuf,
    key: Key,
    secrets: Arc<dyn Secrets>,
    /// The account's name, and its vendor's.
    whose: (String, Vendor),
}

impl Keeping {
    /// That of a workspace.
    #[must_use]
    pub fn of(id: &WorkspaceId, dir: &Path, card: &Card, key: &Key, secrets: &Arc<dyn Secrets>) -> Self {
        Self {
            name: format!("{id}/token"),
            file: dir.join("token.json"),
            key: key.clone(),
            secrets: Arc::clone(secrets),
            whose: (card.name.clone(), card.vendor),
        }
    }

    /// The credential.
    ///
    /// # Errors
    /// When there is none, or it cannot be had.
    pub fn get(&self) -> Answer<Credential> {
        let missing = || {
            let (name, vendor) = &self.whose;
            ApiError::new(Code::NotAuthorised, "token.missing", format!("The token for {name} is not in the keyring"))
                .kept("Everything read so far and every decision is kept")
                .next(format!("Connect {} again", vendor.label()))
        };
        let bytes = if self.file.exists() {
            let text = std::fs::read_to_string(&self.file).map_err(StoreError::from)?;
            let sealed: keyslots::Sealed = serde_json::from_str(&text).map_err(|_| missing())?;
            keyslots::unseal(&keyslots::subkey(&self.key, "token"), &sealed).map_err(|_| missing())?
        } else {
            self.secrets.get(&self.name)?.ok_or_else(missing)?
        };
        Ok(Credential::read(std::str::from_utf8(bytes.expose()).map_err(|_| missing())?))
    }

    /// Keeps a credential: in the keyring, or sealed under the workspace's key where there is none.
    ///
    /// # Errors
    /// When neither works.
    pub fn put(&self, credential: &Credential) -> Answer<()> {
        let bytes = credential.write()?;
        if self.secrets.put(&self.name, Some(&bytes)).is_ok() {
            return self.unseal();
        }
        let sealed = keyslots::seal(&keyslots::subkey(&self.key, "token"), bytes.expose())?;
        write_private(&self.file, &serde_json::to_vec(&sealed).map_err(StoreError::from)?)
    }

    /// Forgets the credential. Where it is sealed in a file the keyring has not taken it: that it does not answer is
    /// nothing to wait for.
    ///
    /// # Errors
    /// When the credential is in the keyring and the keyring does not answer, or the file cannot be removed.
    pub fn forget(&self) -> Answer<()> {
        match self.secrets.put(&self.name, None) {
            Err(error) if !self.file.exists() => Err(error.into()),
            _ => self.unseal(),
        }
    }

    fn unseal(&self) -> Answer<()> {
        match std::fs::remove_file(&self.file) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(StoreError::from(error).into()),
            _ => Ok(()),
        }
    }
}

/// The client of an open workspace, made on first use.
pub type Client = Mutex<Option<Arc<dyn Crm>>>;

/// Renews tokens that have run out, for one workspace.
pub struct Renewal {
    keeping: Keeping,
    client: Weak<Client>,
}

impl Renewal {
    /// For the client of a workspace.
    #[must_use]
    pub fn new(keeping: Keeping, client: &Arc<Client>) -> Self {
        Self { keeping, client: Arc::downgrade(client) }
    }

    async fn kept(&self) -> Result<SignedIn, CrmError> {
        let keeping = self.keeping.clone();
        // The keyring answers when it likes.
        match tokio::task::spawn_blocking(move || keeping.get()).await {
            Ok(Ok(Credential::SignedIn(kept))) => Ok(kept),
            Ok(Ok(Credential::Token(_))) => Err(CrmError::NotAuthorised("another token is used by now".to_owned())),
            Ok(Err(error)) => Err(CrmError::NotAuthorised(error.message)),
            Err(_) => Err(CrmError::NotAuthorised("the keyring did not answer".to_owned())),
        }
    }

    async fn keep(&self, signed_in: SignedIn) -> Result<(), CrmError> {
        let keeping = self.keeping.clone();
        match tokio::task::spawn_blocking(move || keeping.put(&Credential::SignedIn(signed_in))).await {
            Ok(Ok(())) => Ok(()),
            _ => Err(CrmError::NotAuthorised("a new token cannot be kept on this computer".to_owned())),
        }
    }
}

#[async_trait]
impl Refresh for Renewal {
    async fn fresh(&self, stale: &Secret<String>) -> Result<Secret<String>, CrmError> {
        let kept = self.kept().await?;
        // Another process of this workspace has renewed it.
        if kept.access.expose() != stale.expose() {
            return Ok(kept.access);
        }
        let Some(refresh) = kept.refresh.clone() else {
            return Err(CrmError::NotAuthorised("it has run out: sign in again".to_owned()));
        };
        // Where nothing can be kept, nothing is asked for: the old token would be lost with the new one.
        self.keep(kept.clone()).await?;
        let renewed = match oauth::renew(&kept.app, &refresh).await {
            Ok(grant) => kept.with(grant),
            Err(error) => {
                let now = self.kept().await?;
                return if now.access.expose() == stale.expose() { Err(unrenewed(error)) } else { Ok(now.access) };
            }
        };
        self.keep(renewed.clone()).await?;
        if renewed.instance != kept.instance {
            if let Some(client) = self.client.upgrade() {
                *client.lock().unwrap_or_else(PoisonError::into_inner) = None;
            }
            return Err(CrmError::Unreachable(
                "the account has moved to another address, which is known now".to_owned(),
            ));
        }
        Ok(renewed.access)
    }
}

fn unrenewed(error: SignInError) -> CrmError {
    match error {
        SignInError::Unreachable(why) => CrmError::Unreachable(why),
        SignInError::Garbled(why) => CrmError::Garbled(why),
        error => CrmError::NotAuthorised(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_pasted_token_is_kept_as_it_is_and_what_signing_in_gave_comes_back_whole() {
        let token = Credential::Token(Secret::new("pat-na1-1".to_owned()));
        let text = String::from_utf8(token.write().unwrap().expose().clone()).unwrap();
        assert_eq!(text, "pat-na1-1");
        assert!(matches!(Credential::read(&text), Credential::Token(token) if token.expose() == "pat-na1-1"));

        let app = App {
            vendor: Vendor::Salesforce,
            login: "https://login.salesforce.com".to_owned(),
            client_id: "3MVG9".to_owned(),
            client_secret: None,
        };
        let signed_in = SignedIn {
            app,
            access: Secret::new("00D!a".to_owned()),
            refresh: Some(Secret::new("5Aep".to_owned())),
            instance: "https://acme.my.salesforce.com".to_owned(),
        };
        let grant = Grant { access: Secret::new("00D!b".to_owned()), refresh: None, instance: None };
        let renewed = Credential::SignedIn(signed_in.with(grant));
        let text = String::from_utf8(renewed.write().unwrap().expose().clone()).unwrap();
        let Credential::SignedIn(read) = Credential::read(&text) else { panic!("it was signed in") };
        assert_eq!(read.access.expose(), "00D!b");
        assert_eq!(read.refresh.unwrap().expose(), "5Aep");
        assert_eq!((read.instance.as_str(), read.app.client_id.as_str()), ("https://acme.my.salesforce.com", "3MVG9"));
    }
}
