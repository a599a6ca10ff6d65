//! Earlier forecasts held against what came of them, and the factors that follow.
//!
//! The hard idea: what the rates do not know (that wins have become slower, that old deals of a stage are worse than its
//! young ones) shows where earlier forecasts were off. A factor quickens or slows all wins alike: a chance of p becomes
//! 1 - (1 - p)^factor, so that it stays a chance. Of several levels each is learnt on top of those before. A factor is
//! believed as far as those of its level differ by more than chance would have them differ: where motions were off no
//! further than luck, none of them is mended. Luck is counted by deals, as a deal comes out once, however often it was
//! looked at.

use serde::{Deserialize, Serialize};

use super::{MOTIONS, STAGES, UNKNOWN_MOTION};

/// Days in a stage at which a band begins.
const IN_STAGE: [i32; IN_STAGES] = [0, 14, 30, 60];
/// Bands of time in a stage.
pub(super) const IN_STAGES: usize = 4;
/// Ages at which a band begins: a young deal far on its way is another than an old one.
const AT_AGE: [i32; AGES] = [0, 14, 30, 60, 90, 120];
/// Bands of age.
pub(super) const AGES: usize = 6;
const BUCKETS: usize = 64;

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
pub(super) struct Looks {
    cells: Vec<Cell>,
    /// By level and place in it, how far wins are off by luck: the square of each deal's distance to its chances.
    luck: [[f64; PLACES]; LEVELS],
    /// The same of the deal that is being looked at, before squaring.
    deal: Vec<(usize, usize, f64)>,
}

/// All, motions, stages, times in them, ages at them.
const LEVELS: usize = 5;
/// Places of a level at most.
const PLACES: usize = STAGES * AGES;

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

impl Kind {
    /// Its place in each level; nothing where the level does not tell it.
    fn places(self) -> [Option<usize>; LEVELS] {
        let staged = |place| (self.stage > 0).then_some(place);
        [
            Some(0),
            (self.motion != UNKNOWN_MOTION).then_some(self.motion),
            staged(self.stage),
            staged(self.stage * IN_STAGES + self.time),
            staged(self.stage * AGES + self.age),
        ]
    }
}

impl Looks {
    pub(super) fn new() -> Self {
        Self {
            cells: vec![Cell::default(); BUCKETS * MOTIONS * STAGES * IN_STAGES * AGES],
            luck: [[0.0; PLACES]; LEVELS],
            deal: Vec::new(),
        }
    }

    /// A deal that had this chance and did or did not win.
    pub(super) fn add(&mut self, chance: f64, kind: Kind, won: bool, weight: f64) {
        let bucket = ((chance.clamp(0.0, 1.0).sqrt() * BUCKETS as f64) as usize).min(BUCKETS - 1);
        let place =
            (((bucket * MOTIONS + kind.motion) * STAGES + kind.stage) * IN_STAGES + kind.time) * AGES + kind.age;
        if let Some(cell) = self.cells.get_mut(place) {
            cell.looks += weight;
            cell.chances += weight * chance;
            cell.wins += if won { weight } else { 0.0 };
        }
        let distance = weight * (f64::from(u8::from(won)) - chance);
        for (level, place) in kind.places().into_iter().enumerate() {
            let Some(place) = place else { continue };
            match self.deal.iter_mut().find(|one| (one.0, one.1) == (level, place)) {
                Some(one) => one.2 += distance,
                None => self.deal.push((level, place, distance)),
            }
        }
    }

    /// All looks at one deal were added.
    pub(super) fn next_deal(&mut self) {
        for (level, place, distance) in self.deal.drain(..) {
            self.luck[level][place] += distance * distance;
        }
    }

