//! One open workspace: its store, its policy, its connection, its clock.
//!
//! A workspace is a folder: `workspace.json` (name, vendor, address), `keyslots.json` (ways to the key),
//! `store.db` (everything else, encrypted), `token.json` (the CRM token, sealed under the key, only
//! where no keyring holds it), `anchor.json` (the end of the audit trail, likewise), `outbox.journal` (every
//! open op once more), `backups/`, `sender.lock`, `open.lock`. Use cases take a [`Workspace`] and nothing else.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, RwLock};

use drumbeat_crm::Connection;
use drumbeat_crm::crm::Crm;
use drumbeat_crm::hubspot::HubSpot;
use drumbeat_crm::salesforce::Salesforce;
use drumbeat_model::crm::{ObjectKind, Owner, Vendor};
use drumbeat_model::deal::Deal;
use drumbeat_model::ids::WorkspaceId;
use drumbeat_model::mapping::Mapping;
use drumbeat_model::time::Day;
use drumbeat_rules::metrics::attaches;
use drumbeat_rules::{Policy, hygiene, normal};
use drumbeat_store::{Attached, DealFacets, Entry, Judge, Key, Reader, Store, StoreError, Touched, Why, Writer};
use serde::{Deserialize, Serialize};

use crate::anchor::{Anchor, Place};
use crate::clock::Clock;
use crate::credentials::{Client, Credential, Keeping, Renewal};
use crate::error::{Answer, ApiError};
use crate::events::{AppEvent, Events, Kind};
use crate::hold::{self, Hold};
use crate::in_force::InForce;
use crate::intake::Imports;
use crate::jobs::Jobs;
use crate::packs::Logos;
use crate::policy;
pub use crate::scene::{Names, Scene};
use crate::scene::{Setup, Setups};
use crate::secrets::Secrets;
use crate::tiers;

/// What `workspace.json` says; nothing in it is secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// The CRM account's name.
    pub name: String,
    /// CRM.
    pub vendor: Vendor,
    /// Its address.
    pub base_url: String,
    /// Portal or organisation id.
    pub account_id: String,
}

/// What the store keeps of the program's rules.
struct Rules {
    policy: Arc<InForce>,
    go_live: Arc<RwLock<Option<Day>>>,
}

impl Judge for Rules {
    fn deal(&self, deal: &Deal) -> DealFacets {
        // Judged as of the notes' own day, so that freshness, which moves by itself, is left out.
        let at = deal.stage_notes_at.or(deal.created_at).unwrap_or_default();
        let go_live = *self.go_live.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        DealFacets {
            stalled_on: hygiene::stalled_on(deal, &self.policy, go_live),
            missing_hard: u32::try_from(hygiene::missing_hard(deal, &self.policy, at).len()).unwrap_or(u32::MAX),
            hygiene: hygiene::score(deal, &self.policy, go_live, at),
        }
    }

    fn attached(&self, products: &str) -> Attached {
        let rules = &self.policy.metrics;
        Attached { services: attaches(products, &rules.services), integration: attaches(products, &rules.integrations) }
    }

    fn quarters_begin(&self) -> i64 {
        i64::from((self.policy.calendar.fiscal_year().starts() - 1) % 3)
    }

    fn name_key(&self, name: &str) -> String {
        normal::company_name(name)
    }

    fn domain_key(&self, domain: &str) -> Option<String> {
        normal::domain(domain)
    }
}

/// One open workspace.
pub struct Workspace {
    /// Which.
    pub id: WorkspaceId,
    /// Its folder.
    pub dir: PathBuf,
    /// Name, vendor, address.
    pub card: Card,
    /// It is the sample and leaves nothing behind.
    pub sample: bool,
    /// Everything that it knows.
    pub store: Store,
    /// The policy in force (see [`Workspace::heed_policy`]).
    pub policy: Arc<InForce>,
    /// Now.
    pub clock: Clock,
    /// Who is told.
    pub events: Arc<dyn Events>,
    /// Running work.
    pub jobs: Jobs,
    /// What is being imported.
    pub imports: Imports,
    /// Pictures that were chosen for packs.
    pub logos: Logos,
    /// Where secrets are.
    pub secrets: Arc<dyn Secrets>,
    key: Key,
    go_live: Arc<RwLock<Option<Day>>>,
    crm: Arc<Client>,
    setups: Setups,
    anchor: Option<Anchor>,
    /// What the connection was like last time.
    pub link: Mutex<LinkState>,
    /// Work that nobody waits for, until the workspace is closed.
    chores: Mutex<Option<std::thread::JoinHandle<()>>>,
    /// Last, so that the store is closed when it is let go.
    _hold: Option<Hold>,
}

