//! The matching index is what a rebuild would make of the rows, whatever came in between, and finds spellings.

use drumbeat_match::{Profile, Record as Asked};
use drumbeat_model::crm::{ObjectKind, Record};
use proptest::prelude::*;

use super::kit::{Bench, at, key, link, plain, record};
use crate::matching::{Entry, Filed};
use crate::{Gone, Store};

type Whole = (u64, Vec<Entry>);

fn whole(bench: &Bench) -> [Whole; 3] {
    bench.store.read(|r| Ok([r.whole(Filed::Accounts)?, r.whole(Filed::Claims)?, r.whole(Filed::Deals)?])).unwrap()
}

fn company(id: u8, name: &str, city: &str) -> Record {
    record(ObjectKind::Company, &format!("c{id}"), &[("name", name), ("city", city)])
}

fn claim(id: u8, name: &str) -> Record {
    record(ObjectKind::Registration, &format!("r{id}"), &[("number", "R"), ("company", name), ("status", "submitted")])
}

fn deal(id: u8, name: &str, account: Option<&str>) -> Record {
    let links = account.map(|account| link(ObjectKind::Company, account)).into_iter().collect();
    Record { links: Some(links), ..record(ObjectKind::Deal, &format!("d{id}"), &[("dealname", name)]) }
}

fn alike(bench: &Bench, filed: Filed, asked: &Asked<'_>) -> Vec<String> {
    let found = bench.store.read(|r| r.alike(filed, &Profile::of(asked), None)).unwrap();
    found.into_iter().map(|one| one.id).collect()
}

fn found(bench: &Bench, name: &str) -> Vec<String> {
    let asked = Profile::of(&Asked { name, city: Some("Kiel"), ..Asked::default() });
    let alike = bench.store.read(|r| r.alike(Filed::Accounts, &asked, None)).unwrap();
    alike.into_iter().map(|one| one.id).collect()
}

#[test]
fn an_account_is_found_under_another_spelling_until_it_is_renamed_or_gone() {
    let bench = Bench::new();
    bench.apply(&[company(1, "Hansa Kühlkette GmbH", "Kiel"), company(2, "Olafson Trading", "Lyon")]);
    assert_eq!(found(&bench, "HANSA KUEHLKETTE"), ["c1"]);
    let alike = bench
        .store
        .read(|r| r.alike(Filed::Accounts, &Profile::of(&Asked { name: "Hansa Kuhlkete", ..Asked::default() }), None))
        .unwrap();
    assert!(alike.iter().all(|one| !one.evidence.speaks_for.is_empty()), "{alike:?}");
    bench.apply(&[company(1, "Brontis Logistik", "Kiel")]);
    assert!(found(&bench, "HANSA KUEHLKETTE").is_empty());
    assert_eq!(found(&bench, "Brontis Logistik"), ["c1"]);
    bench.mirror(|w| w.mark_gone(ObjectKind::Company, &["c1".to_owned()], Gone::Archived, at(3)));
    assert!(found(&bench, "Brontis Logistik").is_empty());
}

#[test]
fn a_claim_is_found_by_its_place_its_mail_and_its_telephone() {
    let bench = Bench::new();
    let fields = [
        ("number", "R"),
        ("company", "Nordlicht Gastro"),
        ("status", "submitted"),
        ("country", "DE"),
        ("city", "Kiel"),
        ("contact_phone", "+49 (0)431 1234-568"),
        ("email", "jana@nordlicht-gastro.example"),
    ];
    bench.apply(&[record(ObjectKind::Registration, "r1", &fields)]);
    let other = Asked { name: "Brontis Hotels", country: Some("Germany"), ..Asked::default() };
    assert!(alike(&bench, Filed::Claims, &other).is_empty());
    assert_eq!(alike(&bench, Filed::Claims, &Asked { phone: Some("0431 123 45 68"), ..other }), ["r1"]);
    assert_eq!(alike(&bench, Filed::Claims, &Asked { email: Some("x@nordlicht-gastro.example"), ..other }), ["r1"]);
    let found = |city| {
        let asked =
            Profile::of(&Asked { name: "Nordlicht", country: Some("DE"), city: Some(city), ..Asked::default() });
        let all = bench.store.read(|r| r.alike(Filed::Claims, &asked, None)).unwrap();
        all.first().map_or((0.0, String::new()), |one| (one.probability, one.evidence.speaks_for.join(", ")))
    };
    let (there, why) = found("Kiel");
    assert!(there > found("Lyon").0 && why.contains("same city kiel"), "{there} {why}");
}

#[test]
fn an_open_deal_without_an_account_is_found_by_its_own_name() {
    let bench = Bench::new();
    let asked = Asked { name: "HANSA KUEHLKETTE", ..Asked::default() };
    let name = "Hansa Kühlkette GmbH – Renewal 2026";
    bench.apply(&[deal(1, name, None), deal(2, "Olafson Trading - PoC", None)]);
    assert_eq!(alike(&bench, Filed::Deals, &asked), ["d1"]);
    bench.apply(&[company(1, "Hansa Kühlkette GmbH", "Kiel")]);
    bench.apply(&[deal(1, name, Some("c1"))]);
    assert!(alike(&bench, Filed::Deals, &asked).is_empty(), "its account speaks for it");
    let asked = Asked { name: "Olafson Trading", ..Asked::default() };
    assert_eq!(alike(&bench, Filed::Deals, &asked), ["d2"]);
    bench.mirror(|w| w.mark_gone(ObjectKind::Deal, &["d2".to_owned()], Gone::Archived, at(3)));
    assert!(alike(&bench, Filed::Deals, &asked).is_empty());
}

