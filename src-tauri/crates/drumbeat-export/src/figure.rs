//! Numbers as people read them: €6.53 M, €184,000, 34 %, Q3 2026, 19 Nov 2026.
//!
//! Rounding happens here and only here, on the text; sums stay exact. Sums of several currencies
//! stay apart ([`Sums`]): the main one is stated, the others are listed beside it.

use std::collections::BTreeMap;

use chrono::Datelike;
use drumbeat_model::money::{Currency, Money, grouped};
use drumbeat_model::time::{Day, FiscalYear, Instant, Quarter};
use rust_decimal::{Decimal, RoundingStrategy};

use crate::pack::Cell;

/// Exact sums by currency.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sums(BTreeMap<Currency, Decimal>);

impl Sums {
    /// The sum of amounts; missing ones count for nothing.
    pub fn of<'a>(amounts: impl IntoIterator<Item = &'a Option<Money>>) -> Self {
        let mut sums = Self::default();
        for money in amounts.into_iter().flatten() {
            *sums.0.entry(money.currency.clone()).or_default() += money.amount;
        }
        sums
    }

    /// The sum in one currency, zero when there is none.
    #[must_use]
    pub fn in_currency(&self, currency: &Currency) -> Decimal {
        self.0.get(currency).copied().unwrap_or_default()
    }

    /// The sums in all other currencies that are not zero.
    #[must_use]
    pub fn besides(&self, main: &Currency) -> Vec<Money> {
        self.0
            .iter()
            .filter(|(currency, sum)| *currency != main && !sum.is_zero())
            .map(|(currency, sum)| Money::new(*sum, currency.clone()))
            .collect()
    }

    /// Whether there is nothing to say: no amount at all, or each sum is zero.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.values().all(Decimal::is_zero)
    }

    /// For a title: `€640 k`, `€640 k and DKK 2.15 M`, `€640 k and 2 other currencies`.
    #[must_use]
    pub fn short(&self, main: &Currency) -> String {
        let others = self.besides(main);
        let first = self.in_currency(main);
        let own = short(first, main);
        match others.as_slice() {
            [] => own,
            [other] if first.is_zero() => short(other.amount, &other.currency),
            [other] => format!("{own} and {}", short(other.amount, &other.currency)),
            more => format!("{own} and {} other currencies", more.len()),
        }
    }
}

pub(crate) fn sign(currency: &Currency) -> String {
    match currency.code() {
        "EUR" => "€".to_owned(),
        "USD" => "$".to_owned(),
        "GBP" => "£".to_owned(),
        code => format!("{code} "),
    }
}

fn signed(amount: Decimal, currency: &Currency, text: &str) -> String {
    let minus = if amount.is_sign_negative() && !amount.is_zero() { "\u{2212}" } else { "" };
    format!("{minus}{}{text}", sign(currency))
}

/// Three figures: `€6.53 M`, `€640 k`, `€980`.
#[must_use]
pub fn short(amount: Decimal, currency: &Currency) -> String {
    let mut scaled = rounded(amount.abs(), 0);
    let mut unit = "";
    // 999,950 is 1 M and not 1,000 k: a unit is left only when its rounded figure reaches 1,000.
    let units = [(1_000u64, " k"), (1_000_000, " M"), (1_000_000_000, " bn"), (1_000_000_000_000, " tn")];
    for (size, name) in units {
        if scaled < Decimal::ONE_THOUSAND {
            break;
        }
        let value = amount.abs() / Decimal::from(size);
        let places = if value >= Decimal::ONE_HUNDRED { 0 } else { 1 + u32::from(value < Decimal::TEN) };
        scaled = rounded(value, places);
        unit = name;
    }
    signed(amount, currency, &format!("{}{unit}", plain(scaled, 2)))
}

fn rounded(value: Decimal, places: u32) -> Decimal {
    value.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero)
}

/// To the unit, cents where there are any: `€184,000`, `DKK 2,150,000.50`.
#[must_use]
pub fn full(money: &Money) -> String {
    signed(money.amount, &money.currency, &grouped(money.amount.abs()))
}

