//! A workspace and its CRM, with the liar between them: the real client, sync and store.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use chrono::{TimeZone, Utc};
use drumbeat_crm::Connection;
use drumbeat_crm::crm::Crm;
use drumbeat_crm::mapping::{detect, provision_plan};
use drumbeat_crm::retry::Policy;
use drumbeat_model::change::{NewDecision, NewOp, Op, OpKind};
use drumbeat_model::crm::{ObjectKind, Properties, Schema, Vendor};
use drumbeat_model::field::Field;
use drumbeat_model::ids::{DecisionId, OpId};
use drumbeat_model::mapping::Mapping;
use drumbeat_model::secret::Secret;
use drumbeat_model::value::same;
use drumbeat_model::workspace::{SyncOptions, SyncSummary};
use drumbeat_sandbox::{Options, Sandbox, Source};
use drumbeat_store::{Entry, Key, Plain, Store, Why};
use drumbeat_sync::{Cancel, Context, SyncError};
use serde_json::Value;
use tempfile::TempDir;
use tokio::net::TcpStream;

use super::door::{self, Door};
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
    /// The vendor's ways.
    pub door: &'static dyn Door,
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
    leads: usize,
    decided: u32,
    _folder: TempDir,
}

fn text(error: impl std::fmt::Display) -> Failure {
    error.to_string()
}

impl Bench {
    /// A workspace that has been set up and synced once.
    pub async fn start(crm: Vendor) -> Result<Self, Failure> {
        let door = door::of(crm);
        let start = Utc.with_ymd_and_hms(2026, 11, 20, 9, 0, 0).single().ok_or("no such time")?;
        let data = Source::Synthetic(DEALS);
        let options = Options { crm: door.dialect(), data, seed: 7, now: Some(start), ..Options::default() };
        let sandbox = Arc::new(drumbeat_sandbox::start(options).await.map_err(text)?);
        let address = sandbox.url().trim_start_matches("http://").parse().map_err(text)?;
        let proxy = Proxy::start(address, sandbox.token(), door).await.map_err(text)?;
        let crm = client(door, &proxy.url(), sandbox.token(), Line::Usual, None)?;
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
        let bench =
            Self { door, sandbox, proxy, store, schema, mapping, used: 0, leads: 0, decided: 0, _folder: folder };
        bench.sync(SyncOptions::default(), Line::Usual).await.map_err(text)?;
        Ok(bench)
    }

    /// One sync of a process that has just started, and its client.
    pub async fn sync(&self, options: SyncOptions, line: Line) -> Result<SyncSummary, SyncError> {
        let (url, root) = match line {
            Line::Usual | Line::Hasty => (self.proxy.url(), None),
            Line::Secure => (self.proxy.secure_url(), Some(self.proxy.root())),
        };
        let crm = client(self.door, &url, self.sandbox.token(), line, root);
        let crm = crm.map_err(|why| SyncError::Crm(drumbeat_crm::error::CrmError::Unreachable(why)))?;
        let sandbox = Arc::clone(&self.sandbox);
        let context = Context {
            clock: Arc::new(move || sandbox.now()),
            cancel: Cancel::default(),
            progress: Arc::new(drop),
            holder: "matrix".to_owned(),
        };
        drumbeat_sync::sync(crm.as_ref(), &self.store, options, &context).await
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

    /// A lead that nobody has converted and no cell has used yet.
    pub fn lead(&mut self) -> Result<String, Failure> {
        self.leads += 1;
        let ids = self.store.read(|r| r.mirror_ids(ObjectKind::Registration, None, 1000)).map_err(text)?;
        ids.get(self.leads - 1).cloned().ok_or_else(|| "no lead is left".to_owned())
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
            OpKind::Link { link } => self.door.linked(&ledger, &op.record, link),
            OpKind::Archive { .. } => {
                let is_bin = |entry: &&drumbeat_sandbox::LedgerEntry| {
                    entry.kind == drumbeat_sandbox::LedgerKind::Archive && entry.id == op.record
                };
                ledger.iter().filter(is_bin).count()
            }
            // A conversion has no mark, and is there once.
            OpKind::Set { desired, .. } if self.converts(op, desired) => {
                let is_it = |entry: &&drumbeat_sandbox::LedgerEntry| {
                    entry.id == op.record && entry.after.keys().any(|name| desired.contains_key(name))
                };
                ledger.iter().filter(is_it).count()
            }
            OpKind::Set { .. } | OpKind::Create { .. } => {
                ledger.iter().filter(|entry| entry.op_marker.as_deref().is_some_and(of)).count()
            }
        }
    }

    fn converts(&self, op: &Op, desired: &Properties) -> bool {
        self.mapping.property(op.object, Field::ConvertedInto).is_some_and(|into| desired.contains_key(into))
    }

    /// Where mirror and CRM differ.
    pub async fn differences(&self) -> Result<Vec<String>, Failure> {
        let mut found = Vec::new();
        for kind in self.schema.objects.keys().copied() {
            let theirs = self.all(kind).await?;
            let ids = self.store.read(|r| r.mirror_ids(kind, None, 100_000)).map_err(text)?;
            let ours: BTreeSet<&String> = ids.iter().collect();
            let mut names: BTreeSet<String> = self.mapping.properties(kind).into_iter().collect();
            names.retain(|name| !self.door.parts().derived.contains(&name.as_str()));
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
                    let (mine, theirs) = (mine.get(name), values.get(name));
                    if !same(mine.map(String::as_str), theirs.map(String::as_str)) {
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
        let mut all: BTreeMap<String, (Properties, Vec<String>)> = BTreeMap::new();
        for first in self.door.lists(kind, self.path(kind)?, &names) {
            let mut next = Some(first.clone());
            while let Some(path) = next.take() {
                let (rows, more) = self.door.listed(&first, &self.http("GET", &path, "").await?);
                for row in rows {
                    match (row.values, all.get_mut(&row.id)) {
                        (Some(mut values), _) => {
                            values.retain(|name, _| names.contains(name));
                            all.insert(row.id, (values, row.links));
                        }
                        (None, Some((_, links))) => links.extend(row.links),
                        (None, None) => {}
                    }
                }
                next = more;
            }
        }
        Ok(all)
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

/// A client of a process that has just started; `root` is one more authority that it believes.
pub fn client(
    door: &dyn Door,
    url: &str,
    token: &str,
    line: Line,
    root: Option<&[u8]>,
) -> Result<Box<dyn Crm>, Failure> {
    let connection = Connection::new(url, Secret::new(token.to_owned()));
    door.client(connection, policy(line), root).map_err(text)
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
