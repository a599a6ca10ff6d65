//! Gathering the past, learning from it, keeping what was learnt.
//!
//! What is kept is a few kilobytes beside the settings: rates, factors, the mean win, the CRM's probabilities. It holds
//! no deal. A repair or a new format may drop it: it is learnt again.

use std::collections::BTreeMap;
use std::sync::Arc;

use drumbeat_model::crm::Outcome;
use drumbeat_model::deal::Motion;
use drumbeat_model::forecast::ForecastLearnt;
use drumbeat_model::money::Currency;
use drumbeat_model::time::Day;
use drumbeat_model::workspace::JobProgress;
use drumbeat_rules::forecast::{History, Learnt, Past, STAGES, learn};
use drumbeat_store::forecast::{Life, Which};
use drumbeat_store::{Reader, Result, Why};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::{Deserialize, Serialize};

use super::{Ws, blocking};
use crate::api::Nothing;
use crate::error::Answer;
use crate::events::{AppEvent, Kind};
use crate::jobs::Job;
use crate::workspace::Workspace;

/// Under which name what was learnt is kept; the number is that of its form.
const KEPT: &str = "forecast.learnt.3";
/// Days for which what was learnt is used.
const FRESH: i64 = 7;
/// Days before that wins count for the mean win.
const WINS: i64 = 365;
/// Wins that draw a motion's mean win towards that of all.
const LEANING: f64 = 20.0;

/// What is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Kept {
    pub(super) learnt: Option<Learnt>,
    pub(super) undated: u32,
    pub(super) watched_from: Option<Day>,
    pub(super) on: Day,
    /// Wins of a year: currency, motion, how many, what they came to.
    pub(super) wins: Vec<(Currency, Option<Motion>, u32, Decimal)>,
}

impl Kept {
    /// The mean win of a motion, drawn towards that of all; of all where the motion is absent. Nothing without wins.
    pub(super) fn mean_win(&self, currency: &Currency, motion: Option<Motion>) -> Option<f64> {
        let of = |which: &dyn Fn(Option<Motion>) -> bool| {
            let chosen = self.wins.iter().filter(|(of, motion, ..)| of == currency && which(*motion));
            chosen.fold((0.0, 0.0), |(count, sum), (_, _, deals, came)| {
                (count + f64::from(*deals), sum + came.to_f64().unwrap_or(0.0))
            })
        };
        let (count, sum) = of(&|_| true);
        if count <= 0.0 {
            return None;
        }
        let all = sum / count;
        let (count, sum) = of(&|one| motion.is_some() && one == motion);
        Some((sum + LEANING * all) / (count + LEANING))
    }

    /// The share of wins that are in a currency.
    pub(super) fn share(&self, currency: &Currency) -> f64 {
        let count = |chosen: &dyn Fn(&Currency) -> bool| -> u32 {
            self.wins.iter().filter(|(of, ..)| chosen(of)).map(|(_, _, deals, _)| deals).sum()
        };
        let all = count(&|_| true);
        if all == 0 { 0.0 } else { f64::from(count(&|of| of == currency)) / f64::from(all) }
    }
}

/// The past as the rules want it, with the number of deals that have no days.
pub(super) fn past(r: &Reader<'_>, today: Day) -> Result<(History, u32)> {
    let lives = r.lives(today)?;
    let deals = lives
        .deals
        .into_iter()
        .map(|life| {
            let Life { created, closed, motion, born_with, path } = life;
            Past { created, closed, motion, born_with, path }
        })
        .collect();
    Ok((History { deals, watched_from: lives.watched_from, crm: crm_chances(r)? }, lives.undated))
}

/// The CRM's own chances by place of the way; the first is the mean of all its open stages, each as often as deals are in it.
fn crm_chances(r: &Reader<'_>) -> Result<[f64; STAGES]> {
    let mapping = r.mapping()?;
    let (in_stage, _) = r.deals_by_stage()?;
    let mut sums = [(0.0, 0.0); STAGES];
    for pipeline in mapping.pipelines.iter().filter(|pipeline| pipeline.counts) {
        for stage in pipeline.stages.iter().filter(|stage| stage.outcome == Outcome::Open) {
            let deals = in_stage.get(&(pipeline.id.clone(), stage.id.clone())).copied().unwrap_or(0) as f64;
            let chance = f64::from(stage.probability) / 100.0;
            for place in [0, (stage.position as usize).min(STAGES - 1)] {
                sums[place] = (sums[place].0 + deals * chance, sums[place].1 + deals);
            }
        }
    }
    let all = if sums[0].1 > 0.0 { sums[0].0 / sums[0].1 } else { 0.5 };
    Ok(sums.map(|(sum, deals)| if deals > 0.0 { sum / deals } else { all }))
}

