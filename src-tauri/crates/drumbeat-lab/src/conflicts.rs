//! How well and how fast channel conflicts are found on an invented CRM whose truth is known.
//!
//! The one hard idea: the truth is complete for deals (two open deals of one account clash only where a clash was
//! planted), and for registrations it names what was planted on which; so a finding between deals is held against the
//! planted conflicts of its kind, and one that rests on a registration against the planted registrations. Clean and
//! dirty (two spellings of one account) are counted apart. Callers get one JSON document; nothing is asserted here.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Instant as Clock;

use drumbeat_app::api::Nothing;
use drumbeat_app::channel;
use drumbeat_app::clock::Clock as Now;
use drumbeat_app::drumbeat::Drumbeat;
use drumbeat_app::error::{Answer, ApiError, Code};
use drumbeat_app::events::NoEvents;
use drumbeat_app::secrets::Memory;
use drumbeat_app::workspace::Workspace;
use drumbeat_app::{connect, syncing};
use drumbeat_model::channel::{ConflictRef, ConflictsQuery};
use drumbeat_model::crm::{ObjectKind, Record, Vendor};
use drumbeat_model::field::Field;
use drumbeat_model::ids::DealId;
use drumbeat_model::workspace::{Connect, SyncOptions};
use drumbeat_sandbox::{Options, Source};
use drumbeat_store::Why;
use serde_json::{Value, json};

/// Deals that change between two passes.
const CHANGES: usize = 500;

fn failed(why: impl std::fmt::Display) -> ApiError {
    ApiError::new(Code::Bug, "bench.failed", why.to_string())
}

/// Channel conflicts that are planted in data from a folder.
const PLANTED: u32 = 80;

/// Measures on a book: found against planted, the first pass over everything and what it adds to the file, a pass over
/// everything, a pass over 500 changes, the list.
///
/// # Errors
/// What the sandbox, the sync or the store says.
pub async fn measure(data: Source, runs: u32, seed: u64) -> Answer<Value> {
    let dir = tempfile::tempdir().map_err(failed)?;
    let truth = dir.path().join("truth.jsonl");
    let options = Options {
        listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        planted: matches!(data, Source::Folder(_)).then_some(PLANTED),
        data,
        seed,
        truth: Some(truth.clone()),
        ..Options::default()
    };
    let sandbox = drumbeat_sandbox::start(options).await.map_err(failed)?;
    let home = dir.path().join("home");
    let app = Drumbeat::new(home, Now::system(), Arc::new(NoEvents), Arc::new(Memory::default()), None);
    let request = Connect {
        vendor: Vendor::Hubspot,
        base_url: Some(sandbox.url().to_owned()),
        token: sandbox.token().to_owned(),
        passphrase: None,
    };
    connect::connect(Arc::clone(&app), request).await?;
    let ws = app.workspace()?;
    let began = Clock::now();
    let synced = syncing::exchange(Arc::clone(&ws), SyncOptions::default()).await?;
    let sync = began.elapsed().as_secs_f64();
    ws.store.checkpoint()?;
    let before = ws.store.bytes();
    let began = Clock::now();
    let first = channel::judge_due(Arc::clone(&ws), Nothing {}).await?;
    let first_seconds = began.elapsed().as_secs_f64();
    ws.store.checkpoint()?;
    let added = ws.store.bytes().saturating_sub(before);
    let found = held_against(&ws, &truth)?;
    let (mut full, mut changed, mut page) = (Vec::new(), Vec::new(), Vec::new());
    let mut last = json!({});
    for run in 0..runs.max(1) {
        let began = Clock::now();
        let done = channel::judge_all(&ws)?;
        full.push(began.elapsed().as_secs_f64());
        change(&ws, run)?;
        let began = Clock::now();
        let then = channel::judge_waiting(&ws)?;
        changed.push(began.elapsed().as_secs_f64());
        let began = Clock::now();
        channel::conflicts(&ws, ConflictsQuery::default())?;
        page.push(began.elapsed().as_secs_f64() * 1000.0);
        last = json!({ "full": done, "changed": then });
    }
    ws.store.checkpoint()?;
    Ok(json!({
        "bench": "conflicts", "seed": seed, "records": synced.read, "found": found,
        "sync_seconds": sync, "sync_bytes": before,
        "first_pass_seconds": first_seconds, "first_pass": first, "first_pass_added_bytes": added,
        "full_pass_seconds": full, "pass_after_500_changes_seconds": changed, "page_ms": page,
        "last": last, "store_bytes": ws.store.bytes(),
    }))
}

