//! Two people change one field: nobody's value is lost, a person chooses by keyboard, and it lands once.

use crate::hand::{NOW, focus_in, notices, open_row, run, status_bar, tab_to_field};
use crate::names::{HUBSPOT, Names, SALESFORCE};
use crate::ready::synced_with;
use kit::display::Desktop;
use kit::driver::Window;
use serde_json::{Value, json};
use std::time::Duration;

/// What is decided here without a network, what a colleague sets meanwhile, and what is agreed on then.
const MINE: &str = "123456";
const THEIRS: &str = "777000";
const AGREED: &str = "450450";

#[tokio::test(flavor = "multi_thread")]
async fn a_field_that_two_people_changed_shows_all_three_values_and_the_one_chosen_lands_once_in_hubspot() {
    a_field_that_two_people_changed_is_settled_and_lands_once(&HUBSPOT).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_field_that_two_people_changed_shows_all_three_values_and_the_one_chosen_lands_once_in_salesforce() {
    a_field_that_two_people_changed_is_settled_and_lands_once(&SALESFORCE).await;
}

async fn a_field_that_two_people_changed_is_settled_and_lands_once(names: &Names) {
    let desktop = Desktop::start();
    let mut crm = synced_with(names, &desktop);
    let mut window = Window::open(&desktop, &["--now", NOW]).await;
    window.be_patient(Duration::from_secs(40));
    window.arrive("/today").await;

    crm.cut();
    run(&window, "Sync now").await;
    // A sync that has ended: one that still tries would send the change before the colleague's.
    status_bar(&window, "Sync failed").await;
    status_bar(&window, "Offline").await;
    let (deal, before) = change_the_amount(&window).await;
    status_bar(&window, "1 pending change").await;

    crm.restore();
    crm.edit(names.deals, &deal, &json!({ names.amount: THEIRS }));
    let told = crm.ledger().len();
    run(&window, "Sync now").await;
    status_bar(&window, "1 needs you").await;
    assert_eq!(crm.ledger().len(), told, "nothing is written over before somebody has chosen");

    window.press("g c").await;
    window.arrive("/conflicts").await;
    window.see_role("button", "Keep mine").await;
    let shown = digits(&window.see("section[aria-label=Amount]").await.text().await.expect("its text"));
    for (whose, value) in [("what was", before.as_str()), ("yours", MINE), ("theirs", THEIRS)] {
        assert!(shown.contains(value), "{whose}, {value}, is shown: {shown}");
    }

    window.press("e").await;
    focus_in(&window, "section[aria-label=Amount] input").await;
    window.press("Ctrl+a").await;
    window.write(AGREED).await;
    window.press("Ctrl+Enter").await;
    window.see_text("No merge conflict").await;
    assert!(!notices(&window).await.is_empty(), "it is said what happens now");

    window.press("g a").await;
    window.arrive("/activity").await;
    window.press("2").await;
    window.see_role("button", "Send 1 change").await;
    assert_eq!(crm.ledger().len(), told, "looking at what would be sent sends nothing");
    window.press("Ctrl+Enter").await;
    status_bar(&window, "0 pending changes").await;
    window.press("1").await;
    window.see_text(&format!("Confirmed in {}", names.label)).await;
    window.close().await;

    let written: Vec<Value> = crm
        .ledger()
        .into_iter()
        .filter(|entry| {
            entry["id"] == deal.as_str() && entry["op_marker"].is_string() && !entry["after"][names.amount].is_null()
        })
        .map(|entry| entry["after"][names.amount].clone())
        .collect();
    assert_eq!(written, [json!(AGREED)], "what was agreed on was written once, and nothing else");
}

/// Open a deal, set its amount to [`MINE`], and say which deal it was and what its amount was.
async fn change_the_amount(window: &Window) -> (String, String) {
    window.press("g d").await;
    window.arrive("/deals").await;
    window.see("[role=row][data-key]").await;
    window.stand_still().await;
    window.press("j Enter").await;
    window.see_role("button", "Edit").await;
    window.stand_still().await;
    let (deal, _) = open_row(window).await.expect("a deal is open");
    window.press("e").await;
    focus_in(window, "main input, main textarea, main button[aria-haspopup=listbox]").await;
    tab_to_field(window, "Amount").await;
    let before = window.run("return document.activeElement.value", vec![]).await;
    window.press("Ctrl+a").await;
    window.write(MINE).await;
    window.see_text("1 change, one decision").await;
    window.press("Ctrl+Enter").await;
    window.see_text("not sent, the CRM has").await;
    let whole = before.as_str().expect("an amount").split('.').next().unwrap_or_default().to_owned();
    (deal, whole)
}

/// The text without what groups digits.
fn digits(text: &str) -> String {
    text.chars().filter(|letter| !matches!(letter, ',' | '\u{a0}' | '\u{202f}')).collect()
}
