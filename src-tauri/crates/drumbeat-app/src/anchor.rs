//! The end of the audit trail, kept outside the workspace's file (I18).
//!
//! The hard idea: an older copy of the file (a restored backup, a snapshot) is whole and passes every
//! check of its own; only a mark that did not travel with it can tell. The mark is the last audit entry
//! that is known to have been there, its number and its hash. It is kept where the key is: in the
//! keyring, or beside the store, sealed under a key made from the workspace's.
//!
//! A store that is ahead of its mark is normal (a crash before the mark was kept). A store that does not
//! reach it is an older copy: what it would send may have been sent, so every such op becomes UNKNOWN
//! and is looked for in the CRM first. The mark follows on a thread of its own, some milliseconds behind
//! the commits, and never holds one up. A whole folder that is put back together with a sealed mark is
//! not noticed; one whose mark is in the keyring is.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use drumbeat_model::secret::Secret;
use drumbeat_model::time::Instant;
use drumbeat_store::{Entry, Store, StoreError, Why};
use drumbeat_sync::classify::QUARANTINE;
use serde::{Deserialize, Serialize};

use crate::keyslots::{Sealed, seal, unseal};
use crate::secrets::Secrets;
use crate::workspace::write_private;

/// Name of the sealed mark beside the store.
pub const FILE: &str = "anchor.json";
/// Where the store says that it was found to be an older copy.
const FOUND: &str = "older_copy";
/// The longest that closing waits for a keyring.
const PATIENCE: Duration = Duration::from_secs(3);

/// One end of the trail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// Number of the entry.
    pub seq: u32,
    /// Its hash.
    pub head: String,
}

/// What was found when an older copy was opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OlderCopy {
    /// When it was opened.
    pub at: Instant,
    /// Entries that it had.
    pub had: u32,
    /// Entries that it should have had.
    pub of: u32,
}

impl OlderCopy {
    /// The warning, in a sentence or two.
    #[must_use]
    pub fn sentence(&self) -> String {
        format!(
            "This is an older copy of the workspace: its audit trail ends at entry {} and reached entry {} before. What it would send is looked for in the CRM first, so nothing is sent twice; decisions made after the copy are not in it",
            self.had, self.of
        )
    }
}

/// Where the mark of one workspace is kept.
#[derive(Clone)]
pub struct Place {
    /// The keyring and the mark's name in it, when the key is there too.
    pub keyring: Option<(Arc<dyn Secrets>, String)>,
    /// The sealed file beside the store.
    pub file: PathBuf,
    /// What it is sealed under.
    pub key: [u8; 32],
}

impl Place {
    /// The mark kept last; `None` when there is none that can be read. A keyring that does not answer
    /// now is not asked again: each time it could put a question before the person.
    fn read(&mut self) -> Option<Mark> {
        let in_keyring = match self.keyring.as_ref().map(|(secrets, name)| secrets.get(name)) {
            Some(Ok(bytes)) => bytes.and_then(|bytes| serde_json::from_slice(bytes.expose()).ok()),
            Some(Err(error)) => {
                tracing::warn!(%error, "the mark in the keyring cannot be read");
                self.keyring = None;
                None
            }
            None => None,
        };
        let in_file = std::fs::read_to_string(&self.file).ok().and_then(|text| {
            let sealed: Sealed = serde_json::from_str(&text).ok()?;
            serde_json::from_slice(unseal(&self.key, &sealed).ok()?.expose()).ok()
        });
        in_keyring.into_iter().chain(in_file).max_by_key(|mark: &Mark| mark.seq)
    }

    /// Keeps a mark in place of the one before.
    fn keep(&self, mark: &Mark) -> Result<(), String> {
        let bytes = serde_json::to_vec(mark).map_err(|error| error.to_string())?;
        if let Some((secrets, name)) = &self.keyring
            && secrets.put(name, Some(&Secret::new(bytes.clone()))).is_ok()
        {
            return match std::fs::remove_file(&self.file) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.to_string()),
                _ => Ok(()),
            };
        }
        let sealed = seal(&self.key, &bytes).map_err(|error| error.to_string())?;
        let text = serde_json::to_vec(&sealed).map_err(|error| error.to_string())?;
        write_private(&self.file, &text).map_err(|error| error.message)
    }

    /// Forgets the mark of a workspace that was there before: a new one begins.
    pub fn clear(&self) {
        if let Some((secrets, name)) = &self.keyring
            && let Err(error) = secrets.put(name, None)
        {
            tracing::warn!(%error, "the mark of an earlier workspace cannot be forgotten");
        }
        let _ = std::fs::remove_file(&self.file);
    }
}

