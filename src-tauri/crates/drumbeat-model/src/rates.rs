//! The CRM's own rates between the account's currency and others, and what an amount comes to by them.
//!
//! The one hard idea is which rate a deal has. Where the CRM dates its rates it is that of the close date, of open deals
//! and closed ones. Where it knows only a present rate, open deals have that, and closed ones keep the one that was in
//! force when they closed, as far as rates have been seen: a past revenue does not move because a rate does.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::money::{Currency, Money};
use crate::time::Day;

/// Decimals of an amount that are kept at most.
const MOST_DECIMALS: u32 = 4;

/// A rate as the CRM states it: one unit of a currency is so much of another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Rate {
    /// One of this ...
    pub one: Currency,
    /// ... is this.
    pub is: Money,
    /// In force since; absent where the CRM does not date it.
    pub since: Option<Day>,
}

impl std::fmt::Display for Rate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "1 {} = {} {}", self.one, self.is.amount.normalize(), self.is.currency)?;
        self.since.map_or(Ok(()), |day| write!(f, " since {day}"))
    }
}

/// An amount in the account's own currency, and by which rate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Converted {
    /// The amount.
    pub money: Money,
    /// The rate; absent where the CRM tells the amount alone.
    pub rate: Option<Rate>,
}

/// A rate and the days that it is in force: the first included, the last not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DatedRate {
    /// From this day on; from ever when absent.
    pub from: Option<Day>,
    /// Until the day before this; for good when absent.
    pub until: Option<Day>,
    /// Units of the currency for one of the account's own.
    pub rate: Decimal,
}

impl DatedRate {
    fn holds(&self, day: Day) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day < until)
    }
}

/// What one unit of the account's own currency is in others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rates {
    /// The account's own currency.
    pub own: Currency,
    /// Decimals of an amount in it.
    pub decimals: u32,
    /// The CRM dates its rates; otherwise `dated` is what was seen to change.
    pub is_dated: bool,
    /// Present rates, those of currencies out of use among them. None is zero or less.
    pub present: BTreeMap<Currency, Decimal>,
    /// Rates with their days, in their order.
    pub dated: BTreeMap<Currency, Vec<DatedRate>>,
}

impl Rates {
    /// The rate of a deal that closes, or has closed, on a day.
    #[must_use]
    pub fn of(&self, currency: &Currency, close: Option<Day>, is_open: bool) -> Option<Rate> {
        let rate = |rate: Decimal, since| Rate { one: self.own.clone(), is: Money::new(rate, currency.clone()), since };
        let day = close.filter(|_| self.is_dated || !is_open);
        let dated = day.and_then(|day| self.dated.get(currency)?.iter().rfind(|dated| dated.holds(day)));
        match dated {
            Some(dated) => Some(rate(dated.rate, dated.from)),
            None => self.present.get(currency).map(|present| rate(*present, None)),
        }
    }

    /// An amount of a deal in the account's own currency, to its decimals, half to even as the vendor rounds money.
    /// `None` for what is in it already, and where no rate is known.
    #[must_use]
    pub fn convert(&self, amount: &Money, close: Option<Day>, is_open: bool) -> Option<Converted> {
        if amount.currency == self.own {
            return None;
        }
        let rate = self.of(&amount.currency, close, is_open)?;
        let own = amount.amount.checked_div(rate.is.amount)?.round_dp(self.decimals.min(MOST_DECIMALS));
        Some(Converted { money: Money::new(own, self.own.clone()), rate: Some(rate) })
    }

