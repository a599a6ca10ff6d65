//! What is left when files go wrong: decisions that only the journal has, a damaged store, backups, and
//! two processes that want to send at once. The CRM's ledger says what was really sent.

use crate::crm::Crm;
use kit::binary::{Answer, Invocation, drumbeat};
use kit::display::Desktop;
use kit::sales;
use serde_json::Value;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

const NOW: &str = "2017-12-30T09:00:00Z";
/// Long enough after [`NOW`] for whatever was under way to have arrived.
const LATER: &str = "2017-12-30T10:00:00Z";
const LATER_STILL: &str = "2017-12-30T11:00:00Z";

fn at(desktop: &Desktop, now: &str, words: &[&str]) -> Answer {
    invocation(desktop, now, words).run()
}

fn invocation(desktop: &Desktop, now: &str, words: &[&str]) -> Invocation {
    drumbeat(desktop).args(["--now", now, "--json"]).args(words)
}

/// A CRM over the small folder, connected, set up for writing, and synced once.
fn synced(desktop: &Desktop) -> Crm<'_> {
    let data = desktop.path("sales");
    sales::write(&data);
    let crm = Crm::start(desktop, NOW, ["--unlimited".into(), "--data".into(), data.into_os_string()]);
    crm.connect(NOW).done();
    at(desktop, NOW, &["provision", "--apply"]).done();
    at(desktop, NOW, &["sync"]).done();
    crm
}

/// The folder of the one workspace.
fn folder(desktop: &Desktop) -> PathBuf {
    let all = desktop.path("data").join("drumbeat");
    let mut all = fs::read_dir(all).expect("workspaces").map(|entry| entry.expect("an entry").path());
    all.find(|path| path.join("store.db").is_file()).expect("a workspace")
}

/// Ask about the first claim of the queue that was not asked about: its id.
fn decide(desktop: &Desktop) -> String {
    decide_but(desktop, "")
}

fn decide_but(desktop: &Desktop, not: &str) -> String {
    let queue = at(desktop, NOW, &["registrations", "list", "--limit", "50"]).done().json();
    let rows = queue["rows"].as_array().expect("rows").clone();
    let open = rows.iter().find(|row| row["pending"] != true && row["status"] != "info_requested" && row["id"] != not);
    let id = open.expect("a claim")["id"].as_str().expect("an id").to_owned();
    at(desktop, NOW, &["registrations", "decide", &id, "ask", "--question", "Which site is it for?"]).done();
    id
}

/// How often the CRM was told this claim's status.
fn told(crm: &Crm<'_>, claim: &str) -> usize {
    let about = |entry: &&Value| entry["id"] == claim && entry["after"].get("registration_status").is_some();
    crm.ledger().iter().filter(about).count()
}

fn pending(desktop: &Desktop, now: &str) -> u64 {
    at(desktop, now, &["status"]).json()["pending"].as_u64().expect("a count")
}

fn warning(desktop: &Desktop, now: &str) -> String {
    at(desktop, now, &["status"]).json()["warning"].as_str().unwrap_or_default().to_owned()
}

fn refused(answer: &Answer, code: i32, words: &str) {
    assert_eq!(answer.code, code, "{answer}");
    let error = &answer.json()["error"];
    assert!(error["message"].as_str().is_some_and(|text| text.contains(words)), "\"{words}\" is not told: {answer}");
    assert!(["kept", "next", "id"].iter().all(|part| error[part].is_string()), "{answer}");
}

/// The store as it lies there while nobody has it open.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for file in ["store.db", "store.db-wal"] {
        let _ = fs::remove_file(to.join(file));
        if from.join(file).exists() {
            fs::copy(from.join(file), to.join(file)).expect("a copy");
        }
    }
    let _ = fs::remove_file(to.join("store.db-shm"));
}

fn beside(desktop: &Desktop, why: &str) -> Vec<PathBuf> {
    let named = |path: &PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().contains(why));
    fs::read_dir(folder(desktop))
        .expect("the folder")
        .map(|entry| entry.expect("an entry").path())
        .filter(named)
        .collect()
}

