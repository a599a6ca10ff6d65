//! The program: which workspaces there are, which one is open, and how one is opened.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, RwLock};

use drumbeat_model::crm::Vendor;
use drumbeat_model::ids::WorkspaceId;
use drumbeat_model::secret::Secret;
use drumbeat_model::workspace::{Status, WorkspaceRow};
use drumbeat_store::{Key, Plain, Store, StoreError};
use drumbeat_sync::cancel::Cancel;

use crate::anchor::{self, Place};
use crate::api::{Nothing, OpenWorkspace, Unlock};
use crate::clock::Clock;
use crate::error::{Answer, ApiError, Code};
use crate::events::{AppEvent, Events, Kind};
use crate::files::Files;
use crate::hold::{self, Hold};
use crate::keyslots::{self, KeyError, Keyslots};
use crate::secrets::{Memory, Secrets};
use crate::signing_in::Browser;
use crate::workspace::{Card, Parts, Workspace, store_file, write_private};

/// Where the sample's CRM comes from: the binary starts a sandbox, the app does not know one.
pub trait Sample: Send + Sync {
    /// Starts the sample CRM of a vendor (once) and answers its address and token.
    ///
    /// # Errors
    /// Why it did not start, in a sentence.
    fn start(&self, crm: Vendor) -> Result<(String, Secret<String>), String>;
}

/// What is open.
#[derive(Clone)]
pub(crate) enum Open {
    Nothing,
    /// Locked: which one, and whether a passphrase is needed.
    Locked(WorkspaceId),
    Workspace(Arc<Workspace>),
}

/// A workspace that nobody has open, held so.
pub(crate) struct Alone {
    /// Its folder.
    pub(crate) dir: PathBuf,
    /// Its key.
    pub(crate) key: Key,
    _hold: Hold,
}

/// The program.
pub struct Drumbeat {
    /// Folder of all workspaces.
    pub dir: PathBuf,
    /// Now.
    pub clock: Clock,
    /// Who is told.
    pub events: Arc<dyn Events>,
    /// Where secrets are.
    pub secrets: Arc<dyn Secrets>,
    /// The sample's CRM.
    pub sample: Option<Arc<dyn Sample>>,
    /// The system's dialogs, where there is a window.
    pub files: OnceLock<Arc<dyn Files>>,
    /// The account that is meant instead of the usual one, by id or name.
    pub account: OnceLock<String>,
    /// What opens an address for the person.
    pub browser: OnceLock<Arc<dyn Browser>>,
    /// Ends the sign-in that is under way.
    pub(crate) signing_in: Mutex<Option<Cancel>>,
    pub(crate) open: RwLock<Open>,
}

impl Drumbeat {
    /// The program over a folder of workspaces; nothing is open yet.
    #[must_use]
    pub fn new(
        dir: PathBuf,
        clock: Clock,
        events: Arc<dyn Events>,
        secrets: Arc<dyn Secrets>,
        sample: Option<Arc<dyn Sample>>,
    ) -> Arc<Self> {
        Arc::new(Self {
            dir,
            clock,
            events,
            secrets,
            sample,
            files: OnceLock::new(),
            account: OnceLock::new(),
            browser: OnceLock::new(),
            signing_in: Mutex::default(),
            open: RwLock::new(Open::Nothing),
        })
    }

    pub(crate) fn now_open(&self) -> Open {
        self.open.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }

    fn set_open(&self, open: Open) {
        *self.open.write().unwrap_or_else(std::sync::PoisonError::into_inner) = open;
        self.events.send(AppEvent::Changed(Kind::ALL.to_vec()));
    }

    /// The open workspace.
    ///
    /// # Errors
    /// When none is open, or it is locked.
    pub fn workspace(&self) -> Answer<Arc<Workspace>> {
        match self.now_open() {
            Open::Workspace(workspace) => Ok(workspace),
            Open::Locked(_) => {
                Err(ApiError::new(Code::Locked, "workspace.locked", "The workspace is locked").next("Unlock it"))
            }
            Open::Nothing => Err(ApiError::no_workspace()),
        }
    }

