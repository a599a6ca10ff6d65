//! Clocks at the shell: what is over, and how the clocks of a period were kept.

use crate::crm::Crm;
use kit::binary::drumbeat;
use kit::display::Desktop;
use serde_json::Value;

const NOW: &str = "2026-11-16T09:00:00Z";

fn rows(document: &Value) -> &[Value] {
    document["rows"].as_array().expect("rows")
}

#[test]
fn what_is_over_is_told_by_the_list_and_by_the_exit_code() {
    let desktop = Desktop::start();
    let crm = Crm::start(&desktop, NOW, ["--unlimited"]);
    let run = |words: &[&str]| drumbeat(&desktop).args(words).args(["--now", NOW, "--json"]).run();
    crm.connect(NOW).done();
    run(&["provision", "--apply"]).done();
    run(&["sync"]).done();

    let all = run(&["clocks", "list"]).done().json();
    let kinds = all["rules"].as_array().expect("rules");
    let ids: Vec<&str> = kinds.iter().filter_map(|kind| kind["rule"].as_str()).collect();
    assert_eq!(ids, ["S-01", "S-02", "S-03", "S-04", "S-05", "S-06", "S-07", "S-08", "S-09", "S-10", "S-11"]);
    let dues: Vec<&str> = rows(&all)
        .iter()
        .filter(|row| row["clock"]["state"] != "paused")
        .filter_map(|row| row["clock"]["due"].as_str())
        .collect();
    assert!(dues.is_sorted(), "longest over first: {dues:#?}");
    for kind in kinds {
        let of = |states: &[&str]| {
            let state = |row: &&Value| states.iter().any(|state| row["clock"]["state"] == *state);
            rows(&all).iter().filter(|row| row["clock"]["rule"] == kind["rule"]).filter(state).count()
        };
        assert_eq!(kind["over"], of(&["over"]), "{kind}");
        assert_eq!(kind["running"], of(&["running", "paused"]), "{kind}");
    }

    let over = run(&["clocks", "list", "--over", "--rule", "S-02"]);
    let waiting = run(&["registrations", "list", "--limit", "200"]).done().json();
    let late = |row: &&Value| row["clock"]["state"] == "over";
    let expected = rows(&waiting).iter().filter(late).count();
    assert!(expected > 0, "the sample has claims that are over");
    assert_eq!(over.code, 3, "{over}");
    assert_eq!(rows(&over.json()).len(), expected, "{over}");
    assert!(rows(&over.json()).iter().all(|row| row["clock"]["left"].as_i64().is_some_and(|left| left < 0)), "{over}");
    let said = drumbeat(&desktop).args(["clocks", "list", "--over", "--now", NOW]).run();
    assert!(said.stdout.contains("Decide ") && said.stdout.contains(" over"), "{said}");

    let refused = run(&["clocks", "list", "--rule", "S-99"]);
    assert_eq!((refused.code, refused.json()["error"]["id"].as_str()), (2, Some("clock.unknown")), "{refused}");
}

#[test]
fn the_clocks_of_a_period_are_counted_and_the_worst_are_named() {
    let desktop = Desktop::start();
    let crm = Crm::start(&desktop, NOW, ["--unlimited"]);
    let run = |words: &[&str]| drumbeat(&desktop).args(words).args(["--now", NOW, "--json"]).run();
    crm.connect(NOW).done();
    run(&["provision", "--apply"]).done();
    run(&["sync"]).done();
    let words = ["clocks", "attainment", "--from", "2026-10-17", "--to", "2026-11-16"];
    let of = |rule: &str| {
        let report = run(&words).done().json();
        rows(&report).iter().find(|row| row["rule"] == rule).cloned().unwrap_or_else(|| panic!("{report:#}"))
    };
    let before = of("S-02");
    // The decisions alone, as the registrations tell them; what nobody has decided is over in both.
    let told = run(&["registrations", "clocks", "--days", "30"]).done().json();
    assert_eq!(before["met"], told["attainment"]["met"], "{before:#} {told:#}");

    let queue = run(&["registrations", "list", "--limit", "200"]).done().json();
    // The one that ran out last, which is in the period.
    let first = |state: &str| {
        let row = rows(&queue).iter().rfind(|row| row["clock"]["state"] == state);
        row.and_then(|row| row["id"].as_str()).unwrap_or_else(|| panic!("a claim that is {state}"))
    };
    for state in ["running", "over"] {
        run(&["registrations", "decide", first(state), "decline", "--reason", "not_qualified"]).done();
    }
    let after = of("S-02");
    let count = |record: &Value, name: &str| record[name].as_u64().expect("a count");
    assert_eq!(count(&after, "met"), count(&before, "met") + 1);
    assert_eq!(count(&after, "over") + 1, count(&before, "over"), "what is decided is not over any more");
    assert_eq!(count(&after, "breached"), count(&before, "breached"), "late is late");
    assert_eq!(count(&after["reached"], "waiting"), 1, "it is on its way");
    let worst: Vec<i64> =
        after["worst"].as_array().expect("the worst").iter().filter_map(|row| row["clock"]["left"].as_i64()).collect();
    assert!(!worst.is_empty() && worst.is_sorted() && worst.iter().all(|left| *left < 0), "{worst:?}");
    let said = drumbeat(&desktop).args(words).args(["--now", NOW]).run().done().stdout;
    let of = count(&after, "met") + count(&after, "breached");
    assert!(said.contains(&format!("{} of {of} met in time", count(&after, "met"))), "{said}");

    let refused = run(&["clocks", "attainment", "--from", "2026-11-16", "--to", "2026-11-01"]);
    assert_eq!((refused.code, refused.json()["error"]["id"].as_str()), (2, Some("clocks.period")), "{refused}");
}
