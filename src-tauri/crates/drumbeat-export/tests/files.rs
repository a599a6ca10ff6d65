//! The finished files, read by programs that did not write them.
#![allow(clippy::unwrap_used)]

mod common;

use std::io::{Cursor, Read};
use std::path::Path;
use std::process::Command;

use calamine::{Data, Reader, Xlsx};
use common::*;
use drumbeat_export::*;
use drumbeat_model::crm::Outcome;
use drumbeat_model::pack::PackFormat::{self, Html, Pdf, Pptx, Xlsx as Excel};

fn run(program: &str, args: &[&str]) -> String {
    let out = Command::new(program).args(args).output().unwrap_or_else(|error| panic!("{program}: {error}"));
    assert!(out.status.success(), "{program}: {}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8_lossy(&out.stdout).into_owned()
}

fn pdf_text(bytes: &[u8]) -> String {
    let dir = tempfile::tempdir().unwrap();
    let path = save(bytes, dir.path(), "pack.pdf").unwrap();
    run("pdftotext", &["-layout", path.to_str().unwrap(), "-"])
}

/// Every part of an archive with its name, archives inside it opened as well.
fn inside(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut all = Vec::new();
    for i in 0..zip.len() {
        let mut part = zip.by_index(i).unwrap();
        let name = part.name().unwrap().into_owned();
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).unwrap();
        if bytes.starts_with(b"PK") {
            all.extend(inside(&bytes));
        }
        all.push((name, bytes));
    }
    all
}

fn unzipped(bytes: &[u8]) -> String {
    inside(bytes).into_iter().map(|(_, x)| String::from_utf8_lossy(&x).into_owned()).collect()
}

/// Facts with a canary in every field that no safelist of a partner has.
fn with_canaries() -> (PackFacts, Vec<String>) {
    let mut facts = full();
    let mut canaries = Vec::new();
    for (i, deal) in facts.deals.iter_mut().enumerate() {
        for (field, kind) in
            [(&mut deal.stage_notes, "NOTES"), (&mut deal.discount, "DISCOUNT"), (&mut deal.owner, "OWNER")]
        {
            let canary = format!("CANARY{kind}{i:03}X");
            *field = Some(format!("{canary} and more"));
            canaries.push(canary);
        }
    }
    facts.program.as_mut().unwrap().direct_win_rate = Some("77.31".parse().unwrap());
    facts.program.as_mut().unwrap().direct_cycle_days = Some(98_765);
    canaries.extend(["98765".to_owned(), "98,765".to_owned()]);
    (facts, canaries)
}

#[test]
fn no_internal_value_is_in_the_partner_edition_and_every_one_is_in_the_internal() {
    let (facts, canaries) = with_canaries();
    let internal = build_internal(&facts);
    let partner = partner_pack(facts);
    let book = write(&partner, Excel).unwrap();
    let pages = write(&partner, Pdf).unwrap();
    let (in_book, in_pages) = (unzipped(&book), pdf_text(&pages));
    let (slides, page) = (write(&partner, Pptx).unwrap(), write(&partner, Html).unwrap());
    let (in_slides, in_page) = (unzipped(&slides), String::from_utf8(page.clone()).unwrap());
    for canary in &canaries {
        assert!(!in_book.contains(canary), "{canary} is in the workbook");
        assert!(!in_pages.contains(canary), "{canary} is in the PDF");
        assert!(!in_slides.contains(canary), "{canary} is in the slides");
        assert!(!in_page.contains(canary), "{canary} is in the page");
    }
    assert_eq!(scan(&book, Excel, &canaries), []);
    assert_eq!(scan(&pages, Pdf, &canaries), []);
    assert_eq!(scan(&slides, Pptx, &canaries), []);
    assert_eq!(scan(&page, Html, &canaries), []);
    // The same search does find them where they belong, so it is able to.
    let book = write(&internal, Excel).unwrap();
    let found = scan(&book, Excel, &canaries);
    for canary in canaries.iter().filter(|x| x.starts_with("CANARY")) {
        assert!(found.iter().any(|x| &x.value == canary), "{canary} is not found in the internal workbook");
    }
}

