//! Clocks that are about to run out, as notices for the desktop; each is told once on this computer.

use std::collections::BTreeSet;
use std::sync::Arc;

use drumbeat_model::inbox::{InboxQuery, Scope};
use drumbeat_rules::telling::{self, Notice, Telling};
use drumbeat_store::{StoreError, Why};

use crate::error::Answer;
use crate::inbox;
use crate::workspace::Workspace;

/// The value that keeps what was told.
const TOLD: &str = "told";
/// Clocks that are looked at, nearest first.
const LOOKED_AT: u32 = 200;
/// Notices at once; what is left over is told a minute later.
const AT_ONCE: usize = 3;

/// The notices to show now (S-02), and that they count as shown.
///
/// # Errors
/// What the store says.
pub fn due(ws: &Arc<Workspace>) -> Answer<Vec<Notice>> {
    let now = ws.clock.now();
    let (me, told) = ws.read(|r| Ok((r.mapping()?.me, r.value::<BTreeSet<String>>(TOLD)?.unwrap_or_default())))?;
    // Whose clocks they are is known once the person is.
    let scope = if me.is_some() { Scope::Mine } else { Scope::Team };
    let rows = inbox::inbox(ws, InboxQuery { scope, limit: LOOKED_AT, ..InboxQuery::default() })?.rows;
    let clocks: Vec<Telling> = rows
        .into_iter()
        .filter_map(|row| {
            let about = format!("registration:{}", row.id);
            Some(Telling { about, title: format!("Decide {}", row.company), clock: row.clock? })
        })
        .collect();
    let mut notices = telling::due_notices(&clocks, &ws.policy, now, &told);
    notices.truncate(AT_ONCE);
    if notices.is_empty() {
        return Ok(notices);
    }
    // What no clock on the list can say again need not be remembered.
    let runs = |key: &String| clocks.iter().any(|clock| key.starts_with(&format!("{}|", clock.about)));
    let told: BTreeSet<String> =
        told.into_iter().filter(runs).chain(notices.iter().map(|notice| notice.key.clone())).collect();
    let text = serde_json::to_string(&told).map_err(StoreError::from)?;
    ws.store.write(Why::Mirror { at: now }, |w| w.set_cursor(TOLD, &text))?;
    Ok(notices)
}
