//! What can go wrong outside Drumbeat, and how it is told: what happened, what was kept, what to do.
//!
//! - [`network`]: the CRM is away, refuses, storms, lies or stops in the middle.
//! - [`device`]: keyring, store, folders and files are missing, locked, broken or foreign.
//! - [`keyring`]: it is locked, or missing from the start.
//! - [`full_disk`]: there is no room for what is to be saved.
//! - [`older_copy`]: a restored backup takes the place of the store.
//!
//! Each case looks at three things: the exit code (1 failed, 2 wrong usage, 3 needs attention, 4
//! offline, 5 not authorised), the three parts of the sentence, and that nothing was lost by it.

mod device;
mod full_disk;
mod keyring;
mod network;
mod older_copy;

use crate::crm::Crm;
use kit::binary::{Answer, Invocation, drumbeat};
use kit::display::Desktop;
use kit::sales;
use std::io::Write;
use std::process::{Command, Stdio};

/// The moment at which all of it happens.
const NOW: &str = "2017-12-30T09:00:00Z";

/// A run with these words, its clock fixed and its results as JSON.
fn run(desktop: &Desktop, words: &[&str]) -> Answer {
    invocation(desktop, words).run()
}

fn invocation(desktop: &Desktop, words: &[&str]) -> Invocation {
    drumbeat(desktop).args(["--now", NOW, "--json"]).args(words)
}

/// What the binary says that another program runs, with something on its standard input.
fn wrapped(mut command: Command, input: &str) -> Answer {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap_or_else(|why| panic!("{command:?}: {why}"));
    // One that ends before it reads is answered for by its exit code.
    drop(child.stdin.take().expect("a pipe").write_all(input.as_bytes()));
    let output = child.wait_with_output().expect("the binary ends");
    Answer {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).expect("results are text"),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// A CRM over the small folder, without limits, connected and set up for writing.
fn connected(desktop: &Desktop) -> Crm<'_> {
    let data = desktop.path("sales");
    sales::write(&data);
    let crm = Crm::start(desktop, NOW, ["--unlimited".into(), "--data".into(), data.into_os_string()]);
    crm.connect(NOW).done();
    run(desktop, &["provision", "--apply"]).done();
    crm
}

/// The same, and synced once.
fn synced(desktop: &Desktop) -> Crm<'_> {
    let crm = connected(desktop);
    run(desktop, &["sync"]).done();
    crm
}

/// Ask about the first claim of the queue: one decision, one op.
fn decide_one(desktop: &Desktop) -> String {
    let queue = run(desktop, &["registrations", "list", "--limit", "1"]).done().json();
    let id = queue["rows"][0]["id"].as_str().expect("a claim").to_owned();
    run(desktop, &["registrations", "decide", &id, "ask", "--question", "Which site is it for?"]).done();
    id
}

fn waiting(desktop: &Desktop) -> u64 {
    run(desktop, &["status"]).json()["pending"].as_u64().expect("a count")
}

fn deals(desktop: &Desktop) -> usize {
    let page = run(desktop, &["deals", "list", "--limit", "1"]).done().json();
    page["total"].as_u64().expect("a count").try_into().expect("a small count")
}

/// How often the CRM was told this claim's status.
fn told(crm: &Crm<'_>, claim: &str) -> usize {
    let about =
        |entry: &&serde_json::Value| entry["id"] == claim && entry["after"].get("registration_status").is_some();
    crm.ledger().iter().filter(about).count()
}

/// The run ended with `code`, and said what happened (with `words` in it), what was kept and what to do.
fn refused(answer: &Answer, code: i32, words: &[&str]) {
    assert_eq!(answer.code, code, "{answer}");
    let error = &answer.json()["error"];
    let message = error["message"].as_str().unwrap_or_else(|| panic!("what happened is not told: {answer}"));
    for word in words {
        assert!(message.contains(word), "\"{word}\" is not in: {message}");
    }
    for part in ["kept", "next"] {
        assert!(error[part].as_str().is_some_and(|text| !text.is_empty()), "{part} is not told: {answer}");
    }
    assert!(error["id"].is_string(), "a failure has an id: {answer}");
}
