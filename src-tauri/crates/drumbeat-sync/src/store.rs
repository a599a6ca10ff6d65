//! The store from asynchronous code: every call runs on a thread that may block, and nothing of a
//! transaction is ever held across an `.await`. On a runtime of one thread there is nobody to make room
//! for: the work is done in place, between two points at which the caller may be stopped, and the order
//! of things is the same every time.

use drumbeat_store::{Store, StoreError};
use tokio::runtime::{Handle, RuntimeFlavor};

use crate::error::SyncError;

/// Runs blocking store work beside the runtime.
pub(crate) async fn on_store<T: Send + 'static>(
    store: &Store,
    work: impl FnOnce(&Store) -> Result<T, StoreError> + Send + 'static,
) -> Result<T, SyncError> {
    if Handle::current().runtime_flavor() == RuntimeFlavor::CurrentThread {
        tokio::task::yield_now().await;
        let answer = work(store);
        tokio::task::yield_now().await;
        return Ok(answer?);
    }
    let store = store.clone();
    match tokio::task::spawn_blocking(move || work(&store)).await {
        Ok(answer) => Ok(answer?),
        Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
        // The runtime is being taken down.
        Err(_) => Err(SyncError::Cancelled),
    }
}
