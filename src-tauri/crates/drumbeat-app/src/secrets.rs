//! Where secrets are kept: the operating system's keyring, or this process's memory for the sample.
//!
//! The keyring may be missing, locked or refuse; each is told apart from "nothing stored", because
//! only the last may ever lead to a new secret (I21).

use std::collections::HashMap;
use std::sync::Mutex;

use drumbeat_model::secret::Secret;

/// Why the keyring did not answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// There is no keyring on this computer or in this session.
    #[error("there is no keyring: {0}")]
    Missing(String),
    /// The keyring is there, but locked, or it refused.
    #[error("the keyring is locked: {0}")]
    Locked(String),
    /// It answered something that is not ours.
    #[error("the keyring: {0}")]
    Other(String),
}

/// A place for secrets, by name.
pub trait Secrets: Send + Sync {
    /// The secret of this name; `None` when the place works and has none.
    ///
    /// # Errors
    /// When the place does not answer.
    fn get(&self, name: &str) -> Result<Option<Secret<Vec<u8>>>, SecretError>;
    /// Keeps a secret under this name, or forgets it.
    ///
    /// # Errors
    /// When the place does not answer.
    fn put(&self, name: &str, secret: Option<&Secret<Vec<u8>>>) -> Result<(), SecretError>;
    /// What to call the place, in settings.
    fn place(&self) -> &'static str;
}

/// Secrets that end with the process.
#[derive(Default)]
pub struct Memory(Mutex<HashMap<String, Secret<Vec<u8>>>>);

impl Secrets for Memory {
    fn get(&self, name: &str) -> Result<Option<Secret<Vec<u8>>>, SecretError> {
        Ok(self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).get(name).cloned())
    }

    fn put(&self, name: &str, secret: Option<&Secret<Vec<u8>>>) -> Result<(), SecretError> {
        let mut all = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        match secret {
            Some(secret) => all.insert(name.to_owned(), secret.clone()),
            None => all.remove(name),
        };
        Ok(())
    }

    fn place(&self) -> &'static str {
        "memory"
    }
}

/// The operating system's keyring.
pub struct Keyring;

#[cfg(target_os = "linux")]
mod system {
    use std::collections::HashMap;
    use std::sync::Arc;

    use drumbeat_model::secret::Secret;
    use keyring_core::api::CredentialStoreApi;
    use keyring_core::{Entry, Error};

    use super::{Keyring, SecretError, Secrets};

    const SERVICE: &str = "drumbeat";

    fn problem(error: Error) -> SecretError {
        match error {
            Error::NoStorageAccess(why) => SecretError::Locked(why.to_string()),
            Error::PlatformFailure(why) => SecretError::Missing(why.to_string()),
            other => SecretError::Other(other.to_string()),
        }
    }

    fn entry(name: &str) -> Result<Entry, SecretError> {
        let store: Arc<zbus_secret_service_keyring_store::Store> =
            zbus_secret_service_keyring_store::Store::new().map_err(problem)?;
        let none: HashMap<&str, &str> = HashMap::new();
        store.build(SERVICE, name, Some(&none)).map_err(problem)
    }

    impl Secrets for Keyring {
        fn get(&self, name: &str) -> Result<Option<Secret<Vec<u8>>>, SecretError> {
            match entry(name)?.get_secret() {
                Ok(bytes) => Ok(Some(Secret::new(bytes))),
                Err(Error::NoEntry) => Ok(None),
                Err(error) => Err(problem(error)),
            }
        }

        fn put(&self, name: &str, secret: Option<&Secret<Vec<u8>>>) -> Result<(), SecretError> {
            let entry = entry(name)?;
            let done = match secret {
                Some(secret) => entry.set_secret(secret.expose()),
                None => entry.delete_credential(),
            };
            match done {
                Ok(()) | Err(Error::NoEntry) => Ok(()),
                Err(error) => Err(problem(error)),
            }
        }

        fn place(&self) -> &'static str {
            "keyring"
        }
    }
}

// The stores of the other systems are one dependency each away; until they are built and tested
// there, a passphrase is the only way in on them.
#[cfg(not(target_os = "linux"))]
impl Secrets for Keyring {
    fn get(&self, _name: &str) -> Result<Option<Secret<Vec<u8>>>, SecretError> {
        Err(SecretError::Missing("not built for this system".to_owned()))
    }

    fn put(&self, _name: &str, _secret: Option<&Secret<Vec<u8>>>) -> Result<(), SecretError> {
        Err(SecretError::Missing("not built for this system".to_owned()))
    }

    fn place(&self) -> &'static str {
        "keyring"
    }
}
