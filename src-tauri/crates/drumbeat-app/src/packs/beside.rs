//! What stands beside a partner's own records: the quarter ahead, and for the internal edition the program, the stance
//! and the forecast's record. All of it is asked once for all packs of a quarter, however many partners there are.

use std::sync::Arc;

use drumbeat_export::{
    PackFacts, PackHorizon, PackOutlook, PackReason, PackRecord, PackStance, ProgramFacts, figure, measured,
};
use drumbeat_model::crm::Outcome;
use drumbeat_model::forecast::{Backtest, BacktestHorizon, Forecasting};
use drumbeat_model::metrics::{MetricsQuery, MetricsReport};
use drumbeat_model::pack::Edition;
use drumbeat_model::time::Quarter;
use drumbeat_rules::stance::{Measure, Measures, Reason, stance};
use drumbeat_store::Reader;
use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};

use crate::error::Answer;
use crate::forecast::{self, Ahead, Stood};
use crate::workspace::Workspace;

/// What stands beside the packs of a quarter.
#[derive(Default)]
pub(super) struct Beside {
    report: Option<MetricsReport>,
    ahead: Option<(Quarter, Ahead)>,
    record: Option<PackRecord>,
}

impl Beside {
    /// Reads it for a quarter; a partner's edition needs the quarter ahead alone.
    ///
    /// # Errors
    /// While the first sync is under way, or what the store says.
    pub(super) fn read(ws: &Arc<Workspace>, quarter: Quarter, edition: Edition) -> Answer<Self> {
        let next = quarter.next();
        let year = ws.policy.calendar.fiscal_year();
        let (ahead, record) = ws.read(|r| {
            let record = if edition == Edition::Internal { forecast::record(r)? } else { None };
            Ok((Ahead::read(r, (year.first_day(next), year.last_day(next)), ws.clock.today())?, record))
        })?;
        let report = match edition {
            Edition::Internal => {
                Some(crate::metrics::metrics(ws, MetricsQuery { quarter: Some(quarter), ..MetricsQuery::default() })?)
            }
            Edition::Partner => None,
        };
        Ok(Self { report, ahead: ahead.map(|ahead| (next, ahead)), record: record.map(|record| told(&record)) })
    }

    /// Puts the quarter ahead into a partner's facts.
    pub(super) fn look_ahead(&self, r: &Reader<'_>, facts: &mut PackFacts) -> drumbeat_store::Result<()> {
        let Some((quarter, ahead)) = &self.ahead else { return Ok(()) };
        let won = facts.deals.iter().filter(|deal| ahead.won(deal.outcome, deal.close));
        let amounts = won.filter_map(|deal| deal.amount.as_ref()).filter(|money| money.currency == facts.currency);
        let (stood, chances) = ahead.of_partner(r, &facts.partner, amounts.map(|money| money.amount).sum())?;
        for deal in &mut facts.deals {
            deal.chance = chances.get(&deal.id).copied();
        }
        facts.outlook = Some(outlook(*quarter, stood));
        Ok(())
    }

    /// The program's own quarter ahead.
    pub(super) fn of_program(&self, r: &Reader<'_>) -> drumbeat_store::Result<Option<PackOutlook>> {
        let Some((quarter, ahead)) = &self.ahead else { return Ok(None) };
        let (stood, motions) = ahead.of_program(r)?;
        let by_motion = motions.into_iter().map(|(motion, stood)| (motion, outlook(*quarter, stood))).collect();
        Ok(Some(PackOutlook { by_motion, ..outlook(*quarter, stood) }))
    }

    /// How the forecast has done.
    pub(super) fn record(&self) -> Option<PackRecord> {
        self.record.clone()
    }

