//! A workspace and its CRM, with the liar between them: the real client, sync and store.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use chrono::{TimeZone, Utc};
use drumbeat_crm::Connection;
use drumbeat_crm::crm::Crm;
use drumbeat_crm::hubspot::HubSpot;
use drumbeat_crm::mapping::{detect, provision_plan};
use drumbeat_crm::retry::Policy;
use drumbeat_model::change::{NewDecision, NewOp, Op, OpKind};
use drumbeat_model::crm::{ObjectKind, Properties, Schema};
use drumbeat_model::field::Field;
use drumbeat_model::ids::{DecisionId, OpId};
use drumbeat_model::mapping::Mapping;
use drumbeat_model::secret::Secret;
use drumbeat_model::workspace::{SyncOptions, SyncSummary};
use drumbeat_sandbox::{Options, Sandbox, Source};
use drumbeat_store::{Entry, Key, Plain, Store, Why};
use drumbeat_sync::{Cancel, Context, SyncError};
use serde_json::Value;
use tempfile::TempDir;
use tokio::net::TcpStream;

use super::fault::Fault;
use super::proxy::Proxy;
use super::wire::{self, Message};
use crate::sim::device::scratch;

/// More than one page of a scan.
const DEALS: u32 = 130;
/// How often the client tries a read.
pub const ATTEMPTS: u32 = 2;

/// What could not be done at all, as a sentence.
pub type Failure = String;

/// A workspace, its CRM and what is between them.
pub struct Bench {
    /// The CRM.
    pub sandbox: Arc<Sandbox>,
    /// What is between.
    pub proxy: Proxy,
    /// The workspace.
    pub store: Store,
    /// The account.
    pub schema: Schema,
    /// Which property is what.
    pub mapping: Mapping,
    used: usize,
    decided: u32,
    _folder: TempDir,
}

fn text(error: impl std::fmt::Display) -> Failure {
    error.to_string()
}

impl Bench {
    /// A workspace that has been set up and synced once.
    pub async fn start() -> Result<Self, Failure> {
        let start = Utc.with_ymd_and_hms(2026, 11, 20, 9, 0, 0).single().ok_or("no such time")?;
        let options = Options { data: Source::Synthetic(DEALS), seed: 7, now: Some(start), ..Options::default() };
        let sandbox = Arc::new(drumbeat_sandbox::start(options).await.map_err(text)?);
        let address = sandbox.url().trim_start_matches("http://").parse().map_err(text)?;
        let proxy = Proxy::start(address, sandbox.token()).await.map_err(text)?;
        let crm = client(&proxy.url(), sandbox.token(), Line::Usual)?;
        let mut schema = crm.describe().await.map_err(text)?;
        for item in provision_plan(&schema, &detect(&schema).mapping).iter().filter(|item| !item.present) {
            crm.provision(item).await.map_err(text)?;
        }
        schema = crm.describe().await.map_err(text)?;
        let mapping = detect(&schema).mapping;
        let folder = scratch().map_err(text)?;
        let store =
            Store::create(&folder.path().join("store.db"), &Key::new([7; 32]), Arc::new(Plain)).map_err(text)?;
        store
            .write(Why::Mirror { at: start }, |w| w.put_schema(&schema).and_then(|()| w.put_mapping(&mapping)))
            .map_err(text)?;
        let bench = Self { sandbox, proxy, store, schema, mapping, used: 0, decided: 0, _folder: folder };
        bench.sync(SyncOptions::default(), Line::Usual).await.map_err(text)?;
        Ok(bench)
    }

    /// One sync of a process that has just started, and its client.
    pub async fn sync(&self, options: SyncOptions, line: Line) -> Result<SyncSummary, SyncError> {
        let token = self.sandbox.token();
        let crm = match line {
            Line::Usual | Line::Hasty => client(&self.proxy.url(), token, line),
            Line::Secure => trusting(&self.proxy.secure_url(), token, self.proxy.root()),
        };
        let crm = crm.map_err(|why| SyncError::Crm(drumbeat_crm::error::CrmError::Unreachable(why)))?;
        let sandbox = Arc::clone(&self.sandbox);
        let context = Context {
            clock: Arc::new(move || sandbox.now()),
            cancel: Cancel::default(),
            progress: Arc::new(drop),
            holder: "matrix".to_owned(),
        };
        drumbeat_sync::sync(&crm, &self.store, options, &context).await
    }

    /// Lets the CRM's time pass.
    pub fn wait(&self, seconds: u64) {
        self.sandbox.advance(Duration::from_secs(seconds));
    }

    /// The name of a kind in paths.
    pub fn path(&self, kind: ObjectKind) -> Result<&str, Failure> {
        let object = self.schema.objects.get(&kind).ok_or_else(|| format!("the account has no {}", kind.name()))?;
        Ok(&object.type_name)
    }

