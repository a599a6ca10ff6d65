//! The org's state: objects, rows, and the ways to find rows without walking over all of them.
//!
//! The hard idea: rows stand in the order of their ids, so that an id is found by halving and a page of a first sync is a walk;
//! a second order by time of change serves polls, and rows are found by what they refer to where the vendor has a child list.
//! Callers rely on: every way to find a row is kept true by `insert`, `set` and `delete`, and by nothing else.
//! It does not check what the vendor would refuse; `check` does, before anything here is called.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::RangeInclusive;

use crate::clock::Millis;
use crate::json::time_text;
use crate::ledger::LedgerEntry;
use crate::salesforce::id::Id;
use crate::salesforce::schema::{Field, Held, Type};

pub(crate) type ObjectIx = u16;
pub(crate) type FieldIx = u16;
pub(crate) type RowIx = u32;

/// One record. Values are texts as the API shows them, times ending in `Z`.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) id: Id,
    pub(crate) created: Millis,
    pub(crate) modified: Millis,
    pub(crate) stamp: Millis,
    pub(crate) creator: RowIx,
    pub(crate) modifier: RowIx,
    pub(crate) deleted: Option<Millis>,
    cells: Vec<(FieldIx, Box<str>)>,
}

impl Row {
    pub(crate) fn get(&self, field: FieldIx) -> Option<&str> {
        self.cells.binary_search_by_key(&field, |c| c.0).ok().map(|i| &*self.cells[i].1)
    }

    fn put(&mut self, field: FieldIx, value: Option<&str>) {
        match (self.cells.binary_search_by_key(&field, |c| c.0), value) {
            (Ok(i), Some(v)) => self.cells[i].1 = v.into(),
            (Ok(i), None) => drop(self.cells.remove(i)),
            (Err(i), Some(v)) => self.cells.insert(i, (field, v.into())),
            (Err(_), None) => {}
        }
    }
}

/// A record type, and which choices of a picklist it leaves.
#[derive(Debug, Clone)]
pub(crate) struct RecordType {
    pub(crate) id: Id,
    pub(crate) name: String,
    pub(crate) developer: String,
    pub(crate) active: bool,
    pub(crate) picklists: Vec<(String, Vec<String>)>,
}

#[derive(Debug)]
pub(crate) struct Object {
    pub(crate) name: String,
    pub(crate) prefix: String,
    pub(crate) label: String,
    pub(crate) plural: String,
    pub(crate) custom: bool,
    pub(crate) fields: Vec<Field>,
    by_field: HashMap<String, FieldIx>,
    pub(crate) rows: Vec<Row>,
    pub(crate) record_types: Vec<RecordType>,
    /// Lower-case value to row, of fields that are unique or an external id.
    uniques: HashMap<FieldIx, HashMap<String, RowIx>>,
    referrers: HashMap<FieldIx, BTreeMap<Id, Vec<RowIx>>>,
    pub(crate) stamps: BTreeSet<(Millis, RowIx)>,
    numbers: u64,
    /// Rows as they were before each change since `begin`; none for a row that was not there.
    log: Option<Vec<(RowIx, Option<Row>)>>,
}

/// Times are kept to the second, as the vendor keeps them.
pub(crate) fn second(at: Millis) -> Millis {
    at.div_euclid(1000) * 1000
}

impl Object {
    pub(crate) fn new(name: &str, prefix: &str, label: &str, plural: &str) -> Self {
        Object {
            name: name.into(),
            prefix: prefix.into(),
            label: label.into(),
            plural: plural.into(),
            custom: name.ends_with("__c"),
            fields: Vec::new(),
            by_field: HashMap::new(),
            rows: Vec::new(),
            record_types: Vec::new(),
            uniques: HashMap::new(),
            referrers: HashMap::new(),
            stamps: BTreeSet::new(),
            numbers: 0,
            log: None,
        }
    }

