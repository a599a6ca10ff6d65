//! Stopping a sync: a flag that can be waited for.
//!
//! Reads are dropped when it is raised; a write that has left is always heard out, because its answer
//! is worth more than the second it takes.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::Notify;

/// A flag to stop by; clones share it.
#[derive(Debug, Clone, Default)]
pub struct Cancel(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    raised: AtomicBool,
    woken: Notify,
}

impl Cancel {
    /// Raises the flag; for good.
    pub fn cancel(&self) {
        self.0.raised.store(true, Ordering::Release);
        self.0.woken.notify_waiters();
    }

    /// Whether it is raised.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.0.raised.load(Ordering::Acquire)
    }

    /// Ends when it is raised.
    pub async fn wait(&self) {
        loop {
            let woken = self.0.woken.notified();
            if self.is_cancelled() {
                return;
            }
            woken.await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn waiting_ends_when_the_flag_is_raised_before_or_after() {
        let cancel = Cancel::default();
        let waiting = tokio::spawn({
            let cancel = cancel.clone();
            async move { cancel.wait().await }
        });
        cancel.cancel();
        assert!(waiting.await.is_ok());
        cancel.wait().await;
        assert!(cancel.is_cancelled());
    }
}
