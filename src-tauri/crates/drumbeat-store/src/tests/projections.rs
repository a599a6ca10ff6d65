//! What is shown is always what a rebuild would show, and a page taken in twice changes nothing.

use drumbeat_model::change::{OpKind, OpState};
use drumbeat_model::crm::{Link, ObjectKind, Record};
use drumbeat_model::ids::{DecisionId, OpId};
use proptest::prelude::*;

use super::kit::{Bench, link, op, record, set, step, values};
use crate::Gone;

const WORDS: &[&str] = &["alpha", "beta", "gamma", "one", "two", "unit", "r"];
const NAMES: [&str; 4] = ["Alpha unit", "Beta unit", "Gamma", ""];
const COMPANIES: [&str; 3] = ["One", "Two", "Two Gamma"];

/// One thing that may happen.
#[derive(Debug, Clone)]
enum Event {
    Company { id: u8, name: u8 },
    Deal { id: u8, name: u8, account: u8, partner: u8, archived: bool },
    Registration { id: u8, name: u8, partner: u8 },
    Merge { winner: u8, loser: u8 },
    Gone { id: u8 },
    Decide { id: u8, name: u8 },
    Make { name: u8 },
    Move { which: u8, to: u8 },
    Land { which: u8 },
    Withdraw { which: u8 },
    Bulk { begin: bool },
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        2 => (0..3u8, 0..3u8).prop_map(|(id, name)| Event::Company { id, name }),
        4 => (0..4u8, 0..4u8, 0..4u8, 0..4u8, prop::bool::weighted(0.15))
            .prop_map(|(id, name, account, partner, archived)| Event::Deal { id, name, account, partner, archived }),
        2 => (0..3u8, 0..4u8, 0..4u8).prop_map(|(id, name, partner)| Event::Registration { id, name, partner }),
        1 => (0..4u8, 0..4u8).prop_map(|(winner, loser)| Event::Merge { winner, loser }),
        1 => (0..4u8).prop_map(|id| Event::Gone { id }),
        3 => (0..4u8, 0..4u8).prop_map(|(id, name)| Event::Decide { id, name }),
        1 => (0..4u8).prop_map(|name| Event::Make { name }),
        3 => (any::<u8>(), 0..5u8).prop_map(|(which, to)| Event::Move { which, to }),
        3 => any::<u8>().prop_map(|which| Event::Land { which }),
        2 => any::<u8>().prop_map(|which| Event::Withdraw { which }),
        1 => any::<bool>().prop_map(|begin| Event::Bulk { begin }),
    ]
}

fn deal(id: u8, name: u8, account: u8, partner: u8, archived: bool) -> Record {
    let partner = format!("c{partner}");
    let mut deal = record(
        ObjectKind::Deal,
        &format!("d{id}"),
        &[("dealname", NAMES[name as usize]), ("amount", "10.5"), ("partner_id", &partner)],
    );
    deal.properties.retain(|_, value| !value.is_empty());
    deal.links = Some((account < 3).then(|| link(ObjectKind::Company, &format!("c{account}"))).into_iter().collect());
    deal.archived = archived;
    deal
}

#[derive(Default)]
struct Made {
    ops: Vec<OpId>,
    decisions: Vec<DecisionId>,
}

