//! The words of the quarter, the program's roll-up, the weekly status and what changed since the pack before.
#![allow(clippy::unwrap_used)]

mod common;

use common::*;
use drumbeat_export::*;
use drumbeat_model::crm::Outcome;
use drumbeat_model::deal::Motion;
use drumbeat_model::pack::PackFormat::{Html, Pdf, Pptx, Xlsx};
use drumbeat_model::pack::{Edition, PackBet, PackQuote, PackStep, PackWords, Stance};
use drumbeat_model::time::Quarter;

fn words() -> PackWords {
    PackWords {
        wins: vec!["Two ports run on it in production".to_owned()],
        bets: vec![PackBet {
            text: "Yards as a second market".to_owned(),
            measure: Some("three paid pilots".to_owned()),
            owner: Some("Ingrid Solheim".to_owned()),
            due: Some(day("2027-01-31")),
        }],
        quotes: vec![PackQuote {
            text: "It went live in a weekend".to_owned(),
            said_by: Some("Harbour master".to_owned()),
        }],
        next_review: Some(day("2027-01-15")),
        ..PackWords::none(partner(), Quarter::parse("2026Q3").unwrap())
    }
}

#[test]
fn what_a_person_wrote_is_in_every_file_of_both_editions() {
    let facts = PackFacts { words: words(), ..full() };
    for pack in [partner_pack(facts.clone()), build_internal(&facts)] {
        assert_eq!(pack.section("bets").unwrap().title, "1 bet for Q4 2026, 1 with an owner");
        assert!(pack.section("bets").unwrap().subtitle.ends_with("15 Jan 2027"));
        for format in [Pptx, Pdf, Xlsx, Html] {
            let bytes = write(&pack, format).unwrap();
            for text in ["Two ports run on it", "three paid pilots", "It went live in a weekend", "Harbour master"] {
                assert!(!scan(&bytes, format, &[text.to_owned()]).is_empty(), "{text} in {format:?}");
            }
        }
    }
    // Lists that nobody wrote are counted as before.
    let summary = build_internal(&facts);
    let Some(SectionBody::Points(lists)) = summary.section("summary").map(|x| &x.body) else { panic!("no summary") };
    assert_eq!(lists[0].points, [("Two ports run on it in production".to_owned(), String::new())]);
    assert_eq!(lists[1].points.len(), 3);
    assert!(build_internal(&full()).section("bets").is_none() && build_internal(&full()).section("voice").is_none());
}

#[test]
fn words_of_another_partner_are_refused() {
    let other = PackWords { partner: "p2".into(), ..words() };
    assert!(partner_safe(PackFacts { words: other, ..full() }, &usual(), &partner()).is_err());
}

fn small(id: &str, name: &str, won: &str, stuck: bool) -> PackFacts {
    let mut facts = PackFacts { partner: id.into(), partner_name: name.to_owned(), ..bare() };
    if !won.is_empty() {
        facts.deals.push(deal(&format!("{id}w"), "Hafen", Outcome::Won, "2026-07-01", "2026-08-01", eur(won)));
    } else {
        facts.deals.push(deal(&format!("{id}w"), "Hafen", Outcome::Won, "2026-04-01", "2026-05-01", eur("10")));
    }
    let mut open = deal(&format!("{id}o"), "Werft", Outcome::Open, "2026-07-01", "2026-11-01", eur("100"));
    open.days_over = stuck.then_some(9);
    facts.deals.push(open);
    facts
}

fn whole() -> Whole {
    let motion = |motion, expected: u32| (motion, PackOutlook { expected: expected.into(), ..outlook() });
    let by_motion = vec![motion(Some(Motion::Services), 400_000), motion(None, 87_500)];
    Whole {
        name: "Partner program".to_owned(),
        targets: vec![PackTarget { quarter: Quarter::parse("2026Q4").unwrap(), bookings: 650_000.into() }],
        outlook: Some(PackOutlook { by_motion, ..outlook() }),
        record: Some(record()),
    }
}

