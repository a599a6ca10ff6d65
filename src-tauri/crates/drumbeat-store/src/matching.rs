//! The index that finds a company under any spelling: kept with each change, asked through the matcher's own trait.
//!
//! The one hard idea: changes of terms are gathered while a transaction runs and put in order of the terms before
//! it ends, each list read and written once; a record whose name, place and domain stay costs nothing. The first
//! scan of a kind builds the lists at its end instead, in batches of bounded memory. Callers rely on a kept index
//! answering as a rebuilt one. A file that comes from an older format has no index; its first write makes it.
//! What a match is worth is the matcher's to say.

use std::collections::{BTreeMap, BTreeSet};

use drumbeat_match::index::{Id, TOO_COMMON, terms};
use drumbeat_match::weights::LOOK;
use drumbeat_match::{Evidence, Index, Level, Profile, Record, Term};
use drumbeat_model::crm::ObjectKind;
use rusqlite::{OptionalExtension, params};

use crate::error::StoreError;
use crate::open::Result;
use crate::reader::Reader;
use crate::writer::Writer;

/// The term that counts the records.
const ALL: i64 = 0;
/// So many pairs of term and record are put in order at once while an index is built.
const BATCH: usize = 2_000_000;
/// At most so many matches are answered.
const MOST: usize = 10;

/// What is filed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Filed {
    /// Companies.
    Accounts,
    /// Registrations, by the company that they claim.
    Claims,
}

impl Filed {
    fn lists(self) -> &'static str {
        match self {
            Self::Accounts => "match_account",
            Self::Claims => "match_claim",
        }
    }
    fn rows(self) -> &'static str {
        match self {
            Self::Accounts => "SELECT row, name, country, city, domain_key, id FROM company",
            Self::Claims => "SELECT row, company, NULL, NULL, domain_key, id FROM registration",
        }
    }
    fn kind(self) -> ObjectKind {
        match self {
            Self::Accounts => ObjectKind::Company,
            Self::Claims => ObjectKind::Registration,
        }
    }
    fn of(kind: ObjectKind) -> Option<Self> {
        [Self::Accounts, Self::Claims].into_iter().find(|filed| filed.kind() == kind)
    }
}

/// Terms that change with this transaction: which rows come and which go.
pub(crate) type Changes = BTreeMap<(Filed, i64), BTreeMap<Id, bool>>;

/// What of a row is filed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    row: Id,
    name: String,
    country: Option<String>,
    city: Option<String>,
    domain: Option<String>,
    id: String,
}

impl Line {
    fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            row: row.get(0)?,
            name: row.get(1)?,
            country: row.get(2)?,
            city: row.get(3)?,
            domain: row.get(4)?,
            id: row.get(5)?,
        })
    }

    fn profile(&self) -> Profile {
        Profile::of(&Record {
            name: &self.name,
            country: self.country.as_deref(),
            city: self.city.as_deref(),
            domain: self.domain.as_deref(),
            ..Record::default()
        })
    }
}

/// A record that is probably the company asked about.
#[derive(Debug, Clone)]
pub struct Alike {
    /// Which.
    pub id: String,
    /// Its name.
    pub name: String,
    /// How probably.
    pub probability: f32,
    /// What that rests on.
    pub evidence: Evidence,
}

/// The index over one kind of record.
struct Lists<'r, 'c> {
    reader: &'r Reader<'c>,
    filed: Filed,
}

