//! The main job, walked once through the command line: connect, sync, lose the network, decide ten
//! claims, hold a review, get the network back, send, and write a pack.
//!
//! The walk asserts only that each step ends as it should; what it found is one JSON report, so that
//! a test can judge it and a person can read it. What the CRM was told is taken from the CRM's ledger.

use crate::crm::Crm;
use kit::binary::{Answer, drumbeat};
use kit::display::Desktop;
use kit::ledger;
use kit::sales::NOW;
use serde_json::{Value, json};
use std::path::Path;
use std::time::Instant;

/// The quarter that the pack is about.
const QUARTER: &str = "2017Q4";
/// Claims that are decided without a network.
const DECISIONS: usize = 10;

/// Walk it on a folder of sales data. `crm` names the CRM, `pace` are words for the sandbox, such as its limits.
pub fn walk(crm: &'static str, desktop: &Desktop, data: &Path, pace: &[&str]) -> Value {
    let run = |words: &[&str]| drumbeat(desktop).args(["--now", NOW, "--json"]).args(words).run();
    let mut words = vec!["--seed".into(), "7".into(), "--data".into(), data.as_os_str().to_owned()];
    words.extend(pace.iter().map(Into::into));
    let mut crm = Crm::of(crm, desktop, NOW, words);

    let connected = crm.connect(NOW).done().json();
    let plan = run(&["provision", "--apply"]).done().json();
    let started = Instant::now();
    let first = run(&["sync"]).done().json();
    let first_seconds = started.elapsed().as_secs_f64();
    let deals = run(&["deals", "list", "--limit", "1"]).done().json()["total"].clone();
    let queue = run(&["registrations", "list", "--limit", "200"]).done().json();

    crm.cut();
    let unreachable = run(&["sync"]);
    let ids = rows(&queue).iter().map(|row| text(&row["id"])).collect();
    let decided = decide(&run, ids);
    let review = review(&run);
    let offline = run(&["status"]).done().json();

    crm.restore();
    let before = crm.ledger().len();
    let sent = run(&["sync"]).done().json();
    let told = crm.ledger().split_off(before);
    run(&["sync"]).done();
    let after_another_sync = crm.ledger().len() - before;

    let partner = busiest_partner(&run);
    let out = desktop.path("packs");
    let pack =
        run(&["qbr", "--partner", &partner, "--quarter", QUARTER, "--out", &out.to_string_lossy()]).done().json();
    json!({
        "connected": { "account": connected["account"], "read_only": connected["read_only"] },
        "left_to_provision": plan["missing"],
        "first_sync": first,
        "first_sync_seconds": first_seconds,
        "deals": deals,
        "registrations_waiting": queue["total"],
        "sync_without_network": { "exit_code": unreachable.code, "error": unreachable.json()["error"] },
        "decided": decided,
        "review": review,
        "waiting_to_be_sent": offline["pending"],
        "sent": sent,
        "ledger": ledger::sum_up(&told),
        "written_again_by_the_next_sync": after_another_sync - told.len(),
        "pack": pack["files"],
        "audit": run(&["audit", "verify"]).done().json(),
        "doctor": run(&["doctor"]).done().json(),
        "status": run(&["status"]).done().json(),
    })
}

/// Decide the first ten of the queue: mostly approvals, one of them on a deal that is there already.
fn decide(run: &impl Fn(&[&str]) -> Answer, mut ids: Vec<String>) -> Vec<Value> {
    let linkable = |id: &String| {
        rows_of(&run(&["registrations", "show", id]).done().json(), "linkable").first().map(|deal| text(&deal["id"]))
    };
    let found = ids.iter().enumerate().find_map(|(at, id)| Some((at, linkable(id)?)));
    let linked = found.map(|(at, deal)| (ids.remove(at), deal));
    let mut decided = Vec::new();
    let mut save = |id: &str, act: &str, words: &[&str]| {
        let mut all = vec!["registrations", "decide", id, act];
        all.extend(words);
        let answer = run(&all).done().json();
        decided.push(json!({ "registration": id, "act": act, "title": answer["title"] }));
    };
    let mut left = DECISIONS;
    if let Some((id, deal)) = &linked {
        save(id, "approve", &["--deal", deal, "--reason", "The deal is theirs"]);
        left -= 1;
    }
    for (at, id) in ids.iter().take(left).enumerate() {
        match at {
            0..6 => save(id, "approve", &["--reason", "Agreed with the partner manager"]),
            6 => save(id, "decline", &["--reason", "active_cycle", "--text", "We are in talks with them"]),
            7 => save(id, "decline", &["--reason", "not_qualified"]),
            _ => save(id, "ask", &["--question", "Which site is it for?"]),
        }
    }
    decided
}

/// Hold a weekly review: one deal gets a next step, the rest is cleared.
fn review(run: &impl Fn(&[&str]) -> Answer) -> Value {
    let review = run(&["review", "start", "--attendee", "Ada Brook"]).done().json();
    let items = rows_of(&review, "items");
    let item = items.iter().find(|item| item["deal"].is_string()).map(|item| text(&item["id"]));
    let item = item.unwrap_or_else(|| panic!("no deal is on the agenda: {review}"));
    let step =
        ["--verdict", "change_plan", "--text", "Extend once", "--next-step", "Call the partner", "--due", "2018-01-04"];
    run(&[&["review", "log", &item][..], &step].concat()).done();
    run(&["review", "clear"]).done();
    let minutes = run(&["review", "finish"]).done().json();
    json!({ "items": items.len(), "minutes": minutes["markdown"] })
}

fn busiest_partner(run: &impl Fn(&[&str]) -> Answer) -> String {
    let partners = run(&["partners", "list"]).done().json();
    let busiest = rows(&partners).into_iter().max_by_key(|row| row["open_deals"].as_u64());
    text(&busiest.expect("a partner")["id"])
}

fn rows(page: &Value) -> Vec<Value> {
    rows_of(page, "rows")
}

fn rows_of(document: &Value, name: &str) -> Vec<Value> {
    document[name].as_array().unwrap_or_else(|| panic!("no {name} in {document}")).clone()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("not text: {value}")).to_owned()
}
