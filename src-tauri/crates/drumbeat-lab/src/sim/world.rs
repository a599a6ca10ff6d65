//! The simulated CRM: records with their history, links, a search index that lags, a recycle bin,
//! merges, records that go out of sight, and a ledger of every write that was ever applied.
//!
//! It is the judge as well as the counterpart: what the checks hold against Drumbeat is read from the
//! ledger here, which Drumbeat cannot see. Where the protocol depends on it, it goes by a vendor's [`Rules`]. It
//! knows nothing of ops but the text of their marks.

use std::collections::{BTreeMap, BTreeSet};

use drumbeat_model::crm::{HistoryEntry, Link, ObjectKind, Properties, Record};
use drumbeat_model::ids::is_local;
use drumbeat_model::time::Instant;
use drumbeat_model::value::same;

use super::rules::Rules;
use super::schema::{LAST_OP, OP_ID};

/// Whose doing our writes are.
const OURS: &str = "drumbeat";

/// Where a record is.
pub type Place = (ObjectKind, String);

/// One record of the CRM.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// Present values; empty ones are left out.
    pub values: Properties,
    /// Every value that a property ever had, oldest first.
    pub history: BTreeMap<String, Vec<HistoryEntry>>,
    /// Links from this record.
    pub links: BTreeSet<Link>,
    /// When it was made.
    pub created: Instant,
    /// When it changed last.
    pub updated: Instant,
    /// When the search index will know of that.
    pub indexed: Instant,
    /// In the recycle bin.
    pub archived: bool,
    /// It has been there at some time.
    pub was_archived: bool,
    /// We may not see it (sharing changed).
    pub hidden: bool,
    /// It lives on in this record.
    pub merged_into: Option<String>,
    /// Ids of the records that live on in this one.
    pub merged: Vec<String>,
    /// What it was before, for reads that are answered late: when that ended, and the values.
    before: Vec<(Instant, Properties)>,
}

impl Row {
    /// What others have last made of each property, where it is not what we had put there.
    fn worked(&self) -> Vec<(String, String, Instant)> {
        let mut worked = Vec::new();
        for (name, entries) in self.history.iter().filter(|(name, _)| *name != LAST_OP && *name != OP_ID) {
            let ours = entries.iter().rfind(|entry| entry.by.as_deref() == Some(OURS)).map(|entry| &entry.value);
            let Some(newest) = entries.last().filter(|entry| entry.by.as_deref() != Some(OURS)) else { continue };
            if !same(Some(&newest.value), Some(ours.map_or("", String::as_str))) {
                worked.push((name.clone(), newest.value.clone(), newest.at.unwrap_or_default()));
            }
        }
        worked
    }
}

/// A write as it reached the CRM.
#[derive(Debug, Clone)]
pub enum Effect {
    /// New values of a record.
    Update {
        /// Which.
        kind: ObjectKind,
        /// Id as the request named it.
        id: String,
        /// Values.
        set: Properties,
        /// Refuse when the record is newer (conditional update).
        unmodified_since: Option<Instant>,
    },
    /// A new record.
    Create {
        /// Which.
        kind: ObjectKind,
        /// Values.
        set: Properties,
        /// Links.
        links: Vec<Link>,
    },
    /// A link.
    Link {
        /// From.
        kind: ObjectKind,
        /// From.
        id: String,
        /// To.
        link: Link,
    },
    /// Into the recycle bin.
    Archive {
        /// Which.
        kind: ObjectKind,
        /// Id as the request named it.
        id: String,
    },
}

/// What applying a write came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Applied {
    /// Applied; id and new modified time.
    Done(String, Instant),
    /// Nothing applied: the record is not there.
    Gone,
    /// Nothing applied: a unique value is taken.
    Duplicate,
    /// Nothing applied: newer than the condition.
    Stale,
    /// Nothing applied: a rule of the CRM's.
    Invalid(String),
}

/// A write that was applied, as the CRM's own audit would have it.
#[derive(Debug, Clone)]
pub struct Entry {
    /// When.
    pub at: Instant,
    /// The mark it carried.
    pub mark: Option<String>,
    /// Where it landed.
    pub place: Place,
    /// What each property was just before, and what it was set to.
    pub replaced: Vec<(String, String, String)>,
}

/// A record that went into the recycle bin at our request.
#[derive(Debug, Clone)]
pub struct Binned {
    /// When.
    pub at: Instant,
    /// Which.
    pub place: Place,
    /// What others had last made of it, over what we had: property, value, when.
    pub worked: Vec<(String, String, Instant)>,
}

