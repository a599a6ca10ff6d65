//! A person's desk: the program itself, connected to a CRM of its own. The clock is the CRM's, so that a
//! test can let a week pass.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use drumbeat_app::api::Nothing;
use drumbeat_app::clock::Clock;
use drumbeat_app::drumbeat::Drumbeat;
use drumbeat_app::error::ApiError;
use drumbeat_app::events::{AppEvent, Events};
use drumbeat_app::secrets::Memory;
use drumbeat_app::workspace::Workspace;
use drumbeat_app::{connect, deals, held, merges, registrations, syncing};
use drumbeat_model::change::{DecisionStatus, Op, OpState};
use drumbeat_model::crm::{ObjectKind, Outcome, Properties, Vendor};
use drumbeat_model::deal::{DealFilter, DealSort, DealsQuery, EditDeal, FieldEdit};
use drumbeat_model::field::Field;
use drumbeat_model::ids::{DealId, DecisionId, RegistrationId};
use drumbeat_model::merge::{HeldDecision, MergeRow};
use drumbeat_model::page::Direction;
use drumbeat_model::registration::{Approve, Decline, DeclineReason, Registration};
use drumbeat_model::workspace::{Connect, SyncOptions, SyncSummary};
use drumbeat_sandbox::{Fault, FaultScript, Faults, Options, Sandbox};

use crate::bench::start;
use crate::door;

/// Who else works in the CRM.
pub const ANA: &str = "ana@example.com";

/// What a test does with what the program tells.
type Heard = Box<dyn Fn(&AppEvent) + Send>;

/// What the program tells while it works goes nowhere until a test listens.
#[derive(Default)]
struct Ear(Mutex<Option<Heard>>);

impl Events for Ear {
    fn send(&self, event: AppEvent) {
        if let Some(heard) = self.0.lock().unwrap().as_ref() {
            heard(&event);
        }
    }
}

pub struct Desk {
    pub vendor: Vendor,
    pub sandbox: Arc<Sandbox>,
    pub app: Arc<Drumbeat>,
    pub ws: Arc<Workspace>,
    ear: Arc<Ear>,
    _folder: tempfile::TempDir,
}

impl Desk {
    /// Connected, provisioned and read.
    pub async fn new(vendor: Vendor) -> Self {
        let options = Options { crm: door::dialect(vendor), seed: 7, now: Some(start()), ..Options::default() };
        Self::at(vendor, Arc::new(drumbeat_sandbox::start(options).await.unwrap())).await
    }

    /// The same at an account whose deals are in several currencies.
    pub async fn with_currencies(vendor: Vendor) -> Self {
        let crm = door::dialect(vendor);
        let options = Options { crm, currencies: true, seed: 7, now: Some(start()), ..Options::default() };
        Self::at(vendor, Arc::new(drumbeat_sandbox::start(options).await.unwrap())).await
    }

    /// Connected to an account to which nothing was added, and nothing more.
    pub async fn bare(vendor: Vendor) -> Self {
        let crm = door::dialect(vendor);
        let options = Options { crm, bare: true, seed: 7, now: Some(start()), ..Options::default() };
        Self::connected(vendor, Arc::new(drumbeat_sandbox::start(options).await.unwrap())).await
    }

    /// Another computer at the same CRM.
    pub async fn beside(&self) -> Self {
        Self::at(self.vendor, Arc::clone(&self.sandbox)).await
    }

    async fn at(vendor: Vendor, sandbox: Arc<Sandbox>) -> Self {
        let desk = Self::connected(vendor, sandbox).await;
        connect::provision(Arc::clone(&desk.ws), Nothing {}).await.unwrap();
        desk.sync().await;
        desk
    }