#[test]
fn a_decision_that_only_the_journal_has_waits_for_a_person_and_is_then_sent_once() {
    let desktop = Desktop::start();
    let crm = synced(&desktop);
    let (store, older) = (folder(&desktop), desktop.path("older"));
    copy(&store, &older);
    let (kept, dropped) = (decide(&desktop), decide(&desktop));
    copy(&older, &store);

    assert!(warning(&desktop, LATER).contains("2 decisions were recovered"), "{}", warning(&desktop, LATER));
    assert_eq!(pending(&desktop, LATER), 0);
    at(&desktop, LATER, &["sync"]).done();
    assert_eq!((told(&crm, &kept), told(&crm, &dropped)), (0, 0), "nothing of it is sent by itself");
    let doctor = at(&desktop, LATER, &["doctor"]).json();
    let journal = doctor.as_array().expect("findings").iter().find(|finding| finding["check"] == "journal");
    assert_eq!(journal.expect("the doctor looks at it")["outcome"], "warn");

    let list = at(&desktop, LATER, &["recovered"]);
    assert_eq!(list.code, 3, "{list}");
    let ops: Vec<String> =
        list.json().as_array().expect("rows").iter().map(|row| row["op"].as_str().expect("an op").to_owned()).collect();
    assert_eq!(at(&desktop, LATER, &["recovered", "--confirm", &ops[0]]).code, 3, "one is left");
    at(&desktop, LATER, &["recovered", "--discard", &ops[1]]).done();
    refused(&at(&desktop, LATER, &["recovered", "--confirm", &ops[1]]), 1, "not among the recovered");
    assert_eq!(pending(&desktop, LATER), 1);
    // With this sync its quarantine begins, by the CRM's clock.
    at(&desktop, LATER, &["sync"]).done();
    crm.wait(2 * 3600);
    for _ in 0..2 {
        at(&desktop, LATER_STILL, &["sync"]).done();
    }
    assert_eq!((told(&crm, &kept), told(&crm, &dropped), pending(&desktop, LATER_STILL)), (1, 0, 0));
    assert_eq!(warning(&desktop, LATER_STILL), "");
}

#[test]
fn a_damaged_store_is_repaired_when_a_person_says_so_and_every_decision_is_sent_once() {
    let desktop = Desktop::start();
    let crm = synced(&desktop);
    let deals = at(&desktop, NOW, &["deals", "list", "--limit", "1"]).done().json()["total"].clone();
    let sent = decide(&desktop);
    at(&desktop, NOW, &["sync"]).done();
    let waiting = [decide(&desktop), decide(&desktop)];
    let whole = at(&desktop, NOW, &["doctor", "--repair"]).done().json();
    assert_eq!(whole["damaged"], false, "a whole file is left alone");

    let store = folder(&desktop).join("store.db");
    let mut bytes = fs::read(&store).expect("the store");
    // One byte in every page: nothing of the file can be read any more.
    (100..bytes.len()).step_by(8192).for_each(|byte| bytes[byte] ^= 1);
    fs::write(&store, &bytes).expect("the damage");
    let refusal = at(&desktop, LATER, &["status"]);
    refused(&refusal, 1, "damaged");
    assert!(refusal.stdout.contains("doctor --repair"), "{refusal}");
    assert!(fs::read(&store).expect("the store") == bytes, "nothing is done by itself");

    let done = at(&desktop, LATER, &["doctor", "--repair"]).done().json();
    assert_eq!(
        (&done["damaged"], &done["open"]),
        (&Value::from(true), &Value::from(pending(&desktop, LATER))),
        "{done}"
    );
    let kept = beside(&desktop, "damaged");
    assert_eq!(kept.len(), 1, "{kept:?}");
    assert!(fs::read(&kept[0]).expect("the damaged file") == bytes, "the damaged file is kept to the byte");
    assert!(pending(&desktop, LATER) >= 2);
    at(&desktop, LATER, &["sync"]).done();
    crm.wait(2 * 3600);
    for _ in 0..2 {
        at(&desktop, LATER_STILL, &["sync"]).done();
    }
    for claim in waiting.iter().chain([&sent]) {
        assert_eq!(told(&crm, claim), 1, "{claim}");
    }
    assert_eq!(pending(&desktop, LATER_STILL), 0);
    assert_eq!(at(&desktop, LATER_STILL, &["deals", "list", "--limit", "1"]).done().json()["total"], deals);
}

