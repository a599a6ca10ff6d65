//! How good the forecast is where the truth is known, and how it does on a book of deals.
//!
//! The one hard idea: a simulator that draws every win from a chance a day that it knows can tell how far a forecast is from
//! the truth, not only from luck: the true chance of winning within a horizon is worked out from the same rates, and the
//! excess Brier is the mean square of the distance to it. The rates differ by motion, stage, age and month of the
//! quarter, and none of that is told to the forecast. A table for somebody else's learner can be written beside it.

use std::fmt::Write as _;
use std::path::Path;

use chrono::{Datelike, Days};
use drumbeat_app::error::{Answer, ApiError, Code};
use drumbeat_model::deal::Motion;
use drumbeat_model::time::Day;
use drumbeat_rules::forecast::{Forecaster, History, Learnt, Past, STAGES, Stake, Standing, Total, learn};
use serde_json::{Value, json};

/// Days that are simulated.
const DAYS: u64 = 1_100;
/// The day on which it is asked first, and how often, a fortnight apart.
const ASKED: u64 = 820;
const ASKINGS: u64 = 13;
/// Fortnights before it that go into the table as well: another learner has them to learn from.
const BEFORE: u64 = 45;

fn failed(why: impl std::fmt::Display) -> ApiError {
    ApiError::new(Code::Bug, "bench.failed", why.to_string())
}

/// Numbers between 0 and 1: the same seed, the same numbers.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((x ^ (x >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// What happens to a deal on one day: win, lose, next stage.
fn rates(motion: usize, stage: u8, age: u64, on: Day) -> (f64, f64, f64) {
    let of_motion = [1.0, 1.6, 0.7, 1.2, 0.5][motion % 5];
    let of_stage = [0.2, 0.6, 1.2, 2.2][usize::from(stage.clamp(1, 4)) - 1];
    let of_month = [0.7, 0.8, 1.7][on.month0() as usize % 3];
    let of_age = match age {
        0..=13 => 0.5,
        14..=59 => 1.2,
        60..=119 => 1.0,
        _ => 0.4,
    };
    let lose = 0.006 * if age > 90 { 1.8 } else { 1.0 };
    (0.009 * of_motion * of_stage * of_month * of_age, lose, if stage < 4 { 0.03 } else { 0.0 })
}

fn on(start: Day, days: u64) -> Answer<Day> {
    start.checked_add_days(Days::new(days)).ok_or_else(|| failed("no such day"))
}

/// The true chance of winning within so many days, by stage and age at the beginning.
fn truth(motion: usize, from: u64, horizon: u64, start: Day) -> Answer<Vec<[f64; 5]>> {
    let oldest = (from + horizon + 2) as usize;
    let mut win = vec![[0.0; 5]; oldest + 2];
    for step in (1..=horizon).rev() {
        let day = on(start, from + step)?;
        for age in 0..oldest {
            let mut now = [0.0; 5];
            for stage in 1..=4_u8 {
                let (wins, loses, moves) = rates(motion, stage, age as u64 + 1, day);
                let place = usize::from(stage);
                let moved = win[age + 1][(place + 1).min(4)];
                now[place] = wins + moves * moved + (1.0 - wins - loses - moves) * win[age + 1][place];
            }
            // In place: the row above is that of the day after, and is not looked at again from here.
            win[age] = now;
        }
    }
    Ok(win)
}

/// A program whose chances are known.
fn simulated(deals: u32, seed: u64, start: Day) -> Answer<History> {
    let mut dice = Dice(seed);
    let mut history = History { watched_from: Some(start), crm: [0.4; STAGES], ..History::default() };
    for _ in 0..deals {
        let created = (dice.roll() * DAYS as f64) as u64;
        let motion = (dice.roll() * dice.roll() * 5.0) as usize;
        let (mut stage, mut closed) = (1_u8, None);
        let mut path = vec![(on(start, created)?, 1)];
        for step in created + 1..=DAYS {
            let day = on(start, step)?;
            let (wins, loses, moves) = rates(motion, stage, step - created, day);
            let roll = dice.roll();
            if roll < wins + loses {
                closed = Some((day, roll < wins));
                break;
            }
            if roll < wins + loses + moves {
                stage += 1;
                path.push((day, stage));
            }
        }
        let motion = Motion::ALL.get(motion).copied();
        history.deals.push(Past { created: on(start, created)?, closed, motion, born_with: true, path });
    }
    Ok(history)
}

/// What forecasts of one horizon came to, over all programs and askings.
#[derive(Default)]
struct Came {
    deals: u32,
    brier: f64,
    brier_of_the_truth: f64,
    brier_of_the_base_rate: f64,
    excess: f64,
    totals: u32,
    held: [u32; 2],
}

/// The shares that intervals are to hold.
const INTERVALS: [f64; 2] = [0.8, 0.9];