#[test]
fn the_accounts_of_a_group_are_the_one_above_those_beside_and_those_below() {
    let bench = Bench::new();
    let account = |id: &str, parent: &str| record(ObjectKind::Company, id, &[("name", id), ("parent", parent)]);
    bench.apply(&[account("c1", ""), account("c2", "c1"), account("c3", "c1"), account("c4", "c2"), account("c5", "")]);
    let group = |id: &str| -> Vec<String> {
        bench.store.read(|r| r.group_of(id)).unwrap().into_iter().map(|(id, _)| id).collect()
    };
    assert_eq!(group("c2"), ["c1", "c3", "c4"]);
    assert_eq!(group("c1"), ["c2", "c3"]);
    assert!(group("c5").is_empty());
}

#[test]
fn a_file_without_an_index_has_one_after_its_first_write() {
    let bench = Bench::new();
    bench.apply(&[company(1, "Hansa Kühlkette GmbH", "Kiel")]);
    let before = whole(&bench);
    // As it is in a file that comes from an older format.
    bench.store.with_writer(|connection| connection.execute_batch("DELETE FROM match_account").unwrap());
    assert!(found(&bench, "Hansa Kühlkette").is_empty());
    bench.mirror(|w| w.set_cursor("anything", "else"));
    assert_eq!(whole(&bench), before);
}

const NAMES: [&str; 6] = ["Hansa Kühlkette GmbH", "Hansa Kühlkette", "Brontis", "Brontis Nord AG", "K T R", "Trading"];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn a_kept_index_is_a_rebuilt_one(events in prop::collection::vec((0..6u8, 0..4u8, 0..6usize, 0..6usize), 1..25)) {
        let bench = Bench::new();
        for (what, id, name, other) in events {
            match what {
                0 | 1 => {
                    bench.apply(&[company(id, NAMES[name], "Kiel")]);
                }
                2 => {
                    bench.apply(&[claim(id, NAMES[name])]);
                }
                4 => {
                    bench.apply(&[deal(id, &format!("{} - Renewal", NAMES[name]), (other > 3).then_some("c1"))]);
                }
                // Two changes of one record in one transaction.
                3 => bench.mirror(|w| {
                    w.apply_records(ObjectKind::Company, &[company(id, NAMES[name], "Lyon")], at(0))?;
                    w.apply_records(ObjectKind::Company, &[company(id, NAMES[other], "Kiel")], at(0)).map(|_| ())
                }),
                _ => {
                    bench.mirror(|w| w.mark_gone(ObjectKind::Company, &[format!("c{id}")], Gone::Archived, at(3)));
                }
            }
        }
        let kept = whole(&bench);
        bench.mirror(|w| w.rebuild_matching());
        prop_assert_eq!(kept, whole(&bench));
    }
}

#[test]
fn a_file_without_an_index_has_one_when_it_is_opened_again() {
    let bench = Bench::new();
    bench.apply(&[company(1, "Hansa Kühlkette GmbH", "Kiel")]);
    // As an older version has left it: other rows, and none that says which runs there are.
    bench.store.with_writer(|connection| {
        connection.execute_batch("DELETE FROM match_account; INSERT INTO match_account VALUES (0, 1, NULL)").unwrap();
    });
    assert!(found(&bench, "Hansa Kühlkette").is_empty());
    drop(Store::open(&bench.path, &key(), plain()).unwrap());
    assert_eq!(found(&bench, "Hansa Kühlkette"), ["c1"]);
}

#[test]
fn a_file_of_an_older_format_has_telephones_and_places_when_it_is_opened() {
    let bench = Bench::new();
    let phone = "+49 431 1234568";
    bench.apply(&[record(ObjectKind::Company, "c1", &[("name", "Nordlicht Gastro"), ("phone", phone)])]);
    let claim = [("number", "R"), ("company", "Nordlicht Hotels"), ("status", "submitted"), ("contact_phone", phone)];
    bench.apply(&[record(ObjectKind::Registration, "r1", &claim)]);
    // As the migration leaves it.
    bench.store.with_writer(|connection| {
        let sql = "UPDATE company SET phone = NULL; UPDATE registration SET phone = NULL; DELETE FROM match_account;
                   DELETE FROM match_claim; INSERT INTO value (name, text) VALUES ('matching.fill', '1')";
        connection.execute_batch(sql).unwrap();
    });
    drop(Store::open(&bench.path, &key(), plain()).unwrap());
    let asked = Asked { name: "Brontis", phone: Some("0431 1234568"), ..Asked::default() };
    assert_eq!(alike(&bench, Filed::Accounts, &asked), ["c1"]);
    assert_eq!(alike(&bench, Filed::Claims, &asked), ["r1"]);
}
