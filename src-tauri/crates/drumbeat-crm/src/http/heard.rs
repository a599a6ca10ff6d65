//! The server's clock, as its answers tell it.

use drumbeat_model::time::Instant;

/// What the server's clock said, each with when we heard it.
#[derive(Default)]
pub(super) struct Heard {
    believed: Option<(Instant, tokio::time::Instant)>,
    /// A time that does not go on from the one believed: one wrong header is no clock, two that agree are.
    doubted: Option<(Instant, tokio::time::Instant)>,
}

/// How far two answers' times may be apart, beyond the time between them.
const APART: chrono::TimeDelta = chrono::TimeDelta::seconds(60);

impl Heard {
    pub(super) fn take(&mut self, now: (Instant, tokio::time::Instant)) {
        let agrees = |known: Option<(Instant, tokio::time::Instant)>| {
            known.is_none_or(|known| later(known, now.1).is_some_and(|expected| (now.0 - expected).abs() <= APART))
        };
        if agrees(self.believed) || self.doubted.is_some() && agrees(self.doubted) {
            *self = Self { believed: Some(now), doubted: None };
        } else {
            self.doubted = Some(now);
        }
    }

    pub(super) fn at(&self, now: tokio::time::Instant) -> Option<Instant> {
        later(self.believed?, now)
    }
}

/// A server's time, so much later.
fn later((date, heard): (Instant, tokio::time::Instant), now: tokio::time::Instant) -> Option<Instant> {
    date.checked_add_signed(chrono::TimeDelta::from_std(now.saturating_duration_since(heard)).ok()?)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use std::time::Duration;

    use chrono::{TimeDelta, TimeZone, Utc};

    use super::*;

    #[test]
    fn one_wrong_date_is_not_believed_and_two_that_agree_are() {
        let began = tokio::time::Instant::now();
        let at = |second: i64| Utc.with_ymd_and_hms(2026, 11, 21, 9, 0, 0).unwrap() + TimeDelta::seconds(second);
        let after = |seconds: u64| began + Duration::from_secs(seconds);
        let mut heard = Heard::default();
        assert_eq!(heard.at(began), None);
        heard.take((at(0), began));
        assert_eq!(heard.at(after(5)), Some(at(5)), "it goes on between answers");
        heard.take((at(400_000_000), after(10)));
        assert_eq!(heard.at(after(10)), Some(at(10)), "a wrong header");
        heard.take((at(20), after(20)));
        assert_eq!(heard.at(after(20)), Some(at(20)));
        heard.take((at(7200), after(30)));
        heard.take((at(7201), after(31)));
        assert_eq!(heard.at(after(31)), Some(at(7201)), "the server's clock was set");
    }
}
