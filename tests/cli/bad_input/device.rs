//! Keyring, store, folders and files are missing, locked, broken or foreign.

use super::*;
use kit::display::Keyring;
use rusqlite::Connection;
use std::fs;
use std::path::PathBuf;

/// The folder of the one workspace.
pub(super) fn workspace(desktop: &Desktop) -> PathBuf {
    let folder = desktop.path("data").join("drumbeat");
    let mut all = fs::read_dir(&folder).expect("workspaces").map(|entry| entry.expect("an entry").path());
    all.find(|path| path.join("store.db").is_file()).expect("a workspace")
}

#[test]
fn without_a_keyring_nothing_is_made_unless_a_passphrase_is_given() {
    let desktop = Desktop::with(Keyring::Missing);
    let crm = Crm::start(&desktop, NOW, ["--unlimited"]);
    refused(&crm.connect(NOW), 5, &["keyring"]);
    assert!(!desktop.path("data").join("drumbeat/hubspot-4242/store.db").exists(), "no store without a key");

    let words = ["--passphrase-stdin", "connect", "hubspot", "--token-stdin", "--base-url", crm.url()];
    invocation(&desktop, &words).stdin(format!("correct horse\n{}\n", crm.token())).run().done();
    refused(&run(&desktop, &["status"]), 5, &["passphrase"]);
    let with = |passphrase: &str| {
        invocation(&desktop, &["--passphrase-stdin", "status"]).stdin(format!("{passphrase}\n")).run()
    };
    refused(&with("battery staple"), 5, &["not the key"]);
    with("correct horse").done();
}

#[test]
fn a_keyring_that_went_away_locks_the_workspace_and_leaves_it_alone() {
    let mut desktop = Desktop::start();
    drop(synced(&desktop));
    let store = workspace(&desktop).join("store.db");
    let before = fs::read(&store).expect("the store");
    desktop.end_session();
    refused(&run(&desktop, &["status"]), 5, &["keyring"]);
    refused(&run(&desktop, &["sync"]), 5, &["keyring"]);
    assert_eq!(fs::read(&store).expect("the store"), before, "the file was left as it is");
    assert_eq!(run(&desktop, &["doctor"]).code, 3, "the doctor names it");
}

#[test]
fn a_broken_file_is_told_and_left_as_it_is() {
    for (file, damage) in [
        ("store.db", Damage::Begin),
        ("store.db", Damage::Cut),
        ("keyslots.json", Damage::Begin),
        ("workspace.json", Damage::Begin),
    ] {
        let desktop = Desktop::start();
        drop(synced(&desktop));
        let path = workspace(&desktop).join(file);
        // With everything in the one file: SQLite would mend a page from its log, and rightly so.
        in_store(&desktop, "PRAGMA wal_checkpoint(TRUNCATE)");
        damage.to(&path);
        let damaged = fs::read(&path).expect("the file");
        refused(&run(&desktop, &["status"]), 1, &[]);
        refused(&run(&desktop, &["sync"]), 1, &[]);
        let doctor = run(&desktop, &["doctor"]);
        assert_eq!(doctor.code, 3, "{file}: the doctor finds it: {doctor}");
        assert_eq!(fs::read(&path).expect("the file"), damaged, "{file} was left as it is");
    }
}

#[derive(Clone, Copy)]
enum Damage {
    /// Its first bytes are others.
    Begin,
    /// It ends early.
    Cut,
}

impl Damage {
    fn to(self, path: &std::path::Path) {
        let mut bytes = fs::read(path).expect("the file");
        match self {
            Damage::Begin => bytes.iter_mut().take(64).for_each(|byte| *byte ^= 0x5a),
            Damage::Cut => bytes.truncate(1000),
        }
        fs::write(path, bytes).expect("the file");
    }
}

#[test]
fn a_store_of_a_newer_version_is_refused_and_left_as_it_is() {
    let desktop = Desktop::start();
    drop(synced(&desktop));
    let path = workspace(&desktop).join("store.db");
    in_store(&desktop, "PRAGMA user_version = 9999; PRAGMA wal_checkpoint(TRUNCATE)");
    let before = fs::read(&path).expect("the store");
    refused(&run(&desktop, &["status"]), 1, &["newer version"]);
    assert_eq!(fs::read(&path).expect("the store"), before);
    assert_eq!(run(&desktop, &["doctor"]).code, 3);
}

/// Run statements on the store, as somebody could who has its key.
fn in_store(desktop: &Desktop, statements: &str) {
    let path = workspace(desktop).join("store.db");
    let name = format!("{}/key", workspace(desktop).file_name().expect("a name").to_string_lossy());
    let key = desktop.command("secret-tool").args(["lookup", "service", "drumbeat", "username", &name]).output();
    let key: String = key.expect("secret-tool").stdout.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(key.len(), 64, "the key is in the keyring");
    let done = [8192, 4096].into_iter().any(|page| {
        let connection = Connection::open(&path).expect("a file");
        let words = format!("PRAGMA key = \"x'{key}'\"; PRAGMA cipher_page_size = {page}; {statements};");
        connection.execute_batch(&words).is_ok()
    });
    assert!(done, "the store opens with its key");
}

