//! The sample workspace, and one on Salesforce: every screen is one jump away, lists move under the hand, an edit waits here.

use crate::hand::{NOW, focus_in, open_row, run, status_bar, tab_to_field};
use crate::names::SALESFORCE;
use crate::ready::{open, synced_with};
use kit::display::Desktop;
use kit::driver::Window;

#[tokio::test(flavor = "multi_thread")]
async fn every_screen_of_the_sample_is_reached_and_worked_by_keyboard() {
    let desktop = Desktop::start();
    let window = Window::open(&desktop, &["--sample", "--now", NOW]).await;
    window.arrive("/today").await;
    every_screen(&window).await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_screen_of_a_salesforce_account_is_reached_and_worked_by_keyboard() {
    let desktop = Desktop::start();
    let _crm = synced_with(&SALESFORCE, &desktop);
    let window = open(&desktop).await;
    every_screen(&window).await;
    window.close().await;
}

/// Every screen by its keys, the rows of a list, an edit that waits.
async fn every_screen(window: &Window) {
    window.see("main [role=row]").await;
    for (keys, place, title) in [
        ("g i", "/inbox", "Inbox"),
        ("g d", "/deals", "Deals"),
        ("g p", "/partners", "Partners"),
        ("g r", "/review", "Review"),
        ("g m", "/metrics", "Metrics"),
        ("g k", "/packs", "Packs"),
        ("g y", "/policy", "Policy"),
        ("g c", "/conflicts", "Conflicts"),
        ("g a", "/activity", "Activity"),
        ("g s", "/settings", "Settings"),
        ("g t", "/today", "Today"),
    ] {
        window.press(keys).await;
        window.arrive(place).await;
        window.see_role("heading", title).await;
        // A busy page hears the two keys of the next jump further apart than they belong together.
        window.stand_still().await;
    }
    window.press("?").await;
    window.see("[role=dialog]").await;
    window.see_text("Keys of this screen").await;
    window.press("Escape").await;
    window.see_no("[role=dialog]").await;
    run(window, "Inbox").await;
    window.arrive("/inbox").await;

    window.see("[role=row][aria-selected=true]").await;
    let first = open_row(window).await.expect("a claim is open");
    window.press("j").await;
    window.until("the next claim", || async { open_row(window).await.is_some_and(|row| row.0 != first.0) }).await;
    let second = open_row(window).await.expect("a claim is open");
    window.see_role("heading", &second.1).await;
    window.press("k").await;
    window.until("the first claim", || async { open_row(window).await.as_ref() == Some(&first) }).await;

    edit_a_deal(window).await;
}

/// Open a deal from the table, change its amount, and leave it again.
async fn edit_a_deal(window: &Window) {
    window.press("g d").await;
    window.arrive("/deals").await;
    window.see("[role=row][data-key]").await;
    window.stand_still().await;
    window.press("j Enter").await;
    window.see_role("button", "Edit").await;
    window.press("e").await;
    focus_in(window, "main input, main textarea, main button[aria-haspopup=listbox]").await;
    tab_to_field(window, "Amount").await;
    window.press("Ctrl+a").await;
    window.write("123456").await;
    window.see_text("1 change, one decision").await;
    window.press("Ctrl+Enter").await;
    window.see_text("not sent, the CRM has").await;
    window.see_text("123,456").await;
    status_bar(window, "1 pending change").await;
    window.press("Escape").await;
    window.until("the table again", || async { !window.shows_text("not sent, the CRM has").await }).await;
    window.see("[role=row][data-key]").await;
}