/// What is known of the connection.
#[derive(Debug, Clone, Default)]
pub struct LinkState {
    /// The CRM answered last time.
    pub online: bool,
    /// The person works offline on purpose.
    pub offline_on_purpose: bool,
    /// Requests left today.
    pub daily_left: Option<u64>,
}

/// Under which name the store keeps the version of the policy that what is shown was made under.
const SHOWN_BY: &str = "policy_shown";

/// What is needed to make a [`Workspace`] of a folder and its key.
pub struct Parts {
    /// Which.
    pub id: WorkspaceId,
    /// Folder.
    pub dir: PathBuf,
    /// Name, vendor, address.
    pub card: Card,
    /// The sample.
    pub sample: bool,
    /// Its key.
    pub key: Key,
    /// Now.
    pub clock: Clock,
    /// Who is told.
    pub events: Arc<dyn Events>,
    /// Where secrets are.
    pub secrets: Arc<dyn Secrets>,
    /// Where the end of the audit trail is kept outside the store; nowhere for the sample.
    pub anchor: Option<Place>,
}

/// The store's file in a workspace folder.
#[must_use]
pub fn store_file(dir: &Path) -> PathBuf {
    dir.join("store.db")
}

impl Workspace {
    /// Opens the store of a folder.
    ///
    /// # Errors
    /// What the store says; nothing is created or repaired.
    pub fn open(parts: Parts) -> Result<Self, StoreError> {
        let hold = hold::share(&parts.dir)?;
        let policy = Arc::new(InForce::new(Policy::built_in()));
        let go_live = Arc::new(RwLock::new(None));
        let judge = Rules { policy: Arc::clone(&policy), go_live: Arc::clone(&go_live) };
        let open = || Store::open(&store_file(&parts.dir), &parts.key, Arc::new(judge));
        let (store, anchor) = match parts.anchor {
            Some(place) => Anchor::open(place, parts.clock.now(), open).map(|(store, anchor)| (store, Some(anchor)))?,
            None => (open()?, None),
        };
        *go_live.write().unwrap_or_else(std::sync::PoisonError::into_inner) = store.read(|r| r.mapping())?.go_live;
        let workspace = Self {
            id: parts.id,
            dir: parts.dir,
            card: parts.card,
            sample: parts.sample,
            store,
            policy,
            clock: parts.clock,
            events: parts.events,
            jobs: Jobs::default(),
            imports: Imports::default(),
            logos: Logos::default(),
            secrets: parts.secrets,
            key: parts.key,
            go_live,
            crm: Arc::default(),
            setups: Setups::default(),
            anchor,
            link: Mutex::new(LinkState::default()),
            chores: Mutex::new(None),
            _hold: hold,
        };
        workspace.heed_policy()?;
        Ok(workspace)
    }

    /// Has the version of the policy judge that is in force today: at the start, after midnight, and when one was
    /// saved, here or by another process. What is shown is made anew when it was made under another version.
    ///
    /// # Errors
    /// What the store says; [`StoreError::BadRow`] for a version that does not read.
    pub fn heed_policy(&self) -> drumbeat_store::Result<()> {
        let today = self.clock.today();
        let (version, shown) = self.store.read(|r| Ok((r.policy_on(today)?, r.cursor(SHOWN_BY)?)))?;
        let version = version.unwrap_or(policy::BUILT_IN);
        if version != self.policy.version {
            self.policy.take(self.store.read(|r| policy::version(r, version))?);
        }
        let (mapping, tiers) = self.store.read(|r| {
            let mapping = r.mapping()?;
            let tiers = tiers::known(r.schema()?.as_ref(), &mapping, &self.policy);
            Ok((mapping, tiers))
        })?;
        let named_otherwise = mapping.tiers != tiers;
        // What no version is noted for was made under the built-in one.
        let as_shown = shown.map_or(version == policy::BUILT_IN, |shown| shown == version.to_string());
        if as_shown && !named_otherwise {
            return Ok(());
        }
        let written = self.store.write(Why::Mirror { at: self.clock.now() }, |w| {
            if named_otherwise {
                w.put_mapping(&Mapping { tiers, ..mapping })?;
            } else {
                w.rebuild()?;
            }
            w.set_cursor(SHOWN_BY, &version.to_string())
        })?;
        self.tell(written.changed.iter().copied().chain([Touched::Deal, Touched::Registration, Touched::Workspace]));
        Ok(())
    }

