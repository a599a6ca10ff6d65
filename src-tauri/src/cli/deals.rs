//! `drumbeat deals`: a page of deals, one deal with its fields, and edits through the gate.

use std::process::ExitCode;
use std::sync::Arc;

use drumbeat_app::deals;
use drumbeat_app::error::{Answer, ApiError};
use drumbeat_app::workspace::Workspace;
use drumbeat_model::crm::Outcome;
use drumbeat_model::deal::{DealFilter, DealsQuery, EditDeal, FieldEdit};
use drumbeat_model::field::Field;
use drumbeat_model::ids::PartnerId;

use super::args::Deals;
use super::blocking;
use super::commands::{id, word};
use super::print::{Printer, table};

/// `FIELD=VALUE` pairs as edits; an empty value clears.
pub fn edits(set: Vec<String>) -> Answer<Vec<FieldEdit>> {
    let edit = |pair: String| {
        let (field, value) = pair
            .split_once('=')
            .ok_or_else(|| ApiError::invalid("argument", format!("\"{pair}\" is not FIELD=VALUE")))?;
        let field = word("field", field, Field::from_name)?;
        Ok(FieldEdit { field, value: (!value.is_empty()).then(|| value.to_owned()) })
    };
    set.into_iter().map(edit).collect()
}

/// Runs one command about deals.
pub async fn run(ws: Arc<Workspace>, what: Deals, printer: Printer) -> Answer<ExitCode> {
    match what {
        Deals::List { outcome, partner, text, limit } => {
            let outcome = outcome
                .map(|text| {
                    word("outcome", &text, |text| match text {
                        "open" => Some(Outcome::Open),
                        "won" => Some(Outcome::Won),
                        "lost" => Some(Outcome::Lost),
                        _ => None,
                    })
                })
                .transpose()?;
            let filter = DealFilter { outcome, partner: partner.map(PartnerId), text, ..DealFilter::default() };
            let page =
                blocking(move || deals::deals(&ws, DealsQuery { filter, limit, ..DealsQuery::default() })).await?;
            printer.result(&page, |page| {
                let text = |value: &Option<String>| value.clone().unwrap_or_default();
                let rows: Vec<Vec<String>> = page
                    .rows
                    .iter()
                    .map(|d| {
                        vec![
                            d.id.0.clone(),
                            d.name.clone(),
                            text(&d.account),
                            text(&d.partner),
                            d.stage.clone(),
                            d.amount.as_ref().map(ToString::to_string).unwrap_or_default(),
                            d.close_date.map(|day| day.to_string()).unwrap_or_default(),
                        ]
                    })
                    .collect();
                format!(
                    "{}{} in all",
                    table(&["id", "deal", "account", "partner", "stage", "amount", "close"], &rows),
                    page.total
                )
            })?;
        }
        Deals::Show { id: which } => {
            let detail = blocking(move || deals::deal(&ws, id(which))).await?;
            printer.result(&detail, |d| {
                let rows: Vec<Vec<String>> = d
                    .fields
                    .iter()
                    .map(|f| {
                        vec![
                            f.label.clone(),
                            f.shown.clone().unwrap_or_else(|| "missing".to_owned()),
                            format!("{:?}", f.need).to_lowercase(),
                            format!("{:?}", f.state).to_lowercase(),
                        ]
                    })
                    .collect();
                format!(
                    "{}, {}\n{}",
                    d.row.name,
                    d.row.account.as_deref().unwrap_or("no account"),
                    table(&["field", "value", "need", "state"], &rows)
                )
            })?;
        }
        Deals::Edit { id: which, set, reason } => {
            let set = edits(set)?;
            let decided =
                blocking(move || deals::edit_deal(&ws, EditDeal { deal: id(which), set, override_reason: reason }))
                    .await?;
            printer.result(&decided, |decided| format!("{}, saved on this device", decided.title))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