    async fn connected(vendor: Vendor, sandbox: Arc<Sandbox>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let theirs = Arc::clone(&sandbox);
        let clock = Clock::of(Arc::new(move || theirs.now()));
        let ear = Arc::new(Ear::default());
        let app =
            Drumbeat::new(folder.path().to_owned(), clock, Arc::clone(&ear) as _, Arc::new(Memory::default()), None);
        let request = Connect {
            vendor,
            base_url: Some(sandbox.url().to_owned()),
            token: sandbox.token().to_owned(),
            passphrase: None,
        };
        connect::connect(Arc::clone(&app), request).await.unwrap();
        let ws = app.workspace().unwrap();
        Self { vendor, sandbox, app, ws, ear, _folder: folder }
    }

    /// From now on this is called with everything that the program tells, before the program goes on.
    pub fn hear(&self, heard: impl Fn(&AppEvent) + Send + 'static) {
        *self.ear.0.lock().unwrap() = Some(Box::new(heard));
    }

    pub async fn sync(&self) -> SyncSummary {
        self.sync_with(SyncOptions::default()).await
    }

    pub async fn sync_with(&self, options: SyncOptions) -> SyncSummary {
        syncing::sync(Arc::clone(&self.ws), options).await.unwrap()
    }

    /// Lets time pass.
    pub fn wait(&self, seconds: u64) {
        self.sandbox.advance(Duration::from_secs(seconds));
    }

    pub fn property(&self, kind: ObjectKind, field: Field) -> String {
        let mapping = self.ws.store.read(|r| r.mapping()).unwrap();
        mapping.property(kind, field).unwrap_or_else(|| panic!("{} {} is mapped", kind.name(), field.name())).to_owned()
    }

    /// The first choice that a field has, where the account lets one choose.
    pub fn choice(&self, kind: ObjectKind, field: Field) -> Option<String> {
        let (name, schema) = (self.property(kind, field), self.ws.store.read(|r| r.schema()).unwrap().unwrap());
        let known = schema.objects[&kind].properties.iter().find(|known| known.name == name)?;
        known.options.first().map(|(value, _)| value.clone())
    }

    /// The name of a kind in paths.
    pub fn path(&self, kind: ObjectKind) -> String {
        self.ws.store.read(|r| r.schema()).unwrap().unwrap().objects[&kind].type_name.clone()
    }

    /// Somebody else sets fields of a record.
    pub fn edit(&self, kind: ObjectKind, id: &str, fields: &[(Field, &str)]) {
        let named: Vec<(String, &str)> =
            fields.iter().map(|(field, value)| (self.property(kind, *field), *value)).collect();
        let properties: Vec<(&str, &str)> = named.iter().map(|(name, value)| (name.as_str(), *value)).collect();
        assert!(self.sandbox.edit(&self.path(kind), id, &properties, ANA), "the CRM takes the edit");
    }

    /// What the CRM has, as read into the mirror.
    pub fn mirrored(&self, kind: ObjectKind, id: &str) -> Properties {
        self.ws.store.read(|r| r.mirrored(kind, id)).unwrap().expect("mirrored").properties
    }

    /// A value as the person sees it.
    pub fn seen(&self, kind: ObjectKind, id: &str, field: Field) -> String {
        let shown = self.ws.store.read(|r| r.effective(kind, id)).unwrap().expect("shown").0;
        shown.get(&self.property(kind, field)).cloned().unwrap_or_default()
    }

    /// Somebody puts a record into the bin.
    pub async fn delete(&self, kind: ObjectKind, id: &str) {
        door::delete(self.vendor, &self.sandbox, &self.path(kind), id).await;
    }

    /// From now on these writes fail in this way, so often.
    pub fn fail(&self, method: &str, kind: ObjectKind, fault: Fault, count: u32) {
        let path = Some(door::writes(self.vendor, &self.path(kind)));
        let script = FaultScript { skip: 0, count, method: Some(method.to_owned()), path, object: None, fault };
        self.sandbox.set_faults(Faults { scripts: vec![script], ..Faults::default() });
    }

