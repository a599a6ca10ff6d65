//! Backups: one a day after a sync, one on request, and putting one back.
//!
//! A backup is an encrypted copy under the workspace's own key, looked over before it has its name. The
//! daily ones are made on a thread of their own, never while somebody waits; the last seven are kept, and
//! those from before a change of format for good. Putting one back is an act of a person: the present file
//! stays beside, what the backup would send is looked for in the CRM first, and what only the present file
//! knew is named and recovered from the journal.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use drumbeat_model::change::{Op, OpState};
use drumbeat_model::time::Instant;
use drumbeat_store::notices::NewNotice;
use drumbeat_store::{Entry, Judge, Key, Plain, Store, StoreError, Why, copies};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::api::Nothing;
use crate::drumbeat::{Drumbeat, Open};
use crate::error::{Answer, ApiError, Code};
use crate::events::{AppEvent, Kind};
use crate::workspace::{Workspace, store_file};

/// Daily backups that are kept.
const KEPT: usize = 7;
/// A folder for work in progress; nothing in it is ever the only copy.
const ROOM: &str = "room.drumbeat-partial";

/// A backup that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BackupMade {
    /// Where.
    pub file: String,
    /// How large.
    pub bytes: u64,
}

/// Writes a backup to a place of the person's own choice.
///
/// # Errors
/// When there is something already, or the disk says no.
pub fn back_up(ws: &Arc<Workspace>, to: &Path) -> Answer<BackupMade> {
    ws.store.back_up(to)?;
    let bytes = std::fs::metadata(to).map_err(StoreError::from)?.len();
    Ok(BackupMade { file: to.display().to_string(), bytes })
}

/// What is done when a sync has ended, out of everybody's way: the journal is tidied, and today's backup
/// is made if there is none. What fails is told by the doctor and tried again after the next sync.
pub(crate) fn after_sync(ws: &Workspace) {
    let (store, folder, today) = (ws.store.clone(), ws.dir.join(copies::FOLDER), ws.clock.today());
    let daily = !ws.sample;
    ws.chore(move || {
        if let Err(error) = store.tidy_journal() {
            tracing::warn!(%error, "the journal was not tidied");
        }
        if daily && let Err(error) = make_daily(&store, &folder, &today.to_string()) {
            tracing::warn!(%error, "the daily backup was not made");
        }
    });
}

fn make_daily(store: &Store, folder: &Path, today: &str) -> drumbeat_store::Result<()> {
    let to = folder.join(format!("{today}.db"));
    if to.exists() {
        return Ok(());
    }
    copies::private_folder(folder)?;
    store.back_up(&to)?;
    for old in daily(folder).into_iter().rev().skip(KEPT) {
        std::fs::remove_file(old)?;
    }
    Ok(())
}

/// The daily backups, oldest first.
pub(crate) fn daily(folder: &Path) -> Vec<PathBuf> {
    let is_day = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        name.strip_suffix(".db").is_some_and(|day| day.parse::<drumbeat_model::time::Day>().is_ok())
    };
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut all: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(is_day).collect();
    all.sort();
    all
}

/// The newest backup that opens and is whole.
pub(crate) fn usable(folder: &Path, key: &Key) -> Option<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut all: Vec<(std::time::SystemTime, PathBuf)> = entries
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "db"))
        .filter_map(|path| Some((std::fs::metadata(&path).ok()?.modified().ok()?, path)))
        .collect();
    all.sort();
    all.into_iter().rev().map(|(_, path)| path).find(|path| copies::inspect(path, key).is_ok())
}

/// An empty folder in the workspace, for files that are not finished.
pub(crate) fn room(dir: &Path) -> Answer<PathBuf> {
    let room = dir.join(ROOM);
    clear(&room)?;
    copies::private_folder(&room)?;
    Ok(room)
}

/// Takes the folder for unfinished files away.
pub(crate) fn clear(room: &Path) -> Answer<()> {
    match std::fs::remove_dir_all(room) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(StoreError::from(error).into()),
        _ => Ok(()),
    }
}

/// A backup in the workspace's own folder of backups.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BackupRow {
    /// Its name there; it is put back by this.
    pub name: String,
    /// When it was made.
    pub made_at: Instant,
    /// How large.
    #[ts(type = "number")]
    pub bytes: u64,
}

