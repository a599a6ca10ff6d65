//! One workspace and its CRM. The clock is the CRM's own, so that a test can let time pass.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeZone, Utc};
use drumbeat_crm::Connection;
use drumbeat_crm::crm::Crm;
use drumbeat_crm::hubspot::HubSpot;
use drumbeat_crm::mapping::{detect, provision_plan};
use drumbeat_crm::retry::Policy;
use drumbeat_crm::salesforce::Salesforce;
use drumbeat_model::change::{NewDecision, NewMessage, NewOp, Op, OpKind};
use drumbeat_model::crm::{Link, ObjectKind, Properties, Schema, Vendor};
use drumbeat_model::field::Field;
use drumbeat_model::ids::{DecisionId, OpId};
use drumbeat_model::mapping::Mapping;
use drumbeat_model::secret::Secret;
use drumbeat_model::workspace::{SyncOptions, SyncSummary};
use drumbeat_sandbox::{Fault, FaultScript, Faults, Options, Sandbox, Source};
use drumbeat_store::{Entry, Key, Plain, Store, Why};
use drumbeat_sync::{Cancel, Context, Progress, SyncError};
use serde_json::Value;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::door;

pub struct Bench {
    pub vendor: Vendor,
    pub sandbox: Arc<Sandbox>,
    pub crm: Box<dyn Crm>,
    pub store: Store,
    pub schema: Schema,
    pub mapping: Mapping,
    folder: TempDir,
}

/// Where the clock of every bench starts.
pub fn start() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 20, 9, 0, 0).unwrap()
}

impl Bench {
    /// A workspace on the sample CRM, with the markers provisioned.
    pub async fn new(vendor: Vendor) -> Self {
        Self::with(vendor, Source::Sample, true).await
    }

    /// A workspace on the sample CRM, to which nothing was added.
    pub async fn unprovisioned(vendor: Vendor) -> Self {
        Self::with(vendor, Source::Sample, false).await
    }

    pub async fn with(vendor: Vendor, data: Source, provision: bool) -> Self {
        let crm = door::dialect(vendor);
        // What the program adds to an account is there from the beginning in Salesforce's, unless it is not wanted.
        let bare = !provision;
        let options = Options { crm, data, bare, seed: 7, now: Some(start()), ..Options::default() };
        let sandbox = Arc::new(drumbeat_sandbox::start(options).await.unwrap());
        let crm = client(vendor, sandbox.url(), sandbox.token());
        let mut schema = crm.describe().await.unwrap();
        if provision {
            for item in provision_plan(&schema, &detect(&schema).mapping).iter().filter(|item| !item.present) {
                crm.provision(item).await.unwrap();
            }
            schema = crm.describe().await.unwrap();
        }
        let mapping = detect(&schema).mapping;
        let folder = tempfile::tempdir().unwrap();
        let store = Store::create(&folder.path().join("workspace.db"), &Key::new([7; 32]), Arc::new(Plain)).unwrap();
        let (first, second) = (schema.clone(), mapping.clone());
        let why = Why::Mirror { at: start() };
        store.write(why, |w| w.put_schema(&first).and_then(|()| w.put_mapping(&second))).unwrap();
        Self { vendor, sandbox, crm, store, schema, mapping, folder }
    }

    /// The same CRM with an empty store.
    pub fn afresh(&self) -> Store {
        let count = std::fs::read_dir(self.folder.path()).unwrap().count();
        let store =
            Store::create(&self.folder.path().join(format!("other-{count}.db")), &Key::new([9; 32]), Arc::new(Plain))
                .unwrap();
        store
            .write(Why::Mirror { at: start() }, |w| {
                w.put_schema(&self.schema).and_then(|()| w.put_mapping(&self.mapping))
            })
            .unwrap();
        store
    }

    pub fn context(&self, cancel: &Cancel, progress: impl Fn(Progress) + Send + Sync + 'static) -> Context {
        let sandbox = Arc::clone(&self.sandbox);
        Context {
            clock: Arc::new(move || sandbox.now()),
            cancel: cancel.clone(),
            progress: Arc::new(progress),
            holder: "test".to_owned(),
        }
    }

    pub async fn sync(&self) -> SyncSummary {
        self.sync_with(SyncOptions::default()).await.unwrap()
    }

    pub async fn push(&self) -> SyncSummary {
        self.sync_with(SyncOptions { push_only: true, ..SyncOptions::default() }).await.unwrap()
    }