    /// Mapping and schema in force, as the store has them in this view.
    ///
    /// # Errors
    /// What the store says.
    pub fn setup(&self, reader: &Reader<'_>) -> drumbeat_store::Result<Arc<Setup>> {
        self.setups.read(reader)
    }

    /// Reads from the store.
    ///
    /// # Errors
    /// What the store says, as told to a person.
    pub fn read<T>(&self, f: impl FnOnce(&Reader<'_>) -> drumbeat_store::Result<T>) -> Answer<T> {
        self.store.read(f).map_err(ApiError::from)
    }

    /// Changes the store, with an audit entry, and tells who wants to know.
    ///
    /// # Errors
    /// What the store says, as told to a person; nothing is changed then.
    pub fn write<T>(&self, entry: Entry<'_>, f: impl FnOnce(&Writer<'_>) -> drumbeat_store::Result<T>) -> Answer<T> {
        let written = self.store.write(Why::Act(entry), f)?;
        self.mark_trail();
        self.tell(written.changed.iter().copied());
        Ok(written.value)
    }

    /// Keeps something that is no decision (a resume point, a setting of this computer).
    ///
    /// # Errors
    /// What the store says, as told to a person.
    pub fn keep<T>(&self, f: impl FnOnce(&Writer<'_>) -> drumbeat_store::Result<T>) -> Answer<T> {
        let written = self.store.write(Why::Mirror { at: self.clock.now() }, f)?;
        self.tell(written.changed.iter().copied());
        Ok(written.value)
    }

    /// Has the end of the audit trail kept outside the store, soon; returns at once.
    pub fn mark_trail(&self) {
        self.anchor.iter().for_each(Anchor::moved);
    }

    /// Has something done on a thread of its own, unless the last such thing is still being done.
    pub(crate) fn chore(&self, work: impl FnOnce() + Send + 'static) {
        let mut chores = self.chores.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if chores.as_ref().is_none_or(std::thread::JoinHandle::is_finished) {
            match std::thread::Builder::new().name("chore".to_owned()).spawn(work) {
                Ok(thread) => *chores = Some(thread),
                Err(error) => tracing::warn!(%error, "there is no thread for what comes after a sync"),
            }
        }
    }

    /// Tells that data of these kinds changed.
    pub fn tell(&self, changed: impl Iterator<Item = Touched>) {
        let kinds: Vec<Kind> = changed.map(Kind::from).collect();
        if !kinds.is_empty() {
            self.events.send(AppEvent::Changed(kinds));
        }
    }

    /// The client of the CRM, made on first use.
    ///
    /// # Errors
    /// When the token cannot be had or the address is not one.
    pub fn crm(&self) -> Answer<Arc<dyn Crm>> {
        let mut slot = self.crm.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(crm) = slot.as_ref() {
            return Ok(Arc::clone(crm));
        }
        let connection = match self.keeping().get()? {
            Credential::Token(token) => Connection::new(&self.card.base_url, token),
            Credential::SignedIn(of) => {
                Connection::new(&of.instance, of.access).renewed_by(Arc::new(Renewal::new(self.keeping(), &self.crm)))
            }
        };
        let crm = client(self.card.vendor, connection)?;
        if let Some(schema) = self.read(|r| r.schema())? {
            crm.use_schema(&schema);
        }
        *slot = Some(Arc::clone(&crm));
        Ok(crm)
    }

    /// Where what opens the CRM is kept.
    #[must_use]
    pub fn keeping(&self) -> Keeping {
        Keeping::of(&self.id, &self.dir, &self.card, &self.key, &self.secrets)
    }

    /// Keeps what opens the CRM; from now on it is used.
    ///
    /// # Errors
    /// When neither the keyring nor the folder takes it.
    pub fn keep_credential(&self, credential: &Credential) -> Answer<()> {
        *self.crm.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = None;
        self.keeping().put(credential)
    }

    /// Forgets what opens the CRM.
    ///
    /// # Errors
    /// When the keyring does not answer.
    pub fn forget_credential(&self) -> Answer<()> {
        *self.crm.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = None;
        self.keeping().forget()
    }

    /// Takes a mapping into force; everything shown is made anew from the mirror.
    ///
    /// # Errors
    /// What the store says.
    pub fn use_mapping(&self, entry: Entry<'_>, mapping: &Mapping) -> Answer<()> {
        *self.go_live.write().unwrap_or_else(std::sync::PoisonError::into_inner) = mapping.go_live;
        self.write(entry, |w| {
            let tiers = tiers::known(w.schema()?.as_ref(), mapping, &self.policy);
            w.put_mapping(&Mapping { tiers, ..mapping.clone() })
        })
    }

    /// Who "me" is, and by name.
    ///
    /// # Errors
    /// What the store says.
    pub fn me(&self) -> Answer<Option<Owner>> {
        let setup = self.read(|r| self.setup(r))?;
        Ok(setup.mapping.me.as_ref().and_then(|me| setup.names().owner(me).cloned()))
    }

    /// The name that decisions are signed with.
    ///
    /// # Errors
    /// What the store says.
    pub fn actor(&self) -> Answer<String> {
        Ok(self.me()?.map_or_else(|| "Partner manager".to_owned(), |owner| owner.name))
    }
}

/// A client for a CRM at an address.
///
/// # Errors
/// When the address is not one.
pub fn client(vendor: Vendor, connection: Connection) -> Answer<Arc<dyn Crm>> {
    Ok(match vendor {
        Vendor::Hubspot => Arc::new(HubSpot::open(connection)?),
        Vendor::Salesforce => Arc::new(Salesforce::open(connection)?),
    })
}

/// Writes a file that only this user can read, whole or not at all.
///
/// # Errors
/// What the file system says.
pub fn write_private(path: &Path, bytes: &[u8]) -> Answer<()> {
    write_whole(path, bytes).map_err(|error| StoreError::from(error).into())
}

/// The same for a file that a person has named: that it cannot be written is no matter of the workspace.
///
/// # Errors
/// Which file cannot be written, and why.
pub fn write_named(path: &Path, bytes: &[u8]) -> Answer<()> {
    write_whole(path, bytes).map_err(|error| {
        ApiError::invalid("file.write", format!("{} cannot be written ({error})", path.display()))
            .kept("No file was made or changed")
            .next("Name another file, in a folder that is there and has room")
    })
}

fn write_whole(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write;
    let partial = path.with_extension("drumbeat-partial");
    let write = || -> std::io::Result<()> {
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&partial)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        std::fs::rename(&partial, path)
    };
    // Half of it is of no use; the file itself is as it was.
    write().inspect_err(|_| drop(std::fs::remove_file(&partial)))
}

/// The page of a record in the CRM's own application, when the CRM can be asked for it.
#[must_use]
pub fn web_url(ws: &Workspace, kind: ObjectKind, id: &str) -> Option<String> {
    if drumbeat_model::ids::is_local(id) || ws.sample {
        return None;
    }
    ws.crm().ok()?.web_url(kind, id)
}

impl Drop for Workspace {
    fn drop(&mut self) {
        let chore = self.chores.get_mut().unwrap_or_else(std::sync::PoisonError::into_inner).take();
        // A backup that is nearly made is worth the wait; one that has panicked has said so.
        let _ = chore.map(std::thread::JoinHandle::join);
        // The sample leaves nothing behind; its key is gone with this value, so a leftover could not be read anyway.
        if self.sample {
            let _ = std::fs::remove_dir_all(&self.dir);
        }
    }
}
