//! Amounts as people write them, exact: separators, currencies, thousands and millions.
//!
//! `1.234` may be one and a bit or more than a thousand; `$` may be five currencies. Such an amount is not read
//! unless the mapping says which sign stands before the cents and which currency is meant. No amount ever passes
//! through floating point.

use drumbeat_model::intake::DecimalMark;
use drumbeat_model::money::Currency;
use rust_decimal::Decimal;

use crate::text::{plain, quote};

/// ISO 4217 codes in use.
const CODES: &str = "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD \
     CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD \
     HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD \
     MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG \
     QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD \
     TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG";

/// Signs and words that mean one currency.
const SIGNS: &[(&str, &str)] = &[
    ("€", "EUR"),
    ("euro", "EUR"),
    ("euros", "EUR"),
    ("£", "GBP"),
    ("us$", "USD"),
    ("a$", "AUD"),
    ("au$", "AUD"),
    ("c$", "CAD"),
    ("ca$", "CAD"),
    ("nz$", "NZD"),
    ("s$", "SGD"),
    ("hk$", "HKD"),
    ("r$", "BRL"),
    ("₹", "INR"),
    ("zł", "PLN"),
    ("kč", "CZK"),
    ("sfr", "CHF"),
    ("fr.", "CHF"),
    ("₩", "KRW"),
    ("₪", "ILS"),
    ("₺", "TRY"),
    ("₽", "RUB"),
];

/// Signs that several countries use.
const SHARED: &[(&str, &[&str])] = &[
    ("$", &["USD", "AUD", "CAD", "NZD", "SGD", "HKD", "MXN", "CLP", "COP", "ARS"]),
    ("kr", &["SEK", "NOK", "DKK", "ISK"]),
    ("kr.", &["DKK", "SEK", "NOK", "ISK"]),
    ("¥", &["JPY", "CNY"]),
];

const TIMES: &[(&str, u32)] =
    &[("k", 3), ("tsd", 3), ("tsd.", 3), ("m", 6), ("mn", 6), ("mio", 6), ("mio.", 6), ("million", 6), ("millions", 6)];

/// An ISO code or an unmistakable sign or name of a currency.
#[must_use]
pub fn currency(text: &str) -> Option<Currency> {
    let text = text.trim();
    let code = text.to_ascii_uppercase();
    let known = if code.len() == 3 && code.is_ascii() && CODES.split_whitespace().any(|known| known == code) {
        code.as_str()
    } else {
        let lower = text.to_lowercase();
        SIGNS.iter().find(|(sign, _)| *sign == lower).map(|(_, code)| *code)?
    };
    Currency::parse(known).ok()
}

/// What stands in front of the number, the number, what stands behind it.
fn parts(text: &str) -> Option<(String, String, String)> {
    let text = text.trim();
    let first = text.find(|c: char| c.is_ascii_digit())?;
    let last = text.rfind(|c: char| c.is_ascii_digit())? + 1;
    let core: String = text[first..last].to_owned();
    // `1200,-` is how round prices are written.
    let behind = text[last..].trim().trim_start_matches([',', '.']).trim_start_matches(['-', '–', '—']).trim();
    Some((text[..first].trim().to_owned(), core, behind.to_owned()))
}

/// The sign before the cents, when the number shows it.
fn shown_mark(core: &str) -> Option<DecimalMark> {
    let (points, commas) = (core.matches('.').count(), core.matches(',').count());
    let mark = |sign: char| if sign == '.' { DecimalMark::Point } else { DecimalMark::Comma };
    let other = |sign: char| if sign == '.' { DecimalMark::Comma } else { DecimalMark::Point };
    match (points, commas) {
        (0, 0) => None,
        (0, _) | (_, 0) => {
            let sign = if points > 0 { '.' } else { ',' };
            if points + commas > 1 {
                return Some(other(sign));
            }
            let (whole, cents) = core.split_once(sign)?;
            // `0.125` can only be a fraction, `12.500` can be both.
            (cents.len() != 3 || whole == "0" || whole.len() > 3).then(|| mark(sign))
        }
        _ => Some(mark(if core.rfind('.') > core.rfind(',') { '.' } else { ',' })),
    }
}

/// The sign that a column writes before the cents, when one of its values shows it and none speaks against it.
pub fn evidence<'t>(texts: impl Iterator<Item = &'t str>) -> Option<DecimalMark> {
    let mut shown = None;
    for text in texts {
        let Some(mark) = parts(text).and_then(|(_, core, _)| shown_mark(&core)) else { continue };
        match shown {
            Some(known) if known != mark => return None,
            _ => shown = Some(mark),
        }
    }
    shown
}

