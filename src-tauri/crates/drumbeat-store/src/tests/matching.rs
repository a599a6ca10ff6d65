//! The matching index is what a rebuild would make of the rows, whatever came in between, and finds spellings.

use drumbeat_match::{Profile, Record as Asked};
use drumbeat_model::crm::{ObjectKind, Record};
use proptest::prelude::*;

use super::kit::{Bench, at, key, plain, record};
use crate::matching::{Entry, Filed};
use crate::{Gone, Store};

type Whole = (u64, Vec<Entry>);

fn whole(bench: &Bench) -> (Whole, Whole) {
    bench.store.read(|r| Ok((r.whole(Filed::Accounts)?, r.whole(Filed::Claims)?))).unwrap()
}

fn company(id: u8, name: &str, city: &str) -> Record {
    record(ObjectKind::Company, &format!("c{id}"), &[("name", name), ("city", city)])
}

fn claim(id: u8, name: &str) -> Record {
    record(ObjectKind::Registration, &format!("r{id}"), &[("number", "R"), ("company", name), ("status", "submitted")])
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
    fn a_kept_index_is_a_rebuilt_one(events in prop::collection::vec((0..5u8, 0..4u8, 0..6usize, 0..6usize), 1..25)) {
        let bench = Bench::new();
        for (what, id, name, other) in events {
            match what {
                0 | 1 => {
                    bench.apply(&[company(id, NAMES[name], "Kiel")]);
                }
                2 => {
                    bench.apply(&[claim(id, NAMES[name])]);
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
