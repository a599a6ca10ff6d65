//! What a CRM's ledger says of the decisions that were sent to it.
//!
//! The ledger has every write that was applied, also those whose answer was lost, so it tells what
//! came once and what came twice. Tests read it, people do too: it is one JSON document.

use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Who was decided how often, what was made, and whether anything came twice.
pub fn sum_up(ledger: &[Value]) -> Value {
    let registrations = || ledger.iter().filter(|entry| entry["object"] == "partner_registration");
    let mut groups: BTreeMap<&str, Vec<&Value>> = BTreeMap::new();
    for entry in registrations() {
        if let Some(status) = entry["after"].get("registration_status") {
            groups.entry(entry["id"].as_str().expect("an id")).or_default().push(status);
        }
    }
    // Who loses an account to a claim that is approved under a channel conflict is declined by that same act (C-08).
    let duplicates: BTreeSet<&str> = registrations()
        .filter(|entry| entry["after"]["decline_reason"] == "duplicate")
        .filter_map(|entry| entry["id"].as_str())
        .collect();
    let markers: Vec<&str> = ledger.iter().filter_map(|entry| entry["op_marker"].as_str()).collect();
    let ops: BTreeSet<&str> = markers.iter().filter_map(|marker| marker.split('#').next()).collect();
    let made =
        |object: &str| ledger.iter().filter(|entry| entry["kind"] == "create" && entry["object"] == object).count();
    let linked: BTreeSet<&str> = registrations().filter_map(|entry| entry["after"].get("deal_id")?.as_str()).collect();
    json!({
        "writes": ledger.len(),
        "decision_groups": groups,
        "declined_as_duplicates": duplicates,
        "ops": ops.len(),
        "writes_with_a_marker": markers.len(),
        "deals_made": made("deals"),
        "tasks_made": made("tasks"),
        "notes_made": made("notes"),
        "deals_of_claims": linked,
    })
}
