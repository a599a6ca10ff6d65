//! A partner appeals against a decline with evidence that was not seen; the verdict is turned, and lands once.

use crate::hand::{NOW, focus_in, notices, open_row, run, status_bar, tab_to, tab_to_field};
use crate::names::{HUBSPOT, Names, SALESFORCE};
use crate::ready::{ask, open, synced_with};
use kit::display::Desktop;
use kit::driver::Window;
use kit::ledger;
use serde_json::{Value, json};

const SAYS: &str = "The budget was approved last week";
const SHOWS: &str = "Minutes of the budget round, page 2";
const WHY: &str = "The minutes settle what was missing";

#[tokio::test(flavor = "multi_thread")]
async fn a_decline_that_is_appealed_with_evidence_is_turned_and_lands_once_in_hubspot() {
    a_decline_that_is_appealed_is_turned_and_lands_once(&HUBSPOT).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decline_that_is_appealed_with_evidence_is_turned_and_lands_once_in_salesforce() {
    a_decline_that_is_appealed_is_turned_and_lands_once(&SALESFORCE).await;
}

async fn a_decline_that_is_appealed_is_turned_and_lands_once(names: &Names) {
    let desktop = Desktop::start();
    let crm = synced_with(names, &desktop);
    let (id, company) = approvable(&desktop);
    let (id, company) = (id.as_str(), company.as_str());
    ask(&desktop, &["registrations", "decide", id, "decline", "--reason", "not_qualified"]).done();
    ask(&desktop, &["sync"]).done();
    let before = crm.ledger().len();

    let window = open(&desktop).await;
    open_decided(&window, id, company).await;
    window.see_role("button", "Open an appeal").await;
    window.press("p").await;
    focus_in(&window, "[role=dialog] textarea").await;
    // Without evidence it is no appeal: the dialog says so and keeps what was typed.
    window.write(SAYS).await;
    window.press("Ctrl+Enter").await;
    window.see_text("An act like this needs evidence").await;
    tab_to(&window, "the evidence", "at.innerText?.includes('Add evidence')").await;
    window.press("Enter").await;
    tab_to_field(&window, "What it says, and where it is").await;
    window.write(SHOWS).await;
    window.press("Ctrl+Enter").await;
    window.see_no("[role=dialog]").await;
    window.until("that the appeal is saved", || async { notices(&window).await.contains(company) }).await;

    for shown in [SAYS, SHOWS] {
        window.see_text(shown).await;
    }
    run(&window, "Sync now").await;
    status_bar(&window, "0 pending changes").await;
    window.see_role("button", "Answer the appeal").await;
    window.press("p").await;
    focus_in(&window, "[role=dialog] input[type=radio]").await;
    window.press("2").await;
    let chosen = "return document.querySelector('[role=dialog] input[type=radio]:checked')?.value ?? ''";
    window.until("the other verdict", || async { window.run(chosen, vec![]).await == "yes" }).await;
    tab_to(&window, "the reason", "at.tagName === 'TEXTAREA'").await;
    window.write(WHY).await;
    window.press("Ctrl+Enter").await;
    window.see_no("[role=dialog]").await;
    window.see_text(WHY).await;
    window.see_text("Appeal granted, not sent").await;
    run(&window, "Sync now").await;
    status_bar(&window, "0 pending changes").await;
    window.see_text("Appeal granted, confirmed").await;
    window.close().await;

    let told = crm.ledger().split_off(before);
    let summary = ledger::sum_up(&told);
    assert_eq!(summary["decision_groups"], json!({ id: ["approved"] }), "turned once: {summary:#}");
    assert_eq!((&summary["deals_made"], &summary["tasks_made"]), (&json!(1), &json!(1)), "{summary:#}");
    assert_eq!(summary["ops"], summary["writes_with_a_marker"], "no op was written twice: {summary:#}");
    let of_it = told.iter().filter(|entry| entry["id"] == id);
    let records: Vec<&str> = of_it.filter_map(|entry| entry["after"][names.record].as_str()).collect();
    assert_eq!(records.len(), 2, "the record was written with the appeal and with its answer: {records:#?}");
    assert!(records[1].contains(SHOWS) && records[1].contains(WHY), "{}", records[1]);
    let now = ask(&desktop, &["registrations", "show", id, "--json"]).done().json();
    assert_eq!(
        (&now["row"]["status"], &now["life"]["appeals"][0]["answered"]),
        (&json!("approved"), &json!("granted"))
    );
    assert_eq!(now["life"]["appeals"][0]["proofs"][0]["day"], Value::from(&NOW[..10]));
}

/// A deal's claim that nothing but a person speaks against: its id and its company.
fn approvable(desktop: &Desktop) -> (String, String) {
    let queue = ask(desktop, &["registrations", "list", "--limit", "100", "--json"]).done().json();
    let mut deals = queue["rows"].as_array().expect("rows").iter().filter(|row| row["kind"] == "deal");
    let text = |row: &Value, key: &str| row[key].as_str().expect("text").to_owned();
    let good = deals.find(|row| {
        let shown = ask(desktop, &["registrations", "show", &text(row, "id"), "--json"]).done().json();
        shown["recommendation"]["act"] == "approve"
    });
    let good = good.expect("one would be approved");
    (text(good, "id"), text(good, "company"))
}

/// Find a decided registration by its name, open it, and leave the list with the focus outside of its filter.
async fn open_decided(window: &Window, id: &str, company: &str) {
    window.press("g i").await;
    window.arrive("/inbox").await;
    run(window, "Show decided registrations").await;
    window.press("f").await;
    focus_in(window, "input[placeholder='Company or partner']").await;
    window.write(&company.chars().take(9).collect::<String>()).await;
    tab_to(window, "the list", "at.matches('[role=row], [role=grid]')").await;
    let mut steps = 0;
    while open_row(window).await.is_none_or(|(open, _)| open != id) {
        steps += 1;
        assert!(steps < 20, "{company} is not among what was found");
        window.press("j").await;
    }
    window.see_role("heading", company).await;
    window.stand_still().await;
}
