//! What a pack says about small sets of facts, to the cent.
#![allow(clippy::unwrap_used)]

mod common;

use common::*;
use drumbeat_export::pack::{Cell, Measure, SectionBody};
use drumbeat_export::*;
use drumbeat_model::crm::Outcome::{Lost, Open, Won};
use drumbeat_model::deal::Attribution;
use drumbeat_model::field::Field;
use drumbeat_model::money::{Currency, Money};
use drumbeat_model::pack::{PackFormat, TierCourse, TierCriterion};
use rust_decimal::Decimal;

fn measures(pack: &Pack) -> Vec<Measure> {
    match &pack.section("scoreboard").unwrap().body {
        SectionBody::Scoreboard(rows) => rows.clone(),
        other => panic!("{other:?}"),
    }
}

fn measure(pack: &Pack, label: &str) -> Measure {
    measures(pack).into_iter().find(|x| x.label == label).unwrap_or_else(|| panic!("no {label}"))
}

fn with(deals: Vec<PackDeal>) -> Pack {
    build_internal(&PackFacts { deals, ..bare() })
}

fn euros(amount: &str) -> Cell {
    Cell::Money(eur(amount).unwrap())
}

#[test]
fn bookings_are_won_deals_of_the_quarter_by_close_date_to_the_cent() {
    let influenced = |x: PackDeal| PackDeal { attribution: Some(Attribution::Influenced), ..x };
    let pack = with(vec![
        deal("1", "A", Won, "2026-01-01", "2026-07-01", eur("0.10")),
        deal("2", "B", Won, "2026-01-01", "2026-09-30", eur("0.20")),
        deal("3", "C", Won, "2026-01-01", "2026-06-30", eur("5")),
        deal("4", "D", Won, "2026-01-01", "2026-10-01", eur("7")),
        deal("5", "E", Open, "2026-01-01", "2026-08-01", eur("11")),
        deal("6", "F", Lost, "2026-01-01", "2026-08-01", eur("13")),
        influenced(deal("7", "G", Won, "2026-01-01", "2026-08-01", eur("99.99"))),
        deal("8", "H", Won, "2026-01-01", "2025-08-01", eur("17")),
        deal("9", "I", Won, "2026-01-01", "2026-08-01", None),
    ]);
    let sourced = measure(&pack, "Sourced bookings");
    assert_eq!(sourced.now, euros("0.30"));
    assert_eq!(sourced.before, euros("5"));
    assert_eq!(sourced.year_ago, euros("17"));
    assert_eq!(measure(&pack, "Influenced bookings").now, euros("99.99"));
    assert_eq!(measure(&pack, "Win rate").now, Cell::Percent(Decimal::from(80)));
    assert_eq!(measure(&pack, "Average deal won").now, euros("33.43"));
}

#[test]
fn sums_of_other_currencies_are_listed_and_never_added() {
    let dkk = |x: &str| Some(Money::new(x.parse().unwrap(), Currency::parse("DKK").unwrap()));
    let pack = with(vec![
        deal("1", "A", Won, "2026-07-01", "2026-08-01", eur("1000")),
        deal("2", "B", Won, "2026-07-01", "2026-08-01", dkk("500.50")),
        deal("3", "C", Won, "2026-07-01", "2026-08-01", dkk("0.50")),
    ]);
    let sourced = measure(&pack, "Sourced bookings");
    assert_eq!(sourced.now, euros("1000"));
    assert_eq!(sourced.others, vec![dkk("501.00").unwrap()]);
    assert_eq!(pack.section("wins").unwrap().title, "3 deals won for €1 k and DKK 501");
    let huf = Some(Money::new(Decimal::ONE_THOUSAND, Currency::parse("HUF").unwrap()));
    let pack = with(vec![
        deal("1", "A", Won, "2026-07-01", "2026-08-01", dkk("1")),
        deal("2", "B", Won, "2026-07-01", "2026-08-01", huf),
    ]);
    assert_eq!(pack.section("wins").unwrap().title, "2 deals won for €0 and 2 other currencies");
}

