//! Facts for the tests: one claim that passes every check, one deal that lacks nothing, and strategies that
//! bend them in every way that a rule looks at.
#![allow(clippy::unwrap_used)]

use chrono::TimeZone;
use proptest::prelude::*;

use drumbeat_model::crm::Outcome;
use drumbeat_model::deal::{Attribution, ConflictStatus, Deal, DealKind, Motion};
use drumbeat_model::dossier::{DealDossier, Dossier};
use drumbeat_model::ids::{DealId, OwnerId, PartnerId, RegistrationId};
use drumbeat_model::money::{Currency, Money};
use drumbeat_model::partner::{Certification, Company, PartnerStatus, Tier};
use drumbeat_model::registration::{DeclineReason, Registration, RegistrationKind, RegistrationStatus};
use drumbeat_model::time::{Day, Instant};

use crate::facts::{ClaimFact, DealFact, Facts, Near, NearAccount, NearClaim, NearDeal};
use crate::policy::{CertificateGate, Exclusive, Policy, WinRule};

pub fn at(day: &str) -> Instant {
    date(day).and_hms_opt(10, 0, 0).unwrap().and_utc()
}

pub fn date(day: &str) -> Day {
    day.parse().unwrap()
}

pub fn now() -> Instant {
    chrono::Utc.with_ymd_and_hms(2026, 11, 19, 8, 42, 0).unwrap()
}

pub fn euros(amount: i64) -> Money {
    Money::new(amount.into(), Currency::parse("EUR").unwrap())
}

pub fn company(id: &str, name: &str) -> Company {
    Company {
        id: id.to_owned(),
        name: name.to_owned(),
        domain: None,
        country: Some("Germany".to_owned()),
        city: None,
        region: None,
        phone: None,
        owner: None,
        parent: None,
        is_partner: false,
        partner_type: None,
        tier: None,
        status: None,
        motions: Vec::new(),
        territories: Vec::new(),
        partner_since: None,
        incumbent: None,
        renewal_date: None,
        blocked: false,
        reserved_for: None,
        retention: None,
        satisfaction: None,
        integration_used: None,
    }
}

/// A deal registration of Altmark IT that nothing speaks against.
pub fn registration() -> Registration {
    let some = |text: &str| Some(text.to_owned());
    Registration {
        id: RegistrationId::from("r1"),
        name: "DR-2026-1184".to_owned(),
        kind: RegistrationKind::Deal,
        status: RegistrationStatus::Submitted,
        partner: Some(PartnerId::from("p1")),
        company: "Hansa Kühlkette GmbH".to_owned(),
        domain: some("hansa-kuehlkette.example"),
        country: some("Deutschland"),
        city: some("Hamburg"),
        contact_name: some("Tobias Reimann"),
        contact_email: some("t.reimann@hansa-kuehlkette.example"),
        contact_phone: None,
        problem: some("Slotting for 4 depots before summer"),
        stage_guess: some("discovery scheduled"),
        consent: Some(true),
        amount: Some(euros(184_000)),
        close_date: Some(date("2027-02-26")),
        products: some("Halden Plan"),
        proof_of_work: some("Discovery notes, 12 Nov"),
        competitors: some("Orbis WMS"),
        motion: Some(Motion::Reseller),
        submitted_at: Some(at("2026-11-17")),
        submitted_by: some("Jana Brandt"),
        decided_at: None,
        decided_by: None,
        decision_reason: None,
        decline_reason: None,
        info_request: None,
        protection_start: None,
        protection_end: None,
        account: None,
        deal: None,
        owner: None,
        claimed_by: None,
        dossier: Dossier::default(),
        pending: false,
    }
}

pub fn partner() -> Company {
    Company {
        is_partner: true,
        tier: Some(Tier::Elite),
        status: Some(PartnerStatus::Active),
        motions: vec![Motion::Reseller, Motion::Services],
        territories: vec!["DACH".to_owned()],
        ..company("p1", "Altmark IT")
    }
}

pub fn certificate(expires: Option<&str>, status: Option<&str>) -> Certification {
    Certification {
        id: "c1".to_owned(),
        partner: PartnerId::from("p1"),
        name: "Sales Professional".to_owned(),
        holder: Some("Jana Brandt".to_owned()),
        kind: Some("sales".to_owned()),
        level: None,
        earned: None,
        expires: expires.map(date),
        status: status.map(str::to_owned),
    }
}

pub fn facts() -> Facts {
    Facts {
        partner: Some(partner()),
        certifications: vec![certificate(Some("2027-11-30"), Some("Active"))],
        account: Some(Company {
            domain: Some("hansa-kuehlkette.example".to_owned()),
            ..company("a1", "Hansa Kühlkette")
        }),
        active_protections_of_partner: 11,
        ..Facts::new(registration())
    }
}

