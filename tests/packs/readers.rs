//! A deck and a workbook as other people's programs find them: python-pptx and openpyxl.

use super::{QUARTER, id, pack, planted, rows, run};
use kit::display::Desktop;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// What a spreadsheet would compute, or fetch, if it were let (each is a deal's name here).
const FORMULAS: [&str; 6] = [
    "=HYPERLINK(\"http://x.example\",\"click\")",
    "+1+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "\u{ff1d}1+1",
];

fn ending<'a>(files: &'a [PathBuf], ending: &str) -> &'a Path {
    files.iter().find(|file| file.extension().is_some_and(|is| is == ending)).expect("the file")
}

fn numbers(values: &Value) -> Vec<f64> {
    values.as_array().expect("values").iter().map(|value| value.as_f64().unwrap_or(0.0)).collect()
}

fn texts(values: &Value) -> Vec<String> {
    values.as_array().expect("texts").iter().filter_map(|text| text.as_str().map(str::to_owned)).collect()
}

#[test]
fn python_pptx_and_openpyxl_find_findings_native_charts_with_their_workbooks_and_nothing_that_computes() {
    let desktop = Desktop::start();
    let (crm, partner) = planted(&desktop);
    let of = |partner: &str| rows(&desktop, &["deals", "list", "--partner", partner, "--limit", "50"]);
    for (deal, name) in of(&partner).iter().zip(FORMULAS) {
        crm.edit("deals", &id(deal), &json!({ "dealname": name }));
    }
    run(&desktop, &["sync", "--full"]).done();
    run(&desktop, &["brand", "--accent", "#0a5c36", "--font", "Georgia"]).done();
    let files = pack(&desktop, &partner, "internal");
    let found = kit::python::python(include_str!("readers.py"), [ending(&files, "pptx"), ending(&files, "xlsx")]);

    // The deck: a finding on every slide, layouts of its own, the vendor's colours and letters in the theme.
    let deck = &found["deck"];
    let slides = deck["slides"].as_array().expect("slides");
    let titles: Vec<&str> = slides.iter().map(|slide| slide["title"].as_str().expect("a title")).collect();
    assert!(slides.len() > 12 && titles.iter().all(|title| !title.trim().is_empty()), "{titles:?}");
    let request = ["--partner", &partner, "--quarter", QUARTER, "--edition", "internal", "--format", "html", "--out"];
    let out = desktop.path("again").to_string_lossy().into_owned();
    let made = run(&desktop, &[&["qbr"], &request[..], &[&out]].concat()).done().json();
    for section in made["sections"].as_array().expect("sections").iter().skip(1) {
        let finding = section["title"].as_str().expect("a finding");
        assert!(titles.contains(&finding) || finding.chars().count() > 96, "{finding} is on no slide: {titles:?}");
    }
    let layouts: std::collections::BTreeSet<&str> =
        slides.iter().filter_map(|slide| slide["layout"].as_str()).collect();
    assert!(layouts.len() >= 3, "{layouts:?}");
    assert_eq!(deck["colours"]["accent1"], "0A5C36");
    assert!(texts(&deck["fonts"]).contains(&"Georgia".to_owned()), "{}", deck["fonts"]);
    assert!((deck["wide"].as_f64().expect("a ratio") - 16.0 / 9.0).abs() < 0.001);
    for slide in slides {
        let rows = slide["rows"].as_array().expect("rows").iter().filter_map(Value::as_u64).max().unwrap_or(0);
        assert!(rows <= 9, "eight rows and the head: {slide}");
        let is_definition = slide["title"] == "What the numbers mean";
        assert!(is_definition || slide["smallest"].as_f64().is_none_or(|size| size >= 14.0), "{slide}");
    }
    let board =
        slides.iter().find(|slide| slide["notes"].as_str().is_some_and(|notes| notes.contains("Win rate: won of")));
    assert!(board.is_some(), "the scoreboard's definitions are in its notes");

    // Charts are native, with a workbook inside that has their values; those of bookings are the pack's own.
    let charts: Vec<&Value> = slides.iter().flat_map(|slide| slide["charts"].as_array().expect("charts")).collect();
    assert!(charts.len() >= 3, "bookings, pipeline, movement");
    for chart in &charts {
        let book = chart["book"].as_array().expect("rows");
        for (at, series) in (1..).zip(chart["series"].as_array().expect("series")) {
            let inside: Vec<f64> = book.iter().skip(1).map(|row| row[at].as_f64().unwrap_or(0.0)).collect();
            assert_eq!(inside, numbers(&series["values"]), "{series}");
        }
    }
    let sheets = found["book"].as_array().expect("sheets");
    let sheet = |name: &str| sheets.iter().find(|sheet| sheet["name"] == name).unwrap_or_else(|| panic!("no {name}"));
    let bookings = sheet("Bookings")["table"].as_array().expect("a table");
    let column = |at: usize| -> Vec<f64> {
        bookings.iter().skip(1).take(6).map(|row| row[at].as_f64().unwrap_or(0.0)).collect()
    };
    let of_series = |name: &str| {
        let all = charts.iter().flat_map(|chart| chart["series"].as_array().expect("series"));
        all.into_iter().find(|series| series["name"] == name).map(|series| numbers(&series["values"]))
    };
    assert_eq!(of_series("Sourced"), Some(column(1)));
    assert_eq!(of_series("Influenced"), Some(column(2)));
    assert!(column(1).iter().sum::<f64>() > 0.0, "there is something to compare");

    // The workbook: sheets by name, heads that stay, formats of their own, charts, and text that never computes.
    for name in ["Summary", "Scoreboard", "Pipeline", "Movement", "Service", "Channel conflicts", "Stance", "Deals"] {
        sheet(name);
    }
    assert_eq!(sheet("Deals")["frozen"], "B5");
    assert!(sheet("Bookings")["charts"].as_u64() >= Some(1) && sheet("Movement")["charts"].as_u64() >= Some(1));
    let formats = texts(&sheet("Deals")["formats"]);
    assert!(
        formats.iter().any(|format| format.contains("#,##0")) && formats.contains(&"yyyy-mm-dd".to_owned()),
        "{formats:?}"
    );
    let computing: Vec<&Value> = sheets.iter().filter(|sheet| sheet["computes"] != json!([])).collect();
    assert!(computing.is_empty(), "{computing:?}");
    let names = texts(&sheet("Deals")["texts"]);
    let kept = FORMULAS.iter().filter(|name| names.iter().any(|text| text.trim() == name.trim())).count();
    assert!(kept >= 4, "the names are there, as text: {names:?}");
}
