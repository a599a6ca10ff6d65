//! The store from asynchronous code: every call runs on a thread that may block, and nothing of a
//! transaction is ever held across an `.await`.

use drumbeat_store::{Store, StoreError};

use crate::error::SyncError;

/// Runs blocking store work beside the runtime.
pub(crate) async fn on_store<T: Send + 'static>(
    store: &Store,
    work: impl FnOnce(&Store) -> Result<T, StoreError> + Send + 'static,
) -> Result<T, SyncError> {
    let store = store.clone();
    match tokio::task::spawn_blocking(move || work(&store)).await {
        Ok(answer) => Ok(answer?),
        Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
        // The runtime is being taken down.
        Err(_) => Err(SyncError::Cancelled),
    }
}