    fn folder(&self, id: &WorkspaceId) -> PathBuf {
        self.dir.join(&id.0)
    }

    fn card(&self, id: &WorkspaceId) -> Answer<Card> {
        let plain = !id.0.is_empty() && id.0.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
        let text = plain.then(|| std::fs::read_to_string(self.folder(id).join("workspace.json")).ok()).flatten();
        let text = text.ok_or_else(|| {
            ApiError::new(
                Code::NotFound,
                "workspace.unknown",
                format!("There is no workspace \"{}\" on this computer", id.0.chars().take(60).collect::<String>()),
            )
            .next("Connect a CRM, or choose one of those that are there")
        })?;
        serde_json::from_str(&text).map_err(|_| {
            ApiError::new(Code::Damaged, "workspace.card", "The workspace's description cannot be read")
                .kept("It was left as it is")
                .next("Connect the CRM again: the workspace's file is found and opened")
        })
    }

    fn slots(&self, id: &WorkspaceId) -> Answer<Keyslots> {
        let text = std::fs::read_to_string(self.folder(id).join(keyslots::FILE)).map_err(|_| KeyError::Damaged)?;
        Ok(serde_json::from_str(&text).map_err(|_| KeyError::Damaged)?)
    }

    /// All workspaces of this computer, by name.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn list(&self) -> Answer<Vec<WorkspaceRow>> {
        let mut rows = Vec::new();
        let entries = match std::fs::read_dir(&self.dir) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(rows),
            Err(error) if error.kind() == std::io::ErrorKind::NotADirectory => {
                return Err(ApiError::invalid("workspaces.folder", format!("{} is not a folder", self.dir.display()))
                    .kept("It was left as it is")
                    .next("Name the folder that the workspaces are in"));
            }
            Err(error) => return Err(StoreError::from(error).into()),
        };
        for entry in entries.flatten() {
            let id = WorkspaceId(entry.file_name().to_string_lossy().into_owned());
            if let (Ok(card), Ok(slots)) = (self.card(&id), self.slots(&id)) {
                rows.push(WorkspaceRow {
                    id,
                    name: card.name,
                    vendor: card.vendor,
                    passphrase: slots.keyring.is_none(),
                });
            }
        }
        rows.sort_by(|a, b| a.name.cmp(&b.name).then_with(|| a.id.cmp(&b.id)));
        Ok(rows)
    }

    /// Workspaces whose data are there and whose description or key slots cannot be read, with the reason.
    pub(crate) fn unreadable(&self) -> Vec<(WorkspaceId, ApiError)> {
        let entries = std::fs::read_dir(&self.dir).into_iter().flatten().flatten();
        let mut all = Vec::new();
        for entry in entries.filter(|entry| store_file(&entry.path()).exists()) {
            let id = WorkspaceId(entry.file_name().to_string_lossy().into_owned());
            if let Err(error) = self.card(&id).map(drop).and_then(|()| self.slots(&id).map(drop)) {
                all.push((id, error.kept("The workspace's file is there and was left as it is")));
            }
        }
        all.sort_by(|a, b| a.0.cmp(&b.0));
        all
    }

    fn key(&self, id: &WorkspaceId, passphrase: Option<&str>) -> Answer<Key> {
        let slots = self.slots(id)?;
        if let Some(passphrase) = passphrase {
            return Ok(slots.from_passphrase(passphrase)?);
        }
        let Some(name) = &slots.keyring else {
            return Err(ApiError::new(Code::Locked, "key.passphrase", "This workspace opens with its passphrase")
                .kept("It is kept as it is")
                .next("Give the passphrase"));
        };
        let bytes = self.secrets.get(name)?.ok_or_else(|| {
            ApiError::new(Code::Locked, "key.missing", "The keyring does not hold this workspace's key")
                .kept("The workspace is kept as it is; no new one was made in its place")
                .next(if slots.passphrase.is_some() {
                    "Give the passphrase instead"
                } else {
                    "Restore the keyring entry, or connect the CRM again"
                })
        })?;
        Ok(slots.from_keyring(&bytes)?)
    }

    /// Where the end of the audit trail is kept: where the key is.
    fn anchor(&self, id: &WorkspaceId, slots: &Keyslots, key: &Key) -> Place {
        Place {
            keyring: slots.keyring.is_some().then(|| (Arc::clone(&self.secrets), format!("{id}/anchor"))),
            file: self.folder(id).join(anchor::FILE),
            key: keyslots::subkey(key, "anchor"),
        }
    }

    /// Opens a workspace.
    ///
    /// # Errors
    /// When there is none, its key cannot be had, or its file does not open; nothing is ever created.
    pub fn open(self: &Arc<Self>, id: &WorkspaceId, passphrase: Option<&str>) -> Answer<Arc<Workspace>> {
        let card = self.card(id)?;
        let key = match self.key(id, passphrase) {
            Ok(key) => key,
            Err(error) => {
                if error.code == Code::Locked {
                    self.set_open(Open::Locked(id.clone()));
                }
                return Err(error);
            }
        };
        let anchor = Some(self.anchor(id, &self.slots(id)?, &key));
        let parts = Parts {
            id: id.clone(),
            dir: self.folder(id),
            anchor,
            card,
            sample: false,
            key,
            clock: self.clock.clone(),
            events: Arc::clone(&self.events),
            secrets: Arc::clone(&self.secrets),
        };
        // The slots vouch for the key, so a file that it does not open is damaged, not foreign.
        let workspace = Workspace::open(parts).map_err(|error| match error {
            StoreError::WrongKey => StoreError::Damaged("its first page cannot be read".to_owned()),
            other => other,
        })?;
        let workspace = Arc::new(workspace);
        // What still runs for another one stops where it can go on later.
        if let Open::Workspace(before) = self.now_open()
            && before.id != workspace.id
        {
            before.jobs.cancel_all();
        }
        self.set_open(Open::Workspace(Arc::clone(&workspace)));
        Ok(workspace)
    }

    /// Lets the open workspace go; it is as if it were locked.
    pub(crate) fn close(&self) {
        if let Open::Workspace(workspace) = self.now_open() {
            workspace.jobs.cancel_all();
            self.set_open(Open::Locked(workspace.id.clone()));
        }
    }

    /// Has a workspace's folder alone, so that its files can be changed.
    ///
    /// # Errors
    /// When somebody has it open, or its key cannot be had.
    pub(crate) fn alone(&self, id: &WorkspaceId, passphrase: Option<&str>) -> Answer<Alone> {
        self.card(id)?;
        let key = self.key(id, passphrase)?;
        let dir = self.folder(id);
        let hold = hold::alone(&dir).map_err(|error| match error {
            StoreError::Busy => {
                ApiError::new(Code::NeedsAttention, "workspace.in_use", "Another Drumbeat has this workspace open")
                    .kept("Nothing was changed")
                    .next("Close its window, or wait until its command has ended, and try again")
            }
            other => other.into(),
        })?;
        Ok(Alone { dir, key, _hold: hold })
    }

    /// Opens the only workspace, or the one that was open last.
    ///
    /// # Errors
    /// When there is none, or it does not open.
    pub fn open_usual(self: &Arc<Self>) -> Answer<Arc<Workspace>> {
        self.open(&self.usual()?, None)
    }

    /// The workspace of the account that is meant; otherwise the only one, or the one that was open last.
    ///
    /// # Errors
    /// When there is none, or not of the account that is meant.
    pub fn usual(&self) -> Answer<WorkspaceId> {
        let rows = self.list()?;
        if let Some(account) = self.account.get() {
            return meant(&rows, account);
        }
        let last = std::fs::read_to_string(self.dir.join("last")).unwrap_or_default();
        // One that cannot be read is told, not passed over: "no workspace" would say that it is lost.
        let none = || self.unreadable().into_iter().next().map_or_else(ApiError::no_workspace, |(_, error)| error);
        let row = rows.iter().find(|row| row.id.0 == last.trim()).or(rows.first()).ok_or_else(none)?;
        Ok(row.id.clone())
    }

    /// Makes a workspace for a CRM account (or finds the one that is there) and opens it.
    ///
    /// # Errors
    /// When neither a keyring nor a passphrase can hold its key, or the folder cannot be written.
    pub fn create(self: &Arc<Self>, card: Card, passphrase: Option<&str>) -> Answer<Arc<Workspace>> {
        let vendor = match card.vendor {
            Vendor::Hubspot => "hubspot",
            Vendor::Salesforce => "salesforce",
        };
        let account: String = card.account_id.chars().filter(char::is_ascii_alphanumeric).take(40).collect();
        let id = WorkspaceId(format!("{vendor}-{account}"));
        let dir = self.folder(&id);
        let text = serde_json::to_vec_pretty(&card).map_err(ApiError::from)?;
        if store_file(&dir).exists() {
            write_private(&dir.join("workspace.json"), &text)?;
            let workspace = self.open(&id, passphrase)?;
            write_private(&self.dir.join("last"), id.0.as_bytes())?;
            return Ok(workspace);
        }
        make_private_dir(&dir)?;
        // The key of a store that has gone is kept where it can be had: its backup opens with it.
        let key = match self.key(&id, passphrase) {
            Ok(key) => key,
            Err(_) => keyslots::new_key()?,
        };
        let name = format!("{id}/key");
        let kept = self.secrets.put(&name, Some(&Secret::new(key.expose().to_vec())));
        let keyring = match (kept, passphrase) {
            (Ok(()), _) => Some(name),
            (Err(_), Some(_)) => None,
            (Err(error), None) => {
                let error = ApiError::from(error);
                return Err(error
                    .kept("Nothing was created")
                    .next("Start or unlock the keyring, or give a passphrase for this workspace"));
            }
        };
        let slots = Keyslots::new(&key, keyring, passphrase)?;
        write_private(&dir.join(keyslots::FILE), &serde_json::to_vec_pretty(&slots).map_err(ApiError::from)?)?;
        drop(Store::create(&store_file(&dir), &key, Arc::new(Plain))?);
        self.anchor(&id, &slots, &key).clear();
        write_private(&dir.join("workspace.json"), &text)?;
        write_private(&self.dir.join("last"), id.0.as_bytes())?;
        self.open(&id, passphrase)
    }

    /// Makes the sample: a store in a temporary folder under a key that is never kept.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn create_temporary(self: &Arc<Self>, dir: PathBuf, card: Card) -> Answer<Arc<Workspace>> {
        make_private_dir(&dir)?;
        let key = keyslots::new_key()?;
        drop(Store::create(&store_file(&dir), &key, Arc::new(Plain))?);
        let workspace = Arc::new(Workspace::open(Parts {
            id: WorkspaceId("sample".to_owned()),
            dir,
            card,
            sample: true,
            anchor: None,
            key,
            clock: self.clock.clone(),
            events: Arc::clone(&self.events),
            secrets: Arc::new(Memory::default()),
        })?);
        self.set_open(Open::Workspace(Arc::clone(&workspace)));
        Ok(workspace)
    }
}

