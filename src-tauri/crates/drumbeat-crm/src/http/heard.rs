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
/// How far behind an answer's time is without saying anything new: it is cut to the second, and it took a while to come.
/// Were it believed, what is over by one reading would not be by the next.
const CUT: chrono::TimeDelta = chrono::TimeDelta::seconds(2);

impl Heard {
    pub(super) fn take(&mut self, now: (Instant, tokio::time::Instant)) {
        let agrees = |known: Option<(Instant, tokio::time::Instant)>| {
            known.is_none_or(|known| later(known, now.1).is_some_and(|expected| (now.0 - expected).abs() <= APART))
        };
        if self.at(now.1).is_some_and(|expected| (chrono::TimeDelta::zero()..=CUT).contains(&(expected - now.0))) {
            self.doubted = None;
        } else if agrees(self.believed) || self.doubted.is_some() && agrees(self.doubted) {
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
        heard.take((at(7190), after(32)));
        assert_eq!(heard.at(after(32)), Some(at(7190)), "set back, by less than one doubts");
    }

    #[test]
    fn answers_within_one_second_never_turn_the_clock_back() {
        let began = tokio::time::Instant::now();
        let at = Utc.with_ymd_and_hms(2026, 11, 21, 9, 0, 4).unwrap();
        let mut heard = Heard::default();
        let mut last = None;
        // The server's second is 4 for as long as 1.9 s by a clock that hears of it late.
        for millis in (0..1_900).step_by(100) {
            let now = began + Duration::from_millis(millis);
            heard.take((at, now));
            assert!(heard.at(now) > last, "{millis}");
            last = heard.at(now);
        }
        let now = began + Duration::from_millis(1_900);
        heard.take((at + TimeDelta::seconds(3), now));
        assert_eq!(heard.at(now), Some(at + TimeDelta::seconds(3)), "a later time is believed");
    }
}
