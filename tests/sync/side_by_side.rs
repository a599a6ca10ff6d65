//! Two accounts on one computer, one at each CRM: each has a workspace of its own, and nothing of one is in the other.

use std::collections::BTreeSet;
use std::sync::Arc;

use drumbeat_app::api::{Nothing, OpenWorkspace};
use drumbeat_app::clock::Clock;
use drumbeat_app::drumbeat::{Drumbeat, open_workspace, workspaces};
use drumbeat_app::error::Code;
use drumbeat_app::events::NoEvents;
use drumbeat_app::secrets::Memory;
use drumbeat_app::{connect, deals, signing_in, syncing};
use drumbeat_model::crm::Vendor;
use drumbeat_model::deal::DealsQuery;
use drumbeat_model::ids::DealId;
use drumbeat_model::workspace::{Connect, SyncOptions};
use drumbeat_sandbox::{Dialect, Options};

fn deals_of(app: &Arc<Drumbeat>) -> BTreeSet<String> {
    let query = DealsQuery { limit: 500, ..DealsQuery::default() };
    let page = deals::deals(&app.workspace().unwrap(), query).unwrap();
    assert!(page.total > 0);
    page.rows.into_iter().map(|row| row.id.0).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn two_accounts_stand_side_by_side_and_share_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let app =
        Drumbeat::new(folder.path().to_owned(), Clock::system(), Arc::new(NoEvents), Arc::new(Memory::default()), None);
    let mut found = Vec::new();
    let mut sandboxes = Vec::new();
    for (vendor, crm) in [(Vendor::Hubspot, Dialect::Hubspot), (Vendor::Salesforce, Dialect::Salesforce)] {
        let sandbox = drumbeat_sandbox::start(Options { crm, ..Options::default() }).await.unwrap();
        let request = Connect {
            vendor,
            base_url: Some(sandbox.url().to_owned()),
            token: sandbox.token().to_owned(),
            passphrase: None,
        };
        let connected = connect::connect(Arc::clone(&app), request).await.unwrap();
        syncing::sync(app.workspace().unwrap(), SyncOptions::default()).await.unwrap();
        found.push((connected.workspace, deals_of(&app)));
        sandboxes.push(sandbox);
    }
    let vendors: BTreeSet<&str> = workspaces(&app, Nothing {}).unwrap().iter().map(|row| row.vendor.label()).collect();
    assert_eq!(vendors, BTreeSet::from(["HubSpot", "Salesforce"]));
    assert!(found[0].1.is_disjoint(&found[1].1));

    // Back and forth: each has its own, and finds its CRM by itself.
    for (id, own) in found.iter().chain(&found) {
        let status = open_workspace(&app, OpenWorkspace { workspace: id.clone() }).unwrap();
        assert_eq!(status.workspace.as_ref(), Some(id));
        assert_eq!(&deals_of(&app), own);
        let summary = syncing::sync(app.workspace().unwrap(), SyncOptions::default()).await.unwrap();
        assert_eq!(summary.changed, 0);
    }
    let ws = app.workspace().unwrap();
    let foreign = found[0].1.first().unwrap();
    let error = deals::deal(&ws, DealId(foreign.clone())).unwrap_err();
    assert_eq!(error.code, Code::NotFound);

    // Leaving one account leaves the other alone.
    signing_in::disconnect(Arc::clone(&ws), Nothing {}).await.unwrap();
    assert_eq!(syncing::sync(ws, SyncOptions::default()).await.unwrap_err().id, "token.missing");
    open_workspace(&app, OpenWorkspace { workspace: found[0].0.clone() }).unwrap();
    syncing::sync(app.workspace().unwrap(), SyncOptions::default()).await.unwrap();
}
