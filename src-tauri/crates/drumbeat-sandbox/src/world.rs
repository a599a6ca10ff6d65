//! The CRM's state: object types, records, their values, history and links.
//!
//! The hard idea: a record is a short sorted list of (interned name, value), and ids of one type are dense, so that a page of a
//! hundred records is a walk over a vector and not a hundred look-ups. Only values that were ever changed carry a history; all
//! others have exactly one version, from the record's creation.
//! Callers rely on: ids only grow, links exist on both sides or on none, `updated` is never later than the clock.
//! It does not check what a vendor would refuse; `check.rs` does, before anything here is called.

use std::collections::HashMap;

use crate::clock::Millis;
use crate::ledger::LedgerEntry;
use crate::schema::{LinkType, Owner, Pipeline, Property, PropertyGroup};

pub(crate) type Sym = u32;
pub(crate) type KindIx = u16;

/// Property names, each stored once.
#[derive(Debug, Default)]
pub(crate) struct Names {
    list: Vec<Box<str>>,
    by_name: HashMap<Box<str>, Sym>,
}

impl Names {
    pub(crate) fn intern(&mut self, name: &str) -> Sym {
        if let Some(sym) = self.by_name.get(name) {
            return *sym;
        }
        let sym = self.list.len() as Sym;
        self.list.push(name.into());
        self.by_name.insert(name.into(), sym);
        sym
    }

    pub(crate) fn find(&self, name: &str) -> Option<Sym> {
        self.by_name.get(name).copied()
    }

    pub(crate) fn text(&self, sym: Sym) -> &str {
        &self.list[sym as usize]
    }
}

/// Who changed a value, as property history tells it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Source {
    pub(crate) kind: &'static str,
    pub(crate) id: Box<str>,
    pub(crate) user: Option<u64>,
}

