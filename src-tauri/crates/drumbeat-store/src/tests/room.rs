//! A disk that is full: an act is saved or it is not, and what was saved before is there.

use drumbeat_model::crm::ObjectKind;

use super::kit::{Bench, at, key, plain, record, set};
use crate::{Store, StoreError, Why};

/// From now on the file may not grow by more than some pages; no pages are free in it.
fn fill(bench: &Bench, pages: i64) {
    bench.store.checkpoint().unwrap();
    bench.store.with_writer(|connection| {
        let used: i64 = connection.query_row("PRAGMA page_count", [], |row| row.get(0)).unwrap();
        let limit = format!("PRAGMA max_page_count = {}", used + pages);
        connection.query_row(&limit, [], |row| row.get::<_, i64>(0)).unwrap();
    });
}

fn free(bench: &Bench) {
    bench.store.with_writer(|connection| {
        connection.query_row("PRAGMA max_page_count = 1000000", [], |row| row.get::<_, i64>(0)).unwrap();
    });
}

/// Everything that the file holds, and that it is sound and its trail unbroken.
fn kept(bench: &Bench) -> (Vec<String>, usize, u32) {
    assert_eq!(bench.store.integrity().unwrap(), Vec::<String>::new());
    let (ops, trail) = bench.store.read(|r| Ok((r.latest_ops(1000)?.len(), r.verify_audit()?))).unwrap();
    assert!(trail.intact, "{trail:?}");
    (bench.shown(&[]), ops, trail.entries)
}

fn reopened(bench: &Bench) -> u32 {
    let other = Store::open(&bench.path, &key(), plain()).unwrap();
    other.read(|r| r.verify_audit()).unwrap().entries
}

#[test]
fn a_decision_on_a_full_disk_is_refused_and_leaves_everything_as_it_was() {
    let bench = Bench::new();
    bench.apply(&[record(ObjectKind::Deal, "1", &[("dealname", "Alpha")])]);
    let (mut saved, mut refused) = (0, 0);
    for pages in 0..6 {
        fill(&bench, pages);
        // Each decision is a page or so of reasons; sooner or later one has no room.
        for _ in 0..20 {
            let before = kept(&bench);
            let long = "because ".repeat(600);
            let done = bench.act(&long, |w| w.decide(&decision(&long), "ana", "portal-1"));
            match done {
                Ok(()) => saved += 1,
                Err(StoreError::Full) => {
                    refused += 1;
                    assert_eq!(kept(&bench), before, "with {pages} pages left");
                    assert_eq!(reopened(&bench), before.2);
                    break;
                }
                Err(other) => panic!("with {pages} pages left: {other:?}"),
            }
        }
    }
    assert!(saved > 0 && refused == 6, "{saved} saved, {refused} refused");
    free(&bench);
    let before = kept(&bench);
    bench.decide(vec![set("1", &[("dealname", "Beta")])]);
    assert_eq!(kept(&bench).1, before.1 + 1);
}

fn decision(reason: &str) -> drumbeat_model::change::NewDecision {
    drumbeat_model::change::NewDecision {
        id: drumbeat_model::ids::DecisionId(uuid::Uuid::now_v7().to_string()),
        act: "edit".to_owned(),
        title: "A change".to_owned(),
        about: (ObjectKind::Deal, "1".to_owned()),
        reason: Some(reason.to_owned()),
        facts: serde_json::Value::Null,
        policy: 1,
        ops: vec![set("1", &[("dealname", reason)])],
        messages: Vec::new(),
    }
}

#[test]
fn a_page_of_the_sync_comes_whole_or_not_at_all_and_its_resume_point_with_it() {
    let bench = Bench::new();
    let page = |number: usize| {
        let rows = (0..100).map(|row| {
            let name = format!("Deal {number}-{row} {}", "long ".repeat(40));
            record(ObjectKind::Deal, &format!("{number}-{row}"), &[("dealname", &name)])
        });
        rows.collect::<Vec<_>>()
    };
    let take = |number: usize| {
        bench.store.write(Why::Mirror { at: at(0) }, |w| {
            w.apply_records(ObjectKind::Deal, &page(number), at(0))?;
            w.set_cursor("resume", &number.to_string())
        })
    };
    take(0).unwrap();
    fill(&bench, 20);
    let full = (1..50).find(|number| match take(*number) {
        Ok(_) => false,
        Err(StoreError::Full) => true,
        Err(other) => panic!("{other:?}"),
    });
    let full = full.expect("the disk is full some time");
    let look = || bench.store.read(|r| Ok((r.mirror_count(ObjectKind::Deal)?, r.cursor("resume")?))).unwrap();
    let expected = |pages: usize| (u64::try_from(pages * 100).unwrap(), Some((pages - 1).to_string()));
    assert_eq!(look(), expected(full));
    kept(&bench);
    free(&bench);
    take(full).unwrap();
    assert_eq!(look(), expected(full + 1));
    kept(&bench);
}