    /// The property of a field.
    pub fn property(&self, kind: ObjectKind, field: Field) -> Result<String, Failure> {
        let name = self.mapping.property(kind, field);
        name.map(str::to_owned).ok_or_else(|| format!("{} {} is not mapped", kind.name(), field.name()))
    }

    /// A living deal that no cell has used yet.
    pub fn deal(&mut self) -> Result<String, Failure> {
        self.used += 1;
        let ids = self.store.read(|r| r.mirror_ids(ObjectKind::Deal, None, 1000)).map_err(text)?;
        // From the end: the first one is where others edit.
        ids.iter().rev().nth(self.used % (ids.len() - 2)).cloned().ok_or_else(|| "no deal is left".to_owned())
    }

    /// Somebody sets a value of the first deal, in the CRM.
    pub fn edit(&self, value: &str) -> Result<(), Failure> {
        let ids = self.store.read(|r| r.mirror_ids(ObjectKind::Deal, None, 1)).map_err(text)?;
        let id = ids.first().ok_or("no deal")?;
        let name = self.property(ObjectKind::Deal, Field::NextStep)?;
        let done = self.sandbox.edit(self.path(ObjectKind::Deal)?, id, &[(&name, value)], "ana@example.com");
        if done { Ok(()) } else { Err("the CRM does not take the edit".to_owned()) }
    }

    /// Saves a decision of one op; answers the op's id.
    pub fn decide(&mut self, object: ObjectKind, record: &str, kind: OpKind) -> Result<String, Failure> {
        self.decided += 1;
        let id = format!("op-{}", self.decided);
        let about = match &kind {
            OpKind::Create { links, .. } => links.first().map(|link| (link.to, link.id.clone())),
            OpKind::Set { .. } | OpKind::Link { .. } | OpKind::Archive { .. } => None,
        };
        let op = NewOp { id: OpId::from(id.as_str()), object, record: record.to_owned(), kind, depends_on: Vec::new() };
        let decision = NewDecision {
            id: DecisionId::from(format!("decision-{}", self.decided).as_str()),
            act: "test".to_owned(),
            title: "Decided".to_owned(),
            about: about.unwrap_or_else(|| (object, record.to_owned())),
            reason: None,
            facts: serde_json::json!({}),
            policy: 1,
            ops: vec![op],
            messages: Vec::new(),
        };
        let entry = Entry {
            at: self.sandbox.now(),
            actor: "me",
            act: "test",
            title: "Decided",
            reason: None,
            facts: None,
            policy: None,
        };
        self.store.write(Why::Act(entry), |w| w.decide(&decision, "me", &self.schema.account_id)).map_err(text)?;
        Ok(id)
    }

    /// An op as it stands.
    pub fn op(&self, id: &str) -> Result<Op, Failure> {
        self.store.read(|r| r.op(&OpId::from(id))).map_err(text)?.ok_or_else(|| format!("op {id} is lost"))
    }

    /// How often the CRM has applied an op; a link has no mark and counts by its two ends.
    pub fn landings(&self, op: &Op) -> usize {
        let of = |marker: &str| marker == op.id.0 || marker.split('#').next() == Some(op.id.as_str());
        let ledger = self.sandbox.ledger();
        match &op.kind {
            OpKind::Link { .. } => {
                let name = self.path(op.object).unwrap_or_default();
                let is_link = |entry: &&drumbeat_sandbox::LedgerEntry| {
                    entry.kind == drumbeat_sandbox::LedgerKind::Associate
                        && entry.id == op.record
                        && (entry.object == name || !name.is_empty())
                };
                ledger.iter().filter(is_link).count().min(1)
            }
            OpKind::Archive { .. } => {
                let is_bin = |entry: &&drumbeat_sandbox::LedgerEntry| {
                    entry.kind == drumbeat_sandbox::LedgerKind::Archive && entry.id == op.record
                };
                ledger.iter().filter(is_bin).count()
            }
            OpKind::Set { .. } | OpKind::Create { .. } => {
                ledger.iter().filter(|entry| entry.op_marker.as_deref().is_some_and(of)).count()
            }
        }
    }

