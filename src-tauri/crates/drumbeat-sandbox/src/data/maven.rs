//! Reading a folder of sales data as it is, dirt included.
//!
//! Nothing is repaired: an unknown product, a misspelt sector, a deal without account or dates stays so, because the program that
//! reads it has to live with it. What cannot be a table at all is refused with file and row.

use std::collections::HashMap;
use std::path::Path;

use crate::SandboxError;
use crate::clock::Millis;
use crate::data::book::{Account, Book, DAY, Deal, HOUR, PipelineSpec, Seller, Standing};
use crate::data::names;
use crate::data::table::Table;
use crate::random::Random;

fn day(table: &Table, i: usize, column: &str) -> Result<Option<Millis>, SandboxError> {
    let text = table.get(&table.rows[i], column);
    if text.is_empty() {
        return Ok(None);
    }
    let day = chrono::NaiveDate::parse_from_str(text, "%m/%d/%Y")
        .or_else(|_| chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d"));
    let start = day.ok().and_then(|d| d.and_hms_opt(0, 0, 0)).map(|t| t.and_utc().timestamp_millis());
    start.map(Some).ok_or_else(|| table.wrong(i, format!("{column} is {text}, which is no date")))
}

const STAGES: [(&str, f64); 4] = [("Prospecting", 0.1), ("Engaging", 0.4), ("Won", 1.0), ("Lost", 0.0)];

pub(crate) fn read(folder: &Path, now: Millis, random: &mut Random) -> Result<Book, SandboxError> {
    let teams = Table::read(folder, "sales_teams.csv", &["sales_agent", "manager", "regional_office"])?;
    let accounts = Table::read(
        folder,
        "accounts.csv",
        &["account", "sector", "revenue", "employees", "office_location", "subsidiary_of"],
    )?;
    let products = Table::read(folder, "products.csv", &["product", "sales_price"])?;
    let deals = Table::read(
        folder,
        "sales_pipeline.csv",
        &[
            "opportunity_id",
            "sales_agent",
            "product",
            "account",
            "deal_stage",
            "engage_date",
            "close_date",
            "close_value",
        ],
    )?;
    let mut book = Book::default();
    book.pipelines.push(PipelineSpec {
        id: "default".into(),
        label: "Sales pipeline".into(),
        stages: STAGES.iter().map(|(label, p)| (label.to_lowercase(), (*label).to_owned(), *p)).collect(),
    });
    for row in &teams.rows {
        let name = teams.get(row, "sales_agent");
        let (first, last) = name.split_once(' ').unwrap_or((name, ""));
        book.sellers.push(Seller {
            first: first.into(),
            last: last.into(),
            team: teams.get(row, "regional_office").into(),
        });
    }
    if book.sellers.is_empty() {
        return Err(SandboxError::new(format!("{} has no sales agents.", teams.file())));
    }
    book.products = products
        .rows
        .iter()
        .map(|r| (products.get(r, "product").to_owned(), products.get(r, "sales_price").to_owned()))
        .collect();
    let by_name: HashMap<&str, usize> =
        accounts.rows.iter().enumerate().map(|(i, r)| (accounts.get(r, "account"), i)).collect();
    for row in &accounts.rows {
        let name = accounts.get(row, "account");
        let owner = random.below(book.sellers.len());
        book.accounts.push(Account {
            name: name.into(),
            domain: names::domain(name),
            industry: accounts.get(row, "sector").into(),
            country: accounts.get(row, "office_location").into(),
            city: String::new(),
            region: book.sellers[owner].team.clone(),
            employees: accounts.get(row, "employees").into(),
            revenue: millions(accounts.get(row, "revenue")),
            parent: by_name.get(accounts.get(row, "subsidiary_of")).copied(),
            owner,
            created: now - random.between(400, 900) * DAY,
            incumbent: None,
            renewal: None,
            blocked: false,
            channel: None,
        });
    }
    let sellers: HashMap<String, usize> =
        book.sellers.iter().enumerate().map(|(i, s)| (format!("{} {}", s.first, s.last), i)).collect();
    for i in 0..deals.rows.len() {
        let row = &deals.rows[i];
        let stage = deals.get(row, "deal_stage");
        let Some(place) = STAGES.iter().position(|(label, _)| *label == stage) else {
            return Err(deals.wrong(i, format!("deal_stage is {stage}, which is no stage")));
        };
        let (engaged, closed) = (day(&deals, i, "engage_date")?, day(&deals, i, "close_date")?);
        let value = deals.get(row, "close_value");
        if !value.is_empty() && value.parse::<f64>().is_err() {
            return Err(deals.wrong(i, format!("close_value is {value}, which is no number")));
        }
        // Prospects have no date at all; they came up lately. Nothing may lie after the server's now.
        let last = now - HOUR;
        let created = engaged.unwrap_or_else(|| now - random.between(1, 60) * DAY).min(last)
            + random.between(8, 17) * HOUR * i64::from(engaged.is_some_and(|e| e + DAY < last));
        let touched = closed
            .unwrap_or_else(|| created + random.between(0, ((last - created) / DAY).clamp(0, 90)) * DAY)
            + random.between(0, 3_600_000);
        let open = place < 2;
        book.deals.push(Deal {
            name: format!("{} {}", deals.get(row, "opportunity_id"), deals.get(row, "product")),
            account: by_name.get(deals.get(row, "account")).copied(),
            amount: value.into(),
            product: deals.get(row, "product").into(),
            at: Standing { pipeline: 0, stage: place },
            open,
            won: place == 2,
            created,
            closes: closed,
            entered: closed.unwrap_or(created).clamp(created.min(last), last),
            updated: touched.clamp(created, now - 60_000),
            owner: sellers.get(deals.get(row, "sales_agent")).copied().unwrap_or(0),
            kind: "new",
            lost: if place == 3 { ["price", "no decision", "competitor", "no budget"][random.below(4)] } else { "" },
            partnered: None,
        });
    }
    Ok(book)
}

/// Revenue is given in millions; the CRM keeps it in whole currency.
fn millions(text: &str) -> String {
    text.parse::<f64>().map(|m| format!("{:.0}", m * 1_000_000.0)).unwrap_or_default()
}