#[test]
fn a_folder_without_a_workspace_is_told_and_left_empty() {
    let desktop = Desktop::start();
    fs::create_dir(desktop.path("empty")).expect("a folder");
    fs::write(desktop.path("file"), "not a folder").expect("a file");
    for (name, code) in [("nowhere", 1), ("empty", 1), ("file", 2)] {
        let folder = desktop.path(name);
        let answer = run(&desktop, &["--workspace", &folder.to_string_lossy(), "status"]);
        assert_eq!(answer.code, code, "{name}: {answer}");
        assert!(answer.json()["error"]["next"].is_string(), "{name}: {answer}");
        assert!(!folder.is_dir() || fs::read_dir(&folder).expect("a folder").next().is_none(), "{name} stays empty");
    }
    assert!(!desktop.path("nowhere").exists());
}

#[test]
fn wrong_words_are_wrong_usage() {
    let desktop = Desktop::start();
    drop(synced(&desktop));
    let claim = decide_one(&desktop);
    for (words, code) in [
        (vec!["registrations", "list", "--scope", "everybody"], 2),
        (vec!["registrations", "decide", "1", "approve"], 1),
        (vec!["registrations", "decide", &claim, "decline", "--reason", "mood"], 2),
        (vec!["review", "log", "1", "--verdict", "keep_plan"], 1),
        (vec!["deals", "show", "1"], 1),
        (vec!["partners", "show", "1"], 1),
        (vec!["deals", "edit", "1", "--set", "stage"], 2),
        (vec!["qbr", "--partner", "1", "--quarter", "2017Q4", "--out", "packs"], 1),
    ] {
        let answer = run(&desktop, &words);
        assert_eq!(answer.code, code, "{words:?}: {answer}");
        assert!(answer.json()["error"]["message"].is_string(), "{words:?}: {answer}");
    }
    for words in [
        vec!["qbr", "--partner", "1", "--quarter", "soon", "--out", "packs"],
        vec!["fly"],
        vec!["sync", "--pull-only", "--push-only"],
    ] {
        assert_eq!(run(&desktop, &words).code, 2, "{words:?}");
    }
    assert_eq!(waiting(&desktop), 1, "what was decided before is there");
}

#[test]
fn a_pack_that_cannot_be_written_leaves_no_half_of_itself() {
    let desktop = Desktop::start();
    drop(synced(&desktop));
    let partner =
        run(&desktop, &["partners", "list"]).done().json()["rows"][0]["id"].as_str().expect("a partner").to_owned();
    let taken = desktop.path("taken");
    fs::write(&taken, "a file where the folder should be").expect("a file");
    let answer =
        run(&desktop, &["qbr", "--partner", &partner, "--quarter", "2017Q4", "--out", &taken.to_string_lossy()]);
    refused(&answer, 3, &["taken"]);
    assert_eq!(fs::read_to_string(&taken).expect("the file"), "a file where the folder should be");
}

#[test]
fn sales_data_that_cannot_be_read_are_refused_with_file_and_row() {
    let desktop = Desktop::start();
    let deal = "1C1I7A6R,Ada Brook,GTX Basic,Corvane";
    let head = "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value\n";
    for (what, file, text, words) in [
        ("no file", "products.csv", None, &["products.csv"][..]),
        (
            "no column",
            "accounts.csv",
            Some("account,sector\nCorvane,retail\n".to_owned()),
            &["accounts.csv", "row 1", "revenue"],
        ),
        (
            "a short row",
            "sales_pipeline.csv",
            Some(format!("{head}{deal},Won,10/20/2016\n")),
            &["sales_pipeline.csv", "row 2"],
        ),
        ("no date", "sales_pipeline.csv", Some(format!("{head}{deal},Won,soon,3/1/2017,550\n")), &["row 2", "soon"]),
        ("no stage", "sales_pipeline.csv", Some(format!("{head}{deal},Hoping,10/20/2016,,\n")), &["row 2", "Hoping"]),
        (
            "no number",
            "sales_pipeline.csv",
            Some(format!("{head}{deal},Won,10/20/2016,3/1/2017,much\n")),
            &["row 2", "much"],
        ),
        (
            "no agents",
            "sales_teams.csv",
            Some("sales_agent,manager,regional_office\n".to_owned()),
            &["sales_teams.csv"],
        ),
    ] {
        let data = desktop.path("sales");
        sales::write(&data);
        match text {
            None => fs::remove_file(data.join(file)).expect("the file was there"),
            Some(text) => fs::write(data.join(file), text).expect("a file"),
        }
        let answer = run(&desktop, &["sandbox", "--data", &data.to_string_lossy()]);
        refused(&answer, 2, words);
        assert!(answer.stdout.lines().count() > 0, "{what}");
    }
}
