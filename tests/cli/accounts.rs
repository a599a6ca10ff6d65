//! Two accounts on one computer: the one that was connected last is meant, or the one that is named.

use kit::binary::{Answer, Sandbox, drumbeat};
use kit::display::Desktop;

const NOW: &str = "2017-12-30T09:00:00Z";
const PASSPHRASE: &str = "correct horse";

/// A run with the passphrase, and more lines after it.
fn run(desktop: &Desktop, words: &[&str], more: &str) -> Answer {
    let all = ["--now", NOW, "--json", "--passphrase-stdin"];
    drumbeat(desktop).args(all).args(words).stdin(format!("{PASSPHRASE}\n{more}\n")).run()
}

fn connect(desktop: &Desktop, crm: &str, sandbox: &Sandbox) -> (String, String) {
    let words = ["connect", crm, "--token-stdin", "--base-url", sandbox.url()];
    let connected = run(desktop, &words, sandbox.token()).done().json();
    let text = |name: &str| connected[name].as_str().expect("a text").to_owned();
    (text("workspace"), text("account"))
}

/// Which account a status is of.
fn meant(desktop: &Desktop, words: &[&str]) -> String {
    let status = run(desktop, &[words, &["status"]].concat(), "").done().json();
    status["workspace"].as_str().expect("a workspace").to_owned()
}

#[test]
fn the_account_that_was_connected_last_is_meant_or_the_one_that_is_named_by_id_or_name() {
    let desktop = Desktop::start();
    let start = |crm| Sandbox::start(&desktop, ["--crm", crm, "--now", NOW, "--unlimited"]);
    let (hubspot, salesforce) = (start("hubspot"), start("salesforce"));
    let (first, name) = connect(&desktop, "hubspot", &hubspot);
    let (second, _) = connect(&desktop, "salesforce", &salesforce);
    assert_eq!(meant(&desktop, &[]), second, "a passphrase opens the one that was connected last too");
    for known in [first.as_str(), first.split_once('-').expect("an id").1, &name.to_uppercase()] {
        assert_eq!(meant(&desktop, &["--account", known]), first, "{known}");
    }
    assert_eq!(meant(&desktop, &[]), second, "naming one once changes nothing");
    connect(&desktop, "hubspot", &hubspot);
    assert_eq!(meant(&desktop, &[]), first, "connecting one that is known makes it the usual one");

    let unknown = run(&desktop, &["--account", "nobody's", "status"], "");
    assert_eq!(unknown.code, 1, "{unknown}");
    let next = unknown.json()["error"]["next"].as_str().expect("a way on").to_owned();
    assert!(next.contains(&first) && next.contains(&second), "{next}");
}
