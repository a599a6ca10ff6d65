//! `drumbeat partners`: all of them, one, and the call sheet for the phone.

use std::process::ExitCode;
use std::sync::Arc;

use drumbeat_app::error::Answer;
use drumbeat_app::partners;
use drumbeat_app::workspace::Workspace;
use drumbeat_model::money::Money;
use drumbeat_model::partner::{Owed, PartnersQuery};

use super::args::Partners;
use super::blocking;
use super::commands::id;
use super::print::{Printer, table};

/// Runs one command about partners.
pub async fn run(ws: Arc<Workspace>, what: Partners, printer: Printer) -> Answer<ExitCode> {
    let sums = |sums: &[Money]| sums.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    match what {
        Partners::List { text } => {
            let page = blocking(move || {
                partners::partners(&ws, PartnersQuery { text, limit: 500, ..PartnersQuery::default() })
            })
            .await?;
            printer.result(&page, |page| {
                let rows: Vec<Vec<String>> = page
                    .rows
                    .iter()
                    .map(|p| {
                        vec![
                            p.id.0.clone(),
                            p.name.clone(),
                            p.partner_type.map(|kind| kind.label()).unwrap_or_default().to_owned(),
                            p.tier_name.clone().unwrap_or_default(),
                            p.open_deals.to_string(),
                            sums(&p.open_amounts),
                            p.open_registrations.to_string(),
                        ]
                    })
                    .collect();
                format!(
                    "{}{} in all",
                    table(&["id", "partner", "type", "tier", "deals", "open", "registrations"], &rows),
                    page.total
                )
            })?;
        }
        Partners::Show { id: which } => {
            let detail = blocking(move || partners::partner(&ws, id(which))).await?;
            printer.result(&detail, |d| {
                format!(
                    "{}, {} open deals ({}), won this quarter {}, hygiene {} %, {} certified",
                    d.row.name,
                    d.row.open_deals,
                    sums(&d.row.open_amounts),
                    sums(&d.won_quarter),
                    d.hygiene,
                    d.row.certified
                )
            })?;
        }
        Partners::CallSheet { id: which } => {
            let sheet = blocking(move || partners::call_sheet(&ws, id(which))).await?;
            printer.result(&sheet, |s| {
                let owed = |list: &[Owed]| {
                    list.iter()
                        .map(|o| {
                            format!(
                                "  {}{}",
                                o.text,
                                o.due
                                    .map(|due| format!(", {due}{}", if o.late { " (late)" } else { "" }))
                                    .unwrap_or_default()
                            )
                        })
                        .collect::<Vec<_>>()
                        .join("\n")
                };
                format!(
                    "{}\nRegistrations waiting: {}\nProtections ending: {}\nThey owe:\n{}\nWe owe:\n{}",
                    s.name,
                    s.registrations.len(),
                    s.protections.len(),
                    owed(&s.they_owe),
                    owed(&s.we_owe)
                )
            })?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
