//! One of our devices: a real workspace with its store on disk, worked by a person who decides, undoes,
//! answers merge conflicts and syncs, and whose computer may die at any moment.

use std::collections::BTreeSet;
use std::future::Future;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::task::Poll;

use chrono::TimeDelta;
use drumbeat_app::api::Nothing;
use drumbeat_app::clock::Clock;
use drumbeat_app::events::NoEvents;
use drumbeat_app::secrets::Memory;
use drumbeat_app::workspace::{Card, Parts, Workspace, store_file};
use drumbeat_app::{activity, backups, deals, decide, held, partners, recovery, registrations, syncing, undoing};
use drumbeat_model::change::{Op, OpAnswer, OpState, SettleOp};
use drumbeat_model::crm::{ObjectKind, Vendor};
use drumbeat_model::deal::{EditDeal, FieldEdit};
use drumbeat_model::field::Field;
use drumbeat_model::ids::{DealId, DecisionId, OpId, PartnerId, RegistrationId, WorkspaceId};
use drumbeat_model::merge::{DecisionRef, ReleaseHeld};
use drumbeat_model::partner::QuickLog;
use drumbeat_model::registration::{Approve, AskInfo, Claim, Decided, Decline, DeclineReason, Undo};
use drumbeat_model::time::Instant;
use drumbeat_model::workspace::{SyncOptions, SyncSummary};
use drumbeat_store::{Key, Plain, Store, Why};
use drumbeat_sync::{Cancel, Context};

use super::crm::Remote;
use super::people::deal_value;
use super::rules::Rules;
use super::schema::{ACCOUNT, mapping, schema};
use super::shared::Shared;

/// What went wrong in the simulation itself, as a sentence.
pub type Failure = String;

/// A device.
pub struct Device {
    /// The CRM as it reaches it.
    pub remote: Remote,
    /// The open workspace.
    pub ws: Arc<Workspace>,
    /// Decisions that it was told are saved.
    pub saved: Vec<DecisionId>,
    /// By how many milliseconds its clock is off.
    pub skew: Arc<AtomicI64>,
    /// Ops that were over, and that an older copy in the file's place knows nothing of; also those that the
    /// person has discarded.
    pub forgotten: BTreeSet<OpId>,
    folder: PathBuf,
    seed: u64,
}

/// One seed in eight runs on encrypted files, the others without: the cipher would take a third of the
/// time and changes nothing of what is looked for here.
fn key(seed: u64) -> Key {
    if seed.is_multiple_of(8) { Key::new([7; 32]) } else { Key::none() }
}

/// Folders on a memory file system where there is one: what is on the disk at a loss of power is for
/// another campaign.
pub fn scratch() -> std::io::Result<tempfile::TempDir> {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }
}

/// An empty store with the account's schema and mapping, made once for each kind of account and key.
fn template(rules: Rules, marked: bool, seed: u64) -> Result<&'static [u8], Failure> {
    static MADE: [OnceLock<Result<Vec<u8>, Failure>>; 8] = [const { OnceLock::new() }; 8];
    let key = key(seed);
    let is_plain = *key.expose() == *Key::none().expose();
    let slot = usize::from(marked) + 2 * usize::from(is_plain) + 4 * usize::from(rules.vendor == Vendor::Salesforce);
    let make = || -> Result<Vec<u8>, Failure> {
        let folder = scratch().map_err(|error| error.to_string())?;
        let file = folder.path().join("store.db");
        let store = Store::create(&file, &key, Arc::new(Plain)).map_err(|error| error.to_string())?;
        store
            .write(Why::Mirror { at: Instant::default() }, |w| {
                w.put_schema(&schema(rules, ACCOUNT, marked, true))?;
                w.put_mapping(&mapping(rules, marked))
            })
            .map_err(|error| error.to_string())?;
        store.checkpoint().map_err(|error| error.to_string())?;
        drop(store);
        std::fs::read(&file).map_err(|error| error.to_string())
    };
    let made = MADE.get(slot).ok_or("no such template")?.get_or_init(make);
    made.as_deref().map_err(Clone::clone)
}

impl Device {
    /// A new computer with an empty workspace.
    pub fn new(folder: &Path, shared: &Arc<Mutex<Shared>>, number: usize, seed: u64) -> Result<Self, Failure> {
        let remote = Remote { shared: Arc::clone(shared), device: number };
        let folder = folder.join(format!("device-{number}"));
        let (rules, marked) = {
            let shared = remote.lock();
            (shared.world.rules, shared.weather.marked)
        };
        std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
        std::fs::write(store_file(&folder), template(rules, marked, seed)?).map_err(|error| error.to_string())?;
        let skew = Arc::new(AtomicI64::new(0));
        let ws = open(&folder, &remote, &skew, seed)?;
        Ok(Self { remote, ws, saved: Vec::new(), skew, forgotten: BTreeSet::new(), folder, seed })
    }