#[test]
fn what_the_filter_took_is_what_the_scanner_looks_for() {
    let (mut facts, _) = with_canaries();
    // A name that a partner may see anyway is not a leak.
    facts.deals[0].owner = Some(facts.prepared_by.clone());
    let safe = partner_safe(facts.clone(), &usual(), &partner()).unwrap();
    let wanted = forbidden(&facts, &safe);
    assert!(
        wanted.iter().any(|x| x.starts_with("CANARYNOTES000X"))
            && wanted.iter().any(|x| x.starts_with("CANARYOWNER001X"))
    );
    assert!(!wanted.contains(&facts.prepared_by) && !wanted.contains(&"Sørkyst Energi".to_owned()));
    let pack = build_partner(&safe);
    for format in PackFormat::ALL {
        assert_eq!(scan(&write(&pack, *format).unwrap(), *format, &wanted), [], "{format:?}");
    }
    let leaked = build_internal(&facts);
    assert!(!scan(&write(&leaked, Excel).unwrap(), Excel, &wanted).is_empty());
}

#[test]
fn the_scanner_reads_the_text_of_pages_titles_and_properties() {
    let pack = partner_pack(full());
    for (format, values) in [
        (
            Pdf,
            vec![
                "Sørkyst Energi",
                "Łódź Transport & Co",
                "342,000",
                "Mara Lindqvist",
                "QBR pack, Fjellvind",
                "Workshop in Bergen on the port interface",
            ],
        ),
        (
            Excel,
            vec![
                "Sørkyst Energi",
                "Łódź Transport & Co",
                "198500.5",
                "Mara Lindqvist",
                "Workshop in Bergen on the port interface",
            ],
        ),
    ] {
        let bytes = write(&pack, format).unwrap();
        for value in values {
            let leaks = scan(&bytes, format, &[value.to_owned()]);
            assert!(!leaks.is_empty(), "{value} is not found in {format:?}");
        }
        assert_eq!(scan(&bytes, format, &["Somebody Else GmbH".to_owned(), "abc".to_owned()]), []);
    }
    for (value, format, place) in [
        ("Services: Solution Design", Pptx, "ppt/embeddings/chart2.xlsx/xl/sharedStrings.xml"),
        ("Services: Solution Design", Pptx, "ppt/charts/chart2.xml"),
        ("Łódź Transport & Co", Pptx, "ppt/slides/slide2.xml"),
        ("Win rate: won of won and lost", Pptx, "ppt/notesSlides/notesSlide4.xml"),
        ("Mara Lindqvist", Pptx, "docProps/core.xml"),
        ("Łódź Transport & Co", Html, "page"),
        ("Win rate: won of won and lost", Html, "page"),
    ] {
        let leaks = scan(&write(&pack, format).unwrap(), format, &[value.to_owned()]);
        assert!(leaks.iter().any(|x| x.place == place), "{value} is not found in {place}: {leaks:?}");
    }
    assert_eq!(scan(b"not a zip", Excel, &[]).len(), 1);
}

#[test]
fn the_same_facts_give_the_same_bytes() {
    for format in PackFormat::ALL {
        let one = write(&build_internal(&full()), *format).unwrap();
        let two = write(&build_internal(&full()), *format).unwrap();
        assert!(one == two, "{format:?}");
    }
}

#[test]
fn the_pdf_is_wide_and_says_who_when_and_which_page() {
    let bytes = write(&partner_pack(full()), Pdf).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let path = save(&bytes, dir.path(), "pack.pdf").unwrap();
    let info = run("pdfinfo", &[path.to_str().unwrap()]);
    for line in ["QBR pack, Fjellvind Systems, Q3 2026", "Mara Lindqvist", "960 x 540"] {
        assert!(info.contains(line), "{info}");
    }
    let fonts = run("pdffonts", &[path.to_str().unwrap()]);
    assert!(fonts.contains("Inter") && !fonts.contains(" no  "), "{fonts}");
    let text = pdf_text(&bytes);
    for line in [
        "For Fjellvind Systems, partner edition. Confidential.",
        "Data as of 5 Oct 2026, 04:40 UTC",
        "1 of 18",
        "€270 k sourced in Q3 2026, down 41 % on Q2",
    ] {
        assert!(text.contains(line), "{line}");
    }
}