fn learn_now(r: &Reader<'_>, today: Day) -> Result<Kept> {
    let (history, undated) = past(r, today)?;
    let from = today.checked_sub_signed(chrono::Duration::days(WINS)).unwrap_or(today);
    let mut wins: BTreeMap<(Currency, Option<Motion>), (u32, Decimal)> = BTreeMap::new();
    for won in r.won_between(from, today, Which::default())? {
        // Those without an amount say nothing of what a win brings.
        if !won.sum.amount.is_zero() {
            let of = wins.entry((won.sum.currency, won.motion)).or_default();
            (of.0, of.1) = (of.0 + won.deals, of.1 + won.sum.amount);
        }
    }
    Ok(Kept {
        learnt: learn(&history, today),
        undated,
        watched_from: history.watched_from,
        on: today,
        wins: wins.into_iter().map(|((currency, motion), (deals, sum))| (currency, motion, deals, sum)).collect(),
    })
}

/// What was learnt lately; learnt on the spot where nothing is kept, or only what is old.
pub(super) fn learnt(r: &Reader<'_>, today: Day) -> Result<Kept> {
    match kept(r)?.filter(|kept| (0..=FRESH).contains(&(today - kept.on).num_days())) {
        Some(kept) => Ok(kept),
        None => learn_now(r, today),
    }
}

fn kept(r: &Reader<'_>) -> Result<Option<Kept>> {
    // What an older version kept in another form is as good as nothing.
    Ok(r.cursor(KEPT)?.and_then(|text| serde_json::from_str(&text).ok()))
}

fn keep(ws: &Workspace) -> Answer<ForecastLearnt> {
    let today = ws.clock.today();
    let kept = ws.read(|r| learn_now(r, today))?;
    let done = ForecastLearnt {
        on: kept.learnt.as_ref().map(|learnt| learnt.on),
        closed: kept.learnt.as_ref().map_or(0, |learnt| learnt.closed),
        undated: kept.undated,
        watched_from: kept.watched_from,
    };
    ws.store.write(Why::Mirror { at: ws.clock.now() }, |w| w.put_value(KEPT, &kept))?;
    Ok(done)
}

/// Learns and keeps it, as a job that tells that it runs and that it has ended.
fn as_job(ws: &Workspace, job: Job) -> Answer<ForecastLearnt> {
    let step = "Learning for the forecast".to_owned();
    let progress = JobProgress { id: job.id.clone(), step, done: 0, total: None, rate: 0, left: None };
    job.report(progress.clone());
    ws.events.send(AppEvent::Progress(progress));
    let done = keep(ws);
    let id = job.id.clone();
    drop(job);
    ws.events.send(AppEvent::JobEnded(id));
    ws.events.send(AppEvent::Changed(vec![Kind::Workspace]));
    done
}

/// The job, where nothing of today is kept and it does not run already.
fn start_due(ws: &Workspace) -> Answer<Option<Job>> {
    let today = ws.clock.today();
    let is_fresh = ws.read(|r| Ok(kept(r)?.is_some_and(|kept| kept.on == today)))?;
    Ok(if is_fresh { None } else { ws.jobs.start("forecast").ok() })
}

/// Begins to learn where nothing of today is kept; returns at once.
pub(crate) fn begin(ws: &Ws) {
    match start_due(ws) {
        Ok(Some(job)) => drop(tokio::task::spawn_blocking({
            let ws = Arc::clone(ws);
            move || {
                if let Err(error) = as_job(&ws, job) {
                    tracing::warn!(?error, "the forecast has learnt nothing; it learns on the spot when it is asked");
                }
            }
        })),
        Ok(None) => {}
        Err(error) => tracing::warn!(?error, "whether the forecast is to learn is not known"),
    }
}

/// Learns from everything that has happened, and keeps it (P-01).
///
/// # Errors
/// When it is being learnt already, or what the store says.
pub async fn learn_forecast(ws: Ws, _: Nothing) -> Answer<ForecastLearnt> {
    let job = ws.jobs.start("forecast")?;
    blocking(move || as_job(&ws, job)).await
}

/// Learns where nothing of today is kept; nothing otherwise, or while it is being learnt already.
///
/// # Errors
/// What the store says.
pub async fn learn_due(ws: Ws, _: Nothing) -> Answer<Option<ForecastLearnt>> {
    blocking(move || start_due(&ws)?.map(|job| as_job(&ws, job)).transpose()).await
}
