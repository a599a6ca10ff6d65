//! The simulated CRM behind the [`Crm`] trait, with everything that can go wrong on the way to it.
//!
//! Every call takes time, and during it the rest of the world goes on: colleagues edit, workflows run,
//! late requests arrive. A request that was begun may land though nobody hears of it, also after the
//! process that made it has died. What a device read and sent is logged for the checks; the log is not
//! visible to Drumbeat.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use chrono::TimeDelta;
use drumbeat_crm::crm::{
    Budget, Changes, Create, Crm, Cursor, Found, Read, RecordPage, Refusal, RefusalKind, Scan, Update, WriteOutcome,
};
use drumbeat_crm::error::CrmError;
use drumbeat_model::crm::{HistoryEntry, Link, ObjectKind, Properties, ProvisionItem, Record, Schema, Vendor};
use drumbeat_model::time::Instant;

use super::people;
use super::rules::Rules;
use super::schema::{LAST_OP, OP_ID, schema};
use super::shared::{Did, Shared};
use super::world::{Applied, Effect, Place, Row};

/// Records on a page.
const PAGE: usize = 4;

/// The CRM as one device reaches it.
#[derive(Clone)]
pub struct Remote {
    /// Shared with everybody.
    pub shared: Arc<Mutex<Shared>>,
    /// Which device.
    pub device: usize,
}

/// A write under way: if the process dies meanwhile, it may arrive all the same.
struct Flight<'a> {
    remote: &'a Remote,
    effect: Option<Effect>,
}

impl Drop for Flight<'_> {
    fn drop(&mut self) {
        if let Some(effect) = self.effect.take() {
            let mut shared = self.remote.lock();
            if shared.dice.bool() {
                shared.note("the process died and its request arrived");
                let wait = i64::from(shared.dice.u32(0..45));
                let at = shared.world.now + TimeDelta::seconds(wait);
                shared.world.late.push((at, effect));
            }
        }
    }
}

