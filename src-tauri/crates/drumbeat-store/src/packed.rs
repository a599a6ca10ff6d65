//! A record's values as the mirror keeps them: numbers for property names, and for what is a number itself.
//!
//! Property names are half of what a CRM says, and the same few dozen again and again. Each gets a
//! number once, in `property`, that is never given up. A row is then a nought and, for every value in the order of the
//! names, that number and a second one: its last two bits say whether the rest is the length of a text that
//! follows, or a whole number, a day or a moment that was written just as [`Form`] would write it. Numbers are seven bits
//! to a byte. The same values always give the same bytes, so that rows are compared without being
//! read. Rows from before format 13 begin with the number of a name, which is never nought, and have lengths alone.

use std::cell::RefCell;

use chrono::{DateTime, Datelike, NaiveDate, Timelike};
use drumbeat_model::crm::Properties;
use foldhash::HashMap;
use rusqlite::Connection;

use crate::error::StoreError;
use crate::open::Result;
use crate::reader::Reader;
use crate::writer::Writer;

/// The numbers of property names, as far as they have been asked for.
#[derive(Default)]
pub(crate) struct Names {
    by_number: RefCell<HashMap<u64, String>>,
    by_name: RefCell<HashMap<String, u64>>,
}

impl Names {
    fn load(&self, connection: &Connection) -> Result<()> {
        let mut statement = connection.prepare_cached("SELECT number, name FROM property")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (number, name) = (row.get::<_, i64>(0)?.unsigned_abs(), row.get::<_, String>(1)?);
            self.by_number.borrow_mut().insert(number, name.clone());
            self.by_name.borrow_mut().insert(name, number);
        }
        Ok(())
    }
}

