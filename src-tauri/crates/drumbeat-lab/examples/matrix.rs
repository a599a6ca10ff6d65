//! Cells of the HTTP fault matrix of a vendor, `hubspot` or `salesforce`, by name of their row, for looking into one.

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
    let sum = matrix(&Plan { rows: words.collect(), threads: 2, tell: Some(tell), ..Plan::whole(crm) })?;
    println!("{}", serde_json::to_string_pretty(&sum).map_err(|error| error.to_string())?);
    Ok(())
}