impl Source {
    pub(crate) fn import() -> Self {
        Source { kind: "IMPORT", id: "initial-import".into(), user: None }
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Version {
    pub(crate) value: Box<str>,
    pub(crate) at: Millis,
    pub(crate) source: Source,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Link {
    pub(crate) kind: KindIx,
    pub(crate) to: u64,
    pub(crate) label: u32,
}

#[derive(Debug, Clone)]
pub(crate) struct Record {
    pub(crate) id: u64,
    pub(crate) created: Millis,
    pub(crate) updated: Millis,
    pub(crate) archived: Option<Millis>,
    /// The record that swallowed this one.
    pub(crate) merged_into: Option<u64>,
    values: Vec<(Sym, Box<str>)>,
    /// Newest first, only for values that changed after creation; never deeper than `HISTORY_DEPTH`.
    history: Vec<(Sym, Vec<Version>)>,
    /// Who made the record; `None` is the import every account starts with.
    pub(crate) maker: Option<Box<Source>>,
    pub(crate) links: Vec<Link>,
}

/// HubSpot keeps about twenty values of a deal property.
pub(crate) const HISTORY_DEPTH: usize = 20;

impl Record {
    pub(crate) fn new(id: u64, created: Millis, updated: Millis, mut values: Vec<(Sym, Box<str>)>) -> Self {
        values.retain(|(_, v)| !v.is_empty());
        values.sort_by_key(|(s, _)| *s);
        values.dedup_by(|later, kept| {
            // Two values for one name: the later one counts.
            let same = later.0 == kept.0;
            if same {
                std::mem::swap(&mut later.1, &mut kept.1);
            }
            same
        });
        Record { id, created, updated, archived: None, merged_into: None, values, history: Vec::new(), maker: None, links: Vec::new() }
    }

    pub(crate) fn get(&self, sym: Sym) -> Option<&str> {
        self.values.binary_search_by_key(&sym, |(s, _)| *s).ok().map(|i| &*self.values[i].1)
    }

    pub(crate) fn values(&self) -> &[(Sym, Box<str>)] {
        &self.values
    }

    /// Sets or (with an empty value) clears a value and records the version. False when nothing changed.
    pub(crate) fn set(&mut self, sym: Sym, value: &str, at: Millis, source: &Source) -> bool {
        let place = self.values.binary_search_by_key(&sym, |(s, _)| *s);
        let before = place.ok().map(|i| &*self.values[i].1).unwrap_or_default();
        if before == value {
            return false;
        }
        let first = self.first_version(sym);
        let i = match self.history.iter().position(|(s, _)| *s == sym) {
            Some(i) => i,
            None => {
                self.history.push((sym, first.into_iter().collect()));
                self.history.len() - 1
            }
        };
        let versions = &mut self.history[i].1;
        versions.insert(0, Version { value: value.into(), at, source: source.clone() });
        versions.truncate(HISTORY_DEPTH);
        match (place, value.is_empty()) {
            (Ok(i), true) => {
                self.values.remove(i);
            }
            (Ok(i), false) => self.values[i].1 = value.into(),
            (Err(_), true) => {}
            (Err(i), false) => self.values.insert(i, (sym, value.into())),
        }
        self.updated = self.updated.max(at);
        true
    }

    fn first_version(&self, sym: Sym) -> Option<Version> {
        let value = self.get(sym)?;
        let source = self.maker.as_deref().cloned().unwrap_or_else(Source::import);
        Some(Version { value: value.into(), at: self.created, source })
    }

    /// All kept versions of a value, newest first.
    pub(crate) fn versions(&self, sym: Sym) -> Vec<Version> {
        match self.history.iter().find(|(s, _)| *s == sym) {
            Some((_, versions)) => versions.clone(),
            None => self.first_version(sym).into_iter().collect(),
        }
    }

    /// Gives a value a past, for generated data; `past` is newest first and its head is the current value.
    pub(crate) fn set_past(&mut self, sym: Sym, past: Vec<Version>) {
        self.history.retain(|(s, _)| *s != sym);
        self.history.push((sym, past));
    }

    /// The value as it was at `at`, for a search index that lags.
    pub(crate) fn value_at(&self, sym: Sym, at: Millis) -> Option<&str> {
        match self.history.iter().find(|(s, _)| *s == sym) {
            Some((_, versions)) => versions.iter().find(|v| v.at <= at).map(|v| &*v.value).filter(|v| !v.is_empty()),
            None => self.get(sym),
        }
    }

    /// The newest modification not later than `at`.
    pub(crate) fn updated_at(&self, at: Millis) -> Millis {
        if self.updated <= at {
            return self.updated;
        }
        let stamps = self.history.iter().flat_map(|(_, v)| v.iter().map(|v| v.at)).filter(|t| *t <= at);
        stamps.max().unwrap_or(self.created)
    }
}

/// One object type with all its records.
#[derive(Debug)]
pub(crate) struct Kind {
    /// As it stands in paths: `deals`, `partner_registration`.
    pub(crate) path: String,
    pub(crate) singular: String,
    pub(crate) type_id: String,
    pub(crate) qualified: String,
    pub(crate) custom: bool,
    pub(crate) labels: (String, String),
    pub(crate) primary_display: String,
    pub(crate) required: Vec<String>,
    pub(crate) searchable: Vec<String>,
    pub(crate) defaults: Vec<String>,
    pub(crate) modified_name: &'static str,
    pub(crate) created_name: &'static str,
    pub(crate) created: Millis,
    pub(crate) archived: bool,
    pub(crate) properties: Vec<Property>,
    pub(crate) by_sym: HashMap<Sym, usize>,
    pub(crate) groups: Vec<PropertyGroup>,
    pub(crate) pipelines: Vec<Pipeline>,
    base: u64,
    pub(crate) records: Vec<Record>,
    pub(crate) uniques: HashMap<Sym, HashMap<String, u64>>,
}

impl Kind {
    pub(crate) fn new(path: &str, singular: &str, type_id: &str, qualified: &str, labels: (&str, &str), base: u64) -> Self {
        Kind {
            path: path.into(),
            singular: singular.into(),
            type_id: type_id.into(),
            qualified: qualified.into(),
            custom: type_id.starts_with("2-"),
            labels: (labels.0.into(), labels.1.into()),
            primary_display: String::new(),
            required: Vec::new(),
            searchable: Vec::new(),
            defaults: Vec::new(),
            modified_name: "hs_lastmodifieddate",
            created_name: "hs_createdate",
            created: 0,
            archived: false,
            properties: Vec::new(),
            by_sym: HashMap::new(),
            groups: Vec::new(),
            pipelines: Vec::new(),
            base,
            records: Vec::new(),
            uniques: HashMap::new(),
        }
    }

    pub(crate) fn next_id(&self) -> u64 {
        self.base + self.records.len() as u64
    }

    fn place(&self, id: u64) -> Option<usize> {
        id.checked_sub(self.base).map(|i| i as usize).filter(|i| *i < self.records.len())
    }

    /// The place of the first record after the given id, for paging.
    pub(crate) fn after(&self, id: u64) -> usize {
        (id.saturating_add(1).saturating_sub(self.base) as usize).min(self.records.len())
    }

    /// The record with this very id, whatever its state.
    pub(crate) fn exact(&self, id: u64) -> Option<&Record> {
        self.place(id).map(|i| &self.records[i])
    }

    pub(crate) fn exact_mut(&mut self, id: u64) -> Option<&mut Record> {
        self.place(id).map(|i| &mut self.records[i])
    }

    /// The record that answers for this id: itself, or the one it was merged into.
    pub(crate) fn survivor(&self, id: u64) -> Option<&Record> {
        let mut record = self.exact(id)?;
        while let Some(next) = record.merged_into {
            record = self.exact(next)?;
        }
        Some(record)
    }

    pub(crate) fn property(&self, sym: Sym) -> Option<&Property> {
        self.by_sym.get(&sym).map(|i| &self.properties[*i])
    }

    /// Does the name in a path mean this type?
    pub(crate) fn answers_to(&self, name: &str) -> bool {
        name.eq_ignore_ascii_case(&self.path)
            || name.eq_ignore_ascii_case(&self.singular)
            || name == self.type_id
            || name.eq_ignore_ascii_case(&self.qualified)
    }
}

/// A stored upload.
#[derive(Debug, Clone)]
pub(crate) struct StoredFile {
    pub(crate) id: u64,
    pub(crate) name: String,
    pub(crate) folder: String,
    pub(crate) media: String,
    pub(crate) bytes: Vec<u8>,
    pub(crate) created: Millis,
    pub(crate) archived: bool,
}

/// Everything the CRM knows.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) names: Names,
    pub(crate) kinds: Vec<Kind>,
    pub(crate) owners: Vec<Owner>,
    pub(crate) link_types: Vec<LinkType>,
    pub(crate) ledger: Vec<LedgerEntry>,
    pub(crate) files: Vec<StoredFile>,
    pub(crate) portal: u64,
    pub(crate) origin: String,
    /// How long the search index takes to notice a change.
    pub(crate) index_lag: Millis,
    /// Names that may not be written just now, and what the vendor says about it.
    pub(crate) next_type: u64,
}

impl World {
    pub(crate) fn empty() -> Self {
        World {
            names: Names::default(),
            kinds: Vec::new(),
            owners: Vec::new(),
            link_types: Vec::new(),
            ledger: Vec::new(),
            files: Vec::new(),
            portal: 4242,
            origin: String::new(),
            index_lag: 0,
            next_type: 1001,
        }
    }

    pub(crate) fn kind_ix(&self, name: &str) -> Option<KindIx> {
        self.kinds.iter().position(|k| !k.archived && k.answers_to(name)).map(|i| i as KindIx)
    }

    pub(crate) fn kind(&self, ix: KindIx) -> &Kind {
        &self.kinds[ix as usize]
    }

    pub(crate) fn kind_mut(&mut self, ix: KindIx) -> &mut Kind {
        &mut self.kinds[ix as usize]
    }

    /// Adds a record as it is; unique values are indexed.
    pub(crate) fn insert(&mut self, kind: KindIx, record: Record) -> u64 {
        let id = record.id;
        let k = &mut self.kinds[kind as usize];
        for (sym, index) in &mut k.uniques {
            if let Some(v) = record.get(*sym) {
                index.insert(v.to_lowercase(), id);
            }
        }
        k.records.push(record);
        id
    }

    /// Makes a record at its next id.
    pub(crate) fn make(&mut self, kind: KindIx, created: Millis, updated: Millis, values: Vec<(Sym, Box<str>)>) -> u64 {
        let id = self.kind(kind).next_id();
        self.insert(kind, Record::new(id, created, updated, values))
    }

    /// The type of the opposite direction.
    pub(crate) fn inverse(&self, label: u32) -> Option<&LinkType> {
        let of = self.link_types.iter().find(|t| t.id == label)?;
        self.link_types.iter().find(|t| t.id == of.inverse)
    }

    /// Links two records on both sides. False when they were already linked so.
    pub(crate) fn link(&mut self, from: (KindIx, u64), to: (KindIx, u64), label: u32) -> bool {
        let Some(back) = self.inverse(label).map(|t| t.id) else { return false };
        self.link_both(from, to, label, back)
    }

    /// Links two records when both directions' types are known, without looking them up.
    pub(crate) fn link_both(&mut self, from: (KindIx, u64), to: (KindIx, u64), label: u32, back: u32) -> bool {
        let one = Link { kind: to.0, to: to.1, label };
        let Some(record) = self.kinds[from.0 as usize].exact_mut(from.1) else { return false };
        if record.links.contains(&one) {
            return false;
        }
        record.links.push(one);
        if let Some(record) = self.kinds[to.0 as usize].exact_mut(to.1) {
            record.links.push(Link { kind: from.0, to: from.1, label: back });
        }
        true
    }

    /// Removes links between two records: those with the label, or all of them. Returns whether there was one.
    pub(crate) fn unlink(&mut self, from: (KindIx, u64), to: (KindIx, u64), label: Option<u32>) -> bool {
        let back = label.and_then(|l| self.inverse(l)).map(|t| t.id);
        let mut found = false;
        if let Some(record) = self.kinds[from.0 as usize].exact_mut(from.1) {
            let before = record.links.len();
            record.links.retain(|l| !(l.kind == to.0 && l.to == to.1 && label.is_none_or(|w| w == l.label)));
            found = record.links.len() < before;
        }
        if let Some(record) = self.kinds[to.0 as usize].exact_mut(to.1) {
            record.links.retain(|l| !(l.kind == from.0 && l.to == from.1 && (label.is_none() || back == Some(l.label))));
        }
        found
    }

    pub(crate) fn sym(&mut self, name: &str) -> Sym {
        self.names.intern(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source() -> Source {
        Source { kind: "API", id: "1".into(), user: None }
    }

    #[test]
    fn history_is_newest_first_and_twenty_deep() {
        let mut r = Record::new(1, 1000, 1000, vec![(3, "0".into())]);
        for i in 1..=30 {
            assert!(r.set(3, &i.to_string(), 1000 + i, &source()));
        }
        let versions = r.versions(3);
        assert_eq!(versions.len(), HISTORY_DEPTH);
        assert_eq!(&*versions[0].value, "30");
        assert!(versions.windows(2).all(|w| w[0].at > w[1].at));
        assert_eq!(r.updated, 1030);
    }

    #[test]
    fn the_same_value_again_is_no_change() {
        let mut r = Record::new(1, 0, 0, vec![(3, "a".into())]);
        assert!(!r.set(3, "a", 5, &source()));
        assert_eq!((r.updated, r.versions(3).len()), (0, 1));
    }

    #[test]
    fn a_lagging_index_sees_the_value_of_its_moment() {
        let mut r = Record::new(1, 100, 100, vec![(3, "old".into())]);
        r.set(3, "new", 200, &source());
        assert_eq!(r.value_at(3, 150), Some("old"));
        assert_eq!(r.value_at(3, 200), Some("new"));
        assert_eq!(r.updated_at(150), 100);
    }
}