#[test]
fn the_waterfall_adds_up_to_the_cent() {
    let pack = build_internal(&full());
    let SectionBody::Waterfall(steps) = &pack.section("movement").unwrap().body else { panic!() };
    let sum: Decimal = steps.iter().take(4).map(|x| x.amount).sum();
    assert_eq!(sum, steps[4].amount);
    let count = |i: usize| i64::from(steps[i].count);
    assert_eq!(count(0) + count(1) - count(2) - count(3), count(4));
}

#[test]
fn titles_state_the_finding_with_its_number() {
    let pack = build_internal(&full());
    for (key, title) in [
        ("summary", "€612 k won in 3 deals, 3 deals are stuck"),
        ("commitments", "2 of 5 commitments done, 1 late"),
        ("scoreboard", "€270 k sourced in Q3 2026, down 41 % on Q2"),
        ("bookings", "€612 k booked in Q3 2026, the best of 6 quarters"),
        ("pipeline", "€1.26 M and DKK 2.15 M open in 8 deals, €495 k of it in Solution Design"),
        ("movement", "Open pipeline fell by €139 k to €1.26 M"),
        ("wins", "3 deals won for €612 k"),
        ("losses", "2 deals lost for €92 k"),
        ("service", "6 of 7 registrations decided inside 48 hours"),
        ("stuck", "3 deals are stuck, the longest by 47 days"),
        ("enablement", "Select tier, 5 valid certificates, 2 end within 90 days"),
        ("conflicts", "4 channel conflicts found, closed in 6 days, 2 open"),
        ("next_quarter", "€312 k to €690 k likely in Q4 2026"),
        ("concentration", "Three of 6 customers brought 70 % of the bookings"),
        ("open_conflicts", "2 channel conflicts are open, €480 k at stake"),
        ("record", "The forecast beat the base rate at 2 of 3 horizons, quarters off by 11 %"),
        ("stance", "Invest: 3 of 4 measures speak for more, 0 for less"),
        ("program", "Win rate 60 % beside 28 % direct"),
    ] {
        assert_eq!(pack.section(key).map(|x| x.title.as_str()), Some(title), "{key}");
    }
}

#[test]
fn a_running_quarter_says_so_far() {
    let facts = PackFacts { as_of: "2026-08-20T10:00:00Z".parse().unwrap(), ..full() };
    let pack = build_internal(&facts);
    assert!(pack.section("scoreboard").unwrap().title.contains("in Q3 2026 so far"));
}

#[test]
fn sections_without_data_are_not_there() {
    let keys = |pack: &Pack| pack.sections().iter().map(|x| x.key).collect::<Vec<_>>();
    assert_eq!(keys(&build_internal(&bare())), ["cover", "definitions"]);
    let pack = with(vec![deal("1", "A", Won, "2026-07-01", "2026-08-01", eur("1"))]);
    assert!(pack.section("losses").is_none());
    assert!(pack.section("stuck").is_none());
    assert!(pack.section("service").is_none());
}

#[test]
fn no_slide_has_more_than_eight_rows_and_the_deal_list_has_all() {
    let mut facts = full();
    for i in 0..40 {
        let mut x = deal(
            &format!("x{i}"),
            &format!("Account {i}"),
            [Open, Won, Lost][i % 3],
            "2026-07-02",
            "2026-08-03",
            eur("1000"),
        );
        x.days_over = Some(5);
        facts.deals.push(x);
    }
    let pack = build_internal(&facts);
    let deck = write(&pack, drumbeat_model::pack::PackFormat::Pptx).unwrap();
    let mut deck = zip::ZipArchive::new(std::io::Cursor::new(deck)).unwrap();
    let names: Vec<String> = (0..deck.len()).map(|i| deck.by_index(i).unwrap().name().unwrap().into_owned()).collect();
    for name in names.into_iter().filter(|x| x.starts_with("ppt/slides/slide")) {
        let slide = std::io::read_to_string(deck.by_name(&name).unwrap()).unwrap();
        assert!(slide.matches("<a:tr ").count() <= 1 + 8, "{name}: {slide}");
    }
    let SectionBody::Table(deals) = &pack.section("deals").unwrap().body else { panic!() };
    assert_eq!(deals.rows.len(), facts.deals.len());
}

