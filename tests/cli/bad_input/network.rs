//! The CRM is away, refuses, storms, lies or stops in the middle.

use super::*;
use kit::binary;
use serde_json::{Value, json};
use std::process::Stdio;

/// An hour after [`NOW`].
const LATER: &str = "2017-12-30T10:00:00Z";

#[test]
fn an_address_where_no_crm_answers_makes_no_workspace() {
    let desktop = Desktop::start();
    for (address, code, word) in [
        ("http://127.0.0.1:1", 4, "cannot be reached"),
        ("not an address", 2, "not an address"),
        ("ftp://127.0.0.1", 2, "address"),
        ("http://crm.example.com", 2, "address"),
    ] {
        let answer = invocation(&desktop, &["connect", "hubspot", "--token-stdin", "--base-url", address])
            .stdin("token\n")
            .run();
        refused(&answer, code, &[word]);
        refused_without_workspace(&desktop);
    }
}

fn refused_without_workspace(desktop: &Desktop) {
    assert!(!desktop.path("data").join("drumbeat").exists(), "a refused connection leaves nothing behind");
}

#[test]
fn a_wrong_or_empty_token_makes_no_workspace() {
    let desktop = Desktop::start();
    let crm = Crm::start(&desktop, NOW, ["--unlimited"]);
    for (token, code, word) in [("pat-na1-wrong", 5, "token"), ("", 2, "no token")] {
        let words = ["connect", "hubspot", "--token-stdin", "--base-url", crm.url()];
        let answer = invocation(&desktop, &words).stdin(format!("{token}\n")).run();
        refused(&answer, code, &[word]);
        assert!(token.is_empty() || !answer.to_string().contains(token), "a token is never printed");
        refused_without_workspace(&desktop);
    }
}

#[test]
fn a_failure_is_told_to_a_person_on_standard_error() {
    let desktop = Desktop::start();
    let words = ["connect", "hubspot", "--token-stdin", "--base-url", "http://127.0.0.1:1"];
    let answer = drumbeat(&desktop).args(words).stdin("token\n").run();
    assert_eq!((answer.code, answer.stdout.as_str()), (4, ""));
    let lines: Vec<&str> = answer.stderr.lines().collect();
    assert_eq!(lines.len(), 3, "what happened, what was kept, what to do: {answer}");
    assert!(lines.iter().all(|line| line.ends_with('.')), "{answer}");
}

#[test]
fn a_token_that_is_revoked_later_costs_no_decision() {
    let desktop = Desktop::start();
    let mut crm = synced(&desktop);
    let claim = decide_one(&desktop);
    crm.strike(&json!({ "rates": [{ "rate": 1.0, "fault": { "kind": "token_revoked" } }] }));
    refused(&run(&desktop, &["sync"]), 5, &["token"]);
    assert_eq!((waiting(&desktop), deals(&desktop)), (1, sales::DEALS));

    // The CRM's admin gives it its rights back.
    crm.cut();
    crm.restore();
    run(&desktop, &["sync"]).done();
    assert_eq!((waiting(&desktop), told(&crm, &claim)), (0, 1));
}

#[test]
fn a_token_that_may_only_read_keeps_decisions_here_and_says_so() {
    let desktop = Desktop::start();
    let crm = synced(&desktop);
    let claim = decide_one(&desktop);
    crm.strike(&json!({ "rates": [{ "rate": 1.0, "fault": { "kind": "read_only" } }] }));
    let answer = drumbeat(&desktop).args(["--now", NOW, "sync"]).run();
    assert_eq!(answer.code, 3, "{answer}");
    assert!(answer.stdout.contains("may only read"), "{answer}");
    assert_eq!((waiting(&desktop), told(&crm, &claim)), (1, 0));

    crm.heal();
    run(&desktop, &["sync"]).done();
    assert_eq!((waiting(&desktop), told(&crm, &claim)), (0, 1));
}