/// The account of this id (with its vendor's name before it or not) or name, whatever the case.
fn meant(rows: &[WorkspaceRow], account: &str) -> Answer<WorkspaceId> {
    let is = |text: &str| text.eq_ignore_ascii_case(account);
    let by_id = |row: &&WorkspaceRow| is(&row.id.0) || row.id.0.split_once('-').is_some_and(|(_, id)| is(id));
    let by_name = |row: &&WorkspaceRow| row.name.to_lowercase() == account.to_lowercase();
    let mut found: Vec<_> = rows.iter().filter(by_id).collect();
    if found.is_empty() {
        found = rows.iter().filter(by_name).collect();
    }
    if let [row] = found[..] {
        return Ok(row.id.clone());
    }
    let shown = account.chars().take(60).collect::<String>();
    let (id, message) = if found.is_empty() {
        ("account.unknown", format!("There is no account \"{shown}\" on this computer"))
    } else {
        ("account.several", format!("Several accounts of this computer are called \"{shown}\""))
    };
    let named = |row: &WorkspaceRow| format!("{} ({}, {})", row.id.0, row.name, row.vendor.label());
    let all: Vec<String> = rows.iter().map(named).collect();
    let error = ApiError::new(Code::NotFound, id, message).kept("Nothing was changed");
    Err(if all.is_empty() {
        error.next("Connect a CRM first")
    } else {
        error.next(format!("Name one of {}", all.join(", ")))
    })
}

