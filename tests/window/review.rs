//! A review from start to minutes, by keyboard: on the sample, and on a folder of sales data with the network off and the
//! program killed in the middle.

use crate::crm::Crm;
use crate::hand::{NOW, focus_in, run, status_bar};
use crate::job::{REVIEWED, hold_review, item};
use crate::names::{HUBSPOT, Names, SALESFORCE};
use kit::binary::{Answer, drumbeat};
use kit::display::Desktop;
use kit::driver::Window;
use kit::{ledger, sales};
use serde_json::Value;
use std::time::Duration;

#[tokio::test(flavor = "multi_thread")]
async fn a_review_goes_from_the_agenda_to_minutes_that_have_the_decision() {
    let desktop = Desktop::start();
    let window = Window::open(&desktop, &["--sample", "--now", NOW]).await;
    let minutes = hold_review(&window).await;
    for said in REVIEWED {
        assert!(minutes.contains(said), "{said}: {minutes}");
    }
    window.close().await;
}

/// Items that are discussed, by the policy; the program dies after the fifth.
const DISCUSSED: usize = 12;
const BEFORE_IT_DIES: usize = 5;
/// At least so many others are cleared in one batch.
const CLEARED: usize = 60;

#[tokio::test(flavor = "multi_thread")]
async fn a_review_without_a_network_outlives_a_kill_and_lands_once_in_hubspot() {
    a_review_without_a_network_outlives_a_kill_and_lands_once(&HUBSPOT).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_review_without_a_network_outlives_a_kill_and_lands_once_in_salesforce() {
    a_review_without_a_network_outlives_a_kill_and_lands_once(&SALESFORCE).await;
}

async fn a_review_without_a_network_outlives_a_kill_and_lands_once(names: &Names) {
    let desktop = Desktop::start();
    let data = sales::given().unwrap_or_else(|| {
        let data = desktop.path("sales");
        sales::write_deals(&data, 400);
        data
    });
    let words: Vec<std::ffi::OsString> =
        vec!["--seed".into(), "7".into(), "--unlimited".into(), "--data".into(), data.into_os_string()];
    let mut crm = Crm::of(names.crm, &desktop, sales::NOW, words);
    crm.connect(sales::NOW).done();
    for words in [&["provision", "--apply"][..], &["sync"]] {
        ask(&desktop, words).done();
    }

    let window = open(&desktop).await;
    crm.cut();
    run(&window, "Sync now").await;
    status_bar(&window, "Sync failed").await;
    status_bar(&window, "Offline").await;
    window.press("g r").await;
    window.arrive("/review").await;
    window.see_role("heading", "Start a review").await;
    window.press("Ctrl+Enter").await;
    let mut last = Value::Null;
    for number in 1..=BEFORE_IT_DIES {
        last = item(&window, &last).await;
        decide(&window, number).await;
    }
    // The sixth is open and nothing of it is logged.
    item(&window, &last).await;
    window.kill().await;

    let window = open(&desktop).await;
    window.press("g r").await;
    window.arrive("/review").await;
    let mut last = Value::Null;
    for number in BEFORE_IT_DIES + 1..=DISCUSSED {
        last = item(&window, &last).await;
        decide(&window, number).await;
    }
    window.until("that all is logged", || async { logged(&desktop).len() == DISCUSSED }).await;
    window.press("Shift+C").await;
    window.see_role("heading", "Clear the rest").await;
    window.press("Ctrl+Enter").await;
    window.see_no("[role=dialog]").await;
    window.see_text("with no action").await;
    window.press("Shift+F").await;
    window.see_text("queued for the CRM").await;

    let review = ask(&desktop, &["review", "show", "--json"]).done().json();
    let items = review["items"].as_array().expect("items");
    let verdicts = |verdict: &str| items.iter().filter(|item| item["outcome"]["verdict"] == verdict).count();
    assert_eq!(verdicts("change_plan"), DISCUSSED, "what was decided before the kill is kept, and nothing twice");
    assert!(verdicts("no_action") >= CLEARED, "{} items were cleared", verdicts("no_action"));
    assert_eq!(verdicts("no_action") + DISCUSSED, items.len());

    crm.restore();
    let before = crm.ledger().len();
    run(&window, "Sync now").await;
    status_bar(&window, "0 pending changes").await;
    status_bar(&window, "Online").await;
    window.close().await;

    let told = crm.ledger().split_off(before);
    let sum = ledger::sum_up(&told);
    assert_eq!(sum["ops"], sum["writes_with_a_marker"], "no op was written twice: {sum:#}");
    assert_eq!((&sum["notes_made"], &sum["tasks_made"]), (&DISCUSSED.into(), &DISCUSSED.into()), "{sum:#}");
    for number in 1..=DISCUSSED {
        let made = |object: &str, property: &str, text: String| {
            let holds = |entry: &&Value| {
                entry["kind"] == "create"
                    && entry["object"] == object
                    && entry["after"][property].as_str() == Some(&text)
            };
            told.iter().filter(holds).count()
        };
        let said = format!("Review: change plan. {}", text(number));
        assert_eq!(made(names.notes.0, names.text, said), 1, "{told:#?}");
        assert_eq!(made(names.tasks, names.title, step(number)), 1, "{told:#?}");
    }
    let is_note = |entry: &Value| entry["object"] == names.notes.0 && entry["after"][names.notes.1].is_string();
    let owned =
        |entry: &&Value| entry["object"] == names.tasks && !is_note(entry) && entry["after"][names.owner].is_string();
    assert_eq!(told.iter().filter(owned).count(), DISCUSSED, "every task is somebody's");
    let minutes = ask(&desktop, &["review", "minutes", "--json"]).done().json();
    assert_eq!((&minutes["landed"], &minutes["waiting"]), (&DISCUSSED.into(), &0.into()));
    assert_eq!(ask(&desktop, &["audit", "verify", "--json"]).done().json()["intact"], true);
}

async fn open(desktop: &Desktop) -> Window {
    let mut window = Window::open(desktop, &["--now", sales::NOW]).await;
    window.be_patient(Duration::from_secs(60));
    window.arrive("/today").await;
    window.stand_still().await;
    window
}

fn ask(desktop: &Desktop, words: &[&str]) -> Answer {
    drumbeat(desktop).args(["--now", sales::NOW]).args(words).run()
}

/// What the running review has, as another process reads it from the disk.
fn logged(desktop: &Desktop) -> Vec<Value> {
    let review = ask(desktop, &["review", "show", "--json"]).done().json();
    let items = review["items"].as_array().expect("items").clone();
    items.into_iter().filter(|item| item["outcome"]["decision"].is_string()).collect()
}

fn text(number: usize) -> String {
    format!("Decided as number {number}")
}

fn step(number: usize) -> String {
    format!("Do thing {number} of theirs")
}

/// Log the item that is open.
async fn decide(window: &Window, number: usize) {
    window.press("2").await;
    focus_in(window, "[aria-label=Decision] textarea").await;
    window.write(&text(number)).await;
    window.press("Tab").await;
    focus_in(window, "[aria-label=Decision] input[type=text]").await;
    window.press("Ctrl+a").await;
    window.write(&step(number)).await;
    window.press("Ctrl+Enter").await;
}
