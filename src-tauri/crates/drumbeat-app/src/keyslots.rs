//! The ways into a workspace file: its key in the keyring, or wrapped under a passphrase.
//!
//! The key itself is random and never on disk in clear. `keyslots.json` beside the store says which
//! ways there are and holds a check value, so that a wrong key, a missing key and a damaged store are
//! told apart. Without a keyring a passphrase is mandatory; there is no plain fallback.

use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::aead::{Aead, KeyInit};
use chacha20poly1305::{ChaCha20Poly1305, Key as CipherKey, Nonce};
use drumbeat_model::secret::Secret;
use drumbeat_store::Key;
use serde::{Deserialize, Serialize};

/// Name of the file beside the store.
pub const FILE: &str = "keyslots.json";

/// The ways in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Keyslots {
    /// Format of this file.
    pub format: u32,
    /// The key is in the keyring under this name.
    pub keyring: Option<String>,
    /// The key, wrapped under a passphrase.
    pub passphrase: Option<Wrapped>,
    /// Proves that a key is the right one: sealed under it.
    pub check: Sealed,
}

/// The key under a passphrase (Argon2id).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wrapped {
    /// Memory in KiB.
    pub memory: u32,
    /// Passes.
    pub passes: u32,
    /// Salt, hex.
    pub salt: String,
    /// The key.
    pub key: Sealed,
}

/// Bytes under ChaCha20-Poly1305.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    /// Nonce, hex.
    pub nonce: String,
    /// Ciphertext with its tag, hex.
    pub text: String,
}

/// Why a key cannot be had.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The passphrase or the key is not the right one.
    #[error("not the right key")]
    Wrong,
    /// The file of key slots cannot be read.
    #[error("the key slots are damaged")]
    Damaged,
    /// The system gave no random bytes.
    #[error("no random bytes: {0}")]
    NoRandom(String),
}

const CHECK: &[u8] = b"drumbeat workspace key";
/// OWASP's second profile costs 19 MiB; the product's own is 256 MiB and three passes.
const MEMORY: u32 = 256 * 1024;
const PASSES: u32 = 3;

/// Fresh random bytes.
///
/// # Errors
/// When the system has none.
pub fn random<const N: usize>() -> Result<[u8; N], KeyError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| KeyError::NoRandom(error.to_string()))?;
    Ok(bytes)
}

/// A fresh key.
///
/// # Errors
/// When the system has no random bytes.
pub fn new_key() -> Result<Key, KeyError> {
    Ok(Key::new(random()?))
}

fn hex(bytes: &[u8]) -> String {
    drumbeat_store::audit::hex(bytes)
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.is_ascii() {
        return None;
    }
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok()).collect()
}

/// Seals bytes under a 32-byte key.
///
/// # Errors
/// When the system has no random bytes.
pub fn seal(key: &[u8; 32], plain: &[u8]) -> Result<Sealed, KeyError> {
    let nonce: [u8; 12] = random()?;
    let cipher = ChaCha20Poly1305::new(&CipherKey::from(*key));
    let text = cipher.encrypt(&Nonce::from(nonce), plain).map_err(|_| KeyError::Damaged)?;
    Ok(Sealed { nonce: hex(&nonce), text: hex(&text) })
}

/// Opens sealed bytes.
///
/// # Errors
/// [`KeyError::Wrong`] when the key is another or a byte was changed.
pub fn unseal(key: &[u8; 32], sealed: &Sealed) -> Result<Secret<Vec<u8>>, KeyError> {
    let nonce: [u8; 12] = unhex(&sealed.nonce).and_then(|bytes| bytes.try_into().ok()).ok_or(KeyError::Damaged)?;
    let text = unhex(&sealed.text).ok_or(KeyError::Damaged)?;
    let cipher = ChaCha20Poly1305::new(&CipherKey::from(*key));
    cipher.decrypt(&Nonce::from(nonce), text.as_slice()).map(Secret::new).map_err(|_| KeyError::Wrong)
}

