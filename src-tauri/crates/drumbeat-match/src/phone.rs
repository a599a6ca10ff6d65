//! Telephone numbers in the form in which they meet: `+49 (0)431 1234-567` and `0431 1234567` are one line.
//!
//! The one hard idea: a number abroad and the same number at home differ by the country's calling code and the zero
//! before the area. Both go: calling codes are free of prefixes (ITU-T E.164, list of assigned codes), so that where a
//! text says that it begins with one, its length follows from its first two digits. Of what is left the last nine digits
//! count, because texts that give the code without a sign before it have it in front. Whether a number exists is not
//! asked: a library that knows (`phonenumber`) weighs a megabyte of plans of numbering and ten times the time.

/// So many digits count, from the end.
const COUNT: usize = 9;
/// Fewer do not mean one line.
const FEWEST: usize = 7;

/// Calling codes of two digits; 1 and 7 have one, all others three.
const TWO_DIGITS: [&str; 43] = [
    "20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46", "47", "48", "49", "51",
    "52", "53", "54", "55", "56", "57", "58", "60", "61", "62", "63", "64", "65", "66", "81", "82", "84", "86", "90",
    "91", "92", "93", "94", "95",
];

/// The digits by which a line is known; `None` for what means no line: too few digits, one digit again and again, 1234567.
///
/// Reading a key again gives the same key.
#[must_use]
pub fn key(text: &str) -> Option<String> {
    // What follows names somebody inside, or another line.
    let text = text.split([',', ';', '#']).next()?;
    let text = text.find(|c: char| c.is_alphabetic()).map_or(text, |at| if at < 3 { text } else { &text[..at] });
    let text = text.replace("(0)", "");
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let abroad = match text.trim_start().starts_with('+') {
        true => Some(digits.as_str()),
        false => digits.strip_prefix("00"),
    };
    let at_home = match abroad.map(|number| number.trim_start_matches('0')) {
        Some(number) => number.get(code(number)..)?,
        None => digits.as_str(),
    };
    let from = at_home.len().saturating_sub(COUNT);
    let kept = at_home.get(from..)?.trim_start_matches('0');
    (kept.len() >= FEWEST && !is_made_up(kept)).then(|| kept.to_owned())
}

/// How many digits the calling code has that a number begins with.
fn code(number: &str) -> usize {
    match number.get(..2) {
        Some(start) if start.starts_with(['1', '7']) => 1,
        Some(start) if TWO_DIGITS.contains(&start) || start == "98" => 2,
        Some(_) => 3,
        None => 0,
    }
}

/// What people type where a field wants a number.
fn is_made_up(digits: &str) -> bool {
    let bytes = digits.as_bytes();
    let steps = |step: i16| bytes.windows(2).all(|two| i16::from(two[1]) - i16::from(two[0]) == step);
    steps(0) || steps(1) || steps(-1)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ways_of_writing_one_line_meet() {
        for (a, b) in [
            ("+49 (0)431 1234-567", "0431 1234567"),
            ("0049 431 1234567", "+49 431 / 123 45 67"),
            ("+47 22 33 44 55", "22334455"),
            ("+45 33 12 34 56", "33 12 34 56"),
            ("+39 06 1234 5678", "06 12345678"),
            ("+1 (415) 555-2671", "415-555-2671"),
            ("1-415-555-2671", "+14155552671"),
            ("8 (495) 123-45-67", "+7 495 1234567"),
            ("+86 138 1234 5678", "138 1234 5678"),
            ("+353 1 234 5679", "01 2345679"),
            ("Tel. 0431 1234567", "0431 1234567 ext. 12"),
            ("+44 20 7946 0018 x3", "020 7946 0018, 020 7946 0019"),
        ] {
            assert_eq!(key(a).unwrap(), key(b).unwrap(), "{a} / {b}");
        }
    }

    #[test]
    fn what_means_no_line_has_no_key() {
        for text in ["", "n/a", "12345", "000 000 0000", "1234567", "987654321", "+49", "call me", "0 0 0"] {
            assert_eq!(key(text), None, "{text}");
        }
        assert_ne!(key("+49 431 1234568"), key("+49 431 1234567"));
    }

    proptest! {
        #[test]
        fn a_key_is_its_own_key(text in "[+0-9 ()/x-]{0,24}|\\PC{0,20}") {
            if let Some(once) = key(&text) {
                prop_assert_eq!(key(&once), Some(once.clone()));
            }
        }
    }
}
