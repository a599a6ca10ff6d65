//! Deals at the shell: where one stands, what holds it, what confirms it; the board; what is to be put right first.

use kit::binary::{Answer, drumbeat};
use kit::display::Desktop;
use serde_json::Value;

use crate::crm::Crm;

const NOW: &str = "2026-11-16T09:00:00Z";

fn run(desktop: &Desktop, words: &[&str]) -> Answer {
    drumbeat(desktop).args(words).args(["--now", NOW, "--json"]).run()
}

fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value[key].as_array().map(Vec::as_slice).unwrap_or_default()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("not text: {value}"))
}

#[test]
fn a_deal_is_held_by_its_gate_until_what_must_hold_is_confirmed_and_the_board_moves_with_it() {
    let desktop = Desktop::start();
    let crm = Crm::start(&desktop, NOW, [""; 0]);
    crm.connect(NOW).done();
    for words in [&["provision", "--apply"][..], &["sync"]] {
        run(&desktop, words).done();
    }
    let run = |words: &[&str]| run(&desktop, words);
    let board = run(&["deals", "board", "--limit", "50"]).done().json();
    let counts = |board: &Value| -> Vec<u64> {
        list(board, "columns").iter().map(|column| column["totals"]["count"].as_u64().unwrap_or_default()).collect()
    };
    assert_eq!(list(&board, "columns").iter().map(|column| text(&column["name"])).next_back(), Some("Closed"));
    let all = run(&["deals", "list", "--outcome", "open", "--limit", "1"]).done().json();
    assert_eq!(Some(counts(&board).iter().sum()), all["total"].as_u64(), "every open deal has its place");

    // A deal that nothing but people's words holds.
    let rows = list(&board, "columns").iter().flat_map(|column| list(column, "rows"));
    let found = rows.map(|row| text(&row["id"]).to_owned()).find_map(|id| {
        let standing = run(&["deals", "gate", &id]).done().json();
        let fails = list(&standing, "checks").iter().filter(|check| check["outcome"] == "fail").count();
        let by_hand: Vec<String> = list(&standing, "criteria")
            .iter()
            .filter(|one| one["told_by"] == "person" && one["met"] == false)
            .map(|one| format!("{}=they said so on the phone", text(&one["key"])))
            .collect();
        let next = standing["next"]["value"].as_str()?.to_owned();
        (fails > 0 && fails == by_hand.len()).then_some((id, next, by_hand))
    });
    let (deal, next, by_hand) = found.expect("a deal that people's words hold");
    let stage = format!("stage={next}");
    let moving = ["deals", "edit", &deal, "--set", &stage];
    assert_eq!(run(&moving).ends(3).json()["error"]["id"], "gate.held");
    let confirms: Vec<&str> = by_hand.iter().flat_map(|one| ["--confirm", one.as_str()]).collect();
    let whole: Vec<&str> = moving.iter().copied().chain(confirms).collect();
    let dry: Vec<&str> = whole.iter().copied().chain(["--dry-run"]).collect();
    let preview = run(&dry).done().json();
    assert_eq!((preview["held"].as_bool(), preview["refused"].is_null()), (Some(false), true), "{preview}");
    assert_eq!(run(&["status"]).json()["pending"], 0, "a preview changes nothing");
    run(&whole).done();
    let after = run(&["deals", "board", "--limit", "1"]).done().json();
    assert_ne!(counts(&after), counts(&board));
    assert_eq!(counts(&after).iter().sum::<u64>(), counts(&board).iter().sum::<u64>());

    run(&["deals", "plan", &deal, "Workshop at the customer", "--side", "partner", "--due", "2026-11-20"]).done();
    let standing = run(&["deals", "gate", &deal]).done().json();
    assert_eq!(standing["plan"][0]["item"]["text"], "Workshop at the customer");
    run(&["sync"]).done();
    assert_eq!(run(&["status"]).json()["pending"], 0, "all of it has landed");

    let hygiene = run(&["deals", "hygiene"]).done().json();
    let now = run(&["deals", "rehearse"]).done().json();
    assert_eq!(now["stopped"], now["stopped_now"], "the policy in force stops what it stops");
    let stricter = run(&["deals", "rehearse", "--hard", "next_step", "--criteria"]).done().json();
    assert!(stricter["stopped"].as_u64() >= now["stopped"].as_u64(), "{stricter}");
    assert!(!list(&hygiene, "rows").is_empty() && !list(&hygiene, "scores").is_empty(), "{hygiene}");
}