/// Measures on simulated programs, one a seed: Brier of the forecast and of the truth, the excess, how often intervals
/// hold. One program has few totals that do not overlap, so that how often an interval holds is told by many only.
/// With `table`, what was known of each deal of the first program is written there as CSV, with the truth, for another
/// learner.
///
/// # Errors
/// When the table cannot be written.
pub fn simulate(deals: u32, seeds: std::ops::Range<u64>, table: Option<&Path>) -> Answer<Value> {
    let start = Day::from_ymd_opt(2023, 1, 1).ok_or_else(|| failed("no such day"))?;
    let mut csv = "origin,horizon,created,entered,stage,motion,month,truth,won,said\n".to_owned();
    let mut all = [Came::default(), Came::default(), Came::default()];
    for seed in seeds.clone() {
        let history = simulated(deals, seed, start)?;
        let mut table = table.is_some_and(|_| seed == seeds.start).then_some(&mut csv);
        for n in 0..BEFORE + ASKINGS {
            let at = ASKED + 14 * n - 14 * BEFORE;
            if at < ASKED && table.is_none() {
                continue;
            }
            let Some(learnt) = learn(&history, on(start, at)?) else { continue };
            for (came, horizon) in all.iter_mut().zip([30_u64, 60, 90]) {
                let came = (at >= ASKED).then_some(came);
                ask((&history, &learnt), start, (at, horizon), came, table.as_deref_mut())?;
            }
        }
    }
    if let Some(path) = table {
        std::fs::write(path, csv).map_err(failed)?;
    }
    let told = |(came, days): (&Came, u32)| {
        let (deals, totals) = (f64::from(came.deals.max(1)), f64::from(came.totals.max(1)));
        json!({
            "days": days, "asked": came.deals, "totals": came.totals, "brier": came.brier / deals,
            "brier_of_the_truth": came.brier_of_the_truth / deals,
            "brier_of_the_base_rate": came.brier_of_the_base_rate / deals, "excess_brier": came.excess / deals,
            "interval_80_held": f64::from(came.held[0]) / totals, "interval_90_held": f64::from(came.held[1]) / totals,
        })
    };
    let horizons: Vec<Value> = all.iter().zip([30, 60, 90]).map(told).collect();
    Ok(json!({ "deals": deals, "programs": seeds.end - seeds.start, "horizons": horizons }))
}

/// Asks about every open deal of a day, so many days ahead.
fn ask(
    (history, learnt): (&History, &Learnt),
    start: Day,
    (at, horizon): (u64, u64),
    mut came: Option<&mut Came>,
    mut table: Option<&mut String>,
) -> Answer<()> {
    let (day, by) = (on(start, at)?, on(start, at + horizon)?);
    let forecaster = Forecaster::new(learnt, day, by);
    let truths = (0..5).map(|motion| truth(motion, at, horizon, start)).collect::<Answer<Vec<_>>>()?;
    let (mut stakes, mut wins) = (Vec::new(), 0.0);
    for deal in &history.deals {
        let open = deal.created <= day && deal.closed.is_none_or(|(closed, _)| closed > day);
        let Some((since, stage)) = deal.path.iter().rev().find(|(since, _)| *since <= day).filter(|_| open) else {
            continue;
        };
        let standing = Standing { created: deal.created, motion: deal.motion, stage: Some((*stage, *since)) };
        let said = forecaster.chance(&standing);
        let motion = Motion::ALL.iter().position(|one| Some(*one) == deal.motion).unwrap_or(0);
        let age = (day - deal.created).num_days() as usize;
        let truth = truths[motion].get(age).map_or(0.0, |row| row[usize::from(*stage)]);
        let won = f64::from(u8::from(deal.closed.is_some_and(|(closed, won)| won && closed <= by)));
        if let Some(csv) = table.as_deref_mut() {
            let (entered, month) = ((day - *since).num_days(), day.month0() % 3);
            writeln!(csv, "{at},{horizon},{age},{entered},{stage},{motion},{month},{truth:.6},{won},{said:.6}")
                .map_err(failed)?;
        }
        if let Some(came) = came.as_deref_mut() {
            came.deals += 1;
            came.brier += (said - won).powi(2);
            came.brier_of_the_truth += (truth - won).powi(2);
            came.brier_of_the_base_rate += (forecaster.base_rate() - won).powi(2);
            came.excess += (said - truth).powi(2);
            wins += won;
            stakes.push(Stake { chance: said, amount: 1.0 });
        }
    }
    if let Some(came) = came {
        let total = Total::new(0.0, &stakes, (0.0, 1.0), forecaster.off());
        came.totals += 1;
        for (held, share) in came.held.iter_mut().zip(INTERVALS) {
            let (low, high) = total.within(share);
            *held += u32::from(low - 0.5 <= wins && wins <= high + 0.5);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    /// Excess Brier that gradient boosting (scikit-learn, 100 trees of depth 3) has on this very program, over 30, 60 and
    /// 90 days, when it learns from its table.
    const BOOSTED: [f64; 3] = [0.004_24, 0.003_10, 0.002_71];

    #[test]
    fn where_the_truth_is_known_the_forecast_is_twice_as_near_to_it_as_boosted_trees() {
        let came = simulate(5_000, 21..22, None).unwrap();
        for (horizon, boosted) in came["horizons"].as_array().unwrap().iter().zip(BOOSTED) {
            let excess = horizon["excess_brier"].as_f64().unwrap();
            assert!(excess <= boosted / 2.0, "{excess} beside {boosted}: {horizon}");
            assert!(horizon["brier"].as_f64() < horizon["brier_of_the_base_rate"].as_f64(), "{horizon}");
        }
    }
}
