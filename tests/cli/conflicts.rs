//! Channel conflicts at the shell: no registration is approved past one that is open, except by settling it in the same
//! act; another policy judges the open ones anew and says which verdicts have moved.

use crate::crm::Crm;
use kit::binary::{Answer, drumbeat};
use kit::display::Desktop;
use serde_json::Value;

const NOW: &str = "2026-11-20T09:00:00Z";

fn run(desktop: &Desktop, words: &[&str]) -> Answer {
    drumbeat(desktop).args(["--now", NOW, "--json"]).args(words).run()
}

fn synced(desktop: &Desktop) -> Crm<'_> {
    let crm = Crm::start(desktop, NOW, ["--seed", "7"]);
    crm.connect(NOW).done();
    run(desktop, &["provision", "--apply"]).done();
    run(desktop, &["sync"]).done();
    crm
}

fn rows(answer: &Value) -> Vec<Value> {
    answer["rows"].as_array().expect("rows").clone()
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

/// A registration that waits and whose partner the policy does not put first in its only channel conflict.
fn contested(desktop: &Desktop) -> (String, String) {
    let waiting = run(desktop, &["registrations", "list", "--limit", "500"]).done().json();
    let waiting: Vec<String> = rows(&waiting).iter().map(|row| text(&row["id"])).collect();
    let open = run(desktop, &["conflicts", "list", "--limit", "500"]).ends(3).json();
    let all: Vec<Value> =
        rows(&open).iter().map(|row| run(desktop, &["conflicts", "show", &text(&row["id"])]).done().json()).collect();
    let claims = |detail: &Value| -> Vec<(String, String)> {
        let sides = detail["sides"].as_array().expect("sides").clone();
        let of = |side: Value| {
            let party = side["party"]["partner"].as_str().unwrap_or("direct").to_owned();
            let claims = side["claims"].as_array().expect("claims").clone();
            claims.into_iter().map(move |claim| (text(&claim["id"]), party.clone())).collect::<Vec<_>>()
        };
        sides.into_iter().flat_map(of).collect()
    };
    for detail in &all {
        for (claim, party) in claims(detail) {
            let alone = all.iter().filter(|one| claims(one).iter().any(|(id, _)| *id == claim)).count() == 1;
            if alone && waiting.contains(&claim) && detail["verdict"]["first"] != party.as_str() {
                return (claim, text(&detail["row"]["id"]));
            }
        }
    }
    panic!("the sample has none");
}

#[test]
fn an_approval_says_what_is_open_and_settles_it_in_the_same_act_at_the_shell() {
    let desktop = Desktop::start();
    let _crm = synced(&desktop);
    let (claim, conflict) = contested(&desktop);
    let approve = |more: &[&str]| {
        let words = ["registrations", "decide", &claim, "approve"];
        run(&desktop, &words.iter().copied().chain(more.iter().copied()).collect::<Vec<_>>())
    };
    let refused = approve(&[]).ends(3);
    let told = refused.to_string();
    assert!(told.contains(&conflict), "it says what is open: {told}");
    assert!(told.contains("--settle") && told.contains("conflicts resolve"), "and how to go on: {told}");
    let how = format!("{conflict}:win");
    let wrong = approve(&["--settle", &how]).ends(2).to_string();
    assert!(wrong.contains("ID:award"), "{wrong}");
    let how = format!("{conflict}:award");
    assert_ne!(approve(&["--settle", &how]).code, 0, "against the policy's order it needs a reason");
    let done = approve(&["--settle", &how, "--reason", "they met the customer first"]).ends(0).json();
    assert!(text(&done["title"]).contains("awarded to"), "{done}");
}

#[test]
fn another_policy_judges_open_ones_anew_and_the_shell_says_which_verdicts_have_moved() {
    let desktop = Desktop::start();
    let _crm = synced(&desktop);
    let firsts = || -> Vec<(String, Value)> {
        let open = run(&desktop, &["conflicts", "list", "--limit", "500"]).ends(3).json();
        rows(&open).iter().map(|row| (text(&row["id"]), row["first"].clone())).collect()
    };
    let before = firsts();
    let text_of = run(&desktop, &["policy", "show"]).done().json();
    let policy = text(&text_of["text"]);
    let turned = policy
        .replace(
            "hierarchy = [\"registered\", \"incumbent\", \"certified\"]",
            "hierarchy = [\"certified\", \"incumbent\"]",
        )
        .replace(
            "who_wins = [\"first_qualified\", \"tier_priority\", \"first_meeting\"]",
            "who_wins = [\"tier_priority\", \"first_meeting\"]",
        );
    assert_ne!(policy, turned);
    let file = desktop.path("policy.toml");
    std::fs::write(&file, turned).expect("written");
    run(&desktop, &["policy", "set", file.to_str().expect("a path"), "--reason", "territories first"]).done();
    let done = run(&desktop, &["conflicts", "judge"]).done().json();
    let moved = done["moved"].as_array().expect("verdicts").clone();
    assert_eq!(done["turned"].as_u64(), Some(moved.len() as u64), "{done}");
    let after = firsts();
    assert_eq!(
        before.iter().map(|(id, _)| id).collect::<std::collections::BTreeSet<_>>(),
        after.iter().map(|(id, _)| id).collect::<std::collections::BTreeSet<_>>(),
        "none is raised, none is gone"
    );
    let differ: Vec<&String> = before
        .iter()
        .filter(|(id, first)| after.iter().any(|(other, now)| other == id && now != first))
        .map(|(id, _)| id)
        .collect();
    assert!(!differ.is_empty(), "the policy turns some");
    for id in &differ {
        let told = moved.iter().find(|one| one["conflict"] == id.as_str()).expect("it is told");
        assert!(text(&told["text"]).contains("under version 2 of the policy instead of 1"), "{told}");
    }
    assert_eq!(moved.len(), differ.len());
    let again = run(&desktop, &["conflicts", "moved"]).done().json();
    assert_eq!(again.as_array().map(Vec::len), Some(differ.len()), "{again}");
}
