//! Twenty registrations in a row by keyboard, and how fast the window answers each key of the way.

use crate::hand::{focus_in, notices, open_row, run, status_bar};
use crate::job::{approve, saved};
use crate::names::{HUBSPOT, Names, SALESFORCE};
use crate::ready::{open, synced_with};
use kit::display::Desktop;
use kit::driver::Window;
use kit::frames::{OPEN_RECORD, OPEN_ROW, Times, painted};
use kit::ledger;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What is done with a claim.
#[derive(Clone, Copy)]
enum Turn {
    Approve,
    /// By the digit of the reason in the list.
    Decline(u8),
    Ask,
    Aside,
}

use Turn::{Approve, Aside, Ask, Decline};

/// In the order of the queue.
const TURNS: [Turn; 20] = [
    Approve,
    Decline(1),
    Approve,
    Decline(4),
    Ask,
    Approve,
    Aside,
    Decline(2),
    Approve,
    Approve,
    Decline(3),
    Ask,
    Approve,
    Decline(5),
    Approve,
    Aside,
    Decline(6),
    Approve,
    Decline(7),
    Ask,
];
/// The reasons in the order of their digits, as the CRM has them.
const REASONS: [&str; 7] =
    ["duplicate", "not_qualified", "active_cycle", "territory", "blocked", "not_certified", "incomplete"];
/// After so many turns one more approval is made and taken back; the claim then gets the next turn.
const REGRETTED: usize = 8;

#[tokio::test(flavor = "multi_thread")]
async fn twenty_claims_are_triaged_in_a_row_by_keyboard_and_each_decision_lands_once_in_hubspot() {
    twenty_claims_are_triaged_in_a_row_and_each_decision_lands_once(&HUBSPOT).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_claims_are_triaged_in_a_row_by_keyboard_and_each_decision_lands_once_in_salesforce() {
    twenty_claims_are_triaged_in_a_row_and_each_decision_lands_once(&SALESFORCE).await;
}

async fn twenty_claims_are_triaged_in_a_row_and_each_decision_lands_once(names: &Names) {
    let desktop = Desktop::start();
    let crm = synced_with(names, &desktop);
    let window = open(&desktop).await;
    window.press("g i").await;
    window.arrive("/inbox").await;
    window.see("[role=row][aria-selected=true]").await;
    walk(&window).await;

    let mut expected: BTreeMap<String, Value> = BTreeMap::new();
    let (mut approvals, mut reasons) = (0, BTreeMap::new());
    for (n, turn) in TURNS.into_iter().enumerate() {
        if n == REGRETTED {
            regret(&window).await;
        }
        let (id, _) = take(&window, turn).await;
        let status = match turn {
            Approve => {
                approvals += 1;
                "approved"
            }
            Decline(digit) => {
                reasons.insert(id.clone(), REASONS[usize::from(digit) - 1]);
                "declined"
            }
            Ask => "info_requested",
            // It stays as it is, and the CRM is not told.
            Aside => continue,
        };
        assert!(expected.insert(id, json!([status])).is_none(), "a claim was open twice");
    }
    let before = crm.ledger().len();
    run(&window, "Sync now").await;
    status_bar(&window, "0 pending changes").await;
    window.close().await;

    let told = crm.ledger().split_off(before);
    let mut summary = ledger::sum_up(&told);
    let duplicates = summary["declined_as_duplicates"].as_array().expect("ids").clone();
    let lost: Vec<String> = duplicates
        .iter()
        .filter_map(|id| id.as_str().map(str::to_owned))
        .filter(|id| !expected.contains_key(id))
        .collect();
    for id in &lost {
        let group = summary["decision_groups"].as_object_mut().expect("groups").remove(id);
        assert_eq!(group, Some(json!(["declined"])), "once: {id}");
    }
    assert!(lost.len() < approvals, "{lost:?}");
    assert_eq!(summary["decision_groups"], json!(expected), "each decision once and no other: {summary:#}");
    assert_eq!(summary["ops"], summary["writes_with_a_marker"], "no op was written twice: {summary:#}");
    assert_eq!(summary["deals_made"], approvals, "a deal for each approval, none for the one taken back: {summary:#}");
    assert_eq!(summary["tasks_made"], approvals, "{summary:#}");
    let told_reasons: BTreeMap<String, &str> = told
        .iter()
        .filter_map(|entry| Some((entry["id"].as_str()?.to_owned(), entry["after"][names.reason].as_str()?)))
        .filter(|(id, reason)| !reason.is_empty() && !lost.contains(id))
        .collect();
    assert_eq!(told_reasons, reasons, "each decline has the reason of its digit");
}

/// Down the whole queue and up again, one key at a time, and print how long each took until it was on the screen.
async fn walk(window: &Window) {
    window.stand_still().await;
    let first = open_row(window).await.expect("a claim is open");
    let (mut row, mut record) = (Times::default(), Times::default());
    for (key, times, look) in [("j", &mut row, OPEN_ROW), ("k", &mut record, OPEN_RECORD)] {
        for _ in 1..TURNS.len() {
            times.add(painted(window, key, look).await);
        }
    }
    assert_eq!(open_row(window).await, Some(first), "as many up as down");
    println!("a key until its row is open: {}", row.told());
    println!("a key until its record is shown: {}", record.told());
    // A frame is 17 ms; what is asserted holds for a debug build on a crowded machine too.
    assert!(row.within(0.5) < 1000.0 && record.within(0.5) < 1500.0, "{} {}", row.told(), record.told());
}

/// Decide the claim that is open, and wait until it is saved and the next one is open.
async fn take(window: &Window, turn: Turn) -> (String, String) {
    window.see("[role=row][aria-selected=true]").await;
    window.stand_still().await;
    let (id, company) = open_row(window).await.expect("a claim is open");
    window.see_role("heading", &company).await;
    match turn {
        Approve => approve(window, &company).await,
        Decline(digit) => {
            window.press("d").await;
            focus_in(window, "[role=dialog] input[type=radio]").await;
            window.press(&digit.to_string()).await;
            let chosen = "return document.querySelector('[role=dialog] input[type=radio]:checked')?.value ?? ''";
            let reason = REASONS[usize::from(digit) - 1];
            window.until(reason, || async { window.run(chosen, vec![]).await == reason }).await;
            window.press("Enter").await;
        }
        Ask => {
            window.press("i").await;
            focus_in(window, "[role=dialog] textarea").await;
            window.write("Which site is it for?").await;
            window.press("Ctrl+Enter").await;
        }
        Aside => {
            window.press("s").await;
            focus_in(window, "[role=dialog] input[type=radio]").await;
            window.press("2").await;
            let chosen = "return document.querySelector('[role=dialog] input[type=radio]:checked')?.value ?? ''";
            window.until("in two days", || async { window.run(chosen, vec![]).await == "two" }).await;
            window.press("Enter").await;
        }
    }
    saved(window, &id, &company).await;
    (id, company)
}

/// Approve the claim that is open and take it back: it is open again, as it was.
async fn regret(window: &Window) {
    let (id, company) = take(window, Approve).await;
    window.press("z").await;
    let said = format!("{company} waits again");
    window.until(&said, || async { notices(window).await.contains(&said) }).await;
    window
        .until("the claim that waits again", || async { open_row(window).await.is_some_and(|(open, _)| open == id) })
        .await;
}