    /// Where mirror and CRM differ.
    pub async fn differences(&self) -> Result<Vec<String>, Failure> {
        let mut found = Vec::new();
        for kind in self.schema.objects.keys().copied() {
            let theirs = self.all(kind).await?;
            let ids = self.store.read(|r| r.mirror_ids(kind, None, 100_000)).map_err(text)?;
            let ours: BTreeSet<&String> = ids.iter().collect();
            let names: BTreeSet<String> = self.mapping.properties(kind).into_iter().collect();
            if names.is_empty() {
                continue;
            }
            for id in theirs.keys().filter(|id| !ours.contains(id)) {
                found.push(format!("{} {id} is not in the mirror", kind.name()));
            }
            for id in &ids {
                let Some((values, links)) = theirs.get(id) else {
                    found.push(format!("{} {id} is not in the CRM any more", kind.name()));
                    continue;
                };
                let (row, held) =
                    self.store.read(|r| Ok((r.mirrored(kind, id)?, r.mirrored_links(kind, id)?))).map_err(text)?;
                let mine = row.map(|row| row.properties).unwrap_or_default();
                for name in &names {
                    if mine.get(name) != values.get(name) {
                        let (mine, theirs) = (mine.get(name), values.get(name));
                        found.push(format!("{} {id} {name}: {mine:?} here, {theirs:?} there", kind.name()));
                    }
                }
                let held: BTreeSet<String> = held.into_iter().map(|link| link.id).collect();
                if let Some(lost) = links.iter().find(|id| !held.contains(*id)) {
                    found.push(format!("{} {id} has lost its link to {lost}", kind.name()));
                }
            }
        }
        Ok(found)
    }

    /// Every living record of a kind with its links, past the client.
    async fn all(&self, kind: ObjectKind) -> Result<BTreeMap<String, (Properties, Vec<String>)>, Failure> {
        let names: BTreeSet<String> = self.mapping.properties(kind).into_iter().collect();
        let linked = match kind {
            ObjectKind::Deal | ObjectKind::Contact => "&associations=companies",
            _ => "",
        };
        let list = names.iter().map(String::as_str).collect::<Vec<_>>().join(",");
        let mut all = BTreeMap::new();
        let mut after = String::new();
        loop {
            let path = format!("/crm/v3/objects/{}?limit=100&properties={list}{linked}{after}", self.path(kind)?);
            let body = self.http("GET", &path, "").await?;
            for row in body["results"].as_array().into_iter().flatten() {
                let values = row["properties"].as_object().into_iter().flatten();
                let values = values
                    .filter(|(name, _)| names.contains(*name))
                    .filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
                    .filter(|(_, value)| !value.is_empty())
                    .collect();
                let links = &row["associations"]["companies"]["results"];
                let links = links.as_array().into_iter().flatten().filter_map(|link| link["id"].as_str());
                let links = links.map(str::to_owned).collect();
                all.insert(row["id"].as_str().unwrap_or_default().to_owned(), (values, links));
            }
            match body["paging"]["next"]["after"].as_str() {
                Some(next) => after = format!("&after={next}"),
                None => return Ok(all),
            }
        }
    }

    /// One request, past the client and what is between.
    pub async fn http(&self, method: &str, path: &str, body: &str) -> Result<Value, Failure> {
        let host = self.sandbox.url().trim_start_matches("http://");
        let mut stream = TcpStream::connect(host).await.map_err(text)?;
        let mut message = Message::answer(200, "application/json", body)
            .with("host", host)
            .with("authorization", &format!("Bearer {}", self.sandbox.token()))
            .with("connection", "close");
        message.first = format!("{method} {path} HTTP/1.1");
        wire::write(&mut stream, &message).await.map_err(text)?;
        let answer = wire::read(&mut stream).await.map_err(text)?.ok_or("no answer")?;
        if !answer.word(1).starts_with('2') {
            return Err(format!("{method} {path}: {}", answer.first));
        }
        Ok(serde_json::from_slice(&answer.body).unwrap_or_default())
    }
}

/// How a client talks to the CRM.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// In clear.
    Usual,
    /// In clear, and silence is borne for half a second.
    Hasty,
    /// Through the front with TLS.
    Secure,
}

impl Line {
    /// What a row is met on.
    pub fn of(fault: Fault) -> Self {
        match fault {
            _ if fault.is_of_tls() => Line::Secure,
            _ if fault.is_silence() => Line::Hasty,
            _ => Line::Usual,
        }
    }
}

/// A client of a process that has just started.
pub fn client(url: &str, token: &str, line: Line) -> Result<HubSpot, Failure> {
    HubSpot::open_with(connection(url, token), policy(line)).map_err(text)
}

/// The same, which believes in one more authority.
pub fn trusting(url: &str, token: &str, root: &[u8]) -> Result<HubSpot, Failure> {
    HubSpot::open_trusting(connection(url, token), policy(Line::Secure), root).map_err(text)
}

fn connection(url: &str, token: &str) -> Connection {
    Connection::new(url, Secret::new(token.to_owned()))
}

fn policy(line: Line) -> Policy {
    let patience = if line == Line::Hasty { Duration::from_millis(500) } else { Duration::from_secs(10) };
    Policy {
        attempts: ATTEMPTS,
        pause: Duration::from_millis(2),
        patience: Duration::from_millis(50),
        longest: Duration::from_secs(2),
        searches: 1000,
        connect: if line == Line::Usual { Duration::from_secs(1) } else { patience },
        read: patience,
        write: patience,
        ..Policy::default()
    }
}
