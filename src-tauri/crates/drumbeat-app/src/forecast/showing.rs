//! Totals of a period and one deal's chance, from what was learnt, the open deals and what was won already (P-01, P-02).
//!
//! The one hard idea: every deal is put on one heap of each kind (a motion, a credit class, active or stalled) and on the
//! heap of all, so that the parts of a kind add up to what is won or open, and nothing counts twice (FCST-03). What has
//! yet to come to be is beside them, in the total only. Amounts are exact; what is expected is rounded to the cent.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use drumbeat_model::deal::{Attribution, Motion};
use drumbeat_model::forecast::{
    CreditClass, DealForecast, FactorKind, Forecast, ForecastCredit, ForecastDeal, ForecastDealQuery, ForecastIn,
    ForecastMotion, ForecastQuery, ForecastSum, ForecastTarget,
};
use drumbeat_model::ids::PartnerId;
use drumbeat_model::money::{Currency, Money};
use drumbeat_model::time::{Day, FiscalYear};
use drumbeat_rules::forecast::{Forecaster, Stake, Standing, Total};
use drumbeat_store::Reader;
use drumbeat_store::forecast::{OpenDeal, Which};
use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};

use super::Ws;
use super::learning::{Kept, learnt};
use crate::error::{Answer, ApiError};
use crate::targets;

/// Deals that are named where nobody says how many.
const NAMED: u32 = 20;
/// Deals that are named at most.
const MOST: u32 = 200;
/// Days ahead at most.
const FARTHEST: i64 = 366;

/// What deals are put on heaps by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    All,
    Motion(Option<Motion>),
    Credit(CreditClass),
    Stalled(bool),
    Partnered,
}

/// A heap of deals.
#[derive(Default)]
struct Heap {
    won: Decimal,
    won_deals: u32,
    pipeline: Decimal,
    stakes: Vec<Stake>,
}

impl Heap {
    fn total(&self, coming: (f64, f64), off: f64) -> Total {
        Total::new(self.won.to_f64().unwrap_or(0.0), &self.stakes, coming, off)
    }

    /// What it comes to; `coming`: wins of deals that are not there yet, and what each brings.
    fn sum(&self, currency: &Currency, coming: (f64, f64), off: f64) -> ForecastSum {
        let came = self.total(coming, off);
        let (low, high) = came.within(0.8);
        let money = |amount: Decimal| Money::new(amount.normalize(), currency.clone());
        let rounded = |amount: f64| money(Decimal::from_f64(amount).unwrap_or_default().round_dp(2));
        ForecastSum {
            won: money(self.won),
            won_deals: self.won_deals,
            open_deals: u32::try_from(self.stakes.len()).unwrap_or(u32::MAX),
            pipeline: money(self.pipeline),
            expected: rounded(came.expected),
            low: rounded(low),
            high: rounded(high),
            expected_wins: self.stakes.iter().map(|one| one.chance).sum::<f64>() + coming.0,
        }
    }
}

/// Whose a deal is; an influenced one counts as such once it is past its first stage (P-02).
fn credit(partnered: bool, attribution: Option<Attribution>, position: Option<u8>) -> CreditClass {
    match (partnered, attribution) {
        (false, _) => CreditClass::Direct,
        (true, None) => CreditClass::Unattributed,
        (true, Some(Attribution::Sourced)) => CreditClass::Sourced,
        (true, Some(Attribution::Influenced)) => match position {
            Some(0 | 1) => CreditClass::InfluencedEarly,
            _ => CreditClass::Influenced,
        },
    }
}

/// The first day of the period, and its last: of the running quarter when none is asked for.
fn period(year: FiscalYear, today: Day, by: Option<Day>) -> Answer<(Day, Day)> {
    let quarter = year.quarter_of(today);
    let last = year.last_day(quarter);
    let by = by.unwrap_or(last);
    if by < today || by - today > TimeDelta::days(FARTHEST) {
        let why = format!("A forecast reaches from today to {FARTHEST} days ahead, not to {by}");
        return Err(ApiError::invalid("forecast.by", why));
    }
    Ok((year.first_day(quarter), by))
}

/// What is aimed at in the quarter that ends on `by`, by whom or what was asked.
fn aim(
    r: &Reader<'_>,
    query: &ForecastQuery,
    year: FiscalYear,
    today: Day,
    by: Day,
) -> drumbeat_store::Result<Option<Decimal>> {
    let quarter = year.quarter_of(today);
    if year.last_day(quarter) != by {
        return Ok(None);
    }
    let all = targets::all(r)?;
    Ok(match (&query.partner, query.motion) {
        (Some(partner), None) => targets::of_partner(&all, quarter, partner.as_str()),
        (None, Some(motion)) => targets::of_motion(&all, quarter, motion),
        (None, None) => targets::of_program(&all, quarter),
        // Nobody aims at a partner's deals of one motion.
        (Some(_), Some(_)) => None,
    })
}

pub(super) fn standing(deal: &OpenDeal) -> Option<Standing> {
    let stage = deal.entered.filter(|_| deal.position > 0).map(|since| (deal.position, since));
    Some(Standing { created: deal.created?, motion: deal.motion, stage })
}

