//! Invented facts for the tests and the example: a partner with everything that a pack can show.
#![allow(dead_code, clippy::unwrap_used)]

use chrono::{DateTime, NaiveDate, Utc};
use drumbeat_export::*;
use drumbeat_model::channel::{ChannelSignal, ConflictKind, ConflictState};
use drumbeat_model::crm::Outcome;
use drumbeat_model::deal::{Attribution, ConflictStatus, Motion};
use drumbeat_model::field::Field;
use drumbeat_model::ids::PartnerId;
use drumbeat_model::money::{Currency, Money};
use drumbeat_model::pack::Stance;
use drumbeat_model::registration::{DeclineReason, RegistrationKind, RegistrationStatus};
use drumbeat_model::time::{Day, FiscalYear, Quarter};
use rust_decimal::Decimal;

pub fn day(text: &str) -> Day {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").unwrap()
}

pub fn eur(amount: &str) -> Option<Money> {
    Some(Money::new(amount.parse().unwrap(), Currency::parse("EUR").unwrap()))
}

pub fn partner() -> PartnerId {
    "p1".into()
}

/// No rows at all.
pub fn bare() -> PackFacts {
    PackFacts {
        partner: partner(),
        partner_name: "Fjellvind Systems".to_owned(),
        tier: Some("Select".to_owned()),
        quarter: Quarter::parse("2026Q3").unwrap(),
        year: FiscalYear::CALENDAR,
        as_of: DateTime::<Utc>::from_timestamp(1_791_180_720, 0).unwrap(),
        read_at: "2026-10-05T04:40:00Z".parse().unwrap(),
        currency: Currency::parse("EUR").unwrap(),
        prepared_by: "Mara Lindqvist".to_owned(),
        vendor: "Tidewater Software".to_owned(),
        decision_hours: 48,
        deals: Vec::new(),
        registrations: Vec::new(),
        certifications: Vec::new(),
        commitments: Vec::new(),
        conflicts: Vec::new(),
        targets: Vec::new(),
        place: None,
        outlook: None,
        words: drumbeat_model::pack::PackWords::none(partner(), Quarter::parse("2026Q3").unwrap()),
        program: None,
        pending: 0,
        merge_conflicts: 0,
    }
}

pub fn deal(id: &str, account: &str, outcome: Outcome, created: &str, close: &str, amount: Option<Money>) -> PackDeal {
    PackDeal {
        id: id.into(),
        partner: partner(),
        name: Some(format!("{account} rollout")),
        account: Some(account.to_owned()),
        stage: "Proof / Workshop".to_owned(),
        position: 2,
        outcome,
        days_over: None,
        motion: Some(Motion::Services),
        attribution: Some(Attribution::Sourced),
        pct: Some(Decimal::ONE_HUNDRED),
        amount,
        created: Some(day(created)),
        close: Some(day(close)),
        protection_end: None,
        next_step: None,
        next_step_due: None,
        next_step_owner: None,
        lost_reason: None,
        stage_notes: None,
        discount: None,
        conflict_status: None,
        owner: None,
        chance: None,
        hygiene: None,
        fee: None,
        earned: None,
    }
}

