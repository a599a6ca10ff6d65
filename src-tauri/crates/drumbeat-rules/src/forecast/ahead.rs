//! The rates of a day walked to a day ahead: who wins by then, on the way that deals go.
//!
//! The hard idea: a deal does not stay where it is. Over a month a deal of the first stage wins at that stage's rate; over
//! a quarter it wins as one that has moved on, or not any more because it was lost. So the walk goes back from the last
//! day, and each day a deal wins, is lost, goes to another stage, or stays.

use super::table::{BANDS, MONTHS, Rates, band};
use super::{MOTIONS, STAGES, UNKNOWN_MOTION, day, month_of_quarter};

/// The oldest age in days that is told from older ones.
const OLDEST: usize = 600;

/// Ages that are walked where stages are known; a chance between two lies between theirs. A walk with stages costs much
/// more, and chances of one stage hardly bend between two days.
fn ages(staged: bool) -> Vec<usize> {
    if !staged {
        return (0..=OLDEST).collect();
    }
    let parts = [(0, 14, 1), (14, 150, 3), (150, OLDEST, 10)];
    parts.into_iter().flat_map(|(from, to, step)| (from..to).step_by(step)).chain([OLDEST]).collect()
}

/// Chances of winning by a day.
pub(super) struct Ahead {
    /// By age: the walked one before it, and the part of the way to the next.
    ages: Vec<(usize, f64)>,
    /// By motion; one row for those that were never seen.
    win: [Option<Vec<[f64; STAGES]>>; MOTIONS],
    /// Of a deal that comes to be so many days from now.
    pub(super) fresh: Vec<f64>,
}

impl Ahead {
    /// Of a deal of this age in days, at this stage (0 where it is not known).
    pub(super) fn at(&self, age: i32, motion: usize, stage: usize) -> f64 {
        let Some(row) = self.win[motion].as_ref().or(self.win[UNKNOWN_MOTION].as_ref()) else { return 0.0 };
        let (place, part) = self.ages[usize::try_from(age).unwrap_or(0).min(OLDEST)];
        let of = |place: usize| row.get(place).map_or(0.0, |row| row[stage]);
        if part > 0.0 { of(place) + part * (of(place + 1) - of(place)) } else { of(place) }
    }

    /// Of a deal of this age of which nothing else is known.
    pub(super) fn of_age(&self, age: i32) -> f64 {
        self.at(age, UNKNOWN_MOTION, 0)
    }
}

/// What may happen on a day to a deal of one motion, by its stage: it wins, is lost, goes to another stage, or stays.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Step {
    pub(super) win: [f64; STAGES],
    pub(super) lose: [f64; STAGES],
    pub(super) stay: [f64; STAGES],
    /// What the rates of going on are multiplied by.
    pub(super) pace: [f64; STAGES],
}

/// The step of an age; in a month of the quarter, or by age alone.
pub(super) fn step(rates: &Rates, motion: usize, place: usize, month: Option<usize>, staged: bool) -> Step {
    let mut step = Step::default();
    let (win, lose) = month.map_or((rates.win_by_age[place], rates.lose_by_age[place]), |month| {
        (rates.win[place][month], rates.lose[place][month])
    });
    for stage in 0..if staged { STAGES } else { 1 } {
        let wins = (win * rates.wins.of(motion, stage, place)).min(1.0);
        let loses = (lose * rates.losses.of(motion, stage, place)).min(1.0 - wins);
        let moves: f64 = rates.moves[stage].iter().sum();
        let goes = (moves * rates.pace[place]).min(1.0 - wins - loses);
        step.win[stage] = wins;
        step.lose[stage] = loses;
        step.pace[stage] = if moves > 0.0 { goes / moves } else { 0.0 };
        step.stay[stage] = (1.0 - wins - loses - goes).max(0.0);
    }
    step
}

