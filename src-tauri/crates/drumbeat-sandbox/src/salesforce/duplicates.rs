//! Duplicate rules: records that look alike, as the vendor tells of them.

use serde_json::{Value, json};

use crate::salesforce::check::{Values, given};
use crate::salesforce::org::{ObjectIx, Org, RowIx};
use crate::salesforce::problem::Problem;

/// By what two records of an object are alike.
const ALIKE: [(&str, &[&str]); 3] =
    [("Account", &["Name", "Website"]), ("Contact", &["Email"]), ("Lead", &["Email", "Company"])];

/// Refuses what looks like a record that is there; a walk over the table, since rules are switched on by tests alone.
pub(crate) fn detect(org: &Org, object: ObjectIx, values: &Values) -> Result<(), Problem> {
    let o = org.at(object);
    let Some((_, names)) = ALIKE.iter().find(|(name, _)| *name == o.name) else { return Ok(()) };
    let by: Vec<(u16, String)> = names
        .iter()
        .filter_map(|n| o.field_ix(n))
        .filter_map(|ix| Some((ix, given(values, ix)??.to_lowercase())))
        .collect();
    let alike = |row: &RowIx| {
        let r = o.row(*row);
        r.deleted.is_none() && by.iter().any(|(ix, v)| r.get(*ix).is_some_and(|own| own.to_lowercase() == *v))
    };
    let found: Vec<Value> = (0..o.rows.len() as RowIx)
        .filter(alike)
        .take(5)
        .map(|row| {
            json!({"additionalInformation": [], "fieldDiffs": [], "matchConfidence": 100.0,
                "record": {"attributes": {"type": o.name, "url": format!("/services/data/v62.0/sobjects/{}/{}", o.name, o.row(row).id)},
                    "Id": o.row(row).id.text()}})
        })
        .collect();
    if found.is_empty() {
        return Ok(());
    }
    let rule = format!("Standard_{}_Duplicate_Rule", o.name);
    let result = json!({"allowSave": true, "duplicateRule": rule, "duplicateRuleEntityType": o.name, "errorMessage": "Use one of these records?",
        "matchResults": [{"entityType": o.name, "errors": [], "matchEngine": "FuzzyMatchEngine", "size": found.len(), "success": true,
            "rule": format!("Standard_{}_Match_Rule_v1_0", o.name), "matchRecords": found}]});
    let mut problem = Problem::bad("DUPLICATES_DETECTED", "Use one of these records?");
    problem.more = Some(("duplicateResult", result));
    Err(problem)
}
