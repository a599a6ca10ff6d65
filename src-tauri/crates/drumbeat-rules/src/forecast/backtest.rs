//! The past played again: what would have been said on rolling days, held against what came (P-03).
//!
//! The one hard idea: on each day it learns anew from what had happened by then, so that nothing after it can leak in;
//! what came is looked up afterwards. Held against it: the base rate, the CRM's own stage probabilities, and age by
//! month of the quarter alone. Totals count wins, because what deals were thought to be worth then is not known. The
//! verdict says it plainly when the forecast is no better than the base rate.

use drumbeat_model::forecast::{
    Backtest, BacktestHorizon, BacktestScore, BacktestTotal, BacktestTotals, CalibrationRow, Forecasting,
};
use drumbeat_model::time::{Day, FiscalYear};

use super::ahead::ahead;
use super::chance::Forecaster;
use super::learn::{HORIZONS, kind_at, learn};
use super::total::{Stake, spread};
use super::{History, Past, day, number};

/// Origins at most, the latest.
const MOST: usize = 24;
/// Days of closes before the first origin.
const WARM: i32 = 92;
const BUCKETS: usize = 1000;

/// What one day came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Origin {
    /// The day.
    pub on: Day,
    horizons: Vec<Option<Played>>,
    total: Option<BacktestTotal>,
}

/// One horizon of one origin.
#[derive(Debug, Clone, PartialEq)]
struct Played {
    asked: u32,
    won: u32,
    /// Sums of squares and of logarithms, in the order of [`Forecasting`].
    squares: [f64; 4],
    logs: [f64; 4],
    /// Deals, chances, wins by the chance that was given.
    buckets: Vec<(u32, f64, u32)>,
    covered: bool,
}

/// The first days of months on which it can be asked and held against something, the latest of them.
#[must_use]
pub fn origins(history: &History, as_of: Day) -> Vec<Day> {
    let closes = history.deals.iter().filter_map(|deal| deal.closed).map(|(on, _)| on).filter(|on| *on <= as_of);
    let Some(first) = closes.min() else { return Vec::new() };
    let last = number(as_of) - HORIZONS[0] as i32;
    let mut all: Vec<Day> =
        (number(first) + WARM..=last).map(day).filter(|day| chrono::Datelike::day(day) == 1).collect();
    all.split_off(all.len().saturating_sub(MOST))
}

/// Asks on one day and holds it against what had come by `as_of`; a total is that of the quarter of `year`. Nothing
/// where nothing was closed by then.
#[must_use]
pub fn played(history: &History, year: FiscalYear, on: Day, as_of: Day) -> Option<Origin> {
    let learnt = learn(history, on)?;
    let watched_from = history.watched_from;
    let known = |deal: &'_ Past| Some((deal.standing(on, watched_from)?, kind_at(deal, on, watched_from)?));
    let open: Vec<_> =
        history.deals.iter().filter_map(|deal| known(deal).map(|(standing, kind)| (deal, standing, kind))).collect();
    let mut horizons = Vec::new();
    for days in HORIZONS {
        let by = day(number(on) + days as i32);
        if by > as_of {
            horizons.push(None);
            continue;
        }
        let forecaster = Forecaster::new(&learnt, on, by);
        let peer = ahead(&learnt.plain, number(on), number(by), true, false);
        let mut played = Played {
            asked: 0,
            won: 0,
            squares: [0.0; 4],
            logs: [0.0; 4],
            buckets: vec![(0, 0.0, 0); BUCKETS + 1],
            covered: false,
        };
        let mut stakes = Vec::with_capacity(open.len());
        for (deal, standing, kind) in &open {
            let won = deal.won_within(on, by);
            let chance = forecaster.of_kind(standing, *kind);
            let crm = history.crm[standing.stage.map_or(0, |(stage, _)| usize::from(stage).min(super::STAGES - 1))];
            let said = [chance, forecaster.base_rate(), crm, peer.of_age(number(on) - number(standing.created))];
            for (at, said) in said.into_iter().enumerate() {
                let came = f64::from(u8::from(won));
                let sure = said.clamp(1e-4, 1.0 - 1e-4);
                played.squares[at] += (said - came).powi(2);
                played.logs[at] -= if won { sure.ln() } else { (1.0 - sure).ln() };
            }
            let bucket = &mut played.buckets[(chance.clamp(0.0, 1.0) * BUCKETS as f64) as usize];
            *bucket = (bucket.0 + 1, bucket.1 + chance, bucket.2 + u32::from(won));
            played.asked += 1;
            played.won += u32::from(won);
            stakes.push(Stake { chance, amount: 1.0 });
        }
        let sum = spread(0.0, &stakes, (0.0, 1.0), forecaster.off());
        // A count lies between two whole numbers: half a win belongs to either side.
        played.covered = within(played.won, sum.low, sum.high);
        horizons.push(Some(played));
    }
    let quarter = year.quarter_of(on);
    let by = year.last_day(quarter);
    let total = (by <= as_of).then(|| {
        let first = day(number(year.first_day(quarter)) - 1);
        let forecaster = Forecaster::new(&learnt, on, by);
        let so_far = history.deals.iter().filter(|deal| deal.won_within(first, on)).count();
        let came = history.deals.iter().filter(|deal| deal.won_within(first, by)).count();
        let stakes: Vec<Stake> =
            open.iter().map(|(_, one, kind)| Stake { chance: forecaster.of_kind(one, *kind), amount: 1.0 }).collect();
        let sum = spread(so_far as f64, &stakes, (forecaster.coming(), 1.0), forecaster.off());
        let came = u32::try_from(came).unwrap_or(u32::MAX);
        BacktestTotal { origin: on, by, expected: sum.expected, low: sum.low, high: sum.high, came }
    });
    Some(Origin { on, horizons, total })
}