/// The steps of a motion by age and month.
fn steps(rates: &Rates, motion: usize, calendar: bool, staged: bool) -> [[Step; MONTHS]; BANDS] {
    let month = |month: usize| calendar.then_some(month);
    let mut steps = [[Step::default(); MONTHS]; BANDS];
    for (place, row) in steps.iter_mut().enumerate() {
        row.iter_mut().enumerate().for_each(|(at, one)| *one = step(rates, motion, place, month(at), staged));
    }
    steps
}

/// Walks back from the end of `by` to the end of `from`; with the month of the quarter, or by age alone; with what is
/// known of motion and stage, or without.
pub(super) fn ahead(rates: &Rates, from: i32, by: i32, calendar: bool, kinds: bool) -> Ahead {
    let length = by - from;
    let months: Vec<usize> = (0..=length.max(0)).map(|step| month_of_quarter(day(from + step))).collect();
    let moves: Vec<(usize, usize, f64)> = (0..STAGES * STAGES)
        .map(|at| (at / STAGES, at % STAGES, rates.moves[at / STAGES][at % STAGES]))
        .filter(|(_, _, rate)| *rate > 0.0)
        .collect();
    let staged = kinds && rates.staged;
    let ages = ages(staged);
    let bands: Vec<usize> = (0..=OLDEST as i32 + length.max(0)).map(band).collect();
    let mut win: [Option<Vec<[f64; STAGES]>>; MOTIONS] = Default::default();
    for (motion, row) in win.iter_mut().enumerate() {
        if motion != UNKNOWN_MOTION && !(kinds && rates.motions[motion]) {
            continue;
        }
        let steps = steps(rates, motion, calendar, staged);
        let walked = |age: &usize| {
            let mut chances = [0.0; STAGES];
            for at in (1..months.len()).rev() {
                let step = &steps[bands[age + at]][months[at]];
                if !staged {
                    chances[0] = step.win[0] + step.stay[0] * chances[0];
                    continue;
                }
                let mut now = [0.0; STAGES];
                for stage in 0..STAGES {
                    now[stage] = step.win[stage] + step.stay[stage] * chances[stage];
                }
                for (from, to, rate) in &moves {
                    now[*from] += rate * step.pace[*from] * chances[*to];
                }
                chances = now;
            }
            if staged { chances } else { [chances[0]; STAGES] }
        };
        *row = Some(ages.iter().map(walked).collect());
    }
    let steps = steps(rates, UNKNOWN_MOTION, calendar, false);
    let born = |on: usize| {
        (on + 1..months.len()).rev().fold(0.0, |chance, at| {
            let step = &steps[bands[at - on]][months[at]];
            step.win[0] + step.stay[0] * chance
        })
    };
    let fresh = (0..months.len()).map(born).collect();
    let between = |(place, pair): (usize, &[usize])| {
        (pair[0]..pair[1])
            .map(move |age| (place, (age - pair[0]) as f64 / (pair[1] - pair[0]) as f64))
            .collect::<Vec<_>>()
    };
    let mut places: Vec<(usize, f64)> = ages.windows(2).enumerate().flat_map(between).collect();
    places.push((ages.len() - 1, 0.0));
    Ahead { ages: places, win, fresh }
}

/// Days until half of the deals of this age are closed, won or lost; nothing where that takes over a year.
pub(super) fn half_closed(rates: &Rates, from: i32, age: i32, motion: usize, stage: usize) -> Option<u32> {
    let mut open = [0.0; STAGES];
    open[if rates.staged { stage } else { 0 }] = 1.0;
    for days in 1..=366 {
        let (place, month) = (band(age + days), month_of_quarter(day(from + days)));
        let step = step(rates, motion, place, Some(month), rates.staged);
        let mut next = [0.0; STAGES];
        for (stage, share) in open.iter().enumerate().filter(|(_, share)| **share > 0.0) {
            next[stage] += share * step.stay[stage];
            for (to, rate) in rates.moves[stage].iter().enumerate() {
                next[to] += share * rate * step.pace[stage];
            }
        }
        open = next;
        if open.iter().sum::<f64>() <= 0.5 {
            return u32::try_from(days).ok();
        }
    }
    None
}
