//! The side journal: every op once more, beside the store, before the store has it.
//!
//! The hard idea: a decision that was confirmed to the person exists nowhere else until it is sent, so
//! it must outlive the file that holds it. `outbox.journal` is append-only: one frame a decision, with its
//! rows as they stand in the transaction, sealed under a key made from the workspace's and on disk
//! before the transaction commits. A second frame, after the commit, says that it did; that one need not
//! be on disk at once, since the next opening writes it again. Frames begin with a mark, so that a frame
//! that is torn or changed costs itself and no other.
//!
//! Callers hold the store's write lock while they append or compact, so processes never mix. The journal
//! decides nothing: what is in it and not in the store is for a person, see [`crate::recovered`].

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use chacha20poly1305::aead::{Aead, KeyInit};
use chacha20poly1305::{ChaCha20Poly1305, Key as CipherKey, Nonce};
use drumbeat_model::secret::Secret;
use serde_json::{Value as Json, json};

use crate::connection::{beside, restrict, settle};
use crate::error::StoreError;
use crate::open::{Key, Result};
use crate::rows::Row;

/// Its name, beside the store.
pub const FILE: &str = "outbox.journal";
/// What a frame begins with.
const MARK: [u8; 8] = [0x9d, b'D', b'R', b'U', b'M', b'J', 0x01, 0xe7];
const NONCE: usize = 12;
/// Before the sealed part: mark, length, nonce.
const HEAD: usize = MARK.len() + 4 + NONCE;
/// No frame is longer: a decision is some kilobytes.
const LONGEST: usize = 16 * 1024 * 1024;
/// No journal is longer that is read.
const LARGEST: u64 = 512 * 1024 * 1024;
/// Below this a journal is compacted only when nothing in it is needed any more.
const SMALL: u64 = 256 * 1024;

/// A decision and the ops of it that were made in one transaction, as rows.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Saved {
    pub(crate) decision: Row,
    pub(crate) ops: Vec<Row>,
    pub(crate) messages: Vec<Row>,
}

/// What one frame says.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Note {
    /// These are about to be committed.
    Saved(Saved),
    /// The ops of these ids were committed: a person was told that they are saved.
    Committed(Vec<String>),
    /// The ops of these ids are nothing: not committed and told so, or discarded by a person.
    Void(Vec<String>),
}

impl Note {
    fn json(&self) -> Result<Json> {
        let all = |rows: &[Row]| rows.iter().map(Row::json).collect::<Result<Vec<Json>>>();
        Ok(match self {
            Note::Saved(saved) => json!({
                "saved": { "decision": saved.decision.json()?, "ops": all(&saved.ops)?, "messages": all(&saved.messages)? }
            }),
            Note::Committed(ids) => json!({ "committed": ids }),
            Note::Void(ids) => json!({ "void": ids }),
        })
    }

    fn from_json(mut json: Json) -> Option<Self> {
        let ids = |json: &Json| -> Option<Vec<String>> {
            json.as_array()?.iter().map(|id| id.as_str().map(str::to_owned)).collect()
        };
        if let Some(saved) = json.get_mut("saved") {
            let rows = |json: Json| -> Option<Vec<Row>> {
                let Json::Array(all) = json else { return None };
                all.into_iter().map(|row| Row::from_json(row).ok()).collect()
            };
            return Some(Note::Saved(Saved {
                decision: Row::from_json(saved.get_mut("decision")?.take()).ok()?,
                ops: rows(saved.get_mut("ops")?.take())?,
                messages: rows(saved.get_mut("messages")?.take())?,
            }));
        }
        json.get("committed")
            .map_or_else(|| Some(Note::Void(ids(json.get("void")?)?)), |all| Some(Note::Committed(ids(all)?)))
    }
}

#[derive(Default)]
struct Mark {
    committed: bool,
    void: bool,
}

/// What was read: each frame with its place, and the places that no frame could be read from.
#[derive(Debug, Default)]
pub(crate) struct Content {
    bytes: Vec<u8>,
    frames: Vec<(Range<usize>, Note)>,
    unread: Vec<Range<usize>>,
}

impl Content {
    /// The notes, in the order in which they were written.
    pub(crate) fn notes(&self) -> impl Iterator<Item = &Note> {
        self.frames.iter().map(|(_, note)| note)
    }

