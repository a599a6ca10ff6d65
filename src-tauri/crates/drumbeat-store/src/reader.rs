//! A consistent view of the store, and how values are kept in columns.

use std::cell::RefCell;
use std::rc::Rc;
use std::thread::LocalKey;

use drumbeat_model::crm::{ObjectKind, Outcome, Properties, Schema};
use drumbeat_model::mapping::Mapping;
use drumbeat_model::money::{Currency, Money};
use drumbeat_model::rates::Rates;
use drumbeat_model::time::{Day, Instant};
use rusqlite::{Connection, OptionalExtension, params};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::de::DeserializeOwned;

use crate::error::StoreError;
use crate::open::Result;
use crate::packed::Names;
use crate::projection::Home;

/// The last text of one value that was parsed on this thread, and what it said.
type Last<T> = RefCell<Option<(String, Rc<T>)>>;

thread_local! {
    static MAPPING: Last<Mapping> = const { RefCell::new(None) };
    static SCHEMA: Last<Schema> = const { RefCell::new(None) };
    static RATES: Last<Rates> = const { RefCell::new(None) };
}

fn parse<T: DeserializeOwned>(name: &str, text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| StoreError::BadRow {
        table: "value",
        id: name.to_owned(),
        why: error.to_string(),
    })
}

/// Everything that can be asked of a store.
pub struct Reader<'c> {
    pub(crate) connection: &'c Connection,
    pub(crate) names: Names,
    mapping: RefCell<Option<Rc<Mapping>>>,
    home: RefCell<Option<Rc<Home>>>,
}

impl<'c> Reader<'c> {
    pub(crate) fn new(connection: &'c Connection) -> Self {
        Self { connection, names: Names::default(), mapping: RefCell::new(None), home: RefCell::new(None) }
    }

    /// A small value kept by name.
    ///
    /// # Errors
    /// SQLite.
    pub fn cursor(&self, name: &str) -> Result<Option<String>> {
        let mut statement = self.connection.prepare_cached("SELECT text FROM value WHERE name = ?1")?;
        Ok(statement.query_row([name], |row| row.get(0)).optional()?)
    }

    /// A small value kept by name as JSON.
    ///
    /// # Errors
    /// SQLite, or a value that does not read.
    pub fn value<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>> {
        self.cursor(name)?.map(|text| parse(name, &text)).transpose()
    }

    /// A value that is long and hardly ever changes: the same text is parsed once a thread, not at every
    /// transaction.
    fn long_value<T: DeserializeOwned>(&self, name: &str, last: &'static LocalKey<Last<T>>) -> Result<Option<Rc<T>>> {
        let Some(text) = self.cursor(name)? else { return Ok(None) };
        let same = last
            .with_borrow(|last| last.as_ref().filter(|(known, _)| *known == text).map(|(_, value)| Rc::clone(value)));
        if same.is_some() {
            return Ok(same);
        }
        let value = Rc::new(parse(name, &text)?);
        last.set(Some((text, Rc::clone(&value))));
        Ok(Some(value))
    }

    /// The CRM's schema as described last.
    ///
    /// # Errors
    /// SQLite, or a value that does not read.
    pub fn schema(&self) -> Result<Option<Schema>> {
        Ok(self.long_value("schema", &SCHEMA)?.map(|schema| Schema::clone(&schema)))
    }

    /// The mapping in force; empty before setup.
    ///
    /// # Errors
    /// SQLite, or a value that does not read.
    pub fn mapping(&self) -> Result<Mapping> {
        Ok(Mapping::clone(&*self.mapping_in_force()?))
    }

    /// The mapping, parsed once in a view: every record that is read needs it.
    pub(crate) fn mapping_in_force(&self) -> Result<Rc<Mapping>> {
        if let Some(mapping) = self.mapping.borrow().as_ref() {
            return Ok(Rc::clone(mapping));
        }
        let mapping = self.long_value("mapping", &MAPPING)?.unwrap_or_default();
        *self.mapping.borrow_mut() = Some(Rc::clone(&mapping));
        Ok(mapping)
    }

    /// Another mapping came into force in this transaction.
    pub(crate) fn forget_mapping(&self) {
        *self.mapping.borrow_mut() = None;
    }

    /// How often schema or mapping were changed; the same number means the same two.
    ///
    /// # Errors
    /// SQLite, or a number that is none.
    pub fn setup_version(&self) -> Result<u64> {
        Ok(self.value("setup_version")?.unwrap_or(0))
    }

    /// The account's own currency.
    ///
    /// # Errors
    /// SQLite.
    pub fn main_currency(&self) -> Result<Currency> {
        let text = self.cursor("currency")?.unwrap_or_default();
        Ok(Currency::parse(&text).unwrap_or_else(|_| usd()))
    }

    /// The CRM's rates into the account's own currency, where it tells them.
    ///
    /// # Errors
    /// SQLite, or a value that does not read.
    pub fn rates(&self) -> Result<Option<Rc<Rates>>> {
        self.long_value("rates", &RATES)
    }

    /// What amounts are converted by, read once in a view.
    ///
    /// # Errors
    /// SQLite, or a value that does not read.
    pub fn home(&self) -> Result<Rc<Home>> {
        if let Some(home) = self.home.borrow().as_ref() {
            return Ok(Rc::clone(home));
        }
        let currency = self.main_currency()?;
        // Rates into another currency than the account's say nothing about it.
        let rates = self.rates()?.filter(|rates| rates.own == currency);
        let home = Rc::new(Home { currency, rates });
        *self.home.borrow_mut() = Some(Rc::clone(&home));
        Ok(home)
    }

