//! Packs as files: they open in the programs that partners have, and the partner edition holds
//! nothing that a partner may not see, in no part of any file.
//!
//! Canaries are planted in the CRM, as somebody there would type them: in internal fields of the
//! partner's own deals, and in the name of another partner's deal. The finished files are then taken
//! apart with tools that know nothing of Drumbeat: every part of slides and workbook, the text and
//! the raw bytes of the PDF, the page. That the planting worked is shown by the internal edition, which holds them.

#[path = "../cli/crm.rs"]
mod crm;
mod readers;

use calamine::{Reader, Xlsx, open_workbook};
use crm::Crm;
use kit::binary::{Answer, drumbeat};
use kit::display::Desktop;
use serde_json::{Value, json};
use std::fs::{self, File};
use std::io::{BufReader, Cursor, Read};
use std::path::{Path, PathBuf};

const NOW: &str = "2026-11-16T09:00:00Z";
const QUARTER: &str = "2026Q4";

/// What is typed into internal fields. Long enough to be no word of any report, in one piece each.
const NOTES: &str = "canarynotesquillfeather";
const CONFLICT: &str = "canaryconflictmarzipan";
const OTHERS: &str = "canaryotherspartnersdeal";
/// What a partner may see.
const STEP: &str = "canarystepforbothofus";

fn run(desktop: &Desktop, words: &[&str]) -> Answer {
    drumbeat(desktop).args(["--now", NOW, "--json"]).args(words).run()
}

fn rows(desktop: &Desktop, words: &[&str]) -> Vec<Value> {
    run(desktop, words).done().json()["rows"].as_array().expect("rows").clone()
}

fn id(row: &Value) -> String {
    row["id"].as_str().expect("an id").to_owned()
}

/// A workspace with canaries in it and its CRM, and the partner whose deals hold them.
fn planted(desktop: &Desktop) -> (Crm<'_>, String) {
    let crm = Crm::start(desktop, NOW, ["--unlimited"]);
    crm.connect(NOW).done();
    run(desktop, &["provision", "--apply"]).done();
    run(desktop, &["sync"]).done();
    let mut partners = rows(desktop, &["partners", "list"]);
    partners.sort_by_key(|row| std::cmp::Reverse(row["open_deals"].as_u64()));
    let of = |at: usize| {
        rows(desktop, &["deals", "list", "--outcome", "open", "--partner", &id(&partners[at]), "--limit", "5"])
    };
    for deal in of(0) {
        let properties = json!({
            "stage_notes": NOTES, "stage_notes_at": NOW, "channel_conflict_notes": CONFLICT, "hs_next_step": STEP, "next_step_due": "2026-11-20",
        });
        crm.edit("deals", &id(&deal), &properties);
    }
    crm.edit("deals", &id(&of(1)[0]), &json!({ "dealname": OTHERS }));
    run(desktop, &["sync", "--full"]).done();
    let partner = id(&partners[0]);
    (crm, partner)
}

/// The files of a pack, by their ending.
fn pack(desktop: &Desktop, partner: &str, edition: &str) -> Vec<PathBuf> {
    let out = desktop.path(edition);
    let words = [
        "qbr",
        "--partner",
        partner,
        "--quarter",
        QUARTER,
        "--edition",
        edition,
        "--format",
        "pptx,pdf,xlsx,html",
        "--out",
    ];
    let made = run(desktop, &[&words[..], &[&out.to_string_lossy()]].concat()).done().json();
    let files: Vec<PathBuf> = made["files"]
        .as_array()
        .expect("files")
        .iter()
        .filter_map(|file| file["path"].as_str())
        .map(PathBuf::from)
        .collect();
    assert_eq!(fs::read_dir(&out).expect("the folder").count(), files.len(), "nothing but the files named");
    files
}

/// Everything that is in a file, part by part, as a stranger finds it.
fn parts(desktop: &Desktop, file: &Path) -> Vec<(String, String)> {
    let raw = fs::read(file).expect("the file");
    let mut all = vec![("raw bytes".to_owned(), String::from_utf8_lossy(&raw).into_owned())];
    let ending = file.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    if ending == "xlsx" || ending == "pptx" {
        unpacked(&raw, &mut all);
    }
    if ending != "pdf" {
        return all;
    }
    for (tool, words) in [("pdftotext", vec!["-layout"]), ("pdftotext", vec!["-raw"]), ("pdfinfo", vec![])] {
        let mut command = desktop.command(tool);
        command.args(words).arg(file);
        if tool == "pdftotext" {
            command.arg("-");
        }
        let said = command.output().unwrap_or_else(|why| panic!("{tool}: {why}"));
        assert!(said.status.success(), "{tool} reads {}", file.display());
        all.push((tool.to_owned(), String::from_utf8_lossy(&said.stdout).into_owned()));
    }
    all
}