    pub(crate) fn add(&mut self, field: Field) {
        let ix = self.fields.len() as FieldIx;
        if field.unique || field.external {
            self.uniques.insert(ix, HashMap::new());
        }
        if field.indexed {
            self.referrers.insert(ix, BTreeMap::new());
        }
        self.by_field.insert(field.name.to_ascii_lowercase(), ix);
        self.by_field.insert(field.name.clone(), ix);
        self.fields.push(field);
    }

    /// Takes a field away: its values stay where nobody can ask for them.
    pub(crate) fn hide(&mut self, field: FieldIx) {
        self.by_field.retain(|_, ix| *ix != field);
        let f = &mut self.fields[field as usize];
        (f.createable, f.updateable, f.filterable) = (false, false, false);
        f.gone = true;
    }

    pub(crate) fn field_ix(&self, name: &str) -> Option<FieldIx> {
        match self.by_field.get(name) {
            Some(ix) => Some(*ix),
            None => self.by_field.get(&name.to_ascii_lowercase()).copied(),
        }
    }

    pub(crate) fn field(&self, ix: FieldIx) -> &Field {
        &self.fields[ix as usize]
    }

    pub(crate) fn field_mut(&mut self, name: &str) -> Option<&mut Field> {
        let ix = self.field_ix(name)?;
        self.fields.get_mut(ix as usize)
    }

    /// The id that the next row gets.
    pub(crate) fn next_id(&self) -> Id {
        Id::new(&self.prefix, self.numbers)
    }

    pub(crate) fn row_ix(&self, id: Id) -> Option<RowIx> {
        self.rows.binary_search_by_key(&id, |r| r.id).ok().map(|i| i as RowIx)
    }

    pub(crate) fn row(&self, ix: RowIx) -> &Row {
        &self.rows[ix as usize]
    }

    /// A row's value as text; `None` is null.
    pub(crate) fn value<'a>(&'a self, org: &'a Org, row: RowIx, field: FieldIx) -> Option<Cow<'a, str>> {
        let r = &self.rows[row as usize];
        let of = &self.fields[field as usize];
        Some(match of.held {
            // A checkbox is never null.
            Held::Cell if of.of == Type::Boolean => Cow::Borrowed(r.get(field).unwrap_or("false")),
            Held::Cell => Cow::Borrowed(r.get(field)?),
            Held::Id => r.id.text().into(),
            Held::Deleted => if r.deleted.is_some() { "true" } else { "false" }.into(),
            Held::Created => time_text(r.created).into(),
            Held::Modified => time_text(r.modified).into(),
            Held::Stamp => time_text(r.stamp).into(),
            Held::Creator => org.user_id(r.creator)?.text().into(),
            Held::Modifier => org.user_id(r.modifier)?.text().into(),
        })
    }

    /// The row that holds a unique value.
    pub(crate) fn holder(&self, field: FieldIx, value: &str) -> Option<RowIx> {
        self.uniques.get(&field)?.get(&value.to_lowercase()).copied()
    }

    /// Is a field's value found without a walk, since no two rows share it?
    pub(crate) fn has_uniques(&self, field: FieldIx) -> bool {
        self.uniques.contains_key(&field)
    }

    /// The rows that refer to a record, where such are found without a walk.
    pub(crate) fn referrers(&self, field: FieldIx, to: Id) -> Option<&[RowIx]> {
        self.referrers.get(&field).map(|all| all.get(&to).map_or(&[][..], Vec::as_slice))
    }

    /// The same for every record from the first to the last of a span of ids.
    pub(crate) fn referrers_among(&self, field: FieldIx, span: RangeInclusive<Id>) -> Option<Vec<RowIx>> {
        let all = self.referrers.get(&field)?;
        let mut rows: Vec<RowIx> = all.range(span).flat_map(|(_, rows)| rows).copied().collect();
        rows.sort_unstable();
        Some(rows)
    }

    fn index(&mut self, row: RowIx, field: FieldIx, value: &str, add: bool) {
        if let Some(all) = self.uniques.get_mut(&field) {
            let key = value.to_lowercase();
            if add {
                all.insert(key, row);
            } else if all.get(&key) == Some(&row) {
                all.remove(&key);
            }
        }
        if let (Some(all), Some(to)) = (self.referrers.get_mut(&field), Id::parse(value)) {
            let list = all.entry(to).or_default();
            match (list.binary_search(&row), add) {
                (Err(i), true) => list.insert(i, row),
                (Ok(i), false) => drop(list.remove(i)),
                _ => {}
            }
        }
    }

