//! The review at the shell: what was logged stands until it is taken back, and what was changed on a deal is
//! part of it.

use crate::crm::Crm;
use kit::binary::{Answer, drumbeat};
use kit::display::Desktop;
use serde_json::Value;

const NOW: &str = "2026-11-16T09:00:00Z";
const STEP: [&str; 6] = ["--verdict", "change_plan", "--next-step", "Call the sponsor", "--due", "2026-11-19"];

/// A review that runs on the sample CRM.
struct Held<'d> {
    desktop: &'d Desktop,
    agenda: Value,
}

impl<'d> Held<'d> {
    fn start(desktop: &'d Desktop, crm: &Crm<'_>) -> Self {
        crm.connect(NOW).done();
        let mut held = Held { desktop, agenda: Value::Null };
        for words in [&["provision", "--apply"][..], &["sync"]] {
            held.run(words).done();
        }
        held.agenda = held.run(&["review", "start"]).done().json();
        held
    }

    fn run(&self, words: &[&str]) -> Answer {
        drumbeat(self.desktop).args(words).args(["--now", NOW, "--json"]).run()
    }

    fn log(&self, item: &str, more: &[&str]) -> Answer {
        self.run(&[&["review", "log", item][..], &STEP, more].concat())
    }

    fn items(&self) -> &[Value] {
        self.agenda["items"].as_array().expect("items")
    }

    /// The first item about a deal.
    fn about_a_deal(&self) -> &str {
        let item = self.items().iter().find(|item| item["deal"].is_string());
        text(&item.expect("a deal on the agenda")["id"])
    }

    fn pending(&self) -> u64 {
        self.run(&["status"]).json()["pending"].as_u64().expect("a count")
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("not text: {value}"))
}

fn item<'v>(review: &'v Value, id: &str) -> &'v Value {
    review["items"].as_array().and_then(|items| items.iter().find(|item| item["id"] == id)).expect("the item")
}

#[test]
fn a_logged_item_is_not_logged_again_until_it_was_taken_back() {
    let desktop = Desktop::start();
    let crm = Crm::start(&desktop, NOW, ["--unlimited"]);
    let held = Held::start(&desktop, &crm);
    let id = held.about_a_deal();

    let logged = held.log(id, &["--text", "Extend once"]).done().json();
    assert!(item(&logged, id)["outcome"]["decision"].is_string(), "{logged:#}");
    let waiting = held.pending();
    assert!(waiting > 0);
    let again = held.log(id, &[]);
    assert_eq!((again.code, text(&again.json()["error"]["id"])), (2, "item.logged"), "{again}");
    assert_eq!(held.run(&["review", "mark", id, "--as", "skipped"]).code, 2);
    assert_eq!(held.pending(), waiting, "nothing was added in silence");

    let open = held.run(&["review", "undo", id]).done().json();
    assert_eq!((&item(&open, id)["state"], &item(&open, id)["outcome"]), (&"open".into(), &Value::Null));
    assert_eq!(held.pending(), 0, "the decision is gone with it");
    assert_eq!(held.run(&["review", "undo", id]).code, 2, "there is nothing more to take back");
    for mark in ["skipped", "parked", "open"] {
        let marked = held.run(&["review", "mark", id, "--as", mark]).done().json();
        assert_eq!(item(&marked, id)["state"], mark);
    }
    held.log(id, &["--text", "Extend twice"]).done();

    held.run(&["sync"]).done();
    let sent = held.run(&["review", "undo", id]);
    assert_eq!(sent.code, 2, "what the CRM has is not taken back: {sent}");
    let minutes = held.run(&["review", "finish"]).done().json();
    let minutes = text(&minutes["markdown"]);
    assert!(minutes.contains("Change plan: Extend twice") && !minutes.contains("Extend once"), "{minutes}");
    assert!(minutes.contains("| Thu 19 Nov 2026 |") && !minutes.contains("2026-11"), "days are written out: {minutes}");
}

