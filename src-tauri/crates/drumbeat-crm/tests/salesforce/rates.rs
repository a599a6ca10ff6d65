//! What an account's currencies are worth to each other.

use drumbeat_crm::crm::Crm;
use drumbeat_model::money::Currency;
use drumbeat_model::rates::{DatedRate, Rates};
use serde_json::{Value, json};

use crate::desk::{Asked, Desk, Reply, client, problem, question, rows};
use crate::schema::account;

/// An account with these currencies, and dated rates as answered; without the object where there is no answer.
async fn told(currencies: Reply, dated: Option<Reply>) -> (String, Option<Rates>) {
    let desk = Desk::open(move |asked: &Asked, _| {
        let asks = |object: &str| question(asked).contains(&format!(" FROM {object}"));
        match &dated {
            _ if asks("CurrencyType") => currencies.clone(),
            Some(dated) if asks("DatedConversionRate") => dated.clone(),
            Some(_) if asked.path.ends_with("/sobjects") => match account(asked) {
                Reply::Json(status, mut all) => {
                    let there = json!({"name": "DatedConversionRate", "label": "x", "queryable": true});
                    all["sobjects"].as_array_mut().unwrap().push(there);
                    Reply::Json(status, all)
                }
                other => other,
            },
            _ if asks("Organization") && question(asked).contains("DefaultCurrencyIsoCode") => {
                rows(&json!([{"DefaultCurrencyIsoCode": "CHF"}]))
            }
            _ if asked.path.ends_with("connect/organization") => {
                Reply::Json(403, problem("FUNCTIONALITY_NOT_ENABLED", "no"))
            }
            _ => account(asked),
        }
    })
    .await;
    let salesforce = client(&desk.url);
    let currency = salesforce.describe().await.unwrap().currency;
    (currency, salesforce.rates().await.unwrap())
}

fn currency(code: &str, rate: &Value, corporate: bool) -> Value {
    json!({"IsoCode": code, "ConversionRate": rate, "DecimalPlaces": if code == "JPY" { 0 } else { 2 },
        "IsCorporate": corporate, "IsActive": code != "FRF"})
}

fn rate(from: &str, until: Option<&str>, rate: &str) -> DatedRate {
    let day = |text: &str| text.parse().unwrap();
    DatedRate { from: Some(day(from)), until: until.map(day), rate: rate.parse().unwrap() }
}

#[tokio::test]
async fn rates_are_read_digit_by_digit_with_their_days() {
    let euro: Value = serde_json::from_str("0.8712340").unwrap();
    let currencies = rows(&json!([
        currency("EUR", &euro, false),
        currency("JPY", &json!(1), true),
        currency("FRF", &json!(6.55957), false),
        // Nothing is divided by these.
        currency("GBP", &json!(0), false),
        currency("CHF", &Value::Null, false),
        currency("??", &json!(2), false)
    ]));
    let dated = rows(&json!([
        {"IsoCode": "EUR", "ConversionRate": 1.1e0, "StartDate": "2026-07-01", "NextStartDate": null},
        {"IsoCode": "EUR", "ConversionRate": 0.9, "StartDate": "1900-01-01", "NextStartDate": "2026-07-01"}]));
    let (own, rates) = told(currencies, Some(dated)).await;
    let code = |text| Currency::parse(text).unwrap();
    let present = [("EUR", "0.871234"), ("FRF", "6.55957"), ("JPY", "1")];
    let expected = Rates {
        own: code("JPY"),
        decimals: 0,
        is_dated: true,
        present: present.map(|(of, rate)| (code(of), rate.parse().unwrap())).into(),
        dated: [(code("EUR"), vec![rate("1900-01-01", Some("2026-07-01"), "0.9"), rate("2026-07-01", None, "1.1")])]
            .into(),
    };
    assert_eq!((own.as_str(), rates), ("JPY", Some(expected)));
}

#[tokio::test]
async fn without_dated_rates_or_the_right_to_them_present_ones_are_told() {
    let currencies = || rows(&json!([currency("USD", &json!(1), true), currency("EUR", &json!(0.9), false)]));
    let refused = Reply::Json(400, problem("INVALID_TYPE", "sObject type 'DatedConversionRate' is not supported."));
    for dated in [None, Some(refused)] {
        let rates = told(currencies(), dated).await.1.unwrap();
        assert_eq!((rates.present.len(), rates.is_dated, rates.dated.len()), (2, false, 0));
    }
}

#[tokio::test]
async fn an_account_with_one_currency_has_no_rates_and_says_which_it_is() {
    let refused = || Reply::Json(400, problem("INVALID_TYPE", "sObject type 'CurrencyType' is not supported."));
    assert_eq!(told(refused(), None).await, ("CHF".to_owned(), None));
}
