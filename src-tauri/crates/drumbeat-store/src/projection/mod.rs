//! Projections: typed, indexed rows made from a record's values; what every list and check reads.
//!
//! `project` is the one function that makes a row, whether a page came in, a person decided or
//! everything is rebuilt, so that a projection is always what a rebuild would make of it. Each noun has
//! a file beside: how a record of it is read from its values, and how its row is put.

mod certifications;
mod companies;
mod deals;
mod registrations;
mod touches;

use std::rc::Rc;

use drumbeat_model::crm::{ObjectKind, Properties};
use drumbeat_model::field::Field as F;
use drumbeat_model::mapping::Mapping;
use drumbeat_model::money::{Currency, Money};
use drumbeat_model::rates::{Converted, Rate, Rates};
use drumbeat_model::time::Day;
use drumbeat_model::value;
use rusqlite::OptionalExtension;

pub use self::companies::company;
pub use self::deals::deal;
pub use self::registrations::registration;
use crate::open::Result;
use crate::reader::code;
use crate::writer::{Touched, Writer};

/// The account's own currency, and the CRM's rates into it where it tells them.
#[derive(Debug)]
pub struct Home {
    pub(crate) currency: Currency,
    pub(crate) rates: Option<Rc<Rates>>,
}

impl Home {
    /// An account's own currency, and no rates.
    #[must_use]
    pub fn of(currency: Currency) -> Self {
        Self { currency, rates: None }
    }
}

/// Values of one record by field.
struct Values<'a> {
    mapping: &'a Mapping,
    kind: ObjectKind,
    properties: &'a Properties,
}

impl<'a> Values<'a> {
    fn get(&self, field: F) -> Option<&'a str> {
        self.mapping.value(self.kind, field, self.properties)
    }
    fn text(&self, field: F) -> Option<String> {
        self.get(field).map(str::to_owned)
    }
    /// An amount in the record's own currency; in the account's where it names none.
    fn money(&self, field: F, home: &Home) -> Option<Money> {
        let amount = self.get(field).and_then(value::decimal)?;
        let currency = self.get(F::Currency).and_then(|code| Currency::parse(code).ok());
        Some(Money::new(amount, currency.unwrap_or_else(|| home.currency.clone())))
    }

    /// The amount in the account's own currency: as the CRM converts it, else by its rates.
    fn home(&self, home: &Home, close: Option<Day>, is_open: bool) -> Option<Converted> {
        let amount = self.money(F::Amount, home)?;
        if amount.currency == home.currency {
            return Some(Converted { money: amount, rate: None });
        }
        let Some(converted) = self.get(F::HomeAmount).and_then(value::decimal) else {
            return home.rates.as_ref()?.convert(&amount, close, is_open);
        };
        let rate = self.get(F::ExchangeRate).and_then(value::decimal).filter(|rate| !rate.is_zero());
        let is = |rate| Money::new(rate, home.currency.clone());
        Some(Converted {
            money: is(converted),
            rate: rate.map(|rate| Rate { one: amount.currency, is: is(rate), since: None }),
        })
    }

    /// Another amount of the deal in the account's own currency: by its rate, else by what its amount is converted to.
    fn at_home(&self, field: F, home: &Home, close: Option<Day>, is_open: bool) -> Option<Money> {
        let said = self.money(field, home)?;
        if said.currency == home.currency {
            return Some(said);
        }
        if let Some(converted) = home.rates.as_ref().and_then(|rates| rates.convert(&said, close, is_open)) {
            return Some(converted.money);
        }
        let (of, to) = (self.money(F::Amount, home)?.amount, self.home(home, close, is_open)?.money.amount);
        Some(Money::new(said.amount.checked_mul(to)?.checked_div(of)?.round_dp(2), home.currency.clone()))
    }
}

