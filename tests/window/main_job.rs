//! The main job in the window, by keyboard: connect, add what is missing, sync, decide with the
//! network off, take one decision back, send the rest. The CRM's ledger is the witness.

use crate::crm::Crm;
use crate::hand::{NOW, focus_in, notices, open_row, row_text, run, status_bar};
use kit::display::Desktop;
use kit::driver::Window;
use std::collections::BTreeMap;

#[tokio::test(flavor = "multi_thread")]
async fn what_is_decided_offline_in_the_window_reaches_the_crm_once() {
    let desktop = Desktop::start();
    let crm = Crm::start(&desktop, NOW, ["--seed", "7", "--unlimited"]);
    let window = Window::open(&desktop, &["--now", NOW]).await;
    set_up(&window, &crm).await;

    window.press("g i").await;
    window.arrive("/inbox").await;
    run(&window, "Work offline on purpose").await;
    status_bar(&window, "Offline on purpose").await;
    let before = crm.ledger().len();
    let mut decided = Vec::new();
    for act in ["approve", "approve", "decline", "ask", "approve", "decline"] {
        decided.push((decide(&window, act).await, act));
    }
    let (_, company) = decide(&window, "approve").await;
    window.press("z").await;
    window
        .until("that it was taken back", || async {
            notices(&window).await.contains(&format!("{company} waits again"))
        })
        .await;
    assert_eq!(crm.ledger().len(), before, "nothing is sent while the network is off on purpose");

    run(&window, "Go online").await;
    status_bar(&window, "Online").await;
    run(&window, "Sync now").await;
    status_bar(&window, "0 pending changes").await;
    run(&window, "Show decided registrations").await;
    for ((id, company), act) in &decided {
        window.press("f").await;
        focus_in(&window, "input[placeholder='Company or partner']").await;
        window.press("Ctrl+a").await;
        window.write(company).await;
        let said = match *act {
            "approve" => "approved, confirmed",
            "decline" => "declined, confirmed",
            _ => continue,
        };
        window.until(&format!("{company}: {said}"), || async { row_text(&window, id).await.contains(said) }).await;
        window.press("Escape").await;
        window.see_no("input[placeholder='Company or partner']").await;
    }
    window.close().await;

    let ledger = crm.ledger().split_off(before);
    let mut groups: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for entry in ledger.iter().filter(|entry| entry["object"] == "partner_registration") {
        if let (Some(id), Some(status)) = (entry["id"].as_str(), entry["after"]["registration_status"].as_str()) {
            groups.entry(id).or_default().push(status);
        }
    }
    let status = |act: &str| match act {
        "approve" => "approved",
        "decline" => "declined",
        _ => "info_requested",
    };
    let meant: BTreeMap<&str, Vec<&str>> =
        decided.iter().map(|((id, _), act)| (id.as_str(), vec![status(act)])).collect();
    assert_eq!(groups, meant, "each decision once, and none for what was taken back");
    let made = |object: &str| ledger.iter().filter(|e| e["kind"] == "create" && e["object"] == object).count();
    assert_eq!((made("deals"), made("tasks")), (3, 3), "a deal and a task for each approval: {ledger:#?}");
    let mut marks: Vec<&str> = ledger.iter().filter_map(|entry| entry["op_marker"].as_str()).collect();
    let all = marks.len();
    marks.sort_unstable();
    marks.dedup();
    assert_eq!(marks.len(), all, "no write came twice: {ledger:#?}");
}

/// Through Welcome, from nothing to Today.
async fn set_up(window: &Window, crm: &Crm<'_>) {
    window.arrive("/welcome").await;
    window.see_role("button", "Connect HubSpot").await;
    window.press("2").await;
    focus_in(window, "input[type=password]").await;
    window.write(crm.token()).await;
    window.press("Tab").await;
    focus_in(window, "input[type=checkbox]").await;
    window.press("Space").await;
    window.see_text("Address of the CRM").await;
    window.press("Tab").await;
    focus_in(window, "input[placeholder^='https://']").await;
    window.write(crm.url()).await;
    window.press("Enter").await;
    window.see_role("heading", "Match the fields").await;
    window.stand_still().await;
    window.press("Enter").await;
    window.see_role("heading", "What would be created").await;
    window.see_role("button", "Create ").await;
    window.press("Enter").await;
    window.see_role("heading", "First sync").await;
    window.press("Enter").await;
    window.see_role("heading", "What was found").await;
    window.press("Enter").await;
    window.arrive("/today").await;
}

/// Decide the claim that is open, wait until it is saved and the next one is open, and say which it was.
async fn decide(window: &Window, act: &str) -> (String, String) {
    window.stand_still().await;
    let (id, company) = open_row(window).await.expect("a claim is open");
    window.see_role("heading", &company).await;
    match act {
        "approve" => {
            window.press("a").await;
            let saved = || async { notices(window).await.contains(&company) };
            window
                .until("the approval or its dialog", || async { window.shows("[role=dialog]").await || saved().await })
                .await;
            if window.shows("[role=dialog]").await {
                focus_in(window, "[role=dialog] textarea").await;
                window.write("Agreed with their manager").await;
                window.press("Ctrl+Enter").await;
            }
        }
        "decline" => {
            window.press("d").await;
            focus_in(window, "[role=dialog] button[aria-haspopup=listbox]").await;
            window.press("n").await;
            window.see_text("Not qualified").await;
            window.press("Tab").await;
            focus_in(window, "[role=dialog] textarea").await;
            window.press("Ctrl+Enter").await;
        }
        _ => {
            window.press("i").await;
            focus_in(window, "[role=dialog] textarea").await;
            window.write("Which site is it for?").await;
            window.press("Ctrl+Enter").await;
        }
    }
    window.see_no("[role=dialog]").await;
    window.until(&format!("that {company} is saved"), || async { notices(window).await.contains(&company) }).await;
    window.until("the next claim", || async { open_row(window).await.is_some_and(|(next, _)| next != id) }).await;
    (id, company)
}
