//! The matching index is what a rebuild would make of the rows, whatever came in between, and finds spellings.

use drumbeat_match::{Profile, Record as Asked};
use drumbeat_model::crm::{ObjectKind, Record};
use proptest::prelude::*;

use super::kit::{Bench, at, record};
use crate::Gone;
use crate::matching::Filed;

type Lists = Vec<(i64, i64, Option<Vec<u8>>)>;

fn lists(bench: &Bench) -> (Lists, Lists) {
    let of = |table: &str| {
        bench
            .store
            .read(|r| {
                let mut statement =
                    r.connection.prepare(&format!("SELECT term, count, ids FROM {table} ORDER BY term"))?;
                let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
                Ok(rows.collect::<std::result::Result<Lists, _>>()?)
            })
            .unwrap()
    };
    (of("match_account"), of("match_claim"))
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
    let whole = lists(&bench);
    // As it is in a file that comes from an older format.
    bench.store.with_writer(|connection| connection.execute_batch("DELETE FROM match_account").unwrap());
    assert!(found(&bench, "Hansa Kühlkette").is_empty());
    bench.mirror(|w| w.set_cursor("anything", "else"));
    assert_eq!(lists(&bench), whole);
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
        let kept = lists(&bench);
        bench.mirror(|w| {
            w.build_lists(ObjectKind::Company)?;
            w.build_lists(ObjectKind::Registration)
        });
        let nothing = |lists: &Lists| lists.iter().all(|(term, count, _)| *term == 0 && *count == 0);
        let rebuilt = lists(&bench);
        for (kept, rebuilt) in [(&kept.0, &rebuilt.0), (&kept.1, &rebuilt.1)] {
            prop_assert!(kept == rebuilt || (nothing(kept) && nothing(rebuilt)), "{kept:?}\n{rebuilt:?}");
        }
    }
}
