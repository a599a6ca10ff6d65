//! Rate limits by the server's clock: a rolling ten seconds, a search counter of its own, a day.
//!
//! Callers rely on: a refused request counts for nothing, answers of the object API tell what is left, search answers do not,
//! and moving the clock forward frees the windows.

use std::collections::VecDeque;

use serde_json::json;

use crate::clock::Millis;
use crate::hubspot::answer::Answer;
use crate::random::Random;
use crate::rate::RatePlan;

#[derive(Debug, Default)]
pub(crate) struct Limits {
    plan: Option<RatePlan>,
    window: VecDeque<Millis>,
    searches: VecDeque<Millis>,
    day: i64,
    today: u32,
}

const WINDOW: Millis = 10_000;

fn trim(list: &mut VecDeque<Millis>, now: Millis, span: Millis) {
    while list.front().is_some_and(|t| *t <= now - span || *t > now) {
        list.pop_front();
    }
}

impl Limits {
    pub(crate) fn new(plan: Option<RatePlan>) -> Self {
        Limits { plan, ..Limits::default() }
    }

    /// Counts a request, or answers that it is too many. The headers tell what is left.
    pub(crate) fn take(
        &mut self,
        now: Millis,
        search: bool,
        oauth: bool,
        ids: &mut Random,
    ) -> Result<Vec<(&'static str, String)>, Answer> {
        let Some(plan) = &self.plan else { return Ok(Vec::new()) };
        if now.div_euclid(86_400_000) != self.day {
            (self.day, self.today) = (now.div_euclid(86_400_000), 0);
        }
        if self.today >= plan.daily {
            return Err(too_many("DAILY", None, ids));
        }
        let most = if oauth { plan.oauth_ten_seconds } else { plan.ten_seconds };
        let (list, span, most, policy) = if search {
            (&mut self.searches, 1000, plan.search_second, "SECONDLY")
        } else {
            (&mut self.window, WINDOW, most, "TEN_SECONDLY_ROLLING")
        };
        trim(list, now, span);
        if list.len() as u32 >= most {
            let free_in = list.front().map_or(span, |t| t + span - now);
            let wait = plan.retry_after.then(|| (free_in + 999).div_euclid(1000).max(1) as u32);
            return Err(too_many(policy, wait, ids));
        }
        list.push_back(now);
        self.today += 1;
        if search {
            return Ok(Vec::new());
        }
        Ok(vec![
            ("x-hubspot-ratelimit-daily", plan.daily.to_string()),
            ("x-hubspot-ratelimit-daily-remaining", (plan.daily - self.today).to_string()),
            ("x-hubspot-ratelimit-max", most.to_string()),
            ("x-hubspot-ratelimit-remaining", (most - self.window.len() as u32).to_string()),
            ("x-hubspot-ratelimit-interval-milliseconds", WINDOW.to_string()),
        ])
    }
}

/// The vendor's 429.
pub(crate) fn too_many(policy: &'static str, retry_after: Option<u32>, ids: &mut Random) -> Answer {
    let words = match policy {
        "SECONDLY" => "secondly",
        "DAILY" => "daily",
        _ => "ten_secondly_rolling",
    };
    let mut answer = Answer::json(
        429,
        &json!({"status": "error", "message": format!("You have reached your {words} limit."), "errorType": "RATE_LIMIT", "category": "RATE_LIMITS",
            "correlationId": ids.uuid(), "policyName": policy, "groupName": "publicapi:private-apps-api-calls-daily:4242"}),
    );
    answer.headers.extend(retry_after.map(|s| ("retry-after", s.to_string())));
    answer
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    fn plan() -> RatePlan {
        RatePlan { ten_seconds: 3, oauth_ten_seconds: 2, search_second: 1, daily: 10, retry_after: true }
    }

    #[test]
    fn the_window_rolls_and_searches_have_their_own_counter() {
        let mut l = Limits::new(Some(plan()));
        let mut r = Random::new(1);
        for t in [0, 100, 200] {
            assert!(l.take(t, false, false, &mut r).is_ok());
        }
        let refused = l.take(300, false, false, &mut r).unwrap_err();
        assert_eq!(refused.status, 429);
        assert!(String::from_utf8(refused.body).unwrap().contains("TEN_SECONDLY_ROLLING"));
        assert_eq!(refused.headers, vec![("retry-after", "10".to_owned())]);
        assert!(l.take(300, true, false, &mut r).unwrap().is_empty());
        assert!(l.take(400, true, false, &mut r).is_err());
        assert!(l.take(10_001, false, false, &mut r).is_ok());
    }

    #[test]
    fn the_day_is_limited_and_begins_anew() {
        let mut l = Limits::new(Some(RatePlan { ten_seconds: 100, ..plan() }));
        let mut r = Random::new(1);
        for t in 0..10 {
            assert!(l.take(t, false, false, &mut r).is_ok());
        }
        assert!(l.take(20, false, false, &mut r).is_err());
        assert!(l.take(86_400_001, false, false, &mut r).is_ok());
    }
}
