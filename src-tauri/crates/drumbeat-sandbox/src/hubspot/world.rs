//! The CRM's state: object types, records, their values, history and links.
//!
//! The hard idea: ids of one type are dense and only grow, so that a page of a hundred records is a walk over a vector and not
//! a hundred look-ups, and a merged or archived record keeps its place.
//! Callers rely on: ids only grow, links exist on both sides or on none, `updated` is never later than the clock.
//! It does not check what a vendor would refuse; `objects/check.rs` does, before anything here is called.

use std::collections::HashMap;

use crate::clock::Millis;
pub(crate) use crate::hubspot::record::{Link, Record, Source, Version};
use crate::hubspot::schema::{LinkType, Owner, Pipeline, Property, PropertyGroup};
use crate::ledger::LedgerEntry;

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
    pub(crate) fn new(
        path: &str,
        singular: &str,
        type_id: &str,
        qualified: &str,
        labels: (&str, &str),
        base: u64,
    ) -> Self {
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
    /// Forms as they were sent, with what is added to them.
    pub(crate) forms: Vec<serde_json::Value>,
    pub(crate) portal: u64,
    pub(crate) origin: String,
    /// How long the search index takes to notice a change.
    pub(crate) index_lag: Millis,
    /// The number of the next custom object type.
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
            forms: Vec::new(),
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
            record
                .links
                .retain(|l| !(l.kind == from.0 && l.to == from.1 && (label.is_none() || back == Some(l.label))));
        }
        found
    }

    pub(crate) fn sym(&mut self, name: &str) -> Sym {
        self.names.intern(name)
    }
}