    /// What was said of ops after they were saved; the last word on each counts.
    fn marks(&self) -> BTreeMap<&str, Mark> {
        let mut marks: BTreeMap<&str, Mark> = BTreeMap::new();
        for (_, note) in &self.frames {
            match note {
                Note::Committed(ids) => {
                    marks.extend(ids.iter().map(|id| (id.as_str(), Mark { committed: true, void: false })));
                }
                Note::Void(ids) => ids.iter().for_each(|id| marks.entry(id).or_default().void = true),
                Note::Saved(_) => {}
            }
        }
        marks
    }

    /// Ops that are known to have been committed once: they may have been sent.
    pub(crate) fn committed(&self) -> BTreeSet<&str> {
        self.marks().into_iter().filter(|(_, mark)| mark.committed).map(|(id, _)| id).collect()
    }

    /// Ops that are nothing.
    pub(crate) fn void(&self) -> BTreeSet<&str> {
        self.marks().into_iter().filter(|(_, mark)| mark.void).map(|(id, _)| id).collect()
    }

    /// Bytes that no frame could be read from.
    pub(crate) fn unread(&self) -> usize {
        self.unread.iter().map(ExactSizeIterator::len).sum()
    }
}

/// The journal of one store.
pub(crate) struct Journal {
    path: PathBuf,
    key: Secret<[u8; 32]>,
}

impl Journal {
    /// The journal beside a store.
    pub(crate) fn beside(store: &Path, key: &Key) -> Self {
        Self { path: store.with_file_name(FILE), key: Secret::new(key.subkey("outbox journal")) }
    }

    /// Its length and when it was written last: the same two mean that nothing was added.
    pub(crate) fn stamp(&self) -> Option<(u64, SystemTime)> {
        let meta = std::fs::metadata(&self.path).ok()?;
        Some((meta.len(), meta.modified().ok()?))
    }

    fn cipher(&self) -> ChaCha20Poly1305 {
        ChaCha20Poly1305::new(&CipherKey::from(*self.key.expose()))
    }

    fn frame(&self, note: &Note, into: &mut Vec<u8>) -> Result<()> {
        let plain = serde_json::to_vec(&note.json()?)?;
        let mut nonce = [0; NONCE];
        getrandom::fill(&mut nonce).map_err(|error| StoreError::Io(error.to_string()))?;
        let sealed = self
            .cipher()
            .encrypt(&Nonce::from(nonce), plain.as_slice())
            .map_err(|_| StoreError::Io("a frame of the journal could not be sealed".to_owned()))?;
        let length = u32::try_from(sealed.len()).ok().filter(|_| sealed.len() <= LONGEST);
        let length =
            length.ok_or_else(|| StoreError::NotPossible("that decision is too large to be kept".to_owned()))?;
        into.extend_from_slice(&MARK);
        into.extend_from_slice(&length.to_le_bytes());
        into.extend_from_slice(&nonce);
        into.extend_from_slice(&sealed);
        Ok(())
    }

    /// Appends notes. With `durable` they are on disk when this answers; when it fails nothing was added.
    pub(crate) fn append(&self, notes: &[Note], durable: bool) -> Result<()> {
        let mut bytes = Vec::new();
        notes.iter().try_for_each(|note| self.frame(note, &mut bytes))?;
        let made = !self.path.exists();
        let mut file = private(OpenOptions::new().append(true).create(true), &self.path)?;
        let before = file.metadata()?.len();
        let mut write = || -> Result<()> {
            file.write_all(&bytes)?;
            if durable {
                file.sync_data()?;
            }
            Ok(())
        };
        if let Err(error) = write() {
            // Half a frame would be passed over all the same; the room is of use to others.
            let _ = file.set_len(before);
            return Err(match error {
                StoreError::Io(why) => StoreError::NotWritten(why),
                other => other,
            });
        }
        if made { settle(&self.path) } else { Ok(()) }
    }

