//! A review from start to minutes, by keyboard.

use crate::hand::{NOW, focus_in};
use kit::display::Desktop;
use kit::driver::Window;
use serde_json::Value;

#[tokio::test(flavor = "multi_thread")]
async fn a_review_goes_from_the_agenda_to_minutes_that_have_the_decision() {
    let desktop = Desktop::start();
    let window = Window::open(&desktop, &["--sample", "--now", NOW]).await;
    window.press("g r").await;
    window.arrive("/review").await;
    window.see_role("heading", "Start a review").await;
    window.press("Ctrl+Enter").await;

    let first = item(&window, &Value::Null).await;
    window.press("2").await;
    focus_in(&window, "[aria-label=Decision] textarea").await;
    window.write("Extend the protection once").await;
    window.press("Tab").await;
    focus_in(&window, "[aria-label=Decision] input[type=text]").await;
    window.press("Ctrl+a").await;
    window.write("Call their sponsor on Thursday").await;
    window.press("Ctrl+Enter").await;

    let second = item(&window, &first).await;
    window.press("s").await;
    item(&window, &second).await;
    window.press("Shift+C").await;
    window.see_role("heading", "Clear the rest").await;
    window.press("Ctrl+Enter").await;
    window.see_no("[role=dialog]").await;
    window.see_text("with no action").await;
    window.press("Shift+F").await;
    window.see_role("heading", "Finish the review").await;
    window.press("Ctrl+Enter").await;

    let minutes = window.see("article").await.text().await.expect("minutes");
    for said in ["Extend the protection once", "Call their sponsor on Thursday"] {
        assert!(minutes.contains(said), "{said}: {minutes}");
    }
    window.see_text("queued for the CRM").await;
    window.close().await;
}

/// Wait until another item than `before` can be decided, and say which.
async fn item(window: &Window, before: &Value) -> Value {
    let script = "const form = document.querySelector('[aria-label=Decision] textarea'); \
                  return form && (document.querySelector('[aria-label=Agenda] [aria-current=true]')?.innerText ?? null)";
    window
        .until("the next item", || async {
            let now = window.run(script, vec![]).await;
            !now.is_null() && now != *before
        })
        .await;
    window.run(script, vec![]).await
}
