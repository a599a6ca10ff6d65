//! A partner's table with bad rows: dropped on the window, mapped, looked through, saved, and what is left written to a file.

use crate::crm::Crm;
use crate::hand::{notices, row_text, run, status_bar, tab_to};
use crate::names::{HUBSPOT, Names, SALESFORCE};
use crate::ready::{ask, open, synced_with};
use kit::display::Desktop;
use kit::driver::Window;
use kit::screen::Screen;
use serde_json::json;
use std::fs;
use std::path::PathBuf;

/// The rows that become registrations.
const GOOD: [&str; 2] = ["Quintessenz Brauhaus", "Zirbelwerk Tirol"];

/// Every other row: its number, its verdict, and its reason in part.
const BAD: [(u32, &str, &str); 5] = [
    (3, "Rejected", "No company is named"),
    (4, "Rejected", "Nobody & Daughters"),
    (5, "Rejected", "order"),
    (6, "Duplicate", "same domain"),
    (7, "Duplicate", "row 1 of this import"),
];

#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_table_with_bad_rows_is_mapped_and_its_good_rows_land_once_in_hubspot() {
    a_dropped_table_is_mapped_and_its_good_rows_land_once(&HUBSPOT).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_table_with_bad_rows_is_mapped_and_its_good_rows_land_once_in_salesforce() {
    a_dropped_table_is_mapped_and_its_good_rows_land_once(&SALESFORCE).await;
}

async fn a_dropped_table_is_mapped_and_its_good_rows_land_once(names: &Names) {
    let desktop = Desktop::start();
    let crm = synced_with(names, &desktop);
    let table = table(&desktop);
    let window = open(&desktop).await;
    let screen = Screen::of(&window);

    let drag = screen.drag(&table).await;
    drag.over().await;
    window.see_text("Drop it to read registrations from it").await;
    drag.drop().await;
    window.arrive("/import").await;
    window.see_no_text("Drop it to read registrations from it").await;

    // Nobody can guess what the fifth column holds, and the policy asks for it: a person says so.
    window.see_text("No column holds what the policy asks for").await;
    read_as(&window, "Worum es geht", "Need").await;
    read_as(&window, "Bis wann", "Close date").await;
    window.see_no_text("No column holds what the policy asks for").await;
    look_through(&window).await;
    let before = crm.ledger().len();
    assert_eq!(registered(&desktop, GOOD[0]), 0, "nothing is saved before a person says so");

    window.press("Ctrl+Enter").await;
    window
        .until("that the good rows are saved", || async { notices(&window).await.contains("2 registrations saved") })
        .await;
    for row in ["1", "2"] {
        window.until("a saved row", || async { row_text(&window, row).await.contains("Saved") }).await;
    }
    let rejects = desktop.path("home").join("left over.csv");
    window.press("r").await;
    screen.answer("Save the rows that were not imported", &rejects).await;
    window.until("the file of rejects", || async { notices(&window).await.contains("5 rows written to") }).await;
    look_at_rejects(&rejects);

    window.press("q").await;
    window.arrive("/inbox").await;
    run(&window, "Sync now").await;
    status_bar(&window, "0 pending changes").await;
    landed(names, &crm, before);

    // The same headers are read in the same way from now on, and what was saved is known again.
    window.press("Shift+I").await;
    window.arrive("/import").await;
    window.press("o").await;
    screen.answer("Import registrations", &table).await;
    window.see_role("row", GOOD[0]).await;
    for row in ["1", "2"] {
        window.until("a row that is known", || async { row_text(&window, row).await.contains("Duplicate") }).await;
    }
    window.see_role("button", "Close").await;
    window.close().await;
    for company in GOOD {
        assert_eq!(registered(&desktop, company), 1, "{company}");
    }
}

/// A table as a partner sends it.
fn table(desktop: &Desktop) -> PathBuf {
    let partners = ask(desktop, &["partners", "list", "--json"]).done().json();
    let partner = partners["rows"][0]["name"].as_str().expect("a partner");
    let known = known(desktop);
    let rows = [
        (GOOD[0], "quintessenz.example", partner, "Kühlung für zwei Hallen", "2027-01-31"),
        (GOOD[1], "zirbelwerk.example", partner, "Lagerverwaltung", "2027-02-28"),
        ("", "niemand.example", partner, "Lagerverwaltung", "2027-02-28"),
        ("Ohne Partner", "ohne.example", "Nobody & Daughters", "Lagerverwaltung", "2027-02-28"),
        ("Zwei Tage", "zwei-tage.example", partner, "=1+1", "03/04/2027"),
        (&known.0, &known.1, partner, "Lagerverwaltung", "2027-02-28"),
        ("Quintessenz Brauhaus GmbH", "quintessenz.example", partner, "Kühlung", "2027-01-31"),
    ];
    let mut text = "Kunde;Webseite;Partner;Ansprechpartner;Worum es geht;E-Mail;Einwilligung;Bis wann\n".to_owned();
    for (company, domain, partner, need, until) in rows {
        text += &format!("{company};{domain};{partner};Jana Brandt;{need};jana@{domain};ja;{until}\n");
    }
    let path = desktop.path("home").join("claims.csv");
    fs::write(&path, text).expect("a file");
    path
}