#[test]
fn the_programs_pack_is_the_sum_of_the_partners_and_ranks_them() {
    let partners = [
        small("a", "Ahorn", "600", false),
        small("b", "Birke", "300", true),
        small("c", "Cedar", "60", false),
        small("d", "Dorn", "", false),
    ];
    let pack = build_program(whole(), &partners[0], &partners);
    assert_eq!(pack.edition(), Edition::Internal);
    assert_eq!(pack.section("wins").unwrap().title, "3 deals won for \u{20ac}960");
    assert_eq!(pack.section("ranking").unwrap().title, "Three of 4 partners brought 100 % of the bookings");
    let Some(SectionBody::Table(ranked)) = pack.section("ranking").map(|x| &x.body) else { panic!("no ranking") };
    let names: Vec<String> = ranked.rows.iter().map(|x| figure::cell(&x[0], false)).collect();
    assert_eq!(names, ["Ahorn", "Birke", "Cedar", "Dorn"]);
    let Some(SectionBody::Table(risk)) = pack.section("at_risk").map(|x| &x.body) else { panic!("nobody at risk") };
    let why: Vec<String> = risk
        .rows
        .iter()
        .map(|x| format!("{} {}", figure::cell(&x[0], false), figure::cell(&x[3], false).is_empty()))
        .collect();
    assert_eq!(risk.rows.len(), 2, "{why:?}: stuck, and nothing won any more");
    for format in [Pptx, Pdf, Xlsx, Html] {
        assert!(write(&pack, format).unwrap().len() > 4000);
    }
}

fn cells(pack: &Pack, key: &str) -> Vec<Vec<String>> {
    let table = match pack.section(key).map(|x| &x.body) {
        Some(SectionBody::Table(table) | SectionBody::Service { table, .. }) => table,
        other => panic!("{key}: {other:?}"),
    };
    table.rows.iter().map(|row| row.iter().map(|x| figure::cell(x, false)).collect()).collect()
}

#[test]
fn the_program_has_its_motions_its_outlook_each_conflict_once_and_what_is_to_be_decided() {
    let mut partners = vec![small("a", "Ahorn", "600", false), small("b", "Birke", "300", true)];
    partners[1].deals[0].motion = Some(Motion::Referral);
    for (at, other) in [(0, "Birke"), (1, "Ahorn")] {
        let conflict = &conflicts()[1];
        let id = partners[at].partner.clone();
        partners[at].conflicts = vec![PackConflict { partner: id, other: Some(other.to_owned()), ..conflict.clone() }];
        let stance = if at == 0 { Stance::Invest } else { Stance::Exit };
        let reason = PackReason {
            measure: "Growth over a year".to_owned(),
            value: "+40 %".to_owned(),
            invest: "+10 %".to_owned(),
            exit: "\u{2212}10 %".to_owned(),
            stance,
        };
        let stance = Some(PackStance { stance, reasons: vec![reason] });
        partners[at].program = Some(ProgramFacts { stance, ..ProgramFacts::default() });
    }
    let pack = build_program(whole(), &partners[0], &partners);
    let title = |key: &str| pack.section(key).map(|x| x.title.clone()).unwrap_or_default();
    assert_eq!(title("motions"), "Services brought 67 % of \u{20ac}900 won");
    assert_eq!(cells(&pack, "motions")[1], ["Referral", "\u{20ac}300", "1", "100 %", "\u{20ac}0", "0"]);
    assert_eq!(title("conflicts"), "1 channel conflict found, 1 open");
    assert_eq!(title("open_conflicts"), "1 channel conflict is open, \u{20ac}240 k at stake");
    assert_eq!(cells(&pack, "open_conflicts")[0][1], "Ahorn and Birke");
    assert_eq!(title("outlook"), "\u{20ac}312 k to \u{20ac}690 k in Q4 2026, the target is \u{20ac}650 k");
    assert_eq!(cells(&pack, "outlook")[0][3], "\u{20ac}400,000");
    assert!(pack.section("record").is_some());
    assert_eq!(title("wanted"), "3 decisions wanted: 1 to invest, 1 to exit, 1 to rule on");
    let wanted: Vec<String> = cells(&pack, "wanted").iter().map(|x| format!("{} {}", x[0], x[1])).collect();
    assert_eq!(wanted, ["Invest Ahorn", "Exit Birke", "Rule on the channel conflict Nordlys Retail Group"]);
    assert!(cells(&pack, "wanted")[0][3].contains("growth over a year +40 %"));
}