#[test]
fn every_file_says_when_the_crm_was_read_and_counts_its_days_from_the_clock() {
    let said = "Data as of 20 Sep 2026, 08:30 UTC";
    let facts = PackFacts { read_at: "2026-09-20T08:30:00Z".parse().unwrap(), ..full() };
    let on_time = build_internal(&full());
    for pack in [build_internal(&facts), partner_pack(facts.clone())] {
        let pages = pdf_text(&write(&pack, Pdf).unwrap());
        for page in pages.split('\u{c}').filter(|x| !x.trim().is_empty()) {
            assert!(page.contains(said), "{page}");
        }
        let page = String::from_utf8(write(&pack, Html).unwrap()).unwrap();
        assert!(page.contains(said), "{page}");
        for (name, bytes) in inside(&write(&pack, Pptx).unwrap()) {
            let text = String::from_utf8_lossy(&bytes);
            assert!(!name.starts_with("ppt/slides/slide") || text.contains(said), "{name}: {text}");
        }
        for (name, bytes) in inside(&write(&pack, Excel).unwrap()) {
            let text = String::from_utf8_lossy(&bytes);
            assert!(!name.starts_with("xl/worksheets/sheet") || text.contains(said), "{name}: {text}");
        }
        // Days are counted from the clock: nothing else reads otherwise.
        for key in ["summary", "commitments", "enablement", "stuck"] {
            assert_eq!(pack.section(key).unwrap().title, on_time.section(key).unwrap().title);
        }
        assert_eq!(pack.preview(&[]).as_of, facts.read_at);
    }
    let safe = partner_safe(facts, &usual(), &partner()).unwrap();
    assert!(status(&safe).markdown().contains(said));
    let share = build_share(&safe, Shared { until: day("2026-11-04"), mark: "mark".to_owned() });
    assert!(String::from_utf8(write(&share, Html).unwrap()).unwrap().contains(said));
    assert!(unzipped(&write(&share, Excel).unwrap()).contains(said));
    let lines = String::from_utf8(lines(&share)).unwrap();
    assert!(
        lines.lines().skip(1).all(|x| x.contains("2026-09-20T08:30:00Z") || x.contains("\"Data as of\"")),
        "{lines}"
    );
}

#[test]
fn text_that_looks_like_markup_is_text() {
    let mut facts = full();
    let nasty = "#panic(\"x\") $y$ *b* [c] @d <e> \\f `g`";
    facts.deals[0].account = Some(nasty.to_owned());
    facts.deals[0].lost_reason = Some("\u{202e}fdp.exe\u{0}\u{7}".to_owned());
    facts.partner_name = "#import \"/etc/passwd\" _x_ & Sons".to_owned();
    let text = pdf_text(&write(&build_internal(&facts), Pdf).unwrap());
    assert!(text.contains("#panic(\"x\") $y$ *b* [c] @d"), "{text}");
    assert!(text.contains("#import \"/etc/passwd\" _x_ & Sons"));
    write(&build_internal(&facts), Excel).unwrap();
    let page = String::from_utf8(write(&build_internal(&facts), Html).unwrap()).unwrap();
    assert!(page.contains("@d &lt;e&gt; \\f") && !page.contains("<e>") && !page.contains('\u{202e}'), "{page}");
}

#[test]
fn the_page_runs_nothing_and_fetches_nothing() {
    let mut facts = full();
    for (i, nasty) in [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "' onmouseover='alert(1)",
        "</style><script>x</script>",
        "javascript:alert(1)",
        "<svg/onload=alert(1)>",
    ]
    .into_iter()
    .enumerate()
    {
        facts.deals[i].account = Some(nasty.to_owned());
        facts.deals[i + 11].stage = nasty.to_owned();
        facts.deals[i].lost_reason = Some(nasty.to_owned());
    }
    facts.partner_name = "</title><script>x</script>".to_owned();
    let page = String::from_utf8(write(&build_internal(&facts), Html).unwrap()).unwrap();
    let known = [
        "!doctype", "html", "head", "meta", "title", "style", "body", "header", "main", "footer", "section", "p", "h1",
        "h2", "h3", "dl", "dt", "dd", "div", "ul", "li", "strong", "span", "i", "table", "thead", "tbody", "tr", "th",
        "td", "details", "summary", "svg", "rect", "text",
    ];
    for tag in page.split('<').skip(1).map(|x| x.split('>').next().unwrap()) {
        let name = tag.trim_start_matches('/').split([' ', '>']).next().unwrap();
        assert!(known.contains(&name), "{tag}");
        assert!(!tag.contains(" on") && !tag.contains("src=") && !tag.contains("href="), "{tag}");
    }
    assert!(!page.contains("url("));
    assert!(page.contains("default-src 'none'"));
    assert_eq!(page.matches("<svg").count(), page.matches("<summary>The numbers").count(), "a table behind each chart");
    assert!(page.matches("<svg").count() == 3, "bookings, pipeline, movement");
}

