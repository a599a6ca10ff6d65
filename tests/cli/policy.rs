//! The policy at the shell: a wrong file is refused with its line and column, a right one is a new version, the past
//! is judged by another one, and partners get the rules as files.

use crate::crm::Crm;
use kit::binary::{Answer, drumbeat};
use kit::display::Desktop;
use serde_json::Value;

const NOW: &str = "2026-11-16T09:00:00Z";
const TOMORROW: &str = "2026-11-17T09:00:00Z";

/// A synced workspace at the shell.
struct Shell<'d>(&'d Desktop);

impl<'d> Shell<'d> {
    fn start(desktop: &'d Desktop, crm: &Crm<'_>) -> Self {
        crm.connect(NOW).done();
        let shell = Shell(desktop);
        shell.run(&["provision", "--apply"]).done();
        shell.run(&["sync"]).done();
        shell
    }

    fn at(&self, now: &str, words: &[&str]) -> Answer {
        drumbeat(self.0).args(words).args(["--now", now, "--json"]).run()
    }

    fn run(&self, words: &[&str]) -> Answer {
        self.at(NOW, words)
    }

    /// For people: what is printed without `--json`.
    fn said(&self, words: &[&str]) -> Answer {
        drumbeat(self.0).args(words).args(["--now", NOW]).run()
    }

    /// The policy in force as a file, with one part of its text otherwise.
    fn file(&self, name: &str, from: &str, to: &str) -> String {
        let text = self.run(&["policy", "show"]).done().json()["text"].as_str().expect("a text").to_owned();
        assert!(text.contains(from), "{from}");
        let path = self.0.path(name);
        std::fs::write(&path, text.replacen(from, to, 1)).expect("a file");
        path.to_string_lossy().into_owned()
    }

    fn version(&self, now: &str) -> Value {
        self.at(now, &["policy", "show"]).done().json()["version"].clone()
    }
}

#[test]
fn a_wrong_file_is_refused_with_line_and_column_and_changes_nothing() {
    let desktop = Desktop::start();
    let crm = Crm::start(&desktop, NOW, ["--unlimited"]);
    let shell = Shell::start(&desktop, &crm);
    for (name, from, to) in [
        ("a span", "decision = \"48 hours\"", "decision = \"soon\""),
        ("a choice", "default_days = 90", "default_days = 91"),
        ("a key", "untouched_days", "untouched_day"),
        ("no TOML", "[calendar]", "[calendar"),
        ("a clock", "\"S-11\"]", "\"S-12\"]"),
    ] {
        let file = shell.file("wrong.toml", from, to);
        let text = std::fs::read_to_string(&file).expect("the file");
        let wanted = text.lines().position(|line| line.contains(to)).expect("the line") + 1;
        let checked = shell.run(&["policy", "check", &file]);
        assert_eq!(checked.code, 3, "{name}: {checked}");
        let problems = checked.json()["problems"].as_array().expect("problems").clone();
        let found =
            problems.iter().find(|problem| problem["line"] == wanted).unwrap_or_else(|| panic!("{name}: {checked}"));
        assert!(found["column"].as_u64().is_some_and(|column| column > 0), "{found}");
        assert!(found["advice"].as_str().is_some_and(|advice| !advice.is_empty()), "{found}");
        let told = shell.said(&["policy", "check", &file]);
        assert_eq!(told.code, 3);
        assert!(told.stdout.contains(&format!("{file}:{wanted}:{}: ", found["column"])), "{told}");
        let refused = shell.run(&["policy", "set", &file, "--reason", "shorter cycles"]);
        assert_eq!(refused.code, 2, "{name}: {refused}");
        assert_eq!(refused.json()["error"]["id"], "policy.refused", "{refused}");
        assert!(refused.stdout.contains(&format!("line {wanted}, column")), "{refused}");
    }
    let missing = shell.run(&["policy", "check", "nowhere.toml"]);
    assert_eq!((missing.code, missing.json()["error"]["id"].as_str()), (1, Some("policy.file")), "{missing}");
    assert_eq!(shell.version(NOW), 1);
}

