//! The server's clock: starts where it is told and advances with real time.
//!
//! A data set of 2017 is only alive if the CRM believes it is 2017, so every stamp, token expiry, rate window and `Date` header
//! is taken from here. Callers rely on: it never goes back by itself; a test may move it forward.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Instant;

use chrono::{DateTime, Utc};

/// Milliseconds since 1970, as every stamp in the sandbox is kept.
pub(crate) type Millis = i64;

#[derive(Debug)]
pub(crate) struct Clock {
    start: Instant,
    base: AtomicI64,
}

impl Clock {
    pub(crate) fn new(start: Millis) -> Self {
        Clock { start: Instant::now(), base: AtomicI64::new(start) }
    }

    pub(crate) fn now(&self) -> Millis {
        self.base.load(Ordering::Relaxed) + self.start.elapsed().as_millis() as i64
    }

    /// Moves the clock so that it reads `at` now.
    pub(crate) fn set(&self, at: Millis) {
        self.base.store(at - self.start.elapsed().as_millis() as i64, Ordering::Relaxed);
    }
}

/// The wall clock, read once at the start of a sandbox that was not told the time.
// The sandbox plays a server on the internet; a server has its own clock.
#[allow(clippy::disallowed_methods)]
pub(crate) fn wall() -> Millis {
    Utc::now().timestamp_millis()
}

pub(crate) fn date_time(at: Millis) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(at).unwrap_or_default()
}