    /// Approves the first open registration.
    pub fn approve(&self) -> Result<DecisionId, ApiError> {
        let request = Approve {
            registration: self.open().remove(0).id,
            protection_days: None,
            seller: None,
            link_deal: None,
            message: None,
            reason: Some("we know them".to_owned()),
        };
        registrations::approve(&self.ws, request).map(|decided| decided.decision)
    }

    pub fn open(&self) -> Vec<Registration> {
        let read = |r: &drumbeat_store::Reader<'_>| {
            let ids = r.open_registration_ids()?;
            ids.into_iter().map(|id| r.registration(&RegistrationId(id))).collect::<Result<Vec<_>, _>>()
        };
        self.ws.store.read(read).unwrap().into_iter().flatten().collect()
    }

    /// An open deal of a partner.
    pub fn deal(&self, place: usize) -> String {
        let filter = DealFilter { outcome: Some(Outcome::Open), partnered: Some(true), ..DealFilter::default() };
        let (sort, direction) = (DealSort::Amount, Direction::Descending);
        let query = DealsQuery { filter, sort, direction, after: None, limit: 50 };
        deals::deals(&self.ws, query).unwrap().rows[place].id.0.clone()
    }

    pub fn decline(&self, registration: &RegistrationId) -> DecisionId {
        let request = Decline {
            registration: registration.clone(),
            reason: DeclineReason::NotQualified,
            text: None,
            message: None,
        };
        registrations::decline(&self.ws, request).unwrap().decision
    }

    pub fn set(&self, deal: &str, field: Field, value: &str) -> DecisionId {
        let request = EditDeal {
            deal: DealId(deal.to_owned()),
            set: vec![FieldEdit { field, value: Some(value.to_owned()) }],
            override_reason: Some("as agreed".to_owned()),
            confirm: Vec::new(),
        };
        deals::edit_deal(&self.ws, request).unwrap().decision
    }

    pub fn ops(&self, decision: &DecisionId) -> Vec<Op> {
        self.ws.store.read(|r| r.ops_of(decision)).unwrap()
    }

    /// The one op of a decision.
    pub fn op(&self, decision: &DecisionId) -> Op {
        self.ops(decision).pop().expect("an op")
    }

    pub fn status(&self, decision: &DecisionId) -> DecisionStatus {
        self.ws.store.read(|r| r.decision(decision)).unwrap().unwrap().status
    }

    pub fn held(&self) -> Vec<HeldDecision> {
        held::held(&self.ws, Nothing {}).unwrap()
    }

    pub fn merges(&self) -> Vec<MergeRow> {
        merges::merges(&self.ws, Nothing {}).unwrap()
    }

    /// The marks of ops that the CRM's ledger has.
    pub fn landed(&self) -> BTreeSet<String> {
        let marks = self.sandbox.ledger().into_iter().filter_map(|entry| entry.op_marker);
        marks.filter_map(|mark| mark.split('#').next().map(str::to_owned)).collect()
    }

    /// Whether nothing of a decision has reached the CRM.
    pub fn is_here(&self, decision: &DecisionId) -> bool {
        let landed = self.landed();
        self.ops(decision).iter().all(|op| op.attempt == 0 && !landed.contains(op.id.as_str()))
    }

    pub fn assert_landed(&self, decision: &DecisionId) {
        let ops = self.ops(decision);
        assert_eq!(self.status(decision), DecisionStatus::Landed, "{ops:#?}");
        assert!(ops.iter().any(|op| op.state == OpState::Done));
    }

    /// All that the audit trail says, as text.
    pub fn audit(&self) -> String {
        let query = drumbeat_model::activity::AuditQuery { limit: 500, ..Default::default() };
        let rows = self.ws.store.read(|r| r.audit(&query)).unwrap().rows;
        rows.into_iter().map(|row| format!("{} {:?} {:?}\n", row.title, row.reason, row.facts)).collect()
    }
}
