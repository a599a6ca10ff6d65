//! One deal's chance, opened into the factors that a person can multiply out (P-01).

use drumbeat_model::forecast::{ChanceFactor, FactorKind};
use drumbeat_model::time::Day;

use super::ahead::{Ahead, ahead, half_closed};
use super::learn::{Learnt, kind};
use super::record::{Kind, Record, quicken};
use super::{Standing, number};

/// The highest chance that is given: nobody signs before it is signed.
const HIGHEST: f64 = 0.98;

/// A deal's chance of winning by a day.
#[derive(Debug, Clone, PartialEq)]
pub struct Chance {
    /// 0 to 0.98.
    pub chance: f64,
    /// What multiplies out to it: the first is a rate, the others are factors.
    pub factors: Vec<ChanceFactor>,
    /// Days until half of such deals are closed, won or lost; absent where that takes over a year.
    pub days_left: Option<u32>,
}

/// What was learnt, looking from one day to another.
pub struct Forecaster<'l> {
    learnt: &'l Learnt,
    from: Day,
    by_age: Ahead,
    with_calendar: Ahead,
    with_kind: Ahead,
    record: &'l Record,
}

impl<'l> Forecaster<'l> {
    /// Looks from the end of one day to the end of another.
    #[must_use]
    pub fn new(learnt: &'l Learnt, from: Day, by: Day) -> Self {
        let (start, end) = (number(from), number(by).max(number(from)));
        Self {
            learnt,
            from,
            by_age: ahead(&learnt.rates, start, end, false, false),
            with_calendar: ahead(&learnt.rates, start, end, true, false),
            with_kind: ahead(&learnt.rates, start, end, true, true),
            record: learnt.record(end - start),
        }
    }

    /// The chance of an open deal, without its factors.
    #[must_use]
    pub fn chance(&self, deal: &Standing) -> f64 {
        self.of_kind(deal, kind(deal, self.from))
    }

    /// The same where less is known of its kind.
    pub(super) fn of_kind(&self, deal: &Standing, kind: Kind) -> f64 {
        self.levels(kind)
            .iter()
            .fold(self.with_kind.at(self.age(deal), kind.motion, kind.stage), |p, f| quicken(p, f.0))
            .min(HIGHEST)
    }

    fn age(&self, deal: &Standing) -> i32 {
        number(self.from) - number(deal.created)
    }

    /// The factors of the record that hold for a deal, with the looks that they were learnt from.
    fn levels(&self, kind: Kind) -> [(f64, f64, FactorKind); 5] {
        let of = |learned: super::record::Learned, factor| (learned.factor, learned.looks, factor);
        [
            of(self.record.overall, FactorKind::Record),
            of(self.record.motions[kind.motion], FactorKind::Motion),
            of(self.record.stages[kind.stage], FactorKind::Stage),
            of(self.record.in_stages[kind.stage][kind.time], FactorKind::TimeInStage),
            of(self.record.at_ages[kind.stage][kind.age], FactorKind::AgeAtStage),
        ]
    }

    /// The chance of an open deal with everything that it is made of.
    #[must_use]
    pub fn open(&self, deal: &Standing) -> Chance {
        let age = self.age(deal);
        let base = self.record.base_rate.clamp(1e-4, 1.0);
        let mut factors = vec![ChanceFactor { kind: FactorKind::Base, times: base, learnt_from: self.learnt.closed }];
        let mut so_far = base;
        let mut step = |kind: FactorKind, chance: f64, looks: f64| {
            let times = if so_far > 0.0 { chance / so_far } else { 1.0 };
            factors.push(ChanceFactor { kind, times, learnt_from: looks.round() as u32 });
            so_far = chance;
        };
        let closed = f64::from(self.learnt.closed);
        step(FactorKind::Age, self.by_age.of_age(age), closed);
        let mut chance = self.with_calendar.of_age(age);
        step(FactorKind::Calendar, chance, closed);
        let kind = kind(deal, self.from);
        // Each level is laid on the walk that knows what it knows: all, the motion, the stage.
        let mut laid: Vec<f64> = Vec::new();
        for (factor, looks, of) in self.levels(kind) {
            laid.push(factor);
            let walked = match of {
                FactorKind::Record => self.with_calendar.of_age(age),
                FactorKind::Motion => self.with_kind.at(age, kind.motion, 0),
                _ => self.with_kind.at(age, kind.motion, kind.stage),
            };
            chance = laid.iter().fold(walked, |chance, factor| quicken(chance, *factor));
            step(of, chance.min(HIGHEST), looks);
        }
        let days_left = half_closed(&self.learnt.rates, number(self.from), age, kind.motion, kind.stage);
        Chance { chance: chance.min(HIGHEST), factors, days_left }
    }

    /// Wins expected of deals that have yet to come to be.
    #[must_use]
    pub fn coming(&self) -> f64 {
        let chances: f64 = self.with_calendar.fresh.iter().skip(1).sum();
        self.learnt.coming * chances * self.record.fresh
    }

    /// How far totals were off beyond chance in the past, as a share of them.
    #[must_use]
    pub fn off(&self) -> f64 {
        self.record.off
    }

    /// The share of open deals that won within so many days, whatever they were like.
    #[must_use]
    pub fn base_rate(&self) -> f64 {
        self.record.base_rate
    }
}