fn end(store: &Store) -> drumbeat_store::Result<Mark> {
    let (seq, head) = store.read(|r| r.audit_end())?;
    Ok(Mark { seq, head })
}

/// Follows the trail of an open workspace.
pub struct Anchor {
    wake: Option<Sender<()>>,
    over: Mutex<Receiver<()>>,
}

impl Anchor {
    /// Opens a store with `open`, compares it with the mark, and follows it from there.
    ///
    /// # Errors
    /// What the store says. A store that is an older copy is not an error; it is doubted.
    pub fn open(
        mut place: Place,
        at: Instant,
        open: impl FnOnce() -> drumbeat_store::Result<Store>,
    ) -> drumbeat_store::Result<(Store, Self)> {
        // Before the store: another process may decide, and mark it, between the two looks.
        let mark = place.read();
        let store = open()?;
        if let Some(mark) = &mark
            && !store.read(|r| r.audit_reaches(mark.seq, &mark.head))?
        {
            doubt(&store, mark, at)?;
        }
        let (wake, woken) = channel();
        let (done, over) = channel();
        let followed = store.clone();
        std::thread::Builder::new()
            .name("anchor".to_owned())
            .spawn(move || {
                follow(&followed, &place, mark, &woken);
                // In this order: who waits for the end finds the store closed.
                drop(followed);
                drop::<Sender<()>>(done);
            })
            .map_err(StoreError::from)?;
        let anchor = Self { wake: Some(wake), over: Mutex::new(over) };
        anchor.moved();
        Ok((store, anchor))
    }

    /// Tells that the trail may have grown. Returns at once.
    pub fn moved(&self) {
        if let Some(wake) = &self.wake {
            // Nobody listens only when the thread has ended, and then closing says so.
            let _ = wake.send(());
        }
    }
}

impl Drop for Anchor {
    /// The last entries are marked before the workspace is closed, unless the keyring does not answer.
    fn drop(&mut self) {
        self.wake = None;
        let over = self.over.get_mut().unwrap_or_else(std::sync::PoisonError::into_inner);
        if matches!(over.recv_timeout(PATIENCE), Err(std::sync::mpsc::RecvTimeoutError::Timeout)) {
            tracing::warn!("the keyring did not take the end of the audit trail in time");
        }
    }
}

/// Keeps the mark until nobody can wake it any more.
fn follow(store: &Store, place: &Place, mut kept: Option<Mark>, woken: &Receiver<()>) {
    while woken.recv().is_ok() {
        // Many commits are one mark.
        while woken.try_recv().is_ok() {}
        match end(store) {
            Ok(mark) if kept.as_ref() == Some(&mark) => {}
            Ok(mark) => match place.keep(&mark) {
                Ok(()) => kept = Some(mark),
                Err(why) => tracing::warn!(why, "the end of the audit trail could not be kept outside the store"),
            },
            Err(error) => tracing::warn!(%error, "the end of the audit trail could not be read"),
        }
    }
}

/// Says that the store is an older copy, and lets nothing go out on its word alone.
fn doubt(store: &Store, mark: &Mark, at: Instant) -> drumbeat_store::Result<()> {
    let found = OlderCopy { at, had: end(store)?.seq, of: mark.seq };
    let reason = found.sentence();
    let facts = serde_json::json!({ "had": found.had, "of": found.of, "head": mark.head });
    let entry = Entry {
        at,
        actor: "Drumbeat",
        act: "older copy found",
        title: "An older copy of the workspace was opened",
        reason: Some(&reason),
        facts: Some(&facts),
        policy: None,
    };
    store.write(Why::Act(entry), |w| {
        w.doubt_ops(at, "The workspace's file was an older copy: the CRM is asked before anything is sent")?;
        w.put_value(FOUND, &found)
    })?;
    Ok(())
}