impl Lists<'_, '_> {
    fn list(&self, term: i64) -> Result<Option<(i64, Option<Vec<u8>>)>> {
        let sql = match self.filed {
            Filed::Accounts => "SELECT count, ids FROM match_account WHERE term = ?1",
            Filed::Claims => "SELECT count, ids FROM match_claim WHERE term = ?1",
        };
        let mut statement = self.reader.connection.prepare_cached(sql)?;
        Ok(statement.query_row([term], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
    }
}

impl Index for Lists<'_, '_> {
    type Error = StoreError;

    fn records(&self) -> Result<u64> {
        Ok(self.list(ALL)?.map_or(0, |(count, _)| count.unsigned_abs()))
    }

    fn frequency(&self, term: Term) -> Result<u64> {
        let sql = match self.filed {
            Filed::Accounts => "SELECT count FROM match_account WHERE term = ?1",
            Filed::Claims => "SELECT count FROM match_claim WHERE term = ?1",
        };
        let mut statement = self.reader.connection.prepare_cached(sql)?;
        let count: Option<i64> = statement.query_row([term.0], |row| row.get(0)).optional()?;
        Ok(count.map_or(0, i64::unsigned_abs))
    }

    fn postings(&self, term: Term) -> Result<(u64, Option<Vec<Id>>)> {
        let Some((count, ids)) = self.list(term.0)? else { return Ok((0, Some(Vec::new()))) };
        let short = usize::try_from(count).is_ok_and(|count| count <= TOO_COMMON);
        Ok((count.unsigned_abs(), ids.filter(|_| short).map(|ids| unpack(&ids))))
    }

    fn profile(&self, id: Id) -> Result<Option<Profile>> {
        Ok(self.reader.line(self.filed, "row", &id)?.map(|line| line.profile()))
    }
}

/// Ascending numbers as distances, seven bits a byte.
fn pack(ids: &[Id]) -> Vec<u8> {
    let mut out = Vec::with_capacity(ids.len() * 2);
    let mut before = 0;
    for id in ids {
        let mut rest = id - before;
        before = *id;
        while rest >= 0x80 {
            out.push((rest & 0x7f) as u8 | 0x80);
            rest >>= 7;
        }
        out.push(rest as u8);
    }
    out
}

fn unpack(bytes: &[u8]) -> Vec<Id> {
    let mut ids = Vec::with_capacity(bytes.len());
    let (mut last, mut value, mut shift) = (0_u32, 0_u32, 0_u32);
    for byte in bytes {
        value |= u32::from(byte & 0x7f).checked_shl(shift).unwrap_or(0);
        shift += 7;
        if byte & 0x80 == 0 {
            last = last.wrapping_add(value);
            ids.push(last);
            (value, shift) = (0, 0);
        }
    }
    ids
}

impl Reader<'_> {
    fn line(&self, filed: Filed, column: &str, key: &dyn rusqlite::ToSql) -> Result<Option<Line>> {
        let mut statement = self.connection.prepare_cached(&format!("{} WHERE {column} = ?1", filed.rows()))?;
        Ok(statement.query_row([key], Line::read).optional()?)
    }

    /// How many terms the index of accounts has, and about how many bytes they take on disk.
    ///
    /// # Errors
    /// SQLite.
    pub fn matching_size(&self) -> Result<(i64, i64)> {
        let sql = "SELECT count(*), coalesce(sum(length(ids)), 0) FROM match_account";
        let (terms, lists): (i64, i64) = self.connection.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
        // A row of its own costs its key, its count and three bytes of lengths.
        Ok((terms, lists + 14 * terms))
    }

    /// Records that are probably the company asked about, the most probable first; `but` is left out.
    ///
    /// # Errors
    /// SQLite.
    pub fn alike(&self, filed: Filed, asked: &Profile, but: Option<&str>) -> Result<Vec<Alike>> {
        let lists = Lists { reader: self, filed };
        let found = drumbeat_match::lookup(&lists, asked.clone(), Level::Company)?;
        let mut all = Vec::new();
        for one in found.matches.iter().take_while(|one| one.probability >= LOOK) {
            let Some(line) = self.line(filed, "row", &one.id)?.filter(|line| Some(line.id.as_str()) != but) else {
                continue;
            };
            let evidence = found.evidence(one);
            all.push(Alike { id: line.id, name: line.name, probability: one.probability, evidence });
            if all.len() >= MOST {
                break;
            }
        }
        Ok(all)
    }
}

impl Writer<'_> {
    /// What is filed of a record now; nothing while the lists of its kind are put off.
    pub(crate) fn filed(&self, kind: ObjectKind, id: &str) -> Result<Option<Line>> {
        match Filed::of(kind) {
            Some(filed) if !self.is_bulk(kind)? => self.line(filed, "id", &id),
            Some(_) | None => Ok(None),
        }
    }

    /// Files a record anew after its row has changed or gone; `before` is what was filed.
    pub(crate) fn refile(&self, kind: ObjectKind, id: &str, before: Option<&Line>) -> Result<()> {
        let Some(filed) = Filed::of(kind) else { return Ok(()) };
        if self.is_bulk(kind)? {
            return Ok(());
        }
        let after = self.line(filed, "id", &id)?;
        if before == after.as_ref() {
            return Ok(());
        }
        let of = |line: Option<&Line>| -> BTreeSet<i64> {
            let named = line.map(|line| terms(&line.profile())).unwrap_or_default();
            named.into_iter().map(|term| term.0).chain(line.map(|_| ALL)).collect()
        };
        let (old, new) = (of(before), of(after.as_ref()));
        let mut changes = self.matching.borrow_mut();
        let mut note = |term: i64, row: Id, comes: bool| {
            let rows = changes.entry((filed, term)).or_default();
            // Gone and come again in one transaction is no change.
            if rows.insert(row, comes) == Some(!comes) {
                rows.remove(&row);
            }
        };
        let moved = matches!((before, &after), (Some(old), Some(new)) if old.row != new.row);
        for term in old.iter().filter(|term| moved || !new.contains(term)) {
            before.into_iter().for_each(|line| note(*term, line.row, false));
        }
        for term in new.iter().filter(|term| moved || !old.contains(term)) {
            after.iter().for_each(|line| note(*term, line.row, true));
        }
        Ok(())
    }

    /// Puts the gathered changes into the lists; makes lists that are missing.
    pub(crate) fn file_changes(&self) -> Result<()> {
        for filed in [Filed::Accounts, Filed::Claims] {
            let there = Lists { reader: self, filed }.list(ALL)?.is_some();
            if !there && !self.is_bulk(filed.kind())? && self.any(filed)? {
                self.build_lists(filed.kind())?;
            }
        }
        let changes = std::mem::take(&mut *self.matching.borrow_mut());
        for ((filed, term), rows) in changes {
            self.change_list(filed, term, &rows)?;
        }
        Ok(())
    }