/// The CRM.
#[derive(Debug, Default)]
pub struct World {
    /// What it goes by.
    pub rules: Rules,
    /// Its clock.
    pub now: Instant,
    /// Its account.
    pub account: String,
    /// Records by place.
    pub rows: BTreeMap<Place, Row>,
    /// Every write of ours that was applied.
    pub ledger: Vec<Entry>,
    /// Every record that a request of ours has put into the bin.
    pub binned: Vec<Binned>,
    /// Writes on their way that nobody waits for any more, and when they arrive.
    pub late: Vec<(Instant, Effect)>,
    /// Seconds until the search index knows of a change, at most.
    pub lag: i64,
    /// Properties that must not be empty once set (a rule of the CRM's).
    pub rule: Option<(ObjectKind, String, String)>,
    /// Ids given so far.
    pub next: u64,
}

impl World {
    /// A new record; answers its id.
    pub fn insert(&mut self, kind: ObjectKind, values: &Properties, links: Vec<Link>, by: &str) -> String {
        self.next += 1;
        let id = format!("{}", 1000 + self.next);
        self.rows.insert(
            (kind, id.clone()),
            Row {
                links: links.into_iter().collect(),
                created: self.now,
                updated: self.now,
                indexed: self.now,
                ..Row::default()
            },
        );
        self.put(&(kind, id.clone()), values, by);
        id
    }

    /// The record that an id leads to, through merges.
    #[must_use]
    pub fn survivor(&self, kind: ObjectKind, id: &str) -> Option<Place> {
        let mut place = (kind, id.to_owned());
        while let Some(into) = &self.rows.get(&place)?.merged_into {
            place = (kind, into.clone());
        }
        Some(place)
    }

    /// Sets values; answers what each was before.
    pub fn put(&mut self, place: &Place, set: &Properties, by: &str) -> Vec<(String, String, String)> {
        let (now, lag) = (self.now, self.lag);
        let Some(row) = self.rows.get_mut(place) else { return Vec::new() };
        row.before.push((now, row.values.clone()));
        let mut replaced = Vec::new();
        for (name, value) in set {
            let old = row.values.get(name).cloned().unwrap_or_default();
            replaced.push((name.clone(), old.clone(), value.clone()));
            if old == *value {
                continue;
            }
            if value.is_empty() {
                row.values.remove(name);
            } else {
                row.values.insert(name.clone(), value.clone());
            }
            row.history.entry(name.clone()).or_default().push(HistoryEntry {
                value: value.clone(),
                at: Some(now),
                by: Some(by.to_owned()),
            });
        }
        row.updated = now;
        // Some changes are indexed at once while others wait: a number that is the same for the seed.
        let spread = now.timestamp_millis().wrapping_mul(2_654_435_761).rem_euclid(lag.max(0) + 1);
        row.indexed = now + chrono::TimeDelta::seconds(spread);
        replaced
    }

    /// Touches a record so that the index tells of it again.
    pub fn touch(&mut self, place: &Place) {
        self.put(place, &Properties::new(), "crm");
    }

    /// Lets time pass, and lets late writes arrive.
    pub fn pass(&mut self, to: Instant) {
        while let Some(at) = self.late.iter().map(|(at, _)| *at).min().filter(|at| *at <= to) {
            self.now = self.now.max(at);
            let due = self.late.iter().position(|(due, _)| *due == at);
            if let Some((_, effect)) = due.map(|due| self.late.remove(due)) {
                let _ = self.apply(&effect);
            }
        }
        self.now = self.now.max(to);
    }

    /// Applies a write of ours, whole or not at all.
    pub fn apply(&mut self, effect: &Effect) -> Applied {
        match effect {
            Effect::Update { kind, id, set, unmodified_since } => {
                let Some(place) = self.target(*kind, id) else { return Applied::Gone };
                let is_newer = |row: &Row| unmodified_since.is_some_and(|since| self.rules.told(row.updated) > since);
                if self.rows.get(&place).is_some_and(is_newer) {
                    return Applied::Stale;
                }
                if let Some(why) = self.broken_rule(*kind, set) {
                    return Applied::Invalid(why);
                }
                self.write(place, set)
            }
            Effect::Create { kind, set, links } => {
                if let Some(why) = self.broken_rule(*kind, set) {
                    return Applied::Invalid(why);
                }
                let unique = set.get(OP_ID);
                let holds = |row: &Row| self.rules.bin_counts || !row.archived;
                let taken = |row: &Row| unique.is_some() && row.values.get(OP_ID) == unique && holds(row);
                if self.rows.iter().any(|((other, _), row)| other == kind && taken(row)) {
                    return Applied::Duplicate;
                }
                if links.iter().any(|link| is_local(&link.id)) {
                    return Applied::Invalid("a link to a record that is not there".to_owned());
                }
                let id = self.insert(*kind, &Properties::new(), links.clone(), OURS);
                self.write((*kind, id), set)
            }
            Effect::Link { kind, id, link } => {
                let Some(place) = self.target(*kind, id) else { return Applied::Gone };
                if let Some(row) = self.rows.get_mut(&place) {
                    row.links.insert(link.clone());
                    row.updated = self.now;
                }
                Applied::Done(place.1, self.now)
            }
            Effect::Archive { kind, id } => self.archive((*kind, id.clone())),
        }
    }

