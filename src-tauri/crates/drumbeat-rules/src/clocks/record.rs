//! The record of many clocks: how many were kept, with how much time left, and by how much the others were broken.

use drumbeat_model::verdict::{Clock, ClockState};

/// How clocks were kept. Seconds are of the time that each clock counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Kept {
    /// In time.
    pub met: u32,
    /// Too late, or not yet and over.
    pub breached: u32,
    /// Of those, still not done.
    pub over: u32,
    /// Began before the go-live day and count for nothing (S-12).
    pub baseline: u32,
    /// The middle of what was left when it was done, below zero for what was late; of those that are done.
    pub median_left: Option<i64>,
}

/// The record of clocks. Those that still have time are no part of it.
#[must_use]
pub fn kept<'c>(clocks: impl IntoIterator<Item = &'c Clock>) -> Kept {
    let (mut kept, mut left) = (Kept::default(), Vec::new());
    for clock in clocks {
        match clock.state {
            ClockState::Met => kept.met += 1,
            ClockState::Breached => kept.breached += 1,
            ClockState::Over => {
                kept.breached += 1;
                kept.over += 1;
            }
            ClockState::Baseline => kept.baseline += 1,
            ClockState::Running | ClockState::Paused => {}
        }
        if matches!(clock.state, ClockState::Met | ClockState::Breached) {
            left.extend(clock.left);
        }
    }
    left.sort_unstable();
    kept.median_left = match (left.len(), left.len() / 2) {
        (0, _) => None,
        (count, middle) if count % 2 == 1 => left.get(middle).copied(),
        (_, middle) => left.get(middle - 1).zip(left.get(middle)).map(|(low, high)| low + (high - low) / 2),
    };
    kept
}