fn happen(bench: &Bench, made: &mut Made, event: &Event) {
    let pick = |which: u8, of: usize| (of > 0).then(|| which as usize % of.max(1));
    match *event {
        Event::Company { id, name } => {
            bench.apply(&[record(
                ObjectKind::Company,
                &format!("c{id}"),
                &[("name", COMPANIES[name as usize]), ("city", "Unit")],
            )]);
        }
        Event::Deal { id, name, account, partner, archived } => {
            bench.apply(&[deal(id, name, account, partner, archived)]);
        }
        Event::Registration { id, name, partner } => {
            let partner = format!("c{partner}");
            bench.apply(&[record(
                ObjectKind::Registration,
                &format!("r{id}"),
                &[("number", "R"), ("company", NAMES[name as usize]), ("partner_id", &partner)],
            )]);
        }
        Event::Merge { winner, loser } => {
            let mut record = deal(winner, 0, 0, 0, false);
            record.merged = vec![format!("d{loser}")];
            bench.apply(&[record]);
        }
        Event::Gone { id } => {
            bench.mirror(|w| w.mark_gone(ObjectKind::Deal, &[format!("d{id}")], Gone::Inaccessible, super::kit::at(3)));
        }
        Event::Decide { id, name } => {
            let one = set(&format!("d{id}"), &[("dealname", NAMES[name as usize])]);
            made.ops.push(one.id.clone());
            made.decisions.push(bench.decide(vec![one]));
        }
        Event::Make { name } => {
            let desired = values(&[("dealname", NAMES[name as usize]), ("amount", "3")]);
            let kind = OpKind::Create { desired, links: vec![link(ObjectKind::Company, "c1")] };
            let first = op(ObjectKind::Deal, &format!("local:{}", made.ops.len()), kind, &[]);
            made.ops.push(first.id.clone());
            made.decisions.push(bench.decide(vec![first]));
        }
        Event::Move { which, to } => {
            let Some(index) = pick(which, made.ops.len()) else { return };
            let op = bench.store.read(|r| r.op(&made.ops[index])).unwrap().unwrap();
            let to = [OpState::Sending, OpState::Unknown, OpState::Conflict, OpState::Rejected, OpState::Blocked]
                [to as usize];
            if !op.state.is_final() && (to == OpState::Sending || op.sent_at.is_some()) {
                bench.mirror(|w| w.move_op(&op.id, &step(to)));
            }
        }
        Event::Land { which } => {
            let Some(index) = pick(which, made.ops.len()) else { return };
            let op = bench.store.read(|r| r.op(&made.ops[index])).unwrap().unwrap();
            if !op.state.is_final() {
                let id = if matches!(op.kind, OpKind::Create { .. }) { format!("n{index}") } else { op.record.clone() };
                bench.land(&op.id, &id);
            }
        }
        Event::Withdraw { which } => {
            let Some(index) = pick(which, made.decisions.len()) else { return };
            // What has left is refused, and must then have changed nothing.
            let _refused = bench.act("undo", |w| w.withdraw_decision(&made.decisions[index]));
        }
        Event::Bulk { begin } => {
            bench.mirror(|w| if begin { w.begin_bulk(ObjectKind::Deal) } else { w.finish_bulk(ObjectKind::Deal) })
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, max_shrink_iters: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_shown_is_what_a_rebuild_would_show(events in prop::collection::vec(event(), 1..40)) {
        let bench = Bench::new();
        let mut made = Made::default();
        for event in &events {
            happen(&bench, &mut made, event);
        }
        bench.mirror(|w| w.finish_bulk(ObjectKind::Deal));
        let (shown, objects) = (bench.shown(WORDS), bench.objects());
        bench.mirror(|w| w.rebuild());
        prop_assert_eq!(shown, bench.shown(WORDS));
        prop_assert_eq!(objects, bench.objects());
        prop_assert!(bench.store.read(|r| r.verify_audit()).unwrap().intact);
    }

    #[test]
    fn values_come_back_from_the_mirror_as_they_went(pairs in prop::collection::btree_map(".{0,12}", ".{0,200}", 0..20)) {
        let bench = Bench::new();
        let mut one = record(ObjectKind::Deal, "1", &[]);
        one.properties = pairs.clone();
        bench.apply(&[one.clone()]);
        prop_assert_eq!(&bench.store.read(|r| r.mirrored(ObjectKind::Deal, "1")).unwrap().unwrap().properties, &pairs);
        prop_assert_eq!(bench.apply(&[one]).unchanged, 1);
    }
}

#[test]
fn a_page_taken_in_twice_changes_nothing() {
    let bench = Bench::new();
    let mut page: Vec<Record> = (0..4).map(|id| deal(id, id, id, 1, id == 3)).collect();
    // A CRM may tell of one link twice: as the main one, and as one without a name.
    if let Some(links) = &mut page[0].links {
        let again: Vec<Link> = links.iter().map(|link| Link { primary: false, ..link.clone() }).collect();
        links.extend(again);
    }
    let dump = |bench: &Bench| {
        let count = |table: &str| {
            bench.raw().query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get::<_, i64>(0)).unwrap()
        };
        (bench.shown(WORDS), ["mirror", "link", "movement", "alias", "audit", "property"].map(count))
    };
    assert_eq!(bench.apply(&page).changed, 4);
    let once = dump(&bench);
    let written = bench
        .store
        .write(crate::Why::Mirror { at: super::kit::at(9) }, |w| {
            w.apply_records(ObjectKind::Deal, &page, super::kit::at(9))
        })
        .unwrap();
    assert_eq!((written.value.changed, written.value.unchanged), (0, 4));
    assert!(written.changed.is_empty(), "nothing is told to have changed");
    assert_eq!(dump(&bench), once);
}

#[test]
fn a_first_scan_that_stops_half_way_shows_what_came_and_is_completed_later() {
    let bench = Bench::new();
    let whole = bench.objects();
    let scan = |page: &[Record], last: bool| {
        bench.mirror(|w| {
            w.begin_bulk(ObjectKind::Deal)?;
            w.apply_records(ObjectKind::Deal, page, super::kit::at(0))?;
            if last { w.finish_bulk(ObjectKind::Deal) } else { Ok(()) }
        });
    };
    scan(&[deal(0, 0, 0, 0, false), deal(1, 1, 0, 0, false)], false);
    assert_ne!(bench.objects(), whole, "indexes are put off");
    assert_eq!(bench.shown(&[]).len(), 2, "and rows are shown all the same");
    // The process ends here; another one opens the file, is asked, decides, and goes on.
    let again = crate::Store::open(&bench.path, &super::kit::key(), super::kit::plain()).unwrap();
    assert_eq!(again.read(|r| r.search("alpha", 10)).unwrap().len(), 0);
    bench.decide(vec![set("d0", &[("dealname", "Gamma")])]);
    scan(&[deal(1, 1, 0, 0, false), deal(2, 2, 0, 0, false)], true);
    assert_eq!(bench.objects(), whole, "every index is back");
    assert_eq!(again.read(|r| r.search("gamma", 10)).unwrap().len(), 2);
    let shown = bench.shown(WORDS);
    bench.mirror(|w| w.rebuild());
    assert_eq!(bench.shown(WORDS), shown);
    scan(&[deal(3, 3, 0, 0, false)], false);
    assert_eq!(bench.objects(), whole, "a kind that is known is never put off again");
}

#[test]
fn a_row_that_was_kept_in_the_form_of_before_says_the_same_until_it_changes() {
    let bench = Bench::new();
    let said = [("dealname", "Alpha"), ("amount", "1200"), ("closedate", "2026-11-20T09:30:00.000Z")];
    let deal = record(ObjectKind::Deal, "1", &said);
    bench.apply(std::slice::from_ref(&deal));
    let raw = bench.raw();
    let number = |name: &str| {
        raw.query_row("SELECT number FROM property WHERE name = ?1", [name], |row| row.get::<_, u8>(0)).unwrap()
    };
    let mut before = Vec::new();
    for (name, value) in &deal.properties {
        before.extend([number(name), u8::try_from(value.len()).unwrap()]);
        before.extend(value.as_bytes());
    }
    let kept = || raw.query_row("SELECT properties FROM mirror", [], |row| row.get::<_, Vec<u8>>(0)).unwrap();
    assert!(kept().len() < before.len(), "numbers and moments take less room than their texts");
    raw.execute("UPDATE mirror SET properties = ?1", [&before]).unwrap();
    let mirrored = || bench.store.read(|r| r.mirrored(ObjectKind::Deal, "1")).unwrap().unwrap().properties;
    assert_eq!(mirrored(), deal.properties);
    assert_eq!(bench.apply(std::slice::from_ref(&deal)).unchanged, 1);
    assert_eq!(kept(), before);
    let other = record(ObjectKind::Deal, "1", &[said[0], ("amount", "1300"), said[2]]);
    assert_eq!(bench.apply(std::slice::from_ref(&other)).changed, 1);
    assert_eq!(mirrored(), other.properties);
    assert_ne!(kept()[0], before[0], "it is in the present form now");
    let moved = bench.store.read(|r| r.movements(ObjectKind::Deal, "1", None, 10)).unwrap();
    assert_eq!(moved.len(), 1, "only what differs has moved: {moved:?}");
}