impl Remote {
    pub(crate) fn lock(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A request's time on the wire; the world goes on meanwhile.
    async fn wire(&self) {
        let wait = {
            let mut shared = self.lock();
            if shared.dice.u8(0..20) == 0 { shared.dice.u64(1_000..20_000) } else { shared.dice.u64(20..400) }
        };
        tokio::time::sleep(Duration::from_millis(wait)).await;
        let mut shared = self.lock();
        shared.tick();
        let busy = shared.weather.busy;
        if shared.happens(busy) {
            people::act(&mut shared);
        }
    }

    async fn reading(&self) -> Result<(), CrmError> {
        self.wire().await;
        let mut shared = self.lock();
        let (fails, unauthorised, limited) =
            (shared.weather.read_fails, shared.weather.unauthorised, shared.weather.limited);
        if shared.happens(unauthorised) {
            return Err(CrmError::NotAuthorised("the token has expired".to_owned()));
        }
        if shared.happens(limited) {
            return Err(CrmError::RateLimited(20));
        }
        if shared.happens(fails) {
            let garbled = shared.dice.bool();
            return Err(if garbled {
                CrmError::Garbled("a page that is not the CRM's".to_owned())
            } else {
                CrmError::Unreachable("no route".to_owned())
            });
        }
        Ok(())
    }

    /// How old an answer may be now; none when it is of the moment.
    fn age(shared: &mut Shared) -> Option<Instant> {
        let (stale, most) = (shared.weather.stale, shared.weather.stale_most);
        shared.happens(stale).then(|| {
            shared.note("a read showed an old state");
            shared.world.now - TimeDelta::seconds(i64::from(shared.dice.u32(0..=most)))
        })
    }

    async fn write(&self, effect: Effect, place: Place, set: &Properties) -> WriteOutcome {
        let op = set.get(LAST_OP).and_then(|mark| mark.split_once('#')).map(|(op, _)| op.to_owned());
        let at = {
            let mut shared = self.lock();
            let (not_sent, limited, locked) = (shared.weather.not_sent, shared.weather.limited, shared.weather.locked);
            let at = shared.tick();
            let void = if shared.happens(not_sent) {
                Some(WriteOutcome::NotSent { why: "no connection".to_owned() })
            } else if shared.happens(limited) {
                let wait = shared.dice.u64(1..30);
                Some(WriteOutcome::RateLimited { wait })
            } else if shared.happens(locked) {
                Some(refused(423, RefusalKind::Locked, "the record is locked"))
            } else {
                None
            };
            let account = shared.world.account.clone();
            let bins = matches!(effect, Effect::Archive { .. });
            shared.log.push(Did::Sent {
                at,
                device: self.device,
                op: op.clone(),
                place: place.clone(),
                bins,
                proven_void: void.is_some(),
                refused: false,
                account,
            });
            if let Some(void) = void {
                return void;
            }
            at
        };
        let mut flight = Flight { remote: self, effect: Some(effect) };
        self.wire().await;
        let outcome = {
            let mut shared = self.lock();
            let Some(effect) = flight.effect.take() else {
                return WriteOutcome::Unknown { why: "gone".to_owned() };
            };
            let (there, late, most, back) =
                (shared.weather.lost_there, shared.weather.late, shared.weather.late_most, shared.weather.lost_back);
            if shared.happens(there) {
                WriteOutcome::Unknown { why: "the connection broke".to_owned() }
            } else if shared.happens(late) {
                shared.note("a request went missing and may arrive late");
                let wait = i64::from(shared.dice.u32(0..=most));
                shared.world.late.push((at + TimeDelta::seconds(wait), effect));
                WriteOutcome::Unknown { why: "no answer within 45 s".to_owned() }
            } else {
                let binned = shared.world.binned.len();
                let applied = shared.world.apply(&effect);
                match shared.world.binned.get(binned).map(|binned| binned.worked.is_empty()) {
                    Some(true) => shared.note("a record that Drumbeat had made went into the bin"),
                    Some(false) => shared.note("a record went into the bin just after somebody had worked on it"),
                    None => {}
                }
                if matches!(applied, Applied::Done(..)) && shared.happens(back) {
                    shared.note("an applied write lost its answer");
                    WriteOutcome::Unknown { why: "502".to_owned() }
                } else {
                    answer(applied, shared.world.rules)
                }
            }
        };
        if !matches!(outcome, WriteOutcome::Unknown { .. } | WriteOutcome::Done { .. }) {
            let mut shared = self.lock();
            let said_no = matches!(outcome, WriteOutcome::Refused(_));
            if let Some(Did::Sent { proven_void, refused, .. }) = shared.log.iter_mut().rev().find(
                |did| matches!(did, Did::Sent { device, op: sent, place: to, .. } if (*device, sent, to) == (self.device, &op, &place)),
            ) {
                *proven_void = true;
                *refused = said_no;
            }
        }
        // The answer's own way back.
        self.wire().await;
        outcome
    }
}

fn refused(status: u16, kind: RefusalKind, message: &str) -> WriteOutcome {
    WriteOutcome::Refused(Refusal { status, kind, message: message.to_owned(), properties: Vec::new() })
}

fn answer(applied: Applied, rules: Rules) -> WriteOutcome {
    match applied {
        // Salesforce does not say when.
        Applied::Done(id, at) => WriteOutcome::Done { id, updated_at: (!rules.whole_seconds).then_some(at) },
        Applied::Gone => refused(404, RefusalKind::Gone, "no such record"),
        Applied::Duplicate => refused(409, RefusalKind::Duplicate, "the value of op_id is taken"),
        Applied::Stale => WriteOutcome::Stale,
        Applied::Invalid(why) => refused(400, RefusalKind::Validation, &why),
    }
}

fn page(shared: &mut Shared, mut rows: Vec<Record>, cursor: impl Fn(&Record) -> String) -> RecordPage {
    let is_last = rows.len() <= PAGE;
    rows.truncate(PAGE);
    let next = if is_last { None } else { rows.last().map(|row| Cursor(cursor(row))) };
    let repeated = shared.weather.repeated_page;
    if shared.happens(repeated)
        && let Some(first) = rows.first().cloned()
    {
        shared.note("a page held a record twice");
        rows.push(first);
    }
    RecordPage { records: rows, next, total: None, server_time: Some(shared.world.now), bytes: 0 }
}

fn wanted(record: &mut Record, properties: &[String]) {
    record.properties.retain(|name, _| properties.contains(name));
}

/// A property's history as it was then, newest first.
fn past(row: &Row, name: &str, age: Option<Instant>) -> Vec<HistoryEntry> {
    let mut entries = row.history.get(name).cloned().unwrap_or_default();
    entries.retain(|entry| age.is_none_or(|age| entry.at.is_none_or(|at| at <= age)));
    entries.reverse();
    entries.truncate(20);
    entries
}

/// The past of the properties that a read asks for, as far as the vendor tells it.
fn history(rules: Rules, row: &Row, read: &Read, age: Option<Instant>) -> BTreeMap<String, Vec<HistoryEntry>> {
    let mut all = BTreeMap::new();
    for name in &read.history {
        let mut entries = past(row, name, age);
        if rules.vendor == Vendor::Salesforce {
            entries = kept(rules, row, name, entries, read.dated);
            if entries.is_empty() {
                continue;
            }
        }
        all.insert(name.clone(), entries);
    }
    all
}

/// What Salesforce tells of a property: its changes, where they are tracked, with the value before the oldest; else,
/// if it is to be dated all the same, the record's last change.
fn kept(rules: Rules, row: &Row, name: &str, entries: Vec<HistoryEntry>, dated: bool) -> Vec<HistoryEntry> {
    let made = rules.told(row.created);
    let told = |entry: HistoryEntry| HistoryEntry { at: entry.at.map(|at| rules.told(at)), ..entry };
    let (first, mut changes): (Vec<_>, Vec<_>) =
        entries.into_iter().partition(|entry| entry.at.is_none_or(|at| at <= row.created));
    if rules.tracked && !changes.is_empty() {
        changes = changes.into_iter().map(told).collect();
        let value = first.into_iter().next().map_or_else(String::new, |entry| entry.value);
        changes.push(HistoryEntry { value, at: Some(made), by: None });
        return changes;
    }
    let changed = rules.told(row.updated);
    match row.values.get(name).filter(|_| dated && changed > made) {
        Some(value) => vec![
            HistoryEntry { value: value.clone(), at: Some(changed), by: None },
            HistoryEntry { value: String::new(), at: Some(made), by: None },
        ],
        None => Vec::new(),
    }
}

/// What a record of the bin is told as: itself, or the living record that it was merged into.
fn survivor(shared: &Shared, record: Record, scan: &Scan) -> Option<Record> {
    let place = shared.world.survivor(scan.kind, &record.id)?;
    if place.1 == record.id {
        return Some(record);
    }
    shared.world.living(scan.kind, &place.1)?;
    let mut survivor = shared.world.show(&place, None)?;
    wanted(&mut survivor, &scan.properties);
    survivor.merged = vec![record.id];
    Some(survivor)
}

/// Ids by number, as text would sort 10 before 9.
fn number(id: &str) -> u64 {
    id.parse().unwrap_or_default()
}

#[async_trait]
impl Crm for Remote {
    fn vendor(&self) -> Vendor {
        self.lock().world.rules.vendor
    }