#[test]
fn the_deck_has_native_charts_with_workbooks_tables_notes_and_a_theme() {
    let bytes = write(&build_internal(&full()), Pptx).unwrap();
    let parts = inside(&bytes);
    let part = |name: &str| {
        let found = parts.iter().find(|(had, _)| had == name).unwrap_or_else(|| panic!("no {name}"));
        String::from_utf8(found.1.clone()).unwrap()
    };
    for (name, holds) in [
        ("ppt/charts/chart1.xml", "<c:grouping val=\"stacked\"/>"),
        ("ppt/charts/chart1.xml", "<c:externalData r:id=\"rId1\">"),
        ("ppt/charts/chart1.xml", "<c:v>269750.5</c:v>"),
        ("ppt/charts/_rels/chart1.xml.rels", "../embeddings/chart1.xlsx"),
        ("ppt/slides/slide3.xml", "<a:tbl>"),
        ("ppt/slides/slide4.xml", "type=\"title\""),
        ("ppt/notesSlides/notesSlide4.xml", "Win rate: won of won and lost"),
        ("ppt/theme/theme1.xml", "<a:accent1>"),
        ("docProps/core.xml", "2026-10-05T06:12:00Z"),
    ] {
        assert!(part(name).contains(holds), "{holds} in {name}: {}", part(name));
    }
    let slides: Vec<String> = parts
        .iter()
        .filter(|(name, _)| name.starts_with("ppt/slides/slide"))
        .map(|(_, x)| String::from_utf8(x.clone()).unwrap())
        .collect();
    for slide in &slides {
        // A theme restyles only what names no colour and no font of its own.
        assert!(
            !slide.contains("srgbClr") && slide.matches("typeface=").count() == slide.matches("typeface=\"+").count(),
            "{slide}"
        );
        assert!(slide.matches("<a:tr ").count() <= 9, "a head and eight rows");
        assert!(slide.contains("Data as of 5 Oct 2026, 04:40 UTC") && slide.contains("internal edition"), "{slide}");
        assert!(slide.matches("<a:tbl>").count() + slide.matches("<c:chart ").count() <= 1, "one table or chart");
    }
    let rows: usize = slides.iter().map(|x| x.matches("<a:tr ").count()).sum();
    assert!(slides.len() > 14 && rows > 60, "{} slides, {rows} rows", slides.len());
}

#[test]
fn a_long_list_goes_on_for_a_few_slides_and_says_where_the_rest_is() {
    let mut facts = bare();
    for i in 0..300 {
        let account = format!("Account {i}");
        facts.deals.push(deal(&format!("{i:04}"), &account, Outcome::Open, "2026-07-01", "2026-11-01", eur("1000")));
    }
    let text = unzipped(&write(&build_internal(&facts), Pptx).unwrap());
    assert!(text.contains("1 of 4; 32 of 300 rows, the rest is in the workbook"));
    assert!(!text.contains("Account 299<"));
}

#[test]
fn no_word_of_the_quarter_ahead_is_broken_where_it_could_stand_whole() {
    let mut facts = full();
    for (i, deal) in facts.deals.iter_mut().filter(|x| x.outcome == Outcome::Open).enumerate() {
        ["Qualification", "Appointment scheduled", "Decision maker bought in"][i % 3].clone_into(&mut deal.stage);
        deal.account = Some("Muskogee Northern Transportation Company Ltd.".to_owned());
        deal.amount = eur("1000000000000000.50");
        deal.chance = Some("34.5".parse().unwrap());
        deal.next_step = Some("Confirm requirements with procurement and send the revised offer".to_owned());
    }
    let pack = build_internal(&facts);
    for (name, bytes) in inside(&write(&pack, Pptx).unwrap()) {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!name.starts_with("ppt/slides/") || !text.contains('\u{200b}'), "{name}: {text}");
    }
    let text = pdf_text(&write(&pack, Pdf).unwrap());
    assert!(!text.contains('\u{200b}'), "{text}");
    for word in ["Qualification", "Appointment", "requirements", "procurement"] {
        assert!(text.contains(word), "{word} in {text}");
    }
}

