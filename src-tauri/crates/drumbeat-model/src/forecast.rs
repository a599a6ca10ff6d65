//! What open business is likely to bring: totals with their interval, one deal's chance, and the forecast's own record.
//!
//! Chances are floating point and nothing else is: sums are exact decimals, those that are expected rounded to the cent.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::deal::{Motion, words};
use crate::ids::{DealId, PartnerId};
use crate::money::{Currency, Money};
use crate::time::Day;

/// What the forecast is asked.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct ForecastQuery {
    /// By the end of this day, at most 366 days ahead; the last day of the present quarter when absent.
    pub by: Option<Day>,
    /// Only this motion.
    pub motion: Option<Motion>,
    /// Only this partner.
    pub partner: Option<PartnerId>,
    /// Deals to name, those that move the total most, at most 200; 0 means 20.
    pub limit: u32,
}

words! {
    /// Whose a deal is in the forecast; each deal counts under one of them (FCST-02, FCST-03).
    CreditClass {
        Sourced "sourced" "Sourced by partners",
        Influenced "influenced" "Influenced, past its first stage",
        InfluencedEarly "influenced_early" "Influenced, still in its first stage",
        Unattributed "unattributed" "With a partner, attribution missing",
        Direct "direct" "Direct",
    }
}

words! {
    /// What a chance is made of.
    FactorKind {
        Base "base" "All open deals",
        Age "age" "Its age",
        Calendar "calendar" "Its place in the quarter",
        Record "record" "How earlier forecasts came out",
        Motion "motion" "Its motion",
        Stage "stage" "Its stage",
        TimeInStage "time_in_stage" "Its time in the stage",
        AgeAtStage "age_at_stage" "Its age at that stage",
    }
}

/// The forecast of a period.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Forecast {
    /// As of this day.
    pub as_of: Day,
    /// First day of the period: of the quarter that holds `as_of`.
    pub from: Day,
    /// Last day of the period.
    pub by: Day,
    /// The day by which its rates were learnt; absent when nothing was closed yet and no chances are known.
    pub learnt_on: Option<Day>,
    /// Closed deals that it was learnt from.
    pub learnt_from: u32,
    /// In the account's own currency, then one for each that no rate is known of.
    pub currencies: Vec<ForecastIn>,
    /// What is aimed at, where somebody has said it of this quarter and of what was asked (K-18).
    #[ts(optional = nullable)]
    pub target: Option<ForecastTarget>,
    /// The deals that move the total most: by chance times amount.
    pub deals: Vec<ForecastDeal>,
    /// Open deals that were counted.
    pub open: u32,
    /// Of them without an amount: the mean win stands for it.
    pub without_amount: u32,
    /// Of them without a motion.
    pub without_motion: u32,
    /// Of them with a partner and without attribution.
    pub without_attribution: u32,
    /// What is to be known about it, in sentences.
    pub notes: Vec<String>,
}

/// The forecast in one currency.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ForecastIn {
    /// Which.
    pub currency: Currency,
    /// Everything: won, open, and what has yet to come to be.
    pub total: ForecastSum,
    /// Won or open now, by motion; absent motion last.
    pub by_motion: Vec<ForecastMotion>,
    /// Won or open now, by whose it is; every deal is in one of them.
    pub by_credit: Vec<ForecastCredit>,
    /// Won or open now, with a partner.
    pub partnered: ForecastSum,
    /// Open deals that move.
    pub active: ForecastSum,
    /// Open deals that are stalled (FCST-06).
    pub stalled: ForecastSum,
    /// Expected of deals that are not in the pipeline yet, by how such deals came and won lately; in the total only.
    pub not_yet_there: ForecastSum,
}

/// Bookings with partners that are aimed at in the quarter, and how likely they are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ForecastTarget {
    /// The target, in the account's own currency.
    pub bookings: Money,
    /// The chance that what was won with partners and what is open with them now comes to that or more, 0 to 1.
    pub chance: f64,
}

/// A sum as a distribution.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ForecastSum {
    /// Won in the period already; exact.
    pub won: Money,
    /// Deals won in the period already.
    pub won_deals: u32,
    /// Open deals.
    pub open_deals: u32,
    /// What the open deals add up to, whatever their chances.
    pub pipeline: Money,
    /// Won and expected together.
    pub expected: Money,
    /// One time in ten it comes to less.
    pub low: Money,
    /// One time in ten it comes to more.
    pub high: Money,
    /// Wins expected of open deals.
    pub expected_wins: f64,
}

/// A motion's part.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ForecastMotion {
    /// Which; absent where it is not known.
    pub motion: Option<Motion>,
    /// What it comes to.
    pub sum: ForecastSum,
}

/// What is sourced, influenced or direct.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ForecastCredit {
    /// Which.
    pub credit: CreditClass,
    /// What it comes to.
    pub sum: ForecastSum,
}