    fn read_limit(&self, _with_history: bool) -> usize {
        50
    }

    fn budget(&self) -> Budget {
        Budget::default()
    }

    fn server_now(&self) -> Option<Instant> {
        Some(self.lock().tick())
    }

    fn use_schema(&self, _schema: &Schema) {}

    async fn describe(&self) -> Result<Schema, CrmError> {
        self.reading().await?;
        let shared = self.lock();
        let rules = shared.world.rules;
        Ok(schema(rules, &shared.world.account, shared.weather.marked, !shared.weather.read_only))
    }

    async fn scan(&self, scan: &Scan) -> Result<RecordPage, CrmError> {
        self.reading().await?;
        let mut shared = self.lock();
        let after = scan.after.as_ref().map_or(0, |cursor| number(&cursor.0));
        // What was merged away lies in the bin as well, where the record that it went into does not tell of it.
        let shows_merged = scan.archived && !shared.world.rules.tells_merged;
        let mut found: Vec<Record> = shared
            .world
            .rows
            .iter()
            .filter(|((kind, id), row)| {
                *kind == scan.kind
                    && number(id) > after
                    && !row.hidden
                    && match row.merged_into {
                        Some(_) => shows_merged,
                        None => row.archived == scan.archived,
                    }
            })
            .filter_map(|(place, _)| shared.world.show(place, None))
            .collect();
        found.sort_by_key(|record| number(&record.id));
        found.truncate(PAGE + 1);
        found.iter_mut().for_each(|record| wanted(record, &scan.properties));
        let mut page = page(&mut shared, found, |record| record.id.clone());
        if shows_merged {
            page.records = page.records.into_iter().filter_map(|record| survivor(&shared, record, scan)).collect();
        }
        Ok(page)
    }