impl Writer<'_> {
    /// Makes a record's row anew from the mirror and the pending changes; removes it when it is gone.
    pub(crate) fn reproject(&self, kind: ObjectKind, id: &str) -> Result<()> {
        self.touch(Touched::of(kind));
        match self.effective(kind, id)? {
            Some((properties, pending)) => self.project(kind, id, &properties, pending),
            None => self.unproject(kind, id),
        }
    }

    /// Makes all rows anew.
    ///
    /// # Errors
    /// SQLite, or a mirrored row that does not read.
    pub(crate) fn rebuild_projections(&self) -> Result<()> {
        self.keep_all_deals(|| self.make_all_anew())
    }

    fn make_all_anew(&self) -> Result<()> {
        for kind in ObjectKind::ALL {
            if !self.is_bulk(*kind)? {
                self.put_off(*kind)?;
            }
        }
        for table in ["company", "deal", "registration", "certification", "touch"] {
            self.connection.execute(&format!("DELETE FROM {table}"), [])?;
        }
        self.connection.execute("INSERT INTO search (search) VALUES ('delete-all')", [])?;
        self.companies.borrow_mut().clear();
        for kind in ObjectKind::ALL {
            self.touch(Touched::of(*kind));
            let mut statement = self
                .connection
                .prepare("SELECT crm_id, properties FROM mirror WHERE kind = ?1 AND gone = 0 ORDER BY rowid")?;
            let mut rows = statement.query([code(*kind)])?;
            while let Some(row) = rows.next()? {
                let id: String = row.get(0)?;
                let properties: Properties = self.unpack(&id, &row.get::<_, Vec<u8>>(1)?)?;
                self.project(*kind, &id, &properties, false)?;
            }
            let mut pending =
                self.connection.prepare("SELECT DISTINCT record FROM pending_change WHERE object = ?1")?;
            let ids: Vec<String> =
                pending.query_map([code(*kind)], |row| row.get(0))?.collect::<std::result::Result<_, _>>()?;
            for id in ids {
                self.reproject(*kind, &id)?;
            }
        }
        ObjectKind::ALL.iter().try_for_each(|kind| self.finish_bulk(*kind))
    }

    pub(crate) fn project(&self, kind: ObjectKind, id: &str, properties: &Properties, pending: bool) -> Result<()> {
        match kind {
            ObjectKind::Company => self.project_company(id, properties),
            ObjectKind::Deal => self.project_deal(id, properties, self.account_of(id)?, pending),
            ObjectKind::Registration => self.project_registration(id, properties, pending),
            ObjectKind::Certification => self.project_certification(id, properties),
            ObjectKind::Task | ObjectKind::Note | ObjectKind::Meeting | ObjectKind::Call | ObjectKind::Email => {
                self.project_touch(kind, id, properties, pending)
            }
            ObjectKind::Contact => Ok(()),
        }
    }

    fn unproject(&self, kind: ObjectKind, id: &str) -> Result<()> {
        let Some(table) = table_of(kind) else { return Ok(()) };
        match kind {
            ObjectKind::Company => self.mark_company(Some(id))?,
            ObjectKind::Registration => self.mark_registration(id)?,
            ObjectKind::Deal => {
                self.mark_deal(self.shown_account(id)?.as_deref(), None)?;
                self.keep_deal(id, None)?;
                self.leaving(id)?;
            }
            ObjectKind::Certification | ObjectKind::Contact => {}
            ObjectKind::Task | ObjectKind::Note | ObjectKind::Meeting | ObjectKind::Call | ObjectKind::Email => {
                self.mark_contact(kind, id)?;
            }
        }
        let filed = self.filed(kind, id)?;
        let row: Option<i64> = self
            .connection
            .prepare_cached(&format!("DELETE FROM {table} WHERE id = ?1 RETURNING rowid"))?
            .query_row([id], |row| row.get(0))
            .optional()?;
        if let (Some(row), Some(slot)) = (row, search_slot(kind)) {
            self.connection.prepare_cached("DELETE FROM search WHERE rowid = ?1")?.execute([row * 4 + slot])?;
        }
        self.refile(kind, id, filed.as_ref())?;
        if kind == ObjectKind::Company {
            self.companies.borrow_mut().remove(id);
        }
        Ok(())
    }

    /// Makes the search entries of a kind's rows, all of them.
    pub(crate) fn fill_search(&self, kind: ObjectKind) -> Result<()> {
        if let Some(statement) = search_entries(kind, "") {
            self.connection.execute(&statement, [])?;
        }
        Ok(())
    }

    /// Makes the search entry of one row.
    fn find(&self, kind: ObjectKind, row: i64) -> Result<()> {
        match search_entries(kind, "WHERE rowid = ?1") {
            Some(statement) if !self.is_bulk(kind)? => {
                self.connection.prepare_cached(&statement)?.execute([row])?;
                Ok(())
            }
            Some(_) | None => Ok(()),
        }
    }
}

/// The table of a kind's rows.
pub(crate) fn table_of(kind: ObjectKind) -> Option<&'static str> {
    match kind {
        ObjectKind::Company => Some("company"),
        ObjectKind::Deal => Some("deal"),
        ObjectKind::Registration => Some("registration"),
        ObjectKind::Certification => Some("certification"),
        ObjectKind::Task | ObjectKind::Note | ObjectKind::Meeting | ObjectKind::Call | ObjectKind::Email => {
            Some("touch")
        }
        ObjectKind::Contact => None,
    }
}

/// The statement that makes search entries of rows. `clause` is ours, never a person's.
fn search_entries(kind: ObjectKind, clause: &str) -> Option<String> {
    let slot = search_slot(kind)?;
    let (table, title, subtitle) = match kind {
        ObjectKind::Company => ("company", "name", "city"),
        ObjectKind::Deal => ("deal", "name", "coalesce(account_name, '') || ' ' || coalesce(partner_name, '')"),
        ObjectKind::Registration => ("registration", "company", "number || ' ' || coalesce(partner_name, '')"),
        _ => return None,
    };
    Some(format!(
        "INSERT OR REPLACE INTO search (rowid, title, subtitle) SELECT rowid * 4 + {slot}, {title}, {subtitle} FROM {table} {clause}"
    ))
}

pub(crate) fn search_slot(kind: ObjectKind) -> Option<i64> {
    match kind {
        ObjectKind::Company => Some(0),
        ObjectKind::Deal => Some(1),
        ObjectKind::Registration => Some(2),
        ObjectKind::Certification
        | ObjectKind::Contact
        | ObjectKind::Task
        | ObjectKind::Note
        | ObjectKind::Meeting
        | ObjectKind::Call
        | ObjectKind::Email => None,
    }
}
