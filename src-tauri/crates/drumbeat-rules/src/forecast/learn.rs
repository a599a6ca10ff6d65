//! Learning from everything that had happened by a day: rates, the record of earlier forecasts, how new deals come.
//!
//! The hard idea: the record must be honest, so at each past look the chances come from the rates as they
//! were known on that day. One walk over the days makes them all: what was seen fades and grows, and each week it is
//! looked at. A look counts once its horizon is over.

use drumbeat_model::time::Day;
use serde::{Deserialize, Serialize};

use super::ahead::{Ahead, ahead};
use super::record::{Kind, Looks, Record, at_age, in_stage};
use super::table::{Daily, Rates, Tally};
use super::{History, Past, day, motion_number, number};

/// Days ahead that earlier forecasts are held against.
pub const HORIZONS: [u32; 3] = [30, 60, 90];
/// After so many days what was seen counts half in the rates.
const HALF_LIFE: f64 = 180.0;
/// The same for looks at earlier forecasts.
const RECORD_HALF_LIFE: f64 = 90.0;
/// Days between looks.
const WEEK: i32 = 7;
/// Looks at most.
const LOOKS: i32 = 78;
/// Days that must have been seen before the first look.
const WARM: i32 = 60;
/// Days over which the coming of new deals is counted.
const COMING: i32 = 91;

/// What was learnt by a day. It can be kept as it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Learnt {
    /// The day.
    pub on: Day,
    /// Closed deals that it was learnt from.
    pub closed: u32,
    /// New deals a day, lately.
    pub coming: f64,
    pub(super) rates: Rates,
    pub(super) plain: Rates,
    pub(super) records: [Record; 3],
}

impl Learnt {
    /// The record of the horizon that is nearest to so many days.
    pub(super) fn record(&self, days: i32) -> &Record {
        &self.records[if days <= 45 { 0 } else { usize::from(days > 75) + 1 }]
    }
}

/// One look at the open deals of a past day.
struct Look {
    on: i32,
    ahead: [Ahead; 3],
    /// Wins expected of deals that came to be later, for each horizon.
    coming: [f64; 3],
}

/// What one look came to over one horizon.
#[derive(Clone, Copy, Default)]
struct Came {
    expected: f64,
    variance: f64,
    won: f64,
    fresh: f64,
}

/// Learns from what had happened by the end of a day; nothing where no deal had been closed by then.
#[must_use]
pub fn learn(history: &History, on: Day) -> Option<Learnt> {
    let today = number(on);
    let daily = Daily::seen(history, today)?;
    let created = Created::count(history, today);
    let from = (today - LOOKS * WEEK).max(daily.first + WARM);
    let fading = 0.5_f64.powf(1.0 / HALF_LIFE);
    let (mut tally, mut all, mut looks) = (Tally::default(), Tally::default(), Vec::new());
    for number in daily.first..=today {
        daily.add(number, fading, &mut tally);
        daily.add(number, 1.0, &mut all);
        if number >= from && number < today && (today - number) % WEEK == 0 {
            looks.push(look(&tally.rates(), number, today, created.a_day(number)));
        }
    }
    let closed = history.deals.iter().filter(|deal| deal.closed.is_some_and(|(day, _)| day <= on)).count();
    Some(Learnt {
        on,
        closed: u32::try_from(closed).unwrap_or(u32::MAX),
        coming: created.a_day(today),
        rates: tally.rates(),
        plain: all.plain(),
        records: records(history, on, &looks),
    })
}

fn look(rates: &Rates, on: i32, today: i32, a_day: f64) -> Look {
    // What is not over yet is not looked at.
    let by = |days: u32| if on + days as i32 > today { on } else { on + days as i32 };
    let ahead = HORIZONS.map(|days| ahead(rates, on, by(days), true, true));
    let coming = [0, 1, 2].map(|at| a_day * ahead[at].fresh.iter().skip(1).sum::<f64>());
    Look { on, ahead, coming }
}

/// Deals that came to be, counted by day.
struct Created {
    first: i32,
    upto: Vec<u32>,
}

impl Created {
    fn count(history: &History, today: i32) -> Self {
        let numbers = || history.deals.iter().map(|deal| number(deal.created)).filter(|on| *on <= today);
        let first = numbers().min().unwrap_or(today);
        let mut upto = vec![0_u32; usize::try_from(today - first).unwrap_or(0) + 1];
        numbers().for_each(|on| upto[(on - first) as usize] += 1);
        for at in 1..upto.len() {
            upto[at] += upto[at - 1];
        }
        Self { first, upto }
    }

    /// New deals a day over the days before, as far as there were any.
    fn a_day(&self, on: i32) -> f64 {
        let by = |on: i32| usize::try_from(on - self.first).ok().and_then(|at| self.upto.get(at)).map_or(0, |n| *n);
        let days = (on - self.first + 1).min(COMING);
        if days <= 0 { 0.0 } else { f64::from(by(on) - by(on - days)) / f64::from(days) }
    }
}

