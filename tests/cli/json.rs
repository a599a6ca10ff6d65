//! `--json` is one document on standard output, whatever the command, and its names are stable.

use crate::crm::Crm;
use kit::binary::drumbeat;
use kit::display::Desktop;
use serde_json::Value;

const NOW: &str = "2026-11-16T09:00:00Z";

#[test]
fn every_command_that_prints_answers_one_document() {
    let desktop = Desktop::start();
    let crm = Crm::start(&desktop, NOW, ["--unlimited"]);
    let run = |words: &[&str]| drumbeat(&desktop).args(words).args(["--now", NOW, "--json"]).run();
    named(&crm.connect(NOW).done().json(), &["account", "mapping"]);
    let (sync, status) = (&["sync"][..], &["status"][..]);
    for (words, names) in [
        (&["provision"][..], &["items", "missing"][..]),
        (&["provision", "--apply"], &["items", "missing"]),
        (sync, &["read", "changed", "pushed", "waiting", "needs_you", "requests", "retries", "bytes", "seconds"]),
        (&["sync", "--pull-only"], &["read"]),
        (&["sync", "--push-only"], &["pushed"]),
        (status, &["name", "pending", "last_sync", "counts", "next_sla"]),
        (&["registrations", "list"], &["rows", "total"]),
        (&["registrations", "list", "--show", "decided", "--scope", "mine"], &["rows", "total"]),
        (&["deals", "list", "--outcome", "open", "--text", "a"], &["rows", "total"]),
        (&["partners", "list"], &["rows", "total"]),
        (&["review", "start"], &["items", "started_at"]),
        (&["review", "agenda"], &["items"]),
        (&["review", "clear"], &["items"]),
        (&["review", "finish"], &["markdown", "queued"]),
        (&["audit", "verify"], &["intact", "entries", "head"]),
        (&["audit", "list", "--limit", "3"], &["rows"]),
    ] {
        named(&run(words).done().json(), names);
    }
    assert!(run(&["doctor"]).done().json().as_array().is_some_and(|findings| findings.len() > 5));

    let first = |list: &str| run(&[list, "list"]).done().json()["rows"][0]["id"].as_str().expect("an id").to_owned();
    let (claim, partner) = (first("registrations"), first("partners"));
    // What partner deals must have is on them alone, open ones.
    let open = run(&["deals", "list", "--outcome", "open", "--limit", "200"]).done().json();
    let with_partner = open["rows"].as_array().and_then(|rows| rows.iter().find(|row| row["partner"].is_string()));
    let deal = with_partner.and_then(|row| row["id"].as_str()).expect("an open partner deal").to_owned();
    let out = desktop.path("packs");
    for (words, names) in [
        (&["registrations", "show", &claim][..], &["row", "checks", "claim"][..]),
        (&["registrations", "decide", &claim, "claim"], &["decision", "title"]),
        (&["registrations", "decide", &claim, "ask", "--question", "Which site?"], &["decision", "title"]),
        (&["deals", "show", &deal], &["row", "fields"]),
        (&["deals", "edit", &deal, "--set", "next_step=Call", "--reason", "agreed"], &["decision", "title"]),
        (&["partners", "show", &partner], &["row", "hygiene"]),
        (&["partners", "call-sheet", &partner], &["name", "they_owe", "we_owe"]),
        (
            &["qbr", "--partner", &partner, "--quarter", "2026Q3", "--format", "xlsx", "--out", &out.to_string_lossy()],
            &["files", "partner_name"],
        ),
    ] {
        named(&run(words).done().json(), names);
    }
    let taken_back = run(&["registrations", "decide", &claim, "undo"]).done().json();
    assert!(taken_back.is_null() || taken_back.is_object());
    named(&run(&["deals", "show", "1"]).json(), &["error"]);
}

/// The document has these names, and its times and amounts look as promised.
fn named(document: &Value, names: &[&str]) {
    for name in names {
        assert!(document.get(name).is_some(), "no {name} in {document:#}");
    }
    shaped(document);
}

/// Times are RFC 3339 in UTC, money is text with a currency: neither is ever a bare number.
fn shaped(value: &Value) {
    match value {
        Value::Object(parts) => {
            // In a mapping the names are fields and the texts the CRM's names for them.
            for (name, part) in parts.iter().filter(|(name, _)| *name != "mapping") {
                if name.ends_with("_at") && part.is_string() {
                    let text = part.as_str().unwrap_or_default();
                    assert!(chrono::DateTime::parse_from_rfc3339(text).is_ok(), "{name}: {text}");
                }
                if name == "amount" && !part.is_null() {
                    let money = part["amount"].is_string() && part["currency"].is_string();
                    assert!(money || part.is_string(), "{name}: {part}");
                }
                shaped(part);
            }
        }
        Value::Array(parts) => parts.iter().for_each(shaped),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