    /// The process dies and starts again: everything in memory is gone.
    pub fn restart(&mut self) -> Result<(), Failure> {
        self.ws = open(&self.folder, &self.remote, &self.skew, self.seed)?;
        Ok(())
    }

    fn context(&self) -> Context {
        let clock = self.ws.clock.clone();
        Context {
            clock: Arc::new(move || clock.now()),
            cancel: Cancel::default(),
            progress: Arc::new(drop),
            holder: format!("device {}", self.remote.device),
        }
    }

    async fn run(&self, options: SyncOptions, context: &Context) -> Result<SyncSummary, Failure> {
        // Every third seed looks at premises before it sends, as the app does; the rest tries the bare
        // protocol, which must hold without.
        if self.seed.is_multiple_of(3) {
            let done = syncing::in_order(&self.ws, &self.remote, options, context).await;
            return done.map_err(|error| error.to_string());
        }
        let done = drumbeat_sync::sync(&self.remote, &self.ws.store, options, context).await;
        done.map_err(|error| error.to_string())
    }

    /// One sync, to its end.
    pub async fn sync(&self, options: SyncOptions) -> Result<SyncSummary, Failure> {
        self.run(options, &self.context()).await
    }

    /// One sync that dies at its `polls`th step, unless it ends before; whether it died.
    pub async fn sync_and_die(&self, options: SyncOptions, polls: u32) -> bool {
        let context = self.context();
        dies(self.run(options, &context), polls).await
    }

    /// One sync that is held up at its `polls`th step while `meanwhile` runs, and then goes on.
    pub async fn sync_held_up<T>(&self, options: SyncOptions, polls: u32, meanwhile: impl Future<Output = T>) -> T {
        let context = self.context();
        let mut sync = pin!(self.run(options, &context));
        let mut left = polls;
        let ended = std::future::poll_fn(|cx| {
            if left == 0 {
                return Poll::Ready(false);
            }
            left -= 1;
            sync.as_mut().poll(cx).map(|_| true)
        })
        .await;
        let value = meanwhile.await;
        if !ended {
            let _ = sync.await;
        }
        value
    }

    /// One act of the person in front of it; answers whether something was saved.
    pub fn act(&mut self, dice: &mut fastrand::Rng) -> Result<bool, Failure> {
        let decided = match dice.u8(0..100) {
            0..45 => self.decide(dice)?,
            45..80 => self.edit(dice)?,
            80..88 => self.log_touch(dice)?,
            88..94 => self.take_back(dice),
            _ => return self.undo().map(|()| false),
        };
        if let Some(decided) = decided {
            self.saved.push(decided.decision);
            return Ok(true);
        }
        Ok(false)
    }

    fn decide(&self, dice: &mut fastrand::Rng) -> Result<Option<Decided>, Failure> {
        let open = self.ws.store.read(|r| r.open_registration_ids()).map_err(|error| error.to_string())?;
        let Some(registration) = dice.choice(open).map(RegistrationId) else { return Ok(None) };
        let answer = match dice.u8(0..10) {
            0..5 => {
                let deals = self.ids(ObjectKind::Deal)?;
                let link_deal = if dice.u8(0..3) == 0 { dice.choice(deals).map(DealId) } else { None };
                let request = Approve {
                    registration,
                    protection_days: None,
                    seller: None,
                    link_deal,
                    message: None,
                    reason: Some("they know the customer".to_owned()),
                };
                registrations::approve(&self.ws, request)
            }
            5..8 => registrations::decline(
                &self.ws,
                Decline { registration, reason: DeclineReason::Duplicate, text: None, message: None },
            ),
            8 => registrations::ask_info(
                &self.ws,
                AskInfo { registration, question: "Who decides?".to_owned(), message: None },
            ),
            _ => registrations::claim(&self.ws, Claim { registration, release: dice.bool() }),
        };
        Ok(answer.ok())
    }

    fn ids(&self, kind: ObjectKind) -> Result<Vec<String>, Failure> {
        self.ws.store.read(|r| r.mirror_ids(kind, None, 50)).map_err(|error| error.to_string())
    }

