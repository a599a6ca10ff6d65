//! What waits for a person between deciding and landing: merge conflicts, decisions that are held back, a
//! dry run. Exit code 3 says that something does; the CRM's ledger says what was sent.

use crate::crm::Crm;
use kit::binary::{Answer, drumbeat};
use kit::display::Desktop;
use kit::sales;
use serde_json::json;

const NOW: &str = "2017-12-30T09:00:00Z";

fn run(desktop: &Desktop, words: &[&str]) -> Answer {
    drumbeat(desktop).args(["--now", NOW, "--json"]).args(words).run()
}

fn synced(desktop: &Desktop) -> Crm<'_> {
    let data = desktop.path("sales");
    sales::write(&data);
    let crm = Crm::start(desktop, NOW, ["--unlimited".into(), "--data".into(), data.into_os_string()]);
    crm.connect(NOW).done();
    run(desktop, &["provision", "--apply"]).done();
    run(desktop, &["sync"]).done();
    crm
}

#[test]
fn a_merge_conflict_is_rehearsed_shown_and_answered_at_the_shell() {
    let desktop = Desktop::start();
    let crm = synced(&desktop);
    let deals = run(&desktop, &["deals", "list", "--outcome", "open", "--limit", "1"]).done().json();
    let deal = deals["rows"][0]["id"].as_str().expect("an id").to_owned();
    run(&desktop, &["deals", "edit", &deal, "--set", "amount=222"]).done();
    crm.edit("deals", &deal, &json!({ "amount": "333" }));
    crm.wait(120);

    let before = crm.ledger().len();
    let preview = run(&desktop, &["sync", "--dry-run"]).ends(3).json();
    assert_eq!(crm.ledger().len(), before, "nothing was sent");
    assert_eq!((&preview["fresh"], &preview["needs_you"]), (&json!(true), &json!(1)), "{preview}");

    run(&desktop, &["sync"]).ends(3);
    let rows = run(&desktop, &["merges", "list"]).ends(3).json();
    let field = &rows[0]["fields"][0];
    assert_eq!((&field["mine_raw"], &field["theirs_raw"]), (&json!("222"), &json!("333")), "{rows}");
    run(&desktop, &["status"]).ends(3);
    let op = rows[0]["op"].as_str().expect("an op");
    run(&desktop, &["merges", "resolve", op, "edit", "amount=many"]).ends(2);
    run(&desktop, &["merges", "resolve", op, "edit", "amount=277"]).ends(0);
    run(&desktop, &["sync"]).ends(0);
    let told = crm.ledger().pop().expect("a write");
    assert_eq!(told["after"]["amount"], "277", "{told}");
    run(&desktop, &["merges", "list"]).ends(0);
    run(&desktop, &["status"]).ends(0);
}

#[test]
fn what_the_crm_refused_is_found_corrected_or_sent_again_at_the_shell() {
    let desktop = Desktop::start();
    let crm = synced(&desktop);
    let deals = run(&desktop, &["deals", "list", "--outcome", "open", "--limit", "1"]).done().json();
    let deal = deals["rows"][0]["id"].as_str().expect("an id").to_owned();
    run(&desktop, &["merges", "refused"]).ends(0);
    let refuse = || {
        let fault = json!({ "kind": "refused", "property": "amount", "message": "Not on a Friday" });
        crm.strike(&json!({ "scripts": [{ "method": "PATCH", "count": 1, "fault": fault }] }));
        run(&desktop, &["sync"]).ends(3);
        crm.heal();
        run(&desktop, &["status"]).ends(3);
        let rows = run(&desktop, &["merges", "refused"]).ends(3).json();
        assert!(rows[0]["text"].as_str().is_some_and(|text| text.contains("Not on a Friday")), "{rows}");
        let told = drumbeat(&desktop).args(["--now", NOW, "merges", "refused"]).run().ends(3);
        for way in ["Not on a Friday", "merges resolve ID edit", "merges retry ID", "merges resolve ID take"] {
            assert!(told.stdout.contains(way), "{way}: {told}");
        }
        rows[0]["id"].as_str().expect("an op").to_owned()
    };
    run(&desktop, &["deals", "edit", &deal, "--set", "amount=222"]).done();
    let op = refuse();
    let listed = drumbeat(&desktop).args(["--now", NOW, "merges", "list"]).run();
    assert!(listed.stdout.contains("Refused: 1 (merges refused)"), "{listed}");
    run(&desktop, &["merges", "resolve", &op, "edit", "amount=277"]).ends(0);
    run(&desktop, &["sync"]).ends(0);
    assert_eq!(crm.ledger().pop().expect("a write")["after"]["amount"], "277");

    run(&desktop, &["deals", "edit", &deal, "--set", "amount=333"]).done();
    run(&desktop, &["merges", "retry", &refuse()]).ends(0);
    run(&desktop, &["sync"]).ends(0);
    assert_eq!(crm.ledger().pop().expect("a write")["after"]["amount"], "333");

    run(&desktop, &["deals", "edit", &deal, "--set", "amount=444"]).done();
    run(&desktop, &["merges", "resolve", &refuse(), "take"]).ends(0);
    run(&desktop, &["merges", "refused"]).ends(0);
    run(&desktop, &["status"]).ends(0);
}

#[test]
fn a_decision_whose_facts_moved_is_held_back_until_it_is_released_at_the_shell() {
    let desktop = Desktop::start();
    let crm = synced(&desktop);
    let queue = run(&desktop, &["registrations", "list", "--limit", "50"]).done().json();
    let ids: Vec<String> = queue["rows"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| row["id"].as_str().expect("an id").to_owned())
        .collect();
    let shown = |id: &String| run(&desktop, &["registrations", "show", id]).done().json();
    let (claim, detail) = ids
        .iter()
        .map(|id| (id, shown(id)))
        .find(|(_, detail)| detail["partner"]["tier"].is_string())
        .expect("a claim");
    let partner = detail["partner"]["id"].as_str().expect("a partner");
    run(&desktop, &["registrations", "decide", claim, "ask", "--question", "Which site is it for?"]).done();
    let tier = if detail["partner"]["tier"] == "elite" { "select" } else { "elite" };
    crm.edit("companies", partner, &json!({ "partner_tier": tier }));
    crm.wait(120);

    let before = crm.ledger().len();
    let summary = run(&desktop, &["sync"]).ends(3).json();
    assert_eq!((&summary["held"], crm.ledger().len()), (&json!(1), before), "{summary}");
    let held = run(&desktop, &["merges", "held"]).ends(3).json();
    assert_eq!(held[0]["moved"][0]["name"], "partner_tier", "{held}");
    run(&desktop, &["status"]).ends(3);
    let decision = held[0]["decision"].as_str().expect("a decision");
    run(&desktop, &["merges", "release", decision]).ends(0);
    run(&desktop, &["sync"]).ends(0);
    assert_eq!(crm.ledger().len(), before + 1, "it went out once it was released");
    run(&desktop, &["merges", "held"]).ends(0);
}