/// `34 %`, no decimals.
#[must_use]
pub fn percent(value: Decimal) -> String {
    format!("{} %", plain(value, 0))
}

/// A decimal with at most `places` places, the minus as a minus sign.
#[must_use]
pub fn plain(value: Decimal, places: u32) -> String {
    let rounded = rounded(value, places).normalize();
    let minus = if rounded.is_sign_negative() && !rounded.is_zero() { "\u{2212}" } else { "" };
    // Grouping is made for cents; a tenth of an hour has one place.
    let fraction = rounded.abs().fract().normalize().to_string();
    let places = fraction.strip_prefix('0').unwrap_or_default();
    format!("{minus}{}{places}", grouped(rounded.abs().trunc()))
}

/// `Q3 2026`, or `Q3 FY2026` where years do not begin in January.
#[must_use]
pub fn quarter(year: FiscalYear, quarter: Quarter) -> String {
    year.label(quarter)
}

/// `Q2`, or `Q4 2025` when it is of another year than `beside`.
#[must_use]
pub fn quarter_beside(year: FiscalYear, shown: Quarter, beside: Quarter) -> String {
    if shown.year == beside.year { format!("Q{}", shown.number) } else { quarter(year, shown) }
}

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// `19 Nov 2026`.
#[must_use]
pub fn day(day: Day) -> String {
    let month = MONTHS.get(day.month0() as usize).copied().unwrap_or_default();
    format!("{} {month} {}", day.day(), day.year())
}

/// `19 Nov`, or `26 Feb 2027` when it is of another calendar year than the quarter's last day.
#[must_use]
pub fn day_beside(year: FiscalYear, shown: Day, beside: Quarter) -> String {
    let text = day(shown);
    if shown.year() == year.last_day(beside).year() {
        text.trim_end_matches(|x: char| x.is_ascii_digit()).trim_end().to_owned()
    } else {
        text
    }
}

/// `19 Nov 2026, 06:12 UTC`.
#[must_use]
pub fn instant(at: Instant) -> String {
    format!("{}, {} UTC", day(at.date_naive()), at.format("%H:%M"))
}

/// `1 deal`, `2 deals`.
#[must_use]
pub fn count(n: usize, one: &str, many: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{} {many}", grouped(Decimal::from(n))) }
}

/// Part of whole in percent; nothing of nothing is unknown.
#[must_use]
pub fn share(part: Decimal, whole: Decimal) -> Option<Decimal> {
    if whole.is_zero() { None } else { part.checked_mul(Decimal::ONE_HUNDRED)?.checked_div(whole) }
}

/// Percent of growth up to which it is told in percent.
const MOST: Decimal = Decimal::ONE_THOUSAND;

/// How `now` stands against `before`, in words: `up 12 % on Q2`. `None` when there was nothing.
#[must_use]
pub fn against(now: Decimal, before: Decimal, when: &str) -> Option<String> {
    let change = share(now - before, before)?;
    let rounded = rounded(change, 0);
    if rounded > MOST {
        return now.checked_div(before).map(|times| format!("{} times that of {when}", plain(times, 0)));
    }
    Some(if rounded.is_zero() {
        format!("as much as in {when}")
    } else if rounded.is_sign_positive() {
        format!("up {} on {when}", percent(rounded))
    } else {
        format!("down {} on {when}", percent(rounded.abs()))
    })
}