fn number(core: &str, decimal: Option<DecimalMark>) -> Result<Decimal, &'static str> {
    const NONE: &str = "is no amount";
    let is_space = |c: char| matches!(c, ' ' | '\u{A0}' | '\u{202F}' | '\u{2009}' | '\'' | '’');
    let ambiguous = core.contains(['.', ',']) && shown_mark(core).is_none();
    let mark = match (shown_mark(core), decimal) {
        (None, None) if ambiguous => return Err("may have thousands or cents: say which sign stands before the cents"),
        (shown, said) => shown.or(said).unwrap_or(DecimalMark::Point),
    };
    let sign = if mark == DecimalMark::Point { '.' } else { ',' };
    let (whole, cents) = core.split_once(sign).unwrap_or((core, ""));
    let groups: Vec<&str> = whole.split(|c: char| is_space(c) || matches!(c, '.' | ',')).collect();
    let grouped = groups.len() == 1
        || (groups.iter().skip(1).all(|group| group.len() == 3)
            && (1..=3).contains(&groups.first().map_or(0, |g| g.len())));
    // `12,00,000` is how lakhs are written.
    let lakhs = groups.len() > 2
        && groups.last().is_some_and(|group| group.len() == 3)
        && groups[1..groups.len() - 1].iter().all(|group| group.len() == 2);
    let digits = groups.concat();
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !(grouped || lakhs) || !all_digits(&digits) || !all_digits(cents) || digits.len() > 15 || cents.len() > 6 {
        return Err(NONE);
    }
    let text = if cents.is_empty() { digits } else { format!("{digits}.{cents}") };
    text.parse().map_err(|_| NONE)
}

/// Words around a number: a currency, thousands or millions, both or neither.
fn around(words: &str, said: Option<&Currency>) -> Result<(Option<Currency>, u32), &'static str> {
    let (mut found, mut power) = (None, None);
    let mut rest = words.trim().to_lowercase();
    while !rest.is_empty() {
        let known = TIMES.iter().filter(|(word, _)| rest.starts_with(word)).max_by_key(|(word, _)| word.len());
        // Letters are one word: `m` is millions, `mxn` is a currency.
        let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let word = rest[..end].to_owned();
        if let Some(currency) = currency(&word) {
            if found.replace(currency).is_some() {
                return Err("names two currencies");
            }
            rest = rest[end..].trim_start().to_owned();
        } else if let Some((_, codes)) = SHARED.iter().find(|(sign, _)| *sign == word) {
            let meant = said.filter(|said| codes.contains(&said.code()));
            let Some(meant) = meant else { return Err("is in a currency that several countries write so: name it") };
            if found.replace(meant.clone()).is_some() {
                return Err("names two currencies");
            }
            rest = rest[end..].trim_start().to_owned();
        } else if let Some((word, tens)) = known {
            if power.replace(*tens).is_some() {
                return Err("is no amount");
            }
            rest = rest[word.len()..].trim_start().to_owned();
        } else {
            return Err("is no amount");
        }
    }
    Ok((found, power.unwrap_or(0)))
}

/// An amount, and its currency when the text names one or the mapping does.
///
/// # Errors
/// A sentence, when it is no amount or may be two.
pub fn amount(
    text: &str,
    decimal: Option<DecimalMark>,
    said: Option<&Currency>,
) -> Result<(Decimal, Option<Currency>), String> {
    let wrong = |why: &str| format!("{} {why}", quote(text));
    let (before, core, behind) = parts(text).ok_or_else(|| wrong("is no amount"))?;
    if before.contains(['-', '−', '(']) {
        return Err(wrong("is less than nothing"));
    }
    let (front, tens_before) = around(&before, said).map_err(wrong)?;
    let (back, tens) = around(&behind, said).map_err(wrong)?;
    if tens_before > 0 {
        return Err(wrong("is no amount"));
    }
    let currency = match (front, back) {
        (Some(a), Some(b)) if a != b => return Err(wrong("names two currencies")),
        (front, back) => front.or(back).or_else(|| said.cloned()),
    };
    let number = number(&core, decimal).map_err(wrong)?;
    let scale: Decimal = Decimal::from(10_u64.pow(tens));
    let whole = number.checked_mul(scale).ok_or_else(|| wrong("is too large"))?.normalize();
    Ok((whole, currency))
}