#[test]
fn what_a_slide_leaves_out_it_says_and_workbook_page_and_share_have_every_row() {
    let mut facts = full();
    for i in 0..9 {
        let mut more = facts.commitments[2].clone();
        more.text = Some(format!("Owed thing {i}"));
        facts.commitments.push(more);
    }
    let all = facts.commitments.len();
    let said = format!("8 of {all}, the rest is in the workbook");
    let pack = partner_pack(facts.clone());
    let deck = inside(&write(&pack, Pptx).unwrap());
    let slides = deck.iter().filter(|(name, _)| name.starts_with("ppt/slides/slide"));
    let slides: Vec<_> = slides.map(|(_, x)| String::from_utf8_lossy(x)).filter(|x| x.contains("Owed thing")).collect();
    assert!(slides.len() == 1 && slides[0].contains(&said), "{slides:?}");
    assert_eq!(slides[0].matches("<a:tr ").count(), 1 + 8);
    assert!(pdf_text(&write(&pack, Pdf).unwrap()).contains("8 of 14 rows, the rest is in the workbook"));
    let rows_of = |bytes: Vec<u8>| {
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
        book.worksheet_range("Commitments")
            .unwrap()
            .rows()
            .filter(|x| x[0].to_string().starts_with("Owed thing"))
            .count()
    };
    let in_page = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap().matches("Owed thing").count();
    let safe = partner_safe(facts, &usual(), &partner()).unwrap();
    let share = build_share(&safe, Shared { until: day("2026-11-04"), mark: "mark".to_owned() });
    for pack in [&pack, &share] {
        assert_eq!(rows_of(write(pack, Excel).unwrap()), 9);
        assert_eq!(in_page(write(pack, Html).unwrap()), 9);
    }
    assert_eq!(in_page(lines(&share)), 9);
}

#[test]
fn libreoffice_opens_the_deck_and_a_slide_is_a_page() {
    let dir = tempfile::tempdir().unwrap();
    let bytes = write(&partner_pack(full()), Pptx).unwrap();
    let path = save(&bytes, dir.path(), "pack.pptx").unwrap();
    let profile = format!("-env:UserInstallation=file://{}", dir.path().join("profile").display());
    let out = dir.path().to_str().unwrap();
    run("soffice", &[&profile, "--headless", "--convert-to", "pdf", "--outdir", out, path.to_str().unwrap()]);
    let pages = dir.path().join("pack.pdf");
    let info = run("pdfinfo", &[pages.to_str().unwrap()]);
    let slides = inside(&bytes).iter().filter(|(name, _)| name.starts_with("ppt/slides/slide")).count();
    assert!(info.contains(&format!("Pages:           {slides}")) && info.contains("x 540 pts"), "{info}");
    let text = run("pdftotext", &["-layout", pages.to_str().unwrap(), "-"]);
    for shown in ["Sørkyst Energi", "€612 k booked in Q3 2026", "€495 k", "Partner edition", "Ends soon"] {
        assert!(text.contains(shown), "{shown} in {text}");
    }
}