/// One open deal in the forecast.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ForecastDeal {
    /// Which.
    pub deal: DealId,
    /// Its name.
    pub name: String,
    /// Motion.
    pub motion: Option<Motion>,
    /// Whose it is.
    pub credit: CreditClass,
    /// Stage name.
    pub stage: String,
    /// Past its stage's days or its close date.
    pub stalled: bool,
    /// Its amount, or the mean win where it has none.
    pub amount: Money,
    /// The amount is the mean win.
    pub assumed_amount: bool,
    /// Chance of winning by the end of the period, 0 to 1.
    pub chance: f64,
}

/// Which deal's chance, and by when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct ForecastDealQuery {
    /// Which.
    pub deal: DealId,
    /// By the end of this day; the last day of the present quarter when absent.
    #[serde(default)]
    pub by: Option<Day>,
}

/// One deal's chance, opened (P-01).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct DealForecast {
    /// As in the list.
    pub row: ForecastDeal,
    /// By the end of this day.
    pub by: Day,
    /// What multiplies out to the chance: the first is a rate, the others are factors.
    pub factors: Vec<ChanceFactor>,
    /// Days until half of such deals are closed, won or lost; absent where that takes over a year.
    pub days_left: Option<u32>,
    /// The chance of winning at all that the CRM gives to its stage, 0 to 1.
    pub crm: Option<f64>,
    /// In a sentence.
    pub says: String,
}

/// One factor of a chance.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, TS)]
pub struct ChanceFactor {
    /// What.
    pub kind: FactorKind,
    /// A rate for the first, a factor for the others.
    pub times: f64,
    /// Closed deals, or looks at open ones, that it was learnt from; few of them draw it towards 1.
    pub learnt_from: u32,
}

/// The past played again (P-03).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Backtest {
    /// The last day that was known.
    pub as_of: Day,
    /// The days on which it was asked.
    pub origins: Vec<Day>,
    /// One for each horizon.
    pub horizons: Vec<BacktestHorizon>,
    /// Totals of quarters.
    pub totals: BacktestTotals,
    /// What follows, in a sentence: also that it is no better than the base rate.
    pub verdict: String,
    /// It is better than the base rate at every horizon that could be held against what happened.
    pub beats_base_rate: bool,
    /// What is to be known about it.
    pub notes: Vec<String>,
    /// It was cancelled before its end.
    pub cancelled: bool,
}

/// How chances over one horizon came out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct BacktestHorizon {
    /// Days ahead.
    pub days: u32,
    /// Deals that were asked about, on all origins together.
    pub asked: u32,
    /// Of them won within the horizon.
    pub won: u32,
    /// This forecast, the base rate, the CRM's own probabilities, and age by month alone.
    pub scores: Vec<BacktestScore>,
    /// Calibration by tenths of the deals, from the least likely on.
    pub calibration: Vec<CalibrationRow>,
    /// Mean distance between what was said and what came, over the tenths.
    pub calibration_error: f64,
    /// Share of origins where the wins of open deals were within the interval that should hold 80 in 100.
    pub coverage: Option<f64>,
}

words! {
    /// Who made the chances.
    Forecasting {
        Drumbeat "drumbeat" "This forecast",
        BaseRate "base_rate" "The base rate",
        Crm "crm" "The CRM's stage probabilities",
        AgeAndMonth "age_and_month" "Age and month of the quarter alone",
    }
}

/// How one did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct BacktestScore {
    /// Who.
    pub who: Forecasting,
    /// Brier score: the mean square of what it was off by; less is better.
    pub brier: f64,
    /// Log loss: less is better.
    pub log_loss: f64,
}

/// A tenth of the deals.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct CalibrationRow {
    /// Deals.
    pub deals: u32,
    /// Mean chance that was given.
    pub said: f64,
    /// Share that won.
    pub came: f64,
}

/// How totals of quarters came out: wins counted, those of later deals included.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct BacktestTotals {
    /// One for each origin whose quarter has ended.
    pub rows: Vec<BacktestTotal>,
    /// Median distance as a share of what came.
    pub median_off: Option<f64>,
    /// Share within the interval that should hold 80 in 100.
    pub coverage: Option<f64>,
}

/// The total of one quarter, asked on one day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct BacktestTotal {
    /// Asked on.
    pub origin: Day,
    /// The quarter's last day.
    pub by: Day,
    /// Wins that were expected, those before the origin included.
    pub expected: f64,
    /// Interval.
    pub low: f64,
    /// Interval.
    pub high: f64,
    /// Wins that came.
    pub came: u32,
}

/// Play the past again.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct BacktestRequest {
    /// As of this day; today when absent.
    pub as_of: Option<Day>,
}

/// Learning is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ForecastLearnt {
    /// The day by which; absent when nothing was closed yet.
    pub on: Option<Day>,
    /// Closed deals that it was learnt from.
    pub closed: u32,
    /// Deals whose birth, or whose day of closing, is not known: nothing is learnt from them.
    pub undated: u32,
    /// Since when changes of stages are seen; stages count from then on.
    pub watched_from: Option<Day>,
}