/// The change of one cell against another: `+12 %`, `−2 points`, `+1`. Empty when unknown.
#[must_use]
pub fn change(now: &Cell, before: &Cell) -> String {
    let (difference, unit) = match (now, before) {
        (Cell::Money(now), Cell::Money(before)) if now.currency == before.currency => {
            match share(now.amount - before.amount, before.amount) {
                // Thousands of percent say nothing: so many times as much does.
                Some(change) if change > MOST => {
                    return now
                        .amount
                        .checked_div(before.amount)
                        .map_or_else(String::new, |x| format!("{}\u{d7}", plain(x, 0)));
                }
                Some(change) => (change, " %"),
                None => return String::new(),
            }
        }
        (Cell::Percent(now), Cell::Percent(before)) => (now - before, " points"),
        (Cell::Count(now), Cell::Count(before)) => (Decimal::from(*now) - Decimal::from(*before), ""),
        (Cell::Days(now), Cell::Days(before)) => (Decimal::from(*now) - Decimal::from(*before), " d"),
        (Cell::Hours(now), Cell::Hours(before)) => (now - before, " h"),
        _ => return String::new(),
    };
    let text = plain(difference, 0);
    let plus = if text != "0" && difference.is_sign_positive() { "+" } else { "" };
    format!("{plus}{text}{unit}")
}

/// A cell for reading. Money is to the unit; `brief` asks for three figures.
#[must_use]
pub fn cell(cell: &Cell, brief: bool) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => text.clone(),
        Cell::Money(money) if brief => short(money.amount, &money.currency),
        Cell::Money(money) => full(money),
        Cell::Day(x) => day(*x),
        Cell::Percent(x) => percent(*x),
        Cell::Count(x) => grouped(Decimal::from(*x)),
        Cell::Days(x) => format!("{} d", grouped(Decimal::from(*x))),
        Cell::Hours(x) => format!("{} h", plain(*x, 1)),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn money_in_titles_has_three_figures_and_the_unit_is_chosen_after_rounding() {
        for (amount, code, shown) in [
            ("0", "EUR", "€0"),
            ("980.40", "EUR", "€980"),
            ("999.50", "EUR", "€1 k"),
            ("1234", "EUR", "€1.23 k"),
            ("640000", "EUR", "€640 k"),
            ("999499", "USD", "$999 k"),
            ("999950", "USD", "$1 M"),
            ("6534000", "GBP", "£6.53 M"),
            ("124400000", "EUR", "€124 M"),
            ("2150000", "DKK", "DKK 2.15 M"),
            ("-42000", "EUR", "\u{2212}€42 k"),
            ("3200000000", "EUR", "€3.2 bn"),
            ("999500000000", "EUR", "€1 tn"),
            ("1000000000000000", "USD", "$1,000 tn"),
            ("-79228162514264337593543950335", "USD", "\u{2212}$79,228,162,514,264,338 tn"),
        ] {
            assert_eq!(short(amount.parse().unwrap(), &Currency::parse(code).unwrap()), shown, "{amount}");
        }
    }

    #[test]
    fn a_plain_number_has_no_more_places_than_it_needs() {
        for (value, places, shown) in [
            ("45.5", 1, "45.5"),
            ("45.04", 1, "45"),
            ("1234.56", 1, "1,234.6"),
            ("-0.5", 1, "\u{2212}0.5"),
            ("0.04", 1, "0"),
            ("7654.3", 0, "7,654"),
        ] {
            assert_eq!(plain(value.parse().unwrap(), places), shown);
        }
        assert_eq!(cell(&Cell::Hours("45.50".parse().unwrap()), true), "45.5 h");
    }

    #[test]
    fn changes_carry_a_sign_and_say_points_for_percent() {
        let eur = |x: &str| Cell::Money(Money::new(x.parse().unwrap(), Currency::parse("EUR").unwrap()));
        for (now, before, shown) in [
            (eur("112"), eur("100"), "+12 %"),
            (eur("91"), eur("100"), "\u{2212}9 %"),
            (eur("5"), eur("0"), ""),
            (eur("1100"), eur("100"), "+1,000 %"),
            (eur("11400"), eur("100"), "114\u{d7}"),
            (Cell::Percent(Decimal::from(36)), Cell::Percent(Decimal::from(34)), "+2 points"),
            (Cell::Count(8), Cell::Count(8), "0"),
            (Cell::Days(60), Cell::Days(64), "\u{2212}4 d"),
            (Cell::Empty, Cell::Count(1), ""),
        ] {
            assert_eq!(change(&now, &before), shown);
        }
    }
}