/// A key for another purpose, made from the workspace's key.
#[must_use]
pub fn subkey(key: &Key, purpose: &str) -> [u8; 32] {
    key.subkey(purpose)
}

fn derive(passphrase: &str, salt: &[u8], memory: u32, passes: u32) -> Result<Secret<[u8; 32]>, KeyError> {
    // Bounds keep a changed file from taking the computer's memory.
    if !(8 * 1024..=4 * 1024 * 1024).contains(&memory) || !(1..=20).contains(&passes) {
        return Err(KeyError::Damaged);
    }
    let params = Params::new(memory, passes, 1, Some(32)).map_err(|_| KeyError::Damaged)?;
    let mut out = [0; 32];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(passphrase.as_bytes(), salt, &mut out)
        .map_err(|_| KeyError::Damaged)?;
    Ok(Secret::new(out))
}

impl Keyslots {
    /// Slots for a new key.
    ///
    /// # Errors
    /// When the system has no random bytes.
    pub fn new(key: &Key, keyring: Option<String>, passphrase: Option<&str>) -> Result<Self, KeyError> {
        let passphrase = match passphrase {
            None => None,
            Some(passphrase) => {
                let salt: [u8; 16] = random()?;
                let wrapping = derive(passphrase, &salt, MEMORY, PASSES)?;
                Some(Wrapped {
                    memory: MEMORY,
                    passes: PASSES,
                    salt: hex(&salt),
                    key: seal(wrapping.expose(), key.expose())?,
                })
            }
        };
        Ok(Self { format: 1, keyring, passphrase, check: seal(&subkey(key, "check"), CHECK)? })
    }

    /// Whether this is the workspace's key.
    #[must_use]
    pub fn fits(&self, key: &Key) -> bool {
        unseal(&subkey(key, "check"), &self.check).is_ok_and(|plain| plain.expose() == CHECK)
    }

    /// The key, from bytes that the keyring gave.
    ///
    /// # Errors
    /// [`KeyError::Wrong`] when they are not the key.
    pub fn from_keyring(&self, bytes: &Secret<Vec<u8>>) -> Result<Key, KeyError> {
        let bytes: [u8; 32] = bytes.expose().as_slice().try_into().map_err(|_| KeyError::Wrong)?;
        let key = Key::new(bytes);
        if self.fits(&key) { Ok(key) } else { Err(KeyError::Wrong) }
    }

    /// The key, from a passphrase.
    ///
    /// # Errors
    /// [`KeyError::Wrong`] when there is no such slot or the passphrase is another.
    pub fn from_passphrase(&self, passphrase: &str) -> Result<Key, KeyError> {
        let slot = self.passphrase.as_ref().ok_or(KeyError::Wrong)?;
        let salt = unhex(&slot.salt).ok_or(KeyError::Damaged)?;
        let wrapping = derive(passphrase, &salt, slot.memory, slot.passes)?;
        let bytes = unseal(wrapping.expose(), &slot.key)?;
        self.from_keyring(&bytes)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_passphrase_opens_its_slot_and_no_other_does() {
        let key = new_key().unwrap();
        let slots = Keyslots::new(&key, None, Some("correct horse")).unwrap();
        assert_eq!(slots.from_passphrase("correct horse").unwrap().expose(), key.expose());
        assert!(matches!(slots.from_passphrase("wrong horse"), Err(KeyError::Wrong)));
        assert!(!serde_json::to_string(&slots).unwrap().contains(&hex(key.expose())));
    }

    #[test]
    fn another_key_does_not_fit_and_a_changed_byte_is_noticed() {
        let (key, other) = (new_key().unwrap(), new_key().unwrap());
        let mut slots = Keyslots::new(&key, Some("x".into()), None).unwrap();
        assert!(slots.fits(&key) && !slots.fits(&other));
        slots.check.text.replace_range(0..1, if slots.check.text.starts_with('0') { "1" } else { "0" });
        assert!(!slots.fits(&key));
    }
}