    /// The factors, one level after the other.
    pub(super) fn record(self) -> Record {
        let mut seen: Vec<(Cell, Kind)> = Vec::new();
        for (place, cell) in self.cells.into_iter().enumerate().filter(|(_, cell)| cell.looks > 0.0) {
            let (age, rest) = (place % AGES, place / AGES);
            let (time, rest) = (rest % IN_STAGES, rest / IN_STAGES);
            seen.push((cell, Kind { motion: rest / STAGES % MOTIONS, stage: rest % STAGES, time, age }));
        }
        let mut record = Record { fresh: 1.0, ..Record::default() };
        let (looks, wins) = seen.iter().fold((0.0, 0.0), |(n, w), (cell, _)| (n + cell.looks, w + cell.wins));
        record.base_rate = if looks > 0.0 { wins / looks } else { 0.0 };
        let [all, motions, stages, in_stages, at_ages] = &self.luck;
        record.overall = laid(&mut seen, 0, all)[0];
        record.motions.copy_from_slice(&laid(&mut seen, 1, motions)[..MOTIONS]);
        record.stages.copy_from_slice(&laid(&mut seen, 2, stages)[..STAGES]);
        let learned = laid(&mut seen, 3, in_stages);
        record.in_stages.iter_mut().zip(learned.chunks(IN_STAGES)).for_each(|(of, from)| of.copy_from_slice(from));
        let learned = laid(&mut seen, 4, at_ages);
        record.at_ages.iter_mut().zip(learned.chunks(AGES)).for_each(|(of, from)| of.copy_from_slice(from));
        // Leaning draws each level's total a little; factors compose, so that one more on all of them puts it right.
        record.overall.factor *= laid(&mut seen, 0, all)[0].factor;
        record
    }
}

/// What was seen of one place of a level.
#[derive(Clone, Copy, Default)]
struct Seen {
    looks: f64,
    expected: f64,
    wins: f64,
}

/// Learns the factors of a level and lays them on the chances.
fn laid(seen: &mut [(Cell, Kind)], level: usize, luck: &[f64; PLACES]) -> [Learned; PLACES] {
    let mut places = [Seen::default(); PLACES];
    for (cell, kind) in seen.iter() {
        if let Some(place) = kind.places()[level] {
            let of = &mut places[place];
            (of.looks, of.expected, of.wins) = (of.looks + cell.looks, of.expected + cell.chances, of.wins + cell.wins);
        }
    }
    // How far factors of this level differ by themselves: what their distances have beyond luck.
    let (mut beyond, mut weight) = (0.0, 0.0);
    for (of, luck) in places.iter().zip(luck) {
        beyond += (of.wins - of.expected).powi(2) - luck;
        weight += of.expected * of.expected;
    }
    let differ = if weight > 0.0 { (beyond / weight).max(0.0) } else { 0.0 };
    let mut learned = [Learned::default(); PLACES];
    for (place, learned) in learned.iter_mut().enumerate() {
        let of = places[place];
        learned.looks = of.looks;
        if of.expected > 0.0 && differ > 1e-6 {
            let leaning = luck[place] / (of.expected * differ);
            learned.factor = meeting(seen, (level, place), of.wins, leaning);
        }
    }
    for (cell, kind) in seen.iter_mut() {
        if let Some(place) = kind.places()[level] {
            cell.chances = cell.looks * quicken(cell.chances / cell.looks, learned[place].factor);
        }
    }
    learned
}

/// The factor that meets the wins of one place, drawn towards 1 by so many wins more.
fn meeting(seen: &[(Cell, Kind)], (level, place): (usize, usize), wins: f64, leaning: f64) -> f64 {
    let chosen: Vec<Cell> =
        seen.iter().filter(|(_, kind)| kind.places()[level] == Some(place)).map(|(cell, _)| *cell).collect();
    // What is expected grows with the factor: the one that meets what was seen is found by halving.
    let (mut low, mut high) = (-3.0_f64, 3.0_f64);
    for _ in 0..40 {
        let middle = (low + high) / 2.0;
        let factor = middle.exp();
        let expected: f64 = chosen.iter().map(|cell| cell.looks * quicken(cell.chances / cell.looks, factor)).sum();
        if expected + leaning * factor > wins + leaning {
            high = middle;
        } else {
            low = middle;
        }
    }
    ((low + high) / 2.0).exp()
}
