//! What a coming quarter is likely to bring to one partner, or to the program (Q-01, 13).
//!
//! The one hard idea: a deal is won in the quarter when it is won by its last day and not before its first, so its chance
//! is what the two differ by; once the quarter runs, the second is nothing. What was learnt is read once and asked for
//! as many partners as there are.

use std::collections::BTreeMap;

use drumbeat_model::crm::Outcome;
use drumbeat_model::deal::Motion;
use drumbeat_model::ids::{DealId, PartnerId};
use drumbeat_model::money::Currency;
use drumbeat_model::time::Day;
use drumbeat_rules::forecast::{Forecaster, Stake, Total};
use drumbeat_store::forecast::{OpenDeal, Which};
use drumbeat_store::{Reader, Result};
use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};

use super::learning::{Kept, learnt};
use super::showing::standing;

/// Days ahead at most.
const FARTHEST: i64 = 366;

/// What is known for a coming quarter.
pub(crate) struct Ahead {
    kept: Kept,
    main: Currency,
    today: Day,
    first: Day,
    last: Day,
}

/// A sum as a distribution, in the main currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Stood {
    /// Won in the quarter already.
    pub won: Decimal,
    /// One time in ten less.
    pub low: Decimal,
    /// Mean.
    pub expected: Decimal,
    /// One time in ten more.
    pub high: Decimal,
    /// Open deals that were counted.
    pub deals: u32,
}

/// Open deals with what they bring.
#[derive(Default)]
struct Heap {
    won: Decimal,
    stakes: Vec<Stake>,
}

impl Heap {
    fn stood(&self, off: f64) -> Stood {
        let came = Total::new(self.won.to_f64().unwrap_or(0.0), &self.stakes, (0.0, 0.0), off);
        let (low, high) = came.within(0.8);
        let money = |amount: f64| Decimal::from_f64(amount).unwrap_or_default().round_dp(2);
        Stood {
            won: self.won,
            low: money(low),
            expected: money(came.expected),
            high: money(high),
            deals: u32::try_from(self.stakes.len()).unwrap_or(u32::MAX),
        }
    }
}

/// How the quarter stands by motion.
type ByMotion = Vec<(Option<Motion>, Stood)>;

impl Ahead {
    /// For a quarter, by its first and last day; nothing where it is over or too far ahead, or where nothing has been learnt.
    ///
    /// # Errors
    /// What the store says.
    pub(crate) fn read(r: &Reader<'_>, (first, last): (Day, Day), today: Day) -> Result<Option<Self>> {
        if last < today || (last - today).num_days() > FARTHEST {
            return Ok(None);
        }
        let kept = learnt(r, today)?;
        Ok(kept.learnt.is_some().then_some(Self { kept, main: r.main_currency()?, today, first, last }))
    }

    /// A partner's quarter, and each open deal's chance to be won in it, in percent.
    ///
    /// # Errors
    /// What the store says.
    pub(crate) fn of_partner(
        &self,
        r: &Reader<'_>,
        partner: &PartnerId,
        won: Decimal,
    ) -> Result<(Stood, BTreeMap<DealId, Decimal>)> {
        let which = Which { partner: Some(partner.as_str()), motion: None };
        let open = r.forecast_open(which, self.today)?;
        let mut heap = Heap { won, ..Heap::default() };
        let mut chances = BTreeMap::new();
        let Some(odds) = self.odds() else { return Ok((Stood::default(), chances)) };
        for deal in &open {
            let chance = odds.chance(deal);
            chances.insert(deal.id.clone(), Decimal::from_f64(chance * 100.0).unwrap_or_default().round_dp(1));
            heap.stakes.extend(self.stake(deal, chance));
        }
        Ok((heap.stood(odds.off()), chances))
    }

    /// The quarter of all partners together, and of each motion.
    ///
    /// # Errors
    /// What the store says.
    pub(crate) fn of_program(&self, r: &Reader<'_>) -> Result<(Stood, ByMotion)> {
        let mut motions: BTreeMap<Option<Motion>, Heap> = BTreeMap::new();
        let mut all = Heap::default();
        let Some(odds) = self.odds() else { return Ok((Stood::default(), Vec::new())) };
        if self.first <= self.today {
            for won in r.won_between(self.first, self.today, Which::default())? {
                if won.partnered && won.sum.currency == self.main {
                    all.won += won.sum.amount;
                    motions.entry(won.motion).or_default().won += won.sum.amount;
                }
            }
        }
        for deal in r.forecast_open(Which::default(), self.today)?.iter().filter(|deal| deal.partnered) {
            let Some(stake) = self.stake(deal, odds.chance(deal)) else { continue };
            all.stakes.push(stake);
            motions.entry(deal.motion).or_default().stakes.push(stake);
        }
        let mut by_motion: Vec<(Option<Motion>, Stood)> =
            motions.into_iter().map(|(motion, heap)| (motion, heap.stood(odds.off()))).collect();
        by_motion.sort_by_key(|(motion, stood)| (motion.is_none(), std::cmp::Reverse(stood.expected)));
        Ok((all.stood(odds.off()), by_motion))
    }

    /// What a deal brings: its amount in the main currency, the mean win where it has none.
    fn stake(&self, deal: &OpenDeal, chance: f64) -> Option<Stake> {
        let amount = match deal.amount.as_ref().filter(|money| !money.amount.is_zero()) {
            Some(money) if money.currency == self.main => money.amount.to_f64()?,
            Some(_) => return None,
            None => self.kept.mean_win(&self.main, deal.motion)?,
        };
        Some(Stake { chance, amount })
    }

    fn odds(&self) -> Option<Odds<'_>> {
        let learnt = self.kept.learnt.as_ref()?;
        let before = self.first.pred_opt().filter(|day| *day >= self.today);
        Some(Odds {
            by_last: Forecaster::new(learnt, self.today, self.last),
            by_before: before.map(|day| Forecaster::new(learnt, self.today, day)),
        })
    }

    /// Whether a closed deal counts as won in the quarter.
    pub(crate) fn won(&self, outcome: Outcome, close: Option<Day>) -> bool {
        outcome == Outcome::Won && close.is_some_and(|day| (self.first..=self.last).contains(&day))
    }
}

/// Chances to be won in the quarter.
struct Odds<'l> {
    by_last: Forecaster<'l>,
    by_before: Option<Forecaster<'l>>,
}

impl Odds<'_> {
    fn chance(&self, deal: &OpenDeal) -> f64 {
        let by = |forecaster: &Forecaster<'_>| {
            standing(deal).map_or_else(|| forecaster.base_rate(), |standing| forecaster.chance(&standing))
        };
        (by(&self.by_last) - self.by_before.as_ref().map_or(0.0, by)).max(0.0)
    }

    fn off(&self) -> f64 {
        self.by_last.off()
    }
}