    fn edit(&self, dice: &mut fastrand::Rng) -> Result<Option<Decided>, Failure> {
        let Some(deal) = dice.choice(self.ids(ObjectKind::Deal)?) else { return Ok(None) };
        let fields = [Field::Amount, Field::Stage, Field::CloseDate, Field::NextStep, Field::ContactRoles];
        let mut set = Vec::new();
        for _ in 0..dice.usize(1..3) {
            let Some(field) = dice.choice(fields) else { break };
            set.push(FieldEdit { field, value: Some(deal_value(dice, field.name())) });
        }
        let request = EditDeal {
            deal: DealId(deal),
            set,
            override_reason: Some("we know better".to_owned()),
            confirm: Vec::new(),
        };
        Ok(deals::edit_deal(&self.ws, request).ok())
    }

    fn log_touch(&self, dice: &mut fastrand::Rng) -> Result<Option<Decided>, Failure> {
        let partners = self.ids(ObjectKind::Company)?;
        let Some(partner) = dice.choice(partners).map(PartnerId) else { return Ok(None) };
        let deal = dice.choice(self.ids(ObjectKind::Deal)?).map(DealId);
        let request = QuickLog {
            partner,
            deal,
            note: format!("spoke about {}", dice.u8(0..99)),
            next_step: None,
            owner: None,
            due: None,
        };
        Ok(partners::quick_log(&self.ws, request).ok())
    }

    fn undo(&self) -> Result<(), Failure> {
        let last = self.ws.store.read(|r| r.last_undoable()).map_err(|error| error.to_string())?;
        if let Some(decision) = last {
            // It may have left meanwhile; then the refusal is the right answer.
            let _ = decide::undo(&self.ws, Undo { decision: decision.id });
        }
        Ok(())
    }

    /// Takes back a decision that has landed; where it has not, or others have worked on it, it is refused.
    fn take_back(&self, dice: &mut fastrand::Rng) -> Option<Decided> {
        let decision = dice.choice(&self.saved)?.clone();
        undoing::undo_pushed(&self.ws, DecisionRef { decision }).ok()
    }

    /// Tries to take back what may have been sent: must never work.
    pub fn take_back_what_left(&self) -> Result<(), Failure> {
        for op in self.ops(&[OpState::Unknown])? {
            let _ = activity::settle_op(&self.ws, SettleOp { op: op.id, answer: OpAnswer::Withdraw });
        }
        Ok(())
    }

    /// Answers one op that needs a person, if there is one.
    pub fn answer(&self, dice: &mut fastrand::Rng) -> Result<(), Failure> {
        let waiting = self.ops(&[OpState::Conflict, OpState::Rejected])?;
        let Some(op) = dice.choice(waiting) else { return Ok(()) };
        let answer = match (op.state, dice.u8(0..3)) {
            (OpState::Conflict, 0) => OpAnswer::KeepMine,
            (OpState::Conflict, 1) => OpAnswer::TakeTheirs,
            (OpState::Rejected, 0) => OpAnswer::Retry,
            _ => OpAnswer::Withdraw,
        };
        let _ = activity::settle_op(&self.ws, SettleOp { op: op.id, answer });
        Ok(())
    }

    /// Looks at one decision that is held back, if there is one: it goes on or is taken back.
    pub fn look_at_held(&self, dice: &mut fastrand::Rng) -> Result<bool, Failure> {
        let all = held::held(&self.ws, Nothing {}).map_err(|error| error.to_string())?;
        let Some(one) = dice.choice(all) else { return Ok(false) };
        let release = ReleaseHeld { decision: one.decision, go_on: dice.bool() };
        // What is in doubt since cannot be taken back: the refusal is the right answer then.
        Ok(held::release_held(&self.ws, release).is_ok())
    }

    fn copy(&self) -> PathBuf {
        self.folder.join("copy.db")
    }

    /// Keeps a copy of its file as it is now.
    pub fn back_up(&self) -> Result<(), Failure> {
        let copy = self.copy();
        if copy.exists() {
            std::fs::remove_file(&copy).map_err(|error| error.to_string())?;
        }
        self.ws.store.back_up(&copy).map_err(|error| error.to_string())
    }

    /// The copy takes the place of its file, where there is one.
    pub fn put_back(mut self) -> Result<Self, Failure> {
        let copy = self.copy();
        if !copy.exists() {
            return Ok(self);
        }
        self.remote.lock().note("an older copy was put in the file's place");
        let before = self.ops(OpState::ALL)?;
        let at = self.ws.clock.now();
        let Self { remote, ws, folder, seed, skew, .. } = self;
        drop(ws);
        backups::put_back(&folder, &key(seed), at, &copy).map_err(|error| error.to_string())?;
        self = Self { ws: open(&folder, &remote, &skew, seed)?, remote, folder, seed, skew, ..self };
        self.account_for(&before)?;
        Ok(self)
    }

