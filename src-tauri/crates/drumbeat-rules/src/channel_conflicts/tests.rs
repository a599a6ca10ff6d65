#![allow(clippy::unwrap_used, clippy::expect_used)]
//! What is found on an account, who stands first, and what comes back after it was settled.

use drumbeat_model::channel::{ChannelSignal as S, ConflictKind as K, PartyEvidence};
use drumbeat_model::crm::ObjectKind;
use drumbeat_model::deal::{DealKind, Motion};
use drumbeat_model::dossier::{DealPartner, PartnerRole, ProofKind};
use drumbeat_model::ids::PartnerId;
use drumbeat_model::money::{Currency, Money};
use drumbeat_model::partner::Tier;
use drumbeat_model::settling::{PartyShare, Settle, Settlement};
use proptest::prelude::*;

use super::*;
use crate::policy::Precedence;
use crate::sample::{at, date, euros, now};

fn account(id: &str, name: &str) -> AccountFact {
    AccountFact {
        id: id.into(),
        name: name.to_owned(),
        domain: None,
        country: Some("Germany".to_owned()),
        region: None,
        owner: None,
        incumbent: None,
        renewal: None,
        parent: None,
        is_partner: false,
        reserved_for: None,
    }
}

fn deal(id: &str, partner: Option<&str>) -> ChannelDeal {
    ChannelDeal {
        id: id.into(),
        name: format!("Deal {id}"),
        account: "a1".into(),
        partner: partner.map(PartnerId::from),
        marked: partner.is_some(),
        shares: Vec::new(),
        motion: partner.map(|_| Motion::Reseller),
        product: Some("Halden Plan".to_owned()),
        amount: Some(euros(40_000)),
        home: None,
        position: 2,
        created_at: Some(at("2026-11-01")),
        protection: None,
        price_protected: false,
        discount: None,
        kind: None,
        registration: None,
        owner: Some("o1".into()),
        owner_changed_at: None,
        steps: Vec::new(),
    }
}

fn claim(id: &str, partner: &str, in_force: bool) -> ChannelClaim {
    ChannelClaim {
        id: id.into(),
        number: id.to_uppercase(),
        company: "Hansa Kühlkette".to_owned(),
        partner: partner.into(),
        in_force,
        protection_end: in_force.then(|| date("2027-01-10")),
        submitted_at: Some(at("2026-11-10")),
        qualified: true,
        first_meeting: None,
        motion: Some(Motion::Reseller),
        products: Some("Halden Plan".to_owned()),
        amount: None,
        deal: None,
    }
}

fn partner(name: &str) -> PartnerFact {
    PartnerFact { name: name.to_owned(), tier: Some(Tier::Select), certified: Some(true), ..PartnerFact::default() }
}

fn cluster(deals: Vec<ChannelDeal>) -> Cluster {
    Cluster {
        accounts: vec![account("a1", "Hansa Kühlkette")],
        deals,
        partners: [("p1", "Altmark IT"), ("p2", "Boreal Systems"), ("p3", "Corvane")]
            .into_iter()
            .map(|(id, name)| (PartnerId::from(id), partner(name)))
            .collect(),
        ..Cluster::default()
    }
}

fn found(cluster: &Cluster) -> Vec<Finding> {
    judge(cluster, &Policy::built_in(), now()).findings
}

fn kinds(cluster: &Cluster) -> Vec<(K, Vec<String>)> {
    let all = found(cluster).into_iter().filter(|finding| finding.kind != K::Sign);
    all.map(|finding| (finding.kind, finding.parties.iter().map(|party| party.key().to_owned()).collect())).collect()
}

fn signals(cluster: &Cluster) -> BTreeSet<S> {
    found(cluster).iter().flat_map(|finding| &finding.signals).map(|found| found.signal).collect()
}

fn pair(kind: K, one: &str, other: &str) -> Vec<(K, Vec<String>)> {
    vec![(kind, vec![one.to_owned(), other.to_owned()])]
}