/// A full partner, two years of it.
pub fn full() -> PackFacts {
    use Outcome::{Lost, Open, Won};
    let mut deals = vec![
        PackDeal {
            attribution: Some(Attribution::Influenced),
            pct: Some(Decimal::from(40)),
            ..deal("d1", "Sørkyst Energi", Won, "2026-05-11", "2026-08-19", eur("342000"))
        },
        deal("d2", "Łódź Transport & Co", Won, "2026-04-02", "2026-07-30", eur("198500.50")),
        PackDeal {
            motion: Some(Motion::Referral),
            ..deal("d3", "Papiermühle Kreuztal", Won, "2026-06-20", "2026-09-21", eur("71250"))
        },
        PackDeal {
            lost_reason: Some("Price".to_owned()),
            ..deal("d4", "Havnekommunen", Lost, "2026-03-01", "2026-09-04", eur("54000"))
        },
        PackDeal {
            lost_reason: Some("No decision, project postponed to 2027".to_owned()),
            ..deal("d5", "Bratthavn Havbruk", Lost, "2026-02-11", "2026-08-13", eur("38000"))
        },
        deal("d6", "Dalen Kraft", Won, "2026-01-15", "2026-05-20", eur("455000")),
        deal("d7", "Skagerrak Lines", Won, "2025-11-03", "2026-03-11", eur("212000")),
        PackDeal {
            attribution: Some(Attribution::Influenced),
            ..deal("d8", "Isfjord Foods", Won, "2025-07-20", "2025-11-28", eur("310000"))
        },
        deal("d9", "Elbwerk Hamburg", Won, "2025-05-06", "2025-09-02", eur("264000")),
        deal("d10", "Kattegat Ferries", Won, "2025-01-20", "2025-06-18", eur("120000")),
        deal("d11", "Ørsundet Bygg", Lost, "2025-02-01", "2026-05-01", eur("87000")),
    ];
    let open = [
        (
            "o1",
            "Fjordlinje Logistics",
            "Solution Design",
            1,
            Motion::Services,
            "495000",
            "2026-11-20",
            Some(47),
            Some("Workshop in Bergen on the port interface"),
        ),
        (
            "o2",
            "Aalborg Port Authority",
            "Solution Design",
            1,
            Motion::Services,
            "0",
            "2026-12-11",
            Some(41),
            Some("Agree success criteria"),
        ),
        (
            "o3",
            "Nordlys Retail Group",
            "Proof / Workshop",
            2,
            Motion::Services,
            "410000",
            "2026-10-30",
            None,
            Some("Reference visit in Oslo"),
        ),
        (
            "o4",
            "Vikholm Papir",
            "Commercials",
            3,
            Motion::Services,
            "150000",
            "2026-10-16",
            None,
            Some("Price confirmation"),
        ),
        ("o5", "Müller & Söhne Kältetechnik", "Delivery", 4, Motion::Services, "90000", "2026-12-02", None, None),
        (
            "o6",
            "Rigas Dzelzceļš",
            "Intro Logged",
            1,
            Motion::Referral,
            "30000",
            "2027-01-29",
            None,
            Some("Second call with the CIO"),
        ),
        (
            "o7",
            "Brückner Anlagenbau",
            "Validate",
            2,
            Motion::Referral,
            "45000",
            "2026-11-05",
            Some(12),
            Some("Confirm the budget holder"),
        ),
        ("o8", "Óbuda Egészségház", "Prove Value", 3, Motion::Referral, "35000", "2027-02-26", None, None),
    ];
    for (i, (id, account, stage, position, motion, amount, close, over, step)) in open.into_iter().enumerate() {
        let mut x = deal(id, account, Open, "2026-07-08", close, eur(amount));
        if id == "o2" {
            x.amount = Some(Money::new(Decimal::from(2_150_000), Currency::parse("DKK").unwrap()));
        }
        stage.clone_into(&mut x.stage);
        x.position = position;
        x.motion = Some(motion);
        x.days_over = over;
        x.next_step = step.map(str::to_owned);
        x.next_step_owner =
            step.map(|_| if i % 2 == 0 { "Ingrid Solheim".to_owned() } else { "Mara Lindqvist".to_owned() });
        x.next_step_due = step.map(|_| day("2026-10-23"));
        x.protection_end = Some(day("2026-12-31"));
        if i % 3 == 0 {
            x.created = Some(day("2026-05-14"));
        }
        x.stage_notes = Some(format!("CANARYNOTE{id} they compare us with a rival"));
        x.discount = Some(format!("CANARYDISCOUNT{id}"));
        x.conflict_status = Some(ConflictStatus::Active);
        x.owner = Some(format!("CANARYOWNER{id}"));
        x.chance = Some(Decimal::from(20 + 5 * i));
        deals.push(x);
    }
    let registration =
        |n: u32, company: &str, status, submitted: &str, decided: Option<&str>, hours: Option<u32>, reason| {
            PackRegistration {
                id: format!("r{n}").into(),
                partner: partner(),
                company: Some(company.to_owned()),
                status,
                kind: Some(if n.is_multiple_of(3) { RegistrationKind::Lead } else { RegistrationKind::Deal }),
                submitted: Some(day(submitted)),
                decided: decided.map(day),
                minutes_to_decide: hours.map(|x| x * 60),
                minutes_to_reach: hours.map(|x| x * 60),
                decline_reason: reason,
                protection_end: if status == RegistrationStatus::Approved { Some(day("2026-12-31")) } else { None },
                met_in_time: matches!(status, RegistrationStatus::Approved | RegistrationStatus::Converted)
                    .then_some(n != 5),
            }
        };
    use RegistrationStatus::{Approved, Converted, Declined, Submitted};
    let registrations = vec![
        registration(1, "Fjordlinje Logistics", Converted, "2026-07-01", Some("2026-07-02"), Some(19), None),
        registration(2, "Aalborg Port Authority", Approved, "2026-07-06", Some("2026-07-08"), Some(31), None),
        registration(3, "Sundvall Trä", Approved, "2026-07-20", Some("2026-07-21"), Some(22), None),
        registration(
            4,
            "Nordlys Retail Group",
            Declined,
            "2026-08-03",
            Some("2026-08-06"),
            Some(52),
            Some(DeclineReason::Duplicate),
        ),
        registration(5, "Vikholm Papir", Approved, "2026-08-17", Some("2026-08-18"), Some(16), None),
        registration(6, "Rigas Dzelzceļš", Approved, "2026-09-09", Some("2026-09-10"), Some(27), None),
        registration(
            7,
            "Køge Havn",
            Declined,
            "2026-09-14",
            Some("2026-09-15"),
            Some(20),
            Some(DeclineReason::Territory),
        ),
        registration(8, "Brückner Anlagenbau", Submitted, "2026-09-29", None, None, None),
        registration(9, "Dalen Kraft", Converted, "2026-04-12", Some("2026-04-13"), Some(24), None),
        registration(10, "Isfjord Foods", Converted, "2026-01-12", Some("2026-01-14"), Some(40), None),
        registration(11, "Skagerrak Lines", Converted, "2025-11-12", Some("2025-11-15"), Some(66), None),
        registration(12, "Elbwerk Hamburg", Converted, "2025-08-12", Some("2025-08-13"), Some(30), None),
    ];
    let certification = |holder: &str, name: &str, level: &str, earned: &str, expires: &str| PackCertification {
        partner: partner(),
        name: Some(name.to_owned()),
        holder: Some(holder.to_owned()),
        kind: Some("Technical".to_owned()),
        level: Some(level.to_owned()),
        earned: Some(day(earned)),
        expires: Some(day(expires)),
        in_progress: false,
    };
    let certifications = vec![
        certification("Ingrid Solheim", "Platform architect", "Professional", "2024-11-01", "2026-11-01"),
        certification("Ingrid Solheim", "Sales foundations", "Associate", "2025-03-10", "2027-03-10"),
        certification("Jørgen Aas", "Platform architect", "Associate", "2025-06-01", "2027-06-01"),
        certification("Noor El Amrani", "Migration specialist", "Expert", "2024-12-15", "2026-12-15"),
        certification("Tomasz Wiśniewski", "Platform architect", "Professional", "2026-02-20", "2028-02-20"),
        certification("Eva Brandt", "Sales foundations", "Associate", "2023-05-01", "2025-05-01"),
    ];
    let commitment = |side, text: &str, owner: &str, due: &str, done| PackCommitment {
        partner: partner(),
        side,
        text: Some(text.to_owned()),
        owner: Some(owner.to_owned()),
        due: Some(day(due)),
        done,
    };
    let commitments = vec![
        commitment(Side::Vendor, "A named engineer for ports until March", "Mara Lindqvist", "2026-09-15", true),
        commitment(Side::Vendor, "Price confirmation inside two days", "Mara Lindqvist", "2026-09-30", false),
        commitment(Side::Partner, "Two more technical certificates", "Ingrid Solheim", "2026-11-30", false),
        commitment(Side::Partner, "Three contacts for the customer survey", "Jørgen Aas", "2026-08-31", true),
        commitment(
            Side::Partner,
            "Joint webinar on ports and yards, with a list of forty target accounts agreed beforehand",
            "Noor El Amrani",
            "2026-12-03",
            false,
        ),
    ];
    let targets = ["2025Q2", "2025Q3", "2025Q4", "2026Q1", "2026Q2", "2026Q3"]
        .iter()
        .zip([150_000, 250_000, 300_000, 300_000, 400_000, 600_000])
        .map(|(quarter, bookings)| PackTarget {
            quarter: Quarter::parse(quarter).unwrap(),
            bookings: Decimal::from(bookings),
        })
        .collect();
    PackFacts {
        deals,
        registrations,
        certifications,
        commitments,
        conflicts: conflicts(),
        targets,
        outlook: Some(outlook()),
        program: Some(ProgramFacts {
            direct_win_rate: Some("27.5".parse().unwrap()),
            direct_cycle_days: Some(124),
            share_of_bookings: Some("13.373".parse().unwrap()),
            stance: Some(PackStance {
                stance: Stance::Invest,
                reasons: vec![
                    reason("Share of partner bookings", "13 %", "10 %", "under 2 %", Stance::Invest),
                    reason("Growth over a year", "+40 %", "+10 %", "\u{2212}10 %", Stance::Invest),
                    reason("Win rate against direct", "+33 points", "0 points", "\u{2212}10 points", Stance::Invest),
                    reason("Coverage of the next target", "180 %", "300 %", "under 100 %", Stance::Hold),
                ],
            }),
            record: Some(record()),
        }),
        pending: 2,
        merge_conflicts: 1,
        ..bare()
    }
}