#[test]
fn the_program_says_where_the_rest_of_a_list_is_and_has_its_own_targets() {
    let mut one = small("a", "Ahorn", "600", false);
    for i in 0..20 {
        one.deals.push(deal(&format!("n{i}"), "Hafen", Outcome::Won, "2026-07-01", "2026-08-01", eur("5")));
    }
    one.targets = vec![PackTarget { quarter: one.quarter, bookings: 1.into() }];
    let pack = build_program(whole(), &one, std::slice::from_ref(&one));
    assert!(pack.section("wins").unwrap().subtitle.ends_with("8 of 21, the rest is in the partners' own packs"));
    assert!(pack.section("deals").is_none(), "there is no list of all deals to point to");
    let own = build_internal(&one);
    assert!(own.section("wins").unwrap().subtitle.ends_with("8 of 21, the rest is in the deal list"));
    let Some(SectionBody::Scoreboard(rows)) = pack.section("scoreboard").map(|x| &x.body) else {
        panic!("no scoreboard")
    };
    assert!(rows.iter().all(|x| x.target.is_empty()), "a partner's target is not the program's: {rows:?}");
}

#[test]
fn the_programs_workbook_has_every_partner_at_risk_and_every_decision_and_its_slide_some_of_each() {
    let mut partners: Vec<PackFacts> =
        (0..12).map(|i| small(&format!("p{i}"), &format!("Partner {i}"), "600", true)).collect();
    for (i, facts) in partners.iter_mut().enumerate() {
        let stance = if i < 7 { Stance::Invest } else { Stance::Exit };
        let verdict = PackStance { stance, reasons: Vec::new() };
        facts.program = Some(ProgramFacts { stance: Some(verdict), ..ProgramFacts::default() });
    }
    let pack = build_program(whole(), &partners[0], &partners);
    for (key, title) in
        [("at_risk", "12 partners are at risk"), ("wanted", "12 decisions wanted: 7 to invest, 5 to exit")]
    {
        assert_eq!(pack.section(key).unwrap().title, title);
        assert_eq!(cells(&pack, key).len(), 12);
    }
    let first: Vec<String> = cells(&pack, "wanted").into_iter().take(8).map(|x| x[0].clone()).collect();
    let of = |stance: Stance| first.iter().filter(|x| *x == stance.label()).count();
    assert!(of(Stance::Invest) >= 3 && of(Stance::Exit) >= 3, "{first:?}");
}

#[test]
fn plan_and_risks_stand_as_they_were_written_and_risks_are_found_in_the_deals() {
    let step = |within, text: &str, owner: Option<&str>| PackStep {
        within,
        text: text.to_owned(),
        owner: owner.map(str::to_owned),
        due: Some(day("2026-10-30")),
    };
    let mut facts = full();
    facts.words.plan = vec![step(30, "Workshop in Bergen", Some("Both")), step(90, "Two more certificates", None)];
    facts.words.risks = vec!["The harbour's budget is not signed".to_owned()];
    let late = facts.deals.iter_mut().find(|x| x.id.as_str() == "o3").unwrap();
    late.close = Some(day("2026-09-30"));
    let pack = partner_pack(facts);
    let Some(SectionBody::Points(lists)) = pack.section("plan").map(|x| &x.body) else { panic!("no plan") };
    assert_eq!(lists.iter().map(|x| x.title.as_str()).collect::<Vec<_>>(), ["In 30 days", "In 90 days"]);
    assert_eq!(lists[0].points, [("Workshop in Bergen".to_owned(), "Both, by 30 Oct".to_owned())]);
    assert_eq!(pack.section("plan").unwrap().title, "2 steps in 90 days, 1 with an owner");
    let risks = cells(&pack, "risks");
    assert_eq!(risks[0], ["The harbour's budget is not signed", "", ""]);
    assert_eq!(risks[1], ["47 days over the time of its stage", "Fjordlinje Logistics", "\u{20ac}495,000"]);
    assert_eq!(risks[2], ["Close date passed 5 days ago", "Nordlys Retail Group", "\u{20ac}410,000"]);
    assert!(pack.section("risks").unwrap().title.starts_with("5 risks in the quarter ahead, \u{20ac}950 k and DKK"));
    assert!(build_internal(&bare()).section("plan").is_none() && build_internal(&bare()).section("risks").is_none());
}