fn records(history: &History, on: Day, looks: &[Look]) -> [Record; 3] {
    let today = number(on);
    let weights: Vec<f64> =
        looks.iter().map(|look| 0.5_f64.powf(f64::from(today - look.on) / RECORD_HALF_LIFE)).collect();
    let mut gathered = [Looks::new(), Looks::new(), Looks::new()];
    let mut came = vec![[Came::default(); 3]; looks.len()];
    let longest = HORIZONS[2] as i32;
    // Deals of one time meet the same looks: one after the other they find them in the processor's cache.
    let mut deals: Vec<&Past> = history.deals.iter().filter(|deal| deal.created <= on).collect();
    deals.sort_by_key(|deal| deal.created);
    for deal in deals {
        let created = number(deal.created);
        let closed = deal.closed.map(|(day, won)| (number(day), won));
        let first = looks.partition_point(|look| look.on + longest < created);
        for (at, look) in looks.iter().enumerate().skip(first) {
            let is_later = created > look.on;
            if !is_later && closed.is_some_and(|(closed, _)| closed <= look.on) {
                break;
            }
            let kind = if is_later { None } else { kind_at(deal, day(look.on), history.watched_from) };
            for (horizon, days) in HORIZONS.iter().enumerate() {
                let by = look.on + *days as i32;
                if by > today {
                    continue;
                }
                let won = closed.is_some_and(|(closed, won)| won && closed > look.on && closed <= by);
                let came = &mut came[at][horizon];
                let Some(kind) = kind else {
                    came.fresh += f64::from(u8::from(won));
                    continue;
                };
                let chance = look.ahead[horizon].at(look.on - created, kind.motion, kind.stage);
                gathered[horizon].add(chance, kind, won, weights[at]);
                came.expected += chance;
                came.variance += chance * (1.0 - chance);
                came.won += f64::from(u8::from(won));
            }
        }
        gathered.iter_mut().for_each(Looks::next_deal);
    }
    let mut records = gathered.map(Looks::record);
    for (horizon, record) in records.iter_mut().enumerate() {
        if record.overall.looks <= 0.0 {
            // No look is over yet: the rate of all deals, whatever their age, stands for it.
            record.base_rate = daily_rate(history, on, HORIZONS[horizon]);
        }
        record.off = off(looks, &came, horizon);
        let (mut expected, mut seen) = (10.0, 10.0);
        for ((look, came), weight) in looks.iter().zip(&came).zip(&weights) {
            if look.on + HORIZONS[horizon] as i32 <= today {
                expected += weight * look.coming[horizon];
                seen += weight * came[horizon].fresh;
            }
        }
        record.fresh = seen / expected;
    }
    records
}

/// The share of open deals that win within so many days at the rates of all days that were seen.
fn daily_rate(history: &History, on: Day, days: u32) -> f64 {
    let Some(daily) = Daily::seen(history, number(on)) else { return 0.0 };
    let (open, won, lost) = daily.totals();
    let closes = (won + lost) / open.max(1.0);
    if won <= 0.0 { 0.0 } else { won / (won + lost) * (1.0 - (1.0 - closes.min(1.0)).powi(days as i32)) }
}

/// Motion, stage, time in it and age on a day; nothing where it was not open.
pub(super) fn kind_at(deal: &Past, on: Day, watched_from: Option<Day>) -> Option<Kind> {
    let standing = deal.standing(on, watched_from)?;
    Some(Kind { motion: deal.motion_on(on, watched_from), ..kind(&standing, on) })
}

/// Motion, stage, time in it and age.
pub(super) fn kind(standing: &super::Standing, on: Day) -> Kind {
    let (stage, time) = standing.stage.map_or((0, 0), |(stage, since)| {
        (usize::from(stage).min(super::STAGES - 1), in_stage(number(on) - number(since)))
    });
    Kind { motion: motion_number(standing.motion), stage, time, age: at_age(number(on) - number(standing.created)) }
}

/// How far corrected totals were off beyond chance, as a share: each corrected by what was known before it.
fn off(looks: &[Look], came: &[[Came; 3]], horizon: usize) -> f64 {
    let days = HORIZONS[horizon] as i32;
    let (mut beyond, mut chance, mut count) = (0.0, 0.0, 0.0);
    for (look, now) in looks.iter().zip(came).map(|(look, came)| (look, came[horizon])) {
        let (mut expected, mut won, mut luck) = (0.0, 0.0, 0.0);
        for (before, came) in looks.iter().zip(came).filter(|(before, _)| before.on + days <= look.on) {
            let weight = 0.5_f64.powf(f64::from(look.on - before.on) / RECORD_HALF_LIFE);
            expected += weight * came[horizon].expected;
            won += weight * came[horizon].won;
            luck += weight * weight * came[horizon].variance;
        }
        // As in the record: what luck alone may have brought is not mended. A deal is in as many looks as weeks.
        let distance: f64 = won - expected;
        let luck = luck * f64::from(days / WEEK);
        let believed = if distance.abs() > 0.0 { (1.0 - luck / (distance * distance)).max(0.0) } else { 0.0 };
        let corrected =
            if expected > 0.0 { now.expected * (1.0 + believed * distance / expected) } else { now.expected };
        if corrected >= 5.0 && now.won > 0.0 {
            let miss = now.won / corrected - 1.0;
            let by_luck = now.variance / (corrected * corrected);
            beyond += miss * miss - by_luck;
            chance += by_luck;
            count += 1.0;
        }
    }
    // Where hardly any total could be looked at, a tenth is taken for granted; looks that overlap are not as good as many.
    let apart = (count * f64::from(WEEK) / f64::from(days)).max(1.0);
    let beyond = ((beyond + 2.0 * 0.01) / (count + 2.0)).max(0.0);
    // What few totals tell is less sure, as far as it is not luck, which is known (Welch and Satterthwaite).
    let share = beyond / (beyond + chance / (count + 1.0));
    (beyond * (1.0 + 3.0 / apart * share)).sqrt().min(1.0)
}