    /// Everything that can be read of it; nothing when there is none.
    pub(crate) fn read(&self) -> Result<Content> {
        let mut bytes = Vec::new();
        match File::open(&self.path).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes)) {
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Content::default()),
            Err(error) => {
                return Err(match error.into() {
                    StoreError::Io(why) => StoreError::NotRead(why),
                    other => other,
                });
            }
        }
        if bytes.len() as u64 > LARGEST {
            return Err(StoreError::Damaged("its journal is larger than a journal can be".to_owned()));
        }
        let cipher = self.cipher();
        let (mut frames, mut unread, mut at) = (Vec::new(), Vec::new(), 0);
        while at < bytes.len() {
            match open_frame(&cipher, bytes.get(at..).unwrap_or_default()) {
                Some((length, note)) => {
                    frames.push((at..at + length, note));
                    // The first bytes of the next mark may have stood in for the last ones of a torn frame
                    // that they happened to equal: then the next frame begins inside of this one.
                    let within = at + length - (MARK.len() - 1);
                    let next = next_mark(&bytes, within);
                    at = if next < at + length { next } else { at + length };
                }
                None => {
                    let next = next_mark(&bytes, at + 1);
                    unread.push(at..next);
                    at = next;
                }
            }
        }
        Ok(Content { bytes, frames, unread })
    }

    /// Leaves out the frames of ops that `needed` does not name, by writing a shorter journal beside and
    /// renaming it. What could not be read is taken along. A small one is left until it is empty.
    pub(crate) fn compact(&self, needed: impl Fn(&str) -> bool) -> Result<()> {
        let content = self.read()?;
        let stays = |note: &Note| match note {
            Note::Saved(saved) => saved.ops.iter().any(|op| needed(op.text("op_id"))),
            Note::Committed(ids) | Note::Void(ids) => ids.iter().any(|id| needed(id)),
        };
        let mut kept: Vec<Range<usize>> = content.unread.clone();
        kept.extend(content.frames.iter().filter(|(_, note)| stays(note)).map(|(range, _)| range.clone()));
        kept.sort_by_key(|range| range.start);
        let left: usize = kept.iter().map(ExactSizeIterator::len).sum();
        let whole = content.bytes.len();
        if left == whole || (left > content.unread() && ((whole as u64) < SMALL || left > whole / 2)) {
            return Ok(());
        }
        let partial = beside(&self.path, ".drumbeat-partial");
        let write = || -> Result<()> {
            let mut file = private(OpenOptions::new().write(true).create(true).truncate(true), &partial)?;
            for range in kept {
                file.write_all(content.bytes.get(range).unwrap_or_default())?;
            }
            file.sync_all()?;
            std::fs::rename(&partial, &self.path)?;
            settle(&self.path)
        };
        write().inspect_err(|_| {
            // The journal itself is as it was.
            let _ = std::fs::remove_file(&partial);
        })
    }
}

/// A file that only this user can read.
fn private(options: &mut OpenOptions, path: &Path) -> Result<File> {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    let file = options.open(path)?;
    if !cfg!(unix) {
        restrict(path)?;
    }
    Ok(file)
}

/// The frame that these bytes begin with, and its length.
fn open_frame(cipher: &ChaCha20Poly1305, bytes: &[u8]) -> Option<(usize, Note)> {
    let (head, rest) = bytes.split_at_checked(HEAD)?;
    let (mark, head) = head.split_at_checked(MARK.len())?;
    let (length, nonce) = head.split_first_chunk::<4>()?;
    let length = u32::from_le_bytes(*length) as usize;
    if mark != MARK || length > LONGEST {
        return None;
    }
    let nonce: [u8; NONCE] = nonce.try_into().ok()?;
    let plain = cipher.decrypt(&Nonce::from(nonce), rest.get(..length)?).ok()?;
    Some((HEAD + length, Note::from_json(serde_json::from_slice(&plain).ok()?)?))
}

