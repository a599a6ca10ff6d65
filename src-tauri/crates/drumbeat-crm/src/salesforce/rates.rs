//! The account's currencies, and the rates between them.
//!
//! An account with one currency has none of this. One with several says of each how much of it one unit of the corporate
//! currency is; with advanced currency management it also has rates that hold for a time, of which an opportunity has
//! that of its close date. A rate is a decimal of the answer, digit by digit.

use std::collections::BTreeMap;

use drumbeat_model::money::Currency;
use drumbeat_model::rates::{DatedRate, Rates};
use drumbeat_model::value;
use rust_decimal::Decimal;

use super::schema::{TOLL, optional, without};
use super::soql::Select;
use super::wire::{ConnectOrganization, Row};
use super::{Salesforce, data};
use crate::error::CrmError;

/// The objects that tell rates; the second where they are dated.
const PRESENT: &str = "CurrencyType";
pub(super) const DATED: &str = "DatedConversionRate";
/// Decimals of an amount where the account does not say.
const CENTS: u32 = 2;
/// ISO 4217 for no currency: nothing has told it, and none is made up.
const UNTOLD: &str = "XXX";

/// The account's own currency, and the present rates where it has several.
pub(super) async fn present(salesforce: &Salesforce) -> Result<(String, Option<Rates>), CrmError> {
    let fields = ["IsoCode", "ConversionRate", "DecimalPlaces", "IsCorporate"].map(str::to_owned).into();
    let select = Select { fields, from: PRESENT.to_owned(), ..Select::default() };
    let rows = without(data::rows(salesforce, TOLL, &select, false).await)?.unwrap_or_default();
    if let Some(corporate) = rows.iter().find(|row| row.is("IsCorporate"))
        && let Some(own) = corporate.get("IsoCode").and_then(|code| Currency::parse(code).ok())
    {
        let decimals = corporate.get("DecimalPlaces").and_then(|places| places.parse().ok()).unwrap_or(CENTS);
        let present = rows.iter().filter_map(rate).collect();
        let code = own.code().to_owned();
        return Ok((code, Some(Rates { own, decimals, is_dated: false, present, dated: BTreeMap::new() })));
    }
    Ok((only(salesforce).await?.unwrap_or_else(|| UNTOLD.to_owned()), None))
}

/// The currency of an account that has one.
async fn only(salesforce: &Salesforce) -> Result<Option<String>, CrmError> {
    let url = salesforce.data(&["connect", "organization"])?;
    let told: Option<ConnectOrganization> = optional(salesforce.http.get(TOLL, url).await)?;
    if let Some(code) = told.and_then(|told| told.features.default_currency_iso_code.0) {
        return Ok(Some(code));
    }
    let field = "DefaultCurrencyIsoCode";
    let select =
        Select { fields: vec![field.to_owned()], from: "Organization".to_owned(), limit: Some(1), ..Select::default() };
    let rows = without(data::rows(salesforce, TOLL, &select, false).await)?;
    Ok(rows.iter().flatten().find_map(|row| row.get(field).map(str::to_owned)))
}

/// The same rates with their days.
pub(super) async fn dated(salesforce: &Salesforce, rates: Rates) -> Result<Rates, CrmError> {
    let select = Select {
        fields: ["IsoCode", "ConversionRate", "StartDate", "NextStartDate"].map(str::to_owned).into(),
        from: DATED.to_owned(),
        order: vec!["IsoCode".to_owned(), "StartDate".to_owned()],
        ..Select::default()
    };
    // Without their days present rates are still rates.
    let Some(rows) = without(data::rows(salesforce, TOLL, &select, false).await)? else {
        tracing::warn!("the account dates its rates and does not show them; present ones are used");
        return Ok(rates);
    };
    let mut dated: BTreeMap<Currency, Vec<DatedRate>> = BTreeMap::new();
    for row in &rows {
        let Some((currency, rate)) = rate(row) else { continue };
        let day = |field| row.get(field).and_then(value::day);
        let one = DatedRate { from: day("StartDate"), until: day("NextStartDate"), rate };
        dated.entry(currency).or_default().push(one);
    }
    dated.values_mut().for_each(|of| of.sort_by_key(|one| one.from));
    Ok(Rates { is_dated: true, dated, ..rates })
}

/// A currency and how much of it is one of the corporate one. Nothing is divided by a rate of nothing.
fn rate(row: &Row) -> Option<(Currency, Decimal)> {
    let currency = Currency::parse(row.get("IsoCode")?).ok()?;
    let rate = row.get("ConversionRate").and_then(value::decimal).filter(|rate| *rate > Decimal::ZERO)?;
    Some((currency, rate.normalize()))
}