pub fn claim(number: &str, partner: &str, status: RegistrationStatus) -> ClaimFact {
    ClaimFact {
        id: RegistrationId::from(number),
        number: number.to_owned(),
        company: "Hansa Kuehlkette".to_owned(),
        domain: Some("hansa-kuehlkette.example".to_owned()),
        kind: RegistrationKind::Lead,
        partner: Some(PartnerId::from(partner)),
        partner_name: Some(if partner == "p1" { "Altmark IT" } else { "Rheintal Systemhaus" }.to_owned()),
        tier: Some(Tier::Select),
        status,
        submitted_at: Some(at("2026-11-16")),
        protection_end: None,
        qualified: true,
        first_meeting: None,
        decided_at: None,
        decline_reason: None,
        products: None,
        lead: None,
    }
}

pub fn deal_fact(id: &str, partner: Option<&str>, outcome: Outcome) -> DealFact {
    DealFact {
        id: DealId::from(id),
        name: format!("Deal {id}"),
        partner: partner.map(|id| (PartnerId::from(id), format!("Partner {id}"))),
        outcome,
        created_at: Some(at("2026-10-01")),
        closed: (outcome != Outcome::Open).then(|| date("2026-10-20")),
        amount: None,
    }
}

/// An open reseller deal that lacks nothing and that nothing points at.
pub fn deal() -> Deal {
    let some = |text: &str| Some(text.to_owned());
    Deal {
        id: DealId::from("d1"),
        name: "Plan and Edge, 4 depots".to_owned(),
        account: Some("a1".into()),
        partner: Some(PartnerId::from("p1")),
        amount: Some(euros(184_000)),
        home: Some(euros(184_000)),
        rate: None,
        annual: None,
        incentive: None,
        pipeline: "default".to_owned(),
        stage: "s2".to_owned(),
        stage_label: "Qualification".to_owned(),
        position: 2,
        outcome: Outcome::Open,
        probability: 40,
        motion: Some(Motion::Reseller),
        partner_type: some("Reseller"),
        attribution: Some(Attribution::Sourced),
        attribution_pct: Some(100.into()),
        registration: Some(RegistrationId::from("r1")),
        protection_start: Some(date("2026-11-01")),
        protection_end: Some(date("2027-01-30")),
        price_protected: Some(true),
        deal_kind: Some(DealKind::New),
        incumbent: None,
        contact_roles: some("AE: Jana Brandt"),
        conflict_status: Some(ConflictStatus::None),
        stage_notes: some("Workshop held; quote next"),
        stage_notes_at: Some(at("2026-11-17")),
        stage_entered_at: Some(at("2026-11-10")),
        next_step: some("Send the quote"),
        next_step_owner: Some(OwnerId::from("o1")),
        next_step_due: Some(date("2026-11-24")),
        owner: Some(OwnerId::from("o1")),
        close_date: Some(date("2027-01-15")),
        created_at: Some(at("2026-11-01")),
        last_activity_at: Some(at("2026-11-17")),
        lost_reason: None,
        dossier: DealDossier::default(),
        pending: false,
    }
}

fn maybe<T: Clone + std::fmt::Debug + 'static>(value: T) -> impl Strategy<Value = Option<T>> {
    prop_oneof![3 => Just(Some(value)), 1 => Just(None)]
}

fn one_of<T: Clone + std::fmt::Debug + 'static>(values: &'static [T]) -> impl Strategy<Value = T> {
    prop::sample::select(values)
}

fn days() -> impl Strategy<Value = Day> {
    (-900_i64..900).prop_map(|n| now().date_naive() + chrono::TimeDelta::days(n))
}

fn text(normal: &'static str) -> impl Strategy<Value = Option<String>> {
    prop_oneof![6 => Just(Some(normal.to_owned())), 1 => Just(None), 1 => Just(Some("  ".to_owned())), 1 => "\\PC{0,12}".prop_map(Some)]
}