/// The warning about an older copy, until a sync has been finished that could settle every op in doubt.
///
/// # Errors
/// What the store says.
pub fn older_copy(reader: &drumbeat_store::Reader<'_>) -> drumbeat_store::Result<Option<OlderCopy>> {
    let found: Option<OlderCopy> = reader.value(FOUND)?;
    let synced = crate::settings::last_sync(reader)?;
    Ok(found.filter(|found| synced.is_none_or(|synced| synced <= found.at + QUARANTINE)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::path::Path;

    use drumbeat_model::activity::AuditQuery;
    use drumbeat_model::change::{NewDecision, NewOp, OpKind, OpState};
    use drumbeat_model::crm::{ObjectKind, Properties};
    use drumbeat_model::ids::{DecisionId, OpId};
    use drumbeat_store::{Key, Plain, Step};

    use crate::secrets::Memory;

    fn at(minute: i64) -> Instant {
        chrono::DateTime::from_timestamp(1_790_000_000, 0).unwrap() + chrono::TimeDelta::minutes(minute)
    }

    struct Bench {
        folder: tempfile::TempDir,
        place: Place,
    }

    impl Bench {
        /// A store with one op in each of these states, and its mark in the keyring or in a file.
        fn new(in_keyring: bool, states: &[OpState]) -> Self {
            let folder = tempfile::tempdir().unwrap();
            let secrets: Arc<dyn Secrets> = Arc::new(Memory::default());
            let keyring = in_keyring.then(|| (secrets, "w/anchor".to_owned()));
            let place = Place { keyring, file: folder.path().join(FILE), key: [3; 32] };
            let bench = Self { folder, place };
            Store::create(&bench.path(), &Key::new([7; 32]), Arc::new(Plain)).unwrap();
            let (store, anchor) = bench.open(0);
            for (number, state) in states.iter().enumerate() {
                decide(&store, number);
                if *state != OpState::Queued {
                    step(&store, number, *state);
                }
            }
            drop((store, anchor));
            bench
        }

        fn path(&self) -> std::path::PathBuf {
            self.folder.path().join("store.db")
        }

        fn open(&self, minute: i64) -> (Store, Anchor) {
            let open = || Store::open(&self.path(), &Key::new([7; 32]), Arc::new(Plain));
            Anchor::open(self.place.clone(), at(minute), open).unwrap()
        }

        fn copy(&self, from: &Path, to: &Path) {
            assert!(!self.folder.path().join("store.db-wal").exists(), "a closed store is one file");
            std::fs::copy(from, to).unwrap();
        }
    }

    fn decide(store: &Store, number: usize) {
        let op = NewOp {
            id: OpId(format!("op-{number}")),
            object: ObjectKind::Deal,
            record: number.to_string(),
            kind: OpKind::Set { desired: Properties::new(), base: Properties::new(), guard: Properties::new() },
            depends_on: Vec::new(),
        };
        let decision = NewDecision {
            id: DecisionId(format!("decision-{number}")),
            act: "edit".to_owned(),
            title: "A change".to_owned(),
            about: (ObjectKind::Deal, number.to_string()),
            reason: None,
            facts: serde_json::Value::Null,
            policy: 1,
            ops: vec![op],
            messages: Vec::new(),
        };
        let entry =
            Entry { at: at(1), actor: "ana", act: "edit", title: "A change", reason: None, facts: None, policy: None };
        store.write(Why::Act(entry), |w| w.decide(&decision, "ana", "portal-1")).unwrap();
    }

    fn step(store: &Store, number: usize, to: OpState) {
        let sent_at = (to == OpState::Sending).then(|| at(2));
        let step = Step { to, at: at(2), attempt: None, not_before: None, sent_at, text: "seen".to_owned() };
        store.write(Why::Mirror { at: at(2) }, |w| w.move_op(&OpId(format!("op-{number}")), &step)).unwrap();
    }

    fn states(store: &Store, count: usize) -> Vec<OpState> {
        store.read(|r| (0..count).map(|n| Ok(r.op(&OpId(format!("op-{n}")))?.unwrap().state)).collect()).unwrap()
    }

    fn findings(store: &Store) -> usize {
        let text = Some("older copy found".to_owned());
        let page = store.read(|r| r.audit(&AuditQuery { text, ..AuditQuery::default() })).unwrap();
        page.rows.len()
    }

    #[test]
    fn an_older_copy_is_told_once_and_sends_nothing_without_looking() {
        use OpState::{Acked, Blocked, Conflict, Done, Queued, Sending, Unknown};
        for in_keyring in [true, false] {
            let before = [Queued, Blocked, Sending, Unknown, Acked, Conflict, Done];
            let bench = Bench::new(in_keyring, &before);
            let older = bench.folder.path().join("older");
            bench.copy(&bench.path(), &older);
            let (store, anchor) = bench.open(3);
            step(&store, 0, Sending);
            step(&store, 0, Done);
            anchor.moved();
            drop((store, anchor));
            assert_eq!(bench.place.file.exists(), !in_keyring);

            bench.copy(&older, &bench.path());
            for minute in [10, 11] {
                let (store, anchor) = bench.open(minute);
                assert_eq!(
                    states(&store, before.len()),
                    [Unknown, Unknown, Unknown, Unknown, Acked, Conflict, Done],
                    "in the keyring: {in_keyring}"
                );
                assert!(store.read(|r| r.sendable(at(600), 100)).unwrap().is_empty(), "nothing is sent on its word");
                assert!(store.read(|r| r.due_checks(at(11))).unwrap().iter().all(|op| op.state == Acked));
                assert_eq!(findings(&store), 1, "it is told once");
                assert!(store.read(|r| r.verify_audit()).unwrap().intact);
                let told = store.read(older_copy).unwrap().unwrap();
                assert!(told.had < told.of && told.sentence().contains("older copy"));
                drop((store, anchor));
            }
            let (store, anchor) = bench.open(20);
            let synced = |minute: i64| {
                let text = at(minute).to_rfc3339();
                store.write(Why::Mirror { at: at(minute) }, |w| w.set_cursor("last_sync", &text)).unwrap();
                store.read(older_copy).unwrap().is_some()
            };
            assert!(synced(11), "a sync within the quarantine settles nothing");
            assert!(!synced(13), "the warning ends with a sync that could settle it");
            drop(anchor);
        }
    }

    #[test]
    fn a_copy_that_went_another_way_is_an_older_copy_though_it_is_as_long() {
        let bench = Bench::new(true, &[OpState::Queued]);
        let older = bench.folder.path().join("older");
        bench.copy(&bench.path(), &older);
        let (store, anchor) = bench.open(3);
        step(&store, 0, OpState::Blocked);
        anchor.moved();
        drop((store, anchor));
        bench.copy(&older, &bench.path());
        let store = Store::open(&bench.path(), &Key::new([7; 32]), Arc::new(Plain)).unwrap();
        (1..5).for_each(|number| decide(&store, number));
        drop(store);
        let (store, anchor) = bench.open(10);
        assert_eq!((findings(&store), states(&store, 1)), (1, vec![OpState::Unknown]));
        drop(anchor);
    }

    #[test]
    fn a_store_that_is_ahead_of_its_mark_is_well_and_so_is_one_without_any() {
        let bench = Bench::new(true, &[OpState::Queued]);
        let store = Store::open(&bench.path(), &Key::new([7; 32]), Arc::new(Plain)).unwrap();
        decide(&store, 1);
        drop(store);
        for forgotten in [false, true] {
            if forgotten {
                bench.place.clear();
            }
            let (store, anchor) = bench.open(3);
            assert_eq!((findings(&store), states(&store, 2)), (0, vec![OpState::Queued; 2]));
            drop(anchor);
        }
    }

    #[test]
    fn closing_has_marked_the_last_entry() {
        for in_keyring in [true, false] {
            let bench = Bench::new(in_keyring, &[]);
            let (store, anchor) = bench.open(3);
            for number in 0..20 {
                decide(&store, number);
                anchor.moved();
            }
            let last = end(&store).unwrap();
            drop((store, anchor));
            assert_eq!(bench.place.clone().read(), Some(last));
        }
    }
}