/// Put a backup of the workspace's own folder back.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct RestoreBackup {
    /// Which, by its name.
    pub name: String,
    /// Passphrase, where the keyring does not hold the key.
    #[serde(default)]
    pub passphrase: Option<String>,
}

impl std::fmt::Debug for RestoreBackup {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RestoreBackup").field("name", &self.name).finish_non_exhaustive()
    }
}

/// The workspace that is open, locked or was open last; none while the sample is open, which leaves nothing behind.
fn whose(app: &Drumbeat) -> Answer<Option<drumbeat_model::ids::WorkspaceId>> {
    match app.now_open() {
        Open::Workspace(ws) => Ok((!ws.sample).then(|| ws.id.clone())),
        Open::Locked(id) => Ok(Some(id)),
        Open::Nothing if app.list()?.is_empty() => Ok(None),
        Open::Nothing => app.usual().map(Some),
    }
}

/// The backups that the window can put back, newest first.
///
/// # Errors
/// When the folder of workspaces cannot be read.
pub fn backups(app: &Arc<Drumbeat>, _: Nothing) -> Answer<Vec<BackupRow>> {
    let Some(id) = whose(app)? else { return Ok(Vec::new()) };
    let entries = std::fs::read_dir(app.dir.join(&id.0).join(copies::FOLDER)).into_iter().flatten().flatten();
    let row = |entry: std::fs::DirEntry| {
        let (name, meta) = (entry.file_name().into_string().ok()?, entry.metadata().ok()?);
        let is_backup = meta.is_file() && Path::new(&name).extension().is_some_and(|extension| extension == "db");
        let made_at = meta.modified().ok()?.into();
        is_backup.then_some(BackupRow { name, made_at, bytes: meta.len() })
    };
    let mut all: Vec<BackupRow> = entries.filter_map(row).collect();
    all.sort_by(|a, b| (b.made_at, &b.name).cmp(&(a.made_at, &a.name)));
    Ok(all)
}

/// Puts one of the backups that [`backups`] names in the place of the workspace's file, and opens it.
///
/// # Errors
/// When it names none of them, somebody else has the workspace open, its key cannot be had, or the file is no
/// backup of it; nothing is changed then.
pub fn restore_backup(app: &Arc<Drumbeat>, request: RestoreBackup) -> Answer<Restored> {
    let known = backups(app, Nothing {})?.into_iter().find(|row| row.name == request.name);
    let (Some(id), Some(row)) = (whose(app)?, known) else { return Err(not_a_backup(StoreError::Missing)) };
    let passphrase = request.passphrase.as_deref();
    app.close();
    let done = app.alone(&id, passphrase).and_then(|alone| {
        put_back(&alone.dir, &alone.key, app.clock.now(), &alone.dir.join(copies::FOLDER).join(&row.name))
    });
    // The person goes on where they were, also when nothing could be done.
    let opened = app.open(&id, passphrase);
    let done = done?;
    opened?;
    app.events.send(AppEvent::Changed(Kind::ALL.to_vec()));
    Ok(done)
}

/// A backup that was put back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Restored {
    /// From where.
    pub file: String,
    /// Where the file is that was in use before; absent when there was none.
    pub kept: Option<String>,
    /// Ops that are looked for in the CRM before anything is sent.
    pub doubted: u32,
    /// Decisions that the backup does not have and that were not confirmed by the CRM: recovered from the
    /// journal, they wait for a person.
    pub recovered: Vec<String>,
    /// Decisions that the backup does not have and that are in the CRM: the next sync reads them.
    pub landed: Vec<String>,
    /// Why the file in use before could not be compared, when so.
    pub unread: Option<String>,
}

/// Puts a backup in the place of the workspace's file.
///
/// # Errors
/// When somebody has the workspace open, or the backup is none of this workspace; nothing is changed then.
pub fn restore(app: &Arc<Drumbeat>, passphrase: Option<&str>, from: &Path) -> Answer<Restored> {
    let alone = app.alone(&app.usual()?, passphrase)?;
    put_back(&alone.dir, &alone.key, app.clock.now(), from)
}

