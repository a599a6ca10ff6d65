//! What a CRM's ledger says of the decisions that were sent to it.
//!
//! The ledger has every write that was applied, also those whose answer was lost, so it tells what
//! came once and what came twice. Tests read it, people do too: it is one JSON document.

use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Who was decided how often, what was made, and whether anything came twice.
pub fn sum_up(ledger: &[Value]) -> Value {
    // Each CRM's own names: HubSpot's, then Salesforce's.
    let is_claim = |entry: &&Value| entry["object"] == "partner_registration" || entry["object"] == "Lead";
    let registrations = || ledger.iter().filter(is_claim);
    let told = |entry: &'_ Value, names: [&str; 2]| names.iter().find_map(|name| entry["after"].get(name).cloned());
    let mut groups: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    for entry in registrations() {
        if let Some(status) = told(entry, ["registration_status", "Status"]) {
            groups.entry(entry["id"].as_str().expect("an id")).or_default().push(status);
        }
    }
    // Who loses an account to a claim that is approved under a channel conflict is declined by that same act (C-08).
    let duplicates: BTreeSet<&str> = registrations()
        .filter(|entry| told(entry, ["decline_reason", "Decline_Reason__c"]).is_some_and(|why| why == "duplicate"))
        .filter_map(|entry| entry["id"].as_str())
        .collect();
    let markers: Vec<&str> = ledger.iter().filter_map(|entry| entry["op_marker"].as_str()).collect();
    let ops: BTreeSet<&str> = markers.iter().filter_map(|marker| marker.split('#').next()).collect();
    let is_note = |entry: &Value| {
        entry["object"] == "notes" || told(entry, ["", "Drumbeat_Note__c"]).is_some_and(|is| is != "false")
    };
    let made = |objects: [&str; 2], note: bool| {
        let is_of = |entry: &&Value| objects.iter().any(|object| entry["object"] == *object) && is_note(entry) == note;
        ledger.iter().filter(|entry| entry["kind"] == "create").filter(is_of).count()
    };
    let linked: BTreeSet<String> =
        registrations().filter_map(|entry| told(entry, ["deal_id", "Deal__c"])?.as_str().map(str::to_owned)).collect();
    json!({
        "writes": ledger.len(),
        "decision_groups": groups,
        "declined_as_duplicates": duplicates,
        "ops": ops.len(),
        "writes_with_a_marker": markers.len(),
        "deals_made": made(["deals", "Opportunity"], false),
        "tasks_made": made(["tasks", "Task"], false),
        "notes_made": made(["notes", "Task"], true),
        "deals_of_claims": linked,
    })
}
