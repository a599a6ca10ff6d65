//! Why a sync ended early. What had been read and sent by then is kept. Facts only; the sentences for
//! people are made in the app.

use drumbeat_crm::error::CrmError;
use drumbeat_store::StoreError;

/// A sync that ended early.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    /// The CRM did not answer as needed.
    #[error(transparent)]
    Crm(#[from] CrmError),
    /// The workspace file could not be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Stopped by a person.
    #[error("stopped")]
    Cancelled,
    /// The token opens another account than the one that this workspace holds (I8).
    #[error("the token opens account {found}, the workspace belongs to account {expected}")]
    WrongAccount {
        /// The workspace's account.
        expected: String,
        /// The token's account.
        found: String,
    },
    /// Another process has become the sender of this workspace (I29).
    #[error("another process sends for this workspace now")]
    Replaced,
    /// The workspace has not been set up: there is no mapping yet.
    #[error("the workspace has no mapping yet")]
    NotSetUp,
}
