//! Whatever the safelist, what it does not name is in no byte stream of the partner edition.
//!
//! Each case draws a safelist and plants a value of its own in every field of the facts. The finished
//! slides, workbook, page and PDF are taken apart, archives inside archives as well, and every value whose
//! field was not drawn is looked for. That the values are where they may be is shown by the internal edition.
#![allow(clippy::unwrap_used)]

mod common;

use std::io::{Cursor, Read};

use common::*;
use drumbeat_export::*;
use drumbeat_model::channel::{ChannelSignal, ConflictKind, ConflictState};
use drumbeat_model::crm::Outcome;
use drumbeat_model::deal::{ConflictStatus, Motion};
use drumbeat_model::field::Field;
use drumbeat_model::pack::PackFormat::{self, Html, Pdf, Pptx, Xlsx};
use drumbeat_model::pack::{Stance, TierCourse, TierCriterion};
use drumbeat_model::registration::{RegistrationKind, RegistrationStatus};
use rust_decimal::Decimal;

/// Cases, shared by as many threads as there are.
const CASES: u64 = 1_000;
/// In one case of so many the PDF, whose layout takes a hundred times as long as all the rest, is laid out and read.
/// In each case everything that its template is given is searched.
const PDF_EACH: u64 = 250;
const THREADS: u64 = 4;

/// Numbers that look random and are the same again.
struct Drawn(u64);

impl Drawn {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }
}

fn deep(bytes: &[u8], all: &mut String) {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    for i in 0..zip.len() {
        let mut part = zip.by_index(i).unwrap();
        let mut data = Vec::new();
        part.read_to_end(&mut data).unwrap();
        if data.starts_with(b"PK") {
            deep(&data, all);
        } else {
            all.push_str(&String::from_utf8_lossy(&data));
        }
    }
}

