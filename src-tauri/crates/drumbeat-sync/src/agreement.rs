//! After every full read: does the CRM still say what the mirror says?
//!
//! A sample of records is read anew and totals are compared where the CRM tells them in one answer. What
//! differs is read again record by record; what differs even then is kept as an [`Agreement`] that says
//! so, until a later look finds the two at one. While something differs, every pull looks again. What is
//! compared and what does not count is for `sample`; nothing is written here but what the CRM says.

use std::collections::BTreeSet;

use drumbeat_crm::crm::{Count, Read};
use drumbeat_crm::error::CrmError;
use drumbeat_model::crm::{ObjectKind, Outcome};
use drumbeat_model::field::Field;
use drumbeat_model::ids::is_local;
use drumbeat_model::time::Instant;
use drumbeat_store::Why;
use serde::{Deserialize, Serialize};

use crate::error::SyncError;
use crate::plan::{Mark, SETTLE};
use crate::progress::{Progress, label};
use crate::pull::Pull;
use crate::reconcile::digest;
use crate::sample::{Compared, Pick, compare, share, totals_agree};
use crate::store::on_store;

/// The name under which the store keeps it.
pub const AGREEMENT: &str = "agreement";
/// Kinds whose totals are compared.
const COUNTED: &[ObjectKind] = &[ObjectKind::Deal, ObjectKind::Registration];
/// Stages of deals whose totals are compared at one look; others have their turn at the next.
const STAGES: usize = 2;

/// How mirror and CRM agreed when they were compared last.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Agreement {
    /// When they were compared last, by the CRM's time.
    pub checked: Option<Instant>,
    /// Kinds that have been read in full and are still to be compared.
    pub due: BTreeSet<ObjectKind>,
    /// What differs even after it was read again.
    pub differs: Vec<Difference>,
}

/// One thing that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// Kind of record.
    pub kind: ObjectKind,
    /// What differs.
    pub what: Differing,
}

/// What differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Differing {
    /// One record.
    Record {
        /// Its id.
        id: String,
        /// In this property; absent when as a whole.
        property: Option<String>,
    },
    /// A total.
    Total {
        /// Of this pipeline and stage; absent for all.
        stage: Option<(String, String)>,
        /// Here.
        here: u64,
        /// In the CRM.
        there: u64,
    },
}

/// What decides where is looked: other places once more has been read, the same ones until then.
#[must_use]
pub fn seed(mark: &Mark) -> u64 {
    mark.watermark.map_or(0, |at| at.timestamp_millis().unsigned_abs())
}