    /// What the program says beside these facts.
    pub(super) fn program(&self, ws: &Workspace, facts: &PackFacts) -> Option<ProgramFacts> {
        let report = self.report.as_ref()?;
        let (direct, share) = (of(report, "win_rate"), share(report, facts));
        let own = measured(facts);
        let measures = Measures {
            share,
            growth: own.growth,
            win_rate: own.win_rate.zip(direct).map(|(own, direct)| own - direct),
            coverage: own.coverage,
        };
        let stance = stance(&measures, &ws.policy.stance)
            .map(|(stance, reasons)| PackStance { stance, reasons: reasons.iter().map(reason).collect() });
        Some(ProgramFacts {
            direct_win_rate: direct,
            direct_cycle_days: of(report, "cycle").and_then(|days| days.round().to_u32()),
            share_of_bookings: share,
            stance,
            record: self.record.clone(),
        })
    }
}

fn outlook(quarter: Quarter, stood: Stood) -> PackOutlook {
    let Stood { won, low, expected, high, deals } = stood;
    PackOutlook { quarter, won, low, expected, high, deals, by_motion: Vec::new() }
}

/// One measure as people read it.
fn reason(reason: &Reason) -> PackReason {
    let points = |x: Decimal| {
        let plus = if x.is_sign_positive() && !x.is_zero() { "+" } else { "" };
        format!("{plus}{} points", figure::plain(x, 0))
    };
    let change = |x: Decimal| {
        let plus = if x.is_sign_positive() && !x.is_zero() { "+" } else { "" };
        format!("{plus}{}", figure::percent(x))
    };
    let (measure, write): (&str, &dyn Fn(Decimal) -> String) = match reason.measure {
        Measure::Share => ("Share of partner bookings", &figure::percent),
        Measure::Growth => ("Growth over a year", &change),
        Measure::WinRate => ("Win rate against direct", &points),
        Measure::Coverage => ("Coverage of the next target", &figure::percent),
    };
    let below = match reason.measure {
        Measure::Share | Measure::Coverage => "under ",
        Measure::Growth | Measure::WinRate => "",
    };
    PackReason {
        measure: measure.to_owned(),
        value: write(reason.value),
        invest: write(reason.invest),
        exit: format!("{below}{}", write(reason.exit)),
        stance: reason.stance,
    }
}

fn of(report: &MetricsReport, id: &str) -> Option<Decimal> {
    let at = report.definitions.iter().position(|definition| definition.id == id)?;
    report.program.get(at)?.direct
}

/// The partner's part of what all partners booked in the quarter, in percent of the main currency.
fn share(report: &MetricsReport, facts: &PackFacts) -> Option<Decimal> {
    let quarter = report.trend.iter().find(|numbers| numbers.quarter == facts.quarter)?;
    let all = quarter.sourced + quarter.influenced + quarter.untold;
    let won = facts.deals.iter().filter(|deal| {
        deal.outcome == Outcome::Won && deal.close.is_some_and(|day| facts.year.quarter_of(day) == facts.quarter)
    });
    let own: Decimal = won
        .filter_map(|deal| deal.amount.as_ref())
        .filter(|amount| amount.currency == facts.currency)
        .map(|amount| amount.amount)
        .sum();
    own.checked_mul(Decimal::ONE_HUNDRED)?.checked_div(all)
}

/// The record of the forecast as a pack tells it.
fn told(record: &Backtest) -> PackRecord {
    let percent = |x: f64| Decimal::from_f64(x * 100.0).map(|x| x.round_dp(1));
    let horizon = |one: &BacktestHorizon| {
        let brier = |who| one.scores.iter().find(|x| x.who == who).and_then(|x| Decimal::from_f64(x.brier));
        PackHorizon {
            days: one.days,
            asked: one.asked,
            won: one.won,
            own: brier(Forecasting::Drumbeat),
            base: brier(Forecasting::BaseRate),
            crm: brier(Forecasting::Crm),
        }
    };
    PackRecord {
        as_of: record.as_of,
        verdict: record.verdict.clone(),
        horizons: record.horizons.iter().map(horizon).collect(),
        median_off: record.totals.median_off.and_then(percent),
        held: record.totals.coverage.and_then(percent),
    }
}