#[test]
fn decision_time_is_the_median_and_late_ones_are_counted() {
    assert_eq!(measures(&build_internal(&full())).len(), 8, "what registrations tell gives way to the deals");
    let pack = build_internal(&PackFacts { deals: Vec::new(), ..full() });
    assert_eq!(measure(&pack, "Time to decide, median").now, Cell::Hours(Decimal::from(22)));
    assert_eq!(measure(&pack, "Registrations submitted").now, Cell::Count(8));
    assert_eq!(measure(&pack, "Registrations approved").now, Cell::Count(5));
}

#[test]
fn a_late_sync_is_told_apart_from_a_late_decision() {
    let said = |facts: &PackFacts| format!("{:?}", build_internal(facts));
    let plain = full();
    assert!(said(&plain).contains("decided late") && !said(&plain).contains("late in the CRM"));
    let mut slow = full();
    let decided_in_time = slow.registrations.iter_mut().find(|x| x.minutes_to_decide == Some(19 * 60)).unwrap();
    decided_in_time.minutes_to_reach = Some(60 * 60);
    assert!(said(&slow).contains("1 decision late in the CRM"), "{}", said(&slow));
    let late = |facts: &PackFacts| said(facts).matches("decided late").count();
    assert_eq!(late(&slow), late(&plain), "nobody decided later for it");
}

#[test]
fn the_order_of_facts_does_not_change_the_pack() {
    let mut turned = full();
    turned.deals.reverse();
    turned.registrations.reverse();
    turned.certifications.reverse();
    turned.commitments.reverse();
    assert_eq!(build_internal(&turned), build_internal(&full()));
}

#[test]
fn rows_of_another_partner_are_refused() {
    let mut facts = full();
    facts.deals[3].partner = "p2".into();
    let refused = partner_safe(facts, &usual(), &partner());
    assert!(matches!(refused, Err(SafeError::ForeignRow { what: "deal", .. })), "{refused:?}");
    let other = "p2".into();
    assert!(matches!(partner_safe(full(), &usual(), &other), Err(SafeError::WrongPartner { .. })));
    let mut facts = full();
    facts.certifications[0].partner = "p2".into();
    assert!(partner_safe(facts, &usual(), &partner()).is_err());
}

#[test]
fn an_empty_safelist_leaves_no_row_and_no_figure() {
    let safe = partner_safe(full(), &Safelist::default(), &partner()).unwrap();
    assert!(safe.get().deals.is_empty() && safe.get().registrations.is_empty());
    assert!(safe.get().certifications.is_empty() && safe.get().commitments.is_empty());
    let pack = build_partner(&safe);
    assert_eq!(pack.sections().iter().map(|x| x.key).collect::<Vec<_>>(), ["cover", "definitions"]);
}

#[test]
fn without_amounts_nothing_is_sorted_or_said_by_size() {
    let list = Safelist::new([Field::Stage, Field::Account, Field::CloseDate, Field::Motion]);
    let pack = build_partner(&partner_safe(full(), &list, &partner()).unwrap());
    let SectionBody::Table(table) = &pack.section("wins").unwrap().body else { panic!() };
    let names: Vec<_> = table.rows.iter().map(|x| x[0].clone()).collect();
    let text = |x: &str| Cell::Text(x.to_owned());
    assert_eq!(names, [text("Papiermühle Kreuztal"), text("Sørkyst Energi"), text("Łódź Transport & Co")]);
    for section in pack.sections() {
        assert!(!section.title.contains('€') && !section.subtitle.contains("largest"), "{section:?}");
    }
}