#[cfg(unix)]
fn make_private_dir(dir: &std::path::Path) -> Answer<()> {
    use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(dir).map_err(StoreError::from)?;
    std::fs::set_permissions(dir, std::fs::Permissions::from_mode(0o700)).map_err(StoreError::from)?;
    Ok(())
}

#[cfg(not(unix))]
fn make_private_dir(dir: &std::path::Path) -> Answer<()> {
    std::fs::create_dir_all(dir).map_err(StoreError::from)?;
    Ok(())
}

/// All workspaces of this computer.
///
/// # Errors
/// When the folder cannot be read.
pub fn workspaces(app: &Arc<Drumbeat>, _: Nothing) -> Answer<Vec<WorkspaceRow>> {
    app.list()
}

/// Opens a workspace of this computer.
///
/// # Errors
/// See [`Drumbeat::open`].
pub fn open_workspace(app: &Arc<Drumbeat>, request: OpenWorkspace) -> Answer<Status> {
    app.card(&request.workspace)?;
    // Also one that does not open is the one that is meant: a repair that is asked for next is of it.
    write_private(&app.dir.join("last"), request.workspace.0.as_bytes())?;
    app.open(&request.workspace, None)?;
    crate::status::status(app, Nothing {})
}

/// Opens the sample workspace: connects its CRM and syncs it.
///
/// # Errors
/// When there is no sample in this program, or it does not start.
pub fn open_sample(app: &Arc<Drumbeat>, _: Nothing) -> Answer<Status> {
    open_sample_of(app, Vendor::Hubspot)
}