/// Every part of an archive, those of the workbooks inside charts as well.
fn unpacked(archive: &[u8], all: &mut Vec<(String, String)>) {
    let mut archive = zip::ZipArchive::new(Cursor::new(archive)).expect("an archive");
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).expect("a part");
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).expect("the part is whole");
        if bytes.starts_with(b"PK") {
            unpacked(&bytes, all);
        }
        all.push((part.name().expect("a name").into_owned(), String::from_utf8_lossy(&bytes).into_owned()));
    }
}

/// Lower case, letters and digits only: a value that is broken over lines or grouped is found too.
fn squeeze(text: &str) -> String {
    text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn holds(parts: &[(String, String)], value: &str) -> Option<String> {
    parts.iter().find(|(_, text)| squeeze(text).contains(value)).map(|(place, _)| place.clone())
}

#[test]
fn the_partner_edition_holds_no_internal_value_in_any_part_of_any_file() {
    let desktop = Desktop::start();
    let (_crm, partner) = planted(&desktop);
    let internal: Vec<_> = pack(&desktop, &partner, "internal").iter().flat_map(|file| parts(&desktop, file)).collect();
    assert!(holds(&internal, NOTES).is_some(), "the canaries were planted");

    let files = pack(&desktop, &partner, "partner");
    assert_eq!(files.len(), 4, "slides, a PDF, a workbook, a page: {files:?}");
    for file in &files {
        let parts = parts(&desktop, file);
        for canary in [NOTES, CONFLICT, OTHERS] {
            let found = holds(&parts, canary);
            assert_eq!(found, None, "{canary} is in {}", file.display());
        }
    }
    let partner_edition: Vec<_> = files.iter().flat_map(|file| parts(&desktop, file)).collect();
    assert!(holds(&partner_edition, STEP).is_some(), "what the partner may see is there");
}

#[test]
fn a_pack_opens_in_other_programs_and_is_the_same_again() {
    let desktop = Desktop::start();
    let (_crm, partner) = planted(&desktop);
    let edition = "partner";
    let files = pack(&desktop, &partner, edition);
    let first: Vec<Vec<u8>> = files.iter().map(|file| fs::read(file).expect("the file")).collect();
    for file in &files {
        if file.extension().is_some_and(|ending| ending == "xlsx") {
            let mut book: Xlsx<BufReader<File>> = open_workbook(file).expect("a workbook");
            let sheets = book.sheet_names();
            assert!(sheets.len() > 1, "{edition}: {sheets:?}");
            for sheet in &sheets {
                book.worksheet_range(sheet).unwrap_or_else(|why| panic!("{edition}: {sheet}: {why}"));
            }
        }
        if file.extension().is_some_and(|ending| ending == "xlsx" || ending == "pptx") {
            converts(&desktop, file);
        }
    }
    fs::write(desktop.path(edition).join("left.pdf.drumbeat-partial"), "half").expect("a leftover");
    let again: Vec<Vec<u8>> =
        pack(&desktop, &partner, edition).iter().map(|file| fs::read(file).expect("the file")).collect();
    assert!(first == again, "{edition}: the same facts give the same bytes, and leftovers are swept");
}

/// LibreOffice reads the workbook and makes pages of it.
fn converts(desktop: &Desktop, file: &Path) {
    let out = desktop.path("converted");
    let mut office = desktop.command("soffice");
    office.args(["--headless", "--convert-to", "pdf", "--outdir"]).arg(&out).arg(file);
    let said = office.output().expect("soffice is installed");
    let made =
        out.read_dir().map(|all| all.flatten().map(|entry| entry.path()).collect::<Vec<_>>()).unwrap_or_default();
    assert!(made.iter().any(|path| path.metadata().is_ok_and(|file| file.len() > 1000)), "{made:?} {said:?}");
    fs::remove_dir_all(&out).expect("the pages are removed");
}

fn names(desktop: &Desktop, folder: &str) -> Vec<String> {
    let mut all: Vec<String> = fs::read_dir(desktop.path(folder))
        .expect("the folder")
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    all.sort();
    all
}

#[test]
fn all_partners_have_their_files_an_index_names_them_and_a_second_run_goes_on_where_it_was() {
    let desktop = Desktop::start();
    let _crm = planted(&desktop);
    let out = desktop.path("all").to_string_lossy().into_owned();
    let words = ["qbr", "--all", "--quarter", QUARTER, "--format", "xlsx,html", "--out", &out];
    let done = run(&desktop, &words).done().json();
    let partners = rows(&desktop, &["partners", "list"]).len() as u64;
    assert_eq!((done["made"].as_u64(), done["kept"].as_u64()), (Some(partners), Some(0)), "{done:#}");
    let files = names(&desktop, "all");
    assert_eq!(files.len() as u64, 2 * partners + 2, "two files each and the index, for people and for the next run");
    let index = fs::read_to_string(done["index"].as_str().expect("an index")).expect("it can be read");
    assert_eq!(index.matches("<tr><td").count() as u64, partners);

    // What is gone is made again, what is there stays as it was.
    let gone = files.iter().find(|name| name.ends_with("partner.xlsx")).expect("a workbook");
    fs::remove_file(desktop.path("all").join(gone)).expect("it was there");
    let done = run(&desktop, &words).done().json();
    assert_eq!((done["made"].as_u64(), done["kept"].as_u64()), (Some(1), Some(partners - 1)), "{done:#}");
    assert_eq!(names(&desktop, "all"), files);

    let out = desktop.path("status").to_string_lossy().into_owned();
    let done = run(&desktop, &["qbr", "--all", "--status", "--quarter", QUARTER, "--out", &out]).done().json();
    assert_eq!(done["made"].as_u64(), Some(partners), "{done:#}");
    for name in names(&desktop, "status").iter().filter(|name| name.ends_with(".pdf")) {
        let parts = parts(&desktop, &desktop.path("status").join(name));
        assert!([NOTES, CONFLICT].iter().all(|canary| holds(&parts, canary).is_none()), "{name}");
        assert!(parts.iter().any(|(_, text)| text.contains("Pages:           1\n")), "{name} is one page");
    }

    let out = desktop.path("program").to_string_lossy().into_owned();
    let made =
        run(&desktop, &["qbr", "--program", "--quarter", QUARTER, "--format", "pptx", "--out", &out]).done().json();
    assert_eq!(made["edition"], "internal", "{made:#}");
    let deck = desktop.path("program").join(format!("Partner program QBR {QUARTER} internal.pptx"));
    assert!(holds(&parts(&desktop, &deck), "partnersbybookings").is_some(), "the ranking is in it");
}

#[test]
fn a_share_says_first_what_it_holds_then_has_audience_last_day_and_mark_and_is_logged() {
    let desktop = Desktop::start();
    let (crm, partner) = planted(&desktop);
    let deals = rows(&desktop, &["deals", "list", "--outcome", "open", "--partner", &partner, "--limit", "2"]);
    let formula = "=HYPERLINK(\"http://x.example\",\"click\")";
    crm.edit("deals", &id(&deals[0]), &json!({ "dealname": formula }));
    run(&desktop, &["sync", "--full"]).done();
    let out = desktop.path("share");
    let preview = run(&desktop, &["share", "--partner", &partner, "--preview"]).done().json();
    assert!(!out.exists(), "nothing is written before it is said what would be");
    let withheld = preview["withheld"].as_array().expect("what is left out");
    assert!(withheld.iter().any(|field| field == "Stage notes") && preview["sections"][0]["rows"].as_u64() > Some(0));
    let folder = out.to_string_lossy().into_owned();
    let asked = ["share", "--partner", &partner, "--out", &folder, "--expires"];
    let refused = run(&desktop, &[&asked[..], &["2026-11-15"]].concat());
    assert_eq!(refused.code, 2, "{refused}");
    assert!(!out.exists(), "a share that is over is not written");

    let made = run(&desktop, &[&asked[..], &["2026-12-31"]].concat()).done().json();
    assert_eq!(names(&desktop, "share").len(), 3, "a page, lines, a workbook: {made:#}");
    let mark = made["contents"]["mark"].as_str().expect("a mark");
    for file in made["files"].as_array().expect("files") {
        let path = PathBuf::from(file["path"].as_str().expect("a path"));
        let parts = parts(&desktop, &path);
        for canary in [NOTES, CONFLICT, OTHERS] {
            assert_eq!(holds(&parts, canary), None, "{canary} is in {}", path.display());
        }
        for said in [&squeeze(mark), STEP, "validuntil"] {
            assert!(holds(&parts, said).is_some(), "{said} is not in {}", path.display());
        }
        let until = ["20261231", "31dec2026"].iter().any(|day| holds(&parts, day).is_some());
        assert!(until, "its last day is not in {}", path.display());
    }
    let csv = names(&desktop, "share").into_iter().find(|name| name.ends_with(".csv")).expect("lines");
    let text = fs::read_to_string(out.join(csv)).expect("lines");
    assert!(text.contains("\"'=HYPERLINK(\"\"http"), "a formula is text: {text}");
    let trail = run(&desktop, &["audit", "list", "--limit", "50"]).done().json();
    let shares: Vec<&Value> =
        trail["rows"].as_array().expect("rows").iter().filter(|entry| entry["act"] == "share").collect();
    assert_eq!(shares.len(), 1, "looking at it and being refused are not shares: {trail:#}");
    let known = shares[0]["facts"].as_str().is_some_and(|facts| facts.contains(mark));
    assert!(known && shares[0].to_string().contains("31 Dec 2026"), "{}", shares[0]);
}
