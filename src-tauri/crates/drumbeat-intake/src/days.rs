//! Days as people write them, in four languages. A day that can be read in two ways is not read.
//!
//! Dots are day first wherever they are used. With slashes and dashes the order of day and month is only known
//! when one of them is larger than twelve, when both are the same, or when the mapping says it.

use chrono::NaiveDate;
use drumbeat_model::intake::DayOrder;
use drumbeat_model::time::Day;

use crate::text::{plain, quote};

/// What a month is called, beginning with January; a word means a month that one of these begins with it.
const MONTHS: [&[&str]; 12] = [
    &["january", "januar", "jaenner", "janner", "janvier", "enero", "ene"],
    &["february", "februar", "fevrier", "febrero", "fev"],
    &["march", "marz", "maerz", "mars", "marzo", "mrz"],
    &["april", "avril", "abril", "avr", "abr"],
    &["may", "mai", "mayo"],
    &["june", "juni", "juin", "junio"],
    &["july", "juli", "juillet", "julio"],
    &["august", "aout", "agosto", "ago"],
    &["september", "septembre", "septiembre", "setiembre", "sept"],
    &["october", "oktober", "octobre", "octubre", "okt"],
    &["november", "novembre", "noviembre"],
    &["december", "dezember", "decembre", "diciembre", "dez", "dic"],
];

/// Words that stand in days and say nothing.
const FILLERS: &[&str] =
    &["de", "del", "of", "the", "den", "der", "le", "el", "st", "nd", "rd", "th", "er", "am", "on"];

#[derive(Debug, Clone, Copy)]
enum Piece {
    Number(u32, usize),
    Month(u32),
}

fn month(word: &str) -> Option<u32> {
    if word.len() < 3 {
        return None;
    }
    let of = |names: &&[&str]| names.iter().any(|name| name.starts_with(word));
    let mut found = MONTHS.iter().zip(1..).filter(|(names, _)| of(names)).map(|(_, number)| number);
    match (found.next(), found.next()) {
        (Some(number), None) => Some(number),
        _ => None,
    }
}

/// Numbers and months of a text, without a time behind; `None` when something else stands in it.
fn pieces(text: &str) -> Option<Vec<Piece>> {
    let words = plain(text);
    let mut pieces = Vec::new();
    for word in words.split(' ').filter(|word| !word.is_empty()) {
        let digits = word.bytes().take_while(u8::is_ascii_digit).count();
        let (number, rest) = word.split_at(digits);
        if digits > 0 {
            if digits > 8 {
                return None;
            }
            pieces.push(Piece::Number(number.parse().ok()?, digits));
        }
        if !rest.is_empty() && !FILLERS.contains(&rest) {
            pieces.push(Piece::Month(month(rest)?));
        }
    }
    Some(pieces)
}

/// The text without a time of day behind it.
fn without_time(text: &str) -> &str {
    let text = text.trim();
    let end = text.find(':').map_or(text.len(), |colon| {
        // `2026-11-21T10:00`, `21.11.2026 10:00`: the hour goes with its minutes.
        text[..colon].rfind(|c: char| !c.is_ascii_digit()).unwrap_or(colon)
    });
    text[..end].trim_end_matches(['T', ',', ' '])
}

fn year(number: u32, digits: usize) -> Option<i32> {
    let year = i32::try_from(number).ok()?;
    match digits {
        4 => (1970..=2199).contains(&year).then_some(year),
        2 => Some(2000 + year),
        _ => None,
    }
}

/// Every day that a text can mean: in two orders, in one, in none.
fn readings(text: &str) -> Vec<(Day, DayOrder)> {
    use DayOrder::{DayFirst, MonthFirst};
    use Piece::{Month, Number};
    let text = without_time(text);
    let of = |year: Option<i32>, month, day| NaiveDate::from_ymd_opt(year?, month, day);
    let one = |day: Option<Day>| day.map(|day| vec![(day, DayFirst)]).unwrap_or_default();
    match pieces(text).unwrap_or_default().as_slice() {
        [Number(all, 8)] => one(of(year(all / 10_000, 4), all / 100 % 100, all % 100)),
        [Number(y, 4), Number(m, 1..=2), Number(d, 1..=2)] | [Number(y, 4), Month(m), Number(d, 1..=2)] => {
            one(of(year(*y, 4), *m, *d))
        }
        [Number(d, 1..=2), Month(m), Number(y, digits)] | [Month(m), Number(d, 1..=2), Number(y, digits)] => {
            one(of(year(*y, *digits), *m, *d))
        }
        [Number(a, 1..=2), Number(b, 1..=2), Number(y, digits @ (2 | 4))] => {
            let year_last = year(*y, *digits);
            let mut found = Vec::new();
            found.extend(of(year_last, *b, *a).map(|day| (day, DayFirst)));
            if !text.contains('.') || found.is_empty() {
                found.extend(of(year_last, *a, *b).map(|day| (day, MonthFirst)));
            }
            found
        }
        _ => Vec::new(),
    }
}