    pub async fn sync_with(&self, options: SyncOptions) -> Result<SyncSummary, SyncError> {
        drumbeat_sync::sync(&*self.crm, &self.store, options, &self.context(&Cancel::default(), drop)).await
    }

    /// Lets the CRM's time pass.
    pub fn wait(&self, seconds: u64) {
        self.sandbox.advance(Duration::from_secs(seconds));
    }

    /// From now on these requests fail in this way, so often.
    pub fn fail(&self, method: &str, fault: Fault, count: u32) {
        let script = FaultScript {
            skip: 0,
            count,
            method: Some(method.to_owned()),
            path: Some(door::records(self.vendor)),
            object: None,
            fault,
        };
        self.sandbox.set_faults(Faults { scripts: vec![script], ..Faults::default() });
    }

    pub fn property(&self, kind: ObjectKind, field: Field) -> String {
        self.mapping
            .property(kind, field)
            .unwrap_or_else(|| panic!("{} {} is mapped", kind.name(), field.name()))
            .to_owned()
    }

    /// The name of a kind in paths.
    pub fn path(&self, kind: ObjectKind) -> &str {
        &self.schema.objects[&kind].type_name
    }

    /// Another person sets values of a record.
    pub fn edit(&self, kind: ObjectKind, id: &str, properties: &[(&str, &str)]) {
        assert!(self.sandbox.edit(self.path(kind), id, properties, "ana@example.com"), "the CRM takes the edit");
    }

    pub fn mirrored(&self, kind: ObjectKind, id: &str) -> Properties {
        self.store
            .read(|r| r.mirrored(kind, id))
            .unwrap()
            .unwrap_or_else(|| panic!("{} {id} is mirrored", kind.name()))
            .properties
    }

    pub fn op(&self, id: &str) -> Op {
        self.store.read(|r| r.op(&OpId::from(id))).unwrap().unwrap_or_else(|| panic!("op {id} is there"))
    }

    /// Writes in the CRM's ledger that carry this op's id.
    pub fn landings(&self, op: &str) -> usize {
        let is_of = |marker: &Option<String>| {
            marker.as_deref().is_some_and(|marker| marker == op || marker.starts_with(&format!("{op}#")))
        };
        self.sandbox.ledger().iter().filter(|entry| is_of(&entry.op_marker)).count()
    }

    /// The CRM's own value, past the client.
    pub async fn theirs(&self, kind: ObjectKind, id: &str, property: &str) -> String {
        door::value_of(self.vendor, &self.sandbox, self.path(kind), id, property).await
    }

    /// Every living record of a kind, past the client: values by id, empty ones left out.
    pub async fn all(&self, kind: ObjectKind) -> BTreeMap<String, Properties> {
        let names: BTreeSet<String> = self.mapping.properties(kind).into_iter().collect();
        door::all(self.vendor, &self.sandbox, self.path(kind), &names, door::condition(self.vendor, kind)).await
    }

    /// Somebody puts a record into the bin.
    pub async fn delete(&self, kind: ObjectKind, id: &str) {
        door::delete(self.vendor, &self.sandbox, self.path(kind), id).await;
    }

    /// Open registrations, oldest first.
    pub fn registrations(&self) -> Vec<String> {
        self.store.read(|r| r.open_registration_ids()).unwrap()
    }

    /// A living deal.
    pub fn deal(&self, place: usize) -> String {
        self.store.read(|r| r.mirror_ids(ObjectKind::Deal, None, 50)).unwrap()[place].clone()
    }

    pub fn decide(&self, id: &str, about: (ObjectKind, &str), ops: Vec<NewOp>) {
        let decision = NewDecision {
            id: DecisionId::from(id),
            act: "test".to_owned(),
            title: format!("Decision {id}"),
            about: (about.0, about.1.to_owned()),
            reason: Some("because".to_owned()),
            facts: serde_json::json!({}),
            policy: 1,
            ops,
            messages: vec![NewMessage { to: "a@example.com".into(), subject: "Hello".into(), text: id.to_owned() }],
        };
        let (at, title) = (self.sandbox.now(), decision.title.clone());
        let entry = Entry { at, actor: "me", act: "test", title: &title, reason: None, facts: None, policy: None };
        self.store.write(Why::Act(entry), |w| w.decide(&decision, "me", &self.schema.account_id)).unwrap();
    }

