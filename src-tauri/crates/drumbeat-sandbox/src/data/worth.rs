//! What a CRM knows of the worth of business where somebody keeps it: annual values and incentives of deals that were won,
//! how customers renew, how satisfied they are and whether they use the integration. Made from a record's place alone, so
//! that nothing else of the data hangs on it.

use super::book::{Account, Deal};
use crate::random::Random;

/// Annual value and incentive of a deal, in whole units of its currency.
pub(crate) fn of_deal(deal: &Deal, place: usize) -> (Option<i64>, Option<i64>) {
    let amount = deal.amount.parse::<f64>().ok().filter(|amount| deal.won && *amount > 0.0);
    let Some(amount) = amount else { return (None, None) };
    let mut random = Random::new(0xACE0 ^ place as u64);
    // Some contracts run for two or three years; of some nobody has said how long.
    let years = [1.0, 1.0, 1.0, 2.0, 3.0][random.below(5)];
    let annual = random.chance(0.85).then(|| (amount / years).round() as i64);
    let sourced = deal.partnered.as_ref().is_some_and(|p| p.partner.is_some() && p.sourced == Some(true));
    let part = [0.05, 0.08, 0.1][random.below(3)];
    (annual, (sourced && random.chance(0.7)).then(|| (amount * part).round() as i64))
}

/// Net revenue retention in percent, satisfaction from one to five, and whether the integration is used, of a customer.
pub(crate) fn of_account(account: &Account, place: usize) -> Option<(i64, f64, bool)> {
    let mut random = Random::new(0xCA5E ^ place as u64);
    let known = account.renewal.is_some() && random.chance(0.6);
    known.then(|| (random.between(78, 128), random.between(28, 50) as f64 / 10.0, random.chance(0.4)))
}
