//! What open business is likely to bring by a day (P-01 to P-03, B7): learnt from the program's own past, readable,
//! held against that past before anybody is asked to trust it.
//!
//! The one hard idea: a deal's chance is a product that a person can multiply out. The rate at which all open deals win
//! by then, times its age, times its place in the quarter, times how the model's own earlier forecasts came out, times
//! its motion, its stage and the stages that it will come to, its time in that stage, its age at it; each factor learnt
//! from what had been seen by then and drawn towards 1 as far as it was seen seldom. `table` has rates of winning, losing
//! and going on a day by age, month of the quarter, motion and stage, `ahead` walks them to the day asked for, `record`
//! holds earlier forecasts against what came of them, `learn` puts the three together, `chance` opens one deal's
//! probability, `total` makes a distribution of many, `backtest` plays the past again.
//!
//! Callers rely on: nothing after the day that is learnt on changes anything, and the same facts give the same bits.
//! It does not know fiscal calendars, and it does not learn amounts: those it is told.

mod ahead;
mod backtest;
mod chance;
mod learn;
mod record;
mod table;
#[cfg(test)]
mod tests;
mod total;

use chrono::Datelike;
use drumbeat_model::deal::Motion;
use drumbeat_model::time::Day;

pub use backtest::{Origin, origins, played, summed};
pub use chance::{Chance, Forecaster};
pub use learn::{HORIZONS, Learnt, learn};
pub use total::{Spread, Stake, Total, spread};

/// What is known of one deal, open or closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Past {
    /// The day on which it came to be.
    pub created: Day,
    /// The day on which it was closed, and whether it was won.
    pub closed: Option<(Day, bool)>,
    /// Its motion; absent for direct deals and for those whose motion nobody wrote down.
    pub motion: Option<Motion>,
    /// It had its motion from the first day on, because its pipeline has it; else it counts since changes are seen, as it
    /// may have been written down when the outcome was known.
    pub born_with: bool,
    /// Since when it stood at which place of its way (1 to 5), in order, as far as that was seen.
    pub path: Vec<(Day, u8)>,
}

/// The program's past.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct History {
    /// Every deal.
    pub deals: Vec<Past>,
    /// Since when changes of stages are seen; where a deal stood before that day is not used.
    pub watched_from: Option<Day>,
    /// The chance of winning, 0 to 1, that the CRM gives to each place of the way; the first is their mean over the
    /// open deals, for those whose place is not known.
    pub crm: [f64; STAGES],
}

/// An open deal as it is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The day on which it came to be.
    pub created: Day,
    /// Its motion.
    pub motion: Option<Motion>,
    /// Where it stands (1 to 5) and since when, as far as known.
    pub stage: Option<(u8, Day)>,
}

impl Past {
    /// How it stood at the end of a day, or nothing where it was not open then.
    fn standing(&self, on: Day, watched_from: Option<Day>) -> Option<Standing> {
        if self.created > on || self.closed.is_some_and(|(day, _)| day <= on) {
            return None;
        }
        Some(Standing { created: self.created, motion: self.motion, stage: self.stage_on(on, watched_from) })
    }

    /// Where it stood at the end of a day and since when, as it was known then.
    fn stage_on(&self, on: Day, watched_from: Option<Day>) -> Option<(u8, Day)> {
        let seen = watched_from.is_some_and(|from| from <= on);
        let stage = if seen { self.path.iter().rev().find(|(since, _)| *since <= on) } else { None };
        stage.map(|(since, at)| (*at, *since))
    }

    /// Its motion's number as it was known on a day.
    fn motion_on(&self, on: Day, watched_from: Option<Day>) -> usize {
        let known = self.born_with || watched_from.is_some_and(|from| from <= on);
        if known { motion_number(self.motion) } else { UNKNOWN_MOTION }
    }

    /// Whether it was won after a day and on or before another.
    fn won_within(&self, after: Day, by: Day) -> bool {
        self.closed.is_some_and(|(day, won)| won && day > after && day <= by)
    }
}

/// Days as numbers, for arithmetic.
fn number(day: Day) -> i32 {
    day.num_days_from_ce()
}

/// The day of such a number.
fn day(number: i32) -> Day {
    Day::from_num_days_from_ce_opt(number).unwrap_or_default()
}

/// The month of its quarter that a day is in, 0 to 2.
fn month_of_quarter(day: Day) -> usize {
    day.month0() as usize % table::MONTHS
}

/// 0 where there is none, else the place of the motion in the list plus one.
fn motion_number(motion: Option<Motion>) -> usize {
    motion.and_then(|motion| Motion::ALL.iter().position(|one| *one == motion)).map_or(0, |at| at + 1)
}

/// None, the five motions, and not known.
const MOTIONS: usize = 7;
/// The number of a motion that was not known.
const UNKNOWN_MOTION: usize = 6;
/// Places of the way; the first stands for unknown.
pub const STAGES: usize = 6;