#[test]
fn a_cleared_item_is_opened_again_by_taking_it_back() {
    let desktop = Desktop::start();
    let crm = Crm::start(&desktop, NOW, ["--unlimited"]);
    let held = Held::start(&desktop, &crm);
    let rest = held.items().iter().find(|item| item["discussed"] == false).expect("more than a dozen items");
    let id = text(&rest["id"]);
    let cleared = held.run(&["review", "clear"]).done().json();
    assert_eq!(item(&cleared, id)["outcome"]["verdict"], "no_action");
    let open = held.run(&["review", "undo", id]).done().json();
    assert_eq!(item(&open, id)["state"], "open");
}

#[test]
fn what_is_changed_on_a_deal_in_the_review_passes_the_gate_and_is_in_the_minutes() {
    let desktop = Desktop::start();
    let crm = Crm::start(&desktop, NOW, ["--unlimited"]);
    let held = Held::start(&desktop, &crm);
    let (id, deal, stage) = held
        .items()
        .iter()
        .filter(|item| item["deal"].is_string())
        .find_map(|item| {
            let deal = held.run(&["deals", "show", text(&item["deal"])]).done().json();
            Some((text(&item["id"]), deal.clone(), blocked_stage(&deal)?))
        })
        .expect("a deal that lacks a hard field and has a stage before it");

    let set = format!("stage={stage}");
    let held_back = held.log(id, &["--set", &set]);
    assert_eq!((held_back.code, text(&held_back.json()["error"]["id"])), (3, "gate.held"), "{held_back}");
    assert_eq!(held.pending(), 0, "nothing was changed");

    let words = ["--set", &set, "--set", "close_date=2027-01-15", "--reason", "They signed"];
    let logged = held.log(id, &words).done().json();
    let edits = item(&logged, id)["outcome"]["edits"].as_array().expect("edits").clone();
    assert_eq!(edits.iter().map(|edit| text(&edit["label"])).collect::<Vec<_>>(), ["Stage", "Close date"]);
    let moved = held.run(&["deals", "show", text(&deal["row"]["id"])]).done().json();
    assert_eq!(moved["row"]["close_date"], "2027-01-15");
    let minutes = held.run(&["review", "finish"]).done().json();
    let minutes = text(&minutes["markdown"]);
    let step = format!("Stage from {} to {}", text(&edits[0]["before"]), text(&edits[0]["after"]));
    for said in [&step, "to Fri 15 Jan 2027", "past the gate: They signed"] {
        assert!(minutes.contains(said), "{said}: {minutes}");
    }
}

/// The stage after the deal's own, where a hard field is missing.
fn blocked_stage(deal: &Value) -> Option<String> {
    let fields = deal["fields"].as_array()?;
    fields.iter().find(|field| field["need"] == "hard" && field["state"] == "missing")?;
    let stages = deal["stages"].as_array()?;
    let at = stages.iter().position(|stage| stage["label"] == deal["row"]["stage"])?;
    // The last two are won and lost; they have no gate.
    (at + 3 < stages.len()).then(|| text(&stages[at + 1]["value"]).to_owned())
}

#[test]
fn an_item_without_a_deal_and_an_item_without_action_change_no_deal() {
    let desktop = Desktop::start();
    let crm = Crm::start(&desktop, NOW, ["--unlimited"]);
    let held = Held::start(&desktop, &crm);
    let claim = held.items().iter().find(|item| item["deal"].is_null()).expect("a claim on the agenda");
    let refused = held.log(text(&claim["id"]), &["--set", "amount=1"]);
    assert_eq!((refused.code, text(&refused.json()["error"]["id"])), (2, "edit.no_deal"), "{refused}");
    let nothing = ["review", "log", held.about_a_deal(), "--verdict", "no_action", "--set", "amount=1"];
    let refused = held.run(&nothing);
    assert_eq!((refused.code, text(&refused.json()["error"]["id"])), (2, "edit.no_action"), "{refused}");
    assert_eq!(held.pending(), 0);
}

/// The moment of the next review, a week later.
const LATER: &str = "2026-11-23T09:00:00Z";