    /// Currency or rates have changed in this transaction.
    pub(crate) fn forget_home(&self) {
        *self.home.borrow_mut() = None;
    }

    /// The id that a record goes by now: local ids that landed and merged ids lead to the living one.
    ///
    /// # Errors
    /// SQLite.
    pub fn resolve(&self, id: &str) -> Result<String> {
        let mut statement = self.connection.prepare_cached("SELECT new FROM alias WHERE old = ?1")?;
        let mut now = id.to_owned();
        // Chains are short; a cycle ends here instead of running for ever.
        for _ in 0..10 {
            match statement.query_row([&now], |row| row.get::<_, String>(0)).optional()? {
                Some(next) => now = next,
                None => break,
            }
        }
        Ok(now)
    }

    /// A record's values with pending changes laid over, and whether there are any; `None` when the
    /// record is neither mirrored nor made here.
    ///
    /// # Errors
    /// SQLite, or a row that does not read.
    pub fn effective(&self, kind: ObjectKind, id: &str) -> Result<Option<(Properties, bool)>> {
        let mirrored = self.mirrored(kind, id)?.filter(|row| row.gone.is_none());
        let known = mirrored.is_some();
        let mut properties = mirrored.map(|row| row.properties).unwrap_or_default();
        let mut statement = self
            .connection
            .prepare_cached("SELECT field, value FROM pending_change WHERE object = ?1 AND record = ?2 ORDER BY seq")?;
        let mut rows = statement.query(params![code(kind), id])?;
        let mut pending = false;
        while let Some(row) = rows.next()? {
            pending = true;
            let (field, value): (String, String) = (row.get(0)?, row.get(1)?);
            if value.is_empty() {
                properties.remove(&field);
            } else {
                properties.insert(field, value);
            }
        }
        Ok((known || pending).then_some((properties, pending)))
    }
}

fn usd() -> Currency {
    Currency::parse("USD").unwrap_or_else(|_| unreachable!("USD is three letters"))
}

/// The number that stands for a kind in columns. Never reuse one.
pub(crate) fn code(kind: ObjectKind) -> i64 {
    match kind {
        ObjectKind::Company => 1,
        ObjectKind::Registration => 2,
        ObjectKind::Deal => 3,
        ObjectKind::Certification => 4,
        ObjectKind::Contact => 5,
        ObjectKind::Task => 6,
        ObjectKind::Note => 7,
        ObjectKind::Meeting => 8,
        ObjectKind::Call => 9,
        ObjectKind::Email => 10,
    }
}

/// The kind that a number stands for.
pub(crate) fn kind_of(number: i64) -> Result<ObjectKind> {
    ObjectKind::ALL.iter().copied().find(|kind| code(*kind) == number).ok_or_else(|| StoreError::BadRow {
        table: "any",
        id: number.to_string(),
        why: "unknown kind of record".to_owned(),
    })
}

pub(crate) fn outcome_code(outcome: Outcome) -> i64 {
    match outcome {
        Outcome::Open => 0,
        Outcome::Won => 1,
        Outcome::Lost => 2,
    }
}

pub(crate) fn outcome_of(number: i64) -> Outcome {
    match number {
        1 => Outcome::Won,
        2 => Outcome::Lost,
        _ => Outcome::Open,
    }
}

pub(crate) fn ms(at: Instant) -> i64 {
    at.timestamp_millis()
}

pub(crate) fn instant(ms: i64) -> Instant {
    chrono::DateTime::from_timestamp_millis(ms).unwrap_or_default()
}

const EPOCH: Day = match Day::from_ymd_opt(1970, 1, 1) {
    Some(day) => day,
    None => Day::MIN,
};

pub(crate) fn days(day: Day) -> i64 {
    (day - EPOCH).num_days()
}

pub(crate) fn day(days: i64) -> Day {
    chrono::Duration::try_days(days).and_then(|span| EPOCH.checked_add_signed(span)).unwrap_or(EPOCH)
}

/// Money in ten-thousandths; `None` when it does not fit (the mirror keeps the text).
pub(crate) fn ten_thousandths(amount: Decimal) -> Option<i64> {
    (amount * Decimal::from(10_000)).round().to_i64()
}

#[allow(clippy::needless_pass_by_value, reason = "columns give owned text")]
pub(crate) fn money(amount: Option<i64>, currency: Option<String>) -> Option<Money> {
    let currency = Currency::parse(currency.as_deref()?).ok()?;
    Some(Money::new(Decimal::new(amount?, 4).normalize(), currency))
}

/// A text column that holds one of a list of words; unknown words read as nothing.
#[allow(clippy::needless_pass_by_value, reason = "columns give owned text")]
pub(crate) fn word<T>(text: Option<String>, read: impl Fn(&str) -> Option<T>) -> Option<T> {
    text.as_deref().and_then(read)
}

/// A JSON column.
pub(crate) fn json<T: DeserializeOwned>(table: &'static str, id: &str, text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| StoreError::BadRow { table, id: id.to_owned(), why: error.to_string() })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_kind_has_its_own_number() {
        for kind in ObjectKind::ALL {
            assert_eq!(kind_of(code(*kind)).unwrap(), *kind);
        }
    }

    #[test]
    fn days_and_money_come_back_as_they_went() {
        let some_day = Day::from_ymd_opt(2026, 11, 21).unwrap();
        assert_eq!(day(days(some_day)), some_day);
        let amount: Decimal = "1234567.89".parse().unwrap();
        assert_eq!(money(ten_thousandths(amount), Some("EUR".into())).unwrap().amount, amount);
    }
}
