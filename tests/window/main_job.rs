//! The main job through the window, end to end, and what must be true afterwards.

use crate::job::{self, LOOKED_UP, REVIEWED};
use crate::names::{HUBSPOT, Names, SALESFORCE};
use kit::display::Desktop;
use kit::sales;
use serde_json::{Value, json};

fn number(report: &Value, pointer: &str) -> u64 {
    report.pointer(pointer).and_then(Value::as_u64).unwrap_or_else(|| panic!("no number at {pointer}: {report:#}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_decisions_by_keyboard_without_a_network_reach_hubspot_once_each() {
    ten_decisions_by_keyboard_without_a_network_reach_the_crm_once_each(&HUBSPOT).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_decisions_by_keyboard_without_a_network_reach_salesforce_once_each() {
    ten_decisions_by_keyboard_without_a_network_reach_the_crm_once_each(&SALESFORCE).await;
}

async fn ten_decisions_by_keyboard_without_a_network_reach_the_crm_once_each(names: &Names) {
    let desktop = Desktop::start();
    let data = desktop.path("sales");
    sales::write(&data);
    let report = job::walk(names, &desktop, &data, &["--unlimited"]).await;

    assert_eq!(
        number(&report, "/deals"),
        sales::DEALS as u64 + number(&report, "/ledger/deals_made"),
        "every deal of the folder is here, the dirty ones too, and those that were made"
    );
    let decided = report["decided"].as_array().expect("decisions");
    assert_eq!(decided.len(), 10);
    let groups = report["ledger"]["decision_groups"].as_object().expect("groups");
    let own = |id: &str| decided.iter().any(|decision| decision["registration"] == id);
    for (id, group) in groups.iter().filter(|(id, _)| !own(id)) {
        let lost = report["ledger"]["declined_as_duplicates"].as_array().expect("ids").contains(&json!(id));
        assert!(lost && *group == json!(["declined"]), "{id} was decided by nobody: {:#}", report["ledger"]);
    }
    assert_eq!(groups.keys().filter(|id| own(id)).count(), 10, "ten were decided: {:#}", report["ledger"]);
    for decision in decided {
        let status = match decision["act"].as_str() {
            Some("approve") => "approved",
            Some("decline") => "declined",
            _ => "info_requested",
        };
        let id = decision["registration"].as_str().expect("an id");
        assert_eq!(groups[id], json!([status]), "{decision} reached the CRM once: {:#}", report["ledger"]);
    }
    assert_eq!(number(&report, "/sent_for_what_was_taken_back"), 0);
    assert_eq!(
        number(&report, "/ledger/ops"),
        number(&report, "/ledger/writes_with_a_marker"),
        "no op was written twice"
    );

    let count = |holds: &dyn Fn(&Value) -> bool| decided.iter().filter(|decision| holds(decision)).count() as u64;
    let approved = count(&|decision| decision["act"] == "approve");
    let linked = count(&|decision| decision["linked"].is_string());
    assert_eq!(number(&report, "/ledger/deals_made") + linked, approved, "a deal was made or linked for each approval");
    assert_eq!(report["ledger"]["deals_of_claims"].as_array().map(Vec::len), Some(approved as usize));
    assert_eq!(
        number(&report, "/ledger/tasks_made"),
        approved + 1,
        "a task for each approval and for the review's next step: {:#}",
        report["ledger"]
    );
    assert_eq!(number(&report, "/confirmed_on_the_screen"), LOOKED_UP as u64);

    let minutes = report["minutes"].as_str().expect("minutes");
    assert!(REVIEWED.iter().all(|said| minutes.contains(said)), "{minutes}");
    let files: Vec<&str> = report["pack"].as_array().expect("files").iter().filter_map(Value::as_str).collect();
    for (ending, start) in [(".pdf", &b"%PDF"[..]), (".xlsx", &b"PK"[..])] {
        let file = files.iter().find(|file| file.ends_with(ending)).unwrap_or_else(|| panic!("no {ending}: {files:?}"));
        assert!(std::fs::read(file).expect("it can be read").starts_with(start), "{file}");
    }
    assert_eq!(report["audit"]["intact"], true);
    assert_eq!(report["status"]["pending"], 0);
}