    async fn changes(&self, changes: &Changes) -> Result<RecordPage, CrmError> {
        self.reading().await?;
        let mut shared = self.lock();
        let now = shared.world.now;
        let after = changes.after.as_ref().and_then(|cursor| {
            let (at, id) = cursor.0.split_once('/')?;
            Some((at.parse::<i64>().ok()?, number(id)))
        });
        let key = |at: Instant, id: &str| (at.timestamp_millis(), number(id));
        let rules = shared.world.rules;
        let told = |at: Instant| rules.told(at);
        let mut found: Vec<((i64, u64), Record)> = shared
            .world
            .rows
            .iter()
            .filter(|((kind, id), row)| {
                *kind == changes.kind
                    && row.merged_into.is_none()
                    && !row.hidden
                    && !row.archived
                    && row.indexed <= now
                    && told(row.updated) >= changes.since
                    && told(row.updated) <= changes.until
                    && after.is_none_or(|after| key(told(row.updated), id) > after)
            })
            .filter_map(|(place, row)| Some((key(told(row.updated), &place.1), shared.world.show(place, None)?)))
            .collect();
        found.sort_by_key(|(key, _)| *key);
        let mut records: Vec<Record> = found.into_iter().map(|(_, record)| record).take(PAGE + 1).collect();
        for record in &mut records {
            wanted(record, &changes.properties);
            if !rules.links_in_pages {
                record.links = None;
            }
        }
        Ok(page(&mut shared, records, |record| {
            format!("{}/{}", record.updated_at.unwrap_or_default().timestamp_millis(), record.id)
        }))
    }

    async fn read(&self, read: &Read) -> Result<Vec<Found>, CrmError> {
        self.reading().await?;
        let mut shared = self.lock();
        let at = shared.world.now;
        let mut all = Vec::new();
        for id in &read.ids {
            let place = shared.world.living(read.kind, id);
            let age = Self::age(&mut shared);
            let record = place.as_ref().and_then(|place| shared.world.show(place, age));
            shared.log.push(Did::Read {
                at: age.unwrap_or(at),
                device: self.device,
                place: place.clone().unwrap_or_else(|| (read.kind, id.clone())),
                shown: record.as_ref().map(|record| record.properties.clone()),
            });
            let (Some(place), Some(mut record)) = (place, record) else { continue };
            let Some(row) = shared.world.rows.get(&place) else { continue };
            let history = history(shared.world.rules, row, read, age);
            record.links = None;
            if !shared.world.rules.tells_merged && record.id != *id {
                record.merged.push(id.clone());
            }
            wanted(&mut record, &read.properties);
            all.push(Found { asked: id.clone(), record, history });
        }
        Ok(all)
    }

