//! Cells of the HTTP fault matrix of a vendor, `hubspot` or `salesforce`, by name of their row, for looking into one;
//! with `conversions` before the names those of that column alone.

use drumbeat_lab::http::request::Request;
use drumbeat_lab::http::{Failing, Plan, matrix};
use drumbeat_model::crm::Vendor;

fn tell(cell: &Failing) {
    let mark = if cell.wrong.is_empty() { "ok" } else { "FAIL" };
    eprintln!("{mark} {} {:?} {:?}", cell.fault, cell.request, cell.wrong);
}

fn main() -> Result<(), String> {
    let mut words = std::env::args().skip(1);
    let crm = match words.next().as_deref() {
        Some("hubspot") => Vendor::Hubspot,
        Some("salesforce") => Vendor::Salesforce,
        _ => return Err("which CRM?".to_owned()),
    };
    let mut rows: Vec<String> = words.collect();
    let column = rows.first().is_some_and(|first| first == "conversions").then_some(Request::Convert);
    rows.drain(..usize::from(column.is_some()));
    let sum = matrix(&Plan { rows, column, threads: 2, tell: Some(tell), ..Plan::whole(crm) })?;
    println!("{}", serde_json::to_string_pretty(&sum).map_err(|error| error.to_string())?);
    Ok(())
}