#[test]
fn each_field_is_there_only_when_it_is_listed() {
    type Has = fn(&PackDeal) -> bool;
    let fields: [(Field, Has); 19] = [
        (Field::Name, |x| x.name.is_some()),
        (Field::Account, |x| x.account.is_some()),
        (Field::StageEnteredAt, |x| x.days_over.is_some()),
        (Field::Motion, |x| x.motion.is_some()),
        (Field::Attribution, |x| x.attribution.is_some()),
        (Field::AttributionPct, |x| x.pct.is_some()),
        (Field::Amount, |x| x.amount.is_some()),
        (Field::CreatedAt, |x| x.created.is_some()),
        (Field::CloseDate, |x| x.close.is_some()),
        (Field::ProtectionEnd, |x| x.protection_end.is_some()),
        (Field::NextStep, |x| x.next_step.is_some()),
        (Field::NextStepDue, |x| x.next_step_due.is_some()),
        (Field::NextStepOwner, |x| x.next_step_owner.is_some()),
        (Field::LostReason, |x| x.lost_reason.is_some()),
        (Field::StageNotes, |x| x.stage_notes.is_some()),
        (Field::DiscountBand, |x| x.discount.is_some()),
        (Field::ConflictStatus, |x| x.conflict_status.is_some()),
        (Field::Owner, |x| x.owner.is_some()),
        (Field::Stage, |_| true),
    ];
    for (listed, _) in &fields {
        let safe = partner_safe(full(), &Safelist::new([Field::Stage, *listed]), &partner()).unwrap();
        for (field, has) in &fields {
            let there = safe.get().deals.iter().any(has);
            assert_eq!(there, field == listed || *field == Field::Stage, "{listed:?} lets {field:?} through");
        }
    }
}

#[test]
fn service_tells_approvals_meetings_and_protections_that_ran_out() {
    let mut facts = full();
    facts.registrations[2].protection_end = Some(day("2026-09-20"));
    let pack = partner_pack(facts);
    let Some(SectionBody::Service { figures, table }) = pack.section("service").map(|x| &x.body) else { panic!() };
    let said: Vec<String> = figures.iter().map(|x| format!("{} {}", x.value, x.label)).collect();
    assert_eq!(
        said,
        [
            "8 registrations submitted",
            "71 % approved, 5 of 7 decided",
            "22 h median to decision",
            "4 of 5 first meetings in time"
        ]
    );
    assert!(pack.section("service").unwrap().subtitle.ends_with("; 1 protection ran out"));
    assert_eq!(table.columns.last().map(|x| x.title), Some("Ran out"));
}

#[test]
fn a_partner_sees_channel_conflicts_only_where_they_are_listed_and_never_the_other_party() {
    assert!(partner_pack(full()).section("conflicts").is_none(), "internal until it is listed");
    let everything = Safelist::new(Field::ALL.iter().copied());
    let safe = partner_safe(full(), &everything, &partner()).unwrap();
    assert!(safe.get().conflicts.iter().all(|x| x.other.is_none() && x.value.is_none()));
    let pack = build_partner(&safe);
    let shown = pack.section("conflicts").unwrap();
    assert_eq!(shown.title, "4 channel conflicts found, closed in 6 days, 2 open");
    let Some(SectionBody::Service { table, .. }) = Some(&shown.body) else { panic!() };
    assert_eq!(table.rows[0][0], Cell::Text("Two partners".to_owned()));
    assert!(pack.section("open_conflicts").is_none());
    assert!(!format!("{pack:?}").contains("Brennweite"), "the other partner's name");
    let mut facts = full();
    facts.conflicts[0].partner = "p2".into();
    assert!(matches!(
        partner_safe(facts, &everything, &partner()),
        Err(SafeError::ForeignRow { what: "channel conflict", .. })
    ));
}