/// Somebody changes 500 open deals: another next step, and every tenth goes to another owner.
fn change(ws: &Workspace, run: u32) -> Answer<()> {
    let mapping = ws.read(|r| r.mapping())?;
    let step = mapping.property(ObjectKind::Deal, Field::NextStep).unwrap_or("hs_next_step").to_owned();
    let owner = mapping.property(ObjectKind::Deal, Field::Owner).unwrap_or("hubspot_owner_id").to_owned();
    let records = ws.read(|r| {
        let query = drumbeat_model::deal::DealsQuery {
            filter: drumbeat_model::deal::DealFilter {
                outcome: Some(drumbeat_model::crm::Outcome::Open),
                partnered: Some(true),
                ..Default::default()
            },
            limit: 500,
            ..Default::default()
        };
        let page = r.deals(&query, ws.clock.today())?;
        let mut records = Vec::new();
        for (place, row) in page.rows.iter().take(CHANGES).enumerate() {
            let Some(known) = r.mirrored(ObjectKind::Deal, row.id.as_str())? else { continue };
            let mut properties = known.properties;
            properties.insert(step.clone(), format!("call again, {run}"));
            if place % 10 == 0 {
                properties.insert(owner.clone(), format!("8010000{}", 1 + run % 7));
            }
            records.push(Record {
                kind: ObjectKind::Deal,
                id: row.id.0.clone(),
                properties,
                updated_at: Some(ws.clock.now()),
                archived: false,
                merged: Vec::new(),
                links: None,
            });
        }
        Ok(records)
    })?;
    let now = ws.clock.now();
    ws.store.write(Why::Mirror { at: now }, |w| w.apply_records(ObjectKind::Deal, &records, now))?;
    Ok(())
}

/// One planted conflict, or one that was found.
struct Planted {
    kind: String,
    deals: BTreeSet<String>,
    dirty: bool,
    twin: Value,
}

/// The accounts and kinds of findings around some deals, for whoever looks why one was not found.
fn names(ws: &Workspace, deals: &BTreeSet<String>) -> Answer<Value> {
    ws.read(|r| {
        let mut all = Vec::new();
        for id in deals {
            let Some(deal) = r.deal(&DealId(id.clone()))? else { continue };
            let account = deal.account.as_ref().map(|account| r.company(account.as_str())).transpose()?.flatten();
            let nodes = match &deal.account {
                Some(account) => r.channel_cluster(&format!("c{account}"), ws.clock.today())?,
                None => Vec::new(),
            };
            let texts: Vec<String> = r.conflicts_at(&nodes)?.into_iter().map(|kept| kept.finding.key()).collect();
            all.push(json!({
                "account": account.map(|account| json!([account.name, account.domain, account.country, account.city])),
                "nodes": nodes, "found": texts,
            }));
        }
        Ok(json!(all))
    })
}