/// Whether a short text of numbers may also begin with its year.
fn may_begin_with_year(text: &str) -> bool {
    let pieces = pieces(without_time(text)).unwrap_or_default();
    let [Piece::Number(y, 2), Piece::Number(m, 2), Piece::Number(d, 2)] = pieces.as_slice() else { return false };
    !text.contains('.') && NaiveDate::from_ymd_opt(2000 + i32::try_from(*y).unwrap_or(0), *m, *d).is_some()
}

/// The day that a text means.
///
/// # Errors
/// A sentence, when it is none or may be two.
pub fn day(text: &str, order: Option<DayOrder>) -> Result<Day, String> {
    let found = readings(text);
    let picked = match (found.as_slice(), order) {
        ([], _) => return Err(format!("{} is no day", quote(text))),
        ([(only, _)], _) => *only,
        ([(first, _), (second, _), ..], _) if first == second => *first,
        (several, Some(order)) => {
            several.iter().find(|(_, known)| *known == order).map_or(several[0].0, |found| found.0)
        }
        ([(first, _), (second, _), ..], None) => {
            let shown = |day: &Day| day.format("%-d %B %Y").to_string();
            return Err(format!(
                "{} is {} or {}: say in which order days are written",
                quote(text),
                shown(first),
                shown(second)
            ));
        }
    };
    if order.is_none() && may_begin_with_year(text) {
        return Err(format!("{} may begin with its day or its year: say in which order days are written", quote(text)));
    }
    Ok(picked)
}

/// The order in which a column writes days, when one of its values shows it and none speaks against it.
pub fn evidence<'t>(texts: impl Iterator<Item = &'t str>) -> Option<DayOrder> {
    let mut shown = None;
    for text in texts {
        let numbers = pieces(without_time(text)).unwrap_or_default();
        let [Piece::Number(a, 1..=2), Piece::Number(b, 1..=2), Piece::Number(_, 4)] = numbers.as_slice() else {
            continue;
        };
        let order = match (a, b) {
            (13..=31, 1..=12) => DayOrder::DayFirst,
            (1..=12, 13..=31) => DayOrder::MonthFirst,
            _ => continue,
        };
        match shown {
            Some(known) if known != order => return None,
            _ => shown = Some(order),
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn a_day_is_read_in_every_common_form() {
        let expected = NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
        for text in [
            "2026-11-21",
            "2026/11/21",
            "20261121",
            "2026-11-21T10:00:00Z",
            "2026-11-21 10:00",
            "21.11.2026",
            "21.11.26",
            "21. 11. 2026",
            "21/11/2026",
            "11/21/2026",
            "11/21/2026 10:00 AM",
            "21-11-2026",
            "21 Nov 2026",
            "21-Nov-2026",
            "21-Nov-26",
            "Nov 21, 2026",
            "November 21st, 2026",
            "21. November 2026",
            "21 novembre 2026",
            "21 de noviembre de 2026",
            "2026 Nov 21",
        ] {
            assert_eq!(day(text, None), Ok(expected), "{text}");
        }
        for (text, month) in [
            ("1 März 2026", 3),
            ("1er août 2026", 8),
            ("1 dic 2026", 12),
            ("1. Dez. 2026", 12),
            ("1 juin 2026", 6),
            ("1 juillet 2026", 7),
        ] {
            assert_eq!(day(text, None), Ok(NaiveDate::from_ymd_opt(2026, month, 1).unwrap()), "{text}");
        }
    }

    #[test]
    fn a_day_that_may_be_two_is_read_only_when_the_order_is_known() {
        let date = |m, d| NaiveDate::from_ymd_opt(2026, m, d).unwrap();
        for text in ["03/04/2026", "3-4-2026", "03/04/26"] {
            assert!(day(text, None).unwrap_err().contains("order"), "{text}");
            assert_eq!(day(text, Some(DayOrder::DayFirst)), Ok(date(4, 3)), "{text}");
            assert_eq!(day(text, Some(DayOrder::MonthFirst)), Ok(date(3, 4)), "{text}");
        }
        assert_eq!(day("04/04/2026", None), Ok(date(4, 4)), "both orders mean the same day");
        assert!(day("26-11-21", None).is_err(), "a year may stand in front");
    }

    #[test]
    fn what_is_no_day_is_none() {
        for text in [
            "",
            "soon",
            "Q4 2026",
            "2026",
            "31.02.2026",
            "32/01/2026",
            "45982",
            "1 ma 2026",
            "21 Nov",
            "1.2.3.4",
            "99999999999",
        ] {
            assert!(day(text, None).is_err(), "{text}");
        }
    }

    #[test]
    fn a_column_shows_its_order_unless_it_speaks_with_two_tongues() {
        let of = |texts: &[&str]| evidence(texts.iter().copied());
        assert_eq!(of(&["03/04/2026", "31/12/2026"]), Some(DayOrder::DayFirst));
        assert_eq!(of(&["03/04/2026", "12/31/2026"]), Some(DayOrder::MonthFirst));
        assert_eq!(of(&["03/04/2026"]), None);
        assert_eq!(of(&["31/12/2026", "12/31/2026"]), None);
    }
}
