//! The one clock of the program. Everything below takes `now` as an argument.

use std::sync::Arc;

use drumbeat_model::time::{Day, Instant};

/// Where "now" comes from.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Instant + Send + Sync>);

impl Clock {
    /// The computer's clock.
    #[must_use]
    pub fn system() -> Self {
        #[allow(clippy::disallowed_methods, reason = "the one place that reads the computer's clock")]
        Self(Arc::new(chrono::Utc::now))
    }

    /// A clock that stands still: for replays and reproducible packs.
    #[must_use]
    pub fn fixed(at: Instant) -> Self {
        Self(Arc::new(move || at))
    }

    /// A clock that somebody else turns: for simulations.
    #[must_use]
    pub fn of(now: Arc<dyn Fn() -> Instant + Send + Sync>) -> Self {
        Self(now)
    }

    /// Now.
    #[must_use]
    pub fn now(&self) -> Instant {
        (self.0)()
    }

    /// Today, in UTC.
    #[must_use]
    pub fn today(&self) -> Day {
        self.now().date_naive()
    }
}

impl std::fmt::Debug for Clock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Clock({})", self.now())
    }
}