#[test]
fn the_next_review_opens_with_what_was_promised_and_what_moved_adds_up() {
    let desktop = Desktop::start();
    let crm = Crm::start(&desktop, NOW, ["--unlimited"]);
    let held = Held::start(&desktop, &crm);
    let none = held.run(&["review", "movement"]).done().json();
    assert_eq!((&none["adds_up"], none["since"].is_string()), (&true.into(), true), "since the running one: {none}");
    let about = held.items().iter().find(|item| item["deal"].is_string() && item["amount"].is_object());
    let (id, deal) = about.map(|item| (text(&item["id"]), text(&item["deal"]))).expect("a deal with an amount");
    held.log(id, &["--set", "amount=123456.78"]).done();
    held.run(&["review", "finish"]).done();

    let later = |words: &[&str]| drumbeat(&desktop).args(words).args(["--now", LATER, "--json"]).run().done().json();
    let moved = later(&["review", "movement"]);
    assert_eq!(moved["adds_up"], true, "{moved:#}");
    let groups = moved["groups"].as_array().expect("groups");
    let told = groups.iter().flat_map(|group| group["deals"].as_array().expect("deals")).find(|one| one["id"] == deal);
    assert!(told.is_some_and(|one| text(&one["what"]).contains("123,456.78")), "{moved:#}");

    let next = later(&["review", "start", "--order", "seller"]);
    let promise = next["promises"].as_array().and_then(|all| all.first()).expect("what was promised");
    assert_eq!((text(&promise["text"]), text(&promise["state"])), ("Call the sponsor", "late"), "{promise}");
    let late = next["items"].as_array().and_then(|items| items.iter().find(|item| item["section"] == "promised"));
    assert_eq!(late.expect("an item for what is late")["deal"], deal);
    let sellers: Vec<&Value> =
        next["items"].as_array().expect("items").iter().map(|item| &item["seller_name"]).collect();
    let mut blocks = sellers.clone();
    blocks.dedup();
    let mut each = blocks.clone();
    each.sort_by_key(|name| name.to_string());
    each.dedup();
    assert_eq!(blocks.len(), each.len(), "each seller's items stand together: {sellers:?}");
    let upto = later(&["review", "movement", text(&next["id"])]);
    assert_eq!((&upto["adds_up"], &upto["waterfalls"]), (&true.into(), &moved["waterfalls"]), "frozen at the start");
}

#[test]
fn pre_read_and_minutes_are_files_with_a_mail_for_each_seller() {
    let desktop = Desktop::start();
    let crm = Crm::start(&desktop, NOW, ["--unlimited"]);
    let held = Held::start(&desktop, &crm);
    let folder = desktop.path("papers");
    let out = folder.to_str().expect("a path");
    let read = held.run(&["review", "preread", "--template", "quarterly", "--out", out]).done().json();
    assert!(text(&read["markdown"]).starts_with("# Pre-read: quarterly review, Tue 17 Nov 2026"), "{read}");
    let sellers = read["mails"].as_array().expect("mails").len();
    assert!(sellers > 0 && read["mails"][0]["address"].is_string(), "{read}");
    held.log(held.about_a_deal(), &["--text", "Extend once"]).done();
    held.run(&["review", "finish"]).done();
    let minutes = held.run(&["review", "minutes", "--out", out]).done().json();
    assert_eq!((&minutes["landed"], &minutes["waiting"]), (&0.into(), &1.into()));
    let mut kinds = std::collections::BTreeMap::new();
    for entry in std::fs::read_dir(&folder).expect("the folder").flatten() {
        let bytes = std::fs::read(entry.path()).expect("a file");
        let ending = entry.path().extension().map(|ending| ending.to_string_lossy().into_owned()).unwrap_or_default();
        assert!(ending != "pdf" || bytes.starts_with(b"%PDF"), "{entry:?}");
        *kinds.entry(ending).or_insert(0) += 1;
    }
    // The minutes' own mail and one of the one who has promised something, beside those of the pre-read.
    assert_eq!(kinds, [("eml".to_owned(), sellers + 2), ("md".to_owned(), 2), ("pdf".to_owned(), 2)].into());
    held.run(&["sync"]).done();
    let landed = held.run(&["review", "minutes"]).done().json();
    assert_eq!((&landed["landed"], &landed["waiting"]), (&1.into(), &0.into()));
    assert!(text(&landed["markdown"]).contains("| yes |"), "{landed}");
}