    /// What the file knew before and does not know now is in the journal, or was over (I1); what was taken
    /// back stays so.
    fn account_for(&mut self, before: &[Op]) -> Result<(), Failure> {
        let recovered = self.ws.store.recovered().map_err(|error| error.to_string())?;
        let waiting: BTreeSet<&OpId> = recovered.iter().flat_map(|recovered| &recovered.ops).collect();
        let mut wrong = Vec::new();
        for op in before {
            let now = self.ws.store.read(|r| r.op(&op.id)).map_err(|error| error.to_string())?;
            match now {
                Some(now) => {
                    if op.state.is_final() && !now.state.is_final() {
                        let (was, is) = (op.state.name(), now.state.name());
                        wrong.push(format!("I6: op {} was {was} and is {is} again", op.id));
                    }
                }
                None if waiting.contains(&op.id) => {}
                None if op.state.is_final() => self.forget(&op.id, &op.decision)?,
                None => wrong.push(format!("I1: op {} was {} and an older copy lost it", op.id, op.state.name())),
            }
        }
        self.remote.lock().wrong.append(&mut wrong);
        Ok(())
    }

    fn forget(&mut self, op: &OpId, decision: &DecisionId) -> Result<(), Failure> {
        self.forgotten.insert(op.clone());
        let known = self.ws.store.read(|r| r.decision(decision)).map_err(|error| error.to_string())?;
        self.saved.retain(|saved| saved != decision || known.is_some());
        Ok(())
    }

    /// Answers one decision that was recovered, if there is one.
    pub fn answer_recovered(&mut self, dice: &mut fastrand::Rng) -> Result<bool, Failure> {
        let all = self.ws.store.recovered().map_err(|error| error.to_string())?;
        let Some(one) = dice.choice(all) else { return Ok(false) };
        let Some(op) = one.ops.first().cloned() else { return Ok(false) };
        if dice.u8(0..3) > 0 {
            recovery::confirm_recovered(&self.ws, op).map_err(|error| error.to_string())?;
        } else {
            recovery::discard_recovered(&self.ws, op).map_err(|error| error.to_string())?;
            for op in &one.ops {
                self.forget(op, &one.decision)?;
            }
        }
        Ok(true)
    }

    /// Ops in these states.
    pub fn ops(&self, states: &[OpState]) -> Result<Vec<Op>, Failure> {
        self.ws.store.read(|r| r.ops_in(states)).map_err(|error| error.to_string())
    }

    /// Sets the computer's clock wrong by so much.
    pub fn put_clock(&self, by: TimeDelta) {
        self.skew.store(by.num_milliseconds(), Ordering::Relaxed);
    }
}

fn open(folder: &Path, remote: &Remote, skew: &Arc<AtomicI64>, seed: u64) -> Result<Arc<Workspace>, Failure> {
    let (began, epoch, vendor) = {
        let shared = remote.lock();
        (shared.began, shared.epoch, shared.world.rules.vendor)
    };
    let skew = Arc::clone(skew);
    let clock = Clock::of(Arc::new(move || {
        let passed = TimeDelta::from_std(began.elapsed()).unwrap_or_default();
        epoch + passed + TimeDelta::milliseconds(skew.load(Ordering::Relaxed))
    }));
    let parts = Parts {
        id: WorkspaceId("simulated".to_owned()),
        dir: folder.to_owned(),
        card: Card {
            name: "Simulated".to_owned(),
            vendor,
            base_url: "http://127.0.0.1:1".to_owned(),
            account_id: ACCOUNT.to_owned(),
        },
        sample: false,
        key: key(seed),
        clock,
        events: Arc::new(NoEvents),
        secrets: Arc::new(Memory::default()),
        anchor: None,
    };
    Workspace::open(parts).map(Arc::new).map_err(|error| error.to_string())
}

/// Polls a future so often and then drops it; whether it had to be dropped.
async fn dies<F: Future>(future: F, polls: u32) -> bool {
    let mut future = pin!(future);
    let mut left = polls;
    std::future::poll_fn(|cx| {
        if left == 0 {
            return Poll::Ready(true);
        }
        left -= 1;
        future.as_mut().poll(cx).map(|_| false)
    })
    .await
}
