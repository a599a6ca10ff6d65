//! An older copy of the store is put in the place of the newer one, as a restored backup does.

use super::device::workspace;
use super::*;
use serde_json::Value;
use std::fs;
use std::path::Path;

/// Long enough after [`NOW`] for whatever was under way to have arrived.
const LATER: &str = "2017-12-30T10:00:00Z";
const LATER_STILL: &str = "2017-12-30T11:00:00Z";

fn at(desktop: &Desktop, now: &str, words: &[&str]) -> Answer {
    drumbeat(desktop).args(["--now", now, "--json"]).args(words).run()
}

/// The store as it lies there while nobody has it open.
fn copy(from: &Path, to: &Path) {
    let _ = fs::remove_dir_all(to);
    fs::create_dir(to).expect("a folder");
    for file in ["store.db", "store.db-wal"] {
        if from.join(file).exists() {
            fs::copy(from.join(file), to.join(file)).expect("a copy");
        }
    }
}

#[test]
fn an_older_copy_of_the_store_is_told_and_sends_nothing_a_second_time() {
    let desktop = Desktop::start();
    let crm = synced(&desktop);
    let claim = decide_one(&desktop);
    let (folder, older) = (workspace(&desktop), desktop.path("older"));
    copy(&folder, &older);
    run(&desktop, &["sync"]).done();
    assert_eq!((told(&crm, &claim), waiting(&desktop)), (1, 0), "sent once");

    for file in ["store.db", "store.db-wal", "store.db-shm"] {
        let _ = fs::remove_file(folder.join(file));
    }
    for file in ["store.db", "store.db-wal"] {
        if older.join(file).exists() {
            fs::copy(older.join(file), folder.join(file)).expect("the older copy");
        }
    }
    let status = at(&desktop, LATER, &["status"]).json();
    assert!(status["warning"].as_str().is_some_and(|text| text.contains("older copy")), "{status}");
    assert_eq!(status["pending"], 1, "the decision is doubted, not forgotten: {status}");
    let doctor = at(&desktop, LATER, &["doctor"]);
    let found = |answer: &Answer| {
        let all = answer.json();
        let all = all.as_array().or_else(|| all["findings"].as_array()).expect("findings").clone();
        let copy: Option<Value> = all.into_iter().find(|finding| finding["check"] == "copy");
        copy.expect("the doctor looks at it")["outcome"].clone()
    };
    assert_eq!(found(&doctor), Value::from("warn"), "{doctor}");

    at(&desktop, LATER, &["sync"]).done();
    assert_eq!(told(&crm, &claim), 1, "what the older copy did not know of is not sent again");
    at(&desktop, LATER_STILL, &["sync"]).done();
    assert_eq!(told(&crm, &claim), 1);
    let status = at(&desktop, LATER_STILL, &["status"]).json();
    assert_eq!((&status["pending"], &status["warning"]), (&Value::from(0), &Value::Null), "{status}");
    let trail = at(&desktop, LATER_STILL, &["audit", "list"]);
    assert!(trail.stdout.contains("older copy found"), "{trail}");
    assert_eq!(found(&at(&desktop, LATER_STILL, &["doctor"])), Value::from("pass"));
}