/// Puts a backup in the place of the file in `dir`, which nobody may have open: what it would send is in
/// doubt from then on, what has landed or was taken back since stays so, and what only the other file knew is in
/// the journal.
///
/// # Errors
/// When the backup is none under this key; nothing is changed then.
pub fn put_back(dir: &Path, key: &Key, at: Instant, from: &Path) -> Answer<Restored> {
    let room = room(dir)?;
    let done = swap(dir, key, at, from, &room);
    clear(&room)?;
    done
}

fn swap(dir: &Path, key: &Key, at: Instant, from: &Path, room: &Path) -> Answer<Restored> {
    let (fresh, store) = (store_file(room), store_file(dir));
    std::fs::copy(from, &fresh).map_err(|error| not_a_backup(error.into()))?;
    copies::inspect(&fresh, key).map_err(not_a_backup)?;
    let judge: Arc<dyn Judge> = Arc::new(Plain);
    // From here on everything that was saved and is open is in the journal, and nothing else.
    let before = Store::open(&store, key, Arc::clone(&judge)).and_then(|store| {
        store.tidy_journal()?;
        store.checkpoint()?;
        known(&store)
    });
    let (before, unread) = match before {
        Ok(before) => (before, None),
        Err(StoreError::Missing) => (Vec::new(), None),
        Err(error) => (Vec::new(), Some(ApiError::from(error).message)),
    };
    let restored = Store::open(&fresh, key, judge)?;
    let here: BTreeSet<String> = restored.read(|r| r.ops_in(OpState::ALL))?.into_iter().map(|op| op.id.0).collect();
    let lost = |wanted: fn(OpState) -> bool| {
        let titles = before.iter().filter(|known| !here.contains(&known.op.id.0) && wanted(known.op.state));
        titles.map(|known| known.title.clone()).collect::<BTreeSet<String>>().into_iter().collect::<Vec<String>>()
    };
    let (recovered, landed) = (lost(|state| !state.is_final()), lost(|state| state == OpState::Done));
    let facts = serde_json::json!({ "recovered": recovered, "landed": landed });
    let entry = Entry {
        at,
        actor: "Drumbeat",
        act: "store restored",
        title: "A backup was put in the place of the workspace's file",
        reason: Some("A person asked for it; the file in use before is kept beside"),
        facts: Some(&facts),
        policy: None,
    };
    let text = "The workspace was restored from a backup: the CRM is asked before anything is sent";
    let ended = before.iter().filter(|known| known.op.state.is_final() && here.contains(&known.op.id.0));
    let doubted = restored.write(Why::Act(entry), |w| {
        for known in ended {
            w.end_again(&known.op, &known.notices, at)?;
        }
        w.doubt_ops(at, text)
    })?;
    let doubted = doubted.value;
    drop(restored);
    let aside = aside(&store, "before-restore", at);
    let kept = store.exists().then(|| aside.display().to_string());
    copies::put_in_place(&fresh, &store, &aside)?;
    Ok(Restored {
        file: from.display().to_string(),
        kept,
        doubted: u32::try_from(doubted).unwrap_or(u32::MAX),
        recovered,
        landed,
        unread,
    })
}

/// A free name beside the store for the file that gives way.
pub(crate) fn aside(store: &Path, why: &str, at: Instant) -> PathBuf {
    let mut name = store.to_owned().into_os_string();
    name.push(format!(".{why}-{}", at.format("%Y%m%dT%H%M%SZ")));
    copies::free(Path::new(&name))
}

/// An op as a file knows it.
struct Known {
    op: Op,
    /// Its decision's title.
    title: String,
    /// What a person was told of it.
    notices: Vec<NewNotice>,
}

fn known(store: &Store) -> drumbeat_store::Result<Vec<Known>> {
    store.read(|r| {
        let known = |op: Op| {
            let title = r.decision(&op.decision)?.map(|decision| decision.title).unwrap_or_default();
            let notices = r.notices_of(&op.id)?.into_iter().map(|notice| notice.says).collect();
            Ok(Known { op, title, notices })
        };
        r.ops_in(OpState::ALL)?.into_iter().map(known).collect()
    })
}

