//! How anything that fails is told to a person: what happened, what was kept, what to do next.
//!
//! The one place where facts become sentences. `code` is closed and small; the window chooses a
//! notice, an inline message or a dialog by it and the command line its exit code. Nobody matches on
//! text.

use drumbeat_crm::error::CrmError;
use drumbeat_store::StoreError;
use drumbeat_sync::error::SyncError;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::keyslots::KeyError;
use crate::secrets::SecretError;

/// What kind of failure, for deciding how it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// The thing asked for is not here.
    NotFound,
    /// The request does not make sense as given.
    Invalid,
    /// A person must settle something first.
    NeedsAttention,
    /// The CRM cannot be reached.
    Offline,
    /// The CRM said no.
    CrmRefused,
    /// The token is not accepted or lacks a right.
    NotAuthorised,
    /// The workspace is locked, or its key cannot be had.
    Locked,
    /// The workspace was written by a newer version.
    TooNew,
    /// The store is damaged.
    Damaged,
    /// The person cancelled.
    Cancelled,
    /// Our fault.
    Bug,
}

/// A failure as told to a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, thiserror::Error)]
#[error("{message}")]
pub struct ApiError {
    /// Kind.
    pub code: Code,
    /// Stable id, e.g. `crm.unreachable` (I30).
    pub id: String,
    /// What happened.
    pub message: String,
    /// What was kept.
    pub kept: Option<String>,
    /// What to do next.
    pub next: Option<String>,
}

/// What every use case answers.
pub type Answer<T> = Result<T, ApiError>;

impl ApiError {
    /// A failure of this kind, said in one sentence.
    pub fn new(code: Code, id: &str, message: impl Into<String>) -> Self {
        Self { code, id: id.to_owned(), message: message.into(), kept: None, next: None }
    }

    /// Adds what was kept.
    #[must_use]
    pub fn kept(mut self, kept: impl Into<String>) -> Self {
        self.kept = Some(kept.into());
        self
    }

    /// Adds what to do next.
    #[must_use]
    pub fn next(mut self, next: impl Into<String>) -> Self {
        self.next = Some(next.into());
        self
    }

    /// The request does not make sense as given.
    pub fn invalid(id: &str, message: impl Into<String>) -> Self {
        Self::new(Code::Invalid, id, message)
    }

    /// Nothing is open.
    #[must_use]
    pub fn no_workspace() -> Self {
        Self::new(Code::NotFound, "workspace.none", "No workspace is open")
            .next("Open one, connect a CRM or explore the sample")
    }

    /// The thing asked for is not here.
    #[must_use]
    pub fn not_found(what: &str, id: &str) -> Self {
        Self::new(Code::NotFound, "record.missing", format!("There is no {what} {id} in this workspace"))
            .next("It may have been deleted or merged in the CRM; sync and look again")
    }
}

const KEPT: &str = "Everything read so far and every decision is kept on this device";

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Missing => Self::new(Code::NotFound, "store.missing", "The workspace's file is not there").next("Connect the CRM again to make a new one, or restore a backup"),
            StoreError::Exists => Self::new(Code::Invalid, "store.exists", "There is a file of that name already").kept("It was left as it is").next("Choose another name"),
            StoreError::WrongKey => Self::new(Code::Locked, "store.key", "The key does not open this workspace").kept("The file was left as it is").next("Unlock the keyring or give the passphrase, and try again"),
            StoreError::TooNew { found, known } => Self::new(Code::TooNew, "store.too_new", format!("This workspace was written by a newer version of Drumbeat (format {found}, this version knows {known})"))
                .kept("The file was left as it is")
                .next("Update Drumbeat"),
            StoreError::Damaged(why) => Self::new(Code::Damaged, "store.damaged", format!("The workspace's file is damaged ({why})"))
                .kept("The file was left as it is; nothing was deleted")
                .next("Run `drumbeat doctor --repair`: everything that can be read goes into a new file, and this one is kept"),
            StoreError::Full => Self::new(Code::NeedsAttention, "disk.full", "The disk is full").kept("What was saved before is kept; this change was not").next("Free some space and try again"),
            StoreError::NotWritten(why) => Self::new(Code::NeedsAttention, "disk.not_written", format!("The disk is full, over its quota or failing: it did not take what was written ({why})"))
                .kept("What was saved before is kept; this change was not")
                .next("Free some space and try again; if it happens again, check the disk"),
            StoreError::NotRead(why) => Self::new(Code::NeedsAttention, "disk.not_read", format!("The disk is failing or gone: it did not give back what is in the workspace's file ({why})"))
                .kept("Nothing was changed")
                .next("Check the disk and try again; if it happens again, `drumbeat doctor --repair` saves what can be read"),
            StoreError::NoMemory => Self::new(Code::NeedsAttention, "memory.full", "There is not enough memory").kept("Nothing was changed").next("Close other programs and try again"),
            StoreError::Busy => Self::new(Code::NeedsAttention, "store.busy", "Another program is holding the workspace's file").kept("Nothing was changed").next("Try again in a moment"),
            StoreError::ReadOnly => Self::new(Code::NeedsAttention, "store.read_only", "The workspace's folder cannot be written").kept("Nothing was changed").next("Check the folder's permissions, and that its disk has room"),
            StoreError::BadRow { table, id, why } => Self::new(Code::Damaged, "store.row", format!("A row of {table} cannot be read ({id}: {why})")).kept("Nothing was changed").next("Run `drumbeat doctor`"),
            StoreError::NotFound { what, id } => Self::not_found(what, &id),
            StoreError::NotPossible(why) => Self::new(Code::Invalid, "not.possible", sentence(&why)).kept("Nothing was changed"),
            StoreError::Sqlite(why) | StoreError::Io(why) => Self::new(Code::Bug, "store.failed", format!("The workspace's file did not answer as it should ({why})")).kept("Nothing was changed").next("Run `drumbeat doctor`"),
        }
    }
}

