//! After a full read the mirror is compared with the CRM: what differs is read again, what differs even
//! then is told until it does not any more.

use std::sync::{Arc, Mutex};

use drumbeat_model::crm::{ObjectKind, Record, Vendor};
use drumbeat_model::field::Field;
use drumbeat_model::workspace::SyncOptions;
use drumbeat_sandbox::Faults;
use drumbeat_store::{Gone, Store, Why};
use drumbeat_sync::agreement::{AGREEMENT, Agreement, Differing, seed};
use drumbeat_sync::plan::Mark;
use drumbeat_sync::sample::{Pick, share};
use drumbeat_sync::{Cancel, Progress};

use crate::bench::{Bench, http};
use crate::desk::Desk;
use crate::door;

const FULL: SyncOptions = SyncOptions { full: true, pull_only: false, push_only: false };

fn agreement(store: &Store) -> Agreement {
    store.read(|r| r.value(AGREEMENT)).unwrap().unwrap_or_default()
}

/// Changes a value of the mirror, past everything that reads from the CRM.
fn corrupt(store: &Store, kind: ObjectKind, id: &str, property: &str, value: &str) {
    let known = store.read(|r| r.mirrored(kind, id)).unwrap().unwrap();
    let mut properties = known.properties;
    properties.insert(property.to_owned(), value.to_owned());
    let record = Record {
        kind,
        id: id.to_owned(),
        properties,
        updated_at: known.updated_at,
        archived: false,
        merged: Vec::new(),
        links: None,
    };
    store.write(Why::Mirror { at: known.seen_at }, |w| w.apply_records(kind, &[record], known.seen_at)).unwrap();
}

/// A deal that is looked at, as mark and mirror are now.
fn looked_at(store: &Store) -> String {
    let read = |r: &drumbeat_store::Reader<'_>| {
        let mark: Mark = r.value("pull.deal")?.unwrap();
        let mut pick = Pick::new(seed(&mark), share(ObjectKind::Deal));
        r.each_living(ObjectKind::Deal, |id| pick.offer(id))?;
        Ok(pick.into_ids().remove(0))
    };
    store.read(read).unwrap()
}

/// Syncs, and does something each time the deals are compared, told how often they were.
async fn sync_and(bench: &Bench, act: impl Fn(usize) + Send + Sync + 'static) -> u32 {
    let looks = Arc::new(Mutex::new(0));
    let counted = Arc::clone(&looks);
    let context = bench.context(&Cancel::default(), move |progress: Progress| {
        if progress.step == "Deals: comparing" {
            let mut looks = counted.lock().unwrap();
            *looks += 1;
            act(*looks);
        }
    });
    let summary = drumbeat_sync::sync(&*bench.crm, &bench.store, FULL, &context).await.unwrap();
    assert!(*looks.lock().unwrap() > 0, "the deals were compared");
    summary.requests
}

async fn a_record_that_is_wrong_here_is_found_and_read_again_and_nothing_is_told(crm: Vendor) {
    let bench = Bench::new(crm).await;
    bench.sync().await;
    bench.wait(3600);
    let plain = sync_and(&bench, |_| ()).await;
    let (store, name) = (bench.store.clone(), bench.property(ObjectKind::Deal, Field::NextStep));
    let hit = Arc::new(Mutex::new(String::new()));
    let hits = Arc::clone(&hit);
    let repaired = sync_and(&bench, move |look| {
        if look == 1 {
            let id = looked_at(&store);
            corrupt(&store, ObjectKind::Deal, &id, &name, "corrupted");
            assert_eq!(
                store.read(|r| r.mirrored(ObjectKind::Deal, &id)).unwrap().unwrap().properties[&name],
                "corrupted"
            );
            *hits.lock().unwrap() = id;
        }
    })
    .await;
    let (deal, next_step) = (hit.lock().unwrap().clone(), bench.property(ObjectKind::Deal, Field::NextStep));
    let now = bench.mirrored(ObjectKind::Deal, &deal).get(&next_step).cloned().unwrap_or_default();
    assert_eq!(now, bench.theirs(ObjectKind::Deal, &deal, &next_step).await, "read again");
    let agreement = agreement(&bench.store);
    assert!(agreement.differs.is_empty() && agreement.due.is_empty(), "{agreement:?}");
    assert!(agreement.checked.is_some());
    let twice = 2 * door::reads(crm);
    assert!(repaired <= plain + 1 + twice, "one record is read, not all of them: {repaired} after {plain}");
}

async fn a_record_that_differs_each_time_is_told_until_it_does_not_any_more(crm: Vendor) {
    let bench = Bench::new(crm).await;
    bench.sync().await;
    bench.wait(3600);
    let (store, name) = (bench.store.clone(), bench.property(ObjectKind::Deal, Field::NextStep));
    let hit = Arc::new(Mutex::new(String::new()));
    let hits = Arc::clone(&hit);
    sync_and(&bench, move |look| {
        let id = looked_at(&store);
        corrupt(&store, ObjectKind::Deal, &id, &name, &format!("corrupted {look} times"));
        *hits.lock().unwrap() = id;
    })
    .await;
    let (deal, next_step) = (hit.lock().unwrap().clone(), bench.property(ObjectKind::Deal, Field::NextStep));
    let told: Vec<Differing> = agreement(&bench.store).differs.into_iter().map(|difference| difference.what).collect();
    assert_eq!(told, [Differing::Record { id: deal.clone(), property: Some(next_step.clone()) }]);
    // The next sync, which reads only what changed, looks again.
    bench.wait(120);
    bench.sync().await;
    assert_eq!(agreement(&bench.store).differs, []);
    let now = bench.mirrored(ObjectKind::Deal, &deal).get(&next_step).cloned().unwrap_or_default();
    assert_eq!(now, bench.theirs(ObjectKind::Deal, &deal, &next_step).await);
}

