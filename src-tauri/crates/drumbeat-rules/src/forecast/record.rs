//! Earlier forecasts held against what came of them, and the factors that follow.
//!
//! The hard idea: what the rates do not know (that wins have become slower, that a motion or a stage is better than
//! others) shows where earlier forecasts were off. A factor quickens or slows all wins alike: a chance of p becomes
//! 1 - (1 - p)^factor, so that it stays a chance. Of several levels each is learnt on top of those before.

use serde::{Deserialize, Serialize};

use super::{MOTIONS, STAGES, UNKNOWN_MOTION};

/// Wins that draw a factor towards 1. An open deal is looked at every week, so that this is about a dozen deals.
const LEANING: f64 = 40.0;
/// Days in a stage at which a band begins.
const IN_STAGE: [i32; IN_STAGES] = [0, 14, 30, 60];
/// Bands of time in a stage.
pub(super) const IN_STAGES: usize = 4;
/// Ages at which a band begins: a young deal far on its way is another than an old one.
const AT_AGE: [i32; AGES] = [0, 14, 30, 60, 90, 120];
/// Bands of age.
pub(super) const AGES: usize = 6;
const BUCKETS: usize = 256;

/// A chance made quicker or slower.
pub(super) fn quicken(chance: f64, factor: f64) -> f64 {
    1.0 - (1.0 - chance.clamp(0.0, 1.0)).powf(factor)
}

/// The band of so many days in a stage.
pub(super) fn in_stage(days: i32) -> usize {
    IN_STAGE.partition_point(|edge| *edge <= days).saturating_sub(1)
}

/// The band of so many days of age.
pub(super) fn at_age(days: i32) -> usize {
    AT_AGE.partition_point(|edge| *edge <= days).saturating_sub(1)
}

/// A factor and what it was learnt from.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(super) struct Learned {
    /// How much quicker than those before it say.
    pub(super) factor: f64,
    /// Looks at open deals, older ones counting less.
    pub(super) looks: f64,
}

impl Default for Learned {
    fn default() -> Self {
        Self { factor: 1.0, looks: 0.0 }
    }
}

/// What earlier forecasts over one horizon came to.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(super) struct Record {
    /// Share of open deals that won within the horizon.
    pub(super) base_rate: f64,
    /// Of all.
    pub(super) overall: Learned,
    /// By motion; the last is not known and stays 1.
    pub(super) motions: [Learned; MOTIONS],
    /// By stage; the first is unknown and stays 1.
    pub(super) stages: [Learned; STAGES],
    /// By stage and time in it.
    pub(super) in_stages: [[Learned; IN_STAGES]; STAGES],
    /// By stage and age.
    pub(super) at_ages: [[Learned; AGES]; STAGES],
    /// How far totals were off beyond chance, as a share of them.
    pub(super) off: f64,
    /// Wins of deals that came to be later, against what was expected of them.
    pub(super) fresh: f64,
}

#[derive(Clone, Copy, Default)]
struct Cell {
    looks: f64,
    chances: f64,
    wins: f64,
}

/// Looks at open deals, gathered by what tells them apart.
pub(super) struct Looks(Vec<Cell>);

/// What tells deals apart here, each as a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Kind {
    pub(super) motion: usize,
    pub(super) stage: usize,
    /// Band of the time in the stage.
    pub(super) time: usize,
    /// Band of the age.
    pub(super) age: usize,
}

impl Looks {
    pub(super) fn new() -> Self {
        Self(vec![Cell::default(); BUCKETS * MOTIONS * STAGES * IN_STAGES * AGES])
    }

    /// A deal that had this chance and did or did not win.
    pub(super) fn add(&mut self, chance: f64, kind: Kind, won: bool, weight: f64) {
        let bucket = ((chance.clamp(0.0, 1.0).sqrt() * BUCKETS as f64) as usize).min(BUCKETS - 1);
        let place =
            (((bucket * MOTIONS + kind.motion) * STAGES + kind.stage) * IN_STAGES + kind.time) * AGES + kind.age;
        if let Some(cell) = self.0.get_mut(place) {
            cell.looks += weight;
            cell.chances += weight * chance;
            cell.wins += if won { weight } else { 0.0 };
        }
    }

    /// The factors, one level after the other.
    pub(super) fn record(self) -> Record {
        let mut seen: Vec<(Cell, Kind)> = Vec::new();
        for (place, cell) in self.0.into_iter().enumerate().filter(|(_, cell)| cell.looks > 0.0) {
            let (age, rest) = (place % AGES, place / AGES);
            let (time, rest) = (rest % IN_STAGES, rest / IN_STAGES);
            seen.push((cell, Kind { motion: rest / STAGES % MOTIONS, stage: rest % STAGES, time, age }));
        }
        let mut record = Record { fresh: 1.0, ..Record::default() };
        let (looks, wins) = seen.iter().fold((0.0, 0.0), |(n, w), (cell, _)| (n + cell.looks, w + cell.wins));
        record.base_rate = if looks > 0.0 { wins / looks } else { 0.0 };
        record.overall = level(&mut seen, |_| true);
        for motion in 0..UNKNOWN_MOTION {
            record.motions[motion] = level(&mut seen, |kind| kind.motion == motion);
        }
        for stage in 1..STAGES {
            record.stages[stage] = level(&mut seen, |kind| kind.stage == stage);
            for time in 0..IN_STAGES {
                record.in_stages[stage][time] = level(&mut seen, |kind| kind.stage == stage && kind.time == time);
            }
            for age in 0..AGES {
                record.at_ages[stage][age] = level(&mut seen, |kind| kind.stage == stage && kind.age == age);
            }
        }
        // Leaning draws each level's total a little; factors compose, so that one more on all of them puts it right.
        record.overall.factor *= level(&mut seen, |_| true).factor;
        record
    }
}

/// Learns the factor of some deals and lays it on their chances.
fn level(seen: &mut [(Cell, Kind)], which: impl Fn(&Kind) -> bool) -> Learned {
    let of = |cell: &Cell| cell.chances / cell.looks;
    let chosen: Vec<Cell> = seen.iter().filter(|(_, kind)| which(kind)).map(|(cell, _)| *cell).collect();
    let looks: f64 = chosen.iter().map(|cell| cell.looks).sum();
    if looks <= 0.0 {
        return Learned::default();
    }
    let wins: f64 = chosen.iter().map(|cell| cell.wins).sum();
    // What is expected grows with the factor: the one that meets what was seen is found by halving.
    let (mut low, mut high) = (-3.0_f64, 3.0_f64);
    for _ in 0..40 {
        let middle = (low + high) / 2.0;
        let factor = middle.exp();
        let expected: f64 = chosen.iter().map(|cell| cell.looks * quicken(of(cell), factor)).sum();
        if expected + LEANING * factor > wins + LEANING {
            high = middle;
        } else {
            low = middle;
        }
    }
    let factor = ((low + high) / 2.0).exp();
    for (cell, _) in seen.iter_mut().filter(|(_, kind)| which(kind)) {
        cell.chances = cell.looks * quicken(of(cell), factor);
    }
    Learned { factor, looks }
}