#[test]
fn names_that_look_like_formulas_stay_strings() {
    let names = [
        "=1+1",
        "=HYPERLINK(\"http://x\",\"y\")",
        "+49 30 1",
        "-2",
        "@SUM(A1)",
        "\t=cmd|' /C calc'!A0",
        "＝1＋1",
        "{=1}",
    ];
    let mut facts = bare();
    for (i, name) in names.iter().enumerate() {
        facts.deals.push(deal(&i.to_string(), name, Outcome::Open, "2026-07-01", "2026-11-01", eur("1")));
        facts.deals[i].name = Some((*name).to_owned());
    }
    for (i, name) in names.iter().enumerate() {
        // Stages are the categories of a chart, with a workbook of its own inside the deck.
        (*name).clone_into(&mut facts.deals[i].stage);
    }
    for format in [Pptx, Excel] {
        for (name, bytes) in inside(&write(&build_internal(&facts), format).unwrap()) {
            let is_sheet = name.starts_with("xl/worksheets/") || name.starts_with("xl/tables/");
            let text = String::from_utf8_lossy(&bytes);
            for computes in ["<f>", "<f ", "calculatedColumnFormula", "<hyperlink"] {
                assert!(!is_sheet || !text.contains(computes), "{computes} in {name}");
            }
        }
    }
    let bytes = write(&build_internal(&facts), Excel).unwrap();
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let range = book.worksheet_range("Deals").unwrap();
    let texts: Vec<&str> = range
        .rows()
        .filter_map(|x| x.first())
        .filter_map(|x| if let Data::String(x) = x { Some(x.as_str()) } else { None })
        .collect();
    for name in names {
        assert!(texts.contains(&name), "{name:?} in {texts:?}");
    }
}

#[test]
fn no_cell_of_the_lines_of_a_share_is_a_formula_whatever_the_partner_and_its_deals_are_called() {
    for name in ["=cmd|' /C calc'!A0 <b>&", "  +1", "-2", "@SUM(A1)", "\t=1", "＝1＋1"] {
        let mut facts = full();
        name.clone_into(&mut facts.partner_name);
        name.clone_into(&mut facts.prepared_by);
        facts.tier = Some(name.to_owned());
        for deal in &mut facts.deals {
            deal.account = Some(name.to_owned());
            deal.name = Some(name.to_owned());
            name.clone_into(&mut deal.stage);
            deal.next_step = Some(name.to_owned());
        }
        for registration in &mut facts.registrations {
            registration.company = Some(name.to_owned());
        }
        for commitment in &mut facts.commitments {
            commitment.text = Some(name.to_owned());
        }
        let mark = format!("{name} \u{b7} 5 October 2026 \u{b7} 0123456789");
        let safe = partner_safe(facts, &usual(), &partner()).unwrap();
        let pack = build_share(&safe, Shared { until: day("2026-11-04"), mark: mark.clone() });
        let bytes = lines(&pack);
        // Two commas and two quotes are all that tells cells apart.
        let text = std::str::from_utf8(&bytes).unwrap().trim_start_matches('\u{feff}');
        let cells: Vec<String> =
            text.split("\",\"").flat_map(|x| x.split("\"\r\n\"")).map(|x| x.trim_matches('"').to_owned()).collect();
        assert!(cells.len() > 100, "{}", cells.len());
        for cell in &cells {
            let first = cell.trim_start().chars().next();
            assert!(!first.is_some_and(|x| "=+-@\t＝＋－＠".contains(x)), "{cell:?} of {name:?}");
        }
        let written = cells.iter().filter(|x| x.contains("0123456789")).count();
        assert!(written > 10 && cells.iter().all(|x| !x.contains("0123456789") || x.starts_with('\'')), "{written}");
    }
}

#[test]
fn the_workbook_has_numbers_as_numbers_and_native_charts() {
    let bytes = write(&build_internal(&full()), Excel).unwrap();
    let xml = unzipped(&bytes);
    for part in
        ["<c:barChart>", "<c:barDir val=\"col\"/>", "<c:barDir val=\"bar\"/>", "<autoFilter", "state=\"frozen\""]
    {
        assert!(xml.contains(part), "{part}");
    }
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let names = book.sheet_names();
    for sheet in
        ["Summary", "Scoreboard", "Bookings", "Pipeline", "Deals", "Registrations", "Certificates", "Definitions"]
    {
        assert!(names.contains(&sheet.to_owned()), "{sheet} in {names:?}");
    }
    let range = book.worksheet_range("Bookings").unwrap();
    let last = range.rows().find(|x| x.first() == Some(&Data::String("Q3 2026".to_owned()))).unwrap();
    assert_eq!(last[1], Data::Float(269_750.5));
    assert_eq!(last[2], Data::Float(342_000.0));
}