/// A claim that waits in the CRM: its company and its domain.
fn known(desktop: &Desktop) -> (String, String) {
    let queue = ask(desktop, &["registrations", "list", "--limit", "100", "--json"]).done().json();
    let mut waiting = queue["rows"].as_array().expect("rows").iter().filter(|row| row["status"] == "submitted");
    let known = waiting.find_map(|row| {
        let shown = ask(desktop, &["registrations", "show", row["id"].as_str()?, "--json"]).done().json();
        let domain = shown["claim"].as_array()?.iter().find(|line| line["label"] == "Domain")?["value"].clone();
        Some((row["company"].as_str()?.to_owned(), domain.as_str()?.to_owned()))
    });
    known.expect("a claim with a domain")
}

/// Say what a column holds, by keyboard.
async fn read_as(window: &Window, column: &str, field: &str) {
    let here = format!("at.closest('tr')?.querySelector('th')?.textContent === {}", json!(column));
    tab_to(window, column, &here).await;
    window.press("Enter").await;
    window.see("[role=option]").await;
    window.write(field).await;
    let chosen = "return document.activeElement.closest('[role=option]')?.innerText ?? ''";
    window
        .until(field, || async {
            window.run(chosen, vec![]).await.as_str().is_some_and(|text| text.starts_with(field))
        })
        .await;
    window.press("Enter").await;
    window.see_no("[role=option]").await;
    let said = format!("return Boolean(document.activeElement.innerText.includes({}))", json!(field));
    window.until(&format!("{column} read as {field}"), || async { window.run(&said, vec![]).await == true }).await;
}

/// Every row has its verdict and its reason, before anything is saved.
async fn look_through(window: &Window) {
    run(window, "Show the rows").await;
    window.see_text("2 ready, 2 duplicates, 3 rejected").await;
    window.see("[role=row][aria-selected=true]").await;
    for (number, verdict, why) in BAD {
        let text = row_text(window, &number.to_string()).await;
        assert!(text.contains(verdict) && text.contains(why), "row {number} is {verdict} for {why}: {text}");
    }
    for (number, company) in ["1", "2"].into_iter().zip(GOOD) {
        let text = row_text(window, number).await;
        assert!(text.contains(company) && text.contains("Ready"), "{text}");
    }
    // The duplicate names what it looks like, with a way there.
    window.press("j j j j j").await;
    window.see_role("heading", "Looks like").await;
    window.see_text("same domain").await;
}

fn look_at_rejects(file: &PathBuf) {
    let text = fs::read_to_string(file).expect("the file of rejects");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 1 + BAD.len(), "a header and the rows that were not saved: {text}");
    for (line, (_, _, why)) in lines[1..].iter().zip(BAD) {
        assert!(line.contains(why), "{why}: {line}");
    }
    assert!(text.contains("'=1+1"), "a spreadsheet must not run what a partner wrote: {text}");
    assert!(!text.contains(GOOD[1]), "what was saved is not left over: {text}");
}

/// Each good row was made in the CRM once, and no other.
fn landed(names: &Names, crm: &Crm<'_>, before: usize) {
    let told = crm.ledger().split_off(before);
    let mut made: Vec<&str> = told
        .iter()
        .filter(|entry| entry["kind"] == "create" && entry["object"] == names.claims)
        .filter_map(|entry| entry["after"][names.company].as_str())
        .collect();
    made.sort_unstable();
    assert_eq!(made, GOOD, "{told:#?}");
}

/// How many registrations of this company wait.
fn registered(desktop: &Desktop, company: &str) -> usize {
    let queue = ask(desktop, &["registrations", "list", "--limit", "100", "--json"]).done().json();
    queue["rows"].as_array().expect("rows").iter().filter(|row| row["company"] == company).count()
}
