//! The policy by keyboard: an edit of the file that is refused with its place and mended there, and a change of two
//! thresholds that is tried on the past before it is saved and published.

use crate::hand::{focus_in, notices, row_text, run, tab_to, tab_to_field};
use crate::job::files_below;
use crate::names::{HUBSPOT, Names, SALESFORCE};
use crate::ready::{ask, open, synced, synced_with};
use kit::display::Desktop;
use kit::driver::Window;
use serde_json::{Value, json};
use std::fs;

/// The file as it is on the screen.
const FILE: &str = "document.querySelector('textarea[aria-label=\"The policy file\"]')";

#[tokio::test(flavor = "multi_thread")]
async fn a_policy_edit_is_refused_with_its_line_and_column_then_mended_and_saved() {
    let desktop = Desktop::start();
    let _crm = synced(&desktop);
    let window = open(&desktop).await;
    let line = open_file(&window, "default_days = ").await;
    window.press("Shift+End").await;
    window.write("default_days = \"90\"").await;

    // The value stands in the sixteenth column.
    let place = format!("{line}:16");
    window.see_text(&place).await;
    window.see_text("protection.default_days is a text, not a whole number").await;
    window.see_text("1 problem to mend first").await;
    window.press("Ctrl+s").await;
    window.until("the refusal", || async { notices(&window).await.contains("The draft is not saved") }).await;
    assert!(!window.shows("[role=dialog]").await, "what is wrong is not asked about further");
    window.press("g i").await;
    assert_eq!(window.place().await, "/policy", "in the file letters are letters");
    window.press("Backspace Backspace").await;

    window.press("Ctrl+Home F8").await;
    let cursor = format!(
        "const file = {FILE}; const before = file.value.slice(0, file.selectionStart); \
         return `${{before.split('\\n').length}}:${{before.length - before.lastIndexOf('\\n')}}`"
    );
    window.until("the cursor at the problem", || async { window.run(&cursor, vec![]).await == place.as_str() }).await;
    window.press("Shift+End").await;
    window.write("75").await;
    window.see_text("1 difference to the version in force").await;
    save(&window, "Customers decide faster now").await;

    window.press("4").await;
    for shown in ["Version 2", "in force", "Customers decide faster now"] {
        window.until(shown, || async { row_text(&window, "2").await.contains(shown) }).await;
    }
    window.see_text("1 difference").await;
    window.see_text("90").await;
    window.see_text("75").await;
    window.close().await;
    let kept = ask(&desktop, &["policy", "show"]).done().stdout;
    assert!(kept.contains("version = 2") && kept.contains("default_days = 75"), "{kept}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_threshold_is_tried_on_past_decisions_before_it_is_saved_and_published_with_hubspot() {
    a_threshold_is_tried_on_past_decisions_before_it_is_saved(&HUBSPOT).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_threshold_is_tried_on_past_decisions_before_it_is_saved_and_published_with_salesforce() {
    a_threshold_is_tried_on_past_decisions_before_it_is_saved(&SALESFORCE).await;
}

async fn a_threshold_is_tried_on_past_decisions_before_it_is_saved(names: &Names) {
    let desktop = Desktop::start();
    let _crm = synced_with(names, &desktop);
    let queue = ask(&desktop, &["registrations", "list", "--limit", "100", "--json"]).done().json();
    let ids: Vec<&str> = queue["rows"].as_array().expect("rows").iter().filter_map(|row| row["id"].as_str()).collect();
    let declined = ask(&desktop, &[&["registrations", "bulk", "decline"][..], &ids].concat());
    assert_eq!(declined.code, 3, "what nothing speaks against is not declined: {declined}");
    let window = open(&desktop).await;

    // One threshold in the form, one in the file: both are one draft.
    window.press("g y").await;
    window.arrive("/policy").await;
    tab_to_field(&window, "A customer is new again after, in months").await;
    window.press("Ctrl+a").await;
    window.write("1").await;
    window.see_text("changed, was 24 months").await;
    window.press("Escape").await;
    open_file(&window, "active_cycle_days = ").await;
    window.press("Shift+End").await;
    window.write("active_cycle_days = 1").await;
    window.see_text("2 differences to the version in force").await;

    // Out of the file, where letters are letters.
    window.press("Tab").await;
    window.press("Shift+R").await;
    window.see_role("button", "Replay").await;
    window.press("Ctrl+Enter").await;
    window.see_text("What decides").await;
    let moved = moved(&window).await;
    let file = desktop.path("draft.toml");
    let text = ask(&desktop, &["policy", "show"]).done().stdout;
    let text = text.replacen("net_new_months = 24", "net_new_months = 1", 1);
    fs::write(&file, text.replacen("active_cycle_days = 365", "active_cycle_days = 1", 1)).expect("a file");
    let words = ["policy", "replay", &file.to_string_lossy(), "--json"];
    let told = ask(&desktop, &words).done().json();
    assert_eq!(
        moved,
        flips(&told),
        "the window shows the verdicts that would move, as the command line does: {told:#}"
    );
    assert!(!moved.is_empty(), "the thresholds decide nothing: {told:#}");
    window.see_text("R-04.14").await;

    save(&window, "Old customers count as new").await;
    window.press("Shift+P").await;
    window.see_role("heading", "Publish the rules of engagement").await;
    window.press("Ctrl+Enter").await;
    window.see_text("Version 2 is published").await;
    window.press("Escape").await;
    window.see_no("[role=dialog]").await;
    window.close().await;
    let files = files_below(&desktop.path("home"));
    let rules = files.iter().find(|file| file.ends_with(".pdf")).unwrap_or_else(|| panic!("no rules: {files:?}"));
    assert!(fs::read(rules).expect("it can be read").starts_with(b"%PDF"), "{rules}");
}

/// Open the file and put the cursor at the start of the line that begins with this; says which line it is.
async fn open_file(window: &Window, start: &str) -> usize {
    window.press("g y").await;
    window.arrive("/policy").await;
    run(window, "Policy: File").await;
    tab_to(window, "the file", "at.getAttribute('aria-label') === 'The policy file'").await;
    let line = format!("return {FILE}.value.split('\\n').findIndex((line) => line.startsWith(arguments[0]))");
    let line = window.run(&line, vec![json!(start)]).await.as_i64().expect("a number");
    let down = usize::try_from(line).unwrap_or_else(|_| panic!("no line begins with {start}"));
    window.press("Ctrl+Home").await;
    window.press(&"Down ".repeat(down)).await;
    down + 1
}

/// Save the draft with this reason.
async fn save(window: &Window, reason: &str) {
    window.press("Ctrl+s").await;
    focus_in(window, "[role=dialog] textarea").await;
    window.write(reason).await;
    window.press("Ctrl+Enter").await;
    window.see_no("[role=dialog]").await;
    window.until("the new version", || async { notices(window).await.contains("Version 2 is in force") }).await;
    // The screen begins anew with it.
    window.see_text("version 2, in force since").await;
}

/// The verdicts that would move, as the list of the replay tells them: "Hansa, decline becomes ask".
async fn moved(window: &Window) -> Vec<String> {
    let script = "return [...document.querySelectorAll('[role=grid] [role=row][data-key]')] \
                  .map((row) => row.getAttribute('aria-label')).filter((name) => name.includes(' becomes '))";
    let Value::Array(rows) = window.run(script, vec![]).await else { panic!("no list") };
    let mut names: Vec<String> = rows.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    names.sort();
    names
}

/// The same from the command line.
fn flips(told: &Value) -> Vec<String> {
    let text = |one: &Value, key: &str| one[key].as_str().expect("text").to_owned();
    let decisions = told["decisions"].as_array().expect("decisions");
    let flipped = decisions.iter().filter(|one| one["flipped"] == true);
    let mut names: Vec<String> = flipped
        .map(|one| format!("{}, {} becomes {}", text(one, "company"), text(one, "before"), text(one, "after")))
        .collect();
    names.sort();
    names
}