    /// Adds a row under an id that is not before those that are there, or under the next one.
    pub(crate) fn insert(
        &mut self,
        id: Option<Id>,
        times: (Millis, Millis),
        by: RowIx,
        mut cells: Vec<(FieldIx, Box<str>)>,
    ) -> Id {
        let id = id.unwrap_or_else(|| {
            self.numbers += 1;
            Id::new(&self.prefix, self.numbers - 1)
        });
        let ix = self.rows.len() as RowIx;
        self.remember(ix);
        cells.retain(|c| !c.1.is_empty());
        cells.sort_by_key(|c| c.0);
        cells.dedup_by(|later, kept| {
            let twice = later.0 == kept.0;
            if twice {
                std::mem::swap(&mut later.1, &mut kept.1);
            }
            twice
        });
        for (field, value) in &cells {
            self.index(ix, *field, value, true);
        }
        let (created, modified) = (second(times.0), second(times.1));
        self.stamps.insert((modified, ix));
        self.rows.push(Row { id, created, modified, stamp: modified, creator: by, modifier: by, deleted: None, cells });
        id
    }

    /// Sets values of a row without a word about when.
    pub(crate) fn set(&mut self, row: RowIx, values: &[(FieldIx, Option<String>)]) {
        self.remember(row);
        for (field, value) in values {
            if let Some(old) = self.rows[row as usize].get(*field).map(str::to_owned) {
                self.index(row, *field, &old, false);
            }
            if let Some(new) = value {
                self.index(row, *field, new, true);
            }
            self.rows[row as usize].put(*field, value.as_deref());
        }
    }

    /// Says that a row was changed; the system's own changes leave the date of the last change by a person.
    pub(crate) fn touch(&mut self, row: RowIx, at: Millis, by: Option<RowIx>) {
        self.remember(row);
        let at = second(at);
        let r = &mut self.rows[row as usize];
        self.stamps.remove(&(r.stamp, row));
        r.stamp = at;
        if let Some(by) = by {
            (r.modified, r.modifier) = (at, by);
        }
        self.stamps.insert((at, row));
    }

    /// Puts a row into the bin: its unique values are free again.
    pub(crate) fn delete(&mut self, row: RowIx, at: Millis, by: RowIx) {
        self.remember(row);
        for (field, value) in &self.rows[row as usize].cells {
            let key = value.to_lowercase();
            if let Some(all) = self.uniques.get_mut(field).filter(|all| all.get(&key) == Some(&row)) {
                all.remove(&key);
            }
        }
        self.rows[row as usize].deleted = Some(second(at));
        self.touch(row, at, Some(by));
    }

    fn remember(&mut self, row: RowIx) {
        if let Some(log) = &mut self.log {
            log.push((row, self.rows.get(row as usize).cloned()));
        }
    }

    /// Takes back everything since `begin`, last change first.
    fn undo(&mut self) {
        for (row, old) in self.log.take().unwrap_or_default().into_iter().rev() {
            let now = self.rows[row as usize].clone();
            self.stamps.remove(&(now.stamp, row));
            for (field, value) in &now.cells {
                self.index(row, *field, value, false);
            }
            let Some(old) = old else {
                self.rows.pop();
                continue;
            };
            self.stamps.insert((old.stamp, row));
            for (field, value) in &old.cells {
                // What is in the bin holds no unique value.
                if old.deleted.is_none() || !self.uniques.contains_key(field) {
                    self.index(row, *field, value, true);
                }
            }
            self.rows[row as usize] = old;
        }
    }

    pub(crate) fn live(&self) -> usize {
        self.rows.iter().filter(|r| r.deleted.is_none()).count()
    }
}

