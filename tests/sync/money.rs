//! Deals in several currencies: each is worth what the CRM's own rates make of it, and so are sums and comparisons.

use std::collections::{BTreeMap, BTreeSet};

use drumbeat_app::metrics::metrics;
use drumbeat_app::{deals, packs};
use drumbeat_export::SectionBody;
use drumbeat_model::crm::{ObjectKind, Outcome, Properties, Vendor};
use drumbeat_model::deal::{Deal, EditDeal, FieldEdit};
use drumbeat_model::field::Field as F;
use drumbeat_model::ids::DealId;
use drumbeat_model::metrics::MetricsQuery;
use drumbeat_model::pack::{Edition, PackRequest};
use drumbeat_model::time::Quarter;
use drumbeat_model::value;
use rust_decimal::Decimal;

use crate::desk::Desk;
use crate::door;

const DEAL: ObjectKind = ObjectKind::Deal;

/// Every deal of the CRM, past the client, with what it is worth there.
async fn worth(desk: &Desk) -> BTreeMap<String, (Properties, Option<Decimal>)> {
    let mut names: BTreeSet<String> =
        [F::Amount, F::Currency, F::CloseDate].map(|field| desk.property(DEAL, field)).into_iter().collect();
    let home = "amount_in_home_currency".to_owned();
    let rates = match desk.vendor {
        Vendor::Hubspot => {
            names.insert(home.clone());
            Vec::new()
        }
        Vendor::Salesforce => door::rates(&desk.sandbox).await,
    };
    let [amount, currency, close] = [F::Amount, F::Currency, F::CloseDate].map(|field| desk.property(DEAL, field));
    let own = |values: &Properties| {
        let amount = values.get(&amount).and_then(|amount| value::decimal(amount))?;
        let code = values.get(&currency).map_or("USD", String::as_str);
        if code == "USD" {
            return Some(amount);
        }
        if desk.vendor == Vendor::Hubspot {
            return values.get(&home).and_then(|home| value::decimal(home));
        }
        let day = values[&close].as_str();
        let (.., rate) = rates.iter().find(|(of, from, until, _)| {
            of == code && from.as_str() <= day && until.as_ref().is_none_or(|until| day < until.as_str())
        })?;
        Some((amount / rate).round_dp(2))
    };
    let all = door::all(desk.vendor, &desk.sandbox, &desk.path(DEAL), &names, "").await;
    all.into_iter().map(|(id, values)| (id, (values.clone(), own(&values)))).collect()
}

fn deal(desk: &Desk, id: &str) -> Deal {
    desk.ws.store.read(|r| r.deal(&DealId::from(id))).unwrap().unwrap()
}

async fn every_deal_is_worth_what_the_crm_makes_of_it_and_so_are_the_numbers(crm: Vendor) {
    let desk = Desk::with_currencies(crm).await;
    let worth = worth(&desk).await;
    let (mut others, mut rates, mut won) = (BTreeSet::new(), BTreeSet::new(), Decimal::ZERO);
    let year = desk.ws.policy.calendar.fiscal_year();
    let running = year.quarter_of(desk.ws.clock.today());
    for (id, (_, own)) in &worth {
        let deal = deal(&desk, id);
        assert_eq!(deal.home.as_ref().map(|home| home.amount), *own, "{id} {deal:?}");
        let amount = deal.amount.clone().filter(|amount| amount.currency.code() != "USD");
        assert_eq!(deal.rate.is_some(), amount.is_some(), "{id}");
        if let (Some(amount), Some(rate)) = (amount, deal.rate) {
            others.insert(amount.currency);
            rates.insert(rate.to_string());
        }
        if deal.outcome == Outcome::Won && deal.close_date.is_some_and(|day| year.quarter_of(day) == running) {
            won += own.unwrap_or_default();
        }
    }
    assert_eq!(others.len(), 3, "{others:?}");
    assert!(rates.len() >= 6, "deals closed under several rates: {rates:?}");
    let report = metrics(&desk.ws, MetricsQuery { quarter: Some(running), ..MetricsQuery::default() }).unwrap();
    let told = report.trend.last().unwrap();
    assert_eq!(told.sourced + told.influenced + told.untold + told.direct, won);
    assert!(won > Decimal::ZERO);
}

async fn the_deal_says_its_worth_and_the_rate_it_was_converted_by(crm: Vendor) {
    let desk = Desk::with_currencies(crm).await;
    let all = worth(&desk).await;
    let of = |code: &str| {
        let currency = desk.property(DEAL, F::Currency);
        let amount = desk.property(DEAL, F::Amount);
        let found = all.iter().find(|(_, (values, _))| values[&currency] == code && values.contains_key(&amount));
        DealId::from(found.unwrap().0.as_str())
    };
    let detail = deals::deal(&desk.ws, of("EUR")).unwrap();
    let converted = detail.converted.unwrap();
    assert_eq!(converted.money.currency.code(), "USD");
    let said = converted.rate.unwrap().to_string();
    let (one, other) = match crm {
        Vendor::Hubspot => ("1 EUR = 1.", "USD"),
        Vendor::Salesforce => ("1 USD = 0.", "EUR since "),
    };
    assert!(said.starts_with(one) && said.contains(other), "{said}");
    assert_eq!(deals::deal(&desk.ws, of("USD")).unwrap().converted, None);
}