#[test]
fn a_status_is_one_page_with_what_waits_and_who_owes_what() {
    let safe = partner_safe(full(), &usual(), &partner()).unwrap();
    let paper = status(&safe);
    let text = paper.markdown();
    for said in
        ["Registrations that wait, 1", "Next steps, 4 of 6", "What you owe us, 2", "What we owe you, 1", ", late"]
    {
        assert!(text.contains(said), "{said} in {text}");
    }
    let pdf = paper.pdf().unwrap();
    let dir = tempfile::tempdir().unwrap();
    let path = save(&pdf, dir.path(), &status_name("Fjellvind", day("2026-10-05"), None)).unwrap();
    assert_eq!(path.file_name().unwrap(), "Fjellvind status 2026-10-05.pdf");
    let info = std::process::Command::new("pdfinfo").arg(&path).output().unwrap();
    assert!(String::from_utf8_lossy(&info.stdout).contains("Pages:           1\n"), "{info:?}");
}

#[test]
fn a_pack_says_what_reads_otherwise_than_the_one_before() {
    let before = build_internal(&full()).preview(&[]).sections;
    assert_eq!(build_internal(&full()).changes(&before), []);
    let mut facts = full();
    facts.deals.retain(|x| x.outcome != Outcome::Lost);
    facts.words = words();
    let changes = build_internal(&facts).changes(&before);
    let of = |key: &str| changes.iter().find(|x| x.key == key).unwrap_or_else(|| panic!("{key} in {changes:?}"));
    assert!(of("losses").now.is_none() && of("losses").before.is_some());
    assert!(of("bets").before.is_none() && of("bets").now.is_some());
    assert!(!changes.iter().any(|x| x.key == "stuck"));
}

/// A PNG of one grey pixel.
const PIXEL: &[u8] = &[
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52, 0x00, 0x00, 0x00,
    0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x00, 0x00, 0x00, 0x00, 0x3a, 0x7e, 0x9b, 0x55, 0x00, 0x00, 0x00, 0x0a, 0x49,
    0x44, 0x41, 0x54, 0x78, 0x9c, 0x63, 0x68, 0x00, 0x00, 0x00, 0x82, 0x00, 0x81, 0x77, 0xcd, 0x72, 0xb6, 0x00, 0x00,
    0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
];

#[test]
fn the_vendors_look_is_in_theme_layout_page_charts_and_pdf() {
    let text = |x: &str| Some(x.to_owned());
    let mut pack = partner_pack(full());
    let plain = write(&pack, Pdf).unwrap();
    pack.brand = Brand::new(text("#0a5c36"), text("#7fb99a"), text("Georgia"), Some(PIXEL.to_vec())).unwrap();
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(write(&pack, Pptx).unwrap())).unwrap();
    for (name, holds) in [
        ("ppt/theme/theme1.xml", "<a:accent1><a:srgbClr val=\"0A5C36\"/>"),
        ("ppt/theme/theme1.xml", "typeface=\"Georgia\""),
        ("ppt/slideLayouts/slideLayout1.xml", "<p:pic>"),
        ("ppt/slideLayouts/_rels/slideLayout1.xml.rels", "../media/logo.png"),
    ] {
        let mut part = String::new();
        std::io::Read::read_to_string(&mut zip.by_name(name).unwrap(), &mut part).unwrap();
        assert!(part.contains(holds), "{holds} in {name}: {part}");
    }
    assert!(zip.by_name("ppt/media/logo.png").is_ok());
    let page = String::from_utf8(write(&pack, Html).unwrap()).unwrap();
    assert!(page.contains("--accent: #0A5C36") && page.contains("data:image/png;base64,iVBORw0KGgo"));
    assert!(
        !scan(&write(&pack, Xlsx).unwrap(), Xlsx, &["val=\"0A5C36\"".to_owned()]).is_empty(),
        "charts of the workbook"
    );
    assert!(write(&pack, Pdf).unwrap() != plain);
}