fn within(came: u32, low: f64, high: f64) -> bool {
    (low - 0.5..=high + 0.5).contains(&f64::from(came))
}

/// Puts the origins together.
#[must_use]
pub fn summed(origins: &[Origin], as_of: Day, cancelled: bool) -> Backtest {
    let horizons: Vec<BacktestHorizon> = HORIZONS
        .iter()
        .enumerate()
        .filter_map(|(at, days)| {
            let all: Vec<&Played> =
                origins.iter().filter_map(|one| one.horizons.get(at)?.as_ref()).filter(|one| one.asked > 0).collect();
            (!all.is_empty()).then(|| horizon(*days, &all))
        })
        .collect();
    let rows: Vec<BacktestTotal> = origins.iter().filter_map(|one| one.total.clone()).collect();
    let mut off: Vec<f64> = rows
        .iter()
        .filter(|row| row.came > 0)
        .map(|row| (row.expected - f64::from(row.came)).abs() / f64::from(row.came))
        .collect();
    off.sort_by(f64::total_cmp);
    let covered = rows.iter().filter(|row| within(row.came, row.low, row.high)).count();
    let coverage = (!rows.is_empty()).then(|| covered as f64 / rows.len() as f64);
    let (verdict, beats_base_rate) = verdict(&horizons);
    Backtest {
        as_of,
        origins: origins.iter().map(|one| one.on).collect(),
        horizons,
        totals: BacktestTotals { median_off: median(&off), coverage, rows },
        verdict,
        beats_base_rate,
        notes: vec![
            "Each origin knows only what had happened by its day.".to_owned(),
            "Totals count wins: what deals were thought to be worth on past days is not known.".to_owned(),
            "The CRM's probabilities are chances of winning at all, by the stage where that is known, else their mean."
                .to_owned(),
        ],
        cancelled,
    }
}

fn median(sorted: &[f64]) -> Option<f64> {
    let middle = sorted.len() / 2;
    let high = *sorted.get(middle)?;
    if sorted.len() % 2 == 1 { Some(high) } else { Some((sorted.get(middle - 1)? + high) / 2.0) }
}

fn horizon(days: u32, all: &[&Played]) -> BacktestHorizon {
    let asked: u32 = all.iter().map(|one| one.asked).sum();
    let count = f64::from(asked);
    let scores = Forecasting::ALL
        .iter()
        .enumerate()
        .map(|(at, who)| BacktestScore {
            who: *who,
            brier: all.iter().map(|one| one.squares[at]).sum::<f64>() / count,
            log_loss: all.iter().map(|one| one.logs[at]).sum::<f64>() / count,
        })
        .collect();
    let mut calibration: Vec<CalibrationRow> = Vec::new();
    let mut row = (0_u32, 0.0, 0_u32);
    let mut seen = 0_u32;
    for at in 0..=BUCKETS {
        for one in all.iter().filter_map(|one| one.buckets.get(at)) {
            row = (row.0 + one.0, row.1 + one.1, row.2 + one.2);
            seen += one.0;
        }
        let tenth = f64::from(seen) / count * 10.0;
        if row.0 > 0 && (tenth >= (calibration.len() + 1) as f64 || at == BUCKETS) {
            let deals = f64::from(row.0);
            calibration.push(CalibrationRow { deals: row.0, said: row.1 / deals, came: f64::from(row.2) / deals });
            row = (0, 0.0, 0);
        }
    }
    let distance = |row: &CalibrationRow| (row.said - row.came).abs() * f64::from(row.deals);
    BacktestHorizon {
        days,
        asked,
        won: all.iter().map(|one| one.won).sum(),
        scores,
        calibration_error: calibration.iter().map(distance).sum::<f64>() / count,
        calibration,
        coverage: Some(all.iter().filter(|one| one.covered).count() as f64 / all.len() as f64),
    }
}

/// What follows from the scores, and whether the base rate is beaten at every horizon.
fn verdict(horizons: &[BacktestHorizon]) -> (String, bool) {
    let brier = |one: &BacktestHorizon, who| {
        one.scores.iter().find(|score| score.who == who).map_or(f64::INFINITY, |score| score.brier)
    };
    let (better, worse): (Vec<_>, Vec<_>) =
        horizons.iter().partition(|one| brier(one, Forecasting::Drumbeat) < brier(one, Forecasting::BaseRate));
    let told = |all: &[&BacktestHorizon]| {
        let one = |one: &&BacktestHorizon| {
            let (ours, base) = (brier(one, Forecasting::Drumbeat), brier(one, Forecasting::BaseRate));
            format!("{} days (Brier {ours:.4} against {base:.4})", one.days)
        };
        all.iter().map(one).collect::<Vec<_>>().join(", ")
    };
    match (better.as_slice(), worse.as_slice()) {
        ([], []) => ("Too little has been closed to hold the forecast against anything.".to_owned(), false),
        (better, []) => (format!("Better than the base rate at {}.", told(better)), true),
        ([], worse) => {
            (format!("No better than the base rate at {}: do not trust it beyond the base rate.", told(worse)), false)
        }
        (better, worse) => (
            format!(
                "No better than the base rate at {}: take the base rate there. Better at {}.",
                told(worse),
                told(better)
            ),
            false,
        ),
    }
}