fn reason(measure: &str, value: &str, invest: &str, exit: &str, stance: Stance) -> PackReason {
    PackReason {
        measure: measure.to_owned(),
        value: value.to_owned(),
        invest: invest.to_owned(),
        exit: exit.to_owned(),
        stance,
    }
}

pub fn record() -> PackRecord {
    let horizon = |days, asked, won, own: &str, base: &str| PackHorizon {
        days,
        asked,
        won,
        own: Some(own.parse().unwrap()),
        base: Some(base.parse().unwrap()),
        crm: Some("0.2105".parse().unwrap()),
    };
    PackRecord {
        as_of: day("2026-09-30"),
        verdict: "Better than the base rate at every horizon".to_owned(),
        horizons: vec![
            horizon(30, 410, 52, "0.0981", "0.1255"),
            horizon(60, 398, 91, "0.1502", "0.1865"),
            horizon(90, 371, 120, "0.2449", "0.2449"),
        ],
        median_off: Some("11.2".parse().unwrap()),
        held: Some("79".parse().unwrap()),
    }
}

pub fn outlook() -> PackOutlook {
    PackOutlook {
        quarter: Quarter::parse("2026Q4").unwrap(),
        won: Decimal::ZERO,
        low: "312000.40".parse().unwrap(),
        expected: "487500".parse().unwrap(),
        high: "690000".parse().unwrap(),
        deals: 8,
        by_motion: Vec::new(),
    }
}