#[test]
fn amounts_in_two_currencies_meet_in_the_accounts_own() {
    let money = |text: &str| {
        let (amount, code) = text.split_once(' ').unwrap();
        Money::new(amount.parse().unwrap(), Currency::parse(code).unwrap())
    };
    let of = |id: &str, partner: &str, amount: &str, home: Option<&str>| ChannelDeal {
        amount: Some(money(amount)),
        home: home.map(money),
        ..deal(id, Some(partner))
    };
    for (name, ours, theirs, stake, quoted) in [
        ("yen against euros", ("3000000 JPY", Some("18500 EUR")), ("40000 EUR", Some("40000 EUR")), "40000 EUR", false),
        (
            "one quote in two currencies",
            ("43200 USD", Some("40000 EUR")),
            ("40000 EUR", Some("40000 EUR")),
            "40000 EUR",
            true,
        ),
        ("no rate", ("43200 USD", None), ("40000 EUR", Some("40000 EUR")), "43200 USD", false),
        ("one foreign currency", ("500 USD", Some("450 EUR")), ("500 USD", Some("450 EUR")), "450 EUR", true),
    ] {
        let all = found(&cluster(vec![of("d1", "p1", ours.0, ours.1), of("d2", "p2", theirs.0, theirs.1)]));
        assert_eq!(all[0].value, Some(money(stake)), "{name}");
        assert_eq!(all[0].signals.iter().any(|found| found.signal == S::DuplicateQuote), quoted, "{name}");
    }
}

#[test]
fn who_meets_whom_on_one_account() {
    let two = || cluster(vec![deal("d1", Some("p1")), deal("d2", Some("p2"))]);
    let with = |change: &dyn Fn(&mut Cluster)| {
        let mut cluster = two();
        change(&mut cluster);
        cluster
    };
    for (name, cluster, expected) in [
        ("one partner alone", cluster(vec![deal("d1", Some("p1")), deal("d2", Some("p1"))]), vec![]),
        ("direct alone", cluster(vec![deal("d1", None)]), vec![]),
        ("two partners", two(), pair(K::Horizontal, "p1", "p2")),
        (
            "direct and a partner",
            cluster(vec![deal("d1", Some("p1")), deal("d2", None)]),
            pair(K::Vertical, "direct", "p1"),
        ),
        ("other motions", with(&|c| c.deals[1].motion = Some(Motion::Services)), pair(K::MultiChannel, "p1", "p2")),
        ("a motion that is not known", with(&|c| c.deals[1].motion = None), pair(K::Horizontal, "p1", "p2")),
        ("other products", with(&|c| c.deals[1].product = Some("Halden Edge".to_owned())), vec![]),
        ("a product that is not known", with(&|c| c.deals[1].product = None), pair(K::Horizontal, "p1", "p2")),
        (
            "the incumbent is one of them",
            with(&|c| c.accounts[0].incumbent = Some("p1".into())),
            pair(K::Renewal, "p1", "p2"),
        ),
        (
            "the incumbent has no deal yet",
            with(&|c| {
                c.accounts[0].incumbent = Some("p1".into());
                c.deals.remove(0);
            }),
            pair(K::Renewal, "p1", "p2"),
        ),
        (
            "agreed shares of one deal",
            with(&|c| {
                let share = |partner: &str, pct| DealPartner {
                    partner: partner.into(),
                    role: PartnerRole::Resale,
                    attribution: drumbeat_model::deal::Attribution::Influenced,
                    pct,
                    part: None,
                };
                c.deals[0].shares = vec![share("p1", 60), share("p2", 40)];
            }),
            vec![],
        ),
        (
            "a deal whose partner is not told",
            with(&|c| {
                c.deals[1].partner = None;
                c.deals[1].marked = true;
            }),
            vec![],
        ),
        (
            "two registrations for a company that the CRM does not have",
            with(&|c| {
                (c.accounts, c.deals) = (Vec::new(), Vec::new());
                c.claims = vec![claim("r1", "p1", false), claim("r2", "p2", false)];
            }),
            pair(K::Horizontal, "p1", "p2"),
        ),
    ] {
        assert_eq!(kinds(&cluster), expected, "{name}");
    }
}

