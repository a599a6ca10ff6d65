//! The CRM's rates as they are kept, and what changes with them.
//!
//! A deal's row has its amount in the account's own currency, so that sums cost nothing; when rates change, the rows of
//! those deals are made anew whose own rate is another now, and no others.

use drumbeat_model::crm::{ObjectKind, Outcome};
use drumbeat_model::money::{Currency, Money};
use drumbeat_model::rates::Rates;

use crate::open::Result;
use crate::reader::{Reader, day, outcome_code};
use crate::writer::{Touched, Writer};

impl Reader<'_> {
    /// Whether these rates, told now, are those that are kept.
    ///
    /// # Errors
    /// SQLite, or a value that does not read.
    pub fn knows_rates(&self, told: &Rates) -> Result<bool> {
        let same = |kept: &Rates| {
            kept.own == told.own
                && kept.decimals == told.decimals
                && kept.is_dated == told.is_dated
                && kept.present == told.present
                && (!told.is_dated || kept.dated == told.dated)
        };
        Ok(self.rates()?.is_some_and(|kept| same(&kept)))
    }

    /// An amount that hangs on no day in the account's own currency, by the present rate; as it is where it is in it
    /// already or no rate is known.
    ///
    /// # Errors
    /// SQLite, or a value that does not read.
    pub fn worth(&self, amount: &Money) -> Result<Money> {
        let home = self.home()?;
        let converted = home.rates.as_ref().and_then(|rates| rates.convert(amount, None, true));
        Ok(converted.map_or_else(|| amount.clone(), |converted| converted.money))
    }
}

impl Writer<'_> {
    /// Keeps the rates that the CRM has told, and makes the deals anew that have another rate by them; how many.
    ///
    /// # Errors
    /// SQLite, or a row that does not read.
    pub fn put_rates(&self, told: &Rates) -> Result<u32> {
        let before = self.rates()?;
        let now = told.clone().after(before.as_deref(), self.at.date_naive());
        if before.as_deref() == Some(&now) {
            return Ok(0);
        }
        self.put_value("rates", &now)?;
        self.forget_home();
        let before = before.as_deref().filter(|before| before.own == now.own);
        let mut count = 0;
        for id in self.rated_otherwise(before, &now)? {
            self.reproject(ObjectKind::Deal, &id)?;
            count += 1;
        }
        if count > 0 {
            self.touch(Touched::Deal);
        }
        Ok(count)
    }

    /// Deals in another currency than the account's whose rate is not what it was.
    fn rated_otherwise(&self, before: Option<&Rates>, now: &Rates) -> Result<Vec<String>> {
        let rounded_alike = before.is_some_and(|before| before.decimals == now.decimals);
        let mut statement =
            self.connection.prepare("SELECT id, currency, close_date, outcome FROM deal WHERE currency <> ?1")?;
        let mut rows = statement.query([now.own.code()])?;
        let mut ids = Vec::new();
        while let Some(row) = rows.next()? {
            let Ok(currency) = Currency::parse(&row.get::<_, String>(1)?) else { continue };
            let close = row.get::<_, Option<i64>>(2)?.map(day);
            let is_open = row.get::<_, i64>(3)? == outcome_code(Outcome::Open);
            let rate = |rates: &Rates| rates.of(&currency, close, is_open).map(|rate| rate.is.amount);
            let is = rate(now);
            if before.and_then(rate) != is || (!rounded_alike && is.is_some()) {
                ids.push(row.get(0)?);
            }
        }
        Ok(ids)
    }
}