#[test]
fn a_right_file_is_the_next_version_from_its_day_on() {
    let desktop = Desktop::start();
    let crm = Crm::start(&desktop, NOW, ["--unlimited"]);
    let shell = Shell::start(&desktop, &crm);
    let file = shell.file("policy.toml", "decision = \"48 hours\"", "decision = \"2 business days\"");
    let checked = shell.run(&["policy", "check", &file]).done().json();
    assert_eq!(checked["problems"], Value::Array(Vec::new()));
    assert_eq!(checked["changes"][0]["key"], "clocks.decision", "{checked:#}");
    assert!(shell.said(&["policy", "check", &file]).done().stdout.contains("Nothing is wrong with it"));

    let without_reason = shell.said(&["policy", "set", &file]);
    assert_eq!(without_reason.code, 2, "{without_reason}");
    let words = ["policy", "set", &file, "--reason", "weekends do not count", "--effective", "2026-11-17"];
    let saved = shell.run(&words).done().json();
    assert_eq!((&saved["version"], &saved["in_force"]), (&2.into(), &false.into()), "{saved:#}");
    assert_eq!((shell.version(NOW), shell.version(TOMORROW)), (1.into(), 2.into()));
    let again = shell.run(&words);
    assert_eq!((again.code, again.json()["error"]["id"].as_str()), (2, Some("policy.same")), "{again}");
    let over = shell.run(&["policy", "set", &file, "--reason", "late", "--effective", "2026-11-15"]);
    assert_eq!((over.code, over.json()["error"]["id"].as_str()), (2, Some("policy.day")), "{over}");

    let versions = shell.said(&["policy", "show", "--versions"]).done().stdout;
    assert!(versions.contains("weekends do not count") && versions.contains("built in"), "{versions}");
    let document = shell.said(&["policy", "show", "--version", "2", "--document"]).done().stdout;
    assert!(document.contains("S-02") && document.contains("2 business days"), "{document}");
    let differs = shell.run(&["policy", "diff", "1", "2"]).done().json();
    assert_eq!((&differs[0]["before"], &differs[0]["after"]), (&"48 hours".into(), &"2 business days".into()));
    assert_eq!(shell.run(&["policy", "show", "--version", "9"]).code, 1);
}

#[test]
fn the_past_is_judged_by_another_file_and_by_its_own_nothing_differs() {
    let desktop = Desktop::start();
    let crm = Crm::start(&desktop, NOW, ["--unlimited"]);
    let shell = Shell::start(&desktop, &crm);
    let queue = shell.run(&["registrations", "list", "--limit", "200"]).done().json();
    let recommended =
        |id: &str| shell.run(&["registrations", "show", id]).done().json()["recommendation"]["act"].clone();
    let rows = queue["rows"].as_array().expect("rows");
    let fine = rows.iter().filter_map(|row| row["id"].as_str()).find(|id| recommended(id) == "approve");
    let fine = fine.expect("a claim that may be approved");
    shell.run(&["registrations", "decide", fine, "approve"]).done();
    let same = shell.file("same.toml", "version = 1", "version = 1");
    let other = shell.file("other.toml", "default_days = 90", "default_days = 60");
    let words = ["--since", "2026-11-01", "--until", "2026-11-16"];
    let replay = |file: &str| shell.run(&[&["policy", "replay", file][..], &words].concat()).done().json();
    let told = replay(&same);
    assert_eq!((&told["judged"], told["decisions"].as_array().map(Vec::len)), (&1.into(), Some(0)), "{told:#}");
    let told = replay(&other);
    assert_eq!(told["decisions"][0]["why"][0]["rule"], "R-06", "{told:#}");
    let said = shell.said(&["policy", "replay", &other]).done().stdout;
    assert!(said.contains("R-06 Protection: 90 days -> 60 days"), "{said}");
    let wrong = shell.run(&["policy", "replay", &same, "--since", "2026-11-16", "--until", "2026-11-01"]);
    assert_eq!((wrong.code, wrong.json()["error"]["id"].as_str()), (2, Some("replay.window")), "{wrong}");
}

#[test]
fn partners_get_the_rules_as_files_and_nothing_internal() {
    let desktop = Desktop::start();
    let crm = Crm::start(&desktop, NOW, ["--unlimited"]);
    let shell = Shell::start(&desktop, &crm);
    let printed = shell.said(&["policy", "publish"]).done().stdout;
    assert!(printed.starts_with("# Rules of engagement") && printed.contains("48 hours"), "{printed}");
    assert!(!printed.contains("discount band"), "what a partner is not told");
    let out = desktop.path("rules");
    let made = shell.run(&["policy", "publish", "--out", &out.to_string_lossy()]).done().json();
    let files = made["files"].as_array().expect("files");
    assert_eq!(files.len(), 2, "{made:#}");
    for file in files {
        let path = file["path"].as_str().expect("a path");
        let bytes = std::fs::read(path).expect("a file");
        let is_pdf = path.ends_with(".pdf");
        assert!(
            if is_pdf { bytes.starts_with(b"%PDF-") } else { bytes.starts_with(b"# Rules of engagement") },
            "{path}"
        );
    }
}