    async fn find(
        &self,
        kind: ObjectKind,
        property: &str,
        value: &str,
        properties: &[String],
    ) -> Result<Option<Record>, CrmError> {
        self.reading().await?;
        let mut shared = self.lock();
        let at = shared.world.now;
        if property == OP_ID {
            shared.log.push(Did::Looked { at, device: self.device, op: value.to_owned() });
        }
        let place = shared
            .world
            .rows
            .iter()
            .find(|((other, _), row)| {
                // Where the bin does not hold a unique value it has to be looked for there too.
                let counts = !row.archived || !shared.world.rules.bin_counts;
                *other == kind && counts && !row.hidden && row.values.get(property).is_some_and(|v| v == value)
            })
            .map(|(place, _)| place.clone());
        Ok(place.and_then(|place| shared.world.show(&place, None)).map(|mut record| {
            wanted(&mut record, properties);
            record
        }))
    }

    async fn archived(&self, kind: ObjectKind, ids: &[String]) -> Result<Vec<String>, CrmError> {
        self.reading().await?;
        let shared = self.lock();
        Ok(ids
            .iter()
            .filter(|id| shared.world.rows.get(&(kind, (*id).clone())).is_some_and(|row| row.archived && !row.hidden))
            .cloned()
            .collect())
    }

    async fn binned(&self, read: &Read) -> Result<Vec<Found>, CrmError> {
        self.reading().await?;
        let mut shared = self.lock();
        let at = shared.world.now;
        let mut all = Vec::new();
        for id in &read.ids {
            let place = (read.kind, id.clone());
            let is_here = |row: &Row| row.archived && !row.hidden && row.merged_into.is_none();
            let Some(row) = shared.world.rows.get(&place).filter(|row| is_here(row)) else { continue };
            let history = history(shared.world.rules, row, read, None);
            let Some(mut record) = shared.world.show(&place, None) else { continue };
            let shown = Some(record.properties.clone());
            shared.log.push(Did::Read { at, device: self.device, place, shown });
            record.links = None;
            wanted(&mut record, &read.properties);
            all.push(Found { asked: id.clone(), record, history });
        }
        Ok(all)
    }

    async fn links(
        &self,
        from: ObjectKind,
        ids: &[String],
        to: ObjectKind,
    ) -> Result<BTreeMap<String, Vec<Link>>, CrmError> {
        self.reading().await?;
        let mut shared = self.lock();
        let at = shared.world.now;
        let mut all = BTreeMap::new();
        for id in ids {
            let Some(place) = shared.world.living(from, id) else { continue };
            shared.log.push(Did::Read { at, device: self.device, place: place.clone(), shown: None });
            let Some(row) = shared.world.rows.get(&place) else { continue };
            all.insert(id.clone(), row.links.iter().filter(|link| link.to == to).cloned().collect());
        }
        Ok(all)
    }

    async fn update(&self, update: &Update) -> WriteOutcome {
        let conditional = {
            let shared = self.lock();
            shared.weather.conditional || shared.world.rules.conditional
        };
        let effect = Effect::Update {
            kind: update.kind,
            id: update.id.clone(),
            set: update.set.clone(),
            unmodified_since: update.unmodified_since.filter(|_| conditional),
        };
        self.write(effect, (update.kind, update.id.clone()), &update.set).await
    }

    async fn create(&self, create: &Create) -> WriteOutcome {
        let effect = Effect::Create { kind: create.kind, set: create.set.clone(), links: create.links.clone() };
        self.write(effect, (create.kind, String::new()), &create.set).await
    }

    async fn link(&self, from: ObjectKind, id: &str, link: &Link) -> WriteOutcome {
        let effect = Effect::Link { kind: from, id: id.to_owned(), link: link.clone() };
        self.write(effect, (from, id.to_owned()), &Properties::new()).await
    }

    async fn archive(&self, kind: ObjectKind, id: &str) -> WriteOutcome {
        let effect = Effect::Archive { kind, id: id.to_owned() };
        self.write(effect, (kind, id.to_owned()), &Properties::new()).await
    }

    async fn provision(&self, _item: &ProvisionItem) -> Result<(), CrmError> {
        Err(CrmError::Forbidden("the simulated account is as it is".to_owned()))
    }

    fn web_url(&self, _kind: ObjectKind, _id: &str) -> Option<String> {
        None
    }
}
