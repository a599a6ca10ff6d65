//! The main job, walked once through the window by keyboard, on any folder of sales data: connect, add
//! what is missing, sync, lose the network, decide ten claims and take an eleventh back, hold a
//! review, get the network back, send, and write a pack.
//!
//! Like the walk on the command line it only waits for each step to end as it should; what it found is
//! one JSON report, with the seconds that a person would have waited, so that a test can judge it and a
//! person can read it. What the CRM was told is taken from the CRM's ledger.

use crate::crm::Crm;
use crate::hand::{focus_in, notices, open_row, row_text, run, status_bar};
use crate::names::Names;
use kit::binary::drumbeat;
use kit::display::Desktop;
use kit::driver::Window;
use kit::ledger;
use kit::sales::NOW;
use serde_json::{Map, Value, json};
use std::path::Path;
use std::time::{Duration, Instant};

/// What is decided without a network, in the order of the queue.
const ACTS: &[&str] =
    &["approve", "approve", "decline", "ask", "approve", "approve", "decline", "approve", "approve", "approve"];

/// What the review decides, and what is to be done next; both must be in its minutes.
pub const REVIEWED: [&str; 2] = ["Extend the protection once", "Call their sponsor on Thursday"];

/// Walk it on a folder of sales data with a CRM. `pace` are words for the sandbox, such as its limits.
pub async fn walk(names: &Names, desktop: &Desktop, data: &Path, pace: &[&str]) -> Value {
    let mut words = vec!["--seed".into(), "7".into(), "--data".into(), data.as_os_str().to_owned()];
    words.extend(pace.iter().map(Into::into));
    let mut crm = Crm::of(names.crm, desktop, NOW, words);
    let mut watch = Watch { last: Instant::now(), seconds: Map::new() };

    let mut window = Window::open(desktop, &["--now", NOW]).await;
    window.be_patient(Duration::from_secs(60));
    window.arrive("/welcome").await;
    watch.lap("window");
    connect(names, &window, &crm).await;
    watch.lap("connect");
    window.see_role("heading", "First sync").await;
    window.press("Enter").await;
    window.see_role("heading", "What was found").await;
    watch.lap("first sync");
    window.press("Enter").await;
    window.arrive("/today").await;
    window.stand_still().await;
    watch.lap("today");

    crm.cut();
    run(&window, "Sync now").await;
    status_bar(&window, "Sync failed").await;
    status_bar(&window, "Offline").await;
    watch.lap("a sync without a network");
    window.press("g i").await;
    window.arrive("/inbox").await;
    let mut decided = Vec::new();
    for act in ACTS {
        decided.push(decide(&window, act).await);
    }
    watch.lap("ten decisions");
    let taken_back = decide(&window, "approve").await;
    window.press("z").await;
    window
        .until("that it was taken back", || async {
            notices(&window).await.contains(&format!("{} waits again", taken_back.company))
        })
        .await;
    watch.lap("one more, taken back");
    let minutes = hold_review(&window).await;
    watch.lap("a review");

    crm.restore();
    let before = crm.ledger().len();
    run(&window, "Sync now").await;
    status_bar(&window, "0 pending changes").await;
    status_bar(&window, "Online").await;
    watch.lap("sent");
    let confirmed = confirmed(&window, &decided).await;
    watch.lap("looked up");
    write_pack(&window).await;
    watch.lap("a pack");
    window.close().await;
    let told = crm.ledger().split_off(before);

    let ask = |words: &[&str]| drumbeat(desktop).args(["--now", NOW, "--json"]).args(words).run().done().json();
    json!({
        "seconds": watch.seconds,
        "deals": ask(&["deals", "list", "--limit", "1"])["total"],
        "decided": decided.iter().map(Decided::told).collect::<Vec<_>>(),
        "taken_back": taken_back.told(),
        "confirmed_on_the_screen": confirmed,
        "ledger": ledger::sum_up(&told),
        "sent_for_what_was_taken_back": told.iter().filter(|entry| entry["id"] == taken_back.id.as_str()).count(),
        "minutes": minutes,
        "pack": files_below(&desktop.path("home")),
        "audit": ask(&["audit", "verify"]),
        "status": ask(&["status"]),
    })
}