    /// A change of fields, based on what is mirrored now.
    pub fn set(
        &self,
        id: &str,
        kind: ObjectKind,
        record: &str,
        values: &[(&str, &str)],
        guard: &[&str],
        depends_on: &[&str],
    ) -> NewOp {
        let now = self.mirrored(kind, record);
        let held = |name: &str| (name.to_owned(), now.get(name).cloned().unwrap_or_default());
        let kind_of = OpKind::Set {
            desired: values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            base: values.iter().map(|(name, _)| held(name)).collect(),
            guard: guard.iter().map(|name| held(name)).collect(),
        };
        new_op(id, kind, record, kind_of, depends_on)
    }

    /// What an approval is made of: a deal, the registration, a task, a link. Op ids are `<id>-deal` and so on.
    pub fn approve(&self, id: &str, registration: &str) {
        use ObjectKind::{Company, Deal, Registration, Task};
        let (name, stage, pipeline) =
            (self.property(Deal, Field::Name), self.property(Deal, Field::Stage), self.property(Deal, Field::Pipeline));
        let (status, by, reason, deal) = (
            self.property(Registration, Field::Status),
            self.property(Registration, Field::DecidedBy),
            self.property(Registration, Field::DecisionReason),
            self.property(Registration, Field::Deal),
        );
        let (subject, due) = (self.property(Task, Field::Title), self.property(Task, Field::DueAt));
        let account = self.store.read(|r| r.mirror_ids(Company, None, 1)).unwrap().remove(0);
        let first = &self.schema.pipelines[0];
        let (local, task) = (format!("local:{id}"), format!("local:{id}-task"));
        let (op_deal, op_set, op_task, op_link) =
            (format!("{id}-deal"), format!("{id}-set"), format!("{id}-task"), format!("{id}-link"));
        let values = |pairs: &[(&str, &str)]| {
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
        };
        let to = |kind, id: &str| Link { to: kind, id: id.to_owned(), primary: false };
        let title = format!("Deal of {id}");
        let close = self.property(Deal, Field::CloseDate);
        let begins = [(&*name, &*title), (&stage, &first.stages[0].id), (&pipeline, &first.id), (&close, "2026-12-31")];
        let create_deal = OpKind::Create { desired: values(&begins), links: vec![to(Company, &account)] };
        let create_task = OpKind::Create {
            desired: values(&[(&subject, "Call the partner"), (&due, "2026-11-25T09:00:00.000Z")]),
            links: vec![to(Deal, &local)],
        };
        let decided = [(status.as_str(), "approved"), (&by, "me"), (&reason, "because"), (&deal, &local)];
        let ops = vec![
            new_op(&op_deal, Deal, &local, create_deal, &[]),
            self.set(&op_set, Registration, registration, &decided, &[&status], &[&op_deal]),
            new_op(&op_task, Task, &task, create_task, &[&op_deal]),
            new_op(&op_link, Registration, registration, OpKind::Link { link: to(Deal, &local) }, &[&op_deal]),
        ];
        self.decide(id, (Registration, registration), ops);
    }
}

pub fn new_op(id: &str, object: ObjectKind, record: &str, kind: OpKind, depends_on: &[&str]) -> NewOp {
    NewOp {
        id: OpId::from(id),
        object,
        record: record.to_owned(),
        kind,
        depends_on: depends_on.iter().map(|id| OpId::from(*id)).collect(),
    }
}

/// One request, past the client.
pub async fn http(sandbox: &Sandbox, method: &str, path: &str, body: &str) -> (u16, Value) {
    let host = sandbox.url().trim_start_matches("http://");
    let mut stream = TcpStream::connect(host).await.unwrap();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        sandbox.token(),
        body.len()
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    let answer = String::from_utf8(answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, serde_json::from_str(body).unwrap_or(Value::Null))
}

/// The patience of a client that does not dawdle.
pub fn hasty() -> Policy {
    Policy {
        attempts: 3,
        pause: Duration::from_millis(5),
        patience: Duration::from_secs(5),
        searches: 1000,
        read: Duration::from_secs(10),
        write: Duration::from_secs(5),
        ..Policy::default()
    }
}

/// A client that does not dawdle: pauses are short, searches are not counted.
pub fn client(vendor: Vendor, url: &str, token: &str) -> Box<dyn Crm> {
    let connection = Connection::new(url, Secret::new(token.to_owned()));
    let policy = hasty();
    match vendor {
        Vendor::Hubspot => Box::new(HubSpot::open_with(connection, policy).unwrap()),
        Vendor::Salesforce => Box::new(Salesforce::open_with(connection, policy).unwrap()),
    }
}