/// The row of an open deal.
fn row(deal: &OpenDeal, kept: &Kept, forecaster: Option<&Forecaster<'_>>, main: &Currency) -> ForecastDeal {
    let chance = forecaster.map_or(0.0, |forecaster| {
        standing(deal).map_or_else(|| forecaster.base_rate(), |standing| forecaster.chance(&standing))
    });
    let mean = |currency: &Currency| {
        let mean = kept.mean_win(currency, deal.motion).and_then(Decimal::from_f64).unwrap_or_default();
        Money::new(mean.round_dp(2).normalize(), currency.clone())
    };
    let known = deal.amount.as_ref().filter(|money| !money.amount.is_zero());
    ForecastDeal {
        deal: deal.id.clone(),
        name: deal.name.clone(),
        motion: deal.motion,
        credit: credit(deal.partnered, deal.attribution, Some(deal.position)),
        stage: deal.stage.clone(),
        stalled: deal.stalled,
        amount: known.cloned().unwrap_or_else(|| mean(main)),
        assumed_amount: known.is_none(),
        chance,
    }
}

/// The forecast of a period.
///
/// # Errors
/// For a day that is over or more than a year ahead, or what the store says.
pub fn forecast(ws: &Ws, query: ForecastQuery) -> Answer<Forecast> {
    let today = ws.clock.today();
    let year = ws.policy.calendar.fiscal_year();
    let (from, by) = period(year, today, query.by)?;
    let (kept, open, won, main, aim) = ws.read(|r| {
        let which = Which { motion: query.motion, partner: query.partner.as_ref().map(PartnerId::as_str) };
        let won = r.won_between(from, today, which)?;
        Ok((
            learnt(r, today)?,
            r.forecast_open(which, today)?,
            won,
            r.main_currency()?,
            aim(r, &query, year, today, by)?,
        ))
    })?;
    let forecaster = kept.learnt.as_ref().map(|learnt| Forecaster::new(learnt, today, by));
    let mut heaps: BTreeMap<Currency, BTreeMap<Part, Heap>> = BTreeMap::new();
    heaps.entry(main.clone()).or_default().entry(Part::All).or_default();
    for won in &won {
        let credit = credit(won.partnered, won.attribution, None);
        let of = heaps.entry(won.sum.currency.clone()).or_default();
        let partnered = won.partnered.then_some(Part::Partnered);
        for part in [Part::All, Part::Motion(won.motion), Part::Credit(credit)].into_iter().chain(partnered) {
            let heap = of.entry(part).or_default();
            (heap.won, heap.won_deals) = (heap.won + won.sum.amount, heap.won_deals + won.deals);
        }
    }
    let mut rows = Vec::with_capacity(open.len());
    for deal in &open {
        let row = row(deal, &kept, forecaster.as_ref(), &main);
        let stake = Stake { chance: row.chance, amount: row.amount.amount.to_f64().unwrap_or(0.0) };
        let of = heaps.entry(row.amount.currency.clone()).or_default();
        let parts = [Part::All, Part::Motion(row.motion), Part::Credit(row.credit), Part::Stalled(row.stalled)];
        for part in parts.into_iter().chain(deal.partnered.then_some(Part::Partnered)) {
            let heap = of.entry(part).or_default();
            heap.pipeline += if row.assumed_amount { Decimal::ZERO } else { row.amount.amount };
            heap.stakes.push(stake);
        }
        rows.push((stake.chance * stake.amount, row));
    }
    let off = forecaster.as_ref().map_or(0.0, Forecaster::off);
    let whole = query.motion.is_none() && query.partner.is_none();
    let coming = forecaster.as_ref().filter(|_| whole).map_or(0.0, Forecaster::coming);
    let target = aim.map(|bookings| {
        let of = heaps.get(&main).and_then(|heaps| heaps.get(&Part::Partnered)).map(|heap| heap.total((0.0, 0.0), off));
        // A hair below, so that what is won to the cent counts.
        let short = of.map_or(1.0, |of| of.below(bookings.to_f64().unwrap_or(f64::MAX) - 0.005));
        ForecastTarget { bookings: Money::new(bookings, main.clone()), chance: 1.0 - short }
    });
    let mut currencies: Vec<ForecastIn> =
        heaps.into_iter().map(|(currency, heaps)| in_currency(currency, heaps, &kept, coming, off)).collect();
    currencies.sort_by_key(|one| one.currency != main);
    let count = |which: &dyn Fn(&ForecastDeal) -> bool| {
        u32::try_from(rows.iter().filter(|(_, row)| which(row)).count()).unwrap_or(u32::MAX)
    };
    let (without_amount, without_motion, without_attribution) = (
        count(&|row| row.assumed_amount),
        count(&|row| row.motion.is_none() && row.credit != CreditClass::Direct),
        count(&|row| row.credit == CreditClass::Unattributed),
    );
    let undated = open.iter().filter(|deal| deal.created.is_none()).count();
    rows.sort_by(|(a, one), (b, other)| b.total_cmp(a).then_with(|| one.deal.cmp(&other.deal)));
    let limit = if query.limit == 0 { NAMED } else { query.limit.min(MOST) } as usize;
    Ok(Forecast {
        as_of: today,
        from,
        by,
        learnt_on: kept.learnt.as_ref().map(|learnt| learnt.on),
        learnt_from: kept.learnt.as_ref().map_or(0, |learnt| learnt.closed),
        currencies,
        target,
        deals: rows.into_iter().take(limit).map(|(_, row)| row).collect(),
        open: u32::try_from(open.len()).unwrap_or(u32::MAX),
        without_amount,
        without_motion,
        without_attribution,
        notes: notes(&kept, without_amount, undated, whole),
    })
}

