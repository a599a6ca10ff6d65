//! Slices of the campaigns that need the built binary: kills, and faults of the disk.
//!
//! Cargo does not build another package's binary for a test: `cargo xtask test` builds it first and
//! names it in `DRUMBEAT_BIN`; by hand it is looked for where cargo puts it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods)]

use std::path::PathBuf;

use drumbeat_lab::kill::{self, house};
use drumbeat_lab::sqlite;
use drumbeat_model::crm::Vendor;

fn binary() -> PathBuf {
    let beside = || {
        let test = std::env::current_exe().unwrap();
        test.parent().unwrap().parent().unwrap().join(format!("drumbeat{}", std::env::consts::EXE_SUFFIX))
    };
    let path = std::env::var_os("DRUMBEAT_BIN").map_or_else(beside, PathBuf::from);
    assert!(path.is_file(), "{} is not built: cargo build --features drumbeat/custom-protocol", path.display());
    path
}

fn plan(crm: Vendor, cycles: u32, seed: u64) -> kill::Plan {
    kill::Plan { binary: binary(), crm, cycles, seed, threads: 1, invent: false }
}

#[test]
fn what_was_told_saved_outlives_kills_and_reaches_the_crm_once() {
    for crm in [Vendor::Hubspot, Vendor::Salesforce] {
        let plan = plan(crm, 10, fastrand::u64(0..1 << 40));
        let sum = kill::campaign(&plan).unwrap();
        assert!(sum.violations.is_empty(), "seed {}: {:#?}", plan.seed, sum);
        assert!(sum.killed > 0 && sum.looked > 0, "{sum:#?}");
    }
}

#[test]
fn a_lost_decision_would_be_noticed() {
    let sum = kill::campaign(&kill::Plan { invent: true, ..plan(Vendor::Hubspot, 1, 3) }).unwrap();
    assert!(sum.violations.iter().any(|what| what.contains("I1")), "{sum:#?}");
}

#[test]
fn a_disk_that_fails_at_its_first_calls_leaves_the_old_state_or_the_new_one() {
    let plan = sqlite::Plan { most: 1, commands: 1, threads: 2, ..sqlite::Plan::whole(binary()) };
    let sum = sqlite::campaign(&plan).unwrap();
    match house::strace() {
        Some(_) => assert!(sum.runs >= 5, "{sum:#?}"),
        None => assert!(sum.not_run.is_some()),
    }
    assert!(sum.violations.is_empty(), "{sum:#?}");
    if house::strace().is_some() {
        let lie = sqlite::campaign(&sqlite::Plan { lie: true, ..plan }).unwrap();
        assert!(!lie.violations.is_empty(), "a decision that is told saved and is not would be noticed");
    }
}