    fn any(&self, filed: Filed) -> Result<bool> {
        Ok(self
            .connection
            .prepare_cached(&format!("SELECT EXISTS ({})", filed.rows()))?
            .query_row([], |row| row.get(0))?)
    }

    fn change_list(&self, filed: Filed, term: i64, rows: &BTreeMap<Id, bool>) -> Result<()> {
        let found = Lists { reader: self, filed }.list(term)?;
        let (count, ids) = found.unwrap_or((0, Some(Vec::new())));
        let comes = rows.values().filter(|comes| **comes).count() as i64;
        let counted = count + 2 * comes - rows.len() as i64;
        if term == ALL {
            return self.put_list(filed, term, counted, None);
        }
        let kept = match ids {
            Some(ids) => {
                let mut list: BTreeSet<Id> = unpack(&ids).into_iter().collect();
                for (row, comes) in rows {
                    if *comes {
                        list.insert(*row)
                    } else {
                        list.remove(row)
                    };
                }
                Some(list.into_iter().collect::<Vec<Id>>())
            }
            None => {
                // A list that was too long is gathered again when it is short; hardly ever.
                if counted <= TOO_COMMON as i64 { Some(self.gather(filed, term)?) } else { None }
            }
        };
        let count = kept.as_ref().map_or(counted, |ids| ids.len() as i64);
        self.put_list(filed, term, count, kept.as_deref())
    }

    /// All rows that are filed under a term, from the rows themselves.
    fn gather(&self, filed: Filed, term: i64) -> Result<Vec<Id>> {
        let mut statement = self.connection.prepare(&format!("{} ORDER BY row", filed.rows()))?;
        let mut rows = statement.query([])?;
        let mut ids = Vec::new();
        while let Some(row) = rows.next()? {
            let line = Line::read(row)?;
            if terms(&line.profile()).contains(&Term(term)) {
                ids.push(line.row);
            }
        }
        Ok(ids)
    }

    fn put_list(&self, filed: Filed, term: i64, count: i64, ids: Option<&[Id]>) -> Result<()> {
        let lists = filed.lists();
        if count == 0 && term != ALL {
            self.connection.prepare_cached(&format!("DELETE FROM {lists} WHERE term = ?1"))?.execute([term])?;
            return Ok(());
        }
        // Between once and twice too common a list is kept though nobody reads it, so that it does not come and go.
        let bytes = ids.filter(|ids| ids.len() <= 2 * TOO_COMMON).map(pack);
        self.connection
            .prepare_cached(&format!(
                "INSERT INTO {lists} (term, count, ids) VALUES (?1, ?2, ?3)
                 ON CONFLICT (term) DO UPDATE SET count = excluded.count, ids = excluded.ids"
            ))?
            .execute(params![term, count, bytes])?;
        Ok(())
    }

    /// Makes the whole index from the rows.
    ///
    /// # Errors
    /// SQLite.
    pub fn rebuild_matching(&self) -> Result<()> {
        [Filed::Accounts, Filed::Claims].into_iter().try_for_each(|filed| self.build_lists(filed.kind()))
    }

    /// Makes the lists of a kind from its rows, all of them.
    pub(crate) fn build_lists(&self, kind: ObjectKind) -> Result<()> {
        let Some(filed) = Filed::of(kind) else { return Ok(()) };
        self.connection.execute(&format!("DELETE FROM {}", filed.lists()), [])?;
        self.matching.borrow_mut().retain(|(of, _), _| *of != filed);
        let mut statement = self.connection.prepare(&format!("{} ORDER BY row", filed.rows()))?;
        let mut rows = statement.query([])?;
        let (mut pairs, mut count): (Vec<(i64, Id)>, i64) = (Vec::new(), 0);
        while let Some(row) = rows.next()? {
            let line = Line::read(row)?;
            count += 1;
            pairs.extend(terms(&line.profile()).into_iter().map(|term| (term.0, line.row)));
            if pairs.len() >= BATCH {
                self.add_pairs(filed, &mut pairs)?;
            }
        }
        self.add_pairs(filed, &mut pairs)?;
        self.put_list(filed, ALL, count, None)
    }

    fn add_pairs(&self, filed: Filed, pairs: &mut Vec<(i64, Id)>) -> Result<()> {
        pairs.sort_unstable();
        for same in pairs.chunk_by(|x, y| x.0 == y.0) {
            let Some((term, _)) = same.first() else { continue };
            let more = same.iter().map(|(_, row)| *row);
            match (Lists { reader: self, filed }).list(*term)? {
                None => self.put_list(filed, *term, same.len() as i64, Some(&more.collect::<Vec<_>>()))?,
                Some((count, ids)) => {
                    let ids: Option<Vec<Id>> = ids.map(|ids| unpack(&ids).into_iter().chain(more).collect());
                    self.put_list(filed, *term, count + same.len() as i64, ids.as_deref())?;
                }
            }
        }
        pairs.clear();
        Ok(())
    }
}