#[test]
fn a_backup_is_put_back_with_the_names_of_what_it_lacks_and_nothing_is_sent_twice() {
    let desktop = Desktop::start();
    let crm = synced(&desktop);
    assert!(folder(&desktop).join("backups/2017-12-30.db").is_file(), "a sync leaves one backup a day");
    let known = decide(&desktop);
    let undone = decide(&desktop);
    let file = desktop.path("copy.db");
    let name = file.to_string_lossy().into_owned();
    let made = at(&desktop, NOW, &["backup", &name]).done().json();
    assert_eq!(made["bytes"], fs::metadata(&file).expect("the backup").len());
    refused(&at(&desktop, NOW, &["backup", &name]), 2, "file of that name");
    // After the backup: of what it has one is taken back and one is sent, another decision is sent, and one waits.
    at(&desktop, NOW, &["registrations", "decide", &undone, "undo"]).done();
    at(&desktop, NOW, &["sync"]).done();
    let landed = decide_but(&desktop, &undone);
    at(&desktop, NOW, &["sync"]).done();
    let lost = decide_but(&desktop, &undone);

    let done = at(&desktop, LATER, &["restore", &name]);
    assert_eq!(done.code, 3, "{done}");
    let done = done.json();
    assert_eq!(done["recovered"].as_array().map(Vec::len), Some(1), "{done}");
    assert_eq!(done["landed"].as_array().map(Vec::len), Some(1), "{done}");
    assert_eq!(done["doubted"], 0, "the file in use before knows what became of all: {done}");
    assert_eq!(beside(&desktop, "before-restore").len(), 1, "the file in use before is kept");
    assert!(at(&desktop, LATER, &["audit", "list"]).done().stdout.contains("store restored"));

    at(&desktop, LATER, &["sync"]).done();
    let list = at(&desktop, LATER, &["recovered"]).json();
    assert_eq!(list.as_array().map(Vec::len), Some(1), "only what was not confirmed waits: {list}");
    at(&desktop, LATER, &["recovered", "--confirm", list[0]["op"].as_str().expect("an op")]).done();
    at(&desktop, LATER, &["sync"]).done();
    crm.wait(2 * 3600);
    for _ in 0..2 {
        at(&desktop, LATER_STILL, &["sync"]).done();
    }
    assert_eq!((told(&crm, &known), told(&crm, &landed), told(&crm, &lost)), (1, 1, 1));
    assert_eq!(told(&crm, &undone), 0, "what was taken back does not come to life again");
    assert_eq!(pending(&desktop, LATER_STILL), 0);
}

#[test]
fn what_is_no_backup_of_this_workspace_is_refused_and_so_is_a_workspace_in_use() {
    let desktop = Desktop::start();
    drop(synced(&desktop));
    let store = folder(&desktop).join("store.db");
    let before = fs::read(&store).expect("the store");
    let good = desktop.path("good.db");
    at(&desktop, NOW, &["backup", &good.to_string_lossy()]).done();
    let bad = desktop.path("bad.db");
    let mut bytes = fs::read(&good).expect("the backup");
    let last = bytes.len() - 100;
    bytes[last] ^= 1;
    fs::write(&bad, bytes).expect("a broken backup");
    let text = desktop.path("text.db");
    fs::write(&text, "x".repeat(20_000)).expect("a text");
    for (file, words) in [(&bad, "damaged"), (&text, "key does not open"), (&desktop.path("none.db"), "no such file")] {
        refused(&at(&desktop, NOW, &["restore", &file.to_string_lossy()]), 2, words);
    }
    let lock = File::options().write(true).open(folder(&desktop).join("open.lock")).expect("the lock");
    lock.try_lock_shared().expect("nobody has it");
    for words in [&["restore", &good.to_string_lossy()][..], &["doctor", "--repair"]] {
        refused(&at(&desktop, NOW, words), 3, "Another Drumbeat");
    }
    drop(lock);
    assert!(fs::read(&store).expect("the store") == before, "nothing was changed");
    assert!(beside(&desktop, "partial").is_empty(), "nothing half made is left");
    at(&desktop, NOW, &["restore", &good.to_string_lossy()]).done();
}

#[test]
fn of_many_processes_that_sync_at_once_one_sends_and_the_others_say_so() {
    let desktop = Desktop::start();
    let crm = synced(&desktop);
    let mut busy = 0;
    for _ in 0..4 {
        let claim = decide(&desktop);
        let answers: Vec<Answer> = std::thread::scope(|scope| {
            let all: Vec<_> = (0..5).map(|_| scope.spawn(|| at(&desktop, NOW, &["sync"]))).collect();
            all.into_iter().map(|one| one.join().expect("a run ends")).collect()
        });
        for answer in &answers {
            if answer.code != 0 {
                refused(answer, 3, "is syncing this workspace");
                busy += 1;
            }
        }
        assert!(answers.iter().any(|answer| answer.code == 0), "one of them syncs");
        assert_eq!((told(&crm, &claim), pending(&desktop, NOW)), (1, 0), "it is sent once");
    }
    assert!(busy > 0, "they have met");
    let lock = File::options().write(true).open(folder(&desktop).join("sender.lock")).expect("the lock");
    lock.try_lock().expect("nobody sends");
    let claim = decide(&desktop);
    refused(&at(&desktop, NOW, &["sync"]), 3, "is syncing this workspace");
    drop(lock);
    assert_eq!(told(&crm, &claim), 0);
    at(&desktop, NOW, &["sync"]).done();
    assert_eq!(told(&crm, &claim), 1);
}