async fn a_record_that_is_lost_here_is_missed_in_the_total_and_comes_back(crm: Vendor) {
    let bench = Bench::new(crm).await;
    bench.sync().await;
    bench.wait(3600);
    let deal = bench.deal(3);
    let (store, id, at) = (bench.store.clone(), deal.clone(), bench.sandbox.now());
    sync_and(&bench, move |look| {
        if look == 1 {
            let lose = |w: &drumbeat_store::Writer<'_>| {
                w.mark_gone(ObjectKind::Deal, std::slice::from_ref(&id), Gone::Inaccessible, at)
            };
            assert_eq!(store.write(Why::Mirror { at }, lose).unwrap().value, 1);
        }
    })
    .await;
    assert_eq!(bench.store.read(|r| r.mirrored(ObjectKind::Deal, &deal)).unwrap().unwrap().gone, None);
    assert_eq!(agreement(&bench.store).differs, []);
}

async fn what_people_do_meanwhile_is_no_difference(crm: Vendor) {
    let bench = Bench::new(crm).await;
    bench.sync().await;
    bench.wait(3600);
    let plain = sync_and(&bench, |_| ()).await;
    let (sandbox, store, path) =
        (Arc::clone(&bench.sandbox), bench.store.clone(), bench.path(ObjectKind::Deal).to_owned());
    let amount = bench.property(ObjectKind::Deal, Field::Amount);
    let busy = sync_and(&bench, move |_| {
        assert!(sandbox.edit(&path, &looked_at(&store), &[(amount.as_str(), "777")], "ana@example.com"));
    })
    .await;
    assert_eq!(agreement(&bench.store).differs, []);
    assert_eq!(busy, plain, "nothing is read twice for it");
}

async fn comparing_costs_a_first_sync_fewer_than_ten_requests(crm: Vendor) {
    let bench = Bench::new(crm).await;
    let first = bench.sync().await;
    // The same sync once more, as far as the comparing.
    let (store, cancel) = (bench.afresh(), Cancel::default());
    let stopping = cancel.clone();
    let context = bench.context(&cancel, move |progress| {
        if progress.step.ends_with(": comparing") {
            stopping.cancel();
        }
    });
    let without = drumbeat_sync::sync(&*bench.crm, &store, SyncOptions::default(), &context).await.unwrap();
    assert!(without.cancelled);
    let cost = first.requests - without.requests;
    assert!((4..9 + door::reads(crm)).contains(&cost), "{cost}");
    // Stopped there, it is still due, and the next sync does it.
    assert!(!agreement(&store).due.is_empty());
    bench.wait(120);
    drumbeat_sync::sync(&*bench.crm, &store, SyncOptions::default(), &bench.context(&Cancel::default(), drop))
        .await
        .unwrap();
    assert!(agreement(&store).due.is_empty());
}

async fn a_crm_whose_total_differs_is_told_to_the_person_until_it_is_right(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let shown = |desk: &Desk| drumbeat_app::status::status(&desk.app, drumbeat_app::api::Nothing {}).unwrap().differs;
    assert_eq!(shown(&desk), None);
    // The list shows a new deal at once; the index, and so every total, has it hours later.
    desk.sandbox.set_faults(Faults { index_lag_ms: 4 * 3_600_000, ..Faults::default() });
    let path = format!("/crm/v3/objects/{}", desk.path(ObjectKind::Deal));
    let deal = desk.mirrored(ObjectKind::Deal, &desk.deal(0));
    let body = serde_json::json!({ "properties": {
        "dealname": "Brand new", "dealstage": deal["dealstage"], "pipeline": deal["pipeline"],
    } });
    let (status, body) = http(&desk.sandbox, "POST", &path, &body.to_string()).await;
    assert_eq!(status, 201, "{body}");
    desk.wait(3600);
    desk.sync_with(FULL).await;
    let told = shown(&desk).expect("it is told");
    assert!(told.contains("deals here") && told.contains("in the CRM"), "{told}");
    desk.wait(5 * 3600);
    desk.sandbox.set_faults(Faults::default());
    desk.sync().await;
    assert_eq!(shown(&desk), None);
}

for_each_crm! {
    a_record_that_is_wrong_here_is_found_and_read_again_and_nothing_is_told,
    a_record_that_differs_each_time_is_told_until_it_does_not_any_more,
    a_record_that_is_lost_here_is_missed_in_the_total_and_comes_back,
    what_people_do_meanwhile_is_no_difference,
    comparing_costs_a_first_sync_fewer_than_ten_requests,
}

// Salesforce counts without an index that could lag.
for_hubspot! {
    a_crm_whose_total_differs_is_told_to_the_person_until_it_is_right,
}