#[test]
fn it_is_active_when_both_hold_something_and_a_risk_before() {
    let mut cluster = cluster(vec![deal("d1", Some("p1"))]);
    for (in_force, status) in [(false, ConflictStatus::Risk), (true, ConflictStatus::Active)] {
        cluster.claims = vec![claim("r1", "p2", in_force)];
        assert_eq!(found(&cluster)[0].status, status, "{in_force}");
    }
}

#[test]
fn every_signal_has_its_fact() {
    let mut all = cluster(vec![deal("d1", Some("p1")), deal("d2", Some("p2"))]);
    all.accounts.push(AccountFact { name: "HANSA Kuehlkette GmbH".to_owned(), ..account("a2", "") });
    for deal in &mut all.deals {
        deal.name = "Hansa, Halden Plan".to_owned();
        deal.price_protected = true;
        deal.protection = Some((Some(date("2026-11-01")), date("2027-01-20")));
    }
    all.deals[1].account = "a2".into();
    all.deals[1].discount = Some("20-30".to_owned());
    all.deals[1].owner_changed_at = Some(at("2026-11-15"));
    all.claims = vec![claim("r1", "p1", false), claim("r2", "p2", false)];
    all.deals.push(ChannelDeal { marked: true, name: "Third".to_owned(), ..deal("d3", None) });
    all.accounts[0].incumbent = Some("p3".into());
    all.accounts[0].renewal = Some(date("2027-01-15"));
    all.policy_since = Some(date("2026-10-01"));
    let touch = |id: &str, title: &str, partners: &[&str]| TouchFact {
        id: id.to_owned(),
        kind: ObjectKind::Email,
        at: at("2026-11-12"),
        title: title.to_owned(),
        owner: Some("o9".into()),
        partners: partners.iter().map(|&id| id.into()).collect(),
        on: account("a1", "Hansa Kühlkette").link(),
    };
    all.touches = vec![touch("t1", "This is UNFAIR, we were first", &["p2"])];
    let days = |days: &[&str]| days.iter().map(|day| at(day)).collect::<Vec<_>>();
    all.partners.get_mut(&PartnerId::from("p1")).unwrap().contacts =
        days(&["2026-09-01", "2026-08-20", "2026-08-10", "2026-07-15"]);
    all.partners.get_mut(&PartnerId::from("p2")).unwrap().contacts =
        days(&["2026-11-10", "2026-10-20", "2026-09-29", "2026-09-08", "2026-09-05", "2026-09-02", "2026-08-30"]);
    let mut seen = signals(&all);
    // Direct contact past the incumbent, before anybody has a deal.
    let mut quiet = cluster(Vec::new());
    quiet.accounts[0].incumbent = Some("p3".into());
    quiet.touches = vec![touch("t2", "Lunch", &[])];
    seen.extend(signals(&quiet));
    assert_eq!(seen, S::ALL.iter().copied().collect());
    quiet.touches[0].partners = vec!["p3".into()];
    assert_eq!(signals(&quiet), BTreeSet::new(), "with the incumbent it is none");
}

#[test]
fn a_settlement_s_facts_are_judged_again_and_another_policy_says_what_turns_it() {
    let mut known = cluster(vec![deal("d1", Some("p1")), deal("d2", Some("p2"))]);
    known.claims = vec![claim("r1", "p1", true)];
    known.partners.get_mut(&PartnerId::from("p1")).unwrap().certified = Some(false);
    let policy = Policy::built_in();
    let finding = found(&known).into_iter().find(|finding| finding.kind == K::Horizontal).unwrap();
    let kept = JudgedConflict::of(known, finding.key(), now());
    let kept: JudgedConflict = serde_json::from_str(&serde_json::to_string(&kept).unwrap()).unwrap();
    let before = kept.by(&policy).unwrap();
    assert_eq!(before, finding.verdict, "the policy that judged then judges the same again");
    assert_eq!(differences(&before, &kept.by(&policy).unwrap()), []);
    let mut other = Policy::built_in();
    other.conflicts.hierarchy = vec![Precedence::Certified, Precedence::Registered];
    let after = kept.by(&other).unwrap();
    assert_eq!((before.first.as_deref(), after.first.as_deref()), (Some("p1"), Some("p2")));
    let why = differences(&before, &after);
    let names: Vec<&str> = why.iter().map(|rule| rule.name.as_str()).collect();
    assert_eq!(names, ["Who stands first", Precedence::Registered.label(), Precedence::Certified.label()], "{why:#?}");
    assert!(why[1].before.starts_with("decides: ") && why[1].after == "not looked at", "{why:#?}");
    assert_eq!(differences(&after, &before).len(), why.len());
}