impl From<CrmError> for ApiError {
    fn from(error: CrmError) -> Self {
        match error {
            CrmError::Unreachable(why) => {
                Self::new(Code::Offline, "crm.unreachable", format!("The CRM cannot be reached ({why})"))
                    .kept(KEPT)
                    .next("Go on working; sync again when you are online")
            }
            CrmError::NotAuthorised(why) => {
                Self::new(Code::NotAuthorised, "crm.token", format!("The CRM does not accept the token ({why})"))
                    .kept(KEPT)
                    .next("Connect again with a valid token")
            }
            CrmError::Forbidden(why) => {
                Self::new(Code::NotAuthorised, "crm.scope", format!("The token may not do this ({why})"))
                    .kept(KEPT)
                    .next("Give the token the missing right in the CRM")
            }
            CrmError::NotFound(why) => {
                Self::new(Code::NotFound, "crm.missing", format!("The CRM has no such thing ({why})"))
                    .kept(KEPT)
                    .next("Sync and look again")
            }
            CrmError::RateLimited(wait) => {
                Self::new(Code::Offline, "crm.limit", format!("The CRM keeps asking to wait ({wait} s)"))
                    .kept(KEPT)
                    .next("Try again later; what was read is not read again")
            }
            CrmError::Refused(why) => Self::new(Code::CrmRefused, "crm.refused", format!("The CRM refused: {why}"))
                .kept(KEPT)
                .next("Change what it asks for, or ask the CRM's admin"),
            CrmError::Garbled(why) => {
                Self::new(Code::Offline, "crm.garbled", format!("Something answered that is not the CRM ({why})"))
                    .kept(KEPT)
                    .next("Check the network (a sign-in page of the Wi-Fi?) and the address")
            }
            CrmError::TooLarge(why) => Self::new(
                Code::CrmRefused,
                "crm.too_large",
                format!("The CRM's answer is larger than it may be ({why})"),
            )
            .kept(KEPT)
            .next("Report this with `drumbeat doctor`"),
        }
    }
}

impl From<SyncError> for ApiError {
    fn from(error: SyncError) -> Self {
        match error {
            SyncError::Crm(error) => error.into(),
            SyncError::Store(error) => error.into(),
            SyncError::Cancelled => Self::new(Code::Cancelled, "sync.cancelled", "The sync was cancelled")
                .kept("The pages read so far are kept")
                .next("Sync again; it goes on where it stopped"),
            SyncError::Replaced => Self::new(
                Code::NeedsAttention,
                "sender.replaced",
                "Another Drumbeat on this computer sends for this workspace now",
            )
            .kept("Every decision is kept and goes out with that sync")
            .next("Wait until it has ended"),
            SyncError::NotSetUp => {
                Self::new(Code::Invalid, "mapping.none", "This workspace has not been set up: no field is mapped yet")
                    .kept(KEPT)
                    .next("Connect the CRM again, or review the mapping in Settings")
            }
            other @ SyncError::WrongAccount { .. } => {
                Self::new(Code::NeedsAttention, "sync.account", sentence(&other.to_string()))
                    .kept("Nothing was sent; every decision is kept here")
                    .next("Connect the account that the workspace belongs to")
            }
        }
    }
}

impl From<SecretError> for ApiError {
    fn from(error: SecretError) -> Self {
        match error {
            SecretError::Missing(why) => {
                Self::new(Code::Locked, "keyring.missing", format!("There is no keyring in this session ({why})"))
                    .kept("The workspace is kept as it is")
                    .next("Start the keyring, or use a passphrase")
            }
            SecretError::Locked(why) => {
                Self::new(Code::Locked, "keyring.locked", format!("The keyring is locked ({why})"))
                    .kept("The workspace is kept as it is")
                    .next("Unlock the keyring and try again, or use a passphrase")
            }
            SecretError::Other(why) => {
                Self::new(Code::Locked, "keyring.failed", format!("The keyring did not answer as it should ({why})"))
                    .kept("The workspace is kept as it is")
                    .next("Unlock the keyring and try again, or use a passphrase")
            }
        }
    }
}

impl From<KeyError> for ApiError {
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::Wrong => Self::new(Code::Locked, "key.wrong", "That is not the key of this workspace")
                .kept("The workspace is kept as it is")
                .next("Try the passphrase again"),
            KeyError::Damaged => {
                Self::new(Code::Damaged, "key.damaged", "The file that says how to get at the key is damaged")
                    .kept("The workspace is kept as it is")
                    .next("Restore keyslots.json from a backup")
            }
            KeyError::NoRandom(why) => {
                Self::new(Code::Bug, "key.random", format!("The system gave no random bytes ({why})"))
                    .kept("Nothing was created")
            }
        }
    }
}

impl From<serde_json::Error> for ApiError {
    fn from(error: serde_json::Error) -> Self {
        Self::invalid("request.malformed", format!("The request cannot be read ({error})"))
    }
}

/// A sentence from a fact: first letter large.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
