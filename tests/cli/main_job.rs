//! The main job, end to end, and what must be true afterwards.

use crate::job;
use kit::display::Desktop;
use kit::sales;
use serde_json::Value;
use std::path::Path;

fn number(report: &Value, pointer: &str) -> u64 {
    report.pointer(pointer).and_then(Value::as_u64).unwrap_or_else(|| panic!("no number at {pointer}: {report:#}"))
}

#[test]
fn ten_decisions_without_a_network_reach_hubspot_once_each() {
    ten_decisions_without_a_network_reach_the_crm_once_each("hubspot");
}

#[test]
fn ten_decisions_without_a_network_reach_salesforce_once_each() {
    ten_decisions_without_a_network_reach_the_crm_once_each("salesforce");
}

fn ten_decisions_without_a_network_reach_the_crm_once_each(crm: &'static str) {
    let desktop = Desktop::start();
    let data = desktop.path("sales");
    sales::write(&data);
    let report = job::walk(crm, &desktop, &data, &["--unlimited"]);

    assert_eq!(number(&report, "/left_to_provision"), 0, "everything was added: {report:#}");
    assert_eq!(number(&report, "/deals"), sales::DEALS as u64, "every deal of the folder is here, the dirty ones too");
    assert_eq!(number(&report, "/sync_without_network/exit_code"), 4, "no network is told as such");
    let decided = report["decided"].as_array().expect("decisions");
    assert_eq!(decided.len(), 10);
    let approved = decided.iter().filter(|decision| decision["act"] == "approve").count() as u64;

    let groups = report["ledger"]["decision_groups"].as_object().expect("groups");
    let meant: Vec<&str> = decided.iter().filter_map(|decision| decision["registration"].as_str()).collect();
    assert_eq!(groups.len(), 10, "{:#}", report["ledger"]);
    for id in meant {
        assert_eq!(groups[id].as_array().map(Vec::len), Some(1), "{id} was decided once: {:#}", report["ledger"]);
    }
    assert_eq!(
        number(&report, "/ledger/ops"),
        number(&report, "/ledger/writes_with_a_marker"),
        "no op was written twice"
    );
    assert_eq!(number(&report, "/written_again_by_the_next_sync"), 0);

    let deals = report["ledger"]["deals_of_claims"].as_array().expect("deals").len() as u64;
    assert_eq!(deals, approved, "every approved claim has its deal");
    let linked = approved - number(&report, "/ledger/deals_made");
    assert!(linked <= 1, "at most one was linked to a deal that was there: {:#}", report["ledger"]);
    assert_eq!(
        number(&report, "/ledger/tasks_made"),
        approved + 1,
        "a task for each approval and for the review's next step"
    );
    assert!(number(&report, "/waiting_to_be_sent") >= 10, "they waited here meanwhile");
    assert_eq!(number(&report, "/sent/waiting"), 0);
    assert_eq!(number(&report, "/sent/needs_you"), 0);

    let minutes = report["review"]["minutes"].as_str().expect("minutes");
    assert!(minutes.contains("Call the partner") && minutes.contains("Ada Brook"), "{minutes}");
    for file in report["pack"].as_array().expect("files") {
        let path = Path::new(file["path"].as_str().expect("a path"));
        assert_eq!(path.metadata().expect("the file is there").len(), file["bytes"].as_u64().expect("a size"));
    }
    assert_eq!(report["audit"]["intact"], true);
    assert_eq!(report["status"]["pending"], 0);
}