#[test]
fn an_account_is_kept_for_a_party_by_the_policy_or_by_the_crm() {
    let both = || cluster(vec![deal("d1", Some("p1")), deal("d2", None)]);
    for (name, reserved, exclusive, expected) in [
        ("for nobody", None, None, [false, false]),
        ("for a partner, by its name", Some("ALTMARK it"), None, [false, true]),
        ("for a partner, by its id", Some("p1"), None, [false, true]),
        ("for direct sales", Some("Direct"), None, [true, false]),
        ("for somebody else", Some("Rheintal"), None, [false, false]),
        ("by the policy", None, Some("Altmark IT"), [false, true]),
    ] {
        let mut cluster = both();
        cluster.accounts[0].reserved_for = reserved.map(str::to_owned);
        let mut policy = Policy::built_in();
        policy.conflicts.hierarchy = vec![Precedence::Reserved];
        policy.registration.who_wins.clear();
        let entry = |partner: &str| crate::policy::Exclusive {
            account: "Hansa Kühlkette".to_owned(),
            partner: partner.to_owned(),
        };
        policy.accounts.exclusive.extend(exclusive.map(entry));
        let found = judge(&cluster, &policy, now()).findings;
        let finding = found.iter().find(|finding| finding.kind == K::Vertical).unwrap();
        let of = |key: &str| finding.sides.iter().find(|side| side.party.key() == key).unwrap().reserved;
        assert_eq!([of("direct"), of("p1")], expected, "{name}");
        let first = match expected {
            [true, false] => Some("direct"),
            [false, true] => Some("p1"),
            _ => None,
        };
        assert_eq!(finding.verdict.first.as_deref(), first, "{name}");
    }
}

#[test]
fn slower_replies_are_told_so_that_the_difference_is_seen() {
    // Hours between the last contacts, latest first.
    for (name, gaps, expected) in [
        ("as before", [30, 30, 30, 30, 30, 30], None),
        ("not twice as long", [40, 40, 40, 24, 24, 24], None),
        (
            "hours, where days would be the same",
            [27, 27, 27, 13, 13, 13],
            Some("every 27 hours, before it was every 13 hours"),
        ),
        ("days beside hours", [100, 100, 100, 47, 47, 47], Some("every 4 days, before it was every 47 hours")),
        ("days", [240, 240, 240, 96, 96, 96], Some("every 10 days, before it was every 4 days")),
        ("the median counts, not one long gap", [20, 900, 20, 20, 20, 20], None),
        ("several a day are no pace that one could fall behind", [24, 24, 24, 6, 6, 6], None),
        ("too few to compare", [48, 48, 48, 12, 12, 0], None),
    ] {
        let mut contacts = vec![now()];
        for hours in gaps.into_iter().filter(|hours| *hours > 0) {
            contacts.push(*contacts.last().unwrap() - chrono::TimeDelta::hours(hours));
        }
        let mut cluster = cluster(vec![deal("d1", Some("p1")), deal("d2", Some("p2"))]);
        cluster.partners.get_mut(&PartnerId::from("p1")).unwrap().contacts = contacts;
        let told: Vec<String> = found(&cluster)
            .into_iter()
            .flat_map(|finding| finding.signals)
            .filter(|found| found.signal == S::SlowerReplies)
            .map(|found| found.fact)
            .collect();
        let expected: Vec<String> =
            expected.map(|fact: &str| format!("Altmark IT is in touch {fact}")).into_iter().collect();
        assert_eq!(told, expected, "{name}");
    }
}