/// Faults after which one sync still ends well, because it asked again.
#[test]
fn a_storm_and_lost_answers_cost_requests_and_no_record() {
    let storm = json!({ "count": 2, "fault": { "kind": "too_many", "retry_after": 0 } });
    let truncated = json!({ "skip": 3, "count": 1, "path": "/crm", "fault": { "kind": "truncated" } });
    let reset = json!({ "skip": 2, "count": 1, "path": "/crm", "fault": { "kind": "reset" } });
    for (what, script) in [("a storm of 429", storm), ("a truncated page", truncated), ("a reset", reset)] {
        let desktop = Desktop::start();
        let crm = connected(&desktop);
        crm.strike(&json!({ "scripts": [script] }));
        let summary = run(&desktop, &["sync"]).done().json();
        assert!(summary["retries"].as_u64() > Some(0), "{what}: {summary}");
        assert!(nothing_left(&crm.faults()), "{what} struck");
        assert_eq!(deals(&desktop), sales::DEALS, "{what}");
    }
}

fn nothing_left(faults: &Value) -> bool {
    faults["scripts"].as_array().expect("scripts").iter().all(|script| script["count"] == 0)
}

#[test]
fn a_storm_while_decisions_are_sent_repeats_none() {
    let desktop = Desktop::start();
    let crm = synced(&desktop);
    let claim = decide_one(&desktop);
    crm.strike(
        &json!({ "scripts": [{ "method": "PATCH", "count": 1, "fault": { "kind": "too_many", "retry_after": 0 } }] }),
    );
    run(&desktop, &["sync"]).done();
    let now = (waiting(&desktop), told(&crm, &claim));
    assert!([(1, 0), (0, 1)].contains(&now), "the CRM asked to wait: it waits, or was sent after the wait: {now:?}");
    // It is tried again when the wait is over, by the CRM's clock.
    crm.wait(3600);
    drumbeat(&desktop).args(["--now", LATER, "sync"]).run().done();
    assert_eq!((waiting(&desktop), told(&crm, &claim)), (0, 1));
}

#[test]
fn a_web_page_in_place_of_data_stops_the_sync_and_keeps_what_was_read() {
    let desktop = Desktop::start();
    let crm = connected(&desktop);
    let page = json!({ "skip": 12, "count": 1000, "fault": { "kind": "html", "code": 200 } });
    crm.strike(&json!({ "scripts": [page] }));
    refused(&run(&desktop, &["sync"]), 4, &["not the CRM"]);
    crm.heal();
    run(&desktop, &["sync"]).done();
    assert_eq!(deals(&desktop), sales::DEALS);
    run(&desktop, &["audit", "verify"]).done();
}

#[test]
fn a_sync_that_is_killed_goes_on_where_it_was() {
    let desktop = Desktop::start();
    let crm = connected(&desktop);
    let before = requests(&crm);
    // The tenth request of the sync is never answered: the process is killed while it waits.
    crm.strike(&json!({ "scripts": [{ "skip": 10, "count": 1, "fault": { "kind": "latency", "ms": 600_000 } }] }));
    let mut sync = desktop.command(binary::path());
    sync.args(["--now", NOW, "--quiet", "sync"]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut sync = sync.spawn().expect("the binary starts");
    while !nothing_left(&crm.faults()) {
        assert!(sync.try_wait().expect("a process").is_none(), "the sync ended before it was killed");
    }
    sync.kill().expect("it is killed");
    sync.wait().expect("it ends");
    assert!(requests(&crm) > before, "it had begun");
    crm.heal();

    run(&desktop, &["sync"]).done();
    assert_eq!(deals(&desktop), sales::DEALS);
    run(&desktop, &["audit", "verify"]).done();
    assert_eq!(run(&desktop, &["doctor"]).code, 0);
}

fn requests(crm: &Crm<'_>) -> u64 {
    crm.stats()["total"].as_u64().expect("a count")
}
