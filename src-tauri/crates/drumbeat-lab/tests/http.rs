//! A slice of the HTTP fault matrix: every row once, each in another column than last time.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use drumbeat_lab::http::fault::Fault;
use drumbeat_lab::http::request::Request;
use drumbeat_lab::http::{Plan, matrix};
use drumbeat_model::crm::Vendor;
use drumbeat_model::planted::Bug;

const VENDORS: [Vendor; 2] = [Vendor::Hubspot, Vendor::Salesforce];

#[test]
fn every_fault_is_met_once_and_leaves_nothing_wrong_behind() {
    // Another day, another column, and the other vendor's client.
    let today = usize::try_from(std::time::UNIX_EPOCH.elapsed().unwrap().as_secs() / 86_400).unwrap();
    for (turn, crm) in VENDORS.into_iter().enumerate() {
        let rows = Fault::ALL.iter().skip((today + turn) % VENDORS.len()).step_by(VENDORS.len());
        let rows = rows.map(|fault| fault.name().to_owned()).collect();
        let sum = matrix(&Plan { rows, slice: Some(today), threads: 2, ..Plan::whole(crm) }).unwrap();
        assert!(sum.failing.is_empty(), "{crm:?}: {:#?}", sum.failing);
        assert!(sum.green > 25, "{crm:?}: {} cells", sum.green);
    }
}

#[test]
fn a_conversion_that_meets_a_fault_is_done_once_or_waits() {
    use Fault as F;
    let rows = [F::ResetAfter, F::S504, F::Cut, F::S400, F::S401, F::S403, F::S423, F::S500, F::Wait];
    let rows = rows.map(|fault| fault.name().to_owned()).to_vec();
    let plan = Plan { rows, column: Some(Request::Convert), threads: 2, ..Plan::whole(Vendor::Salesforce) };
    let sum = matrix(&plan).unwrap();
    assert!(sum.failing.is_empty(), "{:#?}", sum.failing);
    assert_eq!(sum.green, plan.rows.len());
}

#[test]
fn a_bug_in_the_protocol_shows_in_the_matrix() {
    // What is sent twice to Salesforce meets its condition, or its unique op id: that it is harmless there is the point.
    for (crm, bug, row) in [
        (Vendor::Salesforce, Bug::AnyAnswerIsYes, "500"),
        (Vendor::Hubspot, Bug::ResendWithoutReadBack, "504-after-apply"),
    ] {
        let sum = matrix(&Plan { rows: vec![row.to_owned()], bug: Some(bug), ..Plan::whole(crm) }).unwrap();
        assert!(!sum.failing.is_empty(), "{} is not found with {crm:?}", bug.name());
    }
}

#[test]
fn only_a_lab_build_can_be_told_to_believe_another_authority() {
    let features = |of: &str| {
        let cargo = std::process::Command::new(env!("CARGO"))
            .args(["tree", "--offline", "--locked", "--package", "drumbeat", "--edges", "normal", "--prefix", "none"])
            .args(["--format", "{p} [{f}]", "--features", of])
            .output()
            .unwrap();
        let tree = String::from_utf8(cargo.stdout).unwrap();
        let line = tree.lines().find(|line| line.starts_with("drumbeat-crm "));
        line.unwrap_or_else(|| panic!("{}", String::from_utf8_lossy(&cargo.stderr))).to_owned()
    };
    assert!(!features("custom-protocol").contains("extra-root"));
    assert!(features("custom-protocol,lab").contains("extra-root"));
}