#[test]
fn the_first_clause_that_separates_two_parties_decides_and_says_what_would_turn_it() {
    let two = || cluster(vec![deal("d1", Some("p1")), deal("d2", Some("p2"))]);
    let with = |change: &dyn Fn(&mut Cluster)| {
        let mut cluster = two();
        change(&mut cluster);
        cluster
    };
    let certified = |c: &mut Cluster, id: &str, yes: bool| {
        c.partners.get_mut(&PartnerId::from(id)).unwrap().certified = Some(yes);
    };
    for (name, cluster, first, says) in [
        ("nothing tells them apart", two(), None, "no clause"),
        ("registered", with(&|c| c.claims = vec![claim("r1", "p2", true)]), Some("p2"), "registration in force"),
        (
            "registered before incumbent",
            with(&|c| {
                c.claims = vec![claim("r1", "p2", true)];
                c.accounts[0].incumbent = Some("p1".into());
            }),
            Some("p2"),
            "registration in force",
        ),
        ("incumbent", with(&|c| c.accounts[0].incumbent = Some("p1".into())), Some("p1"), "the account today"),
        ("certified", with(&|c| certified(c, "p1", false)), Some("p2"), "valid certificate"),
        (
            "a certificate that was shown",
            with(&|c| {
                certified(c, "p1", false);
                certified(c, "p2", false);
                c.evidence = vec![evidence("p1", ProofKind::Certificate, "2026-11-01")];
            }),
            Some("p1"),
            "valid certificate",
        ),
        (
            "the first meeting",
            with(&|c| {
                c.evidence = vec![
                    evidence("p1", ProofKind::Meeting, "2026-11-09"),
                    evidence("p2", ProofKind::Invite, "2026-11-08"),
                ];
            }),
            Some("p2"),
            "8 Nov 2026",
        ),
    ] {
        let finding = found(&cluster).into_iter().find(|finding| finding.kind != K::Sign).unwrap();
        assert_eq!(finding.verdict.first.as_deref(), first, "{name}: {}", finding.verdict.text);
        assert!(finding.verdict.text.contains(says), "{name}: {}", finding.verdict.text);
        assert!(!finding.verdict.turned_by.is_empty(), "{name}");
    }
    let meeting = with(&|c| c.evidence = vec![evidence("p1", ProofKind::Meeting, "2026-11-09")]);
    let verdict = found(&meeting)[0].verdict.clone();
    assert!(verdict.turned_by.contains(&"Boreal Systems: a meeting before 9 Nov 2026".to_owned()), "{verdict:?}");
}

fn evidence(party: &str, kind: ProofKind, day: &str) -> PartyEvidence {
    PartyEvidence {
        id: None,
        party: party.to_owned(),
        kind,
        day: date(day),
        text: "shown".to_owned(),
        source: "a person".to_owned(),
    }
}

#[test]
fn the_order_of_the_policy_decides() {
    let mut cluster = cluster(vec![deal("d1", Some("p1")), deal("d2", Some("p2"))]);
    cluster.claims = vec![claim("r1", "p2", true)];
    cluster.accounts[0].incumbent = Some("p1".into());
    let mut policy = Policy::built_in();
    policy.conflicts.hierarchy = vec![Precedence::Incumbent, Precedence::Registered];
    assert_eq!(judge(&cluster, &policy, now()).findings[0].verdict.first.as_deref(), Some("p1"));
}

#[test]
fn what_was_settled_comes_back_with_new_facts_and_not_with_time_or_amounts() {
    let before = cluster(vec![deal("d1", Some("p1")), deal("d2", Some("p2"))]);
    let settled = found(&before)[0].fingerprint.clone();
    let with = |change: &dyn Fn(&mut Cluster)| {
        let mut cluster = before.clone();
        change(&mut cluster);
        found(&cluster)[0].fingerprint.clone()
    };
    for (name, now, back) in [
        ("another amount", with(&|c| c.deals[0].amount = Some(euros(900_000))), false),
        ("another stage", with(&|c| c.deals[0].position = 4), false),
        ("one deal more", with(&|c| c.deals.push(deal("d3", Some("p2")))), true),
        ("a registration", with(&|c| c.claims.push(claim("r1", "p1", false))), true),
        ("the owner changes", with(&|c| c.deals[0].owner_changed_at = Some(at("2026-11-16"))), true),
        ("the same deals in another order", with(&|c| c.deals.reverse()), false),
    ] {
        assert_eq!(has_new_facts(&settled, &now), back, "{name}");
    }
    // The deal that an approval makes of a registration is that registration still.
    let claimed = with(&|c| c.claims.push(claim("r1", "p1", false)));
    let approved = with(&|c| {
        c.claims.push(claim("r1", "p1", true));
        c.deals.push(ChannelDeal { registration: Some("r1".into()), ..deal("local:1", Some("p1")) });
    });
    assert!(!has_new_facts(&claimed, &approved));
}