fn put_number(mut number: u64, bytes: &mut Vec<u8>) {
    while number >= 0x80 {
        bytes.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

fn take_number(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0u64;
    for shift in (0..63).step_by(7) {
        let (first, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(first & 0x7f) << shift;
        if first & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

fn take_bytes<'b>(bytes: &mut &'b [u8], length: u64) -> Option<&'b str> {
    let (text, rest) = bytes.split_at_checked(usize::try_from(length).ok()?)?;
    *bytes = rest;
    std::str::from_utf8(text).ok()
}

/// The first byte of a row of today's form.
const TODAY: u8 = 0;

/// How a value is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// As a text of so many bytes.
    Text(u64),
    /// 241003
    Whole(u64),
    /// 2026-11-20, in days since 1970
    Day(u64),
    /// 2026-11-20T09:30:00.000Z, in milliseconds since 1970
    Moment(u64),
}

/// The digits of a text from one place to another as a number.
fn digits(text: &[u8], from: usize, to: usize) -> Option<u32> {
    text.get(from..to)?.iter().try_fold(0, |sum, c| c.is_ascii_digit().then(|| sum * 10 + u32::from(c - b'0')))
}

fn day_of(text: &[u8]) -> Option<NaiveDate> {
    let (year, month, day) = (digits(text, 0, 4)?, digits(text, 5, 7)?, digits(text, 8, 10)?);
    if text.get(4) != Some(&b'-') || text.get(7) != Some(&b'-') || year < 1970 {
        return None;
    }
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
}

impl Form {
    /// The shortest form that gives back this very text.
    fn of(value: &str) -> Self {
        let text = value.as_bytes();
        let form = match text {
            [b'0'] => Some(Self::Whole(0)),
            [b'1'..=b'9', rest @ ..] if rest.len() < 18 && rest.iter().all(u8::is_ascii_digit) => {
                value.parse().ok().map(Self::Whole)
            }
            [b'1'..=b'9', ..] if text.len() == 10 => Self::day(text),
            [b'1'..=b'9', ..] if text.len() == 24 => Self::moment(text),
            _ => None,
        };
        form.unwrap_or(Self::Text(text.len() as u64))
    }

    fn day(text: &[u8]) -> Option<Self> {
        let days = day_of(text)?.signed_duration_since(NaiveDate::default()).num_days();
        u64::try_from(days).ok().map(Self::Day)
    }

    fn moment(text: &[u8]) -> Option<Self> {
        let marks = [(10, b'T'), (13, b':'), (16, b':'), (19, b'.'), (23, b'Z')];
        if marks.iter().any(|(at, mark)| text[*at] != *mark) {
            return None;
        }
        let clock = [(11, 13), (14, 16), (17, 19), (20, 23)].map(|(from, to)| digits(text, from, to));
        let [Some(hour), Some(minute), Some(second), Some(milli)] = clock else { return None };
        let at = day_of(text)?.and_hms_milli_opt(hour, minute, second, milli)?;
        u64::try_from(at.and_utc().timestamp_millis()).ok().map(Self::Moment)
    }

    fn number(self) -> u64 {
        match self {
            Self::Text(length) => length << 2,
            Self::Whole(number) => number << 2 | 1,
            Self::Day(days) => days << 2 | 2,
            Self::Moment(millis) => millis << 2 | 3,
        }
    }

    fn numbered(number: u64) -> Self {
        let rest = number >> 2;
        match number & 3 {
            0 => Self::Text(rest),
            1 => Self::Whole(rest),
            2 => Self::Day(rest),
            _ => Self::Moment(rest),
        }
    }

    /// The text, which for a text alone follows in `bytes`.
    fn text(self, bytes: &mut &[u8]) -> Option<String> {
        let day = |on: NaiveDate| format!("{:04}-{:02}-{:02}", on.year(), on.month(), on.day());
        match self {
            Self::Text(length) => take_bytes(bytes, length).map(str::to_owned),
            Self::Whole(number) => Some(number.to_string()),
            Self::Day(days) => NaiveDate::default().checked_add_days(chrono::Days::new(days)).map(day),
            Self::Moment(millis) => {
                let at = DateTime::from_timestamp_millis(i64::try_from(millis).ok()?)?;
                let (hour, minute, second, milli) = (at.hour(), at.minute(), at.second(), at.timestamp_subsec_millis());
                Some(format!("{}T{hour:02}:{minute:02}:{second:02}.{milli:03}Z", day(at.date_naive())))
            }
        }
    }
}

/// Whether a row was kept before numbers, days and moments had forms of their own.
pub(crate) fn is_of_before(bytes: &[u8]) -> bool {
    bytes.first().is_some_and(|first| *first != TODAY)
}

impl Reader<'_> {
    /// The values of a mirrored row.
    pub(crate) fn unpack(&self, id: &str, bytes: &[u8]) -> Result<Properties> {
        let bad = |why: &str| StoreError::BadRow { table: "mirror", id: id.to_owned(), why: why.to_owned() };
        let of_before = is_of_before(bytes);
        let mut left = bytes.get(usize::from(!of_before)..).unwrap_or_default();
        let mut properties = Properties::new();
        while !left.is_empty() {
            let number = take_number(&mut left).ok_or_else(|| bad("a number is cut off"))?;
            if !self.names.by_number.borrow().contains_key(&number) {
                self.names.load(self.connection)?;
            }
            let name =
                self.names.by_number.borrow().get(&number).cloned().ok_or_else(|| bad("a property without a name"))?;
            let text = take_number(&mut left).and_then(|number| {
                let form = if of_before { Form::Text(number) } else { Form::numbered(number) };
                form.text(&mut left)
            });
            properties.insert(name, text.ok_or_else(|| bad("a value is cut off"))?);
        }
        Ok(properties)
    }
}

impl Writer<'_> {
    /// The bytes of a row for the mirror.
    pub(crate) fn pack(&self, properties: &Properties) -> Result<Vec<u8>> {
        let mut bytes = Vec::with_capacity(properties.values().map(|value| value.len() + 4).sum());
        bytes.push(TODAY);
        for (name, value) in properties {
            put_number(self.number_of(name)?, &mut bytes);
            let form = Form::of(value);
            put_number(form.number(), &mut bytes);
            if let Form::Text(_) = form {
                bytes.extend_from_slice(value.as_bytes());
            }
        }
        Ok(bytes)
    }

    fn number_of(&self, name: &str) -> Result<u64> {
        if let Some(number) = self.names.by_name.borrow().get(name) {
            return Ok(*number);
        }
        self.connection
            .prepare_cached("INSERT INTO property (name) VALUES (?1) ON CONFLICT DO NOTHING")?
            .execute([name])?;
        self.names.load(self.connection)?;
        let number = self.names.by_name.borrow().get(name).copied();
        number.ok_or_else(|| StoreError::NotFound { what: "property", id: name.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_come_back_as_they_went() {
        for number in [0, 1, 127, 128, 16_383, 16_384, u64::from(u32::MAX)] {
            let mut bytes = Vec::new();
            put_number(number, &mut bytes);
            let mut left = bytes.as_slice();
            assert_eq!((take_number(&mut left), left), (Some(number), &[][..]));
        }
    }

    #[test]
    fn what_is_cut_off_is_told_and_never_guessed() {
        assert_eq!(take_number(&mut &[0x80u8, 0x80][..]), None);
        assert_eq!(take_number(&mut &[0xffu8; 12][..]), None);
        assert_eq!(Form::Text(3).text(&mut &[b'a', b'b'][..]), None);
        assert_eq!(Form::Text(2).text(&mut &[0xc3, 0x28][..]), None);
        assert_eq!(Form::Day(u64::MAX >> 2).text(&mut &[][..]), None);
        assert_eq!(Form::Moment(u64::MAX >> 2).text(&mut &[][..]), None);
    }

    #[test]
    fn only_what_is_given_back_letter_by_letter_has_a_form_of_its_own() {
        for (value, form) in [
            ("", Form::Text(0)),
            ("0", Form::Whole(0)),
            ("241003", Form::Whole(241_003)),
            ("999999999999999999", Form::Whole(999_999_999_999_999_999)),
            ("1999999999999999999", Form::Text(19)),
            ("007", Form::Text(3)),
            ("-7", Form::Text(2)),
            ("7.0", Form::Text(3)),
            ("+1 200 555", Form::Text(10)),
            ("1970-01-01", Form::Day(0)),
            ("2026-11-20", Form::Day(20_777)),
            ("1969-12-31", Form::Text(10)),
            ("2026-02-30", Form::Text(10)),
            ("2026/11/20", Form::Text(10)),
            ("1970-01-01T00:00:00.001Z", Form::Moment(1)),
            ("2026-11-20T24:00:00.000Z", Form::Text(24)),
            ("2026-12-31T23:59:60.000Z", Form::Text(24)),
            ("2026-11-20T09:30:00.000z", Form::Text(24)),
            ("2026-11-20T09:30:00.000+", Form::Text(24)),
            ("2026-11-20T09:30:00Z", Form::Text(20)),
        ] {
            assert_eq!(Form::of(value), form, "{value}");
        }
    }

    proptest! {
        #[test]
        fn a_value_comes_back_as_it_was(
            value in prop_oneof![
                "[0-9]{0,20}", "[0-9]{4}-[0-9]{2}-[0-9]{2}", "(19|20)[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-6][0-9]:[0-6][0-9][.][0-9]{3}Z",
                ".{0,40}",
            ],
        ) {
            let (form, rest) = (Form::of(&value), "after");
            let bytes = if matches!(form, Form::Text(_)) { format!("{value}{rest}") } else { rest.to_owned() };
            let mut left = bytes.as_bytes();
            prop_assert_eq!(Form::numbered(form.number()), form);
            prop_assert_eq!(form.text(&mut left), Some(value));
            prop_assert_eq!(left, rest.as_bytes());
        }
    }
}
