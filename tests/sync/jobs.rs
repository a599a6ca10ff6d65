//! A first read by jobs brings what one by pages brings, whatever happens on the way. Only Salesforce has such jobs.

use std::collections::BTreeMap;
use std::sync::Arc;

use drumbeat_crm::Connection;
use drumbeat_crm::crm::{Crm, Scan};
use drumbeat_crm::retry::Policy;
use drumbeat_crm::salesforce::Salesforce;
use drumbeat_model::crm::{ObjectKind, Record, Vendor};
use drumbeat_model::secret::Secret;
use drumbeat_model::workspace::{SyncOptions, SyncSummary};
use drumbeat_sandbox::{Fault, FaultScript, Faults, Source};
use drumbeat_store::{Store, Why};
use drumbeat_sync::plan::Mark;
use drumbeat_sync::{Cancel, SyncError};
use tokio::sync::Notify;

use crate::bench::{Bench, hasty, http};

const JOBS: &str = "/services/data/v62.0/jobs/query";
/// Records of a table: a few of them make a kind.
const ROWS: usize = 700;

/// An account with thousands of deals.
async fn bench() -> Bench {
    Bench::with(Vendor::Salesforce, Source::Synthetic(4000), true).await
}

/// A client that asks for jobs from so many records on.
fn client(bench: &Bench, jobs_from: u64) -> Salesforce {
    let connection = Connection::new(bench.sandbox.url(), Secret::new(bench.sandbox.token().to_owned()));
    let policy = Policy { jobs_from, job_rows: ROWS, ..hasty() };
    let salesforce = Salesforce::open_with(connection, policy).unwrap();
    salesforce.use_schema(&bench.schema);
    salesforce
}

async fn sync(bench: &Bench, store: &Store) -> Result<SyncSummary, SyncError> {
    let context = bench.context(&Cancel::default(), drop);
    drumbeat_sync::sync(&client(bench, 1000), store, SyncOptions::default(), &context).await
}

/// Everything that is mirrored: values and links by kind and id.
fn mirrored(bench: &Bench, store: &Store) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for kind in bench.schema.objects.keys().copied() {
        for id in store.read(|r| r.mirror_ids(kind, None, 100_000)).unwrap() {
            let row = store.read(|r| r.mirrored(kind, &id)).unwrap().unwrap();
            let mut links = store.read(|r| r.mirrored_links(kind, &id)).unwrap();
            links.sort();
            all.insert(format!("{} {id}", kind.name()), format!("{:?} {:?} {links:?}", row.properties, row.updated_at));
        }
    }
    assert!(all.len() > 4000);
    all
}

/// Where the scan of the deals is to go on.
fn place(store: &Store) -> Option<String> {
    let mark: Mark = store.read(|r| r.value("pull.deal")).unwrap()?;
    Some(mark.scan?.after?.0)
}

/// A first sync that dies once a table of deals has been kept.
async fn killed(bench: &Arc<Bench>) -> Store {
    let store = bench.afresh();
    let far = Arc::new(Notify::new());
    let told = Arc::clone(&far);
    // The tables come slowly, so that it dies between two.
    let late = script(JOBS, Fault::Latency { ms: 1500 }, 1000);
    bench.sandbox.set_faults(Faults { scripts: vec![late], ..Faults::default() });
    let context = bench.context(&Cancel::default(), move |progress| {
        if progress.step == "Deals" && progress.done > 2000 {
            told.notify_one();
        }
    });
    let (other, kept) = (Arc::clone(bench), store.clone());
    let running = tokio::spawn(async move {
        drumbeat_sync::sync(&client(&other, 1000), &kept, SyncOptions::default(), &context).await
    });
    far.notified().await;
    running.abort();
    assert!(running.await.unwrap_err().is_cancelled(), "it was under way");
    // A transaction that was under way ends or not, whole either way.
    store.write(Why::Mirror { at: bench.sandbox.now() }, |_| Ok(())).unwrap();
    bench.sandbox.set_faults(Faults::default());
    store
}

fn script(path: &str, fault: Fault, count: u32) -> FaultScript {
    FaultScript { skip: 0, count, method: None, path: Some(path.to_owned()), object: None, fault }
}