fn in_currency(currency: Currency, mut heaps: BTreeMap<Part, Heap>, kept: &Kept, coming: f64, off: f64) -> ForecastIn {
    let coming = (coming * kept.share(&currency), kept.mean_win(&currency, None).unwrap_or(0.0));
    let mut take = |part: Part| heaps.remove(&part).unwrap_or_default();
    let none = (0.0, 0.0);
    let total = take(Part::All).sum(&currency, coming, off);
    let (active, stalled) =
        (take(Part::Stalled(false)).sum(&currency, none, off), take(Part::Stalled(true)).sum(&currency, none, off));
    let partnered = take(Part::Partnered).sum(&currency, none, off);
    let (mut by_motion, mut by_credit) = (Vec::new(), Vec::new());
    for (part, heap) in &heaps {
        let sum = heap.sum(&currency, none, off);
        match part {
            Part::Motion(motion) => by_motion.push(ForecastMotion { motion: *motion, sum }),
            Part::Credit(credit) => by_credit.push(ForecastCredit { credit: *credit, sum }),
            Part::All | Part::Stalled(_) | Part::Partnered => {}
        }
    }
    by_motion.sort_by_key(|one| one.motion.is_none());
    let not_yet_there = Heap::default().sum(&currency, coming, off);
    ForecastIn { currency, total, by_motion, by_credit, partnered, active, stalled, not_yet_there }
}

fn notes(kept: &Kept, without_amount: u32, undated: usize, whole: bool) -> Vec<String> {
    let mut notes = Vec::new();
    if kept.learnt.is_none() {
        notes.push("No deal has been closed yet: chances are not known, and only what is won counts.".to_owned());
    }
    if without_amount > 0 {
        notes.push(format!("{without_amount} open deals have no amount: the mean win of their motion stands for it."));
    }
    if undated > 0 {
        notes.push(format!("{undated} open deals have no day of birth: the rate of all open deals stands for theirs."));
    }
    if kept.undated > 0 {
        notes.push(format!("Nothing is learnt from {} deals that lack a day of birth or of closing.", kept.undated));
    }
    if kept.watched_from.is_none() {
        notes.push("No change of a stage has been seen yet: stages do not count until some have.".to_owned());
    }
    if !whole {
        notes.push("Deals that are not in the pipeline yet are expected for the whole program only.".to_owned());
    }
    notes
}

/// One open deal's chance with everything that it is made of.
///
/// # Errors
/// When there is no such open deal, nothing was closed yet, for a day that is out of reach, or what the store says.
pub fn forecast_deal(ws: &Ws, query: ForecastDealQuery) -> Answer<DealForecast> {
    let today = ws.clock.today();
    let (_, by) = period(ws.policy.calendar.fiscal_year(), today, query.by)?;
    let (kept, deal, mapping, main) =
        ws.read(|r| Ok((learnt(r, today)?, r.forecast_one(&query.deal, today)?, r.mapping()?, r.main_currency()?)))?;
    let deal = deal.ok_or_else(|| ApiError::invalid("forecast.closed", "There is no open deal of that id"))?;
    let learnt = kept
        .learnt
        .as_ref()
        .ok_or_else(|| ApiError::invalid("forecast.nothing", "No deal has been closed yet: chances are not known"))?;
    let standing = standing(&deal)
        .ok_or_else(|| ApiError::invalid("forecast.undated", "The day on which this deal came to be is not known"))?;
    let forecaster = Forecaster::new(learnt, today, by);
    let row = row(&deal, &kept, Some(&forecaster), &main);
    let opened = forecaster.open(&standing);
    let made_of: Vec<String> = opened
        .factors
        .iter()
        .filter(|factor| factor.kind == FactorKind::Base || (factor.times - 1.0).abs() >= 0.005)
        .map(|factor| match factor.kind {
            FactorKind::Base => format!("{} {:.1} %", factor.kind.label().to_lowercase(), factor.times * 100.0),
            kind => format!("{} x {:.2}", kind.label().to_lowercase(), factor.times),
        })
        .collect();
    let says = format!("{:.1} % to be won by {by}: {}", opened.chance * 100.0, made_of.join(", "));
    let stage = mapping.stage(&deal.at.0, &deal.at.1).map(|(_, stage)| f64::from(stage.probability) / 100.0);
    Ok(DealForecast { row, by, factors: opened.factors, days_left: opened.days_left, crm: stage, says })
}
