//! A slice of the HTTP fault matrix: every row once, each in another column than last time.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use drumbeat_lab::http::{Plan, matrix};
use drumbeat_model::planted::Bug;

#[test]
fn every_fault_is_met_once_and_leaves_nothing_wrong_behind() {
    // Another day, another column.
    let today = std::time::UNIX_EPOCH.elapsed().unwrap().as_secs() / 86_400;
    let plan = Plan { slice: Some(usize::try_from(today).unwrap()), threads: 2, ..Plan::default() };
    let sum = matrix(&plan).unwrap();
    assert!(sum.failing.is_empty(), "{:#?}", sum.failing);
    assert!(sum.green > 50, "{} cells", sum.green);
}

#[test]
fn a_bug_in_the_protocol_shows_in_the_matrix() {
    for (bug, row) in [(Bug::AnyAnswerIsYes, "500"), (Bug::ResendWithoutReadBack, "504-after-apply")] {
        let plan = Plan { rows: vec![row.to_owned()], bug: Some(bug), threads: 1, ..Plan::default() };
        let sum = matrix(&plan).unwrap();
        assert!(!sum.failing.is_empty(), "{} is not found", bug.name());
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