fn registrations() -> impl Strategy<Value = Registration> {
    let who = (
        one_of(RegistrationKind::ALL),
        maybe(PartnerId::from("p1")),
        prop_oneof![4 => Just("Hansa Kühlkette GmbH".to_owned()), 1 => Just(String::new()), 1 => "\\PC{0,12}"],
        text("hansa-kuehlkette.example"),
        one_of(&["Deutschland", "France", "Atlantis", ""]),
        text("t.reimann@hansa-kuehlkette.example"),
    );
    let what = (
        text("Slotting"),
        text("evaluation"),
        prop_oneof![3 => Just(Some(true)), 1 => Just(Some(false)), 1 => Just(None)],
        maybe(euros(1)),
        prop::option::weighted(0.8, days()),
        text("Plan"),
        text("Notes"),
        text("Orbis"),
        prop::option::weighted(0.9, one_of(Motion::ALL)),
        prop::option::weighted(0.9, days()),
    );
    (who, what).prop_map(|((kind, partner, company, domain, country, contact_email), what)| {
        let (problem, stage_guess, consent, amount, close_date, products, proof_of_work, competitors, motion, sent) =
            what;
        Registration {
            kind,
            partner,
            company,
            domain,
            country: Some(country.to_owned()),
            contact_email,
            problem,
            stage_guess,
            consent,
            amount,
            close_date,
            products,
            proof_of_work,
            competitors,
            motion,
            submitted_at: sent.map(|day| day.and_hms_opt(9, 0, 0).unwrap().and_utc()),
            ..registration()
        }
    })
}

fn partners() -> impl Strategy<Value = Option<Company>> {
    let fields = (
        any::<bool>(),
        prop::option::weighted(0.8, one_of(Tier::ALL)),
        prop::option::weighted(0.8, one_of(PartnerStatus::ALL)),
        prop::collection::vec(one_of(Motion::ALL), 0..3),
        prop::collection::vec(one_of(&["DACH", "France", "Europe", "Central", "Nordics"]), 0..3),
    );
    prop::option::weighted(
        0.9,
        fields.prop_map(|(is_partner, tier, status, motions, territories)| Company {
            is_partner,
            tier,
            status,
            motions,
            territories: territories.into_iter().map(str::to_owned).collect(),
            ..partner()
        }),
    )
}

fn claims() -> impl Strategy<Value = Vec<ClaimFact>> {
    let one = (
        one_of(&["r1", "L1", "L2", "L3"]),
        one_of(&["p1", "p2", "p3"]),
        one_of(RegistrationStatus::ALL),
        prop::option::of(days()),
        prop::option::of(days()),
        any::<bool>(),
        prop::option::of(one_of(&["hansa-kuehlkette.example", "other.example"])),
        prop::option::of(one_of(Tier::ALL)),
    );
    let one = one.prop_map(|(number, partner, status, sent, protection_end, qualified, domain, tier)| ClaimFact {
        submitted_at: sent.map(|day| day.and_hms_opt(9, 0, 0).unwrap().and_utc()),
        protection_end,
        qualified,
        domain: domain.map(str::to_owned),
        tier,
        first_meeting: protection_end,
        decided_at: protection_end.map(|day| day.and_hms_opt(15, 0, 0).unwrap().and_utc()),
        decline_reason: (!qualified).then_some(DeclineReason::Incomplete),
        ..claim(number, partner, status)
    });
    prop::collection::vec(one, 0..4)
}

fn deal_facts() -> impl Strategy<Value = Vec<DealFact>> {
    let one = (
        one_of(&["d1", "d2", "d3"]),
        prop::option::of(one_of(&["p1", "p2"])),
        one_of(&[Outcome::Open, Outcome::Won, Outcome::Lost]),
        prop::option::of(days()),
        prop::option::of(days()),
    );
    let one = one.prop_map(|(id, partner, outcome, created, closed)| DealFact {
        created_at: created.map(|day| day.and_hms_opt(9, 0, 0).unwrap().and_utc()),
        closed,
        ..deal_fact(id, partner, outcome)
    });
    prop::collection::vec(one, 0..4)
}

/// Facts bent in every way.
pub fn any_facts() -> impl Strategy<Value = Facts> {
    let certificates = prop::collection::vec(
        (prop::option::of(days()), prop::option::of(one_of(&["active", "expired", "in progress"]))),
        0..3,
    );
    let account = prop::option::weighted(0.7, (any::<bool>(), prop::option::of(one_of(&["p1", "p2"]))));
    (
        registrations(),
        partners(),
        certificates,
        account,
        claims(),
        claims(),
        deal_facts(),
        (prop::collection::vec(300_u16..950, 0..3), claims(), prop::collection::vec(300_u16..950, 0..3), claims()),
        0_u32..30,
        prop::option::of(days()),
    )
        .prop_map(
            |(
                registration,
                partner,
                certificates,
                account,
                same_domain,
                same_name,
                deals,
                near,
                held,
                first_meeting,
            )| {
                Facts {
                    partner,
                    certifications: certificates
                        .into_iter()
                        .map(|(expires, status)| Certification { expires, ..certificate(None, status) })
                        .collect(),
                    account: account.map(|(blocked, incumbent)| Company {
                        blocked,
                        incumbent: incumbent.map(PartnerId::from),
                        ..company("a1", "Hansa Kühlkette")
                    }),
                    same_domain,
                    same_name,
                    near_accounts: (near.0.into_iter().enumerate())
                        .map(|(at, thousandths)| near_account(&format!("a{}", at + 7), thousandths))
                        .collect(),
                    near_claims: near.1.into_iter().map(|claim| near_claim(claim, 720)).collect(),
                    near_deals: (near.2.into_iter().enumerate())
                        .map(|(at, thousandths)| near_deal(&format!("d{}", at + 70), Some("p2"), thousandths))
                        .collect(),
                    same_group: near.3,
                    deals,
                    active_protections_of_partner: held,
                    first_meeting,
                    ..Facts::new(registration)
                }
            },
        )
}

