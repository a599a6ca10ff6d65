//! Exact money. An amount never passes through floating point, here or in the window.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// An ISO 4217 code, three upper-case letters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(try_from = "String", into = "String")]
#[ts(type = "string")]
pub struct Currency([u8; 3]);

/// The text is not three ASCII letters.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a currency is three letters, not \"{0}\"")]
pub struct NotACurrency(pub String);

impl Currency {
    /// Reads a code in any case.
    ///
    /// # Errors
    /// When the text is not three ASCII letters.
    pub fn parse(text: &str) -> Result<Self, NotACurrency> {
        match text.trim().as_bytes() {
            &[a, b, c] if [a, b, c].iter().all(u8::is_ascii_alphabetic) => {
                Ok(Self([a, b, c].map(|x| x.to_ascii_uppercase())))
            }
            _ => Err(NotACurrency(text.chars().take(12).collect())),
        }
    }

    /// The code, upper case.
    #[must_use]
    pub fn code(&self) -> &str {
        // Only ASCII letters get in through `parse`.
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }
}

impl TryFrom<String> for Currency {
    type Error = NotACurrency;
    fn try_from(text: String) -> Result<Self, NotACurrency> {
        Self::parse(&text)
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.code().to_owned()
    }
}

impl std::fmt::Display for Currency {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}

/// An amount in one currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Money {
    /// Exact amount, e.g. `"1234.50"`.
    #[ts(type = "string")]
    pub amount: Decimal,
    /// ISO code.
    pub currency: Currency,
}

impl Money {
    /// An amount in a currency.
    #[must_use]
    pub fn new(amount: Decimal, currency: Currency) -> Self {
        Self { amount, currency }
    }
}

impl std::fmt::Display for Money {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.currency, grouped(self.amount))
    }
}

/// A decimal with commas between thousands: `1,234.50`.
#[must_use]
pub fn grouped(amount: Decimal) -> String {
    let text = amount.normalize().abs().to_string();
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let mut out = String::with_capacity(text.len() + 6);
    if amount.is_sign_negative() && !amount.is_zero() {
        out.push('\u{2212}');
    }
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if !fraction.is_empty() {
        out.push('.');
        out.push_str(fraction);
        if fraction.len() == 1 {
            out.push('0');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn amounts_are_grouped_by_thousands_and_keep_their_cents() {
        for (input, shown) in [
            ("0", "0"),
            ("999", "999"),
            ("1000", "1,000"),
            ("1234567.5", "1,234,567.50"),
            ("-42000", "\u{2212}42,000"),
            ("12.340", "12.34"),
        ] {
            assert_eq!(grouped(input.parse().unwrap()), shown);
        }
    }

    #[test]
    fn a_currency_is_three_letters_in_any_case() {
        assert_eq!(Currency::parse(" eur ").unwrap().code(), "EUR");
        for bad in ["", "EU", "EURO", "12€", "é1"] {
            assert!(Currency::parse(bad).is_err(), "{bad}");
        }
    }
}