#[test]
fn a_deal_that_an_approval_has_made_is_no_new_fact_when_it_lands_under_another_id() {
    let made = |id: &str| {
        let twin = ChannelDeal { registration: Some("r1".into()), ..deal(id, Some("p1")) };
        let mut cluster = cluster(vec![twin, deal("d2", Some("p2"))]);
        cluster.claims = vec![claim("r1", "p1", true)];
        found(&cluster).into_iter().find(|finding| finding.kind == K::Horizontal).unwrap()
    };
    let (before, after) = (made("local-1"), made("4711"));
    assert!(before.signals.iter().any(|found| found.records.iter().any(|record| record.id == "local-1")));
    assert!(!has_new_facts(&before.fingerprint, &after.fingerprint), "{:#?}", after.signals);
}

#[test]
fn days_alone_are_looked_at_again_when_they_come() {
    let mut cluster = cluster(Vec::new());
    cluster.accounts[0].incumbent = Some("p1".into());
    cluster.accounts[0].renewal = Some(date("2027-03-20"));
    let judged = judge(&cluster, &Policy::built_in(), now());
    assert_eq!(judged.findings, []);
    let again = judged.look_again.unwrap();
    assert_eq!(again.date_naive(), date("2026-12-20"));
    let then = judge(&cluster, &Policy::built_in(), again);
    assert_eq!(then.findings[0].signals[0].signal, S::RenewalUnconfirmed);
    cluster.deals = vec![ChannelDeal { kind: Some(DealKind::Renewal), ..deal("d1", Some("p1")) }];
    assert_eq!(judge(&cluster, &Policy::built_in(), again).findings, []);
}

#[test]
fn what_is_settled_adds_up() {
    let finding = found(&cluster(vec![deal("d1", Some("p1")), deal("d2", Some("p2"))])).remove(0);
    let share = |party: &str, pct, role| PartyShare { party: party.to_owned(), pct, role };
    let settle = |outcome, winner: Option<&str>, shares: Vec<PartyShare>, reason: &str| Settle {
        conflict: String::new(),
        outcome,
        winner: winner.map(str::to_owned),
        shares,
        reason: Some(reason.to_owned()),
    };
    use PartnerRole::{Resale, Services};
    for (name, request, says) in [
        (
            "against the rule, with a reason",
            settle(Settlement::Awarded, Some("p1"), vec![], "they met first"),
            Ok("awarded to Altmark IT"),
        ),
        ("against the rule", settle(Settlement::Awarded, Some("p1"), vec![], " "), Err("say why")),
        ("a stranger", settle(Settlement::Awarded, Some("p9"), vec![], "x"), Err("no party")),
        (
            "a split",
            settle(Settlement::Split, None, vec![share("p1", 60, None), share("p2", 40, None)], "x"),
            Ok("split: Altmark IT 60 % and Boreal Systems 40 %"),
        ),
        (
            "too little",
            settle(Settlement::Split, None, vec![share("p1", 60, None), share("p2", 39, None)], "x"),
            Err("99 %"),
        ),
        (
            "too much",
            settle(Settlement::Split, None, vec![share("p1", 60, None), share("p2", 41, None)], "x"),
            Err("101 %"),
        ),
        (
            "nothing for one",
            settle(Settlement::Split, None, vec![share("p1", 100, None), share("p2", 0, None)], "x"),
            Err("no share"),
        ),
        ("one of them alone", settle(Settlement::Split, None, vec![share("p1", 100, None)], "x"), Err("each party")),
        (
            "twice the same",
            settle(Settlement::Split, None, vec![share("p1", 50, None), share("p1", 50, None)], "x"),
            Err("twice"),
        ),
        (
            "roles",
            settle(Settlement::Joint, None, vec![share("p1", 70, Some(Resale)), share("p2", 30, Some(Services))], "x"),
            Ok("joint roles: Altmark IT 70 % (resale)"),
        ),
        (
            "one role twice",
            settle(Settlement::Joint, None, vec![share("p1", 70, Some(Resale)), share("p2", 30, Some(Resale))], "x"),
            Err("different"),
        ),
        (
            "no role",
            settle(Settlement::Joint, None, vec![share("p1", 70, None), share("p2", 30, None)], "x"),
            Err("no role"),
        ),
    ] {
        match (settling::terms(&finding, &request, &Policy::built_in()), says) {
            (Ok(terms), Ok(says)) => assert!(terms.text.contains(says), "{name}: {}", terms.text),
            (Err(why), Err(says)) => assert!(why.contains(says), "{name}: {why}"),
            (got, _) => unreachable!("{name}: {got:?}"),
        }
    }
}

