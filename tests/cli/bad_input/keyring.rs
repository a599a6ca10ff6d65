//! The keyring is locked while the program runs, or nobody keeps secrets at all.

use super::device::workspace;
use super::*;
use std::fs;
use std::path::PathBuf;

/// Lock every collection of the desktop's keyring, as a screen lock or a time limit does.
fn lock(desktop: &Desktop) {
    let mut call = desktop.command("dbus-send");
    call.args(["--session", "--print-reply", "--dest=org.freedesktop.secrets", "/org/freedesktop/secrets"]);
    call.args(["org.freedesktop.Secret.Service.Lock", "array:objpath:/org/freedesktop/secrets/collection/login"]);
    let answer = call.output().expect("dbus-send is installed");
    assert!(answer.status.success(), "{}", String::from_utf8_lossy(&answer.stderr));
}

/// Every file of the program's data folder with its bytes.
fn files(desktop: &Desktop) -> Vec<(PathBuf, Vec<u8>)> {
    let mut all = Vec::new();
    let mut folders = vec![desktop.path("data").join("drumbeat")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten() {
            let path = entry.expect("an entry").path();
            match path.is_dir() {
                true => folders.push(path),
                false => all.push((path.clone(), fs::read(&path).expect("a file"))),
            }
        }
    }
    all.sort();
    all
}

#[test]
fn a_locked_keyring_is_told_as_locked_and_nothing_is_made_or_changed() {
    let desktop = Desktop::start();
    let crm = synced(&desktop);
    decide_one(&desktop);
    lock(&desktop);
    let before = files(&desktop);
    for words in [&["status"][..], &["sync"], &["registrations", "list"]] {
        refused(&run(&desktop, words), 5, &["keyring is locked"]);
    }
    refused(&crm.connect(NOW), 5, &["keyring is locked"]);
    let doctor = run(&desktop, &["doctor"]);
    assert_eq!(doctor.code, 3, "{doctor}");
    assert!(doctor.stdout.contains("keyring is locked"), "{doctor}");
    assert!(files(&desktop) == before, "every file is as it was, and there is no other");
    drop(workspace(&desktop));
}

#[test]
fn a_keyring_that_is_locked_or_missing_from_the_start_makes_no_workspace() {
    for missing in [false, true] {
        let desktop = Desktop::start();
        let crm = Crm::start(&desktop, NOW, ["--unlimited"]);
        lock(&desktop);
        let answer = match missing {
            false => crm.connect(NOW),
            true => alone(&desktop, &["connect", "hubspot", "--token-stdin", "--base-url", crm.url()], crm.token()),
        };
        refused(&answer, 5, &[if missing { "no keyring in this session" } else { "keyring is locked" }]);
        assert_eq!(files(&desktop), [], "nothing is left of it");
        let words = ["--passphrase-stdin", "connect", "hubspot", "--token-stdin", "--base-url", crm.url()];
        invocation(&desktop, &words).stdin(format!("correct horse\n{}\n", crm.token())).run().done();
        refused(&run(&desktop, &["status"]), 5, &["passphrase"]);
    }
}

#[test]
fn a_session_without_a_keyring_is_told_apart_from_a_locked_one_and_changes_nothing() {
    let desktop = Desktop::start();
    drop(synced(&desktop));
    decide_one(&desktop);
    let before = files(&desktop);
    for words in [&["status"][..], &["sync"]] {
        refused(&alone(&desktop, words, ""), 5, &["no keyring in this session"]);
    }
    assert!(files(&desktop) == before, "every file is as it was, and there is no other");
    assert_eq!(waiting(&desktop), 1, "with the keyring back, everything is there");
}

#[test]
fn leave_is_taken_with_a_passphrase_where_nobody_keeps_secrets() {
    let desktop = Desktop::start();
    let crm = Crm::start(&desktop, NOW, ["--unlimited"]);
    let connect = ["--passphrase-stdin", "connect", "hubspot", "--token-stdin", "--base-url", crm.url()];
    alone(&desktop, &connect, &format!("correct horse\n{}", crm.token())).done();
    let has_token = || files(&desktop).iter().any(|(path, _)| path.ends_with("token.json"));
    assert!(has_token(), "the token is sealed beside the workspace");
    alone(&desktop, &["--passphrase-stdin", "disconnect"], "correct horse").done();
    assert!(!has_token(), "nothing of it is left");
    refused(&alone(&desktop, &["--passphrase-stdin", "sync"], "correct horse"), 5, &[]);
}

/// A run in a session of its own, on whose bus nobody keeps secrets and nobody can be asked to.
fn alone(desktop: &Desktop, words: &[&str], input: &str) -> Answer {
    let bus = desktop.path("empty-bus.conf");
    let text = "<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen><policy context=\"default\">\
                <allow send_destination=\"*\" eavesdrop=\"true\"/><allow eavesdrop=\"true\"/><allow own=\"*\"/>\
                </policy></busconfig>";
    fs::write(&bus, text).expect("a bus without services");
    let mut command = desktop.command("dbus-run-session");
    command.arg(format!("--config-file={}", bus.display())).arg("--").arg(kit::binary::path());
    command.args(["--now", NOW, "--json"]).args(words).current_dir(desktop.path("home"));
    wrapped(command, &format!("{input}\n"))
}
