//! How fast the window answers a key, as an eye measures it: from the key to the end of the frame that has the answer.
//!
//! The page measures itself, with its own clock (whole milliseconds in WebKit) and its own frames, so that neither the driver's
//! messages nor our looking count. What counts is the last key of those that are pressed.

use crate::driver::Window;
use serde_json::{Value, json};

/// Which row of a list is open.
pub const OPEN_ROW: &str = "document.querySelector('[role=row][aria-selected=true]')?.dataset.key";

/// Which row is open, once what is beside the list is about it too.
pub const OPEN_RECORD: &str = "[...document.querySelectorAll('[role=row][aria-selected=true]')]\
    .find((row) => [...document.querySelectorAll('h2')].some((title) => title.textContent === row.getAttribute('aria-label')))\
    ?.dataset.key";

/// Milliseconds from a key.
#[derive(Debug, Clone, Copy)]
pub struct Answered {
    /// To the answer being in the page: what the window itself takes of a frame.
    pub drawn: f64,
    /// To the end of the frame that shows it.
    pub painted: f64,
}

/// The milliseconds from the last of these keys to the painted frame in which `look` has come to another value: an
/// expression of the page, `undefined` while it cannot be told.
pub async fn painted(window: &Window, keys: &str, look: &str) -> f64 {
    answered(window, keys, look).await.painted
}

/// The same, and when the page had done its part of it.
pub async fn answered(window: &Window, keys: &str, look: &str) -> Answered {
    let arm = format!("const look = () => ({look});\n{}", include_str!("frames.js"));
    window.run(&arm, vec![]).await;
    window.press(keys).await;
    let took = "const { key, drawn, painted } = window.drumbeatSeen; \
                return painted === null ? null : [(drawn ?? painted) - key, painted - key]";
    window.until(&format!("what {keys} does"), || async { !window.run(took, vec![]).await.is_null() }).await;
    let took = window.run(took, vec![]).await;
    let at = |place: usize| took[place].as_f64().expect("milliseconds");
    Answered { drawn: at(0), painted: at(1) }
}

/// Many times of one thing, in milliseconds.
#[derive(Default)]
pub struct Times(Vec<f64>);

impl Times {
    /// One more.
    pub fn add(&mut self, milliseconds: f64) {
        self.0.push(milliseconds);
    }

    /// The time that this share of them (0 to 1) does not exceed.
    pub fn within(&self, share: f64) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        let last = sorted.len().checked_sub(1).expect("something was timed");
        sorted[(share * last as f64).round() as usize]
    }

    /// As a report has it.
    pub fn told(&self) -> Value {
        json!({ "times": self.0.len(), "p50_ms": self.within(0.5), "p95_ms": self.within(0.95), "worst_ms": self.within(1.0) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_spread_of_times_is_by_rank() {
        let mut times = Times::default();
        (0..=100).rev().for_each(|time| times.add(f64::from(time)));
        assert_eq!((times.within(0.5), times.within(0.95), times.within(1.0)), (50.0, 95.0, 100.0));
    }
}