async fn an_amount_goes_out_with_its_currency_and_not_over_another(crm: Vendor) {
    let desk = Desk::with_currencies(crm).await;
    let (amount, currency) = (desk.property(DEAL, F::Amount), desk.property(DEAL, F::Currency));
    let all = worth(&desk).await;
    let mut euros = all.iter().filter(|(id, (values, _))| {
        values[&currency] == "EUR" && values.contains_key(&amount) && deal(&desk, id).outcome == Outcome::Open
    });
    let edit = |id: &str| {
        let set = vec![FieldEdit { field: F::Amount, value: Some("9000".to_owned()) }];
        let request = EditDeal { deal: id.into(), set, override_reason: None, confirm: Vec::new() };
        deals::edit_deal(&desk.ws, request).unwrap()
    };
    let ((first, _), (second, _)) = (euros.next().unwrap(), euros.next().unwrap());
    edit(first);
    let pending = deal(&desk, first);
    if crm == Vendor::Salesforce {
        // Known before it is sent: the rate is ours to apply.
        let rate = pending.rate.unwrap().is.amount;
        assert_eq!(pending.home.unwrap().amount, (Decimal::from(9000) / rate).round_dp(2));
    }
    desk.sync().await;
    let written = desk.sandbox.ledger().into_iter().rfind(|entry| entry.id == *first).unwrap();
    assert_eq!((&written.after[&amount], &written.after[&currency]), (&"9000".into(), &"EUR".into()), "{written:?}");
    // A colleague has made it a deal in pounds meanwhile: 9,000 was never meant in those.
    edit(second);
    desk.edit(DEAL, second, &[(F::Currency, "GBP")]);
    desk.wait(60);
    let done = desk.sync().await;
    assert_eq!(done.needs_you, 1);
    let theirs = desk.ws.store.read(|r| r.mirrored(DEAL, second)).unwrap().unwrap();
    assert_ne!(theirs.properties.get(&amount).map(String::as_str), Some("9000"));
}

async fn a_pack_books_deals_at_what_they_are_worth_in_the_accounts_own_currency(crm: Vendor) {
    let desk = Desk::with_currencies(crm).await;
    let year = desk.ws.policy.calendar.fiscal_year();
    let all: Vec<Deal> = worth(&desk).await.keys().map(|id| deal(&desk, id)).collect();
    let won = all.iter().filter(|deal| {
        deal.outcome == Outcome::Won
            && deal.attribution.is_some()
            && deal.partner.is_some()
            && deal.close_date.is_some()
    });
    let won: Vec<(&Deal, Quarter)> = won.map(|deal| (deal, year.quarter_of(deal.close_date.unwrap()))).collect();
    let (abroad, quarter) =
        won.iter().filter(|(deal, _)| deal.rate.is_some()).max_by_key(|(_, quarter)| *quarter).unwrap();
    let partner = abroad.partner.clone().unwrap();
    let request =
        PackRequest { partner: partner.clone(), quarter: *quarter, edition: Edition::Internal, formats: Vec::new() };
    let pack = packs::build(&desk.ws, &request).unwrap();
    let bars = pack.sections().iter().find_map(|section| match &section.body {
        SectionBody::Bars(bars) => Some(bars),
        _ => None,
    });
    let bars = bars.expect("a page of bookings");
    for bar in bars {
        let of =
            won.iter().filter(|(deal, quarter)| deal.partner.as_ref() == Some(&partner) && *quarter == bar.quarter);
        let worth: Decimal = of.filter_map(|(deal, _)| deal.home.as_ref()).map(|home| home.amount).sum();
        assert_eq!(bar.sourced + bar.influenced, worth, "{}", bar.quarter);
    }
    assert!(bars.iter().any(|bar| bar.quarter == *quarter && bar.sourced + bar.influenced > Decimal::ZERO));
}

for_each_crm!(
    a_pack_books_deals_at_what_they_are_worth_in_the_accounts_own_currency,
    every_deal_is_worth_what_the_crm_makes_of_it_and_so_are_the_numbers,
    the_deal_says_its_worth_and_the_rate_it_was_converted_by,
    an_amount_goes_out_with_its_currency_and_not_over_another,
);

/// HubSpot converts by itself; Salesforce's rates are applied here.
#[tokio::test(flavor = "multi_thread")]
async fn a_rate_that_changes_changes_the_deals_that_close_under_it_and_no_others() {
    let desk = Desk::with_currencies(Vendor::Salesforce).await;
    let before = worth(&desk).await;
    let (_, from, ..) =
        door::rates(&desk.sandbox).await.into_iter().find(|(of, _, until, _)| of == "EUR" && until.is_none()).unwrap();
    door::set_rate(&desk.sandbox, "EUR", &from, "0.5").await;
    desk.sync().await;
    let after = worth(&desk).await;
    let close = desk.property(DEAL, F::CloseDate);
    let (mut changed, mut kept) = (0, 0);
    for (id, (values, own)) in &after {
        assert_eq!(deal(&desk, id).home.map(|home| home.amount), *own, "{id}");
        let moved = before[id].1 != *own;
        let under =
            values["CurrencyIsoCode"] == "EUR" && values[&close] >= from && own.is_some_and(|own| !own.is_zero());
        assert_eq!(moved, under, "{id} {values:?}");
        changed += u32::from(moved);
        kept += u32::from(!moved && values["CurrencyIsoCode"] == "EUR");
    }
    assert!(changed > 0 && kept > 0, "{changed} {kept}");
}