impl Pull<'_> {
    async fn agreement(&self) -> Result<Agreement, SyncError> {
        on_store(self.store, |store| store.read(|r| r.value(AGREEMENT))).await.map(Option::unwrap_or_default)
    }

    async fn keep_agreement(&self, agreement: &Agreement) -> Result<(), SyncError> {
        let (at, text) = (self.ctx.now(), serde_json::to_string(agreement).map_err(drumbeat_store::StoreError::from)?);
        on_store(self.store, move |store| store.write(Why::Mirror { at }, |w| w.set_cursor(AGREEMENT, &text))).await?;
        Ok(())
    }

    /// A kind has been read in full: it is compared at the end of this pull, or of the next that gets so far.
    pub(crate) async fn agreement_is_due(&self, kind: ObjectKind) -> Result<(), SyncError> {
        let mut agreement = self.agreement().await?;
        if agreement.due.insert(kind) { self.keep_agreement(&agreement).await } else { Ok(()) }
    }

    /// Compares what is due, and what differed last time.
    pub(crate) async fn check_agreement(&mut self) -> Result<(), SyncError> {
        let before = self.agreement().await?;
        let mut kinds = before.due.clone();
        kinds.extend(before.differs.iter().map(|difference| difference.kind));
        if kinds.is_empty() {
            return Ok(());
        }
        kinds.retain(|kind| self.schema.objects.contains_key(kind) && !self.mapping.properties(*kind).is_empty());
        let mut after = Agreement { checked: self.present().or(before.checked), ..Agreement::default() };
        for kind in kinds {
            let Some(until) = self.settled(kind) else {
                after.due.insert(kind);
                after.differs.extend(before.differs.iter().filter(|difference| difference.kind == kind).cloned());
                continue;
            };
            let suspects = before.differs.iter().filter(|difference| difference.kind == kind);
            let suspects: Vec<Differing> = suspects.map(|difference| difference.what.clone()).collect();
            let records = self.records_that_differ(kind, &suspects, until).await?;
            let totals = self.totals_that_differ(kind, &suspects, until).await?;
            after.differs.extend(records.into_iter().chain(totals).map(|what| Difference { kind, what }));
        }
        self.keep_agreement(&after).await
    }

    fn present(&self) -> Option<Instant> {
        self.crm.server_now().max(self.server_now)
    }

    /// Every change of a kind before this moment has been read, and the CRM's index has had its time.
    fn settled(&self, kind: ObjectKind) -> Option<Instant> {
        Some(self.read_until.get(&kind).copied()?.min(self.present()? - SETTLE))
    }

    fn say(&self, kind: ObjectKind, done: u32) {
        let step = format!("{}: comparing", label(kind));
        (self.ctx.progress)(Progress { step, done, total: None, rate: 0, left: None });
    }

    async fn records_that_differ(
        &mut self,
        kind: ObjectKind,
        suspects: &[Differing],
        until: Instant,
    ) -> Result<Vec<Differing>, SyncError> {
        let most = share(kind);
        if most == 0 {
            return Ok(Vec::new());
        }
        self.say(kind, 0);
        let seed = seed(&self.mark(kind).await?);
        let mut ids = on_store(self.store, move |store| {
            store.read(|r| {
                let mut pick = Pick::new(seed, most);
                r.each_living(kind, |id| {
                    if !is_local(id) {
                        pick.offer(id);
                    }
                })?;
                Ok(pick.into_ids())
            })
        })
        .await?;
        for suspect in suspects {
            if let Differing::Record { id, .. } = suspect
                && !ids.contains(id)
            {
                ids.push(id.clone());
            }
        }
        let differ = self.compared(kind, &ids, until).await?;
        let ids: Vec<String> = differ.into_iter().map(|(id, _)| id).collect();
        for ids in ids.chunks(self.crm.read_limit(false).max(1)) {
            tracing::warn!(kind = kind.name(), count = ids.len(), "records differ from the CRM's: they are read again");
            self.look_for(kind, ids).await?;
        }
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        self.say(kind, u32::try_from(ids.len()).unwrap_or(u32::MAX));
        let still = self.compared(kind, &ids, until).await?;
        Ok(still.into_iter().map(|(id, property)| Differing::Record { id, property }).collect())
    }

    /// The ones among these records that the CRM has otherwise, each with the property.
    async fn compared(
        &self,
        kind: ObjectKind,
        ids: &[String],
        until: Instant,
    ) -> Result<Vec<(String, Option<String>)>, SyncError> {
        let asked = self.mapping.properties(kind);
        let mut all = Vec::new();
        for ids in ids.chunks(self.crm.read_limit(false).max(1)) {
            let read = Read { kind, ids: ids.to_vec(), properties: asked.clone(), history: Vec::new(), dated: false };
            let found = self.unless_cancelled(self.crm.read(&read)).await?;
            let (ids, asked) = (ids.to_vec(), asked.clone());
            let differ = on_store(self.store, move |store| {
                store.read(|r| {
                    let mut differ = Vec::new();
                    for id in ids {
                        let Some(known) = r.mirrored(kind, &id)?.filter(|known| known.gone.is_none()) else { continue };
                        let fresh = found.iter().find(|found| found.asked == id).map(|found| &found.record);
                        let known = (&known.properties, known.updated_at);
                        if let Compared::Differs(property) = compare(&id, known, fresh, &asked, until) {
                            differ.push((id, property));
                        }
                    }
                    Ok(differ)
                })
            })
            .await?;
            all.extend(differ);
        }
        Ok(all)
    }

    async fn totals_that_differ(
        &mut self,
        kind: ObjectKind,
        suspects: &[Differing],
        until: Instant,
    ) -> Result<Vec<Differing>, SyncError> {
        if !COUNTED.contains(&kind) {
            return Ok(Vec::new());
        }
        let stages = self.stages_to_count(kind, suspects).await?;
        if self.counted(kind, &stages, until).await?.is_empty() {
            return Ok(Vec::new());
        }
        // What was deleted a moment ago no total has any more.
        self.sweep(kind).await?;
        let differ = self.counted(kind, &stages, until).await?;
        let lacks = |what: &Differing| matches!(what, Differing::Total { here, there, .. } if here < there);
        if !differ.iter().any(lacks) || suspects.iter().any(lacks) {
            return Ok(differ);
        }
        // The CRM has more than the list has shown: it is read once more, and not at every sync from now on.
        self.rescan(kind).await?;
        self.counted(kind, &stages, until).await
    }

    /// The stages that are counted this time, beside those that differed last time.
    async fn stages_to_count(
        &self,
        kind: ObjectKind,
        suspects: &[Differing],
    ) -> Result<BTreeSet<(String, String)>, SyncError> {
        let mut stages = BTreeSet::new();
        if kind != ObjectKind::Deal {
            return Ok(stages);
        }
        let seed = seed(&self.mark(kind).await?);
        let counts = self.mapping.pipelines.iter().filter(|pipeline| pipeline.counts);
        let mut all: Vec<(u64, (String, String))> = counts
            .flat_map(|pipeline| pipeline.stages.iter().map(move |stage| (pipeline, stage)))
            // The open stages are what the person works with.
            .filter(|(_, stage)| stage.outcome == Outcome::Open)
            .map(|(pipeline, stage)| (digest(&format!("{seed} {}", stage.id)), (pipeline.id.clone(), stage.id.clone())))
            .collect();
        all.sort();
        stages.extend(all.into_iter().take(STAGES).map(|(_, stage)| stage));
        stages.extend(suspects.iter().filter_map(|what| match what {
            Differing::Total { stage, .. } => stage.clone(),
            Differing::Record { .. } => None,
        }));
        Ok(stages)
    }

    /// The totals that differ by more than what may have moved since.
    async fn counted(
        &self,
        kind: ObjectKind,
        stages: &BTreeSet<(String, String)>,
        until: Instant,
    ) -> Result<Vec<Differing>, SyncError> {
        let (all, mut by_stage, pending) = on_store(self.store, move |store| {
            store.read(|r| {
                let mut all = 0;
                r.each_living(kind, |id| all += u64::from(!is_local(id)))?;
                let (by_stage, pending) =
                    if kind == ObjectKind::Deal { r.deals_by_stage()? } else { Default::default() };
                Ok((all, by_stage, pending))
            })
        })
        .await?;
        let names = [Field::Pipeline, Field::Stage].map(|field| self.mapping.property(kind, field));
        let mut wanted = vec![(None, Vec::new(), all)];
        if let [Some(pipeline), Some(stage)] = names {
            wanted.extend(stages.iter().map(|key| {
                let equals = vec![(pipeline.to_owned(), key.0.clone()), (stage.to_owned(), key.1.clone())];
                (Some(key.clone()), equals, by_stage.remove(key).unwrap_or_default())
            }));
        }
        let mut differ = Vec::new();
        for (stage, equals, here) in wanted {
            let Some(there) = self.total(Count { kind, equals, after: None }).await? else { return Ok(Vec::new()) };
            if here == there {
                continue;
            }
            let moved_here = on_store(self.store, move |store| store.read(|r| r.changed_after(kind, until))).await?;
            let since = Count { kind, equals: Vec::new(), after: Some(until) };
            let Some(moved_there) = self.total(since).await? else { return Ok(Vec::new()) };
            let waiting = if stage.is_some() { pending } else { 0 };
            if !totals_agree(here, there, moved_here + moved_there + waiting) {
                differ.push(Differing::Total { stage, here, there });
            }
        }
        Ok(differ)
    }

    async fn total(&self, count: Count) -> Result<Option<u64>, SyncError> {
        let asking = self.crm.count(&count);
        let answer = tokio::select! {
            biased;
            () = self.ctx.cancel.wait() => return Err(SyncError::Cancelled),
            answer = asking => answer,
        };
        match answer {
            // A CRM that does not tell its totals has none to compare.
            Err(CrmError::Refused(why) | CrmError::Forbidden(why)) => {
                tracing::warn!(kind = count.kind.name(), why, "the CRM does not tell how many records there are");
                Ok(None)
            }
            answer => Ok(answer?),
        }
    }
}
