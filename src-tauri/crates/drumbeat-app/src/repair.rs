//! Repairing a damaged store, when a person says so.
//!
//! What can be read goes into a fresh file, what the pages have lost comes from the side journal and the
//! newest backup, and only a file that was found whole takes the store's place. The damaged one is kept
//! beside it, to the byte, with its log. The mirror is read again by the next sync.

use std::sync::Arc;

use drumbeat_store::salvage::{Salvage, salvage};
use drumbeat_store::{Plain, StoreError, copies};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::api::Unlock;
use crate::backups::{aside, clear, room, usable};
use crate::drumbeat::{Alone, Drumbeat, Open};
use crate::error::Answer;
use crate::events::Kind;
use crate::workspace::store_file;

/// What a repair did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Repaired {
    /// The file was damaged; nothing was done to one that is whole.
    pub damaged: bool,
    /// Where the damaged file is kept.
    pub kept: Option<String>,
    /// Changes that are not confirmed by the CRM, all told.
    pub open: u32,
    /// Those of them that only the journal had.
    pub from_journal: u32,
    /// Those that are looked for in the CRM before anything is sent.
    pub doubted: u32,
    /// Kinds of rows of which not all could be read.
    pub torn: Vec<String>,
    /// All of it in a sentence or two.
    pub text: String,
}

/// Repairs the workspace that is open, locked or was open last, if its file is damaged.
///
/// # Errors
/// When somebody else has the workspace open, its key cannot be had, or there is no room for a second
/// file; nothing is changed then.
pub fn repair(app: &Arc<Drumbeat>, request: Unlock) -> Answer<Repaired> {
    let id = match app.now_open() {
        Open::Workspace(ws) => ws.id.clone(),
        Open::Locked(id) => id,
        Open::Nothing => app.usual()?,
    };
    app.close();
    let alone = app.alone(&id, request.passphrase.as_deref());
    let done = alone.and_then(|alone| {
        let room = room(&alone.dir)?;
        let done = rebuild(app, &alone, &room);
        clear(&room)?;
        done
    });
    // The person goes on where they were, also when nothing could be done.
    let opened = app.open(&id, request.passphrase.as_deref());
    let done = done?;
    opened?;
    app.events.send(crate::events::AppEvent::Changed(Kind::ALL.to_vec()));
    Ok(done)
}

fn rebuild(app: &Drumbeat, alone: &Alone, room: &std::path::Path) -> Answer<Repaired> {
    let store = store_file(&alone.dir);
    match copies::inspect(&store, &alone.key) {
        Ok(_) => {
            return Ok(Repaired {
                damaged: false,
                kept: None,
                open: 0,
                from_journal: 0,
                doubted: 0,
                torn: Vec::new(),
                text: "The workspace's file is whole; nothing was done".to_owned(),
            });
        }
        // The slots vouch for the key, so a file that it does not open is damaged.
        Err(StoreError::Damaged(_) | StoreError::WrongKey | StoreError::NotRead(_) | StoreError::Sqlite(_)) => {}
        Err(other) => return Err(other.into()),
    }
    let (damaged, fresh) = (room.join("damaged.db"), store_file(room));
    copies::copy(&store, &damaged)?;
    let backup = usable(&alone.dir.join(copies::FOLDER), &alone.key);
    let at = app.clock.now();
    let what =
        Salvage { damaged: &damaged, store: &store, backup: backup.as_deref(), fresh: &fresh, key: &alone.key, at };
    let found = salvage(&what, Arc::new(Plain))?;
    copies::inspect(&fresh, &alone.key)?;
    let aside = aside(&store, "damaged", at);
    copies::put_in_place(&fresh, &store, &aside)?;
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let torn = if found.torn.is_empty() {
        String::new()
    } else {
        format!(" Not everything could be read of: {}.", found.torn.join(", "))
    };
    Ok(Repaired {
        damaged: true,
        kept: Some(aside.display().to_string()),
        open: count(found.open),
        from_journal: count(found.from_journal),
        doubted: count(found.doubted),
        text: format!(
            "The workspace has a new file with what could be read: {} changes that are not confirmed yet ({} of them from the journal) and {} rows. The CRM is asked before anything is sent.{torn} The damaged file is kept as {}. Sync to read the CRM's records again",
            found.open,
            found.from_journal,
            found.rows + found.from_backup,
            aside.display()
        ),
        torn: found.torn,
    })
}