/// Through Welcome, from nothing to the first sync.
async fn connect(names: &Names, window: &Window, crm: &Crm<'_>) {
    window.see_role("button", &format!("Connect {}", names.label)).await;
    window.press(names.offer).await;
    if names.signs_in {
        window.see_text("Paste a token").await.click().await.expect("it can be chosen");
    }
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
}

/// A claim that was decided in the window.
struct Decided {
    id: String,
    company: String,
    act: &'static str,
    /// The open deal that it was linked to, where the account had one.
    linked: Option<String>,
}

impl Decided {
    fn told(&self) -> Value {
        json!({ "registration": self.id, "company": self.company, "act": self.act, "linked": self.linked })
    }
}

/// Decide the claim that is open, and wait until it is saved and the next one is open.
async fn decide(window: &Window, act: &'static str) -> Decided {
    window.see("[role=row][aria-selected=true]").await;
    window.stand_still().await;
    let (id, company) = open_row(window).await.expect("a claim is open");
    window.see_role("heading", &company).await;
    let mut linked = None;
    match act {
        "approve" => {
            linked = link(window).await;
            approve(window, &company).await;
        }
        "decline" => {
            window.press("d").await;
            focus_in(window, "[role=dialog] input[type=radio]").await;
            // The second reason is "Not qualified".
            window.press("2").await;
            let chosen = "return document.querySelector('[role=dialog] input[value=not_qualified]')?.checked === true";
            window.until("the reason", || async { window.run(chosen, vec![]).await == true }).await;
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
    saved(window, &id, &company).await;
    Decided { id, company, act, linked }
}

/// Approve the claim that is open, with a reason where the policy would not.
pub async fn approve(window: &Window, company: &str) {
    window.press("a").await;
    let saved = || async { notices(window).await.contains(company) };
    window.until("the approval or its dialog", || async { window.shows("[role=dialog]").await || saved().await }).await;
    if window.shows("[role=dialog]").await {
        focus_in(window, "[role=dialog] textarea").await;
        window.write("Agreed with their manager").await;
        window.press("Ctrl+Enter").await;
    }
}

/// Wait until what was done with a claim is saved and the next one is open.
pub async fn saved(window: &Window, id: &str, company: &str) {
    window.see_no("[role=dialog]").await;
    window.until(&format!("that {company} is saved"), || async { notices(window).await.contains(company) }).await;
    window.until("the next claim", || async { open_row(window).await.is_some_and(|(next, _)| next != id) }).await;
}

/// Choose the first open deal of the account instead of a new one, where there is one.
async fn link(window: &Window) -> Option<String> {
    const DEAL: &str = "[aria-label='On approval'] button[aria-haspopup=listbox]";
    let choice = "const all = [...document.querySelectorAll(arguments[0])]; \
                  return all.find((one) => one.innerText.includes('Create a new deal')) ? all.length : 0";
    if window.run(choice, vec![json!(DEAL)]).await == 0 {
        return None;
    }
    let focused = "return document.activeElement.matches(arguments[0]) ? document.activeElement.innerText.trim() : ''";
    let chosen = || async { window.run(focused, vec![json!(DEAL)]).await.as_str().unwrap_or_default().to_owned() };
    let mut steps = 0;
    while !chosen().await.contains("Create a new deal") {
        steps += 1;
        assert!(steps < 80, "Tab never came to the deal");
        window.press("Tab").await;
    }
    window.press("Enter").await;
    focus_in(window, "[role=option]").await;
    window.press("Down Enter").await;
    window.until("the deal that is linked", || async { chosen().await.contains("Link ") }).await;
    let deal = chosen().await;
    window.press("Escape").await;
    Some(deal)
}

/// How many of the decisions are looked up on the screen; the ledger knows all of them.
pub const LOOKED_UP: usize = 5;

/// How many of the first decisions the inbox calls confirmed by the CRM; it waits until it does.
async fn confirmed(window: &Window, decided: &[Decided]) -> usize {
    window.press("g i").await;
    window.arrive("/inbox").await;
    run(window, "Show decided registrations").await;
    let mut confirmed = 0;
    for Decided { id, company, act, .. } in decided.iter().filter(|one| one.act != "ask").take(LOOKED_UP) {
        let said = if *act == "approve" { "approved, confirmed" } else { "declined, confirmed" };
        window.press("f").await;
        focus_in(window, "input[placeholder='Company or partner']").await;
        window.press("Ctrl+a").await;
        // Not all letters: each one is a place in the history, and WebKit takes a hundred in half a minute.
        window.write(&company.chars().take(9).collect::<String>()).await;
        window.until(&format!("{company}: {said}"), || async { row_text(window, id).await.contains(said) }).await;
        window.press("Escape").await;
        window.see_no("input[placeholder='Company or partner']").await;
        confirmed += 1;
    }
    confirmed
}

/// A review from its start to its minutes, which it gives: one item gets [`REVIEWED`], one waits, the rest is cleared.
pub async fn hold_review(window: &Window) -> String {
    window.press("g r").await;
    window.arrive("/review").await;
    window.see_role("heading", "Start a review").await;
    window.press("Ctrl+Enter").await;

    let first = item(window, &Value::Null).await;
    window.press("2").await;
    focus_in(window, "[aria-label=Decision] textarea").await;
    window.write(REVIEWED[0]).await;
    window.press("Tab").await;
    focus_in(window, "[aria-label=Decision] input[type=text]").await;
    window.press("Ctrl+a").await;
    window.write(REVIEWED[1]).await;
    window.press("Ctrl+Enter").await;

    let second = item(window, &first).await;
    window.press("s").await;
    item(window, &second).await;
    window.press("Shift+C").await;
    window.see_role("heading", "Clear the rest").await;
    window.press("Ctrl+Enter").await;
    window.see_no("[role=dialog]").await;
    window.see_text("with no action").await;
    window.press("Shift+F").await;
    window.see_role("heading", "Finish the review").await;
    window.press("Ctrl+Enter").await;
    window.see_text("queued for the CRM").await;
    window.see("article").await.text().await.expect("minutes")
}

/// Wait until another item than `before` can be decided, and say which.
pub async fn item(window: &Window, before: &Value) -> Value {
    let script = "const form = document.querySelector('[aria-label=Decision] textarea'); \
                  const at = document.querySelector('[aria-label=Agenda] [aria-current=true]'); \
                  return form && at && `${at.innerText} ${document.body.innerText.match(/item \\d+ of \\d+/)?.[0]}`";
    window
        .until("the next item", || async {
            let now = window.run(script, vec![]).await;
            !now.is_null() && now != *before
        })
        .await;
    window.run(script, vec![]).await
}

/// Write the pack that the Packs screen proposes, as both kinds of file.
pub async fn write_pack(window: &Window) {
    window.press("g k").await;
    window.arrive("/packs").await;
    window.see_text("No pack has been made").await;
    let chosen =
        "return document.querySelector('form[aria-label=\"New pack\"] button[aria-haspopup=listbox]')?.innerText ?? ''";
    window
        .until("a partner", || async {
            window.run(chosen, vec![]).await.as_str().is_some_and(|name| !name.is_empty() && !name.contains("choose"))
        })
        .await;
    window.press("Ctrl+Enter").await;
    window.until("that it is written", || async { notices(window).await.contains("3 files written for") }).await;
    window.see_no_text("No pack has been made").await;
}

/// Every file below a folder, as people keep them: hidden ones are the desktop's.
pub fn files_below(folder: &Path) -> Vec<String> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let entry = entry.expect("an entry");
        if entry.file_name().as_encoded_bytes().starts_with(b".") {
            continue;
        }
        let path = entry.path();
        if path.is_dir() {
            files.extend(files_below(&path));
        } else {
            files.push(path.to_string_lossy().into_owned());
        }
    }
    files
}

/// What each part took, with three digits.
struct Watch {
    last: Instant,
    seconds: Map<String, Value>,
}

impl Watch {
    fn lap(&mut self, part: &str) {
        let took = self.last.elapsed().as_millis() as f64 / 1000.0;
        self.seconds.insert(part.to_owned(), json!(took));
        self.last = Instant::now();
    }
}