/// Facts with a value of its own in each field, and the values by their fields. `None` is internal whatever the list.
fn planted(case: u64) -> (PackFacts, Vec<(Option<Field>, String)>) {
    let mut values = Vec::new();
    let mut plant = |field: Option<Field>, kind: &str| {
        let value = format!("Canary{kind}{case}x{}q", values.len());
        values.push((field, value.clone()));
        Some(value)
    };
    let mut facts = bare();
    for (i, outcome) in [Outcome::Open, Outcome::Open, Outcome::Won, Outcome::Lost].into_iter().enumerate() {
        let mut x = deal(&i.to_string(), "x", outcome, "2026-07-03", "2026-09-09", None);
        x.name = plant(Some(Field::Name), "Name");
        x.account = plant(Some(Field::Account), "Account");
        x.stage = plant(Some(Field::Stage), "Stage").unwrap();
        x.next_step = plant(Some(Field::NextStep), "Step");
        x.next_step_owner = plant(Some(Field::NextStepOwner), "StepOwner");
        x.lost_reason = plant(Some(Field::LostReason), "Lost");
        x.stage_notes = plant(Some(Field::StageNotes), "Notes");
        x.discount = plant(Some(Field::DiscountBand), "Discount");
        x.owner = plant(Some(Field::Owner), "Owner");
        x.conflict_status = Some(ConflictStatus::Active);
        x.motion = Some(Motion::Services);
        x.days_over = (outcome == Outcome::Open).then_some(7654);
        x.chance = Some("61.7283".parse().unwrap());
        x.amount = eur(&format!("73914820{i}"));
        x.hygiene = Some(3_579);
        (x.fee, x.earned) = (Some(8_642), eur(&format!("51728394{i}")));
        x.created = Some(day("1987-03-11"));
        facts.deals.push(x);
    }
    for i in 0..2 {
        facts.registrations.push(PackRegistration {
            id: format!("r{i}").into(),
            partner: partner(),
            company: plant(Some(Field::CompanyName), "Company"),
            status: RegistrationStatus::Approved,
            kind: Some(RegistrationKind::Deal),
            submitted: Some(day("2026-08-01")),
            decided: Some(day("2026-08-02")),
            minutes_to_decide: Some(600),
            minutes_to_reach: Some(600),
            decline_reason: None,
            protection_end: Some(day("2026-12-01")),
            met_in_time: Some(true),
        });
    }
    facts.certifications.push(PackCertification {
        partner: partner(),
        name: plant(Some(Field::Name), "Certificate"),
        holder: plant(Some(Field::Holder), "Holder"),
        kind: plant(Some(Field::CertificationKind), "Kind"),
        level: plant(Some(Field::Level), "Level"),
        earned: Some(day("2026-01-01")),
        expires: Some(day("2026-11-01")),
        in_progress: false,
    });
    facts.commitments.push(PackCommitment {
        partner: partner(),
        side: Side::Vendor,
        text: plant(Some(Field::NextStep), "Owed"),
        owner: plant(Some(Field::NextStepOwner), "OwedBy"),
        due: Some(day("2026-09-30")),
        done: false,
    });
    facts.tier = plant(Some(Field::PartnerTier), "Tier");
    facts.program = Some(ProgramFacts {
        direct_win_rate: Some("7654.3".parse().unwrap()),
        direct_cycle_days: Some(765_432),
        share_of_bookings: Some(Decimal::from(76_543)),
        stance: Some(PackStance {
            stance: Stance::Exit,
            reasons: vec![PackReason {
                measure: plant(None, "Measure").unwrap(),
                value: plant(None, "Value").unwrap(),
                invest: plant(None, "Invest").unwrap(),
                exit: plant(None, "Exit").unwrap(),
                stance: Stance::Exit,
            }],
        }),
        record: Some(PackRecord { verdict: plant(None, "Verdict").unwrap(), ..record() }),
    });
    for (i, state) in [ConflictState::Open, ConflictState::Settled].into_iter().enumerate() {
        facts.conflicts.push(PackConflict {
            partner: partner(),
            id: plant(None, "ConflictId").unwrap(),
            kind: ConflictKind::Renewal,
            cause: Some(ChannelSignal::IncumbentTouched),
            account: plant(Some(Field::Account), "ConflictAccount"),
            other: plant(None, "OtherParty"),
            value: eur("86420975"),
            state,
            raised: day("2026-08-03"),
            minutes_to_acknowledge: Some(60 * 4_321),
            closed: (i == 1).then(|| day("2026-08-20")),
        });
    }
    let asked = |criterion, has: i64, own: i64| {
        let some = |x: i64| Some(Decimal::from(x));
        PackAsked { criterion, has: some(has), own: some(own), next: some(own + 1_000_000) }
    };
    facts.place = Some(PackPlace {
        tier: plant(Some(Field::PartnerTier), "OwnTier").unwrap(),
        next: plant(Some(Field::PartnerTier), "NextTier"),
        course: [TierCourse::Up, TierCourse::Stays, TierCourse::Grace, TierCourse::Down]
            [usize::try_from(case % 4).unwrap()],
        to: plant(Some(Field::PartnerTier), "ToTier").unwrap(),
        asked: vec![
            asked(TierCriterion::Bookings, 417_000_000, 918_000_000),
            asked(TierCriterion::DealsWon, 4_447, 8_223),
            asked(TierCriterion::Registrations, 4_559, 9_113),
            asked(TierCriterion::Certified, 4_667, 9_337),
            asked(TierCriterion::Hygiene, 4_789, 9_551),
        ],
    });
    facts.outlook = Some(PackOutlook {
        by_motion: vec![(None, PackOutlook { high: Decimal::from(975_310_000), ..outlook() })],
        low: Decimal::from(531_000_000),
        high: Decimal::from(654_000_000),
        ..outlook()
    });
    facts.targets.push(PackTarget { quarter: facts.quarter, bookings: Decimal::from(862_000_000) });
    // Numbers and days are looked for by how they are written.
    for (field, text) in [
        (Some(Field::Amount), "73914820"),
        (Some(Field::Amount), "739,148,20"),
        (Some(Field::Amount), "\u{20ac}739 M"),
        (Some(Field::CreatedAt), "Mar 1987"),
        (Some(Field::CreatedAt), "<v>31847</v>"),
        (Some(Field::StageEnteredAt), "7,654 d"),
        (None, "765,432"),
        (None, "7,654 %"),
        (None, "76,543 %"),
        (None, "62 %"),
        (None, "61.72"),
        (None, "0.617"),
        (None, "86,420,975"),
        (None, "86420975"),
        (None, "\u{20ac}86.4 M"),
        (None, "\u{20ac}975 M"),
        (None, "0.0981"),
        (Some(Field::ConflictStatus), "4,321 h"),
        (Some(Field::ConflictStatus), "Renewal"),
        (Some(Field::ConflictNotes), "Incumbent\u{2019}s account engaged"),
        (None, "3,579"),
        (Some(Field::Amount), "8,642 %"),
        (Some(Field::Amount), "51728394"),
        (Some(Field::Amount), "517,283,94"),
        (Some(Field::Amount), "\u{20ac}417 M"),
        (Some(Field::Amount), "417,000,000"),
        (Some(Field::Amount), "\u{20ac}501 M"),
        (Some(Field::PartnerTier), "918,000,000"),
        (Some(Field::Stage), "4,447"),
        (Some(Field::Stage), "4,789"),
        (Some(Field::Status), "4,559"),
        (Some(Field::PartnerTier), "4,667"),
        (Some(Field::Amount), "\u{20ac}531 M"),
        (Some(Field::Amount), "\u{20ac}654 M"),
        (Some(Field::Amount), "\u{20ac}862 M"),
    ] {
        values.push((field, text.to_owned()));
    }
    (facts, values)
}

