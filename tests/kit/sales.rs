//! A folder of sales data as a company hands it over: CSV files whose parts do not quite fit.
//!
//! It has the shape and the dirt of the public "CRM Sales Opportunities" set: a product that the price
//! list spells otherwise, deals without an account, a misspelt sector, dates as M/D/YYYY and missing
//! ones. All of it follows from the row number, so that two runs are about the same deals.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// The moment at which the folder's deals are worked: they end with 2017.
pub const NOW: &str = "2017-12-30T09:00:00Z";
/// Deals in the folder.
pub const DEALS: usize = 300;

const ACCOUNTS: &[&str] = &[
    "Alderwick",
    "Bramley Foods",
    "Corvane",
    "Dunmore Steel",
    "Eastlake Optics",
    "Fenwright",
    "Galloway Freight",
    "Hartsel",
    "Inverleith",
    "Joridan",
    "Kestrel Labs",
    "Lomond Energy",
    "Maplecourt",
    "Northgate Clinics",
    "Ormskirk",
    "Pellham",
    "Quillon",
    "Ravensworth",
    "Stannard",
    "Thornbury",
];
const AGENTS: &[(&str, &str)] = &[
    ("Ada Brook", "West"),
    ("Ben Carver", "West"),
    ("Cleo Dane", "East"),
    ("Dev Ellery", "East"),
    ("Eva Frost", "Central"),
    ("Finn Grey", "Central"),
];
/// As deals name them; the price list has the third with a space in it.
const PRODUCTS: &[&str] = &["GTX Basic", "MG Special", "GTXPro", "MG Advanced", "GTK 500"];
const PRICES: &[u32] = &[550, 55, 4821, 3393, 26768];

/// A folder of real sales data that whoever runs the tests has named, to hold them on it as well.
pub fn given() -> Option<PathBuf> {
    std::env::var_os("DRUMBEAT_SALES").map(PathBuf::from)
}

/// How many deals are recounted; a run of all tests has the time for so many, and whoever runs one may name more.
pub fn recounted(usually: u32) -> OsString {
    std::env::var_os("DRUMBEAT_RECOUNT").unwrap_or_else(|| usually.to_string().into())
}

/// Write the folder's files into `into`, which is made.
pub fn write(into: &Path) {
    write_deals(into, DEALS);
}

/// The same with so many deals.
pub fn write_deals(into: &Path, count: usize) {
    fs::create_dir_all(into).expect("a folder");
    let put = |name: &str, text: String| fs::write(into.join(name), text).expect("a file");
    let mut accounts = "account,sector,year_established,revenue,employees,office_location,subsidiary_of\n".to_owned();
    for (i, name) in ACCOUNTS.iter().enumerate() {
        let sector = ["technolgy", "medical", "retail", "software"][i % 4];
        let parent = if i % 7 == 3 { ACCOUNTS[i - 1] } else { "" };
        let country = ["United States", "Germany", "Kenya"][i % 3];
        writeln!(accounts, "{name},{sector},{},{}.5,{},{country},{parent}", 1980 + i, 100 + i * 37, 50 + i * 211)
            .expect("text");
    }
    put("accounts.csv", accounts);
    let prices: Vec<String> = PRODUCTS
        .iter()
        .zip(PRICES)
        .map(|(name, price)| format!("{},{},{price}\n", name.replace("GTXPro", "GTX Pro"), &name[..3]))
        .collect();
    put("products.csv", format!("product,series,sales_price\n{}", prices.concat()));
    let teams: Vec<String> = AGENTS.iter().map(|(name, region)| format!("{name},Gwen Hale,{region}\n")).collect();
    put("sales_teams.csv", format!("sales_agent,manager,regional_office\n{}", teams.concat()));

    let mut deals =
        "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value\n".to_owned();
    for i in 0..count {
        let (agent, _) = AGENTS[i * 5 % AGENTS.len()];
        let product = PRODUCTS[i * 3 % PRODUCTS.len()];
        let account = if i % 6 == 2 { "" } else { ACCOUNTS[i * 7 % ACCOUNTS.len()] };
        let stage = ["Won", "Lost", "Won", "Engaging", "Won", "Engaging", "Lost", "Prospecting"][i % 8];
        let engaged = if stage == "Prospecting" { String::new() } else { format!("{}/{}/2017", 1 + i % 9, 1 + i % 28) };
        let closed = matches!(stage, "Won" | "Lost");
        let close = if closed { format!("{}/{}/2017", 10 + i % 3, 1 + i * 11 % 28) } else { String::new() };
        let value = match stage {
            "Won" => (PRICES[i * 3 % PRICES.len()] + u32::try_from(i).expect("a small number")).to_string(),
            "Lost" => "0".to_owned(),
            _ => String::new(),
        };
        writeln!(deals, "{:08X},{agent},{product},{account},{stage},{engaged},{close},{value}", 0x1C1A_0000 + i * 7919)
            .expect("text");
    }
    put("sales_pipeline.csv", deals);
}