#[test]
fn the_range_of_the_next_quarter_stands_beside_its_target_and_chances_stay_inside() {
    let mut facts = full();
    facts.targets.push(PackTarget { quarter: facts.quarter.next(), bookings: Decimal::from(600_000) });
    let columns = |pack: &Pack| match &pack.section("next_quarter").unwrap().body {
        SectionBody::Service { table, .. } => table.columns.iter().map(|x| x.title).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    let (inside, outside) = (build_internal(&facts), partner_pack(facts.clone()));
    for pack in [&inside, &outside] {
        let section = pack.section("next_quarter").unwrap();
        assert_eq!(section.title, "€312 k to €690 k in Q4 2026, the target is €600 k");
        assert_eq!(section.subtitle, "5 of 6 deals expected to close, largest first: 5 deals for €1.19 M");
        let SectionBody::Service { figures, .. } = &section.body else { panic!() };
        assert_eq!(figures[3].label, "target, 81 % of it expected");
    }
    assert!(columns(&inside).contains(&"Chance") && !columns(&outside).contains(&"Chance"));
    // Without leave to show amounts there is no range either.
    let list = Safelist::new([Field::Stage, Field::Account, Field::CloseDate]);
    let pack = build_partner(&partner_safe(facts, &list, &partner()).unwrap());
    assert_eq!(pack.section("next_quarter").unwrap().title, "5 deals to close in Q4 2026");
}

#[test]
fn discounts_are_told_by_band_where_any_is_known() {
    let mut facts = full();
    for deal in &mut facts.deals {
        deal.discount = (deal.id.as_str() == "d1" || deal.id.as_str() == "o1").then(|| "10 to 15 %".to_owned());
    }
    let pack = build_internal(&facts);
    assert_eq!(pack.section("margin").unwrap().title, "1 of 6 deals were won with a discount");
    let SectionBody::Table(table) = &pack.section("margin").unwrap().body else { panic!() };
    assert_eq!(table.rows[0][..3], [Cell::Text("10 to 15 %".to_owned()), Cell::Count(1), euros("342000")]);
    assert_eq!(table.rows[1][0], Cell::Text("None known".to_owned()));
    facts.deals.iter_mut().for_each(|x| x.discount = None);
    assert!(build_internal(&facts).section("margin").is_none());
}

#[test]
fn nothing_that_is_said_inside_the_house_is_in_the_partners_edition_whatever_the_list() {
    let everything = Safelist::new(Field::ALL.iter().copied());
    let pack = build_partner(&partner_safe(full(), &everything, &partner()).unwrap());
    let inside = build_internal(&full());
    for section in inside.sections().iter().filter(|x| x.subtitle.starts_with("Internal")) {
        assert!(pack.section(section.key).is_none(), "{}", section.key);
    }
    let keys: Vec<_> = inside.sections().iter().filter(|x| x.subtitle.starts_with("Internal")).map(|x| x.key).collect();
    assert_eq!(keys, ["program", "margin", "concentration", "open_conflicts", "record", "stance"]);
}

#[test]
fn a_range_without_a_deal_that_closes_in_it_is_still_a_page_in_every_format() {
    let mut facts = full();
    facts.deals.retain(|x| x.outcome != Open);
    let pack = build_internal(&facts);
    assert!(pack.section("next_quarter").is_some());
    for format in PackFormat::ALL {
        assert!(write(&pack, *format).unwrap().len() > 4000, "{format:?}");
    }
}

#[test]
fn what_a_stance_is_made_of_is_unknown_where_there_is_too_little() {
    let facts = full();
    let came = measured(&facts);
    assert_eq!(came.win_rate, Some(Decimal::from(60)));
    assert!(came.growth.is_some_and(|x| x > Decimal::ONE_HUNDRED), "{came:?}");
    assert_eq!(came.coverage, None, "the next quarter has no target");
    assert_eq!(measured(&bare()), Measured::default());
    let two = vec![
        deal("1", "A", Won, "2026-07-01", "2026-08-01", eur("1000")),
        deal("2", "B", Won, "2026-07-01", "2026-08-01", eur("1000")),
    ];
    assert_eq!(measured(&PackFacts { deals: two, ..bare() }).win_rate, None, "two closed deals are no rate");
}

#[test]
fn a_certificate_that_somebody_still_works_on_counts_nowhere() {
    let mut facts = full();
    let holders = |pack: &Pack| match measure(pack, "Certified people").now {
        Cell::Count(n) => n,
        other => panic!("{other:?}"),
    };
    let before = build_internal(&facts);
    let mut working = facts.certifications[0].clone();
    (working.holder, working.earned, working.expires) = (Some("Ann Learner".to_owned()), None, None);
    working.in_progress = true;
    facts.certifications.push(working.clone());
    for pack in [build_internal(&facts), partner_pack(facts.clone())] {
        assert_eq!(holders(&pack), holders(&before));
        assert_eq!(pack.section("enablement").unwrap().title, before.section("enablement").unwrap().title);
        let SectionBody::Table(table) = &pack.section("enablement").unwrap().body else { panic!() };
        assert!(!format!("{table:?}").contains("Ann Learner"), "{table:?}");
        assert_eq!(pack.section("certificates").unwrap().title, "7 certificates, 1 in progress");
    }
    assert_eq!(yearly(&facts, facts.quarter).certified, yearly(&full(), facts.quarter).certified);
    // The same without the mark is one that counts.
    if let Some(last) = facts.certifications.last_mut() {
        last.in_progress = false;
    }
    assert_eq!(holders(&build_internal(&facts)), holders(&before) + 1);
    // One name at another partner is somebody else, as in the program's numbers.
    let other = PackCertification { partner: "p2".into(), ..facts.certifications[6].clone() };
    facts.certifications.push(other);
    assert_eq!(holders(&build_internal(&facts)), holders(&before) + 2);
}

#[test]
fn what_is_withheld_is_named() {
    let named = withheld(&usual());
    for label in ["Stage notes", "Discount band", "Channel conflict", "Owner", "Program comparison"] {
        assert!(named.contains(&label), "{label}");
    }
    assert!(!named.contains(&"Amount"));
    let pack = partner_pack(full());
    let preview = pack.preview(&named);
    assert_eq!(preview.sections.len(), pack.sections().len());
    assert_eq!(preview.pending, 2);
}

/// Select with bookings of €400 k asked by Elite, four certified people, and no others.
fn placed(course: TierCourse, bookings: u32, people: u32) -> PackPlace {
    let asked = |criterion, has: u32, own: Option<u32>, next: u32| PackAsked {
        criterion,
        has: Some(has.into()),
        own: own.map(Decimal::from),
        next: Some(next.into()),
    };
    PackPlace {
        tier: "Select".to_owned(),
        next: Some("Elite".to_owned()),
        course,
        to: "Select".to_owned(),
        asked: vec![
            asked(TierCriterion::Bookings, bookings, Some(100_000), 400_000),
            asked(TierCriterion::Certified, people, Some(2), 4),
        ],
    }
}

#[test]
fn what_a_tier_lacks_is_the_finding_in_both_editions_and_without_criteria_there_is_no_page() {
    let title = |place: PackPlace| {
        let pack = partner_pack(PackFacts { place: Some(place), ..full() });
        pack.section("tier").map(|x| x.title.clone()).unwrap_or_default()
    };
    assert_eq!(
        title(placed(TierCourse::Stays, 280_000, 3)),
        "\u{20ac}120 k of bookings and 1 certified person to Elite"
    );
    assert_eq!(title(placed(TierCourse::Stays, 400_000, 2)), "2 certified people to Elite");
    let missed = placed(TierCourse::Grace, 90_000, 4);
    assert_eq!(title(missed), "Select is missed by \u{20ac}10 k of bookings; it stays this quarter");
    let up = PackPlace { to: "Elite".to_owned(), ..placed(TierCourse::Up, 500_000, 4) };
    assert_eq!(title(up), "Elite is reached: everything that it asks is there");
    assert!(partner_pack(full()).section("tier").is_none());
    // Amounts that a partner may not see are not in its tier's page either.
    let list = Safelist::new([Field::PartnerTier, Field::ExpiresAt]);
    let facts = PackFacts { place: Some(placed(TierCourse::Stays, 280_000, 3)), ..full() };
    let pack = build_partner(&partner_safe(facts.clone(), &list, &partner()).unwrap());
    assert_eq!(pack.section("tier").unwrap().title, "1 certified person to Elite");
    let hidden = Safelist::new([Field::Amount, Field::ExpiresAt]);
    assert!(build_partner(&partner_safe(facts, &hidden, &partner()).unwrap()).section("tier").is_none());
}

#[test]
fn four_quarters_are_counted_to_the_day_for_a_tier() {
    // Q4 2025 to Q3 2026.
    let facts = PackFacts {
        deals: vec![
            deal("1", "A", Won, "2025-01-01", "2025-09-30", eur("1000")),
            deal("2", "B", Won, "2025-01-01", "2025-10-01", eur("0.10")),
            deal("3", "C", Won, "2025-01-01", "2026-09-30", eur("0.20")),
            deal("4", "D", Won, "2025-01-01", "2026-10-01", eur("1000")),
            deal("5", "E", Lost, "2025-01-01", "2026-01-01", eur("1000")),
            PackDeal { hygiene: Some(80), ..deal("6", "F", Open, "2025-01-01", "2026-12-01", eur("1")) },
            PackDeal { hygiene: Some(91), ..deal("7", "G", Open, "2025-01-01", "2026-12-01", eur("1")) },
        ],
        ..bare()
    };
    let year = yearly(&facts, facts.quarter);
    assert_eq!((year.bookings, year.deals_won, year.certified), ("0.30".parse().unwrap(), 2, None));
    assert_eq!(hygiene(&facts), Some(Decimal::from(86)), "85.5, rounded to the even point");
    assert_eq!(last_ended(&facts), facts.quarter);
    let early = PackFacts { as_of: "2026-08-20T10:00:00Z".parse().unwrap(), ..facts };
    assert_eq!(last_ended(&early), early.quarter.previous(), "a quarter that runs is not held against anybody");
}

#[test]
fn what_wins_have_earned_is_told_deal_by_deal_and_beside_bookings_in_the_programs_pack() {
    let won = |id: &str, amount: &str, earned: &str| PackDeal {
        fee: Some(10),
        earned: eur(earned),
        ..deal(id, id, Won, "2026-01-01", "2026-08-01", eur(amount))
    };
    let deals = vec![
        won("A", "1000", "100"),
        won("B", "500.50", "50.05"),
        deal("C", "C", Won, "2026-01-01", "2026-08-01", eur("499.50")),
        PackDeal { close: Some(day("2026-05-01")), ..won("D", "9000", "900") },
    ];
    let facts = PackFacts { deals, place: Some(placed(TierCourse::Down, 90_000, 1)), ..bare() };
    let pack = partner_pack(facts.clone());
    assert_eq!(pack.section("incentives").unwrap().title, "\u{20ac}150 earned in Q3 2026 with 2 deals");
    let Some(SectionBody::Table(table)) = pack.section("incentives").map(|x| &x.body) else { panic!("no incentives") };
    assert_eq!(
        table.rows.iter().map(|x| x.last().cloned()).collect::<Vec<_>>(),
        [Some(euros("100")), Some(euros("50.05"))]
    );
    let whole = Whole { name: "Partner program".to_owned(), targets: Vec::new(), outlook: None, record: None };
    let program = build_program(whole, &facts, std::slice::from_ref(&facts));
    assert_eq!(program.section("cost").unwrap().title, "\u{20ac}150 of fees, 8 % of what they booked");
    let moves = program.section("tier_moves").unwrap();
    assert_eq!(moves.title, "1 tier would change: 1 down");
    let Some(SectionBody::Table(table)) = Some(&moves.body) else { panic!("no table") };
    assert_eq!(table.rows[0][3], Cell::Text("lacks \u{20ac}10 k of bookings and 1 certified person".to_owned()));
    assert!(partner_pack(full()).section("incentives").is_none());
    for format in PackFormat::ALL {
        assert!(write(&pack, *format).unwrap().len() > 4000, "{format:?}");
    }
}
