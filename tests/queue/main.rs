//! How fast a full queue opens and is gone through: `queue [OPEN [DEALS]]` prints it as one JSON document, in milliseconds.
//!
//! 5,000 open registrations in a CRM of 100,000 deals, unless it is told otherwise, read by the binary that `DRUMBEAT_BIN`
//! names (a release build, for figures that mean something) and measured in its window by keyboard, frame by frame.
//! `DRUMBEAT_BIN=PATH cargo run -p drumbeat-tests --example queue`. Only where a display can be made, as for the tests.

#[path = "../cli/crm.rs"]
mod crm;
#[path = "../window/hand.rs"]
mod hand;

use crate::crm::Crm;
use crate::hand::{NOW, open_row};
use kit::binary::drumbeat;
use kit::display::Desktop;
use kit::driver::Window;
use kit::frames::{OPEN_RECORD, OPEN_ROW, Times, answered, painted};
use serde_json::{Value, json};
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// How often the queue is opened.
const OPENED: u32 = 30;
/// Keys that go through the queue, each way of looking.
const KEYS: u32 = 150;
/// The list is on the screen: its first row, and what it is about beside it.
const ROWS: &str = "location.hash.includes('/inbox') || location.pathname === '/inbox' \
    ? document.querySelector('[role=row][data-key]')?.dataset.key : undefined";

#[tokio::main]
async fn main() -> ExitCode {
    let words: Option<Vec<u32>> = std::env::args().skip(1).map(|word| word.parse().ok()).collect();
    let (open, deals) = match words.as_deref() {
        Some([]) => (5_000, 100_000),
        Some([open]) => (*open, 100_000),
        Some([open, deals]) => (*open, *deals),
        _ => {
            eprintln!("queue [OPEN [DEALS]]: opens so many registrations on so many deals and measures the window");
            return ExitCode::from(2);
        }
    };
    let report = measure(open, deals).await;
    println!("{report:#}");
    ExitCode::SUCCESS
}

async fn measure(open: u32, deals: u32) -> Value {
    let desktop = Desktop::start();
    let crm = Crm::start(&desktop, NOW, ["--synthetic", &deals.to_string(), "--unlimited"]);
    crm.connect(NOW).done();
    let ask = |words: &[&str]| drumbeat(&desktop).args(["--now", NOW]).args(words).run().done();
    ask(&["provision", "--apply"]);
    fill(&crm, open);
    let began = Instant::now();
    ask(&["sync"]);
    let synced = began.elapsed();
    let waiting = ask(&["registrations", "list", "--limit", "1", "--json"]).json()["total"].clone();

    let mut window = Window::open(&desktop, &["--now", NOW]).await;
    window.be_patient(Duration::from_secs(120));
    today(&window).await;
    let (mut opens, mut settles) = (Times::default(), Times::default());
    for (times, look) in [(&mut opens, ROWS), (&mut settles, OPEN_RECORD)] {
        for _ in 0..OPENED {
            times.add(painted(&window, "g i", look).await);
            // A busy page hears the two keys further apart than they belong together.
            window.stand_still().await;
            window.press("g t").await;
            today(&window).await;
        }
    }
    window.press("g i").await;
    window.arrive("/inbox").await;
    window.stand_still().await;
    let (mut row, mut record, mut deep) = (Times::default(), Times::default(), Times::default());
    let mut drawn = Times::default();
    for (times, look) in [(&mut row, OPEN_ROW), (&mut record, OPEN_RECORD), (&mut deep, OPEN_ROW)] {
        for _ in 0..KEYS {
            // The end of what is read already: there is nothing to go to before the next page is here.
            let more = "return [...document.querySelectorAll('[role=row][data-key]')].at(-1)?.ariaSelected !== 'true'";
            window.until("a next row", || async { window.run(more, vec![]).await == true }).await;
            let took = answered(&window, "j", look).await;
            times.add(took.painted);
            if look == OPEN_ROW {
                drawn.add(took.drawn);
            }
        }
    }
    assert!(open_row(&window).await.is_some(), "a claim is open");
    window.close().await;
    json!({
        "binary": kit::binary::path(),
        "deals": deals,
        "open_registrations": waiting,
        "first_sync_seconds": synced.as_secs_f64(),
        "inbox_until_its_rows": opens.told(),
        "inbox_until_its_record": settles.told(),
        "key_until_its_row_is_in_the_page": drawn.told(),
        "key_until_its_row": row.told(),
        "key_until_its_record": record.told(),
        "key_until_its_row_further_down": deep.told(),
    })
}

/// Wait for Today with its rows.
async fn today(window: &Window) {
    window.arrive("/today").await;
    window.see("main [role=row]").await;
    window.see_no("[aria-busy=true]").await;
}

/// Partners send registrations by the CRM's form until so many are open.
fn fill(crm: &Crm<'_>, open: u32) {
    let properties =
        ["company_domain", "contact_name", "problem", "consent", "motion", "products", "partner_id", "country"];
    let filter =
        json!({"propertyName": "registration_status", "operator": "IN", "values": ["submitted", "info_requested"]});
    let search = json!({"filterGroups": [{"filters": [filter]}], "limit": 100, "properties": properties});
    let found = crm.request("POST", "/crm/v3/objects/partner_registration/search", &search);
    let there = u32::try_from(found["total"].as_u64().expect("a total")).expect("not that many");
    let like: Vec<&Value> =
        found["results"].as_array().expect("results").iter().map(|one| &one["properties"]).collect();
    let inputs: Vec<Value> = (there..open)
        .map(|number| json!({ "properties": claim(like[number as usize % like.len()], number) }))
        .collect();
    for part in inputs.chunks(100) {
        crm.request("POST", "/crm/v3/objects/partner_registration/batch/create", &json!({ "inputs": part }));
    }
}

/// A claim of its own company, otherwise like another.
fn claim(like: &Value, number: u32) -> Value {
    let letters: String =
        (0..4).map(|at| char::from(b'a' + u8::try_from(number / 26_u32.pow(at) % 26).expect("a letter"))).collect();
    let company = format!("{} {letters}works {number}", ["Boreal", "Cobalt", "Dorian", "Elmwood"][number as usize % 4]);
    let domain = format!("{letters}works-{number}.example");
    let mut claim = like.as_object().expect("properties").clone();
    claim.retain(|name, value| !name.starts_with("hs_") && !value.is_null());
    let of_its_own = json!({
        "registration_name": company,
        "registration_kind": if number.is_multiple_of(3) { "deal" } else { "lead" },
        "registration_status": "submitted",
        "company_name": company,
        "company_domain": domain,
        "contact_email": format!("anna@{domain}"),
        "amount": (5_000 + number * 7 % 90_000).to_string(),
        "currency": "USD",
        "expected_close": "2027-02-28",
        "submitted_at": format!("2026-11-{:02}T{:02}:15:00Z", 9 + number % 7, number % 24),
    });
    claim.extend(of_its_own.as_object().expect("properties").clone());
    Value::Object(claim)
}