    /// The living record that a write to this id goes to.
    fn target(&self, kind: ObjectKind, id: &str) -> Option<Place> {
        self.living(kind, id).filter(|place| self.rules.forwards || place.1 == id)
    }

    /// One that was merged away or is out of sight is not there, nor, in some CRMs, one that is archived already.
    fn archive(&mut self, place: Place) -> Applied {
        let (now, again) = (self.now, self.rules.bin_counts);
        let is_there = |row: &&mut Row| row.merged_into.is_none() && !row.hidden && (again || !row.archived);
        let row = self.rows.get_mut(&place).filter(is_there);
        let Some(row) = row else { return Applied::Gone };
        if !row.archived {
            row.archived = true;
            row.was_archived = true;
            row.updated = now;
            let worked = row.worked();
            self.binned.push(Binned { at: now, place: place.clone(), worked });
        }
        Applied::Done(place.1, now)
    }

    fn write(&mut self, place: Place, set: &Properties) -> Applied {
        let mark = set.get(LAST_OP).cloned();
        let replaced = self.put(&place, set, OURS);
        self.ledger.push(Entry { at: self.now, mark, place: place.clone(), replaced });
        Applied::Done(place.1, self.now)
    }

    fn broken_rule(&self, kind: ObjectKind, set: &Properties) -> Option<String> {
        let (on, property, refused) = self.rule.as_ref()?;
        (*on == kind && set.get(property).is_some_and(|value| value == refused))
            .then(|| format!("{property} may not be {refused} now"))
    }

    /// The living record that an id leads to.
    #[must_use]
    pub fn living(&self, kind: ObjectKind, id: &str) -> Option<Place> {
        let place = self.survivor(kind, id)?;
        self.rows.get(&place).filter(|row| !row.archived && !row.hidden)?;
        Some(place)
    }

    /// What a read shows of a record; `stale` is how old the answer may be.
    #[must_use]
    pub fn show(&self, place: &Place, stale: Option<Instant>) -> Option<Record> {
        let row = self.rows.get(place)?;
        let (mut values, mut updated) = (row.values.clone(), row.updated);
        if let Some(at) = stale
            && let Some(old) = row.before.iter().position(|(until, _)| *until > at)
            && let Some((_, was)) = row.before.get(old)
        {
            values.clone_from(was);
            // A copy that lags has the time of what it shows.
            updated = old.checked_sub(1).and_then(|one| row.before.get(one)).map_or(at, |(began, _)| *began);
        }
        Some(Record {
            kind: place.0,
            id: place.1.clone(),
            properties: values,
            updated_at: Some(self.rules.told(updated)),
            archived: row.archived,
            merged: if self.rules.tells_merged { row.merged.clone() } else { Vec::new() },
            links: Some(row.links.iter().cloned().collect()),
        })
    }

    /// Two records become one: the loser's id leads to the survivor from now on.
    pub fn merge(&mut self, kind: ObjectKind, loser: &str, survivor: &str) {
        let (from, to) = ((kind, loser.to_owned()), (kind, survivor.to_owned()));
        let Some(mut gone) = self.rows.remove(&from) else { return };
        if let Some(row) = self.rows.get_mut(&to) {
            row.merged.push(loser.to_owned());
            row.merged.append(&mut gone.merged);
            row.links.append(&mut gone.links);
            gone.merged_into = Some(survivor.to_owned());
        }
        self.rows.insert(from, gone);
        for row in self.rows.values_mut() {
            let moved: Vec<Link> =
                row.links.iter().filter(|link| link.to == kind && link.id == loser).cloned().collect();
            for link in moved {
                row.links.remove(&link);
                row.links.insert(Link { id: survivor.to_owned(), ..link });
            }
        }
        self.touch(&to);
    }

    /// The CRM's own entries of a mark, across all records.
    #[must_use]
    pub fn applied(&self, op: &str) -> Vec<&Entry> {
        self.ledger
            .iter()
            .filter(|entry| {
                entry.mark.as_deref().is_some_and(|mark| mark.split_once('#').is_some_and(|(id, _)| id == op))
            })
            .collect()
    }
}
