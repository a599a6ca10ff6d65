//! Cells of the HTTP fault matrix by name of their row, for looking into one.

use drumbeat_lab::http::{Failing, Plan, matrix};

fn tell(cell: &Failing) {
    let mark = if cell.wrong.is_empty() { "ok" } else { "FAIL" };
    eprintln!("{mark} {} {:?} {:?}", cell.fault, cell.request, cell.wrong);
}

fn main() -> Result<(), String> {
    let rows: Vec<String> = std::env::args().skip(1).collect();
    let sum = matrix(&Plan { rows, threads: 2, tell: Some(tell), ..Plan::default() })?;
    println!("{}", serde_json::to_string_pretty(&sum).map_err(|error| error.to_string())?);
    Ok(())
}