/// Everything one org knows.
#[derive(Debug, Default)]
pub(crate) struct Org {
    pub(crate) objects: Vec<Object>,
    by_name: HashMap<String, ObjectIx>,
    by_prefix: HashMap<[u8; 3], ObjectIx>,
    pub(crate) ledger: Vec<LedgerEntry>,
    pub(crate) url: String,
    /// Grows with each change of objects or fields.
    pub(crate) version: u64,
    /// Length of the ledger where a span began whose changes may be taken back together.
    mark: Option<usize>,
}

impl Org {
    pub(crate) fn add(&mut self, object: Object) {
        let ix = self.objects.len() as ObjectIx;
        self.by_name.insert(object.name.to_ascii_lowercase(), ix);
        if let Ok(prefix) = object.prefix.as_bytes().try_into() {
            self.by_prefix.insert(prefix, ix);
        }
        self.objects.push(object);
    }

    /// From here on changes can be taken back together. Not within another such span: the outer one counts.
    pub(crate) fn begin(&mut self) -> bool {
        if self.mark.is_some() {
            return false;
        }
        self.mark = Some(self.ledger.len());
        for object in &mut self.objects {
            object.log = Some(Vec::new());
        }
        true
    }

    /// Ends the span, and takes everything in it back where `undo` says so.
    pub(crate) fn end(&mut self, undo: bool) {
        let Some(mark) = self.mark.take() else { return };
        if undo {
            self.ledger.truncate(mark);
        }
        for object in &mut self.objects {
            if undo {
                object.undo();
            }
            object.log = None;
        }
    }

    pub(crate) fn ix(&self, name: &str) -> Option<ObjectIx> {
        match self.by_name.get(name) {
            Some(ix) => Some(*ix),
            None => self.by_name.get(&name.to_ascii_lowercase()).copied(),
        }
    }

    pub(crate) fn of_id(&self, id: Id) -> Option<ObjectIx> {
        self.by_prefix.get(id.prefix()).copied()
    }

    pub(crate) fn at(&self, ix: ObjectIx) -> &Object {
        &self.objects[ix as usize]
    }

    pub(crate) fn at_mut(&mut self, ix: ObjectIx) -> &mut Object {
        &mut self.objects[ix as usize]
    }

    pub(crate) fn object(&self, name: &str) -> Option<&Object> {
        self.ix(name).map(|ix| self.at(ix))
    }

    pub(crate) fn object_mut(&mut self, name: &str) -> Option<&mut Object> {
        self.ix(name).map(|ix| &mut self.objects[ix as usize])
    }

    /// Where a record of any object stands.
    pub(crate) fn find(&self, id: Id) -> Option<(ObjectIx, RowIx)> {
        let object = self.of_id(id)?;
        Some((object, self.at(object).row_ix(id)?))
    }

    /// Everything that refers to a record: object, field, rows.
    pub(crate) fn pointing_at(&self, to: ObjectIx, id: Id) -> Vec<(ObjectIx, FieldIx, Vec<RowIx>)> {
        let mut out = Vec::new();
        for (o, object) in self.objects.iter().enumerate() {
            for (f, field) in object.fields.iter().enumerate().filter(|(_, f)| f.refers.contains(&self.at(to).name)) {
                let field_ix = f as FieldIx;
                let walk = || -> Vec<RowIx> {
                    let text = id.text();
                    let same = |r: &RowIx| object.row(*r).get(field_ix) == Some(text.as_str());
                    (0..object.rows.len() as RowIx).filter(same).collect()
                };
                let rows = match object.referrers(field_ix, id) {
                    _ if field.held != Held::Cell => continue,
                    Some(rows) => rows.to_vec(),
                    None => walk(),
                };
                out.push((o as ObjectIx, field_ix, rows));
            }
        }
        out
    }

    pub(crate) fn user_id(&self, row: RowIx) -> Option<Id> {
        self.object("User")?.rows.get(row as usize).map(|r| r.id)
    }

    /// A value by names, for rules that know what they look for.
    pub(crate) fn text(&self, object: ObjectIx, row: RowIx, field: &str) -> Option<Cow<'_, str>> {
        let o = self.at(object);
        o.value(self, row, o.field_ix(field)?)
    }
}