/// The same with another vendor's CRM.
///
/// # Errors
/// See [`open_sample`].
pub fn open_sample_of(app: &Arc<Drumbeat>, crm: Vendor) -> Answer<Status> {
    let failed = |why: String| ApiError::new(Code::Bug, "sample.failed", format!("The sample did not start ({why})"));
    let sample = app.sample.as_ref().ok_or_else(|| failed("this program has none".to_owned()))?;
    let (base_url, token) = sample.start(crm).map_err(failed)?;
    crate::connect::connect_sample(app, crm, base_url, token)?;
    crate::status::status(app, Nothing {})
}

/// Locks the open workspace: its key and its file are let go. The sample has nothing to lock with.
///
/// # Errors
/// Only from building the answer.
pub fn lock(app: &Arc<Drumbeat>, _: Nothing) -> Answer<Status> {
    if let Open::Workspace(workspace) = app.now_open()
        && !workspace.sample
    {
        workspace.jobs.cancel_all();
        app.set_open(Open::Locked(workspace.id.clone()));
    }
    crate::status::status(app, Nothing {})
}

/// Unlocks the locked workspace.
///
/// # Errors
/// When the key cannot be had.
pub fn unlock(app: &Arc<Drumbeat>, request: Unlock) -> Answer<Status> {
    if let Open::Locked(id) = app.now_open() {
        let passphrase = request.passphrase.map(Secret::new);
        app.open(&id, passphrase.as_ref().map(|secret| secret.expose().as_str()))?;
    }
    crate::status::status(app, Nothing {})
}