/// A yes or no in four languages.
#[must_use]
pub fn truth(text: &str) -> Option<bool> {
    match plain(text).as_str() {
        "yes" | "y" | "true" | "1" | "x" | "ja" | "j" | "wahr" | "oui" | "o" | "vrai" | "si" | "s" | "verdadero"
        | "given" | "granted" | "agreed" | "on" | "checked" => Some(true),
        "no" | "n" | "false" | "0" | "nein" | "falsch" | "non" | "faux" | "falso" | "off" | "unchecked" => Some(false),
        _ => matches!(text.trim(), "✓" | "✔" | "☑" | "☒").then_some(true),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    fn read(text: &str, decimal: Option<DecimalMark>, said: Option<&str>) -> Result<String, String> {
        let said = said.map(|code| Currency::parse(code).unwrap());
        let (number, currency) = amount(text, decimal, said.as_ref())?;
        Ok(format!("{number} {}", currency.map_or_else(|| "?".to_owned(), |currency| currency.code().to_owned())))
    }

    #[test]
    fn an_amount_is_read_in_every_common_form() {
        for (text, expected) in [
            ("1234.5", "1234.5 ?"),
            ("120000", "120000 ?"),
            ("€ 1.234,50", "1234.5 EUR"),
            ("1,234.50 USD", "1234.5 USD"),
            ("EUR120,000.00", "120000 EUR"),
            ("1.234.567 EUR", "1234567 EUR"),
            ("1 234 567,89 €", "1234567.89 EUR"),
            ("1\u{A0}234,5 €", "1234.5 EUR"),
            ("CHF 1'234.50", "1234.5 CHF"),
            ("1’234 CHF", "1234 CHF"),
            ("US$120k", "120000 USD"),
            ("120 k€", "120000 EUR"),
            ("1,25 Mio. EUR", "1250000 EUR"),
            ("1.2M GBP", "1200000 GBP"),
            ("£12,50", "12.5 GBP"),
            ("₹12,00,000", "1200000 INR"),
            ("0.125", "0.125 ?"),
            ("1200,- €", "1200 EUR"),
            ("0", "0 ?"),
        ] {
            assert_eq!(read(text, None, None).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn an_amount_that_may_be_two_is_read_only_when_the_mapping_says_how() {
        use DecimalMark::{Comma, Point};
        for (text, decimal, expected) in [
            ("12,500", Point, "12500 ?"),
            ("12,500", Comma, "12.5 ?"),
            ("12.500", Comma, "12500 ?"),
            ("12.500", Point, "12.5 ?"),
        ] {
            assert!(read(text, None, None).unwrap_err().contains("cents"), "{text}");
            assert_eq!(read(text, Some(decimal), None).as_deref(), Ok(expected), "{text}");
        }
        for (text, said, expected) in
            [("$5", "USD", "5 USD"), ("$5", "CAD", "5 CAD"), ("5 kr", "SEK", "5 SEK"), ("¥5", "JPY", "5 JPY")]
        {
            assert!(read(text, None, None).unwrap_err().contains("several countries"), "{text}");
            assert!(read(text, None, Some("EUR")).is_err(), "{text}");
            assert_eq!(read(text, None, Some(said)).as_deref(), Ok(expected), "{text}");
        }
        assert_eq!(read("5", None, Some("EUR")).as_deref(), Ok("5 EUR"));
        assert_eq!(read("5 USD", None, Some("EUR")).as_deref(), Ok("5 USD"), "the row's own word goes first");
    }

    #[test]
    fn what_is_no_amount_is_none() {
        for text in [
            "",
            "tbd",
            "-5",
            "(5)",
            "ca. 120k",
            "100-120k",
            "1,23,4",
            "1.2.3",
            "12,34.567,8",
            "5 EUR USD",
            "EUR 5 USD",
            "1e5",
            "12 bananas",
            "99999999999999999999",
            "5%",
            "1,2345678",
        ] {
            assert!(read(text, None, None).is_err(), "{text}");
        }
    }

    #[test]
    fn a_column_shows_its_sign_unless_it_speaks_with_two_tongues() {
        let of = |texts: &[&str]| evidence(texts.iter().copied());
        assert_eq!(of(&["12,500", "1,234.50"]), Some(DecimalMark::Point));
        assert_eq!(of(&["12.500", "99,90"]), Some(DecimalMark::Comma));
        assert_eq!(of(&["12.500", "12,500"]), None);
        assert_eq!(of(&["99.90", "99,90"]), None);
    }

    #[test]
    fn a_yes_is_a_yes_in_four_languages_and_anything_else_is_none() {
        for (text, expected) in [
            ("Ja", Some(true)),
            (" sí ", Some(true)),
            ("x", Some(true)),
            ("☑", Some(true)),
            ("Non", Some(false)),
            ("vielleicht", None),
            ("", None),
        ] {
            assert_eq!(truth(text), expected, "{text}");
        }
    }
}
