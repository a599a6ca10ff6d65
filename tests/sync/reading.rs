//! What changed in the CRM comes in, whole, once, and from wherever it was left.

use std::sync::{Arc, Mutex};

use drumbeat_crm::crm::Cursor;
use drumbeat_model::crm::{ObjectKind, Vendor};
use drumbeat_model::field::Field;
use drumbeat_model::workspace::SyncOptions;
use drumbeat_sandbox::{Fault, FaultScript, LedgerKind, Source};
use drumbeat_store::{Gone, Store, Why};
use drumbeat_sync::plan::{Mark, PageFacts};
use drumbeat_sync::{Cancel, Progress};
use tokio::sync::Notify;

use crate::bench::{Bench, client};
use crate::door;

/// The living mirrored records of a kind: ids with their values.
fn mirror(
    bench: &Bench,
    store: &Store,
    kind: ObjectKind,
) -> std::collections::BTreeMap<String, drumbeat_model::crm::Properties> {
    let wanted = bench.mapping.properties(kind);
    store
        .read(|r| {
            let ids = r.mirror_ids(kind, None, 100_000)?;
            ids.into_iter()
                .map(|id| {
                    let mut properties = r.mirrored(kind, &id)?.map(|row| row.properties).unwrap_or_default();
                    properties.retain(|name, value| wanted.contains(name) && !value.is_empty());
                    Ok((id, properties))
                })
                .collect()
        })
        .unwrap()
}

fn mapped_kinds(bench: &Bench) -> Vec<ObjectKind> {
    bench.schema.objects.keys().copied().filter(|kind| !bench.mapping.properties(*kind).is_empty()).collect()
}

async fn a_first_sync_has_every_record_as_the_crm_has_it(crm: Vendor) {
    let bench = Bench::new(crm).await;
    let summary = bench.sync().await;
    let mut count = 0;
    for kind in mapped_kinds(&bench) {
        let theirs = bench.all(kind).await;
        let ours = mirror(&bench, &bench.store, kind);
        assert_eq!(ours.len(), theirs.len(), "{}", kind.name());
        for (id, properties) in &theirs {
            let known = ours.get(id).unwrap_or_else(|| panic!("{} {id} is here", kind.name()));
            assert!(door::same(known, properties), "{} {id}: {known:?} {properties:?}", kind.name());
        }
        count += theirs.len();
    }
    assert_eq!(summary.read as usize, count);
    assert!(count > 1000 && summary.requests > 0 && !summary.cancelled, "{summary:?}");
}

async fn reading_everything_again_changes_nothing(crm: Vendor) {
    let bench = Bench::new(crm).await;
    let first = bench.sync().await;
    let again = bench.sync_with(SyncOptions { full: true, ..SyncOptions::default() }).await.unwrap();
    assert!(again.read >= first.read && again.changed == 0 && again.gone == 0, "{again:?}");
}

/// From the first deal on every answer comes late, so that a sync can be stopped between two pages.
fn late(bench: &Bench) -> impl Fn(&Progress) + Send + Sync + 'static {
    let (sandbox, path) = (Arc::clone(&bench.sandbox), door::records(bench.vendor));
    move |progress| {
        if progress.step == "Deals" && progress.done == 0 {
            let fault = Fault::Latency { ms: 1000 };
            let (path, object) = (Some(path.clone()), None);
            let script = FaultScript { skip: 0, count: 1000, method: None, path, object, fault };
            sandbox.set_faults(drumbeat_sandbox::Faults { scripts: vec![script], ..Default::default() });
        }
    }
}

async fn a_sync_stopped_at_a_page_goes_on_from_there(crm: Vendor) {
    let bench = Bench::with(crm, Source::Synthetic(4000), true).await;
    let whole = bench.sync().await.read;
    let store = bench.afresh();
    let cancel = Cancel::default();
    let stop = cancel.clone();
    let slow = late(&bench);
    let context = bench.context(&cancel, move |progress| {
        slow(&progress);
        if progress.step == "Deals" && progress.done >= 100 {
            stop.cancel();
        }
    });
    let stopped = drumbeat_sync::sync(&*bench.crm, &store, SyncOptions::default(), &context).await.unwrap();
    bench.sandbox.set_faults(drumbeat_sandbox::Faults::default());
    assert!(stopped.cancelled && stopped.read < whole, "{stopped:?}");
    let deals = store.read(|r| r.mirror_count(ObjectKind::Deal)).unwrap();
    assert!(deals >= 100, "what was read is kept: {deals}");
    let (first, rest) = resume(&bench, &store).await;
    assert_eq!(u64::from(first), deals, "it counts on from what was kept");
    assert!(stopped.read + rest <= whole + 100, "at most a page is read twice: {} + {rest} of {whole}", stopped.read);
    for kind in mapped_kinds(&bench) {
        assert_eq!(mirror(&bench, &store, kind), mirror(&bench, &bench.store, kind), "{}", kind.name());
    }
}

