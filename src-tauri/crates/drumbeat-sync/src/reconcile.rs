//! Accounting for what a full scan did not show.
//!
//! A record unseen is not a record deleted (I16): each one that is known here and did not show is asked
//! for by id, and only the CRM's answer says whether it was archived, merged or is out of sight. This is
//! how changes that no list and no window told of are found at the latest (I12).

use std::hash::{DefaultHasher, Hash, Hasher};

use drumbeat_crm::crm::Read;
use drumbeat_model::crm::{ObjectKind, Record};
use drumbeat_model::ids::is_local;
use drumbeat_model::planted::{Bug, planted};
use drumbeat_store::{Gone, Why};

use crate::error::SyncError;
use crate::pull::{Pull, mark_name};
use crate::store::on_store;

/// A number for an id, for remembering many.
pub(crate) fn digest(id: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    id.hash(&mut hasher);
    hasher.finish()
}

impl Pull<'_> {
    /// After a scan from the first record to the last: asks by id for what is known here and did not
    /// show. Only then is it said to be gone, and how (I16). A scan that was resumed has not seen all.
    pub(crate) async fn account_for(&mut self, kind: ObjectKind) -> Result<(), SyncError> {
        let Some(seen) = self.seen.take() else { return Ok(()) };
        let mut after: Option<String> = None;
        loop {
            let from = after.clone();
            let ids =
                on_store(self.store, move |store| store.read(|r| r.mirror_ids(kind, from.as_deref(), 1000))).await?;
            let Some(last) = ids.last().cloned() else { break };
            after = Some(last);
            let missing: Vec<String> =
                ids.into_iter().filter(|id| !is_local(id) && !seen.contains(&digest(id))).collect();
            for ids in missing.chunks(self.crm.read_limit(false).max(1)) {
                self.look_for(kind, ids).await?;
            }
        }
        let mut mark = self.mark(kind).await?;
        mark.reconciled = mark.watermark;
        let (at, text) = (self.ctx.now(), serde_json::to_string(&mark).map_err(drumbeat_store::StoreError::from)?);
        on_store(self.store, move |store| store.write(Why::Mirror { at }, |w| w.set_cursor(&mark_name(kind), &text)))
            .await?;
        Ok(())
    }

    pub(crate) async fn look_for(&mut self, kind: ObjectKind, ids: &[String]) -> Result<(), SyncError> {
        let read = Read {
            kind,
            ids: ids.to_vec(),
            properties: self.mapping.properties(kind),
            history: Vec::new(),
            dated: false,
        };
        let found = self.unless_cancelled(self.crm.read(&read)).await?;
        let records: Vec<Record> = found
            .iter()
            .map(|found| {
                let mut record = found.record.clone();
                if found.asked != record.id && !record.merged.contains(&found.asked) {
                    record.merged.push(found.asked.clone());
                }
                record
            })
            .collect();
        let absent: Vec<String> =
            ids.iter().filter(|id| !found.iter().any(|found| found.asked == **id)).cloned().collect();
        let archived = if absent.is_empty() {
            Vec::new()
        } else {
            self.unless_cancelled(self.crm.archived(kind, &absent)).await?
        };
        let hidden: Vec<String> = absent.into_iter().filter(|id| !archived.contains(id)).collect();
        let at = self.ctx.now();
        let gone = on_store(self.store, move |store| {
            let write = store.write(Why::Mirror { at }, |w| {
                w.apply_records(kind, &records, at)?;
                let how = if planted(Bug::UnseenIsDeleted) { Gone::Archived } else { Gone::Inaccessible };
                Ok(w.mark_gone(kind, &archived, Gone::Archived, at)? + w.mark_gone(kind, &hidden, how, at)?)
            });
            write.map(|written| written.value)
        })
        .await?;
        self.pulled.gone = self.pulled.gone.saturating_add(gone);
        Ok(())
    }
}
