//! Reading from the CRM into the mirror.
//!
//! One page is under way while the one before is being kept: the reader and the writer are joined by a
//! short channel, and pages that have piled up share a transaction. Each transaction holds the records
//! and the [`Mark`] that says how far they go (I14), so a stop anywhere costs at most the pages in
//! flight, and reading a page twice changes nothing. What to read is for `plan`; nothing is decided here.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use drumbeat_crm::crm::{Changes, Crm, Cursor, Found, Read, RecordPage, Scan};
use drumbeat_crm::error::CrmError;
use drumbeat_model::crm::{ObjectKind, Record, Schema};
use drumbeat_model::field::Field;
use drumbeat_model::ids::is_local;
use drumbeat_model::mapping::Mapping;
use drumbeat_model::planted::{Bug, planted};
use drumbeat_model::time::Instant;
use drumbeat_store::mirror::tracked;
use drumbeat_store::{Applied, Store, Why};
use tokio::sync::mpsc;

use crate::Context;
use crate::error::SyncError;
use crate::plan::{Mark, PageFacts, Step, Window, links_of, plan};
use crate::progress::{Meter, label};
use crate::reconcile::digest;
use crate::store::on_store;

/// Pages that may pile up behind the one that is being kept. They do only while the CRM is faster than
/// the disk, and then one transaction for many is what lets the disk catch up.
const AHEAD: usize = 16;
/// Records whose links are asked for at once.
const LINK_BATCH: usize = 500;

/// What a pull did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pulled {
    /// Records read.
    pub read: u32,
    /// Records new or changed here.
    pub changed: u32,
    /// Records gone from the CRM.
    pub gone: u32,
}

/// One run of reading.
pub(crate) struct Pull<'a> {
    pub(crate) crm: &'a dyn Crm,
    pub(crate) store: &'a Store,
    pub(crate) schema: &'a Schema,
    pub(crate) mapping: &'a Mapping,
    pub(crate) ctx: &'a Context,
    /// The CRM's time, as last told.
    pub(crate) server_now: Option<Instant>,
    pub(crate) pulled: Pulled,
    /// Digests of the ids that a scan has shown, when it began at the first record.
    pub(crate) seen: Option<HashSet<u64>>,
    /// What had changed before this moment of the CRM's time has been read, by kind.
    pub(crate) read_until: BTreeMap<ObjectKind, Instant>,
}

/// A page with what the CRM's history tells of its records.
struct Page {
    page: RecordPage,
    /// With the modified time that was known of each before.
    histories: Vec<(Instant, Found)>,
}

/// What to ask for, page by page.
#[derive(Clone)]
enum Ask {
    Scan { archived: bool },
    Changes(Window),
}

pub(crate) fn mark_name(kind: ObjectKind) -> String {
    format!("pull.{}", kind.name())
}

