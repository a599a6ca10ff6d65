//! One of our devices: a real workspace with its store on disk, worked by a person who decides, undoes,
//! answers merge conflicts and syncs, and whose computer may die at any moment.

use std::future::Future;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::task::Poll;

use chrono::TimeDelta;
use drumbeat_app::clock::Clock;
use drumbeat_app::events::NoEvents;
use drumbeat_app::secrets::Memory;
use drumbeat_app::workspace::{Card, Parts, Workspace, store_file};
use drumbeat_app::{activity, deals, decide, partners, registrations, undoing};
use drumbeat_model::change::{Op, OpAnswer, OpState, SettleOp};
use drumbeat_model::crm::{ObjectKind, Vendor};
use drumbeat_model::deal::{EditDeal, FieldEdit};
use drumbeat_model::field::Field;
use drumbeat_model::ids::{DealId, DecisionId, PartnerId, RegistrationId, WorkspaceId};
use drumbeat_model::merge::DecisionRef;
use drumbeat_model::partner::QuickLog;
use drumbeat_model::registration::{Approve, AskInfo, Claim, Decided, Decline, DeclineReason, Undo};
use drumbeat_model::time::Instant;
use drumbeat_model::workspace::{SyncOptions, SyncSummary};
use drumbeat_store::{Key, Plain, Store, Why};
use drumbeat_sync::{Cancel, Context, SyncError};

use super::crm::Remote;
use super::people::deal_value;
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
    folder: PathBuf,
}

fn key() -> Key {
    Key::new([7; 32])
}

/// Folders on a memory file system where there is one: what is on the disk at a loss of power is for
/// another campaign.
pub fn scratch() -> std::io::Result<tempfile::TempDir> {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }
}

/// An empty store with the account's schema and mapping, made once.
fn template(marked: bool) -> Result<&'static [u8], Failure> {
    static MARKED: OnceLock<Result<Vec<u8>, Failure>> = OnceLock::new();
    static BARE: OnceLock<Result<Vec<u8>, Failure>> = OnceLock::new();
    let make = || -> Result<Vec<u8>, Failure> {
        let folder = scratch().map_err(|error| error.to_string())?;
        let file = folder.path().join("store.db");
        let store = Store::create(&file, &key(), Arc::new(Plain)).map_err(|error| error.to_string())?;
        store
            .write(Why::Mirror { at: Instant::default() }, |w| {
                w.put_schema(&schema(ACCOUNT, marked, true))?;
                w.put_mapping(&mapping(marked))
            })
            .map_err(|error| error.to_string())?;
        store.checkpoint().map_err(|error| error.to_string())?;
        drop(store);
        std::fs::read(&file).map_err(|error| error.to_string())
    };
    let slot = if marked { &MARKED } else { &BARE };
    slot.get_or_init(make).as_deref().map_err(Clone::clone)
}

impl Device {
    /// A new computer with an empty workspace.
    pub fn new(folder: &Path, shared: &Arc<Mutex<Shared>>, number: usize) -> Result<Self, Failure> {
        let remote = Remote { shared: Arc::clone(shared), device: number };
        let folder = folder.join(format!("device-{number}"));
        let marked = remote.lock().weather.marked;
        std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
        std::fs::write(store_file(&folder), template(marked)?).map_err(|error| error.to_string())?;
        let skew = Arc::new(AtomicI64::new(0));
        let ws = open(&folder, &remote, &skew)?;
        Ok(Self { remote, ws, saved: Vec::new(), skew, folder })
    }

    /// The process dies and starts again: everything in memory is gone.
    pub fn restart(&mut self) -> Result<(), Failure> {
        self.ws = open(&self.folder, &self.remote, &self.skew)?;
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

    /// One sync, to its end.
    pub async fn sync(&self, options: SyncOptions) -> Result<SyncSummary, SyncError> {
        drumbeat_sync::sync(&self.remote, &self.ws.store, options, &self.context()).await
    }

    /// One sync that dies at its `polls`th step, unless it ends before; whether it died.
    pub async fn sync_and_die(&self, options: SyncOptions, polls: u32) -> bool {
        let context = self.context();
        let sync = drumbeat_sync::sync(&self.remote, &self.ws.store, options, &context);
        dies(sync, polls).await
    }

    /// One sync that is held up at its `polls`th step while `meanwhile` runs, and then goes on.
    pub async fn sync_held_up<T>(&self, options: SyncOptions, polls: u32, meanwhile: impl Future<Output = T>) -> T {
        let context = self.context();
        let mut sync = pin!(drumbeat_sync::sync(&self.remote, &self.ws.store, options, &context));
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
        let request = EditDeal { deal: DealId(deal), set, override_reason: Some("we know better".to_owned()) };
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

    /// Ops in these states.
    pub fn ops(&self, states: &[OpState]) -> Result<Vec<Op>, Failure> {
        self.ws.store.read(|r| r.ops_in(states)).map_err(|error| error.to_string())
    }

    /// Sets the computer's clock wrong by so much.
    pub fn put_clock(&self, by: TimeDelta) {
        self.skew.store(by.num_milliseconds(), Ordering::Relaxed);
    }
}

fn open(folder: &Path, remote: &Remote, skew: &Arc<AtomicI64>) -> Result<Arc<Workspace>, Failure> {
    let (began, epoch) = {
        let shared = remote.lock();
        (shared.began, shared.epoch)
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
            vendor: Vendor::Hubspot,
            base_url: "http://127.0.0.1:1".to_owned(),
            account_id: ACCOUNT.to_owned(),
        },
        sample: false,
        key: key(),
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