pub fn conflicts() -> Vec<PackConflict> {
    let conflict =
        |id: &str, kind, account: &str, other: &str, state, raised: &str, closed: Option<&str>| PackConflict {
            partner: partner(),
            id: id.to_owned(),
            kind,
            cause: Some(ChannelSignal::TwoOpenDeals),
            account: Some(account.to_owned()),
            other: Some(other.to_owned()),
            value: eur("240000"),
            state,
            raised: day(raised),
            minutes_to_acknowledge: Some(7 * 60),
            closed: closed.map(day),
        };
    use ConflictKind::{Horizontal, Vertical};
    use ConflictState::{Dismissed, Escalated, Open, Settled};
    vec![
        conflict("c1", Horizontal, "Vikholm Papir", "Brennweite Consulting", Settled, "2026-07-09", Some("2026-07-15")),
        conflict("c2", Horizontal, "Nordlys Retail Group", "Brennweite Consulting", Escalated, "2026-09-22", None),
        conflict("c3", Vertical, "Køge Havn", "Direct sales", Dismissed, "2026-08-03", Some("2026-08-05")),
        conflict("c4", Vertical, "Rigas Dzelzceļš", "Direct sales", Open, "2026-09-28", None),
        conflict(
            "c5",
            Horizontal,
            "Elbwerk Hamburg",
            "Brennweite Consulting",
            Settled,
            "2026-02-03",
            Some("2026-03-01"),
        ),
    ]
}

/// The fields that the default of the operating model shows, with what a QBR needs.
pub fn usual() -> Safelist {
    Safelist::new([
        Field::PartnerTier,
        Field::Name,
        Field::Account,
        Field::Stage,
        Field::StageEnteredAt,
        Field::Motion,
        Field::Attribution,
        Field::AttributionPct,
        Field::Amount,
        Field::CreatedAt,
        Field::CloseDate,
        Field::ProtectionEnd,
        Field::NextStep,
        Field::NextStepDue,
        Field::NextStepOwner,
        Field::LostReason,
        Field::CompanyName,
        Field::Status,
        Field::RegistrationKind,
        Field::SubmittedAt,
        Field::DecidedAt,
        Field::DeclineReason,
        Field::Holder,
        Field::CertificationKind,
        Field::Level,
        Field::EarnedAt,
        Field::ExpiresAt,
    ])
}

/// The partner edition of `facts` under the usual safelist.
pub fn partner_pack(facts: PackFacts) -> Pack {
    build_partner(&partner_safe(facts, &usual(), &partner()).unwrap())
}