async fn a_sync_that_dies_goes_on_from_what_was_kept(crm: Vendor) {
    let bench = Arc::new(Bench::with(crm, Source::Synthetic(4000), true).await);
    bench.sync().await;
    let store = bench.afresh();
    let far = Arc::new(Notify::new());
    let told = Arc::clone(&far);
    let slow = late(&bench);
    let context = bench.context(&Cancel::default(), move |progress| {
        slow(&progress);
        if progress.step == "Deals" && progress.done >= 100 {
            told.notify_one();
        }
    });
    let (other, kept) = (Arc::clone(&bench), store.clone());
    let running =
        tokio::spawn(async move { drumbeat_sync::sync(&*other.crm, &kept, SyncOptions::default(), &context).await });
    far.notified().await;
    running.abort();
    assert!(running.await.unwrap_err().is_cancelled(), "it was under way");
    bench.sandbox.set_faults(drumbeat_sandbox::Faults::default());
    // A transaction that was under way ends or not, whole either way.
    store.write(Why::Mirror { at: bench.sandbox.now() }, |_| Ok(())).unwrap();
    let deals = store.read(|r| r.mirror_count(ObjectKind::Deal)).unwrap();
    let (first, _) = resume(&bench, &store).await;
    assert!(u64::from(first) >= deals, "no page that was kept is read again: {first}, {deals}");
    for kind in mapped_kinds(&bench) {
        assert_eq!(mirror(&bench, &store, kind), mirror(&bench, &bench.store, kind), "{}", kind.name());
    }
}

/// Syncs to the end: at which deal it went on, and how many records it read.
async fn resume(bench: &Bench, store: &Store) -> (u32, u32) {
    let seen = Arc::new(Mutex::new(None));
    let watch = Arc::clone(&seen);
    let context = bench.context(&Cancel::default(), move |progress| {
        if progress.step == "Deals" {
            watch.lock().unwrap().get_or_insert(progress.done);
        }
    });
    let summary = drumbeat_sync::sync(&*bench.crm, store, SyncOptions::default(), &context).await.unwrap();
    let first = seen.lock().unwrap().expect("it read deals");
    (first, summary.read)
}

async fn an_edit_and_a_delete_over_there_are_seen_here(crm: Vendor) {
    let bench = Bench::new(crm).await;
    bench.sync().await;
    let (edited, deleted) = (bench.deal(0), bench.deal(1));
    let next_step = bench.property(ObjectKind::Deal, Field::NextStep);
    bench.wait(3600);
    bench.edit(ObjectKind::Deal, &edited, &[(&next_step, "Send the offer")]);
    bench.delete(ObjectKind::Deal, &deleted).await;
    bench.wait(60);
    let summary = bench.sync().await;
    assert_eq!(bench.mirrored(ObjectKind::Deal, &edited)[&next_step], "Send the offer");
    assert_eq!(
        bench.store.read(|r| r.mirrored(ObjectKind::Deal, &deleted)).unwrap().unwrap().gone,
        Some(Gone::Archived)
    );
    // Salesforce puts a deal's touches into the bin with it.
    let binned = bench.sandbox.ledger().into_iter().filter(|entry| entry.kind == LedgerKind::Archive);
    let known = |object: &str| bench.schema.objects.values().any(|known| known.type_name == object);
    let binned = binned.filter(|entry| known(&entry.object)).count();
    assert_eq!(summary.gone as usize, binned, "{summary:?}");
    bench.wait(600);
    let quiet = bench.sync().await;
    assert_eq!((quiet.changed, quiet.gone), (0, 0), "{quiet:?}");
}

async fn a_merged_record_leads_to_its_survivor(crm: Vendor) {
    let bench = Bench::new(crm).await;
    bench.sync().await;
    let ids = bench.store.read(|r| r.mirror_ids(ObjectKind::Company, None, 50)).unwrap();
    let (winner, loser) = (&ids[3], &ids[4]);
    bench.wait(3600);
    let survivor = door::merge_companies(crm, &bench.sandbox, winner, loser).await;
    bench.wait(60);
    bench.sync().await;
    assert_eq!(bench.store.read(|r| r.resolve(loser)).unwrap(), survivor);
    assert_eq!(bench.store.read(|r| r.mirrored(ObjectKind::Company, loser)).unwrap().unwrap().gone, Some(Gone::Merged));
    assert_eq!(mirror(&bench, &bench.store, ObjectKind::Company).len(), bench.all(ObjectKind::Company).await.len());
}