/// How near a record is.
fn near(thousandths: u16) -> Near {
    Near { thousandths, why: "hansa is in both names".to_owned() }
}

/// An account that may be the claimed company.
pub fn near_account(id: &str, thousandths: u16) -> NearAccount {
    NearAccount { id: id.to_owned(), name: "Hansa Kühltechnik".to_owned(), near: near(thousandths), open_deals: 0 }
}

/// An open deal without an account that may be for the claimed company.
pub fn near_deal(id: &str, partner: Option<&str>, thousandths: u16) -> NearDeal {
    NearDeal { deal: deal_fact(id, partner, Outcome::Open), near: near(thousandths) }
}

/// A claim that may be on the claimed company.
pub fn near_claim(claim: ClaimFact, thousandths: u16) -> NearClaim {
    NearClaim { claim, near: near(thousandths) }
}

/// The built-in policy, sometimes with the parts that it leaves empty.
pub fn any_policy() -> impl Strategy<Value = Policy> {
    let orders = one_of(&[
        [WinRule::FirstQualified, WinRule::TierPriority],
        [WinRule::TierPriority, WinRule::FirstMeeting],
        [WinRule::FirstMeeting, WinRule::FirstQualified],
    ]);
    let lists = prop::collection::vec(0_u8..3, 0..3);
    (prop::option::of(1_u32..30), lists, one_of(&[0_usize, 1, 2, 3]), orders, any::<bool>()).prop_map(
        |(limit, lists, tiers, order, narrow)| {
            let mut policy = Policy::built_in();
            policy.capacity.per_partner = limit;
            for list in lists {
                let entry = "hansa-kuehlkette.example".to_owned();
                match list {
                    0 => policy.accounts.blocked.push(entry),
                    1 => policy.accounts.named.push("Hansa Kuehlkette".to_owned()),
                    _ => policy.accounts.exclusive.push(Exclusive { account: entry, partner: "Rheintal".to_owned() }),
                }
            }
            let rules = [&mut policy.tiers.registered, &mut policy.tiers.select, &mut policy.tiers.elite];
            for rule in rules.into_iter().take(tiers) {
                rule.kinds.clear();
            }
            policy.registration.who_wins = order.to_vec();
            if narrow {
                policy.certification.gates.push(CertificateGate {
                    motions: vec![Motion::Services],
                    kinds: vec![RegistrationKind::Deal],
                    certificates: vec!["sales".to_owned()],
                    level: Some("advanced".to_owned()),
                });
                policy.motions.on = vec![Motion::Reseller];
                policy.certification.certificates = vec!["technical".to_owned()];
                policy.registration.consent.clear();
                policy.registration.required.lead.clear();
            }
            policy
        },
    )
}

/// Deals bent in every way.
pub fn any_deal() -> impl Strategy<Value = Deal> {
    let first = (
        prop::option::of(Just(PartnerId::from("p1"))),
        prop::option::of(one_of(Motion::ALL)),
        0_u32..8,
        one_of(&[Outcome::Open, Outcome::Won, Outcome::Lost]),
        prop::option::of(one_of(ConflictStatus::ALL)),
        text("AE"),
        text("Notes"),
    );
    let days = (prop::option::of(days()), prop::option::of(days()), prop::option::of(days()), prop::option::of(days()));
    (first, days).prop_map(
        |((partner, motion, position, outcome, conflict_status, contact_roles, stage_notes), days)| {
            let (close_date, protection_end, notes, entered) = days;
            let instant = |day: Option<Day>| day.map(|day| day.and_hms_opt(9, 0, 0).unwrap().and_utc());
            Deal {
                partner,
                motion,
                position,
                outcome,
                conflict_status,
                contact_roles,
                stage_notes,
                close_date,
                protection_end,
                stage_notes_at: instant(notes),
                stage_entered_at: instant(entered),
                ..deal()
            }
        },
    )
}