/// Every record of a kind by a scan, and how many of its pages were followed by a job's table.
async fn scanned(bench: &Bench, kind: ObjectKind, jobs_from: u64) -> (Vec<Record>, usize) {
    let salesforce = client(bench, jobs_from);
    let (mut records, mut after, mut jobs) = (Vec::new(), None, 0);
    loop {
        let properties = bench.mapping.properties(kind);
        let page = salesforce.scan(&Scan { kind, properties, archived: false, first: true, after }).await.unwrap();
        records.extend(page.records);
        after = page.next;
        match &after {
            Some(next) => jobs += usize::from(next.0.starts_with("job:")),
            None => return (records, jobs),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn records_by_jobs_are_those_by_pages_one_by_one() {
    let bench = bench().await;
    for kind in bench.schema.objects.keys().copied() {
        let (by_pages, none) = scanned(&bench, kind, u64::MAX).await;
        let (by_jobs, tables) = scanned(&bench, kind, 1000).await;
        assert_eq!((none, tables > 0), (0, by_pages.len() > 2000), "{}", kind.name());
        assert_eq!(by_jobs.len(), by_pages.len(), "{}", kind.name());
        for (one, other) in by_jobs.iter().zip(&by_pages) {
            assert_eq!(one, other, "{}", kind.name());
        }
        if kind == ObjectKind::Deal {
            let linked = |record: &Record| record.links.iter().flatten().any(|link| link.to == ObjectKind::Contact);
            assert!(by_jobs.len() >= 4000 && tables > 2 && by_jobs.iter().any(linked));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_sync_that_dies_between_two_tables_goes_on_with_its_job() {
    let bench = Arc::new(bench().await);
    bench.sync().await;
    let store = killed(&bench).await;
    let (kept, went_on) = (store.read(|r| r.mirror_count(ObjectKind::Deal)).unwrap(), place(&store).unwrap());
    assert!(went_on.starts_with("job:") && kept > 2000 && kept < 4000, "{went_on} {kept}");
    let first = Arc::new(std::sync::Mutex::new(None));
    let seen = Arc::clone(&first);
    let context = bench.context(&Cancel::default(), move |progress| {
        if progress.step == "Deals" {
            seen.lock().unwrap().get_or_insert(progress.done);
        }
    });
    let (_, before) = http(&bench.sandbox, "GET", JOBS, "").await;
    drumbeat_sync::sync(&client(&bench, 1000), &store, SyncOptions::default(), &context).await.unwrap();
    let (_, after) = http(&bench.sandbox, "GET", JOBS, "").await;
    assert_eq!(first.lock().unwrap().map(u64::from), Some(kept), "what was kept is not read again");
    let of_deals = |all: &serde_json::Value| {
        all["records"].as_array().unwrap().iter().filter(|job| job["object"] == "Opportunity").count()
    };
    assert_eq!((of_deals(&before), of_deals(&after)), (1, 1));
    assert_eq!(mirrored(&bench, &store), mirrored(&bench, &bench.store));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_is_gone_when_a_sync_goes_on_costs_nothing_that_was_read() {
    let bench = Arc::new(bench().await);
    bench.sync().await;
    let store = killed(&bench).await;
    let job = place(&store).unwrap().split(':').nth(1).unwrap().to_owned();
    let (status, _) = http(&bench.sandbox, "DELETE", &format!("{JOBS}/{job}"), "").await;
    assert_eq!(status, 204);
    let kept = store.read(|r| r.mirror_count(ObjectKind::Deal)).unwrap();
    let whole = mirrored(&bench, &bench.store);
    let summary = sync(&bench, &store).await.unwrap();
    assert!(u64::from(summary.read) <= whole.len() as u64 - kept, "{summary:?}, {kept} of {}", whole.len());
    assert_eq!(mirrored(&bench, &store), whole);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_gets_over_every_fault_that_passes() {
    let bench = bench().await;
    let (whole, _) = scanned(&bench, ObjectKind::Deal, u64::MAX).await;
    for fault in [
        Fault::TooMany { retry_after: None, secondly: true },
        Fault::Status { code: 503, applied: false },
        Fault::Status { code: 500, applied: true },
        Fault::Reset { applied: true },
        Fault::Truncated,
    ] {
        // The making of the job, its state and a table, each once.
        let struck = |skip| FaultScript { skip, ..script(JOBS, fault.clone(), 1) };
        bench.sandbox.set_faults(Faults { scripts: vec![struck(0), struck(1), struck(3)], ..Faults::default() });
        let (records, tables) = scanned(&bench, ObjectKind::Deal, 1000).await;
        bench.sandbox.set_faults(Faults::default());
        assert_eq!((records == whole, tables > 2), (true, true), "{fault:?}");
    }
}