#[test]
fn the_clocks_of_a_finding() {
    use drumbeat_model::verdict::ClockState as C;
    let policy = Policy::built_in();
    // A Wednesday; five business days on is the Wednesday after.
    let raised = at("2026-11-18");
    let lived = clocks::Lived { raised_at: raised, ..clocks::Lived::default() };
    let states = |lived: &clocks::Lived, now: &str| -> Vec<(String, C)> {
        clocks::clocks(lived, &policy, at(now)).into_iter().map(|clock| (clock.rule, clock.state)).collect()
    };
    let said = |all: &[(&str, C)]| all.iter().map(|(rule, state)| ((*rule).to_owned(), *state)).collect::<Vec<_>>();
    assert_eq!(states(&lived, "2026-11-18"), said(&[("S-06", C::Running), ("S-07", C::Running)]));
    assert_eq!(states(&lived, "2026-11-20"), said(&[("S-06", C::Over), ("S-07", C::Running)]));
    let planned = clocks::Lived { planned_at: Some(raised), asked_at: Some(at("2026-11-19")), ..lived };
    assert_eq!(states(&planned, "2026-11-30"), said(&[("S-06", C::Met), ("C-08", C::Over), ("S-07", C::Met)]));
    let old = clocks::Lived { go_live: Some(date("2026-11-10")), since: Some(at("2026-11-01")), ..lived };
    assert_eq!(states(&old, "2026-11-30"), said(&[("S-06", C::Baseline), ("S-07", C::Baseline)]));
}

fn any_deal() -> impl Strategy<Value = ChannelDeal> {
    (0_u32..6, 0_usize..4, 0_usize..3, any::<bool>(), 0_i64..4).prop_map(|(id, of, motion, protected, amount)| {
        let partner = ["p1", "p2", "p3"].get(of).copied();
        ChannelDeal {
            motion: [None, Some(Motion::Reseller), Some(Motion::Services)][motion],
            price_protected: protected,
            protection: protected.then(|| (None, date("2027-01-01"))),
            amount: Some(euros(amount * 10_000)),
            ..deal(&format!("d{id}"), partner)
        }
    })
}

proptest! {
    #[test]
    fn findings_do_not_depend_on_the_order_of_facts(
        mut deals in prop::collection::vec(any_deal(), 0..6), incumbent in 0_usize..4, seed in any::<u64>(),
    ) {
        deals.sort_by(|a, b| a.id.cmp(&b.id));
        deals.dedup_by(|a, b| a.id == b.id);
        let mut one = cluster(deals);
        one.accounts[0].incumbent = ["p1", "p2", "p3"].get(incumbent).map(|&id| id.into());
        let mut other = one.clone();
        let turn = (seed as usize) % other.deals.len().max(1);
        other.deals.rotate_left(turn);
        let (found, again) = (judge(&one, &Policy::built_in(), now()), judge(&other, &Policy::built_in(), now()));
        prop_assert_eq!(&found, &again);
        let keys: Vec<String> = found.findings.iter().map(Finding::key).collect();
        let once: BTreeSet<&String> = keys.iter().collect();
        prop_assert_eq!(once.len(), keys.len(), "no finding stands twice");
        prop_assert!(found.findings.iter().all(|finding| finding.severity <= 100));
    }
}
