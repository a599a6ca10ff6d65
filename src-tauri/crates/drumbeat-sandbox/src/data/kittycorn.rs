//! Reading accounts, contacts and record types as Salesforce exported them, dirt and ids included.
//!
//! An export like that has no deals; they are invented over its accounts, as everything of the partner program is.

use std::collections::HashMap;
use std::path::Path;

use crate::SandboxError;
use crate::clock::Millis;
use crate::data::book::{Account, Book, Columns, DAY, Export, Seller};
use crate::data::names;
use crate::data::synthetic;
use crate::data::table::Table;
use crate::random::Random;

/// Is a folder of this layout?
pub(crate) fn is_here(folder: &Path) -> bool {
    folder.join("Account.csv").is_file()
}

/// The rows of a table by id, as columns.
fn columns(table: &Table) -> Vec<Columns> {
    let mut names: Vec<&String> = table.columns.keys().collect();
    names.sort();
    let row = |row| names.iter().map(|n| ((*n).clone(), table.get(row, n).to_owned())).collect();
    let mut all: Vec<Columns> = table.rows.iter().map(row).collect();
    all.sort_by(|a, b| Export::get(a, "Id").cmp(Export::get(b, "Id")));
    all
}

/// A time as such exports write it: `2022-05-16 16:18:39+00`.
pub(crate) fn time(text: &str) -> Option<Millis> {
    chrono::DateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%#z").ok().map(|t| t.timestamp_millis())
}

pub(crate) fn read(folder: &Path, now: Millis, random: &mut Random) -> Result<Book, SandboxError> {
    let accounts = Table::read(folder, "Account.csv", &["Id", "Name", "Website", "OwnerId", "CreatedDate"])?;
    let contacts = Table::read(folder, "Contact.csv", &["Id", "AccountId", "LastName", "Email"])?;
    let types = Table::read(folder, "RecordType.csv", &["Id", "Name", "DeveloperName", "SobjectType", "IsActive"])?;
    for table in [&accounts, &contacts, &types] {
        if let Some(place) = table.rows.iter().position(|row| table.get(row, "Id").len() != 18) {
            return Err(table.wrong(place, "Id is no id of eighteen characters"));
        }
    }
    let mut book = Book::default();
    let mut export =
        Export { users: Vec::new(), accounts: columns(&accounts), contacts: Vec::new(), types: columns(&types) };
    let owners = |table: &Table| table.rows.iter().map(|row| table.get(row, "OwnerId").to_owned()).collect::<Vec<_>>();
    export.users = [owners(&accounts), owners(&contacts)].concat();
    export.users.retain(|id| id.len() == 18);
    export.users.sort();
    export.users.dedup();
    // The export has ids of people and not their names.
    for i in 0..export.users.len() {
        let (first, last) = loop {
            let (first, last) = names::person(random);
            if !book.sellers.iter().any(|s: &Seller| s.first == first && s.last == last) {
                break (first, last);
            }
        };
        book.sellers.push(Seller { first, last, team: ["Central", "East", "West"][i % 3].into() });
    }
    if book.sellers.is_empty() {
        return Err(SandboxError::new(format!("{} names no owners.", accounts.file())));
    }
    let places: HashMap<String, usize> =
        export.users.iter().enumerate().map(|(place, id)| (id.clone(), place)).collect();
    book.accounts = export.accounts.iter().map(|columns| account(columns, &places, now)).collect();
    let by_id: HashMap<&str, usize> =
        export.accounts.iter().enumerate().map(|(place, columns)| (Export::get(columns, "Id"), place)).collect();
    let parents: Vec<Option<usize>> =
        export.accounts.iter().map(|columns| by_id.get(Export::get(columns, "ParentId")).copied()).collect();
    for (account, parent) in book.accounts.iter_mut().zip(parents) {
        account.parent = parent;
    }
    export.contacts =
        columns(&contacts).into_iter().map(|c| (by_id.get(Export::get(&c, "AccountId")).copied(), c)).collect();
    let deals = book.accounts.len() * 3 / 2;
    synthetic::sell(&mut book, deals, now, random);
    // The first pipeline is the export's own record type of deals.
    let own = |t: &&Columns| Export::get(t, "SobjectType") == "Opportunity" && Export::get(t, "IsActive") == "true";
    if let (Some(own), Some(first)) = (export.types.iter().find(own), book.pipelines.first_mut()) {
        Export::get(own, "Name").clone_into(&mut first.label);
    }
    book.export = export;
    Ok(book)
}

fn account(columns: &Columns, owners: &HashMap<String, usize>, now: Millis) -> Account {
    let get = |name: &str| Export::get(columns, name).to_owned();
    let website = get("Website").to_lowercase();
    let host = website.trim_start_matches("https://").trim_start_matches("http://").trim_start_matches("www.");
    Account {
        name: get("Name"),
        domain: host.split('/').next().unwrap_or_default().to_owned(),
        industry: get("Industry"),
        country: get("BillingCountry"),
        city: get("BillingCity"),
        region: get("BillingState"),
        employees: get("NumberOfEmployees"),
        revenue: get("AnnualRevenue"),
        parent: None,
        owner: owners.get(&get("OwnerId")).copied().unwrap_or_default(),
        created: time(&get("CreatedDate")).unwrap_or(now - 400 * DAY).min(now - DAY),
        incumbent: None,
        renewal: None,
        blocked: false,
        channel: None,
    }
}
