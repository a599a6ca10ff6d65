//! The campaigns on processes with a binary of one's choice: `kill BINARY CYCLES SEED CRM` or `sqlite BINARY MOST`.

use std::path::PathBuf;

use drumbeat_lab::{kill, sqlite};
use drumbeat_model::crm::Vendor;

fn main() -> Result<(), String> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize, usual: u64| words.get(at).and_then(|word| word.parse().ok()).unwrap_or(usual);
    let binary = PathBuf::from(words.get(1).ok_or("which binary?")?);
    let result = if words.first().is_some_and(|word| word == "kill") {
        let cycles = u32::try_from(number(2, 20)).unwrap_or(20);
        let is_salesforce = words.get(4).is_some_and(|word| word == "salesforce");
        let crm = if is_salesforce { Vendor::Salesforce } else { Vendor::Hubspot };
        let plan = kill::Plan { binary, crm, cycles, seed: number(3, 1), threads: 1, invent: false };
        serde_json::to_string_pretty(&kill::campaign(&plan)?)
    } else {
        let most = u32::try_from(number(2, 2)).unwrap_or(2);
        serde_json::to_string_pretty(&sqlite::campaign(&sqlite::Plan { most, ..sqlite::Plan::whole(binary) })?)
    };
    println!("{}", result.map_err(|error| error.to_string())?);
    Ok(())
}