/// What was found against what was planted, by kind.
fn held_against(ws: &Arc<Workspace>, truth: &std::path::Path) -> Answer<Value> {
    let text = std::fs::read_to_string(truth).map_err(failed)?;
    let lines = text.lines().map(serde_json::from_str::<Value>).collect::<Result<Vec<_>, _>>().map_err(failed)?;
    let of = |line: &Value, key: &str| line[key].as_str().unwrap_or_default().to_owned();
    let planted: Vec<Planted> = lines
        .iter()
        .filter(|line| line["kind"] == "channel_conflict")
        .map(|line| Planted {
            kind: of(line, "type"),
            deals: line["deals"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect(),
            dirty: !line["twin"].is_null(),
            twin: line["twin"].clone(),
        })
        .collect();
    let claims: BTreeMap<String, bool> = lines
        .iter()
        .filter(|line| line["kind"] == "registration")
        .map(|line| (of(line, "id"), !line["against"].is_null()))
        .collect();
    let against: BTreeSet<String> =
        lines.iter().filter_map(|line| line["against"]["registration"].as_str()).map(str::to_owned).collect();
    let (mut counts, mut missed): (BTreeMap<String, [u32; 4]>, Vec<Value>) = (BTreeMap::new(), Vec::new());
    let (mut wrong, mut by_claim) = (Vec::new(), [0_u32; 2]);
    let mut hit: BTreeSet<usize> = BTreeSet::new();
    let mut after = None;
    loop {
        let page = channel::conflicts(ws, ConflictsQuery { after, limit: 500, ..ConflictsQuery::default() })?;
        for row in &page.rows {
            let detail = channel::conflict(ws, ConflictRef { conflict: row.id.clone() })?;
            let deals: BTreeSet<String> =
                detail.sides.iter().flat_map(|side| &side.deals).map(|deal| deal.id.0.clone()).collect();
            let on_claim =
                detail.sides.iter().any(|side| side.deals.is_empty() && !side.incumbent && !side.claims.is_empty());
            if on_claim {
                let planted = detail
                    .sides
                    .iter()
                    .flat_map(|side| &side.claims)
                    .any(|claim| claims.get(&claim.id).copied().unwrap_or(false) || against.contains(&claim.id));
                by_claim[usize::from(planted)] += 1;
                if !planted && wrong.len() < 20 {
                    wrong.push(json!({ "id": row.id, "text": row.text, "registration": true }));
                }
                continue;
            }
            let kind = row.kind.name().to_owned();
            let place = planted.iter().position(|one| one.kind == kind && one.deals.is_subset(&deals));
            let count = counts.entry(kind).or_default();
            match place {
                Some(place) => {
                    hit.insert(place);
                }
                None => {
                    count[2] += 1;
                    if wrong.len() < 20 {
                        wrong.push(json!({ "id": row.id, "text": row.text, "kind": row.kind.name(), "deals": deals }));
                    }
                }
            }
        }
        match page.next {
            Some(next) => after = Some(next),
            None => break,
        }
    }
    let mut dirty: BTreeMap<String, [u32; 2]> = BTreeMap::new();
    for (place, one) in planted.iter().enumerate() {
        let found = u32::from(hit.contains(&place));
        let count = counts.entry(one.kind.clone()).or_default();
        if one.dirty {
            let of = dirty.entry(one.kind.clone()).or_default();
            (of[0], of[1]) = (of[0] + found, of[1] + 1);
        } else {
            (count[0], count[1]) = (count[0] + found, count[1] + 1);
        }
        if found == 0 && missed.len() < 40 {
            missed.push(
                json!({ "kind": one.kind, "deals": one.deals, "names": names(ws, &one.deals)?, "twin": one.twin }),
            );
        }
    }
    let share =
        |part: u32, whole: u32| if whole == 0 { Value::Null } else { json!(f64::from(part) / f64::from(whole)) };
    let by_kind: BTreeMap<String, Value> = counts
        .iter()
        .map(|(kind, [found, planted, wrong, _])| {
            let [dirty_found, dirty_planted] = dirty.get(kind).copied().unwrap_or_default();
            let value = json!({
                "clean": { "planted": planted, "found": found, "recall": share(*found, *planted) },
                "dirty": { "planted": dirty_planted, "found": dirty_found, "recall": share(dirty_found, dirty_planted) },
                "not_planted": wrong,
                "precision": share(found + dirty_found, found + dirty_found + wrong),
            });
            (kind.clone(), value)
        })
        .collect();
    Ok(json!({
        "by_kind": by_kind,
        "on_registrations": { "planted": by_claim[1], "not_planted": by_claim[0] },
        "missed": missed, "not_planted": wrong,
    }))
}
