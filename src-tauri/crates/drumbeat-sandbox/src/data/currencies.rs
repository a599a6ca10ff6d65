//! Several currencies, where they are asked for: which deal is in which, and what they have been worth.
//!
//! Callers rely on: nothing is drawn from chance, so that a book with several currencies is otherwise the same.

use std::str::FromStr;

use rust_decimal::Decimal;

use crate::clock::Millis;
use crate::data::book::DAY;

/// The company's own currency.
pub(crate) const OWN: &str = "USD";

/// A currency that deals can be in.
pub(crate) struct Foreign {
    pub(crate) code: &'static str,
    pub(crate) places: u32,
    /// How much of it one of the company's own is, from so many days ago on; oldest first.
    rates: [(i64, &'static str); 3],
}

/// The others, in an order of their own.
pub(crate) const FOREIGN: [Foreign; 3] = [
    Foreign { code: "EUR", places: 2, rates: [(40_000, "0.92"), (200, "0.9"), (30, "0.875")] },
    Foreign { code: "GBP", places: 2, rates: [(40_000, "0.78"), (200, "0.7625"), (30, "0.754321")] },
    Foreign { code: "JPY", places: 0, rates: [(40_000, "147.5"), (200, "151"), (30, "149.87")] },
];

/// What a deal is in, by its place: every fifth in euros, some in the others.
pub(crate) fn of_deal(place: usize, several: bool) -> &'static str {
    match place {
        _ if !several => OWN,
        place if place % 5 == 0 => FOREIGN[0].code,
        place if place % 9 == 1 => FOREIGN[1].code,
        place if place % 16 == 2 => FOREIGN[2].code,
        _ => OWN,
    }
}

impl Foreign {
    /// Each rate with the first day of it and that of the next.
    pub(crate) fn dated(&self, now: Millis) -> impl Iterator<Item = (Millis, Option<Millis>, &'static str)> + '_ {
        let starts = move |place: usize| self.rates.get(place).map(|(ago, _)| (now - ago * DAY) / DAY * DAY);
        self.rates
            .iter()
            .enumerate()
            .filter_map(move |(place, (_, rate))| Some((starts(place)?, starts(place + 1), *rate)))
    }

    /// The rate now.
    pub(crate) fn present(&self) -> &'static str {
        self.rates[self.rates.len() - 1].1
    }
}

/// What one unit of a currency is in the company's own on a day, as it is told there: to nine decimals.
pub(crate) fn worth(code: &str, at: Millis, now: Millis) -> Decimal {
    let foreign = FOREIGN.iter().find(|foreign| foreign.code == code);
    let rate = foreign.and_then(|foreign| foreign.dated(now).filter(|(from, _, _)| *from <= at).last());
    let rate = rate.and_then(|(_, _, rate)| Decimal::from_str(rate).ok());
    rate.and_then(|rate| Decimal::ONE.checked_div(rate)).map_or(Decimal::ONE, |one| one.round_dp(9))
}

/// An amount by a rate, to the cent; nothing where it is none.
pub(crate) fn converted(amount: &str, rate: Decimal) -> String {
    let amount = Decimal::from_str(amount.trim()).ok();
    amount.and_then(|amount| amount.checked_mul(rate)).map_or_else(String::new, |own| own.round_dp(2).to_string())
}
