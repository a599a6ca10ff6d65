//! The disk is full: while a workspace is made, while a sync writes, while a decision is saved.
//!
//! A limit on the size of files stands in for it: a write beyond fails, in the binary, as on a disk
//! over its quota, and needs neither a file system of its own nor rights to make one.

use super::*;
use kit::binary;

/// A run in which no file may grow beyond so many blocks of 512 bytes.
fn limited(desktop: &Desktop, blocks: u32, words: &[&str], input: &str) -> Answer {
    let limit = format!("ulimit -f {blocks}; trap '' XFSZ; exec \"$0\" \"$@\"");
    let mut command = desktop.command("sh");
    command.args(["-c", &limit]).arg(binary::path()).args(["--now", NOW, "--json"]).args(words);
    command.current_dir(desktop.path("home"));
    wrapped(command, input)
}

/// The doctor finds the store whole and its trail unbroken.
fn sound(desktop: &Desktop) {
    let doctor = run(desktop, &["doctor"]).json();
    let all = doctor.as_array().or_else(|| doctor["findings"].as_array()).expect("findings").clone();
    for check in ["store.integrity", "audit", "copy"] {
        let finding =
            all.iter().find(|finding| finding["check"] == check).unwrap_or_else(|| panic!("{check}: {doctor}"));
        assert_eq!(finding["outcome"], "pass", "{doctor}");
    }
}

#[test]
fn a_workspace_that_has_no_room_is_not_made_and_is_made_when_there_is_some() {
    let desktop = Desktop::start();
    let crm = Crm::start(&desktop, NOW, ["--unlimited"]);
    let words = ["connect", "hubspot", "--token-stdin", "--base-url", crm.url()];
    for blocks in [0, 1, 16, 48, 128, 256] {
        let answer = limited(&desktop, blocks, &words, &format!("{}\n", crm.token()));
        refused(&answer, 3, &["disk is full"]);
        let folder = desktop.path("data").join("drumbeat");
        let left = |suffix: &str| folder.join(format!("hubspot-4242/store.db{suffix}")).exists();
        assert!(!left(".drumbeat-partial") && !left(".drumbeat-partial-journal"), "with {blocks} blocks");
    }
    crm.connect(NOW).done();
    run(&desktop, &["sync"]).done();
    sound(&desktop);
}

#[test]
fn a_decision_without_room_is_not_saved_and_those_before_it_are_kept() {
    let desktop = Desktop::start();
    let crm = synced(&desktop);
    let first = decide_one(&desktop);
    let queue = run(&desktop, &["registrations", "list", "--limit", "5"]).done().json();
    let ids = queue["rows"].as_array().expect("claims").iter().map(|row| row["id"].as_str().expect("an id").to_owned());
    let next = ids.into_iter().find(|id| *id != first).expect("another claim");
    let decide = ["registrations", "decide", &next, "ask", "--question", "Which site is it for?"];
    let total = deals(&desktop);
    for blocks in [32, 80] {
        refused(&limited(&desktop, blocks, &decide, ""), 3, &["disk is full"]);
        assert_eq!((waiting(&desktop), deals(&desktop)), (1, total), "with {blocks} blocks");
        sound(&desktop);
    }
    run(&desktop, &decide).done();
    assert_eq!(waiting(&desktop), 2);
    run(&desktop, &["sync"]).done();
    assert_eq!((waiting(&desktop), told(&crm, &first), told(&crm, &next)), (0, 1, 1));
}

#[test]
fn a_sync_that_runs_out_of_room_keeps_what_it_has_and_goes_on_later() {
    let desktop = Desktop::start();
    let crm = connected(&desktop);
    for blocks in [256, 1024] {
        refused(&limited(&desktop, blocks, &["sync"], ""), 3, &["disk is full"]);
        sound(&desktop);
    }
    run(&desktop, &["sync"]).done();
    assert_eq!(deals(&desktop), kit::sales::DEALS);
    sound(&desktop);
    let claim = decide_one(&desktop);
    refused(&limited(&desktop, 80, &["sync"], ""), 3, &["disk is full"]);
    run(&desktop, &["sync"]).done();
    assert_eq!((waiting(&desktop), told(&crm, &claim)), (0, 1), "sent once, whatever the disk did");
}