#[test]
fn libreoffice_opens_the_workbook_and_no_column_is_too_narrow() {
    let dir = tempfile::tempdir().unwrap();
    let bytes = write(&build_internal(&full()), Excel).unwrap();
    let path = save(&bytes, dir.path(), "pack.xlsx").unwrap();
    let profile = format!("-env:UserInstallation=file://{}", dir.path().join("profile").display());
    let out = dir.path().to_str().unwrap();
    run("soffice", &[&profile, "--headless", "--convert-to", "pdf", "--outdir", out, path.to_str().unwrap()]);
    let text = run("pdftotext", &["-layout", dir.path().join("pack.pdf").to_str().unwrap(), "-"]);
    for shown in ["€1,393,750.50", "€269,750.50", "DKK 2,150,000", "2026-10-23"] {
        assert!(text.contains(shown), "{shown} in {text}");
    }
    assert!(!text.contains("###"), "a column is too narrow");
    assert!(!text.contains("Err:") && !text.contains("#NAME?"));
}

#[test]
fn a_pack_without_data_is_still_a_file() {
    let pack = build_internal(&bare());
    for format in PackFormat::ALL {
        assert!(write(&pack, *format).unwrap().len() > 1000);
    }
}

#[test]
fn a_long_deal_list_breaks_over_pages_with_its_head() {
    let mut facts = bare();
    for i in 0..60 {
        let account = format!("Account number {i} with quite a long name");
        facts.deals.push(deal(&format!("{i:04}"), &account, Outcome::Open, "2026-07-01", "2026-11-01", eur("1000")));
    }
    let text = pdf_text(&write(&build_internal(&facts), Pdf).unwrap());
    assert!(text.matches("Attribution").count() >= 3, "the head is repeated: {text}");
    assert!(text.contains("Account number 59 with"));
}

#[test]
fn file_names_are_safe_on_every_system() {
    let mut facts = bare();
    for (partner, name) in [
        ("Nordvik Consulting", "Nordvik Consulting QBR 2026Q3 internal.pdf"),
        ("../../etc/passwd", "etc-passwd QBR 2026Q3 internal.pdf"),
        ("a<b>c:d\"e/f\\g|h?i*j", "a-b-c-d-e-f-g-h-i-j QBR 2026Q3 internal.pdf"),
        ("CON", "Partner CON QBR 2026Q3 internal.pdf"),
        ("lpt1.x", "Partner lpt1.x QBR 2026Q3 internal.pdf"),
        ("\u{202e}gnp.exe\u{200f}", "gnp.exe QBR 2026Q3 internal.pdf"),
        (" \u{0}\t. ", "Partner QBR 2026Q3 internal.pdf"),
        ("", "Partner QBR 2026Q3 internal.pdf"),
    ] {
        partner.clone_into(&mut facts.partner_name);
        assert_eq!(file_name(&build_internal(&facts), Pdf, None), name, "{partner:?}");
    }
    for long in ["x".repeat(500), "Ж".repeat(500), "界".repeat(500), "😀".repeat(500)] {
        facts.partner_name = long;
        let name = file_name(&build_internal(&facts), Excel, None);
        assert!(
            name.chars().count() <= 120 && name.len() <= 255 - ".drumbeat-partial".len() && name.ends_with(".xlsx"),
            "{name}"
        );
    }
}

#[test]
fn a_file_appears_whole_private_and_replaces_what_was_there() {
    let dir = tempfile::tempdir().unwrap();
    let path = save(b"one", dir.path(), "a.pdf").unwrap();
    assert_eq!(save(b"two", dir.path(), "a.pdf").unwrap(), path);
    assert_eq!(std::fs::read(&path).unwrap(), b"two");
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
    #[cfg(unix)]
    assert_eq!(
        std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&path).unwrap().permissions()) & 0o777,
        0o600
    );
    for bad in ["", ".hidden", "a/b", "..", "a\\b", "c:d", "a\nb"] {
        assert!(matches!(save(b"x", dir.path(), bad), Err(ExportError::Name(_))), "{bad:?}");
    }
    assert!(matches!(save(b"x", Path::new("/nowhere/at/all"), "a.pdf"), Err(ExportError::File { .. })));
}

#[test]
fn what_a_crash_left_behind_is_swept_and_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("a.pdf.drumbeat-partial"), b"half").unwrap();
    std::fs::write(dir.path().join("b.pdf"), b"whole").unwrap();
    assert_eq!(write::sweep(dir.path()).unwrap(), 1);
    assert_eq!(write::sweep(dir.path()).unwrap(), 0);
    assert!(dir.path().join("b.pdf").exists());
}