async fn an_index_that_lags_hides_nothing_for_good(crm: Vendor) {
    let bench = Bench::new(crm).await;
    bench.sync().await;
    let deal = bench.deal(2);
    let next_step = bench.property(ObjectKind::Deal, Field::NextStep);
    bench.wait(3600);
    bench.sandbox.set_faults(drumbeat_sandbox::Faults { index_lag_ms: 120_000, ..drumbeat_sandbox::Faults::default() });
    bench.edit(ObjectKind::Deal, &deal, &[(&next_step, "late")]);
    bench.wait(60);
    bench.sync().await;
    assert_ne!(
        bench.mirrored(ObjectKind::Deal, &deal).get(&next_step).map(String::as_str),
        Some("late"),
        "the index has not seen it"
    );
    bench.wait(120);
    bench.sync().await;
    assert_eq!(bench.mirrored(ObjectKind::Deal, &deal)[&next_step], "late");
}

async fn a_sync_that_fails_on_the_way_keeps_what_it_had(crm: Vendor) {
    let bench = Bench::new(crm).await;
    bench.fail("GET", Fault::Html { code: 200 }, 1000);
    let before = bench.store.read(|r| r.mirror_count(ObjectKind::Company)).unwrap();
    assert!(bench.sync_with(SyncOptions::default()).await.is_err());
    assert_eq!(before, 0);
    bench.sandbox.set_faults(drumbeat_sandbox::Faults::default());
    bench.sync().await;
    assert_eq!(mirror(&bench, &bench.store, ObjectKind::Deal).len(), bench.all(ObjectKind::Deal).await.len());
}

async fn a_place_that_the_crm_does_not_know_any_more_is_begun_anew(crm: Vendor) {
    let bench = Bench::new(crm).await;
    let mut mark = Mark::default();
    mark.begin_scan(&bench.mapping.properties(ObjectKind::Deal).into_iter().collect());
    let lost = PageFacts { records: 100, newest: None, next: Some(Cursor("no such place".into())), server_time: None };
    mark.scanned(&lost);
    let text = serde_json::to_string(&mark).unwrap();
    bench.store.write(Why::Mirror { at: bench.sandbox.now() }, |w| w.set_cursor("pull.deal", &text)).unwrap();
    bench.sync().await;
    assert_eq!(mirror(&bench, &bench.store, ObjectKind::Deal).len(), bench.all(ObjectKind::Deal).await.len());
}

async fn another_accounts_token_is_refused_before_anything_moves(crm: Vendor) {
    let bench = Bench::new(crm).await;
    bench.sync().await;
    let mut schema = bench.schema.clone();
    schema.account_id = "1".to_owned();
    bench.store.write(Why::Mirror { at: bench.sandbox.now() }, |w| w.put_schema(&schema)).unwrap();
    let error = bench.sync_with(SyncOptions::default()).await.unwrap_err();
    assert!(matches!(error, drumbeat_sync::SyncError::WrongAccount { .. }), "{error}");
}

async fn a_wrong_token_and_an_unreachable_crm_are_told_apart(crm: Vendor) {
    let bench = Bench::new(crm).await;
    let context = bench.context(&Cancel::default(), drop);
    let wrong = client(crm, bench.sandbox.url(), "pat-na1-wrong");
    let error = drumbeat_sync::sync(&*wrong, &bench.store, SyncOptions::default(), &context).await.unwrap_err();
    assert!(matches!(error, drumbeat_sync::SyncError::Crm(drumbeat_crm::error::CrmError::NotAuthorised(_))), "{error}");
    let nowhere = client(crm, "http://127.0.0.1:9", "pat-na1-any");
    let error = drumbeat_sync::sync(&*nowhere, &bench.store, SyncOptions::default(), &context).await.unwrap_err();
    assert!(matches!(error, drumbeat_sync::SyncError::Crm(drumbeat_crm::error::CrmError::Unreachable(_))), "{error}");
}

for_each_crm! {
    a_first_sync_has_every_record_as_the_crm_has_it,
    reading_everything_again_changes_nothing,
    a_sync_stopped_at_a_page_goes_on_from_there,
    a_sync_that_dies_goes_on_from_what_was_kept,
    an_edit_and_a_delete_over_there_are_seen_here,
    a_merged_record_leads_to_its_survivor,
    a_sync_that_fails_on_the_way_keeps_what_it_had,
    a_place_that_the_crm_does_not_know_any_more_is_begun_anew,
    another_accounts_token_is_refused_before_anything_moves,
    a_wrong_token_and_an_unreachable_crm_are_told_apart,
}

// Salesforce's questions need no index that could lag.
for_hubspot! {
    an_index_that_lags_hides_nothing_for_good,
}