fn not_a_backup(error: StoreError) -> ApiError {
    let of = |id: &str, message: &str| {
        ApiError::new(Code::Invalid, id, message)
            .kept("Nothing was changed: the workspace's file is as it was")
            .next("Name a file of the backups folder, or one that `drumbeat backup` has made of this workspace")
    };
    match error {
        StoreError::Missing => of("backup.missing", "There is no such file"),
        StoreError::WrongKey => of("backup.key", "This workspace's key does not open that file"),
        StoreError::Damaged(why) => of("backup.damaged", &format!("That file is damaged ({why})")),
        other => ApiError::from(other).kept("Nothing was changed: the workspace's file is as it was"),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_window_puts_back_a_backup_by_its_name_and_nothing_that_is_not_among_them() {
        use crate::events::NoEvents;
        use crate::secrets::Memory;
        use crate::settings::{save_settings, settings};
        use crate::workspace::Card;
        use drumbeat_model::crm::Vendor;
        use drumbeat_model::settings::{SaveSettings, Theme};

        let dir = tempfile::tempdir().unwrap();
        let (clock, secrets) = (crate::clock::Clock::system(), Arc::new(Memory::default()));
        let app = Drumbeat::new(dir.path().to_owned(), clock, Arc::new(NoEvents), secrets, None);
        assert_eq!(backups(&app, Nothing {}).unwrap(), [], "no workspace has no backup");
        let card = Card {
            name: "Halden".to_owned(),
            vendor: Vendor::Hubspot,
            base_url: "http://127.0.0.1:1".to_owned(),
            account_id: "146".to_owned(),
        };
        let ws = app.create(card, None).unwrap();
        let folder = ws.dir.join(copies::FOLDER);
        copies::private_folder(&folder).unwrap();
        make_daily(&ws.store, &folder, "2026-11-20").unwrap();
        std::fs::write(folder.join("notes.txt"), "x").unwrap();
        let dark = SaveSettings { theme: Some(Theme::Dark), lock_after: None, me: None, go_live: None, offline: None };
        save_settings(&ws, dark).unwrap();
        let names: Vec<String> = backups(&app, Nothing {}).unwrap().into_iter().map(|row| row.name).collect();
        assert_eq!(names, ["2026-11-20.db"]);

        let put = |name: &str| restore_backup(&app, RestoreBackup { name: name.to_owned(), passphrase: None });
        for name in ["2026-11-21.db", "../workspace.json", "notes.txt", ""] {
            assert_eq!(put(name).unwrap_err().id, "backup.missing", "{name}");
        }
        assert_eq!(put("2026-11-20.db").unwrap_err().id, "workspace.in_use", "somebody still looks at it");
        drop(ws);
        let ws = app.workspace().unwrap();
        assert_eq!(settings(&ws, Nothing {}).unwrap().theme, Theme::Dark, "it is open again, as it was");
        drop(ws);
        let done = put("2026-11-20.db").unwrap();
        assert!(done.kept.is_some_and(|kept| Path::new(&kept).exists()), "the file that gave way is kept");
        let ws = app.workspace().unwrap();
        assert_eq!(settings(&ws, Nothing {}).unwrap().theme, Theme::System, "what was set after the backup is gone");
    }

    #[test]
    fn seven_days_are_kept_one_a_day_and_what_is_no_daily_backup_stays() {
        let dir = tempfile::tempdir().unwrap();
        let key = Key::new([7; 32]);
        let store = Store::create(&dir.path().join("store.db"), &key, Arc::new(Plain)).unwrap();
        let folder = dir.path().join(copies::FOLDER);
        copies::private_folder(&folder).unwrap();
        std::fs::write(folder.join("before-format-2.db"), "x").unwrap();
        for day in 1..=9 {
            for _ in 0..2 {
                make_daily(&store, &folder, &format!("2026-11-0{day}")).unwrap();
            }
        }
        let names: Vec<String> =
            daily(&folder).iter().map(|path| path.file_name().unwrap().to_string_lossy().into_owned()).collect();
        assert_eq!(names, (3..=9).map(|day| format!("2026-11-0{day}.db")).collect::<Vec<_>>());
        assert!(folder.join("before-format-2.db").exists());
        assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 8, "nothing half made is left");
        let newest = folder.join("2026-11-09.db");
        std::fs::write(&newest, "not a backup any more").unwrap();
        let found = usable(&folder, &key).unwrap();
        assert!(found != newest && copies::inspect(&found, &key).is_ok(), "the newest that opens is taken");
    }
}