#[test]
fn what_the_safelist_does_not_name_is_in_no_byte_stream() {
    std::thread::scope(|all| {
        for first in 0..THREADS {
            all.spawn(move || (first..CASES).step_by(THREADS as usize).for_each(holds));
        }
    });
}

/// One case: a safelist of its own, and what it leaves out looked for in everything that is written.
fn holds(case: u64) {
    let mut drawn = Drawn(case);
    // From nothing at all to nearly everything.
    let share = drawn.next() % 11;
    let list: Vec<Field> = Field::ALL.iter().copied().filter(|_| drawn.next() % 10 < share).collect();
    let safelist = Safelist::new(list.iter().copied());
    let (facts, values) = planted(case);
    let safe = partner_safe(facts, &safelist, &partner()).unwrap();
    let pack = build_partner(&safe);
    let hidden: Vec<&String> =
        values.iter().filter(|(field, _)| field.is_none_or(|x| !safelist.allows(x))).map(|(_, value)| value).collect();
    let mut streams = vec![
        ("page", String::from_utf8(write(&pack, Html).unwrap()).unwrap()),
        ("status", status(&safe).markdown()),
        ("pages of the PDF", pdf_data(&pack).unwrap()),
    ];
    for (name, format) in [("deck", Pptx), ("workbook", Xlsx)] {
        let mut all = String::new();
        deep(&write(&pack, format).unwrap(), &mut all);
        streams.push((name, all));
    }
    for (name, text) in &streams {
        for value in &hidden {
            assert!(!text.contains(*value), "case {case}: {value} is in the {name} under {list:?}");
        }
    }
    if case.is_multiple_of(PDF_EACH) {
        let wanted: Vec<String> = hidden.iter().map(|x| (*x).clone()).collect();
        assert_eq!(scan(&write(&pack, Pdf).unwrap(), Pdf, &wanted), [], "case {case}");
        assert_eq!(scan(&status(&safe).pdf().unwrap(), Pdf, &wanted), [], "case {case}, status");
    }
}

#[test]
fn the_internal_edition_holds_what_is_planted_so_that_the_search_is_able_to_find_it() {
    let (facts, values) = planted(1);
    let internal = build_internal(&facts);
    // An id stands nowhere, of a settled conflict only how long it took, and a partner that lacks something reads of the next tier.
    let nowhere = ["Conflict", "OtherParty", "OwnTier", "ToTier"];
    let is_shown = |x: &String| x.starts_with("Canary") && !nowhere.iter().any(|word| x.contains(word));
    let mut texts: Vec<String> = values.iter().map(|(_, x)| x.clone()).filter(is_shown).collect();
    texts.extend(values.iter().map(|(_, x)| x.clone()).find(|x| x.starts_with("CanaryOtherParty")));
    let found = scan(&write(&internal, Xlsx).unwrap(), Xlsx, &texts);
    for text in &texts {
        assert!(found.iter().any(|x| &x.value == text), "{text} is not in the internal workbook");
    }
    for format in PackFormat::ALL {
        let found = scan(&write(&internal, *format).unwrap(), *format, &texts);
        assert!(found.len() > 5, "{format:?}: {}", found.len());
    }
}