impl Pull<'_> {
    /// Reads everything that is due.
    pub(crate) async fn run(&mut self, full: bool) -> Result<(), SyncError> {
        let wanted = |kind: ObjectKind| self.mapping.properties(kind).into_iter().collect::<BTreeSet<_>>();
        let mut kinds = Vec::new();
        for kind in ObjectKind::ALL.iter().copied().filter(|kind| self.schema.objects.contains_key(kind)) {
            let wanted = wanted(kind);
            if !wanted.is_empty() {
                kinds.push((kind, wanted, self.mark(kind).await?));
            }
        }
        for step in plan(&kinds, full, self.server_now.or_else(|| self.crm.server_now())) {
            let known = |kind| {
                kinds
                    .iter()
                    .find(|(known, _, _)| *known == kind)
                    .map(|(_, wanted, _)| wanted.clone())
                    .unwrap_or_default()
            };
            match step {
                Step::Scan(kind) => {
                    let mut mark = self.mark(kind).await?;
                    mark.begin_scan(&known(kind));
                    self.pages(kind, Ask::Scan { archived: false }, mark).await?;
                    self.account_for(kind).await?;
                    self.has_read(kind, self.mark(kind).await?.watermark);
                    self.agreement_is_due(kind).await?;
                }
                Step::Sweep(kind) => self.sweep(kind).await?,
                Step::Changes(kind) => {
                    let mut mark = self.mark(kind).await?;
                    self.ask_the_time(kind).await?;
                    let present = if planted(Bug::OwnClock) { Some(self.ctx.now()) } else { self.server_now };
                    if let Some(window) = mark.begin_window(present) {
                        let until = window.until;
                        self.pages(kind, Ask::Changes(window), mark).await?;
                        self.has_read(kind, Some(until));
                    }
                }
                Step::Links => self.links().await?,
            }
        }
        self.check_agreement().await
    }

    fn has_read(&mut self, kind: ObjectKind, until: Option<Instant>) {
        if let Some(until) = until {
            let read = self.read_until.entry(kind).or_insert(until);
            *read = until.max(*read);
        }
    }

    /// Reads the recycle bin of a kind.
    pub(crate) async fn sweep(&mut self, kind: ObjectKind) -> Result<(), SyncError> {
        let mark = self.mark(kind).await?;
        self.pages(kind, Ask::Scan { archived: true }, mark).await
    }

    /// Reads every record of a kind anew and accounts for those that did not show.
    pub(crate) async fn rescan(&mut self, kind: ObjectKind) -> Result<(), SyncError> {
        let mut mark = self.mark(kind).await?;
        mark.scan = None;
        mark.begin_scan(&self.mapping.properties(kind).into_iter().collect());
        self.pages(kind, Ask::Scan { archived: false }, mark).await?;
        self.account_for(kind).await
    }

    pub(crate) async fn mark(&self, kind: ObjectKind) -> Result<Mark, SyncError> {
        on_store(self.store, move |store| store.read(|r| r.value(&mark_name(kind))))
            .await
            .map(Option::unwrap_or_default)
    }

    /// Windows end at the CRM's present: when no answer has told it yet, the smallest question does.
    async fn ask_the_time(&mut self, kind: ObjectKind) -> Result<(), SyncError> {
        if self.server_now.is_none() {
            let scan = Scan { kind, properties: Vec::new(), archived: true, first: false, after: None };
            self.server_now = self.unless_cancelled(self.crm.scan(&scan)).await?.server_time;
        }
        Ok(())
    }

    pub(crate) async fn unless_cancelled<T>(
        &self,
        asking: impl Future<Output = Result<T, CrmError>>,
    ) -> Result<T, SyncError> {
        tokio::select! {
            biased;
            () = self.ctx.cancel.wait() => Err(SyncError::Cancelled),
            answer = asking => Ok(answer?),
        }
    }

    /// Reads pages to the end and keeps them; begins anew when the CRM does not know the place any more.
    async fn pages(&mut self, kind: ObjectKind, ask: Ask, mut mark: Mark) -> Result<(), SyncError> {
        let resumed = place(&ask, &mark).is_some();
        match self.read_and_keep(kind, &ask, &mut mark).await {
            Err(SyncError::Crm(CrmError::Refused(why))) if resumed => {
                tracing::warn!(
                    kind = kind.name(),
                    why,
                    "the place to go on from is not known any more; it begins anew"
                );
                mark.forget_place();
                let ask = match ask {
                    Ask::Scan { archived } => Ask::Scan { archived },
                    Ask::Changes(window) => Ask::Changes(Window { after: None, ..window }),
                };
                self.read_and_keep(kind, &ask, &mut mark).await
            }
            other => other,
        }
    }

    async fn read_and_keep(&mut self, kind: ObjectKind, ask: &Ask, mark: &mut Mark) -> Result<(), SyncError> {
        let (to_keep, pages) = mpsc::channel(AHEAD);
        let after = place(ask, mark);
        let asked = match (ask, &mark.scan) {
            (Ask::Scan { archived: false }, Some(scan)) => scan.asked.iter().cloned().collect(),
            (Ask::Scan { .. } | Ask::Changes(_), _) => self.mapping.properties(kind),
        };
        let reader = self.read(kind, ask, &asked, mark.watermark.is_none(), after, to_keep);
        let writer = self.keep(kind, ask, mark.clone(), pages);
        let (read, kept) = tokio::join!(reader, writer);
        let kept = kept?;
        if read.is_err() {
            // What has come may be all for a while: it is made searchable now.
            self.put_in_order(kind).await?;
        }
        *mark = kept.mark;
        self.seen = if read.is_ok() { kept.seen } else { None };
        self.server_now = self.server_now.max(kept.server_now);
        self.pulled.read = self.pulled.read.saturating_add(kept.read);
        let counter =
            if matches!(ask, Ask::Scan { archived: true }) { &mut self.pulled.gone } else { &mut self.pulled.changed };
        *counter = counter.saturating_add(kept.changed);
        read
    }

    /// Builds what a first scan has put off.
    async fn put_in_order(&self, kind: ObjectKind) -> Result<(), SyncError> {
        let at = self.ctx.now();
        on_store(self.store, move |store| store.write(Why::Mirror { at }, |w| w.finish_bulk(kind))).await?;
        Ok(())
    }

    async fn read(
        &self,
        kind: ObjectKind,
        ask: &Ask,
        properties: &[String],
        first: bool,
        mut after: Option<Cursor>,
        to_keep: mpsc::Sender<Page>,
    ) -> Result<(), SyncError> {
        loop {
            let properties = properties.to_vec();
            let mut histories = Vec::new();
            let page = match ask {
                Ask::Scan { archived } => {
                    let scan = Scan { kind, properties, archived: *archived, first, after: after.clone() };
                    self.unless_cancelled(self.crm.scan(&scan)).await?
                }
                Ask::Changes(window) => {
                    let changes =
                        Changes { kind, properties, since: window.since, until: window.until, after: after.clone() };
                    let mut page = self.unless_cancelled(self.crm.changes(&changes)).await?;
                    self.complete_links(kind, &mut page.records).await?;
                    histories = self.histories(kind, &page.records).await?;
                    page
                }
            };
            let next = page.next.clone();
            if next.is_some() && next == after {
                return Err(SyncError::Crm(CrmError::Garbled("the pages do not get on".to_owned())));
            }
            // The writer has ended early: its error is the one to tell.
            if to_keep.send(Page { page, histories }).await.is_err() || next.is_none() {
                return Ok(());
            }
            after = next;
        }
    }

    /// What became of tracked fields since a record was read last, also what was taken back again (B8).
    async fn histories(&self, kind: ObjectKind, records: &[Record]) -> Result<Vec<(Instant, Found)>, SyncError> {
        let properties: Vec<String> = tracked(kind)
            .iter()
            .chain([&Field::LastOp])
            .filter_map(|field| self.mapping.property(kind, *field))
            .filter(|name| {
                let object = self.schema.objects.get(&kind);
                object.is_some_and(|object| object.properties.iter().any(|property| property.name == *name))
            })
            .map(str::to_owned)
            .collect();
        if tracked(kind).is_empty() || properties.is_empty() {
            return Ok(Vec::new());
        }
        let stamps: Vec<(String, Option<Instant>)> =
            records.iter().map(|record| (record.id.clone(), record.updated_at)).collect();
        let known = on_store(self.store, move |store| {
            store.read(|r| {
                let mut known = BTreeMap::new();
                for (id, stamp) in stamps {
                    let before = r.mirrored(kind, &id)?.and_then(|row| row.updated_at);
                    if let Some(before) = before.filter(|before| stamp != Some(*before)) {
                        known.insert(id, before);
                    }
                }
                Ok(known)
            })
        })
        .await?;
        let ids: Vec<String> = known.keys().cloned().collect();
        let mut all = Vec::new();
        for ids in ids.chunks(self.crm.read_limit(true).max(1)) {
            let read =
                Read { kind, ids: ids.to_vec(), properties: Vec::new(), history: properties.clone(), dated: false };
            let found = tokio::select! {
                biased;
                () = self.ctx.cancel.wait() => return Err(SyncError::Cancelled),
                found = self.crm.read(&read) => found,
            };
            match found {
                Ok(found) => {
                    all.extend(found.into_iter().filter_map(|found| Some((*known.get(&found.record.id)?, found))));
                }
                // Without its history a change is still seen by comparing.
                Err(CrmError::Refused(why) | CrmError::Forbidden(why)) => {
                    tracing::warn!(kind = kind.name(), why, "the CRM does not tell the history of its fields");
                    return Ok(Vec::new());
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(all)
    }

    /// Search tells nothing of links: they are read for what it found.
    async fn complete_links(&self, kind: ObjectKind, records: &mut [Record]) -> Result<(), SyncError> {
        let open: Vec<String> =
            records.iter().filter(|record| record.links.is_none()).map(|record| record.id.clone()).collect();
        let targets: Vec<ObjectKind> =
            links_of(kind).iter().copied().filter(|to| self.schema.objects.contains_key(to)).collect();
        if open.is_empty() || targets.is_empty() {
            return Ok(());
        }
        for record in records.iter_mut().filter(|record| record.links.is_none()) {
            record.links = Some(Vec::new());
        }
        for to in targets {
            let mut found = self.unless_cancelled(self.crm.links(kind, &open, to)).await?;
            for record in records.iter_mut() {
                if let (Some(links), Some(more)) = (&mut record.links, found.remove(&record.id)) {
                    links.extend(more);
                }
            }
        }
        Ok(())
    }

    async fn keep(
        &self,
        kind: ObjectKind,
        ask: &Ask,
        mut mark: Mark,
        mut pages: mpsc::Receiver<Page>,
    ) -> Result<Kept, SyncError> {
        let is_bin = matches!(ask, Ask::Scan { archived: true });
        let before =
            mark.scan.as_ref().filter(|_| matches!(ask, Ask::Scan { archived: false })).map_or(0, |scan| scan.done);
        let step = if is_bin { format!("{}: recycle bin", label(kind)) } else { label(kind).to_owned() };
        let mut meter = Meter::new(step, before, None, self.ctx.now());
        let whole = matches!(ask, Ask::Scan { archived: false })
            && mark.scan.as_ref().is_some_and(|scan| scan.after.is_none() && scan.done == 0);
        let seen = whole.then(HashSet::new);
        let mut kept = Kept { mark: mark.clone(), server_now: None, read: 0, changed: 0, seen };
        (self.ctx.progress)(meter.report(self.ctx.now()));
        while let Some(first) = pages.recv().await {
            let mut batch = vec![first];
            while let Ok(more) = pages.try_recv() {
                batch.push(more);
            }
            let mut count = 0;
            for Page { page, .. } in &batch {
                let facts = facts(page);
                count += facts.records;
                if let Some(seen) = &mut kept.seen {
                    seen.extend(page.records.iter().map(|record| digest(&record.id)));
                }
                kept.server_now = kept.server_now.max(facts.server_time);
                match ask {
                    Ask::Scan { archived: false } => mark.scanned(&facts),
                    Ask::Scan { archived: true } => mark.swept(&facts),
                    Ask::Changes(_) => mark.changed(&facts),
                }
                if let Some(total) = page.total {
                    meter.expect(total);
                }
            }
            let (at, text) = (self.ctx.now(), serde_json::to_string(&mark).map_err(drumbeat_store::StoreError::from)?);
            let (is_scan, is_over) = (matches!(ask, Ask::Scan { archived: false }), mark.scan.is_none());
            if planted(Bug::CursorFirst) {
                let text = text.clone();
                on_store(self.store, move |store| {
                    store.write(Why::Mirror { at }, |w| w.set_cursor(&mark_name(kind), &text))
                })
                .await?;
            }
            if planted(Bug::UnknownDropped) {
                let known = |stage: &str| self.mapping.pipelines.iter().any(|p| p.stages.iter().any(|s| s.id == stage));
                for record in batch.iter_mut().flat_map(|page| page.page.records.iter_mut()) {
                    record.properties.retain(|name, value| name != "stage" || known(value));
                }
            }
            // The pages come back: giving up so many small pieces is not for the one thread that everything waits for.
            let (applied, batch) = on_store(self.store, move |store| {
                let write = store.write(Why::Mirror { at }, |w| {
                    let mut applied = Applied::default();
                    if is_scan {
                        w.begin_bulk(kind)?;
                    }
                    for Page { page, histories } in &batch {
                        let one = w.apply_records(kind, &page.records, at)?;
                        for (since, found) in histories {
                            w.put_history(kind, &found.record.id, *since, &found.history)?;
                        }
                        applied.changed += one.changed;
                        applied.unchanged += one.unchanged;
                    }
                    if is_scan && is_over {
                        w.finish_bulk(kind)?;
                    }
                    w.set_cursor(&mark_name(kind), &text)?;
                    Ok(applied)
                });
                write.map(|written| (written.value, batch))
            })
            .await?;
            drop(batch);
            kept.mark = mark.clone();
            kept.read = kept.read.saturating_add(count);
            kept.changed = kept.changed.saturating_add(applied.changed);
            (self.ctx.progress)(meter.add(count, self.ctx.now()));
        }
        Ok(kept)
    }

    /// Reads the links of open registrations again: they move without moving the modified time.
    async fn links(&mut self) -> Result<(), SyncError> {
        let from = ObjectKind::Registration;
        let ids = on_store(self.store, |store| store.read(|r| r.open_registration_ids())).await?;
        let ids: Vec<String> = ids.into_iter().filter(|id| !is_local(id)).collect();
        let mut meter = Meter::new("Links of open registrations", 0, u32::try_from(ids.len()).ok(), self.ctx.now());
        for chunk in ids.chunks(LINK_BATCH) {
            for to in links_of(from).iter().copied().filter(|to| self.schema.objects.contains_key(to)) {
                let found = self.unless_cancelled(self.crm.links(from, chunk, to)).await?;
                let at = self.ctx.now();
                on_store(self.store, move |store| {
                    store.write(Why::Mirror { at }, |w| {
                        found.iter().try_for_each(|(id, links)| w.put_links(from, id, to, links))
                    })
                })
                .await?;
            }
            (self.ctx.progress)(meter.add(u32::try_from(chunk.len()).unwrap_or(u32::MAX), self.ctx.now()));
        }
        Ok(())
    }
}

/// What was kept of a step.
struct Kept {
    mark: Mark,
    server_now: Option<Instant>,
    read: u32,
    changed: u32,
    seen: Option<HashSet<u64>>,
}

fn place(ask: &Ask, mark: &Mark) -> Option<Cursor> {
    match ask {
        Ask::Scan { archived: false } => mark.scan.as_ref().and_then(|scan| scan.after.clone()),
        Ask::Scan { archived: true } => mark.sweep.as_ref().and_then(|(after, _)| after.clone()),
        Ask::Changes(window) => window.after.clone(),
    }
}

fn facts(page: &RecordPage) -> PageFacts {
    PageFacts {
        records: u32::try_from(page.records.len()).unwrap_or(u32::MAX),
        newest: page.records.iter().filter_map(|record| record.updated_at).max(),
        next: page.next.clone(),
        server_time: page.server_time,
    }
}