/// Where the next frame may begin.
fn next_mark(bytes: &[u8], from: usize) -> usize {
    let found = bytes.get(from..).and_then(|rest| rest.windows(MARK.len()).position(|window| window == MARK));
    found.map_or(bytes.len(), |at| from + at)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    fn journal(folder: &Path) -> Journal {
        Journal::beside(&folder.join("store.db"), &Key::new([7; 32]))
    }

    fn void(id: usize) -> Note {
        Note::Void(vec![format!("op-{id}")])
    }

    fn ids(journal: &Journal) -> Vec<String> {
        journal.read().unwrap().void().into_iter().map(str::to_owned).collect()
    }

    #[test]
    fn what_was_appended_is_read_in_its_order_and_by_nobody_else() {
        let folder = tempfile::tempdir().unwrap();
        let own = journal(folder.path());
        let row = Row([("op_id".to_owned(), "canary-4711".to_owned().into()), ("n".to_owned(), 3.into())].into());
        let saved = Note::Saved(Saved { decision: row.clone(), ops: vec![row.clone()], messages: Vec::new() });
        let notes = [saved, Note::Committed(vec!["canary-4711".to_owned()]), void(1)];
        notes.iter().for_each(|note| own.append(std::slice::from_ref(note), true).unwrap());
        assert_eq!(own.read().unwrap().notes().cloned().collect::<Vec<_>>(), notes);
        let bytes = std::fs::read(&own.path).unwrap();
        assert!(!bytes.windows(6).any(|window| window == b"canary"), "nothing in it is readable");
        let other = Journal::beside(&folder.path().join("store.db"), &Key::new([8; 32]));
        let content = other.read().unwrap();
        assert_eq!((content.notes().count(), content.unread()), (0, bytes.len()));
    }

    #[test]
    fn a_torn_last_frame_is_passed_over_and_what_comes_after_it_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let own = journal(folder.path());
        own.append(&[void(1)], true).unwrap();
        let whole = std::fs::read(&own.path).unwrap().len();
        for cut in 1..whole {
            std::fs::remove_file(&own.path).unwrap();
            own.append(&[void(1), void(2)], true).unwrap();
            File::options().write(true).open(&own.path).unwrap().set_len((whole + cut) as u64).unwrap();
            assert_eq!(ids(&own), ["op-1"], "cut after {cut} bytes");
            own.append(&[void(3)], true).unwrap();
            // What was cut off may, once in a while, be what the next frame begins with.
            let found = ids(&own);
            let read: Vec<&str> = found.iter().map(String::as_str).filter(|id| *id != "op-2").collect();
            assert_eq!(read, ["op-1", "op-3"], "cut after {cut} bytes");
        }
    }

    #[test]
    fn a_frame_whose_missing_end_the_next_one_supplies_costs_neither() {
        let folder = tempfile::tempdir().unwrap();
        let own = journal(folder.path());
        // A frame that ends with the byte with which a mark begins: one in some hundred does.
        let whole = (0..20_000).find_map(|_| {
            let _ = std::fs::remove_file(&own.path);
            own.append(&[void(2)], false).unwrap();
            let bytes = std::fs::read(&own.path).unwrap();
            (bytes.last() == MARK.first()).then_some(bytes.len())
        });
        let whole = whole.expect("chance gives one within 20,000");
        File::options().write(true).open(&own.path).unwrap().set_len(whole as u64 - 1).unwrap();
        own.append(&[void(3)], true).unwrap();
        assert_eq!(ids(&own), ["op-2", "op-3"]);
    }

    #[test]
    fn a_changed_byte_costs_its_own_frame_and_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let own = journal(folder.path());
        (0..4).for_each(|id| own.append(&[void(id)], true).unwrap());
        let good = std::fs::read(&own.path).unwrap();
        let frame = good.len() / 4;
        for at in 0..good.len() {
            let mut bytes = good.clone();
            bytes[at] ^= 0x40;
            std::fs::write(&own.path, &bytes).unwrap();
            let expected: Vec<String> = (0..4).filter(|id| *id != at / frame).map(|id| format!("op-{id}")).collect();
            assert_eq!(ids(&own), expected, "byte {at}");
        }
    }

    #[test]
    fn compacting_keeps_what_is_needed_and_what_could_not_be_read() {
        let folder = tempfile::tempdir().unwrap();
        let own = journal(folder.path());
        (0..3).for_each(|id| own.append(&[void(id)], true).unwrap());
        let before = std::fs::read(&own.path).unwrap();
        own.compact(|id| id == "op-1").unwrap();
        assert_eq!(std::fs::read(&own.path).unwrap(), before, "a small one stays as long as it is needed");
        let large = Note::Void(vec!["op-8".to_owned(), "x".repeat(SMALL as usize)]);
        own.append(&[large], true).unwrap();
        File::options().append(true).open(&own.path).unwrap().write_all(b"half a frame").unwrap();
        own.compact(|id| id == "op-1").unwrap();
        let content = own.read().unwrap();
        assert_eq!((ids(&own), content.unread()), (vec!["op-1".to_owned()], "half a frame".len()));
        own.compact(|_| false).unwrap();
        assert_eq!(std::fs::read(&own.path).unwrap(), b"half a frame");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
