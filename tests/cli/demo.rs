//! The demo leaves a pack that opens, minutes that read, and nothing else.

use calamine::{Reader, Xlsx, open_workbook};
use kit::binary::drumbeat;
use kit::display::{Desktop, Keyring};
use std::fs::{self, File};
use std::io::BufReader;
use std::path::Path;

#[test]
fn the_demo_on_hubspot_needs_no_keyring_and_leaves_files_that_open() {
    the_demo_needs_no_keyring_and_leaves_files_that_open("hubspot");
}

#[test]
fn the_demo_on_salesforce_needs_no_keyring_and_leaves_files_that_open() {
    the_demo_needs_no_keyring_and_leaves_files_that_open("salesforce");
}

fn the_demo_needs_no_keyring_and_leaves_files_that_open(crm: &str) {
    let desktop = Desktop::with(Keyring::Missing);
    let out = desktop.path("out");
    let words = ["--now", "2026-11-16T09:00:00Z", "demo", "--crm", crm, "--json", "--out", &out.to_string_lossy()];
    let did = drumbeat(&desktop).args(words).run().done().json();
    for count in ["registrations", "approved", "declined", "review_items", "review_logged"] {
        assert!(did[count].as_u64() > Some(0), "{count}: {did:#}");
    }
    assert!(did["pushed"]["pushed"].as_u64() > Some(0), "{did:#}");
    assert_eq!((did["pushed"]["waiting"].as_u64(), did["pushed"]["needs_you"].as_u64()), (Some(0), Some(0)), "{did:#}");

    let files: Vec<&Path> =
        did["files"].as_array().expect("files").iter().filter_map(|file| file.as_str()).map(Path::new).collect();
    let ending = |wanted: &str| {
        *files.iter().find(|path| path.extension().is_some_and(|found| found == wanted)).expect("a file")
    };
    let text =
        desktop.command("pdftotext").args(["-layout".as_ref(), ending("pdf").as_os_str(), "-".as_ref()]).output();
    let text = String::from_utf8(text.expect("pdftotext").stdout).expect("text");
    assert!(text.contains("2026Q3") || text.contains("Q3 2026"), "{text}");
    let mut book: Xlsx<BufReader<File>> = open_workbook(ending("xlsx")).expect("a workbook");
    let sheets = book.sheet_names();
    assert!(sheets.len() > 1, "{sheets:?}");
    let filled =
        sheets.iter().filter(|name| book.worksheet_range(name).is_ok_and(|cells| cells.used_cells().count() > 4));
    assert!(filled.count() > 1, "{sheets:?}");
    let minutes = fs::read_to_string(did["minutes"].as_str().expect("a path")).expect("minutes");
    assert!(minutes.starts_with("# ") && minutes.contains("## Decisions"), "{minutes}");

    assert_eq!(
        fs::read_dir(&out).expect("the folder").count(),
        files.len() + 1,
        "the pack, the minutes, and nothing else"
    );
    assert!(!desktop.path("data").join("drumbeat").exists(), "no workspace is left");
    let left = fs::read_dir(desktop.path("tmp")).expect("the temporary folder").count();
    assert_eq!(left, 0, "nothing temporary is left");
}