    /// What is to be kept when the CRM tells these rates on a day, after those that were known: where it does not date
    /// them, what they were before.
    #[must_use]
    pub fn after(mut self, before: Option<&Rates>, today: Day) -> Rates {
        let Some(before) = before.filter(|before| before.own == self.own && !before.is_dated && !self.is_dated) else {
            return self;
        };
        self.dated.clone_from(&before.dated);
        for (currency, was) in &before.present {
            let Some(is) = self.present.get(currency).filter(|is| *is != was) else { continue };
            let known = self.dated.entry(currency.clone()).or_default();
            match known.last_mut() {
                None => known.push(DatedRate { from: None, until: Some(today), rate: *was }),
                // What has changed twice in a day was in force on none.
                Some(last) if last.from == Some(today) => {
                    last.rate = *is;
                    continue;
                }
                Some(last) => last.until = Some(today),
            }
            known.push(DatedRate { from: Some(today), until: None, rate: *is });
        }
        self
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn code(text: &str) -> Currency {
        Currency::parse(text).unwrap()
    }

    fn day(text: &str) -> Option<Day> {
        (!text.is_empty()).then(|| text.parse().unwrap())
    }

    fn money(text: &str) -> Money {
        let (amount, currency) = text.split_once(' ').unwrap();
        Money::new(amount.parse().unwrap(), code(currency))
    }

    fn dated(from: &str, until: &str, rate: &str) -> DatedRate {
        DatedRate { from: day(from), until: day(until), rate: rate.parse().unwrap() }
    }

    fn rates(own: &str, decimals: u32, present: &[(&str, &str)]) -> Rates {
        let present = present.iter().map(|(of, rate)| (code(of), rate.parse().unwrap())).collect();
        Rates { own: code(own), decimals, is_dated: false, present, dated: BTreeMap::new() }
    }

    fn in_dollars() -> Rates {
        let euro = [dated("1900-01-01", "2026-07-01", "0.8"), dated("2026-07-01", "2026-10-01", "0.9")];
        Rates {
            is_dated: true,
            dated: [(code("EUR"), euro.to_vec())].into(),
            ..rates("USD", 2, &[("USD", "1"), ("EUR", "0.95"), ("GBP", "0.75"), ("JPY", "150")])
        }
    }

    #[test]
    fn a_deal_has_the_rate_of_its_close_date_and_the_present_one_where_none_is_dated() {
        for (amount, close, comes_to, since) in [
            ("100 EUR", "2026-06-30", "125", "1900-01-01"),
            // The first day of a rate is in it, the first of the next is not.
            ("100 EUR", "2026-07-01", "111.11", "2026-07-01"),
            ("100 EUR", "2026-09-30", "111.11", "2026-07-01"),
            ("100 EUR", "2026-10-01", "105.26", ""),
            ("100 EUR", "1899-12-31", "105.26", ""),
            ("100 EUR", "", "105.26", ""),
            ("100 GBP", "2026-07-01", "133.33", ""),
            ("1000000 JPY", "2026-07-01", "6666.67", ""),
            ("-100 EUR", "2026-07-01", "-111.11", "2026-07-01"),
            ("0 EUR", "2026-07-01", "0", "2026-07-01"),
            // Half to even: 0.125 and 0.375.
            ("0.1 EUR", "2026-06-30", "0.12", "1900-01-01"),
            ("0.3 EUR", "2026-06-30", "0.38", "1900-01-01"),
        ] {
            for is_open in [true, false] {
                let found = in_dollars().convert(&money(amount), day(close), is_open).unwrap();
                assert_eq!(found.money, money(&format!("{comes_to} USD")), "{amount} {close}");
                assert_eq!(found.rate.unwrap().since, day(since), "{amount} {close}");
            }
        }
        let none = ["100 USD", "100 CHF"].map(|amount| in_dollars().convert(&money(amount), None, true));
        assert_eq!(none, [None, None]);
    }

    #[test]
    fn amounts_have_the_decimals_of_the_own_currency() {
        let (yen, dinar) = (rates("JPY", 0, &[("USD", "0.0066")]), rates("KWD", 3, &[("USD", "3.25")]));
        for (rates, comes_to) in [(yen, "15152 JPY"), (dinar, "30.769 KWD")] {
            assert_eq!(rates.convert(&money("100 USD"), None, true).unwrap().money, money(comes_to));
        }
    }

    #[test]
    fn a_closed_deal_keeps_the_rate_of_its_close_where_the_crm_knows_only_a_present_one() {
        let told = |rate| rates("USD", 2, &[("EUR", rate)]);
        let on = |text: &str| day(text).unwrap();
        let first = told("0.8").after(None, on("2026-06-01"));
        let second = told("0.9").after(Some(&first), on("2026-07-01"));
        let same = told("0.9").after(Some(&second), on("2026-07-20"));
        assert_eq!(same, second);
        let fourth = told("1.1").after(Some(&told("1").after(Some(&same), on("2026-08-01"))), on("2026-08-01"));
        for (close, is_open, rate) in [
            ("2026-06-30", false, "0.8"),
            ("2020-01-01", false, "0.8"),
            ("2026-07-01", false, "0.9"),
            ("2026-07-31", false, "0.9"),
            ("2026-08-01", false, "1.1"),
            ("2027-08-01", false, "1.1"),
            ("2026-06-30", true, "1.1"),
            ("", false, "1.1"),
        ] {
            let found = fourth.of(&code("EUR"), day(close), is_open).unwrap();
            assert_eq!(found.is, money(&format!("{rate} EUR")), "{close} {is_open}");
        }
        // Under another own currency nothing of it holds any more.
        assert!(rates("EUR", 2, &[("USD", "1.2")]).after(Some(&fourth), on("2026-09-01")).dated.is_empty());
    }

    #[test]
    fn a_rate_is_said_as_the_crm_states_it() {
        let rates = in_dollars();
        let said = |close| rates.of(&code("EUR"), day(close), true).unwrap().to_string();
        assert_eq!([said("2026-07-02"), said("")], ["1 USD = 0.9 EUR since 2026-07-01", "1 USD = 0.95 EUR"]);
    }
}
